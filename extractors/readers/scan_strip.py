"""A strip of a page as displayed, for looking at a few places of it: a whole page at this resolution costs many times as much."""

from extractors.readers.refusal import refuse
from extractors.readers.scan_reading import Pixels
from schemas.document import Box
from schemas.vocabulary import Format, Outcome

#: The most pixels a strip may have.
MOST_PIXELS = 24_000_000


def strip(data: bytes, page: int, box: Box, *, file_format: Format, dpi: int) -> Pixels:
    """The part of page ``page`` (1-based) inside ``box``, in points from the page's top left corner; ``box`` lies on the page.

    Only PDF: an OFD page is drawn here from the very words it would be compared with. Raises ``RefusedError`` where nothing can be drawn.
    """
    if file_format is not Format.PDF:
        refuse(Outcome.UNSUPPORTED, "此格式没有可供核对的画面。")
    import pypdfium2

    head = max(0, data.find(b"%PDF-"))
    document = pypdfium2.PdfDocument(data[head:])
    try:
        document.init_forms()  # without it a filled-in field is drawn empty
        drawn = document[page - 1]
        wide, tall = drawn.get_size()
        left, top, right, bottom = box
        scale = min(dpi / 72, (MOST_PIXELS / max(1.0, (right - left) * (bottom - top))) ** 0.5)
        crop = (left, max(0.0, tall - bottom), max(0.0, wide - right), top)
        bitmap = drawn.render(scale=scale, crop=crop, rev_byteorder=True, prefer_bgrx=True, may_draw_forms=True)
        rgb = bitmap.to_numpy()[:, :, :3]
        return Pixels(rgb.shape[1], rgb.shape[0], rgb.tobytes())
    except pypdfium2.PdfiumError:
        refuse(Outcome.CORRUPT, "此页无法绘制。")
    finally:
        document.close()
