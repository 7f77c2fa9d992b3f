"""A second engine, pdfminer.six, asked where PDFium's answer alone is not enough: how many pages there are, which figures a page holds.

It is slower and can be made to run for long, so it is never asked for a whole ordinary file. Whatever it raises on a damaged file means that it has no answer.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from extractors.readers.layout import Line, RawPage
from extractors.readers.limits import Limits

_FIGURE: Final = re.compile(r"\d[\d,.，]*")


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import logging

    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    yield PDFDocument(PDFParser(io.BytesIO(data)))


def pages(data: bytes, *, most: int) -> int | None:
    """How many pages it finds, counting no further than ``most``; None where it finds no way in. No content is looked at."""
    from pdfminer.pdfpage import PDFPage

    try:
        with _opened(data) as document:
            return sum(1 for _ in islice(PDFPage.create_pages(document), most))
    except Exception:
        return None


def figures_of(data: bytes, page: int) -> tuple[str, ...] | None:
    """The figures on a 1-based page in its order, in digits alone (``1,234.50`` → ``1234.50``); None where the engine cannot read the page.

    Meant for the pages whose figures decide something: a value read from them that is missing here is read differently by the two engines. Costs some 50 ms for a full page.
    A caller that cannot wait has to run it where it can be killed.
    """
    from pdfminer.high_level import extract_text

    try:
        text = extract_text(io.BytesIO(data), page_numbers=[page - 1])
    except Exception:
        return None
    plain = unicodedata.normalize("NFKC", text)
    return tuple(found[0].replace(",", "").replace("，", "").rstrip(".") for found in _FIGURE.finditer(plain))


def read(data: bytes, limits: Limits) -> list[RawPage]:
    """Pages with their characters alone, all marked as doubtful, for a file that PDFium cannot open."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextLine
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    def lines(thing: Any) -> Iterator[Any]:
        for part in thing:
            if isinstance(part, LTTextLine):
                yield part
            elif isinstance(part, LTContainer):
                yield from lines(part)

    found: list[RawPage] = []
    try:
        with _opened(data) as document:
            store = PDFResourceManager()
            device = PDFPageAggregator(store, laparams=LAParams())
            interpreter = PDFPageInterpreter(store, device)
            for page in islice(PDFPage.create_pages(document), limits.pdf_pages):
                interpreter.process_page(page)
                shown = device.get_result()
                raw = RawPage(len(found) + 1, shown.width, shown.height, 0)
                for line in lines(shown):
                    chars = [c for c in line if isinstance(c, LTChar) and c.get_text().strip()]
                    if chars:
                        raw.pieces.append(_line(chars, shown.height, len(raw.pieces)))
                found.append(raw)
    except Exception:
        return found
    return found


def _line(chars: list[Any], height: float, order: int) -> Line:
    text, x0, x1 = "", [], []
    for char in chars:
        for letter in char.get_text():
            text += letter
            x0.append(char.x0)
            x1.append(char.x1)
    top, bottom = height - max(c.y1 for c in chars), height - min(c.y0 for c in chars)
    return Line(min(x0), max(x1), top, bottom, text, x0, x1, notes=(("unpictured", 0, len(text)),), order=order)
