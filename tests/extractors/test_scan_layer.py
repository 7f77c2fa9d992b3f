import io

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from extractors.readers import pdf, scan
from extractors.readers.ocr import Paddle
from extractors.readers.scan import Seen, agrees
from extractors.readers.scan_layer import layers_differ
from fixtures.to_pdf import FONT
from schemas.vocabulary import Format
from tests.extractors.scan_pages import page


@pytest.mark.parametrize(
    ("quote", "seen", "answer"),
    [
        ("1,200,000元", Seen("1200000元", 0.99, True), True),
        ("1,200,000元", Seen("9,900,000元", 0.99, True), False),
        ("１２０㎡", Seen("120m²", 0.95, True), True),
        ("120", Seen("1120", 0.99, True), False),
        ("12.5", Seen("125", 0.99, True), None),
        ("120", Seen("720", 0.6, True), None),
        ("120", Seen("一二○", 0.99, True), None),
        ("120", Seen("", 0.0, False), False),
        ("某某科技有限公司", Seen("某某科技育限公司", 0.9, True), True),
        ("某某科技有限公司", Seen("另一家单位", 0.99, True), False),
        ("650191***********1", Seen("650191199601193871", 0.99, True), None),
    ],
)
def test_the_layer_agrees_with_the_picture(quote, seen, answer):
    assert agrees(quote, seen) is answer


def test_a_hidden_layer_that_says_other_numbers_differs():
    shown = "场地面积 1260.5 平方米\n设备原值 3339.48 万元\n团队 11 人 2026 年"
    assert not layers_differ(shown.replace("场地", "汤地"), shown)
    assert layers_differ(shown.replace("3339.48", "9339.48"), shown)
    assert not layers_differ("", shown)
    assert layers_differ("本页文字与所见毫无关系，仅为遮盖之用，请勿相信其内容" * 2, "承诺书")


@pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
def test_the_picture_over_the_words_is_what_is_seen():
    pdfmetrics.registerFont(TTFont("sample", str(FONT)))
    buffer, patch = io.BytesIO(), io.BytesIO()
    page((6, 4, "9900"), wide=110, tall=36).save(patch, "PNG")
    patch.seek(0)
    drawing = canvas.Canvas(buffer, pagesize=(595.2, 841.92))
    drawing.setFont("sample", 12)
    drawing.drawString(100, 700, "场地面积")
    drawing.drawString(200, 700, "1200")
    drawing.drawImage(ImageReader(patch), 196, 694, 55, 18)
    drawing.drawString(100, 600, "设备原值 3339.48 万元")
    drawing.save()
    document = pdf.read(buffer.getvalue())
    quotes = [q for q in ("1200", "3339.48", "场地面积") if q in document.text]
    boxes = [document.box(document.text.index(q), document.text.index(q) + len(q))[1] for q in quotes]
    shown = scan.render(buffer.getvalue(), 1, file_format=Format.PDF, dpi=150)
    seen = scan.look(shown, document.pages[0], boxes, Paddle())
    assert [(q, s.text, agrees(q, s)) for q, s in zip(quotes, seen, strict=True)] == [
        ("1200", "9900", False),
        ("3339.48", "3339.48", True),
        ("场地面积", "场地面积", True),
    ]
