"""PDF with a text layer: characters and ruling lines from PDFium, put in reading order by ``layout``.

What surprised us. PDFium invents spaces between Chinese and digits, so an invented space is kept only between two Latin characters. Where a
font lacks a glyph, the tick of a box is drawn out of turn; order comes from places, not from the stream.
"""

import ctypes
import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import sub
from typing import TYPE_CHECKING, Any, Final

from extractors.readers.layout import RawPage, arrange, compose, pieces_of, written
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.pdf_draws import weigh
from extractors.readers.pdf_fonts import contradicted
from extractors.readers.pdf_notice import has_blends, has_layers, has_veils, least_unit, notices, odd_fonts
from extractors.readers.pdf_objects import LAYER, OTHERWISE, SQUEEZED, Objects, Placing
from extractors.readers.pdf_pictures import Pictures, patches
from extractors.readers.pdf_resets import Page as Settings
from extractors.readers.pdf_resets import PageSettings, resets
from extractors.readers.pdf_revisions import State, compared, states
from extractors.readers.pdf_syntax import File
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, RefusedError, over, refuse
from schemas.document import MOST_EDITS, MOST_SIGNATURES, Box, Document, ReaderWarning, Signature
from schemas.vocabulary import Format, Outcome, WarningCode

if TYPE_CHECKING:
    from extractors.readers.pdf_sight import Sight

#: What PDFium reports for a hyphen at the end of a line.
HYPHEN: Final = 2
#: Smaller than this, in points as shown, nobody reads it.
TINY: Final = 2.0
DIGITS: Final = frozenset(range(48, 58))
#: Narrower than this, likewise.
SLIT: Final = 0.3


# -- a page's characters and lines, from PDFium


class _Pages:
    """One open file. PDFium is not safe in threads; one of these lives in one call of ``read``."""

    def __init__(self, data: bytes, limits: Limits, file: File) -> None:
        import pypdfium2
        import pypdfium2.raw as raw

        from extractors.readers import pdfium

        self.lib, self.raw, self.limits = pdfium, raw, limits
        self.layered = has_layers(file)
        self._off: list[set[int]] = []
        self.warnings: list[ReaderWarning] = []
        if self.layered:
            self._see_layers(file)
        #: Why every word of this file has to be looked at; empty where nothing gives reason.
        self.wary = LAYER if self.layered else OTHERWISE if odd_fonts(file) else ""
        self.lying = contradicted(file)
        self.veiled = has_veils(file)
        self.blends = has_blends(file)
        self.tiny = TINY / least_unit(file)
        self.pictures = Pictures(raw)
        self.settings: list[PageSettings] = []
        try:
            self.document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                refuse(Outcome.ENCRYPTED, ENCRYPTED)
            refuse(Outcome.CORRUPT, CORRUPT)
        self.claimed = self.count = len(self.document)
        if self.count > limits.pdf_pages and not self._exists(limits.pdf_pages):
            self.count = next(i for i in range(limits.pdf_pages + 1) if not self._exists(i))

    def _see_layers(self, file: File) -> None:
        """Which annotations of each page are on layers that are off; and that there are such layers."""
        from extractors.readers.pdf_layers import Layers

        layers = Layers(file)
        self._off = [layers.hidden_notes(page) for page in file.pages(self.limits.pdf_pages)]
        if layers.anything_off():
            self.warnings.append(ReaderWarning(WarningCode.OTHER, "文件含打开时不显示的图层，其中的内容不予采用，请核对原件。"))

    def _exists(self, index: int) -> bool:
        """A page tree may claim a million pages and hold one."""
        page = self.raw.FPDF_LoadPage(self.document.raw, index)
        if page:
            self.raw.FPDF_ClosePage(page)
        return bool(page)

    def close(self) -> None:
        self.document.close()

    def page(self, index: int) -> RawPage:
        raw = self.raw
        page = raw.FPDF_LoadPage(self.document.raw, index)
        if not page:
            return RawPage(index + 1, 0.0, 0.0, 0, over="页面已损坏")
        try:
            return self._read(page, index + 1)
        finally:
            raw.FPDF_ClosePage(page)

    def _read(self, page: Any, number: int) -> RawPage:
        raw, lib = self.raw, self.lib
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, box)
        out = RawPage(
            number, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page), raw.FPDFPage_GetRotation(page) * 90 % 360
        )
        place = Placing(box.left, box.bottom, out.width, out.height, out.rotation)
        objects = Objects(lib, self.limits, wary=self.wary, veiled=self.veiled, lying=self.lying, blends=self.blends)
        objects.walk(lib.handle(page), place, out)
        if objects.count > self.limits.page_objects:
            out.over = f"图形对象多于 {self.limits.page_objects} 个"
        if out.over:
            return out
        out.looks = self.pictures.looks(objects.pictures, number)
        out.edits += patches(objects.pictures, number, out.width, out.height, lib.see_through)
        objects.judge(notes := self._typed_on(page, place, out))
        objects.noted = bool(notes)
        text_page = raw.FPDFText_LoadPage(page)
        if not text_page:
            out.over = "页面文字无法读取"
            return out
        try:
            count = raw.FPDFText_CountChars(text_page)
            if count > self.limits.page_characters:
                out.over = f"字符多于 {self.limits.page_characters} 个"
            if objects.empty:
                out.tell(SQUEEZED)
            if not out.over and count > 0:
                self._characters(page, lib.handle(text_page), count, place, out, objects)
        finally:
            raw.FPDFText_ClosePage(text_page)
        return out

    def _typed_on(self, page: Any, place: Placing, out: RawPage) -> list[Box]:
        """Words that are not in the page itself: typed on it as a note (WPS, Foxit), or filled into a form field.

        Gives, in the page's own space, the boxes of whatever annotations may lie over words.
        """
        raw, over = self.raw, []
        icons = (
            raw.FPDF_ANNOT_LINK,
            raw.FPDF_ANNOT_POPUP,
            raw.FPDF_ANNOT_TEXT,
            raw.FPDF_ANNOT_FILEATTACHMENT,
            raw.FPDF_ANNOT_SOUND,
        )
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), 2000)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            key = {raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_WIDGET: b"V"}.get(kind)
            box = raw.FS_RECTF()
            if raw.FPDFAnnot_GetRect(annotation, box):
                bounds = box.left, box.bottom, box.right, box.top
                if kind not in icons:
                    over.append(bounds)
                if key:
                    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
                    buffer = ctypes.create_string_buffer(min(size, 20_000))
                    raw.FPDFAnnot_GetStringValue(
                        annotation, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), len(buffer)
                    )
                    words = buffer.raw.decode("utf-16-le", "ignore").split("\0")[0]
                    pieces = written(words, place.box(*bounds))
                    if pieces and not self._shown(annotation, out.number, index):
                        out.tell("写在不显示的批注或表单域中")
                        for piece in pieces:
                            piece.hidden = True
                    out.pieces.extend(pieces)
            raw.FPDFPage_CloseAnnot(annotation)
        return over

    def _shown(self, annotation: Any, page: int, index: int) -> bool:
        """Whether a note or field is there for a reader: not flagged away, and not on a layer that is off."""
        raw = self.raw
        if raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
            return False
        return not (page <= len(self._off) and index in self._off[page - 1])

    def _characters(self, page: Any, text_page: int, count: int, place: Placing, out: RawPage, objects: Objects) -> None:
        lib = self.lib
        get, box = lib.get_unicode, lib.get_loose_box
        codes = [get(text_page, i) for i in range(count)]
        hyphens = set[int]()
        if HYPHEN in codes:
            hyphens = {i for i, code in enumerate(codes) if code == HYPHEN}
            codes = [45 if code == HYPHEN else code for code in codes]
        buffer = (ctypes.c_float * (4 * count))()
        address = ctypes.addressof(buffer)
        for i in range(count):
            box(text_page, i, address + 16 * i)
        flat = buffer[:]
        left, top, right, bottom = place.columns(flat)
        if place.rotation == 0 and out.images < 0.5:
            drawn = {words.handle: words for words in objects.texts}
            own = Settings(
                lib, text_page, codes, (left, top, right, bottom), list(drawn), lambda h: place.box(*objects.bounds(drawn[h]))[3]
            )
            self.settings.append(own.settings(out.number, out.height))
        generated = {i for i, code in enumerate(codes) if code == 32 and lib.is_generated(text_page, i)}
        chars = _Chars(codes, left, top, right, bottom)
        hidden, loose = chars.squeezed(lib, text_page), set[int]()
        if hidden:
            out.tell(SQUEEZED)
        doubts: dict[int, str] = {}
        if objects.unseen or objects.doubted or objects.loose or objects.backwards or objects.lying:
            of = [lib.text_object(text_page, i) for i in range(count)]
            hidden |= chars.unseen(of, objects, self._sight(page, place, objects, chars.said(of) if objects.doubted else {}), out)
            if objects.backwards:
                order = {words.handle: n for n, words in enumerate(objects.texts)}
                doubts.update((i, "disordered") for i in chars.disordered(of, order))
            if objects.lying:
                doubts.update(
                    (i, "contradicted") for i, handle in enumerate(of) if handle in objects.lying and codes[i] in DIGITS
                )
            loose = {i for i, handle in enumerate(of) if handle in objects.loose}
        # A hyphen at the end of a line is told with a box of its own making.
        turned = chars.turned(lib, text_page, self.tiny, place.rotation) | hyphens
        out.pieces += pieces_of(
            codes, left, top, right, bottom, generated, hidden, out.width, out.height,
            loose=loose, turned=turned, doubts=doubts, least=self.tiny, tell=out.tell,
        )  # fmt: skip

    def _sight(self, page: Any, place: Placing, objects: Objects, said: dict[int, str]) -> "Sight | None":
        if not objects.doubted:
            return None
        from extractors.readers.pdf_sight import Sight

        boxes = {words.handle: place.box(*objects.bounds(words)) for words in objects.texts if words.handle in objects.doubted}
        # PDFium tells words struck twice once, and need not tell the ones that are seen.
        untold = [w for w in objects.texts if w.handle not in said and w.handle not in objects.unseen]
        twins = {w.handle: place.box(*objects.bounds(w)) for w in untold[:1000]}
        return Sight(self.raw, self.lib, page, place, boxes, twins, said, notes=objects.noted)


@dataclass(frozen=True, slots=True)
class _Chars:
    """A page's characters in the order of its stream, placed on the page as displayed."""

    codes: list[int]
    left: list[float]
    top: list[float]
    right: list[float]
    bottom: list[float]

    def squeezed(self, lib: Any, text_page: int) -> set[int]:
        """Letters and figures without width. A font may tell no widths and still draw, so the glyph itself is looked at."""
        found: set[int] = set()
        codes = self.codes
        narrow = [i for i, wide in enumerate(map(sub, self.right, self.left)) if wide < SLIT and codes[i] > 32]
        edges = (ctypes.c_double * 4)()
        at = [ctypes.addressof(edges) + 8 * k for k in range(4)]
        for i in narrow:
            if chr(codes[i]).isalnum():
                lib.get_char_box(text_page, i, *at)
                if min(edges[1] - edges[0], edges[3] - edges[2]) < SLIT and not self._thin(codes[i], edges[1] - edges[0]):
                    found.add(i)
        return found

    @staticmethod
    def _thin(code: int, wide: float) -> bool:
        """A bare stroke of a letter is narrow by nature."""
        return chr(code) in "1lIi|" and wide > 0.1

    def turned(self, lib: Any, text_page: int, least: float, rotation: int) -> set[int]:
        """Characters of little height that stand on their side: there the width is what a reader would call the height."""
        if min(map(sub, self.bottom, self.top)) >= least:
            return set()
        flat = [i for i, (a, b) in enumerate(zip(self.top, self.bottom, strict=True)) if b - a < least]
        return {
            i
            for i in flat
            if self.right[i] - self.left[i] >= least
            and abs(math.sin(lib.char_angle(text_page, i) + math.radians(rotation))) > 0.7
        }

    def said(self, of: list[int | None]) -> dict[int, str]:
        found: dict[int, list[str]] = {}
        for handle, code in zip(of, self.codes, strict=True):
            if handle is not None and code > 32:
                found.setdefault(handle, []).append(chr(code))
        return {handle: "".join(chars) for handle, chars in found.items()}

    def disordered(self, of: list[int | None], order: dict[int, int]) -> set[int]:
        """Figures whose digits were drawn later than the digit to their right; PDFium tells them as they are seen."""
        digits = [i for i, code in enumerate(self.codes) if code in DIGITS]
        found = set()
        for a, b in pairwise(digits):
            near = -0.5 < self.left[b] - self.right[a] < 0.5 * (self.bottom[b] - self.top[b])
            if b - a <= 2 and (b - a == 1 or self.codes[a + 1] == 32) and near:
                before, after = order.get(of[a] or 0, -1), order.get(of[b] or 0, -1)
                if 0 <= after < before:
                    found |= {a, b}
        return found

    def unseen(self, of: list[int | None], objects: Objects, sight: "Sight | None", out: RawPage) -> set[int]:
        """Characters nobody sees. A point or a dash too faint to be found goes with the rest of its words."""
        found = {i for i, handle in enumerate(of) if handle in objects.unseen}
        for why in dict.fromkeys(objects.unseen[of[i] or 0] for i in sorted(found)):
            out.tell(why)
        if sight is None:
            return found
        faint: dict[int, list[int]] = {}
        lit: set[int] = set()
        for i, handle in enumerate(of):
            if handle is None or handle not in objects.doubted or self.codes[i] <= 32 or chr(self.codes[i]).isspace():
                continue
            if sight.seen(handle, (self.left[i], self.top[i], self.right[i], self.bottom[i])):
                lit.add(handle)
            else:
                faint.setdefault(handle, []).append(i)
        for handle, places in faint.items():
            dark = [i for i in places if handle not in lit or chr(self.codes[i]).isalnum()]
            if dark:
                found.update(dark)
                if any(chr(self.codes[i]).isalnum() for i in dark):
                    out.tell(objects.doubted[handle])
        return found


# -- the document


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    head = max(0, data.find(b"%PDF-"))
    data = data[head:]
    file = File(data)
    burden = weigh(file, limits)
    noticed = list(notices(file, head))
    if burden.circular:
        noticed.append(
            ReaderWarning(WarningCode.REPAIRED, "页面中有图形对象引用自身，已按一次处理，请核对内容，或另存后重新上传。")
        )
    try:
        pages_of = _Pages(data, limits, file)
    except RefusedError as refusal:
        return _otherwise(data, limits, noticed, refusal)
    try:
        noticed += pages_of.warnings + _counted(pages_of, data, file)
        if pages_of.count == 0:
            return _otherwise(data, limits, noticed, RefusedError(Outcome.EMPTY, EMPTY))
        if pages_of.count > limits.pdf_pages:
            refuse(Outcome.LIMIT, over("页数", pages_of.count, limits.pdf_pages))
        raws = [
            RawPage(i + 1, 0.0, 0.0, 0, over=burden.over[i]) if i in burden.over else pages_of.page(i)
            for i in range(pages_of.count)
        ]
        about = _about(pages_of.document)
        edits = resets(pages_of.settings)
    finally:
        pages_of.close()
    saved = states(file)
    if len(saved) > 1 and not file.encrypted:
        last = State(file, len(raws), raws.__getitem__, lambda: None)
        edits += compared(saved, lambda end: _earlier(data[:end], limits), last)
    document = _composed(raws, about, noticed)
    return replace(document, edits=(*document.edits, *edits)[:MOST_EDITS], revisions=saved, signatures=_signed(file))


#: Signatures are checked elsewhere (``extractors.electronic_signatures``); until then nothing is said of them but that they are there.
UNCHECKED: Final = "电子签名尚未验证"


def _signed(file: File) -> tuple[Signature, ...]:
    count = len(_RANGE.findall(file.bones))
    return tuple(Signature("", "unverified", UNCHECKED) for _ in range(min(count, MOST_SIGNATURES)))


_RANGE: Final = re.compile(rb"/ByteRange\s*\[")


def _earlier(data: bytes, limits: Limits) -> State:
    """A file's first bytes, as the file they once were. Raises ``ValueError`` where they are none."""
    try:
        file = File(data)
        if weigh(file, limits).over:
            raise ValueError("too heavy")
        pages = _Pages(data, limits, file)
    except RefusedError as refusal:
        raise ValueError(refusal.message) from None
    return State(file, min(pages.count, limits.pdf_pages), pages.page, pages.close)


def _composed(raws: list[RawPage], about: tuple[tuple[str, str], ...], noticed: list[ReaderWarning]) -> Document:
    for raw in raws:
        arrange(raw)
    return compose(Format.PDF, raws, about, tuple(noticed))


def _counted(pages_of: _Pages, data: bytes, file: File) -> list[ReaderWarning]:
    """Whether the file's page tree, walked by ourselves and in doubt by a second engine, has the pages that PDFium found."""
    found = []
    if pages_of.count < pages_of.claimed:
        found.append(
            ReaderWarning(WarningCode.REPAIRED, f"文件声称有 {pages_of.claimed} 页，实际有 {pages_of.count} 页，请核对原件。")
        )
    if file.told_pages == pages_of.count:
        return found
    own = len(file.pages(pages_of.limits.pdf_pages + 1))
    if own == pages_of.count or (file.encrypted and not own):
        return found
    from extractors.readers import pdf_second

    other = pdf_second.pages(data, most=pages_of.limits.pdf_pages + 1)
    if other != pages_of.count:
        shown = own if other is None else other
        found.append(
            ReaderWarning(
                WarningCode.ENGINES_DIFFER, f"两种程序读出的页数不同：{pages_of.count} 页与 {shown} 页，请用原件核对页数。"
            )
        )
    return found


def _otherwise(data: bytes, limits: Limits, noticed: list[ReaderWarning], refusal: RefusedError) -> Document:
    """What a second engine makes of a file that PDFium finds nothing in. Nothing of it is vouched for: no picture can be set beside it."""
    if refusal.outcome not in (Outcome.CORRUPT, Outcome.EMPTY):
        raise refusal
    from extractors.readers import pdf_second

    raws = pdf_second.read(data, limits)
    if not any(raw.pieces for raw in raws):
        raise refusal
    noticed = [
        *noticed,
        ReaderWarning(
            WarningCode.ENGINES_DIFFER,
            f"两种程序读出的页数不同：0 页与 {len(raws)} 页；文件结构有损坏，文字未经画面核对，请用原软件另存后重新上传。",
        ),
    ]
    return _composed(raws, (), noticed)


def _about(document: Any) -> tuple[tuple[str, str], ...]:
    keys = {
        "Producer": "producer", "Creator": "creator", "Author": "author", "Title": "title", "CreationDate": "created", "ModDate": "modified",
    }  # fmt: skip
    told = document.get_metadata_dict()
    return tuple((name, str(told[key])[:500]) for key, name in keys.items() if told.get(key))
