"""What a document is for, from its title and file name; a combined file is cut where a new title begins a page."""

import re
from typing import NamedTuple

from extractors.text import tight
from schemas.document import Document
from schemas.vocabulary import Role

TITLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.AUDIT, re.compile(r"审计报告|审核报告|鉴证报告|专项审计")),
    (Role.COMMITMENT, re.compile(r"承诺书|承诺函|信用承诺|诚信承诺|诚信声明|真实性声明")),
    (Role.LICENCE, re.compile(r"营业执照|法人证书|登记证书")),
    (
        Role.LEASE,
        re.compile(
            r"(?:租赁|租用|承租)(?:合同|协议|契约)|房屋租|场地(?:使用|证明|租赁)|产权证|不动产权|房产证|场地.{0,4}(?:证明|协议)|无偿使用协议|租赁合同"
        ),
    ),
    (Role.REVENUE, re.compile(r"收入.{0,8}(?:明细|清单|台账|一览|汇总|证明|到账)|合同.{0,4}到账")),
    (Role.EQUIPMENT_LIST, re.compile(r"(?:设备|仪器|软件|固定资产)[^，。]{0,10}(?:清单|明细|台账|一览|汇总|登记)")),
    (Role.PROJECT_LIST, re.compile(r"项目(?:库)?[^，。]{0,8}(?:清单|台账|一览|汇总|列表|明细|名录)|项目库")),
    (Role.PEOPLE_LIST, re.compile(r"(?:人员|团队|专家|顾问|成员)[^，。]{0,10}(?:名单|花名册|名册|一览|名录|情况表|清单|汇总)")),
    (
        Role.FORM,
        re.compile(r"(?:申报|申请|认定|创建|推荐|备案)(?:基本)?(?:信息|登记|情况|审批|汇总)?(?:书|表)|申请材料表|申报材料$"),
    ),
    (Role.PLAN, re.compile(r"(?:建设|实施|建设实施|运营|工作|创建)方案|可行性研究报告|自评报告|总结报告|建设报告")),
    (Role.CONTRACT, re.compile(r"(?:合同|协议)(?:书)?$")),
    (Role.CERTIFICATE, re.compile(r"证书|聘书|任命|聘任|资质|证明$")),
)


class Segment(NamedTuple):
    """A part of a document from ``start`` on, with its role and the title that told it."""

    start: int
    role: Role
    title: str


def role_of(words: str) -> Role | None:
    """The role a title or a file name tells; None when it tells nothing."""
    text = tight(words)
    for role, known in TITLES:
        if known.search(text):
            return role
    return None


def segments(document: Document, file: str) -> tuple[Segment, ...]:
    """The parts of a document in order, at least one. Titles count where they begin a page, or begin the document."""
    stem = re.sub(r"^.*/", "", file)
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", stem)
    by_name = role_of(re.sub(r"[(（]含附件[)）]", "", stem))
    found: list[Segment] = []
    page_seen: dict[int, int] = {}
    marked = False  # the line before was 附件3 alone, so this one is a title
    blocks = [b for b in document.blocks if b.kind not in ("header", "footer")]
    for index, block in enumerate(blocks):
        text = tight(document.text[block.start : block.end])
        if not text:
            continue
        nth = page_seen[block.page] = page_seen.get(block.page, 0) + 1
        first = (nth <= (4 if not found else 2) if document.paged else not found and nth <= 6) or marked
        marked = bool(re.match(r"^附件[一二三四五六七八九十\d]*(?:\(.{1,6}\))?:?$", text))
        if document.paged and not first:
            continue
        if not document.paged and not first:
            continue
        if (
            len(text) <= 44
            and not re.search(r"[。；：:，]", text)
            and not re.match(r"^(?:\d+[.、]|[一二三四五六七八九十]+、|\(|附表|图\d|表[一二三四五六七八九十\d])", text)
        ):
            rest = tight(document.text[blocks[index + 1].start : blocks[index + 1].end]) if index + 1 < len(blocks) else ""
            role = role_of(text) or (role_of(text + rest) if 0 < len(rest) <= 6 else None)
            if role is not None and (not found or found[-1].role is not role):
                found.append(Segment(block.start if found else 0, role, text))
    if not found:
        found += _heading(document)
    if not found:
        return (Segment(0, by_name or Role.OTHER, stem),)
    if (
        by_name is not None
        and found[0].role is not by_name
        and by_name in (Role.FORM, Role.PLAN, Role.LEASE, Role.AUDIT, Role.COMMITMENT)
    ):
        found[0] = Segment(0, by_name, found[0].title)
    return tuple(found)


def _heading(document: Document) -> list[Segment]:
    """A workbook has no paragraphs: its title is alone in one of the first rows of its first sheet."""
    if not document.tables or not document.tables[0].sheet:
        return []
    rows: dict[int, list[str]] = {}
    for cell in document.tables[0].cells:
        text = tight(document.text[cell.start : cell.end])
        if text:
            rows.setdefault(cell.row, []).append(text)
    for row in sorted(rows)[:4]:
        if len(rows[row]) == 1 and len(rows[row][0]) <= 44 and not re.search(r"[。；：:，]", rows[row][0]):
            role = role_of(rows[row][0])
            if role is not None:
                return [Segment(0, role, rows[row][0])]
    return []


def role_at(parts: tuple[Segment, ...], offset: int) -> Role:
    role = parts[0].role
    for part in parts:
        if part.start <= offset:
            role = part.role
    return role
