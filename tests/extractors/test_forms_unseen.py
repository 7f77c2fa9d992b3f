"""What the first scores of slices that nobody had looked at showed (docs/measuring.md), as snippets; beside each kind what must not be read so."""

from datetime import date
from decimal import Decimal

import pytest

from extractors import extract
from extractors.labels import meaning
from extractors.quantities import quantities
from extractors.sentences import claims
from extractors.text import fold
from tests.extractors.build import LEFT, UP, document
from tests.extractors.test_forms_ugly import vouched

DAY = date(2026, 4, 15)
FORM = "昆明市概念验证中心申报书"


def read(*parts, file="申报书.docx"):
    return extract(document(*parts), document_id="d1", file=file, as_of=DAY)


def texts(reading, key):
    return [s.value for s in reading.sightings if s.key.value == key]


FORMS = {
    "a unit between label and figure, twice a row, under 数量": (
        [
            ["指标", "单位", "数量", "指标", "单位", "数量"],
            ["运营管理团队人数", "人", "9", "仪器设备原值", "万元", "713.6"],
            ["固定场地面积", "㎡", "430", "顾问专家人数", "人", "7"],
            ["项目库储备项目数", "项", "26", LEFT, LEFT, LEFT],
        ],
        {"team.headcount": "9", "equipment.value": "713.6", "site.area": "430", "advisors.headcount": "7", "projects.reserved": "26"},
    ),
    "labels, their units, their figures": (
        [["固定场地面积", "仪器设备原值", "运营管理团队人数"], ["平方米", "万元", "人"], ["430", "713.6", "9"]],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "what there was at first beside what there is": (
        [["项目", "计量单位", "建设之初", "目前"], ["固定场地面积", "㎡", "120", "430"], ["运营管理团队人数", "人", "4", "9"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "last time beside this time": (
        [["指标名称（计量单位）", "上次申报数", "本次申报数"], ["固定场地面积（㎡）", "120", "430"], ["运营管理团队人数（人）", "4", "9"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "an example beside the answer": (
        [["指标", "填写示例", "填写内容"], ["固定场地面积", "300平方米", "430平方米"], ["运营管理团队人数", "10人", "9人"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "a tick between label and figure": (
        [["指标", "是否达标", "具体数值"], ["固定场地面积", "☑是　□否", "430平方米"], ["运营管理团队人数", "☑是　□否", "9人"]],
        {"site.area": "430", "team.headcount": "9"},
    ),
    "a code between label and unit": (
        [
            ["指标", "代码", "计量单位", "数量"],
            ["甲", "乙", "丙", "1"],
            ["固定场地面积", "01", "平方米", "430"],
            ["仪器设备原值", "02", "万元", "713.6"],
            ["运营管理团队人数", "03", "人", "9"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "a column for each kind of figure": (
        [
            ["指标", "面积（平方米）", "金额（万元）", "人数（人）"],
            ["固定场地面积", "430", "—", "—"],
            ["仪器设备原值", "—", "713.6", "—"],
            ["运营管理团队人数", "—", "—", "9"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "the points an item is worth on both sides": (
        [
            ["一级指标", "二级指标", "分值", "填报情况", "自评分"],
            ["条件", "固定场地面积", "6", "430平方米", "6"],
            [UP, "仪器设备原值", "9", "713.6万元", "8"],
            ["队伍", "运营管理团队人数", "5", "9人", "5"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "two forms side by side under merged heads": (
        [
            ["依托单位基本数据", LEFT, "申报对象数据", LEFT],
            ["单位职工总人数（人）", "320", "固定场地面积（㎡）", "430"],
            ["单位固定资产原值（万元）", "26000", "仪器设备原值（万元）", "713.6"],
            ["单位房屋建筑面积（㎡）", "12000", "运营管理团队人数（人）", "9"],
        ],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9"},
    ),
    "years across under a caption that names what they are of": (
        "概念验证服务收入（单位：万元）",
        [["年度", "2024年", "2025年"], ["金额", "66.7", "91.55"]],
        {"revenue.service 2024": "66.7", "revenue.service 2025": "91.55"},
    ),
    "a total beside its group": (
        [["固定场地", "面积（㎡）", "430"], ["仪器设备", "原值（万元）", "713.6"], ["运营管理团队", "总人数（人）", "9"], ["顾问专家", "总人数（人）", "7"]],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "the label once more in English": (
        [["固定场地面积（㎡）\nFloor area", "430"], ["仪器设备原值（万元）\nOriginal value of equipment", "713.6"]],
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "what a running sentence in a cell says": (
        [["条件保障情况", "固定场地面积430平方米；仪器设备原值713.6万元；运营管理团队人数9人，其中：兼职2人；顾问专家人数7人。"]],
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "labels answered on the line below": (
        "2.1 固定场地面积",
        "430平方米",
        "2.2 仪器设备原值",
        "713.6万元",
        "2.3 项目库入库项目",
        "26项",
        "2.4 运营管理团队人数",
        "9人",
        {"site.area": "430", "equipment.value": "713.6", "projects.reserved": "26", "team.headcount": "9"},
    ),
    "questions and answers": (
        "问题1：固定场地面积？",
        "答：430平方米。",
        "问题2：仪器设备原值？",
        "答：713.6万元。",
        "问题3：运营管理团队人数？",
        "答：9人。",
        "问题4：顾问专家人数？",
        "答：7人。",
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "a sentence a line": (
        "（一）固定场地面积为430平方米；",
        "（二）仪器设备原值为713.6万元；",
        "（三）运营管理团队人数为9人；",
        "（四）顾问专家人数为7人。",
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "columns by white space": (
        "固定场地面积　　430平方米　　　　　　仪器设备原值　　713.6万元",
        "运营管理团队人数　　9人　　　　　　顾问专家人数　　7人",
        {"site.area": "430", "equipment.value": "713.6", "team.headcount": "9", "advisors.headcount": "7"},
    ),
    "answers in square brackets": (
        "固定场地面积：[ 430 ]平方米　　仪器设备原值：[ 713.6 ]万元",
        {"site.area": "430", "equipment.value": "713.6"},
    ),
    "answers in the brackets of the printed form": (
        "固定场地面积（ 430 ）平方米；",
        "仪器设备原值（ 713.6 ）万元；",
        {"site.area": "430", "equipment.value": "713.6"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_form_nobody_had_seen_reads_as_an_officer_reads_it(name):
    *parts, told = FORMS[name]
    assert vouched(FORM, *parts) == told


HARMLESS = {
    "pages of papers under a head nobody lists": (
        [
            ["序号", "材料题名", "共几张"],
            ["1", "建设方案", "3"],
            ["2", "仪器设备清单", "4"],
            ["3", "概念验证服务收入情况明细及合同书", "2"],
            ["4", "租赁合同", "3"],
        ],
    ),
    "headings over a text": ("一、固定场地面积", "中心场地位于高新区，布局合理。", "二、运营管理团队人数", "团队结构见附件。"),
    "two short lines under headings": ("固定场地面积", "430平方米", "其他说明文字"),
    "examples alone": ([["指标", "填写示例"], ["固定场地面积", "300平方米"], ["运营管理团队人数", "10人"]],),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_looks_like_an_answer_and_is_none_is_not_vouched_for(name):
    assert not any(vouched(FORM, *HARMLESS[name]).values())


def test_a_page_count_beside_three_kinds_of_papers_is_no_income():
    reading = read(FORM, *HARMLESS["pages of papers under a head nobody lists"])
    assert texts(reading, "revenue.service") == []


def test_another_label_is_no_answer():
    reading = read(FORM, [["服务产业领域", "统一社会信用代码"], ["中心名称", "服务产业领域"]])
    assert (texts(reading, "industries"), texts(reading, "centre.name")) == ([], [])


def test_an_english_word_below_a_label_is_no_name():
    reading = read(FORM, [["中心名称\nDetails", "昆明市新能源概念验证中心"]])
    assert texts(reading, "centre.name") == ["昆明市新能源概念验证中心"]


def test_a_date_of_foundation_under_its_label_is_no_date_of_application():
    reading = read(FORM, "1.4 注册时间", "2008年2月16日", "1.5 单位地址", "高新区云栖路8号")
    assert texts(reading, "application.date") == []
    signed = read(FORM, "申报单位（盖章）：昆明某某科技有限公司", "2026年3月16日")
    assert texts(signed, "application.date") == [date(2026, 3, 16)]


def test_a_list_of_industries_goes_on_over_the_line_or_is_doubted():
    both = read(FORM, "服务产业领域：新材料；", "新能源")
    assert texts(both, "industries") == [("新材料", "新能源")]
    cut = read(FORM, "服务产业领域：新材料、", "本中心成立于2020年，现有设备50台，已服务多家企业。")
    assert [s.doubts != () for s in cut.sightings if s.key.value == "industries"] == [True]
    item = read(FORM, "（一）服务产业领域：新材料；", "（二）中心主任：张三；")
    assert [(s.value, s.doubts) for s in item.sightings if s.key.value == "industries"] == [(("新材料",), ())]


def test_a_name_with_the_next_label_run_on_is_none():
    reading = read(FORM, [["中心名称", "昆明市新能源概念验证中心重点产业领域（可多个）新能源"]])
    assert texts(reading, "centre.name") == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("遇有争议的结论，由中心另请两名专家复核", []),
        ("每个项目评审时随机抽取三名专家参加", []),
        ("邀请15名专家组成顾问团队", [("advisors.headcount", "15", None)]),
        ("依托单位组建了12人的运营团队", [("team.headcount", "12", None)]),
        ("服务团队内有4人取得技术经纪人证书", [("team.technology_managers", "4", None)]),
        ("顾问专家中，3人为技术经纪（经理）人", []),
        (
            "近两年概念验证服务收入分别为18.63万元（2024年）和31.84万元（2025年）",
            [("revenue.service", "186300", "2024"), ("revenue.service", "318400", "2025")],
        ),
        ("项目库现储备二十四项，计划2028年增加到47项", [("projects.reserved", "24", None)]),
        ("顾问专家队伍十四人，今年拟增补8人", [("advisors.headcount", "14", None)]),
        ("回顾初创阶段，场地不过103平方米", []),
        ("三年规划：场地２，１７５平方米、设备原值５，３２１万元、团队３２人（均为2028年数）", []),
        ("已有3家科技型企业由中心创办或孵化", [("enterprises.incubated", "3", None)]),
        ("其中3项成果实现了样品化、产品化", [("projects.productised", "3", None)]),
        ("服务团队一支，计12人", [("team.headcount", "12", None)]),
    ],
)
def test_a_sentence_nobody_had_seen(sentence, told):
    found = [c for c in claims(fold(sentence).text, year=2026) if c.rejected is None]
    assert [(c.measurand.key.value, f"{c.quantity.value:f}".removesuffix(".00"), c.period) for c in found] == told


def test_the_five_of_a_word_is_no_number():
    assert [q.value for q in quantities("顾问专家队伍十四人")] == [Decimal(14)]
    assert [q.value for q in quantities("人民币伍拾万元整")] == [Decimal(500_000)]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("5.1 项目库入库项目", "projects.reserved"),
        ("5.7 2026年1—2月概念验证服务收入", "revenue.service"),
        ("服务团队（专兼职）人数", "team.headcount"),
        ("中试平台（全称）", "centre.name"),
        ("概念验证中心名称（拟）", "centre.name"),
        ("填表日", "application.date"),
        ("申报（依托）单位", "applicant.name"),
        ("中试厂房及配套设施面积", "site.area"),
        ("专项资金年均投入数", "funding.annual"),
        ("建设期设定", "construction.years"),
    ],
)
def test_a_label_nobody_had_seen(label, key):
    sense = meaning(label)
    assert sense is not None
    assert sense.key is not None
    assert sense.key.value == key


@pytest.mark.parametrize(
    "label", ["其中：办公场所面积", "概念验证服务收入统计表和合同文本", "人员数", "概念验证专项资金各年投入"]
)
def test_a_label_that_is_none_of_the_key_numbers(label):
    sense = meaning(label)
    assert sense is None or sense.key is None


def test_a_total_in_a_sentence_over_several_lists_is_held_to_their_rows():
    head = ["序号", "设备名称", "型号", "数量", "原值（万元）"]
    old = [head, ["1", "离心机", "A-1", "1", "20"], ["2", "冻干机", "B-2", "1", "30"]]
    new = [head, ["1", "压机", "C-3", "1", "40"], ["2", "分析仪", "D-4", "1", "60"]]
    reading = read(
        "仪器设备清单", "2022年及以前购置", old, "2023年以来购置", new, "各表合计，仪器设备原值155万元。", file="设备清单.docx"
    )
    assert [(str(t.sum), str(t.stated)) for t in reading.tallies if t.key and t.key.value == "equipment.value"] == [
        ("150", "155")
    ]


def test_a_list_without_numbers_ends_before_the_forms_closing_block():
    people = [
        ["姓名", "岗位", "职称", "专职/兼职"],
        ["张昀", "主任", "研究员", "专职"],
        ["李晞", "经理", "工程师", "专职"],
        ["申请单位声明", "以上内容属实", "", ""],
        ["市科技主管部门审定意见", "", "", ""],
    ]
    reading = read(FORM, "运营管理团队名单", people)
    assert len(reading.rosters.team) == 2


def test_papers_in_the_midst_of_a_page_are_parts_of_their_own():
    reading = read(
        FORM,
        [["固定场地面积（㎡）", "430"], ["仪器设备原值（万元）", "713.6"], ["中心名称", "昆明市新能源概念验证中心"], ["申报单位", "昆明某某科技有限公司"]],
        "附录5",
        "厂房（办公用房）租赁合同书",
        "出租方（甲方）：昆明澄岳产业园运营管理有限公司",
        "承租方（乙方）：昆明某某科技有限公司",
        "租赁期限自2025年8月28日起至2029年8月28日止，年租金14万元。",
    )  # fmt: skip
    assert "lease" in [section.role.value for section in reading.sections]


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("中心名称 昆明市新能源领域概念验证中心 所属的产业领域 新能源；新材料中心负责人（姓名） 孔烨", False),
        ("服务产业领域 新能源；建设期 2年", True),
        ("中心名称 昆明市新能源领域概念验证中心 所属的产业领域 新能源；新材料", True),
    ],
)
def test_a_list_of_industries_that_may_go_on_is_doubted(line, whole):
    (seen,) = [s for s in read(FORM, line).sightings if s.key.value == "industries"]
    assert (not seen.doubts) is whole
