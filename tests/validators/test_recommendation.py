import pytest

from schemas.report import Check, Finding, Issue
from schemas.vocabulary import FindingCode, IssueCode, Recommendation, Severity, Verdict
from validators.recommendation import recommend


def check(verdict: str, title: str = "场地面积") -> Check:
    return Check(
        clause="c", article="四（一）2", wording="", verdict=Verdict(verdict), reason="", required="", observed="", title=title
    )


def found(code: str, severity: Severity = Severity.MEDIUM) -> Finding:
    return Finding(id="", code=FindingCode(code), severity=severity, message="")


ISSUE = Issue(code=IssueCode.DOCUMENT_NOT_READ, message="")
MET, LOW = check("met"), found("FACT_CONFLICT")


@pytest.mark.parametrize(
    ("checks", "findings", "issues", "decided"),
    [
        ([MET], [], [], "recommend"),
        ([MET, check("judgement"), check("not_applicable")], [LOW], [], "recommend"),
        ([MET, check("missing")], [], [], "correct_and_resubmit"),
        ([MET], [found("MATERIAL_MISSING")], [], "correct_and_resubmit"),
        ([MET], [found("FIELD_BLANK")], [], "correct_and_resubmit"),
        ([MET], [found("MATERIAL_EXPIRED")], [], "correct_and_resubmit"),
        ([MET], [found("DOCUMENT_UNREADABLE")], [], "correct_and_resubmit"),
        ([check("unclear"), check("missing")], [], [], "manual_review"),
        ([check("missing")], [found("FACT_CONFLICT", Severity.HIGH)], [], "manual_review"),
        ([check("not_met"), check("unclear")], [found("FACT_CONFLICT", Severity.HIGH)], [], "do_not_recommend"),
        ([check("not_met")], [], [ISSUE], "manual_review"),
        ([MET], [], [ISSUE], "manual_review"),
    ],
)
def test_the_first_that_holds(checks, findings, issues, decided) -> None:
    assert recommend(checks, findings, issues)[0] is Recommendation(decided)


def test_the_reason_names_what_decided_and_what_is_left() -> None:
    checks = [check("not_met"), check("judgement", "建设方案")]
    assert recommend(checks, [], [])[1] == "不符合条款：场地面积（四（一）2）。以下条款须人工判断：建设方案（四（一）2）。"


def test_a_recommended_package_still_names_its_findings() -> None:
    told = recommend([MET], [LOW], [])[1]
    assert told == "可由数字和材料判定的条款均符合，未发现须补正的事项。另有核查发现供参考：前后不一。"


def test_what_is_to_be_corrected_is_named() -> None:
    told = recommend([check("missing")], [found("FIELD_BLANK"), found("FIELD_BLANK")], [])[1]
    assert told == "未见说明的条款：场地面积（四（一）2）；须补正：栏目未填。"
