"""What confidence comes true: the data of ``extractors.calibration``, made from packages whose truth is known.

``python -m benchmarks.calibrate [--packages 150] [--scans 4] [--first 5000] [--jobs 2] [--keep FILE]`` screens packages of the slices of
fixtures/measure, other ones than ``benchmarks.reliability`` judges the result by, with the mapping switched off, sorts every value told by its status and
its raw confidence, and prints for each the share that is right as an isotonic fit: pooled until it rises, and read conservatively.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks.score import screened
from benchmarks.scoring import Score
from extractors import calibration
from fixtures.measure.make import SEEDS


class Pool(NamedTuple):
    """Raw confidences from ``low`` on, how many values had one, and how many of these were right."""

    low: float
    values: int
    right: int

    @property
    def share(self) -> float:
        """The rule of succession, one wrong value more than was seen: a pool of few values promises little."""
        return self.right / (self.values + 1)


def pools(sure: Iterable[tuple[float, bool]]) -> list[Pool]:
    """Pool adjacent violators, over the shares as they would be told."""
    counted: dict[float, list[bool]] = defaultdict(list)
    for raw, right in sure:
        counted[raw].append(right)
    out: list[Pool] = []
    for raw in sorted(counted):
        out.append(Pool(raw, len(counted[raw]), sum(counted[raw])))
        while len(out) > 1 and out[-2].share >= out[-1].share:
            after, before = out.pop(), out.pop()
            out.append(Pool(before.low, before.values + after.values, before.right + after.right))
    return out


def raw_score(job: tuple[str, int, bool, str]) -> Score:
    """One package screened with the mapping off; nothing for a number of which no package can be made."""
    calibration.STEPS.clear()
    try:
        return screened(job)[2]
    except ValueError as error:
        print(f"{job[0]} {job[1]}: {error}", file=sys.stderr, flush=True)
        return Score()


def collected(jobs: Sequence[tuple[str, int, bool, str]], workers: int) -> Score:
    whole = Score()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done, one in enumerate(pool.map(raw_score, jobs), 1):
            whole.add(one)
            print(f"{done}/{len(jobs)}", end="\r", file=sys.stderr, flush=True)
    return whole


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate")
    parser.add_argument("--packages", type=int, default=150)
    parser.add_argument("--scans", type=int, default=4)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args(argv)
    numbers = range(given.first, given.first + given.packages)
    parts = tuple(SEEDS)
    jobs = [(random.Random(n).choice(parts), n, False, "off") for n in numbers] + [
        ("develop", n, True, "off") for n in numbers[: given.scans]
    ]
    whole = collected(jobs, given.jobs)
    sure = whole.sure
    print(*(line for line in whole.told if line.startswith("WRONG ACCEPTED")), sep="\n", file=sys.stderr)
    if given.keep:
        given.keep.write_text(json.dumps(sure, ensure_ascii=False), encoding="utf-8")
    for status in ("accepted", "needs_review"):
        print(f"# {status}: from, to be told, values, right")
        for pool in pools((raw, right) for raw, right, said, _ in sure if said == status):
            print(f"({pool.low:.2f}, {pool.share:.3f}),  # {pool.values} values, {pool.right} right")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
