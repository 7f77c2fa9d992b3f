"""Plain text and CSV. What a Chinese Windows writes is GBK, or UTF-16 from “Unicode 文本”; what the rest of the world writes is UTF-8."""

import codecs
import csv
import io
from typing import Final

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, EMPTY, over, refuse
from schemas.document import Block, Cell, Document, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROL: Final = frozenset(chr(i) for i in range(32)) - frozenset("\t\n\r\f\v\x1a")


def decode(data: bytes, *, partial: bool = False) -> tuple[str | None, str]:
    """The text and its encoding; ``(None, "")`` for bytes that are no text. ``partial`` allows a character cut at the end."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _try(data, encoding, partial), encoding
    encodings = ["utf-8", "gb18030"]
    if b"\0" in data:
        encodings = ["utf-16-le" if data[1:200:2].count(0) >= data[0:200:2].count(0) else "utf-16-be", *encodings]
    for encoding in encodings:
        text = _try(data, encoding, partial)
        if text is not None and sum(c in CONTROL for c in text) <= len(text) // 100:
            return text, encoding
    return None, ""


def _try(data: bytes, encoding: str, partial: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=not partial)
    except (UnicodeDecodeError, ValueError):
        return None


def read(data: bytes, limits: Limits = DEFAULT, *, table: bool = False) -> Document:
    """One block a line, ``P3`` the third line that is not blank; with ``table`` one sheet named CSV."""
    text, encoding = decode(data)
    if text is None:
        refuse(Outcome.CORRUPT, CORRUPT)
    if len(text) > limits.text_characters:
        refuse(Outcome.LIMIT, over("字数", len(text), limits.text_characters))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        refuse(Outcome.EMPTY, EMPTY)
    about = (("encoding", encoding),)
    if table and (read_as := _table(text, limits)) is not None:
        flat, grid, warnings = read_as
        outcome = Outcome.OK_WARN if warnings else Outcome.OK
        message = "已读取，但发现：" + warnings[0].message if warnings else "已读取。"
        return Document(Format.TEXT, outcome, message, flat, tables=(grid,), warnings=warnings, about=about)
    blocks, at, number = [], 0, 0
    for line in text.split("\n"):
        if line.strip():
            number += 1
            blocks.append(Block("paragraph", at, at + len(line), 0, f"P{number}"))
        at += len(line) + 1
    return Document(Format.TEXT, Outcome.OK, "已读取。", text, blocks=tuple(blocks), about=about)


def _table(text: str, limits: Limits) -> tuple[str, Table, tuple[ReaderWarning, ...]] | None:
    """The text as a table, its cells parted by tabs; None where it does not parse as one."""
    sample = text[:4096]
    delimiter = max(",\t;", key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter))
    except csv.Error:
        return None
    if sum(map(len, rows)) > limits.sheet_cells:
        refuse(Outcome.LIMIT, over("单元格数", sum(map(len, rows)), limits.sheet_cells))
    out: list[str] = []
    cells: list[Cell] = []
    at = 0
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            value = value.replace("\t", " ").replace("\n", "\v")
            if column:
                out.append("\t")
                at += 1
            cells.append(Cell(number, column, 1, 1, at, at + len(value)))
            out.append(value)
            at += len(value)
        out.append("\n")
        at += 1
    flat = "".join(out)
    columns = max(map(len, rows), default=0)
    warnings = (ReaderWarning(WarningCode.OTHER, "文件中有无法显示的空字符，已略去。"),) if "\0" in text else ()
    return flat, Table(len(rows), columns, tuple(cells), 0, at, anchor="CSV", sheet=True), warnings
