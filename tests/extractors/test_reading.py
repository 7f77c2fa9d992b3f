"""One document understood, from grids and paragraphs written by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from extractors import extract
from tests.extractors.build import LEFT, document

DAY = date(2026, 4, 15)


def read(*parts, file="申报书.docx"):
    return extract(document(*parts), document_id="d1", file=file, as_of=DAY)


def stated(reading):
    return {(s.key.value, s.period): s.value for s in reading.sightings if s.rejected is None}


def test_pairs_side_by_side_and_the_unit_in_the_label():
    reading = read([["固 定 场 地 面 积（㎡）", "387.8", "仪器设备原值（万元）", "512.36"]])
    assert stated(reading) == {("site.area", None): Decimal("387.8"), ("equipment.value", None): Decimal("512.36")}


def test_the_unit_alone_in_a_neighbouring_cell():
    assert stated(read([["场地面积", "387.8", "平方米"], ["设备原值", "万元", "300"]])) == {
        ("site.area", None): Decimal("387.8"),
        ("equipment.value", None): Decimal(300),
    }


def test_labels_over_values():
    reading = read([["场地面积（㎡）", "团队人数（人）", "储备项目数（项）"], ["387.8", "11", "13"]])
    assert list(stated(reading).values()) == [Decimal("387.8"), Decimal(11), Decimal(13)]


def test_an_indicator_table_with_a_unit_column():
    reading = read(
        [
            ["序号", "指标名称", "单位", "数值", "备注"],
            ["1", "固定场地面积", "平方米", "196.2", "见附件"],
            ["2", "仪器设备原值", "万元", "1170.92", ""],
        ]
    )
    assert stated(reading) == {("site.area", None): Decimal("196.2"), ("equipment.value", None): Decimal("1170.92")}


def test_a_table_of_targets_yields_no_present_value():
    reading = read(
        "分年度建设目标", [["指标", "2025年底现状", "2026年", "2028年目标"], ["场地面积（㎡）", "387.8", "491", "698"]]
    )
    assert stated(reading) == {("site.area", None): Decimal("387.8")}
    assert sorted(s.value for s in reading.sightings if s.rejected) == [Decimal(491), Decimal(698)]


def test_the_hosts_own_figures_are_set_aside():
    reading = read(
        [["一、依托单位基本情况", LEFT], ["建筑面积（㎡）", "14323"], ["二、中心基本情况", LEFT], ["固定场地面积（㎡）", "387.8"]]
    )
    assert stated(reading) == {("site.area", None): Decimal("387.8")}


@pytest.mark.parametrize("host", ["全单位", "全院", "全公司", "依托单位整体", "单位总体", "法人口径"])
@pytest.mark.parametrize("own", ["归中心（平台）", "其中：中心", "划归平台", "中心专用", "本中心"])
def test_of_two_columns_the_hosts_is_set_aside(host, own):
    reading = read([["指标（计量单位）", host, own], ["专门用房面积（㎡）", "43442", "780"]])
    assert stated(reading) == {("site.area", None): Decimal(780)}


def test_the_policys_words_are_no_answer():
    reading = read([["固定场地面积", "不少于200平方米"]])
    assert [(s.key.value, bool(s.rejected)) for s in reading.sightings] == [("site.area", True)]


def test_a_money_value_without_any_unit_is_not_taken():
    assert stated(read([["仪器设备原值", "512.36"]])) == {}


def test_the_forms_note_gives_the_unit_of_all_amounts():
    reading = read("填报说明：金额单位均为万元，保留两位小数。", [["仪器设备原值", "512.36"]])
    assert stated(reading) == {("equipment.value", None): Decimal("512.36")}


def test_technology_managers_belong_to_the_head_count_above():
    reading = read([["专家顾问团队总人数", "11人"], ["其中：技术经理人数", "2人"]])
    assert stated(reading) == {("advisors.headcount", None): Decimal(11), ("advisors.technology_managers", None): Decimal(2)}
    assert [(p.part, p.whole) for p in reading.parts] == [(Decimal(2), Decimal(11))]


def test_credit_is_read_from_the_box_with_its_window():
    reading = read([["近三年是否发生重大违法或失信行为", "□是 ☑否"]])
    assert stated(reading) == {("credit.clean", "近三年"): True}


def test_a_credit_box_without_a_mark_says_nothing():
    assert stated(read([["近三年是否发生重大违法或失信行为", "□是 □否"]])) == {}


def test_a_choice_nobody_made_and_numbers_to_circle_say_nothing():
    label = "近三年是否发生重大违法或失信行为"
    assert [stated(read([[label, cell]])) for cell in ("是/否", "是  否", "①是 ②否", "是√否")] == [{}, {}, {}, {}]
    assert stated(read([["单位性质", "①企业②高等院校"]])) == {}


def test_two_ticks_in_a_choice_of_one_are_told_and_doubted():
    reading = read([["近三年是否发生重大违法或失信行为", "☑是 ☑否"]])
    assert [(s.value, s.doubts) for s in reading.sightings] == [(False, ("单选栏勾选了多项",)), (True, ("单选栏勾选了多项",))]


def test_blank_fields_of_the_applicant_are_noted_and_the_bureaus_are_not():
    reading = read([["负责人", "", "职务/职称", "研究员"], ["市科技局意见", "（盖章）  年 月 日"]])
    assert [b.label for b in reading.blanks] == ["负责人"]


def test_a_blank_of_one_year_beside_an_answer_is_none_where_years_do_not_apply():
    head = ["指标", "计量单位", "2024年", "2025年", "年末数"]
    reading = read([head, ["顾问团队人数", "人", "一", "_", "10"], ["概念验证服务收入", "万元", "_", "88.4", "—"]])
    assert stated(reading)["advisors.headcount", None] == 10
    assert [b.label for b in reading.blanks] == ["概念验证服务收入"]


def test_a_question_whether_there_is_any_denies_nothing():
    said = "近三年有无重大违法或严重失信情形"
    reading = read("昆明市概念验证中心申报书", f"{said}：☑有　□无", f"{said}的说明附后。")
    assert [(s.value, s.manner) for s in reading.sightings] == [(False, "checkbox")]
    assert [s.value for s in read("申报承诺书", "本单位近三年无重大违法或严重失信情形。", file="承诺书.docx").sightings] == [True]


def test_an_unnumbered_title_ends_a_section_of_aims():
    said = "受聘专家10名，外单位专家7名，外单位专家比例为53%。"
    aims = read("七、发展目标", "三年后成为一流中心。", said, file="建设方案.docx")
    anew = read("七、发展目标", "三年后成为一流中心。", "专家来源情况", said, file="建设方案.docx")
    assert [("advisors.external_share", None) in stated(reading) for reading in (aims, anew)] == [False, True]


def test_an_amount_written_out_in_a_sentence_may_be_rounded_to_four_figures():
    (plain, exact) = (
        next(
            s for s in read(f"本中心仪器设备原值为{said}元。", file="建设方案.docx").sightings if s.key.value == "equipment.value"
        )
        for said in ("29304000", "29304120")
    )
    assert (plain.value, plain.error, exact.error < 1) == (Decimal("2930.4"), Decimal("0.05"), True)


def test_a_signature_left_out_between_label_and_the_applicants_name():
    cell = ["本单位意见", "以上属实。\v法定代表人签字：\v申报单位（盖章）：某公司\v2026年3月1日"]
    signed = ["本单位意见", "以上属实。\v法定代表人签字：张三\v申报单位（盖章）：某公司\v2026年3月1日"]
    title = "昆明市概念验证中心申报书"
    assert [[b.kind for b in read(title, [row]).blanks] for row in (cell, signed)] == [["signature"], []]


def test_a_line_that_asks_for_a_name_is_blank_without_one():
    reading = read("昆明市概念验证中心申报书", "中心主任（姓名）：", "联系人：张三", "传真：")
    assert [b.label for b in reading.blanks] == ["中心主任(姓名)"]


def test_rosters_are_counted_and_totals_are_not_rows():
    reading = read(
        "附表1 运营服务团队成员名单",
        [
            ["序号", "姓名", "学历", "岗位", "专/兼职"],
            ["1", "于娜", "博士", "中心主任", "专职"],
            ["2", "戴海", "硕士", "技术经理人", "兼职"],
        ],
        "仪器设备清单 单位：元",
        [
            ["序号", "设备名称", "型号", "数量", "单价", "原值"],
            ["1", "电子天平", "A-1", "2", "5000", "10000"],
            ["合计", LEFT, LEFT, "2", "", "10000"],
        ],
    )
    assert [(p.name, p.employment, p.technology_manager) for p in reading.rosters.team] == [
        ("于娜", "专职", False),
        ("戴海", "兼职", True),
    ]
    assert [(e.name, e.value) for e in reading.rosters.equipment] == [("电子天平", Decimal(1))]
    sums = [(t.what, t.count, t.stated, t.sum) for t in reading.tallies if "技术经理" not in t.what]
    assert sums == [("运营服务团队名单", 2, None, None), ("仪器设备清单", 1, Decimal(1), Decimal(1))]


def test_a_wrong_check_digit_is_told_without_the_number():
    reading = read("负责人身份证号650191199601193872", "统一社会信用代码91650191MA1KB2CF15")
    assert sorted((i.kind, i.shown, i.valid) for i in reading.identifiers) == [
        ("id_number", "650191***********2", False),
        ("uscc", "91650191MA1KB2CF15", False),
    ]


def test_money_put_in_is_told_apart_from_original_value():
    reading = read([["设备采购金额（万元）", "530"]])
    assert {(s.key.value, s.value, bool(s.doubts)) for s in reading.sightings} == {
        ("equipment.invested", Decimal(530), False),
        ("equipment.value", Decimal(530), True),
    }


def test_a_group_title_that_could_be_a_label_ends_the_hosts_group():
    data = document(
        [
            ["单位基本信息", "单位名称", "昆明某某科技有限公司"],
            ["中心概况", "场地面积（㎡）", "387.8"],
            ["", "设备原值（万元）", "512"],
        ]
    )
    table = data.tables[0]
    cells = tuple(
        c._replace(rows=2) if data.text[c.start : c.end] == "中心概况" else c for c in table.cells if (c.row, c.col) != (2, 0)
    )
    reading = extract(replace(data, tables=(replace(table, cells=cells),)), document_id="d1", file="申报书.docx", as_of=DAY)
    assert {s.key.value: s.rejected for s in reading.sightings if s.key.value in ("site.area", "equipment.value")} == {
        "site.area": None, "equipment.value": None,
    }  # fmt: skip


def test_a_lease_that_lets_a_room_is_no_plan():
    reading = read(
        "房屋租赁合同", "甲方将位于园区6栋101室的房屋出租给乙方，建筑面积共186.5平方米，用作中心场地。", file="租赁合同.docx"
    )
    assert [(s.value, s.rejected, s.grade.value) for s in reading.sightings if s.key.value == "site.area"] == [
        (Decimal("186.5"), None, "contract")
    ]


def test_a_line_that_begins_with_of_these_belongs_to_the_line_before_it():
    reading = read("三、人员", "（1）运营团队总人数：7人", "（2）受聘顾问专家人数：6人", "（3）其中技术经纪（经理）人数量：1人")
    assert stated(reading)["advisors.technology_managers", None] == Decimal(1)
    assert ("team.technology_managers", None) not in stated(reading)


def test_pages_of_papers_are_no_figures():
    assert stated(read([["序号", "材料", "页数"], ["1", "概念验证服务收入分年明细和合同", "6"], ["2", "储备项目", "9"]])) == {}


def test_a_time_to_come_that_opens_a_sentence_governs_it():
    said = "到2028年：场地达到1992㎡，设备原值4276万元，团队29人，储备45项。"
    assert stated(read(said, file="建设方案.docx")) == {}
    assert len(stated(read(said.replace("2028", "2025"), file="建设方案.docx"))) == 4


def test_what_bears_on_no_clause_is_no_passage():
    reading = read(
        "4．申报条件摘录：“具备完善的服务机制和项目库，无严重失信行为”，请对照填写。",
        [["统一社会信用代码", "91650191MAUY9FQJ3D"]],
        "本中心建立了项目库，遴选程序公开，近三年没有失信行为，信用良好。",
    )
    assert {p.evidence.quote[:6] for p in reading.passages} == {"本中心建立了"}


def test_a_list_of_fields_may_go_on_behind_a_semicolon():
    said = [s.value for s in read("（2）服务产业领域：绿色食品；生物医药").sightings if s.key.value == "industries"]
    assert set(said) == {("绿色食品", "生物医药")}
    first = [s.value for s in read("服务产业领域：绿色食品；建设期：2年").sightings if s.key.value == "industries"]
    assert set(first) == {("绿色食品",)}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("服务费总计人民币壹拾万元整（小写¥100,000），其中首付款130,000元，验收后付清余款。", [("130000", "100000")]),
        ("报酬共计100,000元；其中预付款50,000元，其余款项验收后支付。", [("50000", "100000")]),
        ("报酬共计100,000元，其中预付款5万元，其余款项验收后支付。", [("50000", "100000")]),
        ("违约金每日500元。首付款130,000元。", []),
    ],
)
def test_a_first_payment_is_a_part_of_the_fee(said, told):
    parts = ("技术服务合同", "甲方：甲公司", "乙方：乙公司", said, "违约责任：按约定。", "争议解决：协商。")
    reading = extract(document(*parts), document_id="d1", file="技术服务合同.docx", as_of=date(2026, 4, 15))
    assert [(str(one.part), str(one.whole)) for one in reading.parts] == told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["职工总数（人）", "320"], ["其中：科技人员（人）", "380"]], [("380", "320")]),
        ([["职工总数（人）", "320"], ["运营管理团队人数（人）", "9"], ["其中：研发人员（人）", "80"]], []),
        ([["中试场地面积（㎡）", "939"], ["其中：办公用房（㎡）", "1108"]], [("1108", "939")]),
    ],
)
def test_a_part_is_held_to_its_own_whole(rows, told):
    reading = extract(document("申报书", rows), document_id="d1", file="申报书.docx", as_of=date(2026, 4, 15))
    assert [(str(one.part), str(one.whole)) for one in reading.parts] == told
