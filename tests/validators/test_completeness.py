import pytest

from schemas.facts import BlankField, ListedMaterial, Reading
from schemas.notice import Notice
from schemas.papers import Pointer
from schemas.vocabulary import DocumentStatus, FindingCode, Format, Outcome, Role
from tests.validators.build import DOCUMENTS, FORM, at, case, codes, entry, fact, only, policy
from validators.completeness import fields, files, leads, materials, unreadable
from validators.materials import core, roles_in_words

UNREAD = {"status": DocumentStatus.UNREADABLE, "outcome": Outcome.UNSUPPORTED, "format": Format.IMAGE}
LEASE = {"role": "lease", "name": "场地证明", "article": "五（二）1", "quote": "提交场地证明"}


def listed(name: str, submitted: bool | None = None) -> ListedMaterial:
    return ListedMaterial(name=name, submitted=submitted, evidence=(at(page=9, quote=name),))


def look(*names: str, required: tuple = (), **more) -> list:
    lines = tuple(listed(name) for name in names)
    return list(materials(case(materials=lines, **more), policy(materials=required)))


def test_a_line_of_the_forms_own_list() -> None:
    found = only(look("5.房屋租赁合同（复印件）"), FindingCode.MATERIAL_MISSING)
    assert found.message == "《申报书.pdf》第9页附件清单列有“5.房屋租赁合同（复印件）”，提交的文件中未见。"
    assert found.advice == "请申报单位补交“房屋租赁合同”；如已并入其他文件，请指明所在文件和页码。"


def test_what_the_policy_names() -> None:
    found = only(look(required=(LEASE,)), FindingCode.MATERIAL_MISSING)
    assert found.message == "五（二）1“提交场地证明”要求提交“场地证明”，提交的文件中未见。"


def test_policy_and_list_naming_one_material_are_one_cause() -> None:
    found = only(look("房屋租赁合同", required=(LEASE,)), FindingCode.MATERIAL_MISSING)
    assert found.message.startswith("五（二）1“提交场地证明”要求提交“场地证明”，《申报书.pdf》第9页附件清单列有“房屋租赁合同”，")


@pytest.mark.parametrize(
    "file",
    [
        "附件4：房屋租赁合同.pdf",
        "04-租赁合同.jpg",
        "场地证明材料.pdf",
        "不动产权证书.png",
        "租赁合同/IMG_001.jpg",
        "附件/房产证.docx",
    ],
)
def test_there_by_its_name_read_or_not(file) -> None:
    for more in ({}, UNREAD):
        assert look("房屋租赁合同（或产权证）", required=(LEASE,), documents=(*DOCUMENTS, entry("d9", file, **more))) == []


def test_there_as_a_part_of_a_combined_form() -> None:
    combined = Reading(document=FORM, roles=(Role.FORM, Role.LEASE), materials=(listed("房屋租赁合同"),))
    assert list(materials(case(readings=(combined,)), policy(materials=(LEASE,)))) == []
    titled = Reading(document=FORM, titles=("附件三 合作共建协议",), materials=(listed("合作共建协议"),))
    assert list(materials(case(readings=(titled,)), policy())) == []


@pytest.mark.parametrize(
    "name", ["其他相关证明材料", "有关佐证材料", "伦理审查批件（如有）", "建设实施方案", "申报书（盖章扫描件）", "仪器设备一览表"]
)
def test_look_alike_lines(name) -> None:
    assert look(name) == []


def test_a_line_marked_as_not_attached_promises_nothing() -> None:
    lines = (listed("房屋租赁合同", submitted=False),)
    assert list(materials(case(materials=lines), policy())) == []
    assert codes(materials(case(materials=(listed("房屋租赁合同", submitted=True),)), policy())) == ["MATERIAL_MISSING"]


@pytest.mark.parametrize(
    "open_one",
    [
        entry("d9", "扫描件0001.jpg", **UNREAD),
        entry("d9", "附件材料.rar", **(UNREAD | {"format": Format.OTHER})),
        entry("d9", "证明.pdf", status=DocumentStatus.PARTLY_READ, outcome=Outcome.PARTIAL),
        entry("d9", "认定申请书.pdf", **UNREAD),
        entry("d9", "审计报告及附件.pdf", **UNREAD),
    ],
)
def test_what_nobody_read_might_be_it(open_one) -> None:
    with_open = case(materials=(listed("房屋租赁合同"),), documents=(*DOCUMENTS, open_one))
    assert list(materials(with_open, policy())) == []
    assert [lead.code for lead in leads(with_open, policy())] == ["MATERIAL_MISSING"]


def test_an_unread_file_that_says_what_it_is_hides_nothing_else() -> None:
    scan = entry("d9", "07-信用承诺书.pdf", status=DocumentStatus.UNREADABLE, outcome=Outcome.PARTIAL)
    assert codes(look("房屋租赁合同", documents=(*DOCUMENTS, scan))) == ["MATERIAL_MISSING"]


def test_a_material_of_no_known_kind_might_be_a_document_of_no_known_kind() -> None:
    odd = entry("d9", "汇总说明.docx")
    assert look("伦理委员会批件", documents=(*DOCUMENTS, odd)) == []
    assert codes(look("伦理委员会批件")) == ["MATERIAL_MISSING"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("附件5：营业执照（复印件）", "营业执照"),
        ("3.专项 审计报告扫描件", "专项审计报告"),
        ("（一）建设方案", "建设方案"),
        ("03-人员名单", "人员名单"),
    ],
)
def test_core(name, short) -> None:
    assert core(name) == short


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("06-中试服务收入明细及合同", {Role.REVENUE}),
        ("房屋租赁合同", {Role.LEASE}),
        ("技术开发合同", {Role.CONTRACT}),
        ("软件著作权登记证书", {Role.CERTIFICATE}),
        ("03-服务团队及专家顾问名单", {Role.PEOPLE_LIST}),
        ("项目申报表", {Role.FORM}),
        ("事业单位法人证书", {Role.LICENCE}),
        ("IMG_20260301", set()),
    ],
)
def test_roles_in_words(name, roles) -> None:
    assert roles_in_words(name) == roles


def test_blank_fields_of_one_form_are_told_together() -> None:
    blanks = (BlankField(label="负责人", evidence=(at(page=4),)), BlankField(label="联系电话", evidence=(at(page=2),)))
    found = only(fields(case(blanks=blanks), policy()), FindingCode.FIELD_BLANK)
    assert found.message == "《申报书.pdf》“联系电话”（第2页）、“负责人”（第4页）为空。"
    assert list(fields(case(), policy())) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("signature", "“法定代表人”（第3页）处无签名。"), ("date", "日期为空。"), ("placeholder", "仍是占位文字。")],
)
def test_other_kinds_of_blank(kind, words) -> None:
    blank = BlankField(label="法定代表人", kind=kind, evidence=(at(),))
    assert only(fields(case(blanks=(blank,)), policy()), FindingCode.FIELD_BLANK).message.endswith(words)


def unread_file(outcome: Outcome, file: str = "合同.pdf", format: Format = Format.PDF):
    return entry("d9", file, format=format, status=DocumentStatus.UNREADABLE, outcome=outcome, message="请取消密码。")


def test_an_unreadable_file_says_what_to_do() -> None:
    found = only(files(case(documents=(unread_file(Outcome.ENCRYPTED),)), policy()), FindingCode.DOCUMENT_UNREADABLE)
    assert found.message == "《合同.pdf》已加密，无法打开。请取消密码。"
    assert found.advice == "请申报单位取消密码后重新提交。"


@pytest.mark.parametrize("outcome", ["ENCRYPTED", "CORRUPT", "EMPTY", "LIMIT", "UNSAFE", "MISMATCH"])
def test_outcomes_that_lie_with_the_file(outcome) -> None:
    assert unreadable(unread_file(Outcome(outcome)))


@pytest.mark.parametrize(
    ("outcome", "file", "format", "told"),
    [
        ("UNSUPPORTED", "setup.exe", Format.OTHER, True),
        ("UNSUPPORTED", "执照.jpg", Format.IMAGE, False),
        ("UNSUPPORTED", "申报书.ofd", Format.OFD, False),
        ("UNSUPPORTED", "申报书.doc", Format.DOC, False),
        ("UNSUPPORTED", "附件.RAR", Format.OTHER, False),
        ("PARTIAL", "扫描.pdf", Format.PDF, False),
        ("OK_WARN", "方案.docx", Format.DOCX, False),
    ],
)
def test_a_reader_we_lack_is_no_fault_of_the_file(outcome, file, format, told) -> None:
    assert unreadable(unread_file(Outcome(outcome), file, format)) is told


# --- the call for applications, and references to attachments

CALL = Notice.model_validate(
    {
        "通知": "关于组织申报的通知",
        "材料": [
            {"名称": "信用承诺书"}, {"名称": "场地证明", "任一": ["租赁合同", "不动产权证书"]}, {"名称": "合作协议", "条件": "联合申报"},
            {"名称": "办学许可证", "条件": "高等院校"},
        ],
    }
)  # fmt: skip


def test_what_the_call_names_and_is_not_there():
    kind = fact("applicant.kind", "企业")
    found = list(materials(case(kind, documents=(entry("d1", "申报书.pdf", Role.FORM),), notice=CALL), policy()))
    assert [f.message for f in found] == [
        "《关于组织申报的通知》要求提交“信用承诺书”，提交的文件中未见。",
        "《关于组织申报的通知》要求提交“场地证明”（租赁合同、不动产权证书之一），提交的文件中未见。",
    ]


def test_one_of_several_is_enough_and_open_conditions_are_leads():
    files = (
        entry("d1", "申报书.pdf", Role.FORM),
        entry("d2", "不动产权证书.jpg", Role.LEASE),
        entry("d3", "信用承诺书.pdf", Role.COMMITMENT),
    )
    one = case(documents=files, notice=CALL)
    assert list(materials(one, policy())) == []
    assert [lead.message for lead in leads(one, policy())] == [
        "《关于组织申报的通知》要求提交“合作协议”（条件：联合申报），提交的文件中未见；是否符合该条件请人工核对。",
        "《关于组织申报的通知》要求提交“办学许可证”（条件：高等院校），提交的文件中未见；是否符合该条件请人工核对。",
    ]


NUMBERED = (
    entry(FORM, "申报书.docx", Role.FORM),
    entry("d2", "附件1：建设方案.docx", Role.PLAN),
    entry("d3", "附件2：设备清单.xlsx", Role.EQUIPMENT_LIST),
)


@pytest.mark.parametrize(
    ("number", "name", "documents", "count"),
    [(5, "", NUMBERED, 1), (2, "", NUMBERED, 0), (5, "建设方案", NUMBERED, 0), (5, "", (NUMBERED[0],), 0), (3, "", (*NUMBERED, entry("d4", "附件3.zip")), 0)],
)  # fmt: skip
def test_a_reference_to_an_attachment_that_is_not_there(number, name, documents, count):
    pointer = Pointer(number=number, as_stated=f"详见附件{number}", name=name, evidence=(at(),))
    found = list(materials(case(documents=documents, pointers=(pointer,)), policy()))
    assert len(found) == count
