"""Which material a document is, going by what it says, its titles and its file name; and what an unread document might be.

A document that was not read cannot be missing: going by its name it is there, and one whose name says nothing might be anything. The words
are those seen on real attachment lists; a combined form is every material whose heading it holds.
"""

import re
import unicodedata
from typing import Final

from schemas.case import Case
from schemas.report import DocumentEntry
from schemas.vocabulary import DocumentStatus, FactKey, Role

#: Asked of a folded name in which spaces are gone; a name may say several roles (服务收入明细及合同).
_WORDS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    (Role.FORM, re.compile(r"申报书|申请书|申请表|申报表|认定书")),
    (Role.PLAN, re.compile(r"(?:建设|实施|运营|工作)方案|建设规划|可行性(?:研究)?报告")),
    (Role.EQUIPMENT_LIST, re.compile(r"(?:设备|仪器|软件|固定资产).{0,12}(?:清单|明细|台账|一览|汇总|表)|设备清单|资产清单")),
    (Role.PEOPLE_LIST, re.compile(r"(?:人员|团队|专家|顾问|员工|职工).{0,10}(?:名单|名册|清单|一览|汇总|花名|情况表|表)|花名册|社保.{0,6}(?:明细|证明|名单)")),
    (Role.PROJECT_LIST, re.compile(r"项目(?!申报|申请).{0,8}(?:清单|明细|台账|一览|汇总|库|列表|表)|储备项目|入库项目")),
    (Role.LEASE, re.compile(r"租赁|租房|房屋.{0,6}(?:合同|协议|证)|产权|不动产|房产|场地.{0,8}(?:证明|合同|协议|材料|使用)")),
    (Role.REVENUE, re.compile(r"收入.{0,8}(?:明细|清单|台账|证明|汇总|合同|表)|服务收入|服务合同")),
    (Role.AUDIT, re.compile(r"审计|财务报表|财务报告|决算")),
    (Role.COMMITMENT, re.compile(r"承诺|(?:信用|诚信).{0,4}声明")),
    (Role.LICENCE, re.compile(r"执照|法人.{0,6}证|(?<!著作权)(?<!产)登记证|信用代码证")),
    (Role.CONTRACT, re.compile(r"合同|协议")),
    (Role.CERTIFICATE, re.compile(r"证书|聘书|聘任|专利|资质|资格证|软著|著作权")),
)  # fmt: skip

#: Kinds that a policy's or form's list names in its own words: a document of the kind is there where the wanted name holds one.
KIND_WORDS: Final[dict[Role, tuple[str, ...]]] = {
    Role.APPOINTMENT: ("任命", "任职", "聘任"), Role.RULES: ("制度", "管理办法", "章程"), Role.INVOICE: ("发票",), Role.PATENT: ("专利", "著作权", "软著", "知识产权"),
    Role.CREDIT_REPORT: ("信用报告", "信用信息", "信用中国", "信用查询", "信用记录"), Role.IDENTITY: ("身份证",),
}  # fmt: skip
#: What used to be known as certificates: a list that asks for 证书 or 聘书 is answered by them.
_CERTIFYING: Final = frozenset({Role.APPOINTMENT, Role.PATENT})

#: A lease names a contract, a revenue list too: the plainer roles stand only where no fuller one does.
_PLAIN: Final = frozenset({Role.CONTRACT, Role.CERTIFICATE})

_NOISE = re.compile(
    r"^(?:附件|附表|附|证明材料|材料)?\s*(?:[0-9]+|[一二三四五六七八九十]+)?\s*(?:[-_.、:：．]|(?<=[0-9一二三四五六七八九十])\s)+"
    r"|^附件[0-9一二三四五六七八九十]+"
    r"|\([^()]*\)|复印件|扫描件|原件|电子版|盖章|签字|签章|PDF版|WORD版"
)

#: Several materials bound into one file.
_BOUND = re.compile(r"含附件|及附件|全套|整套|合订|汇编|合并|汇总|打包|申报材料")

UNREAD: Final = frozenset({DocumentStatus.UNREADABLE, DocumentStatus.SKIPPED})

LIST_ROLES: Final[dict[FactKey, Role]] = {
    FactKey.EQUIPMENT_VALUE: Role.EQUIPMENT_LIST,
    FactKey.TEAM_HEADCOUNT: Role.PEOPLE_LIST,
    FactKey.TEAM_TECHNOLOGY_MANAGERS: Role.PEOPLE_LIST,
    FactKey.ADVISORS_HEADCOUNT: Role.PEOPLE_LIST,
    FactKey.ADVISORS_TECHNOLOGY_MANAGERS: Role.PEOPLE_LIST,
    FactKey.ADVISORS_EXTERNAL_SHARE: Role.PEOPLE_LIST,
    FactKey.PROJECTS_RESERVED: Role.PROJECT_LIST,
    FactKey.PROJECTS_COMPLETED: Role.PROJECT_LIST,
    FactKey.REVENUE_SERVICE: Role.REVENUE,
}


def folded(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\ufeff]+", "", unicodedata.normalize("NFKC", text)).upper()


def core(name: str) -> str:
    """A material's name without numbering, brackets and what kind of copy it is: ``附件5：营业执照（复印件）`` is ``营业执照``."""
    text = folded(name)
    while (shorter := _NOISE.sub("", text).strip("-_.、:：;；,，。")) != text:
        text = shorter
    return text


def stem(file: str) -> str:
    """A file's name without folders and ending."""
    name = file.rsplit("/", 1)[-1]
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)


def roles_in_words(text: str) -> frozenset[Role]:
    """The roles a name speaks of; empty where it says nothing."""
    flat = folded(text)
    found = frozenset(role for role, words in _WORDS if words.search(flat))
    return found - _PLAIN if found - _PLAIN else found


def roles_by_name(file: str) -> frozenset[Role]:
    """By the file's own name; where that says nothing (``租赁合同/IMG_001.jpg``) by its folder, which makes it no form."""
    if own := roles_in_words(stem(file)):
        return own
    folder = file.rsplit("/", 2)[-2] if "/" in file else ""
    return roles_in_words(folder) - {Role.FORM}


def unread(case: Case) -> tuple[DocumentEntry, ...]:
    return tuple(entry for entry in case.documents if entry.status in UNREAD)


def partly_read(case: Case) -> tuple[DocumentEntry, ...]:
    return tuple(entry for entry in case.documents if entry.status is DocumentStatus.PARTLY_READ)


def unknown_content(case: Case) -> tuple[DocumentEntry, ...]:
    """Documents that may hold anything: read only in part, or not at all while the name says nothing, or promises more than one material.

    An unread form is among them, since attachments are often bound into it.
    """
    return tuple(entry for entry in case.documents if entry in partly_read(case) or (entry.status in UNREAD and _open(entry)))


def _open(entry: DocumentEntry) -> bool:
    roles = roles_by_name(entry.file)
    return not roles or Role.FORM in roles or bool(_BOUND.search(folded(stem(entry.file))))


def roles_of(entry: DocumentEntry, case: Case) -> frozenset[Role]:
    """Every role a document has: found in it or in its file's name.

    Titles inside it give none by themselves: a form's own section 信用承诺 is not the 信用承诺书 its list promises.
    """
    own = {entry.role, *entry.roles} | roles_by_name(entry.file)
    own |= {role for reading in case.readings if reading.document == entry.id for role in reading.roles}
    if own & _CERTIFYING:
        own |= {Role.CERTIFICATE}
    return frozenset(own - {Role.OTHER})


def list_may_continue_unread(key: FactKey, documents: frozenset[str], case: Case) -> bool:
    """Whether rows of this list may stand where nothing was read: then its length and sum prove nothing.

    ``documents`` are those the list was read from.
    """
    role = LIST_ROLES.get(key)
    named = role is not None and any(role in roles_by_name(entry.file) for entry in unread(case))
    return named or any(entry.id in documents for entry in partly_read(case))
