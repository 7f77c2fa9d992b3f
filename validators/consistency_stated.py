"""Statements against statements: the same thing written differently in two places.

Differences that are no contradiction are many in honest packages: a figure rounded for the plan, a short form of the
organisation's name, a centre called without its city, one field of two named in a sentence. So a conflict is told only between values that
each have at least one place the reading had no doubt about. Where two figures differ by exactly a power of ten the unit or the decimal
point is the likelier matter, and the finding says so instead (one cause, one code).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, FactValue
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import FactKey, FindingCode, Unit
from validators.attachments import flagged
from validators.messages import finding, key_name, natural, order, ordered, pictured, places, shown, stated
from validators.weight import bears_on, severity_of

#: 1 亩 = 2000/3 ㎡.
MU: Final = Decimal(2000) / 3
POWERS: Final = (10, 100, 1000, 10000)
#: Rounding never stretches "exactly ten times" by more than this share: 5 ± 0.5 is no tenfold of 54.
SLACK: Final = Decimal("0.01")

_CITY = re.compile(r"^[\u4e00-\u9fff]{2,8}?[市州]")
_KIND = re.compile(r"(?:产业|领域)?(?:概念验证(?:中心)?|中试(?:验证)?(?:平台|基地)?)$")


def agree(one: Decimal, other: Decimal, error: Decimal) -> bool:
    return abs(one - other) <= error


def factor(one: Decimal, other: Decimal, error_one: Decimal, error_other: Decimal, *, unit: Unit | None) -> str | None:
    """``10``, ``100``, ``1000``, ``10000`` or ``亩`` where the larger is exactly that many times the smaller, within rounding."""
    if one <= 0 or other <= 0:
        return None
    (small, small_error), (large, large_error) = sorted(((one, error_one), (other, error_other)))
    scales: list[tuple[Decimal, str]] = [(Decimal(power), str(power)) for power in POWERS]
    if unit is Unit.M2:
        scales.append((MU, "亩"))
    for scale, name in scales:
        room = min(max(large_error, small_error * scale), large * SLACK)
        # An area turned from 亩 is itself a rounded product, so a hair is always left.
        room = max(room, large * Decimal("0.00001")) if name == "亩" else room
        if abs(large - small * scale) <= room:
            return name
    return None


def sure(fact: Fact, case: Case) -> bool:
    """Whether at least one place states this value without doubt. A fact whose sightings are not at hand stands for itself."""
    own = set(fact.evidence)
    seen = [s for s in case.sightings if s.key is fact.key and s.evidence in own]
    return not seen or any(s.rejected is None and not s.doubts for s in seen)


_LOOSE = re.compile(
    r"约|余|近|多|左右|上下|以上|以内|以下|不少于|不低于|不超过|超过|至少|[≥≤>＞<＜]|\d\s*(?:[-~～—–]|至|到)\s*\d"
)


def approximate(fact: Fact) -> bool:
    """A figure the applicant itself calls approximate, a bound or a range contradicts nothing that lies nearby."""
    return bool(_LOOSE.search(fact.as_stated))


_ORDER: Final = {key: number for number, key in enumerate(FactKey)}


def statements(case: Case) -> Iterator[tuple[FactKey, str | None, tuple[Fact, ...]]]:
    """What the applicant states, by key and period, each group in an order of its own values."""
    groups: dict[tuple[FactKey, str | None], list[Fact]] = {}
    for fact in case.facts:
        if not fact.derived:
            groups.setdefault((fact.key, fact.period), []).append(fact)
    for (key, period), facts in sorted(groups.items(), key=lambda item: (_ORDER[item[0][0]], item[0][1] or "")):
        yield key, period, tuple(sorted(facts, key=lambda fact: told_first(fact, case)) if len(facts) > 1 else facts)


def told_first(fact: Fact, case: Case) -> tuple[object, ...]:
    """The value the form states comes first, then as the pages turn."""
    first = ordered(fact.evidence, case)
    return (not first, order(first[0], case) if first else (), shown(fact.value, fact.unit), natural(fact.id))


def conflicts(case: Case, policy: Policy) -> Iterator[Finding]:
    """FACT_CONFLICT and UNIT_SUSPECT among the statements of one key and period."""
    for key, period, facts in statements(case):
        numbers = [fact for fact in facts if isinstance(fact.value, Decimal)]
        yield from _numbers(key, period, numbers, case=case, policy=policy)
        if rule := _TEXT_RULES.get(key):
            yield from _texts(key, facts, rule, case=case, policy=policy)
    yield from _credit(case, policy)


def _numbers(key: FactKey, period: str | None, facts: Sequence[Fact], *, case: Case, policy: Policy) -> Iterator[Finding]:
    families = _by_unit(facts)
    for family, name in families:
        if name and any(sure(fact, case) for fact in family):
            yield _unit_suspect(key, period, family, name, case=case, policy=policy)
    heads = [
        min(family, key=lambda fact: (not sure(fact, case), -len(fact.evidence), told_first(fact, case)))
        for family, _ in families
    ]
    sides = [fact for fact in heads if sure(fact, case) and not approximate(fact) and not _explained_by_list(fact, heads, case)]
    differing = [fact for fact in sides if any(_differ(fact, other) for other in sides)]
    if differing:
        yield _conflict(key, period, sorted(differing, key=lambda fact: told_first(fact, case)), case=case, policy=policy)


def _by_unit(facts: Sequence[Fact]) -> list[tuple[list[Fact], str | None]]:
    """Facts in families whose members differ by exactly a power of ten, each with the factor (None for a family of one)."""
    families: list[tuple[list[Fact], str | None]] = []
    for fact in facts:
        for number, (family, name) in enumerate(families):
            scale = next((found for other in family if (found := _factor(fact, other))), None)
            if scale:
                families[number] = ([*family, fact], name or scale)
                break
        else:
            families.append(([fact], None))
    return families


def _factor(one: Fact, other: Fact) -> str | None:
    if not (isinstance(one.value, Decimal) and isinstance(other.value, Decimal)):
        return None
    return factor(one.value, other.value, one.error, other.error, unit=one.unit)


def _differ(one: Fact, other: Fact) -> bool:
    if not (isinstance(one.value, Decimal) and isinstance(other.value, Decimal)):
        return False
    return not agree(one.value, other.value, max(one.error, other.error))


def _explained_by_list(fact: Fact, others: Sequence[Fact], case: Case) -> bool:
    """A list's printed total that its own rows contradict while the other statements agree with the rows: SUM_MISMATCH tells that."""
    for tally in (tally for reading in case.readings for tally in reading.tallies):
        if tally.key is not fact.key or tally.stated is None or tally.sum is None or not tally.complete or tally.doubts:
            continue
        only_there = set(fact.evidence) <= set(tally.stated_evidence)
        rest = [other for other in others if other is not fact and isinstance(other.value, Decimal)]
        if only_there and rest and all(agree(other.value, tally.sum, max(other.error, tally.error)) for other in rest):  # type: ignore[arg-type]
            return True
    return False


def _unit_suspect(key: FactKey, period: str | None, facts: Sequence[Fact], name: str, *, case: Case, policy: Policy) -> Finding:
    told = "，".join(stated(fact, case) for fact in facts)
    how = "按1亩约666.67平方米计恰好相当" if name == "亩" else f"恰好相差{name}倍"
    return finding(
        FindingCode.UNIT_SUSPECT, severity_of(key, policy), f"{key_name(key, period)}：{told}，{how}。",
        case=case, facts=[fact.id for fact in facts], evidence=_two_each(facts, case), clause=bears_on(key, policy),
        advice="请对照原件核对各处的计量单位和小数点，由申报单位确认以哪一处为准并更正另一处。",
    )  # fmt: skip


def _conflict(key: FactKey, period: str | None, facts: Sequence[Fact], *, case: Case, policy: Policy) -> Finding:
    told = "；".join(stated(fact, case) for fact in facts)
    return finding(
        FindingCode.FACT_CONFLICT, severity_of(key, policy), f"{key_name(key, period)}各处写法不一：{told}。",
        case=case, facts=[fact.id for fact in facts], evidence=_two_each(facts, case), clause=bears_on(key, policy),
        advice="请申报单位说明以哪一处为准，并将各处更正一致。",
    )  # fmt: skip


def _two_each(facts: Iterable[Fact], case: Case) -> list[Evidence]:
    """Enough places of each value to compare; the facts hold the rest."""
    return [place for fact in facts for place in ordered(fact.evidence, case)[:3]]


# --- text ------------------------------------------------------------------------------------------------------------


def plain_text(text: str) -> str:
    """Folded in width and case, without spaces, invisible characters and seal notes, so that only the words are compared."""
    folded = unicodedata.normalize("NFKC", text)
    folded = re.sub(r"[\s\u200b-\u200f\u2060\ufeff\uffa0\u3164]+", "", folded).upper()
    return re.sub(r"\((?:盖章|公章|签章|加盖公章|全称)\)|[“”\"'《》]", "", folded)


def _same_organisation(one: str, other: str) -> bool:
    """Equal, or one a short form of the other; 有限公司 and 有限责任公司 are one form of company under the law."""
    a, b = (plain_text(text).replace("有限责任公司", "有限公司") for text in (one, other))
    return a in b or b in a


def _same_centre(one: str, other: str) -> bool:
    """Equal, contained, or the same field once city and kind are taken off."""
    a, b = plain_text(one), plain_text(other)
    if a in b or b in a:
        return True
    a, b = (_KIND.sub("", _CITY.sub("", text)) for text in (a, b))
    return bool(a and b) and (a in b or b in a)


def _same_code(one: str, other: str) -> bool:
    return plain_text(one) == plain_text(other)


def _same_fields(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Equal as sets, or one naming only some of the other's fields."""
    a, b = (frozenset(re.sub(r"(?:产业|领域|行业)+$", "", plain_text(item)) for item in items) for items in (one, other))
    return a <= b or b <= a


def _fields_rule(one: FactValue, other: FactValue) -> bool:
    return _same_fields(one if isinstance(one, tuple) else (str(one),), other if isinstance(other, tuple) else (str(other),))


_TEXT_RULES: Final[dict[FactKey, Callable[[FactValue, FactValue], bool]]] = {
    FactKey.APPLICANT_NAME: lambda one, other: _same_organisation(str(one), str(other)),
    FactKey.APPLICANT_USCC: lambda one, other: _same_code(str(one), str(other)),
    FactKey.CENTRE_NAME: lambda one, other: _same_centre(str(one), str(other)),
    FactKey.INDUSTRIES: _fields_rule,
}


def _texts(
    key: FactKey, facts: Sequence[Fact], same: Callable[[FactValue, FactValue], bool], *, case: Case, policy: Policy
) -> Iterator[Finding]:
    wrong = _wrong_codes(case) if key is FactKey.APPLICANT_USCC else frozenset()
    strangers = flagged(case) if key in (FactKey.APPLICANT_NAME, FactKey.APPLICANT_USCC) and len(facts) > 1 else frozenset()
    sides = [
        fact
        for fact in facts
        if sure(fact, case)
        and plain_text(str(fact.value)) not in wrong
        and not all(place.document in strangers for place in fact.evidence)
    ]
    if key in (FactKey.APPLICANT_NAME, FactKey.CENTRE_NAME):
        sides = [fact for fact in sides if not any(_misread(fact, other, case) for other in sides)]
    differing = [fact for fact in sides if any(not same(fact.value, other.value) for other in sides)]
    if differing:
        yield _conflict(key, None, differing, case=case, policy=policy)


def _misread(fact: Fact, other: Fact, case: Case) -> bool:
    """Whether a name known from pictures alone is the other but for one character: recognition takes 斫 for 研 and is sure of it."""
    one, two = plain_text(str(fact.value)), plain_text(str(other.value))
    if fact is other or len(one) != len(two) or sum(a != b for a, b in zip(one, two, strict=True)) != 1:
        return False
    return all(pictured(place, case) for place in fact.evidence) and not all(pictured(place, case) for place in other.evidence)


def _wrong_codes(case: Case) -> frozenset[str]:
    """Codes whose check digit is wrong: ID_CHECKSUM already tells of them."""
    found = (item for reading in case.readings for item in reading.identifiers)
    return frozenset(plain_text(item.shown) for item in found if item.kind == "uscc" and not item.valid)


def _credit(case: Case, policy: Policy) -> Iterator[Finding]:
    """A clean record declared in one place and a bad one in another, whatever windows they name, unless both can be true."""
    said = [fact for _, _, facts in statements(case) for fact in facts if fact.key is FactKey.CREDIT_CLEAN and sure(fact, case)]
    clean, bad = ([fact for fact in said if fact.value is value] for value in (True, False))
    against = [fact for fact in clean if any(_overlap(fact.period, other.period) for other in bad)]
    if against:
        facts = sorted([*against, *bad], key=lambda fact: told_first(fact, case))
        yield _conflict(FactKey.CREDIT_CLEAN, None, facts, case=case, policy=policy)


_YEARS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def _overlap(clean: str | None, bad: str | None) -> bool:
    """Clean for the last year and not for the last three can both be true; the other way round cannot."""
    a, b = _window(clean), _window(bad)
    return a is None or b is None or a >= b


def _window(period: str | None) -> int | None:
    found = re.fullmatch(r"近([一二两三四五]|\d+)年(?:内)?", period or "")
    return None if not found else _YEARS.get(found[1]) or int(found[1])


# --- leads -----------------------------------------------------------------------------------------------------------


def leads(case: Case) -> Iterator[Lead]:
    """Differences that honest packages have too: told, but nobody is asked to correct anything because of them."""
    for key, _, facts in statements(case):
        if key is FactKey.APPLICATION_DATE and len({fact.value for fact in facts}) > 1:
            yield _lead(key, facts, case)
        elif key in _TEXT_RULES:
            rule = _TEXT_RULES[key]
            forms = {
                frozenset(map(plain_text, f.value)) if isinstance(f.value, tuple) else plain_text(str(f.value)) for f in facts
            }
            if len(forms) > 1 and all(rule(one.value, other.value) for one, other in combinations(facts, 2)):
                yield _lead(key, facts, case)


def _lead(key: FactKey, facts: Sequence[Fact], case: Case) -> Lead:
    told = "；".join(f"{places(fact.evidence, case)}为{shown(fact.value, fact.unit)}" for fact in facts)
    return Lead(
        code=FindingCode.FACT_CONFLICT,
        message=f"{key_name(key)}各处写法不尽相同：{told}。",
        evidence=ordered(_two_each(facts, case), case),
    )
