"""A PDF's frame: what is wrong with it, what it would do, what it would cost, and how many pages two engines find."""

import time

import pytest

from extractors.readers import pdf_second, read
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.pdf_draws import weigh
from extractors.readers.pdf_layers import Layers
from extractors.readers.pdf_syntax import File, Ref, parse
from fixtures import hostile_pdf as made
from schemas.vocabulary import Outcome, WarningCode

PLAIN = made.pdf(made.Page(made.SHOWN))


def codes(data: bytes) -> list[str]:
    return [w.code for w in read("a.pdf", data).warnings if w.code != WarningCode.FONT_NOT_EMBEDDED]


def test_a_sound_file_raises_nothing() -> None:
    assert codes(PLAIN) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/Count 1", b"/Count -1"),
        (b"/Size 6", b"/Size 2147483647"),
        (b"[0 0 595 842]", b"[0 0 /NaN null]"),
        (b"/Contents 5 0 R", b"/Contents 5 0 R /Rotate 45"),
        (b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % PLAIN.rfind(b"xref\n0")),
        (b"%PDF-1.7", b"junk\n%PDF-1.7"),
    ],
)
def test_a_frame_that_cannot_be_is_told(old: bytes, new: bytes) -> None:
    document = read("a.pdf", PLAIN.replace(old, new))
    assert "837" in document.text
    assert WarningCode.REPAIRED in [w.code for w in document.warnings]


@pytest.mark.parametrize("action", ["JavaScript", "Launch", "SubmitForm", "RichMedia"])
def test_an_action_in_an_object_stream_is_seen(action: str) -> None:
    assert codes(made.compressed_action(action))[0] == WarningCode.ACTIVE_CONTENT


@pytest.mark.parametrize("action", ["URI", "GoToR"])
def test_a_link_is_told_and_not_followed(action: str) -> None:
    link = made.Page(made.SHOWN, f"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /{action} /F (x) >> >>]")
    assert codes(made.pdf(link)) == [WarningCode.EXTERNAL_LINK]


def test_a_name_in_escapes_is_the_same_name() -> None:
    assert WarningCode.ACTIVE_CONTENT in codes(
        made.pdf(made.Page(made.SHOWN, catalog="/OpenAction << /S /J#61vaScript /JS (x) >>"))
    )


@pytest.mark.parametrize(("span", "told"), [("[0 10 20 10]", "只覆盖"), ("", "没有写明覆盖范围")])
def test_a_signature_is_never_taken_for_one_that_holds(span: str, told: str) -> None:
    field = f"<< /FT /Sig /T (s) /V << /Type /Sig {'/ByteRange ' + span if span else ''} /Contents <00> >> >>"
    document = read("a.pdf", made.pdf(made.Page(made.SHOWN, catalog=f"/AcroForm << /SigFlags 3 /Fields [{field}] >>")))
    (warning,) = (w for w in document.warnings if w.code == WarningCode.OTHER)
    assert told in warning.message
    assert "未验证" in warning.message


@pytest.mark.parametrize(
    "data", [made.multiplied(), made.bomb(300), made.bomb(300, twice=True)], ids=["forms", "deflate", "twice"]
)
def test_what_would_never_end_is_over_a_limit_at_once(data: bytes) -> None:
    started = time.process_time()
    document = read("a.pdf", data)
    assert document.outcome is Outcome.LIMIT
    assert [w.code for w in document.warnings] == [WarningCode.OVER_LIMIT_PART]
    assert time.process_time() - started < 5


def test_draws_are_counted_through_every_level() -> None:
    limits = Limits(form_draws=7)
    assert weigh(File(made.multiplied(3)), limits).over == {}
    assert list(weigh(File(made.multiplied(4)), limits).over) == [0]


def test_a_form_that_draws_itself_is_told() -> None:
    assert codes(made.itself()) == [WarningCode.REPAIRED]


def test_objects_on_a_page_are_counted() -> None:
    page = made.Page(made.SHOWN + "0 0 1 1 re f\n" * 60)
    assert read("a.pdf", made.pdf(page), Limits(page_objects=50)).outcome is Outcome.LIMIT


def test_pages_are_counted_by_two_engines() -> None:
    twice = PLAIN.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [3 0 R 3 0 R] /Count 2")
    assert pdf_second.pages(twice, most=9) == 1
    assert WarningCode.ENGINES_DIFFER in codes(twice)


def test_figures_by_the_second_engine() -> None:
    page = made.Page("BT /F1 12 Tf 72 760 Td (area 1,234.50 and 837) Tj ET")
    assert pdf_second.figures_of(made.pdf(page), 1) == ("1234.50", "837")
    assert pdf_second.figures_of(b"%PDF-1.7", 1) is None


def test_values_are_parsed_whatever_is_in_them() -> None:
    told, _ = parse(b"<< /A [1 0 R (a\\)(b)) <4142> -.5] /B << /C true >> /D null >>", 0)
    assert told == {"/A": [Ref(1), b"a\\)(b)", b"AB", -0.5], "/B": {"/C": True}, "/D": None}
    with pytest.raises(ValueError, match="deep"):
        parse(b"[" * 100, 0)


def test_a_page_tree_that_loops_ends() -> None:
    loop = PLAIN.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R 3 0 R]")
    assert len(File(loop).pages(DEFAULT.pdf_pages)) == 1


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("6 0 R", False),
        ("7 0 R", True),
        ("<< /Type /OCMD /OCGs [6 0 R 7 0 R] >>", True),
        ("<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AllOn >>", False),
        ("<< /Type /OCMD /OCGs 6 0 R /P /AllOff >>", True),
        ("<< /Type /OCMD /VE [/And 7 0 R [/Not 6 0 R]] >>", True),
        ("<< /Type /OCMD /VE [/Or 6 0 R [/Not 7 0 R]] >>", False),
    ],
)
def test_layers_by_group_policy_and_expression(content: str, shown: bool) -> None:
    layers = Layers(File(made.pdf(made.HIDDEN["a layer that is off"])))
    assert layers.shows(parse(content.encode(), 0)[0]) is shown
