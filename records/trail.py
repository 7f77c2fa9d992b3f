"""The trail: entries as canonical bytes, each holding the hash of the one before. Decided from bytes; nothing here reads or writes a disk.

An entry's hash is its leaf hash in the Merkle tree (RFC 9162), so one hash serves the chain and the tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from records import canonical
from records.merkle import Frontier, leaf_hash
from schemas.trail import ClockMoved, Event

ZEROS = "0" * 64
VERSION, ALGORITHM = 1, "sha256"
#: A clock that moves by more than this against the one that only runs on gets an entry of its own.
JUMP = timedelta(seconds=2)


@dataclass
class Head:
    """Where a trail ends: what the next entry is chained to."""

    frontier: Frontier = field(default_factory=Frontier)
    hash: bytes = bytes(32)
    at: str = ""

    @property
    def size(self) -> int:
        return self.frontier.size


@dataclass(frozen=True)
class Sealed:
    """One entry as it is kept."""

    seq: int
    hash: bytes
    body: bytes


@dataclass(frozen=True)
class Moment:
    """One reading of the clock: the wall's, and by how much it has jumped since the last reading in this process."""

    wall: datetime
    jump: timedelta = timedelta()


def seal(head: Head, events: Sequence[Event], actor: str, moment: Moment) -> list[Sealed]:
    """The events as the next entries; ``head`` moves on. A clock that jumped, or lies behind the last entry, is an entry before them."""
    now = stamp(moment.wall)
    last = moment_of(head.at) if head.at else moment.wall
    behind = last - moment.wall
    moved: list[Event] = []
    if abs(moment.jump) > JUMP:
        moved = [ClockMoved(observed=now, seconds=round(moment.jump.total_seconds()))]
    elif behind > JUMP:
        moved = [ClockMoved(observed=now, seconds=-round(behind.total_seconds()))]
    at = max(now, head.at)
    return [_seal(head, event, actor, at) for event in (*moved, *events)]


def stamp(moment: datetime) -> str:
    """UTC to the microsecond, of fixed width: texts compare as times do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(at: str) -> datetime:
    return datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _seal(head: Head, event: Event, actor: str, at: str) -> Sealed:
    told = event.model_dump(mode="json", exclude_defaults=True) | {"kind": event.kind}
    seq = head.size + 1
    prev = head.hash.hex()
    entry = {"v": VERSION, "alg": ALGORITHM, "seq": seq, "prev": prev, "at": at, "actor": actor, "event": told}
    body = canonical.dumps(entry)
    head.hash, head.at = leaf_hash(body), at
    head.frontier.add(head.hash)
    return Sealed(seq, head.hash, body)


class EntryError(ValueError):
    """What is wrong with one entry, in Chinese."""


def opened(body: bytes, *, exact: bool = True) -> dict[str, Any]:
    """The entry's value, unknown fields and all. Raises ``EntryError`` unless it is one as ``seal`` writes it.

    Without ``exact`` other spellings of the same value pass: where a hash that is checked covers the very bytes, that costs a third less.
    """
    try:
        entry = canonical.loads(body) if exact else canonical.parsed(body)
    except canonical.CanonicalError as error:
        raise EntryError("内容不是本系统写下的格式") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), dict):
        raise EntryError("内容不是一条记录")
    if entry.get("v") != VERSION or entry.get("alg") != ALGORITHM:
        raise EntryError(f"不认识的格式或算法（{entry.get('v')!r}，{entry.get('alg')!r}）")
    if not (isinstance(entry.get("seq"), int) and isinstance(entry.get("prev"), str) and isinstance(entry.get("at"), str)):
        raise EntryError("缺少序号、前一条摘要或时间")
    return entry


@dataclass
class Walk:
    """Reads a trail from its first entry on and says of each what does not fit. Goes on after a fault from the hash the trail itself claims."""

    head: Head = field(default_factory=Head)
    #: by the entries' own bytes, whatever hashes stand beside them
    claimed: bytes = bytes(32)

    def step(self, seq: int, hash_: bytes, body: bytes) -> tuple[dict[str, Any] | None, list[str]]:
        """The entry, where it could be read, and what is wrong with it or with its place."""
        faults: list[str] = []
        found = leaf_hash(body)
        if found != hash_:
            faults.append("内容与其摘要不符")
        if seq != self.head.size + 1:
            faults.append(f"序号应为 {self.head.size + 1}，实为 {seq}：其间的记录缺失、重复或次序被改")
        entry: dict[str, Any] | None = None
        try:
            entry = opened(body, exact=found != hash_)
            if entry["seq"] != seq:
                faults.append(f"内容写明的序号 {entry['seq']} 与所在位置 {seq} 不符")
            if entry["prev"] not in (self.head.hash.hex(), self.claimed.hex()):
                faults.append("写明的前一条摘要与前一条记录不符")
            if entry["at"] < self.head.at:
                faults.append("时间早于前一条记录")
            self.head.at = entry["at"]
        except EntryError as error:
            faults.append(str(error))
        self.head.hash, self.claimed = found, hash_
        self.head.frontier.add(found)
        return entry, faults
