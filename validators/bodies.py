"""Whether two names are one organisation: the applicant's many writings against another's.

The same body is written with half or full brackets, with 有限公司 for 有限责任公司, in short, by its branch or department, by its former name. Those are the
applicant. What only might be it (one character off, the same name with another legal form, an affiliate) stays open and accuses nobody.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact
from schemas.vocabulary import FactKey, FactStatus, Role
from validators.messages import ordered

_LEGAL: Final = re.compile(r"股份有限公司|有限公司|集团公司|总公司|股份公司|公司|集团")
_BRANCH: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,12}(?:分公司|分院|分校|分所|分部|办事处|事业部|研发(?:中心|部)|研究(?:院|所|中心)|实验室|工程中心|技术中心|中心|部|处|科|系|室|学院|校区|院区|本部|总部|平台))$"
)
_ANOTHER: Final = re.compile(r"有限公司|股份|医院|附属|附中|基金|合作社|协会|学会|科技园|控股|子公司")
_REGION: Final = re.compile(
    r"^(?:(?:新疆维吾尔|广西壮族|宁夏回族|内蒙古|西藏)?(?:自治区)?|[\u4e00-\u9fff]{2,3}(?:省|市|自治州|地区|州|县|区)|中国|新疆|云南|昆明|乌鲁木齐|北京|上海|天津|重庆|深圳|广州|广东|四川|成都|陕西|西安|江苏|南京|浙江|杭州"
    r"|山东|济南|青岛|河南|郑州|湖北|武汉|湖南|长沙|安徽|合肥|福建|厦门|江西|南昌|河北|山西|太原|辽宁|沈阳|大连|吉林|长春|黑龙江|哈尔滨|甘肃|兰州|青海|宁夏|贵州|贵阳|广西|南宁|海南|玉溪|曲靖|大理|昌吉|石河子|克拉玛依)+"
)
#: Two names that differ in no more of their letters may be one, misread.
MISREAD: Final = 0.2


class Applicant(NamedTuple):
    """Who applies: the name as the form states it, where; and the names of those who may stand in its place."""

    name: str
    names: tuple[str, ...]
    kin: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    fact: str


def applicant(case: Case) -> Applicant | None:
    """None where the form's own statements leave open who applies: then nobody is another."""
    facts = [fact for fact in case.facts if fact.key is FactKey.APPLICANT_NAME and isinstance(fact.value, str)]
    own = [fact for fact in facts if _in_form(fact, case)]
    told = [fact for fact in (own or facts) if fact.status is FactStatus.ACCEPTED] or (own or facts)
    if not told or any(same(str(one.value), (str(told[0].value),)) is False for one in told[1:]):
        return None
    first = max(told, key=lambda fact: (fact.status is FactStatus.ACCEPTED, len(fact.evidence), fact.id))
    centres = [str(fact.value) for fact in case.facts if fact.key is FactKey.CENTRE_NAME]
    kin = [party.name for reading in case.readings for party in reading.kin]
    names = tuple(dict.fromkeys(str(fact.value) for fact in told))
    place = ordered(first.evidence, case)[:1]
    return Applicant(str(first.value), names, tuple(dict.fromkeys((*centres, *kin))), place, first.id)


def _in_form(fact: Fact, case: Case) -> bool:
    forms = {entry.id for entry in case.documents if Role.FORM in (entry.role, *entry.roles)}
    roles = {s.role for s in case.sightings if s.key is fact.key and s.evidence in fact.evidence}
    if roles:
        return Role.FORM in roles
    return any(place.document in forms for place in fact.evidence)


def bare(name: str) -> str:
    """A name for comparing: width, brackets, spaces and the form of a limited company make no difference.

    >>> bare("新疆（某某） 有限责任公司") == bare("新疆某某有限公司")
    True
    """
    text = re.sub(r"[\s\u200b-\u200f()\[\]“”\"'《》·.、，。]+", "", unicodedata.normalize("NFKC", name)).upper()
    return text.replace("有限责任公司", "有限公司")


def same(name: str, others: tuple[str, ...], *, doubted: bool = False) -> bool | None:
    """True for one of ``others``, False for somebody else, None where the words leave it open. ``doubted``: the name was not read surely.

    >>> same("昆明晴垣光电科技有限公司嵩明分公司", ("昆明晴垣光电科技有限公司",)), same("云南瑞丰光电有限公司", ("昆明晴垣光电科技有限公司",))
    (True, False)
    """
    told = [_beside(bare(name), bare(other), doubted=doubted) for other in others if bare(other)]
    return True if True in told else None if None in told or not told else False


def _beside(theirs: str, ours: str, *, doubted: bool) -> bool | None:
    if theirs == ours or (len(theirs) >= 4 and theirs in ours):
        return True
    if theirs.startswith(ours):
        rest = theirs[len(ours) :]
        return True if _BRANCH.match(rest) and not _ANOTHER.search(rest) else None
    if ours in theirs or _core(theirs) == _core(ours) or _short(theirs, ours):
        return None
    allowed = max(2, round(len(ours) * MISREAD)) if doubted and not _other_style(theirs, ours) else 1
    return None if _distance(theirs, ours, allowed) <= allowed else False


def _core(name: str) -> str:
    """What is left without the place and the legal form; a company whose core is another's is an affiliate at most."""
    return _REGION.sub("", _LEGAL.sub("", name)) or name


def _other_style(theirs: str, ours: str) -> bool:
    """Whether names alike in everything else differ in every letter of what tells companies apart: that is no misreading."""
    at = ours.find(_core(ours))
    if len(theirs) != len(ours) or at < 0:
        return False
    apart = [n for n, (a, b) in enumerate(zip(theirs, ours, strict=True)) if a != b]
    return apart[:2] == [at, at + 1]


def _short(theirs: str, ours: str) -> bool:
    """Whether a short name (昆工 for 昆明理工大学) keeps the order of the other's letters."""
    if not 3 <= len(theirs) <= 8 or len(theirs) >= len(ours):
        return False
    letters = iter(ours)
    return all(letter in letters for letter in theirs)


def _distance(one: str, other: str, limit: int) -> int:
    """The edit distance, not counted on beyond ``limit``."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
