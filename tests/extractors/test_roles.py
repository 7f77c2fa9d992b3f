"""What a file is and where its parts begin, from its words; its name counts only where they tell nothing."""

from decimal import Decimal

import pytest

from extractors.roles import role_by_words, segments
from schemas.vocabulary import Role
from tests.extractors.build import document
from tests.extractors.listing import PAGE, paged, read

LEASE = (
    "出租方（甲方）：某某置业有限公司",
    "承租方（乙方）：新疆某某科技有限公司",
    "房屋坐落于高新区，建筑面积520平方米，租赁期限三年，租金每月3万元。",
)
LICENCE = (
    "统一社会信用代码",
    "法定代表人 张三 注册资本 500万元 成立日期 2015年3月1日",
    "经营范围 技术服务 登记机关 市场监督管理局",
)
FORM = ("概念验证中心申报书", "申报单位：新疆某某科技有限公司", "联系人：李四", "固定场地面积：387.8平方米")


def roles(*parts, file="扫描件001.pdf"):
    return [part.role for part in segments(paged(*parts), file)]


@pytest.mark.parametrize(
    ("lines", "role"),
    [
        (LEASE, Role.LEASE), (LICENCE, Role.LICENCE), (("电子发票 发票号码：1", "购买方 销售方 价税合计 税率"), Role.INVOICE),
        (("姓名 张三", "公民身份号码 签发机关"), Role.IDENTITY), (("专利号：ZL 1", "专利权人：某公司", "发明人：张三 授权公告日"), Role.PATENT),
        (("第一章 总则", "第一条 为规范项目遴选，制定本办法。", "本办法自发布之日起施行。"), Role.RULES),
        (("我们审计了某公司的财务报表", "审计意见", "某会计师事务所 注册会计师"), Role.AUDIT),
        (("公共信用信息", "报告编号：1", "严重失信主体名单 0条", "信用中国"), Role.CREDIT_REPORT),
        (("兹聘请张三为本中心专家", "特发此证"), Role.CERTIFICATE),
        (("某某公司文件", "关于张三同志任职的通知"), Role.APPOINTMENT),
        (("技术服务协议（概念验证服务）", "协议号：KX-006", "甲方：某公司"), Role.CONTRACT),
        (("企业财产综合险保险凭证", "投保及被保险单位：某公司"), Role.CERTIFICATE),
    ],
)  # fmt: skip
def test_a_file_is_what_it_says(lines, role):
    assert roles(*lines) == [role]


def test_a_name_counts_only_where_the_words_tell_nothing():
    assert roles("甲乙丙丁", file="房屋租赁合同.pdf") == [Role.LEASE]
    assert roles(*LEASE, file="申报书最终版.pdf") == [Role.LEASE]


def test_one_file_with_everything_is_cut_into_its_parts():
    reading = read(
        paged(
            *FORM,
            PAGE,
            "二、建设基础",
            "中心设在高新区。",
            PAGE,
            *LEASE,
            PAGE,
            *LICENCE,
            PAGE,
            "附件4",
            "信用承诺书",
            "本单位郑重承诺。",
        )
    )
    told = [(part.role, part.pages) for part in reading.sections]
    assert told == [(Role.FORM, (1, 2)), (Role.LEASE, (3, 3)), (Role.LICENCE, (4, 4)), (Role.COMMITMENT, (5, 5))]
    areas = {(s.role, s.value) for s in reading.sightings if s.key.value == "site.area"}
    assert areas == {(Role.FORM, Decimal("387.8")), (Role.LEASE, Decimal(520))}


def test_a_form_goes_on_after_a_card_in_its_midst():
    card = ("正面", "公民身份号码 650102", "居民身份证 签发机关")
    assert roles(*FORM, PAGE, *card, PAGE, "三、场地与设备", "中心现有场地。")[:3] == [
        Role.FORM,
        Role.IDENTITY,
        Role.FORM,
    ]


def test_a_forms_own_words_make_no_licence_and_no_commitment():
    table = [
        ["统一社会信用代码", "x", "法定代表人", "张三"],
        ["注册资本", "500万元", "成立日期", "2015"],
        ["经营范围", "x", "联系人", "李四"],
    ]
    pages = ("职工人数 20", table, PAGE, "六、信用承诺", "本单位郑重承诺，特此承诺，承诺单位（盖章）")
    assert roles(*FORM, PAGE, *pages) == [Role.FORM]


def test_a_table_of_contents_begins_no_part():
    contents = ("目录", "房屋租赁合同……3", "营业执照……7", "专项审计报告……9")
    assert roles(*FORM, PAGE, *contents, PAGE, *LEASE) == [Role.FORM, Role.LEASE]


def test_a_text_file_is_cut_where_a_title_is_followed_by_its_own_words():
    one = document(*FORM, "附件材料", "房屋租赁合同", "营业执照", "二、正文", "房屋租赁合同", *LEASE)
    assert [part.role for part in segments(one, "申报书.docx")] == [Role.FORM, Role.LEASE]


def test_words_of_two_kinds_settle_nothing():
    assert role_by_words("发证机关兹证明公民身份号码签发机关") is None


@pytest.mark.parametrize("title", ["概念验证中心创建申报登记表", "中试平台申报信息表", "某市中试平台表格"])
def test_a_form_is_known_by_its_title_or_by_what_it_asks(title):
    assert roles(
        title, "申报单位（盖章）：某公司", "填报日期：2026年3月1日", PAGE, "填表须知", "联系人：李四", "依托单位概况"
    ) == [Role.FORM]


@pytest.mark.parametrize("title", ["中试平台基础数据采集卡", "概念验证中心情况一览", "平台自荐材料", "材料一"])
def test_what_asks_for_the_names_and_figures_of_a_centre_is_a_form_whatever_its_title(title):
    asked = [
        ["单位名称", "昆明样例科技有限公司", "平台名称", "昆明市新材料中试平台"],
        ["场地面积（㎡）", "1200", "设备原值（万元）", "560"],
        ["团队人数（人）", "12", "储备项目（项）", "9"],
    ]
    assert [part.role for part in segments(document(title, asked), "材料.docx")] == [Role.FORM]


@pytest.mark.parametrize("mark", ["附件2", "证明材料2", "佐证材料之二"])
def test_a_plan_behind_the_form_begins_below_its_mark_and_its_centres_name(mark):
    told = document(*FORM, mark, "昆明市新材料概念验证中心", "建设方案", "中心围绕验证需求开展工作，现有场地387.8平方米。" * 3)
    assert [part.role for part in segments(told, "申报材料.docx")] == [Role.FORM, Role.PLAN]
