"""Signs in a file that it was changed after it was finished. So far: a number set over another number in a field.

What is told is what anyone can see in the page: two figures in one place. Why they are there is for the applicant to say.
"""

from collections import defaultdict
from collections.abc import Iterable

from schemas.case import Case
from schemas.facts import Sighting
from schemas.policy import Policy
from schemas.report import Finding
from schemas.vocabulary import FACTS, FindingCode, Severity
from validators.messages import finding, places

#: The doubt with which extraction marks a figure that another lies under.
OVERPRINTED = "此处文字重叠，疑有改动"


def overprints(case: Case, policy: Policy) -> Iterable[Finding]:
    """DOCUMENT_EDITED for a field in which one number stands on another."""
    del policy
    fields: dict[tuple[str, int | None, str], list[Sighting]] = defaultdict(list)
    for sighting in case.sightings:
        if OVERPRINTED in sighting.doubts:
            fields[sighting.evidence.document, sighting.evidence.page, sighting.label].append(sighting)
    for (_, _, label), found in sorted(fields.items(), key=lambda f: (f[0][0], f[0][1] or 0, f[0][2])):
        words = sorted({s.as_stated for s in found})
        if len(words) < 2:
            continue
        evidence = tuple(s.evidence for s in found)
        numbers = "与".join(f"“{word}”" for word in words)
        yield finding(
            FindingCode.DOCUMENT_EDITED,
            Severity.HIGH,
            f"{places(evidence[:1], case)}“{label or FACTS[found[0].key][1]}”一栏有两个数字重叠在一处：{numbers}。",
            case=case,
            evidence=evidence,
            advice="请对照纸质原件或清单核对该数，并请申报单位说明。",
        )
