"""What an officer sees while it works and at the end: a bar, the package at hand, a table, and where the reports lie."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from flows.batch import Plan, reports_of
from flows.engines import Order, Watch
from reports.words import one_line, visible
from schemas.personal import mask
from schemas.report import BatchEntry, BatchReport

#: A longer batch is read in its workbook, not on a terminal.
SHOWN = 60


class Terminal:
    """Progress on standard error: a bar on a terminal, else one line a package."""

    def __init__(self, stream: TextIO, packages: int) -> None:
        self._console = Console(file=stream, highlight=False)
        self._packages = packages
        self._done = 0
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._bar: TaskID | None = None
        if self._console.is_terminal:
            columns = (
                SpinnerColumn(),
                TextColumn("初审"),
                BarColumn(24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}"),
            )
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._bar = self._progress.add_task("准备中", total=packages)

    def __enter__(self) -> "Terminal":
        if self._progress:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def watch(self) -> Watch:
        return Watch(phase=self._phase, reading=self._reading, done=self._finished)

    def warn(self, message: str) -> None:
        self._console.print(f"提醒：{mask(visible(message))}", style="yellow", markup=False)

    def tell(self, plan: Plan, batch: BatchReport) -> None:
        """The table and the places, on standard output."""
        tell([(plan, batch)], Console(highlight=False))

    def _phase(self, words: str) -> None:
        if self._progress and self._bar is not None:
            self._progress.update(self._bar, description=words)
        elif words:
            self._console.print(words, markup=False)

    def _reading(self, order: Order, file: str) -> None:
        if self._progress and self._bar is not None:
            at = file or "核对，生成报告"
            self._progress.update(self._bar, description=_plain(f"{order.job.submission.name}：{at}"))

    def _finished(self, order: Order, row: BatchEntry) -> None:
        with self._lock:
            self._done += 1
            done = self._done
        if self._progress and self._bar is not None:
            self._progress.update(self._bar, completed=done)
        else:
            state = f"未能初审：{row.error}" if row.error else "完成"
            name = one_line(order.job.submission.name)
            self._console.print(f"[{done}/{self._packages}] {name}  {one_line(state)}", markup=False, soft_wrap=True)


def tell(batches: Sequence[tuple[Plan, BatchReport]], console: Console) -> None:
    """Tables, and where the reports lie."""
    from reports.table import batch_table

    for plan, batch in batches:
        if len(batch.submissions) <= SHOWN:
            console.print(batch_table(batch, reports_of(plan.out, batch)))
        else:
            console.print(
                f"共 {len(batch.submissions)} 个申报包，完成初审 {batch.counts['screened']} 个，未能初审 {batch.counts['failed']} 个。"
            )
        for line in (*costs(plan, batch), *places(plan, batch)):
            console.print(visible(line), markup=False, soft_wrap=True)
        console.print()


def costs(plan: Plan, batch: BatchReport) -> tuple[str, ...]:
    """What comparing figures with their pictures took, all packages together."""
    if len(batch.submissions) > SHOWN:
        return ()
    spent = sum(report.timings.get("picture_check", 0.0) for report in reports_of(plan.out, batch))
    return (f"数字与画面核对用时 {spent:.1f} 秒（各申报包合计，见 --picture-check）",) if spent >= 0.05 else ()


def places(plan: Plan, batch: BatchReport) -> tuple[str, ...]:
    """Where the reports lie."""
    lines = []
    if "html" in plan.outputs and len(batch.submissions) == 1:
        lines.append(f"报告：{plan.out / 'submissions' / batch.submissions[0].id / 'report.html'}")
    elif "html" in plan.outputs:
        lines.append(f"报告：{plan.out / 'submissions'}{_separator(plan.out)}（每个申报包一个文件夹，打开其中的 report.html）")
    if "xlsx" in plan.outputs:
        lines.append(f"汇总表：{plan.out / 'batch.xlsx'}")
    return tuple(lines) or (f"结果：{plan.out / 'batch.json'}",)


def _separator(path: Path) -> str:
    return "\\" if "\\" in str(path) else "/"


def _plain(text: str) -> str:
    """A name on the bar: no markup, and nothing a terminal obeys."""
    return mask(one_line(text)).replace("[", "\\[")
