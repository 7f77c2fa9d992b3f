"""Numbers, bounds, windows and days as policies write them, looked for in a clause's own words.

All words are folded (``policies.source.folded``). The word that says the comparator is the nearest one before the number in the same
phrase (不低于营业收入的30%), or stands right behind it (10名(含)以上).
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from policies.source import chinese_day
from schemas.policy import Comparator, Window, number
from schemas.vocabulary import Unit

#: How a policy may write a unit, and how many of ours that is.
UNIT_WORDS: Final[dict[Unit | None, dict[str, Decimal]]] = {
    Unit.M2: {"平方米": Decimal(1), "m2": Decimal(1), "公顷": Decimal(10000)},
    Unit.WAN_YUAN: {"万元": Decimal(1), "亿元": Decimal(10000), "千元": Decimal("0.1"), "元": Decimal("0.0001")},
    Unit.PERSONS: dict.fromkeys(("人", "名", "位"), Decimal(1)),
    Unit.ITEMS: dict.fromkeys(("项", "个", "次"), Decimal(1)),
    Unit.ENTERPRISES: dict.fromkeys(("家", "个"), Decimal(1)),
    Unit.PERCENT: {"%": Decimal(1)},
    Unit.YEARS: {"年": Decimal(1)},
    None: dict.fromkeys(("个", "项", "家", "人", "名", "台", "套", "件", "条"), Decimal(1)),
}
BEFORE: Final[dict[Comparator, re.Pattern[str]]] = {
    Comparator.AT_LEAST: re.compile("不少于|不低于|不小于|至少|达到|达(?=.{0,2}$)|(?<!不)满(?=.{0,2}$)"),
    Comparator.AT_MOST: re.compile("不超过|不多于|不高于|最多"),
    Comparator.ABOVE: re.compile("突破|(?<!不)超过|大于|(?<!不)高于|(?<!不)多于"),
    Comparator.BELOW: re.compile("(?<!不)低于|(?<!不)少于|不满|(?<!不)小于"),
}
AFTER: Final[dict[Comparator, re.Pattern[str]]] = {
    Comparator.AT_LEAST: re.compile(r"\(含\)?以上|以上|及以上"),
    Comparator.AT_MOST: re.compile("以内|以下"),
    Comparator.ABOVE: re.compile("(?!)"),
    Comparator.BELOW: re.compile("(?!)"),
}
#: How far before its number the word for a comparator may stand, within one phrase.
REACH: Final = 16
DIGITS: Final = "零一二三四五六七八九"
_NUMERAL: Final = rf"\d+(?:\.\d+)?|[{DIGITS}两十百千]+"
_TO: Final = "(?:至|到|-|—|–|~)"


def bound_problems(
    threshold: Decimal, unit: str | None, comparator: Comparator, words: str, *, scales: dict[str, Decimal] | None = None
) -> Iterator[str]:
    """``scales``: the words a policy may write for the unit, and how many of ours each is; by default those of ``unit``."""
    known = scales or UNIT_WORDS[Unit(unit) if unit else None]
    found = [(start, end) for start, end, value in numbers(words, known) if value == threshold]
    if not found:
        yield f"门槛 {number(threshold)}{unit or ''} 不在引文中"
        return
    if not any(_nearest(words, start) is comparator or AFTER[comparator].match(words, end) for start, end in found):
        yield f"引文中 {number(threshold)} 前后的用词与 {comparator.value} 不符"


def _nearest(words: str, start: int) -> Comparator | None:
    """The comparator whose word stands nearest before a number, without another number or a stop between."""
    phrase = re.search(rf"[^,。;:、\d]{{0,{REACH}}}$", words[:start])
    begin = phrase.start() if phrase else start
    ends = [(found.end(), one) for one, pattern in BEFORE.items() for found in pattern.finditer(words, begin, start)]
    return max(ends, key=lambda item: item[0])[1] if ends else None


def numbers(words: str, scales: dict[str, Decimal]) -> Iterator[tuple[int, int, Decimal]]:
    """Every number followed by a word for the unit, in our unit: ``(start, end, value)``."""
    units = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    for found in re.finditer(rf"(?<![\d.])({_NUMERAL})({units})", words):
        value = number_of(found[1])
        if value is not None:
            yield found.start(), found.end(), value * scales[found[2]]


def range_problems(low: Decimal, high: Decimal, unit: Unit | None, words: str) -> Iterator[str]:
    """``3至5年``, ``3年至5年``, or each bound with its own words."""
    units = "|".join(map(re.escape, UNIT_WORDS[unit]))
    for found in re.finditer(rf"({_NUMERAL})(?:{units})?{_TO}({_NUMERAL})({units})", words):
        scale = UNIT_WORDS[unit][found[3]]
        if [value and value * scale for value in map(number_of, (found[1], found[2]))] == [low, high]:
            return
    yield from bound_problems(low, unit, Comparator.AT_LEAST, words)
    yield from bound_problems(high, unit, Comparator.AT_MOST, words)


def per_problems(per: Decimal, unit: Unit | None, words: str) -> Iterator[str]:
    """``每5家``, ``每千平方米``; for one also ``每家``, ``人均``."""
    scales = UNIT_WORDS[unit]
    units = "|".join(map(re.escape, scales))
    for found in re.finditer(rf"每({_NUMERAL})?({units})", words):
        value = number_of(found[1]) if found[1] else Decimal(1)
        if value is not None and value * scales[found[2]] == per:
            return
    if per == 1 and re.search(f"({units})均", words):
        return
    yield f"“每{number(per)}{next(iter(scales))}”不在引文中"


def number_of(text: str) -> Decimal | None:
    return Decimal(text) if text[0].isascii() else chinese(text)


def chinese(text: str) -> Decimal | None:
    """汉字 numerals below ten thousand, as policies write them; 千 alone is a thousand.

    >>> chinese("十二"), chinese("两"), chinese("三百"), chinese("千")
    (Decimal('12'), Decimal('2'), Decimal('300'), Decimal('1000'))
    """
    total, digit = 0, 0
    for character in text.replace("两", "二"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            return None
    return Decimal(total + digit)


def window_problems(window: Window, words: str) -> Iterator[str]:
    if window.first is not None and window.last is not None:
        span = rf"{window.first}年?{_TO}{window.last}年" if window.first < window.last else rf"{window.first}年"
        if not re.search(span, words):
            yield f"期间 {window.first}—{window.last}年 不在引文中"
        return
    if window.years not in window_years(words):
        yield f"近{window.years}年的期限不在引文中"


def window_years(words: str) -> set[Decimal | None]:
    """The N of every 近N年, 前N年, N年内."""
    found = re.findall(rf"(?:近|前|最近|过去)({_NUMERAL})(?:个)?(?:会计|自然)?年|({_NUMERAL})年(?:以)?内", words)
    return {number_of(one or other) for one, other in found}


def day_problems(day: date, comparator: Comparator, words: str) -> Iterator[str]:
    at = words.find(chinese_day(day))
    if at < 0:
        yield f"日期 {chinese_day(day)} 不在引文中"
        return
    earlier = comparator in (Comparator.AT_MOST, Comparator.BELOW)
    rest = words[at + len(chinese_day(day)) :]
    if not re.match(r"(?:\(含\))?(?:以前|之前|前|止)" if earlier else r"(?:\(含\))?(?:以后|之后|后|起)", rest):
        yield f"引文中 {chinese_day(day)} 后面的用词与 {comparator.value} 不符"
