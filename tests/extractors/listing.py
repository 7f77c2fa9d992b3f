"""Tables written by hand as readers give them: merged cells, pages, sheets, hidden rows, formulas without a value."""

from array import array
from dataclasses import replace
from datetime import date

from extractors import extract
from schemas.document import Block, Cell, Document, Mark, Page, Table
from schemas.facts import Reading
from schemas.vocabulary import Format, Outcome

#: A cell that the one to its left, or the one above it, covers; the next page; a cell without a calculated value.
LEFT, UP, PAGE, STALE = object(), object(), object(), object()

Row = list[object]


def paged(*parts: object) -> Document:
    """Strings are paragraphs, lists of rows are tables, ``PAGE`` begins a page."""
    made = _Made(paged=True)
    for part in parts:
        made.add(part)
    return made.document(Format.PDF)


def sheet(*rows: Row, name: str = "Sheet1", hidden_rows: tuple[int, ...] = (), hidden_cols: tuple[int, ...] = ()) -> Document:
    """One sheet of a workbook."""
    made = _Made(paged=False)
    made.table(list(rows), anchor=name, sheet=True, hidden_rows=hidden_rows, hidden_cols=hidden_cols)
    return made.document(Format.XLSX)


def read(document: Document, file: str = "附件.pdf") -> Reading:
    return extract(document, document_id="d1", file=file, as_of=date(2026, 4, 15))


class _Made:
    def __init__(self, *, paged: bool) -> None:
        self.paged, self.page, self.text = paged, 1, ""
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.marks: list[Mark] = []
        self.breaks = [0]

    def add(self, part: object) -> None:
        if part is PAGE:
            self.text += "\f"
            self.page += 1
            self.breaks.append(len(self.text))
        elif isinstance(part, str):
            place = {"page": self.page} if self.paged else {"anchor": f"P{len(self.blocks) + 1}"}
            self.blocks.append(Block("paragraph", len(self.text), len(self.text) + len(part), **place))
            self.text += part + "\n"
        elif isinstance(part, list):
            self.table(part)

    def table(self, rows: list[Row], **about: object) -> None:
        start, cells, at = len(self.text), [], {}
        for r, row in enumerate(rows):
            for c, words in enumerate(row):
                if words is LEFT or words is UP:
                    index = at[r, c] = at[r, c - 1] if words is LEFT else at[r - 1, c]
                    cell = cells[index]
                    cells[index] = cell._replace(rows=max(cell.rows, r - cell.row + 1), cols=max(cell.cols, c - cell.col + 1))
                    continue
                shown = "" if words is STALE else str(words)
                if words is STALE:
                    self.marks.append(Mark("stale", len(self.text), len(self.text), "=SUM(F2:F3)"))
                at[r, c] = len(cells)
                cells.append(Cell(r, c, 1, 1, len(self.text), len(self.text) + len(shown)))
                self.text += shown + "\t"
            self.text = self.text[:-1] + "\n"
        page = self.page if self.paged else 0
        made = Table(len(rows), max(map(len, rows)), tuple(cells), start, len(self.text), page=page)
        self.tables.append(replace(made, **about))

    def document(self, kind: Format) -> Document:
        ends = [*self.breaks[1:], len(self.text)]
        pages = tuple(Page(n, 595, 842, start, end) for n, (start, end) in enumerate(zip(self.breaks, ends, strict=True), 1))
        columns = {}
        if self.paged:
            starts = [0, *(i + 1 for i, c in enumerate(self.text[:-1]) if c in "\n\t\f")]
            columns = {
                "x0": array("f", [1.0] * len(self.text)), "x1": array("f", [2.0] * len(self.text)), "run_start": array("i", starts),
                "run_page": array("i", [sum(b <= s for b in self.breaks) for s in starts]),
                "run_top": array("f", [float(n) for n in range(len(starts))]), "run_bottom": array("f", [n + 1.0 for n in range(len(starts))]),
            }  # fmt: skip
        return Document(
            kind, Outcome.OK, "", self.text, pages=pages if self.paged else (), blocks=tuple(self.blocks), tables=tuple(self.tables),
            marks=tuple(self.marks), **columns,
        )  # fmt: skip
