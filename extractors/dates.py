"""Dates as papers write them, with the precision they have.

What surprised us: 至2025.9 means to the end of that month, 二〇二五年 stands beside 2025年, a term is as often given as 自…起三年, and 2025-09 may stand
before a day that a page break cut off. A date is the first and the last day it may mean; what cannot be a date is none.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

_UNITS: Final = "一二三四五六七八九"
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_YEAR: Final = r"(?:19|20)\d\d"
_CN_YEAR: Final = r"(?:二[〇零○O]|一九)[〇零○O一二三四五六七八九]{2}"
_PATTERN: Final = re.compile(
    rf"(?<![\dA-Za-z])(?P<y>{_YEAR})(?:年度?(?!报)(?:(?P<m>1[0-2]|0?[1-9])月(?:份|(?P<d>3[01]|[12]\d|0?[1-9])[日号])?)?"
    rf"|(?P<s>[-./])(?P<m2>1[0-2]|0?[1-9])(?:(?P=s)(?P<d2>3[01]|[12]\d|0?[1-9])(?:日|(?!\d)))?(?![\d]))"
    rf"|(?P<c>{_CN_YEAR})年(?:(?P<cm>十[一二]?|[一二三四五六七八九])月(?:(?P<cd>三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?)?"
)


class Found(NamedTuple):
    """Where a date stands in the text, and the first and last day it may mean. ``precision``: day, month or year."""

    start: int
    end: int
    first: date
    last: date
    precision: str


def dates(text: str) -> Iterator[Found]:
    """Every date in a folded text, in order.

    >>> [(d.first.isoformat(), d.last.isoformat()) for d in dates("自2022.10至2025年9月30日")]
    [('2022-10-01', '2022-10-31'), ('2025-09-30', '2025-09-30')]
    """
    for match in _PATTERN.finditer(text):
        if match["c"]:
            year = _cn_year(match["c"])
            month = _cn(match["cm"]) if match["cm"] else None
            day = _cn(match["cd"]) if match["cd"] else None
        else:
            year = int(match["y"])
            month = int(match["m"] or match["m2"] or 0) or None
            day = int(match["d"] or match["d2"] or 0) or None
        if (made := span(year, month, day)) is not None:
            precision = "day" if day else "month" if month else "year"
            yield Found(match.start(), match.end(), *made, precision)


def span(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """The first and last day of a year, a month or a day; None where the calendar has no such day."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    try:
        return (one := date(year, month, day)), one
    except ValueError:
        return None


def after(start: date, *, years: int = 0, months: int = 0) -> date:
    """The last day of a term of so long that begins on ``start``.

    >>> after(date(2023, 3, 1), years=3), after(date(2024, 2, 29), years=1)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    total = start.year * 12 + start.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if start.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, start.day) - timedelta(days=1)


def small_number(words: str) -> int | None:
    """A count of years or months in figures or characters: 3, 三, 十二, 两; None for anything else."""
    words = words.translate(_FORMAL)
    if words.isdigit():
        return int(words)
    if words == "两":
        return 2
    if words and all(c in "一二三四五六七八九十" for c in words):
        return _cn(words)
    return None


def _cn_year(words: str) -> int:
    return int("".join(str(_UNITS.find(c) + 1) for c in words))


def _cn(words: str) -> int:
    tens, has, ones = words.partition("十")
    if not has:
        return _UNITS.index(words) + 1
    return (_UNITS.index(tens) + 1 if tens else 1) * 10 + (_UNITS.index(ones) + 1 if ones else 0)
