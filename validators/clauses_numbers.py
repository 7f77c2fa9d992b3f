"""Numbers against thresholds: which of a fact's periods counts, and what may be concluded from the others.

A year is a whole calendar year. A part of it, several years together, or a value without a year never count as it, though they keep the
question open.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from schemas.case import Case
from schemas.facts import Fact, FactValue
from schemas.policy import Comparator, Compare, Period, Share, side_name
from schemas.vocabulary import GRADE_NAMES, GRADES, FactStatus, Unit, Verdict
from validators import messages
from validators.clauses_periods import alike, in_year, is_range, latest, span_of, touches, widest, years_of
from validators.clauses_ruling import (
    EDGE,
    FAIL,
    PASS,
    Ruling,
    Side,
    Stated,
    combined,
    decide,
    hangs,
    holds,
    not_stated,
    observe,
    of_key,
    said_at,
    short,
    side_of,
    size_of,
    tell,
)
from validators.clauses_windows import over_window
from validators.sensitivity import turning


def compare(requirement: Compare, quote: str, case: Case) -> Ruling:
    ruling = _excluded(requirement, quote, case)
    wanted = requirement.grade
    if wanted is None or ruling.verdict is not Verdict.MET:
        return ruling
    least = GRADES.index(wanted)
    proven = [fact for fact in ruling.facts if GRADES.index(fact.grade) >= least]
    if proven:
        return ruling
    has = "、".join(dict.fromkeys(GRADE_NAMES[fact.grade] for fact in ruling.facts))
    reason = f"{tell(ruling.facts, case)}，数值符合“{short(quote)}”，但依据只有{has}，条文要求{GRADE_NAMES[wanted]}，须补充或人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, ruling.observed, ruling.facts)


def _excluded(requirement: Compare, quote: str, case: Case) -> Ruling:
    ruling = _compared(requirement, quote, case)
    mixed = [fact for fact in ruling.facts if any(word in said_at(fact) for word in requirement.excluding)]
    if mixed and ruling.verdict in (Verdict.MET, Verdict.NOT_MET):
        left_out = "、".join(requirement.excluding)
        reason = f"{tell(mixed, case)}，其处写有不应计入的内容（{left_out}），扣除后是否符合“{short(quote)}”须人工核对。"
        return Ruling(Verdict.UNCLEAR, reason, ruling.observed, ruling.facts)
    return ruling


def _compared(requirement: Compare, quote: str, case: Case) -> Ruling:
    all_ = of_key(requirement.key, case)

    def side(value: FactValue) -> Side:
        size = size_of(value)
        if size is None:
            return FAIL
        if size == requirement.threshold and requirement.boundary == "open":
            return EDGE
        return side_of(holds(size, requirement.comparator, requirement.threshold))

    if requirement.window and requirement.period in (Period.TOTAL, Period.MEAN):
        return over_window(requirement, all_, side, quote, case)
    if requirement.period is Period.PREVIOUS_YEAR:
        return _previous_year(requirement, all_, side, quote, case)
    if requirement.period is Period.TOTAL:
        return _total(requirement, all_, side, quote, case)
    if requirement.period is Period.MEAN:
        return _mean(all_, side, quote, case)
    if requirement.period is Period.EACH_YEAR:
        return _each_year(requirement, all_, side, quote, case)
    if requirement.period is Period.LATEST:
        all_ = Stated(latest(all_.facts), latest(all_.derived))
    return decide(all_, side, quote, case, soft=requirement.soft)


def _previous_year(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """上年度: the calendar year before as-of. A part of it, several years together, or no year given never count as it."""
    year = case.as_of.year - 1
    exact = Stated(in_year(all_.facts, year), in_year(all_.derived, year))
    before = in_year(all_.facts, year - 1) or in_year(all_.derived, year - 1)
    earlier = [fact for fact in before if requirement.earlier_year_open and side(fact.value) == PASS]
    if exact.facts or exact.derived:
        ruling = decide(exact, side, quote, case, soft=requirement.soft)
        if ruling.verdict is Verdict.NOT_MET and earlier:
            reason = f"{year}年不足：{tell(ruling.facts, case)}；再前一年达到：{tell(earlier, case)}。“{short(quote)}”未写明指哪一年，须由审核人决定。"
            facts = (*ruling.facts, *earlier)
            return Ruling(Verdict.UNCLEAR, reason, observe(facts, case), facts)
        return ruling
    near = tuple(fact for fact in all_.facts if touches(fact.period, year) or fact.period is None)
    if near:
        return decide(Stated(near, (), f"不是{year}年全年的数额"), side, quote, case)
    if earlier:
        return decide(Stated(tuple(earlier), (), f"不是{year}年的数额"), side, quote, case)
    others = "、".join(sorted({fact.period for fact in all_.facts if fact.period}))
    ruling = not_stated(case, f"（{year}年；查到的是{others}）" if others else f"（{year}年）")
    return ruling._replace(facts=all_.facts, observed=observe(all_.facts, case) if all_.facts else "未见说明")


def _total(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """累计, 合计: what is stated as a total; else the years, which can only show that enough is there, never that it is not."""
    whole = tuple(fact for fact in all_.facts if years_of(fact.period) is None or is_range(fact.period))
    if whole:
        chief = widest(whole)
        ruling = decide(Stated(chief, tuple(fact for fact in all_.derived if alike(fact, chief))), side, quote, case)
    elif all_.facts:
        ruling = _years_added(requirement, all_.facts, side, quote, case)
    else:
        return decide(Stated((), widest(all_.derived)), side, quote, case)
    years = tuple(fact for fact in all_.facts if re.fullmatch(r"\d{4}", fact.period or ""))
    if ruling.verdict is Verdict.UNCLEAR and years and all(side(fact.value) == PASS for fact in whole):
        by_years = _years_added(requirement, years, side, quote, case)
        return by_years if by_years.verdict is Verdict.MET else ruling
    single = [fact for fact in all_.facts if fact.status is FactStatus.ACCEPTED and side(fact.value) == PASS]
    if ruling.verdict is Verdict.NOT_MET and single:
        reason = f"{tell(ruling.facts, case)}，而{tell(single, case)}，合计与分年不一致，无法判定是否符合“{short(quote)}”，须人工核对。"
        return Ruling(Verdict.UNCLEAR, reason, ruling.observed, (*ruling.facts, *single))
    return ruling


def _years_added(
    requirement: Compare, facts: tuple[Fact, ...], side: Callable[[FactValue], Side], quote: str, case: Case
) -> Ruling:
    years = tuple(fact for fact in facts if re.fullmatch(r"\d{4}", fact.period or ""))
    least = _least(years)
    accepted = {fact.period for fact in years if fact.status is FactStatus.ACCEPTED}
    sure = all(fact.period in accepted for fact in years)
    told, observed = tell(facts, case), observe(facts, case)
    sum_ = messages.amount(least, requirement.unit)
    if years and sure and side(least) == PASS and requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE):

        def turns(fact: Fact, value: Decimal) -> bool:
            return side(_least(tuple(_read_as(one, value) if one is fact else one for one in years))) != PASS

        other = turning(years, turns, case)
        if other:
            return Ruling(Verdict.UNCLEAR, hangs(f"{told}，各年相加{sum_}", "符合", other, quote), observed, facts)
        return Ruling(Verdict.MET, f"{told}，各年相加{sum_}，符合“{short(quote)}”。", observed, facts)
    return Ruling(
        Verdict.UNCLEAR,
        f"{told}，没有写明合计（各年相加{sum_}），无法判定是否符合“{short(quote)}”，须人工核对。",
        observed,
        facts,
    )


def _least(years: tuple[Fact, ...]) -> Decimal:
    """The years' sum, of a year stated several times the least."""
    by_year: dict[str | None, Decimal] = {}
    for fact in years:
        size = size_of(fact.value)
        if size is not None:
            by_year[fact.period] = min(size, by_year.get(fact.period, size))
    return sum(by_year.values(), Decimal(0))


def _read_as(fact: Fact, value: Decimal) -> Fact:
    return fact.model_copy(update={"value": value})


def _mean(all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """年均: a stated mean first. Years decide only where all lie on one side, since where the period ends is the officer's to know."""
    facts = all_.facts or all_.derived
    mean = tuple(fact for fact in facts if years_of(fact.period) is None or is_range(fact.period))
    years = tuple(fact for fact in facts if re.fullmatch(r"\d{4}", fact.period or ""))
    if mean or not facts:
        return decide(Stated(mean) if all_.facts else Stated((), mean), side, quote, case)
    if not years:
        return decide(Stated(facts, (), "不是全年的数额"), side, quote, case)
    if len({side(fact.value) for fact in years}) > 1:
        return decide(Stated(years, (), "各年有高有低，没有写明年均数"), side, quote, case)
    return decide(Stated(years) if all_.facts else Stated((), years), side, quote, case)


def _each_year(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """每年: one year short is enough to fail, every year of the window is needed to pass; without a window, every year stated."""
    if requirement.window:
        span = span_of(requirement.window, case)
        years = [str(year) for year in span.years] if span else []
    else:
        years = sorted({fact.period for fact in all_.facts if re.fullmatch(r"\d{4}", fact.period or "") and fact.period})
    if not years:
        return decide(all_._replace(open="没有写明是哪一年的数额"), side, quote, case)
    rulings = [
        decide(Stated(in_year(all_.facts, int(year)), in_year(all_.derived, int(year))), side, quote, case) for year in years
    ]
    return Ruling(
        combined(len(rulings), [ruling.verdict for ruling in rulings]),
        "".join(
            ruling.reason if ruling.facts else f"{year}年：{ruling.reason}" for year, ruling in zip(years, rulings, strict=True)
        ),
        "；".join(
            ruling.observed if ruling.facts else f"{year}年{ruling.observed}" for year, ruling in zip(years, rulings, strict=True)
        ),
        tuple(fact for ruling in rulings for fact in ruling.facts),
    )


def ratio_of(
    requirement: Share,
    top: tuple[Fact, ...],
    bottom: tuple[Fact, ...],
    side: Callable[[FactValue], Side],
    quote: str,
    case: Case,
) -> Ruling:
    if not top or not bottom:
        return not_stated(case)
    facts = (*top, *bottom)
    ratios = _ratios(top, bottom)
    sides = {side(ratio) for ratio in ratios}
    observed = "、".join(dict.fromkeys(messages.amount(ratio, Unit.PERCENT) for ratio in ratios)) or "无法计算"
    told = f"{tell(facts, case)}，{side_name(requirement.numerator)}占{side_name(requirement.denominator)}{observed}"
    if len(sides) != 1 or EDGE in sides or any(fact.status is not FactStatus.ACCEPTED for fact in facts):
        return Ruling(Verdict.UNCLEAR, f"{told}，无法判定是否符合“{short(quote)}”，须人工核对。", observed, facts)
    verdict, word = (Verdict.MET, "符合") if sides == {PASS} else (Verdict.NOT_MET, "不符合")

    def turns(fact: Fact, value: Decimal) -> bool:
        above, below = (tuple(_read_as(one, value) if one is fact else one for one in group) for group in (top, bottom))
        return {side(ratio) for ratio in _ratios(above, below)} != sides

    other = turning(facts, turns, case)
    if other:
        return Ruling(Verdict.UNCLEAR, hangs(told, word, other, quote), observed, facts)
    return Ruling(verdict, f"{told}，{word}“{short(quote)}”。", observed, facts)


def _ratios(top: tuple[Fact, ...], bottom: tuple[Fact, ...]) -> list[Decimal]:
    return [
        100 * upper.value / lower.value
        for upper in top
        for lower in bottom
        if isinstance(upper.value, Decimal) and isinstance(lower.value, Decimal) and lower.value and upper.period == lower.period
    ]
