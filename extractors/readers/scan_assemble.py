"""Page readings → the same kind of ``Document`` a page with a text layer gives. Pure; no pixels, no engine.

Upright leaves are laid out by the rules the PDF reader goes by (they are points there, too), then every place is turned back to the page as
displayed. On a crooked or turned page a line's characters stand at several heights, so a line is as many runs as it takes for each box to
fit; a number is always a run of its own, so that its confidence is its own.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np

from extractors.readers import layout
from extractors.readers.grid import Rule
from extractors.readers.refusal import EMPTY
from extractors.readers.scan_layer import layers_differ
from extractors.readers.scan_reading import BLANK, Leaf, Line, PageReading, Seal
from schemas.document import Block, Box, Cell, Document, Mark, Page, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

#: Points on a sheet's long side where the file does not say how large it is.
A4_LONG: Final = 842.0
LARGEST_SHEET: Final = 1300.0
#: Below these, a number and a word are marked as doubtful.
SURE_FIGURE, SURE_WORD = 0.9, 0.7
#: How far, against its height, a run's characters may stand apart in height.
LEVEL: Final = 0.3
SEAL: Final = "\ufffc"
_NUMBER: Final = re.compile(r"[0-9０-９]")
_JOINT: Final = re.compile(r"[.,，．:：/\-]")
_STOP: Final = re.compile(r"[\s，。；：、！？,;:!?（）()“”\"《》]")
_UNITS: Final = (("㎡²", "㎡"), ("㎡2", "㎡"), ("m²", "㎡"), ("￥", "¥"))
#: What a stroke through a cell is read as where it stands low. A line to write on is longer, and taken for a ruling line.
_LOW_STROKE: Final = "_", "＿"
_M2: Final = re.compile(r"[mM]2(?![0-9A-Za-z])")
_LETTER: Final = re.compile(r"[A-Za-z]")
#: The model reads the small ㎡ of a label as m.
_SQUARE_METRES: Final = re.compile(r"(?<=面积[(（])m(?=[)）])|(?<=^[(（])m(?=[)）]$)")
_TELLING: Final = re.compile(r"[0-9０-９A-Za-z\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z0-9]")


class _Char(NamedTuple):
    box: Box
    sure: float


@dataclass(slots=True)
class _Sheet:
    """One leaf with its place: ``number`` counts leaves from 1, ``page`` is the document's."""

    number: int
    page: Page
    reading: PageReading
    leaf: Leaf
    scale: float
    chars: dict[float, list[tuple[float, float, _Char]]] = field(default_factory=dict)
    doubts: list[tuple[float, float, float, str]] = field(default_factory=list)

    def to_page(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A box of the upright leaf, in its pixels, on the page as displayed, in the page's units."""
        a, b, _, d, e, _ = self.leaf.back
        sx, sy = self.page.width / self.reading.width, self.page.height / self.reading.height
        corners = [(u * sx, v * sy) for x in (left, right) for y in (top, bottom) for u, v in [self.leaf.on_picture(x, y)]]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        # The corners of a slanted box stick out; its middle lines are what it covers.
        slant_x, slant_y = abs(b * (bottom - top)) * sx, abs(d * (right - left)) * sy
        if self.leaf.turn in (90, 270):
            slant_x, slant_y = abs(a * (right - left)) * sx, abs(e * (bottom - top)) * sy
        return min(xs) + slant_x / 2, min(ys) + slant_y / 2, max(xs) - slant_x / 2, max(ys) - slant_y / 2


def assemble(document: Document, readings: Mapping[int, PageReading]) -> Document:
    """``document`` with the text of ``readings`` (by page number) in place of what stood on those pages."""
    pages = {p.number: p for p in document.pages}
    if not set(readings) & set(pages):
        return document
    sheets: list[_Sheet] = []
    for number in sorted(set(readings) & set(pages)):
        for leaf in readings[number].leaves:
            page, reading = pages[number], readings[number]
            sheets.append(_Sheet(len(sheets) + 1, page, reading, leaf, _points(document.format, page, reading, leaf)))
    read = _laid_out(sheets)
    return _spliced(document, {n: r for n, r in readings.items() if n in pages}, read)


def _points(file_format: Format, page: Page, reading: PageReading, leaf: Leaf) -> float:
    """Points to a pixel, such that type has its usual size."""
    if file_format is Format.PDF and max(page.width, page.height) <= LARGEST_SHEET:
        return max(page.width, page.height) / max(reading.width, reading.height)
    return A4_LONG / max(leaf.width, leaf.height)


# -- leaves → lines and tables, laid out


class _Read(NamedTuple):
    """The laid-out leaves as one document whose places are the pages'. ``spans`` tells each page's span of its text."""

    document: Document | None
    spans: dict[int, tuple[int, int]]


def _laid_out(sheets: list[_Sheet]) -> _Read:
    raws = [_raw(sheet) for sheet in sheets]
    if not any(raw.pieces for raw in raws):
        return _Read(None, {})
    for raw in raws:
        layout.arrange(raw)
    flat = layout.compose(Format.PDF, raws, (), ())
    return _placed(flat, sheets)


def _raw(sheet: _Sheet) -> layout.RawPage:
    leaf, scale = sheet.leaf, sheet.scale
    raw = layout.RawPage(sheet.number, leaf.width * scale, leaf.height * scale, 0)
    for line in parted(leaf.lines):
        piece = _piece(sheet, line)
        if piece is not None:
            raw.pieces.append(piece)
    raw.across = [Rule(*(v * scale for v in rule)) for rule in leaf.across]
    raw.down = [Rule(*(v * scale for v in rule)) for rule in leaf.down]
    return raw


def parted(lines: Sequence[Line]) -> list[Line]:
    """Lines one below the other whose boxes came out too tall, cut apart midway between their middles.

    Else they count as one row, and which comes first is told by where they begin. A second reading of the same words stays as it is.
    """
    found = list(lines)
    order = sorted(range(len(found)), key=lambda k: found[k].top)
    for at, upper in enumerate(order):
        for lower in order[at + 1 :]:
            one, other = found[upper], found[lower]
            if other.top >= one.bottom:
                break
            if not one.xs or not other.xs or not _stacked(one, other):
                continue
            first, second = (upper, lower) if one.top + one.bottom <= other.top + other.bottom else (lower, upper)
            cut = (one.top + one.bottom + other.top + other.bottom) / 4
            found[first] = found[first]._replace(bottom=min(found[first].bottom, cut))
            found[second] = found[second]._replace(top=max(found[second].top, cut))
    return found


def _stacked(one: Line, other: Line) -> bool:
    """Whether two lines share half of the narrower one's width and much of their height, yet not their middle."""
    wide = min(one.xs[-1], other.xs[-1]) - max(one.xs[0], other.xs[0])
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    least = min(one.bottom - one.top, other.bottom - other.top)
    apart = abs(one.top + one.bottom - other.top - other.bottom) / 2
    return wide > 0.5 * min(one.xs[-1] - one.xs[0], other.xs[-1] - other.xs[0]) and high > 0.25 * least and apart > 0.15 * least


def _piece(sheet: _Sheet, line: Line) -> layout.Line | None:
    """A line in points. Each character's left edge, as the layout keeps it, leads back to its place and confidence."""
    text, spans, sure = _tidy(line)
    text = "—" if text in _LOW_STROKE else _SQUARE_METRES.sub("㎡", text)
    if not text:
        return None
    scale = sheet.scale
    top, bottom = line.top * scale, line.bottom * scale
    x0: list[float] = []
    x1: list[float] = []
    for (left, right), how in zip(spans, sure, strict=True):
        a = float(np.float32(left * scale))
        char = _Char(sheet.to_page(left, line.top, right, line.bottom), how)
        sheet.chars.setdefault(a, []).append((top, bottom, char))
        x0.append(a)
        x1.append(max(a, right * scale))
    for start, end, why in line.doubts:
        sheet.doubts.append((line.xs[2 * start] * scale, line.xs[2 * end - 1] * scale, (top + bottom) / 2, why))
    return layout.Line(min(x0), max(x1), top, bottom, text, x0, x1)


def _tidy(line: Line) -> tuple[str, list[tuple[float, float]], list[float]]:
    """Without spaces but between Latin words and figures; units in their one spelling, their characters' places joined."""
    text: list[str] = []
    spans: list[tuple[float, float]] = []
    sure: list[float] = []
    k = 0
    while k < len(line.text):
        char = line.text[k]
        unit = next((u for u in _UNITS if line.text.startswith(u[0], k)), None)
        if unit is None and _M2.match(line.text, k) and not _LETTER.match(line.text[k - 1 : k]):
            unit = "m2", "㎡"
        if unit is not None:
            last = k + len(unit[0]) - 1
            text.append(unit[1])
            spans.append((line.xs[2 * k], line.xs[2 * last + 1]))
            sure.append(line.confidence[k])  # the raised 2 is too small to be sure of, and nothing else stands there
            k = last + 1
            continue
        inside = 0 < k < len(line.text) - 1
        if not char.isspace() or (inside and text and _LATIN.match(line.text[k - 1]) and _LATIN.match(line.text[k + 1])):
            text.append(" " if char.isspace() else char)
            spans.append((line.xs[2 * k], line.xs[2 * k + 1]))
            sure.append(1.0 if char.isspace() else line.confidence[k])
        k += 1
    return "".join(text), spans, sure


# -- places turned back to the page


@dataclass(slots=True)
class _Columns:
    x0: "array[float]"
    x1: "array[float]"
    run_start: "array[int]" = field(default_factory=lambda: array("i"))
    run_page: "array[int]" = field(default_factory=lambda: array("i"))
    run_top: "array[float]" = field(default_factory=lambda: array("f"))
    run_bottom: "array[float]" = field(default_factory=lambda: array("f"))
    confidence: "array[float]" = field(default_factory=lambda: array("f"))

    def run(self, start: int, page: int, top: float, bottom: float, sure: float) -> None:
        self.run_start.append(start)
        self.run_page.append(page)
        self.run_top.append(top)
        self.run_bottom.append(bottom)
        self.confidence.append(sure)


def _placed(flat: Document, sheets: list[_Sheet]) -> _Read:
    text = list(flat.text)
    out = _Columns(array("f", flat.x0), array("f", flat.x1))
    marks: list[Mark] = [m for m in flat.marks if m.kind != "overprint"]
    for r, start in enumerate(flat.run_start):
        end = flat.run_start[r + 1] if r + 1 < len(flat.run_start) else len(flat.text)
        sheet = sheets[flat.run_page[r] - 1]
        marks += _line_doubts(flat, sheet, start, end, flat.run_top[r], flat.run_bottom[r])
        found = [_char(sheet, flat, i, flat.run_top[r], flat.run_bottom[r]) for i in range(start, end)]
        for first, last, chars in _runs(flat.text, start, found):
            sure = _sure(flat.text[first:last], chars)
            out.run(first, sheet.page.number, min(c.box[1] for c in chars), max(c.box[3] for c in chars), sure)
            words = flat.text[first:last]
            least = SURE_FIGURE if _NUMBER.search(words) else SURE_WORD
            if sure < least and _TELLING.search(words):
                marks.append(Mark("doubtful", first, last, f"文字识别把握不足（{sure:.2f}）"))
        for i, char in zip(range(start, end), found, strict=True):
            if char is not None:
                out.x0[i], out.x1[i] = char.box[0], char.box[2]
    spans: dict[int, tuple[int, int]] = {}
    for sheet, laid in zip(sheets, flat.pages, strict=True):
        number = sheet.page.number
        if number in spans:
            joint = spans[number][1]
            if text[joint : joint + 1] == ["\f"]:
                text[joint] = "\n"
        spans[number] = (min(spans.get(number, (laid.start, 0))[0], laid.start), laid.end)
    document = replace(
        flat, text="".join(text), x0=out.x0, x1=out.x1, run_start=out.run_start, run_page=out.run_page, run_top=out.run_top,
        run_bottom=out.run_bottom, confidence=out.confidence, marks=tuple(marks),
        blocks=tuple(b._replace(page=sheets[b.page - 1].page.number) for b in flat.blocks),
        tables=tuple(_table(t, sheets[t.page - 1]) for t in flat.tables),
    )  # fmt: skip
    return _Read(document, spans)


def _sure(words: str, chars: Sequence[_Char]) -> float:
    """The least of a run's confidences; punctuation counts only within numbers, where it carries the value."""
    if len(words) == len(chars) and not _NUMBER.search(words):
        telling = [c.sure for w, c in zip(words, chars, strict=True) if _TELLING.match(w)]
        return min(telling, default=min(c.sure for c in chars))
    return min(c.sure for c in chars)


def _char(sheet: _Sheet, flat: Document, i: int, top: float, bottom: float) -> _Char | None:
    if flat.x0[i] > flat.x1[i]:
        return None
    found = [
        (abs(a + b - top - bottom), char)
        for a, b, char in sheet.chars.get(flat.x0[i], ())
        if a >= top - 0.5 and b <= bottom + 0.5
    ]
    return min(found, key=lambda f: f[0])[1] if found else None


def _runs(text: str, start: int, found: Sequence[_Char | None]) -> Iterator[tuple[int, int, list[_Char]]]:
    """Pieces of a line that one box fits: cut where the height drifts, around numbers, and after punctuation."""
    chars: list[_Char] = []
    first = last = start
    for i, char in enumerate(found, start):
        if char is None:
            continue
        if chars and (_parts(text, i) or _drifts(chars[0].box, char.box)):
            yield first, last, chars
            first, chars = i, []
        chars.append(char)
        last = i + 1
    if chars:
        yield first, last, chars


def _parts(text: str, i: int) -> bool:
    """Whether a new run begins at ``i``: at the edge of a number or after punctuation."""
    return _in_number(text, i) != _in_number(text, i - 1) or (bool(_STOP.match(text[i - 1])) and not _in_number(text, i - 1))


def _in_number(text: str, i: int) -> bool:
    if _NUMBER.match(text[i]):
        return True
    return bool(_JOINT.match(text[i]) and 0 < i < len(text) - 1 and _NUMBER.match(text[i - 1]) and _NUMBER.match(text[i + 1]))


def _drifts(first: Box, box: Box) -> bool:
    allowed = LEVEL * max(1.0, box[3] - box[1])
    return abs(box[1] - first[1]) > allowed or abs(box[3] - first[3]) > allowed


def _line_doubts(flat: Document, sheet: _Sheet, start: int, end: int, top: float, bottom: float) -> Iterator[Mark]:
    for left, right, middle, why in sheet.doubts:
        if top <= middle <= bottom:
            inside = [i for i in range(start, end) if flat.x0[i] <= flat.x1[i] and left - 0.5 <= flat.x0[i] <= right]
            if inside:
                yield Mark("doubtful", inside[0], inside[-1] + 1, why)


def _table(table: Table, sheet: _Sheet) -> Table:
    def back(box: Box | None) -> Box | None:
        return None if box is None else sheet.to_page(*(v / sheet.scale for v in box))

    cells = tuple(c._replace(box=back(c.box)) for c in table.cells)
    return replace(table, cells=cells, page=sheet.page.number, box=back(table.box))


# -- the document's pages, old and new, one after the other


class _Moved(NamedTuple):
    """A stretch of a source's text and where it begins in the new text. ``new`` tells a page reading's text from the document's own."""

    start: int
    end: int
    to: int
    new: bool


def _spliced(document: Document, readings: Mapping[int, PageReading], read: _Read) -> Document:
    pieces: list[str] = []
    moved: list[_Moved] = []
    pages: list[Page] = []
    seals: list[tuple[int, int, Seal]] = []
    at = 0

    def put(words: str, start: int, *, new: bool) -> None:
        nonlocal at
        if words:
            pieces.append(words)
            moved.append(_Moved(start, start + len(words), at, new))
            at += len(words)

    last = 0
    for page in document.pages:
        put(document.text[last : page.start], last, new=False)
        last = page.end
        begin = at
        reading = readings.get(page.number)
        if reading is None:
            put(document.text[page.start : page.end], page.start, new=False)
            pages.append(page._replace(start=begin, end=at))
            continue
        if read.document is not None and page.number in read.spans:
            start, end = read.spans[page.number]
            put(read.document.text[start:end], start, new=True)
        for seal in reading.seals:
            seals.append((at, page.number, seal))
            pieces.append(SEAL + "\n")
            at += 2
        pages.append(page._replace(start=begin, end=at, readable=reading.legible))
    put(document.text[last:], last, new=False)
    if read.document is not None:
        tail = max((end for _, end in read.spans.values()), default=0)
        put(read.document.text[tail:], tail, new=True)
    return _joined(document, read.document, "".join(pieces), moved, tuple(pages), seals, readings)


def _joined(
    document: Document, new: Document | None, text: str, moved: list[_Moved], pages: tuple[Page, ...],
    seals: list[tuple[int, int, Seal]], readings: Mapping[int, PageReading],
) -> Document:  # fmt: skip
    x0, x1 = array("f", [1.0]) * len(text), array("f", [0.0]) * len(text)
    rows: list[tuple[int, int, float, float, float]] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    marks: list[Mark] = []
    for source, is_new in ((document, False), (new, True)):
        if source is None:
            continue
        mine = [m for m in moved if m.new is is_new]
        if source.x0:
            for m in mine:
                x0[m.to : m.to + m.end - m.start] = source.x0[m.start : m.end]
                x1[m.to : m.to + m.end - m.start] = source.x1[m.start : m.end]
        where = _mover(mine)
        for r, start in enumerate(source.run_start):
            to = where(start)
            if to is not None:
                sure = source.confidence[r] if source.confidence else 1.0
                rows.append((to, source.run_page[r], source.run_top[r], source.run_bottom[r], sure))
        blocks += [b._replace(start=to, end=to + b.end - b.start) for b in source.blocks if (to := where(b.start)) is not None]
        marks += [m._replace(start=to, end=to + m.end - m.start) for m in source.marks if (to := where(m.start)) is not None]
        tables += [_shifted(t, to - t.start) for t in source.tables if (to := where(t.start)) is not None]
    sizes = {p.number: p for p in pages}
    for at, number, seal in seals:
        page, reading = sizes[number], readings[number]
        sx, sy = page.width / reading.width, page.height / reading.height
        x0[at], x1[at] = seal.left * sx, seal.right * sx
        rows.append((at, number, seal.top * sy, seal.bottom * sy, seal.confidence))
        marks.append(Mark("seal", at, at + 1, seal.words))
        if seal.print:
            marks.append(Mark("print", at, at + 1, seal.print))
    marks += [Mark("scan", p.start, p.start, readings[p.number].tone) for p in pages if p.number in readings]
    rows.sort(key=lambda row: row[0])
    outcome, message, warnings = _verdict(document, text, pages, readings)
    return replace(
        document, outcome=outcome, message=message, text=text, pages=pages, blocks=tuple(sorted(blocks, key=lambda b: b.start)),
        tables=tuple(sorted(tables, key=lambda t: t.start)), marks=tuple(sorted(marks, key=lambda m: (m.start, m.end))), warnings=warnings,
        x0=x0, x1=x1, run_start=array("i", (r[0] for r in rows)), run_page=array("i", (r[1] for r in rows)),
        run_top=array("f", (r[2] for r in rows)), run_bottom=array("f", (r[3] for r in rows)), confidence=array("f", (r[4] for r in rows)),
    )  # fmt: skip


def _mover(moved: Sequence[_Moved]) -> Callable[[int], int | None]:
    """From an offset in the source to the new text; None for what was replaced."""

    def where(offset: int) -> int | None:
        for m in moved:
            if m.start <= offset < m.end or (offset == m.end and offset > m.start):
                return m.to + offset - m.start
        return None

    return where


def _shifted(table: Table, by: int) -> Table:
    cells: Iterable[Cell] = (c._replace(start=c.start + by, end=c.end + by) for c in table.cells)
    return replace(table, cells=tuple(cells), start=table.start + by, end=table.end + by)


def _verdict(
    document: Document, text: str, pages: tuple[Page, ...], readings: Mapping[int, PageReading]
) -> tuple[Outcome, str, tuple[ReaderWarning, ...]]:
    warnings = list(document.warnings)
    for number, reading in sorted(readings.items()):
        warnings += [ReaderWarning(WarningCode.OTHER, f"第{number}页：{note}。", number) for note in reading.notes]
    warnings += [
        ReaderWarning(WarningCode.LAYER_DIFFERS, f"第{p.number}页的文字层与画面不一致，已按画面读取，请核对。", p.number)
        for old, p in zip(document.pages, pages, strict=True)
        if p.number in readings and layers_differ(document.text[old.start : old.end], text[p.start : p.end])
    ]
    if not text.strip("\f\n" + SEAL):
        blank = all(BLANK in reading.notes for reading in readings.values()) and len(readings) == len(pages)
        if blank and document.format is not Format.IMAGE:
            return Outcome.EMPTY, EMPTY, tuple(warnings)
        if blank:
            return Outcome.OK_WARN, "图像是空白的，没有文字，请人工查看，或核对后重新上传。", tuple(warnings)
        return Outcome.OK_WARN, "图像中没有识别出文字（可能是照片），请人工查看。", tuple(warnings)
    scanned = layout._ranges(sorted(readings)) if readings else ""
    unread = [p.number for p in pages if not p.readable]
    told = (
        f"第{scanned}页为扫描图像，已识别文字，请核对关键数字"
        if document.format is Format.PDF
        else "图像已识别文字，请核对关键数字"
    )
    if unread and len(unread) == len(pages):
        return Outcome.PARTIAL, "图像无法辨认，请人工查看，或提交更清晰的扫描件、带文字的电子版。", tuple(warnings)
    if unread:
        return Outcome.PARTIAL, f"{told}；第{layout._ranges(unread)}页未能读取，请人工查看。", tuple(warnings)
    said = f"已读取，共 {len(pages)} 页，{told}"
    notable = [w for w in warnings if w.code != WarningCode.OTHER or document.warnings.count(w)]
    if notable:
        return Outcome.OK_WARN, said + "；" + "；".join(w.message.rstrip("。") for w in notable[:5]) + "。", tuple(warnings)
    return Outcome.OK, said + "。", tuple(warnings)
