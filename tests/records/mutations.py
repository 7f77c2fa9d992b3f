"""Single changes to a store that nobody made: each is made at random, names the place where it must be found, and can be undone.

Whoever changes rows has the database to himself, so the triggers are taken away for the change and put back.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from records import tables
from records.store import Store

Mutation = Callable[["Broken", random.Random], str]


class Broken:
    """The files of a store on SQLite, changed one at a time. ``restore`` brings back what was there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = home / "records" / "records.db"
        self.witness = home / "records" / "witness.log"
        self.vault = home / "records" / "vault"
        self.pristine = home.with_name(home.name + "-pristine")
        with sqlite3.connect(self.database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.pristine.mkdir()
        shutil.copy2(self.database, self.pristine / "records.db")
        shutil.copy2(self.witness, self.pristine / "witness.log")
        self.files = sorted(path for path in self.vault.glob("??/*"))
        self._undo: list[Callable[[], object]] = []

    def rows(self, words: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database)
        found = connection.execute(words).fetchall()
        connection.close()
        return found

    def change(self, *words: tuple[str, tuple[object, ...]]) -> None:
        connection = sqlite3.connect(self.database, isolation_level=None)
        connection.execute("BEGIN")
        for guard in tables.SQLITE_GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        for statement, values in words:
            connection.execute(statement, values)
        for guard in tables.SQLITE_GUARDS.values():
            connection.execute(guard)
        connection.execute("COMMIT")
        connection.close()
        self._undo.append(lambda: self._back("records.db"))

    def rewrite(self, path: Path, data: bytes | None) -> None:
        before = path.read_bytes() if path.exists() else None
        if path.exists():
            path.unlink()
        if data is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        self._undo.append(lambda: path.unlink(missing_ok=True) if before is None else path.write_bytes(before))

    def restore(self) -> None:
        while self._undo:
            self._undo.pop()()

    def _back(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(name + suffix).unlink(missing_ok=True)
        shutil.copy2(self.pristine / name, self.database.with_name(name))


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def entry_byte(store: Broken, chance: random.Random) -> str:
    column = chance.choice(["body", "hash"])
    seq, data = chance.choice(store.rows(f"SELECT seq, {column} FROM entries"))
    store.change((f"UPDATE entries SET {column} = ? WHERE seq = ?", (flipped(data, chance), seq)))  # type: ignore[arg-type]
    return f"第{seq}条记录"


def entry_removed(store: Broken, chance: random.Random) -> str:
    (seq,) = chance.choice(store.rows("SELECT seq FROM entries"))
    last = len(store.rows("SELECT seq FROM entries"))
    store.change(("DELETE FROM entries WHERE seq = ?", (seq,)))
    return f"第{int(seq) + 1}条记录" if seq != last else "检查点"  # type: ignore[call-overload]


def entry_inserted(store: Broken, chance: random.Random) -> str:
    last = len(store.rows("SELECT seq FROM entries"))
    at = chance.randint(1, last)
    move = [("UPDATE entries SET seq = -seq WHERE seq >= ?", (at,)), ("UPDATE entries SET seq = -seq + 1 WHERE seq < 0", ())]
    store.change(
        *move,
        (
            "INSERT INTO entries SELECT ?, hash, body FROM entries WHERE seq = ?",
            (at, chance.choice([n for n in range(1, last) if n != at])),
        ),
    )  # type: ignore[arg-type]
    return f"第{at}条记录"


def entries_swapped(store: Broken, chance: random.Random) -> str:
    one, two = chance.sample(store.rows("SELECT seq, hash, body FROM entries"), 2)
    update = "UPDATE entries SET hash = ?, body = ? WHERE seq = ?"
    store.change((update, (one[1], one[2], two[0])), (update, (two[1], two[2], one[0])))
    return f"第{one[0]}条记录"


def entries_cut(store: Broken, chance: random.Random) -> str:
    last = len(store.rows("SELECT seq FROM entries"))
    store.change(("DELETE FROM entries WHERE seq > ?", (chance.randint(1, last - 1),)))
    return "号检查点"


def checkpoint_byte(store: Broken, chance: random.Random) -> str:
    column = chance.choice(["body", "signature"])
    number, data = chance.choice(store.rows(f"SELECT number, {column} FROM checkpoints"))
    store.change((f"UPDATE checkpoints SET {column} = ? WHERE number = ?", (flipped(data, chance), number)))  # type: ignore[arg-type]
    return f"第{number}号检查点"


def checkpoint_removed(store: Broken, chance: random.Random) -> str:
    (number,) = chance.choice(store.rows("SELECT number FROM checkpoints"))
    last = len(store.rows("SELECT number FROM checkpoints"))
    store.change(("DELETE FROM checkpoints WHERE number = ?", (number,)))
    return f"第{int(number) + 1}号检查点" if number != last else f"witness.log 第{number}行"  # type: ignore[call-overload]


def row_changed(store: Broken, chance: random.Random) -> str:
    table = chance.choice(["packages", "cases", "batches"])
    key, data = chance.choice(store.rows(f"SELECT key, row FROM {table}"))
    store.change((f"UPDATE {table} SET row = ? WHERE key = ?", (flipped(data, chance), key)))  # type: ignore[arg-type]
    return f"表 {table} 的 {key}"


def column_changed(store: Broken, chance: random.Random) -> str:
    table, column, value = chance.choice(
        [("packages", "case_id", "x"), ("packages", "state", "failed"), ("packages", "last_seq", 1), ("packages", "text", ""), ("cases", "uscc", "x"),
         ("cases", "last_seq", 10**9), ("cases", "policy", "kunming-pilot"), ("batches", "last_seq", 0)]
    )  # fmt: skip
    (key,) = chance.choice(store.rows(f"SELECT key FROM {table}"))
    store.change((f"UPDATE {table} SET {column} = ? WHERE key = ?", (value, key)))
    return f"表 {table} 的 {key}"


def row_removed(store: Broken, chance: random.Random) -> str:
    table = chance.choice(["packages", "cases", "batches"])
    (key,) = chance.choice(store.rows(f"SELECT key FROM {table}"))
    store.change((f"DELETE FROM {table} WHERE key = ?", (key,)))
    return f"表 {table} 的 {key}"


def row_inserted(store: Broken, chance: random.Random) -> str:
    store.change(("INSERT INTO cases SELECT ?, policy, uscc, state, last_seq, row FROM cases LIMIT 1", ("另一件",)))
    return "表 cases 的 另一件"


def tail_changed(store: Broken, chance: random.Random) -> str:
    store.change((f"UPDATE tail SET {chance.choice(['size = size - 1', 'hash = zeroblob(32)', 'frontier = zeroblob(32)'])}", ()))
    return "表 tail"


def traits_changed(store: Broken, chance: random.Random) -> str:
    store.change(("INSERT INTO traits VALUES ('p', 'k', 'a', x'00')", ()))
    return "表 traits 的 p k"


def trigger_gone(store: Broken, chance: random.Random) -> str:
    name = chance.choice(sorted(tables.SQLITE_GUARDS))
    store.change()
    connection = sqlite3.connect(store.database)
    connection.execute(f"DROP TRIGGER {name}")
    connection.commit()
    connection.close()
    return f"触发器 {name}"


def witness_byte(store: Broken, chance: random.Random) -> str:
    data = store.witness.read_bytes()
    at = chance.randrange(len(data) - 1)
    store.rewrite(store.witness, data[:at] + flipped(data[at : at + 1], chance) + data[at + 1 :])
    line = data[:at].count(b"\n") + 1
    return f"witness.log 第{line}行"


def witness_line(store: Broken, chance: random.Random) -> str:
    lines = store.witness.read_bytes().splitlines(keepends=True)
    at = chance.randrange(len(lines))
    kept = chance.choice([lines[:at] + lines[at + 1 :], [*lines[:at], lines[at], *lines[at:]]])
    store.rewrite(store.witness, b"".join(kept))
    return "见证文件"


def file_byte(store: Broken, chance: random.Random) -> str:
    path = chance.choice(store.files)
    store.rewrite(path, flipped(path.read_bytes(), chance))
    return f"原件 {path.parent.name}{path.name}"


def file_cut(store: Broken, chance: random.Random) -> str:
    path = chance.choice(store.files)
    store.rewrite(path, path.read_bytes()[: chance.randrange(path.stat().st_size)])
    return f"原件 {path.parent.name}{path.name}"


def file_removed(store: Broken, chance: random.Random) -> str:
    path = chance.choice(store.files)
    store.rewrite(path, None)
    return f"原件 {path.parent.name}{path.name}"


def file_inserted(store: Broken, chance: random.Random) -> str:
    name = chance.choice([f"{chance.getrandbits(256):064x}", "备份"])
    path = store.vault / name[:2] / name[2:] if len(name) == 64 else store.vault / name
    store.rewrite(path, b"x")
    return f"原件 {path.parent.name}{path.name}"


def files_swapped(store: Broken, chance: random.Random) -> str:
    one, two = chance.sample(store.files, 2)
    first, second = one.read_bytes(), two.read_bytes()
    store.rewrite(one, second)
    store.rewrite(two, first)
    return f"原件 {two.parent.name}{two.name}"


MUTATIONS: tuple[Mutation, ...] = (
    entry_byte, entry_removed, entry_inserted, entries_swapped, entries_cut, checkpoint_byte, checkpoint_removed, row_changed, column_changed,
    row_removed, row_inserted, tail_changed, traits_changed, trigger_gone, witness_byte, witness_line, file_byte, file_cut, file_removed, file_inserted, files_swapped,
)  # fmt: skip


def found(store: Store, broken: Broken, seed: int) -> tuple[str, str, bool]:
    """(kind, place, whether it was found there) of one random change, undone afterwards."""
    from records.audit import verify

    chance = random.Random(seed)
    mutate = MUTATIONS[seed % len(MUTATIONS)]
    store.engine.dispose()
    place = mutate(broken, chance)
    verdict = verify(store)
    store.engine.dispose()
    broken.restore()
    there = [problem.place for problem in verdict.problems] + verdict.notes
    return mutate.__name__, place, verdict.status in (1, 2) and any(place in one for one in there)
