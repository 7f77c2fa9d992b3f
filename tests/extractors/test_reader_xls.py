"""XLS: what its records hide. The golden list shows the rest."""

import struct

import pytest

from extractors.readers import read
from extractors.readers.ole import Ole
from extractors.readers.refusal import RefusedError
from extractors.readers.xls import _packed, _Reader, _records, _sum
from schemas.vocabulary import Outcome
from tests.golden.readers import make

LIST = (make.HERE / "list.xls").read_bytes()


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def test_a_string_cut_by_the_end_of_a_record_goes_on_with_a_new_width() -> None:
    assert _Reader(("申".encode("utf-16-le"), b"\x00ab"), 0).characters(3, 1) == "申ab"


def test_a_rare_character_is_two_units() -> None:
    assert _Reader(("𠮷a".encode("utf-16-le"),), 0).characters(3, 1) == "𠮷a"


@pytest.mark.parametrize(
    ("packed", "number"),
    [
        ((1260 << 2) | 2, "1260"),
        ((126050 << 2) | 3, "1260.5"),
        (0xFFFFFFFE, "-1"),
        (0x3FF00000, "1.0"),
        (0x40C35001, "98.88"),
    ],
)
def test_numbers_in_four_bytes(packed: int, number: str) -> None:
    assert _packed(packed) == number


def test_a_chart_within_a_sheet_is_passed_over() -> None:
    stream = record(0x809) + record(1, b"a") + record(0x809) + record(2) + record(0x0A) + record(3) + record(0x0A) + record(4)
    assert [r.kind for r in _records(stream, 0)] == [0x809, 1, 3]


def test_a_plain_sum_is_told_as_one() -> None:
    assert _sum(b"\x25" + struct.pack("<4H", 3, 4, 3, 3) + b"\x19\x10\0\0") == "SUM(D4:D5)"
    assert _sum(b"\x1e\x01\0") == ""


def test_a_password_says_so() -> None:
    assert read("a.xls", LIST.replace(b"\x42\0\2\0", b"\x2f\0\2\0", 1)).outcome is Outcome.ENCRYPTED


@pytest.mark.parametrize("cut", [600, 2000, len(LIST) // 2])
def test_a_torn_file_is_damaged_or_read_as_far_as_it_goes(cut: int) -> None:
    assert read("a.xls", LIST[:cut]).outcome in (Outcome.CORRUPT, Outcome.OK_WARN)


def test_a_chain_that_runs_in_circles_ends() -> None:
    ole = bytearray(LIST)
    struct.pack_into("<I", ole, 48, 0)
    fat = struct.unpack_from("<I", ole, 76)[0]
    struct.pack_into("<I", ole, (fat + 1) * 512, 0)
    with pytest.raises(RefusedError):
        Ole(bytes(ole))


def test_no_change_of_one_byte_makes_it_raise() -> None:
    for at in range(512, len(LIST), 29):
        assert read("a.xls", LIST[:at] + bytes([LIST[at] ^ 0xFF]) + LIST[at + 1 :]).message
