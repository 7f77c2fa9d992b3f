"""What understanding costs beside plain reading: extraction, choice and every check of a package, against pdfplumber's words and tables of the same pages.

    python -m benchmarks.understanding [BATCH …]

Born-digital PDFs only, since their pages are the ones that both read. Quoted is the median of the ratio over the rounds, both in one process and one run.
Wanted: at most 0.2 (issue 5).
"""

import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

import pdfplumber

import policies
from benchmarks.lock import Here
from fixtures.__main__ import main as make
from flows import intake
from flows.screening import screen_package, warm
from schemas.package import Package

AS_OF = date(2026, 4, 15)
ROUNDS = 5
STAGES = ("understanding", "checking")


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if not sys.argv[1:]:
            make(["make", str(folder / "samples"), "--set", "all"])
        batches = [Path(given) for given in sys.argv[1:]] or sorted((folder / "samples" / "batches").iterdir())
        packages = [
            intake.collect(one, folder / f"work{number}-{one.id}", intake.Limits())
            for number, batch in enumerate(batches)
            for one in intake.survey(batch, "batch").submissions
        ]
        born = [package for package in map(_born, packages) if package.files]
        here = Here()
        warm()
        _understood(born, here)
        ratios, told = [], (0.0, 0.0)
        for _ in range(ROUNDS):
            told = _understood(born, here), _plumbed(born)
            ratios.append(told[0] / told[1])
        pages = sum(_pages(Path(file.stored)) for package in born for file in package.files)
    print(
        f"{len(born)} packages, {pages} pages: {told[0] / pages * 1000:.1f} ms a page against pdfplumber's {told[1] / pages * 1000:.1f}"
    )
    print(
        f"understanding / pdfplumber: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})   wanted: at most 0.2"
    )


def _born(package: Package) -> Package:
    files = tuple(file for file in package.files if file.path.lower().endswith(".pdf") and _has_words(Path(file.stored)))
    return package.model_copy(update={"files": files})


def _has_words(path: Path) -> bool:
    try:
        with pdfplumber.open(path) as pdf:
            return all(len(page.chars) > 20 for page in pdf.pages)
    except Exception:  # one of the damaged files
        return False


def _pages(path: Path) -> int:
    with pdfplumber.open(path) as pdf:
        return len(pdf.pages)


def _understood(packages: Sequence[Package], here: Here) -> float:
    spent = 0.0
    for package in packages:
        report = screen_package(package, policies.load("kunming-poc"), AS_OF, parsers=here, pictures="off").report
        spent += sum(report.timings[stage] for stage in STAGES)
    return spent


def _plumbed(packages: Sequence[Package]) -> float:
    start = perf_counter()
    for package in packages:
        for file in package.files:
            with pdfplumber.open(file.stored) as pdf:
                for page in pdf.pages:
                    page.extract_words()
                    page.extract_tables()
                    page.close()
    return perf_counter() - start


if __name__ == "__main__":
    main()
