"""XLSX and its kin, straight from the XML: values, number formats, formulas and merges in one pass.

What surprised us: openpyxl loses a whole workbook to one NaN cell, finds nothing in an ISO Strict one, believes WPS's ``A1:A1`` dimension, and needs
two passes to see a value and its formula. Every sheet is one table; only a far-off stray (a hundred blank rows away) becomes a table of
its own, since a blank row inside a list is common and splitting there would part it from its header.

A cell's text is the stored value as it reads: ``8919300``, ``7.77``, ``0.583`` (its ``format`` tells that it shows as 58.3%), a date as ``2024-05-12``,
or ``2024-05`` where the format shows no day. A formula that was never calculated has no value: an empty cell with a ``formula`` mark.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from extractors.readers.formulas import Cells, Place, result, shifted
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.ooxml import Element, Parts, Relation, about, attribute, local, outward, words
from extractors.readers.refusal import CORRUPT, EMPTY, RefusedError, over, refuse
from extractors.readers.text import LOOKS
from schemas.document import Cell, Document, Mark, Page, ReaderWarning, Table
from schemas.vocabulary import Format, Outcome, WarningCode

BUILT_IN: Final[dict[int, str]] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
REFERENCE: Final = re.compile(r"^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})$")
QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
ACTIVE: Final = re.compile(
    r"(?i)\b(WEBSERVICE|FILTERXML|IMPORTXML|IMPORTDATA|HYPERLINK|IMAGE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|SQL\.REQUEST)\s*\(|\|\s*'|\bDDE\s*\(|\w\s*\|\s*\S+\s*!"
)
OUTSIDE: Final = re.compile(r"\[\d+\]|\[[^\]]+\.xls[xmb]?\]|file:|https?:", re.IGNORECASE)
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a day on a sheet has no zone
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
MAX_ROW, MAX_COL = 1_048_576, 16_384
GAP_ROWS, GAP_COLS = 100, 40
#: Places of all merged ranges together, and of cells looked at to recalculate: what a workbook may ask for beyond its cells.
MERGED: Final = 1_000_000
LOOKED_AT: Final = 2_000_000
#: Characters of a formula kept, and comments of a workbook.
FORMULA, COMMENTS = 500, 5000
#: Blank cells stand in a table up to this many positions; a larger, sparse sheet holds its filled cells only.
DENSE: Final = 60_000


@dataclass(slots=True)
class Value:
    text: str
    format: str = ""
    formula: str = ""
    stale: bool = False
    error: bool = False
    number: Decimal | None = None
    #: What the formula of its column gives, where this figure was typed in its place and is another.
    due: str = ""


@dataclass(slots=True)
class Sheet:
    name: str
    hidden: bool = False
    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: list[tuple[int, int]] = field(default_factory=list)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    epoch: datetime = EPOCH_1900
    cells: int = 0
    merged: int = 0
    warned: dict[str, ReaderWarning] = field(default_factory=dict)

    def warn(self, code: WarningCode, message: str) -> None:
        self.warned.setdefault(message, ReaderWarning(code, message))


# -- parts


def _events(parts: Parts, name: str) -> Iterator[tuple[str, str, Element]]:
    """``(event, local name, element)`` through a part that may be large; elements are dropped as the caller goes."""
    data = parts.judged(parts.content(name))
    try:
        for event, element in etree.iterparse(
            io.BytesIO(data), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        ):
            yield event, local(element), element
    except (etree.XMLSyntaxError, ValueError):
        refuse(Outcome.CORRUPT, CORRUPT)


def _strings(parts: Parts, name: str, limits: Limits) -> list[str]:
    strings: list[str] = []
    total = 0
    for event, kind, element in _events(parts, name):
        if event == "end" and kind == "si":
            strings.append(_rich(element))
            total += len(strings[-1])
            if total > limits.text_characters:
                refuse(Outcome.LIMIT, over("字数", f"{limits.text_characters} 以上", limits.text_characters))
            element.clear()
    return strings


def _rich(element: Element) -> str:
    """A shared or inline string: its runs, without the readings (phonetics) printed above them."""
    said = []
    for child in element:
        kind = local(child)
        if kind == "t":
            said.append(child.text or "")
        elif kind == "r":
            said.extend(t.text or "" for t in child if local(t) == "t")
    return "".join(said)


def _formats(parts: Parts, name: str) -> list[str]:
    """The number format of each cell style; General is empty."""
    own: dict[int, str] = {}
    formats: list[str] = []
    for element in parts.xml(name):
        kind = local(element)
        if kind == "numFmts":
            for entry in element:
                if (number := entry.get("numFmtId") or "").isdigit():
                    own[int(number)] = entry.get("formatCode") or ""
        elif kind == "cellXfs":
            for entry in element:
                number = entry.get("numFmtId") or "0"
                code = own.get(int(number), BUILT_IN.get(int(number), "")) if number.isdigit() else ""
                formats.append("" if code.lower() == "general" else code)
    return formats


# -- cells


def _position(reference: str) -> tuple[int, int]:
    """0-based row and column of ``F12``."""
    match = REFERENCE.match(reference)
    if not match:
        refuse(Outcome.CORRUPT, CORRUPT)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if row > MAX_ROW or column > MAX_COL:
        refuse(Outcome.CORRUPT, CORRUPT)
    return row - 1, column - 1


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    top, left = _position(first)
    bottom, right = _position(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _sheet(parts: Parts, part: str, sheet: Sheet, book: Book, limits: Limits) -> None:
    row, col = -1, -1
    shared: dict[str, tuple[str, int, int]] = {}
    for event, kind, element in _events(parts, part):
        if event == "start":
            if kind == "row":
                number = element.get("r") or ""
                row = int(number) - 1 if number.isdigit() else row + 1
                if not 0 <= row < MAX_ROW or (number and not number.isdigit()):
                    refuse(Outcome.CORRUPT, CORRUPT)
                col = -1
                if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
                    sheet.hidden_rows.add(row)
            elif kind == "col" and (element.get("hidden") in ("1", "true") or element.get("width") == "0"):
                first, last = element.get("min") or "", element.get("max") or ""
                if first.isdigit() and last.isdigit() and len(sheet.hidden_cols) < MAX_COL:
                    sheet.hidden_cols.append((int(first) - 1, min(int(last), MAX_COL) - 1))
            elif kind == "mergeCell":
                sheet.merges.append(_range(element.get("ref") or ""))
                top, left, bottom, right = sheet.merges[-1]
                area = (bottom - top + 1) * (right - left + 1)
                book.merged += area if area <= DENSE else 1
                if book.merged > MERGED:
                    refuse(Outcome.LIMIT, over("合并单元格的总格数", f"{MERGED} 以上", MERGED))
        elif kind == "c":
            reference = element.get("r")
            place = _position(reference) if reference else (max(row, 0), col + 1)
            col = place[1]
            book.cells += 1
            if book.cells > limits.sheet_cells:
                refuse(Outcome.LIMIT, over("单元格数", f"{limits.sheet_cells} 以上", limits.sheet_cells))
            value = _cell(element, book, shared, place)
            if value is not None:
                sheet.values[place] = value
            element.clear()
        elif kind == "row":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _cell(element: Element, book: Book, shared: dict[str, tuple[str, int, int]], place: tuple[int, int]) -> Value | None:
    raw: str | None = None
    formula, inline, has_formula = "", None, False
    for child in element:
        kind = local(child)
        if kind == "v":
            raw = child.text or ""
        elif kind == "f":
            has_formula = True
            formula = (child.text or "")[:FORMULA]
            if (group := child.get("si")) is not None:
                if formula:
                    shared[group] = (formula, *place)
                elif (first := shared.get(group)) is not None:
                    formula = shifted(first[0], place[0] - first[1], place[1] - first[2])
            if child.get("t") == "array":
                formula = "{" + formula + "}"
        elif kind == "is":
            inline = _rich(child)
    style = element.get("s") or ""
    code = book.formats[int(style)] if style.isdigit() and int(style) < len(book.formats) else ""
    if has_formula and (ACTIVE.search(formula) or OUTSIDE.search(formula)):
        book.warn(WarningCode.EXTERNAL_LINK, "表格公式引用外部内容，系统不会打开，请改为数值后重新上传。")
    if not raw and inline is None:
        if not has_formula:
            return None
        book.warn(WarningCode.STALE_VALUE, "有公式未计算出结果，请用 Excel 或 WPS 打开、保存后重新上传。")
        return Value("", code, formula or "?", stale=True)
    value = _typed(element.get("t") or "n", raw, inline, code, book)
    if value is not None and value.number is None and not value.error and not has_formula and LOOKS.match(value.text):
        book.warn(WarningCode.FORMULA, "有单元格的文字会被其他程序当作公式，系统只按文字读取。")
    if value is not None and has_formula:
        value.formula = formula or "?"
        if value.text == "":
            value.stale = True
    return value


def _typed(kind: str, raw: str | None, inline: str | None, code: str, book: Book) -> Value | None:
    if inline is not None:
        return Value(tidy(inline), code) if inline else None
    text = raw or ""
    if kind == "s":
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) >= len(book.strings):
            book.warn(WarningCode.REPAIRED, "有单元格的文字已从文件中丢失，请用 Excel 或 WPS 打开、核对、另存后重新上传。")
            return Value("", code, error=True)
        text = book.strings[int(text)]
        return Value(tidy(text), code) if text else None
    if kind in ("str", "inlineStr"):
        return Value(tidy(text), code)
    if kind == "b":
        return Value("TRUE" if text.strip() == "1" else "FALSE", code)
    if kind == "e":
        book.warn(WarningCode.ODD_NUMBER, "有单元格显示为错误值（如 #DIV/0!），请改正后重新上传。")
        return Value(text, code, error=True)
    if kind == "d":
        return Value(text.replace("T", " ").removesuffix(" 00:00:00"), code)
    return number_value(text.strip(), code, book)


def tidy(text: str) -> str:
    """A cell's words hold no tab and no line feed of ours: its own line breaks are ``\\v``."""
    text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)) if int(m[1], 16) in (9, 10, 13) else m[0], text)
    return text.replace("\r\n", "\v").replace("\n", "\v").replace("\r", "\v").replace("\t", " ")


def number_value(raw: str, code: str, book: Book) -> Value | None:
    if not raw:
        return None
    try:
        number = Decimal(raw)
        finite = number.is_finite() and abs(number.adjusted()) <= 60
    except InvalidOperation:
        finite = False
    if not finite or len(raw) > 60:
        book.warn(WarningCode.ODD_NUMBER, "有单元格存有异常的数字，请核对。")
        return Value(tidy(raw), code, error=True)
    if code and (shown := _date(number, code, book.epoch)):
        return Value(shown, code, number=number)
    return Value(plain(number), code, number=number)


def plain(number: Decimal) -> str:
    """Plain notation, with the fifteen digits a spreadsheet itself can hold: 7.7700000000000005 was entered as 7.77."""
    if len(number.as_tuple().digits) > 15 and number != number.to_integral_value():
        number = Decimal(f"{number:.15g}")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(number: Decimal, code: str, epoch: datetime) -> str:
    """The date or time a number stands for under its format; empty where the format is no date's."""
    bare = QUOTED.sub("", code).split(";")[0].lower()
    year, day, clock = "y" in bare or ("e" in bare and "m" in bare and "0" not in bare), "d" in bare, "h" in bare or "s" in bare
    if not (year or day or clock or ("m" in bare and "0" not in bare and "#" not in bare)) or not 0 <= number < 2_958_466:
        return ""
    if "0" in bare.replace(".0", "") or "#" in bare:
        return ""
    days = int(number)
    # Spreadsheets hold that 1900 was a leap year.
    start = epoch + timedelta(days=1) if epoch.year == 1899 and days < 60 else epoch
    moment = start + timedelta(days=days, seconds=round(float(number - days) * 86400))
    if clock and not (year or day):
        return moment.strftime("%H:%M:%S").removesuffix(":00")
    if clock:
        return moment.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    if year and not day:
        return moment.strftime("%Y-%m") if "m" in bare else moment.strftime("%Y")
    return moment.strftime("%Y-%m-%d")


# -- tables


def _regions(places: list[int], gap: int) -> list[tuple[int, int]]:
    """Where used rows (or columns) begin and end; parted only where more than ``gap`` in a row are blank."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and place - spans[-1][1] <= gap:
            spans[-1] = (spans[-1][0], place)
        else:
            spans.append((place, place))
    return spans


class Writer:
    """The flat text of a workbook as it grows."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.at = 0
        self.tables: list[Table] = []
        self.marks: list[Mark] = []
        self.room = MERGED

    def put(self, text: str) -> None:
        self.out.append(text)
        self.at += len(text)

    def sheet(self, sheet: Sheet) -> None:
        start = self.at
        by_row: dict[int, list[int]] = {}
        for row, col in sheet.values:
            by_row.setdefault(row, []).append(col)
        for top, bottom in _regions(sorted(by_row), GAP_ROWS):
            columns = sorted({col for row, cols in by_row.items() if top <= row <= bottom for col in cols})
            for left, right in _regions(columns, GAP_COLS):
                self.region(sheet, top, left, bottom, right)
        for (row, col), said in sheet.comments.items():
            if (row, col) not in sheet.values:
                self.marks.append(Mark("comment", start, start, said))
        if sheet.hidden and self.at > start:
            self.marks.append(Mark("hidden", start, self.at))

    def region(self, sheet: Sheet, top: int, left: int, bottom: int, right: int) -> None:
        merged: dict[tuple[int, int], tuple[int, int]] = {}
        covered: set[tuple[int, int]] = set()
        for a, b, c, d in sheet.merges:
            if top <= a <= bottom and left <= b <= right and (c - a + 1) * (d - b + 1) <= DENSE:
                c, d = min(c, bottom), min(max(d, b), max(right, d))
                merged[(a, b)] = (c - a + 1, d - b + 1)
                covered.update((row, col) for row in range(a, c + 1) for col in range(b, d + 1) if (row, col) != (a, b))
        self.room -= (area := (bottom - top + 1) * (right - left + 1))
        if area <= DENSE and self.room >= 0:
            places = [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)]
        else:
            places = sorted(p for p in sheet.values if top <= p[0] <= bottom and left <= p[1] <= right)
        unseen = {c for a, b in sheet.hidden_cols for c in range(max(a, left), min(b, right) + 1)}
        start, row, cells = self.at, None, []
        for place in places:
            if place in covered:
                continue
            if row is not None:
                self.put("\t" if place[0] == row else "\n")
            row = place[0]
            value = sheet.values.get(place)
            begin = self.at
            if value is not None:
                self.put(value.text)
                self.note(value, begin)
                if value.text and not sheet.hidden and (place[0] in sheet.hidden_rows or place[1] in unseen):
                    self.marks.append(Mark("hidden", begin, self.at))
            if place in sheet.comments:
                self.marks.append(Mark("comment", begin, begin, sheet.comments[place]))
            rows, cols = merged.get(place, (1, 1))
            cells.append(Cell(place[0] - top, place[1] - left, rows, cols, begin, self.at, None, value.format if value else ""))
        self.put("\n")
        hidden_cols = tuple(c - left for c in sorted(unseen))
        hidden_rows = tuple(sorted(r - top for r in sheet.hidden_rows if top <= r <= bottom))
        width = max([right - left + 1, *(c.col + c.cols for c in cells)])
        self.tables.append(
            Table(
                bottom - top + 1,
                width,
                tuple(cells),
                start,
                self.at,
                anchor=sheet.name,
                row_base=top + 1,
                col_base=left + 1,
                sheet=True,
                hidden_rows=hidden_rows,
                hidden_cols=hidden_cols,
            )
        )

    def note(self, value: Value, begin: int) -> None:
        if value.formula:
            self.marks.append(Mark("formula", begin, self.at, value.formula))
        if value.stale:
            self.marks.append(Mark("stale", begin, self.at))
        if value.error:
            self.marks.append(Mark("error", begin, self.at))
        if value.due:
            self.marks.append(Mark("constant", begin, self.at, value.due))


# -- the document


def _target(relations: dict[str, Relation], element: Element) -> str | None:
    relation = relations.get(attribute(element, "id") or "")
    return relation.target if relation is not None and not relation.external else None


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    parts = Parts(data, limits)
    main = parts.main()
    if main.lower().endswith(".bin"):
        refuse(Outcome.UNSUPPORTED, "不接受二进制的 Excel 工作簿（xlsb），请另存为 XLSX 后重新上传。")
    relations = {r.id: r for r in parts.relations(main)}
    book = Book()
    for relation in relations.values():
        if relation.external or parts.find(relation.target) is None:
            continue
        if relation.type.endswith("/sharedStrings"):
            book.strings = _strings(parts, relation.target, limits)
        elif relation.type.endswith("/styles"):
            book.formats = _formats(parts, relation.target)
    sheets = list(_sheets(parts, main, relations, book, limits))
    check_formulas(sheets, book)
    writer = Writer()
    pages: list[Page] = []
    for number, sheet in enumerate(sheets, 1):
        if number > 1:
            writer.put("\f")
        start = writer.at
        writer.sheet(sheet)
        pages.append(Page(number, 0, 0, start, writer.at))
    name_hidden(sheets, writer, book)
    if len({t.anchor for t in writer.tables}) < len(writer.tables):
        book.warn(WarningCode.OTHER, "有单元格远离其他内容，请核对是否误填。")
    _outside(parts, main, relations, book)
    drawn = _drawn(parts)
    if any(kind == "text_box" for kind, _ in drawn):
        book.warn(WarningCode.OTHER, "工作表上有文本框，其中的文字不在单元格内，未作为表格读取，请核对。")
    text = "".join(writer.out)
    if not text.strip():
        if any(m.kind == "stale" for m in writer.marks):
            return _document(
                Outcome.PARTIAL, "表格中的公式均未计算出结果，请打开、保存后重新上传。", text, pages, writer, book, parts, drawn
            )
        refuse(Outcome.EMPTY, EMPTY)
    if book.warned:
        message = (
            f"已读取，共 {len(pages)} 个工作表，但发现：" + "；".join(w.message.rstrip("。") for w in book.warned.values()) + "。"
        )
        return _document(Outcome.OK_WARN, message, text, pages, writer, book, parts, drawn)
    return _document(Outcome.OK, f"已读取，共 {len(pages)} 个工作表。", text, pages, writer, book, parts, drawn)


def _document(
    outcome: Outcome,
    message: str,
    text: str,
    pages: list[Page],
    writer: Writer,
    book: Book,
    parts: Parts,
    drawn: tuple[tuple[str, str], ...],
) -> Document:
    return Document(
        format=Format.XLSX, outcome=outcome, message=message, text=text, pages=tuple(pages), tables=tuple(writer.tables),
        marks=tuple(writer.marks), warnings=tuple(book.warned.values()), about=(*about(parts), *drawn),
    )  # fmt: skip


def _sheets(parts: Parts, main: str, relations: dict[str, Relation], book: Book, limits: Limits) -> Iterator[Sheet]:
    root = parts.xml(main)
    listed = []
    for element in root.iter():
        kind = local(element)
        if kind == "workbookPr" and attribute(element, "date1904") in ("1", "true"):
            book.epoch = EPOCH_1904
        elif kind == "sheet":
            listed.append(element)
    if len(listed) > limits.sheets:
        refuse(Outcome.LIMIT, over("工作表数", len(listed), limits.sheets))
    if not listed:
        refuse(Outcome.EMPTY, EMPTY)
    for element in listed:
        target = _target(relations, element)
        sheet = Sheet(element.get("name") or "", hidden=element.get("state") in ("hidden", "veryHidden"))
        if target is None or "worksheet" not in relations[attribute(element, "id") or ""].type:
            continue
        _sheet(parts, target, sheet, book, limits)
        sheet.comments = _comments(parts, target)
        yield sheet


def _comments(parts: Parts, part: str) -> dict[tuple[int, int], str]:
    """Remarks on cells, the older kind and the threaded one."""
    found: dict[tuple[int, int], str] = {}
    for relation in parts.relations(part):
        if (
            relation.external
            or relation.type.rsplit("/", 1)[-1] not in ("comments", "threadedComment")
            or parts.find(relation.target) is None
        ):
            continue
        for element in parts.xml(relation.target).iter():
            reference = attribute(element, "ref") or ""
            if local(element) in ("comment", "threadedComment") and REFERENCE.match(reference) and len(found) < COMMENTS:
                said = "".join(words(t) for t in element.iter() if local(t) in ("t", "text"))
                place = _position(reference)
                found[place] = f"{found[place]} {said}" if place in found else said
    return found


def check_formulas(sheets: list[Sheet], book: Book) -> None:
    """Kept results that are not what their formulas come to: the cells were changed by something that does not calculate."""
    named = {sheet.name: sheet for sheet in sheets}
    left = LOOKED_AT

    def kept(place: Place) -> Decimal | str | None:
        if place[0] not in named:
            return ""
        value = named[place[0]].values.get(place[1:])
        if value is None or value.number is not None:
            return None if value is None else value.number
        return "" if value.error or value.stale else value.text

    def spend(places: int) -> bool:
        nonlocal left
        left -= places
        return left >= 0

    for sheet in sheets:
        for value in sheet.values.values():
            if value.number is None or not value.formula:
                continue
            found = result(value.formula, sheet.name, Cells(kept, spend))
            if found is not None and _differ(found, value.number):
                value.stale = True
                book.warn(
                    WarningCode.STALE_VALUE, "有公式保存的结果与按公式计算的不一致，请用 Excel 或 WPS 打开、保存后重新上传。"
                )
        _overtyped(sheet, Cells(kept, spend))


#: Cells of a column that carry one formula before a figure among them is out of place, and how many such figures a column may have.
COLUMN, TYPED = 4, 2
#: A row far from every edge, where formulas of one column read alike.
FAR: Final = 500_000


def _overtyped(sheet: Sheet, cells: Cells) -> None:
    """Figures that stand among the cells of one formula and are not what it gives there."""
    columns: dict[tuple[int, str], list[int]] = {}
    for (row, col), value in sheet.values.items():
        if value.formula and value.formula[0] not in "{?":
            columns.setdefault((col, shifted(value.formula, FAR - row, 0)), []).append(row)
    for (col, _), rows in columns.items():
        if len(rows) < COLUMN:
            continue
        first, formulas = min(rows), set(rows)
        between = ((row, sheet.values.get((row, col))) for row in range(first, max(rows)) if row not in formulas)
        typed = [(row, v) for row, v in between if v is not None and v.number is not None and not v.formula and not v.error]
        for row, value in typed if len(typed) <= TYPED else []:
            due = result(shifted(sheet.values[first, col].formula, row - first, 0), sheet.name, cells)
            if due is not None and value.number is not None and _differ(due, value.number):
                value.due = plain(due)


def _differ(found: Decimal, kept: Decimal) -> bool:
    """By more than what a program's own arithmetic leaves over."""
    largest = max(abs(found), abs(kept))
    return abs(found - kept) > min(Decimal("0.005"), largest / 1000) + largest * Decimal("1e-9") + Decimal("1e-9")


def name_hidden(sheets: list[Sheet], writer: Writer, book: Book) -> None:
    names = [s.name for s in sheets if s.hidden and s.values]
    if names:
        book.warn(WarningCode.HIDDEN_CELLS, f"有隐藏的工作表（{'、'.join(names[:5])}），请取消隐藏后重新上传。")
    if any(t.hidden_rows or t.hidden_cols for t in writer.tables):
        book.warn(WarningCode.HIDDEN_CELLS, "有隐藏的行或列，请取消隐藏后重新上传。")


def _outside(parts: Parts, main: str, relations: dict[str, Relation], book: Book) -> None:
    if any(r.type.endswith("/externalLink") for r in relations.values()):
        book.warn(WarningCode.EXTERNAL_LINK, "表格引用了其他工作簿，系统不会打开，请改为数值后重新上传。")
    names = [words(e) for e in parts.xml(main).iter() if local(e) == "definedName"]
    if any(ACTIVE.search(name[:FORMULA]) for name in names):
        book.warn(WarningCode.EXTERNAL_LINK, "表格公式引用外部内容，系统不会打开，请改为数值后重新上传。")
    for code, message in outward(parts):
        book.warn(code, message)


def _drawn(parts: Parts) -> tuple[tuple[str, str], ...]:
    """What stands in text boxes and beside pictures, which are no cells."""
    told: list[tuple[str, str]] = []
    for name in parts.members:
        if not re.fullmatch(r"xl/drawings/[^/]+\.xml", name, re.IGNORECASE):
            continue
        try:
            root = parts.xml(name)
        except RefusedError as refusal:
            if refusal.outcome is not Outcome.CORRUPT:
                raise
            continue
        for element in root.iter():
            if local(element) == "cNvPr":
                told.extend(("alt_text", said[:500]) for key in ("descr", "title") if (said := attribute(element, key)))
            elif local(element) == "txBody" and (said := "".join(words(t) for t in element.iter() if local(t) == "t").strip()):
                told.append(("text_box", said[:500]))
    return tuple(told[:200])
