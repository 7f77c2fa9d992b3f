"""What is flagged, and what is not: finding recall over all codes and in each, the share told at its place, false alarms, look-alikes flagged.

``python -m benchmarks.findings [--slice measure|develop] [--packages 188] [--first 0] [--batches 24] [--jobs 2] [--misses FILE]`` makes packages and batches of
the planted set (fixtures/planted), screens them from their files to their reports, and counts by the definitions of the acceptance scorer.
Every second package is clean. ``measure`` is the slice the README quotes; its cases are counted, never listed. ``--misses`` lists those of
``develop``, in words, so that they can be mended; ``--keep DIR`` writes develop's packages and truth there instead of screening them; ``--codes A,B`` takes
only packages whose plants or look-alikes concern one of these codes.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.scoring import Tally, tally

Told = tuple[str, Tally]


@cache
def _policy(name: str) -> Any:
    import policies

    return policies.load(name)


def single(job: tuple[str, int]) -> list[Told]:
    from fixtures.make import AS_OF, pack
    from fixtures.planted.make import chosen, make
    from flows import intake, screening
    from flows.settings import load
    from schemas.report import dump

    part, n = job
    package = make(part, n)
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch) / "in"
        here.mkdir()
        pack(package, here)
        (path,) = here.iterdir()
        (one,) = intake.survey(path, "one" if path.is_dir() else "auto").submissions
        collected = intake.collect(one, Path(scratch) / "work", intake.Limits())
        told = screening.screen_package(
            collected, _policy(package.spec.track), date.fromisoformat(AS_OF), cache=load().settings.home / "readings"
        )
    _, _, plants, alike = chosen(part, n)
    name = f"{package.spec.track}/{package.spec.folder} [{package.spec.form_as}] {'; '.join(x.name for x in (*plants, *alike))}"
    return [(name, tally(package.truth, dump(told.report)))]


def batch(job: tuple[str, int]) -> list[Told]:
    from fixtures.make import AS_OF, pack
    from fixtures.planted.batches import make
    from flows import command

    part, n = job
    made = make(part, n)
    with tempfile.TemporaryDirectory() as scratch:
        here, out = Path(scratch) / "in", Path(scratch) / "out"
        here.mkdir()
        for package in made.packages:
            pack(package, here)
        call = [
            "screen",
            str(here),
            "--policy",
            made.track,
            "--batch",
            "--as-of",
            AS_OF,
            "--out",
            str(out),
            "--outputs",
            "json",
            "--engine",
            "local",
        ]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as complaint:
            status = command.main(call)
        reports = {
            r["submission"]["id"]: r for r in (json.loads(p.read_text("utf-8")) for p in out.glob("submissions/*/report.json"))
        }
        if status not in (0, 1) or len(reports) != len(made.packages):
            raise RuntimeError(complaint.getvalue())
    name = f"{made.track}/{made.name} [{'; '.join(made.told)}]"
    return [(f"{name} {p.spec.folder}", tally(p.truth, reports[p.spec.folder])) for p in made.packages]


def run(jobs: Sequence[tuple[str, int]], kind: str, workers: int) -> Iterator[Told]:
    work = single if kind == "single" else batch
    if workers == 1:
        for job in jobs:
            yield from work(job)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for told in pool.map(work, jobs):
            yield from told


def _part(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def table(packages: Tally, batches: Tally) -> str:
    """As the README has it."""
    lines = [f"{'':26}{'single':>10}{'in batches':>12}{'all':>10}"]
    both = Tally()
    both.add(packages)
    both.add(batches)
    columns = (packages, batches, both)
    for title, part in (
        ("packages", "packages"),
        ("… clean", "clean"),
        ("findings due", "due"),
        ("… found", "found"),
        ("… told at their place", "located"),
    ):
        lines.append(f"{title:26}" + f"{packages.n[part]:>10}{batches.n[part]:>12}{both.n[part]:>10}")
    for title, part, whole in (
        ("RECALL", "found", "due"),
        ("located", "located", "due"),
        ("FALSE ALARMS / CLEAN", "false_clean", "clean"),
    ):
        a, b, c = (_part(t.share(part, whole)) for t in columns)
        lines.append(f"{title:26}{a:>10}{b:>12}{c:>10}")
    lines.append(
        f"{'LOOK-ALIKES FLAGGED':26}" + "".join(f"{t.n['alike']:>{w}}" for t, w in zip(columns, (10, 12, 10), strict=True))
    )
    lines.append(f"{'… of so many':26}" + "".join(f"{t.n['alikes']:>{w}}" for t, w in zip(columns, (10, 12, 10), strict=True)))
    lines.append(f"\n{'code':26}{'due':>6}{'found':>7}{'located':>9}{'recall':>8}{'false':>7}{'alike':>7}{'tolerated':>11}")
    for code, c in sorted(both.codes.items()):
        share = _part(c["found"] / c["due"] if c["due"] else None)
        lines.append(
            f"{code:26}{c['due']:>6}{c['found']:>7}{c['located']:>9}{share:>8}{c['false']:>7}{c['alike']:>7}{c['tolerated']:>11}"
        )
    return "\n".join(lines)


def numbered(part: str, first: int, count: int, codes: frozenset[str]) -> list[int]:
    """The numbers of the packages to be made; with ``codes`` those that concern them, as many among the first 600 as there are."""
    from fixtures.planted.make import chosen

    if not codes:
        return list(range(first, first + count))

    def concerned(n: int) -> bool:
        _, _, plants, alike = chosen(part, n)
        return bool(codes & ({p.code for p in plants} or {c for a in alike for c in a.codes}))

    return [n for n in range(first, first + 600) if concerned(n)][:count]


def keep(part: str, numbers: Sequence[int], batches: range, directory: Path) -> None:
    from fixtures.measure.make import write
    from fixtures.planted import batches as several
    from fixtures.planted.make import make

    write([make(part, n) for n in numbers], directory / "single")
    for n in batches:
        made = several.make(part, n)
        write(made.packages, directory / made.name)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.findings")
    parser.add_argument("--slice", dest="part", choices=("measure", "develop"), default="measure")
    parser.add_argument("--packages", type=int, default=188)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--batches", type=int, default=24)
    parser.add_argument("--first-batch", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--codes", default="")
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args(argv)
    if (given.misses or given.keep) and given.part == "measure":
        print("Nobody reads the cases of the measuring slice: --misses and --keep go with --slice develop.", file=sys.stderr)
        return 2
    numbers = numbered(given.part, given.first, given.packages, frozenset(filter(None, given.codes.split(","))))
    several = range(given.first_batch, given.first_batch + given.batches)
    if given.keep:
        keep(given.part, numbers, several, given.keep)
        return 0
    sums = {"single": Tally(), "batch": Tally()}
    lines: list[str] = []
    for kind, jobs in (("single", numbers), ("batch", several)):
        for name, one in run([(given.part, n) for n in jobs], kind, given.jobs):
            sums[kind].add(one)
            lines += [f"\n## {name}", *one.told] if one.told else []
            if given.misses:
                given.misses.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(table(sums["single"], sums["batch"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
