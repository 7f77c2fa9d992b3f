"""Requirements that turn on others: by kind of applicant, with relief for some, and scoring tables.

Where the condition itself is open the whole is open, unless every requirement that may apply comes to the same.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from schemas.case import Case
from schemas.policy import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Branch,
    Choose,
    Comparator,
    Compare,
    CountRows,
    Density,
    Relief,
    Requirement,
    Score,
    Scored,
    Share,
    SumRows,
    When,
    number,
)
from schemas.vocabulary import Verdict
from validators.clauses_ruling import PASSAGES_SHOWN, Ruling, combined, holds, short

#: What decides a requirement inside another: the requirement, the words of what holds it, the case.
Rule: TypeAlias = Callable[[Requirement, str, Case], Ruling]


def when(requirement: When, quote: str, case: Case, *, rule: Rule) -> Ruling:
    branch = Branch(condition=requirement.condition, then=requirement.then)
    return _choice((branch,), requirement.otherwise, quote, case, rule)


def choose(requirement: Choose, quote: str, case: Case, *, rule: Rule) -> Ruling:
    return _choice(requirement.of, requirement.otherwise, quote, case, rule)


def relief(requirement: Relief, quote: str, case: Case, *, rule: Rule) -> Ruling:
    lowered = lowered_by(requirement.percent, requirement.base)
    ruling = _choice((Branch(condition=requirement.condition, then=lowered),), requirement.base, quote, case, rule)
    return ruling._replace(reason=f"{ruling.reason}（符合条件的降低{number(requirement.percent)}%）")


def _choice(branches: Sequence[Branch], otherwise: Requirement | None, quote: str, case: Case, rule: Rule) -> Ruling:
    asked: list[Requirement | None] = []
    conditions: list[Ruling] = []
    for branch in branches:
        condition = rule(branch.condition, quote, case)
        conditions.append(condition)
        if condition.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
            continue
        asked.append(branch.then)
        if condition.verdict is Verdict.MET:
            break
    else:
        asked.append(otherwise)
    open_ = [one for one in conditions if one.verdict not in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)]
    if not open_:
        return rule(asked[0], quote, case) if asked[0] else _not_asked(conditions)
    return _whichever(asked, open_, quote, case, rule)


def _not_asked(conditions: Sequence[Ruling]) -> Ruling:
    told = "".join(one.reason for one in conditions)
    return Ruling(
        Verdict.NOT_APPLICABLE, f"{told}本条不适用。", "不适用", tuple(fact for one in conditions for fact in one.facts)
    )


def _whichever(asked: Sequence[Requirement | None], open_: Sequence[Ruling], quote: str, case: Case, rule: Rule) -> Ruling:
    """Not knowing which of several is asked. Nothing asked goes with ``met`` only: who does more than asked has done enough."""
    rulings = [rule(one, quote, case) for one in asked if one]
    verdicts = {ruling.verdict for ruling in rulings}
    nothing = any(one is None for one in asked)
    facts = tuple(fact for ruling in (*open_, *rulings) for fact in ruling.facts)
    doubt = "".join(dict.fromkeys(one.reason for one in open_))
    if verdicts == {Verdict.MET} or (verdicts == {Verdict.NOT_MET} and not nothing):
        first = rulings[0]
        return first._replace(reason=f"无论属于哪种情形，{first.reason}（{doubt}）", facts=facts)
    judged = all(one.verdict is Verdict.JUDGEMENT for one in open_)
    evidence = tuple(place for one in (*open_, *rulings) for place in one.evidence)
    return Ruling(
        Verdict.JUDGEMENT if judged else Verdict.UNCLEAR,
        f"本条要求因情形而异，须先核实：{doubt}" + "".join(f"若适用，{ruling.reason}" for ruling in rulings if judged),
        open_[0].observed,
        facts if judged else tuple(fact for one in open_ for fact in one.facts),
        evidence[:PASSAGES_SHOWN],
    )


def lowered_by(percent: Decimal, requirement: Requirement) -> Requirement:
    """The same with every lower bound lowered; what has none stays."""
    factor = 1 - percent / 100
    if getattr(requirement, "comparator", None) in (Comparator.AT_MOST, Comparator.BELOW):
        return requirement
    match requirement:
        case Compare() | Density() | CountRows() | SumRows() | Share():
            return requirement.model_copy(update={"threshold": requirement.threshold * factor})
        case Between():
            return requirement.model_copy(update={"low": requirement.low * factor})
        case AnyOf() | AllOf() | AtLeast():
            return requirement.model_copy(update={"of": tuple(lowered_by(percent, one) for one in requirement.of)})
        case _:
            return requirement


class Points(NamedTuple):
    """The least and the most one line of a table can come to, and what they rest on."""

    low: Decimal
    high: Decimal
    rulings: tuple[Ruling, ...]


def score(requirement: Score, quote: str, case: Case, *, rule: Rule) -> Ruling:
    """The least and the most points that what is read allows; they decide only where they lie on one side."""
    lines = [_scored(item, quote, case, rule) for item in requirement.items]
    low, high = sum((line.low for line in lines), Decimal(0)), sum((line.high for line in lines), Decimal(0))
    told = "；".join(f"{item.title}{_points(line.low, line.high)}" for item, line in zip(requirement.items, lines, strict=True))
    total = _points(low, high)
    rulings = [ruling for line in lines for ruling in line.rulings]
    facts = tuple(fact for ruling in rulings for fact in ruling.facts)
    evidence = tuple(place for ruling in rulings for place in ruling.evidence)[:PASSAGES_SHOWN]
    at_low, at_high = (holds(value, requirement.comparator, requirement.threshold) for value in (low, high))
    if at_low is at_high:
        verdict, word = (Verdict.MET, "符合") if at_low else (Verdict.NOT_MET, "不符合")
        return Ruling(verdict, f"{told}，合计{total}，{word}“{short(quote)}”。", total, facts, evidence)
    open_ = [
        ruling for line in lines if line.low != line.high for ruling in line.rulings
        if ruling.verdict not in (Verdict.MET, Verdict.NOT_MET)
    ]  # fmt: skip
    verdict = combined(len(open_), [ruling.verdict for ruling in open_])
    why = "".join(ruling.reason for ruling in open_)
    return Ruling(verdict, f"{told}，合计{total}，是否符合“{short(quote)}”须先核实：{why}", total, facts, evidence)


def _scored(item: Scored, quote: str, case: Case, rule: Rule) -> Points:
    """A band is reached where those before it are not met."""
    possible: list[Decimal] = []
    rulings: list[Ruling] = []
    for band in item.bands:
        ruling = rule(band.requirement, item.quote or quote, case) if band.requirement else None
        if ruling is not None:
            rulings.append(ruling)
            if ruling.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
                continue
        possible.append(band.points * item.weight)
        if ruling is None or ruling.verdict is Verdict.MET:
            break
    else:
        possible.append(Decimal(0))
    return Points(min(possible), max(possible), tuple(rulings))


def _points(low: Decimal, high: Decimal) -> str:
    return f"{number(low)}分" if low == high else f"{number(low)}至{number(high)}分"
