"""The states a PDF was saved in, one behind the other in its bytes, and what a page says in one and said otherwise in the state before.

A save appends: new objects, a new table of them, another ``%%EOF``. So every earlier state is still there, whole, as the file's first bytes. Files written for the web
end twice and were saved once; files that hold other PDFs hold their ends, too. A signature, a filled field, a remark or a stamp is added to what is there and
changes none of its words; only words that stood there and stand there no longer, or have others over them, are told.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from extractors.readers.layout import Line, RawPage
from extractors.readers.pdf_syntax import File, Ref
from schemas.document import MOST_EDITS, MOST_REVISIONS, Box, Edit, Revision

#: States that are compared, the last ones, pages of one that are looked at, and pages that are read for it in all.
COMPARED: Final = 12
PAGES: Final = 2000
READ: Final = 60
#: Edits of a page beyond which it was set anew, and none of them means anything.
MOST_ON_PAGE: Final = 25
_END: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF[ \t]*(?:\r\n|\n|\r)?")
_LINEAR: Final = re.compile(rb"/Linearized\s")
_SAVED: Final = re.compile(rb"/ModDate\s*\(\s*(D:[0-9+'\-Z]{4,25})")
_TOKEN: Final = re.compile(r"\d(?:[\d.,，]*\d)?(?: \d{3})*|[\u4e00-\u9fff]|[A-Za-z]+|\S")
_LETTERED: Final = re.compile(r"[^\W_]")
_TELLING: Final = re.compile(r"\d|[\u4e00-\u9fff]{2}|[A-Za-z]{3}")


def states(file: File) -> tuple[Revision, ...]:
    """The states in order, the last being the file. One for a file saved once."""
    data, ends = file.data, list[int]()
    inside = sorted((s.start, s.end) for s in file.streams if s.end - s.start > 40)
    for match in _END.finditer(data):
        if any(start <= match.start() < end for start, end in inside):
            continue
        offset = int(match[1])
        if not ends:
            if not (
                offset == 0 or (_LINEAR.search(data, 0, 2048) and offset < match.start() and _first_of_two(data, match.end()))
            ):
                ends.append(match.end())
        elif offset >= ends[-1] - 32:
            ends.append(match.end())
        else:
            ends[-1] = match.end()
    found = [
        Revision(end, _added(data, start, end), _moment(data[start:end])) for start, end in zip([0, *ends], ends, strict=False)
    ]
    return tuple(found[:MOST_REVISIONS])


def _first_of_two(data: bytes, end: int) -> bool:
    """Whether this is the first of the two ends of a file written for the web: the other leads back to it."""
    following = _END.search(data, end)
    return following is not None and int(following[1]) < end


def _added(data: bytes, start: int, end: int) -> tuple[str, ...]:
    """What kinds of thing a state brought; for the first there is nothing to tell."""
    if start == 0:
        return ()
    part = File(data[start:end])
    bones, found = part.bones, set[str]()
    if re.search(rb"/Type\s*/Sig(?![A-Za-z])|/ByteRange\s*\[", bones):
        found.add("signature")
    if re.search(rb"/FT\s*/(?:Tx|Btn|Ch)(?![A-Za-z])", bones):
        found.add("fields")
    if re.search(rb"/Subtype\s*/(?:FreeText|Text|Highlight|Stamp|Square|Line|Ink|StrikeOut)(?![A-Za-z])", bones):
        found.add("notes")
    if any(
        not re.search(rb"/(?:XRef|ObjStm|Metadata|XObject|Subtype|FontFile|Length1)(?![A-Za-z])", s.head) for s in part.streams
    ):
        found.add("content")
    return tuple(sorted(found)) or ("other",)


def _moment(part: bytes) -> str:
    found = _SAVED.search(part)
    return found[1].decode("latin-1") if found else ""


class State(NamedTuple):
    """A state of a file, open: its bytes taken apart, how many pages it has, and how one of them is read (0-based)."""

    file: File
    length: int
    page: Callable[[int], RawPage]
    close: Callable[[], None]


def compared(found: Sequence[Revision], open_state: Callable[[int], State], last: State) -> list[Edit]:
    """What was changed from each state to the next. ``open_state`` opens a file's first bytes; ``last`` is the file as it is."""
    edits: list[Edit] = []
    left = READ
    after, number = last, len(found)
    while number > max(1, len(found) - COMPARED) and left > 0:
        try:
            before = open_state(found[number - 2].end)
        except ValueError:
            break
        try:
            changed = list(_changed(before, after))[:left]
            left -= len(changed)
            edits = [*_between(before, after, changed, number), *edits]
        finally:
            if after is not last:
                after.close()
        after, number = before, number - 1
    if after is not last:
        after.close()
    return edits[:MOST_EDITS]


def _changed(before: State, after: State) -> Iterator[int]:
    """The pages that draw something else than before, by what they are made of; most saves touch few pages, and reading them all would take its time."""
    pairs = zip(before.file.pages(PAGES), after.file.pages(PAGES), strict=False)
    count = min(before.length, after.length)
    for index, (old, new) in enumerate(pairs):
        if index < count and _made_of(before.file, old) != _made_of(after.file, new):
            yield index


def _made_of(file: File, page: dict[str, Any]) -> list[bytes]:
    """The bytes of a page's contents and of the forms it may draw, and which pictures it has."""
    contents = page.get("/Contents")
    told = file.value(contents)
    parts = [_bytes(file, part) for part in (told if isinstance(told, list) else [contents])]
    forms = file.entry(page.get("/Resources"), "/XObject")
    if isinstance(forms, dict):
        parts += [name.encode() + _bytes(file, form) for name, form in sorted(forms.items())]
    return parts


def _bytes(file: File, reference: Any) -> bytes:
    stream = file.by_number.get(reference.number) if isinstance(reference, Ref) else None
    return b"" if stream is None else hashlib.sha256(file.data[stream.start : stream.end]).digest()


def _between(before: State, after: State, pages: Sequence[int], state: int) -> Iterator[Edit]:
    for index in pages:
        old, new = before.page(index), after.page(index)
        if old.over or new.over or (round(old.width), round(old.height)) != (round(new.width), round(new.height)):
            continue
        found = changes(old, new)
        if len(found) <= MOST_ON_PAGE:
            yield from (edit._replace(words=f"文件第{state}次保存时改动") for edit in found)


def changes(old: RawPage, new: RawPage) -> list[Edit]:
    """What stood on a page and stands there otherwise, or under something else."""
    before, after = _written(old), _written(new)
    kept, gone, came = _matched(before, after)
    told: list[Edit] = []
    replaced: list[tuple[list[int], list[Line]]] = []
    for piece in came:
        under = [k for k, other in enumerate(gone) if _over(piece, other)]
        if under:
            same = [group for group in replaced if set(group[0]) & set(under)]
            replaced = [group for group in replaced if group not in same]
            ends = sorted({*under, *(k for group in same for k in group[0])})
            replaced.append((ends, [*(line for group in same for line in group[1]), piece]))
        elif beside := _joined(piece, kept):
            told.append(Edit("revised", new.number, _box(piece), *beside))
        elif (beneath := _beneath(kept, piece)) and not _same(piece.text, beneath):
            told.append(Edit("revised", new.number, _box(piece), beneath[:200], piece.text[:200]))
    for places, pieces in replaced:
        pieces = [p for p in pieces if _LETTERED.search(p.text)] or pieces  # what a cover leaves of points and dashes
        told += _narrowed(_spaced([gone[k] for k in places]).text, _spaced(pieces), new.number)
    used = {k for places, _ in replaced for k in places}
    moved = {_bare(piece.text) for piece in came}
    for k, piece in enumerate(gone):
        if k not in used and _bare(piece.text) not in moved and _TELLING.search(piece.text):
            told.append(Edit("revised", new.number, _box(piece), piece.text[:200], ""))
    return told


def _spaced(pieces: Sequence[Line]) -> Line:
    """Pieces of one place as one line, parted by spaces that have no place."""
    first, *rest = sorted(pieces, key=lambda p: p.left)
    text, x0, x1 = first.text, list(first.x0), list(first.x1)
    for piece in rest:
        text, x0, x1 = f"{text} {piece.text}", [*x0, 1.0, *piece.x0], [*x1, 0.0, *piece.x1]
    top, bottom = min(p.top for p in pieces), max(p.bottom for p in pieces)
    return Line(first.left, max(p.right for p in pieces), top, bottom, text, x0, x1)


def _written(page: RawPage) -> list[Line]:
    return [p for p in page.pieces if not p.hidden and p.text.strip() and not any(kind == "annotation" for kind, _, _ in p.notes)]


def _matched(before: list[Line], after: list[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The pieces that stand as they stood, those that are gone, those that came."""
    places: dict[tuple[str, int, int], list[int]] = {}
    for k, piece in enumerate(before):
        places.setdefault((piece.text, round(piece.left / 2), round(piece.middle / 2)), []).append(k)
    left = set(range(len(before)))
    kept, came = list[Line](), list[Line]()
    for piece in after:
        x, y = round(piece.left / 2), round(piece.middle / 2)
        near = (k for i in (0, -1, 1) for j in (0, -1, 1) for k in places.get((piece.text, x + i, y + j), ()) if k in left)
        found = next(near, None)
        if found is None:
            came.append(piece)
        else:
            left.discard(found)
            kept.append(piece)
    return kept, [before[k] for k in sorted(left)], came


def _over(piece: Line, other: Line) -> bool:
    tall = min(piece.bottom - piece.top, other.bottom - other.top)
    across = min(piece.right, other.right) - max(piece.left, other.left)
    down = min(piece.bottom, other.bottom) - max(piece.top, other.top)
    return down > 0.5 * tall and across > 0.3 * min(piece.right - piece.left, other.right - other.left)


def _beneath(kept: Sequence[Line], piece: Line) -> str:
    """What words that stand as they stood say right where a piece stands."""
    return "".join(
        char
        for line in kept
        if _over(piece, line)
        for char, a, b in zip(line.text, line.x0, line.x1, strict=True)
        if a < b and not char.isspace() and piece.left <= (a + b) / 2 <= piece.right
    )


def _joined(piece: Line, kept: Sequence[Line]) -> tuple[str, str] | None:
    """A number that grew: figures set right before or behind figures that were there."""
    if not piece.text.strip().isdigit():
        return None
    for other in kept:
        tall = min(piece.bottom - piece.top, other.bottom - other.top)
        if abs(piece.middle - other.middle) > 0.4 * tall:
            continue
        for found in re.finditer(r"\d[\d.,]*", other.text):
            if abs(other.x0[found.start()] - piece.right) < 0.3 * tall:
                return found[0][:200], (piece.text + found[0])[:200]
            if abs(piece.left - other.x1[found.end() - 1]) < 0.3 * tall:
                return found[0][:200], (found[0] + piece.text)[:200]
    return None


def _narrowed(beneath: str, piece: Line, page: int) -> list[Edit]:
    """The changed words of a line, whole numbers and single characters, each run of them once."""
    old, new = list(_TOKEN.finditer(beneath)), list(_TOKEN.finditer(piece.text))
    found = []
    matcher = SequenceMatcher(None, [t[0] for t in old], [t[0] for t in new], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        before = beneath[old[a].start() : old[b - 1].end()] if b > a else ""
        after = piece.text[new[c].start() : new[d - 1].end()] if d > c else ""
        if kind == "equal" or _same(before, after) or not _TELLING.search(before):
            continue
        span = (new[c].start(), new[d - 1].end()) if d > c else (0, len(piece.text))
        found.append(Edit("revised", page, _box(piece, *span), before[:200], after[:200]))
    return found


def _box(piece: Line, start: int = 0, end: int | None = None) -> Box:
    pairs = [(a, b) for a, b in zip(piece.x0[start:end], piece.x1[start:end], strict=True) if a <= b]
    left, right = (min(a for a, _ in pairs), max(b for _, b in pairs)) if pairs else (piece.left, piece.right)
    return round(left, 2), round(piece.top, 2), round(right, 2), round(piece.bottom, 2)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _same(a: str, b: str) -> bool:
    return _bare(a) == _bare(b)
