"""What can happen to a package, a case or the records themselves: one value a happening. The trail keeps them in this very shape.

Digests are SHA-256 in lower-case hex. ``objects`` are what the vault must hold because of an event, ``gone`` what it no longer must. Names and figures
of persons never stand here: contents lie in the vault, where they can be deleted, and the trail names them by digest.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Frozen

Sha256 = str


class Event(Frozen):
    """``package`` is the key of one screening (content, policy, settings, software), ``case`` one applicant under one policy."""

    kind: str
    package: str | None = None
    case: str | None = None
    batch: str | None = None
    objects: tuple[Sha256, ...] = ()
    gone: tuple[Sha256, ...] = ()


class Opened(Event):
    kind: Literal["opened"] = "opened"
    store: str


class KeyTaken(Event):
    """From here on checkpoints are signed with this key. ``public`` is its raw 32 bytes in hex."""

    kind: Literal["key"] = "key"
    public: str


class ClockMoved(Event):
    """``seconds`` the clock jumped by against the clock that only runs on, or, between runs, went back behind the last entry."""

    kind: Literal["clock"] = "clock"
    observed: str
    seconds: int


class SoftwareSeen(Event):
    """``identity`` is over all that decides a report; ``bill`` the object listing every installed package."""

    kind: Literal["software"] = "software"
    version: str
    identity: Sha256
    bill: Sha256


class PolicyLoaded(Event):
    """``files`` are (name, digest) of what was loaded, all in the vault."""

    kind: Literal["policy_loaded"] = "policy_loaded"
    id: str
    version: str
    digest: Sha256
    files: tuple[tuple[str, Sha256], ...]


class SettingsSeen(Event):
    kind: Literal["settings"] = "settings"
    digest: Sha256


class BatchBegan(Event):
    kind: Literal["batch_began"] = "batch_began"
    policy: str
    as_of: str
    packages: int


class BatchEnded(Event):
    kind: Literal["batch_ended"] = "batch_ended"
    screened: int
    failed: int
    reused: int
    interrupted: bool = False


class Received(Event):
    """``manifest`` is the object with names and places; ``files`` the digest and size of every byte handed in; ``content`` is over them alone."""

    kind: Literal["received"] = "received"
    submission: str
    name: str
    policy: str
    policy_digest: Sha256
    settings: Sha256
    software: Sha256
    as_of: str
    manifest: Sha256
    content: Sha256
    files: tuple[tuple[Sha256, int], ...]


class Read(Event):
    """How many documents came to each outcome."""

    kind: Literal["read"] = "read"
    documents: int
    outcomes: tuple[tuple[str, int], ...]
    ocr_pages: int


class Extracted(Event):
    kind: Literal["extracted"] = "extracted"
    facts: int
    accepted: int
    digest: Sha256


class Checked(Event):
    """One finished screening. ``version`` of the case: 1 for what came in first, one more whenever other content comes in.

    ``signature`` is the object other packages are compared with.
    """

    kind: Literal["checked"] = "checked"
    report: Sha256
    page: Sha256 | None = None
    signature: Sha256 | None = None
    applicant: str = ""
    uscc: str = ""
    version: int
    recommendation: str
    complete: bool
    findings: int
    verdicts: tuple[tuple[str, int], ...]
    error: str | None = None


class Failed(Event):
    """We could not; the package is due again."""

    kind: Literal["failed"] = "failed"
    error: str


class Compared(Event):
    """The report after comparison with others of the batch or of the records; ``state`` names the records compared with."""

    kind: Literal["compared"] = "compared"
    report: Sha256
    page: Sha256 | None = None
    findings: int
    recommendation: str
    state: str = ""


class Viewed(Event):
    """``unmasked`` are the fields whose whole value was shown, ``saw`` the digest of what was on the screen."""

    kind: Literal["viewed"] = "viewed"
    saw: Sha256
    unmasked: tuple[str, ...] = ()
    reason: str = ""


class Corrected(Event):
    kind: Literal["corrected"] = "corrected"
    saw: Sha256
    fact: str
    before: Sha256
    after: Sha256
    reason: str


class Decided(Event):
    """``subject`` is the case's recommendation or a finding's id; ``saw`` the digest of the view it was decided on."""

    kind: Literal["decided"] = "decided"
    saw: Sha256
    subject: str
    decision: str
    reason: str = ""


class Receipt(Event):
    """A 回执 handed to the applicant."""

    kind: Literal["receipt"] = "receipt"
    paper: Sha256


class Exported(Event):
    """``contents`` is the digest of the list of everything in the bundle but this entry and its proof."""

    kind: Literal["exported"] = "exported"
    contents: Sha256
    what: str


class Replayed(Event):
    kind: Literal["replayed"] = "replayed"
    identical: bool
    report: Sha256


class Expired(Event):
    kind: Literal["expired"] = "expired"
    reason: str


class Restored(Event):
    """From a backup of ``entries`` entries; what came after it is missing here."""

    kind: Literal["restored"] = "restored"
    entries: int
    head: Sha256


class Remembered(Event):
    """What comparison between submissions keeps of a package under ``of``: ``digest`` is over all its keys and bytes."""

    kind: Literal["remembered"] = "remembered"
    of: str
    digest: Sha256


class Linked(Event):
    """An officer's word that ``package`` belongs to ``case``, where the documents did not say so clearly."""

    kind: Literal["linked"] = "linked"
    version: int
    reason: str


AnyEvent = Annotated[
    Opened | KeyTaken | ClockMoved | SoftwareSeen | PolicyLoaded | SettingsSeen | BatchBegan | BatchEnded | Received | Read | Extracted | Checked | Failed | Compared | Viewed | Corrected | Decided | Receipt | Exported | Replayed | Expired | Restored | Remembered | Linked,
    Field(discriminator="kind"),
]  # fmt: skip

#: After these a checkpoint is signed before anybody is told that it happened, and why.
SIGNED_AT_ONCE = {
    "opened": "opened", "key": "key", "batch_ended": "batch", "decided": "decision", "exported": "export", "receipt": "receipt", "corrected": "decision",
    "expired": "expiry", "restored": "restore", "linked": "decision",
}  # fmt: skip


class TrailEntry(Frozen):
    """``prev`` is the hash of the entry before, 64 zeros before the first. ``at`` never goes back within a trail."""

    v: int = 1
    alg: Literal["sha256"] = "sha256"
    seq: int
    prev: Sha256
    at: datetime
    actor: str
    event: AnyEvent
