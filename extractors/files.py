"""What a document tells of its own making, led back to its places: pictures with their captions, edits, seals and where they are asked for, signatures.

A seal is asked for beside a label (申报单位（盖章）) whose owner is named after it, before it, or not at all. Blocks of the authority ask for the authority's
seal; they are recognised by the words of the block, and nothing is read from them.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from extractors.text import mask, tight
from schemas.document import Box, Document, Edit, Look, Mark, Page
from schemas.evidence import Evidence
from schemas.traces import RevisionEntry, Shot, SignatureEntry, Stamp, Trace

Place = Callable[[int, int], Evidence]

#: How far below or above a picture, in heights of a line of print, its caption stands; how long a caption is.
BELOW, ABOVE, LONG = 3.2, 2.2, 60
#: What an author, a company or a program is called is short.
ABOUT: Final = 200
#: Tracked changes of a document that are kept.
TRACES: Final = 200
_TRACKED: Final = ("inserted", "deleted", "constant", "comment")
_ORGANISATION: Final = (
    r"[\u4e00-\u9fffA-Za-z0-9()（）·]{2,38}(?:公司|大学|学院|研究院|研究所|医院|中心|集团|厂|院|所|局|委员会|事务所|合作社|协会)"
)
_ASKED: Final = re.compile(
    r"(?P<label>[\u4e00-\u9fffA-Za-z()（）·]{2,40}?)?[ \u3000\v]*[（(](?:加盖|需盖|单位|此处|请)?(?:盖单位公章|盖公章|盖单位章|公章|盖章|签章|盖章处|印章)(?:[、，,/及和或]?(?:签字|签名))?[）)]"
    r"[ \u3000\v]*[:：]?[ \u3000\v]*(?P<owner>" + _ORGANISATION + r")?"
)
_AUTHORITY: Final = re.compile(
    r"推荐意见|推荐单位|推荐部门|主管部门|审核意见|审查意见|初审意见|审核单位|审批|归口|科技局|科技厅|行政部门|评审|专家组|受理|区县|区（县）|区\(县\)"
)
_OWN: Final = re.compile(r"(?:承诺|申报|申请|依托|建设|填报|牵头)(?:单位|人|企业|机构|主体)(?:名称|全称)?$")
#: What heads a block of an opinion that is not the applicant's; a commitment may speak of the authority in its sentences.
_OPINION: Final = re.compile(
    r"(?:推荐|审核|审查|初审|评审|审批|主管|归口|受理|科技局|科技厅|专家组?|区县|区\(县\)|管委会|园区)[^。；\n\v]{0,12}(?:意见|结论|情况)"
)
#: How far back the words of a block are looked at, where it is no cell.
BLOCK: Final = 160


def shots(document: Document, place: Place) -> Iterator[Shot]:
    """The document's pictures; those used on page after page, and those behind the words of a page, are its furniture."""
    often: dict[str, set[int]] = defaultdict(set)
    for look in document.looks:
        often[look.digest].add(look.page or look.start)
    lines = _Lines(document)
    for look in document.looks:
        kind = "drawing" if look.kind == "photo" and len(often[look.digest]) > 2 and len(document.looks) > 3 else look.kind
        caption, evidence = _placed(document, look, lines, place)
        yield Shot(
            digest=look.digest, hash=look.hash, kind=kind, entropy=look.entropy, width=look.width, height=look.height,
            caption=mask(caption)[:LONG], evidence=evidence,
        )  # fmt: skip


class _Lines:
    """A document's lines by page, each with its characters, made when first asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pages: dict[int, list[tuple[float, float, int, int]]] | None = None

    def on(self, page: int) -> list[tuple[float, float, int, int]]:
        if self._pages is None:
            self._pages = defaultdict(list)
            d = self._document
            ends = [*d.run_start[1:], len(d.text)]
            for k, (start, end) in enumerate(zip(d.run_start, ends, strict=True)):
                self._pages[d.run_page[k]].append((d.run_top[k], d.run_bottom[k], start, end))
        return self._pages.get(page, [])

    def near(self, page: int, box: Box) -> str:
        """The words right below a box, else right above it, as far as they stand under or over it."""
        best: tuple[float, str] = (99.0, "")
        for top, bottom, start, end in self.on(page):
            tall = max(1.0, bottom - top)
            below, above = (top - box[3]) / tall, (box[1] - bottom) / tall
            far = below if -0.6 <= below <= BELOW else above + 3.0 if -0.6 <= above <= ABOVE else None
            if far is not None and far < best[0] and (said := self._between(start, end, box)):
                best = far, said
        return best[1]

    def _between(self, start: int, end: int, box: Box) -> str:
        d, slack = self._document, 0.12 * (box[2] - box[0])
        inside = [
            d.text[i]
            for i in range(start, end)
            if d.x0[i] <= d.x1[i] and box[0] - slack <= (d.x0[i] + d.x1[i]) / 2 <= box[2] + slack
        ]
        said = "".join(inside).strip()
        return said if len(said) <= LONG else ""


def _placed(document: Document, look: Look, lines: _Lines, place: Place) -> tuple[str, Evidence]:
    ident = place(0, 0).document
    if look.page and look.box is not None:
        whole = look.page <= len(document.pages) and _covers(look.box, document.pages[look.page - 1])
        return "" if whole else lines.near(look.page, look.box), Evidence(
            document=ident, page=look.page, bbox=_rounded(look.box), quote=""
        )
    spans = [(b.start, b.end) for b in document.blocks if b.kind in ("paragraph", "heading", "caption")] + [
        (c.start, c.end) for t in document.tables for c in t.cells
    ]
    after = [s for s in sorted(spans) if s[0] >= look.start and s[1] > s[0]]
    inside = [s for s in spans if s[0] <= look.start < s[1]]
    chosen = inside[:1] or [s for s in after[:1] if s[1] - s[0] <= LONG]
    if not chosen:
        return "", place(look.start, look.start)
    start, end = chosen[0]
    said = document.text[start:end].strip()
    return (said if len(said) <= LONG else ""), place(start, min(end, start + LONG))


def _covers(box: Box, page: Page) -> bool:
    return (box[2] - box[0]) * (box[3] - box[1]) > 0.6 * page.width * page.height


def traces(document: Document, place: Place) -> Iterator[Trace]:
    """Edits and tracked changes, each with its place."""
    lines = _Lines(document)
    ident = place(0, 0).document
    for edit in document.edits[:TRACES]:
        quote = _within(document, lines, edit)
        if edit.kind == "patched" and len(re.findall(r"\d", quote)) < 2:
            continue
        evidence = Evidence(document=ident, page=edit.page, bbox=_rounded(edit.box), quote=mask(quote))
        yield Trace(kind=edit.kind, before=mask(edit.before), after=mask(edit.after), words=edit.words, evidence=evidence)
    marks = [mark for mark in document.marks if mark.kind in _TRACKED]
    for mark in marks[:TRACES]:
        yield _tracked(document, mark, place)


def _tracked(document: Document, mark: Mark, place: Place) -> Trace:
    said = mask(document.text[mark.start : mark.end])
    words, before = mask(mark.words), ""
    if mark.kind in ("deleted", "constant"):
        before, words = words, ""
    return Trace(
        kind=mark.kind,
        before=before,
        after=said,
        words=words if mark.kind == "comment" else "",
        evidence=place(mark.start, mark.end),
    )


def _within(document: Document, lines: _Lines, edit: Edit) -> str:
    """The document's words in a box of a page."""
    left, top, right, bottom = edit.box
    said = []
    for up, down, start, end in lines.on(edit.page):
        if top <= (up + down) / 2 <= bottom or up <= (top + bottom) / 2 <= down:
            said += [
                document.text[i]
                for i in range(start, end)
                if document.x0[i] <= document.x1[i] and left - 0.5 <= (document.x0[i] + document.x1[i]) / 2 <= right + 0.5
            ]
    return "".join(said)[:LONG]


def stamps(document: Document, place: Place) -> Iterator[Stamp]:
    """Seals on pages read from their pictures, and where these pages ask for one. Other pages have none to be seen."""
    tones = _tones(document)
    if not tones:
        return
    prints = {mark.start: mark.words for mark in document.marks if mark.kind == "print"}
    for mark in document.marks:
        if mark.kind == "seal":
            at = bisect_right(document.run_start, mark.start) - 1
            sure = document.confidence[at] if document.confidence and at >= 0 else 1.0
            evidence = place(mark.start, mark.end).model_copy(update={"quote": ""})
            tone = tones.get(evidence.page or 0, "")
            yield Stamp(
                asked=False, words=mark.words, confidence=round(float(sure), 3), print=prints.get(mark.start, ""), tone=tone, evidence=evidence
            )  # fmt: skip
    for page in document.pages:
        if page.number in tones:
            for match in _ASKED.finditer(document.text, page.start, page.end):
                if (stamp := _asked(document, match, page.start, place)) is not None:
                    yield stamp.model_copy(update={"tone": tones[page.number]})


def scanned(document: Document) -> tuple[int, ...]:
    """The pages read from their pictures."""
    return tuple(page for page, _ in sorted(_tones(document).items()))


def _tones(document: Document) -> dict[int, str]:
    starts = {page.start: page.number for page in document.pages}
    return {starts[mark.start]: mark.words for mark in document.marks if mark.kind == "scan" and mark.start in starts}


def _asked(document: Document, match: "re.Match[str]", begin: int, place: Place) -> Stamp | None:
    label, owner = tight(match["label"] or ""), tight(match["owner"] or "")
    if not owner and re.fullmatch(_ORGANISATION, label):
        owner = label
    cell = next(((c.start, c.end) for t in document.tables for c in t.cells if c.start <= match.start() < c.end), None)
    row = cell if cell is not None else (max(begin, match.start() - BLOCK), match.end())
    around = document.text[row[0] : row[1]].replace("（", "(").replace("）", ")").replace(" ", "")
    named = owner or _OWN.search(label)  # what names whose seal it is counts before the heads around it
    if _AUTHORITY.search(label) or (not named and _OPINION.search(around)):
        return None
    if not label and not owner:
        return None
    return Stamp(asked=True, words=label, owner=owner, evidence=place(match.start(), match.end()))


def signatures(document: Document) -> tuple[SignatureEntry, ...]:
    return tuple(
        SignatureEntry(field=s.field, state=s.state, reason=s.reason, signer=mask(s.signer), at=s.at, whole=s.whole)
        for s in document.signatures
    )


def revisions(document: Document) -> tuple[RevisionEntry, ...]:
    return tuple(RevisionEntry(number=n, bytes=r.end, what=r.what, saved=r.saved) for n, r in enumerate(document.revisions, 1))


def about(document: Document) -> tuple[tuple[str, str], ...]:
    """What the file says of its making, without what it says in words (alternative texts of pictures)."""
    return tuple((name, mask(said)[:ABOUT]) for name, said in document.about if name not in ("alt_text", "text_box", "images"))


def _rounded(box: Box) -> Box:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
