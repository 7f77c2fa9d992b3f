"""7z and RAR through libarchive, where the system has it: only what its C interface tells, and every byte counted by us.

What surprised us: names come converted to the language of the machine, so they are asked for as UTF-8 first; skipping a member of a solid archive
unpacks it all the same, so members over the limit are read to their end and counted; an archive whose very list of names is encrypted says so
only in the words of its error; and of RAR 5 the library takes encrypted bytes for plain ones, so those headers are looked through here.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from extractors.readers.limits import Limits
from extractors.readers.refusal import RefusedError, over, unsafe
from extractors.readers.sniffing import Kind
from schemas.vocabulary import Outcome

OK, END, WARN = 0, 1, -20
REGULAR, FOLDER = 0o100000, 0o040000
CHUNK: Final = 1 << 18
RAR5: Final = b"Rar!\x1a\x07\x01\x00"
#: Before this version readers of RAR had holes that are known and closed since.
OLDEST: Final = 3_004_000
LOCKED: Final = "压缩包有密码，请去除密码后重新上传。"
REPACK: Final = "请在电脑上解压后，重新打包为 ZIP 上传"
NOT_HERE: Final = f"本机没有解开此类压缩包的组件，未能读取。{REPACK}。"
DAMAGED: Final = f"压缩包已损坏或只是分卷中的一卷，{REPACK}。"
NOT_NAMED: Final = f"压缩包内的文件名在本机无法识别，未能读取。{REPACK}。"
NOT_READ: Final = f"压缩包中此文件未能解开，{REPACK}。"
_FORMATS: Final = {Kind.SEVEN: ("7zip",), Kind.RAR: ("rar", "rar5")}
_P, _I, _S = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
_CALLS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "archive_version_number": (_I, ()),
    "archive_read_new": (_P, ()),
    "archive_read_free": (_I, (_P,)),
    "archive_read_support_format_7zip": (_I, (_P,)),
    "archive_read_support_format_rar": (_I, (_P,)),
    "archive_read_support_format_rar5": (_I, (_P,)),
    "archive_read_open_memory": (_I, (_P, _P, ctypes.c_size_t)),
    "archive_read_next_header": (_I, (_P, ctypes.POINTER(_P))),
    "archive_read_data": (ctypes.c_ssize_t, (_P, _P, ctypes.c_size_t)),
    "archive_read_has_encrypted_entries": (_I, (_P,)),
    "archive_error_string": (_S, (_P,)),
    "archive_entry_pathname": (_S, (_P,)),
    "archive_entry_pathname_utf8": (_S, (_P,)),
    "archive_entry_pathname_w": (ctypes.c_wchar_p, (_P,)),
    "archive_entry_filetype": (ctypes.c_uint, (_P,)),
    "archive_entry_hardlink": (_S, (_P,)),
    "archive_entry_is_encrypted": (_I, (_P,)),
}


@dataclass(slots=True)
class Unpacked:
    """One member, either with its bytes or with why there are none."""

    name: str
    data: bytes = b""
    refused: RefusedError | None = None


@dataclass(slots=True)
class Archive:
    """One archive as it is read through. ``spent`` counts unpacked bytes, those of refused members too."""

    kind: Kind
    data: bytes
    limits: Limits
    library: str
    spent: int = 0
    count: int = 0
    _locked: frozenset[int] = frozenset()
    _buffer: Any = field(default_factory=lambda: ctypes.create_string_buffer(CHUNK))

    def members(self) -> Iterator[Unpacked]:
        """In the archive's own order. Raises ``RefusedError`` when the whole cannot be trusted or has grown past its limits."""
        lib = load(self.library)
        if lib is None:
            raise RefusedError(Outcome.UNSUPPORTED, NOT_HERE)
        if self.data.startswith(RAR5):
            self._locked = _rar5_locked(self.data)
        handle = lib.archive_read_new()
        try:
            for name in _FORMATS[self.kind]:
                getattr(lib, f"archive_read_support_format_{name}")(handle)
            if lib.archive_read_open_memory(handle, self.data, len(self.data)) != OK:
                raise self._broken(lib, handle)
            yield from self._each(lib, handle)
        finally:
            lib.archive_read_free(handle)

    def _each(self, lib: Any, handle: int) -> Iterator[Unpacked]:
        entry, header = ctypes.c_void_p(), -1
        while (status := lib.archive_read_next_header(handle, ctypes.byref(entry))) != END:
            if status not in (OK, WARN):
                raise self._broken(lib, handle)
            header += 1
            sort = lib.archive_entry_filetype(entry)
            if sort == FOLDER:
                continue
            self.count += 1
            if self.count > self.limits.archive_members:
                raise RefusedError(Outcome.LIMIT, over("压缩包内文件数", f"{self.count} 以上", self.limits.archive_members))
            if sort not in (0, REGULAR) or lib.archive_entry_hardlink(entry):
                raise RefusedError(Outcome.UNSAFE, unsafe("压缩包内有指向包外的路径或链接"))
            name = _name(lib, entry)
            if lib.archive_entry_is_encrypted(entry) > 0 or header in self._locked:
                yield Unpacked(name, refused=RefusedError(Outcome.ENCRYPTED, LOCKED))
                continue
            yield self._one(lib, handle, name)

    def _one(self, lib: Any, handle: int, name: str) -> Unpacked:
        found, size = bytearray(), 0
        while (got := lib.archive_read_data(handle, self._buffer, CHUNK)) > 0:
            size += got
            self.spent += got
            self._within()
            if size <= self.limits.file_bytes:
                found += self._buffer[:got]
        if got < 0:
            return Unpacked(name, refused=self._member(lib, handle))
        if size > self.limits.file_bytes:
            told = over("文件大小", f"{size >> 20} MB", f"{self.limits.file_bytes >> 20} MB")
            return Unpacked(name, refused=RefusedError(Outcome.LIMIT, told))
        return Unpacked(name, bytes(found))

    def _within(self) -> None:
        limits = self.limits
        if self.spent > limits.archive_bytes:
            size = f"{self.spent >> 20} MB 以上"
            raise RefusedError(Outcome.LIMIT, over("解压后的总大小", size, f"{limits.archive_bytes >> 20} MB"))
        if self.spent > limits.ratio_from and self.spent > limits.archive_ratio * len(self.data):
            raise RefusedError(Outcome.LIMIT, over("压缩倍率", f"{limits.archive_ratio} 倍以上", f"{limits.archive_ratio} 倍"))

    def _broken(self, lib: Any, handle: int) -> RefusedError:
        if lib.archive_read_has_encrypted_entries(handle) > 0 or "encrypt" in _error(lib, handle):
            return RefusedError(Outcome.ENCRYPTED, LOCKED)
        return RefusedError(Outcome.CORRUPT, DAMAGED)

    def _member(self, lib: Any, handle: int) -> RefusedError:
        said = _error(lib, handle)
        if "encrypt" in said or "passphrase" in said or "password" in said:
            return RefusedError(Outcome.ENCRYPTED, LOCKED)
        unknown = "unsupported" in said or "not supported" in said
        return RefusedError(Outcome.UNSUPPORTED if unknown else Outcome.CORRUPT, NOT_READ)


def _rar5_locked(data: bytes) -> frozenset[int]:
    """Which entries, counted in order, have a password. Raises ``RefusedError`` where the names have one too, or the end is missing."""
    locked, index, at = set[int](), 0, len(RAR5)
    while at + 7 <= len(data):
        size, start = _vint(data, at + 4)
        sort, here = _vint(data, start)
        flags, here = _vint(data, here)
        extra, here = _vint(data, here) if flags & 1 else (0, here)
        packed, here = _vint(data, here) if flags & 2 else (0, here)
        if sort == 4:
            raise RefusedError(Outcome.ENCRYPTED, LOCKED)
        if sort == 5 and not _vint(data, here)[0] & 1:
            return frozenset(locked)
        if sort == 2:
            if _has_password(data[max(here, start + size - extra) : start + size]):
                locked.add(index)
            index += 1
        at = start + size + packed
    raise RefusedError(Outcome.CORRUPT, DAMAGED)


def _has_password(extra: bytes) -> bool:
    at = 0
    while at < len(extra):
        size, at = _vint(extra, at)
        if _vint(extra, at)[0] == 1:
            return True
        at += max(1, size)
    return False


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for shift, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << 7 * shift
        if not byte & 0x80:
            return value, at + shift + 1
    raise RefusedError(Outcome.CORRUPT, DAMAGED)


@cache
def load(library: str) -> Any:
    """libarchive with its calls declared; None where it is not there, is too old, or lacks one of them."""
    if not library:
        return None
    try:
        lib = ctypes.CDLL(library)
        for name, (result, arguments) in _CALLS.items():
            call = getattr(lib, name)
            call.restype, call.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return lib if lib.archive_version_number() >= OLDEST else None


def _name(lib: Any, entry: ctypes.c_void_p) -> str:
    if (told := lib.archive_entry_pathname_utf8(entry)) is not None:
        return str(told.decode("utf-8", "replace"))
    if (wide := lib.archive_entry_pathname_w(entry)) is not None:
        return str(wide)
    raw = lib.archive_entry_pathname(entry)
    if not raw:  # a name this machine's language cannot hold, which is the machine's fault
        raise RefusedError(Outcome.UNSUPPORTED, NOT_NAMED)
    for encoding in ("utf-8", "gb18030"):
        try:
            return str(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return str(raw.decode("latin-1"))


def _error(lib: Any, handle: int) -> str:
    return str((lib.archive_error_string(handle) or b"").decode("utf-8", "replace")).lower()
