"""Scanned pages and pictures on their way through recognition, which is by far the dearest step.

A page's reading is kept under ``CHUSHEN_HOME`` twice: by the digest of its file, so that a file met again need not even be drawn, and by the
digest of its pixels, so that the same picture in another file costs nothing but the drawing; both with the engine and its settings. Pages are drawn by one
locked child and read by another; this process sees neither the file nor the runtime.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from extractors.readers import scan
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ocr import Engine
from extractors.readers.refusal import refused
from flows import parsing, recognition
from flows.parsing import Parsers, Unseen
from schemas.document import Document
from schemas.vocabulary import Format

#: A page that a picture covers so far may show other words than its text layer holds: then both are read.
COVERED = 0.5
#: Beyond so many scanned pages of one file the rest is left to a person: a bound on what one file may cost.
MOST_PAGES = 300


class Read(NamedTuple):
    """``document`` with what was recognised; ``pages`` those recognised; ``missing`` why some could not be, in Chinese.

    ``layer`` is the document as its text layer tells it, where one lies on recognised pages; ``sound`` whether it was trusted before.
    """

    document: Document
    pages: tuple[int, ...] = ()
    missing: str = ""
    layer: Document | None = None
    sound: bool = False


def engine(threads: int) -> recognition.Reader:
    return recognition.shared(threads)


def complete(
    document: Document,
    path: str | Path,
    *,
    folder: Path | None,
    threads: int = 1,
    limits: Limits = DEFAULT,
    parsers: Parsers | None = None,
) -> Read:
    """The document at ``path`` with its scanned pages read. ``folder`` holds the readings kept; None keeps none."""
    needed = scan.needs(document)
    covered = (
        tuple(p.number for p in document.pages if p.readable and p.image_share >= COVERED)
        if document.format is Format.PDF
        else ()
    )
    wanted = sorted((*needed, *covered))[:MOST_PAGES]
    if not wanted:
        return Read(document)
    reader = engine(threads)
    if missing := reader.probe():
        return Read(document, (), missing)
    file = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    names = {page: _name(file, str(page), reader) for page in wanted}
    readings = {page: known for page in wanted if (known := _kept(folder, names[page])) is not None}
    unread: dict[int, str] = {}
    broken: Unseen | None = None
    left = [page for page in wanted if page not in readings]
    for page, pixels in (parsers or parsing.shared()).pages(str(path), document.format, left, limits):
        if isinstance(pixels, Unseen):
            broken, unread[page] = pixels, pixels.message
            continue
        try:
            readings[page] = recognised(pixels, reader, folder)
        except recognition.RecognitionError as error:
            unread[page] = f"识别此页时识别进程中止（{error}），请人工查看"
            continue
        _keep(folder, names[page], readings[page])
    if broken is not None and not readings and document.format is Format.IMAGE:
        return Read(refused(Format.IMAGE, broken.outcome, broken.message))
    layered = any(document.text[p.start : p.end].strip() for p in document.pages if p.number in readings)
    layer = replace(document, marks=tuple(m for m in document.marks if m.kind != "hidden")) if layered else None
    seen = scan.assemble(_bare(document, frozenset(readings)), readings)
    return Read(seen, tuple(sorted(readings)), next(iter(unread.values()), ""), layer, sound=not needed)


def _bare(document: Document, pages: frozenset[int]) -> Document:
    """Without the marks on the layers of pages whose picture is read instead."""
    spans = [(p.start, p.end) for p in document.pages if p.number in pages]
    return replace(document, marks=tuple(m for m in document.marks if not any(start <= m.start < end for start, end in spans)))


def recognised(pixels: scan.Pixels, reader: Engine, folder: Path | None) -> scan.PageReading:
    """A page's reading, from the folder if it is there whole, else made and kept. The same picture in another file is the same page.

    A reading just made is rounded as a kept one is, so that a report does not depend on what was kept.
    """
    name = _name(pixels.digest, "", reader)
    reading = _kept(folder, name)
    if reading is None:
        fresh = reader.page(pixels) if isinstance(reader, recognition.Reader) else scan.recognise(pixels, reader)
        reading = scan.PageReading.from_bytes(fresh.to_bytes())
        _keep(folder, name, reading)
    return reading


def _name(digest: str, page: str, reader: Engine) -> str:
    return hashlib.sha256(f"{digest} {page} {reader.id} {scan.SETTINGS}".encode()).hexdigest()


def _kept(folder: Path | None, name: str) -> scan.PageReading | None:
    if folder is None:
        return None
    try:
        return scan.PageReading.from_bytes((folder / name[:2] / name).read_bytes())
    except (OSError, ValueError):
        return None


def _keep(folder: Path | None, name: str, reading: scan.PageReading) -> None:
    """Best effort: a full disk or a read-only home costs the cache, never the reading."""
    if folder is None:
        return
    path = folder / name[:2] / name
    temporary = path.with_name(f".{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(reading.to_bytes())
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
