"""What a row of a list is: one of its rows, a total, a subtotal, a group's title, the rest of a row that a page break cut, or a remark.

Only ``row`` is counted. What surprised us: titles of groups numbered 一 二 三 in the column of numbers, 其中 and 本页小计 rows, a header printed
again, a line of column numbers, signatures under the list that stand in its cells, and instruments whose name begins with 累计 or 总.
"""

import re
from collections.abc import Iterator
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
_REMARK: Final = re.compile(
    r"^(?:注[:：1一]|备注[:：]|说明[:：]|注$|填表(?:人|说明|日期)|制表|审核(?:人|:)|复核|经办|填报(?:人|单位|日期)|(?:单位)?负责人\(?(?:签|:)|法定代表人|单位\(?盖?章|日期[:：]|联系(?:人|电话)[:：]|以下空白|\(以下无正文\)|此页以下|数据截[至止])"
)
_CHINESE: Final = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.]?$")
_TITLED: Final = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.:]?[\u4e00-\u9fff]|^[(]\d{1,2}[)][\u4e00-\u9fff]")
_NUMBER: Final = re.compile(r"^\d{1,4}[.、)]?$")
_MEASURED: Final = ("value", "unit_price", "quantity", "net", "area", "number")


class Row(NamedTuple):
    """``number`` is the grid's row, ``sort`` one of row, total, part, group, more, other; ``group`` the title it stands under."""

    number: int
    sort: str
    group: str


def sort_rows(document: Document, grid: Grid, header: int, last: int, columns: dict[str, int], named: str) -> list[Row]:
    """The filled rows of a list in order. ``named`` is the column that names what the list is of."""
    return list(_sorted(document, grid, header, last, columns, named))


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
            if _is_group(grid.rows[at], filled, columns, named, numbered=numbered):
                sort = "group"
            elif before is not None and numbered and _goes_on(document, grid, before, at, columns):
                sort = "more"
        if sort == "group":
            group = re.sub(r"^[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.]?$", "", filled[0][1]) or filled[-1][1]
        if sort in ("row", "more"):
            before = at
        yield Row(at, sort, group)


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
