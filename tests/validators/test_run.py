"""The runner, and what must hold of all checks together."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import Case
from schemas.facts import (
    BlankField,
    Equipment,
    Identifier,
    ListedMaterial,
    PartOf,
    Person,
    Product,
    Reading,
    Rosters,
    Sighting,
    Tally,
)
from schemas.papers import Amounts, Day, Deal, Moment, Paper, Party, Side
from schemas.report import DocumentWarning, Finding
from schemas.traces import SignatureEntry
from schemas.vocabulary import FINDINGS, DocumentStatus, FindingCode, Outcome, Role, Severity
from tests.validators.build import DOCUMENTS, FORM, LIST, PLAN, asks, at, case, entry, fact, policy, ring, shot
from validators import CHECKS, CheckSpec, leads, run
from validators.authenticity_edits import OVERPRINTED

NAMED = policy(
    {
        "name": "name", "title": "名称", "article": "五", "quote": "统一命名",
        "requirement": {"kind": "matches", "key": "centre.name", "pattern": "某市.+概念验证中心", "form": "某市XXX概念验证中心"},
    }
)  # fmt: skip

LOCKED = entry("d4", "合同.pdf", status=DocumentStatus.UNREADABLE, outcome=Outcome.ENCRYPTED, message="请取消密码。")


def painted(number: str) -> Sighting:
    return Sighting(
        key="equipment.value", value=Decimal(number), as_stated=number, manner="field", label="仪器设备原值", confidence=0.65,
        doubts=(OVERPRINTED,), evidence=at(quote=number),
    )  # fmt: skip


def rows_of(key: str, count: int = 9, **more) -> Tally:
    return Tally(what="清单", key=key, count=count, evidence=(at(LIST, 1),), **more)


LAYERED = entry(
    "d5", "申请书.pdf",
    warnings=(DocumentWarning(code="LAYER_DIFFERS", message="场地面积：文字层写“9914.5”，画面上为“914.5”", page=3, key="site.area"),),
)  # fmt: skip


def _day(moment: str, year: int) -> Day:
    one = date(year, 5, 1)
    return Day(moment=Moment(moment), first=one, last=one, as_stated=one.isoformat(), evidence=(at(),))


#: Every code these checks may raise, with a case that raises it and nothing else.
RAISED: Final[dict[str, Case]] = {
    "FACT_CONFLICT": case(fact("site.area", 300), fact("site.area", 250, at(PLAN))),
    "UNIT_SUSPECT": case(fact("site.area", 300), fact("site.area", 3000, at(PLAN))),
    "SUM_MISMATCH": case(tallies=(rows_of("equipment.value", stated=Decimal("983.59"), sum=Decimal("970.94")),)),
    "COUNT_MISMATCH": case(fact("team.headcount", 12), tallies=(rows_of("team.headcount"),)),
    "RATIO_MISMATCH": case(
        fact("advisors.external_share", 90), rosters=Rosters(advisors=(Person(name="甲", external=False),)),
        tallies=(rows_of("advisors.headcount", 1),),
    ),
    "PART_EXCEEDS_WHOLE": case(fact("team.technology_managers", 7), fact("team.headcount", 6)),
    "ID_CHECKSUM": case(identifiers=(Identifier(kind="uscc", shown="91530191MANYN6AR65", valid=False, evidence=(at(),)),)),
    "NAME_RULE": case(fact("centre.name", "某中心")),
    "MATERIAL_MISSING": case(materials=(ListedMaterial(name="审计报告", evidence=(at(),)),)),
    "FIELD_BLANK": case(blanks=(BlankField(label="负责人", evidence=(at(),)),)),
    "DOCUMENT_UNREADABLE": case(documents=(*DOCUMENTS, LOCKED)),
    "AMOUNT_WORDS_MISMATCH": case(
        amounts=(Amounts(words=Decimal(100), figures=Decimal(200), words_stated="壹佰元整", figures_stated="200", evidence=(at(), at(page=4))),)
    ),
    "NAME_MISMATCH": case(
        fact("applicant.name", "昆明甲乙科技有限公司"),
        papers=(Paper(role=Role.COMMITMENT, parties=(Party(part="承诺单位", side=Side.OWN, name="云南丙丁光电有限公司", evidence=(at(),)),)),),
    ),
    "MATERIAL_EXPIRED": case(papers=(Paper(role=Role.LEASE, days=(_day("end", 2025),)),)),
    "DATE_IMPOSSIBLE": case(deals=(Deal(kind="equipment", name="质谱仪", days=(_day("bought", 2027),), evidence=(at(),)),)),
    "PERIOD_OUT_OF_WINDOW": case(deals=(Deal(name="甲公司", year="2025", days=(_day("received", 2022),), evidence=(at(),)),)),
    "DUPLICATE_PERSON": case(
        rosters=Rosters(team=tuple(Person(name="张三", born="1980-01", evidence=(at(LIST, page),)) for page in (1, 2)))
    ),
    "DUPLICATE_ASSET": case(
        rosters=Rosters(equipment=tuple(Equipment(name="质谱仪", serial="MS2024001", evidence=(at(LIST, page),)) for page in (1, 2)))
    ),
    "HIDDEN_TEXT": case(documents=(*DOCUMENTS, LAYERED)),
    "SEAL_MISSING": case(stamps=(asks(),)),
    "SEAL_MISMATCH": case(fact("applicant.name", "昆明晴垣光电科技有限公司"), stamps=(asks(), ring("玉溪恒利生物制剂有限公司"))),
    "SIGNATURE_INVALID": case(signatures=(SignatureEntry(field="sig1", state="invalid", reason="签名域中没有可以验证的签名数据"),)),
    "IMAGE_REUSE": case(shots=(shot("图1 中试车间现场照片", 3), shot("图4 分析检测室现场照片", 7))),
    "DOCUMENT_EDITED": case(sightings=tuple(painted(number) for number in ("198.72", "121.22"))),
}  # fmt: skip


#: What is read from the files themselves, not from what they say.
FILES: Final = {
    "HIDDEN_TEXT", "DOCUMENT_EDITED", "SEAL_MISSING", "SEAL_MISMATCH", "SIGNATURE_INVALID", "IMAGE_REUSE",
}  # fmt: skip


@pytest.mark.parametrize("code", RAISED)
def test_each_case_raises_its_code_alone(code) -> None:
    findings, issues = run(RAISED[code], NAMED)
    assert ([finding.code.value for finding in findings], issues) == ([code], ())


def test_every_declared_code_is_raised_by_some_case() -> None:
    assert {code for spec in CHECKS for code in spec.codes} == {FindingCode(code) for code in RAISED}


def test_checks_are_told_apart() -> None:
    assert len({spec.name for spec in CHECKS}) == len({spec.title for spec in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("code", FindingCode)
def test_every_code_is_explained_in_chinese(code) -> None:
    name, meaning = FINDINGS[code]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in words) for words in (name, meaning))


@pytest.mark.parametrize("code", RAISED)
def test_every_finding_says_what_to_do(code) -> None:
    (finding,), _ = run(RAISED[code], NAMED)
    assert finding.message.endswith("。")
    assert finding.advice.startswith("请")


@pytest.mark.parametrize("code", ["MATERIAL_MISSING", "FIELD_BLANK", "DOCUMENT_UNREADABLE"])
def test_what_the_applicant_can_hand_in_does_not_call_for_a_review(code) -> None:
    assert run(RAISED[code], NAMED)[0][0].severity is not Severity.HIGH


def test_an_honest_package_has_no_finding() -> None:
    honest = case(
        fact("site.area", 300, at(), at(PLAN)), fact("team.headcount", 9), fact("equipment.value", "983.59", at(), at(LIST)),
        fact("centre.name", "某市新材料概念验证中心"),
        tallies=(rows_of("team.headcount"), rows_of("equipment.value", stated=Decimal("983.59"), sum=Decimal("983.59"))),
        materials=(ListedMaterial(name="建设方案", submitted=True, evidence=(at(),)),),
    )  # fmt: skip
    assert (run(honest, NAMED), leads(honest, NAMED)) == (((), ()), ())


def told(code: str, message: str = "甲。", severity: Severity = Severity.MEDIUM) -> Finding:
    return Finding(id="x", code=FindingCode(code), severity=severity, message=message)


def test_findings_are_numbered_by_weight_code_and_words() -> None:
    first = (
        told("SUM_MISMATCH"),
        told("FACT_CONFLICT", "乙。"),
        told("ID_CHECKSUM", severity=Severity.HIGH),
        told("FACT_CONFLICT"),
    )
    found, _ = run(case(), policy(), first)
    assert [(f.id, f.code.value, f.message) for f in found] == [
        ("f1", "ID_CHECKSUM", "甲。"),
        ("f2", "FACT_CONFLICT", "乙。"),
        ("f3", "FACT_CONFLICT", "甲。"),
        ("f4", "SUM_MISMATCH", "甲。"),
    ]


def test_the_same_finding_stands_once() -> None:
    assert len(run(case(), policy(), (told("FACT_CONFLICT"), told("FACT_CONFLICT")))[0]) == 1


def broken(case: Case, policy) -> list[Finding]:
    raise KeyError("x")


def test_a_check_that_crashes_is_an_issue_and_the_rest_goes_on() -> None:
    checks = (CheckSpec("broken", frozenset(), broken, "某项"), *CHECKS)
    findings, issues = run(RAISED["FIELD_BLANK"], NAMED, checks=checks)
    assert [finding.code.value for finding in findings] == ["FIELD_BLANK"]
    assert [issue.message for issue in issues] == ["“某项”一项检查未能完成（KeyError），请人工核对。"]


def test_a_code_that_was_not_declared_is_an_issue() -> None:
    odd = CheckSpec("odd", frozenset({FindingCode.SUM_MISMATCH}), lambda case, policy: [told("NAME_RULE")], "某项")
    findings, issues = run(case(), policy(), checks=(odd,))
    assert (findings, [issue.message for issue in issues]) == (
        (),
        ["“某项”一项检查未能完成（未登记的结果：NAME_RULE），请人工核对。"],
    )


# --- the order of things changes nothing ----------------------------------------------------------------------------

EVERYTHING: Final = Case(
    **{
        **case(
            fact("site.area", 300), fact("site.area", 250, at(PLAN)), fact("site.area", 2500, at(LIST, 7)),
            fact("equipment.value", "983.59"), fact("equipment.value", "9835.9", at(PLAN)), fact("team.headcount", 12),
            fact("team.headcount", 13, at(PLAN, 8)), fact("team.technology_managers", 20, at(LIST)), fact("centre.name", "某中心"),
            fact("applicant.name", "甲公司"), fact("applicant.name", "乙公司", at(PLAN)), fact("applicant.name", "丙公司", at(LIST)),
            fact("industries", ("光电子", "新能源")), fact("industries", ("光电子", "人工智能"), at(PLAN)),
            fact("credit.clean", True, period="近三年"), fact("credit.clean", False, at(PLAN), period="近一年"),
            fact("application.date", "2026-03-24"), fact("application.date", "2026-03-25", at(PLAN)),
            fact("revenue.service", "10", period="2024"), fact("revenue.service", "20", period="2025"),
            fact("revenue.service", "40", at(PLAN), period="2024-2025"),
            rosters=Rosters(team=RAISED["DUPLICATE_PERSON"].rosters.team, equipment=RAISED["DUPLICATE_ASSET"].rosters.equipment),
            documents=(*DOCUMENTS, LOCKED, entry("d5", "b/方案.docx", Role.PLAN), entry("d6", "a/方案.docx", Role.PLAN)),
        ).__dict__,
        "readings": (
            Reading(
                document=FORM,
                blanks=(BlankField(label="负责人", evidence=(at(page=4),)), BlankField(label="电话", evidence=(at(page=2),))),
                materials=(ListedMaterial(name="审计报告", evidence=(at(),)), ListedMaterial(name="伦理批件", evidence=(at(page=4),))),
                identifiers=(Identifier(kind="uscc", shown="91530191MANYN6AR65", valid=False, owner="甲", evidence=(at(),)),),
                parts=(PartOf(part_label="兼职", part=Decimal(7), whole_label="人数", whole=Decimal(6), unit="人", evidence=(at(),)),),
            ),
            Reading(
                document=PLAN,
                materials=(ListedMaterial(name="专项审计报告", evidence=(at(PLAN),)),),
                identifiers=(Identifier(kind="uscc", shown="91530191MANYN6AR65", valid=False, owner="乙", evidence=(at(PLAN),)),),
                parts=(PartOf(part_label="兼职", part=Decimal(7), whole_label="人数", whole=Decimal(6), unit="人", evidence=(at(PLAN),)),),
                **{
                    name: getattr(RAISED[code].readings[0], name)
                    for code, name in (("AMOUNT_WORDS_MISMATCH", "amounts"), ("DATE_IMPOSSIBLE", "deals"))
                },
                papers=(*RAISED["NAME_MISMATCH"].readings[0].papers, *RAISED["MATERIAL_EXPIRED"].readings[0].papers),
            ),
            Reading(document="d5", deals=RAISED["PERIOD_OUT_OF_WINDOW"].readings[0].deals),
            Reading(
                document=LIST,
                tallies=(
                    rows_of("equipment.value", stated=Decimal(970), sum=Decimal(960)), rows_of("equipment.value", stated=Decimal(970), sum=Decimal(950)),
                    rows_of("team.headcount"), rows_of("team.headcount", 5),
                ),
                products=tuple(
                    Product(what=name, quantity=Decimal(2), unit_price=Decimal(3), amount=Decimal(amount), error=Decimal("0.01"), evidence=(at(LIST, page),))
                    for name, amount, page in (("甲", 7, 3), ("乙", 8, 2), ("丙", 60, 1))
                ),
            ),
        ),
    }
)  # fmt: skip
BEFORE: Final = run(EVERYTHING, NAMED), leads(EVERYTHING, NAMED)


def test_the_case_of_everything_raises_nearly_everything() -> None:
    assert {finding.code.value for finding in BEFORE[0][0]} == set(RAISED) - FILES - {"RATIO_MISMATCH"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_reading_changes_no_finding(data) -> None:
    def mixed(values):
        return tuple(data.draw(st.permutations(values)))

    readings = [
        reading.model_copy(
            update={
                name: mixed(getattr(reading, name))
                for name in ("blanks", "materials", "tallies", "products", "parts", "papers", "deals")
            }
        )
        for reading in EVERYTHING.readings
    ]
    shuffled = EVERYTHING.model_copy(
        update={"facts": mixed(EVERYTHING.facts), "documents": mixed(EVERYTHING.documents), "readings": mixed(readings)}
    )
    assert (run(shuffled, NAMED), leads(shuffled, NAMED)) == BEFORE
