"""回执.docx: what was handed in, by the digest of every file, and the checkpoint that fixes the records up to that moment, as words and as a QR code.

Whoever keeps this paper can show two years later whether the records are still those of that day: ``chushen audit verify --printed CHUSHEN1:…``.
"""

import io
from collections.abc import Sequence
from typing import Final, NamedTuple

import docx
import segno
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.run import Run

from reports.words import one_line

FONT: Final = "宋体"
HEADS: Final = ("序号", "文件", "大小（字节）", "SHA-256")
WIDTHS: Final = (1.2, 6.2, 2.6, 7.0)
NOTE: Final = (
    "上列摘要是文件内容的 SHA-256 值：文件改动一个字节，摘要就不同。下面一行字和二维码是出具本回执时全部记录的检查点，"
    "请妥善保存；日后用“chushen audit verify --printed”加这一行字，可以核验记录从那时起有没有被改动。"
)


class Received(NamedTuple):
    """A file as it was handed in; ``name`` already masked, ``size`` in bytes."""

    name: str
    size: int
    sha256: str


class Told(NamedTuple):
    """What the receipt says. ``checkpoint`` is the line that is printed and coded."""

    case: str
    applicant: str
    submission: str
    version: int
    at: str
    files: Sequence[Received]
    checkpoint: str


def render(told: Told) -> bytes:
    """The receipt as a DOCX file on A4."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title.add_run("申报材料收件回执"), 18, bold=True)
    for name, value in (
        ("申报单位", told.applicant or "（申报材料中未明）"),
        ("申报包", f"{told.submission}（第{told.version}次提交）" if told.version else told.submission),
        ("案件", told.case),
        ("收件时间", told.at),
        ("文件", f"共 {len(told.files)} 个"),
    ):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        _write(line.add_run(f"{name}：{one_line(value)}"), 10.5)
    _table(document, told.files)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(8)
    _write(note.add_run(NOTE), 9)
    shown = document.add_paragraph()
    shown.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shown.paragraph_format.keep_with_next = True
    shown.add_run().add_picture(_code(told.checkpoint), width=Cm(3.6))
    words = document.add_paragraph()
    words.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(words.add_run(told.checkpoint), 8)
    signed = document.add_paragraph()
    signed.paragraph_format.space_before = Pt(18)
    signed.paragraph_format.tab_stops.add_tab_stop(Cm(9))
    _write(signed.add_run("收件人（签字）：\t收件单位（盖章）："), 10.5)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _code(words: str) -> io.BytesIO:
    held = io.BytesIO()
    segno.make(words, error="m").save(held, kind="png", scale=6)
    held.seek(0)
    return held


def _table(document: docx.document.Document, files: Sequence[Received]) -> None:
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    rows = [
        HEADS,
        *(
            (str(n), one_line(one.name), f"{one.size:,}", f"{one.sha256[:32]}\n{one.sha256[32:]}")
            for n, one in enumerate(files, 1)
        ),
    ]
    for _ in rows[1:]:
        table.add_row()
    for at, row in enumerate(rows):
        for cell, text, width in zip(table.rows[at].cells, row, WIDTHS, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            _write(paragraph.add_run(text), 8 if at else 9, bold=not at)


def _write(run: Run, size: float, *, bold: bool = False) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
