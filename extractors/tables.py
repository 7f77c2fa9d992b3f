"""The fields of a form's table: which cell is the label of which value, and what the heads beside it say of that value.

A table is read from its top row down. A row of heads over a column of labels is known by what the column holds; a row of labels over a row of
values, or over rows for the host and the centre, by its shape; all else is label and value side by side, to the right unless the whole table reads
to the left. Lists of people, things or projects are left to ``extractors.rosters``.

What surprised us: the answer may stand left of its label; a form prints the condition, the host's figure or last year's between a label and its
answer; 2024年 or 人数 is a label only under the group it stands in; a card prints the value over its label in one cell.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from extractors.forms import UNIT_CELL, Field, Grid, distinct, unit_above, words
from extractors.heads import Head, head_of
from extractors.kinds import kind_fits, unit_kind
from extractors.labels import Meaning, labelish, meaning, period_in, sense_in_group
from extractors.measurand import AREA, MONEY, Measurand
from extractors.quantities import Quantity, quantities, read_cell, unit_in
from extractors.text import fold, tight
from extractors.values import STROKE, USCC, blank, day, restates
from schemas.document import Cell, Document
from schemas.vocabulary import FactKey

#: The words under which a figure is set aside, for each head that says it is not the answer.
_WHY: Final = {
    Head.HOST: "依托单位一栏的数据，不是本中心（平台）的",
    Head.REQUIRED: "政策条件一栏，不是申报单位填报的数",
    Head.PLAN: "计划或目标数，不是现有数",
    Head.PAST: "往年数据，不是当前数",
    Head.EXAMPLE: "填写示例，不是申报单位填报的数",
}
_FLOWS: Final = frozenset(
    {
        FactKey.TECHNOLOGY_CONTRACTS_VALUE, FactKey.INVESTMENT_RAISED, FactKey.ENTERPRISES_INCUBATED, FactKey.ENTERPRISES_REVENUE,
        FactKey.PROJECTS_COMPLETED, FactKey.PROJECTS_PRODUCTISED, FactKey.PROJECTS_RESERVED,
    }
)  # fmt: skip
_HOSTED: Final = frozenset({FactKey.SITE_AREA, FactKey.EQUIPMENT_VALUE, FactKey.TEAM_HEADCOUNT, FactKey.REVENUE_SERVICE})
_TARGETS: Final = re.compile(r"(建设|年度|分年度|预期|绩效|发展|考核)[^ ]{0,6}(目标|计划)|计划表|目标表")
_FUTURE: Final = re.compile(r"目标|计划|规划|预期")
_STATED: Final = re.compile(r"现状|实际|已完成|完成|现有|目前|当前|基期|底$|末$|年底现状")
_COPIES: Final = re.compile(r"^(?:份数|张数|页|页数|页码|页次|起始页码?|起止页码?|所在页码?|件数|是否提交|有无)(?:\([^()]*\))?$")
_PAPERS: Final = re.compile(r"(?:材料|文件|附件|资料)(?:的)?(?:名称|题名|内容|目录|清单)?$")
#: A label that fills its line, and the answer on the next, read as one line (成果数量3).
_RUN_ON: Final = re.compile(
    r"^\s*(?P<label>(?=[^\n]{4,44}$)(?:20\d\d年)?[^\d\n:：，。]{3,40}[\u4e00-\u9fff)）\]】])(?P<value>(?!20\d\d(?!\.))\d[\d,，]*(?:\.\d+)?(?:万元|亿元|元|人|名|项|个|家|%|㎡|平方米)?)\s*$"
)
_BOUND: Final = re.compile(r"(?:突破|超过|高于|大于|多于|达到?|满|至少|不少于|不低于|累计)$")
#: The year in a label (2025年服务企业人次), which is no answer.
_AS_OF_YEAR: Final = re.compile(r"20\d\d年(?:度|末|底)?(?=\D{2})")
#: A column for one kind of figure.
_KIND_HEAD: Final = re.compile(r"^(?:其[他它])?(?:面积|金额|人数|数量|个数|项数|家数|比例|占比|数额|年限|年数)(?:\([^()]*\))?$")
_FIGURES: Final = frozenset("0123456789一二三四五六七八九十两百千壹贰叁肆伍陆柒捌玖拾佰仟")
_PERIOD_ONLY: Final = re.compile(
    r"^(?:20\d\d年(?:度)?(?:\(?\d{0,2}月?[-—~至到]+\d{1,2}月\)?|上半年|前三季度)?|上一?年度|上年|前年度|合计|累计|总计|(?:近)?[两二三]年(?:合计|累计))$"
)


#: A year by its place, not by its number: 本年 of a form filled in spring may be last year or this.
_UNDATED: Final = re.compile(r"^(?:本年|本期|当年|今年|上年|上一年|去年|上期|前一年|前年)(?!度)")


class _Answer(NamedTuple):
    """A column that may hold answers; ``rejected`` and ``doubt`` go with each value in it."""

    column: int
    head: str
    kind: Head
    rejected: str | None = None
    doubt: str | None = None


class _Headed(NamedTuple):
    """A row of heads over a column of labels. ``first`` is the row below it, ``end`` the row it no longer rules."""

    label: int
    groups: tuple[int, ...]
    unit: int | None
    answers: tuple[_Answer, ...]
    first: int
    end: int


def fields(document: Document, grid: Grid, *, skip: frozenset[int] = frozenset()) -> Iterator[Field]:
    """Every label with its value in one table. Rows in ``skip`` belong to a list and are left out."""
    yield from _Reader(document, grid, skip).fields()


def figure(text: str, measurand: Measurand | None) -> Quantity | None:
    """The number a value cell states in short, if it can be the measurand's (any number where none is given)."""
    flat = fold(text).text
    found = read_cell(flat, "") or next(iter(quantities(flat)), None)
    if found is None or found.start > 6 or (found.kind == "year" and measurand is not None and measurand.kind != "duration"):
        return None
    return found if measurand is None or found.kind == "number" or kind_fits(found, measurand) else None


class _Reader:
    """One table's reading; ``group`` is the title the rows at hand stand under, ``unit`` the unit a caption row gave."""

    def __init__(self, document: Document, grid: Grid, skip: frozenset[int]) -> None:
        self.document, self.grid, self.skip = document, grid, skip
        self.rows = grid.rows
        self.about = f"{grid.heading} {grid.caption}"
        above = grid.caption.split(" ")[-1]  # 对外服务收入（单位：万元） over 年度 | 2024年 | 2025年
        self.group = above if (told := meaning(above)) is not None and told.measurand is not None else ""
        self.unit = grid.unit
        self.taken: set[tuple[int, int]] = set()
        self._flat: dict[int, str] = {}

    def text(self, cell: Cell | None) -> str:
        """A cell's words, folded and without white space."""
        if cell is None:
            return ""
        flat = self._flat.get(id(cell))
        if flat is None:
            flat = self._flat[id(cell)] = tight(words(self.document, cell))
        return flat

    def fields(self) -> Iterator[Field]:
        at = 0
        while at < len(self.rows):
            if at in self.skip:
                at += 1
            elif headed := self.blocks.get(at):
                told = [field for block in headed for field in self._under(at, block)]
                if len(headed) > 1 and not self._numbered_down(at, headed):
                    told.sort(key=lambda field: field.label_start)  # read across, as nothing says to read down first
                yield from told
                at = headed[0].end
            elif (torn := self._torn(at)) is not None:
                yield from torn
                at += 2
            elif (found := self._years(at)) or (found := self._matrix(at)) or (found := self._over(at)):
                yield from found[0]
                at = found[1]
            else:
                yield from self._row(at)
                at += 1

    @cached_property
    def blocks(self) -> dict[int, tuple[_Headed, ...]]:
        """The blocks under a row of heads, by that row; several where the same heads stand twice side by side."""
        found: dict[int, tuple[_Headed, ...]] = {}
        at = 0
        while at < len(self.rows):
            parts = self._alike(at) if at not in self.skip else ()
            headed = tuple(one for columns in parts if (one := self._headed(at, columns)) is not None)
            if headed:
                found[at] = headed
            at = headed[0].end if headed else at + 1
        return found

    def _numbered_down(self, at: int, headed: tuple[_Headed, ...]) -> bool:
        """Whether the lines below a row of heads are numbered down its left part, then down the next, and not across."""
        if re.match(r"^(?:序号|编号|序|行次|代码|No\.?)$", self.text(self.rows[at][0])) is None:
            return False
        row = self.rows[headed[0].first] if headed[0].first < len(self.rows) else ()
        width = len(self.rows[at]) // len(headed)
        numbers = [re.fullmatch(r"\(?(\d{1,3})[)、.]?", self.text(row[i])) for i in range(0, len(row), max(1, width))][
            : len(headed)
        ]
        told = [int(n[1]) for n in numbers if n is not None]
        return not (len(told) > 1 and told[1] == told[0] + 1)

    def _alike(self, at: int) -> tuple[range, ...]:
        """The columns of a row of heads: halves or thirds where they repeat (序号 | 指标 | 填报值 | 序号 | 指标 | 填报值)."""
        row = self.rows[at]
        heads = [self.text(cell) for cell in row]
        while heads and not heads[-1]:
            heads.pop()  # a sheet's other rows may be wider
        row = row[: len(heads)]
        for times in (2, 3):
            width = len(row) // times
            if (
                width >= 2
                and width * times == len(row)
                and all(heads)
                and len(set(heads[:width])) > 1
                and all(heads[i] == heads[i % width] for i in range(len(row)))
                and all(row[i] is not row[i - 1] for i in range(width, len(row), width))
            ):
                return tuple(range(i * width, (i + 1) * width) for i in range(times))
        return (range(len(self.rows[at])),)

    # a row of heads over a column of labels

    def _headed(self, at: int, within: range) -> _Headed | None:
        row = self.rows[at]
        cells = distinct(row[within.start : within.stop])
        if len(cells) < 2 or any(cell.row != at for cell in cells) or not any(self.text(cell) for cell in cells):
            return None
        heads = [self.text(cell) for cell in row]
        last, deep = self._second_level(at, heads)
        spread = {
            id(cell) for cell in cells if last > at and cell.cols > 1 and self._parted(cell, last)
        }  # 服务收入（万元） over 2024年 | 2025年
        by_kind = self._by_kind([self.text(cell) for cell in cells])
        if any(
            self._answers_itself(self.text(cell))
            for cell in cells
            if id(cell) not in spread and not (by_kind and _KIND_HEAD.match(self.text(cell)))
        ):
            return None
        if any(next(self._card(cell), None) for cell in cells):
            return None
        if last > at and any(
            (sense := meaning(self.text(c))) is not None and sense.measurand is not None for c in distinct(self.rows[last])
        ):
            return None  # a title over labels, and their values below
        heads = deep
        kinds = [head_of(text) for text in heads]
        if self._by_kind([heads[c] for c in within]):
            kinds = [Head.ANSWER if _KIND_HEAD.match(text) else kind for text, kind in zip(heads, kinds, strict=True)]
        told = [kinds[c] for c in within]
        if any(kinds[c] is Head.UNKNOWN and heads[c] and figure(heads[c], None) is not None for c in within):
            return None  # a row of answers (其中：… | 49人 | …面积 | 26734㎡)
        years = [heads[c] for c in within if kinds[c] is Head.YEAR]
        if years and all(re.fullmatch(r"\d{4}", year) for year in years) and len(set(years)) < 2 and Head.LABEL not in told:
            return None  # 实缴注册资本 | 2000
        if not any(kind not in (Head.UNKNOWN, Head.LABEL) for kind in told) and Head.LABEL not in told:
            return None
        end = self._block_end(last + 1)
        lowest = self.rows[last]
        columns = [c for c in within if c == within.start or lowest[c] is not lowest[c - 1]]
        labels = [
            c
            for c in columns
            if kinds[c] in (Head.LABEL, Head.ANSWER, Head.UNKNOWN, Head.REQUIRED) and self._holds_labels(c, last + 1, end, heads)
        ]
        if not labels:
            return None
        groups = tuple(c for c in labels if c + 1 in labels and not self._figures(c + 1, last + 1, end))
        labels = [c for c in labels if c not in groups]
        if len(labels) != 1:
            return None
        label = labels[0]
        if any(
            self._mostly_labels(c, last + 1, end) for c in columns if c not in (label, *groups) and kinds[c] is not Head.LABEL
        ):
            return None  # two forms side by side (依托单位 | 申报对象), each with labels of its own
        unit = next((c for c in columns if c > label and kinds[c] is Head.UNIT), None)
        answers = self._answers(
            [c for c in columns if c != label and c not in groups and c != unit], heads, kinds, label, (last + 1, end)
        )
        numbered = bool(re.match(r"^(?:序号|编号|序|行次|代码)$", heads[within.start]))
        clear = numbered or kinds[label] is Head.LABEL or any(answer.kind is not Head.UNKNOWN for answer in answers)
        return _Headed(label, groups, unit, answers, last + 1, end) if answers and clear else None

    def _by_kind(self, heads: list[str]) -> bool:
        """Whether a row of heads has a column for each kind of figure (指标 | 面积 | 金额 | 人数)."""
        return head_of(heads[0]) is Head.LABEL and sum(bool(_KIND_HEAD.match(text)) for text in heads[1:]) >= 2

    def _answers_itself(self, text: str) -> bool:
        """Whether words that would be a column's head are a form's own label instead."""
        if re.match(r"^是否(?:达标|达到|符合|满足|合格|通过)", text):
            return False
        sense = meaning(text) if len(text) >= 2 else None
        if sense is not None and sense.measurand is not None:
            return True
        if head_of(text) in (Head.UNIT, Head.OWN, Head.HOST) and not re.search(r"名称|全称|盖章|公章|代码", text):
            return False
        return sense is not None and (
            sense.key is not None
            or not re.match(r"^(?:备注|说明|序号|编号|项目名称|.{0,6}(?:情况|内容|指标|名称|类别))$", sense.text)
        )

    def _parted(self, cell: Cell, below: int) -> bool:
        """Whether the cells under a head divide what it spans."""
        return len({id(c) for c in self.rows[below][cell.col : cell.col + cell.cols] if c is not None and c is not cell}) > 1

    def _second_level(self, at: int, heads: list[str]) -> tuple[int, list[str]]:
        """The last row of the header and its texts, a second row's added to those above it (年度 over 2024年 | 2025年)."""
        deep = max((cell.row + cell.rows - 1 for cell in distinct(self.rows[at])), default=at)
        if deep == at and at + 1 < len(self.rows) and self._heads_only(at + 1):
            deep = at + 1
        if deep != at + 1 or deep >= len(self.rows):
            return at, heads
        below = self.rows[deep]
        return deep, [text if below[c] is self.rows[at][c] else f"{text}{self.text(below[c])}" for c, text in enumerate(heads)]

    def _heads_only(self, at: int) -> bool:
        """Whether a row below a header is its second level, set without merging: nothing but years or names of columns, behind an empty cell."""
        cells = distinct(self.rows[at])
        rest = [self.text(c) for c in cells[1:] if self.text(c)]
        dated = (Head.YEAR, Head.OWN, Head.HOST, Head.PLAN, Head.PAST, Head.WHOLE)
        return at not in self.skip and bool(rest) and not self.text(cells[0]) and all(head_of(text) in dated for text in rest)

    def _block_end(self, first: int) -> int:
        """The row at which a block under a header ends: a list begins, or another row of heads."""
        end = first
        while end < len(self.rows) and end not in self.skip:
            cells = distinct(self.rows[end])
            if end > first and self._lists_papers(cells):
                break
            if (
                end > first
                and len(cells) > 2
                and sum(head_of(self.text(c)) not in (Head.UNKNOWN, Head.ANSWER, Head.HOST, Head.OWN, Head.YEAR) for c in cells)
                >= 2
                and not any(any(ch.isdigit() for ch in self.text(c)) for c in cells)
                and any(head_of(self.text(c)) is Head.LABEL for c in cells)
            ):
                break
            end += 1
        return end

    def _holds_labels(self, column: int, first: int, end: int, heads: list[str]) -> bool:
        known = keyed = filled = 0
        for number in range(first, end):
            cell = self.rows[number][column]
            if (
                cell is None
                or cell.row != number
                or cell.col < column
                or (cell.cols > 1 and len(distinct(self.rows[number])) == 1)
            ):
                continue  # what reaches over from the left is its neighbour's answer
            text = self.text(cell)
            if text:
                filled += 1
                named = (sense := sense_in_group(text, self.group)) is not None and sense.key is not None
                worded = re.search(r"[\u4e00-\u9fffA-Za-z]", text) is not None  # 18 under 运营经费 is an answer
                named = named or (worded and any(self._for_head(text, None, head) is not None for head in dict.fromkeys(heads)))
                known += named or labelish(text)
                keyed += named
        return bool(keyed) and known * 5 >= filled * 3

    def _mostly_labels(self, column: int, first: int, end: int) -> bool:
        """Whether a column holds little else than labels."""
        cells = [
            c
            for n in range(first, min(end, first + 14))
            if (c := self.rows[n][column]) is not None and c.row == n and c.col == column and c.rows == 1
        ]
        texts = [self.text(c) for c in cells if self.text(c) and not (c.cols > 1 and len(distinct(self.rows[c.row])) == 1)]
        known = [t for t in texts if labelish(t) and figure(t, None) is None]
        return len(known) >= 3 and len(known) * 5 >= len(texts) * 3

    def _holds_values(self, column: int, first: int, end: int) -> bool:
        cells = {id(c): c for number in range(first, end) if (c := self.rows[number][column]) is not None and c.row == number}
        return any(
            self.text(c) and blank(self.text(c)) != "pointer" and len(distinct(self.rows[c.row])) > 1 for c in cells.values()
        )

    def _figures(self, column: int, first: int, end: int) -> int:
        cells = {id(c): c for number in range(first, end) if (c := self.rows[number][column]) is not None and c.row == number}
        return sum(
            figure(self.text(c), None) is not None and meaning(self.text(c)) is None and blank(self.text(c)) is None
            for c in cells.values()
        )

    def _answers(
        self, columns: list[int], heads: list[str], kinds: list[Head], label: int, block: tuple[int, int]
    ) -> tuple[_Answer, ...]:
        """The columns that hold answers and those whose figures are set aside, each with why."""
        mine = [c for c in columns if kinds[c] not in (Head.REMARK, Head.UNIT, Head.LABEL) and self._holds_values(c, *block)]
        left, right = [c for c in mine if c < label], [c for c in mine if c > label]
        mine = right if right or not left else left  # 填报内容 | 填报事项: the answer stands left
        mine = mine or [c for c in columns if c > label and kinds[c] in (Head.ANSWER, Head.OWN)]
        aside = tuple(_Answer(c, heads[c], kinds[c], _WHY.get(kinds[c])) for c in mine if kinds[c] in _WHY)
        own = [c for c in mine if kinds[c] is Head.OWN]
        said = [c for c in mine if kinds[c] in (Head.ANSWER, Head.YEAR, Head.WHOLE)]
        unknown = [c for c in mine if kinds[c] is Head.UNKNOWN]
        if own:
            dated = tuple(_Answer(c, heads[c], kinds[c]) for c in said if kinds[c] is Head.YEAR)
            return (*(_Answer(c, heads[c], Head.OWN) for c in own), *(dated if len(own) == 1 and not aside else ()), *aside)
        if said:
            return (*(_Answer(c, heads[c], kinds[c]) for c in said), *aside)
        filled = [c for c in unknown if self._figures(c, *block)]
        if len(filled) > 1:
            why = f"“{heads[filled[0]] or '（无栏目名）'}”“{heads[filled[1]] or '（无栏目名）'}”两栏都有数，以哪一栏为准须核对"
            return (*(_Answer(c, heads[c], Head.UNKNOWN, doubt=why) for c in filled), *aside)
        if unknown:
            return (*(_Answer(c, heads[c], Head.UNKNOWN) for c in (filled or unknown[:1])), *aside)
        hosts = [a for a in aside if a.kind is Head.HOST]
        if len(hosts) == 1 and len(aside) == 1:
            why = f"栏目名为“{hosts[0].head}”，是否本中心（平台）的数须核对"
            return (hosts[0]._replace(rejected=None, doubt=why),)
        return aside

    def _under(self, at: int, headed: _Headed) -> Iterator[Field]:
        title = " ".join(self.text(c) for row in self.rows[:at] for c in distinct(row) if len(distinct(row)) == 1)
        about = f"{self.about} {title}"
        planned = bool(_FUTURE.search(f"{about} {' '.join(a.head for a in headed.answers)}")) and (
            len(headed.answers) > 1 or bool(re.search(r"计划|目标", about))
        )
        seen: set[tuple[int, int]] = set()
        paired = len(headed.answers) == 1 and headed.answers[0].column == headed.label + 1 == len(self.rows[at]) - 1
        rest = -1
        for number in range(headed.first, headed.end):
            if number == rest:
                continue
            if paired and number + 1 < headed.end and (torn := self._torn(number)) is not None:
                yield from torn
                rest = number + 1
                continue
            row = self.rows[number]
            cell = row[headed.label]
            if len(distinct(row)) == 1:
                self._titled(distinct(row)[0])
                yield from self._card(distinct(row)[0])
                continue
            if cell is None or cell.row != number or cell.col < headed.label:
                continue
            groups = [self.text(row[c]) for c in headed.groups if row[c] is not cell and self.text(row[c])]
            sense = sense_in_group(words(self.document, cell), *reversed(groups), self.group)
            if sense is None and not any(self._for_head(words(self.document, cell), None, a.head) for a in headed.answers):
                if not any(self._filled(row[a.column]) for a in headed.answers):
                    self.group = self.text(cell) or self.group
                continue
            unit = self.text(row[headed.unit]) if headed.unit is not None else ""
            yield from self._answered(
                row,
                cell,
                sense,
                headed,
                unit,
                planned=planned,
                about=about,
                group=groups[-1] if groups else self.group,
                seen=seen,
            )

    def _filled(self, cell: Cell | None) -> bool:
        return cell is not None and bool(self.text(cell))

    def _answered(
        self, row: tuple[Cell | None, ...], cell: Cell, sense: Meaning | None, headed: _Headed, unit_text: str, *, planned: bool, about: str, group: str,
        seen: set[tuple[int, int]],
    ) -> Iterator[Field]:  # fmt: skip
        whole = any(
            a.kind is Head.WHOLE and (value := row[a.column]) is not None and any(c.isdigit() for c in self.text(value))
            for a in headed.answers
        )
        dated = sum(
            a.kind is Head.YEAR and (one := row[a.column]) is not None and blank(self.text(one)) is None for a in headed.answers
        )  # 近两年服务收入 | 61.2 | 88.4: the columns tell the years; where one is filled, the label's own words do
        filled = sum(figure(self.text(row[a.column]), None) is not None for a in headed.answers) == 1 and any(
            _KIND_HEAD.match(a.head) for a in headed.answers
        )
        for answer in headed.answers:
            value = row[answer.column]
            if value is None or value is cell or (value.start, cell.start) in seen:
                continue
            if filled and STROKE.match(self.text(value)):
                continue  # the figure stands in the column of its own kind
            measured = (
                sense is not None and sense.measurand is not None and unit_kind(unit_text.strip("()")) == sense.measurand.kind
            )
            told = sense if measured else self._for_head(words(self.document, cell), sense, answer.head)
            if told is None:
                continue
            seen.add((value.start, cell.start))
            given = unit_text if UNIT_CELL.match(unit_text) else None
            unit = given or told.unit or unit_in(answer.head) or self.unit
            source = "column" if given else "label" if told.unit or unit_in(answer.head) else "caption"
            rejected, doubt = answer.rejected, answer.doubt
            period = (period_in(answer.head) or told.period) if dated > 1 else (told.period or period_in(answer.head))
            if answer.kind is Head.YEAR and whole and told.key in _FLOWS:
                rejected = "分年的数，累计数另有一栏"
            if answer.kind is Head.WHOLE and told.measurand is not None and told.measurand.yearly:
                period = self._span(headed)
            if told.measurand is not None and told.measurand.yearly and period is None and _UNDATED.match(answer.head):
                rejected, doubt = None, f"栏目名“{answer.head}”没有写明是哪一年，须核对"
            if doubt and (told.measurand is None or (answer.kind is Head.HOST and told.key not in _HOSTED)):
                doubt = None
            if told.measurand is None and rejected == _WHY[Head.HOST]:
                rejected = None
            ahead = answer.kind is Head.PLAN or (planned and not _STATED.search(answer.head) and answer.kind is not Head.OWN)
            yield Field(
                words(self.document, cell), told, value.start, value.end, f"{about} {group}", unit, source, period, told.plan or ahead, "indicator",
                cell.start, cell.end, rejected, doubt,
            )  # fmt: skip

    def _span(self, headed: _Headed) -> str:
        """The years that a column of sums adds up, where whole years stand beside it."""
        periods = [period_in(a.head) or "" for a in headed.answers if a.kind is Head.YEAR]
        years = sorted(p for p in periods if p.isdigit())
        return f"{years[0]}-{years[-1]}" if len(years) > 1 and len(years) == len(periods) else "total"

    def _for_head(self, label: str, sense: Meaning | None, head: str) -> Meaning | None:
        """What a label means under a head that names the kind of figure (数量 | 金额); None where that is another measure."""
        kind = MONEY if re.search(r"金额|价值|原值|收入|经费", head) else AREA if "面积" in head else None
        counts = bool(re.search(r"数量|人数|个数|项数|家数|份数|台套", head)) and not re.search(r"数据|数值", head)
        if (kind is None and not counts) or (sense is not None and sense.measurand is None):
            return sense
        if (
            sense is None
            or sense.measurand is None
            or (kind is not None and sense.measurand.kind != kind)
            or (counts and sense.measurand.kind in (MONEY, AREA))
        ):
            other = meaning(f"{tight(label)}{re.sub(r'[(].*', '', head)}")
            return (
                other if other is not None and other.measurand is not None and other.measurand.kind == (kind or "count") else None
            )
        return sense

    # labels over values

    def _years(self, at: int) -> tuple[list[Field], int] | None:
        """A year in each row's first cell and a yearly measurand over a column (年度 | 合同数 | 收入)."""
        row = self.rows[at]
        first = next(
            (
                c
                for c, cell in enumerate(row)
                if re.match(r"^(?:年度|年份|时间|会计年度|所属年度|期间|统计年度)$", self.text(cell))
            ),
            None,
        )
        if first is None or len(distinct(row)) < 2:
            return None
        found: list[Field] = []
        end = at + 1
        for column, cell in enumerate(row):
            head = self.text(cell)
            sense = meaning(head) or (
                meaning(f"服务{head}") if "服务收入" in self.about and re.match(r"^(?:收入|金额)", head) else None
            )
            if column == first or sense is None or sense.measurand is None or not sense.measurand.yearly:
                continue
            for number in range(at + 1, len(self.rows)):
                label, value = self.rows[number][first], self.rows[number][column]
                said = self.text(label)
                period = period_in(said) or (
                    said if re.fullmatch(r"20\d\d", said) else "total" if re.match(r"^(?:合计|总计|累计)", said) else None
                )
                if number in self.skip or label is None or value is None or period is None:
                    continue
                end = max(end, number + 1)
                found.append(
                    Field(head, sense, value.start, value.end, self.about, sense.unit or self.unit, "label", period, sense.plan, "indicator", label.start, label.end)
                )  # fmt: skip
        years = sorted(f.period for f in found if f.period and f.period.isdigit())
        whole = f"{years[0]}-{years[-1]}" if len(years) > 1 else "total"
        told = [f._replace(period=whole) if f.period == "total" else f for f in found]
        return (told, end) if told else None

    def _matrix(self, at: int) -> tuple[list[Field], int] | None:
        """Labels over columns, and rows that say whose or of when their figures are (依托单位, 其中：中心; 2024年, 2025年)."""
        row = self.rows[at]
        cells = distinct(row)
        first = cells[0] if cells else None
        if (
            first is None
            or len(cells) < 3
            or any(c.row != at for c in cells)
            or (labelish(self.text(first)) and head_of(self.text(first)) is not Head.LABEL)
        ):
            return None
        labels = [(c, sense) for c in cells[1:] if (sense := meaning(words(self.document, c))) is not None]
        if not any(sense.key for _, sense in labels) or not all(labelish(self.text(c)) for c in cells[1:] if self.text(c)):
            return None
        found: list[Field] = []
        number = at + 1
        rows: list[tuple[int, Head]] = []
        while number < len(self.rows) and number not in self.skip:
            lead = self.rows[number][0]
            kind = head_of(self.text(lead))
            if (
                lead is None
                or lead.row != number
                or kind not in (Head.HOST, Head.OWN, Head.YEAR, Head.PAST, Head.PLAN, Head.WHOLE, Head.ANSWER, Head.REQUIRED)
            ):
                break
            rows.append((number, kind))
            number += 1
        if not rows or (len(rows) == 1 and rows[0][1] in (Head.ANSWER, Head.YEAR)):
            return None
        own = any(kind is Head.OWN for _, kind in rows)
        for below, kind in rows:
            lead = self.rows[below][0]
            for label, sense in labels:
                value = self.rows[below][self._column(at, label)]
                if value is None or lead is None or value is lead:
                    continue
                period = period_in(self.text(lead)) or sense.period
                rejected = _WHY.get(kind)
                if own and kind is Head.WHOLE:
                    rejected = _WHY[Head.HOST]
                found.append(
                    Field(words(self.document, label), sense, value.start, value.end, f"{self.about} {self.group}", sense.unit or self.unit,
                          "label" if sense.unit else "caption", period, sense.plan or kind is Head.PLAN, "indicator", label.start, label.end, rejected)
                )  # fmt: skip
        return (found, number) if found else None

    def _column(self, at: int, cell: Cell) -> int:
        return next(index for index, other in enumerate(self.rows[at]) if other is cell)

    def _over(self, at: int) -> tuple[list[Field], int] | None:
        """A row of labels over a row of values with the same borders, and nothing like those values below it."""
        labels = [c for c in distinct(self.rows[at]) if c.row == at]
        lead = [c for c in distinct(self.rows[at]) if c not in labels or self._beside_rows(c, labels)]
        labels = [c for c in labels if c not in lead]
        if not labels or len({c.rows for c in labels}) != 1 or not self._all_labels(labels):
            return None
        below = at + labels[0].rows
        if below >= len(self.rows) or below in self.skip or any(n in self.skip for n in range(at, below)):
            return None
        values = [c for c in distinct(self.rows[below]) if c not in lead and not self._numbers(c, lead)]
        units: dict[int, str] = {}
        if self._all_units(values) and self._same_borders(*self._narrow(labels, values)) and below + 1 not in self.skip:
            units = {c.col: self.text(c) for c in values if UNIT_CELL.match(self.text(c))}
            below += values[0].rows
            if below >= len(self.rows):
                return None
            values = [c for c in distinct(self.rows[below]) if c not in lead and not self._numbers(c, lead)]
        labels, values = self._narrow(labels, values)
        if not self._same_borders(labels, values) or any(
            labelish(self.text(v)) and not self._ticks(v) for v in values if self.text(v)
        ):
            return None
        if not any(self.text(v) for v in values):
            return None
        after = below + values[0].rows
        if after < len(self.rows) and after not in self.skip:
            more = [c for c in distinct(self.rows[after]) if c not in lead and not self._numbers(c, lead)][: len(labels)]
            listed = self._same_borders(labels, more) and not any(labelish(self.text(c)) for c in more)
            if listed and any(figure(self.text(c), None) if len(labels) == 1 else self.text(c) for c in more):
                return None  # the head of a list
        senses = [
            sense_in_group(words(self.document, c), *(self.text(one) for one in reversed(lead)), self.group) for c in labels
        ]
        if len(labels) == 1 and not self._stands_over(senses[0], values[0]):
            return None
        group = self.text(lead[-1]) if lead else self.group
        return [
            self._pair(label, sense, value, unit=units.get(value.col), group=group)
            for label, value, sense in zip(labels, values, senses, strict=True)
            if sense is not None
        ], after

    def _all_units(self, cells: list[Cell]) -> bool:
        """Whether a row holds nothing but units, and strokes where there are none."""
        texts = [text for c in cells if (text := self.text(c))]
        return any(UNIT_CELL.match(t) for t in texts) and all(UNIT_CELL.match(t) or blank(t) == "nil" for t in texts)

    def _numbers(self, cell: Cell, lead: list[Cell]) -> bool:
        """Whether a cell numbers its row, below 序号 at the head of rows of labels."""
        return (
            bool(lead)
            and cell.col == lead[0].col
            and re.match(r"^(?:序号|编号|序|行次|代码)$", self.text(lead[0])) is not None
            and re.fullmatch(r"\d{1,2}", self.text(cell)) is not None
        )

    def _narrow(self, labels: list[Cell], values: list[Cell]) -> tuple[list[Cell], list[Cell]]:
        """Labels and values without the empty cells that a sheet's other rows leave at their right."""
        count = len(labels)
        while count > 1 and not self.text(labels[count - 1]):
            count -= 1
        rest = values[count:]
        return (labels[:count], values[:count]) if not any(self.text(cell) for cell in rest) else (labels, values)

    def _beside_rows(self, cell: Cell, cells: list[Cell]) -> bool:
        """Whether a cell at the left is the title of rows beside it."""
        return cell is cells[0] and len(cells) > 1 and cell.rows > 1 and all(other.rows < cell.rows for other in cells[1:])

    def _all_labels(self, cells: list[Cell]) -> bool:
        """Whether a row's words are labels, one in three perhaps of things we do not know, and any of them is one we do."""
        texts = [text for c in cells if (text := self.text(c))]
        known = sum(labelish(text) for text in texts)
        if known * 3 < len(texts) * 2 or any(figure(_AS_OF_YEAR.sub("", t), None) is not None and not labelish(t) for t in texts):
            return False
        return any(sense_in_group(t, self.group) is not None for t in texts)

    def _same_borders(self, one: list[Cell], other: list[Cell]) -> bool:
        return [(c.col, c.cols) for c in one] == [(c.col, c.cols) for c in other]

    def _ticks(self, cell: Cell) -> bool:
        return bool(re.search(r"[□☑☐■√○●]", self.text(cell)))

    def _stands_over(self, sense: Meaning | None, value: Cell) -> bool:
        """Whether one label over one value, both across the table, are a field rather than a title over what it is the title of."""
        return sense is not None and sense.key is not None and len(self.text(value)) <= 60 and self._fits(sense, value)

    # label beside value

    @cached_property
    def leftward(self) -> bool:
        """Whether values stand left of their labels: more of the table's labels are answered so than the other way."""
        right = left = 0
        headed = {n for at, blocks in self.blocks.items() for n in range(at, blocks[0].end)}
        for number, row in enumerate(self.rows):
            cells = distinct(row)
            if number in self.skip or number in headed or len(cells) < 2:
                continue
            for index, cell in enumerate(cells):
                sense = meaning(words(self.document, cell)) if cell.row == number else None
                if sense is None or (sense.key is None and sense.text in ("备注", "说明")):
                    continue
                right += index + 1 < len(cells) and self._fits(sense, cells[index + 1])
                left += index > 0 and self._fits(sense, cells[index - 1])
        return left > right and left >= 2

    @cached_property
    def counts(self) -> frozenset[int]:
        """The cells that number the lines (1, 2, 3 down a column): they answer nothing, whichever side of a label they stand."""
        found: set[int] = set()
        for column in range(min(3, len(self.rows[0]) if self.rows else 0)):
            cells = [c for row in self.rows if column < len(row) and (c := row[column]) is not None]
            told = [(int(m[1]), c) for c in dict.fromkeys(cells) if (m := re.fullmatch(r"[(]?(\d{1,3})[)]?[.、]?", self.text(c)))]
            steps = [after[0] - before[0] for before, after in pairwise(told)]
            headed = any(re.fullmatch(r"序号?|编号|行次|No\.?", self.text(c)) for c in cells)
            if len(told) > 1 and all(step == 1 for step in steps) and (headed or (told[0][0] == 1 and len(told) > 2)):
                found |= {id(c) for _, c in told}
        return frozenset(found)

    def _fits(self, sense: Meaning, cell: Cell) -> bool:
        """Whether a cell can be what a label asks for."""
        raw, text = words(self.document, cell), self.text(cell)
        if id(cell) in self.counts:
            return False
        state = blank(raw)
        if state == "nil":
            return sense.key is not None
        if state is not None or UNIT_CELL.match(text):
            return False
        if sense.measurand is not None:
            return figure(raw, sense.measurand) is not None and not (labelish(text) and meaning(text) is not None)
        if labelish(text):
            return False
        if sense.key is FactKey.APPLICANT_USCC:
            return bool(USCC.search(text.upper()))
        if sense.key is FactKey.APPLICATION_DATE:
            return day(text) is not None
        return True

    def _rests(self, rest: Cell, sense: Meaning) -> bool:
        """Whether the words on the next page measure what both pieces together do: 开展概念验证取得的技术 names nothing, 服务收入 does."""
        other = meaning(words(self.document, rest))
        return other is not None and other.key is sense.key

    def _torn(self, at: int) -> tuple[Field, ...] | None:
        """A row that a page's end cut through its label: 合作(自有)基 alone, and 金总规模 with the answer at the top of the next page."""
        if at + 1 >= len(self.rows) or at + 1 in self.skip:
            return None
        upper, lower = distinct(self.rows[at]), distinct(self.rows[at + 1])
        if len(upper) != len(lower) or len(upper) < 2 or not self._same_borders(upper, lower):
            return None
        label, rest, value = upper[-2], lower[-2], lower[-1]
        if self.text(upper[-1]) or not self.text(label) or not self.text(rest) or label.row != at or rest.row != at + 1:
            return None
        if self.document.page_of(label.start) == self.document.page_of(rest.start):
            return None
        raw = words(self.document, label).rstrip() + words(self.document, rest).lstrip()
        sense = sense_in_group(raw, self.group)
        apart = meaning(words(self.document, label))
        if (
            sense is None
            or sense.measurand is None
            or (apart is not None and apart.key is not None and apart.key is not sense.key and not self._rests(rest, sense))
        ):
            return () if labelish(tight(raw)) and not labelish(self.text(rest)) and (apart is None or apart.key is None) else None
        if not self._fits(sense, value):
            return None
        self.taken.add((value.start, value.end))
        return (
            self._field(
                raw,
                sense,
                (value.start, value.end),
                (rest.start, rest.end),
                doubt=None if sense.key is None or labelish(tight(raw)) else "标签跨页断开，须核对",
            ),
        )

    def _lists_papers(self, cells: list[Cell]) -> bool:
        """Whether a row heads the list of what is handed in (证明文件名称 | 份数)."""
        heads = [self.text(cell) for cell in cells]
        return any(_COPIES.match(head) for head in heads) and any(_PAPERS.search(head) for head in heads)

    def _row(self, number: int) -> Iterator[Field]:
        cells = distinct(self.rows[number])
        if len(cells) == 1:
            self._titled(cells[0])
            yield from self._card(cells[0])
            return
        if self._lists_papers(cells):
            self.group = "材料清单"
            return
        lead: Meaning | None = None
        for position, cell in enumerate(cells):
            if (cell.start, cell.end) in self.taken or (cell.row != number and position):
                continue
            raw, text = words(self.document, cell), self.text(cell)
            if (
                position == 0
                and cell.rows > 1
                and cell.row == number
                and self._beside_rows(cell, cells)
                and (labelish(text) or 2 <= len(text) <= 24)
                and not self._answered_beside(cells)
            ):
                self.group = text
                continue
            if (
                lead is not None
                and _PERIOD_ONLY.match(text)
                and position + 1 < len(cells)
                and self._fits(lead, cells[position + 1])
            ):
                value = cells[position + 1]
                self.taken.add((value.start, value.end))
                yield self._pair(cell, lead, value, period=period_in(text) or ("total" if "年" not in text else None))
                continue
            groups = [self.text(c) for c in reversed(cells[:position]) if c.rows > cell.rows]
            if (
                position
                and cells[position - 1].rows == cell.rows
                and not any(ch.isdigit() for ch in self.text(cells[position - 1]))
            ):
                groups.insert(0, self.text(cells[position - 1]))  # 服务团队 | 总人数（人） | 10
            sense = sense_in_group(raw, *groups, self.group)
            if sense is None:
                if cell.row == number:
                    yield from self._card(cell)
                if position == 0 and cell.rows > 1 and cell.row == number and 2 <= len(text) <= 24:
                    self.group = text
                continue
            if cell.row != number:
                continue
            lead = sense if sense.measurand is not None else lead
            if sense.measurand is not None and position + 1 < len(cells) and _PERIOD_ONLY.match(self.text(cells[position + 1])):
                continue
            yield from self._beside(cells, position, number, sense)

    def _answered_beside(self, cells: list[Cell]) -> bool:
        """Whether the cell beside a merged one is its one value, the rows below holding nothing but theirs."""
        sense = meaning(words(self.document, cells[0]))
        return (
            sense is not None
            and sense.key is not None
            and len(cells) == 2
            and self._fits(sense, cells[1])
            and not _PERIOD_ONLY.match(self.text(cells[1]))
        )

    def _titled(self, cell: Cell) -> None:
        """A row of one cell: a caption with the unit, or the title of what follows."""
        text = self.text(cell)
        if (unit := unit_above(text)) and len(text) <= 30:
            self.unit = unit
        sense = meaning(text) if len(text) <= 40 else None
        if (
            text
            and len(text) <= 40
            and not any(c in text for c in "。；")
            and (sense is None or sense.key is None)
            and ":" not in text
        ):
            self.group = text

    def _beside(self, cells: list[Cell], position: int, number: int, sense: Meaning) -> Iterator[Field]:
        label = cells[position]
        if self.leftward:
            before = cells[position - 1] if position else None
            if before is not None and before.row == number and not labelish(self.text(before)) and id(before) not in self.counts:
                both = position + 1 < len(cells) and sense.measurand is not None and self._fits(sense, cells[position + 1])
                yield self._pair(label, sense, before, doubt="标签两旁都有数，没有栏目名，以哪一个为准须核对" if both else None)
            return
        value, unit = self._value_of(cells, position, number, sense)
        if value is None:
            return
        self.taken.add((value.start, value.end))
        yield self._pair(
            label, sense, value, unit=unit, doubt=self._two_figures(cells, cells.index(value), sense) if value in cells else None
        )

    def _two_figures(self, cells: list[Cell], at: int, sense: Meaning) -> str | None:
        """Two figures beside one label, with no head over them to say which is the answer."""
        if sense.measurand is None or at + 1 >= len(cells):
            return None
        other = cells[at + 1]
        text = self.text(other)
        if UNIT_CELL.match(text) or labelish(text) or blank(text) is not None or cells[at].rows != other.rows:
            return None
        one, two = figure(self.text(cells[at]), sense.measurand), read_cell(fold(words(self.document, other)).text, "")
        if one is None or two is None or not (two.kind == "number" or kind_fits(two, sense.measurand)):
            return None
        return "标签旁并列两个数，没有栏目名，以哪一个为准须核对"

    def _value_of(self, cells: list[Cell], position: int, number: int, sense: Meaning) -> tuple[Cell | None, str | None]:
        """The cell that holds a label's value, and the unit printed alone in the cell beside it."""
        after = cells[position + 1 :]
        if after:
            text = self.text(after[0])
            if not text and sense.key is not None:  # the last label of a row that is narrower than the sheet
                below = self._below(cells, position, number, sense)
                if below is not None and self.text(below) and self._fits(sense, below):
                    return below, None
            if UNIT_CELL.match(text) and len(after) > 1 and not labelish(self.text(after[1])):
                return after[1], text
            if (
                sense.measurand is not None
                and restates(text)
                and len(after) > 1
                and self._fits(sense, after[1])
                and not restates(self.text(after[1]))
            ):
                return after[1], None
            if meaning(words(self.document, after[0])) is None and not self._label_like(sense, text):
                unit = self.text(after[1]) if len(after) > 1 else ""
                return after[0], unit if UNIT_CELL.match(unit) else None
        return self._below(cells, position, number, sense), None

    def _label_like(self, sense: Meaning, text: str) -> bool:
        """Whether what stands right of a number's label is another label, of something we do not know: words without a figure."""
        bare = _AS_OF_YEAR.sub("", text)
        return sense.measurand is not None and bool(text) and blank(text) is None and not any(c in _FIGURES for c in bare)

    def _below(self, cells: list[Cell], position: int, number: int, sense: Meaning) -> Cell | None:
        cell = cells[position]
        under = cell.row + cell.rows
        column = self._column(number, cell)
        below = self.rows[under][column] if under < len(self.rows) and under not in self.skip else None
        if below is None or below is cell or labelish(self.text(below)) or not self.text(below):
            return None
        if below.cols != cell.cols or len(distinct(self.rows[under])) != len(cells):
            return None
        if under + 1 < len(self.rows) and len(distinct(self.rows[under + 1])) == len(cells):
            after = self.rows[under + 1][column]
            if (
                after is not None
                and after is not below
                and any(c.isdigit() for c in self.text(after))
                and not labelish(self.text(after))
            ):
                return None  # the head of a list, not a label over its value
        return below

    def _card(self, cell: Cell) -> Iterator[Field]:
        """A cell whose lines are a value and its label, in either order."""
        raw = words(self.document, cell)
        if (run := _RUN_ON.match(raw)) is not None and (sense := sense_in_group(run["label"], self.group)) is not None:
            if (
                sense.measurand is not None
                and figure(run["value"], sense.measurand) is not None
                and not (restates(raw) or _BOUND.search(run["label"]))
            ):
                said, answer = (cell.start + run.start("label"), cell.start + run.end("label")), run.span("value")
                yield self._field(run["label"], sense, (cell.start + answer[0], cell.start + answer[1]), said, group=self.group)
            return
        if (
            len(raw) > 160
            or not re.search(r"\S[ \u3000]*[\n\v\r]\s*\S", raw)
            or re.search(r"(?<!其中)[:：]", raw)
            or self._one_label(raw)
        ):
            return
        for line in re.finditer(r"[\n\v\r]+", raw):
            top, bottom = raw[: line.start()], raw[line.end() :]
            upper, lower = sense_in_group(top, self.group), sense_in_group(bottom, self.group)
            if (upper is None) == (lower is None):
                continue
            below = line.end() if upper is not None else 0
            label, value, sense = (top, bottom, upper) if upper is not None else (bottom, top, lower)
            if sense is None or not self._card_value(sense, value):
                continue
            at = cell.start + (0 if upper is not None else line.end())
            yield self._field(
                label, sense, (cell.start + below, cell.start + below + len(value)), (at, at + len(label)), group=self.group
            )
            return

    def _one_label(self, raw: str) -> bool:
        """Whether lines together are one label that wraps (固定场地 / 面积（㎡）)."""
        if re.search(r"[□☑☐■√○●◯◉✓✔☒◻◼]", raw):
            return False  # 有无失信情形 / ○有 ●无
        return meaning(raw) is not None and not any(c.isdigit() for c in re.sub(r"m2|M2|20\d\d年", "", tight(raw)))

    def _card_value(self, sense: Meaning, value: str) -> bool:
        bare = tight(value)
        if not bare or re.fullmatch(r"[(\[][^()]*[)\]]", bare) or labelish(bare):
            return False
        if sense.measurand is None:
            return (
                sense.key in (FactKey.APPLICATION_DATE, FactKey.APPLICANT_USCC)
                or re.search(r"[\u4e00-\u9fff]", value) is not None
            )
        return figure(value, sense.measurand) is not None

    def _pair(
        self,
        label: Cell,
        sense: Meaning,
        value: Cell,
        *,
        unit: str | None = None,
        period: str | None = None,
        group: str | None = None,
        doubt: str | None = None,
    ) -> Field:
        return self._field(
            words(self.document, label), sense, (value.start, value.end), (label.start, label.end), unit=unit, period=period, group=self.group if group is None else group,
            doubt=doubt,
        )  # fmt: skip

    def _field(
        self, label: str, sense: Meaning, value: tuple[int, int], at: tuple[int, int], *, unit: str | None = None, period: str | None = None, group: str = "",
        doubt: str | None = None,
    ) -> Field:  # fmt: skip
        yearly = sense.measurand is not None and sense.measurand.yearly
        return Field(
            label, sense, *value, f"{self.about} {group}", sense.unit or unit or self.unit, "label" if sense.unit else "neighbour" if unit else "caption",
            period or sense.period or (period_in(group) if yearly else None), sense.plan or bool(_FUTURE.search(group)) or bool(_TARGETS.search(self.about)), "field",
            *at, None, doubt,
        )  # fmt: skip
