"""What the lock costs: born-digital packages screened with each file parsed in a locked child, and with the same readers in this process.

    python -m benchmarks.lock [BATCH …]

Both ways take turns in one run, package by package; quoted are the medians of the ratio and of the milliseconds a file. The recognition of pictures is
left out, since it runs in a child of its own either way.
"""

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

    def pictures(self, sources: Any) -> Any:
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
        ratios, costs = [], []
        for _ in range(ROUNDS):
            with_lock = without = 0.0
            for package in born:
                with_lock += _seconds(package, locked)
                without += _seconds(package, here)
            ratios.append(with_lock / without)
            costs.append((with_lock - without) / files * 1000)
        locked.close()
    print(f"{len(born)} packages without their scans, {files} files, {ROUNDS} rounds")
    print(f"locked / in this process: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
    print(
        f"cost a file: {statistics.median(costs):.1f} ms ({min(costs):.1f} to {max(costs):.1f})   wanted: at most 1.05, or 10 ms"
    )


def _born(package: Any, report: Any) -> Any:
    """The package without the files that had to be recognised."""
    scanned = {entry.file for entry in report.documents if entry.ocr_pages}
    return package.model_copy(update={"files": tuple(file for file in package.files if file.path not in scanned)})


def _screened(package: Any, parsers: Parsers) -> Any:
    """The whole way: reading, understanding, checking, the page with its pictures."""
    done = screen_package(package, policies.load("kunming-poc"), AS_OF, parsers=parsers, pictures="off")
    sources = {ident: Source(document.format, file.stored, document) for ident, (file, document) in done.documents.items()}
    with parsers.pictures(sources) as pictures:
        html.render(done.report, pictures)
    return done.report


def _seconds(package: Any, parsers: Parsers) -> float:
    start = time.perf_counter()
    _screened(package, parsers)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
