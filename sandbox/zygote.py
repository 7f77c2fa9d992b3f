"""The zygote: one process with one thread that has loaded the parsers and forks a locked child for each file, in milliseconds.

It is started before any thread or recognition runtime exists, since a fork of a process with threads may hang. The parent asks over a socket,
one request at a time, and hands over the open file and the child's end of the wire; the zygote itself never looks at a file.
"""

import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple, NoReturn

from sandbox import lock, seccomp
from sandbox.bounds import Bounds
from sandbox.child import Child, ChildError, Ending
from sandbox.layers import Layers, layers
from sandbox.wire import Task, Wire

REQUEST: Final = 1 << 16
#: A page's bitmap from the heap, which is used again, instead of fresh pages for each: a third of what the lock cost a file.
HEAP: Final = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "268435456", "MALLOC_TOP_PAD_": "4194304"}


class Zygote:
    """Children run side by side. ``module`` has the tasks, as functions by name.

    The kernel ends a child with the *thread* that started it, so the first to ask has to be one that lives as long as the zygote is needed.
    """

    def __init__(self, module: str, *, readable: tuple[str, ...] = ()) -> None:
        self._module = module
        self._readable = readable
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._heard = False
        self._parents: dict[int, subprocess.Popen[bytes] | None] = {}

    def start(self, task: str, args: Mapping[str, Any], path: str | None, bounds: Bounds) -> Child:
        """A child that carries ``task`` out over the file at ``path``. Raises ``ChildError`` where there is no forking it, ``OSError``."""
        ours, theirs = socket.socketpair()
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if path is not None else None
        try:
            asked = {"task": task, "args": args, "bounds": bounds.told(), "file": file is not None}
            files = [theirs.fileno(), *([file] if file is not None else [])]
            answer = self._ask(asked, files)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            if file is not None:
                os.close(file)
        end = ours.detach()
        self._parents[answer["pid"]] = self._process
        return Child(answer["pid"], end, end, bounds, self)

    def kill(self, pid: int) -> None:
        """The child stays unreaped until ``finish``, so its number is still its own."""
        _kill(pid)

    def finish(self, pid: int, patience: float) -> Ending:
        try:
            if self._parents.pop(pid, None) is not self._process:
                return Ending(-signal.SIGKILL)
            told = self._ask({"finish": pid, "patience": patience}, [])
        except ChildError:  # the zygote is gone, and with it all it forked
            return Ending(-signal.SIGKILL)
        return Ending(told["status"], told["cpu"], told["memory"])

    def drop(self, pid: int) -> None:
        """The zygote reaps it while we go on."""
        if self._parents.pop(pid, None) is not self._process or self._process is None or self._socket is None:
            return
        self.kill(pid)
        with self._lock, suppress(OSError):
            socket.send_fds(self._socket, [json.dumps({"drop": pid}).encode() + b"\n"], [])

    def warm(self) -> None:
        """Begin to start what the first file would wait for; does not wait itself."""
        with self._lock:
            self._running()

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def _ask(self, what: Mapping[str, Any], files: list[int]) -> dict[str, Any]:
        with self._lock:
            for attempt in (1, 2):
                try:
                    link = self._running()
                    if not self._heard:
                        self._heard = "ready" in _line(link)
                    socket.send_fds(link, [json.dumps(what).encode() + b"\n"], files)
                    return _line(link)
                except (OSError, ValueError):
                    self._stop()
                    self._parents.clear()
                    if attempt == 2 or "finish" in what:
                        raise ChildError("解析服务进程意外终止") from None
        raise AssertionError

    def _running(self) -> socket.socket:
        if self._socket is None or self._process is None or self._process.poll() is not None:
            self._stop()
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-P", "-m", "sandbox", "zygote", str(theirs.fileno()), self._module, str(os.getpid())]
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [*command, *self._readable],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
            theirs.close()
            self._socket, self._heard = ours, False
        return self._socket

    def _stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _line(link: socket.socket) -> dict[str, Any]:
    found = b""
    while not found.endswith(b"\n"):
        piece = link.recv(REQUEST)
        if not piece:
            raise OSError("closed")
        found += piece
    told: dict[str, Any] = json.loads(found)
    return told


def _environment() -> dict[str, str]:
    """One thread, nothing of the user's: no proxy, no key in an environment variable."""
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHASHSEED", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        "PYTHONUTF8": "1",
        **HEAP,
        "HOME": "/nonexistent",
    }


# -- in the zygote


def main() -> None:
    """``python -m sandbox zygote SOCKET MODULE PARENT [READABLE …]``"""
    number, module, parent, *readable = sys.argv[1:]
    link = socket.socket(fileno=int(number))
    lock.die_with(int(parent))
    lock.reap_orphans()
    tasks = importlib.import_module(module)
    there = layers()
    ruleset = lock.rules(Bounds(readable=tuple(readable))) if there.landlock else None
    lock.all_may_read()
    if there.seccomp:
        seccomp.parsing(opening=there.landlock > 0)  # made once for all children
    if len(os.listdir("/proc/self/task")) != 1:
        raise SystemExit("the zygote has more than one thread")
    _freeze()
    link.sendall(b'{"ready": true}\n')
    _serve(link, tasks, there, ruleset)


def _serve(link: socket.socket, tasks: Any, there: Layers, ruleset: int | None) -> None:
    """One child is always there ahead, since half of what a start costs is the fork; it has seen no file, and is locked once it knows its bounds."""
    alive: set[int] = set()
    ending: set[int] = set()
    spare = _fork(link, tasks, there, ruleset, alive)
    for asked, files in _requests(link, lambda: _reaped(ending, alive)):
        if "drop" in asked:
            _kill(asked["drop"])
            ending.add(asked["drop"])  # a child takes milliseconds to end, for which nobody has to wait
            continue
        started = "task" in asked
        if started:
            if not spare.takes(asked, files):  # something ended it meanwhile
                spare.end(alive)
                spare = _fork(link, tasks, there, ruleset, alive)
                spare.takes(asked, files)
            answer = {"pid": spare.pid}
        else:
            answer = _finish(asked["finish"], asked["patience"], alive)
        for file in files:
            os.close(file)
        link.sendall(json.dumps(answer).encode() + b"\n")
        if started:
            spare.link.close()
            spare = _fork(link, tasks, there, ruleset, alive)


def _requests(link: socket.socket, meanwhile: Callable[[], bool]) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """One line each, several of which may come at once; the open files come with the last, since a start is waited for.

    ``meanwhile`` says whether it wants to be called again while nothing comes.
    """
    found = b""
    while True:
        while meanwhile() and not select.select([link], [], [], 0.002)[0]:
            pass
        piece, files, _, _ = socket.recv_fds(link, REQUEST, 4)
        if not piece:
            return
        found += piece
        while b"\n" in found:
            line, _, found = found.partition(b"\n")
            yield json.loads(line), files


class _Spare(NamedTuple):
    """A child that waits for what it is to do."""

    pid: int
    link: socket.socket

    def takes(self, asked: dict[str, Any], files: list[int]) -> bool:
        """Whether it lives to be told."""
        try:
            socket.send_fds(self.link, [json.dumps(asked).encode() + b"\n"], files)
        except OSError:
            return False
        return True

    def end(self, alive: set[int]) -> None:
        self.link.close()
        _finish(self.pid, 0.0, alive)


def _fork(link: socket.socket, tasks: Any, there: Layers, ruleset: int | None, alive: set[int]) -> _Spare:
    zygote = os.getpid()
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            link.close()
            _wait(theirs, tasks, there, ruleset, zygote)
        except BaseException:
            os._exit(70)
    theirs.close()
    alive.add(pid)
    return _Spare(pid, ours)


def _wait(told: socket.socket, tasks: Any, there: Layers, ruleset: int | None, zygote: int) -> NoReturn:
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    _close_all_but({0, 1, 2, told.fileno(), *([ruleset] if ruleset is not None else [])})
    lock.change_user()
    lock.die_with(zygote)  # a change of user forgets it
    for asked, files in _requests(told, lambda: False):
        told.close()
        wire = Wire(files[0], files[0])
        lock.lock(Bounds.of(asked["bounds"]), there, ruleset=ruleset, parent=zygote)
        run(getattr(tasks, asked["task"]), wire, asked["args"], files[1] if asked["file"] else None)
        break
    os._exit(0)


def run(task: Task, wire: Wire, args: Mapping[str, Any], file: int | None) -> None:
    """Carry a task out in a locked process; what goes wrong is told by its kind and line, never by its words."""
    try:
        task(wire, args, _whole(file) if file is not None else b"")
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:
        wire.broken(_where(error))


def _whole(file: int) -> bytes:
    pieces = []
    while piece := os.read(file, 1 << 22):
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _where(error: BaseException) -> str:
    trace, line = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        line = f"{os.path.basename(os.path.dirname(name))}/{os.path.basename(name)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} {line}".strip()


def _close_all_but(kept: set[int]) -> None:
    low = 0
    for file in sorted(kept):
        if low < file:  # an empty range closes everything
            os.closerange(low, file)
        low = file + 1
    os.closerange(low, 4096)


def _finish(pid: int, patience: float, alive: set[int]) -> dict[str, Any]:
    """Wait, else kill; then end whatever the child left behind, which is now a child of ours."""
    deadline = time.monotonic() + patience
    done, status, used = os.wait4(pid, os.WNOHANG)
    while not done and time.monotonic() < deadline:
        time.sleep(0.0005)
        done, status, used = os.wait4(pid, os.WNOHANG)
    if not done:
        _kill(pid)
        _, status, used = os.wait4(pid, 0)
    alive.discard(pid)
    _end_orphans(alive)
    return {"status": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}


def _reaped(ending: set[int], alive: set[int]) -> bool:
    """Let go of those that have ended, and end what they left behind; whether some are still to come."""
    for pid in tuple(ending):
        if os.waitpid(pid, os.WNOHANG)[0]:
            ending.discard(pid)
            alive.discard(pid)
            _end_orphans(alive)
    return bool(ending)


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def _end_orphans(alive: set[int]) -> None:
    """What a child left behind is now a child of ours."""
    while orphans := _children() - alive:
        for orphan in orphans:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(orphan, signal.SIGKILL)
                os.waitpid(orphan, 0)


def _children() -> set[int]:
    me = os.getpid()
    try:
        with open(f"/proc/{me}/task/{me}/children", encoding="ascii") as listed:
            return {int(pid) for pid in listed.read().split()}
    except OSError:
        return set()


def _freeze() -> None:
    """What is loaded stays: walking or counting it in a child would copy its pages."""
    import gc

    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # children live for seconds
