from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import pytest

from schemas.case import Case
from schemas.facts import Rosters
from schemas.policy import Age, AnyOf, Compare, CountRows, Requirement, Share, keys, parts
from schemas.vocabulary import DocumentStatus, FactKey, FactStatus, Verdict
from tests.policies.cases import MORE_IDS, SHIPPED, Line, build, check_of, lines, policy_of, read, table_lines
from validators import clauses
from validators.clauses_periods import later

Bound: TypeAlias = Compare | Share | Age | CountRows

POLICIES = (*SHIPPED, *MORE_IDS)
LINES = [line for name in POLICIES for line in lines(name)]


@pytest.mark.parametrize("line", LINES, ids=[f"{line.policy}-{line.clause}-{line.name}" for line in LINES])
def test_case(line: Line) -> None:
    check, findings = check_of(line)
    assert check.verdict == line.verdict, check.reason
    if line.finding:
        assert [finding.code for finding in findings] == [line.finding]


@pytest.mark.parametrize("policy_id", POLICIES)
def test_truth_tables(policy_id: str) -> None:
    wrong = [(line.clause, line.name, line.verdict, check_of(line)[0].verdict.value) for line in table_lines(policy_id)]
    assert [item for item in wrong if item[2] != item[3]] == []


@pytest.mark.parametrize("policy_id", POLICIES)
def test_a_good_package_fails_nothing(policy_id: str) -> None:
    checks = clauses.evaluate(policy_of(policy_id), build(read(policy_id), {}))
    assert {check.clause: check.verdict.value for check in checks if check.verdict.value not in ("met", "judgement")} == {}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_clause_has_a_case(policy_id: str) -> None:
    assert {clause.name for clause in policy_of(policy_id).clauses} == {line.clause for line in lines(policy_id)}


def bounds(requirement: Requirement) -> Iterator[Bound]:
    """Everything in a requirement that one number decides."""
    if isinstance(requirement, Compare | Share | Age | CountRows):
        yield requirement
    for inner in parts(requirement):
        yield from bounds(inner)


def side_of(bound: Bound, case: Case) -> int | None:
    """Below, at or above the threshold; None where the case says no one value."""
    if isinstance(bound, Age):
        since = [fact.value for fact in case.facts if fact.key is bound.key]
        if len(since) != 1 or not isinstance(since[0], date):
            return None
        return _sign(case.as_of, later(since[0], months=12 * bound.threshold))
    if isinstance(bound, CountRows):
        stated = [fact for fact in case.facts if fact.key is bound.stated]
        rows = [row for row in case.rosters.team if row.employment == "专职"]
        listed = bound.rows.roster == "team" and rows and not stated
        return _sign(Decimal(len(rows)), bound.threshold) if listed else None
    sides = [_only(case, key) for key in ((bound.key,) if bound.key else keys(bound))]
    if not sides or None in sides:
        return None
    size = sides[0] if len(sides) == 1 or not sides[1] else 100 * (sides[0] or 0) / sides[1]
    return None if size is None else _sign(size, bound.threshold)


def _only(case: Case, key: FactKey) -> Decimal | None:
    found = [Decimal(len(one.value)) if isinstance(one.value, tuple) else one.value for one in case.facts if one.key is key]
    return found[0] if len(found) == 1 and isinstance(found[0], Decimal) else None


def _sign(value: Any, threshold: Any) -> int:
    return int(value > threshold) - int(value < threshold)


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_threshold_has_a_case_below_at_and_above(policy_id: str) -> None:
    clauses_ = {clause.name: list(bounds(clause.requirement)) for clause in policy_of(policy_id).clauses}
    tried: dict[tuple[str, int], set[int]] = {(name, n): set() for name, own in clauses_.items() for n in range(len(own))}
    for line in lines(policy_id):
        for n, bound in enumerate(clauses_[line.clause]):
            side = side_of(bound, line.case)
            if side is not None:
                tried[line.clause, n].add(side)
    rows = {(name, n) for name, n in tried if isinstance(clauses_[name][n], CountRows) and policy_id in SHIPPED}
    assert {key: sides for key, sides in tried.items() if sides != {-1, 0, 1} and key not in rows} == {}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_any_of_has_a_truth_table(policy_id: str) -> None:
    alternatives = {clause.name for clause in policy_of(policy_id).clauses if isinstance(clause.requirement, AnyOf)}
    tables = {table["clause"]: table for table in read(policy_id).get("tables", ())}
    assert set(tables) == alternatives


@pytest.mark.parametrize("policy_id", POLICIES)
def test_where_nothing_is_accepted_nothing_is_decided(policy_id: str) -> None:
    for line in lines(policy_id):
        unsure = {"status": FactStatus.NEEDS_REVIEW}
        facts = tuple(one.model_copy(update=unsure) for one in line.case.facts)
        derived = tuple(one.model_copy(update=unsure) for one in line.case.derived)
        unread = tuple(entry.model_copy(update={"status": DocumentStatus.UNREADABLE}) for entry in line.case.documents)
        changed = {"facts": facts, "derived": derived, "rosters": Rosters(), "documents": unread}
        doubtful = line.case.model_copy(update=changed)
        verdict = check_of(line._replace(case=doubtful))[0].verdict
        assert verdict not in (Verdict.MET, Verdict.NOT_MET), line.name


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_order_of_facts_decides_nothing(policy_id: str) -> None:
    for line in lines(policy_id):
        turned = line.case.model_copy(update={"facts": line.case.facts[::-1], "derived": line.case.derived[::-1]})
        assert check_of(line._replace(case=turned))[0].verdict == check_of(line)[0].verdict, line.name
