"""Scanned pages a second, beside plain RapidOCR on the same pages in the same run, and how many of their numbers each side reads.

``python -m benchmarks.ocr [PAGES]`` takes PAGES (default 6) pages evenly from the bundled sample packages, draws them at 150 dpi, and wears every second
one: skew, noise, grey paper, shadow, a seal, JPEG. The text layer is the truth. Both sides get the same pixels and one thread, take turns, and are
timed by the processor time they use, which other work on the machine does not change; ROUNDS rounds, medians. Without RapidOCR's own dependencies, which
the project does not need, our side is timed alone.
"""

import contextlib
import importlib.util
import io
import pickle
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from extractors.readers import read as read_file
from extractors.readers import scan
from extractors.readers.ocr import Paddle
from extractors.readers.scan import PageReading, Pixels
from fixtures.worn import stamped, worn
from schemas.document import Document, Page
from schemas.vocabulary import Format, Outcome

ROUNDS = 3
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


class Case(NamedTuple):
    pixels: Pixels
    numbers: Counter[str]
    page: Page


def main() -> None:
    if "--peak" in sys.argv:
        print(_peak(sys.argv[sys.argv.index("--peak") + 1]))
        return
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    with tempfile.TemporaryDirectory() as scratch:
        cases = _cases(Path(scratch), wanted)
    if importlib.util.find_spec("omegaconf") is None:
        _alone(cases)
        return
    ours, theirs = _ours(), _rapidocr()
    texts = [(ours(c), theirs(c)) for c in cases]
    spent = [(_spent(ours, cases), _spent(theirs, cases)) for _ in range(ROUNDS)]
    mine, plain = (statistics.median(s[side] for s in spent) for side in (0, 1))
    print(f"pages {len(cases)}  rounds {ROUNDS}  150 dpi  one thread  processor time")
    for name, taken, side in (("chushen", mine, 0), ("RapidOCR, defaults", plain, 1)):
        read, false, there = _score([t[side] for t in texts], cases)
        print(f"{name:20}{taken / len(cases):7.2f} s a page{len(cases) / taken:8.2f} pages a second   numbers read {read}/{there}, read and not there {false}")  # fmt: skip
    print(f"ratio (median of {ROUNDS}) {statistics.median(b / a for a, b in spent):.2f}  (wanted: 1.5 or more)")
    _cache(cases[0])
    for who in ("ours", "rapidocr"):
        told = subprocess.run([sys.executable, "-m", "benchmarks.ocr", "--peak", who], capture_output=True, text=True, check=True)
        print(f"peak memory of a worker, {who}: {told.stdout.strip()} MB")


def _alone(cases: Sequence[Case]) -> None:
    ours = _ours()
    read, false, there = _score([ours(c) for c in cases], cases)
    taken = statistics.median(_spent(ours, cases) for _ in range(ROUNDS))
    print(f"pages {len(cases)}  rounds {ROUNDS}  150 dpi  one thread  processor time")
    print(
        f"chushen {taken / len(cases):.2f} s a page, {len(cases) / taken:.2f} pages a second, numbers read {read}/{there}, read and not there {false}"
    )
    print("RapidOCR's own pipeline is not installed here, only its models: no ratio (pip install rapidocr brings the rest)")
    _cache(cases[0])


def _cases(scratch: Path, wanted: int) -> list[Case]:
    from fixtures.__main__ import main as make

    with contextlib.redirect_stdout(io.StringIO()):
        make(["make", str(scratch), "--set", "demo"])
    found = []
    for path in sorted(scratch.rglob("*.pdf")):
        data = path.read_bytes()
        document = read_file(path.name, data)
        found += [(data, document, p) for p in document.pages if p.readable and len(NUMBER.findall(_of(document, p))) >= 5]
    step = max(1, len(found) // wanted)
    return [_case(data, document, page, k) for k, (data, document, page) in enumerate(found[::step][:wanted])]


def _of(document: Document, page: Page) -> str:
    return unicodedata.normalize("NFKC", document.text[page.start : page.end])


def _case(data: bytes, document: Document, page: Page, k: int) -> Case:
    shown = scan.render(data, page.number, file_format=Format.PDF, dpi=150)
    picture = Image.fromarray(shown.array())
    if k % 2:
        picture = stamped(picture, "昆明样泽生物医药科技有限公司", (300 + 170 * (k % 5), 400 + 230 * (k % 4)), seed=k)
        picture = worn(picture, skew=(-1) ** (k // 2) * 1.4, noise=8, paper=222, ink=50, shadow=0.2, blur=0.6, quality=55, seed=k)
    return Case(Pixels(picture.width, picture.height, picture.tobytes()), Counter(NUMBER.findall(_of(document, page))), page)


def _ours() -> Callable[[Case], str]:
    engine = Paddle(threads=1)

    def read(case: Case) -> str:
        page = case.page._replace(number=1, start=0, end=0, readable=False)
        empty = Document(format=Format.PDF, outcome=Outcome.PARTIAL, message="", pages=(page,))
        return scan.assemble(empty, {1: scan.recognise(case.pixels, engine)}).text

    return read


def _rapidocr() -> Callable[[Case], str]:
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1})

    def read(case: Case) -> str:
        answer = engine(case.pixels.array()[:, :, ::-1])
        return "\n".join(answer.txts or ())

    return read


def _spent(read: Callable[[Case], str], cases: Sequence[Case]) -> float:
    start = time.process_time()
    for case in cases:
        read(case)
    return time.process_time() - start


def _score(texts: Sequence[str], cases: Sequence[Case]) -> tuple[int, int, int]:
    read = false = 0
    for text, case in zip(texts, cases, strict=True):
        found = Counter(NUMBER.findall(unicodedata.normalize("NFKC", text)))
        read += (found & case.numbers).total()
        false += (found - case.numbers).total()
    return read, false, sum(c.numbers.total() for c in cases)


def _cache(case: Case) -> None:
    stored = scan.recognise(case.pixels, Paddle()).to_bytes()
    digest = statistics.median(_milliseconds(lambda: case.pixels.digest) for _ in range(9))
    unpacked = statistics.median(_milliseconds(lambda: PageReading.from_bytes(stored)) for _ in range(9))
    print(f"cache hit: digest of the pixels {digest:.1f} ms, reading unpacked {unpacked:.1f} ms ({len(stored)} bytes)")


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _peak(side: str) -> int:
    """The most memory a worker held while reading four pages, in MB. The pages come from outside: making them takes memory, too."""
    read = _ours() if side == "ours" else _rapidocr()
    for case in pickle.loads(sys.stdin.buffer.read()):
        read(case)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
