"""Lists: who is in the team, who advises, what equipment there is, which projects and contracts.

A list is known by its header. Its rows are counted and summed, its printed totals kept beside them. What surprised us: two-level headers with
merged cells, a caption row inside the sheet, units by column (台（套）, 元, 万元), 小计 and 合计 rows that must not be counted, 其中 rows, lists
that share one sheet, and a 合计 cell merged over the very columns it sums.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from extractors.forms import Grid, words
from extractors.labels import period_in
from extractors.quantities import read_cell, unit_in
from extractors.text import mask, tight
from extractors.ticks import TICKED
from schemas.document import Cell, Document
from schemas.evidence import Evidence
from schemas.facts import Equipment, Person, Product, Project, Rosters, Tally
from schemas.vocabulary import FactKey, Unit

WAN = Decimal(10_000)

COLUMNS: dict[str, re.Pattern[str]] = {
    "number": re.compile(r"^(?:序号|编号|No\.?|NO\.?|序)$"),
    "person": re.compile(r"^(?:姓名|专家姓名|人员姓名|成员姓名|顾问姓名|名字|成员)$"),
    "gender": re.compile(r"^性别$"),
    "born": re.compile(r"^(?:出生年月日?|出生日期|出生时间|年龄)$"),
    "id_number": re.compile(r"^(?:居民)?(?:身份证|证件|有效证件)(?:号|号码)(?:码)?$|身份证号"),
    "education": re.compile(r"^(?:最高)?(?:学历|学位|学历/学位|学历学位|文化程度)$"),
    "specialty": re.compile(r"^(?:所学|从事|现从事|研究)?(?:专业|专业领域|研究方向|研究领域|专业特长|专长|擅长领域|专业方向|从事专业|领域|技术领域|专长领域)$"),
    "title": re.compile(r"^(?:专业技术)?(?:技术)?(?:职称|职务|职称/学历|学历/职称|职务/职称|职称/职务|职务职称|职称职务|职务或职称|职称\(职务\)|职务\(职称\)|现任职务)$"),
    "role": re.compile(
        r"^(?:岗位|职务\(岗位\)|岗位\(职务\)|职务/岗位|岗位/职责|岗位职责|工作岗位|职责|分工|主要分工|承担工作|中心职务|团队角色|在中心(?:\(平台\))?(?:岗位|职务|担任)|中心岗位|主要职责|工作分工|本中心岗位|角色|担任职务|负责工作|平台岗位|平台职务|任职)$"
    ),
    "employment": re.compile(r"^(?:是否)?(?:专/兼职|专兼职|专职/兼职|专职或兼职|专\(兼\)职|用工形式|用工性质|任职形式|任职方式|聘任方式|聘用方式|聘用形式|工作方式|人员性质|人员类别|是否专职|专职|全职/兼职|全/兼职|聘用类型|性质)$"),
    "organisation": re.compile(r"^(?:所在|工作|任职|现工作|所属|人事关系所在|现任职|聘用|社保缴纳|社保参保)?(?:单位|工作单位|所在单位|任职单位|单位名称|机构|工作单位及职务|单位及职务|单位/职务|所在机构)$"),
    "sector": re.compile(r"^(?:所属)?(?:界别|类别|专家类别|专家类型|顾问类别|顾问类型|类型|所属界别|专家界别|来源界别|领域类别|专业类别|身份类别|所属类别)$"),
    "external": re.compile(r"是否(?:为)?(?:外单位|外部|校外|院外|本单位以外|外聘)|^(?:内/外部|内外部|内部/外部|内部/外聘|内/外聘|外单位|单位属性|本单位/外单位|单位内外|是否本单位|内外)$"),
    "certificate": re.compile(r"技术(?:经理|经纪)(?:\(?(?:经理|经纪)\)?)?人?(?:证书|证|资格|资质)?|职业资格证书|资格证书|证书编号"),
    "term": re.compile(r"^(?:聘期|聘任期限|聘用期限|聘任时间|聘书有效期|聘用时间|任期)$"),
    "phone": re.compile(r"^(?:联系)?(?:电话|手机|方式|手机号码?|联系方式)$"),
    "social": re.compile(r"^(?:社保|是否缴纳社保|社保缴纳|参保).*$"),
    "equipment": re.compile(r"^(?:仪器|设备|软件|资产|固定资产|主要|装备|仪器设备|设备仪器|系统|软硬件|设备及软件|仪器设备及软件|设备设施|设备\(软件\)|设备/软件)+(?:名称)$|^(?:仪器设备|设备|仪器)$|^(?:品名|资产名称|名称及型号)$"),
    "model": re.compile(r"^(?:规格|型号|规格型号|型号规格|规格/型号|型号/规格|型号及规格|规格及型号|主要规格|版本|型号\(版本\)|规格型号/版本|技术参数|规格、型号)$"),
    "serial": re.compile(r"^(?:出厂|设备|资产|仪器|序列|产品|固定资产|机身|资产卡片|卡片)?(?:编号|序列号|号|编码|SN号?|S/N|出厂号|序列码)$"),
    "maker": re.compile(r"^(?:生产|制造)?(?:厂家|厂商|品牌|生产厂家|制造商|供应商|产地|厂家/产地|品牌/厂家|生产厂商|供货商|销售方)$"),
    "quantity": re.compile(r"^(?:数量|台套数|台数|件数|套数|数量\(.*\)|台\(套\)数|台/套)$"),
    "unit": re.compile(r"^(?:计量)?单位$"),
    "unit_price": re.compile(r"^(?:含税|不含税|购置|采购)?(?:单价|单台价格|单台原值|单位价值|单台价值|单价原值)$"),
    "value": re.compile(r"^(?:设备|资产|账面|购置|含税|采购|固定资产|合计|总|仪器设备)?(?:原值|原价|原价值|金额|总价|价值|总额|总金额|原值合计|合计|小计|价款|购置金额|购置价|总值|账面原值|价格|合计金额|金额合计|原值金额|购入价值)$"),
    "net": re.compile(r"净值|净额|折旧|残值"),
    "purchased": re.compile(r"^(?:购置|购入|采购|启用|入账|取得|购买|到货|投入使用|验收)(?:时间|日期|年月|年份|年度)$|^(?:取得方式及时间)$"),
    "area": re.compile(r"^(?:建筑|使用|租赁|实际使用|场地)?面积$"),
    "room": re.compile(r"^(?:房间号?|房号|场地名称|房间名称|区域|功能区|功能分区|用房名称|场所名称|楼层|楼层/房间|地址|场地地址|位置|名称|房间|功能区域|区域名称|用途|使用用途|功能)$"),
    "place": re.compile(r"^(?:存放|安装|放置|使用)(?:地点|位置|房间|场所|地|处)$|^(?:房间|房号|存放房间号)$"),
    "use": re.compile(r"^(?:主要)?(?:用途|功能|用途说明|用途/功能|是否验证分析专用|使用部门|使用方向|主要用途)$"),
    "invoice": re.compile(r"发票"),
    "project": re.compile(r"^(?:验证|中试|入库|成果|科技成果|概念验证|储备|拟验证|项目/成果|服务|概念验证项目|中试项目|库内)?(?:项目|成果|项目\(成果\)|项目/成果|课题)名称$|^项目$"),
    "source": re.compile(r"^(?:成果|项目|技术)?(?:来源|来源单位|提供单位|提出单位|持有单位|成果来源单位|委托方|来源方|持有人|完成单位|来源机构|来源单位/团队|所属单位|提供方|权属单位|单位\(来源\))$"),
    "leader": re.compile(r"^(?:项目)?(?:负责人|项目负责人|联系人|带头人|成果完成人|完成人|团队负责人|项目主持人|牵头人)$"),
    "started": re.compile(r"^(?:入库|立项|启动|开始|起始|受理|纳入|登记|储备)(?:时间|日期|年月|年度)$"),
    "completed": re.compile(r"^(?:完成|结题|办结|验收|出库|结束|终止|结项|完结|实际完成|完成验证)(?:时间|日期|年月)$"),
    "status": re.compile(r"^(?:目前|当前|项目|所处|现)?(?:状态|进展|阶段|进度|进展情况|当前状态|所处阶段|项目进展|实施状态|验证状态|验证进展|项目状态|在库状态|情况|目前进展|办理状态|是否完成|实施阶段)$"),
    "maturity": re.compile(r"成熟度|TRL"),
    "result": re.compile(r"^(?:完成情况|完成情况说明|完成成效|成效|成果形式|验证结果|完成结果|取得成效|产出成果|主要成果|验证成效|结果|结果形式|满足条件|符合条件|产出|佐证|认定情形|情况说明|验证结论|成果产出|主要成效|对应条件|完成情形)(?:\(.*\))?$"),
    "contract": re.compile(r"^合同(?:编号|号|名称|登记号|登记编号)?$|^(?:合同|协议)(?:编号|号)$"),
    "client": re.compile(r"^(?:委托|客户|服务对象|甲方|委托方|付款|购买|服务|受让|买方|合作)(?:单位|方|名称|企业|单位名称|对象|方名称)?(?:\(甲方\))?$"),
    "service": re.compile(r"^(?:服务|合同|委托|技术服务)(?:内容|项目|事项|类别|标的|类型)$"),
    "signed": re.compile(r"^(?:签订|签署|签约|合同签订|合同)(?:日期|时间)$"),
    "received": re.compile(r"^(?:到账|收款|付款|开票|入账)(?:日期|时间|金额)$"),
    "remark": re.compile(r"^(?:备注|说明|附件|页码|附件页码|证明材料|佐证材料|签字|签名|签章)$"),
    "material": re.compile(r"^(?:附件|材料|证明材料|附件材料|资料|申报材料|文件|附件\(材料\))(?:名称|内容|清单|目录)$|^(?:名称|内容)$"),
    "copies": re.compile(r"^(?:份数|页数|页码|起止页码|页码范围|数量\(份\)|形式|原件/复印件|原/复印件)$"),
    "submitted": re.compile(r"^(?:是否(?:提交|具备|提供|齐全|已附|附后|已提交)|提交情况|有无|有/无|是否附|提供情况|已提交|自查情况|自查)$"),
}  # fmt: skip
TOTAL_ROW = re.compile(
    r"^(?:合计|总计|共计|总合计|累计|总额|总金额|合计金额|金额合计|原值合计|(?:20\d\d年?度?)?合计(?:金额)?|合计\(?(?:元|万元|大写|小写)?\)?)[:]?"
)
SUBTOTAL_ROW = re.compile(r"小计|本页合计|其中:?|^分计")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list found in a grid: its kind (people, equipment, projects, contracts, materials), columns and rows."""

    kind: str
    grid: Grid
    header: int
    columns: dict[str, int]
    heads: dict[int, str]
    last: int


class Found(NamedTuple):
    """What the lists of one document yield. ``totals`` are printed sums: (key, what, period, value in yuan, unit error, cell)."""

    rosters: Rosters
    tallies: tuple[Tally, ...]
    products: tuple[Product, ...]


def listings(document: Document, grid: Grid) -> tuple[Listing, ...]:
    """The lists in a grid. One sheet may hold several, one below the other; each begins at its header."""
    headers: list[tuple[int, int, dict[str, int], dict[int, str], str]] = []
    for number in range(len(grid.rows)):
        if headers and number <= headers[-1][1]:
            continue
        found = _header(document, grid, number)
        if found is not None:
            headers.append(found)
    result = []
    for index, (_, header, columns, heads, kind) in enumerate(headers):
        stop = headers[index + 1][0] if index + 1 < len(headers) else len(grid.rows)
        result.append(Listing(kind, grid, header, columns, heads, stop))
    return tuple(result)


def _header(document: Document, grid: Grid, number: int) -> tuple[int, int, dict[str, int], dict[int, str], str] | None:
    row = grid.rows[number]
    texts = [tight(words(document, c)) for c in row]
    distinct = {id(c) for c in row if c is not None}
    if len(distinct) < 3 or sum(any(ch.isdigit() for ch in t) for t in texts) > len(texts) / 2:
        return None
    last = number
    heads = {c: t for c, t in enumerate(texts) if t}
    deeper = max((c.row + c.rows - 1 for c in row if c is not None), default=number)
    for below in range(number + 1, min(deeper, number + 2) + 1):
        if below >= len(grid.rows):
            break
        for c, cell in enumerate(grid.rows[below]):
            if cell is not None and cell is not row[c]:
                heads[c] = heads.get(c, "") + tight(words(document, cell))
        last = below
    columns: dict[str, int] = {}
    for column, head in heads.items():
        if column and row[column] is row[column - 1] and last == number:
            continue
        name = _column(head)
        if name and name not in columns:
            columns[name] = column
    kind = _kind(columns)
    return (number, last, columns, heads, kind) if kind else None


_HEAD_UNIT = re.compile(
    r"\([^()]*(?:元|台|套|份|项|年|个|人|㎡|米|m2|m²|M2|月|日|√)[^()]*\)+|\((?:必填|选填|签字)\)|/(?:元|万元|台套|台|套)$"
)


def _column(head: str) -> str | None:
    bare = _HEAD_UNIT.sub("", head).strip("*:")
    for name, known in COLUMNS.items():
        if known.search(bare):
            return name
    return None


def _kind(columns: dict[str, int]) -> str | None:
    has = columns.keys()
    if "material" in has and has & {"copies", "submitted", "remark"} and not has & {"equipment", "person", "project", "value"}:
        return "materials"
    if "area" in has and "room" in has and not has & {"person", "equipment", "project", "value"}:
        return "rooms"
    if len(has) < 3:
        return None
    if "person" in has and has & {
        "title",
        "role",
        "employment",
        "organisation",
        "sector",
        "external",
        "born",
        "specialty",
        "education",
    }:
        return "people"
    if "equipment" in has and has & {"model", "quantity", "unit_price", "value", "serial"}:
        return "equipment"
    if "model" in has and has & {"value", "unit_price"}:
        return "equipment"
    if has & {"contract", "client"} and "value" in has and has & {"signed", "service", "received", "client"}:
        return "contracts"
    if "project" in has and has & {"source", "started", "status", "maturity", "leader", "completed", "result"}:
        return "projects"
    return None


class Reader:
    """Reads the lists of one document. ``evidence`` turns a cell into a place."""

    def __init__(self, document: Document, evidence: Callable[[int, int], Evidence], applicant: str | None) -> None:
        self.document = document
        self.evidence = evidence
        self.applicant = applicant

    def text(self, listing: Listing, row: int, name: str) -> str:
        cell = self.cell(listing, row, name)
        return words(self.document, cell).replace("\v", "").strip() if cell else ""

    def cell(self, listing: Listing, row: int, name: str) -> Cell | None:
        column = listing.columns.get(name)
        cells = listing.grid.rows[row]
        return cells[column] if column is not None and column < len(cells) else None

    def value(self, listing: Listing, row: int, name: str) -> str | None:
        text = tight(self.text(listing, row, name))
        return None if not text or re.fullmatch(r"[/\\—\-–无]+|暂无|N/?A", text) else text

    def place(self, listing: Listing, row: int, name: str) -> tuple[Evidence, ...]:
        cell = self.cell(listing, row, name)
        return (self.evidence(cell.start, cell.end),) if cell and cell.end > cell.start else ()

    def rows(self, listing: Listing) -> Iterator[tuple[int, str]]:
        """Data rows (``"row"``), totals (``"total"``) and subtotals (``"part"``) after the header, in order."""
        for number in range(listing.header + 1, listing.last):
            cells = listing.grid.rows[number]
            texts = [tight(words(self.document, c)) for c in cells]
            distinct = len({id(c) for c in cells if c is not None})
            if not any(texts):
                continue
            first = next(t for t in texts if t)
            leading = [t for t in texts[:4] if t]
            if any(SUBTOTAL_ROW.search(t) for t in leading[:2]) and not re.match(r"^\d+$", first):
                yield number, "part"
            elif any(TOTAL_ROW.match(t) for t in leading[:2]):
                yield number, "total"
            elif distinct == 1 and len(cells) > 2:
                continue  # a caption inside the list, or the remark under it
            else:
                yield number, "row"

    # people

    def people(self, listing: Listing) -> tuple[Person, ...]:
        found = []
        for number, sort in self.rows(listing):
            name = tight(self.text(listing, number, "person"))
            if sort != "row" or not name or not _plausible_name(name):
                continue
            organisation = self.value(listing, number, "organisation")
            found.append(
                Person(
                    name=name, organisation=organisation, title=self.value(listing, number, "title"),
                    specialty=self.value(listing, number, "specialty"), role=self.value(listing, number, "role"),
                    employment=_employment(self.value(listing, number, "employment")), sector=_sector(self.value(listing, number, "sector")),
                    external=self._external(listing, number, organisation), technology_manager=self._manager(listing, number),
                    born=self.value(listing, number, "born"), id_number=_masked(self.value(listing, number, "id_number")),
                    evidence=self.place(listing, number, "person"),
                )
            )  # fmt: skip
        return tuple(found)

    def _kind_of_post(self, listing: Listing, number: int) -> str | None:
        """专职 or 兼职 in a column headed 类别."""
        said = self.value(listing, number, "sector")
        return said if said is not None and re.match(r"^(?:专职|兼职|全职)", said) else None

    def _external(self, listing: Listing, number: int, organisation: str | None) -> bool | None:
        head = listing.heads.get(listing.columns.get("external", -1), "")
        said = self.value(listing, number, "external")
        if said is not None:
            yes = bool(re.match(rf"^(?:是|外|√|Y|[{TICKED}]是|外单位|外部|校外|院外)", said)) and "□是" not in said
            no = bool(re.match(r"^(?:否|内|本单位|不是|N|×|本部)", said)) or "☑否" in said or "■否" in said
            if yes or no:
                return not yes if "是否本单位" in head else yes
        if organisation and self.applicant:
            return not (
                organisation.startswith(self.applicant)
                or self.applicant.startswith(organisation)
                or organisation in ("本单位", "本中心")
            )
        return None

    def _manager(self, listing: Listing, number: int) -> bool | None:
        manager = re.compile(r"技术(?:经理|经纪)(?:\((?:经理|经纪)\))?人|技术经纪")
        said = [
            self.value(listing, number, name) or "" for name in ("title", "role", "sector", "specialty", "certificate", "remark")
        ]
        head = listing.heads.get(listing.columns.get("certificate", -1), "")
        if "certificate" in listing.columns and re.search(r"技术(?:经理|经纪)", head):
            value = said[4]
            return (bool(value) and not re.match(r"^(?:否|无|×|N)$", value)) or any(manager.search(t) for t in said[:2])
        return any(manager.search(t) for t in said)

    def people_tally(self, listing: Listing, people: tuple[Person, ...], key: FactKey, what: str) -> Tally:
        return Tally(
            what=what, key=key, unit=Unit.PERSONS, count=len(people), complete=self.complete(listing, len(people), "person"),
            evidence=self.ends(listing, "person"),
        )  # fmt: skip

    def complete(self, listing: Listing, count: int, name: str) -> bool:
        """Whether every data row was read: each has a name, and 序号 runs from 1 without a gap where there is one."""
        rows = [n for n, sort in self.rows(listing) if sort == "row"]
        if count == 0 or len(rows) != count:
            return False
        if "number" not in listing.columns:
            return True
        numbers = [tight(self.text(listing, n, "number")) for n in rows]
        stated = [int(t) for t in numbers if re.fullmatch(r"\d{1,4}", t)]
        return not stated or stated == list(range(1, len(rows) + 1))

    def ends(self, listing: Listing, name: str) -> tuple[Evidence, ...]:
        rows = [n for n, sort in self.rows(listing) if sort == "row" and self.text(listing, n, name)]
        picked = rows if len(rows) < 2 else [rows[0], rows[-1]]
        return tuple(e for n in picked for e in self.place(listing, n, name))

    # equipment

    def money_unit(self, listing: Listing, name: str) -> str | None:
        head = listing.heads.get(listing.columns.get(name, -1), "")
        return unit_in(head) or listing.grid.unit or _unit_rows(self.document, listing) or listing.grid.unit_before

    def amount(self, listing: Listing, number: int, name: str, unit: str | None) -> tuple[Decimal, Decimal] | None:
        """``(value, error)`` in yuan; None when the cell is not one amount or its unit is nowhere stated."""
        quantity = read_cell(self.text(listing, number, name), unit or "")
        if quantity is None or quantity.value is None or quantity.kind not in ("money", "number"):
            return None
        if quantity.kind == "number" and unit is None:
            return None
        return quantity.value, quantity.error

    def equipment(self, listing: Listing) -> tuple[tuple[Equipment, ...], Tally | None, tuple[Product, ...]]:
        value_unit, price_unit = self.money_unit(listing, "value"), self.money_unit(listing, "unit_price")
        named = "equipment" if "equipment" in listing.columns else "model"
        items: list[Equipment] = []
        products: list[Product] = []
        total, error, unread = Decimal(0), Decimal(0), 0
        for number, sort in self.rows(listing):
            name = self.value(listing, number, named)
            if sort != "row" or name is None:
                continue
            value = self.amount(listing, number, "value", value_unit)
            price = self.amount(listing, number, "unit_price", price_unit)
            quantity = read_cell(self.text(listing, number, "quantity"), "台")
            count = quantity.value if quantity is not None else None
            if value is None and price is not None and "value" not in listing.columns:
                value = (price[0] * (count or 1), price[1] * (count or 1))
            if value is None:
                unread += 1
            else:
                total, error = total + value[0], error + value[1]
            items.append(
                Equipment(
                    name=name, model=self.value(listing, number, "model"), serial=self.value(listing, number, "serial"), quantity=count,
                    unit_price=price[0] / WAN if price else None, value=value[0] / WAN if value else None,
                    purchased=self.value(listing, number, "purchased"), evidence=self.place(listing, number, named),
                )
            )  # fmt: skip
            if value and price and count and "value" in listing.columns:
                slack = value[1] + price[1] * count
                if abs(price[0] * count - value[0]) > slack:
                    products.append(
                        Product(
                            what=name, quantity=count, unit_price=price[0] / WAN, amount=value[0] / WAN, error=slack / WAN,
                            evidence=self.place(listing, number, "value"),
                        )
                    )  # fmt: skip
        if not items:
            return (), None, ()
        stated, places = self.stated_total(listing, "value", value_unit)
        tally = Tally(
            what="仪器设备清单", key=FactKey.EQUIPMENT_VALUE, unit=Unit.WAN_YUAN, stated=stated / WAN if stated is not None else None,
            stated_evidence=places, sum=total / WAN if unread == 0 else None, count=len(items), error=error / WAN,
            complete=unread == 0 and self.complete(listing, len(items), named), evidence=self.ends(listing, "value"),
        )  # fmt: skip
        return tuple(items), tally, tuple(products)

    def stated_total(self, listing: Listing, name: str, unit: str | None) -> tuple[Decimal | None, tuple[Evidence, ...]]:
        """The printed total of a column in yuan, from the last 合计 row, and its place."""
        for number, sort in reversed(list(self.rows(listing))):
            if sort != "total":
                continue
            cells = listing.grid.rows[number]
            label = "".join(tight(words(self.document, c)) for c in cells[:1])
            own = unit_in(label) or unit
            column = listing.columns.get(name)
            cell = cells[column] if column is not None and column < len(cells) else None
            candidates = [cell] if cell is not None and not TOTAL_ROW.match(tight(words(self.document, cell))) else []
            if not candidates:
                amounts = [
                    c for c in dict.fromkeys(cells) if c is not None and any(ch.isdigit() for ch in words(self.document, c))
                ]
                candidates = list(amounts[-1:])
            for candidate in candidates:
                text = words(self.document, candidate).strip()
                if TOTAL_ROW.match(tight(text)):
                    text = TOTAL_ROW.sub("", tight(text))
                quantity = read_cell(text, own or "")
                if quantity is not None and quantity.value is not None and (quantity.kind == "money" or own):
                    return quantity.value, (self.evidence(candidate.start, candidate.end),)
        return None, ()

    def rooms(self, listing: Listing) -> Tally | None:
        """The rooms' areas in m2 with the total printed under them."""
        unit = unit_in(listing.heads.get(listing.columns["area"], "")) or "㎡"
        total, error, count, unread = Decimal(0), Decimal(0), 0, 0
        stated: Decimal | None = None
        places: tuple[Evidence, ...] = ()
        for number, sort in self.rows(listing):
            quantity = read_cell(self.text(listing, number, "area"), unit)
            value = quantity.value if quantity is not None and quantity.kind == "area" else None
            if sort == "total" and value is not None:
                stated, places = value, self.place(listing, number, "area")
            elif sort == "row" and value is not None and quantity is not None:
                total, error, count = total + value, error + quantity.error, count + 1
            elif sort == "row":
                unread += 1
        if not count:
            return None
        return Tally(
            what="场地明细", key=FactKey.SITE_AREA, unit=Unit.M2, stated=stated, stated_evidence=places, sum=total, count=count, error=min(error, Decimal("0.5")),
            complete=unread == 0 and count > 1, evidence=self.ends(listing, "area"),
        )  # fmt: skip

    # projects and contracts

    def projects(self, listing: Listing) -> tuple[Project, ...]:
        unit = self.money_unit(listing, "value")
        found = []
        for number, sort in self.rows(listing):
            name = self.value(listing, number, "project")
            if sort != "row" or name is None:
                continue
            amount = self.amount(listing, number, "value", unit) if "value" in listing.columns else None
            status, completed, result = (self.value(listing, number, n) for n in ("status", "completed", "result"))
            found.append(
                Project(
                    name=name, source=self.value(listing, number, "source"), started=self.value(listing, number, "started"), completed=completed,
                    amount=amount[0] / WAN if amount else None, status=status, done=_done(status, completed, listing), result=result,
                    evidence=self.place(listing, number, "project"),
                )
            )  # fmt: skip
        return tuple(found)

    def contracts(self, listing: Listing) -> Tally | None:
        """The amounts of a contract list with its printed total and the year it is for."""
        unit = self.money_unit(listing, "value")
        total, error, count, unread = Decimal(0), Decimal(0), 0, 0
        for number, sort in self.rows(listing):
            if sort != "row":
                continue
            value = self.amount(listing, number, "value", unit)
            if value is None:
                unread += 1
                continue
            total, error, count = total + value[0], error + value[1], count + 1
        stated, places = self.stated_total(listing, "value", unit)
        if not count:
            return None
        labels = "".join(
            tight(words(self.document, c)) for n, s in self.rows(listing) if s == "total" for c in listing.grid.rows[n][:1]
        )
        period = period_in(labels) or period_in(listing.grid.caption)
        return Tally(
            what="服务收入明细表", key=FactKey.REVENUE_SERVICE, unit=Unit.WAN_YUAN, period=period, stated=stated / WAN if stated is not None else None,
            stated_evidence=places, sum=total / WAN, count=count, error=error / WAN, complete=unread == 0, evidence=self.ends(listing, "value"),
        )  # fmt: skip


def _unit_rows(document: Document, listing: Listing) -> str | None:
    """单位：万元 in a caption row above the header."""
    for row in listing.grid.rows[: listing.header]:
        for cell in row:
            if cell is not None and (
                match := re.search(r"(?:金额|货币|计量)?单位:?(?:人民币)?(万元|元|千元|亿元)", tight(words(document, cell)))
            ):
                return match[1]
    return None


def _plausible_name(name: str) -> bool:
    return bool(
        re.fullmatch(r"[\u3400-\u9fff·•．.]{2,12}(?:\([^)]*\))?|[A-Za-z][A-Za-z .·-]{2,40}", name)
    ) and not TOTAL_ROW.match(name)


def _employment(text: str | None) -> str | None:
    if text is None:
        return None
    if re.search(r"[☑■√]\s*兼职|^兼|兼职$|外聘|否$", text) and not re.search(r"[☑■√]\s*专职", text):
        return "兼职"
    return "专职" if re.search(r"专职|全职|在编|^专|^是$", text) else None


def _sector(text: str | None) -> str | None:
    if text is None:
        return None
    for sector, known in (
        ("学术", r"学术|高校|院所|科研|学界"),
        ("投资", r"投资|投融资|金融|创投|资本"),
        ("产业", r"产业|企业|行业|业界"),
    ):
        if re.search(known, text):
            return sector
    return text


def _masked(text: str | None) -> str | None:
    return mask(text) if text else None


_DONE = re.compile(r"已?(?:完成|结题|办结|验收|完结|结项)|通过验证|验证通过|^是$")
_OPEN = re.compile(r"未|待|在研|在验|进行|储备|论证|验证中|中试中|开展中|实施中|拟|正在|阶段性")


def _done(status: str | None, completed: str | None, listing: Listing) -> bool | None:
    if status is not None:
        return bool(_DONE.search(status)) and not _OPEN.search(status)
    if "completed" in listing.columns:
        return completed is not None and any(c.isdigit() for c in completed)
    return None
