"""The fields of running lines: a label and its value in a paragraph or in one cell.

``标签：值``, several side by side; ``【标签】值``; ``标签（值）；``; a label and its value with a gap, dots or a line to write on between; a question and its
answer. What surprised us: a label may hold the mark that parts others (技术开发、许可、转让交易额：), and white space is often all that ends a value.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from extractors.forms import Field, heading_at
from extractors.labels import Meaning, labelish, meaning
from extractors.quantities import quantities
from extractors.text import Folded, fold, tight
from extractors.values import blank, restates
from schemas.document import Block, Document
from schemas.vocabulary import FactKey

#: So long a label is: longer ones are sentences.
_LONGEST: Final = 44
_HARD: Final = "。；;\n！!"
_SOFT: Final = "，,、"
_PART: Final = re.compile(r"(?:其中|含|包括)[:，,]?$")
#: What still belongs to the value before it.
_UNIT: Final = re.compile(r"^(?:万元|亿元|千元|元|平方米|平米|㎡|m2|m²|亩|公顷|人次|人|名|项|个|家|年|月|日|%)")
_ASIDE: Final = re.compile(
    r"^(?:不超过|可多选|可填|最多|限|如|注|指|详?见|参见|单位|万元|元|㎡|平方米|人|名|项|个|家|%|含|不含|包括|盖章|签字|公章|全称|必填|选填)|^\d{1,3}[-—~～至到]+\d{1,3}(?:个|项|家|字|种|类)?(?:以内|以上)?$"
)


def line_fields(document: Document, start: int, end: int, *, section: str, unit: str | None = None) -> Iterator[Field]:
    """Every label of a paragraph or cell that ends with a colon or stands in thick brackets, with what follows it."""
    folded = fold(document.text[start:end], start)
    marks = sorted([*_colons(folded), *_bracketed(folded.text)], key=lambda m: m[0])
    for index, (at, value_at, label, sense) in enumerate(marks):
        stop = marks[index + 1][0] if index + 1 < len(marks) else len(folded.text)
        if index + 1 < len(marks) and stop > value_at and folded.text[stop - 1] in "●◆•▪■◇○★":
            apart = stop - 1 == value_at or folded.offsets[stop - 1] - folded.offsets[stop - 2] > 1
            stop -= apart  # the next item's bullet, not a tick behind a word
        value = re.split(r"[|｜│¦]", folded.text[value_at:stop], maxsplit=1)[0]  # an online system's print parts fields so
        stop = value_at + len(value)
        goes_on = sense.key is FactKey.INDUSTRIES and ":" not in value  # a list may part its items by 分号
        cut = re.search(r"。" if goes_on else r"[。；]", value)
        stop = max(value_at, value_at + (cut.start() if cut else len(value)))
        yield Field(
            label, sense, *_trim(folded, value_at, stop), section, sense.unit or unit, "label" if sense.unit else "caption", sense.period,
            sense.plan, "line", *folded.span(at, at + len(label)),
        )  # fmt: skip


def _colons(folded: Folded) -> Iterator[tuple[int, int, str, Meaning]]:
    """Labels before a colon: the longest known one that begins where a value or the line can have ended."""
    text, floor = folded.text, 0
    for match in re.finditer(r":|(?<=[\u4e00-\u9fff)])[?？](?=.)", text):
        at = match.start()
        first = max(floor, at - _LONGEST)
        hard = max((i + 1 for i in range(first, at) if text[i] in _HARD), default=first)
        gaps = [i + 1 for i in range(hard, at) if text[i] in _SOFT or folded.offsets[i + 1] - folded.offsets[i] > 1]
        opens = hard != floor or floor == 0 or _PART.search(text[max(0, floor - 4) : floor])
        starts = [hard, *gaps] if opens else [i for i in gaps if not _UNIT.match(text[i:at])]
        starts = [i for i in starts if text[i] not in "]】〕"]  # what closes the answer before ([ 430 ]平方米)
        for begin in starts:
            sense = meaning(text[begin:at]) if at - begin >= 2 else None
            if sense is not None:
                lead = _PART.search(text[max(0, begin - 4) : begin])
                begin = begin - (lead.end() - lead.start()) if lead and sense.measurand is not None else begin
                label = text[begin:at]
                yield begin, match.end(), label, meaning(label) or sense
                break
        floor = match.end()


def _bracketed(text: str) -> Iterator[tuple[int, int, str, Meaning]]:
    for match in re.finditer(r"\[((?:[^\[\]]|\[[^\[\]]{0,12}\]){2,44})\]:?", text):
        if (sense := meaning(match[1])) is not None and len(re.sub(r"\d|年|度", "", match[1])) > 1:
            yield match.start(), match.end(), match[1], sense


_IN_BRACKETS: Final = re.compile(
    r"^(?P<label>.{2,44}?)\((?P<value>[^()]{1,60})\)(?P<unit>万元|亿元|千元|元|平方米|平米|㎡|m²|m2|亩|人次|人|名|项|个|家|%|年)?[,，、]?$"
)


def bracket_fields(document: Document, start: int, end: int, *, section: str) -> list[Field]:
    """``标签（值）；`` over a whole line: each piece between semicolons ends with the value in brackets."""
    folded = fold(document.text[start:end], start)
    found: list[Field] = []
    for piece in re.finditer(r"(?:[^；;。\n()]|\([^()]*\))+", folded.text):
        match = _IN_BRACKETS.match(piece[0])
        if match is None or ":" in piece[0] or (sense := meaning(match["label"])) is None or not _answers(sense, match["value"]):
            continue
        at = piece.start()
        found.append(
            Field(match["label"], sense, *folded.span(at + match.start("value"), at + match.end("value")), section, match["unit"] or sense.unit, "label",
                  sense.period, sense.plan, "line", *folded.span(at, at + match.end("label")))
        )  # fmt: skip
    return found


_SPOKEN: Final = re.compile(r"^(?P<label>.{2,40}?)(?:分别)?(?:共计|共有|达到|为|是|达)(?P<value>[^:]{1,24})$")


def spoken_fields(document: Document, start: int, end: int, *, section: str) -> list[Field]:
    """``标签为值；标签为值；``: blanks of a running form whose gaps a scan has lost. One such piece alone is a sentence, not a form."""
    folded = fold(document.text[start:end], start)
    found: list[Field] = []
    for piece in re.finditer(r"(?:[^；;。\n()]|\([^()]*\))+", folded.text):
        match = _SPOKEN.match(piece[0])
        sense = meaning(match["label"]) if match else None
        if match is None or sense is None or sense.measurand is None or not _answers(sense, match["value"]):
            continue
        at = piece.start()
        found.append(
            Field(match["label"], sense, *folded.span(at + match.start("value"), at + match.end("value")), section, sense.unit, "label", sense.period,
                  sense.plan, "line", *folded.span(at, at + match.end("label")))
        )  # fmt: skip
    return found if len(found) > 1 else []


_FIGURE: Final = re.compile(r"[\d０-９]+")
_JOINED: Final = re.compile(r"[^；;。\n\v，,()]*(?:\([^()]*\)[^；;。\n\v，,()]*|(?<=\d),(?=\d{3})[^；;。\n\v，,()]*)*")


def joined_fields(document: Document, start: int, end: int, *, section: str) -> list[Field]:
    """``标签数值单位；标签数值单位``: the blanks of a running form typed over, so that nothing parts label and value. Fewer than three are a sentence."""
    if len(_FIGURE.findall(document.text[start:end])) < 3:
        return []
    folded = fold(document.text[start:end], start)
    found: list[Field] = []
    for piece in _JOINED.finditer(folded.text):
        last = (
            next(reversed([q for q in quantities(piece[0]) if q.kind != "year"]), None)
            if any(c.isdigit() for c in piece[0])
            else None
        )
        if last is None or not last.unit or len(piece[0]) - last.end > 1 or not 2 <= last.start <= _LONGEST:
            continue
        label = piece[0][: last.start].rstrip(": ")
        sense = meaning(label)
        if sense is None or sense.measurand is None:
            continue
        at = piece.start()
        found.append(
            Field(label, sense, *folded.span(at + last.start, at + last.end), section, sense.unit, "label", sense.period, sense.plan, "line",
                  *folded.span(at, at + len(label)))
        )  # fmt: skip
    return found if len(found) >= 3 else []


_SAYS: Final = re.compile(r"共计|共有|[为是达]")
_SPOKEN_LINE: Final = re.compile(
    r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.．])*(?P<label>.{2,40}?)(?:分别)?(?:共计|共有|达到|为|是|达)(?P<value>[^:，,]{1,24}?)[；;。]?$"
)


def spoken_lines(document: Document, blocks: Sequence[Block]) -> dict[int, Field]:
    """``（三）标签为数值；`` a line, by where the line begins: four such lines are a form's answers, fewer are sentences."""
    found: dict[int, Field] = {}
    for block in blocks:
        if block.end - block.start > 90 or not _SAYS.search(document.text[block.start : block.end]):
            continue
        folded = fold(document.text[block.start : block.end], block.start)
        match = _SPOKEN_LINE.match(folded.text)
        sense = meaning(match["label"]) if match else None
        if match is None or sense is None or sense.measurand is None or not _answers(sense, match["value"]):
            continue
        found[block.start] = Field(
            match["label"], sense, *folded.span(match.start("value"), match.end("value")), heading_at(document, block.start), sense.unit, "label", sense.period,
            sense.plan, "line", *folded.span(match.start("label"), match.end("label")),
        )  # fmt: skip
    return found if len(found) >= 4 else {}


def _answers(sense: Meaning, value: str) -> bool:
    """Whether what stands in brackets is an answer and no remark on the label."""
    if blank(value) is not None or restates(value) or _ASIDE.match(value):
        return False
    if sense.measurand is not None:
        one = next(iter(quantities(value)), None)
        return one is not None and one.start <= 2 and len(value) - one.end <= 2 and one.kind != "year"
    return sense.key is not None and len(value) >= 2


_REPLY: Final = re.compile(r"^(?:答|回答|答复|填报|填写|A)[:：]\s*|^答\s+")


def stacked_fields(document: Document, blocks: Sequence[Block]) -> dict[int, Field]:
    """Labels on lines of their own, each answered on the line below (``3.1 固定场地面积`` / ``851平方米``; ``…是多少？`` / ``答：12人``), by the label's
    place among the blocks. Four of them, two with figures, make a form; fewer are headings over a text.
    """
    found: dict[int, Field] = {}
    for index, (one, two) in enumerate(pairwise(blocks)):
        label, raw = document.text[one.start : one.end], document.text[two.start : two.end]
        if (
            index - 1 in found
            or not 2 <= len(label.strip()) <= _LONGEST
            or len(raw) > 80
            or label.rstrip().endswith(("。", "；", ";"))
        ):
            continue
        sense = meaning(label)
        if sense is None or sense.key is None:
            continue
        flat = fold(raw, two.start)
        head = _REPLY.match(flat.text)
        tail = len(flat.text) - (flat.text.endswith("。") and len(flat.text) > 1)
        start, end = head.end() if head else 0, tail
        value = flat.text[start:end]
        if not _replies(sense, value):
            continue
        found[index] = Field(
            label.strip(), sense, *flat.span(start, end), heading_at(document, one.start), sense.unit, "label", sense.period, sense.plan, "line", one.start,
            one.end,
        )  # fmt: skip
    figures = sum(field.meaning.measurand is not None for field in found.values())
    return {**found, **_unanswered(document, blocks, found)} if len(found) >= 4 and figures >= 2 else {}


_ITEM: Final = re.compile(r"\s*(?:\d{1,2}(?:[.．]\d{1,2}){1,3}|[(（]?\d{1,2}[)）.、．]|问题?\d{1,3})")


def _unanswered(document: Document, blocks: Sequence[Block], found: dict[int, Field]) -> dict[int, Field]:
    """Numbered labels of such a form with the next numbered line right below them."""
    left: dict[int, Field] = {}
    for index, (one, two) in enumerate(pairwise(blocks)):
        label, below = (document.text[b.start : b.end] for b in (one, two))
        if index in found or index - 1 in found or len(label) > _LONGEST or not _ITEM.match(label):
            continue
        if (sense := meaning(label)) is not None and (_ITEM.match(below) or not below.strip()):
            left[index] = Field(
                label.strip(), sense, one.end, one.end, heading_at(document, one.start), sense.unit, "label", sense.period, sense.plan, "line", one.start, one.end
            )  # fmt: skip
    return left


def _replies(sense: Meaning, value: str) -> bool:
    """Whether a line can be what the label on the line above it asks for."""
    if blank(value) == "nil":
        return True
    if sense.key is FactKey.CREDIT_CLEAN or sense.key is FactKey.APPLICANT_KIND:
        return bool(re.search(r"[□☑☐☒■√●○]", value)) or len(value) <= 12
    return _answers(sense, value) and not (sense.measurand is None and (labelish(value) or "。" in value or ":" in value))


_COVER: Final = frozenset({FactKey.CENTRE_NAME, FactKey.APPLICANT_NAME, FactKey.APPLICATION_DATE})


def cover_field(document: Document, start: int, end: int) -> Field | None:
    """A cover's line whose colon or gap was lost (申报名称昆明市…中心): the longest label it begins with, and the rest."""
    folded = fold(document.text[start:end], start)
    text = folded.text
    for cut in range(min(14, len(text) - 4), 3, -1):
        sense = meaning(text[:cut]) if text[cut] not in ":)" and not any(c.isdigit() for c in text[:cut]) else None
        if sense is not None and sense.key in _COVER:
            rest = cut + len(text[cut:]) - len(text[cut:].lstrip(":"))
            return Field(
                text[:cut], sense, *folded.span(rest, len(text)), "", None, "label", None, False, "line", *folded.span(0, cut)
            )  # fmt: skip
    return None


_PIECE: Final = re.compile(r"[^，；;。\v\n]+")
_GAP: Final = r"(?:[ \u3000\u00a0_]+|[.…·—－]{2,}|[→⇒⟶＝=])+"
_SLOT: Final = re.compile(
    rf"[ \u3000\u00a0_]*(?:[(（]?\d{{1,2}}[)）.、．][ \u3000]*|[●◆•▪][ \u3000]*)?(\S{{2,32}}?){_GAP}(\S.*?)[ \u3000\u00a0_]*$"
)


def slot_fields(document: Document, start: int, end: int, *, section: str) -> list[Field]:
    """Blanks filled in on a line or in a cell (``服务领域 低空经济 ，建设期 2 年。``): a label we know, white space, its value.

    A list of industries may go on after the mark that ends other values; it stops at the next label.
    """
    found: list[Field] = []
    for piece in _PIECE.finditer(document.text[start:end]):
        if several := _columns(piece[0]):
            for told, label, value in several:
                at = start + piece.start()
                found.append(
                    Field(piece[0][slice(*label)], told, at + value[0], at + value[1], section, told.unit, "label", told.period, told.plan, "line",
                          at + label[0], at + label[1])
                )  # fmt: skip
            continue
        match = _SLOT.match(piece[0])
        marked = match is None or re.search(r"(?<!其中)[:：].", match[1]) or re.search(r"(?<!其中)[:：]", match[2])
        sense = None if match is None or marked else meaning(match[1])
        if match and sense is not None:
            at = start + piece.start()
            found.append(
                Field(match[1], sense, at + match.start(2), at + match.end(2), section, sense.unit, "label", sense.period, sense.plan, "line",
                      at + match.start(1), at + match.end(1))
            )  # fmt: skip
        elif (
            found
            and found[-1].meaning.key is FactKey.INDUSTRIES
            and _goes_on(piece[0].strip())
            and len(document.text[found[-1].end : start + piece.start()].strip()) <= 1
        ):
            found[-1] = found[-1]._replace(end=start + piece.start() + len(piece[0].rstrip()))
    return found


#: A word of a line in columns; a narrow page glues a figure to the next label (11项完成中试的项目总计 5项).
_WORD: Final = re.compile(
    r"\d[\d,，.]*(?:万元|亿元|千元|元|平方米|平米|㎡|m²|m2|M2|人次|人|名|项|个|家|%|年)(?=[\u4e00-\u9fff]{3})|\S+"
)


def _columns(piece: str) -> list[tuple[Meaning, tuple[int, int], tuple[int, int]]]:
    """Label and value twice or more on a line, parted by white space alone: each label's meaning, its span and that of what stands before the next."""
    words: list[tuple[int, int]] = []
    if piece.count(" ") + piece.count("\u3000") < 2:
        return []
    for match in _WORD.finditer(piece):
        cut = match.start() + 1 + max(match[0].rfind(")"), match[0].rfind("）"))
        glued = (
            match.start() < cut < match.end() and meaning(match[0]) is None and meaning(piece[match.start() : cut]) is not None
        )
        words += [(match.start(), cut), (cut, match.end())] if glued else [match.span()]
    labels = [
        (n, sense)
        for n, (a, b) in enumerate(words)
        if b - a >= 3 and not re.search(r"(?<!其中)[:：]", piece[a:b]) and (sense := meaning(piece[a:b])) is not None
    ]
    if len(labels) < 2 or labels[0][0] > 1:
        return []
    found = []
    for (n, sense), (after, _) in zip(labels, [*labels[1:], (len(words), None)], strict=True):
        if after - n > 1:
            found.append((sense, words[n], (words[n + 1][0], words[after - 1][1])))
    return found if len(found) >= 2 else []


def _goes_on(piece: str) -> bool:
    bare = tight(piece)
    return 2 <= len(bare) <= 8 and bare == piece and not any(meaning(bare[:cut]) for cut in range(2, len(bare) + 1))


def _trim(folded: Folded, start: int, end: int) -> tuple[int, int]:
    while start < end and folded.text[start] in " ,，、_…·.—-":
        start += 1
    while end > start and folded.text[end - 1] in " ,，、_；;":
        end -= 1
    return folded.span(start, end)
