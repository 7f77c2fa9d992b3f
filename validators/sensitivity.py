"""Whether a verdict hangs on how one number was read: another candidate, a figure that pixels confuse, a unit nobody wrote beside it.

What nothing contradicts is asked of every value that decides a clause: which other reading is plausible here, and would it turn the
clause? A second place that states the value refutes every misreading of the first, and so does a list that adds up to it; so a package
in good order is never held up, however its numbers look.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from schemas.case import Case
from schemas.facts import Fact, FactValue, Sighting, Tally
from schemas.vocabulary import FactKey, FactStatus, Unit
from validators import messages

#: Whether a fact read as this value would give another verdict.
Turns: TypeAlias = Callable[[Fact, Decimal], bool]


class Other(NamedTuple):
    """A plausible other reading of a fact; ``words`` (Chinese) are the condition that leads to it: 若把第3页的“210”读作“270”."""

    value: Decimal
    words: str


#: Figures that recognition takes for one another.
ALIKE: Final[Mapping[str, str]] = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "58", "7": "1", "8": "036"}
#: Decimals are written with one or two places; a point is lost or gained before these.
_PLACES: Final = (1, 2)
_NUMBER: Final = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_OTHER_NUMERALS: Final = re.compile(r"[0-9〇零一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟几数半]")
_WHOLE: Final = frozenset({Unit.PERSONS, Unit.ITEMS, Unit.ENTERPRISES})
#: 元 in a 万元, ㎡ in a 亩: what a value becomes when its unit was taken for the other one.
_SLIPS: Final[Mapping[Unit, tuple[tuple[Decimal, str], ...]]] = {
    Unit.WAN_YUAN: ((Decimal("0.0001"), "单位是元而不是万元"), (Decimal(10_000), "单位是万元而不是元")),
    Unit.M2: ((Decimal(3) / 2000, "单位是㎡而不是亩"), (Decimal(2000) / 3, "单位是亩而不是㎡")),
}
#: What such a value usually lies between, in its own unit. Only a value beyond that may have been given under the wrong unit.
_USUAL: Final[Mapping[FactKey, tuple[int, int]]] = {
    FactKey.SITE_AREA: (20, 100_000),
    FactKey.EQUIPMENT_VALUE: (5, 50_000),
    FactKey.FUNDING_ANNUAL: (1, 10_000),
    FactKey.REVENUE_SERVICE: (1, 10_000),
    FactKey.INVESTMENT_RAISED: (1, 100_000),
    FactKey.TECHNOLOGY_CONTRACTS_VALUE: (1, 100_000),
    FactKey.ENTERPRISES_REVENUE: (1, 1_000_000),
    FactKey.ENTERPRISES_VALUATION: (1, 1_000_000),
    FactKey.FUND_SIZE: (5, 1_000_000),
}
_UNIT_WRITTEN: Final = re.compile("[元圆万亿¥￥㎡²亩平顷米]|m2|ha|RMB|CNY", re.IGNORECASE)
_LEAST: Final = re.compile(r"不(?:少|低|小)于|至少|(?<![不未])超过|突破|(?<!不)[大高多]于|以上|[≥>余多逾]")
_MOST: Final = re.compile(r"不超过|未超过|不[大高多]于|至多|(?<!不)[小低少]于|以下|以内|不足|不到|将?近|[≤<]")
_ABOUT: Final = re.compile("约|左右|上下|前后|大概|几|数")
#: What extraction says of 约2203平方米: it still speaks against 220.3.
_NOT_EXACT: Final = "不是确数"
#: Of 3 190 numbers of generated scans recognised as surely as this, none was misread.
CLEAR: Final = 0.99
#: What extraction says of figures it recognised and is not sure of.
_MISREAD: Final = "识别把握不足"


def turning(facts: Sequence[Fact], turns: Turns, case: Case) -> str | None:
    """The first plausible reading that would turn the verdict, as a Chinese condition; None where nothing plausible does."""
    return next(
        (other.words for fact in facts for other in (*candidates(fact, case), *readings(fact, case)) if turns(fact, other.value)),
        None,
    )


def digits_only(fact: Fact, case: Case) -> bool:
    """Whether all that is doubted of a fact is how its figures were recognised."""
    doubts = [doubt for place in _places(fact, case) for doubt in place.doubts]
    return fact.status is not FactStatus.ACCEPTED and bool(doubts) and all(_MISREAD in doubt for doubt in doubts)


def candidates(fact: Fact, case: Case) -> Iterator[Other]:
    """Places that state another value, were not found to speak of something else, and still make no fact of their own."""
    told = {place for one in case.facts if one.key is fact.key for place in one.evidence}
    for sighting in case.sightings:
        if sighting.key is not fact.key or sighting.rejected is not None or sighting.period != fact.period or fact.derived:
            continue
        if sighting.evidence in told or not isinstance(sighting.value, Decimal) or _goes_with(sighting, fact):
            continue
        if _misread(sighting) and any(_looks_like(sighting, place) for place in _places(fact, case) if not place.doubts):
            continue
        where = messages.place(sighting.evidence, case)
        yield Other(sighting.value, f"若以{where}所写的“{_stated(sighting)}”为准")


def readings(fact: Fact, case: Case) -> Iterator[Other]:
    """What the places of a fact may say instead: figures recognised from pixels or doubted, and units that stand elsewhere."""
    if fact.derived or not isinstance(fact.value, Decimal):
        return
    places = _places(fact, case)
    for place in places:
        if not isinstance(place.value, Decimal) or place.value == 0:
            continue
        for other in (*_confused(place, case), *_slipped(place)):
            if not _borne_out(fact, place, other.value, case):
                yield other._replace(words=f"若{messages.place(place.evidence, case)}的{other.words}")


def _places(fact: Fact, case: Case) -> list[Sighting]:
    return [s for s in case.sightings if s.key is fact.key and s.rejected is None and s.evidence in fact.evidence]


def _borne_out(fact: Fact, place: Sighting, other: Decimal, case: Case) -> bool:
    """Whether something besides ``place`` states the fact, or a list gives it, in a way that ``other`` does not fit."""
    for second in _places(fact, case):
        apart = _spot(second) != _spot(place) and all(doubt.endswith(_NOT_EXACT) for doubt in second.doubts)
        if apart and isinstance(second.value, Decimal) and abs(second.value - other) > max(second.error, fact.error):
            return True
    tallies = (t for reading in case.readings for t in reading.tallies if t.key is fact.key and t.period == fact.period)
    return any(_fits(tally, fact.value, fact) and not _fits(tally, other, fact) for tally in tallies)


def _fits(tally: Tally, value: FactValue, fact: Fact) -> bool:
    computed = tally.sum if tally.sum is not None else Decimal(tally.count)
    return isinstance(value, Decimal) and abs(computed - value) <= max(tally.error, fact.error)


def _spot(sighting: Sighting) -> tuple[object, ...]:
    place = sighting.evidence
    return place.document, place.page, place.anchor, place.bbox


def _stated(sighting: Sighting) -> str:
    return messages.printable(re.sub(r"\s+", "", sighting.as_stated)) or messages.shown(sighting.value, sighting.unit)


def _misread(sighting: Sighting) -> bool:
    return any(_MISREAD in doubt for doubt in sighting.doubts)


def _looks_like(doubted: Sighting, clean: Sighting) -> bool:
    """Whether a doubted reading has the figures of the clean one, alike ones and points aside: 5,000.000元 for 500.00万元."""
    one, other = (re.sub(r"[^0-9]", "", place.as_stated).strip("0") for place in (doubted, clean))
    return len(one) == len(other) and all(a == b or b in ALIKE.get(a, "") for a, b in zip(one, other, strict=True))


def _goes_with(sighting: Sighting, fact: Fact) -> bool:
    """超过80万元 and 约120万元 do not speak against 125万元."""
    if not isinstance(sighting.value, Decimal) or not isinstance(fact.value, Decimal):
        return True
    if abs(sighting.value - fact.value) <= max(sighting.error, fact.error):
        return True
    if _MOST.search(sighting.as_stated):
        return fact.value <= sighting.value
    if _LEAST.search(sighting.as_stated):
        return fact.value >= sighting.value
    return bool(_ABOUT.search(sighting.as_stated)) and abs(sighting.value - fact.value) <= abs(fact.value) / 10


def _confused(sighting: Sighting, case: Case) -> Iterator[Other]:
    """One figure taken for another, or a point lost or gained; only where pixels were not read clearly or the reading is doubted."""
    clear = sighting.legible is not None and sighting.legible >= CLEAR
    written = (
        _one_number(sighting.as_stated)
        if _misread(sighting) or (messages.pictured(sighting.evidence, case) and not clear)
        else None
    )
    if written is None or not isinstance(sighting.value, Decimal):
        return
    read = Decimal(written.replace(",", ""))
    for other in _variants(written, whole=sighting.unit in _WHOLE):
        value = sighting.value * Decimal(other.replace(",", "")) / read if read else Decimal(0)
        yield Other(value, f"“{written}”应读作“{other}”")


def _one_number(stated: str) -> str | None:
    """The Arabic number of ``1,260.5㎡``; None where there are several, or Chinese numerals beside it (1亿2千万元)."""
    found = _NUMBER.findall(stated)
    rest = _NUMBER.sub("", stated, count=1)
    return found[0] if found and not _OTHER_NUMERALS.search(rest) else None


def _variants(written: str, *, whole: bool) -> Iterator[str]:
    """Well-formed numbers that look alike. Where thousands are marked, a point more or less would show."""
    for at, figure in enumerate(written):
        for other in ALIKE.get(figure, ""):
            if at or other != "0" or written[1:2] == ".":
                yield written[:at] + other + written[at + 1 :]
    if whole or "," in written:
        return
    if "." in written:
        if not written.startswith("0"):
            yield written.replace(".", "")
        return
    yield from (f"{written[:-places]}.{written[-places:]}" for places in _PLACES if len(written) > places)


def _slipped(sighting: Sighting) -> Iterator[Other]:
    """A value of unusual size whose unit stands elsewhere (label, caption, notes) and that would be usual in the other unit."""
    usual = _USUAL.get(sighting.key)
    if (
        usual is None
        or sighting.unit is None
        or not isinstance(sighting.value, Decimal)
        or _UNIT_WRITTEN.search(sighting.as_stated)
    ):
        return
    if usual[0] <= sighting.value <= usual[1]:
        return
    for factor, words in _SLIPS.get(sighting.unit, ()):
        value = sighting.value * factor
        if usual[0] <= value <= usual[1]:
            yield Other(value, f"“{_stated(sighting)}”（此处没有写单位）{words}")
