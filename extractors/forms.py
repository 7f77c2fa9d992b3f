"""The geometry of government forms: which words are the label of which value.

Tables come as grids (merged cells resolved by the reader). Four layouts cover nearly all forms: label left of value in pairs; a table of
indicators (指标 | 单位 | 数值, or years as columns); a row of labels over a row of values; label and value in one cell or line. A table whose rows are
people, things or projects is a list and is left to ``extractors.rosters``.

What surprised us: a table continued on the next page comes as two, with or without its header again; captions such as 单位：万元 stand in
a paragraph above, in a merged first row, or once in the 填报说明; a group title may be a merged first column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from extractors.labels import Meaning, meaning, period_in
from extractors.quantities import unit_in
from extractors.text import Folded, fold, tight
from extractors.values import blank
from schemas.document import Block, Cell, Document, Table
from schemas.vocabulary import FactKey


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

    ``unit`` is what label, unit column or caption give; ``source`` where that unit stands: label, column, neighbour, caption.
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


UNIT_CELL = re.compile(
    r"^[(]?(万元|元|千元|亿元|百万元|㎡|m2|m²|M2|平方米|平米|亩|公顷|人|名|位|项|个|家|户|年|%|台\(套\)|台套|台|套)[)]?$"
)
_UNIT_CAPTION = re.compile(
    r"(?:金额|货币|计量)?单位:?(?:人民币)?(万元|元|千元|亿元|百万元|㎡|平方米)|\((万元|元|千元|亿元|百万元|㎡|平方米)\)$"
)
#: A title says that the table goes on.
_CONTINUED = re.compile(r"[(]?(?:续表?|接上(?:页|表)|承上页)\d?[)]?$|^(?:续表|接上页|续上表|\(续\))")
_UNIT_LINE = re.compile(r"^\(?(?:金额|货币|计量)?单位:?(?:人民币)?(万元|元|千元|亿元|百万元)\)?$")
_FURNITURE = {"header", "footer"}
_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|表[一二三四五六七八九十\d]+|附[表件]\d*|\d{1,2}[.、](?!\d)|第[一二三四五六七八九十]+[章节部分])"
)


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
        found.append(
            Grid(rows, table.start, table.end, caption, heading, _unit_above(caption), index, (table.page,), unit_before)
        )
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
    first = _distinct(rows[0])
    if len(rows[0]) <= len(last.rows[0]) or len(first) != len(last.rows[0]):
        return rows
    for row in last.rows[:3]:
        if [tight(words(document, c)) for c in row] == [tight(words(document, c)) for c in first] and len(_distinct(row)) == len(
            row
        ):
            columns = [rows[0].index(cell) for cell in first]
            return tuple(tuple(line[c] for c in columns) for line in rows)
    return rows


def _continues(document: Document, last: Grid, table: Table, rows: tuple[tuple[Cell | None, ...], ...]) -> bool:
    """Whether a table goes on where the previous one stopped at the foot of the page before."""
    if len(rows[0]) != len(last.rows[0]):
        return False
    if not table.page and not last.pages[-1]:
        return not table.sheet and _counts_on(document, last, rows[0], table.start)
    if not table.page or not last.pages[-1] or table.page != last.pages[-1] + 1:
        return False
    between = [b for b in document.blocks if last.end <= b.start < table.start and b.kind not in _FURNITURE]
    said = [text for b in between if (text := tight(document.text[b.start : b.end]))]
    if not said or _CONTINUED.search(said[-1]):
        return True
    again = said[-1] in last.caption and _same_row(document, last.rows[0], rows[0])
    return len(said) == 1 and len(said[0]) <= 40 and (again or bool(_UNIT_LINE.match(said[0])))


def _counts_on(document: Document, last: Grid, row: tuple[Cell | None, ...], start: int) -> bool:
    """Where there are no pages: nothing stands between two tables, and the number in the first column goes on."""
    if document.text[last.end : start].strip():
        return False
    above = next((text for r in reversed(last.rows) if (text := tight(words(document, r[0])))), "")
    numbers = [re.search(r"\d+$", text) for text in (above, tight(words(document, row[0])))]
    return bool(numbers[0] and numbers[1] and int(numbers[1][0]) == int(numbers[0][0]) + 1)


def _repeated(document: Document, last: Grid, rows: tuple[tuple[Cell | None, ...], ...]) -> int:
    """How many rows at the head of a continuation say again what the first page said: a title (续), the header's one or two rows."""
    count = 0
    for row in rows[:4]:
        alone = [tight(words(document, c)) for c in _distinct(row) if words(document, c).strip()]
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


def _unit_above(caption: str) -> str | None:
    if match := _UNIT_CAPTION.search(caption):
        return match[1] or match[2]
    return None


def fields(document: Document, grid: Grid, *, skip: frozenset[int] = frozenset()) -> Iterator[Field]:
    """Every label with its value in one table. Rows in ``skip`` belong to a list and are left out."""
    header = _indicator_header(document, grid)
    if header is not None:
        yield from _indicators(document, grid, header)
        return
    if (years := _year_rows(document, grid)) is not None:
        yield from years
        return
    yield from _pairs(document, grid, skip)


class _Header(NamedTuple):
    """``row`` is the last row of the header; ``hosts`` are the columns that hold the host's figures, not the centre's."""

    row: int
    label: int
    unit: int | None
    values: tuple[tuple[int, str], ...]
    hosts: frozenset[int] = frozenset()


_LABEL_HEAD = re.compile(
    r"^(?:主要|统计|考核|数据|评价|建设|填报|申报)?(?:指标|指标名称|项目|内容|指标内容|名称|条件|事项|类别|数据项|填报项目|考核内容|核心指标|主要指标|指标项|统计项目|填报内容|要素)(?:名称)?(?:\((?:计量)?单位\))?$"
)
_VALUE_HEAD = re.compile(
    r"^(?:填报|实际|申报|当前|目前|现有|指标|统计|完成|本单位|中心|平台)?(?:数值|数据|数量|指标值|填报值|实际值|完成值|数额|现状|现值|实际|实际情况|完成情况|情况|数据值|值|填报数|填写内容|具体数值|实有数|累计|合计|总计|填报情况|金额|现状值|基础值|目前|当前|现有|已有|截至目前)(?:\(.*\))?$"
)
_YEAR_HEAD = re.compile(r"20\d\d|上年度|本年度|累计|合计|近[两二三]年")


_HOST_HEAD = re.compile(
    r"^(?:依托|申报|申请|建设)?(?:单位|公司|企业)(?:整体|全部|合计|情况|数据)?$|^全(?:单位|公司|院|校|所|厂|集团|口径|部)|^(?:单位|公司|院|校|所|集团|法人|整体|总体)(?:全口径|总体|总量|总数|口径)"
    r"|^(?:依托|申报)单位(?:整体|全部)?"
)
_OWN_HEAD = re.compile(
    r"^(?:其中:?)?(?:划?归|归属|归入|属于?|计入|用于|投入|划拨)?(?:本|该|申报|拟建)?(?:概念验证|中试)?(?:中心|平台)"
    r"(?:\((?:平台|中心)\))?(?:自身|自有|专用|专属|所有|使用|口径|情况|数据|部分|数)?$"
)


def _indicator_header(document: Document, grid: Grid) -> _Header | None:
    for index, row in enumerate(grid.rows[:4]):
        texts = [tight(words(document, cell)) for cell in row]
        distinct = {id(cell) for cell in row if cell is not None}
        if len(distinct) < 2:
            continue
        labels = [c for c, text in enumerate(texts) if _LABEL_HEAD.match(text)]
        before = texts[: labels[0]] if labels else []
        if not labels or not all(re.match(r"^(?:序号|编号|类别|分类|一级指标|类型|)$", text) for text in before):
            continue
        label = labels[-1] if all(_LABEL_HEAD.match(texts[c]) for c in range(labels[0], labels[-1] + 1)) else labels[0]
        last, heads = _second_level(document, grid, index, label, texts)
        unit = next((c for c, text in enumerate(heads) if re.match(r"^(?:计量)?单位$", text)), None)
        hosts = frozenset(c for c, text in enumerate(heads) if c > label and c != unit and _HOST_HEAD.match(text))
        own = [c for c, text in enumerate(heads) if c > label and _OWN_HEAD.match(text)]
        values = [
            (c, text)
            for c, text in enumerate(heads)
            if c > label
            and c != unit
            and (_VALUE_HEAD.match(text) or (_YEAR_HEAD.search(text) and len(text) <= 30) or (own and (c in hosts or c in own)))
        ]
        cells = grid.rows[last]
        values = [pair for pair in values if pair[0] == min(c for c, _ in values if cells[c] is cells[pair[0]])]
        if values:
            return _Header(last, label, unit, tuple(values), hosts if own else frozenset())
    return None


def _second_level(document: Document, grid: Grid, index: int, label: int, texts: list[str]) -> tuple[int, list[str]]:
    """The last row of the header and its texts, a second row's added to those above it (年度 over 2024年 | 2025年)."""
    cell = grid.rows[index][label]
    last = cell.row + cell.rows - 1 if cell is not None else index
    if last != index + 1 or last >= len(grid.rows):
        return index, texts
    below = grid.rows[last]
    return last, [
        text if below[c] is grid.rows[index][c] else f"{text}{tight(words(document, below[c]))}" for c, text in enumerate(texts)
    ]


def _year_rows(document: Document, grid: Grid) -> list[Field] | None:
    """A table with a year in each row's first cell and a yearly measurand over a column (年度 | 合同数 | 收入)."""
    for number, row in enumerate(grid.rows[:3]):
        texts = [tight(words(document, cell)) for cell in row]
        first = next((c for c, text in enumerate(texts) if re.match(r"^(?:年度|年份|时间|会计年度|所属年度)$", text)), None)
        if first is None:
            continue
        about = f"{grid.heading} {grid.caption}"
        found = []
        for column, head in enumerate(texts):
            sense = meaning(head) or (
                meaning(f"服务{head}") if re.search(r"服务收入", about) and re.match(r"^(?:收入|金额)", head) else None
            )
            if column == first or sense is None or sense.measurand is None or not sense.measurand.yearly:
                continue
            for below in grid.rows[number + 1 :]:
                label, value = below[first], below[column]
                if label is None or value is None:
                    continue
                said = tight(words(document, label))
                period = period_in(said) or (
                    f"{said}" if re.fullmatch(r"20\d\d", said) else "total" if re.match(r"^(?:合计|总计|累计)", said) else None
                )
                if period is not None:
                    found.append(
                        Field(head, sense, value.start, value.end, about, sense.unit or grid.unit, "label", period, sense.plan, "indicator",
                              label.start, label.end)
                    )  # fmt: skip
        years = sorted(f.period for f in found if f.period and f.period.isdigit())
        whole = f"{years[0]}-{years[-1]}" if len(years) > 1 else "total"
        return [f._replace(period=whole) if f.period == "total" else f for f in found] or None
    return None


_NOW = re.compile(r"现状|实际|已完成|完成|现有|目前|当前|基期|底$|末$|年底现状")


def _indicators(document: Document, grid: Grid, header: _Header) -> Iterator[Field]:
    about = f"{grid.heading} {grid.caption} " + " ".join(
        tight(words(document, c)) for row in grid.rows[: header.row] for c in row if c
    )
    heads = " ".join(head for _, head in header.values)
    planned = bool(re.search(r"目标|计划|规划|预期", f"{about} {heads}")) and (
        len(header.values) > 1 or "计划" in about or "目标" in about
    )
    group = ""
    seen: set[tuple[int, int]] = set()
    for row in grid.rows[header.row + 1 :]:
        cell = row[header.label] if header.label < len(row) else None
        if cell is None:
            continue
        label = words(document, cell)
        sense = meaning(label)
        if sense is None:
            if tight(label):
                group = tight(label)
            continue
        unit_text = tight(words(document, row[header.unit])) if header.unit is not None and row[header.unit] else ""
        for column, head in header.values:
            value = row[column] if column < len(row) else None
            if value is None or value is cell or (value.start, cell.start) in seen:
                continue
            seen.add((value.start, cell.start))
            unit = unit_text if UNIT_CELL.match(unit_text) else sense.unit or unit_in(head) or grid.unit
            source = "column" if UNIT_CELL.match(unit_text) else "label" if sense.unit or unit_in(head) else "caption"
            if column in header.hosts:
                continue
            head_plan = bool(re.search(r"目标|计划|预期|规划|预计", head)) or (planned and not _NOW.search(head))
            yield Field(
                label, sense, value.start, value.end, f"{about} {group}", unit, source, period_in(head) or sense.period,
                sense.plan or head_plan, "indicator", cell.start, cell.end,
            )  # fmt: skip


def _pairs(document: Document, grid: Grid, skip: frozenset[int]) -> Iterator[Field]:
    section, unit = f"{grid.heading} {grid.caption}", grid.unit
    group = ""
    taken: set[int] = set()
    for number, row in enumerate(grid.rows):
        if number in skip:
            continue
        cells = _distinct(row)
        if len(cells) == 1:
            text = tight(words(document, cells[0]))
            if (caption_unit := _unit_above(text)) and len(text) <= 30:
                unit = caption_unit
            sense = meaning(text) if len(text) <= 40 else None
            if (
                text
                and len(text) <= 40
                and not any(c in text for c in "。；")
                and (sense is None or sense.key is None)
                and ":" not in text
            ):
                group = text
            continue
        for position, cell in enumerate(cells):
            if cell.start in taken or (cell.row != number and position):
                continue
            label = words(document, cell)
            sense = meaning(label)
            if position == 0 and cell.row == number and sense is not None and sense.key is None and _heads_rows(cells):
                group = tight(
                    label
                )  # a group's title that could be a label too (中心概况): what stands beside it has rows of its own
                continue
            if sense is None:
                if position == 0 and cell.rows > 1 and cell.row == number and 2 <= len(tight(label)) <= 24:
                    group = tight(label)
                continue
            if cell.row != number:
                continue
            value, neighbour = _value_of(document, grid, cells, position, number)
            if value is None:
                continue
            taken.add(value.start)
            given = sense.unit or neighbour or unit
            source = "label" if sense.unit else "neighbour" if neighbour else "caption"
            period = sense.period or (period_in(group) if sense.measurand and sense.measurand.yearly else None)
            yield Field(
                label, sense, value.start, value.end, f"{section} {group}", given, source, period,
                sense.plan or bool(re.search(r"目标|计划|规划|预期", group)) or _plan_table(section), "field", cell.start, cell.end,
            )  # fmt: skip


def _heads_rows(cells: list[Cell]) -> bool:
    return cells[0].rows > 1 and len(cells) > 1 and all(cell.rows < cells[0].rows for cell in cells[1:])


def _plan_table(section: str) -> bool:
    return bool(re.search(r"(建设|年度|分年度|预期|绩效|发展|考核)[^ ]{0,6}(目标|计划)|计划表|目标表", section))


def _distinct(row: tuple[Cell | None, ...]) -> list[Cell]:
    found: list[Cell] = []
    for cell in row:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return found


def _value_of(document: Document, grid: Grid, cells: list[Cell], position: int, number: int) -> tuple[Cell | None, str | None]:
    """The cell that holds a label's value, and the unit printed alone in the cell after it."""
    right = cells[position + 1] if position + 1 < len(cells) else None
    if right is not None:
        text = words(document, right)
        if UNIT_CELL.match(tight(text)) and position + 2 < len(cells) and meaning(words(document, cells[position + 2])) is None:
            return cells[position + 2], tight(text)
        if meaning(text) is None and not _label_like(cells[position], text, document):
            after = cells[position + 2] if position + 2 < len(cells) else None
            unit = tight(words(document, after)) if after is not None else ""
            return right, unit if UNIT_CELL.match(unit) else None
    cell = cells[position]
    below_row = cell.row + cell.rows
    below = grid.rows[below_row][_column(grid.rows[number], cell)] if below_row < len(grid.rows) else None
    if below is None or below is cell or meaning(words(document, below)) is not None or not words(document, below).strip():
        return None, None
    if below.cols != cell.cols or len(_distinct(grid.rows[below_row])) != len(cells):
        return None, None
    if below_row + 1 < len(grid.rows) and len(_distinct(grid.rows[below_row + 1])) == len(cells):
        after = grid.rows[below_row + 1][_column(grid.rows[number], cell)]
        if after is not None and after is not below and any(c.isdigit() for c in words(document, after)):
            return None, None  # the head of a list, not a label over its value
    return below, None


def _label_like(label: Cell, text: str, document: Document) -> bool:
    """Whether what stands right of a number's label is another label, of something we do not know: words without a figure."""
    sense = meaning(words(document, label))
    if sense is None or sense.measurand is None:
        return False
    bare = tight(text)
    return bool(bare) and blank(bare) is None and not any(c in _FIGURES for c in bare)


_FIGURES = frozenset("0123456789一二三四五六七八九十两百千壹贰叁肆伍陆柒捌玖拾佰仟")


def _column(row: tuple[Cell | None, ...], cell: Cell) -> int:
    return next(index for index, other in enumerate(row) if other is cell)


_LINE = re.compile(r"([^:，。；、\s:]{2,30}):")


def line_fields(document: Document, start: int, end: int, *, section: str, unit: str | None = None) -> Iterator[Field]:
    """``标签：值`` in a paragraph or inside one cell, several of them side by side included."""
    folded = fold(document.text[start:end], start)
    marks = []
    for match in _LINE.finditer(folded.text):
        sense = meaning(match[1])
        if sense is None:
            continue
        marks.append((match.start(1), match.end(), match[1], sense))
    for index, (at, value_at, label, sense) in enumerate(marks):
        stop = marks[index + 1][0] if index + 1 < len(marks) else len(folded.text)
        value = folded.text[value_at:stop]
        goes_on = sense.key is FactKey.INDUSTRIES and ":" not in value  # a list may part its items by 分号
        cut = re.search(r"。" if goes_on else r"[。；]", value)
        stop = value_at + (cut.start() if cut else len(value))
        span = _trim(folded, value_at, stop)
        label_span = folded.span(at, at + len(label))
        yield Field(
            label, sense, *span, section, sense.unit or unit, "label" if sense.unit else "caption", sense.period,
            sense.plan, "line", *label_span,
        )  # fmt: skip


_COVER = frozenset({FactKey.CENTRE_NAME, FactKey.APPLICANT_NAME, FactKey.APPLICATION_DATE})


def cover_field(document: Document, start: int, end: int) -> Field | None:
    """A cover's line whose colon or gap was lost (申报名称昆明市…中心): the longest label it begins with, and the rest."""
    folded = fold(document.text[start:end], start)
    text = folded.text
    for cut in range(min(14, len(text) - 4), 3, -1):
        sense = meaning(text[:cut]) if text[cut] not in ":)" else None
        if sense is not None and sense.key in _COVER:
            rest = cut + len(text[cut:]) - len(text[cut:].lstrip(":"))
            return Field(
                text[:cut], sense, *folded.span(rest, len(text)), "", None, "label", None, False, "line", *folded.span(0, cut)
            )  # fmt: skip
    return None


_PIECE = re.compile(r"[^，；;。\v\n]+")
_SLOT = re.compile(r"[ \u3000\u00a0_]*(\S{2,24}?)[ \u3000\u00a0_]+(\S.*?)[ \u3000\u00a0_]*$")


def slot_fields(document: Document, start: int, end: int, *, section: str) -> list[Field]:
    """Blanks filled in on a line or in a cell (``服务领域 低空经济 ，建设期 2 年。``): a label we know, white space, its value.

    A list of industries may go on after the mark that ends other values; it stops at the next label.
    """
    found: list[Field] = []
    for piece in _PIECE.finditer(document.text[start:end]):
        match = _SLOT.match(piece[0])
        sense = meaning(match[1]) if match else None
        if match and sense is not None:
            at = start + piece.start()
            found.append(
                Field(
                    match[1],
                    sense,
                    at + match.start(2),
                    at + match.end(2),
                    section,
                    sense.unit,
                    "label",
                    sense.period,
                    sense.plan,
                    "line",
                    at + match.start(1),
                    at + match.end(1),
                )
            )
        elif (
            found
            and found[-1].meaning.key is FactKey.INDUSTRIES
            and _goes_on(piece[0])
            and start + piece.start() - found[-1].end <= 1
        ):
            found[-1] = found[-1]._replace(end=start + piece.end())
    return found


def _goes_on(piece: str) -> bool:
    bare = tight(piece)
    return 2 <= len(bare) <= 8 and bare == piece and not any(meaning(bare[:cut]) for cut in range(2, len(bare) + 1))


def _trim(folded: Folded, start: int, end: int) -> tuple[int, int]:
    while start < end and folded.text[start] in " ,，、_…·.—-":
        start += 1
    while end > start and folded.text[end - 1] in " ,，、_；;":
        end -= 1
    return folded.span(start, end)
