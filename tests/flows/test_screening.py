"""One submission to its report, in this process: statuses, issues and what happens when a stage breaks."""

from datetime import date
from pathlib import Path

import pytest

import extractors
import policies
import validators
from flows import intake, parsing
from flows.screening import NO_FILES, Screened, screen_package, where
from schemas.vocabulary import DocumentStatus, IssueCode, Outcome, PolicyStatus, Recommendation
from tests.flows.broken import encrypted_docx, good, truncated_pdf

AS_OF = date(2026, 3, 1)


def screened(folder: Path, as_of: date = AS_OF) -> Screened:
    (one,) = intake.survey(folder, "one").submissions
    package = intake.collect(one, folder.parent / "work", intake.Limits())
    return screen_package(package, policies.load("kunming-poc"), as_of)


def test_a_good_package_is_complete_and_has_a_check_for_each_clause(tmp_path: Path) -> None:
    report = screened(good(tmp_path / "甲")).report
    assert (report.complete, [entry.status for entry in report.documents]) == (True, [DocumentStatus.READ])
    assert {check.clause: check.verdict for check in report.checks}["site.area"] == "met"
    assert report.timings.keys() == {"reading", "recognition", "understanding", "picture_check", "checking"}


def test_litter_is_listed_as_skipped_and_changes_nothing_else(tmp_path: Path) -> None:
    plain = screened(good(tmp_path / "甲")).report
    (tmp_path / "甲" / "Thumbs.db").write_bytes(b"x")
    with_litter = screened(tmp_path / "甲").report
    assert [(entry.file, entry.status) for entry in with_litter.documents[1:]] == [("Thumbs.db", DocumentStatus.SKIPPED)]
    assert (with_litter.submission, with_litter.facts, with_litter.findings, with_litter.complete) == (
        plain.submission,
        plain.facts,
        plain.findings,
        True,
    )


@pytest.mark.parametrize(("bad", "outcome"), [(truncated_pdf, Outcome.CORRUPT), (encrypted_docx, Outcome.ENCRYPTED)])
def test_a_package_nothing_of_which_can_be_read_says_so(tmp_path: Path, bad: object, outcome: Outcome) -> None:
    assert callable(bad)
    done = screened(bad(tmp_path / "甲"))
    assert done.error is not None
    assert done.error.startswith("没有一份材料能够读取")
    assert [(entry.outcome, entry.status) for entry in done.report.documents] == [(outcome, DocumentStatus.UNREADABLE)]
    assert done.report.issues[0].code is IssueCode.NOTHING_READ
    assert done.report.recommendation is Recommendation.MANUAL_REVIEW
    assert {check.verdict for check in done.report.checks} <= {"missing", "judgement", "not_applicable"}


def test_an_empty_package_says_so(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    done = screened(tmp_path / "甲")
    assert (done.error, done.report.documents, done.report.complete) == (NO_FILES, (), False)


def test_a_file_that_changed_after_intake_is_not_read(tmp_path: Path) -> None:
    (one,) = intake.survey(good(tmp_path / "甲")).submissions
    package = intake.collect(one, tmp_path / "work", intake.Limits())
    (tmp_path / "甲" / "申报书.txt").write_text("场地面积900平方米", encoding="utf-8")
    done = screen_package(package, policies.load("kunming-poc"), AS_OF)
    assert "在处理过程中被改动" in done.report.documents[0].message
    assert done.report.facts == ()


def test_outside_of_a_policys_dates_the_report_is_a_simulation(tmp_path: Path) -> None:
    good(tmp_path / "甲")
    states = [
        screened(tmp_path / "甲", day).report.policy for day in (date(2025, 11, 13), date(2028, 11, 14), date(2028, 11, 15))
    ]
    assert [state.status for state in states] == [PolicyStatus.NOT_YET_IN_FORCE, PolicyStatus.IN_FORCE, PolicyStatus.EXPIRED]
    assert [state.simulation for state in states] == [True, False, True]


@pytest.mark.parametrize(
    ("room", "name"), [(extractors, "extract"), (extractors, "resolve"), (validators, "run"), (parsing.Parsers, "document")]
)
def test_a_stage_that_breaks_is_an_issue_and_tells_no_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: object, name: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("13900000000")

    monkeypatch.setattr(room, name, broken)
    report = screened(good(tmp_path / "甲")).report
    assert not report.complete
    assert report.recommendation is Recommendation.MANUAL_REVIEW
    assert "RuntimeError" in " ".join(issue.message for issue in report.issues)
    assert "13900000000" not in report.model_dump_json()


def test_the_place_of_an_error_is_told_without_its_words() -> None:
    with pytest.raises(KeyError) as caught:
        policies.load("nowhere")
    assert where(caught.value).startswith("KeyError policies/__init__.py:")
    assert "nowhere" not in where(caught.value)
