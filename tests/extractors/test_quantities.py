"""The grammar of quantities: cases in number_cases.jsonl, and what a list of values cannot show."""

import json
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from extractors.quantities import Quantity, quantities, read_cell, to_json, unit_in, words_amount

CASES = [json.loads(line) for line in Path(__file__).with_name("number_cases.jsonl").read_text("utf-8").splitlines()]


def told(quantity: Quantity) -> str:
    """range 3..5 人, money 500000 yuan about."""
    as_json = to_json(quantity)
    bounds = f"{as_json['low']}..{as_json['high']}" if quantity.kind == "range" else None
    value = bounds or as_json["value"] or as_json["low"] or as_json["high"]
    return " ".join(part for part in (quantity.kind, value, quantity.unit, quantity.qualifier) if part)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_case_is_read_as_written(case):
    assert [told(quantity) for quantity in quantities(case["text"])] == case["quantities"]


def test_span_takes_in_qualifier_and_unit_but_the_number_stands_alone():
    text = "原值约５００万元左右。"
    (money,) = quantities(text)
    assert (money.surface, text[slice(*money.number)]) == ("约５００万元左右", "５００万")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("568.3万元", "500"),
        ("3.5亿元", "5000000"),
        ("281.15万元", "50"),
        ("37,925,400元", "0.5"),
        ("12人", "0"),
        ("3.2万人", "500"),
        ("叁佰伍拾万元整", "0.5"),
        ("58%", "0.005"),
        ("1260.5㎡", "0.05"),
        ("2025年", "0"),
        ("1亿2000万元", "5000"),
    ],
)
def test_error_is_half_of_the_last_digit_written(text, error):
    (found,) = quantities(text)
    assert found.error == Decimal(error)


def test_bound_keeps_its_number_and_its_side():
    least, most = quantities("不少于200平方米，不超过3年")
    assert (least.value, least.low, least.high) == (Decimal(200), Decimal(200), None)
    assert (most.value, most.low, most.high) == (Decimal(3), None, Decimal(3))


def test_bound_is_an_open_range_in_json():
    (found,) = quantities("≥200㎡")
    assert to_json(found) == {"surface": "≥200㎡", "kind": "range", "value": None, "unit": "m2", "low": "200", "high": None}


def test_range_has_no_value_in_json():
    (found,) = quantities("100至150万元")
    assert to_json(found) == {
        "surface": "100至150万元",
        "kind": "range",
        "value": None,
        "unit": "yuan",
        "low": "1000000",
        "high": "1500000",
    }


def test_digits_over_a_line_break_are_not_joined():
    assert [quantity.value for quantity in quantities("1,2\n00元")] != [Decimal(1200)]


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("512.36", "万元", "money 5123600 yuan"),
        ("285000", "元", "money 285000 yuan"),
        ("0.05", "亿元", "money 5000000 yuan"),
        ("5000", "千元", "money 5000000 yuan"),
        ("37", "百万元", "money 37000000 yuan"),
        ("500万", "万元", "money 5000000 yuan"),
        ("500万", "元", "money 5000000 yuan"),
        ("500元", "万元", "money 500 yuan"),
        ("三百五十", "万元", "money 3500000 yuan"),
        ("350余", "万元", "money 3500000 yuan above"),
        ("近350", "万元", "money 3500000 yuan below"),
        ("350左右", "万元", "money 3500000 yuan about"),
        ("350以上", "万元", "money 3500000 yuan at_least"),
        ("≥350", "万元", "money 3500000 yuan at_least"),
        ("5 000 000", "元", "money 5000000 yuan"),
        ("5，000，000.00", "元", "money 5000000 yuan"),
        ("５００．００", "万元", "money 5000000 yuan"),
        ("5.6E+06", "元", "money 5600000 yuan"),
        ("￥3,500,000.00", "", "money 3500000 yuan"),
        ("人民币叁佰伍拾万元整（¥3,500,000.00）", "", "money 3500000 yuan"),
        ("50万元/年", "", "money 500000 yuan"),
        ("512.36（万元）", "", "money 5123600 yuan"),
        ("12（人）", "", "count 12 人"),
        ("320（㎡）", "", "area 320 m2"),
        ("3.2", "万㎡", "area 32000 m2"),
        ("0.3", "亩", "area 200 m2"),
        ("200 m 2", "", "area 200 m2"),
        ("200m2", "", "area 200 m2"),
        ("58.3", "%", "percent 0.583 ratio"),
        ("58.3%", "%", "percent 0.583 ratio"),
        ("3-5", "人", "range 3..5 人"),
        ("12", "人", "count 12 人"),
        ("12 人", "项", "count 12 人"),
        ("共12人", "", "count 12 人"),
        ("3", "年", "count 3 年"),
        ("2025", "年", "year 2025 year"),
        ("0", "项", "count 0 项"),
        (" 7 \n", "家", "count 7 家"),
        ("两年半", "", "count 2.5 年"),
    ],
)
def test_cell_takes_the_unit_of_its_label_unless_it_has_one(cell, unit, expected):
    found = read_cell(cell, unit)
    assert found is not None
    assert told(found) == expected


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("6（4）", "人"),
        ("6/4", "人"),
        ("4/6", "人"),
        ("3千", "万元"),
        ("1 500", "万元"),
        ("1,2\n00", "元"),
        ("1,2345", "元"),
        ("20元/㎡", ""),
        ("100万美元", "万元"),
        ("2025-07-14", ""),
        ("TSE-2000S", ""),
        ("91650191MA7ABCDE1X", ""),
        ("1号楼", ""),
        ("第3", "人"),
        ("(1,234.00)", "元"),
        ("无", "元"),
        ("/", "元"),
        ("", "元"),
        ("详见附件3", "万元"),
        ("人民币叁佰伍拾万元整（¥3,600,000.00）", ""),
        ("专职4人、兼职2人", "人"),
        ("30kW", "台"),
    ],
)
def test_cell_that_is_not_one_quantity_gives_none(cell, unit):
    assert read_cell(cell, unit) is None


@pytest.mark.parametrize(
    ("cell", "unit", "error"),
    [("568.3", "万元", "500"), ("12", "人", "0"), ("3-5", "人", "0"), ("3.2", "万人", "500"), ("4284.65", "万元", "50")],
)
def test_error_of_a_cell_is_in_the_unit_of_its_label(cell, unit, error):
    found = read_cell(cell, unit)
    assert found is not None
    assert found.error == Decimal(error)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("原值（万元）", "万元"),
        ("单位：万元", "万元"),
        ("单位：元 币种：人民币", "元"),
        ("单位:人民币万元", "万元"),
        ("（人民币万元）", "万元"),
        ("金额单位：千元", "千元"),
        ("面积/㎡", "㎡"),
        ("建筑面积(m 2)", "㎡"),
        ("建筑面积（平方米）：", "㎡"),
        ("场地面积 平方米", "㎡"),
        ("面积（万平方米）", "万㎡"),
        ("占地（亩）", "亩"),
        ("占比（%）", "%"),
        ("（单位：人）", "人"),
        ("人数（名）", "名"),
        ("数量（台/套）", "台"),
        ("数量（台、套）", "台"),
        ("数量（台套）", "台套"),
        ("建设周期（年）", "年"),
        ("建设周期（月）", "个月"),
        ("年收入（万元/年）", "万元"),
        ("金额（万）", "万元"),
        ("原值万元", "万元"),
        ("租金（元/㎡·天）", None),
        ("单价（元/台）", None),
        ("单位：万元、平方米", None),
        ("申报单位：新疆大学", None),
        ("单位名称", None),
        ("联系人（签字）", None),
        ("（公章）", None),
        ("（一）", None),
        ("（个人）", None),
        ("2025年收入", None),
        ("", None),
    ],
)
def test_unit_in_a_label(label, unit):
    assert unit_in(label) == unit


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("人民币叁佰伍拾万元整", "3500000"),
        ("（大写）叁佰伍拾万圆整（小写）3500000", "3500000"),
        ("大写：叁佰伍拾万", "3500000"),
        ("叁 佰 伍 拾 万 元 整", "3500000"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89"),
        ("肆佰叁拾萬圓整", "4300000"),
        ("壹万元零伍分", "10000.05"),
        ("三百五十万元整", "3500000"),
        ("3500000元", None),
        ("佰 拾 万 元整", None),
        ("合同价叁佰万元整，首付壹佰万元整", None),
        ("大陆人伍某", None),
    ],
)
def test_amount_in_words(text, amount):
    assert words_amount(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "unit",
    [
        "一 ",
        " 三四",
        "十 ",
        "五到",
        "1万",
        "1万2千",
        "零",
        "百分百",
        "5人(含",
        "2022、",
        "负",
        "三毛五",
        "第1、",
        "1 000",
        "一点二",
    ],
)
def test_rows_of_numerals_take_no_time_to_speak_of(unit):
    started = perf_counter()
    quantities(unit * (6000 // len(unit)))
    assert perf_counter() - started < 10  # a fraction of a second; minutes where the time grows with the square
