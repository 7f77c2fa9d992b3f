"""A finding that rests on a comparison names both places: whoever reads it can look at either."""

from datetime import date

import pytest

import policies
from fixtures.make import AS_OF, pack
from fixtures.planted.make import make
from flows import intake, screening
from schemas.vocabulary import FindingCode

COMPARED = {
    FindingCode.FACT_CONFLICT,
    FindingCode.COUNT_MISMATCH,
    FindingCode.SUM_MISMATCH,
    FindingCode.RATIO_MISMATCH,
    FindingCode.PART_EXCEEDS_WHOLE,
    FindingCode.NAME_MISMATCH,
    FindingCode.AMOUNT_WORDS_MISMATCH,
    FindingCode.DUPLICATE_PERSON,
    FindingCode.DUPLICATE_ASSET,
    FindingCode.IMAGE_REUSE,
}


@pytest.mark.parametrize("n", [1, 5, 11, 17])
def test_what_rests_on_a_comparison_names_both_places(tmp_path, n):
    package = make("measure", n)
    (tmp_path / "in").mkdir()
    pack(package, tmp_path / "in")
    (path,) = (tmp_path / "in").iterdir()
    (one,) = intake.survey(path, "one" if path.is_dir() else "auto").submissions
    collected = intake.collect(one, tmp_path / "work", intake.Limits())
    told = screening.screen_package(collected, policies.load(package.spec.track), date.fromisoformat(AS_OF), pictures="off")
    compared = [finding for finding in told.report.findings if finding.code in COMPARED]
    assert [finding.message for finding in compared if len(finding.evidence) < 2] == []
    assert told.report.findings
