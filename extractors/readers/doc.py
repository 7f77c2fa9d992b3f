"""DOC (Word 97 to 2003, and WPS's own files, which are the same): paragraphs, tables and marks, named as the DOCX reader names them.

What surprised us: a cell's end, a row's end and a cell in a cell are all told by one character and the properties of its paragraph; where the
cells of a row lie is told by their edges in twentieths of a point, so columns are what edges the rows of a table have in common.

Tables within a cell stand in it as plain lines. List numbers are not in the file's words, so they are not in ours.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from extractors.readers import legacy
from extractors.readers.doc_parts import DEFINES_TABLE, Parts, opened
from extractors.readers.fields import ACTIVE_FIELD
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, EMPTY, over, refuse
from extractors.readers.symbols import plain, symbol
from schemas.document import Block, Cell, Document, Mark, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

IN_TABLE, ROW_END, LEVEL, OUTLINE = 0x2416, 0x2417, 0x6649, 0x2640
VERTICAL, MERGE = 0xD62B, 0x5624
HIDDEN, DELETED, INSERTED, STRUCK, SYMBOL, SIZE, COLOUR, INDEX_COLOUR, FONT, ELSEWHERE = (
    0x083C, 0x0800, 0x0801, 0x0837, 0x6A09, 0x4A43, 0x6870, 0x2A42, 0x4A4F, 0x6A03,
)  # fmt: skip
WHITE: Final = 8
PARAGRAPH, CELL, BREAK = "\r", "\x07", "\x0c"
FIELD, RESULT, FIELD_END = "\x13", "\x14", "\x15"
#: A field's code, and how much of the remarks is kept.
CODE: Final = re.compile("\x13([^\x13-\x15]{1,400})")
REMARKS: Final = 20_000
#: Edges of cells nearer than this, in twentieths of a point, are one.
SLACK: Final = 90


@dataclass(slots=True)
class _Slot:
    """One cell of one row before merging: its paragraphs and its edges."""

    paragraphs: list[tuple[int, int]]
    left: int = 0
    right: int = 0
    joined: bool = False
    below: bool = False


@dataclass(slots=True)
class _Look:
    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    struck: bool = False
    white: bool = False
    font: str = ""
    symbol: str = ""
    elsewhere: int = -1


@dataclass(slots=True)
class _Walk:
    parts: Parts
    limits: Limits
    out: list[str] = field(default_factory=list)
    at: int = 0
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    warned: dict[str, ReaderWarning] = field(default_factory=dict)
    cells: int = 0

    def put(self, text: str) -> None:
        self.out.append(text)
        self.at += len(text)

    def warn(self, code: WarningCode, message: str) -> None:
        self.warned.setdefault(message, ReaderWarning(code, message))

    # -- stories

    def body(self, start: int, end: int) -> None:
        """The main text: paragraphs, and rows gathered into tables."""
        count = 0
        cell: list[tuple[int, int]] = []
        row: list[_Slot] = []
        rows: list[list[_Slot]] = []
        for first, mark in self.split(start, end):
            _, told = self.parts.paragraph(mark)
            found = dict(self.parts.properties(told))
            level = int.from_bytes(found.get(LEVEL, b""), "little") or (1 if _on(found.get(IN_TABLE)) else 0)
            if level == 0:
                self.table(rows)
                cell, row, rows = [], [], []
                count += 1
                if count > self.limits.paragraphs:
                    refuse(Outcome.LIMIT, over("段落数", f"{count} 以上", self.limits.paragraphs))
                self.block(first, mark, f"P{count}", "paragraph")
            elif self.parts.text[mark] != CELL or level > 1:
                cell.append((first, mark))
                if level > 1:
                    self.warn(WarningCode.OTHER, "有嵌在单元格里的表格，只按文字读取，请核对。")
            elif _on(found.get(ROW_END)):
                self.describe(row, list(self.parts.properties(told)))
                rows.append(row)
                cell, row = [], []
            else:
                row.append(_Slot([*cell, (first, mark)]))
                cell = []
        if row:
            self.describe(row, [])
            rows.append(row)
        self.table(rows)

    def story(self, start: int, end: int, prefix: str, kind: str) -> None:
        """A side text, plain paragraph by paragraph."""
        count = 0
        for first, mark in self.split(start, end):
            if self.parts.text[first:mark].strip():
                count += 1
                self.block(first, mark, f"{prefix}{count}", kind)

    def split(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """Where each paragraph begins, and where the character stands that ends it."""
        first, text = start, self.parts.text
        for at in range(start, end):
            if text[at] in (PARAGRAPH, CELL, BREAK):
                yield first, at
                first = at + 1
        if first < end:
            yield first, end - 1 if text[end - 1] < " " else end

    def block(self, first: int, mark: int, anchor: str, kind: str) -> None:
        start = self.at
        self.inline(first, mark)
        if self.at == start:
            return
        style, told = self.parts.paragraph(min(mark, len(self.parts.text) - 1))
        outline = dict(self.parts.properties(told)).get(OUTLINE)
        level = style if 1 <= style <= 9 else outline[0] + 1 if outline and outline[0] < 9 else 0
        heading = kind == "paragraph" and level > 0
        self.blocks.append(Block("heading" if heading else kind, start, self.at, 0, anchor, level if heading else 0))
        self.put("\n")

    # -- inside a paragraph

    def inline(self, first: int, mark: int) -> None:
        fields: list[bool] = []
        for start, end, told in self.parts.runs(first, mark):
            look = self.look(told)
            said: list[str] = []
            for char in self.parts.text[start:end]:
                if char == FIELD:
                    fields.append(False)
                elif char == RESULT and fields:
                    fields[-1] = True
                elif char == FIELD_END and fields:
                    fields.pop()
                elif char == "\x01" and look.elsewhere >= 0:
                    said.append(self.tick(look.elsewhere))
                elif all(fields):
                    said.append(_plain(char, look))
            self.said("".join(said), look)

    def said(self, text: str, look: _Look) -> None:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if look.font:
            text = plain(text, look.font)
        if not text:
            return
        changed = "文档含未处理的修订痕迹，请接受或拒绝全部修订后重新上传。"
        if look.deleted:
            if text.strip():
                self.marks.append(Mark("deleted", self.at, self.at, text))
                self.warn(WarningCode.TRACKED_CHANGES, changed)
            return
        start = self.at
        self.put(text)
        if look.inserted:
            self.marks.append(Mark("inserted", start, self.at))
            self.warn(WarningCode.TRACKED_CHANGES, changed)
        if look.hidden or look.white:
            self.marks.append(Mark("hidden", start, self.at))
            if look.hidden:
                self.warn(WarningCode.HIDDEN_TEXT, "文档含隐藏文字（设为隐藏、白色或极小字号），请取消隐藏后重新上传。")
        if look.struck:
            self.marks.append(Mark("struck", start, self.at))

    def look(self, told: bytes) -> _Look:
        look = _Look()
        for number, operand in self.parts.properties(told):
            if number == HIDDEN:
                look.hidden = look.hidden or _on(operand)
            elif number == DELETED:
                look.deleted = _on(operand)
            elif number == INSERTED:
                look.inserted = _on(operand)
            elif number == STRUCK:
                look.struck = _on(operand)
            elif number == SIZE and len(operand) == 2:
                look.hidden = look.hidden or int.from_bytes(operand, "little") < 4
            elif number == COLOUR:
                look.white = operand == b"\xff\xff\xff\0"
            elif number == INDEX_COLOUR:
                look.white = operand == bytes([WHITE])
            elif number == FONT and len(operand) == 2:
                look.font = self.font(int.from_bytes(operand, "little"))
            elif number == SYMBOL and len(operand) == 4:
                font, code = struct.unpack("<HH", operand)
                look.symbol = symbol(code, self.font(font))
            elif number == ELSEWHERE and len(operand) == 4:
                look.elsewhere = int.from_bytes(operand, "little")
        return look

    def font(self, index: int) -> str:
        return self.parts.fonts[index] if index < len(self.parts.fonts) else ""

    def tick(self, place: int) -> str:
        """A form's tick box, from the data of its field; nothing where it is another field's, or cannot be told."""
        data = self.parts.data
        if place + 4 > len(data):
            return ""
        head = int.from_bytes(data[place + 4 : place + 6], "little")
        told = data[place + head : place + int.from_bytes(data[place : place + 4], "little")]
        if len(told) < 12 or told[:4] != b"\xff\xff\xff\xff" or told[4] & 3 != 1:
            return ""
        state = told[4] >> 2 & 31
        if state > 1:
            name = int.from_bytes(told[10:12], "little")
            at = 12 + 2 * name + 2
            state = int.from_bytes(told[at : at + 2], "little") if at + 2 <= len(told) else -1
        return {0: "☐", 1: "☑"}.get(state, "")

    # -- tables

    def describe(self, row: list[_Slot], told: list[tuple[int, bytes]]) -> None:
        """Give a row's cells their edges and merges, from the properties at its end."""
        for number, operand in told:
            if number == DEFINES_TABLE and operand:
                count = operand[0]
                edges = struct.unpack_from(f"<{count + 1}h", operand, 1) if len(operand) >= 1 + 2 * (count + 1) else ()
                for i, slot in enumerate(row[: max(0, len(edges) - 1)]):
                    slot.left, slot.right = edges[i], edges[i + 1]
                    at = 1 + 2 * (count + 1) + 20 * i
                    flags = int.from_bytes(operand[at : at + 2], "little")
                    slot.joined = flags & 3 == 1
                    slot.below = flags >> 5 & 3 == 1
            elif number == VERTICAL and len(operand) >= 2 and operand[0] < len(row):
                row[operand[0]].below = operand[1] == 1
            elif number == MERGE and len(operand) == 2:
                for slot in row[operand[0] + 1 : operand[1]]:
                    slot.joined = True

    def table(self, rows: list[list[_Slot]]) -> None:
        rows = [row for row in rows if row]
        if not rows:
            return
        edges = _edges(rows)
        start = self.at
        anchor = f"T{len(self.tables) + 1}"
        spans = [
            [(_column(edges, s.left), _column(edges, s.right)) if edges else (i, i + 1) for i, s in enumerate(row)]
            for row in rows
        ]
        cells: list[Cell] = []
        for number, row in enumerate(rows):
            first = True
            for i, slot in enumerate(row):
                left, right = spans[number][i]
                if slot.joined or (slot.below and _above(rows, spans, number, left, right)):
                    continue
                for j in range(i + 1, len(row)):
                    if not row[j].joined:
                        break
                    right = spans[number][j][1]
                if not first:
                    self.put("\t")
                first = False
                begin = self.at
                self.inside(slot)
                cells.append(Cell(number, left, _depth(rows, spans, number, left, right), max(1, right - left), begin, self.at))
            if not first:
                self.put("\n")
        self.cells += len(cells)
        if self.cells > self.limits.table_cells:
            refuse(Outcome.LIMIT, over("表格单元格数", f"{self.limits.table_cells} 个以上", self.limits.table_cells))
        columns = max((cell.col + cell.cols for cell in cells), default=0)
        self.tables.append(Table(len(rows), columns, tuple(cells), start, self.at, anchor=anchor))

    def inside(self, slot: _Slot) -> None:
        start = self.at
        for first, mark in slot.paragraphs:
            if not self.parts.text[first:mark].strip():
                continue
            before = self.at
            if before > start:
                self.put("\v")
            here = self.at
            self.inline(first, mark)
            if self.at == here and here > before:
                self.out.pop()
                self.at = before


def _plain(char: str, look: _Look) -> str:
    if look.symbol and char == "(":
        return look.symbol
    if char >= " ":
        return char
    return {"\t": " ", "\x0b": "\v", "\x1e": "-"}.get(char, "")


def _on(operand: bytes | None) -> bool:
    """1, or 0x81: the opposite of the style's, which nearly always is off."""
    return bool(operand) and operand is not None and operand[0] in (1, 0x81)


def _edges(rows: list[list[_Slot]]) -> list[int]:
    """The columns' edges that the rows of a table have among them; empty where a row does not tell its own."""
    if any(slot.left >= slot.right and not slot.joined for row in rows for slot in row):
        return []
    found: list[int] = []
    for edge in sorted({edge for row in rows for slot in row for edge in (slot.left, slot.right)}):
        if not found or edge - found[-1] > SLACK:
            found.append(edge)
    return found


def _column(edges: list[int], edge: int) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - edge))


def _above(rows: list[list[_Slot]], spans: list[list[tuple[int, int]]], number: int, left: int, right: int) -> bool:
    """Whether there is a cell above of the same columns for one to go on from."""
    return number > 0 and (left, right) in spans[number - 1]


def _depth(rows: list[list[_Slot]], spans: list[list[tuple[int, int]]], number: int, left: int, right: int) -> int:
    """How many rows a cell covers."""
    deep = 1
    for below in range(number + 1, len(rows)):
        match = [slot for slot, span in zip(rows[below], spans[below], strict=True) if span == (left, right)]
        if not match or not match[0].below:
            break
        deep += 1
    return deep


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    if legacy.WORD not in data:
        refuse(Outcome.UNSUPPORTED, legacy.NOT_LEGACY)
    try:
        walk = _walked(opened(data), limits)
    except (struct.error, IndexError, OverflowError):
        refuse(Outcome.CORRUPT, CORRUPT)
    text = "".join(walk.out)
    if not text.strip():
        refuse(Outcome.EMPTY, EMPTY)
    warnings = tuple(walk.warned.values())
    said = "；".join(warning.message.rstrip("。") for warning in warnings)
    return Document(
        format=Format.DOC, outcome=Outcome.OK_WARN if warnings else Outcome.OK,
        message=f"已读取，但发现：{said}。" if warnings else "已读取。", text=text, blocks=tuple(walk.blocks),
        tables=tuple(walk.tables), marks=tuple(walk.marks), warnings=warnings,
    )  # fmt: skip


def _walked(parts: Parts, limits: Limits) -> _Walk:
    walk = _Walk(parts, limits)
    body, notes, headers, _, remarks, endnotes, boxes, _ = (max(0, count) for count in parts.counts)
    length = len(parts.text)
    if body > length:
        refuse(Outcome.CORRUPT, CORRUPT)
    if parts.macros:
        walk.warn(WarningCode.MACRO, "文档含宏，系统不会运行，请另存为不含宏的文件。")
    if parts.embedded:
        walk.warn(WarningCode.EMBEDDED_FILE, "文档中嵌有其他文件，未读取，请将其作为单独文件提交。")
    if any(ACTIVE_FIELD.match(code) for code in CODE.findall(parts.text)):
        walk.warn(WarningCode.EXTERNAL_LINK, "文档含引用外部文件的域，系统不会打开，请将其转为普通文字后重新上传。")
    walk.body(0, body)
    at = body
    for count, prefix, kind in (
        (notes, "F", "note"), (headers, "H1/P", "header"), (remarks, "", ""), (endnotes, "F1/P", "note"), (boxes, "X1/P", "textbox"),
    ):  # fmt: skip
        if kind:
            walk.story(min(at, length), min(at + count, length), prefix, kind)
        elif words := parts.text[min(at, length) : min(at + count, length)].strip():
            walk.marks.append(Mark("comment", walk.at, walk.at, words[:REMARKS]))
        at += count
    return walk
