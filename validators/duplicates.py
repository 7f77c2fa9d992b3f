"""DUPLICATE_PERSON and DUPLICATE_ASSET: one person, or one serial number, twice in one list.

People share names, and one person may rightly stand in the team and among the advisers, so only within one list, and only by a whole identity or
mobile number, or by name and month of birth. Identical instruments without a serial number are several instruments.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeVar

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Equipment, Person
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import FactKey, FindingCode, Severity
from validators.messages import finding, ordered, places, printable
from validators.weight import bears_on

T = TypeVar("T")

_LISTS: Final = (("team", "运营服务团队名单", FactKey.TEAM_HEADCOUNT), ("advisors", "专家顾问名单", FactKey.ADVISORS_HEADCOUNT))
#: Words in a serial's place that are none.
_NO_SERIAL = re.compile(r"^(?:无|/|—+|-+|暂无|待定|N/?A|同上|〃|见铭牌|自制|定制|0+|NULL)$", re.IGNORECASE)


def people(case: Case, policy: Policy) -> Iterator[Finding]:
    """DUPLICATE_PERSON, one a person and list."""
    for name, what, key in _LISTS:
        rows: tuple[Person, ...] = getattr(case.rosters, name)
        for group, why in _same_people(rows):
            spots = tuple(place for person in group for place in person.evidence)
            names = "、".join(dict.fromkeys(printable(person.name) for person in group))
            yield finding(
                FindingCode.DUPLICATE_PERSON, Severity.MEDIUM, f"{what}中“{names}”出现{len(group)}次（{places(spots, case)}），{why}相同。",
                case=case, evidence=spots, facts=[fact.id for fact in case.facts if fact.key is key], clause=bears_on(key, policy),
                advice="请申报单位核对名单，同一人只计一次，并更正人数。",
            )  # fmt: skip


def _same_people(rows: Sequence[Person]) -> Iterator[tuple[tuple[Person, ...], str]]:
    """Groups of rows that are one person, each with what they have in common; a row that is told once is not told again."""
    told: set[int] = set()
    rules: tuple[tuple[Callable[[Person], Iterable[str]], str], ...] = (
        (lambda person: person.keys, "证件号或手机号"),
        (_named, "姓名和出生年月"),
    )
    for keys_of, why in rules:
        for group in _once(rows, _groups(rows, keys_of)):
            if len(set(group) - told) < 2 or _apart([rows[n] for n in group]):
                continue
            told.update(group)
            yield tuple(rows[n] for n in group), why


def _apart(group: Sequence[Person]) -> bool:
    """A number shared by people of other names is a switchboard's or a slip; two whole identity numbers are two people."""
    return (
        len({_flat(person.name) for person in group}) > 1 or len({person.id_number for person in group if person.id_number}) > 1
    )


def _named(person: Person) -> Iterator[str]:
    month = re.search(r"((?:19|20)\d\d)\D{0,2}(\d{1,2})", unicodedata.normalize("NFKC", person.born or ""))
    if month:
        yield f"{_flat(person.name)} {month[1]}-{int(month[2]):02}"


def leads(case: Case) -> Iterator[Lead]:
    """The same name twice in a list, where nothing else says that it is one person or two."""
    for name, what, _ in _LISTS:
        rows: tuple[Person, ...] = getattr(case.rosters, name)
        told = {n for group, _ in _same_people(rows) for n, person in enumerate(rows) if person in group}
        for group in _once(rows, _groups(rows, lambda person: (_flat(person.name),))):
            people_ = [rows[n] for n in group if n not in told]
            births = {person.born for person in people_ if person.born}
            if len(people_) > 1 and len(births) <= 1 and not _apart(people_):
                spots = tuple(place for person in people_ for place in person.evidence)
                message = (
                    f"{what}中有{len(people_)}个“{printable(people_[0].name)}”（{places(spots, case)}），请核对是否为同一人。"
                )
                yield Lead(code=FindingCode.DUPLICATE_PERSON, message=message, evidence=ordered(spots, case))


def assets(case: Case, policy: Policy) -> Iterator[Finding]:
    """DUPLICATE_ASSET, one a serial number."""
    rows = case.rosters.equipment
    for group in _once(rows, _groups(rows, _serial)):
        items = [rows[n] for n in group]
        spots: tuple[Evidence, ...] = tuple(place for item in items for place in item.evidence)
        if len(set(spots)) < 2:
            continue
        names = "、".join(dict.fromkeys(f"“{printable(item.name)}”" for item in items))
        yield finding(
            FindingCode.DUPLICATE_ASSET, Severity.MEDIUM,
            f"仪器设备清单中{names}共{len(items)}行（{places(spots, case)}）的编号都是“{printable(items[0].serial or '')}”。",
            case=case, evidence=spots, facts=[fact.id for fact in case.facts if fact.key is FactKey.EQUIPMENT_VALUE],
            clause=bears_on(FactKey.EQUIPMENT_VALUE, policy),
            advice="请申报单位对照铭牌核对编号；同一台设备只计一次，并更正清单和原值。",
        )  # fmt: skip


def _serial(item: Equipment) -> Iterator[str]:
    flat = _flat(item.serial or "")
    if len(flat) >= 4 and not _NO_SERIAL.match(flat) and any(c.isdigit() for c in flat) and item.owned is not False:
        yield flat


def _flat(text: str) -> str:
    return re.sub(r"[\s\-—_/.·]+", "", unicodedata.normalize("NFKC", text)).upper()


def _once(rows: Sequence[Person] | Sequence[Equipment], groups: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Without the groups that come of a list given twice: tables of one document that share two rows or more."""
    kept = list(groups)
    shared = Counter(pair for group in kept for pair in _tables(rows, group))
    for group in kept:
        if not any(shared[pair] > 1 for pair in _tables(rows, group)):
            yield group


def _tables(rows: Sequence[Person] | Sequence[Equipment], group: tuple[int, ...]) -> frozenset[tuple[int, ...]]:
    tables = sorted({rows[n].table or 0 for n in group})
    return frozenset(combinations(tables, 2))


def _groups(rows: Sequence[T], keys_of: Callable[[T], Iterable[str]]) -> Iterator[tuple[int, ...]]:
    """The rows that share a key, for every key that several share, in the order of the list."""
    held: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for key in dict.fromkeys(keys_of(row)):
            held.setdefault(key, []).append(number)
    seen: set[tuple[int, ...]] = set()
    for numbers in held.values():
        if len(numbers) > 1 and tuple(numbers) not in seen:
            seen.add(tuple(numbers))
            yield tuple(numbers)
