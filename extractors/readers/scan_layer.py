"""Whether a text layer says what its picture shows. The picture is the truth: what a person sees is what the applicant states.

A layer may be an earlier recognition gone wrong, white on white, under a picture, or fonts that draw other digits than they name. Reading whole pages again
would cost seconds, so only the places that matter are looked at: those of the facts.
"""

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from typing import Final, NamedTuple

#: A reading less sure than this contradicts nothing.
SURE: Final = 0.85
#: How much of a text has to be seen for it to agree, and below how much it differs.
ALIKE, UNLIKE = 0.6, 0.3
_NUMBER: Final = re.compile(r"\d[\d.,]*")
_PLAIN: Final = re.compile(r"[^0-9a-z\u3400-\u9fff]")


class Seen(NamedTuple):
    """What a picture shows at one place: the words read, the least of their confidences, and whether there is ink at all."""

    text: str
    sure: float
    ink: bool


def agrees(quote: str, seen: Seen) -> bool | None:
    """Whether the layer's words ``quote`` are what is seen. None where that cannot be told.

    Where the quote holds numbers, only these count: each must be seen as it stands, thousands separators aside.
    """
    if "*" in quote or not quote.strip():
        return None
    if not seen.ink:
        return False
    if seen.sure < SURE:
        return None
    stated, shown = _numbers(quote), _numbers(seen.text)
    if stated:
        if all(number in shown for number in stated):
            return True
        # A dot or a comma alone is too small to contradict by; and no figures seen is no other figure seen.
        same = [n.replace(".", "") for n in shown]
        return None if not shown or all(n.replace(".", "") in same for n in stated) else False
    a, b = _letters(quote), _letters(seen.text)
    if not a or not b:
        return None
    share = sum(m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()) / len(a)
    return True if share >= ALIKE else False if share < UNLIKE else None


def layers_differ(layer: str, shown: str) -> bool:
    """Whether a whole page's hidden layer says something else than its picture. Scanners' own layers err in a few characters; that is no difference."""
    stated, seen = Counter(_numbers(layer)), Counter(_numbers(shown))
    if stated.total() >= 3:
        return (stated - seen).total() > 0.15 * stated.total()
    a, b = _letters(layer), _letters(shown)
    return len(a) >= 20 and SequenceMatcher(None, a, b, autojunk=False).quick_ratio() < ALIKE


def _numbers(text: str) -> list[str]:
    found = (m[0].replace(",", "").rstrip(".") for m in _NUMBER.finditer(unicodedata.normalize("NFKC", text)))
    return [number for number in found if number]


def _letters(text: str) -> str:
    return _PLAIN.sub("", unicodedata.normalize("NFKC", text).lower())
