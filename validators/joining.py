"""Which packages have something in common: every exact value and every band of text is a 64 bit number, and equal numbers are brought together by sorting.

Sorting two columns (number, package) costs a little more than linearly and twelve bytes a number, where a dictionary of sets costs a hundred. The
numbers only propose pairs; whether two packages share anything is decided by comparing what stands in their signatures.
"""

import hashlib
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.signature import Number, Signature, SignedNumber, SignedPerson, SignedWriter
from validators import likeness
from validators.likeness import Keys

Rows: TypeAlias = NDArray[np.uint32]


class Kind(IntEnum):
    """What a number stands for: its lowest four bits."""

    NAME = 0
    ID_NUMBER = 1
    PERSONS_PHONE = 2
    BORN = 3
    CERTIFICATE = 4
    SERIAL = 5
    INVOICE = 6
    ROOM = 7
    CONTRACT = 8
    PHONE = 9
    ACCOUNT = 10
    WRITER = 11
    TEXT = 12
    PICTURE = 13
    LOOK = 14
    SENTENCE = 15


#: Held by many, these say nothing of any two: an office's telephone, the form's author, a logo, the form's words.
COMMON: Final = frozenset({Kind.NAME, Kind.PHONE, Kind.WRITER, Kind.TEXT, Kind.PICTURE, Kind.LOOK})
#: Those of them that a comparison has to know of, since two packages may meet over something else.
UNTOLD: Final = frozenset({Kind.SENTENCE, Kind.PHONE, Kind.WRITER, Kind.PICTURE})
#: Too weak to go through thousands of packages for.
ONLY_IN_A_BATCH: Final = frozenset({Kind.NAME})
#: So many packages that hold one value are compared each with each; beyond, each with the next few.
EACH, NEXT = 16, 3
#: A scanned page looks like any other, so only its bytes are compared.
PHOTO: Final = "photo"
#: Hexadecimal digits of a perceptual hash that are looked up together.
BAND: Final = 6
_NUMBERS: Final = {
    Number.CONTRACT: Kind.CONTRACT, Number.INVOICE: Kind.INVOICE, Number.PHONE: Kind.PHONE, Number.ACCOUNT: Kind.ACCOUNT,
}  # fmt: skip


class Joined(NamedTuple):
    """``pairs`` are rows (smaller, larger), each once and in order; ``common`` the keys of what many packages hold and nobody is told of."""

    pairs: NDArray[np.uint64]
    common: frozenset[int]


def common_from(packages: int) -> int:
    """A value more packages than this hold is everybody's: three in ten, but never fewer than three or more than fifty."""
    return max(3, min(50, packages * 3 // 10))


def number(kind: Kind, *parts: str) -> int:
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") & ~15 | kind


def keys(signature: Signature) -> Keys:
    """What a package is looked up by, each once, in order."""
    told = np.fromiter((one for one in _exact(signature)), np.uint64)
    mask = np.uint64(0xFFFFFFFFFFFFFFF0)
    texts = likeness.bands(signature.texts) & mask | np.uint64(Kind.TEXT)
    lines = [one.key for text in signature.texts for one in likeness.sentences(text) if len(one.plain) >= likeness.SEED]
    return np.unique(np.concatenate((told, texts, np.array(lines, np.uint64))))


def join(numbers: Keys, rows: Rows, *, limit: int, kinds: frozenset[Kind] | None = None) -> Joined:
    """Pairs of rows with a number in common. ``limit``: what more rows hold is common."""
    order = np.argsort(numbers, kind="stable")
    numbers, rows = numbers[order], rows[order]
    starts = np.flatnonzero(np.concatenate((np.ones(min(1, len(numbers)), bool), numbers[1:] != numbers[:-1])))
    sizes = np.diff(np.append(starts, len(numbers)))
    kind = (numbers[starts] & np.uint64(15)).astype(np.uint8)
    spoken_of = np.isin(kind, [int(one) for one in UNTOLD]) & (sizes > limit)
    common = frozenset(numbers[starts[spoken_of]].tolist())
    wanted = np.isin(kind, [int(one) for one in (kinds if kinds is not None else Kind)])
    spoken = np.isin(kind, [int(one) for one in COMMON]) & (sizes > limit)
    kept = (sizes > 1) & wanted & ~spoken & (kind != Kind.SENTENCE)
    twos = starts[kept & (sizes == 2)]
    codes = [_code(rows[twos], rows[twos + 1])]
    many = kept & (sizes > 2)
    codes += [_among(rows[start : start + size]) for start, size in zip(starts[many].tolist(), sizes[many].tolist(), strict=True)]
    return Joined(np.unique(np.concatenate(codes)) if codes else np.empty(0, np.uint64), common)


def pairs(joined: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    for code in joined.tolist():
        yield code >> 32, code & 0xFFFFFFFF


def _code(first: Rows, second: Rows) -> Keys:
    low, high = np.minimum(first, second).astype(np.uint64), np.maximum(first, second).astype(np.uint64)
    return low << np.uint64(32) | high


def _among(rows: Rows) -> Keys:
    size = len(rows)
    steps = range(1, size if size <= EACH else NEXT + 1)
    return np.concatenate([_code(rows[:-step], rows[step:]) for step in steps])


def _exact(signature: Signature) -> Iterator[int]:
    for person in signature.people:
        if counts(person):
            yield from _person(person)
    for thing in signature.things:
        if thing.serial:
            yield number(Kind.SERIAL, thing.serial)
        if thing.invoice:
            yield number(Kind.INVOICE, thing.invoice)
    for room in signature.rooms:
        yield number(Kind.ROOM, room.street, room.building, room.room)
    for one in signature.numbers:
        yield numbered(one)
    for writer in signature.writers:
        yield written_by(writer)
    for picture in signature.pictures:
        yield number(Kind.PICTURE, picture.digest)
        if picture.kind == PHOTO:
            yield from _looks(picture.hash)


def numbered(one: SignedNumber) -> int:
    """An invoice by the number itself, since it may stand in an equipment list elsewhere."""
    return number(_NUMBERS[one.kind], one.shown if one.kind is Number.INVOICE else one.digest)


def written_by(one: SignedWriter) -> int:
    return number(Kind.WRITER, one.words.casefold())


def _person(person: SignedPerson) -> Iterator[int]:
    for kind, value in (
        (Kind.ID_NUMBER, person.id_number),
        (Kind.PERSONS_PHONE, person.phone),
        (Kind.CERTIFICATE, person.certificate),
    ):
        if value:
            yield number(kind, value)
    if person.born:
        yield number(Kind.BORN, person.name, person.born)
    if person.full_time:
        yield number(Kind.NAME, person.name)


def counts(person: SignedPerson) -> bool:
    """Whether somebody may be full-time here: an adviser or part-timer in two places is what advisers are for."""
    return person.full_time is True or (person.full_time is None and not person.adviser)


def _looks(look: str) -> Iterator[int]:
    """Twenty-four bits of the perceptual hash at a time: looks that differ in nine bits or fewer share one, most that differ in twenty do."""
    for at in range(0, len(look) - BAND + 1, BAND):
        yield number(Kind.LOOK, str(at), look[at : at + BAND])
