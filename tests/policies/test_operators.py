"""Every pattern of the survey, said as data: loaded through the refusals, tried on values, and refused when it slips."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import policies
from tests.policies.cases import build
from validators import clauses

DATA = yaml.safe_load((Path(__file__).parent / "operators.yaml").read_text(encoding="utf-8"))
ENTRIES = [pytest.param(entry, id=f"{entry['pattern']}-{entry['words'][:12]}") for entry in DATA["patterns"]]


def folder_of(entry: dict[str, Any], where: Path, **change: Any) -> Path:
    """The entry as a policy of one clause."""
    folder = where / "one-clause"
    folder.mkdir(parents=True)
    text = f"一、条件\n（一）{entry['words']}。\n二、区县出具推荐函。\n"
    clause = {
        "name": "c",
        "title": "某条",
        "article": "一（一）",
        "quote": entry["words"],
        "requirement": entry["requirement"] | change,
    }
    if "reading" in entry:
        clause["reading"] = entry["reading"]
    policy = {
        "id": "one-clause", "version": "1", "title": "t", "document": "d", "city": "某市", "draft": True, "scope": ["一"],
        "counts": {"software": True}, "duty": {"article": "二", "quote": "区县出具推荐函", "product": "推荐函"}, "clauses": [clause],
    }  # fmt: skip
    (folder / "source.txt").write_text(text, encoding="utf-8")
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.parametrize("entry", ENTRIES)
def test_pattern(entry: dict[str, Any], tmp_path: Path) -> None:
    folder = folder_of(entry, tmp_path)
    if "refused" in entry:
        assert any(entry["refused"] in problem for problem in policies.check_file(folder))
        return
    policy = policies.load_file(folder)
    told = [clauses.evaluate(policy, build(DATA, item))[0] for item, _ in entry["cases"]]
    wanted = [verdict for _, verdict in entry["cases"]]
    assert [check.verdict.value for check in told] == wanted, [check.reason for check in told]
    assert all(check.required and check.reason.strip() for check in told)


@pytest.mark.parametrize("entry", ENTRIES)
def test_slips_are_refused(entry: dict[str, Any], tmp_path: Path) -> None:
    for number, (change, reason) in enumerate(entry.get("slips", ())):
        found = policies.check_file(folder_of(entry, tmp_path / str(number), **change))
        assert any(reason in problem for problem in found), (change, found)


def test_every_pattern_and_every_shape_is_tried() -> None:
    from typing import get_args

    from schemas.policy import Requirement

    def kinds(raw: Any) -> set[str]:
        own = {raw["kind"]} if isinstance(raw, dict) and "kind" in raw else set()
        inner = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
        return own.union(*(kinds(item) for item in inner))

    shapes = {shape.model_fields["kind"].default for shape in get_args(get_args(Requirement)[0])}
    shipped = {"covers", "sections"}  # tried in the cases of the shipped policies
    assert shapes - kinds(DATA["patterns"]) == shipped
    assert {f"P{number}" for number in range(1, 25)} - {entry["pattern"] for entry in DATA["patterns"]} == set()
