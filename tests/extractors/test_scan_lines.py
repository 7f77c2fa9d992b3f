import numpy as np
import pytest

from extractors.readers import scan_lines
from extractors.readers.grid import regular
from extractors.readers.ocr import Glyphs, Spot
from extractors.readers.scan_lines import Crop
from extractors.readers.scan_ticks import Tick, ticks, with_ticks
from tests.extractors.scan_pages import form, page

NO_RULES = np.zeros((1754, 1240), np.uint8)


class Recorder:
    """An engine that answers each crop with the next of the given words, and remembers the crops."""

    id = "recorder"

    def __init__(self, *answers):
        self.answers, self.seen = list(answers), []

    def probe(self):
        return ""

    def find(self, grey):
        return []

    def read(self, crops):
        self.seen.append(crops)
        return [self.answers.pop(0) if self.answers else Glyphs("", (), ()) for _ in crops]


def said(text, sure=0.99, step=24.0):
    return Glyphs(text, tuple(step * (k + 0.5) for k in range(len(text))), (sure,) * len(text))


def grey(picture):
    return np.asarray(picture.convert("L"), np.uint8)


def test_a_line_across_a_wall_is_cut_there():
    grid = regular((150, 390, 630), (200, 252))
    pieces = list(scan_lines._cut(Spot(160, 205, 520, 245, 0.9), [grid], 40.0))
    assert [(round(p[0]), round(p[2])) for p in pieces] == [(160, 388), (392, 520)]


def test_a_line_outside_tables_is_whole():
    assert list(scan_lines._cut(Spot(160, 605, 520, 645, 0.9), [regular((150, 390, 630), (200, 252))], 40.0)) == [
        (160, 605, 520, 645)
    ]


def test_ink_in_a_cell_where_no_line_was_found_is_read_too():
    picture, grid = grey(form([["序号", "7"]])), regular((150, 390, 630), (200, 252))
    rules = np.zeros((1754, 1240), np.uint8)
    rules[198:204] = rules[250:256] = 1
    rules[:, 148:154] = rules[:, 388:394] = rules[:, 628:634] = 1
    engine = Recorder(said("序号"), said("7"))
    lines = scan_lines.read_lines(picture, [Spot(160, 205, 220, 245, 0.9)], [grid], rules, engine)
    assert [(line.text, line.xs[0] > 390) for line in lines] == [("序号", False), ("7", True)]


def test_a_weak_figure_is_read_twice_and_agreement_counts():
    engine = Recorder(said("99", 0.7), said("99", 0.95))
    (line,) = scan_lines.read_lines(grey(page((100, 100, "99"))), [Spot(95, 95, 135, 135, 0.9)], [], NO_RULES, engine)
    assert (line.confidence, len(engine.seen)) == ((0.95, 0.95), 2)


def test_two_readings_that_differ_are_both_doubted():
    engine = Recorder(said("98", 0.88), said("99", 0.89))
    (line,) = scan_lines.read_lines(grey(page((100, 100, "99"))), [Spot(95, 95, 135, 135, 0.9)], [], NO_RULES, engine)
    assert (line.text, line.confidence) == ("98", (0.89, 0.85))


def test_a_word_read_otherwise_casts_no_doubt_on_a_figure_read_alike():
    engine = Recorder(said("面积:99", 0.88), said("面积；99", 0.89))
    (line,) = scan_lines.read_lines(grey(page((100, 100, "面积：99"))), [Spot(95, 95, 260, 135, 0.9)], [], NO_RULES, engine)
    assert (line.text, line.confidence) == ("面积:99", (0.89, 0.89, 0.85, 0.89, 0.89))


def test_lines_set_close_are_parted_between_them():
    solid = (grey(page((100, 100, "上面一行"), (100, 128, "下面一行"))) < 128).astype(np.uint8)
    upper, lower = scan_lines._apart(solid, [(95, 95, 200, 138), (95, 115, 200, 160)])
    assert 122 <= upper[3] <= 136
    assert lower[1] == upper[3] + 1


@pytest.mark.parametrize(
    ("text", "doubted"),
    [("5,000.000", True), ("1.234.567", True), ("5,00,000", True), ("5,000,000", False), ("5,000.00", False), ("999.5", False)],
)
def test_a_number_grouped_as_none_is_may_hide_a_comma(text, doubted):
    inner = np.ones((20, 24 * len(text)), np.uint8)
    edges = [x for k in range(len(text)) for x in (24.0 * k, 24.0 * (k + 1))]
    found = [why for _, _, why in scan_lines._points_or_commas(inner, text, edges) if "分节" in why]
    assert bool(found) is doubted


def test_a_point_as_deep_as_a_comma_is_doubted():
    inner = np.zeros((24, 120), np.uint8)
    for k in (0, 1, 3, 4):
        inner[0:18, 24 * k + 4 : 24 * k + 20] = 1
    inner[15:18, 58:62] = 1
    edges = [x for k in range(5) for x in (24.0 * k + 4, 24.0 * k + 20)]
    assert list(scan_lines._points_or_commas(inner, "12.34", edges)) == []
    inner[15:23, 58:62] = 1
    assert list(scan_lines._points_or_commas(inner, "12.34", edges)) == [(0, 5, "逗号、小数点难以区分")]


def test_a_dot_between_figures_that_was_not_read_is_doubted():
    inner = np.zeros((20, 80), np.uint8)
    inner[:, 0:12] = inner[:, 14:26] = inner[:, 38:50] = 1
    edges = [0.0, 12.0, 14.0, 26.0, 38.0, 50.0]
    assert list(scan_lines._lost_points(inner, "125", edges, 28.0)) == []
    inner[17:20, 30:33] = 1
    assert list(scan_lines._lost_points(inner, "125", edges, 28.0)) == [(0, 3, "数字间距异常，疑漏读小数点")]


def test_characters_keep_to_their_own_ink():
    inner = np.zeros((20, 60), np.uint8)
    inner[:, 2:18] = inner[:, 24:30] = inner[:, 40:58] = 1
    assert scan_lines._edges(inner.sum(axis=0, dtype=np.int32), (10, 27, 49), 20) == [2, 18, 24, 30, 40, 58]


def test_the_height_of_a_line_comes_from_its_type_not_its_ink():
    crop = Crop(0, 0, 100, 30, (4, 22))
    assert scan_lines._size(crop, "999") == pytest.approx(18 / 0.74)
    assert scan_lines._size(crop, "面积") == pytest.approx(18 / 0.92)


def test_boxes_are_told_by_their_shape():
    ink = np.zeros((30, 160), np.uint8)
    for x in (5, 55, 105):
        ink[4:26, x : x + 22] = 1
    ink[6:24, 7:25] = ink[6:24, 57:75] = 0
    np.fill_diagonal(ink[8:22, 59:73], 1)
    np.fill_diagonal(ink[8:22, 60:74], 1)
    np.fill_diagonal(ink[8:22, 61:75], 1)
    assert [t.char for t in ticks(ink, 26.0)] == ["□", "☑", "■"]


def test_a_box_the_reader_dropped_is_put_in_and_one_taken_for_a_character_put_right():
    found = ticks(np.pad(np.ones((22, 22), np.uint8), ((4, 4), (60, 60))), 26.0)
    assert with_ticks(Glyphs("是否", (30.0, 110.0), (0.9, 0.9)), found, 26.0).text == "是■否"
    assert with_ticks(Glyphs("是口否", (30.0, 71.0, 110.0), (0.9, 0.5, 0.9)), found, 26.0).text == "是■否"
    assert with_ticks(Glyphs("团否", (71.0, 110.0), (0.99, 0.9)), [Tick(60, 82, "☑")], 26.0).text == "团否"
    assert with_ticks(Glyphs("是中否", (30.0, 71.0, 110.0), (0.9, 0.5, 0.9)), found, 26.0).text == "是中否"


def test_a_lone_one_that_leans_may_be_a_stroke():
    upright, leaning = np.zeros((24, 20), np.uint8), np.zeros((24, 20), np.uint8)
    upright[2:22, 9:12] = 1
    upright[4:8, 6:9] = 1
    for y in range(22):
        leaning[y, 16 - y // 2 : 18 - y // 2] = 1
    assert list(scan_lines._strokes(upright, "1")) == []
    assert [d[:2] for d in scan_lines._strokes(leaning, "1")] == [(0, 1)]


def test_figures_set_wider_than_their_neighbours_may_have_lost_a_point():
    inner = np.ones((20, 90), np.uint8)
    even = [0.0, 8.0, 12.0, 20.0, 24.0, 32.0]
    wide = [2.0, 6.0, 18.0, 26.0, 30.0, 38.0]
    assert list(scan_lines._lost_points(inner[:0], "108", even, 24.0)) == []
    assert [d[:2] for d in scan_lines._lost_points(inner[:0], "108", wide, 24.0)] == [(0, 3)]
    narrow_ones = [0.0, 8.0, 12.0, 20.0, 24.0, 27.0, 30.0, 33.0]
    assert list(scan_lines._lost_points(inner[:0], "2011", narrow_ones, 24.0)) == []


@pytest.mark.parametrize(
    ("text", "spans"), [("2O26年", [(0, 4)]), ("面积l2.5㎡", [(2, 6)]), ("GB-2O0I", []), ("二〇二六年", []), ("1260.5", [])]
)
def test_letters_among_figures_are_doubted_not_put_right(text, spans):
    assert [(a, b) for a, b, _ in scan_lines._letters(text)] == spans
