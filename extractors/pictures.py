"""Evidence → picture: the strip of the page around a box, or the row or paragraph as it reads.

Only the strip is rendered, never the whole page: a page at this resolution takes 60 to 200 ms, a strip a tenth of it. Strips are
snapped to a coarse grid, so that values standing side by side share one image.

Quotes are masked, so pictures must not show what the mask hides: personal numbers that the document's text shows in a strip are
painted over before it is encoded. Anything that cannot be pictured is ``None``; a damaged page never ends a report.
"""

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeAlias

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps

from extractors.excerpts import excerpt, headings, spans
from extractors.readers import ofd, ofd_picture
from extractors.readers.refusal import RefusedError
from extractors.text import mask
from schemas.document import Box, Cell, Document, Table
from schemas.evidence import Evidence
from schemas.picture import PageCrop, Picture
from schemas.vocabulary import Format

DPI = 110
#: What stands around the box, and the grid strips snap to, in points.
AROUND = 30.0
GRID = 24.0
#: A strip taller than this (a box over half a page) is rendered coarser.
TALL = 320.0
MAX_PIXELS = 40_000_000
#: How many pages drawn here are kept; evidence goes back and forth between a few.
DRAWN = 12
#: Pixels of white left around what is printed.
MARGIN = 10
#: Pixels of grey between a heading and the strip that belongs below it.
GAP = 5

#: Format, bytes and, where it was kept, what the reader made of them.
Source: TypeAlias = tuple[Format, bytes, Document | None]


class Pictures:
    """Pictures for the evidence of one submission. Keeps each document open between calls: close it, or use ``with``.

    ``font`` is a font file with Chinese for pages that are drawn here (OFD), where the machine may have none.
    """

    def __init__(self, sources: Mapping[str, Source], *, font: str = "") -> None:
        self._sources = dict(sources)
        self._font = font
        self._pages: dict[str, _Pages | None] = {}

    def __call__(self, evidence: Evidence) -> Picture | None:
        source = self._sources.get(evidence.document)
        if source is None:
            return None
        kind, data, document = source
        if evidence.page is None:
            return excerpt(document, evidence) if document else None
        if evidence.document not in self._pages:
            self._pages[evidence.document] = _open(data, kind, document, self._font)
        pages = self._pages[evidence.document]
        return pages.crop(evidence) if pages else None

    def close(self) -> None:
        for pages in self._pages.values():
            if pages:
                pages.close()
        self._pages.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def page_crop(data: bytes, evidence: Evidence, *, format: Format, document: Document | None = None) -> PageCrop | None:  # noqa: A002
    """One picture from a file's bytes. ``document`` tells which personal numbers to paint over."""
    pages = _open(data, format, document)
    if pages is None:
        return None
    try:
        return pages.crop(evidence)
    finally:
        pages.close()


# --- pages


class _Strip(NamedTuple):
    """An encoded strip, the pixels trimmed off its left and top, and its pixels per unit of the page.

    ``top`` is negative where a heading has been put above.
    """

    data: bytes
    media: str
    width: int
    height: int
    left: int
    top: int
    scale: float

    def frame(self, box: Box, above: float) -> tuple[int, int, int, int]:
        """A box of the page, a little widened, in pixels of the strip; ``above`` is where the strip begins on the page."""
        return (
            max(0, round(box[0] * self.scale) - self.left - 3),
            max(0, round((box[1] - above) * self.scale) - self.top - 3),
            min(self.width, round(box[2] * self.scale) - self.left + 3),
            min(self.height, round((box[3] - above) * self.scale) - self.top + 3),
        )

    def holds(self, box: Box, above: float) -> bool:
        """Whether a box of the page lies in it."""
        across = self.left <= box[0] * self.scale and box[2] * self.scale <= self.left + self.width
        return across and self.top <= (box[1] - above) * self.scale and (box[3] - above) * self.scale <= self.top + self.height


class _Heading(NamedTuple):
    page: int
    top: float
    bottom: float


class _Pages(ABC):
    """What PDF pages and photographs have in common: strips cut from a page, kept by page and extent."""

    def __init__(self, document: Document | None, count: int) -> None:
        self.count = count
        self._document = document
        self._lines: dict[int, set[tuple[float, float]]] = {}
        self._strips: dict[tuple[int, float, float, _Heading | None, bool], _Strip] = {}

    def close(self) -> None:
        self._strips.clear()

    @abstractmethod
    def size(self, page: int) -> tuple[float, float]: ...

    @abstractmethod
    def scale(self, page: int, height: float) -> float:
        """Pixels per unit of the page for a strip of this height."""

    @abstractmethod
    def cut(self, page: int, top: float, bottom: float, scale: float) -> Image.Image:
        """The strip over the page's full width."""

    def around(self, box: Box) -> float:
        return AROUND

    def crop(self, evidence: Evidence) -> PageCrop | None:
        page = evidence.page or 0
        if not 1 <= page <= self.count:
            return None
        try:
            return self._crop(page, evidence.bbox, evidence.quote)
        except (pypdfium2.PdfiumError, OSError, ValueError, MemoryError, Image.DecompressionBombError, SyntaxError):
            return None

    def _crop(self, page: int, box: Box | None, quote: str) -> PageCrop | None:
        width, height = self.size(page)
        if not (width > 0 and height > 0):
            return None
        top, bottom, heading = 0.0, height, None
        if box is not None:
            if not (box[0] < width and box[2] > 0 and box[1] < height and box[3] > 0):
                return None
            margin = self.around(box)
            grid = GRID * margin / AROUND
            top = max(0.0, (box[1] - margin) // grid * grid)
            bottom = min(height, -((-box[3] - margin) // grid) * grid)
            top, bottom = self._whole_lines(page, top, bottom)
            heading = self._heading(page, box)
            if heading and heading.page == page and heading.bottom + 2 * margin >= top:
                top, heading = min(top, heading.top - 2), None
            top, bottom = max(0.0, top), min(height, bottom)
        strip = self._strip(page, top, bottom, heading, trim=True)
        if box is not None and not strip.holds(box, top):  # an empty field beside everything printed
            strip = self._strip(page, top, bottom, heading, trim=False)
        frames = [strip.frame(piece, top) for piece in self._pieces(page, box, quote)] if box else []
        boxes = tuple(frame for frame in frames if frame[0] < frame[2] and frame[1] < frame[3])
        if box is not None and not boxes:
            return None
        return PageCrop(
            data=strip.data, media=strip.media, width=strip.width, height=strip.height, boxes=boxes, page=page, pages=self.count
        )

    def _pieces(self, page: int, box: Box, quote: str) -> list[Box]:
        """The box, or one for each line where the words wrap: the box around a number that wraps would frame two whole lines."""
        document = self._document
        for entry in document.pages if document is not None and document.paged else ():
            if document is None or entry.number != page:
                continue
            for start, end in spans(document.text[entry.start : entry.end], quote, most=50):
                found = document.box(entry.start + start, entry.start + end)
                if found and found[0] == page and all(abs(a - b) < 1.5 for a, b in zip(found[1], box, strict=True)):
                    pieces = document.boxes(entry.start + start, entry.start + end)
                    return [piece for on, piece in pieces if on == page]
        return [box]

    def _strip(self, page: int, top: float, bottom: float, heading: _Heading | None, *, trim: bool) -> _Strip:
        key = (page, top, bottom, heading, trim)
        if key not in self._strips:
            scale = self.scale(page, bottom - top)
            image, above = self._covered(page, top, bottom, scale), 0
            if heading:
                head = self._covered(*heading, scale)
                above = head.height + GAP
                both = Image.new("RGB", (max(head.width, image.width), above + image.height), "white")
                both.paste(head, (0, 0))
                both.paste(image, (0, above))
                image = both
            image, left, up = _trim(image) if trim else (image, 0, 0)
            if heading:
                ImageDraw.Draw(image).rectangle((0, above - GAP - up, image.width, above - 1 - up), fill=(214, 220, 228))
            data, media = _encode(image)
            self._strips[key] = _Strip(data, media, image.width, image.height, left, up - above, scale)
        return self._strips[key]

    def _covered(self, page: int, top: float, bottom: float, scale: float) -> Image.Image:
        """A strip with the personal numbers in it painted over."""
        image = self.cut(page, top, bottom, scale)
        paint = ImageDraw.Draw(image)
        for x0, y0, x1, y1 in self._personal(page, top, bottom):
            paint.rectangle((x0 * scale, (y0 - top) * scale - 1, x1 * scale, (y1 - top) * scale + 1), fill=(150, 150, 150))
        return image

    def _heading(self, page: int, box: Box) -> _Heading | None:
        """Where the rows stand that head the column a box is in: without them 119 is no number of anything.

        A table that goes on from the page before has them there.
        """
        document = self._document
        if document is None:
            return None
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        before: list[Table] = []
        for table in document.tables:
            if table.page == page and _inside(table.box, x, y):
                cell = next((cell for cell in table.cells if _inside(cell.box, x, y)), None)
                return self._headed(document, table, cell, before) if cell else None
            before.append(table)
        return None

    def _headed(self, document: Document, table: Table, cell: Cell, before: list[Table]) -> _Heading | None:
        rows = headings(document, table, cell, cell.row)
        boxes = [head.box for head in table.cells if head.row in rows and head.box]
        if boxes:
            return _Heading(table.page, min(b[1] for b in boxes) - 1, max(b[3] for b in boxes) + 1)
        if not before:
            return None
        last = before[-1]
        if last.page != table.page - 1 or last.n_cols != table.n_cols or not _alike(last.box, table.box):
            return None
        below = cell._replace(row=last.n_rows)
        return self._headed(document, last, below, before[:-1])

    def _whole_lines(self, page: int, top: float, bottom: float) -> tuple[float, float]:
        """The extent moved outwards so that it cuts through no line of text."""
        if page not in self._lines:
            document, lines = self._document, set[tuple[float, float]]()
            if document is not None and document.paged:
                ends = zip(document.run_page, document.run_top, document.run_bottom, strict=True)
                lines = {(up, down) for on, up, down in ends if on == page and up < down}
            self._lines[page] = lines
        cut_above = [up for up, down in self._lines[page] if up < top < down]
        cut_below = [down for up, down in self._lines[page] if up < bottom < down]
        return min([top, *(up - 2 for up in cut_above)]), max([bottom, *(down + 2 for down in cut_below)])

    def _personal(self, page: int, top: float, bottom: float) -> Iterable[Box]:
        document = self._document
        if document is None or not document.paged:
            return
        for entry in document.pages:
            if entry.number == page:
                words = document.text[entry.start : entry.end]
                hidden = ("*" if m != c else " " for c, m in zip(words, mask(words), strict=True))
                for match in re.finditer(r"\*+", "".join(hidden)):
                    boxes = document.boxes(entry.start + match.start(), entry.start + match.end())
                    yield from (box for on, box in boxes if on == page and box[3] > top and box[1] < bottom)


class _PdfPages(_Pages):
    def __init__(self, data: bytes, document: Document | None) -> None:
        self._pdf: Any = pypdfium2.PdfDocument(data)
        # Without its form environment pdfium leaves filled-in fields blank.
        if self._pdf.get_formtype():
            self._pdf.init_forms()
        super().__init__(document, len(self._pdf))

    def close(self) -> None:
        super().close()
        self._pdf.close()

    def size(self, page: int) -> tuple[float, float]:
        width, height = self._pdf.get_page_size(page - 1)
        return float(width), float(height)

    def scale(self, page: int, height: float) -> float:
        scale = (DPI if height <= TALL else 72) / 72
        if self.size(page)[0] * height * scale * scale > MAX_PIXELS:
            raise ValueError("page too large to picture")
        return scale

    def cut(self, page: int, top: float, bottom: float, scale: float) -> Image.Image:
        sheet = self._pdf[page - 1]
        try:
            bitmap = sheet.render(scale=scale, crop=(0, self.size(page)[1] - bottom, 0, top))
            image: Image.Image = bitmap.to_pil().convert("RGB")
            bitmap.close()
        finally:
            sheet.close()
        return image


class _PhotoPages(_Pages):
    """An image file: its pixels after EXIF rotation are the page's units."""

    def __init__(self, data: bytes, document: Document | None) -> None:
        self._image = Image.open(io.BytesIO(data))
        super().__init__(document, getattr(self._image, "n_frames", 1))
        self._frame: tuple[int, Image.Image] = (0, self._image)

    def _at(self, page: int) -> Image.Image:
        if self._frame[0] != page:
            self._image.seek(page - 1)
            if self._image.width * self._image.height > 4 * MAX_PIXELS:
                raise ValueError("photograph too large to picture")
            self._frame = (page, ImageOps.exif_transpose(self._image).convert("RGB"))
        return self._frame[1]

    def size(self, page: int) -> tuple[float, float]:
        frame = self._at(page)
        return float(frame.width), float(frame.height)

    def around(self, box: Box) -> float:
        return max(1.5 * (box[3] - box[1]), 24.0)

    def scale(self, page: int, height: float) -> float:
        return min(1.0, 1000 / self._at(page).width)

    def cut(self, page: int, top: float, bottom: float, scale: float) -> Image.Image:
        frame = self._at(page)
        strip = frame.crop((0, int(top), frame.width, int(bottom)))
        if scale < 1:
            strip = strip.resize((round(strip.width * scale), max(2, round(strip.height * scale))), Image.Resampling.LANCZOS)
        return strip


class _OfdPages(_Pages):
    """An OFD's pages as we draw them; the first strip of a page pays for the whole of it."""

    def __init__(self, data: bytes, document: Document | None, font: str) -> None:
        self._opened = ofd.opened(data)
        self._font = font
        self._drawn: dict[tuple[int, float], Image.Image] = {}
        super().__init__(document, len(self._opened.raws))

    def close(self) -> None:
        super().close()
        self._drawn.clear()

    def size(self, page: int) -> tuple[float, float]:
        raw = self._opened.raws[page - 1]
        return raw.width, raw.height

    def scale(self, page: int, height: float) -> float:
        return (DPI if height <= TALL else 72) / 72

    def cut(self, page: int, top: float, bottom: float, scale: float) -> Image.Image:
        if (page, scale) not in self._drawn:
            sheet = ofd_picture.draw(self._opened, page, scale=scale, font=self._font)
            if sheet is None:
                raise ValueError("page cannot be pictured")
            if len(self._drawn) >= DRAWN:
                self._drawn.clear()
            self._drawn[page, scale] = sheet
        sheet = self._drawn[page, scale]
        return sheet.crop((0, int(top * scale), sheet.width, max(int(top * scale) + 1, int(bottom * scale))))


def _open(data: bytes, kind: Format, document: Document | None, font: str = "") -> _Pages | None:
    try:
        if kind is Format.OFD:
            return _OfdPages(data, document, font)
        if kind is Format.PDF:
            return _PdfPages(data, document)
        if kind is Format.IMAGE:
            return _PhotoPages(data, document)
    except (pypdfium2.PdfiumError, OSError, ValueError, Image.DecompressionBombError, SyntaxError, RefusedError):
        return None
    return None


def _inside(box: Box | None, x: float, y: float) -> bool:
    return box is not None and box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _alike(one: Box | None, other: Box | None) -> bool:
    """Whether two tables have the same sides."""
    return one is not None and other is not None and abs(one[0] - other[0]) < 3 and abs(one[2] - other[2]) < 3


def _trim(image: Image.Image) -> tuple[Image.Image, int, int]:
    """Without the white around what is printed, and how many pixels went on the left and at the top."""
    ink = ImageChops.invert(image.convert("L")).point([0] * 24 + [255] * 232).getbbox()
    if ink is None:
        return image, 0, 0
    left, top = max(0, ink[0] - MARGIN), max(0, ink[1] - MARGIN)
    right, bottom = min(image.width, ink[2] + MARGIN), min(image.height, ink[3] + MARGIN)
    return image.crop((left, top, right, bottom)), left, top


def _encode(image: Image.Image) -> tuple[bytes, str]:
    """A PNG of few colours; a JPEG where that is smaller, as it is for photographs and scans.

    Sixteen even greys take no search for a palette, which costs more than rendering the strip does.
    """
    grey = max(high for _, high in _differences(image)) < 24
    png = io.BytesIO()
    if grey:
        few = image.convert("L").point([min(255, level + 8) // 16 for level in range(256)])
        few.putpalette([level * 17 for level in range(16) for _ in range(3)])
        few.save(png, "PNG", bits=4, compress_level=6)
    else:
        image.quantize(40, method=Image.Quantize.FASTOCTREE).save(png, "PNG", compress_level=6)
    if png.tell() < 40_000:
        return png.getvalue(), "image/png"
    jpeg = io.BytesIO()
    (image.convert("L") if grey else image).save(jpeg, "JPEG", quality=55, optimize=True)
    return (jpeg.getvalue(), "image/jpeg") if jpeg.tell() < png.tell() else (png.getvalue(), "image/png")


def _differences(image: Image.Image) -> list[tuple[int, int]]:
    red, green, blue = image.split()
    pairs = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return [(int(low), int(high)) for low, high in (pair.getextrema() for pair in pairs)]  # type: ignore[arg-type]
