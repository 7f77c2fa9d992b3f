"""The Prefect flows: a batch over its shards, a shard over its packages, a task a package. Orchestration only.

Arguments are paths and digests; nothing is persisted or cached by Prefect, the results are the report files. A task hands its package
to the same worker processes the local engine uses: Prefect's own process pool costs half a second a task, this some milliseconds.
A deployment may name ``flows.prefect_flows:screen_batch``.
"""

import json
from collections.abc import Callable
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from flows.pool import Pool, worker_count
from flows.settings import Settings, load
from flows.upkeep import log_file
from schemas.report import BatchEntry


class Hands:
    """The workers this process has, made on first use, and who is told of each row."""

    def __init__(self, settings: Settings, told: Callable[[str, str | BatchEntry], None] = lambda _job, _what: None) -> None:
        self.size = worker_count(settings.workers)
        self.told = told
        self.stopped = False
        log = log_file(settings.home, "workers.log")
        self.pool = Pool(self.size, recycle=settings.worker_packages, seconds=settings.package_seconds, log=log)

    def stop(self) -> None:
        self.stopped = True
        self.pool.stop()


_hands: list[Hands] = []


def lend(hands: Hands) -> None:
    """Use these workers in this process from now on."""
    _hands[:] = [hands]


def hands() -> Hands:
    if not _hands:
        lend(Hands(load().settings))
    return _hands[0]


@task(name="screen-package", task_run_name="{name}", persist_result=False, cache_policy=NO_CACHE, retries=0)
def screen_package(name: str, job: str, sha256: str) -> None:
    workers = hands()
    row = workers.pool.run(Path(job), sha256, lambda file: workers.told(job, file))
    workers.told(job, row)


@flow(name="screen-shard", flow_run_name="{name}", persist_result=False, validate_parameters=False)
def screen_shard(name: str, batch: str, shard: int) -> None:
    jobs: list[list[str]] = json.loads(Path(batch).read_text(encoding="utf-8"))[shard]
    futures = [screen_package.submit(Path(job).stem, job, digest) for job, digest in jobs]
    wait(futures)


@flow(name="screen-batch", flow_run_name="{name}", persist_result=False, validate_parameters=False)
def screen_batch(name: str, batch: str) -> None:
    """``batch`` is a file: a list of shards, each a list of (job file, digest)."""
    shards = len(json.loads(Path(batch).read_text(encoding="utf-8")))
    runner: ThreadPoolTaskRunner[None] = ThreadPoolTaskRunner(max_workers=hands().size)
    shard = screen_shard.with_options(task_runner=runner)  # type: ignore[arg-type]
    for number in range(shards):
        if not hands().stopped:
            shard(f"{name} {number + 1}/{shards}", batch, number)
