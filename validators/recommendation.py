"""The recommendation, in the contract's order: the first that holds. A person confirms or overrules it."""

from collections.abc import Iterable, Sequence
from typing import Final

from schemas.report import Check, Finding, Issue
from schemas.vocabulary import FINDINGS, FindingCode, Recommendation, Severity, Verdict

#: What the applicant can put right by handing something in.
TO_CORRECT: Final = frozenset(
    {FindingCode.MATERIAL_MISSING, FindingCode.FIELD_BLANK, FindingCode.MATERIAL_EXPIRED, FindingCode.DOCUMENT_UNREADABLE}
)
NAMED: Final = 5


def recommend(checks: Sequence[Check], findings: Sequence[Finding], issues: Sequence[Issue]) -> tuple[Recommendation, str]:
    """The recommendation and a Chinese sentence naming what decided it and which clauses are left to the officer."""
    decided, why = _decide(checks, findings, issues)
    return decided, why + _left_over(decided, checks, findings)


def _decide(checks: Sequence[Check], findings: Sequence[Finding], issues: Sequence[Issue]) -> tuple[Recommendation, str]:
    failed, unclear, missing = (
        [check for check in checks if check.verdict is verdict] for verdict in (Verdict.NOT_MET, Verdict.UNCLEAR, Verdict.MISSING)
    )
    high = [finding for finding in findings if finding.severity is Severity.HIGH]
    correct = [finding for finding in findings if finding.code in TO_CORRECT]
    if issues:
        return Recommendation.MANUAL_REVIEW, f"有{len(issues)}项未能完成读取或检查，须人工查看后再定。"
    if failed:
        return Recommendation.DO_NOT_RECOMMEND, f"不符合条款：{_clauses(failed)}。"
    if unclear or high:
        parts = [f"无法判定的条款：{_clauses(unclear)}"] if unclear else []
        parts += [f"重要的核查发现：{_codes(high)}"] if high else []
        return Recommendation.MANUAL_REVIEW, "；".join(parts) + "。"
    if missing or correct:
        parts = [f"未见说明的条款：{_clauses(missing)}"] if missing else []
        parts += [f"须补正：{_codes(correct)}"] if correct else []
        return Recommendation.CORRECT_AND_RESUBMIT, "；".join(parts) + "。"
    return Recommendation.RECOMMEND, "可由数字和材料判定的条款均符合，未发现须补正的事项。"


def _left_over(decided: Recommendation, checks: Sequence[Check], findings: Sequence[Finding]) -> str:
    left = [check for check in checks if check.verdict is Verdict.JUDGEMENT]
    told = f"以下条款须人工判断：{_clauses(left)}。" if left else ""
    if decided is Recommendation.RECOMMEND and findings:
        told += f"另有核查发现供参考：{_codes(findings)}。"
    return told


def _clauses(checks: Iterable[Check]) -> str:
    """In the policy's order, which is the order they come in."""
    return _few([f"{check.title or check.clause}（{check.article}）" for check in checks])


def _codes(findings: Iterable[Finding]) -> str:
    return _few(sorted({FINDINGS[finding.code][0] for finding in findings}))


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}项" if len(names) > NAMED else "")
