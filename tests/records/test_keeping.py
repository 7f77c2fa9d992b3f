"""Backup and restore while others write, expiry, and the attacks of research/reliability.md, section 4, against the real tables."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from records import backup, checkpoint, database, expiry, tables
from records.audit import Outside, verify
from records.store import Clock, Store, open_store
from records.trail import Head, Moment, Walk, seal
from schemas.trail import BatchBegan
from tests.records.fill import add, decided, fill, opened


def began(batch: str) -> BatchBegan:
    return BatchBegan(batch=batch, policy="kunming-poc", as_of="2026-03-01", packages=1)


def test_a_backup_made_while_others_write_is_one_state_and_restores(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 10)
    stop = threading.Event()

    def write() -> None:
        own, turn = opened(tmp_path, database_url), 0
        while not stop.is_set():
            turn += 1
            own.append([*add(own, 1000 + turn), began(str(turn))], "张三", sign="time")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = backup.backup(store, tmp_path / "backup")
    finally:
        stop.set()
        thread.join()
    assert made.entries >= 44
    restored = backup.restore(tmp_path / "backup", tmp_path / "new", "", "张三")
    verdict = verify(restored)
    assert (verdict.problems, verdict.status) == ([], 0)
    assert len(restored.rows("cases")) >= 10
    assert not list((tmp_path / "backup").rglob("*.key"))


def test_a_backup_goes_from_one_database_to_the_other(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path)
    fill(store, 3)
    before = store.rows("cases")
    backup.backup(store, tmp_path / "backup")
    restored = backup.restore(tmp_path / "backup", tmp_path / "new", database_url, "张三")
    assert restored.rows("cases") == before
    assert verify(restored).status == 0


def test_a_second_backup_brings_only_what_is_new(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 3)
    backup.backup(store, tmp_path / "backup")
    first = {path: path.stat().st_ino for path in (tmp_path / "backup" / "records" / "vault").glob("??/*")}
    store.append([*add(store, 9)], "张三")
    made = backup.backup(store, tmp_path / "backup")
    assert all(path.stat().st_ino == number for path, number in first.items())
    assert made.files == len(first) + 5


def test_a_damaged_backup_is_found_and_not_restored(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 3)
    backup.backup(store, tmp_path / "backup")
    (one, *_) = (tmp_path / "backup" / "records" / "vault").glob("??/*")
    one.chmod(0o600)
    one.write_bytes(b"x")
    assert backup.check(tmp_path / "backup").count == 1
    with pytest.raises(backup.BackupError, match="内容已被改动"):
        backup.restore(tmp_path / "backup", tmp_path / "new", "", "张三")
    assert not (tmp_path / "new").exists()


def test_a_damaged_vault_makes_no_backup(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 3)
    (one, *_) = store.vault.folder.glob("??/*")
    one.chmod(0o600)
    one.write_bytes(b"x")
    with pytest.raises(backup.BackupError, match="audit verify"):
        backup.backup(store, tmp_path / "backup")


def test_what_a_restored_store_lacks_is_named_by_a_witness_kept_elsewhere(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 3)
    backup.backup(store, tmp_path / "backup")
    store.append([decided(store, 0)], "张三")
    shutil.copy2(store.witness, tmp_path / "elsewhere.log")
    restored = backup.restore(tmp_path / "backup", tmp_path / "new", "", "张三")
    kinds = [one.body for one in restored.entries() if b'"kind":"restored"' in one.body]
    assert len(kinds) == 1
    assert verify(restored).status == 0
    told = verify(restored, Outside(witnesses=(tmp_path / "elsewhere.log",)))
    assert told.status == 1
    assert "elsewhere.log" in told.problems[0].place


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def aged(tmp_path: Path, url: str = "") -> tuple[Store, list[float]]:
    now = [NOW.timestamp()]
    return opened(tmp_path, url, clock=Clock(lambda: now[0], lambda: now[0])), now


def test_what_expires_is_gone_and_the_trail_still_holds(tmp_path: Path, database_url: str) -> None:
    store, now = aged(tmp_path, database_url)
    fill(store, 3)
    case = store.rows("cases")[0][0]
    store.put_traits(store.rows("cases")[0][1]["packages"][0], "shingles", {"a": b"1"}, "张三")
    now[0] += 185 * 86400
    gone = expiry.expire(store, [case], NOW + timedelta(days=185), "张三", "保存期满")
    assert gone.files == 5
    verdict = verify(store)
    assert (verdict.problems, verdict.files) == ([], 10)
    assert dict(store.rows("cases"))[case]["expired"]
    assert list(store.traits("shingles")) == []


def test_a_file_two_cases_hold_goes_with_the_last(tmp_path: Path) -> None:
    store, now = aged(tmp_path)
    events = [*add(store, 1), *add(store, 2)]
    (shared,) = store.vault.put(b"the same licence in both")
    both = [
        event.model_copy(update={"objects": (*event.objects, shared.sha256)}) if event.kind == "received" else event
        for event in events
    ]
    store.append(both, "张三")
    first, second = (key for key, _ in store.rows("cases"))
    now[0] += 200 * 86400
    later = NOW + timedelta(days=200)
    expiry.expire(store, [first], later, "张三", "保存期满")
    assert store.vault.holds(shared.sha256)
    now[0] += 200 * 86400
    expiry.expire(store, [second], later + timedelta(days=200), "张三", "保存期满")
    assert not store.vault.holds(shared.sha256)
    assert verify(store).status == 0


def test_nothing_is_deleted_before_the_law_allows_it(tmp_path: Path) -> None:
    store, _ = aged(tmp_path)
    fill(store, 1)
    case = store.rows("cases")[0][0]
    with pytest.raises(expiry.ExpiryError, match="184"):
        expiry.expire(store, [case], NOW + timedelta(days=183), "张三", "要求删除")
    assert verify(store).files == 5
    assert expiry.due(store.rows("cases"), NOW + timedelta(days=1)) == (case,)
    assert expiry.due(store.rows("cases"), NOW) == ()


# --- attacks ------------------------------------------------------------------------------------------------------------------------


def rewrite(store: Store, change: Callable[[bytes], bytes | None], *, signed: bool) -> None:
    """By whoever has the database: entries changed, chained anew, tables made again; with the key, checkpoints signed anew as well."""
    old = list(store.entries())
    checkpoints = store.checkpoints()
    store.engine.dispose()
    connection = sqlite3.connect(store.home / "records" / "records.db")
    for guard in tables.SQLITE_GUARDS:
        connection.execute(f"DROP TRIGGER {guard}")
    connection.execute("DELETE FROM entries")
    head, made = Head(), []
    for one in old:
        body = change(one.body)
        if body is not None:
            made.append(again(head, body))
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", made)
    if signed:
        connection.execute("DELETE FROM checkpoints")
        connection.executemany("INSERT INTO checkpoints VALUES (?, ?, ?)", signed_again(store, made, checkpoints))
    for guard in tables.SQLITE_GUARDS.values():
        connection.execute(guard)
    connection.commit()
    connection.close()
    store.rebuild()


def again(head: Head, body: bytes) -> tuple[int, bytes, bytes]:
    from records import canonical
    from records.merkle import leaf_hash

    entry = canonical.loads(body) | {"seq": head.size + 1, "prev": head.hash.hex()}
    body = canonical.dumps(entry)
    head.hash = leaf_hash(body)
    head.frontier.add(head.hash)
    return entry["seq"], head.hash, body


def signed_again(
    store: Store, entries: list[tuple[int, bytes, bytes]], old: list[checkpoint.Signed]
) -> list[tuple[int, bytes, bytes]]:
    walk, made, last = Walk(), [], None
    wanted = {min(checkpoint.opened(one).entries, len(entries)): checkpoint.opened(one) for one in old}
    for seq, hash_, body in entries:
        walk.step(seq, hash_, body)
        if seq in wanted:
            last = checkpoint.sign(store.signer, wanted[seq].store, walk.head, last, wanted[seq].why, wanted[seq].at)
            made.append((checkpoint.opened(last).number, last.body, last.signature))
    return made


def confirmed_to_dismissed(body: bytes) -> bytes:
    return body.replace(b'"decision":"confirmed"', b'"decision":"dismissed"')


@pytest.fixture
def attacked(tmp_path: Path) -> tuple[Store, Path, str]:
    """A store with decisions; a witness's copy kept elsewhere, and one paper with its printed checkpoint."""
    store = opened(tmp_path)
    fill(store, 6)
    for number in range(3):
        store.append([decided(store, number)], "张三")
    elsewhere = tmp_path / "elsewhere.log"
    shutil.copy2(store.witness, elsewhere)
    last = store.last_checkpoint()
    assert last is not None
    return store, elsewhere, checkpoint.printed(last)


def test_entries_changed_and_chained_anew_are_found_by_the_checkpoints_beside_them(attacked: tuple[Store, Path, str]) -> None:
    store, *_ = attacked
    rewrite(store, confirmed_to_dismissed, signed=False)
    assert any("与签署时不符" in one.told for one in verify(store).problems)


@pytest.mark.parametrize(
    "change", [confirmed_to_dismissed, lambda body: None if b'"kind":"decided"' in body else body], ids=["edit", "cut"]
)
def test_all_rewritten_with_the_stolen_key_is_found_by_a_witness_or_one_paper(
    attacked: tuple[Store, Path, str], change: Callable[[bytes], bytes | None]
) -> None:
    store, elsewhere, paper = attacked
    rewrite(store, change, signed=True)
    store.witness.write_text("".join(one.line() + "\n" for one in store.checkpoints()), encoding="utf-8")
    assert verify(store).status == 0  # with everything on the machine in hand, nothing on the machine can tell
    assert verify(store, Outside(witnesses=(elsewhere,))).status == 1
    assert verify(store, Outside(printed=(paper,))).status == 1


def test_a_store_rolled_back_whole_is_found_by_a_witness_or_one_paper(attacked: tuple[Store, Path, str], tmp_path: Path) -> None:
    store, *_ = attacked
    store.engine.dispose()
    shutil.copytree(store.home, tmp_path / "old")
    store.append([decided(store, 4)], "张三")
    last = store.last_checkpoint()
    assert last is not None
    shutil.copy2(store.witness, tmp_path / "newer.log")
    old = open_store(tmp_path / "old", actor="x")
    assert verify(old).status == 0
    assert verify(old, Outside(witnesses=(tmp_path / "newer.log",))).status == 1
    assert verify(old, Outside(printed=(checkpoint.printed(last),))).status == 1


def test_the_tail_after_the_last_checkpoint_can_be_rewritten_and_its_length_is_told(tmp_path: Path) -> None:
    store = opened(tmp_path)
    fill(store, 2)
    store.append([began("1"), began("2")], "张三")
    assert (verify(store).status, verify(store).unattested) == (2, 2)
    rewrite(store, lambda body: body.replace(b'"batch":"2"', b'"batch":"3"'), signed=False)
    verdict = verify(store)
    assert (verdict.problems, verdict.status, verdict.unattested) == ([], 2, 2)


def test_a_back_dated_entry_at_the_end_is_found(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    with database.writing(store.engine) as connection:
        head = store._head(connection)
        before, head.at = head.at, ""
        (one,) = seal(head, [began("x")], "张三", Moment(datetime(2020, 1, 1, tzinfo=UTC)))
        assert before > "2020"
        connection.execute(
            text("INSERT INTO entries VALUES (:seq, :hash, :body)"), {"seq": one.seq, "hash": one.hash, "body": one.body}
        )
    assert ("第3条记录", "时间早于前一条记录") in [(one.place, one.told) for one in verify(store).problems]


def test_a_guard_taken_away_is_found(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    with database.writing(store.engine) as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(text("DROP TRIGGER entries_no_update" if sqlite else "ALTER TABLE entries DISABLE TRIGGER ALL"))
    assert [one.place for one in verify(store).problems] == [
        "触发器 entries_no_update" if sqlite else "触发器 entries_append_only"
    ]


@pytest.mark.parametrize("words", ["UPDATE packages SET state = 'failed'", "DELETE FROM cases", "UPDATE tail SET size = 9"])
def test_a_changed_table_is_found(tmp_path: Path, database_url: str, words: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 2)
    with database.writing(store.engine) as connection:
        connection.execute(text(words))
    verdict = verify(store)
    assert verdict.status == 1
    assert {one.place.split(" 的")[0] for one in verdict.problems} == {
        f"表 {words.split()[1 if words.startswith('UPDATE') else 2]}"
    }
