"""The batch in the terminal: one line a package, Chinese, nothing that a file name could do to the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from reports import words
from schemas.report import BatchReport, ScreeningReport
from schemas.vocabulary import RECOMMENDATION_NAMES, Recommendation, Severity, Verdict

_STYLES = {
    Recommendation.RECOMMEND: "green",
    Recommendation.CORRECT_AND_RESUBMIT: "yellow",
    Recommendation.DO_NOT_RECOMMEND: "bold red",
    Recommendation.MANUAL_REVIEW: "magenta",
}
LEGEND = "条款一列：符合／不符合／未见说明／无法判定／须人工判断的条数；问题一列：重要／一般／提示的个数"


def batch_table(batch: BatchReport, reports: Sequence[ScreeningReport]) -> Table:
    """One row a submission, in the batch's order. Reports are matched by id."""
    by_id = {report.submission.id: report for report in reports}
    table = Table(title=_title(batch), caption=LEGEND, title_justify="left", caption_justify="left", expand=False)
    table.add_column("申报包", overflow="fold", min_width=16)
    table.add_column("初审建议", no_wrap=True)
    table.add_column("条款", no_wrap=True, justify="right")
    table.add_column("问题", no_wrap=True, justify="right")
    table.add_column("读取", no_wrap=True)
    for entry in batch.submissions:
        report = by_id.get(entry.id)
        name = Text(words.one_line(entry.name))
        complete = Text("完整") if entry.complete else Text("不完整", style="red")
        if entry.recommendation is None or entry.error is not None:
            name.append(f"\n{words.one_line(entry.error or '')}", style="red")
            table.add_row(name, Text("未能初审", style="bold red"), "—", "—", complete)
            continue
        advice = Text(RECOMMENDATION_NAMES[entry.recommendation], style=_STYLES[entry.recommendation])
        table.add_row(name, advice, _verdicts(report), _severities(report), complete)
    return table


def _title(batch: BatchReport) -> Text:
    title = Text(f"{words.one_line(batch.policy.title)}　基准日 {batch.as_of.isoformat()}", style="bold")
    if batch.policy.notice or batch.policy.simulation:
        title.append(f"\n模拟初审：{words.one_line(batch.policy.notice) or '所对照的政策在基准日不具效力'}", style="yellow")
    return title


def _verdicts(report: ScreeningReport | None) -> Text:
    if report is None:
        return Text("—")
    shown = (Verdict.MET, Verdict.NOT_MET, Verdict.MISSING, Verdict.UNCLEAR, Verdict.JUDGEMENT)
    counts = [sum(check.verdict is verdict for check in report.checks) for verdict in shown]
    return _counts(counts, ("green", "bold red", "yellow", "magenta", "cyan"))


def _severities(report: ScreeningReport | None) -> Text:
    if report is None:
        return Text("—")
    counts = [sum(finding.severity is severity for finding in report.findings) for severity in Severity]
    return _counts(counts, ("bold red", "yellow", ""))


def _counts(counts: Sequence[int], styles: Sequence[str]) -> Text:
    shown = Text()
    for index, (count, style) in enumerate(zip(counts, styles, strict=True)):
        shown.append("／" if index else "", style="dim")
        shown.append(str(count), style=style if count else "dim")
    return shown
