"""OFD (GB/T 33190): a ZIP of XML whose pages tell each character and where it stands. A reader of our own.

What surprised us. Paths are meant from the file that names them, from the package's root with a leading slash, and by some writers from the
root without one. Pages take most of their form's lines and labels from templates. The place of a seal is not on the page but in the signature.

Signatures are listed, never verified: no page becomes more credible by one, and the reviewer is told so.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple
from urllib.parse import unquote

from extractors.readers.layout import RawPage, arrange, compose
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ofd_page import POINTS, Painter, Picture, Resources, child_of, numbers
from extractors.readers.ooxml import ENTITIES, Element, Parts, attribute, local, words
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, RefusedError, over, refuse, unsafe
from schemas.document import MOST_SIGNATURES, SHORT, Box, Document, Mark, ReaderWarning, Signature
from schemas.vocabulary import Format, Outcome, WarningCode

A4: Final = (0.0, 0.0, 210.0, 297.0)
#: The longest side of a page we believe, in millimetres.
LONGEST: Final = 20_000.0
#: Documents in one file; honest files have one.
MOST_BODIES: Final = 50
#: What all pages may draw together, in pages full to their own limit.
FULL_PAGES: Final = 20
_TOLD: Final = {
    "Subject": "subject", "Abstract": "comments", "Keywords": "keywords",
    "Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified", "Creator": "producer", "CreatorVersion": "producer_version",
}  # fmt: skip


class Seal(NamedTuple):
    """One electronic signature as the file describes it; nothing of it is verified. ``box`` in points, None for one without a picture."""

    provider: str
    name: str
    signed: str
    page: int
    box: Box | None

    def __str__(self) -> str:
        told = [
            self.name and f"印章“{self.name}”",
            self.provider and f"签章软件 {self.provider}",
            self.signed and f"标注时间 {self.signed}",
        ]
        return "，".join(part for part in told if part) or "未写明印章名称"


class _Package:
    """The files of one OFD and the paths between them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.parts = Parts(data, limits)
        self.strict()

    def locate(self, base: str, told: str) -> str | None:
        """The part that a path in the file ``base`` means."""
        told = unquote(told.strip().replace("\\", "/"))
        if not told:
            return None
        tries = [told] if told.startswith("/") else [posixpath.join(posixpath.dirname(base), told), told]
        for path in tries:
            path = posixpath.normpath(path.lstrip("/"))
            if path.startswith(".."):
                refuse(Outcome.UNSAFE, unsafe("部件路径指向文件之外"))
            if (found := self.parts.find(path)) is not None:
                return found
        return None

    def xml(self, name: str) -> Element:
        root = self.parts.xml(name)
        self.strict()
        return root

    def strict(self) -> None:
        """OFD has no use for entities of any kind."""
        if self.parts.entities:
            refuse(Outcome.UNSAFE, unsafe(ENTITIES))

    def optional(self, base: str, told: str | None) -> tuple[str, Element] | None:
        """A part the document can be read without: missing or damaged ones are left out, unsafe ones end the reading."""
        name = self.locate(base, told or "")
        if name is None:
            return None
        try:
            return name, self.xml(name)
        except RefusedError as refusal:
            if refusal.outcome is not Outcome.CORRUPT:
                raise
            return None


class _Body:
    """One document of the package (nearly always there is one): its pages, templates, resources and what hangs on them."""

    def __init__(self, package: _Package, path: str, limits: Limits) -> None:
        self.package, self.path, self.limits = package, path, limits
        self.root = package.xml(path)
        self.common = child_of(self.root, "CommonData")
        self.resources = Resources()
        self.templates: dict[str, str] = {}
        self._drawn: dict[str, Element | None] = {}
        self._loaded: set[tuple[str, str]] = set()
        self._left = limits.page_objects * FULL_PAGES
        for child in self.common if self.common is not None else ():
            if local(child) in ("PublicRes", "DocumentRes"):
                self._load(path, words(child))
            elif local(child) == "TemplatePage":
                self.templates[attribute(child, "ID") or ""] = attribute(child, "BaseLoc") or ""
        pages = child_of(self.root, "Pages")
        listed = [child for child in pages if local(child) == "Page"] if pages is not None else []
        self.pages = [(attribute(page, "ID") or "", attribute(page, "BaseLoc") or "") for page in listed]
        self.notes = dict(self._annotations())

    def _load(self, base: str, told: str) -> None:
        key = (posixpath.dirname(base), told)
        if key in self._loaded:
            return
        self._loaded.add(key)
        found = self.package.optional(base, told)
        if found is None:
            return
        name, root = found
        folder = posixpath.join(posixpath.dirname(name), (attribute(root, "BaseLoc") or "").strip("/"), "x")
        for element in root.iter():
            ident = attribute(element, "ID") or ""
            kind = local(element)
            if kind == "MultiMedia":
                file = child_of(element, "MediaFile")
                path = self.package.locate(folder, words(file)) if file is not None else None
                self.resources.pictures[ident] = Picture(path or "", self._clear(path))
            elif kind == "DrawParam":
                self.resources.params[ident] = element
            elif kind == "CompositeGraphicUnit":
                self.resources.units[ident] = element
            elif kind == "Font":
                self.resources.fonts[ident] = attribute(element, "FontName") or ""

    def _clear(self, path: str | None) -> bool:
        """Whether a picture has transparent places: of PNG the header tells, of other kinds that they cannot."""
        if path is None or not path.lower().endswith((".png", ".gif", ".webp", ".svg")):
            return path is None
        try:
            head = self.package.parts.content(path, self.limits.file_bytes)[:4096]
        except RefusedError:
            return True
        return not head.startswith(b"\x89PNG") or head[25:26] in (b"\4", b"\6") or b"tRNS" in head

    def _annotations(self) -> Iterator[tuple[str, list[Element]]]:
        """Page id → its annotations."""
        for child in self.root:
            if local(child) != "Annotations":
                continue
            listed = self.package.optional(self.path, words(child))
            for page in listed[1] if listed else ():
                file = child_of(page, "FileLoc")
                found = self.package.optional(listed[0], words(file)) if listed and file is not None else None
                if found is not None:
                    yield attribute(page, "PageID") or "", [e for e in found[1] if local(e) == "Annot"]

    def attachments(self) -> Iterator[str]:
        for child in self.root:
            if local(child) == "Attachments":
                listed = self.package.optional(self.path, words(child))
                for entry in listed[1] if listed else ():
                    if local(entry) == "Attachment":
                        yield (attribute(entry, "Name") or "未命名")[:100]

    def template(self, ident: str) -> Element | None:
        if ident not in self._drawn:
            found = self.package.optional(self.path, self.templates.get(ident))
            self._drawn[ident] = found[1] if found else None
        return self._drawn[ident]

    # -- a page

    def page(self, number: int, ident: str, told: str) -> tuple[RawPage, list[tuple[str, Box]], list[ReaderWarning]]:
        """The page, its pictures and what is to be said of it."""
        name = self.package.locate(self.path, told)
        try:
            if name is None:
                refuse(Outcome.CORRUPT, CORRUPT)
            root = self.package.xml(name)
        except RefusedError as refusal:
            if refusal.outcome is not Outcome.CORRUPT:
                raise
            return RawPage(number, 0.0, 0.0, 0, over="页面已损坏"), [], []
        for child in root:
            if local(child) == "PageRes":
                self._load(name, words(child))
        painter, raw = self._painter(number, root)
        behind: list[Element] = []
        before: list[Element] = []
        for child in root:
            if local(child) == "Template" and (drawn := self.template(attribute(child, "TemplateID") or "")) is not None:
                (before if attribute(child, "ZOrder") == "Foreground" else behind).append(drawn)
        for part in (*behind, root, *before):
            if (content := child_of(part, "Content")) is not None:
                painter.layers(content)
        warnings = self._noted(number, ident, painter)
        painter.finish()
        self._left -= painter.count
        if self._left < 0:
            refuse(
                Outcome.LIMIT,
                over("图形对象总数", f"{self.limits.page_objects * FULL_PAGES} 以上", self.limits.page_objects * FULL_PAGES),
            )
        known = self.resources.pictures
        placed = [(known[p.resource].path, p.box) for p in painter.pictures if p.resource in known and known[p.resource].path]
        return raw, placed, warnings

    def _painter(self, number: int, root: Element) -> tuple[Painter, RawPage]:
        x, y, wide, high = self.area(root)
        raw = RawPage(number, wide * POINTS, high * POINTS, 0)
        return Painter(raw, (x, y), self.resources, self.limits), raw

    def area(self, root: Element) -> tuple[float, float, float, float]:
        """The sheet in millimetres: the page's own, else the document's, else A4."""
        for holder in (child_of(root, "Area"), None if self.common is None else child_of(self.common, "PageArea")):
            box = child_of(holder, "PhysicalBox") if holder is not None else None
            if box is not None:
                x, y, wide, high = numbers(words(box), 4)
                if 0 < wide <= LONGEST and 0 < high <= LONGEST:
                    return x, y, wide, high
        return A4

    def _noted(self, number: int, ident: str, painter: Painter) -> list[ReaderWarning]:
        """Draw a page's annotations. Watermarks run across the words of the page, so theirs are named and not mixed in."""
        said: list[ReaderWarning] = []
        for note in self.notes.get(ident, ()):
            appearance = child_of(note, "Appearance")
            if appearance is None or attribute(note, "Visible") == "false":
                continue
            if attribute(note, "Type") == "Watermark":
                texts = "".join(words(e) for e in appearance.iter() if local(e) == "TextCode").strip()
                if texts:
                    said.append(
                        ReaderWarning(WarningCode.OTHER, f"第{number}页有水印文字“{texts[:60]}”，未作为正文读取。", number)
                    )
            else:
                painter.note(appearance)
        return said


@dataclass(slots=True)
class Opened:
    """A file taken apart, its pages not yet put in order. ``pictures`` are, for each page, the parts that hold them and their places."""

    package: _Package
    raws: list[RawPage] = field(default_factory=list)
    pictures: list[list[tuple[str, Box]]] = field(default_factory=list)
    warnings: list[ReaderWarning] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)

    def picture(self, path: str) -> bytes:
        """The bytes of an embedded picture. Raises ``RefusedError``."""
        return self.package.parts.content(path, self.package.parts.limits.file_bytes)


def opened(data: bytes, limits: Limits = DEFAULT) -> Opened:
    """Raises ``RefusedError`` where there is nothing to read."""
    package = _Package(data, limits)
    if package.parts.find("Encryptions.xml") is not None:
        refuse(Outcome.ENCRYPTED, ENCRYPTED)
    found = Opened(package)
    bodies = [child for child in package.xml("OFD.xml") if local(child) == "DocBody"]
    if len(bodies) > MOST_BODIES:
        refuse(Outcome.LIMIT, over("文件内的文档数", len(bodies), MOST_BODIES))
    for holder in bodies:
        _body(found, holder, limits)
    if not found.raws:
        refuse(Outcome.EMPTY if bodies else Outcome.CORRUPT, EMPTY if bodies else CORRUPT)
    return found


def _body(found: Opened, holder: Element, limits: Limits) -> None:
    found.about.extend(_about(holder))
    body = _open(found.package, holder, limits, found.warnings)
    first = len(found.raws)
    if first + len(body.pages) > limits.pdf_pages:
        refuse(Outcome.LIMIT, over("页数", first + len(body.pages), limits.pdf_pages))
    for ident, told in body.pages:
        raw, placed, said = body.page(len(found.raws) + 1, ident, told)
        found.raws.append(raw)
        found.pictures.append(placed)
        found.warnings.extend(said)
    found.seals.extend(_signed(found.package, holder, {ident: first + i + 1 for i, (ident, _) in enumerate(body.pages)}))
    attached = list(body.attachments())
    found.about.extend(("attachment", name) for name in attached)
    if attached:
        names = "、".join(attached[:5])
        listed = f"文件中附有其他文件（{names}），未读取，请将其单独提交。"
        found.warnings.append(ReaderWarning(WarningCode.EMBEDDED_FILE, listed))


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    found = opened(data, limits)
    for raw in found.raws:
        arrange(raw)
    seals = found.seals
    told = [ReaderWarning(WarningCode.OTHER, f"电子签章未验证（{seal}），请用验章软件核对。", seal.page) for seal in seals]
    about = (*found.about, *(("signature", f"未验证：{seal}") for seal in seals))
    return _with_seals(compose(Format.OFD, found.raws, about, (*found.warnings, *told)), seals)


def _open(package: _Package, holder: Element, limits: Limits, warnings: list[ReaderWarning]) -> _Body:
    """The document of one DocBody; of several kept versions the one marked as current."""
    told = child_of(holder, "DocRoot")
    path = package.locate("OFD.xml", words(told)) if told is not None else None
    versions = child_of(holder, "Versions")
    for version in versions if versions is not None else ():
        if attribute(version, "Current") == "true":
            found = package.optional("OFD.xml", attribute(version, "BaseLoc"))
            own = child_of(found[1], "DocRoot") if found else None
            path = (package.locate(found[0], words(own)) if found and own is not None else None) or path
            warnings.append(ReaderWarning(WarningCode.OTHER, "文件保存了多个版本，只读取了标为当前的版本。"))
    if path is None:
        refuse(Outcome.CORRUPT, CORRUPT)
    return _Body(package, path, limits)


def _about(holder: Element) -> Iterator[tuple[str, str]]:
    info = child_of(holder, "DocInfo")
    for child in info if info is not None else ():
        if (key := _TOLD.get(local(child))) and (value := words(child).strip()):
            yield key, value[:500]


# -- signatures


def _signed(package: _Package, holder: Element, pages: dict[str, int]) -> Iterator[Seal]:
    """Each seal a signature places, or the signature itself where it places none."""
    listed = child_of(holder, "Signatures")
    found = package.optional("OFD.xml", words(listed)) if listed is not None else None
    for entry in found[1] if found else ():
        if local(entry) != "Signature" or found is None:
            continue
        signature = package.optional(found[0], attribute(entry, "BaseLoc"))
        if signature is None:
            yield Seal("", "", "", 0, None)
            continue
        info = child_of(signature[1], "SignedInfo")
        provider = child_of(info, "Provider") if info is not None else None
        signed = child_of(info, "SignatureDateTime") if info is not None else None
        told = (attribute(provider, "ProviderName") or "")[:100] if provider is not None else ""
        name = _seal_name(package, signature)
        stamps = [child for child in info if local(child) == "StampAnnot"] if info is not None else []
        moment = words(signed).strip()[:40] if signed is not None else ""
        for stamp in stamps:
            x, y, wide, high = (v * POINTS for v in numbers(attribute(stamp, "Boundary"), 4))
            yield Seal(told, name, moment, pages.get(attribute(stamp, "PageRef") or "", 0), (x, y, x + wide, y + high))
        if not stamps:
            yield Seal(told, name, moment, 0, None)


def _seal_name(package: _Package, signature: tuple[str, Element]) -> str:
    """What the seal calls itself, from the signed value (GM/T 0031, GB/T 38540): toSign, eseal, esealInfo, property, name."""
    told = child_of(signature[1], "SignedValue")
    path = package.locate(signature[0], words(told)) if told is not None else None
    if path is None:
        return ""
    try:
        data = package.parts.content(path, 4 << 20)
        for index in (0, 0, 1, 0, 2, 1):
            data = _members(data)[index][1]
        return data.decode("utf-8")[:100]
    except (RefusedError, IndexError, UnicodeDecodeError):
        return ""


def _members(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element of a DER sequence, of which ``data`` is the content or, at the top, the whole."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 2 <= len(data) and len(found) < 64:
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            wide = size & 0x7F
            size, at = int.from_bytes(data[at : at + wide], "big"), at + wide
            if wide > 4:
                break
        found.append((tag, data[at : at + size]))
        at += size
    return found


UNCHECKED: Final = "电子签章未验证，请用验章软件核对"


def _with_seals(document: Document, seals: list[Seal]) -> Document:
    """A mark without words of the text, where its page begins."""
    marks = [
        Mark("signature", start, start, f"电子签章（未验证）：{seal}")
        for seal in seals
        for start in [document.pages[seal.page - 1].start if 0 < seal.page <= len(document.pages) else 0]
    ]
    told = tuple(Signature(str(seal)[:SHORT], "unverified", UNCHECKED) for seal in seals[:MOST_SIGNATURES])
    return replace(document, marks=(*document.marks, *marks), signatures=told) if marks else document
