"""Seals: found by colour and shape, kept as objects of their own, and lifted off the text beneath them.

Red ink is nearly as bright as paper in the red channel while black is dark there, so inside a seal the text is read from the red channel
with the seal's own tone stretched to white. Only inside: red headings and red figures elsewhere stay as they are.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.readers.ocr import Engine, Glyphs, Grey
from extractors.readers.scan_reading import Seal

Colours = NDArray[np.uint8]
Mask = NDArray[np.uint8]

#: The work on shapes is done with the long side at this many pixels.
SIDE: Final = 1000
#: A seal's side against the long side of the sheet: 1 cm on A4 at least; a photograph may show part of a sheet.
SMALLEST, LARGEST = 0.034, 0.36
ROUND: Final = 0.62
SQUARE: Final = 0.6
FILLED: Final = 0.6
#: Below this mean confidence a ring's text is noise.
LEGIBLE: Final = 0.72
UNREAD: Final = "□"


def redness(picture: Colours) -> Mask:
    """How much redder than grey each pixel is. ``picture`` is RGB."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.subtract(red, cv2.max(green, blue)), np.uint8)


def find(picture: Colours) -> list[Seal]:
    """The seals on a picture, largest first, without their words."""
    tall, wide = picture.shape[:2]
    ratio = min(1.0, SIDE / max(tall, wide))
    small = cv2.resize(picture, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA) if ratio < 1 else picture
    red = redness(np.asarray(small, np.uint8))
    if not (red > 40).any():
        return []
    mask = (red > 28).astype(np.uint8)
    found: list[Seal] = []
    for size in (3, 7):
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
        for seal in _shaped(np.asarray(joined, np.uint8), mask, max(small.shape[:2])):
            if not any(_same(seal, other) for other in found):
                found.append(seal)
    found.sort(key=lambda s: (s.left - s.right) * (s.bottom - s.top))
    return [s._replace(left=s.left / ratio, top=s.top / ratio, right=s.right / ratio, bottom=s.bottom / ratio) for s in found]


def _shaped(joined: Mask, mask: Mask, side: int) -> Iterator[Seal]:
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tall, wide = mask.shape
    for label, (x, y, w, h, area) in enumerate(boxes.tolist()):
        if label == 0 or not SMALLEST * side <= max(w, h) <= LARGEST * side:
            continue
        cut = x <= 1 or y <= 1 or x + w >= wide - 1 or y + h >= tall - 1
        if min(w, h) < (0.3 if cut else 0.6) * max(w, h):
            continue
        own = (labels[y : y + h, x : x + w] == label).astype(np.uint8)
        if area > FILLED * w * h:
            continue
        if min(w, h) >= SMALLEST * side and (crossed := _crossed(own, side)):
            yield from (Seal("round", "red", x + a, y + b, x + c, y + d) for a, b, c, d in crossed)
        elif cut and min(w, h) < 0.75 * max(w, h):
            if _arc(own) >= 0.35:
                yield Seal("part", "red", x, y, x + w, y + h)
        elif _ring(own) >= ROUND:
            yield Seal("round", "red", x, y, x + w, y + h)
        elif _frame(own) >= SQUARE:
            yield Seal("square", "red", x, y, x + w, y + h)


def _ring(own: Mask) -> float:
    """The share of directions from the middle in which the outermost ink lies on the inscribed ellipse."""
    tall, wide = own.shape
    ys, xs = np.nonzero(own)
    x, y = (xs - (wide - 1) / 2) / (wide / 2), (ys - (tall - 1) / 2) / (tall / 2)
    radius, sector = np.hypot(x, y), ((np.arctan2(y, x) / (2 * np.pi) + 0.5) * 72).astype(np.intp) % 72
    outer = np.zeros(72)
    np.maximum.at(outer, sector, radius)
    return float(((outer > 0.86) & (outer < 1.1)).mean())


def _crossed(own: Mask, side: int) -> list[tuple[float, float, float, float]]:
    """Two or more seals set across each other: whole circles within one piece of ink. Empty where it is one seal or none."""
    if _ring(own) >= ROUND:
        return []
    blurred = cv2.GaussianBlur(own * 255, (5, 5), 1.2)
    least, most = round(SMALLEST * side / 2), round(min(own.shape) / 2 + 2)
    if most <= least:
        return []
    circles = cv2.HoughCircles(blurred, cv2.HOUGH_GRADIENT, 1.5, least, param1=120, param2=30, minRadius=least, maxRadius=most)
    near = cv2.dilate(own, np.ones((3, 3), np.uint8))
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    kept: list[tuple[float, float, float]] = []
    for x, y, radius in [] if circles is None else circles[0].tolist():
        xs, ys = np.rint(x + radius * np.cos(angles)).astype(np.intp), np.rint(y + radius * np.sin(angles)).astype(np.intp)
        inside = (xs >= 0) & (ys >= 0) & (xs < own.shape[1]) & (ys < own.shape[0])
        drawn = near[ys[inside], xs[inside]].sum() / len(angles)
        if drawn >= 0.75 and all(np.hypot(x - a, y - b) > 0.25 * r for a, b, r in kept):
            kept.append((x, y, radius))
    largest = max((r for _, _, r in kept), default=0.0)
    kept = [c for c in kept if c[2] >= 0.6 * largest]  # where rings cross, their pieces make small circles
    return [(x - r, y - r, x + r, y + r) for x, y, r in kept] if len(kept) > 1 else []


def _frame(own: Mask) -> float:
    """The share of the box's border that is inked."""
    deep = max(2, round(0.1 * min(own.shape)))
    sides = (own[:deep].max(axis=0), own[-deep:].max(axis=0), own[:, :deep].max(axis=1), own[:, -deep:].max(axis=1))
    return float(min(side.mean() for side in sides))


def _arc(own: Mask) -> float:
    """How much of a circle through its outline is there, for a seal that the edge cuts."""
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = max(contours, key=len).reshape(-1, 2).astype(np.float64)
    if len(points) < 20:
        return 0.0
    system = np.column_stack([points, np.ones(len(points))])
    (a, b, c), *_ = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)
    radius = float(np.sqrt(max(0.0, c + a * a / 4 + b * b / 4)))
    off = np.abs(np.hypot(points[:, 0] - a / 2, points[:, 1] - b / 2) - radius)
    return float((off < 0.08 * radius).mean()) if radius > 0 else 0.0


def _same(seal: Seal, other: Seal) -> bool:
    x, y = (seal.left + seal.right) / 2, (seal.top + seal.bottom) / 2
    off = np.hypot(x - (other.left + other.right) / 2, y - (other.top + other.bottom) / 2)
    return bool(off < 0.25 * max(other.right - other.left, other.bottom - other.top))


# -- how a page shows ink

#: Channels no further apart than this are grey, but for so small a share of a picture.
GREY, STRAY = 12, 0.0005
#: A picture with fewer middling greys than this share is black on white.
MIDDLING: Final = 0.015
#: So far from the paper's own colour is ink, and so much of it is more than noise around print.
INK, TINT = 55, 16
MUCH, FAINT = 0.0004, 0.0012
#: On a grey page: darker than the paper by so much is ink, and a stroke so long and so large apart from print may be
#: a seal's. The rims of blurred print are as large: of such a page nothing is said.
PALE: Final = 22
STROKE: Final = 13, 30


def tone(picture: Colours, found: list[Seal]) -> str:
    """Whether a seal would be seen on a picture: ``colour``; ``inked``, coloured ink that was not found to be one; ``grey``; ``rings``, grey with other ink than
    print; ``black``, black on white, on which red may be gone.
    """
    tall, wide = picture.shape[:2]
    ratio = min(1.0, SIDE / max(tall, wide))
    small = cv2.resize(picture, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA) if ratio < 1 else picture
    spread = small.max(axis=2).astype(np.int16) - small.min(axis=2)
    if float((spread > GREY).mean()) < STRAY:
        return _grey(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), picture)
    red = redness(np.asarray(small, np.uint8)).astype(np.int16)
    ink = (spread > max(INK, int(np.median(spread)) + INK - GREY)) | (red > int(np.median(red)) + TINT)
    for seal in found:
        rows, cols = _around(picture, seal)
        ink[int(rows.start * ratio) : int(rows.stop * ratio) + 1, int(cols.start * ratio) : int(cols.stop * ratio) + 1] = False
    strong = ink & (spread > INK)
    return "inked" if float(strong.mean()) > MUCH or float(ink.mean()) > FAINT else "colour"


def _grey(small: NDArray[np.uint8], picture: Colours) -> str:
    middling = (small > 60) & (small < 215)
    full = picture[:, :, 1]
    if (
        float(((full > 40) & (full < 215)).mean()) < MIDDLING
        and float(middling.mean()) < 4 * MIDDLING
        and float((full > 250).mean()) > 0.8
    ):
        return "black"
    return "rings" if _other_ink(small) else "grey"


def _other_ink(grey: NDArray[np.uint8]) -> bool:
    """Whether a grey page bears ink that is paler than its print and no rim of it: what a red seal is on a grey scan."""
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (0, 0), 12)
    depth = cv2.subtract(np.asarray(paper, np.uint8), grey)
    inked = depth > PALE
    if not inked.any():
        return False
    print_ = (depth > 0.62 * float(np.percentile(depth[inked], 90))).astype(np.uint8)
    near = cv2.dilate(print_, np.ones((5, 5), np.uint8)).astype(bool)
    pale = cv2.morphologyEx((inked & ~near).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, pieces, _ = cv2.connectedComponentsWithStats(pale, connectivity=8)
    return any(max(wide, tall) >= STROKE[0] and area >= STROKE[1] for _, _, wide, tall, area in pieces[1:].tolist())


#: The side of a seal's print.
PRINT: Final = 64


def printed(picture: Colours, seals: list[Seal]) -> list[Seal]:
    """The seals with their prints: two impressions of one stamp never bear ink in the same places, copies of one picture do."""
    found = []
    for seal in seals:
        rows, cols = slice(max(0, int(seal.top)), int(seal.bottom) + 1), slice(max(0, int(seal.left)), int(seal.right) + 1)
        mask = (redness(picture[rows, cols]) > 34).astype(np.uint8) * 255
        small = cv2.resize(mask, (PRINT, PRINT), interpolation=cv2.INTER_AREA) > 96
        found.append(seal._replace(print=np.packbits(small).tobytes().hex()))
    return found


# -- text beneath


def without(picture: Colours, seals: list[Seal]) -> Grey:
    """The picture in grey with the seals' ink gone and the text beneath them kept."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    for seal in seals:
        rows, cols = _around(picture, seal)
        grey[rows, cols] = _lifted(picture[rows, cols], np.asarray(grey[rows, cols], np.uint8))
    return np.asarray(grey, np.uint8)


def inked(picture: Colours, seals: list[Seal]) -> NDArray[np.bool_]:
    """Where seals' ink lies: what was beneath has been guessed at."""
    mask = np.zeros(picture.shape[:2], np.bool_)
    for seal in seals:
        rows, cols = _around(picture, seal)
        mask[rows, cols] |= redness(picture[rows, cols]) > 22
    return mask


def _around(picture: Colours, seal: Seal) -> tuple[slice, slice]:
    more = 0.04 * max(seal.right - seal.left, seal.bottom - seal.top)
    tall, wide = picture.shape[:2]
    return (
        slice(max(0, int(seal.top - more)), min(tall, int(seal.bottom + more) + 1)),
        slice(max(0, int(seal.left - more)), min(wide, int(seal.right + more) + 1)),
    )


def _lifted(place: Colours, grey: NDArray[np.uint8]) -> Grey:
    red = place[:, :, 0]
    tinted = redness(place) > 14
    if not tinted.any():
        return grey
    paper = float(np.percentile(red[~tinted], 75)) if (~tinted).any() else 250.0
    ink = float(np.median(red[redness(place) > 40])) if (redness(place) > 40).any() else paper
    # Text under the seal is far darker in red than the seal on bare paper is; halfway the two part.
    high = min(paper, ink) * 0.93
    low = min(0.35 * paper, 0.6 * high)
    stretched = np.clip((red.astype(np.float32) - low) / max(1.0, high - low), 0, 1) * paper
    mask = cv2.dilate(tinted.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return np.where(mask, stretched.astype(np.uint8), grey)


# -- the ring's text


def read_rings(picture: Colours, seals: list[Seal], engine: Engine) -> list[Seal]:
    """The seals with the words around their rings, where these can be read; ``UNREAD`` stands for a character that cannot.

    Each ring is read twice, with and without the dark text it crosses: one suits thin ink, the other a seal over print.
    """
    rings = [k for k, seal in enumerate(seals) if seal.kind == "round"]
    if not rings:
        return seals
    answers = engine.read([_unrolled(picture, seals[k], bare=bare) for k in rings for bare in (False, True)])
    read = list(seals)
    for i, k in enumerate(rings):
        best = max(answers[2 * i : 2 * i + 2], key=lambda g: sum(c - 0.5 for c in g.confidence))
        words = _ring_words(best)
        if sum(c != UNREAD for c in words) >= 4 and best.mean >= LEGIBLE:
            read[k] = seals[k]._replace(words=words, confidence=round(best.mean, 3))
    return read


def _ring_words(glyphs: Glyphs) -> str:
    """A ring's characters are evenly set, so a gap is a character that was not read."""
    kept = [(c, at, sure) for c, at, sure in zip(glyphs.text, glyphs.centres, glyphs.confidence, strict=True) if not c.isspace()]
    steps = sorted(b[1] - a[1] for a, b in pairwise(kept))
    usual = steps[len(steps) // 2] if steps else 0.0
    words: list[str] = []
    last: float | None = None
    for char, at, sure in kept:
        if last is not None and usual > 0:
            words += [UNREAD] * min(3, round((at - last) / usual) - 1)
        words.append(char if sure >= 0.6 else UNREAD)
        last = at
    return "".join(words).strip(UNREAD)


def _unrolled(picture: Colours, seal: Seal, *, bare: bool) -> Grey:
    """The ring as a straight line of dark text, cut open at the foot, clockwise."""
    rows, cols = _around(picture, seal)
    place = picture[rows, cols]
    # Photographs keep colour at half the resolution of light and dark, so colour says where the ink is and the green channel how it runs.
    near = cv2.dilate((redness(place) > 10).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if bare:
        near &= place[:, :, 0] > 0.62 * np.percentile(place[:, :, 0], 80)
    ink = np.where(near, place[:, :, 1], 255).astype(np.uint8)
    ink = np.asarray(cv2.normalize(ink, np.empty_like(ink), 0, 255, cv2.NORM_MINMAX), np.uint8)
    wide, tall = seal.right - seal.left, seal.bottom - seal.top
    side = max(320, round(max(wide, tall)))
    x, y = (seal.left + seal.right) / 2 - cols.start, (seal.top + seal.bottom) / 2 - rows.start
    place_of = np.array([[side / wide, 0, side / 2 - x * side / wide], [0, side / tall, side / 2 - y * side / tall]])
    disc = cv2.warpAffine(ink, place_of, (side, side), flags=cv2.INTER_CUBIC, borderValue=(255,))
    radius = side / 2
    around = round(2 * np.pi * radius * 0.8)
    rolled = cv2.warpPolar(disc, (round(radius), around), (side / 2, side / 2), radius, cv2.INTER_CUBIC | cv2.WARP_POLAR_LINEAR)
    turned = np.roll(rolled, -around // 4, axis=0)
    strip = cv2.rotate(turned, cv2.ROTATE_90_COUNTERCLOCKWISE)
    deep = strip.shape[0]
    return np.ascontiguousarray(strip[round(0.05 * deep) : round(0.36 * deep)], np.uint8)
