"""Worker processes of our own: as many as cores, replaced when they die, hang or have done their share.

The standard pool cannot end one overrunning job, and one killed child breaks it for all that wait. Here each job has one process and
one pipe; a process that dies takes nothing but its own package with it. Workers live in a session of their own, so Ctrl-C reaches
only us, and we end them.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from flows.job import put, take
from schemas.report import BatchEntry
from schemas.vocabulary import IssueCode

#: A package is tried again after its worker died; the file it died over twice is set aside, a few such files at most.
TRIES = 6
SAME_FILE = 2


class StoppedError(Exception):
    """The pool was stopped while a job ran."""


class WorkerError(Exception):
    """The worker ended before its job. ``file`` is the one it was reading, if any."""

    def __init__(self, reason: str, file: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.file = file
        self.late = late


class Pool:
    """``run`` may be called from several threads at once, each call holds one worker."""

    def __init__(self, size: int, *, recycle: int, seconds: float, log: Path) -> None:
        self.size = size
        self._recycle = recycle
        self._seconds = seconds
        self._log = log.open("ab")
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()
        self._stopped = False
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def warm(self) -> None:
        """Start the workers now: loading the parsers takes each longer than what is done here meanwhile."""
        for _ in range(self.size):
            self._idle.get()
        for _ in range(self.size):
            self._idle.put(self._start())

    def run(self, path: Path, digest: str, notify: Callable[[str], None] = lambda _: None) -> BatchEntry:
        """The row of the job written down at ``path``. Raises ``StoppedError``."""
        deaths: dict[str, int] = {}
        job = take(path, digest)
        for _ in range(TRIES):
            try:
                return self._once(path, digest, notify)
            except WorkerError as error:
                failure = error
            deaths[failure.file] = deaths.get(failure.file, 0) + 1
            if deaths[failure.file] < SAME_FILE and not failure.late:
                continue
            if not failure.file:
                break
            job = job.model_copy(update={"set_aside": (*job.set_aside, failure.file)})
            digest = put(job, path)
        at = f"，当时正在读取《{failure.file}》" if failure.file else ""
        from flows.carry import give_up  # the parsers come along, which an undisturbed run never needs here

        return give_up(job, IssueCode.INTERNAL_ERROR, f"{failure.reason}{at}。原件未动，请人工查看")

    def pids(self) -> tuple[int, ...]:
        with self._lock:
            return tuple(worker.pid for worker in self._alive)

    def stop(self) -> None:
        """End every worker now; calls of ``run`` under way raise ``StoppedError``."""
        with self._lock:
            self._stopped = True
            workers = list(self._alive)
        for worker in workers:
            worker.end()
        self._log.close()

    def _once(self, path: Path, digest: str, notify: Callable[[str], None]) -> BatchEntry:
        worker = self._idle.get()
        try:
            if worker is None or worker.done >= self._recycle or not worker.alive():
                self._drop(worker)
                worker = None
                worker = self._start()
            return worker.run(path, digest, self._seconds, notify)
        except WorkerError:
            self._drop(worker)
            worker = None
            if self._stopped:
                raise StoppedError from None
            raise
        finally:
            self._idle.put(worker)

    def _start(self) -> "_Worker":
        with self._lock:
            if self._stopped:
                raise StoppedError
            worker = _Worker(self._log)
            self._alive.add(worker)
            return worker

    def _drop(self, worker: "_Worker | None") -> None:
        if worker is not None:
            worker.end()
            with self._lock:
                self._alive.discard(worker)


class _Worker:
    def __init__(self, log: IO[bytes]) -> None:
        self.done = 0
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def run(self, path: Path, digest: str, seconds: float, notify: Callable[[str], None]) -> BatchEntry:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Event()

        def overdue() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, overdue)
        timer.daemon = True
        timer.start()
        at = ""
        try:
            self._process.stdin.write(json.dumps({"job": str(path), "sha256": digest}).encode() + b"\n")
            self._process.stdin.flush()
            for line in self._process.stdout:
                answer = json.loads(line)
                if "entry" in answer:
                    self.done += 1
                    return BatchEntry.model_validate(answer["entry"])
                at = answer["at"]
                notify(at)
        except (OSError, ValueError):
            pass
        finally:
            timer.cancel()
        if late.is_set():
            raise WorkerError(f"处理超过 {seconds:.0f} 秒，已中止", at, late=True)
        raise WorkerError(f"处理进程意外终止（{_how(self._process.wait())}）", at)

    def end(self) -> None:
        """Kill it and wait for it; a worker holds nothing that needs saying goodbye."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


def _how(code: int) -> str:
    return f"信号 {-code}" if code < 0 else f"退出码 {code}"


def worker_count(setting: int) -> int:
    """How many workers a setting of 0 means: the cores this process may use."""
    if setting:
        return setting
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
