"""Checkboxes: which option is ticked, when the box stands before its label or after it.

A ticked box is lost easily (python-docx drops ``w:sym``, OCR drops boxes), and a lost tick looks like an unticked option. So a group without a
recognised mark is unknown, never 否.
"""

import re
from typing import NamedTuple

from extractors.text import Folded

TICKED = "☑☒■√✓✔✅▣◼⬛●◉\uf052\uf0fe\uf0fd\uf06e\uf053\uf054\uf0fc"
OPEN = "□☐▢◻⬜○◯\uf0a3\uf0a8\uf06f\uf02a\uf0a1\uf035"
_BRACKET = re.compile(r"[(\[][ ]*(√|✓|✔|☑|■|V|v)?[ ]*[)\]]")
_BOX = re.compile(f"[{re.escape(TICKED + OPEN)}]|[(\\[](?:√|✓|✔|☑|■)?[)\\]]")


class Option(NamedTuple):
    """An option's words, whether it is ticked, and its span in the folded text (the words, without the box)."""

    words: str
    ticked: bool
    start: int
    end: int


def options(folded: Folded) -> tuple[Option, ...]:
    """The options of a checkbox group in their order; empty where there is no box.

    The box belongs to the words after it, unless the group begins with words and ends with a box.
    """
    text = folded.text
    boxes = list(_BOX.finditer(text))
    if not boxes:
        return ()
    before = text[: boxes[0].start()].strip(":，、 ")
    after = text[boxes[-1].end() :].strip("，、；。 ")
    follows = bool(before) and not after
    found = []
    for index, box in enumerate(boxes):
        if follows:
            start = boxes[index - 1].end() if index else 0
            end = box.start()
        else:
            start = box.end()
            end = boxes[index + 1].start() if index + 1 < len(boxes) else len(text)
        words = text[start:end]
        lead = len(words) - len(words.lstrip(" ，、；:,;/"))
        words = words.strip(" ，、；:,;/。")
        if words:
            found.append(Option(words, any(c in TICKED for c in box[0]), start + lead, start + lead + len(words)))
    return tuple(found)


def chosen(group: tuple[Option, ...]) -> tuple[Option, ...] | None:
    """The ticked options; None when no mark is recognised, which means unknown."""
    ticked = tuple(option for option in group if option.ticked)
    return ticked or None
