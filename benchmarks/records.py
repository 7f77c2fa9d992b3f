"""What the records cost and how fast they are checked: ``python -m benchmarks.records [part …]``, all parts small without names.

``entries [N]`` verify a trail of N entries (time and memory) · ``vault [MB]`` verify files · ``mutations [N]`` random changes to a store of 200 packages, each to be
found at its place · ``cost [N]`` a batch with and without records · ``kills [N] [PACKAGES]`` kill -9 over and over, then exactly once.
"""

import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from records import canonical, database, tables, trail
from records.audit import verify
from records.store import Store, StoreError, open_store, read_store
from schemas.trail import BatchBegan, BatchEnded, Checked, Event, Extracted, Read, Received
from tests.flows.broken import GOOD, good
from tests.records.fill import POLICY, SETTINGS, SOFTWARE, decided, fill
from tests.records.mutations import MUTATIONS, Broken, found

CHUSHEN = [sys.executable, "-P", "-m", "flows.command"]


def entries(folder: Path, count: int = 100_000) -> None:
    """In a process of its own, so that the memory is verification's alone."""
    store = open_store(folder / "home", actor="bench")
    began = time.perf_counter()
    written = long_trail(store, count)
    size = (folder / "home" / "records" / "records.db").stat().st_size
    print(f"  {written} entries written in {time.perf_counter() - began:.0f} s, {size / 1e6:.0f} MB")
    store.engine.dispose()
    code = "import sys; from benchmarks.records import verified; verified(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder / "home")], check=True)


def most() -> float:
    """The most memory this program has held, in MB. ``ru_maxrss`` would count what the process that started it held, too."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def verified(home: str) -> None:
    store = read_store(Path(home))
    began, spent = time.perf_counter(), time.process_time()
    verdict = verify(store)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = most()
    assert verdict.status == 0, verdict.problems[:3]
    print(f"  {verdict.entries} entries verified in {wall:.1f} s (processor {cpu:.1f} s), {peak:.0f} MB at most")


def long_trail(store: Store, count: int) -> int:
    with database.writing(store.engine) as connection:
        head = store._head(connection, lock=True)
        number = 0
        while head.size < count - 1:
            events: list[Event] = [BatchBegan(batch=f"b{number}", policy="kunming-poc", as_of="2026-03-01", packages=2500)]
            for _ in range(min(2500, (count - head.size) // 4)):
                events += package(number)
                number += 1
            sealed = trail.seal(head, events, "bench", trail.Moment(datetime.now(UTC)))
            connection.execute(insert(tables.entries), [{"seq": one.seq, "hash": one.hash, "body": one.body} for one in sealed])
        store.rebuild_in(connection)
    store.append([BatchEnded(batch="b0", screened=number, failed=0, reused=0)], "bench")
    return head.size + 1


def package(number: int) -> list[Event]:
    """As screening leaves them, but for the files' bytes."""
    key, content = canonical.digest(["package", number]), canonical.digest(["content", number])
    files = tuple((canonical.digest(["file", number, at]), 100_000) for at in range(6))
    uscc = f"9153{number:014d}"
    return [
        Received(
            package=key, batch="b0", submission=f"第{number}家", name=f"第{number}家", policy="kunming-poc", policy_digest=POLICY, settings=SETTINGS, software=SOFTWARE,
            as_of="2026-03-01", manifest=content, content=content, files=files,
        ),
        Read(package=key, batch="b0", documents=6, outcomes=(("OK", 6),), ocr_pages=2),
        Extracted(package=key, batch="b0", facts=24, accepted=16, digest=content),
        Checked(
            package=key, batch="b0", case=f"kunming-poc/{uscc}", report=content, page=content, applicant=f"第{number}家公司", uscc=uscc, version=1,
            recommendation="recommend", complete=True, findings=0, verdicts=(("met", 9), ("judgement", 4)),
        ),
    ]  # fmt: skip


def vault(folder: Path, megabytes: int = 200) -> None:
    store = open_store(folder / "home", actor="bench")
    chance = random.Random(1)
    kept = [store.vault.put(chance.randbytes(1 << 20))[0] for _ in range(megabytes)]
    store.append([BatchEnded(batch="b", screened=0, failed=0, reused=0, objects=tuple(one.sha256 for one in kept))], "bench")
    began = time.perf_counter()
    verdict = verify(store)
    wall = time.perf_counter() - began
    assert verdict.status == 0
    print(f"  {verdict.bytes / 1e6:.0f} MB verified in {wall:.2f} s: {verdict.bytes / 1e6 / wall:.0f} MB/s")


def mutations(folder: Path, count: int = 100) -> None:
    store = open_store(folder / "home", actor="bench")
    fill(store, 200)
    for number in (3, 50, 150):
        store.append([decided(store, number)], "bench")
    broken, told, missed = Broken(store.home), Counter[str](), []
    began = time.perf_counter()
    for seed in range(count):
        name, place, there = found(store, broken, seed)
        told[name] += there
        if not there:
            missed.append((seed, name, place))
    untouched = verify(store).status
    print(
        f"  {sum(told.values())} of {count} changes of {len(MUTATIONS)} kinds found at their place in {time.perf_counter() - began:.0f} s; untouched: {untouched}"
    )
    assert not missed, missed
    assert untouched == 0


def cost(folder: Path, count: int = 20, rounds: int = 7) -> None:
    """The shared samples, as often as needed under other names, as new packages of a store that exists; with and without take turns.

    Page readings are kept, so that nothing but the records differs.
    """
    samples = sorted(path for path in (Path(__file__).parents[2] / "shared" / "samples" / "batches").glob("kunming-poc/*"))
    screen(many(folder / "first", samples, count, "首次"), folder / "warm", folder / "home")
    differences, without = [], []
    for turn in range(rounds):
        batch = many(folder / f"batch{turn}", samples, count, f"第{turn}轮")
        spent = {}
        for more in ("", "--no-records") if turn % 2 else ("--no-records", ""):
            began = time.perf_counter()
            screen(batch, folder / f"out{turn}{more}", folder / "home", *([more] if more else []))
            spent[more] = time.perf_counter() - began
        differences.append(spent[""] - spent["--no-records"])
        without.append(spent["--no-records"])
    usual, more = statistics.median(without), statistics.median(differences)
    each = sorted(round(one / count * 1000) for one in differences)
    print(
        f"  {count} packages, {rounds} pairs: {usual:.2f} s without records; with them {more / usual:+.1%}, {more / count * 1000:+.0f} ms a package ({each})"
    )


def many(folder: Path, samples: list[Path], count: int, name: str) -> Path:
    for number in range(count):
        if samples:
            shutil.copytree(samples[number % len(samples)], folder / f"{number:03d}")
            (folder / f"{number:03d}" / "编号.txt").write_text(f"{name}第{number}份", encoding="utf-8")
        else:
            good(folder / f"{number:03d}", GOOD + f"{name}第{number}份")
    return folder


def screen(batch: Path, out: Path, home: Path, *more: str) -> None:
    subprocess.run(call(batch, out, *more), env={**os.environ, "CHUSHEN_HOME": str(home)}, check=True, capture_output=True)


def call(batch: Path, out: Path, *more: str) -> list[str]:
    fixed = ["--policy", "kunming-poc", "--as-of", "2026-03-01", "--outputs", "json", "--engine", "local"]
    return [*CHUSHEN, "screen", str(batch), "--out", str(out), *fixed, *more]


def kills(folder: Path, count: int = 10, packages: int = 40) -> None:
    """The run itself, or one of its workers, at a random moment; the database's client is the run."""
    home, chance, done = folder / "home", random.Random(1), Counter[str]()
    for number in range(packages):
        good(folder / "batch" / f"{number:03d}", GOOD + f"第{number}份")
    finished = 0
    for _ in range(count):
        running = subprocess.Popen(
            call(folder / "batch", folder / "out"),
            env={**os.environ, "CHUSHEN_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.2, 8.0))
        hands = subprocess.run(["ps", "-o", "pid=", "--ppid", str(running.pid)], capture_output=True, text=True).stdout.split()
        if hands and chance.random() < 0.3:
            os.kill(int(chance.choice(hands)), signal.SIGKILL)
            done["worker"] += 1
            time.sleep(chance.random())
        running.kill()
        finished += running.wait() == 0
        done["run"] += 1
        if (home / "records" / "records.db").exists():
            with suppress(SQLAlchemyError, StoreError):  # killed before the tables were made
                assert verify(read_store(home)).problems == []
    screen(folder / "batch", folder / "out", home)
    store = read_store(home)
    checked = [canonical.loads(one.body)["event"]["package"] for one in store.entries() if b'"kind":"checked"' in one.body]
    verdict = verify(store)
    assert (len(checked), len(set(checked)), verdict.status, verdict.notes) == (packages, packages, 0, []), (
        len(checked),
        verdict,
    )
    print(
        f"  {dict(done)} killed over {packages} packages ({finished} runs had ended by then): each screened exactly once, trail valid"
    )


PARTS: dict[str, Callable[..., None]] = {"entries": entries, "vault": vault, "mutations": mutations, "cost": cost, "kills": kills}


def main(arguments: list[str]) -> None:
    named = [at for at, one in enumerate(arguments) if one in PARTS]
    chosen = [
        (arguments[at], [int(one) for one in arguments[at + 1 : after]])
        for at, after in zip(named, [*named[1:], None], strict=True)
    ]
    for name, numbers in chosen or [(name, []) for name in PARTS]:
        print(f"{name}:")
        with tempfile.TemporaryDirectory(prefix="chushen-bench-") as folder:
            PARTS[name](Path(folder), *numbers)


if __name__ == "__main__":
    main(sys.argv[1:])
