"""What the checks look at: one submission as read, and the policy's clauses applied to it. No bytes, no documents."""

from datetime import date

from schemas.base import Frozen
from schemas.facts import Fact, Reading, Rosters, Sighting
from schemas.notice import Notice
from schemas.report import DocumentEntry, SubmissionEntry


class Case(Frozen):
    """One submission, read. ``facts`` are stated by the applicant; ``derived`` are computed from lists and parts.

    ``readings`` are in the order of ``documents``. ``sightings`` holds every place, also the rejected ones. ``day`` is the day expiry and
    impossible dates are judged on (the accepted application date, else as-of), ``deadline`` the notice's or the policy's 申报截止日期, ``notice`` the call for applications. ``unread_pages`` are a
    document's id and a page of it that could not be read.
    """

    submission: SubmissionEntry
    documents: tuple[DocumentEntry, ...]
    readings: tuple[Reading, ...]
    facts: tuple[Fact, ...]
    derived: tuple[Fact, ...] = ()
    rosters: Rosters = Rosters()
    sightings: tuple[Sighting, ...] = ()
    unread_pages: tuple[tuple[str, int], ...] = ()
    as_of: date
    day: date
    deadline: date | None = None
    notice: Notice | None = None
