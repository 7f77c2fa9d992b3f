"""One photograph under two captions, and pictures that may stand twice."""

import pytest

from schemas.facts import Reading
from schemas.traces import SignatureEntry
from tests.validators.build import PLAN, case, codes, policy, shot
from validators import authenticity_files, authenticity_pictures
from validators.authenticity_signatures import invalid

HASH = 0x5A5A << 200


def reuse(*shots):
    return codes(authenticity_pictures.reuse(case(shots=shots), policy()))


def test_one_photograph_under_two_captions_is_told_with_both() -> None:
    (one,) = authenticity_pictures.reuse(case(shots=(shot("图1 中试车间", 3), shot("图4 检测室", 7))), policy())
    assert (
        one.message
        == "同一张图片出现在不同说明之下：《申报书.pdf》第3页标为“图1 中试车间”；《申报书.pdf》第7页标为“图4 检测室”。"
    )
    assert [place.page for place in one.evidence] == [3, 7]


def test_another_encoder_moves_a_few_bits() -> None:
    assert reuse(shot("中试车间"), shot("检测室", 7, hash=HASH ^ 0b111011)) == ["IMAGE_REUSE"]


def test_another_photograph_moves_many() -> None:
    assert reuse(shot("中试车间"), shot("检测室", 7, hash=HASH ^ (2**40 - 1))) == []


def test_the_same_words_with_another_number_are_the_same_caption() -> None:
    assert reuse(shot("图1 中试车间现场照片"), shot("图3 中试车间", 7)) == []


@pytest.mark.parametrize("more", [{"kind": "drawing"}, {"kind": "page"}, {"kind": "plain"}, {"entropy": 1.9}])
def test_logos_seals_pages_and_blank_pictures_may_stand_twice(more) -> None:
    assert reuse(shot("公司标志", **more), shot("检测室", 7, **more)) == []


def test_a_photograph_nobody_names_is_none() -> None:
    assert reuse(shot(""), shot("检测室", 7)) == []


def test_a_page_that_stands_twice_is_a_lead() -> None:
    twice = (shot("", 2, kind="page", digest="a" * 64), shot("", 5, kind="page", digest="a" * 64))
    (lead,) = authenticity_pictures.leads(case(shots=twice))
    assert lead.message == "《申报书.pdf》第2页、第5页是同一幅页面图像，请核对是否漏放了应有的页。"


def test_only_signatures_that_fail_are_findings() -> None:
    states = [SignatureEntry(field=state, state=state, reason="甲") for state in ("intact", "unverified", "valid", "invalid")]
    (one,) = invalid(case(signatures=tuple(states)), policy())
    assert "“invalid”" in one.message
    assert "“intact”" not in one.message


def made(about, document=PLAN):
    from tests.validators.build import fact

    told = case(fact("applicant.name", "昆明晴垣光电科技有限公司"), readings=(Reading(document=document, about=about),))
    return [lead.code for lead in authenticity_files.leads(told)]


def test_another_organisation_in_a_files_properties_is_a_lead() -> None:
    assert made((("company", "玉溪恒利生物制剂有限公司"),)) == ["TEMPLATE_LEFT"]


@pytest.mark.parametrize("company", ["昆明晴垣光电科技有限公司", "微软中国", "Lenovo", "昆明市科学技术局", ""])
def test_the_applicants_own_an_office_or_a_machine_is_not(company) -> None:
    assert made((("company", company),)) == []


def test_an_editor_after_another_program_is_a_lead() -> None:
    assert made((("creator", "Writer"), ("producer", "PDF Editor 6.2")), "d1") == ["FILE_HISTORY"]
    assert made((("creator", "Writer"), ("producer", "LibreOffice 7.4")), "d1") == []
