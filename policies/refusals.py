"""Why a policy's data must not be used: every way it can part from the words it rests on, each told in Chinese with its clause."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from policies.source import TOKEN, Source, chinese_day, folded, one_line
from schemas.base import Frozen
from schemas.facts import Equipment, Person, Project
from schemas.policy import (
    TOPICS,
    AllOf,
    AllTests,
    AnyOf,
    AnyTest,
    AtLeast,
    Clause,
    Comparator,
    Compare,
    CountRows,
    Covers,
    Declared,
    Judgement,
    Matches,
    Period,
    Policy,
    Present,
    Requirement,
    Rows,
    RowTest,
    Says,
    Sections,
    Share,
    When,
    number,
)
from schemas.vocabulary import FACTS, FactKey, Unit

#: How a policy may write a unit, and how many of ours that is.
UNIT_WORDS: Final[dict[Unit | None, dict[str, Decimal]]] = {
    Unit.M2: {"平方米": Decimal(1), "m2": Decimal(1), "公顷": Decimal(10000)},
    Unit.WAN_YUAN: {"万元": Decimal(1), "亿元": Decimal(10000), "千元": Decimal("0.1"), "元": Decimal("0.0001")},
    Unit.PERSONS: dict.fromkeys(("人", "名", "位"), Decimal(1)),
    Unit.ITEMS: dict.fromkeys(("项", "个", "次"), Decimal(1)),
    Unit.ENTERPRISES: dict.fromkeys(("家", "个"), Decimal(1)),
    Unit.PERCENT: {"%": Decimal(1)},
    Unit.YEARS: {"年": Decimal(1)},
    None: dict.fromkeys(("个", "项", "家", "人"), Decimal(1)),
}
BEFORE: Final[dict[Comparator, str]] = {
    Comparator.AT_LEAST: "不少于|不低于|不小于|至少|达到|达",
    Comparator.AT_MOST: "不超过|不多于|不高于|最多",
    Comparator.ABOVE: "突破|(?<!不)超过|大于|(?<!不)高于|(?<!不)多于",
    Comparator.BELOW: "(?<!不)低于|(?<!不)少于|不满|(?<!不)小于",
}
AFTER: Final[dict[Comparator, str]] = {
    Comparator.AT_LEAST: r"\(含\)?以上|以上|及以上",
    Comparator.AT_MOST: "以内|以下",
    Comparator.ABOVE: "(?!)",
    Comparator.BELOW: "(?!)",
}
PERIOD_WORDS: Final[dict[Period, str]] = {
    Period.PREVIOUS_YEAR: "上年度|上一年度",
    Period.MEAN: "年均|平均",
    Period.TOTAL: "累计|合计|总额",
    Period.EACH_YEAR: "每年|各年",
    Period.LATEST: "最近",
}
SOFT: Final = "一般|原则上"
DIGITS: Final = "零一二三四五六七八九"


def problems(policy: Policy, source: Source) -> Iterator[str]:
    names = [clause.name for clause in policy.clauses]
    yield from (f"条款 {name}：名字重复" for name in sorted({name for name in names if names.count(name) > 1}))
    titles = [clause.title for clause in policy.clauses]
    yield from (f"标题“{title}”用于几个条款" for title in sorted({title for title in titles if titles.count(title) > 1}))
    for clause in policy.clauses:
        yield from (f"条款 {clause.name}：{problem}" for problem in _clause_problems(clause, source))
    for material in policy.materials:
        if problem := _misquoted(material.quote, material.article, source):
            yield f"材料 {material.name}：{problem}"
        elif folded(material.name) not in folded(material.quote):
            yield f"材料 {material.name}：名称不在所引条文中"
    if problem := _misquoted(policy.duty.quote, policy.duty.article, source):
        yield f"区县职责：{problem}"
    yield from _date_problems(policy, source)
    yield from _left_out(policy, source)


def _date_problems(policy: Policy, source: Source) -> Iterator[str]:
    if policy.draft and (policy.effective_from or policy.effective_to):
        yield "征求意见稿不应有施行日期"
    if not policy.draft and policy.effective_from is None:
        yield "已印发的政策须写明施行日期 effective_from"
    if policy.effective_from and policy.effective_to and policy.effective_to < policy.effective_from:
        yield "失效日期早于施行日期"
    for day in (policy.effective_from, policy.effective_to):
        if day and chinese_day(day) not in source.text:
            yield f"日期 {day.isoformat()} 不在政策原文中"


def _misquoted(quote: str, article: str, source: Source) -> str | None:
    place = source.find(article)
    if place is None:
        return f"原文中没有 {article}"
    if source.spans(quote, place) is None:
        return f"引文不在原文 {article} 中：{one_line(quote)[:40]}"
    return None


def _clause_problems(clause: Clause, source: Source) -> Iterator[str]:
    if problem := _misquoted(clause.quote, clause.article, source):
        yield problem
    for requirement, words, article in _walk(clause.requirement, clause.quote, clause.article):
        if requirement.quote and (problem := _misquoted(requirement.quote, article, source)):
            yield problem
        yield from _requirement_problems(requirement, words, clause)
    for waiver in clause.waivers:
        if folded(waiver.quote) not in folded(clause.quote):
            yield f"例外的引文不在条款引文中：{waiver.quote}"


def _walk(requirement: Requirement, quote: str, article: str) -> Iterator[tuple[Requirement, str, str]]:
    """Each requirement with the words and the article it rests on: its own where it has them, else those of what holds it."""
    words, where = requirement.quote or quote, requirement.article or article
    yield requirement, words, where
    for inner in _inner(requirement):
        yield from _walk(inner, words, where)


def _inner(requirement: Requirement) -> tuple[Requirement, ...]:
    match requirement:
        case AnyOf() | AllOf() | AtLeast():
            return requirement.of
        case When():
            rest = (requirement.otherwise,) if requirement.otherwise else ()
            return (requirement.condition, requirement.then, *rest)
        case _:
            return ()


def _requirement_problems(requirement: Requirement, quote: str, clause: Clause) -> Iterator[str]:
    words = folded(quote)
    match requirement:
        case Compare():
            yield from _compare_problems(requirement, words, clause)
        case Share():
            yield from _bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
            if requirement.unit is not Unit.PERCENT:
                yield "占比的单位应为 %"
            yield from _side_problems(requirement.numerator)
            yield from _side_problems(requirement.denominator)
        case CountRows():
            yield from _bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
            yield from _side_problems(requirement.rows)
            for field in _fields(requirement.base) if requirement.base else ():
                yield from _field_problems(requirement.rows.roster, field)
        case Covers():
            yield from (f"类别“{item}”不在引文中" for item in requirement.categories if item not in words)
            yield from _field_problems(requirement.roster, requirement.field)
            yield from _topic_problems(requirement.topics)
        case Declared():
            if not _has_window(requirement.window.years, words):
                yield f"近{requirement.window.years}年的期限不在引文中"
            if FACTS[requirement.key][0] is not None:
                yield f"{requirement.key.value} 是数值，不能用作声明"
        case Matches():
            yield from _pattern_problems(requirement, words)
        case Sections():
            yield from (f"要点“{item}”不在引文中" for item in requirement.sections if item not in words)
            yield from _topic_problems(requirement.topics)
        case Judgement() | Present():
            yield from _topic_problems(requirement.topics)
        case AtLeast():
            if requirement.n > len(requirement.of):
                yield f"共{len(requirement.of)}项，不能要求{requirement.n}项"
        case _:
            return


def _compare_problems(requirement: Compare, words: str, clause: Clause) -> Iterator[str]:
    unit = FACTS[requirement.key][0]
    if requirement.unit is not unit:
        yield f"{requirement.key.value} 的单位应为 {unit.value if unit else '空'}，写的是 {requirement.unit.value if requirement.unit else '空'}"
        return
    yield from _bound_problems(requirement.threshold, unit, requirement.comparator, words)
    if requirement.boundary == "open":
        if requirement.comparator not in (Comparator.ABOVE, Comparator.BELOW):
            yield "界限不明（boundary: open）只用于“突破”“超过”一类"
        if clause.reading is None:
            yield "界限不明（boundary: open）须写明理解（reading）"
    if requirement.soft and not re.search(SOFT, words):
        yield "引文中没有“一般”“原则上”，不能放宽（soft）"
    if requirement.soft and clause.reading is None:
        yield "放宽（soft）须写明理解（reading）"
    if requirement.period is not Period.ANY and not re.search(PERIOD_WORDS[requirement.period], words) and clause.reading is None:
        yield f"期间 {requirement.period.value} 不在引文中，也没有写明理解（reading）"
    if requirement.window and not _has_window(requirement.window.years, words):
        yield f"近{requirement.window.years}年的期限不在引文中"


def _bound_problems(threshold: Decimal, unit: Unit | None, comparator: Comparator, words: str) -> Iterator[str]:
    found = [(start, end) for start, end, value in _numbers(words, unit) if value == threshold]
    if not found:
        yield f"门槛 {number(threshold)}{unit.value if unit else ''} 不在引文中"
        return
    before, after = re.compile(f"(?:{BEFORE[comparator]}).{{0,2}}$"), re.compile(AFTER[comparator])
    if not any(before.search(words[:start]) or after.match(words[end:]) for start, end in found):
        yield f"引文中 {number(threshold)} 前后的用词与 {comparator.value} 不符"


def _numbers(words: str, unit: Unit | None) -> Iterator[tuple[int, int, Decimal]]:
    """Every number followed by a word for the unit, in our unit: ``(start, end, value)``."""
    scales = UNIT_WORDS[unit]
    units = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    for found in re.finditer(rf"(?<![\d.])(\d+(?:\.\d+)?|[{DIGITS}两十百]+)({units})", words):
        value = Decimal(found[1]) if found[1][0].isascii() else _chinese(found[1])
        if value is not None:
            yield found.start(), found.end(), value * scales[found[2]]


def _chinese(text: str) -> Decimal | None:
    """汉字 numerals below a thousand, as policies write them.

    >>> _chinese("十二"), _chinese("两"), _chinese("三百")
    (Decimal('12'), Decimal('2'), Decimal('300'))
    """
    total, digit = 0, 0
    for character in text.replace("两", "二"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            return None
    return Decimal(total + digit)


def _has_window(years: int, words: str) -> bool:
    return any(_number_of(found) == years for found in re.findall(rf"近(\d+|[{DIGITS}两十]+)年", words))


def _number_of(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() else _chinese(text)


def _pattern_problems(requirement: Matches, words: str) -> Iterator[str]:
    try:
        re.compile(requirement.pattern)
    except re.error as error:
        yield f"名称的式样写错了：{error}"
        return
    fixed = re.split(r"x+|\(.*?\)", folded(requirement.form), flags=re.IGNORECASE)
    yield from (f"名称中的“{piece}”不在引文中" for piece in fixed if piece and piece not in words)
    if any(piece and piece not in requirement.pattern for piece in fixed):
        yield "名称的式样与所写形式不符"


_ROSTER_ROWS: Final[dict[str, type[Frozen]]] = {"team": Person, "advisors": Person, "equipment": Equipment, "projects": Project}


def _side_problems(side: Rows | FactKey) -> Iterator[str]:
    if isinstance(side, Rows) and side.where is not None:
        for field in _fields(side.where):
            yield from _field_problems(side.roster, field)


def _fields(test: RowTest) -> Iterator[str]:
    if isinstance(test, AnyTest | AllTests):
        for inner in test.of:
            yield from _fields(inner)
    else:
        yield test.field


def _field_problems(roster: str, field: str) -> Iterator[str]:
    if field not in _ROSTER_ROWS[roster].model_fields:
        yield f"清单 {roster} 没有 {field} 这一栏"


def _topic_problems(topics: tuple[str, ...]) -> Iterator[str]:
    yield from (f"不认识的主题 {topic}" for topic in topics if topic not in TOPICS)


def _left_out(policy: Policy, source: Source) -> Iterator[str]:
    """Numbered pieces no clause cites, and words of them no clause quotes: a requirement forgotten is worse than one misread."""
    cited = set(_cited(policy))
    covered = _covered(policy, source)
    for scope in policy.scope:
        article = source.find(scope)
        if article is None:
            yield f"原文中没有 {scope}"
            continue
        for piece in source.below(article) or (article,):
            if piece.path not in cited:
                yield f"原文 {''.join(piece.path)} 没有对应的条款"
        for piece in source.below(article) or (article,):
            inner = source.below(piece)
            end = min((child.start for child in inner), default=piece.end)
            for words in _uncovered(source.text[piece.start : end], covered[piece.start : end]):
                yield f"原文 {''.join(piece.path)} 有未引用的文字：{words}"


def _cited(policy: Policy) -> Iterator[tuple[str, ...]]:
    for clause in policy.clauses:
        yield tuple(TOKEN.findall(folded(clause.article)))
        for requirement, _, article in _walk(clause.requirement, clause.quote, clause.article):
            yield tuple(TOKEN.findall(folded(article)))
            if isinstance(requirement, CountRows) and requirement.rows.where:
                yield from (tuple(TOKEN.findall(folded(item))) for item in _articles(requirement.rows.where))


def _articles(test: RowTest) -> Iterator[str]:
    if isinstance(test, AnyTest | AllTests):
        for inner in test.of:
            yield from _articles(inner)
    if isinstance(test, Says | AllTests) and test.article:
        yield test.article


def _covered(policy: Policy, source: Source) -> bytearray:
    marks = bytearray(len(source.text))
    for clause in policy.clauses:
        place = source.find(clause.article)
        for start, end in (place and source.spans(clause.quote, place)) or []:
            marks[start:end] = b"\x01" * (end - start)
    for scope in policy.scope:
        place = source.find(scope)
        for quote in policy.unasked:
            for start, end in (place and source.spans(quote, place)) or []:
                marks[start:end] = b"\x01" * (end - start)
    return marks


#: A piece may open with its number and a heading of a few words (场地设备。).
_HEADING = re.compile(r"(?:\([^)]{1,3}\)|\d{1,2}\.|第.{1,3}条)?(?:[^。;:]{2,12}[。:])?")
_IDLE = re.compile(r"[,。;:、并或且“”]*")


def _uncovered(words: str, marks: bytearray) -> Iterator[str]:
    heading = _HEADING.match(words)
    start = heading.end() if heading and not any(marks[: heading.end()]) else 0
    if heading and start == 0:
        number_only = re.match(r"(?:\([^)]{1,3}\)|\d{1,2}\.)", words)
        start = number_only.end() if number_only else 0
    text = "".join(character if not mark else "\0" for character, mark in zip(words[start:], marks[start:], strict=True))
    yield from (piece for piece in text.split("\0") if not _IDLE.fullmatch(piece))
