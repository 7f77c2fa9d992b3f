"""Lines found on an upright picture → crops cut at cell walls → characters with places.

A line that crosses the wall of a cell is cut there before it is read, and a cell with ink in which no line was found is read as one: a lone figure
in a narrow column is what a finder overlooks, and what a table is about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.readers.grid import Grid
from extractors.readers.ocr import Engine, Glyphs, Grey, Spot
from extractors.readers.scan_picture import DARK, unit
from extractors.readers.scan_reading import Line
from extractors.readers.scan_stacked import FEWEST, given_back, stacks
from extractors.readers.scan_ticks import LIKE, Tick, ticks, with_ticks

Mask = NDArray[np.uint8]
Found = tuple[float, float, float, float]

#: Against the size of the type: how tall the ink of a line of Chinese and of a line of figures is.
CHINESE_INK: Final = 0.92
FIGURE_INK: Final = 0.74
LOOSE: Final = 1.2
#: Against the sheet's long side: what is taller is a picture.
TALLEST: Final = 0.12
#: A character read with less than this is looked at twice.
WEAK: Final = 0.9
FIGURES: Final = re.compile(r"[0-9０-９][0-9０-９.,，．:：/\-]*")
MIXED: Final = re.compile(r"(?<![A-Za-z0-9-])[0-9OoIl|〇][0-9OoIl|〇.,]+(?![A-Za-z0-9-])")
CHINESE: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


class Crop(NamedTuple):
    """``left`` and ``top`` of the cut in the leaf; ``ink`` the first and last row of ink."""

    left: int
    top: int
    right: int
    bottom: int
    ink: tuple[int, int]


def read_lines(grey: Grey, spots: Sequence[Spot], grids: Sequence[Grid], rules: Mask, engine: Engine) -> list[Line]:
    """Every line of the leaf, cut into cells, in no order."""
    solid = _solid(grey, rules)
    heights = sorted(s.bottom - s.top for s in spots)
    usual_height = heights[len(heights) // 2] if heights else 0.0
    boxes = [piece for spot in spots for piece in _cut(spot, grids, usual_height)]
    boxes = _apart(solid, boxes)
    boxes += _overlooked(solid, boxes, grids, unit(grey))
    piled, characters = _piled(grey, solid, grids, engine)
    boxes = [box for box in boxes if not any(_within(box, place) for place in piled)]
    crops = [crop for box in boxes if (crop := _tight(solid, box)) is not None]
    pictures = [grey[c.top : c.bottom, c.left : c.right] for c in crops]
    read = engine.read(pictures)
    read = _again(grey, crops, pictures, read, engine)
    crops += [crop for crop, _ in characters]
    read += [glyphs for _, glyphs in characters]
    read = [with_ticks(glyphs, _ticks(grey, crop, glyphs), _size(crop, "口")) for crop, glyphs in zip(crops, read, strict=True)]
    sizes = [_size(crop, glyphs.text) for crop, glyphs in zip(crops, read, strict=True)]
    usual = sorted(sizes)[len(sizes) // 2] if sizes else 0.0
    return [
        _line(crop, glyphs, solid, size if size > 0.55 * usual else usual)
        for crop, glyphs, size in zip(crops, read, sizes, strict=True)
        if glyphs.text.strip()
    ]


def _solid(grey: Grey, rules: Mask) -> Mask:
    """Ink without ruling lines and specks."""
    u = unit(grey)
    ink = ((grey < DARK) & (cv2.dilate(rules, np.ones((3, 3), np.uint8)) == 0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= max(4, round(7 * u * u))
    keep[0] = False
    return np.asarray(keep[labels], np.uint8)


def _cut(spot: Spot, grids: Sequence[Grid], usual: float) -> Iterator[Found]:
    """A found line as pieces that each lie in one cell, or whole outside tables."""
    x, y = (spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2
    grid = next((g for g in grids if g.box[0] <= x <= g.box[2] and g.box[1] <= y <= g.box[3]), None)
    if grid is None:
        yield spot[:4]
        return
    tall = spot.bottom - spot.top
    heights = [y] if tall < 1.6 * usual else [spot.top + tall * 0.25, spot.top + tall * 0.75]
    seen: set[int] = set()
    for at in heights:
        for edge, following in zip(grid.xs, grid.xs[1:], strict=False):
            index = grid.cell_at((edge + following) / 2, at)
            if index is None or index in seen:
                continue
            seen.add(index)
            box = grid.cells[index].box
            left, top = max(spot.left, box[0] + 2), max(spot.top, box[1] + 2)
            right, bottom = min(spot.right, box[2] - 2), min(spot.bottom, box[3] - 2)
            if right - left >= 0.25 * min(tall, box[2] - box[0]) and bottom - top >= min(0.4 * tall, 0.6 * (box[3] - box[1])):
                yield left, top, right, bottom
    if spot.left < grid.box[0] - tall:
        yield spot.left, spot.top, grid.box[0] - 2, spot.bottom
    if spot.right > grid.box[2] + tall:
        yield grid.box[2] + 2, spot.top, spot.right, spot.bottom


def _piled(grey: Grey, solid: Mask, grids: Sequence[Grid], engine: Engine) -> tuple[list[Found], list[tuple[Crop, Glyphs]]]:
    """The stacks of characters that hold Chinese: where each lies, and every character of it, read as its line."""
    found = stacks(grey, solid, grids)
    if not found:
        return [], []
    places: list[Found] = []
    characters: list[tuple[Crop, Glyphs]] = []
    for stack, read in zip(found, engine.read([stack.strip for stack in found]), strict=True):
        if len(CHINESE.findall(read.text)) < FEWEST:
            continue
        lefts, tops, rights, bottoms = zip(*stack.places, strict=True)
        places.append((min(lefts) - 2, min(tops) - 2, max(rights) + 2, max(bottoms) + 2))
        crops = [Crop(left, top, right, bottom, (top, bottom)) for left, top, right, bottom in stack.places]
        characters += [(crop, glyphs) for crop, glyphs in zip(crops, given_back(stack, read), strict=True) if glyphs.text]
    return places, characters


def _within(box: Found, place: Found) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]


def _apart(solid: Mask, boxes: Sequence[Found]) -> list[Found]:
    """Lines set so close that what was found overlaps, parted at the emptiest row between them."""
    parted = sorted(boxes, key=lambda b: b[1] + b[3])
    for i, upper in enumerate(parted):
        for j in range(i + 1, len(parted)):
            left, top, right, bottom = parted[j]
            x0, y0, x1, y1 = upper
            if top + bottom > 2 * y1 + (bottom - top):
                break
            shared = min(x1, right) - max(x0, left)
            if (
                top >= y1
                or shared < 0.3 * min(x1 - x0, right - left)
                or (top + bottom) - (y0 + y1) < 0.8 * min(y1 - y0, bottom - top)
            ):
                continue
            low, high = int((y0 + y1) / 2) + 1, int((top + bottom) / 2)
            rows = solid[low:high, int(max(x0, left)) : int(min(x1, right)) + 1].sum(axis=1, dtype=np.int32)
            if len(rows) == 0:
                continue
            emptiest = np.flatnonzero(rows == rows.min())
            cut = low + int(emptiest[len(emptiest) // 2])
            upper = parted[i] = (x0, y0, x1, min(y1, float(cut)))
            parted[j] = (left, max(top, float(cut + 1)), right, bottom)
    return parted


def _overlooked(solid: Mask, boxes: Iterable[Found], grids: Sequence[Grid], u: float) -> list[Found]:
    """Boxes around ink in cells where no line was found."""
    left = solid.copy()
    for x0, y0, x1, y1 in boxes:
        left[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1] = 0
    found = []
    for grid in grids:
        for cell in grid.cells:
            x0, y0, x1, y1 = (round(v) for v in cell.box)
            inner = left[y0 + 3 : y1 - 2, x0 + 3 : x1 - 2]
            if inner.size == 0 or np.count_nonzero(inner) < 14 * u * u:
                continue
            for low, high in _bands(np.asarray(inner.any(axis=1)), round(6 * u)):
                columns = np.flatnonzero(inner[low:high].any(axis=0))
                wide = int(columns[-1] - columns[0]) + 1
                if max(high - low, wide) >= 8 * u:
                    found.append(
                        (x0 + 3.0 + int(columns[0]) - 3, y0 + 3.0 + low - 3, x0 + 3.0 + int(columns[-1]) + 4, y0 + 3.0 + high + 3)
                    )
    return found


def _bands(rows: NDArray[np.bool_], bridge: int) -> Iterator[tuple[int, int]]:
    """Runs of inked rows; gaps up to ``bridge`` belong to the run."""
    at = np.flatnonzero(rows)
    if len(at) == 0:
        return
    breaks = np.flatnonzero(np.diff(at) > bridge)
    for first, last in zip([0, *(breaks + 1).tolist()], [*breaks.tolist(), len(at) - 1], strict=True):
        yield int(at[first]), int(at[last]) + 1


def _tight(solid: Mask, box: Found) -> Crop | None:
    """The box drawn in to its ink, with a little air; None where there is no ink."""
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(solid.shape[1], int(box[2]) + 1), min(solid.shape[0], int(box[3]) + 1)
    inner = solid[y0:y1, x0:x1]
    if inner.size == 0:
        return None
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    if len(rows) == 0 or rows[-1] - rows[0] > TALLEST * max(solid.shape):
        return None
    top, bottom = y0 + int(rows[0]), y0 + int(rows[-1]) + 1
    air = max(2, round(0.18 * (bottom - top)))
    aside = max(3, round(0.2 * (bottom - top)))
    return Crop(
        max(x0, x0 + int(columns[0]) - aside), max(y0, top - air), min(x1, x0 + int(columns[-1]) + 1 + aside), min(y1, bottom + air), (top, bottom)
    )  # fmt: skip


def _again(grey: Grey, crops: Sequence[Crop], pictures: Sequence[Grey], read: list[Glyphs], engine: Engine) -> list[Glyphs]:
    """Lines with a figure read weakly are read once more, with more air and softer."""
    weak = [k for k, glyphs in enumerate(read) if _weak_figure(glyphs)]
    if not weak:
        return read
    wider = []
    for k in weak:
        crop = crops[k]
        air = max(2, round(0.12 * (crop.bottom - crop.top)))
        padded = cv2.copyMakeBorder(pictures[k], air, air, 2 * air, 2 * air, cv2.BORDER_CONSTANT, value=(255,))
        wider.append((np.asarray(cv2.GaussianBlur(padded, (3, 3), 0.6), np.uint8), 2 * air))
    for k, second, (_, aside) in zip(weak, engine.read([picture for picture, _ in wider]), wider, strict=True):
        first = read[k]
        if second.mean > first.mean + 0.03:
            edge = pictures[k].shape[1] - 0.5
            second = second._replace(centres=tuple(min(max(0.5, c - aside), edge) for c in second.centres))
            first, second = second, first
        read[k] = _supported(first, second)
    return read


def _supported(first: Glyphs, second: Glyphs) -> Glyphs:
    """The first reading: as sure of each character as the surer of both where they agree on it, and sure of none they read otherwise."""
    sure = [min(c, 0.85) for c in first.confidence]
    for a, b, size in SequenceMatcher(None, first.text, second.text, autojunk=False).get_matching_blocks():
        for k in range(size):
            sure[a + k] = max(first.confidence[a + k], second.confidence[b + k])
    return first._replace(confidence=tuple(sure))


def _ticks(grey: Grey, crop: Crop, glyphs: Glyphs) -> list[Tick]:
    if glyphs.text and not CHINESE.search(glyphs.text) and not LIKE.intersection(glyphs.text):
        return []
    ink = (grey[crop.top : crop.bottom, crop.left : crop.right] < DARK).astype(np.uint8)
    return ticks(ink, _size(crop, "口"))


def _weak_figure(glyphs: Glyphs) -> bool:
    return any(
        sure < WEAK and (char.isdigit() or char in ".,%") for char, sure in zip(glyphs.text, glyphs.confidence, strict=True)
    )


def _size(crop: Crop, text: str) -> float:
    return (crop.ink[1] - crop.ink[0]) / (CHINESE_INK if CHINESE.search(text) else FIGURE_INK)


def _line(crop: Crop, glyphs: Glyphs, solid: Mask, size: float) -> Line:
    inner = solid[crop.top : crop.bottom, crop.left : crop.right]
    edges = _edges(inner.sum(axis=0, dtype=np.int32), glyphs.centres, size)
    middle = (crop.ink[0] + crop.ink[1]) / 2
    return Line(
        glyphs.text, middle - LOOSE * size / 2, middle + LOOSE * size / 2, tuple(crop.left + x for x in edges), glyphs.confidence,
        (*_lost_points(inner, glyphs.text, edges, size), *_points_or_commas(inner, glyphs.text, edges), *_strokes(inner, glyphs.text), *_letters(glyphs.text)),
    )  # fmt: skip


def _edges(profile: NDArray[np.int32], centres: Sequence[float], size: float) -> list[float]:
    """Left and right edge of each character: its ink between the emptiest columns beside it."""
    wide = len(profile)
    cuts = [0]
    for a, b in pairwise(centres):
        low, high = int(a + 0.2 * (b - a)), int(b - 0.2 * (b - a)) + 1
        window = profile[low : max(high, low + 1)]
        least = np.flatnonzero(window == window.min()) if len(window) else np.array([0])
        cuts.append(max(cuts[-1], low + int(least[len(least) // 2])))
    cuts.append(wide)
    edges: list[float] = []
    for k, centre in enumerate(centres):
        low, high = cuts[k], max(cuts[k] + 1, cuts[k + 1])
        inked = np.flatnonzero(profile[low:high])
        if len(inked):
            edges += [float(low + inked[0]), float(low + inked[-1] + 1)]
        else:
            edges += [max(0.0, centre - 0.2 * size), min(float(wide), centre + 0.2 * size)]
    return edges


def _lost_points(inner: Mask, text: str, edges: Sequence[float], size: float) -> Iterator[tuple[int, int, str]]:
    """Figures set further apart than their neighbours, or with a dot at their foot, where none was read: a decimal point is easily lost.

    Figures are as wide as each other but for the 1, which can only be narrower; so the closest pair without a 1 tells the pitch.
    """
    for match in FIGURES.finditer(text):
        pairs = [k for k in range(match.start(), match.end() - 1) if text[k].isdigit() and text[k + 1].isdigit()]
        pitch = {k: (edges[2 * k + 2] + edges[2 * k + 3] - edges[2 * k] - edges[2 * k + 1]) / 2 for k in pairs}
        plain = [p for k, p in pitch.items() if "1" not in text[k : k + 2]] or list(pitch.values())
        for k in pairs:
            gap = inner[:, int(edges[2 * k + 1]) : int(edges[2 * k + 2])]
            between = edges[2 * k + 2] - edges[2 * k + 1]
            dotted = between > 0.3 * size and gap.size and gap[-max(1, round(0.4 * size)) :].any()
            if dotted or between > 0.55 * size or (len(pairs) > 1 and pitch[k] > 1.36 * min(plain)):
                yield match.start(), match.end(), "数字间距异常，疑漏读小数点"
                break


def _points_or_commas(inner: Mask, text: str, edges: Sequence[float]) -> Iterator[tuple[int, int, str]]:
    """Figures whose point may be a comma or the other way round: told by what groups of three allow and by how deep the stroke goes."""
    for match in FIGURES.finditer(text):
        words = match[0].rstrip(".,:/-，．：")
        if not re.search(r"[.,]", words):
            continue
        end = match.start() + len(words)
        if re.search(r",\d{3}\.\d{3}(?!\d)|\.\d{3}[.,]\d{3}", words) or (
            re.search(r",", words) and not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", words)
        ):
            yield match.start(), end, "数字分节与小数点不合常规，疑逗号、小数点误读"
            continue
        feet = [_foot(inner, edges, k) for k in range(match.start(), end) if text[k].isdigit()]
        tall = [_foot(inner, edges, k) - _head(inner, edges, k) for k in range(match.start(), end) if text[k].isdigit()]
        base, height = sorted(feet)[len(feet) // 2], sorted(tall)[len(tall) // 2]
        for k in range(match.start(), end):
            deep = _foot(inner, edges, k) - base
            if (text[k] == "." and deep > 0.13 * height) or (text[k] == "," and deep < 0.02 * height and height >= 14):
                yield match.start(), end, "逗号、小数点难以区分"
                break


def _strokes(inner: Mask, text: str) -> Iterator[tuple[int, int, str]]:
    """A lone 1 that leans may be the stroke through an empty field."""
    if text in ("1", "１"):
        ys, xs = np.nonzero(inner)
        lean = float(np.cov(xs, ys)[0, 1] / ys.var()) if len(ys) > 8 and ys.var() > 0 else 0.0
        if lean < -0.28:
            yield 0, 1, "疑为斜线（空项）而非数字1"


def _letters(text: str) -> Iterator[tuple[int, int, str]]:
    """Figures among which a letter stands that looks like one: 2O26, l2.5. Never put right here."""
    for match in MIXED.finditer(text):
        if any(c in "OoIl|〇" for c in match[0]) and any(c.isdigit() for c in match[0]):
            yield match.start(), match.end(), "数字与字母难以区分（0与O、1与l）"


def _foot(inner: Mask, edges: Sequence[float], k: int) -> int:
    rows = np.flatnonzero(inner[:, int(edges[2 * k]) : int(edges[2 * k + 1])].any(axis=1))
    return int(rows[-1]) if len(rows) else inner.shape[0] - 1


def _head(inner: Mask, edges: Sequence[float], k: int) -> int:
    rows = np.flatnonzero(inner[:, int(edges[2 * k]) : int(edges[2 * k + 1])].any(axis=1))
    return int(rows[0]) if len(rows) else 0
