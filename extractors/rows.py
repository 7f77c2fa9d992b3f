"""What a row of a list is: one of its rows, a total, a subtotal, a group's title, the rest of a row that a page break cut, or a remark.

Only ``row`` is counted. What surprised us: titles of groups numbered 一 二 三 in the column of numbers, 其中 and 本页小计 rows, a header printed
again, a line of column numbers, signatures under the list that stand in its cells, and instruments whose name begins with 累计 or 总. A total may be
called anything (期末余额, 2025年度): then its amount tells it, being the sum of the rows above where all of them have numbers and it has none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from extractors.forms import Grid, words
from extractors.text import tight
from schemas.document import Cell, Document

TOTAL_ROW: Final = re.compile(
    r"^(?:20\d\d年?度?)?(?:设备|仪器|软件|原值|金额|人数|项目|收入|资产|全部|以上|清单)?(?:总计|合计|共计|总合计|累计|总额|总金额|合计金额|金额合计|总数|总和)(?:金额|数|原值|人数)?(?=$|[:(\d¥￥,，]|人民币|大写|小写|[元万共])[:]?"
)
SUBTOTAL_ROW: Final = re.compile(
    r"^.{0,12}小\.?计(?!算|量|时|数)|^本页(?:合计|累计|总计)|^其中[:,，]?|^分计|^(?:承前页|过次页|转下页|接上页)|^(?:分类|分项)合计"
)
#: Ends like a sum, whatever stands before it: 资产总计, 全部合计, 一区合计. Whether it is of a part or of all, the amounts tell.
_SUM_ROW: Final = re.compile(
    r"(?:合|总|共|累)\.?计(?:金额|数|原值|收入|面积|值|额)?(?:\([^()]*\))?[:]?$|^.{0,12}总(?:和|金额|价值?|值|额|数|面积|收入)[:]?$|^全部(?:金额|价值|面积|收入)?[:]?$"
)
_AMOUNT: Final = re.compile(r"[¥￥]?(-?\d[\d,，]*(?:\.\d+)?)(?:亿元|万元|千元|元|万|㎡|平方米|m2|m²)?")
_REMARK: Final = re.compile(
    r"^(?:注[:：1一]|备注[:：]|说明[:：]|注$|填表(?:人|说明|日期)|制表|审核(?:人|:)|复核|经办|填报(?:人|单位|日期)|(?:单位)?负责人\(?(?:签|:)|法定代表人|单位\(?盖?章|日期[:：]|联系(?:人|电话)[:：]|以下空白|\(以下无正文\)|此页以下|数据截[至止])"
)
#: What heads the block in which a form is signed and judged.
_CLOSING: Final = re.compile(
    r"^(?=.{4,})(?!.*(?:项目|设备|合同)).*(?:意见|声明|承诺书?|保证|签字|签章|盖章|公章)(?:\([^()]*\))?[:：]?$"
)
_CHINESE: Final = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.]?$")
_TITLED: Final = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.:]?[\u4e00-\u9fff]|^[(]\d{1,2}[)][\u4e00-\u9fff]")
_NUMBER: Final = re.compile(r"^\(?\d{1,4}[.、)]?$")
#: A number of the list's own: 1, 001, ZC-0001, 2-3.
_OWN_NUMBER: Final = re.compile(r"^\(?(?:[A-Za-z]{1,6}[-—–]?)?\d{1,8}(?:[-—–.]\d{1,6}){0,3}[.、)]?$")
_MEASURED: Final = ("value", "unit_price", "quantity", "net", "area", "number")


class Row(NamedTuple):
    """``number`` is the grid's row, ``sort`` one of row, total, part, group, more, other; ``group`` the title it stands under.

    ``block`` is another wherever the list's own numbers may begin again: below a title or a sum, beside another merged cell (2024年, 专职).
    """

    number: int
    sort: str
    group: str
    block: str = ""


def sort_rows(document: Document, grid: Grid, header: int, last: int, columns: dict[str, int], named: str) -> list[Row]:
    """The filled rows of a list in order. ``named`` is the column that names what the list is of."""
    found = list(_sorted(document, grid, header, last, columns, named))
    found = _without_footers(document, grid, header, columns, named, found)
    sums = _Sums(document, grid, columns, named, found)
    return _blocked(grid, columns, sums.settled() if sums.column is not None else found)


def _without_footers(
    document: Document, grid: Grid, header: int, columns: dict[str, int], named: str, found: list[Row]
) -> list[Row]:
    """The rows; one below the last number is none where its words cover more columns than the name's head does, or where a label
    stands in the place of its number (申报单位承诺) and no amount beside it."""
    number, name = columns.get("number"), columns.get(named)
    if name is None:
        return found
    if number is None:
        return _before_closing(document, grid, found)
    own = [bool(_NUMBER.match(tight(words(document, grid.rows[row.number][number])))) for row in found]
    last = max((at for at, numbered in enumerate(own) if numbered), default=len(found))
    head = grid.rows[header][name]

    amounts = [columns[n] for n in ("value", "unit_price", "area") if n in columns]

    def footer(row: Row) -> bool:
        texts, cell = _texts(document, grid.rows[row.number]), grid.rows[row.number][name]
        wide = cell is not None and cell.cols > (head.cols if head is not None else 1)
        labelled = bool(re.search(r"[\u4e00-\u9fff]{2}", texts[number]))
        return row.sort == "row" and (wide or labelled) and not any(any(ch.isdigit() for ch in texts[c]) for c in amounts)

    return [row._replace(sort="other") if at > last and footer(row) else row for at, row in enumerate(found)]


def _before_closing(document: Document, grid: Grid, found: list[Row]) -> list[Row]:
    """The rows of a list without numbers, up to the form's own closing block (申请单位声明, 审查意见) that a sheet has below it."""
    for at, row in enumerate(found):
        lead = next((text for text in _texts(document, grid.rows[row.number]) if text), "")
        if at and row.sort == "row" and _CLOSING.search(lead):
            return [*found[:at], *(one._replace(sort="other") for one in found[at:])]
    return found


def _blocked(grid: Grid, columns: dict[str, int], found: list[Row]) -> list[Row]:
    before = columns.get("number", 0)
    passed, result = 0, []
    for row in found:
        passed += row.sort in ("part", "total", "group")
        beside = [str(cell.row) for cell in dict.fromkeys(grid.rows[row.number][:before]) if cell is not None and cell.rows > 1]
        result.append(row._replace(block="/".join((row.group, str(passed), *beside))))
    return result


def _sorted(document: Document, grid: Grid, header: int, last: int, columns: dict[str, int], named: str) -> Iterator[Row]:
    group, before = "", None
    heads = [_texts(document, grid.rows[n]) for n in range(max(0, header - 1), header + 1)]
    numbers = [_texts(document, grid.rows[n])[columns["number"]] for n in range(header + 1, last)] if "number" in columns else []
    numbered = any(_NUMBER.match(text) for text in numbers)
    for at in range(header + 1, last):
        texts = _texts(document, grid.rows[at])
        filled = [(c, t) for c, t in enumerate(texts) if t and (c == 0 or grid.rows[at][c] is not grid.rows[at][c - 1])]
        if not filled:
            continue
        own = bool(_NUMBER.match(texts[columns["number"]])) if "number" in columns else False
        sort = "other" if texts in heads else _sort(filled, own=own)
        if sort == "row" and not own:
            goes_on = before is not None and numbered and _goes_on(document, grid, before, at, columns)
            if goes_on and len(filled) == 1 and filled[0][0] == columns.get(named) and not _TITLED.match(filled[0][1]):
                sort = "more"  # the rest of a name, alone in its column
            elif _is_group(grid.rows[at], filled, columns, named, numbered=numbered):
                sort = "group"
            elif goes_on:
                sort = "more"
        if sort == "group":
            group = re.sub(r"^[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.]?$", "", filled[0][1]) or filled[-1][1]
        if sort in ("row", "more"):
            before = at
        yield Row(at, sort, group)


@dataclass(slots=True)
class _Sums:
    """Totals and subtotals of a list with amounts, told by what they amount to."""

    document: Document
    grid: Grid
    columns: dict[str, int]
    named: str
    found: list[Row]
    column: int | None = None
    numbered: bool = False

    def __post_init__(self) -> None:
        self.column = next((self.columns[n] for n in ("value", "area") if n in self.columns), None)
        own = [self._own(row) for row in self.found if row.sort == "row"]
        self.numbered = sum(own) > 0.5 * len(own)

    def settled(self) -> list[Row]:
        last = max((at for at, row in enumerate(self.found) if row.sort == "row" and not self._nameless(row)), default=-1)
        result: list[Row] = []
        every: list[Decimal] = []
        part: list[Decimal] = []
        closed = False
        for at, row in enumerate(self.found):
            sort = row.sort
            if sort in ("row", "total") and self._nameless(row):
                sort = self._sort(row, every, part, more=at < last, closed=closed)
            if sort == "row" and (amount := self._amount(row)) is not None:
                every.append(amount)
                part.append(amount)
            elif sort in ("part", "total", "group"):
                part = []
            closed = closed or (sort == "total" and at >= last)
            result.append(row._replace(sort=sort))
        return result

    def _sort(self, row: Row, every: list[Decimal], part: list[Decimal], *, more: bool, closed: bool) -> str:
        """What a row without a number is: the sum of all, or of those since the last sum; else what it was taken for."""
        amount = self._amount(row)
        whole = amount is not None and len(every) > 1 and _sums_to(every, amount)
        since = amount is not None and len(part) > 1 and _sums_to(part, amount)
        called = row.sort == "total" or bool(_SUM_ROW.search(self._label(row)))
        if (whole or since or called) and more:
            return "part" if every else "total" if called else row.sort
        if whole and not closed:
            return "total"
        if since or (closed and amount is not None):
            return "part"
        if called:
            return "total"
        return "part" if amount is not None and not more and self._labelled(row) else row.sort

    def _own(self, row: Row) -> bool:
        """Whether a row has a number of its own, not one cell merged over number and name."""
        cells = self.grid.rows[row.number]
        for name in ("number", "asset"):
            column = self.columns.get(name)
            cell = cells[column] if column is not None and column < len(cells) else None
            if cell is not None and cell.cols == 1 and _OWN_NUMBER.match(tight(words(self.document, cell))):
                return True
        return False

    def _nameless(self, row: Row) -> bool:
        """Whether a row may be a sum: it alone has no number, or (where none has) its words cover several columns and nothing else is told."""
        if self._own(row):
            return False
        if self.numbered:
            return True
        cells = self.grid.rows[row.number]
        named = self.columns.get(self.named)
        cell = cells[named] if named is not None and named < len(cells) else None
        if row.sort == "total" or (cell is not None and cell.cols > 1):
            return True
        told = [
            n
            for n in ("model", "serial", "client", "contract", "signed", "room", "purchased")
            if n in self.columns and n != self.named
        ]
        return bool(told) and not any(
            tight(words(self.document, cells[self.columns[n]])) for n in told if self.columns[n] < len(cells)
        )

    def _labelled(self, row: Row) -> bool:
        """Whether one cell covers the place of number and name: the words are a label (其中进口设备), not a thing."""
        number, named = self.columns.get("number"), self.columns.get(self.named)
        cells = self.grid.rows[row.number]
        return number is not None and named is not None and cells[number] is not None and cells[number] is cells[named]

    def _label(self, row: Row) -> str:
        texts = (tight(words(self.document, c)) for c in dict.fromkeys(self.grid.rows[row.number]))
        return next((text for text in texts if re.search(r"[\u4e00-\u9fff]", text)), "")

    def _amount(self, row: Row) -> Decimal | None:
        """The plain number in the column that is summed; under a label that covers that column, the last one of the row."""
        cells = self.grid.rows[row.number]
        cell = cells[self.column] if self.column is not None and self.column < len(cells) else None
        if (told := _plain(tight(words(self.document, cell)))) is not None:
            return told
        if cell is None or cell.cols == 1:
            return None
        others = {self.columns.get(n) for n in ("net", "quantity", "number", "unit_price")}
        last = [
            t
            for c, other in enumerate(cells)
            if c not in others and (t := _plain(tight(words(self.document, other)))) is not None
        ]
        return last[-1] if last else None


def _plain(text: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(text)
    return Decimal(match[1].replace(",", "").replace("，", "")) if match else None


def _sums_to(parts: list[Decimal], total: Decimal) -> bool:
    """Equal to the last digit written, or to the rounding the parts allow where these are finer than the total."""
    exponent = int(total.as_tuple().exponent)
    return abs(sum(parts, Decimal(0)) - total) <= max(Decimal(5).scaleb(exponent - 1), Decimal("0.001"))


def _sort(filled: list[tuple[int, str]], *, own: bool) -> str:
    lead = [text for _, text in filled[:2]]
    if not own and any(SUBTOTAL_ROW.search(text) for text in lead):
        return "part"
    if any(TOTAL_ROW.match(text) for text in lead):
        return "total"
    if not own and _REMARK.match(lead[0]):
        return "other"
    if len(filled) >= 3 and [text for _, text in filled] == [str(n) for n in range(1, len(filled) + 1)]:
        return "other"  # the columns' own numbers
    return "row"


def _is_group(
    cells: tuple[Cell | None, ...], filled: list[tuple[int, str]], columns: dict[str, int], named: str, *, numbered: bool
) -> bool:
    if len({id(c) for c in cells if c is not None}) == 1 and len(cells) > 2:
        return True
    column, text = filled[0]
    others = len(filled) - 1
    if others == 0:
        return numbered or column != columns.get(named) or bool(_TITLED.match(text))
    if _CHINESE.match(text) and others == 1:
        return numbered
    return bool(_TITLED.match(text)) and columns.get(named) not in [c for c, _ in filled if c != column] and others <= 2


def _goes_on(document: Document, grid: Grid, before: int, at: int, columns: dict[str, int]) -> bool:
    """Whether a row without a number, first on its page, holds the rest of the row above: no figure stands in both."""
    pages = [_page(document, grid.rows[n]) for n in (before, at)]
    if None in pages or pages[0] == pages[1]:
        return False
    above, here = _texts(document, grid.rows[before]), _texts(document, grid.rows[at])
    return not any(here[c] and above[c] for name, c in columns.items() if name in _MEASURED)


def _page(document: Document, cells: tuple[Cell | None, ...]) -> int | None:
    first = next((c for c in cells if c is not None and c.end > c.start), None)
    return document.page_of(first.start) if first is not None else None


def _texts(document: Document, cells: tuple[Cell | None, ...]) -> list[str]:
    return [tight(words(document, cell)) for cell in cells]


def number_doubts(numbers: list[str], groups: list[str]) -> tuple[str, ...]:
    """Where 序号 do not run on: told, since a row may have been left out. They may begin again with each group.

    >>> number_doubts(["1", "2", "4"], ["", "", ""])
    ('序号不连续：2之后是4',)
    """
    found = []
    for (above, old), (text, new) in zip(
        zip(numbers, groups, strict=True), list(zip(numbers, groups, strict=True))[1:], strict=False
    ):
        a, b = re.match(r"\d+", above), re.match(r"\d+", text)
        if a and b and int(b[0]) != int(a[0]) + 1 and not (int(b[0]) == 1 and old != new):
            found.append(f"序号{'重复' if a[0] == b[0] else '不连续'}：{a[0]}之后是{b[0]}")
    first = re.match(r"\d+", numbers[0]) if numbers else None
    if first and int(first[0]) > 1:
        found.insert(0, f"序号从{first[0]}开始")
    return tuple(found[:3])
