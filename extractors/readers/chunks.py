"""What Word calls an alternative chunk: a whole file of another kind that stands in the middle of a DOCX and is shown as part of it.

Read as plain lines: text, web pages, and another DOCX. A page's scripts are dropped; nothing it refers to is fetched.
"""

from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from extractors.readers.limits import Limits
from extractors.readers.ooxml import Element, local
from extractors.readers.text import decode
from schemas.document import Document

#: What ends a line of a web page, and what is no part of its words.
BLOCKS: Final = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "body", "section", "pre", "blockquote"}
)
SILENT: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "iframe"})
DEPTH: Final = 200


class Line(NamedTuple):
    text: str
    hidden: bool = False


Chunk: TypeAlias = tuple[Line, ...]


def chunk(name: str, data: bytes, limits: Limits) -> Chunk | None:
    """The lines of a file in a file; None where it is of no kind read here. May raise ``RefusedError``."""
    ending = name.lower().rpartition(".")[2]
    if data.startswith(b"PK\x03\x04"):
        return _document(data, limits)
    text, _ = decode(data)
    if text is None or data.startswith(b"{\\rtf") or ending in ("mht", "mhtml", "rtf"):
        return None
    if ending in ("htm", "html", "xhtml") or "<html" in text[:2000].lower():
        return _page(text)
    return tuple(Line(line.strip()) for line in text.splitlines() if line.strip())


def _document(data: bytes, limits: Limits) -> Chunk:
    """Another DOCX; what lies in it as a chunk again is not followed."""
    from extractors.readers import docx

    inner = docx.read(data, limits, chunks=False)
    lines, at = [], 0
    for line in inner.text.split("\n"):
        lines.append(Line(line, _hidden(inner, at, at + len(line))))
        at += len(line) + 1
    return tuple(line for line in lines if line.text.strip())


def _hidden(document: Document, start: int, end: int) -> bool:
    return any(m.kind == "hidden" and m.start < end and m.end > start for m in document.marks)


def _page(text: str) -> Chunk:
    root = etree.fromstring(text.encode("utf-8", "replace"), etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8"))
    lines: list[Line] = []
    said: list[str] = []
    if root is not None:
        _walk(root, lines, said, False, 0)
        _end(lines, said, False)
    return tuple(lines)


def _walk(element: Element, lines: list[Line], said: list[str], hidden: bool, depth: int) -> None:
    name = local(element).lower()
    if name in SILENT or depth > DEPTH:
        return
    look = (element.get("style") or "").replace(" ", "").lower() if name else ""
    unseen = (
        hidden
        or "display:none" in look
        or "visibility:hidden" in look
        or "font-size:0" in look
        or (name and element.get("hidden") is not None)
    )
    if name in BLOCKS or unseen != hidden:
        _end(lines, said, hidden)
    if name:
        said.append(element.text or "")
    for child in element:
        _walk(child, lines, said, bool(unseen), depth + 1)
        said.append(child.tail or "")
    if name in BLOCKS or unseen != hidden:
        _end(lines, said, bool(unseen))


def _end(lines: list[Line], said: list[str], hidden: bool) -> None:
    text = " ".join("".join(said).split())
    said.clear()
    if text:
        lines.append(Line(text, hidden))
