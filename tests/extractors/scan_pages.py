"""Pages drawn for the tests of scans: known words at known places, 150 dots to the inch."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from extractors.readers.scan_reading import Leaf, Line, PageReading, Pixels
from fixtures.to_pdf import FONT
from schemas.document import Document, Page
from schemas.vocabulary import Format, Outcome

WIDE, TALL = 1240, 1754


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def page(*words: tuple[int, int, str], size: int = 24, wide: int = WIDE, tall: int = TALL) -> Image.Image:
    """A white page with ``words`` at (x, y)."""
    picture = Image.new("RGB", (wide, tall), "white")
    draw = ImageDraw.Draw(picture)
    for x, y, text in words:
        draw.text((x, y), text, font=font(size), fill=(20, 20, 20))
    return picture


def form(rows: list[list[str]], *, left: int = 150, top: int = 200, wide: int = 240, high: int = 52) -> Image.Image:
    """A ruled table; ``rows`` of equal length."""
    picture = page()
    draw = ImageDraw.Draw(picture)
    right, bottom = left + wide * len(rows[0]), top + high * len(rows)
    for k in range(len(rows) + 1):
        draw.line((left, top + k * high, right, top + k * high), fill="black", width=2)
    for k in range(len(rows[0]) + 1):
        draw.line((left + k * wide, top, left + k * wide, bottom), fill="black", width=2)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            draw.text((left + j * wide + 14, top + i * high + 13), text, font=font(24), fill=(20, 20, 20))
    return picture


def pixels(picture: Image.Image) -> Pixels:
    return Pixels(picture.width, picture.height, picture.convert("RGB").tobytes())


def blank(*, wide: float = 595.2, tall: float = 841.92, pages: int = 1) -> Document:
    """A PDF of scans, before they are read."""
    text = "\f" * (pages - 1)
    whole = tuple(Page(k + 1, wide, tall, k, k, readable=False, image_share=1.0) for k in range(pages))
    return Document(format=Format.PDF, outcome=Outcome.PARTIAL, message="", text=text, pages=whole)


def line(text: str, left: float, top: float, *, step: float = 24.0, sure: float = 0.99) -> Line:
    xs = tuple(x for k in range(len(text)) for x in (left + k * step, left + (k + 1) * step))
    return Line(text, top, top + 1.2 * step, xs, (sure,) * len(text))


def reading(
    *lines: Line, wide: int = WIDE, tall: int = TALL, back: tuple[float, ...] = (1, 0, 0, 0, 1, 0), turn: int = 0
) -> PageReading:
    across, down = (tall, wide) if turn in (90, 270) else (wide, tall)
    a, b, c, d, e, f = back
    return PageReading(wide, tall, "test", (Leaf(across, down, (a, b, c, d, e, f), turn, 0.0, lines, (), ()),))


def colours(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), np.uint8)
