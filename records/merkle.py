"""The Merkle tree of RFC 9162: leaves are hashed with 0x00 before them, nodes with 0x01, so that neither passes for the other.

``Frontier`` grows by one leaf at a time and keeps only the roots of its full subtrees, so a million entries need twenty hashes, not a million.
Proofs are over a list of leaf hashes; what they prove is decided from bytes alone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").digest()
SIZE = 32


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass
class Frontier:
    """``peaks`` are the roots of the full subtrees, largest first: one for each set bit of ``size``."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        count = self.size
        while count & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            count >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """MTH of RFC 9162, 2.1.1."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        return b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "Frontier":
        """Raises ``ValueError`` where the number of peaks is not that of a tree of ``size``."""
        if size < 0 or len(data) != SIZE * size.bit_count():
            raise ValueError("not the frontier of a tree of this size")
        return cls(size, [data[at : at + SIZE] for at in range(0, len(data), SIZE)])


def root(leaves: Sequence[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


class Tree:
    """Proofs over many leaves: every full level is hashed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])

    def root(self, size: int) -> bytes:
        return self._range(0, size)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """PATH of RFC 9162, 2.1.3.1; ``index`` counts from 0."""
        if not 0 <= index < size <= len(self._levels[0]):
            raise ValueError("no such leaf")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            cut = start + _split(end - start)
            if index < cut:
                path.append(self._range(cut, end))
                end = cut
            else:
                path.append(self._range(start, cut))
                start = cut
        return tuple(reversed(path))

    def consistency(self, first: int, second: int) -> tuple[bytes, ...]:
        """PROOF of RFC 9162, 2.1.4.1: that the tree of ``second`` leaves begins with that of ``first``."""
        if not 0 < first <= second <= len(self._levels[0]):
            raise ValueError("no such sizes")
        return tuple(self._subproof(first, 0, second, whole=True)) if first < second else ()

    def _subproof(self, first: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if first == end - start:
            return [] if whole else [self._range(start, end)]
        cut = _split(end - start)
        if first <= cut:
            return [*self._subproof(first, start, start + cut, whole=whole), self._range(start + cut, end)]
        return [*self._subproof(first - cut, start + cut, end, whole=False), self._range(start, start + cut)]

    def _range(self, start: int, end: int) -> bytes:
        """Root over the leaves from ``start``, a multiple of the largest power of two within the range."""
        if end == start:
            return EMPTY
        size = end - start
        if size & (size - 1) == 0:
            return self._levels[size.bit_length() - 1][start // size]
        cut = _split(size)
        return node_hash(self._range(start, start + cut), self._range(start + cut, end))


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        at >>= 1
        last >>= 1
    return last == 0 and found == expected


def consistent(first: int, second: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if first == second:
        return not proof and old == new
    if not 0 < first < second or not proof:
        return False
    steps = list(proof)
    if first & (first - 1) == 0:
        steps.insert(0, old)
    at, last = first - 1, second - 1
    while at & 1:
        at >>= 1
        last >>= 1
    left = right = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            left, right = node_hash(step, left), node_hash(step, right)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            right = node_hash(right, step)
        at >>= 1
        last >>= 1
    return left == old and right == new and last == 0


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)
