from collections import defaultdict
from decimal import Decimal

import pytest

import policies
from schemas.facts import Rosters
from schemas.policy import AllOf, AnyOf, AtLeast, Compare, Requirement, Share
from schemas.vocabulary import FactKey, FactStatus, Verdict
from tests.policies.cases import Line, build, check_of, lines, read, table_lines
from validators import clauses

POLICIES = ("kunming-pilot", "kunming-poc", "urumqi-poc-create", "urumqi-poc-recognize")
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
    checks = clauses.evaluate(policies.load(policy_id), build(read(policy_id), {}))
    assert {check.clause: check.verdict.value for check in checks if check.verdict.value not in ("met", "judgement")} == {}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_clause_has_a_case(policy_id: str) -> None:
    assert {clause.name for clause in policies.load(policy_id).clauses} == {line.clause for line in lines(policy_id)}


def bounds(requirement: Requirement) -> list[Compare | Share]:
    if isinstance(requirement, AnyOf | AllOf | AtLeast):
        return [item for inner in requirement.of for item in bounds(inner)]
    return [requirement] if isinstance(requirement, Compare | Share) else []


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_threshold_has_a_case_below_at_and_above(policy_id: str) -> None:
    tried: dict[tuple[str, FactKey | None], set[int]] = defaultdict(set)
    for line in lines(policy_id):
        for one in line.case.facts:
            clause = policies.load(policy_id).clause(line.clause)
            assert clause is not None
            for bound in bounds(clause.requirement):
                size = Decimal(len(one.value)) if isinstance(one.value, tuple) else one.value
                if one.key is bound.key and isinstance(size, Decimal):
                    tried[line.clause, bound.key].add((size > bound.threshold) - (size < bound.threshold))
    wanted = {(clause.name, bound.key) for clause in policies.load(policy_id).clauses for bound in bounds(clause.requirement)}
    assert {key: sides for key, sides in tried.items() if sides != {-1, 0, 1}} == {}
    assert set(tried) == wanted


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_any_of_has_a_truth_table(policy_id: str) -> None:
    alternatives = {clause.name for clause in policies.load(policy_id).clauses if isinstance(clause.requirement, AnyOf)}
    tables = {table["clause"]: table for table in read(policy_id).get("tables", ())}
    assert set(tables) == alternatives


@pytest.mark.parametrize("policy_id", POLICIES)
def test_where_nothing_is_accepted_nothing_is_decided(policy_id: str) -> None:
    for line in lines(policy_id):
        unsure = {"status": FactStatus.NEEDS_REVIEW}
        facts = tuple(one.model_copy(update=unsure) for one in line.case.facts)
        derived = tuple(one.model_copy(update=unsure) for one in line.case.derived)
        doubtful = line.case.model_copy(update={"facts": facts, "derived": derived, "rosters": Rosters()})
        verdict = check_of(line._replace(case=doubtful))[0].verdict
        assert verdict not in (Verdict.MET, Verdict.NOT_MET), line.name


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_order_of_facts_decides_nothing(policy_id: str) -> None:
    for line in lines(policy_id):
        turned = line.case.model_copy(update={"facts": line.case.facts[::-1], "derived": line.case.derived[::-1]})
        assert check_of(line._replace(case=turned))[0].verdict == check_of(line)[0].verdict, line.name
