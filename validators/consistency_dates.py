"""DATE_IMPOSSIBLE: dates that cannot be, each beside the one it is held against.

The day of the application bounds what has been bought, signed, earned and issued; the day the applicant was founded bounds what it can have signed.
What a plan announces lies ahead by nature, and so do terms that begin later, valid-until days and projects that are not done. Attachments are signed
while the application is put together, so a few days' difference is none: only what lies beyond the day of the screening, too, cannot be.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.papers import Day, Deal, Moment, Paper
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import ROLE_NAMES, FactKey, FindingCode, Role, Severity
from validators.bodies import applicant, same
from validators.expiry import stated_day, written
from validators.messages import finding, ordered, places, printable

#: A lease is signed before the company is registered at its address, a contract by its founders: so long before it is no matter.
BEFORE_FOUNDING: Final = {Role.LEASE: timedelta(days=180), Role.CONTRACT: timedelta(days=30)}
_ROWS: Final = {
    Moment.BOUGHT: ("购置", "仪器设备"), Moment.SIGNED: ("签订", "合同"), Moment.RECEIVED: ("到账（开票）", "收入"), Moment.DONE: ("完成", "项目"),
}  # fmt: skip
#: What is dated when it is handed in, or soon after.
_HANDED_IN: Final = frozenset({Role.COMMITMENT, Role.CREDIT_REPORT, Role.OTHER, Role.IDENTITY, Role.APPOINTMENT})
_ADVICE: Final = "请对照原件核对日期，由申报单位说明或更正。"


class Odd(NamedTuple):
    """A date that cannot be: what it is of, where, and what it is held against."""

    message: str
    evidence: tuple[Evidence, ...]
    sure: bool


def impossible(case: Case, policy: Policy) -> Iterator[Finding]:
    """DATE_IMPOSSIBLE, one a list or paper and kind of date."""
    for odd in _odd(case):
        if odd.sure:
            yield finding(
                FindingCode.DATE_IMPOSSIBLE, Severity.MEDIUM, odd.message, case=case, evidence=odd.evidence, advice=_ADVICE
            )


def leads(case: Case) -> Iterator[Lead]:
    for odd in _odd(case):
        if not odd.sure:
            yield Lead(
                code=FindingCode.DATE_IMPOSSIBLE,
                message=odd.message.rstrip("。") + "，请人工核对。",
                evidence=ordered(odd.evidence, case),
            )


def _odd(case: Case) -> Iterator[Odd]:
    yield from _rows(case)
    for reading in case.readings:
        for paper in reading.papers:
            yield from _terms(paper, case)
            yield from _ahead(paper, case)
            yield from _reports(paper, case)
            yield from _granted(paper, case)
        yield from _turned(reading.deals, case)
    yield from _founding(case)
    yield from _filled_in(case)


def _rows(case: Case) -> Iterator[Odd]:
    """Bought, signed, earned or finished after the application."""
    late = [
        (reading.document, deal, day)
        for reading in case.readings
        for deal in reading.deals
        for day in deal.days
        if day.moment in _ROWS and (deal.held or deal.kind == "contract") and _after(day, case.day) and not day.doubts
    ]
    late.sort(key=lambda one: (one[0], one[2].moment, one[2].first or date.min, one[1].name))
    for (_, moment), group in groupby(late, key=lambda one: (one[0], one[2].moment)):
        rows = [(deal, day) for _, deal, day in group]
        verb, what = _ROWS[moment]
        told = "、".join(f"“{printable(deal.name)}”{verb}日期为{printable(day.as_stated)}" for deal, day in rows[:3])
        more = f"等{len(rows)}行" if len(rows) > 3 else ""
        spots = tuple(place for _, day in rows for place in day.evidence)
        yield Odd(f"{places(spots, case)}所列{what}{told}{more}，晚于{_held_against(case)}。", (*spots, *stated_day(case)), True)


def _after(day: Day, bound: date) -> bool:
    return day.first is not None and day.first > bound


def _held_against(case: Case) -> str:
    where = places(stated_day(case), case)
    return f"{where}填报的申报日{written(case.day)}" if where else f"审查日{written(case.day)}"


def _terms(paper: Paper, case: Case) -> Iterator[Odd]:
    """A term whose end lies before its start."""
    starts = [day for day in paper.days if day.moment is Moment.START]
    for start in starts:
        end = _end_of(start, paper)
        if end is None or start.first is None or end.last is None or end.last >= start.first:
            continue
        sure = not start.doubts and not end.doubts
        told = f"{places((*start.evidence, *end.evidence), case)}（{ROLE_NAMES[paper.role]}）写明的{printable(end.label) or '期限'}止于{printable(end.as_stated)}，早于起始日期{printable(start.as_stated)}。"
        yield Odd(told, (*start.evidence, *end.evidence), sure)


def _end_of(start: Day, paper: Paper) -> Day | None:
    """The end told right after a start, of the same term."""
    following = paper.days[paper.days.index(start) + 1 :][:1]
    return next((day for day in following if day.moment is Moment.END), None)


def _ahead(paper: Paper, case: Case) -> Iterator[Odd]:
    """Signed or issued after the application. What is handed in with it may be dated until the day of the screening."""
    for day in paper.days:
        if day.moment not in (Moment.SIGNED, Moment.ISSUED, Moment.PRINTED) or not _after(day, case.day):
            continue
        beyond = _after(day, max(case.day, case.as_of))
        sure = not day.doubts and (beyond or paper.role not in _HANDED_IN)
        verb = {Moment.SIGNED: "签订（签署）", Moment.PRINTED: "打印（查询）"}.get(day.moment, "出具（签发）")
        told = f"{places(day.evidence, case)}（{ROLE_NAMES[paper.role]}）的{verb}日期为{printable(day.as_stated)}，晚于{_held_against(case)}。"
        yield Odd(told, (*day.evidence, *stated_day(case)), sure)


def _granted(paper: Paper, case: Case) -> Iterator[Odd]:
    """A patent granted before it was applied for."""
    if paper.role is not Role.PATENT:
        return
    filed, granted = (next((day for day in paper.days if day.moment is moment), None) for moment in (Moment.FILED, Moment.ISSUED))
    if filed is None or granted is None or filed.first is None or granted.last is None or granted.last >= filed.first:
        return
    spots = (*filed.evidence, *granted.evidence)
    told = f"{places(spots, case)}（{ROLE_NAMES[paper.role]}）的授权（公告）日{printable(granted.as_stated)}早于申请日{printable(filed.as_stated)}。"
    yield Odd(told, spots, not filed.doubts and not granted.doubts)


def _turned(deals: tuple[Deal, ...], case: Case) -> Iterator[Odd]:
    """Projects that were done before they came in."""
    rows = []
    for deal in deals:
        start, done = (next((day for day in deal.days if day.moment is moment), None) for moment in (Moment.START, Moment.DONE))
        if start and done and start.first and done.last and done.last < start.first and not start.doubts and not done.doubts:
            rows.append((deal, start, done))
    if rows:
        spots = tuple(place for _, start, done in rows for place in (*start.evidence, *done.evidence))
        told = "、".join(
            f"“{printable(deal.name)}”{printable(start.as_stated)}入库（启动）而{printable(done.as_stated)}完成"
            for deal, start, done in rows[:3]
        )
        yield Odd(
            f"{places(spots, case)}所列项目{told}{f'等{len(rows)}行' if len(rows) > 3 else ''}，完成早于入库（启动）。",
            spots,
            True,
        )


def _reports(paper: Paper, case: Case) -> Iterator[Odd]:
    """A report that speaks of a time that was not over when it was made."""
    if paper.role is not Role.AUDIT:
        return
    issued = [day for day in paper.days if day.moment is Moment.ISSUED and day.last is not None and not day.doubts]
    for day in (day for day in paper.days if day.moment is Moment.COVERS and day.last is not None):
        assert day.last is not None
        earlier = next((one for one in issued if one.last is not None and one.last < day.last), None)
        if day.last > case.day:
            told = f"{places(day.evidence, case)}（{ROLE_NAMES[paper.role]}）截至{printable(day.as_stated)}，晚于{_held_against(case)}。"
            yield Odd(told, (*day.evidence, *stated_day(case)), not day.doubts)
        elif earlier is not None:
            spots = (*day.evidence, *earlier.evidence)
            told = f"{places(spots, case)}（{ROLE_NAMES[paper.role]}）截至{printable(day.as_stated)}，而出具日期{printable(earlier.as_stated)}在此之前。"
            yield Odd(told, spots, not day.doubts)


# --- founded ---------------------------------------------------------------------------------------------------------


def _founding(case: Case) -> Iterator[Odd]:
    """The applicant's own contracts signed before there was an applicant. Equipment may be older than its owner."""
    founded = _founded(case)
    if founded is None or founded.last is None:
        return
    for day, paper in _signed(case):
        if day.last is None or day.first is None or day.last >= founded.last:
            continue
        spots = (*day.evidence, *founded.evidence)
        what = (
            f"（{ROLE_NAMES[paper.role]}）的签订日期"
            if isinstance(paper, Paper)
            else f"所列合同“{printable(paper.name)}”的签订日期"
        )
        role = Role.LEASE if isinstance(paper, Paper) and paper.role is Role.LEASE else Role.CONTRACT
        told = f"{places(day.evidence, case)}{what}为{printable(day.as_stated)}，早于{places(founded.evidence, case)}写明的申报单位成立日期{printable(founded.as_stated)}。"
        yield Odd(told, spots, not day.doubts and not founded.doubts and founded.last - day.last > BEFORE_FOUNDING[role])


def _signed(case: Case) -> Iterator[tuple[Day, Paper | Deal]]:
    who = applicant(case)
    for reading in case.readings:
        for paper in reading.papers:
            if paper.role in (Role.CONTRACT, Role.LEASE) and who and any(same(p.name, who.names) for p in paper.parties):
                yield from ((day, paper) for day in paper.days if day.moment is Moment.SIGNED)
        for deal in reading.deals:
            if deal.kind == "contract":
                yield from ((day, deal) for day in deal.days if day.moment is Moment.SIGNED)


def _founded(case: Case) -> Day | None:
    """The day the applicant was founded, by its licence; where licences differ, the earliest."""
    who = applicant(case)
    if who is None:
        return None
    days = [
        day
        for reading in case.readings
        for paper in reading.papers
        if paper.role is Role.LICENCE
        and all(same(party.name, who.names, doubted=True) for party in paper.parties if party.part == "名称")
        for day in paper.days
        if day.moment is Moment.FOUNDED and day.last is not None
    ]
    return min(days, key=lambda day: day.last or date.max, default=None)


def _filled_in(case: Case) -> Iterator[Odd]:
    for fact in case.facts:
        if fact.key is FactKey.APPLICATION_DATE and isinstance(fact.value, date) and fact.value > case.as_of:
            told = f"{places(fact.evidence, case)}的填报日期为{written(fact.value)}，晚于审查日{written(case.as_of)}。"
            yield Odd(told, tuple(ordered(fact.evidence, case)[:2]), True)
