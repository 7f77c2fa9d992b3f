"""Every step that touches a disk fails once, and dies once: afterwards nothing acknowledged is lost, nothing is half done, and the store verifies."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event

from records.audit import verify
from records.canonical import loads
from records.store import Store
from tests.records.fill import add, decided, fill, opened

POINTS = 26


def act(store: Store) -> None:
    """One package with its files, then a decision on it: each is acknowledged by a line on the descriptor given."""
    store.claim("run:x", "死者", lambda _: True)
    store.append([*add(store, 77)], "张三")
    store.append([decided(store, 0)], "张三")
    store.release("死者")


@contextmanager
def failing(store: Store, at: int, how: Callable[[], None]) -> Iterator[list[str]]:
    """The ``at``-th of all writes, flushes, renames and commits of this process does ``how`` instead."""
    steps: list[str] = []
    originals = {"fsync": os.fsync, "write": os.write, "link": os.link}
    replace = Path.replace

    def step(name: str) -> None:
        steps.append(name)
        if len(steps) == at:
            how()

    def wrapped(name: str) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            step(name)
            return originals[name](*arguments)  # type: ignore[operator]

        return run

    def moved(self: Path, target: Path) -> Path:
        step("rename")
        return replace(self, target)

    def committing(_: object) -> None:
        step("commit")

    try:
        for name in originals:
            setattr(os, name, wrapped(name))
        Path.replace = moved  # type: ignore[method-assign, assignment]
        event.listen(store.engine, "commit", committing)
        yield steps
    finally:
        for name, original in originals.items():
            setattr(os, name, original)
        Path.replace = replace  # type: ignore[method-assign]
        event.remove(store.engine, "commit", committing)


def full() -> None:
    raise OSError(28, "No space left on device")


def dead() -> None:
    os._exit(9)


def sound(tmp_path: Path, url: str, steps: int) -> None:
    """Opened again by somebody else, it is whole; what was begun can be done."""
    store = opened(tmp_path, url, alive=lambda _: False)
    verdict = verify(store)
    assert (verdict.problems, verdict.status) == ([], 0), steps
    kinds = [loads(one.body)["event"]["kind"] for one in store.entries()]
    assert kinds.count("received") == kinds.count("checked")
    store.engine.dispose()


@pytest.mark.parametrize("at", range(1, POINTS))
def test_a_step_that_fails_leaves_all_or_nothing(tmp_path: Path, at: int) -> None:
    store = opened(tmp_path)
    fill(store, 1)
    with failing(store, at, full) as steps, suppress(OSError):
        act(store)
    if len(steps) < at:
        pytest.skip(f"there are only {len(steps)} steps")
    store.release("死者")
    before = verify(store)
    assert [one for one in before.problems if "没有记录指向它" not in one.told] == []
    store.claim("run:x", "死者", lambda _: True)
    sound(tmp_path, "", at)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("at", range(1, POINTS))
def test_a_process_that_dies_at_a_step_leaves_all_or_nothing(tmp_path: Path, at: int) -> None:
    fill(opened(tmp_path), 1)
    child = os.fork()
    if child == 0:
        store = opened(tmp_path)
        with failing(store, at, dead):
            act(store)
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == 0:
        pytest.skip("there are fewer steps")
    sound(tmp_path, "", at)


def test_all_steps_are_tried(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 1)
    with failing(store, 0, full) as steps:
        act(store)
    assert len(steps) < POINTS
    assert {"fsync", "write", "rename", "commit"} <= set(steps)
