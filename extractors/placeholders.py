"""What was left to be filled in: ××, 待补充 and 同上 with nothing above it, in the applicant's own text.

A form's notes and the policy's own words show such signs as examples (统一命名为“某市XXX概念验证中心”), and masked numbers hold asterisks, so a sign
counts only between Chinese words, and not in a sentence that speaks of names, forms or examples.
"""

import re
from collections.abc import Iterator
from typing import Final

from extractors.papers import Line

_SIGN = re.compile(
    r"(?<![A-Za-z0-9×*＊\-])(?P<sign>×{2,}|X{2,}|x{2,}|○{2,}|\*{2,}|△{2,})(?=[\u4e00-\u9fff(])"
    r"|(?<=[\u4e00-\u9fff])(?P<sign2>×{2,}|X{2,}|x{2,}|○{2,}|△{2,})(?![A-Za-z0-9×*＊\-])"
    r"|(?P<words>[(\[]?(?:此处|在此处?|请在此)(?:填写|填入|插入|补充|粘贴)[^,，。)\]]{0,12}[)\]]?|[(\[](?:待填|待补|待补充|待填写|待完善|待核实|请填写|请补充)[^()\[\]]{0,12}[)\]])"
)
_EXAMPLE = re.compile(
    r"示例|举例|例如|如:|样例|样式|格式|范例|填写说明|填报说明|填表|注:|命名|名称(?:统一)?为|冠名|形式为|依次|“[^”]*(?:×|X|x|○){2,}[^”]*”"
)
_ANONYMOUS = re.compile(r"客户|用户|委托方|甲方|保密|脱敏|隐去|匿名")
_ABOVE = re.compile(r"^(?:同上|〃|″|同前)$")


def placeholders(line: Line) -> Iterator[tuple[int, int]]:
    """The spans of a line of the applicant's text that were left to be filled in: offsets in the line."""
    if _EXAMPLE.search(line.text) or _ANONYMOUS.search(line.text):
        return
    for match in _SIGN.finditer(line.text):
        start = max(0, match.start() - 8)
        yield max(start, _clause_start(line.text, match.start())), min(len(line.text), match.end() + 8)


def _clause_start(text: str, at: int) -> int:
    return max(text.rfind(mark, 0, at) for mark in ",，。;；:\t\n") + 1


def nothing_above(words: str) -> bool:
    """Whether a cell says the same as the one above it."""
    return bool(_ABOVE.match(words))


__all__: Final = ["nothing_above", "placeholders"]
