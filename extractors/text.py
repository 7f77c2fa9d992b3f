"""Text as a reader of forms sees it: widths folded, inner spaces gone, every character still tied to where it stood.

Half of real labels have spaces inside (单　位 名 称), a fifth mix full and half width, and PDF writers put spaces between Chinese and
digits. So matching happens on a folded copy, and offsets lead back. Folding is one character to one character (㎡ stays), which
keeps the map a plain list.
"""

import re
from array import array
from bisect import bisect_left
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.personal import mask as mask

# Hangul fillers, zero-width and private blanks stand for spaces in real forms, underscores for the line to write on.
_BLANK = "_ \t\v\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2060\u3000\ufeff\uffa0\u3164"
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= {ord(blank): ord(" ") for blank in _BLANK}
_FOLD |= {
    ord("，"): ord("，"), ord("；"): ord("；"), ord("？"): ord("？"), ord("！"): ord("！"),
    ord("："): ord(":"), ord("﹕"): ord(":"), ord("︰"): ord(":"), ord("﹒"): ord("."), ord("﹙"): ord("("), ord("﹚"): ord(")"),
    ord("〔"): ord("("), ord("〕"): ord(")"), ord("︵"): ord("("), ord("︶"): ord(")"), ord("【"): ord("["), ord("】"): ord("]"),
    ord("﹪"): ord("%"), ord("／"): ord("/"), ord("∕"): ord("/"), ord("⁄"): ord("/"), ord("～"): ord("~"), ord("〜"): ord("~"),
    ord("﹣"): ord("-"), ord("⼈"): ord("人"),
}  # fmt: skip
#: These part nothing on the page: digits on both sides of them are one figure, which its reader marks as odd.
_WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff"
_SPACES = re.compile(r"[ \n]+")


#: So short the words of most cells are, which are asked for many times over: their folding is remembered.
SHORT: Final = 48


class Folded(NamedTuple):
    """``text`` for matching and, for each of its characters, the offset it had; one more entry for the end."""

    text: str
    offsets: "array[int]"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span ``[start, end)`` of the folded text in the original."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def at(self, offset: int) -> int:
        """The folded position of an original offset (the next kept character where it was dropped)."""
        return bisect_left(self.offsets, offset)


def fold(text: str, base: int = 0) -> Folded:
    """Fold widths and drop white space, but for one space between two digits (5 000 000 must not become another number).

    ``base`` is added to every offset. Line breaks inside are dropped likewise: a cell or paragraph reads as one line.
    """
    wide = _widths(text) if len(text) <= SHORT else text.translate(_FOLD)
    if " " not in wide and "\n" not in wide:
        return Folded(wide, array("i", range(base, base + len(wide) + 1)))
    kept: list[str] = []
    offsets = array("i")
    at = 0
    for gap in _SPACES.finditer(wide):
        kept.append(wide[at : gap.start()])
        offsets.extend(range(base + at, base + gap.start()))
        at = gap.end()
        inside = gap.start() > 0 and at < len(wide) and wide[gap.start() - 1].isdigit() and wide[at].isdigit()
        if inside and text[gap.start() : at].strip(_WIDTHLESS):
            kept.append(" ")
            offsets.append(base + gap.start())
    kept.append(wide[at:])
    offsets.extend(range(base + at, base + len(wide) + 1))
    return Folded("".join(kept), offsets)


def tight(text: str) -> str:
    """Folded, without any white space: for comparing names and labels.

    >>> tight("单　位 名 称（全称）：")
    '单位名称(全称):'
    """
    return _tight(text) if len(text) <= SHORT else text.translate(_FOLD).replace(" ", "").replace("\n", "")


@lru_cache(maxsize=20_000)
def _tight(text: str) -> str:
    return _widths(text).replace(" ", "").replace("\n", "")


@lru_cache(maxsize=20_000)
def _widths(text: str) -> str:
    return text.translate(_FOLD)
