"""Evidence without a page → the row of its table below the headings, or its paragraph, as they read. From the document alone, no file."""

import re

from extractors.text import mask, tight
from schemas.document import Cell, Document, Table, column_letters
from schemas.evidence import Evidence
from schemas.picture import Excerpt, ExcerptCell, ExcerptRow, Part, anchor_words

WIDEST = 12
LONGEST = 220
HEADING = re.compile(
    r"^序|名称|姓名|单位|数量|数值|金额|单价|总价|原值|型号|规格|编号|时间|日期|年$|来源|备注|职称|职务|专业|学历|领域|类[别型]|状态|阶段|情况|项目"
    r"|指标|合计|占比|收入|合同|对象|角色|分工|用途|厂家|产地|负责人|证书|性别|出生|电话|界别|内容|成果|说明"
)
CELL_ANCHOR = re.compile(r"^(?P<table>T\d+)/R(?P<row>\d+)/C(?P<col>\d+)")
SHEET_ANCHOR = re.compile(r"^(?P<table>.+)!\$?(?P<letters>[A-Z]{1,3})\$?(?P<row>\d+)$", re.DOTALL)


def excerpt(document: Document, evidence: Evidence) -> Excerpt | None:
    """The table's row below its headings, or the paragraph, with the quoted words marked."""
    anchor = evidence.anchor or ""
    for block in document.blocks:
        if anchor and block.anchor == anchor:
            words = document.text[block.start : block.end]
            return Excerpt(place=anchor_words(anchor), paragraph=_shorten(_parts(words, evidence.quote)))
    found = _cell(document, anchor)
    if found is None:
        return None
    table, cell, row = found
    return _row(document, table, cell, row, evidence)


def _cell(document: Document, anchor: str) -> tuple[Table, Cell, int] | None:
    match = CELL_ANCHOR.match(anchor) or SHEET_ANCHOR.match(anchor)
    if match is None:
        return None
    col = _number(match["letters"]) if "letters" in match.groupdict() else int(match["col"])
    for table in document.tables:
        if table.anchor != match["table"]:
            continue
        row, column = int(match["row"]) - table.row_base, col - table.col_base
        for cell in table.cells:
            if cell.row <= row < cell.row + cell.rows and cell.col <= column < cell.col + cell.cols:
                return table, cell, row
    return None


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value


def _row(document: Document, table: Table, marked: Cell, row: int, evidence: Evidence) -> Excerpt:
    heads = headings(document, table, marked, row)
    first = max(0, min(marked.col - WIDEST // 2, table.n_cols - WIDEST))
    last = min(table.n_cols, first + WIDEST)
    shown = [*heads, row]
    rows = []
    for index, line in enumerate(shown):
        cells = []
        covered = {
            c: cell
            for cell in table.cells
            if cell.row <= line < cell.row + cell.rows
            for c in range(cell.col, cell.col + cell.cols)
        }
        column = first
        while column < last:
            cell = covered.get(column)
            if cell is None:
                cells.append(ExcerptCell(parts=(), head=line in heads))
                column += 1
                continue
            width = min(cell.col + cell.cols, last) - column
            column += width
            if index and cell.row <= shown[index - 1] and cell is not marked and line in heads:
                continue  # already shown, over both rows
            down = sum(1 for other in heads[index:] if other < cell.row + cell.rows) if line in heads else 1
            words = document.text[cell.start : cell.end]
            parts = _parts(words, evidence.quote) if cell is marked else ((mask(words), False),)
            cells.append(
                ExcerptCell(parts=_shorten(parts), cols=width, rows=max(1, down), head=line in heads, marked=cell is marked)
            )
        rows.append(ExcerptRow(cells=tuple(cells), label=str(line + table.row_base) if table.sheet else ""))
    where = anchor_words(evidence.anchor or "")
    if row in table.hidden_rows or marked.col in table.hidden_cols:
        where += "（在表中被隐藏）"
    columns = tuple(column_letters(c + table.col_base) for c in range(first, last)) if table.sheet else ()
    return Excerpt(place=where, rows=tuple(rows), columns=columns)


def headings(document: Document, table: Table, marked: Cell, row: int) -> list[int]:
    """The rows that head the columns of a list: most of their cells are words that head columns, and one heads the marked cell's.

    A form of label and value pairs has none: at most every other cell is a label, and it stands in the row itself.
    """
    for line in range(row):
        cells = [cell for cell in table.cells if cell.row == line]
        words = [tight(document.text[cell.start : cell.end]) for cell in cells]
        if len(cells) < 3 or sum(len(word) <= 24 and bool(HEADING.search(word)) for word in words) * 2 <= len(words):
            continue
        last = max((cell.row + cell.rows - 1 for cell in cells if cell.rows <= 3), default=line)
        return list(range(line, last + 1)) if last < row and (marked.col, marked.cols) in _edges(table, last) else []
    return []


def _edges(table: Table, row: int) -> list[tuple[int, int]]:
    return sorted({(cell.col, cell.cols) for cell in table.cells if cell.row <= row < cell.row + cell.rows})


def _parts(words: str, quote: str) -> tuple[Part, ...]:
    """The words cut where the quote stands, masked. A ``*`` of the quote stands for any one character."""
    found = spans(words, quote)
    masked = mask(words)
    parts: list[Part] = []
    at = 0
    for start, end in found:
        if start > at:
            parts.append((masked[at:start], False))
        hidden = "".join(m if q == "*" else c for c, q, m in zip(masked[start:end], quote, "*" * len(quote), strict=False))
        parts.append((hidden if len(hidden) == end - start else masked[start:end], True))
        at = end
    if at < len(masked):
        parts.append((masked[at:], False))
    return tuple(parts)


def spans(words: str, quote: str, *, most: int = 3) -> list[tuple[int, int]]:
    wanted = quote.strip()
    if not wanted:
        return []
    pattern = "".join("." if c == "*" else r"\s*" if c.isspace() else re.escape(c) for c in wanted)
    if wanted[0].isdigit():
        pattern = r"(?<![\d.,])" + pattern
    if wanted[-1].isdigit():
        pattern += r"(?![\d]|[.,]\d)"
    return [match.span() for match in re.finditer(pattern, words, re.DOTALL) if match.end() > match.start()][:most]


def _shorten(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Long words before and after the mark give way to an ellipsis; the marked words stay whole."""
    shortened: list[Part] = []
    for index, (text, marked) in enumerate(parts):
        if marked or len(text) <= LONGEST:
            shortened.append((text, marked))
        elif len(parts) == 1 or index == len(parts) - 1:
            shortened.append((text[:LONGEST] + "……", False))
        elif index == 0:
            shortened.append(("……" + text[-LONGEST:], False))
        else:
            shortened.append((text[: LONGEST // 2] + "……" + text[-LONGEST // 2 :], False))
    return tuple(shortened)
