"""The screening report: the public interface, exactly as docs/contract.md has it.

Extensions (fields beyond the contract) are marked so in their docstring. ``dump`` is the one way a report becomes JSON.
"""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import ConfigDict, Field

from schemas.base import Frozen
from schemas.evidence import Evidence
from schemas.facts import Candidate, DocumentPart, Fact, FactValue, Rosters
from schemas.personal import mask
from schemas.traces import RevisionEntry, SignatureEntry
from schemas.vocabulary import (
    DocumentStatus,
    FactKey,
    FindingCode,
    Format,
    IssueCode,
    Outcome,
    PolicyStatus,
    Recommendation,
    Role,
    Severity,
    Verdict,
    WarningCode,
)

SCHEMA = "chushen.report/1"
BATCH_SCHEMA = "chushen.batch/1"


class DocumentWarning(Frozen):
    """``key`` (extension) is the key number a warning is about, where it is about one."""

    code: WarningCode
    message: str
    page: int | None = None
    key: FactKey | None = None


class DocumentEntry(Frozen):
    """One file of the submission. ``file`` is its path inside it, ``inner.zip/name`` for a member of a nested archive.

    ``roles`` (extension) lists every role of a combined file; ``role`` is the first of them. ``parts`` (extension) are the materials of
    a file that holds several, in order, each with its pages; empty for a file that is one. ``signatures`` (extension) are its electronic signatures, each
    with what its check came to; ``revisions`` (extension) the states it was saved in, where they are more than one.
    """

    id: str
    file: str
    sha256: str
    bytes: int
    format: Format
    role: Role = Role.OTHER
    roles: tuple[Role, ...] = ()
    parts: tuple[DocumentPart, ...] = ()
    pages: int | None = None
    ocr_pages: tuple[int, ...] = ()
    status: DocumentStatus
    outcome: Outcome
    message: str
    warnings: tuple[DocumentWarning, ...] = ()
    signatures: tuple[SignatureEntry, ...] = ()
    revisions: tuple[RevisionEntry, ...] = ()


class Searched(Frozen):
    """Where a value was looked for in vain: so many files and pages, what of them could not be read, and what was seen but set aside."""

    files: int
    pages: int
    unread: tuple[str, ...] = ()
    set_aside: tuple[Candidate, ...] = ()
    told: str


class Check(Frozen):
    """One clause applied to one submission. ``reading`` (extension) is how open wording was read, and who may decide otherwise.

    ``searched`` (extension) goes with the verdict ``missing``.
    """

    clause: str
    article: str
    wording: str
    verdict: Verdict
    reason: str
    required: str
    observed: str
    facts: tuple[str, ...] = ()
    title: str = ""
    reading: str = ""
    evidence: tuple[Evidence, ...] = ()
    searched: Searched | None = None


class Finding(Frozen):
    """Something a reviewer must look at. ``clause`` (extension) names the clause it bears on, ``advice`` what to do next."""

    id: str
    code: FindingCode
    severity: Severity
    message: str
    facts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    others: tuple[str, ...] = ()
    clause: str | None = None
    advice: str = ""


class Lead(Frozen):
    """A hint of lesser weight than a finding. ``others`` (extension) are the submissions it is about besides this one."""

    code: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    others: tuple[str, ...] = ()


class Elsewhere(Frozen):
    """A document of another submission that a finding's place stands in. ``id`` is as ``Evidence.document`` has it, ``name`` the other submission's."""

    id: str
    submission: str
    name: str
    file: str
    sha256: str
    format: Format
    role: Role = Role.OTHER


class Issue(Frozen):
    code: IssueCode
    message: str
    document: str | None = None
    page: int | None = None


class LookUp(Frozen):
    """Something to be looked up by a person, since the program works offline: where, for whom or what, by which keys, and what to look for.

    ``keys`` are pairs of a label and words to copy; personal numbers in them are masked. ``evidence`` is where the keys were read.
    """

    registry: str
    address: str = ""
    look_for: str
    subject: str
    keys: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...] = ()


class SubmissionEntry(Frozen):
    id: str
    name: str
    sha256: str


class PolicyEntry(Frozen):
    """``notice`` (extension) is the sentence every output prints for a draft or outside the policy's dates, else empty."""

    id: str
    version: str
    title: str
    status: PolicyStatus
    simulation: bool
    notice: str = ""


class ScreeningReport(Frozen):
    """``elsewhere`` (extension) lists the documents of other submissions that findings across submissions point to, ``lookups`` (extension) are what
    外部核查清单.docx lists.
    """

    schema_: str = Field(default=SCHEMA, alias="schema")
    submission: SubmissionEntry
    policy: PolicyEntry
    as_of: date
    documents: tuple[DocumentEntry, ...]
    facts: tuple[Fact, ...]
    rosters: Rosters
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    leads: tuple[Lead, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    lookups: tuple[LookUp, ...] = ()
    recommendation: Recommendation
    recommendation_reason: str = ""
    complete: bool
    issues: tuple[Issue, ...] = ()
    timings: dict[str, float] = Field(default_factory=dict)
    software: str = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class BatchEntry(Frozen):
    id: str
    name: str
    report: str | None
    recommendation: Recommendation | None
    complete: bool
    findings: int
    error: str | None = None


class BatchReport(Frozen):
    schema_: str = Field(default=BATCH_SCHEMA, alias="schema")
    policy: PolicyEntry
    as_of: date
    counts: dict[str, int]
    submissions: tuple[BatchEntry, ...]
    leads: tuple[Lead, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def plain(value: FactValue) -> str | bool | list[str]:
    """A fact's value as the contract writes it: decimals in plain notation as strings, dates as ISO, lists as lists.

    >>> plain(Decimal("1.2605E+3"))
    '1260.5'
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def dump(report: ScreeningReport | BatchReport) -> dict[str, Any]:
    """The JSON object of a report, ready for ``json.dumps(…, ensure_ascii=False)``."""
    data: dict[str, Any] = report.model_dump(mode="json", by_alias=True)
    if isinstance(report, ScreeningReport):
        for fact, entry in zip(report.facts, data["facts"], strict=True):
            entry["value"] = plain(fact.value)
            for candidate, told in zip(fact.candidates, entry["candidates"], strict=True):
                told["value"] = plain(candidate.value)
            del entry["error"]
        for check, entry in zip(report.checks, data["checks"], strict=True):
            if check.searched is not None:
                for candidate, told in zip(check.searched.set_aside, entry["searched"]["set_aside"], strict=True):
                    told["value"] = plain(candidate.value)
        data["rosters"] = _plain_decimals(report.rosters.model_dump(mode="python"))
    return data


def load(data: dict[str, Any]) -> ScreeningReport:
    """A report read back from its JSON object; ``dump(load(x)) == x``. Raises pydantic's ``ValidationError``."""
    return ScreeningReport.model_validate(data)


def masked(report: ScreeningReport) -> ScreeningReport:
    """With the personal numbers hidden wherever they stand, names of files and messages included. Mostly there are none left to hide."""
    text = report.model_dump_json()
    if mask(text) == text:
        return report
    return ScreeningReport.model_validate(_masked(report.model_dump(mode="python", by_alias=True)))


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else mask(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_masked(item) for item in value)
    return value


def _plain_decimals(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain_decimals(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_decimals(item) for item in value]
    return value
