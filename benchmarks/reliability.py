"""Whether confidence means something: of the facts told with so much of it, how many are right, and how many accepted ones are wrong.

``python -m benchmarks.reliability [--slice NAME …] [--facts 5000] [--first 1000] [--jobs 2] [--svg docs/reliability.svg]`` screens packages of the
measuring set, each of a slice drawn at random, until that many facts their documents state were looked for, sorts every value told into bins of confidence, and
draws the share that is right over each. Wanted: among values accepted, at most 1 in 1 000 wrong. From the thousandth package on nobody looks at how one
is read.
"""

import argparse
import itertools
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.score import screened
from benchmarks.scoring import Score
from fixtures.measure.make import SEEDS

BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0001)
BATCH = 20
#: Six hundred by four hundred and twenty, in units of the picture.
SIDE, LEFT, TOP = 320.0, 60.0, 40.0


def bins(sure: Sequence[tuple[float, bool, str, str]]) -> list[tuple[float, float, int, float, int]]:
    """(from, to, values, mean confidence, right), empty bins left out."""
    out = []
    for low, high in itertools.pairwise(BINS):
        part = [(c, right) for c, right, _, _ in sure if low <= c < high]
        if part:
            out.append((low, min(high, 1.0), len(part), sum(c for c, _ in part) / len(part), sum(right for _, right in part)))
    return out


def error(sure: Sequence[tuple[float, bool, str, str]]) -> float:
    """The mean distance between what was said and what came true, weighted by how often it was said."""
    return sum(abs(mean * n - right) for _, _, n, mean, right in bins(sure)) / max(len(sure), 1)


def svg(sure: Sequence[tuple[float, bool, str, str]], note: str) -> str:
    """The diagram: each dot a bin, its size how many values it holds; on the line, confidence is what comes true."""
    marks = []
    for _, _, n, mean, right in bins(sure):
        x, y = LEFT + SIDE * mean, TOP + SIDE * (1 - right / n)
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + min(n, 4000) ** 0.5 / 6:.1f}" fill="#2b6cb0" fill-opacity="0.55"/>'
        )
        marks.append(f'<text x="{x + 8:.1f}" y="{y - 6:.1f}" font-size="9" fill="#444">{n}</text>')
    axis = "".join(
        f'<text x="{LEFT + SIDE * t / 5:.0f}" y="{TOP + SIDE + 16:.0f}" font-size="10" text-anchor="middle">{t / 5:.1f}</text>'
        f'<text x="{LEFT - 8:.0f}" y="{TOP + SIDE * (1 - t / 5) + 3:.0f}" font-size="10" text-anchor="end">{t / 5:.1f}</text>'
        for t in range(6)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 430" font-family="sans-serif">'
        '<rect width="420" height="430" fill="white"/>'
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
        f'<line x1="{LEFT}" y1="{TOP + SIDE}" x2="{LEFT + SIDE}" y2="{TOP}" stroke="#bbb" stroke-dasharray="4 3"/>'
        f"{axis}{''.join(marks)}"
        f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 36}" font-size="11" text-anchor="middle">confidence told</text>'
        f'<text x="16" y="{TOP + SIDE / 2}" font-size="11" text-anchor="middle" transform="rotate(-90 16 {TOP + SIDE / 2})">share right</text>'
        f'<text x="{LEFT}" y="22" font-size="11">{note}</text></svg>\n'
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability")
    parser.add_argument("--slice", dest="parts", nargs="+", choices=tuple(SEEDS), default=list(SEEDS))
    parser.add_argument("--facts", type=int, default=5000)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--picture-check", choices=("deciding", "doubtful", "off"), default="doubtful")
    parser.add_argument("--svg", type=Path)
    given = parser.parse_args(argv)
    whole, n = Score(), given.first
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        while whole.n["wanted"] < given.facts:
            jobs = [(random.Random(i).choice(given.parts), i, False, given.picture_check) for i in range(n, n + BATCH)]
            for _, _, one in pool.map(screened, jobs):
                whole.add(one)
            n += BATCH
    accepted, wrong = whole.n["said_accepted"], whole.n["wrong_accepted"]
    note = f"{whole.n['wanted']} facts stated, {whole.n['said']} values told, {accepted} accepted, {wrong} of them wrong"
    print(f"slices {' '.join(given.parts)}, packages {given.first}–{n - 1}: {note}")
    print(f"wrong among accepted: {1000 * wrong / max(accepted, 1):.2f} in 1 000 (wanted: at most 1)")
    print(
        f"calibration error, all values {error(whole.sure):.3f}, accepted {error([s for s in whole.sure if s[2] == 'accepted']):.3f}\n"
    )
    print(f"{'confidence':>14}{'values':>9}{'mean':>9}{'right':>9}{'share right':>13}")
    for low, high, count, mean, right in bins(whole.sure):
        print(f"{low:>7.2f}–{high:<6.2f}{count:>9}{mean:>9.3f}{right:>9}{right / count:>13.4f}")
    if given.svg:
        given.svg.write_text(svg(whole.sure, note), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
