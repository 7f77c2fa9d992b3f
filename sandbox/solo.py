"""A child started as a program of its own, speaking over its standard streams: for long-lived work (recognition), for platforms that cannot
fork, and to lock a foreign program before it starts.

A start costs some hundred milliseconds; the zygote's fork a few. Where the platform has no limits, time and the killing of the tree remain.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sandbox import lock
from sandbox.bounds import Bounds
from sandbox.child import Child, Ending
from sandbox.layers import layers
from sandbox.wire import Wire
from sandbox.zygote import run


class Solo:
    """The same face as ``Zygote``, a process a child."""

    def __init__(self, module: str, *, readable: tuple[str, ...] = ()) -> None:
        self._module = module
        self._readable = readable
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, task: str, args: Mapping[str, Any], path: str | None, bounds: Bounds) -> Child:
        """As ``Zygote.start``."""
        asked = {
            "task": task,
            "args": args,
            "bounds": bounds.told(),
            "path": path,
            "readable": [*self._readable, *([path] if path else [])],
        }
        process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-P", "-m", "sandbox", "solo", self._module, json.dumps(asked), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._running[process.pid] = process
        incoming, outgoing = os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno())
        process.stdin.close()
        process.stdout.close()
        return Child(process.pid, incoming, outgoing, bounds, self)

    def kill(self, pid: int) -> None:
        kill_tree(pid)

    def finish(self, pid: int, patience: float) -> Ending:
        process = self._running.pop(pid)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        kill_tree(pid)
        return Ending(process.wait())

    def drop(self, pid: int) -> None:
        self.finish(pid, 0.0)

    def warm(self) -> None:
        return None

    def stop(self) -> None:
        for pid in tuple(self._running):
            self.finish(pid, 0.0)


def kill_tree(pid: int) -> None:
    """The process and all of its session. Harmless where it has ended."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        return
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def command(bounds: Bounds, program: Sequence[str]) -> list[str]:
    """The command line that starts a foreign program inside ``bounds``; on platforms without locks the program's own."""
    if not sys.platform.startswith("linux"):
        return list(program)
    return [sys.executable, "-P", "-m", "sandbox", "solo", "--exec", json.dumps(bounds.told()), str(os.getpid()), *program]


# -- in the child


def main() -> None:
    if sys.argv[1] == "--exec":
        _execute(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    module, told, parent = sys.argv[1:4]
    asked = json.loads(told)
    wire = Wire(os.dup(0), os.dup(1))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    bounds = Bounds.of(asked["bounds"])
    file = os.open(asked["path"], os.O_RDONLY | getattr(os, "O_BINARY", 0)) if asked["path"] else None
    if bounds.profile != "ocr":
        task = getattr(importlib.import_module(module), asked["task"])
    lock.lock(bounds, layers(), ruleset=_rules(bounds, asked["readable"]), parent=int(parent) if os.name == "posix" else None)
    if bounds.profile == "ocr":  # its models load under the lock, since they start threads
        task = getattr(importlib.import_module(module), asked["task"])
    run(task, wire, asked["args"], file)


def _rules(bounds: Bounds, readable: Sequence[str]) -> int | None:
    return lock.rules(replace(bounds, readable=(*bounds.readable, *readable))) if layers().landlock else None


def _execute(told: str, parent: int, program: list[str]) -> None:
    bounds = Bounds.of(json.loads(told))
    lock.lock(bounds, layers(), parent=parent)
    os.environ.pop("PYTHONPATH", None)  # it was the launcher's
    os.execv(program[0], program)  # noqa: S606  (the caller's own program, named in full)
