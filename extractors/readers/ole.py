"""The container below old Office files (MS-CFB): a small file system in one file. Only the streams at its root are of use here.

Every chain is followed with a count, since a damaged or hostile file can make one run in circles.
"""

import struct
from typing import Final, NamedTuple

from extractors.readers.refusal import CORRUPT, refuse
from schemas.vocabulary import Outcome

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST: Final = 0xFFFFFFFA
ROOT, STORAGE, STREAM = 5, 1, 2
ENTRY: Final = 128


class Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Ole:
    """``names`` are the storages and streams at the root. Raises ``RefusedError`` where the file does not hold together."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            refuse(Outcome.CORRUPT, CORRUPT)
        version, _, shift, small_shift = struct.unpack_from("<4H", data, 26)
        if shift not in (9, 12) or small_shift != 6 or version not in (3, 4):
            refuse(Outcome.CORRUPT, CORRUPT)
        self._data, self._sector = data, 1 << shift
        self._count = max(0, -(-len(data) // self._sector) - 1)
        directory, _, self._cutoff, small_fat, _, difat, _ = struct.unpack_from("<7I", data, 48)
        self._fat = self._table(list(struct.unpack_from("<109I", data, 76)), difat)
        entries = self._entries(self._chain(directory, None))
        if not entries or entries[0].kind != ROOT:
            refuse(Outcome.CORRUPT, CORRUPT)
        self._small_fat = _words(self._chain(small_fat, None)) if small_fat < LAST else ()
        self._small = self._chain(entries[0].start, entries[0].size) if entries[0].start < LAST else b""
        self._root = {entry.name: entry for entry in self._siblings(entries, entries[0].child)}
        self.names = tuple(self._root)

    def holds(self, name: str) -> bool:
        """Whether a storage is there and has something in it."""
        return name in self._root and self._root[name].child < LAST

    def stream(self, name: str) -> bytes | None:
        """A root stream's bytes; None where there is none of this name. A stream that is cut short comes as far as it goes."""
        entry = self._root.get(name)
        if entry is None or entry.kind != STREAM:
            return None
        if entry.size >= self._cutoff:
            return self._chain(entry.start, entry.size)
        found, at = bytearray(), entry.start
        for _ in range(len(self._small_fat) + 1):
            if at >= LAST or len(found) >= entry.size:
                break
            found += self._small[at * 64 : at * 64 + 64]
            at = self._small_fat[at] if at < len(self._small_fat) else LAST
        return bytes(found[: entry.size])

    def _read(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    def _table(self, listed: list[int], difat: int) -> tuple[int, ...]:
        """The table of which sector follows which."""
        for _ in range(self._count):
            if difat >= LAST:
                break
            *more, difat = _words(self._read(difat).ljust(self._sector, b"\xff"))
            listed += more
        return _words(b"".join(self._read(sector) for sector in listed[: self._count + 1] if sector < LAST))

    def _chain(self, sector: int, size: int | None) -> bytes:
        found, length = [], 0
        for _ in range(self._count + 1):
            if sector >= LAST or (size is not None and length >= size):
                break
            found.append(self._read(sector))
            length += len(found[-1])
            sector = self._fat[sector] if sector < len(self._fat) else LAST
        whole = b"".join(found)
        return whole if size is None else whole[:size]

    def _entries(self, directory: bytes) -> list[Entry]:
        entries = []
        for at in range(0, len(directory) - ENTRY + 1, ENTRY):
            size, kind = struct.unpack_from("<HB", directory, at + 64)
            left, right, child = struct.unpack_from("<3I", directory, at + 68)
            start, length = struct.unpack_from("<2I", directory, at + 116)
            name = directory[at : at + max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
            entries.append(Entry(name, kind, left, right, child, start, length))
        return entries

    def _siblings(self, entries: list[Entry], first: int) -> list[Entry]:
        """The entries of one folder, which is kept as a tree."""
        found, seen, waiting = [], set[int](), [first]
        while waiting:
            index = waiting.pop()
            if index >= len(entries) or index in seen:
                continue
            seen.add(index)
            found.append(entries[index])
            waiting += (entries[index].left, entries[index].right)
        return found


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
