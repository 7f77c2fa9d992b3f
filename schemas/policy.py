"""A policy as data: each clause beside the words it rests on, and what it asks for in terms a program can apply.

The shapes a requirement may have stand in ``schemas.requirements``; what a shape says in Chinese is ``in_words``; what it comes to for one
package is decided elsewhere, from values alone. Wording that is open (突破, 一般, 原则上, 年收入) is never settled silently: the clause carries a
``reading`` with what is assumed, since when, and who may decide otherwise.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import Field

from schemas.base import Frozen
from schemas.requirements import (
    PERIOD_NAMES,
    PROVINCES,
    SIGNS,
    UNIT_SIGNS,
    Age,
    AllOf,
    AllTests,
    Anchor,
    AnyOf,
    AnyTest,
    AtLeast,
    Attachment,
    Band,
    Between,
    Branch,
    Choose,
    Comparator,
    Compare,
    CountRows,
    Covers,
    Dated,
    Declared,
    Density,
    Exclusive,
    Figure,
    Flagged,
    Growth,
    Judgement,
    Lacks,
    Listed,
    Located,
    Matches,
    OneOf,
    Period,
    Present,
    Relief,
    Requirement,
    RosterName,
    Rows,
    RowTest,
    Says,
    Score,
    Scored,
    Sections,
    Share,
    Sized,
    SumRows,
    When,
    Window,
    Within,
    keys,
    parts,
)
from schemas.topics import TOPICS
from schemas.vocabulary import FACTS, GRADE_NAMES, FactKey, Role, Unit

__all__ = [
    "ANCHOR_NAMES",
    "PERIOD_NAMES",
    "PROVINCES",
    "SIGNS",
    "TOPICS",
    "UNIT_SIGNS",
    "Age",
    "AllOf",
    "AllTests",
    "Anchor",
    "AnyOf",
    "AnyTest",
    "Assumption",
    "AtLeast",
    "Attachment",
    "Band",
    "Between",
    "Branch",
    "Choose",
    "Clause",
    "Comparator",
    "Compare",
    "CountRows",
    "Counts",
    "Covers",
    "Dated",
    "Declared",
    "Density",
    "Duty",
    "Exclusive",
    "Figure",
    "Flagged",
    "Growth",
    "Judgement",
    "Lacks",
    "Listed",
    "Located",
    "Matches",
    "Material",
    "OneOf",
    "Period",
    "Policy",
    "Present",
    "Relief",
    "Requirement",
    "RosterName",
    "RowTest",
    "Rows",
    "Says",
    "Score",
    "Scored",
    "Sections",
    "Share",
    "Sized",
    "SumRows",
    "Waiver",
    "When",
    "Window",
    "Within",
    "bound",
    "bound_of",
    "in_words",
    "keys",
    "number",
    "parts",
    "side_name",
    "window_name",
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

    ``deadline`` is the notice's 申报截止日期. ``scope`` names the articles of ``source.txt`` whose every word must be quoted by a clause; ``unasked`` lists their words that ask nothing
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
    deadline: date | None = None
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
            window = window_name(requirement.window) if requirement.window else ""
            named = " ".join(part for part in (window, PERIOD_NAMES[requirement.period], bound_of(requirement)) if part)
            left_out = f"（{'、'.join(requirement.excluding)}不计）" if requirement.excluding else ""
            proof = f"（须有{GRADE_NAMES[requirement.grade]}）" if requirement.grade else ""
            return named + left_out + proof + ("（一般）" if requirement.soft else "")
        case Between():
            sign = UNIT_SIGNS[requirement.unit] if requirement.unit else ""
            return f"{number(requirement.low)}至{number(requirement.high)} {sign}".rstrip()
        case Growth():
            return f"同比增长 {bound_of(requirement)}"
        case Density():
            base = FACTS[requirement.denominator]
            each = f"{number(requirement.per)}{UNIT_SIGNS[base[0]] if base[0] else ''}"
            return f"每{each}（{base[1]}） {bound_of(requirement)}"
        case Age():
            return f"满 {requirement.threshold} {'年' if requirement.unit == '年' else '个月'}"
        case Dated():
            day = requirement.day.isoformat() if requirement.day else ANCHOR_NAMES[requirement.anchor]
            return f"{SIGNS[requirement.comparator]} {day}"
        case Figure():
            return f"{requirement.what} {SIGNS[requirement.comparator]} {number(requirement.threshold)} {requirement.unit}"
        case Present():
            return f"有{requirement.title or FACTS[requirement.key][1]}"
        case OneOf():
            return "、".join(requirement.values) + "之一"
        case Listed():
            among = "、".join(requirement.values) + ("等" if requirement.open_ended else "")
            return {"all": f"都属于{among}", "any": f"有属于{among}的", "none": f"不属于{among}"}[requirement.quantifier]
        case Located():
            return "、".join(FACTS[key][1] for key in requirement.keys) + f"均在{'、'.join(requirement.places)}"
        case Matches():
            return f"形如“{requirement.form}”"
        case Declared():
            since = f"{window_name(requirement.window)}" if requirement.window else ""
            who = f"（含{'、'.join(requirement.covers)}）" if requirement.covers else ""
            return f"{since}无失信、违法等情形{who}" + ("，已修复的除外" if requirement.repairable else "")
        case CountRows():
            return f"{requirement.rows.name} {bound(requirement.comparator, requirement.threshold, requirement.unit)}"
        case SumRows():
            return f"{requirement.rows.name}合计 {bound(requirement.comparator, requirement.threshold, requirement.unit)}"
        case Share():
            return f"{PERIOD_NAMES[requirement.period]}{side_name(requirement.numerator)}占{side_name(requirement.denominator)} {bound_of(requirement)}"
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
            rest = f"，否则{_named(requirement.otherwise)}" if requirement.otherwise else ""
            return f"如{_named(requirement.condition)}，则{_named(requirement.then)}{rest}"
        case Choose():
            told = [f"如{_named(branch.condition)}，则{_named(branch.then)}" for branch in requirement.of]
            return "；".join([*told, *([f"否则{_named(requirement.otherwise)}"] if requirement.otherwise else [])])
        case Relief():
            return f"{_named(requirement.base)}；如{_named(requirement.condition)}，降低{number(requirement.percent)}%"
        case Score():
            return f"{'、'.join(item.title for item in requirement.items)}合计 {SIGNS[requirement.comparator]} {number(requirement.threshold)} 分"


ANCHOR_NAMES: Final[dict[Anchor, str]] = {
    "as_of": "审查日", "application": "申报日", "deadline": "申报截止日期", "last_month": "审查日的上月底",
}  # fmt: skip


def window_name(window: Window) -> str:
    if window.first is not None:
        return f"{window.first}—{window.last}年"
    return f"近{window.years}年" if window.anchor == "as_of" else f"{ANCHOR_NAMES[window.anchor]}前{window.years}年"


def bound_of(requirement: Compare | Share | Growth | Density) -> str:
    listed = isinstance(requirement, Compare) and requirement.key is FactKey.INDUSTRIES
    return bound(requirement.comparator, requirement.threshold, requirement.unit, word="个" if listed else "")


def side_name(side: Rows | FactKey) -> str:
    return side.name if isinstance(side, Rows) else FACTS[side][1]


def _named(requirement: Requirement) -> str:
    words = in_words(requirement)
    if isinstance(requirement, AnyOf | AllOf | AtLeast | When | Choose | Relief):
        words = f"（{words}）"
    if isinstance(requirement, Present):
        return words
    if not requirement.title and isinstance(requirement, Compare | Between | Growth | Age | Dated | OneOf | Listed):
        return f"{FACTS[requirement.key][1]} {words}"
    return f"{requirement.title} {words}".strip()
