"""XLS (Excel 5 to 2003, and WPS's ET): the records of BIFF8 and BIFF5 → the same tables as XLSX.

Our own, since calamine ends the whole process on some damaged files (it asks for more memory than there is and aborts), and tells no number
formats: 58.3% would arrive as 0.583. Formulas are not decompiled, but for the plain sums that are worth adding up again.

What surprised us: strings are kept in one table that is cut into records of 8 KB anywhere, also inside a string, which then goes on with a
new byte that says how wide its characters are.
"""

import struct
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ole import Ole
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, over, refuse
from extractors.readers.xlsx import (
    BUILT_IN,
    EPOCH_1904,
    Book,
    Sheet,
    Value,
    Writer,
    check_formulas,
    name_hidden,
    number_value,
    tidy,
)  # fmt: skip
from schemas.document import Document, Page, column_letters
from schemas.vocabulary import Format, Outcome, WarningCode

BOF, EOF, CONTINUE, FILEPASS, CODEPAGE, DATEMODE = 0x809, 0x0A, 0x3C, 0x2F, 0x42, 0x22
BOUNDSHEET, SST, XF, FORMAT, SUPBOOK = 0x85, 0xFC, 0xE0, 0x41E, 0x1AE
ROW, COLINFO, MERGED = 0x208, 0x7D, 0xE5
LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK, FORMULA, STRING, BOOLERR = 0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205
CELLS: Final = (LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK, FORMULA, BOOLERR)
BIFF5: Final = 0x500
BIFF8: Final = 0x600
ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
#: Of BIFF2 to 4, from before 1993, nothing is left in offices.
TOO_OLD: Final = "文件是很早的 Excel 格式，系统无法读取。请用 Excel 或 WPS 打开，另存为 XLSX 后重新上传。"


class Record(NamedTuple):
    """``parts`` are the record's own bytes and those of the records that continue it."""

    kind: int
    parts: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return self.parts[0]


class Listed(NamedTuple):
    name: str
    offset: int
    hidden: bool


class _Globals:
    """What stands before the sheets: strings, formats, and where each sheet begins."""

    def __init__(self, stream: bytes, limits: Limits) -> None:
        self.book = Book()
        self.wide = True
        self.encoding = "cp936"
        self.sheets: list[Listed] = []
        own: dict[int, str] = {}
        styles: list[int] = []
        for record in _records(stream, 0):
            kind, data = record.kind, record.data
            if kind == BOF:
                self.wide = _u16(data, 0) == BIFF8
            elif kind == FILEPASS:
                refuse(Outcome.ENCRYPTED, ENCRYPTED)
            elif kind == CODEPAGE:
                self.encoding = _encoding(_u16(data, 0))
            elif kind == DATEMODE and _u16(data, 0) == 1:
                self.book.epoch = EPOCH_1904
            elif kind == FORMAT:
                own[_u16(data, 0)] = self.text(record.parts, 2, 2 if self.wide else 1)
            elif kind == XF:
                styles.append(_u16(data, 2))
            elif kind == BOUNDSHEET:
                offset, state, sort = struct.unpack_from("<IBB", data)
                if sort == 0:
                    self.sheets.append(Listed(self.text(record.parts, 6, 1), offset, bool(state & 3)))
            elif kind == SST:
                self.book.strings = self._strings(record, limits)
            elif kind == SUPBOOK and len(data) > 4:
                self.book.warn(WarningCode.EXTERNAL_LINK, "表格引用了其他文件，系统不会打开，请改为数值后重新上传。")
        codes = (own.get(style, BUILT_IN.get(style, "")) for style in styles)
        self.book.formats = ["" if code.lower() == "general" else code for code in codes]

    def text(self, parts: tuple[bytes, ...], at: int, wide_count: int) -> str:
        """A string whose length takes ``wide_count`` bytes."""
        reader = _Reader(parts, at)
        count = int.from_bytes(reader.take(wide_count), "little")
        if not self.wide:
            return reader.take(count).decode(self.encoding, "replace")
        return reader.characters(count, reader.take(1)[0])

    def _strings(self, record: Record, limits: Limits) -> list[str]:
        reader = _Reader(record.parts, 8)
        strings: list[str] = []
        total = 0
        for _ in range(min(_u32(record.data, 4), sum(map(len, record.parts)) // 3)):
            count, flags = _u16(reader.take(2), 0), reader.take(1)[0]
            runs = _u16(reader.take(2), 0) if flags & 8 else 0
            extra = _u32(reader.take(4), 0) if flags & 4 else 0
            strings.append(reader.characters(count, flags))
            reader.skip(4 * runs + extra)
            total += count
            if total > limits.text_characters:
                refuse(Outcome.LIMIT, over("字数", f"{limits.text_characters} 以上", limits.text_characters))
        return strings


class _Reader:
    """Bytes that run on over the borders of records."""

    def __init__(self, parts: tuple[bytes, ...], at: int) -> None:
        self._parts, self._part, self._at = parts, 0, at

    def take(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            piece = self._parts[self._part][self._at : self._at + count - len(found)]
            found += piece
            self._at += len(piece)
            if len(found) < count:
                self._on()
        return found

    def skip(self, count: int) -> None:
        while count > 0:
            here = len(self._parts[self._part]) - self._at
            if here >= count:
                self._at += count
                return
            count -= here
            self._on()

    def _on(self) -> None:
        self._part, self._at = self._part + 1, 0
        if self._part >= len(self._parts):
            raise struct.error("record cut short")

    def characters(self, count: int, flags: int) -> str:
        """Characters of one or two bytes; where a record ends among them, the next begins with their width anew."""
        found = ""
        while True:
            width = 2 if flags & 1 else 1
            here = min(count - len(found), (len(self._parts[self._part]) - self._at) // width)
            raw = self._parts[self._part][self._at : self._at + here * width]
            # Counted as the file counts, in halves of a rare character; those are put together at the end.
            found += "".join(map(chr, struct.unpack(f"<{here}H", raw))) if width == 2 else raw.decode("latin-1")
            self._at += here * width
            if len(found) >= count:
                return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._on()
            flags = self.take(1)[0]


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    ole = Ole(data)
    stream = ole.stream("Workbook") or ole.stream("Book")
    if not stream:
        refuse(Outcome.CORRUPT, CORRUPT)
    if not supported(stream):
        refuse(Outcome.UNSUPPORTED, TOO_OLD)
    try:
        return _read(ole, stream, limits)
    except (struct.error, IndexError, LookupError, OverflowError):
        refuse(Outcome.CORRUPT, CORRUPT)


def supported(stream: bytes) -> bool:
    """Whether a workbook's stream is of a kind read here. What is damaged at its very beginning counts as such, and is refused later."""
    return len(stream) < 6 or stream[:2] != b"\x09\x08" or _u16(stream, 4) in (BIFF5, BIFF8)


def _read(ole: Ole, stream: bytes, limits: Limits) -> Document:
    held = _Globals(stream, limits)
    book = held.book
    if len(held.sheets) > limits.sheets:
        refuse(Outcome.LIMIT, over("工作表数", len(held.sheets), limits.sheets))
    if any(name.upper().startswith(("_VBA_PROJECT", "MACROS")) for name in ole.names):
        book.warn(WarningCode.MACRO, "文件含宏，系统不会运行，请另存为不含宏的文件后重新上传。")
    writer, pages, sheets = Writer(), list[Page](), list[Sheet]()
    if not held.sheets or any(stream[listed.offset : listed.offset + 2] != b"\x09\x08" for listed in held.sheets):
        refuse(Outcome.CORRUPT, CORRUPT)
    for number, listed in enumerate(held.sheets, 1):
        sheet = Sheet(listed.name, hidden=listed.hidden)
        _fill(sheet, held, _records(stream, listed.offset), limits)
        check_formulas([sheet], book)
        sheets.append(sheet)
        if number > 1:
            writer.put("\f")
        start = writer.at
        writer.sheet(sheet)
        pages.append(Page(number, 0, 0, start, writer.at))
    name_hidden(sheets, writer, book)
    if len({table.anchor for table in writer.tables}) < len(writer.tables):
        book.warn(WarningCode.OTHER, "有单元格远离其他内容，请核对是否误填。")
    text = "".join(writer.out)
    if not text.strip():
        refuse(Outcome.EMPTY, EMPTY)
    warnings = tuple(book.warned.values())
    said = "；".join(warning.message.rstrip("。") for warning in warnings)
    message = f"已读取，共 {len(pages)} 个工作表，但发现：{said}。" if warnings else f"已读取，共 {len(pages)} 个工作表。"
    return Document(
        format=Format.DOC, outcome=Outcome.OK_WARN if warnings else Outcome.OK, message=message, text=text, pages=tuple(pages),
        tables=tuple(writer.tables), marks=tuple(writer.marks), warnings=warnings,
    )  # fmt: skip


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one part of the stream, up to its end mark; those of charts within it are passed over."""
    depth = 0
    kind, parts = -1, list[bytes]()
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if code == CONTINUE:
            parts.append(body)
            continue
        if kind >= 0:
            yield Record(kind, tuple(parts))
        depth += (code == BOF) - (code == EOF)
        kind, parts = (code, [body]) if depth == 1 and code != EOF else (-1, [])
        if depth <= 0:
            return
    if kind >= 0:
        yield Record(kind, tuple(parts))


def _fill(sheet: Sheet, held: _Globals, records: Iterator[Record], limits: Limits) -> None:
    waiting: Value | None = None
    for record in records:
        kind, data = record.kind, record.data
        if kind == STRING and waiting is not None:
            waiting.text = tidy(held.text(record.parts, 0, 2))
            waiting.stale = not waiting.text
        elif kind == ROW and len(data) >= 14 and data[12] & 0x20:
            sheet.hidden_rows.add(_u16(data, 0))
        elif kind == COLINFO and data[8] & 1:
            sheet.hidden_cols.append((_u16(data, 0), min(_u16(data, 2), 255)))
        elif kind == MERGED:
            for i in range(_u16(data, 0)):
                top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * i)
                sheet.merges.append((top, left, bottom, right))
        elif kind in CELLS:
            waiting = None
            for (row, col), value in _cells(record, held):
                held.book.cells += 1
                if held.book.cells > limits.sheet_cells:
                    refuse(Outcome.LIMIT, over("单元格数", f"{limits.sheet_cells} 以上", limits.sheet_cells))
                sheet.values[(row, col)] = waiting = value


def _cells(record: Record, held: _Globals) -> Iterator[tuple[tuple[int, int], Value]]:
    kind, data, book = record.kind, record.data, held.book
    row, col, style = struct.unpack_from("<3H", data)
    if kind == MULRK:
        for i in range((len(data) - 6) // 6):
            style, packed = struct.unpack_from("<HI", data, 4 + 6 * i)
            if (value := number_value(_packed(packed), _format(book, style), book)) is not None:
                yield (row, col + i), value
        return
    code = _format(book, style)
    found: Value | None
    if kind == LABELSST:
        index = _u32(data, 6)
        found = Value(tidy(book.strings[index]), code) if index < len(book.strings) and book.strings[index] else None
    elif kind in (LABEL, RSTRING):
        found = Value(tidy(held.text(record.parts, 6, 2)), code)
    elif kind == NUMBER:
        found = number_value(repr(struct.unpack_from("<d", data, 6)[0]), code, book)
    elif kind == RK:
        found = number_value(_packed(_u32(data, 6)), code, book)
    elif kind == BOOLERR:
        found = _flag(data[6], bool(data[7]), code, book)
    else:
        found = _formula(data, code, book)
    if found is not None:
        yield (row, col), found


def _formula(data: bytes, code: str, book: Book) -> Value | None:
    """The value a formula had when the file was kept; words follow in a record of their own."""
    if data[12:14] == b"\xff\xff":
        kind = data[6]
        found = _flag(data[8], kind == 2, code, book) if kind in (1, 2) else Value("", code, stale=kind == 0)
    else:
        number = number_value(repr(struct.unpack_from("<d", data, 6)[0]), code, book)
        found = number or Value("", code, stale=True)
    found.formula = _sum(data[22 : 22 + _u16(data, 20)]) or "?"
    return found


def _sum(tokens: bytes) -> str:
    """``SUM(D4:D5)`` where that is the whole formula."""
    if len(tokens) != 13 or tokens[0] not in (0x25, 0x45, 0x65) or tokens[9:11] != b"\x19\x10":
        return ""
    top, bottom, left, right = struct.unpack_from("<4H", tokens, 1)
    return f"SUM({column_letters((left & 0xFF) + 1)}{top + 1}:{column_letters((right & 0xFF) + 1)}{bottom + 1})"


def _flag(value: int, error: bool, code: str, book: Book) -> Value:
    if not error:
        return Value("TRUE" if value else "FALSE", code)
    book.warn(WarningCode.ODD_NUMBER, "有单元格显示为错误值（如 #DIV/0!），请改正后重新上传。")
    return Value(ERRORS.get(value, "#N/A"), code, error=True)


def _packed(value: int) -> str:
    """A number in four bytes: the upper bits of a float, or an integer, either of them perhaps a hundredfold.

    >>> _packed(0x40C35003), _packed(0x3FF00000)
    ('2716354.56', '1.0')
    """
    if value & 2:
        number = Decimal((value ^ 0x80000000) - 0x80000000 >> 2)
    else:
        number = Decimal(repr(struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0]))
    return str(number / 100 if value & 1 else number)


def _format(book: Book, style: int) -> str:
    return book.formats[style] if style < len(book.formats) else ""


def _encoding(codepage: int) -> str:
    import codecs

    name = {1200: "utf-16-le", 936: "gb18030", 10008: "gb18030", 65001: "utf-8", 367: "ascii"}.get(codepage, f"cp{codepage}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
