"""CHUSHEN_HOME stays tidy, whatever happened to the run before."""

import os
from pathlib import Path

from flows import upkeep


def test_the_work_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with upkeep.work_folder(tmp_path) as work:
        (work / "x").write_text("x", encoding="utf-8")
        assert (tmp_path / "work").stat().st_mode & 0o077 == 0
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_killed_run_left_goes_and_what_another_run_uses_stays(tmp_path: Path) -> None:
    left = tmp_path / "work" / "dead"
    left.mkdir(parents=True)
    (left / upkeep.IN_USE).touch()
    with upkeep.work_folder(tmp_path) as first, upkeep.work_folder(tmp_path) as second:
        assert not left.exists()
        assert first.is_dir()
        assert second.is_dir()


def test_two_runs_never_share_a_database(tmp_path: Path) -> None:
    with upkeep.database(tmp_path) as first, upkeep.database(tmp_path) as second:
        (tmp_path / "prefect" / second).touch()
        assert first == "prefect.db"
        assert second != first
    assert not (tmp_path / "prefect" / second).exists()


def test_a_database_that_has_grown_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    with (tmp_path / "prefect" / "prefect.db").open("wb") as stream:
        stream.truncate(upkeep.DATABASE_BYTES + 1)
    with upkeep.database(tmp_path) as name:
        assert not (tmp_path / "prefect" / name).exists()


def test_a_long_log_is_put_by_once(tmp_path: Path) -> None:
    with upkeep.log_file(tmp_path, "workers.log").open("wb") as stream:
        stream.truncate(upkeep.LOG_BYTES + 1)
    assert not upkeep.log_file(tmp_path, "workers.log").exists()
    assert (tmp_path / "logs" / "workers.log.1").exists()


def test_readings_are_private_and_the_oldest_go_first(tmp_path: Path) -> None:
    folder = upkeep.page_readings(tmp_path)
    for age, name in enumerate(("new", "old", "oldest")):
        (folder / "ab").mkdir(parents=True, exist_ok=True)
        (folder / "ab" / name).write_bytes(b"0123456789")
        os.utime(folder / "ab" / name, (1_000_000 - age, 1_000_000 - age))
    upkeep.page_readings(tmp_path, most=25)
    assert sorted(path.name for path in folder.glob("*/*")) == ["new", "old"]
    assert (folder.parent.stat().st_mode & 0o777) == 0o700
