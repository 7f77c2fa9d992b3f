"""Which noun owns which number, and what a number is not."""

import pytest

from extractors.sentences import claims, cues
from extractors.text import fold

#: sentence → what is claimed and stands: (key, words of the number, period)
STANDS = [
    ("本中试平台工作人员22人，负责人为萧辉", [("team.headcount", "22人", None)]),
    ("设备方面，登记在册145台（套），账面原值0.3793亿元", [("equipment.value", "0.3793亿元", None)]),
    ("聘请专家顾问十一人，含技术经纪（经理）人1人", [("advisors.headcount", "十一人", None), ("team.technology_managers", "1人", None)]),
    ("已入库项目17项，办结五项，形成样品或产品4项", [("projects.reserved", "17项", None), ("projects.completed", "五项", None), ("projects.productised", "4项", None)]),
    ("2025年度中试服务收入650.15万元，2024年度为370.59万元", [("revenue.service", "650.15万元", "2025"), ("revenue.service", "370.59万元", "2024")]),
    ("2024年、2025年分别实现对外概念验证服务收入99.39万元、127.42万元", [("revenue.service", "99.39万元", "2024"), ("revenue.service", "127.42万元", "2025")]),
    ("已创办（孵化）科技型企业1家，企业累计估值4157万元，累计营业收入684.39万元",
     [("enterprises.incubated", "1家", None), ("enterprises.valuation", "4157万元", None), ("enterprises.revenue", "684.39万元", None)]),
    ("依托单位每年安排运营经费137万元，用于人员、设备运行和专家咨询；建设期3年", [("funding.annual", "137万元", None), ("construction.years", "3年", None)]),
    ("组建了15人的专业化运营管理团队，其中技术经理人3名", [("team.headcount", "15人", None), ("team.technology_managers", "3名", None)]),
    ("本中心运营管理团队共15人，其中专职12人，兼职3人，高级职称6人", [("team.headcount", "15人", None)]),
    ("专家顾问团队共12人，其中外单位专家7人，占58.3%", [("advisors.headcount", "12人", None), ("advisors.external_share", "58.3%", None)]),
    ("办公区80㎡、实验区150㎡，共计230㎡", [("site.area", "230㎡", None)]),
    ("与XX基金合作设立规模为3000万元的成果转化基金", [("fund.size", "3000万元", None)]),
    ("团队由15名专职人员组成", [("team.headcount", "15名", None)]),
]  # fmt: skip


def standing(sentence):
    return [
        (c.measurand.key.value, c.quantity.surface, c.period)
        for c in claims(fold(sentence).text, year=2026)
        if c.rejected is None
    ]


@pytest.mark.parametrize(("sentence", "expected"), STANDS, ids=[s[:20] for s, _ in STANDS])
def test_a_number_belongs_to_its_noun(sentence, expected):
    assert standing(sentence) == [(key, fold(words).text, period) for key, words, period in expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "规划到2028年设备原值为1377万元",
        "按规划，2028年场地增加到1256平方米",
        "计划三年后团队增至24人",
        "市里提出“固定场地不少于200平方米，仪器设备原值不低于200万元”的门槛",
        "单位全部固定资产为6,337万元",
        "单位职工264人，其中研发人员80人",
        "该项目合同额9.13万元，验证阶段投入8名工程师",
        "另有意向基金5000万元处于洽谈阶段",
        "依托单位2025年营业总收入19,186.01万元",
        "建设期总投资概算711万元（含设备购置300万元）",
        "房屋建筑面积14,323平方米，占地面积20亩",
        "本单位固定场地面积不少于200平方米",
        "注册资本500万元",
    ],
)
def test_what_is_not_the_centres_number_does_not_stand(sentence):
    assert standing(sentence) == []


def test_of_two_areas_neither_is_vouched_for():
    found = claims("中心总建筑面积1200平方米，其中概念验证专用场地387.8平方米", year=2026)
    assert [(c.quantity.surface, bool(c.doubts), c.rejected) for c in found if c.rejected is None] == [
        ("387.8平方米", True, None)
    ]


def test_a_cue_stands_on_a_token_of_its_own():
    assert [c.label for c in cues("虚拟电厂与模拟仿真将军路")] == []
    assert [c.label for c in cues("拟购置设备")] == ["PLAN"]
