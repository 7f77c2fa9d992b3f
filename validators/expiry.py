"""MATERIAL_EXPIRED: what had run out on the day of the application.

A term that ends on that very day still holds, and so does one written to the month until the month is over. A lease whose supplement, or another
lease, goes on is renewed; a certificate beside a newer one of the same kind and holder is history. A contract for services may be over: that is how
it was fulfilled, so only what vouches for a present state runs out.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.papers import Day, Moment, Paper
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import ROLE_NAMES, FactKey, FindingCode, Role, Severity
from validators.bodies import bare
from validators.messages import finding, ordered, places, printable

#: What vouches for a state that must last.
_LASTING: Final = frozenset({Role.LEASE, Role.LICENCE, Role.CERTIFICATE, Role.APPOINTMENT, Role.CREDIT_REPORT})
_ENDS: Final = frozenset({Moment.END, Moment.UNTIL})
_NAMES: Final = {Role.LEASE: "租赁（使用）期限", Role.LICENCE: "营业（有效）期限", Role.APPOINTMENT: "聘期"}
_ADVICE: Final = {
    Role.LEASE: "请申报单位补交续租合同、补充协议或其他有效的场地证明。",
    Role.LICENCE: "请申报单位补交有效期内的证照。",
    Role.APPOINTMENT: "请申报单位补交续聘文件，或更新人员名单。",
}


class Expired(NamedTuple):
    paper: Paper
    end: Day
    renewed: bool
    doubted: bool


def expired(case: Case, policy: Policy) -> Iterator[Finding]:
    """MATERIAL_EXPIRED, one a paper, with the day it is held against."""
    for one in _expired(case):
        if not one.renewed and not one.doubted:
            yield finding(
                FindingCode.MATERIAL_EXPIRED, Severity.MEDIUM, f"{_told(one, case)}，{_day(case)}。",
                case=case, facts=_facts(one, case), evidence=(*one.end.evidence, *stated_day(case)), advice=_ADVICE.get(one.paper.role, "请申报单位补交有效期内的材料。"),
            )  # fmt: skip


def leads(case: Case) -> Iterator[Lead]:
    for one in _expired(case):
        if one.renewed or one.doubted:
            why = (
                "另有仍在有效期内的同类材料，请核对是否为同一处场地、同一证书"
                if one.renewed
                else "该日期识别把握不足，请对照原件核对"
            )
            yield Lead(
                code=FindingCode.MATERIAL_EXPIRED,
                message=f"{_told(one, case)}，{_day(case)}；{why}。",
                evidence=ordered(one.end.evidence, case),
            )


def _expired(case: Case) -> Iterator[Expired]:
    papers = [paper for reading in case.readings for paper in reading.papers]
    for paper in (paper for paper in papers if paper.role in _LASTING or _insures(paper)):
        end = _last(paper)
        if end is None or end.last is None or end.last >= case.day or _turned(end, paper):
            continue
        others = (other for other in papers if other is not paper and _replaces(other, paper))
        yield Expired(paper, end, any(_holds(other, case.day) for other in others), bool(end.doubts))


def _last(paper: Paper) -> Day | None:
    """The last day of a paper, of several the latest; None where it has no end, or says that it has none."""
    ends = [day for day in paper.days if day.moment in _ENDS]
    if not ends or any(day.endless for day in ends):
        return None
    return max(ends, key=lambda day: day.last or date.min)


def _insures(paper: Paper) -> bool:
    return any(party.part.startswith("被保险") for party in paper.parties)


def _turned(end: Day, paper: Paper) -> bool:
    """Whether a term ends before it starts: then its end is no day to count from, and DATE_IMPOSSIBLE tells of it."""
    before = paper.days[max(0, paper.days.index(end) - 1)]
    return before.moment is Moment.START and before.first is not None and end.last is not None and before.first > end.last


def _holds(paper: Paper, day: date) -> bool:
    """Whether a paper is valid, or may be: one that renews, or a lease or licence of which no end was read."""
    ends = [one for one in paper.days if one.moment in _ENDS]
    if ends:
        return any(one.endless or (one.last is not None and one.last >= day) for one in ends)
    let = paper.role is Role.LEASE and any(party.part.startswith(("承租", "租用", "使用")) for party in paper.parties)
    return let or paper.subject == "续签" or paper.role is Role.LICENCE


def _replaces(other: Paper, paper: Paper) -> bool:
    """Whether one paper may stand in another's place: any lease for a lease, a certificate of the same holder or name for a certificate."""
    if paper.role in (Role.LEASE, Role.LICENCE, Role.CREDIT_REPORT):
        return other.role is paper.role or other.subject == "续签"
    if other.role is not paper.role:
        return False
    mine, theirs = ({bare(party.name) for party in one.parties if party.person} for one in (paper, other))
    return bool(mine & theirs) if mine or theirs else bare(other.title) == bare(paper.title)


def _told(one: Expired, case: Case) -> str:
    name = _NAMES.get(one.paper.role, "保险期间" if _insures(one.paper) else "有效期")
    called = "保险单" if _insures(one.paper) else ROLE_NAMES[one.paper.role]
    whose = "、".join(sorted({printable(party.name) for party in one.paper.parties if party.person})[:2])
    assert one.end.last is not None
    return f"{places(one.end.evidence, case)}（{called}{'，' + whose if whose else ''}）写明的{name}至{written(one.end.last)}（原文“{printable(one.end.as_stated)}”）"


def written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day(case: Case) -> str:
    if case.day == case.as_of and not stated_day(case):
        return f"早于审查日{written(case.day)}"
    where = places(stated_day(case), case)
    return f"早于{where}填报的申报日{written(case.day)}" if where else f"早于申报日{written(case.day)}"


def stated_day(case: Case) -> tuple[Evidence, ...]:
    """Where the day of the application is stated."""
    told = [fact for fact in case.facts if fact.key is FactKey.APPLICATION_DATE and fact.value == case.day]
    return tuple(place for fact in told[:1] for place in ordered(fact.evidence, case)[:1])


def _facts(one: Expired, case: Case) -> list[str]:
    return [fact.id for fact in case.facts if fact.key is FactKey.SITE_AREA] if one.paper.role is Role.LEASE else []
