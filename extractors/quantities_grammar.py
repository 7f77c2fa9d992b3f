"""The grammar of quantities in running Chinese text: money, areas, shares, counts, years, ranges, with what qualifies them.

A quantity is what stands in the words, never what they probably meant: codes, dates, telephone numbers, ordinals, foreign
money and physical measures give nothing, because a bare number in their place is a wrong value someone may vouch for.
Rates such as 20元/㎡ come out as their money; the caller sees the slash.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from extractors.quantities_numerals import (
    BIG,
    SMALL,
    TENS,
    B,
    D,
    N,
    Numeral,
    S,
    arabic,
    digit_string,
    fold,
    hanzi,
    product,
    upper,
)
from extractors.quantities_units import FOREIGN, MAY_FOLLOW, UNIT, area_factor, share_factor

ZERO, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)


class Quantity(NamedTuple):
    """One quantity of a text. ``start``/``end`` take in qualifier, currency and unit; ``number`` the numeral alone.

    ``value``, ``low``, ``high`` and ``error`` are in ``unit``: yuan, m2, ratio (a fraction of 1), year, or a classifier as
    written. A range has ``low`` and ``high`` and no value. A bound (不少于, 以内) has its number as ``value`` and as
    ``low`` or ``high``. ``error`` is half of the last digit written; 0 for whole counts and years.
    """

    start: int
    end: int
    surface: str
    kind: str  # number count money area percent range year
    value: Decimal | None
    unit: str
    low: Decimal | None
    high: Decimal | None
    qualifier: str  # "" about below above at_least at_most more_than less_than
    error: Decimal
    number: tuple[int, int]


class _Atom(NamedTuple):
    """A numeral with its unit, before ranges and qualifiers."""

    start: int
    stop: int  # end of the numeral
    end: int  # end of the unit
    low: Decimal
    high: Decimal | None
    grain: Decimal
    scale: Decimal
    kind: str
    unit: str
    qualifier: str
    sure: bool  # a unit or Arabic digits vouch for it; a bare 四 does not
    times: Decimal = ONE  # the unit in base units, times over over
    over: Decimal = ONE


_START = re.compile(f"[0-9{N}几数半]")
_SPOTS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]+|www\.[!-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+")
_TOKEN_REST = re.compile(r"[A-Za-z0-9_./+#-]*[A-Za-z0-9_#]|")
_SHAPE = re.compile(
    r"""(?P<months>(?P<y1>(?:19|20)[0-9]{2})\.(?:0?[1-9]|1[0-2])\ ?(?:[-~至到]|[—–]{1,2})\ ?(?P<y2>(?:19|20)[0-9]{2})\.(?:0?[1-9]|1[0-2])(?![0-9.]))
  | (?P<day>1[0-9]{3}|2[01][0-9]{2})(?P<s>[-/.])(?:0?[1-9]|1[0-2])(?P=s)(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])
  | (?P<month>(?:19|20)[0-9]{2})[-/](?:0[1-9]|1[0-2]|[1-9])(?![0-9.,]|\ ?[万亿元人项个年])
  | (?P<none>
      [0-9]+(?:\.[0-9]+){2,}                               # 3.2.1
    | [0-9]{1,2}:[0-9]{1,2}(?::[0-9]{2})?(?![0-9.,]|\ ?[万亿元人])  # a time of day, a ratio
    | 0[0-9](?P<short>)(?=年(?:[0-9一二三四五六七八九十]{1,2}月)?)
    | 0[0-9]+(?:[-—.][0-9]+)*                               # a number with leading zeros is a code
    | 400(?:-[0-9]{3,4}-[0-9]{3,4}|-?[0-9]{7})(?![0-9.,]|\ ?[万亿元人])
    | 1[3-9][0-9]{9}(?![0-9.,]|\ ?[万亿元])                # a mobile telephone
    | [0-9]{15,}[Xx]?(?![0-9.,]|\ ?[万亿元])               # identity, account and contract numbers
    | [0-9]+(?:-[0-9]+){2,}
    | (?!(?:19|20)[0-9]{2}-)[0-9]{3,5}(?:\.[0-9]+)?-(?:19|20)[0-9]{2}(?![0-9.,%]|\ ?(?:[年万亿元人㎡平亩名项个家台套件]|公顷|m[2²]))   # a standard
    | [0-9]+-0[0-9]+(?![.])
    | [0-9]+-?(?!(?:[kKcCmM]?[mM]|hm)\^?[2²](?![0-9]))[A-Za-z](?=[A-Za-z0-9-]*[0-9])[A-Za-z0-9-]*
    | 20[0-9]{10}\.[0-9Xx]                                  # a patent application
    | [0-9]{1,3}(?:(?:,[0-9]{3})*,[0-9]{4,}|(?:,[0-9]{3})+,[0-9]{1,2}(?![0-9]))(?:[,.][0-9]+)*  # thousands gone wrong
    | [0-9]{1,3},[0-9]{1,2}(?=\ ?(?:[百千万亿]{0,2}元|[万亿㎡亩]|平方))
    | [0-9]{4,}(?:,[0-9]+)+(?:\.[0-9]+)?
    | [0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+(?:[.,][0-9]+)+
    )""",
    re.X,
)
_PERCENT = re.compile(
    r"(?P<base>[百千万]) {0,2}分 {0,2}(?:之|(?=[0-9二三四五六七八九]|百(?![货姓科家花年]))) {0,2}(?P<sign>负|-)?"
)
# 5 000 000元; with fewer groups or no unit it may as well be two columns of a table.
_SPACED_AMOUNT = re.compile(
    r"(?<![0-9.,] )(?<![0-9.,])[0-9]{1,3}(?:(?: [0-9]{3}){2,}|(?: 0[0-9]{2})+)(?=(?:\.[0-9]+)? ?(?:[元㎡]|平方米|m[2²]))"
)
_THREE_DIGITS = re.compile(r"[0-9]{3}(?![0-9])")
_FEW_DIGITS = re.compile(r"(?<![0-9A-Za-z.,])[0-9]{1,3} $")
_ORDINALS = re.compile(rf"[0-9{N}]+(?: ?[、至到和及与~-] ?[0-9{N}]+)*")
_OVER = re.compile(r" ?分 ?之 ?")
_AND = re.compile(r" ?又 ?")
_SLASH = re.compile(r"/([1-9][0-9]{0,5})(?![0-9./\-年月日]|\s*[A-Za-z㎡元万])")
_CENTS = re.compile(
    rf"(?: ?零(?! ?[角毛]))?(?: ?(?P<jiao>[0-9]|[{D}]) ?[角毛](?!度|形))?(?: ?零? ?(?P<fen>[0-9]|[{D}]) ?分(?!之|别|钟|公司|为))?(?: ?钱)?(?P<whole> ?[整正](?![式常规在好确值版面]))?"
)
_FEN = re.compile(rf" ?零? ?(?P<fen>[0-9]|[{D}]) ?分(?!之|别|钟|公司|为)钱?(?: ?[整正])?")
_TAIL = re.compile(rf"(?P<digit>[1-9]|[{D[3:]}])(?![0-9{N}.,]| ?(?:[元角毛%％万亿人名位项个台套家件条份批次种月日号年]))")
_HALF = re.compile(r"半(?![年导径成个])")
_INFIX = re.compile(r" {0,2}(?P<word>[余多来]) {0,2}")
_SEPARATOR_FIRST = frozenset(" -~—–―至到与和跟、")
_SEPARATOR = re.compile(r" {0,2}(?P<by>-{1,2}|~|[—–―]{1,2}|[至到与和跟、]) {0,2}(?:人民币|[¥￥])? ?")
_BETWEEN = re.compile(r" ?之?间(?![接隔距断])")
_POST = re.compile(
    r" ?(?:(?P<at_least>(?:\(?含\)?|\(含[^()]{1,8}\))?[及或]?以上|之上|[或及](?:者)?更多)(?: ?\(含[^()]{0,6}\))?"
    r"|(?P<at_most>(?:\(?含\)?|\(含[^()]{1,8}\))?[及或]?(?:以下|以内)|之内|之下|封顶)"
    r"|(?P<about>左右|上下(?!班|游|级)|前后)"
    r"|(?P<above>有余|(?<! )多(?![次年种项个样元名家方处媒功层余级台款套形边数种为吗少])|(?<! )余(?![一-龥])))"
)
_POST_FIRST = frozenset(" (含及或以之封左上前有多余")
_JOIN = re.compile(r" ?(?:并且?|且|而且?|同时|但|和)? ?")
SIDES = {"at_least": "low", "more_than": "low", "at_most": "high", "less_than": "high"}

_WORDS = {
    "about": "约 大约 大概 大致 约为 约合 约计 约占 ~ ≈",
    "below": "近 将近 接近 几近 逼近",
    "at_least": "不少于 不低于 不小于 不得少于 不得低于 不得小于 至少 最少 最低 起码 不下于 ≥ >= ≧"
    " 达到或超过 达到或者超过 大于等于 大于或等于 大于或者等于 高于或等于 多于或等于 等于或大于 应达到",
    "at_most": "不超过 不高于 不大于 不多于 不得超过 不得高于 不得多于 不得大于 至多 最多 最高 未超过 没超过 没有超过 不超出 ≤ <= ≦"
    " 小于等于 小于或等于 小于或者等于 低于或等于 少于或等于 等于或小于",
    "more_than": "超过 超出 超 突破 大于 高于 多于 逾 > 高出",
    "less_than": "小于 低于 少于 不足 不到 不满 未满 未达 未达到 <",
}
_QUALIFIERS = {word: name for name, words in _WORDS.items() for word in words.split()}
_ENDINGS = frozenset(word[-1] for word in _QUALIFIERS)
_LENGTHS = tuple(sorted({len(word) for word in _QUALIFIERS}, reverse=True))
_NOT_NEAR = ("最近", "附近", "邻近", "靠近", "临近", "远近", "新近", "晚近")
_LINKS = "有为是达了共计到在"
_FOREIGN_BEFORE = re.compile(rf"(?<![0-9{N}])\s*{FOREIGN}\s*$")
_MINUS_AFTER = frozenset("¥￥ \n:(,，;；、。=为是了至到达约率比额润值差长幅降升计亏损：（")
_LABELS = ("附件", "附表", "附录", "附图", "图", "表", "编号", "序号", "No.", "NO.", "№", "〔", "型号", "批号", "邮编")
_ENUMERATOR = re.compile(r"\(?[0-9]{1,2}(?:\)|[、.](?![0-9])) ?(?=[^\s0-9])")
_SOLID = "是为得加减乘除于"
_AFTER_SOLID = "不加减乘除那和而的得且并"
_PART_OF_YEAR = re.compile(r" ?(?:[0-9]{1,2} ?月|[一二三四五六七八九十]{1,2}月|[上下]半年|第?[一二三四1-4]季度|[春夏秋冬])")
_BESIDE_BARE = frozenset(_SOLID)
_PLAN = ("十三五", "十四五", "十五五", "十二五", "十一五")
_NOT_ONE = frozenset("统同唯专单逐任某每之另万")
_TWO_DIGITS_OFF = re.compile(r"([一二三四五六七八九]{2})折(?![叠旧合算线页让返射纸腾服])")
_YEAR_GAPS = frozenset(("、", "和", "及", "与", "至", "到", "-", "~", "—", "–", ",", "，", "或", "--", "——"))
_IDIOMS = frozenset(
    ("三番五次", "三番两次", "五花八门", "五次三番", "一家之言", "一席之地", "一张一弛", "一件一件", "一条龙", "一条心", "一条鞭")
)
_HOLIDAY = ("国庆", "长假", "假期", "黄金周")
_COMPOUND_SU = frozenset("人总件次个户台套项家名倍指参系函整岁天年月基级度分点位质偶奇负正多少无半算常代")
_LOOSE_BEFORE = frozenset("近超上达逾过约破好")
_VAGUELY = {"上": "about", "好": "about", "过": "more_than", "破": "more_than", "达": "about"}
_VAGUE = re.compile(rf"[百千万亿][{S}{B}]*")
_HANZI_YEAR = re.compile(rf"([{D}]{{4}}|[零〇九][一二三四五六七八九]) ?年(?![代级])")


_WIDE = re.compile("[０-９萬億兩貳陸參]")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of ``text``, left to right, none over another. Bound pairs (大于100并且小于300) come as one range."""
    if _START.search(text) is None and _WIDE.search(text) is None:
        return ()
    folded = fold(text)
    if "://" in folded or "www." in folded or "@" in folded:
        folded = _SPOTS.sub(lambda match: " " * len(match[0]), folded)
    if " " in folded:
        folded = _SPACED_AMOUNT.sub(lambda match: match[0].replace(" ", ","), folded)
    return scan(text, folded)


def scan(text: str, folded: str) -> tuple[Quantity, ...]:
    """``quantities`` on text already folded; ``folded`` must be as long as ``text``, which gives the surfaces."""
    found: list[Quantity] = []
    place = done = 0
    while (match := _START.search(folded, place)) is not None:
        atoms, place = _atoms(folded, match.start())
        if (
            len(atoms) == 1
            and folded[place : place + 1] in _SEPARATOR_FIRST
            and atoms[0].kind != "year"
            and (separator := _SEPARATOR.match(folded, atoms[0].end))
        ):
            atoms, place = _ranged(folded, atoms[0], separator)
        for atom in atoms:
            quantity = _finish(text, folded, atom, done)
            if quantity is None:
                continue
            done = quantity.end
            place = max(place, done)
            if found and quantity.qualifier and (joined := _joined(text, folded, found[-1], quantity)) is not None:
                found[-1] = joined
                continue
            if found and (quantity.kind == "year" or quantity.unit == "年"):
                _years_before(folded, found, quantity)
            found.append(quantity)
    return tuple(found)


def _years_before(folded: str, found: list[Quantity], year: Quantity) -> None:
    """2022、2023和2024年, 2022-2024年: the year's word stands behind the last. 2022、2023、2024三年: or behind their number."""
    after = year
    listed: list[int] = []
    for index in range(len(found) - 1, -1, -1):
        one = found[index]
        plain = one.kind == "number" and len(one.surface) == 4 and one.surface.isdecimal() and one.value is not None
        gap = folded[one.end : after.start].strip()
        if (
            not plain
            or not (gap in _YEAR_GAPS or (not gap and not listed and year.kind != "year"))
            or not 1900 <= (one.value or 0) <= 2100
        ):
            break
        after = one
        listed.append(index)
    if year.kind != "year" and year.value != len(listed):
        return
    for index in listed:
        found[index] = found[index]._replace(kind="year", unit="year", error=ZERO)


def _atoms(folded: str, start: int, *, second: bool = False) -> tuple[tuple[_Atom, ...], int]:
    """What stands at ``start``, and where to go on. ``second`` is the end of a range, which begins no other."""
    char = folded[start]
    if folded[start - 1 : start] == "第" or folded[start - 2 : start] == "第 ":
        ordinals = _ORDINALS.match(folded, start)
        return (), ordinals.end() if ordinals else start + 1
    if "0" <= char <= "9":
        return _from_digits(folded, start)
    return _from_words(folded, start, second=second)


def _from_digits(folded: str, start: int) -> tuple[tuple[_Atom, ...], int]:
    before = folded[start - 1 : start]
    if before and before.isascii() and (before.isalpha() or before in "_-") and _in_code(folded, start):
        return (), _token_end(folded, start)
    numeral = arabic(folded, start)
    if numeral is None:
        return (), start + 1
    stop = numeral.end
    after = folded[stop : stop + 1]
    if (after and after in "-/.:—,") or folded[start] == "0" or stop - start > 10 or (after.isascii() and after.isalpha()):
        shaped = _shape(folded, start)
        if shaped is not None:
            return shaped
        if after == "/" and (fraction := _slash(folded, numeral)) is not None:
            return (fraction,), fraction.end
    return _with_unit(folded, numeral)


def _in_code(folded: str, start: int) -> bool:
    """Whether a letter or a hyphen ties the digits to a code (TSE-2000S), not to a currency (RMB500) or a minus."""
    before = folded[start - 1]
    if before == "-":
        tied = folded[start - 2 : start - 1]
        return bool(tied) and tied.isascii() and tied.isalpha()
    return folded[max(0, start - 3) : start].upper() not in ("RMB", "CNY", "HKD", "USD", "EUR")


def _token_end(folded: str, start: int) -> int:
    match = _TOKEN_REST.match(folded, start)
    return max(start + 1, match.end() if match else start + 1)


def _shape(folded: str, start: int) -> tuple[tuple[_Atom, ...], int] | None:
    """Dates give their year; telephone numbers, versions, times and codes nothing."""
    match = _SHAPE.match(folded, start)
    if match is None:
        return None
    years: tuple[str, ...] = ()
    if match["months"]:
        years = ("y1", "y2")
    elif match["day"]:
        years = ("day",)
    elif match["month"]:
        years = ("month",)
    elif match["short"] is not None:
        return (_year(match.start(), match.end(), match.end() + 1, 2000 + int(match[0])),), match.end() + 1
    return tuple(_year(match.start(name), match.end(name), match.end(name), int(match[name])) for name in years), match.end()


def _year(start: int, stop: int, end: int, value: int) -> _Atom:
    year = Decimal(value)
    return _Atom(start, stop, end, year, None, ZERO, ONE, "year", "year", "", True)


def _slash(folded: str, numeral: Numeral) -> _Atom | None:
    """1/3 is a fraction; 6/4 is two numbers someone set apart."""
    match = None if folded[numeral.start - 1 : numeral.start] == "/" else _SLASH.match(folded, numeral.end)
    below = Decimal(match[1]) if match else ZERO
    if match is None or not ZERO < numeral.low < below or numeral.low != int(numeral.low):
        return None
    value = numeral.low / below
    return _Atom(numeral.start, match.end(), match.end(), value, None, ZERO, ONE, "number", "", "", True)


def _from_words(folded: str, start: int, *, second: bool = False) -> tuple[tuple[_Atom, ...], int]:
    char, before = folded[start], folded[start - 1 : start]
    after = folded[start + 1 : start + 2]
    if after and after not in MAY_FOLLOW and after not in N and after.isalpha() and before not in _BESIDE_BARE:
        return (), start + 1
    if char == "半":
        return _half(folded, start)
    if char in "百千万" and (percent := _percent(folded, start)) is not None:
        return percent
    year = _HANZI_YEAR.match(folded, start)
    if year is not None and not (before and before in D):
        value = digit_string(year[1]) or 0
        value += 0 if len(year[1]) == 4 else 2000 if value < 50 else 1900
        return (_year(start, year.end(1), year.end(), value),), year.end()
    if char == "数" and before in _COMPOUND_SU:
        return (), start + 1
    if (fold_off := _TWO_DIGITS_OFF.match(folded, start)) is not None and not (before and before in N):
        off = Decimal(digit_string(fold_off[1]) or 0) / 100
        place = fold_off.end()
        return (_Atom(start, fold_off.end(1), place, off, None, Decimal("0.01"), ONE, "percent", "ratio", "", True),), place
    numeral = hanzi(folded, start)
    if numeral is None and start == 0 and len(folded) > 2 and (read := digit_string(folded)) is not None:
        numeral = Numeral(0, len(folded), Decimal(read), None, ONE, ONE, True, "")  # 一二三, and nothing else
    if numeral is None and char in BIG and ((before and before in _LOOSE_BEFORE) or (after and after in "余多")):
        whole = Decimal(BIG[char])
        numeral = Numeral(start, start + 1, whole, None, whole, whole, True, "")
    if numeral is None:
        end = start + 1
        while folded[end : end + 1] and folded[end] in N:
            end += 1
        return (), end
    if before and before in "第双初周":
        return (), numeral.end
    atoms, place = _with_unit(folded, numeral)
    if atoms and atoms[0].stop == numeral.end and not _believed(folded, numeral, atoms[0]):
        both = () if second else _first_end(folded, numeral, before)
        return both, both[0].end if both else numeral.end
    return atoms, place


def _first_end(folded: str, numeral: Numeral, before: str) -> tuple[_Atom, ...]:
    """三至五人: the first end, which nobody would believe alone, with the second."""
    separator = _SEPARATOR.match(folded, numeral.end)
    if numeral.end - numeral.start > 1 or separator is None or (before and before in _NOT_ONE):
        return ()
    atoms, _ = _ranged(folded, _bare(numeral), separator)
    return atoms if atoms and atoms[0].high is not None else ()


def _half(folded: str, start: int) -> tuple[tuple[_Atom, ...], int]:
    """半年, 半个月, 半亩; not 上半年, not 半导体."""
    unit = UNIT.match(folded, start + 1)
    if (
        unit is None
        or unit.lastgroup not in ("time", "year", "area")
        or folded[start - 1 : start] in tuple("上下前后大一过多各每")
    ):
        return (), start + 1
    numeral = Numeral(start, start + 1, HALF, None, ZERO, ONE, True, "")
    return _with_unit(folded, numeral)


def _percent(folded: str, start: int) -> tuple[tuple[_Atom, ...], int] | None:
    match = _PERCENT.match(folded, start)
    if match is None:
        return None
    base = Decimal(product(match["base"]))
    numeral = _numeral(folded, match.end())
    if numeral is None:
        return None
    numeral = numeral._replace(start=start, scale=ONE)
    sign = -ONE if match["sign"] else ONE
    atom = _atom_of(numeral, numeral.end, "percent", "ratio", "", over=base)
    high = None if atom.high is None else atom.high * sign
    return (atom._replace(low=atom.low * sign, high=high),), numeral.end


def _atom_of(
    numeral: Numeral,
    end: int,
    kind: str,
    unit: str,
    qualifier: str,
    *,
    times: Decimal = ONE,
    over: Decimal = ONE,
    more: Decimal = ZERO,
) -> _Atom:
    """``numeral``, and ``more`` units (半), in the unit that ends at ``end``: ``times`` over ``over`` of the base unit."""
    low, high, grain = numeral.low + more if more else numeral.low, numeral.high, numeral.grain
    if times is not ONE or over is not ONE:
        low, grain = low * times / over, grain * times / over
        high = None if high is None else high * times / over
    return _Atom(numeral.start, numeral.end, end, low, high, grain, numeral.scale, kind, unit, qualifier, True, times, over)


def _numeral(folded: str, start: int) -> Numeral | None:
    char = folded[start : start + 1]
    if not char:
        return None
    if "0" <= char <= "9":
        return arabic(folded, start)
    return hanzi(folded, start) if char in N or char in "几数" else None


def _with_unit(folded: str, numeral: Numeral) -> tuple[tuple[_Atom, ...], int]:
    stop = numeral.end
    after = folded[stop : stop + 1]
    if not after:
        return (_bare(numeral),), stop
    if after == "分" or after == " " or after == "又":
        fraction = _fraction(folded, numeral)
        if fraction is not None:
            return (fraction,), fraction.end
    unit, qualifier = UNIT.match(folded, stop), numeral.loose
    if unit is None and (infix := _INFIX.match(folded, stop)) is not None:
        unit = UNIT.match(folded, infix.end())
        word = infix["word"]
        tens = numeral.low % 10 == 0 and numeral.low > 0
        if word == "来" and (unit is None or not tens):
            unit = None
        elif unit is not None or not folded[infix.end() : infix.end() + 1].strip() or folded[infix.end()] in "，,。；;、)":
            qualifier = "about" if word == "来" else "above"
            if unit is None:
                return (_bare(numeral)._replace(end=infix.end("word"), qualifier=qualifier),), infix.end()
    if unit is not None:
        group = unit.lastgroup or ""
        if after == " " and group == "count" and _row_number(folded, numeral, unit):
            return (_bare(numeral),), stop
        return _unit_atom(folded, numeral, unit, group, qualifier)
    if after.isascii() and (after.isalpha() or after == "_"):
        return (), _token_end(folded, stop)
    if after == "-" and folded[stop + 1 : stop + 2].isascii() and folded[stop + 1 : stop + 2].isalpha():
        return (), _token_end(folded, stop)
    return (_bare(numeral)._replace(qualifier=qualifier),), stop


def _row_number(folded: str, numeral: Numeral, unit: re.Match[str]) -> bool:
    """11 组培架 at the start of a line is a row's number before a name, 9 项关键参数 a count."""
    first = numeral.start == 0 or folded[numeral.start - 1] == "\n"
    return first and unit["count"] not in "人名项家个" and folded[unit.end() : unit.end() + 1].isalpha()


def _bare(numeral: Numeral) -> _Atom:
    start, stop = numeral.start, numeral.end
    return _Atom(
        start, stop, stop, numeral.low, numeral.high, numeral.grain, numeral.scale, "number", "", numeral.loose, not numeral.hanzi
    )


def _fraction(folded: str, numeral: Numeral) -> _Atom | None:
    """三分之一, 一又二分之一, 25分之144."""
    whole, below = ZERO, numeral
    if numeral.high is not None:
        return None
    joined = _AND.match(folded, numeral.end)
    if joined:
        second = _numeral(folded, joined.end())
        if second is None:
            return None
        whole, below = numeral.low, second
    over = _OVER.match(folded, below.end)
    above = _numeral(folded, over.end()) if over else None
    if above is None or above.high is not None or not below.low:
        return None
    value = whole + above.low / below.low
    return _Atom(numeral.start, above.end, above.end, value, None, ZERO, ONE, "number", "", "", True)


def _unit_atom(folded: str, numeral: Numeral, unit: re.Match[str], group: str, qualifier: str) -> tuple[tuple[_Atom, ...], int]:
    end, name = unit.end(), unit[group]
    if group in ("foreign", "not", "measure"):
        return (), end
    if group in ("yuan", "kuai", "jiao", "fen"):
        return _money(folded, numeral, unit, group, qualifier)
    if group == "year":
        return _years(folded, numeral, end, qualifier)
    if group == "share":
        return (_share(numeral, end, name, qualifier),), end
    half = _HALF.match(folded, end) if numeral.high is None and numeral.scale == ONE else None
    more = HALF if half else ZERO
    end = half.end() if half else end
    if group in ("area", "ping"):
        if unit["ping"] and numeral.hanzi and numeral.end - numeral.start == 1:
            return (), end
        times, over = area_factor(unit["area"])
        return (_atom_of(numeral, end, "area", "m2", qualifier, times=times, over=over, more=more),), end
    if group == "compound" and "台" in name and "套" in name:
        name = "台套"
    elif half and name == "个" and folded.startswith(("月", "小时"), end):
        name = "个月" if folded[end] == "月" else "小时"
        end += 1 if name == "个月" else 2
    elif name in ("个小时", "个星期"):
        name = name[1:]
    return (_atom_of(numeral, end, "count", name, qualifier, more=more)._replace(sure=not numeral.hanzi),), end


def _share(numeral: Numeral, end: int, name: str, qualifier: str) -> _Atom:
    """58%, 3个百分点, 三成五, 85折."""
    factor, more = share_factor(name), ZERO
    if name[0] == "折" and 10 <= numeral.low < 100:
        factor /= 10
    if name[-1] in "半一二三四五六七八九":
        more = HALF if name[-1] == "半" else Decimal(_digit(name[-1])) / 10
    return _atom_of(numeral, end, "percent", "ratio", qualifier, times=factor, more=more)


def _years(folded: str, numeral: Numeral, end: int, qualifier: str) -> tuple[tuple[_Atom, ...], int]:
    """2025年 and 二〇二五年 are years, 3年 a length of time; 24年9月 and 零八年 are dates cut short."""
    low = numeral.low
    written = folded[numeral.start : numeral.end]
    if folded[end : end + 1] == "度":
        if len(written) != 4:
            return (_bare(numeral),), numeral.end
        end += 1
    if numeral.high is None and not numeral.loose and not qualifier:
        if len(written) == 4 and written.isdecimal() and 1000 <= low <= 2999:
            return (_year(numeral.start, numeral.end, end, int(low)),), end
        if numeral.hanzi and 1800 <= low <= 2199 and low != 2000:
            return (_year(numeral.start, numeral.end, end, int(low)),), end
        if len(written) == 2 and _PART_OF_YEAR.match(folded, end):
            return (_year(numeral.start, numeral.end, end, int(low) + (2000 if low < 50 else 1900)),), end
    half = _HALF.match(folded, end)
    if half:
        low, end = low + HALF, half.end()
    atom = _Atom(numeral.start, numeral.end, end, low, numeral.high, numeral.grain, numeral.scale, "count", "年", qualifier, True)
    return (atom,), end


_OWN = re.compile(r" ?(?:人民币|RMB|CNY)")
_KUAI_NEXT = re.compile(rf" ?(?:$|[\s,，。；;、.!！?？:：)）\]】\-~—至到以左上的整就每一/0-9{D}毛半]|{FOREIGN}|人民币|RMB|CNY)")
_LOW_YUAN_NEXT = re.compile(rf" ?(?:$|[\s,，。；;、.!！?？:：)）\]】(（\-~—至到以左上的整正人就和及或每一/0-9{D}角]|RMB|CNY)")


def _money(folded: str, numeral: Numeral, unit: re.Match[str], group: str, qualifier: str) -> tuple[tuple[_Atom, ...], int]:
    """元 with 角 and 分 behind it, 块 where it is money, 角 and 分 where they stand alone."""
    start, stop, end = numeral.start, numeral.end, unit.end()
    low, high, grain = numeral.low, numeral.high, numeral.grain
    written = folded[start:stop]
    formal = numeral.hanzi and upper(written)
    if group == "kuai":
        if not unit[group].endswith("钱") and _KUAI_NEXT.match(folded, end) is None:
            return (_bare(numeral)._replace(end=end, kind="count", unit="块", qualifier=qualifier, sure=True),), end
    elif group == "yuan":
        plain = numeral.hanzi and not formal and stop - start == 1
        if plain and unit["yuan"] in ("元", "圆") and _LOW_YUAN_NEXT.match(folded, end) is None:
            return (), end
    if group == "jiao":
        factor = Decimal("0.1")
        after = folded[end : end + 1]
        if not formal and not unit[group].endswith("钱"):
            if after and after not in " ,，。；;、)半0123456789" + D:
                return (), end
            alone = numeral.hanzi and stop - start == 1 and start and folded[start - 1] not in " ,，。；;、(:负币"
            if alone and not (unit[group] == "毛" and _TAIL.match(folded, end)):  # 三毛 is a name, 两毛五 a price
                return (), end
    elif group == "fen":
        factor = Decimal("0.01")
        if not (unit[group].endswith("钱") or formal or folded[:start].rstrip().endswith("人民币")):
            return (), end
    else:
        factor = ONE
    low, grain = low * factor, grain * factor
    if unit[group][-1] in "整正":
        grain = min(grain, ONE)
    high = None if high is None else high * factor
    if high is None and not qualifier:
        low, grain, stop, end = _small_change(folded, low, grain, stop, end, group, unit[group])
    own = _OWN.match(folded, end)
    if own and not unit[group].endswith(("人民币", "RMB", "CNY")) and not folded.startswith(tuple("0123456789 "), own.end()):
        end = own.end()
    return (_Atom(start, stop, end, low, high, grain, numeral.scale, "money", "yuan", qualifier, True, factor),), end


def _small_change(
    folded: str, low: Decimal, grain: Decimal, stop: int, end: int, group: str, unit: str
) -> tuple[Decimal, Decimal, int, int]:
    """What follows the main unit: 6角三分, 七毛八, 整, 块5, a half."""
    place = {"jiao": Decimal("0.01")}.get(group, Decimal("0.1"))
    if group in ("yuan", "kuai"):
        cents = _CENTS.match(folded, end)
        if cents is not None and (cents["jiao"] or cents["fen"] or cents["whole"]):
            if cents["jiao"]:
                low, grain, stop = low + _digit(cents["jiao"]) * place, place, cents.end("jiao")
            if cents["fen"]:
                low, grain, stop = low + _digit(cents["fen"]) * place / 10, place / 10, cents.end("fen")
            end = cents.end()
            if cents["fen"] or cents["whole"] or not cents["jiao"] or folded[end - 1] != "毛":
                return low, grain, stop, end
            group, unit, place = "jiao", "毛", Decimal("0.01")
    elif group == "jiao" and (fen := _FEN.match(folded, end)) is not None:
        return low + _digit(fen["fen"]) * place, place, fen.end("fen"), fen.end()
    if unit in ("块", "毛", "角"):
        if folded.startswith("半", end):
            return low + place * 5, place, stop, end + 1
        tail = _TAIL.match(folded, end)
        if tail is not None:
            return low + _digit(tail["digit"]) * place, place, tail.end(), tail.end()
    return low, grain, stop, end


def _digit(char: str) -> int:
    return int(char) if char.isascii() else digit_string(char) or 0


def _believed(folded: str, numeral: Numeral, atom: _Atom) -> bool:
    """Whether characters that also make words (一, 百, 十四五) stand for a quantity here."""
    start, stop = numeral.start, numeral.end
    words = folded[start:stop]
    before, after = folded[start - 1 : start], folded[stop : stop + 1]
    if words[0] in BIG or (words[0] in "百千佰仟" and len(words) == 1):
        # 百万元 is a label or a figure of speech, 近百万元 is meant.
        return atom.kind != "number" and (atom.qualifier == "above" or (bool(before) and before in _LOOSE_BEFORE))
    if words[0] in "百千" and _VAGUE.fullmatch(words):
        great = words[-1] in BIG and not (after and after.isalpha())  # 超百亿
        return bool(before) and before in _LOOSE_BEFORE and (atom.kind != "number" or great)
    if atom.sure and atom.kind == "money":
        # A printed form's empty line ends in 拾 元, too.
        return words not in ("拾", "十") or folded[start - 2 : start - 1] not in tuple("佰仟百千拾万亿")
    if len(words) == 1:
        return _single(folded, words, atom)
    if atom.kind == "number" and (words in _PLAN or folded.startswith(_HOLIDAY, stop)):
        return False
    if atom.kind != "number" or "点" in words or any(char in SMALL or char in BIG or char in TENS for char in words):
        if words[0] in "百千":
            return atom.kind != "number" or (not before.isalpha() and not after.isalpha())
        # 二十大, 五点一线: digits around a point or a place word must not run into another word.
        return atom.kind != "number" or (
            after not in ("大", "强", "佳", "星", "字") and not ("点" in words and after.isalpha() and _clock(words, after))
        )
    return start == 0 and stop == len(folded) and numeral.high is None and len(words) > 2


def _clock(words: str, after: str) -> bool:
    """五点一线, 零点一刻; 零点五 before a verb is a number all the same."""
    return words[0] not in "零〇" or after in "刻过到整许"


def _single(folded: str, words: str, atom: _Atom) -> bool:
    start, stop = atom.start, atom.stop
    before, after = folded[start - 1 : start], folded[stop : stop + 1]
    alone = start == 0 and stop == len(folded)
    if upper(words) or (before == "负" and stop == len(folded)):
        return before == "负"
    if atom.kind != "number":
        if folded[start - 2 : stop + 1] in _IDIOMS or folded[start : stop + 3] in _IDIOMS:
            return False
        if words in ("零", "〇", "○"):
            return atom.unit in ("个", "人", "名", "家", "项", "次", "年", "ratio")
        return not (words == "一" and before and before in _NOT_ONE)
    if alone or (after and after in "加减乘除" and folded[stop + 1 : stop + 2] and folded[stop + 1] in N):
        return True
    closed = folded.startswith(("等于", "小于", "大于"), stop) or not after or not after.isalnum() or after in _AFTER_SOLID
    return bool(before) and (before in _SOLID or folded[start - 2 : start] == "除以") and closed


def _ranged(folded: str, atom: _Atom, separator: re.Match[str]) -> tuple[tuple[_Atom, ...], int]:
    """The range that begins with ``atom``, else ``atom`` itself; nothing for 1-9月 and 2-1, which are no quantities."""
    alone = (atom,), atom.end
    start = separator.end()
    if atom.high is not None or not _START.match(folded, start):
        return alone
    if separator["by"] == "、":
        return _or_so(folded, atom, start)
    bare, by = atom.kind == "number", separator["by"]
    atoms, place = _atoms(folded, start, second=True)
    if not atoms and (second := _digit_end(folded, start)) is not None:
        atoms = (second,)
    if not atoms:
        return ((), place) if bare and by not in "与和跟" else alone
    second = atoms[0]
    if len(atoms) > 1 or second.high is not None or second.kind == "year":
        return alone
    if atom.kind == "percent" and second.kind == "number" and folded[atom.start] in "百千万":
        base = product(folded[atom.start])
        second = second._replace(low=second.low / base, grain=second.grain / base, kind="percent", unit="ratio")
    if by in "与和跟":
        between = _BETWEEN.match(folded, second.end) or _BETWEEN.match(folded, second.stop)
        if between is None:
            return alone
        second = second._replace(end=between.end())
        if second.unit == "间":
            second = second._replace(kind="number", unit="")
    low, high, scale = atom.low, second.low, atom.scale
    if atom.unit != second.unit or atom.kind != second.kind:
        if not bare:
            return alone
        low = _in_unit_of(atom, second)
    elif bare and scale == ONE and second.scale > ONE and low < high / second.scale:
        low *= second.scale
    if bare and second.kind == "number" and 1990 <= low < high <= low + 10 <= 2070 and atom.stop - atom.start == 4:
        return tuple(_year(one.start, one.stop, one.stop, int(one.low)) for one in (atom, second)), second.end
    if low < high:
        whole = second._replace(
            start=atom.start, low=low, high=high, scale=max(scale, second.scale), qualifier=atom.qualifier or second.qualifier
        )
        return (whole,), whole.end
    return ((), place) if bare and second.kind == "number" and by == "-" else alone


def _or_so(folded: str, atom: _Atom, start: int) -> tuple[tuple[_Atom, ...], int]:
    """3、4人 is three or four; 5、10、20万元 are three amounts."""
    atoms, _ = _atoms(folded, start, second=True)
    if atom.kind == "number" and len(atoms) == 1 and atoms[0].high is None and atoms[0].kind not in ("number", "year"):
        second = atoms[0]
        low = _in_unit_of(atom, second)
        one = second.scale * second.times / second.over
        if atom.low < 10 and second.low - low == one and folded[second.stop : second.stop + 1] != "、":
            return (second._replace(start=atom.start, low=low, high=second.low),), second.end
    return (atom,), atom.end


def _digit_end(folded: str, start: int) -> _Atom | None:
    """A single character that would not be believed alone is, as the end of a range: 三到五."""
    numeral = hanzi(folded, start) if folded[start] in D or folded[start] == "十" else None
    if numeral is None or numeral.end - start != 1:
        return None
    if UNIT.match(folded, numeral.end) or _SEPARATOR.match(folded, numeral.end):
        return None
    return _bare(numeral)


def _in_unit_of(atom: _Atom, second: _Atom) -> Decimal:
    """100至150万元: the first end takes the second's unit, and its 万 where that keeps the ends in order."""
    low = atom.low * second.times / second.over
    if atom.scale == ONE and second.scale > ONE and low * second.scale < second.low:
        low *= second.scale
    return low


def _finish(text: str, folded: str, atom: _Atom, done: int) -> Quantity | None:
    """Sign, currency and qualifiers around the atom; None where the words before it show it is no quantity."""
    place, negative, currency = _signed(folded, atom, done)
    kind, unit = atom.kind, atom.unit
    before = folded[max(done, place - 12) : place]
    if before:
        if before[-1] in "第#双" or before.endswith(("第 ", "公元前")):
            return None
        if kind in ("number", "money") and not currency and _FOREIGN_BEFORE.search(before):
            return None
        if kind == "number" and not currency and _labelled(folded, atom, before):
            return None
    elif kind == "number" and atom.start < 3 and atom.stop < len(folded) and _ENUMERATOR.match(folded):
        return None
    if kind in ("money", "area") and folded[atom.start - 1 : atom.start] == " " and _split_by_space(folded, atom.start):
        return None
    if currency and kind == "number":
        kind, unit = "money", "yuan"
    qualifier = atom.qualifier
    start = place
    if kind != "year":
        word, start = _qualified(folded, place, done, unit)
        if not word and before and folded[place] in "百千万亿" and (name := _VAGUELY.get(before[-1])):
            word, start = name, start - 1
        qualifier = word or qualifier
    end = atom.end
    if kind != "year" and folded[end : end + 1] in _POST_FIRST and (post := _POST.match(folded, end)) is not None:
        end, qualifier = post.end(), _merged(qualifier, post.lastgroup or "")
    low, high = atom.low, atom.high
    if negative:
        low, high = (-low, None) if high is None else (-low, high)
    if high is None:
        value: Decimal | None = low
        side = SIDES.get(qualifier)
        low_side, high_side = (low if side == "low" else None), (low if side == "high" else None)
    else:
        value, low_side, high_side, kind = None, low, high, "range"
    error = _error(kind, unit, low, atom)
    if text is not folded and kind == "count" and (at := folded.find(unit, atom.stop, end)) >= 0:
        unit = text[at : at + len(unit)]
    return Quantity(
        start, end, text[start:end], kind, value, unit, low_side, high_side, qualifier, error, (atom.start, atom.stop)
    )


def _split_by_space(folded: str, start: int) -> bool:
    """1 260.5㎡ is 1260.5 to one writer and two columns of a table to another; neither reading is safe."""
    return _THREE_DIGITS.match(folded, start) is not None and _FEW_DIGITS.search(folded, max(0, start - 6), start) is not None


def _merged(before: str, after: str) -> str:
    """近200人以上, 约500万元左右: the bound outweighs the approximation."""
    return after if not before or after in SIDES else before


def _error(kind: str, unit: str, value: Decimal, atom: _Atom) -> Decimal:
    if kind == "year":
        return ZERO
    if atom.grain == ONE and unit not in ("", "yuan", "m2", "ratio"):
        return ZERO
    return atom.grain * HALF


def _signed(folded: str, atom: _Atom, done: int) -> tuple[int, bool, bool]:
    """Where the quantity begins with its sign and currency, whether it is negative, whether a currency stands there."""
    place, negative, currency = atom.start, False, False
    back = place
    while back > done and folded[back - 1] == " ":
        back -= 1
    if back <= done:
        return place, False, False
    last = folded[back - 1]
    if last not in "-负的¥￥币BYby:：":
        return place, False, False
    sign = _sign(folded, back, place, done)
    if sign is not None:
        place = back = sign
        negative = True
        while back > done and folded[back - 1] == " ":
            back -= 1
    if back > done and folded[back - 1] in "¥￥":
        place, currency = back - 1, True
    else:
        colon = back - 1 if back > done and folded[back - 1] == ":" else back
        if folded[max(done, colon - 3) : colon].upper() in ("人民币", "RMB", "CNY"):
            place, currency = colon - 3, True
    if currency and not negative and (sign := _sign(folded, place, place, done)) is not None:
        place, negative = sign, True
    return place, negative, currency


def _sign(folded: str, back: int, place: int, done: int) -> int | None:
    last = folded[back - 1 : back]
    if last == "负":
        return back - 1
    if last == "的" and folded[back - 2 : back - 1] == "负":
        return back - 2
    if last == "-" and back - 1 >= done:
        head = folded[back - 2 : back - 1]
        if back == place and (not head or head in _MINUS_AFTER):
            return back - 1
        if back < place and back == 1:
            return 0
    return None


def _labelled(folded: str, atom: _Atom, before: str) -> bool:
    """附件3, 表2, and the number that opens a line, are names of things."""
    head = before.rstrip(" (")
    if head.endswith(_LABELS):
        return True
    start = atom.start
    if folded[start - 1] == "(" and folded[atom.stop : atom.stop + 1] == ")":
        return atom.stop - start < 3 and not folded[start - 2 : start - 1].isalnum()
    return folded[start - 1].isspace() and _ENUMERATOR.match(folded, start) is not None


def _qualified(folded: str, place: int, done: int, unit: str) -> tuple[str, int]:
    """The qualifier before ``place`` and where it begins; 至少有 and 超过了 count, 近三年 and 最近 do not."""
    back = place
    while back > done and folded[back - 1] == " ":
        back -= 1
    if back <= done:
        return "", place
    last = folded[back - 1]
    if last not in _ENDINGS:
        if last not in _LINKS:
            return "", place
        link = back - 1
        if link > done and folded[link - 1] in "达超":
            link -= folded[link - 1] == "达"
        if folded[max(0, link - 1) : link] not in _ENDINGS:
            return "", place
        back = link
    window = folded[max(done, back - 9) : back]
    tight = window.replace(" ", "") if " " in window else window
    for length in _LENGTHS:
        word = tight[-length:]
        if len(word) == length and (name := _QUALIFIERS.get(word)) is not None:
            if name == "below" and (unit in ("年", "个月", "月", "天", "周", "小时") or tight.endswith(_NOT_NEAR)):
                return "", place
            return name, _step_back(folded, back, length)
    return "", place


def _step_back(folded: str, place: int, letters: int) -> int:
    while letters:
        place -= 1
        letters -= folded[place] != " "
    return place


def _joined(text: str, folded: str, first: Quantity, second: Quantity) -> Quantity | None:
    """大于100并且小于300 is one range."""
    if SIDES.get(first.qualifier) != "low" or SIDES.get(second.qualifier) != "high":
        return None
    gap = folded[first.end : second.start]
    if first.value is None or second.value is None or len(gap) > 5 or _JOIN.fullmatch(gap) is None:
        return None
    if first.value >= second.value or (first.unit and first.unit != second.unit):
        return None
    return second._replace(
        start=first.start,
        surface=text[first.start : second.end],
        kind="range",
        value=None,
        low=first.value,
        high=second.value,
        qualifier="",
        number=(first.number[0], second.number[1]),
    )
