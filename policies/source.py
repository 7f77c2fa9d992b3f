"""A policy's text as numbered articles, so that a quote is looked for where its clause says it stands.

The sources surprise: full-width and half-width brackets mixed, ``5﹒`` for ``5.``, Markdown stars in headings, page breaks inside words
(严重失信名␤␤单). Everything is compared folded (NFKC) and without white space.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

_NUMERAL = "一二三四五六七八九十"
_LEVELS: Final = (
    (re.compile(rf"第([{_NUMERAL}]+)章"), 0, ""),
    (re.compile(rf"(第[{_NUMERAL}]+条)"), 1, "{}"),
    (re.compile(rf"([{_NUMERAL}]+)、"), 1, "{}"),
    (re.compile(rf"\(([{_NUMERAL}]+)\)"), 2, "({})"),
    (re.compile(r"(\d{1,2})\.(?!\d)"), 3, "{}"),
    (re.compile(r"\((\d{1,2})\)"), 4, "({})"),
)
TOKEN = re.compile(rf"第[{_NUMERAL}]+条|\([{_NUMERAL}]+\)|\(\d+\)|[{_NUMERAL}]+|\d+")


def folded(text: str) -> str:
    """Width folded and without white space, so that typography cannot hide a quote.

    >>> folded("不少于 ２００ 平方米；（一） 5﹒")
    '不少于200平方米;(一)5.'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


class Article(NamedTuple):
    """One numbered piece of the source: its path (``("四", "(一)", "2")``) and the span of it and all below in the folded text."""

    path: tuple[str, ...]
    start: int
    end: int


class Source:
    """A policy's text, folded, with its numbered articles."""

    def __init__(self, text: str) -> None:
        lines = [folded(line).lstrip("#").replace("*", "") for line in text.splitlines()]
        self.text = "".join(lines)
        self.articles = tuple(_outline(lines))

    def find(self, article: str) -> Article | None:
        path = tuple(TOKEN.findall(folded(article)))
        return next((item for item in self.articles if item.path == path), None)

    def below(self, article: Article) -> tuple[Article, ...]:
        """The numbered pieces under an article, without their own parents."""
        return tuple(
            item
            for item in self.articles
            if len(item.path) > len(article.path) and item.path[: len(article.path)] == article.path
        )

    def spans(self, quote: str, within: Article) -> list[tuple[int, int]] | None:
        """Where the parts of a quote stand, in order, inside an article; None when one does not."""
        found: list[tuple[int, int]] = []
        at = within.start
        for part in parts_of(quote):
            start = self.text.find(part, at, within.end)
            if not part or start < 0:
                return None
            at = start + len(part)
            found.append((start, at))
        return found


def parts_of(quote: str) -> list[str]:
    """The folded parts of a quote, which ``…`` joins."""
    return [folded(part) for part in re.split("…+", quote)]


def _outline(lines: list[str]) -> Iterator[Article]:
    open_: list[tuple[int, str, int]] = []
    at = 0
    for line in lines:
        for pattern, level, form in _LEVELS:
            found = pattern.match(line)
            if not found:
                continue
            while open_ and open_[-1][0] >= level:
                yield Article(tuple(token for _, token, _ in open_), open_[-1][2], at)
                open_.pop()
            if form:
                open_.append((level, form.format(found[1]), at))
            break
        at += len(line)
    while open_:
        yield Article(tuple(token for _, token, _ in open_), open_[-1][2], at)
        open_.pop()


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text)
