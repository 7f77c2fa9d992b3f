"""Parts against wholes: an 其中 larger than what it is part of, and a share that neither the roster nor the stated parts give.

A share has as many honest values as it has denominators (all advisers, those whose organisation is known, the stated headcount), so it is
doubted only when none of them gives it; the finding shows them all.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, PartOf
from schemas.policy import Policy
from schemas.report import Finding
from schemas.vocabulary import FactKey, FactStatus, FindingCode, Unit
from validators.consistency_lists import half_unit, tallies
from validators.consistency_stated import approximate, statements, sure
from validators.materials import list_may_continue_unread
from validators.messages import amount, finding, key_name, ordered, places, printable, shown, stated
from validators.weight import bears_on, severity_of

#: A part counted among its whole by the words of every policy here (其中).
WITHIN: Final = (
    (FactKey.TEAM_TECHNOLOGY_MANAGERS, FactKey.TEAM_HEADCOUNT),
    (FactKey.ADVISORS_TECHNOLOGY_MANAGERS, FactKey.ADVISORS_HEADCOUNT),
)
SHARE_SLACK: Final = Decimal("0.05")


# --- 其中 ------------------------------------------------------------------------------------------------------------


def parts(case: Case, policy: Policy) -> Iterator[Finding]:
    """PART_EXCEEDS_WHOLE, one a cause: what is stated in one place first, then the facts of the whole package."""
    told: set[FactKey | None] = set()
    for group in _excesses(case):
        told.add(group[0].key)
        yield _part_finding(group, case=case, policy=policy)
    for part_key, whole_key in WITHIN:
        if part_key not in told and whole_key not in told:
            yield from _facts_finding(part_key, whole_key, case=case, policy=policy)


def _excesses(case: Case) -> Iterator[tuple[PartOf, ...]]:
    """The same excess written in several places is one group."""
    groups: dict[tuple[FactKey | None, str, Decimal, str, Decimal, str], list[PartOf]] = {}
    for part in dict.fromkeys(part for reading in case.readings for part in reading.parts):
        room = Decimal(0) if part.unit in {"人", "项", "家", "个", "名", "台", "套", ""} else half_unit(part.whole)
        if part.part > part.whole + room:
            name = (part.key, printable(part.part_label), part.part, printable(part.whole_label), part.whole, part.unit)
            groups.setdefault(name, []).append(part)
    for _, group in sorted(groups.items(), key=lambda item: tuple(str(field) for field in item[0])):
        yield tuple(group)


def _part_finding(group: Sequence[PartOf], *, case: Case, policy: Policy) -> Finding:
    part = group[0]
    evidence = [place for item in group for place in item.evidence]
    unit = "㎡" if part.unit == "m2" else part.unit
    return finding(
        FindingCode.PART_EXCEEDS_WHOLE, severity_of(part.key, policy),
        f"{places(evidence, case)}写明“{printable(part.whole_label)}”{amount(part.whole, None)}{unit}，"
        f"其中“{printable(part.part_label)}”{amount(part.part, None)}{unit}，其中数大于总数。",
        case=case, evidence=evidence, clause=bears_on(part.key, policy) if part.key else None,
        facts=[fact.id for fact in case.facts if part.key and fact.key is part.key],
        advice="请申报单位核实总数与其中数，更正有误的一个。",
    )  # fmt: skip


def _facts_finding(part_key: FactKey, whole_key: FactKey, *, case: Case, policy: Policy) -> Iterator[Finding]:
    small, large = (_numbers(case, key) for key in (part_key, whole_key))
    if not small or not large or min(_value(fact) for fact in small) <= max(_value(fact) for fact in large):
        return
    part, whole = min(small, key=_value), max(large, key=_value)
    yield finding(
        FindingCode.PART_EXCEEDS_WHOLE, severity_of(part_key, policy),
        f"{key_name(part_key)}：{stated(part, case)}；{key_name(whole_key)}：{stated(whole, case)}。其中数大于总数。",
        case=case, facts=[part.id, whole.id], evidence=[*ordered(part.evidence, case)[:3], *ordered(whole.evidence, case)[:3]],
        clause=bears_on(part_key, policy), advice="请申报单位核实总数与其中数，更正有误的一个。",
    )  # fmt: skip


def _numbers(case: Case, key: FactKey) -> list[Fact]:
    """Stated without doubt; a whole given as 约 or 以上 bounds nothing."""
    said = [fact for group, _, facts in statements(case) if group is key for fact in facts if isinstance(fact.value, Decimal)]
    return said if all(sure(fact, case) and not approximate(fact) for fact in said) else []


def _value(fact: Fact) -> Decimal:
    return fact.value if isinstance(fact.value, Decimal) else Decimal(0)


# --- shares ----------------------------------------------------------------------------------------------------------


def ratios(case: Case, policy: Policy) -> Iterator[Finding]:
    """RATIO_MISMATCH for the share of advisers from other organisations."""
    key = FactKey.ADVISORS_EXTERNAL_SHARE
    for fact in _numbers(case, key):
        for computed, evidence, ids in (_by_roster(case), _by_parts(case)):
            if computed and not any(_near(fact, share) for share, _ in computed):
                yield _ratio_finding(fact, computed, evidence, ids, case=case, policy=policy)
                break


def _near(fact: Fact, share: Decimal) -> bool:
    return abs(_value(fact) - share) <= max(fact.error, half_unit(_value(fact))) + SHARE_SLACK


def _by_roster(case: Case) -> tuple[list[tuple[Decimal, str]], list[Evidence], list[str]]:
    """Every share the roster allows, each with how it was reckoned; empty where the roster is not whole."""
    found = [tally for tally in tallies(case) if tally.key is FactKey.ADVISORS_HEADCOUNT]
    evidence = [place for tally in found for place in (*tally.evidence[:1], *tally.evidence[-1:])]
    documents = frozenset(place.document for place in evidence)
    derived = [fact for fact in case.derived if fact.key is FactKey.ADVISORS_EXTERNAL_SHARE and isinstance(fact.value, Decimal)]
    whole = all(tally.complete and not tally.doubts for tally in found)
    if not whole or list_may_continue_unread(FactKey.ADVISORS_HEADCOUNT, documents, case):
        return [], [], []
    reckoned = found and len(case.rosters.advisors) in {tally.count for tally in found}
    shares = list(_reckoned(case)) if reckoned else []
    shares = shares or [(_value(fact), "按名单计算") for fact in derived if fact.status is FactStatus.ACCEPTED]
    evidence = evidence or [place for fact in derived for place in fact.evidence]
    return shares, evidence, [fact.id for fact in derived]


def _reckoned(case: Case) -> Iterator[tuple[Decimal, str]]:
    people = case.rosters.advisors
    outside = sum(person.external is True for person in people)
    silent = sum(person.external is None for person in people)
    stated_size = {int(_value(fact)) for fact in _numbers(case, FactKey.ADVISORS_HEADCOUNT)}
    for size in sorted({len(people), len(people) - silent, *stated_size}):
        # People the roster leaves out, or whose organisation it does not name, might be from elsewhere or not.
        for more in range(max(0, size - len(people)) + silent + 1):
            if size > 0 and outside + more <= size:
                yield Decimal(outside + more) * 100 / size, f"{outside + more}÷{size}"


def _by_parts(case: Case) -> tuple[list[tuple[Decimal, str]], list[Evidence], list[str]]:
    """Shares from an 其中外单位 n 人 beside its whole."""
    keys = {FactKey.ADVISORS_HEADCOUNT, FactKey.ADVISORS_EXTERNAL_SHARE}
    stated_parts = [
        part
        for part in dict.fromkeys(part for reading in case.readings for part in reading.parts)
        if part.key in keys and "外" in part.part_label and part.whole > 0 and part.part <= part.whole
    ]
    shares = [(part.part * 100 / part.whole, f"{amount(part.part, None)}÷{amount(part.whole, None)}") for part in stated_parts]
    return sorted(set(shares)), [place for part in stated_parts for place in part.evidence], []


def _ratio_finding(
    fact: Fact, computed: Sequence[tuple[Decimal, str]], evidence: Sequence[Evidence], ids: Sequence[str],
    *, case: Case, policy: Policy,
) -> Finding:  # fmt: skip
    told = "、".join(
        dict.fromkeys(f"{shown(share.quantize(Decimal('0.01')), Unit.PERCENT)}（{how}）" for share, how in sorted(computed)[:4])
    )
    where = places(evidence, case)
    return finding(
        FindingCode.RATIO_MISMATCH, severity_of(fact.key, policy),
        f"{key_name(fact.key)}：{stated(fact, case)}，{f'按{where}' if where else ''}算得{told}，与填报的占比不一致。",
        case=case, facts=[fact.id, *ids], evidence=[*ordered(fact.evidence, case)[:3], *evidence],
        clause=bears_on(fact.key, policy), advice="请核对专家名单中的工作单位和占比的算法，由申报单位更正。",
    )  # fmt: skip
