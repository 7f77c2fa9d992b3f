"""Lists whose heads nobody has listed: told by what their columns hold and what they are called.

A list that is not known for one is read as a form, cell by cell, and then a status (储备) becomes a label and the number beside it a key figure.
So a table is taken for a list wherever it looks like one: a row of short heads over rows that count 1, 2, 3. What it is a list of, its
title and its columns tell together; where they do not, it is a list of something else, and nothing is read from it. What surprised us: a table of
indicators looks the same (序号 | 指标 | 单位 | 数值), but its first column of words is made of labels we know.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from extractors.forms import Grid, words
from extractors.labels import meaning
from extractors.text import tight
from schemas.document import Cell, Document

#: Surnames that cover nearly everybody; with two characters first.
_COMPOUND: Final = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|夏侯|轩辕|司徒|端木|呼延|南宫|独孤|第五"
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白"
    "孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦左岳纪欧柳梅甘童裴"
    "凌辛符尚耿包路詹齐骆柯管祝游鲍靳穆喻柳宁阮舒项涂祁苗谷庄房车冷褚卫华戚窦奚郎昌费岑倪滕邬乐皮卞卜元平和萧湛臧计伏成谈茅纪屈闵席麻强危刁虞支昝"
    "卓蔺蒙池阴胥能苍双闻莘党翟谭贡劳逄姬申冉宰郦雍璩桑桂濮寿通边扈燕冀浦尚农晏瞿阎充慕连茹习宦艾鱼容古慎戈庾终暨居衡步都满弘匡国寇广禄阙东殴殳沃利蔚"
    "越夔隆师巩厍聂晁勾敖融訾阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红盖益桓公仝买阿努尔艾热古玛依"
)
PERSON: Final = re.compile(
    rf"(?:{_COMPOUND})[\u3400-\u9fff]{{1,2}}|[{_SURNAMES}][\u3400-\u9fff]{{1,2}}|[\u3400-\u9fff]{{1,8}}[·•．.][\u3400-\u9fff]{{1,8}}"
)
_ORGANISATION: Final = re.compile(
    r"(?:公司|大学|学院|研究院|研究所|科学院|医院|集团|中心|事务所|学校|协会|学会|委员会|厂|合作社|基金|所|院|局|厅|部|合伙\)?|企业|实验室|团队|课题组)(?:\([^()]*\))?[\u3400-\u9fff ]{0,8}$"
)
_DATE: Final = re.compile(r"(?:19|20)\d{2}[年./\-—](?:0?[1-9]|1[0-2])(?:[月./\-—](?:\d{1,2}日?)?)?|(?:19|20)\d{2}年?")
_MONEY: Final = re.compile(r"[¥￥]?\d{1,3}(?:[,，]\d{3})*(?:\.\d+)?(?:万元|元)?|[¥￥]?\d+(?:\.\d+)?(?:万元|元)?")
_MODEL: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9\u2160-\u2188][A-Za-z0-9\-—–_/.()+ ]{1,30}")
_ORDINAL: Final = re.compile(r"[(]?(?:[A-Za-z]{1,6}[-—–]?)?(\d{1,6})[)]?[.、)]?")
STATE: Final = re.compile(
    r"^(?:已|未|待|拟|正在)?(?:完成|办结|结题|验收|在库|入库|储备|出库|退库|终止|启动|立项|在研|验证|中试|论证|实施|签约|转化|进行)(?:中|验证|项目|阶段|库|待验证|待启动)*$|^(?:在研|在验|待验证|验证中|中试中|进行中|论证中|实施中)$"
)
#: Heads that a form's own tables of indicators and conditions have.
_ASKS: Final = re.compile(r"指标|条件|要求|填报|数值|实际值|自评|得分|标准")
_PAPERS: Final = re.compile(r"附件|证明材料|佐证|材料名称|申报材料|份数|页码|页数|页次|目录")


class Columns(NamedTuple):
    """A list known by its shape. ``kind`` is ``other`` where it is of nothing we look for."""

    kind: str
    columns: dict[str, int]


#: What a head means where it is one of those known word for word.
Known = Callable[[str], str | None]


def shaped(document: Document, grid: Grid, first: int, last: int, stop: int, about: str, known: Known) -> Columns | None:
    """What a table is a list of, whose header takes up the rows ``first`` to ``last`` and whose rows end before ``stop``; None where it is no list.

    ``about`` is what its titles and its document say of it.
    """
    heads = _heads(document, grid, first, last)
    rows = [[tight(words(document, cell)) for cell in _once(row)] for row in grid.rows[last + 1 : stop]]
    number = _counts(heads, rows)
    if number is None or _PAPERS.search("".join(heads)) or _asked(heads, rows, number):
        return None
    body = [row for row in rows if _ORDINAL.fullmatch(row[number])]
    said = [[row[column] for row in body if row[column]] for column in range(len(heads))]
    return _told(heads, said, number, about, known)


def _heads(document: Document, grid: Grid, first: int, last: int) -> list[str]:
    """Each column's head, of one or two levels, without saying a merged one twice."""
    levels = [grid.rows[n] for n in range(first, last + 1)]
    return [
        "".join(tight(words(document, cell)) for cell in dict.fromkeys(level[c] for level in levels))
        for c in range(len(levels[0]))
    ]


def _once(row: Sequence[Cell | None]) -> list[Cell | None]:
    """A row whose merged cells stand in their first column only."""
    return [cell if c == 0 or cell is not row[c - 1] else None for c, cell in enumerate(row)]


def _counts(heads: list[str], rows: list[list[str]]) -> int | None:
    """The column that counts the rows: 1, 2, 3 or 001, 002, one more each time."""
    filled = [head for head in dict.fromkeys(heads) if head]
    if len(filled) < 4 or max(map(len, filled)) > 24 or sum(any(c.isdigit() for c in head) for head in filled) > 1:
        return None
    for column in range(min(3, len(heads))):
        numbers = [int(match[1]) for row in rows if (match := _ORDINAL.fullmatch(row[column]))]
        steps = [b - a for a, b in pairwise(numbers)]
        if len(numbers) > 1 and numbers[0] <= 1 and sum(step == 1 for step in steps) >= 0.8 * len(steps):
            return column
    return None


def _asked(heads: list[str], rows: list[list[str]], number: int) -> bool:
    """Whether the first columns of words are labels of a form: then the table asks for figures and lists nothing."""
    if any(_ASKS.search(head) for head in heads[number + 1 : number + 3]):
        return True
    for column in range(number + 1, min(number + 3, len(heads))):
        labels = [row[column] for row in rows if row[column]]
        known = {text for text in labels if (told := meaning(text)) is not None and told.key is not None}
        if len(known) >= max(1, 0.25 * len(labels)) and len(set(labels)) > 0.8 * len(labels):
            return True
    return False


def _share(texts: list[str], known: re.Pattern[str], *, whole: bool = True) -> float:
    if not texts:
        return 0.0
    return sum(bool(known.fullmatch(t) if whole else known.search(t)) for t in texts) / len(texts)


def _told(heads: list[str], said: list[list[str]], number: int, about: str, word: Known) -> Columns:
    free = [c for c in range(len(heads)) if c != number and said[c]]
    people = [
        c for c in free if _share(said[c], PERSON) > 0.8 and not re.search(r"负责|联系|完成人|主持|经办|法人|带头", heads[c])
    ]
    states = [c for c in free if _share(said[c], STATE) > 0.8]
    organisations = [c for c in free if _share(said[c], _ORGANISATION, whole=False) > 0.7]
    dates = [c for c in free if _share([t for t in said[c] if t not in "/—-无"], _DATE) > 0.8]
    amounts = [
        c
        for c in free
        if c not in dates and _share(said[c], _MONEY) > 0.8 and re.search(r"元|金额|价|原值|额|收入|经费", heads[c])
    ]
    names = [
        c for c in free
        if c not in (*people, *states, *dates, *amounts, *organisations) and _share(said[c], re.compile(r"[\u4e00-\u9fff]{2}"), whole=False) > 0.8
        and len(set(said[c])) > 0.6 * len(said[c])
    ]  # fmt: skip
    known = {"number": number}
    if people and re.search(r"人员|名单|名册|团队|专家|顾问|花名册|成员", about + "".join(heads)) and not states:
        return Columns("people", known | {"person": people[0]} | _rest(heads, "people", {number, people[0]}, word))
    library = re.search(r"库|储备|(?:项目|成果|课题)[^，。]{0,8}(?:清单|台账|登记|名录|一览|汇总)", about)
    if names and not amounts and re.search(r"项目|成果|课题", about) and (states or library):
        longest = max(names, key=lambda c: (_project_head(heads[c]), sum(map(len, said[c])) / len(said[c])))
        return Columns(
            "projects",
            known
            | {"project": longest}
            | _rest(heads, "projects", {number, longest}, word)
            | ({"status": states[0]} if states else {}),
        )
    if amounts and names and re.search(r"设备|仪器|软件|固定资产|装备", about):
        return Columns("equipment", known | {"equipment": names[0]} | _rest(heads, "equipment", {number, names[0]}, word))
    if amounts and re.search(r"收入|到账|合同", about) and (organisations or dates):
        found = _rest(heads, "contracts", {number}, word)
        if "value" in found:
            return Columns("contracts", known | found)
    return Columns("other", known)


def _project_head(head: str) -> bool:
    return bool(re.search(r"项目|成果|课题|名称|题目", head))


#: What heads say somewhere, where they are none of those known word for word; the first that fits is taken.
_SAID: Final[dict[str, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    "people": (
        ("certificate", re.compile(r"证书|持证|资格|技术经[理纪]")), ("id_number", re.compile(r"身份证|证件")), ("born", re.compile(r"出生")),
        ("employment", re.compile(r"[专全][/、或]?兼|全职|专职|用工|聘[用任]方式|在岗")), ("external", re.compile(r"内外|外单位|外部|外聘|来源")),
        ("sector", re.compile(r"界别?$|类别|类型")), ("title", re.compile(r"职称|职务")), ("role", re.compile(r"岗|分工|职责|角色|担任")),
        ("organisation", re.compile(r"单位|机构|任职")), ("specialty", re.compile(r"专业|方向|领域|特长|专长")),
    ),
    "projects": (
        ("completed", re.compile(r"完成(?!单位|人)|结题|办结|验收|出库|结束")), ("started", re.compile(r"[入进]库|立项|登记|受理|开始|启动|纳入")),
        ("status", re.compile(r"状|进展|进度|阶段|情形")), ("result", re.compile(r"结果|成效|产出|成果形式|结论")), ("leader", re.compile(r"负责|联系|主持|带头")),
        ("source", re.compile(r"来源|单位|提出|持有|完成人|委托|团队")),
    ),
    "equipment": (
        ("net", re.compile(r"净|折旧|残值|现值")), ("serial", re.compile(r"出厂|序列|机身|SN")), ("model", re.compile(r"型号|规格|版本|参数")),
        ("unit_price", re.compile(r"单价")), ("value", re.compile(r"原[值价]")), ("quantity", re.compile(r"数量|台|件数|套")),
        ("purchased", re.compile(r"购|启用|入账|日期|年月|时间")), ("place", re.compile(r"存放|地点|位置")),
    ),
    "contracts": (
        ("value", re.compile(r"金额|收入|价款|报酬|到账额|(?:合同|成交|开票)额|费")), ("client", re.compile(r"委托|客户|甲方|付款|购买|对象|受让|单位|企业")),
        ("signed", re.compile(r"签|日期|时间")), ("contract", re.compile(r"合同|协议|编号")), ("service", re.compile(r"内容|事项|服务|项目|标的")),
    ),
}  # fmt: skip


def _rest(heads: list[str], kind: str, taken: set[int], word: Known) -> dict[str, int]:
    """The other columns: those whose head is known word for word, then those whose head says enough."""
    names = {name for name, _ in _SAID[kind]}
    found: dict[str, int] = {}
    for column, head in enumerate(heads):
        if column not in taken and (name := word(head)) in names and name is not None and name not in found:
            found[name] = column
            taken.add(column)
    for name, known in _SAID[kind]:
        fits = [c for c, head in enumerate(heads) if c not in taken and known.search(head)]
        if name in found or (name == "value" and len(fits) > 1):
            continue  # two columns of amounts: neither is taken for the one
        if fits:
            found[name] = fits[0]
            taken.add(fits[0])
    return found
