"""Plain text and CSV. What a Chinese Windows writes is GBK, or UTF-16 from “Unicode 文本”; what the rest of the world writes is UTF-8."""

import codecs
import csv
import io
import re
from typing import Final

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import EMPTY, over, refuse
from schemas.document import Block, Cell, Document, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
FORMULA_SIGNS: Final = tuple("=＝@＠+-＋－")
#: A text that another program would take for a formula.
LOOKS: Final = re.compile(r"^\s*(?:[=＝@＠]\s*\S|[+\-＋－]\s*(?:[A-Za-z_]\w*\s*[(|!]|\d[\d.]*\s*[-+*/]\s*\S*[(|!]))")
CONTROL: Final = frozenset(chr(i) for i in range(32)) - frozenset("\t\n\r\f\v\x1a")


NO_TEXT: Final = "文件内容不是文字，请用原软件打开，另存后重新上传。"


def decode(data: bytes, *, partial: bool = False) -> tuple[str | None, str]:
    """The text and its encoding; ``(None, "")`` for bytes that are no text. ``partial`` allows a character cut at the end."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = _try(data, encoding, partial)
            return (text, encoding) if text is not None and _legible(text) else (None, "")
    encodings = ["utf-8", "gb18030"]
    if b"\0" in data:
        encodings = ["utf-16-le" if data[1:200:2].count(0) >= data[0:200:2].count(0) else "utf-16-be", *encodings]
    for encoding in encodings:
        text = _try(data, encoding, partial)
        if text is not None and _legible(text):
            return text, encoding
    return None, ""


def _legible(text: str) -> bool:
    return sum(map(text.count, CONTROL)) <= len(text) // 100


def _try(data: bytes, encoding: str, partial: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(data, final=not partial)
    except (UnicodeDecodeError, ValueError):
        return None


def read(data: bytes, limits: Limits = DEFAULT, *, table: bool = False) -> Document:
    """One block a line, ``P3`` the third line that is not blank; with ``table`` one sheet named CSV."""
    text, encoding = decode(data)
    if text is None:
        refuse(Outcome.CORRUPT, NO_TEXT)
    if len(text) > limits.text_characters:
        refuse(Outcome.LIMIT, over("字数", len(text), limits.text_characters))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        refuse(Outcome.EMPTY, EMPTY)
    about = (("encoding", encoding),)
    if table and (read_as := _table(text, limits)) is not None:
        flat, grid, warnings = read_as
        outcome = Outcome.OK_WARN if warnings else Outcome.OK
        message = "已读取，但发现：" + "；".join(w.message.rstrip("。") for w in warnings) + "。" if warnings else "已读取。"
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
    warnings = []
    if "\0" in text:
        warnings.append(ReaderWarning(WarningCode.OTHER, "文件中有无法显示的空字符，已略去。"))
    if any(value.lstrip().startswith(FORMULA_SIGNS) and LOOKS.match(value) for row in rows for value in row):
        warnings.append(ReaderWarning(WarningCode.FORMULA, "有单元格的文字会被其他程序当作公式，系统只按文字读取。"))
    return flat, Table(len(rows), columns, tuple(cells), 0, at, anchor="CSV", sheet=True), tuple(warnings)
