"""What one child may use."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

MEBI = 1 << 20

#: ``parse``: no process, no file but to read. ``ocr``: the same, and it may set its threads' places. ``office``: a whole foreign program.
Profile = Literal["parse", "ocr", "office"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """``memory`` is address space in bytes; ``cpu`` seconds in all, 0 for no end; ``wall`` seconds for one answer; ``answer`` its bytes.

    ``writable`` bytes a file, in ``folders`` alone; ``readable`` are files and folders beside the interpreter and its packages; in
    ``sockets`` it may make local sockets and nothing else.
    """

    memory: int = 2048 * MEBI
    cpu: int = 60
    wall: float = 90.0
    answer: int = 64 * MEBI
    open_files: int = 64
    profile: Profile = "parse"
    readable: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    writable: int = 0

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        return cls(**{**told, **{name: tuple(told[name]) for name in ("readable", "folders", "sockets")}})
