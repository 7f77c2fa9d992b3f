"""Pages a second from born-digital PDF to report.json, beside pdfplumber's words and tables on the same files in the same run.

    python -m benchmarks.pages [PDF …]

One process on both sides, the two taking turns so that a busy machine hurts both alike; the median of the rounds counts. Start-up
(imports, dictionaries) and pictures (report.html) are told apart. Without arguments: the PDFs among the bundled sample packages. Scans are left out.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

AS_OF = date(2026, 4, 15)
POLICY = "kunming-poc"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("pdf", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    call = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = [path.resolve() for path in call.pdf] or _bundled(root)
        package = root / "package"
        package.mkdir()
        for number, path in enumerate(files, 1):
            shutil.copy(path, package / f"{number:03d} {path.name}")
        _measure(package, root, call.rounds)


def _measure(package: Path, root: Path, rounds: int) -> None:
    start = time.perf_counter()
    from flows import intake
    from flows.carry import carry_out
    from flows.job import Job
    from flows.screening import warm

    warm()
    startup = time.perf_counter() - start
    import pdfplumber

    (submission,) = intake.survey(package, "one").submissions
    job = Job(
        submission=submission, policy=POLICY, as_of=AS_OF, out=str(root / "out"), work=str(root / "work"), outputs=("json",)
    )
    counted = {path: _pages(path) for path in sorted(package.iterdir())}
    for path in [path for path, count in counted.items() if not count]:
        path.unlink()
    pages = sum(counted.values())

    def theirs() -> None:
        for path in sorted(package.iterdir()):
            with pdfplumber.open(path) as document:
                for page in document.pages:
                    page.extract_words()
                    page.extract_tables()

    ours, others = [], []
    for _ in range(rounds):
        ours.append(_seconds(lambda: carry_out(job)))
        others.append(_seconds(theirs))
    pictures = _seconds(lambda: carry_out(job.model_copy(update={"outputs": ("json", "html")}))) - statistics.median(ours)
    mine, other = statistics.median(ours), statistics.median(others)
    print(f"{len(list(package.iterdir()))} files, {pages} pages, {rounds} rounds")
    print(f"{'start-up, once':<40}{startup:8.2f} s")
    print(f"{'PDF to report.json':<40}{mine:8.2f} s {pages / mine:8.1f} pages/s")
    print(f"{'report.html with its pictures, besides':<40}{max(pictures, 0):8.2f} s")
    print(f"{'pdfplumber: words and tables':<40}{other:8.2f} s {pages / other:8.1f} pages/s")
    ratios = [b / a for a, b in zip(ours, others, strict=True)]
    print(f"{'ratio':<40}{other / mine:8.1f}   ({min(ratios):.1f} to {max(ratios):.1f})")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _pages(path: Path) -> int:
    """The pages of a PDF that has a text layer throughout; 0 for others: a scan is not read yet, so its pages cost us nothing."""
    from extractors import readers

    document = readers.read(path.name, path.read_bytes())
    return len(document.pages) if document.pages and all(page.readable for page in document.pages) else 0


def _bundled(root: Path) -> list[Path]:
    subprocess.run([sys.executable, "-P", "-m", "fixtures", "make", str(root / "samples"), "--set", "demo"], check=True)
    return sorted((root / "samples" / "batches").rglob("*.pdf"))


if __name__ == "__main__":
    main()
