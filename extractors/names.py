"""The package's own people: what its lists teach about its other documents.

A list names people; a plan tells what the director did before, a certificate or a letter of appointment proves what the list claims. Nothing but the
list says that 高原 or 王国 is somebody, so the names of the list are looked for and no others. What surprised us: many Chinese names are words
(高原, 白雪, 明亮), and then only the words around them tell; a segmenter with its own dictionary decides those, and is loaded for nothing else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from extractors.sentences import sentences
from extractors.shapes import PERSON
from extractors.text import mask, tight
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.facts import Passage, Person, Reading
from schemas.vocabulary import Role

_HEAD: Final = re.compile(r"^(?:概念验证|中试|本)?(?:中心|平台)?(?:执行)?(?:主任|负责人|总负责人)(?:姓名)?(?:\([^()]*\))?$")
#: Words that tell what somebody did, not only that he is there.
_PAST: Final = re.compile(
    r"从事|经验|经历|曾任|历任|任职|主持|带领|毕业|博士|硕士|教授|研究员|工程师|成果转化|中试|产业化|专利|论文|获奖|[一二三四五六七八九十\d]+余?年"
)
#: Documents that prove what a list says of somebody.
_PROOFS: Final = frozenset({Role.CERTIFICATE, Role.APPOINTMENT, Role.IDENTITY})
#: So many passages a document and person.
_MOST: Final = 3


def mentioned(readings: Sequence[Reading], documents: Mapping[str, Document]) -> list[Reading]:
    """The readings with passages on the director wherever he is spoken of, and with the certificates that name the people of the lists."""
    people = {p.name for r in readings for p in (*r.rosters.team, *r.rosters.advisors) if PERSON.fullmatch(p.name)}
    heads = {p.name for r in readings for p in r.rosters.team if _HEAD.match(p.role or "") and PERSON.fullmatch(p.name)}
    heads |= {
        name for r in readings if Role.FORM in r.roles and r.document in documents for name in _labelled(documents[r.document])
    }
    if not people | heads:
        return list(readings)
    any_name = re.compile("|".join(sorted(map(re.escape, people | heads), key=len, reverse=True)))
    proofs: dict[str, list[Evidence]] = {}
    found = []
    for reading in readings:
        document = documents.get(reading.document)
        if document is None:
            found.append(reading)
            continue
        spoken = list(_spoken(document, any_name))
        if set(reading.roles) & _PROOFS:
            for name, start, end in spoken:
                proofs.setdefault(name, []).append(_place(reading.document, document, start, end))
        told = [
            _place(reading.document, document, s, e)
            for name, s, e in spoken
            if name in heads and _PAST.search(document.text[s:e])
        ]
        passages = [Passage(topic="director", evidence=place) for place in dict.fromkeys(told)][:_MOST]
        found.append(reading.model_copy(update={"passages": (*passages, *reading.passages)}) if passages else reading)
    return [_proved(reading, proofs) for reading in found] if proofs else found


def _labelled(document: Document) -> Iterator[str]:
    """The director as the form's own field names him."""
    for table in document.tables:
        if len(table.cells) > 400:
            continue
        for label, value in zip(table.cells, table.cells[1:], strict=False):
            if label.row == value.row and _HEAD.match(tight(document.text[label.start : label.end])):
                name = tight(document.text[value.start : value.end])
                if PERSON.fullmatch(name):
                    yield name


def _spoken(document: Document, names: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Each sentence that speaks of one of the names: the name, the sentence's span."""
    spans = [(b.start, b.end) for b in document.blocks if b.kind not in ("header", "footer")]
    spans += [(c.start, c.end) for t in document.tables for c in t.cells if c.end - c.start > 12]
    for start, end in sorted(spans):
        text = document.text[start:end]
        if names.search(text) is None:
            continue
        for first, last in sentences(text):
            sentence = text[first:last]
            for match in names.finditer(sentence):
                if _stands(sentence, match.start(), match[0]):
                    yield match[0], start + first, start + last


#: What stands before and after somebody's name.
_BEFORE: Final = re.compile(
    r"(?:^|[，。、；：:,;()（）《》“”\s]|主任|负责人|经理|教授|博士|研究员|院长|所长|主席|老师|由|聘任|聘请|任命|授予|证明)$"
)
_AFTER: Final = re.compile(
    r"^(?:$|[，。、；：:,;()（）《》“”\s]|同志|先生|女士|教授|博士|研究员|主任|等|是|任|为|担任|负责|系|男|女|主持|从事|具有|曾|现|于)"
)


def _stands(sentence: str, at: int, name: str) -> bool:
    """Whether a name is somebody's here and not a word or a piece of one (张三丰收, 高原地区)."""
    before, after = bool(_BEFORE.search(sentence[:at])), bool(_AFTER.match(sentence[at + len(name) :]))
    if before and after:
        return True
    words, edges, place = _segmenter(), {0}, 0
    for word in words.cut(sentence, HMM=False):
        place += len(word)
        edges.add(place)
    if at not in edges or at + len(name) not in edges:
        return False
    return before or after or len(name) > 2 or not words.FREQ.get(name)


@cache
def _segmenter() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    words = jieba.Tokenizer()
    words.initialize()
    return words


def _place(ident: str, document: Document, start: int, end: int) -> Evidence:
    quote = mask(document.text[start : min(end, start + 160)])
    if document.paged:
        placed = document.box(start, min(end, start + 160))
        box = tuple(round(v, 2) for v in placed[1]) if placed else None
        return Evidence(document=ident, page=placed[0] if placed else document.page_of(start), bbox=box, quote=quote)
    anchors = [(b.start, b.end, b.anchor) for b in document.blocks if b.start <= start <= b.end]
    anchors += [(c.start, c.end, t.cell_anchor(c)) for t in document.tables for c in t.cells if c.start <= start <= c.end]
    inner = min(anchors, key=lambda one: one[1] - one[0], default=(0, 0, ""))
    if "!" in inner[2]:
        quote = mask(document.text[inner[0] : inner[1]])
    return Evidence(document=ident, anchor=inner[2] or None, quote=quote)


def _proved(reading: Reading, proofs: Mapping[str, list[Evidence]]) -> Reading:
    def told(people: tuple[Person, ...]) -> tuple[Person, ...]:
        return tuple(
            p.model_copy(update={"proofs": tuple(dict.fromkeys(proofs[p.name]))}) if p.name in proofs else p for p in people
        )

    rosters = reading.rosters
    if not rosters.team and not rosters.advisors:
        return reading
    return reading.model_copy(
        update={"rosters": rosters.model_copy(update={"team": told(rosters.team), "advisors": told(rosters.advisors)})}
    )
