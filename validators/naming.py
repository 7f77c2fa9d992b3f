"""The centre's name against the form its policy demands. A name not read with certainty is never called wrong."""

import re
import unicodedata
from collections.abc import Iterator

from schemas.case import Case
from schemas.policy import Matches, Policy
from schemas.report import Finding
from schemas.vocabulary import FactKey, FactStatus, FindingCode, Severity
from validators.messages import finding, ordered, places, shown


def rule(case: Case, policy: Policy) -> Iterator[Finding]:
    """NAME_RULE, only where the policy has a naming clause."""
    clause = policy.naming
    if clause is None or not isinstance(clause.requirement, Matches):
        return
    names = [fact for fact in case.facts if fact.key is FactKey.CENTRE_NAME and not fact.derived]
    if len(names) != 1 or names[0].status is not FactStatus.ACCEPTED or matches(clause.requirement, str(names[0].value)):
        return
    fact = names[0]
    yield finding(
        FindingCode.NAME_RULE, Severity.MEDIUM,
        f"{places(fact.evidence, case)}写明的名称为{shown(fact.value)}，{clause.article}规定的形式为“{clause.requirement.form}”。",
        case=case, facts=[fact.id], evidence=ordered(fact.evidence, case)[:3], clause=clause.name,
        advice="请申报单位按规定的形式更正名称，或由市科技部门确认。",
    )  # fmt: skip


def matches(requirement: Matches, name: str) -> bool:
    """Width and spaces decide nothing."""
    flat = re.sub(r"\s+", "", name)
    return any(re.fullmatch(requirement.pattern, form) for form in (flat, unicodedata.normalize("NFKC", flat)))
