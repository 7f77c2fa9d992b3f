"""What a clause may ask for: a closed set of shapes told apart by ``kind``, as data that nests.

Those with ``of`` hold others, so any and/or/n-of-m/if-then of the rest can be said. What a shape comes to for one package is decided in
``validators``; what a file may claim of its words in ``policies``; how it is told in Chinese in ``schemas.policy``.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from schemas.base import Frozen
from schemas.vocabulary import FactKey, Grade, Role, Unit


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


#: The day a window or an age is counted from. ``deadline`` is the policy's own (申报截止日期), ``last_month`` the end of the month before as-of (上月底).
Anchor: TypeAlias = Literal["as_of", "application", "deadline", "last_month"]


class Window(Frozen):
    """近N年 (``years``, counted back from ``anchor``), or fixed calendar years, both included (2022年—2024年: ``first``, ``last``)."""

    years: int = Field(default=0, ge=0)
    anchor: Anchor = "as_of"
    first: int | None = None
    last: int | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        fixed = self.first is not None and self.last is not None and self.first <= self.last
        if fixed is (self.years > 0) or (self.first is None) is not (self.last is None):
            raise ValueError("期限写年数（years），或写起止年份（first、last，起不晚于止），两者取一")
        return self


class _Requirement(Frozen):
    """``title``, ``article`` and ``quote`` are set on a branch of alternatives that has its own number and words."""

    title: str = ""
    article: str = ""
    quote: str = ""


class Compare(_Requirement):
    """One number against one threshold, in the fact's canonical unit; a list is compared by its length.

    ``boundary: open`` leaves a value equal to the threshold undecided (突破). ``soft`` (一般, 原则上) makes what lies beyond the threshold
    a matter for a person instead of a failure. ``earlier_year_open``: where the year falls short and the year before would do, a person decides.
    ``window`` bounds ``total``, ``mean`` and ``each_year``. ``excluding`` names what must not be counted: a value whose place names it decides nothing.
    ``grade`` is the least proof the policy's words ask for (以审计报告为准): a value met by weaker proof alone is for a person.
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
    excluding: tuple[str, ...] = ()
    grade: Grade | None = None


class Between(_Requirement):
    """One number within two bounds, both included (3至5年)."""

    kind: Literal["between"] = "between"
    key: FactKey
    low: Decimal
    high: Decimal
    unit: Unit | None = None

    @model_validator(mode="after")
    def _upright(self) -> Self:
        if self.low >= self.high:
            raise ValueError("下限（low）应小于上限（high）")
        return self


class Growth(_Requirement):
    """By how many percent the year before as-of exceeds the year before it (同比增长)."""

    kind: Literal["growth"] = "growth"
    key: FactKey
    comparator: Comparator
    threshold: Decimal
    unit: Unit = Unit.PERCENT
    boundary: Literal["closed", "open"] = "closed"


class Density(_Requirement):
    """So many of one thing to every ``per`` of another (每千平方米不少于3家, 每5家至少1名, 人均). ``unit`` is the numerator's."""

    kind: Literal["density"] = "density"
    numerator: FactKey
    denominator: FactKey
    per: Decimal = Field(gt=0)
    comparator: Comparator
    threshold: Decimal
    unit: Unit | None = None


class Age(_Requirement):
    """From a date to ``anchor`` at least so many years or months have passed (正常经营满2年, 运营满18个月)."""

    kind: Literal["age"] = "age"
    key: FactKey
    threshold: int = Field(gt=0)
    unit: Literal["年", "月"] = "年"
    anchor: Anchor = "as_of"


class Dated(_Requirement):
    """A date on one side of a day: a fixed one (2023年7月11日以前) or the anchor (在有效期内: ``>=`` the day of the application).

    ``boundary: open`` leaves the day itself undecided.
    """

    kind: Literal["dated"] = "dated"
    key: FactKey
    comparator: Comparator
    day: date | None = None
    anchor: Anchor = "application"
    boundary: Literal["closed", "open"] = "closed"


class Figure(_Requirement):
    """A number of something the vocabulary has no key for: nothing reads it, so its passages are shown and a person compares.

    ``what`` is the policy's own word for it and ``unit`` the policy's own unit.
    """

    kind: Literal["figure"] = "figure"
    what: str = Field(min_length=1)
    comparator: Comparator
    threshold: Decimal
    unit: str = Field(min_length=1)
    topics: tuple[str, ...] = ()


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


class Listed(_Requirement):
    """A list, or one word, against the policy's own list: ``all`` or ``any`` of it in ``values``, or ``none`` of it (a forbidden list).

    ``open_ended``: the policy's list ends in 等, so what is not named there is for a person.
    """

    kind: Literal["listed"] = "listed"
    key: FactKey
    quantifier: Literal["all", "any", "none"] = "all"
    values: tuple[str, ...] = Field(min_length=1)
    open_ended: bool = False


PROVINCES: Final = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
    "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾",
)  # fmt: skip


class Located(_Requirement):
    """Every one of these addresses lies in one of the places (注册地、主要办公场所…均在本市). ``places`` are names an address would hold.

    An address that names none of them is for a person, unless it opens with another province than ``province``.
    """

    kind: Literal["located"] = "located"
    keys: tuple[FactKey, ...] = Field(min_length=1)
    places: tuple[str, ...] = Field(min_length=1)
    province: str = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.province and self.province not in PROVINCES:
            raise ValueError(f"不认识的省份 {self.province}（写简称，如 四川、内蒙古）")
        return self


class Matches(_Requirement):
    """The whole of a text fact is of the form ``pattern`` (a regular expression over folded text); ``form`` is how the policy writes it."""

    kind: Literal["matches"] = "matches"
    key: FactKey
    pattern: str
    form: str


class Declared(_Requirement):
    """The applicant's own statement, true or false, over at least the clause's window; without one the clause names no window.

    ``covers`` names the persons it must speak of besides the applicant (法定代表人). ``repairable``: a bad record that was repaired does not count,
    so one stated is for a person.
    """

    kind: Literal["declared"] = "declared"
    key: FactKey
    window: Window | None = None
    covers: tuple[str, ...] = ()
    repairable: bool = False


RosterName: TypeAlias = Literal["team", "advisors", "equipment", "projects"]


class Says(Frozen):
    """A row's text holds one of ``words``. Holding one of ``denials`` decides against; silence decides nothing."""

    test: Literal["says"] = "says"
    field: str
    words: tuple[str, ...] = Field(min_length=1)
    denials: tuple[str, ...] = ()
    article: str = ""


class Flagged(Frozen):
    """A row's yes/no field is ``value``, or a field of few known words (专职, 兼职) is this one."""

    test: Literal["flagged"] = "flagged"
    field: str
    value: bool | str = True


class Lacks(Frozen):
    """A row's text holds none of ``words``: what may not be counted (不含外观设计). An empty field decides nothing."""

    test: Literal["lacks"] = "lacks"
    field: str
    words: tuple[str, ...] = Field(min_length=1)


class Sized(Frozen):
    """A row's number against a threshold, in the unit of its column (单价10万元以上: ``unit_price`` in 万元)."""

    test: Literal["sized"] = "sized"
    field: str
    comparator: Comparator
    threshold: Decimal
    unit: Unit | None = None


class Within(Frozen):
    """A row's date lies in the window; a date that does not name its year decides nothing."""

    test: Literal["within"] = "within"
    field: str
    window: Window


class AnyTest(Frozen):
    test: Literal["any"] = "any"
    of: tuple["RowTest", ...] = Field(min_length=1)


class AllTests(Frozen):
    test: Literal["all"] = "all"
    of: tuple["RowTest", ...] = Field(min_length=1)
    article: str = ""


RowTest: TypeAlias = Annotated[Says | Flagged | Lacks | Sized | Within | AnyTest | AllTests, Field(discriminator="test")]


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


class SumRows(_Requirement):
    """What a column of the rows that pass a test adds up to, in the unit of the column (近三年采购设备合计)."""

    kind: Literal["sum_rows"] = "sum_rows"
    rows: Rows
    field: str
    comparator: Comparator
    threshold: Decimal
    unit: Unit | None = None


class Share(_Requirement):
    """A share in percent with both sides named. A stated share (``key``) comes first, else rows, else two facts, whichever is given.

    Two facts are set against each other over the same period; ``previous_year`` takes 上年度 alone.
    """

    kind: Literal["share"] = "share"
    key: FactKey | None = None
    numerator: Rows | FactKey
    denominator: Rows | FactKey
    comparator: Comparator
    threshold: Decimal
    unit: Unit = Unit.PERCENT
    boundary: Literal["closed", "open"] = "closed"
    period: Literal[Period.ANY, Period.PREVIOUS_YEAR] = Period.ANY


class Covers(_Requirement):
    """Every one of ``categories`` occurs in a column of a roster (学术界、产业界、投资界)."""

    kind: Literal["covers"] = "covers"
    roster: RosterName
    field: str
    categories: tuple[str, ...] = Field(min_length=1)
    key: FactKey | None = None
    topics: tuple[str, ...] = ()


class Attachment(_Requirement):
    """A material of this role is in the package. ``titles`` tell it by its own heading where no role does (审查意见表 of another authority)."""

    kind: Literal["attachment"] = "attachment"
    role: Role = Role.OTHER
    name: str
    titles: tuple[str, ...] = ()


class Sections(_Requirement):
    """A document must deal with named matters. Whether it does so well is for a person: never decided here.

    Several ``topics`` are shown one by one, each with its passages or with the word that none was found.
    """

    kind: Literal["sections"] = "sections"
    role: Role
    sections: tuple[str, ...] = Field(min_length=1)
    topics: tuple[str, ...] = ()


class Judgement(_Requirement):
    """No program can decide it; ``topics`` name the passages and ``keys`` the facts to put before the reviewer, ``asks`` what there is to judge.

    Several topics are shown one by one, as in ``Sections``.
    """

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


class Branch(Frozen):
    """``then`` is asked of those for whom ``condition`` holds."""

    condition: "Requirement"
    then: "Requirement"


class Choose(_Requirement):
    """The first branch whose condition holds, else ``otherwise`` (nothing asked, if not given): thresholds by kind, field or size."""

    kind: Literal["choose"] = "choose"
    of: tuple[Branch, ...] = Field(min_length=1)
    otherwise: "Requirement | None" = None


class Relief(_Requirement):
    """Thresholds lowered by so many percent where ``condition`` holds (两县…可降低20%)."""

    kind: Literal["relief"] = "relief"
    condition: "Requirement"
    percent: Decimal = Field(gt=0, lt=100)
    base: "Requirement"


class Band(Frozen):
    """Points for meeting ``requirement``; without one, for everybody else."""

    points: Decimal = Field(ge=0)
    requirement: "Requirement | None" = None


class Scored(Frozen):
    """One line of a scoring table: the points of the first band that is met, times ``weight``."""

    title: str
    quote: str = ""
    article: str = ""
    weight: Decimal = Field(default=Decimal(1), gt=0)
    bands: tuple[Band, ...] = Field(min_length=1)


class Score(_Requirement):
    """A scoring table and the points wanted in all."""

    kind: Literal["score"] = "score"
    items: tuple[Scored, ...] = Field(min_length=1)
    comparator: Comparator = Comparator.AT_LEAST
    threshold: Decimal


Requirement: TypeAlias = Annotated[
    Compare
    | Between
    | Growth
    | Density
    | Age
    | Dated
    | Figure
    | Present
    | OneOf
    | Listed
    | Located
    | Matches
    | Declared
    | CountRows
    | SumRows
    | Share
    | Covers
    | Attachment
    | Sections
    | Judgement
    | Exclusive
    | AnyOf
    | AllOf
    | AtLeast
    | When
    | Choose
    | Relief
    | Score,
    Field(discriminator="kind"),
]


def parts(requirement: Requirement) -> tuple[Requirement, ...]:
    """The requirements directly inside one, conditions and bands included."""
    match requirement:
        case AnyOf() | AllOf() | AtLeast():
            return requirement.of
        case When():
            return (requirement.condition, requirement.then, *_maybe(requirement.otherwise))
        case Choose():
            inner = tuple(one for branch in requirement.of for one in (branch.condition, branch.then))
            return (*inner, *_maybe(requirement.otherwise))
        case Relief():
            return (requirement.condition, requirement.base)
        case Score():
            return tuple(band.requirement for item in requirement.items for band in item.bands if band.requirement)
        case _:
            return ()


def _maybe(requirement: Requirement | None) -> tuple[Requirement, ...]:
    return () if requirement is None else (requirement,)


def keys(requirement: Requirement) -> tuple[FactKey, ...]:
    """The facts a requirement itself is decided by, without those of what it holds."""
    match requirement:
        case Compare() | Between() | Growth() | Age() | Dated() | Present() | OneOf() | Listed() | Matches() | Declared():
            return (requirement.key,)
        case Density():
            return (requirement.numerator, requirement.denominator)
        case Located():
            return requirement.keys
        case Share():
            sides = (requirement.key, requirement.numerator, requirement.denominator)
            return tuple(side for side in sides if isinstance(side, FactKey))
        case Covers():
            return () if requirement.key is None else (requirement.key,)
        case _:
            return ()


for _model in (
    AnyTest,
    AllTests,
    Says,
    Rows,
    CountRows,
    SumRows,
    Share,
    AnyOf,
    AllOf,
    AtLeast,
    When,
    Branch,
    Choose,
    Relief,
    Band,
    Scored,
    Score,
):
    _model.model_rebuild()
