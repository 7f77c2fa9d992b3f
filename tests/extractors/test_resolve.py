"""What agrees becomes one fact, what disagrees one fact a value; accepted only where nobody needs to look."""

from decimal import Decimal
from itertools import permutations

from extractors.resolve import resolve
from schemas.evidence import Evidence
from schemas.facts import Reading, Sighting, Tally
from schemas.vocabulary import FactKey, Role, Unit


def sighting(value, *, document="d1", error="0", manner="field", doubts=(), confidence=0.97, role=Role.FORM, rejected=None):
    return Sighting(
        key=FactKey.EQUIPMENT_VALUE, value=Decimal(value), unit=Unit.WAN_YUAN, as_stated=value, error=Decimal(error), role=role, manner=manner,
        confidence=confidence, doubts=doubts, rejected=rejected, evidence=Evidence(document=document, page=1, quote=value),
    )  # fmt: skip


def told(*sightings):
    by_document: dict[str, list[Sighting]] = {}
    for one in sightings:
        by_document.setdefault(one.evidence.document, []).append(one)
    resolved = resolve([Reading(document=d, sightings=tuple(s)) for d, s in by_document.items()])
    return [(str(f.value), f.status.value, len(f.evidence)) for f in resolved.facts]


def test_a_rounded_value_agrees_with_the_exact_one():
    assert told(sighting("3793", error="0.5", manner="sentence", document="d2"), sighting("3792.54", error="0.005")) == [
        ("3792.54", "accepted", 2)
    ]


def test_values_that_differ_are_told_apart_and_neither_is_vouched_for():
    assert told(sighting("25"), sighting("22", document="d2")) == [("22", "needs_review", 1), ("25", "needs_review", 1)]


def test_one_sentence_alone_is_not_enough():
    assert told(sighting("25", manner="sentence", confidence=0.9)) == [("25", "needs_review", 1)]


def test_two_separate_sentences_are():
    two = [sighting("25", manner="sentence", confidence=0.9, document=d) for d in ("d1", "d2")]
    assert told(*two) == [("25", "accepted", 2)]


def test_what_says_too_little_does_not_stand_against_a_clean_field():
    assert told(sighting("25"), sighting("9", manner="sentence", confidence=0.6, document="d2")) == [("25", "accepted", 1)]


def test_a_doubt_keeps_a_value_from_being_accepted():
    assert told(sighting("25", doubts=("写的是一个范围",))) == [("25", "needs_review", 1)]


def test_rejected_places_are_no_facts():
    assert told(sighting("25", rejected="计划或目标数，不是现有数")) == []


def test_the_order_of_files_changes_nothing():
    parts = [Reading(document=f"d{n}", sightings=(sighting(v, document=f"d{n}"),)) for n, v in enumerate(("25", "22", "25"), 1)]
    seen = {tuple((str(f.value), f.status, f.evidence) for f in resolve(order).facts) for order in permutations(parts)}
    assert len(seen) == 1


def test_a_list_gives_a_derived_fact_only_where_nothing_states_it_or_it_differs():
    place = (Evidence(document="d3", page=1, quote="1"),)
    tally = Tally(what="专家顾问名单", key=FactKey.ADVISORS_HEADCOUNT, unit=Unit.PERSONS, count=12, evidence=place)
    resolved = resolve([Reading(document="d3", tallies=(tally,))])
    assert [(f.key.value, str(f.value), f.derived, f.status.value) for f in resolved.derived] == [
        ("advisors.headcount", "12", True, "accepted")
    ]


def test_what_is_counted_in_a_list_shorter_than_the_form_says_is_not_vouched_for():
    place = (Evidence(document="d3", page=1, quote="1"),)
    advisers = Tally(what="专家顾问名单", key=FactKey.ADVISORS_HEADCOUNT, unit=Unit.PERSONS, count=4, evidence=place)
    managers = advisers.model_copy(update={"key": FactKey.ADVISORS_TECHNOLOGY_MANAGERS, "count": 2})
    stated = sighting("11").model_copy(update={"key": FactKey.ADVISORS_HEADCOUNT, "unit": Unit.PERSONS})

    def counted(rows):
        tallies = advisers.model_copy(update={"count": rows}), managers
        resolved = resolve([Reading(document="d1", sightings=(stated,)), Reading(document="d3", tallies=tallies)])
        return [f.status.value for f in resolved.derived if f.key is FactKey.ADVISORS_TECHNOLOGY_MANAGERS]

    assert (counted(11), counted(4)) == (["accepted"], ["needs_review"])
