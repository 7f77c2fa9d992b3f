"""PDF with a text layer: characters and ruling lines from PDFium, put in reading order by us.

What surprised us. PDFium invents spaces between Chinese and digits, so an invented space is kept only between two Latin characters. Where a
font lacks a glyph, the tick of a box is drawn out of turn; order comes from places, not from the stream. A line that wraps inside a cell or
paragraph is joined without a break only where its next word could not have fitted, else it is a break the writer made.

Page numbers and running headers stand after the last page's words, so that a sentence that runs over two pages is whole.
"""

import ctypes
import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from operator import sub
from typing import Any, Final

from extractors.readers.grid import Grid, Rule, grids, regular
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, over, refuse
from extractors.readers.symbols import PRIVATE, plain
from schemas.document import Block, Box, Cell, Document, Mark, Page, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

#: The height of a loose character box is about this many times the size of the type.
LOOSE: Final = 1.2
#: A page with fewer characters than this and a picture over most of it is a scan, whatever page number is stamped on it.
FEW: Final = 12
#: What PDFium reports for a hyphen at the end of a line.
HYPHEN: Final = 2
#: How far back a piece is compared with what it may be drawn over.
REACH: Final = 300
COVERED: Final = 0.5
CLOSERS: Final = "，。、；：？！）》」』】”’…％%℃,.;:?!)]}"
PAGE_NUMBER: Final = re.compile(
    r"^[\s\-—–~·]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:\s*[/／,，共]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[\s\-—–~·]*$"
)
ACTIVE: Final = (
    (
        (b"/JavaScript", b"/JS ", b"/Launch", b"/SubmitForm"),
        WarningCode.ACTIVE_CONTENT,
        "文件含脚本或可执行动作，系统不会运行，请另存为普通 PDF。",
    ),
    ((b"/EmbeddedFile",), WarningCode.EMBEDDED_FILE, "文件中附有其他文件，未读取，请将其单独提交。"),
)
NUMBERING: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条部分]|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．]|\d{1,2}\.(?=\D)|[①-⑳]|[•●◆■□☑☐➢▪])"
)


@dataclass(slots=True)
class _Line:
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
class _Raw:
    number: int
    width: float
    height: float
    rotation: int
    pieces: list[_Line] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    images: float = 0.0
    over: str = ""
    lines: list[_Line] = field(default_factory=list)
    tables: list[tuple[Grid, list[list[_Line]]]] = field(default_factory=list)


@dataclass(slots=True)
class _Sink:
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

    def line(self, line: _Line, page: int) -> None:
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
        self.marks.extend(Mark(kind, start + a, start + b) for kind, a, b in line.notes)

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


# -- a page's characters and lines, from PDFium


class _Pages:
    """One open file. PDFium is not safe in threads; one of these lives in one call of ``read``."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        import pypdfium2
        import pypdfium2.raw as raw

        from extractors.readers import pdfium

        self.lib, self.raw, self.limits = pdfium, raw, limits
        try:
            self.document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                refuse(Outcome.ENCRYPTED, ENCRYPTED)
            refuse(Outcome.CORRUPT, CORRUPT)
        self.claimed = self.count = len(self.document)
        if self.count > limits.pdf_pages and not self._exists(limits.pdf_pages):
            self.count = next(i for i in range(limits.pdf_pages + 1) if not self._exists(i))

    def _exists(self, index: int) -> bool:
        """A page tree may claim a million pages and hold one."""
        page = self.raw.FPDF_LoadPage(self.document.raw, index)
        if page:
            self.raw.FPDF_ClosePage(page)
        return bool(page)

    def close(self) -> None:
        self.document.close()

    def page(self, index: int) -> _Raw:
        raw = self.raw
        page = raw.FPDF_LoadPage(self.document.raw, index)
        if not page:
            return _Raw(index + 1, 0.0, 0.0, 0, over="页面已损坏")
        try:
            return self._read(page, index + 1)
        finally:
            raw.FPDF_ClosePage(page)

    def _read(self, page: Any, number: int) -> _Raw:
        raw, lib = self.raw, self.lib
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, box)
        out = _Raw(number, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page), raw.FPDFPage_GetRotation(page) * 90 % 360)
        place = _Placing(box.left, box.bottom, out.width, out.height, out.rotation)
        objects = _Objects(lib, self.limits)
        objects.walk(lib.handle(page), place, out)
        if objects.count > self.limits.page_objects:
            out.over = f"图形对象多于 {self.limits.page_objects} 个"
            return out
        self._typed_on(page, place, out)
        text_page = raw.FPDFText_LoadPage(page)
        if not text_page:
            out.over = "页面文字无法读取"
            return out
        try:
            count = raw.FPDFText_CountChars(text_page)
            if count > self.limits.page_characters:
                out.over = f"字符多于 {self.limits.page_characters} 个"
            elif count > 0:
                self._characters(lib.handle(text_page), count, place, out, objects.unseen)
        finally:
            raw.FPDFText_ClosePage(text_page)
        return out

    def _typed_on(self, page: Any, place: "_Placing", out: _Raw) -> None:
        """Words that are not in the page itself: typed on it as a note (WPS, Foxit), or filled into a form field."""
        raw = self.raw
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), 2000)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            key = {raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_WIDGET: b"V"}.get(kind)
            box = raw.FS_RECTF()
            if key and raw.FPDFAnnot_GetRect(annotation, box):
                size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
                buffer = ctypes.create_string_buffer(min(size, 20_000))
                raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer))
                words = buffer.raw.decode("utf-16-le", "ignore").split("\0")[0]
                out.pieces.extend(_written(words, place.box(box.left, box.bottom, box.right, box.top)))
            raw.FPDFPage_CloseAnnot(annotation)

    def _characters(self, text_page: int, count: int, place: "_Placing", out: _Raw, unseen: set[int]) -> None:
        lib = self.lib
        get, box = lib.get_unicode, lib.get_loose_box
        codes = [get(text_page, i) for i in range(count)]
        if HYPHEN in codes:
            codes = [45 if code == HYPHEN else code for code in codes]
        buffer = (ctypes.c_float * (4 * count))()
        address = ctypes.addressof(buffer)
        for i in range(count):
            box(text_page, i, address + 16 * i)
        flat = buffer[:]
        left, top, right, bottom = place.columns(flat)
        generated = {i for i, code in enumerate(codes) if code == 32 and lib.is_generated(text_page, i)}
        hidden: set[int] = set()
        if unseen:
            hidden = {i for i in range(count) if lib.text_object(text_page, i) in unseen}
        out.pieces += _pieces(codes, left, top, right, bottom, generated, hidden, out.width, out.height)


@dataclass(slots=True)
class _Placing:
    """From the page's own space (origin bottom left, before rotation) to points from the top left of the page as displayed."""

    x: float
    y: float
    width: float
    height: float
    rotation: int

    def columns(self, flat: list[float]) -> tuple[list[float], list[float], list[float], list[float]]:
        """Loose boxes come as left, top, right, bottom."""
        left, top, right, bottom = flat[0::4], flat[1::4], flat[2::4], flat[3::4]
        if self.rotation == 0:
            x, base = self.x, self.y + self.height
            if x:
                left, right = [v - x for v in left], [v - x for v in right]
            return left, [base - v for v in top], right, [base - v for v in bottom]
        boxes = [self.box(a, d, c, b) for a, b, c, d in zip(left, top, right, bottom, strict=True)]
        return [b[0] for b in boxes], [b[1] for b in boxes], [b[2] for b in boxes], [b[3] for b in boxes]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, y0, x1, y1 = left - self.x, bottom - self.y, right - self.x, top - self.y
        if self.rotation == 90:
            return y0, x0, y1, x1
        if self.rotation == 180:
            return self.width - x1, y0, self.width - x0, y1
        if self.rotation == 270:
            return self.width - y1, self.height - x1, self.width - y0, self.height - x0
        return x0, self.height - y1, x1, self.height - y0


class _Objects:
    """One page's paths, pictures and oddly drawn text objects, forms within forms included."""

    def __init__(self, lib: Any, limits: Limits) -> None:
        self.lib, self.limits = lib, limits
        self.count = 0
        self.unseen: set[int] = set()
        self.white: list[tuple[int, Box]] = []
        self.grounds: list[Box] = []
        self._floats = (ctypes.c_float * 4)()
        self._at = [ctypes.addressof(self._floats) + 4 * i for i in range(4)]
        self._ints = [ctypes.c_int(), ctypes.c_int()]
        self._colour = (ctypes.c_uint * 4)()
        self._colour_at = [ctypes.addressof(self._colour) + 4 * i for i in range(4)]
        self._matrix = (ctypes.c_float * 6)()

    def walk(self, page: int, place: _Placing, out: _Raw) -> None:
        lib = self.lib
        count = lib.count_objects(page)
        if count > self.limits.page_objects:
            self.count = count
            return
        self._each((lib.get_object(page, i) for i in range(count)), place, out, None, 0)
        area = out.width * out.height
        self.unseen.update(handle for handle, box in self.white if not self._on_ground(box))
        out.images = min(1.0, out.images / area) if area > 0 else 0.0

    def _each(
        self, handles: Iterable[int | None], place: _Placing, out: _Raw, matrix: tuple[float, ...] | None, depth: int
    ) -> None:
        lib = self.lib
        for handle in handles:
            self.count += 1
            if handle is None or self.count > self.limits.page_objects:
                continue
            kind = lib.object_type(handle)
            if kind == lib.TEXT:
                self._text(handle, matrix)
            elif kind == lib.PATH:
                self._path(handle, place, out, matrix)
            elif kind == lib.IMAGE:
                if self._pixels(handle) > self.limits.image_pixels:
                    out.over = f"图像像素多于 {self.limits.image_pixels} 个"
                bounds = self._bounds(handle, matrix)
                self.grounds.append(bounds)
                x0, top, x1, bottom = place.box(*bounds)
                out.images += max(0.0, min(x1, out.width) - max(x0, 0.0)) * max(0.0, min(bottom, out.height) - max(top, 0.0))
            elif kind == lib.FORM and depth < self.limits.page_depth:
                lib.object_matrix(handle, ctypes.addressof(self._matrix))
                own = tuple(self._matrix)
                inner = own if matrix is None else _times(own, matrix)
                self._each(
                    (lib.form_object(handle, i) for i in range(max(0, lib.form_count(handle)))), place, out, inner, depth + 1
                )

    def _bounds(self, handle: int, matrix: tuple[float, ...] | None) -> Box:
        self.lib.object_bounds(handle, *self._at)
        left, bottom, right, top = self._floats
        if matrix is None:
            return left, bottom, right, top
        corners = [_apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
        return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)

    def _pixels(self, handle: int) -> int:
        width = height = 0
        if self.lib.image_size(handle, self._colour_at[0], self._colour_at[1]):
            width, height = self._colour[0:2]
        return width * height

    def _on_ground(self, box: Box) -> bool:
        """Whether white words stand on something that is not white."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(a <= x <= c and b <= y <= d for a, b, c, d in self.grounds)

    def _text(self, handle: int, matrix: tuple[float, ...] | None) -> None:
        lib = self.lib
        if lib.render_mode(handle) == 3:
            self.unseen.add(handle)
        elif lib.fill_colour(handle, *self._colour_at):
            red, green, blue, alpha = self._colour
            if alpha < 8:
                self.unseen.add(handle)
            elif red > 250 and green > 250 and blue > 250:
                self.white.append((handle, self._bounds(handle, matrix)))

    def _path(self, handle: int, place: _Placing, out: _Raw, matrix: tuple[float, ...] | None) -> None:
        left, bottom, right, top = self._bounds(handle, matrix)
        wide, high = right - left, top - bottom
        if wide > 3.5 and high > 3.5:
            self._segments(handle, place, out, matrix)
            return
        x0, y0, x1, y1 = place.box(left, bottom, right, top)
        if x1 - x0 >= y1 - y0:
            out.across.append(Rule((y0 + y1) / 2, x0, x1))
        else:
            out.down.append(Rule((x0 + x1) / 2, y0, y1))

    def _segments(self, handle: int, place: _Placing, out: _Raw, matrix: tuple[float, ...] | None) -> None:
        lib = self.lib
        fill, stroke = self._ints
        lib.draw_mode(handle, ctypes.addressof(fill), ctypes.addressof(stroke))
        if fill.value and lib.fill_colour(handle, *self._colour_at) and min(self._colour[:3]) <= 250 and self._colour[3] >= 8:
            self.grounds.append(self._bounds(handle, matrix))
        if not stroke.value:
            return
        count = lib.count_segments(handle)
        if count > 2000:
            return
        self.count += count
        lib.object_matrix(handle, ctypes.addressof(self._matrix))
        own = tuple(self._matrix)
        total = own if matrix is None else _times(own, matrix)
        start = last = (0.0, 0.0)
        for i in range(count):
            segment = lib.get_segment(handle, i)
            lib.segment_point(segment, self._at[0], self._at[1])
            point = _apply(total, self._floats[0], self._floats[1])
            kind = lib.segment_type(segment)
            if kind == 2:
                start = point
            elif kind == 0:
                _edge(last, point, place, out)
            last = point
            if lib.segment_close(segment):
                _edge(last, start, place, out)


def _edge(a: tuple[float, float], b: tuple[float, float], place: _Placing, out: _Raw) -> None:
    x0, y0, x1, y1 = place.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    if y1 - y0 <= 1.0 < x1 - x0:
        out.across.append(Rule((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= 1.0 < y1 - y0:
        out.down.append(Rule((x0 + x1) / 2, y0, y1))


def _apply(m: Sequence[float], x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(a: Sequence[float], b: Sequence[float]) -> tuple[float, ...]:
    """The matrix that applies ``a`` first, then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


# -- characters → pieces → lines


def _pieces(
    codes: list[int], left: list[float], top: list[float], right: list[float], bottom: list[float],
    generated: set[int], hidden: set[int], width: float, height: float,
) -> list[_Line]:  # fmt: skip
    """Characters that follow each other on one line, in the order of the stream. A wide gap or a change of place ends a piece.

    The loop runs once a character, so the common case, same height and close by, is one comparison.
    """
    shown = [code > 32 and code < 0xFFFE and code != 0xA0 for code in codes]
    spaces = {i: 1 if i in generated else 2 for i, code in enumerate(codes) if code == 32 or code == 0xA0}
    if all(shown):
        before: dict[int, int] = {}
    else:
        before = _spaces_before(shown, spaces)
        codes, left, right = list(compress(codes, shown)), list(compress(left, shown)), list(compress(right, shown))
        top, bottom = list(compress(top, shown)), list(compress(bottom, shown))
        if hidden:
            places = list(compress(range(len(shown)), shown))
            hidden = {k for k, i in enumerate(places) if i in hidden}
    if not codes:
        return []
    unseen = _unseen(hidden, left, top, right, bottom, width, height)
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
    at, pieces = 0, []
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
        if PRIVATE.search(text):
            text = plain(text)
        low, high = min(top[start:end]), max(bottom[start:end])
        pieces.append(_Line(min(x0), x1[-1], low, high, text, x0, x1, start in unseen, before.get(start, 0)))
    return pieces


def _written(words: str, box: Box) -> list[_Line]:
    """The lines of a note or field, its characters spread evenly over its box: nearer than that PDFium does not tell."""
    lines = [line for line in re.split(r"[\r\n]+", words) if line.strip()]
    found = []
    for i, line in enumerate(lines):
        high = (box[3] - box[1]) / len(lines)
        step = min((box[2] - box[0]) / len(line), high)
        edges = [box[0] + step * k for k in range(len(line) + 1)]
        top = box[1] + high * i
        found.append(
            _Line(edges[0], edges[-1], top, top + high, line, edges[:-1], edges[1:], notes=(("annotation", 0, len(line)),))
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
    hidden: set[int], left: list[float], top: list[float], right: list[float], bottom: list[float], width: float, height: float
) -> set[int]:
    """Characters nobody sees: drawn invisibly or in the colour of the paper, off the page, or too small to read."""
    least = min(map(sub, bottom, top))
    if not hidden and least >= 2.0 and min(right) >= 0 and max(left) <= width and min(bottom) >= 0 and max(top) <= height:
        return hidden
    return hidden | {
        i
        for i, (a, y0, b, y1) in enumerate(zip(left, top, right, bottom, strict=True))
        if y1 - y0 < 2.0 or b < 0 or a > width or y1 < 0 or y0 > height
    }


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


def _lines(pieces: list[_Line]) -> list[_Line]:
    """Pieces of one region, set in lines from top to bottom, each from left to right."""
    return [_join(row) for row in _rows(pieces)]


def _rows(pieces: list[_Line]) -> list[list[_Line]]:
    rows: list[list[_Line]] = []
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


def _join(row: list[_Line]) -> _Line:
    """One line out of its pieces, with a space where the eye sees one."""
    line = row[0]
    if len(row) == 1:
        return line
    text, x0, x1 = [line.text], list(line.x0), list(line.x1)
    last, hidden, begun, long = line, line.hidden, 0, len(line.text)
    notes = list(line.notes)
    for piece in row[1:]:
        size = max(last.size, piece.size)
        gap = piece.left - last.right
        overlaps = gap < -0.5 * size
        if overlaps:
            same, other = _overlap("".join(text)[-REACH:], x0[-REACH:], x1[-REACH:], piece)
            if same >= 0.8 * len(piece.text):
                continue  # drawn twice to look bold
            overlaps = other >= 2 or (other == 1 and len(piece.text) == 1 and piece.text.isdigit())
            overlaps = (
                overlaps and min(last.bottom, piece.bottom) - max(last.top, piece.top) > 0.6 * min(last.size, piece.size) * LOOSE
            )
        if overlaps:
            notes.append(("overprint", begun, long + 1 + len(piece.text)))
        if (
            overlaps
            or gap > 0.9 * size
            or (gap > 0.1 * size and piece.spaced and (piece.spaced == 2 or (_latin(last.text[-1]) and _latin(piece.text[0]))))
        ):
            text.append(" ")
            x0.append(1.0)
            x1.append(0.0)
            long += 1
        notes.extend((kind, long + a, long + b) for kind, a, b in piece.notes)
        begun, long = long, long + len(piece.text)
        text.append(piece.text)
        x0.extend(piece.x0)
        x1.extend(piece.x1)
        hidden = hidden and piece.hidden
        if piece.right > last.right:
            last = piece
    return _Line(
        row[0].left, last.right, min(p.top for p in row), max(p.bottom for p in row), "".join(text), x0, x1, hidden, row[0].spaced, tuple(notes)
    )  # fmt: skip


def _overlap(text: str, x0: list[float], x1: list[float], piece: _Line) -> tuple[int, int]:
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


def _arrange(page: _Raw) -> None:
    found = grids(page.across, page.down)
    inside: list[list[list[_Line]]] = [[[] for _ in g.cells] for g in found]
    free: list[_Line] = []
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
    page.lines = [_join(row) for row in rows]


def unruled(rows: list[list[_Line]]) -> tuple[list[list[_Line]], list[tuple[Grid, list[list[_Line]]]]]:
    """Lists set in columns without ruling lines: three rows or more, three columns or more, nothing across a gap that parts the columns.

    Two columns are left as prose: labels and values on a cover, signatures side by side.
    """
    split = [_columns_of(row) for row in rows]
    rest: list[list[_Line]] = []
    tables: list[tuple[Grid, list[list[_Line]]]] = []
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


def _columns_of(row: list[_Line]) -> list[_Line]:
    """A row's pieces, those that stand close together as one."""
    groups: list[list[_Line]] = []
    for piece in row:
        if groups and piece.left - groups[-1][-1].right <= 0.9 * max(piece.size, groups[-1][-1].size):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_join(group) for group in groups]


def _near(above: list[_Line], below: list[_Line]) -> bool:
    return below[0].middle - above[0].middle < 3.2 * max(above[0].size, below[0].size)


def _list(rows: list[list[_Line]]) -> tuple[Grid, list[list[_Line]]] | None:
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
    texts: list[list[_Line]] = [[] for _ in range(len(rows) * len(columns))]
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


def _settle(piece: _Line, found: list[Grid], order: list[int]) -> list[tuple[_Line, tuple[int, int] | None]]:
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
    xs = found[home[0]].xs
    parts: list[tuple[_Line, tuple[int, int] | None]] = []
    start = 0
    for i in range(1, len(piece.text)):
        if piece.x0[i] > piece.x1[i] or piece.x0[i - 1] > piece.x1[i - 1]:
            continue
        before, after = piece.x1[i - 1], piece.x0[i]
        k = bisect_right(xs, after)
        if after - before > 1.0 and any(before - 0.5 <= x <= after + 0.5 for x in xs[max(0, k - 1) : k + 1]):
            parts.append(_part(piece, start, i, found, order))
            start = i
    parts.append(_part(piece, start, len(piece.text), found, order))
    return parts


def _part(piece: _Line, start: int, end: int, found: list[Grid], order: list[int]) -> tuple[_Line, tuple[int, int] | None]:
    x0, x1 = piece.x0[start:end], piece.x1[start:end]
    left, right = x0[0], max(x1)
    part = _Line(
        left, right, piece.top, piece.bottom, piece.text[start:end], x0, x1, piece.hidden, piece.spaced if start == 0 else 0
    )
    home = _home(found, order, left + min(right - left, piece.size) / 2, piece.middle)
    return part, home


# -- lines → paragraphs


def _token_width(line: _Line) -> float:
    """The width of what cannot be broken at the head of a line: a Latin word or number, or one character and its closing marks."""
    text = line.text
    end = 1
    if _latin(text[0]):
        while end < len(text) and _latin(text[end]):
            end += 1
    while end < len(text) and text[end] in CLOSERS:
        end += 1
    return max(line.x1[:end]) - line.left


def _wraps(line: _Line, following: _Line, room: float) -> bool:
    """Whether the first word of the next line could not have stood on this one."""
    return line.right - line.left + _token_width(following) > room - 0.6 * line.size


def _glue(line: _Line, following: _Line, room: float) -> str:
    """What stands between two lines of one paragraph: nothing, or a space between two English words."""
    before, after = line.text[-1], following.text[0]
    if not (before.isascii() and before.isalpha() and after.isascii() and after.isalpha()):
        return ""
    tail = len(line.text)
    while tail > 0 and _latin(line.text[tail - 1]):
        tail -= 1
    broken = line.right - line.x0[min(tail, len(line.x0) - 1)] + _token_width(following) > room
    return "" if broken else " "


def _cell_text(sink: _Sink, lines: list[_Line], box: Box, page: int) -> None:
    inset = min(6.0, max(1.0, min(line.left for line in lines) - box[0])) if lines else 0.0
    room = box[2] - box[0] - 2 * inset
    for i, line in enumerate(lines):
        sink.line(line, page)
        if i + 1 < len(lines):
            following = lines[i + 1]
            if _wraps(line, following, room) and not (
                NUMBERING.match(following.text) and following.left <= lines[0].left + 2 < line.right
            ):
                if glue := _glue(line, following, room):
                    sink.put(glue)
            else:
                sink.put("\v")


def _paragraphs(lines: list[_Line], left: float, right: float) -> list[list[_Line]]:
    """Free lines grouped into paragraphs, between margins ``left`` and ``right``."""
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _continues(paragraph: list[_Line], line: _Line, left: float, right: float) -> bool:
    last = paragraph[-1]
    size = last.size
    if not 0.8 < line.size / size < 1.25 or line.middle - last.middle > 2.6 * size:
        return False
    if last.right + _token_width(line) <= right - 0.6 * size:
        return False
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


def _margins(pages: Sequence[_Raw]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each page's running text.

    Where at least four long lines of a page end alike, they end at its margin; a page of short lines takes the margin of the file's other pages of
    its size. Tables do not count: they often stand out into the margin.
    """
    sizes: dict[tuple[int, int], list[_Line]] = {}
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


def _column(lines: list[_Line], width: float, least: int, share: float) -> tuple[float, float] | None:
    """The edges that at least ``least`` lines wider than ``share`` of the page have in common; for short lines a guess by symmetry."""
    wide = [line for line in lines if line.right - line.left >= share * width]
    if not wide:
        return None
    left = min(line.left for line in wide)
    ends = sorted((line.right for line in wide), reverse=True)
    for i, end in enumerate(ends[: max(0, len(ends) - least + 1)]):
        if end - ends[i + least - 1] <= 2.0 and end - left > 0.5 * width:
            return left, end
    return (left, max(ends[0], min(width - left, width * 0.92))) if share == 0 else None


def _furniture(pages: list[_Raw]) -> dict[int, list[tuple[str, _Line]]]:
    """Page numbers and lines that stand at the same place on page after page, taken out of the pages' lines."""
    places: Counter[tuple[str, int]] = Counter()
    for page in pages:
        for line in page.lines:
            if _margin_zone(page, line):
                places[(re.sub(r"\d+", "#", line.text), round(line.middle / 4))] += 1
    taken: dict[int, list[tuple[str, _Line]]] = {}
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


def _margin_zone(page: _Raw, line: _Line) -> str:
    if line.bottom < page.height * 0.09:
        return "header"
    return "footer" if line.top > page.height * 0.9 else ""


# -- the document


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    head = max(0, data.find(b"%PDF-"))
    pages_of = _Pages(data[head:], limits)
    noticed = _noticed(data, head)
    try:
        if pages_of.count < pages_of.claimed:
            noticed.append(ReaderWarning(WarningCode.REPAIRED, f"文件声称有 {pages_of.claimed} 页，实际有 {pages_of.count} 页。"))
        if pages_of.count == 0:
            refuse(Outcome.EMPTY, EMPTY)
        if pages_of.count > limits.pdf_pages:
            refuse(Outcome.LIMIT, over("页数", pages_of.count, limits.pdf_pages))
        raws = [pages_of.page(i) for i in range(pages_of.count)]
        about = _about(pages_of.document)
    finally:
        pages_of.close()
    for raw in raws:
        _arrange(raw)
    return _compose(raws, about, tuple(noticed))


def _noticed(data: bytes, head: int) -> list[ReaderWarning]:
    """What a look at the bytes tells; streams that hide the same need a parser of their own."""
    warnings = [ReaderWarning(code, message) for names, code, message in ACTIVE if any(name in data for name in names)]
    if data.rfind(b"PK\x05\x06") > data.rfind(b"%%EOF"):
        warnings.append(ReaderWarning(WarningCode.EMBEDDED_FILE, "文件末尾附有压缩包，未读取，请将其中文件单独提交。"))
    if head or not _indexed(data):
        warnings.append(ReaderWarning(WarningCode.REPAIRED, "文件结构有损坏，已尽量修复后读取，请核对内容，或另存后重新上传。"))
    return warnings


def _indexed(data: bytes) -> bool:
    """Whether the last ``startxref`` points at a cross-reference."""
    found = re.search(rb"startxref\s+(\d{1,12})\s+%%EOF", data[data.rfind(b"startxref") :] if b"startxref" in data else b"")
    if not found or int(found[1]) >= len(data):
        return False
    there = data[int(found[1]) : int(found[1]) + 64].lstrip()
    return there.startswith(b"xref") or bool(re.match(rb"\d+\s+\d+\s+obj", there))


def _about(document: Any) -> tuple[tuple[str, str], ...]:
    keys = {
        "Producer": "producer", "Creator": "creator", "Author": "author", "Title": "title", "CreationDate": "created", "ModDate": "modified",
    }  # fmt: skip
    told = document.get_metadata_dict()
    return tuple((name, str(told[key])[:500]) for key, name in keys.items() if told.get(key))


def _compose(raws: list[_Raw], about: tuple[tuple[str, str], ...], noticed: tuple[ReaderWarning, ...]) -> Document:
    furniture = _furniture(raws)
    margins = _margins(raws)
    sink = _Sink()
    blocks: list[Block] = []
    tables: list[Table] = []
    spans: list[tuple[int, int]] = []
    tail: list[_Line] = []
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
        format=Format.PDF, outcome=outcome, message=message, text=text, pages=pages, blocks=tuple(blocks), tables=tuple(tables),
        marks=tuple(sink.marks), warnings=warnings, about=about, x0=sink.x0, x1=sink.x1, run_start=sink.run_start, run_page=sink.run_page,
        run_top=sink.run_top, run_bottom=sink.run_bottom,
    )  # fmt: skip


def _runs_on(paragraph: list[_Line], line: _Line, left: float, right: float) -> bool:
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


def _ordered(raw: _Raw, left: float, right: float) -> list[Any]:
    """Paragraphs (lists of lines) and tables (pairs) of a page, top to bottom. A table ends the paragraph before it."""
    items: list[Any] = []
    waiting: list[_Line] = []
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


def _block(sink: _Sink, lines: list[_Line], page: int, room: float) -> Block:
    start = sink.at
    for i, line in enumerate(lines):
        sink.line(line, page)
        if i + 1 < len(lines) and (glue := _glue(line, lines[i + 1], room)):
            sink.put(glue)
    block = Block("paragraph", start, sink.at, page)
    sink.put("\n")
    return block


def _table(sink: _Sink, grid: Grid, texts: list[list[_Line]], page: int) -> Table:
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


def _page(raw: _Raw, span: tuple[int, int]) -> Page:
    shown = sum(len(p.text) for p in raw.pieces if not p.hidden)
    readable = (
        not raw.over and not (shown < FEW and raw.images > 0.1) and not (raw.images > COVERED and shown < 0.2 * _hidden(raw))
    )
    return Page(raw.number, raw.width, raw.height, span[0], span[1], readable, round(raw.images, 4), raw.rotation)


def _hidden(raw: _Raw) -> int:
    return sum(len(p.text) for p in raw.pieces if p.hidden)


def _verdict(
    raws: list[_Raw], pages: tuple[Page, ...], sink: _Sink, noticed: tuple[ReaderWarning, ...]
) -> tuple[Outcome, str, tuple[ReaderWarning, ...]]:
    warnings: list[ReaderWarning] = list(noticed)
    for raw in raws:
        if raw.over:
            warnings.append(ReaderWarning(WarningCode.OVER_LIMIT_PART, f"第{raw.number}页未读取：{raw.over}。", raw.number))
        if any(kind == "annotation" for piece in raw.pieces for kind, _, _ in piece.notes):
            warnings.append(ReaderWarning(WarningCode.OTHER, f"第{raw.number}页有写在批注或表单域中的文字。", raw.number))
        if _hidden(raw) and pages[raw.number - 1].readable:
            warnings.append(ReaderWarning(WarningCode.HIDDEN_TEXT, f"第{raw.number}页有看不见的文字。", raw.number))
    pages_over = {
        page
        for mark in sink.marks
        if mark.kind == "overprint"
        for page in [sink.run_page[bisect_right(sink.run_start, mark.start) - 1]]
    }
    warnings.extend(
        ReaderWarning(WarningCode.OTHER, f"第{page}页有文字叠印在其他文字上，请核对原件。", page) for page in sorted(pages_over)
    )
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
    if warnings:
        return (
            Outcome.OK_WARN,
            f"已读取，共 {len(pages)} 页，但发现：" + "；".join(w.message.rstrip("。") for w in warnings[:5]) + "。",
            tuple(warnings),
        )
    return Outcome.OK, f"已读取，共 {len(pages)} 页。", ()


def _all_over(raws: list[_Raw]) -> str:
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
