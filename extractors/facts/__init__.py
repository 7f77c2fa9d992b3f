"""The key numbers and their decoys, in the order in which a label is tried: the specific before the general."""

from collections.abc import Mapping
from typing import Final

from extractors.facts import equipment, money, people, projects, site
from extractors.measurand import Decoy, Measurand
from schemas.vocabulary import FactKey

MEASURANDS: Final[tuple[Measurand, ...]] = (
    *people.MEASURANDS,
    *projects.MEASURANDS,
    *money.MEASURANDS,
    *equipment.MEASURANDS,
    *site.MEASURANDS,
)
#: The first entry of each key, which its labels are tried against.
MEASURAND_OF: Final[Mapping[FactKey, Measurand]] = {measurand.key: measurand for measurand in reversed(MEASURANDS)}
DECOYS: Final[tuple[Decoy, ...]] = (*people.DECOYS, *projects.DECOYS, *money.DECOYS, *equipment.DECOYS, *site.DECOYS)
