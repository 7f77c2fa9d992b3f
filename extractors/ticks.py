"""Checkboxes: which option is ticked, when the box stands before its label or after it.

A ticked box is lost easily (python-docx drops ``w:sym``, OCR drops boxes), and a lost tick looks like an unticked option. So a group without a
recognised mark is unknown, never 否, and so is one whose mark may belong to the words on either side of it. What surprised us: a √ typed
beside the box it was meant for, a √ typed without any box, where only the white space tells whose it is, a box within the bracket of another
option (☑企业（□国有 ☑民营）), and options printed without boxes (①是 ②否) of which the number is to be circled.
"""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from extractors.text import Folded

TICKED: Final = "☑☒■√✓✔✅🗹🗸▣◼⬛●◉⦿◆⚫\uf050\uf051\uf052\uf053\uf054\uf06c\uf06e\uf0a4\uf0d6\uf0fc\uf0fd\uf0fe"
OPEN: Final = "□☐▢◻⬜○◯〇❑❏❍◇⚪囗\uf02a\uf035\uf06d\uf06f\uf0a1\uf0a3\uf0a8"
#: A mark by itself, without a box around it: typed before the words, after them, or beside their box.
BARE: Final = "√✓✔✅🗸\uf050\uf0fc\uf0d6"
_CROSS: Final = "×✗✘✕✖"
#: Symbol fonts whose letters came through as letters, where their open box is there to tell.
_LETTERS: Final = ((re.compile(r"[£]"), "R£"), (re.compile(r"[¨]"), "þý¨"), (re.compile(r"þ"), "þo"))
_BRACKET = r"[(\[][√✓✔☑■VvXx×]?[)\]]"
_BOX = re.compile(f"[{re.escape(TICKED + OPEN)}]|{_BRACKET}")
_MOUTH = re.compile(r"口(?=是|否|有|无|企业|高|科研|事业|独立|联合|其他|已|未)")
_LEAD: Final = " ，、；:,;/|"
_NUMBERED = re.compile(r"^(?:\d{1,2}[.、．](?!\d)|[①-⑳]|\(\d{1,2}\)|[A-Fa-f][.、．])")
#: Words that are a question or a choice nobody made, not an option.
_UNDECIDED = re.compile(r"^(?:是[/或、]?否|有[/或、]?无|是[/或]不是|有[/或]没有)$")
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩"
_PICKED = re.compile(r"(?:选择?|填写?|答|勾选|圈选)[:为]?[(\[]?([①-⑩]|\d|[A-F])[)\]]?$|[(\[]([①-⑩]|\d|[A-F])[)\]]$")


class Option(NamedTuple):
    """An option's words, whether it is ticked, and its span in the folded text (the words, without the box)."""

    words: str
    ticked: bool
    start: int
    end: int


class _Mark(NamedTuple):
    """``kind``: ``open``, ``ticked``, ``cross``, or ``bare`` for a tick without a box; ``before`` and ``after``: white space beside it."""

    start: int
    end: int
    kind: str
    before: bool
    after: bool


def options(folded: Folded) -> tuple[Option, ...]:
    """The options of a checkbox group in their order; empty where there is neither a box nor a mark.

    The box belongs to the words after it, unless the group begins with words and ends with a box.
    """
    marks = _joined(folded, _marks(folded))
    if not marks:
        return ()
    if all(mark.kind in ("bare", "cross") for mark in marks):
        return _without_boxes(folded, marks)
    return _outermost(folded.text, _with_boxes(folded, marks))


def enumerated(folded: Folded) -> tuple[Option, ...]:
    """Numbered options of which one is to be circled (①是 ②否), and the one picked where its number stands at the end (②, 选2)."""
    text = folded.text
    numbers = list(re.finditer(r"[①-⑩]|(?<![\dA-Z.])(?:\d|[A-F])[.、．](?!\d)", text))
    named = [_CIRCLED.find(m[0]) + 1 or (int(m[0][0]) if m[0][0].isdigit() else ord(m[0][0]) - 64) for m in numbers]
    picked = _PICKED.search(text)
    first = [n for n, m in zip(named, numbers, strict=True) if not picked or m.start() < picked.start()]
    if len(first) < 2 or first != list(range(1, len(first) + 1)):
        return ()
    choice = (picked[1] or picked[2]) if picked else ""
    wanted = (_CIRCLED.find(choice) + 1 or (int(choice) if choice.isdigit() else ord(choice) - 64)) if choice else 0
    stops = [m.start() for m in numbers[1 : len(first)]] + [picked.start() if picked else len(text)]
    return tuple(
        _option(text, m.end(), stop, ticked=n == wanted)
        for n, m, stop in zip(first, numbers[: len(first)], stops, strict=True)
        if text[m.end() : stop].strip(_LEAD)
    )


def chosen(group: tuple[Option, ...]) -> tuple[Option, ...] | None:
    """The ticked options; None when no mark is recognised or what it marks cannot be told, which means unknown."""
    ticked = tuple(option for option in group if option.ticked)
    return ticked if ticked and not any(undecided(option.words) for option in ticked) else None


def undecided(words: str) -> bool:
    """Whether words (without spaces) are a choice nobody made (是/否), neither its one answer nor the other."""
    return bool(_UNDECIDED.match(words))


def _marks(folded: Folded) -> list[_Mark]:
    text = folded.text
    letters = "".join(known for sign, known in _LETTERS if sign.search(text))
    boxes = [(m.start(), m.end(), _kind(m[0])) for m in _BOX.finditer(text)]
    boxes += [(m.start(), m.end(), "cross") for m in re.finditer(f"[{_CROSS}]", text)]
    if letters:
        found = re.finditer(f"[{letters}]", text)
        boxes += [(m.start(), m.end(), "ticked" if m[0] in "Rþý" else "open") for m in found]
    mouths = [m for m in _MOUTH.finditer(text) if m.start() == 0 or _gap(folded, m.start()) or len(boxes) > 0]
    if boxes or len(mouths) > 1:
        boxes += [(m.start(), m.end(), "open") for m in mouths]
    taken: list[tuple[int, int, str]] = []
    for box in sorted(boxes):
        if not taken or box[0] >= taken[-1][1]:
            taken.append(box)
    marks = [_Mark(s, e, kind, _gap(folded, s), _gap(folded, e)) for s, e, kind in taken]
    return marks if any(m.kind != "cross" for m in marks) else []


def _kind(sign: str) -> str:
    if len(sign) > 1:
        return "cross" if sign[1] == "×" else "ticked" if len(sign) == 3 else "open"
    return "bare" if sign in BARE else "ticked" if sign in TICKED else "open"


def _gap(folded: Folded, at: int) -> bool:
    """Whether white space was dropped just before this place of the folded text."""
    if at <= 0 or at >= len(folded.text):
        return False
    return folded.offsets[at] - folded.offsets[at - 1] > 1 or folded.text[at - 1] == " "


def _joined(folded: Folded, marks: list[_Mark]) -> list[_Mark]:
    """A bare mark right beside an open box ticks that box, where white space does not part them."""
    found: list[_Mark] = []
    for mark in marks:
        last = found[-1] if found else None
        beside = last is not None and last.end == mark.start and not mark.before
        if last is not None and beside and {last.kind, mark.kind} == {"open", "bare"}:
            found[-1] = _Mark(last.start, mark.end, "ticked", last.before, mark.after)
        else:
            found.append(mark)
    return found


def _with_boxes(folded: Folded, marks: list[_Mark]) -> list[Option]:
    text = folded.text
    lead, trail = text[: marks[0].start].strip(_LEAD), text[marks[-1].end :].strip("，、；。 ")
    boxed = [mark for mark in marks if mark.kind not in ("bare", "cross")]
    follows = bool(lead) and not trail
    if not follows and not lead and not trail and len(boxed) > 1:
        return [_option(text, a.end, b.start, ticked=False) for a, b in pairwise(marks)]  # a box at either end: whose is which?
    found: list[Option] = []
    for index, mark in enumerate(marks):
        if follows:
            start, end = (marks[index - 1].end if index else 0), mark.start
        else:
            start, end = mark.end, (marks[index + 1].start if index + 1 < len(marks) else len(text))
        words = text[start:end].strip(_LEAD + "。")
        if words:
            found.append(_option(text, start, end, ticked=mark.kind in ("ticked", "bare")))
        elif mark.kind == "bare" and found and not follows and not mark.before:
            found[-1] = found[-1]._replace(ticked=True)  # □是√ □否
    return found


def _without_boxes(folded: Folded, marks: list[_Mark]) -> tuple[Option, ...]:
    """Ticks typed among words without any box: each marks the words it touches; untouched or touching both sides, none."""
    text, signs = folded.text, {n for mark in marks for n in range(mark.start, mark.end)}
    pieces: list[tuple[int, int]] = []
    start = 0
    for at in range(len(text) + 1):
        if at == len(text) or at in signs or text[at] in _LEAD or (_gap(folded, at) and at > start):
            if text[start:at].strip(_LEAD):
                pieces.append((start, at))
            start = at + 1 if at < len(text) and (at in signs or text[at] in _LEAD) else at
    ticks = [mark for mark in marks if mark.kind == "bare"]
    touched: set[int] = set()
    for mark in ticks:
        left = next((n for n, (_, end) in enumerate(pieces) if end == mark.start and not mark.before), None)
        right = next((n for n, (begin, _) in enumerate(pieces) if begin == mark.end and not mark.after), None)
        if len(pieces) == 1:
            touched.add(0)
        elif (left is None) != (right is None):
            touched.add(left if left is not None else right if right is not None else 0)
    return tuple(_option(text, s, e, ticked=n in touched) for n, (s, e) in enumerate(pieces))


def _outermost(text: str, found: list[Option]) -> tuple[Option, ...]:
    """Without the options inside another option's bracket, and the open bracket off that option's end."""
    kept = []
    for option in found:
        words = option.words
        before = text[: option.start]
        if before.count("(") > before.count(")"):
            continue
        if words.count("(") > words.count(")"):
            words = words[: words.rindex("(")].strip(_LEAD)
            option = option._replace(words=words, end=option.start + len(words))
        kept.append(option)
    return tuple(option for option in kept if option.words)


def _option(text: str, start: int, end: int, *, ticked: bool) -> Option:
    words = text[start:end]
    words = words.lstrip(_LEAD)
    if numbering := _NUMBERED.match(words):
        words = words[numbering.end() :].lstrip(_LEAD) or words
    at = end - len(words)
    words = words.rstrip(_LEAD + "。")
    return Option(words, ticked, at, at + len(words))
