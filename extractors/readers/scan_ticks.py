"""Tick boxes on pictures: told by their shape, since the reader of text drops them or takes them for characters (口, 回, 日).

A hollow square is □, one with something in it ☑, a full one ■. What cannot be told stays as it was read: a lost tick looks like an unticked box.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.readers.ocr import Glyphs

EMPTY, TICKED, FULL = "□", "☑", "■"
#: What readers make of a box, and characters that are hollow squares themselves: those are believed where they were read well.
LIKE: Final = frozenset("□☐☑☒■囗V√vⅤ✓✔▢◻◼▣")
DOUBLES: Final = frozenset("口回曰日田国目四因图团区凶DUOo0ロ")


class Tick(NamedTuple):
    left: int
    right: int
    char: str


def ticks(ink: NDArray[np.uint8], size: float) -> list[Tick]:
    """The boxes in one line's ink (1 where dark), left to right. ``size`` is that of the type."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[label])
        if not (0.5 * size <= w <= 1.25 * size and 0.5 * size <= h <= 1.25 * size and 0.8 <= w / h <= 1.25):
            continue
        own = labels[y : y + h, x : x + w] == label
        if area >= 0.86 * w * h:
            found.append(Tick(x, x + w, FULL))
        elif _framed(own):
            inset = max(2, round(0.24 * min(w, h)))
            inner = ink[y + inset : y + h - inset, x + inset : x + w - inset]
            share = float(inner.mean()) if inner.size else 0.0
            found.append(Tick(x, x + w, EMPTY if share < 0.05 else TICKED if share > 0.12 else "?"))
    return sorted(found)


def _framed(own: NDArray[np.bool_]) -> bool:
    """Whether all four sides are drawn straight along the box."""
    deep = max(2, round(0.12 * min(own.shape)))
    sides = (own[:deep].any(axis=0), own[-deep:].any(axis=0), own[:, :deep].any(axis=1), own[:, -deep:].any(axis=1))
    return min(float(side.mean()) for side in sides) >= 0.92


def with_ticks(glyphs: Glyphs, found: list[Tick], size: float) -> Glyphs:
    """The reading with its boxes set right: put in where none was read, put right where something like a box was."""
    if not found:
        return glyphs
    text, centres, sure = list(glyphs.text), list(glyphs.centres), list(glyphs.confidence)
    others = sum(t.char != "?" for t in found)
    for tick in found:
        if tick.char == "?":
            continue
        middle = (tick.left + tick.right) / 2
        near = [k for k, c in enumerate(centres) if abs(c - middle) <= 0.42 * size]
        if not near:
            at = sum(c < middle for c in centres)
            text.insert(at, tick.char)
            centres.insert(at, middle)
            sure.insert(at, 0.95)
            continue
        k = min(near, key=lambda k: abs(centres[k] - middle))
        apart = others > 1 or k == 0 or centres[k] - centres[k - 1] > 1.5 * size
        if text[k] in LIKE or (text[k] in DOUBLES and apart and (tick.char == FULL or text[k] == "口" or sure[k] < 0.8)):
            text[k], sure[k] = tick.char, max(sure[k], 0.95)
    return Glyphs("".join(text), tuple(centres), tuple(sure))
