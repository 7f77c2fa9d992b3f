"""The store on SQLite and on PostgreSQL: one transaction or none, tables that can be made again, leases, migrations."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import exc, inspect, text

from records import checkpoint, database, tables
from records.audit import verify
from records.store import Claim, Clock, LeaseError, Store, StoreError, open_store, read_store
from schemas.trail import BatchBegan, BatchEnded
from tests.records.fill import add, decided, fill, opened


def began(batch: str = "b") -> BatchBegan:
    return BatchBegan(batch=batch, policy="kunming-poc", as_of="2026-03-01", packages=1)


def test_an_untouched_store_verifies(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 30)
    verdict = verify(store)
    assert (verdict.problems, verdict.status, verdict.entries, verdict.files) == ([], 0, 2 + 1 + 120 + 1, 150)


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
@pytest.mark.parametrize("words", ["UPDATE {} SET body = body", "DELETE FROM {}"])
def test_what_is_recorded_can_be_neither_changed_nor_deleted(tmp_path: Path, database_url: str, table: str, words: str) -> None:
    store = opened(tmp_path, database_url)
    with pytest.raises(exc.DBAPIError, match="append-only"), database.writing(store.engine) as connection:
        connection.execute(text(words.format(table)))


def test_tables_for_lists_are_dropped_and_made_again(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 5)
    store.append([decided(store, 2)], "张三")
    before = {name: store.rows(name) for name in tables.PROJECTIONS}
    with database.writing(store.engine) as connection:
        for name in tables.PROJECTIONS:
            connection.execute(text(f"DELETE FROM {name}"))
    assert store.rows("cases") == []
    store.rebuild()
    assert {name: store.rows(name) for name in tables.PROJECTIONS} == before
    assert [row["state"] for _, row in before["cases"]].count("decided") == 1


def test_packages_are_found_by_words(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 12)
    assert [row["name"] for _, row in store.search("第3家 kunming")] == ["第3家"]
    assert store.search("100%") == []


def test_nothing_of_a_failed_write_stays(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    before = store.state()
    with pytest.raises(ZeroDivisionError):
        store.append([began()], "张三", amend=lambda _connection, _get: [1 / 0])  # type: ignore[list-item]
    assert (store.state(), store.rows("batches")) == (before, [])


def test_a_decision_has_its_checkpoint_when_it_returns(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 2)
    (entry,) = store.append([decided(store, 0)], "张三")
    last = store.last_checkpoint()
    assert last is not None
    assert (checkpoint.opened(last).entries, checkpoint.opened(last).why) == (entry.seq, "decision")
    assert store.witness.read_text(encoding="utf-8").splitlines()[-1] == last.line()


def test_entries_wait_a_minute_at_most_for_a_checkpoint(tmp_path: Path) -> None:
    now = [1_750_000_000.0]
    store = opened(tmp_path, clock=Clock(lambda: now[0], lambda: now[0]))
    count = len(store.checkpoints())
    store.append([began("1")], "张三")
    assert len(store.checkpoints()) == count
    now[0] += 61
    store.append([began("2")], "张三")
    assert [checkpoint.opened(one).why for one in store.checkpoints()[count:]] == ["time"]
    now[0] += 86400
    store.append([began("3")], "张三")
    assert checkpoint.opened(store.checkpoints()[-1]).why == "day"


def test_many_writers_at_once_make_one_trail(tmp_path: Path, database_url: str) -> None:
    opened(tmp_path, database_url)

    def write(number: int) -> None:
        store = opened(tmp_path, database_url)
        for turn in range(5):
            store.append([began(f"{number}-{turn}")], f"第{number}人")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = opened(tmp_path, database_url)
    assert len(store.rows("batches")) == 30
    assert verify(store).problems == []


def test_a_claim_that_was_lost_cannot_finish(tmp_path: Path, database_url: str) -> None:
    now = [1_750_000_000.0]
    store = opened(tmp_path, database_url, clock=Clock(lambda: now[0], lambda: now[0]))
    first = store.claim("p", "甲", lambda _: True)
    assert first == Claim("p", "甲", 1)
    assert store.claim("p", "乙", lambda _: True) is None
    now[0] += 1000
    second = store.claim("p", "乙", lambda _: True)
    with pytest.raises(LeaseError):
        store.append([began()], "甲", claim=first)
    store.append([began()], "乙", claim=second)
    with pytest.raises(LeaseError):
        store.append([began()], "乙", claim=second)
    assert len(store.rows("batches")) == 1


def test_what_a_dead_holder_claimed_is_free_at_once(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    store.claim("p", "甲", lambda _: True)
    assert store.claim("p", "乙", lambda holder: holder != "甲") == Claim("p", "乙", 2)


def test_files_nobody_names_are_collected_once_their_run_is_dead(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 2)
    store.claim("p", "甲", lambda _: True)
    (orphan,) = store.vault.put(b"of a killed run")
    assert (verify(store).problems, len(verify(store).notes)) == ([], 2)
    opened(tmp_path, database_url, alive=lambda _: True)
    assert store.vault.holds(orphan.sha256)
    opened(tmp_path, database_url, alive=lambda _: False)
    assert not store.vault.holds(orphan.sha256)
    assert verify(store).status == 0


def test_migrations_go_down_and_up_on_a_filled_store(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    fill(store, 5)
    before = {name: store.rows(name) for name in tables.PROJECTIONS}
    with database.writing(store.engine) as connection:
        database.migrate(connection, "0001", down=True)
        assert not database.engine_has(connection, "cases")
    again = opened(tmp_path, database_url)
    assert {name: again.rows(name) for name in tables.PROJECTIONS} == before
    assert verify(again).status == 0


def test_a_trail_is_never_migrated_away(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    with pytest.raises(RuntimeError, match="never dropped"), database.writing(store.engine) as connection:
        database.migrate(connection, "base", down=True)
    assert verify(opened(tmp_path, database_url)).status == 0


def test_migrations_build_what_the_tables_say(tmp_path: Path, database_url: str) -> None:
    found = inspect(opened(tmp_path, database_url).engine)
    built = {
        name: sorted(column["name"] for column in found.get_columns(name))
        for name in found.get_table_names()
        if name != "alembic_version"
    }
    assert built == {name: sorted(column.name for column in table.columns) for name, table in tables.metadata.tables.items()}
    indexes = {index["name"] for name in built for index in found.get_indexes(name)}
    assert indexes >= {index.name for table in tables.metadata.tables.values() for index in table.indexes}


def test_a_newer_database_is_left_alone(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    with database.writing(store.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="更新的版本"):
        opened(tmp_path, database_url)


def test_sqlite_promises_what_it_must(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.engine.connect() as connection:
        assert database.promises(connection) == []
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        assert database.promises(connection) == ["SQLite 的 synchronous 应为 2，实为 1"]


def test_nothing_is_chained_to_a_wrong_end(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    with database.writing(store.engine) as connection:
        connection.execute(text("UPDATE tail SET size = size + 1, frontier = frontier"))
    with pytest.raises(StoreError, match="tail"):
        opened(tmp_path, database_url)


def test_keys_are_this_users_alone_and_made_once(tmp_path: Path) -> None:
    store = opened(tmp_path)
    key = tmp_path / "home" / "keys" / "signing.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert opened(tmp_path).signer.id == store.signer.id
    assert "BEGIN PUBLIC KEY" in (key.parent / "signing.pub").read_text()


def test_a_new_key_is_in_the_trail_before_it_signs(tmp_path: Path, database_url: str) -> None:
    opened(tmp_path, database_url)
    (tmp_path / "home" / "keys" / "signing.key").unlink()
    again = opened(tmp_path, database_url)
    again.append([BatchEnded(batch="b", screened=0, failed=0, reused=0)], "张三")
    assert verify(again).problems == []
    assert len({checkpoint.opened(one).key for one in again.checkpoints()}) == 2


def test_traits_are_kept_by_package_and_found_by_key(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    store.append([*add(store, 1), *add(store, 2)], "张三")
    one, two = (key for key, _ in store.rows("packages"))
    store.put_traits(one, "shingles", {"a": b"1", "b": b"2"}, "张三")
    store.put_traits(two, "shingles", {"b": b"3"}, "张三")
    store.put_traits(one, "shingles", {"b": b"4"}, "张三")
    assert verify(store).problems == []
    assert [(package, row["name"], data) for package, row, _, data in store.traits("shingles", ["b"])] == sorted(
        [(one, "第1家", b"4"), (two, "第2家", b"3")]
    )
    assert [package for package, *_ in store.traits("shingles", but_uscc="9153" + "1".zfill(14))] == [two]


def test_only_the_newest_version_of_a_case_is_compared_with(tmp_path: Path, database_url: str) -> None:
    store = opened(tmp_path, database_url)
    store.append([*add(store, 1), *add(store, 1, text="补正", version=2)], "张三")
    (_, case) = store.rows("cases")[0]
    first, second = case["packages"]
    for package in (first, second):
        store.put_traits(package, "shingles", {"a": package.encode()}, "张三")
    assert [package for package, *_ in store.traits("shingles")] == [second]


def test_reading_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="还没有记录"):
        read_store(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_store_can_be_opened_by_many_at_its_beginning(tmp_path: Path, database_url: str) -> None:
    stores: list[Store] = []
    threads = [
        threading.Thread(target=lambda: stores.append(open_store(tmp_path / "home", database_url, actor="x"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 6
    assert verify(stores[0]).status == 0
