"""The walk-through of docs/adding.md against what it walks through."""

import re
from pathlib import Path

import pytest
import yaml

import policies
from tests.policies.cases import MORE

TEXT = (Path(__file__).parents[2] / "docs" / "adding.md").read_text(encoding="utf-8")
BLOCKS = [re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", TEXT, re.M)]
DONE = yaml.safe_load((MORE / "dazhou-pilot" / "policy.yaml").read_text(encoding="utf-8"))
HEAD = next(block for block in BLOCKS if "id: dazhou-pilot" in block)


def test_its_clauses_are_those_of_the_finished_folder() -> None:
    shown = yaml.safe_load(HEAD)["clauses"]
    for block in BLOCKS:
        if block.lstrip().startswith("- name:"):
            shown += yaml.safe_load(block)
    assert [clause["name"] for clause in shown] == ["site.area", "located", "open_services"]
    assert [clause for clause in shown if clause not in DONE["clauses"]] == []


def test_its_first_check_says_what_it_prints(tmp_path: Path) -> None:
    folder = tmp_path / "dazhou-pilot"
    folder.mkdir()
    (folder / "source.txt").write_bytes((MORE / "dazhou-pilot" / "source.txt").read_bytes())
    (folder / "policy.yaml").write_text(HEAD, encoding="utf-8")
    printed = next(block for block in BLOCKS if "没有对应的条款" in block).strip().splitlines()
    assert printed[0] == "chushen policy check dazhou-pilot/policy.yaml"
    assert set(printed[1:]) - {"…", ""} <= set(policies.check_file(folder))


MESSAGES = [
    message
    for row in re.findall(r"^\| (`.*?) \| ", TEXT.split("# What the refusals mean")[1], re.M)
    for message in re.findall("`(.+?)`", row)
]


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_it_explains_is_one_the_loader_says(message: str) -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*policies.HOME.glob("*.py"), policies.HOME.parent / "schemas" / "requirements.py"]
    )
    pieces = [piece.strip(" “”（）：") for piece in re.split(r"[XYN…]+", message)]
    assert [piece for piece in pieces if piece and piece not in code] == []
