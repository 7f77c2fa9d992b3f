"""Totals and means over a window of years, and growth from one year to the next.

Only whole years add up. A total of exactly the window comes first; years added up decide where every year of the window is given. 近N年 runs on
into the current year, so that what falls short by its whole years is not yet too little.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product

from schemas.case import Case
from schemas.facts import Fact, FactValue
from schemas.policy import Comparator, Compare, Growth, Period, window_name
from schemas.vocabulary import FactKey, FactStatus, Unit, Verdict
from validators import messages
from validators.clauses_periods import Span, in_year, is_range, span_of, years_of
from validators.clauses_ruling import (
    EDGE,
    FAIL,
    PASS,
    Ruling,
    Side,
    Stated,
    decide,
    holds,
    not_stated,
    observe,
    of_key,
    short,
    side_of,
    size_of,
    tell,
)


def over_window(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """``requirement`` has a window and asks for the total over it or the mean of its years."""
    assert requirement.window is not None
    span = span_of(requirement.window, case)
    if span is None:
        return decide(all_._replace(open="政策没有写明申报截止日期，期限无从起算"), side, quote, case)
    facts = all_.facts or all_.derived
    if not facts:
        return not_stated(case, f"（{window_name(requirement.window)}）")
    mean = requirement.period is Period.MEAN
    exact = _exactly(facts, span, requirement)
    by_years = _by_years(requirement, span, facts, side, quote, case, mean=mean)
    if not exact:
        return by_years or _shown_by_part(requirement, span, facts, side, quote, case)
    ruling = decide(Stated(exact) if all_.facts else Stated((), exact), side, quote, case)
    if by_years and by_years.verdict is not ruling.verdict and Verdict.UNCLEAR not in (ruling.verdict, by_years.verdict):
        reason = f"{ruling.reason}而{by_years.reason}合计与分年不一致，须人工核对。"
        return Ruling(Verdict.UNCLEAR, reason, ruling.observed, (*ruling.facts, *by_years.facts))
    return ruling


def _exactly(facts: tuple[Fact, ...], span: Span, requirement: Compare) -> tuple[Fact, ...]:
    """Facts of the very window. A range of years holds a total, but for yearly funding (年均), where it holds their mean."""
    mean = requirement.period is Period.MEAN
    yearly = requirement.key is FactKey.FUNDING_ANNUAL
    if mean and yearly:
        unbounded = tuple(fact for fact in facts if years_of(fact.period) is None)
        return unbounded or tuple(fact for fact in facts if is_range(fact.period) and _same(fact, span))
    if mean or span.running or yearly:
        return ()
    return tuple(fact for fact in facts if _same(fact, span) and re.fullmatch(r"\d{4}(-\d{4})?", fact.period or ""))


def _same(fact: Fact, span: Span) -> bool:
    return years_of(fact.period) == (span.years[0], span.years[-1])


def _by_years(
    requirement: Compare,
    span: Span,
    facts: tuple[Fact, ...],
    side: Callable[[FactValue], Side],
    quote: str,
    case: Case,
    *,
    mean: bool,
) -> Ruling | None:
    """What the years given come to, None where they decide nothing. Of several values of a year the least and the most are tried."""
    given = {year: found for year in span.years if (found := in_year(facts, year))}
    used = tuple(fact for found in given.values() for fact in found)
    whole = len(given) == len(span.years)
    if not used or not all(any(fact.status is FactStatus.ACCEPTED for fact in found) for found in given.values()):
        return None
    low, high = (sum((extreme(_sizes(found)) for found in given.values()), Decimal(0)) for extreme in (min, max))
    if mean:
        low, high = low / len(span.years), high / len(span.years)
    sides = {side(low), side(high)}
    name = messages.amount(low, requirement.unit)
    told = f"{tell(used, case)}，{'年均' if mean else '各年相加'}{name}"
    more_can_only_help = requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
    settled = whole and (mean or not span.running)
    if sides == {PASS} and (settled or (more_can_only_help and not mean)):
        return Ruling(Verdict.MET, f"{told}，符合“{short(quote)}”。", observe(used, case), used)
    if sides == {FAIL} and settled:
        return Ruling(Verdict.NOT_MET, f"{told}，不符合“{short(quote)}”。", observe(used, case), used)
    return None


def _sizes(facts: tuple[Fact, ...]) -> list[Decimal]:
    return [size for fact in facts if (size := size_of(fact.value)) is not None] or [Decimal(0)]


def _shown_by_part(
    requirement: Compare, span: Span, facts: tuple[Fact, ...], side: Callable[[FactValue], Side], quote: str, case: Case
) -> Ruling:
    """A total of some years inside the window shows that enough is there, never that it is not."""
    total = requirement.period is Period.TOTAL and requirement.key is not FactKey.FUNDING_ANNUAL
    within = tuple(fact for fact in facts if is_range(fact.period) and _inside(fact, span))
    if total and within and requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE):
        ruling = decide(Stated(within), side, quote, case)
        if ruling.verdict is Verdict.MET:
            return ruling
    return _open(requirement, facts, side, quote, case)


def _inside(fact: Fact, span: Span) -> bool:
    years = years_of(fact.period)
    return years is not None and span.holds(years[0]) and span.holds(years[1])


def _open(requirement: Compare, facts: tuple[Fact, ...], side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    assert requirement.window is not None
    what = "每一年" if requirement.period is Period.MEAN else "整个期间"
    return decide(Stated(facts, (), f"没有写明{window_name(requirement.window)}{what}的数额"), side, quote, case)


def growth(requirement: Growth, quote: str, case: Case) -> Ruling:
    """From the year before last to last year, over every pair of values stated for the two."""

    def side(value: Decimal) -> Side:
        if value == requirement.threshold and requirement.boundary == "open":
            return EDGE
        return side_of(holds(value, requirement.comparator, requirement.threshold))

    all_ = of_key(requirement.key, case)
    facts = all_.facts or all_.derived
    year = case.as_of.year - 1
    now, before = in_year(facts, year), in_year(facts, year - 1)
    if not now or not before:
        lacking = "、".join(f"{one}年" for one, found in ((year - 1, before), (year, now)) if not found)
        if not facts:
            return not_stated(case, f"（{lacking}）")
        return decide(Stated(facts, (), f"没有写明{lacking}全年的数额，无从计算增长"), lambda _: PASS, quote, case)
    used = (*before, *now)
    rates = list(_rates(now, before))
    observed = "、".join(dict.fromkeys(messages.amount(rate, Unit.PERCENT) for rate in rates)) or "无法计算"
    told = f"{tell(used, case)}，同比增长{observed}"
    sides = {side(rate) for rate in rates}
    if len(sides) != 1 or EDGE in sides or any(fact.status is not FactStatus.ACCEPTED for fact in used):
        return Ruling(Verdict.UNCLEAR, f"{told}，无法判定是否符合“{short(quote)}”，须人工核对。", observed, used)
    verdict, word = (Verdict.MET, "符合") if sides == {PASS} else (Verdict.NOT_MET, "不符合")
    return Ruling(verdict, f"{told}，{word}“{short(quote)}”。", observed, used)


def _rates(now: tuple[Fact, ...], before: tuple[Fact, ...]) -> Iterator[Decimal]:
    for after, base in product(now, before):
        if isinstance(after.value, Decimal) and isinstance(base.value, Decimal) and base.value > 0:
            yield 100 * (after.value - base.value) / base.value
