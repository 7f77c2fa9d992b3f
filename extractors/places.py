"""A span of a document's text → the evidence that leads a person there."""

from bisect import bisect_right
from functools import cached_property

from extractors.text import mask
from schemas.document import Box, Document
from schemas.evidence import Evidence


class Places:
    """The places of one document, known by the id it has in its package."""

    def __init__(self, document: Document, ident: str) -> None:
        self.document = document
        self.ident = ident

    @cached_property
    def _anchors(self) -> tuple[list[int], list[tuple[int, int, str]]]:
        spans = [(b.start, b.end, b.anchor) for b in self.document.blocks]
        spans += [(c.start, c.end, t.cell_anchor(c)) for t in self.document.tables for c in t.cells]
        spans.sort(key=lambda s: (s[0], -(s[1])))
        return [s[0] for s in spans], spans

    def evidence(self, start: int, end: int) -> Evidence:
        """The place of a span: page and box, or the anchor of the innermost cell or paragraph it begins in."""
        quote = mask(self._quoted(start, end))
        if self.document.paged:
            placed = self.document.box(start, end)
            page = placed[0] if placed else self.document.page_of(start)
            return Evidence(document=self.ident, page=page, bbox=rounded(placed[1]) if placed else None, quote=quote)
        starts, spans = self._anchors
        at = bisect_right(starts, start) - 1
        while at >= 0 and not spans[at][0] <= start <= spans[at][1]:
            at -= 1
        anchor = spans[at][2] if at >= 0 else ""
        if "!" in anchor:
            quote = mask(self.document.text[spans[at][0] : spans[at][1]])
        return Evidence(document=self.ident, anchor=anchor or None, quote=quote)

    @cached_property
    def _symbols(self) -> list[tuple[int, int, str]]:
        return sorted((mark.start, mark.end, mark.words) for mark in self.document.marks if mark.kind == "symbol")

    def drawn(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """The symbols within a span that a font draws, with the characters that the file holds for them, if any."""
        return [(a, b, raw) for a, b, raw in self._symbols if start <= a < b <= end]

    def _quoted(self, start: int, end: int) -> str:
        """The words of a span as they stand in the file; a tick that is no character there is left out unless nothing else is left."""
        pieces, at = [], start
        for a, b, raw in self.drawn(start, end):
            pieces += [self.document.text[at:a], raw]
            at = b
        kept = "".join((*pieces, self.document.text[at:end]))
        return kept.strip() if pieces and kept.strip() else self.document.text[start:end]


def rounded(box: Box) -> Box:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))
