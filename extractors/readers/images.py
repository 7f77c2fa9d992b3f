"""Photographs and image files: JPEG, PNG, TIFF with several pages, BMP, WebP, GIF. Read as pages that a scan reader has to read.

Sizes are told before a pixel is decoded. A photograph's pixels are those after its EXIF rotation: what every viewer shows.
Whether a file is whole its own end tells; only one that ends oddly is decoded to be sure, since decoding is what costs.
"""

import io
import struct
import warnings
import zipfile
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
#: All pages of one file together, in pages at their own limit.
ALL_PAGES: Final = 20
#: Kinds whose further frames are motion, not pages.
ANIMATED: Final = ("GIF", "WEBP", "PNG")
#: What Pillow lets out on damaged files, besides its own kind.
BROKEN: Final = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError,
    RuntimeError, struct.error, zipfile.BadZipFile,
)  # fmt: skip
#: What a picture may have been glued to: a program would see another file there than a person does.
GLUED: Final = (
    (b"PK\x05\x06", "压缩包"),
    (b"%PDF-", "PDF"),
    (b"<script", "网页代码"),
    (b"<?php", "程序代码"),
    (b"Rar!\x1a\x07", "压缩包"),
)
#: EXIF values whose pictures lie on their side.
SIDEWAYS: Final = (5, 6, 7, 8)


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The image's pages with their sizes in pixels, none of them readable yet. May raise ``RefusedError``."""
    with _opened(data) as picture:
        try:
            pages, noted = _pages(picture, limits)
            whole = _whole(picture, data)
        except BROKEN:
            refuse(Outcome.CORRUPT, CORRUPT)
        about = (("format", str(picture.format)),)
    if not whole:
        _decoded(data)
    noted += [
        ReaderWarning(WarningCode.EMBEDDED_FILE, f"图片文件中还附有{what}，未读取，请将其单独提交。") for what in _glued(data)
    ]
    text = "\f" * (len(pages) - 1)
    pages = [p._replace(start=k, end=k) for k, p in enumerate(pages)]
    return Document(
        format=Format.IMAGE,
        outcome=Outcome.PARTIAL,
        message="图片，尚未识别文字，请人工查看。",
        text=text,
        pages=tuple(pages),
        about=about,
        warnings=tuple(noted),
    )


def _pages(picture: Image.Image, limits: Limits) -> tuple[list[Page], list[ReaderWarning]]:
    count = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
    if count > limits.pdf_pages:
        refuse(Outcome.LIMIT, over("页数", count, limits.pdf_pages))
    noted: list[ReaderWarning] = []
    if picture.format in ANIMATED:
        if count > 1:
            noted = [ReaderWarning(WarningCode.OVER_LIMIT_PART, f"动态图片共 {count} 帧，只读取第一帧")]
        count = 1
    pages, spent = [], 0
    for number in range(1, count + 1):
        picture.seek(number - 1)
        wide, tall = _size(picture, limits)
        spent += wide * tall
        if spent > limits.picture_pixels * ALL_PAGES:
            refuse(Outcome.LIMIT, over("各页图像像素合计", f"{spent} 以上", limits.picture_pixels * ALL_PAGES))
        pages.append(Page(number, float(wide), float(tall), 0, 0, readable=False, image_share=1.0))
    return pages, noted


#: Tags of EXIF that tell what a picture was made with, and when.
TAGS: Final = {271: "camera_maker", 272: "camera", 305: "producer", 306: "modified", 36867: "created", 42033: "camera_serial"}
_MORE: Final = 0x8769


def _taken(picture: Image.Image) -> tuple[tuple[str, str], ...]:
    try:
        exif = picture.getexif()
        told = {**exif, **exif.get_ifd(_MORE)}
    except BROKEN:
        return ()
    words = {name: str(told[tag]).strip("\0 ")[:200] for tag, name in TAGS.items() if isinstance(told.get(tag), str | bytes)}
    return tuple((name, said) for name, said in words.items() if said)


def _whole(picture: Image.Image, data: bytes) -> bool:
    """Whether the file ends as its kind does. An end is looked for after the last picture begins: thumbnails have ends of their own."""
    if picture.format in ("JPEG", "MPO"):
        return data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda") >= 0
    if picture.format == "PNG":
        return data.rfind(b"IEND\xaeB`\x82") > data.rfind(b"IDAT") >= 0 and _checked(data)
    if picture.format == "GIF":
        return data.rstrip(b"\0")[-1:] == b";"
    if picture.format == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    return False


def _checked(data: bytes) -> bool:
    """Whether a PNG's chunks follow one another up to its end."""
    at = 8
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"IEND":
            return True
        at += 12 + size
    return False


def _decoded(data: bytes) -> None:
    """Raises ``RefusedError`` where the first picture cannot be decoded to its end."""
    with _opened(data) as picture:
        try:
            picture.load()
        except BROKEN:
            refuse(Outcome.CORRUPT, CORRUPT)


def _glued(data: bytes) -> Iterator[str]:
    """Other files within or behind the picture; of a ZIP its end says so, and it must open."""
    for mark, what in dict(GLUED).items():
        if mark in data and (mark[:2] != b"PK" or zipfile.is_zipfile(io.BytesIO(data))):
            yield what


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
        except BROKEN:
            refuse(Outcome.CORRUPT, CORRUPT)
    if rgb.width * rgb.height > most:
        ratio = (most / (rgb.width * rgb.height)) ** 0.5
        rgb = rgb.resize(
            (max(1, int(rgb.width * ratio)), max(1, int(rgb.height * ratio))), Image.Resampling.LANCZOS, reducing_gap=2.0
        )
    return rgb.width, rgb.height, rgb.tobytes()


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sizes are judged here, by our own limits; odd tags are nobody's news
        try:
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        except Image.DecompressionBombError:
            refuse(Outcome.LIMIT, "图像像素过多，请缩小后重新上传。")
        except (UnidentifiedImageError, *BROKEN):
            refuse(Outcome.CORRUPT, CORRUPT)
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
    except BROKEN:
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
