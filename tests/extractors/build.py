"""Documents written by hand: paragraphs and grids, as a DOCX reader would give them."""

from schemas.document import Block, Cell, Document, Table
from schemas.vocabulary import Format, Outcome

#: A cell that the one to its left covers.
LEFT = object()
#: A cell that the one above it covers.
UP = object()


def document(*parts: str | list[list[object]]) -> Document:
    """Strings are paragraphs, lists of rows are tables; ``LEFT`` in a row widens the cell before it, ``UP`` lengthens the one above."""
    text, blocks, tables = "", [], []
    for part in parts:
        if isinstance(part, str):
            blocks.append(Block("paragraph", len(text), len(text) + len(part), anchor=f"P{len(blocks) + 1}"))
            text += part + "\n"
            continue
        start, cells = len(text), []
        for r, row in enumerate(part):
            for c, words in enumerate(row):
                if words is UP:
                    above = next(i for i in reversed(range(len(cells))) if cells[i].col <= c < cells[i].col + cells[i].cols)
                    cells[above] = cells[above]._replace(rows=r - cells[above].row + 1)
                    continue
                if words is LEFT:
                    cells[-1] = cells[-1]._replace(cols=cells[-1].cols + 1)
                    continue
                cells.append(Cell(r, c, 1, 1, len(text), len(text) + len(str(words))))
                text += str(words) + "\t"
            text = text[:-1] + "\n"
        tables.append(Table(len(part), max(map(len, part)), tuple(cells), start, len(text), anchor=f"T{len(tables) + 1}"))
    return Document(Format.DOCX, Outcome.OK, "", text, blocks=tuple(blocks), tables=tuple(tables))
