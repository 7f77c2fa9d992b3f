"""What is measured, not what it is called: one ``Measurand`` for each key number, and the things that look like it and are not.

A form's label and a sentence's noun are matched by the same entry, so a new wording is added in one place. A ``Decoy`` is a noun that a
number can belong to and that is never the centre's key number: the host's staff, a plan, a single contract. Decoys compete
with measurands for every number; the nearest noun wins, so that "单位全部固定资产为6,337万元" is told apart from "设备原值983万元".

All patterns see folded text (``extractors.text.fold``): no spaces, half-width brackets, colon and digits; Chinese comma and full stop.
"""

import re
from dataclasses import dataclass

from schemas.vocabulary import FactKey

MONEY, AREA, COUNT, PERCENT, DURATION = "money", "area", "count", "percent", "duration"


@dataclass(frozen=True, slots=True)
class Measurand:
    """``label`` is searched in a label stripped of its unit, year, numbering and 其中; ``unlike`` refuses a label.

    ``head`` finds the noun in a sentence; where ``topic`` is given, one of its words must stand earlier in the sentence, in
    the paragraph's heading or in the label's section. ``kind`` is the kind of quantity, ``classifiers`` the count words that fit.
    ``yearly`` values belong to a year. ``part`` labels are subsets of the row above them unless they name their whole.
    """

    key: FactKey
    kind: str
    label: re.Pattern[str]
    head: re.Pattern[str]
    unlike: re.Pattern[str] | None = None
    topic: re.Pattern[str] | None = None
    classifiers: str = ""
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Decoy:
    """A noun that takes a number away from the measurands. ``why`` is told to the reviewer."""

    head: re.Pattern[str]
    why: str
    kinds: tuple[str, ...] = (MONEY, AREA, COUNT, PERCENT, DURATION)


def pattern(text: str) -> re.Pattern[str]:
    """A pattern written over several lines, for reading."""
    return re.compile(text, re.VERBOSE)
