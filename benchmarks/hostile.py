"""A corpus of odd and hostile files through the whole program, twenty a package, and what became of each beside what may.

    python -m benchmarks.hostile [FOLDER] [--write FILE | --against FILE]

FOLDER holds ``manifest.jsonl`` (``name``, ``kind``, ``expect``, …) and ``files/``; without it the project's own corpus is made and used. While it
runs, a listener waits on 127.0.0.1:9, where the payloads would call, and a file lies where they would read. ``--write`` keeps outcomes, pages and accepted
figures; ``--against`` shows what changed since, as a change of a library has to (R-TS-3).
"""

import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

EACH = 20
CANARY = Path("/tmp/hostile_canary.txt")
TRAP = ("127.0.0.1", 9)
ALLOWED = {
    "accept": ("OK", "OK_WARN"),
    "accept_ocr": ("OK", "OK_WARN"),
    "accept_warn": ("OK_WARN", "PARTIAL"),
    "partial": ("PARTIAL", "OK_WARN"),
}
READABLE = ("accept", "accept_ocr", "accept_warn", "partial")
LEAKED = re.compile(r"Traceback|\b[A-Z]\w+Error\b|object at 0x|[a-z_]+\.py\b")


class Case(NamedTuple):
    name: str
    data: bytes
    expect: str
    kind: str


class Became(NamedTuple):
    """``figures`` are the accepted facts that rest on the file alone."""

    outcome: str
    message: str
    warnings: tuple[str, ...]
    pages: int | None
    ocr: bool
    figures: tuple[str, ...]


class Run(NamedTuple):
    """``reports`` of ``packages``; ``calls`` the listener heard; ``leaks`` the files the canary's words were found in."""

    became: dict[str, Became]
    seconds: float
    status: int
    reports: int
    packages: int
    calls: int
    leaks: tuple[str, ...]
    said: str


def public(folder: Path) -> list[Case]:
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Case(row["name"], (folder / "files" / row["name"]).read_bytes(), row["expect"], row["kind"]) for row in rows]


def own() -> list[Case]:
    from fixtures import hostile

    return [Case(case.name, case.data, case.expect, case.kind) for case in hostile.cases()]


def allowed(case: Case, became: Became | None) -> bool:
    if became is None:
        return False
    if case.expect == "any_clean":
        return True
    if case.expect == "accept_ocr" and not became.ocr:
        return False
    return became.outcome in ALLOWED.get(case.expect, (case.expect.removeprefix("refuse_").upper(),))


def lost(case: Case, became: Became | None) -> bool:
    """A readable file of which nothing was read."""
    return case.expect in READABLE and (became is None or became.outcome not in ("OK", "OK_WARN", "PARTIAL"))


def screen(cases: Sequence[Case], folder: Path, *, more: Sequence[str] = (), before: Sequence[str] = ()) -> Run:
    """``before`` is put before the command line, ``more`` after it."""
    batch, out, token = folder / "batch", folder / "out", secrets.token_hex(16)
    packages = list(_packed(cases, batch))
    command = [
        sys.executable,
        "-P",
        "-m",
        "flows.command",
        "screen",
        str(batch),
        "--policy",
        "kunming-poc",
        "--as-of",
        "2026-04-15",
        "--batch",
    ]
    with _canary(token), _trap() as calls:
        start = time.perf_counter()
        done = subprocess.run(
            [*before, *command, "--out", str(out), *more],
            capture_output=True, text=True, check=False, env={**os.environ, "CHUSHEN_HOME": str(folder / "home")},
        )  # fmt: skip
        seconds = time.perf_counter() - start
    became: dict[str, Became] = {}
    reports = 0
    for package in packages:
        path = out / "submissions" / package / "report.json"
        if path.is_file():
            reports += 1
            became |= _became(json.loads(path.read_text(encoding="utf-8")))
    leaks = tuple(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if _holds(path, token, batch))
    return Run(became, seconds, done.returncode, reports, len(packages), calls[0], leaks, done.stdout + done.stderr)


def _packed(cases: Sequence[Case], batch: Path) -> Iterator[str]:
    count = -(-len(cases) // EACH)
    for number in range(count):
        package = batch / f"{number + 1:03d}"
        package.mkdir(parents=True)
        for case in cases[number::count]:  # of every kind some
            (package / case.name).write_bytes(case.data)
        yield package.name


def _became(report: Mapping[str, Any]) -> dict[str, Became]:
    figures: dict[str, list[str]] = defaultdict(list)
    for fact in report["facts"]:
        places = {place["document"] for place in fact["evidence"]}
        if fact["status"] == "accepted" and len(places) == 1:
            figures[places.pop()].append(f"{fact['key']} {fact['value']}")
    return {
        entry["file"]: Became(
            entry["outcome"],
            entry["message"],
            tuple(sorted({warning["code"] for warning in entry["warnings"]})),
            entry["pages"],
            bool(entry["ocr_pages"]),
            tuple(figures[entry["id"]]),
        )
        for entry in report["documents"]
    }


def _holds(path: Path, token: str, batch: Path) -> bool:
    with suppress(OSError):
        return path.is_file() and batch not in path.parents and token.encode() in path.read_bytes()
    return False


@contextmanager
def _canary(token: str) -> Iterator[None]:
    CANARY.write_text(token, encoding="ascii")
    try:
        yield
    finally:
        CANARY.unlink(missing_ok=True)


@contextmanager
def _trap() -> Iterator[list[int]]:
    """Counts connections; -1 where nobody may listen there."""
    calls = [0]
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(TRAP)
    except OSError:
        listener.close()
        yield [-1]
        return
    listener.listen()

    def wait() -> None:
        with suppress(OSError):
            while True:
                listener.accept()[0].close()
                calls[0] += 1

    threading.Thread(target=wait, daemon=True).start()
    try:
        yield calls
    finally:
        listener.close()


def table(cases: Sequence[Case], run: Run) -> Iterable[str]:
    kinds: dict[str, list[tuple[Case, Became | None]]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append((case, run.became.get(case.name)))
    codes = ("OK", "OK_WARN", "PARTIAL", "ENCRYPTED", "CORRUPT", "EMPTY", "UNSUPPORTED", "MISMATCH", "LIMIT", "UNSAFE")
    yield f"| kind | files | {' | '.join(codes)} | not allowed | lost |"
    yield "|---|" + "--:|" * (len(codes) + 3)
    everything = [row for of in kinds.values() for row in of]
    for kind, rows in [*sorted(kinds.items()), ("all", everything)]:
        count = [sum(became is not None and became.outcome == code for _, became in rows) or "" for code in codes]
        wrong, gone = sum(not allowed(*row) for row in rows), sum(lost(*row) for row in rows)
        yield f"| {kind} | {len(rows)} | {' | '.join(map(str, count))} | {wrong or ''} | {gone or ''} |"


def changes(before: Mapping[str, Any], run: Run) -> Iterable[str]:
    for name in sorted({*before, *run.became}):
        now = run.became.get(name)
        told = json.loads(json.dumps(now[:1] + now[2:])) if now else None
        if told != before.get(name):
            yield f"{name}\n  before {before.get(name)}\n  now    {told}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    cases = public(given.folder) if given.folder else own()
    scratch = Path(tempfile.mkdtemp(prefix="chushen-hostile-"))
    try:
        run = screen(cases, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("\n".join(table(cases, run)))
    readable = sum(case.expect in READABLE for case in cases)
    gone = sum(lost(case, run.became.get(case.name)) for case in cases)
    print(
        f"\n{len(cases)} files in {run.packages} packages, {run.reports} reports, exit status {run.status}, {run.seconds:.0f} s"
    )
    print(
        f"lost {gone} of {readable} readable; connections {run.calls}; canary found in {len(run.leaks)} files {list(run.leaks)[:5]}"
    )
    for case in cases:
        became = run.became.get(case.name)
        if not allowed(case, became):
            print(f"NOT ALLOWED {case.kind} {case.expect} {case.name}: {became}")
    if given.write:
        kept = {name: one[:1] + one[2:] for name, one in run.became.items()}
        given.write.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if given.against:
        found = list(changes(json.loads(given.against.read_text(encoding="utf-8")), run))
        print("\n".join(found) or "nothing changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
