"""What the files themselves tell, read from a document and led back to its place: edits, pictures, seals, signatures.

Facts about files, no opinion: what they amount to is for the checks.
"""

from schemas.base import Frozen
from schemas.evidence import Evidence


class Trace(Frozen):
    """A place where a file shows a change: ``kind`` as ``document.Edit`` and the marks of tracked changes and formulas have it.

    ``before`` and ``after`` are masked like quotes. ``words`` say in Chinese what is seen there.
    """

    kind: str
    before: str = ""
    after: str = ""
    words: str = ""
    evidence: Evidence


class Shot(Frozen):
    """A picture, by how it looks (``document.Look``), with the words beside it that name it."""

    digest: str
    hash: str
    kind: str
    entropy: float
    width: int
    height: int
    caption: str = ""
    evidence: Evidence


class Stamp(Frozen):
    """A seal on a scanned page (``words`` of its ring, ``□`` for what cannot be read), or a place that asks for one (``asked``, ``words`` its label).

    ``owner`` is the organisation named where a seal is asked for. ``tone`` is the page's, as the mark ``scan`` has it; ``print`` where a seal's ink lies.
    """

    asked: bool
    words: str = ""
    owner: str = ""
    confidence: float = 1.0
    print: str = ""
    tone: str = ""
    evidence: Evidence


class SignatureEntry(Frozen):
    """An electronic signature and what its check came to; ``state`` as ``document.Signature`` has it."""

    field: str
    state: str
    reason: str
    signer: str = ""
    at: str = ""
    whole: bool = True


class RevisionEntry(Frozen):
    """A state the file was saved in, with the bytes it had and what the save added."""

    number: int
    bytes: int
    what: tuple[str, ...] = ()
    saved: str = ""
