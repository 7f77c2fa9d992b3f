"""NAME_MISMATCH: attachments that name another organisation than the applicant where the applicant should stand.

That a lease has a lessor and a contract another side is as it should be; that a patent belongs to whom the lists name as a project's source, or a
certificate to somebody of the team, too. So an attachment is only told where everybody it names in the applicant's place is plainly somebody else, and where no
other attachment of its kind is the applicant's. What is merely likely is a lead.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.papers import Paper, Party, Side
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import ROLE_NAMES, FindingCode, Role, Severity
from validators.bodies import Applicant, applicant, bare, same
from validators.messages import finding, ordered, places, printable

#: What a paper is called where it has no title of its own.
_CALLED: Final = {
    Role.LEASE: "租赁合同",
    Role.LICENCE: "营业执照（法人证书）",
    Role.COMMITMENT: "承诺书",
    Role.AUDIT: "审计报告",
    Role.CONTRACT: "合同",
}
#: Of these one in the applicant's name is enough: the others are a lessor's, a partner's.
_ONE_IS_ENOUGH: Final = frozenset({Role.LICENCE, Role.COMMITMENT, Role.AUDIT, Role.CREDIT_REPORT, Role.LEASE})
_SERVICE = re.compile(r"服务|验证|中试|检测|委托|开发|测试|试制|咨询")
#: A contract titled so is handed in for the centre's own service.
OUR_SERVICE = re.compile(r"(?:概念验证|中试)[^，。]{0,6}(?:服务|协议|合同)")
_PROVIDERS = re.compile(r"乙方|受托|卖方|供方|服务(?:方|商|单位)|承接|转让方|让与|许可(?:方|人)|研究开发|销售|承揽|供应")
_PAYEE = re.compile(r"收款|户名|(?:账户|开户)名称")
_LISTED = re.compile(r"编制单位|填报单位|申报单位|申请单位|依托单位|单位名称|使用单位")
_OF_STAFF = re.compile(r"参保单位|缴费单位|用人单位")
_HOLDERS = re.compile(r"专利权人|著作权人|权利人|商标注册人|申请人")


class Other(NamedTuple):
    """A paper with whom it names in the applicant's place; ``sure`` where nothing explains it."""

    paper: Paper
    parties: tuple[Party, ...]
    sure: bool
    why: str = ""


def owners(case: Case, policy: Policy) -> Iterator[Finding]:
    """NAME_MISMATCH, one an attachment, with the applicant's own name beside the other."""
    who = applicant(case)
    for other in others(case, who) if who else ():
        if who and other.sure:
            told = "、".join(f"{party.part}为“{printable(party.name)}”" for party in _by_name(other.parties))
            yield finding(
                FindingCode.NAME_MISMATCH, Severity.HIGH,
                f"{places(_spots(other), case)}{_called(other.paper)}写明{told}，{places(who.evidence, case) or '申报书'}的申报单位为“{printable(who.name)}”。",
                case=case, facts=[who.fact], evidence=(*_spots(other), *who.evidence),
                advice="请对照原件核对主体名称；如系更名、分支机构、共建单位或转租，请申报单位提交相应证明，否则请更换为本单位的材料。",
            )  # fmt: skip


def leads(case: Case) -> Iterator[Lead]:
    who = applicant(case)
    for other in others(case, who) if who else ():
        if not other.sure:
            told = "、".join(f"{party.part}“{printable(party.name)}”" for party in _by_name(other.parties))
            yield Lead(
                code=FindingCode.NAME_MISMATCH,
                message=f"{places(_spots(other), case)}{_called(other.paper)}写明{told}，与申报单位名称不同，{other.why or '请人工核对两者的关系'}。",
                evidence=ordered((*_spots(other), *(who.evidence if who else ())), case),
            )


def others(case: Case, who: Applicant | None) -> tuple[Other, ...]:
    """Every paper in which somebody else stands in the applicant's place."""
    if who is None:
        return ()
    papers = [(reading.document, paper) for reading in case.readings for paper in reading.papers]
    ours = {paper.role for _, paper in papers if any(_is(party, who) is True for party in _claimed(paper))}
    others_ = (party for _, paper in papers if paper.role is not Role.PATENT for party in paper.parties)
    seen_names = _named_in_lists(case) | {bare(party.name) for party in others_}
    lessors = {bare(p.name) for _, paper in papers for p in paper.parties if p.part.startswith("出租")}
    found = (_other(paper, _income(case, document, paper), who, ours, seen_names, lessors) for document, paper in papers)
    return tuple(other for other in found if other is not None)


def flagged(case: Case) -> frozenset[str]:
    """Documents that are somebody else's licence or commitment: what they state is not told a second time as a contradiction."""
    told = (
        other for other in others(case, applicant(case)) if other.sure and other.paper.role in (Role.LICENCE, Role.COMMITMENT)
    )
    return frozenset(place.document for other in told for party in other.parties for place in party.evidence)


def _other(
    paper: Paper, income: bool, who: Applicant, ours: set[Role], listed: frozenset[str], lessors: set[str]
) -> Other | None:
    claimed = _claimed(paper)
    told = [_is(party, who) for party in claimed]
    if not claimed or True in told:
        return _payee(paper, who) if income and True in told else None
    different = tuple(party for party, answer in zip(claimed, told, strict=True) if answer is False)
    if not different:
        return Other(paper, claimed, False, "名称相近，请人工核对是否为同一单位")
    if None in told:
        return None
    if paper.role in ours and paper.role in _ONE_IS_ENOUGH:
        return None
    if any(party.person for party in claimed):
        return None
    match paper.role:
        case Role.LEASE:
            owns = all(party.part == "权利人" for party in different)
            if owns and any(bare(party.name) in lessors for party in different):
                return None
            return Other(paper, different, not owns, "如为出租方的产权证，请核对租赁合同")
        case Role.LICENCE | Role.COMMITMENT | Role.AUDIT | Role.CREDIT_REPORT:
            return Other(paper, different, True)
        case Role.EQUIPMENT_LIST | Role.PEOPLE_LIST | Role.PROJECT_LIST | Role.REVENUE | Role.PLAN:
            return Other(paper, different, True)
        case Role.CONTRACT:
            service = income or bool(_SERVICE.search(paper.title))
            proves = income or bool(OUR_SERVICE.search(paper.title))
            return Other(paper, different, proves and len(different) >= 2, "请核对该合同与本中心的关系") if service else None
        case Role.INVOICE:
            return Other(paper, different, len(different) >= 2, "请核对该发票与本单位的关系")
        case Role.PATENT:
            return None if any(bare(party.name) in listed for party in different) else Other(paper, different, True)
        case Role.CERTIFICATE:
            if all(_OF_STAFF.match(party.part) for party in different):
                return Other(paper, different, False, "请核对是否为兼职人员或外聘专家的参保证明")
            return Other(paper, different, any(_HELD.match(party.part) for party in different))
        case _:
            insured = tuple(party for party in different if re.match(r"被保险|承租|承诺|被审计", party.part))
            return Other(paper, insured, True) if insured else None


_HELD = re.compile(r"持有|获证|持证|证书持有|获奖|认定(?:企业|对象)|被授(?:权|予)|企业名称|单位名称|组织名称|被保险|参保")


def _claimed(paper: Paper) -> tuple[Party, ...]:
    """The parties among whom the applicant should be."""
    own = tuple(party for party in paper.parties if party.side is Side.OWN)
    if paper.role in (Role.EQUIPMENT_LIST, Role.PEOPLE_LIST, Role.PROJECT_LIST, Role.REVENUE, Role.PLAN):
        return tuple(party for party in own if _LISTED.fullmatch(party.part))
    if paper.role is Role.LEASE:
        lessees = tuple(party for party in own if party.part != "权利人")
        sides = tuple(party for party in paper.parties if party.side is Side.EITHER and not _PAYEE.match(party.part))
        return lessees or (sides if len(sides) >= 2 else own)
    if paper.role in (Role.CONTRACT, Role.INVOICE):
        return tuple(party for party in paper.parties if party.side is not Side.OTHER and not _PAYEE.match(party.part))
    if paper.role is Role.AUDIT:
        audited = tuple(party for party in own if "审计" in party.part)
        return audited or own
    if paper.role is Role.COMMITMENT:
        return tuple(party for party in own if "承诺" in party.part or _LISTED.fullmatch(party.part))
    return own


def _payee(paper: Paper, who: Applicant) -> Other | None:
    """Money for the applicant's service that goes to somebody who is no party of the contract."""
    provides = any(_PROVIDERS.search(party.part) and _is(party, who) is True for party in paper.parties)
    payees = tuple(party for party in paper.parties if _PAYEE.match(party.part) and not party.person)
    rest = tuple(party.name for party in paper.parties if not _PAYEE.match(party.part))
    if not provides or not payees or any(same(party.name, (*who.names, *who.kin, *rest)) is not False for party in payees):
        return None
    return Other(paper, payees, paper.role is Role.CONTRACT)


def _is(party: Party, who: Applicant) -> bool | None:
    names = (party.name, *party.former)
    told = [same(name, (*who.names, *who.kin), doubted=bool(party.doubts)) for name in names]
    return True if True in told else None if None in told else False


def _income(case: Case, document: str, paper: Paper) -> bool:
    """Whether a paper stands among the proofs of income."""
    reading = next(reading for reading in case.readings if reading.document == document)
    within = reading.sections[paper.part].role if paper.part < len(reading.sections) else Role.OTHER
    return Role.REVENUE in (within, paper.role)


def _named_in_lists(case: Case) -> frozenset[str]:
    """Organisations the applicant's lists name: where projects come from, where its people work."""
    rosters = case.rosters
    told = [project.source for project in rosters.projects] + [
        person.organisation for person in (*rosters.team, *rosters.advisors)
    ]
    return frozenset(bare(name) for name in told if name)


def _by_name(parties: tuple[Party, ...]) -> list[Party]:
    unique = {(party.part, party.name): party for party in parties}
    return [unique[key] for key in sorted(unique)][:3]


def _spots(other: Other) -> tuple[Evidence, ...]:
    return tuple(place for party in other.parties for place in party.evidence)


def _called(paper: Paper) -> str:
    name = _CALLED.get(paper.role) or ROLE_NAMES[paper.role]
    return f"（{name}）"
