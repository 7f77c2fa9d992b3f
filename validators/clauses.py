"""What each clause comes to for one package: values in, verdicts out, nothing else.

Everything turns on two rules. ``met`` and ``not_met`` rest on accepted facts; and nothing is ever decided from silence: what no
document states is ``missing``, what is stated but torn across the threshold, uncertainly read, or exactly on an open boundary is ``unclear``.
A derived value (a roster's length, a list's sum) speaks where nothing is stated, and an accepted one that lies on the other
side of the threshold keeps a stated value from deciding; it never takes the stated value's place.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Equipment, Fact, FactValue, Person, Project
from schemas.policy import (
    TOPICS,
    AllOf,
    AllTests,
    AnyOf,
    AnyTest,
    AtLeast,
    Attachment,
    Clause,
    Comparator,
    Compare,
    CountRows,
    Covers,
    Declared,
    Exclusive,
    Flagged,
    Judgement,
    Matches,
    OneOf,
    Period,
    Policy,
    Present,
    Requirement,
    RosterName,
    Rows,
    RowTest,
    Says,
    Sections,
    Share,
    When,
    in_words,
    side_name,
)
from schemas.report import Check, Finding
from schemas.vocabulary import (
    FACTS,
    VERDICT_NAMES,
    DocumentStatus,
    FactKey,
    FactStatus,
    FindingCode,
    Role,
    Severity,
    Unit,
    Verdict,
)
from validators import messages, naming

PASSAGES_SHOWN: Final = 8
QUOTE_SHOWN: Final = 48

#: The fact that says how long a roster is, and so whether all of it was read.
ROSTER_KEYS: Final[dict[RosterName, FactKey]] = {
    "team": FactKey.TEAM_HEADCOUNT,
    "advisors": FactKey.ADVISORS_HEADCOUNT,
    "equipment": FactKey.EQUIPMENT_VALUE,
    "projects": FactKey.PROJECTS_RESERVED,
}
ROSTER_ROLES: Final[dict[RosterName, Role]] = {
    "team": Role.PEOPLE_LIST,
    "advisors": Role.PEOPLE_LIST,
    "equipment": Role.EQUIPMENT_LIST,
    "projects": Role.PROJECT_LIST,
}
ROSTER_NAMES: Final[dict[RosterName, str]] = {
    "team": "团队名单",
    "advisors": "专家顾问名单",
    "equipment": "设备清单",
    "projects": "项目清单",
}

PASS, FAIL, EDGE = "pass", "fail", "edge"
Side: TypeAlias = str
Row: TypeAlias = Person | Equipment | Project


class Ruling(NamedTuple):
    """What a requirement comes to; ``reason`` is a whole Chinese sentence, ``observed`` what was found, in short.

    ``parts`` are the alternatives' own results, so that a list of alternatives can be told without places.
    """

    verdict: Verdict
    reason: str
    observed: str = "未见说明"
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[str, ...] = ()

    def brief(self) -> str:
        """Values alone; the places stand in ``reason``."""
        if self.parts:
            return "，".join(self.parts)
        if self.facts:
            return "、".join(messages.shown(fact.value, fact.unit) + _dated(fact) for fact in self.facts)
        return self.observed


def evaluate(policy: Policy, case: Case) -> tuple[Check, ...]:
    """One check for each clause, in the policy's order."""
    return tuple(_check(clause, case) for clause in policy.clauses)


def findings(policy: Policy, case: Case, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """``THRESHOLD_NOT_MET`` for clauses one number decides, ``BOUNDARY_VALUE`` at open boundaries. Ids are left to the runner."""
    known = {fact.id: fact for fact in (*case.facts, *case.derived)}
    found: list[Finding] = []
    for check in checks:
        clause = policy.clause(check.clause)
        if clause is None or not isinstance(clause.requirement, Compare | Share | Present):
            continue
        facts = [known[name] for name in check.facts if name in known]
        if check.verdict is Verdict.NOT_MET:
            found.append(_threshold(clause, check, facts, case))
        elif edge := _on_boundary(clause.requirement, facts):
            found.append(_boundary(clause, edge, case))
    return tuple(found)


def _threshold(clause: Clause, check: Check, facts: Sequence[Fact], case: Case) -> Finding:
    return messages.finding(
        FindingCode.THRESHOLD_NOT_MET,
        Severity.HIGH,
        f"{clause.title}：{check.reason}",
        case=case,
        facts=[fact.id for fact in facts],
        evidence=[place for fact in facts for place in fact.evidence],
        clause=clause.name,
        advice="对照原件核对数值；核对无误的，该项不符合条件。",
    )


def _on_boundary(requirement: Compare | Share | Present, facts: Sequence[Fact]) -> list[Fact]:
    if isinstance(requirement, Present) or requirement.boundary != "open":
        return []
    edge = [fact for fact in facts if fact.value == requirement.threshold]
    sure = any(fact.status is FactStatus.ACCEPTED or len(fact.evidence) > 1 for fact in edge)
    return edge if sure else []


def _boundary(clause: Clause, facts: Sequence[Fact], case: Case) -> Finding:
    who = f"由{clause.reading.decides}" if clause.reading else "由有权解释政策的机关"
    return messages.finding(
        FindingCode.BOUNDARY_VALUE,
        Severity.MEDIUM,
        f"{clause.title}：{_told(facts, case)}，恰好等于条文所写的数值，“{_short(clause.quote)}”未写明等于是否算达到。",
        case=case,
        facts=[fact.id for fact in facts],
        evidence=[place for fact in facts for place in fact.evidence],
        clause=clause.name,
        advice=f"{who}决定恰好等于时是否符合，程序不作判断。",
    )


def _check(clause: Clause, case: Case) -> Check:
    requirement, waived = clause.requirement, ""
    for waiver in clause.waivers:
        if _applies(waiver.kinds, case):
            waived = f"（{waiver.effect}：“{waiver.quote}”）"
            requirement = waiver.requirement or requirement
            if waiver.requirement is None:
                ruling = Ruling(Verdict.NOT_APPLICABLE, f"按申报单位性质，本条不适用{waived}。", "不适用")
                return _as_check(clause, clause.requirement, ruling, "")
            break
    return _as_check(clause, requirement, _rule(requirement, clause.quote, case), waived)


def _as_check(clause: Clause, requirement: Requirement, ruling: Ruling, waived: str) -> Check:
    return Check(
        clause=clause.name,
        article=clause.article,
        wording=clause.quote,
        verdict=ruling.verdict,
        reason=ruling.reason + waived,
        required=in_words(requirement),
        observed=ruling.observed,
        facts=tuple(dict.fromkeys(fact.id for fact in ruling.facts)),
        title=clause.title,
        reading=clause.reading.told() if clause.reading else "",
        evidence=ruling.evidence,
    )


def _applies(kinds: Iterable[str], case: Case) -> bool:
    """Only an accepted kind of applicant waives anything, and only where all statements of it agree."""
    stated = [fact for fact in case.facts if fact.key is FactKey.APPLICANT_KIND]
    return bool(stated) and all(
        fact.status is FactStatus.ACCEPTED and any(kind in _tight(str(fact.value)) for kind in kinds) for fact in stated
    )


# --- the shapes --------------------------------------------------------------------------------------------------------------------


def _rule(requirement: Requirement, above: str, case: Case) -> Ruling:
    """``above`` is the quote of what holds the requirement, for one without words of its own."""
    quote = requirement.quote or above
    match requirement:
        case Compare():
            return _compare(requirement, quote, case)
        case Present():
            return _present(requirement, quote, case)
        case OneOf():
            wanted = [_tight(value) for value in requirement.values]
            return _decide(
                _of_key(requirement.key, case), lambda value: _side(any(one in _tight(str(value)) for one in wanted)), quote, case
            )
        case Matches():
            return _decide(
                _of_key(requirement.key, case), lambda value: _side(naming.matches(requirement, str(value))), quote, case
            )
        case Declared():
            return _declared(requirement, quote, case)
        case CountRows():
            return _count_rows(requirement, quote, case)
        case Share():
            return _share(requirement, quote, case)
        case Covers():
            return _covers(requirement, quote, case)
        case Attachment():
            return _attachment(requirement, case)
        case Sections():
            return _sections(requirement, case)
        case Judgement():
            return _judgement(requirement, case)
        case Exclusive():
            return Ruling(
                Verdict.JUDGEMENT, f"{in_words(requirement)}，须与其他申报及以往记录核对，由人工判断。", "须核对其他申报"
            )
        case AnyOf():
            return _of(1, requirement.of, quote, case)
        case AllOf():
            return _of(len(requirement.of), requirement.of, quote, case)
        case AtLeast():
            return _of(requirement.n, requirement.of, quote, case)
        case When():
            return _when(requirement, quote, case)


class Stated(NamedTuple):
    """The facts that speak to a requirement. ``open`` (Chinese) says why their period does not settle it."""

    facts: tuple[Fact, ...]
    derived: tuple[Fact, ...] = ()
    open: str = ""


def _of_key(key: FactKey, case: Case) -> Stated:
    return Stated(
        tuple(fact for fact in case.facts if fact.key is key and not fact.derived),
        tuple(fact for fact in (*case.derived, *case.facts) if fact.key is key and fact.derived),
    )


def _decide(stated: Stated, side: Callable[[FactValue], Side], quote: str, case: Case, *, soft: bool = False) -> Ruling:
    """The one place where values become a verdict."""
    facts = stated.facts or stated.derived
    if not facts:
        return _missing(case)
    observed = _observed(facts, case)
    told = _told(facts, case) if stated.facts else f"材料未直接写明，按清单计算，{_told(facts, case)}"
    sides = {side(fact.value) for fact in facts}
    accepted = [fact for fact in facts if fact.status is FactStatus.ACCEPTED]
    if stated.open:
        return Ruling(Verdict.UNCLEAR, f"{told}，{stated.open}，无法判定是否符合“{_short(quote)}”。", observed, facts)
    if len(sides) > 1:
        return Ruling(
            Verdict.UNCLEAR, f"所写数值不一：{told}；有的符合、有的不符合“{_short(quote)}”，须人工核对。", observed, facts
        )
    if sides == {EDGE}:
        return Ruling(
            Verdict.UNCLEAR,
            f"{told}，恰好等于“{_short(quote)}”所写的数值，条文未写明等于是否算达到，须由审核人决定。",
            observed,
            facts,
        )
    if not accepted and len(facts) > 1:
        word = "都符合" if sides == {PASS} else "都不符合"
        return Ruling(
            Verdict.UNCLEAR,
            f"写法不一：{told}；虽{word}“{_short(quote)}”，但没有一处可以确认，须人工核对以哪处为准。",
            observed,
            facts,
        )
    if not accepted:
        why = "；".join(dict.fromkeys(fact.reason.rstrip("。") for fact in facts if fact.reason))
        return Ruling(Verdict.UNCLEAR, f"{told}，但读取把握不足{f'（{why}）' if why else ''}，须人工核对。", observed, facts)
    coarse = [fact for fact in facts if _coarse(fact, side)]
    if coarse:
        return Ruling(
            Verdict.UNCLEAR, f"{told}，写法较粗，舍入之前是否符合“{_short(quote)}”无法判定，须人工核对。", observed, facts
        )
    against = [
        fact for fact in stated.derived if stated.facts and fact.status is FactStatus.ACCEPTED and side(fact.value) not in sides
    ]
    if against:
        other = _told(against, case)
        return Ruling(
            Verdict.UNCLEAR,
            f"{told}，而按清单计算，{other}，两者一个符合、一个不符合“{_short(quote)}”，须人工核对。",
            observed,
            (*facts, *against),
        )
    if sides == {PASS}:
        return Ruling(Verdict.MET, f"{told}，符合“{_short(quote)}”。", observed, facts)
    if soft:
        return Ruling(Verdict.UNCLEAR, f"{told}，超出“{_short(quote)}”所写的一般界限，是否认可由审核人判断。", observed, facts)
    return Ruling(Verdict.NOT_MET, f"{told}，不符合“{_short(quote)}”。", observed, facts)


def _missing(case: Case, note: str = "") -> Ruling:
    unread = sum(document.status is not DocumentStatus.READ for document in case.documents)
    hint = f"另有{unread}份文件没有（完整）读取，可能写在其中。" if unread else ""
    return Ruling(Verdict.MISSING, f"已读取的材料中没有查到有关说明{note}，须补充或人工查找。{hint}")


# --- numbers -----------------------------------------------------------------------------------------------------------------------


def _compare(requirement: Compare, quote: str, case: Case) -> Ruling:
    all_ = _of_key(requirement.key, case)

    def side(value: FactValue) -> Side:
        size = _size(value)
        if size is None:
            return FAIL
        if size == requirement.threshold and requirement.boundary == "open":
            return EDGE
        return _side(_holds(size, requirement.comparator, requirement.threshold))

    if requirement.period is Period.PREVIOUS_YEAR:
        return _previous_year(requirement, all_, side, quote, case)
    if requirement.period is Period.TOTAL:
        return _total(requirement, all_, side, quote, case)
    if requirement.period is Period.MEAN:
        return _mean(all_, side, quote, case)
    if requirement.period is Period.EACH_YEAR:
        return _each_year(requirement, all_, side, quote, case)
    if requirement.period is Period.LATEST:
        all_ = Stated(_latest(all_.facts), _latest(all_.derived))
    return _decide(all_, side, quote, case, soft=requirement.soft)


def _previous_year(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """上年度: the calendar year before as-of. A part of it, several years together, or no year given never count as it."""
    year = case.as_of.year - 1
    exact = Stated(_in_year(all_.facts, year), _in_year(all_.derived, year))
    before = _in_year(all_.facts, year - 1) or _in_year(all_.derived, year - 1)
    earlier = [fact for fact in before if requirement.earlier_year_open and side(fact.value) == PASS]
    if exact.facts or exact.derived:
        ruling = _decide(exact, side, quote, case, soft=requirement.soft)
        if ruling.verdict is Verdict.NOT_MET and earlier:
            reason = f"{year}年不足：{_told(ruling.facts, case)}；再前一年达到：{_told(earlier, case)}。“{_short(quote)}”未写明指哪一年，须由审核人决定。"
            facts = (*ruling.facts, *earlier)
            return Ruling(Verdict.UNCLEAR, reason, _observed(facts, case), facts)
        return ruling
    near = tuple(fact for fact in all_.facts if _touches(fact.period, year) or fact.period is None)
    if near:
        return _decide(Stated(near, (), f"不是{year}年全年的数额"), side, quote, case)
    if earlier:
        return _decide(Stated(tuple(earlier), (), f"不是{year}年的数额"), side, quote, case)
    others = "、".join(sorted({fact.period for fact in all_.facts if fact.period}))
    ruling = _missing(case, f"（{year}年；查到的是{others}）" if others else f"（{year}年）")
    return ruling._replace(facts=all_.facts, observed=_observed(all_.facts, case) if all_.facts else "未见说明")


def _total(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """累计, 合计: what is stated as a total; else the years, which can only show that enough is there, never that it is not."""
    whole = tuple(fact for fact in all_.facts if _years(fact.period) is None or _is_range(fact.period))
    if whole:
        widest = _widest(whole)
        ruling = _decide(Stated(widest, tuple(fact for fact in all_.derived if _alike(fact, widest))), side, quote, case)
    elif all_.facts:
        ruling = _years_added(requirement, all_.facts, side, quote, case)
    else:
        return _decide(Stated((), _widest(all_.derived)), side, quote, case)
    single = [fact for fact in all_.facts if fact.status is FactStatus.ACCEPTED and side(fact.value) == PASS]
    if ruling.verdict is Verdict.NOT_MET and single:
        reason = f"{_told(ruling.facts, case)}，而{_told(single, case)}，合计与分年不一致，无法判定是否符合“{_short(quote)}”，须人工核对。"
        return Ruling(Verdict.UNCLEAR, reason, ruling.observed, (*ruling.facts, *single))
    return ruling


def _years_added(
    requirement: Compare, facts: tuple[Fact, ...], side: Callable[[FactValue], Side], quote: str, case: Case
) -> Ruling:
    by_year: dict[str, list[Fact]] = {}
    for fact in facts:
        by_year.setdefault(fact.period or "", []).append(fact)
    whole_years = {period: group for period, group in by_year.items() if re.fullmatch(r"\d{4}", period)}
    least = sum(
        (min(size for fact in group if (size := _size(fact.value)) is not None) for group in whole_years.values()), Decimal(0)
    )
    sure = all(any(fact.status is FactStatus.ACCEPTED for fact in group) for group in whole_years.values())
    told, observed = _told(facts, case), _observed(facts, case)
    sum_ = messages.amount(least, requirement.unit)
    if whole_years and sure and side(least) == PASS and requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE):
        return Ruling(Verdict.MET, f"{told}，各年相加{sum_}，符合“{_short(quote)}”。", observed, facts)
    return Ruling(
        Verdict.UNCLEAR,
        f"{told}，没有写明合计（各年相加{sum_}），无法判定是否符合“{_short(quote)}”，须人工核对。",
        observed,
        facts,
    )


def _mean(all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """年均: a stated mean first. Years decide only where all lie on one side, since where the period ends is the officer's to know."""
    facts = all_.facts or all_.derived
    mean = tuple(fact for fact in facts if _years(fact.period) is None or _is_range(fact.period))
    years = tuple(fact for fact in facts if re.fullmatch(r"\d{4}", fact.period or ""))
    if mean or not facts:
        return _decide(Stated(mean) if all_.facts else Stated((), mean), side, quote, case)
    if not years:
        return _decide(Stated(facts, (), "不是全年的数额"), side, quote, case)
    if len({side(fact.value) for fact in years}) > 1:
        return _decide(Stated(years, (), "各年有高有低，没有写明年均数"), side, quote, case)
    return _decide(Stated(years) if all_.facts else Stated((), years), side, quote, case)


def _each_year(requirement: Compare, all_: Stated, side: Callable[[FactValue], Side], quote: str, case: Case) -> Ruling:
    """每年: one year short is enough to fail, every year of the window is needed to pass; without a window, every year stated."""
    if requirement.window:
        years = [str(case.as_of.year - back) for back in range(requirement.window.years, 0, -1)]
    else:
        years = sorted({fact.period for fact in all_.facts if re.fullmatch(r"\d{4}", fact.period or "") and fact.period})
    if not years:
        return _decide(all_._replace(open="没有写明是哪一年的数额"), side, quote, case)
    rulings = [
        _decide(Stated(_in_year(all_.facts, int(year)), _in_year(all_.derived, int(year))), side, quote, case) for year in years
    ]
    return Ruling(
        combined(len(rulings), [ruling.verdict for ruling in rulings]),
        "".join(
            ruling.reason if ruling.facts else f"{year}年：{ruling.reason}" for year, ruling in zip(years, rulings, strict=True)
        ),
        "；".join(
            ruling.observed if ruling.facts else f"{year}年{ruling.observed}" for year, ruling in zip(years, rulings, strict=True)
        ),
        tuple(fact for ruling in rulings for fact in ruling.facts),
    )


def _size(value: FactValue) -> Decimal | None:
    if isinstance(value, tuple):
        return Decimal(len(value))
    return value if isinstance(value, Decimal) else None


def _holds(value: Decimal, comparator: Comparator, threshold: Decimal) -> bool:
    match comparator:
        case Comparator.AT_LEAST:
            return value >= threshold
        case Comparator.AT_MOST:
            return value <= threshold
        case Comparator.ABOVE:
            return value > threshold
        case Comparator.BELOW:
            return value < threshold


def _side(holds: bool) -> Side:
    return PASS if holds else FAIL


def _coarse(fact: Fact, side: Callable[[FactValue], Side]) -> bool:
    """Written so roughly (0.02亿元 for anything from 150 to 250万元) that rounding decides. Ordinary rounding to the last digit does not count."""
    if not isinstance(fact.value, Decimal) or fact.error <= 1:
        return False
    return len({side(fact.value - fact.error), side(fact.value), side(fact.value + fact.error)}) > 1


def _years(period: str | None) -> tuple[int, int] | None:
    """The first and last year a period touches; None for no period and for a total."""
    found = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", period or "")]
    return (min(found), max(found)) if found else None


def _is_range(period: str | None) -> bool:
    return re.fullmatch(r"\d{4}-\d{4}", period or "") is not None


def _touches(period: str | None, year: int) -> bool:
    years = _years(period)
    return years is not None and years[0] <= year <= years[1]


def _in_year(facts: Iterable[Fact], year: int) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.period == str(year))


def _latest(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    dated = [fact for fact in facts if re.fullmatch(r"\d{4}", fact.period or "")]
    last = max((fact.period or "" for fact in dated), default="")
    return tuple(fact for fact in dated if fact.period == last) or facts


def _widest(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Among totals, those without years, else those over the longest span: a total over fewer years is no rival of theirs."""
    unbounded = tuple(fact for fact in facts if _years(fact.period) is None)
    if unbounded:
        return unbounded
    spans = {fact.id: _span(fact.period) for fact in facts}
    longest = max(spans.values(), default=0)
    return tuple(fact for fact in facts if spans[fact.id] == longest)


def _span(period: str | None) -> int:
    years = _years(period)
    return years[1] - years[0] + 1 if years else 0


def _alike(fact: Fact, others: Iterable[Fact]) -> bool:
    return any(_years(fact.period) == _years(other.period) for other in others)


# --- things there, statements ------------------------------------------------------------------------------------------------------


def _present(requirement: Present, quote: str, case: Case) -> Ruling:
    stated = _of_key(requirement.key, case)
    if stated.facts or stated.derived:
        return _decide(stated, _is_there, quote, case)
    passages = _passages(requirement.topics, case, says=_AFFIRMS, unless=quote)
    if passages:
        reason = f"没有查到写明的{FACTS[requirement.key][1]}，有关文字见{messages.places(passages, case)}，是否符合“{_short(quote)}”须人工判断。"
        return Ruling(Verdict.JUDGEMENT, reason, _quoted(passages), (), passages)
    return _missing(case)


def _is_there(value: FactValue) -> Side:
    if isinstance(value, bool):
        return _side(value)
    return _side(value > 0 if isinstance(value, Decimal) else bool(value))


def _declared(requirement: Declared, quote: str, case: Case) -> Ruling:
    """A statement covers the clause where its own window is as long or longer; one without a window is put before a person."""
    stated = _of_key(requirement.key, case)
    facts = stated.facts
    if not facts:
        passages = _passages(("credit",), case, says=_DENIES, unless=quote)
        if passages:
            reason = f"没有读到明确的声明，有关文字见{messages.places(passages, case)}，是否符合“{_short(quote)}”须人工判断。"
            return Ruling(Verdict.JUDGEMENT, reason, _quoted(passages), (), passages)
        return _missing(case)
    whole = _decide(stated, lambda value: _side(value is True), quote, case)
    if whole.verdict is not Verdict.MET:
        return whole
    windows = {fact.id: _window(fact.period) for fact in facts if fact.status is FactStatus.ACCEPTED}
    if any(years is not None and years >= requirement.window.years for years in windows.values()):
        return whole
    told, observed = _told(facts, case), _observed(facts, case)
    if any(years is None for years in windows.values()):
        reason = f"{told}，但没有写明是近几年，是否涵盖“{_short(quote)}”要求的近{requirement.window.years}年，须人工判断。"
        return Ruling(Verdict.JUDGEMENT, reason, observed, facts)
    longest = max(years for years in windows.values() if years is not None)
    reason = f"{told}，声明的期限为近{longest}年，短于“{_short(quote)}”要求的近{requirement.window.years}年，须补充或人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, observed, facts)


def _window(period: str | None) -> int | None:
    found = re.search(r"近?([0-9一二两三四五六七八九十]+)(?:个)?年", unicodedata.normalize("NFKC", period or ""))
    if not found:
        return None
    text = found[1].replace("两", "二")
    if text.isascii():
        return int(text)
    return "一二三四五六七八九十".index(text) + 1 if len(text) == 1 else None


# --- rows --------------------------------------------------------------------------------------------------------------------------


def _rows(roster: RosterName, case: Case) -> tuple[Row, ...]:
    match roster:
        case "team":
            return case.rosters.team
        case "advisors":
            return case.rosters.advisors
        case "equipment":
            return case.rosters.equipment
        case "projects":
            return case.rosters.projects


def _complete(roster: RosterName, case: Case) -> bool:
    """All of the list was read: its reader says so, or it is as long as the accepted count the applicant states."""
    rows, key = _rows(roster, case), ROSTER_KEYS[roster]
    if not rows:
        return False
    if any(fact.key is key and fact.status is FactStatus.ACCEPTED and fact.value == Decimal(len(rows)) for fact in case.facts):
        return True
    tallies = [tally for reading in case.readings for tally in reading.tallies if tally.key is key]
    return bool(tallies) and all(tally.complete and not tally.doubts for tally in tallies)


def _listed(roster: RosterName, case: Case) -> bool:
    return any(ROSTER_ROLES[roster] in (*document.roles, document.role) for document in case.documents)


def _test(test: RowTest, row: Row) -> bool | None:
    """Three-valued: what a row does not say is None, never false."""
    match test:
        case Says():
            text = getattr(row, test.field)
            if not isinstance(text, str):
                return None
            said = _tight(text)
            pieces = [piece for piece in re.split("[,;。、]", said) if any(word in piece for word in test.words)]
            if any(not any(denial in piece for denial in test.denials) for piece in pieces):
                return True
            return False if pieces else None
        case Flagged():
            value = getattr(row, test.field)
            return None if value is None else value is test.value
        case AnyTest():
            results = [_test(inner, row) for inner in test.of]
            return True if True in results else None if None in results else False
        case AllTests():
            results = [_test(inner, row) for inner in test.of]
            return False if False in results else None if None in results else True


class Counted(NamedTuple):
    yes: int
    unsure: int
    rows: tuple[Row, ...]


def _tally(rows: Rows, case: Case, base: RowTest | None = None) -> Counted:
    all_ = _rows(rows.roster, case)
    tests = tuple(test for test in (base, rows.where) if test is not None)
    if not tests:
        return Counted(len(all_), 0, all_)
    results = [_test(AllTests(of=tests), row) for row in all_]
    return Counted(results.count(True), results.count(None), all_)


def _count_rows(requirement: CountRows, quote: str, case: Case) -> Ruling:
    roster, unit = requirement.rows.roster, requirement.unit
    counted = _tally(requirement.rows, case, requirement.base)
    if not counted.rows:
        if _listed(roster, case):
            return Ruling(
                Verdict.UNCLEAR,
                f"材料中有{ROSTER_NAMES[roster]}，但逐项内容没有读出，“{_short(quote)}”须人工核对。",
                "清单未读出",
            )
        return _missing(case, f"（{ROSTER_NAMES[roster]}）")._replace(observed=f"未见{ROSTER_NAMES[roster]}")
    low, high = Decimal(counted.yes), Decimal(counted.yes + counted.unsure)
    observed = f"{requirement.rows.name}{messages.amount(low, unit)}" + (
        f"，另有{counted.unsure}项写得不明" if counted.unsure else ""
    )
    told = f"{ROSTER_NAMES[roster]}共{len(counted.rows)}行，{observed}"
    places = messages.ordered((place for row in counted.rows for place in row.evidence), case)[:PASSAGES_SHOWN]
    at_low, at_high = (_holds(value, requirement.comparator, requirement.threshold) for value in (low, high))
    why = _list_doubt(requirement, counted, case)
    more_can_only_help = requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
    if at_low and at_high and (not why or more_can_only_help):
        return Ruling(Verdict.MET, f"{told}，符合“{_short(quote)}”。", observed, (), places)
    if not at_low and not at_high and not why:
        return Ruling(Verdict.NOT_MET, f"{told}，不符合“{_short(quote)}”。", observed, (), places)
    return Ruling(Verdict.UNCLEAR, f"{told}{why}，无法判定是否符合“{_short(quote)}”，须人工逐项核对。", observed, (), places)


def _list_doubt(requirement: CountRows, counted: Counted, case: Case) -> str:
    """Why the list cannot speak against the applicant: not read to its end, or shorter than what the applicant states."""
    if not _complete(requirement.rows.roster, case):
        return "，清单未能确认读全"
    if requirement.stated is None:
        return ""
    eligible = sum(requirement.base is None or _test(requirement.base, row) is not False for row in counted.rows)
    stated = [fact for fact in case.facts if fact.key is requirement.stated]
    more = [fact for fact in stated if isinstance(fact.value, Decimal) and fact.value > eligible]
    return f"，而{_told(more, case)}" if more else ""


def _share(requirement: Share, quote: str, case: Case) -> Ruling:
    def side(value: FactValue) -> Side:
        size = _size(value)
        if size is not None and size == requirement.threshold and requirement.boundary == "open":
            return EDGE
        return _side(size is not None and _holds(size, requirement.comparator, requirement.threshold))

    if requirement.key is not None:
        stated = _of_key(requirement.key, case)
        if stated.facts or stated.derived:
            return _decide(stated, side, quote, case)
    top, bottom = requirement.numerator, requirement.denominator
    if isinstance(top, Rows) and isinstance(bottom, Rows):
        part, whole = _tally(top, case), _tally(bottom, case)
        if not whole.yes or part.unsure or whole.unsure:
            return _missing(case)
        share = messages.amount(Decimal(100 * part.yes) / whole.yes, Unit.PERCENT)
        observed = f"按名单计算{share}"
        reason = f"没有写明占比；按名单，{top.name}{part.yes}人，{bottom.name}{whole.yes}人，占{share}，须人工核对。"
        places = messages.ordered((place for row in whole.rows for place in row.evidence), case)[:PASSAGES_SHOWN]
        return Ruling(Verdict.UNCLEAR, reason, observed, (), places)
    if isinstance(top, FactKey) and isinstance(bottom, FactKey):
        return _ratio(requirement, _of_key(top, case).facts, _of_key(bottom, case).facts, side, quote, case)
    return _missing(case)


def _ratio(
    requirement: Share,
    top: tuple[Fact, ...],
    bottom: tuple[Fact, ...],
    side: Callable[[FactValue], Side],
    quote: str,
    case: Case,
) -> Ruling:
    if not top or not bottom:
        return _missing(case)
    facts = (*top, *bottom)
    ratios = [
        100 * upper.value / lower.value
        for upper in top
        for lower in bottom
        if isinstance(upper.value, Decimal) and isinstance(lower.value, Decimal) and lower.value and upper.period == lower.period
    ]
    sides = {side(ratio) for ratio in ratios}
    observed = "、".join(dict.fromkeys(messages.amount(ratio, Unit.PERCENT) for ratio in ratios)) or "无法计算"
    told = f"{_told(facts, case)}，{side_name(requirement.numerator)}占{side_name(requirement.denominator)}{observed}"
    if len(sides) != 1 or EDGE in sides or any(fact.status is not FactStatus.ACCEPTED for fact in facts):
        return Ruling(Verdict.UNCLEAR, f"{told}，无法判定是否符合“{_short(quote)}”，须人工核对。", observed, facts)
    verdict, word = (Verdict.MET, "符合") if sides == {PASS} else (Verdict.NOT_MET, "不符合")
    return Ruling(verdict, f"{told}，{word}“{_short(quote)}”。", observed, facts)


def _covers(requirement: Covers, quote: str, case: Case) -> Ruling:
    """A complete list with every row's category given decides both ways; anything less is shown to a person."""
    rows = _rows(requirement.roster, case)
    values = [getattr(row, requirement.field) for row in rows]
    counts = {category: sum(category in str(value or "") for value in values) for category in requirement.categories}
    lacking = [category for category, count in counts.items() if not count]
    passages = _passages(requirement.topics, case, says=_PEOPLE, unless=quote)
    if not any(counts.values()):
        if passages:
            reason = f"名单没有写明各人界别，有关文字见{messages.places(passages, case)}，是否符合“{_short(quote)}”须人工判断。"
            return Ruling(Verdict.JUDGEMENT, reason, _quoted(passages), (), passages)
        if rows or _listed(requirement.roster, case):
            return Ruling(Verdict.JUDGEMENT, f"名单没有写明各人界别，是否符合“{_short(quote)}”须人工判断。", "名单未写界别")
        return _missing(case)
    observed = "、".join(f"{category}{count}人" for category, count in counts.items())
    told = f"{ROSTER_NAMES[requirement.roster]}共{len(rows)}人，其中{observed}"
    places = messages.ordered((place for row in rows for place in row.evidence), case)[:PASSAGES_SHOWN]
    complete = _complete(requirement.roster, case)
    if not lacking and complete:
        return Ruling(Verdict.MET, f"{told}，符合“{_short(quote)}”。", observed, (), places)
    if not lacking:
        return Ruling(Verdict.JUDGEMENT, f"{told}，名单未能确认读全，是否符合“{_short(quote)}”须人工判断。", observed, (), places)
    named = "、".join(lacking)
    elsewhere = [place for place in passages if any(category in place.quote for category in lacking)]
    if complete and all(values) and not elsewhere:
        return Ruling(Verdict.NOT_MET, f"{told}，没有{named}界别的专家，不符合“{_short(quote)}”。", observed, (), places)
    reason = f"{told}，没有认出{named}界别的专家，是否符合“{_short(quote)}”须人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, observed, (), (*places, *elsewhere)[:PASSAGES_SHOWN])


# --- documents and words -----------------------------------------------------------------------------------------------------------


def _attachment(requirement: Attachment, case: Case) -> Ruling:
    found = [document for document in case.documents if requirement.role in (*document.roles, document.role)]
    names = "、".join(messages.document_name(document.id, case) for document in found)
    if any(document.status is DocumentStatus.READ for document in found):
        return Ruling(Verdict.MET, f"已附{requirement.name}：{names}。", names)
    if found:
        return Ruling(Verdict.UNCLEAR, f"附有{names}，但没有（完整）读取，须人工核对。", names)
    return _missing(case, f"（{requirement.name}）")


def _sections(requirement: Sections, case: Case) -> Ruling:
    passages = _passages(requirement.topics, case)
    seen = [section for section in requirement.sections if any(section in _tight(place.quote) for place in passages)]
    unseen = [section for section in requirement.sections if section not in seen]
    document = any(requirement.role in (*entry.roles, entry.role) for entry in case.documents)
    name = "" if document else "没有识别出单独的方案文件；"
    told = f"检出关于{'、'.join(seen)}的文字" if seen else "没有检出有关要点的文字"
    rest = f"，{'、'.join(unseen)}未检出" if seen and unseen else ""
    where = f"（见{messages.places(passages, case)}）" if passages else ""
    reason = f"{name}{told}{rest}{where}；是否完善须人工判断。"
    return Ruling(Verdict.JUDGEMENT, reason, f"检出{len(seen)}/{len(requirement.sections)}个要点", (), passages)


def _judgement(requirement: Judgement, case: Case) -> Ruling:
    passages = _passages(requirement.topics, case)
    facts = tuple(fact for key in requirement.keys for fact in _of_key(key, case).facts)
    head = f"条文没有可以计算的标准，须人工判断：{requirement.asks}。"
    values = "；".join(f"{FACTS[fact.key][1]}{_dated(fact)}{messages.shown(fact.value, fact.unit)}" for fact in facts)
    shown = f"材料写明{values}。" if values else ""
    if passages:
        observed = values or _quoted(passages)
        return Ruling(Verdict.JUDGEMENT, f"{head}{shown}有关文字见{messages.places(passages, case)}。", observed, facts, passages)
    named = "、".join(TOPICS[topic][0] for topic in requirement.topics if topic in TOPICS)
    lack = f"没有检出关于{named}的文字，请查阅材料。" if named else ""
    return Ruling(Verdict.JUDGEMENT, f"{head}{shown}{lack}", values or "没有检出有关文字", facts)


#: A form's own label (投资基金规模（万元）：) holds a topic's words, too; only words that say something speak for the applicant.
_AFFIRMS: Final = re.compile(r"设立|设有|拥有|建有|建立|建成|组建|聘|配备|签订|共建|合作|投入|安排|落实|入库")
_DENIES: Final = re.compile(r"(未|没有|不存在|无)[^是否。;]{0,16}(失信|违法|事故|不良)")
_PEOPLE: Final = re.compile(r"界[^。;]{0,8}(\d+|[一二三四五六七八九十]+)(人|名|位)|构成|组成|界别")


def _passages(
    topics: Sequence[str], case: Case, *, says: re.Pattern[str] | None = None, unless: str = ""
) -> tuple[Evidence, ...]:
    """Passages on these topics in reading order. ``says`` keeps those whose words match, ``unless`` drops the policy's own words, pasted."""
    own = _tight(unless)
    found = []
    for reading in case.readings:
        for passage in reading.passages:
            words = _tight(passage.evidence.quote)
            if passage.topic in topics and (says is None or says.search(words)) and not (own and own in words):
                found.append(passage.evidence)
    return messages.ordered(found, case)[:PASSAGES_SHOWN]


# --- alternatives ------------------------------------------------------------------------------------------------------------------

#: Where neither enough is met nor too much fails: what keeps the whole open, first that occurs.
_OPEN: Final = (Verdict.UNCLEAR, Verdict.JUDGEMENT, Verdict.MISSING)


def combined(n: int, verdicts: Sequence[Verdict]) -> Verdict:
    """``n`` of these. What does not apply is left out, and asks for as many fewer where all were asked."""
    left = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    if not left:
        return Verdict.NOT_APPLICABLE
    wanted = min(n, len(left))
    met, failed = left.count(Verdict.MET), left.count(Verdict.NOT_MET)
    if met >= wanted:
        return Verdict.MET
    if len(left) - failed < wanted:
        return Verdict.NOT_MET
    return next(verdict for verdict in _OPEN if verdict in left)


def _of(n: int, items: Sequence[Requirement], quote: str, case: Case) -> Ruling:
    rulings = [(_branch(item), _rule(item, quote, case)) for item in items]
    verdict = combined(n, [ruling.verdict for _, ruling in rulings])
    observed = "；".join(f"{name}：{ruling.brief()}（{VERDICT_NAMES[ruling.verdict]}）".lstrip("：") for name, ruling in rulings)
    parts = tuple(f"{name}{ruling.brief()}" for name, ruling in rulings)
    resting = [(name, ruling) for name, ruling in rulings if verdict is not Verdict.MET or ruling.verdict is verdict]
    head = "" if n == len(items) else f"以下{len(items)}项中须满足{n}项。"
    reason = head + "".join(f"{name}：{ruling.reason}".lstrip("：") for name, ruling in resting)
    facts = tuple(fact for _, ruling in resting for fact in ruling.facts)
    evidence = tuple(place for _, ruling in resting for place in ruling.evidence)
    return Ruling(verdict, reason, observed, facts, evidence[:PASSAGES_SHOWN], parts)


def _branch(item: Requirement) -> str:
    if item.title:
        return item.title
    return FACTS[item.key][1] if isinstance(item, Compare | Present | OneOf | Matches | Declared) else ""


def _when(requirement: When, quote: str, case: Case) -> Ruling:
    condition = _rule(requirement.condition, quote, case)
    if condition.verdict is Verdict.MET:
        return _rule(requirement.then, quote, case)
    if condition.verdict is Verdict.NOT_MET:
        if requirement.otherwise is not None:
            return _rule(requirement.otherwise, quote, case)
        return Ruling(Verdict.NOT_APPLICABLE, f"{condition.reason}本条不适用。", "不适用", condition.facts)
    reason = f"本条要求因情形而异，须先核实：{condition.reason}"
    return Ruling(Verdict.UNCLEAR, reason, condition.observed, condition.facts, condition.evidence)


# --- words -------------------------------------------------------------------------------------------------------------------------


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _short(quote: str) -> str:
    tight = re.sub(r"\s+", "", quote).translate({ord("“"): "‘", ord("”"): "’"})
    return tight if len(tight) <= QUOTE_SHOWN else tight[: QUOTE_SHOWN - 1] + "…"


def _quoted(passages: Sequence[Evidence]) -> str:
    first = messages.printable(re.sub(r"\s+", "", passages[0].quote))
    cut = first if len(first) <= QUOTE_SHOWN else first[: QUOTE_SHOWN - 1] + "…"
    return f"“{cut}”" + (f"等{len(passages)}处" if len(passages) > 1 else "")


def _told(facts: Iterable[Fact], case: Case) -> str:
    return "；".join(_dated(fact) + messages.stated(fact, case) for fact in facts)


def _dated(fact: Fact) -> str:
    if not fact.period or fact.period == "total":
        return ""
    period = messages.printable(fact.period)
    return f"（{period}年）" if re.fullmatch(r"\d{4}(-\d{4})?", period) else f"（{period}）"


def _observed(facts: Sequence[Fact], case: Case) -> str:
    """``387.8㎡（《申报书.pdf》第3页等4处）``; several values side by side."""
    return "；".join(
        f"{_dated(fact)}{messages.shown(fact.value, fact.unit)}（{messages.places(fact.evidence, case, limit=1) or '材料中'}）"
        for fact in facts
    )
