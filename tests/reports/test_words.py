from decimal import Decimal

import pytest

from reports import words
from schemas.evidence import Evidence
from schemas.picture import anchor_words
from schemas.vocabulary import FactKey
from tests.reports import samples


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("普通 文字㎡№", "普通 文字㎡№"),
        ("a\r\nb\vc\td", "a\nb\nc d"),
        ("\u202e\u200b\ufeff", "⟨U+202E⟩⟨U+200B⟩⟨U+FEFF⟩"),
        ("\uf052是 \uf0a3否", "☑是 □否"),
        ("\ud800\x00", "⟨U+D800⟩⟨U+0000⟩"),
    ],
)
def test_what_cannot_be_seen_is_marked(raw: str, shown: str) -> None:
    assert words.visible(raw) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("12605.50", "12,605.5"), ("1E+3", "1,000"), ("0", "0"), ("0.050", "0.05"), ("-3", "-3")]
)
def test_figures_are_grouped_and_exact(value: str, shown: str) -> None:
    assert words.figure(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (None, ""),
        ("2025", "2025年"),
        ("2025-01..2025-09", "2025年1月至2025年9月"),
        ("2024-2025", "2024至2025年"),
        ("近一年", "近一年"),
    ],
)
def test_periods_are_said_in_chinese(period: str | None, shown: str) -> None:
    assert words.period_words(period) == shown


@pytest.mark.parametrize(
    ("anchor", "shown"),
    [("T2/R3/C4", "第2个表格第3行第4列"), ("设备!清单!F12", "工作表“设备!清单”F12单元格"), ("H1", "页眉第1处"), ("odd", "odd")],
)
def test_anchors_are_said_in_chinese(anchor: str, shown: str) -> None:
    assert anchor_words(anchor) == shown


def test_places_name_a_document_once() -> None:
    pages = tuple(Evidence(document="d1", page=n, quote="x") for n in (3, 5, 3))
    told = words.places((*pages, samples.CELL), words.by_id(samples.report()))
    assert told == "《申报书.pdf》第3页、第5页；《设备.xlsx》工作表“设备清单”F12单元格"


def test_a_credit_statement_reads_as_what_it_states() -> None:
    assert words.said(True, FactKey.CREDIT_CLEAN) == "声明无不良记录"
    assert words.said(False, FactKey.CREDIT_CLEAN) == "写明有不良记录"


def test_places_in_brackets_go_where_they_stand_beside() -> None:
    documents = {"d1": samples.document(file="申报书（含附件）.pdf")}
    seen = (
        "1.收入26.19万元（《申报书（含附件）.pdf》第3页等2处）（不符合）；2.投资542万元（《申报书（含附件）.pdf》第4页）（符合）"
    )
    assert words.without_places(seen, documents) == "1.收入26.19万元（不符合）；2.投资542万元（符合）"
    assert words.without_places("见（《别的.pdf》第1页）", documents) == "见（《别的.pdf》第1页）"
