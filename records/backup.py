"""Backup and restore, while others work: the trail and checkpoints into a SQLite file of one state, the files beside it, all read back at once.

The same form from SQLite and from PostgreSQL, and into either, so this is also the way from one to the other. The private keys never go in; a restored store
makes a new one, and says in its trail that it was restored and from where.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from records import canonical, checkpoint, database, tables
from records.audit import Verdict, verify
from records.store import BATCH_ROWS, Store, open_store, read_store, stream_entries
from records.vault import Vault
from schemas.trail import Restored

COPIED = ("entries", "checkpoints", "traits")


class BackupError(Exception):
    """The backup is not to be relied on, or cannot be made or restored; the message is Chinese."""


@dataclass(frozen=True)
class Made:
    entries: int
    files: int
    bytes: int


def backup(store: Store, folder: Path, tell: Callable[[str], None] = lambda _: None) -> Made:
    """Into a folder, a new one or that of an earlier backup, whose files are kept. Read back before it returns. Raises ``BackupError``, ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    records = folder / "records"
    records.mkdir(exist_ok=True, mode=0o700)
    fresh = records / "records.new.db"
    fresh.unlink(missing_ok=True)
    witness = store.witness.read_bytes() if store.witness.exists() else b""
    target = database.connect(database.address("", records).replace("records.db", fresh.name))
    with database.writing(target) as there:
        database.migrate(there)
    with database.reading(store.engine) as here, database.writing(target) as there:
        for name in COPIED:
            _copy(here, there, name)
        last = here.scalar(select(tables.checkpoints.c.number).order_by(tables.checkpoints.c.number.desc()).limit(1)) or 0
        wanted: set[str] = set()
        entries = 0
        for one in stream_entries(here):
            event = canonical.loads(one.body)["event"]
            wanted.update(event.get("objects", ()))
            wanted.difference_update(event.get("gone", ()))
            entries = one.seq
    restorable = Store(folder, target, None, store.clock)
    restorable.rebuild()
    target.dispose()
    with sqlite3.connect(fresh) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (records / "witness.log").write_bytes(_first_lines(witness, last))
    size = _copy_files(store.vault, Vault(records / "vault"), wanted, tell)
    fresh.replace(records / "records.db")
    for name in ("signing.pub",):
        (folder / "keys").mkdir(exist_ok=True)
        shutil.copy2(store.home / "keys" / name, folder / "keys" / name)
    if (store.home / "settings.toml").is_file():
        shutil.copy2(store.home / "settings.toml", folder / "settings.toml")
    (folder / "backup.json").write_text(json.dumps({"v": 1, "entries": entries, "files": len(wanted)}), encoding="utf-8")
    verdict = check(folder)
    if verdict.count:
        first = verdict.problems[0]
        raise BackupError(f"备份读回核对不符，不能使用：{first.place}：{first.told}")
    return Made(entries, len(wanted), size)


def check(folder: Path) -> Verdict:
    """A backup read whole. Raises ``StoreError`` where there is none."""
    store = read_store(folder)
    try:
        return verify(store)
    finally:
        store.engine.dispose()


def restore(folder: Path, home: Path, url: str, actor: str, *, witness: Path | None = None, signing: Path | None = None) -> Store:
    """Into an empty home and database. The trail goes on with an entry that says so. Raises ``BackupError``, ``StoreError``, ``OSError``."""
    verdict = check(folder)
    if verdict.count:
        first = verdict.problems[0]
        raise BackupError(f"备份已损坏或被改动，没有恢复：{first.place}：{first.told}")
    records = home / "records"
    if (records / "records.db").exists() or (records / "vault").exists():
        raise BackupError(f"{records} 中已有记录。恢复只能到空的位置，请先移走它或另设 CHUSHEN_HOME")
    records.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = read_store(folder)
    own = witness or records / "witness.log"
    if own.exists() and own.read_bytes() != (folder / "records" / "witness.log").read_bytes():
        raise BackupError(
            f"见证文件 {own} 与备份的不同：备份之后还有检查点，恢复会丢失其间的记录。请把它改名保存（以后用 --witness 核对），再恢复"
        )
    target = database.connect(database.address(url, records))
    try:
        with database.writing(target) as there:
            if database.revision(there) is not None:
                raise BackupError("目标数据库中已有记录。恢复只能到空的数据库")
            database.migrate(there)
            with database.reading(source.engine) as here:
                for name in COPIED:
                    _copy(here, there, name)
            Store(home, target, None, source.clock).rebuild_in(there)
    finally:
        target.dispose()
    _copy_files(source.vault, Vault(records / "vault"), source.wanted(), lambda _: None)
    if not own.exists():
        shutil.copy2(folder / "records" / "witness.log", own)
    if (folder / "settings.toml").is_file() and not (home / "settings.toml").exists():
        shutil.copy2(folder / "settings.toml", home / "settings.toml")
    last = source.last_checkpoint()
    source.engine.dispose()
    store = open_store(home, url, actor=actor, witness=witness, signing=signing)
    told = checkpoint.opened(last) if last is not None else None
    store.append([Restored(entries=verdict.entries, head=told.head if told else "")], actor)
    return store


def _copy(here: Connection, there: Connection, name: str) -> None:
    shape = tables.metadata.tables[name]
    with here.execute(select(shape), execution_options={"stream_results": True}) as found:
        while rows := found.fetchmany(BATCH_ROWS):
            there.execute(insert(shape), [dict(row._mapping) for row in rows])


def _copy_files(source: Vault, target: Vault, wanted: set[str], tell: Callable[[str], None]) -> int:
    """Those not there yet; what the target has and the state does not name goes. Returns the bytes of all."""
    target.prepare()
    size = 0
    for number, digest in enumerate(sorted(wanted), 1):
        place = source.path(digest)
        if place.exists():
            size += place.stat().st_size
            if not target.holds(digest, place.stat().st_size):
                kept = target.put_files([place])[0]
                if kept is None or kept.sha256 != digest:
                    raise BackupError(f"原件 {digest} 已被改动或无法读取。请先运行 chushen audit verify")
        else:
            raise BackupError(f"原件 {digest} 缺失。请先运行 chushen audit verify")
        if number % 1000 == 0:
            tell(f"已备份 {number} 个文件")
    target.collect(wanted)
    return size


def _first_lines(witness: bytes, last: int) -> bytes:
    """The witness as it was when the last checkpoint of the copy was made."""
    kept = []
    for line in witness.splitlines(keepends=True):
        try:
            number = checkpoint.opened(checkpoint.from_line(line.decode("utf-8", "replace"))).number
        except checkpoint.CheckpointError:
            number = 0
        if number <= last:
            kept.append(line)
    return b"".join(kept)
