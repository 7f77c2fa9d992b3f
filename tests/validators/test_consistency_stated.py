from decimal import Decimal

import pytest

from schemas.evidence import Evidence
from schemas.facts import Identifier, Tally
from schemas.vocabulary import FindingCode, Severity, Unit
from tests.validators.build import DOCUMENTS, FORM, LIST, PLAN, at, case, codes, entry, fact, only, policy, sighting
from validators.consistency_stated import conflicts, factor, leads


def look(*facts, **more):
    return list(conflicts(case(*facts, **more), policy()))


def test_two_values_are_named_with_their_places() -> None:
    found = only(look(fact("team.headcount", 25), fact("team.headcount", 22, at(PLAN, 2))), FindingCode.FACT_CONFLICT)
    assert found.message == "运营服务团队人数各处写法不一：《申报书.pdf》第3页为25人；《建设方案.docx》第2页为22人。"
    assert [place.document for place in found.evidence] == [FORM, PLAN]
    assert found.facts == ("team.headcount=22", "team.headcount=25")


def test_weight_follows_the_policy() -> None:
    areas = look(fact("site.area", 300), fact("site.area", 250, at(PLAN)))
    teams = look(fact("team.headcount", 25), fact("team.headcount", 22, at(PLAN)))
    assert [(f.severity, f.clause) for f in (*areas, *teams)] == [(Severity.HIGH, "site.area"), (Severity.MEDIUM, None)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            fact("equipment.value", "3792.54", error="0.005"),
            fact("equipment.value", "3793", at(PLAN), error="0.5", raw="0.3793亿元"),
        ),
        (fact("team.headcount", 12), fact("team.headcount", 15, at(PLAN), raw="10余人")),
        (fact("team.headcount", 12), fact("team.headcount", 10, at(PLAN), raw="不少于10人")),
        (fact("team.headcount", 12), fact("team.headcount", 11, at(PLAN), raw="10-12人")),
        (fact("revenue.service", 50, period="2024"), fact("revenue.service", 60, at(PLAN), period="2025")),
        (fact("team.headcount", 12), fact("team.headcount", 10, at(LIST), derived=True)),
        (fact("applicant.name", "某某（昆明）科技有限公司"), fact("applicant.name", "某某(昆明) 科技有限责任公司", at(PLAN))),
        (fact("applicant.name", "云南样泽生物医药科技有限公司"), fact("applicant.name", "样泽生物", at(PLAN))),
        (fact("applicant.uscc", "91530191manyn6ar64"), fact("applicant.uscc", "９１５３０１９１ＭＡＮＹＮ６ＡＲ６４", at(PLAN))),
        (fact("centre.name", "昆明市硅光芯片领域中试平台"), fact("centre.name", "硅光芯片中试平台", at(PLAN))),
        (fact("industries", ("光电子", "人工智能")), fact("industries", ("人工智能产业", "光电子产业"), at(PLAN))),
        (fact("industries", ("光电子", "人工智能")), fact("industries", ("光电子",), at(PLAN))),
        (fact("credit.clean", True, period="近一年"), fact("credit.clean", False, at(PLAN), period="近三年")),
        (fact("application.date", "2026-03-24"), fact("application.date", "2026-03-26", at(PLAN))),
    ],
    ids=str,
)
def test_look_alikes_are_no_conflict(one, other) -> None:
    assert look(one, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (fact("equipment.value", "3792.54", error="0.005"), fact("equipment.value", "3794", at(PLAN), error="0.5")),
        (fact("applicant.name", "甲科技有限公司"), fact("applicant.name", "乙科技有限公司", at(PLAN))),
        (fact("applicant.uscc", "91530191MANYN6AR64"), fact("applicant.uscc", "91530191MAPU27UF3U", at(PLAN))),
        (fact("centre.name", "昆明市硅光芯片中试平台"), fact("centre.name", "昆明市绿色能源中试平台", at(PLAN))),
        (fact("industries", ("光电子", "新能源")), fact("industries", ("光电子", "人工智能"), at(PLAN))),
        (fact("credit.clean", True, period="近三年"), fact("credit.clean", False, at(PLAN), period="近一年")),
    ],
    ids=str,
)
def test_contradictions_are_conflicts(one, other) -> None:
    only(look(one, other), FindingCode.FACT_CONFLICT)


def test_a_value_read_only_in_doubt_accuses_nobody() -> None:
    form, plan = fact("team.headcount", 25), fact("team.headcount", 22, at(PLAN))
    assert look(form, plan, sightings=(sighting(form), sighting(plan, doubts=("可能是依托单位的人数",)))) == []
    assert codes(look(form, plan, sightings=(sighting(form), sighting(plan)))) == ["FACT_CONFLICT"]


@pytest.mark.parametrize(
    ("one", "other", "unit", "name"),
    [
        ("500", "5000000", Unit.WAN_YUAN, "10000"),
        ("38.7", "387", Unit.M2, "10"),
        ("0.3", "200.001", Unit.M2, "亩"),
        ("200", "133333.33", Unit.M2, "亩"),
        ("0.3", "200", Unit.WAN_YUAN, None),
        ("5", "55", Unit.WAN_YUAN, None),
        ("0", "100", Unit.WAN_YUAN, None),
        ("500", "500", Unit.WAN_YUAN, None),
        ("5", "500000", Unit.WAN_YUAN, None),
    ],
)
def test_factor(one, other, unit, name) -> None:
    assert factor(Decimal(one), Decimal(other), Decimal("0.5"), Decimal("0.005"), unit=unit) == name


def test_a_power_of_ten_is_a_matter_of_units_only() -> None:
    found = only(look(fact("equipment.value", "512.36"), fact("equipment.value", "5123600", at(PLAN))), FindingCode.UNIT_SUSPECT)
    assert (
        found.message == "仪器设备原值：《申报书.pdf》第3页为512.36万元，《建设方案.docx》第3页为5123600万元，恰好相差10000倍。"
    )


def test_a_third_value_is_a_conflict_beside_the_unit() -> None:
    third = fact("site.area", 380, at(LIST))
    found = look(fact("site.area", 300), fact("site.area", 3000, at(PLAN)), third)
    assert sorted(codes(found)) == ["FACT_CONFLICT", "UNIT_SUSPECT"]
    assert "3000" not in next(f.message for f in found if f.code is FindingCode.FACT_CONFLICT)


def test_a_total_its_own_rows_contradict_is_told_once() -> None:
    total = at(LIST, 4, "983.59")
    tally = Tally(
        what="设备清单",
        key="equipment.value",
        unit="万元",
        stated=Decimal("983.59"),
        stated_evidence=(total,),
        sum=Decimal("970.94"),
        count=9,
    )
    form, printed = fact("equipment.value", "970.94"), fact("equipment.value", "983.59", total)
    assert look(form, printed, tallies=(tally,)) == []
    assert codes(look(form, printed)) == ["FACT_CONFLICT"]


def test_a_code_with_a_wrong_check_digit_is_told_once() -> None:
    right, wrong = fact("applicant.uscc", "91530191MANYN6AR64"), fact("applicant.uscc", "91530191MANYN6AR65", at(PLAN))
    assert look(right, wrong, identifiers=(Identifier(kind="uscc", shown="91530191MANYN6AR65", valid=False),)) == []


def test_different_days_are_a_lead() -> None:
    places = Evidence(document=PLAN, page=1, quote="")
    found = list(leads(case(fact("application.date", "2026-03-24"), fact("application.date", "2026-03-26", places))))
    assert [lead.code for lead in found] == ["FACT_CONFLICT"]
    assert list(leads(case(fact("application.date", "2026-03-24")))) == []


def test_a_character_that_recognition_took_for_another_makes_no_second_name() -> None:
    typed, seen = fact("applicant.name", "昆明斫光生物技术有限公司"), fact("applicant.name", "昆明研光生物技术有限公司", at(PLAN))
    scanned = (DOCUMENTS[0], entry(PLAN, "承诺.jpg", format="image"))
    assert look(typed, seen, documents=scanned) == []
    assert codes(look(typed, seen)) == ["FACT_CONFLICT"]
    other = fact("applicant.name", "昆明矩光材料技术有限公司", at(PLAN))
    assert codes(look(typed, other, documents=scanned)) == ["FACT_CONFLICT"]
