"""Confidence told is monotone in what was read, and a pool that few values support promises little."""

import pytest

from benchmarks.calibrate import pools
from extractors.calibration import STEPS, calibrated
from schemas.vocabulary import FactStatus


@pytest.mark.parametrize("status", list(FactStatus))
def test_more_confidence_is_never_told_as_less(status: FactStatus) -> None:
    told = [calibrated(status, raw / 100) for raw in range(101)]
    assert told == sorted(told)
    assert all(0 < one < 1 for one in told)


def test_every_status_has_its_steps() -> None:
    assert set(STEPS) == set(FactStatus)


def test_an_accepted_fact_is_surer_than_a_doubted_one() -> None:
    assert min(told for _, told in STEPS[FactStatus.ACCEPTED]) > max(told for _, told in STEPS[FactStatus.NEEDS_REVIEW])


def test_pools_rise_and_merge_what_falls() -> None:
    made = pools([(0.5, True), (0.5, False), (0.6, False), (0.6, True), (0.9, True), (0.9, True), (0.9, True)])
    assert [(pool.low, pool.values, pool.right) for pool in made] == [(0.5, 4, 2), (0.9, 3, 3)]
    assert [pool.share for pool in made] == [2 / 5, 3 / 4]


def test_a_pool_of_one_promises_little() -> None:
    assert pools([(0.9, True)])[0].share == 0.5
