"""``make demo``: the bundled sample packages under all four policies, through the flow, with the table an officer would see.

One run for all four, so the flow's server starts once. The samples are dated, so the day to count from is theirs, not today.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from flows import batch, intake
from flows.batch import Plan
from flows.job import OUTPUTS
from flows.settings import load
from flows.terminal import Terminal, tell

AS_OF = date(2026, 4, 15)


def main(arguments: Sequence[str]) -> int:
    import policies

    folder = Path(arguments[0] if arguments else "demo").absolute()
    packages = folder / "batches"
    if not packages.is_dir():
        _make(folder, packages)
    plans = [
        Plan(
            survey=intake.survey(packages / name, "batch"),
            policy=name,
            entry=policies.status_on(policies.load(name), AS_OF),
            as_of=AS_OF,
            out=folder / "out" / name,
            outputs=OUTPUTS,
        )
        for name in policies.available()
        if (packages / name).is_dir()
    ]
    total = sum(len(plan.survey.submissions) for plan in plans)
    with Terminal(sys.stderr, total) as terminal:
        # made-up packages have no business among the bureau's records
        settings = load().settings.model_copy(update={"records": "off"})
        reports = batch.screen_batches(plans, settings, "prefect", terminal.watch(), terminal.warn)
    tell(list(zip(plans, reports, strict=True)), Console(highlight=False))
    print(f"示例申报包：{packages}\n自己试一试：.venv/bin/chushen screen 文件夹 --policy {policies.available()[0]}")  # noqa: T201
    # some of the samples are broken on purpose: a report that says so is what they are there for
    return 0


def _make(folder: Path, packages: Path) -> None:
    """Beside their place and then moved there, so that a run that is broken off leaves no half."""
    print("正在生成示例申报包……", flush=True)  # noqa: T201
    making = folder / ".making"
    shutil.rmtree(making, ignore_errors=True)
    make = [sys.executable, "-P", "-m", "fixtures", "make", str(making), "--set", "demo"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    (making / "batches").rename(packages)
    shutil.rmtree(making)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
