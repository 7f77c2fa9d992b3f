"""The rooms a package claims for its centre: street and number, building, room.

Only places said to be the centre's count (实际运营地址, 场地, a lease's 坐落): a registered office is shared by many firms of a park and says nothing.
An address without a room is no room; the same park, street or building is none either.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from extractors.forms import Grid
from extractors.places import Places
from extractors.roles import Segment, role_at
from extractors.rosters import Reader as ListReader
from extractors.rosters import listings
from extractors.text import fold, tight
from schemas.document import Document
from schemas.signature import SignedRoom
from schemas.vocabulary import Role

ROLES: Final = frozenset({Role.FORM, Role.PLAN, Role.LEASE, Role.OTHER})
_STREET: Final = re.compile(
    r"([\u4e00-\u9fff]{2,24}?(?:大道|大街|街道|路|街|巷|道|胡同)(?:[东南西北中][段路])?)(?:附)?(\d{1,5}(?:-\d{1,4})?)号(?:院|楼)?"
)
_AREA: Final = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:自治区|省|市|区|县|州|旗)")
_BUILDING: Final = re.compile(r"([A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3}|[东南西北主副])(?:号楼|[座栋幢楼](?!层))")
_ROOM: Final = re.compile(
    r"(?<![\dA-Za-z.,\-/年月])([A-Za-z]?-?\d{3,4})(?=室|号房|号室|房间|房(?!屋)|[、,，/和及至\-~]|等|$|[;；。)(]|单元)"
)
_OURS: Final = re.compile(
    r"(?:运营|经营|办公|场地|中心|平台|基地|实际|验证|中试|租赁(?:房屋|场地|标的|物)?|承租(?:房屋)?|房屋|场所|用房)[^:,，。;；]{0,6}(?:地址|地点|坐落|座落|位置)|坐落|座落|设在|设于|位于|固定场地"
)
#: A line of a form or register that says no more than 场地：…; a lease, in which any room is the one let.
_PREMISES: Final = re.compile(r"^(?:使用|试验|实验|办公|所在|本)?(?:场地|场所|房间|用房|位置)[:为]?")
_LEASE: Final = re.compile(r"租赁|出租|租用|承租|租房")
_NOT_OURS: Final = re.compile(
    r"注册(?:地|地址|住所)|住所|通讯地址|通信地址|邮寄|户籍|身份证|(?:甲方|出租方|出租人|委托方|乙方|承租方)(?:地址|住址)|开户"
)


class _Address(NamedTuple):
    street: str
    building: str
    named: str
    areas: tuple[str, ...]
    rooms: tuple[str, ...]
    start: int
    end: int
    line: int


def rooms(document: Document, found: Sequence[Grid], parts: tuple[Segment, ...], places: Places) -> Iterator[SignedRoom]:
    """Each room once. Rooms a list or cell names without an address belong to the document's one address, if it has but one."""
    addresses = list(_addresses(document, parts))
    seen: set[tuple[str, str, str]] = set()
    for one in addresses:
        for room in one.rooms:
            if (one.street, one.building, room) not in seen:
                seen.add((one.street, one.building, room))
                yield _room(one, room, places, one.start, one.end)
    if len({(one.street, one.building) for one in addresses}) == 1:
        for room, start, end in _listed(document, found, parts):
            if (addresses[0].street, addresses[0].building, room) not in seen:
                seen.add((addresses[0].street, addresses[0].building, room))
                yield _room(addresses[0], room, places, start, end)


def _room(address: _Address, room: str, places: Places, start: int, end: int) -> SignedRoom:
    return SignedRoom(
        street=address.street, building=address.building, room=room, areas=address.areas, shown=f"{address.street}号{address.named}{room}室",
        evidence=places.evidence(start, end),
    )  # fmt: skip


def _addresses(document: Document, parts: tuple[Segment, ...]) -> Iterator[_Address]:
    at = 0
    lease = bool(_LEASE.search(tight(document.text[:400])))
    for number, line in enumerate(re.split(r"[\n\f]", document.text)):
        start, at = at, at + len(line) + 1
        role = role_at(parts, start)
        let = role is Role.LEASE or (role is Role.CONTRACT and lease)
        if "号" not in line or not (let or role in ROLES):
            continue
        for piece in re.finditer(r"[^。；;\t]+", line):  # a cell or a sentence; the label may stand in the cell before it
            before = tight(line[: piece.start()].split("\t")[-2] if "\t" in line[: piece.start()] else "")
            folded = fold(piece[0], start + piece.start())
            match = _STREET.search(folded.text)
            told = before + folded.text[: match.end(1) if match else 0]
            if match is None or _NOT_OURS.search(told) or not (let or _OURS.search(told) or _PREMISES.search(told)):
                continue
            yield _address(folded.text, match, folded.span(match.start(), len(folded.text)), number)


def _address(text: str, match: re.Match[str], span: tuple[int, int], line: int) -> _Address:
    head = _OURS.split(match[1])[-1] if _OURS.search(match[1]) else match[1]
    areas = tuple(dict.fromkeys(_AREA.findall(_OURS.split(text[: match.start()])[-1] + head)))
    street = re.sub(r"^.*(?:自治区|省|市|区|县|州|旗|镇|乡|街道|\))", "", head) or head
    rest = text[match.end() :]
    building = _BUILDING.search(rest)
    tail = rest[building.end() if building else 0 :]
    found = tuple(
        dict.fromkeys(re.sub(r"-", "", room).upper() for room in _ROOM.findall(re.split(r"面积|建筑|共计|租期|租金", tail)[0]))
    )
    named = rest[: building.end()] if building else ""
    return _Address(street + match[2], building[1].upper() if building else "", named, areas, found[:40], span[0], span[1], line)


def _listed(document: Document, found: Sequence[Grid], parts: tuple[Segment, ...]) -> Iterator[tuple[str, int, int]]:
    """205室（专家研讨室）233㎡；209室（综合办公区）131㎡ in a cell of the form, and the rows of a list of rooms."""
    at = 0
    for line in re.split(r"[\n\f]", document.text):
        start, at = at, at + len(line) + 1
        label = re.search(r"场地构成|房间构成|用房构成|功能分区", tight(line))
        if label and role_at(parts, start) in ROLES:
            folded = fold(line, start)
            for match in re.finditer(r"(?<![\dA-Za-z.])([A-Za-z]?\d{3,4})(?:室|房)", folded.text):
                yield match[1].upper(), *folded.span(match.start(1), match.end())
    reader = ListReader(document, lambda start, end: Places(document, "").evidence(start, end), None)
    for listing in (listing for grid in found for listing in listings(document, grid)):
        if listing.kind != "rooms":
            continue
        for number, sort in reader.rows(listing):
            cell = reader.cell(listing, number, "room")
            room = re.match(r"([A-Za-z]?\d{3,4})(?:室|房|号)?", tight(reader.text(listing, number, "room")))
            if sort == "row" and cell and room:
                yield room[1].upper(), cell.start, cell.end
