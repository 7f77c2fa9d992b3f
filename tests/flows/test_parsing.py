"""What locked children answer about files, and what becomes of files they die over."""

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractors.readers.limits import DEFAULT
from flows import parsing
from flows.parsing import Parsers, SetAsideError, Source, Unseen
from sandbox import layers
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.vocabulary import Format, Outcome
from tests.golden.readers import make

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[True, False], ids=["forked", "started"])
def parsers(request: pytest.FixtureRequest) -> Iterator[Parsers]:
    if request.param and not layers().fork:
        pytest.skip("no fork here: the zygote is left out")
    made = Parsers(fork=request.param, seconds=30)
    yield made
    made.close()


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Parsers]]:
    """Parsers whose children run the tasks of ``liars`` instead; the argument says which way."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(parsing, "MODULE", "tests.flows.liars")
    made = Parsers(seconds=2)
    yield lambda way: made
    made.close()


@pytest.mark.parametrize("name", ["form.docx", "form.pdf", "list.xlsx", "form.ofd", "list.xls", "note.txt", "page.png"])
def test_a_child_reads_what_the_reader_reads(parsers: Parsers, name: str) -> None:
    from extractors.readers import read

    path = make.HERE / name
    assert parsers.document(name, str(path)) == read(name, path.read_bytes())


def test_an_archive_comes_member_by_member(parsers: Parsers, tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("申报书.txt", b"1")
        made.writestr("附件/表.csv", b"2,3")
    members = parsers.members("包.zip", str(path), DEFAULT)
    assert members is not None
    assert [(one.path, one.data) for one in members] == [("申报书.txt", b"1"), ("附件/表.csv", b"2,3")]


def test_what_is_no_archive(parsers: Parsers, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"PKnothing")
    assert parsers.members("a", str(path), DEFAULT) is None


def test_pages_come_as_pixels(parsers: Parsers) -> None:
    ((number, seen),) = parsers.pages(str(make.HERE / "form.pdf"), Format.PDF, [1])
    assert not isinstance(seen, Unseen)
    assert (number, len(seen.data)) == (1, 3 * seen.width * seen.height)


def test_a_page_that_cannot_be_drawn_does_not_lose_the_next(parsers: Parsers) -> None:
    (first, second) = parsers.pages(str(make.HERE / "form.pdf"), Format.PDF, [99, 1])
    assert (first[0], isinstance(first[1], Unseen), isinstance(second[1], Unseen)) == (99, True, False)


def test_pictures_are_those_of_the_page(parsers: Parsers) -> None:
    from extractors.pictures import Pictures

    path = make.HERE / "form.pdf"
    document = parsers.document("form.pdf", str(path))
    evidence = Evidence(document="d1", page=1, bbox=(60, 60, 200, 90), quote="")
    with parsers.pictures({"d1": Source(Format.PDF, str(path), document)}) as drawn:
        picture = drawn(evidence)
    with Pictures({"d1": (Format.PDF, path.read_bytes(), document)}) as here:
        assert picture == here(evidence)


def test_a_strip_is_a_part_of_the_page(parsers: Parsers) -> None:
    path = make.HERE / "form.pdf"
    source = Source(Format.PDF, str(path), parsers.document("form.pdf", str(path)))
    with parsers.strips({"d1": source}) as strips:
        seen, beyond, other = (
            strips("d1", 1, (0, 0, 72, 36), 144),
            strips("d1", 99, (0, 0, 72, 36), 144),
            strips("d2", 1, (0, 0, 1, 1), 72),
        )
    assert seen is not None
    assert (seen.width, seen.height, beyond, other) == (144, 72, None, None)


WAYS = ("hang", "die", "abort", "garbage", "document of garbage", "a place outside", "a nan", "wrong types", "a flood")


@pytest.mark.parametrize("way", WAYS)
def test_a_child_that_lies_or_dies_costs_its_file_and_tells_why(
    lying: Callable[[str], Parsers], way: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.pdf"
    path.write_text(way)
    with pytest.raises(SetAsideError) as told:
        lying(way).document("x.pdf", str(path))
    assert "已放在一边" in told.value.message
    assert told.value.outcome is (Outcome.LIMIT if way in ("hang", "abort") else Outcome.CORRUPT)


def test_a_child_that_dies_once_is_tried_again(lying: Callable[[str], Parsers], tmp_path: Path) -> None:
    """It cannot remember, so its file is another one the second time."""
    path = tmp_path / "x.pdf"
    path.write_text("die")
    parsers = lying("die")
    ask, tries = parsers._children.start, []

    def start(*args: Any) -> Any:
        path.write_text("fine" if tries else "die")
        tries.append(1)
        return ask(*args)

    parsers._children.start = start  # type: ignore[method-assign]
    assert parsers.document("x.pdf", str(path)).text == "fine"
    assert len(tries) == 2


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", ""])
def test_a_member_that_would_leave_the_package_is_refused(lying: Callable[[str], Parsers], path: str, tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    archive.write_text(json.dumps(path))
    members = lying("member").members("x.zip", str(archive), DEFAULT)
    assert members is not None
    with pytest.raises(SetAsideError):
        list(members)


def test_a_picture_that_is_none_is_left_out(lying: Callable[[str], Parsers], tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_text("svg")
    document = Document(format=Format.PDF, outcome=Outcome.OK, message="")
    with lying("svg").pictures({"d1": Source(Format.PDF, str(path), document)}) as drawn:
        assert drawn(Evidence(document="d1", page=1, quote="")) is None


def test_pages_of_the_wrong_size_are_refused(lying: Callable[[str], Parsers], tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(struct.pack("<II", 1000, 1000))
    ((_, seen),) = lying("pages").pages(str(path), Format.PDF, [1])
    assert isinstance(seen, Unseen)


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A text larger than its child may hold is a limit, told as one."""
    path = tmp_path / "big.txt"
    path.write_bytes("面积".encode() * 15_000_000)
    parsers = Parsers(memory=400 << 20)
    try:
        outcome = parsers.document("big.txt", str(path), replace(DEFAULT, text_characters=1 << 40)).outcome
    except SetAsideError as aside:
        outcome = aside.outcome
    parsers.close()
    assert outcome is Outcome.LIMIT


PARSERS = ("pypdfium2", "pdfplumber", "pdfminer", "docx", "openpyxl", "PIL", "cv2", "onnxruntime", "lxml")


def test_the_process_that_hands_out_work_loads_no_parser() -> None:
    """R-SB-1, R-SB-7."""
    code = "import sys, flows.command, flows.batch, flows.engines, flows.pool, flows.terminal; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & set(PARSERS) == set()
