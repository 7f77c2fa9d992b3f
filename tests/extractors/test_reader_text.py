"""Plain text in the encodings that reach a district office."""

import pytest

from extractors.readers import read
from extractors.readers.text import decode
from schemas.vocabulary import Outcome


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    assert decode("固定场地面积837平方米，a".encode(encoding))[0] == "固定场地面积837平方米，a"


def test_bytes_that_are_no_text() -> None:
    assert decode(bytes(range(256))) == (None, "")


def test_lines_are_paragraphs() -> None:
    document = read("a.txt", "一\r\n\r\n二".encode())
    assert [(b.anchor, document.text[b.start : b.end]) for b in document.blocks] == [("P1", "一"), ("P2", "二")]


def test_a_quoted_comma_stays_in_its_cell() -> None:
    document = read("a.csv", '名称,原值\n"恒温,箱","1,260.5"\n'.encode("gbk"))
    table = document.tables[0]
    assert [document.text[c.start : c.end] for c in table.cells] == ["名称", "原值", "恒温,箱", "1,260.5"]
    assert table.cell_anchor(table.cells[3]) == "CSV!B2"


def test_blank_is_empty() -> None:
    assert read("a.txt", b"\xef\xbb\xbf\r\n").outcome is Outcome.EMPTY
