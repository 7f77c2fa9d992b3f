"""Characters with places and ruling lines → one ``Document``: what every format with pages has in common once its page is opened.

Lines, cells, paragraphs and what runs over a page are found from places alone; the order of the file's own stream is not believed. A line that wraps
inside a cell or paragraph is joined without a break only where its next word could not have fitted, else it is a break the writer made.

Page numbers and running headers stand after the last page's words, so that a sentence that runs over two pages is whole.
"""

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import compress, pairwise
from operator import sub
from types import MappingProxyType
from typing import Any, Final

from extractors.readers.columns import columned
from extractors.readers.grid import Grid, Rule, grids, regular
from extractors.readers.refusal import CORRUPT, EMPTY, refuse
from extractors.readers.symbols import PRIVATE, plain, redrawn
from schemas.document import MOST_EDITS, MOST_LOOKS, Block, Box, Cell, Document, Edit, Look, Mark, Page, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

#: Notes that become marks of doubt, and what these say.
DISORDERED: Final = "数字书写的先后与所见次序不同"
CONTRADICTED: Final = "字体所画的数字与文字编码不符"
DOUBTS: Final = {"disordered": DISORDERED, "contradicted": CONTRADICTED, "unpictured": "文字未经画面核对"}
#: The height of a loose character box is about this many times the size of the type.
LOOSE: Final = 1.2
#: A page with fewer characters than this and a picture over most of it is a scan, whatever page number is stamped on it.
FEW: Final = 12
#: How far back a piece is compared with what it may be drawn over.
REACH: Final = 300
COVERED: Final = 0.5
#: Lines of a cell further apart than this many sizes of their type are not one text that wraps, but two entries.
APART: Final = 3.0
DIGIT: Final = re.compile(r"\d")
FIGURES: Final = "0123456789.,"
#: Worth knowing, but found in many an ordinary file.
QUIET: Final = frozenset({WarningCode.FONT_NOT_EMBEDDED})
CLOSERS: Final = "，。、；：？！）》」』】”’…％%℃,.;:?!)]}"
STOPS: Final = "。；;：:！？"
PAGE_NUMBER: Final = re.compile(
    r"^[\s\-—–~·]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:\s*[/／,，共]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[\s\-—–~·]*$"
)
NUMBERING: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条部分]|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．]|\d{1,2}\.(?=\D)|[①-⑳]|[•●◆■□☑☐➢▪])"
)


@dataclass(slots=True)
class Line:
    """Characters side by side: a piece of a line as PDFium gives it, then a whole line. ``x0`` and ``x1`` run with ``text``."""

    left: float
    right: float
    top: float
    bottom: float
    text: str
    x0: list[float]
    x1: list[float]
    hidden: bool = False
    spaced: int = 0
    notes: tuple[tuple[str, int, int], ...] = ()
    parted: bool = False
    #: Which piece of its page's stream it is.
    order: int = 0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def middle_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def size(self) -> float:
        return max(1.0, (self.bottom - self.top) / LOOSE)


@dataclass(slots=True)
class RawPage:
    number: int
    width: float
    height: float
    rotation: int
    pieces: list[Line] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    images: float = 0.0
    over: str = ""
    lines: list[Line] = field(default_factory=list)
    tables: list[tuple[Grid, list[list[Line]]]] = field(default_factory=list)
    #: In how many ways its hidden words are hidden, each told once.
    unseen: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    def tell(self, why: str) -> None:
        if why not in self.unseen:
            self.unseen.append(why)


@dataclass(slots=True)
class Sink:
    """The flat text and its columns as they grow."""

    out: list[str] = field(default_factory=list)
    at: int = 0
    x0: "array[float]" = field(default_factory=lambda: array("f"))
    x1: "array[float]" = field(default_factory=lambda: array("f"))
    run_start: "array[int]" = field(default_factory=lambda: array("i"))
    run_page: "array[int]" = field(default_factory=lambda: array("i"))
    run_top: "array[float]" = field(default_factory=lambda: array("f"))
    run_bottom: "array[float]" = field(default_factory=lambda: array("f"))
    marks: list[Mark] = field(default_factory=list)

    def line(self, line: Line, page: int) -> None:
        self.run_start.append(self.at)
        self.run_page.append(page)
        self.run_top.append(line.top)
        self.run_bottom.append(line.bottom)
        self.out.append(line.text)
        self.x0.extend(line.x0)
        self.x1.extend(line.x1)
        start, self.at = self.at, self.at + len(line.text)
        if line.hidden:
            self.marks.append(Mark("hidden", start, self.at))
        for kind, a, b in line.notes:
            last = self.marks[-1] if self.marks else None
            if kind == "not_embedded" and last and last.kind == kind and start + a - last.end <= 2:
                self.marks[-1] = last._replace(end=start + b)  # or a page would have a mark a line
            elif kind in DOUBTS:
                self.marks.append(Mark("doubtful", start + a, start + b, DOUBTS[kind]))
            else:
                self.marks.append(Mark(kind, start + a, start + b))

    def put(self, separator: str) -> None:
        """A character of our own: it has no place on the page."""
        self.out.append(separator)
        for _ in separator:
            self.x0.append(1.0)
            self.x1.append(0.0)
        self.at += len(separator)

    def take_back(self) -> None:
        """The last separator, one character, is not there after all."""
        self.out.pop()
        self.x0.pop()
        self.x1.pop()
        self.at -= 1


def apply(m: Sequence[float], x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def times(a: Sequence[float], b: Sequence[float]) -> tuple[float, ...]:
    """The matrix that applies ``a`` first, then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


# -- characters → pieces → lines


def pieces_of(
    codes: list[int], left: list[float], top: list[float], right: list[float], bottom: list[float],
    generated: set[int], hidden: set[int], width: float, height: float, *,
    loose: AbstractSet[int] = frozenset(), turned: AbstractSet[int] = frozenset(), doubts: Mapping[int, str] = MappingProxyType({}), least: float = 2.0,
    tell: Callable[[str], None] = lambda why: None,
) -> list[Line]:  # fmt: skip
    """Characters that follow each other on one line, in the order of the stream. A wide gap or a change of place ends a piece.

    ``loose`` are characters of a font that is not embedded, ``turned`` those on their side, ``doubts`` notes of
    digits that cannot be vouched for; ``tell`` hears in what way characters are unseen.
    The loop runs once a character, so the common case, same height and close by, is one comparison.
    """
    shown = [code > 32 and code != 0xA0 and (code < 0xFFFE or code > 0xFFFF) for code in codes]
    spaces = {i: 1 if i in generated else 2 for i, code in enumerate(codes) if code == 32 or code == 0xA0}
    if all(shown):
        before: dict[int, int] = {}
    else:
        before = _spaces_before(shown, spaces)
        codes, left, right = list(compress(codes, shown)), list(compress(left, shown)), list(compress(right, shown))
        top, bottom = list(compress(top, shown)), list(compress(bottom, shown))
        if hidden or loose or turned or doubts:
            places = list(compress(range(len(shown)), shown))
            hidden, loose, turned = ({k for k, i in enumerate(places) if i in kind} for kind in (hidden, loose, turned))
            doubts = {k: doubts[i] for k, i in enumerate(places) if i in doubts}
    if not codes:
        return []
    unseen = _unseen(hidden, codes, left, top, right, bottom, width, height, least, turned, tell)
    cuts = [0]
    for i, (edge, a, y, y0) in enumerate(zip(right, left[1:], top, top[1:], strict=False), 1):
        gap = a - edge
        if y0 == y and -1.5 < gap < 4.0:
            continue
        small = min(bottom[i] - y0, bottom[i - 1] - y)
        if abs(y0 + bottom[i] - y - bottom[i - 1]) > 0.5 * small or gap > 0.75 * small or gap < -0.4 * small:
            cuts.append(i)
    if unseen:
        cuts = sorted({*cuts, *(i for i in range(1, len(codes)) if (i in unseen) != (i - 1 in unseen))})
    cuts.append(len(codes))
    inner = sorted(before)
    at = 0
    pieces: list[Line] = []
    for start, end in pairwise(cuts):
        text = "".join(map(chr, codes[start:end]))
        x0, x1 = left[start:end], right[start:end]
        while at < len(inner) and inner[at] <= start:
            at += 1
        first = at
        while at < len(inner) and inner[at] < end:
            at += 1
        if at > first:
            text, x0, x1 = _spaced(text, x0, x1, [(k - start, before[k]) for k in inner[first:at]], bottom[start] - top[start])
        drawn: tuple[tuple[str, int, int], ...] = ()
        if PRIVATE.search(text):
            raw, text = text, plain(text)
            drawn = tuple(("symbol", a, b) for a, b in redrawn(raw, text))
        low, high = min(top[start:end]), max(bottom[start:end])
        piece = Line(min(x0), x1[-1], low, high, text, x0, x1, start in unseen, before.get(start, 0), order=len(pieces))
        if loose and any(i in loose for i in range(start, end)):
            piece.notes = (("not_embedded", 0, len(text)),)
        if doubts:
            kinds = dict.fromkeys(doubts[i] for i in range(start, end) if i in doubts)
            piece.notes = (*piece.notes, *((kind, 0, len(text)) for kind in kinds))
        piece.notes = (*piece.notes, *drawn)
        pieces.append(piece)
    return pieces


def written(words: str, box: Box) -> list[Line]:
    """The lines of a note or field, its characters spread evenly over its box: nearer than that PDFium does not tell."""
    lines = [line for line in re.split(r"[\r\n]+", words) if line.strip()]
    found = []
    for i, line in enumerate(lines):
        high = (box[3] - box[1]) / len(lines)
        step = min((box[2] - box[0]) / len(line), high)
        edges = [box[0] + step * k for k in range(len(line) + 1)]
        top = box[1] + high * i
        found.append(
            Line(edges[0], edges[-1], top, top + high, line, edges[:-1], edges[1:], notes=(("annotation", 0, len(line)),))
        )
    return found


def _spaces_before(shown: list[bool], spaces: dict[int, int]) -> dict[int, int]:
    """For each shown character, counted without the others, the kind of space before it: 1 invented by PDFium, 2 in the file."""
    before: dict[int, int] = {}
    count = waiting = 0
    for i, seen in enumerate(shown):
        if seen:
            if waiting:
                before[count] = waiting
                waiting = 0
            count += 1
        else:
            waiting = max(waiting, spaces.get(i, 0))
    return before


def _unseen(
    hidden: set[int], codes: list[int], left: list[float], top: list[float], right: list[float], bottom: list[float],
    width: float, height: float, least: float, turned: AbstractSet[int], tell: Callable[[str], None],
) -> set[int]:  # fmt: skip
    """Characters nobody sees: found so by the reader, off the page, or too small to read. A dash is flat by nature."""
    small = min(map(sub, bottom, top)) < least
    if not small and min(right) >= 0 and max(left) <= width and min(bottom) >= 0 and max(top) <= height:
        return hidden
    edges = list(zip(left, top, right, bottom, strict=True))
    off = {i for i, (a, y0, b, y1) in enumerate(edges) if b < 0 or a > width or y1 < 0 or y0 > height}
    low = {i for i, (_, y0, _, y1) in enumerate(edges) if y1 - y0 < least} - turned if small else set[int]()
    tiny = {i for i in low if right[i] - left[i] < least or chr(codes[i]).isalnum()}
    if off:
        tell("在页面之外")
    if tiny:
        tell("小于 2 磅")
    return hidden | off | tiny


def _spaced(
    text: str, x0: list[float], x1: list[float], spaces: list[tuple[int, int]], tall: float
) -> tuple[str, list[float], list[float]]:
    """The spaces within a piece that the eye sees: those in the file, and PDFium's own between two Latin characters."""
    parts: list[str] = []
    left: list[float] = []
    right: list[float] = []
    last = 0
    for at, kind in spaces:
        if kind == 2 or (_latin(text[at - 1]) and _latin(text[at]) and x0[at] - x1[at - 1] > 0.1 * tall):
            parts += text[last:at], " "
            left += x0[last:at]
            right += x1[last:at]
            left.append(x1[at - 1] if kind == 2 else 1.0)
            right.append(max(x1[at - 1], x0[at]) if kind == 2 else 0.0)
            last = at
    parts.append(text[last:])
    return "".join(parts), left + x0[last:], right + x1[last:]


def _latin(char: str) -> bool:
    return char < "\u2000" and not char.isspace()


def _lines(pieces: list[Line]) -> list[Line]:
    """Pieces of one region, set in lines from top to bottom, each from left to right."""
    return [_join(row) for row in _rows(pieces)]


def _rows(pieces: list[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    middle = size = 0.0
    for piece in sorted(pieces, key=lambda p: p.middle):
        if rows and abs(piece.middle - middle) <= 0.5 * max(size, piece.size):
            rows[-1].append(piece)
            if piece.size > size:
                middle, size = piece.middle, piece.size
        else:
            rows.append([piece])
            middle, size = piece.middle, piece.size
    for row in rows:
        row.sort(key=lambda p: p.left)
    return rows


def _join(row: list[Line]) -> Line:
    """One line out of its pieces, with a space where the eye sees one. Unseen words under seen ones stand behind them."""
    row = _aside(row)
    line = row[0]
    if len(row) == 1:
        return line
    text, x0, x1 = [line.text], list(line.x0), list(line.x1)
    parted = False
    last, hidden, begun, long = line, line.hidden, 0, len(line.text)
    notes = list(line.notes)
    unseen = [(0, long)] if line.hidden else []
    for piece in row[1:]:
        size = max(last.size, piece.size)
        gap = piece.left - last.right
        overlaps = gap < -0.5 * size
        painted = False
        if overlaps:
            same, other = _overlap("".join(text)[-REACH:], x0[-REACH:], x1[-REACH:], piece)
            if same >= 0.8 * len(piece.text):
                continue  # drawn twice to look bold
            overlaps = other >= 2 or (other == 1 and len(piece.text) == 1 and piece.text.isdigit())
            overlaps = (
                overlaps and min(last.bottom, piece.bottom) - max(last.top, piece.top) > 0.6 * min(last.size, piece.size) * LOOSE
            )
        buried = piece.hidden != last.hidden and gap < 0
        if overlaps:
            # Words with others in their place are an overprint: one cause, told once.
            painted = piece.hidden and same + other >= 0.6 * len(piece.text)
            notes.append(("overprint", begun, long + 1 + len(piece.text)))
        if (
            overlaps
            or buried
            or gap > 0.9 * size
            or (gap > 0.35 * size and last.text[-1].isdigit() and piece.text[0].isdigit())
            or (gap > 0.1 * size and piece.spaced and (piece.spaced == 2 or (_latin(last.text[-1]) and _latin(piece.text[0]))))
        ):
            text.append(" ")
            x0.append(1.0)
            x1.append(0.0)
            long += 1
            parted = parted or gap > 1.5 * size
        elif piece.order < last.order and last.text[-1] in FIGURES and piece.text[0] in FIGURES:
            a, b = _figure(last.text[::-1]), _figure(piece.text)
            if DIGIT.search(last.text[-a:]) and DIGIT.search(piece.text[:b]):
                notes.append(("disordered", long - a, long + b))
        notes.extend((kind, long + a, long + b) for kind, a, b in piece.notes)
        begun, long = long, long + len(piece.text)
        text.append(piece.text)
        x0.extend(piece.x0)
        x1.extend(piece.x1)
        hidden = hidden and piece.hidden
        if piece.hidden and not painted:
            unseen.append((begun, long))
        if piece.right > last.right:
            last = piece
    if not hidden:
        notes.extend(("hidden", start, end) for start, end in unseen)
    return Line(
        row[0].left, last.right, min(p.top for p in row), max(p.bottom for p in row), "".join(text), x0, x1, hidden, row[0].spaced, tuple(notes), parted
    )  # fmt: skip


def _aside(row: list[Line]) -> list[Line]:
    """A row with each unseen piece that lies where seen ones lie put behind them."""
    if not any(p.hidden for p in row) or all(p.hidden for p in row):
        return row
    out = [p for p in row if not p.hidden]
    for piece in row:
        if piece.hidden:
            over = [i for i, q in enumerate(out) if piece.left < q.right - 1 and piece.right > q.left + 1 and not q.hidden]
            at = max(over) + 1 if over else next((i for i, q in enumerate(out) if q.left > piece.left), len(out))
            while over and at < len(out) and out[at].hidden:
                at += 1
            out.insert(at, piece)
    return out


def _figure(text: str) -> int:
    """How many characters of a figure a text begins with."""
    return next((i for i, char in enumerate(text) if char not in FIGURES), len(text))


def _overlap(text: str, x0: list[float], x1: list[float], piece: Line) -> tuple[int, int]:
    """How many characters of a piece lie on the same character, and how many on another one."""
    same = other = 0
    for char, left, right in zip(piece.text, piece.x0, piece.x1, strict=True):
        middle, reach = (left + right) / 2, 0.35 * (right - left)
        under = {c for c, a, b in zip(text, x0, x1, strict=True) if a <= b and abs((a + b) / 2 - middle) < reach}
        if char in under:
            same += 1
        elif under - {" "} and char != " ":
            other += 1
    return same, other


# -- regions: cells and what stands outside them


def arrange(page: RawPage) -> None:
    found = [grid for grid in grids(page.across, page.down) if len(grid.xs) > 2 or not _columns_within(page.pieces, grid)]
    inside: list[list[list[Line]]] = [[[] for _ in g.cells] for g in found]
    free: list[Line] = []
    order = sorted(range(len(found)), key=lambda k: (found[k].box[2] - found[k].box[0]) * (found[k].box[3] - found[k].box[1]))
    for piece in page.pieces:
        for part, home in _settle(piece, found, order):
            if home is None:
                free.append(part)
            else:
                inside[home[0]][home[1]].append(part)
    page.tables = [(grid, [_lines(cell) for cell in cells]) for grid, cells in zip(found, inside, strict=True)]
    rows = _rows(free)
    if sum(len(row) > 2 for row in rows) > 2:
        rows, lists = unruled(rows)
        page.tables.extend(lists)
    rest, framed = columned([piece for row in rows for piece in row], lines=_lines)
    if framed:
        page.tables.extend(framed)
        rows = _rows(rest)
    page.lines = [_join(row) for row in rows]


def _columns_within(pieces: list[Line], grid: Grid) -> bool:
    """Whether a grid of one column is but a frame around a table whose columns no line parts."""
    held = [piece for piece in pieces if grid.cell_at((piece.left + piece.right) / 2, piece.middle) is not None]
    return bool(columned(held, lines=_lines)[1])


def unruled(rows: list[list[Line]]) -> tuple[list[list[Line]], list[tuple[Grid, list[list[Line]]]]]:
    """Lists set in columns without ruling lines: three rows or more, three columns or more, nothing across a gap that parts the columns.

    Two columns are left as prose: labels and values on a cover, signatures side by side.
    """
    split = [_columns_of(row) for row in rows]
    rest: list[list[Line]] = []
    tables: list[tuple[Grid, list[list[Line]]]] = []
    first = 0
    while first < len(rows):
        last = first
        while (
            last < len(rows)
            and len(split[last]) >= (3 if last == first else 2)
            and (last == first or _near(split[last - 1], split[last]))
        ):
            last += 1
        table = _list(split[first:last])
        while table is None and last - first > 3 and len(split[last - 1]) < 3:
            last -= 1
            table = _list(split[first:last])
        if table is None:
            rest.extend(rows[first : last + 1] if last == first else rows[first:last])
            first = max(last, first + 1)
        else:
            tables.append(table)
            first = last
    return rest, tables


def _columns_of(row: list[Line]) -> list[Line]:
    """A row's pieces, those that stand close together as one."""
    groups: list[list[Line]] = []
    for piece in row:
        if groups and piece.left - groups[-1][-1].right <= 0.9 * max(piece.size, groups[-1][-1].size):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_join(group) for group in groups]


def _near(above: list[Line], below: list[Line]) -> bool:
    return below[0].middle - above[0].middle < 3.2 * max(above[0].size, below[0].size)


def _list(rows: list[list[Line]]) -> tuple[Grid, list[list[Line]]] | None:
    if sum(len(row) >= 3 for row in rows) < 3:
        return None
    spans = sorted((piece.left, piece.right) for row in rows for piece in row)
    columns = [list(spans[0])]
    for left, right in spans[1:]:
        if left - columns[-1][1] > 0.4 * rows[0][0].size:
            columns.append([left, right])
        else:
            columns[-1][1] = max(columns[-1][1], right)
    if len(columns) < 3:
        return None
    xs = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    tops, bottoms = [min(p.top for p in row) for row in rows], [max(p.bottom for p in row) for row in rows]
    ys = [tops[0], *((a + b) / 2 for a, b in zip(bottoms, tops[1:], strict=False)), bottoms[-1]]
    texts: list[list[Line]] = [[] for _ in range(len(rows) * len(columns))]
    for i, row in enumerate(rows):
        for piece in row:
            home = texts[i * len(columns) + bisect_right(xs, piece.middle_x, 1, len(columns)) - 1]
            if home:
                return None
            home.append(piece)
    return regular(xs, ys), texts


def _home(found: list[Grid], order: list[int], x: float, y: float) -> tuple[int, int] | None:
    for k in order:
        if (cell := found[k].cell_at(x, y)) is not None:
            return k, cell
    return None


def _settle(piece: Line, found: list[Grid], order: list[int]) -> list[tuple[Line, tuple[int, int] | None]]:
    """The cell a piece stands in. One that crosses a wall is cut there, if there is a gap at the wall; else it is an overflow of its cell."""
    if not found:
        return [(piece, None)]
    y = piece.middle
    home = _home(found, order, (piece.left + piece.right) / 2, y)
    if home is None:
        return [(piece, None)]
    box = found[home[0]].cells[home[1]].box
    if piece.left >= box[0] - 1.5 and piece.right <= box[2] + 1.5:
        return [(piece, home)]
    grid = found[home[0]]
    cuts = {
        cut
        for x in grid.xs[1:-1]
        if piece.left + 1 < x < piece.right - 1 and grid.cell_at(x - 0.6, y) != grid.cell_at(x + 0.6, y)
        for cut in [_gap_at(piece, x)]
        if cut is not None
    }
    parts: list[tuple[Line, tuple[int, int] | None]] = []
    start = 0
    for end, following in sorted(cuts):
        parts.append(_part(piece, start, end, found, order))
        start = following
    parts.append(_part(piece, start, len(piece.text), found, order))
    return parts


def _gap_at(piece: Line, wall: float) -> tuple[int, int] | None:
    """Where a piece is parted at or just beside a wall, for words often stand out of their cell a little: the end of the part before, the start
    of the part after. None where its characters follow each other without a gap."""
    placed = [i for i in range(len(piece.text)) if piece.x0[i] <= piece.x1[i]]
    best: tuple[float, float, int, int] | None = None
    for i, j in pairwise(placed):
        before, after = piece.x1[i], piece.x0[j]
        away = max(0.0, before - wall, wall - after)
        if after - before > 0.8 and away <= 0.6 * piece.size and (best is None or (away, before - after) < best[:2]):
            best = (away, before - after, i + 1, j)
    return None if best is None else best[2:]


def _part(piece: Line, start: int, end: int, found: list[Grid], order: list[int]) -> tuple[Line, tuple[int, int] | None]:
    x0, x1 = piece.x0[start:end], piece.x1[start:end]
    left, right = x0[0], max(x1)
    part = Line(
        left, right, piece.top, piece.bottom, piece.text[start:end], x0, x1, piece.hidden, piece.spaced if start == 0 else 0
    )
    home = _home(found, order, left + min(right - left, piece.size) / 2, piece.middle)
    return part, home


# -- lines → paragraphs


def _token_width(line: Line) -> float:
    """The width of what cannot be broken at the head of a line: a Latin word or number, or one character and its closing marks."""
    text = line.text
    end = 1
    if _latin(text[0]):
        while end < len(text) and _latin(text[end]):
            end += 1
    while end < len(text) and text[end] in CLOSERS:
        end += 1
    return max(line.x1[:end]) - line.left


def _wraps(line: Line, following: Line, room: float) -> bool:
    """Whether the first word of the next line could not have stood on this one."""
    return line.right - line.left + _token_width(following) > room - 0.6 * line.size


def _glue(line: Line, following: Line, room: float) -> str:
    """What stands between two lines of one paragraph: nothing, or a space between two English words."""
    before, after = line.text[-1], following.text[0]
    if not (before.isascii() and before.isalpha() and after.isascii() and after.isalpha()):
        return ""
    tail = len(line.text)
    while tail > 0 and _latin(line.text[tail - 1]):
        tail -= 1
    broken = line.right - line.x0[min(tail, len(line.x0) - 1)] + _token_width(following) > room
    return "" if broken else " "


def _cell_text(sink: Sink, lines: list[Line], box: Box, page: int) -> None:
    inset = min(6.0, max(1.0, min(line.left for line in lines) - box[0])) if lines else 0.0
    room = box[2] - box[0] - 2 * inset
    for i, line in enumerate(lines):
        sink.line(line, page)
        if i + 1 < len(lines):
            following = lines[i + 1]
            apart = following.middle - line.middle > APART * line.size
            # Lines with a wide gap are set in columns, and what stands in columns does not wrap into the next line.
            apart = apart or line.parted or following.parted
            if (
                not apart
                and _wraps(line, following, room)
                and not (NUMBERING.match(following.text) and following.left <= lines[0].left + 2 < line.right)
            ):
                if glue := _glue(line, following, room):
                    sink.put(glue)
            else:
                sink.put("\v")


def _paragraphs(lines: list[Line], left: float, right: float) -> list[list[Line]]:
    """Free lines grouped into paragraphs, between margins ``left`` and ``right``."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _continues(paragraph: list[Line], line: Line, left: float, right: float) -> bool:
    last = paragraph[-1]
    size = last.size
    if not 0.8 < line.size / size < 1.25 or line.middle - last.middle > 2.6 * size:
        return False
    if last.parted or line.parted or last.right + _token_width(line) <= right - 0.6 * size:
        return False
    if NUMBERING.match(line.text) and last.text[-1] in STOPS:
        return False
    if last.text[-1] in "。；" and paragraph[0].left - left < 1.2 * size:
        return False  # nothing tells a wrap from a new paragraph here, and no value runs over the end of a sentence
    if len(paragraph) > 1:
        pitch = last.middle - paragraph[-2].middle
        if line.middle - last.middle > 1.35 * pitch:
            return False
        return abs(line.left - last.left) < 0.9 * size
    indent = line.left - last.left
    if indent > 0.9 * size:
        return bool(NUMBERING.match(last.text)) and indent < 4 * size
    if indent > -0.9 * size:
        return not NUMBERING.match(line.text) and line.left - left < 1.2 * size
    return line.left - left < 1.2 * size or indent > -2.6 * size


def _margins(pages: Sequence[RawPage]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each page's running text.

    Where at least four long lines of a page end alike, they end at its margin; a page of short lines takes the margin of the file's other pages of
    its size. Tables do not count: they often stand out into the margin.
    """
    sizes: dict[tuple[int, int], list[Line]] = {}
    for page in pages:
        sizes.setdefault((round(page.width), round(page.height)), []).extend(page.lines)
    common = {size: _column(lines, size[0], 3, 0.0) for size, lines in sizes.items()}
    margins = {}
    for page in pages:
        left, right = (
            _column(page.lines, page.width, 4, 0.6) or common[round(page.width), round(page.height)] or (0.0, page.width * 0.9)
        )
        margins[page.number] = (left, right)
    return margins


def _column(lines: list[Line], width: float, least: int, share: float) -> tuple[float, float] | None:
    """The edges that at least ``least`` lines wider than ``share`` of the page have in common; for short lines a guess by symmetry."""
    wide = [line for line in lines if line.right - line.left >= share * width]
    if not wide:
        return None
    left = min(line.left for line in wide)
    ends = sorted((line.right for line in wide), reverse=True)
    for i, end in enumerate(ends[: max(0, len(ends) - least + 1)]):
        alike = sum(end - other <= 2.0 for other in ends[i:])
        # Three short lines may end alike by chance; a margin stands about as far from the edge as the one on the left.
        if alike >= least and end - left > 0.5 * width and (alike >= 8 or end >= min(width - left, 0.92 * width) - 45):
            return left, end
    return (left, max(ends[0], min(width - left, width * 0.92))) if share == 0 else None


def _furniture(pages: list[RawPage]) -> dict[int, list[tuple[str, Line]]]:
    """Page numbers and lines that stand at the same place on page after page, taken out of the pages' lines."""
    places: Counter[tuple[str, int]] = Counter()
    for page in pages:
        for line in page.lines:
            if _margin_zone(page, line):
                places[(re.sub(r"\d+", "#", line.text), round(line.middle / 4))] += 1
    taken: dict[int, list[tuple[str, Line]]] = {}
    for page in pages:
        keep = []
        for line in page.lines:
            zone = _margin_zone(page, line)
            key = (re.sub(r"\d+", "#", line.text), round(line.middle / 4))
            repeated = places[key] >= 3 and places[key] * 2 >= len(pages)
            if zone and (repeated or (zone == "footer" and PAGE_NUMBER.match(line.text))):
                taken.setdefault(page.number, []).append((zone, line))
            else:
                keep.append(line)
        page.lines = keep
    return taken


def _margin_zone(page: RawPage, line: Line) -> str:
    if line.bottom < page.height * 0.09:
        return "header"
    return "footer" if line.top > page.height * 0.9 else ""


# -- the document


def compose(
    file_format: Format, raws: list[RawPage], about: tuple[tuple[str, str], ...], noticed: tuple[ReaderWarning, ...]
) -> Document:
    """The document out of its arranged pages (``arrange`` has seen each)."""
    furniture = _furniture(raws)
    margins = _margins(raws)
    sink = Sink()
    blocks: list[Block] = []
    tables: list[Table] = []
    spans: list[tuple[int, int]] = []
    tail: list[Line] = []
    for raw in raws:
        left, right = margins[raw.number]
        items = _ordered(raw, left, right)
        if tail and items and isinstance(items[0], list) and _runs_on(tail, items[0][0], left, right):
            sink.take_back()
            spans[-1] = (spans[-1][0], sink.at)
            start = sink.at
            blocks[-1] = _block(sink, items.pop(0), raw.number, right - left)._replace(
                start=blocks[-1].start, page=blocks[-1].page
            )
        else:
            if spans:
                sink.put("\f")
            start = sink.at
        tail = items[-1] if items and isinstance(items[-1], list) else []
        for item in items:
            if isinstance(item, list):
                blocks.append(_block(sink, item, raw.number, right - left))
            else:
                tables.append(_table(sink, item[0], item[1], raw.number))
        spans.append((start, sink.at))
    for raw in raws:
        for kind, line in furniture.get(raw.number, []):
            start = sink.at
            sink.line(line, raw.number)
            blocks.append(Block(kind, start, sink.at, raw.number))
            sink.put("\n")
    pages = tuple(_page(raw, span) for raw, span in zip(raws, spans, strict=True))
    text = "".join(sink.out)
    outcome, message, warnings = _verdict(raws, pages, sink, noticed)
    return Document(
        format=file_format, outcome=outcome, message=message, text=text, pages=pages, blocks=tuple(blocks), tables=tuple(tables),
        marks=tuple(sink.marks), warnings=warnings, about=about,
        looks=tuple(look for raw in raws for look in raw.looks)[:MOST_LOOKS], edits=tuple(edit for raw in raws for edit in raw.edits)[:MOST_EDITS], x0=sink.x0, x1=sink.x1, run_start=sink.run_start, run_page=sink.run_page,
        run_top=sink.run_top, run_bottom=sink.run_bottom,
    )  # fmt: skip


def _runs_on(paragraph: list[Line], line: Line, left: float, right: float) -> bool:
    """Whether a page's first line carries on the last paragraph of the page before: full to the edge there, at the margin here."""
    last = paragraph[-1]
    indented = paragraph[0].left - left > 1.2 * last.size or (len(paragraph) > 1 and last.left - left < 0.6 * last.size)
    return (
        indented
        and 0.8 < line.size / last.size < 1.25
        and abs(line.left - left) < 0.6 * line.size
        and last.right + _token_width(line) > right - 0.6 * last.size
        and not NUMBERING.match(line.text)
    )


def _ordered(raw: RawPage, left: float, right: float) -> list[Any]:
    """Paragraphs (lists of lines) and tables (pairs) of a page, top to bottom. A table ends the paragraph before it."""
    items: list[Any] = []
    waiting: list[Line] = []
    tables = sorted(raw.tables, key=lambda t: t[0].box[1])
    for line in raw.lines:
        while tables and tables[0][0].box[1] < line.middle:
            items.extend(_paragraphs(waiting, left, right))
            waiting = []
            items.append(tables.pop(0))
        waiting.append(line)
    items.extend(_paragraphs(waiting, left, right))
    items.extend(tables)
    return items


def _block(sink: Sink, lines: list[Line], page: int, room: float) -> Block:
    start = sink.at
    for i, line in enumerate(lines):
        sink.line(line, page)
        if i + 1 < len(lines) and (glue := _glue(line, lines[i + 1], room)):
            sink.put(glue)
    block = Block("paragraph", start, sink.at, page)
    sink.put("\n")
    return block


def _table(sink: Sink, grid: Grid, texts: list[list[Line]], page: int) -> Table:
    start, row = sink.at, 0
    cells: list[Cell] = []
    for cell, lines in zip(grid.cells, texts, strict=True):
        if cells:
            sink.put("\t" if cell.row == row else "\n")
        row = cell.row
        begin = sink.at
        _cell_text(sink, lines, cell.box, page)
        cells.append(Cell(cell.row, cell.col, cell.rows, cell.cols, begin, sink.at, cell.box))
    sink.put("\n")
    return Table(len(grid.ys) - 1, len(grid.xs) - 1, tuple(cells), start, sink.at, page=page, box=grid.box)


def _page(raw: RawPage, span: tuple[int, int]) -> Page:
    shown = sum(len(p.text) for p in raw.pieces if not p.hidden)
    readable = (
        not raw.over and not (shown < FEW and raw.images > 0.1) and not (raw.images > COVERED and shown < 0.2 * _hidden(raw))
    )
    return Page(raw.number, raw.width, raw.height, span[0], span[1], readable, round(raw.images, 4), raw.rotation)


def _hidden(raw: RawPage) -> int:
    return sum(len(p.text) for p in raw.pieces if p.hidden)


def _verdict(
    raws: list[RawPage], pages: tuple[Page, ...], sink: Sink, noticed: tuple[ReaderWarning, ...]
) -> tuple[Outcome, str, tuple[ReaderWarning, ...]]:
    warnings: list[ReaderWarning] = list(noticed)
    for raw in raws:
        if raw.over:
            warnings.append(ReaderWarning(WarningCode.OVER_LIMIT_PART, f"第{raw.number}页未读取：{raw.over}。", raw.number))
        if any(kind == "annotation" for piece in raw.pieces for kind, _, _ in piece.notes):
            warnings.append(ReaderWarning(WarningCode.OTHER, f"第{raw.number}页有写在批注或表单域中的文字。", raw.number))
        if (raw.unseen or any(p.hidden and any(map(str.isalnum, p.text)) for p in raw.pieces)) and pages[raw.number - 1].readable:
            why = f"（{'；'.join(raw.unseen)}）" if raw.unseen else ""
            warnings.append(ReaderWarning(WarningCode.HIDDEN_TEXT, f"第{raw.number}页有看不见的文字{why}。", raw.number))
    warnings.extend(
        ReaderWarning(WarningCode.OTHER, f"第{page}页有文字叠印在其他文字上，请核对原件。", page)
        for page in _marked(sink, "overprint")
    )
    warnings.extend(
        ReaderWarning(WarningCode.ODD_NUMBER, f"第{page}页有数字的书写先后与所见次序不同，已按所见次序读取，请核对原件。", page)
        for page in _marked(sink, "doubtful", DISORDERED)
    )
    warnings.extend(
        ReaderWarning(
            WarningCode.LAYER_DIFFERS, f"第{page}页的字体画出的数字与其文字编码不符，所见与所读可能不同，请核对原件。", page
        )
        for page in _marked(sink, "doubtful", CONTRADICTED)
    )
    if loose := _marked(sink, "not_embedded"):
        said = f"第{_ranges(loose)}页有文字所用的字体未嵌入文件，不同电脑上所见可能不同。"
        warnings.append(ReaderWarning(WarningCode.FONT_NOT_EMBEDDED, said))
    unread = [p.number for p in pages if not p.readable]
    if raws and all(raw.over for raw in raws):
        return Outcome.LIMIT if any("多于" in raw.over for raw in raws) else Outcome.CORRUPT, _all_over(raws), tuple(warnings)
    if not unread and not any(raw.pieces for raw in raws):
        refuse(Outcome.EMPTY, EMPTY)
    if unread:
        if len(unread) == len(pages):
            return Outcome.PARTIAL, "文件各页均为扫描图像，没有可读取的文字，请人工查看，或提交带文字的电子版。", tuple(warnings)
        return (
            Outcome.PARTIAL,
            f"第{_ranges(unread)}页无法读取（扫描图像或超出上限），其余已读取。请人工查看这些页。",
            tuple(warnings),
        )
    loud = [w for w in warnings if w.code not in QUIET]
    if loud:
        return Outcome.OK_WARN, _found(len(pages), loud), tuple(warnings)
    return Outcome.OK, f"已读取，共 {len(pages)} 页。", tuple(warnings)


def _found(pages: int, warnings: Sequence[ReaderWarning]) -> str:
    return f"已读取，共 {pages} 页，但发现：" + "；".join(w.message.rstrip("。") for w in warnings[:5]) + "。"


def _marked(sink: Sink, kind: str, words: str = "") -> list[int]:
    """The pages that marks of a kind stand on."""
    spans = [(m.start, m.end) for m in sink.marks if m.kind == kind and m.words == words]
    runs = ((bisect_right(sink.run_start, a) - 1, bisect_right(sink.run_start, b - 1)) for a, b in spans)
    return sorted({page for first, last in runs for page in sink.run_page[max(0, first) : last]})


def _all_over(raws: list[RawPage]) -> str:
    if any("多于" in raw.over for raw in raws):
        return f"超出上限：{raws[0].over}。请拆分或简化后重新上传。"
    return CORRUPT


def _ranges(numbers: list[int]) -> str:
    """``[1, 2, 3, 7]`` → ``1-3、7``."""
    parts: list[str] = []
    start = last = numbers[0]
    for number in [*numbers[1:], -1]:
        if number == last + 1:
            last = number
            continue
        parts.append(str(start) if start == last else f"{start}-{last}")
        start = last = number
    return "、".join(parts)
