"""A call for applications as a bureau writes it."""

from datetime import date

import pytest

from policies.notices import NoticeError, load_notice, notice_of

GOOD = """
通知: 关于组织申报2026年度概念验证中心的通知
文号: 昆科通〔2026〕12号
截止日期: 2026-04-30
起算日: 2026-04-01
材料:
  - 营业执照
  - 名称: 场地证明
    任一: [租赁合同, 不动产权证书]
  - 名称: 合作协议
    条件: 联合申报
"""


def test_a_call_is_read(tmp_path):
    (tmp_path / "通知.yaml").write_text(GOOD, "utf-8-sig")
    notice = load_notice(tmp_path / "通知.yaml")
    assert (notice.number, notice.deadline, notice.anchor) == ("昆科通〔2026〕12号", date(2026, 4, 30), date(2026, 4, 1))
    assert [(m.name, m.any_of, m.when) for m in notice.materials] == [
        ("营业执照", (), None), ("场地证明", ("租赁合同", "不动产权证书"), None), ("合作协议", (), "联合申报"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({}, "缺少“通知”"),
        ({"通知": "某某通知", "截至日期": "2026-04-30"}, "“截至日期”不是可写的栏目，可写：通知、文号、截止日期、起算日、材料"),
        ({"通知": "某某通知", "截止日期": "四月底"}, "“截止日期”应为日期，写成 2026-04-30 这样"),
        ({"通知": "某某通知", "材料": [{"名字": "执照"}]}, "缺少“材料”第1项“名称”；“材料”第1项“名字”不是可写的栏目，可写：名称、任一、条件"),
        ({"通知": "某某通知", "材料": [{"名称": "执照", "条件": "外资"}]}, "“材料”第1项“条件”只能是：联合申报、租赁场地、企业、高等院校、科研院所、医疗卫生机构、园区、事业单位"),
        ("某某通知", "应由“栏目: 内容”组成，可写的栏目：通知、文号、截止日期、起算日、材料"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_chinese(content, told):
    with pytest.raises(NoticeError) as raised:
        notice_of(content, "a.yaml")
    assert str(raised.value).removeprefix("通知文件 a.yaml ").removeprefix("不能用：") == told


@pytest.mark.parametrize(("words", "told"), [("办法: 某".encode("utf-16"), "UTF-8"), ("通知: [".encode(), "写法有误")])
def test_a_file_that_is_none(tmp_path, words, told):
    (tmp_path / "a.yaml").write_bytes(words)
    with pytest.raises(NoticeError, match=told):
        load_notice(tmp_path / "a.yaml")


def test_a_file_in_the_older_encoding(tmp_path):
    (tmp_path / "a.yaml").write_bytes(GOOD.encode("gb18030"))
    assert load_notice(tmp_path / "a.yaml").title == "关于组织申报2026年度概念验证中心的通知"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NoticeError, match="无法读取通知文件"):
        load_notice(tmp_path / "a.yaml")
