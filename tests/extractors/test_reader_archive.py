"""ZIP archives: names, nesting, and what is refused."""

import io
import struct
import zipfile
import zlib

import pytest

from extractors.readers.archive import Member, decode_name, is_litter, unpack
from extractors.readers.limits import Limits
from schemas.vocabulary import Outcome


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return out.getvalue()


def outcomes(data: bytes, limits: Limits = Limits()) -> list[tuple[str, Outcome | None]]:  # noqa: B008 - a frozen value
    return [(m.path, m.refused) for m in unpack("a.zip", data, limits=limits)]


def test_members_of_a_nested_archive_carry_its_name() -> None:
    assert unpack("a.zip", zipped(("内/b.zip", zipped(("c.txt", b"c"))))) == (Member("内/b.zip/c.txt", b"c"),)


@pytest.mark.parametrize("name", ["../x.txt", "/etc/x.txt", "C:/x.txt", "a/../../x.txt", "\\\\host\\x.txt"])
def test_a_path_that_leaves_the_archive_is_unsafe(name: str) -> None:
    assert outcomes(zipped((name, b"x"))) == [("a.zip", Outcome.UNSAFE)]


def test_a_link_is_unsafe() -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(entry, "/etc/passwd")
    assert outcomes(out.getvalue()) == [("a.zip", Outcome.UNSAFE)]


def test_too_deep_is_a_limit() -> None:
    data = zipped(("x.txt", b"x"))
    for _ in range(4):
        data = zipped(("n.zip", data))
    assert outcomes(data) == [("a.zip", Outcome.LIMIT)]


def test_real_bytes_are_counted_not_declared_ones() -> None:
    data = zipped(("zeros.bin", bytes(3 << 20)), ("a.txt", b"a"))
    assert outcomes(data, Limits(archive_ratio=100)) == [("zeros.bin", Outcome.LIMIT), ("a.txt", None)]


def test_an_encrypted_member_says_so_and_the_rest_is_read() -> None:
    data = bytearray(zipped(("a.txt", b"a"), ("b.txt", b"b")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert outcomes(bytes(data)) == [("a.txt", Outcome.ENCRYPTED), ("b.txt", None)]


def test_a_member_with_a_wrong_checksum_is_corrupt() -> None:
    data = bytearray(zipped(("a.txt", b"a" * 50)))
    at = data.index(b"PK\x01\x02")
    data[at + 16] ^= 1
    data[14] ^= 1
    assert outcomes(bytes(data)) == [("a.txt", Outcome.CORRUPT)]


def test_no_archive_and_no_members() -> None:
    assert outcomes(b"PK\x03\x04") == [("a.zip", Outcome.CORRUPT)]
    assert outcomes(zipped()) == [("a.zip", Outcome.EMPTY)]
    assert outcomes(b"") == [("a.zip", Outcome.EMPTY)]


@pytest.mark.parametrize("name", ["Thumbs.db", "a/.DS_Store", "__MACOSX/a/._b.pdf", "附件/~$申报书.docx"])
def test_litter(name: str) -> None:
    assert is_litter(name)
    assert not is_litter("附件/申报书.docx")


def entry(raw: bytes, *, flag: int = 0, extra: bytes = b"") -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(raw.decode("utf-8" if flag else "cp437"))
    info.flag_bits, info.extra = flag, extra
    return info


def test_names_are_decoded_each_by_itself() -> None:
    raw = "申请表.txt".encode("gbk")
    told = "申請表.txt".encode()
    unicode_path = struct.pack("<HHBL", 0x7075, 5 + len(told), 1, zlib.crc32(raw)) + told
    assert decode_name(entry(raw)) == "申请表.txt"
    assert decode_name(entry("申请表.txt".encode())) == "申请表.txt"
    assert decode_name(entry("申请表.txt".encode(), flag=0x800)) == "申请表.txt"
    assert decode_name(entry(raw, extra=unicode_path)) == "申請表.txt"
