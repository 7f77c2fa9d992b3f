"""Strokes of large type are no walls of cells; pieces of a wall are."""

from extractors.readers.grid import Rule
from extractors.readers.ocr import Spot
from extractors.readers.scan_recognise import without_strokes

TITLE = Spot(450, 110, 760, 157, 0.99)


def test_a_stroke_within_a_title_is_left_out():
    assert without_strokes([Rule(536, 120, 148), Rule(90, 188, 1262)], [TITLE]) == [Rule(90, 188, 1262)]


def test_a_wall_that_reaches_beyond_the_words_stays():
    wall = Rule(536, 100, 170)
    assert without_strokes([wall], [TITLE]) == [wall]


def test_a_piece_of_a_longer_wall_stays():
    walls = [Rule(536, 120, 148), Rule(537, 160, 900)]
    assert sorted(without_strokes(walls, [TITLE])) == walls
