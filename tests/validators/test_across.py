"""Each code between two submissions once, and beside it the honest look-alikes that raise nothing."""

import re

import numpy as np
import pytest

from schemas.signature import Number, Signature, SignedNumber, SignedPicture, SignedWriter, Writer
from schemas.vocabulary import Severity
from tests.validators.signed import at, package, person, room, text, thing
from validators import across, across_words, joining
from validators.across import Gathered, Told

PARAGRAPH = (
    "中心搭建了水凝胶小试单元，先后完成四批次可重复性评价，批次合格率稳定在九成以上。团队据此调整了交联工艺路线，把固化时间从四十分钟缩短到十二分钟。"
    "产业方以此为依据签订了两项合作开发协议，并派出三名工程师驻场跟踪下一阶段的放大验证。"
)


def told(here: Signature, there: Signature) -> Told:
    gathered = Gathered()
    gathered.add(here, there, across.compare(here, there))
    return gathered.told().get(here.id, Told())


def codes(here: Signature, there: Signature) -> tuple[list[str], list[str]]:
    """Findings and leads."""
    found = told(here, there)
    return [one.code.value for one in found.findings], [one.code for one in found.leads]


def pair(kind: str, ours: object, theirs: object) -> tuple[Signature, Signature]:
    return package("甲", **{kind: (ours,)}), package("乙", **{kind: (theirs,)})


def number(kind: Number, digest: str, about: str = "") -> SignedNumber:
    return SignedNumber(kind=kind, digest=digest, shown="…", about=about, evidence=at())


def picture(digest: str, hashed: int, kind: str = "photo", document: str = "d2") -> SignedPicture:
    return SignedPicture(digest=digest, hash=f"{hashed:064x}", kind=kind, caption="图1 小试实验室", evidence=at(document))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (person(id_number="a"), person(id_number="a")),
        (person(phone="p"), person(phone="p")),
        (person(certificate="c"), person(certificate="c")),
        (person(born="1985-03"), person(born="1985-03")),
    ],
)
def test_a_person_full_time_in_two_submissions_is_told_in_both(ours: object, theirs: object) -> None:
    here, there = pair("people", ours, theirs)
    assert codes(here, there) == (["SHARED_PERSON"], [])
    (finding,) = told(here, there).findings
    assert finding.others == ("乙",)
    assert [place.submission for place in finding.evidence] == [None, "乙"]
    assert "《申报书.pdf》第3页" in finding.message
    assert "申报包“乙”" in finding.message


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (person(id_number="a", full_time=False), person(id_number="a", full_time=False)),  # an adviser in two
        (person(id_number="a"), person(id_number="a", full_time=False)),  # full-time in one, part-time in another
        (person(id_number="a"), person(id_number="a", full_time=None, adviser=True)),
        (person(born="1985-03"), person(born="1990-07")),  # the same name, another person
        (person(born="1985-03", id_number="a"), person(born="1985-03", id_number="b")),
        (person("王一", phone="p"), person("李二", phone="p")),  # an office's telephone in two rows
    ],
)
def test_who_may_well_work_in_two_places_or_be_two_people_is_not(ours: object, theirs: object) -> None:
    assert codes(*pair("people", ours, theirs)) == ([], [])


def test_a_name_alone_and_an_employment_not_stated_are_leads() -> None:
    traits = ("药学", "高级工程师")
    assert codes(*pair("people", person(traits=traits), person(traits=traits))) == ([], ["SHARED_PERSON"])
    assert codes(*pair("people", person(id_number="a"), person(id_number="a", full_time=None))) == ([], ["SHARED_PERSON"])


def test_among_thousands_a_name_and_a_birth_month_are_a_lead() -> None:
    here, there = pair("people", person(born="1985-03"), person(born="1985-03"))
    (match,) = across.compare(here, there, many=True)
    assert not match.sure
    traits = ("药学", "高级工程师", "博士")
    here, there = pair("people", person(born="1985-03", traits=traits), person(born="1985-03", traits=traits))
    assert [one.sure for one in across.compare(here, there, many=True)] == [True]


def test_one_serial_or_invoice_in_two_lists_is_a_shared_asset() -> None:
    assert codes(*pair("things", thing(), thing())) == (["SHARED_ASSET"], [])
    number_ = "24532000000012345678"
    bill = {"serial": None, "invoice": number_}
    paper = SignedNumber(kind=Number.INVOICE, digest="i", shown=number_, evidence=at())
    here, there = package("甲", things=(thing(**bill),)), package("乙", numbers=(paper,))
    assert codes(here, there) == (["SHARED_ASSET"], [])
    assert np.intersect1d(joining.keys(here), joining.keys(there)).size == 1
    assert codes(*pair("things", thing(**bill), thing("真空干燥箱", model="VD-1", **bill))) == (["SHARED_ASSET"], [])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (thing(serial="FDA1806989"), thing(serial="FDA1806990")),  # one model, two machines
        (
            thing("离心机", "ZC2024001", maker=False, model="A"),
            thing("酶标仪", "ZC2024001", maker=False, model="B"),
        ),  # each counts its own
        (thing(serial=None, invoice="12345678"), thing(serial=None, invoice="12345679")),
    ],
)
def test_the_same_model_with_another_number_and_the_owners_own_numbers_are_not(ours: object, theirs: object) -> None:
    assert codes(*pair("things", ours, theirs)) == ([], [])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (thing(owned=False), thing()),  # openly leased from the other
        (thing(serial="SB-0012", maker=False), thing(serial="SB-0012", maker=False)),
        (thing(serial=None, invoice="12345678"), thing("酶标仪", None, model="MR", invoice="12345678")),
    ],
)
def test_what_may_be_two_things_or_openly_one_is_a_lead(ours: object, theirs: object) -> None:
    assert codes(*pair("things", ours, theirs)) == ([], ["SHARED_ASSET"])


def test_the_same_room_is_told_and_the_same_park_or_street_is_not() -> None:
    assert codes(*pair("rooms", room("205"), room("205"))) == (["SHARED_PREMISES"], [])
    assert codes(*pair("rooms", room("205"), room("206"))) == ([], [])
    assert codes(*pair("rooms", room("205"), room("205", building="D"))) == ([], [])
    assert codes(*pair("rooms", room("205"), room("205", areas=("玉溪市", "红塔区")))) == ([], [])


def test_a_long_passage_is_told_with_both_places_and_a_short_one_is_not() -> None:
    here, there = pair("texts", text(PARAGRAPH), text("其他文字若干。" + PARAGRAPH.replace("水凝胶", "气凝胶")))
    (finding,) = told(here, there).findings
    assert finding.code == "TEXT_REUSE"
    assert finding.severity is Severity.HIGH
    ours, theirs = finding.evidence
    assert ours.quote in PARAGRAPH
    assert theirs.quote == ours.quote
    assert theirs.submission == "乙"
    assert codes(*pair("texts", text(PARAGRAPH[:60]), text(PARAGRAPH[:60]))) == ([], [])


def test_sentences_most_packages_hold_count_for_nothing() -> None:
    here, there = pair("texts", text(PARAGRAPH), text(PARAGRAPH))
    common = {one.key for one in across.likeness.sentences(here.texts[0])}
    assert across.compare(here, there, common) == []


def test_what_many_packages_hold_is_nobodys_though_two_meet_over_something_else() -> None:
    office, author = number(Number.PHONE, "office"), SignedWriter(kind=Writer.AUTHOR, words="王科员", evidence=at())
    here, there = (package(ident, numbers=(office,), writers=(author,), things=(thing(),)) for ident in "甲乙")
    common = {joining.numbered(office), joining.written_by(author)}
    assert [one.code for one in across.compare(here, there, common)] == ["SHARED_ASSET"]


def test_the_same_photograph_is_told_in_another_size_too() -> None:
    look = int("5a" * 32, 16)
    assert codes(*pair("pictures", picture("a", look), picture("a", look))) == (["IMAGE_REUSE"], [])
    assert codes(*pair("pictures", picture("a", look), picture("b", look ^ 0b1011))) == (["IMAGE_REUSE"], [])


def test_two_pages_of_writing_that_look_alike_are_not_and_a_landlords_paper_is_a_lead() -> None:
    assert codes(*pair("pictures", picture("a", 7, "page"), picture("b", 7, "page"))) == ([], [])
    assert codes(*pair("pictures", picture("a", 1 << 60), picture("b", (1 << 200) - 1))) == ([], [])
    paper = picture("a", 7, "page", "d3")
    assert codes(*pair("pictures", paper, paper)) == ([], ["IMAGE_REUSE"])


def test_numbers_and_writers_in_common_are_leads() -> None:
    contract = number(Number.CONTRACT, "c", "丙药业有限公司")
    assert codes(*pair("numbers", contract, contract)) == ([], ["SHARED_CONTRACT"])
    assert codes(*pair("numbers", number(Number.ACCOUNT, "a"), number(Number.ACCOUNT, "a"))) == ([], ["SHARED_ACCOUNT"])
    assert codes(*pair("numbers", number(Number.PHONE, "a"), number(Number.ACCOUNT, "a"))) == ([], [])
    writer = SignedWriter(kind=Writer.AUTHOR, words="陈海", evidence=at())
    assert codes(*pair("writers", writer, writer)) == ([], ["SAME_WRITER"])


def test_a_contract_between_the_two_applicants_is_both_theirs() -> None:
    both = number(Number.CONTRACT, "c", "乙科技有限公司")
    assert codes(*pair("numbers", both, both)) == ([], [])


def test_an_applicant_is_never_held_against_itself() -> None:
    here, there = pair("things", thing(), thing())
    assert codes(here, there.model_copy(update={"usccs": here.usccs})) == ([], [])
    assert codes(here, there.model_copy(update={"applicants": here.applicants})) == ([], [])
    assert codes(here, there.model_copy(update={"applicants": ("甲科技有限责任公司",), "usccs": ()})) == ([], [])
    assert codes(here, there.model_copy(update={"sha256": here.sha256})) == ([], [])


def test_two_firms_of_like_names_with_codes_of_their_own_are_two() -> None:
    here, there = pair("things", thing(), thing())
    assert codes(here, there.model_copy(update={"applicants": ("甲科技有限责任公司",)})) == (["SHARED_ASSET"], [])


def test_partners_that_name_each_other_are_not_compared_and_one_sided_naming_leaves_leads() -> None:
    here, there = pair("things", thing(), thing())
    named = here.model_copy(update={"partners": ("乙科技有限公司",)})
    assert codes(named, there.model_copy(update={"partners": ("甲科技有限公司",)})) == ([], [])
    assert codes(named, there) == ([], ["SHARED_ASSET"])


def test_an_applicant_nobody_could_read_leaves_leads() -> None:
    here, there = pair("things", thing(), thing())
    assert codes(here.model_copy(update={"applicants": (), "usccs": ()}), there) == ([], ["SHARED_ASSET"])


def test_what_three_share_is_told_once_with_both_others() -> None:
    one, two, three = (package(ident, things=(thing(),)) for ident in "甲乙丙")
    gathered = Gathered()
    for here, there in ((one, two), (one, three), (two, three)):
        gathered.add(here, there, across.compare(here, there))
    assert [finding.others for finding in gathered.told()["甲"].findings] == [("丙", "乙")]


def test_the_documents_of_the_other_submission_are_listed_by_the_ids_the_places_use() -> None:
    found = told(*pair("things", thing(), thing()))
    assert [(one.id, one.submission, one.file) for one in found.elsewhere] == [("乙/d1", "乙", "申报书.pdf")]
    assert found.findings[0].evidence[1].document == "乙/d1"


def test_no_message_accuses() -> None:
    said = [*across_words.ADVICE.values()]
    for kind, ours in (
        ("people", person(id_number="a")),
        ("things", thing()),
        ("rooms", room("205")),
        ("texts", text(PARAGRAPH)),
    ):
        said += [one.message for one in told(*pair(kind, ours, ours)).findings]
    assert len(said) > 12
    assert not [one for one in said if re.search("造假|伪造|作弊|虚假|抄袭|骗|串通", one)]
