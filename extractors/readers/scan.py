"""Scans and photographs in three steps: ``render`` a page, ``recognise`` its picture, ``assemble`` the document.

Each step is a pure function of what it is given, so that each can run where it must: rendering beside the parser, recognition in a warm worker
that gets pixels only, assembly anywhere. Recognition is by far the dearest; its result depends on ``Pixels.digest``, the engine's ``id`` and
``SETTINGS`` alone, which is what a cache goes by. OpenCV is loaded by ``recognise`` alone.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ocr import Engine
from extractors.readers.scan_assemble import assemble
from extractors.readers.scan_layer import Seen, agrees
from extractors.readers.scan_reading import VERSION, PageReading, Pixels
from schemas.document import Box, Document, Page
from schemas.vocabulary import Format, WarningCode

__all__ = ["SETTINGS", "PageReading", "Pixels", "Seen", "agrees", "assemble", "look", "needs", "recognise", "render"]

#: Names the settings a reading was made with, for caches.
SETTINGS: Final = f"scan/{VERSION}"
#: A page is drawn at the resolution of the scan it holds, within these.
COARSEST, FINEST = 150, 220
#: The most pixels a picture is drawn or shrunk to.
MOST_PIXELS: Final = 24_000_000


def needs(document: Document) -> tuple[int, ...]:
    """The pages that a picture has to be read for: no text layer to trust, and not over a limit."""
    over = {w.page for w in document.warnings if w.code == WarningCode.OVER_LIMIT_PART}
    return tuple(p.number for p in document.pages if not p.readable and p.number not in over)


def render(data: bytes, page: int, *, file_format: Format, dpi: int | None = None, limits: Limits = DEFAULT) -> Pixels:
    """One page (1-based) of a PDF, an OFD or an image as displayed. Raises ``RefusedError`` where it cannot be drawn within the limits.

    A scanned PDF page is drawn at the resolution of its own picture, so that nothing is lost or invented.
    """
    if file_format is Format.IMAGE:
        from extractors.readers import images

        return Pixels(*images.frame(data, page, limits=limits, most=MOST_PIXELS))
    if file_format is Format.OFD:
        from extractors.readers import ofd_picture

        return Pixels(*ofd_picture.pixels(data, page, most=MOST_PIXELS, dpi=dpi, limits=limits))
    return _render_pdf(data, page, dpi)


def _render_pdf(data: bytes, number: int, dpi: int | None) -> Pixels:
    import pypdfium2

    head = max(0, data.find(b"%PDF-"))
    document = pypdfium2.PdfDocument(data[head:])
    try:
        page = document[number - 1]
        wide, tall = page.get_size()
        scale = (dpi or _own_dpi(page, wide)) / 72
        scale = min(scale, (MOST_PIXELS / max(1.0, wide * tall)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=True)
        rgb = bitmap.to_numpy()
        if rgb.ndim == 2 or rgb.shape[2] == 1:
            rgb = np.repeat(rgb.reshape(*rgb.shape[:2], 1), 3, axis=2)
        rgb = np.ascontiguousarray(rgb[:, :, :3])
        return Pixels(rgb.shape[1], rgb.shape[0], rgb.tobytes())
    finally:
        document.close()


def _own_dpi(page: Any, wide: float) -> float:
    """The resolution of the largest picture on the page, rounded into what reading needs."""
    best, area = 0.0, 0.0
    for item in page.get_objects(max_depth=3):
        if item.type != 3:
            continue
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > area and right > left:
            area = (right - left) * (top - bottom)
            best = max(item.get_px_size()) / max(right - left, top - bottom) * 72
    # Some scanners give pages in pixels as if they were points; A4's width is what the text goes by then.
    usual = wide / 595 if wide > 1300 else 1.0
    return min(max(best, COARSEST / usual), FINEST / usual)


def recognise(pixels: Pixels, engine: Engine) -> PageReading:
    """What a page's picture says. Takes seconds; everything else takes milliseconds."""
    from extractors.readers import scan_recognise

    return scan_recognise.recognise(pixels, engine)


def look(pixels: Pixels, page: Page, boxes: Sequence[Box], engine: Engine) -> tuple[Seen, ...]:
    """What the picture of a page with a text layer shows at a few places; ``agrees`` compares it with the layer's words."""
    from extractors.readers import scan_recognise

    return scan_recognise.look(pixels, page, boxes, engine)
