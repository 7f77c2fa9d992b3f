"""What must hold of the checkout as a whole."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("schemas", "sandbox", "extractors", "validators", "policies", "records", "reports", "flows", "fixtures")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_other_distribution_provides_our_names() -> None:
    provided = metadata.packages_distributions()
    assert {room: sorted(set(provided.get(room, ["chushen"]))) for room in ROOMS} == {room: ["chushen"] for room in ROOMS}


def test_every_room_is_packaged_and_under_the_arrows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]} == set(ROOMS)
    assert set(project["tool"]["importlinter"]["root_packages"]) == set(ROOMS)
    assert set(project["tool"]["mypy"]["packages"]) == set(ROOMS)


def test_the_arrows_between_the_rooms_hold() -> None:
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "least"), [("requirements.lock", 50), ("requirements-dev.lock", 50), ("requirements-models.lock", 0)]
)
def test_a_lock_has_hashes_for_all_and_no_address(name: str, least: int) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text[re.search(r"^[a-z0-9]", text, re.MULTILINE).start() :])  # type: ignore[union-attr]
    assert len(blocks) > least
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|file://|--(?:extra-)?index-url|--find-links|--trusted-host", text)


def test_the_runtime_lock_is_part_of_the_one_for_development() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") < pins("requirements-dev.lock")


def test_no_file_names_an_index_or_a_path_of_some_machine() -> None:
    # spelt in pieces, so that this file does not name them either
    index = "|".join(["pypi" + r"\.org", "python" + "hosted", "tuna" + r"\.tsinghua", "mirrors" + r"\.", "registry" + r"\.npm"])
    paths = "|".join(["/" + name + r"/[a-z]" for name in ("root", "work", "Users")])
    own = re.compile(rf"(?:{index})|(?<![\w.])(?:{paths})")
    assert [(name, match.group()) for name, text in texts() if (match := own.search(text))] == []


def test_no_file_asks_for_a_model_from_outside_or_a_copyleft_library() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8").lower()
        assert not re.search(r"pymupdf|easyofd|openfisca|zh[-_]core[-_]web", text)


def test_every_test_named_in_the_requirements_exists() -> None:
    table = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", table))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
    }
    assert len(named) > 50
    assert named - there == set()
