"""Numbers set as an editor sets them, and fonts that differ because they do everywhere."""

import io
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import fixtures
from extractors.readers import read

FONT = "ChushenSampleSans"
ROWS = [(f"第{k}项设备原值", f"{120 + k}.{k}5") for k in range(1, 13)]


def made(*more, rows=ROWS, digits=FONT, first=()) -> list[tuple[str, str]]:
    """Twelve rows of words and numbers, then ``more``: words, place, font and size of what was drawn last (``first``: before all)."""
    pdfmetrics.registerFont(TTFont(FONT, str(Path(fixtures.__file__).parent / "fonts" / f"{FONT}.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))

    def draw(words, x, y, font=FONT, size=12):
        canvas.setFont(font, size)
        canvas.drawString(x, y, words)

    for one in first:
        draw(*one)
    for k, (words, number) in enumerate(rows):
        draw(words, 72, 700 - 30 * k)
        draw(number, 300, 700 - 30 * k, digits)
    for one in more:
        draw(*one)
    canvas.save()
    return [(e.kind, e.after) for e in read("a.pdf", out.getvalue()).edits]


def test_one_number_in_a_font_the_file_does_not_hold_is_told() -> None:
    rows = [*ROWS[:3], (ROWS[3][0], ""), *ROWS[4:]]
    assert made(("198.72", 300, 610, "Helvetica-Bold"), rows=rows) == [("reset", "198.72")]


@pytest.mark.parametrize(
    "more",
    [
        (),
        (("1/16", 290, 30, "Helvetica", 9),),
        (("No. 20260315", 400, 815, "Helvetica", 9),),
        (("合计 1550.25", 72, 320),),
        tuple((f"{k}88.5", 400, 700 - 30 * k, "Helvetica") for k in range(6)),
        (("198.72", 400, 610, "Helvetica"), ("Zhang San", 400, 640, "Helvetica")),
        (("m2", 360, 700, "Helvetica", 7),),
    ],
    ids=["nothing more", "page number", "file number", "a total", "a filled form", "fields with words", "a unit"],
)
def test_numbers_set_like_the_rest_and_stamps_are_not(more) -> None:
    assert made(*more) == []


def test_a_number_with_a_font_to_itself_is_told_as_that() -> None:
    rows = [*ROWS, *((f"第{k}项", f"{300 + k}.5") for k in range(10))]
    assert made(rows=rows, digits="Times-Roman", first=(("场地面积", 72, 740), ("937.5", 300, 740, "Courier"))) == [
        ("font", "937.5")
    ]


def test_digits_in_a_latin_font_everywhere_are_ordinary() -> None:
    assert made(digits="Times-Roman") == []


def test_a_year_alone_on_its_line_is_ordinary() -> None:
    assert made(first=(("2026", 72, 740, "Helvetica-Bold", 16),)) == []
