"""Words nobody sees, each way with its detector, and what only looks like hiding."""

import pytest

from extractors.readers import read
from fixtures import hostile_pdf as made
from schemas.document import Document
from schemas.vocabulary import Outcome, WarningCode

#: What the warning says, by what stands in the file.
SAID = {
    "render mode 3": "以不可见方式书写",
    "render mode 7": "只用作裁剪",
    "white on white": "颜色与底色相同或相近",
    "blue on blue": "颜色与底色相同或相近",
    "clear": "透明度或混合方式使其不可见",
    "black by screen": "透明度或混合方式使其不可见",
    "tiny": "小于 2 磅",
    "clipped away": "被裁剪在外",
    "out of its form's box": "被裁剪在外",
    "under a white box": "被图形或图像盖住",
    "under a picture": "被图形或图像盖住",
    "under another number": "被图形或图像盖住",
    "off the page": "在页面之外",
    "outside the crop": "在页面之外",
    "a layer that is off": "所在图层未显示",
    "a singular matrix": "压缩到没有宽度",
    "a hidden note": "写在不显示的批注或表单域中",
}


def opened(name: str, pages: dict[str, made.Page] = made.HIDDEN) -> Document:
    return read("a.pdf", made.pdf(pages[name]))


def hidden(document: Document, words: str) -> bool:
    """Whether some of the words nobody sees, wherever they stand in the text."""
    at = document.text.find(words)
    return at >= 0 and any(m.kind == "hidden" and m.start < at + len(words) and m.end > at for m in document.marks)


@pytest.mark.parametrize("name", made.HIDDEN)
def test_what_nobody_sees_is_marked_and_told(name: str) -> None:
    document = opened(name)
    assert "999" not in document.text or hidden(document, "999") or name == "under another number"
    assert "837" in document.text
    assert not hidden(document, "837")
    assert WarningCode.HIDDEN_TEXT in [w.code for w in document.warnings]
    assert document.outcome is Outcome.OK_WARN


@pytest.mark.parametrize(("name", "why"), SAID.items())
def test_the_way_of_hiding_is_said(name: str, why: str) -> None:
    (warning,) = (w for w in opened(name).warnings if w.code == WarningCode.HIDDEN_TEXT)
    assert why in warning.message
    assert warning.page == 1


@pytest.mark.parametrize("name", made.PLAIN)
def test_what_only_looks_like_hiding_raises_nothing(name: str) -> None:
    document = opened(name, made.PLAIN)
    assert "999" in document.text
    assert {m.kind for m in document.marks} <= {"not_embedded", "annotation"}
    assert WarningCode.HIDDEN_TEXT not in [w.code for w in document.warnings]


def test_only_the_covered_part_of_a_line_is_hidden() -> None:
    covered = made.Page("BT /F1 12 Tf 72 760 Td (area 837 or 999) Tj ET 1 g 134 755 40 16 re f")
    document = read("a.pdf", made.pdf(covered))
    assert not hidden(document, "837")
    assert hidden(document, "999")


def test_a_number_over_a_covered_number_is_told_with_it() -> None:
    document = opened("under another number")
    assert document.text.endswith("111 999\n")
    assert [document.text[m.start : m.end] for m in document.marks if m.kind == "overprint"] == ["111 999"]
    assert "hidden" not in [m.kind for m in document.marks]


def test_words_struck_twice_are_read_once() -> None:
    assert read("a.pdf", made.pdf(made.DOUBLE)).text == "Total 120\n"


def test_two_numbers_in_one_place_are_an_overprint() -> None:
    document = read("a.pdf", made.pdf(made.OVERPRINT))
    assert [m.kind for m in document.marks if m.kind != "not_embedded"] == ["overprint"]


def test_digits_drawn_backwards_read_as_they_are_seen() -> None:
    document = read("a.pdf", made.pdf(made.BACKWARDS))
    assert document.text == "123\n"
    assert WarningCode.ODD_NUMBER in [w.code for w in document.warnings]
    assert [(m.kind, m.start, m.end) for m in document.marks if m.kind == "doubtful"] == [("doubtful", 0, 3)]


def test_a_font_that_is_not_embedded_is_told_quietly() -> None:
    document = read("a.pdf", made.pdf(made.Page(made.SHOWN)))
    assert document.outcome is Outcome.OK
    assert [w.code for w in document.warnings] == [WarningCode.FONT_NOT_EMBEDDED]
    assert [document.text[m.start : m.end] for m in document.marks if m.kind == "not_embedded"] == ["area 837"]


def test_a_font_that_draws_other_digits_than_it_names_is_doubted() -> None:
    document = read("a.pdf", made.poisoned("1", "9"))
    assert [document.text[m.start : m.end] for m in document.marks if m.kind == "doubtful"] == ["fund 9200"]
    assert WarningCode.LAYER_DIFFERS in [w.code for w in document.warnings]


def test_a_font_that_names_what_it_draws_is_not() -> None:
    document = read("a.pdf", made.poisoned("1", "1"))
    assert "fund 1200" in document.text
    assert [m.kind for m in document.marks] == ["not_embedded"]
