"""What stands in a value cell: an organisation, a code, a date, a list, or one of the six kinds of blank."""

import re
from datetime import date

from extractors.text import tight

_CN = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}
_DATE = re.compile(r"(20\d\d)[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")
_CN_DATE = re.compile(r"(二[〇零○][〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
USCC = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}(?![0-9A-Za-z])")
ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
ORGANISATION = re.compile(
    r"(?:公司|大学|学院|研究院|研究所|研究中心|医院|中心|集团|厂|园区|管委会|委员会|协会|合作社|实验室|事务所|学校|所|院|站|园|基地|孵化器|局|社)(?:\([^()]{1,20}\))?$"
)

NIL = re.compile(r"^(?:无|/|\\|[—一]+|-+|－|没有|暂无|不涉及|不适用|N/?A)$", re.IGNORECASE)
#: A stroke through a cell: nothing belongs there. It says less than 无, which answers “none”. A 一 alone is one: who means 1 writes 1 or 一名, and on a
#: picture the two look alike.
STROKE = re.compile(r"^(?:[—一\-–―─－/\\]+|N/?A|不适用)$", re.IGNORECASE)
POINTER = re.compile(r"^[(（]?(?:详?见|参见|另见|见附|同上|同前|〃|″|附后|略|见下|见上|详细见)")
PLACEHOLDER = re.compile(r"[×xX＊*]{2,}|_{2,}|＿{2,}|待填|待补|待定|待完善|（?请填写|XXX|某某|○○")


def blank(text: str) -> str | None:
    """``empty``, ``nil`` (无, /), ``pointer`` (详见附件3), ``placeholder`` (××), or None for a value."""
    bare = tight(text).strip(":")
    if not bare or re.fullmatch(r"[_＿\s.…]*(?:年)?[_＿]*(?:月)?[_＿]*(?:日)?", bare):
        return "empty"
    if NIL.match(bare):
        return "nil"
    if POINTER.match(bare):
        return "pointer"
    return "placeholder" if len(bare) <= 16 and not any(c.isdigit() for c in bare) and PLACEHOLDER.search(bare) else None


#: Words with which an answer repeats the condition instead of meeting it.
RESTATES = re.compile(r"不少于|不低于|不超过|≥|≤|至少|不小于|不多于|以上$")


def restates(text: str) -> bool:
    """Whether a cell repeats the rule (不少于200平方米, ≥5人) in place of an answer."""
    return bool(RESTATES.search(tight(text))) and len(tight(text)) <= 40


def organisation(text: str) -> str | None:
    """An organisation's name without the remarks of a form (（盖章）); None when it does not look like one.

    >>> organisation("乌鲁木齐示禾无人机科技有限责任公司（盖章）")
    '乌鲁木齐示禾无人机科技有限责任公司'
    """
    bare = re.sub(r"\((?:盖章|公章|签章|加盖公章|章|全称)\)", "", tight(text)).strip("。;；,， :_….·-—")
    return bare if 4 <= len(bare) <= 50 and ORGANISATION.search(bare) and not re.search(r"[，。；:]", bare) else None


def day(text: str) -> date | None:
    """A whole date in any of the usual writings; None when day or month is missing or cannot be.

    >>> day("二〇二六年三月十六日"), day("2026.3.16")
    (datetime.date(2026, 3, 16), datetime.date(2026, 3, 16))
    """
    bare = tight(text)
    try:
        if match := _DATE.search(bare):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _CN_DATE.search(bare):
            year = int("".join(str(_CN[c]) for c in match[1]))
            return date(year, _chinese(match[2]), _chinese(match[3]))
    except ValueError:
        return None
    return None


def _chinese(text: str) -> int:
    if "十" not in text:
        return _CN[text]
    tens, _, ones = text.partition("十")
    return (_CN[tens] if tens else 1) * 10 + (_CN[ones] if ones else 0)


def listed(text: str) -> tuple[str, ...]:
    """The items of a list in one cell, in their order, each once."""
    parts = [
        re.sub(r"^\d+[.、]|^\(\d+\)|[.。]$", "", p)
        for p in re.split(r"[、,，;；/|\v\n]|(?<=.{2})(?:和|及|与)(?=.{2})", text.replace(" ", "、"))
    ]
    items = [tight(p) for p in parts if tight(p)]
    return tuple(dict.fromkeys(items))
