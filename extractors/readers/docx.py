"""DOCX and its kin (DOCM, DOTX, what WPS writes, ISO Strict): a walk of our own over the XML.

What surprised us: python-docx drops inserted tracked text, text boxes and content controls, and repeats a merged cell at every position. Here a
merged cell stands once; a nested table's words stand inside the span of the outer cell that holds it, so both the outer cell and the inner cells
have spans, the inner ones within the outer (the only spans that nest).

Anchors: ``P17`` the 17th paragraph directly in the body, ``S2/P1`` a paragraph in the body's 2nd content control, ``T2`` the 2nd table of the
body in document order (nested ones counted where they stand), ``H1/P2`` headers and footers, ``F3`` foot- and endnotes, ``X1/P1`` text boxes.
Paragraphs in a cell are parted by ``\\v``. List numbers are not in the file's words, so they are not in ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from extractors.readers.chunks import Chunk, chunk
from extractors.readers.fields import ACTIVE_FIELD
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.looks import look
from extractors.readers.ooxml import Element, Parts, Relation, about, attribute, local, outward, words
from extractors.readers.refusal import EMPTY, RefusedError, over, refuse
from extractors.readers.symbols import plain, redrawn, symbol
from schemas.document import MOST_LOOKS, Block, Cell, Document, Look, Mark, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

OFF: Final = ("0", "false", "off", "none")
WRAPPERS: Final = frozenset({"hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir", "sdtContent", "oMathPara"})
HIDDEN: Final = "文档含隐藏文字（设为隐藏、与底色相同或极小字号），请取消隐藏后重新上传。"
HIGHLIGHTS: Final = {"none": "", "white": "FFFFFF", "black": "000000"}
#: A merged cell costs what follows as much as the places it covers, this many of them to a cell.
SPREAD: Final = 40
#: More columns than Word itself allows in a table are not worth finding.
MOST_COLUMNS: Final = 200
#: Widths of one column differ by a few twentieths of a point from row to row; a column is never this narrow.
COLUMN_SLACK: Final = 90


@dataclass
class _Anchors:
    """How paragraphs of one part of the document are named."""

    prefix: str
    count: int = 0
    controls: int = 0

    def paragraph(self) -> str:
        self.count += 1
        return f"{self.prefix}P{self.count}"

    def control(self) -> "_Anchors":
        self.controls += 1
        return _Anchors(f"{self.prefix}S{self.controls}/")


@dataclass
class _Slot:
    cell: Element
    col: int
    span: int
    merge: str
    width: int


@dataclass
class _Style:
    level: int = 0
    hidden: bool = False
    white: bool = False
    based: str = ""


@dataclass
class _Field:
    code: list[str] = field(default_factory=list)


class _Walk:
    """One pass over a document's parts, collecting text and spans. Lives for one ``read``."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        self.parts, self.limits = parts, limits
        self.out: list[str] = []
        self.at = 0
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.marks: list[Mark] = []
        self.warned: dict[str, ReaderWarning] = {}
        self.styles: dict[str, _Style] = {}
        self.comments: dict[str, str] = {}
        self.numbers: dict[Element, str] = {}
        self.boxes: list[Element] = []
        self.box_count = 0
        self.table_counts: dict[str, int] = {}
        self.chunks: dict[str, Chunk] = {}
        self.told: list[str] = []
        self.ground = False
        self.deleted: list[str] | None = None
        self.fields: list[_Field] = []
        self.images = 0
        #: The relationship and the place of each picture of the body.
        self.pictures: list[tuple[str, int]] = []
        self.body = True
        self.paragraphs = 0
        self.cells = 0
        self.depth = 0

    # -- small things

    def put(self, text: str) -> None:
        if not text:
            return
        if self.deleted is not None:
            self.deleted.append(text)
            return
        self.out.append(text)
        self.at += len(text)

    def mark(self, kind: str, start: int, words_: str = "") -> None:
        if self.at > start or words_:
            self.marks.append(Mark(kind, start, self.at if not words_ else start, words_))

    def warn(self, code: WarningCode, message: str) -> None:
        self.warned.setdefault(code + message, ReaderWarning(code, message))

    # -- blocks

    def blocks_of(self, parent: Element, anchors: _Anchors, kind: str = "paragraph") -> None:
        """Paragraphs and tables of a body, header, note or text box, in order."""
        for child in parent:
            name = local(child)
            if name == "p":
                self.block(child, anchors.paragraph(), kind)
                self.flush_boxes()
            elif name == "tbl":
                self.table_counts[anchors.prefix] = count = self.table_counts.get(anchors.prefix, 0) + 1
                self.table(child, self.numbers.get(child) or f"{anchors.prefix}T{count}")
                self.flush_boxes()
            elif name == "sdt":
                if (content := _child(child, "sdtContent")) is not None:
                    self.blocks_of(content, anchors.control(), kind)
            elif name in ("customXml", "smartTag", "ins", "moveTo"):
                self.blocks_of(child, anchors.control(), kind)
            elif name in ("del", "moveFrom"):
                self.removed(lambda child=child: self.blocks_of(child, anchors.control(), kind))
            elif name == "AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    self.blocks_of(chosen, anchors.control(), kind)
            elif name == "altChunk":
                self.chunk(attribute(child, "id") or "", anchors.control())

    def block(self, paragraph: Element, anchor: str, kind: str) -> None:
        start = self.at
        level = self.paragraph(paragraph)
        if self.at == start:
            return
        if kind == "paragraph" and level:
            kind = "heading"
        self.blocks.append(Block(kind, start, self.at, 0, anchor, level))
        self.put("\n")

    def chunk(self, ident: str, anchors: _Anchors) -> None:
        """Another file's content in the middle of this one, as Word shows it."""
        found = self.chunks.get(ident)
        if found is None:
            self.warn(WarningCode.EMBEDDED_FILE, "文档中嵌有另一份文件的内容，未能读取，请另行提供。")
            return
        self.warn(WarningCode.EMBEDDED_FILE, "文档中嵌有另一份文件的内容，已按文字读取，请核对。")
        for line in found:
            self.paragraphs += 1
            start = self.at
            self.put(line.text.replace("\t", " "))
            if line.hidden:
                self.mark("hidden", start)
                self.warn(WarningCode.HIDDEN_TEXT, HIDDEN)
            self.blocks.append(Block("paragraph", start, self.at, 0, anchors.paragraph()))
            self.put("\n")
        if self.paragraphs > self.limits.paragraphs:
            refuse(Outcome.LIMIT, over("段落数", f"{self.limits.paragraphs} 个以上", self.limits.paragraphs))

    def flush_boxes(self) -> None:
        """Text boxes stand after the paragraph or table that anchors them."""
        if self.depth:
            return
        while self.boxes:
            waiting, self.boxes = self.boxes, []
            for box in waiting:
                self.box_count += 1
                self.blocks_of(box, _Anchors(f"X{self.box_count}/"), "textbox")

    def paragraph(self, element: Element) -> int:
        """A paragraph's words; returns its heading level, 0 for none."""
        self.paragraphs += 1
        if self.paragraphs > self.limits.paragraphs:
            refuse(Outcome.LIMIT, over("段落数", f"{self.limits.paragraphs} 个以上", self.limits.paragraphs))
        properties = _child(element, "pPr")
        style = self.styles.get(_value(properties, "pStyle") or "") if properties is not None else None
        level = style.level if style else 0
        if properties is not None and (own := _value(properties, "outlineLvl")):
            level = int(own) + 1 if own.isdigit() and int(own) < 9 else 0
        start = self.at
        self.ground = bool(style and style.white)
        self.inline(element)
        self.ground = False
        if style and style.hidden:
            self.mark("hidden", start)
            if self.at > start:
                self.warn(WarningCode.HIDDEN_TEXT, HIDDEN)
        return level

    # -- inside a paragraph

    def inline(self, parent: Element) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                self.run(child)
            elif name in ("ins", "moveTo"):
                start = self.at
                self.inline(child)
                self.mark("inserted", start)
                self.warn(WarningCode.TRACKED_CHANGES, "文档含未处理的修订痕迹，请接受或拒绝全部修订后重新上传。")
            elif name in ("del", "moveFrom"):
                self.removed(lambda child=child: self.inline(child))
            elif name in WRAPPERS:
                if name == "fldSimple":
                    self.judge_field(attribute(child, "instr") or "")
                self.inline(child)
            elif name == "sdt":
                self.control(child)
            elif name == "AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    self.inline(chosen)
            elif name == "oMath":
                self.put("".join(words(e) for e in child.iter() if local(e) == "t"))
            elif name in ("drawing", "pict", "object"):
                self.drawing(child)

    def removed(self, walk: "object") -> None:
        outer, self.deleted = self.deleted, []
        walk()  # type: ignore[operator]
        said, self.deleted = "".join(self.deleted), outer
        if said.strip():
            self.mark("deleted", self.at, said)
            self.warn(WarningCode.TRACKED_CHANGES, "文档含未处理的修订痕迹，请接受或拒绝全部修订后重新上传。")

    def control(self, element: Element) -> None:
        """An inline content control: a tick box tells its state, not the glyph some program left in it."""
        properties = _child(element, "sdtPr")
        content = _child(element, "sdtContent")
        box = _child(properties, "checkbox") if properties is not None else None
        if box is not None:
            start = self.at
            self.put("☑" if _on(_child(box, "checked")) else "☐")
            glyph = "".join(words(t) for t in content.iter() if local(t) == "t") if content is not None else ""
            if self.out and glyph != self.out[-1]:
                self.mark("symbol", start)
            return
        if content is None:
            return
        start = self.at
        self.inline(content)
        if properties is not None and _on(_child(properties, "showingPlcHdr")):
            self.mark("placeholder", start)

    def run(self, element: Element) -> None:
        properties = _child(element, "rPr")
        if properties is not None:
            font, hidden, struck = self.look(properties)
        else:
            font, hidden, struck = "", self.ground and not self.on_colour(element), False
        start = self.at
        for child in element:
            name = local(child)
            if name in ("t", "delText"):
                self.written(words(child).replace("\n", " ").replace("\t", " "), font)
            elif name in ("tab", "ptab"):
                self.put(" ")
            elif name in ("br", "cr"):
                self.put("" if attribute(child, "type") in ("page", "column") else "\v")
            elif name == "sym":
                code = attribute(child, "char") or ""
                if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code):
                    drawn = self.at
                    self.put(symbol(int(code, 16), attribute(child, "font") or ""))
                    self.mark("symbol", drawn)
            elif name == "noBreakHyphen":
                self.put("-")
            elif name == "instrText":
                self.fields[-1].code.append(words(child)) if self.fields else self.judge_field(words(child))
            elif name == "fldChar":
                self.field(child)
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                self.drawing(child)
            elif name == "ruby":
                if (base := _child(child, "rubyBase")) is not None:
                    self.inline(base)
            elif name == "commentReference":
                self.mark("comment", self.at, self.comments.get(attribute(child, "id") or "", ""))
        if hidden:
            self.mark("hidden", start)
            if self.at > start:
                self.warn(WarningCode.HIDDEN_TEXT, HIDDEN)
        if struck:
            self.mark("struck", start)

    def written(self, raw: str, font: str) -> None:
        """Words as a person sees them; those that a symbol font draws are noted, since they do not stand in the file."""
        shown, start = plain(raw, font), self.at
        self.put(shown)
        if shown != raw and self.deleted is None:
            self.marks.extend(Mark("symbol", start + a, start + b, raw[a:b]) for a, b in redrawn(raw, shown))

    def look(self, properties: Element) -> tuple[str, bool, bool]:
        """A run's font, whether nobody can see it, and whether it is struck out."""
        font, hidden, struck, white, colour, ground = "", False, False, self.ground, "", ""
        for child in properties:
            name = local(child)
            if name == "rFonts":
                font = attribute(child, "ascii") or attribute(child, "hAnsi") or ""
            elif name in ("vanish", "webHidden"):
                hidden = hidden or (name == "vanish" and _on(child))
            elif name in ("strike", "dstrike"):
                struck = struck or _on(child)
            elif name == "color":
                colour = (attribute(child, "val") or "").upper()
                white = colour == "FFFFFF" or (colour == "AUTO" and white)
            elif name == "shd":
                ground = ground or _filled(child)
            elif name == "highlight":
                ground = HIGHLIGHTS.get(attribute(child, "val") or "", "?")
            elif name == "sz":
                hidden = hidden or _tiny(child)
            elif name == "w":
                scale = (attribute(child, "val") or "").rstrip("%")
                hidden = hidden or (scale.isdigit() and int(scale) < 10)
            elif name == "rStyle":
                style = self.styles.get(attribute(child, "val") or "")
                hidden = hidden or bool(style and style.hidden)
                white = white or bool(style and style.white and not colour)
        if ground:
            hidden = hidden or ground == (colour or ("FFFFFF" if white else "000000")).replace("AUTO", "000000")
        elif white and not self.on_colour(properties):
            hidden = True
        return font, hidden, struck

    @staticmethod
    def on_colour(properties: Element) -> bool:
        """Whether white words may stand on a coloured ground: a shaded paragraph or cell, or a table with a style."""
        element = properties.getparent()
        while element is not None and local(element) not in ("body", "hdr", "ftr"):
            for holder in ("pPr", "tcPr", "tblPr"):
                inner = _child(element, holder)
                shade = _child(inner, "shd")
                if (shade is not None and _filled(shade)) or _child(inner, "tblStyle") is not None:
                    return True
            if local(element) in ("txbxContent",):
                return True
            element = element.getparent()
        return False

    def field(self, element: Element) -> None:
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
            data = _child(element, "ffData")
            box = _child(data, "checkBox") if data is not None else None
            if box is not None:
                state = _child(box, "checked")
                self.put("☑" if _on(_child(box, "default") if state is None else state) else "☐")
        elif self.fields and kind in ("separate", "end"):
            self.judge_field("".join(self.fields[-1].code))
            if kind == "end":
                self.fields.pop()

    def judge_field(self, code: str) -> None:
        if ACTIVE_FIELD.match(code):
            self.warn(WarningCode.EXTERNAL_LINK, "文档含引用外部文件的域，系统不会打开，请将其转为普通文字后重新上传。")

    def drawing(self, element: Element) -> None:
        """Text boxes are kept for after the paragraph; pictures are counted."""
        for child in [element] if local(element) == "AlternateContent" else element:
            name = local(child)
            if name == "txbxContent":
                if self.deleted is None:
                    self.boxes.append(child)
            elif name in ("docPr", "cNvPr"):
                self.told.extend(said for key in ("descr", "title") if (said := attribute(child, key)))
            elif name == "AlternateContent":
                if (chosen := _chosen(child)) is not None:
                    self.drawing(chosen)
            elif name in ("blip", "imagedata"):
                self.images += 1
                ident = attribute(child, "embed" if name == "blip" else "id")
                if ident and self.body and self.deleted is None:
                    self.pictures.append((ident, self.at))
            elif len(child):
                self.drawing(child)

    # -- tables

    def table(self, element: Element, anchor: str, nested_in: int | None = None) -> None:
        self.depth += 1
        if self.depth > self.limits.nesting:
            refuse(Outcome.LIMIT, over("表格嵌套层数", self.depth, self.limits.nesting))
        rows = [self.slots(row) for row in _rows(element)]
        _regrid(rows)
        index, start = len(self.tables), self.at
        self.tables.append(Table(0, 0, (), start, start, anchor=anchor, nested_in=nested_in))
        extents = _merge(rows)
        cells: list[Cell] = []
        for number, row in enumerate(rows):
            first, began = True, self.at
            for slot in row:
                extent = extents.get((number, slot.col))
                if extent is None or slot.merge == "inside":
                    continue
                if not first:
                    self.put("\t")
                first = False
                begin = self.at
                self.cell(slot.cell, index)
                cells.append(Cell(number, slot.col, extent, slot.span, begin, self.at))
            if row and self.at > began and _on(_child(_child(row[0].cell.getparent(), "trPr"), "hidden")):
                self.mark("hidden", began)
                self.warn(WarningCode.HIDDEN_TEXT, HIDDEN)
            if not first and (nested_in is None or number + 1 < len(rows)):
                self.put("\n")
        self.cells += sum(max(1, c.rows * c.cols // SPREAD) for c in cells)
        if self.cells > self.limits.table_cells:
            refuse(Outcome.LIMIT, over("表格单元格数", f"{self.limits.table_cells} 个以上", self.limits.table_cells))
        columns = max((c.col + c.cols for c in cells), default=0)
        self.tables[index] = Table(len(rows), columns, tuple(cells), start, self.at, anchor=anchor, nested_in=nested_in)
        self.depth -= 1

    def slots(self, row: Element) -> list[_Slot]:
        properties = _child(row, "trPr")
        col = _number(properties, "gridBefore")
        slots: list[_Slot] = []
        for cell in _cells(row):
            look = _child(cell, "tcPr")
            span = max(1, _number(look, "gridSpan"))
            merge = _merging(look, "vMerge")
            if _merging(look, "hMerge") == "continue" and slots:
                slots[-1].span += span
            else:
                slots.append(_Slot(cell, col, span, merge, _width(look)))
            col += span
        return slots

    def cell(self, element: Element, table: int) -> None:
        start = self.at
        for child in _flat(element):
            name = local(child)
            if name == "tbl":
                if self.at > start:
                    self.put("\v")
                self.table(child, self.numbers.get(child) or f"{self.tables[table].anchor}/T{len(self.tables)}", table)
            else:
                here = self.at
                if here > start and not self.said(here).endswith("\v"):
                    self.put("\v")
                before = self.at
                self.paragraph(child)
                if self.at == before and before > here:
                    self.take_back()

    def said(self, at: int) -> str:
        return self.out[-1] if self.out and at == self.at else ""

    def take_back(self) -> None:
        """An empty paragraph in a cell leaves no break behind."""
        self.at -= len(self.out.pop())


# -- XML helpers


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    for child in element:
        if local(child) == name:
            return child
    return None


def _value(element: Element | None, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else attribute(child, "val")


def _on(element: Element | None) -> bool:
    return element is not None and (attribute(element, "val") or "1").lower() not in OFF


def _filled(shade: Element) -> str:
    """The colour of a shading that is not the paper's own."""
    colour = (attribute(shade, "fill") or "").upper()
    pattern = attribute(shade, "val") or "clear"
    if pattern not in ("clear", "nil"):
        return "?"
    return "" if colour in ("", "AUTO", "FFFFFF") else colour


def _tiny(element: Element | None) -> bool:
    size = (attribute(element, "val") or "") if element is not None else ""
    return size.isdigit() and int(size) < 4


def _number(element: Element | None, name: str) -> int:
    value = _value(element, name) or ""
    return min(int(value), 1000) if value.isdigit() else 0


def _merging(element: Element | None, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else (attribute(child, "val") or "continue")


def _width(look: Element | None) -> int:
    child = _child(look, "tcW")
    if child is None or attribute(child, "type") not in (None, "dxa"):
        return 0
    value = attribute(child, "w") or ""
    return int(value) if value.isdigit() else 0


def _chosen(element: Element) -> Element | None:
    """The one branch of alternatives to read: the first choice, unless only the fallback holds a text box."""
    choice, fallback = _child(element, "Choice"), _child(element, "Fallback")
    if choice is None or (fallback is not None and not _has_words(choice) and _has_words(fallback)):
        return fallback
    return choice


def _has_words(element: Element) -> bool:
    return any(local(e) in ("txbxContent", "t", "blip") for e in element.iter())


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = local(child)
        if name == "tr":
            yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        name = local(child)
        if name == "tc":
            yield child
        elif name in ("sdt", "sdtContent", "customXml"):
            yield from _cells(child)


def _flat(cell: Element) -> Iterator[Element]:
    """A cell's paragraphs and tables, out of whatever wraps them."""
    for child in cell:
        name = local(child)
        if name in ("p", "tbl"):
            yield child
        elif name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"):
            yield from _flat(child)
        elif name == "AlternateContent" and (chosen := _chosen(child)) is not None:
            yield from _flat(chosen)


def _regrid(rows: list[list[_Slot]]) -> None:
    """Rows whose spans do not add up (seen in 7 of 170 district forms) are laid on the columns their widths draw."""
    totals = {row[-1].col + row[-1].span for row in rows if row}
    if len(totals) < 2 or any(slot.width <= 0 for row in rows for slot in row) or any(row and row[0].col for row in rows):
        return
    edges: list[int] = []
    for row in rows:
        x = 0
        for slot in row:
            x += slot.width
            edges.append(x)
    columns = [0]
    for edge in sorted(edges):
        if edge - columns[-1] > COLUMN_SLACK:
            columns.append(edge)
    if len(columns) > MOST_COLUMNS:
        return
    nearest = {edge: min(range(len(columns)), key=lambda i: abs(columns[i] - edge)) for edge in {0, *edges}}
    laid = []
    for row in rows:
        x, places = 0, []
        for slot in row:
            left, right = nearest[x], nearest[x + slot.width] if x + slot.width in nearest else nearest[x]
            places.append((left, right - left))
            x += slot.width
        laid.append(places)
    if any(span < 1 for places in laid for _, span in places):
        return
    for row, places in zip(rows, laid, strict=True):
        for slot, (col, span) in zip(row, places, strict=True):
            slot.col, slot.span = col, span


def _merge(rows: list[list[_Slot]]) -> dict[tuple[int, int], int]:
    """How many rows the cell that begins at each position covers; a continued cell is marked ``inside``."""
    extents: dict[tuple[int, int], int] = {}
    running: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        still: dict[int, tuple[int, int]] = {}
        for slot in row:
            if slot.merge == "continue" and slot.col in running:
                origin = running[slot.col]
                extents[origin] += 1
                slot.merge = "inside"
                still[slot.col] = origin
            else:
                extents[(number, slot.col)] = 1
                if slot.merge:
                    still[slot.col] = (number, slot.col)
        running = still
    return extents


# -- the parts


def _styles(parts: Parts, name: str) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for element in parts.xml(name):
        if local(element) != "style":
            continue
        style = _Style(based=_value(element, "basedOn") or "")
        title = (_value(element, "name") or "").lower()
        if match := re.fullmatch(r"(?:heading|标题) ?(\d)", title):
            style.level = int(match[1])
        level = _value(_child(element, "pPr"), "outlineLvl") or ""
        if level.isdigit() and int(level) < 9:
            style.level = int(level) + 1
        look = _child(element, "rPr")
        style.hidden = _on(_child(look, "vanish")) or _tiny(_child(look, "sz"))
        style.white = (_value(look, "color") or "").upper() == "FFFFFF" and _child(look, "shd") is None
        styles[attribute(element, "styleId") or ""] = style
    for style in styles.values():
        seen, parent = 0, styles.get(style.based)
        while parent is not None and seen < 20:
            style.level = style.level or parent.level
            style.hidden = style.hidden or parent.hidden
            seen, parent = seen + 1, styles.get(parent.based)
    return styles


def read(data: bytes, limits: Limits = DEFAULT, *, chunks: bool = True) -> Document:
    """``chunks``: whether files that stand in the document as part of it are read too."""
    parts = Parts(data, limits)
    main = parts.main()
    relations = parts.relations(main)
    walk = _Walk(parts, limits)
    for relation in relations:
        if relation.type.endswith("/styles") and not relation.external and parts.find(relation.target):
            walk.styles = _styles(parts, relation.target)
        if relation.type.endswith("/comments") and not relation.external and parts.find(relation.target):
            for comment in parts.xml(relation.target):
                walk.comments[attribute(comment, "id") or ""] = "".join(words(t) for t in comment.iter() if local(t) == "t")
    root = parts.xml(main)
    body = _child(root, "body")
    if body is None:
        refuse(Outcome.EMPTY, EMPTY)
    space = body.tag[: body.tag.rfind("}") + 1]
    walk.chunks = _chunks(parts, relations, limits) if chunks else {}
    walk.numbers = {table: f"T{i}" for i, table in enumerate(body.iter(space + "tbl"), 1)}
    walk.blocks_of(body, _Anchors(""))
    walk.body = False
    _edges(walk, parts, relations)
    for left_open in walk.fields:
        walk.judge_field("".join(left_open.code))
    for code, message in outward(parts):
        walk.warn(code, message)
    text = "".join(walk.out)
    if not text.strip():
        if not walk.images:
            refuse(Outcome.EMPTY, EMPTY)
        walk.warn(WarningCode.OTHER, "文档内只有图片，没有可读取的文字。")
    outcome, message = _verdict(walk, text, parts.entities)
    told = (
        *about(parts),
        *_lineage(parts, relations),
        *((("images", str(walk.images)),) if walk.images else ()),
        *(("alt_text", t[:500]) for t in walk.told[:100]),
    )
    return Document(
        format=Format.DOCX, outcome=outcome, message=message, text=text, blocks=tuple(walk.blocks), tables=tuple(walk.tables),
        marks=tuple(sorted(walk.marks, key=lambda m: (m.start, m.end))), warnings=tuple(walk.warned.values()), about=told,
        looks=_looks(walk, parts, relations),
    )  # fmt: skip


#: Pictures of a document that are decoded, and bytes of one.
PICTURES: Final = 120
PICTURE_BYTES: Final = 60 << 20


def _looks(walk: _Walk, parts: Parts, relations: tuple[Relation, ...]) -> tuple[Look, ...]:
    """How the body's pictures look, where they stand. One used in several places is decoded once."""
    targets = {r.id: r.target for r in relations if not r.external and parts.find(r.target) is not None}
    known: dict[str, Look | None] = {}
    found = []
    for ident, at in walk.pictures[:MOST_LOOKS]:
        target = targets.get(ident)
        if target is None:
            continue
        if target not in known and len(known) < PICTURES:
            known[target] = _look(parts, target)
        if (seen := known.get(target)) is not None:
            found.append(seen._replace(start=at))
    return tuple(found)


def _look(parts: Parts, target: str) -> Look | None:
    try:
        return look(parts.content(target, PICTURE_BYTES))
    except RefusedError:
        return None


def _lineage(parts: Parts, relations: tuple[Relation, ...]) -> tuple[tuple[str, str], ...]:
    """The random number Word gives a document when it is first saved: copies and what is made from them keep it."""
    for relation in relations:
        if relation.type.endswith("/settings") and not relation.external and parts.find(relation.target) is not None:
            try:
                root = parts.xml(relation.target)
            except RefusedError as refusal:
                if refusal.outcome is Outcome.UNSAFE:
                    raise
                return ()
            number = _value(_child(root, "rsids"), "rsidRoot")
            return (("lineage", number[:20]),) if number else ()
    return ()


def _chunks(parts: Parts, relations: tuple[Relation, ...], limits: Limits) -> dict[str, Chunk]:
    """The files named for insertion that can be read, by the relationship that names them."""
    found: dict[str, Chunk] = {}
    for relation in relations:
        if relation.type.lower().endswith("/afchunk") and not relation.external and parts.find(relation.target) is not None:
            try:
                read_as = chunk(relation.target, parts.content(relation.target, limits.document_part_bytes), limits)
            except RefusedError as refusal:
                if refusal.outcome in (Outcome.UNSAFE, Outcome.LIMIT):
                    raise
                continue
            if read_as is not None:
                found[relation.id] = read_as
    return found


def _edges(walk: _Walk, parts: Parts, relations: tuple[Relation, ...]) -> None:
    """Headers and footers (each text once), then notes."""
    seen: set[str] = set()
    counts = {"H": 0}
    for relation in relations:
        kind = relation.type.rsplit("/", 1)[-1]
        if kind not in ("header", "footer") or parts.find(relation.target) is None:
            continue
        root = parts.xml(relation.target)
        said = "".join(words(t) for t in root.iter() if local(t) == "t")
        if said in seen:
            continue
        seen.add(said)
        counts["H"] += 1
        walk.blocks_of(root, _Anchors(f"H{counts['H']}/"), kind)
    number = 0
    for relation in relations:
        kind = relation.type.rsplit("/", 1)[-1]
        if kind not in ("footnotes", "endnotes") or parts.find(relation.target) is None:
            continue
        for note in parts.xml(relation.target):
            if attribute(note, "type") in (None, "normal"):
                number += 1
                walk.blocks_of(note, _Anchors(f"F{number}/"), "note")


def _verdict(walk: _Walk, text: str, entities: bool) -> tuple[Outcome, str]:
    if not text.strip():
        return Outcome.PARTIAL, "文档内只有图片，没有可读取的文字，请人工查看，或提交文字版。"
    if entities:
        return Outcome.PARTIAL, "文档引用了外部内容，该处文字可能缺失，其余已读取。请另存后重新上传。"
    if walk.warned:
        return Outcome.OK_WARN, "已读取，但发现：" + "；".join(w.message.rstrip("。") for w in walk.warned.values()) + "。"
    return Outcome.OK, "已读取。"
