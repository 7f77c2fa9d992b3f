"""Lists: who is in the team, who advises, what equipment there is, which projects and contracts.

A list is known by its header. Its rows are counted and summed, its printed totals kept beside them. What surprised us: two-level headers with
merged cells, a caption row inside the sheet, units by column (台（套）, 元, 万元), 小计 and 合计 rows that must not be counted, 其中 rows, lists
that share one sheet, and a 合计 cell merged over the very columns it sums.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from extractors.digests import digest
from extractors.forms import Grid, distinct, words
from extractors.labels import meaning, period_in
from extractors.organisations import is_outside, sector_of
from extractors.quantities import read_cell, unit_in
from extractors.rows import SUBTOTAL_ROW, TOTAL_ROW, Row, number_doubts, sort_rows
from extractors.shapes import shaped
from extractors.text import fold, mask, tight
from extractors.ticks import TICKED, chosen, options, undecided
from extractors.values import ID_NUMBER
from schemas.document import Cell, Document
from schemas.evidence import Evidence
from schemas.facts import Equipment, Person, Product, Project, Rosters, Tally
from schemas.vocabulary import FactKey, Unit

WAN = Decimal(10_000)

COLUMNS: dict[str, re.Pattern[str]] = {
    "number": re.compile(r"^(?:序号|编号|No\.?|NO\.?|序|顺序号?|序次)$"),
    "person": re.compile(r"^(?:姓名|专家姓名|人员姓名|成员姓名|顾问姓名|名字|成员)$"),
    "gender": re.compile(r"^性别$"),
    "born": re.compile(r"^(?:出生年月日?|出生日期|出生时间|年龄)$"),
    "id_number": re.compile(r"^(?:居民)?(?:身份证|证件|有效证件)(?:号|号码)(?:码)?$|身份证号|^(?:公民|居民)?身份号码$"),
    "education": re.compile(r"^(?:最高)?(?:学历|学位|学历/学位|学历学位|文化程度)$"),
    "specialty": re.compile(r"^(?:所学|从事|现从事|研究)?(?:专业|专业领域|研究方向|研究领域|专业特长|专长|擅长领域|专业方向|从事专业|领域|技术领域|专长领域)$"),
    "title": re.compile(r"^(?:专业技术)?(?:技术)?(?:职称|职务|职称/学历|学历/职称|职务/职称|职称/职务|职务职称|职称职务|职务或职称|职称\(职务\)|职务\(职称\)|现任职务)$"),
    "role": re.compile(
        r"^(?:岗位|职务\(岗位\)|岗位\(职务\)|职务/岗位|岗位/职责|岗位职责|工作岗位|职责|分工|主要分工|承担工作|中心职务|团队角色|在中心(?:\(平台\))?(?:岗位|职务|担任)|中心岗位|主要职责|工作分工|本中心岗位|角色|担任职务|负责工作|平台岗位|平台职务|任职)$"
    ),
    "part_time": re.compile(r"^兼职(?:人员)?$"),
    "employment": re.compile(r"^(?:是否)?(?:专/兼职|专兼职|专职/兼职|专职或兼职|专\(兼\)职|用工形式|用工性质|任职形式|任职方式|聘任方式|聘用方式|聘用形式|工作方式|人员性质|人员类别|是否专职|专职|全职/兼职|全/兼职|聘用类型|性质)$"),
    "organisation": re.compile(r"^(?:所在|工作|任职|现工作|所属|人事关系所在|现任职|聘用|社保缴纳|社保参保)?(?:单位|工作单位|所在单位|任职单位|单位名称|机构|工作单位及职务|单位及职务|单位/职务|所在机构)$"),
    "sector": re.compile(r"^(?:所属)?(?:界别|类别|专家类别|专家类型|顾问类别|顾问类型|类型|所属界别|专家界别|来源界别|领域类别|专业类别|身份类别|所属类别|团队类别|所属团队|人员类型|团队类型|成员类别)$"),
    "external": re.compile(r"是否(?:为)?(?:外单位|外部|校外|院外|本单位以外|外聘)|^(?:内/外部|内外部|内部/外部|内部/外聘|内/外聘|外单位|单位属性|本单位/外单位|外单位/本单位|单位内外|是否本单位|内外|本单位以外|单位以外|是否外聘.{0,8})$"),
    "certified": re.compile(r"^(?:资格|职业资格)?证书?(?:编)?号码?$"),
    "certificate": re.compile(r"技术(?:经理|经纪)(?:\(?(?:经理|经纪)\)?)?人?(?:证书|证|资格|资质)?|^(?:职业|执业)?资格证书?(?:名称)?$|^证书名称$"),
    "term": re.compile(r"^(?:聘期|聘任期限|聘用期限|聘任时间|聘书有效期|聘用时间|任期)$"),
    "phone": re.compile(r"^(?:联系)?(?:电话|手机|方式|手机号码?|联系方式)$"),
    "social": re.compile(r"^(?:社保|是否缴纳社保|社保缴纳|参保).*$"),
    "equipment": re.compile(r"^(?:仪器|设备|软件|资产|固定资产|主要|装备|仪器设备|设备仪器|系统|软硬件|设备及软件|仪器设备及软件|设备设施|设备\(软件\)|设备/软件)+(?:名称)(?:(?:及|与|和|/|、|\()?(?:规格|型号)[^，。]{0,5})?$|^(?:仪器设备|设备|仪器)$|^(?:品名|资产名称|名称及型号)$|^(?:设备|仪器|仪器设备|资产|软硬件)(?:类别|类型|种类|分类|大类)$"),
    "model": re.compile(r"^(?:规格|型号|规格型号|型号规格|规格/型号|型号/规格|型号及规格|规格及型号|主要规格|版本|型号\(版本\)|规格型号/版本|技术参数|规格、型号)$"),
    "serial": re.compile(r"^(?:出厂|设备|仪器|序列|产品|机身|机器|制造|软件|产品序列|设备序列|唯一)?(?:编号|序列号|序号码|号|编码|识别码|SN号?码?|S/N|出厂号|出厂号码|序列码)$|^(?:SN|sn|Serial(?:No\.?)?)$"),
    "asset": re.compile(r"^(?:资产|固定资产|资产卡片|卡片|财务|国资|台账|入账|校内|单位内部|内部)(?:编号|编码|号|卡片号|登记号|序号)$"),
    "maker": re.compile(r"^(?:生产|制造)?(?:厂家|厂商|品牌|生产厂家|制造商|供应商|产地|厂家/产地|品牌/厂家|生产厂商|供货商|销售方)$"),
    "quantity": re.compile(r"^(?:数量|台|台套数?|台数|件数|套数|数量\(.*\)|台\(套\)数?|台/套数?|台件数?|台\(件\)数?|件\(套\)数?|数目|个数)$"),
    "unit": re.compile(r"^(?:计量)?单位$"),
    "net": re.compile(r"净值|净额|净价|折旧|折余|残值|账面价值(?!.*原[值价])|现值|评估|重置"),
    "unit_price": re.compile(r"^(?:含税|不含税|购置|采购)?(?:单价|单台价格|单台(?:套)?原值|单位原值|单件原值|每台(?:套)?原值|单位价值|单台价值|单价原值)$"),
    "value": re.compile(r"^(?:设备|资产|账面|购置|含税|采购|固定资产|合计|总|仪器设备)?(?:原值|原价|原价值|金额|总价|价值|总额|总金额|原值合计|(?:原值|金额|价值|总价)小计|合计|小计|价款|购置金额|购置价|总值|账面原值|价格|合计金额|金额合计|原值金额|购入价值)$|^[^净折残单]{0,8}(?:原值|原价)(?:合计|总额|金额)?$|^(?:服务|合同|到账|实际到账|开票|结算|成交|确认|实收|实际)?(?:收入|合同额|合同金额|到账金额|到账额|到账收入|开票金额|服务费|服务费用|价款|报酬|结算金额|成交额)(?:金额)?$"),
    "origin": re.compile(r"^(?:设备|资产|仪器)?(?:取得方式|获取方式|购置方式|来源方式|产权(?:归属|情况|性质|单位)?|权属(?:情况|单位)?|所有权|资产性质|设备性质|设备状态|使用状态|购置状态|到货情况|采购状态|性质)$"),
    "year": re.compile(r"^(?:年度|年份|会计年度|所属年度|统计年度|收入年度|到账年度)$"),
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
    "completed": re.compile(r"^(?:完成|办结|结题|验收|完结)$|^(?:完成|结题|办结|验收|出库|结束|终止|结项|完结|实际完成|完成验证)(?:时间|日期|年月)$"),
    "status": re.compile(r"^(?:目前|当前|项目|所处|现)?(?:状态|进展|阶段|进度|进展情况|当前状态|所处阶段|项目进展|实施状态|验证状态|验证进展|项目状态|在库状态|情况|目前进展|办理状态|是否完成|实施阶段|现状|现况|在库情况|办理情况|完成与否|库内状态)$"),
    "maturity": re.compile(r"成熟度|TRL"),
    "result": re.compile(r"^(?:完成情况|完成情况说明|完成成效|成效|成果形式|验证结果|完成结果|取得成效|产出成果|主要成果|验证成效|结果|结果形式|满足条件|符合条件|产出|佐证|认定情形|情况说明|验证结论|成果产出|主要成效|对应条件|完成情形)(?:\(.*\))?$"),
    "contract": re.compile(r"^合同(?:编号|号|名称|登记号|登记编号)?$|^(?:合同|协议)(?:编号|号)$"),
    "client": re.compile(r"^(?:委托|客户|服务对象|甲方|委托方|付款|购买|服务|受让|买方|合作)(?:单位|方|名称|企业|单位名称|对象|方名称)?(?:\(甲方\))?$"),
    "service": re.compile(r"^(?:服务|合同|委托|技术服务)(?:内容|项目|事项|类别|标的|类型)$"),
    "signed": re.compile(r"^(?:签订|签署|签约|合同签订|合同)(?:日期|时间)$"),
    "received": re.compile(r"^(?:到账|收款|付款|开票|入账)(?:日期|时间|金额)$"),
    "remark": re.compile(r"^(?:备注|说明|附件|页码|附件页码|证明材料|佐证材料|签字|签名|签章)$"),
    "material": re.compile(r"^(?:附件|材料|证明材料|证明文件|佐证材料|佐证文件|附件材料|随附材料|资料|申报材料|文件|附件\(材料\))(?:的)?(?:名称|题名|题目|标题|内容|清单|目录)$|^(?:名称|内容|材料|证明材料名称及内容|申报材料)$"),
    "copies": re.compile(r"^(?:份数|张数|页|共几页|起始页码?|所在页码?|页数|页码|起止页码|页码范围|数量\(份\)|形式|原件/复印件|原/复印件)$"),
    "submitted": re.compile(r"^(?:是否(?:提交|具备|提供|齐全|已附|附后|已提交)|提交情况|有无|有/无|是否附|提供情况|已提交|自查情况|自查)$"),
}  # fmt: skip
#: Marks on a formula's cell that leave its figure open.
_UNSURE = frozenset({"stale", "error"})
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
#: Nothing to tell; a lone dash or stroke of a scan comes out as 一, J, I, | or _.
_NIL = re.compile(r"[/\\—\-–―─﹣~一_.·|lIJ无]{1,3}|暂无|无此项|N/?A|空白?")
_ORDINAL = re.compile(r"\d{1,4}[.、)]?")
_FOREIGN = re.compile(r"美元|欧元|日元|英镑|港[币元]|澳元|韩元|瑞士法郎|外币|USD|EUR|JPY|GBP|HKD|[$€£]")
#: What an instrument is that the applicant does not own, as a row says it.
_NOT_OWNED = re.compile(
    r"^\(?(?:租赁|租用|租入|借用|借入|无偿使用|共享|共用|拟[购采]|待[购采]|计划(?:购|采)|在[购途]|采购中|招标中|未到货|未验收|预[购采]|合作单位|委托管理|已?报废|已?处置)"
    r"|拟购|在购|待购|拟采购|(?:尚|还)?未(?:采购|购置|到货)|\((?:租赁|租用|借用|无偿使用|在途)\)"
)
_UNFINISHED = re.compile(r"^\(?(?:待定|待聘|拟聘|拟引进|待引进|空缺|暂缺|若干|其他|待补|无|等)")
_NO_CERTIFICATE = re.compile(r"^(?:否|无|没有|未|×|N|0$|□|申请|办理|拟|待|正在|在考|报考|培训|已报名|备考)")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list found in a grid: its kind (people, equipment, projects, contracts, materials), columns and rows.

    ``first`` and ``header`` are the first and last row of its header, ``last`` is where its rows end.
    ``halves`` are the columns of the same list set a second time beside the first (姓名 职称 | 姓名 职称).
    """

    kind: str
    grid: Grid
    header: int
    columns: dict[str, int]
    heads: dict[int, str]
    last: int
    halves: tuple[dict[str, int], ...] = ()
    first: int = 0


class Found(NamedTuple):
    """What the lists of one document yield. ``totals`` are printed sums: (key, what, period, value in yuan, unit error, cell)."""

    rosters: Rosters
    tallies: tuple[Tally, ...]
    products: tuple[Product, ...]


#: The first and last row of a header, its columns, their heads, and what the list is of.
_Header: TypeAlias = tuple[int, int, dict[str, int], dict[int, str], str]


def listings(document: Document, grid: Grid, about: str = "") -> tuple[Listing, ...]:
    """The lists in a grid. One sheet may hold several, one below the other; each begins at its header and ends where another begins.

    ``about`` is what the document calls itself there; it tells what a list with unknown heads is of (kind ``other``: of nothing we look for).
    """
    headers: list[_Header] = []
    ends: list[int] = []
    for number in range(len(grid.rows)):
        if headers and number <= headers[-1][1]:
            continue
        found = _header(document, grid, number)
        if found is None and (not ends or number >= ends[-1]):
            found = _unknown(document, grid, number, about)
        if found is not None:
            headers.append(found)
            ends.append(_end(document, grid, found[0], found[1]))
    result = []
    for index, (first, header, columns, heads, kind) in enumerate(headers):
        stop = min(headers[index + 1][0] if index + 1 < len(headers) else len(grid.rows), ends[index])
        result.append(Listing(kind, grid, header, columns, heads, stop, _halves(columns, heads, kind), first))
    return tuple(result)


def _end(document: Document, grid: Grid, first: int, header: int) -> int:
    """Where the rows below a header end: at the next row that counts anew under other heads, or at the title above it."""
    own = [[tight(words(document, c)) for c in grid.rows[n]] for n in range(first, header + 1)]
    for number in range(header + 1, len(grid.rows)):
        texts = [tight(words(document, c)) for c in grid.rows[number][:3]]
        if not any(COLUMNS["number"].match(text) for text in texts):
            continue
        if [tight(words(document, c)) for c in grid.rows[number]] in own:
            continue
        return number - 1 if number - 1 > header and len(_once(document, grid.rows[number - 1])) == 1 else number
    return len(grid.rows)


def titles(document: Document, grid: Grid, header: int) -> list[str]:
    """The lines that stand alone right above a header inside its grid, the nearest first; no total of the list above."""
    found: list[str] = []
    for number in range(header - 1, max(-1, header - 5), -1):
        texts = _once(document, grid.rows[number])
        if len(texts) > 1 or (texts and (SUBTOTAL_ROW.search(texts[0]) or TOTAL_ROW.match(texts[0]))):
            break
        found += texts
    return found


def _unknown(document: Document, grid: Grid, number: int, about: str) -> _Header | None:
    """A list that its shape tells, its heads being none we know."""
    row = grid.rows[number]
    if number + 2 >= len(grid.rows) or len({id(c) for c in row if c is not None}) < 4:
        return None
    below = [tight(words(document, c)) for c in (*grid.rows[number + 1][:3], *grid.rows[number + 2][:3])]
    if not any(re.fullmatch(r"\(?(?:[A-Za-z]{1,6}[-—–]?)?0{0,5}1[.、)]?", text) for text in below):
        return None
    asked = (tight(words(document, c)) for r in grid.rows[number + 1 : number + 40] for c in distinct(r)[:2])
    if sum((sense := meaning(text)) is not None and sense.measurand is not None for text in asked) >= 3:
        return None  # lines of a form that are numbered or coded (指标 | 代码 | 计量单位 | 数量)
    last, _ = _lower(document, grid, number)
    said = f"{' '.join(titles(document, grid, number))} {grid.caption} {grid.heading} {about}"
    told = shaped(document, grid, number, last, _end(document, grid, number, last), said, _column)
    if told is None:
        return None
    levels = grid.rows[number : last + 1]
    heads = {
        c: text
        for c in range(len(row))
        if (text := "".join(tight(words(document, x)) for x in dict.fromkeys(lv[c] for lv in levels)))
    }
    return number, last, told.columns, heads, told.kind


#: Of several columns of amounts the one that is meant: what a thing cost first, and what came in rather than what was agreed.
_FIRM: Final = re.compile(r"原值|原价|到账|收入|实收")


def _firmer(name: str, head: str, other: str) -> bool:
    """Whether a head says better than another before it what its column is."""
    firm = {"value": _FIRM, "equipment": re.compile(r"名称")}.get(name)
    return firm is not None and bool(firm.search(head)) and not firm.search(other)


def _header(document: Document, grid: Grid, number: int) -> _Header | None:
    row = grid.rows[number]
    texts = [tight(words(document, c)) for c in row]
    separate = {id(c) for c in row if c is not None}
    if len(separate) < 3 or sum(any(ch.isdigit() for ch in t) for t in texts) > len(texts) / 2:
        return None
    last, lower = _lower(document, grid, number)
    heads = {c: t + lower.get(c, "") for c, t in enumerate(texts) if t or c in lower}
    columns: dict[str, int] = {}
    for column in sorted(heads):
        if column and row[column] is row[column - 1] and column not in lower:
            continue
        name = _named(texts[column], lower.get(column))
        if name == "number" and columns.keys() & {"number", "equipment", "model"}:
            name = "serial"  # 编号 behind the name is the thing's own
        if name and (name not in columns or _firmer(name, heads[column], heads[columns[name]])):
            columns[name] = column
    kind = _kind(columns)
    if kind == "equipment" and "equipment" not in columns:
        plain = next((n for n in ("room", "material") if n in columns and heads[columns[n]] == "名称"), None)
        columns |= {"equipment": columns.pop(plain)} if plain else {}
    if kind == "projects" and "status" not in columns and (said := _status_column(document, grid, last, columns)) is not None:
        columns["status"] = said
    if kind == "people":
        told = _by_answers(document, grid, last, _end(document, grid, number, last), columns)
        columns = {name: c for name, c in columns.items() if c not in told.values()} | told
    return (number, last, columns, heads, kind) if kind else None


#: Columns of people that their cells tell, whatever their head (来源: 本单位, 外单位).
_ANSWERS: Final = (
    ("employment", re.compile(r"(?:专|全|兼)职(?:人员)?|在编|外聘兼职")),
    ("external", re.compile(r"(?:本|外)(?:单位|部|院|校|公司)(?:人员|专家)?|(?:校|院|内|单位|公司)(?:内|外)部?|内部|外部|外聘|内聘|非本单位")),
    ("sector", re.compile(r"(?:学术|产业|投资|投融资|金融)界?|企业界")),
)  # fmt: skip
#: What a column may be taken for by its head without being sure of it.
_LOOSE: Final = frozenset({"source", "origin", "remark", "status", "sector", "external", "employment", "unit", "client"})


def _by_answers(document: Document, grid: Grid, header: int, stop: int, columns: dict[str, int]) -> dict[str, int]:
    firm = {c for name, c in columns.items() if name not in _LOOSE}
    found: dict[str, int] = {}
    for column in range(len(grid.rows[header])):
        if column in firm:
            continue
        cells = dict.fromkeys(row[column] for row in grid.rows[header + 1 : stop] if column < len(row))
        said = [text for cell in cells if (text := tight(words(document, cell))) and not SUBTOTAL_ROW.search(text)]
        for name, known in _ANSWERS:
            if name not in found and said and sum(bool(known.fullmatch(t)) for t in said) > 0.8 * len(said):
                found[name] = column
                break
    return found


_STATES = re.compile(
    r"^(?:已|未)?(?:完成|办结|结题|验收|在库|入库|储备|出库|终止|启动|立项)|^(?:在研|在验|待验证|验证中|中试中|进行中|论证中|实施中|已签约)"
)


def _status_column(document: Document, grid: Grid, header: int, columns: dict[str, int]) -> int | None:
    """The column whose cells say 已完成, 在库, 在验, whatever it is headed."""
    for column in range(len(grid.rows[header])):
        if column in columns.values():
            continue
        cells = [row[column] for row in grid.rows[header + 1 :] if column < len(row)]
        said = [text for cell in cells if (text := tight(words(document, cell)))]
        if len(said) > 1 and sum(bool(_STATES.match(text)) and len(text) <= 8 for text in said) > 0.8 * len(said):
            return column
    return None


def _lower(document: Document, grid: Grid, number: int) -> tuple[int, dict[int, str]]:
    """The last row of a header that begins in row ``number``, and what its lower rows add to each column."""
    row, last = grid.rows[number], number
    lower: dict[int, str] = {}
    deeper = max((c.row + c.rows - 1 for c in row if c is not None), default=number)
    for below in range(number + 1, min(deeper, number + 2, len(grid.rows) - 1) + 1):
        for c, cell in enumerate(grid.rows[below]):
            if cell is not None and cell is not row[c] and (text := tight(words(document, cell))):
                lower[c] = lower.get(c, "") + text
        last = below
    if last == number and number + 1 < len(grid.rows) and (loose := _unmerged(document, row, grid.rows[number + 1])):
        return number + 1, loose
    return last, lower


def _unmerged(document: Document, row: tuple[Cell | None, ...], below: tuple[Cell | None, ...]) -> dict[int, str]:
    """The second level of a header whose merged cells came through as blanks: heads only, and only under blanks or a wide cell."""
    lower = {c: text for c, cell in enumerate(below) if (text := tight(words(document, cell)))}
    if len(lower) < 2 or 0 in lower or any(ch.isdigit() for text in lower.values() for ch in text):
        return {}
    wide = {c for c, cell in enumerate(row) if not tight(words(document, cell)) or (cell is not None and cell.cols > 1)}
    under = wide | {c - 1 for c in wide}
    return lower if lower.keys() <= under and all(_column(text) for text in lower.values()) else {}


def _named(upper: str, lower: str | None) -> str | None:
    """The column a head of one or two levels names: 入库项目 over 名称, 金额（万元） over 单价, 时间 over 入库."""
    if lower is None:
        return _column(upper)
    return next((name for text in (upper + lower, lower + upper, lower, upper) if (name := _column(text))), None)


_HEAD_UNIT = re.compile(
    r"\([^()]*(?:元|台|套|份|项|年|个|人|㎡|米|m2|m²|M2|月|日|√)[^()]*\)+|\((?:必填|选填|签字)\)|/(?:元|万元|台套|台|套)$"
)


@lru_cache(maxsize=4_000)
def _column(head: str) -> str | None:
    bare = _HEAD_UNIT.sub("", head).strip("*:")
    plain = re.sub(r"\([^()]*\)", "", bare)
    for text in dict.fromkeys((bare, plain)):
        for name, known in COLUMNS.items():
            if known.search(text):
                return name
    return None


def _halves(columns: dict[str, int], heads: dict[int, str], kind: str) -> tuple[dict[str, int], ...]:
    named = columns[NAMED[kind]] if NAMED.get(kind) in columns else None
    if named is None:
        return ()
    found = []
    for other in sorted(c for c, head in heads.items() if c > named and head == heads.get(named)):
        moved = {name: c + other - named for name, c in columns.items() if heads.get(c + other - named) == heads.get(c)}
        if len(moved) >= 2:
            found.append(moved)
    return tuple(found)


#: The column that names what each kind of list is of.
NAMED = {
    "people": "person",
    "equipment": "equipment",
    "projects": "project",
    "rooms": "room",
    "materials": "material",
    "contracts": "client",
}


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
    if "equipment" in has and has & {"model", "quantity", "unit_price", "value", "serial", "asset"}:
        return "equipment"
    if "model" in has and has & {"value", "unit_price"}:
        return "equipment"
    if "project" in has and has & {"started", "status", "completed", "maturity"} and not has & {"contract", "signed"}:
        return "projects"
    if has & {"contract", "client"} and "value" in has and has & {"signed", "service", "received", "client"}:
        return "contracts"
    if "project" in has and has & {"source", "started", "status", "maturity", "leader", "completed", "result"}:
        return "projects"
    return None


def extent(document: Document, listing: Listing) -> range:
    """The rows of the grid that a list takes up; what stands below its last row or sum (承诺, 审查意见) is the form's again."""
    named = NAMED.get(listing.kind, "") if NAMED.get(listing.kind) in listing.columns else "model"
    rows = sort_rows(document, listing.grid, listing.header, listing.last, listing.columns, named)
    last = max((one.number for one in rows if one.sort in ("row", "more", "total", "part")), default=listing.header)
    return range(listing.first, last + 1)


class Reader:
    """Reads the lists of one document. ``evidence`` turns a cell into a place."""

    def __init__(
        self,
        document: Document,
        evidence: Callable[[int, int], Evidence],
        applicant: str | None,
        *,
        marked: Callable[[int, int], tuple[str, ...]] = lambda start, end: (),
        unit: str | None = None,
    ) -> None:
        self.document = document
        self.evidence = evidence
        self.applicant = applicant
        self.marked = marked
        self.unit = unit
        self._sorted: dict[tuple[int, int], list[Row]] = {}
        self._more: dict[tuple[int, int], dict[int, tuple[int, ...]]] = {}
        self._groups: dict[tuple[int, int], dict[int, str]] = {}

    def text(self, listing: Listing, row: int, name: str) -> str:
        """The words of a cell, with those of the rest of its row where a page break cut it."""
        return "".join(
            words(self.document, self.cell(listing, number, name)).replace("\v", "").strip()
            for number in (row, *self._rest(listing, row))
        )

    def _rest(self, listing: Listing, row: int) -> tuple[int, ...]:
        at = (listing.grid.index, listing.header)
        if at not in self._more:
            more: dict[int, list[int]] = {}
            last = -1
            for one in self.sorted(listing):
                if one.sort == "more":
                    more.setdefault(last, []).append(one.number)
                else:
                    last = one.number
            self._more[at] = {number: tuple(rest) for number, rest in more.items()}
        return self._more[at].get(row, ())

    def sorted(self, listing: Listing) -> list[Row]:
        at = (listing.grid.index, listing.header)
        if at not in self._sorted:
            named = NAMED.get(listing.kind, "") if NAMED.get(listing.kind) in listing.columns else "model"
            self._sorted[at] = sort_rows(self.document, listing.grid, listing.header, listing.last, listing.columns, named)
        return self._sorted[at]

    def group(self, listing: Listing, row: int) -> str:
        """The title of the group of rows that a row stands in."""
        at = (listing.grid.index, listing.header)
        if at not in self._groups:
            self._groups[at] = {one.number: one.group for one in self.sorted(listing)}
        return self._groups[at].get(row, "")

    def cell(self, listing: Listing, row: int, name: str) -> Cell | None:
        column = listing.columns.get(name)
        cells = listing.grid.rows[row]
        return cells[column] if column is not None and column < len(cells) else None

    def value(self, listing: Listing, row: int, name: str) -> str | None:
        text = tight(self.text(listing, row, name))
        return None if not text or _NIL.fullmatch(text) else text

    def place(self, listing: Listing, row: int, name: str) -> tuple[Evidence, ...]:
        cell = self.cell(listing, row, name)
        return (self.evidence(cell.start, cell.end),) if cell and cell.end > cell.start else ()

    def rows(self, listing: Listing) -> Iterator[tuple[int, str]]:
        """Data rows (``"row"``), totals (``"total"``), subtotals (``"part"``) and what is none of these, after the header, in order."""
        for one in self.sorted(listing):
            yield one.number, one.sort

    def doubts(self, listing: Listing, *names: str) -> tuple[str, ...]:
        """Why a list may not be what it seems: gaps in its numbers, rows or columns nobody sees, formulas without a result."""
        rows = [one for one in self.sorted(listing) if one.sort == "row"]
        found: list[str] = []
        if "number" in listing.columns:
            numbers = [tight(words(self.document, self.cell(listing, one.number, "number"))) for one in rows]
            found += number_doubts(numbers, [one.block for one in rows])
        table = self.document.tables[listing.grid.index]
        if unseen := [one.number for one in rows if one.number in table.hidden_rows]:
            found.append(f"清单中有{len(unseen)}行被隐藏（第{'、'.join(str(n + table.row_base) for n in unseen[:5])}行）")
        shown = {listing.columns[name]: name for name in names if name in listing.columns}
        if covered := [listing.heads.get(c, "") for c in shown if c in table.hidden_cols]:
            found.append(f"清单中“{'、'.join(covered)}”一列被隐藏")
        cells = [self.cell(listing, one.number, name) for one in rows for name in names]
        if any(mark in _UNSURE for cell in cells if cell is not None for mark in self._kinds(cell)):
            found.append("清单中有公式没有保存结果，或与公式不符")
        return tuple(dict.fromkeys(found))

    def _kinds(self, cell: Cell) -> set[str]:
        start, end = cell.start, max(cell.end, cell.start + 1)
        return {m.kind for m in self.document.marks if m.start < end and max(m.end, m.start + 1) > start}

    # people

    def people(self, listing: Listing) -> tuple[tuple[Person, str | None], ...]:
        """The people with the side (``team``, ``advisors``) that their row or group names, if it names one."""
        found: list[tuple[Person, str | None]] = []
        for number, sort in self.rows(listing):
            for half in (listing.columns, *listing.halves) if sort == "row" else ():
                part = replace(listing, columns=half)
                said = _spaced(self.text(part, number, "person"))
                names = [name for name in re.split("[、,，;；/]", said) if _plausible_name(name)]
                side = self._side_of(part, number)
                found += [(self._person(part, number, name), side) for name in names]
        return tuple(found)

    def _person(self, listing: Listing, number: int, name: str) -> Person:
        organisation, title = self.value(listing, number, "organisation"), self.value(listing, number, "title")
        certificate = [
            t
            for t in (self.value(listing, number, n) for n in ("certificate", "certified"))
            if t and not _NO_CERTIFICATE.match(t)
        ]
        return Person(
            name=name, organisation=organisation, title=title,
            specialty=self.value(listing, number, "specialty"), role=self.value(listing, number, "role"),
            employment=self._employment(listing, number),
            sector=_sector(self.value(listing, number, "sector")) or (sector_of(organisation, title) if "sector" not in listing.columns else None),
            external=self._external(listing, number, organisation), technology_manager=self._manager(listing, number),
            certificate=" ".join(certificate) or None,
            born=self.value(listing, number, "born"), id_number=_masked(self.value(listing, number, "id_number")), keys=self._keys(listing, number), table=listing.grid.index,
            evidence=self.place(listing, number, "person"),
        )  # fmt: skip

    def _keys(self, listing: Listing, number: int) -> tuple[str, ...]:
        """Digests of whole identity and mobile numbers only: a part of one, or a switchboard's, tells nobody from another.

        Where no column is known by its head for one, it may stand in any cell of the row.
        """
        every = (
            ""
            if listing.halves
            else " ".join(words(self.document, c) for c in dict.fromkeys(listing.grid.rows[number]) if c is not None)
        )
        found = [
            (kind, pattern.search(fold(self.text(listing, number, kind) if kind in listing.columns else every).text))
            for kind, pattern in (("id_number", ID_NUMBER), ("phone", _MOBILE))
        ]
        return tuple(digest(kind, match[0]) for kind, match in found if match)

    def _employment(self, listing: Listing, number: int) -> str | None:
        said = self.value(listing, number, "employment")
        if "part_time" in listing.columns and (half := self.value(listing, number, "part_time")) and said is None:
            return "兼职" if re.match(rf"^(?:是|[{TICKED}]$)", half) else None
        head = listing.heads.get(listing.columns.get("employment", -1), "")
        return _employment(said, head)

    def _side_of(self, listing: Listing, number: int) -> str | None:
        for text in (
            self.group(listing, number),
            self.value(listing, number, "sector") or "",
            self.value(listing, number, "employment") or "",
        ):
            advisers = bool(re.search(r"顾问|专家", text))
            team = bool(re.search(r"运营|管理(?:团队|人员)|服务(?:团队|人员)|团队成员|工作人员|专职人员|核心团队", text))
            if advisers != team:
                return "advisors" if advisers else "team"
        return None

    def _external(self, listing: Listing, number: int, organisation: str | None) -> bool | None:
        head = listing.heads.get(listing.columns.get("external", -1), "")
        said = self.value(listing, number, "external")
        if said is not None:
            group = options(fold(self.text(listing, number, "external")))
            marked = chosen(group) or () if group else ()
            answer = marked[0].words if len(marked) == 1 else "是" if re.fullmatch(f"[{TICKED}]", said) else "" if group else said
            yes = bool(re.match(r"^(?:是|外|Y|非本|[校院单公]\w{0,2}外)", answer))
            no = bool(re.match(r"^(?:否|内|本|不是|N|×|[校院单公]\w{0,2}内)", answer))
            if (yes or no) and not undecided(said):
                return not yes if re.search(r"是否(?:为)?本单位(?!以外)", head) else yes
            return None
        return is_outside(organisation, self.applicant)

    def _manager(self, listing: Listing, number: int) -> bool | None:
        manager = re.compile(r"技术(?:经理|经纪)(?:\((?:经理|经纪)\))?人|技术经纪")
        said = [
            self.value(listing, number, name) or "" for name in ("title", "role", "sector", "specialty", "certificate", "remark")
        ]
        head = listing.heads.get(listing.columns.get("certificate", -1), "")
        if "certificate" in listing.columns and re.search(r"技术(?:经理|经纪)", head):
            group = options(fold(self.text(listing, number, "certificate")))
            marked = chosen(group) or () if group else ()
            told = any(manager.search(t) for t in said[:2])
            if (group and len(marked) != 1 and not re.fullmatch(f"[{TICKED}]", said[4])) or said[4] in ("1", "I", "l"):
                return True if told else None  # no box ticked, or a stroke that may be a scan's dash: unknown
            value = marked[0].words if len(marked) == 1 else said[4]
            return (bool(value) and not _NO_CERTIFICATE.match(value)) or told
        return any(manager.search(t) for t in said)

    def _stated_count(self, listing: Listing) -> tuple[Decimal | None, tuple[Evidence, ...]]:
        """How many people the list's own last line says there are (合计：12人)."""
        for one in reversed(self.sorted(listing)):
            if one.sort == "total":
                for cell in dict.fromkeys(listing.grid.rows[one.number]):
                    said = re.search(r"(?<![\d.])(\d{1,4})[人名位]", tight(words(self.document, cell)))
                    if cell is not None and said:
                        return Decimal(said[1]), (self.evidence(cell.start, cell.end),)
                return None, ()
        return None, ()

    def people_tally(self, listing: Listing, people: Sequence[Person], key: FactKey, what: str, *, every: int) -> Tally:
        """``every`` is how many people the list names on both sides."""
        places = tuple(dict.fromkeys(e for p in people for e in p.evidence))
        stated, at = self._stated_count(listing) if every == len(people) else (None, ())
        return Tally(
            what=what, key=key, unit=Unit.PERSONS, count=len(people), stated=stated, stated_evidence=at, complete=self.complete(listing, every, "person"),
            doubts=self.doubts(listing, "person"), evidence=places if len(places) < 2 else (places[0], places[-1]),
        )  # fmt: skip

    def complete(self, listing: Listing, count: int, name: str) -> bool:
        """Whether every data row was read: each has a name, and 序号 runs from 1 without a gap where there is one."""
        rows = [one for one in self.sorted(listing) if one.sort == "row"]
        cells = [replace(listing, columns=half) for half in (listing.columns, *listing.halves)]
        filled = [_spaced(self.text(half, one.number, name)) for one in rows for half in cells]
        named = sum(len([t for t in re.split("[、,，;；/]", text) if t]) if name == "person" else 1 for text in filled if text)
        if count == 0 or named != count or (not listing.halves and any(not text for text in filled)):
            return False
        if "number" not in listing.columns or listing.halves:
            return True
        numbers = [tight(words(self.document, self.cell(listing, one.number, "number"))) for one in rows]
        stated = [t for t in numbers if _ORDINAL.fullmatch(t)]
        return not stated or (len(stated) == len(rows) and not number_doubts(numbers, [one.block for one in rows]))

    def ends(self, listing: Listing, name: str, among: Sequence[int] | None = None) -> tuple[Evidence, ...]:
        rows = [
            n for n, sort in self.rows(listing) if sort == "row" and self.text(listing, n, name) and (among is None or n in among)
        ]
        picked = rows if len(rows) < 2 else [rows[0], rows[-1]]
        return tuple(e for n in picked for e in self.place(listing, n, name))

    # equipment

    def money_unit(self, listing: Listing, name: str) -> str | None:
        """The unit of a column's amounts; None where no place gives one, or where the amounts are in foreign money."""
        head = listing.heads.get(listing.columns.get(name, -1), "")
        if _FOREIGN.search(head):
            return None
        return (
            unit_in(head)
            or _unit_rows(self.document, listing)
            or listing.grid.unit
            or _unit_below(self.document, listing)
            or listing.grid.unit_before
            or self.unit
        )

    def amount(self, listing: Listing, number: int, name: str, unit: str | None) -> tuple[Decimal, Decimal] | None:
        """``(value, error)`` in yuan; None when the cell is not one amount or its unit is nowhere stated."""
        text = self.text(listing, number, name)
        if _FOREIGN.search(tight(text)):
            return None
        quantity = read_cell(text, unit or "")
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
        others, foreign = Decimal(0), 0
        borrowed = 0
        for number, sort in self.rows(listing):
            name = self.value(listing, number, named)
            if sort != "row" or name is None:
                continue
            shared = self._shared(listing, number, "value")
            value = None if shared else self.amount(listing, number, "value", value_unit)
            price = self.amount(listing, number, "unit_price", price_unit)
            quantity = read_cell(self.text(listing, number, "quantity"), "台")
            count = quantity.value if quantity is not None else None
            if value is None and price is not None and not shared and not listing.columns.keys() & {"value", "net"}:
                value = (price[0] * (count or 1), price[1] * (count or 1))
            owned = self.owned(listing, number, named)
            if not owned:
                borrowed, others = borrowed + 1, others + (value[0] if value else 0)
            elif shared:
                pass  # one amount for several rows stands with the first of them
            elif value is None:
                unread += 1
                foreign += any(_FOREIGN.search(self.text(listing, number, n)) for n in ("value", "unit_price"))
            else:
                total, error = total + value[0], error + value[1]
            items.append(
                Equipment(
                    name=name, model=self.value(listing, number, "model"), serial=self.value(listing, number, "serial"), quantity=count,
                    unit_price=price[0] / WAN if price else None, value=value[0] / WAN if value else None,
                    purchased=self.value(listing, number, "purchased"), owned=None if owned else False, table=listing.grid.index, evidence=self.place(listing, number, named),
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
        stated, places, unsure = self.stated_total(listing, "value", value_unit)
        doubts = list(self.doubts(listing, named, "value"))
        if foreign or any(_FOREIGN.search(listing.heads.get(listing.columns.get(n, -1), "")) for n in ("value", "unit_price")):
            doubts.append("清单中有外币金额，未折算")
        if borrowed and not (stated is not None and unread == 0 and abs(stated - total) <= error + Decimal("0.01")):
            doubts.append(f"清单中有{borrowed}行写明为租赁、借用或尚未购置，不计入原值，合计是否含这些行须核对")
        tally = Tally(
            what="仪器设备清单", key=FactKey.EQUIPMENT_VALUE, unit=Unit.WAN_YUAN, stated=stated / WAN if stated is not None else None,
            stated_evidence=places, stated_doubts=unsure, sum=total / WAN if unread == 0 else None, count=len(items), error=error / WAN,
            complete=unread == 0 and self.complete(listing, len(items), named), doubts=tuple(doubts), evidence=self.ends(listing, "value") or self.ends(listing, named),
        )  # fmt: skip
        return tuple(items), tally, tuple(products)

    def _shared(self, listing: Listing, number: int, name: str) -> bool:
        """Whether a row's cell is one with the cell of the row above."""
        cell = self.cell(listing, number, name)
        return cell is not None and cell.rows > 1 and cell is self.cell(listing, number - 1, name) and cell.row < number

    def owned(self, listing: Listing, number: int, named: str) -> bool:
        """False where the row or its group says that the thing is leased, borrowed, or not bought yet."""
        said = [tight(self.text(listing, number, name)) for name in ("origin", "source", "status", "remark", "use")]
        return not any(
            _NOT_OWNED.search(text)
            for text in (
                *said,
                self.group(listing, number),
                *re.findall(r"\([^()]*\)$", tight(self.text(listing, number, named))),
            )
        )

    def stated_total(
        self, listing: Listing, name: str, unit: str | None
    ) -> tuple[Decimal | None, tuple[Evidence, ...], tuple[str, ...]]:
        """The printed total of a column in yuan, from the last 合计 row, its place, and why it may not be what it seems.

        A 合计 cell merged over the column it sums leaves the total to the last amount of the row; never one of another column's.
        """
        for number, sort in reversed(list(self.rows(listing))):
            if sort == "total" and (found := self._stated_in(listing, number, name, unit))[0] is not None:
                return found
        return None, (), ()

    def _stated_in(
        self, listing: Listing, number: int, name: str, unit: str | None
    ) -> tuple[Decimal | None, tuple[Evidence, ...], tuple[str, ...]]:
        """The amount that a row of a sum prints, in yuan."""
        column = listing.columns.get(name)
        if column is None:
            return None, (), ()
        others = {c for n, c in listing.columns.items() if n in ("net", "quantity", "number", "unit_price")}
        cells = listing.grid.rows[number]
        label = "".join(tight(words(self.document, c)) for c in cells[:1])
        own = unit_in(label) or unit
        cell = cells[column] if column < len(cells) else None
        said = tight(words(self.document, cell))
        covered = bool(TOTAL_ROW.match(said)) or (cell is not None and cell.cols > 1 and not any(ch.isdigit() for ch in said))
        candidates = [cell] if cell is not None and not covered else []
        if not candidates:
            amounts = [
                c
                for at, c in enumerate(cells)
                if c is not None and at not in others and any(ch.isdigit() for ch in words(self.document, c))
            ]
            candidates = list(amounts[-1:])
        for candidate in candidates:
            text = words(self.document, candidate).strip()
            if TOTAL_ROW.match(tight(text)):
                text = TOTAL_ROW.sub("", tight(text))
            quantity = None if _FOREIGN.search(tight(text)) else read_cell(text, own or "")
            if quantity is not None and quantity.value is not None and (quantity.kind == "money" or own):
                span = candidate.start, candidate.end
                return quantity.value, (self.evidence(*span),), self.marked(*span)
        return None, (), ()

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
        titled = _done_by_title(f"{listing.grid.caption} {_title_rows(self.document, listing)}")
        found = []
        for number, sort in self.rows(listing):
            name = self.value(listing, number, "project")
            if sort != "row" or name is None:
                continue
            amount = self.amount(listing, number, "value", unit) if "value" in listing.columns else None
            status, completed, result = (self.value(listing, number, n) for n in ("status", "completed", "result"))
            grouped = _done_by_title(self.group(listing, number))
            done = _done(status, completed, listing)
            if status is None and (grouped is not None or titled is not None):
                done = grouped if grouped is not None else titled
            found.append(
                Project(
                    name=name, source=self.value(listing, number, "source"), started=self.value(listing, number, "started"), completed=completed,
                    amount=amount[0] / WAN if amount else None, status=status, done=done, result=result,
                    evidence=self.place(listing, number, "project"),
                )
            )  # fmt: skip
        return tuple(found)

    def contracts(self, listing: Listing) -> tuple[Tally, ...]:
        """The amounts of a list of contracts with its printed totals, for each year apart where its rows or its sums name years."""
        unit = self.money_unit(listing, "value")
        years = self._years(listing)
        sums = [one for one in self.sorted(listing) if one.sort in ("total", "part")]
        if len(found := {year for year in years.values() if year}) < 2 or None in years.values():
            period = next(
                (p for one in reversed(sums) if one.sort == "total" and (p := self._labelled(listing, one.number))), None
            )
            period = period or (found.pop() if found and None not in years.values() else None) or period_in(listing.grid.caption)
            tally = self._contracts(listing, list(years), self.stated_total(listing, "value", unit), period)
            return (tally,) if tally is not None else ()
        result = []
        for year in sorted(found, key=str):
            stated = next((s for one in sums if self._labelled(listing, one.number) == year and (s := self._stated_in(listing, one.number, "value", unit))[0] is not None), (None, (), ()))  # fmt: skip
            result.append(self._contracts(listing, [n for n, y in years.items() if y == year], stated, year))
        last = next((one for one in reversed(sums) if one.sort == "total"), None)
        if last is not None and self._labelled(listing, last.number) not in found:
            span = sorted(str(year) for year in found)
            period = (
                f"{span[0]}-{span[-1]}"
                if all(re.fullmatch(r"20\d\d", y) for y in span) and int(span[-1]) - int(span[0]) == len(span) - 1
                else "total"
            )
            result.append(self._contracts(listing, list(years), self._stated_in(listing, last.number, "value", unit), period))
        return tuple(tally for tally in result if tally is not None)

    def _contracts(
        self,
        listing: Listing,
        rows: Sequence[int],
        printed: tuple[Decimal | None, tuple[Evidence, ...], tuple[str, ...]],
        period: str | None,
    ) -> Tally | None:
        unit = self.money_unit(listing, "value")
        amounts = [self.amount(listing, number, "value", unit) for number in rows]
        read = [one for one in amounts if one is not None]
        if not read:
            return None
        stated, places, unsure = printed
        return Tally(
            what="服务收入明细表", key=FactKey.REVENUE_SERVICE, unit=Unit.WAN_YUAN, period=period, stated=stated / WAN if stated is not None else None,
            stated_evidence=places, stated_doubts=unsure, sum=sum((value for value, _ in read), Decimal(0)) / WAN, count=len(read),
            error=sum((error for _, error in read), Decimal(0)) / WAN, complete=len(read) == len(amounts), doubts=self.doubts(listing, "value"),
            evidence=self.ends(listing, "value", rows),
        )  # fmt: skip

    def _labelled(self, listing: Listing, number: int) -> str | None:
        """The year that the words of a row of a sum name."""
        return period_in("".join(_once(self.document, listing.grid.rows[number])[:2]))

    def _years(self, listing: Listing) -> dict[int, str | None]:
        """The year of each row: as its column of years, its group or the sum below it says."""
        found: dict[int, str | None] = {}
        waiting: list[int] = []
        for one in self.sorted(listing):
            if one.sort == "row":
                told = period_in(tight(self.text(listing, one.number, "year")) or one.group)
                found[one.number] = told
                waiting += [one.number] if told is None else []
            elif one.sort in ("part", "total") and waiting:
                told = self._labelled(listing, one.number)
                found |= dict.fromkeys(waiting, told)
                waiting = []
        return found


def _once(document: Document, cells: Sequence[Cell | None]) -> list[str]:
    return [text for cell in dict.fromkeys(cells) if cell is not None and (text := tight(words(document, cell)))]


_UNIT_ROW = re.compile(r"(?:金额|货币|计量)?单位[:为]?(?:人民币)?(万元|元|千元|亿元)|[(](万元|元|千元|亿元)[)]$")


def _unit_rows(document: Document, listing: Listing) -> str | None:
    """单位：万元 in a row above the header, the nearest first: a sheet may hold several lists, each with its own."""
    for row in reversed(listing.grid.rows[: listing.header]):
        for cell in row:
            if cell is not None and (match := _UNIT_ROW.search(tight(words(document, cell)))):
                return match[1] or match[2]
    return None


def _unit_below(document: Document, listing: Listing) -> str | None:
    """注：金额单位为万元 under the list."""
    for row in listing.grid.rows[max(listing.header + 1, listing.last - 3) : listing.last]:
        for cell in row:
            text = tight(words(document, cell)) if cell is not None else ""
            if re.match(r"^(?:注|备注|说明)", text) and (
                match := re.search(r"单位(?:均)?[:为]?(?:人民币)?(万元|元|千元|亿元)", text)
            ):
                return match[1]
    return None


def _title_rows(document: Document, listing: Listing) -> str:
    rows = listing.grid.rows[max(0, listing.header - 2) : listing.header]
    return " ".join(dict.fromkeys(tight(words(document, c)) for row in rows for c in row if c is not None))


def _spaced(text: str) -> str:
    """A name as it is written: Chinese without white space, others with one blank between their words."""
    return re.sub(r"\s+", " ", text).strip() if re.fullmatch(r"[A-Za-z .·\s-]+", text) else tight(text)


def _plausible_name(name: str) -> bool:
    return bool(re.fullmatch(r"[\u3400-\u9fff·•．.]{2,12}(?:\([^)]*\))?|[A-Za-z][A-Za-z .·-]{2,40}", name)) and not (
        TOTAL_ROW.match(name) or _UNFINISHED.match(name)
    )


def _employment(text: str | None, head: str = "") -> str | None:
    """专职 or 兼职; a box nobody ticked says neither."""
    if text is None or undecided(text):
        return None
    if (group := options(fold(text))) and not re.fullmatch(f"[{TICKED}]", text):
        marked = chosen(group) or ()
        text = marked[0].words if len(marked) == 1 else ""
    elif group:
        text = "是"
    if re.match(r"^专职?[/或、(]?兼", text) or not text:
        return None
    if re.search(r"^兼|兼职$|外聘|^否$|^不是$", text):
        return "专职" if "兼职" in head and "专职" not in head and text in ("否", "不是") else "兼职"
    return "专职" if re.search(r"专职|全职|在编|^专|^是$", text) else None


def _sector(text: str | None) -> str | None:
    if text is None:
        return None
    if group := options(fold(text)):
        marked = chosen(group) or ()
        if len(marked) != 1:
            return None
        text = marked[0].words
    for sector, known in (
        ("学术", r"学术|高校|院所|科研|学界"),
        ("投资", r"投资|投融资|金融|创投|资本"),
        ("产业", r"产业|企业|行业|业界"),
    ):
        if re.search(known, text):
            return sector
    return None if re.search(r"团队|人员|专[职家]|兼职|顾问$", text) else text


def _masked(text: str | None) -> str | None:
    return mask(text) if text else None


_DONE = re.compile(r"已?(?:完成|结题|办结|验收|完结|结项)(?!度|率|[一二三四五六七八九\d%])|通过验证|验证通过|^是$")
_OPEN = re.compile(
    r"未|待|在研|在验|进行|储备|论证|验证中|中试中|开展中|实施中|拟|正在|阶段性|部分|基本|预计|计划|即将|\d+%(?<!100%)|终止|中止|撤销|暂停|退出|放弃|失败|不通过"
)
#: Projects that are in the library no more, or never came to be.
GONE = re.compile(r"终止|中止|撤销|退库|退出|放弃|移出|取消|淘汰")


def _done_by_title(text: str) -> bool | None:
    """What a list's or a group's title says of all of its projects: 已完成项目清单, 储备（在库）项目."""
    done = re.search(r"已?(?:完成|办结|结题|验收|结项)(?:的|概念|验证|中试)*[^，。]{0,6}(?:项目|清单|台账)|项目完成", text)
    held = re.search(r"储备|入库|在库|待验证|在研|进行中|未完成|拟|项目库", text)
    return None if bool(done) == bool(held) else bool(done)


def _done(status: str | None, completed: str | None, listing: Listing) -> bool | None:
    if status is not None:
        return bool(_DONE.search(status)) and not _OPEN.search(status)
    if "completed" in listing.columns:
        return completed is not None and any(c.isdigit() for c in completed)
    return None
