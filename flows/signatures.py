"""Signatures on disk: one small file a package while a batch runs, and an index of all earlier ones that a new package is held against.

A file begins with its keys, so that joining a batch reads nothing else. Joining spills to disk when a batch is large, and sorts a part of the
number line at a time: memory does not grow with the batch. The index is sorted columns with a fence every few hundred entries: a key costs one page
of the disk, whether it is warm or not.
"""

import json
import secrets
import shutil
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np

from flows.writing import write_data
from schemas.base import Frozen
from schemas.signature import Signature, SignedFigure
from validators import joining
from validators.joining import COMMON, ONLY_IN_A_BATCH, UNTOLD, Joined, Kind
from validators.likeness import Keys

MAGIC: Final = b"CSG1"
_HEAD: Final = struct.Struct("<4sII")
#: Numbers held in memory before they go to disk, and parts of the number line then.
HELD, PARTS = 8_000_000, 16
#: Batches up to this size are also asked for people who have nothing but a name in common; among more than ``MANY``, a name and a birth month are not enough.
NAMES_UP_TO, MANY = 300, 2_000
#: Entries between two fences, segments before they become one, and earlier packages a new one is compared with.
FENCE, SEGMENTS, NEAREST = 512, 12, 200
_ENDS: Final = (".packed", ".keys", ".rows", ".fence", ".at")
#: Keys merged at a time.
MERGED: Final = 4_000_000


class Front(Frozen):
    """What is asked of every package of a batch: which it is, and what its clauses came to."""

    id: str
    figures: tuple[SignedFigure, ...] = ()


def pack(signature: Signature) -> bytes:
    """Keys, then the front, then the rest, so that each can be read without what follows."""
    front = Front(id=signature.id, figures=signature.figures).model_dump_json(exclude_defaults=True).encode()
    rest = signature.model_copy(update={"figures": ()}).model_dump_json(by_alias=True, exclude_defaults=True).encode()
    return packed(joining.keys(signature), front, rest)


def packed(keys: Keys, front: bytes, rest: bytes) -> bytes:
    front = zlib.compress(front, 1)
    return _HEAD.pack(MAGIC, len(keys), len(front)) + keys.tobytes() + front + zlib.compress(rest, 1)


def keys_of(data: bytes) -> Keys:
    """Raises ``ValueError`` for what is no signature."""
    return np.frombuffer(data, np.uint64, _sizes(data)[0], _HEAD.size)


def front_of(data: bytes) -> Front:
    """Raises ``ValueError``."""
    keys, size = _sizes(data)
    at = _HEAD.size + 8 * keys
    return Front.model_validate_json(zlib.decompress(data[at : at + size]))


def unpack(data: bytes) -> Signature:
    """Raises ``ValueError``."""
    keys, size = _sizes(data)
    rest = Signature.model_validate_json(zlib.decompress(data[_HEAD.size + 8 * keys + size :]))
    return rest.model_copy(update={"figures": front_of(data).figures})


def _sizes(data: bytes) -> tuple[int, int]:
    magic, keys, front = _HEAD.unpack_from(data) if len(data) >= _HEAD.size else (b"", 0, 0)
    if magic != MAGIC or len(data) < _HEAD.size + 8 * keys + front:
        raise ValueError("not a signature")
    return keys, front


def join(sources: Iterable[Keys], packages: int, folder: Path) -> Joined:
    """The pairs of a batch whose packages' keys come one after the other. ``folder`` is where parts of a large one go."""
    spool = _Spool(folder)
    for row, keys in enumerate(sources):
        spool.add(keys, row)
    limit = joining.common_from(packages)
    kinds = frozenset(Kind) - (ONLY_IN_A_BATCH if packages > NAMES_UP_TO else frozenset())
    joined = [joining.join(keys, rows, limit=limit, kinds=kinds) for keys, rows in spool.parts()]
    pairs = np.unique(np.concatenate([one.pairs for one in joined])) if joined else np.empty(0, np.uint64)
    return Joined(pairs, frozenset().union(*(one.common for one in joined)))


class _Spool:
    """Columns of keys and rows, in memory while they are few."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: list[Keys] = []
        self._rows: list[joining.Rows] = []
        self._held = 0
        self._spilt = False

    def add(self, keys: Keys, row: int) -> None:
        self._keys.append(keys)
        self._rows.append(np.full(len(keys), row, np.uint32))
        self._held += len(keys)
        if self._held > HELD:
            self._spill()

    def parts(self) -> Iterator[tuple[Keys, joining.Rows]]:
        if not self._spilt:
            yield _joined(self._keys), _rows(self._rows)
            return
        self._spill()
        for part in range(PARTS):
            path = self._folder / f"part-{part}"
            yield np.fromfile(path.with_suffix(".keys"), np.uint64), np.fromfile(path.with_suffix(".rows"), np.uint32)
            for end in (".keys", ".rows"):
                path.with_suffix(end).unlink(missing_ok=True)

    def _spill(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        keys, rows = _joined(self._keys), _rows(self._rows)
        part = (keys >> np.uint64(60)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        keys, rows = keys[order], rows[order]
        ends = np.searchsorted(part[order], np.arange(PARTS + 1, dtype=np.uint8))
        for number in range(PARTS):
            piece = slice(int(ends[number]), int(ends[number + 1]))
            for end, column in ((".keys", keys), (".rows", rows)):
                with (self._folder / f"part-{number}").with_suffix(end).open("ab") as stream:
                    column[piece].tofile(stream)
        self._keys, self._rows, self._held, self._spilt = [], [], 0, True


def _joined(keys: list[Keys]) -> Keys:
    return np.concatenate(keys) if keys else np.empty(0, np.uint64)


def _rows(rows: list[joining.Rows]) -> joining.Rows:
    return np.concatenate(rows) if rows else np.empty(0, np.uint32)


class Near(NamedTuple):
    """Earlier packages that may share something with a new one, the keys of what is everybody's, and how many packages there are."""

    signatures: tuple[Signature, ...]
    common: frozenset[int]
    among: int


@dataclass(frozen=True)
class _Segment:
    """Sorted keys with the row of each, the packed signatures of its rows and where each begins."""

    path: Path
    first: int

    def column(self, end: str, kind: Any) -> Any:
        path = self.path.with_suffix(end)
        return np.memmap(path, kind, "r") if path.stat().st_size else np.empty(0, kind)

    @property
    def size(self) -> int:
        return max(0, self.path.with_suffix(".at").stat().st_size // 8 - 1)

    def find(self, wanted: Keys) -> tuple[Any, Any, Any]:
        """For each key wanted, where its entries begin and end, and the rows column."""
        keys, fences = self.column(".keys", np.uint64), np.fromfile(self.path.with_suffix(".fence"), np.uint64)
        low = np.maximum(np.searchsorted(fences, wanted, "left") - 1, 0) * FENCE
        high = np.minimum(np.searchsorted(fences, wanted, "right") * FENCE, len(keys))
        begin = [lo + int(np.searchsorted(keys[lo:hi], key, "left")) for key, lo, hi in zip(wanted, low, high, strict=True)]
        end = [at + int(np.searchsorted(keys[at:hi], key, "right")) for key, at, hi in zip(wanted, begin, high, strict=True)]
        return np.array(begin, np.int64), np.array(end, np.int64), self.column(".rows", np.uint32)

    def signature(self, row: int, stream: BinaryIO, at: Any) -> Signature:
        start, end = int(at[row - self.first]), int(at[row - self.first + 1])
        stream.seek(start)
        return unpack(stream.read(end - start))


class Index:
    """Earlier signatures in a private folder. Only added to; a package's later version stands beside the earlier, and neither is held against the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __len__(self) -> int:
        return sum(segment.size for segment in self._segments())

    def add(self, signatures: Iterable[Signature]) -> int:
        """Keep these, too; how many there were. Streams: nothing but keys stays in memory."""
        return self.add_packed(pack(one) for one in signatures)

    def add_packed(self, packed: Iterable[bytes]) -> int:
        segments = self._segments()
        first = segments[-1].first + segments[-1].size if segments else 0
        segment = self._fresh(first)
        starts = [0]
        spool = _Spool(self.folder / "work")
        with segment.path.with_suffix(".packed").open("wb") as stream:
            for number, data in enumerate(packed):
                stream.write(data)
                starts.append(starts[-1] + len(data))
                spool.add(keys_of(data), first + number)
        _write(segment.path, spool.parts())
        np.array(starts, np.uint64).tofile(segment.path.with_suffix(".at"))
        if len(starts) > 1:
            self._live([*segments, segment])
        if len(segments) >= SEGMENTS:
            self._merge()
        return len(starts) - 1

    def near(self, signature: Signature) -> Near:
        """The earlier packages nearest to a new one, by what they have in common; at most ``NEAREST``."""
        keys = joining.keys(signature)
        kind = (keys & np.uint64(15)).astype(np.int64)
        segments = self._segments()
        limit = joining.common_from(len(self))
        found = [segment.find(keys) for segment in segments]
        counts = sum((end - begin for begin, end, _ in found), np.zeros(len(keys), np.int64))
        untold = np.isin(kind, [int(one) for one in UNTOLD]) & (counts > limit)
        spoken = np.isin(kind, [int(one) for one in COMMON]) & (counts > limit)
        wanted = ~spoken & ~np.isin(kind, [Kind.SENTENCE, *(int(one) for one in ONLY_IN_A_BATCH)]) & (counts > 0)
        weight: dict[int, int] = {}
        for number in np.flatnonzero(wanted):
            for begin, end, rows in found:
                for row in rows[max(begin[number], end[number] - NEAREST) : end[number]].tolist():
                    weight[row] = weight.get(row, 0) + (1 if kind[number] in COMMON else 100)
        nearest = sorted(weight, key=lambda row: (-weight[row], -row))[:NEAREST]
        return Near(tuple(self._signatures(sorted(nearest), segments)), frozenset(keys[untold].tolist()), len(self))

    def __iter__(self) -> Iterator[Signature]:
        segments = self._segments()
        for segment in segments:
            yield from self._signatures(range(segment.first, segment.first + segment.size), segments)

    def _signatures(self, rows: Iterable[int], segments: list[_Segment]) -> Iterator[Signature]:
        wanted = list(rows)
        for segment in segments:
            own = [row for row in wanted if segment.first <= row < segment.first + segment.size]
            if own:
                at = segment.column(".at", np.uint64)
                with segment.path.with_suffix(".packed").open("rb") as stream:
                    for row in own:
                        yield segment.signature(row, stream, at)

    def _segments(self) -> list[_Segment]:
        """Those the list names; whatever else lies in the folder was left half written."""
        listed = self.folder / "segments.json"
        told = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else []
        return [_Segment(self.folder / stem, int(first)) for stem, first in told]

    def _live(self, segments: list[_Segment]) -> None:
        """From now on these are the index; the others' files go."""
        write_data(self.folder / "segments.json", [[one.path.name, one.first] for one in segments])
        named = {one.path.name for one in segments}
        for path in self.folder.glob("*.*"):
            if path.suffix in _ENDS and path.stem not in named:
                path.unlink(missing_ok=True)

    def _fresh(self, first: int) -> _Segment:
        return _Segment(self.folder / secrets.token_hex(8), first)

    def _merge(self) -> None:
        """All segments as one. The old ones go after the list names the new."""
        segments = self._segments()
        target = self._fresh(segments[0].first)
        starts = [np.zeros(1, np.uint64)]
        with target.path.with_suffix(".packed").open("wb") as stream:
            for segment in segments:
                starts.append(np.fromfile(segment.path.with_suffix(".at"), np.uint64)[1:] + starts[-1][-1])
                with segment.path.with_suffix(".packed").open("rb") as old:
                    shutil.copyfileobj(old, stream, 1 << 24)
        np.concatenate(starts).tofile(target.path.with_suffix(".at"))
        _write(target.path, _sorted_parts(segments))
        self._live([target])


def _write(path: Path, parts: Iterable[tuple[Keys, joining.Rows]]) -> None:
    """The sorted columns and their fences, from parts of the number line in order."""
    fences: list[Keys] = []
    written = 0
    with path.with_suffix(".keys").open("wb") as keys_to, path.with_suffix(".rows").open("wb") as rows_to:
        for keys, rows in parts:
            order = np.argsort(keys, kind="stable")
            keys, rows = keys[order], rows[order]
            keys.tofile(keys_to)
            rows.tofile(rows_to)
            fences.append(keys[-written % FENCE :: FENCE])
            written += len(keys)
    _joined(fences).tofile(path.with_suffix(".fence"))


def _sorted_parts(segments: list[_Segment]) -> Iterator[tuple[Keys, joining.Rows]]:
    columns = [(segment.column(".keys", np.uint64), segment.column(".rows", np.uint32)) for segment in segments]
    total = sum(len(keys) for keys, _ in columns)
    steps = max(1, -(-total // MERGED))
    edges = [2**64 * step // steps for step in range(1, steps)]
    cuts = [[0, *np.searchsorted(keys, np.array(edges, np.uint64)).tolist(), len(keys)] for keys, _ in columns]
    for step in range(steps):
        pieces = [
            (keys[cut[step] : cut[step + 1]], rows[cut[step] : cut[step + 1]])
            for (keys, rows), cut in zip(columns, cuts, strict=True)
        ]
        yield np.concatenate([keys for keys, _ in pieces]), np.concatenate([rows for _, rows in pieces])


def write(path: Path, signature: Signature) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(pack(signature))


def read(path: Path) -> Signature:
    """Raises ``ValueError`` and ``OSError``."""
    return unpack(path.read_bytes())


def read_front(path: Path) -> tuple[Keys, Front]:
    """Raises ``ValueError`` and ``OSError``."""
    data = path.read_bytes()
    return keys_of(data), front_of(data)
