"""What one package brings to a comparison with others: small values with their places, made once, when the package is screened.

A package is compared by its signature alone, so thousands fit where their documents would not, and one screened last year can be held against one
handed in today. Personal numbers stand in it as keyed digests only: the key lies in CHUSHEN_HOME, so two runs on one machine agree and
nobody else can try numbers out. What may be shown is masked, as in every quote.

``Evidence.document`` is the document's id within its own package; who compares qualifies it with the package.
"""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from schemas.base import Frozen
from schemas.evidence import Evidence
from schemas.vocabulary import FactKey, Format, Role, Verdict

SIGNATURE_SCHEMA = "chushen.signature/1"


class Number(StrEnum):
    """What a number names."""

    CONTRACT = "contract"
    INVOICE = "invoice"
    PHONE = "phone"
    ACCOUNT = "account"


class Writer(StrEnum):
    """What a file's own notes say of where it comes from."""

    AUTHOR = "author"
    EDITOR = "last_modified_by"
    COMPANY = "company"
    TEMPLATE = "template"


class SignedDocument(Frozen):
    id: str
    file: str
    sha256: str
    format: Format
    role: Role = Role.OTHER


class SignedPerson(Frozen):
    """A row of a list of people. ``born`` is ``1985-03`` or None; ``traits`` are what else the row says (学历, 专业, 职称).

    ``id_number``, ``phone`` and ``certificate`` are keyed digests. ``full_time``: the list says so; None where it does not say.
    """

    name: str
    born: str | None = None
    id_number: str | None = None
    phone: str | None = None
    certificate: str | None = None
    full_time: bool | None = None
    adviser: bool = False
    traits: tuple[str, ...] = ()
    evidence: Evidence


class SignedThing(Frozen):
    """A row of the equipment list with its maker's number, its invoice's, or both.

    ``maker``: the number stands under a heading that means the maker's (出厂编号), not the owner's own counting (资产编号). ``owned`` is false for what is
    leased or borrowed.
    """

    name: str
    model: str | None = None
    serial: str | None = None
    maker: bool = False
    invoice: str | None = None
    owned: bool | None = None
    evidence: Evidence


class SignedRoom(Frozen):
    """One room: street and number, building, room, each as compared, and ``shown`` as a person says it. ``areas`` are the cities and districts named."""

    street: str
    building: str = ""
    room: str
    areas: tuple[str, ...] = ()
    shown: str
    evidence: Evidence


class SignedNumber(Frozen):
    """A number that should be one applicant's alone: ``digest`` is compared, ``about`` is whom or what the paper names beside it (the other party)."""

    kind: Number
    digest: str
    shown: str
    about: str = ""
    evidence: Evidence


class SignedText(Frozen):
    """A paragraph or cell in the applicant's own words, verbatim but masked. ``own`` are the spans of its sentences that are neither the form's nor the policy's."""

    words: str
    own: tuple[tuple[int, int], ...]
    evidence: Evidence


class SignedPicture(Frozen):
    """A photograph or scanned page (``traces.Shot``): digest of its bytes, perceptual hash of 256 bits, and the caption beside it."""

    digest: str
    hash: str
    kind: str
    caption: str = ""
    evidence: Evidence


class SignedWriter(Frozen):
    kind: Writer
    words: str
    evidence: Evidence


class SignedFigure(Frozen):
    """What a clause came to: for what stands out over a batch. ``limit`` is the clause's bound where one number decides it."""

    clause: str
    key: FactKey | None = None
    value: Decimal | None = None
    limit: Decimal | None = None
    upper: bool = False
    verdict: Verdict
    basis: str = ""


class Signature(Frozen):
    """One package. What it is looked up by is computed from it (``validators.joining``).

    ``applicants`` and ``partners`` are names without spaces: what the package gives as the applicant's, and whom it names as building the centre
    together. Two packages with a name or code in common are one applicant's.
    """

    schema_: str = Field(default=SIGNATURE_SCHEMA, alias="schema")
    id: str
    name: str
    sha256: str
    applicants: tuple[str, ...] = ()
    usccs: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    documents: tuple[SignedDocument, ...] = ()
    people: tuple[SignedPerson, ...] = ()
    things: tuple[SignedThing, ...] = ()
    rooms: tuple[SignedRoom, ...] = ()
    numbers: tuple[SignedNumber, ...] = ()
    texts: tuple[SignedText, ...] = ()
    pictures: tuple[SignedPicture, ...] = ()
    writers: tuple[SignedWriter, ...] = ()
    figures: tuple[SignedFigure, ...] = ()

    model_config = Frozen.model_config | {"populate_by_name": True}


class Signed(Frozen):
    """What extraction makes of one document; the package's signature is put together from them."""

    partners: tuple[str, ...] = ()
    people: tuple[SignedPerson, ...] = ()
    things: tuple[SignedThing, ...] = ()
    rooms: tuple[SignedRoom, ...] = ()
    numbers: tuple[SignedNumber, ...] = ()
    texts: tuple[SignedText, ...] = ()
    pictures: tuple[SignedPicture, ...] = ()
    writers: tuple[SignedWriter, ...] = ()
