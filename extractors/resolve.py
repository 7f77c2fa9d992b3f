"""From the sightings of all documents to facts: what agrees becomes one fact, what disagrees one fact a value, and each says why.

``accepted`` means that nobody needs to look. So a value is accepted only when a labelled field or a list's total states it cleanly, or two
separate sentences do, and nothing else read contradicts it. The order and grouping of the files change nothing here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from extractors import choice
from extractors.calibration import calibrated
from extractors.organisations import is_outside
from extractors.text import tight
from extractors.values import STROKE
from schemas.base import Frozen
from schemas.evidence import Evidence
from schemas.facts import Equipment, Fact, FactValue, Person, Project, Reading, Rosters, Sighting, Tally
from schemas.vocabulary import FACTS, GRADES, Choice, FactKey, FactStatus, Grade, Role, Unit

#: Below this a sighting says too little to stand against a clean one.
WEAK = 0.7
SURE = 0.9
STRUCTURED = frozenset({"field", "indicator", "line", "list_total", "checkbox"})
_ROLE_ORDER = {role: number for number, role in enumerate(Role)}


class Resolved(Frozen):
    """``derived`` facts come from lists, and only where nothing states the value or the list says otherwise."""

    facts: tuple[Fact, ...]
    derived: tuple[Fact, ...]
    rosters: Rosters
    sightings: tuple[Sighting, ...]


class Uncounted(NamedTuple):
    """What a policy does not count towards a number: a label with one of ``words`` visibly mixes it in. ``why`` is told."""

    key: FactKey
    words: tuple[str, ...]
    why: str


def resolve(readings: Sequence[Reading], *, uncounted: tuple[Uncounted, ...] = ()) -> Resolved:
    """The facts of a submission from the readings of its documents."""
    groups: dict[tuple[FactKey, str | None], list[Sighting]] = defaultdict(list)
    kept: list[Sighting] = []
    for reading in readings:
        for sighting in reading.sightings:
            kept.append(sighting)
            if sighting.rejected is None:
                groups[sighting.key, sighting.period if sighting.key is not FactKey.CREDIT_CLEAN else None].append(sighting)
    kept = _without_strokes(groups, kept)
    _join_undated(groups)
    kept = _add_lists(groups, kept)
    facts: list[Fact] = []
    for (key, period), group in sorted(groups.items(), key=lambda g: (list(FactKey).index(g[0][0]), g[0][1] or "")):
        strong = _without_weak(group)
        clusters = _clusters(strong)
        weak = sorted((s for s in group if s not in strong), key=_rank)
        for cluster in clusters:
            fact = _fact(key, _common_period(cluster, period), cluster, clusters, uncounted)
            facts.append(_explained(fact, cluster, clusters, weak, _aside(kept, key, period, first=cluster is clusters[0])))
    rosters = _rosters(readings, _applicant(facts))
    derived = _derived((*(t for r in readings for t in r.tallies), *_shares(rosters, readings)), facts)
    numbered = tuple(_told_as(fact, n) for n, fact in enumerate(facts, 1))
    later = tuple(_told_as(fact, n) for n, fact in enumerate(derived, len(numbered) + 1))
    return Resolved(facts=numbered, derived=later, rosters=rosters, sightings=tuple(kept))


def _told_as(fact: Fact, number: int) -> Fact:
    return fact.model_copy(update={"id": f"f{number}", "confidence": calibrated(fact.status, fact.confidence)})


def _without_strokes(groups: dict[tuple[FactKey, str | None], list[Sighting]], kept: list[Sighting]) -> list[Sighting]:
    """A stroke through one cell is no 0 where another cell answers: tables rule out the columns that do not apply."""
    struck = {id(s) for group in groups.values() for s in group if s.value == 0 and STROKE.match(s.as_stated)}
    answered = {key for (key, _), group in groups.items() if any(id(s) not in struck for s in group)}
    why = "格内划“—”，同一项在别处填有数"
    out = [s.model_copy(update={"rejected": why}) if id(s) in struck and s.key in answered else s for s in kept]
    for at in [at for at in groups if at[0] in answered]:
        groups[at] = [s for s in groups[at] if id(s) not in struck]
        if not groups[at]:
            del groups[at]
    return out


def _add_lists(groups: dict[tuple[FactKey, str | None], list[Sighting]], kept: list[Sighting]) -> list[Sighting]:
    """Lists handed in apart (instruments, software) whose totals add up to the value stated elsewhere do not contradict it."""
    key = (FactKey.EQUIPMENT_VALUE, None)
    group = groups.get(key, [])
    lists = [s for s in group if s.manner == "list_total"]
    if len({s.evidence.document for s in lists}) < 2:
        return kept
    total = sum((s.value for s in lists if isinstance(s.value, Decimal)), Decimal(0))
    slack = sum((s.error for s in lists), Decimal("0.01"))
    if not any(
        isinstance(s.value, Decimal) and abs(s.value - total) <= max(slack, s.error) for s in group if s.manner != "list_total"
    ):
        return kept
    groups[key] = [s for s in group if s.manner != "list_total"]
    why = "分项清单的合计，几份相加与填报数一致"
    return [s.model_copy(update={"rejected": why}) if s in lists else s for s in kept]


def _join_undated(groups: dict[tuple[FactKey, str | None], list[Sighting]]) -> None:
    """A yearly value without a year goes with the year that states the same value, if one does."""
    for key, period in [k for k in groups if k[1] is None]:
        dated = [(p, g) for (k, p), g in groups.items() if k is key and p is not None]
        if not dated or key is FactKey.CREDIT_CLEAN:
            continue
        left = []
        for sighting in groups[key, period]:
            home = next((g for _, g in dated if any(_agree(sighting, other) for other in g)), None)
            if home is not None:
                home.append(sighting)
            else:
                left.append(sighting)
        if left:
            groups[key, period] = left
        else:
            del groups[key, period]


def _without_weak(group: list[Sighting]) -> list[Sighting]:
    """Drop what says too little when something clean says otherwise: it may well speak of another thing."""
    clean = [s for s in group if s.confidence >= SURE and not s.doubts]
    if not clean:
        return group
    return [s for s in group if s.confidence >= WEAK or any(_agree(s, c) for c in clean)]


def _agree(a: Sighting, b: Sighting) -> bool:
    if isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and not isinstance(a.value, bool):
        return abs(a.value - b.value) <= max(a.error, b.error)
    return _norm(a.value) == _norm(b.value)


def _norm(value: FactValue) -> object:
    if isinstance(value, str):
        return tight(value).upper()
    if isinstance(value, tuple):
        return frozenset(tight(v) for v in value)
    return value


def _clusters(group: list[Sighting]) -> list[list[Sighting]]:
    """Sightings that agree, the most exact first in each; clusters ordered by how well they are borne out."""
    clusters: list[list[Sighting]] = []
    for sighting in sorted(group, key=_rank):
        home = next((c for c in clusters if _agree(c[0], sighting)), None)
        if home is None:
            clusters.append([sighting])
        else:
            home.append(sighting)
    return sorted(clusters, key=lambda c: (-_support(c), _rank(c[0])))


def _rank(sighting: Sighting) -> tuple[object, ...]:
    """Exact before rounded, structured before prose, the form before the rest; then the words, so that file order cannot matter."""
    return (
        sighting.error,
        bool(sighting.doubts),
        sighting.manner not in STRUCTURED,
        _ROLE_ORDER[sighting.role],
        -sighting.confidence,
        sighting.as_stated,
        sighting.evidence.quote,
        sighting.evidence.page or 0,
        sighting.evidence.anchor or "",
    )


def _support(cluster: list[Sighting]) -> float:
    return sum(s.confidence for s in cluster if not s.doubts)


def _common_period(cluster: list[Sighting], period: str | None) -> str | None:
    """For the credit statement, the longest window anyone of the places speaks of."""
    if cluster[0].key is not FactKey.CREDIT_CLEAN:
        return period
    windows = [s.period for s in cluster if s.period]
    return max(windows, key=["近一年", "近两年", "近三年"].index, default=None)


def _fact(
    key: FactKey, period: str | None, cluster: list[Sighting], clusters: list[list[Sighting]], uncounted: tuple[Uncounted, ...]
) -> Fact:
    status, reason = _status(cluster, clusters)
    for mixed in uncounted:
        if mixed.key is key and any(word in _counted(s.label) for word in mixed.words for s in cluster):
            status, reason = FactStatus.NEEDS_REVIEW, mixed.why
    first = cluster[0]
    confidence = max(s.confidence for s in cluster)
    if status is FactStatus.NEEDS_REVIEW:
        confidence = min(confidence, 0.89)
    return Fact(
        id="", key=key, value=first.value, unit=FACTS[key][0], as_stated=first.as_stated, period=period, status=status,
        confidence=round(confidence, 2), evidence=_places(cluster), reason=reason, error=first.error,
    )  # fmt: skip


def _aside(kept: Iterable[Sighting], key: FactKey, period: str | None, *, first: bool) -> list[Sighting]:
    """What was set aside of a key, told with the period it speaks of, else with the first value of any."""
    found = [
        s
        for s in kept
        if s.key is key and s.rejected is not None and first and (s.period == period or s.period is None or period is None)
    ]
    return sorted(found, key=_rank)


def _explained(
    fact: Fact, cluster: list[Sighting], clusters: list[list[Sighting]], weak: list[Sighting], aside: list[Sighting]
) -> Fact:
    taken = choice.chosen(cluster, STRUCTURED)
    others = [
        *choice.left_out((c[0] for c in clusters if c is not cluster), Choice.DIFFERS),
        *choice.left_out(weak, Choice.WEAK),
        *choice.set_aside(aside),
    ]
    best = max((s.grade for s in cluster), key=GRADES.index)
    proof = _places(s for s in cluster if s.grade is best) if best is not Grade.DECLARED else fact.evidence[:1]
    return fact.model_copy(
        update={
            "grade": best,
            "proof": proof,
            "why": choice.summed_up(taken, others),
            "candidates": choice.kept(taken, others),
        }
    )


def _counted(label: str) -> str:
    """A label without what it says it leaves out (不含技术服务)."""
    return re.sub(r"(?:不含|不包括|不包含|不计|除)[^，。；()]*", "", label)


def _places(cluster: Iterable[Sighting]) -> tuple[Evidence, ...]:
    ordered = sorted(
        cluster,
        key=lambda s: (
            s.manner not in STRUCTURED,
            _ROLE_ORDER[s.role],
            s.evidence.document,
            s.evidence.page or 0,
            s.evidence.anchor or "",
        ),
    )
    return tuple(dict.fromkeys(s.evidence for s in ordered))


def _status(cluster: list[Sighting], clusters: list[list[Sighting]]) -> tuple[FactStatus, str]:
    if len(clusters) > 1:
        others = "、".join(sorted({c[0].as_stated for c in clusters if c is not cluster}))
        return FactStatus.NEEDS_REVIEW, f"材料中另有不同的写法：{others}"
    clean = [s for s in cluster if not s.doubts and s.confidence >= SURE]
    if any(s.manner in STRUCTURED for s in clean):
        return FactStatus.ACCEPTED, "栏目或清单写明" + (f"，{len(cluster)}处一致" if len(cluster) > 1 else "")
    if len({(s.evidence.document, s.evidence.page, s.evidence.anchor) for s in clean}) > 1:
        return FactStatus.ACCEPTED, f"正文{len(clean)}处写明且一致"
    if clean and clean[0].confidence >= 0.95:
        return FactStatus.ACCEPTED, "正文写明"
    doubts = list(dict.fromkeys(d for s in cluster for d in s.doubts))
    return FactStatus.NEEDS_REVIEW, "；".join(doubts) if doubts else "只在正文中提到，所指是否为本中心（平台）须核对"


# lists


def _applicant(facts: list[Fact]) -> str | None:
    names = [f.value for f in facts if f.key is FactKey.APPLICANT_NAME]
    return str(names[0]) if len(names) == 1 else None


def _shares(rosters: Rosters, readings: Sequence[Reading]) -> tuple[Tally, ...]:
    """The share of advisers from other organisations, where every row tells which it is."""
    people = rosters.advisors
    heads = [t for r in readings for t in r.tallies if t.key is FactKey.ADVISORS_HEADCOUNT and t.count == len(people)]
    if not people or not heads or any(p.external is None for p in people):
        return ()
    outside = sum(bool(p.external) for p in people)
    share = Decimal(outside * 100) / len(people)
    what = f"专家顾问名单（外单位{outside}人，共{len(people)}人）"
    return (
        Tally(what=what, key=FactKey.ADVISORS_EXTERNAL_SHARE, unit=Unit.PERCENT, sum=share, count=len(people), complete=heads[0].complete,
              evidence=heads[0].evidence),
    )  # fmt: skip


_PARTIAL: Final = "名单的人数与填报的人数不同，名单可能不全"
#: Whose list a number is counted from.
_COUNTED_AMONG: Final = {
    FactKey.ADVISORS_EXTERNAL_SHARE: FactKey.ADVISORS_HEADCOUNT,
    FactKey.ADVISORS_TECHNOLOGY_MANAGERS: FactKey.ADVISORS_HEADCOUNT,
    FactKey.TEAM_TECHNOLOGY_MANAGERS: FactKey.TEAM_HEADCOUNT,
}


def _short_lists(tallies: Sequence[Tally], facts: Sequence[Fact]) -> frozenset[FactKey]:
    """The head counts that are stated and that no list has as many rows as: what is counted in such a list may miss some."""
    stated = {f.key for f in facts if f.key in _COUNTED_AMONG.values()}
    borne = {
        f.key
        for f in facts
        for t in tallies
        if t.key is f.key and isinstance(f.value, Decimal) and abs(f.value - t.count) <= f.error
    }
    return frozenset(stated - borne)


def _derived(given: Iterable[Tally], facts: list[Fact]) -> list[Fact]:
    tallies = tuple(given)
    short = _short_lists(tallies, facts)
    stated: dict[tuple[FactKey, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        stated[fact.key, fact.period].append(fact)
    found: dict[tuple[FactKey, str | None, Decimal], Fact] = {}
    for tally in tallies:
        value = _tally_value(tally)
        if tally.key is None or value is None or not tally.evidence:
            continue
        known = stated.get((tally.key, tally.period), [])
        if any(
            isinstance(f.value, Decimal) and abs(f.value - value) <= max(f.error, tally.error, _share_slack(tally)) for f in known
        ):
            continue
        if known and not tally.complete:
            continue
        partial = _COUNTED_AMONG.get(tally.key) in short
        sure = tally.complete and not tally.doubts and not known and not partial
        found.setdefault(
                (tally.key, tally.period, value),
                Fact(
                    id="", key=tally.key, value=value, unit=tally.unit, as_stated=_told(value), period=tally.period,
                    status=FactStatus.ACCEPTED if sure else FactStatus.NEEDS_REVIEW, confidence=0.9 if sure else 0.6, evidence=tally.evidence,
                    grade=Grade.LIST, proof=tally.evidence[:1], why=f"由{tally.what}算出，没有可比的填报数" if not known else f"由{tally.what}算出，与填报数不同",
                    reason="；".join((f"由{tally.what}得出（共{tally.count}行），不是申报单位填报的数", *tally.doubts, *([_PARTIAL] if partial else []))), derived=True, error=max(tally.error, _share_slack(tally)),
                ),
            )  # fmt: skip
    values: dict[tuple[FactKey, str | None], int] = defaultdict(int)
    for key, period, _ in found:
        values[key, period] += 1
    result = []
    for (key, period, _), fact in sorted(found.items(), key=lambda f: (list(FactKey).index(f[0][0]), f[0][1] or "", f[0][2])):
        if values[key, period] > 1 and fact.status is FactStatus.ACCEPTED:
            fact = fact.model_copy(
                update={"status": FactStatus.NEEDS_REVIEW, "confidence": 0.6, "reason": f"{fact.reason}；几份清单得出的数不同"}
            )
        result.append(fact)
    return result


def _tally_value(tally: Tally) -> Decimal | None:
    if tally.key in (FactKey.EQUIPMENT_VALUE, FactKey.REVENUE_SERVICE, FactKey.SITE_AREA):
        return (
            tally.sum
            if tally.stated is None
            or (tally.sum is not None and abs(tally.sum - tally.stated) > max(tally.error, Decimal("0.01")))
            else None
        )
    if tally.key is FactKey.ADVISORS_EXTERNAL_SHARE:
        return tally.sum.quantize(Decimal("0.1")) if tally.sum is not None else None
    return Decimal(tally.count) if tally.count else None


def _share_slack(tally: Tally) -> Decimal:
    return Decimal("0.51") if tally.key is FactKey.ADVISORS_EXTERNAL_SHARE else Decimal(0)


def _told(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rosters(readings: Sequence[Reading], applicant: str | None) -> Rosters:
    """Of lists given twice (in the form and as an attachment) the fuller one; the same rows are not told twice.

    Whether an adviser is external is told by the list, else by his organisation beside the applicant's name.
    """

    return Rosters(
        team=_fullest([r.rosters.team for r in readings]),
        advisors=tuple(_placed(p, applicant) for p in _fullest([r.rosters.advisors for r in readings])),
        equipment=_fullest([r.rosters.equipment for r in readings]),
        projects=_fullest([r.rosters.projects for r in readings]),
    )


def _placed(person: Person, applicant: str | None) -> Person:
    if person.external is not None or applicant is None or person.organisation is None:
        return person
    return person.model_copy(update={"external": is_outside(person.organisation, applicant)})


_Row = TypeVar("_Row", Person, Equipment, Project)


def _fullest(lists: Sequence[tuple[_Row, ...]]) -> tuple[_Row, ...]:
    return max(
        lists, key=lambda rows: (len(rows), sum(len(row.model_dump_json(exclude={"evidence"})) for row in rows)), default=()
    )
