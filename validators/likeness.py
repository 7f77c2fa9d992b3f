"""Long passages two packages share: found by MinHash and bands, then verified character by character.

A copied paragraph is a small part of two long plans, so documents are not compared as wholes: windows of some sentences are, one beginning at every
sentence, and a copy of two or three sentences holds at least one window whole. Windows alike in three shingles of five share a band
almost surely. What is said afterwards never rests on an estimate: the passages are aligned, and only equal characters count.

The estimate is datasketch's affine MinHash in a few lines of numpy; a test holds the two side by side. Importing datasketch brings in scipy, over a
second in every worker, and its LSH keeps some kilobytes a package in dictionaries (docs/adr/0018).
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.signature import SignedText

Keys: TypeAlias = NDArray[np.uint64]

GRAM: Final = 5
BANDS, ROWS = 8, 4
#: Letters and figures a window has at least, and windows a package has at most: beyond that, those whose first sentence's hash is even, and so on.
WINDOW, WINDOWS = 56, 240
#: Equal characters in a row that count as a piece, and the gap a passage may have (a name put in place of another).
SEED, GAP = 12, 16
#: A passage that is told, and what two packages must share before anything is.
PASSAGE, LONG, TOTAL = 40, 80, 100

_SENTENCE: Final = re.compile(r"[^。！？!?；;\n\v]*[。！？!?；;\n\v]?")
_LETTER: Final = re.compile(r"[^\W_]")


class Sentence(NamedTuple):
    """A sentence as compared (letters and figures, small) and where each of its characters stood."""

    plain: str
    at: tuple[int, ...]

    @property
    def key(self) -> int:
        """What it is counted by; the lowest four bits say that it is a sentence's (``joining.Kind``)."""
        return _hash(self.plain) | 15


class Passage(NamedTuple):
    """The same words in two packages: which of their texts, the spans there, and how many characters are equal."""

    here: int
    here_span: tuple[int, int]
    there: int
    there_span: tuple[int, int]
    equal: int


def sentences(text: SignedText) -> Iterator[Sentence]:
    """The sentences of the applicant's own in a text."""
    for start, end in text.own:
        for match in _SENTENCE.finditer(text.words, start, end):
            found = [(m[0].lower(), m.start()) for m in _LETTER.finditer(text.words, *match.span())]
            if found:
                yield Sentence("".join(c for c, _ in found), tuple(at for _, at in found))


def bands(texts: Sequence[SignedText]) -> Keys:
    """What the windows of a package's texts are looked up by."""
    told = [one for text in texts for one in sentences(text)]
    whole = "".join(one.plain for one in told)
    if len(whole) < WINDOW:
        return np.empty(0, np.uint64)
    spans = list(_windows(told))
    hashed = _permuted(whole)
    least = np.stack([hashed[start : max(start + 1, end - GRAM + 1)].min(axis=0) for start, end in spans])
    return np.unique(_banded(least))


def shared(here: Sequence[SignedText], there: Sequence[SignedText], common: Collection[int] = frozenset()) -> tuple[Passage, ...]:
    """The passages two packages share, the longest first. Sentences whose key is in ``common`` are everybody's and count for nothing."""
    ours, theirs = [_stream(text, common) for text in here], [_stream(text, common) for text in there]
    index: dict[str, list[tuple[int, int]]] = {}
    for number, (plain, _) in enumerate(ours):
        for at in range(len(plain) - SEED + 1):
            known = index.setdefault(plain[at : at + SEED], [])
            if len(known) < 4:
                known.append((number, at))
    found: list[Passage] = []
    for number, (plain, _) in enumerate(theirs):
        for line in _chained(_runs(plain, ours, index)):
            equal = sum(run.length for run in line)
            if equal >= PASSAGE:
                first, last = line[0], line[-1]
                found.append(
                    Passage(
                        first.text, _span(ours[first.text][1], first.at, last.at + last.length),
                        number, _span(theirs[number][1], first.there, last.there + last.length), equal,
                    )
                )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.equal, one.here, one.here_span)))


def enough(passages: Sequence[Passage]) -> bool:
    """Whether what two packages share is told at all: one long passage, and more than a sentence in all."""
    return bool(passages) and passages[0].equal >= LONG and sum(one.equal for one in passages) >= TOTAL


class _Run(NamedTuple):
    """Equal characters: from ``at`` in our text ``text`` and from ``there`` in theirs."""

    text: int
    at: int
    there: int
    length: int


def _runs(plain: str, ours: Sequence[tuple[str, Sequence[int]]], index: dict[str, list[tuple[int, int]]]) -> Iterator[_Run]:
    at = 0
    while at <= len(plain) - SEED:
        seeds = index.get(plain[at : at + SEED])
        if not seeds:
            at += 1
            continue
        runs = [_Run(text, start, at, _length(ours[text][0], start, plain, at)) for text, start in seeds]
        best = max(runs, key=lambda run: run.length)
        yield best
        at += best.length


def _length(ours: str, at: int, theirs: str, there: int) -> int:
    most = min(len(ours) - at, len(theirs) - there)
    length = SEED
    while length < most and ours[at + length] == theirs[there + length]:
        length += 1
    return length


def _chained(runs: Iterator[_Run]) -> Iterator[list[_Run]]:
    """Runs that follow one another in both texts with small gaps are one passage."""
    line: list[_Run] = []
    for run in runs:
        last = line[-1] if line else None
        if last and (
            run.text != last.text
            or not 0 <= run.at - (last.at + last.length) <= GAP
            or not 0 <= run.there - (last.there + last.length) <= GAP
        ):
            yield line
            line = []
        line.append(run)
    if line:
        yield line


def _stream(text: SignedText, common: Collection[int]) -> tuple[str, list[int]]:
    kept = [one for one in sentences(text) if not common or one.key not in common]
    return "".join(one.plain for one in kept), [at for one in kept for at in one.at]


def _span(at: Sequence[int], start: int, end: int) -> tuple[int, int]:
    return at[start], at[end - 1] + 1


def _windows(told: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    starts = np.cumsum([0, *(len(one.plain) for one in told)])
    thin = 0
    while len(told) >> thin > WINDOWS:
        thin += 1
    for number, one in enumerate(told):
        enough_at = int(np.searchsorted(starts, starts[number] + WINDOW))
        if enough_at < len(starts) and not (thin and one.key >> 8 & ((1 << thin) - 1)):
            yield int(starts[number]), int(starts[enough_at])


def _hash(plain: str) -> int:
    return int.from_bytes(hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).digest(), "little")


_SEEDED: Final = np.random.RandomState(20250919)
_FACTORS: Final[Keys] = _SEEDED.randint(0, 1 << 62, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS: Final[Keys] = _SEEDED.randint(0, 1 << 62, BANDS * ROWS, dtype=np.uint64)


def _mixed(values: Keys) -> Keys:
    """The finish of splitmix64: neighbours end far apart."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _shingles(plain: str) -> Keys:
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    width = max(1, len(codes) - GRAM + 1)
    hashed = np.zeros(width, np.uint64)
    for step in range(min(GRAM, len(codes))):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + codes[step : step + width]
    return _mixed(hashed)


def _permuted(plain: str) -> Keys:
    """Every shingle under every permutation, the upper half of the product: the lower bits of an affine map are no permutation of much."""
    permuted: Keys = (_shingles(plain)[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)
    return permuted


def _banded(least: Keys) -> Keys:
    """Rows of minima → one number a band, the band's own number mixed in."""
    grouped = least.reshape(len(least), BANDS, ROWS)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), grouped.shape[:2]).copy()
    for row in range(ROWS):
        keys = _mixed(keys * np.uint64(0x9E3779B97F4A7C15) + grouped[:, :, row])
    return keys.ravel()
