"""AMOUNT_WORDS_MISMATCH: an amount in 大写 and the same amount in figures beside it that differ."""

from collections.abc import Iterator
from decimal import Decimal

from schemas.case import Case
from schemas.papers import Amounts
from schemas.policy import Policy
from schemas.report import Finding, Lead, plain
from schemas.vocabulary import FindingCode, Severity
from validators.messages import finding, ordered, places, printable


def words(case: Case, policy: Policy) -> Iterator[Finding]:
    """AMOUNT_WORDS_MISMATCH, one a pair."""
    for pair in _differing(case):
        if not pair.unsure:
            yield finding(
                FindingCode.AMOUNT_WORDS_MISMATCH, Severity.MEDIUM, f"{_told(pair, case)}。", case=case, evidence=pair.evidence,
                advice="请对照原件核对，由申报单位说明以哪一个为准并更正。",
            )  # fmt: skip


def leads(case: Case) -> Iterator[Lead]:
    for pair in _differing(case):
        if pair.unsure:
            message = f"{_told(pair, case)}；{'、'.join(pair.unsure)}，请对照原件核对。"
            yield Lead(code=FindingCode.AMOUNT_WORDS_MISMATCH, message=message, evidence=ordered(pair.evidence, case))


def _differing(case: Case) -> Iterator[Amounts]:
    return (pair for reading in case.readings for pair in reading.amounts if pair.words != pair.figures)


def _told(pair: Amounts, case: Case) -> str:
    return (
        f"{places(pair.evidence, case)}大写金额“{printable(pair.words_stated)}”为{_yuan(pair.words)}，"
        f"小写金额“{printable(pair.figures_stated)}”为{_yuan(pair.figures)}，两者不一致"
    )


def _yuan(value: Decimal) -> str:
    return f"{plain(value)}元"
