"""Tables without inner lines, from words placed by hand."""

from dataclasses import dataclass

from extractors.readers.columns import columned


@dataclass
class Word:
    text: str
    left: float
    middle: float
    size: float = 10.0

    @property
    def right(self) -> float:
        return self.left + self.size * len(self.text)

    @property
    def top(self) -> float:
        return self.middle - 6

    @property
    def bottom(self) -> float:
        return self.middle + 6


def read(words: list[Word]) -> list[list[str]]:
    _, tables = columned(words, lines=lambda own: sorted(own, key=lambda w: w.middle))
    return [["".join(w.text for w in cell) for cell in texts] for _, texts in tables]


def rows(count: int, start: float = 100.0) -> list[Word]:
    return [
        w
        for i in range(count)
        for w in (
            Word("标签", 60, start + 24 * i),
            Word("值", 160, start + 24 * i),
            Word("标签", 260, start + 24 * i),
            Word("值", 360, start + 24 * i),
        )
    ]


def test_a_label_of_two_lines_stays_beside_its_own_value() -> None:
    words = [
        *rows(5),
        Word("设备台", 60, 214),
        Word("套数", 60, 226),
        Word("29", 160, 220),
        Word("原值", 260, 220),
        Word("1777", 360, 220),
    ]
    (texts,) = read(words)
    assert texts[-4:] == ["设备台套数", "29", "原值", "1777"]


def test_centred_labels_are_one_column() -> None:
    words = [
        w
        for i, label in enumerate(("单位", "成立日期", "电话", "负责人员名", "住址"))
        for w in (Word(label, 110 - 5 * len(label), 100 + 24 * i), Word("甲", 160, 100 + 24 * i), Word("乙", 300, 100 + 24 * i))
    ]
    (texts,) = read(words)
    assert texts[:6] == ["单位", "甲", "乙", "成立日期", "甲", "乙"]


def test_a_value_over_several_columns() -> None:
    (texts,) = read([*rows(5), Word("地址", 60, 220), Word("某市某区", 160, 220), *rows(1, 244)])
    assert texts[20:22] == ["地址", "某市某区"]


def test_four_rows_are_too_few() -> None:
    assert read(rows(4)) == []


def test_labels_and_values_of_one_line_each_are_left_as_words() -> None:
    assert read([w for i in range(8) for w in (Word("标签", 60, 100 + 24 * i), Word("值", 160, 100 + 24 * i))]) == []


def test_prose_is_no_table() -> None:
    lines = [Word("一段文字写到行末为止" * 3, 60, 100 + 15 * i) for i in range(10)]
    rest, tables = columned(lines, lines=list)
    assert (len(rest), tables) == (10, [])
