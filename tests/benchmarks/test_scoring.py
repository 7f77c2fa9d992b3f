"""The scorer sees each kind of error, and nothing in a report that says what its documents say."""

import copy

import pytest

from benchmarks.reliability import bins, error, svg
from benchmarks.scoring import score, tally
from fixtures.ink import Paper, Para
from fixtures.measure.make import make
from fixtures.to_docx import docx_bytes

PACKAGE = make("develop", 26)
TRUTH, FILES = PACKAGE.truth, dict(PACKAGE.files)


def perfect() -> dict:
    facts = [
        {"key": f["key"], "value": s["value"], "period": f["period"], "status": "accepted", "confidence": 0.9, "evidence": []}
        for f in TRUTH["facts"]
        for s in f["stated"]
    ]
    checks = [{"clause": name, "verdict": c["accept"][0]} for name, c in TRUTH["clauses"].items()]
    findings = [{"code": f["code"], "message": ""} for f in TRUTH["findings"]]
    return {"facts": facts, "checks": checks, "findings": findings, "documents": []}


def test_a_perfect_report_scores_full():
    n = score(TRUTH, perfect(), FILES).n
    assert (n["accepted"], n["right"], n["hard_right"]) == (n["wanted"], n["said"], n["hard_clauses"])
    assert (n["wrong_accepted"], n["false_alarms"], n["wanted"] > 10) == (0, 0, True)


@pytest.mark.parametrize(("status", "wrong"), [("accepted", 1), ("needs_review", 0)])
def test_the_hosts_figure_counts_as_wrong_accepted_only_when_accepted(status, wrong):
    report = perfect()
    theirs = TRUTH["distractors"]["site.area"][0]
    report["facts"].append({"key": "site.area", "value": theirs, "period": None, "status": status, "evidence": []})
    n = score(TRUTH, report, FILES).n
    assert (n["wrong"], n["wrong_accepted"], n["distractors_accepted"]) == (1, wrong, wrong)


@pytest.mark.parametrize(("part", "whole", "got"), [("facts", "wanted", "found"), ("checks", "hard_clauses", "hard_right")])
def test_what_is_left_out_is_missed(part, whole, got):
    report = copy.deepcopy(perfect())
    report[part] = []
    n = score(TRUTH, report, FILES).n
    assert (n[got], n[whole] > 5) == (0, True)


@pytest.mark.parametrize(("words", "grounded"), [("不在那里", 0), (TRUTH["applicant"], 1)])
def test_a_quote_is_looked_up_at_its_place(words, grounded):
    report = perfect()
    at = {"document": "d1", "anchor": "P1", "quote": words}
    report["documents"] = [{"id": "d1", "file": "x.docx"}]
    report["facts"] = [{"key": "applicant.name", "value": TRUTH["applicant"], "status": "accepted", "evidence": [at]}]
    assert score(TRUTH, report, {"x.docx": _one_line(TRUTH["applicant"])}).n["grounded"] == grounded


def _one_line(words):
    return docx_bytes(Paper((Para((words,)),)), seed=1)


def test_bins_hold_every_value_once_and_the_error_is_their_distance():
    sure = [(0.9, True, "accepted", "k")] * 9 + [(0.9, False, "accepted", "k"), (0.5, False, "needs_review", "k")]
    assert sum(n for _, _, n, _, _ in bins(sure)) == len(sure)
    assert error(sure) == pytest.approx(0.5 / 11)
    assert svg(sure, "x").count("<circle") == 2


_FLAGGED = {
    "clean": False,
    "findings": [{"code": "FACT_CONFLICT", "facts": ["site.area"], "files": ["a.pdf"], "note": ""}],
    "tolerated": ["SUM_MISMATCH"],
    "lookalikes": {"MATERIAL_EXPIRED": ["x"]},
}


def flagging(*codes, document="d1"):
    findings = [{"code": c, "facts": [], "evidence": [{"document": document}], "message": ""} for c in codes]
    return {"facts": [], "documents": [{"id": "d1", "file": "in/a.pdf"}, {"id": "d2", "file": "b.pdf"}], "findings": findings}


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        (flagging("FACT_CONFLICT", "SUM_MISMATCH"), {"due": 1, "found": 1, "located": 1, "false": 0, "alike": 0}),
        (flagging("FACT_CONFLICT", document="d2"), {"due": 1, "found": 1, "located": 0, "false": 0, "alike": 0}),
        (flagging("MATERIAL_EXPIRED", "HIDDEN_TEXT"), {"due": 1, "found": 0, "located": 0, "false": 2, "alike": 1}),
    ],
)
def test_tally(given, counts):
    n = tally(_FLAGGED, given).n
    assert {k: n[k] for k in counts} == counts
