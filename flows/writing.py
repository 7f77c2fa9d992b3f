"""Reports to files, whole or not at all: a temporary file beside the target, flushed to disk, then renamed over it."""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from schemas.report import BatchReport, ScreeningReport, dump, load


def atomically(path: Path, write: Callable[[Path], None]) -> None:
    """``write`` gets a path beside ``path`` with the same ending; what it wrote there then takes the place of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(4)}{path.suffix}")
    try:
        write(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, report: ScreeningReport | BatchReport) -> None:
    write_data(path, dump(report))


def write_data(path: Path, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    atomically(path, lambda target: _text(target, text))


def write_text(path: Path, text: str) -> None:
    atomically(path, lambda target: _text(target, text))


def read_report(path: Path) -> ScreeningReport:
    return load(json.loads(path.read_text(encoding="utf-8")))


class Reports(Sequence[ScreeningReport]):
    """The reports of a batch, each read from its file when it is asked for, so that a large batch need not fit in memory."""

    def __init__(self, paths: Sequence[Path], keep: int = 500) -> None:
        self._paths = tuple(paths)
        self._keep = keep
        self._kept: dict[int, ScreeningReport] = {}

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if number not in self._kept:
            report = read_report(self._paths[number])
            if len(self._kept) >= self._keep:
                return report
            self._kept[number] = report
        return self._kept[number]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def write_bytes(path: Path, data: bytes) -> None:
    def write(there: Path) -> None:
        there.write_bytes(data)

    atomically(path, write)
