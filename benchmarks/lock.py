"""What the lock costs: born-digital packages screened with each file parsed in a locked child, and with the same readers in this process.

    python -m benchmarks.lock [BATCH …]

Both ways take turns in one run, package by package; quoted are the medians of the ratio and of the milliseconds a file, first of the time a package takes, then
of the processor's time, of which a part runs beside. The recognition of pictures is left out, since it runs in a child of its own either way.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import policies
from extractors.pictures import Pictures
from extractors.readers import archive, read, scan
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import RefusedError
from fixtures.__main__ import main as make
from flows import intake
from flows.parsing import Member, Parsers, Source, Unseen
from flows.screening import screen_package, warm
from reports import html
from schemas.vocabulary import Format

AS_OF = date(2026, 4, 15)
ROUNDS = 7


class Here(Parsers):
    """The same readers without a child."""

    def ahead(self, name: str, path: str, limits: Limits = DEFAULT, **_: Any) -> None:
        return None

    def document(self, name: str, path: str, limits: Limits = DEFAULT, **_: Any) -> Any:
        return read(name, Path(path).read_bytes(), limits)

    def members(self, name: str, path: str, limits: Limits, library: str | None = None) -> Iterator[Member] | None:
        data = Path(path).read_bytes()
        if not archive.is_archive(data, name):
            return None
        found = archive.unpack(name, data, limits=limits)
        return (Member(m.path, m.data, m.refused, m.message, m.litter, m.odd_name) for m in found)

    def pages(self, path: str, kind: Format, numbers: Sequence[int], limits: Limits = DEFAULT, *, dpi: int | None = None) -> Any:
        for number in numbers:
            try:
                yield number, scan.render(Path(path).read_bytes(), number, file_format=kind, dpi=dpi, limits=limits)
            except RefusedError as refusal:
                yield number, Unseen(refusal.outcome, refusal.message)

    def pictures(self, sources: Any, expected: Any = ()) -> Any:
        return Pictures(
            {ident: (one.format, Path(one.path).read_bytes(), one.document) for ident, one in sources.items()}, font=self._font
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if not sys.argv[1:]:
            make(["make", str(folder / "samples"), "--set", "demo"])
        batches = [Path(given) for given in sys.argv[1:]] or sorted((folder / "samples" / "batches").iterdir())
        packages = [
            intake.collect(one, folder / f"work{number}-{one.id}", intake.Limits())
            for number, batch in enumerate(batches)
            for one in intake.survey(batch, "batch").submissions
        ]
        locked, here = Parsers(), Here()
        warm()
        born = [_born(package, _screened(package, locked)) for package in packages]
        files = sum(not file.container for package in born for file in package.files)
        born = [package for package in born if package.files]
        rounds = []
        for _ in range(ROUNDS):
            with_lock, without = (0.0, 0.0), (0.0, 0.0)
            for package in born:
                with_lock = _added(with_lock, _seconds(package, locked))
                without = _added(without, _seconds(package, here))
            rounds.append((with_lock, without))
        locked.close()
    print(f"{len(born)} packages without their scans, {files} files, {ROUNDS} rounds; wanted: at most 1.05, or 10 ms a file")
    for which, name in enumerate(("time a package takes", "processor's time")):
        ratios = [with_lock[which] / without[which] for with_lock, without in rounds]
        costs = [(with_lock[which] - without[which]) / files * 1000 for with_lock, without in rounds]
        print(
            f"{name:22} locked / in this process {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}), "
            f"a file {statistics.median(costs):.1f} ms ({min(costs):.1f} to {max(costs):.1f})"
        )


def _born(package: Any, report: Any) -> Any:
    """The package without the files that had to be recognised."""
    scanned = {entry.file for entry in report.documents if entry.ocr_pages}
    return package.model_copy(update={"files": tuple(file for file in package.files if file.path not in scanned)})


def _screened(package: Any, parsers: Parsers) -> Any:
    """The whole way: reading, understanding, checking, the page with its pictures."""
    done = screen_package(package, policies.load("kunming-poc"), AS_OF, parsers=parsers, pictures="off")
    sources = {ident: Source(document.format, file.stored, document) for ident, (file, document) in done.documents.items()}
    with parsers.pictures(sources, html.pictured(done.report)) as pictures:
        html.render(done.report, pictures)
    return done.report


def _seconds(package: Any, parsers: Parsers) -> tuple[float, float]:
    """By the clock, and of the processor with every child."""
    start, used = time.perf_counter(), _processor(os.getpid())
    _screened(package, parsers)
    spent = time.perf_counter() - start
    time.sleep(0.02)  # children that end are counted when they are reaped
    return spent, _processor(os.getpid()) - used


def _added(one: tuple[float, float], more: tuple[float, float]) -> tuple[float, float]:
    return one[0] + more[0], one[1] + more[1]


def _processor(pid: int) -> float:
    """Seconds of a process, what it has reaped, and all it has running."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK") + sum(_processor(int(one)) for one in below)


if __name__ == "__main__":
    main()
