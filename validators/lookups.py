"""What a person has to look up in registers, with the keys the package gives: the program works offline and vouches for none of it.

Only public registers, each with what its answer can tell. Numbers of persons stay masked: whoever looks up a certificate of social insurance has it in
hand. A register is listed even without a key where the officer must always look (信用中国); then the name is the key.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.papers import Moment, Number, Paper
from schemas.policy import Policy
from schemas.report import LookUp
from schemas.vocabulary import FactKey, Role
from validators.bodies import Applicant, applicant
from validators.messages import natural, ordered, printable

#: So many of one register are listed; a list of a hundred invoices is looked up in samples anyway.
MOST: Final = 60


class Register(NamedTuple):
    name: str
    address: str
    look_for: str


CREDIT = Register("信用中国", "www.creditchina.gov.cn", "是否列入严重失信主体名单；行政处罚是否已修复、是否在政策规定的期限内")
COMPANIES = Register(
    "国家企业信用信息公示系统", "www.gsxt.gov.cn", "登记状态、成立日期、住所、法定代表人、曾用名；经营异常名录、严重违法失信名单"
)
INSTITUTIONS = Register("事业单位在线", "www.gjsy.gov.cn", "法人证书状态和有效期、举办单位、宗旨和业务范围")
COURTS = Register("中国执行信息公开网", "zxgk.court.gov.cn", "是否为失信被执行人、限制消费人员")
INTEGRITY = Register("科研诚信严重失信行为数据库", "", "由有权限的科技主管部门查询：单位和负责人是否在惩戒期内")
INVOICES = Register(
    "国家税务总局全国增值税发票查验平台",
    "inv-veri.chinatax.gov.cn",
    "发票是否存在，购销方、项目、金额是否与票面一致；是否已作废、红冲",
)
INSURANCE = Register("社保参保证明（证明上所印的网址或二维码）", "", "参保单位、姓名、缴费起止月份是否与证明一致")
PATENTS = Register(
    "国家知识产权局专利审查信息查询", "cpquery.cponline.cnipa.gov.cn", "专利（申请）权人、法律状态、是否缴纳年费、是否转让或质押"
)
COPYRIGHTS = Register("中国版权保护中心", "www.ccopyright.com.cn", "著作权人、登记日期、是否转让")
CONTRACTS = Register(
    "技术合同登记机构（全国技术合同管理与服务系统）", "", "合同是否登记、类别（开发、转让、许可、咨询、服务）、核定的技术性收入额"
)
PREMISES = Register("不动产登记（当地不动产登记机构）", "", "权利人、坐落、面积、用途，是否与租赁合同的出租方和地址一致")
AUDITS = Register("注册会计师行业统一监管平台", "acc.mof.gov.cn", "报告编号、被审计单位、事务所、签字注册会计师是否与报告一致")
CERTIFICATES = Register("证书的颁发机构", "", "证书编号、持有人、有效期是否与证书一致")

#: Kinds of numbers beside the register that knows them.
_KNOWN: Final = (
    ("invoice", INVOICES, "发票号码"), ("patent", PATENTS, "专利号（申请号）"), ("copyright", COPYRIGHTS, "登记号"), ("registration", CONTRACTS, "合同登记编号"),
    ("property", PREMISES, "权证号"), ("report", AUDITS, "报告文号"), ("certificate", CERTIFICATES, "证书编号"), ("verification", INSURANCE, "验证码"),
)  # fmt: skip


def lookups(case: Case, policy: Policy) -> tuple[LookUp, ...]:
    """Every look-up, by register, each key once, in the order of the package."""
    who = applicant(case)
    return (*_applicant(who, case), *_numbers(case), *_contracts(case), *_premises(case))


def _applicant(who: Applicant | None, case: Case) -> Iterator[LookUp]:
    codes = [fact for fact in case.facts if fact.key is FactKey.APPLICANT_USCC]
    named = [("单位名称", who.name)] if who else []
    keys = (*named, *(("统一社会信用代码", str(fact.value)) for fact in codes))
    spots = ordered((*(who.evidence if who else ()), *(place for fact in codes for place in fact.evidence[:1])), case)
    if not keys:
        return
    first = keys[-1][1]
    registry = INSTITUTIONS if first.startswith(("12", "11")) else COMPANIES
    for register in (CREDIT, registry, COURTS, INTEGRITY):
        yield _look(register, "申报单位", keys, spots)
    for name, place in _leaders(case):
        yield _look(COURTS, "法定代表人", (("姓名", name),), place)
    for party in {
        p.name: p for reading in case.readings for p in reading.kin if any(w in p.part for w in ("共建", "联合", "合作"))
    }.values():
        yield _look(CREDIT, party.part, (("单位名称", party.name),), party.evidence)


def _leaders(case: Case) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    found = {p.name: p for reading in case.readings for paper in reading.papers for p in paper.parties if p.part == "法定代表人"}
    yield from ((name, party.evidence) for name, party in sorted(found.items())[:2])


def _numbers(case: Case) -> Iterator[LookUp]:
    for kind, register, label in _KNOWN:
        numbers = [number for reading in case.readings for number in reading.numbers if number.kind == kind and _meant(number)]
        unique = {number.key: number for number in reversed(numbers)}
        for number in sorted(unique.values(), key=lambda one: natural(one.shown))[:MOST]:
            paper = _paper_of(number, case)
            keys = ((label, number.shown), *_more(number, paper))
            yield _look(register, _subject(paper, number), keys, number.evidence)


def _meant(number: Number) -> bool:
    """Whether a number of this kind stands where its register's papers do: 报告编号 of a credit report is no auditor's."""
    return number.role is Role.AUDIT if number.kind == "report" else True


def _paper_of(number: Number, case: Case) -> Paper | None:
    held = (paper for reading in case.readings for paper in reading.papers)
    return next(
        (paper for paper in held if any(one.key == number.key and one.evidence == number.evidence for one in paper.numbers)), None
    )


def _more(number: Number, paper: Paper | None) -> Iterator[tuple[str, str]]:
    """What else the register asks for, or what its answer is held against."""
    if paper is None:
        return
    if number.kind == "invoice":
        yield from (("发票代码", one.shown) for one in paper.numbers if one.kind == "invoice_code")
        yield from (("开票日期", day.as_stated) for day in paper.days if day.moment is Moment.ISSUED)
    names = dict.fromkeys(party.name for party in paper.parties if party.part != "法定代表人")
    yield from (("名称", name) for name in list(names)[:3])


def _subject(paper: Paper | None, number: Number) -> str:
    return printable(paper.title)[:30] if paper is not None and paper.title else number.label or "—"


def _contracts(case: Case) -> Iterator[LookUp]:
    """Contracts among the proofs of income: by number and parties, where no registration number was given."""
    seen: set[str] = set()
    for reading in case.readings:
        for paper in reading.papers:
            numbers = [one for one in paper.numbers if one.kind == "contract"]
            if paper.role is not Role.CONTRACT or not numbers or any(one.kind == "registration" for one in paper.numbers):
                continue
            if numbers[0].key in seen:
                continue
            seen.add(numbers[0].key)
            sides = tuple((party.part, party.name) for party in paper.parties if not party.person)[:3]
            yield _look(
                CONTRACTS,
                printable(paper.title)[:30] or "技术合同",
                (("合同编号", numbers[0].shown), *sides),
                numbers[0].evidence,
            )


def _premises(case: Case) -> Iterator[LookUp]:
    for reading in case.readings:
        for paper in reading.papers:
            if paper.role is not Role.LEASE or not paper.places:
                continue
            place = paper.places[0]
            lessor = tuple(("出租方", party.name) for party in paper.parties if party.part.startswith(("出租", "权利人")))[:1]
            yield _look(PREMISES, printable(paper.title)[:30] or "场地", (("坐落", place.address), *lessor), place.evidence)


def _look(register: Register, subject: str, keys: Iterable[tuple[str, str]], evidence: tuple[Evidence, ...]) -> LookUp:
    told = tuple((label, printable(value)) for label, value in dict.fromkeys(keys))
    return LookUp(
        registry=register.name,
        address=register.address,
        look_for=register.look_for,
        subject=subject,
        keys=told,
        evidence=evidence,
    )
