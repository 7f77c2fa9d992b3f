"""Whose somebody is: an organisation beside the applicant, its branches and former names, and the sector it belongs to.

Only what the words settle is settled. A name that begins with the applicant's may be its department or another legal person (新疆大学化工学院,
新疆大学附属医院), and one that shares its core may be a subsidiary: those stay open, since the share of outsiders decides a clause.
"""

import re
from typing import Final

from extractors.text import tight

_LEGAL: Final = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|总公司|公司|集团|\(集团\))")
_OURS: Final = re.compile(r"^(?:本|我|该)(?:单位|公司|中心|院|校|所|平台|企业|部门)|^(?:依托|申报|申请)单位")
_FORMER: Final = re.compile(r"\((?:原|原名|曾用名|更名前|前身为?|现)[:为]?([^()]{4,40})\)")
#: What follows the applicant's name in the name of another legal person, or of one that may be.
_ANOTHER: Final = re.compile(r"公司|医院|附属|附中|基金|合作社|协会|学会|独立学院|科技园|控股|子公司|参股")
_BRANCH: Final = re.compile(r"分公司|分院|分校|分所|分部|办事处|事业部|研发(?:中心|部)|本部|总部")
_REGION: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,3}(?:省|市|自治区|地区|州)|新疆维吾尔自治区|新疆|云南|昆明|乌鲁木齐|北京|上海|深圳|广东|四川|中国)+"
)

_ACADEMIC: Final = re.compile(
    r"大学|学院|科学院|研究院|研究所|高校|(?:理化|物理|化学|生态|天文|植物|农业|地理)所|工程院|职业技术|党校|实验室$"
)
_INVESTING: Final = re.compile(r"投资|创投|资本|基金|证券|银行|信托|风投|金融(?!学院)|融资|资产管理")
_COMPANY: Final = re.compile(r"公司|集团|企业|厂$|股份|实业|科技园")
_PROFESSION: Final = re.compile(
    r"律师|会计师|事务所|专利代理|知识产权|评估|协会|学会|政府|委员会|局$|厅$|医院|技术(?:转移|交易)|孵化|园区"
)
_SCHOLAR: Final = re.compile(r"教授|研究员|讲师|导师|院士|院长|所长|系主任")
_INVESTOR: Final = re.compile(r"投资(?:总监|经理|人|合伙人)|基金(?:经理|合伙人)|创始合伙人|风控总监")
_MANAGER: Final = re.compile(r"总经理|董事|总工|副总|厂长|技术总监|首席|经理|高级工程师|工程师|CEO|CTO", re.IGNORECASE)


def bare(name: str) -> str:
    """A name folded, brackets and all, without the remark of a former name.

    >>> bare("新疆（某某）有限公司（原某某厂有限公司）")
    '新疆(某某)有限公司'
    """
    return _FORMER.sub("", tight(name)).strip("，。；:")


def _names(name: str) -> set[str]:
    """The names an entry gives: the one in use and the former one in its bracket."""
    flat = tight(name)
    return {flat_name for flat_name in (bare(flat), *_FORMER.findall(flat)) if flat_name}


def _key(name: str) -> str:
    return re.sub(r"[()·,，.\s]", "", name)


def is_outside(organisation: str | None, applicant: str | None) -> bool | None:
    """Whether an organisation is another than the applicant; None where the words leave it open.

    >>> is_outside("新疆大学化工学院", "新疆大学"), is_outside("新疆大学附属医院", "新疆大学"), is_outside("昆明理工大学", "新疆大学")
    (False, None, True)
    """
    if not organisation or not applicant:
        return None
    if _OURS.match(tight(organisation)):
        return False
    told = [_beside(_key(a), _key(b)) for a in _names(organisation) for b in _names(applicant)]
    return False if False in told else None if None in told else True


def _beside(theirs: str, ours: str) -> bool | None:
    if theirs == ours:
        return False
    if theirs.startswith(ours):
        rest = theirs[len(ours) :]
        if _BRANCH.search(rest):
            return False
        return None if _ANOTHER.search(rest) else False
    if ours.startswith(theirs) and len(theirs) >= 4:
        return False if _LEGAL.fullmatch(ours[len(theirs) :]) else None
    core = _core(ours)
    return None if len(core) >= 3 and core in theirs else True


def _core(name: str) -> str:
    """What is left of a company's name without its place and legal form; empty for others, whose names share words by nature."""
    return _REGION.sub("", _LEGAL.sub("", name)) if _LEGAL.search(name) else ""


def sector_of(organisation: str | None, title: str | None) -> str | None:
    """学术, 投资 or 产业 where the organisation says so and the title does not say otherwise; None where it is open.

    >>> sector_of("特变电工股份有限公司", "总工程师"), sector_of("新疆大学", "教授"), sector_of("某律师事务所", "合伙人")
    ('产业', '学术', None)
    """
    place, post = tight(organisation or ""), tight(title or "")
    if not place or _PROFESSION.search(place):
        return None
    company = bool(_COMPANY.search(place))
    found = [
        sector
        for sector, says in (
            ("投资", bool(_INVESTING.search(place))),
            ("学术", bool(_ACADEMIC.search(place)) and not company),
            ("产业", company and not _INVESTING.search(place) and not _ACADEMIC.search(place)),
        )
        if says
    ]
    if len(found) != 1:
        return None
    other = {"学术": _INVESTOR, "投资": _SCHOLAR, "产业": _INVESTOR}[found[0]]
    return (
        None if other.search(post) or (found[0] == "产业" and _SCHOLAR.search(post) and not _MANAGER.search(post)) else found[0]
    )
