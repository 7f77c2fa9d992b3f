"""Small inputs for the readers, and what the readers made of them.

``inputs()`` writes the documents anew (only when a new oddity is added: it is run by hand; the ``.xls``, ``.doc`` and ``.rtf`` are ``list.xlsx`` and ``form.docx`` kept by LibreOffice);
``regenerate()`` writes the expected ``.json`` beside
each, which ``make golden`` calls and whose diff is read before it is committed.
"""

import datetime
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from extractors.readers import archive, read
from extractors.readers.tools import Tools
from schemas.document import Document
from tests.golden.readers.make_ofd import form_ofd
from tests.golden.readers.make_packed import MEMBERS, rar, seven

HERE = Path(__file__).parent
FONT = HERE.parents[2] / "fixtures" / "fonts" / "ChushenSampleSans.ttf"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

#: A page as a picture of each kind; TIFF holds two pages, GIF two frames.
PICTURES = {".jpg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".bmp": "BMP", ".webp": "WEBP", ".gif": "GIF"}


def documents() -> list[Path]:
    kinds = (".docx", ".pdf", ".xlsx", ".xls", ".doc", ".ofd", ".txt", ".csv", ".zip", *PICTURES)
    return sorted(p for p in HERE.iterdir() if p.suffix in kinds)


def packed() -> list[Path]:
    """Archives that only libarchive opens: their expectations are made anew only where it is."""
    return [HERE / name for name in ("package.7z", "package.rar") if Tools.probe().libarchive]


def snapshot(path: Path) -> dict[str, Any]:
    """What is expected of one input, in a form whose diff reads well."""
    data = path.read_bytes()
    if path.suffix in (".zip", ".7z", ".rar"):
        return {"members": [[m.path, m.refused, m.litter, m.odd_name, len(m.data)] for m in archive.unpack(path.name, data)]}
    return shown(read(path.name, data))


def shown(document: Document) -> dict[str, Any]:
    text = document.text
    items: list[tuple[int, str]] = [
        (b.start, f"{b.kind}{b.level or ''} {b.anchor or f'p{b.page}'} {text[b.start : b.end]}") for b in document.blocks
    ]
    for table in document.tables:
        nested = "" if table.nested_in is None else f" in {table.nested_in}"
        where = table.anchor or f"p{table.page}"
        items.append((table.start, f"table {where} {table.n_rows}x{table.n_cols}{nested}"))
        for cell in table.cells:
            size = f" {cell.rows}x{cell.cols}" if (cell.rows, cell.cols) != (1, 1) else ""
            place = document.box(cell.start, cell.end)
            at = table.cell_anchor(cell) or (f"p{place[0]}" if place else "")
            items.append(
                (
                    cell.start,
                    f"cell ({cell.row},{cell.col}){size} {at} {text[cell.start : cell.end]}{' ' + cell.format if cell.format else ''}",
                )
            )
    return {
        "format": document.format, "outcome": document.outcome, "message": document.message,
        "warnings": [[w.code, w.page] for w in document.warnings],
        "pages": [[p.number, round(p.width), round(p.height), p.readable, p.rotation] for p in document.pages],
        "items": [line for _, line in sorted(items, key=lambda i: i[0])],
        "marks": [[m.kind, text[m.start : m.end], m.words] for m in document.marks],
        "hidden": [[t.anchor, t.hidden_rows, t.hidden_cols] for t in document.tables if t.hidden_rows or t.hidden_cols],
    }  # fmt: skip


def regenerate() -> list[Path]:
    """Write every expected file; returns those that changed."""
    changed = []
    for path in (*documents(), *packed()):
        target = path.with_suffix(path.suffix + ".json")
        told = json.dumps(snapshot(path), ensure_ascii=False, indent=1) + "\n"
        if not target.exists() or target.read_text("utf-8") != told:
            target.write_text(told, "utf-8")
            changed.append(target)
    return changed


# -- inputs


def inputs() -> None:
    (HERE / "form.docx").write_bytes(form_docx())
    (HERE / "list.xlsx").write_bytes(list_xlsx())
    (HERE / "form.pdf").write_bytes(form_pdf())
    (HERE / "odd.pdf").write_bytes(odd_pdf())
    (HERE / "form.ofd").write_bytes(form_ofd())
    (HERE / "note.txt").write_bytes("申报说明\r\n固定场地面积为１９６．２平方米。\r\n".encode("gbk"))
    (HERE / "list.csv").write_bytes("序号,名称,原值（万元）\r\n1,示波器,12.5\r\n2,“恒温”箱,3\r\n".encode("utf-16"))
    for suffix, kind in PICTURES.items():
        (HERE / f"page{suffix}").write_bytes(picture(kind))
    (HERE / "package.zip").write_bytes(package_zip())
    (HERE / "package.rar").write_bytes(rar(MEMBERS))
    (HERE / "package.7z").write_bytes(seven(MEMBERS, Tools.probe().libarchive))


def picture(kind: str) -> bytes:
    """A small page with a frame at 100 dpi; TIFF carries a second page on its side, GIF a second frame."""
    from PIL import Image, ImageDraw

    pages, out = [Image.new("RGB", (83, 117), "white"), Image.new("RGB", (117, 83), "white")], io.BytesIO()
    for page in pages:
        ImageDraw.Draw(page).rectangle((10, 10, page.width - 10, page.height - 10), outline="black", width=3)
    several = {"save_all": True, "append_images": pages[1:]} if kind in ("TIFF", "GIF") else {}
    pages[0].save(out, kind, dpi=(100, 100), **several)
    return out.getvalue()


def form_docx() -> bytes:
    """Spaced and split labels, merges both ways, a nested table, tick boxes of three makes, tracked changes, hidden words, a text box, a header."""
    from docx import Document as Word
    from docx.oxml import parse_xml

    word = Word()
    word.sections[0].header.paragraphs[0].text = "昆明市概念验证中心申报书"
    word.add_heading("一、基本情况", 1)
    line = word.add_paragraph()
    for piece in ("固定", "场地", "面积 83", "7 m"):
        line.add_run(piece)
    line.add_run("2").font.superscript = True
    table = word.add_table(4, 4)
    table.cell(0, 0).text = "单 位 名 称"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "云南例远医疗器械科技有限公司"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "团队"
    for i, words in enumerate(("总人数", "15", "人")):
        table.cell(1, i + 1).text = words
    for i, words in enumerate(("其中高级", "10", "人")):
        table.cell(2, i + 1).text = words
    table.cell(3, 0).text = "备注"
    inner = table.cell(3, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "年度", "2025"
    word.add_paragraph("嵌套表之后")
    for raw in RAW_PARAGRAPHS:
        word.element.body.insert(len(word.element.body) - 1, parse_xml(raw))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


_NS = f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:v="urn:schemas-microsoft-com:vml"'
RAW_PARAGRAPHS = (
    f'<w:p {_NS}><w:r><w:t>自有</w:t></w:r><w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r><w:r><w:t xml:space="preserve"> 租赁</w:t></w:r>'
    '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r></w:p>',
    f'<w:p {_NS}><w:r><w:t>近一年无失信：</w:t></w:r><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>是</w:t></w:r></w:p>",
    f"<w:p {_NS}><w:r><w:t>仪器设备原值</w:t></w:r><w:del w:id='1' w:author='a'><w:r><w:delText>983.59</w:delText></w:r></w:del>"
    "<w:ins w:id='2' w:author='a'><w:r><w:t>1983.59</w:t></w:r></w:ins><w:r><w:t>万元</w:t></w:r></w:p>",
    f"<w:p {_NS}><w:r><w:t>人员</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>999</w:t></w:r><w:r><w:t>15人</w:t><w:br/><w:t>另页</w:t><w:tab/><w:t>完</w:t></w:r></w:p>",
    f"<w:p {_NS}><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>文本框内：项目库4项</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r><w:r><w:t>文本框旁</w:t></w:r></w:p>",
    f"<w:sdt {_NS}><w:sdtContent><w:p><w:r><w:t>控件内的段落</w:t></w:r></w:p></w:sdtContent></w:sdt>",
)


def list_xlsx() -> bytes:
    """A title over all columns, a unit in the header, dates of two makes, a share, a formula nobody calculated, a hidden row, a stray cell."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "设备清单"
    sheet["B2"] = "仪器设备清单"
    sheet.merge_cells("B2:F2")
    for column, words in enumerate(("序号", "名称", "原值（元）", "购置时间", "占比"), 2):
        sheet.cell(3, column, words)
    rows = (
        (1, "双螺杆\n挤出机", 446200, datetime.date(2024, 5, 12), 0.583),
        (2, "酶标仪", 7.77, datetime.date(2023, 6, 1), 0.417),
    )
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 2):
            sheet.cell(number, column, value)
        sheet.cell(number, 5).number_format = "yyyy-mm-dd" if number == 4 else 'yyyy"年"m"月"'
        sheet.cell(number, 6).number_format = "0.0%"
    sheet["B6"], sheet["D6"] = "合计", "=SUM(D4:D5)"
    sheet.merge_cells("B6:C6")
    sheet.row_dimensions[5].hidden = True
    sheet["AZ900"] = "远处"
    other = book.create_sheet("旧表")
    other["A1"] = "作废"
    other.sheet_state = "hidden"
    book.properties.created = book.properties.modified = datetime.datetime(2026, 3, 15)  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _canvas(out: io.BytesIO) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Sample", str(FONT)))
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Sample", 12)
    return canvas


def form_pdf() -> bytes:
    """A grid with merges both ways and a wrapped cell, a paragraph that runs over two pages, page numbers."""
    out = io.BytesIO()
    page = _canvas(out)
    page.drawCentredString(297, 780, "概念验证中心申报书")
    xs, ys = (60, 160, 260, 400, 530), (740, 715, 690, 650)
    for y in (740, 650):
        page.line(60, y, 530, y)
    page.line(60, 715, 530, 715)
    page.line(160, 690, 530, 690)
    for x in (60, 530):
        page.line(x, 740, x, 650)
    page.line(160, 740, 160, 650)
    page.line(260, 715, 260, 650)
    page.line(400, 715, 400, 690)
    cells = (
        (0, 0, "单位 名称"),
        (1, 0, "云南样泽生物医药科技有限公司"),
        (0, 1, "团队"),
        (1, 1, "总人数"),
        (2, 1, "１５"),
        (3, 1, "人"),
        (1, 2, "其中高级职称"),
    )
    for column, row, words in cells:
        page.drawString(xs[column] + 6, ys[row] - 17, words)
    page.drawString(266, 673, "说明一行写到底为止建筑面积共计一千二百三十四")
    page.drawString(266, 657, "点五平方米")
    at = _prose(page, 620, "本单位承诺所填报内容及所附材料真实、有效，近三年未发生重大违法或失信行为，如有不实，愿承担相应责任。")
    at = _prose(
        page,
        at - 10,
        "设备方面，登记在册141台（套），账面原值1170.92万元；单位全部固定资产为10,060万元，规划到2028年设备原值为1639万元。",
    )
    _prose(page, at - 10, "设备均放在本中心四层，没有外借，也没有与其他单位共用；本中心共有建筑面积一")
    page.drawCentredString(297, 40, "— 1 —")
    page.showPage()
    page.setFont("Sample", 12)
    page.drawString(60, 780, "千二百平方米，均为自有。")
    page.drawString(84, 755, "特此说明。")
    page.drawCentredString(297, 40, "— 2 —")
    page.showPage()
    page.save()
    return out.getvalue()


def _prose(page: Any, y: float, words: str) -> float:
    """A paragraph with its first line set in by two characters, between 60 and 528; returns the height for the next."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    x, line = 84.0, ""
    for char in words:
        if x + stringWidth(line + char, "Sample", 12) > 528.1:
            page.drawString(x, y, line)
            x, y, line = 60.0, y - 20, ""
        line += char
    page.drawString(x, y, line)
    return y - 20


def odd_pdf() -> bytes:
    """Words drawn twice to look bold, one number painted over another, white and invisible words, a rotated page, a page that is only a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    out = io.BytesIO()
    page = _canvas(out)
    for shift in (0, 0.3):
        page.drawString(60 + shift, 780, "合计120万元")
    page.drawString(60, 750, "原值")
    page.drawString(120, 750, "121.22")
    page.drawString(118, 750, "198.72")
    page.setFillColorRGB(1, 1, 1)
    page.drawString(60, 720, "白字999万元")
    page.setFillColorRGB(0.2, 0.2, 0.6)
    page.rect(60, 680, 200, 24, stroke=0, fill=1)
    page.setFillColorRGB(1, 1, 1)
    page.drawString(66, 686, "深色表头")
    page.setFillColorRGB(0, 0, 0)
    words = page.beginText(60, 650)
    words.setTextRenderMode(3)
    words.textOut("看不见888")
    words.setTextRenderMode(0)
    page.drawText(words)
    page.drawString(60, 620, "到此为止 PCR Lab 2")
    page.showPage()
    page.setPageRotation(90)
    page.setFont("Sample", 12)
    page.translate(300, 100)
    page.rotate(90)
    page.drawString(0, 0, "横放的页")
    page.showPage()
    page.setPageRotation(0)
    page.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, 595, 842)
    page.showPage()
    page.save()
    return out.getvalue()


def package_zip() -> bytes:
    """Names as Windows writes them, an archive within, desktop litter."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive_:
        archive_.writestr(_entry("合同.txt"), "租赁合同".encode())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_:
        archive_.writestr(_entry("申报材料/申报书.txt"), "申报书".encode())
        archive_.writestr(_entry("申报材料/附件.zip"), inner.getvalue())
        archive_.writestr(_entry("申报材料/Thumbs.db"), b"x")
    return out.getvalue()


class _Entry(zipfile.ZipInfo):
    """A member whose name is written as Windows does: GBK, without the flag that the standard library would set."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), 0


def _entry(name: str) -> zipfile.ZipInfo:
    return _Entry(name, (2026, 3, 15, 10, 40, 0))


if __name__ == "__main__":
    inputs()
    regenerate()
