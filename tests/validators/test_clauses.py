from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemas.case import Case
from schemas.facts import Passage, Person, Project, Reading, Rosters, Tally
from schemas.policy import Policy
from schemas.report import Check, Finding
from schemas.vocabulary import DocumentStatus, FactKey, FactStatus, Role, Unit, Verdict
from tests.validators.build import DOCUMENTS, FORM, PLAN, at, case, entry, fact
from validators import clauses
from validators.clauses_ruling import combined

REVIEW = FactStatus.NEEDS_REVIEW


def policy(requirement: dict[str, Any], **more: Any) -> Policy:
    clause = {"name": "c", "title": "某条", "article": "一", "quote": "条文原话", "requirement": requirement} | more
    return Policy.model_validate(
        {"id": "p", "version": "1", "title": "t", "document": "d", "city": "c", "draft": True, "scope": ["一"], "counts": {"software": True},
         "duty": {"article": "一", "quote": "q", "product": "p"}, "clauses": [clause]}
    )  # fmt: skip


def check(requirement: dict[str, Any], of: Case, **more: Any) -> Check:
    return clauses.evaluate(policy(requirement, **more), of)[0]


def found(requirement: dict[str, Any], of: Case, **more: Any) -> tuple[Finding, ...]:
    of_policy = policy(requirement, **more)
    return clauses.findings(of_policy, of, clauses.evaluate(of_policy, of))


AREA = {"kind": "compare", "key": "site.area", "comparator": ">=", "threshold": 200, "unit": "m2"}
OVER = {"kind": "compare", "key": "equipment.value", "comparator": ">", "threshold": 500, "unit": "万元", "boundary": "open"}
READING = {"assumed": "甲", "since": "2026-01-01", "decides": "市局"}


def test_a_value_met_is_told_with_its_place_and_the_words() -> None:
    told = check(AREA, case(fact("site.area", "387.8")))
    assert (told.verdict, told.required, told.observed) == (Verdict.MET, "≥ 200 ㎡", "387.8㎡（《申报书.pdf》第3页）")
    assert told.reason == "《申报书.pdf》第3页为387.8㎡，符合“条文原话”。"
    assert told.facts == ("site.area=387.8",)


def test_a_conflict_across_the_threshold_names_both_places() -> None:
    told = check(AREA, case(fact("site.area", 210), fact("site.area", 180, at(PLAN, 2))))
    assert told.verdict is Verdict.UNCLEAR
    assert (
        told.reason
        == "所写数值不一：《申报书.pdf》第3页为210㎡；《建设方案.docx》第2页为180㎡；有的符合、有的不符合“条文原话”，须人工核对。"
    )


def test_an_unsure_value_never_decides_and_says_why() -> None:
    told = check(AREA, case(fact("site.area", 387, status=REVIEW, reason="无单位")))
    assert (told.verdict, told.reason) == (Verdict.UNCLEAR, "《申报书.pdf》第3页为387㎡，但读取把握不足（无单位），须人工核对。")


def test_silence_is_missing_and_mentions_what_was_not_read() -> None:
    unread = entry("d9", "扫描件.jpg", status=DocumentStatus.UNREADABLE)
    told = check(AREA, case(documents=(*DOCUMENTS, unread)))
    assert (told.verdict, told.observed, told.facts) == (Verdict.MISSING, "未见说明", ())
    assert told.reason == "已读取的材料中没有查到有关说明，须补充或人工查找。另有1份文件没有（完整）读取，可能写在其中。"


def test_an_unread_file_beside_a_failing_value_changes_nothing() -> None:
    unread = entry("d9", "扫描件.jpg", status=DocumentStatus.UNREADABLE)
    assert check(AREA, case(fact("site.area", 150), documents=(*DOCUMENTS, unread))).verdict is Verdict.NOT_MET


def test_a_failing_number_is_found() -> None:
    (finding,) = found(AREA, case(fact("site.area", "199.5")))
    assert (finding.code, finding.severity, finding.clause, finding.id) == ("THRESHOLD_NOT_MET", "high", "c", "")
    assert finding.message == "某条：《申报书.pdf》第3页为199.5㎡，不符合“条文原话”。"
    assert (finding.facts, [place.page for place in finding.evidence]) == (("site.area=199.5",), [3])


@pytest.mark.parametrize(
    ("status", "pages", "codes"),
    [("accepted", 1, ["BOUNDARY_VALUE"]), ("needs_review", 1, []), ("needs_review", 2, ["BOUNDARY_VALUE"])],
)
def test_an_open_boundary_is_found_where_the_number_is_sure(status: str, pages: int, codes: list[str]) -> None:
    where = [at(page=number) for number in range(pages)]
    of = case(fact("equipment.value", 500, *where, status=FactStatus(status)))
    assert check(OVER, of, reading=READING).verdict is Verdict.UNCLEAR
    assert [finding.code for finding in found(OVER, of, reading=READING)] == codes


def test_the_reading_says_who_decides() -> None:
    told = check(OVER, case(fact("equipment.value", 500)), reading=READING)
    assert told.reading == "甲（自2026-01-01起按此理解；市局可另作决定）"
    (finding,) = found(OVER, case(fact("equipment.value", 500)), reading=READING)
    assert finding.advice == "由市局决定恰好等于时是否符合，程序不作判断。"


def test_alternatives_raise_no_threshold_finding() -> None:
    either = {
        "kind": "any_of",
        "of": [AREA, {"kind": "compare", "key": "projects.reserved", "comparator": ">=", "threshold": 3, "unit": "项"}],
    }
    of = case(fact("site.area", 100), fact("projects.reserved", 1))
    assert check(either, of).verdict is Verdict.NOT_MET
    assert found(either, of) == ()


def test_a_met_alternative_rests_on_its_own_facts_only() -> None:
    either = {
        "kind": "any_of",
        "of": [AREA, {"kind": "compare", "key": "projects.reserved", "comparator": ">=", "threshold": 3, "unit": "项"}],
    }
    told = check(either, case(fact("site.area", 100), fact("projects.reserved", 5)))
    assert told.facts == ("projects.reserved=5",)
    assert told.observed == "场地面积：100㎡（不符合）；储备（入库）项目数：5项（符合）"


M, N, U, Q, J, X = Verdict.MET, Verdict.NOT_MET, Verdict.UNCLEAR, Verdict.MISSING, Verdict.JUDGEMENT, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("n", "verdicts", "whole"),
    [
        (2, [M, M, N], M), (2, [M, N, N], N), (2, [M, U, N], U), (2, [M, Q, N], Q), (2, [Q, U, N], U), (2, [M, J, N], J),
        (2, [U, N, N], N), (1, [N, J, Q], J), (1, [N, X], N), (2, [M, X], M), (1, [X, X], X), (3, [M, M, Q], Q),
    ],
)  # fmt: skip
def test_n_of_m(n: int, verdicts: list[Verdict], whole: Verdict) -> None:
    assert combined(n, verdicts) is whole


@pytest.mark.parametrize(("as_of", "verdict"), [(date(2026, 1, 1), M), (date(2025, 12, 31), N), (date(2027, 1, 1), Q)])
def test_the_year_before_moves_with_as_of(as_of: date, verdict: Verdict) -> None:
    need = {
        "kind": "compare",
        "key": "revenue.service",
        "comparator": ">=",
        "threshold": 100,
        "unit": "万元",
        "period": "previous_year",
    }
    of = case(fact("revenue.service", 90, id="a", period="2024"), fact("revenue.service", 120, id="b", period="2025"))
    assert check(need, of.model_copy(update={"as_of": as_of})).verdict is verdict


@pytest.mark.parametrize(
    ("years", "verdict"),
    [({"2024": 6, "2025": 7}, M), ({"2024": 6, "2025": 4}, N), ({"2025": 7}, Q), ({"2024": 1, "2025": 2}, N)],
)
def test_each_year_of_a_window(years: dict[str, int], verdict: Verdict) -> None:
    need = {
        "kind": "compare",
        "key": "revenue.service",
        "comparator": ">=",
        "threshold": 5,
        "unit": "万元",
        "period": "each_year",
        "window": {"years": 2},
    }
    facts = [fact("revenue.service", value, id=year, period=year) for year, value in years.items()]
    assert check(need, case(*facts)).verdict is verdict


def test_the_latest_year_is_taken() -> None:
    need = {"kind": "compare", "key": "revenue.service", "comparator": ">=", "threshold": 5, "unit": "万元", "period": "latest"}
    facts = [fact("revenue.service", value, id=year, period=year) for year, value in (("2023", 1), ("2025", 7))]
    assert check(need, case(*facts)).facts == ("2025",)


KIND = {"kind": "one_of", "key": "applicant.kind", "values": ["事业单位"]}
TEN = {"kind": "compare", "key": "team.headcount", "comparator": ">=", "threshold": 10, "unit": "人"}
TWENTY = TEN | {"threshold": 20}


@pytest.mark.parametrize(
    ("kind", "status", "verdict"),
    [("事业单位", "accepted", M), ("企业", "accepted", N), ("事业单位", "needs_review", U)],
)
def test_another_value_for_a_kind_of_applicant(kind: str, status: str, verdict: Verdict) -> None:
    need = {"kind": "when", "condition": KIND, "then": TEN, "otherwise": TWENTY}
    of = case(fact("applicant.kind", kind, status=FactStatus(status)), fact("team.headcount", 12))
    assert check(need, of).verdict is verdict


def test_what_is_asked_of_others_does_not_apply() -> None:
    told = check(
        {"kind": "when", "condition": KIND, "then": TEN}, case(fact("applicant.kind", "企业"), fact("team.headcount", 2))
    )
    assert told.verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(("status", "verdict"), [("accepted", X), ("needs_review", N)])
def test_a_waiver_needs_an_accepted_kind(status: str, verdict: Verdict) -> None:
    waiver = {"kinds": ["高校", "高等院校"], "quote": "原话", "effect": "高校不作要求"}
    of = case(fact("applicant.kind", "高等院校", status=FactStatus(status)), fact("team.headcount", 2))
    assert check(TEN, of, waivers=[waiver]).verdict is verdict


def test_an_attachment_is_there_missing_or_unread() -> None:
    need = {"kind": "attachment", "role": "lease", "name": "租赁合同"}
    lease = entry("d4", "租赁合同.pdf", Role.LEASE)
    assert check(need, case(documents=(lease,))).verdict is Verdict.MET
    assert check(need, case()).verdict is Verdict.MISSING
    assert (
        check(need, case(documents=(lease.model_copy(update={"status": DocumentStatus.UNREADABLE}),))).verdict is Verdict.UNCLEAR
    )


def test_a_plan_s_sections_are_shown_not_judged() -> None:
    need = {"kind": "sections", "role": "plan", "sections": ["建设目标", "资金保障"], "topics": ["plan"]}
    places = (at(PLAN, 3, "11"), at(PLAN, 4, "一、建 设 目 标"))
    reading = Reading(document=PLAN, passages=tuple(Passage(topic="plan", evidence=place) for place in places))
    told = check(need, case(readings=(reading,)))
    assert (told.verdict, told.observed) == (Verdict.JUDGEMENT, "“一、建设目标”")
    assert told.reason == "有关文字见《建设方案.docx》第4页；建设目标、资金保障是否齐全、完善，须人工判断。"
    assert check(need, case()).observed == "没有检出有关文字"


def test_judgement_lists_the_passages_of_its_topics_only() -> None:
    passages = (Passage(topic="director", evidence=at(quote="主任")), Passage(topic="plan", evidence=at(PLAN)))
    told = check(
        {"kind": "judgement", "asks": "有经验", "topics": ["director"]},
        case(readings=(Reading(document=FORM, passages=passages),)),
    )
    assert (told.verdict, told.observed, [place.quote for place in told.evidence]) == (Verdict.JUDGEMENT, "“主任”", ["主任"])


@pytest.mark.parametrize(
    "words", ["投资基金规模（万元）", "合作投资基金规模（万元）：", "拥有自主或合作投资基金", "建有基金，条文原话"]
)
def test_a_label_or_the_policy_s_own_words_are_no_fund(words: str) -> None:
    need = {"kind": "present", "key": "fund.size", "topics": ["fund"]}
    reading = Reading(document=FORM, passages=(Passage(topic="fund", evidence=at(quote=words)),))
    quote = "拥有自主或合作投资基金" if "拥有" in words else "条文原话"
    assert check(need, case(readings=(reading,)), quote=quote).verdict is Verdict.MISSING


def test_an_unticked_question_is_no_statement_of_good_standing() -> None:
    need = {"kind": "declared", "key": "credit.clean", "window": {"years": 3}}
    asked, said = "近三年是否发生重大违法或失信行为", "本单位近三年未发生重大违法或失信行为"
    verdicts = [
        check(
            need, case(readings=(Reading(document=FORM, passages=(Passage(topic="credit", evidence=at(quote=words)),)),))
        ).verdict
        for words in (asked, said)
    ]
    assert verdicts == [Verdict.MISSING, Verdict.JUDGEMENT]


def test_exclusivity_is_for_people_with_records() -> None:
    assert check({"kind": "exclusive", "scope": "同一法人申报"}, case()).verdict is Verdict.JUDGEMENT


SHARE = {
    "kind": "share", "numerator": "revenue.service", "denominator": "funding.annual", "comparator": ">=", "threshold": 30,
}  # fmt: skip


@pytest.mark.parametrize(("top", "status", "verdict"), [(30, "accepted", M), (29, "accepted", N), (30, "needs_review", U)])
def test_a_ratio_of_two_facts(top: int, status: str, verdict: Verdict) -> None:
    of = case(fact("revenue.service", top, status=FactStatus(status)), fact("funding.annual", 100))
    assert check(SHARE, of).verdict is verdict


def test_a_share_computed_from_rows_alone_is_shown_not_vouched_for() -> None:
    need = {
        "kind": "share", "comparator": ">=", "threshold": 50,
        "numerator": {"name": "外单位专家", "roster": "advisors", "where": {"test": "flagged", "field": "external"}},
        "denominator": {"name": "顾问总人数", "roster": "advisors"},
    }  # fmt: skip
    people = tuple(Person(name=name, external=name != "丙") for name in "甲乙丙")
    told = check(need, case(rosters=Rosters(advisors=people)))
    assert (told.verdict, told.observed) == (Verdict.UNCLEAR, "按名单计算66.6667%")


DONE = {
    "kind": "count_rows", "comparator": ">=", "threshold": 2, "unit": "项",
    "rows": {"name": "完成项目", "roster": "projects", "where": {"test": "flagged", "field": "done"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("done", "complete", "verdict"),
    [([True, True], False, M), ([True, None], True, U), ([True, False], True, N), ([True, False], False, U), ([], True, Q)],
)
def test_rows_are_counted(done: list[bool | None], complete: bool, verdict: Verdict) -> None:
    tally = Tally(what="项目库清单", key=FactKey.PROJECTS_RESERVED, unit=Unit.ITEMS, count=len(done), complete=complete)
    projects = tuple(Project(name=str(number), done=value) for number, value in enumerate(done))
    of = case(rosters=Rosters(projects=projects), readings=(Reading(document=FORM, tallies=(tally,) if done else ()),))
    assert check(DONE, of).verdict is verdict


def test_a_list_there_but_not_read_is_unclear_not_missing() -> None:
    listed = entry("d4", "项目库.docx", Role.PROJECT_LIST)
    assert check(DONE, case(documents=(listed,))).verdict is Verdict.UNCLEAR


def test_a_roster_as_long_as_the_accepted_count_is_complete() -> None:
    need = {"kind": "covers", "roster": "advisors", "field": "sector", "categories": ["学术", "产业"]}
    people = (Person(name="甲", sector="学术界"), Person(name="乙", sector="产业界"))
    assert check(need, case(fact("advisors.headcount", 2), rosters=Rosters(advisors=people))).verdict is Verdict.MET
    assert check(need, case(fact("advisors.headcount", 3), rosters=Rosters(advisors=people))).verdict is Verdict.JUDGEMENT


def test_an_accepted_list_total_on_the_other_side_keeps_a_statement_open() -> None:
    derived = fact("site.area", 190, id="sum", derived=True)
    told = check(AREA, case(fact("site.area", 210, id="said"), derived=(derived,)))
    assert (told.verdict, told.facts) == (Verdict.UNCLEAR, ("said", "sum"))
    assert "而按清单计算" in told.reason


def test_a_list_total_on_the_same_side_is_left_out() -> None:
    derived = fact("site.area", 205, id="sum", derived=True)
    assert check(AREA, case(fact("site.area", 210, id="said"), derived=(derived,))).facts == ("said",)


def test_evaluation_is_pure_and_in_the_policy_s_order() -> None:
    of = case(fact("site.area", Decimal("387.8")))
    assert clauses.evaluate(policy(AREA), of) == clauses.evaluate(policy(AREA), of)


ELEMENTS = ["plan.goals", "plan.organisation", "plan.funding"]


def test_each_element_is_shown_by_itself_and_what_lacks_is_told() -> None:
    need = {"kind": "sections", "role": "plan", "sections": ["建设目标", "组织架构", "资金保障"], "topics": ELEMENTS}
    said = {
        "plan.goals": at(PLAN, 3, "三年内建成开放共享的验证中心"),
        "plan.organisation": at(PLAN, 4, "实行主任负责制，下设三个部门办理各项事务"),
    }
    reading = Reading(document=PLAN, passages=tuple(Passage(topic=topic, evidence=place) for topic, place in said.items()))
    told = check(need, case(readings=(reading,)))
    assert (told.verdict, told.observed) == (Verdict.JUDGEMENT, "检出建设目标、组织架构；没有检出资金保障")
    assert told.reason == (
        "建设目标见《建设方案.docx》第3页；组织架构见《建设方案.docx》第4页；没有检出关于资金保障的文字，请查阅材料。"
        "建设目标、组织架构、资金保障是否齐全、完善，须人工判断。"
    )
    assert list(told.evidence) == list(said.values())


def test_the_document_asked_for_and_the_fuller_words_come_first() -> None:
    need = {"kind": "sections", "role": "plan", "sections": ["建设目标", "资金保障"], "topics": ["plan.goals", "plan.funding"]}
    places = [
        at(FORM, 1, "建设目标见建设方案第二章的有关内容"),
        at(PLAN, 2, "建设目标"),
        *(at(PLAN, page, "总体目标是三年内建成开放共享的中心") for page in range(3, 7)),
    ]
    passages = tuple(Passage(topic="plan.goals", evidence=place) for place in places)
    told = check(need, case(readings=(Reading(document=FORM, passages=passages),)))
    assert [place.page for place in told.evidence] == [3, 4, 5, 6]


@pytest.mark.parametrize(("said", "verdict"), [("已设立", M), ("无", N), ("未设立科技伦理委员会", N), ("无锡某院伦理委员会", M)])
def test_what_is_said_not_to_be_there_is_not_there(said: str, verdict: Verdict) -> None:
    need = {"kind": "present", "key": "ethics.committee"}
    assert check(need, case(fact("ethics.committee", said))).verdict is verdict


def test_what_no_reader_reads_is_unclear_and_never_missing() -> None:
    need = {"kind": "compare", "key": "team.full_time", "comparator": ">=", "threshold": 10, "unit": "人"}
    told = check(
        need, case(readings=(Reading(document=FORM, passages=(Passage(topic="full_time", evidence=at(quote="专职12人")),)),))
    )
    assert (told.verdict, told.reason) == (
        U,
        "程序尚不读取专职人员数，有关文字见《申报书.pdf》第3页；是否符合“条文原话”须人工核对。",
    )


def test_relief_lowers_no_upper_bound() -> None:
    most = {"kind": "compare", "key": "industries", "comparator": "<=", "threshold": 3}
    need = {"kind": "relief", "condition": KIND, "percent": 50, "base": most}
    of = case(fact("applicant.kind", "事业单位"), fact("industries", ("甲", "乙", "丙")))
    assert check(need, of).verdict is M


def test_a_number_that_fails_by_its_own_deadline_needs_the_deadline() -> None:
    need = {"kind": "age", "key": "applicant.established", "threshold": 2, "anchor": "deadline"}
    of = case(fact("applicant.established", date(2024, 6, 1)))
    assert check(need, of).verdict is U
    due = policy(need).model_copy(update={"deadline": date(2026, 6, 1)})
    assert clauses.evaluate(due, of)[0].verdict is M
