"""PDF oddities the golden pages do not show, on lines written by hand or on pages of a few words."""

import io
from typing import Any

import pytest

from extractors.readers import layout, read
from extractors.readers.limits import Limits
from schemas.document import Document
from schemas.vocabulary import Outcome
from tests.golden.readers.make import _canvas


def line(text: str, left: float = 60, top: float = 100, *, size: float = 10) -> layout.Line:
    x0 = [left + size * i for i in range(len(text))]
    return layout.Line(left, left + size * len(text), top, top + size * layout.LOOSE, text, x0, [x + size for x in x0])


def drawn(draw: Any) -> Document:
    out = io.BytesIO()
    canvas = _canvas(out)
    draw(canvas)
    canvas.save()
    return read("a.pdf", out.getvalue())


def cell_text(*lines: layout.Line, width: float) -> str:
    sink = layout.Sink()
    layout._cell_text(sink, list(lines), (54, 0, 54 + width, 100), 1)
    return "".join(sink.out)


def test_a_full_line_in_a_cell_is_joined_to_the_next() -> None:
    assert cell_text(line("科技成果转"), line("化工作", top=115), width=62) == "科技成果转化工作"


def test_a_short_line_in_a_cell_was_ended_on_purpose() -> None:
    assert cell_text(line("联系人"), line("张三", top=115), width=112) == "联系人\v张三"


def test_english_words_keep_their_space() -> None:
    assert cell_text(line("PCR ana"), line("lysis", top=115), width=92) == "PCR ana lysis"


def test_a_number_broken_by_the_wall_is_whole() -> None:
    assert cell_text(line("91530191"), line("MAGF", top=115), width=92) == "91530191MAGF"


@pytest.mark.parametrize("text", ["— 3 —", "3", "- 12 -", "第 3 页", "第3页 共18页", "3/18", "iv"])
def test_page_numbers(text: str) -> None:
    assert layout.PAGE_NUMBER.match(text)


@pytest.mark.parametrize("text", ["2026年", "196.2", "三、", "12345"])
def test_no_page_numbers(text: str) -> None:
    assert not layout.PAGE_NUMBER.match(text)


def test_a_superscript_stays_on_its_line() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 700, "面积837m")
        canvas.setFont("Sample", 7)
        canvas.drawString(60 + canvas.stringWidth("面积837m", "Sample", 12), 705, "2")

    assert drawn(draw).text == "面积837m2\n"


def test_columns_without_lines_are_a_table() -> None:
    def draw(canvas: Any) -> None:
        for row, words in enumerate((("序号", "名称", "金额"), ("1", "甲", "12.5"), ("2", "乙", "3"))):
            for x, word in zip((60, 200, 400), words, strict=True):
                canvas.drawString(x, 700 - 20 * row, word)

    document = drawn(draw)
    assert [document.text[c.start : c.end] for c in document.tables[0].cells] == [
        "序号",
        "名称",
        "金额",
        "1",
        "甲",
        "12.5",
        "2",
        "乙",
        "3",
    ]


def test_two_signatures_side_by_side_are_prose() -> None:
    def draw(canvas: Any) -> None:
        for y in (700, 680, 660):
            canvas.drawString(60, y, "甲方：")
            canvas.drawString(300, y, "乙方：")

    assert drawn(draw).tables == ()


def test_words_typed_on_the_page_are_read_where_they_stand() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 700, "面积：")
        canvas.freeTextAnnotation("837", "/Helv 12 Tf 0 g", Rect=[100, 698, 130, 712])

    document = drawn(draw)
    assert [(m.kind, document.text[m.start : m.end]) for m in document.marks] == [("annotation", "837")]
    assert document.text == "面积：837\n"


def test_a_locked_file_says_so() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(60, 700, "x")
    canvas.save()
    assert read("a.pdf", out.getvalue()).outcome is Outcome.ENCRYPTED


def test_a_page_over_its_limit_is_named_and_the_rest_read() -> None:
    out = io.BytesIO()
    canvas = _canvas(out)
    canvas.drawString(60, 700, "一" * 30)
    canvas.showPage()
    canvas.setFont("Sample", 12)
    canvas.drawString(60, 700, "第二页的字")
    canvas.save()
    document = read("a.pdf", out.getvalue(), Limits(page_characters=20))
    assert (document.outcome, document.text) == (Outcome.PARTIAL, "\f第二页的字\n")
    assert [(w.code, w.page) for w in document.warnings] == [("OVER_LIMIT_PART", 1)]


def test_blank_pages_are_empty() -> None:
    assert drawn(lambda canvas: canvas.showPage()).outcome is Outcome.EMPTY


def test_ranges_of_pages() -> None:
    assert layout._ranges([1, 2, 3, 7]) == "1-3、7"


def _two_cells(canvas: Any) -> None:
    canvas.drawString(66, 706, "面积")
    canvas.drawString(166, 706, "837")
    canvas.drawString(66, 686, "人数")
    canvas.drawString(166, 686, "15")


def _boxes(canvas: Any) -> None:
    for x in (60, 160):
        for y in (700, 680):
            canvas.rect(x, y, 100, 20)


def _slivers(canvas: Any) -> None:
    """Rules as office programs print them: thin filled rectangles."""
    for y in (680, 700, 720):
        canvas.rect(60, y, 200, 0.5, stroke=0, fill=1)
    for x in (60, 160, 260):
        canvas.rect(x, 680, 0.5, 40, stroke=0, fill=1)


def _one_path(canvas: Any) -> None:
    path = canvas.beginPath()
    for y in (680, 700, 720):
        path.moveTo(60, y)
        path.lineTo(260, y)
    for x in (60, 160, 260):
        path.moveTo(x, 680)
        path.lineTo(x, 720)
    canvas.drawPath(path)


def _dashes(canvas: Any) -> None:
    canvas.setDash(2, 2)
    _one_path(canvas)


def _in_a_form(canvas: Any) -> None:
    """The whole table in a form object, moved to its place by a matrix."""
    canvas.beginForm("table")
    canvas.translate(-60, -680)
    _one_path(canvas)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(60, 680)
    canvas.doForm("table")
    canvas.restoreState()


@pytest.mark.parametrize("rules", [_boxes, _slivers, _one_path, _dashes, _in_a_form])
def test_rules_however_drawn_make_the_same_table(rules: Any) -> None:
    def draw(canvas: Any) -> None:
        rules(canvas)
        _two_cells(canvas)

    document = drawn(draw)
    cells = [(c.row, c.col, document.text[c.start : c.end]) for t in document.tables for c in t.cells]
    assert cells == [(0, 0, "面积"), (0, 1, "837"), (1, 0, "人数"), (1, 1, "15")]


def test_a_rotated_page_reads_upright() -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(90)
        canvas.translate(595, 0)
        canvas.rotate(90)
        _one_path(canvas)
        canvas.setFont("Sample", 12)
        _two_cells(canvas)

    document = drawn(draw)
    table = document.tables[0]
    assert [document.text[c.start : c.end] for c in table.cells] == ["面积", "837", "人数", "15"]
    assert document.box(table.cells[1].start, table.cells[1].end) is not None


def test_white_words_on_a_dark_ground_are_seen() -> None:
    def draw(canvas: Any) -> None:
        canvas.rect(60, 696, 200, 20, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(66, 700, "表头")
        canvas.drawString(66, 600, "看不见")

    document = drawn(draw)
    assert [(m.kind, document.text[m.start : m.end]) for m in document.marks] == [("hidden", "看不见")]


def test_words_under_a_picture_make_a_page_that_is_not_readable() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Any) -> None:
        canvas.drawString(60, 700, "这些文字在图像之下，没有人看得见")
        canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, 595, 842)

    document = drawn(draw)
    assert (document.outcome, document.pages[0].readable, document.marks[0].kind) == (Outcome.PARTIAL, False, "hidden")


def test_a_cell_whose_words_touch_the_wall_is_not_cut() -> None:
    def draw(canvas: Any) -> None:
        _one_path(canvas)
        canvas.drawString(66, 706, "面积共计八百三十七平方米整")

    document = drawn(draw)
    assert [document.text[c.start : c.end] for c in document.tables[0].cells][:2] == ["面积共计八百三十七平方米整", ""]


def test_a_numbered_line_after_a_full_sentence_begins_anew() -> None:
    def draw(canvas: Any) -> None:
        for y, words in (
            (700, "一" * 36 + "。"),
            (680, "二、依托单位概况"),
            (660, "三" * 39),
            (640, "四" * 39),
            (620, "五" * 39),
        ):
            canvas.drawString(84 if words[-1] == "。" else 60, y, words)

    document = drawn(draw)
    assert [document.text[b.start : b.end][:3] for b in document.blocks] == ["一一一", "二、依", "三三三"]


def test_words_that_stand_over_a_wall_are_cut_at_the_gap_beside_it() -> None:
    def draw(canvas: Any) -> None:
        _one_path(canvas)
        canvas.drawString(55, 706, "单位资产原值合计（")
        canvas.drawString(164.5, 706, "15358")

    document = drawn(draw)
    assert [document.text[c.start : c.end] for c in document.tables[0].cells][:2] == ["单位资产原值合计（", "15358"]


def test_rows_set_in_columns_within_one_cell_are_not_run_together() -> None:
    columns = line("面积 837 人数 15")
    columns.parted = True
    assert cell_text(columns, line("金额", top=115), width=118) == "面积 837 人数 15\v金额"
