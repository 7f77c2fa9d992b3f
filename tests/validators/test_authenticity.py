"""What the file says against what the page shows, with look-alikes that raise nothing."""

from decimal import Decimal

from schemas.facts import Sighting
from schemas.report import DocumentWarning
from tests.validators.build import DOCUMENTS, at, case, codes, entry, policy
from validators import authenticity_edits, authenticity_hidden


def layered(**more):
    warning = DocumentWarning(code="LAYER_DIFFERS", message="第3页的文字层与画面不一致", page=3, **more)
    return case(documents=(*DOCUMENTS, entry("d5", "申请书.pdf", warnings=(warning,))))


def painted(number, doubts=(authenticity_edits.OVERPRINTED,)):
    return Sighting(
        key="equipment.value", value=Decimal(number), as_stated=number, manner="field", label="仪器设备原值", confidence=0.65,
        doubts=doubts, evidence=at(quote=number),
    )  # fmt: skip


def test_a_layer_that_states_a_key_number_otherwise_is_told() -> None:
    assert codes(authenticity_hidden.layers(layered(key="site.area"), policy())) == ["HIDDEN_TEXT"]


def test_a_scanners_own_misreadings_are_no_finding() -> None:
    assert codes(authenticity_hidden.layers(layered(), policy())) == []


def test_two_numbers_in_one_place_are_told_with_both() -> None:
    (found,) = authenticity_edits.overprints(case(sightings=(painted("198.72"), painted("121.22"))), policy())
    assert "“121.22”与“198.72”" in found.message


def test_one_number_printed_twice_is_none() -> None:
    assert codes(authenticity_edits.overprints(case(sightings=(painted("198.72"), painted("198.72"))), policy())) == []


def test_two_numbers_in_two_fields_are_none() -> None:
    assert codes(authenticity_edits.overprints(case(sightings=(painted("198.72", ()), painted("121.22", ()))), policy())) == []
