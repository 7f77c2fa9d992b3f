"""Labels set one character above the other in a cell, as narrow columns of forms have them.

A reader of lines makes little of a single character: 的 and 问 are lost, and what is left of 「顾问中的技术经纪人」 may read like another label. So the
characters are laid side by side again, read as the line they are, and given back each with its own place.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.readers.grid import Grid
from extractors.readers.ocr import Glyphs, Grey

Mask = NDArray[np.uint8]
#: (left, top, right, bottom) of one character's ink.
Place = tuple[int, int, int, int]

#: How many characters make a stack: fewer are lines of one character.
FEWEST: Final = 3
#: Against the width of the stack: what belongs to one character is no taller; and how far apart characters are laid.
ONE: Final = 1.12
BETWEEN: Final = 0.12


class Stack(NamedTuple):
    """A stack's characters from the top; ``centres`` is where the strip that is read has them."""

    places: tuple[Place, ...]
    strip: Grey
    centres: tuple[float, ...]


def stacks(grey: Grey, solid: Mask, grids: Sequence[Grid]) -> list[Stack]:
    return [_laid_flat(grey, places) for grid in grids for cell in grid.cells if (places := _stacked(solid, cell.box))]


def _stacked(solid: Mask, box: tuple[float, float, float, float]) -> list[Place]:
    """The characters of a cell whose ink is one narrow column of them; empty for any other cell."""
    left, top, right, bottom = round(box[0]) + 3, round(box[1]) + 3, round(box[2]) - 2, round(box[3]) - 2
    inner = solid[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    rows = np.flatnonzero(inner.any(axis=1)) if inner.size else np.array([])
    if not len(rows):
        return []
    columns = np.flatnonzero(inner.any(axis=0))
    wide = int(columns[-1] - columns[0]) + 1
    if rows[-1] - rows[0] < 2.4 * wide:
        return []
    places = [
        (left + int(at[0]), top + low, left + int(at[-1]) + 1, top + high)
        for low, high in _characters(np.asarray(inner.any(axis=1)), wide)
        if len(at := np.flatnonzero(inner[low:high].any(axis=0)))
    ]
    heights = sorted(b - t for _, t, _, b in places)
    usual = heights[len(heights) // 2]
    return places if len(places) >= FEWEST and 0.5 * wide <= usual and heights[-1] <= ONE * wide + 1 else []


def _characters(inked: NDArray[np.bool_], wide: int) -> Iterator[tuple[int, int]]:
    """Runs of inked rows, those put together that fit into one character: 二 is two strokes."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    first: tuple[int, int] | None = None
    for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if first is not None and high - first[0] <= ONE * wide:
            first = (first[0], high)
            continue
        if first is not None:
            yield first
        first = (low, high)
    if first is not None:
        yield first


def _laid_flat(grey: Grey, places: Sequence[Place]) -> Stack:
    em = max(right - left for left, _, right, _ in places)
    gap = max(2, round(BETWEEN * em))
    tall = round(1.3 * em)
    middles = np.array([(top + bottom) / 2 for _, top, _, bottom in places])
    slope, start = np.polyfit(np.arange(len(middles)), middles, 1)
    paper = int(np.percentile(grey[places[0][1] : places[-1][3], places[0][0] : places[0][2]], 95))
    strip = np.full((tall, sum(right - left + gap for left, _, right, _ in places) + 3 * gap), paper, np.uint8)
    at, centres = 2 * gap, []
    for k, (left, top, right, bottom) in enumerate(places):
        low = round(tall / 2 + np.clip((top + bottom) / 2 - (start + slope * k), -0.3 * em, 0.3 * em) - (bottom - top) / 2)
        low = max(0, min(low, tall - (bottom - top)))
        strip[low : low + bottom - top, at : at + right - left] = grey[top:bottom, left:right][: tall - low]
        centres.append(at + (right - left) / 2)
        at += right - left + gap
    return Stack(tuple(places), strip, tuple(centres))


def given_back(stack: Stack, read: Glyphs) -> list[Glyphs]:
    """What was read of the strip, a character's share each; a place where nothing was read gets none."""
    shares: list[list[int]] = [[] for _ in stack.places]
    for k, centre in enumerate(read.centres):
        shares[int(np.argmin([abs(centre - c) for c in stack.centres]))].append(k)
    given = []
    for (left, _, right, _), centre, own in zip(stack.places, stack.centres, shares, strict=True):
        start = centre - (right - left) / 2
        centres = tuple(min(max(0.5, read.centres[k] - start), right - left - 0.5) for k in own)
        given.append(Glyphs("".join(read.text[k] for k in own), centres, tuple(read.confidence[k] for k in own)))
    return given
