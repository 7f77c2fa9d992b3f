"""ZIP archives → members, nested archives included, each with its bytes or with the reason it was refused.

Names: Windows writes GBK and says nothing, macOS writes UTF-8 and says nothing, so each name is decoded by itself. Nothing is written to disk
here; a path that points outside is refused, not cleaned up, because whoever wrote it meant something by it.
"""

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from extractors.readers.container import Container
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.names import is_odd
from extractors.readers.refusal import EMPTY, RefusedError, over, unsafe
from extractors.readers.sniffing import Kind, sniff
from schemas.vocabulary import Outcome

LITTER: Final = re.compile(
    r"^(?:thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store|\._.*|~\$.*|~.*\.tmp|\.~lock\..*|__macosx|\.trashes|\.spotlight-v100|\.fseventsd)$",
    re.IGNORECASE,
)
UNICODE_PATH: Final = 0x7075


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


def is_archive(data: bytes, name: str = "") -> bool:
    """Whether ``unpack`` is the way to read these bytes."""
    return sniff(data, name) is Kind.ZIP


def unpack(name: str, data: bytes, *, limits: Limits = DEFAULT) -> tuple[Member, ...]:
    """The members of a ZIP in its own order. Paths do not include ``name``; an archive refused as a whole yields one member called ``name``."""
    if not data:
        return (Member(name, refused=Outcome.EMPTY, message=EMPTY),)
    budget = _Budget(limits)
    try:
        return tuple(_members(data, "", 1, budget))
    except RefusedError as refusal:
        return (Member(name, refused=refusal.outcome, message=refusal.message),)


@dataclass(slots=True)
class _Budget:
    limits: Limits
    spent: int = 0
    members: int = 0


def _members(data: bytes, prefix: str, depth: int, budget: _Budget) -> list[Member]:
    """Raises ``RefusedError`` when the archive itself cannot be trusted, or the whole has grown past its limits."""
    limits = budget.limits
    container = Container(data, limits)
    container.spent = budget.spent
    files = [m for m in container.members if not m.is_dir()]
    budget.members += len(files)
    if budget.members > limits.archive_members:
        raise RefusedError(Outcome.LIMIT, over("压缩包内文件数", budget.members, limits.archive_members))
    if not files:
        raise RefusedError(Outcome.EMPTY, EMPTY)
    names = [decode_name(m) for m in files]
    if any(_escapes(name) for name in names) or any(_is_link(m) for m in files):
        raise RefusedError(Outcome.UNSAFE, unsafe("压缩包内有指向包外的路径或链接"))
    if len(set(names)) < len(names):
        raise RefusedError(Outcome.UNSAFE, unsafe("压缩包内有同名文件"))
    folded: dict[str, int] = {}
    for name in names:
        folded[name.lower()] = folded.get(name.lower(), 0) + 1
    found: list[Member] = []
    for member, name in zip(files, names, strict=True):
        odd = folded[name.lower()] > 1 or is_odd(name)
        found.extend(_one(container, member, name.replace("\\", "/"), prefix, depth, budget, odd))
        budget.spent = container.spent
    return found


def _one(
    container: Container, member: zipfile.ZipInfo, name: str, prefix: str, depth: int, budget: _Budget, odd: bool
) -> list[Member]:
    path = prefix + name
    if is_litter(name):
        return [Member(path, litter=True)]
    limits = budget.limits
    try:
        data = container.read(member, limits.file_bytes)
    except RefusedError as refusal:
        if refusal.outcome is Outcome.UNSAFE or container.spent > limits.archive_bytes:
            raise
        return [Member(path, refused=refusal.outcome, message=refusal.message, odd_name=odd)]
    if not is_archive(data, name):
        return [Member(path, data, odd_name=odd)]
    if depth >= limits.archive_depth:
        raise RefusedError(Outcome.LIMIT, over("压缩包嵌套层数", f"{limits.archive_depth} 层以上", f"{limits.archive_depth} 层"))
    budget.spent = container.spent
    try:
        inner = _members(data, path + "/", depth + 1, budget)
    except RefusedError as refusal:
        if refusal.outcome is Outcome.LIMIT:
            raise
        return [Member(path, refused=refusal.outcome, message=refusal.message, odd_name=odd)]
    container.spent = budget.spent
    return inner


def decode_name(member: zipfile.ZipInfo) -> str:
    """A member's name: its UTF-8 flag, else the Unicode extra field, else valid UTF-8, else GBK, else as a byte each."""
    if member.flag_bits & 0x800:
        return member.orig_filename.split("\0")[0]
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
    return member.filename


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


def _escapes(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or bool(re.match(r"^[A-Za-z]:/|^[A-Za-z]{2,}://", path)) or ".." in path.split("/")


def _is_link(member: zipfile.ZipInfo) -> bool:
    mode = member.external_attr >> 16
    return mode & 0o170000 not in (0, 0o100000, 0o040000)
