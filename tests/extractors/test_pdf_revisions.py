"""What a PDF's later states changed, and what they only added."""

import pytest

from extractors.readers import read
from fixtures.altered import ADDED, ALTERED, base, linear, saved, signed
from fixtures.hostile_pdf import PLAIN, pdf


def revised(data: bytes) -> list[tuple[str, str]]:
    return [(e.before.strip(), e.after.strip()) for e in read("a.pdf", data).edits if e.kind == "revised"]


@pytest.mark.parametrize("how", ALTERED)
def test_words_that_stood_otherwise_before_are_told(how) -> None:
    objects, before, after = ALTERED[how]
    assert revised(saved(base(), objects)) == [(before, after)]


@pytest.mark.parametrize("how", ADDED)
def test_what_is_only_added_is_not(how) -> None:
    assert revised(saved(base(), ADDED[how])) == []


def test_a_signature_changes_no_words() -> None:
    document = read("a.pdf", signed(base()))
    assert (document.edits, document.revisions[-1].what) == ((), ("signature",))


def test_each_state_is_listed_with_its_bytes() -> None:
    first = base()
    second = saved(first, ADDED["a field filled in"])
    third = saved(second, ALTERED["a number changed"][0])
    told = read("a.pdf", third).revisions
    assert [(r.end, r.what) for r in told] == [(len(first), ()), (len(second), ("fields",)), (len(third), ("content",))]


def test_a_change_two_saves_ago_is_told_with_its_save() -> None:
    data = saved(saved(base(), ALTERED["a number changed"][0]), ADDED["a field filled in"])
    (edit,) = read("a.pdf", data).edits
    assert (edit.before, edit.after, edit.words) == ("1 000 000", "9 000 000", "文件第2次保存时改动")


def test_a_file_written_for_the_web_was_saved_once() -> None:
    assert len(read("a.pdf", linear(base())).revisions) == 1


def test_a_file_that_holds_another_file_was_saved_once() -> None:
    inner = base()
    outer = saved(base(), {8: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(inner), inner)})
    assert len(read("a.pdf", outer).revisions) == 2


@pytest.mark.parametrize("look", PLAIN)
def test_ordinary_pages_show_no_edit(look) -> None:
    assert read("a.pdf", pdf(PLAIN[look])).edits == ()
