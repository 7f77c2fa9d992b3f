"""Quantities in text and in table cells; what the rest of the house imports.

``quantities`` reads running text, ``read_cell`` a cell that is one quantity and nothing else, with the unit its label or
caption gives; ``unit_in`` finds that unit. The grammar is in ``quantities_grammar``, numerals and units beside it.
A unit written in the cell wins over the label's: 500万 under 万元 is five million yuan, as nobody means 500万万元.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extractors.quantities_grammar import SIDES, Quantity, quantities, scan
from extractors.quantities_numerals import digit_string, fold, product, upper
from extractors.quantities_units import CLASSIFIERS, area_factor

__all__ = ["Quantity", "quantities", "read_cell", "to_json", "unit_in", "words_amount"]


class _Unit(NamedTuple):
    kind: str
    name: str
    times: Decimal
    over: Decimal
    label: str


_ONE = Decimal(1)
_MONEY = re.compile(
    r"(?:人民币)?[:/]?(?P<scale>[十百千万亿]{0,2})(?:(?:元|圆)(?:人民币|/年|每年)?|人民币|RMB|CNY|[¥￥])(?:RMB)?", re.IGNORECASE
)
_AREA = re.compile(
    r"(?P<scale>[百千万亿]?)(?P<unit>平方(?:公里|千米|厘米|毫米|米)?|平米?|㎡|㎢|k?m\^?[2²]|亩|公顷|hm[2²]|ha)", re.IGNORECASE
)
_COMPOUND = frozenset(
    (
        "人次",
        "人月",
        "人年",
        "人天",
        "人日",
        "家次",
        "台套",
        "台班",
        "台次",
        "套次",
        "项次",
        "批次",
        "架次",
        "班次",
        "场次",
        "课时",
        "学时",
        "小时",
        "天",
        "个月",
        "周",
        "岁",
        "倍",
    )
)


@lru_cache(maxsize=512)
def _unit(written: str) -> _Unit | None:
    """What a unit's own words say: 万元, 人民币元, m 2, 万㎡, 台（套）; None for 元/㎡ and for words that are no unit."""
    words = fold(written).replace(" ", "").strip(":;,.、。")
    if not words or len(words) > 12:
        return None
    if words in ("%", "‰", "百分比", "百分数"):
        share = Decimal("0.001") if words == "‰" else Decimal("0.01")
        return _Unit("percent", "ratio", share, _ONE, "‰" if words == "‰" else "%")
    if (money := _MONEY.fullmatch(words)) is not None:
        return _Unit("money", "yuan", Decimal(product(money["scale"])), _ONE, money["scale"] + "元")
    if (area := _AREA.fullmatch(words)) is not None:
        times, over = area_factor(area["unit"])
        plain = area["unit"] if times != _ONE else "㎡"
        return _Unit("area", "m2", times * product(area["scale"]), over, area["scale"] + plain)
    if words in ("年", "周年"):
        return _Unit("count", "年", _ONE, _ONE, "年")
    if words in ("月", "个月"):
        return _Unit("count", "个月", _ONE, _ONE, "个月")
    head = re.split(r"[/、,，或(]", words)[0]
    scale = product(head[0]) if len(head) > 1 and head[0] in "千万亿" else 1
    name = head[1:] if scale > 1 else head
    if words in _COMPOUND or (
        name in CLASSIFIERS and all(part in CLASSIFIERS for part in re.split(r"[/、,，或()]", words[len(head) :]) if part)
    ):
        name = words if words in _COMPOUND else name
        return _Unit("count", name, Decimal(scale), _ONE, head if words not in _COMPOUND else words)
    return None


_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_NAMED = re.compile(r"单位 ?[:：为] ?([^\s;；。)）\]】]+(?: [2²])?)|单位 ([百千万亿]*元)")
_AT_END = re.compile(
    r"(?:/|\s|[^\s百千万亿])?((?:人民币)? ?[百千万亿]{0,2}元|[百千万亿]?(?:平方米|平米|㎡|m ?\^?[2²]|公顷|亩)|%|‰)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_AFTER_SLASH = re.compile(r"/ ?([^/\s]{1,4})\s*[:：]?\s*$")
_MONEY_WORDS = re.compile("金额|原值|价|收入|投资|投入|资金|经费|产值|成本|费|融资|营收|估值|规模|万")


def unit_in(label: str) -> str | None:
    """The unit a label or caption names, in one spelling (万元, ㎡, 万㎡, 亩, %, 人, 个月, …); ``read_cell`` takes it.

    None where none is named, where several kinds are (单位：万元、平方米), and for rates (元/㎡), which are no amounts.
    """
    folded = fold(label)
    if (named := _NAMED.search(folded)) is not None:
        words = (named[1] or named[2]).strip()
        found = _unit(words)
        if found is not None or len([part for part in re.split("[、,，/]", words) if _unit(part)]) > 1:
            return found.label if found else None
    for inside in reversed(_BRACKETS.findall(folded)):
        words = re.sub(r"^(?:计量|金额|货币)?单位[:：]?|^以|计$", "", inside.strip()).strip()
        if words in ("万", "亿") and _MONEY_WORDS.search(folded):
            return words + "元"
        found = _unit(words)
        if found is not None:
            return found.label
        if "/" in words and words.startswith(("元", "万元", "千元")):
            return None
    if "单价" in folded and "/" in folded:
        return None
    if (slash := _AFTER_SLASH.search(folded)) is not None and "元/" not in folded and (found := _unit(slash[1])) is not None:
        return found.label
    ending = _AT_END.search(folded)
    if ending is not None and "元/" not in folded and (found := _unit(ending[1])) is not None:
        return found.label
    return None


_SPACED_CELL = re.compile(r"\s*[¥￥]?\s*-?[0-9]{1,3}(?:(?: [0-9]{3}){2,}(?:\.[0-9]+)?|(?: [0-9]{3})+\.[0-9]+)(?![0-9])")
_COMMA_CELL = re.compile(r"\s*[¥￥]?\s*-?[0-9]{1,3}(?:，[0-9]{3})+(?:\.[0-9]+)?(?![0-9])")
_SCIENCE = re.compile(r"\s*([0-9]\.[0-9]+[eE][+-]?[0-9]{1,2})\s*")
_BEFORE = frozenset(("", "共", "共计", "合计", "总计", "总共", "计", "人民币", "大写", "人民币(大写)", "小写", "共有"))
_AROUND = " \n\r:：;；,，。.、=\u3000"
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def read_cell(text: str, unit: str = "") -> Quantity | None:
    """The quantity a cell states, when the whole cell is one; ``unit`` is what its label gives (``unit_in``).

    None for several numbers (6（4）, 6/4), codes, dates, words, and for 3千 under 万元, which can be read two ways.
    大写 and 小写 of one amount in one cell count as one. 58.3 under % is 0.583.
    """
    if len(text) > 80:
        return None
    folded = fold(text)
    if " " in folded and (match := _SPACED_CELL.match(folded)) is not None:
        folded = re.sub(r"(?<=[0-9]) (?=[0-9])", ",", folded[: match.end()]) + folded[match.end() :]
    elif "，" in folded and (match := _COMMA_CELL.match(folded)) is not None:
        folded = folded[: match.end()].replace("，", ",") + folded[match.end() :]
    elif (science := _SCIENCE.fullmatch(folded)) is not None:
        return _scientific(text, science, unit)
    found = scan(text, folded)
    if not found or len(found) > 2:
        return None
    first = found[0]
    if digit_string(folded[slice(*first.number)]) is not None and first.number[1] - first.number[0] > 1 and first.kind != "year":
        return None  # 一二三 in a cell may be a list
    if folded[: first.start].strip(_AROUND + "(") not in _BEFORE and folded[: first.start].strip(_AROUND) not in _BEFORE:
        return None
    if len(found) == 2:
        return _same_twice(text, folded, first, found[1])
    rest = folded[first.end :].strip(_AROUND)
    if rest:
        own = rest[1:-1] if rest[0] in "([" and rest[-1] in ")]" else rest
        if first.kind == "money" and own in ("/年", "每年"):
            own = ""
        elif first.unit or _unit(own) is None:
            return None
        unit = own or unit
    if first.unit or not unit:
        return first
    return _under(folded, first, unit)


def _scientific(text: str, match: re.Match[str], unit: str) -> Quantity | None:
    value = Decimal(match[1])
    grain = _ONE.scaleb(int(value.as_tuple().exponent))
    plain = Decimal(f"{value:f}")
    span = (match.start(1), match.end(1))
    bare = Quantity(*span, match[1], "number", plain, "", None, None, "", grain / 2, span)
    return _under(text, bare, unit) if unit else bare


def _same_twice(text: str, folded: str, first: Quantity, second: Quantity) -> Quantity | None:
    """人民币叁佰伍拾万元整（¥3,500,000.00）."""
    between, rest = folded[first.end : second.start].strip(_AROUND), folded[second.end :].strip(_AROUND)
    if first.kind != "money" or second.kind != "money" or first.value is None or first.value != second.value:
        return None
    if between not in ("", "(", "(小写", "小写", "(大写") or rest not in ("", ")"):
        return None
    if upper(first.surface) == upper(second.surface):
        return None
    return first._replace(end=second.end, surface=text[first.start : second.end])


def _under(folded: str, bare: Quantity, unit: str) -> Quantity | None:
    """A number without a unit, under a label that gives one."""
    of = _unit(unit)
    if of is None:
        return bare if bare.kind != "range" else None
    written = folded[bare.number[0] : bare.number[1]]
    if "分之" in written or "/" in written:
        return None
    times, over = of.times, of.over
    if any(char in written for char in "万亿"):
        if of.kind == "percent":
            return None
        times = (
            times / Decimal(product("".join(char for char in of.label if char in "百千万亿")))
            if times > 1 and of.kind != "area"
            else times
        )
        if of.kind == "area" and of.label[0] in "百千万亿":
            return None
    elif times > 1 and any(char in written for char in "百千kK") and any(char.isdigit() for char in written):
        return None
    if (
        of.name == "年"
        and bare.value is not None
        and _PLAIN.fullmatch(written)
        and len(written) == 4
        and 1000 <= bare.value <= 2999
    ):
        return bare._replace(kind="year", unit="year", error=Decimal(0))
    whole = "." not in written and "点" not in written
    exact = of.kind == "count" and times == 1 and whole and not any(char in written for char in "万亿")
    return bare._replace(
        kind=bare.kind if bare.kind == "range" else of.kind,
        unit=of.name,
        value=_times(bare.value, times, over),
        low=_times(bare.low, times, over),
        high=_times(bare.high, times, over),
        error=Decimal(0) if exact else bare.error * times / over,
    )


def _times(value: Decimal | None, times: Decimal, over: Decimal) -> Decimal | None:
    return None if value is None else value * times / over


def words_amount(text: str) -> Decimal | None:
    """The amount in 大写 that ``text`` states, in yuan; None without one, and where it states several that differ."""
    folded = fold(text)
    amounts = set()
    for found in scan(text, folded):
        written = folded[found.number[0] : found.number[1]]
        closed = folded[found.end : found.end + 2].lstrip()[:1] in ("整", "正")
        formal = upper(written) and (found.kind == "money" or closed or "大写" in folded)
        if found.value is not None and (formal or (found.kind == "money" and found.surface.endswith(("整", "正")))):
            amounts.add(found.value)
    return amounts.pop() if len(amounts) == 1 else None


def to_json(quantity: Quantity) -> dict[str, str | None]:
    """The contract's object: decimals as plain strings; a bound is a range that is open on one side."""
    bound = quantity.kind != "range" and quantity.qualifier in SIDES
    return {
        "surface": quantity.surface,
        "kind": "range" if bound else quantity.kind,
        "value": None if bound else _written(quantity.value),
        "unit": quantity.unit,
        "low": _written(quantity.low),
        "high": _written(quantity.high),
    }


def _written(value: Decimal | None) -> str | None:
    if value is None:
        return None
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
