"""Signs in a file that it was changed after it was finished: two numbers in one place, words that an earlier state of the file had otherwise, a number set
as nothing around it is, a small picture over the page's own, tracked changes nobody settled.

What is told is what anyone can see in the file. Why it is there is for the applicant to say. What one place shows is one finding, however many ways it shows
it. A tracked change counts where figures, names or dates change; the rest is a draft's typing and only a lead.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Sighting
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.traces import Trace
from schemas.vocabulary import FACTS, FactKey, FindingCode, Severity
from validators import messages
from validators.messages import document_name, finding, places, printable, spot
from validators.weight import bears_on, severity_of

#: The doubt with which extraction marks a figure that another lies under.
OVERPRINTED = "此处文字重叠，疑有改动"
#: Beyond so many places a document is told once; so many of its places are then quoted, and so much of each.
PLACES, QUOTED, LONGEST = 4, 4, 40
ADVICE = "请对照纸质原件或清单核对该处，并请申报单位说明改动的来由、重新提交定稿后的文件。"
_KINDS = ("revised", "reset", "font", "patched")
_WEIGHTY = re.compile(r"\d|公司|大学|[一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+(?:万元|元|人|项|家|平方米|年|月|日)")
_FIGURE = re.compile(r"\d")
_LETTERED: Final = re.compile(r"[^\W_]")


def edits(case: Case, policy: Policy) -> Iterable[Finding]:
    """DOCUMENT_EDITED, one for each place of a page, or one for a document where there are many."""
    for reading in case.readings:
        traces = [t for t in reading.traces if t.kind in _KINDS and _weighs(t)]
        grouped = _grouped(traces, [s for s in case.sightings if s.evidence.document == reading.document])
        told = [one for group in grouped if (one := _place(*group, case, policy)) is not None]
        if len(told) <= PLACES:
            yield from told
        else:
            yield _together(reading.document, told, case)
    yield from _tracked(case, policy)


def _weighs(trace: Trace) -> bool:
    """Whether a change is of words at all: dots and spaces are nothing."""
    return bool(_LETTERED.search(trace.before + trace.after)) or trace.kind == "patched"


def _grouped(traces: Sequence[Trace], sightings: Sequence[Sighting]) -> list[tuple[list[Trace], list[Sighting]]]:
    """What lies over each other on a page, and fields in which one number stands on another."""
    groups: list[tuple[list[Trace], list[Sighting]]] = []
    for trace in traces:
        home = next((g for g in groups if any(_meet(trace.evidence, other.evidence) for other in g[0])), None)
        if home is None:
            groups.append(([trace], []))
        else:
            home[0].append(trace)
    fields: dict[tuple[int | None, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        if OVERPRINTED in sighting.doubts:
            fields[sighting.evidence.page, sighting.label].append(sighting)
    for _, found in sorted(fields.items(), key=lambda f: (f[0][0] or 0, f[0][1])):
        home = next((g for g in groups if any(_meet(t.evidence, s.evidence) for t in g[0] for s in found)), None)
        if home is None:
            groups.append(([], found))
        else:
            home[1].extend(found)
    for group in groups:
        if not group[1]:
            group[1].extend(s for s in sightings if any(_meet(t.evidence, s.evidence) for t in group[0]))
    return groups


def _place(traces: Sequence[Trace], sightings: Sequence[Sighting], case: Case, policy: Policy) -> Finding | None:
    if {t.kind for t in traces} == {"font"} and not any(bears_on(s.key, policy) for s in sightings):
        return None  # a pasted cell brings its font along; only on a figure that decides is that worth a question
    evidence = tuple(dict.fromkeys([*(t.evidence for t in traces), *(s.evidence for s in sightings if OVERPRINTED in s.doubts)]))
    seen = [*dict.fromkeys(_said(trace) for trace in traces)]
    stacked = sorted({s.as_stated for s in sightings if OVERPRINTED in s.doubts})
    if len(stacked) > 1:
        seen.append("有两个数字重叠在一处：" + "与".join(f"“{word}”" for word in stacked))
    if not seen:
        return None
    keys = [s.key for s in sightings]
    label = next((s.label for s in sightings if s.label), "") or next((FACTS[key][1] for key in keys), "")
    where = places(evidence[:1], case) + (f"“{printable(label)}”一栏" if label else "")
    return finding(
        FindingCode.DOCUMENT_EDITED, _severity(traces, keys, policy), f"{where}：{'；'.join(seen)}。",
        case=case, evidence=evidence, clause=next((c for key in keys if (c := bears_on(key, policy))), None), advice=ADVICE,
    )  # fmt: skip


def _said(trace: Trace) -> str:
    if trace.kind == "revised":
        how = f"{trace.words}，" if trace.words else ""
        if not trace.after:
            return f"{how}原有的“{_short(trace.before)}”已不在此处"
        return f"{how}由“{_short(trace.before)}”改为“{_short(trace.after)}”"
    if trace.kind in ("reset", "font"):
        return f"“{_short(trace.after)}”——{trace.words}"
    return f"{trace.words}，其下方或所在处的文字为“{_short(trace.evidence.quote)}”"


def _severity(traces: Sequence[Trace], keys: Sequence[FactKey], policy: Policy) -> Severity:
    """High where a figure was changed, or what a clause rests on; a look alone, or words alone, is for a second glance."""
    changed = any(t.kind == "revised" and (_FIGURE.search(t.before) or _FIGURE.search(t.after)) for t in traces)
    if traces and {t.kind for t in traces} == {"font"}:
        return Severity.MEDIUM
    decisive = any(severity_of(key, policy) is Severity.HIGH for key in keys)
    return Severity.HIGH if changed or decisive or not traces else Severity.MEDIUM


def _together(document: str, told: Sequence[Finding], case: Case) -> Finding:
    first = [one.message.removeprefix(document_name(document, case)).rstrip("。") for one in told[:QUOTED]]
    high = any(one.severity is Severity.HIGH for one in told)
    return finding(
        FindingCode.DOCUMENT_EDITED, Severity.HIGH if high else Severity.MEDIUM,
        f"{document_name(document, case)}有{len(told)}处定稿后的改动：{'；'.join(first)}等。",
        case=case, evidence=[place for one in told for place in one.evidence], advice=ADVICE,
    )  # fmt: skip


def _tracked(case: Case, policy: Policy) -> Iterator[Finding]:
    """One for each document whose tracked changes touch figures, names or what a clause rests on."""
    for reading in case.readings:
        changes = list(_changes(reading.traces))
        keys = {
            sighting.key
            for sighting in case.sightings
            for _, _, places_ in changes
            if sighting.evidence.document == reading.document and any(_meet(sighting.evidence, place) for place in places_)
        }
        weighty = [change for change in changes if _WEIGHTY.search(change[0] + change[1])]
        if not weighty:
            continue
        quoted = "；".join(_change(*change) for change in weighty[:QUOTED]) + (
            f"；共{len(weighty)}处" if len(weighty) > QUOTED else ""
        )
        decisive = [key for key in sorted(keys) if bears_on(key, policy)]
        yield finding(
            FindingCode.DOCUMENT_EDITED, Severity.HIGH if decisive else Severity.MEDIUM,
            f"{document_name(reading.document, case)}留有未处理的修订：{quoted}。",
            case=case, evidence=[place for change in weighty for place in change[2]],
            clause=next((bears_on(key, policy) for key in decisive), None),
            advice="请申报单位接受或拒绝全部修订，以定稿重新提交；核对时请分清修订前后的数字。",
        )  # fmt: skip


def _changes(traces: Sequence[Trace]) -> Iterator[tuple[str, str, tuple[Evidence, ...]]]:
    """Tracked changes as before, after and places: what is struck out right before what is written in is one change."""
    waiting: Trace | None = None
    for trace in traces:
        if trace.kind == "deleted":
            if waiting is not None:
                yield waiting.before, "", (waiting.evidence,)
            waiting = trace
        elif trace.kind == "inserted":
            if waiting is not None and waiting.evidence.anchor == trace.evidence.anchor:
                yield waiting.before, trace.after, (trace.evidence,)
            else:
                if waiting is not None:
                    yield waiting.before, "", (waiting.evidence,)
                yield "", trace.after, (trace.evidence,)
            waiting = None
    if waiting is not None:
        yield waiting.before, "", (waiting.evidence,)


def _change(before: str, after: str, evidence: Sequence[Evidence]) -> str:
    where = spot(evidence[0])
    if before and after:
        return f"{where}由“{_short(before)}”改为“{_short(after)}”"
    return f"{where}删去“{_short(before)}”" if before else f"{where}插入“{_short(after)}”"


def _short(words: str) -> str:
    words = printable(" ".join(words.split()))
    return words if len(words) <= LONGEST else words[:LONGEST] + "……"


def _meet(one: Evidence, other: Evidence) -> bool:
    if (one.document, one.page, one.anchor) != (other.document, other.page, other.anchor):
        return False
    if one.bbox is None or other.bbox is None:
        return one.anchor is not None
    a, b = one.bbox, other.bbox
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def leads(case: Case) -> Iterator[Lead]:
    """Tracked changes of words only, remarks left in a document, figures typed over formulas."""
    for reading in case.readings:
        name = document_name(reading.document, case)
        changes = list(_changes(reading.traces))
        if changes and not any(_WEIGHTY.search(before + after) for before, after, _ in changes):
            quoted = "；".join(_change(*change) for change in changes[:QUOTED])
            evidence = tuple(place for change in changes[:QUOTED] for place in change[2])
            yield Lead(
                code="TRACKED_CHANGES", message=f"{name}留有未处理的修订（{quoted}），可提醒申报单位处理。", evidence=evidence
            )
        remarks = [t for t in reading.traces if t.kind == "comment" and t.words.strip()]
        if remarks:
            quoted = "；".join(f"{spot(t.evidence)}“{_short(t.words)}”" for t in remarks[:QUOTED])
            count = f"{len(remarks)}条" if len(remarks) > 1 else ""
            yield Lead(
                code="COMMENTS_LEFT", message=f"{name}留有{count}批注：{quoted}。",
                evidence=messages.ordered((t.evidence for t in remarks), case)[:QUOTED],
            )  # fmt: skip
        typed = [t for t in reading.traces if t.kind == "constant"]
        if typed:
            quoted = "；".join(f"{spot(t.evidence)}填为{_short(t.after)}，同列公式应得{_short(t.before)}" for t in typed[:QUOTED])
            yield Lead(
                code="FORMULA_OVERTYPED", message=f"{name}中同列其他单元格为公式，而{quoted}。",
                evidence=messages.ordered((t.evidence for t in typed), case)[:QUOTED],
            )  # fmt: skip
