import cv2
import numpy as np
import pytest

from extractors.readers import scan_picture as picture
from extractors.readers.grid import Rule
from extractors.readers.ocr import Spot
from fixtures.worn import worn
from tests.extractors.scan_pages import form, page

ROWS = [["场地面积", "999.5"], ["设备原值", "3339.48"], ["团队人数", "11"]]


def grey(drawn):
    return np.asarray(drawn.convert("L"), np.uint8)


def prose(**how):
    return page(*((150, 200 + 44 * k, "甲方将坐落于昆明市的房屋出租给乙方使用面积合计平方米") for k in range(24)), **how)


@pytest.mark.parametrize("angle", [-3.0, -0.6, 0.0, 0.4, 2.2])
def test_skew_is_measured_to_a_tenth_of_a_degree(angle):
    assert picture.skew_of(grey(worn(prose(), skew=angle))) == pytest.approx(angle, abs=0.1)


def test_a_page_with_a_few_words_is_left_as_it_lies():
    assert picture.skew_of(grey(page((500, 800, "附件")))) == 0.0


def test_grey_paper_in_shadow_becomes_white_and_faint_ink_dark():
    flat = picture.flatten(grey(worn(prose(), paper=190, ink=110, shadow=0.4)))
    written = grey(prose()) < 60
    assert np.median(flat[~written]) > 245
    assert np.median(flat[written]) < 90


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_places_lead_back_from_a_turned_and_straightened_picture(turn):
    given = grey(worn(prose(), skew=1.5))
    upright = picture.straight(picture.turned(given, turn))
    x, y = 0.3 * upright.grey.shape[1], 0.4 * upright.grey.shape[0]
    a, b, _ = upright.back @ [x, y, 1]
    here, there = (
        upright.grey[int(y) - 20 : int(y) + 20, int(x) - 20 : int(x) + 20],
        given[int(b) - 20 : int(b) + 20, int(a) - 20 : int(a) + 20],
    )
    assert here.mean() == pytest.approx(there.mean(), abs=14)
    assert upright.turn == turn


def test_ruling_lines_are_found_and_strokes_of_characters_are_not():
    across, down, _ = picture.ruling(grey(form(ROWS)), 1.0)
    assert sorted(round(r.at) for r in across) == pytest.approx([200, 252, 304, 356], abs=2)
    assert sorted(round(r.at) for r in down) == pytest.approx([150, 390, 630], abs=2)


def test_a_worn_line_is_mended_and_a_merged_cell_is_not():
    drawn = grey(form(ROWS)).copy()
    drawn[246:258, 260:280] = 255
    drawn[298:310, 152:388] = 255
    across, down, _ = picture.ruling(drawn, 1.0)
    (grid,) = picture.tables(across, down, 1.0, 24.0)
    assert [(c.row, c.col, c.rows, c.cols) for c in grid.cells if c.rows > 1] == [(1, 0, 2, 1)]


def test_walls_draw_the_same_grid_again():
    across, down, _ = picture.ruling(grey(form(ROWS)), 1.0)
    drawn = picture.tables(across, down, 1.0, 24.0)
    again = picture.tables(*picture.walls(drawn), 1.0, 24.0)
    assert [[c[:4] for c in g.cells] for g in again] == [[c[:4] for c in g.cells] for g in drawn]
    assert len(drawn[0].cells) == 6


def test_a_square_code_is_no_table():
    code = page()
    rng = np.random.default_rng(1)
    levels = grey(code).copy()
    levels[300:420, 300:420] = np.kron(rng.integers(0, 2, (12, 12)), np.ones((10, 10))) * 255
    across, down, _ = picture.ruling(levels, 1.0)
    assert picture.tables(across, down, 1.0, 24.0) == []


def spots(left, count=10, wide=900):
    return [Spot(left, 200 + 60 * k, left + wide, 230 + 60 * k, 0.9) for k in range(count)]


def test_two_pages_on_one_sheet_are_parted_at_the_gutter():
    sheet = np.full((1754, 2480), 255, np.uint8)
    assert picture.gutter(sheet, spots(150) + spots(1400), []) == pytest.approx(1225, abs=3)
    assert picture.gutter(sheet, spots(150) + spots(1400), [Rule(500.0, 100.0, 2300.0)]) is None
    assert picture.gutter(sheet, spots(150) + spots(1400, wide=120), []) is None
    assert picture.gutter(np.full((2480, 1754), 255, np.uint8), spots(50, wide=600) + spots(1000, wide=600), []) is None


def test_lines_on_end_lie_on_their_side():
    assert picture.sideways([Spot(10, 10, 40, 400, 0.9), Spot(60, 10, 90, 300, 0.9), Spot(100, 100, 130, 132, 0.9)])
    assert not picture.sideways([Spot(10, 10, 400, 40, 0.9), Spot(60, 100, 90, 200, 0.9)])


def test_the_edges_of_the_sheet_are_no_table():
    across, down = [Rule(20.0, 10.0, 1230.0), Rule(1730.0, 10.0, 1230.0)], [Rule(x, 20.0, 1730.0) for x in (12.0, 60.0, 1228.0)]
    assert picture.tables(across, down, 1.0, 24.0, 1240.0 * 1754) == []
    assert len(picture.tables(across, down, 1.0, 24.0)) == 1


def test_perspective_is_taken_out_and_places_lead_back():
    given = grey(form(ROWS * 8))
    corners = np.array([(0, 0), (1240, 0), (1240, 1754), (0, 1754)], np.float32)
    seen = np.array([(40, 0), (1210, 30), (1240, 1754), (0, 1720)], np.float32)
    forth = cv2.getPerspectiveTransform(corners, seen)
    askew = np.asarray(cv2.warpPerspective(given, forth, (1240, 1754), borderValue=(255,)), np.uint8)
    upright = picture.squared(picture.turned(askew, 0))
    across, down, _ = picture.ruling(upright.grey, 1.0)
    (grid,) = picture.tables(across, down, 1.0, 24.0)
    assert len(grid.cells) == 48
    x, y, depth = upright.back @ [grid.xs[1], grid.ys[1], 1]
    there = forth @ [390, 252, 1]
    assert (x / depth, y / depth) == pytest.approx((there[0] / there[2], there[1] / there[2]), abs=5)


def test_a_sheet_without_perspective_stays_as_it_is():
    upright = picture.turned(grey(form(ROWS * 8)), 0)
    assert picture.squared(upright) is upright
