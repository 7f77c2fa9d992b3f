"""What an attachment says of itself: whose it is, from when to when, where, under which numbers.

A combined file has one ``Paper`` for every attachment in it. Dates keep their precision as the first and the last day they may mean, so that
2025年9月 is over on 1 October and not before. Numbers that lead to a person (phones, accounts) are shown masked and compared by a keyed digest.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from schemas.base import Frozen
from schemas.evidence import Evidence
from schemas.vocabulary import Role


class Side(StrEnum):
    """Whom a party should be: ``own`` the applicant, ``other`` rightly another, ``either`` one of those who share a contract."""

    OWN = "own"
    OTHER = "other"
    EITHER = "either"


class Moment(StrEnum):
    """What a date in a paper is the date of. ``covers`` is the last day a report is on, ``speaks`` a year it mentions."""

    SIGNED = "signed"
    START = "start"
    END = "end"
    ISSUED = "issued"
    UNTIL = "until"
    FOUNDED = "founded"
    COVERS = "covers"
    SPEAKS = "speaks"
    PRINTED = "printed"
    FILED = "filed"
    BOUGHT = "bought"
    RECEIVED = "received"
    DONE = "done"


class Party(Frozen):
    """Somebody a paper names. ``part`` is the paper's own word (承租方); ``former`` are names the paper says it had before.

    ``person`` is true for a natural person. ``doubts`` say in Chinese why the name may be read wrongly.
    """

    part: str
    side: Side
    name: str
    person: bool = False
    former: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Day(Frozen):
    """A date of a paper: the first and the last day it may mean; ``endless`` for 长期, where both are None."""

    moment: Moment
    first: date | None = None
    last: date | None = None
    as_stated: str
    label: str = ""
    endless: bool = False
    doubts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Place(Frozen):
    """Premises: the address as written, and the rooms it names (503, A座301)."""

    label: str
    address: str
    rooms: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Number(Frozen):
    """A number something can be looked up or recognised by.

    ``kind``: contract, invoice, invoice_code, certificate, patent, copyright, registration (技术合同登记), property, report, verification,
    licence (a USCC), phone, account. ``shown`` is fit to print; ``key`` is a keyed digest of the whole number, never printed.
    """

    kind: str
    shown: str
    key: str
    role: Role = Role.OTHER
    label: str = ""
    evidence: tuple[Evidence, ...] = ()


class Amounts(Frozen):
    """One amount written twice side by side, in 大写 and in figures, both in yuan. ``unsure`` says why either may be read wrongly."""

    words: Decimal
    figures: Decimal
    words_stated: str
    figures_stated: str
    role: Role = Role.OTHER
    unsure: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Deal(Frozen):
    """A row of a list with its dates: ``kind`` contract, equipment or project. ``year`` is the one its list is for, where it says so.

    ``held`` is false where the row says that the thing is planned, leased or not bought yet, or the project not done.
    """

    kind: str = "contract"
    name: str
    held: bool = True
    number: str | None = None
    year: str | None = None
    days: tuple[Day, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Paper(Frozen):
    """One attachment. ``subject`` is what it certifies or is about where it says so (技术经纪人, 顾问); ``area`` in ㎡.

    ``part`` counts the parts of its document from 0, as ``Reading.sections`` does.
    """

    role: Role
    title: str = ""
    part: int = 0
    subject: str = ""
    parties: tuple[Party, ...] = ()
    days: tuple[Day, ...] = ()
    places: tuple[Place, ...] = ()
    numbers: tuple[Number, ...] = ()
    area: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()


class Mention(Frozen):
    """A name in the applicant's own text that may be left over from another application: ``kind`` city (成都市 before 概念验证中心), or self (以下简称本公司)."""

    kind: str
    name: str
    evidence: tuple[Evidence, ...] = ()


class Pointer(Frozen):
    """The form or plan referring to an attachment by its number (详见附件5); ``name`` is what it calls it, where it does."""

    number: int
    as_stated: str
    name: str = ""
    evidence: tuple[Evidence, ...] = ()
