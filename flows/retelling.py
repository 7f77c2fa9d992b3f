"""A report with what comparing its submission with others has added. Without parsers, so that whoever hands out work can do it."""

from collections.abc import Iterable

import validators
from schemas.report import Elsewhere, Finding, Lead, ScreeningReport
from validators.recommendation import recommend


def retold(
    report: ScreeningReport, findings: Iterable[Finding], leads: Iterable[Lead], elsewhere: Iterable[Elsewhere]
) -> ScreeningReport:
    """Numbered anew, the recommendation made anew."""
    told = validators.numbered((*report.findings, *findings))
    verdict, reason = recommend(report.checks, told, report.issues)
    changed = {
        "findings": told, "leads": validators.in_order((*report.leads, *leads)), "elsewhere": tuple(elsewhere),
        "recommendation": verdict, "recommendation_reason": reason,
    }  # fmt: skip
    return report.model_copy(update=changed)
