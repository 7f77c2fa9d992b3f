"""Pictures that symbol fonts draw at the code points of letters: a tick stored as ``R`` in Wingdings 2 is a tick, not an R.

A lost tick looks like an unticked option, so what cannot be mapped is left as it stands.
"""

import re
from typing import Final

PRIVATE: Final = re.compile("[\uf020-\uf0ff]")

WINGDINGS: Final[dict[int, str]] = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖",
    0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + i: c for i, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")},
}  # fmt: skip
WINGDINGS_2: Final[dict[int, str]] = {
    0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⊗", 0x97: "●", 0xA2: "■", 0xA3: "□",
    **{0x69 + i: c for i, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩")},
}  # fmt: skip
WEBDINGS: Final[dict[int, str]] = {0x61: "√", 0x63: "□", 0x67: "■", 0x72: "×"}
SYMBOL: Final[dict[int, str]] = {0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xD6: "√", 0x6D: "μ"}

FONTS: Final[dict[str, dict[int, str]]] = {
    "wingdings": WINGDINGS, "wingdings 2": WINGDINGS_2, "wingdings2": WINGDINGS_2, "webdings": WEBDINGS, "symbol": SYMBOL,
}  # fmt: skip

#: A private-use character whose font is not told: the marks of forms, where the fonts do not contradict each other.
UNKNOWN_FONT: Final[dict[int, str]] = {
    0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x6F: "□", 0xA3: "□", 0xA8: "□",
    0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def symbol(code: int, font: str) -> str:
    """One ``w:sym``: a code point of a symbol font, with or without the private-use offset."""
    table = FONTS.get(font.strip().lower(), UNKNOWN_FONT)
    return table.get(code & 0xFF) or chr(code if code >= 0x20 else 0x25A1)


def redrawn(raw: str, shown: str) -> list[tuple[int, int]]:
    """The spans of ``shown`` whose characters stand otherwise in the file (``raw``, as long): no quotation may hold them.

    >>> redrawn("R是 £否", "☑是 □否")
    [(0, 1), (3, 4)]
    """
    at = [i for i, (a, b) in enumerate(zip(raw, shown, strict=True)) if a != b]
    starts = [i for i in at if i - 1 not in at]
    return [(start, next(i for i in range(start, len(shown) + 1) if i not in at)) for start in starts]


def plain(text: str, font: str = "") -> str:
    """``text`` with every symbol drawn in ``font`` told as the character a person sees; as long as before."""
    table = FONTS.get(font.strip().lower()) if font else None
    if table is not None:
        return "".join(table.get(ord(c) & 0xFF, c) if ord(c) < 0x100 or 0xF000 <= ord(c) <= 0xF0FF else c for c in text)
    if PRIVATE.search(text):
        return PRIVATE.sub(lambda m: UNKNOWN_FONT.get(ord(m[0]) & 0xFF, m[0]), text)
    return text
