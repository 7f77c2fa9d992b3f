"""Whether the figures of a text layer are what the page shows at their places. The layer is what programs read, the picture what people see.

A crop that holds the figure alone is read first, which nearly always settles it. What it leaves open is read again finer and with the
characters beside it. Only readings that agree with each other, on a spot whose neighbours are what the layer says they are, contradict a layer: a page
drawn otherwise than it was read, or a font the engine cannot read, looks like forgery to a single reading.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from extractors.readers.ocr import Engine, Glyphs
from extractors.readers.scan_reading import Pixels
from schemas.document import Box, Document, Page
from schemas.evidence import Evidence

#: Draws a part of a page of one document at so many dots an inch; None where it cannot.
Draw: TypeAlias = Callable[[str, int, Box, int], Pixels | None]
Colours: TypeAlias = NDArray[np.uint8]

COARSE, FINE = 150, 220
#: A reading less sure than the first bears nothing out, than the second contradicts nothing.
LIKELY: Final = 0.5
SURE: Final = 0.85
#: How far, from 0 to 255, the darkest and the lightest spot of a place are apart where nothing is drawn.
BLANK: Final = 24
#: Air around a figure as a part of its height; more lets neighbours and ruling lines in.
AROUND, ABOVE = 0.1, 0.05
AIR: Final = 0.1
#: How many characters of its line are read with a figure.
BESIDE: Final = 3
#: How many characters of other words are read to tell whether the page is drawn as it was read, and how much of them has to be seen.
WITNESS, ALIKE = 12, 0.6
#: A page that pictures cover so far, and type that is smaller in points, give reason to look.
PICTURED, TINY = 0.5, 4.0
#: In points: what is drawn around the places of a page.
MARGIN: Final = 4.0
_NUMERALS: Final = "0-9〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_WIDE: Final = "０-９"
_FIGURE: Final = re.compile(f"[{_NUMERALS}{_WIDE}](?:.*[{_NUMERALS}{_WIDE}])?", re.DOTALL)
_SQUARED: Final = re.compile(r"(?<=[mM米])\s?[2²２]|㎡")
_SAME: Final = str.maketrans("〇零○Oo·。", "00000..")
_WORDS: Final = re.compile(r"[^0-9a-z\u3400-\u9fff]")


class Answer(StrEnum):
    """``BLANK``: nothing is drawn there. ``UNREAD``: the picture does not tell."""

    AGREES = "agrees"
    DIFFERS = "differs"
    BLANK = "blank"
    UNREAD = "unread"


class Piece(NamedTuple):
    """A figure, or the part of one that stands on one line, with what stands around it there.

    ``near`` is the box of the figure and a few characters of its line, ``beside`` those characters; ``witness`` are other words close by. ``turn`` is how
    many quarters to the left it has to be turned to be read. ``upright`` is false where its line does not run across: a 6 on its side is not a 9.
    """

    document: str
    page: int
    sheet: tuple[float, float]
    words: str
    box: Box
    near: Box
    beside: str
    witness: tuple[str, Box] | None
    upright: bool = True
    turn: int = 0


class Shown(NamedTuple):
    """``text`` is what is seen where it differs."""

    answer: Answer
    text: str = ""


def plain(text: str) -> str:
    """A figure as its digits, points and numerals: width, separators, units and spaces aside.

    >>> plain("１,２６０．5 ㎡")
    '1260.5'
    """
    folded = unicodedata.normalize("NFKC", _SQUARED.sub(" ", text)).translate(_SAME)
    return re.sub(f"[^{_NUMERALS}.]", "", folded).strip(".")


def among(words: str, found: Sequence[str]) -> bool:
    """Whether every number written in digits in ``words`` is one of ``found``; so is a figure without digits.

    >>> among("1,260.5 ㎡", ("350", "1260.5"))
    True
    """
    folded = unicodedata.normalize("NFKC", _SQUARED.sub(" ", words)).replace(",", "")
    return all(number.rstrip(".") in found for number in re.findall(r"\d[\d.]*", folded))


# where a figure stands


def pieces(document: Document, place: Evidence) -> tuple[Piece, ...]:
    """The figure of a place line by line; none where the words are not to be found there or hold no figure."""
    start = _offset(document, place)
    found = _FIGURE.search(_SQUARED.sub(lambda m: " " * len(m[0]), place.quote)) if start is not None else None
    if start is None or found is None:
        return ()
    first, last = start + found.start(), start + found.end()
    lines = tuple(_piece(document, place.document, a, b) for a, b in _lines(document, first, last))
    return (_sideways(lines, document.text[first:last]),) if _stacked(lines) else lines


def _stacked(lines: Sequence[Piece]) -> bool:
    """Whether each character stands under or over the one before, as in text that runs up or down the page."""
    alone = len(lines) > 1 and all(len(line.words.strip()) == 1 for line in lines)
    return alone and all(min(a.box[2], b.box[2]) > max(a.box[0], b.box[0]) for a, b in pairwise(lines))


def _sideways(lines: Sequence[Piece], words: str) -> Piece:
    boxes = [line.box for line in lines]
    whole = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return lines[0]._replace(
        words=words, box=whole, near=whole, beside="", upright=False, turn=1 if boxes[-1][1] > boxes[0][1] else 3
    )


def _offset(document: Document, place: Evidence) -> int | None:
    if place.bbox is None or not document.paged:
        return None
    at = -1
    while (at := document.text.find(place.quote, at + 1)) >= 0 and place.quote:
        found = document.box(at, at + len(place.quote))
        if found and found[0] == place.page and all(abs(a - b) < 0.02 for a, b in zip(found[1], place.bbox, strict=True)):
            return at
    return None


def _lines(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span cut where lines end, without what has no place."""
    while start < end:
        stop = min(end, _run(document, start)[1])
        if any(_placed(document, i) for i in range(start, stop)):
            yield start, stop
        start = stop


def _run(document: Document, offset: int) -> tuple[int, int]:
    run = max(0, bisect_right(document.run_start, offset) - 1)
    after = document.run_start[run + 1] if run + 1 < len(document.run_start) else len(document.text)
    return document.run_start[run], after


def _placed(document: Document, offset: int) -> bool:
    return document.x0[offset] <= document.x1[offset]


def _piece(document: Document, ident: str, start: int, end: int) -> Piece:
    first, last = start, end
    low, high = _run(document, start)
    while first > max(low, start - BESIDE) and _placed(document, first - 1):
        first -= 1
    while last < min(high, end + BESIDE) and _placed(document, last):
        last += 1
    page, box = next(document.boxes(start, end))
    _, near = next(document.boxes(first, last))
    beside = document.text[first:start] + document.text[end:last]
    sheet = next(p for p in document.pages if p.number == page)
    size = (sheet.width, sheet.height)
    witness = _witness(document, sheet, box, (first, last))
    wide = [document.x1[i] - document.x0[i] for i in range(start, end) if _placed(document, i)]
    upright = sum(wide) < 1.5 * (box[2] - box[0]) + 0.1 and max(wide) < 1.1 * (box[3] - box[1])
    return Piece(ident, page, size, document.text[start:end], box, near, beside, witness, upright)


def _witness(document: Document, page: Page, box: Box, own: tuple[int, int]) -> tuple[str, Box] | None:
    """The nearest words of the page that are not the figure's: of its own line before those above and below."""
    found: list[tuple[float, str, Box]] = []
    for start, end in _runs(document, page):
        for low, high in ((start, min(end, own[0])), (max(start, own[1]), end)):
            span = (max(low, high - WITNESS), high) if high == own[0] else (low, min(high, low + WITNESS))
            words = document.text[span[0] : span[1]]
            placed = next(document.boxes(*span), None) if len(_spoken(words)) >= 2 else None
            if placed is not None and placed[0] == page.number:
                found.append((_away(placed[1], box), words, placed[1]))
    nearest = min(found, default=None)
    return nearest[1:] if nearest else None


def _away(a: Box, b: Box) -> float:
    across = max(0.0, a[0] - b[2], b[0] - a[2])
    return across + 10 * max(0.0, abs((a[1] + a[3]) - (b[1] + b[3])) / 2 - (b[3] - b[1]) / 2)


def _letters(text: str) -> str:
    return _WORDS.sub("", unicodedata.normalize("NFKC", text).lower())


def marks_at(document: Document, place: Evidence) -> frozenset[str]:
    """The kinds of the marks that lie on the words of a place."""
    start = _offset(document, place)
    if start is None:
        return frozenset()
    end = start + len(place.quote)
    return frozenset(mark.kind for mark in document.marks if mark.start < end and mark.end > start)


def odd(document: Document, place: Evidence) -> bool:
    """Whether a place's geometry gives reason to look: off the page, tiny, over other words, or on a page that is mostly picture."""
    sheet = next((page for page in document.pages if page.number == place.page), None)
    start = _offset(document, place)
    if sheet is None or place.bbox is None or start is None or sheet.image_share >= PICTURED:
        return True
    left, top, right, bottom = place.bbox
    if left < 0 or top < 0 or right > sheet.width or bottom > sheet.height or bottom - top < TINY:
        return True
    return any(
        _over(document, run, sheet.number, place.bbox, (start, start + len(place.quote))) for run in _runs(document, sheet)
    )


def _runs(document: Document, page: Page) -> Iterator[tuple[int, int]]:
    first, last = bisect_left(document.run_start, page.start), bisect_left(document.run_start, page.end)
    return (_run(document, document.run_start[run]) for run in range(first, last))


def _over(document: Document, run: tuple[int, int], page: int, box: Box, own: tuple[int, int]) -> bool:
    """Whether characters of a line other than the place's own stand in the middle of its box."""
    others = ((run[0], min(run[1], own[0])), (max(run[0], own[1]), run[1]))
    middle, inner = (box[1] + box[3]) / 2, 0.2 * (box[3] - box[1])
    for number, (left, top, right, bottom) in (found for span in others for found in document.boxes(*span)):
        if number == page and top < middle < bottom and left < box[2] - inner and right > box[0] + inner:
            return True
    return False


def _spoken(text: str) -> str:
    """Letters without digits: a row of digits may be anything."""
    return re.sub(r"[0-9]", "", _letters(text))


# what is seen there


@dataclass(frozen=True, slots=True)
class _Strip:
    """A drawn part of a page. ``box`` is where it lies there."""

    colours: Colours
    box: Box

    def cut(self, box: Box, around: float, above: float, turn: int = 0) -> "_Crop":
        """A place with so much air around and above it, in parts of its height, or of its width where it is turned."""
        if turn:
            around, above = above, around
        tall, wide = self.colours.shape[:2]
        across, down = wide / (self.box[2] - self.box[0]), tall / (self.box[3] - self.box[1])
        high = box[2] - box[0] if turn else box[3] - box[1]
        left = max(0, int((box[0] - around * high - self.box[0]) * across))
        top = max(0, int((box[1] - above * high - self.box[1]) * down))
        right = max(0, int((box[2] + around * high - self.box[0]) * across) + 1)
        bottom = max(0, int((box[3] + above * high - self.box[1]) * down) + 1)
        cut = np.ascontiguousarray(np.rot90(self.colours[top:bottom, left:right], turn))
        return _Crop(cut, self.box[0] + left / across, across)


class _Crop(NamedTuple):
    """``left`` is where its left edge lies on the page, ``across`` its pixels a point."""

    colours: Colours
    left: float
    across: float

    def within(self, glyphs: Glyphs, box: Box) -> "_Read":
        """What was read between the left and the right edge of a box."""
        slack = 0.15 * (box[3] - box[1])
        xs = [self.left + centre / self.across for centre in glyphs.centres]
        kept = [i for i, x in enumerate(xs) if box[0] - slack <= x <= box[2] + slack]
        return _Read("".join(glyphs.text[i] for i in kept), min((glyphs.confidence[i] for i in kept), default=0.0))


class _Read(NamedTuple):
    text: str
    sure: float


Strips: TypeAlias = dict[tuple[str, int], _Strip]


def compare(figures: Sequence[Sequence[Piece]], draw: Draw, engine: Engine) -> tuple[Shown, ...]:
    """One answer a figure, given as its pieces. Raises what the engine raises, and ``ValueError`` where its answers do not fit."""
    wanted = list(dict.fromkeys(piece for figure in figures for piece in figure))
    coarse = _strips([(piece, piece.near) for piece in wanted], draw, COARSE)
    seen = _first(wanted, coarse, engine)
    left = [piece for piece in wanted if piece not in seen]
    if left:
        boxes = [(piece, box) for piece in left for box in (piece.near, *([piece.witness[1]] if piece.witness else ()))]
        rest, legible = _again(left, coarse, _strips(boxes, draw, FINE), engine)
        if not legible and not seen:
            raise ValueError("an engine reads nothing where there is ink")
        seen |= rest
    return tuple(_of([seen[piece] for piece in figure]) for figure in figures)


def _of(shown: Sequence[Shown]) -> Shown:
    """The answer for a figure that stands on several lines."""
    answers = {one.answer for one in shown}
    if len(answers) == 1:
        return Shown(shown[0].answer, "…".join(one.text for one in shown if one.text))
    return next((one for one in shown if one.answer is Answer.DIFFERS), Shown(Answer.UNREAD))


def _strips(wanted: Sequence[tuple[Piece, Box]], draw: Draw, dpi: int) -> Strips:
    """One drawing a page: the part of it that holds all the places."""
    places: dict[tuple[str, int], list[Box]] = {}
    sheets = {(piece.document, piece.page): piece.sheet for piece, _ in wanted}
    for piece, box in wanted:
        places.setdefault((piece.document, piece.page), []).append(box)
    drawn: Strips = {}
    for (document, page), boxes in places.items():
        wide, tall = sheets[document, page]
        left, top = max(0.0, min(b[0] for b in boxes) - MARGIN), max(0.0, min(b[1] for b in boxes) - MARGIN)
        right, bottom = min(wide, max(b[2] for b in boxes) + MARGIN), min(tall, max(b[3] for b in boxes) + MARGIN)
        if left + 1 < right and top + 1 < bottom and (pixels := draw(document, page, (left, top, right, bottom), dpi)):
            drawn[document, page] = _Strip(pixels.array(), (left, top, right, bottom))
    return drawn


def _first(wanted: Sequence[Piece], strips: Strips, engine: Engine) -> dict[Piece, Shown]:
    """The pieces that the figure's own ink bears out."""
    drawn = [piece for piece in wanted if (piece.document, piece.page) in strips]
    crops = [strips[piece.document, piece.page].cut(piece.box, AROUND, ABOVE, piece.turn).colours for piece in drawn]
    inked = [(piece, _aired(_grey(crop))) for piece, crop in zip(drawn, crops, strict=True) if not _blank(crop)]
    answers = _read(engine, [crop for _, crop in inked])
    return {
        piece: Shown(Answer.AGREES)
        for (piece, _), glyphs in zip(inked, answers, strict=True)
        if _bears_out(piece, _Read(glyphs.text, min(glyphs.confidence, default=0.0)))
    }


def _again(left: Sequence[Piece], coarse: Strips, fine: Strips, engine: Engine) -> tuple[dict[Piece, Shown], bool]:
    """The rest, each looked at in several ways, and whether anything at all was read, or there was nothing to read."""
    shown = dict.fromkeys(left, Shown(Answer.UNREAD))
    looks: list[tuple[Piece, str, _Crop, Colours]] = []
    for piece in left:
        at = (piece.document, piece.page)
        if at in coarse and at in fine:
            looks += [(piece, name, crop, grey) for name, crop, grey in _looks(piece, coarse[at], fine[at]) if not _blank(grey)]
    answers = _read(engine, [grey for *_, grey in looks])
    read: dict[Piece, dict[str, _Read]] = {piece: {} for piece in left}
    for (piece, name, crop, _), glyphs in zip(looks, answers, strict=True):
        whole = _Read(glyphs.text, min(glyphs.confidence, default=0.0))
        read[piece][name] = whole if name == "witness" or piece.turn else crop.within(glyphs, piece.box)
        if name == "fine":
            read[piece]["beside"] = whole
    for piece in left:
        at = (piece.document, piece.page)
        if at in fine and at in coarse:
            blank = _blank(fine[at].cut(piece.box, 0.0, -0.1).colours)
            shown[piece] = _ruling(piece, read[piece], blank=blank)
    return shown, not answers or any(glyphs.text for glyphs in answers)


def _looks(piece: Piece, coarse: _Strip, fine: _Strip) -> Iterator[tuple[str, _Crop, Colours]]:
    near, finer = (strip.cut(piece.near, AROUND, ABOVE, piece.turn) for strip in (coarse, fine))
    yield "coarse", near, _grey(near.colours)
    yield "fine", finer, _grey(finer.colours)
    alone = fine.cut(piece.box, AROUND, ABOVE, piece.turn)
    yield "alone", alone, _grey(alone.colours)
    if _coloured(finer.colours):
        yield "black", finer, _grey(finer.colours, black=True)
    if piece.witness:
        other = fine.cut(piece.witness[1], AROUND, ABOVE)
        yield "witness", other, _grey(other.colours)


def _ruling(piece: Piece, read: dict[str, _Read], *, blank: bool) -> Shown:
    trusted = (piece.witness is not None and _alike(piece.witness[0], read.get("witness"))) or _alike(
        piece.beside, read.get("beside")
    )
    if blank:
        return Shown(Answer.BLANK if trusted else Answer.UNREAD)
    looks = [read[name] for name in ("coarse", "fine", "alone") if name in read]
    if any(_bears_out(piece, one) for one in (*looks, *([read["black"]] if "black" in read else ()))):
        return Shown(Answer.AGREES)
    other = {plain(one.text) for one in looks}
    sure = len(looks) == 3 and len(other) == 1 and min(one.sure for one in looks) >= SURE
    if sure and trusted and piece.upright and not _edges(plain(piece.words), *other):
        return Shown(Answer.DIFFERS, read["fine"].text)
    return Shown(Answer.UNREAD)


def _bears_out(piece: Piece, read: _Read) -> bool:
    return read.sure >= LIKELY and plain(read.text) == plain(piece.words)


def _edges(stated: str, seen: str) -> bool:
    """Whether nothing is seen, or nothing else but strokes at either end, which a ruling line beside a figure looks like."""
    return not seen or seen.strip("1一") == stated.strip("1一")


def _alike(words: str, read: _Read | None) -> bool:
    a, b = _letters(words), _letters(read.text) if read else ""
    if len(_spoken(words)) < 2 or not b:
        return False
    return sum(m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()) >= ALIKE * len(a)


def _read(engine: Engine, crops: Sequence[Colours]) -> list[Glyphs]:
    answers = engine.read(crops) if crops else []
    whole = all(len(g.text) == len(g.centres) == len(g.confidence) for g in answers)
    if len(answers) != len(crops) or not whole:
        raise ValueError("an engine's answers do not fit what it was asked")
    return answers


# pixels


def _blank(crop: Colours) -> bool:
    """Whether nothing is drawn: a person sees no more than a spot of one colour."""
    if not crop.size:
        return True
    flat = crop.reshape(crop.shape[0] * crop.shape[1], -1)
    return bool((flat.max(axis=0).astype(np.int16) - flat.min(axis=0)).max() < BLANK)


def _aired(crop: Colours) -> Colours:
    """With white above and below: a line that is lower in its crop is narrower to the engine, which costs less."""
    air = round(AIR * crop.shape[0])
    return np.pad(crop, ((air, air), (0, 0)), constant_values=255)


def _coloured(crop: Colours) -> bool:
    return bool(crop.size and (crop.max(axis=2).astype(np.int16) - crop.min(axis=2)).max() > 60)


def _grey(crop: Colours, *, black: bool = False) -> Colours:
    """Dark on white whatever the colours were; ``black`` keeps only what is dark in every colour, as print under a seal is."""
    if not crop.size:
        return np.full((1, 1), 255, np.uint8)
    grey = crop.max(axis=2).astype(np.float32) if black else crop.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    low, high, middle = float(grey.min()), float(grey.max()), float(np.median(grey))
    if middle < (low + high) / 2:
        grey, low, high = 255 - grey, 255 - high, 255 - low
    ground = max(float(np.percentile(grey, 75)), low + 1)
    stretched: Colours = np.clip((grey - low) * (255 / (ground - low)), 0, 255).astype(np.uint8)
    return stretched
