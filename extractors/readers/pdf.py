"""PDF with a text layer: characters and ruling lines from PDFium, put in reading order by ``layout``.

What surprised us. PDFium invents spaces between Chinese and digits, so an invented space is kept only between two Latin characters. Where a
font lacks a glyph, the tick of a box is drawn out of turn; order comes from places, not from the stream.
"""

import ctypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from extractors.readers.grid import Rule
from extractors.readers.layout import RawPage, apply, arrange, compose, pieces_of, times, written
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, over, refuse
from schemas.document import Box, Document, ReaderWarning
from schemas.vocabulary import Format, Outcome, WarningCode

#: What PDFium reports for a hyphen at the end of a line.
HYPHEN: Final = 2
ACTIVE: Final = (
    (
        (b"/JavaScript", b"/JS ", b"/Launch", b"/SubmitForm"),
        WarningCode.ACTIVE_CONTENT,
        "文件含脚本或可执行动作，系统不会运行，请另存为普通 PDF。",
    ),
    ((b"/EmbeddedFile",), WarningCode.EMBEDDED_FILE, "文件中附有其他文件，未读取，请将其单独提交。"),
)


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

    def page(self, index: int) -> RawPage:
        raw = self.raw
        page = raw.FPDF_LoadPage(self.document.raw, index)
        if not page:
            return RawPage(index + 1, 0.0, 0.0, 0, over="页面已损坏")
        try:
            return self._read(page, index + 1)
        finally:
            raw.FPDF_ClosePage(page)

    def _read(self, page: Any, number: int) -> RawPage:
        raw, lib = self.raw, self.lib
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, box)
        out = RawPage(
            number, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page), raw.FPDFPage_GetRotation(page) * 90 % 360
        )
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

    def _typed_on(self, page: Any, place: "_Placing", out: RawPage) -> None:
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
                out.pieces.extend(written(words, place.box(box.left, box.bottom, box.right, box.top)))
            raw.FPDFPage_CloseAnnot(annotation)

    def _characters(self, text_page: int, count: int, place: "_Placing", out: RawPage, unseen: set[int]) -> None:
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
        out.pieces += pieces_of(codes, left, top, right, bottom, generated, hidden, out.width, out.height)


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
        self.texts: list[int] = []
        self.white: list[tuple[int, Box]] = []
        self.grounds: list[Box] = []
        self._floats = (ctypes.c_float * 4)()
        self._at = [ctypes.addressof(self._floats) + 4 * i for i in range(4)]
        self._ints = [ctypes.c_int(), ctypes.c_int()]
        self._colour = (ctypes.c_uint * 4)()
        self._colour_at = [ctypes.addressof(self._colour) + 4 * i for i in range(4)]
        self._matrix = (ctypes.c_float * 6)()

    def walk(self, page: int, place: _Placing, out: RawPage) -> None:
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
        self, handles: Iterable[int | None], place: _Placing, out: RawPage, matrix: tuple[float, ...] | None, depth: int
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
                self._cover(handle, bounds, out)
                x0, top, x1, bottom = place.box(*bounds)
                out.images += max(0.0, min(x1, out.width) - max(x0, 0.0)) * max(0.0, min(bottom, out.height) - max(top, 0.0))
            elif kind == lib.FORM and depth < self.limits.page_depth:
                lib.object_matrix(handle, ctypes.addressof(self._matrix))
                own = tuple(self._matrix)
                inner = own if matrix is None else times(own, matrix)
                self._each(
                    (lib.form_object(handle, i) for i in range(max(0, lib.form_count(handle)))), place, out, inner, depth + 1
                )

    def _bounds(self, handle: int, matrix: tuple[float, ...] | None) -> Box:
        self.lib.object_bounds(handle, *self._at)
        left, bottom, right, top = self._floats
        if matrix is None:
            return left, bottom, right, top
        corners = [apply(matrix, x, y) for x in (left, right) for y in (bottom, top)]
        return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)

    def _cover(self, handle: int, bounds: Box, out: RawPage) -> None:
        """An opaque picture over half the page or more hides the words drawn before it."""
        if (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) > 0.5 * out.width * out.height and not self.lib.see_through(handle):
            for text in self.texts:
                x0, y0, x1, y1 = self._bounds(text, None)
                if bounds[0] <= (x0 + x1) / 2 <= bounds[2] and bounds[1] <= (y0 + y1) / 2 <= bounds[3]:
                    self.unseen.add(text)

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
        self.texts.append(handle)
        if lib.render_mode(handle) == 3:
            self.unseen.add(handle)
        elif lib.fill_colour(handle, *self._colour_at):
            red, green, blue, alpha = self._colour
            if alpha < 8:
                self.unseen.add(handle)
            elif red > 250 and green > 250 and blue > 250:
                self.white.append((handle, self._bounds(handle, matrix)))

    def _path(self, handle: int, place: _Placing, out: RawPage, matrix: tuple[float, ...] | None) -> None:
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

    def _segments(self, handle: int, place: _Placing, out: RawPage, matrix: tuple[float, ...] | None) -> None:
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
        total = own if matrix is None else times(own, matrix)
        start = last = (0.0, 0.0)
        for i in range(count):
            segment = lib.get_segment(handle, i)
            lib.segment_point(segment, self._at[0], self._at[1])
            point = apply(total, self._floats[0], self._floats[1])
            kind = lib.segment_type(segment)
            if kind == 2:
                start = point
            elif kind == 0:
                _edge(last, point, place, out)
            last = point
            if lib.segment_close(segment):
                _edge(last, start, place, out)


def _edge(a: tuple[float, float], b: tuple[float, float], place: _Placing, out: RawPage) -> None:
    x0, y0, x1, y1 = place.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    if y1 - y0 <= 1.0 < x1 - x0:
        out.across.append(Rule((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= 1.0 < y1 - y0:
        out.down.append(Rule((x0 + x1) / 2, y0, y1))


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
        arrange(raw)
    return compose(Format.PDF, raws, about, tuple(noticed))


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
