"""What is not there: materials, fields, readable files.

Absence is the easiest thing to allege wrongly. A material counts as there when any document has its role, its words in a title, or its
name; and where some document could not be read and its name says nothing, a missing material is only a lead, since it may be that one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import BlankField, ListedMaterial
from schemas.notice import WantedMaterial
from schemas.policy import Material, Policy
from schemas.report import DocumentEntry, Finding, Lead
from schemas.vocabulary import FactKey, FactStatus, FindingCode, Format, Outcome, Role, Severity
from validators.materials import KIND_WORDS, core, folded, roles_in_words, roles_of, stem, unknown_content
from validators.messages import document_name, finding, ordered, places, printable, spot

#: Share of a material's letter pairs that a title or file name must hold to be taken for it.
ALIKE: Final = 0.6
#: Too general to be missed: 其他证明材料, 相关附件.
GENERAL: Final = ("其他", "其它", "相关", "有关", "证明材料", "附件材料", "佐证材料", "补充材料", "支撑材料")
FIELDS_NAMED: Final = 8
ARCHIVES: Final = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


class Absent(NamedTuple):
    """A material no document of the package is, and who names it: the policy, the call for applications, the form's own list, or several.

    ``open`` is true where it is not known whether the call's condition for it holds.
    """

    name: str
    role: Role | None
    required: Material | None
    listed: tuple[ListedMaterial, ...]
    called: WantedMaterial | None = None
    open: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(place for item in self.listed for place in item.evidence)


# --- materials -------------------------------------------------------------------------------------------------------


def materials(case: Case, policy: Policy) -> Iterator[Finding]:
    """MATERIAL_MISSING, where nothing unread could be the material."""
    if unknown_content(case):
        return
    yield from _pointed(case)
    for absent in _absent(case, policy):
        if not absent.open and (absent.role is not None or not _unplaced(case)):
            yield finding(
                FindingCode.MATERIAL_MISSING, Severity.MEDIUM, f"{_wanted(absent, case)}，提交的文件中未见。",
                case=case, evidence=absent.evidence,
                advice=f"请申报单位补交“{absent.name}”；如已并入其他文件，请指明所在文件和页码。",
            )  # fmt: skip


def leads(case: Case, policy: Policy) -> Iterator[Lead]:
    """Materials not seen where some document's content is not known: a hint, no allegation."""
    unknown = unknown_content(case)
    for absent in _absent(case, policy):
        if absent.open:
            when = absent.called.when if absent.called else ""
            message = f"{_wanted(absent, case)}（条件：{when}），提交的文件中未见；是否符合该条件请人工核对。"
            yield Lead(code=FindingCode.MATERIAL_MISSING, message=message)
        elif unknown or (absent.role is None and _unplaced(case)):
            open_ones = unknown or _unplaced(case)
            which = "、".join(sorted({document_name(entry.id, case) for entry in open_ones})[:3])
            why = "未读取或只读取了一部分" if unknown else "未能认出是哪一项材料"
            yield Lead(
                code=FindingCode.MATERIAL_MISSING,
                message=f"{_wanted(absent, case)}，在已读取的内容中未见；{which}{why}，请人工查看是否即为该材料。",
                evidence=ordered(absent.evidence, case),
            )


def _wanted(absent: Absent, case: Case) -> str:
    told = []
    if absent.required:
        told.append(f"{absent.required.article}“{absent.required.quote}”要求提交“{printable(absent.required.name)}”")
    if absent.called and case.notice:
        either = f"（{'、'.join(printable(one) for one in absent.called.any_of)}之一）" if absent.called.any_of else ""
        told.append(f"《{printable(case.notice.title).strip('《》')}》要求提交“{printable(absent.called.name)}”{either}")
    if absent.listed:
        told.append(f"{places(absent.evidence, case)}附件清单列有“{printable(absent.listed[0].name)}”")
    return "，".join(told)


def _absent(case: Case, policy: Policy) -> tuple[Absent, ...]:
    """Each missing material once: a list line of the same role joins the policy's demand."""
    found: list[Absent] = [
        Absent(material.name, material.role, material, ())
        for material in policy.required
        if material.role is not Role.OTHER and not _is_there(material.name, frozenset({material.role}), case)
    ]
    for wanted in case.notice.materials if case.notice else ():
        applies = _applies(wanted.when, case)
        names = (wanted.name, *wanted.any_of)
        if applies is False or any(_is_there(name, roles_in_words(core(name)), case) for name in names):
            continue
        role = next((min(roles, key=list(Role).index) for name in names if (roles := roles_in_words(core(name)))), None)
        same = next((n for n, absent in enumerate(found) if role and absent.role is role), None)
        if same is None:
            found.append(Absent(printable(wanted.name), role, None, (), wanted, applies is None))
        else:
            found[same] = found[same]._replace(called=wanted)
    for item in _listed(case):
        roles = roles_in_words(core(item.name)) or roles_in_words(item.name)
        if _general(item.name) or _is_there(item.name, roles, case):
            continue
        role = min(roles, key=list(Role).index, default=None)
        same = next((n for n, absent in enumerate(found) if role and absent.role in roles), None)
        if same is None:
            found.append(Absent(printable(core(item.name) or item.name), role, None, (item,)))
        else:
            found[same] = found[same]._replace(listed=(*found[same].listed, item))
    return tuple(found)


def _applies(when: str | None, case: Case) -> bool | None:
    """Whether a condition of the call holds; None where the package does not say."""
    if when is None:
        return True
    if when == "联合申报":
        return (
            True
            if any(re.search(r"共建|联合|合作|与|和", party.part) for reading in case.readings for party in reading.kin)
            else None
        )
    if when == "租赁场地":
        return True if any(Role.LEASE in roles_of(entry, case) for entry in case.documents) else None
    kinds = {str(fact.value) for fact in case.facts if fact.key is FactKey.APPLICANT_KIND and fact.status is FactStatus.ACCEPTED}
    return when in kinds if len(kinds) == 1 else None


def _pointed(case: Case) -> Iterator[Finding]:
    """Attachments the applicant's words refer to by a number beyond every attachment there is, where these are numbered."""
    highest = max((_numbered(case), _listed_count(case)), default=0)
    pointers = [pointer for reading in case.readings for pointer in reading.pointers if pointer.number > highest]
    if not highest or not pointers:
        return
    for pointer in sorted({one.number: one for one in reversed(pointers)}.values(), key=lambda one: one.number):
        if pointer.name and _is_there(pointer.name, roles_in_words(core(pointer.name)), case):
            continue
        yield finding(
            FindingCode.MATERIAL_MISSING, Severity.MEDIUM,
            f"{places(pointer.evidence, case)}写明“{printable(pointer.as_stated)}”，而附件只到附件{highest}，提交的文件中未见附件{pointer.number}。",
            case=case, evidence=pointer.evidence, advice=f"请申报单位补交附件{pointer.number}，或更正正文中的引用。",
        )  # fmt: skip


def _numbered(case: Case) -> int:
    """The highest number in the names of the files, and in the titles of the parts of one."""
    names = [part for entry in case.documents for part in entry.file.split("/")]
    names += [title for reading in case.readings for title in (*reading.titles, *(one.title for one in reading.sections))]
    found = (re.match(r"附件?\s*(\d{1,2}|[一二三四五六七八九十])(?!\d)", folded(name)) for name in names)
    return max((_count(match[1]) for match in found if match), default=0)


def _listed_count(case: Case) -> int:
    return max((len(dict.fromkeys(item.name for item in reading.materials)) for reading in case.readings), default=0)


def _count(words: str) -> int:
    return int(words) if words.isdigit() else "一二三四五六七八九十".index(words) + 1


def _listed(case: Case) -> tuple[ListedMaterial, ...]:
    """The lines the form's lists give as attached, in an order of their own. A line marked as not attached is no promise."""
    lines = dict.fromkeys(item for reading in case.readings for item in reading.materials if item.submitted is not False)
    return tuple(sorted(lines, key=lambda item: (core(item.name), item.name, [places([e], case) for e in item.evidence])))


def _general(name: str) -> bool:
    """Says nothing in particular, or leaves it open whether there is anything to attach (如有)."""
    flat = folded(name)
    return "如有" in flat or "若有" in flat or (any(word in flat for word in GENERAL) and not roles_in_words(core(name)))


def _is_there(name: str, roles: frozenset[Role], case: Case) -> bool:
    wanted = core(name)
    return any(
        bool(roles & roles_of(entry, case))
        or any(_alike(wanted, core(name)) for name in (stem(entry.file), *entry.file.split("/")[:-1]))
        or any(wanted in core(title) for title in _titles(entry, case))
        or any(word in wanted for role in roles_of(entry, case) for word in KIND_WORDS.get(role, ()))
        for entry in case.documents
    )


def _titles(entry: DocumentEntry, case: Case) -> Iterator[str]:
    return (title for reading in case.readings if reading.document == entry.id for title in reading.titles)


def _alike(wanted: str, name: str) -> bool:
    if not wanted or not name:
        return False
    if wanted in name or (name in wanted and 2 * len(name) >= len(wanted)):
        return True
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    held = {name[i : i + 2] for i in range(len(name) - 1)}
    return bool(pairs) and len(pairs & held) >= ALIKE * len(pairs)


def _unplaced(case: Case) -> tuple[DocumentEntry, ...]:
    """Documents that were read without becoming clear what they are: one of them may be a material of no known kind."""
    return tuple(entry for entry in case.documents if not roles_of(entry, case))


# --- fields ----------------------------------------------------------------------------------------------------------

_BLANK_WORDS: Final = {
    "field": ("栏目未填", "为空", "请申报单位填写；确无内容的填“无”。"),
    "signature": ("未签名", "处无签名", "请申报单位补签。"),
    "date": ("日期未填", "日期为空", "请申报单位填写日期。"),
    "placeholder": ("占位文字未替换", "仍是占位文字", "请申报单位填写实际内容。"),
}


def fields(case: Case, policy: Policy) -> Iterator[Finding]:
    """FIELD_BLANK, one a document and kind, naming the fields."""
    groups: dict[tuple[str, str], list[BlankField]] = {}
    for reading in case.readings:
        for blank in dict.fromkeys(reading.blanks):
            groups.setdefault((reading.document, blank.kind), []).append(blank)
    for (document, kind), blanks in sorted(groups.items(), key=lambda item: (document_name(item[0][0], case), item[0][1])):
        yield _blank_finding(document, kind, blanks, case)


def _blank_finding(document: str, kind: str, blanks: Sequence[BlankField], case: Case) -> Finding:
    _, words, advice = _BLANK_WORDS.get(kind, _BLANK_WORDS["field"])
    by_place = ordered([place for blank in blanks for place in blank.evidence], case)
    turn = {place: number for number, place in enumerate(by_place)}
    sorted_blanks = sorted(blanks, key=lambda blank: (min((turn[e] for e in blank.evidence), default=len(turn)), blank.label))
    told = [f"“{printable(blank.label)}”{_at(blank)}" for blank in sorted_blanks[:FIELDS_NAMED]]
    more = f"等{len(blanks)}处" if len(blanks) > FIELDS_NAMED else ""
    return finding(
        FindingCode.FIELD_BLANK, Severity.MEDIUM, f"{document_name(document, case)}{'、'.join(told)}{more}{words}。",
        case=case, evidence=by_place, advice=advice,
    )  # fmt: skip


def _at(blank: BlankField) -> str:
    where = spot(blank.evidence[0]) if blank.evidence else ""
    return f"（{where}）" if where else ""


# --- files -----------------------------------------------------------------------------------------------------------

_UNREADABLE: Final = {
    Outcome.ENCRYPTED: ("已加密，无法打开", "请申报单位取消密码后重新提交。"),
    Outcome.CORRUPT: ("已损坏，无法打开", "请申报单位重新导出后再提交，提交前请先自行打开查看。"),
    Outcome.EMPTY: ("没有内容", "请申报单位核对后重新提交。"),
    Outcome.LIMIT: ("超出系统的处理上限", "请申报单位拆分或压缩后重新提交。"),
    Outcome.UNSAFE: ("含有不安全的内容，已拒收", "请申报单位另存为不含此类内容的文件后重新提交。"),
    Outcome.MISMATCH: ("内容与扩展名不符", "请申报单位以正确的格式重新提交。"),
    Outcome.UNSUPPORTED: ("类型不明，无法读取", "请申报单位转换为PDF、DOCX或XLSX后重新提交。"),
}


def unreadable(entry: DocumentEntry) -> bool:
    """Whether that a file was not read lies with the file. Formats that merely lack a reader (images, OFD, DOC, RAR, 7Z) are the system's matter."""
    if entry.outcome is Outcome.UNSUPPORTED:
        return entry.format is Format.OTHER and not entry.file.lower().endswith(ARCHIVES)
    return entry.outcome in _UNREADABLE


def files(case: Case, policy: Policy) -> Iterator[Finding]:
    """DOCUMENT_UNREADABLE, one a file."""
    for entry in sorted(case.documents, key=lambda entry: entry.file):
        if unreadable(entry):
            what, advice = _UNREADABLE[entry.outcome]
            said = printable(entry.message).strip().rstrip("。")
            yield finding(
                FindingCode.DOCUMENT_UNREADABLE, Severity.MEDIUM,
                f"{document_name(entry.id, case)}{what}。" + (f"{said}。" if said else ""),
                case=case, advice=advice,
            )  # fmt: skip
