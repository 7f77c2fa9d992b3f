"""Why a policy's data must not be used: every way it can part from the words it rests on, each told in Chinese with its clause."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, get_args

from policies.source import TOKEN, Source, chinese_day, folded, one_line
from policies.wording import (
    bound_problems,
    day_problems,
    number_of,
    per_problems,
    range_problems,
    window_problems,
    window_years,
)
from schemas.base import Frozen
from schemas.facts import Equipment, Person, Project
from schemas.policy import (
    TOPICS,
    Age,
    AllTests,
    Anchor,
    AnyOf,
    AnyTest,
    AtLeast,
    Attachment,
    Between,
    Clause,
    Comparator,
    Compare,
    CountRows,
    Covers,
    Dated,
    Declared,
    Density,
    Exclusive,
    Figure,
    Flagged,
    Growth,
    Judgement,
    Lacks,
    Listed,
    Located,
    Matches,
    OneOf,
    Period,
    Policy,
    Present,
    Relief,
    Requirement,
    Rows,
    RowTest,
    Says,
    Score,
    Sections,
    Share,
    Sized,
    SumRows,
    Within,
    number,
    parts,
)
from schemas.vocabulary import DATES, FACTS, GRADE_NAMES, FactKey, Grade, Role, Unit

PERIOD_WORDS: Final[dict[Period, str]] = {
    Period.PREVIOUS_YEAR: "上年度|上一年度",
    Period.MEAN: "年均|平均",
    Period.TOTAL: "累计|合计|总额",
    Period.EACH_YEAR: "每年|各年",
    Period.LATEST: "最近",
}
ANCHOR_WORDS: Final[dict[Anchor, str]] = {"deadline": "截止", "last_month": "上月底|上月末"}
#: What a clause must name before it may ask for proof that good.
GRADE_WORDS: Final[dict[Grade, str]] = {
    Grade.DECLARED: "(?!)",
    Grade.LIST: "清单|明细|名单|台账|名册|花名册",
    Grade.CONTRACT: "合同|协议|租约",
    Grade.INVOICE: "发票|票据|回单|凭证",
    Grade.AUDIT: "审计|审核报告|鉴证|证书|检测报告|评估报告",
    Grade.GOVERNMENT: "登记|备案|批复|产权证|完税|纳税证明|主管部门出具",
}
SOFT: Final = "一般|原则上"
ALTERNATIVES: Final = "或|之一|任一|任意|其中一|至少一"


def problems(policy: Policy, source: Source) -> Iterator[str]:
    names = [clause.name for clause in policy.clauses]
    yield from (f"条款 {name}：名字重复" for name in sorted({name for name in names if names.count(name) > 1}))
    titles = [clause.title for clause in policy.clauses]
    yield from (f"标题“{title}”用于几个条款" for title in sorted({title for title in titles if titles.count(title) > 1}))
    for clause in policy.clauses:
        yield from (f"条款 {clause.name}：{problem}" for problem in _clause_problems(clause, policy, source))
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
    for day in (policy.effective_from, policy.effective_to, policy.deadline):
        if day and chinese_day(day) not in source.text:
            yield f"日期 {day.isoformat()} 不在政策原文中"


def _misquoted(quote: str, article: str, source: Source) -> str | None:
    place = source.find(article)
    if place is None:
        return f"原文中没有 {article}"
    if source.spans(quote, place) is None:
        return f"引文不在原文 {article} 中：{one_line(quote)[:40]}"
    return None


def _clause_problems(clause: Clause, policy: Policy, source: Source) -> Iterator[str]:
    if problem := _misquoted(clause.quote, clause.article, source):
        yield problem
    for requirement, words, article in _walk(clause.requirement, clause.quote, clause.article):
        if requirement.quote and (problem := _misquoted(requirement.quote, article, source)):
            yield problem
        for item in requirement.items if isinstance(requirement, Score) else ():
            if item.quote and (problem := _misquoted(item.quote, item.article or article, source)):
                yield problem
        yield from _requirement_problems(requirement, folded(words), clause, policy)
    for waiver in clause.waivers:
        if folded(waiver.quote) not in folded(clause.quote):
            yield f"例外的引文不在条款引文中：{waiver.quote}"


def _walk(requirement: Requirement, quote: str, article: str) -> Iterator[tuple[Requirement, str, str]]:
    """Each requirement with the words and the article it rests on: its own where it has them, else those of what holds it."""
    words, where = requirement.quote or quote, requirement.article or article
    yield requirement, words, where
    if isinstance(requirement, Score):
        for item in requirement.items:
            for band in item.bands:
                if band.requirement:
                    yield from _walk(band.requirement, item.quote or words, item.article or where)
        return
    for inner in parts(requirement):
        yield from _walk(inner, words, where)


def _requirement_problems(requirement: Requirement, words: str, clause: Clause, policy: Policy) -> Iterator[str]:
    match requirement:
        case Compare():
            yield from _compare_problems(requirement, words, clause, policy)
        case Between():
            if problem := _wrong_unit(requirement.key, requirement.unit):
                yield problem
            else:
                yield from range_problems(requirement.low, requirement.high, requirement.unit, words)
        case Growth():
            yield from bound_problems(requirement.threshold, Unit.PERCENT, requirement.comparator, words)
            yield from _open_problems(requirement, clause)
            if requirement.unit is not Unit.PERCENT or FACTS[requirement.key][0] is None:
                yield "增长用于数值，单位应为 %"
            if not re.search("增长|增幅|增速", words):
                yield "引文中没有“增长”"
        case Density():
            yield from _density_problems(requirement, words)
        case Age() | Dated():
            yield from _date_of_problems(requirement, words, clause)
            yield from _anchor_problems(requirement.anchor, words, policy)
        case Figure():
            scales = {folded(requirement.unit): Decimal(1)}
            yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words, scales=scales)
            if folded(requirement.what) not in words:
                yield f"“{requirement.what}”不在引文中"
            yield from _topic_problems(requirement.topics)
        case Share():
            yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
            if requirement.unit is not Unit.PERCENT:
                yield "占比的单位应为 %"
            if requirement.period is not Period.ANY and not re.search(PERIOD_WORDS[requirement.period], words):
                yield f"期间 {requirement.period.value} 不在引文中"
            if requirement.period is not Period.ANY and (requirement.key or isinstance(requirement.numerator, Rows)):
                yield "占比的期间（period）只用于两个数值相比"
            yield from _side_problems(requirement.numerator, words, policy)
            yield from _side_problems(requirement.denominator, words, policy)
        case CountRows():
            yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
            yield from _side_problems(requirement.rows, words, policy)
            if requirement.base:
                yield from _test_problems(requirement.base, requirement.rows.roster, words, policy)
        case SumRows():
            yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
            yield from _side_problems(requirement.rows, words, policy)
            yield from _field_problems(requirement.rows.roster, requirement.field, Decimal)
        case Covers():
            yield from _not_in_words("类别", requirement.categories, words)
            yield from _field_problems(requirement.roster, requirement.field, str)
            yield from _topic_problems(requirement.topics)
        case Declared():
            yield from _declared_problems(requirement, words)
        case OneOf():
            if clause.reading is None:
                yield from _not_in_words("取值", requirement.values, words, also="，也没有写明理解（reading）")
        case Listed():
            yield from _not_in_words("所列", requirement.values, words)
            and_others = any(re.search(re.escape(folded(value)) + "[^,。;、]{0,4}等", words) for value in requirement.values)
            if and_others is not requirement.open_ended:
                yield "引文所列以“等”结尾，须写 open_ended: true" if and_others else "引文所列没有“等”，不能写 open_ended"
        case Located():
            yield from _place_problems(requirement, words, clause, policy)
        case Matches():
            yield from _pattern_problems(requirement, words)
        case Attachment():
            if requirement.role is Role.OTHER and not requirement.titles:
                yield f"材料“{requirement.name}”没有 role，也没有 titles，无从认出"
            yield from _not_in_words("材料", (requirement.name,), words)
        case Sections():
            yield from _not_in_words("要点", requirement.sections, words)
            yield from _topic_problems(requirement.topics)
            if len(requirement.topics) > 1:
                told = {TOPICS[topic][0] for topic in requirement.topics if topic in TOPICS}
                yield from (f"要点“{item}”没有对应的主题" for item in requirement.sections if item not in told)
        case Judgement() | Present():
            yield from _topic_problems(requirement.topics)
        case Exclusive():
            if not re.search("不超过|不得|不再|只能|仅|限", words):
                yield "引文中没有“不超过”“不得”一类的限制"
        case AnyOf():
            if not re.search(ALTERNATIVES, words):
                yield "引文中没有“或”“之一”，不能写成任一满足（any_of）"
        case AtLeast():
            yield from _n_problems(requirement, words)
        case Relief():
            percent = re.findall(r"(?:降低|下浮|放宽|减少|下调)[^,。;\d]{0,4}(\d+(?:\.\d+)?)%", words)
            if requirement.percent not in map(Decimal, percent):
                yield f"引文中没有“降低{number(requirement.percent)}%”"
        case Score():
            yield from _score_problems(requirement, words)
        case _:
            return


def _compare_problems(requirement: Compare, words: str, clause: Clause, policy: Policy) -> Iterator[str]:
    if problem := _wrong_unit(requirement.key, requirement.unit):
        yield problem
        return
    yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
    yield from _open_problems(requirement, clause)
    if requirement.soft and not re.search(SOFT, words):
        yield "引文中没有“一般”“原则上”，不能放宽（soft）"
    if requirement.soft and clause.reading is None:
        yield "放宽（soft）须写明理解（reading）"
    if requirement.period is not Period.ANY and not re.search(PERIOD_WORDS[requirement.period], words) and clause.reading is None:
        yield f"期间 {requirement.period.value} 不在引文中，也没有写明理解（reading）"
    if requirement.window:
        yield from window_problems(requirement.window, words)
        yield from _anchor_problems(requirement.window.anchor, words, policy)
        if requirement.period not in (Period.TOTAL, Period.MEAN, Period.EACH_YEAR):
            yield "期限（window）须配合 period: total、mean 或 each_year"
    if requirement.grade and not re.search(GRADE_WORDS[requirement.grade], words):
        yield f"引文没有写明须有{GRADE_NAMES[requirement.grade]}，不能写 grade: {requirement.grade.value}"
    if requirement.excluding:
        yield from _not_in_words("不计入的内容", requirement.excluding, words)
        if not re.search("不纳入|不含|不包括|不计|除|扣除", words):
            yield "引文中没有“不含”“不纳入”一类的话"


def _wrong_unit(key: FactKey, written: Unit | None) -> str | None:
    unit = FACTS[key][0]
    if written is unit:
        return None
    return f"{key.value} 的单位应为 {unit.value if unit else '空'}，写的是 {written.value if written else '空'}"


def _open_problems(requirement: Compare | Growth, clause: Clause) -> Iterator[str]:
    if requirement.boundary == "open":
        if requirement.comparator not in (Comparator.ABOVE, Comparator.BELOW):
            yield "界限不明（boundary: open）只用于“突破”“超过”一类"
        if clause.reading is None:
            yield "界限不明（boundary: open）须写明理解（reading）"


def _density_problems(requirement: Density, words: str) -> Iterator[str]:
    if problem := _wrong_unit(requirement.numerator, requirement.unit):
        yield problem
        return
    yield from bound_problems(requirement.threshold, requirement.unit, requirement.comparator, words)
    yield from per_problems(requirement.per, FACTS[requirement.denominator][0], words)


def _date_of_problems(requirement: Age | Dated, words: str, clause: Clause) -> Iterator[str]:
    if requirement.key not in DATES:
        yield f"{requirement.key.value} 不是日期"
    if isinstance(requirement, Age):
        scales = {"年": Decimal(1), "周年": Decimal(1)} if requirement.unit == "年" else dict.fromkeys(("个月", "月"), Decimal(1))
        yield from bound_problems(Decimal(requirement.threshold), requirement.unit, Comparator.AT_LEAST, words, scales=scales)
        return
    if requirement.day:
        yield from day_problems(requirement.day, requirement.comparator, words)
        if clause.reading is None:
            yield "某日以前（以后）是否含当日，须写明理解（reading）"
    elif not re.search("有效期|期限|租期|租赁期|到期|届满|以前|之前|以后|之后", words):
        yield "引文中没有“有效期”“以前”一类的话"


def _anchor_problems(anchor: Anchor, words: str, policy: Policy) -> Iterator[str]:
    if anchor in ANCHOR_WORDS and not re.search(ANCHOR_WORDS[anchor], words):
        yield f"起算日 {anchor} 不在引文中"
    if anchor == "deadline" and policy.deadline is None:
        yield "从申报截止日期起算，须写明 deadline"


def _declared_problems(requirement: Declared, words: str) -> Iterator[str]:
    if FACTS[requirement.key][0] is not None:
        yield f"{requirement.key.value} 是数值，不能用作声明"
    if requirement.window:
        yield from window_problems(requirement.window, words)
    elif window_years(words):
        yield "引文写有期限，须写明 window"
    yield from _not_in_words("人员", requirement.covers, words)
    if requirement.repairable and "修复" not in words:
        yield "引文中没有“修复”，不能写 repairable"


def _place_problems(requirement: Located, words: str, clause: Clause, policy: Policy) -> Iterator[str]:
    for key in requirement.keys:
        if FACTS[key][0] is not None or key in DATES:
            yield f"{key.value} 不是地址"
    here = re.search("本市|我市|本省|我省|本区|全市|区内|省内|境内", words)
    for place in map(folded, requirement.places):
        if place not in words and not (here and place == folded(policy.city)) and clause.reading is None:
            yield f"地点“{place}”不在引文中，也没有写明理解（reading）"


def _n_problems(requirement: AtLeast, words: str) -> Iterator[str]:
    if requirement.n > len(requirement.of):
        yield f"共{len(requirement.of)}项，不能要求{requirement.n}项"
    found = {number_of(one) for one in re.findall(r"(\d+|[一二三四五六七八九十两]+)(?:项|条|个|种|款|类)", words)}
    if requirement.n not in found and not (requirement.n == 1 and re.search(ALTERNATIVES, words)):
        yield f"“{requirement.n}项”不在引文中"


def _score_problems(requirement: Score, words: str) -> Iterator[str]:
    scales = {"分": Decimal(1)}
    yield from bound_problems(requirement.threshold, "分", requirement.comparator, words, scales=scales)
    for item in requirement.items:
        own = folded(item.quote) or words
        if folded(item.title) not in own:
            yield f"评分项“{item.title}”不在引文中"
        for band in item.bands:
            if band.points and f"{number(band.points)}分" not in own:
                yield f"评分项“{item.title}”的 {number(band.points)}分 不在引文中"
        if item.weight != 1 and f"{number(item.weight * 100)}%" not in own:
            yield f"评分项“{item.title}”的权重 {number(item.weight * 100)}% 不在引文中"
        if any(band.requirement is None for band in item.bands[:-1]):
            yield f"评分项“{item.title}”：没有条件的一档须放在最后"


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


def _not_in_words(what: str, items: tuple[str, ...], words: str, *, also: str = "") -> Iterator[str]:
    yield from (f"{what}“{item}”不在引文中{also}" for item in items if folded(item) not in words)


_ROSTER_ROWS: Final[dict[str, type[Frozen]]] = {"team": Person, "advisors": Person, "equipment": Equipment, "projects": Project}


def _side_problems(side: Rows | FactKey, words: str, policy: Policy) -> Iterator[str]:
    if isinstance(side, Rows) and side.where is not None:
        yield from _test_problems(side.where, side.roster, words, policy)


def _test_problems(test: RowTest, roster: str, words: str, policy: Policy) -> Iterator[str]:
    match test:
        case AnyTest() | AllTests():
            for inner in test.of:
                yield from _test_problems(inner, roster, words, policy)
        case Lacks():
            yield from _field_problems(roster, test.field, str)
            yield from _not_in_words("不计入的内容", test.words, words)
        case Sized():
            yield from _field_problems(roster, test.field, Decimal)
            yield from bound_problems(test.threshold, test.unit, test.comparator, words)
        case Within():
            yield from _field_problems(roster, test.field, str)
            yield from window_problems(test.window, words)
            yield from _anchor_problems(test.window.anchor, words, policy)
        case Flagged():
            yield from _field_problems(roster, test.field, type(test.value))
            if isinstance(test.value, str):
                yield from _not_in_words("取值", (test.value,), words)
        case Says():
            yield from _field_problems(roster, test.field, str)


_KINDS: Final[dict[type[Any], str]] = {Decimal: "数值", str: "文字", bool: "是或否"}


def _field_problems(roster: str, field: str, kind: type[Any] | None = None) -> Iterator[str]:
    known = _ROSTER_ROWS[roster].model_fields.get(field)
    if known is None:
        yield f"清单 {roster} 没有 {field} 这一栏"
    elif kind and kind is not known.annotation and kind not in get_args(known.annotation):
        yield f"清单 {roster} 的 {field} 一栏不是{_KINDS[kind]}"


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
            if isinstance(requirement, Score):
                yield from (tuple(TOKEN.findall(folded(item.article))) for item in requirement.items if item.article)
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
