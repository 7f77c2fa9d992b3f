"""How well packages are read that nobody here has looked at: recall, accepted recall, wrong accepted values, grounding, verdicts, findings.

``python -m benchmarks.score [--slice all|NAME] [--packages 320] [--scans 0] [--first 1000] [--jobs 2] [--misses FILE]`` makes packages of the
measuring set (fixtures/measure), screens each by itself the whole way from its files to its report, and holds it to its truth, split by the form's
format. ``all`` draws each package's slice at random; from the thousandth on nobody looks at how a package is read. ``--scans`` adds so many with form
and plan as scans, which takes minutes. ``--misses`` lists the cases, in words, so that they can be mended; a slice in ``UNSEEN`` has none.
"""

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks.scoring import Score, score
from fixtures.measure.make import SEEDS, UNSEEN

ROWS = (
    ("packages", "packages", ""),
    ("facts wanted", "wanted", ""),
    ("fact recall", "found", "wanted"),
    ("accepted recall", "accepted", "wanted"),
    ("precision", "right", "said"),
    ("accepted values", "said_accepted", ""),
    ("WRONG ACCEPTED", "wrong_accepted", ""),
    ("grounding", "grounded", "evidence"),
    ("verdicts (hard)", "hard_right", "hard_clauses"),
    ("verdicts (soft)", "soft_right", "soft_clauses"),
    ("failing clauses", "failing", ""),
    ("… called met", "failing_met", ""),
    ("findings due", "findings_due", ""),
    ("findings found", "findings_found", "findings_due"),
    ("false alarms", "false_alarms", ""),
)


@cache
def _policy(name: str):  # type: ignore[no-untyped-def]
    import policies

    return policies.load(name)


def screened(job: tuple[str, int, bool, str]) -> tuple[str, str, Score]:
    """One package → (format of its form, its name, its score)."""
    from fixtures.make import AS_OF, pack
    from fixtures.measure.make import make, scanned
    from flows import intake, screening
    from flows.settings import load
    from schemas.report import dump

    part, n, scan, pictures = job
    package = scanned(part, n) if scan else make(part, n)
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch) / "in"
        here.mkdir()
        pack(package, here)
        (path,) = here.iterdir()
        (one,) = intake.survey(path, "one" if path.is_dir() else "auto").submissions
        collected = intake.collect(one, Path(scratch) / "work", intake.Limits())
        told = screening.screen_package(
            collected,
            _policy(package.spec.track),
            date.fromisoformat(AS_OF),
            cache=load().settings.home / "readings",
            pictures=pictures,  # type: ignore[arg-type]
        )
        files = dict(package.files)
        return package.spec.form_as, f"{package.spec.track}/{package.spec.folder}", score(package.truth, dump(told.report), files)


def run(jobs: Sequence[tuple[str, int, bool, str]], workers: int) -> Iterator[tuple[str, str, Score]]:
    if workers == 1:
        yield from map(screened, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(screened, jobs)


def table(scores: dict[str, Score]) -> str:
    names = [*sorted(k for k in scores if k != "all"), "all"]
    lines = [f"{'':20}" + "".join(f"{n:>10}" for n in names)]
    for title, part, whole in ROWS:
        cells = []
        for name in names:
            s = scores[name]
            share = s.share(part, whole) if whole else None
            cells.append(f"{s.n[part]}" if not whole else "—" if share is None else f"{share:.4f}")
        lines.append(f"{title:20}" + "".join(f"{c:>10}" for c in cells))
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score")
    parser.add_argument("--slice", dest="part", choices=("all", *SEEDS), default="all")
    parser.add_argument("--packages", type=int, default=320)
    parser.add_argument("--scans", type=int, default=0)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--picture-check", choices=("deciding", "doubtful", "off"), default="doubtful")
    parser.add_argument("--misses", type=Path)
    given = parser.parse_args(argv)
    if given.misses and given.part in UNSEEN:
        print("Nobody reads the cases of the held-out slice: --misses goes with --slice measure or develop.", file=sys.stderr)
        return 2
    numbers = range(given.first, given.first + given.packages)
    seen = [part for part in SEEDS if part not in UNSEEN]

    def job(n: int, *, scan: bool) -> tuple[str, int, bool, str]:
        return random.Random(n).choice(seen) if given.part == "all" else given.part, n, scan, given.picture_check

    jobs = [job(n, scan=False) for n in numbers] + [job(n, scan=True) for n in range(given.first, given.first + given.scans)]
    scores: dict[str, Score] = defaultdict(Score)
    lines: list[str] = []
    for form, name, one in run(jobs, given.jobs):
        scores[form].add(one)
        scores["all"].add(one)
        lines += [f"\n## {name} [{form}]", *one.told] if one.told else []
    print(table(scores))
    whole = scores["all"]
    print("\nfacts (wanted / found / accepted)")
    for key, c in sorted(whole.keys.items()):
        print(f"  {key:30}{c['wanted']:6}{c['found']:6}{c['accepted']:6}")
    print("\nfindings (due / found / false)")
    for code, c in sorted(whole.codes.items()):
        print(f"  {code:30}{c['due']:6}{c['found']:6}{c['false']:6}")
    print("\nclauses right: " + "  ".join(f"{k} {c['right']}/{c['n']}" for k, c in sorted(whole.clauses.items())))
    if given.misses:
        given.misses.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
