"""Labels written one character above the other, and sheets full of them."""

import numpy as np
import pytest
from PIL import ImageDraw

from extractors.readers import scan_stacked
from extractors.readers.grid import regular
from extractors.readers.ocr import Glyphs, Paddle
from tests.extractors.scan_pages import form, page
from tests.extractors.test_scan import read

needs_engine = pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
LABELS = ("顾问中的技术经理人", "固定场地（二）面积", "服务收入2025年")


def stacked(labels, values):
    """A table with its labels written downwards and the values below them."""
    picture, wide, high = page((150, 120, "三、服务队伍与顾问"), (150, 160, "近三年没有重大违法和失信行为。")), 300, 420
    draw = ImageDraw.Draw(picture)
    for k in range(len(labels) + 1):
        draw.line((150 + k * wide, 200, 150 + k * wide, 252 + high), fill="black", width=2)
    for y in (200, 200 + high, 252 + high):
        draw.line((150, y, 150 + wide * len(labels), y), fill="black", width=2)
    for k, (label, value) in enumerate(zip(labels, values, strict=True)):
        narrow = page(
            *[(280 + k * wide, 220 + 34 * n, char) for n, char in enumerate(label)], (270 + k * wide, 213 + high, value)
        )
        picture.paste(0, mask=narrow.convert("L").point(lambda v: 255 - v))
    return picture


@needs_engine
def test_stacked_labels_are_read_whole_on_a_sheet_that_stands_upright():
    document = read(stacked(LABELS, ("3人", "1260.5", "88.4")), Paddle())
    text = document.text.replace("\v", "").replace("(", "（").replace(")", "）")
    assert text == "三、服务队伍与顾问\n近三年没有重大违法和失信行为。\n" + "\t".join(LABELS) + "\n3人\t1260.5\t88.4\n"
    at = document.text.index("技")
    left, top, right, bottom = (v / 0.48 for v in document.box(at, at + 1)[1])
    assert (left, top) == pytest.approx((280, 220 + 34 * 4), abs=8)
    assert max(right - left, bottom - top) < 50


def ink(picture):
    return (np.asarray(picture.convert("L")) < 128).astype(np.uint8)


def test_two_strokes_are_one_character_and_a_cell_of_lines_is_no_stack():
    grid = regular((150, 390), (200, 500))
    down = page(*[(200, 220 + 34 * k, char) for k, char in enumerate("二三言")])
    assert len(scan_stacked._stacked(ink(down), grid.cells[0].box)) == 3
    assert scan_stacked._stacked(ink(page((200, 220, "固定场地"), (200, 260, "面积"))), grid.cells[0].box) == []
    assert scan_stacked._stacked(ink(page((200, 220, "面"), (200, 260, "积"))), grid.cells[0].box) == []
    assert scan_stacked._stacked(ink(form([["7"]])), (150, 200, 390, 252)) == []


def test_each_place_gets_what_was_read_of_it():
    picture = page(*[(200, 220 + 34 * k, char) for k, char in enumerate("面积数")])
    places = scan_stacked._stacked(ink(picture), (150, 200, 390, 500))
    stack = scan_stacked._laid_flat(np.asarray(picture.convert("L")), places)
    told = scan_stacked.given_back(stack, Glyphs("面数", (stack.centres[0] + 2, stack.centres[2]), (0.9, 0.8)))
    assert [(glyphs.text, glyphs.confidence) for glyphs in told] == [("面", (0.9,)), ("", ()), ("数", (0.8,))]
