"""What stands in a value cell."""

from datetime import date

import pytest

from extractors.values import blank, day, listed, organisation


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "empty"), ("　", "empty"), ("____年__月__日", "empty"), ("    年   月   日", "empty"), ("无", "nil"), ("/", "nil"), ("—", "nil"),
        ("详见附件3", "pointer"), ("见附表", "pointer"), ("同上", "pointer"), ("××万元", "placeholder"), ("待定", "placeholder"),
        ("0", None), ("387.8", None), ("新疆某地", None), ("TX-200", None),
    ],
)  # fmt: skip
def test_six_kinds_of_blank(cell, kind):
    assert blank(cell) == kind


@pytest.mark.parametrize(
    "written",
    [
        "2026年3月16日",
        "2026-03-16",
        "2026.3.16",
        "２０２６年３月１６日",
        "二〇二六年三月十六日",
        "2026/3/16",
        "2026 年 3 月 16 日",
    ],
)
def test_dates_in_all_writings(written):
    assert day(written) == date(2026, 3, 16)


@pytest.mark.parametrize("written", ["2026年3月", "2026年13月40日", "2026年", "无"])
def test_a_date_that_is_none(written):
    assert day(written) is None


def test_organisations_lose_the_forms_remarks():
    assert organisation("昆明某某科技有限公司 （盖章）") == "昆明某某科技有限公司"
    assert organisation("联系人：张三") is None


def test_a_list_in_one_cell():
    assert listed("1.生物医药、2.稀贵金属；新材料") == ("生物医药", "稀贵金属", "新材料")
