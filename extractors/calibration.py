"""From the raw confidence of a fact, which only ranks, to the share of such facts that are right.

The steps are data: ``python -m benchmarks.calibrate`` printed them from packages whose truth is known. They rise with the raw confidence, and a
step that few values support promises less. Whether a fact is accepted is decided before and elsewhere; this only says how sure to be of it.
"""

from bisect import bisect_right

from schemas.vocabulary import FactStatus

#: For each status: from which raw confidence on, what is told; from 154 packages, 1000 to 1083 and 1100 to 1169. Empty while steps are made.
STEPS: dict[FactStatus, tuple[tuple[float, float], ...]] = {
    FactStatus.ACCEPTED: (
        (0.90, 0.994),  # 1822 values, 1812 right
    ),
    FactStatus.NEEDS_REVIEW: (
        (0.55, 0.147),  # 448 values, 66 right
        (0.75, 0.833),  # 5 values, 5 right
        (0.85, 0.859),  # 957 values, 823 right
    ),
}


def calibrated(status: FactStatus, raw: float) -> float:
    """The share of facts of this status and raw confidence that are right. Below the first step the first is told."""
    steps = STEPS.get(status)
    if not steps:
        return round(raw, 2)
    return steps[max(0, bisect_right(steps, (raw, 1.0)) - 1)][1]
