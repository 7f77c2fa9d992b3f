"""Each kind of slip just turning a clause and just not turning it, and what refutes it."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.evidence import Evidence
from schemas.facts import Fact, Reading, Sighting, Tally
from schemas.policy import Policy
from schemas.report import Check
from schemas.vocabulary import FACTS, FactKey, FactStatus, Role, Unit, Verdict
from tests.validators.build import DOCUMENTS, FORM, LIST, PLAN, at, case, entry, fact
from validators import clauses

SCANNED = (entry(FORM, "申报书.pdf", Role.FORM, ocr_pages=(2, 3)), *DOCUMENTS[1:])
MISREAD = "扫描识别把握不足"


def seen(key: str, value: str, stated: str, place: Evidence | None = None, **more: Any) -> Sighting:
    fact_key = FactKey(key)
    return Sighting(
        key=fact_key, value=Decimal(value), unit=FACTS[fact_key][0], as_stated=stated, manner="field", confidence=0.97,
        evidence=place or at(quote=stated), **more,
    )  # fmt: skip


def ruled(
    facts: tuple[Fact, ...],
    sightings: tuple[Sighting, ...],
    threshold: str,
    comparator: str = ">=",
    *,
    period: str = "any",
    **more: Any,
) -> Check:
    key = facts[0].key
    requirement = {
        "kind": "compare", "key": key, "comparator": comparator, "threshold": threshold, "unit": FACTS[key][0], "period": period,
    }  # fmt: skip
    return _checked(requirement, facts, sightings, **more)


def _checked(requirement: dict[str, Any], facts: tuple[Fact, ...], sightings: tuple[Sighting, ...], **more: Any) -> Check:
    policy = Policy.model_validate(
        {"id": "p", "version": "1", "title": "t", "document": "d", "city": "c", "draft": True, "scope": ["一"], "counts": {"software": True},
         "duty": {"article": "一", "quote": "q", "product": "p"},
         "clauses": [{"name": "c", "title": "某条", "article": "一", "quote": "条文原话", "requirement": requirement}]}
    )  # fmt: skip
    return clauses.evaluate(policy, case(*facts, sightings=sightings, **more))[0]


def one(key: str, value: str, stated: str, threshold: str, comparator: str = ">=", **more: Any) -> Check:
    place = seen(key, value, stated)
    return ruled((fact(key, value, place.evidence),), (place,), threshold, comparator, **more)


@pytest.mark.parametrize(
    ("stated", "value", "threshold", "verdict"),
    [
        ("1,800㎡", "1800", "1000", Verdict.MET),  # 1,000 at the least
        ("1,800㎡", "1800", "1001", Verdict.UNCLEAR),
        ("5,600㎡", "5600", "5500", Verdict.MET),  # 5,500 at the least
        ("5,600㎡", "5600", "5501", Verdict.UNCLEAR),
        ("1,900㎡", "1900", "2000", Verdict.UNCLEAR),  # 7,900
        ("2,900㎡", "2900", "3000", Verdict.NOT_MET),  # 2 and 9 look like nothing else
        ("2,100㎡", "2100", "2700", Verdict.UNCLEAR),
        ("2,100㎡", "2100", "2900", Verdict.NOT_MET),
        ("三百五十㎡", "350", "340", Verdict.MET),
    ],
)
def test_a_figure_of_a_scan_that_another_looks_like(stated: str, value: str, threshold: str, verdict: Verdict) -> None:
    assert one("site.area", value, stated, threshold, documents=SCANNED).verdict is verdict


def test_the_reason_names_the_reading_that_turns_it() -> None:
    told = one("team.headcount", "8", "8人", "5", documents=SCANNED)
    assert told.reason == (
        "《申报书.pdf》第3页为8人，按此符合“条文原话”；但若《申报书.pdf》第3页的“8”应读作“3”，结果就不同，须人工核对原件。"
    )
    assert one("team.headcount", "8", "8人", "3", documents=SCANNED).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("stated", "value", "threshold", "verdict"),
    [
        ("2420㎡", "2420", "242", Verdict.UNCLEAR),  # 24.20
        ("2420㎡", "2420", "24.2", Verdict.MET),
        ("2,420㎡", "2420", "1000", Verdict.MET),
        ("24.2㎡", "24.2", "200", Verdict.UNCLEAR),  # 242
        ("24.2㎡", "24.2", "243", Verdict.NOT_MET),
        ("24,222.2㎡", "24222.2", "30000", Verdict.NOT_MET),
    ],
)
def test_a_point_lost_or_gained_in_a_scan(stated: str, value: str, threshold: str, verdict: Verdict) -> None:
    assert one("site.area", value, stated, threshold, documents=SCANNED).verdict is verdict


def test_people_come_in_whole_ones_so_no_point_is_lost() -> None:
    assert one("team.headcount", "22", "22人", "10", documents=SCANNED).verdict is Verdict.MET


def test_figures_of_a_file_with_text_are_not_confused() -> None:
    assert one("team.headcount", "8", "8人", "5").verdict is Verdict.MET
    assert one("team.headcount", "8", "8人", "5", documents=(entry(FORM, "a.jpg", format="image"),)).verdict is Verdict.UNCLEAR


def test_a_second_place_refutes_the_misreading_even_where_it_is_scanned_too() -> None:
    places = seen("team.headcount", "8", "8人", at(page=2)), seen("team.headcount", "8", "8名", at(page=3))
    of = fact("team.headcount", 8, *(place.evidence for place in places))
    assert ruled((of,), places, "5", documents=SCANNED).verdict is Verdict.MET
    doubted = places[0], places[1].model_copy(update={"doubts": (MISREAD,)})
    assert ruled((of,), doubted, "5", documents=SCANNED).verdict is Verdict.UNCLEAR


def test_about_as_much_in_another_place_refutes_a_lost_point() -> None:
    about = seen("site.area", "2203", "约2203㎡", at(page=3), doubts=("约数，不是确数",))
    places = seen("site.area", "2203", "2203㎡", at(page=2)), about
    of = fact("site.area", 2203, *(place.evidence for place in places))
    assert ruled((of,), places, "1000", documents=SCANNED).verdict is Verdict.MET
    assert ruled((of,), places[:1], "1000", documents=SCANNED).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(("legible", "verdict"), [(None, Verdict.UNCLEAR), (0.98, Verdict.UNCLEAR), (0.99, Verdict.MET)])
def test_a_figure_recognised_clearly_is_not_taken_for_another(legible: float | None, verdict: Verdict) -> None:
    place = seen("team.headcount", "8", "8人", legible=legible)
    assert ruled((fact("team.headcount", "8", place.evidence),), (place,), "5", documents=SCANNED).verdict is verdict
    doubted = place.model_copy(update={"doubts": (MISREAD,)})
    assert ruled((fact("team.headcount", "8", place.evidence),), (doubted,), "5", documents=SCANNED).verdict is Verdict.UNCLEAR


def test_a_list_of_as_many_refutes_it_too() -> None:
    place = seen("team.headcount", "8", "8人")

    def with_rows(count: int) -> Check:
        tally = Tally(what="名单", key=FactKey.TEAM_HEADCOUNT, unit=Unit.PERSONS, count=count)
        readings = (Reading(document=LIST, tallies=(tally,)),)
        return ruled((fact("team.headcount", 8, place.evidence),), (place,), "5", documents=SCANNED, readings=readings)

    assert with_rows(8).verdict is Verdict.MET
    assert with_rows(7).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("key", "stated", "value", "threshold", "verdict"),
    [
        ("equipment.value", "1800000", "1800000", "200", Verdict.UNCLEAR),  # 180万元, had it been 元
        ("equipment.value", "2800000", "2800000", "200", Verdict.MET),  # 280万元: enough, too
        ("equipment.value", "1800000万元", "1800000", "200", Verdict.MET),  # the unit stands at the value
        ("equipment.value", "600", "0.06", "500", Verdict.UNCLEAR),  # read as 元
        ("equipment.value", "400", "0.04", "500", Verdict.NOT_MET),
        ("equipment.value", "600元", "0.06", "500", Verdict.NOT_MET),
        ("equipment.value", "512.36", "512.36", "500", Verdict.MET),  # an ordinary value: nobody has 512元 of instruments
        ("site.area", "2", "2", "1000", Verdict.UNCLEAR),  # 2亩
        ("site.area", "2㎡", "2", "1000", Verdict.NOT_MET),
        ("site.area", "1", "1", "1000", Verdict.NOT_MET),
        ("site.area", "387.8", "387.8", "200", Verdict.MET),
    ],
)
def test_a_unit_that_stands_elsewhere(key: str, stated: str, value: str, threshold: str, verdict: Verdict) -> None:
    assert one(key, value, stated, threshold).verdict is verdict


def test_the_reason_names_the_unit() -> None:
    told = one("equipment.value", "1800000", "1,800,000", "200")
    assert "但若《申报书.pdf》第3页的“1,800,000”（此处没有写单位）单位是元而不是万元，结果就不同" in told.reason


def test_another_place_with_the_unit_refutes_the_slip() -> None:
    places = seen("equipment.value", "1800000", "1800000"), seen("equipment.value", "1800000", "180亿元", at(PLAN, 1))
    of = fact("equipment.value", 1800000, *(place.evidence for place in places))
    assert ruled((of,), places, "200").verdict is Verdict.MET


@pytest.mark.parametrize(
    ("stated", "value", "more", "verdict"),
    [
        ("180㎡", "180", {}, Verdict.UNCLEAR),
        ("205㎡", "205", {}, Verdict.MET),
        ("超过180㎡", "180", {}, Verdict.MET),
        ("不超过180㎡", "180", {}, Verdict.UNCLEAR),
        ("不少于180㎡", "180", {}, Verdict.MET),
        ("不足180㎡", "180", {}, Verdict.UNCLEAR),
        ("约190㎡", "190", {}, Verdict.MET),
        ("约150㎡", "150", {}, Verdict.UNCLEAR),
        ("180㎡", "180", {"rejected": "计划或目标数，不是现有数"}, Verdict.MET),
        ("2.10㎡", "2.1", {"doubts": (MISREAD,)}, Verdict.MET),  # the same figures, misread
        ("180㎡", "180", {"doubts": (MISREAD,)}, Verdict.UNCLEAR),
    ],
)
def test_another_candidate_that_made_no_fact(stated: str, value: str, more: dict[str, Any], verdict: Verdict) -> None:
    chosen = seen("site.area", "210", "210㎡")
    other = seen("site.area", value, stated, at(PLAN, 5), **more)
    told = ruled((fact("site.area", 210, chosen.evidence),), (chosen, other), "200")
    assert told.verdict is verdict
    assert ("若以《建设方案.docx》第5页所写的" in told.reason) is (verdict is Verdict.UNCLEAR)


def test_a_candidate_of_another_year_says_nothing() -> None:
    chosen = seen("revenue.service", "120", "120万元", period="2025")
    other = seen("revenue.service", "80", "80万元", at(PLAN, 5), period="2024")
    of = fact("revenue.service", 120, chosen.evidence, period="2025")
    assert ruled((of,), (chosen, other), "100", period="previous_year").verdict is Verdict.MET
    assert (
        ruled((of,), (chosen, other.model_copy(update={"period": "2025"})), "100", period="previous_year").verdict
        is Verdict.UNCLEAR
    )


@pytest.mark.parametrize(
    ("threshold", "told"), [("5", "若《申报书.pdf》第3页的“8”应读作“3”，结果就不同"), ("3", "个别数字即使读错，也符合“条文原话”")]
)
def test_a_doubted_figure_stays_open_and_the_reason_says_whether_it_matters(threshold: str, told: str) -> None:
    place = seen("team.headcount", "8", "8人", doubts=(MISREAD,))
    of = fact("team.headcount", 8, place.evidence, status=FactStatus.NEEDS_REVIEW, reason=MISREAD)
    check = ruled((of,), (place,), threshold)
    assert check.verdict is Verdict.UNCLEAR
    assert told in check.reason


def test_another_doubt_is_not_explained_away() -> None:
    place = seen("team.headcount", "8", "8人", doubts=(MISREAD, "写的是一个范围"))
    of = fact("team.headcount", 8, place.evidence, status=FactStatus.NEEDS_REVIEW, reason="写的是一个范围")
    assert "即使读错" not in ruled((of,), (place,), "3").reason


@pytest.mark.parametrize("share", ["20", "30"])
def test_a_share_hangs_on_either_side(share: str) -> None:
    top, bottom = seen("team.technology_managers", "4", "4人", at(page=2)), seen("team.headcount", "12", "12人")
    facts = fact("team.technology_managers", 4, top.evidence), fact("team.headcount", 12, bottom.evidence)
    requirement = {
        "kind": "share", "numerator": "team.technology_managers", "denominator": "team.headcount", "comparator": ">=", "threshold": share,
    }  # fmt: skip
    assert _checked(requirement, facts, (top, bottom)).verdict is Verdict.MET
    assert _checked(requirement, facts, (top, bottom), documents=SCANNED).verdict is Verdict.UNCLEAR  # 72人
    several = seen("team.headcount", "12", "12名", at(PLAN, 1))
    facts = facts[0], fact("team.headcount", 12, bottom.evidence, several.evidence)
    assert (
        _checked(requirement, facts, (top, bottom, several), documents=SCANNED).verdict is Verdict.MET
    )  # 4 is like nothing else


def test_years_added_hang_on_each() -> None:
    years = [
        seen("revenue.service", value, f"{value}.0万元", at(page=page), period=year)
        for value, page, year in (("60", 2, "2024"), ("49", 3, "2025"))
    ]
    facts = tuple(fact("revenue.service", str(s.value), s.evidence, period=s.period) for s in years)
    assert ruled(facts, tuple(years), "100", period="total").verdict is Verdict.MET
    assert ruled(facts, tuple(years), "100", period="total", documents=SCANNED).verdict is Verdict.UNCLEAR  # 50.0
    assert ruled(facts, tuple(years), "99", period="total", documents=SCANNED).verdict is Verdict.MET
