"""No value without its words: slicing the file at the place a value names, masked alike, gives the quote back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from extractors.text import mask
from fixtures.sets import specs_of
from flows.screening import Screened
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.package import SourceFile
from schemas.report import ScreeningReport


def places(report: ScreeningReport) -> Iterator[tuple[str, Evidence]]:
    rosters = report.rosters
    rows = (*rosters.team, *rosters.advisors, *rosters.equipment, *rosters.projects)
    yield from ((fact.key, place) for fact in report.facts for place in fact.evidence)
    yield from ((f"row {row.name}", place) for row in rows for place in row.evidence)
    yield from ((finding.code, place) for finding in report.findings for place in finding.evidence)


def words_at(file: SourceFile, document: Document, place: Evidence, *, scanned: bool) -> str:
    """From the page itself where it has words, so that a box that is off by a line does not pass; else from what was recognised there."""
    if scanned:
        return recognised_at(document, place)
    if document.paged:
        assert place.page is not None
        assert place.bbox is not None
        left, top, right, bottom = place.bbox
        with pypdfium2.PdfDocument(Path(file.stored).read_bytes()) as pdf:
            page = pdf[place.page - 1]
            height = page.get_height()
            return str(page.get_textpage().get_text_bounded(left - 1, height - bottom - 1, right + 1, height - top + 1))
    cells = {table.cell_anchor(cell): cell for table in document.tables for cell in table.cells}
    blocks = {block.anchor: block for block in document.blocks}
    span = cells.get(place.anchor or "") or blocks[place.anchor or ""]
    words = list(document.text[span.start : span.end])
    for mark in document.marks:
        if mark.kind == "symbol" and span.start <= mark.start < mark.end <= span.end:
            words[mark.start - span.start : mark.end - span.start] = [mark.words, *[""] * (mark.end - mark.start - 1)]
    return "".join(words)


def recognised_at(document: Document, place: Evidence) -> str:
    assert place.bbox is not None
    left, top, right, bottom = place.bbox
    ends = [*document.run_start[1:], len(document.text)]
    lines = zip(document.run_start, ends, document.run_page, document.run_top, document.run_bottom, strict=True)
    inside = [
        i
        for start, end, page, high, low in lines
        if page == place.page and top - 1 <= (high + low) / 2 <= bottom + 1
        for i in range(start, end)
        if left - 1 <= (document.x0[i] + document.x1[i]) / 2 <= right + 1
    ]
    return "".join(document.text[i] for i in inside)


def bare(text: str) -> str:
    return mask(re.sub(r"\s", "", text))


def lost(screened: Screened) -> list[tuple[str, Evidence]]:
    scans = {(entry.id, page) for entry in screened.report.documents for page in entry.ocr_pages}
    return [
        (what, place)
        for what, place in places(screened.report)
        if bare(place.quote)
        not in bare(words_at(*screened.documents[place.document], place, scanned=(place.document, place.page) in scans))
    ]


@pytest.mark.parametrize("spec", specs_of("all"), ids=lambda spec: f"{spec.track}/{spec.folder}")
def test_every_fact_row_and_finding_stands_where_it_says(spec, screened):
    done = screened(spec)
    assert lost(done) == []
    assert len(list(places(done.report))) > 40


def test_a_quote_that_stands_elsewhere_is_noticed(screened):
    done = screened(specs_of("demo")[1])
    first = done.report.facts[0]
    moved = first.evidence[0].model_copy(update={"quote": "此处没有这句话"})
    changed = done.report.model_copy(update={"facts": (first.model_copy(update={"evidence": (moved,)}),)})
    assert lost(Screened(changed, done.documents))[0] == (first.key, moved)


def test_every_fact_and_every_row_has_a_place(screened):
    for spec in specs_of("demo"):
        report = screened(spec).report
        rows = [row for roster in report.rosters.model_dump().values() for row in roster]
        assert [fact.key for fact in report.facts if not fact.evidence] == []
        assert [row["name"] for row in rows if not row["evidence"]] == []
