"""One ``Document`` for every format: what a reader made of one file's bytes.

Everything hangs on ``text``, one flat string. Pages, paragraphs, tables and cells are spans ``[start, end)`` of it, so that any value
found in the text leads back to its place by its offsets alone: on a page through the boxes of its characters, elsewhere
through the cell or paragraph it stands in. A cell merged over several grid positions stands in the text once.

Characters are columns (``array``), not objects: an object a word costs more than reading the page. A line that wraps inside a
paragraph or cell is joined in ``text`` without a break, since Chinese wraps anywhere, even inside a number.

Layout of ``text``: paragraphs and table rows end with ``\\n``, cells of a row are parted by ``\\t``, pages (sheets) by ``\\f``. A line break
inside a paragraph, and whatever parts lines or paragraphs inside a cell, is ``\\v``. Page numbers, headers, footers and notes stand after the
last page, so a paragraph that runs over two pages is whole: it begins on its ``page``, no ``\\f`` parts it, and its characters know their pages.
Spans do not overlap, but that a table nested in a cell (``nested_in``) lies within the span of that cell.
"""

import json
import math
import struct
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, Final, NamedTuple, TypeAlias

from pydantic import Field, Strict, TypeAdapter
from typing_extensions import TypedDict

from schemas.vocabulary import Format, Outcome

Box: TypeAlias = tuple[float, float, float, float]

#: How many of each a document may hold, and how long their words may be.
MOST_LOOKS, MOST_EDITS, MOST_REVISIONS, MOST_SIGNATURES, SHORT = 400, 200, 200, 50, 500

MAGIC = b"CSD1"
PLAIN = b"CSD0"


class Page(NamedTuple):
    """A page (1-based ``number``) or sheet. Sizes in points as displayed, after rotation; pixels for images; 0 without pages.

    ``readable`` is false where the page has no text layer to trust: a scan, which some other reader has to read.
    ``image_share`` is the part of the page that pictures cover, 0 to 1.
    """

    number: int
    width: float
    height: float
    start: int
    end: int
    readable: bool = True
    image_share: float = 0.0
    rotation: int = 0


class Block(NamedTuple):
    """A paragraph outside tables. ``kind``: paragraph, heading, header, footer, note, textbox, caption.

    ``anchor`` (``P17``, ``H1``, ``F2``, ``X3``, ``S1/P2``) stands for formats without pages, else it is empty and ``page`` is set.
    """

    kind: str
    start: int
    end: int
    page: int = 0
    anchor: str = ""
    level: int = 0


class Cell(NamedTuple):
    """One cell of a table, at its top left grid position (0-based), with how many rows and columns it covers.

    ``format`` is XLSX's number format where it is not General. ``box`` is set on pages.
    """

    row: int
    col: int
    rows: int
    cols: int
    start: int
    end: int
    box: Box | None = None
    format: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid. ``cells`` are in reading order and do not overlap; grid positions no cell covers do not exist.

    ``anchor`` is ``T2`` for DOCX or the sheet's name for XLSX. ``row_base`` and ``col_base`` are added to a cell's 0-based position to give
    the 1-based row and column a person sees (an XLSX range that starts at C5 has row_base 5 and col_base 3). ``hidden_rows`` and
    ``hidden_cols`` are 0-based grid positions not shown to a person. ``nested_in`` is the index of the outer table.
    """

    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    start: int
    end: int
    page: int = 0
    anchor: str = ""
    box: Box | None = None
    row_base: int = 1
    col_base: int = 1
    sheet: bool = False
    nested_in: int | None = None
    hidden_rows: tuple[int, ...] = ()
    hidden_cols: tuple[int, ...] = ()

    def at(self) -> dict[tuple[int, int], Cell]:
        """Every grid position to the cell that covers it."""
        return {
            (row, col): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for col in range(cell.col, cell.col + cell.cols)
        }

    def cell_anchor(self, cell: Cell) -> str:
        """``T2/R3/C4`` or ``设备清单!F12``; empty on pages."""
        if not self.anchor:
            return ""
        row, col = cell.row + self.row_base, cell.col + self.col_base
        return f"{self.anchor}!{column_letters(col)}{row}" if self.sheet else f"{self.anchor}/R{row}/C{col}"


class Mark(NamedTuple):
    """Something a reader noticed about a span.

    ``inserted`` ``deleted`` ``comment``: tracked changes and remarks; deleted text and comments are not in ``text``, their span is empty and ``words``
    holds them. ``hidden``: in ``text``, but nobody sees it, so no value may rest on it. ``overprint``: two texts drawn over each other, so neither
    can be vouched for. ``doubtful``: may read otherwise than it looks; ``words`` say why. ``not_embedded``: set in a font the file does not hold, so
    its picture here is not what the applicant saw and must not be compared with the words. ``struck``: struck out. ``placeholder``: the form's own
    prompt in a control nobody filled in. ``symbol``: drawn by a symbol font or kept as a state (a tick), so that the file holds
    no such character, but ``words`` or none. ``annotation``: typed on the
    page or into a form field. ``formula`` (``words`` is the formula), ``stale`` (no calculated value, or one the formula does not give),
    ``error``: cells of a sheet. ``odd``: a figure with characters in it that cannot be seen, of mixed widths or of too many digits. ``constant``: a figure typed over a
    formula of its column; ``words`` are what the formula gives. ``seal``: a seal on a scan, with what can be read of its ring; ``print``, over the same span, where its ink lies. ``scan``: a page read from its picture,
    an empty span at its start; ``words`` say how the picture shows ink: ``colour`` ``inked`` (coloured ink that is no seal) ``grey`` ``rings`` (grey, with rings of a
    seal's size) ``black``.
    """

    kind: str
    start: int
    end: int
    words: str = ""


class Look(NamedTuple):
    """How a picture in a file looks: enough to know it again in another place, never enough to draw it.

    ``digest`` is of the bytes as they lie in the file, ``hash`` a perceptual hash of 256 bits (``imagehash.dhash``) as 64 hexadecimal digits. ``kind``:
    ``photo``; ``page``, mostly paper with writing on it, which every other page resembles; ``drawing``, few colours or small (logos, seals, charts);
    ``plain``, next to nothing to see. ``entropy`` is in bits, of the greys. Where it stands: ``page`` and ``box`` on pages, else the offset ``start``.
    """

    digest: str
    hash: str
    kind: str
    entropy: float
    width: int
    height: int
    page: int = 0
    box: Box | None = None
    start: int = 0


class Edit(NamedTuple):
    """A place on a page where the file itself shows a change. ``words`` say in Chinese what is seen.

    ``revised``: words of an earlier state of the file (``before``) stand otherwise in a later one (``after``). ``reset``: a number set otherwise than the
    numbers around it; ``font``, likewise but for its font alone. ``patched``: a small picture laid over the page's own.
    """

    kind: str
    page: int
    box: Box
    before: str = ""
    after: str = ""
    words: str = ""


class Revision(NamedTuple):
    """A state the file was saved in: how many bytes it had, and what the save added (``content fields notes signature other``)."""

    end: int
    what: tuple[str, ...] = ()
    saved: str = ""


class Signature(NamedTuple):
    """An electronic signature. ``state``: ``valid`` ``invalid`` ``intact`` (whole, but whose it is cannot be settled here) ``unverified``; ``reason`` in Chinese.

    ``whole`` says whether it covers the file as it is now.
    """

    field: str
    state: str
    reason: str
    signer: str = ""
    at: str = ""
    whole: bool = True


class ReaderWarning(NamedTuple):
    code: str
    message: str
    page: int = 0


def _floats() -> "array[float]":
    return array("f")


def _ints() -> "array[int]":
    return array("i")


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says and where. See the module for ``text``.

    ``x0`` and ``x1`` hold one float a character of ``text`` where the format has pages, else they are empty. ``run_start`` holds, ascending, the
    offset at which each run of characters on one line begins; ``run_page``, ``run_top`` and ``run_bottom`` its page and vertical extent.
    Characters the reader put in itself (``\\n``, ``\\t``) have ``x0 > x1``. ``confidence`` is empty, or one float a run (OCR).

    ``outcome`` and ``message`` are the reader's; ``about`` are pairs such as (producer, LibreOffice 7.4). ``looks``, ``edits``, ``revisions`` and
    ``signatures`` are bounded: of more there are only the first.
    """

    format: Format
    outcome: Outcome
    message: str
    text: str = ""
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    marks: tuple[Mark, ...] = ()
    warnings: tuple[ReaderWarning, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    looks: tuple[Look, ...] = ()
    edits: tuple[Edit, ...] = ()
    revisions: tuple[Revision, ...] = ()
    signatures: tuple[Signature, ...] = ()
    x0: "array[float]" = field(default_factory=_floats)
    x1: "array[float]" = field(default_factory=_floats)
    run_start: "array[int]" = field(default_factory=_ints)
    run_page: "array[int]" = field(default_factory=_ints)
    run_top: "array[float]" = field(default_factory=_floats)
    run_bottom: "array[float]" = field(default_factory=_floats)
    confidence: "array[float]" = field(default_factory=_floats)

    @property
    def paged(self) -> bool:
        return bool(self.x0)

    def page_of(self, offset: int) -> int | None:
        """The page an offset stands on, None without pages."""
        if not self.run_start:
            return None
        return self.run_page[max(0, bisect_right(self.run_start, offset) - 1)]

    def boxes(self, start: int, end: int) -> Iterator[tuple[int, Box]]:
        """``(page, box)`` for each piece of a line that the span covers."""
        run = max(0, bisect_right(self.run_start, start) - 1)
        at = start
        while at < end and run < len(self.run_start):
            stop = min(end, self.run_start[run + 1] if run + 1 < len(self.run_start) else len(self.text))
            starts, ends = self.x0[at:stop], self.x1[at:stop]
            placed = [x for x, end_ in zip(starts, ends, strict=True) if x <= end_]
            if len(placed) < len(starts):
                ends = array("f", (end_ for x, end_ in zip(starts, ends, strict=True) if x <= end_))
            if placed:
                yield self.run_page[run], (min(placed), self.run_top[run], max(ends), self.run_bottom[run])
            at, run = stop, run + 1

    def box(self, start: int, end: int) -> tuple[int, Box] | None:
        """The page the span begins on and the one box around its pieces there; None where nothing has a place."""
        pieces = list(self.boxes(start, end))
        if not pieces:
            return None
        page = pieces[0][0]
        on = [box for number, box in pieces if number == page]
        return page, (min(b[0] for b in on), min(b[1] for b in on), max(b[2] for b in on), max(b[3] for b in on))

    def to_bytes(self, *, deflate: bool = True) -> bytes:
        """A compact form for crossing a process border and for caches: a JSON head and the raw columns, deflated or plain."""
        head = {
            "format": self.format, "outcome": self.outcome, "message": self.message, "text": self.text,
            "pages": self.pages, "blocks": self.blocks, "marks": self.marks, "warnings": self.warnings, "about": self.about,
            "looks": self.looks, "edits": self.edits, "revisions": self.revisions, "signatures": self.signatures,
            "tables": [[t.n_rows, t.n_cols, t.cells, t.start, t.end, t.page, t.anchor, t.box, t.row_base, t.col_base, t.sheet,
                        t.nested_in, t.hidden_rows, t.hidden_cols] for t in self.tables],
        }  # fmt: skip
        raw = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        columns = [getattr(self, name).tobytes() for name, _ in _COLUMNS]
        sizes = struct.pack(f"<{1 + len(columns)}Q", len(raw), *map(len, columns))
        body = b"".join((sizes, raw, *columns))
        return MAGIC + zlib.compress(body, 1) if deflate else PLAIN + body

    @staticmethod
    def from_bytes(data: bytes, *, limit: int = 1 << 30) -> "Document":
        """The inverse of ``to_bytes``. Raises ``ValueError`` on anything else, and when it would unpack to more than ``limit`` bytes."""
        if data[:4] == PLAIN and len(data) <= limit:
            return _decode(data[4:])
        if data[:4] != MAGIC:
            raise ValueError("not a serialised document")
        unpacker = zlib.decompressobj()
        try:
            body = unpacker.decompress(data[4:], limit)
        except zlib.error as error:
            raise ValueError(f"damaged document: {error}") from error
        if unpacker.unconsumed_tail:
            raise ValueError("document over its limit")
        if not unpacker.eof:
            raise ValueError("damaged document: cut short")
        return _decode(body)


_COLUMNS = (
    ("x0", "f"),
    ("x1", "f"),
    ("run_start", "i"),
    ("run_page", "i"),
    ("run_top", "f"),
    ("run_bottom", "f"),
    ("confidence", "f"),
)


_Text: TypeAlias = Annotated[str, Strict()]
_At: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=1 << 31)]
_Count: TypeAlias = Annotated[int, Strict(), Field(ge=-(1 << 31), le=1 << 31)]
_Real: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
_Flag: TypeAlias = Annotated[bool, Strict()]
_Digest: TypeAlias = Annotated[str, Strict(), Field(pattern=r"^[0-9a-f]{64}$")]
_Short: TypeAlias = Annotated[str, Strict(), Field(max_length=SHORT)]
_Place: TypeAlias = tuple[_Real, _Real, _Real, _Real]


class _Head(TypedDict):
    """The JSON part as it may come from a process that is not trusted: types and bounds of everything in it."""

    format: Format
    outcome: Outcome
    message: _Text
    text: _Text
    pages: list[tuple[_At, _Real, _Real, _At, _At, _Flag, _Real, _Count]]
    blocks: list[tuple[_Text, _At, _At, _At, _Text, _Count]]
    marks: list[tuple[_Text, _At, _At, _Text]]
    warnings: list[tuple[_Text, _Text, _At]]
    about: list[tuple[_Text, _Text]]
    looks: Annotated[
        list[tuple[_Digest, _Digest, _Short, _Real, _At, _At, _At, _Place | None, _At]], Field(max_length=MOST_LOOKS)
    ]
    edits: Annotated[list[tuple[_Short, _At, _Place, _Short, _Short, _Short]], Field(max_length=MOST_EDITS)]
    revisions: Annotated[list[tuple[_At, tuple[_Short, ...], _Short]], Field(max_length=MOST_REVISIONS)]
    signatures: Annotated[list[tuple[_Short, _Short, _Short, _Short, _Short, _Flag]], Field(max_length=MOST_SIGNATURES)]
    tables: list[
        tuple[
            _At, _At, list[tuple[_At, _At, _At, _At, _At, _At, _Place | None, _Text]], _At, _At, _At, _Text, _Place | None, _Count, _Count, _Flag,
            _At | None, tuple[_At, ...], tuple[_At, ...],
        ]
    ]  # fmt: skip


_HEAD: Final = TypeAdapter(_Head)


def _decode(body: bytes) -> Document:
    count = 1 + len(_COLUMNS)
    try:
        head_size, *sizes = struct.unpack_from(f"<{count}Q", body)
        at = 8 * count
        head = _head(body[at : at + head_size])
        at += head_size
        columns: dict[str, array[float] | array[int]] = {}
        for (name, code), size in zip(_COLUMNS, sizes, strict=True):
            column: array[float] | array[int] = array(code)
            column.frombytes(body[at : at + size])
            columns[name] = column
            at += size
        document = Document(
            format=head["format"], outcome=head["outcome"], message=head["message"], text=head["text"],
            pages=tuple(Page(*row) for row in head["pages"]),
            blocks=tuple(Block(*row) for row in head["blocks"]),
            tables=tuple(_table(row) for row in head["tables"]),
            marks=tuple(Mark(*row) for row in head["marks"]),
            warnings=tuple(ReaderWarning(*row) for row in head["warnings"]),
            about=tuple(head["about"]),
            looks=tuple(Look(*row) for row in head["looks"]),
            edits=tuple(Edit(*row) for row in head["edits"]),
            revisions=tuple(Revision(*row) for row in head["revisions"]),
            signatures=tuple(Signature(*row) for row in head["signatures"]),
            **columns,  # type: ignore[arg-type]
        )  # fmt: skip
    except (struct.error, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"damaged document: {type(error).__name__}") from None
    _consistent(document)
    return document


def _head(raw: bytes) -> _Head:
    """Words of a damaged file may hold half a character, which only the slower way takes."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _HEAD.validate_python(json.loads(raw.decode("utf-8", "surrogatepass")))
    return _HEAD.validate_json(raw)


def _consistent(document: Document) -> None:
    """Raises ``ValueError`` where a span lies outside the text, or the columns do not fit it."""
    length = len(document.text)
    runs = {len(column) for column in (document.run_start, document.run_page, document.run_top, document.run_bottom)}
    if document.x0 and not len(document.x0) == len(document.x1) == length:
        raise ValueError("damaged document: columns do not match the text")
    if len(runs) > 1 or len(document.confidence) not in (0, *runs):
        raise ValueError("damaged document: runs of unequal number")
    starts = document.run_start
    if starts and (starts[0] < 0 or starts[-1] > length or any(a > b for a, b in pairwise(starts))):
        raise ValueError("damaged document: runs out of order")
    spans: list[Page | Block | Mark | Table | Cell] = [*document.pages, *document.blocks, *document.marks, *document.tables]
    spans += [cell for table in document.tables for cell in table.cells]
    if any(not 0 <= one.start <= one.end <= length for one in spans):
        raise ValueError("damaged document: a place outside the text")
    if any(look.start > length for look in document.looks):
        raise ValueError("damaged document: a picture outside the text")
    for column in (document.x0, document.x1, document.run_top, document.run_bottom, document.confidence):
        if not math.isfinite(sum(column)):
            raise ValueError("damaged document: a place that is no number")
    if any(
        cell.row + cell.rows > table.n_rows or cell.col + cell.cols > table.n_cols
        for table in document.tables
        for cell in table.cells
    ):
        raise ValueError("damaged document: a cell outside its table")


def _table(row: tuple[Any, ...]) -> Table:
    n_rows, n_cols, cells, *rest = row
    return Table(n_rows, n_cols, tuple(Cell(*cell) for cell in cells), *rest)


def column_letters(number: int) -> str:
    """A 1-based spreadsheet column as letters.

    >>> column_letters(28)
    'AB'
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
