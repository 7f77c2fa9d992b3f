"""What a PDF page draws, object by object: ruling lines and pictures, and which words there is reason to doubt that anyone sees.

A doubt decides nothing. Whether doubted words are seen is settled by drawing the page with and without them (``pdf_sight``), so a reason may be coarse, but
must not miss a way of hiding. Only what needs no drawing to be sure, such as render mode 3, is settled here.
"""

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from extractors.readers.grid import Rule
from extractors.readers.layout import RawPage, apply, times
from extractors.readers.limits import Limits
from extractors.readers.pdf_pictures import Drawn
from schemas.document import Box

INVISIBLE: Final = "以不可见方式书写"
CLEAR: Final = "完全透明"
CUT: Final = "只用作裁剪"
ALIKE: Final = "颜色与底色相同或相近"
CLIPPED: Final = "被裁剪在外"
COVERED: Final = "被图形或图像盖住"
THIN: Final = "透明度或混合方式使其不可见"
LAYER: Final = "所在图层未显示"
SQUEEZED: Final = "压缩到没有宽度"
OTHERWISE: Final = "画面上没有显示"

#: Nearer to white than this, or with so little between a colour and its ground, words are looked at.
PALE: Final = 215
NEAR: Final = 48
#: Thinner than this a dark line is a rule and hides nothing.
RULE: Final = 1.5
#: Words that begin less than this to the left of the words before them may be a figure drawn backwards.
BACK: Final = 40.0


@dataclass(slots=True)
class Placing:
    """From the page's own space (origin bottom left, before rotation) to points from the top left of the page as displayed."""

    x: float
    y: float
    width: float
    height: float
    rotation: int

    def columns(self, flat: list[float]) -> tuple[list[float], list[float], list[float], list[float]]:
        """Loose boxes come as left, top, right, bottom."""
        left, top, right, bottom = flat[0::4], flat[1::4], flat[2::4], flat[3::4]
        if self.rotation == 0:
            x, base = self.x, self.y + self.height
            if x:
                left, right = [v - x for v in left], [v - x for v in right]
            return left, [base - v for v in top], right, [base - v for v in bottom]
        boxes = [self.box(a, d, c, b) for a, b, c, d in zip(left, top, right, bottom, strict=True)]
        return [b[0] for b in boxes], [b[1] for b in boxes], [b[2] for b in boxes], [b[3] for b in boxes]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        x0, y0, x1, y1 = left - self.x, bottom - self.y, right - self.x, top - self.y
        if self.rotation == 90:
            return y0, x0, y1, x1
        if self.rotation == 180:
            return self.width - x1, y0, self.width - x0, y1
        if self.rotation == 270:
            return self.width - y1, self.height - x1, self.width - y0, self.height - x0
        return x0, self.height - y1, x1, self.height - y0


class Words(NamedTuple):
    """A text object: what it is called, the matrix of the form it stands in, and how many grounds were drawn before it."""

    handle: int
    matrix: tuple[float, ...] | None
    before: int
    colour: tuple[int, int, int]


class Ground(NamedTuple):
    """Something filled. ``colour`` is None for pictures and shadings, whose colour is not one."""

    box: Box
    colour: tuple[int, int, int] | None


class Objects:
    """One page's paths, pictures and text objects, forms within forms included.

    ``unseen`` and ``doubted`` give a reason by text object; ``loose`` are those set in a font that is not embedded, ``lying`` in one
    that draws other digits than it names.
    """

    def __init__(
        self,
        lib: Any,
        limits: Limits,
        *,
        wary: str = "",
        veiled: bool = True,
        blends: bool = False,
        lying: frozenset[str] = frozenset(),
    ) -> None:
        self.lib, self.limits, self.wary, self.veiled, self.blends = lib, limits, wary, veiled, blends
        self.count = 0
        self.unseen: dict[int, str] = {}
        self.doubted: dict[int, str] = {}
        self.loose: set[int] = set()
        self.lying: set[int] = set()
        self._liars, self._lies = lying, dict[int, bool]()
        self.texts: list[Words] = []
        self.grounds: list[Ground] = []
        self.pictures: list[Drawn] = []
        #: Whether there are words of no extent, which PDFium leaves out, and whether some are drawn from right to left.
        self.empty = self.backwards = False
        #: Whether annotations may lie over words.
        self.noted = False
        self._clear = 0
        self._last = (0.0, 0.0)
        self._cutting = False
        self._fonts: dict[int, bool] = {}
        self._floats = (ctypes.c_float * 4)()
        self._at = [ctypes.addressof(self._floats) + 4 * i for i in range(4)]
        self._ints = [ctypes.c_int(), ctypes.c_int()]
        self._ints_at = [ctypes.addressof(value) for value in self._ints]
        self._colour = (ctypes.c_uint * 4)()
        self._colour_at = [ctypes.addressof(self._colour) + 4 * i for i in range(4)]
        self._matrix = (ctypes.c_float * 6)()
        self._matrix_at = ctypes.addressof(self._matrix)

    def walk(self, page: int, place: Placing, out: RawPage) -> None:
        lib = self.lib
        count = lib.count_objects(page)
        if count > self.limits.page_objects:
            self.count = count
            return
        self._each((lib.get_object(page, i) for i in range(count)), place, out, None, 0)
        area = out.width * out.height
        out.images = min(1.0, out.images / area) if area > 0 else 0.0

    def judge(self, notes: list[Box]) -> None:
        """Doubts that need the whole page: grounds and covers, layers. ``notes`` are what annotations may lie over."""
        if self.wary or self._cutting:
            for word in self.texts:
                self._doubt(word.handle, self.wary or CUT)
        covers = [*self.grounds, *(Ground(box, None) for box in notes)]
        if covers:
            every = {g.colour for g in covers}
            like = {c for c in {w.colour for w in self.texts} if any(_near(ground, c) for ground in every)}
            words = [
                w
                for w in self.texts
                if (w.before < len(covers) or w.colour in like) and w.handle not in self.unseen and w.handle not in self.doubted
            ]
            for found, why in _over([(w, self.bounds(w)) for w in words], covers):
                self._doubt(found.handle, why)

    def bounds(self, words: Words) -> Box:
        return self._bounds(words.handle, words.matrix)

    def _doubt(self, handle: int, why: str) -> None:
        if handle not in self.unseen:
            self.doubted.setdefault(handle, why)

    def _each(
        self, handles: Iterable[int | None], place: Placing, out: RawPage, matrix: tuple[float, ...] | None, depth: int
    ) -> None:
        lib = self.lib
        for handle in handles:
            self.count += 1
            if handle is None or self.count > self.limits.page_objects:
                continue
            kind = lib.object_type(handle)
            if kind == lib.TEXT:
                self._text(handle, matrix)
            elif kind == lib.PATH:
                self._path(handle, place, out, matrix)
            elif kind == lib.IMAGE:
                self._image(handle, place, out, matrix)
            elif kind == lib.SHADING:
                self.grounds.append(Ground(self._bounds(handle, matrix), None))
            elif kind == lib.FORM and depth < self.limits.page_depth:
                lib.object_matrix(handle, ctypes.addressof(self._matrix))
                own = tuple(self._matrix)
                inner = own if matrix is None else times(own, matrix)
                clear = lib.see_through(handle)
                self._clear += clear
                self._each(
                    (lib.form_object(handle, i) for i in range(max(0, lib.form_count(handle)))), place, out, inner, depth + 1
                )
                self._clear -= clear

    def _image(self, handle: int, place: Placing, out: RawPage, matrix: tuple[float, ...] | None) -> None:
        if (pixels := self._pixels(handle)) > self.limits.image_pixels:
            out.over = f"图像像素多于 {self.limits.image_pixels} 个"
        bounds = self._bounds(handle, matrix)
        self.grounds.append(Ground(bounds, None))
        x0, top, x1, bottom = box = place.box(*bounds)
        self.pictures.append(Drawn(handle, box, pixels))
        out.images += max(0.0, min(x1, out.width) - max(x0, 0.0)) * max(0.0, min(bottom, out.height) - max(top, 0.0))

    def _bounds(self, handle: int, matrix: tuple[float, ...] | None) -> Box:
        self.lib.object_bounds(handle, *self._at)
        left, bottom, right, top = self._floats
        return (left, bottom, right, top) if matrix is None else _moved((left, bottom, right, top), matrix)

    def _pixels(self, handle: int) -> int:
        width = height = 0
        if self.lib.image_size(handle, self._colour_at[0], self._colour_at[1]):
            width, height = self._colour[0:2]
        return width * height

    def _text(self, handle: int, matrix: tuple[float, ...] | None) -> None:
        lib, at = self.lib, self._colour_at
        mode = lib.render_mode(handle)
        told = (lib.stroke_colour if mode in (1, 5) else lib.fill_colour)(handle, at[0], at[1], at[2], at[3])
        red, green, blue, alpha = self._colour[:]
        colour = (red, green, blue) if told else (255, 255, 255)
        self.texts.append(Words(handle, matrix, len(self.grounds), colour))
        if mode == 3:
            self.unseen[handle] = INVISIBLE
        elif mode >= 4 or mode < 0:
            self._cutting = True
        if told and alpha < 4:
            self.unseen.setdefault(handle, CLEAR)
        elif not told or (red > PALE and green > PALE and blue > PALE):
            self._doubt(handle, ALIKE)
        elif self._clear or alpha < 255 or (self.veiled and lib.see_through(handle)):
            if self.blends and alpha == 255 and not self._clear:
                self.unseen.setdefault(handle, THIN)
            self._doubt(handle, THIN)
        elif lib.clip_paths(clip := lib.clip_path(handle)) > 0 and not self._inside(handle, clip):
            self._doubt(handle, CLIPPED)
        lib.object_matrix(handle, self._matrix_at)
        a, b, c, d, x, y = self._matrix[:]
        if abs(a * d - b * c) < 1e-9:
            self.empty = True
        last = self._last
        if y == last[1] and last[0] - BACK < x < last[0]:
            self.backwards = True
        self._last = x, y
        font = lib.text_font(handle)
        embedded = self._fonts.get(font)
        if embedded is None:
            embedded = self._fonts[font] = bool(font) and lib.is_embedded(font) == 1
        if not embedded:
            self.loose.add(handle)
        if self._liars and self._is_liar(font):
            self.lying.add(handle)

    def _is_liar(self, font: int) -> bool:
        if font not in self._lies:
            buffer = ctypes.create_string_buffer(200)
            size = self.lib.font_name(font, buffer, len(buffer))
            self._lies[font] = "/" + buffer.raw[: max(0, min(size, 200) - 1)].decode("latin-1") in self._liars
        return self._lies[font]

    def _inside(self, handle: int, clip: int) -> bool:
        """Whether a text object lies wholly within clip paths that are plain rectangles."""
        lib = self.lib
        self.lib.object_bounds(handle, *self._at)
        left, bottom, right, top = self._floats
        for index in range(lib.clip_paths(clip)):
            count = lib.clip_segments(clip, index)
            if not 4 <= count <= 5:
                return False
            xs, ys = [], []
            for i in range(count):
                lib.segment_point(lib.clip_segment(clip, index, i), self._at[0], self._at[1])
                xs.append(self._floats[0])
                ys.append(self._floats[1])
            x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
            corners = set(zip(xs, ys, strict=True))
            if (
                corners != {(x0, y0), (x0, y1), (x1, y0), (x1, y1)}
                or left < x0 - 1
                or bottom < y0 - 1
                or right > x1 + 1
                or top > y1 + 1
            ):
                return False
        return True

    def _path(self, handle: int, place: Placing, out: RawPage, matrix: tuple[float, ...] | None) -> None:
        left, bottom, right, top = box = self._bounds(handle, matrix)
        wide, high = right - left, top - bottom
        if wide > 3.5 and high > 3.5:
            self._segments(handle, place, out, matrix, box)
            return
        if self.texts and (min(wide, high) > RULE or self._pale(handle)):
            self.grounds.append(Ground(box, None))
        x0, y0, x1, y1 = place.box(left, bottom, right, top)
        if x1 - x0 >= y1 - y0:
            out.across.append(Rule((y0 + y1) / 2, x0, x1))
        else:
            out.down.append(Rule((x0 + x1) / 2, y0, y1))

    def _pale(self, handle: int) -> bool:
        """Whether a thin line is drawn in the colour of paper: many of them hide what a wide one would."""
        fill, _stroke = self._ints
        self.lib.draw_mode(handle, *self._ints_at)
        (self.lib.fill_colour if fill.value else self.lib.stroke_colour)(handle, *self._colour_at)
        return min(self._colour[:3]) > PALE

    def _segments(self, handle: int, place: Placing, out: RawPage, matrix: tuple[float, ...] | None, box: Box) -> None:
        lib = self.lib
        fill, stroke = self._ints
        lib.draw_mode(handle, *self._ints_at)
        if fill.value and lib.fill_colour(handle, *self._colour_at) and self._colour[3] >= 4:
            red, green, blue, _alpha = self._colour
            if self.texts or min(red, green, blue) <= 250:
                self.grounds.append(Ground(box, (red, green, blue)))
        if not stroke.value:
            return
        lib.stroke_width(handle, self._at[0])
        if self._floats[0] > 2 * RULE:
            self.grounds.append(Ground(box, None))
        count = lib.count_segments(handle)
        if count > 2000:
            return
        self.count += count
        lib.object_matrix(handle, ctypes.addressof(self._matrix))
        own = tuple(self._matrix)
        total = own if matrix is None else times(own, matrix)
        start = last = (0.0, 0.0)
        for i in range(count):
            segment = lib.get_segment(handle, i)
            lib.segment_point(segment, self._at[0], self._at[1])
            point = apply(total, self._floats[0], self._floats[1])
            kind = lib.segment_type(segment)
            if kind == 2:
                start = point
            elif kind == 0:
                _edge(last, point, place, out)
            last = point
            if lib.segment_close(segment):
                _edge(last, start, place, out)


def _moved(box: Box, matrix: tuple[float, ...]) -> Box:
    corners = [apply(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)


def _over(words: list[tuple[Words, Box]], covers: list[Ground]) -> list[tuple[Words, str]]:
    """Words with something drawn later over more than their rim, and words on a ground of nearly their own colour."""
    if len(words) * len(covers) > 2000:
        return _over_many(words, covers)
    found = []
    for word, (x0, y0, x1, y1) in words:
        over = [i for i, ((a, b, c, d), _) in enumerate(covers) if min(c, x1) - max(a, x0) > 1 and min(d, y1) - max(b, y0) > 1]
        if any(i >= word.before for i in over):
            found.append((word, COVERED))
        elif any(_near(covers[i].colour, word.colour) for i in over):
            found.append((word, ALIKE))
    return found


def _over_many(words: list[tuple[Words, Box]], covers: list[Ground]) -> list[tuple[Words, str]]:
    import numpy as np

    boxes = np.array([g.box for g in covers], np.float32)
    colours = np.array([g.colour or (-1, -1, -1) for g in covers], np.int16)
    order, plain = np.arange(len(covers)), colours[:, 0] < 0
    found = []
    for word, (x0, y0, x1, y1) in words:
        over = (np.minimum(boxes[:, 2], x1) - np.maximum(boxes[:, 0], x0) > 1) & (
            np.minimum(boxes[:, 3], y1) - np.maximum(boxes[:, 1], y0) > 1
        )
        if not over.any():
            continue
        if over[word.before :].any():
            found.append((word, COVERED))
        elif (over & (order < word.before) & (plain | (np.abs(colours - np.array(word.colour)).max(axis=1) < NEAR))).any():
            found.append((word, ALIKE))
    return found


def _near(ground: tuple[int, int, int] | None, words: tuple[int, int, int]) -> bool:
    return ground is None or max(abs(a - b) for a, b in zip(ground, words, strict=True)) < NEAR


def _edge(a: tuple[float, float], b: tuple[float, float], place: Placing, out: RawPage) -> None:
    x0, y0, x1, y1 = place.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    if y1 - y0 <= 1.0 < x1 - x0:
        out.across.append(Rule((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= 1.0 < y1 - y0:
        out.down.append(Rule((x0 + x1) / 2, y0, y1))
