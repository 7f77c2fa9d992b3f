"""The signature of a package just screened, for comparing it with others."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import policies
from extractors import organisations
from extractors.signing import Digests, sign
from extractors.signing_texts import grams
from flows import screening, signatures
from flows.screening import Screened
from schemas.policy import Policy
from schemas.report import Check, Issue, ScreeningReport
from schemas.requirements import Comparator, Compare
from schemas.signature import Signature, SignedDocument, SignedFigure
from schemas.vocabulary import FactKey, FactStatus, IssueCode, Verdict
from validators.recommendation import recommend

FAILED = "“与其他申报比较”一项检查未能完成（{}），请人工核对。"


def put(screened: Screened, path: Path, policy: Policy, key: Path, *, named: str) -> Screened:
    """Write the signature down; ``named`` is what the policy was called by. Where that fails the report says so: silence would pass for a comparison that found nothing."""
    try:
        signatures.write(path, signature(screened, policy, key.read_bytes(), _known(named)))
    except Exception as error:
        issue = Issue(code=IssueCode.CHECK_FAILED, message=FAILED.format(screening.where(error)))
        issues = (*screened.report.issues, issue)
        verdict, reason = recommend(screened.report.checks, screened.report.findings, issues)
        changed = {"issues": issues, "complete": False, "recommendation": verdict, "recommendation_reason": reason}
        return replace(screened, report=screened.report.model_copy(update=changed))
    return screened


def signature(screened: Screened, policy: Policy, key: bytes, known: frozenset[str] = frozenset()) -> Signature:
    report, digests = screened.report, Digests(key)
    files = {one.id: one for one in report.documents}
    shares = [
        sign(screened.documents[reading.document][1], reading, file=files[reading.document].file, digests=digests, known=known)
        for reading in screened.readings
        if reading.document in screened.documents
    ]
    return Signature(
        id=report.submission.id, name=report.submission.name, sha256=report.submission.sha256,
        applicants=_identity(report, FactKey.APPLICANT_NAME), usccs=_identity(report, FactKey.APPLICANT_USCC),
        partners=tuple(dict.fromkeys(name for one in shares for name in one.partners)),
        documents=tuple(
            SignedDocument(id=one.id, file=one.file, sha256=one.sha256, format=one.format, role=one.role) for one in report.documents
        ),
        people=tuple(row for one in shares for row in one.people), things=tuple(row for one in shares for row in one.things),
        rooms=tuple({(row.street, row.building, row.room): row for one in reversed(shares) for row in one.rooms}.values()),
        numbers=tuple({(row.kind, row.digest): row for one in reversed(shares) for row in one.numbers}.values()),
        texts=tuple(row for one in shares for row in one.texts), pictures=tuple(row for one in shares for row in one.pictures),
        writers=tuple(row for one in shares for row in one.writers), figures=tuple(_figures(report, policy)),
    )  # fmt: skip


@cache
def _known(policy: str) -> frozenset[str]:
    """What the policies themselves say, all of them: an applicant may quote another city's. ``policy`` is one more, by id or file."""
    return frozenset().union(*(grams(policies.source_text(name)) for name in {policy, *policies.available()}))


def _identity(report: ScreeningReport, key: FactKey) -> tuple[str, ...]:
    """The accepted ones, else whatever was read: a name nobody vouches for still keeps an applicant from being held against itself."""
    stated = [fact for fact in report.facts if fact.key is key and not fact.derived]
    accepted = [fact for fact in stated if fact.status is FactStatus.ACCEPTED]
    return tuple(dict.fromkeys(organisations.bare(str(fact.value)) for fact in accepted or stated))


def _figures(report: ScreeningReport, policy: Policy) -> Iterator[SignedFigure]:
    facts = {fact.id: fact for fact in report.facts}
    clauses = {clause.name: clause.requirement for clause in policy.clauses}
    for check in report.checks:
        if check.verdict not in (Verdict.MET, Verdict.NOT_MET):
            continue
        used = [facts[ident] for ident in check.facts if ident in facts]
        sure = bool(used) and all(fact.status is FactStatus.ACCEPTED for fact in used)
        basis = (
            "；".join(sorted(f"{fact.key}{f'（{fact.period}）' if fact.period else ''}={fact.value}" for fact in used))
            if sure
            else ""
        )
        yield _figure(check, clauses.get(check.clause), basis, report)


def _figure(check: Check, requirement: object, basis: str, report: ScreeningReport) -> SignedFigure:
    plain = SignedFigure(clause=check.clause, verdict=check.verdict, basis=basis)
    if not isinstance(requirement, Compare):
        return plain
    values = {
        fact.value
        for fact in report.facts
        if fact.id in check.facts and fact.key is requirement.key and fact.status is FactStatus.ACCEPTED
    }
    if len(values) != 1:
        return plain
    (value,) = values
    upper = requirement.comparator in (Comparator.AT_MOST, Comparator.BELOW)
    told = {"key": requirement.key, "value": value, "limit": requirement.threshold, "upper": upper}
    return SignedFigure.model_validate({**plain.model_dump(), **told}) if not isinstance(value, str | tuple | bool) else plain
