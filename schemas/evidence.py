"""Where a value was read: the one thing a reviewer's click needs."""

from schemas.base import Frozen


class Evidence(Frozen):
    """One place in one document, with the document's own words there.

    ``page`` counts from 1. ``bbox`` is ``(x0, top, x1, bottom)`` from the top left corner of the page as displayed: points
    for PDF and OFD, pixels after EXIF rotation for images. ``anchor`` stands where there are no pages: ``P17``, ``T2/R3/C4``,
    ``设备清单!F12``. ``quote`` is verbatim, with personal numbers masked by ``*`` of equal length.

    ``submission`` (extension) names another submission where the place is in one of its documents; ``document`` is then ``ID/d3``, so that it can never be
    taken for one of this submission's own, and stands in the report's ``elsewhere``.
    """

    document: str
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    anchor: str | None = None
    quote: str
    submission: str | None = None
