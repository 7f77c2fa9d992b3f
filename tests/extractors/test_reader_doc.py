"""DOC: what lies between the characters. The golden form shows the rest."""

import struct

import pytest

from extractors.readers import doc, read, sniff
from extractors.readers.doc_parts import Parts, Piece, Sheet, _pieces
from extractors.readers.limits import DEFAULT
from extractors.readers.sniffing import Kind
from schemas.vocabulary import Outcome
from tests.golden.readers import make

FORM = (make.HERE / "form.doc").read_bytes()
EMPTY = Sheet([], [], [])


def parts(text: str = "", data: bytes = b"") -> Parts:
    return Parts(b"", b"", data, text, [Piece(0, max(1, len(text)), 0, 2)], (0,) * 8, EMPTY, EMPTY, ["宋体", "Wingdings 2"])


def inline(text: str, *runs: tuple[int, int, bytes]) -> doc._Walk:
    made = parts(text)
    made.characters = Sheet([2 * a for a, _, _ in runs], [2 * b for _, b, _ in runs], [told for _, _, told in runs])
    walk = doc._Walk(made, DEFAULT)
    walk.inline(0, len(text))
    return walk


def test_pieces_of_one_and_two_bytes_a_character() -> None:
    listed = struct.pack("<3I", 0, 3, 5) + struct.pack("<HIH", 0, 0x40000000 | 2048, 0) + struct.pack("<HIH", 0, 512, 0)
    assert _pieces(b"\x02" + struct.pack("<I", len(listed)) + listed) == [Piece(0, 3, 1024, 1), Piece(3, 5, 512, 2)]


@pytest.mark.parametrize(
    ("told", "kind"), [(b"\x3c\x08\x01", "hidden"), (b"\x01\x08\x01", "inserted"), (b"\x37\x08\x01", "struck")]
)
def test_runs_are_marked(told: bytes, kind: str) -> None:
    walk = inline("原值99万元", (2, 4, told))
    assert ("".join(walk.out), [(m.kind, m.start, m.end) for m in walk.marks]) == ("原值99万元", [(kind, 2, 4)])


def test_deleted_words_stand_beside_the_text() -> None:
    walk = inline("原值98万元", (2, 4, b"\x00\x08\x01"))
    assert ("".join(walk.out), [(m.kind, m.words) for m in walk.marks]) == ("原值万元", [("deleted", "98")])


def test_a_tick_is_told_by_its_font() -> None:
    assert "".join(inline("(自有", (0, 1, b"\x09\x6a\x01\x00\x52\xf0")).out) == "☑自有"


def test_of_a_field_only_its_result_is_read() -> None:
    assert "".join(inline("第\x13 PAGE \x143\x15页").out) == "第3页"


@pytest.mark.parametrize(("bits", "mark"), [(1, "☐"), (1 | 1 << 2, "☑"), (0, "")])
def test_a_form_s_tick_box(bits: int, mark: str) -> None:
    told = b"\xff\xff\xff\xff" + struct.pack("<4H", bits, 0, 0, 0) + bytes(4)
    data = struct.pack("<IH", 68 + len(told), 68) + bytes(62) + told
    assert doc._Walk(parts(data=data), DEFAULT).tick(0) == mark


def test_a_long_list_of_properties_comes_from_elsewhere() -> None:
    made = parts(data=b"????" + struct.pack("<H", 3) + b"\x3c\x08\x01")
    assert list(made.properties(b"\x46\x66" + struct.pack("<I", 4))) == [(0x083C, b"\x01")]


def test_edges_that_all_but_coincide_are_one_column() -> None:
    rows = [[doc._Slot([], 0, 1000), doc._Slot([], 1000, 3000)], [doc._Slot([], 10, 3020)]]
    assert doc._edges(rows) == [0, 1000, 3000]


def test_a_word_file_that_holds_a_workbook_is_a_word_file() -> None:
    assert sniff(FORM + "Workbook".encode("utf-16-le")) is Kind.DOC


def test_a_password_says_so() -> None:
    at = FORM.index(b"\xec\xa5")
    locked = FORM[: at + 11] + bytes([FORM[at + 11] | 1]) + FORM[at + 12 :]
    assert read("a.doc", locked).outcome is Outcome.ENCRYPTED


def test_word_95_is_too_old() -> None:
    at = FORM.index(b"\xec\xa5")
    assert read("a.doc", FORM[: at + 2] + b"\x68\x00" + FORM[at + 4 :]).outcome is Outcome.UNSUPPORTED


def test_no_change_of_one_byte_makes_it_raise() -> None:
    for at in range(512, len(FORM), 61):
        assert read("a.doc", FORM[:at] + bytes([FORM[at] ^ 0xFF]) + FORM[at + 1 :]).message
