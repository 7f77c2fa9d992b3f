"""The package below DOCX and XLSX: parts, relationships and their XML, read so that nothing in them can reach outside.

Any internal entity is UNSAFE (a bomb needs one); an external one is never fetched, and what stands around it is still read.
Strict and transitional namespaces differ only in their names, so elements are known by their local name.
"""

import posixpath
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from lxml import etree

from extractors.readers.container import Container
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, RefusedError, refuse, unsafe
from schemas.vocabulary import Outcome

Element: TypeAlias = Any  # lxml ships no types worth the name; elements never leave the readers.


class Relation(NamedTuple):
    id: str
    type: str
    target: str
    external: bool


def local(element: Element) -> str:
    """The name without its namespace; empty for comments, entities and instructions."""
    tag = element.tag
    if type(tag) is not str:
        return ""
    return tag[tag.rfind("}") + 1 :]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by local name: ``w:val`` is spelled in two namespaces, and by some programs in none."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def words(element: Element) -> str:
    """An element's own characters. Text after an unresolved entity is its tail, and ``.text`` alone would lose it."""
    if len(element) == 0:
        return element.text or ""
    return (element.text or "") + "".join(child.tail or "" for child in element)


class Parts:
    """One OOXML package. ``entities`` says that an external entity was met and left alone."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self.container = Container(data, limits)
        self.limits = limits
        self.entities = False
        self.members: dict[str, Any] = {}
        for member in self.container.members:
            name = member.filename.replace("\\", "/").lstrip("/")
            if name in self.members:
                refuse(Outcome.UNSAFE, unsafe("同名部件重复出现"))
            self.members[name] = member
        self._lower = {name.lower(): name for name in self.members}

    def find(self, name: str) -> str | None:
        return name if name in self.members else self._lower.get(name.lower())

    def content(self, name: str, cap: int | None = None) -> bytes:
        found = self.find(name)
        if found is None:
            refuse(Outcome.CORRUPT, CORRUPT)
        return self.container.read(self.members[found], self.limits.part_bytes if cap is None else cap)

    def xml(self, name: str, cap: int | None = None) -> Element:
        return self.parse(self.content(name, self.limits.document_part_bytes if cap is None else cap))

    def parse(self, data: bytes) -> Element:
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            if b"<!ENTITY" in data or "<!ENTITY".encode("utf-16-le") in data:
                refuse(Outcome.UNSAFE, unsafe("文件中定义了实体"))
            refuse(Outcome.CORRUPT, CORRUPT)
        dtd: Element = root.getroottree().docinfo.internalDTD
        if dtd is not None:
            if any(entity.content is not None for entity in dtd.iterentities()):
                refuse(Outcome.UNSAFE, unsafe("文件中定义了实体"))
            self.entities = True
        return root

    def relations(self, part: str) -> tuple[Relation, ...]:
        """A part's relationships with targets as part names; ``part`` empty for the package's own."""
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", name + ".rels")
        if self.find(source) is None:
            return ()
        rows = []
        for element in self.xml(source).iter():
            if local(element) != "Relationship":
                continue
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            rows.append(
                Relation(
                    element.get("Id") or "", element.get("Type") or "", target if external else _inside(folder, target), external
                )
            )
        return tuple(rows)

    def main(self) -> str:
        """The name of the part everything hangs on: word/document.xml, xl/workbook.xml, …"""
        for relation in self.relations(""):
            if relation.type.endswith("/officeDocument"):
                if self.find(relation.target) is None:
                    refuse(Outcome.CORRUPT, CORRUPT)
                return relation.target
        raise RefusedError(Outcome.CORRUPT, CORRUPT)


def _inside(folder: str, target: str) -> str:
    target = unquote(target.replace("\\", "/")).split("#")[0]
    path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
    if path.startswith("..") or ":" in path:
        refuse(Outcome.UNSAFE, unsafe("部件路径指向文件之外"))
    return path


_TOLD: Final = {
    "creator": "author", "lastModifiedBy": "last_modified_by", "created": "created", "modified": "modified", "title": "title",
    "Application": "producer", "AppVersion": "producer_version", "Company": "company", "revision": "revision", "Template": "template",
}  # fmt: skip


def about(parts: Parts) -> tuple[tuple[str, str], ...]:
    """Who made the file, with what and when, as far as it says."""
    told: list[tuple[str, str]] = []
    for name in ("docProps/core.xml", "docProps/app.xml"):
        if parts.find(name) is None:
            continue
        try:
            root = parts.xml(name)
        except RefusedError as error:
            if error.outcome is Outcome.UNSAFE:
                raise
            continue
        for element in root:
            if (value := (element.text or "").strip()) and (key := local(element)) in _TOLD:
                told.append((_TOLD[key], value[:500]))
    return tuple(told)
