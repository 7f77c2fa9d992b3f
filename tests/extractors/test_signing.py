"""What a document brings to a comparison: digests of numbers, rooms with their address, the applicant's own words."""

from datetime import date

import pytest

import extractors
from extractors.readers import read
from extractors.signing import Digests, sign
from extractors.signing_texts import grams
from schemas.signature import Number, Signed

DIGESTS = Digests(b"k" * 32)
ID = "650191199404078276"


def signed(words: str, file: str = "申报书.txt", known: str = "") -> Signed:
    document = read(file, words.encode())
    reading = extractors.extract(document, document_id="d1", file=file, as_of=date(2026, 4, 15))
    return sign(document, reading, file=file, digests=DIGESTS, known=grams(known) if known else frozenset())


def listed(*rows: str, file: str = "名单.csv") -> Signed:
    return signed("\n".join(rows) + "\n", file)


def test_a_row_of_people_keeps_a_digest_of_the_number_and_never_the_number() -> None:
    found = listed(
        "序号,姓名,性别,身份证号,学历,职称,岗位,专/兼职,联系电话",
        f"1,程和丽,女,{ID},博士,研究员,主任,专职,13912345678",
        "2,李倩思,女,/,硕士,工程师,检测,兼职,/",
    )
    first, second = found.people
    assert (first.name, first.born, first.full_time, second.full_time) == ("程和丽", "1994-04", True, False)
    assert first.id_number == DIGESTS("id", ID)
    assert first.phone == DIGESTS("phone", "13912345678")
    assert ID not in found.model_dump_json()
    assert "13912345678" not in found.model_dump_json()


def test_people_of_a_table_under_unknown_heads_are_taken_too() -> None:
    found = listed(
        "序,人员姓名,公民身份号码,任务分工,职称情况,专/兼职情况",
        f"1,唐沐,{ID},中心主任,工程师,专职",
        "2,谢衡,/,市场拓展,经济师,兼职",
    )
    assert [(one.name, one.id_number is not None, one.full_time) for one in found.people] == [
        ("唐沐", True, True),
        ("谢衡", False, False),
    ]


def test_a_digest_is_of_no_use_under_another_key() -> None:
    assert Digests(b"a" * 32)("id", ID) != Digests(b"b" * 32)("id", ID)
    assert DIGESTS("id", ID) != DIGESTS("phone", ID)


def test_makers_numbers_are_told_from_the_owners_and_an_invoice_is_kept() -> None:
    rows = ("1,冷冻干燥机,FD-800,FDA1806989,1,7.77,24532000000012345678", "2,酶标仪,MR-200,无,1,3.11,/")
    found = listed("序号,设备名称,规格型号,出厂编号,数量,原值（万元）,发票号码", *rows, file="设备清单.csv")
    (one,) = found.things
    assert (one.serial, one.maker, one.invoice) == ("FDA1806989", True, "24532000000012345678")
    own = listed("序号,设备名称,规格型号,资产编号,数量,原值（万元）", "1,冷冻干燥机,FD-800,ZC2024001,1,7.77", file="设备清单.csv")
    assert [(row.serial, row.maker) for row in own.things] == [("ZC2024001", False)]


@pytest.mark.parametrize(
    ("words", "rooms"),
    [
        ("实际运营地址：昆明市官渡区人民路15号科技园C座205室", [("人民路15", "C", "205")]),
        ("场地位于昆明市官渡区人民路15号3号楼201、203室，面积350平方米", [("人民路15", "3", "201"), ("人民路15", "3", "203")]),
        (
            "一、租用的房屋\n昆明市官渡区人民路15号产业园11栋，房号501、502室，面积合计384.9m2，出租给乙方",
            [("人民路15", "11", "501"), ("人民路15", "11", "502")],
        ),
        ("注册地址：昆明市官渡区人民路15号C座205室", []),  # a registered office is shared by many
        ("实际运营地址：昆明市官渡区人民路15号科技园C座", []),  # a building is no room
        ("通讯地址：昆明市官渡区人民路15号C座205室", []),
    ],
)
def test_only_rooms_said_to_be_the_centres_count(words: str, rooms: list[tuple[str, str, str]]) -> None:
    file = "房屋租赁合同.txt" if "租用" in words else "申报书.txt"
    assert [(one.street, one.building, one.room) for one in signed(words + "\n", file).rooms] == rooms


def test_the_forms_and_the_policys_words_are_not_the_applicants() -> None:
    own = "中心搭建了水凝胶小试单元，先后完成四批次可重复性评价，批次合格率稳定在九成以上。"
    policy = "固定场地面积不少于200平方米，配备不少于6人的专业化运营管理团队，具备提供概念验证服务的成功经验。"
    form = "本单位承诺所填报内容及所附材料真实、有效，如有不实，愿承担相应责任。"
    found = signed(f"{own}{policy}{form}\n", "建设方案.txt", known=policy)
    (text,) = found.texts
    assert [text.words[slice(*span)] for span in text.own] == [own]
    assert signed(form + "\n", "建设方案.txt").texts == ()


def test_a_contract_counts_with_its_other_party_only() -> None:
    found = signed("合同编号：YZ2025050\n委托方（甲方）：玉溪恒利生物制剂有限公司\n", "服务合同.txt")
    assert [(one.kind, one.shown, one.about) for one in found.numbers] == [
        (Number.CONTRACT, "YZ2025050", "玉溪恒利生物制剂有限公司")
    ]
    assert signed("合同编号：YZ2025050\n", "服务合同.txt").numbers == ()


def test_an_account_shows_its_last_four_digits_only() -> None:
    found = signed("开户银行：某银行某支行 账号：6222 0213 0600 1234 567\n")
    (one,) = [number for number in found.numbers if number.kind is Number.ACCOUNT]
    assert one.shown == "尾号4567"
    assert one.evidence.quote == "**** **** **** ***4 567"


def test_partners_are_whom_the_form_names_as_building_together() -> None:
    assert "昆明理工大学" in signed("共建单位：昆明理工大学、云南某某科技有限公司\n").partners
    assert signed("委托方：昆明理工大学\n").partners == ()
