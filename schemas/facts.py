"""What was read from a package: sightings, then facts, rosters, and the loose ends a check needs.

A ``Sighting`` is one place that states one value; a ``Fact`` is what the sightings of all documents together say. Sightings
that were set aside (the host's, the plan's, the policy's own words) are kept with the reason, so that a reviewer can ask.
"""

from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from schemas.base import Frozen
from schemas.evidence import Evidence
from schemas.papers import Amounts, Deal, Mention, Number, Paper, Party, Pointer
from schemas.traces import RevisionEntry, Shot, SignatureEntry, Stamp, Trace
from schemas.vocabulary import DATES, FACTS, Choice, FactKey, FactStatus, Grade, Role, Unit

#: A decimal in the fact's canonical unit, or text, a date, a list or true/false.
FactValue: TypeAlias = bool | Decimal | date | str | tuple[str, ...]


class Sighting(Frozen):
    """One place that states one value of one key.

    ``error`` is half of the last digit written, in the canonical unit: 568.3万元 has 0.05, 3.5亿元 has 500. Two sightings
    agree when they differ by no more than the larger of their errors. ``manner`` says how it was read; ``doubts`` why a
    person should look, in Chinese; ``rejected`` why it is not the centre's value at all, in Chinese. ``grade`` is how good a proof its place is.
    ``legible`` is how surely its figures were recognised from pixels, 0 to 1; None where they are text.
    """

    key: FactKey
    value: FactValue
    unit: Unit | None = None
    as_stated: str
    period: str | None = None
    error: Decimal = Decimal(0)
    role: Role = Role.OTHER
    manner: str
    label: str = ""
    confidence: float
    doubts: tuple[str, ...] = ()
    rejected: str | None = None
    grade: Grade = Grade.DECLARED
    legible: float | None = None
    evidence: Evidence


class Candidate(Frozen):
    """A place that was looked at for a value, and what became of it: ``reason`` in Chinese, ``choice`` its code."""

    value: FactValue
    as_stated: str
    period: str | None = None
    evidence: Evidence
    choice: Choice
    reason: str


class Fact(Frozen):
    """One value of one key (and period) with every place that states it alike.

    ``reason`` says in Chinese why the status is what it is. ``derived`` marks a value computed from a list or from parts;
    it carries their evidence and never replaces what the applicant stated. ``grade`` is the best proof among its places, found at ``proof``; ``why``
    sums up in Chinese how the value was chosen among the ``candidates``, of which only the first are kept.
    """

    id: str
    key: FactKey
    value: FactValue
    unit: Unit | None = None
    as_stated: str
    period: str | None = None
    status: FactStatus
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: str = ""
    derived: bool = False
    error: Decimal = Decimal(0)
    grade: Grade = Grade.DECLARED
    proof: tuple[Evidence, ...] = ()
    why: str = ""
    candidates: tuple[Candidate, ...] = ()

    @field_validator("value", mode="before")
    @classmethod
    def _typed(cls, value: Any, info: ValidationInfo) -> Any:
        """A report read back from JSON holds strings; the key says what they were."""
        key = info.data.get("key")
        if isinstance(value, str) and key is not None:
            if FACTS[key][0] is not None:
                return Decimal(value)
            if key in DATES:
                return date.fromisoformat(value)
        return value


class Person(Frozen):
    """A row of the team or the advisers. ``employment`` is 专职, 兼职 or None; ``sector`` 学术, 产业, 投资, … or None.

    ``certificate`` (extension) is what the list's columns of certificates hold, as written; ``proofs`` (extension) where a certificate, a letter
    of appointment or a card in the package names the person. ``keys`` are keyed digests of the row's identity
    number and telephone, for comparing people, ``table`` tells the lists of a document apart; they are in no report.
    ``certificate`` (extension) is what the list's columns of certificates hold, as written; ``proofs`` (extension) where a certificate, a letter
    of appointment or a card in the package names the person.
    """

    name: str
    organisation: str | None = None
    title: str | None = None
    specialty: str | None = None
    role: str | None = None
    employment: str | None = None
    sector: str | None = None
    external: bool | None = None
    technology_manager: bool | None = None
    certificate: str | None = None
    born: str | None = None
    id_number: str | None = None
    keys: tuple[str, ...] = Field(default=(), exclude=True, repr=False)
    table: int | None = Field(default=None, exclude=True, repr=False)
    proofs: tuple[Evidence, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Equipment(Frozen):
    """A row of the equipment list; ``unit_price`` and ``value`` in 万元.

    ``owned`` (extension) is false where the row says that the thing is leased, borrowed or not bought yet; else None.
    """

    name: str
    model: str | None = None
    serial: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    value: Decimal | None = None
    purchased: str | None = None
    owned: bool | None = None
    table: int | None = Field(default=None, exclude=True, repr=False)
    evidence: tuple[Evidence, ...] = ()


class Project(Frozen):
    """A row of the project library; ``amount`` in 万元, ``completed`` a date as written, ``done`` whether it says completed."""

    name: str
    source: str | None = None
    started: str | None = None
    completed: str | None = None
    amount: Decimal | None = None
    status: str | None = None
    done: bool | None = None
    result: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Rosters(Frozen):
    team: tuple[Person, ...] = ()
    advisors: tuple[Person, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    projects: tuple[Project, ...] = ()


class Tally(Frozen):
    """A list beside what the package says of it: enough for COUNT_, SUM_ and RATIO_MISMATCH, without the documents.

    ``what`` names the list in Chinese (仪器设备清单). ``key`` is the fact the figure speaks of, if any. ``stated`` is the total
    printed in the list itself (合计), ``sum`` and ``count`` are computed from its rows, both in ``unit``. ``complete`` is false when
    rows could not all be read; then nothing may be alleged from it. ``error`` is the rounding the rows allow. ``doubts`` are about the
    rows, ``stated_doubts`` about the printed total's own cell. ``partial``: the list says that it holds the main or some items only, so it may
    fall short of what is stated elsewhere, never exceed it.
    """

    what: str
    key: FactKey | None = None
    unit: Unit | None = None
    period: str | None = None
    stated: Decimal | None = None
    stated_evidence: tuple[Evidence, ...] = ()
    sum: Decimal | None = None
    count: int = 0
    error: Decimal = Decimal(0)
    complete: bool = True
    doubts: tuple[str, ...] = ()
    stated_doubts: tuple[str, ...] = ()
    partial: bool = False
    evidence: tuple[Evidence, ...] = ()


class PartOf(Frozen):
    """An 其中 beside its whole, both as stated in one place (same unit)."""

    part_label: str
    part: Decimal
    whole_label: str
    whole: Decimal
    unit: str
    key: FactKey | None = None
    evidence: tuple[Evidence, ...] = ()


class Product(Frozen):
    """A row whose 数量 × 单价 does not give its amount (all in 万元)."""

    what: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    error: Decimal
    evidence: tuple[Evidence, ...] = ()


class BlankField(Frozen):
    """A field, signature or date of the applicant's part that is empty, or holds a placeholder (××, 待填)."""

    label: str
    kind: str = "field"  # field | signature | date | placeholder
    evidence: tuple[Evidence, ...] = ()


class ListedMaterial(Frozen):
    """A line of the form's own 附件清单. ``submitted`` is what the form says, None where it does not say."""

    name: str
    submitted: bool | None = None
    evidence: tuple[Evidence, ...] = ()


class Identifier(Frozen):
    """A 统一社会信用代码 (``uscc``) or 身份证号 (``id_number``) with whether its check digit is right.

    ``shown`` is fit to print: a USCC in full, an ID number masked to its first 6 and last 1. ``key`` is a keyed digest of the
    whole number for comparisons within one run, never printed.
    """

    kind: str
    shown: str
    valid: bool
    key: str = ""
    reason: str = ""
    owner: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Passage(Frozen):
    """Words that bear on a clause no program can decide."""

    topic: str
    evidence: Evidence


class DocumentPart(Frozen):
    """One material within a file: what it is, the title that told it (empty where its words did), and its first and last page.

    ``anchor`` is the paragraph, table or sheet it begins at where there are no pages.
    """

    role: Role
    title: str = ""
    pages: tuple[int, int] | None = None
    anchor: str | None = None


class Reading(Frozen):
    """Everything one document yields. ``roles`` lists what the document is; a combined file has several ``sections``.

    ``unseen`` are the places whose words stand in the file but are seen by nobody, those left out that say nothing. ``papers`` are the attachments
    with what they say of themselves, ``numbers`` everything in the document that can be looked up or recognised, ``amounts`` those written in 大写 too,
    ``kin`` who else may rightly stand in the applicant's place: its former names, those who apply with it, the body it belongs to. ``deals`` are
    dated rows of lists, ``pointers`` what the applicant's own words say is attached (见附件5), ``mentions`` cities and names in
    them that may be another application's. ``about`` is what the file says of its making
    (author, last_modified_by, company, template, created, producer, …). ``scanned`` are the pages read from their pictures.
    """

    document: str
    roles: tuple[Role, ...] = ()
    titles: tuple[str, ...] = ()
    sections: tuple[DocumentPart, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    rosters: Rosters = Rosters()
    tallies: tuple[Tally, ...] = ()
    parts: tuple[PartOf, ...] = ()
    products: tuple[Product, ...] = ()
    blanks: tuple[BlankField, ...] = ()
    materials: tuple[ListedMaterial, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    passages: tuple[Passage, ...] = ()
    unseen: tuple[Evidence, ...] = ()
    papers: tuple[Paper, ...] = ()
    kin: tuple[Party, ...] = ()
    numbers: tuple[Number, ...] = ()
    amounts: tuple[Amounts, ...] = ()
    deals: tuple[Deal, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    scanned: tuple[int, ...] = ()
    shots: tuple[Shot, ...] = ()
    traces: tuple[Trace, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    signatures: tuple[SignatureEntry, ...] = ()
    revisions: tuple[RevisionEntry, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    mentions: tuple[Mention, ...] = ()
