"""Forms nobody here has seen, as snippets: other cities' labels, heads, units and arrangements. Each reads as a careful officer would read it.

``None`` in place of a value means that it must not be vouched for: the officer would look.
"""

from array import array
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from extractors import extract
from extractors.resolve import resolve
from schemas.vocabulary import FactStatus
from tests.extractors.build import LEFT, UP, document

DAY = date(2026, 4, 15)


def vouched(*parts, file="申报书.docx"):
    """Key (and period) → value, for each number that is accepted; None where a key has only values to look at."""
    reading = extract(document(*parts), document_id="d1", file=file, as_of=DAY)
    told = {}
    for fact in resolve([reading]).facts:
        name = fact.key.value + (f" {fact.period}" if fact.period else "")
        if isinstance(fact.value, Decimal) and not isinstance(fact.value, bool):
            told[name] = str(fact.value) if fact.status is FactStatus.ACCEPTED else told.get(name)
    return told


TABLES = {
    "a district's pairs, spaced labels, units in brackets of both widths": (
        [["固 定 场 地 面 积（㎡）", "612.5", "仪 器 设 备 原 值（万元）", "1,260.50"]],
        {"site.area": "612.5", "equipment.value": "1260.5"},
    ),
    "the unit printed in the value's cell": (
        [["中试用房面积", "1 200 平方米", "设备原价值", "人民币650万元整"]],
        {"site.area": "1200", "equipment.value": "650"},
    ),
    "the unit in a cell before the number and in one behind it": (
        [["专门用房", "㎡", "286"], ["科研仪器设备（含软件）原值", "703.2", "万元"]],
        {"site.area": "286", "equipment.value": "703.2"},
    ),
    "thousands of yuan over the whole table": (
        ["单位：千元", [["项目", "金额"], ["仪器设备原值", "5,263.4"], ["年度运营经费", "820"]]],
        {"equipment.value": "526.34", "funding.annual": "82"},
    ),
    "yuan in a caption row": (
        [["单位：元", LEFT], ["设备及软件原值合计", "5126300.00"], ["年均投入专项资金", "620000"]],
        {"equipment.value": "512.63", "funding.annual": "62"},
    ),
    "亿元 and 万元 in one form": (
        [["技术开发、转让、许可合同成交总额（亿元）", "0.0325"], ["概念验证资金规模（万元）", "300"]],
        {"technology_contracts.value": "325", "fund.size": "300"},
    ),
    "亩 and 公顷": ([["中试场地及配套设施面积（亩）", "3"]], {"site.area": "2000"}),
    "condition beside the answer": (
        [
            ["序号", "申报条件", "条件标准", "达到情况", "证明材料页码"],
            ["1", "固定场地面积", "≥200㎡", "356㎡", "12"],
            ["2", "运营管理团队人数", "≥6人", "9人", "18"],
        ],
        {"site.area": "356", "team.headcount": "9"},
    ),
    "the condition stands in the label": (
        [["固定场地面积（不少于200平方米）", "356"], ["储备项目数（≥3个）", "8"]],
        {"site.area": "356", "projects.reserved": "8"},
    ),
    "condition and answer without heads": (
        [["固定场地面积", "不少于200平方米", "356平方米"], ["顾问团队人数", "不少于5人", "7人"]],
        {"site.area": "356", "advisors.headcount": "7"},
    ),
    "only the condition": ([["固定场地面积", "不少于200平方米"]], {}),
    "host and centre side by side": (
        [
            ["指标名称", "依托单位", "其中：概念验证中心"],
            ["建筑面积（㎡）", "26000", "430"],
            ["设备原值（万元）", "9800", "713.6"],
        ],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "centre first, host behind": (
        [["项目", "本平台", "申报单位合计"], ["场地面积（㎡）", "1530", "26000"], ["设备原价值（万元）", "713.6", "9800"]],
        {"site.area": "1530", "equipment.value": "713.6"},
    ),
    "two columns nobody names": (
        [["指标", "甲", "乙"], ["场地面积（㎡）", "430", "2600"], ["设备原值（万元）", "713.6", "9800"]],
        {"site.area": None, "equipment.value": None},
    ),
    "two figures beside one label without any head": ([["场地面积（㎡）", "430", "2600"]], {"site.area": None}),
    "last year's column and this year's": (
        [["指标", "上年末", "本年末"], ["场地面积（㎡）", "300", "430"], ["团队人数（人）", "6", "9"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "present, goal of the period": (
        [["考核指标", "现状值", "建设期满目标值"], ["场地面积（㎡）", "430", "900"], ["储备项目数（项）", "6", "20"]],
        {"site.area": "430", "projects.reserved": "6"},
    ),
    "years as columns, a part year and a sum": (
        [["指标", "2024年", "2025年", "2026年1-3月", "合计"], ["对外服务收入（万元）", "61.2", "88.4", "12.1", "161.7"]],
        {
            "revenue.service 2024": "61.2",
            "revenue.service 2025": "88.4",
            "revenue.service 2026-01..2026-03": "12.1",
            "revenue.service total": "161.7",
        },
    ),
    "two-level heads": (
        [["指标", "服务收入（万元）", LEFT], ["", "2024年", "2025年"], ["概念验证服务收入", "61.2", "88.4"]],
        {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    ),
    "a year in each row": (
        [["年度", "服务项目数（项）", "服务收入（万元）"], ["2024年", "5", "61.2"], ["2025年", "8", "88.4"]],
        {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    ),
    "rows for the host and the centre": (
        [["类别", "场地面积（㎡）", "设备原值（万元）"], ["依托单位", "26000", "9800"], ["本中心", "430", "713.6"]],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "labels over values, three rows of them": (
        [["场地面积（㎡）", "设备原值（万元）"], ["430", "713.6"], ["团队人数（人）", "顾问人数（人）"], ["9", "7"]],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "the value left of its label": (
        [
            ["356", "固定场地面积（㎡）", "附件2"],
            ["9", "运营管理团队人数（人）", "附件3"],
            ["713.6", "仪器设备原值（万元）", "附件4"],
        ],
        {"site.area": "356", "team.headcount": "9", "equipment.value": "713.6"},
    ),
    "two tables side by side": (
        [
            ["指标", "数值", "指标", "数值"],
            ["场地面积（㎡）", "430", "团队人数（人）", "9"],
            ["设备原值（万元）", "713.6", "储备项目（项）", "6"],
        ],
        {"site.area": "430", "team.headcount": "9", "equipment.value": "713.6", "projects.reserved": "6"},
    ),
    "cards, the value above": (
        [["430㎡\n固定场地面积", "713.6万元\n仪器设备原值", "9人\n运营管理团队"]],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "cards, the label above": (
        [["固定场地面积\n430㎡", "仪器设备原值\n713.6万元"]],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "a total and its parts under a merged title": (
        [["技术经理人（人）", "5", "其中：专职", "3"]],
        {"team.technology_managers": "5"},
    ),
    "team with part-time people in brackets": ([["运营管理团队人数", "9人（其中兼职2人）"]], {"team.headcount": "9"}),
    "building with the part meant": ([["建筑面积（㎡）", "1200"], ["其中：专门用房面积（㎡）", "388"]], {"site.area": None}),
    "original value beside net value": (
        [["设备原值（万元）", "713.6", "设备净值（万元）", "402.1"]],
        {"equipment.value": "713.6"},
    ),
    "planned purchases are none": (
        [["设备原值（万元）", "713.6"], ["拟新增设备投资（万元）", "300"]],
        {"equipment.value": "713.6"},
    ),
    "the host's own block": (
        [
            ["依托单位基本情况", LEFT],
            ["职工总数（人）", "320"],
            ["建筑面积（㎡）", "26000"],
            ["中心情况", LEFT],
            ["运营团队人数（人）", "9"],
            ["场地面积（㎡）", "430"],
        ],
        {"team.headcount": "9", "site.area": "430"},
    ),
    "a question for a label": (
        [["中心固定场地面积是多少平方米？", "430"], ["储备了多少个项目？", "6"]],
        {"site.area": "430", "projects.reserved": "6"},
    ),
    "numbered indicators with a column for the unit": (
        [
            ["序号", "指标", "计量单位", "填报数", "备注"],
            ["1", "孵化企业数", "家", "2", "见附件"],
            ["2", "孵化企业估值", "万元", "860", ""],
            ["3", "孵化企业营业收入", "万元", "215.5", ""],
        ],
        {"enterprises.incubated": "2", "enterprises.valuation": "860", "enterprises.revenue": "215.5"},
    ),
    "count and amount in two columns": (
        [["类别", "数量（项）", "金额（万元）"], ["技术开发、许可、转让合同", "6", "215.5"]],
        {"technology_contracts.value": "215.5"},
    ),
    "financing in two ways": (
        [["通过验证项目获得投融资额（累计，万元）", "650"], ["获投项目数", "3"]],
        {"investment.raised": "650"},
    ),
    "construction period": ([["建设周期", "2年", "起止时间", "2026年1月至2027年12月"]], {"construction.years": "2"}),
    "a range": ([["储备项目数（项）", "15-20"]], {"projects.reserved": None}),
    "about": ([["固定场地面积", "约400平方米"]], {"site.area": None}),
    "strokes through the columns of other years": (
        [
            ["代码", "指标", "单位", "2024年", "2025年", "2025年末累计数"],
            ["01", "运营管理团队人数", "人", "—", "—", "9"],
            ["02", "对外服务收入", "万元", "61.2", "88.4", "—"],
            ["03", "对外服务收入（2024—2025年合计）", "万元", "—", "—", "149.6"],
        ],
        {
            "team.headcount": "9",
            "revenue.service 2024": "61.2",
            "revenue.service 2025": "88.4",
            "revenue.service 2024-2025": "149.6",
        },
    ),
    "a label of two years over a column for each": (
        [["指标", "2024年", "2025年"], ["近两年概念验证服务收入（万元）", "61.2", "88.4"]],
        {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    ),
    "a stroke and no answer elsewhere": ([["储备项目数（项）", "—"]], {"projects.reserved": None}),
    "无 against a figure is a contradiction": (
        ["储备项目数（项）：26", [["储备项目数（项）", "无"]]],
        {"projects.reserved": None},
    ),
    "a date of founding heads no column": (
        [
            ["设立日期", "2014年3月5日"],
            ["固定场地面积（㎡）", "430"],
            ["运营管理团队人数（人）", "9"],
            ["储备项目数（项）", "26"],
        ],
        {"site.area": "430", "team.headcount": "9", "projects.reserved": "26"},
    ),
    "numbered heads twice side by side": (
        [
            ["序号", "指标", "填报值", "序号", "指标", "填报值"],
            ["1", "申报单位", "某某科技有限公司", "3", "固定场地面积（㎡）", "430"],
            ["2", "产业领域", "新材料", "4", "仪器设备原值（元）", "7136000"],
        ],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "one line of labels over one of figures": (
        [
            ["序号", "运营成效", LEFT, LEFT],
            [UP, "储备项目数（项）", "年度运营经费（万元）", "基金总规模（万元）"],
            ["1", "26", "82", "800"],
        ],
        {"projects.reserved": "26", "funding.annual": "82", "fund.size": "800"},
    ),
    "a label with a year beside another": (
        [
            ["团队中技术经理人（人）", "2025年服务企业（人次）", "顾问总人数（人）"],
            ["4", "229", "12"],
        ],
        {"team.technology_managers": "4", "advisors.headcount": "12"},
    ),
    "the list of what is handed in": (
        [
            ["运营管理团队人数（人）", LEFT, "9"],
            ["储备项目数（项）", LEFT, "26"],
            ["序号", "证明文件名称", "份数"],
            ["1", "建设方案", "3"],
            ["2", "运营管理团队情况", "5"],
        ],
        {"team.headcount": "9", "projects.reserved": "26"},
    ),
    "groups at the left, labels over two columns": (
        [
            ["场地设备", "固定场地面积", LEFT, "430㎡"],
            [UP, "仪器设备原值", LEFT, "713.6万元"],
            ["人员", "运营管理团队人数", LEFT, "9人"],
            [UP, "顾问总人数", LEFT, "12人"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "12"},
    ),
    "label and answer run together in a card": (
        [
            [
                "实现样品化、产品化的成果数3",
                "储备项目数\n26",
                "2025年对外服务收入（万元）88.4",
                "固定场地面积不少于200平方米",
                "仪器设备原值突破500万元",
            ]
        ],
        {"projects.productised": "3", "projects.reserved": "26", "revenue.service 2025": "88.4", "equipment.value": None},
    ),
    "a dash, a pointer, nothing": (
        [["固定场地面积（㎡）", "/"], ["设备原值（万元）", "详见附件3"], ["顾问人数（人）", ""]],
        {"site.area": None},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_as_an_officer_reads_it(name):
    parts, told = TABLES[name]
    parts = parts if parts and isinstance(parts[0], str) else [parts]
    assert vouched(*parts) == told


MORE_TABLES = {
    "groups within groups": (
        [
            ["二、条件保障", "场地", "固定场地面积（㎡）", "430"],
            [UP, UP, "其中：实验区（㎡）", "300"],
            [UP, "设备", "仪器设备原值（万元）", "713.6"],
            [UP, UP, "其中：软件（万元）", "60"],
            [UP, "人员", "运营管理团队（人）", "9"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "generic labels under their groups": (
        [["服务团队", "总人数", "9"], [UP, "其中：技术经理人", "4"], ["专家顾问", "人数", "7"], [UP, "外单位专家占比", "57.1%"]],
        {"team.headcount": "9", "team.technology_managers": "4", "advisors.headcount": "7", "advisors.external_share": "57.1"},
    ),
    "years beside a merged label": (
        [["概念验证服务收入（万元）", "2024年", "61.2"], [UP, "2025年", "88.4"]],
        {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    ),
    "years along the row": (
        [["概念验证服务收入（万元）", "2024年", "61.2", "2025年", "88.4"]],
        {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    ),
    "vertical labels": (
        [["固\n定\n场\n地\n面\n积", "430平方米"], ["设\n备\n原\n值", "713.6万元"]],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "label wraps": (
        [["固定场地\n面积（㎡）", "430", "仪器设备\n原值（万元）", "713.6"]],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "host and centre rows": (
        [["单位", "人员数", "建筑面积（㎡）"], ["依托单位", "320", "26000"], ["其中：中心", "9", "430"]],
        {"site.area": "430"},
    ),
    "plan block": (
        [
            ["一、现有基础", LEFT],
            ["场地面积（㎡）", "430"],
            ["二、建设目标", LEFT],
            ["场地面积（㎡）", "900"],
            ["储备项目数（项）", "40"],
        ],
        {"site.area": "430"},
    ),
    "period of the host's income": (
        [["2025年营业收入（万元）", "35000"], ["2025年概念验证服务收入（万元）", "88.4"]],
        {"revenue.service 2025": "88.4"},
    ),
    "expected income": (
        [["2026年预计服务收入（万元）", "120"], ["2025年服务收入（万元）", "88.4"]],
        {"revenue.service 2025": "88.4"},
    ),
    "big words": ([["仪器设备原值", "人民币柒佰壹拾叁万陆仟元整（¥7,136,000.00）"]], {"equipment.value": "713.6"}),
    "chinese numerals": ([["运营管理团队人数", "九人"], ["建设期", "两年"]], {"team.headcount": "9", "construction.years": "2"}),
    "months": ([["建设周期", "24个月"]], {"construction.years": "2"}),
    "slots in one cell": ([["场地条件", "固定场地 430 平方米，其中办公 80 平方米"]], {"site.area": "430"}),
    "percent in words": ([["外单位专家占比", "百分之六十"]], {"advisors.external_share": "60"}),
    "advisers with titles": (
        [["顾问专家（人）", "7", "其中：技术经纪（经理）人（人）", "2"]],
        {"advisors.headcount": "7", "advisors.technology_managers": "2"},
    ),
    "fund": ([["是否设立基金", "☑是 □否", "基金规模（万元）", "2000"]], {"fund.size": "2000"}),
    "fund paid in": ([["基金总规模（万元）", "2000", "其中：已实缴（万元）", "600"]], {"fund.size": "2000"}),
    "annual funding": ([["依托单位年度投入运营经费（万元/年）", "82"]], {"funding.annual": "82"}),
    "funding over years": ([["近三年专项资金投入合计（万元）", "186"], ["年均（万元）", "62"]], {}),
    "the standard in a column before": (
        [
            ["指标", "认定标准", "填报值", "是否符合"],
            ["专门用房面积", "≥200㎡", "430㎡", "是"],
            ["技术经理人", "≥3人", "4人", "是"],
        ],
        {"site.area": "430", "team.technology_managers": "4"},
    ),
    "bureau's column": (
        [["指标", "申报单位填报", "区科技局核定"], ["场地面积（㎡）", "430", ""], ["团队人数（人）", "9", "8"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "goal in the head": ([["指标", "2025年末", "2028年目标"], ["储备项目数（项）", "26", "60"]], {"projects.reserved": "26"}),
    "target table": (["年度建设目标表", [["指标", "2026年", "2027年"], ["储备项目数（项）", "40", "60"]]], {}),
    "three indicator columns": (
        [
            ["类别", "指标", "数值"],
            ["场地", "固定场地面积（㎡）", "430"],
            ["团队", "运营管理团队人数（人）", "9"],
            ["设备", "仪器设备原值（万元）", "713.6"],
        ],
        {"site.area": "430", "team.headcount": "9", "equipment.value": "713.6"},
    ),
    "code column": (
        [
            ["代码", "指标名称", "计量单位", "本年", "上年"],
            ["01", "对外服务收入", "万元", "88.4", "61.2"],
            ["02", "固定场地面积", "平方米", "430", "300"],
        ],
        {"site.area": "430", "revenue.service": None},
    ),
    "note sets the unit": (
        ["注：表中金额单位均为亿元。", [["仪器设备原值", "0.07136"], ["基金规模", "0.2"]]],
        {"equipment.value": "713.6", "fund.size": "2000"},
    ),
    "two notes disagree": (["金额以万元填写。", "除另有说明外，金额单位为元。", [["仪器设备原值", "713.6"]]], {}),
    "area of a lease": ([["租赁面积（㎡）", "430", "租赁期限", "2024年1月1日至2028年12月31日"]], {"site.area": "430"}),
    "page numbers": ([["材料名称", "页码"], ["场地证明", "12"], ["设备清单", "18"]], {}),
    "approx": ([["储备项目", "20余项"], ["团队人数", "近10人"]], {"projects.reserved": None, "team.headcount": None}),
    "mixed unit": ([["场地面积（亩/㎡）", "430㎡"]], {"site.area": "430"}),
    "unknown currency": ([["基金规模", "300万美元"]], {}),
    "incubated list words": (
        [["创办（孵化）科技型企业情况", "2家，分别为昆明甲公司、昆明乙公司"]],
        {"enterprises.incubated": "2"},
    ),
    "answer sentence": (
        [["顾问团队情况", "聘请顾问专家7人，其中技术经理人2人。"]],
        {"advisors.headcount": "7", "advisors.technology_managers": "2"},
    ),
    "project states": (
        [["项目库情况", "累计入库26项，已完成8项，在验6项"]],
        {"projects.reserved": "26", "projects.completed": "8"},
    ),
}


@pytest.mark.parametrize("name", MORE_TABLES)
def test_groups_years_and_notes_are_read_as_an_officer_reads_them(name):
    parts, told = MORE_TABLES[name]
    parts = parts if isinstance(parts[0], str) else [parts]
    assert vouched(*parts) == told


def test_a_number_that_only_counts_the_rows_answers_nothing():
    rows = [["1", "固定场地面积（㎡）", "现有用房"], ["2", "储备项目（项）", "台账"], ["3", "运营团队（人）", "名册"]]
    assert vouched(rows) == {}


def test_figures_on_both_sides_of_a_label_are_not_vouched_for():
    rows = [
        ["356", "固定场地面积（㎡）", "400"],
        ["9", "运营管理团队（人）", "附件3"],
        ["713.6", "仪器设备原值（万元）", "附件4"],
    ]
    assert vouched(rows) == {"site.area": None, "team.headcount": "9", "equipment.value": "713.6"}


LINES = {
    "1．固定场地面积：430平方米；2．仪器设备原值：713.6万元；3．运营管理团队：9人。": {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    "【固定场地面积】430平方米　【仪器设备原值】713.6万元　【储备项目】6项": {"site.area": "430", "equipment.value": "713.6", "projects.reserved": "6"},
    "固定场地面积（430平方米）；仪器设备原值（713.6万元）；顾问团队人数（7人）；": {"site.area": "430", "equipment.value": "713.6", "advisors.headcount": "7"},
    "固定场地面积……430平方米": {"site.area": "430"},
    "固定场地面积　　430　　平方米": {"site.area": "430"},
    "技术开发、许可、转让合同成交额：325.6万元": {"technology_contracts.value": "325.6"},
    "（3）2025年概念验证服务收入：88.4万元": {"revenue.service 2025": "88.4"},
    "2024年服务收入：61.2万元，2025年服务收入：88.4万元": {"revenue.service 2024": "61.2", "revenue.service 2025": "88.4"},
    "运营管理团队人数：9人，其中：技术经理人：4人": {"team.headcount": "9", "team.technology_managers": "4"},
    "建设期：2年": {"construction.years": "2"},
    "概念验证中心现有固定场地面积430平方米，仪器设备原值713.6万元，运营管理团队9人。": {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    "本中心设有成果转化基金，规模为2000万元。": {"fund.size": "2000"},
    "(场地设备)固定场地(合计)为430平方米；仪器设备原值为7,136,000元；设备净值为500万元；储备项目数为6项。": {
        "site.area": "430", "equipment.value": "713.6", "projects.reserved": "6"
    },
    "依托单位职工总人数为320人；依托单位房屋面积为26000平方米。": {},
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_form_is_read_as_an_officer_reads_it(line):
    assert vouched("昆明市概念验证中心申报书", line) == LINES[line]


SECTIONS = {
    "（队伍与顾问）服务团队总人数为 14 人；其中：技术经理人为 4 人；顾问总人数为 12 人。": {
        "team.headcount": "14",
        "team.technology_managers": "4",
        "advisors.headcount": "12",
    },
    "（场地设备）固定场地（合计）为 430 平方米；仪器设备原值合计为 7,136,000 元。": {
        "site.area": "430",
        "equipment.value": "713.6",
    },
    "（依托单位）职工总人数为 320 人；场地面积为 26000 平方米。": {"site.area": None},
}


@pytest.mark.parametrize("line", SECTIONS)
def test_a_running_line_begins_with_its_section_in_brackets(line):
    told = vouched("概念验证中心申报书", line)
    assert {key: told.get(key) for key in SECTIONS[line]} == SECTIONS[line]
    assert "advisors.headcount" in SECTIONS[line] or "advisors.headcount" not in told


@pytest.mark.parametrize(
    ("upper", "lower", "value", "told"),
    [
        ("合作（自有）基", "金总规模（万元）", "800", ("fund.size", "800")),
        ("2025年开展概念验证取得的技术", "服务收入（万元）", "117.83", ("revenue.service", "117.83")),
    ],
)
@pytest.mark.parametrize("head", [[], [["指标", "填报值"]]])
def test_a_row_torn_by_the_end_of_a_page_is_one_row(upper, lower, value, told, head):
    whole = document([*head, ["固定场地面积（㎡）", "430"], [upper, ""], [lower, value]])
    starts = array("i", (0, whole.text.index(lower)))
    torn = replace(whole, run_start=starts, run_page=array("i", (1, 2)))
    reading = extract(torn, document_id="d1", file="申报书.pdf", as_of=DAY)
    assert {(s.key.value, str(s.value)) for s in reading.sightings} >= {("site.area", "430"), told}
    assert reading.blanks == ()


PLAN = "昆明市新材料概念验证中心建设方案"


@pytest.mark.parametrize(
    ("title", "said", "stands"),
    [
        (PLAN, "贵阳市新材料概念验证中心的顾问团队为26人。", False),
        (PLAN, "昆明市新材料概念验证中心的顾问团队为26人。", True),
        (PLAN, "贵阳市新材料概念验证中心办得早；本中心顾问团队26人。", True),
        ("建设方案", "昆明市新材料概念验证中心办得早；贵阳市新材料概念验证中心的顾问团队为26人。", False),
    ],
)
def test_another_citys_centre_is_anothers(title, said, stands):
    reading = extract(document(title, said), document_id="d1", file="建设方案.docx", as_of=DAY)
    (one,) = [s for s in reading.sightings if s.key.value == "advisors.headcount"]
    assert (one.rejected is None and not one.doubts) is stands


NARROW_SHEET = [
    ["昆明市概念验证中心申报书", LEFT, LEFT, LEFT],
    ["序号", "服务队伍与顾问", LEFT, ""],
    [UP, "运营管理团队人数", "顾问团队人数", ""],
    ["1", "9人", "7人", ""],
    ["序号", "设施配备", LEFT, LEFT],
    [UP, "固定场地面积", "其中：办公用房", "仪器设备原值"],
    ["1", "430平方米", "55.5平方米", "713.6万元"],
    ["序号", "运行数据", "", ""],
    [UP, "项目库入库项目数", "", ""],
    ["1", "26项", "", ""],
]


def test_labels_over_one_numbered_row_are_answered_there_however_wide_the_sheet():
    told = {
        "team.headcount": "9",
        "advisors.headcount": "7",
        "site.area": "430",
        "equipment.value": "713.6",
        "projects.reserved": "26",
    }
    assert vouched(NARROW_SHEET) == told
    reading = extract(document(NARROW_SHEET), document_id="d1", file="申报书.xlsx", as_of=DAY)
    assert not reading.blanks


def test_a_list_of_industries_behind_a_colon_is_told_once():
    parts = document("昆明市概念验证中心申报书", "聚焦产业领域： 低空经济；绿色食品 ；中心主任： 元桐 。")
    reading = extract(parts, document_id="d1", file="申报书.docx", as_of=DAY)
    assert [s.value for s in reading.sightings if s.key.value == "industries"] == [("低空经济", "绿色食品")]
