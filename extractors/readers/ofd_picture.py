"""An OFD page as a picture: its own pictures, lines and shown words where they stand, in whatever Chinese font this machine has.

A reconstruction, good enough to find a place on the page and to recognise a scanned page's picture; fonts, colours and curves are not the file's.
Words nobody can see are not drawn. Where a seal is placed stands a frame that says it was not verified.
"""

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from extractors.readers.layout import LOOSE
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ofd import Opened, Seal, opened
from extractors.readers.ofd_page import ASCENT
from extractors.readers.refusal import CORRUPT, RefusedError, refuse
from schemas.vocabulary import Outcome

#: Where systems keep a font with Chinese, the commonest first.
FONTS: Final = (
    "C:/Windows/Fonts/simsun.ttc", "C:/Windows/Fonts/msyh.ttc", "/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/STHeiti Light.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/truetype/arphic/uming.ttc",
)  # fmt: skip
FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")
PATTERNS: Final = (
    "NotoSansCJK*",
    "NotoSerifCJK*",
    "SourceHan*",
    "wqy*",
    "*simsun*",
    "*SimSun*",
    "FandolSong*",
    "DroidSansFallback*",
)
SEAL_INK: Final = (190, 30, 30)
MAX_PIXELS: Final = 60_000_000
LEAST_DPI, MOST_DPI = 150.0, 300.0


@cache
def system_font() -> str:
    """A font file with Chinese that this machine has; empty where there is none."""
    found = (path for folder in FOLDERS for pattern in PATTERNS for path in sorted(Path(folder).rglob(pattern)))
    readable = (str(path) for path in (*map(Path, FONTS), *found) if path.suffix in (".ttf", ".ttc", ".otf") and path.is_file())
    return next(readable, "")


def pixels(
    data: bytes, number: int, *, most: int = MAX_PIXELS, dpi: int | None = None, limits: Limits = DEFAULT
) -> tuple[int, int, bytes]:
    """A scanned page's width, height and RGB, for recognition: its pictures at their own resolution, without anything we add.

    Raises ``RefusedError`` where there is nothing to draw.
    """
    found = opened(data, limits)
    if not 1 <= number <= len(found.raws):
        refuse(Outcome.CORRUPT, CORRUPT)
    raw = found.raws[number - 1]
    scale = (dpi or _own_dpi(found, number)) / 72
    scale = min(scale, (min(most, MAX_PIXELS) / max(1.0, raw.width * raw.height)) ** 0.5 * 0.999)
    image = draw(found, number, scale=scale, bare=True)
    if image is None:
        refuse(Outcome.LIMIT, "页面过大或过小，无法绘制。请拆分或缩小后重新上传。")
    return image.width, image.height, image.tobytes()


def _own_dpi(found: Opened, number: int) -> float:
    """The resolution of the page's largest picture, within what recognition needs."""
    best = area = 0.0
    for path, (x0, top, x1, bottom) in found.pictures[number - 1]:
        picture = _embedded(found, path) if (x1 - x0) * (bottom - top) > area and x1 > x0 else None
        if picture is not None:
            best, area = picture.width / (x1 - x0) * 72, (x1 - x0) * (bottom - top)
    return min(max(best, LEAST_DPI), MOST_DPI)


def draw(found: Opened, number: int, *, scale: float, font: str = "", bare: bool = False) -> Image.Image | None:
    """Page ``number`` (1-based) at ``scale`` pixels a point; None where it shows words and there is no font to draw them with.

    ``bare`` is for recognition: words as far as there is a font, and no frames where seals are placed.
    """
    raw = found.raws[number - 1]
    size = (round(raw.width * scale), round(raw.height * scale))
    font = font or system_font()
    shown = [piece for piece in raw.pieces if not piece.hidden]
    if min(size) < 1 or size[0] * size[1] > MAX_PIXELS or (shown and not font and not bare):
        return None
    image = Image.new("RGB", size, "white")
    for path, (x0, top, x1, bottom) in found.pictures[number - 1]:
        _paste(image, _embedded(found, path), (x0 * scale, top * scale, x1 * scale, bottom * scale))
    paint = ImageDraw.Draw(image)
    for rule in raw.across:
        paint.line((rule.low * scale, rule.at * scale, rule.high * scale, rule.at * scale), fill="black")
    for rule in raw.down:
        paint.line((rule.at * scale, rule.low * scale, rule.at * scale, rule.high * scale), fill="black")
    for piece in shown if font else ():
        high = (piece.bottom - piece.top) / LOOSE
        face = _face(font, max(4, round(high * scale)))
        for char, x in zip(piece.text, piece.x0, strict=True):
            paint.text((x * scale, (piece.top + ASCENT * high) * scale), char, font=face, fill="black", anchor="ls")
    if not bare:
        _seals(paint, (seal for seal in found.seals if seal.page == number), scale, font)
    return image


@cache
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, size)


def _embedded(found: Opened, path: str) -> Image.Image | None:
    """None where the picture is of a kind Pillow does not know (JBIG2) or is damaged: the page is drawn without it."""
    try:
        picture = Image.open(io.BytesIO(found.picture(path)))
        if picture.width * picture.height > MAX_PIXELS:
            return None
        return picture.convert("RGBA")
    except (RefusedError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _paste(image: Image.Image, picture: Image.Image | None, box: tuple[float, float, float, float]) -> None:
    wide, high = round(box[2] - box[0]), round(box[3] - box[1])
    if picture is None or not (0 < wide <= 2 * image.width + 2 and 0 < high <= 2 * image.height + 2):
        return
    placed = picture.resize((wide, high), Image.Resampling.LANCZOS)
    image.paste(placed, (round(box[0]), round(box[1])), placed)


def _seals(paint: ImageDraw.ImageDraw, seals: Iterable[Seal], scale: float, font: str) -> None:
    for seal in seals:
        if seal.box is None:
            continue
        x0, top, x1, bottom = (v * scale for v in seal.box)
        if x0 >= x1 or top >= bottom:
            continue
        paint.ellipse((x0, top, x1, bottom), outline=SEAL_INK, width=2)
        if font:
            size = max(6, round((x1 - x0) / 9))
            paint.text(
                ((x0 + x1) / 2, (top + bottom) / 2),
                "电子签章\n（未验证）",
                font=_face(font, size),
                fill=SEAL_INK,
                anchor="mm",
                align="center",
            )
