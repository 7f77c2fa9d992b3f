"""A page's picture made fit to read: paper white, text upright, ruling lines found, two pages on one sheet told apart.

Everything here is pixels; lengths are in ``unit``, the 150th part of an inch on a sheet whose long side is A4's, whatever the resolution.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.readers.grid import Grid, Rule, grids, straighten
from extractors.readers.ocr import Grey, Spot

Matrix = NDArray[np.float64]

A4_AT_150: Final = 1754
STEEPEST: Final = 8.0
DARK: Final = 190
#: What the finder is shown: the long side of the sheet at about 80 dpi.
FINDER_SIDE: Final = 960
SMALLEST_LINE: Final = 13.0


class Upright(NamedTuple):
    """A picture turned so that its text stands upright. ``back`` (3×3, homogeneous) leads from its pixels to those of the picture as given."""

    grey: Grey
    back: Matrix
    turn: int
    skew: float


def unit(grey: Grey) -> float:
    return float(max(grey.shape)) / A4_AT_150


def flatten(grey: Grey) -> Grey:
    """Paper becomes white and ink dark, whatever shadow, grey paper or faint toner there was."""
    tall, wide = grey.shape
    by = max(1, round(8 * unit(grey)))
    small = cv2.resize(grey, (max(1, wide // by), max(1, tall // by)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 9)
    ground = cv2.resize(paper, (wide, tall), interpolation=cv2.INTER_LINEAR)
    flat = cv2.divide(grey, ground, scale=255)
    darkest = float(np.percentile(flat[::3, ::3], 0.5))
    if darkest > 60:
        flat = 255 - cv2.convertScaleAbs(255 - flat, alpha=min(4.0, 215 / max(20.0, 255 - darkest)))
    return np.asarray(flat, np.uint8)


def skew_of(grey: Grey) -> float:
    """Degrees by which lines fall to the right. Ink is projected at each angle; upright text gives the sharpest profile."""
    by = max(grey.shape) / 1000
    small = cv2.resize(grey, None, fx=1 / by, fy=1 / by, interpolation=cv2.INTER_AREA) if by > 1 else grey
    edge = round(0.02 * max(small.shape))
    ys, xs = np.nonzero(small[edge:-edge, edge:-edge] < DARK - 20)
    if len(xs) < 600:
        return 0.0
    if len(xs) > 40_000:
        keep = np.linspace(0, len(xs) - 1, 40_000).astype(np.intp)
        xs, ys = xs[keep], ys[keep]
    x, y = xs.astype(np.float32) - small.shape[1] / 2, ys.astype(np.float32)

    def sharpness(angle: float, low: float = 0.0) -> float:
        rows = y - x * np.tan(np.radians(angle)) + low + small.shape[1]
        profile = np.bincount(rows.astype(np.intp)).astype(np.float64)
        return float(np.square(np.diff(profile)).sum())

    def best(angles: NDArray[np.float64]) -> float:
        return float(max(angles, key=lambda a: sharpness(float(a)) + sharpness(float(a), 0.5)))

    around = best(np.arange(-STEEPEST, STEEPEST + 0.01, 0.5))
    if sharpness(around) < 1.03 * sharpness(0.0) and abs(around) > 0.5:
        return 0.0
    around = best(np.arange(around - 0.5, around + 0.51, 0.1))
    return best(np.arange(around - 0.1, around + 0.11, 0.025))


def turned(grey: Grey, turn: int) -> Upright:
    """The picture turned by ``turn`` degrees clockwise (0, 90, 180, 270)."""
    tall, wide = grey.shape
    if turn == 0:
        return Upright(grey, np.eye(3), 0, 0.0)
    if turn == 90:
        return Upright(cv2.rotate(grey, cv2.ROTATE_90_CLOCKWISE), np.array([[0, 1.0, 0], [-1, 0, tall], [0, 0, 1]]), 90, 0.0)  # type: ignore[arg-type]
    if turn == 180:
        return Upright(cv2.rotate(grey, cv2.ROTATE_180), np.array([[-1.0, 0, wide], [0, -1, tall], [0, 0, 1]]), 180, 0.0)  # type: ignore[arg-type]
    return Upright(cv2.rotate(grey, cv2.ROTATE_90_COUNTERCLOCKWISE), np.array([[0, -1.0, wide], [1, 0, 0], [0, 0, 1]]), 270, 0.0)  # type: ignore[arg-type]


def straight(given: Upright) -> Upright:
    """Without its skew. The sheet keeps its size; what is turned out of it at the corners is margin."""
    angle = skew_of(given.grey)
    if abs(angle) < 0.08:
        return given
    tall, wide = given.grey.shape
    forth = cv2.getRotationMatrix2D((wide / 2, tall / 2), angle, 1.0)
    grey = cv2.warpAffine(
        given.grey, forth, (wide, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,)
    )
    back = np.vstack([cv2.invertAffineTransform(forth), [0, 0, 1]])
    return Upright(np.asarray(grey, np.uint8), given.back @ back, given.turn, angle)


def squared(given: Upright) -> Upright:
    """Without perspective: lines that ought to be parallel are made so. A sheet from a copier stays as it is."""
    wide, tall = given.grey.shape[1], given.grey.shape[0]
    lying, standing = _slopes(given.grey)
    across, down = _trend(lying, tall), _trend(standing, wide)
    corners = np.array([(0, 0), (wide, 0), (wide, tall), (0, tall)], np.float32)
    moved = [
        (x + (y - tall / 2) * (down[0] + down[1] * (x - wide / 2)), y + (x - wide / 2) * (across[0] + across[1] * (y - tall / 2)))
        for x, y in corners.tolist()
    ]
    off = np.abs(np.array(moved) - corners).max()
    if off < 0.004 * wide or off > 0.12 * wide:
        return given
    back = np.asarray(cv2.getPerspectiveTransform(corners, np.array(moved, np.float32)), np.float64)
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    grey = cv2.warpPerspective(given.grey, back, (wide, tall), flags=how, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return given._replace(grey=np.asarray(grey, np.uint8), back=given.back @ back)


def _slopes(grey: Grey) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """The lines that all but lie and those that all but stand: place from the middle of the sheet, slope, ink."""
    ink = (grey < DARK).astype(np.uint8)
    return _lines_of(ink), _lines_of(np.ascontiguousarray(ink.T))


def _lines_of(ink: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    """The long lines that all but lie: height above the middle, slope, ink."""
    u = max(ink.shape) / A4_AT_150
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(3, round(9 * u))), np.uint8))
    right = np.pi / 2
    found = cv2.HoughLinesWithAccumulator(strokes, 1, np.pi / 1440, round(230 * u), min_theta=right - 0.1, max_theta=right + 0.1)
    lines = []
    for rho, theta, votes in [] if found is None else found.reshape(-1, 3).tolist()[:400]:
        slope = -np.cos(theta) / np.sin(theta)
        lines.append((float(rho / np.sin(theta) + slope * ink.shape[1] / 2 - ink.shape[0] / 2), float(slope), float(votes)))
    return lines


def _trend(strokes: list[tuple[float, float, float]], size: int) -> tuple[float, float]:
    """Slope in the middle of the sheet and its change a pixel; nothing where the lines are few, close together or at odds.

    The sheet's own edges do not count: they belong to the desk as much.
    """
    inner = [s for s in strokes if abs(s[0]) < 0.4 * size]
    if len(inner) < 4:
        return 0.0, 0.0
    at, slope, weight = (np.array(column, np.float64) for column in zip(*inner, strict=True))
    kept = np.ones(len(at), np.bool_)
    change = middle = 0.0
    for near in (0.03, 0.012, 0.006):
        if kept.sum() < 4 or np.ptp(at[kept]) < 0.3 * size:
            return 0.0, 0.0
        change, middle = np.polyfit(at[kept], slope[kept], 1, w=weight[kept])
        kept = np.abs(slope - middle - change * at) < near
    if weight[kept].sum() < 0.5 * weight.sum() or kept.sum() < 4 or np.ptp(at[kept]) < 0.3 * size:
        return 0.0, 0.0
    return float(middle), float(change)


def part(given: Upright, left: int, right: int) -> Upright:
    """The columns from ``left`` to ``right`` as a picture of their own."""
    shift = np.array([[1.0, 0, left], [0, 1, 0], [0, 0, 1]])
    return given._replace(grey=np.ascontiguousarray(given.grey[:, left:right]), back=given.back @ shift)


# -- ruling lines


def ruling(grey: Grey, u: float) -> tuple[list[Rule], list[Rule], NDArray[np.uint8]]:
    """Horizontal and vertical ruling lines, and the mask of their pixels.

    ``u`` is the unit of length: that of the sheet, or larger where the type is. A short upright stroke counts only where it runs from one horizontal line to another: else it is part of a character.
    """
    ink = (grey < DARK).astype(np.uint8)
    long, short = max(20, round(60 * u)), max(12, round(22 * u))
    lying = _strokes(ink, round(22 * u), round(12 * u), long, lying=True)
    across = [Rule(y + h / 2, x, x + w) for x, y, w, h in _runs(lying) if w >= long and h <= 6 * u + w * 0.008]
    standing = _strokes(ink, round(16 * u), round(4 * u), short, lying=False)
    strokes = [(x + w / 2, y, y + h, w) for x, y, w, h in _runs(standing) if w <= 6 * u + h * 0.008]
    walls = [s for s in strokes if s[2] - s[1] >= 3.5 * short]
    walls += [s for s in strokes if s[2] - s[1] < 3.5 * short and _is_wall(s, across, walls, u)]
    keep = np.zeros_like(standing)
    for x, top, bottom, w in walls:
        columns = slice(round(x - w / 2), round(x + w / 2))
        keep[top:bottom, columns] |= standing[top:bottom, columns]
    down = [Rule(x, float(top), float(bottom)) for x, top, bottom, _ in walls]
    dark = (grey < 225).astype(np.uint8)
    across += _bridges(across, dark, u, 32 * u)
    down += _bridges(down, np.ascontiguousarray(dark.T), u, 18 * u)
    return across, down, np.asarray(cv2.bitwise_or(lying, keep), np.uint8)


def _bridges(rules: list[Rule], dark: NDArray[np.uint8], u: float, narrow: float) -> list[Rule]:
    """Where a line is worn or a seal was lifted off it: gaps between two pieces of one line in which a thin trace of it is left.

    A gap that merged cells leave is bare, or has text in it, which is not thin; and no cell is as narrow as ``narrow``.
    """
    found = []
    ordered = sorted(rules, key=lambda r: (round(r.at / (6 * u)), r.low))
    for a in ordered:
        following = [b for b in rules if b is not a and abs(b.at - a.at) <= 5 * u and 0 < b.low - a.high <= 400 * u]
        if not following:
            continue
        b = min(following, key=lambda r: r.low)
        at, low, high = round((a.at + b.at) / 2), round(a.high), round(b.low)
        near, far = max(2, round(2 * u)), round(5 * u)
        trace = dark[max(0, at - near) : at + near + 1, low:high]
        beside = np.vstack([dark[max(0, at - far - 2) : max(1, at - far), low:high], dark[at + far : at + far + 2, low:high]])
        worn = high - low <= narrow and abs(a.at - b.at) <= 2.5 * u
        if worn or (trace.size and trace.any(axis=0).mean() >= 0.55 and beside.mean() <= 0.12):
            found.append(Rule((a.at + b.at) / 2, a.high, b.low))
    return found


def _is_wall(stroke: tuple[float, int, int, int], across: list[Rule], walls: list[tuple[float, int, int, int]], u: float) -> bool:
    """Whether a short upright stroke runs from one horizontal line to the next; one in line with a longer wall may fall short a little."""
    x, top, bottom, w = stroke
    ys = sorted(r.at for r in across if r.low - 5 * u <= x <= r.high + 5 * u)
    above = max((y for y in ys if y <= top + 5 * u), default=None)
    below = min((y for y in ys if y >= bottom - 5 * u), default=None)
    if above is None or below is None or below - above < 8 * u:
        return False
    share = (bottom - top) / (below - above)
    in_line = any(abs(other[0] - x) <= 4 * u for other in walls)
    return share >= (0.7 if in_line else 0.9) and w <= 5 * u


def _strokes(ink: NDArray[np.uint8], least: int, bridge: int, long: int, *, lying: bool) -> NDArray[np.uint8]:
    """Straight runs of ink. Only runs of some length are bridged, else neighbouring characters would make a line."""

    def bar(length: int) -> NDArray[np.uint8]:
        return np.ones((1, max(1, length)) if lying else (max(1, length), 1), np.uint8)

    found = cv2.morphologyEx(ink, cv2.MORPH_OPEN, bar(least))
    found = cv2.morphologyEx(found, cv2.MORPH_CLOSE, bar(bridge))
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, bar(long)), np.uint8)


def _runs(mask: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    _, _, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [(x, y, w, h) for x, y, w, h, _ in boxes[1:].tolist()]


def tables(across: list[Rule], down: list[Rule], u: float, size: float, sheet: float = float("inf")) -> list[Grid]:
    """The grids the lines draw that have room for text of that size; strokes of large characters and square codes make smaller ones. ``sheet`` is the sheet's area."""
    drawn = grids(across, down, slack=5 * u, join=12 * u, shortest=20 * u)
    return [g for g in drawn if _has_room(g, size) and not _is_frame(g, sheet)]


def _has_room(grid: Grid, size: float) -> bool:
    heights = sorted(c.box[3] - c.box[1] for c in grid.cells)
    return grid.box[2] - grid.box[0] > 8 * size and heights[len(heights) // 2] > 0.95 * size


def _is_frame(grid: Grid, sheet: float) -> bool:
    """Whether the lines are the sheet's own edges or a border around the whole page."""
    largest = max((c.box[2] - c.box[0]) * (c.box[3] - c.box[1]) for c in grid.cells)
    return len(grid.cells) <= 3 and largest > 0.55 * sheet


def walls(drawn: list[Grid]) -> tuple[list[Rule], list[Rule]]:
    """The sides of every cell, exactly on the grid's edges, so that laying out finds the very cells that reading cut at."""
    boxes = [cell.box for grid in drawn for cell in grid.cells]
    across = [Rule(y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1)]
    down = [Rule(x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1)]
    return straighten(across, slack=0.01, join=0.01), straighten(down, slack=0.01, join=0.01)


# -- lines


def type_size(spots: list[Spot]) -> float:
    """The size of most of the type, from how tall lines are found to be."""
    heights = sorted(s.bottom - s.top for s in spots if s.right - s.left > s.bottom - s.top)
    return heights[len(heights) // 2] / 1.65 if heights else 0.0


def for_finding(grey: Grey, scale: float = 1.0) -> tuple[Grey, float]:
    """The picture at the finder's size and by how much it is smaller."""
    ratio = min(1.6, FINDER_SIDE * scale / max(grey.shape))
    if ratio == 1:
        return grey, 1.0
    how = cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=how), np.uint8), ratio


def sideways(spots: list[Spot]) -> bool:
    """Whether most of the text found stands on end."""
    telling = [(s.right - s.left, s.bottom - s.top) for s in spots]
    telling = [(w, h) for w, h in telling if max(w, h) > 2.2 * min(w, h)]
    tall = sum(h for w, h in telling if h > w)
    return bool(telling) and tall > 0.6 * sum(max(w, h) for w, h in telling)


def gutter(grey: Grey, spots: list[Spot], across: list[Rule]) -> int | None:
    """The column between two pages on one sheet; None where there is one page only.

    Two pages side by side are wide, their text is small against the sheet, and nothing crosses the middle.
    """
    tall, wide = grey.shape
    if wide < 1.2 * tall or len(spots) < 16:
        return None
    middle = sorted(s.bottom - s.top for s in spots)[len(spots) // 2]
    if middle > 0.03 * wide:
        return None
    crossing = np.zeros(wide, np.int32)
    for low, high in [*((s.left, s.right) for s in spots), *((r.low, r.high) for r in across)]:
        crossing[int(low) : int(high) + 1] += 1
    band = range(int(0.42 * wide), int(0.58 * wide))
    free = [x for x in band if crossing[x] == 0]
    if len(free) < 0.02 * wide:
        return None
    at = sum(free) // len(free)
    halves = ((0, at), (at, wide))
    return at if all(_page_like(low, high, spots, across) for low, high in halves) else None


def _page_like(low: int, high: int, spots: list[Spot], across: list[Rule]) -> bool:
    """Whether a half of the sheet holds running text or a table of its own, not labels beside values."""
    own = [s for s in spots if s.left >= low and s.right <= high]
    long = sum(s.right - s.left > 0.35 * (high - low) for s in own)
    rules = sum(r.low >= low and r.high <= high and r.high - r.low > 0.5 * (high - low) for r in across)
    return len(own) >= 4 and (long >= 2 or rules >= 3)
