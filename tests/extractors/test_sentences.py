"""Which noun owns which number, and what a number is not."""

import pytest

from extractors.sentences import claims, cues
from extractors.text import fold

#: sentence → what is claimed and stands: (key, words of the number, period)
STANDS = [
    ("本中试平台工作人员22人，负责人为萧辉", [("team.headcount", "22人", None)]),
    ("设备方面，登记在册145台（套），账面原值0.3793亿元", [("equipment.value", "0.3793亿元", None)]),
    ("聘请专家顾问十一人，含技术经纪（经理）人1人", [("advisors.headcount", "十一人", None), ("advisors.technology_managers", "1人", None)]),
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


def test_the_year_before_is_counted_from_the_year_named():
    sentence = "2025年度营业总收入9000万元，对外概念验证服务收入88.4万元，前一年度为61.2万元"
    told = [
        (claim.period, str(claim.quantity.value))
        for claim in claims(sentence, year=2026)
        if claim.measurand.yearly and not claim.rejected
    ]
    assert told == [("2025", "884000.0"), ("2024", "612000.0")]


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


#: sentence → the part of the reason why its (only) number of the key is not the centre's
WHOSE = [
    ("与同在园区的新材料概念验证中心（场地900平方米、设备一批）形成互补", "site.area", "其他单位"),
    ("国家技术转移中心年服务收入800万元，为我们提供了借鉴", "revenue.service", "其他单位"),
    ("合作单位检测中心设备原值980万元，可供共享", "equipment.value", "其他单位"),
    ("某市中试平台场地面积2000平方米", "site.area", "其他单位"),
    ("前期调研的西安市光电子概念验证中心拥有场地1530平方米", "site.area", "其他单位"),
    ("依托单位设备总值1.2亿元", "equipment.value", "依托单位整体"),
    ("集团2025年技术服务收入8600万元", "revenue.service", "集团整体"),
    ("依托单位2025年技术合同成交额3500万元", "technology_contracts.value", "依托单位整体"),
    ("全市技术合同成交额达到120亿元", "technology_contracts.value", "地区"),
    ("孵化企业服务收入合计900万元", "revenue.service", "孵化企业"),
    ("近三年累计培训技术经理人120人", "team.technology_managers", "培训"),
    ("项目建设完成后场地面积达到1500平方米", "site.area", "计划"),
]


@pytest.mark.parametrize(("sentence", "key", "why"), WHOSE, ids=[s[:16] for s, _, _ in WHOSE])
def test_anothers_value_is_set_aside_with_its_owner(sentence, key, why):
    [claim] = [c for c in claims(fold(sentence).text, year=2026) if c.measurand.key.value == key]
    assert claim.rejected is not None
    assert why in claim.rejected


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("公司现有科研仪器设备原值2600万元", "equipment.value"),
        ("合作高校提供实验场地800平方米", "site.area"),
        ("出租方提供的场地面积700平方米", "site.area"),
        ("省技术转移中心技术服务收入86万元", "revenue.service"),
        ("学校累计孵化企业86家", "enterprises.incubated"),
        ("中心建筑面积1260平方米，其中专门用房用于验证服务的使用面积为430平方米", "site.area"),
        ("中试场地1200平方米、配套设施面积300平方米", "site.area"),
    ],
)
def test_what_may_be_anothers_is_never_sure(sentence, key):
    found = [c for c in claims(fold(sentence).text, year=2026) if c.measurand.key.value == key]
    assert found
    assert all(c.doubts and c.rejected is None for c in found)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("依托单位划拨650平方米独立用房供中心长期使用", "650平方米"),
        ("公司厂房宽敞，安排场地面积650平方米作为中试平台用房", "650平方米"),
        ("依托单位设备总值1.2亿元，开放给中心使用的设备原值620万元", "620万元"),
        ("依托单位2025年概念验证服务收入95万元", "95万元"),
        ("依托单位组建了12人的运营团队", "12人"),
        ("昆明某某中试平台场地面积1150平方米", "1150平方米"),
        ("昆明国际机器学习概念验证中心运营团队12人", "12人"),
        ("校企合作共建的概念验证中心场地面积650平方米", "650平方米"),
        ("合作机构管理基金规模12亿元，与我中心共同设立概念验证资金500万元", "500万元"),
        ("实验区260平方米、办公区80平方米，合计340平方米", "340平方米"),
        ("平台中试车间900平方米，配套公用工程用房260平方米，合计1160平方米", "1160平方米"),
    ],
)
def test_what_the_host_gives_the_centre_is_the_centres(sentence, words):
    found = [c for c in claims(fold(sentence).text, year=2026) if c.rejected is None and not c.doubts]
    assert [c.quantity.surface for c in found] == [fold(words).text]


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("2025年10-12月服务收入30万元", "2025-10..2025-12"),
        ("2025年4月至12月服务收入88万元", "2025-04..2025-12"),
        ("2024年7月至2025年6月服务收入88万元", "2024-07..2025-06"),
        ("2025年第四季度服务收入30万元", "2025-10..2025-12"),
        ("2025年下半年服务收入30万元", "2025-07..2025-12"),
        ("截至2025年9月，当年服务收入66万元", "2025-01..2025-09"),
        ("自2025年3月起服务收入58万元", "total"),
        ("2025年1-12月服务收入120万元", "2025"),
    ],
)
def test_a_part_of_a_year_is_never_the_year(sentence, period):
    assert standing(sentence)[0][2] == period
