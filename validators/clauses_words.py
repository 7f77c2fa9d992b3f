"""Things that are there, statements, papers and passages: what is decided or shown without a threshold."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, FactValue
from schemas.policy import TOPICS, Attachment, Declared, Judgement, Present, Sections
from schemas.report import DocumentEntry
from schemas.vocabulary import FACTS, DocumentStatus, FactKey, FactStatus, Role, Verdict
from validators import messages
from validators.clauses_ruling import (
    LABEL_LENGTH,
    PASSAGES_SHOWN,
    Ruling,
    Side,
    decide,
    excerpt,
    not_stated,
    observe,
    of_key,
    of_period,
    said_at,
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
    if isinstance(value, str):
        return side_of(not _NONE.match(tight(value)))
    return side_of(value > 0 if isinstance(value, Decimal) else bool(value))


def declared(requirement: Declared, quote: str, case: Case) -> Ruling:
    """A statement covers the clause where its own window is as long or longer; one without a window is put before a person."""
    stated = of_key(requirement.key, case)
    if not stated.facts:
        passages = passages_on(("credit",), case, says=_DENIES, unless=quote)
        if passages:
            reason = f"没有读到明确的声明，有关文字见{messages.places(passages, case)}，是否符合“{short(quote)}”须人工判断。"
            return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)
        return not_stated(case)
    whole = decide(stated, lambda value: side_of(value is True), quote, case)
    if whole.verdict is Verdict.NOT_MET and requirement.repairable:
        reason = f"{tell(stated.facts, case)}；条文允许已完成修复的，是否已修复须人工核实。"
        return Ruling(Verdict.UNCLEAR, reason, whole.observed, whole.facts)
    if whole.verdict is not Verdict.MET:
        return whole
    return _long_enough(requirement, stated.facts, quote, case) or _of_whom(requirement, stated.facts, quote, case) or whole


def _long_enough(requirement: Declared, facts: tuple[Fact, ...], quote: str, case: Case) -> Ruling | None:
    """None where an accepted statement reaches back as far as the clause asks. A clause that names no window asks for all time."""
    windows = [_window(fact.period) for fact in facts if fact.status is FactStatus.ACCEPTED]
    wanted = requirement.window.years if requirement.window else None
    if any(years is None for years in windows) if wanted is None else any(years and years >= wanted for years in windows):
        return None
    told, observed = tell(facts, case), observe(facts, case)
    asked = f"近{wanted}年" if wanted else "不限年份"
    if None in windows:
        reason = f"{told}，但没有写明是近几年，是否涵盖“{short(quote)}”要求的{asked}，须人工判断。"
        return Ruling(Verdict.JUDGEMENT, reason, observed, facts)
    longest = max(years for years in windows if years is not None)
    reason = f"{told}，声明的期限为近{longest}年，短于“{short(quote)}”要求的{asked}，须补充或人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, observed, facts)


def _of_whom(requirement: Declared, facts: tuple[Fact, ...], quote: str, case: Case) -> Ruling | None:
    """None where the statement's own words name everyone the clause covers."""
    said = "".join(said_at(fact) for fact in facts if fact.status is FactStatus.ACCEPTED)
    unnamed = [person for person in requirement.covers if person not in said]
    if not unnamed:
        return None
    reason = f"{tell(facts, case)}，声明没有写明包括{'、'.join(unnamed)}，是否符合“{short(quote)}”须人工判断。"
    return Ruling(Verdict.JUDGEMENT, reason, observe(facts, case), facts)


def _window(period: str | None) -> int | None:
    found = re.search(r"近?([0-9一二两三四五六七八九十]+)(?:个)?年", unicodedata.normalize("NFKC", period or ""))
    if not found:
        return None
    text = found[1].replace("两", "二")
    if text.isascii():
        return int(text)
    return "一二三四五六七八九十".index(text) + 1 if len(text) == 1 else None


def attachment(requirement: Attachment, case: Case) -> Ruling:
    found = [document for document in case.documents if _is_of(requirement, document, case)]
    names = "、".join(messages.document_name(document.id, case) for document in found)
    if any(document.status is DocumentStatus.READ for document in found):
        return Ruling(Verdict.MET, f"已附{requirement.name}：{names}。", names)
    if found:
        return Ruling(Verdict.UNCLEAR, f"附有{names}，但没有（完整）读取，须人工核对。", names)
    return not_stated(case, f"（{requirement.name}）")


def _is_of(requirement: Attachment, document: DocumentEntry, case: Case) -> bool:
    """By role, or by a title of its own. The form's titles are left out, since it prints the names of what should be attached."""
    roles = (*document.roles, document.role)
    if requirement.role is not Role.OTHER:
        return requirement.role in roles
    titles = [title for reading in case.readings if reading.document == document.id for title in reading.titles]
    return Role.FORM not in roles and any(tight(word) in tight(title) for word in requirement.titles for title in titles)


def sections(requirement: Sections, case: Case) -> Ruling:
    """Shown, never counted. Of several topics one without a passage is told as not found, which is not to say that the plan lacks it."""
    document = any(requirement.role in (*entry.roles, entry.role) for entry in case.documents)
    name = "" if document else "没有识别出单独的方案文件；"
    asked = "、".join(requirement.sections)
    if len(requirement.topics) > 1:
        told, observed, passages = one_by_one(requirement.topics, case, says=_MORE_THAN_A_FIGURE, role=requirement.role)
        return Ruling(Verdict.JUDGEMENT, f"{name}{told}{asked}是否齐全、完善，须人工判断。", observed, (), passages)
    passages = passages_on(requirement.topics, case, says=_MORE_THAN_A_FIGURE)
    if not passages:
        lack = f"{name}没有检出关于{asked}的文字，请查阅材料；是否完善须人工判断。"
        return Ruling(Verdict.JUDGEMENT, lack, "没有检出有关文字")
    reason = f"{name}有关文字见{messages.places(passages, case)}；{asked}是否齐全、完善，须人工判断。"
    return Ruling(Verdict.JUDGEMENT, reason, excerpt(passages), (), passages)


def judgement(requirement: Judgement, case: Case) -> Ruling:
    facts = tuple(fact for key in requirement.keys for fact in of_key(key, case).facts)
    head = f"条文没有可以计算的标准，须人工判断：{requirement.asks}。"
    values = "；".join(f"{FACTS[fact.key][1]}{of_period(fact)}{messages.shown(fact.value, fact.unit)}" for fact in facts)
    shown = f"材料写明{values}。" if values else ""
    if len(requirement.topics) > 1:
        told, observed, passages = one_by_one(requirement.topics, case)
        return Ruling(Verdict.JUDGEMENT, f"{head}{shown}{told}", values or observed, facts, passages)
    passages = passages_on(requirement.topics, case)
    if passages:
        observed = values or excerpt(passages)
        return Ruling(Verdict.JUDGEMENT, f"{head}{shown}有关文字见{messages.places(passages, case)}。", observed, facts, passages)
    named = "、".join(TOPICS[topic][0] for topic in requirement.topics if topic in TOPICS)
    lack = f"没有检出关于{named}的文字，请查阅材料。" if named and not values else ""
    return Ruling(Verdict.JUDGEMENT, f"{head}{shown}{lack}", values or "没有检出有关文字", facts)


def unread(keys: Sequence[FactKey], quote: str, case: Case) -> Ruling:
    """Nothing reads these facts yet, so that their absence says nothing of the applicant."""
    passages = passages_on(tuple(_TOPIC_OF[key] for key in keys if key in _TOPIC_OF), case, unless=quote)
    where = f"有关文字见{messages.places(passages, case)}；" if passages else "没有检出有关文字，请查阅材料；"
    names = "、".join(FACTS[key][1] for key in keys)
    reason = f"程序尚不读取{names}，{where}是否符合“{short(quote)}”须人工核对。"
    return Ruling(Verdict.UNCLEAR, reason, excerpt(passages) if passages else "程序尚不读取", (), passages)


_TOPIC_OF: Final = {
    FactKey.APPLICANT_ESTABLISHED: "established",
    FactKey.APPLICANT_ADDRESS: "located",
    FactKey.APPLICANT_OFFICE: "located",
    FactKey.APPLICANT_LABORATORY: "located",
    FactKey.APPLICANT_REVENUE: "turnover",
    FactKey.SITE_ADDRESS: "located",
    FactKey.EQUIPMENT_INVESTED: "invested",
    FactKey.TEAM_FULL_TIME: "full_time",
    FactKey.TEAM_FULL_TIME_TECHNICIANS: "full_time",
    FactKey.TEAM_TECHNICIANS: "research_team",
    FactKey.TEAM_QUALIFIED_SHARE: "qualified",
    FactKey.DIRECTOR_YEARS: "lead",
    FactKey.SERVICES_DELIVERED: "recent",
    FactKey.ETHICS_COMMITTEE: "management.ethics",
}
#: How a form says that there is none.
_NONE: Final = re.compile(r"(?:无|否|没有)$|未|没有|暂无|尚未|不(?:具备|设)")
#: A form's own label (投资基金规模（万元）：) holds a topic's words, too; only words that say something speak for the applicant.
_AFFIRMS: Final = re.compile(r"设立|设有|拥有|建有|建立|建成|组建|聘|配备|签订|共建|合作|投入|安排|落实|入库")
_DENIES: Final = re.compile(r"(未|没有|不存在|无)[^是否。;]{0,16}(失信|违法|事故|不良)")
_MORE_THAN_A_FIGURE: Final = re.compile(r"\D{4}")
_LABEL: Final = re.compile(r"\((万元|元|人|项|个|家)\):?$|[::]$")
PEOPLE: Final = re.compile(r"界[^。;]{0,8}(\d+|[一二三四五六七八九十]+)(人|名|位)|构成|组成|界别")


def passages_on(
    topics: Sequence[str],
    case: Case,
    *,
    says: re.Pattern[str] | None = None,
    unless: str = "",
    limit: int | None = PASSAGES_SHOWN,
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
    return messages.ordered(found, case)[:limit]


def one_by_one(
    topics: Sequence[str], case: Case, *, says: re.Pattern[str] | None = None, role: Role | None = None
) -> tuple[str, str, tuple[Evidence, ...]]:
    """Each topic with its best passages, or that none was found: the sentence, the same in short, and all the places."""
    each = max(1, PASSAGES_SHOWN // len(topics))
    first = {entry.id for entry in case.documents if role in (*entry.roles, entry.role)}
    found = {TOPICS[topic][0]: _best(topic, passages_on((topic,), case, says=says, limit=None), first)[:each] for topic in topics}
    lacking = "、".join(name for name, places in found.items() if not places)
    told = [f"{name}见{messages.places(places, case)}" for name, places in found.items() if places]
    shown = "、".join(name for name, places in found.items() if places)
    lack = [f"没有检出关于{lacking}的文字，请查阅材料"] if lacking else []
    observed = "；".join(part for part in (shown and f"检出{shown}", lacking and f"没有检出{lacking}") if part)
    return (
        "；".join([*told, *lack]) + "。",
        observed,
        tuple(dict.fromkeys(place for places in found.values() for place in places)),
    )


def _best(topic: str, places: Sequence[Evidence], first: set[str]) -> list[Evidence]:
    """Those in the document asked for first, then those that say most of the topic's own words, a bare label last; else in reading order."""
    words = TOPICS[topic][1]

    def rank(place: Evidence) -> tuple[bool, bool, int]:
        said = tight(place.quote)
        return place.document not in first, len(said) < LABEL_LENGTH, -sum(word in said for word in words)

    return sorted(places, key=rank)
