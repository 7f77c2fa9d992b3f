"""The rows of a list of contracts or income with their dates: what was offered for which year."""

import re
from collections.abc import Iterator

from extractors.dates import dates
from extractors.rosters import Listing, Reader
from extractors.text import fold, mask, tight
from schemas.papers import Day, Deal, Moment

_COLUMNS = (("signed", Moment.SIGNED), ("received", Moment.ISSUED))


def deals(reader: Reader, listing: Listing, year: str | None) -> Iterator[Deal]:
    """``year`` is the one the list is for. The day money came in (到账, 开票) is told as issued."""
    for number, sort in reader.rows(listing):
        if sort != "row":
            continue
        name = next(
            (said for column in ("client", "service", "contract") if (said := tight(reader.text(listing, number, column)))), ""
        )
        days = tuple(day for column, moment in _COLUMNS for day in _days(reader, listing, number, column, moment))
        coded = tight(reader.text(listing, number, "contract"))
        if name or days:
            place = tuple(e for column in ("client", "contract", "service") for e in reader.place(listing, number, column))[:1]
            yield Deal(
                name=mask(name), number=coded if re.search(r"\d", coded) else None, year=year, days=days,
                evidence=place or tuple(e for day in days for e in day.evidence)[:1],
            )  # fmt: skip


def _days(reader: Reader, listing: Listing, number: int, column: str, moment: Moment) -> Iterator[Day]:
    cell = reader.cell(listing, number, column)
    if cell is None:
        return
    folded = fold(reader.text(listing, number, column))
    found = list(dates(folded.text))
    if len(found) == 1:
        one = found[0]
        yield Day(
            moment=moment, first=one.first, last=one.last, as_stated=folded.text[one.start : one.end], label=listing.heads.get(listing.columns[column], "")[:16],
            doubts=reader.marked(cell.start, cell.end), evidence=reader.place(listing, number, column),
        )  # fmt: skip
