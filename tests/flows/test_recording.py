"""Screening on record: what a batch leaves, what a second run does, what a killed one lost, and what happens when nothing can be written."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from flows import recording, upkeep
from flows.command import main
from flows.settings import load
from records import database
from records.audit import verify
from records.canonical import loads
from records.store import Store, read_store
from tests.flows.broken import GOOD, bad_batch, good

CHUSHEN = [sys.executable, "-P", "-m", "flows.command"]
USCC = "统一社会信用代码：91530191MA24JAFA2K\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("CHUSHEN_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def screen(path: Path, out: Path, *more: str) -> int:
    call = ["screen", str(path), "--policy", "kunming-poc", "--as-of", "2026-03-01", "--out", str(out), "--outputs", "json"]
    return main([*call, *more])


def kinds(store: Store) -> list[str]:
    return [loads(one.body)["event"]["kind"] for one in store.entries()]


def reports(out: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(out.rglob("*.json")):
        found[str(path.relative_to(out))] = json.loads(path.read_text(encoding="utf-8"))
        found[str(path.relative_to(out))].pop("timings", None)
    return found


def test_a_batch_is_on_record_and_the_report_is_as_without(tmp_path: Path, home: Path) -> None:
    bad_batch(tmp_path / "批")
    assert [screen(tmp_path / "批", tmp_path / "甲"), screen(tmp_path / "批", tmp_path / "乙", "--no-records")] == [1, 1]
    assert reports(tmp_path / "甲") == reports(tmp_path / "乙")
    store = read_store(home)
    assert kinds(store).count("checked") == 4
    assert [kind for kind in kinds(store) if kind not in ("received", "read", "extracted", "checked")] == [
        "opened", "key", "software", "settings", "policy_loaded", "batch_began", "batch_ended",
    ]  # fmt: skip
    assert (verify(store).status, verify(store).problems) == (0, [])
    assert store.vault.get(loads_files(store)[0]) in [
        path.read_bytes() for path in (tmp_path / "批").rglob("*") if path.is_file()
    ]


def loads_files(store: Store) -> list[str]:
    return [
        digest
        for one in store.entries()
        for digest, _ in loads(one.body)["event"].get("files", ())
        if loads(one.body)["event"]["kind"] == "received"
    ]


def test_no_records_leaves_none(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(tmp_path / "甲")
    monkeypatch.setenv("CHUSHEN_RECORDS", "off")
    assert screen(tmp_path / "甲", tmp_path / "out") == 0
    assert not (home / "records").exists()


def test_a_second_run_does_only_what_is_new(tmp_path: Path, home: Path) -> None:
    for name in ("甲", "乙"):
        good(tmp_path / "批" / name)
    screen(tmp_path / "批", tmp_path / "一")
    good(tmp_path / "批" / "丙", GOOD + USCC)
    screen(tmp_path / "批", tmp_path / "二")
    assert kinds(read_store(home)).count("checked") == 3
    first, second = (
        json.loads((tmp_path / name / "submissions" / "甲" / "report.json").read_text(encoding="utf-8")) for name in ("一", "二")
    )
    assert first == second  # to the timings
    ended = [loads(one.body)["event"] for one in read_store(home).entries() if b"batch_ended" in one.body]
    assert [(one["screened"], one["reused"]) for one in ended] == [(2, 0), (3, 2)]


@pytest.mark.parametrize("more", [("--as-of", "2026-03-02"), ("--picture-check", "off"), ("--policy", "kunming-pilot")])
def test_another_day_setting_or_policy_is_another_screening(tmp_path: Path, home: Path, more: tuple[str, ...]) -> None:
    good(tmp_path / "甲")
    screen(tmp_path / "甲", tmp_path / "out")
    screen(tmp_path / "甲", tmp_path / "out", *more)
    assert kinds(read_store(home)).count("checked") == 2


def test_what_comes_back_is_version_2_of_the_case(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lacking = GOOD.replace("专门用房面积：350平方米\n", "专门用房面积：150平方米\n")
    package = good(tmp_path / "甲", lacking + USCC)
    screen(package, tmp_path / "一")
    screen(package, tmp_path / "一")
    (package / "申报书.txt").write_text(GOOD + USCC, encoding="utf-8")
    screen(package, tmp_path / "二")
    ((case, row),) = read_store(home).rows("cases")
    assert (case, len(row["contents"]), len(row["packages"])) == ("kunming-poc/91530191MA24JAFA2K", 2, 2)
    capsys.readouterr()
    assert main(["records", "show", case]) == 0
    told = capsys.readouterr().out
    assert "第2版" in told
    assert re.search(r"已解决 +场地面积：不符合 → 符合", told)


def test_a_package_whose_applicant_is_not_clear_is_a_case_of_its_own(tmp_path: Path, home: Path) -> None:
    good(tmp_path / "批" / "甲")
    good(tmp_path / "批" / "乙", GOOD + "另一份")
    screen(tmp_path / "批", tmp_path / "out")
    assert [case.split("/")[1][:3] for case, _ in read_store(home).rows("cases")] == ["未明-", "未明-"]


def test_a_report_is_made_again_from_the_vault(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad_batch(tmp_path / "批")
    screen(tmp_path / "批", tmp_path / "out")
    shutil.rmtree(tmp_path / "批")
    shutil.rmtree(tmp_path / "out")
    store = read_store(home)
    ((batch, _),) = store.rows("batches")
    capsys.readouterr()
    assert main(["audit", "replay", batch]) == 0
    assert capsys.readouterr().out.count("报告完全相同") == 4
    assert kinds(store).count("replayed") == 4
    assert verify(store).problems == []


def test_an_archive_with_names_in_gbk_is_laid_out_as_it_was(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = good(tmp_path / "甲")
    (folder / "附件").mkdir()
    with open(os.path.join(os.fsencode(folder / "附件"), "说明.txt".encode("gbk")), "w") as stream:
        stream.write("x")
    (folder / "Thumbs.db").write_bytes(b"x")
    with zipfile.ZipFile(folder / "附件.zip", "w") as archive:
        archive.writestr("营业执照.txt", "执照")
    screen(folder, tmp_path / "out", "--one")
    ((key, _),) = read_store(home).rows("packages")
    capsys.readouterr()
    assert main(["audit", "replay", key]) == 0
    assert "报告完全相同" in capsys.readouterr().out


def test_what_differs_on_replay_is_listed_with_why(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows import software

    old = software.identity().model_copy(update={"identity": "0" * 64})
    good(tmp_path / "甲")
    monkeypatch.setattr(software, "identity", lambda: old)
    screen(tmp_path / "甲", tmp_path / "out")
    monkeypatch.undo()
    monkeypatch.setenv("CHUSHEN_HOME", str(home))
    store = read_store(home)
    ((key, row),) = store.rows("packages")
    changed = json.loads(store.vault.get(row["report"]))
    changed["checks"][0]["reason"] = "当时的话"
    (kept,) = store.vault.put(json.dumps(changed, ensure_ascii=False).encode())
    from flows import replaying

    (outcome,) = replaying.replay(store, load().settings, [(key, row | {"report": kept.sha256})], "张三")
    assert [(one.what, one.before) for one in outcome.differences] == [
        (f"checks[{changed['checks'][0]['clause']}].reason", "当时的话")
    ]
    assert "软件与当时不同" in outcome.reasons[0]


def test_one_command_tells_whether_the_records_hold(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 3
    good(tmp_path / "甲")
    screen(tmp_path / "甲", tmp_path / "out")
    assert main(["audit", "verify"]) == 0
    (one, *_) = (home / "records" / "vault").glob("??/*")
    one.chmod(0o600)
    one.write_bytes(b"x")
    capsys.readouterr()
    assert main(["audit", "verify"]) == 1
    assert f"原件 {one.parent.name}{one.name}：内容已被改动" in capsys.readouterr().out


def test_a_bundle_is_exported_and_verified(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good(tmp_path / "甲", GOOD + USCC)
    screen(tmp_path / "甲", tmp_path / "out")
    bundle = tmp_path / "记录包.zip"
    assert main(["audit", "export", "kunming-poc/91530191MA24JAFA2K", "--out", str(bundle)]) == 0
    assert main(["audit", "verify", str(bundle), "--key", str(home / "keys" / "signing.pub")]) == 0
    with zipfile.ZipFile(bundle) as archive:
        assert "documents/001-甲/申报书.txt" in archive.namelist()
    bundle.write_bytes(bundle.read_bytes()[:-300])
    assert main(["audit", "verify", str(bundle)]) in (1, 3)
    assert main(["audit", "export", "没有这个", "--out", str(tmp_path / "x.zip")]) == 2


# --- compared with others -----------------------------------------------------------------------------------------------------------

SERIAL = """仪器设备清单
序号\t设备名称\t型号\t出厂编号\t数量\t单价（万元）
1\t高效液相色谱仪\tLC-2030\tSN20240611A7731\t1\t86.5
2\t冷冻干燥机\tFD-1A\tFD2023080912B\t1\t12.4
"""
OTHER = "统一社会信用代码：91530102MA7NG9LP1B\n"


def findings(out: Path, ident: str) -> list[tuple[str, list[str]]]:
    report = json.loads((out / "submissions" / ident / "report.json").read_text(encoding="utf-8"))
    return sorted((one["code"], one["others"]) for one in (*report["findings"], *report["leads"]) if one.get("others"))


def two(tmp_path: Path) -> Path:
    from docx import Document

    for name, code in (("甲", USCC), ("乙", OTHER)):
        folder = good(tmp_path / "批" / name, GOOD.replace("某某", name) + code)
        document = Document()
        document.add_paragraph("仪器设备清单")
        table = document.add_table(0, 6)
        for line in SERIAL.splitlines()[1:]:
            for cell, words in zip(table.add_row().cells, line.split("\t"), strict=True):
                cell.text = words
        document.save(str(folder / "仪器设备清单.docx"))
    return tmp_path / "批"


def test_what_is_found_between_submissions_is_found_again_when_they_are_not_screened_again(tmp_path: Path, home: Path) -> None:
    batch = two(tmp_path)
    screen(batch, tmp_path / "一")
    assert findings(tmp_path / "一", "甲") != []
    screen(batch, tmp_path / "二")
    assert reports(tmp_path / "一") == reports(tmp_path / "二")
    store = read_store(home)
    assert (kinds(store).count("checked"), kinds(store).count("compared")) == (2, 2)
    assert verify(store).problems == []
    assert store.vault.get(store.rows("packages")[0][1]["final"]) in [
        path.read_bytes() for path in (tmp_path / "一").rglob("report.json")
    ]


def test_packages_screened_earlier_take_part_when_asked_and_never_ones_own(tmp_path: Path, home: Path) -> None:
    batch = two(tmp_path)
    screen(batch / "甲", tmp_path / "一")
    screen(batch / "乙", tmp_path / "二")
    assert findings(tmp_path / "二", "乙") == []
    screen(batch / "乙", tmp_path / "三", "--against-records")
    assert {ident for _, others in findings(tmp_path / "三", "乙") for ident in others} == {"甲"}
    (batch / "甲" / "补充.txt").write_text("补充说明", encoding="utf-8")
    screen(batch / "甲", tmp_path / "四", "--against-records")
    assert {ident for _, others in findings(tmp_path / "四", "甲") for ident in others} == {"乙"}
    states = [loads(one.body)["event"]["state"] for one in read_store(home).entries() if b'"kind":"compared"' in one.body]
    assert all(re.fullmatch(r"\d+:[0-9a-f]{64}", state) for state in states)
    assert len(states) == 2


# --- personal data ------------------------------------------------------------------------------------------------------------------

ROSTER = """服务团队名单
姓名 身份证号 联系电话
赵一 650191199601193871 13912345678
钱二 530102198803074516 186 1234 5678
开户银行账号：53001234567890123
"""


def test_no_output_and_nothing_kept_but_the_original_holds_a_personal_number(tmp_path: Path, home: Path) -> None:
    package = good(tmp_path / "批" / "13912345678的申报材料", GOOD + USCC + ROSTER)
    (package / "身份证650191199601193871.txt").write_text(ROSTER, encoding="utf-8")
    (package / "损坏 18612345678.pdf").write_bytes(b"%PDF-1.7 x")
    out = tmp_path / "out"
    main(["screen", str(tmp_path / "批"), "--policy", "kunming-poc", "--out", str(out)])
    main(["audit", "export", "kunming-poc/91530191MA24JAFA2K", "--out", str(tmp_path / "out" / "b.zip")])
    store = read_store(home)
    originals = set(loads_files(store)) | {row["manifest"] for _, row in store.rows("packages")}
    store.engine.dispose()
    secret = [
        b"650191199601193871",
        b"530102198803074516",
        b"53001234567890123",
        b"18612345678",
        b"186 1234 5678",
        b"13912345678",
    ]
    found = []
    for path in [path for root in (out, home) for path in root.rglob("*") if path.is_file()]:
        if path.suffix == ".zip" or path.parent.name + path.name in originals:
            continue
        data = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                data = [archive.read(name) for name in archive.namelist()]
        found += [(path, number) for number in secret for one in data if number in one]
    assert [(path.name, number) for path, number in found] == []
    assert [path.name for path in out.rglob("*") if re.search(r"\d{11}", path.name)] == []


# --- exactly once -------------------------------------------------------------------------------------------------------------------


def start(path: Path, out: Path) -> "subprocess.Popen[bytes]":
    call = [
        *CHUSHEN,
        "screen",
        str(path),
        "--policy",
        "kunming-poc",
        "--as-of",
        "2026-03-01",
        "--out",
        str(out),
        "--outputs",
        "json",
        "--engine",
        "local",
    ]
    return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def workers(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True)
    return [int(line) for line in listed.stdout.split()]


def test_a_batch_killed_again_and_again_is_screened_exactly_once(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUSHEN_WORKERS", "2")
    chance = random.Random(7)
    for number in range(1, 31):
        good(tmp_path / "批" / f"{number:02d}", GOOD + f"第{number}份\n")
    out = tmp_path / "out"
    for kill in range(6):
        running = start(tmp_path / "批", out)
        before = progress(home)
        end = time.monotonic() + 60
        while running.poll() is None and progress(home) <= before + chance.randrange(4) and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(chance.random() * 0.3)
        if kill % 3 == 2 and (hands := workers(running.pid)):
            os.kill(chance.choice(hands), signal.SIGKILL)
            time.sleep(0.3)
        running.kill()
        running.wait()
        if home.joinpath("records", "records.db").exists():
            assert verify(read_store(home)).problems == []
    assert screen(tmp_path / "批", out) == 0
    store = read_store(home)
    done = [loads(one.body)["event"]["package"] for one in store.entries() if b'"kind":"checked"' in one.body]
    assert (len(done), len(set(done))) == (30, 30)
    assert kinds(store).count("received") == 30
    assert (verify(store).status, verify(store).notes) == (0, [])
    assert len(reports(out)) == 31
    assert json.loads((out / "batch.json").read_text(encoding="utf-8"))["counts"]["screened"] == 30


def progress(home: Path) -> int:
    path = home / "records" / "records.db"
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_two_runs_of_one_batch_at_once_screen_each_package_once(tmp_path: Path, home: Path) -> None:
    for number in range(1, 9):
        good(tmp_path / "批" / f"{number:02d}", GOOD + f"第{number}份\n")
    running = [start(tmp_path / "批", tmp_path / name) for name in ("一", "二")]
    assert [one.wait(120) for one in running] == [0, 0]
    store = read_store(home)
    assert kinds(store).count("checked") == 8
    assert reports(tmp_path / "一") == reports(tmp_path / "二")
    assert (verify(store).status, verify(store).problems) == (0, [])


def test_a_package_that_another_run_finished_while_we_asked_for_it_is_not_screened_again(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(tmp_path / "批" / "甲")
    looks = recording.Recorder._screened
    asked = 0

    def late(self: recording.Recorder, *given: Any) -> bool:
        nonlocal asked
        asked += 1
        return False if asked == 1 else looks(self, *given)

    assert screen(tmp_path / "批", tmp_path / "先") == 0
    monkeypatch.setattr(recording.Recorder, "_screened", late)
    assert screen(tmp_path / "批", tmp_path / "后") == 0
    store = read_store(home)
    assert (asked, kinds(store).count("checked"), store.holders()) == (2, 1, ())
    assert reports(tmp_path / "先")["submissions/甲/report.json"] == reports(tmp_path / "后")["submissions/甲/report.json"]


def test_a_run_that_starts_takes_none_that_is_starting_for_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file that is there and not locked yet looks like one that a killed run left."""
    made, first, real = threading.Event(), threading.current_thread(), upkeep.held

    @contextmanager
    def slow(path: Path) -> Iterator[bool]:
        if path.name != "starting" and threading.current_thread() is not first:
            path.touch()
            made.set()
            time.sleep(0.5)
        with real(path) as ours:
            yield ours

    monkeypatch.setattr(upkeep, "held", slow)
    monkeypatch.setattr(recording, "held", slow)
    told: list[bool] = []

    def other() -> None:
        with upkeep.work_folder(tmp_path) as work, recording.running(tmp_path) as (holder, alive):
            time.sleep(0.5)
            told.extend((work.is_dir(), alive(holder)))

    starting = threading.Thread(target=other)
    starting.start()
    for _ in range(2):  # once while the folder is made, once while the run is
        assert made.wait(10)
        made.clear()
        with upkeep.work_folder(tmp_path), recording.running(tmp_path):
            pass
    starting.join(30)
    assert told == [True, True]


# --- trouble ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUSHEN_RECORDS_WAIT", "0")


def test_a_report_that_could_not_be_recorded_does_not_count(
    tmp_path: Path, home: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    good(tmp_path / "批" / "甲")
    good(tmp_path / "批" / "乙", GOOD + "另一份")
    monkeypatch.setattr(recording.Recorder, "_finish", full)
    assert screen(tmp_path / "批", tmp_path / "out") == 1
    rows = json.loads((tmp_path / "out" / "batch.json").read_text(encoding="utf-8"))["submissions"]
    assert all("未能记入档案" in row["error"] and "磁盘已满" in row["error"] for row in rows)
    monkeypatch.undo()
    monkeypatch.setenv("CHUSHEN_HOME", str(home))
    assert screen(tmp_path / "批", tmp_path / "out") == 0
    assert kinds(read_store(home)).count("checked") == 2


def test_a_disk_that_is_full_for_a_while_only_delays(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from records.vault import Vault

    put, left = Vault.put_files, [2]

    def sometimes(self: Vault, paths: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(28, "No space left on device")
        return put(self, paths)

    monkeypatch.setattr(Vault, "put_files", sometimes)
    good(tmp_path / "甲")
    assert screen(tmp_path / "甲", tmp_path / "out") == 0
    told = capsys.readouterr().err
    assert "磁盘已满" in told
    assert "恢复写入" in told
    assert verify(read_store(home)).status == 0


def test_a_database_that_makes_no_sense_is_a_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good(tmp_path / "甲")
    monkeypatch.setenv("CHUSHEN_DATABASE", "mysql://root:secret@host/db")
    assert screen(tmp_path / "甲", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "SQLite 或 PostgreSQL" in told
    main(["settings"])
    assert "secret" not in capsys.readouterr().out


def test_screening_on_postgresql_and_a_server_that_goes_away_and_returns(
    tmp_path: Path, home: Path, postgres: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.fresh()
    monkeypatch.setenv("CHUSHEN_DATABASE", address)
    for number in range(1, 5):
        good(tmp_path / "批" / f"{number:02d}", GOOD + f"第{number}份\n")
    finish, gone = recording.Recorder._finish, []

    def away(self: Any, *arguments: Any) -> Any:
        if not gone:
            gone.append(True)
            admin = create_engine(
                database.address(address, home).rpartition("/")[0] + "/postgres?" + address.partition("?")[2],
                isolation_level="AUTOCOMMIT",
            )
            with admin.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
                    )
                )
            admin.dispose()
        return finish(self, *arguments)

    monkeypatch.setattr(recording.Recorder, "_finish", away)
    assert screen(tmp_path / "批", tmp_path / "out") == 0
    store = read_store(home, address)
    assert kinds(store).count("checked") == 4
    assert (verify(store).status, verify(store).problems) == (0, [])
    store.engine.dispose()
    postgres.drop(address)
