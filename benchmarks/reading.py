"""Born-digital PDF to report.json, in pages a second, beside pdfplumber's words and tables on the same files in the same process.

``python -m benchmarks.reading [FOLDER]`` reads every PDF with a text layer below FOLDER (default: the bundled sample packages, made anew), the PDFs of a folder as one
package, the whole way: reading, understanding, checking, writing the JSON. Start-up (imports, jieba's dictionary) is told apart;
no pictures are made. Both sides take turns, five rounds, medians, in one thread each; timed by the processor time they use, which other
work on the machine hardly changes: ours is that of this process, of the zygote and of every child it forked. Comparing the deciding figures with
the pictures of their pages is left out of the ratio and told on its own line, by the clock.
"""

import gc
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROUNDS = 5
POLICY = "kunming-poc"
DAY = date(2026, 4, 15)


def main() -> None:
    started = time.perf_counter()
    import policies
    from flows import intake, parsing, screening
    from schemas.report import dump

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _made(Path(scratch))
        files = [path for path in sorted(folder.rglob("*.pdf")) if _has_text(path)]
        policy = policies.load(POLICY)
        packages = [
            intake.collect(intake.survey(path, "one").submissions[0], Path(scratch) / f"work{n}", intake.Limits())
            for n, path in enumerate(_grouped(files, Path(scratch) / "packages"))
        ]

        parsers = parsing.Parsers()

        def ours(pictures: str = "off") -> float:
            spent = 0.0
            for package in packages:
                done = screening.screen_package(package, policy, DAY, parsers=parsers, pictures=pictures)  # type: ignore[arg-type]
                json.dumps(dump(done.report), ensure_ascii=False)
                spent += done.report.timings["picture_check"]
            parsers.forget()
            return spent

        screening.warm()
        ours()
        startup = time.perf_counter() - started
        pages = sum(_pages(path) for path in files)
        rounds = [(_timed(ours, parsers), _timed(lambda: _plumb(files))) for _ in range(ROUNDS)]
        ours("deciding")  # its engine starts
        checked = statistics.median(ours("deciding") for _ in range(ROUNDS))
        parsers.close()
        mine, theirs = (statistics.median(r[side] for r in rounds) for side in (0, 1))
        ratio = statistics.median(b / a for a, b in rounds)
    print(
        f"packages {len(packages)}  files {len(files)}  pages {pages}  rounds {ROUNDS}  first run with start-up {startup:.1f} s"
    )
    print(f"chushen, PDF to report.json   {1000 * mine / pages:7.2f} ms a page  {pages / mine:7.1f} pages a second")
    print(f"pdfplumber, words and tables  {1000 * theirs / pages:7.2f} ms a page  {pages / theirs:7.1f} pages a second")
    print(
        f"picture check, by the clock   {1000 * checked / pages:7.2f} ms a page  {1000 * checked / len(packages):7.1f} ms a package"
    )
    print(f"ratio (median of {ROUNDS}) {ratio:.1f}  (wanted: 5 or more)")


def _made(scratch: Path) -> Path:
    from fixtures.__main__ import main as make

    make(["make", str(scratch / "samples"), "--set", "demo"])
    return scratch / "samples"


def _grouped(files: list[Path], scratch: Path) -> list[Path]:
    """The PDFs of one folder are one package, as they are in a real run, without its other files."""
    folders = []
    for n, folder in enumerate(dict.fromkeys(path.parent for path in files)):
        folders.append(scratch / str(n))
        folders[-1].mkdir(parents=True)
        for path in files:
            if path.parent == folder:
                shutil.copy(path, folders[-1] / path.name)
    return folders


def _has_text(path: Path) -> bool:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return False
    return any(document[n].get_textpage().count_chars() > 50 for n in range(len(document)))


def _pages(path: Path) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


def _plumb(files: list[Path]) -> None:
    import pdfplumber

    for path in files:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_words()
                page.extract_tables()
                page.close()


def _timed(work: object, parsers: object = None) -> float:
    gc.collect()  # or one side pays for what the other left behind
    start = time.process_time() + _children(parsers)
    work()  # type: ignore[operator]
    return time.process_time() + _children(parsers) - start


def _children(parsers: object) -> float:
    """Seconds of the processor's time the zygote and all it has forked and reaped have used; 0 where the platform does not tell."""
    pid = parsers._children.pid() if parsers else None  # type: ignore[attr-defined]
    if pid is None:
        return 0.0
    time.sleep(0.2)  # until those just let go of are reaped
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
