"""Two ways to have many jobs carried out, with the same workers at the end of both: hand them out here, or through Prefect flows.

Prefect lives in a child process of its own: its start-up, threads, signal handlers and log lines stay out of the officer's
terminal, and small work never pays for importing it.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from flows.job import Job, put
from flows.pool import Pool, StoppedError, worker_count
from flows.recording import Records
from flows.settings import Settings
from flows.upkeep import log_file
from schemas.report import BatchEntry

STOP_SECONDS = 15


@dataclass(frozen=True)
class Order:
    """One job as written down: its file and what was written there."""

    job: Job
    path: Path
    sha256: str


@dataclass
class Watch:
    """What an engine tells while it works, from any thread: a phase in Chinese, a job's file being read, a finished row."""

    phase: Callable[[str], None] = lambda _: None
    reading: Callable[[Order, str], None] = lambda _order, _file: None
    done: Callable[[Order, BatchEntry], None] = lambda _order, _row: None


@dataclass
class Result:
    """Rows by job file. ``failure`` says why an engine gave up; what it had finished stands."""

    rows: dict[Path, BatchEntry] = field(default_factory=dict)
    interrupted: bool = False
    failure: str = ""


def put_all(jobs: Sequence[Job], folder: Path) -> tuple[Order, ...]:
    """Write the jobs down, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05d}.json" for number in range(1, len(jobs) + 1)]
    return tuple(Order(job, path, put(job, path)) for job, path in zip(jobs, paths, strict=True))


def local_pool(jobs: int, settings: Settings) -> Pool:
    """As many workers as are of use for so many jobs, none of them started."""
    size = max(1, min(worker_count(settings.workers), jobs))
    log = log_file(settings.home, "workers.log")
    return Pool(size, recycle=settings.worker_packages, seconds=settings.package_seconds, log=log)


def run_local(
    orders: Sequence[Order], settings: Settings, watch: Watch, records: Records | None = None, pool: Pool | None = None
) -> Result:
    """Hand the jobs to worker processes from here. Ctrl-C ends the workers and returns what is done. The pool is stopped in the end."""
    records = records or Records()
    result = Result()
    pool = pool or local_pool(len(orders), settings)
    threads = ThreadPoolExecutor(pool.size, thread_name_prefix="job")
    try:
        futures = {threads.submit(_one, pool, order, watch, records): order for order in orders}
        _gather(futures, result, watch)
    except KeyboardInterrupt:
        result.interrupted = True
        records.interrupt()
    finally:
        pool.stop()
        threads.shutdown(wait=True, cancel_futures=True)
    return result


def run_prefect(
    batches: Mapping[str, Sequence[Order]], settings: Settings, watch: Watch, folder: Path, records: Records
) -> Result:
    """Have the jobs run as Prefect flows, one batch flow a name. Raises nothing: a failure is told in the result."""
    result = Result()
    try:
        batches = {name: _due(orders, result, watch, records) for name, orders in batches.items()}
    except KeyboardInterrupt:
        result.interrupted = True
        return result
    if not any(batches.values()):
        return result
    orders = {str(order.path): order for batch in batches.values() for order in batch}
    spec = _spec(batches, settings, folder)
    with log_file(settings.home, "prefect.log").open("ab") as stream:
        child = _child(spec, stream, settings.home)
        try:
            _listen(child, orders, result, watch, records)
        except KeyboardInterrupt:
            result.interrupted = True
        finally:
            _end(child)
    missing = sum(order.path not in result.rows for order in orders.values())
    if missing and not result.interrupted and not result.failure:
        result.failure = f"任务流意外终止（退出码 {child.returncode}）"
    return result


def _one(pool: Pool, order: Order, watch: Watch, records: Records) -> BatchEntry:
    done = records.ready(order)
    if done is not None:
        return done
    return records.finished(order, pool.run(order.path, order.sha256, lambda file: watch.reading(order, file)))


def _due(orders: Sequence[Order], result: Result, watch: Watch, records: Records) -> list[Order]:
    """What is left to do; what is done already goes into the result."""
    due = []
    for order in orders:
        row = records.ready(order)
        if row is None:
            due.append(order)
            continue
        result.rows[order.path] = row
        watch.done(order, row)
    return due


def _gather(futures: Mapping["Future[BatchEntry]", Order], result: Result, watch: Watch) -> None:
    waiting = set(futures)
    while waiting:
        # a wait without end does not let Ctrl-C through on every platform
        finished, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
        for future in finished:
            order = futures[future]
            try:
                row = future.result()
            except StoppedError:
                continue
            except Exception as error:
                result.failure = f"{type(error).__name__}: {error}"
                continue
            result.rows[order.path] = row
            watch.done(order, row)


def _spec(batches: Mapping[str, Sequence[Order]], settings: Settings, folder: Path) -> Path:
    """Shards as files too, so that no flow takes more than paths and digests."""
    described = []
    for number, (name, orders) in enumerate(batches.items(), 1):
        lines = [[str(order.path), order.sha256] for order in orders]
        shards = [lines[at : at + settings.shard] for at in range(0, len(lines), settings.shard)]
        path = folder / f"batch-{number}.json"
        path.write_text(json.dumps(shards), encoding="utf-8")
        described.append({"name": name, "path": str(path)})
    spec = folder / "flow.json"
    spec.write_text(
        json.dumps(
            {"batches": described, "settings": settings.model_dump(mode="json", exclude={"database"})}, ensure_ascii=False
        ),
        encoding="utf-8",
    )
    return spec


def _child(spec: Path, log: IO[bytes], home: Path) -> "subprocess.Popen[bytes]":
    # in a folder of our own: Prefect takes settings from any .env, prefect.toml or pyproject.toml it stands beside
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-P", "-m", "flows.prefect_child", str(spec)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=home,
        env={**os.environ, "PYTHONUTF8": "1"},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _listen(
    child: "subprocess.Popen[bytes]", orders: Mapping[str, Order], result: Result, watch: Watch, records: Records
) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        said = json.loads(line)
        if "phase" in said:
            watch.phase(said["phase"])
        elif "failed" in said:
            result.failure = said["failed"]
        elif "entry" in said:
            order = orders[said["job"]]
            row = records.finished(order, BatchEntry.model_validate(said["entry"]))
            result.rows[order.path] = row
            watch.done(order, row)
        elif "at" in said:
            watch.reading(orders[said["job"]], said["at"])


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The end of its input tells the child to stop its workers and its server; it gets a while to do so."""
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()
