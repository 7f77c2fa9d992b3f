"""What is said to be missing was looked for, and says where."""

from decimal import Decimal

from schemas.policy import Compare
from schemas.vocabulary import DocumentStatus, FactKey, FactStatus, Grade, Outcome, Role, Unit, Verdict
from tests.validators.build import DOCUMENTS, at, case, entry, fact, sighting
from validators.clauses_numbers import compare
from validators.searching import searched


def test_files_and_pages_searched_and_those_that_could_not_be():
    read = entry("d1", "申报书.pdf", Role.FORM, roles=(Role.FORM,), pages=12)
    broken = entry("d2", "合同.pdf", status=DocumentStatus.UNREADABLE, outcome=Outcome.ENCRYPTED)
    told = searched([FactKey.SITE_AREA], case(documents=(read, broken), unread_pages=(("d1", 3), ("d1", 4), ("d1", 9))))
    assert (told.files, told.pages, told.unread) == (1, 12, ("《合同.pdf》", "《申报书.pdf》第3-4、9页"))
    assert told.told == "查了1份文件（其中有页码的共12页）；没有读到：《合同.pdf》、《申报书.pdf》第3-4、9页。"


def test_what_was_seen_but_set_aside_is_shown():
    area = fact("site.area", "1500", raw="1500平方米")
    seen = sighting(area, rejected="计划或目标数，不是现有数")
    told = searched([FactKey.SITE_AREA], case(sightings=(seen,)))
    assert [(one.as_stated, one.reason) for one in told.set_aside] == [("1500平方米", "未采用：计划或目标数，不是现有数")]
    assert "1500平方米（《申报书.pdf》第3页，计划或目标数，不是现有数）" in told.told
    assert searched([FactKey.FUND_SIZE], case(sightings=(seen,))).set_aside == ()


REVENUE = Compare(key=FactKey.REVENUE_SERVICE, comparator=">=", threshold=Decimal(100), unit=Unit.WAN_YUAN, grade=Grade.AUDIT)


def ruled(value: str, grade: Grade, requirement: Compare = REVENUE) -> Verdict:
    one = fact("revenue.service", value, at(), status=FactStatus.ACCEPTED, grade=grade)
    return compare(requirement, "服务收入不少于100万元，以审计报告为准", case(one, documents=DOCUMENTS)).verdict


def test_a_value_met_by_weaker_proof_than_asked_is_for_a_person():
    assert ruled("150", Grade.DECLARED) is Verdict.UNCLEAR
    assert ruled("150", Grade.INVOICE) is Verdict.UNCLEAR
    assert ruled("150", Grade.AUDIT) is Verdict.MET
    assert ruled("150", Grade.GOVERNMENT) is Verdict.MET
    assert ruled("80", Grade.DECLARED) is Verdict.NOT_MET
    assert ruled("150", Grade.DECLARED, REVENUE.model_copy(update={"grade": None})) is Verdict.MET
