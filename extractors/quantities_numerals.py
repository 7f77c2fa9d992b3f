"""Numerals as Chinese documents write them: 512.36, １，２３４, 三百五十, 叁佰伍拾万, 1亿2000万, 十五六, 十余万, 几十.

Works on text that ``forms`` has folded: full-width ASCII and traditional characters have their plain counterpart, one
character for one, so places stay valid. What surprised us: a numeral that is well formed is rarely wrong, while single
characters (一, 十, 半) are nearly always words, so they are read here and left to the caller to believe.
"""

import re
from decimal import Decimal
from typing import NamedTuple

DIGITS = dict(
    zip("零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖弍叄", (0, 0, 0, *range(1, 10), 2, *range(1, 10), 2, 3), strict=True)
)
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
TENS = {"廿": 20, "卅": 30, "卌": 40}
BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}

D = "零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖弍叄"
S = "十百千拾佰仟"
B = "万亿"
N = D + S + B + "兆廿卅卌"
FORMAL = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟弍叄")

# One character for one, so that every offset in the folded text is an offset in the document's own.
_FOLD: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict(
    str.maketrans(
        "萬億點兩負貳陸參叄圓個畝頃餘幾數過於間錢約為達於這項戶條噸縣與臺張隻輛顆棟層雙頁隊組種類單場節歲號時塊幣歐韓鎊盧銖",
        "万亿点两负贰陆叁叁圆个亩顷余几数过于间钱约为达于这项户条吨县与台张只辆颗栋层双页队组种类单场节岁号时块币欧韩镑卢铢",
    )
)
_FOLD |= dict(str.maketrans("−﹣﹪﹒∼〜　\u00a0\u2009\u202f\t", "--%.~~     "))
_FOLD.pop(ord("，"))  # a comma between clauses far more often than one between thousands
_ODD = re.compile("[" + "".join(re.escape(chr(code)) for code in _FOLD) + "]")
_WIDE_THOUSANDS = re.compile(r"(?<![０-９])[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])")


def fold(text: str) -> str:
    """The same text in plain forms, of the same length. The 伍 of a word (队伍十四人) is no numeral."""
    if "伍" in text:
        text = _NO_FIVE.sub("形", text)
    if _ODD.search(text) is None:
        return text
    if "，" in text:
        text = _WIDE_THOUSANDS.sub(lambda match: match[0].replace("，", ","), text)
    return text.translate(_FOLD)


_NO_FIVE = re.compile(r"(?<=[队入退落为])伍")


class Numeral(NamedTuple):
    start: int
    end: int
    low: Decimal
    high: Decimal | None  # of 三四万, 几十; else None
    grain: Decimal  # the place of the last digit written: 10 000 for 350万, 0.01 for 1.25
    scale: Decimal  # what follows the coefficient: 10 000 for 350万; a range's first end may share it
    hanzi: bool
    loose: str  # "" | above (余, 多, 来) | about (几)
    grouped: bool = False  # thousands were marked


_ONE = Decimal(1)
#: So many digits in a row, written as characters, are no number; Python refuses to read thousands of them.
LONGEST = 64
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^0-9\s]")

ARABIC = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")
SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:\.[0-9]+)?")
# After 3.5: 万, 千万, 亿, 个亿; after those more digits may come, as in 5亿1万4千6百.
_AFTER_ARABIC = re.compile(
    rf" {{0,2}}(?P<loose>[余多](?= {{0,2}}[{S}{B}]))? {{0,2}}(?P<mult>个亿|[{S}{B}]+)"
    rf"(?P<more>(?:零?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:\.[0-9]+)?|[{D}])[{S}{B}]+){{0,12}})"
    rf"(?P<tail>零?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?= ?元)|[0-9{D}](?![0-9{N},.]))?"
)
# 11 万力轩 is the eleventh row and a surname.
_NAME_NEXT = re.compile(
    r"(?![元圆块美港欧日英韩台澳平亩公顷人名家项个台套件条份次户吨千瓦余多左以股只头册篇辆至到和与及或、人])[一-龥]"
)
_THOUSAND = re.compile(r"[kK](?=$|[元块以左~至到,，。、;；)）-])|[wW](?=[元块])")
_HANZI = re.compile(
    rf"(?P<whole>[{N}](?: {{0,2}}[{N}]){{0,47}})(?:(?: ?点 ?|[.])(?P<part>[{D}](?:[{D}])*)(?P<scale>(?: ?[{S}{B}])*))?"
)
_LOOSE = re.compile(rf" {{0,2}}(?P<word>[余多来几]) {{0,2}}(?P<mult>[{S}{B}]*)")
_SEVERAL = re.compile(rf"几(?P<mult>[{S}{B}]*)")
_SOME = re.compile(rf"(?:几|数)(?P<mult>[{S}{B}]+)")
_RUN_OF_TWO = re.compile(rf"(?=([{D}])([{D}]))")
_ALL_DIGITS = re.compile(rf"[{D}]+")
_PRODUCT: dict[str, int] = {}


def product(multipliers: str) -> int:
    """千万 → 10 000 000."""
    if multipliers not in _PRODUCT:
        value = 1
        for char in multipliers:
            value *= SMALL.get(char) or BIG.get(char, 1)
        _PRODUCT[multipliers] = value
    return _PRODUCT[multipliers]


def positional(words: str, *, strict: bool = False) -> Decimal | None:
    """The value of a numeral with place words, or None when it is not well formed (三七二十一).

    ``strict`` wants every place that is passed over marked by 零, as where spaces leave open what belongs together.
    """
    done: list[tuple[Decimal, int]] = []  # finished parts with the 万, 亿 or 兆 that closed each
    section, number, last, zero = Decimal(0), None, 0, False
    small = 10**4
    for token in _TOKEN.findall(words):
        digit = DIGITS.get(token)
        if digit == 0:
            if number is not None and number != 0:
                return None
            zero, number = True, None
        elif digit is not None or token[0].isdecimal():
            if number is not None:
                return None
            number = Decimal(token if digit is None else digit)
        elif token in TENS:
            if number is not None or small <= 10:
                return None
            section, small, last, zero = section + TENS[token], 10, 10, False
        elif token in SMALL:
            place = SMALL[token]
            if place >= small or (number is not None and number >= 10 and section):
                return None
            if number is None and zero and (place * 10 == small or not (section or done)):
                small = place  # 零佰零拾, as on a printed form
                continue
            # 佰 拾 万 元 is a form's empty line, 百三 a way of speaking.
            if number is None and ((strict and token != "十") or (place > 10 and (section or done or token in "佰仟"))):
                return None
            if strict and not zero and small > place * 10 and (section or done):
                return None
            section += (_ONE if number is None else number) * place
            number, small, last, zero = None, place, place, False
        elif token in BIG:
            place = BIG[token]
            section += number or 0
            # 10万万 and 二十一万亿 multiply what is there; 三万五万 is no numeral.
            if done and section and done[-1][1] == place:
                return None
            closed = done[-1][1] * place if done and not section else place
            while done and done[-1][1] <= place:
                section += done.pop()[0]
            if not section and zero and not done:
                small = 10**4
                continue
            if not section:
                return None
            done.append((section * place, closed))
            section, number, small, last, zero = Decimal(0), None, 10**4, place, False
        else:
            return None
    if number is not None:
        # 两千四百五, 九万四: a lone last digit counts in the next lower place, unless a 零 stands before it.
        implied = last > 10 and not zero and number < 10 and number == int(number)
        section += number * (last // 10 if implied else 1)
    return section + sum(part for part, _ in done)


def _pair(words: str) -> tuple[Decimal, Decimal] | None:
    """三四十, 十五六, 七百三四十: two neighbouring digits that leave the number open."""
    found = None
    for match in _RUN_OF_TWO.finditer(words):
        low, high = DIGITS[match[1]], DIGITS[match[2]]
        if found is not None or not (low > 0 and (high == low + 1 or (low, high) == (3, 5))):
            return None
        found = match.start()
    if found is None or len(words) < 2:
        return None
    first, second = positional(words[: found + 1] + words[found + 2 :]), positional(words[:found] + words[found + 1 :])
    return None if first is None or second is None or first >= second else (first, second)


def _big_tail(words: str) -> int:
    end = len(words)
    while end and words[end - 1] in BIG:
        end -= 1
    return product(words[end:])


def arabic(text: str, start: int, *, spaced: bool = False) -> Numeral | None:
    """The numeral in Arabic digits at ``start``, with 万 and 亿 behind it; ``spaced`` allows 5 000 000."""
    match = (spaced and SPACED.match(text, start)) or ARABIC.match(text, start)
    if match is None:
        return None
    end, written = match.end(), match[0]
    grouped = "," in written or " " in written
    if grouped:
        written = written.replace(",", "").replace(" ", "")
    if text[start - 1 : start] == "." and "." not in written and not text[max(0, start - 2) : start - 1].isalnum():
        start, written = start - 1, "." + written
    value = Decimal(written)
    point = written.find(".")
    grain = _ONE if point < 0 else _ONE.scaleb(point + 1 - len(written))
    following = text[end : end + 1]
    if not following or (following not in "十百千万亿拾佰仟 余多个几kKwW" and following not in SMALL):
        return Numeral(start, end, value, None, grain, _ONE, False, "", grouped)
    if following == "几" and (several := _SEVERAL.match(text, end)) is not None and value % 10 == 0 and value:
        scale = Decimal(product(several["mult"]))
        return Numeral(start, several.end(), value * scale, (value + 10) * scale, scale, scale, False, "about", grouped)
    more = _AFTER_ARABIC.match(text, end)
    if more is not None and following == " " and _NAME_NEXT.match(text, more.end()):
        more = None
    if more is None:
        if following in "kKwW" and _THOUSAND.match(text, end):
            letter = Decimal(1000 if following in "kK" else 10000)
            return Numeral(start, end + 1, value * letter, None, grain * letter, letter, False, "", grouped)
        return Numeral(start, end, value, None, grain, _ONE, False, "", grouped)
    multipliers = more["mult"].removeprefix("个")
    if not more["more"] and not more["tail"]:
        scale = Decimal(product(multipliers))
        loose = "above" if more["loose"] else ""
        stop = more.end()
        if not loose and (after := _LOOSE.match(text, stop)) and after["mult"] and after["word"] in "余多":
            extra = Decimal(product(after["mult"]))
            scale, loose, stop = scale * extra, "above", after.end()
        return Numeral(start, stop, value * scale, None, grain * scale, scale, False, loose, grouped)
    words = written + multipliers + (more["more"] + (more["tail"] or "")).replace(",", "")
    total = positional(words)
    if total is None:
        scale = Decimal(product(multipliers))
        return Numeral(start, more.end("mult"), value * scale, None, grain * scale, scale, False, "", grouped)
    last = _ONE if more["tail"] else Decimal(_trailing(words))
    return Numeral(start, more.end(), total, None, last, _ONE if more["tail"] else Decimal(_big_tail(words)), False, "", grouped)


def _trailing(words: str) -> int:
    end = len(words)
    while end and (words[end - 1] in SMALL or words[end - 1] in BIG):
        end -= 1
    return product(words[end:])


def hanzi(text: str, start: int) -> Numeral | None:
    """The numeral in Chinese characters at ``start``; None when the characters there are no well-formed numeral."""
    match = _HANZI.match(text, start)
    if match is None:
        return _some(text, start)
    words = match["whole"]
    if len(words) >= 48 and text[match.end() : match.end() + 1] in N and match.end() < len(text):
        return None
    if match["part"] is not None:
        return _with_point(text, match) or _whole(text, start, words)
    return _whole(text, start, words)


def _some(text: str, start: int) -> Numeral | None:
    match = _SOME.match(text, start)
    if match is None:
        return None
    unit = Decimal(product(match["mult"]))
    return Numeral(start, match.end(), unit, unit * 10, unit, Decimal(_big_tail(match["mult"])), True, "about")


def _with_point(text: str, match: re.Match[str]) -> Numeral | None:
    if len(match["part"]) > LONGEST:
        return None
    words = match["whole"].replace(" ", "")
    whole = positional(words)
    if whole is None and _ALL_DIGITS.fullmatch(words):
        whole = Decimal("".join(str(DIGITS[char]) for char in words))
    if whole is None:
        return None
    part = "".join(str(DIGITS[char]) for char in match["part"])
    value = whole + Decimal(int(part)).scaleb(-len(part))
    scale = Decimal(product((match["scale"] or "").replace(" ", "")))
    # 三点二十 is a time of day, 三点五千 is not.
    if match["scale"] and match["scale"].strip() in ("十", "拾", "百", "佰"):
        return None
    return Numeral(match.start(), match.end(), value * scale, None, _ONE.scaleb(-len(part)) * scale, scale, True, "")


def _whole(text: str, start: int, words: str, *, cuts: int = 6) -> Numeral | None:
    """The numeral of ``words``, or of its beginning up to one of its last spaces; at most so many are tried, or rows of figures take for ever."""
    end = start + len(words)
    tight = words.replace(" ", "")
    value, high = positional(tight, strict=" " in words), None
    if value is None and len(tight) > 1:
        pair = _pair(tight) if tight == words else None
        if pair is not None:
            value, high = pair
        if value is None and " " in words and cuts:
            return _whole(text, start, words[: words.rindex(" ")].rstrip(), cuts=cuts - 1)
    if value is None:
        return None
    big = _big_tail(tight)
    scale = Decimal(big)
    following = text[end : end + 1]
    if following == "个" and text.startswith("个亿", end) and high is None and big == 1:
        scale = Decimal(BIG["亿"])
        return Numeral(start, end + 2, value * scale, None, scale, scale, True, "")
    if following and following in "余多来几 " and high is None and (loose := _LOOSE.match(text, end)):
        return _loosened(text, start, end, value, scale, loose, tight)
    return Numeral(start, end, value, high, scale, scale, True, "")


def _loosened(
    text: str, start: int, end: int, value: Decimal, scale: Decimal, loose: re.Match[str], tight: str
) -> Numeral | None:
    """十余万, 一百多, 十来个, 二十几: the word stands inside the numeral when 万 or 亿 follows it."""
    plain = Numeral(start, end, value, None, scale, scale, True, "")
    extra = Decimal(product(loose["mult"]))
    if loose["word"] == "几":
        if tight[-1] not in SMALL and tight[-1] not in TENS:
            return plain
        step = Decimal(SMALL.get(tight[-1], 10))
        return Numeral(start, loose.end(), value * extra, (value + step) * extra, step * extra, extra, True, "about")
    if loose["mult"]:
        kind = "about" if loose["word"] == "来" else "above"
        return Numeral(start, loose.end(), value * extra, None, extra, extra, True, kind)
    return plain


def digit_string(words: str) -> int | None:
    """二〇二五 → 2025; None unless every character is a digit, and for more of them than any number has."""
    if len(words) > LONGEST or _ALL_DIGITS.fullmatch(words) is None:
        return None
    return int("".join(str(DIGITS[char]) for char in words))


def upper(words: str) -> bool:
    """Whether the numeral is in the forms kept for amounts (壹贰叁 … 拾佰仟)."""
    return not FORMAL.isdisjoint(words)
