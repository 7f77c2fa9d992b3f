"""A batch whose packages share something, from its files to both reports; and one that shares nothing."""

import json
from pathlib import Path
from typing import Any

import docx
import pytest

from flows.command import main
from tests.validators.test_across import PARAGRAPH


def handed_in(folder: Path, applicant: str, code: str, room: str, serial: str, plan: str) -> None:
    folder.mkdir(parents=True)
    form = docx.Document()
    form.add_paragraph("昆明市概念验证中心申报书")
    rows = (("依托单位", applicant), ("统一社会信用代码", code), ("实际运营地址", f"昆明市官渡区人民路15号科技园C座{room}室"))
    table = form.add_table(len(rows), 2)
    for row, cells in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = cells
    form.save(folder / "申报书.docx")
    written = docx.Document()
    written.add_paragraph("建设方案")
    written.add_paragraph(plan)
    written.save(folder / "建设方案.docx")
    (folder / "设备清单.csv").write_text(
        f"序号,设备名称,规格型号,出厂编号,数量,原值（万元）\n1,冷冻干燥机,FD-800,{serial},1,7.77\n2,酶标仪,MR-{room},X{room}9988,1,3.11\n",
        encoding="utf-8",
    )


def screened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Path:
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHUSHEN_WORKERS", "1")
    out = tmp_path / "out"
    call = [
        "screen",
        str(tmp_path / "批"),
        "--policy",
        "kunming-poc",
        "--as-of",
        "2026-03-01",
        "--out",
        str(out),
        "--engine",
        "local",
    ]
    assert main([*call, "--picture-check", "off", *more]) == 0
    return out


def report(out: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "submissions" / name / "report.json").read_text(encoding="utf-8"))
    return found


def test_both_reports_tell_what_two_packages_share_with_both_places_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "样件在两个场景中试用，反馈记录齐全，改进清单逐条闭环，下一步转入小批量试制。"
    handed_in(tmp_path / "批" / "甲", "昆明甲药业有限公司", "91530191MA24JAFA2K", "205", "FDA1806989", PARAGRAPH)
    handed_in(tmp_path / "批" / "乙", "昆明乙器械有限公司", "91530191MAGFCU2Q2P", "205", "FDA1806989", PARAGRAPH)
    handed_in(tmp_path / "批" / "丙", "昆明丙材料有限公司", "91530191MA6N0XKX1Q", "207", "QQQ1111119", own)
    out = screened(tmp_path, monkeypatch)
    first, second = report(out, "甲"), report(out, "乙")
    shared = {"SHARED_ASSET", "SHARED_PREMISES", "TEXT_REUSE"}
    assert {one["code"] for one in first["findings"] if one["others"] == ["乙"]} == shared
    assert {one["code"] for one in second["findings"] if one["others"] == ["甲"]} == shared
    assert [one["id"] for one in first["findings"]] == [f"f{n}" for n in range(1, len(first["findings"]) + 1)]
    assert not [one for one in report(out, "丙")["findings"] if one["others"]]
    page = (out / "submissions" / "甲" / "report.html").read_text(encoding="utf-8")
    assert "申报包“乙”《设备清单.csv》" in page
    assert page.count(f"<mark>{PARAGRAPH[:20]}") == 2
    batch = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    assert [row["findings"] for row in batch["submissions"]] == [
        len(report(out, row["id"])["findings"]) for row in batch["submissions"]
    ]
    assert (out / "batch.xlsx").is_file()


def test_a_batch_of_one_that_nobody_keeps_is_not_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_in(tmp_path / "批" / "甲", "昆明甲药业有限公司", "91530191MA24JAFA2K", "205", "FDA1806989", PARAGRAPH)
    assert (
        "signing" not in report(screened(tmp_path, monkeypatch, "--batch", "--outputs", "json", "--no-records"), "甲")["timings"]
    )
