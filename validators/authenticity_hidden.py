"""What a file holds that its reader does not see: words hidden in it, and a text layer that says another thing than the picture above it.

Ordinary recognised layers of scanners are not meant: they agree in the numbers that count, or differ where nothing is read from. Nor is what templates
hide: a space, a field's code, a prompt without a figure.
"""

from collections.abc import Iterable, Iterator, Sequence

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.policy import Policy
from schemas.report import DocumentEntry, DocumentWarning, Finding
from schemas.vocabulary import FactKey, FindingCode, Severity, WarningCode
from validators import messages, weight
from validators.messages import finding

#: So many hidden passages of a document are quoted, and so much of each.
QUOTED, LONGEST = 3, 30


def layers(case: Case, policy: Policy) -> Iterable[Finding]:
    """HIDDEN_TEXT for each document whose layer states a key number otherwise than its picture, or where its picture shows nothing."""
    del policy
    for entry in case.documents:
        told = [warning for warning in entry.warnings if warning.code in _LAYER and warning.key is not None]
        if told:
            yield finding(
                FindingCode.HIDDEN_TEXT,
                Severity.HIGH,
                messages.document_name(entry.id, case)
                + "；".join(dict.fromkeys(f"第{w.page}页{w.message}" if w.page else w.message for w in told))
                + "。",
                case=case,
                evidence=tuple(place for warning in told for place in _places(entry, warning, case)),
                advice="请以画面（打印件）为准核对该数，并请申报单位说明文件是如何制作的。",
            )


_LAYER = (WarningCode.LAYER_DIFFERS, WarningCode.HIDDEN_TEXT)


def _places(entry: DocumentEntry, warning: DocumentWarning, case: Case) -> Sequence[Evidence]:
    """Where the number a warning is about was read: the very words it quotes, else the number's places on that page."""
    read = [
        sighting.evidence
        for sighting in case.sightings
        if sighting.key is warning.key and sighting.evidence.document == entry.id and sighting.evidence.page == warning.page
    ]
    quoted = [place for place in read if f"“{place.quote}”" in warning.message]
    return quoted or read or (Evidence(document=entry.id, page=warning.page, quote=""),)


def hidden(case: Case, policy: Policy) -> Iterable[Finding]:
    """HIDDEN_TEXT for each document with words nobody sees; high where a number that a clause rests on was read there."""
    names = {entry.id for entry in case.documents}
    for reading in case.readings:
        if reading.unseen and reading.document in names:
            key = next(_touched(reading.unseen, case, policy), None)
            yield finding(
                FindingCode.HIDDEN_TEXT,
                Severity.HIGH if key else Severity.MEDIUM,
                messages.document_name(reading.document, case)
                + _quoted(reading.unseen)
                + (f"，涉及{messages.key_name(key)}。" if key else "。"),
                case=case,
                evidence=reading.unseen,
                advice="请以看得见的内容（打印件）为准，隐藏的文字不予采用；并请申报单位说明其来由。",
            )


def _quoted(unseen: Sequence[Evidence]) -> str:
    told = [f"{messages.spot(place)}有读者看不见的文字“{_short(place.quote)}”" for place in unseen[:QUOTED]]
    return "；".join(dict.fromkeys(told)) + (f"；共{len(unseen)}处" if len(unseen) > QUOTED else "")


def _short(words: str) -> str:
    words = messages.printable(" ".join(words.split()))
    return words if len(words) <= LONGEST else words[:LONGEST] + "……"


def _touched(unseen: Sequence[Evidence], case: Case, policy: Policy) -> Iterator[FactKey]:
    """The key numbers of this policy that were read from hidden words."""
    for sighting in case.sightings:
        place = sighting.evidence
        if weight.bears_on(sighting.key, policy) and any(_within(place, other) for other in unseen):
            yield sighting.key


def _within(place: Evidence, other: Evidence) -> bool:
    if (place.document, place.page, place.anchor) != (other.document, other.page, other.anchor):
        return False
    if place.bbox is None or other.bbox is None:
        return bool(place.quote.strip()) and (place.quote in other.quote or other.quote in place.quote)
    a, b = place.bbox, other.bbox
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
