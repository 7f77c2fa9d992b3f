"""The engine test of the flows: a server of our own comes up, the batch flow runs over its shards, and the reports are the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows import prefect_server
from flows.command import main
from tests.flows.broken import encrypted_docx, good


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("CHUSHEN_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHUSHEN_SHARD", "2")
    return tmp_path / "home"


def everything(out: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(out.rglob("*.json")):
        found[str(path.relative_to(out))] = json.loads(path.read_text(encoding="utf-8"))
        found[str(path.relative_to(out))].pop("timings", None)
    return found


def test_the_flow_and_the_plain_way_give_the_same_reports(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("甲", "乙"):
        good(tmp_path / "批" / name)
    encrypted_docx(tmp_path / "批" / "丙")
    (tmp_path / "prefect.toml").write_text("[server.api]\nport = 'nonsense'\n", encoding="utf-8")  # another Prefect's, not ours
    monkeypatch.setenv("PREFECT_PROFILE", "of-another-prefect")
    monkeypatch.chdir(tmp_path)
    statuses = [
        main(["screen", str(tmp_path / "批"), "--policy", "kunming-poc", "--as-of", "2026-03-01",
              "--out", str(tmp_path / engine), "--engine", engine, "--outputs", "json,html", "--again"])
        for engine in ("local", "prefect")
    ]  # fmt: skip
    told = capfd.readouterr()
    assert statuses == [1, 1]
    assert everything(tmp_path / "local") == everything(tmp_path / "prefect")
    assert "改由本机直接处理" not in told.err
    assert "prefect" not in told.err.lower()
    assert (home / "prefect" / "prefect.db").stat().st_size > 0
    assert not list((home / "work").iterdir())


def test_without_a_server_the_work_is_done_all_the_same(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "0")
    good(tmp_path / "批" / "甲")
    out = tmp_path / "out"
    call = ["screen", str(tmp_path / "批"), "--policy", "kunming-poc", "--out", str(out), "--outputs", "json"]
    assert main([*call, "--engine", "prefect"]) == 0
    assert "改由本机直接处理" in capfd.readouterr().err
    assert json.loads((out / "batch.json").read_text(encoding="utf-8"))["counts"]["screened"] == 1
    shutil.rmtree(home)


def test_the_server_is_for_us_alone_and_tells_nobody(tmp_path: Path) -> None:
    """R-SC-6 and R-OF-2, as Prefect itself understands the settings."""
    env = prefect_server.environment(tmp_path)
    call = "import json; from prefect.settings import get_current_settings as s; print(s().model_dump_json())"
    told = json.loads(
        subprocess.run(
            [sys.executable, "-c", call], env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True, check=True
        ).stdout
    )
    assert (told["results"]["default_serializer"], told["results"]["persist_by_default"]) == ("json", False)
    assert Path(told["results"]["local_storage_path"]).parent == tmp_path / "prefect"
    assert (tmp_path / "prefect").stat().st_mode & 0o777 == 0o700
    assert told["server"]["analytics_enabled"] is False
    assert told["server"]["api"]["csrf_protection_enabled"] is True
    assert len(env["PREFECT_SERVER_API_AUTH_STRING"]) > 30
    assert env["PREFECT_SERVER_API_AUTH_STRING"] != prefect_server.environment(tmp_path)["PREFECT_SERVER_API_AUTH_STRING"]
    assert env["DO_NOT_TRACK"] == "1"
