"""The applicant's seal on pages read from their pictures: none where one is asked for, or one that names another organisation.

Only a page that would show a seal is judged: one in colour without any coloured ink, or in grey without any ink paler than its print. Black and white scans lose red
ink; a red heading, a blue or half a seal, a seal over the edge leave ink that was not told apart, and then nothing is said. A seal's ring is read poorly, so it
names another only where the characters that tell organisations apart were read and are all others, and where nobody of that name is on the page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from schemas.case import Case
from schemas.facts import Reading
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.traces import Stamp
from schemas.vocabulary import FindingCode, Severity
from validators.authenticity_files import folded, names
from validators.messages import finding, place, places, printable

#: Tones on which a seal would be seen.
PLAIN: Final = ("colour", "grey")
#: Labels that mean whoever applies, and those that mean one side of a contract, which is the applicant where it is named.
_OWN = re.compile(
    r"(?:承诺|申报|申请|依托|建设|填报|牵头|项目|法人|本)(?:单位|人|企业|机构|主体)(?:名称|全称)?$|^(?:单位|企业|公司|机构)(?:名称|全称)?$|^(?:我|本)(?:单位|公司|院|校|所)$"
)
#: Characters that many names share, one by one, since a ring is read with gaps; what is left tells names apart.
_SHARED: Final = frozenset(
    "股份有限责任公司集团大学院研究所医中心科技术省市自治区县新疆乌鲁木齐云南昆明北京上海国合同专用章财务一"
)
#: Words by which a ring shows that it was read the right way round.
_READ = re.compile(r"公司|有限|科技|技术|股份|责任|大学|学院|研究|医院|中心|集团|委员|协会")
UNREAD: Final = "□"
#: A ring's mean confidence, the part of its characters that were not read, and how many of those that tell names apart it must show.
SURE: Final = 0.8
UNREADABLE: Final = 0.35
TELLING: Final = 3
#: How much of the shorter of two names' telling characters may be in both, in order, where they are two names.
ALIKE: Final = 0.34
#: Seals of a package that are compared, parts that must bear ink, and how much of it must lie in the same parts.
MOST: Final = 60
LEAST: Final = 200
COPIED: Final = 0.93


def missing(case: Case, policy: Policy) -> Iterable[Finding]:
    """SEAL_MISSING for each document whose scanned pages ask for the applicant's seal and show no coloured or paler ink at all."""
    del policy
    ours = names(case)
    for reading in case.readings:
        asked = [s for s in reading.stamps if s.asked and s.tone in PLAIN and _is_ours(s, ours)]
        bare = [stamp for stamp in asked if not _sealed(stamp, reading, ours)]
        if not bare or len(bare) < len(asked):
            continue
        grey = "（该页为灰度扫描，也未见印章的墨迹）" if any(s.tone == "grey" for s in bare) else ""
        labels = "、".join(dict.fromkeys(f"“{printable(s.words)}”" for s in bare if s.words)) or "此处"
        yield finding(
            FindingCode.SEAL_MISSING, Severity.MEDIUM,
            f"{places((s.evidence for s in bare), case)}{labels}处要求盖章，该页扫描件上未见{_whose(bare, reading)}{grey}。",
            case=case, evidence=[s.evidence for s in bare],
            advice="请对照纸质原件核对；确未盖章的，请申报单位盖章后重新扫描提交。",
        )  # fmt: skip


def _whose(bare: Sequence[Stamp], reading: Reading) -> str:
    pages = {s.evidence.page for s in bare}
    others = [s for s in reading.stamps if not s.asked and s.evidence.page in pages]
    return "申报单位的印章，只有其他单位的印章" if others else "印章"


def _is_ours(stamp: Stamp, ours: frozenset[str]) -> bool:
    owner = folded(stamp.owner)
    if owner and ours:
        return any(owner in our or our in owner for our in ours)
    return not owner and _OWN.search(stamp.words) is not None


def _sealed(stamp: Stamp, reading: Reading, ours: frozenset[str]) -> bool:
    """Whether a seal on the page, or on the next, where its block may go on, may be the applicant's; a page not read may hold it as well.

    A contract's page with the other party's seal alone lacks the applicant's: that one has to be read surely and be the other's beyond doubt.
    """
    page = stamp.evidence.page or 0
    seals = [s for s in reading.stamps if not s.asked and s.evidence.page in (page, page + 1)]
    others = {folded(s.owner) for s in reading.stamps if s.asked and s.owner and s.evidence.page == page} - ours
    if any(not any(_surely(s, name) for name in others) for s in seals):
        return True
    if any(_same(s.words, name) for s in seals for name in ours) or (seals and not ours):
        return True
    return any(s.asked and s.evidence.page == page + 1 and s.tone not in PLAIN for s in reading.stamps)


def mismatch(case: Case, policy: Policy) -> Iterable[Finding]:
    """SEAL_MISMATCH for a page that asks for the applicant's seal, does not bear it, and bears one of an organisation that is asked for none there."""
    del policy
    ours = names(case)
    if not ours:
        return
    for reading in case.readings:
        for page in dict.fromkeys(s.evidence.page for s in reading.stamps if s.asked and _is_ours(s, ours)):
            asked = [s for s in reading.stamps if s.asked and s.evidence.page == page]
            seals = [s for s in reading.stamps if not s.asked and s.evidence.page == page]
            others = {folded(s.owner) for s in asked if s.owner} - ours
            theirs = [s for s in seals if any(_surely(s, name) for name in others)]
            rest = [s for s in seals if s not in theirs]
            if not all(_legible(s) for s in rest) or any(_same(s.words, name) for s in seals for name in ours):
                continue
            strange = [s for s in rest if not any(_same(s.words, name) for name in others)]
            if not strange:
                continue
            told = "、".join(f"“{printable(s.words)}”" for s in strange)
            first = next(s for s in asked if _is_ours(s, ours))
            yield finding(
                FindingCode.SEAL_MISMATCH, Severity.HIGH,
                f"{places([first.evidence], case)}“{printable(first.words or first.owner)}”处要求盖申报单位的章，该页印章的文字识别为{told}，与申报单位名称不符。",
                case=case, evidence=[*(s.evidence for s in strange), first.evidence],
                advice="请对照原件辨认印章上的文字（此处由图像识别）；确为其他单位印章的，请申报单位说明并重新盖章提交。",
            )  # fmt: skip


def _legible(seal: Stamp) -> bool:
    words = seal.words
    read = _READ.search(words) is not None and words.count(UNREAD) <= UNREADABLE * len(words)
    return read and seal.confidence >= SURE and len(_telling(words)) >= TELLING


def _telling(name: str) -> str:
    return "".join(char for char in folded(name) if char not in _SHARED and char != UNREAD)


def _same(words: str, name: str) -> bool:
    """Whether a ring may be this name's: some of what tells names apart is in both, as far as it was read."""
    seen, ours = _telling(words), _telling(name)
    if len(ours) < 2 or not seen:
        return True
    alike = sum(block.size for block in SequenceMatcher(None, seen, ours, autojunk=False).get_matching_blocks())
    return alike > (ALIKE * min(len(seen), len(ours)) if len(seen) > TELLING else 0)


def _surely(seal: Stamp, name: str) -> bool:
    """Whether a ring is this name's beyond doubt: most of what tells it apart was read, which no misread ring shows by chance."""
    seen, wanted = _telling(seal.words), _telling(name)
    alike = sum(block.size for block in SequenceMatcher(None, seen, wanted, autojunk=False).get_matching_blocks())
    return seal.confidence >= SURE and alike >= max(TELLING, 0.6 * max(len(seen), len(wanted)))


def leads(case: Case) -> Iterator[Lead]:
    """Seals whose ink lies in the same places, part for part. Two impressions of one stamp never do; a lead, since a scan shows no more than that."""
    seals = [(s, int(s.print, 16)) for reading in case.readings for s in reading.stamps if not s.asked and s.print]
    for (one, ink), (other, more) in combinations(seals[:MOST], 2):
        both = (ink & more).bit_count()
        if both >= LEAST and both >= COPIED * (ink | more).bit_count():
            yield Lead(
                code="SEAL_IDENTICAL",
                message=f"{place(one.evidence, case)}与{place(other.evidence, case)}的印章图像各处墨迹相同；实际两次加盖的印文不会完全相同，请核对原件。",
                evidence=(one.evidence, other.evidence),
            )  # fmt: skip
