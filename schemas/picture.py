"""What a reviewer is shown for a place: the strip of the page with the words boxed, or the row or paragraph as it reads.

Made by ``extractors.pictures``, told by ``reports``; only the types stand here. Personal numbers are covered or masked in both, as
they are in quotes.
"""

import re
from typing import TypeAlias

from schemas.base import Frozen

#: A piece of text and whether it is what the evidence quotes.
Part: TypeAlias = tuple[str, bool]


class PageCrop(Frozen):
    """A strip of a page as displayed. ``boxes`` are ``(left, top, right, bottom)`` in pixels of the strip, where a frame is to be drawn.

    The frame is not in the pixels, so that places on one strip share its bytes. ``pages`` is how many pages the document has.
    """

    data: bytes
    media: str  # image/png or image/jpeg
    width: int
    height: int
    boxes: tuple[tuple[int, int, int, int], ...]
    page: int
    pages: int


class ExcerptCell(Frozen):
    """One cell. ``head`` marks the column's heading, ``marked`` the cell the evidence stands in."""

    parts: tuple[Part, ...]
    cols: int = 1
    rows: int = 1
    head: bool = False
    marked: bool = False


class ExcerptRow(Frozen):
    """A row of a table; ``label`` is the row's number where a person sees one."""

    cells: tuple[ExcerptCell, ...]
    label: str = ""


class Excerpt(Frozen):
    """A paragraph (``paragraph`` set, no rows) or a table's row below its heading rows. ``place`` says in Chinese where it stands.

    ``columns`` are the letters above a spreadsheet's columns, in step with the cells' widths; empty elsewhere.
    """

    place: str
    paragraph: tuple[Part, ...] = ()
    rows: tuple[ExcerptRow, ...] = ()
    columns: tuple[str, ...] = ()


Picture: TypeAlias = PageCrop | Excerpt


def anchor_words(anchor: str) -> str:
    """Where an anchor is, as a person says it; an anchor of another form is given back.

    >>> anchor_words("T2/R3/C4"), anchor_words("设备清单!F12"), anchor_words("P17")
    ('第2个表格第3行第4列', '工作表“设备清单”F12单元格', '正文第17段')
    """
    if match := re.match(r"^T(\d+)/R(\d+)/C(\d+)", anchor):
        return f"第{match[1]}个表格第{match[2]}行第{match[3]}列"
    if match := re.match(r"^(.+)!\$?([A-Z]{1,3})\$?(\d+)$", anchor, re.DOTALL):
        return f"工作表“{match[1]}”{match[2]}{match[3]}单元格"
    if match := re.match(r"^(?:S\d+/)?([PHFX])(\d+)$", anchor):
        return {"P": "正文第{}段", "H": "页眉第{}处", "F": "页脚（脚注）第{}处", "X": "第{}个文本框"}[match[1]].format(match[2])
    return anchor
