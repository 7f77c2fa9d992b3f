"""Old Office files: what is converted, what a converter may do wrong, and what is said without one."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from extractors.readers import legacy, read
from extractors.readers.legacy import Converted, convert, convertible, wanted
from extractors.readers.sniffing import Kind
from extractors.readers.tools import Tools
from sandbox import layers
from schemas.vocabulary import Format, Outcome
from tests.golden.readers import make

TOOLS = Tools.probe()
needs_writer = pytest.mark.skipif(not TOOLS.writer, reason="LibreOffice Writer is not installed: .rtf left out")
needs_calc = pytest.mark.skipif(not TOOLS.calc, reason="LibreOffice Calc is not installed: its conversion of .xls left out")
RTF = b"{\\rtf1 x}"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old"
    path.write_bytes(RTF)
    return path


def converted_by_ours(name: str) -> Converted:
    kind = wanted(name, (make.HERE / name).read_bytes())
    assert kind is not None
    return convert(make.HERE / name, kind, soffice=TOOLS.soffice)


def soffice(folder: Path, body: str) -> str:
    """A stand-in for the program: ``$out`` is the folder it is told to write to."""
    path = folder / "soffice"
    path.write_text(f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\nout="$2"\n{body}\n')
    path.chmod(0o755)
    return str(path)


def test_what_the_program_writes_comes_back(tmp_path: Path, old: Path) -> None:
    (tmp_path / "made").write_bytes((make.HERE / "form.docx").read_bytes())
    program = soffice(tmp_path, f'cp {tmp_path}/made "$out/in.docx"')
    converted = convert(old, Kind.RTF, soffice=program, timeout=20)
    document = read("申报书.rtf", RTF, converted=converted)
    assert (document.format, document.outcome) == (Format.DOC, Outcome.OK_WARN)
    assert document.message.endswith("RTF 文档，经 LibreOffice 转换后读取，位置以转换后的文件为准，请与原件核对。")


@pytest.mark.parametrize("body", ["exit 0", "exit 1", 'mkdir "$out/in.docx"'])
def test_a_program_that_writes_nothing(tmp_path: Path, old: Path, body: str) -> None:
    converted = convert(old, Kind.RTF, soffice=soffice(tmp_path, body), timeout=20)
    assert (converted.data, converted.outcome, converted.message) == (b"", Outcome.UNSUPPORTED, legacy.FAILED)


def test_a_program_that_hangs_is_killed_with_what_it_started(tmp_path: Path, old: Path) -> None:
    program = soffice(tmp_path, "sleep 300.4217 & wait")
    converted = convert(old, Kind.RTF, soffice=program, timeout=1)
    assert (converted.outcome, converted.message) == (Outcome.LIMIT, legacy.TOO_LONG)
    time.sleep(0.2)
    assert not running("sleep\0300.4217\0")


def running(command: str) -> bool:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(process.read_text(errors="replace"))
    return command in found


@pytest.mark.skipif(layers().level != "full", reason="no Landlock or no seccomp here: what LibreOffice may do is left out")
@pytest.mark.parametrize(
    "attempt",
    [
        "cat /root/.profile /home/*/.profile",
        "echo x > {folder}/written",
        "exec 3<>/dev/tcp/127.0.0.1/9",
        "touch /tmp/chushen-written",
    ],
)
def test_the_program_may_not(tmp_path: Path, old: Path, attempt: str) -> None:
    (tmp_path / "tmp").mkdir()
    body = f'bash -c \'{attempt.format(folder=tmp_path)}\' && cp "$out/../in.rtf" "$out/in.docx"; exit 0'
    assert convert(old, Kind.RTF, soffice=soffice(tmp_path, body), timeout=20).data == b""


def test_a_program_that_is_not_there(old: Path) -> None:
    assert convert(old, Kind.RTF, soffice="/nowhere/soffice").outcome is Outcome.UNSUPPORTED


def test_nothing_is_left_behind(tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    convert(old, Kind.RTF, soffice=soffice(tmp_path, "exit 0"), timeout=20)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("name", ["form.docx", "form.doc", "form.pdf", "list.xls", "note.txt"])
def test_what_needs_no_conversion(name: str) -> None:
    assert wanted(name, (make.HERE / name).read_bytes()) is None


def test_without_libreoffice_the_applicant_is_told_what_to_do() -> None:
    assert (wanted("form.rtf", RTF), convertible(Tools())) == (Kind.RTF, ())
    document = read("form.rtf", RTF)
    assert (document.outcome, document.message) == (Outcome.UNSUPPORTED, legacy.NOT_HERE)


@needs_writer
def test_rtf_through_libreoffice() -> None:
    data = (make.HERE / "form.rtf").read_bytes()
    document = read("form.rtf", data, converted=converted_by_ours("form.rtf"))
    cells = {document.text[cell.start : cell.end] for cell in document.tables[0].cells}
    assert {"单 位 名 称", "云南例远医疗器械科技有限公司", "15", "其中高级"} <= cells
    assert ("inserted", "1983.59") in {(m.kind, document.text[m.start : m.end]) for m in document.marks}


@needs_writer
def test_word_files_through_libreoffice_read_as_by_our_own_reader() -> None:
    data = (make.HERE / "form.doc").read_bytes()
    converted, own = (
        read("a.doc", data, converted=convert(make.HERE / "form.doc", Kind.DOC, soffice=TOOLS.soffice)),
        read("a.doc", data),
    )
    assert [(b.anchor, converted.text[b.start : b.end]) for b in converted.blocks if b.kind == "paragraph"] == [
        (b.anchor, own.text[b.start : b.end]) for b in own.blocks if b.kind == "paragraph"
    ]


@needs_calc
def test_spreadsheets_through_libreoffice_read_as_by_our_own_reader() -> None:
    data = (make.HERE / "list.xls").read_bytes()
    converted = convert(make.HERE / "list.xls", Kind.XLS, soffice=TOOLS.soffice)
    assert read("a.xls", data, converted=converted).text == read("a.xls", data).text


def test_tools_tell_what_is_missing() -> None:
    assert Tools(soffice="x", writer=True, calc=True, libarchive="x").told() == ()
    assert len(Tools().told()) == 2
