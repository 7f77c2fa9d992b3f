"""Every command either changes something and leaves an entry, or changes nothing and leaves none. A new command that is in neither list fails here."""

import argparse
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import docx
import pytest

import policies
from flows import command, records_command
from flows.command import main
from records import checkpoint
from records.audit import Outside, verify
from records.canonical import loads, sha256
from records.store import read_store
from tests.flows.broken import GOOD, good


class Later(datetime):
    """The law keeps everything for 184 days."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(days=200)


CASE = "kunming-poc/91530191MA24JAFA2K"


class Done(NamedTuple):
    """A store with one case, and room beside it."""

    tmp: Path
    home: Path

    def kinds(self) -> list[str]:
        if not (self.home / "records" / "records.db").exists():
            return []
        return [loads(one.body)["event"]["kind"] for one in read_store(self.home).entries()]


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Done:
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    good(tmp_path / "甲", GOOD + "统一社会信用代码：91530191MA24JAFA2K\n")
    assert main(screening(tmp_path / "甲", tmp_path / "out")) == 0
    return Done(tmp_path, tmp_path / "home")


def screening(path: Path, out: Path) -> list[str]:
    return [
        "screen",
        str(path),
        "--policy",
        "kunming-poc",
        "--as-of",
        "2026-03-01",
        "--out",
        str(out),
        "--outputs",
        "json",
        "--engine",
        "local",
    ]


def _screen(done: Done) -> list[str]:
    good(done.tmp / "乙", GOOD + "另一份\n")
    return screening(done.tmp / "乙", done.tmp / "out2")


def _restore(done: Done, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    main(["records", "backup", str(done.tmp / "backup")])
    monkeypatch.setenv("CHUSHEN_HOME", str(done.tmp / "restored"))
    return ["records", "restore", str(done.tmp / "backup")]


#: Command → its call, and the kind of entry it must leave.
WRITES: dict[tuple[str, ...], tuple[Callable[[Done], list[str]], str]] = {
    ("screen",): (_screen, "checked"),
    ("audit", "export"): (lambda done: ["audit", "export", CASE, "--out", str(done.tmp / "包.zip")], "exported"),
    ("audit", "replay"): (lambda done: ["audit", "replay", CASE], "replayed"),
    ("records", "expire"): (lambda _: ["records", "expire", CASE, "--yes", "--reason", "依申请删除"], "expired"),
    ("records", "receipt"): (lambda done: ["records", "receipt", CASE, "--out", str(done.tmp / "回执.docx")], "receipt"),
}
READS: dict[tuple[str, ...], Callable[[Done], list[str]]] = {
    ("quantities",): lambda _: ["quantities"],
    ("settings",): lambda _: ["settings"],
    ("policy", "list"): lambda _: ["policy", "list"],
    ("policy", "show"): lambda _: ["policy", "show", "kunming-poc"],
    ("policy", "check"): lambda _: ["policy", "check", str(next(Path(policies.__file__).parent.rglob("*.yaml")))],
    ("audit", "verify"): lambda _: ["audit", "verify"],
    ("audit", "key"): lambda _: ["audit", "key"],
    ("audit", "digest"): lambda _: ["audit", "digest"],
    ("records", "list"): lambda _: ["records", "list"],
    ("records", "show"): lambda _: ["records", "show", CASE],
    ("records", "backup"): lambda done: ["records", "backup", str(done.tmp / "backup")],
    ("records", "software"): lambda _: ["records", "software"],
    ("records", "advisories"): lambda done: ["records", "advisories", str(done.tmp / "没有.zip")],
}
#: Tested where they are: a store beside this one, a process without an end.
ELSEWHERE = {("records", "restore"), ("records", "signer")}


def leaves(parser: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield before
    for action in below:
        for name, child in action.choices.items():
            yield from leaves(child, (*before, name))


def unaccounted(parser: argparse.ArgumentParser) -> set[tuple[str, ...]]:
    return set(leaves(parser)) - WRITES.keys() - READS.keys() - ELSEWHERE


def test_every_command_is_accounted_for() -> None:
    parser = command._parser()
    assert unaccounted(parser) == set()
    assert set(leaves(parser)) >= {*WRITES, *READS, *ELSEWHERE}


def test_a_command_that_nobody_accounted_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = records_command.add_parsers

    def more(commands: Any, make: Any) -> None:
        real(commands, make)
        commands.add_parser("decide-quietly")

    monkeypatch.setattr(records_command, "add_parsers", more)
    assert unaccounted(command._parser()) == {("decide-quietly",)}


@pytest.mark.parametrize("name", WRITES, ids=" ".join)
def test_what_changes_something_leaves_an_entry_under_a_checkpoint(
    name: tuple[str, ...], done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records_command, "datetime", Later)
    before = done.kinds()
    call, kind = WRITES[name]
    assert main(call(done)) in (0, 1)
    after = done.kinds()
    assert after[: len(before)] == before
    assert kind in after[len(before) :]
    verdict = verify(read_store(done.home))
    assert (verdict.problems, verdict.status if kind != "replayed" else 0) == ([], 0)


@pytest.mark.parametrize("name", READS, ids=" ".join)
def test_what_only_looks_leaves_none(
    name: tuple[str, ...], done: Done, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": "1", "text": "场地面积350平方米"}\n'))
    before = done.kinds()
    main(READS[name](done))
    assert done.kinds() == before
    assert capsys.readouterr().out


def test_a_restoration_is_an_entry_of_the_new_store(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(_restore(done, monkeypatch)) == 0
    assert Done(done.tmp, done.tmp / "restored").kinds()[-1] == "restored"


def test_a_case_is_shown_as_json(done: Done, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "show", CASE, "--json"]) == 0
    (version,) = json.loads(capsys.readouterr().out)
    assert (version["version"], version["changes"]) == (1, [])


# --- the paper that is kept ---------------------------------------------------------------------------------------------------------


def test_a_receipt_names_every_file_and_a_checkpoint_that_holds(done: Done) -> None:
    paper = done.tmp / "回执.docx"
    assert main(["records", "receipt", CASE, "--out", str(paper)]) == 0
    document = docx.Document(str(paper))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    file = done.tmp / "甲" / "申报书.txt"
    assert rows[1] == [
        "1",
        "申报书.txt",
        f"{file.stat().st_size:,}",
        "\n".join((sha256(file.read_bytes())[:32], sha256(file.read_bytes())[32:])),
    ]
    printed = next(one.text for one in document.paragraphs if one.text.startswith(checkpoint.PRINTED))
    assert len(document.inline_shapes) == 1
    store = read_store(done.home)
    assert verify(store, Outside(printed=(printed,))).status == 0
    assert verify(store, Outside(printed=(printed[:-1] + ("0" if printed[-1] != "0" else "1"),))).status == 1
    told = loads(list(store.entries())[-1].body)["event"]
    assert (told["kind"], told["paper"], told["case"]) == ("receipt", sha256(paper.read_bytes()), CASE)


def test_a_receipt_overwrites_nothing_and_needs_the_documents(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_command, "datetime", Later)
    paper = done.tmp / "回执.docx"
    paper.write_bytes(b"there")
    assert main(["records", "receipt", CASE, "--out", str(paper)]) == 2
    assert main(["records", "receipt", "没有这个", "--out", str(done.tmp / "另.docx")]) == 2
    assert main(["records", "expire", CASE, "--yes", "--reason", "依申请删除"]) == 0
    assert main(["records", "receipt", CASE, "--out", str(done.tmp / "另.docx")]) == 2
    assert (paper.read_bytes(), (done.tmp / "另.docx").exists()) == (b"there", False)
