"""Tables that draw a frame at most: their columns are known only by where words begin, their rows only by what stands beside what.

Without this, a label of two lines beside a value of one is read as three lines of words, and a number ends up beside another's label. Words qualify
when five rows or more begin at the same few places; what begins elsewhere must follow words that do, on its line.
"""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final, NamedTuple, Protocol, TypeVar

from extractors.readers.grid import Grid, GridCell

ALIKE: Final = 1.6
LEAST: Final = 5
#: How far the core of a line reaches above and below its middle, in sizes of type. Lines of one cell do not touch, words side by side do.
CORE: Final = 0.42


class Placed(Protocol):
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float: ...
    @property
    def size(self) -> float: ...


P = TypeVar("P", bound=Placed)


class Start(NamedTuple):
    """Where a column begins. ``at`` is where its words begin, or their common middle."""

    edge: float
    at: float
    centred: bool

    def holds(self, piece: Placed) -> bool:
        if self.centred:
            return abs((piece.left + piece.right) / 2 - self.at) <= ALIKE
        return -ALIKE <= piece.left - self.at <= ALIKE


def columned(pieces: Sequence[P], *, lines: Callable[[list[P]], list[P]]) -> tuple[list[P], list[tuple[Grid, list[list[P]]]]]:
    """The pieces that belong to no such table, and the tables. ``lines`` sets the pieces of a cell in lines."""
    bands = _bands(pieces)
    starts = _starts(bands)
    if len(starts) < 2:
        return list(pieces), []
    homes = _merged(bands, [_homes(band, starts) for band in bands], len(starts))
    rest: list[P] = []
    tables: list[tuple[Grid, list[list[P]]]] = []
    first = 0
    while first < len(bands):
        last = _run(homes, first)
        table = _table(bands[first:last], homes[first:last], starts, lines)
        if table is None:
            rest.extend(bands[first])
            first += 1
        else:
            tables.append(table)
            first = last
    return rest, tables


def _bands(pieces: Sequence[P]) -> list[list[P]]:
    """Rows of pieces that stand beside each other, several lines high where a cell has several lines."""
    bands: list[list[P]] = []
    floor = 0.0
    for piece in sorted(pieces, key=lambda p: p.middle - CORE * p.size):
        if bands and piece.middle - CORE * piece.size < floor:
            bands[-1].append(piece)
        else:
            bands.append([piece])
            floor = 0.0
        floor = max(floor, piece.middle + CORE * piece.size)
    return bands


def _starts(bands: list[list[P]]) -> list[Start]:
    """The places where words begin, or about which they are centred, in five rows or more; from left to right."""
    middles = _alike([((p.left + p.right) / 2, i, p.left) for i, band in enumerate(bands) for p in band])
    lefts = _alike([(p.left, i, (p.left + p.right) / 2) for i, band in enumerate(bands) for p in band])
    starts = []
    for place, edges in lefts:
        # Centred words of one length begin alike, too.
        centred = max(
            (sum(abs(edge - middle) <= ALIKE for edge in edges) for middle, held in middles if len(held) > len(edges)), default=0
        )
        if centred < 0.8 * len(edges):
            starts.append(Start(place, place, centred=False))
    begun = [start.at for start in starts]
    for middle, edges in middles:
        own = [edge for edge in edges if not any(-0.5 <= edge - at <= ALIKE + 0.5 for at in begun)]
        if len(own) >= LEAST:
            starts.append(Start(min(own), middle, centred=True))
    return sorted(starts)


def _alike(places: list[tuple[float, int, float]]) -> list[tuple[float, list[float]]]:
    """Clusters of ``(place, row, other)`` that five rows or more share: the place and the others."""
    places.sort()
    found = []
    first = 0
    while first < len(places):
        last = first
        while last < len(places) and places[last][0] - places[first][0] <= ALIKE:
            last += 1
        if len({row for _, row, _ in places[first:last]}) >= LEAST:
            found.append(((places[first][0] + places[last - 1][0]) / 2, [other for _, _, other in places[first:last]]))
        first = last
    return found


def _homes(band: list[P], starts: list[Start]) -> list[int] | None:
    """The column of each piece of a band; None where one begins in none and follows none on its line."""
    homes: dict[int, int] = {}
    for i, piece in sorted(enumerate(band), key=lambda pair: pair[1].left):
        own = next((k for k, start in enumerate(starts) if start.holds(piece)), None)
        if own is None:
            before = [
                (band[k].left, home)
                for k, home in homes.items()
                if abs(band[k].middle - piece.middle) < 0.3 * piece.size and band[k].right < piece.left + 1
            ]
            own = max(before)[1] if before else None
        if own is None:
            return None
        homes[i] = own
    return [homes[i] for i in range(len(band))]


def _merged(bands: list[list[P]], homes: list[list[int] | None], count: int) -> list[list[int] | None]:
    """Neighbouring columns that never stand side by side on one line are one: a heading's and the centred labels' below it."""
    apart = {
        (min(a, b), max(a, b))
        for band, home in zip(bands, homes, strict=True)
        for (one, a), (other, b) in combinations(zip(band, home or (), strict=False), 2)
        if a != b and abs(one.middle - other.middle) < 0.5 * one.size
    }
    groups: list[list[int]] = []
    for k in range(count):
        if groups and not any((other, k) in apart for other in groups[-1]):
            groups[-1].append(k)
        else:
            groups.append([k])
    first = {k: group[0] for group in groups for k in group}
    return [None if home is None else [first[k] for k in home] for home in homes]


def _run(homes: list[list[int] | None], first: int) -> int:
    """Where the rows that begin at ``first`` stop being rows of one table: after the last that fills two columns."""
    if homes[first] is None or len(set(homes[first] or ())) < 2:
        return first
    last, single = first + 1, 0
    for at in range(first + 1, len(homes)):
        home = homes[at]
        if home is None or single > 2:
            break
        if len(set(home)) >= 2:
            last, single = at + 1, 0
        else:
            single += 1
    return last


def _table(
    bands: list[list[P]], homes: list[list[int] | None], starts: list[Start], lines: Callable[[list[P]], list[P]]
) -> tuple[Grid, list[list[P]]] | None:
    told = [set(home) for home in homes if home is not None]
    used = sorted({k for home in told if len(home) >= 2 for k in home})
    if sum(len(home) >= 2 for home in told) < LEAST or len(used) < 2:
        return None
    right = max(piece.right for band in bands for piece in band)
    xs = [*(starts[k].edge - 2 for k in used), right + 2]
    column = {k: max(0, bisect_right(used, k) - 1) for home in told for k in home}
    tops, bottoms = [min(p.top for p in band) for band in bands], [max(p.bottom for p in band) for band in bands]
    ys = [tops[0], *((a + b) / 2 for a, b in zip(bottoms, tops[1:], strict=False)), bottoms[-1]]
    cells: list[GridCell] = []
    texts: list[list[P]] = []
    owner = [[0] * len(used) for _ in bands]
    tall = False
    for row, (band, home) in enumerate(zip(bands, homes, strict=True)):
        filled = sorted({column[k] for k in home or ()})
        begins = filled if filled and filled[0] == 0 else [0, *filled]
        for col, following in zip(begins, [*begins[1:], len(used)], strict=True):
            own = [piece for piece, k in zip(band, home or (), strict=True) if column[k] == col]
            set_in = lines(own)
            if any(
                b.left < a.right - a.size and abs(b.middle - a.middle) < 0.3 * a.size
                for a, b in itertools.pairwise(own)
                if b.left > a.left
            ):
                return None
            tall = tall or len(set_in) > 1
            owner[row][col:following] = [len(cells)] * (following - col)
            cells.append(GridCell(row, col, 1, following - col, (xs[col], ys[row], xs[following], ys[row + 1])))
            texts.append(set_in)
    if len(used) < 3 and not tall:
        return None  # labels and values, one line each: plain words tell as much
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Grid(box, tuple(xs), tuple(ys), tuple(cells), tuple(tuple(r) for r in owner)), texts
