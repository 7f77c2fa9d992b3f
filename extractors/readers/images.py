"""Photographs and image files: JPEG, PNG, TIFF with several pages, BMP, WebP, GIF. Read as pages that a scan reader has to read.

Sizes are told before a pixel is decoded. A photograph's pixels are those after its EXIF rotation: what every viewer shows.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, over, refuse
from schemas.document import Document, Page, ReaderWarning
from schemas.vocabulary import Format, Outcome, WarningCode

FORMATS: Final = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF")
ORIENTATION: Final = 274
#: Kinds whose further frames are motion, not pages.
ANIMATED: Final = ("GIF", "WEBP", "PNG")
#: EXIF values whose pictures lie on their side.
SIDEWAYS: Final = (5, 6, 7, 8)


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The image's pages with their sizes in pixels, none of them readable yet. May raise ``RefusedError``."""
    pages = []
    with _opened(data) as picture:
        count = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
        if count > limits.pdf_pages:
            refuse(Outcome.LIMIT, over("页数", count, limits.pdf_pages))
        warnings: tuple[ReaderWarning, ...] = ()
        if picture.format in ANIMATED:
            if count > 1:
                warnings = (ReaderWarning(WarningCode.OVER_LIMIT_PART, f"动态图片共 {count} 帧，只读取第一帧"),)
            count = 1
        for number in range(1, count + 1):
            picture.seek(number - 1)
            wide, tall = _size(picture, limits)
            pages.append(Page(number, float(wide), float(tall), 0, 0, readable=False, image_share=1.0))
        about = (("format", str(picture.format)),)
    text = "\f" * (len(pages) - 1)
    pages = [p._replace(start=k, end=k) for k, p in enumerate(pages)]
    return Document(
        format=Format.IMAGE,
        outcome=Outcome.PARTIAL,
        message="图片，尚未识别文字，请人工查看。",
        text=text,
        pages=tuple(pages),
        about=about,
        warnings=warnings,
    )


def frame(data: bytes, page: int, *, limits: Limits = DEFAULT, most: int) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of one page (1-based), shrunk to at most ``most`` pixels. May raise ``RefusedError``."""
    with _opened(data) as picture:
        try:
            picture.seek(page - 1)
            wide, tall = _size(picture, limits)
            if picture.format == "JPEG" and wide * tall > 4 * most:
                picture.draft("RGB", (wide // 2, tall // 2))
            upright = ImageOps.exif_transpose(picture) or picture
            rgb = _on_white(upright)
        except (OSError, ValueError, SyntaxError, EOFError):
            refuse(Outcome.CORRUPT, CORRUPT)
    if rgb.width * rgb.height > most:
        ratio = (most / (rgb.width * rgb.height)) ** 0.5
        rgb = rgb.resize(
            (max(1, int(rgb.width * ratio)), max(1, int(rgb.height * ratio))), Image.Resampling.LANCZOS, reducing_gap=2.0
        )
    return rgb.width, rgb.height, rgb.tobytes()


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        refuse(Outcome.CORRUPT, CORRUPT)
    except Image.DecompressionBombError:
        refuse(Outcome.LIMIT, "图像像素过多，请缩小后重新上传。")
    with picture:
        yield picture


def _size(picture: Image.Image, limits: Limits) -> tuple[int, int]:
    """As displayed."""
    wide, tall = picture.size
    if wide * tall > limits.picture_pixels:
        refuse(Outcome.LIMIT, over("图像像素", wide * tall, limits.picture_pixels))
    if wide < 1 or tall < 1:
        refuse(Outcome.CORRUPT, CORRUPT)
    try:
        turned = picture.getexif().get(ORIENTATION) in SIDEWAYS
    except (OSError, ValueError, SyntaxError):
        turned = False
    return (tall, wide) if turned else (wide, tall)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    if picture.mode in ("I;16", "I;16B", "I", "F"):
        high = picture.convert("I").getextrema()[1]
        top = float(high if isinstance(high, int | float) else 255) or 255.0
        return picture.convert("F").point(lambda v: v * 255 / top).convert("L").convert("RGB")
    return picture.convert("RGB")
