"""One amount written twice side by side, in 大写 and in figures: 人民币（大写）壹佰元整（¥100.00）, 100元（大写：壹佰元整）, 价税合计 (大写) … (小写) ….

Only what stands directly beside the other is a pair: brackets, 大写, 小写, ¥ and the like may part them, no other word. A figure without a unit may be
yuan or ten thousands, whichever agrees; one of few digits may be anything, and is left.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Final

from extractors.papers import Line, Locate, Marked
from extractors.quantities import read_cell, words_amount
from schemas.document import Document
from schemas.papers import Amounts
from schemas.vocabulary import Role

_WORDS = re.compile(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿弍叄圆元角分整正]{3,}")
_FORMAL = re.compile(r"[壹贰叁肆伍陆柒捌玖弍叄]")
_FIGURE: Final = r"(?P<n>(?:[¥￥]|RMB|人民币)?(?P<d>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<u>万元|亿元|千元|元)?)"
_LINK: Final = r"(?:[()\[\]:¥￥,，。;；、/\t\n ]|小写|大写|人民币|即|合计|共计|计|RMB|金额|价税|为|等于){0,10}?"
_AFTER = re.compile(rf"^(?P<link>{_LINK}){_FIGURE}(?![\d%％年月日号.])")
_BEFORE = re.compile(
    rf"(?<![\d.,，]){_FIGURE}(?P<link>[(\[,，:\t]+(?:(?:人民币|金额|合计)?\(?大写\)?(?:人民币)?|人民币)?[:\t(]*)$"
)
#: So surely both of a pair must be recognised for one digit to count. A capital numeral misread is mostly no numeral at all.
SURE_WORDS: Final = 0.95
SURE_FIGURE: Final = 0.99
_NEAR: Final = 40


def amounts(
    document: Document, lines: Iterable[Line], role_at: Callable[[int], Role], locate: Locate, marked: Marked
) -> Iterator[Amounts]:
    """Every pair of a document. Words from a picture that differ from their figure in one digit count only where both were read surely."""
    for line in lines:
        for match in _WORDS.finditer(line.text):
            if not _FORMAL.search(match[0]) or (value := words_amount(f"人民币{match[0]}")) is None:
                continue
            beside = _beside(line.text, match)
            if beside is None:
                continue
            start, end, figure = beside
            if (number := _figure(figure, value)) is None:
                continue
            span, other = line.span(match.start(), match.end()), line.span(start, end)
            unsure = tuple(dict.fromkeys((*marked(*span), *marked(*other))))
            if _one_digit(value, number) and (_read(document, *span) < SURE_WORDS or _read(document, *other) < SURE_FIGURE):
                unsure = (*unsure, "扫描识别的两个金额只差一个数字")
            yield Amounts(
                words=value, figures=number, words_stated=match[0], figures_stated=figure, role=role_at(span[0]), unsure=unsure,
                evidence=(locate(*span), locate(*other)),
            )  # fmt: skip


def _read(document: Document, start: int, end: int) -> float:
    """How surely a span was recognised; 1 where it was not recognised but written."""
    if not document.confidence:
        return 1.0
    first, last = (max(0, bisect_right(document.run_start, at) - 1) for at in (start, end - 1))
    return min(document.confidence[first : last + 1], default=1.0)


def _beside(text: str, words: re.Match[str]) -> tuple[int, int, str] | None:
    """The figure that belongs to an amount in 大写: the one before its bracket, else the one after it."""
    left = text[max(0, words.start() - _NEAR) : words.start()]
    before = _BEFORE.search(left)
    if before is not None and ("大写" in before["link"] or "(" in before["link"]):
        base = words.start() - len(left)
        return base + before.start("n"), base + before.end("n"), before["n"]
    after = _AFTER.match(text[words.end() : words.end() + _NEAR])
    if after is None or not re.search(r"[(\[:¥￥\t\n]|小写|即", after["link"] + after["n"][:1]):
        return None
    return words.end() + after.start("n"), words.end() + after.end("n"), after["n"]


def _figure(words: str, beside: Decimal) -> Decimal | None:
    """The figure in yuan, as near to the amount beside it as its rounding and a missing unit allow; None where it is no amount."""
    bare = re.sub(r"^(?:[¥￥]|RMB|人民币)", "", words)
    marked = bare != words
    read = read_cell(bare.replace("，", ","), "" if bare.endswith("元") else "元")
    if read is None or read.value is None:
        return None
    value = read.value
    if abs(value - beside) <= max(read.error, Decimal("0.005")):
        return beside
    if not bare.endswith("元") and not marked:
        if abs(value * 10_000 - beside) <= max(read.error * 10_000, Decimal("0.005")):
            return beside
        if len(re.sub(r"\D", "", bare)) < 4:
            return None
    return value


def _one_digit(one: Decimal, other: Decimal) -> bool:
    a, b = f"{one:.2f}", f"{other:.2f}"
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
