"""The applicant's own words, paragraph by paragraph, for comparing packages; what every honest package says is left out.

Left out are the form's instructions and undertakings, words of the policy, and materials whose wording is a template by nature (leases, contracts,
audit reports, licences): two tenants of one landlord share a whole lease. What remains may still be a form's prompt; that is told when
packages are compared, by how many hold it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from extractors.places import Places
from extractors.roles import Segment, role_at
from extractors.text import mask, tight
from schemas.document import Document
from schemas.signature import SignedText
from schemas.vocabulary import Role

ROLES: Final = frozenset({Role.FORM, Role.PLAN, Role.OTHER})
#: Shorter paragraphs are headings, labels and captions; so many characters of a package are kept, a book's worth.
SHORTEST, MOST = 24, 120_000
GRAM: Final = 8
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n\v]*[。！？!?；;\n\v]?")
#: Of a paragraph longer than this the rest is no writing of anybody's.
LONGEST: Final = 10_000
#: Sentences by which a form speaks, not the applicant.
_FORMS_OWN: Final = re.compile(
    r"承诺|声明|如有不实|真实.{0,6}(?:有效|准确|完整)|法律责任|愿(?:意)?承担|填报|填写|填表|填列|如实|栏目?(?:填|中|内|不得)|签字|盖章|公章|复印件|装订|一式|附件清单"
    r"|申报条件|基本条件|条件(?:摘录|提示)|本表|本栏|限\d+字|\d+字(?:以内|左右)|请(?:在|对照|说明|注明|填)|不得空|打“?√|□|☑|以上(?:内容|材料)|特此|推荐意见|审核意见"
    r"|统一社会信用代码|注册资本|^(?:请|简要|简述|概述|说明|阐述|介绍)|应当?(?:说明|包括|包含|明确|提供|附)|须(?:提供|附|说明)|包括但不限于"
    r"|失信|违法|重大安全|环境违法|管理办法|工作指引|根据《|依据《|按照《"
)


@lru_cache(maxsize=8)
def grams(text: str) -> frozenset[str]:
    """The short strings a text is made of, letters and digits only."""
    flat = _plain(text)
    return frozenset(flat[at : at + GRAM] for at in range(len(flat) - GRAM + 1))


def texts(document: Document, parts: tuple[Segment, ...], places: Places, known: frozenset[str]) -> Iterator[SignedText]:
    """The paragraphs and cells in the applicant's own words. ``known`` are the policies' grams."""
    seen: set[str] = set()
    left = MOST
    for start, end in _spans(document):
        end = min(end, start + LONGEST)
        words = document.text[start:end]
        if end - start < SHORTEST or left < 0 or words in seen or role_at(parts, start) not in ROLES:
            continue
        seen.add(words)
        left -= len(words)
        own = tuple(_own(words, known))
        if own:
            yield SignedText(words=mask(words), own=own, evidence=places.evidence(start, end))


def _spans(document: Document) -> Iterator[tuple[int, int]]:
    spans = [(b.start, b.end) for b in document.blocks if b.kind in ("paragraph", "textbox", "caption")]
    spans += [(c.start, c.end) for t in document.tables if not t.sheet for c in t.cells if c.end - c.start >= SHORTEST]
    yield from sorted(spans)


def _own(words: str, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE.finditer(words):
        sentence = match[0]
        if not sentence.strip() or _FORMS_OWN.search(tight(sentence)):
            continue
        flat = _plain(sentence)
        pieces = [flat[at : at + GRAM] for at in range(len(flat) - GRAM + 1)]
        if len(flat) >= 4 and sum(piece in known for piece in pieces) * 3 <= len(pieces):
            yield match.span()


def _plain(text: str) -> str:
    """Letters and digits only: how two writings of one sentence are compared."""
    return re.sub(r"[\W_]+", "", tight(text)).lower()
