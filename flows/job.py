"""One package as a piece of work, described by a small file: paths and figures only, never documents.

Kept apart from carrying it out, so that a process that only hands out work never loads a parser.
"""

import hashlib
from datetime import date
from pathlib import Path

from flows.intake import Limits, Submission
from flows.settings import PictureCheck
from schemas.base import Frozen
from schemas.notice import Notice

OUTPUTS = ("json", "html", "xlsx", "docx")
#: The list of what to look up, beside the report.
LOOKUPS = "外部核查清单.docx"


class Job(Frozen):
    """``set_aside`` are files a worker died over twice, or hung on, which are then left unread.

    ``cache`` is the folder of page readings kept, ``threads`` what recognition may use: threads times workers is at most the cores.

    ``signature`` is where the package's signature goes for the comparison with others, empty where there are none; ``digests`` is the file of the key its
    numbers are digested with. ``redraw`` makes it another kind of work: the report lies there already and only its page is drawn anew, with places of
    documents of these other submissions.

    ``again``: whatever the records hold of it already.
    """

    submission: Submission
    policy: str
    as_of: date
    out: str
    work: str
    outputs: tuple[str, ...] = OUTPUTS
    limits: Limits = Limits()
    set_aside: tuple[str, ...] = ()
    cache: str = ""
    threads: int = 1
    picture_check: PictureCheck = "deciding"
    notice: Notice | None = None
    file_seconds: float = 90.0
    file_memory: int = 2048 << 20
    signature: str = ""
    digests: str = ""
    redraw: tuple[Submission, ...] | None = None
    again: bool = False

    @property
    def folder(self) -> Path:
        return Path(self.out) / "submissions" / self.submission.id


def put(job: Job, path: Path) -> str:
    """Write a job down; returns the digest of what was written."""
    data = job.model_dump_json().encode()
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def take(path: Path, digest: str) -> Job:
    """Raises ``ValueError`` when the file is no longer what it was."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{path.name} has changed")
    return Job.model_validate_json(data)
