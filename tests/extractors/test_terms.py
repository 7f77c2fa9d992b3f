"""A label is taken apart into its words; and what sentences say of managers, of each project and of growth. Labels by the hundred: labels.tsv."""

import pytest

from extractors.sentences import claims
from extractors.terms import key_of


def test_one_word_of_another_kind_or_two_keys_make_none():
    made = key_of("实验检测仪器账面原值")
    assert made is not None
    assert made.value == "equipment.value"
    assert key_of("依托单位实验检测仪器账面原值") is None
    assert key_of("中心仪器情况") is None


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
        ("各领域专家共有15人组成顾问团队。", {"advisors.headcount": 15}),
        ("各小组由3名专家组成，顾问团队共有专家12人。", {"advisors.headcount": 12}),
        ("服务开展期间累计完成验证项目12项。", {"projects.completed": 12}),
        ("项目库储备项目36项，其中待验证项目27项。", {"projects.reserved": 36}),
        ("顾问专家12名，其中外单位8名，运营团队有技术经理人3名。", {"advisors.headcount": 12, "team.technology_managers": 3}),
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
