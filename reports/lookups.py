"""外部核查清单.docx: what to look up where, with keys to copy, the place each was read at, and room for the result.

One table a register, so that whoever sits at one web page works down one table. Keys stand one a line, alone, as they are copied with three clicks.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell

from reports.words import by_id, one_line, place
from schemas.report import LookUp, ScreeningReport

NAME: Final = "外部核查清单.docx"
WIDTHS: Final = (1.3, 3.2, 9.3, 4.6, 5.2, 2.7)
HEADS: Final = ("序号", "核查对象", "查询用的内容（可复制）", "出处", "核查结果", "核查人、日期")
NUMERALS: Final = "一二三四五六七八九十"
NOTE: Final = (
    "本系统离线运行，没有查询任何网站；下列内容由系统从申报材料中读取，请核查人逐项查询并填写结果。个人证件号码已作遮盖，需要时请查看原件。"
    "网址以主管部门公布的为准。"
)


def render(report: ScreeningReport) -> bytes:
    """The list as a DOCX file."""
    document = _page()
    _line(document, "外部核查清单", size=18, bold=True, centre=True)
    for label, value in _about(report):
        _line(document, f"{label}：{value}", size=10.5, after=1)
    if report.policy.notice:
        _line(document, report.policy.notice, size=10.5, bold=True)
    _line(document, NOTE, size=9, grey=True, after=4)
    for number, (register, rows) in enumerate(_by_register(report.lookups)):
        _register(document, number, register, rows, report)
    if not report.lookups:
        _line(document, "申报材料中没有读到可供查询的名称和编号，请人工列出。", size=10.5)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _about(report: ScreeningReport) -> Iterable[tuple[str, str]]:
    names = [key for one in report.lookups[:1] for label, key in one.keys if label == "单位名称"]
    yield "申报包", one_line(report.submission.name)
    yield from (("申报单位", one_line(name)) for name in names[:1])
    yield "依据", one_line(report.policy.title)
    yield "审查日", f"{report.as_of.year}年{report.as_of.month}月{report.as_of.day}日"


def _by_register(lookups: Sequence[LookUp]) -> Iterable[tuple[LookUp, list[LookUp]]]:
    held: dict[str, list[LookUp]] = {}
    for one in lookups:
        held.setdefault(one.registry, []).append(one)
    return [(rows[0], rows) for rows in held.values()]


def _register(document: Document, number: int, register: LookUp, rows: list[LookUp], report: ScreeningReport) -> None:
    numeral = NUMERALS[number] if number < len(NUMERALS) else str(number + 1)
    address = f"（{register.address}）" if register.address else ""
    _line(document, f"{numeral}、{register.registry}{address}", size=12, bold=True, before=8, after=1, keep=True)
    _line(document, f"看什么：{register.look_for}", size=9.5, after=2, keep=True)
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    _fill_row(table, 0, [[head] for head in HEADS], bold=True)
    _repeat(table)
    for count, row in enumerate(rows, 1):
        table.add_row()
        keys = [f"{label}：{one_line(value)}" for label, value in row.keys]
        spots = [place(spot, by_id(report)) for spot in row.evidence[:2]]
        _fill_row(
            table,
            count,
            [[str(count)], [one_line(row.subject)], keys, spots or ["—"], ["□ 一致（无异常）", "□ 不一致（有异常）：", ""], [""]],
        )


def _fill_row(table: Table, row: int, texts: Sequence[Sequence[str]], *, bold: bool = False) -> None:
    for cell, width, lines in zip(table.rows[row].cells, WIDTHS, texts, strict=True):
        cell.width = Cm(width)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        _fill(cell, lines, bold=bold)
    mark = OxmlElement("w:cantSplit")
    table.rows[row]._tr.get_or_add_trPr().append(mark)


def _fill(cell: _Cell, lines: Sequence[str], *, bold: bool) -> None:
    for number, text in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        if bold:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        label, colon, value = text.partition("：")
        if colon and value and not bold:
            _run(paragraph.add_run(label + colon), 9, grey=True)
            _run(paragraph.add_run(value), 9.5)
        else:
            _run(paragraph.add_run(text), 9.5, bold=bold)


def _page() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.7)
    section.top_margin = section.bottom_margin = Cm(1.6)
    return document


def _line(
    document: Document, text: str, *, size: float, bold: bool = False, centre: bool = False, grey: bool = False, before: float = 0, after: float = 3,
    keep: bool = False,
) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.paragraph_format.keep_with_next = keep
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph.add_run(text), size, bold=bold, grey=grey)


def _run(run, size: float, *, bold: bool = False, grey: bool = False) -> None:  # type: ignore[no-untyped-def]
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "宋体"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    if grey:
        run.font.color.rgb = RGBColor(0x59, 0x59, 0x59)


def _repeat(table: Table) -> None:
    """The head on every page the table goes on to."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
