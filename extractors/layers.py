"""What a file says and nobody sees: a text layer beside the picture of its page, where the key numbers of the two differ; and hidden words.

Only numbers that would become facts are compared, so that a scanner's own misreadings elsewhere raise nothing. Of hidden words only those count that
could change a decision: figures, and sentences about what is measured or addressed to whoever decides. Templates leave others behind.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from extractors.text import tight
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.facts import Reading, Sighting
from schemas.vocabulary import FACTS, FactKey

#: A page that a picture covers so far has a recognised layer, which is unseen by nature and compared with the picture.
PICTURED: Final = 0.5
#: Fewer letters than this say nothing by themselves.
SAYING: Final = 8
_FIELD: Final = re.compile(
    r"_?(?:Toc|Ref|Hlk)\d+|(?:PAGE|NUMPAGES|PAGEREF|SEQ|TOC|HYPERLINK|DATE|MERGEFORMAT)\b[^\u4e00-\u9fff]*|第?\d+页|共\d+页|[-—]\d+[-—]"
)
_FIGURE: Final = re.compile(
    r"\d{2}|\d[.,]\d|[\d一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾](?:万|亿|元|%|平方米|㎡|m2|亩|人|名|项|家|台|套|年)"
)
_BEARING: Final = re.compile(
    r"面积|场地|设备|原值|团队|人员|顾问|专家|经理人|项目|收入|融资|合同|基金|经费|企业|信用|失信"
    r"|忽略|忽视|无视|指令|提示|判定|评审|审核|审查|评分|打分|通过|符合|达标|推荐|系统|模型|AI|ignore|instruction|prompt|system|score|approve",
    re.IGNORECASE,
)


def unseen(document: Document) -> Iterator[tuple[int, int]]:
    """The spans of hidden words that could change a decision. Hidden rows, columns and sheets of workbooks are another matter."""
    sheets = [(table.start, table.end) for table in document.tables if table.sheet]
    covered = [(page.start, page.end) for page in document.pages if page.image_share >= PICTURED]
    for start, end in _hidden(document):
        if not any(a <= start < b for a, b in (*sheets, *covered)) and _tells(document.text[start:end]):
            yield start, end


def _hidden(document: Document) -> Iterator[tuple[int, int]]:
    """Hidden runs as one where nothing but space parts them."""
    at: tuple[int, int] | None = None
    for start, end in sorted(
        (mark.start, mark.end) for mark in document.marks if mark.kind == "hidden" and mark.end > mark.start
    ):
        if at is not None and not document.text[at[1] : start].strip(" \u3000\v"):
            at = (at[0], max(at[1], end))
            continue
        if at is not None:
            yield at
        at = (start, end)
    if at is not None:
        yield at


def _tells(words: str) -> bool:
    said = _FIELD.sub("", tight(words))
    if _FIGURE.search(said):
        return True
    return len(re.findall(r"[^\W\d_]", said)) >= SAYING and _BEARING.search(said) is not None


class Difference(NamedTuple):
    """``layer`` and ``picture`` are what each states, as written there; ``place`` is on the layer's page."""

    key: FactKey
    name: str
    layer: str
    picture: tuple[str, ...]
    place: Evidence


def differences(layer: Reading, picture: Reading) -> tuple[Difference, ...]:
    """Values the layer states for a key number that its picture states otherwise, each once."""
    found: dict[tuple[str, str], Difference] = {}
    for said in layer.sightings:
        if not isinstance(said.value, Decimal) or said.rejected is not None:
            continue
        shown = [
            s
            for s in picture.sightings
            if s.key is said.key and s.period == said.period and s.evidence.page == said.evidence.page
        ]
        if shown and not any(_same(said, s) for s in shown):
            name = FACTS[said.key][1]
            words = tuple(dict.fromkeys(s.as_stated for s in shown if s.rejected is None)) or tuple(
                dict.fromkeys(s.as_stated for s in shown)
            )
            found.setdefault((name, said.as_stated), Difference(said.key, name, said.as_stated, words, said.evidence))
    return tuple(found.values())


def _same(a: Sighting, b: Sighting) -> bool:
    return isinstance(a.value, Decimal) and isinstance(b.value, Decimal) and abs(a.value - b.value) <= max(a.error, b.error)
