"""Identifiers whose own check digit contradicts them. A citizen's number is shown masked, as the identifier holds it."""

from collections.abc import Iterator
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.policy import Policy
from schemas.report import Finding
from schemas.vocabulary import FactKey, FindingCode, Severity
from validators.messages import finding, places, printable

KINDS: Final = {"uscc": ("统一社会信用代码", "GB 32100"), "id_number": ("身份证号", "GB 11643")}


def check_digits(case: Case, policy: Policy) -> Iterator[Finding]:
    """ID_CHECKSUM, one a number however often it is written."""
    groups: dict[tuple[str, str], tuple[set[str], list[Evidence]]] = {}
    for item in (item for reading in case.readings for item in reading.identifiers):
        if not item.valid:
            owners, evidence = groups.setdefault((item.kind, item.shown), (set(), []))
            owners.update({item.owner} if item.owner else set())
            evidence.extend(item.evidence)
    for (kind, number), (owners, evidence) in sorted(groups.items()):
        name, standard = KINDS.get(kind, ("证件号码", "编码规则"))
        whose = f"{'、'.join(printable(owner) for owner in sorted(owners))}的" if owners else ""
        yield finding(
            FindingCode.ID_CHECKSUM, Severity.MEDIUM,
            f"{places(evidence, case)}{whose}{name}{_shown(kind, number)}的位数、字符或校验位不符合{standard}的规定。",
            case=case, evidence=evidence,
            facts=[fact.id for fact in case.facts if kind == "uscc" and fact.key is FactKey.APPLICANT_USCC and fact.value == number],
            advice="请对照证照原件逐位核对，由申报单位更正。",
        )  # fmt: skip


def _shown(kind: str, number: str) -> str:
    """What is not a USCC is masked here once more, so that no whole personal number can reach a sentence."""
    text = printable(number)
    if kind != "uscc" and "*" not in text:
        text = text[:6] + "*" * max(0, len(text) - 7) + text[-1:] if len(text) > 7 else "*" * len(text)
    return f"“{text}”"
