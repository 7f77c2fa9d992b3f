"""What attachments say of themselves."""

from datetime import date

import pytest

from extractors import extract
from extractors.dates import dates
from schemas.papers import Moment
from tests.extractors.build import document

DAY = date(2026, 4, 15)


def read(*parts, file="附件.docx"):
    return extract(document(*parts), document_id="d1", file=file, as_of=DAY)


def parties(reading):
    return [(p.part, p.side.value, p.name) for paper in reading.papers for p in paper.parties]


def days(reading, moment):
    return [(d.first, d.last) for paper in reading.papers for d in paper.days if d.moment is moment]


LEASE = (
    "房屋租赁合同", "合同编号：FW-2024-07", "出租方（甲方）：昆明甲乙资产经营有限公司", "承租方（乙方）：昆明丙丁科技有限公司",
    "甲方将坐落于昆明市某区某路66号1号楼的511、515号房屋出租给乙方使用，租赁建筑面积合计736平方米。",
)  # fmt: skip


def test_a_lease_names_its_parties_premises_and_number():
    (paper,) = read(*LEASE).papers
    assert [(p.part, p.side.value, p.name) for p in paper.parties] == [
        ("出租方", "other", "昆明甲乙资产经营有限公司"), ("承租方", "own", "昆明丙丁科技有限公司"),
    ]  # fmt: skip
    assert (paper.places[0].address, paper.places[0].rooms) == ("昆明市某区某路66号1号楼的511、515号", ("511", "515"))
    assert [(n.kind, n.shown) for n in paper.numbers] == [("contract", "FW-2024-07")]


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("租赁期限自2023年3月1日至2026年2月28日。", (date(2026, 2, 28), date(2026, 2, 28))),
        ("租赁期共3年，自2023年03月01日起至2026年02月28日止。", (date(2026, 2, 28), date(2026, 2, 28))),
        ("租赁期限为三年，自2023年3月1日起计算。", (date(2026, 2, 28), date(2026, 2, 28))),
        ("租期：2022.10-2025.9", (date(2025, 9, 1), date(2025, 9, 30))),
        ("使用期限：二〇二三年三月一日至二〇二六年二月二十八日", (date(2026, 2, 28), date(2026, 2, 28))),
        ("租赁期限：长期", (None, None)),
    ],
)
def test_the_end_of_a_term_as_it_is_written(words, end):
    assert days(read(*LEASE, words), Moment.END) == [end]


def test_the_day_of_signing_is_no_term():
    reading = read(*LEASE, "甲方（盖章）：          乙方（盖章）：", "签订日期：2023年2月9日")
    assert (days(reading, Moment.SIGNED), days(reading, Moment.START)) == ([(date(2023, 2, 9), date(2023, 2, 9))], [])


def test_a_licence_as_a_table():
    reading = read(
        "营业执照", [["名称", "昆明丙丁科技有限公司", "注册资本", "500万元整"], ["类型", "有限责任公司", "成立日期", "2014年06月27日"]],
        [["法定代表人", "吴宗", "营业期限", "2014-06-27至2034-06-26"]], file="执照.docx",
    )  # fmt: skip
    assert parties(reading) == [("名称", "own", "昆明丙丁科技有限公司"), ("法定代表人", "other", "吴宗")]
    assert days(reading, Moment.FOUNDED) == [(date(2014, 6, 27), date(2014, 6, 27))]
    assert days(reading, Moment.END) == [(date(2034, 6, 26), date(2034, 6, 26))]


def test_an_audit_report_names_whom_it_audited_and_what_year_it_covers():
    reading = read(
        "审计报告",
        "昆明丙丁科技有限公司：",
        "我们审计了贵公司截至2025年12月31日的财务报表。",
        "某会计师事务所",
        "2026年2月25日",
        file="审计报告.docx",
    )
    assert parties(reading) == [("被审计单位", "own", "昆明丙丁科技有限公司")]
    assert (days(reading, Moment.COVERS)[0][1], days(reading, Moment.ISSUED)[0][1]) == (date(2025, 12, 31), date(2026, 2, 25))


def test_an_audit_report_may_address_whom_it_audited_behind_its_number():
    reading = read(
        "专项审计报告", "（专审字〔2026〕224号）致：昆明丙丁科技有限公司", "我们对贵公司进行了专项审计。", file="审计报告.docx"
    )
    assert parties(reading) == [("被审计单位", "own", "昆明丙丁科技有限公司")]


def test_a_contract_inside_a_list_of_income_is_a_paper_of_its_own():
    reading = read(
        "服务收入明细表", [["序号", "委托单位", "签订日期", "到账日期", "金额（元）"], ["1", "甲公司", "2025-07-14", "2025-08-05", "100"]],
        "技术服务合同（摘录）", "委托方（甲方）：甲技术有限公司", "受托方（乙方）：昆明丙丁科技有限公司", "签订日期：2025年7月14日。", file="收入明细.docx",
    )  # fmt: skip
    assert [paper.role.value for paper in reading.papers] == ["revenue", "contract"]
    assert [(d.name, [x.last.isoformat() for x in d.days]) for d in reading.deals] == [("甲公司", ["2025-07-14", "2025-08-05"])]


@pytest.mark.parametrize(
    "words", ["委托单位", "甲方（盖章）：乙方（盖章）：", "承租方：详见附件", "联系方式：13900001234", "被保险人：同上"]
)
def test_what_is_no_party(words):
    assert parties(read("房屋租赁合同", words)) == []


def test_a_personal_number_is_shown_in_part_and_compared_whole():
    one, other = (read("联系电话：" + words).numbers[0] for words in ("139 0000 1234", "１３９００００１２３４"))
    assert (one.shown, one.key == other.key, one.evidence[0].quote) == ("139****1234", True, "139******1234")


def test_an_appointment_with_its_term():
    reading = read("聘书", "兹聘请张三教授为本中心技术顾问，聘期自2024年1月1日至2025年12月31日。", file="聘书.docx")
    assert (parties(reading), days(reading, Moment.END)) == (
        [("受聘人", "own", "张三")],
        [(date(2025, 12, 31), date(2025, 12, 31))],
    )


@pytest.mark.parametrize("words", ["2023年2月30日", "FW-2024-473", "3.2.1", "0871-11171596", "电话2024"])
def test_what_is_no_date(words):
    assert list(dates(words)) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("年租金为人民币（大写）壹佰元整（小写：¥100.00），每次50元。", [(100, 100)]),
        ("合同总额100,000.00元（大写：壹拾万元整）", [(100000, 100000)]),
        ("人民币叁佰伍拾万元整（350万元）", [(3500000, 3500000)]),
        ("人民币叁佰伍拾万零贰仟元整（350.2万元）", [(3502000, 3502000)]),
        ("人民币贰拾万元整（¥210,000.00）", [(200000, 210000)]),
        ("价税合计（大写）壹万零伍拾圆整（小写）¥10050.00", [(10050, 10050)]),
        ("违约金壹仟元整，租赁面积200平方米", []),
        ("第一期100元（大写壹佰元整）、第二期200元（大写贰佰元整）", [(100, 100), (200, 200)]),
        ("本合同一式肆份，双方各执贰份", []),
    ],
)
def test_amounts_in_words_beside_figures(words, told):
    assert [(a.words, a.figures) for a in read("合同", words).amounts] == told


def test_amounts_in_neighbouring_cells():
    (pair,) = read("合同", [["金额（大写）", "玖拾伍万捌仟肆佰元整", "金额（小写）", "958,400.00"]]).amounts
    assert (pair.words, pair.figures, [e.anchor for e in pair.evidence]) == (958400, 958400, ["T1/R1/C2", "T1/R1/C4"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("本中心设备齐全，详见附件5。", [(5, "")]),
        ("团队情况参见附件二《人员名单》。", [(2, "人员名单")]),
        ("按《通知》附件1的要求编制。", []),
        ("附件清单如下", []),
    ],
)
def test_references_to_attachments(words, told):
    assert [(p.number, p.name) for p in read("概念验证中心申报书", words, file="申报书.docx").pointers] == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("现向成都市科学技术局提出申请。", [("city", "成都市")]),
        ("同时市里对中试平台提出要求。", []),
        ("云南样本科技有限公司（以下简称本公司）成立于2015年。", [("self", "云南样本科技有限公司")]),
        ("云南样本科技有限公司（以下简称该公司）是合作方。", []),
    ],
)
def test_names_that_may_be_left_over(words, told):
    assert [(m.kind, m.name) for m in read("概念验证中心申报书", words, file="申报书.docx").mentions] == told


@pytest.mark.parametrize(
    ("words", "kin"),
    [
        ("共建单位：昆明某某大学；云南某某研究院", ["昆明某某大学", "云南某某研究院"]),
        ("公司由云南旧名机械厂有限公司于2023年更名而来。", ["云南旧名机械厂有限公司"]),
        ("曾用名：云南旧名机械厂有限公司", ["云南旧名机械厂有限公司"]),
        ("合作单位有昆明某某大学等。", []),
    ],
)
def test_who_may_stand_in_the_applicants_place(words, kin):
    assert [party.name for party in read("概念验证中心申报书", words, file="申报书.docx").kin] == kin


def test_an_invoice_names_both_sides():
    reading = read(
        "云南增值税专用发票",
        [["购买方", "名称：曲靖某某储能有限公司 纳税人识别号：91530300MA6K123456"], ["销售方", "名称：云南样本科技有限公司"]],
    )
    assert [name for _, _, name in parties(reading)] == ["曲靖某某储能有限公司", "云南样本科技有限公司"]


def test_validity_by_years_counts_from_the_day_of_issue():
    assert days(
        read("高新技术企业证书", "企业名称：云南样本科技有限公司", "发证时间：2022年11月18日", "有效期：三年"), Moment.UNTIL
    ) == [(date(2025, 11, 18), date(2025, 11, 18))]
