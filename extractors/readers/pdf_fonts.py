"""Fonts that draw one digit and name another: their encoding says which glyph a code draws, their ``/ToUnicode`` what a program reads for it.

Only where the encoding itself tells the digit can the two be set against each other: named encodings and glyph names, and CMaps whose codes are characters. Where a
font draws by bare glyph numbers nothing but the picture tells.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from extractors.readers.pdf_syntax import File, Ref, TooMuchError

_NAMES: Final = {
    f"/{name}": str(digit)
    for digit, name in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_TELLING: Final = ("/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "/PDFDocEncoding")
_CHARACTERS: Final = re.compile(r"/(?:Uni(?:GB|CNS|JIS|KS)|GBK|GB|GBpc|GBKp|GBK2K)-?[A-Za-z0-9]*-(?:UCS2-|UTF16-|EUC-)?[HV]$|/GBK(?:-EUC|p-EUC|2K)-[HV]$")  # fmt: skip
_SECTION: Final = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_CHAR: Final = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f\s]+)>")
_RANGE: Final = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>\s*<\s*([0-9A-Fa-f]+)\s*>\s*(<[0-9A-Fa-f\s]+>|\[[^\]]*\])")
_MOST: Final = 1 << 20


def contradicted(file: File) -> frozenset[str]:
    """The base names of fonts whose digits read otherwise than they are drawn."""
    return frozenset(
        name for font in _fonts(file) for name in [font.get("/BaseFont")] if isinstance(name, str) and _lies(file, font)
    )


def _fonts(file: File) -> Iterator[dict[str, Any]]:
    seen: set[int] = set()
    for match in list(re.finditer(rb"/ToUnicode(?![A-Za-z])", file.bones))[:2000]:
        start = file.bones.rfind(b"obj", 0, match.start())
        if start >= 0 and start not in seen:
            seen.add(start)
            if not _may_tell(file.bones[start : file.bones.find(b"endobj", start)]):
                continue
            number = re.search(rb"(\d+)\s+\d+\s*$", file.bones[max(0, start - 24) : start])
            yield from _within(file.value(Ref(int(number[1]))) if number else None, 0)


def _may_tell(body: bytes) -> bool:
    """Whether an object may be a font whose encoding tells its digits; parsing them all would cost more than reading some pages."""
    if body.count(b"/ToUnicode") > 1:
        return True
    return b"/Identity" not in body and (b"/Encoding" in body or b"/Type1" in body)


def _within(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The fonts among the dictionaries in a value."""
    if isinstance(value, dict) and depth < 12:
        if "/ToUnicode" in value:
            yield value
        for part in value.values():
            yield from _within(part, depth + 1)


def _lies(file: File, font: dict[str, Any]) -> bool:
    drawn = _drawn(file, font)
    told = font.get("/ToUnicode")
    if not drawn or not isinstance(told, Ref):
        return False
    try:
        read = _told(file.content(told.number, _MOST))
    except TooMuchError:
        return True
    return any(code in read and read[code] != digit for code, digit in drawn.items()) or any(
        said.isdigit() and said.isascii() and code in drawn and drawn[code] != said for code, said in read.items()
    )


def _drawn(file: File, font: dict[str, Any]) -> dict[int, str]:
    """The digits a font draws, by code, as far as its encoding tells."""
    encoding = file.value(font.get("/Encoding"))
    plain = {48 + digit: str(digit) for digit in range(10)}
    if font.get("/Subtype") == "/Type0":
        return plain if isinstance(encoding, str) and _CHARACTERS.match(encoding) else {}
    symbolic = int(file.entry(font, "/FontDescriptor", "/Flags") or 0) & 4 and font.get("/Subtype") == "/TrueType"
    base = file.value(encoding.get("/BaseEncoding")) if isinstance(encoding, dict) else encoding
    standard = font.get("/Subtype") == "/Type1" and "/FontDescriptor" not in font
    found = dict(plain) if (base in _TELLING or standard) and not symbolic else {}
    changes = file.value(encoding.get("/Differences")) if isinstance(encoding, dict) else None
    code = 0
    for item in changes if isinstance(changes, list) else ():
        if isinstance(item, int):
            code = item
        elif isinstance(item, str):
            found.pop(code, None)
            if item in _NAMES:
                found[code] = _NAMES[item]
            code += 1
    return found


def _told(cmap: bytes) -> dict[int, str]:
    """What a ``/ToUnicode`` reads for the codes of single characters; a range is followed for 256 codes at most."""
    found: dict[int, str] = {}
    for section in _SECTION.finditer(cmap):
        if section[1] == b"bfchar":
            found.update((int(m[1], 16), _text(m[2])) for m in _CHAR.finditer(section[2]))
            continue
        for match in _RANGE.finditer(section[2]):
            first, last = int(match[1], 16), int(match[2], 16)
            if match[3].startswith(b"["):
                found.update((first + i, _text(one)) for i, one in enumerate(re.findall(rb"<([0-9A-Fa-f\s]+)>", match[3])[:256]))
            elif start := _text(match[3][1:-1]):
                tail = ord(start[-1])
                found.update((first + i, start[:-1] + chr(min(tail + i, 0x10FFFF))) for i in range(min(last - first + 1, 256)))
    return found


def _text(digits: bytes) -> str:
    plain = re.sub(rb"\s", b"", digits)
    return bytes.fromhex((b"0" * (-len(plain) % 4) + plain).decode("ascii")).decode("utf-16-be", "replace")
