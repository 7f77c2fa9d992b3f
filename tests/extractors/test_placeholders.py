"""What was left to be filled in, and what only looks like it."""

from datetime import date

import pytest

from extractors import extract
from tests.extractors.build import document

DAY = date(2026, 4, 15)


def left(*parts, file="申报书.docx"):
    reading = extract(document("概念验证中心申报书", *parts), document_id="d1", file=file, as_of=DAY)
    return [blank.label for blank in reading.blanks if blank.kind == "placeholder"]


@pytest.mark.parametrize(
    "words",
    [
        "本中心由××大学与本公司共同建设，已服务企业12家。",
        "中心现有XX平方米场地，设备齐全。",
        "我公司成立于XX年，主要从事光电产品研发。",
        "建设目标：（待补充）",
        "依托单位简介：此处填写单位简介",
    ],
)
def test_signs_for_words_to_come(words):
    assert len(left(words)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "中心统一命名为“乌鲁木齐市XXX概念验证中心”。",
        "填写示例：××公司",
        "设备尺寸为200×300×400毫米。",
        "联系电话：139****1234",
        "型号为XX-200的光谱仪一台。",
        "已为客户××公司提供服务。",
        "显微镜放大倍数为40X。",
        "面积200平方米，人员6人。",
    ],
)
def test_what_is_no_sign(words):
    assert left(words) == []


def test_the_same_as_above_in_a_first_row():
    head = ["序号", "姓名", "工作单位", "职称", "专业"]
    rows = [["1", "张三", "同上", "教授", "光学"], ["2", "李四", "同上", "教授", "化学"]]
    assert left("专家顾问名单", [head, *rows]) == ["工作单位：同上"]


def test_a_commitment_in_a_cell_without_a_date():
    cell = "本单位承诺所填报内容真实、有效，如有不实，愿承担相应责任。法定代表人（签字）：张三 年 月 日"
    reading = extract(document("申报书", [["依托单位承诺", cell]]), document_id="d1", file="申报书.docx", as_of=DAY)
    assert [blank.kind for blank in reading.blanks] == ["date"]


@pytest.mark.parametrize("label", ["区科技主管部门推荐意见", "市科技局意见"])
def test_the_authorities_blocks_stay_blank(label):
    cell = "承诺材料属实，同意推荐。（盖章） 年 月 日"
    assert extract(document("申报书", [[label, cell]]), document_id="d1", file="申报书.docx", as_of=DAY).blanks == ()
