"""batch.xlsx: the batch as an officer would lay it out, from values alone.

Every cell that comes from a file is written as a string, so a name that begins with ``=`` stays a name. The file holds no clock and no
random number: the same batch gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from reports import words
from schemas.facts import Fact
from schemas.report import BatchEntry, BatchReport, Check, ScreeningReport
from schemas.vocabulary import (
    FACTS,
    FINDINGS,
    RECOMMENDATION_NAMES,
    ROLE_NAMES,
    SEVERITY_NAMES,
    VERDICT_NAMES,
    DocumentStatus,
    FactKey,
    FactStatus,
    FindingCode,
    Recommendation,
    Severity,
    Verdict,
)

#: Verdict or other state → (fill, ink). Pale, so that print in grey still reads; the word always stands beside it.
COLOURS: Final[dict[str, tuple[str, str]]] = {
    Verdict.MET: ("#E3F2E7", "#1D6B3C"),
    Verdict.NOT_MET: ("#F6CFCB", "#8C1515"),
    Verdict.MISSING: ("#FFF0CC", "#7A5000"),
    Verdict.UNCLEAR: ("#E9E0F5", "#4B2F78"),
    Verdict.JUDGEMENT: ("#E1ECF9", "#1F4E8C"),
    Verdict.NOT_APPLICABLE: ("#EFF1F3", "#5A6675"),
    Recommendation.RECOMMEND: ("#E3F2E7", "#1D6B3C"),
    Recommendation.CORRECT_AND_RESUBMIT: ("#FFF0CC", "#7A5000"),
    Recommendation.DO_NOT_RECOMMEND: ("#F6CFCB", "#8C1515"),
    Recommendation.MANUAL_REVIEW: ("#E9E0F5", "#4B2F78"),
    Severity.HIGH: ("#F6CFCB", "#8C1515"),
    Severity.MEDIUM: ("#FFF0CC", "#7A5000"),
    Severity.LOW: ("#EFF1F3", "#5A6675"),
    FactStatus.NEEDS_REVIEW: ("#FFF0CC", "#7A5000"),
    "error": ("#F6CFCB", "#8C1515"),
}
FONT: Final = "微软雅黑"
#: Excel's own limit is 32 767 characters; a comment that long is no comment.
LONGEST_CELL, LONGEST_COMMENT = 30_000, 1_500


@dataclass(frozen=True, slots=True)
class Row:
    """A submission of the batch with its report, None where there is none."""

    entry: BatchEntry
    report: ScreeningReport | None


def write(batch: BatchReport, reports: Sequence[ScreeningReport], path: Path) -> None:
    """Write the workbook to ``path``. Reports are matched to the batch's submissions by id."""
    by_id = {report.submission.id: report for report in reports}
    rows = [Row(entry, by_id.get(entry.id)) for entry in batch.submissions]
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": "初审汇总", "created": datetime(batch.as_of.year, batch.as_of.month, batch.as_of.day)})  # noqa: DTZ001
    try:
        sheets = Sheets(book, batch)
        _summary(sheets, rows)
        _figures(sheets, rows)
        _findings(sheets, rows)
        _issues(sheets, rows)
        _legend(sheets)
    finally:
        book.close()


class Sheets:
    """The workbook's formats, and what all its sheets have in common."""

    def __init__(self, book: Any, batch: BatchReport) -> None:
        self.batch = batch
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, **properties: object) -> Any:
        """A bordered cell, with ``properties`` on top."""
        base: dict[str, object] = {
            "font_name": FONT,
            "font_size": 10,
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "border_color": "#C4CCD6",
        }
        key = tuple(sorted((base | properties).items(), key=lambda item: item[0]))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(key))
        return self._formats[key]

    def colour(self, state: str, **properties: object) -> Any:
        fill, ink = COLOURS[state]
        return self.style(bg_color=fill, font_color=ink, align="center", **properties)

    def head(self) -> Any:
        return self.style(bold=True, bg_color="#DCE4EE", align="center")

    def add(
        self, name: str, widths: Sequence[float], heads: Sequence[str], *, frozen: int, landscape: bool = True
    ) -> tuple[Any, int]:
        """A sheet with its title lines and column heads, and the row below them."""
        sheet = self._book.add_worksheet(name)
        policy = self.batch.policy
        bare = {"border": 0, "text_wrap": False, "align": "left"}
        text(sheet, 0, 0, f"{name}　{policy.title}", self.style(bold=True, font_size=14, **bare))
        line = f"政策 {policy.id}（版本 {policy.version}，{words.POLICY_STATUS_NAMES[policy.status]}）　计算基准日 {self.batch.as_of.isoformat()}"
        text(sheet, 1, 0, f"{line}　由程序生成，供初审人员参考，结论由工作人员作出", self.style(font_color="#5A6675", **bare))
        top = 2
        notice = policy.notice or ("所对照的政策在计算基准日不具效力，仅供模拟。" if policy.simulation else "")
        if notice:
            text(sheet, top, 0, f"【模拟初审】{notice}", self.style(bold=True, font_color="#8C1515", **bare))
            top += 1
        for column, (width, head) in enumerate(zip(widths, heads, strict=True)):
            sheet.set_column(column, column, width)
            text(sheet, top, column, head, self.head())
        sheet.set_row(0, 24)
        sheet.set_row(top, 15 * max(_lines(head, width) for width, head in zip(widths, heads, strict=True)) + 6)
        sheet.freeze_panes(top + 1, frozen)
        sheet.repeat_rows(top)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(8 if sum(widths) > 240 else 9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8初审汇总（程序生成）&R&8第 &P 页 共 &N 页")
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        return sheet, top + 1

    def close(self, sheet: Any, top: int, bottom: int, columns: int) -> None:
        """The filter over what was written, or a line that nothing was."""
        if bottom > top:
            sheet.autofilter(top - 1, 0, bottom - 1, columns - 1)
        else:
            text(sheet, top, 0, "（无）", self.style(border=0))


def text(sheet: Any, row: int, column: int, value: str, style: Any) -> None:
    """A string cell, whatever the string begins with."""
    shown = words.visible(value)
    if not shown:
        sheet.write_blank(row, column, None, style)
        return
    sheet.write_string(row, column, shown if len(shown) <= LONGEST_CELL else shown[:LONGEST_CELL] + "……", style)


def comment(sheet: Any, row: int, column: int, value: str) -> None:
    shown = words.visible(value).strip()
    if shown:
        lines = sum(1 + len(line) // 26 for line in shown[:LONGEST_COMMENT].split("\n"))
        options = {"author": "", "width": 360, "height": min(420, 26 + 17 * lines), "font_name": FONT, "font_size": 9}
        sheet.write_comment(row, column, shown[:LONGEST_COMMENT], options)


def _lines(value: str, width: float) -> int:
    """How many lines a cell of this column width takes: a Chinese character is about two units wide."""
    room = max(4, width - 1)
    return sum(max(1, -(-sum(2 if ord(c) > 0x2E7F else 1 for c in line) // int(room))) for line in value.split("\n"))


def _height(cells: Iterable[tuple[str, float]], *, most: int = 12) -> float:
    return 14.5 * min(most, max(_lines(value, width) for value, width in cells)) + 6


def _summary(sheets: Sheets, rows: Sequence[Row]) -> None:
    clauses = _clauses(rows)
    heads = [
        "序号",
        "申报单位（申报包）",
        "初审建议",
        "读取",
        "重要",
        "一般",
        "提示",
        *(_clause_head(check) for check in clauses.values()),
    ]
    widths = [5.0, 30.0, 13.0, 9.0, 6.0, 6.0, 6.0, *(14.0 for _ in clauses)]
    sheet, top = sheets.add("初审汇总", widths, heads, frozen=3)
    for column, check in enumerate(clauses.values(), start=7):
        comment(
            sheet,
            top - 1,
            column,
            f"{check.article}\n“{check.wording}”" + (f"\n条文理解：{check.reading}" if check.reading else ""),
        )
    for number, row in enumerate(rows):
        at = top + number
        cells = _summary_row(sheets, sheet, at, number + 1, row, clauses)
        sheet.set_row(at, _height([(row.entry.name, widths[1]), *((cell, 14.0) for cell in cells)]))
    sheets.close(sheet, top, top + len(rows), len(heads))


def _summary_row(sheets: Sheets, sheet: Any, at: int, number: int, row: Row, clauses: dict[str, Check]) -> list[str]:
    entry, report = row.entry, row.report
    sheet.write_number(at, 0, number, sheets.style(align="center"))
    text(sheet, at, 1, entry.name, sheets.style(bold=True))
    if entry.recommendation is None or entry.error is not None:
        text(sheet, at, 2, "未能初审", sheets.colour("error", bold=True))
        comment(sheet, at, 2, entry.error or "")
    else:
        text(sheet, at, 2, RECOMMENDATION_NAMES[entry.recommendation], sheets.colour(entry.recommendation, bold=True))
        comment(sheet, at, 2, report.recommendation_reason if report else "")
    text(
        sheet,
        at,
        3,
        "完整" if entry.complete else "不完整",
        sheets.style(align="center") if entry.complete else sheets.colour("error"),
    )
    if report and report.issues:
        comment(sheet, at, 3, "\n".join(issue.message for issue in report.issues))
    if report is None or entry.error is not None:
        return _unscreened(sheets, sheet, at, entry.error or "没有初审报告。", 4, 7 + len(clauses))
    for column, severity in enumerate(Severity, start=4):
        count = sum(f.severity is severity for f in report.findings)
        style = sheets.colour(severity) if count else sheets.style(align="center", font_color="#9AA5B1")
        sheet.write_number(at, column, count, style)
    checks = {check.clause: check for check in report.checks}
    documents = words.by_id(report)
    cells = []
    for column, clause in enumerate(clauses, start=7):
        check = checks.get(clause)
        if check is None:
            sheet.write_blank(at, column, None, sheets.style())
            continue
        cells.append(_cell(check, documents))
        text(sheet, at, column, cells[-1], sheets.colour(check.verdict))
        comment(sheet, at, column, f"要求：{check.required or '见条文'}\n查到：{check.observed or '无'}\n{check.reason}")
    return cells


def _cell(check: Check, documents: words.Documents) -> str:
    """The verdict's word and, where a number decides, what was seen; the passages of a judgement are in the comment."""
    word = VERDICT_NAMES[check.verdict]
    if check.verdict is Verdict.JUDGEMENT or check.observed in ("", word):
        return word
    seen = words.without_places(check.observed, documents)
    if len(seen) > 40:
        first = seen.split("；")[0]
        seen = f"{first[:40]}……"
    return f"{word}\n{seen}"


def _unscreened(sheets: Sheets, sheet: Any, at: int, why: str, first: int, columns: int) -> list[str]:
    """The reason, running over the empty cells to its right."""
    for column in range(first, columns):
        sheet.write_blank(at, column, None, sheets.style())
    last = min(7, columns - 1)
    text(sheet, at, last, why, sheets.style(font_color="#8C1515", text_wrap=False, align="left"))
    return []


def _clauses(rows: Sequence[Row]) -> dict[str, Check]:
    """Every clause any report has, in the policy's order."""
    found: dict[str, Check] = {}
    for row in rows:
        for check in row.report.checks if row.report else ():
            found.setdefault(check.clause, check)
    return found


def _clause_head(check: Check) -> str:
    needs_number = len(check.required) <= 16 and any(c.isdigit() for c in check.required)
    return (check.title or check.clause) + (f"\n{check.required}" if needs_number else "")


def _figures(sheets: Sheets, rows: Sequence[Row]) -> None:
    columns = _fact_columns(rows)
    heads = ["序号", "申报单位（申报包）", *(_fact_head(key, period) for key, period in columns)]
    widths = [5.0, 30.0, *(11.5 if FACTS[key][0] else 20.0 for key, _ in columns)]
    sheet, top = sheets.add("关键数据", widths, heads, frozen=2)
    for number, row in enumerate(rows):
        at = top + number
        sheet.write_number(at, 0, number + 1, sheets.style(align="center"))
        text(sheet, at, 1, row.entry.name, sheets.style(bold=True))
        documents = words.by_id(row.report) if row.report else {}
        shown = [(row.entry.name, widths[1])]
        for column, (key, period) in enumerate(columns, start=2):
            facts = [f for f in row.report.facts if f.key is key and f.period == period and not f.derived] if row.report else []
            shown.append((_fact_cell(sheets, sheet, at, column, facts), widths[column]))
            note = "\n".join(
                f"{words.fact_value(f)}：{words.places(f.evidence, documents)}" + (f"\n{f.reason}" if f.reason else "")
                for f in facts
            )
            comment(sheet, at, column, note)
        sheet.set_row(at, _height(shown))
    sheets.close(sheet, top, top + len(rows), len(heads))


def _fact_columns(rows: Sequence[Row]) -> list[tuple[FactKey, str | None]]:
    found = {(f.key, f.period) for row in rows if row.report for f in row.report.facts if not f.derived}
    return sorted(found, key=lambda column: (list(FactKey).index(column[0]), column[1] or ""))


def _fact_head(key: FactKey, period: str | None) -> str:
    unit, name = FACTS[key]
    return name + (f"\n{words.period_words(period)}" if period else "") + (f"\n（{words.UNIT_NAMES[unit]}）" if unit else "")


def _fact_cell(sheets: Sheets, sheet: Any, at: int, column: int, facts: Sequence[Fact]) -> str:
    """A number where there is one value, else all of them as text; what was not read stays empty."""
    if not facts:
        sheet.write_blank(at, column, None, sheets.style())
        return ""
    doubtful = len(facts) > 1 or facts[0].status is FactStatus.NEEDS_REVIEW
    value = facts[0].value
    if len(facts) == 1 and isinstance(value, Decimal):
        form: dict[str, object] = {"num_format": "#,##0.######" if value % 1 else "#,##0", "align": "right"}
        fill, ink = COLOURS[FactStatus.NEEDS_REVIEW]
        sheet.write_number(
            at, column, float(value), sheets.style(**form, **({"bg_color": fill, "font_color": ink} if doubtful else {}))
        )
        return words.figure(value)
    shown = "；".join(words.said(f.value, f.key) for f in facts) + ("\n（须核对）" if doubtful else "")
    text(sheet, at, column, shown, sheets.colour(FactStatus.NEEDS_REVIEW) if doubtful else sheets.style())
    return shown


def _findings(sheets: Sheets, rows: Sequence[Row]) -> None:
    heads = ["序号", "申报单位（申报包）", "程度", "类别", "问题", "出处", "建议", "涉及条款", "涉及其他申报"]
    widths = [5.0, 26.0, 7.0, 13.0, 60.0, 40.0, 36.0, 14.0, 18.0]
    sheet, top = sheets.add("核查发现", widths, heads, frozen=2)
    at = top
    for row in rows:
        if row.report is None:
            continue
        documents = words.by_id(row.report)
        titles = {check.clause: check.title or check.clause for check in row.report.checks}
        for finding in sorted(row.report.findings, key=lambda f: list(Severity).index(f.severity)):
            sheet.write_number(at, 0, at - top + 1, sheets.style(align="center"))
            cells = [
                row.entry.name, SEVERITY_NAMES[finding.severity], FINDINGS[finding.code][0], finding.message,
                words.places(finding.evidence, documents), finding.advice,
                titles.get(finding.clause or "", finding.clause or ""), "、".join(finding.others),
            ]  # fmt: skip
            for column, cell in enumerate(cells, start=1):
                text(sheet, at, column, cell, sheets.colour(finding.severity) if column == 2 else sheets.style())
            sheet.set_row(at, _height(zip(cells, widths[1:], strict=True)))
            at += 1
    sheets.close(sheet, top, at, len(heads))


def _issues(sheets: Sheets, rows: Sequence[Row]) -> None:
    heads = ["序号", "申报单位（申报包）", "文件", "页", "用途", "情况"]
    widths = [5.0, 30.0, 44.0, 6.0, 20.0, 70.0]
    sheet, top = sheets.add("未读与问题", widths, heads, frozen=2)
    at = top
    for row in rows:
        for cells in _unread(row):
            sheet.write_number(at, 0, at - top + 1, sheets.style(align="center"))
            for column, cell in enumerate((row.entry.name, *cells), start=1):
                text(sheet, at, column, cell, sheets.style(align="center") if column == 3 else sheets.style())
            sheet.set_row(at, _height(zip((row.entry.name, *cells), widths[1:], strict=True)))
            at += 1
    sheets.close(sheet, top, at, len(heads))


def _unread(row: Row) -> list[tuple[str, str, str, str]]:
    """Everything of one submission that was not read or not checked: (file, page, role, what happened), each once."""
    told: list[tuple[str, str, str, str]] = []
    if row.entry.error:
        told.append(("（整个申报包）", "", "", row.entry.error))
    if row.report is None:
        return told or [("（整个申报包）", "", "", "没有初审报告。")]
    documents = words.by_id(row.report)
    for issue in row.report.issues:
        entry = documents.get(issue.document or "")
        page = "" if issue.page is None else str(issue.page)
        told.append((entry.file if entry else issue.document or "", page, ROLE_NAMES[entry.role] if entry else "", issue.message))
    named = {issue.document for issue in row.report.issues}
    for entry in row.report.documents:
        if entry.status is not DocumentStatus.READ and entry.id not in named:
            message = entry.message or words.DOCUMENT_STATUS_NAMES[entry.status]
            told.append((entry.file, "", ROLE_NAMES[entry.role], message))
    return told


def _legend(sheets: Sheets) -> None:
    sheet, top = sheets.add("说明", [18.0, 90.0], ["用语", "含义"], frozen=0, landscape=False)
    explained: list[tuple[str, str, str | None]] = [
        *((VERDICT_NAMES[verdict], VERDICT_MEANINGS[verdict], verdict) for verdict in Verdict),
        *((RECOMMENDATION_NAMES[r], RECOMMENDATION_MEANINGS[r], r) for r in Recommendation),
        *((SEVERITY_NAMES[s], SEVERITY_MEANINGS[s], s) for s in Severity),
        ("须核对", "程序对这个读数没有把握，或几处写法不一，请对照原件后再用", FactStatus.NEEDS_REVIEW),
        ("不完整", "有文件或页面没有读到，或有检查没有做成，结论未包括这些内容", "error"),
        *((FINDINGS[code][0], f"{FINDINGS[code][1]}（{code}）", None) for code in FindingCode),
    ]
    for at, (word, meaning, state) in enumerate(explained, start=top):
        text(sheet, at, 0, word, sheets.colour(state) if state else sheets.style(align="center"))
        text(sheet, at, 1, meaning, sheets.style())
        sheet.set_row(at, _height([(meaning, 90.0)]))


VERDICT_MEANINGS: Final[dict[Verdict, str]] = {
    Verdict.MET: "材料写明的内容达到条文要求",
    Verdict.NOT_MET: "材料写明的内容没有达到条文要求",
    Verdict.MISSING: "读到的材料里没有写明这一项；没有写明不等于不符合",
    Verdict.UNCLEAR: "材料写了，但前后不一、恰在边界，或程序对读数没有把握",
    Verdict.JUDGEMENT: "条文没有可计算的标准，由工作人员判断，报告中列有有关段落",
    Verdict.NOT_APPLICABLE: "条文不适用于这一申报单位",
}
RECOMMENDATION_MEANINGS: Final[dict[Recommendation, str]] = {
    Recommendation.RECOMMEND: "没有不符合、缺失和须复核的事项；须人工判断的条款由工作人员判断",
    Recommendation.CORRECT_AND_RESUBMIT: "有未写明的事项或缺失、未填、过期、无法读取的材料，可请申报单位补正",
    Recommendation.DO_NOT_RECOMMEND: "至少一条不符合",
    Recommendation.MANUAL_REVIEW: "有内容没有读到、有条款无法判定，或有重要问题，须人工查看后才能得出建议",
}
SEVERITY_MEANINGS: Final[dict[Severity, str]] = {
    Severity.HIGH: "关系到条款能否达到，或关系到材料是否可信，须逐项核实",
    Severity.MEDIUM: "应当核实，一般可由申报单位说明或更正",
    Severity.LOW: "供参考，核对原件即可",
}
