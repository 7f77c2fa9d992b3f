"""OFD: places in points, offsets spelled out or not, and what a file can have wrong with it."""

import pytest

from extractors.readers import ofd_page, read
from extractors.readers.layout import Line, _join
from extractors.readers.limits import Limits
from schemas.document import Document
from schemas.vocabulary import Outcome
from tests.golden.readers import make_ofd
from tests.golden.readers.make_ofd import HEAD, NS, page, plain, text


def one(content: str) -> Document:
    return read("a.ofd", plain(page(content)))


def test_millimetres_become_points_from_the_top_left() -> None:
    document = one(text("面积", 25.4, 50.8, size=5))
    number, box = document.box(1, 2) or (0, ())
    assert (number, [round(v, 1) for v in box]) == (1, [86.2, 130.4, 100.3, 147.4])


def test_a_sheet_that_begins_elsewhere_is_moved_to_its_corner() -> None:
    document = read("a.ofd", plain(page(text("面积", 35.4, 50), size="10 10 100 100")))
    assert round((document.box(0, 1) or (0, (0.0,)))[1][0], 1) == 72.0


@pytest.mark.parametrize(
    ("told", "count", "offsets"),
    [
        ("g 3 1.5", 3, [1.5, 1.5, 1.5]),
        ("2 g 2 1 4", 9, [2.0, 1.0, 1.0, 4.0]),
        ("g 999999 1", 2, [1.0, 1.0]),
        ("g x", 2, []),
        ("nan 1e400", 2, [0.0, 0.0]),
        (None, 2, []),
    ],
)
def test_offsets(told: str | None, count: int, offsets: list[float]) -> None:
    assert ofd_page.spelled_out(told, count) == offsets


def test_words_without_offsets_stand_as_wide_as_their_type() -> None:
    document = one(text("共12项", 20, 50, size=4, steps=""))
    assert [round((document.box(i, i + 1) or (0, (0.0,)))[1][0] / ofd_page.POINTS, 1) for i in range(4)] == [
        20.0,
        24.0,
        26.0,
        28.0,
    ]


def test_neighbouring_columns_are_two_numbers() -> None:
    assert one(text("4197.17", 24, 50) + text("1", 20, 50)).text == "1 4197.17\n"


def test_a_title_written_character_by_character_is_whole() -> None:
    assert one("".join(text(char, 20 + 6 * i, 50) for i, char in enumerate("申报书"))).text == "申报书\n"


def test_a_number_in_two_pieces_is_one() -> None:
    assert one(text("41", 20, 50) + text("97.17", 24, 50)).text == "4197.17\n"


def test_words_under_a_later_picture_are_hidden_and_over_it_shown() -> None:
    cover = make_ofd.box(10, 45, 60, 10, "255 255 255")
    document = one(text("盖住九九", 20, 50) + cover + text("九九盖住以后写的十二个字", 20, 70))
    assert [(m.kind, document.text[m.start : m.end]) for m in document.marks] == [("hidden", "盖住九九")]


def test_hidden_words_beside_shown_ones_keep_their_mark() -> None:
    shown = Line(0, 20, 0, 12, "面积", [0, 10], [10, 20])
    unseen = Line(22, 42, 0, 12, "99", [22, 32], [32, 42], hidden=True)
    assert _join([shown, unseen]).notes == (("hidden", 2, 4),)


def test_a_rare_character_is_kept() -> None:
    assert one(text("联系人：𠮷某", 20, 50)).text == "联系人：𠮷某\n"


def test_a_drawing_that_holds_itself_ends() -> None:
    unit = '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="0 0 210 297"/>'
    res = (
        f'{HEAD}<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7"><ofd:Content>{text("乙", 20, 60)}{unit}'
    )
    res += "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    data = plain(
        page(text("甲", 20, 50) + unit),
        document="<ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData>",
        more={"Doc_0/Res.xml": res},
    )
    assert read("a.ofd", data).text == "甲\n乙\n"


def test_a_lost_page_is_named_and_the_rest_read() -> None:
    document = read("a.ofd", plain(page(text("第一页的字", 20, 50)), "<broken"))
    assert (document.outcome, document.text) == (Outcome.PARTIAL, "第一页的字\n\f")
    assert [(w.code, w.page) for w in document.warnings] == [("OVER_LIMIT_PART", 2)]


def test_a_seal_is_listed_and_never_called_valid() -> None:
    document = read("a.ofd", make_ofd.form_ofd())
    told = [w.message for w in document.warnings if "签章" in w.message]
    assert told == [
        "电子签章未验证（印章“云南例远医疗器械科技有限公司”，签章软件 样例签章，标注时间 20260315104000Z），请用验章软件核对。"
    ]


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (plain(), Outcome.EMPTY),
        (plain(page("")), Outcome.EMPTY),
        (make_ofd.packed({"OFD.xml": f"{HEAD}<ofd:OFD {NS}/>"}), Outcome.CORRUPT),
        (make_ofd.packed({"OFD.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}), Outcome.UNSAFE),
        (make_ofd.packed({"OFD.xml": '<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>'}), Outcome.UNSAFE),
        (make_ofd.packed({"OFD.xml": "<a/>", "Encryptions.xml": "<a/>"}), Outcome.ENCRYPTED),
        (plain(page(""), body="<ofd:Signatures>../../x.xml</ofd:Signatures>"), Outcome.UNSAFE),
    ],
)
def test_what_cannot_be_read_says_so(data: bytes, outcome: Outcome) -> None:
    assert read("a.ofd", data).outcome is outcome


def test_a_page_over_its_limit_is_named() -> None:
    document = read("a.ofd", plain(page(text("一二三四五", 20, 50)), page(text("第二页", 20, 50))), Limits(page_characters=4))
    assert (document.outcome, document.text) == (Outcome.PARTIAL, "\f第二页\n")
