"""What a label means: the key it names, its unit, its year, whether it is a part, a plan, the host's.

Labels are met as "3.其中：专门用房面积（㎡）", "2025年概念验证服务收入（万元）", "依 托 单 位（盖章）". Numbering, unit, year and remarks are taken off, and
what is left is tried against the measurands in their order.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from extractors.facts import MEASURAND_OF, MEASURANDS
from extractors.kinds import unit_kind
from extractors.measurand import AREA, COUNT, MONEY, Measurand
from extractors.quantities import unit_in
from extractors.terms import key_of
from extractors.text import tight
from schemas.vocabulary import FactKey

_NUMBERING = re.compile(
    r"^(?:(?:问题?|题|[QＱ])\d{1,3}[:：.、．)]?|第\d{1,3}[题问][:：、.．]?|\d{1,2}(?:[.．]\d{1,2}){1,3}[.、．]?(?=[\u4e00-\u9fff])(?![万千亿元米平名位台套亩倍次周年月日个项人家])|[(\[](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\]]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\]、.．](?!\d(?!0\d\d年))|\d{1,2}(?=[^\d年月日%.,./\-~至个项人家万千亿元㎡m平米名位台套亩倍次周])|[①-⑳]|[★*●■◆-])+"
)
_PART = re.compile(r"^(?:[,，;；]?(?:其中|内含|含|包括|其中包括|其中含)[:,，]?)")
_YEAR = re.compile(
    r"(?:截至|截止|至)?(?<![\d.,])(20[0-4]\d)(?![\d.,]|[万千亿元㎡m平人名位项个家台亩%])(?:年度?|年)?(?:(?:\(?(?:0?1|一)(?:月)?[-—~至到](\d{1,2})月\)?)|(?:上半年)|(?:前三季度))?(?:底|末|全年|年末|年底|以来)?"
)
#: A run of months, within a year or over its end: 2025年4月至12月, 2024年10月-2025年9月.
_MONTHS = re.compile(
    r"(20\d{2})年(?:度)?\(?(0?[1-9]|1[0-2])(?:月份?)?(?:[-—–~]+|至|到)(?:(20\d{2})年)?(0?[1-9]|1[0-2])月份?(?:底|末)?\)?"
)
_MONTHS_NAMED = re.compile(
    r"(20\d{2})年?(?:度)?(上半年|下半年|前三季度|前三个季度|前两季度|第?([一二三四1-4])季度|[QＱ]([1-4])|1季度)"
)
_UNTIL_MONTH = re.compile(r"截[至止](?:到)?(20\d{2})年(0?[1-9]|1[01])月(?!\d)")
_SINCE = re.compile(
    r"自?(?:20\d{2})年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|起|至今|到目前|至目前|开始)|(?:成立|建成|运营|创建|开展)以来"
)
_YEARS = re.compile(r"(20\d{2})年?度?[-—~至到、和及](20\d{2})年?度?")
_REMARK = re.compile(
    r"\((?:盖章|公章|签章|签字|章|全称|加盖公章|单位盖章|必填|选填|可多选|单选|如有|注明|打[“\"]?√[”\"]?|请打勾|请勾选|截[至止][^)]*|年月日|附证明[^)]*|见附件[^)]*|详见[^)]*|选择[^)]*|限[^)]*|不超过[^)]*|≤[^)]*|≥[^)]*|不少于[^)]*|累计|合计|总计|全部|含[^)]{0,8})\)"
)
_UNIT = re.compile(
    r"(?:\(|\[|/|:|,|，)?(?:单位:)?(?:人民币)?(?:万元|亿元|千元|百万元|元|万|㎡|m2|m²|M2|M²|m\^2|平方米|平米|平方|亩|公顷|万㎡|万平方米|人|名|位|项|个|家|户|年|%|％|百分比|台\(套\)|台套|台/套|台、套|台|套)(?:\)|\])?$"
)
_PLAN = re.compile(r"计划|目标|预期|预计|拟|规划|到20\d\d年|三年后|建设后|期末|建成后|新增")
_SEVERAL_YEARS = re.compile(r"近(?:[两二2]|三|3)年|累计|合计|总计|历年|建设期内|创建期")

TEXT_LABELS: tuple[tuple[FactKey, re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        FactKey.CREDIT_CLEAN,
        re.compile(
            r"(?:是否|有无|未|无)[^。；]{0,40}(?:失信|违法|违规|处罚|事故)|(?:失信|违法|违规|信用|诚信)[^。；]{0,14}(?:情况|记录|状况|行为)$"
        ),
        re.compile(r"制度|机制|伦理|承诺书|^(?:本?(?:单位|公司|中心))?(?:近|最近|过去)?.{0,6}(?:未|没有|(?<!有)无)"),
    ),
    (
        FactKey.APPLICANT_USCC,
        re.compile(r"(统一社会信用代码|社会统一信用代码|社会信用代码|统一信用代码|信用代码)"),
        re.compile(r"企业名称|合作|共建|孵化|甲方|乙方|出租|承租|附件|复印件|证书"),
    ),
    (
        FactKey.CENTRE_NAME,
        re.compile(
            r"^(?:拟|所|本|本次|该|申报|申请|建设|创建|认定|设立|成立|组建|筹建|新建|备案|挂牌|建|市级|概念验证|中试|的)*(?:中心|平台|载体|中心\(平台\)|中心/平台|平台\(中心\))(?:的)?(?:规范|正式|拟用|拟定|申报用|申报)?(?:全称|名称)$|^(?:申报|申请|拟建|拟申报)(?:项目|平台|中心)?名称$|^(?:所?(?:申报|申请|拟建|创建|建设))的(?:概念验证|中试)?(?:中心|平台)$"
        ),
        None,
    ),
    (
        FactKey.APPLICANT_NAME,
        re.compile(
            r"^(?:依托|申报|申请|建设|承担|牵头|承建|填报|主体)*(?:依托)?(?:单位|企业|机构|主体|法人|法人单位|申报主体|建设主体|依托单位|法人机构)(?:法定|登记|规范|正式|法人)?(?:全称|名称|全名)$|^(?:依托|申报|申请|建设|承担|牵头|承建|填报|承诺|编制)(?:的)?(?:建设|法人|申报|依托)?(?:单位|主体|机构|企业)$|^(?:承诺单位|承诺人\(单位\)|申报单位\(依托单位\)|依托\(申报\)单位|依托\(建设\)单位|申报\(依托\)单位|申请\(依托\)单位|申报\(建设\)单位)(?:名称)?$"
        ),
        re.compile(r"推荐|共建|合作|联合|开户|认定|审计|出租|委托|成果"),
    ),
    (
        FactKey.APPLICANT_KIND,
        re.compile(
            r"^(?:依托|申报|申请|建设)?(?:单位|主体|机构|企业|法人|依托单位|申报单位|建设主体)(?:的)?(?:性质|类型|类别|属性)(?:及类别)?$|^(?:主体|法人)类型$"
        ),
        None,
    ),
    (
        FactKey.INDUSTRIES,
        re.compile(
            r"^(?:主要|主攻|拟|所|聚焦|所属|所在|依托|重点|面向|服务|的)*(?:产业|行业|技术|服务|专业)?(?:产业|领域|产业方向|服务产业|产业领域|服务领域|技术领域|行业领域|产业方向|专业领域|产业类别|产业\(领域\)|方向)(?:及方向|名称)?$"
        ),
        re.compile(r"经营|研究方向|资金|项目"),
    ),
    (
        FactKey.APPLICATION_DATE,
        re.compile(
            r"^(?:本?(?:表格?|申报[表书]|申请[表书]|登记表)|本次|申请|申报)?(?:的)?(?:填报|申报|申请|填表|编制|提交|上报|填写|报送|制表)(?:的)?(?:日期|时间|年月日|日)$"
        ),
        None,
    ),
)

#: Labels of a form that are no key number: known so that a cell is recognised as a label, and a blank beside it as a blank.
GENERAL = re.compile(
    r"""^(?:(?:中心|平台|项目|单位|企业)?(?:负责人|主任|带头人|联系人|法定代表人|法人代表|法定代表人/主要负责人)(?:姓名|简介|信息|情况|\(签字\))?
    |(?:联系|办公|移动|手机|固定)?(?:电话|手机|座机|传真|邮箱|方式|号码)(?:[/、及](?:手机|座机|固话|电话))?|电子(?:邮箱|邮件|信箱)|E-?mail|邮(?:政)?编(?:码)?|网址
    |(?:注册|通讯|通信|联系|实际|运营|办公|详细|单位|场地|所在|建设|实际运营|实际建设|经营)*(?:地址|地点|所在地|住所)|所在(?:区|区县|县区|地区)
    |(?:成立|注册|设立|创建|登记|建成|启用)(?:日期|时间|年份|年月)|注册资(?:本|金)|实缴资本|经营范围|职务|职称|职务/职称|学历|专业|姓名|性别|出生年月|身份证号(?:码)?
    |(?:场地|房屋|产权|用房)(?:性质|来源|权属|类型|构成|用途|情况)|推荐单位|主管(?:部门|单位)|共建单位|合作单位|建设(?:方式|性质|模式|内容|地点)|开户(?:银行|行)|账号|账户名?
    |(?:全|依托|申报)?(?:单位|公司|企业|学校|医院)?(?:在职|在岗|在册|现有)?(?:职工|员工|从业人员|在职人员|单位人员)(?:总)?(?:人数|数|总数)?
    |(?:从事)?(?:专职|专业)?(?:研发|研究|科研|科技|技术|研究开发)(?:(?:与|和|及|、)(?:技术|开发|科技|研发))?(?:活动|工作)?(?:的)?人员(?:人?数)?
    |(?:[\u4e00-\u9fff]{0,4}(?:及|和|与|、))?(?:办公|会议|洽谈|展示|实验|试验|检测|办公会议|行政)(?:用房|用地|区域?|室|场所)(?:面积)?|.{0,10}(?:高级职称|博士|硕士|本科).{0,12}|.{0,8}固定资产.{0,6}|.{0,10}营业(?:总)?收入.{0,6}|.{0,8}利润.{0,6}|.{0,6}总资产
    |单位(?:房屋)?(?:建筑)?面积|仪器设备台(?:\(套\)|套)数|备注|说明|序号|是否.{2,40}|.{2,12}(?:简介|经历|简历|概况|构成|组成|意见)
    |(?:专职|兼职|全职)(?:人员|人数|数)?|外单位专家(?:人数|数)?
    |项目名称|申报编号|编号|密级|填报说明|申报类别|申报类型|申请类别|公司类型|登记机关|有效期限?|营业期限)$""",
    re.VERBOSE,
)
_SENTENCE = re.compile(r"[。；，]")


class Meaning(NamedTuple):
    """A label understood. ``key`` None: a label, but of nothing we look for. ``unit`` is as the label writes it."""

    text: str
    key: FactKey | None
    measurand: Measurand | None = None
    unit: str | None = None
    period: str | None = None
    part: bool = False
    plan: bool = False
    several: bool = False


#: A remark in square or thick brackets behind a label (服务收入【2024年】).
_SQUARE = re.compile(r"(?<=[\u4e00-\u9fff)])\[([^\[\]]{1,16})\](?=$|[(\[])")


#: The label once more in English, or a note, below it (固定场地面积 / Floor area; … / 注：以账面为准).
_FOREIGN = re.compile(r"(?<=[\u4e00-\u9fff)\]])(?:[A-Za-z]{4,}[A-Za-z ,.'/&-]*(?:\([A-Za-z0-9 ]*\))?|\(?注:[^()]{2,30}\)?)$")
#: The number of a line in an outline, parted from its words by white space (5.1 项目库入库项目).
_OUTLINE = re.compile(r"^\s*\d{1,2}(?:[.．]\d{1,2}){1,3}[.、．]?[ \u3000\t]+(?=\S{2})")


@lru_cache(maxsize=20_000)
def meaning(raw: str) -> Meaning | None:
    """What the words of a cell or the words before a colon mean as a label; None when they are no label we know."""
    text = _FOREIGN.sub("", _SQUARE.sub(r"(\1)", tight(_OUTLINE.sub("", raw)).rstrip(":;,，")))
    if not 2 <= len(text) <= 60 or not any("\u4e00" <= c <= "\u9fff" for c in text):
        return None
    if (core := _LEAD.sub("", text)) != text and (found := meaning(core)) is not None:
        return found  # (服务队伍与顾问)服务团队人数 is no count of advisers
    bare, unit, period, part, several = _strip(text)
    if "(" in bare and any(c.isdigit() for c in bare):
        bare = _unbracketed(bare) or bare  # 服务产业领域(不超过3个)
    if not bare or any(c.isdigit() for c in bare):
        return None  # a label's own digits (its number, year, unit) are off by now: this is a value
    plan = bool(_PLAN.search(text))
    if unit == "年" and re.search(r"经费|资金|投入", bare):
        unit, bare = None, f"{bare}/年"  # 运营经费（年）
    if unit and "/年" in text.replace("每年", "/年").replace("/年度", "/年") and "/年" not in bare:
        bare += "/年"  # 万元/年 is a yearly amount whatever the label's noun
    found = _known(bare, text, (unit, period, part, plan, several))
    core = _VERB.sub("", bare) if found is None else bare
    if core != bare and len(core) >= 2:  # 固定场地(合计)为 747平方米
        bare = core
        found = _known(bare, text, (unit, period, part, plan, several))
    if found is None and (shorter := _unbracketed(bare)) is not None:
        bare = shorter
        found = _known(bare, text, (unit, period, part, plan, several))
    return _made(bare, text, (unit, period, part, plan, several)) if found is None else found


#: The section in brackets before a running line's first label, unless it says whose or of when the figures are, and the verb before a figure.
_LEAD = re.compile(
    r"^\((?![^()]*(?:单位|依托|公司|企业|学校|医院|院|所|计划|目标|拟|规划|预|其中|净|不含|附件))[^()]{2,24}\)(?=.{2})"
)
_VERB = re.compile(r"(?<=.{2})(?:分别)?(?:为|是|达|达到|共计|共有)$")


#: What a form's own labels end with, whatever they ask for.
_LABELISH = re.compile(
    r"(?:面积|人数|总数|数量|个数|家数|项数|原值|原价值|净值|价值|预算|金额|总额|收入|利润|产值|营收|资本金?|资金|经费|费用|投入|占比|比例|比重|日期|时间|年份|年限|地址|地点|所在地|电话|手机|传真|邮箱|联系人|"
    r"姓名|职称|职务|学历|专业|人次|名称|全称|类别|类型|性质|情况|规模|资产|负责人|领域|方向|方式|账号|开户行|编号|代码|期限?|税额|税金|估值|成交额|交易额|融资额?|余额|实缴|到位|人员|职工|员工|项目数?|企业数?|数)$"
)
#: Words that are labels only under the group they stand in.
_TOTAL = re.compile(
    r"^(?:总|合计|现有|实际|实有|小计|其中)*(?:数量|数|人数|总人数|总数|总计|合计|小计|总量|总体|全部|面积|总面积|金额|总额|规模|总规模|个数|项数|家数|数额|数值|填报数|实有数|现有数)$"
)


def labelish(raw: str) -> bool:
    """Whether words could be a form's label: a known one, or a short phrase that ends as labels do and holds no figure of its own."""
    text = tight(raw).rstrip(":;,，")
    if meaning(text) is not None:
        return True
    if not 2 <= len(text) <= 32 or re.search(r"[。；!?□☑☐■√●○]", text):
        return False
    bare = _strip(text)[0]
    bare = re.sub(r"\([^()]*\)", "", bare)
    return bool(bare) and not any(c.isdigit() for c in bare) and bool(_LABELISH.search(bare))


def sense_in_group(raw: str, *groups: str) -> Meaning | None:
    """What a label means, alone or under the titles it stands in (innermost first): 总数, 人数 or 2025年 under 服务团队.

    >>> sense_in_group("总人数（人）", "三、专家顾问团队").key
    <FactKey.ADVISORS_HEADCOUNT: 'advisors.headcount'>
    """
    sense = meaning(raw)
    text = tight(raw).rstrip(":;,，")
    bare = _strip(text)[0] if text else ""
    short = bool(_TOTAL.match(bare)) or (not bare and period_in(text) is not None)
    if not short and (sense is not None or len(bare) > 8):
        return sense
    for group in groups:
        title = _NUMBERING.sub("", tight(group))
        if not title or len(title) > 32:
            continue
        whole = meaning(title)
        if short and whole is not None and whole.measurand is not None:
            unit = unit_in(text) or whole.unit
            return whole._replace(
                unit=unit, period=period_in(text) or whole.period, part=bool(_PART.match(_NUMBERING.sub("", text)))
            )
        joined = meaning(f"{title}{text}") if short and sense is None else None
        if joined is not None and joined.measurand is not None:
            return joined._replace(part=joined.part or bool(_PART.match(_NUMBERING.sub("", text))))
    return sense


#: A remark in brackets behind a label; one that says whose or what else it is stays.
_BRACKETS = re.compile(r"\((?![^()]*(?:单位|依托|公司|企业|计划|目标|拟|规划|预|其中|净|不含|技术))[^()]*(?:\)|$)")


def _unbracketed(bare: str) -> str | None:
    """A label without its remarks, ``(名称)`` and ``(全称)`` kept as the word they are; None where nothing changes or nothing is left."""
    named = re.sub(r"\((?:规范)?(名称|全称)\)?$", r"\1", bare)
    shorter = _BRACKETS.sub("", named)
    return shorter if shorter != bare and len(shorter) >= 2 else None


#: A noun of money: its number counts nothing (已验证项目累计投融资).
_MONEY_NOUN = re.compile(
    r"(?:投融资|融资|金额|总额|交易额|收入|营收|资金|经费|估值|产值)(?:额|总额|情况|合计|累计|规模)?(?:\([^()]*\)?)?$"
)
#: A noun that counts or compares: its number is no amount and no area (基金投资项目数, 服务收入增长率).
_COUNT_NOUN = re.compile(
    r"(?:(?<!金)(?<!额)(?<!投入)(?<!收入)(?<!合计)(?<!总计)(?<!面积)(?<!原值)(?<!价值)(?<!规模)(?<!累计总)(?<!累计)数|数量|个数|项数|家数|人数|人次|次数|份数|台套|率|占比|比例|比重)(?:\([^()]*\)?)?$"
)
_RATE_NOUN = re.compile(r"(?:率|占比|比例|比重|次数|费|费用|额)(?:\([^()]*\)?)?$")


def _of_kind(measurand: Measurand, bare: str, unit: str | None) -> bool:
    """Whether a label's noun and its own unit are of the kind that the measurand is counted in."""
    if measurand.kind == COUNT and (_MONEY_NOUN.search(bare) or _RATE_NOUN.search(bare)):
        return False
    if measurand.kind in (MONEY, AREA) and _COUNT_NOUN.search(bare):
        return False
    if unit is None or (unit_kind(unit) == measurand.kind == COUNT and unit not in _PEOPLE + _THINGS):
        return True
    if unit_kind(unit) != measurand.kind:
        return unit == "年"
    return measurand.kind != COUNT or not measurand.classifiers or unit in measurand.classifiers


_PEOPLE, _THINGS = "人名位", "项个件家户种款"
#: A part of the site by its use (其中：办公场所面积).
_OFFICE = re.compile(
    r"^(?:行政|日常)?(?:办公|会议|洽谈|展示|接待|休息|仓储|公共|管理)+(?:及|和|与|、)?(?:办公|会议|洽谈|展示|接待)*(?:场所|用房|场地|空间|用地|区域?|室|面积)"
)
#: The centre's name asked for by what it is (概念验证中心（全称）).
_FULL_NAME = re.compile(
    r"^(?:本|该|市级|申报的?|拟建)*(?:概念验证|中试)?(?:中心|平台|中心\(平台\))(?:的)?(?:\((?:规范|正式|拟定?)?(?:全称|名称)[^()]*\)|(?:名称|全称)\((?:拟定?|暂定|规范|全称)[^()]*\))$"
)
#: The name of a paper (服务收入明细和合同): what stands beside it counts pages or copies.
_PAPER = re.compile(
    r"(?:明细|(?<!技术)合同|清单|名单|证明|报告|台账|复印件|发票|证书|目录|材料|方案|协议|附件|凭证|汇总|一览|说明|函|总表|要点|统计表|文本|执照|名册)(?:表|书|单|文本|原件)?$"
)


def _known(bare: str, text: str, rest: tuple[str | None, str | None, bool, bool, bool]) -> Meaning | None:
    unit, period, part, plan, several = rest
    if _FULL_NAME.match(_NUMBERING.sub("", text)):
        return Meaning(text, FactKey.CENTRE_NAME, None, unit, period, part, plan, several)
    for key, yes, no in TEXT_LABELS:
        if yes.search(bare) and not (no and no.search(text)):
            return Meaning(text, key, None, unit, period, part, plan, several)
    if not _SENTENCE.search(bare) and not _PAPER.search(bare):
        for measurand in MEASURANDS:
            if measurand.label.search(bare) and _allowed(measurand, bare, text, unit, part=part):
                return Meaning(text, measurand.key, measurand, unit, period, part, plan, several)
    if GENERAL.match(bare):
        return Meaning(text, None, None, unit, period, part, plan, several)
    if (plain := _plain(bare)) != bare and len(plain) >= 2:
        return _known(plain, text, rest)
    return None


def _allowed(measurand: Measurand, bare: str, text: str, unit: str | None, *, part: bool) -> bool:
    """Whether nothing in a label's words says that it is none of a measurand's: their kind, a room's use, a word it is unlike."""
    if not _of_kind(measurand, bare, unit) or (part and measurand.key is FactKey.SITE_AREA and _OFFICE.match(bare)):
        return False
    return not (measurand.unlike and measurand.unlike.search(text))


def _made(bare: str, text: str, rest: tuple[str | None, str | None, bool, bool, bool]) -> Meaning | None:
    """A label that no pattern knows and that is wholly made of one key's words."""
    key = key_of(bare)
    if key is None or not _allowed(MEASURAND_OF[key], bare, text, rest[0], part=rest[2]):
        return None
    return Meaning(text, key, MEASURAND_OF[key], *rest)


#: Words before or behind a label's core that change nothing of what it measures, as long as they are not a plan's or the host's.
_BEFORE = re.compile(
    r"^(?:本|我|该|所|其|的|之|现有|现已|现|已有|已经|已|落实|目前|当前|截至目前|实有|实际|在用|在册|在岗|在库|拥有|具有|具备|自有|可用|可供|供|用于|用作|作为|使用|专用(?=的)|专属(?=的)|独立|长期|稳定|归|归属|属于|归集到?|划归|"
    r"(?:申报|申请|建设|创建)(?:的)?(?=中心|平台|概念验证|中试)|中心|平台|概念验证中心|中试平台|概念验证|开展|从事|提供|承担|取得|获得|实现|形成|达成|签订|登记|聘请|聘用|聘任|受聘|遴选|配备|建有|设有|设立|共|共有|总|合计|共计|总计|累计|历年|全部|年末|年底|期末)(?:的|之)?"
)
_BEHIND = re.compile(
    r"(?:\((?:平台|中心|概念验证|中试|累计|合计|总计|现有|实有|实际|全部|含本数|人数|个数|总数|累计数|合计数|总计数)\)|合计|总计|共计|累计|现有|实有|现状|情况|概况|数据|统计|一览|如下)$"
)


#: Such words between a noun and what is counted of it (固定场地实有面积).
_AMID = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:实有|现有|实际|目前|可用|总体|当前|实际拥有)(?=(?:建筑|使用)?面积|总?人数|总?数量?$|规模|金额|总额|原值)"
)


def _plain(bare: str) -> str:
    """A label's core: what is left of it without such words."""
    while (match := _BEFORE.match(bare)) and len(bare) - match.end() >= 2:
        bare = bare[match.end() :]
    while (match := _BEHIND.search(bare)) and match.start() >= 2:
        bare = bare[: match.start()]
    return _AMID.sub("", bare) or bare


#: A question for a label (固定场地面积是多少平方米？).
_QUESTION = re.compile(
    r"(?:是|为|有|达|共有|共|达到|了)*(?:多少|几|多大)(?:个|人|名|项|家|位)?(?P<unit>万元|亿元|千元|元|平方米|㎡|亩|%|年)?(?:的)?(?P<noun>[\u4e00-\u9fff]{0,8})[?？]?$|[?？]$"
)
#: In brackets, nothing but units and remarks: （累计，万元）, （单位：㎡）.
_TOLD = re.compile(r"\(([^()]{1,24})\)")
_TOLD_PART = re.compile(
    r"^(?:单位:?)?(?:人民币)?(?:万元|亿元|千元|百万元|元|㎡|m2|m²|M2|M²|平方米|平米|亩|公顷|人|名|位|项|个|家|户|年|%|台\(?套\)?|个/项|人/名|人\(名\)|项/个|家/个)$|^(?:累计|合计|总计|总额|全部|含税|不含税|到账|截至.*|不限|含本数|整数|保留.*|数字|填数字|必填)$"
)


def _unit_told(text: str) -> str | None:
    """The unit in a label's brackets beside other words (累计，万元), or of the condition they repeat (不少于200平方米)."""
    for match in _TOLD.finditer(text):
        for part in re.split(r"[,，、;；/]", match[1]):
            if (
                found := re.search(r"(?:^|\d|:)(万元|亿元|千元|元|㎡|m2|平方米|平米|亩|人|名|项|个|家|(?<!20\d\d)年|%)$", part)
            ) is not None:
                return found[1]
    return None


def _untold(match: re.Match[str]) -> str:
    return "" if all(_TOLD_PART.match(part) for part in re.split(r"[,，、;；/]", match[1])) else match[0]


def _strip(text: str) -> tuple[str, str | None, str | None, bool, bool]:
    bare = _NUMBERING.sub("", text)
    asked = _QUESTION.search(bare)
    if asked:
        bare = f"{bare[: asked.start()]}{asked['noun'] or ''}"
        text = f"{bare}({asked['unit']})" if asked["unit"] else bare
    part = bool(_PART.match(bare))
    bare = _PART.sub("", bare)
    unit = unit_in(text) or _unit_told(text)
    several = bool(_SEVERAL_YEARS.search(bare))
    period = period_in(bare)
    if unit:
        bare = _UNIT.sub("", bare) if _UNIT.search(bare) else bare
        bare = re.sub(r"\((?:单位:)?[^()]{0,6}(?:元|㎡|m2|m²|M2|米|亩|顷|人|名|项|个|家|%|年|套\)?)\)", "", bare)
    bare = _REMARK.sub("", _TOLD.sub(_untold, bare))
    bare = _MONTHS_NAMED.sub("", _MONTHS.sub("", bare))
    bare = _YEARS.sub("", bare)
    bare = _YEAR.sub("", bare) if period else bare
    bare = (
        re.sub(
            r"^(?:近[两二三23]年|[两二三23]年(?=合计|累计|共)|上一?年度|本年度|上年|截至目前|目前|现有|现|累计|合计)+(?=.{3})",
            "",
            bare,
        )
        if several or "年" in bare or bare[:1] in "目现"
        else bare
    )
    bare = re.sub(r"(?:\(累计\)|\(合计\)|累计|合计)$", lambda m: m[0] if len(bare) < 5 else "", bare)
    return bare.strip(":;,，-—()"), unit, period, part, several


_CN_DIGIT = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CN_YEAR = re.compile(r"二[〇零○][一二三四五六七八九〇零○]{2}(?=年)")


_QUARTERS = {
    "上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9), "前三个季度": (1, 9), "前两季度": (1, 6), "1季度": (1, 3),
    "一": (1, 3), "二": (4, 6), "三": (7, 9), "四": (10, 12), "1": (1, 3), "2": (4, 6), "3": (7, 9), "4": (10, 12),
}  # fmt: skip


def period_in(text: str) -> str | None:
    """The period a label or a few words name: ``2025``, ``2024-2025``, ``2025-01..2025-09``, ``上年度``; None if they name none.

    >>> period_in("2025年1-9月服务收入"), period_in("近两年服务收入"), period_in("二〇二五年度")
    ('2025-01..2025-09', '近两年', '2025')
    >>> period_in("2025年4月至12月"), period_in("2024年10月-2025年9月"), period_in("2025年第四季度")
    ('2025-04..2025-12', '2024-10..2025-09', '2025-10..2025-12')
    """
    text = _CN_YEAR.sub(lambda m: m[0].translate(_CN_DIGIT), text)
    if match := _MONTHS.search(text):
        last = match[3] or match[1]
        if (last, int(match[2]), int(match[4])) == (match[1], 1, 12):
            return match[1]
        return f"{match[1]}-{int(match[2]):02d}..{last}-{int(match[4]):02d}"
    if match := _YEARS.search(text):
        return f"{match[1]}-{match[2]}"
    if match := _MONTHS_NAMED.search(text):
        first, end = _QUARTERS[match[3] or match[4] or match[2]]
        return f"{match[1]}-{first:02d}..{match[1]}-{end:02d}"
    if _SINCE.search(text):
        return "total"
    if match := _UNTIL_MONTH.search(text):
        return "total" if re.search(r"累计|总计|共计", text) else f"{match[1]}-01..{match[1]}-{int(match[2]):02d}"
    if match := _YEAR.search(text):
        if match[2]:
            return f"{match[1]}-01..{match[1]}-{int(match[2]):02d}"
        if "上半年" in match[0]:
            return f"{match[1]}-01..{match[1]}-06"
        if "前三季度" in match[0]:
            return f"{match[1]}-01..{match[1]}-09"
        return match[1]
    if re.search(r"上一?(?:会计)?年度|上年", text):
        return "上年度"
    if match := re.search(r"近([两二三23])年|([两二三23])年(?:合计|累计|共|总)", text):
        return "近两年" if (match[1] or match[2]) in "两二2" else "近三年"
    return None
