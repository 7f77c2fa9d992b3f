"""Bounds on both sides, densities, dates, and numbers that nothing reads."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import product

from schemas.case import Case
from schemas.facts import Fact, FactValue
from schemas.policy import ANCHOR_NAMES, Age, Between, Comparator, Dated, Density, Figure, in_words, number
from schemas.vocabulary import FACTS, FactStatus, Unit, Verdict
from validators import messages
from validators.clauses_periods import anchor_day, later
from validators.clauses_ruling import (
    EDGE,
    FAIL,
    PASS,
    Ruling,
    Side,
    decide,
    excerpt,
    holds,
    not_stated,
    of_key,
    short,
    side_of,
    size_of,
    tell,
)
from validators.clauses_words import passages_on

#: Units that come in whole ones.
_WHOLE = frozenset({Unit.PERSONS, Unit.ITEMS, Unit.ENTERPRISES, None})


def between(requirement: Between, quote: str, case: Case) -> Ruling:
    def side(value: FactValue) -> Side:
        size = size_of(value)
        return side_of(size is not None and requirement.low <= size <= requirement.high)

    return decide(of_key(requirement.key, case), side, quote, case)


def density(requirement: Density, quote: str, case: Case) -> Ruling:
    """In proportion. Where only the last unfinished portion (7 firms where every 5 need a mentor) makes it fall short, a person decides."""
    sides_of = (of_key(requirement.numerator, case), of_key(requirement.denominator, case))
    top, bottom = (stated.facts or stated.derived for stated in sides_of)
    if not top or not bottom:
        return not_stated(case)
    facts = (*top, *bottom)
    pairs = [
        (upper.value, lower.value)
        for upper, lower in product(top, bottom)
        if isinstance(upper.value, Decimal)
        and isinstance(lower.value, Decimal)
        and lower.value > 0
        and upper.period == lower.period
    ]
    rates = [requirement.per * upper / lower for upper, lower in pairs]
    base = FACTS[requirement.denominator]
    each = f"每{number(requirement.per)}{messages.UNIT_NAMES.get(base[0], base[0]) if base[0] else ''}"
    observed = "、".join(dict.fromkeys(each + messages.amount(rate, requirement.unit) for rate in rates)) or "无法计算"
    told = f"{tell(facts, case)}，折合{observed}"
    sides = {_density_side(requirement, *pair) for pair in pairs}
    if sides == {EDGE}:
        return Ruling(
            Verdict.UNCLEAR,
            f"{told}，不足{each.removeprefix('每')}的部分是否另计，“{short(quote)}”未写明，须由审核人决定。",
            observed,
            facts,
        )
    if len(sides) != 1 or any(fact.status is not FactStatus.ACCEPTED for fact in facts):
        return Ruling(Verdict.UNCLEAR, f"{told}，无法判定是否符合“{short(quote)}”，须人工核对。", observed, facts)
    verdict, word = (Verdict.MET, "符合") if sides == {PASS} else (Verdict.NOT_MET, "不符合")
    return Ruling(verdict, f"{told}，{word}“{short(quote)}”。", observed, facts)


def _density_side(requirement: Density, top: Decimal, bottom: Decimal) -> Side:
    if holds(requirement.per * top / bottom, requirement.comparator, requirement.threshold):
        return PASS
    portions = (bottom / requirement.per).to_integral_value(rounding=ROUND_FLOOR)
    stepwise = requirement.comparator is Comparator.AT_LEAST and requirement.unit in _WHOLE
    return EDGE if stepwise and top >= requirement.threshold * max(portions, Decimal(1)) else FAIL


def age(requirement: Age, quote: str, case: Case) -> Ruling:
    """The anniversary itself counts: 满."""
    until = anchor_day(requirement.anchor, case)
    if until is None:
        return _undated(requirement, quote, case)
    months = requirement.threshold * (12 if requirement.unit == "年" else 1)
    side = _dates(lambda day: side_of(later(day, months=months) <= until))
    ruling = decide(of_key(requirement.key, case), side, quote, case, edge="没有写到日，无从计算")
    return (
        ruling._replace(reason=f"{ruling.reason}（按{ANCHOR_NAMES[requirement.anchor]}{until.isoformat()}计算）")
        if ruling.facts
        else ruling
    )


def dated(requirement: Dated, quote: str, case: Case) -> Ruling:
    day = requirement.day or anchor_day(requirement.anchor, case)
    if day is None:
        return _undated(requirement, quote, case)

    def side(value: date) -> Side:
        if value == day and requirement.boundary == "open":
            return EDGE
        number_of, bound = (Decimal(one.toordinal()) for one in (value, day))
        return side_of(holds(number_of, requirement.comparator, bound))

    return decide(
        of_key(requirement.key, case), _dates(side), quote, case, edge=f"恰为{day.isoformat()}，条文未写明当日是否算在内"
    )


def _dates(side: Callable[[date], Side]) -> Callable[[FactValue], Side]:
    """A date that is none (a year and a month only, kept as text) lies on the edge: nothing is decided from it."""
    return lambda value: side(value) if isinstance(value, date) else EDGE


def _undated(requirement: Age | Dated, quote: str, case: Case) -> Ruling:
    facts: tuple[Fact, ...] = of_key(requirement.key, case).facts
    if not facts:
        return not_stated(case)
    reason = f"{tell(facts, case)}，政策没有写明申报截止日期，无法判定是否符合“{short(quote)}”。"
    return Ruling(Verdict.UNCLEAR, reason, facts=facts)


def figure(requirement: Figure, quote: str, case: Case) -> Ruling:
    """Never decided: the program has no reader for the number."""
    passages = passages_on(requirement.topics, case, unless=quote)
    where = f"有关文字见{messages.places(passages, case)}；" if passages else "没有检出有关文字，请查阅材料；"
    reason = f"程序不读取“{requirement.what}”的数值，{where}是否符合“{short(quote)}”（{in_words(requirement)}）须人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, excerpt(passages) if passages else "程序不读取", (), passages)
