"""The insides of a Word 97–2003 file (MS-DOC): which bytes are which characters, and what is said of each run, paragraph and row.

Text lies in pieces anywhere in the stream, of one or two bytes a character. What is said of it lies in pages of 512 bytes, found by the place of
the bytes, not by the character's number. A row's cells are described at its end.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from extractors.readers.ole import Ole
from extractors.readers.refusal import CORRUPT, ENCRYPTED, refuse
from schemas.vocabulary import Outcome

WORD_97: Final = 0xC1
TOO_OLD: Final = "文件是很早的 Word 格式，系统无法读取。请用 Word 或 WPS 打开，另存为 DOCX 后重新上传。"
#: Where the file's head tells place and size of each table.
CHARACTERS, PARAGRAPHS, FONTS, PIECES = 0xFA, 0x102, 0x112, 0x1A2
PAGE: Final = 512
#: How many bytes follow a property's number, by its highest three bits; None where the first of them says.
SIZES: Final = (1, 1, 2, 4, 2, 2, None, 3)
DEFINES_TABLE, TABS, HUGE, TABLE_ELSEWHERE = 0xD608, 0xC615, 0x6646, 0x646B


class Piece(NamedTuple):
    """Characters ``start`` to ``end`` lie from byte ``place`` on, ``width`` bytes each."""

    start: int
    end: int
    place: int
    width: int


class Sheet(NamedTuple):
    """Properties by the place of the bytes they hold for."""

    starts: list[int]
    ends: list[int]
    told: list[bytes]

    def at(self, place: int) -> tuple[bytes, int]:
        """The properties of a byte and where they end."""
        i = bisect_right(self.starts, place) - 1
        if i < 0 or place >= self.ends[i]:
            following = self.starts[i + 1] if i + 1 < len(self.starts) else place + 1
            return b"", max(following, place + 1)
        return self.told[i], self.ends[i]


@dataclass(slots=True)
class Parts:
    """One opened file. ``text`` holds a character for each of Word's, halves of rare ones apart; ``counts`` are the lengths of its stories."""

    main: bytes
    table: bytes
    data: bytes
    text: str
    pieces: list[Piece]
    counts: tuple[int, ...]
    characters: Sheet
    paragraphs: Sheet
    fonts: list[str]
    macros: bool = False
    embedded: bool = False

    def place(self, at: int) -> tuple[int, Piece]:
        """Where a character's bytes lie."""
        i = bisect_right(self.pieces, at, key=lambda p: p.start) - 1
        piece = self.pieces[max(0, i)]
        return piece.place + (at - piece.start) * piece.width, piece

    def paragraph(self, mark: int) -> tuple[int, bytes]:
        """Style and properties of the paragraph that ends with the character ``mark``."""
        told, _ = self.paragraphs.at(self.place(mark)[0])
        return (_u16(told, 0), told[2:]) if len(told) >= 2 else (0, b"")

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """Stretches of characters with the same properties."""
        at = start
        while at < end:
            place, piece = self.place(at)
            told, until = self.characters.at(place)
            stop = min(end, piece.end, at + max(1, -(-(until - place) // piece.width)))
            if stop <= at:
                stop = end
            yield at, stop, told
            at = stop

    def properties(self, told: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
        """Each property and its operand; long lists are kept in another stream and come from there."""
        at = 0
        while at + 2 <= len(told):
            number = _u16(told, at)
            at += 2
            size = SIZES[number >> 13]
            if number == DEFINES_TABLE:
                size, at = (_u16(told, at) - 1 if at + 2 <= len(told) else 0), at + 2
            elif size is None:
                size, at = (told[at] if at < len(told) else 0), at + 1
                if number == TABS and size == 255:
                    return
            operand = told[at : at + size]
            at += max(0, size)
            if number in (HUGE, TABLE_ELSEWHERE) and depth == 0 and len(operand) == 4:
                there = _u32(operand, 0)
                more = self.data[there + 2 : there + 2 + _u16(self.data, there)] if there + 2 <= len(self.data) else b""
                yield from self.properties(more, 1)
            else:
                yield number, operand


def supported(main: bytes) -> bool:
    """Whether a main stream is of Word 97 or later. What is damaged at its very beginning counts as such, and is refused later."""
    return len(main) < 4 or _u16(main, 0) not in (0xA5EC, 0xA5DC) or _u16(main, 2) >= WORD_97


def opened(data: bytes) -> Parts:
    """Raises ``RefusedError``, and ``struct.error`` or ``IndexError`` on damage the caller calls so."""
    ole = Ole(data)
    main = ole.stream("WordDocument") or b""
    if len(main) < 0x200 or _u16(main, 0) not in (0xA5EC, 0xA5DC):
        refuse(Outcome.CORRUPT, CORRUPT)
    flags = _u16(main, 10)
    if flags & 0x100:
        refuse(Outcome.ENCRYPTED, ENCRYPTED)
    if not supported(main):
        refuse(Outcome.UNSUPPORTED, TOO_OLD)
    table = ole.stream("1Table" if flags & 0x200 else "0Table") or b""
    pieces = _pieces(_part(main, table, PIECES))
    if not pieces:
        refuse(Outcome.CORRUPT, CORRUPT)
    text = "".join(_characters(main, piece) for piece in pieces)
    return Parts(
        main=main,
        table=table,
        data=ole.stream("Data") or b"",
        text=text,
        pieces=pieces,
        counts=struct.unpack_from("<8i", main, 0x4C),
        characters=_sheet(main, _part(main, table, CHARACTERS), paragraphs=False),
        paragraphs=_sheet(main, _part(main, table, PARAGRAPHS), paragraphs=True),
        fonts=_fonts(_part(main, table, FONTS)),
        macros=ole.holds("Macros"),
        embedded=ole.holds("ObjectPool"),
    )


def _part(main: bytes, table: bytes, at: int) -> bytes:
    start, size = struct.unpack_from("<2I", main, at)
    return table[start : start + size]


def _pieces(told: bytes) -> list[Piece]:
    at = 0
    while at < len(told) and told[at] == 1:
        at += 3 + _u16(told, at + 1)
    if at >= len(told) or told[at] != 2:
        return []
    size = _u32(told, at + 1)
    listed = told[at + 5 : at + 5 + size]
    count = (len(listed) - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", listed)
    pieces = []
    for i in range(count):
        place = _u32(listed, 4 * (count + 1) + 8 * i + 2)
        small = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        if borders[i] < borders[i + 1]:
            pieces.append(Piece(borders[i], borders[i + 1], place // 2 if small else place, 1 if small else 2))
    return pieces


def _characters(main: bytes, piece: Piece) -> str:
    raw = main[piece.place : piece.place + (piece.end - piece.start) * piece.width]
    if len(raw) < (piece.end - piece.start) * piece.width:
        refuse(Outcome.CORRUPT, CORRUPT)
    if piece.width == 1:
        return "".join(chr(byte) if byte < 0x80 or byte > 0x9F else bytes([byte]).decode("cp1252", "replace") for byte in raw)
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _sheet(main: bytes, listed: bytes, *, paragraphs: bool) -> Sheet:
    count = (len(listed) - 4) // 8
    found: list[tuple[int, int, bytes]] = []
    for i in range(max(0, count)):
        page = main[(_u32(listed, 4 * (count + 1) + 4 * i) & 0x3FFFFF) * PAGE :][:PAGE]
        if len(page) == PAGE:
            found.extend(_page(page, paragraphs))
    found.sort(key=lambda run: run[0])
    return Sheet([run[0] for run in found], [run[1] for run in found], [run[2] for run in found])


def _page(page: bytes, paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    step = 13 if paragraphs else 1
    if 4 * (count + 1) + step * count > PAGE:
        return
    borders = struct.unpack_from(f"<{count + 1}I", page)
    for i in range(count):
        at = 2 * page[4 * (count + 1) + step * i]
        if at == 0:
            told = b""
        elif not paragraphs:
            told = page[at + 1 : at + 1 + page[at]]
        elif page[at]:
            told = page[at + 1 : at + 2 * page[at]]
        else:
            told = page[at + 2 : at + 2 + 2 * page[at + 1]]
        yield borders[i], borders[i + 1], told


def _fonts(told: bytes) -> list[str]:
    fonts: list[str] = []
    at = 4
    while at < len(told) and len(fonts) < 2000:
        size = told[at] + 1
        name = told[at + 40 : at + size].decode("utf-16-le", "replace")
        fonts.append(name.split("\0")[0])
        at += size
    return fonts


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
