"""The sentence level: which number belongs to which noun, what is a plan, what is another's, what quotes the policy.

Every number in a sentence is claimed by the nearest noun of the right kind, before it (设备原值983万元) or right after it (15人的运营团队). Measurands and
decoys compete alike, so that the host's assets or one contract's amount take their numbers with them. Words that change what
a number is worth (拟, 规划, 现有, 门槛) are matched on tokens, not on characters: 拟 stands in 虚拟电厂 and 模拟, 将 in 将军.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from extractors.facts import DECOYS, MEASURAND_OF, MEASURANDS
from extractors.facts.money import only_kind
from extractors.labels import period_in
from extractors.measurand import AREA, COUNT, DURATION, Decoy, Measurand
from extractors.owners import Mention, Owner, judge, mentions
from extractors.quantities import Quantity, quantities, read_cell
from schemas.vocabulary import FactKey

PLAN = [
    "拟",
    "将",
    "计划",
    "规划",
    "预计",
    "预期",
    "力争",
    "争取",
    "目标",
    "未来",
    "即将",
    "拟建",
    "拟购",
    "拟投入",
    "拟新增",
    "新增",
    "扩大",
    "扩建",
    "扩充",
    "增至",
    "增加",
    "提升",
    "达产",
    "建成后",
    "建设完成后",
    "完成建设后",
    "投产后",
    "期满后",
    "三年后",
    "两年后",
    "一年后",
    "五年后",
    "届时",
    "期末",
    "到期末",
    "远期",
    "近期目标",
    "规划期",
    "待",
    "筹备",
    "筹建",
    "洽谈",
    "意向",
]
NOW = [
    "现有",
    "现",
    "已",
    "已有",
    "目前",
    "现已",
    "截至",
    "截止",
    "已经",
    "拥有",
    "建有",
    "设有",
    "具备",
    "配备",
    "配有",
    "共有",
    "累计",
    "实有",
    "在册",
    "登记",
]
POLICY = [
    "门槛",
    "条件",
    "规定",
    "要求",
    "标准",
    "指引",
    "办法",
    "政策",
    "申报条件",
    "认定条件",
    "创建条件",
    "应",
    "须",
    "应当",
    "应有",
    "必须",
    "要求为",
    "需要",
    "提出",
    "对照",
]
OTHERS = ["合作方", "对方", "兄弟", "同行", "某", "借鉴", "先进", "标杆", "国内外", "同类", "其他"]
WORDS = [
    "概念验证",
    "概念验证中心",
    "中试平台",
    "中试",
    "依托单位",
    "专用房",
    "专门用房",
    "固定场地",
    "技术经理人",
    "技术经纪人",
    "原值",
    "原价值",
    "账面原值",
    "顾问",
    "专家顾问",
    "外单位",
    "服务收入",
    "概念验证资金",
    "成果转化",
    "投融资",
    "入库项目",
    "储备项目",
    "建设期",
    "运营经费",
    "专项资金",
    "虚拟电厂",
    "虚拟",
    "模拟",
    "拟合",
    "计划书",
    "规划局",
    "将军",
    "目标检测",
    "目标识别",
]


#: A number whose owner is in doubt says too little to stand against a clean one.
UNSURE = 0.65


class Claim(NamedTuple):
    """A number and the measurand that claims it; ``rejected`` says why it is not the centre's value after all.

    ``start`` and ``end`` are the number with its unit in the sentence; ``period`` as in ``labels.period_in``.
    """

    quantity: Quantity
    measurand: Measurand
    period: str | None
    rejected: str | None
    doubts: tuple[str, ...]
    confidence: float
    head: str


class _Head(NamedTuple):
    start: int
    end: int
    of: Measurand | Decoy


@lru_cache(maxsize=1)
def _language() -> tuple[Any, Any]:
    """spaCy's blank Chinese pipeline on jieba with our words, and a matcher of the cue words. Built once a process."""
    import logging

    import jieba
    import spacy
    from spacy.matcher import PhraseMatcher

    jieba.setLogLevel(logging.ERROR)
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    for word in (*WORDS, *PLAN, *NOW, *POLICY):
        jieba.add_word(word)
    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    for label, cues in (("PLAN", PLAN), ("NOW", NOW), ("POLICY", POLICY), ("OTHERS", OTHERS)):
        matcher.add(label, [nlp.make_doc(cue) for cue in cues])
    return nlp, matcher


class Cue(NamedTuple):
    label: str
    start: int
    end: int


def cues(sentence: str) -> tuple[Cue, ...]:
    """The cue words of a sentence, on token borders."""
    nlp, matcher = _language()
    doc = nlp.make_doc(sentence)
    return tuple(
        sorted(
            (Cue(nlp.vocab.strings[m], doc[s].idx, doc[e - 1].idx + len(doc[e - 1])) for m, s, e in matcher(doc)),
            key=lambda c: c.start,
        )
    )


_END = re.compile(r"[。；！？!?\n]")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a folded paragraph, split at full stops and semicolons outside brackets."""
    start = depth = 0
    for index, char in enumerate(text):
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth = max(0, depth - 1)
        elif (depth == 0 and char in "。；！？;\n") or (depth and char in "。\n"):
            if index > start:
                yield start, index
            start, depth = index + 1, 0
    if start < len(text):
        yield start, len(text)


def claims(sentence: str, *, heading: str = "", year: int) -> tuple[Claim, ...]:
    """Every number of a sentence that a measurand claims, the rejected ones included, in the order of the text.

    ``heading`` is what the paragraph stands under; ``year`` the year counted from: a later one is a plan's, one before the last a past one.
    """
    counted = ("money", "area", "count", "percent", "range")
    numbers = [q for q in quantities(sentence) if q.kind in counted and q.surface != "一支"]  # 服务团队一支，计12人
    if not numbers:
        return ()
    heads = _heads(sentence, numbers)
    if not any(isinstance(head.of, Measurand) for head in heads):
        return ()
    found: list[Claim] = []
    marks: tuple[Cue, ...] | None = None
    named: tuple[Mention, ...] | None = None
    previous: tuple[Quantity, Measurand | Decoy] | None = None
    people: FactKey | None = None  # whose head count the sentence gave last
    for index, number in enumerate(numbers):
        of, strength, head = _owner(sentence, heads, numbers, index, previous, heading)
        previous = (number, of) if of is not None else previous
        if of is None or isinstance(of, Decoy):
            continue
        if (
            of.key is FactKey.TEAM_HEADCOUNT
            and sentence[head[0] : head[1]].endswith("成员")
            and _ADVISERS.search(sentence[: head[0]])
        ):
            continue  # 顾问团队…，成员12人
        if "人" in of.classifiers and number.unit == "个" and _NO_PERSON.match(sentence[number.end :]):
            continue
        among = None
        if of.key is FactKey.TEAM_TECHNOLOGY_MANAGERS and people is FactKey.ADVISORS_HEADCOUNT:
            between = sentence[numbers[index - 1].end : number.start]
            if not _TEAM.search(between):
                if _PART_WORD.search(between):
                    of = MEASURAND_OF[FactKey.ADVISORS_TECHNOLOGY_MANAGERS]
                else:
                    among = _WHICH_TEAM
        people = of.key if of.key in _HEADCOUNTS else people
        marks = cues(sentence) if marks is None else marks
        period = _period(sentence, numbers, index, yearly=of.yearly)
        named = mentions(sentence) if named is None else named
        whose = judge(sentence, named, of.key, head, (number.start, number.end))
        rejected = _rejected(sentence, number, of, marks, period, year, head, named) or whose.rejected
        kind = only_kind(sentence[head[0] : head[1]]) if of.key is FactKey.TECHNOLOGY_CONTRACTS_VALUE else None
        if kind in ("服务", "咨询"):
            rejected = rejected or f"分项：只是技术{kind}合同的数"
        one = (f"只写明技术{kind}一类合同，是否为总额须核对",) if kind is not None else ()
        if of.key is FactKey.EQUIPMENT_VALUE and _BORROWED.search(sentence[: head[0]]):
            one = ("租用、共享的设备，是否计入原值须核对",)
        doubts = (*_doubts(number), *one, *filter(None, (among, whose.doubt)))
        sure = strength if whose.own else round(strength - 0.05, 2)
        said, torn = _whole_number(sentence, number)
        doubts = (*doubts, _TORN) if torn else doubts
        unsure = whose.doubt or torn
        found.append(
            Claim(said, of, period, rejected, doubts, min(sure, UNSURE) if unsure else sure, sentence[head[0] : head[1]])
        )
    found = _totals(sentence, _grown(sentence, found))
    return tuple(_twins(sentence, _inner_area(sentence, found, [n for n in numbers if n.kind == AREA])))


#: Technology managers told behind the advisers' number are theirs (顾问16人，其中技术经理人2名).
_WHICH_TEAM = "接在顾问人数之后，是顾问团队还是运营团队的技术经理人须核对"
_TEAM = re.compile(r"团队|队伍|工作人员")
_TORN = "数字中间断开（换行或空格），须核对"


def _whole_number(sentence: str, number: Quantity) -> tuple[Quantity, bool]:
    """A number whose first digits a line's end has torn off (31 259100元), put together; whether it was torn."""
    before = re.search(r"(?<![\d.,])[\d,]*\d $", sentence[: number.start])
    if before is None or not sentence[number.start].isdigit():
        return number, False
    whole = read_cell(f"{before[0][:-1]}{sentence[number.start : number.end]}", "")
    return (whole._replace(start=before.start(), end=number.end) if whole is not None else number), True


_FROM = re.compile(r"(?:由|从)[^，。；]{0,24}$")
_TO = re.compile(
    r"^[^，。；\d]{0,6}(?:扩大|扩展|扩充|扩建|增加|增长|提升|提高|发展|增|升|壮大|上升|变更|调整)(?:到|至|为)[^，。；\d]{0,8}(?:20\d\d年(?:度|底|末)?的?)?$"
)


def _grown(sentence: str, found: list[Claim]) -> list[Claim]:
    """由180平方米扩大到430平方米: the first was, the second is, unless all of it is a plan or either bears a year of its own."""
    kept = list(found)
    for index, (one, two) in enumerate(pairwise(found)):
        between = sentence[one.quantity.end : two.quantity.start]
        if one.measurand.key is not two.measurand.key or one.measurand.yearly or not _TO.match(between):
            continue
        lead = _FROM.search(sentence[: one.quantity.start])
        if lead is None or re.search(r"拟|将|计划|规划|预计|目标|力争|未来|20\d\d年", sentence[: one.quantity.start] + between):
            continue
        kept[index] = one._replace(rejected=one.rejected or "往年数据，不是当前数")
        settled = two.rejected in ("计划或目标数，不是现有数", "往年数据，不是当前数")
        kept[index + 1] = two._replace(rejected=None if settled else two.rejected)
    return kept


_ALL = re.compile(r"(?:累计|总计|共计|合计|总规模|总额|总数|一共|共有|总共)[^，。；\d]{0,16}$")


def _totals(sentence: str, found: list[Claim]) -> list[Claim]:
    """2025年完成3项，累计完成8项; 首期规模500万元，总规模2000万元: beside a total of the same measure the smaller figures are parts of it."""
    kept = list(found)
    for key in {c.measurand.key for c in found if not c.measurand.yearly and c.measurand.kind != AREA}:
        mine = [i for i, c in enumerate(kept) if c.measurand.key is key and c.rejected is None]
        whole = [i for i in mine if _ALL.search(sentence[max(0, kept[i].quantity.start - 24) : kept[i].quantity.start])]
        if len(mine) < 2 or len(whole) != 1:
            continue
        most = kept[whole[0]].quantity.value
        if most is not None and all((v := kept[i].quantity.value) is not None and v <= most for i in mine):
            for i in mine:
                if i != whole[0]:
                    kept[i] = kept[i]._replace(rejected="分项（分年、分期）的数，总数同句写明")
    return kept


#: What an inner area must be called to be the one meant (其中专门用房, 其中供中心使用).
_INNER = re.compile(r"其中[^。；]{0,24}?(?:专门|专用|固定场地|中心|平台|使用面积|用于(?:概念)?验证|用于中试|供)")


def _inner_area(sentence: str, found: list[Claim], areas: list[Quantity]) -> list[Claim]:
    """Areas beside areas: parts that add up to a total are parts, and of a building and what is used of it neither is vouched for.

    建筑面积1200平方米，其中专用场地388平方米: which of the two is meant is the policy's matter. ``areas`` are all of the sentence, the unclaimed ones too.
    """
    total = _total(areas)
    if total is not None:
        return [
            c._replace(rejected="分项面积，已计入同句写明的合计")
            if c.measurand.kind == AREA and c.rejected is None and c.quantity in areas and c.quantity.start < total.start
            else c
            for c in found
        ]
    standing = [c for c in found if c.measurand.kind == AREA and c.rejected is None]
    if len(standing) == 2 and "其中" in sentence[standing[0].quantity.end : standing[1].quantity.start]:
        whole, inner = standing
        return [
            c._replace(rejected="包含其他用房的总面积，其中的专用场地另有写明") if c is whole
            else c._replace(doubts=(*c.doubts, f"同处另写总面积{whole.quantity.surface}，应以哪一个为准须核对")) if c is inner else c
            for c in found
        ]  # fmt: skip
    if len(standing) == 2 and re.search(
        r"[、，和及与][^，。；]{0,6}配套[^，。；]{0,6}$", sentence[standing[0].quantity.end : standing[1].quantity.start]
    ):
        return [c._replace(doubts=(*c.doubts, "场地与配套分开写，没有写明合计，须核对")) if c in standing else c for c in found]
    return [
        c._replace(doubts=(*c.doubts, "总面积之中另写专用部分，应以哪一个为准须核对"))
        if c in standing
        and _INNER.match(sentence[c.quantity.end :].lstrip("，,、("))
        and any(a.start > c.quantity.end for a in areas)
        else c
        for c in found
    ]


def _twins(sentence: str, found: list[Claim]) -> list[Claim]:
    """技术经理人3人、技术经纪人2人: two titles of one key, told apart. Which of them counts, or both, is the policy's matter."""
    both = [c for c in found if c.measurand.key is FactKey.TEAM_TECHNOLOGY_MANAGERS and c.rejected is None]
    titles = {"经纪" in c.head for c in both if ("经纪" in c.head) != ("经理" in c.head)}
    if len(both) < 2 or len(titles) < 2:
        return found
    why = "技术经理人与技术经纪人分开写，以哪一个（或合计）为准须核对"
    return [c._replace(doubts=(*c.doubts, why)) if c in both else c for c in found]


def _total(areas: list[Quantity]) -> Quantity | None:
    """The area that two or more before it add up to."""
    values = [a.value for a in areas]
    for index in range(2, len(areas)):
        value = values[index]
        before = [v for v in values[:index] if v is not None]
        if value is not None and len(before) == index and sum(before, Decimal(0)) == value:
            return areas[index]
    return None


def _nouns(sentence: str, of: Measurand | Decoy, words: list[int]) -> Iterator[_Head]:
    """Where an entry's noun stands. ``words`` is where numbers in words begin: a noun ends before one (储备 in 储备二十四项)."""
    for match in of.head.finditer(sentence):
        cut = next((at for at in words if match.start() < at < match.end()), None)
        short = of.head.match(sentence, match.start(), cut) if cut is not None else match
        if short is not None and short.end() > short.start():
            yield _Head(short.start(), short.end(), of)


def _all_nouns(sentence: str, entries: Sequence[Measurand | Decoy], words: list[int]) -> list[_Head]:
    if words:
        return [head for of in entries for head in _nouns(sentence, of, words)]
    return [_Head(m.start(), m.end(), of) for of in entries for m in of.head.finditer(sentence) if m.end() > m.start()]


def _heads(sentence: str, numbers: list[Quantity]) -> list[_Head]:
    """Every noun that could own a number. One that lies within a longer noun is no noun of its own (团队 in 顾问团队)."""
    spelled = [q.start for q in numbers if not sentence[q.start].isascii()]
    own = _all_nouns(sentence, MEASURANDS, spelled)
    if not own:
        return []  # whoever else the numbers belong to
    found = _all_nouns(sentence, DECOYS, spelled) + own
    return [
        h
        for h in found
        if not any(
            o.start <= h.start and h.end <= o.end and o.end - o.start > h.end - h.start and _alike(o.of, h.of) for o in found
        )
    ]


def _alike(longer: Measurand | Decoy, shorter: Measurand | Decoy) -> bool:
    """Whether both nouns can own the same kind of number, so that the longer one takes the place of the shorter."""
    kinds = longer.kinds if isinstance(longer, Decoy) else (longer.kind,)
    return any(kind in kinds for kind in (shorter.kinds if isinstance(shorter, Decoy) else (shorter.kind,)))


def _fits(of: Measurand | Decoy, number: Quantity) -> bool:
    kind = _kind(number)
    if isinstance(of, Decoy):
        return kind in of.kinds
    if kind == COUNT and of.kind == DURATION:
        return number.unit in ("年", "year", "周年", "个月")
    if kind != of.kind:
        return False
    return kind != COUNT or (len(number.unit) <= 1 and number.unit in of.classifiers)  # 人次, 人月 and 个月 are other counts


def _kind(number: Quantity) -> str:
    if number.kind != "range":
        return number.kind
    return {"yuan": "money", "m2": "area", "ratio": "percent"}.get(number.unit, "count")


_LINK = re.compile(
    r"^(?:一支)?[\s:，,]?(?:\((?!其中|含)[^()]{0,16}\))?(?:的|由|总|共|共计|合计|总计|累计|达到|达|为|是|有|约|近|计|已|现|现有|分别|分别为|已达|已经|实际|超过|不少于|不低于|至少|占|成员|现有成员|数|量|数量|规模|人数|额|金额|总额|总数|面积|实现|获得|取得|完成|增至|增加到|增加|提升至|提升到|扩大到|扩大至|20\d\d年(?:度|底|末)?|:|“|\")*$"
)
#: A number of the same measure that follows another time, plan or rule: ，现为430平方米; ，本中心实有430平方米; ，2025年底已扩大到430平方米.
_NOW_CARRY = re.compile(
    r"^(?:\([^()]*\))?[，；](?:截至|截止|至|到)?(?:20\d\d年(?:度|底|末|\d{1,2}月(?:底|末)?)?)?(?:(?:本|我|该)?(?:中心|平台|单位))?(?:目前|现在|现已|现有|现|已|已经|实有|实际|实际落实|实际配备|落实|拥有|达到|达|为|有|是|共|共有|"
    r"扩大|扩充|扩建|增加|增至|增长|提升|升|到|至|的)+$"
)
_CARRY = re.compile(
    r"^(?:\([^()]*\))?[，、和及与,;]?(?:其中)?(?:(?:扩建|扩充|增加|增长|提升|提高|上升|发展|扩大|增)(?:到|至|为)?)?(?:(?:上年|上一年|前一年|20\d\d年)(?:度|底|末)?(?:\(20\d\d年(?:度)?\))?|目前|现在)?(?:的|扩建后|扩充后|已)*(?:为|达|是|约|实现|:)*$"
)
_PART_WORD = re.compile(r"(?:其中|含|包括|另有)")


def _owner(
    sentence: str,
    heads: list[_Head],
    numbers: list[Quantity],
    index: int,
    previous: tuple[Quantity, Measurand | Decoy] | None,
    heading: str,
) -> tuple[Measurand | Decoy | None, float, tuple[int, int]]:
    """Who claims a number: the owner, how surely, and the span of the noun."""
    number = numbers[index]
    fitting = [h for h in heads if _fits(h.of, number)]
    floor = numbers[index - 1].end if index else 0
    before = [h for h in fitting if floor <= h.end <= number.start and _topical(h, sentence, heading)]
    nearest = max(before, key=lambda h: (h.end, h.end - h.start, isinstance(h.of, Measurand)), default=None)
    after = _after(sentence, fitting, number, numbers, index, heading)
    if nearest is not None:
        gap = sentence[nearest.end : number.start]
        if _LINK.match(gap):
            if after is not None and gap and not isinstance(after.of, Decoy) and isinstance(nearest.of, Decoy) and "，" in gap:
                return after.of, 0.9, (after.start, after.end)
            return nearest.of, 0.95, (nearest.start, nearest.end)
        if after is not None:
            return after.of, 0.9, (after.start, after.end)
        if "，" not in gap and len(gap) <= 12:
            return nearest.of, 0.75, (nearest.start, nearest.end)
    if after is not None:
        return after.of, 0.9, (after.start, after.end)
    if index and previous is not None and previous[0] is numbers[index - 1] and _fits(previous[1], number):
        between = sentence[previous[0].end : number.start]
        if (_CARRY.match(between) or _NOW_CARRY.match(between)) and not _PART_WORD.search(between):
            return previous[1], 0.9, (previous[0].end, number.start)
    if nearest is not None and sentence[nearest.end : number.start].count("，") <= 1:
        return nearest.of, 0.6, (nearest.start, nearest.end)
    return None, 0.0, (0, 0)


def _topical(head: _Head, sentence: str, heading: str) -> bool:
    if isinstance(head.of, Decoy) or head.of.topic is None:
        return True
    return bool(head.of.topic.search(sentence[: head.end]) or head.of.topic.search(heading))


#: Between a number and its noun: 15人的…团队, 1260㎡，作为中心的固定场地.
_TO_NOUN = re.compile(
    r"^(?:左右|以上|余)?(?:取得(?:了)?|持有|持|具有|具备|拥有|获得(?:了)?|通过(?:了)?|为|是|系|均为)?(?:组建|组成|充实到?|进入|参与)?(?:本)?(?:中心|平台)?的?(?:房屋|用房|厂房|面积)?(?:[，,]?(?:专门)?(?:作为|用作|辟为|划为|改(?:造|建)(?:为|成))[^，。；\d]{0,14}?)?(?:专业化|专职|固定|专门|稳定)?$"
)


#: What 两个 counts when it counts no people (两个工作日, 三个方向).
_NO_PERSON = re.compile(r"(?!人|专家|顾问|成员|技术经|教授|院士|博士)[\u4e00-\u9fff]")


def _after(
    sentence: str, fitting: list[_Head], number: Quantity, numbers: list[Quantity], index: int, heading: str
) -> _Head | None:
    """A noun right after the number: 15人的专业化运营管理团队, 500万元概念验证资金."""
    ceiling = numbers[index + 1].start if index + 1 < len(numbers) else len(sentence)
    close = [
        h
        for h in fitting
        if number.start < h.start < ceiling
        and h.end > number.end
        and _TO_NOUN.match(sentence[number.end : max(h.start, number.end)])
    ]  # a noun's own lead may begin with the number's measure word (3项成果实现了样品化)
    return max(close, key=lambda h: h.end - h.start, default=None)


#: The year before the one named earlier in a sentence, unless it is what that one is compared with.
_YEAR_BEFORE = re.compile(
    r"(?<![比较同])(?:前一|上一|前|上)(?:个)?(?:会计)?年(?:度)?(?!以?前|来|初|增|提|下降|同比)[^，。；\d]{0,8}$"
)


#: The year in brackets behind an amount (18.63万元(2024年)).
_YEAR_BEHIND = re.compile(r"^\((20\d\d)年(?:度)?\)")


def _period(sentence: str, numbers: list[Quantity], index: int, *, yearly: bool) -> str | None:
    number = numbers[index]
    if yearly and (behind := _YEAR_BEHIND.match(sentence[number.end :])) is not None:
        return behind[1]
    listed: list[str] = re.findall(r"20\d\d(?=年)", sentence[: number.start])
    if "分别" in sentence[: number.start] and len(set(listed)) >= 2:
        first = next(i for i, q in enumerate(numbers) if q.start > sentence.index("分别") and q.kind == number.kind)
        position = index - first
        years = list(dict.fromkeys(listed))
        return years[position] if 0 <= position < len(years) else None
    floor = numbers[index - 1].end if index else 0
    clause = sentence[max(floor, sentence.rfind("；", 0, number.start)) : number.start]
    earlier: list[str] = re.findall(r"20\d\d(?=年)", sentence[:floor])
    if yearly and earlier and _YEAR_BEFORE.search(clause):
        return str(int(earlier[-1]) - 1)  # 2025年度收入…，前一年度为…
    local = period_in(clause[-40:]) if clause else None
    if local is not None:
        named: list[str] = re.findall(r"20\d\d(?=年)", clause)
        if len(named) > 1 and "-" not in local:
            return named[-1]
        return local
    if not yearly:
        return period_in(sentence[: number.start]) if index == 0 else None
    if re.search(r"累计|合计|共计|总计|两年", clause):
        return "近两年" if re.search(r"[两二2]年", clause) else "total"
    said = re.split(r"；|。", sentence[: number.start])[-1]
    if index == 0:
        return period_in(said)
    before: list[str] = re.findall(r"20\d\d(?=年)", said)
    return before[-1] if len(set(before)) == 1 else None


#: A time to come that opens a sentence and so governs all of it: 到2028年:…, 建设期末，…
_OPENING = re.compile(
    r"^[^，。；]{0,8}?(?:(?:到|至|截至|截止)?(20\d\d)年(?:度|底|末|前)?|(?:建设|创建|规划)期(?:末|满|内)|[一二三四五两\d]年(?:后|内)|届时|远期|下一步|未来|今后)[^，。；:]{0,12}[:，,]?"
)


def _future(sentence: str, year: int) -> int | None:
    """Where the words end with which a sentence speaks of a time to come; None where it does not open so."""
    match = _OPENING.match(sentence)
    if match is None or (match[1] and int(match[1]) <= year) or re.search(r"以来|成立|建成", match[0]):
        return None
    return match.end(1) if match[1] else match.end()


#: A comma that parts clauses, not the thousands of a number in wide digits.
_COMMA = re.compile(r"(?<!\d)，|，(?!\d)")
#: What a sentence is about, before its colon (三年规划：场地…、设备原值…).
_ANNOUNCED = re.compile(r"^[^，。；:]{0,10}(?:规划|目标|计划|预期|愿景|设想|展望|预测)[^，。；:]{0,6}:")
#: Growth that has happened: it ends in a year that is over, or now (增长到2025年的120万元).
_GROWN = re.compile(r"^(?:增加|提升|增长|扩大|扩建|扩充|增至)")
#: The year right before such words (至2025年底增至).
_ENDED = re.compile(r"(20\d\d)年(?:度|年?底|末|年末)?(?:时|已|则)?$")
#: 将 that takes an object, as in a lease (甲方将位于…的房屋出租给乙方), is no future; nor is the 待 of what waits in the library (待验证项目).
_DISPOSES = re.compile(r"将(?:位于|坐落|座落|其|自有|上述|该|所属|名下|本|下列|拥有|依法)|待(?:验证|转化|孵化|检|测|熟化|中试)")
_TRAINED = re.compile(r"(?:培训|培养|轮训|输送|接待|参训)(?:了|各类|持证|专业)*$")
#: Rooms that are not there yet.
_UNBUILT = re.compile(r"(?:在建|待建|筹建|备选|未交付|待交付|建设中)(?:的)?(?:场地|用房|厂房|面积)")
_STILL = re.compile(r"^[^，。]{0,6}(?:在建|正在建设|建设中|尚未|待交付|未交付|未启用|未签|施工)")
#: What is said behind a number that does not count yet (意向中的24人尚未签约，不计).
_UNSIGNED = re.compile(
    r"[^，。；\d]{0,6}(?:尚未|还未|还没有?|暂未|未正式|待)(?:正式)?(?:签约|签订|签署|签协议|聘任?|受聘|发聘|到岗|入职|到位|落实|批复|办理|完成聘)"
    r"|[^。；\d]{0,12}[，,、（(](?:均|暂|尚|都)?(?:不计|不予计入|未计入|不计入|不算|不含|不列入)(?:现有|已有|实有|总)?(?:人?数|数量|范围)?(?:之?内|在内)?(?=[。；，,）)]|$)"
)
_ADVISERS = re.compile(r"顾问|专家")
_HEADCOUNTS = frozenset({FactKey.TEAM_HEADCOUNT, FactKey.ADVISORS_HEADCOUNT})
#: Persons called in for one piece of work (另请两名专家复核, 每个项目配3名专家), unless they become what is counted (邀请12名专家组成顾问团队).
_CALLED_IN = re.compile(
    r"(?:另请|延请|另行邀请|抽取|抽选|抽调|指派|委派|选派|轮流|不少于|至少|(?:每|各|该|单(?!位))(?:次|场|组|批|期|位|年|季度|个?项目|个?课题|个?企业|项|份)[^，。；\d]{0,8})(?:由|请|配|配备|安排|有)?$|(?:邀请|安排|请)(?:了)?$"
)
#: So many for each one of something, in the clause before a number.
_FOR_EACH = re.compile(
    r"(?:每(?:一)?(?:个|项|家|批|支|条|类|次|场)?(?:项目|课题|企业|方向|小组|工作组|团队|批次|领域)|各(?:个)?(?:项目|课题|小组|工作组|批次))[^，。；\d]{0,6}(?:配|派|安排|由|有|设|组织|邀)[^，。；]*$"
)
_TASK = re.compile(
    r"^(?:以上|左右)?(?:的)?(?:[\u4e00-\u9fff]{0,4}(?:专家|顾问|人员|成员|评委|同行))?(?:独立|共同|联合|分别|现场|背靠背|再次|集中|签字|对[^，。；]{0,8})?(?:进行)?(?:复核|复评|评审|评议|评估|评价|论证|审查|审核|审阅|验收|签署|签字|签名|参加|参与|出席|到场|列席|投票|打分|把关|会商|值班|轮值|驻点|走访)"
)
_BECOMES = re.compile(r"组成|担任|作为|任|加入|进入|聘|纳入|组建|构成")
#: What stands between a whole and the number of some of it (团队内有4人取得…).
_AMONG = re.compile(r"^(?:成员|人员)?(?:之中|当中|内部|内|中|里)(?:，|,|:)?(?:有|共有|另有|现有)?$")
#: Instruments of others that the centre may use.
_BORROWED = re.compile(r"(?:租用|租赁|租借|借用|共享|共用|可使用|可调用|整合)[^，。；]{0,12}$")
#: A time that is over, without a year: it governs its own clause.
_BYGONE = re.compile(
    r"(?:创建|成立|建设|组建|运营|起步|建成|设立|立项|挂牌|开办|筹建|创立|初创|启用|投用|投运|试运行|初建)(?:之初|初期|伊始|时期?|前|之前|阶段|期)|初创|早期|去年(?!底|末)|前年|上年(?!度|底|末)|上一年(?!度|底|末)|往年|此前|以前|之前|过去|原(?=有|来|先|为|场地|仅|只)|起初|最初|当初|曾经?|同期|"
    r"(?<!\d)年初|期初|(?:[一二三四五两几]|\d{1,2})年(?:前|以前|之前)"
)
_EARLY = re.compile(r"(20\d\d)年(?:年)?初")
_TODAY = re.compile(r"目前|现有|现已|现为|现|已|截至|如今|今年|至今|当前")
_QUOTED = re.compile(r"[“\"「『][^”\"」』]*$")


def _over(sentence: str, at: int, number: int, year: int) -> bool:
    """Whether the clause of a number, begun at its noun ``at`` or before, speaks of a time that is over."""
    clause = max(sentence.rfind(mark, 0, min(at, number)) for mark in "，；。") + 1
    lead = max(sentence.rfind(mark, 0, max(0, clause - 1)) for mark in "，；。:") + 1
    if clause - lead <= 14 and not any(c.isdigit() for c in sentence[lead:clause]) and not _TODAY.search(sentence[clause:number]):
        clause = lead  # 回顾初创阶段，场地不过103平方米
    said = sentence[clause:number]
    early = _EARLY.search(said)
    if early and int(early[1]) < year and not _TODAY.search(said[early.end() :]):
        return True
    gone = [*_BYGONE.finditer(said)]
    since = said[gone[-1].end() :] if gone else ""
    dated = re.search(r"[至到](20\d\d)年(?:度|底|末)", since)
    return bool(gone) and not _TODAY.search(since) and not (dated and int(dated[1]) >= year - 1)


def _rejected(
    sentence: str, number: Quantity, of: Measurand, marks: tuple[Cue, ...], period: str | None, year: int, head: tuple[int, int],
    named: tuple[Mention, ...],
) -> str | None:  # fmt: skip
    left = sentence[: number.start]
    at = min(number.start, head[0]) if head[1] <= number.start else number.start
    if _QUOTED.search(left) and re.search(r"[”\"」』]", sentence[number.end :]) and number.qualifier:
        return "引用政策原文，不是实测数值"
    if number.qualifier in ("at_least", "at_most") and re.search(
        r"不少于|不低于|不超过|≥|≤|至少|不小于|不多于|以内", number.surface
    ):
        return "只复述政策条件（如“不少于”），没有写明实际数值"
    if any(c.label == "POLICY" and c.end <= number.start for c in marks) and number.qualifier:
        return "复述政策条件，不是实测数值"
    if of.kind == COUNT and _TRAINED.search(sentence[: head[0]]):
        return "培训、服务的人次（人数），不是团队人数"
    if of.kind == COUNT and "人" in of.classifiers and _FOR_EACH.search(left):
        return "只是某项工作请（派）的人数，不是总人数"
    if of.key in _HEADCOUNTS:
        before, behind = sentence[max(0, number.start - 14) : number.start], sentence[number.end : number.end + 24]
        if (_CALLED_IN.search(before) or _TASK.match(behind)) and not _BECOMES.search(behind):
            return "只是某项工作请（派）的人数，不是总人数"
        if head[1] <= number.start and _AMONG.search(sentence[head[1] : number.start]):
            return "总人数中的一部分"
    plans = [c for c in marks if c.label == "PLAN" and c.end <= number.start and not _DISPOSES.match(sentence[c.start :])]
    if plans and of.kind != DURATION:  # a construction period is a plan by nature
        last = plans[-1]
        nows = [c for c in marks if c.label == "NOW" and last.end <= c.start < number.start]
        ended = _ENDED.search(sentence[: last.start])
        grown = _GROWN.search(sentence[last.start : number.start]) and (
            re.search(r"20\d\d年|目前|现在", sentence[last.end : number.start]) or (ended and int(ended[1]) < year)
        )
        if grown and not (period and int(period[:4]) > year if period and period[:4].isdigit() else False):
            nows = [last]
        broken = len(_COMMA.findall(sentence[last.end : at])) >= 2 and not _ANNOUNCED.match(sentence)
        if not nows and not broken:
            return "计划或目标数，不是现有数"
    if not of.yearly and of.kind != DURATION and _over(sentence, at, number.start, year):
        return "往年数据，不是当前数"
    opened = _future(sentence, year) if of.kind != DURATION else None
    if (
        opened is not None
        and opened <= number.start
        and not any(c.label == "NOW" and opened <= c.start < number.start for c in marks)
    ):
        return "计划或目标数，不是现有数"
    after = sentence[number.end : number.end + 14]
    if of.kind == AREA and (_UNBUILT.search(sentence[max(0, at - 6) : number.start]) or _STILL.match(after)):
        return "尚在洽谈或筹备，不是已有的数"
    if re.match(r"[^，。]{0,4}(?:处于|正在|尚在|仍在)?[^，。]{0,4}(?:洽谈|筹备|意向|协商|计划)", after):
        return "尚在洽谈或筹备，不是已有的数"
    if _UNSIGNED.match(sentence[number.end : number.end + 24]):
        return "尚未签约或聘请，不是已有的数"
    years = [int(y) for y in re.findall(r"20\d\d", period or "")]
    if (
        years
        and max(years) >= year
        and not of.yearly
        and re.search(rf"{max(years)}年(?:底|末)?(?:前|将|达|增|建成)", left)
        and max(years) > year
    ):
        return "以后年度的计划数"
    if years and max(years) > year:
        return "以后年度的计划数"
    if years and not of.yearly and max(years) < year - 1:
        return "往年数据，不是当前数"
    ours = max((m.end for m in named if m.owner is Owner.OWN and m.end <= number.start), default=0)
    if any(
        c.label == "OTHERS"
        and ours <= c.end <= number.start
        and not re.search(r"(?:与|和|同|联合|携手)(?:其他|各)?$", sentence[: c.start])
        for c in marks
    ):
        return "说的是其他单位"
    return None


def _doubts(number: Quantity) -> tuple[str, ...]:
    if number.kind == "range":
        return ("写的是一个范围",)
    said = {
        "about": "约数",
        "below": "写作“近”",
        "above": "写作“余”",
        "at_least": "写作“以上”",
        "more_than": "写作“超过”",
        "less_than": "写作“不足”",
        "at_most": "写作“以内”",
    }
    return (f"{said.get(number.qualifier, '约数')}，不是确数",) if number.qualifier else ()
