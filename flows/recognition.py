"""The parent's side of recognition: an engine whose work is done by a locked child that gets pixels only.

The child is started on first use and replaced after its share of pictures or when it has grown; one that dies or hangs costs the picture it was
at, after a second try.
"""

import atexit
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from extractors.readers.ocr import Glyphs, Grey, Paddle, Spot
from extractors.readers.scan_reading import PageReading, Pixels
from flows.parsing import ROOMS
from sandbox import Bounds, Child, ChildError, Solo
from sandbox.child import OverrunError, RefusalError

MEBI: Final = 1 << 20
PICTURES: Final = 200
RESIDENT: Final = 1536 * MEBI
BOUNDS: Final = Bounds(
    memory=6144 * MEBI,
    cpu=0,
    wall=180.0,
    answer=64 * MEBI,
    profile="ocr",
    readable=(*ROOMS, "/proc/cpuinfo", "/sys/devices/system/cpu"),
)
TRIES: Final = 2
GLYPHS: Final = TypeAdapter(list[tuple[str, tuple[float, ...], tuple[float, ...]]])
SPOTS: Final = TypeAdapter(list[tuple[float, float, float, float, float]])

T = TypeVar("T")


class RecognitionError(Exception):
    """A picture two children died over. The message is Chinese."""


class Reader:
    """An ``Engine``, and ``page`` for whole pages at once. Used from one thread at a time."""

    def __init__(self, *, threads: int = 1, bounds: Bounds = BOUNDS, pictures: int = PICTURES, resident: int = RESIDENT) -> None:
        self._named = Paddle(threads=threads)  # it names and looks for the models; it never loads them here
        self._bounds, self._pictures, self._resident = bounds, pictures, resident
        self._solo = Solo("extractors.ocr_tasks")
        self._child: Child | None = None
        self._done = 0

    @property
    def id(self) -> str:
        return self._named.id

    def probe(self) -> str:
        return self._named.probe()

    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.pid if self._child is not None else None

    def page(self, pixels: Pixels) -> PageReading:
        """Raises ``RecognitionError``."""
        head = {"do": "page", "width": pixels.width, "height": pixels.height}
        return self._asked(head, [pixels.data], lambda child: PageReading.from_bytes(child.receive() or b""))

    def read(self, crops: Sequence[Grey]) -> list[Glyphs]:
        """Raises ``RecognitionError``."""
        if not crops:
            return []
        found = self._asked(_shapes("read", crops), _bytes(crops), lambda child: GLYPHS.validate_python(child.receive_json()))
        glyphs = [Glyphs(*one) for one in found]
        if len(glyphs) != len(crops):
            raise RecognitionError("识别进程的回答无法识别")
        return glyphs

    def find(self, grey: Grey) -> list[Spot]:
        """Raises ``RecognitionError``."""
        found = self._asked(_shapes("find", [grey]), _bytes([grey]), lambda child: SPOTS.validate_python(child.receive_json()))
        return [Spot(*one) for one in found]

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None
        self._done = 0

    def _asked(self, head: dict[str, Any], pixels: Sequence[bytes], answer: Callable[[Child], T]) -> T:
        reason = ""
        for _ in range(TRIES):
            try:
                child = self._running()
                child.send(json.dumps(head).encode() + b"\n", *pixels)
                found = answer(child)
                self._done += 1
                return found
            except (ChildError, RefusalError) as error:
                reason = error.reason if isinstance(error, ChildError) else "未能识别"
            except (ValueError, ValidationError):
                reason = OverrunError("识别进程的回答无法识别").reason
            self.close()
        raise RecognitionError(reason)

    def _running(self) -> Child:
        if self._child is not None and (self._done >= self._pictures or _resident(self._child.pid) > self._resident):
            self.close()
        if self._child is None:
            self._child = self._solo.start("serve", {"threads": self._named.threads}, None, self._bounds)
        return self._child


def _shapes(do: str, greys: Sequence[Grey]) -> dict[str, Any]:
    return {"do": do, "shapes": [grey.shape for grey in greys]}


def _bytes(greys: Sequence[Grey]) -> list[bytes]:
    return [grey.tobytes() for grey in greys]


def _resident(pid: int) -> int:
    """Bytes a process holds in memory; 0 where the platform does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * 4096
    return 0


@cache
def shared(threads: int) -> Reader:
    """This process's own, ended with it."""
    reader = Reader(threads=threads)
    atexit.register(reader.close)
    return reader
