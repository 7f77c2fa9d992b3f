"""What is installed: listed whole, above the known holes, and compared with advisories that were carried in."""

import json
import pyexpat
import zipfile
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from flows import advisories, software
from flows.advisories import AdvisoriesError, audit
from flows.command import main

NOW = datetime(2026, 3, 20, tzinfo=UTC)
INSTALLED = [("Pillow", "12.2.0"), ("starlette", "0.47.1"), ("jieba", "0.42.1")]


def snapshot(path: Path, *told: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number, one in enumerate(told):
            archive.writestr(f"{one.get('id', number)}.json", json.dumps(one))
    return path


def weak(ident: str, name: str, *events: dict[str, str], versions: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}] if events else [],
        "versions": list(versions),
    }
    return {"id": ident, "modified": "2026-03-01T00:00:00Z", "summary": "一处漏洞", "affected": [affected], **more}


@pytest.mark.parametrize(
    ("told", "hit"),
    [
        (weak("V-1", "starlette", {"introduced": "0"}, {"fixed": "0.47.2"}), True),
        (weak("V-2", "Starlette", versions=("0.47.1",)), True),
        (weak("V-3", "starlette", {"introduced": "0"}, {"last_affected": "0.47.1"}), True),
        (weak("V-4", "starlette", {"introduced": "0.1"}, {"fixed": "0.2"}, {"introduced": "0.40"}, {"fixed": "0.48"}), True),
        (weak("V-5", "starlette", {"introduced": "nobody can order this"}), True),
        (weak("N-1", "starlette", {"introduced": "0"}, {"fixed": "0.47.1"}), False),
        (weak("N-2", "starlette", {"introduced": "0.47.2"}), False),
        (weak("N-3", "starlette", {"introduced": "0"}, {"last_affected": "0.47.0"}), False),
        (weak("N-4", "starlette", {"introduced": "0"}, withdrawn="2026-02-01T00:00:00Z"), False),
        (weak("N-5", "another", {"introduced": "0"}), False),
    ],
    ids=lambda one: one["id"] if isinstance(one, dict) else "",
)
def test_a_known_weakness_is_found_and_no_other(tmp_path: Path, told: dict[str, Any], hit: bool) -> None:
    audited = audit(snapshot(tmp_path / "all.zip", told), INSTALLED, NOW)
    assert (audited.packages, audited.advisories) == (3, 1)
    assert [(one.package, one.id) for one in audited.found] == ([("starlette", told["id"])] if hit else [])


def test_nothing_is_called_clear_that_was_not_looked_at(tmp_path: Path) -> None:
    fresh = snapshot(tmp_path / "all.zip", weak("V", "another"))
    with pytest.raises(AdvisoriesError, match="读不了"):
        audit(tmp_path / "gone.zip", INSTALLED, NOW)
    with pytest.raises(AdvisoriesError, match="没有漏洞数据"):
        audit(snapshot(tmp_path / "empty.zip"), INSTALLED, NOW)
    with pytest.raises(AdvisoriesError, match="超过 30 天"):
        audit(fresh, INSTALLED, datetime(2026, 4, 2, tzinfo=UTC))
    with pytest.raises(AdvisoriesError, match="没有列出"):
        audit(fresh, [], NOW)
    with pytest.raises(AdvisoriesError, match="无法比较"):
        audit(fresh, [("odd", "no version")], NOW)


def test_the_command_tells_by_its_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = datetime.now(UTC).isoformat()
    assert (
        main(
            ["records", "advisories", str(snapshot(tmp_path / "a.zip", weak("V", "pillow", {"introduced": "0"}, modified=today)))]
        )
        == 1
    )
    assert "pillow" in capsys.readouterr().out
    assert main(["records", "advisories", str(snapshot(tmp_path / "b.zip", weak("V", "another", modified=today)))]) == 0
    assert f"已核对 {len({name for name, _ in software.components()})} 个" in capsys.readouterr().out
    assert main(["records", "advisories", str(tmp_path / "gone.zip")]) == 3


def test_the_bill_lists_all_that_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "software"]) == 0
    listed = {one["name"] for one in json.loads(capsys.readouterr().out)["components"]}
    assert listed == {one.metadata["Name"].lower() for one in metadata.distributions()}
    assert len(listed) > 50


@pytest.mark.parametrize("name", software.FLOORS)
def test_a_package_below_its_floor_or_missing_stops_the_screening(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = metadata.version
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "申报书.txt").write_text("申报书", encoding="utf-8")
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    call = ["screen", str(tmp_path / "甲"), "--policy", "kunming-poc", "--out", str(tmp_path / "out")]
    assert software.below_floors() == []
    monkeypatch.setattr(software.metadata, "version", lambda one: "0.0.1" if one == name else real(one))
    assert main(call) == 2
    assert f"软件包 {name} 的版本 0.0.1 有已知漏洞" in capsys.readouterr().err

    def gone(one: str) -> str:
        if one == name:
            raise metadata.PackageNotFoundError(one)
        return real(one)

    monkeypatch.setattr(software.metadata, "version", gone)
    assert main(call) == 2
    assert f"缺少软件包 {name}" in capsys.readouterr().err


def test_an_old_xml_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyexpat, "version_info", (2, 4, 0))
    assert software.below_floors() == ["XML 解析库 expat 的版本 2.4.0 有已知漏洞，至少应为 2.4.1"]


def test_a_member_too_large_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories, "MOST_BYTES", 10)
    with pytest.raises(AdvisoriesError, match="没有漏洞数据"):
        audit(snapshot(tmp_path / "all.zip", weak("V", "starlette")), INSTALLED, NOW)
