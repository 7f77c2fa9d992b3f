"""The rows of lists with their dates: contracts and income, equipment, projects."""

import re
from collections.abc import Iterator

from extractors.dates import dates
from extractors.rosters import NAMED, Listing, Reader
from extractors.text import fold, mask, tight
from schemas.papers import Day, Deal, Moment

_COLUMNS = {
    "contracts": ("contract", (("signed", Moment.SIGNED), ("received", Moment.RECEIVED))),
    "equipment": ("equipment", (("purchased", Moment.BOUGHT),)),
    "projects": ("project", (("started", Moment.START), ("completed", Moment.DONE))),
}
_NAMES = ("client", "service", "contract", "equipment", "model", "project")
#: Heads under which a date lies ahead by what they say.
_AHEAD = re.compile(r"计划|预计|拟|预期|目标|应")


def deals(reader: Reader, listing: Listing, year: str | None = None) -> Iterator[Deal]:
    """Every row that has a date. ``year`` is the one the list is for."""
    kind, columns = _COLUMNS[listing.kind]
    named = NAMED[listing.kind] if NAMED[listing.kind] in listing.columns else "model"
    for number, sort in reader.rows(listing):
        days = (
            tuple(day for column, moment in columns for day in _days(reader, listing, number, column, moment))
            if sort == "row"
            else ()
        )
        if not days:
            continue
        name = next((said for column in _NAMES if (said := tight(reader.text(listing, number, column)))), "")
        coded = tight(reader.text(listing, number, "contract"))
        place = tuple(e for column in _NAMES for e in reader.place(listing, number, column))[:1]
        yield Deal(
            kind=kind, name=mask(name), number=coded if re.search(r"\d", coded) else None, year=year, days=days, held=_held(reader, listing, number, named),
            evidence=place or tuple(e for day in days for e in day.evidence)[:1],
        )  # fmt: skip


def _held(reader: Reader, listing: Listing, number: int, named: str) -> bool:
    if listing.kind == "equipment":
        return reader.owned(listing, number, named)
    status = tight(reader.text(listing, number, "status"))
    return (
        listing.kind != "projects"
        or not status
        or bool(re.search(r"完成|办结|结题|验收|结项|出库", status) and not re.match(r"未|待|拟", status))
    )


def _days(reader: Reader, listing: Listing, number: int, column: str, moment: Moment) -> Iterator[Day]:
    cell = reader.cell(listing, number, column)
    if cell is None or _AHEAD.search(listing.heads.get(listing.columns[column], "")):
        return
    folded = fold(reader.text(listing, number, column))
    found = list(dates(folded.text))
    if len(found) == 1 and not _AHEAD.search(folded.text):
        one = found[0]
        yield Day(
            moment=moment, first=one.first, last=one.last, as_stated=folded.text[one.start : one.end], label=listing.heads.get(listing.columns[column], "")[:16],
            doubts=reader.marked(cell.start, cell.end), evidence=reader.place(listing, number, column),
        )  # fmt: skip
