from decimal import Decimal

import pytest

from schemas.facts import PartOf, Person, Rosters, Tally
from schemas.vocabulary import DocumentStatus, FactStatus, FindingCode
from tests.validators.build import DOCUMENTS, LIST, PLAN, at, case, codes, entry, fact, only, policy
from validators.consistency_parts import parts, ratios


def part(part: str, whole: str, unit: str = "人", key: str | None = None, page: int = 3) -> PartOf:
    return PartOf(
        part_label="兼职",
        part=Decimal(part),
        whole_label="总人数",
        whole=Decimal(whole),
        unit=unit,
        key=key,
        evidence=(at(page=page),),
    )


def look(check, *facts, **more):
    return list(check(case(*facts, **more), policy()))


def test_a_part_larger_than_its_whole() -> None:
    found = only(look(parts, parts=(part("7", "6"),)), FindingCode.PART_EXCEEDS_WHOLE)
    assert found.message == "《申报书.pdf》第3页写明“总人数”6人，其中“兼职”7人，其中数大于总数。"


@pytest.mark.parametrize("one", [part("6", "6"), part("2", "6"), part("320.4", "320", "m2"), part("0", "0")])
def test_look_alike_parts(one) -> None:
    assert look(parts, parts=(one,)) == []


def test_the_same_excess_in_two_places_is_told_once() -> None:
    found = only(look(parts, parts=(part("7", "6"), part("7", "6", page=9))), FindingCode.PART_EXCEEDS_WHOLE)
    assert [place.page for place in found.evidence] == [3, 9]


def test_managers_of_a_team_against_the_team() -> None:
    said = (fact("team.technology_managers", 7), fact("team.headcount", 6, at(PLAN)))
    found = only(look(parts, *said), FindingCode.PART_EXCEEDS_WHOLE)
    assert found.facts == ("team.headcount=6", "team.technology_managers=7")
    stated_there = part("7", "6", key="team.technology_managers")
    assert codes(look(parts, *said, parts=(stated_there,))) == ["PART_EXCEEDS_WHOLE"]


@pytest.mark.parametrize(
    "said",
    [
        (fact("team.technology_managers", 6), fact("team.headcount", 6)),
        (fact("team.technology_managers", 7), fact("advisors.headcount", 6)),
        (fact("team.technology_managers", 7), fact("team.headcount", 6, raw="6人以上")),
        (fact("team.technology_managers", 7), fact("team.headcount", 6), fact("team.headcount", 8, at(PLAN))),
    ],
)
def test_look_alike_managers(said) -> None:
    assert look(parts, *said) == []


def advisers(outside: int, inside: int, silent: int = 0) -> dict:
    people = [(True, outside), (False, inside), (None, silent)]
    roster = tuple(Person(name=f"{external}{n}", external=external) for external, size in people for n in range(size))
    tally = Tally(what="专家名单", key="advisors.headcount", unit="人", count=len(roster), evidence=(at(LIST, 2),))
    return {"rosters": Rosters(advisors=roster), "tallies": (tally,)}


def share(value: str, raw: str = ""):
    return fact("advisors.external_share", value, raw=raw)


def test_a_share_its_roster_does_not_give() -> None:
    found = only(look(ratios, share("58.3"), **advisers(5, 7)), FindingCode.RATIO_MISMATCH)
    assert (
        found.message
        == "外单位专家占比：《申报书.pdf》第3页为58.3%，按《设备清单.xlsx》第2页算得41.67%（5÷12），与填报的占比不一致。"
    )


@pytest.mark.parametrize("stated", ["58.3", "58.33", "58"])
def test_a_share_within_rounding(stated) -> None:
    assert look(ratios, share(stated), **advisers(7, 5)) == []


def test_any_honest_denominator_will_do() -> None:
    assert look(ratios, share("70"), **advisers(7, 3, silent=2)) == []
    assert look(ratios, share("58.3"), fact("advisors.headcount", 12), **advisers(5, 5)) == []
    assert codes(look(ratios, share("90"), **advisers(5, 5, silent=2))) == ["RATIO_MISMATCH"]


def test_a_roster_not_read_whole_proves_no_share() -> None:
    given = advisers(5, 7)
    scan = entry("d9", "专家名单.jpg", status=DocumentStatus.UNREADABLE)
    assert look(ratios, share("58.3"), documents=(*DOCUMENTS, scan), **given) == []
    assert look(ratios, share("58.3"), rosters=given["rosters"]) == []
    assert look(ratios, share("58.3", raw="50%以上"), **given) == []


def test_a_share_its_stated_parts_do_not_give() -> None:
    outside = PartOf(
        part_label="外单位专家", part=Decimal(7), whole_label="专家总数", whole=Decimal(12), unit="人", key="advisors.headcount",
        evidence=(at(),),
    )  # fmt: skip
    assert codes(look(ratios, share("50"), parts=(outside,))) == ["RATIO_MISMATCH"]
    assert look(ratios, share("58.3"), parts=(outside,)) == []


def test_a_share_computed_elsewhere_counts_once_it_is_vouched_for() -> None:
    for status, told in ((FactStatus.ACCEPTED, ["RATIO_MISMATCH"]), (FactStatus.NEEDS_REVIEW, [])):
        computed = fact("advisors.external_share", "41.67", at(LIST), derived=True, status=status)
        assert codes(look(ratios, share("58.3"), derived=(computed,))) == told
