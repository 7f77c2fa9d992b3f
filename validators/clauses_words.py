"""Things that are there, statements, papers and passages: what is decided or shown without a threshold."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import FactValue
from schemas.policy import TOPICS, Attachment, Declared, Judgement, Present, Sections
from schemas.vocabulary import FACTS, DocumentStatus, FactStatus, Verdict
from validators import messages
from validators.clauses_ruling import (
    PASSAGES_SHOWN,
    Ruling,
    Side,
    decide,
    excerpt,
    not_stated,
    observe,
    of_key,
    of_period,
    short,
    side_of,
    tell,
    tight,
)


def present(requirement: Present, quote: str, case: Case) -> Ruling:
    stated = of_key(requirement.key, case)
    if stated.facts or stated.derived:
        return decide(stated, _is_there, quote, case)
    passages = passages_on(requirement.topics, case, says=_AFFIRMS, unless=quote)
    if passages:
        reason = f"没有查到写明的{FACTS[requirement.key][1]}，有关文字见{messages.places(passages, case)}，是否符合“{short(quote)}”须人工判断。"
        return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)
    return not_stated(case)


def _is_there(value: FactValue) -> Side:
    if isinstance(value, bool):
        return side_of(value)
    return side_of(value > 0 if isinstance(value, Decimal) else bool(value))


def declared(requirement: Declared, quote: str, case: Case) -> Ruling:
    """A statement covers the clause where its own window is as long or longer; one without a window is put before a person."""
    stated = of_key(requirement.key, case)
    facts = stated.facts
    if not facts:
        passages = passages_on(("credit",), case, says=_DENIES, unless=quote)
        if passages:
            reason = f"没有读到明确的声明，有关文字见{messages.places(passages, case)}，是否符合“{short(quote)}”须人工判断。"
            return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)
        return not_stated(case)
    whole = decide(stated, lambda value: side_of(value is True), quote, case)
    if whole.verdict is not Verdict.MET:
        return whole
    windows = {fact.id: _window(fact.period) for fact in facts if fact.status is FactStatus.ACCEPTED}
    if any(years is not None and years >= requirement.window.years for years in windows.values()):
        return whole
    told, observed = tell(facts, case), observe(facts, case)
    if any(years is None for years in windows.values()):
        reason = f"{told}，但没有写明是近几年，是否涵盖“{short(quote)}”要求的近{requirement.window.years}年，须人工判断。"
        return Ruling(Verdict.JUDGEMENT, reason, observed, facts)
    longest = max(years for years in windows.values() if years is not None)
    reason = f"{told}，声明的期限为近{longest}年，短于“{short(quote)}”要求的近{requirement.window.years}年，须补充或人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, observed, facts)


def _window(period: str | None) -> int | None:
    found = re.search(r"近?([0-9一二两三四五六七八九十]+)(?:个)?年", unicodedata.normalize("NFKC", period or ""))
    if not found:
        return None
    text = found[1].replace("两", "二")
    if text.isascii():
        return int(text)
    return "一二三四五六七八九十".index(text) + 1 if len(text) == 1 else None


def attachment(requirement: Attachment, case: Case) -> Ruling:
    found = [document for document in case.documents if requirement.role in (*document.roles, document.role)]
    names = "、".join(messages.document_name(document.id, case) for document in found)
    if any(document.status is DocumentStatus.READ for document in found):
        return Ruling(Verdict.MET, f"已附{requirement.name}：{names}。", names)
    if found:
        return Ruling(Verdict.UNCLEAR, f"附有{names}，但没有（完整）读取，须人工核对。", names)
    return not_stated(case, f"（{requirement.name}）")


def sections(requirement: Sections, case: Case) -> Ruling:
    """Shown, never counted: a section's name often stands in a heading above the words shown, so none is said to lack."""
    passages = passages_on(requirement.topics, case, says=_MORE_THAN_A_FIGURE)
    document = any(requirement.role in (*entry.roles, entry.role) for entry in case.documents)
    name = "" if document else "没有识别出单独的方案文件；"
    asked = "、".join(requirement.sections)
    if not passages:
        lack = f"{name}没有检出关于{asked}的文字，请查阅材料；是否完善须人工判断。"
        return Ruling(Verdict.JUDGEMENT, lack, "没有检出有关文字")
    reason = f"{name}有关文字见{messages.places(passages, case)}；{asked}是否齐全、完善，须人工判断。"
    return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)


def judgement(requirement: Judgement, case: Case) -> Ruling:
    passages = passages_on(requirement.topics, case)
    facts = tuple(fact for key in requirement.keys for fact in of_key(key, case).facts)
    head = f"条文没有可以计算的标准，须人工判断：{requirement.asks}。"
    values = "；".join(f"{FACTS[fact.key][1]}{of_period(fact)}{messages.shown(fact.value, fact.unit)}" for fact in facts)
    shown = f"材料写明{values}。" if values else ""
    if passages:
        observed = values or excerpt(passages)
        return Ruling(Verdict.JUDGEMENT, f"{head}{shown}有关文字见{messages.places(passages, case)}。", observed, facts, passages)
    named = "、".join(TOPICS[topic][0] for topic in requirement.topics if topic in TOPICS)
    lack = f"没有检出关于{named}的文字，请查阅材料。" if named and not values else ""
    return Ruling(Verdict.JUDGEMENT, f"{head}{shown}{lack}", values or "没有检出有关文字", facts)


#: A form's own label (投资基金规模（万元）：) holds a topic's words, too; only words that say something speak for the applicant.
_AFFIRMS: Final = re.compile(r"设立|设有|拥有|建有|建立|建成|组建|聘|配备|签订|共建|合作|投入|安排|落实|入库")
_DENIES: Final = re.compile(r"(未|没有|不存在|无)[^是否。;]{0,16}(失信|违法|事故|不良)")
_MORE_THAN_A_FIGURE: Final = re.compile(r"\D{4}")
_LABEL: Final = re.compile(r"\((万元|元|人|项|个|家)\):?$|[::]$")
PEOPLE: Final = re.compile(r"界[^。;]{0,8}(\d+|[一二三四五六七八九十]+)(人|名|位)|构成|组成|界别")


def passages_on(
    topics: Sequence[str], case: Case, *, says: re.Pattern[str] | None = None, unless: str = ""
) -> tuple[Evidence, ...]:
    """Passages on these topics in reading order. ``says`` keeps those whose words match, ``unless`` drops the policy's own words, pasted."""
    own = tight(unless)
    found = []
    for reading in case.readings:
        for passage in reading.passages:
            words = tight(passage.evidence.quote)
            if passage.topic not in topics or (own and own in words):
                continue
            if says is None or (says.search(words) and not _LABEL.search(words)):
                found.append(passage.evidence)
    return messages.ordered(found, case)[:PASSAGES_SHOWN]
