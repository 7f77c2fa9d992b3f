"""One document understood: fields, lists and sentences become sightings, lists become rosters and tallies, the rest loose ends.

This module only decides what a found label, row or sentence amounts to; where they are found is ``forms``, ``rosters``, ``sentences``.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from stdnum.cn import ric, uscc

from extractors import files, values
from extractors.amounts import amounts
from extractors.choice import grade_of
from extractors.deals import deals
from extractors.digests import digest
from extractors.facts.money import only_kind
from extractors.forms import Field, Grid, grids, heading_at, words
from extractors.kinds import kind_fits, unit_kind
from extractors.labels import labelish, meaning
from extractors.layers import unseen
from extractors.lines import (
    bracket_fields,
    cover_field,
    joined_fields,
    line_fields,
    slot_fields,
    spoken_fields,
    spoken_lines,
    stacked_fields,
)
from extractors.measurand import AREA, COUNT, DURATION, MONEY, PERCENT, Measurand
from extractors.papers import Line, PaperReader
from extractors.placeholders import nothing_above, placeholders
from extractors.places import Places
from extractors.quantities import Quantity, quantities, read_cell
from extractors.roles import Segment, parts_of, role_at, role_of, segments
from extractors.rosters import GONE, Listing, extent, listings, titles
from extractors.rosters import Reader as ListReader
from extractors.sentences import claims, sentences
from extractors.tables import fields
from extractors.text import Folded, fold, mask, tight
from extractors.ticks import Option, chosen, enumerated, options, undecided
from schemas.document import Block, Cell, Document
from schemas.evidence import Evidence
from schemas.facts import (
    BlankField,
    Equipment,
    Identifier,
    ListedMaterial,
    PartOf,
    Passage,
    Person,
    Product,
    Project,
    Reading,
    Rosters,
    Sighting,
    Tally,
)
from schemas.papers import Deal
from schemas.policy import TOPICS
from schemas.vocabulary import FACTS, FactKey, Grade, Role, Unit

WAN = Decimal(10_000)
_HOST = re.compile(r"依托单位|申报单位|申请单位|建设单位|企业基本|单位基本|单位概况|单位情况|企业概况|企业情况")
_OWN = re.compile(r"中心|平台")
_CENTRES = re.compile(r"中心|平台|固定场地|专门用房|中试")
#: Fields of which a line that ends after the colon is a blank, not a label whose value stands elsewhere.
_ASKED = re.compile(
    r"^(?:(?:单位|项目|申报|填报|业务|材料|中心|平台|中心\(平台\))?(?:联系人|负责人|主任)(?:姓名|电话)?|(?:联系|固定|办公|移动)?(?:电话|手机|方式)(?:[/及、和或](?:手机|座机|电话))?|法定代表人|法人代表|"
    r"(?:填报|申报|申请|填表)(?:日期|时间)|统一社会信用代码|(?:中心|平台)名称|(?:申报|依托|建设)单位)(?:\((?:姓名|全称|名称)\))?$"
)
_AUTHORITY = re.compile(r"推荐意见|主管部门|科技局|科技厅|推荐单位|推荐部门|审核意见|评审|专家组")
_SIGNATURE = re.compile(
    r"((?:单位)?(?:法定代表人|法人代表|单位负责人|中心主任|平台负责人)(?:或授权代表)?(?:\((?:签字|签名|签章)[^)]*\)|签字|签名)):(?=$|(?:申报|依托|承诺)?单位|\(?盖章|公章|20\d\d[年.]|年|二〇)"
)
_HOSTS = (FactKey.SITE_AREA, FactKey.EQUIPMENT_VALUE, FactKey.TEAM_HEADCOUNT, FactKey.REVENUE_SERVICE)
#: A heading that speaks of what is there or done, whatever else it names.
_DONE = re.compile(r"完成|现状|基础|成效|进展|业绩|条件|保障|落实|执行")
#: A heading whose section speaks of a time to come.
_AHEAD = re.compile(r"目标|计划|规划|预期|展望|愿景|下一步|远景|未来")
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章节部分])")
#: A line that is a part of what the line before it counts ((3)其中技术经纪人数量: 1人).
#: A whole cell that is one number with its thousands set apart (1 200平方米).
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?[^\d ]{0,6}")
_PART_LINE = re.compile(r"^(?:\(?\d{1,2}[)、.．])?其中")
_MISREAD = "扫描识别把握不足"
_SEVERAL = "由几张清单相加"
_UNSEEN = "此处有隐藏文字"
#: Without a full stop for so long, words are no statement: reading a million figures for one costs half a minute.
_NO_SENTENCE = 50_000
_HEADS = (FactKey.TEAM_HEADCOUNT, FactKey.ADVISORS_HEADCOUNT)
#: So many rows may stand above the first header of a grid: its title, its unit.
_TITLE_ROWS = 4
_SIDES = {"advisors": (FactKey.ADVISORS_HEADCOUNT, "专家顾问名单"), "team": (FactKey.TEAM_HEADCOUNT, "运营服务团队名单")}
_MATERIALS_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、])?(?:申报|所附|相关|随附|随表|提交|需提交|应提交|报送|上报|应附|附送)*(?:的)?(?:附件|(?:证明|佐证|支撑|附件|申报)?材料(?=.)|(?<=附)材料|(?<=随表)材料|证明材料|佐证材料|申报材料|附件材料|(?:证明)?文件(?=清单|目录|一览)|资料(?=清单|目录|一览))(?:材料)?(?:清单|目录|名单|一览表?|列表)?(?:\([^()]*\))?:?$"
)
_MATERIAL_LINE = re.compile(r"^\s*(?:附件\s*)?[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]?\s*[.．、:：]?\s*(\S.{1,44})$")
_MATERIAL_IN_CELL = re.compile(r"(?:附件\s*)?\d{1,2}\s*[.．、:：]\s*([^；;\v\n\d]{2,44})")
#: So many passages a topic and document are put before the reviewer.
_PASSAGES = 5
#: The headings under which a sentence about each key stands; one that says so itself leaves less doubt what its number means.
_UNDER = {key: re.compile(words_) for keys, words_ in (
    ((FactKey.SITE_AREA,), "场地|用房|场所|基础条件"),
    ((FactKey.EQUIPMENT_VALUE, FactKey.EQUIPMENT_INVESTED), "设备|仪器|设施"),
    ((FactKey.TEAM_HEADCOUNT, FactKey.TEAM_TECHNOLOGY_MANAGERS), "团队|人员|队伍|人才"),
    ((FactKey.ADVISORS_HEADCOUNT, FactKey.ADVISORS_TECHNOLOGY_MANAGERS, FactKey.ADVISORS_EXTERNAL_SHARE), "顾问|专家|团队|人才"),
    ((FactKey.PROJECTS_RESERVED, FactKey.PROJECTS_COMPLETED, FactKey.PROJECTS_PRODUCTISED), "项目|成效|成果|储备"),
    ((FactKey.REVENUE_SERVICE, FactKey.INVESTMENT_RAISED, FactKey.TECHNOLOGY_CONTRACTS_VALUE), "成效|服务|成果|收入|转化|绩效"),
    ((FactKey.ENTERPRISES_INCUBATED, FactKey.ENTERPRISES_VALUATION, FactKey.ENTERPRISES_REVENUE), "成效|服务|成果|孵化|转化|绩效"),
    ((FactKey.FUNDING_ANNUAL, FactKey.FUND_SIZE), "资金|经费|保障|基金|成效"),
    ((FactKey.CONSTRUCTION_YEARS,), "进度|建设期|保障|安排|资金|周期"),
) for key in keys}  # fmt: skip
#: A bound (突破500万元, 15个以上) says too little to stand against an exact value.
BOUNDS = ("at_least", "at_most", "more_than", "less_than")
_FORMS = (Role.FORM, Role.PLAN, Role.EQUIPMENT_LIST, Role.PEOPLE_LIST, Role.PROJECT_LIST, Role.REVENUE, Role.AUDIT, Role.OTHER)
#: Their words speak of other things, of other people's figures or of what shall be; none is the applicant's statement about the centre.
_NO_STATEMENTS = (
    Role.CONTRACT, Role.CERTIFICATE, Role.LICENCE, Role.APPOINTMENT, Role.RULES, Role.CREDIT_REPORT, Role.INVOICE, Role.PATENT, Role.IDENTITY,
)  # fmt: skip
_NAMED = (Role.FORM, Role.COMMITMENT, Role.LICENCE)
_KINDS = ((r"高等(?:院校|学校)|高校|大学|学院", "高等院校"), (r"科研院所|研究院|研究所|科研机构|科研事业", "科研院所"), (r"医疗|医院|卫生", "医疗卫生机构"),
          (r"园区", "园区"), (r"事业单位", "事业单位"), (r"社会组织|民办非", "社会组织"), (r"企业|公司", "企业"))  # fmt: skip


def extract(document: Document, *, document_id: str, file: str, as_of: date) -> Reading:
    """Everything one document yields. Pure; ``as_of`` tells a plan's years and a past year's from the current one."""
    return _Work(document, document_id, file, as_of).reading()


#: The table of what is handed in: 人员情况 | 5 tells copies or pages there, never people.
_MATERIALS = re.compile(
    r"(?:材料|附件|证明文件)(?:的)?(?:目录|清单|一览)$|^ *材料清单$|(?:随附|随表|所附)(?:材料|附件)[^ ]{0,4}$"
)
#: A city's centre or platform by name.
_CITY_CENTRE = re.compile(
    r"([\u4e00-\u9fff]{2})市(?:[\u4e00-\u9fff]{2,5}区)?[\u4e00-\u9fff]{0,14}?(?:概念验证中心|中试(?:熟化)?(?:平台|基地|中心)|成果转化中心|验证中心)"
)
_CITY_TITLE = re.compile(r"([\u4e00-\u9fff]{2})市[\u4e00-\u9fff]{0,20}(?:中心|平台|基地)")
_SECTION_LEAD = re.compile(r"\s{0,8}[（(](?=[^（）()]{3,30}[)）])([^（）()]{0,27}?[\u4e00-\u9fff]{3}[^（）()]{0,27})[)）]")
#: A section's title, beside which nothing is filled in.
_TITLE = re.compile(r"(?:概况|基本情况|条件|组成|构成|成效|基础|配备|数据|信息|队伍与顾问)(?:\([^()]*\))?$")

#: Parts of a host's whole staff, which a team's number beside them is not.
_STAFF_PART = re.compile(r"研发|研究|科研|科技人员|技术人员")
_STAFF = re.compile(r"职工|员工|从业|在职|在册|全体人员")
#: An amount of one year (2023年度45.4万元) beside the mean of several.
_OF_A_YEAR = re.compile(r"20\d\d年(?:度)?(?:为|投入|是|:)?$")
#: What names a paper, whatever it is of.
_PAPER_NAME = re.compile(
    r"[\u4e00-\u9fff]{2}(?:方案|清单|名单|[^代]表|合同书?|协议书?|报告书?|承诺书?|声明|执照|证书|证明|台账|要点|文本|材料|复印件)(?:\([^()]*\))?$"
)
#: Words before the total of all that is listed.
_SUM_TOLD = re.compile(r"(?:合计|总计|共计|总值|之和)[，:]?[^，。；\d]{0,14}$")
#: A centre's name with the next label run on to it.
_RUNS_ON = re.compile(r"(?:中心|平台|基地)[^()]{0,8}(?:产业|领域|负责人|主任|姓名)(?!.*(?:中心|平台|基地)(?:\([^()]*\))?$)")
#: Another label in what should be a list of industries.
_NO_INDUSTRY = re.compile(r"[:：]|姓名|负责人|职称|联系人|电话|名称|编号|年限|人数|面积|原值|收入$")
#: The next line of an enumeration.
_ITEM_LINE = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[●◆■•▪])")
#: A first payment within a contract's fee.
_INSTALMENT = re.compile(r"其中[，,:]?(?P<name>首付款?|预付款|定金|首期(?:款|费用)?|首笔(?:款|费用)?|第一期(?:款|费用)?)")
_FEE = re.compile(r"总|共计|合计|费|报酬|价款|酬金|金额")
_NAMES_MATERIAL = re.compile(r"(?:情况|名单|名册|清单|台账|材料|表|合同|协议|证明|证书|报告|方案|承诺书?|执照|一览|复印件|文件)$")


class _Work:
    """The understanding of one document, step by step."""

    def __init__(self, document: Document, ident: str, file: str, as_of: date) -> None:
        self.document = document
        self.ident = ident
        self.as_of = as_of
        self._places = Places(document, ident)
        self.parts: tuple[Segment, ...] = segments(document, file)
        self.sightings: list[Sighting] = []
        self.blanks: list[BlankField] = []
        self.part_of: list[PartOf] = []
        self.materials: list[ListedMaterial] = []
        self.tallies: list[Tally] = []
        self.products: list[Product] = []
        self.deals: list[Deal] = []
        self._sums_told: list[tuple[Decimal, Evidence]] = []  # totals of a list of instruments that stand in a sentence
        self._told: set[int] = set()  # where the labels of the running lines begin that are read
        self._taken: list[tuple[int, int]] = []  # the answers to labels on the running lines
        self._people: FactKey | None = None  # whose head count the last line of a form gave
        self._grades: dict[tuple[Role, str], Grade] = {}
        self.roles: list[Role] = list(dict.fromkeys(part.role for part in self.parts))
        self._scanned = frozenset(files.scanned(document))

    def reading(self) -> Reading:
        tables = grids(self.document)
        found = {grid.index: listings(self.document, grid, self._about(grid)) for grid in tables}
        for grid in tables:
            rows = [(listing.kind, extent(self.document, listing)) for listing in found[grid.index]]
            skip = frozenset(n for _, taken in rows for n in taken)
            self._table(grid, skip)
            for n in (n for kind, taken in rows if kind == "other" for n in taken):
                self._sentences_in(grid, n)
        self._paragraphs()
        rosters = self._lists([listing for grid in tables for listing in found[grid.index]])
        self._first_rows([listing for grid in tables for listing in found[grid.index]])
        papers = PaperReader(self.document, self.parts, self.evidence, self.marked)
        pairs = amounts(self.document, papers.lines, lambda at: role_at(self.parts, at), self.evidence, self.marked)
        self._left_open(papers.lines)
        return Reading(
            document=self.ident, roles=tuple(r for r in self.roles if r is not Role.OTHER) or (Role.OTHER,), titles=tuple(part.title for part in self.parts if part.title),
            sections=parts_of(self.document, self.parts), sightings=tuple(self.sightings),
            rosters=rosters, tallies=tuple(self.tallies), parts=tuple(self.part_of), products=tuple(self.products), blanks=tuple(self.blanks),
            materials=tuple(self.materials), identifiers=tuple(self._identifiers()), passages=tuple(self._passages()),
            unseen=tuple(self.evidence(start, end) for start, end in unseen(self.document)),
            about=files.about(self.document), scanned=files.scanned(self.document), shots=tuple(files.shots(self.document, self.evidence)),
            traces=tuple(files.traces(self.document, self.evidence)), stamps=tuple(files.stamps(self.document, self.evidence)),
            signatures=files.signatures(self.document), revisions=files.revisions(self.document),
            papers=papers.papers(), kin=papers.kin(), numbers=papers.numbers(), amounts=tuple(pairs), deals=tuple(self.deals), pointers=papers.pointers(), mentions=papers.mentions(),
        )  # fmt: skip

    def _about(self, grid: Grid) -> str:
        """What the part of the document that a table stands in calls itself; a form or a plan holds lists of all kinds."""
        part = next((part for part in reversed(self.parts) if part.start <= grid.start), self.parts[0])
        return "" if part.role in (Role.FORM, Role.PLAN) else part.title

    # places

    def evidence(self, start: int, end: int) -> Evidence:
        """The place of a span: page and box, or the anchor of the innermost cell or paragraph it begins in."""
        return self._places.evidence(start, end)

    def _answer(self, field: Field, ticked: tuple[Option, ...]) -> tuple[int, int]:
        """The place of what is ticked: the field, or the ticked words alone where its ticks are drawn and no quotation can show them."""
        if not ticked or not self._places.drawn(field.start, field.end):
            return field.start, field.end
        folded = fold(self.document.text[field.start : field.end], field.start)
        return folded.span(ticked[0].start, ticked[-1].end)

    def marked(self, start: int, end: int) -> tuple[str, ...]:
        """Why the words of a span may not be what a person sees."""
        told = {
            "hidden": _UNSEEN,
            "overprint": "此处文字重叠，疑有改动",
            "deleted": "此处有删除的修订",
            "inserted": "此处有未接受的修订",
            "stale": "公式的结果没有保存，或与公式不符",
            "odd": "此处数字的写法异常",
            "struck": "此处文字有删除线",
            "doubtful": _MISREAD,
            "placeholder": "此处是模板的提示文字",
        }
        return tuple(
            dict.fromkeys(told[m.kind] for m in self.document.marks if m.kind in told and m.start < end and m.end > start)
        )

    def legible(self, start: int, end: int) -> float | None:
        """How surely the figures of a span were recognised from the page's picture, 0 to 1; None where they are text."""
        document = self.document
        if not document.confidence or document.page_of(start) not in self._scanned:
            return None
        first, last = bisect_right(document.run_start, start) - 1, bisect_left(document.run_start, end)
        sure = [
            document.confidence[r]
            for r in range(max(0, first), last)
            if any(c.isdigit() for c in document.text[max(start, document.run_start[r]) : min(end, self._run_end(r))])
        ]
        return round(min(sure), 3) if sure else None

    def _run_end(self, run: int) -> int:
        starts = self.document.run_start
        return starts[run + 1] if run + 1 < len(starts) else len(self.document.text)

    # left to be filled in

    def _left_open(self, lines: tuple[Line, ...]) -> None:
        """Signs for words to come in the text of the form or plan, beside the fields already told as blank."""
        told = {(e.page, e.anchor) for blank in self.blanks for e in blank.evidence if blank.kind == "placeholder"}
        for line in lines:
            if not line.offsets or role_at(self.parts, line.offsets[0]) not in (Role.FORM, Role.PLAN):
                continue
            for start, end in placeholders(line):
                place = self.evidence(*line.span(start, end))
                if place.anchor is None or (place.page, place.anchor) not in told:
                    self.blanks.append(BlankField(label=line.text[start:end].strip(), kind="placeholder", evidence=(place,)))

    def _first_rows(self, found: list[Listing]) -> None:
        """同上 in the first row of a list, where there is nothing above."""
        for listing in found:
            for number in range(listing.header + 1, min(listing.header + 2, listing.last)):
                for column, cell in enumerate(listing.grid.rows[number]):
                    if cell is not None and cell.row == number and nothing_above(tight(words(self.document, cell))):
                        head = listing.heads.get(column, "")
                        self.blanks.append(
                            BlankField(label=f"{head}：同上", kind="placeholder", evidence=(self.evidence(cell.start, cell.end),))
                        )

    # fields

    def _table(self, grid: Grid, skip: frozenset[int]) -> None:
        document = self.document
        covered: list[tuple[int, int]] = []
        whole: tuple[str, FactKey | None, Decimal, str, Evidence] | None = None
        people: FactKey | None = None
        papers = self._counts_pages(grid)
        found = list(fields(document, grid, skip=skip))
        answered = {f.label_start for f in found if values.blank(document.text[f.start : f.end]) is None}
        for field in found:
            covered.append((field.start, field.end))
            if field.label_start in answered and self._need_not(field):
                continue
            if papers is not None and field.label_start >= papers and field.meaning.measurand is not None:
                continue
            sighting = self._field(field, people)
            if sighting is not None and sighting.key in _HEADS:
                people = sighting.key
            whole = self._whole(field, sighting, whole)
        listed = bool(re.search(r"(?:附件|证明材料|佐证材料)(?:材料)?(?:清单|目录|一览表?)$", grid.caption)) and not skip
        for number, row in enumerate(grid.rows):
            if number in skip:
                continue
            alone = [c for c in dict.fromkeys(row) if c is not None and c.end > c.start]
            if len(alone) == 1 and role_at(self.parts, alone[0].start) is Role.FORM:
                listed = self._material_line(alone[0].start, words(document, alone[0]), listed)
            elif listed:
                listed = self._material_row(alone)
                continue
            self._material_cell([c for c in dict.fromkeys(row) if c is not None and c.row == number])
            for cell in dict.fromkeys(row):
                if cell is None or cell.row != number:
                    continue
                text = document.text[cell.start : cell.end]
                if self._slots(cell.start, cell.end, people):
                    continue
                if role_at(self.parts, cell.start) is Role.FORM and not any(
                    cell.start <= s and e <= cell.end for s, e in covered
                ):
                    for field in joined_fields(document, cell.start, cell.end, section=f"{grid.heading} {grid.caption}"):
                        seen = self._field(field, people)
                        people = seen.key if seen is not None and seen.key in _HEADS else people
                        self._answered(field)
                        covered.append((field.start, field.end))
                if ":" in text or "：" in text:
                    self._signed_cell(document.text[cell.start : cell.end], cell, row)
                    for field in line_fields(document, cell.start, cell.end, section=f"{grid.heading} {grid.caption}"):
                        if not any(s <= field.start < e for s, e in covered if e > s and (s, e) != (cell.start, cell.end)):
                            if field.end <= field.start and self._answered_beside(cell, row):
                                continue
                            seen = self._field(field, people)
                            people = seen.key if seen is not None and seen.key in _HEADS else people
                elif len(text) >= 12 and not any(
                    cell.start <= s and e <= cell.end for s, e in covered if (s, e) not in self._taken
                ):
                    self._prose(cell.start, cell.end, heading=f"{grid.heading} {grid.caption}")

    def _need_not(self, field: Field) -> bool:
        """Whether a cell is empty that need not be filled in where another cell of its row is: the other years of what has no years, and on a picture
        those of what has, since the stroke in it may not have been seen.
        """
        if values.blank(self.document.text[field.start : field.end]) != "empty":
            return False
        measurand = field.meaning.measurand
        return measurand is not None and (not measurand.yearly or self.document.page_of(field.start) in self._scanned)

    def _sentences_in(self, grid: Grid, number: int) -> None:
        """The sentences in a row of a list of nothing we look for: what it lists may be described in words (1 | 场地建设 | 中心现有…)."""
        for cell in dict.fromkeys(grid.rows[number]):
            if cell is not None and cell.row == number and cell.end - cell.start >= 12:
                self._prose(cell.start, cell.end, heading=f"{grid.heading} {grid.caption}")

    def _counts_pages(self, grid: Grid) -> int | None:
        """Where the head of a list of papers stands in a table (序号 | 材料 | 页数): the numbers below, beside their names, are pages and copies.

        Whatever it is headed by, three rows running that name three kinds of papers are such a list.
        """
        if (listed := self._names_papers(grid)) is not None:
            return listed
        for row in grid.rows[:200]:
            cells = [c for c in dict.fromkeys(row) if c is not None]
            heads = [tight(words(self.document, c)) for c in cells]
            counted = any(
                re.fullmatch(r"(?:起止|起始|所在|对应)?页(?:数|码|次)?(?:\([^()]*\))?|份数(?:\([^()]*\))?|张数", head)
                for head in heads
            )
            if counted and not any(re.search(r"指标|数值|填报|计量单位|实际|完成|现状", head) for head in heads):
                return cells[0].start
        return None

    def _names_papers(self, grid: Grid) -> int | None:
        """Where three rows running name papers of three kinds (建设方案, 仪器设备清单, 租赁合同)."""
        run: list[tuple[int, Role]] = []
        if role_at(self.parts, grid.start) is not Role.FORM or not grid.rows or len(grid.rows[0]) > 12:
            return None
        for row in grid.rows[:200]:
            cells = [c for c in dict.fromkeys(row) if c is not None]
            short = len(cells) >= 2 and all(c.end - c.start <= 60 for c in cells)
            roles = [role for c in cells[:3] if (role := role_of(words(self.document, c))) is not None] if short else []
            plain = short and any(_PAPER_NAME.search(tight(words(self.document, c))) for c in cells[:3])
            run = [*run, (cells[0].start, roles[0] if roles else Role.OTHER)] if roles or plain else []
            if len({role for _, role in run} - {Role.OTHER}) >= 3:
                return run[0][0]
        return None

    def _material_row(self, cells: list[Cell]) -> bool:
        """A row of a list of attachments without a header: number, name, and 有 / 无 or a tick."""
        named = [c for c in cells if re.search(r"[\u4e00-\u9fff]{2}", tight(words(self.document, c)))]
        first = tight(words(self.document, cells[0])) if cells else ""
        if len(cells) < 2 or not named or not re.match(r"^(?:附件)?[\d一二三四五六七八九十]{1,2}[.、:]?$", first):
            return False
        rest = "".join(tight(words(self.document, c)) for c in cells[1:] if c is not named[0])
        group = options(fold(rest))
        ticked = chosen(group) if group else None
        answer = ticked[0].words if ticked else "" if group else rest
        given = None if not answer else not re.match(r"^(?:否|无|未|×|不)", answer)
        place = (self.evidence(named[0].start, named[0].end),)
        self.materials.append(ListedMaterial(name=tight(words(self.document, named[0])), submitted=given, evidence=place))
        return True

    def _answered_beside(self, cell: Cell, row: tuple[Cell | None, ...]) -> bool:
        """Whether the cell to the right can hold the value of a label that ends with a colon."""
        after = [c for c in dict.fromkeys(row) if c is not None and c.col > cell.col]
        return bool(after) and not re.search(r"[:：]", words(self.document, after[0]))

    def _signed_cell(self, text: str, cell: Cell, row: tuple[Cell | None, ...]) -> None:
        """法定代表人（签字）： with nothing after it, in the applicant's part of the form."""
        first = next((words(self.document, c) for c in row if c is not None), "")
        if role_at(self.parts, cell.start) is not Role.FORM or _AUTHORITY.search(tight(first)) or self._pictured(cell.start):
            return
        folded = fold(text, cell.start)
        for match in _SIGNATURE.finditer(folded.text):
            place = self.evidence(*folded.span(match.start(), match.end()))
            self.blanks.append(BlankField(label=match[1], kind="signature", evidence=(place,)))
        undated = re.search(r"(年月日)$", folded.text)
        if undated and re.search(r"承诺|声明", folded.text) and len(folded.text) > 20:
            place = self.evidence(*folded.span(undated.start(1), undated.end(1)))
            self.blanks.append(BlankField(label="承诺（声明）日期", kind="date", evidence=(place,)))

    def _pictured(self, offset: int) -> bool:
        """Whether the page holds a picture, which may be the signature or the seal."""
        page = self.document.page_of(offset)
        return any(p.number == page and p.image_share > 0.005 for p in self.document.pages)

    def _slots(self, start: int, end: int, people: FactKey | None) -> bool:
        """Labels and values set side by side in one paragraph or cell of the form; whether there were any."""
        if role_at(self.parts, start) is not Role.FORM or not re.search(r"\S[ \u3000\u00a0_]", self.document.text[start:end]):
            return False
        found = slot_fields(self.document, start, end, section="")
        whole = None
        for field in found:
            sighting = self._field(field, people)
            people = sighting.key if sighting is not None and sighting.key in _HEADS else people
            whole = self._whole(field, sighting, whole)
        return any(field.meaning.key is not None for field in found)

    def _material_cell(self, cells: list[Cell]) -> None:
        """附件清单 in a cell with the list beside it."""
        for label, cell in pairwise(cells):
            if _MATERIALS_TITLE.match(tight(words(self.document, label))):
                for match in _MATERIAL_IN_CELL.finditer(words(self.document, cell)):
                    self._material(match[1], cell.start + match.start(1), cell.start + match.end(1))

    def _material(self, name: str, start: int, end: int) -> None:
        bare = re.sub(r"\([^()]*\)|[;；。,，]+$", "", tight(name))
        if 2 <= len(bare) <= 40 and any("\u4e00" <= c <= "\u9fff" for c in bare):
            self.materials.append(ListedMaterial(name=bare, evidence=(self.evidence(start, end),)))

    def _whole(
        self, field: Field, sighting: Sighting | None, whole: tuple[str, FactKey | None, Decimal, str, Evidence] | None
    ) -> tuple[str, FactKey | None, Decimal, str, Evidence] | None:
        """Remember a total, and note an 其中 beside it."""
        quantity = read_cell(self.document.text[field.start : field.end], field.unit or "")
        if quantity is None or quantity.value is None or field.plan:
            return whole
        place = self.evidence(field.start, field.end)
        label = tight(field.label)
        unit = quantity.unit or (field.unit or "")
        if re.search(r"占比|比例|比重|率", label):
            return whole
        if not field.meaning.part:
            return (label, sighting.key if sighting else None, quantity.value, unit, place)
        of_staff = _STAFF_PART.search(label) is not None and _STAFF.search(whole[0] if whole else "") is None
        if whole is not None and whole[3][-1:] == unit[-1:] and not of_staff:
            self.part_of.append(
                PartOf(
                    part_label=label, part=quantity.value, whole_label=whole[0], whole=whole[2], unit=unit,
                    key=sighting.key if sighting else None, evidence=(place, whole[4]),
                )
            )  # fmt: skip
        return whole

    def _field(self, field: Field, people: FactKey | None) -> Sighting | None:
        """What one label with its value amounts to; the sighting is kept, and returned for what follows it."""
        text = self.document.text[field.start : field.end]
        role = role_at(self.parts, field.start)
        key = field.meaning.key
        state = values.blank(text)
        if key is FactKey.CREDIT_CLEAN:
            return self._credit_field(field, role)
        if _MATERIALS.search(field.section) and _NAMES_MATERIAL.search(tight(field.label)):
            return None
        if state in ("empty", "placeholder"):
            self._blank(field, role, state)
            return None
        if key is None or state == "pointer":
            return None
        if field.meaning.measurand is None:
            return None if state == "nil" or field.rejected else self._text_field(field, key, role, text)
        measurand = field.meaning.measurand
        if (
            key is FactKey.TEAM_TECHNOLOGY_MANAGERS
            and people is FactKey.ADVISORS_HEADCOUNT
            and not re.search(r"团队|运营|服务", field.meaning.text)
        ):
            key = FactKey.ADVISORS_TECHNOLOGY_MANAGERS
        return self._number_field(field, key, measurand, role, state)

    def _blank(self, field: Field, role: Role, state: str) -> None:
        label = re.sub(r"^[●◆■•·▪◇○★*-]+|[:：?？]$", "", tight(field.label))
        label = re.sub(r"^(?:问题?\d{1,3}[:：.、]?|\d{1,2}(?:[.．]\d{1,2})*[.、．)]?(?=[\u4e00-\u9fff]))", "", label)
        if role is not Role.FORM or field.plan or (field.manner == "line" and not _ASKED.match(label)):
            return
        if _TITLE.search(label) or re.search(r"[□☑☐☒■√●○]|^[一二三四五六七八九十]{1,3}、", label):
            return  # a title, or a choice that is ticked within the label
        if re.search(r"意见|备注|说明|编号|密级|市科技局|推荐单位|传真|网址|邮箱|邮编|共建|合作|签字|签章|盖章|公章|章", label):
            return
        place = (self.evidence(field.label_start, field.label_end),)
        self.blanks.append(
            BlankField(
                label=label,
                kind="placeholder" if state == "placeholder" else "date" if "日期" in label else "field",
                evidence=place,
            )
        )

    def _number_field(self, field: Field, key: FactKey, measurand: Measurand, role: Role, state: str | None) -> Sighting | None:
        rejected = self._field_rejected(field, measurand, role)
        period = self._period(field.period, measurand, several=field.meaning.several)

        def seen(
            value: Decimal, words: str, start: int, end: int, *, error: Decimal, doubts: tuple[str, ...], confidence: float
        ) -> Sighting:
            return self._keep(
                Sighting(
                    key=key, value=value, unit=FACTS[key][0], as_stated=words, period=period, error=error, role=role, manner=field.manner,
                    label=tight(field.label), confidence=confidence, doubts=(*doubts, *self.marked(start, end)), rejected=rejected,
                    legible=self.legible(start, end), evidence=self.evidence(start, end),
                )
            )  # fmt: skip

        folded = fold(self.document.text[field.start : field.end], field.start)
        if state == "nil":
            if rejected is not None:
                return None
            return seen(Decimal(0), folded.text, field.start, field.end, error=Decimal(0), doubts=("填的是“无”",), confidence=0.7)
        quantity, doubts = self._quantity(field, measurand)
        if key is FactKey.TECHNOLOGY_CONTRACTS_VALUE and (kind := only_kind(field.meaning.text)) is not None:
            doubts = (*doubts, f"只写明技术{kind}一类合同，是否为总额须核对")
        doubts = (*doubts, field.doubt) if field.doubt else doubts
        if quantity is None and "overprint" in self._mark_kinds(field.start, field.end):
            kept = None
            for start, end, words in self._numbers(field):
                one = read_cell(words, self._unit(field, measurand))
                value, error = _canonical(one, measurand) if one is not None else (None, Decimal(0))
                if value is not None:  # one number painted over another: both are told, neither is vouched for
                    kept = seen(value, words, start, end, error=error, doubts=("此处文字重叠，疑有改动",), confidence=0.65)
            return kept
        if quantity is None:
            return self._prose_cell(field)
        if rejected is None and values.RESTATES.search(quantity.surface) and quantity.qualifier in ("at_least", "at_most"):
            rejected = "只复述政策条件（如“不少于”），没有写明实际数值"
        value, error = _canonical(quantity, measurand)
        if value is None:
            return None
        start, end = folded.span(quantity.start, quantity.end)
        confidence = 0.97 if not doubts else 0.65 if quantity.qualifier in BOUNDS or field.doubt else 0.75
        return seen(value, quantity.surface, start, end, error=error, doubts=doubts, confidence=confidence)

    def _unit(self, field: Field, measurand: Measurand) -> str:
        """The unit for a bare number: the field's own if it fits, else what caption or notes say of all amounts or areas."""
        if field.unit and unit_kind(field.unit) == measurand.kind:
            return field.unit
        said = f"{field.section} "
        if measurand.kind == MONEY:
            match = re.search(r"单位:[^ ]{0,12}?(百万元|万元|千元|亿元|元)", said)
            return match[1] if match else self.default_money or ""
        if measurand.kind == AREA:
            match = re.search(r"单位:[^ ]{0,12}?(平方米|㎡|m2|亩)", said)
            return match[1] if match else self.default_area or ""
        return ""

    def _numbers(self, field: Field) -> Iterator[tuple[int, int, str]]:
        for match in re.finditer(r"\d[\d,，.]*\d|\d", self.document.text[field.start : field.end]):
            yield field.start + match.start(), field.start + match.end(), match[0]

    def _mark_kinds(self, start: int, end: int) -> set[str]:
        return {m.kind for m in self.document.marks if m.start < end and m.end > start}

    def _quantity(self, field: Field, measurand: Measurand) -> tuple[Quantity | None, tuple[str, ...]]:
        """The one quantity a value cell states, and why it may be doubted."""
        text = fold(self.document.text[field.start : field.end]).text
        text = re.sub(r"[\[\]〔〕]", " ", text) if text[:1] in ("[", "〔") else text  # [ 320 ]平方米
        doubts: list[str] = []
        unit = self._unit(field, measurand)
        whole = read_cell(text, unit)
        if whole is None and _SPACED.fullmatch(text) and (joined := read_cell(text.replace(" ", ""), unit)) is not None:
            whole = joined._replace(start=0, end=len(text), surface=text)
        if whole is None:
            found = [q for q in quantities(text) if kind_fits(q, measurand)]
            if not found or found[0].start > 6 or re.search(r"其中|含$", text[: found[0].start]):
                return None, ()
            if re.fullmatch(r"\d+[/(]\d+\)?[^\d]{0,2}", text):
                doubts.append("写了两个数，以哪一个为准须核对")
            elif len(found) > 1 and not re.match(r"^[^(]{0,8}\(", text[found[0].end :]):
                return None, ()
            whole = found[0]
        if whole.kind == "range" or whole.value is None:
            doubts.append("写的是一个范围")
        elif whole.qualifier:
            doubts.append("约数或限定数，不是确数")
        if whole.kind == "number" and measurand.kind == MONEY:
            return (None, ()) if not unit else (whole, tuple(doubts))
        if whole.kind == "number" and measurand.kind == AREA and not unit:
            doubts.append("没有写明面积单位")
        if not kind_fits(whole, measurand) and whole.kind != "number":
            return None, ()
        return whole, tuple(doubts)

    @cached_property
    def default_money(self) -> str | None:
        """The unit that the form's notes give for all amounts (金额单位除注明外均为万元); None where two notes differ."""
        return _default(_MONEY_NOTE, self._opening)

    @cached_property
    def default_area(self) -> str | None:
        return _default(_AREA_NOTE, self._opening)

    @cached_property
    def _opening(self) -> str:
        return tight(self.document.text[:_NOTES_WITHIN])

    def _field_rejected(self, field: Field, measurand: Measurand, role: Role) -> str | None:
        if field.rejected and not (measurand.key is FactKey.CONSTRUCTION_YEARS and field.plan):
            return field.rejected
        if measurand.key is FactKey.CONSTRUCTION_YEARS:
            return None  # a construction period is a plan by nature
        if field.plan:
            return "计划或目标数，不是现有数"
        group = field.section.split(" ")[-1]
        hosts = role is Role.FORM and _HOST.search(group) and not _OWN.search(group) and not _CENTRES.search(field.meaning.text)
        if hosts and measurand.key in (FactKey.SITE_AREA, FactKey.EQUIPMENT_VALUE, FactKey.TEAM_HEADCOUNT):
            return "依托单位一栏的数据，不是本中心（平台）的"
        years = [int(y) for y in re.findall(r"20\d\d", field.period or "")]
        if years and max(years) > self.as_of.year:
            return "以后年度的计划数"
        if years and not measurand.yearly and max(years) < self.as_of.year - 1:
            return "往年数据，不是当前数"
        return None

    def _period(self, period: str | None, measurand: Measurand, *, several: bool = False) -> str | None:
        if not measurand.yearly:
            return None
        last = self.as_of.year - 1
        relative = {"上年度": str(last), "近两年": f"{last - 1}-{last}", "近三年": f"{last - 2}-{last}"}
        if period is None:
            return "total" if several else None
        return relative.get(period, period)

    def _prose_cell(self, field: Field) -> Sighting | None:
        """A value cell that holds a sentence or several slots: read as prose under its label."""
        before = len(self.sightings)
        self._prose(field.start, field.end, heading=tight(field.label), label=field)
        found = self.sightings[before:]
        folded = fold(self.document.text[field.start : field.end], field.start)
        parts = re.match(r"^专职(?:人员)?:?(\d+)[人名][、，,;；]?兼职(?:人员)?:?(\d+)[人名]$", folded.text)
        if parts and not found and field.meaning.key in (FactKey.TEAM_HEADCOUNT, FactKey.ADVISORS_HEADCOUNT):
            return self._keep(
                Sighting(
                    key=field.meaning.key, value=Decimal(int(parts[1]) + int(parts[2])), unit=Unit.PERSONS, as_stated=folded.text, manner=field.manner,
                    role=role_at(self.parts, field.start), label=tight(field.label), confidence=0.75, doubts=("由专职与兼职人数相加",),
                    rejected="计划或目标数，不是现有数" if field.plan else None, evidence=self.evidence(field.start, field.end),
                )
            )  # fmt: skip
        return found[0] if found else None

    def _text_field(self, field: Field, key: FactKey, role: Role, text: str) -> Sighting | None:
        folded = fold(text, field.start)
        place = self.evidence(field.start, field.end)
        value: object = None
        confidence = 0.97
        if key is FactKey.APPLICANT_USCC:
            match = values.USCC.search(folded.text.upper())
            value = match[0] if match and role in _NAMED else None
        elif key is FactKey.APPLICANT_NAME:
            value = values.organisation(text) if role in _NAMED else None
        elif key is FactKey.CENTRE_NAME:
            bare = tight(text).strip('。;；:“”"《》[]【】〔〕')
            named = role is Role.FORM and 4 <= len(bare) <= 50 and not re.search(r"[，。；:]|\d", bare)
            value = bare if named and not _RUNS_ON.search(bare) else None
        elif key is FactKey.APPLICATION_DATE:
            value = values.day(text) if role is Role.FORM else None
        elif key is FactKey.INDUSTRIES:
            group = options(folded)
            marked = chosen(group) if group else None
            items = tuple(o.words for o in marked) if marked else () if group else values.listed(text.strip(" \u3000[]【】〔〕"))
            told = role is Role.FORM and items and all(2 <= len(i) <= 20 and not _NO_INDUSTRY.search(i) for i in items)
            value = items if told else None
            place = self.evidence(*self._answer(field, marked)) if marked else place
        elif key is FactKey.APPLICANT_KIND:
            group = options(folded) or enumerated(folded)
            kinds = {_kind_of(option.words) for option in chosen(group) or ()} if group else {_kind_of(tight(text))}
            value = next(iter(kinds)) if len(kinds) == 1 and role is Role.FORM else None
            place = self.evidence(*self._answer(field, chosen(group) or ())) if group else place
        if value is None or (key is not FactKey.APPLICANT_NAME and meaning(text) is not None):
            return None  # another label stands where the answer should
        return self._keep(
            Sighting(
                key=key, value=value, as_stated=tight(text), role=role, manner=field.manner, label=tight(field.label),
                confidence=0.65 if field.doubt else confidence, doubts=(*((field.doubt,) if field.doubt else ()), *self.marked(field.start, field.end)),
                evidence=place,
            )
        )  # fmt: skip

    def _keep(self, sighting: Sighting) -> Sighting:
        if _UNSEEN in sighting.doubts and sighting.rejected is None:
            sighting = sighting.model_copy(update={"rejected": f"{_UNSEEN}，读者看不见"})
        if _MISREAD in sighting.doubts:
            sighting = sighting.model_copy(update={"confidence": min(sighting.confidence, 0.65)})
        grade = self._grade(sighting.role, sighting.manner)
        if grade is not sighting.grade:
            sighting = sighting.model_copy(update={"grade": grade})
        self.sightings.append(sighting)
        if sighting.key is FactKey.EQUIPMENT_INVESTED and sighting.rejected is None:
            doubts = (*sighting.doubts, "写的是投入（采购）金额，与原值口径不同，须核对")
            twin = {"key": FactKey.EQUIPMENT_VALUE, "confidence": 0.65, "doubts": doubts}
            self.sightings.append(sighting.model_copy(update=twin))
        return sighting

    def _grade(self, role: Role, manner: str) -> Grade:
        if (role, manner) not in self._grades:
            titles = [part.title for part in self.parts if part.role is role]
            self._grades[role, manner] = grade_of(role, titles, manner)
        return self._grades[role, manner]

    # credit

    def _credit_field(self, field: Field, role: Role) -> Sighting | None:
        text = self.document.text[field.start : field.end]
        if role not in (Role.FORM, Role.COMMITMENT):
            return None
        folded = fold(text, field.start)
        group = options(folded) or enumerated(folded)
        marked = chosen(group) or () if group else ()
        if undecided(tight(text)):
            return None
        if not group or not marked:
            return self._credit_answer(field, role, "" if group else tight(text), group=group)
        several = ("单选栏勾选了多项",) if len({option.words for option in marked}) > 1 else ()
        return [self._credit_answer(field, role, option.words, group=group, doubts=several) for option in marked][-1]

    def _credit_answer(
        self, field: Field, role: Role, said: str, *, group: tuple[Option, ...], doubts: tuple[str, ...] = ()
    ) -> Sighting | None:
        text = self.document.text[field.start : field.end]
        answer = re.match(r"^(是|有|否|无|没有|未发生|未列入|不存在|不是|良好|正常)", said)
        if answer is None:
            self._credit_sentence(fold(text).text, field.start, field.end, role)
            return None
        clean = answer[1] not in ("是", "有") if re.search(r"是否|有无", field.meaning.text) else answer[1] not in ("有",)
        if re.search(r"是否(?:未|无|没有)|信用(?:状况|记录)?(?:是否)?(?:良好|正常)", field.meaning.text):
            clean = answer[1] in ("是", "良好", "正常", "未发生", "未列入", "无", "没有")
        return self._keep(
            Sighting(
                key=FactKey.CREDIT_CLEAN, value=clean, as_stated=tight(text), period=_window(field.meaning.text), role=role, manner="checkbox" if group else field.manner,
                label=tight(field.label), confidence=0.65 if doubts else 0.95, doubts=(*doubts, *self.marked(field.start, field.end)),
                evidence=self.evidence(*self._answer(field, tuple(o for o in chosen(group) or () if o.words == said))),
            )
        )  # fmt: skip

    def _credit_sentence(self, sentence: str, start: int, end: int, role: Role) -> None:
        if role not in (Role.FORM, Role.COMMITMENT) or not re.search(r"失信|违法|违规|事故", sentence):
            return
        if re.search(r"[“\"][^”\"]*(失信|违法)|是否|门槛|条件|如有|若有|一经|愿承担[^，]{0,8}失信", sentence) and not re.search(
            r"承诺|声明", sentence
        ):
            return
        denial = re.search(
            r"(?:(?<!是否)未|(?<!有)没有|(?<!有)无|(?<!是否)不存在)[^。；]{0,30}?(?:失信|违法|违规|事故)", sentence
        )
        if denial is None or re.search(r"[?？□☐☑☒]", sentence):
            return  # 有无失信情形：☑有 □无 denies nothing
        self._keep(
            Sighting(
                key=FactKey.CREDIT_CLEAN, value=True, as_stated=denial[0], period=_window(sentence), role=role, manner="sentence", confidence=0.95,
                doubts=self.marked(start, end), evidence=self.evidence(start, end),
            )
        )  # fmt: skip

    # prose

    def _paragraphs(self) -> None:
        blocks = [b for b in self.document.blocks if b.kind not in ("header", "footer")]
        signed: list[Block] = []
        listed = False
        asked = stacked_fields(self.document, blocks) if Role.FORM in self.roles else {}
        spoken = spoken_lines(self.document, [b for b in blocks if role_at(self.parts, b.start) is Role.FORM])
        people: FactKey | None = None
        for index, block in enumerate(blocks):
            text = self.document.text[block.start : block.end]
            if not text.strip():
                continue
            role = role_at(self.parts, block.start)
            if role is Role.FORM:
                listed = self._material_line(block.start, text, listed)
            self._lines(block, text, role)
            if (
                role is Role.FORM
                and (answer := asked.get(index) or spoken.get(block.start)) is not None
                and answer.label_start not in self._told
            ):
                self._answered(answer)
                seen = self._field(self._ahead(answer), people)
                people = seen.key if seen is not None and seen.key in _HEADS else people
            if (
                role is Role.FORM
                and index - 1 not in asked
                and len(text) <= 24
                and values.day(text) is not None
                and re.fullmatch(r"[\d年月日.\-/〇零○一二三四五六七八九十]+", tight(text))
                and self._may_sign(blocks, index)
            ):
                signed.append(block)
            if role in (Role.FORM, Role.COMMITMENT):
                self._signature(blocks, index, tight(text))
            self._prose(block.start, block.end)
        self._signed(signed)

    def _may_sign(self, blocks: list[Block], index: int) -> bool:
        """Whether a date alone on its line can stand under a signature: not the answer to the label above it, nor years before the package."""
        above = tight(self.document.text[blocks[index - 1].start : blocks[index - 1].end]) if index else ""
        when = values.day(self.document.text[blocks[index].start : blocks[index].end])
        return not (labelish(above) and not re.search(r"盖章|签字|签章|签名|公章", above)) and (
            when is None or abs(when.year - self.as_of.year) <= 2
        )

    def _lines(self, block: Block, text: str, role: Role) -> None:
        """The fields of a paragraph: after colons and in brackets; in a form also beside gaps."""
        colon = ":" in text or "：" in text
        told = self._told
        run_on = role is Role.FORM and len(text) >= 20 and not re.search(r"(?<!其中)[:：]", text)
        joined = joined_fields(self.document, block.start, block.end, section="") if run_on else []
        if joined:
            above, last = heading_at(self.document, block.start), None
            for field in joined:
                self._answered(field)
                read = self._field(self._ahead(field._replace(section=above)), last)
                last = read.key if read is not None and read.key in _HEADS else last
            return
        about = heading_at(self.document, block.start) if colon or role is Role.FORM else ""
        if (section := _SECTION_LEAD.match(text)) is not None:
            about = f"{about} {tight(section[1])}"  # （依托单位情况）职工总数为…
        if colon or "【" in text or "[" in text:
            whole = None
            for field in map(self._listed_on, line_fields(self.document, block.start, block.end, section=about)):
                told.add(field.label_start)
                self._answered(field)
                read = self._field(self._ahead(field), self._people)
                self._people = read.key if read is not None and read.key in _HEADS else self._people
                whole = self._whole(field, read, whole)
        elif block.kind == "heading" or _NUMBERED.match(text):
            self._people = None
        if role is not Role.FORM:
            return
        people: FactKey | None = None
        slot = cover_field(self.document, block.start, block.end) if len(text) <= 60 and not colon else None
        found = bracket_fields(self.document, block.start, block.end, section=about)
        found = found or slot_fields(self.document, block.start, block.end, section=about)
        found = found or spoken_fields(self.document, block.start, block.end, section=about)
        for field in ([slot] if slot is not None else []) + [f for f in found if f.label_start not in told]:
            self._answered(field)
            seen = self._field(self._ahead(self._listed_on(field)), people)
            people = seen.key if seen is not None and seen.key in _HEADS else people

    def _answered(self, field: Field) -> None:
        """A short answer to a label is that label's, whatever noun stands nearest before it."""
        if field.end - field.start <= 24:
            self._taken.append((field.start, field.end))

    def _listed_on(self, field: Field) -> Field:
        """A list of industries whose line ends with the mark between two items goes on with the next short line."""
        text = self.document.text
        if field.meaning.key is not FactKey.INDUSTRIES:
            return field
        rest = text[field.end : self._line_end(field.end)]
        if not re.match(r"[ \u3000]*[、，,；;]?[ \u3000]*$", rest):
            further = re.match(r"[ \u3000]*[、，,；;]([^、，,；;。:：]{2,})", rest)
            bare = tight(further[1])[:_LABEL_WITHIN] if further else ""
            if not bare or any(meaning(bare[:cut]) is not None for cut in range(2, len(bare) + 1)):
                return field
            return field._replace(
                doubt="分隔号后面还有文字，可能没有读全，须核对"
            )  # the next item, or an item and the label below it run together
        block = self._after(field.end)
        marked = re.search(r"[、，,；;][ \u3000]*$", text[field.start : block.start].rstrip("\n") if block is not None else "")
        if block is None or marked is None:
            return field
        more = re.split(r"[|｜│]", text[block.start : block.end], maxsplit=1)[0].rstrip()
        if marked[0].strip() in "；;" and (_ITEM_LINE.match(more) or labelish(more) or re.search(r"[:：]", more)):
            return field  # lines of an enumeration end so
        if not 2 <= len(more.strip()) <= 24 or re.search(r"[:：。\d●◆■]", more) or labelish(more):
            return field._replace(doubt="末尾是分隔号，可能没有写完，须核对")
        return field._replace(end=block.start + len(more))

    def _line_end(self, at: int) -> int:
        end = self.document.text.find("\n", at)
        return len(self.document.text) if end < 0 else end

    def _after(self, at: int) -> Block | None:
        """The block that begins next behind an offset."""
        index = bisect_left(self._starts, at)
        return self.document.blocks[index] if index < len(self.document.blocks) else None

    def _ahead(self, field: Field) -> Field:
        """A field under a heading that speaks of what shall be."""
        return field._replace(plan=True) if _AHEAD.search(field.section.split(" ")[-1]) else field

    def _material_line(self, start: int, text: str, listed: bool) -> bool:
        """Whether the lines after this one are the form's own list of attachments."""
        if _MATERIALS_TITLE.match(tight(text)):
            return True
        match = _MATERIAL_LINE.match(text) if listed else None
        if match:
            self._material(match[1], start + match.start(1), start + match.end(1))
        return match is not None

    def _signed(self, blocks: list[Block]) -> None:
        """The date under the applicant's signature, where the form has no labelled date."""
        if not blocks or any(s.key is FactKey.APPLICATION_DATE for s in self.sightings):
            return
        block = blocks[-1]
        words_ = self.document.text[block.start : block.end]
        value = values.day(words_)
        if value is not None:
            self._keep(
                Sighting(
                    key=FactKey.APPLICATION_DATE, value=value, as_stated=tight(words_), role=Role.FORM, manner="line", label="落款日期", confidence=0.9,
                    evidence=self.evidence(block.start, block.end),
                )
            )  # fmt: skip

    def _signature(self, blocks: list[Block], index: int, text: str) -> None:
        block = blocks[index]
        if self._pictured(block.start):
            return
        near = "".join(tight(self.document.text[b.start : b.end]) for b in blocks[max(0, index - 4) : index + 1])
        if _AUTHORITY.search(near[-160:]):
            return
        place = (self.evidence(block.start, block.end),)
        if match := re.match(
            r"^((?:单位)?(?:法定代表人|法人代表|负责人|承诺人|项目负责人|中心主任)[^:]{0,14}(?:签字|签名|签章)[^:]{0,6}):[_\s]*$",
            text,
        ):
            self.blanks.append(BlankField(label=match[1], kind="signature", evidence=place))
        elif re.fullmatch(r"(?:(?:填报|申报|申请|承诺)?日期:?)?[_ ]*年[_ ]*月[_ ]*日", text):
            self.blanks.append(BlankField(label="日期", kind="date", evidence=place))

    def _prose(self, start: int, end: int, *, heading: str = "", label: Field | None = None) -> None:
        folded = fold(self.document.text[start:end], start)
        role = role_at(self.parts, start)
        if role is Role.CONTRACT and "其中" in folded.text[:_NO_SENTENCE]:
            fee = 0
            for first, last in sentences(folded.text[:_NO_SENTENCE]):
                first, fee = (
                    (fee, fee) if folded.text.startswith("其中", first) else (first, first)
                )  # …共计984,000元；其中预付款…
                if (instalment := _INSTALMENT.search(folded.text[first:last])) is not None:
                    self._instalment(folded, first, folded.text[first:last], instalment)
        if role in _NO_STATEMENTS or re.match(r"^(?:填报说明|填表说明|说明:)", folded.text):
            return
        if (
            label is None
            and role is Role.FORM
            and re.search(r"条件提示|填报说明|填写|保留[两一二]位小数|单位除注明", folded.text)
        ):
            return
        about = heading or None
        for first, last in sentences(folded.text):
            if last - first > _NO_SENTENCE:
                continue
            sentence = folded.text[first:last]
            if not any(c.isdigit() or c in "一二三四五六七八九十两百千万亿壹贰叁肆伍陆柒捌玖拾" for c in sentence):
                self._credit_sentence(sentence, *folded.span(first, last), role)
                continue
            self._credit_sentence(sentence, *folded.span(first, last), role)
            if about is None:
                about = heading_at(self.document, start)
            for claim in claims(sentence, heading=about, year=self.as_of.year):
                quantity = claim.quantity
                key = self._claimed_key(claim.measurand.key, folded.text[: first + quantity.start], about)
                if (
                    key is FactKey.TEAM_TECHNOLOGY_MANAGERS
                    and self._people is FactKey.ADVISORS_HEADCOUNT
                    and _PART_LINE.match(folded.text)
                ):
                    key = FactKey.ADVISORS_TECHNOLOGY_MANAGERS
                value, error = _canonical(quantity, claim.measurand)
                if value is None:
                    continue
                error = max(error, _rounded(quantity))
                confidence = claim.confidence + (
                    0.05 if claim.confidence == 0.9 and _UNDER[claim.measurand.key].search(about) else 0
                )
                span = folded.span(first + quantity.start, first + quantity.end)
                if label is None and any(a <= span[0] and span[1] <= b for a, b in self._taken):
                    continue
                rejected = claim.rejected or (self._field_rejected(label, claim.measurand, role) if label else None)
                if (
                    rejected is None
                    and _HOST.search(about)
                    and not _OWN.search(about)
                    and key in _HOSTS
                    and not _OWN.search(sentence[: quantity.start])
                ):
                    rejected = "依托单位情况一节的数据，不是本中心（平台）的"
                if key is FactKey.FUNDING_ANNUAL and rejected is None and _OF_A_YEAR.search(sentence[: quantity.start]):
                    rejected = "分年的数，年均数另有写明" if re.search(r"年均|平均每年", folded.text) else None
                elsewhere = self._elsewhere(sentence[: quantity.start])
                if elsewhere and self._home is not None:
                    rejected = rejected or f"说的是外地的中心（平台）（{elsewhere}），不是本中心（平台）的"
                doubts = (f"句中的“{elsewhere}”不一定是本中心（平台），须核对",) if elsewhere and not rejected else ()
                planned = rejected is None and self._under_plan(about, sentence[: quantity.start], claim.measurand)
                if planned and not self._titled_anew(start):
                    rejected = "计划或目标数，不是现有数"
                if role is Role.LEASE and key is not FactKey.SITE_AREA:
                    continue
                if role is Role.AUDIT and key not in (FactKey.REVENUE_SERVICE, FactKey.FUNDING_ANNUAL, FactKey.EQUIPMENT_VALUE):
                    continue
                plain = role is Role.EQUIPMENT_LIST and key is FactKey.EQUIPMENT_VALUE and rejected is None and not claim.doubts
                if plain and _SUM_TOLD.search(sentence[: quantity.start]):
                    self._sums_told.append((value, self.evidence(*span)))
                period = self._period(claim.period or (label.period if label else None), claim.measurand)
                self._keep(
                    Sighting(
                        key=key, value=value, unit=FACTS[key][0], as_stated=quantity.surface, error=error, period=period, role=role, manner="sentence",
                        label=claim.head, confidence=min(claim.confidence, 0.65) if doubts or quantity.qualifier in BOUNDS else round(confidence, 2), doubts=(*claim.doubts, *doubts, *self.marked(*span)), rejected=rejected,
                        legible=self.legible(*span),
                        evidence=self.evidence(*span),
                    )
                )  # fmt: skip

    def _instalment(self, folded: Folded, first: int, sentence: str, found: re.Match[str]) -> None:
        """A contract's first payment beside the fee it is part of (服务费总计…元，其中首付款…元)."""
        money = [
            q for q in quantities(sentence) if q.kind == MONEY and q.unit == "yuan" and q.value is not None and not q.qualifier
        ]
        before = [q for q in money if q.end <= found.start() and _FEE.search(sentence[max(0, q.start - 40) : q.start])]
        after = [q for q in money if q.start >= found.end() and q.start - found.end() <= 8]
        if not before or not after:
            return
        fee, part = before[-1], after[0]
        spans = [folded.span(first + q.start, first + q.end) for q in (part, fee)]
        if any(self.marked(*span) for span in spans):
            return
        self.part_of.append(
            PartOf(
                part_label=found["name"], part=part.value or Decimal(0), whole_label="合同金额", whole=fee.value or Decimal(0), unit="元",
                key=None, evidence=(self.evidence(*spans[0]), self.evidence(*spans[1])),
            )
        )  # fmt: skip

    @cached_property
    def _home(self) -> str | None:
        """The city whose centre a document speaks of: that of its title, else the most named; None where none stands out."""
        text = tight(self.document.text[:300])
        if (first := _CITY_CENTRE.search(text)) is not None or (first := _CITY_TITLE.search(text)) is not None:
            return first[1]
        ranked = self._cities.most_common(2)
        stands_out = ranked and ranked[0][1] >= 2 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
        return ranked[0][0] if stands_out else None

    @cached_property
    def _cities(self) -> Counter[str]:
        """How often centres of each city are named, the city told by the two characters before 市."""
        return Counter(m[1] for m in _CITY_CENTRE.finditer(tight(self.document.text[:200_000])))

    def _elsewhere(self, left: str) -> str | None:
        """The other city's centre that the clause before a number names last (贵阳市…中试平台的顾问团队为19人); None for our own."""
        named = [*_CITY_CENTRE.finditer(left[max(left.rfind("；"), left.rfind(";")) + 1 :][-120:])]
        if not named or named[-1][1] == self._home:
            return None
        if self._home is None and len(self._cities) < 2 and self._cities[named[-1][1]] > 1:
            return None  # the only city, named again and again: our own
        return named[-1][0]

    def _under_plan(self, about: str, left: str, measurand: Measurand) -> bool:
        """Whether a heading says that its section speaks of a time to come and the sentence does not say otherwise."""
        if measurand.kind == DURATION or _DONE.search(about):
            return False
        return bool(_AHEAD.search(about)) and not re.search(
            r"目前|现有|现已|已|截至|现为|20\d\d年(?:底|末)?(?:实现|完成|达到)", left
        )

    def _titled_anew(self, start: int) -> bool:
        """Whether the line right above a paragraph is a title of its own, though unnumbered, that speaks of what is there (专家来源情况)."""
        above = [b for b in self.document.blocks[: bisect_left(self._starts, start)][-3:] if b.kind not in ("header", "footer")]
        title = tight(self.document.text[above[-1].start : above[-1].end]) if above else ""
        return (
            4 <= len(title) <= 16
            and re.search(r"(?:情况|现状|构成|组成|来源|简介)$", title) is not None
            and not _AHEAD.search(title)
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.document.blocks]

    def _claimed_key(self, key: FactKey, left: str, heading: str) -> FactKey:
        """Technology managers belong to the advisers when these were named last, before them or in the heading."""
        if key is not FactKey.TEAM_TECHNOLOGY_MANAGERS:
            return key
        advisers = max(left.rfind("顾问"), left.rfind("专家"))
        team = max(left.rfind("运营"), left.rfind("服务团队"), left.rfind("工作人员"), left.rfind("管理团队"))
        if advisers > team or (
            advisers == team == -1 and re.search(r"顾问|专家", heading) and not re.search(r"服务团队|运营", heading)
        ):
            return FactKey.ADVISORS_TECHNOLOGY_MANAGERS
        return key

    # lists

    def _lists(self, found: list[Listing]) -> Rosters:
        applicant = next((str(s.value) for s in self.sightings if s.key is FactKey.APPLICANT_NAME), None)
        reader = ListReader(self.document, self.evidence, applicant, marked=self.marked, unit=self.default_money)
        team: list[Person] = []
        advisors: list[Person] = []
        equipment: list[Equipment] = []
        projects: list[Project] = []
        valued: list[Tally] = []
        for listing in found:
            if self._planned(listing):
                continue
            before = len(self.tallies)
            if listing.kind == "people":
                named = reader.people(listing)
                usual = self._side(listing)
                sides = {hint for _, hint in named if hint} if usual is None or len({h for _, h in named if h}) > 1 else {usual}
                for side in sorted(sides or {usual or ""}):
                    people = tuple(p for p, hint in named if len(sides) < 2 or (hint or usual) == side)
                    key, what = _SIDES.get(side, (None, ""))
                    if key is None:
                        continue
                    (team if side == "team" else advisors).extend(people)
                    self._count(reader.people_tally(listing, people, key, what, every=len(named)), people)
                self._role(Role.PEOPLE_LIST)
            elif listing.kind == "equipment":
                items, tally, products = reader.equipment(listing)
                self.deals += deals(reader, listing)
                equipment += items
                self.products += products
                valued += [tally] if tally is not None else []
                self._role(Role.EQUIPMENT_LIST)
            elif listing.kind == "projects":
                rows = reader.projects(listing)
                self.deals += deals(reader, listing)
                projects += rows
                if rows:
                    self._projects(rows, reader, listing)
                    self._done(rows, reader, listing)
                self._role(Role.PROJECT_LIST)
            elif listing.kind == "contracts":
                tallies = tuple(reader.contracts(listing))
                self.deals += deals(reader, listing, tallies[0].period if len(tallies) == 1 else None)
                if (income := self._income(listing)) is not None:
                    for tally in tallies:
                        undated = (
                            ("清单没有写明是哪一年的收入",) if tally.key is FactKey.REVENUE_SERVICE and not tally.period else ()
                        )
                        self._sum(tally.model_copy(update={"doubts": (*tally.doubts, *income, *undated)}))
                        self._role(Role.REVENUE)
            elif listing.kind == "rooms":
                tally = reader.rooms(listing)
                if tally is not None and role_at(self.parts, listing.grid.start) is Role.FORM:
                    self._sum(tally)
            elif listing.kind == "materials":
                self._materials(reader, listing)
            if self._partial(listing):
                self.tallies[before:] = [tally.model_copy(update={"partial": True}) for tally in self.tallies[before:]]
                valued = (
                    [*valued[:-1], valued[-1].model_copy(update={"partial": True})]
                    if listing.kind == "equipment" and valued
                    else valued
                )
        if valued:
            whole, told = _together(valued), self._sums_told
            if (
                len(told) == 1
                and whole.sum is not None
                and (whole.stated is None or (len(valued) > 1 and whole.stated != told[0][0]))
            ):
                (value, place), *_ = told  # the total stands in a sentence above or below the lists
                doubts = tuple(doubt for doubt in whole.doubts if doubt != _SEVERAL)
                self.tallies.append(
                    whole.model_copy(update={"stated": value, "stated_evidence": (place,), "stated_doubts": (), "doubts": doubts})
                )
            else:
                self._sum(whole)
        return Rosters(team=tuple(team), advisors=tuple(advisors), equipment=tuple(equipment), projects=tuple(projects))

    def _partial(self, listing: Listing) -> bool:
        """Whether a list calls itself one of the main or of some items."""
        titles_ = self._titles(listing) or [listing.grid.caption.split(" ")[-1], self._about(listing.grid)]
        return any(
            re.search(r"主要|部分|典型|代表性|重点|骨干|节选|摘录|示例|举例|等\d+[台项名人]", text)
            and not re.search(r"[一二三四五六七八九]部分", text)
            for text in titles_
        )

    def _income(self, listing: Listing) -> tuple[str, ...] | None:
        """Doubts whether a list of contracts is one of service revenue; None where it says that it is of something else."""
        head = listing.heads.get(listing.columns.get("value", -1), "")
        about = f"{self._between(listing)} {listing.grid.caption} {listing.grid.heading.split(' ')[-1]} {self._about(listing.grid)} {head}"
        if re.search(r"收入|到账|回款|营收|服务费", about):
            return ()
        if re.search(r"技术合同|技术交易|技术(?:开发|转让|许可)|采购|购置|支出|投入|融资|租赁|合作协议", about):
            return None
        return ("清单没有写明金额是服务收入",)

    def _projects(self, rows: tuple[Project, ...], reader: ListReader, listing: Listing) -> None:
        """How many a library holds. A list of completed projects alone is none, and those that left it are not counted unseen."""
        if self._finished(listing):
            return
        gone = [row for row in rows if row.status and GONE.search(row.status)]
        doubts = reader.doubts(listing, "project")
        if any(t.key is FactKey.PROJECTS_COMPLETED for t in self.tallies):
            doubts = (*doubts, "另有已完成项目的清单，入库数是否包含其中的项目须核对")
        if gone:
            doubts = (*doubts, f"清单中有{len(gone)}个项目已终止或退出，是否计入须核对")
        self.tallies.append(
            Tally(
                what="项目库清单", key=FactKey.PROJECTS_RESERVED, unit=Unit.ITEMS, count=len(rows), doubts=doubts,
                complete=reader.complete(listing, len(rows), "project"), evidence=reader.ends(listing, "project"),
            )
        )  # fmt: skip

    def _finished(self, listing: Listing) -> bool:
        about = f"{listing.grid.caption} {self._between(listing)}"
        return bool(re.search(r"(?:完成|办结|结题|验收|结项)[^，。]{0,10}(?:项目|清单|台账)", about)) and not re.search(
            r"储备|入库|在库|项目库|未完成", about
        )

    def _role(self, role: Role) -> None:
        if role not in self.roles:
            self.roles.append(role)

    def _planned(self, listing: Listing) -> bool:
        about = (
            self._between(listing)
            if listing.first > _TITLE_ROWS
            else f"{listing.grid.caption} {listing.grid.heading.split(' ')[-1]}"
        )
        if any(
            re.match(r"(?:拟|计划|预计)(?:入库|购[置入买]?|采购|聘任?|到岗|签约|开展|启动)", head)
            for head in listing.heads.values()
        ):
            return True
        return bool(
            re.search(
                r"拟(?:购|采购|购置|新增|引进|聘|建|入库|开展|实施|验证)|(?:尚|还)未(?:购置|采购|聘用|入库|签约)|(?:租赁|租用|租入|借用|无偿使用|在购|待购)(?:的)?(?:仪器|设备|软件)|(?:采购|购置|引进|新增|预算)(?:计划|清单|预算)|经费预算|计划表|建设期(?:新增|拟)",
                about,
            )
        )

    def _side(self, listing: Listing) -> str | None:
        above = [*self._titles(listing)]
        first = listing.first <= _TITLE_ROWS
        for text in (*above, *((listing.grid.caption, listing.grid.heading) if first else ())):
            advisers, team = (
                re.search(r"顾问|专家", text),
                re.search(
                    r"运营|服务团队|团队成员|工作人员|管理团队|核心人员|中心人员|平台人员|专职人员|人员名单|团队名单|团队人员|人员情况|花名册|研发团队",
                    text,
                ),
            )
            if bool(advisers) != bool(team):
                return "advisors" if advisers else "team"
            if advisers and team:
                break  # 顾问专家团队名单, or one title over both lists: the columns tell
        has = listing.columns.keys()
        if has & {"sector", "external"} or re.search(
            r"(?:顾问|专家)[^，。；]{0,4}团队", f"{''.join(above)}{listing.grid.caption}"
        ):
            return "advisors"
        return "team" if has & {"role", "employment"} else None

    def _between(self, listing: Listing) -> str:
        """The title rows inside the grid between this list and the one above it, the nearest first."""
        return " ".join(self._titles(listing))

    def _titles(self, listing: Listing) -> list[str]:
        return titles(self.document, listing.grid, listing.first)

    def _count(self, tally: Tally, people: tuple[Person, ...]) -> None:
        if not people:
            return
        self.tallies.append(tally)
        if tally.doubts and not tally.complete:
            return
        managers = [p for p in people if p.technology_manager]
        if all(p.technology_manager is not None for p in people):
            key = (
                FactKey.TEAM_TECHNOLOGY_MANAGERS if tally.key is FactKey.TEAM_HEADCOUNT else FactKey.ADVISORS_TECHNOLOGY_MANAGERS
            )
            self.tallies.append(
                Tally(what=f"{tally.what}中的技术经理（经纪）人", key=key, unit=Unit.PERSONS, count=len(managers), complete=False,
                      evidence=tuple(e for p in managers for e in p.evidence) or tally.evidence)
            )  # fmt: skip

    def _done(self, rows: tuple[Project, ...], reader: ListReader, listing: Listing) -> None:
        told = listing.columns.keys() & {"status", "completed"} or any(row.done for row in rows)
        if told and all(row.done is not None for row in rows):
            self.tallies.append(
                Tally(what="项目库清单中已完成的项目", key=FactKey.PROJECTS_COMPLETED, unit=Unit.ITEMS, count=sum(bool(r.done) for r in rows),
                      complete=reader.complete(listing, len(rows), "project"), doubts=reader.doubts(listing, "project", "status"),
                      evidence=reader.ends(listing, "project"))
            )  # fmt: skip

    def _sum(self, tally: Tally) -> None:
        self.tallies.append(tally)
        if tally.stated is None or tally.key is None or not tally.stated_evidence:
            return
        lists = {FactKey.EQUIPMENT_VALUE: Role.EQUIPMENT_LIST, FactKey.REVENUE_SERVICE: Role.REVENUE}
        role = lists.get(tally.key, Role.FORM)
        place = tally.stated_evidence[0]
        undated = ("清单没有写明年度",) if tally.key is FactKey.REVENUE_SERVICE and not tally.period else ()
        some = ("清单写明只列主要或部分内容，合计未必是全部",) if tally.partial else ()
        doubts = (*undated, *some, *tally.doubts, *tally.stated_doubts)
        self._keep(
            Sighting(
                key=tally.key, value=tally.stated, unit=tally.unit, as_stated=tight(place.quote), error=Decimal("0.005") if tally.error else Decimal(0),
                period=tally.period, role=role, manner="list_total", label=f"{tally.what}合计", confidence=0.95 if not doubts else 0.65, doubts=doubts, evidence=place,
            )
        )  # fmt: skip

    def _materials(self, reader: ListReader, listing: Listing) -> None:
        about = f"{listing.grid.caption} {listing.grid.heading} {''.join(tight(words(self.document, c)) for row in listing.grid.rows[: listing.header] for c in row[:1])}"
        if not re.search(r"附件|材料|目录|清单", about):
            return
        for number, sort in reader.rows(listing):
            name = tight(reader.text(listing, number, "material"))
            if re.search(r"[。，；]|意见|盖章|签字|签名|承诺意见", name) or len(name) > 44:
                break  # past the end of the list
            if sort == "row" and len(name) >= 2:
                said = tight(reader.text(listing, number, "submitted") or reader.text(listing, number, "remark"))
                group = options(fold(said))
                ticked = chosen(group) if group else None
                answer = ticked[0].words if ticked else "" if group else said
                given = None if not answer or answer == "/" else not re.match(r"^(?:否|无|未|×|不)", answer)
                self.materials.append(
                    ListedMaterial(name=name, submitted=given, evidence=reader.place(listing, number, "material"))
                )

    # loose ends

    def _identifiers(self) -> Iterator[Identifier]:
        text = self.document.text
        seen: set[str] = set()
        for match in values.USCC.finditer(text):
            code = match[0]
            if code in seen or code[0] not in "1234569AY" or values.ID_NUMBER.fullmatch(code):
                continue
            seen.add(code)
            valid = uscc.is_valid(code)
            yield Identifier(
                kind="uscc",
                shown=code,
                valid=valid,
                key=digest("uscc", code),
                reason="" if valid else "校验位不符",
                evidence=(self.evidence(*match.span()),),
            )
        for match in values.ID_NUMBER.finditer(text):
            number = match[0].upper()
            if number in seen:
                continue
            seen.add(number)
            valid = _id_number(number)
            if not valid:
                yield Identifier(
                    kind="id_number",
                    shown=mask(number),
                    valid=False,
                    key=digest("id_number", number),
                    reason="校验位不符",
                    evidence=(self.evidence(*match.span()),),
                )

    def _passages(self) -> Iterator[Passage]:
        """Words that bear on each topic: paragraphs that name it, the paragraph under a heading that does, and the cell beside a label that does."""
        count: dict[str, int] = {}
        taken: set[tuple[str, int]] = set()
        for topics, start, end in self._bearing():
            for topic in topics:
                if count.get(topic, 0) < _PASSAGES and (topic, start) not in taken:
                    taken.add((topic, start))
                    count[topic] = count.get(topic, 0) + 1
                    yield Passage(topic=topic, evidence=self.evidence(start, min(end, start + 160)))

    def _bearing(self) -> Iterator[tuple[list[str], int, int]]:
        text = self.document.text
        above: list[str] = []
        for block in self.document.blocks:
            if block.kind in ("header", "footer") or not text[block.start : block.end].strip():
                continue
            flat = tight(text[block.start : block.end])
            if _NO_PASSAGE.search(flat):
                continue
            topics = _topics(flat)
            if len(flat) <= 24 and not flat.endswith(("。", "；")):
                above = topics or above
                continue
            yield list(dict.fromkeys((*topics, *above))), block.start, block.end
            above = []
        for table in self.document.tables:
            if len(table.cells) > 400:
                continue
            for label, value in zip(table.cells, table.cells[1:], strict=False):
                if label.row == value.row and value.end - value.start > 1:
                    named = _topics(tight(text[label.start : label.end])) if label.end - label.start <= 24 else []
                    yield (
                        list(
                            dict.fromkeys(
                                (*named, *(_topics(tight(text[value.start : value.end])) if value.end - value.start > 12 else []))
                            )
                        ),
                        value.start,
                        value.end,
                    )


_BY_WORD: dict[str, list[str]] = {}
for _topic, (_, _known) in TOPICS.items():
    for _word in _known:
        _BY_WORD.setdefault(_word, []).append(_topic)
_TOPIC_WORD = re.compile("|".join(sorted(map(re.escape, _BY_WORD), key=len, reverse=True)))


#: The policy's own words and the form's instructions bear on nothing.
_NO_PASSAGE = re.compile(
    r"(?:申报|认定|创建|建设|备案)条件(?:摘录|提示|原文|如下|为|:)|政策(?:原文|摘录|条文)|^(?:填报|填表|填写)(?:说明|须知)"
)


def _topics(flat: str) -> list[str]:
    said = flat.replace("社会信用代码", "")  # every form has one, and it says nothing of credit
    return list(dict.fromkeys(topic for word in _TOPIC_WORD.findall(said) for topic in _BY_WORD[word]))


def _together(lists: list[Tally]) -> Tally:
    """Several lists of one document (instruments, then software) as one. A last total that covers them all is the total."""
    if len(lists) == 1:
        return lists[0]
    sums = [one.sum for one in lists]
    total = sum((s for s in sums if s is not None), Decimal(0)) if None not in sums else None
    error = sum((one.error for one in lists), Decimal(0))
    last = lists[-1]
    stated = [one.stated for one in lists]
    whole_last = last.stated is not None and total is not None and abs(last.stated - total) <= error
    own_last = last.stated is not None and last.sum is not None and last.sum != total and last.stated == last.sum
    if whole_last and not own_last:
        whole, places = last.stated, last.stated_evidence
    elif None not in stated:
        whole, places = (
            sum((s for s in stated if s is not None), Decimal(0)),
            tuple(e for one in lists for e in one.stated_evidence),
        )
    else:
        whole, places = None, ()
    return lists[0].model_copy(
        update={
            "partial": any(one.partial for one in lists), "sum": total, "count": sum(one.count for one in lists), "error": error, "complete": all(one.complete for one in lists),
            "stated": whole, "stated_evidence": places,
            "doubts": tuple(dict.fromkeys((*(d for one in lists for d in one.doubts), *((_SEVERAL,) if places is not last.stated_evidence else ())))),
            "stated_doubts": tuple(dict.fromkeys(d for one in lists for d in one.stated_doubts)),
            "evidence": tuple(e for one in lists for e in one.evidence),
        }
    )  # fmt: skip


#: So long a label at the head of a piece can be.
_LABEL_WITHIN = 16
#: So far into a document its notes on units stand.
_NOTES_WITHIN = 30_000
_MONEY_NOTE = re.compile(
    r"(?:金额|货币|经费|资金|价值|收入)(?:类)?(?:指标|数值|数据|单位)?[^。；，\d]{0,10}?(?:以|按|为|是|用|:)(?:人民币)?(?P<unit>亿元|百万元|万元|千元|元)(?:计|为单位|填写|填报|填列|表示|$|[。；，,)])"
    r"|(?:金额|货币|经费|资金)(?:数值|数据)?(?:的)?(?:计量)?单位[^。；\d]{0,16}?(?P<said>亿元|百万元|万元|千元|元)"
)
_AREA_NOTE = re.compile(
    r"面积(?:类)?(?:指标|数值|数据|单位)?[^。；，\d]{0,10}?(?:以|按|为|是|用|:)(?P<unit>平方米|平米|㎡|m2|亩|公顷)(?:计|为单位|填写|填报|填列|表示|$|[。；，,)])"
    r"|面积(?:的)?(?:计量)?单位[^。；\d]{0,10}?(?P<said>平方米|平米|㎡|m2|亩|公顷)"
)


def _default(note: re.Pattern[str], text: str) -> str | None:
    units = {m["unit"] or m["said"] for m in note.finditer(text)}
    return next(iter(units)) if len(units) == 1 else None


def _canonical(quantity: Quantity, measurand: Measurand) -> tuple[Decimal | None, Decimal]:
    """The value and its error in the fact's unit: 万元, m2, percent points, or a plain count. About (约) errs by a twentieth, 余 and 近 by one of the
    last figure given, a tenth at most: 1260余 is not 1312."""
    value = quantity.value if quantity.value is not None else quantity.low if quantity.low is not None else quantity.high
    if value is None:
        return None, Decimal(0)
    scale = Decimal(1)
    if measurand.kind == MONEY:
        scale = WAN
    elif measurand.kind == DURATION and quantity.unit == "个月":
        scale = Decimal(12)
    elif measurand.kind == PERCENT:
        scale = Decimal("0.01") if quantity.unit == "ratio" else Decimal(1)
    told = (value / scale).normalize()
    if measurand.kind == COUNT and told % 1:
        return None, Decimal(0)  # nothing counted comes in parts
    error = abs(quantity.error) / scale
    if quantity.qualifier == "about":
        error = max(error, abs(told) / 20)
    elif quantity.qualifier in ("below", "above") and told:
        error = max(error, min(Decimal(1).scaleb(int(told.as_tuple().exponent)), abs(told) / 10))
    return told + 0, error


def _rounded(quantity: Quantity) -> Decimal:
    """How far, in 万元, an amount written out in 元 in a sentence may have been rounded: 29304000元 beside 2930.35万元. Four figures always count."""
    plain = re.fullmatch(r"(?:人民币)?(\d{5,})元", tight(quantity.surface).replace(",", ""))
    if plain is None:
        return Decimal(0)
    zeros = len(plain[1]) - len(plain[1].rstrip("0"))
    return Decimal(10) ** min(zeros, len(plain[1]) - 4) / 2 / WAN


def _kind_of(words_: str) -> str | None:
    return next((kind for known, kind in _KINDS if re.search(known, words_)), None)


def _window(text: str) -> str | None:
    match = re.search(r"(?:近|最近|过去|前)([一二两三123])(?:个)?(?:会计)?年", text)
    if not match:
        return None
    return {"一": "近一年", "1": "近一年", "二": "近两年", "两": "近两年", "2": "近两年", "三": "近三年", "3": "近三年"}[match[1]]


def _id_number(number: str) -> bool:
    """GB 11643: the check digit alone; the place table of the library ages, so an unknown region is no fault."""
    try:
        return bool(ric.calc_check_digit(number) == number[-1])
    except Exception:
        return False
