"""Numbers set otherwise than the numbers around them, as editors of finished pages set them.

What surprised us. A font of its own says little: Latin digits never share the font of the Chinese around them, totals are bold, and cells pasted from elsewhere bring
theirs along. So a number counts only where the rest of what an editor leaves is there, too: the font is used for hardly anything else in the file, and either
it is the one font that the file does not hold, or the number was drawn after words that stand far below it. Fields flattened into a page look like that as
well, but come with words and in numbers.
"""

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from schemas.document import Box, Edit

DIGITS: Final = frozenset(range(48, 58))
POINTS: Final = frozenset(map(ord, ".,，．"))
#: More numbers of a file than this in one odd font are a style; so are more than this drawn last.
RARE: Final = 3
#: The last text objects of a page, among which what was added stands.
TAIL: Final = 8
#: So many words that stand lower were drawn before it, by so many points at least.
LOWER: Final = 3
LOW: Final = 40.0
#: The part of a page, at its top and foot, where page and file numbers are stamped.
MARGIN: Final = 0.075
#: Of all text in a file, what is set in fonts it holds where "the one font it does not hold" means something.
HELD: Final = 0.9
#: In a file of so many numbers, one that has a font to itself is told even where nothing else speaks of an editor; what it bears on decides.
MANY: Final = 20
#: Heights of one font further apart than this part are two sizes; tops further apart than so many points are two lines.
SIZES, LEVEL = 0.06, 1.0


class Setting(NamedTuple):
    """A number of two digits or more. ``late``: drawn among the last of its page, out of turn. ``odd``: how it differs from its line in one font.
    ``lone``: in a font used hardly anywhere on the page, and with nothing on its line, as a year on a cover is.
    """

    text: str
    box: Box
    fonts: tuple[str, ...]
    held: bool
    late: bool
    odd: str
    lone: bool = False


class PageSettings(NamedTuple):
    """``numbers`` are those there may be something to tell of, ``usual`` counts all by font. ``used`` counts text objects by font and whether the file holds it;
    ``words`` says that other than numbers was drawn last and out of turn.
    """

    number: int
    numbers: tuple[Setting, ...] = ()
    used: Counter[tuple[str, bool]] = Counter()  # noqa: RUF012
    words: bool = False
    usual: Counter[str] = Counter()  # noqa: RUF012


class Page:
    """One open page's characters and text objects (``handles``, as drawn); ``low`` tells where an object ends, from the top."""

    def __init__(
        self, lib: Any, text_page: int, codes: Sequence[int], edges: Sequence[Sequence[float]], handles: Sequence[int], low: Callable[[int], float]
    ) -> None:  # fmt: skip
        self._lib, self._page, self._codes, self._edges, self._handles, self._low = lib, text_page, codes, edges, handles, low
        self._order = {handle: k for k, handle in enumerate(handles)}
        self._fonts: dict[int, tuple[str, bool]] = {}
        self._lows: dict[int, float] = {}

    def settings(self, number: int, height: float) -> PageSettings:
        used = Counter(self._font(handle) for handle in self._handles)
        counts: Counter[str] = Counter()
        for (name, _), count in used.items():
            counts[name] += count
        spans = list(self._numbers())
        # Of a number in an ordinary font, drawn in its turn, there is nothing to tell.
        last, usual = set(self._handles[-TAIL:]), Counter[str]()
        found = []
        for start, end in spans:
            handle = self._object(start)
            font = self._font(handle)[0]
            usual[font] += end - start > 1
            if handle in last or counts[font] <= RARE or self._object(end - 1) != handle:
                setting = self._setting(start, end, height)
                if setting is not None:
                    odd = any(counts[name] <= RARE for name in setting.fonts)
                    found.append(setting._replace(lone=odd and not self._beside(setting.box)))
        return PageSettings(number, tuple(found), used, any(s.late for s in found) and self._words_late(), usual)

    def _setting(self, start: int, end: int, height: float) -> Setting | None:
        codes = self._codes
        digits = [i for i in range(start, end) if codes[i] in DIGITS]
        box = self._around(start, end)
        if len(digits) < 2 or box[1] < MARGIN * height or box[3] > (1 - MARGIN) * height:
            return None
        own = list(dict.fromkeys(self._object(i) for i in digits))
        if any(self._object(i) in own for i in (start - 1, end) if 0 <= i < len(codes) and codes[i] > 0x2E80):
            return None  # set together with the words beside it
        named = [self._font(handle) for handle in own]
        late = self._late(max(own, key=lambda handle: self._order.get(handle, 0)), box[3])
        text = "".join(map(chr, codes[start:end]))[:60]
        fonts = tuple(dict.fromkeys(name for name, _ in named))
        return Setting(text, box, fonts, all(held for _, held in named), late, self._odd(start, fonts[0]) if late else "")

    def _beside(self, box: Box) -> bool:
        """Whether other words stand on the line of a box."""
        left, top, right, bottom = self._edges
        for i, code in enumerate(self._codes):
            if code > 32 and top[i] < (box[1] + box[3]) / 2 < bottom[i] and (right[i] < box[0] + 0.5 or left[i] > box[2] - 0.5):
                return True
        return False

    def _object(self, index: int) -> int:
        return int(self._lib.text_object(self._page, index) or 0)

    def _font(self, handle: int) -> tuple[str, bool]:
        """The name without the mark of a subset, and whether the file holds the font."""
        font = (self._lib.text_font(handle) or 0) if handle else 0
        if font not in self._fonts:
            buffer = ctypes.create_string_buffer(200)
            size = self._lib.font_name(font, buffer, len(buffer)) if font else 0
            name = buffer.raw[: max(0, min(size, 200) - 1)].decode("utf-8", "replace")
            name = name[7:] if name[6:7] == "+" and name[:6].isalpha() else name
            self._fonts[font] = name, bool(font) and self._lib.is_embedded(font) == 1
        return self._fonts[font]

    def _numbers(self) -> Iterator[tuple[int, int]]:
        codes, (left, top, right, bottom) = self._codes, self._edges
        start, count = 0, len(codes)
        while start < count:
            if codes[start] not in DIGITS:
                start += 1
                continue
            end, tall = start + 1, bottom[start] - top[start]
            while end < count and (
                codes[end] in DIGITS or (codes[end] in POINTS and end + 1 < count and codes[end + 1] in DIGITS)
            ):
                if abs(top[end] - top[end - 1]) > 0.6 * tall or left[end] - right[end - 1] > 0.6 * tall:
                    break
                end += 1
            yield start, end
            start = end

    def _around(self, start: int, end: int) -> Box:
        left, top, right, bottom = self._edges
        return min(left[start:end]), min(top[start:end]), max(right[start:end]), max(bottom[start:end])

    def _late(self, handle: int, bottom: float) -> bool:
        place = self._order.get(handle, 0)
        return len(self._handles) - TAIL <= place > TAIL and self._out_of_turn(place, bottom)

    def _out_of_turn(self, place: int, bottom: float) -> bool:
        for handle in self._handles[:place]:
            if handle not in self._lows:
                self._lows[handle] = self._low(handle)
        return sum(self._lows[handle] > bottom + LOW for handle in self._handles[:place]) >= LOWER

    def _words_late(self) -> bool:
        """Whether among the last objects there are words, too, that stand above what was drawn before them: then fields were filled in."""
        last = set(self._handles[-TAIL:])
        lettered = {self._object(i) for i, code in enumerate(self._codes) if chr(code).isalpha()} & last
        return any(self._late(handle, self._low(handle)) for handle in lettered)

    def _odd(self, start: int, font: str) -> str:
        """Whether a number stands higher or lower, or larger or smaller, than what is set in its own font right before it."""
        left, top, right, bottom = self._edges
        for i in range(max(0, start - 3), start):
            tall, own = bottom[i] - top[i], bottom[start] - top[start]
            apart = abs(top[i] + bottom[i] - top[start] - bottom[start]) > own
            if (
                self._codes[i] <= 32
                or tall <= 0
                or apart
                or not -1 < left[start] - right[i] < 3 * own
                or self._font(self._object(i))[0] != font
            ):
                continue
            if abs(tall - own) > SIZES * tall:
                return "字号"
            if LEVEL < abs(bottom[i] - bottom[start]) < 0.4 * own:
                return "高低"
        return ""


def resets(pages: Sequence[PageSettings]) -> list[Edit]:
    """The numbers of a file that are set as something added to a finished page is."""
    used: Counter[tuple[str, bool]] = Counter()
    for page in pages:
        used.update(page.used)
    total, held = sum(used.values()), sum(count for (_, there), count in used.items() if there)
    numbers: Counter[str] = Counter()
    for page in pages:
        numbers.update(page.usual)
    rare = {font for font, count in numbers.items() if count <= RARE and used[font, True] + used[font, False] <= RARE}
    found: list[Edit] = []
    for page in pages:
        for number in [] if page.words else page.numbers:
            if number.lone:
                continue
            own = next((font for font in number.fonts if font in rare), "")
            other = next((font for font, count in page.usual.most_common() if font not in rare and count > 1), "")
            foreign = not number.held and held >= HELD * total
            if (own and other and (foreign or number.late)) or number.odd:
                found.append(_told("reset", page.number, number, own, other))
            elif own and other and numbers[own] == used[own, number.held] == 1 and sum(numbers.values()) >= MANY:
                found.append(_told("font", page.number, number, own, other))
    return [edit for kind in ("reset", "font") if len(same := [e for e in found if e.kind == kind]) <= RARE for edit in same]


def _told(kind: str, page: int, number: Setting, own: str, other: str) -> Edit:
    words = f"此数所用字体为{own}，本页其他数字为{other}" if own and other else f"此数的{number.odd}与同一行的文字不同"
    if not number.held:
        words += "，文件中没有嵌入这一字体"
    if number.late:
        words += "，且在其下方的文字之后才写入"
    left, top, right, bottom = (round(edge, 2) for edge in number.box)
    return Edit(kind, page, (left, top, right, bottom), after=number.text, words=words)
