"""XLSX oddities, each as the few lines of XML that make it."""

import io
import zipfile
from decimal import Decimal

import pytest

from extractors.readers import read
from extractors.readers.xlsx import EPOCH_1900, _date, plain
from schemas.document import Document
from schemas.vocabulary import Outcome

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sheet(rows: str, *, tail: str = "", head: str = "", state: str = "", space: str = S) -> Document:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{OFFICE}"><sheets><sheet name="设备清单" sheetId="1" {state} r:id="r2"/></sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="r2" Type="{OFFICE}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        )
        file.writestr(
            "xl/worksheets/s.xml",
            f'<worksheet xmlns="{space}"><dimension ref="A1:A1"/>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>',
        )
    return read("a.xlsx", out.getvalue())


def texts(document: Document) -> list[tuple[str, str]]:
    return [(t.cell_anchor(c), document.text[c.start : c.end]) for t in document.tables for c in t.cells]


def test_values_beyond_a_wrong_dimension() -> None:
    document = sheet('<row r="3"><c r="B3" t="inlineStr"><is><t>原值</t></is></c><c r="C3"><v>8919300</v></c></row>')
    assert texts(document) == [("设备清单!B3", "原值"), ("设备清单!C3", "8919300")]


def test_rows_and_cells_without_references() -> None:
    assert texts(sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"))[:3] == [
        ("设备清单!A1", "1"),
        ("设备清单!B1", "2"),
        ("设备清单!A2", "3"),
    ]


def test_strict_namespace_reads_alike() -> None:
    assert texts(sheet("<row><c><v>1</v></c></row>", space="http://purl.oclc.org/ooxml/spreadsheetml/main")) == [
        ("设备清单!A1", "1")
    ]


def test_a_merged_range_stands_once() -> None:
    document = sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row>',
        tail='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
    )
    assert [(c.row, c.col, c.rows, c.cols) for c in document.tables[0].cells] == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_formula_nobody_calculated_has_no_value() -> None:
    document = sheet('<row><c r="A1"><v>1</v></c><c r="B1"><f>SUM(A1)</f></c></row>')
    assert texts(document)[1] == ("设备清单!B1", "")
    assert [(m.kind, m.words) for m in document.marks] == [("formula", "SUM(A1)"), ("stale", "")]
    assert [w.code for w in document.warnings] == ["STALE_VALUE"]


@pytest.mark.parametrize(("kept", "marks"), [("3", ["formula"]), ("5", ["formula", "stale"])])
def test_a_total_is_held_against_its_cells(kept: str, marks: list[str]) -> None:
    document = sheet(f'<row><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><f>SUM(A1:B1)</f><v>{kept}</v></c></row>')
    assert [m.kind for m in document.marks] == marks


def test_one_bad_number_does_not_lose_the_sheet() -> None:
    document = sheet('<row><c r="A1"><v>NaN</v></c><c r="B1" t="e"><v>#DIV/0!</v></c><c r="C1"><v>5</v></c></row>')
    assert [text for _, text in texts(document)] == ["NaN", "#DIV/0!", "5"]
    assert document.outcome is Outcome.OK_WARN


def test_hidden_rows_and_columns_are_told() -> None:
    document = sheet(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row>',
        head='<cols><col min="2" max="2" hidden="1"/></cols>',
    )
    assert (document.tables[0].hidden_rows, document.tables[0].hidden_cols) == ((1,), (1,))


def test_a_hidden_sheet_is_marked_whole() -> None:
    document = sheet('<row><c r="A1"><v>7</v></c></row>', state='state="veryHidden"')
    assert [(m.kind, document.text[m.start : m.end]) for m in document.marks] == [("hidden", "7\n")]


def test_a_stray_cell_far_away_is_a_table_of_its_own() -> None:
    document = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    assert [(t.n_rows, t.n_cols) for t in document.tables] == [(1, 1), (1, 1)]
    assert texts(document)[1][0] == "设备清单!XFD1048576"


@pytest.mark.parametrize("reference", ["A0", "A-1", "ZZZZ9", "A9999999"])
def test_a_reference_that_cannot_be_is_corrupt(reference: str) -> None:
    assert sheet(f'<row><c r="{reference}"><v>1</v></c></row>').outcome is Outcome.CORRUPT


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("7.7700000000000005", "7.77"),
        ("8919300", "8919300"),
        ("0.583", "0.583"),
        ("1E3", "1000"),
        ("91530191197710125", "91530191197710125"),
    ],
)
def test_numbers_read_as_entered(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("45424", "yyyy-mm-dd", "2024-05-12"),
        ("45424", 'yyyy"年"m"月"', "2024-05"),
        ("45424.5", "yyyy/m/d h:mm", "2024-05-12 12:00"),
        ("0.5", "h:mm", "12:00"),
        ("45424", "#,##0.00", ""),
        ("45424", '0"台"', ""),
        ("45424", "[Red]0.00", ""),
    ],
)
def test_dates_by_their_format(number: str, code: str, shown: str) -> None:
    assert _date(Decimal(number), code, EPOCH_1900) == shown


def products(*last: str) -> str:
    """Rows of 2 × 5 with their product as a formula, but for the third, which holds ``last``."""
    rows = []
    for number in range(1, 7):
        cell = f'<c r="C{number}"><f>A{number}*B{number}</f><v>10</v></c>' if number != 3 else "".join(last)
        rows.append(f'<row r="{number}"><c r="A{number}"><v>2</v></c><c r="B{number}"><v>5</v></c>{cell}</row>')
    return "".join(rows)


def test_a_figure_typed_over_its_columns_formula_is_told_with_what_is_due() -> None:
    document = sheet(products('<c r="C3"><v>100</v></c>'))
    assert [(document.text[m.start : m.end], m.words) for m in document.marks if m.kind == "constant"] == [("100", "10")]


@pytest.mark.parametrize("cell", ['<c r="C3"><v>10</v></c>', '<c r="C3" t="inlineStr"><is><t>小计</t></is></c>', ""])
def test_the_figure_due_a_word_or_nothing_is_no_such_thing(cell) -> None:
    assert [m for m in sheet(products(cell)).marks if m.kind == "constant"] == []
