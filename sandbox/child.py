"""The parent's hold on one child: frames in and out under a clock, and its end."""

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, NamedTuple, NoReturn, Protocol, Self

from sandbox.bounds import Bounds
from sandbox.wire import ANSWER, BROKEN, HEAD, REFUSAL

#: A child may say this much to refuse or to tell where it broke.
FEW: Final = 20_000
#: Seconds a child that has said its last has to end.
PATIENCE: Final = 1.0
#: Where pipes cannot be waited for (Windows), a timer ends a child that is late: a thread for every question.
POLLS: Final = sys.platform != "win32" and hasattr(select, "poll")
IN, OUT = (select.POLLIN, select.POLLOUT) if POLLS else (0, 0)


class Ending(NamedTuple):
    """How a child ended: its exit status (negative: the signal), seconds of processor time, and the most memory it held, in bytes."""

    status: int
    cpu: float = 0.0
    memory: int = 0


class ChildError(Exception):
    """The child ended before its answer, or broke. ``reason`` is Chinese; ``costly`` where it ran out of time or memory."""

    def __init__(self, reason: str, *, costly: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.costly = costly


class LateError(ChildError):
    """It took more time than it had."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, costly=True)


class OverrunError(ChildError):
    """It said more than it may, or what is no answer."""


class RefusalError(Exception):
    """The child's own refusal of its file, as it put it: short words by short names."""

    def __init__(self, told: dict[str, str]) -> None:
        super().__init__(str(told))
        self.told = told


class Held(Protocol):
    """Who started the process: ends it with all it started; ``finish`` first waits ``patience`` seconds for it to end by itself."""

    def kill(self, pid: int) -> None: ...

    def finish(self, pid: int, patience: float) -> Ending: ...

    def drop(self, pid: int) -> None:
        """End it now; nobody asks how it ended."""
        ...


class Child:
    """Close it, or use ``with``: whatever it is doing then ends."""

    def __init__(self, pid: int, incoming: int, outgoing: int, bounds: Bounds, held: Held) -> None:
        self.pid = pid
        self.bounds = bounds
        self.ending: Ending | None = None
        self._in, self._out, self._held = incoming, outgoing, held
        self._late = self._closed = False
        if POLLS:
            for file in {incoming, outgoing}:
                os.set_blocking(file, False)

    def send(self, *parts: bytes | memoryview) -> None:
        """One frame. A child that does not listen is found out when its answer is awaited."""
        with suppress(OSError), _clock(self.bounds.wall, self._overdue) as clock:
            for part in (HEAD.pack(sum(memoryview(part).nbytes for part in parts)), *parts):
                view = memoryview(part).cast("B")
                while view:
                    clock.until(self._out, OUT)
                    view = view[os.write(self._out, view) :]

    def receive(self) -> bytes | None:
        """The next frame's content; None after the last. Raises ``ChildError`` and its kinds, and ``RefusalError``."""
        with _clock(self.bounds.wall, self._overdue) as clock:
            head = self._read(HEAD.size, clock)
            size = HEAD.unpack(head)[0] if len(head) == HEAD.size else 0
            body = self._read(size, clock) if size <= self.bounds.answer else b""
        if size > self.bounds.answer:
            self._fail(OverrunError("解析进程的回答超出上限"))
        if not size or len(body) < size:
            self._ended(clean=not head)
            return None
        kind, content = body[:1], body[1:]
        if kind == REFUSAL and size < FEW:
            raise RefusalError(self._words(content))
        if kind == BROKEN and size < FEW:
            where = content.decode("utf-8", "replace")
            self._fail(ChildError(f"解析出错（{where}）", costly=where.startswith("MemoryError")))
        if kind != ANSWER:
            self._fail(OverrunError("解析进程的回答无法识别"))
        return content

    def receive_json(self) -> Any:
        """Raises as ``receive``, and ``OverrunError`` for what is no JSON or nothing."""
        content = self.receive()
        if content is None:
            self._fail(OverrunError("解析进程没有回答"))
        return self.json(content)

    def close(self) -> None:
        """End it, whatever it is doing. Does not wait for it to be gone."""
        if not self._closed:
            self._shut()
            self._held.drop(self.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _shut(self) -> None:
        self._closed = True
        for file in {self._in, self._out}:
            os.close(file)

    def _read(self, size: int, clock: "_Clock") -> bytes:
        found = bytearray()
        while len(found) < size:
            try:
                clock.until(self._in, IN)
                piece = os.read(self._in, min(1 << 20, size - len(found)))
            except OSError:
                break
            if not piece:
                break
            found += piece
        return bytes(found)

    def _ended(self, *, clean: bool) -> None:
        """It said no more: fine after its last answer, else the reason why."""
        self._shut()
        self.ending = ending = self._held.finish(self.pid, PATIENCE)
        if self._late:
            raise LateError(f"超过规定时间（{self.bounds.wall:.0f} 秒），已中止")
        if not clean or ending.status != 0:
            raise _why(ending, self.bounds)

    def _fail(self, error: ChildError) -> NoReturn:
        self.close()
        raise error

    def json(self, content: bytes) -> Any:
        """What a frame holds as JSON. Raises ``OverrunError``."""
        try:
            return json.loads(content, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            self._fail(OverrunError("解析进程的回答无法识别"))

    def _words(self, content: bytes) -> dict[str, str]:
        told = self.json(content)
        if not isinstance(told, dict) or not all(isinstance(word, str) for pair in told.items() for word in pair):
            self._fail(OverrunError("解析进程的回答无法识别"))
        return told

    def _overdue(self) -> None:
        self._late = True
        self._held.kill(self.pid)


class _Clock(Protocol):
    """Calls ``overdue`` after so many seconds, unless left before."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def until(self, file: int, event: int) -> None:
        """Wait until there is something to read from the file, or room to write to it; what comes of a child that is late, the file tells."""
        ...


class _Poll:
    """The waiting itself ends in time, which takes no thread."""

    def __init__(self, seconds: float, overdue: Callable[[], None]) -> None:
        self._end = time.monotonic() + seconds
        self._overdue = overdue
        self._late = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def until(self, file: int, event: int) -> None:
        if self._late:
            return
        waiting = select.poll()
        waiting.register(file, event)
        if not waiting.poll(max(0.0, self._end - time.monotonic()) * 1000):
            self._late = True
            os.set_blocking(file, True)  # it ends, and with it the file
            self._overdue()


class _Timer:
    def __init__(self, seconds: float, overdue: Callable[[], None]) -> None:
        self._timer = threading.Timer(seconds, overdue)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def until(self, file: int, event: int) -> None:
        return None


def _clock(seconds: float, overdue: Callable[[], None]) -> _Clock:
    return _Poll(seconds, overdue) if POLLS else _Timer(seconds, overdue)


def _why(ending: Ending, bounds: Bounds) -> ChildError:
    if ending.status == -signal.SIGXCPU or (bounds.cpu and ending.cpu >= bounds.cpu):
        return LateError(f"所用处理器时间超过 {bounds.cpu} 秒，已中止")
    if ending.status == -signal.SIGABRT:
        return ChildError("解析进程因内存不足或内部错误中止（信号 6）", costly=True)
    how = f"信号 {-ending.status}" if ending.status < 0 else f"退出码 {ending.status}"
    return ChildError(f"解析进程意外终止（{how}）")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
