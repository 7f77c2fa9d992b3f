"""The workers: one dies, one hangs, one is worn out, all are stopped; each costs its own package and no more."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from flows import intake
from flows.engines import Order, put_all
from flows.job import Job
from flows.pool import Pool, StoppedError
from schemas.report import ScreeningReport, load
from tests.flows.broken import GOOD

AS_OF = date(2026, 3, 1)
LONG = "场地面积350平方米，团队8人。" * 20_000  # keeps a worker busy long enough to be killed over it


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    made = Pool(1, recycle=50, seconds=60, log=tmp_path / "log")
    yield made
    made.stop()


def order(tmp_path: Path, **files: str) -> Order:
    folder = tmp_path / "甲"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (one,) = intake.survey(folder).submissions
    out = str(tmp_path / "out")
    job = Job(submission=one, policy="kunming-poc", as_of=AS_OF, out=out, work=str(tmp_path / "work"), outputs=("json",))
    return put_all([job], tmp_path / "jobs")[0]


def written(one: Order) -> ScreeningReport:
    return load(json.loads((one.job.folder / "report.json").read_text(encoding="utf-8")))


def killing(pool: Pool, name: str) -> object:
    def notify(file: str) -> None:
        if file == name:
            for pid in pool.pids():
                os.kill(pid, signal.SIGKILL)

    return notify


def test_a_file_that_kills_its_worker_is_set_aside_and_the_rest_is_screened(tmp_path: Path, pool: Pool) -> None:
    one = order(tmp_path, 申报书=GOOD, 毒=LONG)
    row = pool.run(one.path, one.sha256, killing(pool, "毒.txt"))
    report = written(one)
    assert (row.error, row.complete) == (None, False)
    assert "处理进程两次意外终止" in " ".join(issue.message for issue in report.issues)
    assert "350" in [str(fact.value) for fact in report.facts]


def test_a_package_that_is_one_such_file_is_a_row_that_says_why(tmp_path: Path, pool: Pool) -> None:
    one = order(tmp_path, 毒=LONG)
    row = pool.run(one.path, one.sha256, killing(pool, "毒.txt"))
    assert row.error is not None
    assert "毒.txt：读取此文件时处理进程两次意外终止" in row.error
    assert [entry.status for entry in written(one).documents] == ["unreadable"]


def test_the_next_package_does_not_notice(tmp_path: Path, pool: Pool) -> None:
    one = order(tmp_path, 申报书=GOOD)
    pool.run(one.path, one.sha256)
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert pool.run(one.path, one.sha256).error is None


def test_a_package_over_its_time_is_a_row_that_says_so(tmp_path: Path) -> None:
    one = order(tmp_path, 申报书=GOOD)
    pool = Pool(1, recycle=50, seconds=0.05, log=tmp_path / "log")
    row = pool.run(one.path, one.sha256)
    pool.stop()
    assert row.error is not None
    assert "已中止" in row.error
    assert [issue.code for issue in written(one).issues] == ["INTERNAL_ERROR"]


def test_a_worker_is_replaced_after_its_share(tmp_path: Path) -> None:
    one = order(tmp_path, 申报书=GOOD)
    pool = Pool(1, recycle=1, seconds=60, log=tmp_path / "log")
    seen = []
    for _ in range(2):
        pool.run(one.path, one.sha256)
        seen += pool.pids()
    pool.stop()
    assert len(set(seen)) == 2


def test_stopping_ends_the_job_under_way(tmp_path: Path, pool: Pool) -> None:
    one = order(tmp_path, 申报书=LONG)
    with pytest.raises(StoppedError):
        pool.run(one.path, one.sha256, lambda _: threading.Thread(target=pool.stop).start())


def test_a_job_that_was_changed_is_refused(tmp_path: Path, pool: Pool) -> None:
    one = order(tmp_path, 申报书=GOOD)
    with pytest.raises(ValueError, match="has changed"):
        pool.run(one.path, "0" * 64)
