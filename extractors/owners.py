"""Whose a number is: the centre's own, its host's, another centre's, a partner's, a landlord's, a whole city's.

The owner is the nearest of them named before the number in its sentence. A host that gives (划拨, 抽调, 安排) speaks of the centre, and so
does one whose noun names the service itself (依托单位2025年概念验证服务收入). What a host merely has, its centre need not have.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from schemas.vocabulary import FactKey


class Owner(StrEnum):
    OWN = "own"
    HOST = "host"
    WHOLE_HOST = "whole_host"
    OTHER = "other"
    MAYBE_OTHER = "maybe_other"
    LESSOR = "lessor"
    REGION = "region"
    SERVED = "served"


class Mention(NamedTuple):
    start: int
    end: int
    owner: Owner
    words: str


class Verdict(NamedTuple):
    """``own``: the centre is named as the owner. ``rejected`` and ``doubt`` say in Chinese why the number is not, or may not be, the centre's."""

    own: bool = False
    rejected: str | None = None
    doubt: str | None = None


_CENTRE: Final = re.compile(r"(?:中心|平台)(?!主任|负责人|城区|位置|地带|思想|任务|环节)")
_NAME: Final = re.compile(r"[\u4e00-\u9fff·XxＸ×]{0,24}$")
_OURS: Final = re.compile(r"(?:本|我|该|拟建|所建|申报)(?:们|市|省|区|县|州)?(?:的)?[\u4e00-\u9fff]{0,12}$")
#: Words that make the centre named after them another's, whatever it is called.
_FOREIGN: Final = re.compile(
    r"考察|走访|调研|参观|观摩|访问|拜访|交流过|看过|见过|据悉|据了解|报道|兄弟|同行|同类|其他|另一|另外|(?<!某)某(?!某)|国家级?|国内|国外|全国|外地|省外|市外|疆外|友邻|相邻|邻近|周边|同在|对标|借鉴|参照|参考|类似|例如|比如|合作(?:单位|方|机构|的)"
)
#: A whole region's centres, most often with their number behind them.
_REGIONS: Final = re.compile(
    r"(?:全(?:市|省|区|县|州|疆|国|行业)|(?:我|本)(?:市|省|区|县|州)|各(?:地|市|区))[^，。；]{0,12}(?:共有|现有|已有|已|拥有|建成|建有|布局|认定|各类)[^，。；]{0,16}$"
)
#: What follows another's figure and is the applicant's own (合作方设备原值…，自有设备原值…).
_SELF: Final = re.compile(r"(?<=[，；、])自(?:有|身|行)(?=[\u4e00-\u9fff])")
_WITH: Final = re.compile(r"(?:与|同|和|跟|向|联合|会同|对接)(?=[\u4e00-\u9fff]{3,}$)")
#: A centre that is no place of validation or pilot runs: most often a department, or a neighbour.
_OTHER_KIND: Final = re.compile(
    r"(?:转移|转化|检测|检验|测试|分析|研究|研发|创新|孵化|工程|数据|培训|会议|文化|商务|活动|政务|交易|计算|算力|实训|实验教学|体育|图书|信息)$"
)
_BESIDE: Final = re.compile(r"借鉴|互补|(?:建立|开展|达成|签订)[^，。；]{0,8}合作|相比|对照|作为参照|供参考|为邻|毗邻")
_OTHERS: Final = (
    (Owner.LESSOR, re.compile(r"房东|出租(?:方|人|单位)|产权(?:方|人|单位)|业主")),
    (
        Owner.OTHER,
        re.compile(
            r"(?:合作|共建|协作|协同|兄弟|友邻|同类|其他|外地|对口)(?:的)?(?:单位|方|机构|企业|公司|高校|院校|院所|医院|银行|基地|实验室)|对方|同行|(?<!某)某(?!某)[\u4e00-\u9fff]{1,6}(?:公司|银行|单位|机构|中心|平台)|省级母基金|国家级基金"
        ),
    ),
    (
        Owner.REGION,
        re.compile(
            r"全(?:市|省|区|县|州|疆|国|行业|球|社会)|(?:我|本)(?:市|省|区|县|州)(?=20\d\d|今年|去年|上年|已|共|现|累计|每年|技术)|[\u4e00-\u9fff]{2,5}(?:市|省|自治区|高新区|经开区|开发区)(?=20\d\d|今年|去年|上年|每年|已|共有|累计|现有|技术(?:合同|交易|市场))"
        ),
    ),
    (
        Owner.SERVED,
        re.compile(r"(?:在孵|入驻|孵化|被孵|所孵|服务|客户|受托|委托)(?:的)?(?:企业|公司|单位|客户|项目(?!库|服务|经理|数))"),
    ),
    (
        Owner.WHOLE_HOST,
        re.compile(
            r"依托单位|母公司|总公司|集团(?:公司)?|总部|全(?:公司|校|院|厂|所|集团)|(?:公司|学校|医院|单位|研究院|学院)(?:全部|总体|整体)"
        ),
    ),
    (
        Owner.HOST,
        re.compile(
            r"(?:申报|申请|建设|承建|承担|牵头)单位|(?:我|本)(?:公司|单位|院|校|所|企业|厂)|(?<!新)(?<!子)(?<!型)公司(?!化|数)|学校|医院|(?<!科学)研究院|学院|大学|研究所|(?:^|[，、。；])(?:单位|企业|园区|高校)(?=现|共|已|拥|建|有|20\d\d|全|年)"
        ),
    ),
)
#: A host named so far into its phrase is no subject: 来自高校、面向企业, 与公司.
_OBJECT: Final = re.compile(
    r"(?:来自|来源于|面向|服务|[为对向与和同及给从将把被在])[^，。；、]*$|(?:来自|来源于|面向)[^，。；]*$"
)
#: Between a host and the number: the host gives, founds or sets apart, so that the number is the centre's.
_GIVES: Final = re.compile(
    r"划拨|划出|划定|划归|划给|拿出|腾出|让出|隔出|辟出|抽调|选派|派出|安排|提供|调配|调拨|无偿|配备|投入|组建|成立|设立|聘请|聘任|聘用|遴选|建立|建成|打造|专门|专用|专供|专职|概念验证|验证|中试|归"
)
_GIVEN: Final = re.compile(
    r"^[^，。；]{0,10}(?:供|归|给|作为|用作|用于|专供|划归|划给|投入|服务于|从事|建成|建设)[^，。；]{0,10}(?:中心|平台|概念验证|验证|中试)"
)
_SERVICE: Final = re.compile(r"概念验证|验证|中试")

_HOSTED: Final = frozenset(
    {
        FactKey.SITE_AREA, FactKey.EQUIPMENT_VALUE, FactKey.EQUIPMENT_INVESTED, FactKey.TEAM_HEADCOUNT, FactKey.TEAM_TECHNOLOGY_MANAGERS,
        FactKey.PROJECTS_RESERVED, FactKey.PROJECTS_COMPLETED, FactKey.PROJECTS_PRODUCTISED, FactKey.REVENUE_SERVICE,
        FactKey.TECHNOLOGY_CONTRACTS_VALUE, FactKey.ENTERPRISES_INCUBATED,
    }
)  # fmt: skip
_SERVED_BY: Final = frozenset({FactKey.SITE_AREA, FactKey.EQUIPMENT_VALUE, FactKey.TEAM_HEADCOUNT, FactKey.REVENUE_SERVICE})


def mentions(sentence: str) -> tuple[Mention, ...]:
    """Everyone a folded sentence names that could own a number, in order."""
    found = [_centre(sentence, match) for match in _CENTRE.finditer(sentence)]
    found += [Mention(m.start(), m.end(), Owner.OWN, m[0]) for m in _SELF.finditer(sentence)]
    for owner, known in _OTHERS:
        found += [
            Mention(m.start(), m.end(), owner, m[0].strip("，、。；"))
            for m in known.finditer(sentence)
            if owner is not Owner.HOST or not _OBJECT.search(sentence[: m.start()])
        ]
    kept = [m for m in found if not any(o is not m and o.start <= m.start and m.end <= o.end and _longer(o, m) for o in found)]
    return tuple(sorted(kept, key=lambda m: (m.end, m.start)))


def _longer(other: Mention, one: Mention) -> bool:
    return other.end - other.start > one.end - one.start


def _centre(sentence: str, match: re.Match[str]) -> Mention:
    name = _NAME.search(sentence[: match.start()])
    words = name[0] if name else ""
    said = f"{words}{match[0]}"
    if _OURS.search(words) or not words:
        return Mention(match.start(), match.end(), Owner.OWN, said)
    foreign = [*_FOREIGN.finditer(words)]
    if foreign:
        return Mention(match.start(), match.end(), Owner.OTHER, said[foreign[-1].start() :])
    if _REGIONS.search(sentence[: match.start()]):
        return Mention(match.start(), match.end(), Owner.REGION, said)
    if _WITH.search(words):
        return Mention(match.start(), match.end(), Owner.MAYBE_OTHER, said)
    if _OTHER_KIND.search(words):
        return Mention(match.start(), match.end(), Owner.MAYBE_OTHER, said)
    return Mention(match.start(), match.end(), Owner.OWN, said)


def judge(sentence: str, named: Iterable[Mention], key: FactKey, head: tuple[int, int], number: tuple[int, int]) -> Verdict:
    """Whose the number ``sentence[number[0]:number[1]]`` of ``key`` is, whose noun stands at ``head``."""
    before = [m for m in named if m.end <= number[0] and (m.owner is not Owner.SERVED or key in _SERVED_BY)]
    own = any(m.owner is Owner.OWN for m in before)
    last = before[-1] if before else None
    if last is None:
        return Verdict()
    between, after = sentence[last.end : number[0]], sentence[number[1] :]
    words = last.words[-16:]
    if last.owner is Owner.OWN:
        apart = _BESIDE.search(after) and not _OURS.search(sentence[: last.start]) and len(last.words) > 4
        return Verdict(own=True, doubt=f"句中的“{words}”是否本中心（平台）须核对" if apart else None)
    if last.owner is Owner.OTHER:
        return (
            Verdict(own, doubt=f"由“{words}”提供或所有，须核对")
            if _GIVES.search(between)
            else Verdict(rejected=f"说的是其他单位（{words}）")
        )
    if last.owner is Owner.MAYBE_OTHER:
        return Verdict(doubt=f"句中的“{words}”不一定是本中心（平台），须核对")
    if last.owner is Owner.REGION:
        return Verdict(rejected=f"说的是地区（行业）总体（{words}），不是本中心（平台）的")
    if last.owner is Owner.LESSOR:
        if key is not FactKey.SITE_AREA:
            return Verdict(own)
        return Verdict(doubt="出租方（产权人）的面积，不一定都归本中心使用")
    if last.owner is Owner.SERVED:
        return Verdict(rejected=f"说的是{words}，不是本中心（平台）的")
    if key not in _HOSTED or _GIVES.search(between) or _GIVEN.match(after) or _SERVICE.search(sentence[head[0] : number[0]]):
        return Verdict(own)
    if last.owner is Owner.WHOLE_HOST:
        return Verdict(rejected=f"说的是{words}整体，不是本中心（平台）的")
    return Verdict(doubt=f"句子的主语是“{words}”，不一定是本中心（平台）的数")
