"""The key numbers and their decoys, in the order in which a label is tried: the specific before the general."""

from typing import Final

from extractors.facts import equipment, money, people, projects, site
from extractors.measurand import Decoy, Measurand

MEASURANDS: Final[tuple[Measurand, ...]] = (
    *people.MEASURANDS,
    *projects.MEASURANDS,
    *money.MEASURANDS,
    *equipment.MEASURANDS,
    *site.MEASURANDS,
)
DECOYS: Final[tuple[Decoy, ...]] = (*people.DECOYS, *projects.DECOYS, *money.DECOYS, *equipment.DECOYS, *site.DECOYS)
