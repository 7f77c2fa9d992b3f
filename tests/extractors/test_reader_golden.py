"""Each reader against the documents that lie beside their expected reading."""

import itertools
import json
from pathlib import Path

import pytest

from extractors.readers import READERS, read
from schemas.document import Document
from tests.golden.readers import make


@pytest.mark.parametrize("path", make.documents(), ids=lambda p: p.name)
def test_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(path.suffix + ".json").read_text("utf-8"))
    assert json.loads(json.dumps(make.snapshot(path), ensure_ascii=False)) == expected


def test_every_reader_has_a_golden_document() -> None:
    endings = {path.suffix[1:] for path in make.documents()}
    assert all(endings & set(reader.kind.endings) for reader in READERS)


@pytest.mark.parametrize("path", [p for p in make.documents() if p.suffix != ".zip"], ids=lambda p: p.name)
def test_crosses_a_border_unchanged(path: Path) -> None:
    document = read(path.name, path.read_bytes())
    assert Document.from_bytes(document.to_bytes()) == document


@pytest.mark.parametrize("path", [p for p in make.documents() if p.suffix != ".zip"], ids=lambda p: p.name)
def test_spans_do_not_overlap(path: Path) -> None:
    document = read(path.name, path.read_bytes())
    spans = [(b.start, b.end) for b in document.blocks]
    spans += [(c.start, c.end) for t in document.tables if t.nested_in is None for c in t.cells]
    spans = sorted(s for s in spans if s[1] > s[0])
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    assert all(t.start <= c.start <= c.end <= t.end for t in document.tables for c in t.cells)


@pytest.mark.parametrize("name", ["form.pdf", "odd.pdf"])
def test_a_box_holds_its_character(name: str) -> None:
    import pypdfium2

    data = (make.HERE / name).read_bytes()
    document, pdf = read(name, data), pypdfium2.PdfDocument(data)
    pages = [page.get_textpage() for page in pdf]
    for i in range(0, len(document.text), 7):
        place = document.box(i, i + 1)
        if place is None or document.pages[place[0] - 1].rotation:
            continue
        x0, top, x1, bottom = place[1]
        height = document.pages[place[0] - 1].height
        assert document.text[i].strip() in pages[place[0] - 1].get_text_bounded(
            x0 - 1, height - bottom - 1, x1 + 1, height - top + 1
        )
