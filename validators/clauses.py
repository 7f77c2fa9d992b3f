"""What each clause comes to for one package: values in, verdicts out, nothing else.

Everything turns on two rules. ``met`` and ``not_met`` rest on accepted facts; and nothing is ever decided from silence: what no
document states is ``missing``, what is stated but torn across the threshold, uncertainly read, or exactly on an open boundary is ``unclear``.
A derived value (a roster's length, a list's sum) speaks where nothing is stated, and an accepted one that lies on the other
side of the threshold keeps a stated value from deciding; it never takes the stated value's place.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from schemas.case import Case
from schemas.facts import Fact
from schemas.policy import (
    Age,
    AllOf,
    AnyOf,
    AtLeast,
    Attachment,
    Between,
    Choose,
    Clause,
    Compare,
    CountRows,
    Covers,
    Dated,
    Declared,
    Density,
    Exclusive,
    Figure,
    Growth,
    Judgement,
    Listed,
    Located,
    Matches,
    OneOf,
    Policy,
    Present,
    Relief,
    Requirement,
    Score,
    Sections,
    Share,
    SumRows,
    When,
    in_words,
    keys,
)
from schemas.report import Check, Finding
from schemas.vocabulary import FACTS, UNREAD, VERDICT_NAMES, FactKey, FactStatus, FindingCode, Severity, Verdict
from validators import messages, naming
from validators.clauses_choice import choose, relief, score, when
from validators.clauses_lists import listed, located
from validators.clauses_measures import age, between, dated, density, figure
from validators.clauses_numbers import compare
from validators.clauses_rows import count_rows, covers, share_of, sum_rows
from validators.clauses_ruling import PASSAGES_SHOWN, Ruling, combined, decide, observe, of_key, short, side_of, tell, tight
from validators.clauses_windows import growth
from validators.clauses_words import attachment, declared, judgement, present, sections, unread
from validators.searching import searched
from validators.weight import keys as all_keys

#: Shapes that one number, or one date, decides.
ONE_NUMBER: Final = (Compare, Share, Present, Between, Growth, Density, Age, Dated, SumRows)


def evaluate(policy: Policy, case: Case) -> tuple[Check, ...]:
    """One check for each clause, in the policy's order."""
    dated_case = case.model_copy(update={"deadline": policy.deadline}) if policy.deadline and not case.deadline else case
    return tuple(_check(clause, dated_case) for clause in policy.clauses)


def findings(policy: Policy, case: Case, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """``THRESHOLD_NOT_MET`` for clauses one number decides, ``BOUNDARY_VALUE`` at open boundaries. Ids are left to the runner."""
    known = {fact.id: fact for fact in (*case.facts, *case.derived)}
    found: list[Finding] = []
    for check in checks:
        clause = policy.clause(check.clause)
        if clause is None or not isinstance(clause.requirement, ONE_NUMBER):
            continue
        facts = [known[name] for name in check.facts if name in known]
        if check.verdict is Verdict.NOT_MET:
            found.append(_threshold(clause, check, facts, case))
        elif edge := _on_boundary(clause.requirement, facts):
            found.append(_boundary(clause, edge, case))
    return tuple(found)


def _threshold(clause: Clause, check: Check, facts: Sequence[Fact], case: Case) -> Finding:
    return messages.finding(
        FindingCode.THRESHOLD_NOT_MET,
        Severity.HIGH,
        f"{clause.title}：{check.reason}",
        case=case,
        facts=[fact.id for fact in facts],
        evidence=[place for fact in facts for place in fact.evidence],
        clause=clause.name,
        advice="对照原件核对数值；核对无误的，该项不符合条件。",
    )


def _on_boundary(requirement: Requirement, facts: Sequence[Fact]) -> list[Fact]:
    if not isinstance(requirement, Compare | Share) or requirement.boundary != "open":
        return []
    edge = [fact for fact in facts if fact.value == requirement.threshold]
    sure = any(fact.status is FactStatus.ACCEPTED or len(fact.evidence) > 1 for fact in edge)
    return edge if sure else []


def _boundary(clause: Clause, facts: Sequence[Fact], case: Case) -> Finding:
    who = f"由{clause.reading.decides}" if clause.reading else "由有权解释政策的机关"
    return messages.finding(
        FindingCode.BOUNDARY_VALUE,
        Severity.MEDIUM,
        f"{clause.title}：{tell(facts, case)}，恰好等于条文所写的数值，“{short(clause.quote)}”未写明等于是否算达到。",
        case=case,
        facts=[fact.id for fact in facts],
        evidence=[place for fact in facts for place in fact.evidence],
        clause=clause.name,
        advice=f"{who}决定恰好等于时是否符合，程序不作判断。",
    )


def _check(clause: Clause, case: Case) -> Check:
    requirement, waived = clause.requirement, ""
    for waiver in clause.waivers:
        if _applies(waiver.kinds, case):
            waived = f"（{waiver.effect}：“{waiver.quote}”）"
            requirement = waiver.requirement or requirement
            if waiver.requirement is None:
                ruling = Ruling(Verdict.NOT_APPLICABLE, f"按申报单位性质，本条不适用{waived}。", "不适用")
                return _as_check(clause, clause.requirement, ruling, "", case)
            break
    return _as_check(clause, requirement, _rule(requirement, clause.quote, case), waived, case)


def _as_check(clause: Clause, requirement: Requirement, ruling: Ruling, waived: str, case: Case) -> Check:
    return Check(
        clause=clause.name,
        article=clause.article,
        wording=clause.quote,
        verdict=ruling.verdict,
        reason=ruling.reason + waived,
        required=in_words(requirement),
        observed=ruling.observed,
        facts=tuple(dict.fromkeys(fact.id for fact in ruling.facts)),
        title=clause.title,
        reading=clause.reading.told() if clause.reading else "",
        evidence=ruling.evidence,
        searched=searched(all_keys(requirement), case) if ruling.verdict is Verdict.MISSING else None,
    )


def _applies(kinds: Iterable[str], case: Case) -> bool:
    """Only an accepted kind of applicant waives anything, and only where all statements of it agree."""
    stated = [fact for fact in case.facts if fact.key is FactKey.APPLICANT_KIND]
    return bool(stated) and all(
        fact.status is FactStatus.ACCEPTED and any(kind in tight(str(fact.value)) for kind in kinds) for fact in stated
    )


def _rule(requirement: Requirement, above: str, case: Case) -> Ruling:
    """``above`` is the quote of what holds the requirement, for one without words of its own."""
    quote = requirement.quote or above
    ruling = _ruled(requirement, quote, case)
    if ruling.verdict is Verdict.MISSING and (not_read := [key for key in keys(requirement) if key in UNREAD]):
        return unread(not_read, quote, case)
    if ruling.verdict is Verdict.MISSING and (kin := _kin(requirement, case)):
        told = f"材料只写明{tell(kin, case)}，与“{short(quote)}”所要的不是同一口径，须人工核对。"
        return Ruling(Verdict.UNCLEAR, told, observe(kin, case), kin)
    return ruling


#: What is often stated in another's place. It decides nothing, but nobody left it blank.
_KIN: Final = {FactKey.EQUIPMENT_INVESTED: FactKey.EQUIPMENT_VALUE}


def _kin(requirement: Requirement, case: Case) -> tuple[Fact, ...]:
    return tuple(fact for key in keys(requirement) if key in _KIN for fact in of_key(_KIN[key], case).facts)


def _ruled(requirement: Requirement, quote: str, case: Case) -> Ruling:
    match requirement:
        case Compare():
            return compare(requirement, quote, case)
        case Between():
            return between(requirement, quote, case)
        case Growth():
            return growth(requirement, quote, case)
        case Density():
            return density(requirement, quote, case)
        case Age():
            return age(requirement, quote, case)
        case Dated():
            return dated(requirement, quote, case)
        case Figure():
            return figure(requirement, quote, case)
        case Present():
            return present(requirement, quote, case)
        case OneOf():
            wanted = [tight(value) for value in requirement.values]
            return decide(
                of_key(requirement.key, case), lambda value: side_of(any(one in tight(str(value)) for one in wanted)), quote, case
            )
        case Listed():
            return listed(requirement, quote, case)
        case Located():
            return located(requirement, quote, case)
        case Matches():
            return decide(
                of_key(requirement.key, case), lambda value: side_of(naming.matches(requirement, str(value))), quote, case
            )
        case Declared():
            return declared(requirement, quote, case)
        case CountRows():
            return count_rows(requirement, quote, case)
        case SumRows():
            return sum_rows(requirement, quote, case)
        case Share():
            return share_of(requirement, quote, case)
        case Covers():
            return covers(requirement, quote, case)
        case Attachment():
            return attachment(requirement, case)
        case Sections():
            return sections(requirement, case)
        case Judgement():
            return judgement(requirement, case)
        case Exclusive():
            return Ruling(
                Verdict.JUDGEMENT, f"{in_words(requirement)}，须与其他申报及以往记录核对，由人工判断。", "须核对其他申报"
            )
        case AnyOf():
            return _of(1, requirement.of, quote, case)
        case AllOf():
            return _of(len(requirement.of), requirement.of, quote, case)
        case AtLeast():
            return _of(requirement.n, requirement.of, quote, case)
        case When():
            return when(requirement, quote, case, rule=_rule)
        case Choose():
            return choose(requirement, quote, case, rule=_rule)
        case Relief():
            return relief(requirement, quote, case, rule=_rule)
        case Score():
            return score(requirement, quote, case, rule=_rule)


def _of(n: int, items: Sequence[Requirement], quote: str, case: Case) -> Ruling:
    rulings = [(_branch(item), _rule(item, quote, case)) for item in items]
    verdict = combined(n, [ruling.verdict for _, ruling in rulings])
    observed = "；".join(f"{name}：{ruling.brief()}（{VERDICT_NAMES[ruling.verdict]}）".lstrip("：") for name, ruling in rulings)
    parts = tuple(f"{name}{ruling.brief()}" for name, ruling in rulings)
    resting = [(name, ruling) for name, ruling in rulings if verdict is not Verdict.MET or ruling.verdict is verdict]
    head = "" if n == len(items) else f"以下{len(items)}项中须满足{n}项。"
    reason = head + "".join(f"{name}：{ruling.reason}".lstrip("：") for name, ruling in resting)
    facts = tuple(fact for _, ruling in resting for fact in ruling.facts)
    evidence = tuple(place for _, ruling in resting for place in ruling.evidence)
    return Ruling(verdict, reason, observed, facts, evidence[:PASSAGES_SHOWN], parts)


def _branch(item: Requirement) -> str:
    if item.title:
        return item.title
    return FACTS[item.key][1] if isinstance(item, Compare | Present | OneOf | Matches | Declared) else ""
