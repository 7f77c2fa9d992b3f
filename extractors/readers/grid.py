"""Ruling lines → tables with merged cells. Knows nothing of PDF: a scan's detected lines go through here too.

All coordinates run from the top left corner, in any one unit. A table is a group of lines that touch; its rows and columns are the distinct
lines of the group; two neighbouring positions are one cell where the line between them is missing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.document import Box


class Rule(NamedTuple):
    """A straight piece of line: horizontal ones lie ``at`` a y from x ``low`` to ``high``, vertical ones the other way round."""

    at: float
    low: float
    high: float


class GridCell(NamedTuple):
    row: int
    col: int
    rows: int
    cols: int
    box: Box


class Grid(NamedTuple):
    """``xs`` and ``ys`` are the edges of columns and rows, one more than there are of them. ``owner[row][col]`` indexes ``cells``."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    owner: tuple[tuple[int, ...], ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """The index of the cell a point lies in; None outside."""
        if not (self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]):
            return None
        col = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return self.owner[row][col]


def regular(xs: Sequence[float], ys: Sequence[float]) -> Grid:
    """A grid without merged cells, from the edges of its columns and rows."""
    cells = tuple(
        GridCell(i, j, 1, 1, (xs[j], ys[i], xs[j + 1], ys[i + 1])) for i in range(len(ys) - 1) for j in range(len(xs) - 1)
    )
    wide = len(xs) - 1
    owner = tuple(tuple(range(i * wide, (i + 1) * wide)) for i in range(len(ys) - 1))
    return Grid((xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), cells, owner)


def straighten(rules: Iterable[Rule], *, slack: float, join: float) -> list[Rule]:
    """Lines that all but coincide become one; pieces of one line that touch or nearly touch are joined."""
    ordered = sorted(rules)
    lines: list[Rule] = []
    first = 0
    while first < len(ordered):
        last = first
        while last < len(ordered) and ordered[last].at - ordered[first].at <= slack:
            last += 1
        group = ordered[first:last]
        at = sum(r.at for r in group) / len(group)
        pieces = sorted((r.low, r.high) for r in group)
        low, high = pieces[0]
        for start, end in pieces[1:]:
            if start > high + join:
                lines.append(Rule(at, low, high))
                low, high = start, end
            elif end > high:
                high = end
        lines.append(Rule(at, low, high))
        first = last
    return lines


def grids(
    horizontal: Iterable[Rule], vertical: Iterable[Rule], *, slack: float = 2.0, join: float = 3.0, shortest: float = 5.0
) -> list[Grid]:
    """Every table that the lines draw, top to bottom. A lone box around one cell is a frame, not a table."""
    across = [r for r in straighten(horizontal, slack=slack, join=join) if r.high - r.low >= shortest]
    down = [r for r in straighten(vertical, slack=slack, join=join) if r.high - r.low >= shortest]
    found = [grid for rows, cols in _groups(across, down, slack + 1) if (grid := _grid(rows, cols, slack)) is not None]
    return sorted(found, key=lambda g: (g.box[1], g.box[0]))


def _groups(across: Sequence[Rule], down: Sequence[Rule], slack: float) -> Iterable[tuple[list[Rule], list[Rule]]]:
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, row in enumerate(across):
        low, high, at = row.low - slack, row.high + slack, row.at
        for j, col in enumerate(down):
            if low <= col.at <= high and col.low - slack <= at <= col.high + slack:
                parent[root(i)] = root(len(across) + j)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, row in enumerate(across):
        members.setdefault(root(i), ([], []))[0].append(row)
    for j, col in enumerate(down):
        members.setdefault(root(len(across) + j), ([], []))[1].append(col)
    return [(rows, cols) for rows, cols in members.values() if len(rows) >= 2 and cols]


def _edges(values: Iterable[float], slack: float) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > slack + 1:
            edges.append(value)
    return edges


def _grid(rows: list[Rule], cols: list[Rule], slack: float) -> Grid | None:
    left, right = min(r.low for r in rows), max(r.high for r in rows)
    ys = _edges((r.at for r in rows), slack)
    xs = _edges([*(c.at for c in cols), left, right], slack)
    if len(ys) < 2 or len(xs) < 2 or (len(ys) == 2 and len(xs) == 2):
        return None
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    row_mids = [(ys[i] + ys[i + 1]) / 2 for i in range(n_rows)]
    col_mids = [(xs[j] + xs[j + 1]) / 2 for j in range(n_cols)]
    wall = _covered(cols, xs, row_mids, slack)
    floor = _covered(rows, ys, col_mids, slack)
    owner = [[-1] * n_cols for _ in range(n_rows)]
    cells: list[GridCell] = []
    for i in range(n_rows):
        for j in range(n_cols):
            if owner[i][j] >= 0:
                continue
            wide = 1
            while j + wide < n_cols and not wall[j + wide][i] and owner[i][j + wide] < 0:
                wide += 1
            high = 1
            while (
                i + high < n_rows
                and not any(floor[i + high][j + k] for k in range(wide))
                and _open_row(owner, wall, i + high, j, wide)
            ):
                high += 1
            index = len(cells)
            for a in range(i, i + high):
                for b in range(j, j + wide):
                    owner[a][b] = index
            cells.append(GridCell(i, j, high, wide, (xs[j], ys[i], xs[j + wide], ys[i + high])))
    if len(cells) < 2:
        return None
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Grid(box, tuple(xs), tuple(ys), tuple(cells), tuple(tuple(r) for r in owner))


def _open_row(owner: list[list[int]], wall: list[list[bool]], row: int, col: int, wide: int) -> bool:
    """Whether a row's positions belong to the cell above: free, and with no wall between them."""
    return all(owner[row][col + k] < 0 for k in range(wide)) and not any(wall[col + k][row] for k in range(1, wide))


def _covered(rules: list[Rule], edges: list[float], mids: list[float], slack: float) -> list[list[bool]]:
    """For each edge and each band between the crossing edges: whether a line is drawn there."""
    table = [[False] * len(mids) for _ in edges]
    for rule in rules:
        above = bisect_right(edges, rule.at)
        at = above if above < len(edges) and (above == 0 or edges[above] - rule.at < rule.at - edges[above - 1]) else above - 1
        first, last = bisect_left(mids, rule.low - slack), bisect_right(mids, rule.high + slack)
        table[at][first:last] = [True] * (last - first)
    return table
