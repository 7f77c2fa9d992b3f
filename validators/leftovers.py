"""Names left in the text that may be another application's: another city's bureau or centre, another organisation called 本公司.

Plans name other cities for good reasons (their centres as examples, partners there), so this is never more than a lead.
"""

from collections.abc import Iterator

from schemas.case import Case
from schemas.papers import Mention
from schemas.policy import Policy
from schemas.report import Lead
from schemas.vocabulary import FindingCode
from validators.bodies import applicant, same
from validators.messages import ordered, place, printable


def leads(case: Case, policy: Policy) -> Iterator[Lead]:
    who = applicant(case)
    for mention in _mentions(case):
        if mention.kind == "city" and policy.city and mention.name != policy.city:
            yield _lead(
                mention,
                f"写有“{printable(mention.name)}”的科技部门或中心（平台），而本次申报地为{policy.city}，请核对是否为其他申报材料的文字",
                case,
            )
        if mention.kind == "self" and who is not None and same(mention.name, (*who.names, *who.kin)) is False:
            yield _lead(
                mention,
                f"称“{printable(mention.name)}”为本单位，而申报单位为“{printable(who.name)}”，请核对是否为其他单位的文字",
                case,
            )


def _mentions(case: Case) -> Iterator[Mention]:
    seen: set[tuple[str, str]] = set()
    for mention in (mention for reading in case.readings for mention in reading.mentions):
        if (mention.kind, mention.name) not in seen:
            seen.add((mention.kind, mention.name))
            yield mention


def _lead(mention: Mention, told: str, case: Case) -> Lead:
    spots = ordered(mention.evidence, case)
    return Lead(code=FindingCode.NAME_MISMATCH, message=f"{place(spots[0], case) if spots else '材料中'}{told}。", evidence=spots)
