"""Ticks before and after their words; a lost mark is unknown, never 否."""

import pytest

from extractors.text import fold
from extractors.ticks import chosen, enumerated, options


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("☑企业  □高等院校  □科研院所", ["企业"]),
        ("企业■  高等院校□  科研院所□", ["企业"]),
        ("√企业 □高等院校", ["企业"]),
        ("□是　☑否", ["否"]),
        ("是□ 否√", ["否"]),
        ("\uf052 是 □ 否", ["是"]),
        ("（√）是 （ ）否", ["是"]),
        ("□装备制造 ■生物医药 ■新材料", ["生物医药", "新材料"]),
    ],
)
def test_the_ticked_option_is_found(cell, ticked):
    marked = chosen(options(fold(cell)))
    assert marked is not None
    assert [option.words for option in marked] == ticked


@pytest.mark.parametrize("cell", ["□是 □否", "是□ 否□"])
def test_no_mark_is_unknown(cell):
    assert chosen(options(fold(cell))) is None


def test_words_without_boxes_are_no_options():
    assert options(fold("是")) == ()


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("[x]是 [ ]否", ["是"]),
        ("是√ 否", ["是"]),
        ("√是  否", ["是"]),
        ("是/否√", ["否"]),
        ("√□企业 □高校", ["企业"]),
        ("是□√ 否□", ["是"]),
        ("□是√ □否", ["是"]),
        ("✔是 ✗否", ["是"]),
        ("口是 ☑否", ["否"]),
        ("R是 £否", ["是"]),
        ("1.企业（√） 2.高校（ ）", ["企业"]),
        ("☑企业（□国有 ☑民营）□高校", ["企业"]),
    ],
)
def test_marks_are_given_to_the_words_they_touch(cell, ticked):
    marked = chosen(options(fold(cell)))
    assert marked is not None
    assert [option.words for option in marked] == ticked


@pytest.mark.parametrize("cell", ["是√否", "企业 √ 高校", "☑是否", "□是 否☑", "〇是 〇否", "（ ）是 （ ）否"])
def test_a_mark_that_may_be_anyones_is_unknown(cell):
    assert chosen(options(fold(cell))) is None


@pytest.mark.parametrize(
    ("cell", "picked"), [("①是 ②否", None), ("①独立 ②联合 （②）", ["联合"]), ("A.企业 B.高校 选A", ["企业"])]
)
def test_numbers_to_circle_are_no_answer_until_one_is_picked(cell, picked):
    group = enumerated(fold(cell))
    marked = chosen(group)
    assert len(group) == 2
    assert (marked and [option.words for option in marked]) == picked


def test_the_span_of_an_option_is_its_words():
    folded = fold("甲：☑ 1、企业 。□高校")
    assert [folded.text[o.start : o.end] for o in options(folded)] == ["企业", "高校"]
