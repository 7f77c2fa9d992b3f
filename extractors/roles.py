"""What a document is for, from what it says; a combined file is cut where another material begins.

Titles tell first, where they begin a page (a file without pages: where their own words follow them), then the words that every document of a kind
holds (出租方 and 承租方, 价税合计 and 发票号码). The file's name counts only where the content tells nothing. What surprised us: a form's own
section 信用承诺 is not the 承诺书 its list promises, a form's first table holds nearly all the words of a licence, and a table of contents names
every material of the file on one page.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from extractors.labels import meaning
from extractors.text import tight
from schemas.document import Document, Table
from schemas.facts import DocumentPart
from schemas.vocabulary import FactKey, Role

TITLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.AUDIT, re.compile(r"审计报告|审核报告|鉴证报告|专项审计")),
    (
        Role.COMMITMENT,
        re.compile(r"承诺书|承诺函|信用承诺|诚信承诺|诚信声明|真实性声明|(?:申报|诚信|守信|真实性?)[^，。]{0,6}承诺$"),
    ),
    (Role.LICENCE, re.compile(r"营业执照|法人证书|(?<!著作权)(?<!产)登记证书")),
    (
        Role.LEASE,
        re.compile(
            r"(?:租赁|租用|承租)(?:合同|协议|契约)|房屋租|场地(?:使用|证明|租赁)|产权证|不动产权|房产证|场地.{0,4}(?:证明|协议)|无偿使用协议|租赁合同"
        ),
    ),
    (Role.CREDIT_REPORT, re.compile(r"信用(?:信息)?(?:查询)?(?:报告|记录)$|信用中国|无违法违规(?:记录)?(?:证明|报告)|征信报告")),
    (Role.INVOICE, re.compile(r"发票(?:联|复印件)?$|增值税.{0,8}发票")),
    (Role.IDENTITY, re.compile(r"居民身份证|身份证(?:复印件|正反面|明)?$|身份证明|^护照$")),
    (Role.PATENT, re.compile(r"专利(?:证书|公告|受理|权证)|发明专利|实用新型|软件著作权|著作权登记证书|知识产权证")),
    (Role.REVENUE, re.compile(r"收入.{0,8}(?:明细|清单|台账|一览|汇总|证明|到账)|合同.{0,4}到账")),
    (Role.EQUIPMENT_LIST, re.compile(r"(?:设备|仪器|软件|固定资产)[^，。]{0,10}(?:清单|明细|台账|一览|汇总|登记)")),
    (
        Role.PROJECT_LIST,
        re.compile(r"项目(?!申报|申请|推荐)[^，。]{0,8}(?:清单|台账|一览|汇总|列表|明细|名录|登记(?:表|册|簿))|项目(?:储备)?库"),
    ),
    (
        Role.PEOPLE_LIST,
        re.compile(
            r"(?:人员|团队|专家|顾问|成员)[^，。]{0,10}(?:名单|花名册|名册|一览|名录|情况表|清单|汇总|登记(?:表|册)|信息表)"
        ),
    ),
    (
        Role.APPOINTMENT,
        re.compile(r"(?:任命|任职|聘任|任免)[^，。]{0,8}(?:文件|通知|决定|书)$|关于.{2,30}(?:任命|任职|聘任|任免)"),
    ),
    (
        Role.FORM,
        re.compile(
            r"(?:申报|申请|认定|创建|推荐|备案)(?:登记|信息|基本|情况|数据|审批|汇总|填报)*(?:书|表)(?!.{0,4}(?:清单|目录))|申请材料表|(?:申报|申请)(?:材料|资料|文本)(?:\(表\)|表)?$"
        ),
    ),
    (
        Role.RULES,
        re.compile(r"(?:管理|实施|暂行|遴选|考核|评价|收费)(?:办法|制度|规定|细则)(?:\(试行\)|汇编)?$|规章制度|制度汇编|章程$"),
    ),
    (Role.PLAN, re.compile(r"(?:建设|实施|建设实施|运营|工作|创建)方案|可行性研究报告|自评报告|总结报告|建设报告")),
    (Role.CONTRACT, re.compile(r"(?:合同|协议)(?:书)?(?:\([^()]{1,14}\))?$")),
    (Role.CERTIFICATE, re.compile(r"证书|聘书|任命|聘任|资质|证明$|保险(?:单|凭证|凭单)$")),
)

#: Words of which every document of a kind holds so many: counted once each.
_MARKS: Final[tuple[tuple[Role, int, re.Pattern[str]], ...]] = (
    (Role.INVOICE, 4, re.compile(r"发票代码|发票号码|价税合计|开票日期|购买方|销售方|税率|纳税人识别号|开票人|电子发票")),
    (Role.IDENTITY, 2, re.compile(r"公民身份号码|居民身份证|签发机关")),
    (Role.PATENT, 3, re.compile(r"专利号|专利权人|发明人|授权公告|国家知识产权局|专利申请日|著作权人|开发完成日期|权利取得方式|软件名称")),
    (Role.LEASE, 3, re.compile(r"出租方|承租方|出租人|承租人|租赁期限?|租金|租赁物|房屋坐落|不动产权证书号|不动产单元号|权利人")),
    (Role.LICENCE, 4, re.compile(r"营业执照|登记机关|营业期限|经营范围|注册资本|成立日期|开办资金|举办单位|宗旨和业务范围|法定代表人|国家市场监督管理总局监制")),
    (Role.CREDIT_REPORT, 3, re.compile(r"信用中国|公共信用信息|信用信息报告|报告编号|报告(?:生成|出具)(?:日期|时间)|严重失信主体名单|经营异常名录|行政处罚信息|守信激励")),
    (Role.AUDIT, 3, re.compile(r"会计师事务所|审计意见|我们审计了|注册会计师|财务报表附注|形成审计意见的基础|专项审计报告")),
    (Role.CONTRACT, 4, re.compile(r"甲方|乙方|委托[方人]|受托[方人]|违约责任|争议(?:的)?解决|合同登记|验收标准|本(?:合同|协议)|(?:合同|协议)(?:编)?号|履行期限|报酬")),
    (Role.CERTIFICATE, 2, re.compile(r"特发此证|兹证明|发证(?:机关|单位|日期)|兹聘请|特聘|聘书|证书编号|持证人")),
    (Role.RULES, 3, re.compile(r"第一章|总则|制定本(?:办法|制度|规定|章程|细则)|附则|自(?:发布|印发|公布)之日起(?:施行|执行|实施)|本(?:办法|制度|规定)由")),
    (Role.COMMITMENT, 3, re.compile(r"郑重承诺|承诺如下|特此承诺|承诺单位|承诺人|愿(?:意)?承担.{0,12}责任|真实(?:、|和)?(?:准确|有效|合法)")),
    (Role.PLAN, 4, re.compile(r"建设(?:背景|基础|目标|思路|任务|内容)|运行机制|进度安排|保障措施|预期(?:成效|目标)|组织架构")),
    (Role.FORM, 3, re.compile(r"填[报表写](?:说明|须知)|(?:推荐|主管|归口|科技)(?:单位|部门|局)?(?:审[核查])?意见|审[核查]意见|申[报请]单位(?=名称|\(盖章|:)|申[报请](?:日期|时间)|填[报表](?:日期|时间)|联系人|归口(?:管理)?部门|推荐(?:单位|部门):")),
)  # fmt: skip
#: What only the applicant's own form or plan asks for: a page that holds two of these is theirs, whatever else it holds.
_OWN: Final = re.compile(
    r"申报单位|依托单位|推荐意见|填报|联系人|电子邮箱|职工总?(?:人)?数|服务产业领域|中心名称|平台名称|申报日期|固定场地|专门用房"
)
#: Kinds that a page tells by its words alone, in the midst of a file. A commitment or a list may be the form's own section.
_PLAIN: Final = frozenset(
    {
        Role.INVOICE,
        Role.IDENTITY,
        Role.PATENT,
        Role.LEASE,
        Role.LICENCE,
        Role.CREDIT_REPORT,
        Role.AUDIT,
        Role.CONTRACT,
        Role.CERTIFICATE,
    }
)
#: Papers that begin in the midst of a page where their title says so and the words below it do.
_TITLED_WITHIN: Final = frozenset(
    {Role.LEASE, Role.AUDIT, Role.LICENCE, Role.CONTRACT, Role.CREDIT_REPORT, Role.INVOICE, Role.PATENT}
)
#: Kinds of a page or two. Other parts go on over pages full of other kinds' words, so that more of them are asked there.
_SHORT: Final = frozenset(
    {Role.LICENCE, Role.IDENTITY, Role.INVOICE, Role.CERTIFICATE, Role.PATENT, Role.CREDIT_REPORT, Role.OTHER}
)
_NUMBERED: Final = re.compile(r"^(?:\d+[.、]|[一二三四五六七八九十]+、|\(|附表|图\d|表[一二三四五六七八九十\d])")
#: The authorities' page at the end of a form, behind its attachments.
_OPINION: Final = re.compile(r"(?:推荐|主管|审核|科技(?:局|厅|主管)|评审)[^，。]{0,10}意见")
_ATTACHED: Final = re.compile(
    r"^(?:附(?:件|录|册|页|表(?=[一二三四五六七八九十\d]))?(?=.{0,8}$)|(?:证明|佐证|支撑|随表|随附|申报|相关)材料之?(?=[一二三四五六七八九十\d]))[一二三四五六七八九十\d]*(?:[-—.]\d{1,2})?(?:\(.{1,6}\))?[:：]?$"
)
_ATTACHED_TITLE: Final = re.compile(r"^附(?:件|录)?[一二三四五六七八九十\d]+(?:[-—.]\d{1,2})?[:：.、]?")
_UNIT: Final = re.compile(
    r"[(（]?(?:金额|货币|计量)?单位[:：][^，。]{1,8}$|[(（](?:续|续表|复印件|扫描件|盖章|模板|参考格式)[)）]$"
)
_TITLE_LENGTH: Final = 44


class Segment(NamedTuple):
    """A part of a document from ``start`` on, with its role and the title that told it."""

    start: int
    role: Role
    title: str


@lru_cache(maxsize=20_000)
def role_of(words: str) -> Role | None:
    """The role a title or a file name tells; None when it tells nothing."""
    text = tight(words)
    for role, known in TITLES:
        if known.search(text):
            return role
    return None


def role_by_words(text: str) -> Role | None:
    """The role that the words of a page or file tell (tightened text); None where too few tell, or they tell of several."""
    if len(set(_OWN.findall(text))) >= 2:
        return Role.FORM if _marks(text, Role.FORM) >= 0 and _marks(text, Role.PLAN) < 0 else None
    found = [(len(set(known.findall(text))) - least, role) for role, least, known in _MARKS]
    best = sorted(((over, role) for over, role in found if over >= 0), key=lambda one: -one[0])
    if not best or (len(best) > 1 and best[0][0] == best[1][0] and {best[0][1], best[1][1]} != {Role.LEASE, Role.CONTRACT}):
        return None
    return Role.LEASE if {role for _, role in best[:2]} == {Role.LEASE, Role.CONTRACT} else best[0][1]


def segments(document: Document, file: str) -> tuple[Segment, ...]:
    """The parts of a document in order, at least one. What asks for the figures and the names of a centre is a form, whatever it calls itself."""
    parts = _segments(document, file)
    if parts[0].role is Role.OTHER and all(part.role is not Role.FORM for part in parts) and _asks(document, parts):
        return (parts[0]._replace(role=Role.FORM), *parts[1:])
    return parts


def _asks(document: Document, parts: tuple[Segment, ...]) -> bool:
    """Whether the first part asks, cell by cell or before colons, for who applies and for several of its figures."""
    end = parts[1].start if len(parts) > 1 else len(document.text)
    asked: dict[FactKey, bool] = {}
    cells = (c for table in document.tables if table.start < end for c in table.cells[:400])
    spans = [(c.start, c.end) for c in cells if 2 <= c.end - c.start <= 60]
    spans += [(b.start, b.end) for b in document.blocks if b.start < end and b.end - b.start <= 120]
    for start, stop in spans[:1500]:
        words = re.split(r"[:：]", document.text[start : min(stop, start + 60)], maxsplit=1)[0]
        sense = meaning(words) if len(words) <= 40 else None
        if sense is not None and sense.key is not None:
            asked[sense.key] = sense.measurand is not None
    names = {FactKey.APPLICANT_NAME, FactKey.CENTRE_NAME, FactKey.APPLICANT_USCC, FactKey.APPLICATION_DATE, FactKey.INDUSTRIES}
    return sum(asked.values()) >= 3 and len(names & asked.keys()) >= 2


def _segments(document: Document, file: str) -> tuple[Segment, ...]:
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", re.sub(r"^.*/", "", file))
    by_name = role_of(re.sub(r"[(（]含附件[)）]", "", stem))
    if document.tables and document.tables[0].sheet:
        found = _sheets(document)
    else:
        found = _pages(document) if document.paged else _titles(document)
    if not found:
        said = role_by_words(tight(document.text[:12_000]))
        return (Segment(0, said or by_name or Role.OTHER, stem),)
    first = found[0]
    if first.role is Role.OTHER and by_name is not None:
        found[0] = Segment(0, by_name, stem)
    elif by_name is not None and first.role is not by_name and by_name in _NAMED and not _borne_out(document, found):
        found[0] = Segment(0, by_name, first.title)
    return (found[0]._replace(start=0), *found[1:])


_NAMED: Final = frozenset({Role.FORM, Role.PLAN, Role.LEASE, Role.AUDIT, Role.COMMITMENT})


def _borne_out(document: Document, found: list[Segment]) -> bool:
    """Whether the words of the first part say what its title says."""
    end = found[1].start if len(found) > 1 else len(document.text)
    return _marks(tight(document.text[found[0].start : min(end, found[0].start + 12_000)]), found[0].role) >= 0


def _marks(text: str, role: Role) -> int:
    """How many of a role's words a text holds beyond those it has to hold."""
    return next((len(set(known.findall(text))) - least for one, least, known in _MARKS if one is role), -1)


def _pages(document: Document) -> list[Segment]:
    """A part begins on the page whose first lines are its title, or whose words tell another material than the page before.

    Within a page it begins only below a line of its own that says 附件3.
    """
    found: list[Segment] = []
    for page in document.pages:
        _page(document, page.start, page.end, found)
        for at, role, title in _attachments(document, page.start, page.end, own=not found or found[-1].role is Role.FORM):
            if not found or (at > found[-1].start and (found[-1].title, found[-1].role) != (title, role)):
                found.append(Segment(at, role, title))
    return found


def _page(document: Document, start: int, end: int, found: list[Segment]) -> None:
    """Adds the part that begins with a page, if one does."""
    text = document.text[start:end]
    titled = _page_title(document, start, end, lines=2 if found else 4)
    if titled is not None and found and found[-1].role is Role.FORM and _in_table(document, titled[1]):
        titled = None  # the form's big table goes on
    if titled is not None and not _contents(text):
        role, at, title = titled
        if not found or found[-1].role is not role or _attached(title):
            found.append(Segment(start if found else at, role, re.sub(_ATTACHED_TITLE, "", title)))
        return
    flat = tight(text[:6_000])
    if (back := _back(found, flat)) is not None:
        found.append(back._replace(start=start))
        return
    role_told = role_by_words(flat)
    if role_told is None or (found and (role_told not in _PLAIN or found[-1].role is role_told)):
        return
    if found and (_NUMBERED.match(flat) or (found[-1].role not in _SHORT and _marks(flat, role_told) < 1)):
        return
    if not found and role_told is not Role.FORM and start > 0:
        found.append(Segment(0, Role.OTHER, ""))
    found.append(Segment(start if found else 0, role_told, ""))


def _attachments(document: Document, start: int, end: int, *, own: bool) -> Iterator[tuple[int, Role, str]]:
    """The titles below lines that say 附件3 and no more, or 表3 behind the form, whose ``own`` tables are numbered alike."""
    marked = False
    blocks = [b for b in document.blocks if start <= b.start < end and b.kind not in ("header", "footer")]
    for index, block in enumerate(blocks):
        text = tight(document.text[block.start : block.end])
        after = tight(document.text[blocks[index + 1].start : blocks[index + 1].end]) if index + 1 < len(blocks) else ""
        if marked and (role := _title(text, after)) is not None:
            yield block.start, role, text
        elif not marked and len(text) <= 20 and block.start > start and _own_title(document, block.start, text, own=own):
            yield block.start, _title(text) or Role.OTHER, text
        marked = bool(_ATTACHED.match(text) or (not own and re.match(r"^表\d{1,2}$", text)))


def _own_title(document: Document, at: int, text: str, *, own: bool) -> bool:
    """Whether a line in the midst of a page is the title of a paper of its own: it alone names one, and the words below bear it out.

    A commitment is one only behind other attachments; a form has such a section of its own (``own``).
    """
    role = _title(text)
    if role is Role.COMMITMENT and not own and not _in_table(document, at):
        return tight(document.text[at + len(text) : at + 600]).count("承诺") >= 2
    if role not in _TITLED_WITHIN or _in_table(document, at):
        return False
    below = tight(document.text[at : at + 2_400])
    return _marks(below[:900], role) >= 0 and len(set(_OWN.findall(below[: 150 if role in _SHORT else 500]))) < 2


def _back(found: list[Segment], flat: str) -> Segment | None:
    """The form or plan that a picture of a licence or a card interrupted, where a page goes on with its next section."""
    if not found or found[-1].role in (Role.FORM, Role.PLAN):
        return None
    if _OPINION.search(flat[:40]):
        return next((one for one in reversed(found) if one.role is Role.FORM), None)
    if found[-1].role not in _SHORT or found[-1].title:
        return None
    goes_on = _NUMBERED.match(flat) or len(set(_OWN.findall(flat))) >= 2
    return next((one for one in reversed(found) if one.role in (Role.FORM, Role.PLAN)), None) if goes_on else None


def _page_title(document: Document, start: int, end: int, *, lines: int) -> tuple[Role, int, str] | None:
    """The title among the first lines of a page: its role, its offset, its words."""
    pieces = list(_lines(document.text, start, end, lines + 2))
    allowed = lines
    for index, (at, text) in enumerate(pieces):
        if index >= allowed:
            break
        if _ATTACHED.match(text):
            allowed += 1
            continue
        after = pieces[index + 1][1] if index + 1 < len(pieces) else ""
        if (role := _title(text, after)) is not None:
            return role, at, text
    return None


def _in_table(document: Document, at: int) -> bool:
    return any(table.start <= at < table.end for table in document.tables)


def _lines(text: str, start: int, end: int, most: int) -> Iterator[tuple[int, str]]:
    count = 0
    for match in re.finditer(r"[^\n\v\f]+", text[start : min(end, start + 2_000)]):
        cells = [tight(cell) for cell in match[0].split("\t")]
        if any(cells):
            yield start + match.start(), "\t".join(cell for cell in cells if cell)
            count += 1
            if count >= most:
                return


def _title(text: str, after: str = "") -> Role | None:
    """The role of a line that can be a title; ``after`` is the line below it, for titles set on two."""
    bare = _UNIT.sub("", _ATTACHED_TITLE.sub("", text))
    if not bare or len(bare) > _TITLE_LENGTH or re.search(r"[。；：:，\t]|\.{3}|…|·{3}", bare) or _NUMBERED.match(bare):
        return None
    return role_of(bare) or (role_of(bare + after) if 0 < len(after) <= 6 else None)


def _attached(title: str) -> bool:
    return bool(_ATTACHED_TITLE.match(title))


def _contents(text: str) -> bool:
    """A table of contents: it names several materials, each on a line that ends with a page."""
    rows = re.findall(r"[^\n\v\t]{4,60}?(?:\.{3,}|…+|·{3,})\s*\d{1,3}\s*(?=[\n\v]|$)", text)
    return len(rows) >= 3 or bool(re.match(r"\s*目\s*录\s*[\n\v]", text))


def _titles(document: Document) -> list[Segment]:
    """Without pages: the first title, and every later one that stands alone and is followed by words of its kind."""
    blocks = [b for b in document.blocks if b.kind not in ("header", "footer") and document.text[b.start : b.end].strip()]
    found: list[Segment] = []
    candidates: list[tuple[int, Role, str, bool]] = []
    marked = False
    for index, block in enumerate(blocks):
        text = tight(document.text[block.start : block.end])
        attached = marked or _attached(text)
        over = marked and len(text) <= 30 and bool(re.search(r"(?:中心|平台)$", text))  # the centre's name over its plan's title
        marked = over or bool(_ATTACHED.match(text))
        after = tight(document.text[blocks[index + 1].start : blocks[index + 1].end]) if index + 1 < len(blocks) else ""
        role = _title(text, after)
        if role is not None:
            candidates.append((block.start, role, text, attached))
            found = found or [Segment(0, role, text)] if index < 6 or attached else found
    if not found:
        return []
    parts: list[Segment] = []
    for number, (start, role, text, plain) in enumerate(candidates):
        end = candidates[number + 1][0] if number + 1 < len(candidates) else len(document.text)
        body = tight(document.text[start : min(end, start + 12_000)])
        if parts and parts[-1].role is role:
            continue
        others = len(set(_OWN.findall(body[:3_000]))) >= 2
        borne = _marks(body, role) >= 0 and not others and role not in (Role.FORM, Role.PLAN, Role.COMMITMENT)
        if (
            (not parts and start <= blocks[min(5, len(blocks) - 1)].start)
            or (plain and len(body) > len(text) + 12)
            or (parts and borne)
        ):
            parts.append(Segment(start if parts else 0, role, _ATTACHED_TITLE.sub("", text)))
    return parts or found


def _sheets(document: Document) -> list[Segment]:
    """A workbook's sheets: by the title alone in one of the first rows, else by the sheet's name."""
    found: list[Segment] = []
    for table in document.tables:
        if not table.sheet or table.nested_in is not None:
            continue
        role, title = _sheet_title(document, table)
        if role is not None and (not found or found[-1].role is not role):
            found.append(Segment(table.start if found else 0, role, title))
    return found


def _sheet_title(document: Document, table: Table) -> tuple[Role | None, str]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        text = tight(document.text[cell.start : cell.end])
        if text:
            rows.setdefault(cell.row, []).append(text)
        if len(rows) > 4:
            break
    for row in sorted(rows)[:4]:
        if len(rows[row]) == 1 and (role := _title(rows[row][0])) is not None:
            return role, rows[row][0]
    return role_of(table.anchor), table.anchor


def role_at(parts: tuple[Segment, ...], offset: int) -> Role:
    role = parts[0].role
    for part in parts:
        if part.start <= offset:
            role = part.role
    return role


def parts_of(document: Document, parts: tuple[Segment, ...]) -> tuple[DocumentPart, ...]:
    """The parts as the report tells them: with the pages they take up, or the paragraph, table or sheet they begin at."""
    found = []
    for number, part in enumerate(parts):
        end = parts[number + 1].start if number + 1 < len(parts) else len(document.text)
        last = next((p.number - 1 for p in document.pages if p.start == end), document.page_of(end) or 0)
        last = len(document.pages) if number + 1 == len(parts) else last
        pages = [n for n in (document.page_of(part.start), last) if n] if document.paged else []
        found.append(
            DocumentPart(
                role=part.role, title=part.title[:_TITLE_LENGTH], pages=(pages[0], max(pages)) if pages else None,
                anchor=None if document.paged else _anchor(document, part.start),
            )
        )  # fmt: skip
    return tuple(found)


def _anchor(document: Document, start: int) -> str | None:
    placed = [(b.start, b.anchor) for b in document.blocks if b.anchor] + [
        (t.start, t.anchor) for t in document.tables if t.anchor
    ]
    return min((one for one in placed if one[0] >= start), default=(0, None))[1]
