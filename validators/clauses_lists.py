"""Words against the policy's own lists: fields of industry, forbidden ones, and places."""

import re
from typing import Final

from schemas.case import Case
from schemas.facts import FactValue
from schemas.policy import PROVINCES, Listed, Located
from schemas.vocabulary import FACTS, Verdict
from validators.clauses_ruling import EDGE, FAIL, PASS, Ruling, Side, combined, decide, of_key, short, tight

#: 四川省达州市通川区 of an address.
_OPENING: Final = re.compile(r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区|市|州|地区|盟|县|区|旗))+")


def listed(requirement: Listed, quote: str, case: Case) -> Ruling:
    """What the policy's list does not name is decided by it only where the list is closed."""
    values = [tight(value) for value in requirement.values]

    def side(value: FactValue) -> Side:
        items = [tight(item) for item in (value if isinstance(value, tuple) else (str(value),))]
        named = [any(one in item for one in values) for item in items]
        unnamed: Side = EDGE if requirement.open_ended else FAIL
        if requirement.quantifier == "none":
            return FAIL if any(named) else EDGE if requirement.open_ended else PASS
        enough = any(named) if requirement.quantifier == "any" else bool(named) and all(named)
        return PASS if enough else unnamed

    edge = f"“{short(quote)}”所列没有列尽，其中没有写到的是否算在内未写明"
    return decide(of_key(requirement.key, case), side, quote, case, edge=edge)


def located(requirement: Located, quote: str, case: Case) -> Ruling:
    """By the administrative names an address opens with: a street (成都市达州路, 北京路) is no place.

    One that opens with another province lies elsewhere; one that names neither is for a person.
    """
    places = [tight(place) for place in requirement.places]
    others = "|".join(name for name in PROVINCES if name != requirement.province) if requirement.province else "(?!)"
    abroad = re.compile(rf"(?:{others})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)")

    def side(value: FactValue) -> Side:
        address = tight(str(value))
        opening = _OPENING.match(address)
        if abroad.match(address):
            return FAIL
        return PASS if opening and any(place in opening[0] for place in places) else EDGE

    edge = f"没有写明是否在{'、'.join(requirement.places)}"
    rulings = [(FACTS[key][1], decide(of_key(key, case), side, quote, case, edge=edge)) for key in requirement.keys]
    verdict = combined(len(rulings), [ruling.verdict for _, ruling in rulings])
    resting = [(name, ruling) for name, ruling in rulings if verdict is Verdict.MET or ruling.verdict is not Verdict.MET]
    return Ruling(
        verdict,
        "".join(f"{name}：{ruling.reason}" for name, ruling in resting),
        "；".join(f"{name}：{ruling.brief()}" for name, ruling in rulings),
        tuple(fact for _, ruling in rulings for fact in ruling.facts),
    )
