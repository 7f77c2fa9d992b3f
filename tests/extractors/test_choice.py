"""How a value was chosen is told in words of a closed list, and its proof is graded."""

import pytest

from extractors.choice import CHOSEN_KEPT, KEPT, grade_of, why_rejected
from extractors.resolve import resolve
from schemas.facts import Reading
from schemas.vocabulary import CHOICES, Choice, Grade, Role
from tests.extractors.test_resolve import sighting


def facts(*sightings):
    return resolve([Reading(document="d1", sightings=sightings)]).facts


def reasons(fact):
    return [(one.as_stated, one.choice) for one in fact.candidates]


def test_every_place_looked_at_is_told_with_what_became_of_it():
    [fact] = facts(
        sighting("387.8"),
        sighting("388", manner="sentence", error="0.5"),
        sighting("491", rejected="计划或目标数，不是现有数"),
        sighting("14323", rejected="依托单位一栏的数据，不是本中心（平台）的"),
        sighting("7", manner="sentence", confidence=0.6),
    )
    assert reasons(fact) == [
        ("387.8", Choice.LABELLED),
        ("388", Choice.ROUNDED),
        ("7", Choice.WEAK),
        ("14323", Choice.HOSTS),
        ("491", Choice.PLANNED),
    ]
    assert fact.why == "采用：栏目写明，1处只差舍入；未采用3处：所指不明1处、计划或目标数1处、依托单位的数1处"


def test_values_that_differ_are_each_others_candidates():
    one, other = facts(sighting("25"), sighting("22"))
    assert (reasons(one)[1], reasons(other)[1]) == (("25", Choice.DIFFERS), ("22", Choice.DIFFERS))


def test_candidates_are_bounded():
    many = [sighting("5") for _ in range(20)] + [sighting(str(n), rejected="计划或目标数，不是现有数") for n in range(100, 140)]
    [fact] = facts(*many)
    assert len(fact.candidates) == KEPT
    assert sum(one.choice in (Choice.LABELLED, Choice.AGREES) for one in fact.candidates) == CHOSEN_KEPT
    assert "未采用40处" in fact.why


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("计划或目标数，不是现有数", Choice.PLANNED),
        ("以后年度的计划数", Choice.PLANNED),
        ("往年数据，不是当前数", Choice.PAST),
        ("尚在洽谈或筹备，不是已有的数", Choice.NEGOTIATED),
        ("依托单位情况一节的数据，不是本中心（平台）的", Choice.HOSTS),
        ("说的是集团整体，不是本中心（平台）的", Choice.HOSTS),
        ("说的是其他单位（某市中试平台）", Choice.OTHERS),
        ("说的是地区（行业）总体（全市），不是本中心（平台）的", Choice.REGIONS),
        ("引用政策原文，不是实测数值", Choice.POLICYS),
        ("只复述政策条件（如“不少于”），没有写明实际数值", Choice.POLICYS),
        ("分项面积，已计入同句写明的合计", Choice.PART),
    ],
)
def test_a_rejection_has_a_code_and_its_own_words(words, code):
    assert why_rejected(sighting("5", rejected=words)) == (code, f"未采用：{words}")
    assert not CHOICES[code][0]


@pytest.mark.parametrize(
    ("role", "title", "manner", "grade"),
    [
        (Role.FORM, "申报书", "field", Grade.DECLARED),
        (Role.FORM, "申报书", "list_total", Grade.LIST),
        (Role.EQUIPMENT_LIST, "仪器设备清单", "list_total", Grade.LIST),
        (Role.LEASE, "房屋租赁合同", "sentence", Grade.CONTRACT),
        (Role.LEASE, "不动产权证书", "line", Grade.GOVERNMENT),
        (Role.REVENUE, "服务收入明细及合同", "list_total", Grade.LIST),
        (Role.OTHER, "增值税专用发票", "line", Grade.INVOICE),
        (Role.AUDIT, "专项审计报告", "sentence", Grade.AUDIT),
        (Role.CERTIFICATE, "技术合同认定登记证明", "line", Grade.GOVERNMENT),
        (Role.LICENCE, "营业执照", "line", Grade.GOVERNMENT),
    ],
)
def test_a_place_is_as_good_as_its_paper(role, title, manner, grade):
    assert grade_of(role, [title], manner) is grade


def test_a_fact_shows_its_best_proof_and_where_it_stands():
    lease = sighting("387.8", document="d2", role=Role.LEASE).model_copy(update={"grade": Grade.CONTRACT})
    [fact] = resolve([Reading(document="d1", sightings=(sighting("387.8"),)), Reading(document="d2", sightings=(lease,))]).facts
    assert (fact.grade, [place.document for place in fact.proof]) == (Grade.CONTRACT, ["d2"])
