"""What a fact's period says, and the calendar years a window spans.

A year is a whole calendar year; the current one so far belongs to 近N年 and is never whole.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from schemas.case import Case
from schemas.facts import Fact
from schemas.policy import Anchor, Window


class Span(NamedTuple):
    """The whole years of a window, and whether a part of a further year belongs to it (今年以来)."""

    years: tuple[int, ...]
    running: bool

    def holds(self, year: int) -> bool:
        return self.years[0] <= year <= self.years[-1] + self.running


def anchor_day(anchor: Anchor, case: Case) -> date | None:
    """None where the policy gives no deadline."""
    match anchor:
        case "as_of":
            return case.as_of
        case "application":
            return case.day
        case "deadline":
            return case.deadline
        case "last_month":
            return case.as_of.replace(day=1) - timedelta(days=1)


def span_of(window: Window, case: Case) -> Span | None:
    """None where the day the window is counted from is not known."""
    if window.first is not None and window.last is not None:
        return Span(tuple(range(window.first, window.last + 1)), running=False)
    day = anchor_day(window.anchor, case)
    return Span(tuple(range(day.year - window.years, day.year)), running=True) if day else None


def later(day: date, *, months: int) -> date:
    """The same day so many months on, or the last of a shorter month.

    >>> later(date(2024, 2, 29), months=24), later(date(2025, 1, 31), months=1)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_of(period: str | None) -> tuple[int, int] | None:
    """The first and last year a period touches; None for no period and for a total."""
    found = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", period or "")]
    return (min(found), max(found)) if found else None


def is_range(period: str | None) -> bool:
    return re.fullmatch(r"\d{4}-\d{4}", period or "") is not None


def touches(period: str | None, year: int) -> bool:
    years = years_of(period)
    return years is not None and years[0] <= year <= years[1]


def in_year(facts: Iterable[Fact], year: int) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.period == str(year))


def latest(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    dated = [fact for fact in facts if re.fullmatch(r"\d{4}", fact.period or "")]
    last = max((fact.period or "" for fact in dated), default="")
    return tuple(fact for fact in dated if fact.period == last) or facts


def widest(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Among totals, those without years, else those over the longest span: a total over fewer years is no rival of theirs."""
    unbounded = tuple(fact for fact in facts if years_of(fact.period) is None)
    if unbounded:
        return unbounded
    spans = {fact.id: _span(fact.period) for fact in facts}
    longest = max(spans.values(), default=0)
    return tuple(fact for fact in facts if spans[fact.id] == longest)


def _span(period: str | None) -> int:
    years = years_of(period)
    return years[1] - years[0] + 1 if years else 0


def alike(fact: Fact, others: Iterable[Fact]) -> bool:
    return any(years_of(fact.period) == years_of(other.period) for other in others)
