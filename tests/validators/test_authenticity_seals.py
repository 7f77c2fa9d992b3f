"""Seals that are missing or another's, and pages of which nothing can be said."""

import pytest

from tests.validators.build import asks, case, codes, fact, policy, ring
from validators import authenticity_seals

NAME = fact("applicant.name", "昆明晴垣光电科技有限公司")


def missing(*stamps):
    return codes(authenticity_seals.missing(case(NAME, stamps=stamps), policy()))


def strange(*stamps):
    return codes(authenticity_seals.mismatch(case(NAME, stamps=stamps), policy()))


def test_a_page_that_asks_for_a_seal_and_has_none_is_told() -> None:
    (one,) = authenticity_seals.missing(case(NAME, stamps=(asks(owner="昆明晴垣光电科技有限公司"),)), policy())
    assert one.message == "《申报书.pdf》第3页“承诺单位”处要求盖章，该页扫描件上未见印章。"


def test_a_grey_page_without_paler_ink_is_told_as_grey() -> None:
    (one,) = authenticity_seals.missing(case(NAME, stamps=(asks(tone="grey"),)), policy())
    assert "灰度扫描" in one.message


@pytest.mark.parametrize("tone", ["inked", "rings", "black", ""])
def test_a_page_on_which_a_seal_may_be_unseen_is_not(tone) -> None:
    assert missing(asks(tone=tone)) == []


@pytest.mark.parametrize("page", [3, 4])
def test_a_seal_on_the_page_or_the_next_is_enough(page) -> None:
    assert missing(asks(), ring(page=page)) == []


def test_another_partys_place_is_not_the_applicants() -> None:
    assert missing(asks("出租方", "昆明安宇健康科技有限公司"), asks("乙方"), asks("会计师事务所")) == []


def test_the_applicants_side_of_a_contract_is() -> None:
    assert missing(asks("承租方", "昆明晴垣光电科技有限公司")) == ["SEAL_MISSING"]


def test_another_organisations_seal_is_told() -> None:
    assert strange(asks(), ring("昆明安宇健康科技有限公司")) == ["SEAL_MISMATCH"]


@pytest.mark.parametrize("words", ["昆明晴垣光电科技有限公司", "昆明睛垣光电科枝有限公司", "□明晴垣光□科技有限公司", ""])
def test_the_applicants_own_seal_poorly_read_is_not(words) -> None:
    assert strange(asks(), ring(words)) == []


def test_a_seal_not_read_surely_is_nobodys() -> None:
    assert strange(asks(), ring("昆明安宇健康科技有限公司", sure=0.7)) == []


def test_the_other_partys_seal_beside_ones_own_is_not_told() -> None:
    assert strange(asks(), ring("昆明安宇健康科技有限公司"), ring("昆明晴垣光电科技有限公司")) == []
    assert strange(asks(), asks("出租方", "昆明安宇健康科技有限公司"), ring("昆明安宇健康科技有限公司")) == []


def test_anothers_seal_in_the_applicants_place_beside_the_other_partys_is_told() -> None:
    places = (asks("承租方", "昆明晴垣光电科技有限公司"), asks("出租方", "昆明棠溪产业园运营管理有限公司"))
    (one,) = authenticity_seals.mismatch(
        case(NAME, stamps=(*places, ring("昆明棠溪产业园运营管理有限公司"), ring("玉溪恒利生物制剂有限公司"))), policy()
    )
    assert "识别为“玉溪恒利生物制剂有限公司”，" in one.message


def test_the_other_partys_seal_alone_is_not_the_applicants() -> None:
    places = (asks("承租方", "昆明晴垣光电科技有限公司"), asks("出租方", "昆明棠溪产业园运营管理有限公司"))
    (one,) = authenticity_seals.missing(case(NAME, stamps=(*places, ring("昆明棠溪产业园运营管理有限公司"))), policy())
    assert one.message.endswith("“承租方”处要求盖章，该页扫描件上未见申报单位的印章，只有其他单位的印章。")


@pytest.mark.parametrize("seal", [ring("昆□棠□□"), ring(""), ring("昆明棠溪产业园运营管理有限公司", sure=0.6)])
def test_a_seal_that_may_be_either_partys_is_enough(seal) -> None:
    assert missing(asks("承租方", "昆明晴垣光电科技有限公司"), asks("出租方", "昆明棠溪产业园运营管理有限公司"), seal) == []


def test_seals_whose_ink_lies_alike_are_a_lead() -> None:
    ink = "f0" * 512
    told = case(stamps=(ring("甲", print=ink), ring("甲", page=5, print=ink), ring("甲", page=6, print="0f" * 512)))
    assert [lead.code for lead in authenticity_seals.leads(told)] == ["SEAL_IDENTICAL"]
