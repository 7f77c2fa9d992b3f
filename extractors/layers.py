"""A text layer beside the picture of its page: where the key numbers of the two differ. The picture is what a person sees.

Only numbers that would become facts are compared, so that a scanner's own misreadings elsewhere raise nothing.
"""

from decimal import Decimal
from typing import NamedTuple

from schemas.evidence import Evidence
from schemas.facts import Reading, Sighting
from schemas.vocabulary import FACTS, FactKey


class Difference(NamedTuple):
    """``layer`` and ``picture`` are what each states, as written there; ``place`` is on the layer's page."""

    key: FactKey
    name: str
    layer: str
    picture: tuple[str, ...]
    place: Evidence


def differences(layer: Reading, picture: Reading) -> tuple[Difference, ...]:
    """Values the layer states for a key number that its picture states otherwise, each once."""
    found: dict[tuple[str, str], Difference] = {}
    for said in layer.sightings:
        if not isinstance(said.value, Decimal) or said.rejected is not None:
            continue
        shown = [
            s
            for s in picture.sightings
            if s.key is said.key and s.period == said.period and s.evidence.page == said.evidence.page
        ]
        if shown and not any(_same(said, s) for s in shown):
            name = FACTS[said.key][1]
            words = tuple(dict.fromkeys(s.as_stated for s in shown if s.rejected is None)) or tuple(
                dict.fromkeys(s.as_stated for s in shown)
            )
            found.setdefault((name, said.as_stated), Difference(said.key, name, said.as_stated, words, said.evidence))
    return tuple(found.values())


def _same(a: Sighting, b: Sighting) -> bool:
    return isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and abs(a.value - b.value) <= max(a.error, b.error)
