"""Four other places' conditions as data: they hold against their words, leave nothing out, and are never offered to a user."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

import policies
from policies.source import TOKEN, Source, folded
from tests.policies.cases import MORE_IDS, SHIPPED, home, policy_of

ALL = (*SHIPPED, *MORE_IDS)


def without(policy_id: str, change: Any, tmp_path: Path) -> tuple[str, ...]:
    """What the loader says of a policy whose raw data ``change`` has changed."""
    folder = tmp_path / policy_id
    shutil.copytree(home(policy_id), folder)
    raw = yaml.safe_load((folder / "policy.yaml").read_text(encoding="utf-8"))
    change(raw)
    (folder / "policy.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return policies.check_file(folder)


def test_they_are_there_and_not_offered() -> None:
    assert set(MORE_IDS) >= {"dazhou-pilot", "hefei-pilot", "hunan-pilot", "xinjiang-pilot"}
    assert set(MORE_IDS).isdisjoint(policies.available())


@pytest.mark.parametrize("policy_id", MORE_IDS)
def test_it_holds_and_says_that_it_is_a_test(policy_id: str) -> None:
    assert policies.check_file(home(policy_id)) == ()
    assert policy_of(policy_id).draft
    first = (home(policy_id) / "source.txt").read_text(encoding="utf-8").splitlines()[:3]
    assert (first[0][:4], first[1][:2], "不是公文全文" in first[2]) == ("测试政策", "依据", True)


@pytest.mark.parametrize("policy_id", MORE_IDS)
def test_every_numbered_piece_of_the_conditions_has_a_clause(policy_id: str) -> None:
    policy, text = policy_of(policy_id), Source((home(policy_id) / "source.txt").read_text(encoding="utf-8"))
    cited = {tuple(TOKEN.findall(folded(clause.article))) for clause in policy.clauses}
    asked = {piece.path for scope in policy.scope for piece in text.below(text.find(scope) or text.articles[0])}
    assert len(asked) >= 5
    assert asked - cited == set()


@pytest.mark.parametrize("policy_id", ALL)
def test_no_clause_can_be_left_out(policy_id: str, tmp_path: Path) -> None:
    for number, clause in enumerate(policy_of(policy_id).clauses):
        problems = without(policy_id, lambda raw, n=number: raw["clauses"].pop(n), tmp_path / str(number))
        # The name's article (第四条（二）) is in the scope of two Kunming tracks; its words are then unquoted like any other's.
        assert any("没有对应的条款" in problem or "未引用的文字" in problem for problem in problems), clause.name


def thresholds(raw: Any) -> list[dict[str, Any]]:
    own = [raw] if isinstance(raw, dict) and isinstance(raw.get("threshold"), int) else []
    inner = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    return own + [found for item in inner for found in thresholds(item)]


@pytest.mark.parametrize("policy_id", ALL)
def test_no_threshold_can_be_mistyped(policy_id: str, tmp_path: Path) -> None:
    raw = yaml.safe_load((home(policy_id) / "policy.yaml").read_text(encoding="utf-8"))
    assert len(thresholds(raw["clauses"])) >= 1
    for number in range(len(thresholds(raw["clauses"]))):

        def slip(data: Any, n: int = number) -> None:
            thresholds(data["clauses"])[n]["threshold"] += 1

        problems = without(policy_id, slip, tmp_path / str(number))
        assert any("不在引文中" in problem for problem in problems), number
