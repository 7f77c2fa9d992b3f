"""A policy as data: each clause beside the words it rests on, and what it asks for in terms a program can apply.

A requirement is one of a closed set of shapes, told apart by ``kind``; those with ``of`` nest, so any and/or/n-of-m of the rest can be
said. What a shape says in Chinese is ``in_words``; what it comes to for one package is decided elsewhere, from values alone.
Wording that is open (突破, 一般, 原则上, 年收入) is never settled silently: the clause carries a ``reading`` with what is assumed, since when,
and who may decide otherwise.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from schemas.base import Frozen
from schemas.vocabulary import FACTS, FactKey, Role, Unit

#: What a passage may bear on → (Chinese name, words that suggest it). Clauses without a number list such passages for the reviewer.
TOPICS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "subject": ("建设主体", ("独立法人", "法人资格", "法人单位", "依法登记", "注册成立", "联合共建", "共建单位", "内设机构")),
    "plan": ("建设方案", ("建设目标", "组织架构", "功能体系", "服务团队", "资金保障")),
    "management": (
        "管理制度",
        ("组织架构", "管理制度", "服务流程", "科技保密", "科研诚信", "科技伦理", "质量保证", "信息保密", "收费标准"),
    ),
    "director": (
        "负责人经历",
        ("中心主任", "中心负责人", "平台负责人", "负责人从事", "转化经验", "转化经历", "科技成果转化", "中试经验", "从事中试"),
    ),
    "mechanism": ("服务机制", ("遴选", "验证分析", "商业孵化", "服务机制", "服务案例", "成果来源")),
    "services": (
        "服务链条",
        ("研发验证", "技术验证", "商业化验证", "商业验证", "基础服务", "服务链", "尽职调查", "项目评估", "法律咨询"),
    ),
    "recent": ("近年服务", ("概念验证服务", "中试服务", "服务合同", "服务项目")),
    "listed": ("创建名单", ("创建名单", "纳入创建", "批准创建", "同意创建")),
    "sources": ("项目来源", ("项目来源", "成果来源", "来源稳定", "合作协议", "项目征集", "成果征集", "来源单位")),
    "facilities": ("场地设施", ("配套设施", "检验检测", "分析检测", "中试生产线", "中试线", "专用设备", "场地构成", "功能分区")),
    "research_team": ("研发团队", ("研发团队", "研发人员", "熟化方案", "工艺规程", "生产质量")),
    "team.background": ("核心人员背景", ("核心人员", "技术研发", "技术研判", "项目管理", "从业经历")),
    "technology_managers": ("技术经纪（经理）人", ("技术经纪人", "技术经理人")),
    "funding": ("运营经费", ("运营经费", "经费保障", "专项资金")),
    "fund": ("基金（资金）", ("投资基金", "概念验证基金", "转化基金", "验证资金", "转化资金")),
    "projects.reserved": ("项目库", ("项目库", "储备项目", "入库项目")),
    "advisors.sectors": ("顾问界别", ("学术界", "产业界", "投资界")),
    "credit": ("信用", ("失信", "违法", "信用")),
}


class Comparator(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"


SIGNS: Final[dict[Comparator, str]] = {
    Comparator.AT_LEAST: "≥",
    Comparator.AT_MOST: "≤",
    Comparator.ABOVE: ">",
    Comparator.BELOW: "<",
}

UNIT_SIGNS: Final[dict[Unit, str]] = {
    Unit.M2: "㎡",
    Unit.WAN_YUAN: "万元",
    Unit.PERSONS: "人",
    Unit.ITEMS: "项",
    Unit.ENTERPRISES: "家",
    Unit.PERCENT: "%",
    Unit.YEARS: "年",
}


class Period(StrEnum):
    """Which of a fact's periods a comparison looks at.

    ``any``: all alike. ``latest``: the latest year stated. ``previous_year``: the calendar year before as-of (上年度). ``mean``: a stated
    yearly mean (年均), else the years' mean. ``total``: a stated total (累计, 合计), else the years added up. ``each_year``: every year of the window.
    """

    ANY = "any"
    LATEST = "latest"
    PREVIOUS_YEAR = "previous_year"
    MEAN = "mean"
    TOTAL = "total"
    EACH_YEAR = "each_year"


PERIOD_NAMES: Final[dict[Period, str]] = {
    Period.ANY: "",
    Period.LATEST: "最近一年",
    Period.PREVIOUS_YEAR: "上年度",
    Period.MEAN: "年均",
    Period.TOTAL: "累计",
    Period.EACH_YEAR: "每年",
}


class Window(Frozen):
    """近N年. ``anchor`` is the day the years are counted back from; the seed policies name none, so it is the day of screening."""

    years: int = Field(gt=0)
    anchor: Literal["as_of", "application", "deadline"] = "as_of"


class _Requirement(Frozen):
    """``title``, ``article`` and ``quote`` are set on a branch of alternatives that has its own number and words."""

    title: str = ""
    article: str = ""
    quote: str = ""


class Compare(_Requirement):
    """One number against one threshold, in the fact's canonical unit; a list is compared by its length.

    ``boundary: open`` leaves a value equal to the threshold undecided (突破). ``soft`` (一般, 原则上) makes what lies beyond the threshold
    a matter for a person instead of a failure. ``earlier_year_open``: where the year falls short and the year before would do, a person decides.
    """

    kind: Literal["compare"] = "compare"
    key: FactKey
    comparator: Comparator
    threshold: Decimal
    unit: Unit | None = None
    boundary: Literal["closed", "open"] = "closed"
    soft: bool = False
    period: Period = Period.ANY
    window: Window | None = None
    earlier_year_open: bool = False


class Present(_Requirement):
    """A thing is there; how much of it is not asked. Stated as none (0, 无) is not there. ``topics`` name passages to show where no value is stated."""

    kind: Literal["present"] = "present"
    key: FactKey
    topics: tuple[str, ...] = ()


class OneOf(_Requirement):
    """A text fact is one of ``values`` (单位性质, 综合型/专业型)."""

    kind: Literal["one_of"] = "one_of"
    key: FactKey
    values: tuple[str, ...] = Field(min_length=1)


class Matches(_Requirement):
    """The whole of a text fact is of the form ``pattern`` (a regular expression over folded text); ``form`` is how the policy writes it."""

    kind: Literal["matches"] = "matches"
    key: FactKey
    pattern: str
    form: str


class Declared(_Requirement):
    """The applicant's own statement, true or false, over at least the clause's window."""

    kind: Literal["declared"] = "declared"
    key: FactKey
    window: Window


RosterName: TypeAlias = Literal["team", "advisors", "equipment", "projects"]


class Says(Frozen):
    """A row's text holds one of ``words``. Holding one of ``denials`` decides against; silence decides nothing."""

    test: Literal["says"] = "says"
    field: str
    words: tuple[str, ...] = Field(min_length=1)
    denials: tuple[str, ...] = ()
    article: str = ""


class Flagged(Frozen):
    """A row's yes/no field is ``value``."""

    test: Literal["flagged"] = "flagged"
    field: str
    value: bool = True


class AnyTest(Frozen):
    test: Literal["any"] = "any"
    of: tuple["RowTest", ...] = Field(min_length=1)


class AllTests(Frozen):
    test: Literal["all"] = "all"
    of: tuple["RowTest", ...] = Field(min_length=1)
    article: str = ""


RowTest: TypeAlias = Annotated[Says | Flagged | AnyTest | AllTests, Field(discriminator="test")]


class Rows(Frozen):
    """How many rows of a roster pass a test (all rows without one), with the Chinese name that makes a denominator explicit."""

    name: str
    roster: RosterName
    where: RowTest | None = None


class CountRows(_Requirement):
    """A condition on each row of a list, then a count of the rows that meet it.

    ``base`` says which rows come into question at all (the completed ones) and ``stated`` is how many of those the applicant states; a list
    that shows fewer contradicts the statement and so decides nothing.
    """

    kind: Literal["count_rows"] = "count_rows"
    rows: Rows
    base: RowTest | None = None
    stated: FactKey | None = None
    comparator: Comparator
    threshold: Decimal
    unit: Unit | None = None


class Share(_Requirement):
    """A share in percent with both sides named. A stated share (``key``) comes first, else rows, else two facts, whichever is given."""

    kind: Literal["share"] = "share"
    key: FactKey | None = None
    numerator: Rows | FactKey
    denominator: Rows | FactKey
    comparator: Comparator
    threshold: Decimal
    unit: Unit = Unit.PERCENT
    boundary: Literal["closed", "open"] = "closed"


class Covers(_Requirement):
    """Every one of ``categories`` occurs in a column of a roster (学术界、产业界、投资界)."""

    kind: Literal["covers"] = "covers"
    roster: RosterName
    field: str
    categories: tuple[str, ...] = Field(min_length=1)
    key: FactKey | None = None
    topics: tuple[str, ...] = ()


class Attachment(_Requirement):
    """A material of this role is in the package."""

    kind: Literal["attachment"] = "attachment"
    role: Role
    name: str


class Sections(_Requirement):
    """A document must deal with named matters. Whether it does so well is for a person: never decided here."""

    kind: Literal["sections"] = "sections"
    role: Role
    sections: tuple[str, ...] = Field(min_length=1)
    topics: tuple[str, ...] = ()


class Judgement(_Requirement):
    """No program can decide it; ``topics`` name the passages and ``keys`` the facts to put before the reviewer, ``asks`` what there is to judge."""

    kind: Literal["judgement"] = "judgement"
    asks: str
    topics: tuple[str, ...] = ()
    keys: tuple[FactKey, ...] = ()


class Exclusive(_Requirement):
    """Only one of several applications may be made (同一法人不超过1个, 不得同时申报). Needs records beyond one package: a person checks."""

    kind: Literal["exclusive"] = "exclusive"
    scope: str
    policies: tuple[str, ...] = ()
    at_most: int = 1


class AnyOf(_Requirement):
    kind: Literal["any_of"] = "any_of"
    of: tuple["Requirement", ...] = Field(min_length=2)


class AllOf(_Requirement):
    kind: Literal["all_of"] = "all_of"
    of: tuple["Requirement", ...] = Field(min_length=2)


class AtLeast(_Requirement):
    """``n`` of the alternatives."""

    kind: Literal["at_least"] = "at_least"
    n: int = Field(gt=0)
    of: tuple["Requirement", ...] = Field(min_length=2)


class When(_Requirement):
    """``then`` is asked only where ``condition`` holds, ``otherwise`` where it does not (nothing, if not given)."""

    kind: Literal["when"] = "when"
    condition: "Requirement"
    then: "Requirement"
    otherwise: "Requirement | None" = None


Requirement: TypeAlias = Annotated[
    Compare
    | Present
    | OneOf
    | Matches
    | Declared
    | CountRows
    | Share
    | Covers
    | Attachment
    | Sections
    | Judgement
    | Exclusive
    | AnyOf
    | AllOf
    | AtLeast
    | When,
    Field(discriminator="kind"),
]


class Assumption(Frozen):
    """How open wording is read for now: what is assumed (Chinese), since when, and who may decide otherwise."""

    assumed: str = Field(min_length=1)
    since: date
    decides: str = Field(min_length=1)

    def told(self) -> str:
        return f"{self.assumed}（自{self.since.isoformat()}起按此理解；{self.decides}可另作决定）"


class Waiver(Frozen):
    """What a clause asks less of certain applicants. Without a ``requirement`` the clause does not apply to them."""

    kinds: tuple[str, ...] = Field(min_length=1)
    quote: str
    effect: str
    requirement: Requirement | None = None


class Clause(Frozen):
    """One check. ``quote`` is the policy's own words, parts that do not adjoin joined by ``…``; ``title`` fits a column head."""

    name: str
    title: str
    article: str
    quote: str
    requirement: Requirement
    reading: Assumption | None = None
    waivers: tuple[Waiver, ...] = ()


class Material(Frozen):
    """A material the policy itself names, so that its absence may be alleged. ``article`` and ``quote`` say where."""

    role: Role
    name: str
    article: str
    quote: str


class Counts(Frozen):
    """What may be counted towards a number: software in the equipment's value or not, which kinds of technology contract."""

    software: bool
    contracts: tuple[str, ...] = ()


class Duty(Frozen):
    """What the policy asks of the district, in its words."""

    article: str
    quote: str
    product: str


class Policy(Frozen):
    """One track of one policy. ``document`` is the policy's full title, ``title`` the track's; no dates means a draft.

    ``scope`` names the articles of ``source.txt`` whose every word must be quoted by a clause; ``unasked`` lists their words that ask nothing
    of the applicant, so that a forgotten clause cannot hide.
    """

    id: str
    version: str
    title: str
    document: str
    number: str = ""
    city: str
    draft: bool
    effective_from: date | None = None
    effective_to: date | None = None
    scope: tuple[str, ...] = Field(min_length=1)
    unasked: tuple[str, ...] = ()
    counts: Counts
    duty: Duty
    materials: tuple[Material, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)

    def clause(self, name: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.name == name), None)

    @property
    def naming(self) -> Clause | None:
        """The clause that rules the centre's name, None where the policy has none. Its requirement is a ``Matches``."""
        return next((clause for clause in self.clauses if isinstance(clause.requirement, Matches)), None)

    @property
    def required(self) -> tuple[Material, ...]:
        return self.materials


for _model in (AnyTest, AllTests, Says, Rows, CountRows, Share, AnyOf, AllOf, AtLeast, When, Waiver, Clause, Policy):
    _model.model_rebuild()


def number(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def bound(comparator: Comparator, threshold: Decimal, unit: Unit | None, *, word: str = "") -> str:
    sign = UNIT_SIGNS[unit] if unit else word
    return f"{SIGNS[comparator]} {number(threshold)} {sign}".rstrip()


def in_words(requirement: Requirement) -> str:
    """What is required, short and in Chinese, as a column of a report shows it."""
    match requirement:
        case Compare():
            named = " ".join(part for part in (PERIOD_NAMES[requirement.period], bound_of(requirement)) if part)
            return named + ("（一般）" if requirement.soft else "")
        case Present():
            return f"有{requirement.title or FACTS[requirement.key][1]}"
        case OneOf():
            return "、".join(requirement.values) + "之一"
        case Matches():
            return f"形如“{requirement.form}”"
        case Declared():
            return f"近{requirement.window.years}年无失信、违法等情形"
        case CountRows():
            return f"{requirement.rows.name} {bound(requirement.comparator, requirement.threshold, requirement.unit)}"
        case Share():
            return f"{side_name(requirement.numerator)}占{side_name(requirement.denominator)} {bound_of(requirement)}"
        case Covers():
            return "、".join(requirement.categories) + "均有"
        case Attachment():
            return f"附{requirement.name}"
        case Sections():
            return "载明" + "、".join(requirement.sections)
        case Judgement():
            return requirement.asks
        case Exclusive():
            return f"{requirement.scope}不超过{requirement.at_most}个"
        case AnyOf():
            return "以下之一：" + "；".join(_named(item) for item in requirement.of)
        case AllOf():
            return "且".join(_named(item) for item in requirement.of)
        case AtLeast():
            return f"以下至少{requirement.n}项：" + "；".join(_named(item) for item in requirement.of)
        case When():
            return f"如{_named(requirement.condition)}，则{_named(requirement.then)}"


def bound_of(requirement: Compare | Share) -> str:
    listed = isinstance(requirement, Compare) and requirement.key is FactKey.INDUSTRIES
    return bound(requirement.comparator, requirement.threshold, requirement.unit, word="个" if listed else "")


def side_name(side: Rows | FactKey) -> str:
    return side.name if isinstance(side, Rows) else FACTS[side][1]


def _named(requirement: Requirement) -> str:
    words = in_words(requirement)
    if isinstance(requirement, AnyOf | AllOf | AtLeast | When):
        words = f"（{words}）"
    if isinstance(requirement, Present):
        return words
    if not requirement.title and isinstance(requirement, Compare):
        return f"{FACTS[requirement.key][1]} {words}"
    return f"{requirement.title} {words}".strip()
