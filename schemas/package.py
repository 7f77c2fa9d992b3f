"""What comes in: a submission is a package of source files, each known by its bytes' digest."""

from schemas.base import Frozen
from schemas.vocabulary import Outcome


class SourceFile(Frozen):
    """One file after unpacking. ``path`` is inside the submission, ``/`` between parts; ``inner.zip/name`` in a nested archive.

    ``stored`` is where its bytes lie on disk now, or empty when they could not be had; ``refused`` then says why
    (outcome and Chinese message), as for an archive member over a limit. ``container`` is an archive whose members stand
    beside it: it is listed, but no document of its own, and ``outcome`` says what became of them. ``odd_name``: its name is odd among the others
    of its archive, or, of a container, that of one of its files.
    """

    path: str
    sha256: str
    size: int
    stored: str = ""
    refused: Outcome | None = None
    message: str = ""
    container: bool = False
    outcome: Outcome = Outcome.OK
    odd_name: bool = False


class Package(Frozen):
    """One submission. ``id`` is fit for a file name and unique in its batch; ``name`` is as the applicant or officer wrote it."""

    id: str
    name: str
    sha256: str
    files: tuple[SourceFile, ...]
    skipped: tuple[str, ...] = ()
