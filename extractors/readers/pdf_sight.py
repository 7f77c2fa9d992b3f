"""Whether words can be seen, settled by drawing: a page with them and without them looks the same exactly where nobody sees them.

That one test holds for every way of hiding, alone or combined: colour, clip, cover, layer, transparency, an annotation laid over. Words that lie over each other are taken
away one layer at a time, or what covers would speak for what is covered. Only what ``pdf_objects`` doubts is drawn.
"""

import ctypes
import math
from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from extractors.readers.pdf_objects import Placing
from schemas.document import Box

#: Pixels a point; less where what must be drawn is large.
SCALE: Final = 1.6
PIXELS: Final = 4_000_000
#: Below this scale a difference means nothing, and words that cannot be looked at count as unseen.
LEAST: Final = 0.12
#: How many layers of words one over the other are told apart.
LAYERS: Final = 8
#: A difference in brightness, or in any one channel, that an eye notices.
BRIGHTER: Final = 13
OTHER: Final = 44


class Sight:
    """The differences that doubted words make, by layer. ``said`` are the words of each, ``twins`` words that PDFium does not tell; boxes are in points from the top left of the page as
    displayed."""

    def __init__(self, raw: Any, lib: Any, page: Any, place: Placing, doubted: dict[int, Box],
        twins: dict[int, Box], said: dict[int, str], *, notes: bool,
    ) -> None:  # fmt: skip
        self.raw, self.lib, self.page, self.place = raw, lib, page, place
        self.flags = raw.FPDF_ANNOT if notes else 0
        self.layer: dict[int, int] = {}
        self.sums: list[npt.NDArray[np.int32]] = []
        self.twins = _paired(doubted, twins)
        shown = {h: _within(box, place.width, place.height) for h, box in doubted.items()}
        boxes = {h: box for h, box in shown.items() if box is not None}
        if not boxes:
            return
        self.x0, self.y0 = (math.floor(min(b[i] for b in boxes.values())) - 2 for i in (0, 1))
        wide, high = (math.ceil(max(b[i] for b in boxes.values())) + 2 - low for i, low in ((2, self.x0), (3, self.y0)))
        self.scale = min(SCALE, math.sqrt(PIXELS / (wide * high)))
        if self.scale < LEAST:
            return
        self.wide, self.high = max(1, int(wide * self.scale)), max(1, int(high * self.scale))
        self._layers(boxes, said)
        whole = self._drawn()
        for k in range(max(self.layer.values(), default=-1) + 1):
            self._difference(whole, [h for h, layer in self.layer.items() if layer == k])

    def _layers(self, boxes: dict[int, Box], said: dict[int, str]) -> None:
        """Words that lie over each other get different layers; beyond the last layer they get none. The same words struck twice are one."""
        struck: dict[tuple[str, int, int], int] = {}
        taken: list[npt.NDArray[np.bool_]] = []
        at = self.scale
        for handle, (x0, y0, x1, y1) in boxes.items():
            key = said.get(handle, ""), round((x0 + x1) / 6), round((y0 + y1) / 6)
            if key in struck:
                self.layer[handle] = struck[key]
                continue
            inset = 0.2 * min(x1 - x0, y1 - y0)
            a, b = int((x0 + inset - self.x0) * at), int((y0 + inset - self.y0) * at)
            place = slice(b, max(b + 1, int((y1 - inset - self.y0) * at))), slice(a, max(a + 1, int((x1 - inset - self.x0) * at)))
            for k in range(LAYERS):
                if k == len(taken):
                    taken.append(np.zeros((self.high, self.wide), np.bool_))
                if not taken[k][place].any():
                    taken[k][place] = True
                    self.layer[handle] = k
                    struck.update(((key[0], key[1] + i, key[2] + j), k) for i in (-1, 0, 1) for j in (-1, 0, 1))
                    break

    def _difference(self, whole: npt.NDArray[np.int16], handles: list[int]) -> None:
        handles = [one for handle in handles for one in (handle, *self.twins.get(handle, ()))]
        for handle in handles:
            self.lib.set_active(handle, 0)
        without = self._drawn()
        for handle in handles:
            self.lib.set_active(handle, 1)
        change = np.abs(whole - without)
        bright = np.abs((whole @ _BRIGHT) - (without @ _BRIGHT))
        seen = (bright > BRIGHTER) | (change.max(axis=2) > OTHER)
        sums = np.zeros((self.high + 1, self.wide + 1), np.int32)
        sums[1:, 1:] = seen.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        self.sums.append(sums)

    def _drawn(self) -> npt.NDArray[np.int16]:
        raw, wide, high = self.raw, self.wide, self.high
        bitmap = raw.FPDFBitmap_CreateEx(wide, high, raw.FPDFBitmap_BGRx, None, 0)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
            left, top = round(-self.x0 * self.scale), round(-self.y0 * self.scale)
            size = max(1, round(self.place.width * self.scale)), max(1, round(self.place.height * self.scale))
            raw.FPDF_RenderPageBitmap(bitmap, self.page, left, top, *size, 0, self.flags)
            stride = raw.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * high)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        return (
            np.frombuffer(pixels, np.uint8).reshape(high, stride)[:, : 4 * wide].reshape(high, wide, 4)[:, :, :3].astype(np.int16)
        )

    def seen(self, handle: int, box: Box) -> bool:
        """Whether words of a text object can be seen within a box."""
        layer = self.layer.get(handle)
        if layer is None or layer >= len(self.sums):
            return False
        at, sums = self.scale, self.sums[layer]
        x0, x1 = (box[0] - self.x0) * at, (box[2] - self.x0) * at
        y0, y1 = (box[1] - self.y0) * at, (box[3] - self.y0) * at
        rim, edge = min(0.75, 0.2 * (x1 - x0)), 0.2 * (y1 - y0)  # the ink of a neighbour is not one's own
        a, c = max(0, math.floor(x0 + rim)), min(self.wide, math.ceil(x1 - rim))
        b, d = max(0, math.floor(y0 + edge)), min(self.high, math.ceil(y1 - edge))
        return a < c and b < d and bool(sums[d, c] - sums[b, c] - sums[d, a] + sums[b, a])


_BRIGHT: Final = np.array([0.114, 0.587, 0.299], np.float32)


def _paired(doubted: dict[int, Box], twins: dict[int, Box]) -> dict[int, list[int]]:
    """To each of the doubted words what else is drawn in the same place, to be taken away with them."""
    found: dict[int, list[int]] = {}
    if not twins:
        return found
    near: dict[tuple[int, ...], list[int]] = {}
    for handle, box in doubted.items():
        near.setdefault(tuple(round(edge / 3) for edge in box), []).append(handle)
    for twin, place in twins.items():
        for key in product(*((math.floor(edge / 3), math.ceil(edge / 3)) for edge in place)):
            for handle in near.get(key, ())[:20]:
                if handle != twin:
                    found.setdefault(handle, []).append(twin)
    return found


def _within(box: Box, width: float, height: float) -> Box | None:
    found = max(0.0, box[0]), max(0.0, box[1]), min(width, box[2]), min(height, box[3])
    return found if found[0] < found[2] and found[1] < found[3] else None
