"""A label no pattern knows, taken apart into its words; and what sentences say of managers, of each project and of growth."""

import pytest

from extractors.labels import meaning
from extractors.sentences import claims
from extractors.terms import key_of

MADE = {
    "site.area": "中心所占面积 专用工作场所面积 物理场所面积",
    "equipment.value": "实验检测仪器账面原值 装备原值 设备资产原值",
    "team.headcount": "运营班子人员规模 运管人员数 中心人员规模",
    "advisors.headcount": "顾问团规模 专家委员会委员数 智库专家人数",
    "advisors.external_share": "外请专家占比 外部成员占比",
    "projects.reserved": "储备库在库成果总量 库内项目数",
    "projects.completed": "服务完成项目数 验收通过项目数",
    "projects.productised": "转化形成样品数 成果样品化产品化数量",
    "enterprises.incubated": "孵化的企业户数 初创企业数",
    "fund.size": "基金盘子 合作基金规模",
    "revenue.service": "服务创收 概念验证业务收入",
}


@pytest.mark.parametrize(("label", "key"), [(label, key) for key, labels in MADE.items() for label in labels.split()])
def test_a_label_made_of_known_words_is_understood(label, key):
    sense = meaning(label)
    assert sense is not None
    assert sense.key is not None
    assert sense.key.value == key


@pytest.mark.parametrize(
    "label",
    [
        "依托单位仪器设备原值",
        "大型仪器设备原值",
        "生产用房面积",
        "员工宿舍用房面积",
        "产业专家人数",
        "专职人员数",
        "样品检测数",
        "基金投资金额",
        "概念验证专项资金各年投入",
        "博士人数",
        "计划储备项目数",
    ],
)
def test_one_word_that_says_otherwise_and_it_means_nothing(label):
    sense = meaning(label)
    assert sense is None or sense.key is None or sense.plan


def test_what_no_key_or_two_keys_are_made_of_is_none():
    assert key_of("依托单位仪器设备原值") is None
    assert key_of("中心情况") is None


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("顾问队伍共有16人，其中技术经理人2名，外部专家占比75%。", {"advisors.headcount": 16, "advisors.technology_managers": 2, "advisors.external_share": 75}),
        ("每个项目配备2名专家和1名技术经理人全程跟踪。", {}),
        ("中心组建之初运营团队仅6人，至2025年底增至15人。", {"team.headcount": 15}),
        ("中心组建之初运营团队仅6人，至2028年底增至15人。", {}),
        ("公司现有员工230人，研发人员86人，抽调11人组建中心运营服务团队。", {"team.headcount": 11}),
        ("依托单位承担省级以上科研项目56项，中心储备待验证项目23项。", {"projects.reserved": 23}),
        ("中心启用初期仅有场地260平方米，经两次扩建，目前固定场地面积已达540平方米。", {"site.area": 540}),
    ],
)  # fmt: skip
def test_whose_and_of_when_a_sentence_speaks(sentence, wanted):
    told = {c.measurand.key.value: c for c in claims(sentence, year=2026) if c.rejected is None}
    assert told.keys() == wanted.keys()
    for key, value in wanted.items():
        stated = told[key].quantity.value
        assert stated is not None
        assert float(stated) == pytest.approx(value / 100 if key.endswith("share") else value)


def test_managers_told_beside_the_advisers_without_of_whom_are_doubted():
    (manager,) = [c for c in claims("顾问专家12名，技术经理人3名。", year=2026) if c.measurand.key.value.endswith("managers")]
    assert manager.doubts
