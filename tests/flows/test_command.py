"""The command line as a district officer calls it, in a process of its own: words, files and exit status."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.command import main
from tests.flows.broken import bad_batch, good

CHUSHEN = [sys.executable, "-P", "-m", "flows.command"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("CHUSHEN_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def chushen(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*CHUSHEN, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", timeout=120)


def screen(path: Path, out: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return chushen("screen", path, "--policy", "kunming-poc", "--as-of", "2026-03-01", "--out", out, *more)


def report(out: Path, ident: str) -> Any:
    return json.loads((out / "submissions" / ident / "report.json").read_text(encoding="utf-8"))


def test_a_batch_with_good_and_bad_packages_finishes_and_says_what_happened(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = screen(bad_batch(tmp_path / "批"), out)
    assert done.returncode == 1
    batch = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    assert [(row["id"], row["error"] is None) for row in batch["submissions"]] == [
        ("1 好的", True),
        ("2 残缺", False),
        ("3 加密", False),
        ("4 空的", False),
    ]
    assert (batch["counts"]["screened"], batch["counts"]["failed"]) == (1, 3)
    assert [report(out, ident)["documents"][0]["outcome"] for ident in ("2 残缺", "3 加密")] == ["CORRUPT", "ENCRYPTED"]
    for ident in ("2 残缺", "3 加密"):
        assert "DOCUMENT_UNREADABLE" in [finding["code"] for finding in report(out, ident)["findings"]]
    assert report(out, "4 空的")["issues"][0]["message"] == "申报包中没有任何文件"
    assert all((out / "submissions" / row["id"] / "report.html").stat().st_size > 1000 for row in batch["submissions"])
    assert (out / "batch.xlsx").read_bytes().startswith(b"PK")


def test_a_good_package_is_exit_status_0_whatever_the_verdicts(tmp_path: Path) -> None:
    done = screen(good(tmp_path / "甲"), tmp_path / "out", "--outputs", "json")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    found = report(tmp_path / "out", "甲")
    assert [fact["value"] for fact in found["facts"] if fact["key"] == "site.area"] == ["350"]
    assert (found["complete"], found["issues"]) == (True, [])


def test_a_call_for_applications_asks_for_materials_and_the_list_to_look_up_is_written(tmp_path: Path) -> None:
    notice = tmp_path / "通知.yaml"
    notice.write_text("通知: 关于组织申报的通知\n起算日: 2026-03-01\n材料: [伦理审查批件]\n", encoding="utf-8")
    out = tmp_path / "out"
    done = screen(good(tmp_path / "甲"), out, "--outputs", "docx", "--notice", str(notice))
    found = report(out, "甲")
    assert (done.returncode, found["complete"]) == (0, True)
    assert [
        "伦理审查批件" in one["message"] for one in (*found["findings"], *found["leads"]) if one["code"] == "MATERIAL_MISSING"
    ] == [True]
    assert (out / "submissions" / "甲" / "外部核查清单.docx").read_bytes().startswith(b"PK")


def test_json_alone_draws_no_pictures_and_no_tables(tmp_path: Path) -> None:
    out = tmp_path / "out"
    screen(good(tmp_path / "甲"), out, "--outputs", "json")
    assert sorted(path.name for path in out.rglob("*") if path.is_file()) == ["batch.json", "report.json"]
    assert "pictures" not in report(out, "甲")["timings"]


def test_an_unread_image_makes_a_report_incomplete_and_nothing_worse(tmp_path: Path) -> None:
    package = good(tmp_path / "甲")
    (package / "照片.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 100)
    done = screen(package, tmp_path / "out", "--outputs", "json")
    found = report(tmp_path / "out", "甲")
    assert (done.returncode, found["complete"]) == (0, False)
    assert [(issue["code"], issue["document"]) for issue in found["issues"]] == [("DOCUMENT_NOT_READ", "d1")]
    assert "照片.heic" in found["issues"][0]["message"]
    assert "DOCUMENT_UNREADABLE" not in [finding["code"] for finding in found["findings"]]


def test_the_same_package_gives_the_same_report(tmp_path: Path) -> None:
    package = good(tmp_path / "甲")
    reports = []
    for name in ("一", "二"):
        screen(package, tmp_path / name)
        found = report(tmp_path / name, "甲")
        assert found.pop("timings")["total"] > 0
        reports.append((found, (tmp_path / name / "submissions" / "甲" / "report.html").read_bytes()))
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "缺少参数：命令"),
        (("screen",), "缺少参数"),
        (("scren", "x"), "不能是“scren”"),
        (("screen", "没有", "--policy", "kunming-poc"), "找不到：没有"),
        (("screen", ".", "--policy", "nowhere"), "没有名为“nowhere”的政策"),
        (("screen", ".", "--policy", "kunming-poc", "--as-of", "2026年3月"), "--as-of 应为日期"),
        (("screen", ".", "--policy", "kunming-poc", "--one", "--batch"), "不能同时使用"),
        (("screen", ".", "--policy", "kunming-poc", "--outputs", "pdf"), "--outputs 不能是“pdf”"),
        (("screen", ".", "--policy", "kunming-poc", "--fast"), "不认识的参数：--fast"),
        (("screen", ".", "--policy", "kunming-poc", "--notice", "没有.yaml"), "无法读取通知文件 没有.yaml"),
        (("policy", "show", "nowhere"), "没有名为“nowhere”的政策"),
        (("policy", "check", "没有.yaml"), "找不到政策文件"),
    ],
)
def test_a_wrong_call_is_exit_status_2_and_a_chinese_sentence(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空").mkdir()
    monkeypatch.chdir(tmp_path / "空")
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert list((tmp_path / "空").iterdir()) == []


def test_documents_beside_folders_name_both_ways_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good(tmp_path / "批" / "甲")
    (tmp_path / "批" / "说明.txt").write_text("x", encoding="utf-8")
    assert main(["screen", str(tmp_path / "批"), "--policy", "kunming-poc", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "--one" in told
    assert "--batch" in told


def test_a_setting_that_makes_no_sense_is_a_wrong_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHUSHEN_WORKERS", "很多")
    assert main(["settings"]) == 2
    assert "workers" in capsys.readouterr().err


def test_help_comes_fast_and_in_chinese() -> None:
    start = time.perf_counter()
    told = chushen("--help")
    assert time.perf_counter() - start < 3  # measured 0.25 s; a machine under load gets some room
    assert "用法：chushen" in told.stdout
    assert "示例" in chushen("screen", "--help").stdout


def test_help_loads_no_parser_and_no_engine() -> None:
    code = "import sys, flows.command as c\ntry: c.main(['--help'])\nexcept SystemExit: pass\nprint(sorted(set(sys.modules)), file=sys.stderr)"
    told = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60)
    loaded = {name.split(".")[0] for name in told.stderr.strip("[]\n").replace("'", "").split(", ")}
    assert "argparse" in loaded
    assert not loaded & {"prefect", "spacy", "pypdfium2", "docx", "openpyxl", "extractors", "policies"}


def test_policies_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("urumqi-poc-create", "urumqi-poc-recognize", "kunming-poc", "kunming-pilot"))
    assert main(["policy", "show", "kunming-poc"]) == 0
    assert "第二条（三）" in capsys.readouterr().out


def test_a_policy_of_ones_own_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import policies

    own = tmp_path / "kunming-poc"
    shutil.copytree(policies.HOME / "kunming-poc", own)
    assert main(["policy", "check", str(own / "policy.yaml")]) == 0
    (own / "source.txt").write_text("另一份文件", encoding="utf-8")
    assert main(["policy", "check", str(own / "policy.yaml")]) == 1
    assert capsys.readouterr().out.strip().count("\n") >= 1


def test_quantities_answers_line_by_line() -> None:
    with subprocess.Popen(
        [*CHUSHEN, "quantities"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for text, value in (("面积350平方米", 350), ("投入3.5万元", 35000)):
            asked.stdin.write(json.dumps({"id": "1", "text": text}, ensure_ascii=False) + "\n")
            asked.stdin.flush()
            (found,) = json.loads(asked.stdout.readline())  # before the next line goes in
            assert float(found["value"]) == value
        asked.stdin.close()
        assert asked.wait(30) == 0


def test_a_bad_line_of_quantities_is_an_empty_list_and_exit_status_2() -> None:
    lines = '不是 JSON\n{"id": "1"}\n{"id": "2", "text": 5}\n{"id": "3", "text": "350平方米"}\n'
    told = subprocess.run([*CHUSHEN, "quantities"], input=lines, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert [len(json.loads(line)) for line in told.stdout.splitlines()] == [0, 0, 0, 1]
    assert told.returncode == 2


def test_ctrl_c_keeps_what_is_done_and_leaves_nothing_running(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUSHEN_WORKERS", "1")
    for number in range(1, 121):  # so many that a busy machine is not done before the signal arrives
        good(tmp_path / "批" / f"{number:03d}")
    out = tmp_path / "out"
    call = [
        *CHUSHEN,
        "screen",
        str(tmp_path / "批"),
        "--policy",
        "kunming-poc",
        "--out",
        str(out),
        "--outputs",
        "json",
        "--engine",
        "local",
    ]
    # where the tests themselves run in the background, a shell has told everything below it to ignore Ctrl-C
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=heed) as running:
        assert running.stderr is not None
        running.stderr.readline()
        running.send_signal(signal.SIGINT)
        errors = running.communicate(timeout=60)[1]
    assert (running.returncode, "Traceback" in errors) == (1, False)
    rows = json.loads((out / "batch.json").read_text(encoding="utf-8"))["submissions"]
    states = [report(out, row["id"])["issues"][0]["code"] if row["error"] else "done" for row in rows]
    assert len(states) == 120
    assert {"done", "INTERRUPTED"} == set(states)
    assert list((home / "work").iterdir()) == []


def test_reports_of_an_earlier_batch_do_not_stay_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("甲", "乙"):
        good(tmp_path / "批" / name)
    screen(tmp_path / "批", out, "--outputs", "json")
    shutil.rmtree(tmp_path / "批" / "乙")
    (out / "submissions" / "乙" / "批注.txt").write_text("工作人员自己的文件", encoding="utf-8")
    screen(tmp_path / "批", out, "--outputs", "json")
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "batch.json",
        "submissions/乙/批注.txt",
        "submissions/甲/report.json",
    ]
