"""How a check speaks: the place of a value, the value itself, and the order things are told in, all in Chinese.

Everything here is a function of values, so that the order in which documents were read can never change a sentence. Places are
told in the order an officer turns the pages: the form first, then the attachments by name, then page by page.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, FactValue
from schemas.report import DocumentEntry, Finding, plain
from schemas.vocabulary import FACTS, FactKey, FindingCode, Format, Role, Severity, Unit

#: Findings with very many places name the first ones; the evidence of a finding stays small enough to look at.
PLACES_SHOWN: Final = 4
EVIDENCE_KEPT: Final = 12

UNIT_NAMES: Final[dict[Unit, str]] = {Unit.M2: "㎡"}
SEVERITIES: Final = tuple(Severity)

_ROLE_ORDER: Final = {role: number for number, role in enumerate(Role)}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SHEET = re.compile(r"(?P<sheet>.+)!(?P<cell>[A-Z]+\d+(?::[A-Z]+\d+)?)", re.DOTALL)
_STEPS: Final = (
    (re.compile(r"T(\d+)"), "第{}个表格"),
    (re.compile(r"R(\d+)"), "第{}行"),
    (re.compile(r"C(\d+)"), "第{}列"),
    (re.compile(r"S(\d+)"), "第{}部分"),
    (re.compile(r"P(\d+)"), "第{}段"),
    (re.compile(r"H(\d+)"), "页眉{}"),
    (re.compile(r"F(\d+)"), "脚注（尾注）{}"),
    (re.compile(r"X(\d+)"), "文本框{}"),
)

Order: TypeAlias = tuple[int, str, str, int, tuple[tuple[int, str], ...], tuple[float, ...], str]


def printable(text: str) -> str:
    """File names and quotes are the applicant's: no control or direction characters reach a sentence."""
    return _CONTROLS.sub("", text)


def entry_of(document: str, case: Case) -> DocumentEntry | None:
    return next((entry for entry in case.documents if entry.id == document), None)


def pictured(evidence: Evidence, case: Case) -> bool:
    """Whether a place was read from a picture of the page."""
    entry = entry_of(evidence.document, case)
    return entry is not None and (entry.format is Format.IMAGE or evidence.page in entry.ocr_pages)


def document_name(document: str, case: Case) -> str:
    """``《建设方案.docx》``; with its folder where another file of the submission has the same name."""
    entry = entry_of(document, case)
    if entry is None:
        return "《（未列出的文件）》"
    short = entry.file.rsplit("/", 1)[-1]
    same = sum(other.file.rsplit("/", 1)[-1] == short for other in case.documents)
    return f"《{printable(short if same == 1 else entry.file)}》"


def spot(evidence: Evidence) -> str:
    """``第3页``, ``第17段``, ``第2个表格第3行第4列``, ``工作表“设备清单”F12单元格``; empty where only the document is known."""
    if evidence.page is not None:
        return f"第{evidence.page}页"
    if not evidence.anchor:
        return ""
    if sheet := _SHEET.fullmatch(evidence.anchor):
        return f"工作表“{printable(sheet['sheet'])}”{sheet['cell']}单元格"
    told = [_step(part) for part in evidence.anchor.split("/")]
    return "" if "" in told else "".join(told)


def _step(part: str) -> str:
    return next((words.format(found[1]) for pattern, words in _STEPS if (found := pattern.fullmatch(part))), "")


def place(evidence: Evidence, case: Case) -> str:
    """``《建设方案.docx》第17段``."""
    return document_name(evidence.document, case) + spot(evidence)


def places(evidence: Iterable[Evidence], case: Case, *, limit: int = PLACES_SHOWN) -> str:
    """Several places in reading order, each once: ``《申报书.pdf》第3页、第5页和《建设方案.pdf》第2页``."""
    by_document: dict[str, list[str]] = {}
    for item in ordered(evidence, case):
        spots = by_document.setdefault(document_name(item.document, case), [])
        if (where := spot(item)) and where not in spots:
            spots.append(where)
    told: list[str] = []
    left = limit
    total = sum(max(1, len(spots)) for spots in by_document.values())
    for name, spots in by_document.items():
        if left <= 0:
            break
        told.append(name + "、".join(spots[:left]))
        left -= max(1, len(spots[:left]))
    return "和".join(told) + (f"等{total}处" if total > limit else "")


def order(evidence: Evidence, case: Case) -> Order:
    entry = entry_of(evidence.document, case)
    file = entry.file if entry else evidence.document
    role = _ROLE_ORDER[entry.role] if entry else len(_ROLE_ORDER)
    steps = tuple((int(number or 0), word) for word, number in re.findall(r"([^\d]+)(\d*)", evidence.anchor or ""))
    return role, file.rsplit("/", 1)[-1], file, evidence.page or 0, steps, evidence.bbox or (), evidence.quote


def ordered(evidence: Iterable[Evidence], case: Case) -> tuple[Evidence, ...]:
    """Each place once, in the order an officer turns the pages."""
    return tuple(sorted(set(evidence), key=lambda item: order(item, case)))


def amount(value: Decimal, unit: Unit | None) -> str:
    """``3792.54万元``; a long fraction from a division is cut at four places."""
    short = value if value == value.quantize(Decimal("0.0001")) else value.quantize(Decimal("0.0001"))
    return f"{plain(short)}{UNIT_NAMES.get(unit, unit) if unit else ''}"


def shown(value: FactValue, unit: Unit | None = None) -> str:
    """A value as a sentence says it."""
    if isinstance(value, bool):
        return "无不良记录" if value else "有不良记录"
    if isinstance(value, Decimal):
        return amount(value, unit)
    if isinstance(value, tuple):
        return "“" + "、".join(printable(item) for item in value) + "”"
    return f"“{printable(str(plain(value)))}”"


def stated(fact: Fact, case: Case) -> str:
    """``《申报书.pdf》第3页为25人``, with the document's own form where it reads otherwise: ``为3792.54万元（原文“0.379254亿元”）``."""
    words = shown(fact.value, fact.unit)
    raw = printable(fact.as_stated).strip()
    own = (
        f"（原文“{raw}”）" if isinstance(fact.value, Decimal) and raw and _tight(raw) not in {_tight(words), _bare(words)} else ""
    )
    return f"{places(fact.evidence, case) or '材料中'}为{words}{own}"


def _tight(text: str) -> str:
    return re.sub(r"[\s,，]", "", text).replace("平方米", "㎡")


def _bare(text: str) -> str:
    return re.sub(r"[^\d.]+$", "", text)


def key_name(key: FactKey, period: str | None = None) -> str:
    """``对外服务收入（2025年）``."""
    name = FACTS[key][1]
    if not period or period == "total":
        return name
    return f"{name}（{period}年）" if re.fullmatch(r"\d{4}(-\d{4})?", period) else f"{name}（{printable(period)}）"


def finding(
    code: FindingCode,
    severity: Severity,
    message: str,
    *,
    case: Case,
    facts: Iterable[str] = (),
    evidence: Sequence[Evidence] = (),
    clause: str | None = None,
    advice: str = "",
) -> Finding:
    """A finding without its number (the runner gives that), its places in order and its facts by name."""
    kept = ordered(evidence, case)[:EVIDENCE_KEPT]
    return Finding(
        id="", code=code, severity=severity, message=message, facts=tuple(sorted(set(facts), key=natural)),
        evidence=kept, clause=clause, advice=advice,
    )  # fmt: skip


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """``f2`` before ``f10``."""
    return tuple((int(number or -1), word) for word, number in re.findall(r"([^\d]*)(\d*)", text))
