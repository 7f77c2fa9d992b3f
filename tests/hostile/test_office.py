"""Every file nobody should send ends in an outcome it may have, says why in Chinese, and gives up no hidden value."""

import re
from datetime import date

import pytest

import extractors
from extractors.readers import archive, read
from fixtures import hostile_office
from schemas.document import Document
from schemas.vocabulary import FactKey, Outcome

CASES = tuple(hostile_office.cases())
READ = (Outcome.OK, Outcome.OK_WARN, Outcome.PARTIAL)
#: The words of the contract, and three of our own: a picture is not read before somebody recognises its words.
ALLOWED = {
    "accept": (Outcome.OK, Outcome.OK_WARN),
    "accept_warn": (Outcome.OK_WARN, Outcome.PARTIAL),
    "partial": (Outcome.PARTIAL, Outcome.OK_WARN),
    "any_clean": tuple(Outcome),
    "any_picture": (Outcome.PARTIAL,),
    "accept_warn_picture": (Outcome.PARTIAL,),
    "any_refusal": tuple(set(Outcome) - set(READ)),
}
LEAKED = re.compile(r"Traceback|Error\b|Exception|object at 0x|[a-z_]+\.py|None\b")


def allowed(expect: str) -> tuple[Outcome, ...]:
    return ALLOWED.get(expect) or (Outcome(expect.removeprefix("refuse_").upper()),)


def named(case: hostile_office.Case) -> str:
    return ascii(case.name)


def unpacked(case: hostile_office.Case) -> tuple[Outcome, list[str], list[str]]:
    """An archive's outcome as its members tell it, their names, and what is said of them."""
    members = archive.unpack(case.name, case.data)
    refused = {m.refused for m in members if m.refused is not None}
    said = [m.message for m in members if m.refused is not None]
    names = [m.path for m in members if m.refused is None]
    if not names:
        return (refused.pop() if len(refused) == 1 else Outcome.PARTIAL), names, said
    if refused:
        return Outcome.PARTIAL, names, said
    return (Outcome.OK_WARN if any(m.odd_name for m in members) else Outcome.OK), names, said


def shown(document: Document) -> str:
    """The words a person sees."""
    unseen = {i for m in document.marks if m.kind == "hidden" for i in range(m.start, m.end)}
    return "".join(c for i, c in enumerate(document.text) if i not in unseen)


ARCHIVES = [case for case in CASES if case.name.endswith(".zip") and archive.is_archive(case.data, case.name)]
FILES = [case for case in CASES if case not in ARCHIVES]


@pytest.mark.parametrize("case", FILES, ids=named)
def test_a_file_ends_as_it_may(case: hostile_office.Case) -> None:
    document = read(case.name, case.data)
    assert document.outcome in allowed(case.expect), document.message
    assert document.message.endswith("。")
    assert not LEAKED.search(document.message)
    if document.outcome in READ:
        assert not case.warning or case.warning in [w.code for w in document.warnings]
    else:
        assert "请" in document.message
        assert (document.text.strip(), document.tables) == ("", ())


@pytest.mark.parametrize("case", [c for c in FILES if c.holds or c.hides], ids=named)
def test_what_is_shown_is_read_and_what_is_hidden_is_not_shown(case: hostile_office.Case) -> None:
    document = read(case.name, case.data)
    assert all(words in shown(document) for words in case.holds)
    aside = document.text + "".join(m.words for m in document.marks)
    assert all(words in aside and words not in shown(document) for words in case.hides)


@pytest.mark.parametrize("case", ARCHIVES, ids=named)
def test_an_archive_ends_as_it_may(case: hostile_office.Case) -> None:
    outcome, names, said = unpacked(case)
    assert outcome in allowed(case.expect), said
    assert all(words in names for words in case.holds)
    assert all("请" in message and not LEAKED.search(message) for message in said)


def test_every_kind_is_there_and_no_name_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert {Outcome(case.expect[7:].upper()) for case in CASES if case.expect.startswith("refuse_")} == set(Outcome) - set(READ)


@pytest.mark.parametrize("case", [c for c in FILES if c.name.startswith("spoken_text")], ids=named)
def test_words_to_a_program_change_nothing_but_the_warning(case: hostile_office.Case) -> None:
    with_words, without = read("a.docx", case.data), read("a.docx", hostile_office.docx(hostile_office.p("固定场地350平方米")))
    assert (with_words.marks, with_words.tables) == (without.marks, without.tables)
    assert len(with_words.blocks) == len(without.blocks)


def test_a_formula_never_calculated_is_neither_nought_nor_a_value() -> None:
    case = next(c for c in CASES if c.name == "no_cached.xlsx")
    document = read(case.name, case.data)
    cell = document.tables[0].cells[-1]
    assert document.text[cell.start : cell.end] == ""
    assert [m.kind for m in document.marks if m.start == cell.start] == ["formula", "stale"]


def test_a_figure_with_something_unseen_in_it_is_never_vouched_for() -> None:
    body = hostile_office.p("依托单位：昆明某某公司") + hostile_office.p("现有固定场地面积3\u200b50平方米。")
    reading = extractors.extract(
        read("a.docx", hostile_office.docx(body)), document_id="d1", file="a.docx", as_of=date(2026, 3, 1)
    )
    seen = [one for one in reading.sightings if one.key is FactKey.SITE_AREA]
    assert [(one.value, one.doubts) for one in seen] == [(350, ("此处数字的写法异常",))]


@pytest.mark.parametrize("words", ["1,", "1 ", "9", "万", "（", "2025年1", "场地面积 "])
def test_a_flood_of_figures_is_no_statement(words: str) -> None:
    document = read("a.txt", (words * 100_000).encode())
    reading = extractors.extract(document, document_id="d1", file="a.txt", as_of=date(2026, 3, 1))
    assert reading.sightings == ()
