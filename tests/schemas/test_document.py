"""The flat text and the way back from an offset to its place."""

from array import array

import pytest

from schemas.document import Block, Cell, Document, Mark, Page, ReaderWarning, Table, column_letters
from schemas.vocabulary import Format, Outcome

PAGED = Document(
    Format.PDF, Outcome.OK, "", "面积837\n后", pages=(Page(1, 595, 842, 0, 7),), blocks=(Block("paragraph", 0, 5, 1),), marks=(Mark("hidden", 2, 3),),
    warnings=(ReaderWarning("HIDDEN_TEXT", "有", 1),), about=(("producer", "x"),),
    tables=(Table(1, 1, (Cell(0, 0, 1, 1, 0, 5, (1.0, 2.0, 3.0, 4.0)),), 0, 6, page=1, box=(1.0, 2.0, 3.0, 4.0)),),
    x0=array("f", [10, 20, 10, 20, 30, 1, 10]), x1=array("f", [20, 30, 20, 30, 40, 0, 20]),
    run_start=array("i", [0, 2, 6]), run_page=array("i", [1, 1, 2]), run_top=array("f", [5, 20, 5]), run_bottom=array("f", [15, 30, 15]),
)  # fmt: skip


def test_a_span_over_two_lines_has_two_boxes() -> None:
    assert list(PAGED.boxes(1, 4)) == [(1, (20, 5, 30, 15)), (1, (10, 20, 30, 30))]
    assert PAGED.box(1, 4) == (1, (10, 5, 30, 30))


def test_a_span_over_two_pages_is_boxed_on_the_first() -> None:
    assert PAGED.box(4, 7) == (1, (30, 20, 40, 30))
    assert [page for page, _ in PAGED.boxes(4, 7)] == [1, 2]


def test_a_separator_has_no_place() -> None:
    assert PAGED.box(5, 6) is None
    assert PAGED.page_of(6) == 2


def test_without_pages_nothing_has_a_box() -> None:
    document = Document(Format.DOCX, Outcome.OK, "", "面积")
    assert (document.paged, document.box(0, 2), document.page_of(0)) == (False, None, None)


def test_it_comes_back_as_it_went() -> None:
    assert Document.from_bytes(PAGED.to_bytes()) == PAGED


@pytest.mark.parametrize("data", [b"", b"CSD1", b"CSD1xx", b"nope", PAGED.to_bytes()[:-9]])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="document"):
        Document.from_bytes(data)


def test_a_document_over_its_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        Document.from_bytes(PAGED.to_bytes(), limit=50)


def test_anchors_as_a_person_counts() -> None:
    cell = Cell(1, 2, 1, 1, 0, 0)
    assert Table(3, 4, (cell,), 0, 0, anchor="T2").cell_anchor(cell) == "T2/R2/C3"
    assert Table(3, 4, (cell,), 0, 0, anchor="清单", row_base=3, col_base=26, sheet=True).cell_anchor(cell) == "清单!AB4"
    assert column_letters(703) == "AAA"
