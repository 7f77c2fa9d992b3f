"""What a file tells of itself, led back to its places."""

import io
from datetime import date

import pytest
from PIL import Image, ImageDraw

import extractors
from extractors.readers import read
from extractors.readers.looks import look
from fixtures.altered import ALTERED, base, saved
from fixtures.hostile_pdf import Page, pdf, picture, stream
from schemas.document import Document, Mark
from schemas.document import Page as DocumentPage
from schemas.vocabulary import Format, Outcome

DAY = date(2026, 4, 15)


def photograph(seed: int = 1, size: tuple[int, int] = (600, 400), quality: int = 80) -> bytes:
    """A room of coloured boxes with a wall that grows lighter."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    paint = ImageDraw.Draw(image)
    for k in range(12):
        x, y = (seed * 97 + k * 53) % 500 * size[0] // 600, (seed * 61 + k * 71) % 320 * size[1] // 400
        paint.rectangle(
            (x, y, x + size[0] // 7, y + size[1] // 6), fill=((k * 41 + seed * 7) % 256, (k * 83) % 256, (k * 29 + 60) % 256)
        )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def apart(one: bytes, other: bytes) -> int:
    a, b = look(one), look(other)
    assert a is not None
    assert b is not None
    return (int(a.hash, 16) ^ int(b.hash, 16)).bit_count()


def test_a_copy_of_another_size_and_encoder_looks_the_same() -> None:
    assert apart(photograph(), photograph(size=(900, 600), quality=35)) <= 10


def test_another_photograph_looks_otherwise() -> None:
    assert apart(photograph(1), photograph(2)) > 40


@pytest.mark.parametrize(("grey", "kind"), [(255, "plain"), (90, "plain")])
def test_a_blank_picture_says_nothing(grey, kind) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 300), grey).save(out, "PNG")
    seen = look(out.getvalue())
    assert (seen.kind if seen else None) == kind


def test_what_is_no_picture_has_no_look() -> None:
    assert look(b"GIF89a...") is None


def test_a_pictures_place_and_caption_are_told() -> None:
    body = photograph()
    jpeg = stream(
        "/Type /XObject /Subtype /Image /Width 600 /Height 400 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
        body,
    )
    words = (
        "q 300 0 0 200 72 500 cm /X Do Q BT /F1 12 Tf 120 484 Td (Fig 1 test hall) Tj ET BT /F1 12 Tf 72 760 Td (area 837) Tj ET"
    )
    document = read("a.pdf", pdf(Page(words, resources="/XObject << /X 6 0 R >>", objects=(jpeg,))))
    (shot,) = extractors.extract(document, document_id="d1", file="a.pdf", as_of=DAY).shots
    assert (shot.kind, shot.caption, shot.evidence.page, shot.evidence.bbox) == (
        "photo",
        "Fig 1 test hall",
        1,
        (72.0, 142.0, 372.0, 342.0),
    )


def test_an_edit_is_quoted_where_it_stands() -> None:
    document = read("a.pdf", saved(base(), ALTERED["a number changed"][0]))
    (trace,) = extractors.extract(document, document_id="d1", file="a.pdf", as_of=DAY).traces
    assert (trace.kind, trace.before, trace.after, trace.evidence.quote) == ("revised", "1 000 000", "9 000 000", "9 000 000")


def test_a_small_picture_on_a_scan_is_told_where_figures_were() -> None:
    page = "q 595 0 0 842 0 0 cm /X Do Q q 60 0 0 14 100 690 cm /Y Do Q"
    data = pdf(Page(page, resources="/XObject << /X 6 0 R /Y 7 0 R >>", objects=(picture(200), picture(250))))
    assert [(e.kind, e.box) for e in read("a.pdf", data).edits] == [("patched", (100.0, 138.0, 160.0, 152.0))]


@pytest.mark.parametrize("patch", ["120 0 0 120 300 400", "60 0 0 50 100 690", "595 0 0 842 0 0"])
def test_seals_signatures_and_layers_on_a_scan_are_none(patch) -> None:
    page = f"q 595 0 0 842 0 0 cm /X Do Q q {patch} cm /Y Do Q"
    data = pdf(Page(page, resources="/XObject << /X 6 0 R /Y 7 0 R >>", objects=(picture(200), picture(250))))
    assert read("a.pdf", data).edits == ()


def scanned(text: str, tone: str = "colour") -> Document:
    return Document(
        Format.PDF, Outcome.OK, "", text, pages=(DocumentPage(1, 595, 842, 0, len(text)),), marks=(Mark("scan", 0, 0, tone),)
    )


def asked(text: str) -> list[tuple[str, str]]:
    read_as = extractors.extract(scanned(text), document_id="d1", file="承诺书.pdf", as_of=DAY)
    return [(s.words, s.owner) for s in read_as.stamps if s.asked]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("承诺单位（盖章）：昆明晴垣光电科技有限公司\n2026年3月13日", [("承诺单位", "昆明晴垣光电科技有限公司")]),
        ("申报单位（公章）\n", [("申报单位", "")]),
        ("昆明晴垣光电科技有限公司（盖章）\n", [("昆明晴垣光电科技有限公司", "昆明晴垣光电科技有限公司")]),
        ("区（县）科技主管部门推荐意见：同意推荐。\n单位（盖章）\n", []),
        (
            "自觉接受科技主管部门的监督检查。\n承诺单位(盖章):昆明晴垣光电科技有限公司\n",
            [("承诺单位", "昆明晴垣光电科技有限公司")],
        ),
        (
            "申报单位与主管部门意见页\n申报单位意见\n同意申报。\n申报单位（盖章)：昆明霁远智能装备有限公司\n科技局推荐意见\n(盖章)年月日\n",
            [("申报单位", "昆明霁远智能装备有限公司")],
        ),
        ("市科技局审核意见\n（盖章）\n", []),
        ("本页须加盖公章后扫描。\n", []),
    ],
)
def test_where_a_scan_asks_for_a_seal_and_whose(text, found) -> None:
    assert asked(text) == found


def test_an_editable_page_asks_for_none() -> None:
    text = "承诺单位（盖章）：昆明晴垣光电科技有限公司\n"
    document = Document(Format.PDF, Outcome.OK, "", text, pages=(DocumentPage(1, 595, 842, 0, len(text)),))
    assert extractors.extract(document, document_id="d1", file="a.pdf", as_of=DAY).stamps == ()
