"""Labels by the hundred: which key each names, and the look-alikes that name none."""

from pathlib import Path

import pytest

from extractors.labels import meaning, period_in

CASES = [line.split("\t") for line in Path(__file__).with_name("labels.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("key", "label"), CASES)
def test_a_label_names_its_key_or_none(key, label):
    sense = meaning(label)
    named = sense.key.value if sense is not None and sense.key is not None and not (sense.plan and key == "None") else "None"
    assert named == key


def test_unit_year_and_part_are_taken_off_a_label():
    sense = meaning("3.其中：2025年1-9月概念验证服务收入（万元）")
    assert sense is not None
    assert (sense.unit, sense.period, sense.part, sense.plan) == ("万元", "2025-01..2025-09", True, False)


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2024年、2025年服务收入", "2024-2025"),
        ("二〇二五年度", "2025"),
        ("上年度对外服务收入", "上年度"),
        ("近两年服务收入合计", "近两年"),
        ("2025年前三季度", "2025-01..2025-09"),
        ("服务收入", None),
    ],
)
def test_periods(words, period):
    assert period_in(words) == period


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("概念验证中心（名称）", "centre.name"),
        ("本平台规范全称", "centre.name"),
        ("所属产业领域（最多3个）", "industries"),
        ("报送时间", "application.date"),
        ("运营团队人数（在岗）", "team.headcount"),
        ("已验证项目累计投融资", "investment.raised"),
        ("概念验证服务收入分年明细和合同", None),
        ("研发平台名称", None),
        ("固定场地面积（依托单位）", None),
    ],
)
def test_a_remark_in_brackets_or_a_qualifier_does_not_unmake_a_label(label, key):
    found = meaning(label)
    assert (found.key.value if found and found.key else None) == key
