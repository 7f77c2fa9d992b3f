"""Where values become a verdict: what a clause comes to, the one decision all shapes share, and how it is told."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, FactValue
from schemas.policy import Comparator
from schemas.vocabulary import DocumentStatus, FactKey, FactStatus, Verdict
from validators import messages
from validators.sensitivity import digits_only, turning

PASSAGES_SHOWN: Final = 8
QUOTE_SHOWN: Final = 48
#: A passage shorter than this is most likely a heading or a label; one that says something is shown first.
LABEL_LENGTH: Final = 14

#: Where a value lies: within the bound, beyond it, or exactly on a bound whose wording leaves equality open.
Side: TypeAlias = Literal["pass", "fail", "edge"]
PASS: Final = "pass"
FAIL: Final = "fail"
EDGE: Final = "edge"


class Ruling(NamedTuple):
    """What a requirement comes to; ``reason`` is a whole Chinese sentence, ``observed`` what was found, in short.

    ``parts`` are the alternatives' own results, so that a list of alternatives can be told without places.
    """

    verdict: Verdict
    reason: str
    observed: str = "未见说明"
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[str, ...] = ()

    def brief(self) -> str:
        """Values alone; the places stand in ``reason``."""
        if self.parts:
            return "，".join(self.parts)
        if self.facts:
            return "、".join(messages.shown(fact.value, fact.unit) + of_period(fact) for fact in self.facts)
        return self.observed


class Stated(NamedTuple):
    """The facts that speak to a requirement. ``open`` (Chinese) says why their period does not settle it."""

    facts: tuple[Fact, ...]
    derived: tuple[Fact, ...] = ()
    open: str = ""


def of_key(key: FactKey, case: Case) -> Stated:
    return Stated(
        tuple(fact for fact in case.facts if fact.key is key and not fact.derived),
        tuple(fact for fact in (*case.derived, *case.facts) if fact.key is key and fact.derived),
    )


def decide(
    stated: Stated, side: Callable[[FactValue], Side], quote: str, case: Case, *, soft: bool = False, edge: str = ""
) -> Ruling:
    """The one place where values become a verdict. ``edge`` (Chinese) says what the wording leaves open, other than whether equal is enough."""
    facts = stated.facts or stated.derived
    if not facts:
        return not_stated(case)
    observed = observe(facts, case)
    told = tell(facts, case) if stated.facts else f"材料未直接写明，按清单计算，{tell(facts, case)}"
    sides = {side(fact.value) for fact in facts}
    accepted = [fact for fact in facts if fact.status is FactStatus.ACCEPTED]
    if stated.open:
        return Ruling(Verdict.UNCLEAR, f"{told}，{stated.open}，无法判定是否符合“{short(quote)}”。", observed, facts)
    if len(sides) > 1:
        return Ruling(
            Verdict.UNCLEAR, f"所写数值不一：{told}；有的符合、有的不符合“{short(quote)}”，须人工核对。", observed, facts
        )
    if sides == {EDGE}:
        why = edge or f"恰好等于“{short(quote)}”所写的数值，条文未写明等于是否算达到"
        return Ruling(Verdict.UNCLEAR, f"{told}，{why}，须由审核人决定。", observed, facts)
    if not accepted and len(facts) > 1:
        word = "都符合" if sides == {PASS} else "都不符合"
        return Ruling(
            Verdict.UNCLEAR,
            f"写法不一：{told}；虽{word}“{short(quote)}”，但没有一处可以确认，须人工核对以哪处为准。",
            observed,
            facts,
        )
    if not accepted:
        why = "；".join(dict.fromkeys(fact.reason.rstrip("。") for fact in facts if fact.reason))
        reason = f"{told}，但读取把握不足{f'（{why}）' if why else ''}{_hanging(facts[0], side, quote, case)}，须人工核对。"
        return Ruling(Verdict.UNCLEAR, reason, observed, facts)
    coarse = [fact for fact in facts if _coarse(fact, side)]
    if coarse:
        return Ruling(
            Verdict.UNCLEAR, f"{told}，写法较粗，舍入之前是否符合“{short(quote)}”无法判定，须人工核对。", observed, facts
        )
    against = [
        fact for fact in stated.derived if stated.facts and fact.status is FactStatus.ACCEPTED and side(fact.value) not in sides
    ]
    if against:
        return Ruling(
            Verdict.UNCLEAR,
            f"{told}，而按清单计算，{tell(against, case)}，两者一个符合、一个不符合“{short(quote)}”，须人工核对。",
            observed,
            (*facts, *against),
        )
    other = turning(facts, lambda _, value: side(value) not in sides, case)
    if other:
        word = "符合" if sides == {PASS} else "不符合"
        return Ruling(Verdict.UNCLEAR, hangs(told, word, other, quote), observed, facts)
    if sides == {PASS}:
        return Ruling(Verdict.MET, f"{told}，符合“{short(quote)}”。", observed, facts)
    if soft:
        return Ruling(Verdict.UNCLEAR, f"{told}，超出“{short(quote)}”所写的一般界限，是否认可由审核人判断。", observed, facts)
    return Ruling(Verdict.NOT_MET, f"{told}，不符合“{short(quote)}”。", observed, facts)


def hangs(told: str, word: str, other: str, quote: str) -> str:
    """The reason of a clause that a plausible reading would turn."""
    return f"{told}，按此{word}“{short(quote)}”；但{other}，结果就不同，须人工核对原件。"


def _hanging(fact: Fact, side: Callable[[FactValue], Side], quote: str, case: Case) -> str:
    """For a value of which only the figures are doubted: which reading would turn the verdict, or that none would."""
    if not digits_only(fact, case):
        return ""
    here = side(fact.value)
    other = turning((fact,), lambda _, value: side(value) != here, case)
    if other:
        return f"；{other}，结果就不同"
    return f"；个别数字即使读错，也{'' if here == PASS else '不'}符合“{short(quote)}”" if here != EDGE else ""


def not_stated(case: Case, note: str = "") -> Ruling:
    unread = sum(document.status is not DocumentStatus.READ for document in case.documents)
    hint = f"另有{unread}份文件没有（完整）读取，可能写在其中。" if unread else ""
    return Ruling(Verdict.MISSING, f"已读取的材料中没有查到有关说明{note}，须补充或人工查找。{hint}")


def said_at(fact: Fact) -> str:
    """The document's own words at the places of a fact."""
    return tight(fact.as_stated + "".join(place.quote for place in fact.evidence))


def size_of(value: FactValue) -> Decimal | None:
    if isinstance(value, tuple):
        return Decimal(len(value))
    return value if isinstance(value, Decimal) else None


def holds(value: Decimal, comparator: Comparator, threshold: Decimal) -> bool:
    match comparator:
        case Comparator.AT_LEAST:
            return value >= threshold
        case Comparator.AT_MOST:
            return value <= threshold
        case Comparator.ABOVE:
            return value > threshold
        case Comparator.BELOW:
            return value < threshold


def side_of(holds: bool) -> Side:
    return PASS if holds else FAIL


def _coarse(fact: Fact, side: Callable[[FactValue], Side]) -> bool:
    """Written so roughly (0.02亿元 for anything from 150 to 250万元) that rounding decides. Ordinary rounding to the last digit does not count."""
    if not isinstance(fact.value, Decimal) or fact.error <= 1:
        return False
    return len({side(fact.value - fact.error), side(fact.value), side(fact.value + fact.error)}) > 1


#: Where neither enough is met nor too much fails: what keeps the whole open, first that occurs.
_OPEN: Final = (Verdict.UNCLEAR, Verdict.JUDGEMENT, Verdict.MISSING)


def combined(n: int, verdicts: Sequence[Verdict]) -> Verdict:
    """``n`` of these. What does not apply is left out, and asks for as many fewer where all were asked."""
    left = [verdict for verdict in verdicts if verdict is not Verdict.NOT_APPLICABLE]
    if not left:
        return Verdict.NOT_APPLICABLE
    wanted = min(n, len(left))
    met, failed = left.count(Verdict.MET), left.count(Verdict.NOT_MET)
    if met >= wanted:
        return Verdict.MET
    if len(left) - failed < wanted:
        return Verdict.NOT_MET
    return next(verdict for verdict in _OPEN if verdict in left)


@lru_cache(maxsize=4_000)
def tight(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def short(quote: str) -> str:
    tight = re.sub(r"\s+", "", quote).translate({ord("“"): "‘", ord("”"): "’"})
    return tight if len(tight) <= QUOTE_SHOWN else tight[: QUOTE_SHOWN - 1] + "…"


def excerpt(passages: Sequence[Evidence]) -> str:
    words = [messages.printable(re.sub(r"\s+", "", passage.quote)) for passage in passages]
    first = next((text for text in words if len(text) >= LABEL_LENGTH), words[0])
    cut = first if len(first) <= QUOTE_SHOWN else first[: QUOTE_SHOWN - 1] + "…"
    return f"“{cut}”" + (f"等{len(passages)}处" if len(passages) > 1 else "")


def tell(facts: Iterable[Fact], case: Case) -> str:
    return "；".join(of_period(fact) + messages.stated(fact, case) for fact in facts)


def of_period(fact: Fact) -> str:
    if not fact.period or fact.period == "total":
        return ""
    period = messages.printable(fact.period)
    return f"（{period}年）" if re.fullmatch(r"\d{4}(-\d{4})?", period) else f"（{period}）"


def observe(facts: Sequence[Fact], case: Case) -> str:
    """``387.8㎡（《申报书.pdf》第3页等4处）``; several values side by side."""
    return "；".join(
        f"{of_period(fact)}{messages.shown(fact.value, fact.unit)}（{messages.places(fact.evidence, case, limit=1) or '材料中'}）"
        for fact in facts
    )
