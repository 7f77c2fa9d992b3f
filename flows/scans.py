"""Scanned pages and pictures on their way through recognition, which is by far the dearest step.

A page's reading is kept under ``CHUSHEN_HOME`` twice: by the digest of its file, so that a file met again need not even be drawn, and by the
digest of its pixels, so that the same picture in another file costs nothing but the drawing; both with the engine and its settings. The engine is loaded once a process and only when a page needs it.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from extractors.readers import scan
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ocr import Engine, Paddle
from extractors.readers.refusal import RefusedError, refused
from schemas.document import Document
from schemas.vocabulary import Format

#: A page that a picture covers so far may show other words than its text layer holds: then both are read.
COVERED = 0.5
#: Beyond so many scanned pages of one file the rest is left to a person: a bound on what one file may cost.
MOST_PAGES = 300


class Read(NamedTuple):
    """``document`` with what was recognised; ``pages`` those recognised; ``missing`` why none could be, in Chinese.

    ``layer`` is the document as its text layer tells it, where one lies on recognised pages; ``sound`` whether it was trusted before.
    """

    document: Document
    pages: tuple[int, ...] = ()
    missing: str = ""
    layer: Document | None = None
    sound: bool = False


@cache
def engine(threads: int) -> Paddle:
    return Paddle(threads=threads)


def complete(document: Document, data: bytes, *, folder: Path | None, threads: int = 1, limits: Limits = DEFAULT) -> Read:
    """The document with its scanned pages read. ``folder`` holds the readings kept; None keeps none."""
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
    readings = {}
    broken: RefusedError | None = None
    file = hashlib.sha256(data).hexdigest()
    for page in wanted:
        name = _name(file, str(page), reader)
        known = _kept(folder, name)
        if known is None:
            try:
                pixels = scan.render(data, page, file_format=document.format, limits=limits)
            except RefusedError as error:
                broken = error
                continue
            known = recognised(pixels, reader, folder)
            _keep(folder, name, known)
        readings[page] = known
    if broken is not None and not readings and document.format is Format.IMAGE:
        return Read(refused(Format.IMAGE, broken.outcome, broken.message))
    layered = any(document.text[p.start : p.end].strip() for p in document.pages if p.number in readings)
    layer = replace(document, marks=tuple(m for m in document.marks if m.kind != "hidden")) if layered else None
    seen = scan.assemble(_bare(document, frozenset(readings)), readings)
    return Read(seen, tuple(readings), "", layer, sound=not needed)


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
        reading = scan.PageReading.from_bytes(scan.recognise(pixels, reader).to_bytes())
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
