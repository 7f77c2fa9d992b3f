"""One photograph in two places that are said to show different things. Pictures that say nothing (logos, seals, blank or small ones, pages of writing) are left out.

The same photograph under the same words is the form repeating the plan. Two photographs count as one when their bytes are the same, or when 246 of the
256 bits of their hashes are: another size or encoder moves a few bits, another view of the same room moves dozens.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.traces import Shot
from schemas.vocabulary import FindingCode, Severity
from validators.messages import entry_of, finding, place, printable

#: Bits of 256 in which two copies of one photograph may differ, and how far apart the ratios of their sides may be.
BITS: Final = 10
RATIO: Final = 0.04
#: Greys of a photograph worth comparing, in bits; pictures of a package that are compared.
ENTROPY: Final = 2.5
MOST: Final = 600
_NUMBER = re.compile(r"^(?:附?图|照片|图片|附件|插图|fig(?:ure)?\.?)[\s\d一二三四五六七八九十.\-—:：、()（）]*", re.IGNORECASE)
_ENDING = re.compile(r"(?:现场|实景|实拍)?(?:照片|图片|照|图)?(?:如下|所示)?[\d\s()（）]*$")


class Named(NamedTuple):
    """``words`` are what the picture is said to show, its number and 现场照片 left off."""

    shot: Shot
    words: str


def photographs(case: Case) -> Sequence[Named]:
    """The package's photographs, those of its pictures that say something."""
    found = [shot for reading in case.readings for shot in reading.shots if shot.kind == "photo" and shot.entropy >= ENTROPY]
    return [Named(shot, _shown(shot, case)) for shot in found[:MOST]]


def same(one: Shot, other: Shot) -> bool:
    """Whether two pictures are one photograph."""
    if one.digest == other.digest:
        return True
    ratio = (one.width * other.height) / max(1, one.height * other.width)
    return abs(ratio - 1) <= RATIO and (int(one.hash, 16) ^ int(other.hash, 16)).bit_count() <= BITS


def reuse(case: Case, policy: Policy) -> Iterable[Finding]:
    """IMAGE_REUSE for each photograph that stands under captions that differ."""
    del policy
    for group in _groups(photographs(case)):
        named = [one for one in group if one.words]
        if not any(_differ(a.words, b.words) for a, b in combinations(named, 2)):
            continue
        told = "；".join(f"{place(one.shot.evidence, case)}标为“{printable(_caption(one, case))}”" for one in named[:4])
        yield finding(
            FindingCode.IMAGE_REUSE, Severity.MEDIUM, f"同一张图片出现在不同说明之下：{told}。",
            case=case, evidence=[one.shot.evidence for one in named],
            advice="请对照两处图片核实各自所示的内容，并请申报单位补交对应的原始照片。",
        )  # fmt: skip


def _groups(named: Sequence[Named]) -> Iterator[list[Named]]:
    left = list(named)
    while left:
        first = left.pop(0)
        group = [first, *(one for one in left if same(first.shot, one.shot))]
        left = [one for one in left if not any(one is other for other in group)]
        if len(group) > 1:
            yield group


def _caption(one: Named, case: Case) -> str:
    return one.shot.caption or _file_name(one.shot, case)


def _file_name(shot: Shot, case: Case) -> str:
    entry = entry_of(shot.evidence.document, case)
    return entry.file.rsplit("/", 1)[-1].rsplit(".", 1)[0] if entry is not None and entry.format == "image" else ""


def _shown(shot: Shot, case: Case) -> str:
    words = unicodedata.normalize("NFKC", shot.caption or _file_name(shot, case))
    words = _NUMBER.sub("", re.sub(r"\s+", "", words))
    words = _ENDING.sub("", words)
    return words if re.search(r"[\u4e00-\u9fffA-Za-z]{2}", words) else ""


def _differ(one: str, other: str) -> bool:
    return one not in other and other not in one


def leads(case: Case) -> Iterator[Lead]:
    """A scanned page that stands in a file twice, to the byte."""
    for reading in case.readings:
        pages: dict[str, list[Shot]] = {}
        for shot in reading.shots:
            if shot.kind == "page" and shot.evidence.page is not None:
                pages.setdefault(shot.digest, []).append(shot)
        for twice in pages.values():
            numbers = sorted({shot.evidence.page or 0 for shot in twice})
            if len(numbers) > 1:
                listed = "、".join(f"第{n}页" for n in numbers[:6])
                where = place(twice[0].evidence.model_copy(update={"page": None}), case)
                yield Lead(
                    code="PAGE_TWICE", message=f"{where}{listed}是同一幅页面图像，请核对是否漏放了应有的页。",
                    evidence=tuple(shot.evidence for shot in twice[:4]),
                )  # fmt: skip
