"""What a page's picture says, as a value: what crosses the process border and lies in the cache. No pixels, no page numbers.

Places are in the pixels of the upright leaf; a leaf's ``back`` leads to the pixels of the page as displayed. A page has one leaf, or two where two
pages were copied onto one sheet.
"""

import hashlib
import json
import zlib
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.readers.grid import Rule

MAGIC: Final = b"CSR1"
#: Raised when a change to reading changes what a cached page would say.
VERSION: Final = 8
LIMIT: Final = 64 << 20
#: Notes on pages without words.
BLANK: Final = "空白页"
WORDLESS: Final = "图像中没有识别出文字，请人工查看"


class Pixels(NamedTuple):
    """A page as displayed: ``data`` holds ``height`` rows of ``width`` pixels of three bytes, red, green, blue."""

    width: int
    height: int
    data: bytes

    @property
    def digest(self) -> str:
        head = f"{self.width}x{self.height}:".encode()
        return hashlib.sha256(head + self.data).hexdigest()

    def array(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.data, np.uint8).reshape(self.height, self.width, 3)


class Line(NamedTuple):
    """A line, or a cell's piece of one. ``xs`` holds the left and the right edge of each character, one after the other."""

    text: str
    top: float
    bottom: float
    xs: tuple[float, ...]
    confidence: tuple[float, ...]
    doubts: tuple[tuple[int, int, str], ...] = ()


class Leaf(NamedTuple):
    width: float
    height: float
    back: tuple[float, float, float, float, float, float]
    turn: int
    skew: float
    lines: tuple[Line, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    tilt: tuple[float, float] = (0.0, 0.0)

    def on_picture(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the leaf lies on the picture as displayed. ``tilt`` is the last row of ``back``, for photographs."""
        a, b, c, d, e, f = self.back
        depth = self.tilt[0] * x + self.tilt[1] * y + 1
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


class Seal(NamedTuple):
    """``kind`` round, square or part (cut by the sheet's edge); the box is in the picture's pixels; ``words`` the ring's text where legible.

    ``print`` is which of 64 times 64 parts of the box bear its ink, as 1 024 hexadecimal digits.
    """

    kind: str
    colour: str
    left: float
    top: float
    right: float
    bottom: float
    words: str = ""
    confidence: float = 0.0
    print: str = ""


class PageReading(NamedTuple):
    """``width`` and ``height`` in pixels of the picture read; ``notes`` say, in Chinese, what makes it hard to read; ``tone`` how it shows ink, as
    ``document.Mark`` has it for pages.
    """

    width: int
    height: int
    engine: str
    leaves: tuple[Leaf, ...]
    seals: tuple[Seal, ...] = ()
    notes: tuple[str, ...] = ()
    tone: str = ""

    @property
    def legible(self) -> bool:
        """Whether what was read can stand for the page: a page on which most characters are guesses cannot."""
        sure = [c for leaf in self.leaves for line in leaf.lines for c in line.confidence]
        return not sure or sum(sure) / len(sure) >= 0.6

    def to_bytes(self) -> bytes:
        leaves = [
            [
                *leaf[:5],
                [[w.text, _short(w.top), _short(w.bottom), [_short(x) for x in w.xs], [round(c * 1000) for c in w.confidence], w.doubts] for w in leaf.lines],
                [[_short(v) for v in rule] for rule in leaf.across],
                [[_short(v) for v in rule] for rule in leaf.down],
                leaf.tilt,
            ]
            for leaf in self.leaves
        ]  # fmt: skip
        head = [VERSION, self.width, self.height, self.engine, leaves, self.seals, self.notes, self.tone]
        return MAGIC + zlib.compress(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(), 1)

    @staticmethod
    def from_bytes(data: bytes) -> "PageReading":
        """The inverse of ``to_bytes``. Raises ``ValueError`` on anything else, readings of another version included."""
        if data[:4] != MAGIC:
            raise ValueError("not a page reading")
        try:
            unpacker = zlib.decompressobj()
            body = unpacker.decompress(data[4:], LIMIT)
            if unpacker.unconsumed_tail:
                raise ValueError("page reading over its limit")
            version, width, height, engine, leaves, seals, notes, tone = json.loads(body)
            if version != VERSION:
                raise ValueError("a page reading of another version")
            return PageReading(
                int(width), int(height), str(engine), tuple(_leaf(leaf) for leaf in leaves), tuple(Seal(*seal) for seal in seals), tuple(map(str, notes)), str(tone)[:20]
            )  # fmt: skip
        except (zlib.error, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"damaged page reading: {error}") from error


def _short(value: float) -> float:
    return round(float(value), 1)


def _leaf(row: list[object]) -> Leaf:
    width, height, back, turn, skew, lines, across, down, tilt = row
    return Leaf(
        width, height, tuple(back), turn, skew,  # type: ignore[arg-type]
        tuple(
            Line(t, a, b, tuple(xs), tuple(c / 1000 for c in sure), tuple((s, e, w) for s, e, w in doubts))
            for t, a, b, xs, sure, doubts in lines  # type: ignore[attr-defined]
        ),
        tuple(Rule(*r) for r in across), tuple(Rule(*r) for r in down), tuple(tilt),  # type: ignore[arg-type, attr-defined]
    )  # fmt: skip
