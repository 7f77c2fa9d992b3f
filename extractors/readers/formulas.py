"""The result of a formula from the values kept beside it, to hold against the value kept in its place.

Only what needs no program to be sure of: the four operations, references, and SUM, PRODUCT, AVERAGE, MIN, MAX, COUNT, ROUND. Everything else, a
text or an error where a number belongs, or a budget used up has no result here, and nothing is said of such a cell.
"""

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import Final, NamedTuple, TypeAlias

Place: TypeAlias = tuple[str, int, int]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|\.\d+)"
    r"|(?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})(?![\w(!.])"
    r"|(?P<name>[A-Za-z][A-Za-z0-9.]*)(?=\()|(?P<sign>[-+*/(),:%]))"
)
_RELATIVE: Final = re.compile(
    r"(\"[^\"]*\"|'[^']*'!)|(?<![\w$.!])(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?![\w(!.])|(?<=!)(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?![\w(!.])"
)
LONGEST: Final = 300
DEPTH: Final = 20


class Cells(NamedTuple):
    """What a workbook keeps: ``value`` of a place (None where it is blank; a text is no number), and how many places may still be looked at."""

    value: Callable[[Place], "Decimal | str | None"]
    spend: Callable[[int], bool]


class _UnsureError(Exception):
    """No result can be vouched for."""


def result(formula: str, sheet: str, cells: Cells) -> Decimal | None:
    """What ``formula`` on ``sheet`` comes to; None where that is not sure.

    >>> result("SUM(A1:A2)*2-B1", "s", Cells(lambda place: Decimal(place[1] + place[2]), lambda n: True))
    Decimal('1')
    """
    if len(formula) > LONGEST:
        return None
    try:
        reader = _Reader(list(_tokens(formula)), sheet, cells)
        found = reader.sum(0)
        if reader.left():
            return None
        return found if found.is_finite() else None
    except (_UnsureError, DecimalException, IndexError):
        return None


def shifted(formula: str, rows: int, columns: int) -> str:
    """A shared formula as it reads some rows down and columns to the right of where it stands.

    >>> shifted("SUM(A$1:B2)*$C3", 2, 1)
    'SUM(B$1:C4)*$C5'
    """
    if len(formula) > LONGEST:
        return formula

    def moved(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        held, letters, fixed, number = match.group(2, 3, 4, 5) if match[3] else match.group(6, 7, 8, 9)
        row = number if fixed else str(int(number) + rows)
        return f"{held}{letters if held else letters_of(column_of(letters) + columns)}{fixed}{row}"

    return _RELATIVE.sub(moved, formula)


def column_of(letters: str) -> int:
    """0-based."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found - 1


def letters_of(column: int) -> str:
    letters, number = "", max(0, column) + 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    at, end = 0, len(formula.rstrip())
    while at < end:
        match = _TOKEN.match(formula, at)
        if match is None:
            raise _UnsureError
        yield match
        at = match.end()


class _Reader:
    """A formula from left to right, by the usual order of operations."""

    def __init__(self, tokens: list[re.Match[str]], sheet: str, cells: Cells) -> None:
        self.tokens, self.sheet, self.cells = tokens, sheet, cells
        self.at = 0

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def sign(self, *wanted: str) -> str:
        """The next sign if it is one of these, taken; else nothing."""
        if self.left() and self.tokens[self.at]["sign"] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]["sign"]
        return ""

    def sum(self, depth: int) -> Decimal:
        if depth > DEPTH:
            raise _UnsureError
        found = self.product(depth)
        while sign := self.sign("+", "-"):
            more = self.product(depth)
            found = found + more if sign == "+" else found - more
        return found

    def product(self, depth: int) -> Decimal:
        found = self.factor(depth)
        while sign := self.sign("*", "/"):
            more = self.factor(depth)
            found = found * more if sign == "*" else found / more
        return found

    def factor(self, depth: int) -> Decimal:
        sign = self.sign("-", "+")
        token = self.tokens[self.at]
        self.at += 1
        if token["number"]:
            found = Decimal(token["number"])
        elif token["column"]:
            found = self.number(self.place(token))
        elif token["name"]:
            found = self.function(token["name"].upper(), depth)
        elif token["sign"] == "(":
            found = self.sum(depth + 1)
            if not self.sign(")"):
                raise _UnsureError
        else:
            raise _UnsureError
        while self.sign("%"):
            found /= 100
        return -found if sign == "-" else found

    def place(self, token: re.Match[str]) -> Place:
        told = token["sheet"]
        sheet = told[:-1].strip("'").replace("''", "'") if told else self.sheet
        return sheet, int(token["row"]) - 1, column_of(token["column"])

    def number(self, place: Place) -> Decimal:
        if not self.cells.spend(1):
            raise _UnsureError
        value = self.cells.value(place)
        if isinstance(value, str):
            raise _UnsureError
        return Decimal(0) if value is None else value

    def function(self, name: str, depth: int) -> Decimal:
        self.at += 1  # the bracket, which the token made sure of
        arguments = [self.argument(depth)]
        while self.sign(","):
            arguments.append(self.argument(depth))
        if not self.sign(")"):
            raise _UnsureError
        if name == "ROUND" and len(arguments) == 2 and all(len(a) == 1 for a in arguments):
            return _rounded(arguments[0][0], arguments[1][0])
        values = [value for argument in arguments for value in argument]
        if name in ("SUM", "COUNT"):
            return sum(values, Decimal(0)) if name == "SUM" else Decimal(len(values))
        if name in ("PRODUCT", "AVERAGE", "MIN", "MAX") and values:
            return _of(name, values)
        raise _UnsureError

    def argument(self, depth: int) -> list[Decimal]:
        """The numbers of one argument: those of a range, texts and blanks left out as the functions do, or one value."""
        token = self.tokens[self.at]
        if token["column"] and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1]["sign"] == ":":
            last = self.tokens[self.at + 2]
            if not last["column"] or last["sheet"]:
                raise _UnsureError
            self.at += 3
            return list(self.range(self.place(token), self.place(last)))
        if token["column"] and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1]["sign"] in (",", ")"):
            self.at += 1
            place = self.place(token)
            return list(self.range(place, place))
        return [self.sum(depth + 1)]

    def range(self, first: Place, last: Place) -> Iterator[Decimal]:
        top, bottom = sorted((first[1], last[1]))
        left, right = sorted((first[2], last[2]))
        if not self.cells.spend((bottom - top + 1) * (right - left + 1)):
            raise _UnsureError
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                value = self.cells.value((first[0], row, column))
                if value == "":
                    raise _UnsureError
                if isinstance(value, Decimal):
                    yield value


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    if places != places.to_integral_value() or abs(places) > 12:
        raise _UnsureError
    return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


def _of(name: str, values: list[Decimal]) -> Decimal:
    if name == "PRODUCT":
        found = Decimal(1)
        for value in values:
            found *= value
        return found
    if name == "AVERAGE":
        return sum(values, Decimal(0)) / len(values)
    return min(values) if name == "MIN" else max(values)
