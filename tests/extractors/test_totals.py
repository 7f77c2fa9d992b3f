"""Totals by any name, told by what they amount to; one list of several years; amounts that several rows share."""

from decimal import Decimal

import pytest

from tests.extractors.listing import LEFT, UP, paged, read, sheet

THINGS = ["序号", "设备名称", "规格型号", "数量", "单价", "原值"]
ROWS = [["1", "天平", "A", "1", "1", "1.00"], ["2", "色谱", "L", "1", "20", "20.00"]]
DEALS = ["年度", "序号", "合同号", "委托方", "服务事项", "签订日", "到账收入（万元）"]


def tally(reading, key="equipment.value"):
    return next(t for t in reading.tallies if t.key.value == key)


@pytest.mark.parametrize(
    "last",
    [
        ["期末余额", LEFT, LEFT, LEFT, LEFT, "21.00"],
        ["", "", "", "2", "", "21.00"],
        ["全部合计", LEFT, LEFT, LEFT, LEFT, "21.00"],
        ["设备价值总和", LEFT, LEFT, "2", "", "21.00"],
    ],
)
def test_the_sum_of_all_rows_is_the_total_whatever_it_is_called(last):
    found = tally(read(paged("设备清单（单位：万元）", [THINGS, *ROWS, last])))
    assert (found.stated, found.sum, found.count, found.complete) == (Decimal(21), Decimal(21), 2, True)


def test_a_total_that_is_called_one_is_told_though_it_is_wrong():
    found = tally(read(paged("设备清单（单位：万元）", [THINGS, *ROWS, ["资产价值总和", LEFT, LEFT, LEFT, LEFT, "31.00"]])))
    assert (found.stated, found.sum, found.count) == (Decimal(31), Decimal(21), 2)


def test_sums_of_groups_are_no_rows_and_no_totals():
    more = [["3", "釜", "A", "1", "5", "5.00"], ["4", "塔", "L", "1", "20", "20.00"], ["中试区", LEFT, LEFT, "2", "", "25.00"]]
    rows = [THINGS, *ROWS, ["检测区", LEFT, LEFT, "2", "", "21.00"], *more, ["全部", LEFT, LEFT, "4", "", "46.00"]]
    found = tally(read(paged("设备清单（单位：万元）", rows)))
    assert (found.stated, found.sum, found.count) == (Decimal(46), Decimal(46), 4)


def test_what_stands_below_the_total_is_a_part_of_it():
    below = [["合计", LEFT, LEFT, "2", "", "21.00"], ["进口设备", LEFT, LEFT, "1", "", "20.00"]]
    found = tally(read(paged("设备清单（单位：万元）", [THINGS, *ROWS, *below])))
    assert (found.stated, found.sum, found.count) == (Decimal(21), Decimal(21), 2)


def test_a_thing_without_a_number_that_is_no_sum_is_a_row():
    reading = read(paged("设备清单（单位：万元）", [THINGS, *ROWS, ["", "离心机", "C", "1", "3", "3.00"]]))
    assert (tally(reading).sum, len(reading.rosters.equipment), tally(reading).complete) == (Decimal(24), 3, False)


def test_an_amount_for_several_rows_counts_once():
    rows = [THINGS, ["1", "天平", "A", "1", "", "21.00"], ["2", "色谱", "L", "1", "", UP], ["合计", LEFT, LEFT, "2", "", "21.00"]]
    found = tally(read(paged("设备清单（单位：万元）", rows)))
    assert (found.sum, found.stated, found.complete) == (Decimal(21), Decimal(21), True)


def test_the_number_of_the_maker_is_the_serial_and_not_that_of_the_books():
    head = ["资产编号", "资产名称", "规格", "出厂编号", "台（套）", "原值（万元）"]
    item = read(paged("设备台账", [head, ["ZC-0001", "天平", "A", "SN77", "2", "1"]])).rosters.equipment[0]
    assert (item.serial, item.quantity, item.value) == ("SN77", Decimal(2), Decimal(1))


def test_a_list_ends_where_another_counts_anew():
    plan = [["2026年购置计划（尚未购置）"], ["序号", "拟购设备", "预算（万元）"], ["1", "环境箱", "20"], ["", "合计", "20"]]
    reading = read(sheet(["设备清单（单位：万元）"], THINGS, *ROWS, ["合计", "", "", "2", "", "21.00"], *plan), "设备.xlsx")
    assert [e.name for e in reading.rosters.equipment] == ["天平", "色谱"]
    assert (tally(reading).stated, tally(reading).doubts) == (Decimal(21), ())


def test_each_year_of_one_list_of_income_has_its_own_total():
    rows = [
        DEALS, ["2024年", "1", "A", "甲公司", "验证", "2024-1-1", "10"], [UP, "2", "B", "乙公司", "验证", "2024-3-1", "20"],
        ["2024年小计", LEFT, LEFT, LEFT, LEFT, LEFT, "30"], ["2025年", "1", "A", "甲公司", "验证", "2025-1-1", "40"],
        ["2025年小计", LEFT, LEFT, LEFT, LEFT, LEFT, "40"], ["两年合计", LEFT, LEFT, LEFT, LEFT, LEFT, "70"],
    ]  # fmt: skip
    reading = read(paged("概念验证服务收入明细", rows), "收入.pdf")
    assert [(t.period, t.stated, t.sum, t.doubts) for t in reading.tallies] == [
        ("2024", Decimal(30), Decimal(30), ()), ("2025", Decimal(40), Decimal(40), ()), ("2024-2025", Decimal(70), Decimal(70), ()),
    ]  # fmt: skip


def test_a_list_of_technology_contracts_is_no_service_income():
    head = ["序号", "合同编号", "受让方", "合同类别", "签订日期", "合同金额（万元）"]
    rows = [head, ["1", "A", "甲公司", "技术开发", "2025-1-1", "100"], ["合计", LEFT, LEFT, LEFT, LEFT, "100"]]
    assert read(paged("技术合同登记清单", rows), "合同.pdf").sightings == ()


def test_the_total_of_a_list_of_the_main_things_is_not_vouched_for():
    reading = read(paged("主要仪器设备清单（单位：万元）", [THINGS, *ROWS, ["合计", LEFT, LEFT, "2", "", "21.00"]]))
    assert (tally(reading).partial, [bool(s.doubts) for s in reading.sightings]) == (True, [True])


def test_groups_of_things_with_their_total_and_a_name_beside_its_group():
    groups = [["设备类别", "台套数", "原值（万元）"], ["检测设备", "10", "120"], ["中试设备", "20", "200"], ["合计", "30", "320"]]
    named = [["序号", "设备类别", "设备名称", "数量", "原值（万元）"], ["1", "检测", "天平", "1", "1"]]
    assert tally(read(paged("仪器设备汇总", groups))).stated == Decimal(320)
    assert [e.name for e in read(paged("仪器设备清单", named)).rosters.equipment] == ["天平"]


def test_the_second_year_of_a_list_keeps_the_unit_of_the_first():
    head = ["序号", "合同编号", "委托单位", "服务内容", "签订日期", "到账金额"]
    lists = [[head, ["1", "A", "甲公司", "验证", "2024-1-1", n], ["合计", LEFT, LEFT, LEFT, LEFT, n]] for n in ("30", "60")]
    reading = read(paged("概念验证服务收入明细表（单位：万元）", "2024年度", lists[0], "2025年度", lists[1]), "收入.pdf")
    assert [(t.period, t.stated, t.sum) for t in reading.tallies] == [
        ("2024", Decimal(30), Decimal(30)),
        ("2025", Decimal(60), Decimal(60)),
    ]
