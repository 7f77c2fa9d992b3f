"""7z and RAR: the rules of ZIP, names, passwords, and what is said where there is no libarchive."""

import io
import json
import struct
import zipfile
import zlib

import pytest

from extractors.readers import archive, sevenzip
from extractors.readers.limits import Limits
from extractors.readers.tools import Tools
from schemas.vocabulary import Outcome
from tests.golden.readers import make
from tests.golden.readers.make_packed import MEMBERS, encryption, rar, seven

LIBRARY = Tools.probe().libarchive
needs_libarchive = pytest.mark.skipif(sevenzip.load(LIBRARY) is None, reason="libarchive is not installed: 7z and RAR left out")


def told(name: str, data: bytes, limits: Limits | None = None) -> list[tuple[str, Outcome | None]]:
    return [(m.path, m.refused) for m in archive.unpack(name, data, limits=limits or Limits())]


@needs_libarchive
@pytest.mark.parametrize("name", ["package.7z", "package.rar"])
def test_reads_as_expected(name: str) -> None:
    expected = json.loads((make.HERE / f"{name}.json").read_text("utf-8"))
    assert json.loads(json.dumps(make.snapshot(make.HERE / name))) == expected


def test_without_libarchive_the_applicant_is_told_what_to_do() -> None:
    (member,) = archive.unpack("a.rar", rar(MEMBERS), library="")
    assert (member.refused, member.message) == (Outcome.UNSUPPORTED, sevenzip.NOT_HERE)


@needs_libarchive
def test_a_member_with_a_password_is_named() -> None:
    assert told("a.rar", rar({"a.txt": b"1"}, extra=encryption())) == [("a.txt", Outcome.ENCRYPTED)]


@needs_libarchive
def test_a_password_on_the_names_too() -> None:
    assert told("a.rar", rar({"a.txt": b"1"}, locked=True)) == [("a.rar", Outcome.ENCRYPTED)]


@needs_libarchive
@pytest.mark.parametrize("name", ["../x.txt", "/etc/x", "C:/x", "a\\..\\..\\x"])
def test_a_path_that_leads_outside(name: str) -> None:
    assert told("a.rar", rar({name: b"1"})) == [("a.rar", Outcome.UNSAFE)]


@needs_libarchive
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_names_of_the_older_rar_may_be_in_gbk(encoding: str) -> None:
    assert told("a.rar", rar4("申报书.txt".encode(encoding))) == [("申报书.txt", None)]


def rar4(name: bytes) -> bytes:
    head = (
        b"\x74"
        + struct.pack("<HHIIBIIBBHI", 0x8000, 32 + len(name), 1, 1, 2, zlib.crc32(b"x"), 0, 20, 0x30, len(name), 0x20)
        + name
    )
    blocks = (b"\x73" + struct.pack("<HH", 0, 13) + bytes(6), head, b"\x7b" + struct.pack("<HH", 0x4000, 7))
    first, second, last = (struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block for block in blocks)
    return b"Rar!\x1a\x07\x00" + first + second + b"x" + last


@needs_libarchive
def test_archives_within_archives() -> None:
    inner = rar({"丙.txt": b"22"})
    assert told("a.7z", seven({"甲.txt": b"1", "乙.rar": inner}, LIBRARY)) == [("甲.txt", None), ("乙.rar/丙.txt", None)]


@needs_libarchive
def test_archives_too_deep() -> None:
    data = rar({"a.txt": b"1"})
    for _ in range(3):
        data = rar({"b.rar": data})
    assert told("a.rar", data) == [("a.rar", Outcome.LIMIT)]


@needs_libarchive
def test_a_bomb_stops_by_its_real_bytes() -> None:
    assert told("a.7z", seven({"a.txt": bytes(3_000_000)}, LIBRARY)) == [("a.7z", Outcome.LIMIT)]


@needs_libarchive
def test_a_member_over_its_limit_is_named_and_the_rest_read() -> None:
    data = seven({"a.txt": bytes(5000), "b.txt": b"1"}, LIBRARY)
    assert told("a.7z", data, Limits(file_bytes=1000)) == [("a.txt", Outcome.LIMIT), ("b.txt", None)]


@needs_libarchive
@pytest.mark.parametrize("cut", [20, 60, 200])
def test_a_volume_or_a_torn_archive_is_no_archive(cut: int) -> None:
    assert told("a.rar", rar(MEMBERS)[:cut]) == [("a.rar", Outcome.CORRUPT)]


@needs_libarchive
def test_no_change_of_one_byte_makes_it_raise() -> None:
    data = rar({"a.txt": b"12345"})
    for at in range(8, len(data)):
        assert archive.unpack("a.rar", data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


def test_without_libarchive_an_archive_within_is_left_as_it_is() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as outer:
        outer.writestr("b.rar", rar({"a.txt": b"1"}))
    members = archive.unpack("a.zip", out.getvalue(), library="")
    assert [(m.path, m.refused, bool(m.data)) for m in members] == [("b.rar", None, True)]
