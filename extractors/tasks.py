"""What runs in a locked child: every parse of a stranger's bytes. A task answers on the wire it is given and touches nothing else.

Imported by the zygote, so whatever the readers need is loaded here, once, before the first file: a child may no longer open most of what it
would have to import, and what is done on first use (patterns, tables of glyphs) would be done again for each file. The parent's side is ``flows.parsing``.
"""

import encodings.gb18030
import encodings.idna
import encodings.utf_16
import encodings.utf_32
import json
import struct
from collections.abc import Mapping
from typing import Any, Final

import pypdfium2
from PIL import Image

from extractors import warming
from extractors.pictures import Pictures
from extractors.readers import (
    archive,
    doc,
    docx,
    images,
    legacy,
    ofd,
    ofd_picture,
    pdf,
    pdf_second,
    pdfium,
    read,
    scan,
    scan_strip,
    sevenzip,
    text,
    xls,
    xlsx,
)
from extractors.readers.limits import Limits
from extractors.readers.refusal import RefusedError
from extractors.readers.sniffing import Kind
from sandbox.wire import Wire
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.picture import PageCrop
from schemas.vocabulary import Format, Outcome

__all__ = ["LOADED", "file", "unpack"]

#: Named so that nothing takes their import for idle.
LOADED: Final = (
    encodings.gb18030, encodings.idna, encodings.utf_16, encodings.utf_32, doc, docx, images, ofd, ofd_picture, pdf, pdfium, sevenzip, text, xls, xlsx, pypdfium2,
)  # fmt: skip
#: Width, height.
SIZE: Final = struct.Struct("<II")

Image.init()
warming.warm()


def file(wire: Wire, args: Mapping[str, Any], data: bytes) -> None:
    """Answers about one file until there is nothing more to do. A request is a JSON line, then bytes: see the methods of ``_File``."""
    own = _File(wire, data, args["font"])
    while (asked := wire.receive()) is not None:
        line, _, more = asked.partition(b"\n")
        told = json.loads(line)
        getattr(own, ASKED[told["do"]])(told, more)


#: What may be asked for, by name.
ASKED: Final[Mapping[str, str]] = {name: name for name in ("document", "pages", "strip", "figures", "know", "picture")}


class _File:
    """One file's bytes and what is known of them."""

    def __init__(self, wire: Wire, data: bytes, font: str) -> None:
        self._wire, self._data, self._font = wire, data, font
        self._known: Document | None = None
        self._pictures: Pictures | None = None

    def document(self, told: Mapping[str, Any], more: bytes) -> None:
        """The file's ``Document``; or ``{"convert": kind}`` where another program has to convert it first, whose work is then ``more``."""
        name, limits, converted = told["name"], Limits(**told["limits"]), None
        if "converted" in told:
            by = told["converted"]
            outcome = Outcome(by["outcome"]) if by["outcome"] else None
            converted = legacy.Converted(Kind[by["kind"]], more, by["by"], outcome, by["message"])
        elif (kind := legacy.wanted(name, self._data)) is not None and kind.name in told["converters"]:
            self._wire.send_json({"convert": kind.name})
            return
        self._known = read(name, self._data, limits, converted=converted)
        self._wire.send(self._known.to_bytes(deflate=False))

    def pages(self, told: Mapping[str, Any], more: bytes) -> None:
        """The pictures of the pages asked for, one frame each: its size and its pixels, or why there is none."""
        kind, limits = Format(told["format"]), Limits(**told["limits"])
        for page in told["pages"]:
            try:
                pixels = scan.render(self._data, page, file_format=kind, dpi=told["dpi"], limits=limits)
            except RefusedError as refusal:
                self._wire.send(_unseen(refusal.outcome, refusal.message))
            except MemoryError:
                self._wire.send(_unseen(Outcome.LIMIT, "画出此页所需内存超出上限"))
            else:
                self._wire.send(SIZE.pack(pixels.width, pixels.height), pixels.data)

    def strip(self, told: Mapping[str, Any], more: bytes) -> None:
        """A part of a page as pixels, or a frame 0 wide."""
        try:
            pixels = scan_strip.strip(
                self._data, told["page"], tuple(told["box"]), file_format=Format(told["format"]), dpi=told["dpi"]
            )
        except (RefusedError, MemoryError):
            self._wire.send(SIZE.pack(0, 0))
        else:
            self._wire.send(SIZE.pack(pixels.width, pixels.height), pixels.data)

    def figures(self, told: Mapping[str, Any], more: bytes) -> None:
        """The digits the second engine reads on a page, or null."""
        self._wire.send_json(pdf_second.figures_of(self._data, told["page"]))

    def know(self, told: Mapping[str, Any], more: bytes) -> None:
        """What the parent made of the file since; nothing is answered."""
        self._known, self._pictures = Document.from_bytes(more), None

    def picture(self, told: Mapping[str, Any], more: bytes) -> None:
        """An evidence's picture, head and bytes, or an empty frame."""
        evidence = Evidence.model_validate(told["evidence"])
        if self._pictures is None:
            self._pictures = Pictures({evidence.document: (Format(told["format"]), self._data, self._known)}, font=self._font)
        picture = self._pictures(evidence)
        if not isinstance(picture, PageCrop):
            self._wire.send(b"")
            return
        head = picture.model_dump(exclude={"data"}, mode="json")
        self._wire.send(json.dumps(head).encode() + b"\n", picture.data)


def _unseen(outcome: Outcome, message: str) -> bytes:
    """No picture is 0 wide."""
    return SIZE.pack(0, 0) + json.dumps([outcome, message]).encode()


def unpack(wire: Wire, args: Mapping[str, Any], data: bytes) -> None:
    """``{"archive": false}`` for what is none; else a head and the bytes of each member."""
    name, library = args["name"], args["library"]
    if not archive.is_archive(data, name, library=library):
        wire.send_json({"archive": False})
        return
    members = archive.unpack(name, data, limits=Limits(**args["limits"]), library=library)
    wire.send_json({"archive": True, "members": len(members)})
    for member in members:
        head = {
            "path": member.path, "refused": member.refused, "message": member.message, "litter": member.litter, "odd_name": member.odd_name,
        }  # fmt: skip
        wire.send_json(head)
        wire.send(member.data)
