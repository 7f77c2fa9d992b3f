from decimal import Decimal
from pathlib import Path

import pytest

from schemas.evidence import Evidence
from schemas.vocabulary import Unit
from tests.validators.build import FORM, PLAN, at, case, entry, fact
from validators.messages import amount, document_name, key_name, place, places, shown, stated


@pytest.mark.parametrize(
    ("anchor", "told"),
    [
        ("P17", "《建设方案.docx》第17段"),
        ("T2/R3/C4", "《建设方案.docx》第2个表格第3行第4列"),
        ("设备清单!F12", "《建设方案.docx》工作表“设备清单”F12单元格"),
        ("A!B!C3", "《建设方案.docx》工作表“A!B”C3单元格"),
        ("X3", "《建设方案.docx》文本框3"),
        ("H1", "《建设方案.docx》页眉1"),
        ("something else", "《建设方案.docx》"),
        (None, "《建设方案.docx》"),
    ],
)
def test_place_of_an_anchor(anchor, told) -> None:
    assert place(Evidence(document=PLAN, anchor=anchor, quote=""), case()) == told


def test_place_on_a_page() -> None:
    assert place(at(FORM, 3), case()) == "《申报书.pdf》第3页"


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    twins = (entry("a", "一/合同.pdf"), entry("b", "二/合同.pdf"))
    assert [document_name(id, case(documents=twins)) for id in "ab"] == ["《一/合同.pdf》", "《二/合同.pdf》"]


def test_file_names_bring_no_control_characters() -> None:
    assert document_name("a", case(documents=(entry("a", "合\n同\u202efdp.pdf"),))) == "《合同fdp.pdf》"


def test_places_follow_the_pages_and_stand_once() -> None:
    found = [at(PLAN, 2), at(FORM, 5), at(FORM, 3), at(FORM, 5, "anders")]
    assert places(found, case()) == places(found[::-1], case()) == "《申报书.pdf》第3页、第5页和《建设方案.docx》第2页"


def test_very_many_places_are_counted() -> None:
    assert places([at(FORM, n) for n in range(1, 8)], case()) == "《申报书.pdf》第1页、第2页、第3页、第4页等7处"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("1260.50", Unit.M2, "1260.5㎡"),
        ("1.2E+3", Unit.WAN_YUAN, "1200万元"),
        ("41.666666666", Unit.PERCENT, "41.6667%"),
        ("12", None, "12"),
    ],
)
def test_amount(value, unit, told) -> None:
    assert amount(Decimal(value), unit) == told


def test_other_values() -> None:
    assert [shown(True), shown(("甲", "乙")), shown("甲")] == ["无不良记录", "“甲、乙”", "“甲”"]


def test_the_documents_own_form_is_shown_where_it_differs() -> None:
    assert (
        stated(fact("equipment.value", "3793", raw="0.3793亿元"), case()) == "《申报书.pdf》第3页为3793万元（原文“0.3793亿元”）"
    )
    assert stated(fact("equipment.value", "3793", raw="3,793 万元"), case()) == "《申报书.pdf》第3页为3793万元"
    assert stated(fact("equipment.value", "3793", raw="3793"), case()) == "《申报书.pdf》第3页为3793万元"


@pytest.mark.parametrize(
    ("period", "told"), [(None, "对外服务收入"), ("total", "对外服务收入"), ("2025", "对外服务收入（2025年）")]
)
def test_key_name(period, told) -> None:
    assert key_name(fact("revenue.service", 1).key, period) == told


ROOMS = ("validators", "reports", "flows", "schemas", "extractors/readers", "policies")


def test_no_template_of_a_message_guesses_at_intent() -> None:
    """Every string of the rooms that speak to staff. A policy's own words are quoted from its source, not from here."""
    root = Path(__file__).parents[2]
    files = [file for room in ROOMS for kind in ("*.py", "*.html") for file in (root / room).rglob(kind)]
    found = [
        (file.name, word)
        for file in files
        for word in ("造假", "伪造", "作弊", "虚假", "弄虚", "骗")
        if word in file.read_text("utf-8")
    ]
    assert (len(files) > 80, found) == (True, [])
