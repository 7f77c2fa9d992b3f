"""ZIP, 7z and RAR archives → members, nested archives included, each with its bytes or with the reason it was refused.

Names: Windows writes GBK and says nothing, macOS writes UTF-8 and says nothing, so each name is decoded by itself. Nothing is written to disk
here; a path that points outside is refused, not cleaned up, because whoever wrote it meant something by it.
"""

import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, replace
from typing import Final

from extractors.readers import sevenzip
from extractors.readers.container import Container
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.names import escapes, is_odd
from extractors.readers.refusal import EMPTY, RefusedError, over, unsafe
from extractors.readers.sniffing import Kind, sniff
from extractors.readers.tools import Tools
from schemas.vocabulary import Outcome

LITTER: Final = re.compile(
    r"^(?:thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store|\._.*|~\$.*|~.*\.tmp|\.~lock\..*|__macosx|\.trashes|\.spotlight-v100|\.fseventsd)$",
    re.IGNORECASE,
)
UNICODE_PATH: Final = 0x7075
NAMELESS: Final = "⟨无名⟩"
LINKS: Final = "压缩包内有指向包外的路径或链接"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. ``refused`` and ``message`` say why ``data`` is empty; ``litter`` marks what a desktop leaves behind.

    ``path`` uses ``/``; a file in a nested archive is ``inner.zip/name``. The refusal of an archive as a whole has the archive's own path.
    """

    path: str
    data: bytes = b""
    refused: Outcome | None = None
    message: str = ""
    litter: bool = False
    odd_name: bool = False


def is_litter(path: str) -> bool:
    """Whether any part of a path is what Windows, macOS or an office program leaves behind by itself."""
    return any(LITTER.match(part) for part in path.split("/"))


def is_archive(data: bytes, name: str = "", *, library: str | None = None) -> bool:
    """Whether ``unpack`` is the way to read these bytes: a ZIP, and where libarchive is, 7z and RAR. ``library`` as for ``unpack``."""
    kind = sniff(data, name)
    if kind in (Kind.SEVEN, Kind.RAR):
        return sevenzip.load(Tools.probe().libarchive if library is None else library) is not None
    return kind is Kind.ZIP


def unpack(name: str, data: bytes, *, limits: Limits = DEFAULT, library: str | None = None) -> tuple[Member, ...]:
    """The members of an archive in its own order. Paths do not include ``name``; one refused as a whole yields one member called ``name``.

    ``library`` is where libarchive lies, which 7z and RAR need: empty for none, None for wherever this machine has it.
    """
    if not data:
        return (Member(name, refused=Outcome.EMPTY, message=EMPTY),)
    budget = _Budget(limits, Tools.probe().libarchive if library is None else library)
    try:
        return tuple(_members(data, "", 1, budget))
    except RefusedError as refusal:
        return (Member(name, refused=refusal.outcome, message=refusal.message),)


@dataclass(slots=True)
class _Budget:
    limits: Limits
    library: str
    spent: int = 0
    members: int = 0

    def count(self, more: int) -> None:
        self.members += more
        if self.members > self.limits.archive_members:
            raise RefusedError(Outcome.LIMIT, over("压缩包内文件数", self.members, self.limits.archive_members))


def _members(data: bytes, prefix: str, depth: int, budget: _Budget) -> list[Member]:
    """Raises ``RefusedError`` when the archive itself cannot be trusted, or the whole has grown past its limits."""
    kind = sniff(data)
    return (
        _streamed(kind, data, prefix, depth, budget) if kind in (Kind.SEVEN, Kind.RAR) else _zipped(data, prefix, depth, budget)
    )


def _zipped(data: bytes, prefix: str, depth: int, budget: _Budget) -> list[Member]:
    limits = budget.limits
    container = Container(data, limits)
    container.spent = budget.spent
    files = [m for m in container.members if not m.filename.endswith("/")]
    budget.count(len(files))
    if not files:
        raise RefusedError(Outcome.EMPTY, EMPTY)
    names = [decode_name(m) or NAMELESS for m in files]
    if any(_is_link(m) for m in container.members):
        raise RefusedError(Outcome.UNSAFE, unsafe(LINKS))
    odd = _judged(names)
    found: list[Member] = []
    for member, name in zip(files, names, strict=True):
        path = prefix + name.replace("\\", "/")
        if is_litter(name):
            found.append(Member(path, litter=True))
            continue
        try:
            content = container.read(member, limits.file_bytes)
        except RefusedError as refusal:
            budget.spent = container.spent
            if refusal.outcome is Outcome.UNSAFE or container.spent > limits.archive_bytes:
                raise
            found.append(Member(path, refused=refusal.outcome, message=refusal.message, odd_name=name in odd))
            continue
        budget.spent = container.spent
        found.extend(_one(path, name, content, depth, budget, name in odd))
        container.spent = budget.spent
    return found


def _streamed(kind: Kind, data: bytes, prefix: str, depth: int, budget: _Budget) -> list[Member]:
    """7z and RAR tell their names only as they are read, so all is read before the names are judged."""
    source = sevenzip.Archive(kind, data, budget.limits, budget.library, spent=0)
    room = budget.limits.archive_bytes - budget.spent
    source.limits = replace(budget.limits, archive_bytes=max(0, room))
    members = []
    for member in source.members():
        if escapes(member.name):
            raise RefusedError(Outcome.UNSAFE, unsafe(LINKS))
        members.append(member)
    budget.spent += source.spent
    budget.count(len(members))
    if not members:
        raise RefusedError(Outcome.EMPTY, EMPTY)
    odd = _judged([member.name for member in members])
    found: list[Member] = []
    for member in members:
        path = prefix + member.name.replace("\\", "/")
        if is_litter(member.name):
            found.append(Member(path, litter=True))
        elif member.refused is not None:
            found.append(
                Member(path, refused=member.refused.outcome, message=member.refused.message, odd_name=member.name in odd)
            )
        else:
            found.extend(_one(path, member.name, member.data, depth, budget, member.name in odd))
    return found


def _judged(names: list[str]) -> set[str]:
    """The odd ones among an archive's names. Raises ``RefusedError`` where one points outside or stands twice."""
    if any(escapes(name) for name in names):
        raise RefusedError(Outcome.UNSAFE, unsafe(LINKS))
    if len(set(names)) < len(names):
        raise RefusedError(Outcome.UNSAFE, unsafe("压缩包内有同名文件"))
    alike: dict[str, int] = {}
    for name in names:
        alike[_folded(name)] = alike.get(_folded(name), 0) + 1
    return {name for name in names if alike[_folded(name)] > 1 or is_odd(name)}


def _folded(name: str) -> str:
    """What a disk that knows no case, or a person, takes for the same name."""
    return unicodedata.normalize("NFKC", name).casefold()


def _one(path: str, name: str, data: bytes, depth: int, budget: _Budget, odd: bool) -> list[Member]:
    """A member, or what it holds where it is an archive itself."""
    if not is_archive(data, name, library=budget.library):
        return [Member(path, data, odd_name=odd)]
    limits = budget.limits
    if depth >= limits.archive_depth:
        raise RefusedError(Outcome.LIMIT, over("压缩包嵌套层数", f"{limits.archive_depth} 层以上", f"{limits.archive_depth} 层"))
    try:
        return _members(data, path + "/", depth + 1, budget)
    except RefusedError as refusal:
        if refusal.outcome is Outcome.LIMIT:
            raise
        return [Member(path, refused=refusal.outcome, message=refusal.message, odd_name=odd)]


def decode_name(member: zipfile.ZipInfo) -> str:
    """A member's name: its UTF-8 flag, else the Unicode extra field, else valid UTF-8, else GBK, else with its foreign bytes as numbers."""
    if member.flag_bits & 0x800:
        return member.orig_filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    if (told := _unicode_path(member.extra, raw)) is not None:
        return told
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return "".join(chr(byte) if byte < 128 else f"⟨{byte:02X}⟩" for byte in raw)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Info-ZIP's own field, believed only while its checksum still fits the plain name."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == UNICODE_PATH and len(body) > 5 and struct.unpack_from("<L", body, 1)[0] == zlib.crc32(raw):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None


def _is_link(member: zipfile.ZipInfo) -> bool:
    mode = member.external_attr >> 16
    return mode & 0o170000 not in (0, 0o100000, 0o040000)
