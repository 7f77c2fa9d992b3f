"""Ticks before and after their words; a lost mark is unknown, never 否."""

import pytest

from extractors.text import fold
from extractors.ticks import chosen, options


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
