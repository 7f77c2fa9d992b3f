"""Folding keeps the way back; masking hides what it must and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.text import fold, mask, tight

SOME = st.text(alphabet="场地面积１２３ 　\n12,.（）()：㎡aＡ\u200b，", max_size=40)


@given(SOME)
def test_every_kept_character_leads_back_to_itself(text):
    folded = fold(text, 7)
    assert len(folded.offsets) == len(folded.text) + 1
    for index, char in enumerate(folded.text):
        assert tight(text[folded.offsets[index] - 7]) in (char, "")


def test_spaces_go_but_between_digits():
    assert fold("固 定　场 地 5 000 000 ｍ２").text == "固定场地5 000 000m2"


def test_a_span_of_the_folded_text_is_found_again():
    text = "面　积：１９６．２ 平方米"
    folded = fold(text)
    start = folded.text.index("196.2")
    assert text[slice(*folded.span(start, start + 5))] == "１９６．２"


def test_personal_numbers_are_masked_in_place():
    assert mask("650191199601193871，13912345678") == "650191***********1，139****5678"


def test_a_credit_code_is_not_masked():
    assert mask("91650191MA1KB2CF14") == "91650191MA1KB2CF14"
