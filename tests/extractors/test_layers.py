"""A text layer against its picture, in the numbers that count."""

from decimal import Decimal

from extractors import differences
from schemas.evidence import Evidence
from schemas.facts import Reading, Sighting
from schemas.vocabulary import FactKey


def reading(*values, page=3, rejected=None):
    return Reading(
        document="d1",
        sightings=tuple(
            Sighting(
                key=FactKey.SITE_AREA, value=Decimal(v), as_stated=v, manner="field", confidence=0.97, rejected=rejected,
                evidence=Evidence(document="d1", page=page, quote=v),
            )
            for v in values
        ),
    )  # fmt: skip


def test_a_number_the_picture_shows_otherwise_is_told_with_both():
    (found,) = differences(reading("9914.5"), reading("914.5"))
    assert (found.name, found.layer, found.picture) == ("场地面积", "9914.5", ("914.5",))


def test_layers_that_agree_or_show_nothing_there_differ_in_nothing():
    assert differences(reading("914.5"), reading("914.5")) == ()
    assert differences(reading("914.5"), reading("300", page=4)) == ()
    assert differences(reading("914.5", rejected="计划或目标数"), reading("300")) == ()
