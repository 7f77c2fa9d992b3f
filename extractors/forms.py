"""The tables of government forms, and what a label with its value is.

Tables come as grids (merged cells resolved by the reader), with the captions and headings they stand under. What a grid's cells are to each
other is read in ``extractors.tables``, running lines in ``extractors.lines``, lists of people, things or projects in ``extractors.rosters``.

What surprised us: a table continued on the next page comes as two, with or without its header again; captions such as 单位：万元 stand in
a paragraph above, in a merged first row, or once in the 填报说明; a group title may be a merged first column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractors.labels import Meaning
from extractors.text import tight
from schemas.document import Block, Cell, Document, Table


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as one grid, its continuations on later pages joined. ``rows[r][c]`` is the cell there, or None.

    ``caption`` is the words just above (nearest last), ``heading`` the headings it stands under, ``unit`` the unit they give;
    ``unit_before`` the one a line of its own gave last (单位：元 over several lists).
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    start: int
    end: int
    caption: str
    heading: str
    unit: str | None
    index: int
    pages: tuple[int, ...]
    unit_before: str | None = None


class Field(NamedTuple):
    """A label and its value, both as spans of the document's text. ``section`` is the group title and caption it stands under.

    ``unit`` is what label, unit column or caption give; ``source`` where that unit stands: label, column, neighbour, caption. ``rejected`` and
    ``doubt`` are what the heads beside it say of it, in Chinese.
    """

    label: str
    meaning: Meaning
    start: int
    end: int
    section: str
    unit: str | None
    source: str
    period: str | None
    plan: bool
    manner: str
    label_start: int
    label_end: int
    rejected: str | None = None
    doubt: str | None = None


UNIT_CELL = re.compile(
    r"^[(]?(万元|元|千元|亿元|百万元|㎡|m2|m²|M2|平方米|平米|亩|公顷|人次|人|名|位|项次|项|个|家次|家|户|年|个月|月|次|份|件|篇|%|台\(套\)|台套|台/套|台|套)[)]?$"
)
_UNIT_CAPTION = re.compile(
    r"(?:金额|货币|计量)?单位:?(?:人民币)?(万元|元|千元|亿元|百万元|㎡|平方米)|\((万元|元|千元|亿元|百万元|㎡|平方米)\)$"
)
#: A title says that the table goes on.
_CONTINUED = re.compile(r"[(]?(?:续表?|续上[页表]|接上(?:页|表)|承上页)\d?[)]?$|^(?:续表|接上页|续上[表页]|\(续\))")
_UNIT_LINE = re.compile(r"^\(?(?:金额|货币|计量)?单位:?(?:人民币)?(万元|元|千元|亿元|百万元)\)?$")
_FURNITURE = {"header", "footer"}
_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|表[一二三四五六七八九十\d]+|附[表件]\d*|\d{1,2}[.、](?!\d)|第[一二三四五六七八九十]+[章节部分])"
)


#: All that is said of a list which goes on with another year.
_YEAR_TITLE = re.compile(r"^[(]?[一二三四五六七八九十]?[)、.]?20\d\d年度?[)]?(?:\(续\))?$")


def grids(document: Document) -> tuple[Grid, ...]:
    """The document's tables in order, those continued over pages joined into one."""
    found: list[Grid] = []
    lines = [
        (block.start, match[1])
        for block in document.blocks
        if block.end - block.start <= 16 and (match := _UNIT_LINE.match(tight(document.text[block.start : block.end])))
    ]
    for index, table in enumerate(document.tables):
        rows = _rows(table)
        if not rows:
            continue
        last = found[-1] if found else None
        rows = _aligned(document, last, rows) if last is not None else rows
        if last is not None and _continues(document, last, table, rows):
            rows = rows[_repeated(document, last, rows) :]
            found[-1] = Grid(
                last.rows + _renumbered(rows, len(last.rows)),
                last.start,
                table.end,
                last.caption,
                last.heading,
                last.unit,
                last.index,
                (*last.pages, table.page),
            )
            continue
        caption, heading = _above(document, table)
        unit_before = next((u for at, u in reversed(lines) if at < table.start), None)
        if unit_before is None and found and _YEAR_TITLE.match(caption):
            unit_before = found[-1].unit or found[-1].unit_before  # the second year of one list, its title above the first
        found.append(Grid(rows, table.start, table.end, caption, heading, unit_above(caption), index, (table.page,), unit_before))
    return tuple(found)


def _rows(table: Table) -> tuple[tuple[Cell | None, ...], ...]:
    at = table.at()
    width = max((c + 1 for _, c in at), default=0)
    height = max((r + 1 for r, _ in at), default=0)
    return tuple(tuple(at.get((row, col)) for col in range(width)) for row in range(height))


def _renumbered(rows: tuple[tuple[Cell | None, ...], ...], offset: int) -> tuple[tuple[Cell | None, ...], ...]:
    """The rows of a continuation with the row numbers they have in the whole."""
    moved: dict[int, Cell] = {}
    for number, row in enumerate(rows, offset):
        for cell in row:
            if cell is not None and id(cell) not in moved:
                moved[id(cell)] = cell._replace(row=number)
    return tuple(tuple(moved[id(cell)] if cell is not None else None for cell in row) for row in rows)


def _aligned(document: Document, last: Grid, rows: tuple[tuple[Cell | None, ...], ...]) -> tuple[tuple[Cell | None, ...], ...]:
    """The rows in the columns of the table before them, whose heads they repeat: what stands below a list on its last page may part its columns further."""
    wide = len(last.rows[0])
    if len(rows[0]) <= wide:
        return rows
    for deep in (1, 2):  # a head of one row, or of two
        head = rows[:deep]
        columns = [c for c in range(len(rows[0])) if c == 0 or any(row[c] is not row[c - 1] for row in head)]
        if len(columns) != wide or len(head) < deep:
            continue
        again = [tuple(row[c] for c in columns) for row in head]
        for first in range(min(3, len(last.rows) - deep + 1)):
            above = last.rows[first : first + deep]
            if _apart(above) and all(_same_row(document, row, said) for row, said in zip(above, again, strict=True)):
                return tuple(tuple(line[c] for c in columns) for line in rows)
    return rows


def _apart(head: Sequence[tuple[Cell | None, ...]]) -> bool:
    """Whether each column of a head has a cell of its own in one of its rows."""
    return all(any(row[c] is not row[c - 1] for row in head) for c in range(1, len(head[0])))


def _continues(document: Document, last: Grid, table: Table, rows: tuple[tuple[Cell | None, ...], ...]) -> bool:
    """Whether a table goes on where the previous one stopped at the foot of the page before."""
    if len(rows[0]) != len(last.rows[0]):
        return False
    if not table.page and not last.pages[-1]:
        return not table.sheet and _counts_on(document, last, rows, table.start)
    if not table.page or not last.pages[-1] or table.page != last.pages[-1] + 1:
        return False
    between = [b for b in document.blocks if last.end <= b.start < table.start and b.kind not in _FURNITURE]
    said = [text for b in between if (text := tight(document.text[b.start : b.end]))]
    if not said or _CONTINUED.search(said[-1]):
        return True
    again = said[-1] in last.caption and _same_row(document, last.rows[0], rows[0])
    return len(said) == 1 and len(said[0]) <= 40 and (again or bool(_UNIT_LINE.match(said[0])))


def _counts_on(document: Document, last: Grid, rows: tuple[tuple[Cell | None, ...], ...], start: int) -> bool:
    """Where there are no pages: between two tables stands nothing, or that the list goes on, and the number in the first column does."""
    between = tight(document.text[last.end : start])
    if between and not _CONTINUED.search(between):
        return False
    again = _repeated(document, last, rows)
    lead = [text for r in last.rows[-4:] if (text := tight(words(document, r[0])))]
    above = next((text for text in reversed(lead) if re.search(r"\d+$", text)), "")  # 本页合计 counts nothing on
    first = tight(words(document, rows[again][0])) if again < len(rows) else ""
    numbers = [re.search(r"\d+$", text) for text in (above, first)]
    return bool(numbers[0] and numbers[1] and int(numbers[1][0]) == int(numbers[0][0]) + 1)


def _repeated(document: Document, last: Grid, rows: tuple[tuple[Cell | None, ...], ...]) -> int:
    """How many rows at the head of a continuation say again what the first page said: a title (续), the header's one or two rows."""
    count = 0
    for row in rows[:4]:
        alone = [tight(words(document, c)) for c in distinct(row) if words(document, c).strip()]
        titled = count == 0 and len(alone) == 1 and bool(_CONTINUED.search(alone[0]))
        if not (titled or _same_row(document, last.rows[0], row) or _header_again(document, last, row)):
            break
        count += 1
    return count


def words(document: Document, cell: Cell | None) -> str:
    return document.text[cell.start : cell.end] if cell else ""


def _same_row(document: Document, a: tuple[Cell | None, ...], b: tuple[Cell | None, ...]) -> bool:
    return [tight(words(document, c)) for c in a] == [tight(words(document, c)) for c in b] and any(
        words(document, c).strip() for c in a
    )


def _header_again(document: Document, last: Grid, row: tuple[Cell | None, ...]) -> bool:
    """The header repeated below a title row of the first page."""
    return any(_same_row(document, earlier, row) for earlier in last.rows[1:4]) and not any(
        c.isdigit() for cell in row for c in words(document, cell)
    )


def _above(document: Document, table: Table) -> tuple[str, str]:
    """The one or two short lines right above a table, and the last heading before them."""
    previous = max((t.end for t in document.tables if t.end <= table.start), default=0)
    blocks = [b for b in _before(document, table.start) if b.kind not in _FURNITURE]
    near: list[str] = []
    for block in reversed(blocks[-4:]):
        text = tight(document.text[block.start : block.end])
        if not text:
            continue
        if block.start < previous or len(text) > 60 or text.endswith(("。", "；")) or len(near) == 2:
            break
        near.insert(0, text)
        if _TITLE.match(text) and len(near) == 1:
            break
    return " ".join(near), heading_at(document, table.start)


def _before(document: Document, offset: int) -> list[Block]:
    low, high = 0, len(document.blocks)
    while low < high:
        middle = (low + high) // 2
        if document.blocks[middle].start < offset:
            low = middle + 1
        else:
            high = middle
    return list(document.blocks[max(0, low - 40) : low])


def heading_at(document: Document, offset: int) -> str:
    """The nearest headings above an offset, outermost first: numbered lines and short lines without a full stop."""
    found: list[str] = []
    for block in reversed(_before(document, offset)):
        if block.kind in _FURNITURE:
            continue
        text = tight(document.text[block.start : block.end])
        if text and len(text) <= 40 and (_TITLE.match(text) or block.kind == "heading") and "。" not in text:
            found.insert(0, text)
            if len(found) == 2 or re.match(r"^[一二三四五六七八九十]+、", text):
                break
    return " ".join(found)


def unit_above(caption: str) -> str | None:
    """The unit that a caption gives for all that stands under it."""
    if match := _UNIT_CAPTION.search(caption):
        return match[1] or match[2]
    return None


def distinct(row: tuple[Cell | None, ...]) -> list[Cell]:
    """The cells of a row, each once."""
    found: list[Cell] = []
    for cell in row:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return found
