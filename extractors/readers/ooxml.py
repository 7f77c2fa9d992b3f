"""The package below DOCX and XLSX: parts, relationships and their XML, read so that nothing in them can reach outside.

A document type is UNSAFE in every part and encoding: neither format allows one, and bombs and theft need one. One case is read with a warning:
entities that name nothing but pages on the public web, which are never fetched (docs/adr/0006).
Strict and transitional namespaces differ only in their names, so elements are known by their local name.
"""

import codecs
import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from lxml import etree

from extractors.readers.container import Container
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.names import escapes
from extractors.readers.refusal import CORRUPT, RefusedError, refuse, unsafe
from schemas.vocabulary import Outcome, WarningCode

Element: TypeAlias = Any  # lxml ships no types worth the name; elements never leave the readers.


ENTITIES: Final = "文件中定义了实体或文档类型"
OUTWARD: Final = "部件路径指向文件之外"
LINKED: Final = "文件引用了文件以外的内容，系统不会打开，请将所引内容直接放入文件。"
EMBEDDED: Final = "文件中嵌有其他文件，未读取，请将其作为单独文件提交。"
MACRO: Final = "文件含宏，系统不会运行，请另存为不含宏的文件。"
ACTIVE: Final = "文件含可执行的控件（ActiveX），系统不会运行，请删除后重新上传。"
ENTITY: Final = "文件引用了外部实体，系统不会打开，该处文字可能缺失。"
#: Links a person may follow, and addresses that somebody forgot to call external.
_LINK: Final = re.compile(r"https?:|mailto:|tel:|#|$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?|mailto|ftp|tel|javascript):", re.IGNORECASE)
#: A document type stands before the root element, so this much of a part that nobody reads is looked at.
PROLOGUE: Final = 4096
_XML: Final = re.compile(r"\.(?:xml|rels|vml|ofd)$", re.IGNORECASE)
_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]{0,80}\?>""")
_LATIN: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_CHINESE: Final = frozenset({"gbk", "gb2312", "gb18030", "cp936", "x-gbk"})
#: How UTF-7 and EBCDIC write the first character of a part.
_FOREIGN: Final = re.compile(rb"\s*\+A[A-Za-z0-9/+]{2}|\x4c[\x6f\x5a]")
_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
#: The one declaration let through: a page on the public web, by its name and not by a number.
_ON_THE_WEB: Final = re.compile(
    rb"""<!ENTITY\s+[\w.-]{1,60}\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<]{0,200}"|'[^'<]{0,200}'))\s+["']https?://[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60})*\.[a-z]{2,20}[/"'][^<>"']{0,300}["']?\s*>""",
    re.IGNORECASE,
)
_OWN: Final = re.compile(rb"(?i)//(?:[^/\"']*\.)?(?:localhost|local|internal|lan|intranet|home|corp)[/:\"']")


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


def straight(data: bytes) -> tuple[bytes, bool]:
    """A part as UTF-8, and whether it names entities on the web that stay unread. Raises ``RefusedError`` on any other document type."""
    data = _utf8(data)
    bare = data.replace(b"\0", b"") if b"\0" in data else data
    if b"<!DOCTYPE" not in bare and b"<!ENTITY" not in bare:
        return data, False
    entities, more = bare.count(b"<!ENTITY"), re.search(rb"<!(?:ATTLIST|NOTATION|ELEMENT)", bare)
    head = bare[: bare.find(b"<!DOCTYPE") + 200].partition(b"[")[0]
    outward = re.search(rb"SYSTEM|PUBLIC", head) or _OWN.search(bare)
    if not entities or len(_ON_THE_WEB.findall(bare)) != entities or more or outward:
        refuse(Outcome.UNSAFE, unsafe(ENTITIES))
    return data, True


def _utf8(data: bytes) -> bytes:
    """UTF-16 with and without its mark, and GBK, become UTF-8. Other encodings have no business here and only hide what is declared."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return _recoded(data, encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    declared = _ENCODING.match(data[:400])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in _CHINESE or name.startswith("utf-16"):
        return _recoded(data, "gb18030" if name in _CHINESE else "utf-8")
    if name not in _LATIN or _FOREIGN.match(data):
        refuse(Outcome.UNSAFE, unsafe("部件使用了不允许的文字编码"))
    return data


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        refuse(Outcome.CORRUPT, CORRUPT)
    return re.sub(r"^\s*<\?xml[^>]{0,400}\?>", "", text).encode("utf-8", "replace")


class Parts:
    """One OOXML package. ``entities`` says that an external entity was met and left alone."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self.container = Container(data, limits)
        self.limits = limits
        self.entities = False
        self.members: dict[str, Any] = {}
        for member in self.container.members:
            name = member.filename.replace("\\", "/")
            if escapes(name.lstrip("/")):
                refuse(Outcome.UNSAFE, unsafe(OUTWARD))
            name = name.lstrip("/")
            if name in self.members:
                refuse(Outcome.UNSAFE, unsafe("同名部件重复出现"))
            self.members[name] = member
        self._lower = {name.lower(): name for name in self.members}
        for name, member in self.members.items():
            if _XML.search(name) and not member.flag_bits & 1:
                self._prologue(self.container.head(member, PROLOGUE))

    def _prologue(self, head: bytes) -> None:
        """Judge a part by its beginning, whether anyone reads it or not."""
        if b"<!" in (bare := head.replace(b"\0", b"")) and (b"<!DOCTYPE" in bare or b"<!ENTITY" in bare):
            try:
                self.judged(head)
            except RefusedError as refusal:
                if refusal.outcome is Outcome.UNSAFE:
                    raise

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
        data = self.judged(data)
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            refuse(Outcome.CORRUPT, CORRUPT)
        dtd: Element = root.getroottree().docinfo.internalDTD
        if dtd is not None and any(entity.content is not None for entity in dtd.iterentities()):
            refuse(Outcome.UNSAFE, unsafe(ENTITIES))
        return root

    def judged(self, data: bytes) -> bytes:
        """A part's XML as UTF-8. Raises ``RefusedError`` where it declares what it must not."""
        data, named = straight(data)
        self.entities = self.entities or named
        return data

    def relations(self, part: str) -> tuple[Relation, ...]:
        """A part's relationships with targets as part names; ``part`` empty for the package's own."""
        folder, name = posixpath.split(part)
        return self._listed(posixpath.join(folder, "_rels", name + ".rels"), folder)

    def _listed(self, source: str, folder: str) -> tuple[Relation, ...]:
        if self.find(source) is None:
            return ()
        rows = []
        for element in self.xml(source).iter():
            if local(element) != "Relationship":
                continue
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External" or bool(_ADDRESS.match(target))
            path = target if external else _inside(folder, target)
            rows.append(Relation(element.get("Id") or "", element.get("Type") or "", path, external))
        return tuple(rows)

    def everywhere(self) -> Iterator[tuple[str, Relation]]:
        """The relationships of every part, read or not, each with the list it stands in; a list that is damaged has none."""
        for name in self.members:
            folder, _, file = name.rpartition("/")
            if file.lower().endswith(".rels") and folder.lower().endswith("_rels"):
                try:
                    yield from ((name, one) for one in self._listed(name, folder[: -len("_rels")].rstrip("/")))
                except RefusedError as refusal:
                    if refusal.outcome is not Outcome.CORRUPT:
                        raise

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
    if path.startswith("..") or ":" in path or target.startswith("//"):
        refuse(Outcome.UNSAFE, unsafe(OUTWARD))
    return path


def outward(parts: Parts) -> Iterator[tuple[WarningCode, str]]:
    """What reaches outside a package, runs, or lies in it as another file: named, never followed. Each once."""
    said: dict[str, WarningCode] = {}
    charted: set[str] = set()
    for source, relation in parts.everywhere():
        kind = relation.type.rsplit("/", 1)[-1]
        if "/charts/" in source.lower() and not relation.external:
            charted.add(relation.target.lower())  # the workbook a chart was drawn from
        elif kind in ("oleObject", "package") and not relation.external:
            said[EMBEDDED] = WarningCode.EMBEDDED_FILE
        if kind == "connections" or (relation.external and not _harmless(kind, relation.target)):
            said[LINKED] = WarningCode.EXTERNAL_LINK
    for name in map(str.lower, parts.members):
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            said[MACRO] = WarningCode.MACRO
        elif "/activex/" in name:
            said[ACTIVE] = WarningCode.ACTIVE_CONTENT
        elif "/embeddings/" in name and name not in charted:
            said[EMBEDDED] = WarningCode.EMBEDDED_FILE
    if parts.entities:
        said[ENTITY] = WarningCode.EXTERNAL_LINK
    yield from ((code, message) for message, code in said.items())


def _harmless(kind: str, target: str) -> bool:
    """A link a person may follow, and the name of a template that lies beside the file."""
    if kind == "attachedTemplate":
        return not re.match(r"https?:|ftp:|file:|\\\\|//", target, re.IGNORECASE)
    return kind == "hyperlink" and bool(_LINK.match(target))


_TOLD: Final = {
    "creator": "author", "lastModifiedBy": "last_modified_by", "created": "created", "modified": "modified", "title": "title",
    "Application": "producer", "AppVersion": "producer_version", "Company": "company", "revision": "revision", "Template": "template",
    "description": "comments", "subject": "subject", "keywords": "keywords", "category": "category", "Manager": "manager",
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
