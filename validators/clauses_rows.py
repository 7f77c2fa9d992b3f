"""Lists: conditions on each row, shares and coverage. What a row does not say decides nothing, nor does a list not read to its end."""

import re
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from schemas.case import Case
from schemas.facts import Equipment, Fact, FactValue, Person, Project
from schemas.policy import (
    AllTests,
    AnyTest,
    Comparator,
    CountRows,
    Covers,
    Flagged,
    Lacks,
    Period,
    RosterName,
    Rows,
    RowTest,
    Says,
    Share,
    Sized,
    SumRows,
    Within,
)
from schemas.vocabulary import FactKey, FactStatus, Role, Unit, Verdict
from validators import messages
from validators.clauses_numbers import ratio_of
from validators.clauses_periods import in_year, span_of, years_of
from validators.clauses_ruling import (
    EDGE,
    PASSAGES_SHOWN,
    Ruling,
    Side,
    decide,
    excerpt,
    holds,
    not_stated,
    of_key,
    short,
    side_of,
    size_of,
    tell,
    tight,
)
from validators.clauses_words import PEOPLE, passages_on

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
Row: TypeAlias = Person | Equipment | Project


def _rows(roster: RosterName, case: Case) -> tuple[Row, ...]:
    match roster:
        case "team":
            return case.rosters.team
        case "advisors":
            return case.rosters.advisors
        case "equipment":
            return tuple(row for row in case.rosters.equipment if row.owned is not False)
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


def _test(test: RowTest, row: Row, case: Case) -> bool | None:
    """Three-valued: what a row does not say is None, never false."""
    match test:
        case Says():
            text = getattr(row, test.field)
            if not isinstance(text, str):
                return None
            said = tight(text)
            pieces = [piece for piece in re.split("[,;。、]", said) if any(word in piece for word in test.words)]
            if any(not any(denial in piece for denial in test.denials) for piece in pieces):
                return True
            return False if pieces else None
        case Flagged():
            value = getattr(row, test.field)
            return None if value is None else bool(value == test.value)
        case Lacks():
            text = getattr(row, test.field)
            return not any(word in tight(text) for word in test.words) if isinstance(text, str) and text.strip() else None
        case Sized():
            size = getattr(row, test.field)
            return holds(size, test.comparator, test.threshold) if isinstance(size, Decimal) else None
        case Within():
            span, years = span_of(test.window, case), years_of(getattr(row, test.field))
            return None if span is None or years is None or years[0] != years[1] else span.holds(years[0])
        case AnyTest():
            results = [_test(inner, row, case) for inner in test.of]
            return True if True in results else None if None in results else False
        case AllTests():
            results = [_test(inner, row, case) for inner in test.of]
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
    results = [_test(AllTests(of=tests), row, case) for row in all_]
    return Counted(results.count(True), results.count(None), all_)


def count_rows(requirement: CountRows, quote: str, case: Case) -> Ruling:
    roster, unit = requirement.rows.roster, requirement.unit
    counted = _tally(requirement.rows, case, requirement.base)
    if not counted.rows:
        if _listed(roster, case):
            return Ruling(
                Verdict.UNCLEAR,
                f"材料中有{ROSTER_NAMES[roster]}，但逐项内容没有读出，“{short(quote)}”须人工核对。",
                "清单未读出",
            )
        return not_stated(case, f"（{ROSTER_NAMES[roster]}）")._replace(observed=f"未见{ROSTER_NAMES[roster]}")
    low, high = Decimal(counted.yes), Decimal(counted.yes + counted.unsure)
    observed = f"{requirement.rows.name}{messages.amount(low, unit)}" + (
        f"，另有{counted.unsure}项写得不明" if counted.unsure else ""
    )
    told = f"{ROSTER_NAMES[roster]}共{len(counted.rows)}行，{observed}"
    places = messages.ordered((place for row in counted.rows for place in row.evidence), case)[:PASSAGES_SHOWN]
    at_low, at_high = (holds(value, requirement.comparator, requirement.threshold) for value in (low, high))
    why = _list_doubt(requirement, counted, case)
    more_can_only_help = requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
    if at_low and at_high and (not why or more_can_only_help):
        return Ruling(Verdict.MET, f"{told}，符合“{short(quote)}”。", observed, (), places)
    if not at_low and not at_high and not why:
        return Ruling(Verdict.NOT_MET, f"{told}，不符合“{short(quote)}”。", observed, (), places)
    return Ruling(Verdict.UNCLEAR, f"{told}{why}，无法判定是否符合“{short(quote)}”，须人工逐项核对。", observed, (), places)


def _list_doubt(requirement: CountRows, counted: Counted, case: Case) -> str:
    """Why the list cannot speak against the applicant: not read to its end, or shorter than what the applicant states."""
    if not _complete(requirement.rows.roster, case):
        return "，清单未能确认读全"
    if requirement.stated is None:
        return ""
    eligible = sum(requirement.base is None or _test(requirement.base, row, case) is not False for row in counted.rows)
    stated = [fact for fact in case.facts if fact.key is requirement.stated]
    more = [fact for fact in stated if isinstance(fact.value, Decimal) and fact.value > eligible]
    return f"，而{tell(more, case)}" if more else ""


def sum_rows(requirement: SumRows, quote: str, case: Case) -> Ruling:
    """Rows that certainly count are the least; a row that may count, or says no number, leaves the most open."""
    roster, unit = requirement.rows.roster, requirement.unit
    rows = _rows(roster, case)
    if not rows:
        return not_stated(case, f"（{ROSTER_NAMES[roster]}）")._replace(observed=f"未见{ROSTER_NAMES[roster]}")
    results = [True if requirement.rows.where is None else _test(requirement.rows.where, row, case) for row in rows]
    sizes = [getattr(row, requirement.field) for row in rows]
    counted = [size for result, size in zip(results, sizes, strict=True) if result is True and isinstance(size, Decimal)]
    open_ = sum(
        result is not False and (result is None or not isinstance(size, Decimal))
        for result, size in zip(results, sizes, strict=True)
    )
    total = sum(counted, Decimal(0))
    observed = f"{requirement.rows.name}合计{messages.amount(total, unit)}" + (f"，另有{open_}项写得不明" if open_ else "")
    told = f"{ROSTER_NAMES[roster]}共{len(rows)}行，{observed}"
    places = messages.ordered((place for row in rows for place in row.evidence), case)[:PASSAGES_SHOWN]
    enough = holds(total, requirement.comparator, requirement.threshold)
    complete = _complete(roster, case) and not open_
    if enough and (complete or requirement.comparator in (Comparator.AT_LEAST, Comparator.ABOVE)):
        return Ruling(Verdict.MET, f"{told}，符合“{short(quote)}”。", observed, (), places)
    if complete and not enough:
        return Ruling(Verdict.NOT_MET, f"{told}，不符合“{short(quote)}”。", observed, (), places)
    why = "" if _complete(roster, case) else "，清单未能确认读全"
    return Ruling(Verdict.UNCLEAR, f"{told}{why}，无法判定是否符合“{short(quote)}”，须人工逐项核对。", observed, (), places)


def share_of(requirement: Share, quote: str, case: Case) -> Ruling:
    def side(value: FactValue) -> Side:
        size = size_of(value)
        if size is not None and size == requirement.threshold and requirement.boundary == "open":
            return EDGE
        return side_of(size is not None and holds(size, requirement.comparator, requirement.threshold))

    if requirement.key is not None:
        stated = of_key(requirement.key, case)
        if stated.facts or stated.derived:
            return decide(stated, side, quote, case)
    top, bottom = requirement.numerator, requirement.denominator
    if isinstance(top, Rows) and isinstance(bottom, Rows):
        part, whole = _tally(top, case), _tally(bottom, case)
        if not whole.yes or part.unsure or whole.unsure:
            return not_stated(case)
        share = messages.amount(Decimal(100 * part.yes) / whole.yes, Unit.PERCENT)
        observed = f"按名单计算{share}"
        reason = f"没有写明占比；按名单，{top.name}{part.yes}人，{bottom.name}{whole.yes}人，占{share}，须人工核对。"
        places = messages.ordered((place for row in whole.rows for place in row.evidence), case)[:PASSAGES_SHOWN]
        return Ruling(Verdict.UNCLEAR, reason, observed, (), places)
    if isinstance(top, FactKey) and isinstance(bottom, FactKey):
        return ratio_of(requirement, _of_period(requirement, top, case), _of_period(requirement, bottom, case), side, quote, case)
    return not_stated(case)


def _of_period(requirement: Share, key: FactKey, case: Case) -> tuple[Fact, ...]:
    facts = of_key(key, case).facts
    return in_year(facts, case.as_of.year - 1) if requirement.period is Period.PREVIOUS_YEAR else facts


def covers(requirement: Covers, quote: str, case: Case) -> Ruling:
    """A complete list with every row's category given decides both ways; anything less is shown to a person."""
    rows = _rows(requirement.roster, case)
    values = [getattr(row, requirement.field) for row in rows]
    counts = {category: sum(category in str(value or "") for value in values) for category in requirement.categories}
    lacking = [category for category, count in counts.items() if not count]
    passages = passages_on(requirement.topics, case, says=PEOPLE, unless=quote)
    if not any(counts.values()):
        if passages:
            reason = f"名单没有写明各人界别，有关文字见{messages.places(passages, case)}，是否符合“{short(quote)}”须人工判断。"
            return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)
        if rows or _listed(requirement.roster, case):
            return Ruling(Verdict.JUDGEMENT, f"名单没有写明各人界别，是否符合“{short(quote)}”须人工判断。", "名单未写界别")
        return not_stated(case)
    observed = "、".join(f"{category}{count}人" for category, count in counts.items())
    told = f"{ROSTER_NAMES[requirement.roster]}共{len(rows)}人，其中{observed}"
    places = messages.ordered((place for row in rows for place in row.evidence), case)[:PASSAGES_SHOWN]
    complete = _complete(requirement.roster, case)
    if not lacking and complete:
        return Ruling(Verdict.MET, f"{told}，符合“{short(quote)}”。", observed, (), places)
    if not lacking:
        return Ruling(Verdict.JUDGEMENT, f"{told}，名单未能确认读全，是否符合“{short(quote)}”须人工判断。", observed, (), places)
    named = "、".join(lacking)
    elsewhere = [place for place in passages if any(category in place.quote for category in lacking)]
    if complete and all(values) and not elsewhere:
        return Ruling(Verdict.NOT_MET, f"{told}，没有{named}界别的专家，不符合“{short(quote)}”。", observed, (), places)
    reason = f"{told}，没有认出{named}界别的专家，是否符合“{short(quote)}”须人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, observed, (), (*places, *elsewhere)[:PASSAGES_SHOWN])
