"""DOCX oddities, each as the few lines of XML that make it."""

import io
import zipfile

import pytest

from extractors.readers import read
from extractors.readers.symbols import plain, symbol
from schemas.document import Document
from schemas.vocabulary import Outcome

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def packed(body: str, *, space: str = W, prologue: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        file.writestr(
            "word/document.xml", f'{prologue}<w:document xmlns:w="{space}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def doc(body: str, **options: str) -> Document:
    return read("a.docx", packed(body, **options))


def p(*words: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{w}</w:t></w:r>" for w in words) + "</w:p>"


def tc(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(words)}</w:tc>"


def cells(document: Document, table: int = 0) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.rows, c.cols, document.text[c.start : c.end]) for c in document.tables[table].cells]


def test_a_value_split_over_runs_is_one() -> None:
    assert doc(p("固定场地", "面积8", "37", "㎡")).text == "固定场地面积837㎡\n"


def test_strict_namespace_reads_alike() -> None:
    assert doc(p("场地"), space=STRICT).text == "场地\n"


def test_merged_cells_stand_once() -> None:
    down, across = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    rows = f"<w:tr>{tc('甲', down)}{tc('乙')}</w:tr><w:tr>{tc('', '<w:vMerge/>')}{tc('丙')}</w:tr><w:tr>{tc('丁', across)}</w:tr>"
    assert cells(doc(f"<w:tbl>{rows}</w:tbl>")) == [
        (0, 0, 2, 1, "甲"),
        (0, 1, 1, 1, "乙"),
        (1, 1, 1, 1, "丙"),
        (2, 0, 1, 2, "丁"),
    ]


def test_a_row_that_begins_later() -> None:
    rows = f'<w:tr>{tc("甲")}{tc("乙")}</w:tr><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc("丙")}</w:tr>'
    assert cells(doc(f"<w:tbl>{rows}</w:tbl>"))[-1] == (1, 1, 1, 1, "丙")


def test_rows_that_do_not_add_up_are_laid_by_width() -> None:
    def wide(words: str, width: int) -> str:
        return tc(words, f'<w:tcW w:w="{width}" w:type="dxa"/>')

    rows = f"<w:tr>{wide('甲', 1000)}{wide('乙', 1000)}{wide('丙', 2000)}</w:tr><w:tr>{wide('丁', 2000)}{wide('戊', 2010)}</w:tr>"
    assert cells(doc(f"<w:tbl>{rows}</w:tbl>"))[3:] == [(1, 0, 1, 2, "丁"), (1, 2, 1, 1, "戊")]


def test_a_nested_table_stands_inside_its_cell_once() -> None:
    inner = f"<w:tbl><w:tr>{tc('内')}</w:tr></w:tbl>"
    document = doc(f"<w:tbl><w:tr><w:tc>{p('外')}{inner}{p('')}</w:tc></w:tr></w:tbl>{p('后')}")
    assert cells(document) == [(0, 0, 1, 1, "外\v内")]
    assert (document.tables[1].nested_in, document.tables[1].anchor, cells(document, 1)[0][4]) == (0, "T2", "内")
    assert document.text.count("内") == 1


def test_anchors_count_paragraphs_of_the_body_only() -> None:
    document = doc(
        f"{p('一')}<w:tbl><w:tr>{tc('表')}</w:tr></w:tbl>{p('')}{p('二')}<w:sdt><w:sdtContent>{p('三')}</w:sdtContent></w:sdt>"
    )
    assert [(b.anchor, document.text[b.start : b.end]) for b in document.blocks] == [("P1", "一"), ("P3", "二"), ("S1/P1", "三")]
    table = document.tables[0]
    assert table.cell_anchor(table.cells[0]) == "T1/R1/C1"


def test_tracked_changes() -> None:
    document = doc(
        "<w:p><w:del><w:r><w:delText>1</w:delText></w:r></w:del><w:ins><w:r><w:t>2</w:t></w:r></w:ins><w:r><w:t>万</w:t></w:r></w:p>"
    )
    assert document.text == "2万\n"
    assert [(m.kind, document.text[m.start : m.end], m.words) for m in document.marks] == [
        ("deleted", "", "1"),
        ("inserted", "2", ""),
    ]
    assert [w.code for w in document.warnings] == ["TRACKED_CHANGES"]


@pytest.mark.parametrize("look", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>'])
def test_hidden_words_are_marked(look: str) -> None:
    document = doc(f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>999</w:t></w:r><w:r><w:t>1</w:t></w:r></w:p>")
    assert [(m.kind, document.text[m.start : m.end]) for m in document.marks] == [("hidden", "999")]


def test_white_words_on_a_shaded_cell_are_seen() -> None:
    cell = '<w:tc><w:tcPr><w:shd w:fill="1F4E79"/></w:tcPr><w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>表头</w:t></w:r></w:p></w:tc>'
    assert doc(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>").marks == ()


def test_a_text_box_is_read_once_of_its_two_forms() -> None:
    box = f"<w:txbxContent>{p('框')}</w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    document = doc(body)
    assert [(b.kind, b.anchor, document.text[b.start : b.end]) for b in document.blocks] == [("textbox", "X1/P1", "框")]


def test_a_tick_in_a_symbol_font() -> None:
    assert symbol(0xF052, "Wingdings 2") == "☑"
    assert symbol(0xFE, "Wingdings") == "☑"
    assert plain("\uf052是 □否") == "☑是 □否"
    assert plain("R", "Wingdings 2") == "☑"
    assert plain("R", "宋体") == "R"


def test_a_legacy_tick_box() -> None:
    data = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    assert (
        doc(f'<w:p><w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r><w:r><w:t>是</w:t></w:r></w:p>').text == "☑是\n"
    )


def test_notes_and_headers_come_after_the_body() -> None:
    rels = f'<Relationships><Relationship Id="a" Type="{OFFICE}/footnotes" Target="footnotes.xml"/><Relationship Id="b" Type="{OFFICE}/header" Target="h.xml"/></Relationships>'
    document = doc(
        p("正文"),
        **{
            "word/_rels/document.xml.rels": rels,
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{p("注")}</w:footnote></w:footnotes>',
            "word/h.xml": f'<w:hdr xmlns:w="{W}">{p("眉")}</w:hdr>',
        },
    )
    assert [(b.kind, b.anchor) for b in document.blocks] == [("paragraph", "P1"), ("header", "H1/P1"), ("note", "F1/P1")]


def test_an_internal_entity_is_unsafe() -> None:
    assert doc(p("&x;"), prologue='<!DOCTYPE a [<!ENTITY x "9">]>').outcome is Outcome.UNSAFE


def test_an_external_entity_is_not_fetched_and_what_follows_it_is_read() -> None:
    document = doc(p("前&x;后"), prologue='<!DOCTYPE a [<!ENTITY x SYSTEM "http://www.example.org/">]>')
    assert (document.text, document.outcome) == ("前后\n", Outcome.PARTIAL)


def test_two_members_of_one_name_are_unsafe() -> None:
    out = io.BytesIO(packed(p("一")))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as file:
        file.writestr("word/document.xml", "<a/>")
    assert read("a.docx", out.getvalue()).outcome is Outcome.UNSAFE


def test_nothing_in_it_is_empty() -> None:
    assert doc("<w:p/>").outcome is Outcome.EMPTY


def test_what_a_symbol_font_draws_is_marked_with_what_the_file_holds():
    drawn = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    glyph = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r>'
    document = doc(f"<w:p><w:r><w:t>是</w:t></w:r>{drawn}{glyph}</w:p>")
    assert document.text == "是☑☑\n"
    assert [(m.start, m.end, m.words) for m in document.marks if m.kind == "symbol"] == [(1, 2, ""), (2, 3, "R")]
