import io
from array import array
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from extractors.excerpts import excerpt
from extractors.pictures import Pictures, page_crop
from extractors.readers import read
from schemas.document import Block, Cell, Document, Page, Table
from schemas.evidence import Evidence
from schemas.picture import Excerpt, PageCrop
from schemas.vocabulary import Format, Outcome

RED = (0.8, 0.1, 0.1)


def pdf(*, rotation: int = 0, crop: tuple[float, float, float, float] | None = None, words: str = "Area 196.2 m2") -> bytes:
    """A 600 × 800 page: a red bar over (100, 200, 160, 220) from the top left, words at (100, 400)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800), invariant=1)
    canvas.setFillColorRGB(*RED)
    canvas.rect(100, 580, 60, 20, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(100, 400, words)
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    made = pypdfium2.PdfDocument(out.getvalue())
    made[0].set_rotation(rotation)
    if crop:
        made[0].set_cropbox(*crop)
    saved = io.BytesIO()
    made.save(saved)
    made.close()
    return saved.getvalue()


def colours(crop: PageCrop) -> list[tuple[int, int, int]]:
    """The middle of each frame, and a point just left of it."""
    image = Image.open(io.BytesIO(crop.data)).convert("RGB")
    assert image.size == (crop.width, crop.height)
    x0, y0, x1, y1 = crop.boxes[0]
    middle = ((x0 + x1) // 2, (y0 + y1) // 2)
    pixels = [image.getpixel(middle), image.getpixel((max(0, x0 - 4), middle[1]))]
    return [pixel for pixel in pixels if isinstance(pixel, tuple) and len(pixel) == 3]


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 170 and colour[1] < 80 and colour[2] < 80


def place(**changes: object) -> Evidence:
    return Evidence(document="d1", page=1, bbox=(100, 200, 160, 220), quote="x").model_copy(update=changes)


def test_the_frame_stands_around_the_place() -> None:
    crop = page_crop(pdf(), place(), format=Format.PDF)
    assert crop is not None
    middle, beside = colours(crop)
    assert is_red(middle)
    assert not is_red(beside)
    assert (crop.page, crop.pages) == (1, 2)


@pytest.mark.parametrize(
    ("rotation", "box"), [(90, (580, 100, 600, 160)), (180, (440, 580, 500, 600)), (270, (200, 440, 220, 500))]
)
def test_a_rotated_page_is_cut_as_displayed(rotation: int, box: tuple[float, float, float, float]) -> None:
    crop = page_crop(pdf(rotation=rotation), place(bbox=box), format=Format.PDF)
    assert crop is not None
    assert is_red(colours(crop)[0])


def test_a_cropped_page_is_cut_as_displayed() -> None:
    crop = page_crop(pdf(crop=(50, 100, 550, 700)), place(bbox=(50, 100, 110, 120)), format=Format.PDF)
    assert crop is not None
    assert is_red(colours(crop)[0])


def test_the_strip_holds_the_words_the_reader_found() -> None:
    data = pdf()
    document = read("a.pdf", data)
    start = document.text.index("196.2")
    found = document.box(start, start + 5)
    assert found is not None
    page, (x0, top, x1, bottom) = found
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded(x0 - 1, 800 - bottom - 1, x1 + 1, 800 - top + 1)
    assert text.strip() == "196.2"
    crop = page_crop(data, place(page=page, bbox=(x0, top, x1, bottom)), format=Format.PDF, document=document)
    assert crop is not None
    framed = Image.open(io.BytesIO(crop.data)).convert("L").crop(crop.boxes[0])
    assert 0.05 < sum(framed.histogram()[:100]) / (framed.width * framed.height) < 0.6


def test_only_a_strip_is_kept_and_it_is_small() -> None:
    crop = page_crop(pdf(), place(), format=Format.PDF)
    assert crop is not None
    assert crop.height < 200
    assert len(crop.data) < 20_000


def test_places_on_one_line_share_a_strip() -> None:
    pictures = Pictures({"d1": (Format.PDF, pdf(), None)})
    first, second = pictures(place()), pictures(place(bbox=(130, 205, 150, 215)))
    assert isinstance(first, PageCrop)
    assert isinstance(second, PageCrop)
    assert first.data == second.data
    assert first.boxes != second.boxes
    pictures.close()


def test_an_empty_place_beside_the_print_is_framed() -> None:
    crop = page_crop(pdf(), place(bbox=(400, 200, 460, 220)), format=Format.PDF)
    assert crop is not None
    assert colours(crop) == [(255, 255, 255)] * 2


def test_a_strip_cuts_through_no_line() -> None:
    data = pdf()
    document = read("a.pdf", data)
    line = document.box(document.text.index("Area"), document.text.index("Area") + 4)
    assert line is not None
    _, (x0, top, x1, _) = line
    for near in range(20, 60):
        crop = page_crop(data, place(bbox=(x0, top - near - 9, x1, top - near)), format=Format.PDF, document=document)
        assert crop is not None
        image = Image.open(io.BytesIO(crop.data)).convert("L")
        assert min(image.crop((0, image.height - 2, image.width, image.height)).tobytes()) > 200


@pytest.mark.parametrize(
    "evidence",
    [
        place(page=0), place(page=3), place(bbox=(700, 0, 800, 10)), place(bbox=(100, 900, 160, 920)), place(document="other"),
        place(bbox=(float("nan"), 0, 1, 1)),
    ],
)  # fmt: skip
def test_a_place_that_is_not_there_has_no_picture(evidence: Evidence) -> None:
    with Pictures({"d1": (Format.PDF, pdf(), None)}) as pictures:
        assert pictures(evidence) is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"\x00" * 999, pdf()[:600]])
@pytest.mark.parametrize("kind", [Format.PDF, Format.IMAGE, Format.OFD, Format.OTHER])
def test_a_file_that_cannot_be_opened_has_no_picture(data: bytes, kind: Format) -> None:
    assert page_crop(data, place(), format=kind) is None


def test_a_place_without_a_box_shows_the_page() -> None:
    crop = page_crop(pdf(), place(bbox=None), format=Format.PDF)
    assert crop is not None
    assert crop.boxes == ()


def test_personal_numbers_are_painted_over() -> None:
    data = pdf(words="ID 650191199601193871 and 13912340001 end")
    document = read("a.pdf", data)
    for number, hidden in (("650191199601193871", slice(6, 17)), ("13912340001", slice(3, 7))):
        start = document.text.index(number)
        found = document.box(start + hidden.start, start + hidden.stop)
        assert found is not None
        crop = page_crop(data, place(bbox=found[1]), format=Format.PDF, document=document)
        assert crop is not None
        grey = Image.open(io.BytesIO(crop.data)).convert("L").crop(crop.boxes[0])
        middle = [grey.getpixel((x, grey.height // 2)) for x in range(6, grey.width - 6)]
        assert all(120 < int(level) < 180 for level in middle)  # type: ignore[arg-type]


def test_a_photograph_is_turned_as_its_exif_says() -> None:
    image = Image.new("RGB", (400, 300), "white")
    image.paste((200, 20, 20), (50, 100, 110, 120))
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    out = io.BytesIO()
    image.save(out, "PNG", exif=exif)
    crop = page_crop(out.getvalue(), place(bbox=(300 - 120, 50, 300 - 100, 110)), format=Format.IMAGE)
    assert crop is not None
    assert is_red(colours(crop)[0])


def test_words_that_wrap_are_framed_line_by_line() -> None:
    left = [500.0, 510, 520, 530, 60, 65, 70, 75, 85, 95, 105]
    document = Document(
        Format.PDF, Outcome.OK, "", text="面积为196.2平方米", pages=(Page(1, 600, 800, 0, 11),),
        x0=array("f", left), x1=array("f", [x + 10 for x in left]),
        run_start=array("i", [0, 4]), run_page=array("i", [1, 1]),
        run_top=array("f", [200, 216]), run_bottom=array("f", [212, 228]),
    )  # fmt: skip
    whole = document.box(3, 11)
    assert whole is not None
    crop = page_crop(pdf(), place(bbox=whole[1], quote="196.2平方米"), format=Format.PDF, document=document)
    assert crop is not None
    assert len(crop.boxes) == 2
    assert crop.boxes[0][0] > crop.boxes[1][2]


def ruled(n: int, *, pages: int = 1) -> bytes:
    """Pages of ``n`` rows of 20 points each below 100 points, the first row of the first page coloured."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800), invariant=1)
    for page in range(pages):
        canvas.setFillColorRGB(*RED)
        if page == 0:
            canvas.rect(100, 680, 300, 20, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        for row in range(n):
            canvas.drawString(310, 665 - 20 * row, str(row))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def listed(rows: list[list[str]], page: int, start: int) -> tuple[str, Table]:
    """A table of three columns from (100, 100), 20 points a row, whose words begin at ``start``."""
    text, cells = "", []
    for row, words in enumerate(rows):
        for col, word in enumerate(words):
            box = (100.0 + 100 * col, 100.0 + 20 * row, 200.0 + 100 * col, 120.0 + 20 * row)
            cells.append(Cell(row, col, 1, 1, start + len(text), start + len(text) + len(word), box))
            text += word + "\t"
    sides = (100.0, 100.0, 400.0, 100.0 + 20 * len(rows))
    return text, Table(len(rows), 3, tuple(cells), start, start + len(text), page=page, box=sides)


def top_is_red(crop: PageCrop | None) -> bool:
    assert crop is not None
    assert crop.height < 260
    assert 0 < crop.boxes[0][1] < crop.boxes[0][3] < crop.height
    pixel = Image.open(io.BytesIO(crop.data)).convert("RGB").getpixel((crop.width // 3, 20))
    return isinstance(pixel, tuple) and pixel[0] > 170 and pixel[1] < 80


HEAD = ["序号", "名称", "原值"]
BODY = [[str(n), f"设备{n}", "7.77"] for n in range(20)]


@pytest.mark.parametrize("top", [162, 242, 442])
def test_a_column_keeps_its_heading_in_sight(top: float) -> None:
    text, table = listed([HEAD, *BODY], 1, 0)
    document = Document(Format.PDF, Outcome.OK, "", text=text, tables=(table,))
    assert top_is_red(page_crop(ruled(20), place(bbox=(305, top, 330, top + 16)), format=Format.PDF, document=document))


@pytest.mark.parametrize(("columns", "headed"), [(3, True), (4, False)])
def test_a_table_that_goes_on_has_its_heading_from_the_page_before(columns: int, headed: bool) -> None:
    first, one = listed([HEAD, *BODY], 1, 0)
    second, two = listed(BODY, 2, len(first))
    document = Document(Format.PDF, Outcome.OK, "", text=first + second, tables=(replace(one, n_cols=columns), two))
    place_there = place(page=2, bbox=(305, 442, 330, 458))
    assert top_is_red(page_crop(ruled(20, pages=2), place_there, format=Format.PDF, document=document)) is headed


# --- rows and paragraphs


def grid(rows: list[list[str]], *, sheet: bool = True, **changes: object) -> Document:
    text, cells = "", []
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            cells.append(Cell(r, c, 1, 1, len(text), len(text) + len(words)))
            text += words + ("\t" if c < len(row) - 1 else "\n")
    settings = {"anchor": "设备清单" if sheet else "T1", "sheet": sheet, "row_base": 3 if sheet else 1} | changes
    table = Table(len(rows), len(rows[0]), tuple(cells), 0, len(text), **settings)  # type: ignore[arg-type]
    return Document(Format.XLSX, Outcome.OK, "", text=text, tables=(table,))


LIST = [["序号", "名称", "原值（万元）"], *([str(n), f"设备{n}", f"{n}.50"] for n in range(1, 8))]


def shown(picture: Excerpt | None) -> list[list[str]]:
    assert picture is not None
    return [
        ["".join(f"[{text}]" if marked else text for text, marked in cell.parts) for cell in row.cells] for row in picture.rows
    ]


def test_a_row_of_a_list_stands_below_its_heading() -> None:
    picture = excerpt(grid(LIST), Evidence(document="d", anchor="设备清单!C8", quote="5.50"))
    assert shown(picture) == [["序号", "名称", "原值（万元）"], ["5", "设备5", "[5.50]"]]
    assert picture is not None
    assert (picture.place, picture.columns) == ("工作表“设备清单”C8单元格", ("A", "B", "C"))
    assert [row.label for row in picture.rows] == ["3", "8"]


def test_a_total_stands_below_the_heading_too() -> None:
    document = grid([*LIST, ["合计", "", "28.50"]])
    picture = excerpt(document, Evidence(document="d", anchor="设备清单!C11", quote="28.50"))
    assert shown(picture) == [["序号", "名称", "原值（万元）"], ["合计", "", "[28.50]"]]


def test_a_form_row_needs_no_heading() -> None:
    form = grid([["单位名称", "某公司", "性质", "企业"], ["固定场地面积（㎡）", "196.2", "来源", "租赁"]], sheet=False)
    picture = excerpt(form, Evidence(document="d", anchor="T1/R2/C2", quote="196.2"))
    assert shown(picture) == [["固定场地面积（㎡）", "[196.2]", "来源", "租赁"]]


def test_a_merged_cell_is_shown_once_over_its_columns() -> None:
    text = "合计\t500\n"
    cells = (Cell(0, 0, 1, 3, 0, 2), Cell(0, 3, 1, 1, 3, 6))
    document = Document(Format.DOCX, Outcome.OK, "", text=text, tables=(Table(1, 4, cells, 0, 7, anchor="T1"),))
    picture = excerpt(document, Evidence(document="d", anchor="T1/R1/C2", quote="合计"))
    assert shown(picture) == [["[合计]", "500"]]
    assert picture is not None
    assert picture.rows[0].cells[0].cols == 3


def test_a_heading_over_two_rows_is_shown_whole() -> None:
    words = ["序号", "名称", "金额", "企业", "政府"]
    cells = [
        Cell(0, 0, 2, 1, 0, 2),
        Cell(0, 1, 2, 1, 3, 5),
        Cell(0, 2, 1, 2, 6, 8),
        Cell(1, 2, 1, 1, 9, 11),
        Cell(1, 3, 1, 1, 12, 14),
    ]
    text = "\t".join(words) + "\n"
    for row in range(2, 6):
        for col, word in enumerate((str(row), "甲", "10", "20")):
            cells.append(Cell(row, col, 1, 1, len(text), len(text) + len(word)))
            text += word + "\t"
    document = Document(Format.DOCX, Outcome.OK, "", text=text, tables=(Table(6, 4, tuple(cells), 0, len(text), anchor="T1"),))
    picture = excerpt(document, Evidence(document="d", anchor="T1/R4/C4", quote="20"))
    assert shown(picture) == [["序号", "名称", "金额"], ["企业", "政府"], ["3", "甲", "10", "[20]"]]
    assert picture is not None
    assert [cell.rows for cell in picture.rows[0].cells] == [2, 2, 1]


def test_a_number_inside_another_is_not_marked() -> None:
    document = grid([["共12台，其中2台备用，2.5万元"]], sheet=False)
    assert shown(excerpt(document, Evidence(document="d", anchor="T1/R1/C1", quote="2"))) == [["共12台，其中[2]台备用，2.5万元"]]


def test_a_wide_row_is_shown_around_its_cell() -> None:
    document = grid([[f"列{n}" for n in range(40)]])
    picture = excerpt(document, Evidence(document="d", anchor="设备清单!AE3", quote="列30"))
    assert picture is not None
    assert len(picture.columns) == 12
    assert "[列30]" in shown(picture)[0]


def test_a_hidden_row_says_so() -> None:
    picture = excerpt(grid(LIST, hidden_rows=(5,)), Evidence(document="d", anchor="设备清单!C8", quote="5.50"))
    assert picture is not None
    assert picture.place.endswith("（在表中被隐藏）")


def paragraph(words: str) -> Document:
    return Document(Format.DOCX, Outcome.OK, "", text=words, blocks=(Block("paragraph", 0, len(words), 0, "P17"),))


def test_a_paragraph_has_its_words_marked_and_its_length_bounded() -> None:
    words = "前" * 500 + "面积196.2平方米" + "后" * 500
    picture = excerpt(paragraph(words), Evidence(document="d", anchor="P17", quote="196.2平方米"))
    assert picture is not None
    assert [marked for _, marked in picture.paragraph] == [False, True, False]
    assert picture.paragraph[1] == ("196.2平方米", True)
    assert len("".join(text for text, _ in picture.paragraph)) < 480


def test_masked_quotes_find_their_place_and_stay_masked() -> None:
    document = paragraph("张某，身份证号650191199601193871，电话13912340001。")
    picture = excerpt(document, Evidence(document="d", anchor="P17", quote="650191***********1"))
    assert picture is not None
    assert picture.paragraph[1] == ("650191***********1", True)
    assert "139****0001" in picture.paragraph[2][0]


def test_a_quote_that_is_not_there_marks_no_words() -> None:
    picture = excerpt(paragraph("别的话"), Evidence(document="d", anchor="P17", quote="196.2"))
    assert picture is not None
    assert picture.paragraph == (("别的话", False),)


@pytest.mark.parametrize("anchor", ["P18", "T9/R1/C1", "设备清单!ZZ99", "无此表!A1", "", "T1"])
def test_an_anchor_that_is_not_there_has_no_picture(anchor: str) -> None:
    assert excerpt(grid(LIST), Evidence(document="d", anchor=anchor, quote="x")) is None


def test_the_same_place_gives_the_same_picture(tmp_path: Path) -> None:
    assert page_crop(pdf(), place(), format=Format.PDF) == page_crop(pdf(), place(), format=Format.PDF)
