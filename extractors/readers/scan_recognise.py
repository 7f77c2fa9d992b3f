"""A page's picture → its reading: seals lifted, paper whitened, text set upright, ruling lines found, lines read."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.readers import scan_picture as picture
from extractors.readers import seals
from extractors.readers.grid import Rule
from extractors.readers.ocr import Engine, Spot
from extractors.readers.scan_layer import Seen
from extractors.readers.scan_lines import FIGURES, read_lines
from extractors.readers.scan_reading import BLANK, WORDLESS, Leaf, Line, PageReading, Pixels, Seal
from schemas.document import Box, Page

#: The size of usual type, in units of length.
TYPE: Final = 26.0
TELLING: Final = re.compile(r"[0-9\u3400-\u9fff]")
#: In points: a taller box holds several lines.
TALLEST_LINE: Final = 26.0


def recognise(pixels: Pixels, engine: Engine) -> PageReading:
    colours = pixels.array()
    found = seals.find(colours)
    given = picture.flatten(seals.without(colours, found))
    upright, spots = _upright(given, engine, 0)
    leaves = _leaves(upright, spots, engine)
    if _badly_read(leaves) and _upside_down(upright.grey, spots, engine):
        leaves = _leaves(*_upright(given, engine, (upright.turn + 180) % 360), engine)
    leaves = [leaf._replace(lines=tuple(line for line in leaf.lines if not _residue(line, leaf, found))) for leaf in leaves]
    inked = seals.inked(colours, found)
    leaves = (
        [leaf._replace(lines=tuple(_under_seals(line, leaf, inked) for line in leaf.lines)) for leaf in leaves]
        if found
        else leaves
    )
    words = tuple(seals.read_rings(colours, seals.printed(colours, found), engine))
    return PageReading(
        pixels.width, pixels.height, engine.id, tuple(leaves), words, _notes(leaves, given), seals.tone(colours, found)
    )


def _leaves(upright: picture.Upright, spots: list[Spot], engine: Engine) -> list[Leaf]:
    size = picture.type_size(spots)
    across, down, mask = picture.ruling(upright.grey, max(picture.unit(upright.grey), size / TYPE))
    at = picture.gutter(upright.grey, spots, across)
    wide = upright.grey.shape[1]
    halves = [(0, wide)] if at is None else [(0, at), (at, wide)]
    return [_leaf(upright, spots, across, down, mask[:, left:right], left, right, engine) for left, right in halves]


def _upright(given: NDArray[np.uint8], engine: Engine, turn: int) -> tuple[picture.Upright, list[Spot]]:
    """The picture turned by ``turn`` and straightened, with its lines; a quarter turn further where these stand on end."""
    upright = picture.squared(picture.straight(picture.turned(given, turn)))
    spots = _find(upright.grey, engine)
    if picture.sideways(spots) and not _reads(upright.grey, spots, engine):
        upright = picture.squared(picture.straight(picture.turned(given, (turn + 90) % 360)))
        spots = _find(upright.grey, engine)
    return upright, spots


def _reads(grey: NDArray[np.uint8], spots: list[Spot], engine: Engine) -> bool:
    """Whether the lines that lie flat are words: labels stacked in narrow columns stand on end on a sheet that does not."""
    flat = sorted((s for s in spots if s.right - s.left > 2.2 * (s.bottom - s.top)), key=lambda s: s.left - s.right)[:5]
    crops = [grey[int(s.top) : int(s.bottom) + 1, int(s.left) : int(s.right) + 1] for s in flat]
    read = engine.read([crop for crop in crops if crop.size])
    words = [glyphs for glyphs in read if len(TELLING.findall(glyphs.text)) >= 3]
    return len(words) > 1 and sum(glyphs.mean for glyphs in words) / len(words) > 0.9


def _badly_read(leaves: list[Leaf]) -> bool:
    """Whether the longest lines are mostly guesses, as text on its head is."""
    longest = sorted((line for leaf in leaves for line in leaf.lines), key=lambda line: -len(line.text))[:8]
    sure = [c for line in longest for c in line.confidence]
    return bool(sure) and sum(sure) / len(sure) < 0.85


def _find(grey: NDArray[np.uint8], engine: Engine) -> list[Spot]:
    """Lines at the finder's usual size; small print is looked for again on a larger picture."""
    spots: list[Spot] = []
    for scale in (1.0, 1.5):
        sized, ratio = picture.for_finding(grey, scale)
        spots = [Spot(s.left / ratio, s.top / ratio, s.right / ratio, s.bottom / ratio, s.score) for s in engine.find(sized)]
        heights = sorted((s.bottom - s.top) * ratio for s in spots)
        if not heights or heights[len(heights) // 2] >= picture.SMALLEST_LINE:
            break
    return spots


def _upside_down(grey: NDArray[np.uint8], spots: list[Spot], engine: Engine) -> bool:
    """Whether a few long lines read better standing on their head."""
    longest = sorted(spots, key=lambda s: s.left - s.right)[:5]
    crops = [
        grey[int(s.top) : int(s.bottom) + 1, int(s.left) : int(min(s.right, s.left + 14 * (s.bottom - s.top))) + 1]
        for s in longest
    ]
    crops = [c for c in crops if c.size]
    if not crops:
        return False
    upright = [g.mean for g in engine.read(crops)]
    turned = [g.mean for g in engine.read([np.ascontiguousarray(c[::-1, ::-1]) for c in crops])]
    return sum(turned) > sum(upright) + 0.1 * len(crops)


def _leaf(
    upright: picture.Upright, spots: list[Spot], across: list[Rule], down: list[Rule], mask: NDArray[np.uint8], left: int, right: int, engine: Engine
) -> Leaf:  # fmt: skip
    whole = picture.part(upright, left, right)
    own = [
        Spot(max(0.0, s.left - left), s.top, s.right - left, s.bottom, s.score)
        for s in spots
        if left <= (s.left + s.right) / 2 < right
    ]
    rows = [
        Rule(r.at, max(0.0, r.low - left), min(float(right), r.high) - left) for r in across if r.low < right and r.high > left
    ]
    columns = [Rule(r.at - left, r.low, r.high) for r in down if left <= r.at < right]
    columns = without_strokes(columns, own)
    size = picture.type_size(spots)
    u = max(picture.unit(upright.grey), size / TYPE)
    drawn = picture.tables(rows, columns, u, size, float(whole.grey.size))
    rows, columns = picture.walls(drawn)
    lines = read_lines(whole.grey, own, drawn, np.ascontiguousarray(mask), engine)
    a, b, c, d, e, f, g, h, _ = (round(float(v), 9) for v in (whole.back / whole.back[2, 2]).reshape(-1))
    tall, wide = whole.grey.shape
    return Leaf(
        wide, tall, (a, b, c, d, e, f), whole.turn, round(whole.skew, 3), tuple(lines), tuple(rows), tuple(columns), (g, h)
    )


def without_strokes(down: list[Rule], spots: Sequence[Spot]) -> list[Rule]:
    """The upright lines, those left out that are strokes of large type: within one line of text, and no piece of a longer line.

    A title set large would be taken for a row of cells and read in pieces. A wall of a cell reaches beyond the words in it.
    """

    def stroke(rule: Rule) -> bool:
        return any(
            spot.left < rule.at < spot.right
            and rule.low >= spot.top
            and rule.high <= spot.bottom
            and spot.right - spot.left > 2 * (spot.bottom - spot.top)
            for spot in spots
        )

    strokes = [rule for rule in down if stroke(rule)]
    walls = [rule for rule in down if rule not in strokes]
    return walls + [rule for rule in strokes if any(abs(rule.at - wall.at) <= 3 for wall in walls)]


def _under_seals(line: Line, leaf: Leaf, inked: NDArray[np.bool_]) -> Line:
    """The line with its numbers doubted that a seal's ink runs across: lifting it off may take a point along."""
    doubts = list(line.doubts)
    for match in FIGURES.finditer(line.text):
        left, right = line.xs[2 * match.start()], line.xs[2 * match.end() - 1]
        corners = [leaf.on_picture(x, y) for x in (left, right) for y in (line.top, line.bottom)]
        xs, ys = [max(0, int(x)) for x, _ in corners], [max(0, int(y)) for _, y in corners]
        there = inked[min(ys) : max(ys) + 1, min(xs) : max(xs) + 1]
        if there.size and there.mean() > 0.03:
            doubts.append((match.start(), match.end(), "数字上有印章，须核对原件"))
    return line._replace(doubts=tuple(doubts))


def _residue(line: Line, leaf: Leaf, found: list[Seal]) -> bool:
    """What is left of a seal's own strokes: a character or two, hardly read, inside a seal."""
    if len(line.text) > 2 or sum(line.confidence) / len(line.confidence) >= 0.5:
        return False
    x, y = leaf.on_picture((line.xs[0] + line.xs[-1]) / 2, (line.top + line.bottom) / 2)
    return any(s.left <= x <= s.right and s.top <= y <= s.bottom for s in found)


def _notes(leaves: list[Leaf], grey: NDArray[np.uint8]) -> tuple[str, ...]:
    sure = [c for leaf in leaves for line in leaf.lines for c in line.confidence]
    notes = []
    if not sure:
        notes.append(BLANK if np.count_nonzero(grey < picture.DARK) < 0.0004 * grey.size else WORDLESS)
    if len(leaves) > 1:
        notes.append("一张图上有两页，已分开读取")
    if leaves and leaves[0].turn:
        notes.append(f"图像已转正（{leaves[0].turn}度）")
    if sure and sum(sure) / len(sure) < 0.85:
        notes.append("图像不清，识别结果须核对")
    return tuple(notes)


def look(pixels: Pixels, page: Page, boxes: Sequence[Box], engine: Engine) -> tuple[Seen, ...]:
    """What the page's picture shows in each box (in the page's units). A box with several lines is searched for them."""
    colours = pixels.array()
    grey = picture.flatten(seals.without(colours, seals.find(colours)))
    across, down = pixels.width / page.width, pixels.height / page.height
    places: list[list[NDArray[np.uint8]]] = []
    for x0, top, x1, bottom in boxes:
        air = 0.06 * min(bottom - top, 20.0)
        rows = slice(max(0, int((top - air) * down)), max(1, int((bottom + air) * down) + 1))
        columns = slice(max(0, int((x0 - air) * across)), max(1, int((x1 + air) * across) + 1))
        places.append(_lines_in(grey[rows, columns], engine) if bottom - top > TALLEST_LINE else [grey[rows, columns]])
    crops = [crop for crops in places for crop in crops if crop.size and _inked(crop)]
    answers = iter(engine.read(crops))
    seen = []
    for own in places:
        read = [next(answers) for crop in own if crop.size and _inked(crop)]
        sure = [c for glyphs in read for c in glyphs.confidence]
        seen.append(Seen("".join(g.text for g in read), min(sure, default=0.0), bool(read)))
    return tuple(seen)


def _lines_in(grey: NDArray[np.uint8], engine: Engine) -> list[NDArray[np.uint8]]:
    spots = sorted(engine.find(grey), key=lambda s: s.top + s.bottom) if grey.size else []
    return [grey[int(s.top) : int(s.bottom) + 1, int(s.left) : int(s.right) + 1] for s in spots] or [grey]


def _inked(crop: NDArray[np.uint8]) -> bool:
    """Whether there is more than specks: a blank place must not count as unread."""
    return bool(np.count_nonzero(crop < picture.DARK) >= 12)
