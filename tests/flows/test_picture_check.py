"""Figures that decide clauses against the pictures of their pages, from a package to its report."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import policies
from extractors.readers.ocr import Engine, Glyphs, Paddle
from fixtures.poison import Row, page
from flows import intake, parsing, picture_check, scans
from flows.screening import screen_package
from flows.settings import PictureCheck
from schemas.document import Mark
from schemas.report import ScreeningReport
from tests.extractors.test_scan_figures import Saying

engine_needed = pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
AREA, TEAM = "专门用房面积（平方米）", "服务团队人数（人）"
HONEST = (Row("单位名称", "昆明某某科技有限公司"), Row(AREA, "350"), Row(TEAM, "8"))


def screened(folder: Path, *rows: Row, mode: PictureCheck = "deciding") -> ScreeningReport:
    (folder / "甲").mkdir(exist_ok=True)
    (folder / "甲" / "申报书.pdf").write_bytes(page(rows, title="昆明市概念验证中心申报书"))
    (one,) = intake.survey(folder / "甲", "one").submissions
    package = intake.collect(one, folder / "work", intake.Limits())
    return screen_package(package, policies.load("kunming-poc"), date(2026, 3, 1), pictures=mode).report


def told(report: ScreeningReport, key: str = "site.area") -> tuple[str, str, str, list[str]]:
    """Value and status of a fact, the verdict on it, and the codes of what was found and warned of besides."""
    (fact,) = (fact for fact in report.facts if fact.key == key)
    (check,) = (check for check in report.checks if check.clause == key)
    codes = [f.code.value for f in report.findings if f.code.value == "HIDDEN_TEXT"]
    return str(fact.value), fact.status.value, check.verdict.value, codes + [w.code.value for w in report.documents[0].warnings]


class Broken(Saying):
    def read(self, crops: object) -> list[Glyphs]:
        raise RuntimeError("boom")


class Missing(Saying):
    def probe(self) -> str:
        return "未安装文字识别组件。"


@engine_needed
def test_what_the_picture_bears_out_stays_as_it_is(tmp_path: Path) -> None:
    report = screened(tmp_path, *HONEST)
    assert told(report) == ("350", "accepted", "met", [])
    assert report.complete
    assert report.timings["picture_check"] > 0
    left_out = screened(tmp_path, *HONEST, mode="off")
    assert report.model_copy(update={"timings": {}}) == left_out.model_copy(update={"timings": {}})


@engine_needed
def test_a_figure_drawn_otherwise_is_never_vouched_for(tmp_path: Path) -> None:
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", "120", "drawn"), HONEST[2])
    assert told(report) == ("990", "needs_review", "unclear", ["HIDDEN_TEXT", "LAYER_DIFFERS"])
    (fact,) = (fact for fact in report.facts if fact.key == "site.area")
    assert fact.reason == "第1页文字层写“990”，画面上为“120”，请对照原件核对"
    (found,) = (finding for finding in report.findings if finding.code == "HIDDEN_TEXT")
    assert [(e.quote, e.page, e.bbox is not None) for e in found.evidence] == [("990", 1, True)]
    assert (report.documents[0].outcome, report.complete) == ("OK_WARN", True)


@engine_needed
@pytest.mark.parametrize("mode", ["off", "doubtful"])
def test_only_asked_for_is_a_figure_without_a_sign_compared(tmp_path: Path, mode: PictureCheck) -> None:
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", "120", "drawn"), HONEST[2], mode=mode)
    assert told(report) == ("990", "accepted", "met", [])


@engine_needed
def test_another_place_that_says_the_same_does_not_outweigh_the_picture(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "补充说明.txt").write_text("昆明市概念验证中心申报书\n专门用房面积：990平方米\n", encoding="utf-8")
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", "120", "drawn"), HONEST[2])
    (fact,) = (fact for fact in report.facts if fact.key == "site.area")
    assert (len(fact.evidence), fact.status) == (2, "needs_review")


@engine_needed
def test_a_figure_nothing_is_drawn_for_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    see_all = lambda document, place: frozenset()  # noqa: E731  (a detector that missed it)
    monkeypatch.setattr(picture_check.figures, "marks_at", see_all)
    read = parsing.Parsers.document

    def blind(*given: object) -> object:
        document = read(*given)
        return replace(document, marks=(), warnings=())

    monkeypatch.setattr(parsing.Parsers, "document", blind)
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", way="white"), HONEST[2])
    assert told(report) == ("990", "needs_review", "unclear", ["HIDDEN_TEXT", "HIDDEN_TEXT"])


@engine_needed
@pytest.mark.parametrize(
    ("row", "status"),
    [
        (Row(AREA, "990"), "accepted"),
        (Row(AREA, "990", "120", "drawn"), "needs_review"),
        (Row(AREA, "990", way="white"), "accepted"),
    ],
)
def test_a_font_left_out_of_the_file_is_never_hidden_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: Row, status: str
) -> None:
    read = parsing.Parsers.document

    def loose(*given: object) -> object:
        document = read(*given)
        return replace(document, marks=(Mark("not_embedded", 0, len(document.text)),), warnings=())

    monkeypatch.setattr(parsing.Parsers, "document", loose)
    report = screened(tmp_path, HONEST[0], row, HONEST[2])
    assert told(report)[1] == status
    assert "HIDDEN_TEXT" not in told(report)[3]
    assert ("FONT_NOT_EMBEDDED" in told(report)[3]) == (row.way != "plain")


@engine_needed
@pytest.mark.parametrize(
    ("second", "status"),
    [(("120", "8"), "needs_review"), (("990", "8"), "accepted"), (None, "accepted"), (OSError(), "accepted")],
)
def test_where_the_picture_does_not_tell_a_second_engine_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: object, status: str
) -> None:
    def asked(*_: object) -> object:
        if isinstance(second, Exception):
            raise second
        return second

    monkeypatch.setattr(parsing.Parsers, "second", lambda *_: asked)
    read = parsing.Parsers.document
    marks = (Mark("not_embedded", 0, 999),)
    monkeypatch.setattr(parsing.Parsers, "document", lambda *given: replace(read(*given), marks=marks, warnings=()))
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", way="white"), HONEST[2])
    assert told(report)[1] == status
    assert ("ENGINES_DIFFER" in told(report)[3]) == (status == "needs_review")


@engine_needed
def test_a_suspect_place_is_compared_even_when_only_doubtful_ones_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = parsing.Parsers.document
    monkeypatch.setattr(parsing.Parsers, "document", lambda *given: replace(read(*given), marks=(Mark("not_embedded", 0, 999),)))
    report = screened(tmp_path, HONEST[0], Row(AREA, "990", "120", "drawn"), HONEST[2], mode="doubtful")
    assert told(report)[1] == "needs_review"


@pytest.mark.parametrize("broken", [Broken(), Saying(), type("Short", (Saying,), {"read": lambda self, crops: []})()])
def test_an_engine_that_breaks_costs_the_values_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: Engine
) -> None:
    monkeypatch.setattr(scans, "engine", lambda threads: broken)
    report = screened(tmp_path, *HONEST)
    assert told(report) == ("350", "needs_review", "unclear", [])
    assert [issue.code for issue in report.issues] == ["CHECK_FAILED"]
    assert "boom" not in report.issues[0].message


def test_an_engine_that_reads_nonsense_accuses_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "engine", lambda threads: Saying("1200000"))
    report = screened(tmp_path, *HONEST)
    assert told(report) == ("350", "needs_review", "unclear", [])


def test_an_engine_that_is_not_there_is_an_issue_and_no_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "engine", lambda threads: Missing())
    report = screened(tmp_path, *HONEST)
    assert told(report) == ("350", "accepted", "met", [])
    assert [issue.message for issue in report.issues] == ["数字未能与画面核对：未安装文字识别组件。"]


def test_a_page_that_cannot_be_drawn_costs_its_own_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(scans, "engine", lambda threads: Saying("350"))
    monkeypatch.setattr(parsing.Parsers, "strips", lambda *_: breaks)
    report = screened(tmp_path, *HONEST)
    assert told(report)[:3] == ("350", "needs_review", "unclear")
    assert [(issue.document, issue.page) for issue in report.issues] == [("d1", 1)]


def test_numbers_of_every_clause_are_compared_and_nothing_else() -> None:
    keys = picture_check.deciding(policies.load("urumqi-poc-recognize"))
    assert {"site.area", "equipment.value", "projects.completed", "advisors.external_share"} <= keys
    assert not {"centre.name", "credit.clean", "applicant.kind"} & keys


@engine_needed
@pytest.mark.parametrize(
    ("option", "setting", "status"), [((), None, "needs_review"), ((), "off", "accepted"), (("deciding",), "off", "needs_review")]
)
def test_the_option_wins_over_the_setting_and_the_setting_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], setting: str | None, status: str
) -> None:
    monkeypatch.setenv("CHUSHEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CHUSHEN_PICTURE_CHECK", raising=False)
    if setting:
        monkeypatch.setenv("CHUSHEN_PICTURE_CHECK", setting)
    package, out = tmp_path / "申报书.pdf", tmp_path / "out"
    package.write_bytes(page((HONEST[0], Row(AREA, "990", "120", "drawn"), HONEST[2]), title="昆明市概念验证中心申报书"))
    given = [f"--picture-check={one}" for one in option]
    call = ["screen", str(package), "--policy", "kunming-poc", "--as-of", "2026-03-01", "--out", str(out), "--outputs", "json"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "flows.command", *call, *given],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0
    assert ("数字与画面核对用时" in done.stdout) == (status == "needs_review")
    report = json.loads((out / "submissions" / "申报书" / "report.json").read_text(encoding="utf-8"))
    assert [fact["status"] for fact in report["facts"] if fact["key"] == "site.area"] == [status]
