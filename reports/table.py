"""The batch in the terminal: one line a package, Chinese, nothing that a file name could do to the terminal.

Fits 80 columns: the counts stand in narrow columns under two-line heads, the name takes what is left.
"""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from reports import words
from schemas.report import BatchEntry, BatchReport, ScreeningReport
from schemas.vocabulary import RECOMMENDATION_NAMES, Recommendation, Severity, Verdict

_STYLES = {
    Recommendation.RECOMMEND: "green",
    Recommendation.CORRECT_AND_RESUBMIT: "yellow",
    Recommendation.DO_NOT_RECOMMEND: "bold red",
    Recommendation.MANUAL_REVIEW: "magenta",
}
_VERDICTS = (
    (Verdict.MET, "条款\n符合", "green"),
    (Verdict.NOT_MET, "\n不符合", "bold red"),
    (Verdict.MISSING, "未见\n说明", "yellow"),
    (Verdict.UNCLEAR, "无法\n判定", "magenta"),
    (Verdict.JUDGEMENT, "须人工\n判断", "cyan"),
)
_SEVERITIES = ((Severity.HIGH, "问题\n重要", "bold red"), (Severity.MEDIUM, "\n一般", "yellow"), (Severity.LOW, "\n提示", ""))
LONGEST_NAME = 60
LEGEND = "数字为条款条数和待核实问题个数；“读取”不完整的，有文件或页面没有读到。建议由工作人员核对后决定。"


def batch_table(batch: BatchReport, reports: Sequence[ScreeningReport]) -> Table:
    """One row a submission, in the batch's order. Reports are matched by id."""
    by_id = {report.submission.id: report for report in reports}
    table = Table(
        title=_title(batch), caption=LEGEND, title_justify="left", caption_justify="left", title_style="", caption_style="dim",
        box=box.HORIZONTALS, padding=(0, 0), header_style="bold", show_lines=False,
    )  # fmt: skip
    table.add_column("\n申报包", overflow="fold", min_width=14)
    table.add_column("\n初审建议", no_wrap=True)
    for _, head, _style in (*_VERDICTS, *_SEVERITIES):
        table.add_column(head, no_wrap=True, justify="right")
    table.add_column("\n读取", no_wrap=True)
    for entry in batch.submissions:
        table.add_row(*_row(entry, by_id.get(entry.id)))
    return table


def _row(entry: BatchEntry, report: ScreeningReport | None) -> list[Text]:
    shown = words.one_line(entry.name)
    name = Text(shown if len(shown) <= LONGEST_NAME else shown[:LONGEST_NAME] + "……")
    complete = Text("完整") if entry.complete else Text("不完整", style="red")
    if entry.recommendation is None or entry.error is not None:
        name.append(f"\n{words.one_line(entry.error or '')}", style="red")
        return [name, Text("未能初审", style="bold red"), *(Text("—", style="dim") for _ in range(8)), complete]
    advice = Text(RECOMMENDATION_NAMES[entry.recommendation], style=_STYLES[entry.recommendation])
    if report is None:
        return [name, advice, *(Text("—", style="dim") for _ in range(8)), complete]
    verdicts = [_count(sum(c.verdict is verdict for c in report.checks), style) for verdict, _, style in _VERDICTS]
    findings = [_count(sum(f.severity is severity for f in report.findings), style) for severity, _, style in _SEVERITIES]
    return [name, advice, *verdicts, *findings, complete]


def _count(count: int, style: str) -> Text:
    return Text(str(count), style=style if count else "dim")


def _title(batch: BatchReport) -> Text:
    title = Text(f"{words.one_line(batch.policy.title)}　基准日 {batch.as_of.isoformat()}", style="bold")
    if batch.policy.notice or batch.policy.simulation:
        title.append(f"\n模拟初审：{words.one_line(batch.policy.notice) or '所对照的政策在基准日不具效力'}", style="yellow")
    return title
