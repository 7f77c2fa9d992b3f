"""What the file says against what the page shows, with look-alikes that raise nothing."""

from decimal import Decimal

from schemas.evidence import Evidence
from schemas.facts import Reading, Sighting
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


def test_the_place_of_a_layers_number_is_shown() -> None:
    place = Evidence(document="d5", page=3, bbox=(10.0, 20.0, 60.0, 32.0), quote="9914.5")
    other = place.model_copy(update={"quote": "300", "bbox": (10.0, 90.0, 30.0, 102.0)})
    read = tuple(
        Sighting(key="site.area", value=Decimal(p.quote), as_stated=p.quote, manner="field", confidence=0.97, evidence=p)
        for p in (place, other)
    )
    warning = DocumentWarning(
        code="LAYER_DIFFERS", message="场地面积：文字层写“9914.5”，画面上为“914.5”", page=3, key="site.area"
    )
    told = case(documents=(*DOCUMENTS, entry("d5", "申请书.pdf", warnings=(warning,))), sightings=read)
    (found,) = authenticity_hidden.layers(told, policy())
    assert (found.evidence, found.message) == ((place,), "《申请书.pdf》第3页场地面积：文字层写“9914.5”，画面上为“914.5”。")


def test_a_number_the_picture_does_not_show_is_told() -> None:
    warning = DocumentWarning(code="HIDDEN_TEXT", message="场地面积：文字层写“300”，画面上此处没有字", page=3, key="site.area")
    told = case(documents=(*DOCUMENTS, entry("d5", "申请书.pdf", warnings=(warning,))))
    assert codes(authenticity_hidden.layers(told, policy())) == ["HIDDEN_TEXT"]


def unseen(quote, *sightings):
    place = Evidence(document="d1", page=3, bbox=(10.0, 20.0, 60.0, 32.0), quote=quote)
    return case(readings=(Reading(document="d1", unseen=(place,)),), sightings=sightings)


def test_hidden_words_are_told_with_their_place() -> None:
    (found,) = authenticity_hidden.hidden(unseen("另有设备 900 万元"), policy())
    assert (found.severity, found.evidence[0].bbox) == ("medium", (10.0, 20.0, 60.0, 32.0))
    assert found.message == "《申报书.pdf》第3页有读者看不见的文字“另有设备 900 万元”。"


def test_a_hidden_number_that_a_clause_asks_for_weighs_more() -> None:
    place = Evidence(document="d1", page=3, bbox=(30.0, 20.0, 50.0, 32.0), quote="900")
    read = Sighting(key="site.area", value=Decimal(900), as_stated="900", manner="field", confidence=0.97, evidence=place)
    (found,) = authenticity_hidden.hidden(unseen("面积900", read), policy())
    assert found.severity == "high"
    assert found.message.endswith("，涉及场地面积。")
    elsewhere = read.model_copy(update={"evidence": place.model_copy(update={"page": 4})})
    assert next(iter(authenticity_hidden.hidden(unseen("面积900", elsewhere), policy()))).severity == "medium"


def test_two_numbers_in_one_place_are_told_with_both() -> None:
    (found,) = authenticity_edits.edits(case(sightings=(painted("198.72"), painted("121.22"))), policy())
    assert "“121.22”与“198.72”" in found.message


def test_one_number_printed_twice_is_none() -> None:
    assert codes(authenticity_edits.edits(case(sightings=(painted("198.72"), painted("198.72"))), policy())) == []


def test_two_numbers_in_two_fields_are_none() -> None:
    assert codes(authenticity_edits.edits(case(sightings=(painted("198.72", ()), painted("121.22", ()))), policy())) == []
