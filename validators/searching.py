"""Where a value was looked for in vain: the proof of what is said to be missing."""

from collections.abc import Iterable
from typing import Final

from schemas.case import Case
from schemas.facts import Candidate
from schemas.report import Searched
from schemas.vocabulary import CHOICES, Choice, DocumentStatus, FactKey, Outcome
from validators import messages

#: So many places of each kind are named.
NAMED: Final = 8
SET_ASIDE: Final = 6


def searched(keys: Iterable[FactKey], case: Case) -> Searched:
    """What was searched for ``keys``: files and pages read, those that could not be, and what was seen but is not the centre's."""
    read = [
        entry for entry in case.documents if entry.status in (DocumentStatus.READ, DocumentStatus.PARTLY_READ) and entry.roles
    ]
    files = [
        messages.document_name(e.id, case)
        for e in case.documents
        if e.status is DocumentStatus.UNREADABLE and e.outcome is not Outcome.EMPTY
    ]
    pages: dict[str, list[int]] = {}
    for document, page in case.unread_pages:
        pages.setdefault(document, []).append(page)
    unread = (
        *files,
        *(f"{messages.document_name(d, case)}第{_ranges(found)}页" for d, found in pages.items() if d in {e.id for e in read}),
    )
    aside = _set_aside(frozenset(keys), case)
    count = sum(entry.pages or 0 for entry in read)
    told = f"查了{len(read)}份文件" + (f"（其中有页码的共{count}页）" if count else "")
    told += (
        f"；没有读到：{'、'.join(unread[:NAMED])}{f'等{len(unread)}处' if len(unread) > NAMED else ''}"
        if unread
        else "，没有未读的文件或页"
    )
    if aside:
        told += "；见到但没有采用：" + "；".join(
            f"{messages.printable(one.as_stated)}（{messages.place(one.evidence, case)}，{one.reason.removeprefix('未采用：')}）"
            for one in aside
        )
    return Searched(files=len(read), pages=count, unread=unread, set_aside=aside, told=told + "。")


def _ranges(pages: Iterable[int]) -> str:
    """
    >>> _ranges([1, 2, 3, 7])
    '1-3、7'
    """
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _set_aside(keys: frozenset[FactKey], case: Case) -> tuple[Candidate, ...]:
    seen = [s for s in case.sightings if s.key in keys and s.rejected is not None]
    ordered = sorted(seen, key=lambda s: messages.order(s.evidence, case))
    return tuple(
        Candidate(
            value=s.value, as_stated=s.as_stated, period=s.period, evidence=s.evidence, choice=Choice.SET_ASIDE,
            reason=CHOICES[Choice.SET_ASIDE][1].format(words=s.rejected),
        )
        for s in ordered[:SET_ASIDE]
    )  # fmt: skip
