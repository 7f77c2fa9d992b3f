from io import StringIO

from rich.console import Console

from reports.table import batch_table
from schemas.report import BatchEntry, ScreeningReport
from schemas.vocabulary import Severity, Verdict
from tests.reports import samples


def printed(*reports: ScreeningReport, failed: tuple[BatchEntry, ...] = (), width: int = 120) -> str:
    out = StringIO()
    console = Console(file=out, width=width)
    console.print(batch_table(samples.batch(*reports, failed=failed), reports))
    return out.getvalue()


def row(text: str, name: str) -> list[str]:
    return next(line for line in text.splitlines() if name in line).split()


def test_one_line_says_it_all() -> None:
    checks = tuple(samples.check(clause=str(n), verdict=v) for n, v in enumerate([Verdict.MET, Verdict.MET, Verdict.UNCLEAR]))
    findings = (samples.finding(), samples.finding(id="k2", severity=Severity.LOW))
    text = printed(samples.report(checks=checks, findings=findings))
    assert row(text, "昆明某某公司") == ["昆明某某公司", "建议不予推荐", "2", "0", "0", "1", "0", "1", "0", "1", "完整"]


def test_a_submission_that_could_not_be_screened_says_why() -> None:
    text = printed(samples.report(), failed=(samples.FAILED,))
    assert row(text, "空文件夹")[1] == "未能初审"
    assert "文件夹是空的。" in text


def test_a_draft_and_an_incomplete_reading_show() -> None:
    assert "模拟初审：征求意见稿，仅供模拟。" in printed(samples.draft())
    assert row(printed(samples.incomplete()), "昆明某某公司")[-1] == "不完整"


def test_names_cannot_command_the_terminal() -> None:
    name = "[red]坏[/red]\x1b[2J\n名\u202e" + "长" * 100
    text = printed(samples.report(submission=samples.report().submission.model_copy(update={"name": name})), width=240)
    assert "[red]坏[/red]⟨U+001B⟩[2J 名⟨U+202E⟩" in text
    assert "\x1b" not in text
    assert "……" in text


def test_eighty_columns_suffice() -> None:
    text = printed(samples.report(), width=80)
    assert row(text, "昆明某某公司")[1] == "建议不予推荐"
    assert "不符合" in text
