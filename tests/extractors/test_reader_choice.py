"""Content decides the reader; whatever is wrong is an outcome with a way out, never an exception."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.readers import read, sniff
from extractors.readers.limits import Limits
from extractors.readers.names import is_odd
from extractors.readers.sniffing import Kind
from schemas.vocabulary import Format, Outcome
from tests.golden.readers import make

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, words in members.items():
            file.writestr(name.replace("__", "/"), words)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "format_", "outcome"),
    [
        ("a.pdf", b"", Format.PDF, Outcome.EMPTY),
        ("a.pdf", b"   \n", Format.PDF, Outcome.CORRUPT),
        ("a.pdf", b"%PDF-1.7\n", Format.PDF, Outcome.CORRUPT),
        ("a.docx", b"PK\x03\x04word/document.xml", Format.DOCX, Outcome.CORRUPT),
        ("a.pdf", "只是文字".encode(), Format.TEXT, Outcome.MISMATCH),
        ("a.xlsx", zipped(a="x"), Format.OTHER, Outcome.MISMATCH),
        ("a.jpg", PNG, Format.IMAGE, Outcome.CORRUPT),
        ("a.ofd", zipped(**{"OFD.xml": "<a/>"}), Format.OFD, Outcome.CORRUPT),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), Format.DOC, Outcome.CORRUPT),
        ("a.wps", OLE + bytes(600), Format.DOC, Outcome.UNSUPPORTED),
        ("a.rtf", b"{\\rtf1 x}", Format.DOC, Outcome.UNSUPPORTED),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), Format.DOCX, Outcome.ENCRYPTED),
        ("a.exe", b"MZ" + bytes(80), Format.OTHER, Outcome.UNSUPPORTED),
        ("a.rar", b"Rar!\x1a\x07\x00", Format.OTHER, Outcome.UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_says_so(name: str, data: bytes, format_: Format, outcome: Outcome) -> None:
    document = read(name, data)
    assert (document.format, document.outcome) == (format_, outcome)
    assert document.message.endswith("。")


def test_another_ending_of_the_same_family_is_read_with_a_warning() -> None:
    document = read("表.doc", (make.HERE / "form.docx").read_bytes())
    assert document.outcome is Outcome.OK_WARN
    assert [w.code for w in document.warnings][-1] == "WRONG_ENDING"


def test_a_program_by_name_is_not_read_whatever_it_holds() -> None:
    assert read("a.pdf.exe", (make.HERE / "form.pdf").read_bytes()).outcome is Outcome.MISMATCH


def test_sniffs_by_content() -> None:
    assert sniff((make.HERE / "form.docx").read_bytes()) is Kind.DOCX
    assert sniff((make.HERE / "list.xlsx").read_bytes(), "x.docx") is Kind.XLSX


def test_a_file_over_the_limit_is_refused_by_name() -> None:
    document = read("a.txt", b"x" * 11, Limits(file_bytes=10))
    assert document.outcome is Outcome.LIMIT


@pytest.mark.parametrize(
    ("name", "odd"), [("附件2：清单（盖章）.xlsx", False), ("-rf.pdf", True), ("a\nb.pdf", True), ("nul.txt", True)]
)
def test_odd_names(name: str, odd: bool) -> None:
    assert is_odd(name) is odd


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.txt", "a.csv", "a.zip", "a"]),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]),
)
def test_no_bytes_make_it_raise(data: bytes, name: str, head: bytes) -> None:
    assert read(name, head + data).message
