"""What a reviewer is shown for a place: the strip of the page with the words boxed, or the row or paragraph as it reads.

Made by ``extractors.pictures``, told by ``reports``; only the types stand here. Personal numbers are covered or masked in both, as
they are in quotes.
"""

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
