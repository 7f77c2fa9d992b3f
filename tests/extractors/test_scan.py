"""The three steps on drawn pages, worn as copiers and phones wear them."""

import io

import numpy as np
import pytest
from PIL import ImageDraw
from reportlab.pdfgen import canvas

from extractors.readers import images, pdf, scan
from extractors.readers.ocr import Paddle
from fixtures.worn import stamped, worn
from schemas.vocabulary import Format, Outcome
from tests.extractors.scan_pages import blank, form, page, pixels

needs_engine = pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
ROWS = [["单位名称", "某某科技公司"], ["场地面积（平方米）", "1,260.5"], ["设备原值（万元）", "3339.48"], ["团队人数", "11"]]
TEXT = "单位名称\t某某科技公司\n场地面积（平方米）\t1,260.5\n设备原值（万元）\t3339.48\n团队人数\t11\n"


@pytest.fixture(scope="module")
def engine():
    return Paddle()


def read(picture, engine, document=None):
    shown = pixels(picture)
    return scan.assemble(document or blank(), {1: scan.recognise(shown, engine)})


def widths(text):
    return text.replace("(", "（").replace(")", "）")


@needs_engine
@pytest.mark.parametrize(
    "wear",
    [
        {},
        {"skew": 1.7, "noise": 8, "paper": 215, "ink": 60, "shadow": 0.3, "blur": 0.6, "quality": 55},
        {"skew": -2.5, "noise": 4, "paper": 235, "ink": 120, "blur": 0.8, "quality": 70},
    ],
)
def test_a_form_is_read_into_its_cells_however_worn(engine, wear):
    document = read(worn(form(ROWS), **wear), engine)
    assert widths(document.text) == TEXT
    assert [len(t.cells) for t in document.tables] == [8]
    assert not [m for m in document.marks if m.kind == "doubtful" and any(c.isdigit() for c in document.text[m.start : m.end])]


@needs_engine
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_wrong_is_set_upright_and_its_places_lead_back(engine, turn):
    turned = form(ROWS).rotate(-turn, expand=True)
    document = read(turned, engine, blank(wide=turned.width * 0.48, tall=turned.height * 0.48))
    assert widths(document.text) == TEXT
    at = document.text.index("3339.48")
    left, top, right, bottom = (v / 0.48 for v in document.box(at, at + 7)[1])
    there = np.asarray(turned.convert("L"))[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
    whole = (np.asarray(form(ROWS).convert("L"))[310:348, 404:560] < 128).sum()
    assert (there < 128).sum() == pytest.approx(whole, rel=0.05)


@needs_engine
def test_a_number_under_a_seal_is_read_and_doubted(engine):
    picture = stamped(form(ROWS), "昆明样泽生物医药科技公司", (440, 420))
    document = read(worn(picture, noise=4, quality=75), engine)
    assert widths(document.text).replace("\ufffc\n", "") == TEXT
    told = [(document.text[m.start : m.end], m.kind, m.words) for m in document.marks]
    assert ("3339.48", "doubtful", "数字上有印章，须核对原件") in told
    assert "1,260.5" not in [words for words, kind, _ in told if kind == "doubtful"]
    assert [kind for _, kind, _ in told].count("seal") == 1


@needs_engine
def test_lines_of_a_paragraph_are_joined_and_two_pages_on_a_sheet_parted(engine):
    said = "　　甲方将坐落于昆明市高新区科技路八十八号产业园一号楼的房屋出租给乙方使用，租赁面积合计999.5平方米，用途为科研。"
    left = [(150, 200, said[:39]), (150, 244, said[39:])]
    right = [(1390, 200 + 44 * k, "乙方应按约定用途使用房屋，不得擅自转租，并遵守规定。") for k in range(8)]
    document = read(
        page(
            *left,
            *((150, 400 + 60 * k, "第一条租赁房屋的用途和期限由双方约定执行") for k in range(8)),
            (150, 900, "第二条"),
            *right,
            wide=2480,
        ),
        engine,
        blank(wide=1190.4),
    )
    assert "使用，租赁面积合计999.5平方米" in document.text
    assert document.text.index("第二条") < document.text.index("乙方应按")
    assert [w.message for w in document.warnings] == ["第1页：一张图上有两页，已分开读取。"]


@needs_engine
def test_a_photograph_goes_the_same_way(engine):
    buffer = io.BytesIO()
    form(ROWS).save(buffer, "JPEG", quality=80)
    given = images.read(buffer.getvalue())
    shown = scan.render(buffer.getvalue(), 1, file_format=given.format)
    document = scan.assemble(given, {1: scan.recognise(shown, engine)})
    assert (document.outcome, widths(document.text)) == (Outcome.OK, TEXT)
    at = document.text.index("1,260.5")
    assert document.box(at, at + 7)[1] == pytest.approx((404, 263, 490, 295), abs=12)


@needs_engine
def test_a_blank_page_is_empty_and_a_picture_without_words_is_said_to_be(engine):
    document = read(page(), engine)
    assert (document.text, document.pages[0].readable, document.outcome) == ("", True, Outcome.EMPTY)
    picture = page()
    ImageDraw.Draw(picture).ellipse((300, 300, 900, 900), fill=(40, 90, 160))
    assert read(picture, engine).outcome == Outcome.OK_WARN


def scanned_pdf(*, rotate=0):
    buffer, shown = io.BytesIO(), io.BytesIO()
    form(ROWS).save(shown, "PNG")
    drawing = canvas.Canvas(buffer, pagesize=(595.2, 841.92), pageCompression=0)
    from reportlab.lib.utils import ImageReader

    drawing.drawImage(ImageReader(shown), 0, 0, 595.2, 841.92)
    drawing.showPage()
    drawing.save()
    return buffer.getvalue().replace(b"/Rotate 0", b"/Rotate %d" % rotate)


def test_a_scanned_page_is_drawn_at_its_own_resolution_as_displayed():
    document = pdf.read(scanned_pdf())
    assert scan.needs(document) == (1,)
    shown = scan.render(scanned_pdf(), 1, file_format=Format.PDF)
    assert (abs(shown.width - 1240) <= 1, abs(shown.height - 1754) <= 1, len(shown.data)) == (
        True,
        True,
        shown.width * shown.height * 3,
    )
    turned = scan.render(scanned_pdf(rotate=90), 1, file_format=Format.PDF)
    assert (turned.width, turned.height) == (shown.height, shown.width)


def test_the_same_page_has_the_same_digest():
    assert (
        scan.render(scanned_pdf(), 1, file_format=Format.PDF).digest
        == scan.render(scanned_pdf(), 1, file_format=Format.PDF).digest
    )
