"""Whatever a person writes in a supported style reads back exactly; no text makes the grammar fall over."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.quantities import quantities, read_cell, to_json, unit_in, words_amount

LOWER, UPPER = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def in_words(number: int, digits: str, places: tuple[str, str, str]) -> str:
    """123456 → 十二万三千四百五十六, in the order a cheque is written; no part of the reader is used."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, rest = divmod(number, size)
            words = in_words(high, digits, places) + name
            gap = digits[0] if 0 < rest < size // 10 else ""
            return words + gap + (in_words(rest, digits, places) if rest else "")
    return four(number, digits, places) or digits[0]


def four(group: int, digits: str, places: tuple[str, str, str]) -> str:
    words, gap = "", False
    for place, name in ((1000, places[2]), (100, places[1]), (10, places[0]), (1, "")):
        digit = group // place % 10
        if digit:
            words += (digits[0] if gap and words else "") + digits[digit] + name
        gap = digit == 0
    return words


def lower(number: int) -> str:
    return in_words(number, LOWER, ("十", "百", "千"))


def cheque(cents: int) -> str:
    yuan, rest = divmod(cents, 100)
    words = in_words(yuan, UPPER, ("拾", "佰", "仟")) + "元"
    if rest == 0:
        return words + "整"
    jiao, fen = divmod(rest, 10)
    words += UPPER[jiao] + "角" if jiao else UPPER[0]
    return words + (UPPER[fen] + "分" if fen else "整")


def grouped(value: Decimal) -> str:
    return f"{value:,}"


cents = st.integers(min_value=1, max_value=10**14)
hundredths = st.decimals(min_value="0.01", max_value="99999999", places=2)
wholes = st.integers(min_value=1, max_value=999_999_999)
SENTENCES = ("{}", "本中心原值{}，特此说明。", "其中：{}；其余另计", "（{}）", "总计达到{}左右")

MONEY = {"元": 1, "千元": 1000, "万元": 10_000, "百万元": 10**6, "亿元": 10**8}
AREA = {"㎡": "1", "平方米": "1", "m²": "1", "m2": "1", "m 2": "1", "平米": "1", "万㎡": "10000", "公顷": "10000"}


def only(text: str) -> tuple[str, Decimal | None, str]:
    (found,) = quantities(text)
    return found.kind, found.value, found.unit


@given(hundredths, st.sampled_from(sorted(MONEY)), st.sampled_from(SENTENCES), st.sampled_from(("{}", "{:,}")))
def test_money_reads_back(value, unit, sentence, style):
    written = style.format(value) + unit
    assert only(sentence.format(written)) == ("money", value * MONEY[unit], "yuan")
    assert only(sentence.format(written.translate(FULL_WIDTH))) == ("money", value * MONEY[unit], "yuan")


@given(hundredths, st.sampled_from(sorted(MONEY)))
def test_money_cell_reads_back_with_the_unit_in_the_label(value, unit):
    label = unit_in(f"原值（{unit}）")
    found = read_cell(grouped(value), label or "")
    assert found is not None
    assert (found.kind, found.value) == ("money", value * MONEY[unit])
    assert found.error == Decimal(MONEY[unit]) / 200


@given(hundredths, st.sampled_from(sorted(AREA)), st.sampled_from(SENTENCES))
def test_area_reads_back(value, unit, sentence):
    assert only(sentence.format(f"{value}{unit}")) == ("area", value * Decimal(AREA[unit]), "m2")


@given(hundredths, st.sampled_from(("%", "％", "个百分点")), st.sampled_from(SENTENCES))
def test_share_reads_back(value, unit, sentence):
    assert only(sentence.format(f"{value}{unit}")) == ("percent", value / 100, "ratio")


@given(cents)
def test_cheque_amount_reads_back(amount):
    words = cheque(amount)
    assert words_amount(f"人民币{words}") == Decimal(amount) / 100
    assert only(f"合计（大写）{words}。") == ("money", Decimal(amount) / 100, "yuan")


@given(cents)
def test_cheque_amount_reads_back_spaced(amount):
    assert words_amount(" ".join(cheque(amount))) == Decimal(amount) / 100


@given(cents)
def test_words_and_figures_in_one_cell_agree(amount):
    found = read_cell(f"人民币{cheque(amount)}（¥{Decimal(amount) / 100:,.2f}）")
    assert found is not None
    assert found.value == Decimal(amount) / 100


@given(wholes, st.sampled_from("人名项家台"), st.sampled_from(SENTENCES))
def test_count_in_words_and_figures_reads_back(count, unit, sentence):
    for written in (str(count), f"{count:,}", lower(count)):
        assert only(sentence.format(written + unit)) == ("count", Decimal(count), unit)


@given(st.integers(min_value=10, max_value=10**15))
def test_number_in_words_reads_back(number):
    assert only(lower(number)) == ("number", Decimal(number), "")


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=1, max_value=9999))
def test_amount_in_two_parts_reads_back(hundred_millions, ten_thousands):
    written = f"{hundred_millions}亿{ten_thousands}万元"
    assert only(written) == ("money", Decimal(hundred_millions * 10**8 + ten_thousands * 10**4), "yuan")


@given(wholes, st.integers(min_value=1, max_value=10**6), st.sampled_from(("-", "~", "～", "—", "至", "到")))
def test_range_reads_back(low, more, sign):
    (found,) = quantities(f"{low}{sign}{low + more}人")
    assert (found.kind, found.low, found.high, found.unit) == ("range", Decimal(low), Decimal(low + more), "人")


@given(st.integers(min_value=1900, max_value=2100))
def test_year_reads_back(year):
    digits = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    for written in (f"{year}年", f"{digits}年", f"{year} 年 3 月", f"{year}-03-01", f"{year}/3/1", f"{year}.03.01"):
        assert only(written) == ("year", Decimal(year), "year")


wan = st.decimals(min_value="0.01", max_value="9999", places=2)
digits = st.integers(min_value=1, max_value=9)


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def spoken(value: Decimal) -> str:
    """12.05 → 十二点零五."""
    whole, _, part = plain(value).partition(".")
    return lower(int(whole)) + ("点" + "".join(LOWER[int(digit)] for digit in part) if part else "")


@given(digits, digits, digits, st.sampled_from(("{}亿{}千{}百万", "{}亿{}千{}百万元")))
def test_figures_and_places_mixed_read_back(a, b, c, style):
    value = Decimal(a * 10**8 + b * 10**7 + c * 10**6)
    for written in (style.format(a, b, c), style.format(*(LOWER[one] for one in (a, b, c)))):
        assert only(written)[1] == value


@given(wan, st.sampled_from(("万", "亿", "千万", "百万")), st.sampled_from(("", "元", "平方米")))
def test_decimals_before_a_place_read_back_in_figures_and_words(value, place, unit):
    factor = {"万": 10**4, "亿": 10**8, "千万": 10**7, "百万": 10**6}[place]
    assert only(f"{value}{place}{unit}")[1] == value * factor
    if place in "万亿":  # 三十三千万 nobody says
        assert only(f"{spoken(value)}{place}{unit}")[1] == value * factor


@given(st.integers(min_value=1_000_000, max_value=10**12), st.sampled_from(SENTENCES))
def test_thousands_in_every_separator_read_back(value, sentence):
    for written in (
        f"{value:,}元",
        f"{value:,}元".translate(FULL_WIDTH),
        f"{value:,}".replace(",", " ") + "元",
        f"{value:,}.00元",
    ):
        assert only(sentence.format(written)) == ("money", Decimal(value), "yuan")


@given(st.integers(min_value=1, max_value=9), st.sampled_from((("廿", 20), ("卅", 30))))
def test_old_tens_read_back(digit, tens):
    assert only(f"{tens[0]}{LOWER[digit]}人") == ("count", Decimal(tens[1] + digit), "人")
    assert only(f"一百{tens[0]}{LOWER[digit]}人") == ("count", Decimal(100 + tens[1] + digit), "人")


@given(st.integers(min_value=1, max_value=9), st.sampled_from((("百", 100), ("千", 1000), ("万", 10**4), ("亿", 10**8))))
def test_liang_is_two(digit, place):
    assert only(f"两{place[0]}元")[1] == 2 * place[1]
    # 两千五: the lone last digit counts in the next lower place.
    assert only(f"两{place[0]}{LOWER[digit]}元")[1] == 2 * place[1] + digit * place[1] // 10


@given(st.integers(min_value=1, max_value=99), st.sampled_from((("年半", "年"), ("个半月", "个月"))))
def test_and_a_half_reads_back(number, unit):
    assert only(f"{number}{unit[0]}") == ("count", number + Decimal("0.5"), unit[1])
    assert only(f"{number}亩半") == ("area", (number + Decimal("0.5")) * 10_000 / 15, "m2")


AROUND = (
    ("约{}", "about"), ("大约{}", "about"), ("{}左右", "about"), ("近{}", "below"), ("不少于{}", "at_least"), ("不低于{}", "at_least"),
    ("{}以上", "at_least"), ("{}（含）以上", "at_least"), ("≥{}", "at_least"), ("不超过{}", "at_most"), ("{}以下", "at_most"), ("{}以内", "at_most"),
    ("≤{}", "at_most"), ("超过{}", "more_than"), ("突破{}", "more_than"), ("不足{}", "less_than"), ("低于{}", "less_than"),
)  # fmt: skip


@given(st.integers(min_value=2, max_value=99999), st.sampled_from(AROUND), st.sampled_from(("人", "万元", "平方米", "%", "家")))
def test_what_qualifies_a_number_leaves_it_as_it_is(number, around, unit):
    (bare,) = quantities(f"{number}{unit}")
    (found,) = quantities(around[0].format(f"{number}{unit}"))
    assert (found.value, found.unit, found.qualifier) == (bare.value, bare.unit, around[1])
    assert found.low == (bare.value if around[1] in ("at_least", "more_than") else None)
    assert found.high == (bare.value if around[1] in ("at_most", "less_than") else None)


@given(st.integers(min_value=1, max_value=999), st.sampled_from("余多"), st.sampled_from(("人", "万元", "平方米", "亩")))
def test_and_some_more_leaves_the_number(tens, word, unit):
    for written in (f"{tens * 10}", lower(tens * 10)):
        (found,) = quantities(f"{written}{word}{unit}")
        (bare,) = quantities(f"{written}{unit}")
        assert (found.value, found.unit, found.qualifier) == (bare.value, bare.unit, "above")


RANGE_SIGNS = ("-", "~", "～", "—", "－", "–", "至", "到")


@given(
    st.integers(min_value=1, max_value=9999), st.integers(min_value=1, max_value=9999), st.sampled_from(RANGE_SIGNS),
    st.sampled_from((("万元", 10_000, "yuan"), ("元", 1, "yuan"), ("平方米", 1, "m2"), ("㎡", 1, "m2"), ("家", 1, "家"), ("%", "0.01", "ratio"))),
)  # fmt: skip
def test_range_of_anything_reads_back(low, more, sign, unit):
    name, factor, told = unit
    ends = (low * Decimal(factor), (low + more) * Decimal(factor))
    writings = [f"{low}{sign}{low + more}{name}", f"{low}{name}{sign}{low + more}{name}"]
    if sign in "至到" and name != "%" and low + more < 10_000:
        writings.append(f"{lower(low)}{sign}{lower(low + more)}{name}")
    for written in writings:
        (found,) = quantities(written)
        assert (found.kind, found.low, found.high, found.unit, found.value) == ("range", *ends, told, None)


@given(
    st.integers(min_value=2, max_value=9),
    st.sampled_from((("十", 10), ("百", 100), ("千", 1000), ("万", 10**4), ("百万", 10**6))),
)
def test_two_figures_in_a_row_are_a_range(digit, place):
    if digit < 9:
        (found,) = quantities(f"{LOWER[digit]}{LOWER[digit + 1]}{place[0]}元")
        assert (found.low, found.high) == (Decimal(digit * place[1]), Decimal((digit + 1) * place[1]))


@given(st.integers(min_value=2, max_value=999), st.integers(min_value=1, max_value=998))
def test_fraction_reads_back(below, above):
    if above < below:
        for written in (f"{lower(below)}分之{lower(above)}", f"{below}分之{above}"):
            (found,) = quantities(written)
            assert found.value == Decimal(above) / Decimal(below) or (found.kind, below) == ("percent", 100)


@given(hundredths.filter(lambda value: value < 10_000))
def test_share_in_words_reads_back(value):
    for written, base in (
        (f"百分之{spoken(value)}", 100),
        (f"千分之{spoken(value)}", 1000),
        (f"{value}‰", 1000),
        (f"百分之{value}", 100),
    ):
        (found,) = quantities(written)
        assert (found.value, found.unit) == (value / base, "ratio")


@given(st.integers(min_value=1, max_value=9), st.integers(min_value=1, max_value=9))
def test_tenths_read_back(tenth, more):
    assert only(f"{LOWER[tenth]}成") == ("percent", Decimal(tenth) / 10, "ratio")
    assert only(f"{LOWER[tenth]}成{LOWER[more]}") == ("percent", Decimal(tenth * 10 + more) / 100, "ratio")
    assert only(f"{tenth}.{more}成") == ("percent", Decimal(tenth * 10 + more) / 100, "ratio")


@given(
    hundredths,
    st.sampled_from(
        (("亩", 10_000, 15), ("公顷", 10_000, 1), ("平方公里", 10**6, 1), ("km²", 10**6, 1), ("平方厘米", 1, 10_000))
    ),
)
def test_land_reads_back(value, unit):
    name, times, over = unit
    assert only(f"{value}{name}") == ("area", value * times / over, "m2")
    assert (
        only(f"{spoken(value)}{name}" if not name.isascii() and "²" not in name else f"{value} {name}")[1] == value * times / over
    )


# Texts of the characters the grammar looks at find its corners sooner than any text does.
ALPHABET = "0123456789０９.,，:：-~—/%％‰零〇一二三十百千万亿兆壹拾佰仟几数半两余多来近约负的点分之又成折年月日号元圆角块毛人个项㎡m2²k平方亩百分点以上下内至到与和之间（）() \n\t¥$AZ不少于超过"


@pytest.mark.parametrize("texts", [st.text(), st.text(alphabet=ALPHABET, max_size=24)], ids=["any", "own"])
def test_never_raises_and_spans_are_right(texts):
    @given(texts)
    def check(text):
        end = 0
        for found in quantities(text):
            assert end <= found.start < found.end
            end = found.end
            assert text[found.start : found.end] == found.surface
            assert found.start <= found.number[0] < found.number[1] <= found.end
            assert (found.value is None) == (found.kind == "range")
            assert found.error >= 0
            to_json(found)
        read_cell(text, "万元")
        unit_in(text)
        words_amount(text)

    check()


@given(st.text(alphabet=ALPHABET, max_size=16), st.sampled_from(("", "万元", "人", "%", "年")))
def test_cell_never_reads_more_than_one_quantity(text, unit):
    found = read_cell(text, unit)
    if found is not None:
        assert text[found.start : found.end] == found.surface
        assert len(quantities(text)) <= 2
