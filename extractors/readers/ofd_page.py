"""What an OFD page draws → characters with places and ruling lines, in points from the page's top left corner.

Everything in OFD is placed twice: an object's own space goes through its CTM, then to the corner of its Boundary, in millimetres. The file
tells where each character begins, not how wide it is; the next one's place tells that, and else the size of the type.

A later object hides an earlier one, so words under an opaque picture or a filled shape are words nobody sees.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from extractors.readers.grid import Rule
from extractors.readers.layout import RawPage, apply, pieces_of, times
from extractors.readers.limits import Limits
from extractors.readers.ooxml import Element, attribute, local, words
from schemas.document import Box

Matrix: TypeAlias = tuple[float, ...]
POINTS: Final = 72 / 25.4
#: Where a character's box lies around its baseline, in sizes of the type; together as tall as PDFium's loose boxes.
ASCENT: Final = 0.96
DESCENT: Final = 0.24
#: From here on characters are set without spaces, however far apart.
CHINESE: Final = 0x2E80
#: A shape no thicker than this, in points, is a line.
THIN: Final = 3.5
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
PAINTED: Final = ("TextObject", "PathObject", "ImageObject", "CompositeObject", "PageBlock")
_TOKEN: Final = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COUNTS: Final = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_ORDER: Final = {"Background": 0, "Foreground": 2}


class Picture(NamedTuple):
    """One embedded picture: where its bytes lie, and whether what is behind it shows through."""

    path: str
    clear: bool


@dataclass(slots=True)
class Resources:
    """What pages refer to by number. ``units`` are composite drawings."""

    pictures: dict[str, Picture] = field(default_factory=dict)
    params: dict[str, Element] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)


class Placed(NamedTuple):
    """A picture on the page: its resource and its place in points."""

    resource: str
    box: Box


@dataclass(slots=True)
class _Characters:
    """A page's characters as columns, and the step of drawing each was made in."""

    codes: list[int] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    bottom: list[float] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    white: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)


class Painter:
    """Collects one page. ``layers`` for the page and its templates in the order they are drawn, then ``note`` for each annotation, then ``finish``."""

    def __init__(self, out: RawPage, origin: tuple[float, float], resources: Resources, limits: Limits) -> None:
        self.out, self.resources, self.limits = out, resources, limits
        self.base: Matrix = (POINTS, 0.0, 0.0, POINTS, -origin[0] * POINTS, -origin[1] * POINTS)
        self.characters = _Characters()
        self.notes = _Characters()
        self.pictures: list[Placed] = []
        self.covers: list[tuple[int, Box]] = []
        self.grounds: list[Box] = []
        self.count = 0
        self._into = self.characters
        self._annotation = False

    # -- from outside

    def layers(self, content: Element) -> None:
        """The layers of one Content element, the background first."""
        found = [child for child in content if local(child) == "Layer"]
        for layer in sorted(found, key=lambda e: _ORDER.get(attribute(e, "Type") or "", 1)):
            self._each(layer, self.base, self._param(layer, None), 0)

    def note(self, appearance: Element) -> None:
        """What an annotation draws over the page. It never counts as covering what is below it: stamps are glazed."""
        self._into, self._annotation = self.notes, True
        x, y, *_ = numbers(attribute(appearance, "Boundary"), 4)
        self._each(appearance, times((1.0, 0.0, 0.0, 1.0, x, y), self.base), None, 0)
        self._into, self._annotation = self.characters, False

    def finish(self) -> None:
        """Hand over the pieces. A page over its limits is named instead of read."""
        out, limits = self.out, self.limits
        if self.count > limits.page_objects:
            out.over = f"图形对象多于 {limits.page_objects} 个"
            return
        if len(self.characters.codes) + len(self.notes.codes) > limits.page_characters:
            out.over = f"字符多于 {limits.page_characters} 个"
            return
        area = out.width * out.height
        shares = (_within(p.box, (0.0, 0.0, out.width, out.height)) for p in self.pictures)
        out.images = min(1.0, sum(shares) / area) if area > 0 else 0.0
        for columns in (self.characters, self.notes):
            self._hide(columns)
            pieces = pieces_of(
                columns.codes, columns.left, columns.top, columns.right, columns.bottom, set(), columns.hidden, out.width, out.height
            )  # fmt: skip
            for piece in pieces if columns is self.notes else ():
                piece.notes = (("annotation", 0, len(piece.text)),)
            out.pieces += pieces

    # -- walking

    def _each(self, parent: Element, matrix: Matrix, param: Element | None, depth: int) -> None:
        for element in parent:
            name = local(element)
            if name not in PAINTED:
                continue
            self.count += 1
            if self.count > self.limits.page_objects or depth > self.limits.page_depth:
                continue
            if name == "PageBlock":
                self._each(element, matrix, param, depth + 1)
                continue
            box = numbers(attribute(element, "Boundary"), 4)
            own = matrix_of(attribute(element, "CTM"))
            total = times(times(own, (1.0, 0.0, 0.0, 1.0, box[0], box[1])), matrix)
            frame = _bounds(matrix, (box[0], box[1], box[0] + box[2], box[1] + box[3]))
            hidden = attribute(element, "Visible") == "false" or attribute(element, "Alpha") == "0"
            used = self._param(element, param)
            if name == "TextObject":
                self._text(element, total, used, hidden)
            elif name == "PathObject" and not hidden:
                self._path(element, total, frame, used)
            elif name == "ImageObject" and not hidden:
                self._image(element, total, frame)
            elif name == "CompositeObject" and not hidden:
                unit = self.resources.units.get(attribute(element, "ResourceID") or "")
                for content in unit if unit is not None else ():
                    if local(content) == "Content":
                        self._each(content, total, used, depth + 1)

    def _param(self, element: Element, inherited: Element | None) -> Element | None:
        name = attribute(element, "DrawParam")
        return inherited if name is None else self.resources.params.get(name, inherited)

    # -- words

    def _text(self, element: Element, matrix: Matrix, param: Element | None, hidden: bool) -> None:
        size = number(attribute(element, "Size"), 0.0)
        wide = number(attribute(element, "HScale"), 1.0)
        if attribute(element, "Fill") == "false" and attribute(element, "Stroke") != "true":
            hidden = True
        colour = self._colour(element, "FillColor", param)
        hidden = hidden or colour == "clear"
        into, x, y = self._into, 0.0, 0.0
        for code in element:
            if local(code) != "TextCode":
                continue
            said = words(code)
            if not said.strip() or len(into.codes) > self.limits.page_characters:
                continue
            x, y = number(attribute(code, "X"), x), number(attribute(code, "Y"), y)
            steps = _steps(said, attribute(code, "DeltaX"), attribute(code, "DeltaY"), size * wide)
            at, below = x, y
            begun = len(into.codes)
            for char, (along, down) in zip(said, steps, strict=True):
                box = _bounds(matrix, (at, below - ASCENT * size, at + _width(char, along, size * wide), below + DESCENT * size))
                at, below = at + along, below + down
                if hidden:
                    into.hidden.add(len(into.codes))
                elif colour == "white":
                    into.white.append(len(into.codes))
                into.codes.append(ord(char))
                into.left.append(box[0])
                into.top.append(box[1])
                into.right.append(box[2])
                into.bottom.append(box[3])
                into.step.append(self.count)
            _part(into, begun)

    def _hide(self, columns: _Characters) -> None:
        """White words on white, and words under what was drawn later."""
        for i in columns.white:
            if not any(_holds(ground, columns, i) for ground in self.grounds):
                columns.hidden.add(i)
        if columns is self.notes:
            return
        for step, cover in self.covers:
            if columns.step and columns.step[0] < step:
                columns.hidden.update(i for i, drawn in enumerate(columns.step) if drawn < step and _holds(cover, columns, i))

    def _colour(self, element: Element, name: str, param: Element | None) -> str:
        """``white``, ``clear``, ``glazed`` or ``ink``."""
        seen = 0
        found = child_of(element, name)
        while found is None and param is not None and seen < 8:
            found = child_of(param, name)
            param, seen = self.resources.params.get(attribute(param, "Relative") or ""), seen + 1
        if found is None:
            return "ink"
        if attribute(found, "Alpha") == "0":
            return "clear"
        if attribute(found, "Alpha") not in (None, "255"):
            return "glazed"
        parts = [_component(v) for v in (attribute(found, "Value") or "").split()]
        if len(parts) == 4:
            return "white" if max(parts) <= 5 else "ink"
        return "white" if parts and min(parts) > 250 else "ink"

    # -- lines and pictures

    def _path(self, element: Element, matrix: Matrix, frame: Box, param: Element | None) -> None:
        data = child_of(element, "AbbreviatedData")
        if data is None:
            return
        lines = list(_lines(words(data), self.limits.page_objects - self.count))
        self.count += len(lines)
        drawn = [(apply(matrix, *a), apply(matrix, *b)) for a, b in lines]
        if not drawn:
            return
        xs, ys = [p[0] for line in drawn for p in line], [p[1] for line in drawn for p in line]
        box = _clip((min(xs), min(ys), max(xs), max(ys)), frame)
        if box is None:
            return
        fill = self._colour(element, "FillColor", param) if attribute(element, "Fill") == "true" else ""
        if box[2] - box[0] > THIN and box[3] - box[1] > THIN:
            square = all(abs(a[0] - b[0]) < 0.5 or abs(a[1] - b[1]) < 0.5 for a, b in drawn)
            if fill in ("ink", "glazed"):
                self.grounds.append(box)
            if fill in ("ink", "white") and square and not self._annotation and not _glazed(element):
                self.covers.append((self.count, box))
            if attribute(element, "Stroke") != "false":
                for a, b in drawn:
                    self._rule((min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), frame, 1.0)
        else:
            self._rule(box, frame, THIN)

    def _rule(self, box: Box, frame: Box, thick: float) -> None:
        clipped = _clip(box, frame)
        if clipped is None:
            return
        x0, y0, x1, y1 = clipped
        if y1 - y0 <= thick and x1 - x0 >= y1 - y0:
            self.out.across.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= thick:
            self.out.down.append(Rule((x0 + x1) / 2, y0, y1))

    def _image(self, element: Element, matrix: Matrix, frame: Box) -> None:
        box = _clip(_bounds(matrix, (0.0, 0.0, 1.0, 1.0)), frame)
        if box is None:
            return
        name = attribute(element, "ResourceID") or ""
        self.pictures.append(Placed(name, box))
        self.grounds.append(box)
        picture = self.resources.pictures.get(name)
        if picture is not None and not picture.clear and not _glazed(element) and not self._annotation:
            self.covers.append((self.count, box))


def _glazed(element: Element) -> bool:
    """Whether what is below an object shows through it."""
    return attribute(element, "Alpha") not in (None, "255") or attribute(element, "BlendMode") not in (None, "Normal")


# -- numbers as OFD writes them


def number(text: str | None, default: float) -> float:
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return value if math.isfinite(value) and abs(value) < 1e6 else default


def numbers(text: str | None, count: int) -> tuple[float, ...]:
    """``count`` numbers, 0 for what is not there."""
    found = [number(part, 0.0) for part in (text or "").replace(",", " ").split()[:count]]
    return (*found, *(0.0 for _ in range(count - len(found))))


def matrix_of(text: str | None) -> Matrix:
    return IDENTITY if text is None or not text.strip() else numbers(text, 6)


def spelled_out(text: str | None, count: int) -> list[float]:
    """At most ``count`` offsets; ``g 3 1.5`` stands for three times 1.5.

    >>> spelled_out("2 g 3 1.5 4", 10)
    [2.0, 1.5, 1.5, 1.5, 4.0]
    """
    parts = iter((text or "").replace(",", " ").split())
    found: list[float] = []
    for part in parts:
        if len(found) >= count:
            break
        if part != "g":
            found.append(number(part, 0.0))
            continue
        times_, value = number(next(parts, None), 0.0), number(next(parts, None), 0.0)
        found.extend([value] * max(0, min(int(times_), count - len(found))))
    return found


def _steps(said: str, across: str | None, down: str | None, size: float) -> list[tuple[float, float]]:
    """How far each character is from the next; after the last one nothing is known. Without any offsets the type's own widths hold."""
    count = len(said) - 1
    if across is None and down is None:
        return [(_natural(char, size), 0.0) for char in said]
    xs, ys = spelled_out(across, count), spelled_out(down, count)
    xs += [0.0 if across is None else xs[-1] if xs and not any(ys) else 0.0] * (count - len(xs))
    ys += [0.0] * (count - len(ys))
    return [*zip(xs, ys, strict=True), (0.0, 0.0)]


def _natural(char: str, size: float) -> float:
    return size if unicodedata.east_asian_width(char) in "WFA" else size / 2


def _width(char: str, along: float, size: float) -> float:
    return along if 0 < along <= size else _natural(char, size)


def _part(columns: _Characters, begun: int) -> None:
    """A space between two pieces of Latin text set apart on one line: 1 and 4197.17 in neighbouring columns are two numbers."""
    if not 0 < begun < len(columns.codes) or max(columns.codes[begun - 1 : begun + 1]) >= CHINESE:
        return
    tall = columns.bottom[begun] - columns.top[begun]
    gap = columns.left[begun] - columns.right[begun - 1]
    if abs(columns.top[begun] - columns.top[begun - 1]) > 0.3 * tall or not 0.2 * tall < gap < tall:
        return
    columns.codes.insert(begun, 32)
    columns.left.insert(begun, columns.right[begun - 1])
    columns.right.insert(begun, columns.left[begun + 1])
    columns.top.insert(begun, columns.top[begun])
    columns.bottom.insert(begun, columns.bottom[begun])
    columns.step.insert(begun, columns.step[begun])
    columns.hidden = {i + (i >= begun) for i in columns.hidden}
    columns.white = [i + (i >= begun) for i in columns.white]


def _component(text: str) -> float:
    """One part of a colour, written 255 or #FF."""
    if text.startswith("#"):
        return float(int(text[1:], 16)) if re.fullmatch(r"#[0-9A-Fa-f]{1,4}", text) else 0.0
    return number(text, 0.0)


def _lines(data: str, most: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path; of a curve only its ends count, as a piece of its own."""
    start = last = (0.0, 0.0)
    op, args = "", list[float]()
    made = 0
    for token in (match[0] for match in _TOKEN.finditer(data)):
        if made > most:
            return
        if token in _COUNTS:
            op, args = token, []
            if op == "C":
                yield last, start
                last, made = start, made + 1
            continue
        args.append(number(token, 0.0))
        if op not in _COUNTS or len(args) < _COUNTS[op] or not args:
            continue
        point = (args[-2], args[-1])
        if op in "SM":
            start = point
        else:
            yield last, point
            made += 1
        last, args = point, []


# -- boxes


def _bounds(matrix: Matrix, box: Sequence[float]) -> Box:
    corners = [apply(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)


def _clip(box: Box, frame: Box) -> Box | None:
    """What shows of a box through its frame; a frame without a size lets all through."""
    if frame[2] - frame[0] <= 0 or frame[3] - frame[1] <= 0:
        return box
    x0, y0, x1, y1 = max(box[0], frame[0] - 1), max(box[1], frame[1] - 1), min(box[2], frame[2] + 1), min(box[3], frame[3] + 1)
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _within(box: Box, page: Box) -> float:
    return max(0.0, min(box[2], page[2]) - max(box[0], page[0])) * max(0.0, min(box[3], page[3]) - max(box[1], page[1]))


def _holds(box: Box, columns: _Characters, i: int) -> bool:
    x, y = (columns.left[i] + columns.right[i]) / 2, (columns.top[i] + columns.bottom[i]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def child_of(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child) == name), None)
