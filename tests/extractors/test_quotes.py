"""A quotation holds the words that stand in the file: a drawn tick is none of them, the ticked words are."""

from dataclasses import replace

from schemas.document import Mark
from tests.extractors.listing import paged, read

FORM = ("概念验证中心申报书", [["近三年有无重大违法或失信行为", "□有　☑无"], ["单位名称", "某某科技有限公司"]])


def credit(document):
    return next(s for s in read(document, "申报书.pdf").sightings if s.key.value == "credit.clean")


def test_the_ticked_words_are_quoted_where_the_tick_is_drawn():
    document = paged(*FORM)
    at = document.text.index("☑")
    told = credit(replace(document, marks=(Mark("symbol", at, at + 1),)))
    assert (told.value, told.evidence.quote, told.as_stated) == (True, "无", "□有☑无")


def test_a_tick_that_is_a_character_is_quoted_with_its_field():
    assert credit(paged(*FORM)).evidence.quote == "□有　☑无"
