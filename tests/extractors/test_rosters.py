"""Lists as ugly as real ones: cut by pages, with titles, subtotals and remarks among their rows, hidden and borrowed things."""

from decimal import Decimal

import pytest

from extractors.organisations import is_outside, sector_of
from tests.extractors import build
from tests.extractors.listing import LEFT, PAGE, STALE, UP, paged, read, sheet

PEOPLE = ["序号", "姓名", "单位", "职称", "岗位", "专/兼职"]
THINGS = ["序号", "设备名称", "规格型号", "数量", "单价", "原值"]


def person(number, name, unit="某公司", post="专职"):
    return [number, name, unit, "工程师", "测试", post]


def tally(reading, key):
    return next(t for t in reading.tallies if t.key.value == key)


@pytest.mark.parametrize(
    "second",
    [
        (PAGE, [person("3", "王五行")]),
        (PAGE, [PEOPLE, person("3", "王五行")]),
        (PAGE, "运营服务团队名单（续）", [PEOPLE, person("3", "王五行")]),
        (PAGE, [["运营服务团队名单（续表）", LEFT, LEFT, LEFT, LEFT, LEFT], PEOPLE, person("3", "王五行")]),
    ],
)
def test_a_list_goes_on_over_the_page(second):
    reading = read(paged("运营服务团队名单", [PEOPLE, person("1", "张三丰"), person("2", "李四光")], *second))
    found = tally(reading, "team.headcount")
    assert [p.name for p in reading.rosters.team] == ["张三丰", "李四光", "王五行"]
    assert (found.count, found.complete, found.doubts) == (3, True, ())


def test_a_row_cut_by_the_page_is_one_row():
    first = [THINGS, ["1", "高效液相色谱", "LC-", "1", "20", "20.00"]]
    rest = [
        ["", "仪（含进样器）", "2030", "", "", ""],
        ["2", "离心机", "C1", "1", "3", "3.00"],
        ["合计", LEFT, LEFT, "2", "", "23.00"],
    ]
    reading = read(paged("设备清单 单位：万元", first, PAGE, rest))
    assert [(e.name, e.model) for e in reading.rosters.equipment] == [("高效液相色谱仪(含进样器)", "LC-2030"), ("离心机", "C1")]
    assert (tally(reading, "equipment.value").sum, tally(reading, "equipment.value").complete) == (Decimal(23), True)


def test_titles_subtotals_and_remarks_are_no_rows():
    rows = [
        THINGS, ["一", "检测设备", "", "", "", ""], ["1", "累计流量计", "A", "2", "0.5", "1.00"], ["", "小 计", "", "2", "", "1.00"],
        ["二、中试设备", LEFT, LEFT, LEFT, LEFT, LEFT], ["2", "色谱", "L", "1", "20", "20.00"], ["", "其中：进口", "", "1", "", "20.00"],
        ["", "本页小计", "", "1", "", "20.00"], ["", "合 计", "", "3", "", "21.00"], ["注：均为自有", "", "", "", "", ""],
        ["制表：张三", "", "", "审核：李四", "", ""],
    ]  # fmt: skip
    reading = read(paged("设备清单（单位：万元）", rows))
    found = tally(reading, "equipment.value")
    assert [e.name for e in reading.rosters.equipment] == ["累计流量计", "色谱"]
    assert (found.sum, found.stated, found.complete) == (Decimal(21), Decimal(21), True)


@pytest.mark.parametrize("second", [[UP, UP, UP, "单价", "总价", UP], ["", "", "", "单价", "总价", ""]])
def test_a_header_of_two_levels_gives_the_unit_to_both_columns(second):
    over = LEFT if second[0] is UP else ""
    rows = [
        ["序号", "设备名称", "规格型号", "金额（万元）", over, "购置日期"],
        second,
        ["1", "天平", "A", "0.5", "1.00", "2023.5"],
    ]
    reading = read(paged("设备清单", rows))
    item = reading.rosters.equipment[0]
    assert (item.unit_price, item.value, item.purchased) == (Decimal("0.5"), Decimal(1), "2023.5")


def test_each_list_of_a_sheet_has_its_own_unit():
    rows = [
        ["仪器设备清单"], ["单位：元"], THINGS, ["1", "天平", "A", "1", "5000", "5000"], [""] * 6,
        ["软件清单"], ["单位：万元"], ["序号", "软件名称", "版本", "数量", "单价", "原值"], ["1", "仿真软件", "V1", "1", "20", "20"],
        ["合计", "", "", "", "", "20"],
    ]  # fmt: skip
    reading = read(sheet(*rows), "设备.xlsx")
    found = tally(reading, "equipment.value")
    assert [e.value for e in reading.rosters.equipment] == [Decimal("0.5"), Decimal(20)]
    assert (found.sum, found.stated) == (Decimal("20.5"), None)


def test_hidden_rows_and_columns_and_lost_results_are_told():
    rows = [
        ["设备清单（单位：元）"],
        THINGS,
        *([str(n), "仪", "A", "1", "5", "5"] for n in (1, 2)),
        ["合计", "", "", "", "", "5"],
    ]
    lost = [*rows[:3], ["2", "仪", "A", "1", "5", STALE]]
    told = [read(d, "a.xlsx") for d in (sheet(*rows, hidden_rows=(3,)), sheet(*rows, hidden_cols=(5,)), sheet(*lost))]
    assert [tally(r, "equipment.value").doubts[0][:9] for r in told] == [
        "清单中有1行被隐藏",
        "清单中“原值”一列",
        "清单中有公式没有保",
    ]
    assert all(s.doubts for r in told for s in r.sightings)


def test_a_gap_in_the_numbers_is_told_and_the_rows_still_count():
    reading = read(paged("运营服务团队名单", [PEOPLE, person("1", "张三丰"), person("3", "李四光")]))
    found = tally(reading, "team.headcount")
    assert (found.count, found.complete, found.doubts) == (2, False, ("序号不连续：1之后是3",))


def test_a_net_value_is_never_the_original_value():
    head = ["序号", "设备名称", "规格型号", "数量", "账面净值"]
    reading = read(paged("设备清单（单位：万元）", [head, ["1", "天平", "A", "1", "0.5"], ["合计", "", "", "1", "0.5"]]))
    assert [(e.name, e.value) for e in reading.rosters.equipment] == [("天平", None)]
    assert reading.sightings == ()


def test_what_is_leased_or_not_bought_yet_is_not_counted():
    head = ["序号", "设备名称", "规格型号", "数量", "原值", "来源"]
    rows = [
        ["1", "天平", "A", "1", "1", "自有"],
        ["2", "色谱", "L", "1", "20", "租赁"],
        ["3", "核磁（在购）", "L", "1", "90", ""],
    ]
    reading = read(paged("设备清单（单位：万元）", [head, *rows, ["合计", "", "", "", "111", ""]]))
    assert [e.owned for e in reading.rosters.equipment] == [None, False, False]
    assert tally(reading, "equipment.value").sum == 1
    assert [bool(s.doubts) for s in reading.sightings] == [True]


@pytest.mark.parametrize(("head", "cell"), [("原值（万元）", "3万美元"), ("原值（美元）", "3")])
def test_foreign_money_is_not_taken_for_yuan(head, cell):
    rows = [["序号", "设备名称", "规格型号", "数量", head], ["1", "色谱", "L", "1", cell], ["合计", "", "", "1", cell]]
    reading = read(paged("设备清单（单位：万元）", rows))
    assert [e.value for e in reading.rosters.equipment] == [None]
    assert (tally(reading, "equipment.value").sum, reading.sightings) == (None, ())


def test_two_sides_in_one_list_are_told_apart_by_their_titles():
    title = [[text, LEFT, LEFT, LEFT, LEFT, LEFT] for text in ("一、运营服务团队", "二、顾问专家团队")]
    rows = [PEOPLE, title[0], person("1", "张三丰"), person("2", "李四光"), title[1], person("1", "王五行", "新疆大学", "兼职")]
    reading = read(paged("人员情况表", rows))
    assert [p.name for p in reading.rosters.team] == ["张三丰", "李四光"]
    assert [p.name for p in reading.rosters.advisors] == ["王五行"]
    assert [tally(reading, k).count for k in ("team.headcount", "advisors.headcount")] == [2, 1]


def test_people_set_side_by_side_are_all_read():
    rows = [
        ["姓名", "职称", "岗位", "姓名", "职称", "岗位"],
        ["张三丰", "高工", "主任", "李四光", "高工", "职员"],
        ["王五行", "", "职员", "", "", ""],
    ]
    reading = read(paged("运营服务团队名单", rows))
    assert [p.name for p in reading.rosters.team] == ["张三丰", "李四光", "王五行"]
    assert tally(reading, "team.headcount").complete


def test_a_certificate_applied_for_makes_no_technology_manager():
    head = ["序号", "姓名", "职称", "岗位", "专职/兼职", "技术经理人证书编号"]
    rows = [["1", "张三丰", "高工", "主任", "☑专职□兼职", "XJ-001"], ["2", "李四光", "高工", "运营", "□专职□兼职", "申请中"]]
    team = read(paged("运营服务团队名单", [head, *rows])).rosters.team
    assert [(p.employment, p.technology_manager, p.certificate) for p in team] == [("专职", True, "XJ-001"), (None, False, None)]


def test_completed_projects_are_no_reserve_and_plans_are_no_projects():
    done = [["序号", "项目名称", "来源", "完成时间", "验证结果"], ["1", "甲", "某所", "2024.3", "融资"]]
    held = [
        ["序号", "项目名称", "来源", "入库时间", "成熟度"],
        ["1", "乙", "某所", "2024.3", "TRL4"],
        ["2", "丙", "某所", "2024.5", "TRL5"],
    ]
    reading = read(paged("已完成概念验证项目清单", done, "储备项目清单", held, "拟入库项目清单", held))
    assert [(t.key.value, t.count) for t in reading.tallies] == [("projects.completed", 1), ("projects.reserved", 2)]
    assert [p.done for p in reading.rosters.projects] == [True, False, False]


@pytest.mark.parametrize(
    ("organisation", "outside"),
    [
        ("新疆某某科技有限公司", False), ("新疆某某科技有限公司研发部", False), ("新疆某某科技有限公司昆明分公司", False), ("本公司", False),
        ("新疆某某科技（集团）有限公司", None), ("新疆某某科技有限公司附属医院", None), ("乙公司（原新疆某某科技有限公司）", False), ("昆明理工大学", True),
    ],
)  # fmt: skip
def test_whose_an_adviser_is(organisation, outside):
    assert is_outside(organisation, "新疆某某科技有限公司") is outside


@pytest.mark.parametrize(
    ("organisation", "title", "sector"),
    [("新疆大学", "教授", "学术"), ("某某投资有限公司", "经理", "投资"), ("某某电力股份有限公司", "总工", "产业"), ("新疆大学科技园有限公司", "经理", None),
     ("某律师事务所", "合伙人", None), ("某某股份有限公司", "教授", None)],
)  # fmt: skip
def test_the_sector_is_told_only_where_it_is_plain(organisation, title, sector):
    assert sector_of(organisation, title) == sector


def test_a_status_is_known_by_what_it_says_and_an_unknown_count_is_not_nought():
    head = ["登记号", "项目", "提出单位", "时间", LEFT, "库中情形"]
    rows = [
        [UP, UP, UP, "入库", "完成", UP],
        ["001", "甲", "某所", "2024/06", "—", "在库"],
        ["002", "乙", "某所", "2024/08", "2025/01", "已完成"],
    ]
    reading = read(paged("概念验证项目储备库登记表", [head, *rows]))
    assert [p.done for p in reading.rosters.projects] == [False, True]
    assert [(t.key.value, t.count) for t in reading.tallies] == [("projects.reserved", 2), ("projects.completed", 1)]


def test_original_value_beside_depreciation_and_net_value():
    head = ["资产编号", "资产名称", "规格", "件数", "入账原值", "累计折旧", "账面净值"]
    rows = [
        ["ZC-1", "分析仪", "C-1", "1", "30,000.00", "10,000.00", "20,000.00"],
        ["合计", LEFT, LEFT, LEFT, "30,000.00", "10,000.00", "20,000.00"],
    ]
    reading = read(paged("设备明细表", "金额单位：元", [head, *rows]))
    assert [(s.value, s.doubts) for s in reading.sightings] == [(Decimal(3), ())]


def test_a_list_of_things_headed_name_alone():
    rows = [["序", "名称", "型号规格", "数量", "原值（万元）"], ["1", "球磨机", "DE-1", "1", "76.41"]]
    reading = read(sheet(*rows), "明细表.xlsx")
    assert [(e.name, e.model) for e in reading.rosters.equipment] == [("球磨机", "DE-1")]
    assert tally(reading, "equipment.value").complete


def test_a_list_of_materials_with_pages_states_no_figures():
    rows = [["序号", "材料", "页数"], ["1", "概念验证服务收入分年明细", "6"], ["2", "概念验证项目储备库登记表", "5"]]
    assert read(paged("概念验证中心申报信息表", "材料目录", rows)).sightings == ()


def test_an_untouched_box_and_a_stroke_of_a_scan_are_no_answer():
    head = ["序号", "姓名", "职称", "岗位", "专职/兼职", "技术经理人证书"]
    rows = [
        ["1", "张三丰", "高工", "主任", "专职", "□有□无"],
        ["2", "李四光", "高工", "运营", "专职", "1"],
        ["3", "王五行", "高工", "运营", "专职", "□有☑无"],
    ]
    team = read(paged("运营服务团队名单", [head, *rows])).rosters.team
    assert [p.technology_manager for p in team] == [None, None, False]


def test_a_name_that_goes_on_alone_over_the_page_is_one_name():
    rest = [["", "色谱仪", "", "", "", ""], ["2", "离心机", "C1", "1", "3", "3.00"]]
    reading = read(paged("设备清单 单位：万元", [THINGS, ["1", "高效液相", "LC", "1", "20", "20.00"]], PAGE, rest))
    assert [e.name for e in reading.rosters.equipment] == ["高效液相色谱仪", "离心机"]


def test_completed_projects_with_their_contracts_are_projects():
    head = ["序号", "项目名称", "委托单位", "完成时间", "成果形式", "合同金额（万元）"]
    reading = read(
        paged(
            "已完成概念验证项目清单",
            [head, ["1", "甲", "A公司", "2025.1", "样机", "10"], ["2", "乙", "B公司", "2025.2", "样机", "20"]],
        )
    )
    assert [(t.key.value, t.count) for t in reading.tallies] == [("projects.completed", 2)]


def test_a_list_goes_on_though_what_stands_below_it_parts_its_columns_further():
    wide = ["序号", "姓名", "单位", "职称", "岗位", "专/兼职", LEFT]
    second = [
        wide,
        [*person("3", "王五行"), LEFT],
        ["申报单位承诺", "以上内容属实，近三年没有重大违法和失信行为。", LEFT, LEFT, LEFT, LEFT, LEFT],
        ["审查意见", LEFT, "（盖章）", LEFT, LEFT, LEFT, ""],
    ]
    reading = read(
        paged("概念验证中心申报书", "运营服务团队名单", [PEOPLE, person("1", "张三丰"), person("2", "李四光")], PAGE, second),
        "申报书.pdf",
    )
    assert [p.name for p in reading.rosters.team] == ["张三丰", "李四光", "王五行"]
    assert tally(reading, "team.headcount").complete
    assert [s.key.value for s in reading.sightings] == ["credit.clean"]


@pytest.mark.parametrize("last", [["合计：3人", LEFT, LEFT, LEFT, LEFT, LEFT], ["合计", "3人", "", "", "", ""]])
def test_how_many_a_list_says_it_holds_is_kept_beside_how_many_it_holds(last):
    found = tally(read(paged("运营服务团队名单", [PEOPLE, person("1", "张三丰"), person("2", "李四光"), last])), "team.headcount")
    assert (found.stated, found.count, found.complete) == (3, 2, True)


def test_a_list_with_a_head_of_two_rows_goes_on_though_what_stands_below_it_parts_its_columns_further():
    head = ["序号", "专家", LEFT, "任职", LEFT, "来源"], [UP, "姓名", "专业", "单位", "职务", UP]
    wide = ["序号", "专家", LEFT, LEFT, "任职", LEFT, "来源"], [UP, "姓名", "专业", LEFT, "单位", "职务", UP]
    first = [*head, ["1", "张三丰", "化学", "甲学院", "教授", "外单位"], ["2", "李四光", "物理", "乙学院", "教授", "外单位"]]
    second = [
        *wide,
        ["3", "王五行", "材料", LEFT, "丙公司", "总工", "本单位"],
        ["申报单位承诺", LEFT, "以上属实。", LEFT, LEFT, LEFT, LEFT],
    ]
    reading = read(paged("概念验证中心申报书", "受聘顾问专家一览", first, PAGE, second), "申报书.pdf")
    assert [p.name for p in reading.rosters.advisors] == ["张三丰", "李四光", "王五行"]


def test_a_list_goes_on_below_words_that_say_so_where_there_are_no_pages():
    head = ["行号", "仪器或软件名称", "数量", "购置原值（万元）"]
    first = [head, ["1", "光谱仪", "1", "10"], ["2", "质谱仪", "1", "20"]]
    second = [head, ["3", "软件甲", "1", "5"], ["合计", build.LEFT, build.LEFT, "30"]]
    found = tally(read(build.document("仪器设备台账", first, "续上页", second), "设备清单.docx"), "equipment.value")
    assert (found.count, str(found.sum), str(found.stated)) == (3, "35", "30")


def test_the_price_at_entry_below_a_head_of_book_values_is_the_value():
    rows = [
        ["序号", "设备名称", "台件数", "账面价值（万元）", LEFT],
        [UP, UP, UP, "入账原价", "折余价值"],
        ["1", "光谱仪", "1", "66.7", "40.6"],
        ["2", "质谱仪", "1", "20", "9"],
    ]
    found = tally(read(paged("仪器设备清单", rows), "设备清单.pdf"), "equipment.value")
    assert str(found.sum) == "86.7"
