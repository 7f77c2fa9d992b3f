"""The figures that decide clauses against the pictures of their pages: what a program reads there against what a person sees.

Only stated figures of text layers are compared, for only these have a place with a picture of its own: a page that was recognised was read from its
picture, an OFD page is drawn here from the very words it would be compared with, and a figure computed from a list has no place. What the picture
contradicts, does not show, or does not tell stays in the report with the reason, and is no longer vouched for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from extractors.readers import scan_figures as figures
from extractors.readers.ocr import Engine
from extractors.readers.scan_figures import Answer, Draw, Piece, Shown
from extractors.readers.scan_reading import Pixels
from flows.settings import PictureCheck
from schemas.case import Case
from schemas.document import Box, Document
from schemas.evidence import Evidence
from schemas.facts import Fact, Reading, Sighting
from schemas.policy import CountRows, Policy
from schemas.report import DocumentEntry, DocumentWarning, Issue
from schemas.vocabulary import FACTS, FactKey, FactStatus, Format, IssueCode, Outcome, WarningCode
from validators import weight

#: The figures another engine reads on a page of a document, in digits; None where it cannot read it.
Second: TypeAlias = Callable[[str, int], tuple[str, ...] | None]

#: Marks and warnings on a page that give reason to compare what stands there.
SUSPECT: Final = frozenset({"hidden", "overprint", "doubtful", "not_embedded"})
SUSPECT_PAGES: Final = frozenset({WarningCode.ENGINES_DIFFER, WarningCode.FONT_NOT_EMBEDDED, WarningCode.HIDDEN_TEXT})
#: What an entry says beside its warnings. A font left out of the file is common and says nothing of it as a whole.
WHY: Final = {
    WarningCode.LAYER_DIFFERS: "文字层与画面不一致，以画面为准",
    WarningCode.HIDDEN_TEXT: "有画面上看不见的文字",
}
#: Answers that leave a figure open.
UNTOLD: Final = frozenset({Answer.BLANK, Answer.UNREAD})
#: The most confidence of a fact that a picture contradicts.
DOUBTED: Final = 0.65


class Told(NamedTuple):
    """``doubts`` and ``refuted`` say why, by place; what is refuted is not vouched for wherever else it is stated. ``warnings`` are by document."""

    doubts: Mapping[Evidence, str] = {}
    refuted: Mapping[Evidence, str] = {}
    warnings: Mapping[str, tuple[DocumentWarning, ...]] = {}
    issues: tuple[Issue, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.doubts or self.refuted or self.warnings)


def compare(
    case: Case,
    policy: Policy,
    documents: Mapping[str, Document],
    *,
    draw: Draw,
    engine: Callable[[], Engine],
    mode: PictureCheck,
    second: Second = lambda document, page: None,
) -> Told:
    """What the pictures say of a case's accepted figures. ``engine`` is called only where there is something to read. Never raises.

    Where a picture does not tell, ``second`` is asked for the figures another engine reads on the page.
    """
    wanted = list(_wanted(case, policy, documents, mode)) if mode != "off" else []
    if not wanted:
        return Told()
    broken: dict[tuple[str, int], str] = {}
    try:
        reader = engine()
        if missing := reader.probe():
            return Told(issues=(Issue(code=IssueCode.CHECK_FAILED, message=f"数字未能与画面核对：{missing}"),))
        shown = figures.compare([asked.pieces for asked in wanted], _careful(draw, broken), reader)
    except Exception as error:
        message = f"数字与画面核对时出错，有关数字请对照原件核对（{type(error).__name__}）"
        issue = Issue(code=IssueCode.CHECK_FAILED, message=message)
        return Told(doubts={asked.place: _unread(asked.place) for asked in wanted}, issues=(issue,))
    told = _told(zip(wanted, shown, strict=True), _undrawn(broken, case))
    return _beside(told, [a for a, s in zip(wanted, shown, strict=True) if s.answer in UNTOLD], second)


def with_doubts(readings: Iterable[Reading], told: Told) -> tuple[Reading, ...]:
    """The readings with what was found at their places."""
    doubts = {**told.doubts, **told.refuted}
    return tuple(
        reading.model_copy(update={"sightings": tuple(_with_doubt(one, doubts) for one in reading.sightings)})
        for reading in readings
    )


def with_warnings(entries: Iterable[DocumentEntry], told: Told) -> tuple[DocumentEntry, ...]:
    return tuple(_warned(entry, told.warnings[entry.id]) if entry.id in told.warnings else entry for entry in entries)


def demoted(case: Case, told: Told) -> Case:
    """The case with what a picture contradicts no longer vouched for, even where other places state it alike."""
    return case.model_copy(update={"facts": tuple(_demoted(fact, told) for fact in case.facts)}) if told.refuted else case


# which figures


class _Asked(NamedTuple):
    """A place and the figure there. ``comparable`` is false where its font is not in the file, so that any viewer draws it as it likes."""

    key: FactKey
    place: Evidence
    pieces: tuple[Piece, ...]
    comparable: bool


def _wanted(case: Case, policy: Policy, documents: Mapping[str, Document], mode: PictureCheck) -> Iterator[_Asked]:
    keys = deciding(policy)
    entries = {entry.id: entry for entry in case.documents}
    clean = {sighting.evidence for sighting in case.sightings if not sighting.doubts and sighting.rejected is None}
    done: set[Evidence] = set()
    for fact in case.facts:
        if fact.key not in keys or fact.status is not FactStatus.ACCEPTED or not isinstance(fact.value, Decimal):
            continue
        for place in fact.evidence:
            entry, document = entries.get(place.document), documents.get(place.document)
            if place in done or place not in clean or entry is None or document is None or not figures.plain(place.quote):
                continue
            if entry.format is not Format.PDF or place.page is None or place.page in entry.ocr_pages:
                continue
            done.add(place)
            marks = figures.marks_at(document, place)
            if mode == "deciding" or marks & SUSPECT or _suspect(entry, place) or figures.odd(document, place):
                yield _Asked(fact.key, place, figures.pieces(document, place), _comparable(entry, document, place, marks))


def deciding(policy: Policy) -> frozenset[FactKey]:
    """The numbers a policy's clauses rest on."""
    keys = {key for clause in policy.clauses for key in weight.keys(clause.requirement)}
    keys |= {c.requirement.stated for c in policy.clauses if isinstance(c.requirement, CountRows) and c.requirement.stated}
    return frozenset(key for key in keys if FACTS[key][0] is not None)


def _suspect(entry: DocumentEntry, place: Evidence) -> bool:
    return any(warning.code in SUSPECT_PAGES and warning.page in (None, place.page) for warning in entry.warnings)


def _comparable(entry: DocumentEntry, document: Document, place: Evidence, marks: frozenset[str]) -> bool:
    """By the marks on the words themselves; by the page where the reader marks none."""
    if any(mark.kind == "not_embedded" for mark in document.marks):
        return "not_embedded" not in marks
    return not any(w.code is WarningCode.FONT_NOT_EMBEDDED and w.page in (None, place.page) for w in entry.warnings)


# what they come to


def _careful(draw: Draw, broken: dict[tuple[str, int], str]) -> Draw:
    """A page that cannot be drawn costs its own figures only."""

    def drawn(document: str, page: int, box: Box, dpi: int) -> Pixels | None:
        try:
            return draw(document, page, box, dpi)
        except Exception as error:
            broken[document, page] = type(error).__name__
            return None

    return drawn


def _undrawn(broken: Mapping[tuple[str, int], str], case: Case) -> tuple[Issue, ...]:
    names = {entry.id: entry.file for entry in case.documents}
    return tuple(
        Issue(
            code=IssueCode.CHECK_FAILED,
            message=f"{names[document]} 第{page}页：画面未能绘制，其中的数未与画面核对（{why}）",
            document=document,
            page=page,
        )
        for (document, page), why in sorted(broken.items())
    )


def _told(answers: Iterable[tuple[_Asked, Shown]], issues: tuple[Issue, ...]) -> Told:
    doubts: dict[Evidence, str] = {}
    refuted: dict[Evidence, str] = {}
    warnings: dict[str, list[DocumentWarning]] = {}
    for asked, shown in answers:
        place = asked.place
        if shown.answer is Answer.AGREES:
            continue
        if shown.answer is Answer.DIFFERS:
            refuted[place] = f"第{place.page}页文字层写“{place.quote}”，画面上为“{shown.text}”，请对照原件核对"
        elif asked.comparable:
            doubts[place] = _hidden(place) if shown.answer is Answer.BLANK else _unread(place)
        if told := _warning(asked, shown):
            warnings.setdefault(place.document, []).append(told)
    return Told(doubts, refuted, {name: tuple(dict.fromkeys(own)) for name, own in warnings.items()}, issues)


def _beside(told: Told, untold: Iterable[_Asked], second: Second) -> Told:
    """What the second engine reads otherwise is doubted, whatever font it is set in."""
    pages: dict[tuple[str, int], tuple[str, ...] | None] = {}
    doubts, warnings = dict(told.doubts), dict(told.warnings)
    for asked in untold:
        place = asked.place
        at = (place.document, place.page or 0)
        if at not in pages:
            pages[at] = None
            with suppress(Exception):  # no second opinion is no contradiction
                pages[at] = second(*at)
        found = pages[at]
        if found is None or figures.among(place.quote, found):
            continue
        words = f"{FACTS[asked.key][1]}：两种程序读出的数不同，一种读作“{place.quote}”，另一种没有读到；请对照原件核对"
        warning = DocumentWarning(code=WarningCode.ENGINES_DIFFER, message=words, page=place.page)
        doubts.setdefault(place, f"第{place.page}页“{place.quote}”两种程序读法不同，请对照原件核对")
        warnings[place.document] = (*warnings.get(place.document, ()), warning)
    return told._replace(doubts=doubts, warnings=warnings)


def _warning(asked: _Asked, shown: Shown) -> DocumentWarning | None:
    """None where nothing is alleged and nothing about the file explains it."""
    name, place = FACTS[asked.key][1], asked.place
    if not asked.comparable:
        seen = f"画面上为“{shown.text}”，" if shown.answer is Answer.DIFFERS else ""
        words = f"{name}：“{place.quote}”所用字体未嵌入文件，{seen}未能与画面核对，请对照原件"
        return DocumentWarning(code=WarningCode.FONT_NOT_EMBEDDED, message=words, page=place.page)
    if shown.answer is Answer.DIFFERS:
        words = f"{name}：文字层写“{place.quote}”，画面上为“{shown.text}”；以画面为准，请对照原件核对"
        return DocumentWarning(code=WarningCode.LAYER_DIFFERS, message=words, page=place.page, key=asked.key)
    if shown.answer is Answer.BLANK:
        words = f"{name}：文字层写“{place.quote}”，画面上此处没有字；请对照原件核对"
        return DocumentWarning(code=WarningCode.HIDDEN_TEXT, message=words, page=place.page, key=asked.key)
    return None


def _unread(place: Evidence) -> str:
    return f"第{place.page}页“{place.quote}”在画面上未能核对，请对照原件"


def _hidden(place: Evidence) -> str:
    return f"第{place.page}页文字层写“{place.quote}”，画面上此处没有字"


def _with_doubt(sighting: Sighting, doubts: Mapping[Evidence, str]) -> Sighting:
    why = doubts.get(sighting.evidence)
    if why is None or sighting.rejected is not None:
        return sighting
    return sighting.model_copy(update={"doubts": (*sighting.doubts, why)})


def _warned(entry: DocumentEntry, warnings: Sequence[DocumentWarning]) -> DocumentEntry:
    changed: dict[str, object] = {"warnings": (*entry.warnings, *warnings)}
    why = next((WHY[warning.code] for warning in warnings if warning.code in WHY), "")
    if why and entry.outcome is Outcome.OK:
        changed |= {"outcome": Outcome.OK_WARN, "message": f"已读取，但{why}"}
    return entry.model_copy(update=changed)


def _demoted(fact: Fact, told: Told) -> Fact:
    why = [told.refuted[place] for place in fact.evidence if place in told.refuted]
    if not why or fact.status is not FactStatus.ACCEPTED:
        return fact
    changed = {"status": FactStatus.NEEDS_REVIEW, "reason": "；".join(why), "confidence": min(fact.confidence, DOUBTED)}
    return fact.model_copy(update=changed)
