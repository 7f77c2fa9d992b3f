"""Figures of a text layer against the picture at their place."""

import io
from dataclasses import replace

import pytest
from reportlab.pdfgen import canvas

from extractors.readers import pdf
from extractors.readers.ocr import Glyphs, Paddle
from extractors.readers.refusal import RefusedError
from extractors.readers.scan_figures import Answer, compare, odd, pieces, plain
from extractors.readers.scan_strip import strip
from fixtures.poison import Row, page
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.vocabulary import Format

engine_needed = pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
LABEL = "仪器设备原值（元）"


def place(document: Document, quote: str) -> Evidence:
    at = document.text.index(quote)
    number, box = document.box(at, at + len(quote)) or (0, None)
    return Evidence(document="d1", page=number, bbox=box, quote=quote)


def drawn(data):
    return lambda _, number, box, dpi: strip(data, number, box, file_format=Format.PDF, dpi=dpi)


def asked(data, *quotes):
    document = pdf.read(data)
    return [pieces(document, place(document, quote)) for quote in quotes]


class Saying:
    """An engine that reads the same whatever it is shown."""

    id = "saying"

    def __init__(self, text="", sure=0.99):
        self.glyphs = Glyphs(text, tuple(map(float, range(len(text)))), (sure,) * len(text))

    def probe(self):
        return ""

    def find(self, grey):
        return []

    def read(self, crops):
        return [self.glyphs for _ in crops]


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("１,２６０．5 ㎡", "1260.5"),
        ("350m2", "350"),
        ("990万元", "990万"),
        ("人民币伍佰万元整", "伍佰万"),
        ("二○二五", "二0二五"),
        ("约12人", "12"),
    ],
)
def test_a_figure_is_its_digits_and_numerals(words, figure):
    assert plain(words) == figure


def test_a_figure_is_found_with_what_stands_beside_it():
    (found,) = asked(page([Row(LABEL, "约1260.5万元")]), "约1260.5万元")
    assert [(p.words, p.beside, (p.witness or ("",))[0].strip()) for p in found] == [("1260.5万", "约元", LABEL)]


def test_words_without_a_figure_or_not_at_their_place_have_no_pieces():
    document = pdf.read(page([Row(LABEL, "无"), Row("服务收入", "12")]))
    moved = place(document, "12").model_copy(update={"bbox": (0.0, 0.0, 9.0, 9.0)})
    assert (pieces(document, place(document, "无")), pieces(document, moved)) == ((), ())


@engine_needed
@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (Row(LABEL, "1,260.5万元"), Answer.AGREES),
        (Row(LABEL, "6"), Answer.AGREES),
        (Row(LABEL, "一十二人"), Answer.AGREES),
        (Row(LABEL, "１９６．２平方米"), Answer.AGREES),
        (Row(LABEL, "61", way="bold"), Answer.AGREES),
        (Row(LABEL, "1260.5万元", way="sealed"), Answer.AGREES),
        (Row(LABEL, "780", way="bare"), Answer.AGREES),
        (Row(LABEL, "9900000", "1200000", "drawn"), Answer.DIFFERS),
        (Row(LABEL, "126.0", "1.260", "drawn"), Answer.DIFFERS),
        (Row(LABEL, "88", way="white"), Answer.BLANK),
    ],
)
def test_what_the_picture_says_of_a_figure(row, answer):
    data = page([row])
    (shown,) = compare(asked(data, row.said), drawn(data), Paddle())
    assert shown == (answer, row.shown if answer is Answer.DIFFERS else "")


@engine_needed
def test_a_figure_under_other_words_is_never_borne_out():
    data = page([Row(LABEL, "9900000", "1200", "covered"), Row("服务收入", "61", "25", "crossed")])
    document = pdf.read(data)
    figures = [document.text[m.start : m.end] for m in document.marks if m.kind == "overprint"]
    shown = compare([pieces(document, place(document, words)) for words in figures], drawn(data), Paddle())
    assert len(shown) == 2
    assert {one.answer for one in shown} <= {Answer.DIFFERS, Answer.UNREAD}


@engine_needed
def test_a_page_drawn_otherwise_than_it_was_read_contradicts_nothing():
    told, seen = page([Row(LABEL, "9900000")]), page([Row("另一份文件", "1200000")])
    (shown,) = compare(asked(told, "9900000"), drawn(seen), Paddle())
    assert shown.answer is Answer.UNREAD
    (shown,) = compare(asked(told, "9900000"), drawn(page([])), Paddle())
    assert shown.answer is Answer.UNREAD


@engine_needed
def test_a_turned_page_is_looked_at_where_its_words_are():
    for turn in (90, 180, 270):
        buffer = io.BytesIO()
        drawing = canvas.Canvas(buffer, pagesize=(600, 400))
        drawing.setPageRotation(turn)
        drawing.translate(*{90: (200, 40), 180: (400, 300), 270: (300, 360)}[turn])
        drawing.rotate(turn)
        drawing.drawString(0, 0, "Area of the site 1260.5")
        drawing.save()
        (shown,) = compare(asked(buffer.getvalue(), "1260.5"), drawn(buffer.getvalue()), Paddle())
        assert shown.answer is Answer.AGREES


def sideways(turn, space):
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.translate(300, 650)
    drawing.rotate(turn)
    written = drawing.beginText(0, 0)
    written.setCharSpace(space)
    written.textOut("671336")
    drawing.drawText(written)
    drawing.save()
    return buffer.getvalue()


@engine_needed
@pytest.mark.parametrize(("turn", "told"), [(-90, Answer.AGREES), (90, Answer.UNREAD)])
def test_characters_under_each_other_are_read_turned(turn, told):
    data = sideways(turn, 3)
    document = pdf.read(data)
    words = document.text.splitlines()[-1]
    assert words == ("671336" if turn < 0 else "633176")  # upwards the reader takes them in the order they stand on the page
    found = pieces(document, place(document, words))
    assert [(piece.words, piece.upright) for piece in found] == [(words, False)]
    assert compare([found], drawn(data), Paddle())[0].answer is told


@engine_needed
@pytest.mark.parametrize("turn", [90, -90])
def test_words_that_run_up_or_down_a_page_are_never_contradicted(turn):
    data = sideways(turn, 0)
    document = pdf.read(data)
    words = max(document.text.splitlines(), key=lambda line: sum(c.isdigit() for c in line))
    found = pieces(document, place(document, words))
    assert [piece.upright for piece in found] == [False]
    assert compare([found], drawn(data), Paddle())[0].answer in (Answer.AGREES, Answer.UNREAD)


def test_an_engine_unsure_of_another_number_contradicts_nothing():
    data = page([Row(LABEL, "9900000")])
    assert compare(asked(data, "9900000"), drawn(data), Saying("1200000", 0.7))[0].answer is Answer.UNREAD


def test_an_engine_that_reads_the_same_everywhere_contradicts_nothing():
    data = page([Row(LABEL, "9900000")])
    assert compare(asked(data, "9900000"), drawn(data), Saying("1200000"))[0].answer is Answer.UNREAD


@pytest.mark.parametrize("broken", [Saying(), type("Short", (Saying,), {"read": lambda self, crops: []})()])
def test_an_engine_whose_answers_do_not_fit_is_an_error(broken):
    data = page([Row(LABEL, "9900000")])
    with pytest.raises(ValueError, match="engine"):
        compare(asked(data, "9900000"), drawn(data), broken)


def test_a_page_that_cannot_be_drawn_tells_nothing():
    data = page([Row(LABEL, "9900000")])
    assert compare(asked(data, "9900000"), lambda *_: None, Saying("9900000"))[0].answer is Answer.UNREAD
    assert compare([()], drawn(data), Saying())[0].answer is Answer.UNREAD


def test_geometry_that_gives_reason_to_look():
    document = pdf.read(page([Row(LABEL, "9900000")]))
    here = place(document, "9900000")
    assert not odd(document, here)
    assert odd(replace(document, pages=tuple(p._replace(image_share=0.9) for p in document.pages)), here)
    assert odd(replace(document, pages=tuple(p._replace(width=200.0) for p in document.pages)), here)


def test_only_pages_with_a_picture_of_their_own_are_drawn():
    with pytest.raises(RefusedError):
        strip(b"", 1, (0, 0, 9, 9), file_format=Format.OFD, dpi=150)


def test_the_same_rows_give_the_same_bytes():
    rows = [Row(LABEL, "9900000", "1200000", "drawn"), Row("服务收入", "88", way="white")]
    assert page(rows) == page(rows)
