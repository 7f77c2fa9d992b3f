"""How a value was chosen among the places that state one, in words a reviewer can follow, and how good the proof of it is.

What a reading says of a sighting it sets aside is free text with its parameters; here it gets a code of a closed list.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from schemas.facts import Candidate, FactValue, Sighting
from schemas.vocabulary import CHOICES, Choice, Grade, Role

#: So many candidates a fact keeps, those that became its value included; of those no more than ``CHOSEN_KEPT``.
KEPT: Final = 12
CHOSEN_KEPT: Final = 4

_CODES: Final = (
    (Choice.PAST, re.compile(r"^往年")),
    (Choice.PLANNED, re.compile(r"^计划或目标|^以后年度")),
    (Choice.NEGOTIATED, re.compile(r"^尚在洽谈")),
    (Choice.HOSTS, re.compile(r"^依托单位|^说的是.+整体")),
    (Choice.REGIONS, re.compile(r"^说的是地区")),
    (Choice.OTHERS, re.compile(r"^说的是|^出租方")),
    (Choice.POLICYS, re.compile(r"政策")),
    (Choice.PART, re.compile(r"^分项|^包含其他|^培训")),
)
_NOUNS: Final = {
    Choice.DIFFERS: "不同数值", Choice.WEAK: "所指不明", Choice.PLANNED: "计划或目标数", Choice.PAST: "往年数", Choice.NEGOTIATED: "洽谈中的数",
    Choice.HOSTS: "依托单位的数", Choice.OTHERS: "其他单位的数", Choice.REGIONS: "地区总体的数", Choice.POLICYS: "政策原文的数", Choice.PART: "分项数",
    Choice.OTHER_PERIOD: "其他期间的数", Choice.SET_ASIDE: "其他原因",
}  # fmt: skip

_GRADED: Final = {
    Role.EQUIPMENT_LIST: Grade.LIST,
    Role.PEOPLE_LIST: Grade.LIST,
    Role.PROJECT_LIST: Grade.LIST,
    Role.REVENUE: Grade.LIST,
    Role.LEASE: Grade.CONTRACT,
    Role.CONTRACT: Grade.CONTRACT,
    Role.AUDIT: Grade.AUDIT,
    Role.CERTIFICATE: Grade.AUDIT,
    Role.PATENT: Grade.AUDIT,
    Role.INVOICE: Grade.INVOICE,
    Role.LICENCE: Grade.GOVERNMENT,
    Role.CREDIT_REPORT: Grade.GOVERNMENT,
}
_INVOICE: Final = re.compile(r"发票|收款凭证|银行回单")
_OFFICIAL: Final = re.compile(r"不动产权|产权证|房产证|登记证|认定登记|备案(?:证明|通知)|批复|完税证明|营业执照|法人证书")
#: What an applicant writes of itself is no better for being in such a paper.
_OWN_WORDS: Final = re.compile(r"承诺|声明|说明|协议|(?<!技术)合同|租")


def grade_of(role: Role, titles: Iterable[str], manner: str) -> Grade:
    """The grade of a place in a document (part) of this role and these titles."""
    told = "".join(titles)
    if (
        role in (Role.LEASE, Role.CERTIFICATE, Role.LICENCE, Role.OTHER)
        and _OFFICIAL.search(told)
        and not _OWN_WORDS.search(told)
    ):
        return Grade.GOVERNMENT
    if role in (Role.OTHER, Role.REVENUE, Role.CONTRACT) and _INVOICE.search(told) and not re.search(r"清单|明细|合同", told):
        return Grade.INVOICE
    grade = _GRADED.get(role, Grade.DECLARED)
    return Grade.LIST if grade is Grade.DECLARED and manner == "list_total" else grade


def why_rejected(sighting: Sighting) -> tuple[Choice, str]:
    words = sighting.rejected or ""
    code = next((code for code, known in _CODES if known.search(words)), Choice.SET_ASIDE)
    return code, CHOICES[code][1].format(words=words)


def candidate(sighting: Sighting, choice: Choice, reason: str | None = None) -> Candidate:
    return Candidate(
        value=sighting.value,
        as_stated=sighting.as_stated,
        period=sighting.period,
        evidence=sighting.evidence,
        choice=choice,
        reason=reason or CHOICES[choice][1],
    )


def chosen(cluster: Sequence[Sighting], structured: frozenset[str]) -> list[Candidate]:
    """The places that state a fact's value, its best one first."""
    first, *rest = cluster
    lead = Choice.LISTED if first.manner == "list_total" else Choice.LABELLED if first.manner in structured else Choice.SAID
    return [
        candidate(first, lead),
        *(candidate(s, Choice.AGREES if _same(s.value, first.value) else Choice.ROUNDED) for s in rest),
    ]


def _same(one: FactValue, other: FactValue) -> bool:
    return not isinstance(one, Decimal) or not isinstance(other, Decimal) or one == other


def left_out(sightings: Iterable[Sighting], choice: Choice) -> list[Candidate]:
    return [candidate(s, choice, CHOICES[choice][1].format(words="；".join(s.doubts) or "只在正文中提到")) for s in sightings]


def set_aside(sightings: Iterable[Sighting]) -> list[Candidate]:
    return [candidate(s, *why_rejected(s)) for s in sightings]


def summed_up(taken: Sequence[Candidate], others: Sequence[Candidate]) -> str:
    """``采用：栏目写明，另有2处一致；未采用3处：计划或目标数2处、依托单位的数1处``."""
    told = CHOICES[taken[0].choice][1]
    agreeing = sum(one.choice is Choice.AGREES for one in taken[1:])
    rounded = sum(one.choice is Choice.ROUNDED for one in taken[1:])
    told += f"，另有{agreeing}处一致" if agreeing else ""
    told += f"，{rounded}处只差舍入" if rounded else ""
    if others:
        counts = Counter(one.choice for one in others)
        told += f"；未采用{len(others)}处：" + "、".join(f"{_NOUNS[code]}{counts[code]}处" for code in _NOUNS if counts[code])
    return told


def kept(taken: Sequence[Candidate], others: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return (*taken[:CHOSEN_KEPT], *others)[:KEPT]
