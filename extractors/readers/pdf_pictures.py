"""The pictures on a PDF's pages: how each looks, and whether a small one is laid over a page's own picture.

A scanned page is one picture. A second, no larger than a few figures of its print, set onto it is told, whatever it shows; scanners that part a page into layers
or strips leave many of them, or see-through ones, and are let alone.
"""

import ctypes
from typing import Any, Final, NamedTuple

from PIL import Image

from extractors.readers import looks
from schemas.document import MOST_LOOKS, Box, Edit, Look

#: Pictures of one file that are looked at, and bytes of one; a picture in no JPEG is unpacked whole, so only smaller ones.
MOST: Final = 120
BYTES: Final = 60 << 20
UNPACKED: Final = 3_000_000
#: A page's own picture covers so much of it.
WHOLE: Final = 0.8
#: A patch is no taller than two lines of print and no wider than a line, in points, and there are no more than so many on a page.
TALL, WIDE, FEW = (5.0, 26.0), (6.0, 320.0), 4
PATCH: Final = "小幅图片盖在整页图像上"


class Drawn(NamedTuple):
    """A picture object: its address, its place on the page as displayed, its pixels."""

    handle: int
    box: Box
    pixels: int


class Pictures:
    """What one file's pictures look like; the same bytes are decoded once."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._known: dict[bytes, Look | None] = {}
        self._kept = 0

    def looks(self, drawn: list[Drawn], page: int) -> list[Look]:
        found = []
        for picture in drawn[:MOST]:
            if self._kept >= MOST_LOOKS:
                break
            look = self._look(picture)
            if look is not None:
                found.append(look._replace(page=page, box=_rounded(picture.box)))
                self._kept += 1
        return found

    def _look(self, picture: Drawn) -> Look | None:
        raw, handle = self.raw, ctypes.cast(picture.handle, self.raw.FPDF_PAGEOBJECT)
        size = raw.FPDFImageObj_GetImageDataRaw(handle, None, 0)
        if not 0 < size <= BYTES:
            return None
        stored = ctypes.create_string_buffer(size)
        raw.FPDFImageObj_GetImageDataRaw(handle, stored, size)
        key = stored.raw
        if key not in self._known:
            if len(self._known) >= MOST:
                return None
            self._known[key] = self._decoded(handle, key, picture.pixels)
        return self._known[key]

    def _decoded(self, handle: Any, stored: bytes, pixels: int) -> Look | None:
        raw = self.raw
        if stored[:3] == b"\xff\xd8\xff":
            return looks.look(stored)
        size = raw.FPDFImageObj_GetImageFilterCount(handle) > 1 and raw.FPDFImageObj_GetImageDataDecoded(handle, None, 0)
        if size and size <= BYTES:
            plain = ctypes.create_string_buffer(size)
            raw.FPDFImageObj_GetImageDataDecoded(handle, plain, size)
            if plain.raw[:3] == b"\xff\xd8\xff":
                return looks.look(plain.raw)
        if pixels > UNPACKED:
            return None
        return self._bitmap(handle, stored)

    def _bitmap(self, handle: Any, stored: bytes) -> Look | None:
        raw = self.raw
        bitmap = raw.FPDFImageObj_GetBitmap(handle)
        if not bitmap:
            return None
        try:
            size = raw.FPDFBitmap_GetWidth(bitmap), raw.FPDFBitmap_GetHeight(bitmap)
            stride, kind = raw.FPDFBitmap_GetStride(bitmap), raw.FPDFBitmap_GetFormat(bitmap)
            modes = {
                raw.FPDFBitmap_Gray: ("L", "L"), raw.FPDFBitmap_BGR: ("RGB", "BGR"), raw.FPDFBitmap_BGRx: ("RGB", "BGRX"),
                raw.FPDFBitmap_BGRA: ("RGBA", "BGRA"),
            }  # fmt: skip
            if kind not in modes or not all(size):
                return None
            data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * size[1])
            mode, layout = modes[kind]
            return looks.of(Image.frombytes(mode, size, data, "raw", layout, stride, 1), stored, size)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)


def patches(drawn: list[Drawn], page: int, width: float, height: float, see_through: Any) -> list[Edit]:
    """Small pictures laid over a page's own picture, those with a mask left out: seals and signatures have one."""
    area = width * height
    first = next((k for k, p in enumerate(drawn) if _area(p.box) >= WHOLE * area), None)
    if first is None or not 0 < len(drawn) - first - 1 <= FEW:
        return []
    over = [p for p in drawn[first + 1 :] if _area(p.box) < 0.1 * area]
    return [
        Edit("patched", page, _rounded(p.box), words=PATCH)
        for p in over
        if TALL[0] <= p.box[3] - p.box[1] <= TALL[1] and WIDE[0] <= p.box[2] - p.box[0] <= WIDE[1] and not see_through(p.handle)
    ]


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _rounded(box: Box) -> Box:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
