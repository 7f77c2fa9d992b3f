"""Ruling lines → cells, from lines written by hand."""

from extractors.readers.grid import Rule, grids, straighten


def lines(ats: list[float], low: float, high: float) -> list[Rule]:
    return [Rule(at, low, high) for at in ats]


def test_two_by_two() -> None:
    (grid,) = grids(lines([0, 20, 40], 0, 100), lines([0, 50, 100], 0, 40))
    assert [(c.row, c.col, c.rows, c.cols) for c in grid.cells] == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert grid.cell_at(75, 30) == 3


def test_a_missing_wall_merges_across() -> None:
    (grid,) = grids(lines([0, 20, 40], 0, 100), [*lines([0, 100], 0, 40), Rule(50, 20, 40)])
    assert [(c.row, c.col, c.rows, c.cols) for c in grid.cells] == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_missing_floor_merges_down() -> None:
    (grid,) = grids([*lines([0, 40], 0, 100), Rule(20, 50, 100)], lines([0, 50, 100], 0, 40))
    assert [(c.row, c.col, c.rows, c.cols) for c in grid.cells] == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]


def test_open_sides_are_closed() -> None:
    (grid,) = grids(lines([0, 20, 40], 0, 100), lines([50], 0, 40))
    assert grid.xs == (0, 50, 100)


def test_a_frame_and_an_underline_are_no_tables() -> None:
    assert grids(lines([0, 500], 0, 300), lines([0, 300], 0, 500)) == []
    assert grids([Rule(100, 50, 120)], []) == []


def test_tables_apart_stay_apart() -> None:
    across = lines([0, 20, 40], 0, 100) + lines([200, 220, 240], 0, 100)
    down = lines([0, 50, 100], 0, 40) + lines([0, 30, 100], 200, 240)
    assert [g.xs for g in grids(across, down)] == [(0, 50, 100), (0, 30, 100)]


def test_pieces_of_one_line_are_joined() -> None:
    assert straighten([Rule(10, 0, 50), Rule(10.4, 51, 90), Rule(30, 0, 5)], slack=2, join=3) == [
        Rule(10.2, 0, 90),
        Rule(30, 0, 5),
    ]


def test_a_double_line_is_one_edge() -> None:
    (grid,) = grids(lines([0, 1.5, 20, 40], 0, 100), lines([0, 50, 100], 0, 40))
    assert len(grid.ys) == 3
