"""PERIOD_OUT_OF_WINDOW: what is offered for a year or for 近N年 and lies outside of it.

A list that says its own year is offered for that year; one that does not, for the years the policy asks about. Only the last date of a row counts: a
contract of the year before that was paid in the year is its income. Of several audit reports the latest is the one offered.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.papers import Day, Deal, Moment, Paper
from schemas.policy import Compare, Period, Policy, Requirement, parts
from schemas.report import Finding, Lead
from schemas.vocabulary import FactKey, FindingCode, Role, Severity
from validators.attachments import OUR_SERVICE
from validators.messages import entry_of, finding, order, ordered, places, printable
from validators.weight import keys

_LAST: Final = 2
#: What tells that a report is about a year, too: then it is not only about older ones.
_ABOUT: Final = frozenset({Moment.COVERS, Moment.SPEAKS})


class Outside(NamedTuple):
    message: str
    evidence: tuple[Evidence, ...]
    sure: bool


def outside(case: Case, policy: Policy) -> Iterator[Finding]:
    """PERIOD_OUT_OF_WINDOW, one a list or report."""
    for one in _outside(case, policy):
        if one.sure:
            yield finding(
                FindingCode.PERIOD_OUT_OF_WINDOW, Severity.MEDIUM, one.message, case=case, evidence=one.evidence,
                advice="请核对材料所属期间；不在规定期限内的，请申报单位换用期限内的材料。",
            )  # fmt: skip


def leads(case: Case, policy: Policy) -> Iterator[Lead]:
    for one in _outside(case, policy):
        if not one.sure:
            yield Lead(
                code=FindingCode.PERIOD_OUT_OF_WINDOW,
                message=one.message.rstrip("。") + "，请人工核对。",
                evidence=ordered(one.evidence, case),
            )


def _outside(case: Case, policy: Policy) -> Iterator[Outside]:
    yield from _lists(case)
    yield from _audits(case, asked=_asks_last_year(policy))
    yield from _credit(case, policy)
    yield from _contracts(case, policy)


# --- rows ------------------------------------------------------------------------------------------------------------


def _lists(case: Case) -> Iterator[Outside]:
    """Rows under 2025年度 whose every date lies in earlier years."""
    for reading in case.readings:
        rows = [
            deal
            for deal in reading.deals
            if deal.kind == "contract" and deal.year and (year := _year(deal.year)) and _before(deal, year)
        ]
        for told_year, group in groupby(sorted(rows, key=lambda deal: (deal.year or "", deal.name)), key=lambda deal: deal.year):
            out = list(group)
            told = "、".join(f"“{printable(deal.name)}”为{printable(_latest(deal).as_stated)}" for deal in out[:3])
            spots = tuple(place for deal in out for place in _latest(deal).evidence)
            more = f"等{len(out)}行" if len(out) > 3 else ""
            yield Outside(
                f"{places(spots, case)}列在{told_year}年度之下，而日期{told}{more}，不在该年度之内。",
                (*spots, *out[0].evidence),
                True,
            )


def _year(words: str) -> int | None:
    """The first year of a period (2025, 2024-2025); None for anything else."""
    found = re.match(r"20\d\d", words)
    return int(found[0]) if found else None


def _before(deal: Deal, year: int) -> bool:
    """Whether the row's last date lies before the year: the money's where it is told, else the contract's, which may be of the year before."""
    received = [day for day in deal.days if day.moment is Moment.RECEIVED]
    latest = _latest(deal)
    if latest.last is None or any(day.doubts for day in deal.days):
        return False
    return latest.last < date(year if received else year - 1, 1, 1)


def _latest(deal: Deal) -> Day:
    return max(deal.days, key=lambda day: day.last or date.min)


# --- reports ---------------------------------------------------------------------------------------------------------


def _asks_last_year(policy: Policy) -> bool:
    return any(_last_year(clause.requirement) for clause in policy.clauses)


def _last_year(requirement: Requirement) -> bool:
    if isinstance(requirement, Compare) and requirement.period is Period.PREVIOUS_YEAR:
        return True
    return any(_last_year(part) for part in parts(requirement))


def _audits(case: Case, *, asked: bool) -> Iterator[Outside]:
    """The latest report covers a year before the last one. Where none says up to when (截至), the years it speaks of as 年度 tell."""
    days = [day for reading in case.readings for paper in reading.papers if paper.role is Role.AUDIT for day in paper.days]
    covered = [day for day in days if day.moment is Moment.COVERS]
    covered = covered or [day for day in days if day.moment is Moment.SPEAKS and day.as_stated.endswith("度")]
    latest = max(covered, key=lambda day: (day.last or date.min, [order(place, case) for place in day.evidence]), default=None)
    wanted = case.as_of.year - 1
    if latest is None or latest.last is None or any(day.last and day.last.year >= wanted for day in days if day.moment in _ABOUT):
        return
    whose = f"本政策要求的上年度为{wanted}年" if asked else f"上年度为{wanted}年，本政策没有写明以哪一年为准"
    told = f"{places(latest.evidence, case)}的审计报告截至（所审年度）{printable(latest.as_stated)}，而{whose}。"
    yield Outside(told, latest.evidence, asked and not latest.doubts)


def _credit(case: Case, policy: Policy) -> Iterator[Outside]:
    """A credit report that reaches no day of the last year, whatever years the policy asks about."""
    asked = any(FactKey.CREDIT_CLEAN in keys(clause.requirement) for clause in policy.clauses)
    papers = [paper for reading in case.readings for paper in reading.papers if paper.role is Role.CREDIT_REPORT]
    reach = [day for paper in papers for day in paper.days if day.moment is Moment.COVERS and day.last is not None]
    latest = max(reach, key=lambda day: (day.last or date.min, [order(place, case) for place in day.evidence]), default=None)
    if latest is None or latest.last is None or latest.last >= case.day - timedelta(days=366):
        return
    told = f"{places(latest.evidence, case)}的信用报告只到{printable(latest.as_stated)}，距申报已超过一年。"
    yield Outside(told, latest.evidence, asked and not latest.doubts)


# --- contracts -------------------------------------------------------------------------------------------------------


def _contracts(case: Case, policy: Policy) -> Iterator[Outside]:
    """A contract among the proofs of recent income that was signed, and ended, before the years asked for."""
    first = _window(policy, case)
    if first is None:
        return
    for reading in case.readings:
        old = [deal for deal in reading.deals if deal.kind == "contract" and not deal.year and _ended(deal, first)]
        if old:
            spots = tuple(place for deal in old for place in _latest(deal).evidence)
            told = "、".join(f"“{printable(deal.name)}”为{printable(_latest(deal).as_stated)}" for deal in old[:3])
            more = f"等{len(old)}行" if len(old) > 3 else ""
            yield Outside(f"{places(spots, case)}所列合同（收入）日期{told}{more}，早于{_start(first, case)}。", spots, True)
        for paper in reading.papers:
            within = reading.sections[paper.part].role if paper.part < len(reading.sections) else Role.OTHER
            if paper.role is not Role.CONTRACT or (within is not Role.REVENUE and not OUR_SERVICE.search(paper.title)):
                continue
            days = [
                day
                for day in paper.days
                if day.last is not None and day.moment in (Moment.SIGNED, Moment.END, Moment.UNTIL, Moment.ISSUED)
            ]
            signed = next((day for day in days if day.moment is Moment.SIGNED), None)
            if signed is None or any(day.last is not None and day.last >= first for day in days):
                continue
            told = f"{places(signed.evidence, case)}的合同签订于{printable(signed.as_stated)}，早于{_start(first, case)}。"
            alone = within is Role.REVENUE or _offered(reading.document, case) or not _other_service(paper, first, case)
            yield Outside(told, signed.evidence, not signed.doubts and alone)


def _offered(document: str, case: Case) -> bool:
    """Whether a file's own name offers it for the last two years (服务合同（近2年）.pdf)."""
    entry = entry_of(document, case)
    return entry is not None and re.search(r"近 ?[2两二] ?年", entry.file.rsplit("/", 1)[-1]) is not None


def _other_service(paper: Paper, first: date, case: Case) -> bool:
    """Whether another contract for the centre's service reaches into the years asked for: then the older one may be told of beside it."""
    return any(
        other is not paper
        and other.role is Role.CONTRACT
        and OUR_SERVICE.search(other.title)
        and any(day.last is not None and day.last >= first for day in other.days)
        for reading in case.readings
        for other in reading.papers
    )


def _ended(deal: Deal, first: date) -> bool:
    """Whether the row's money came in before; a contract that only says when it was signed may have gone on."""
    last = _latest(deal).last
    received = any(day.moment is Moment.RECEIVED for day in deal.days)
    return received and last is not None and last < first and not any(day.doubts for day in deal.days)


def _start(first: date, case: Case) -> str:
    return f"近{case.as_of.year - first.year}年的起点{first.year}年1月1日"


def _window(policy: Policy, case: Case) -> date | None:
    """近2年 where the policy asks for recent service or income; else no window."""
    asked = any(re.search(r"近 ?[2两二] ?年", clause.quote) for clause in policy.clauses)
    yearly = any(FactKey.REVENUE_SERVICE in keys(clause.requirement) for clause in policy.clauses)
    return date(case.as_of.year - _LAST, 1, 1) if asked and yearly else None
