from dataclasses import replace

import pytest

from extractors.readers.grid import Rule
from extractors.readers.scan import assemble, needs
from extractors.readers.scan_assemble import parted
from extractors.readers.scan_reading import Leaf, Seal
from schemas.document import Document, Mark, Page, ReaderWarning
from schemas.vocabulary import Format, Outcome, WarningCode
from tests.extractors.scan_pages import blank, line, reading


def test_words_stand_at_their_place_in_points():
    document = assemble(blank(), {1: reading(line("场地面积", 250, 500))})
    assert document.text == "场地面积\n"
    page, box = document.box(0, 4)
    assert page == 1
    assert box == pytest.approx((120, 240, 166.08, 253.82), abs=0.05)


def test_words_on_a_photograph_stand_at_their_place_in_pixels():
    photo = replace(blank(), format=Format.IMAGE, pages=(Page(1, 1240.0, 1754.0, 0, 0, False, 1.0),))
    document = assemble(photo, {1: reading(line("场地面积", 250, 500))})
    assert document.box(0, 4)[1] == pytest.approx((250, 500, 346, 528.8), abs=0.1)


def test_a_page_that_lies_on_its_side_gives_places_as_displayed():
    # Upright (x, y) lies at (y, 1754 - x) of the picture as displayed.
    turned = reading(line("面积", 250, 500), wide=1240, tall=1754, back=(0, 1, 0, -1, 0, 1754), turn=90)
    document = assemble(blank(), {1: turned})
    assert document.box(0, 2)[1] == pytest.approx((240, 698.9, 253.8, 721.9), abs=0.1)
    assert len(document.run_start) == 2


def test_a_number_is_a_run_of_its_own_with_its_own_confidence():
    sure = line("面积999.5平方米", 100, 300)
    sure = sure._replace(confidence=(0.99, 0.98, 0.97, 0.6, 0.95, 0.99, 0.99, 0.99, 0.99, 0.99))
    document = assemble(blank(), {1: reading(sure)})
    assert [(document.text[a : a + 1], round(c, 2)) for a, c in zip(document.run_start, document.confidence, strict=True)] == [("面", 0.98), ("9", 0.6), ("平", 0.99)]  # fmt: skip
    assert [mark for mark in document.marks if mark.kind != "scan"] == [Mark("doubtful", 2, 7, "文字识别把握不足（0.60）")]


def test_a_doubt_about_a_line_lies_on_the_words_it_is_about():
    doubted = line("原值5,000.000元", 100, 300)._replace(doubts=((2, 11, "疑逗号、小数点误读"),))
    document = assemble(blank(), {1: reading(doubted)})
    assert [(document.text[m.start : m.end], m.words) for m in document.marks if m.kind != "scan"] == [
        ("5,000.000", "疑逗号、小数点误读")
    ]


def test_ruling_lines_make_a_table():
    page = reading(line("场地面积", 110, 110), line("999.5", 410, 110))
    leaf = page.leaves[0]._replace(
        across=(Rule(100.0, 100.0, 700.0), Rule(150.0, 100.0, 700.0)),
        down=tuple(Rule(x, 100.0, 150.0) for x in (100.0, 400.0, 700.0)),
    )
    document = assemble(blank(), {1: page._replace(leaves=(leaf,))})
    (table,) = document.tables
    assert document.text == "场地面积\t999.5\n"
    assert [(c.row, c.col, document.text[c.start : c.end]) for c in table.cells] == [(0, 0, "场地面积"), (0, 1, "999.5")]
    assert table.cells[1].box == pytest.approx((192, 48, 336, 72), abs=0.1)


def test_a_seal_is_a_mark_with_a_place():
    page = reading(line("盖章", 250, 500))._replace(seals=(Seal("round", "red", 500, 1000, 750, 1250, "某某公司", 0.95),))
    document = assemble(blank(), {1: page})
    (mark,) = [mark for mark in document.marks if mark.kind != "scan"]
    assert (mark.kind, mark.words, document.text) == ("seal", "某某公司", "盖章\n\ufffc\n")
    assert document.box(mark.start, mark.end)[1] == pytest.approx((240, 480, 360, 600), abs=0.1)


def test_square_metres_are_spelt_one_way_and_keep_their_place():
    document = assemble(blank(), {1: reading(line("999.5㎡²", 100, 300), line("面积(m)", 100, 400), line("12 m²", 100, 500))})
    assert document.text == "999.5㎡\n面积(㎡)\n12 ㎡\n"
    assert document.box(5, 6)[1][2] - document.box(5, 6)[1][0] == pytest.approx(2 * 24 * 0.48, abs=0.1)


def test_a_two_beside_an_m_is_no_figure_to_be_sure_of():
    words = line("597m2", 100, 300)._replace(confidence=(0.99, 0.99, 0.99, 0.98, 0.4))
    document = assemble(blank(), {1: reading(words, line("AM2型", 100, 400), line("m25", 100, 500))})
    assert document.text == "597㎡\nAM2型\nm25\n"
    assert not [mark for mark in document.marks if mark.kind == "doubtful"]


def test_a_stroke_set_low_is_a_stroke():
    assert assemble(blank(), {1: reading(line("_", 100, 300), line("__", 300, 300))}).text.split() == ["—", "__"]


def test_read_pages_keep_their_words_and_places_beside_scanned_ones():
    given = assemble(blank(pages=3), {1: reading(line("第一页", 100, 300)), 3: reading(line("第三页", 100, 300))})
    given = replace(given, outcome=Outcome.PARTIAL, warnings=())
    assert needs(given) == (2,)
    document = assemble(given, {2: reading(line("第二页12", 100, 600))})
    assert document.text == "第一页\n\f第二页12\n\f第三页\n"
    assert [document.text[p.start : p.end] for p in document.pages] == ["第一页\n", "第二页12\n", "第三页\n"]
    third = document.text.index("第三页")
    assert document.box(third, third + 3) == (3, given.box(given.text.index("第三"), given.text.index("第三") + 3)[1])
    assert [document.text[b.start : b.end] for b in document.blocks] == ["第一页", "第二页12", "第三页"]


def test_two_leaves_of_a_sheet_are_one_page_read_one_after_the_other():
    left = reading(line("左页", 100, 300), wide=2480).leaves[0]._replace(width=1240.0)
    right = Leaf(1240.0, 1754.0, (1, 0, 1240, 0, 1, 0), 0, 0.0, (line("右页", 100, 300),), (), ())
    sheet = reading(wide=2480)._replace(leaves=(left, right))
    document = assemble(blank(wide=1190.4), {1: sheet})
    assert document.text == "左页\n\n右页\n"
    assert document.box(4, 6) == (1, pytest.approx((643.2, 144, 666.24, 157.82), abs=0.1))
    assert len(document.pages) == 1


def test_a_document_without_readings_stays_as_it_is():
    assert assemble(blank(), {}) == blank()
    assert assemble(blank(), {7: reading(line("他处", 0, 0))}) == blank()


def test_a_page_nobody_can_read_stays_unread():
    document = assemble(blank(), {1: reading(line("乱码乱码", 0, 300, sure=0.3))})
    assert (document.outcome, document.pages[0].readable) == (Outcome.PARTIAL, False)
    assert document.message == "图像无法辨认，请人工查看，或提交更清晰的扫描件、带文字的电子版。"


def test_pages_over_a_limit_are_not_asked_for():
    over = (ReaderWarning(WarningCode.OVER_LIMIT_PART, "第2页未读取：图形对象过多。", 2),)
    assert needs(replace(blank(pages=3), warnings=over)) == (1, 3)


def test_an_assembled_document_survives_its_own_bytes():
    document = assemble(blank(), {1: reading(line("面积999.5平方米", 100, 300))})
    assert Document.from_bytes(document.to_bytes()) == document


def test_a_layer_at_odds_with_the_picture_gives_way_and_is_told():
    hidden = assemble(blank(), {1: reading(line("面积 9999 平方米 8888 元 7777 项", 100, 300))})
    hidden = replace(hidden, pages=(hidden.pages[0]._replace(readable=False),), warnings=())
    document = assemble(hidden, {1: reading(line("面积 1260 平方米 3339 元 12 项", 100, 300))})
    assert document.text == "面积1260平方米3339元12项\n"
    assert [w.code for w in document.warnings] == [WarningCode.LAYER_DIFFERS]
    assert document.outcome == Outcome.OK_WARN


def test_lines_whose_boxes_came_out_too_tall_are_cut_apart():
    tall = (
        line("面向锂电隔膜的应", 200, 300)._replace(top=296.0, bottom=334.0),
        line("用研发", 199, 310)._replace(top=306.0, bottom=346.0),
    )
    upper, lower = parted(tall)
    assert (upper.bottom, lower.top) == (320.5, 320.5)
    assert assemble(blank(), {1: reading(*tall)}).text.startswith("面向锂电隔膜的应")


def test_two_cells_side_by_side_are_not_cut():
    cells = [line("场地面积", 200, 300), line("780", 600, 304)]
    assert parted(cells) == cells
