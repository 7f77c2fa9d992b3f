"""How values are said to district staff: one place for the page, the workbook and the terminal.

Everything that comes out of a file is hostile: names and quotes may hold control, direction and zero-width characters that make a line read
as another. ``visible`` shows each of them as a mark; escaping is left to whoever writes the format.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from schemas.evidence import Evidence
from schemas.facts import Fact, FactValue
from schemas.picture import anchor_words
from schemas.report import DocumentEntry, Elsewhere, ScreeningReport, plain
from schemas.traces import RevisionEntry
from schemas.vocabulary import FACTS, DocumentStatus, FactKey, FactStatus, Format, PolicyStatus, Unit, WarningCode

#: By the id that evidence names them by.
Documents: TypeAlias = dict[str, DocumentEntry | Elsewhere]

STATUS_NAMES: Final[dict[FactStatus, str]] = {FactStatus.ACCEPTED: "已核读", FactStatus.NEEDS_REVIEW: "须核对"}

POLICY_STATUS_NAMES: Final[dict[PolicyStatus, str]] = {
    PolicyStatus.DRAFT: "征求意见稿，尚未发布",
    PolicyStatus.NOT_YET_IN_FORCE: "尚未施行",
    PolicyStatus.IN_FORCE: "现行有效",
    PolicyStatus.EXPIRED: "已过有效期",
}

DOCUMENT_STATUS_NAMES: Final[dict[DocumentStatus, str]] = {
    DocumentStatus.READ: "已读取",
    DocumentStatus.PARTLY_READ: "部分读取",
    DocumentStatus.UNREADABLE: "无法读取",
    DocumentStatus.SKIPPED: "未读取",
}

FORMAT_NAMES: Final[dict[Format, str]] = {
    Format.PDF: "PDF",
    Format.DOCX: "Word 文档",
    Format.XLSX: "Excel 表格",
    Format.DOC: "旧版 Office 文件",
    Format.OFD: "OFD 版式文件",
    Format.IMAGE: "图片",
    Format.TEXT: "文本",
    Format.OTHER: "其他",
}

SIGNATURE_NAMES: Final = {"valid": "有效", "invalid": "无效", "intact": "完整，证书链未验证", "unverified": "未验证"}

_SAVED_NAMES: Final = {"content": "页面内容", "fields": "表单域", "notes": "批注", "signature": "电子签名", "other": "其他"}


def saves(revisions: Sequence[RevisionEntry]) -> str:
    """``第2次：电子签名（23981字节）；第3次：页面内容（24010字节）``, what each save after the first brought."""
    told = (f"第{r.number}次：{'、'.join(_SAVED_NAMES.get(w, w) for w in r.what)}（{r.bytes}字节）" for r in revisions[1:13])
    return "；".join(told) + (f"等{len(revisions)}次" if len(revisions) > 13 else "")


WARNING_NAMES: Final[dict[WarningCode, str]] = {
    WarningCode.ACTIVE_CONTENT: "含可执行内容",
    WarningCode.EXTERNAL_LINK: "含外部链接",
    WarningCode.EMBEDDED_FILE: "内嵌其他文件",
    WarningCode.MACRO: "含宏",
    WarningCode.HIDDEN_TEXT: "含隐藏文字",
    WarningCode.LAYER_DIFFERS: "文字层与画面不同",
    WarningCode.ENGINES_DIFFER: "两种读法结果不同",
    WarningCode.REPAIRED: "文件受损，已修复后读取",
    WarningCode.OWNER_PASSWORD: "设有权限密码",
    WarningCode.ODD_NAME: "文件名异常",
    WarningCode.FORMULA: "含公式",
    WarningCode.STALE_VALUE: "公式结果可能未更新",
    WarningCode.TRACKED_CHANGES: "含修订痕迹",
    WarningCode.HIDDEN_CELLS: "含隐藏行列或工作表",
    WarningCode.FONT_NOT_EMBEDDED: "字体未嵌入",
    WarningCode.ODD_NUMBER: "数字写法异常",
    WarningCode.INSTRUCTIONS: "含针对审核程序的文字",
    WarningCode.WRONG_ENDING: "扩展名与内容不符",
    WarningCode.OVER_LIMIT_PART: "部分内容超出上限",
    WarningCode.OTHER: "其他提示",
}

UNIT_NAMES: Final[dict[Unit, str]] = {unit: "㎡" if unit is Unit.M2 else str(unit) for unit in Unit}

# Ticks and boxes of Word's symbol fonts, which no ordinary font can show.
_SYMBOLS: Final = {0xF052: "☑", 0xF0FE: "☑", 0xF053: "☒", 0xF0FD: "☒", 0xF0A3: "□", 0xF06F: "□", 0xF0A8: "□", 0xF0FC: "√"}


def visible(text: str) -> str:
    """Text with line breaks kept and every character that cannot be seen shown as a mark.

    >>> visible("报告\\u202efdp.exe")
    '报告⟨U+202E⟩fdp.exe'
    """
    text = re.sub(r"\r\n?|[\v\f\u2028\u2029]", "\n", text).replace("\t", " ")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == "\n" else _seen(c) for c in text)


def one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", visible(text)).strip()


def _seen(c: str) -> str:
    if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in "\uffa0\u3164\u115f\u1160":
        return c
    return _SYMBOLS.get(ord(c), f"⟨U+{ord(c):04X}⟩")


def figure(value: Decimal) -> str:
    """
    >>> figure(Decimal("12605.50"))
    '12,605.5'
    """
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(value: FactValue, key: FactKey | None = None) -> str:
    """A fact's value without its unit."""
    if isinstance(value, bool):
        if key is FactKey.CREDIT_CLEAN:
            return "声明无不良记录" if value else "写明有不良记录"
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, tuple):
        return "、".join(value)
    return str(plain(value))


def fact_value(fact: Fact) -> str:
    return said(fact.value, fact.key) + (f" {UNIT_NAMES[fact.unit]}" if fact.unit else "")


def fact_name(fact: Fact) -> str:
    return FACTS[fact.key][1]


def period_words(period: str | None) -> str:
    """
    >>> period_words("2025-01..2025-09"), period_words("2024-2025"), period_words("total")
    ('2025年1月至2025年9月', '2024至2025年', '累计')
    """
    if period is None:
        return ""
    if period == "total":
        return "累计"
    if re.fullmatch(r"\d{4}", period):
        return f"{period}年"
    if match := re.fullmatch(r"(\d{4})-(\d{4})", period):
        return f"{match[1]}至{match[2]}年"
    if match := re.fullmatch(r"(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})", period):
        return f"{match[1]}年{int(match[2])}月至{match[3]}年{int(match[4])}月"
    return period


def spot(evidence: Evidence) -> str:
    """Where in its document: the page, cell or paragraph."""
    if evidence.page is not None:
        return f"第{evidence.page}页"
    return anchor_words(evidence.anchor) if evidence.anchor else ""


def place(evidence: Evidence, documents: Documents) -> str:
    """``《建设方案.docx》正文第17段``; a document the report does not list is named by its id, another submission's with that submission."""
    return f"{title(evidence.document, documents)}{spot(evidence)}"


def title(document: str, documents: Documents) -> str:
    entry = documents.get(document)
    whose = f"申报包“{entry.name}”" if isinstance(entry, Elsewhere) else ""
    return f"{whose}《{entry.file if entry else document}》"


def places(evidence: Iterable[Evidence], documents: Documents, *, limit: int = 8) -> str:
    """Several places, a document named once: ``《申报书.pdf》第3页、第5页；《建设方案.docx》正文第17段``."""
    evidence = tuple(evidence)
    spots: dict[str, list[str]] = {e.document: [] for e in evidence}
    for e in sorted(evidence, key=lambda one: one.page or 0):
        if spot(e) not in spots[e.document]:
            spots[e.document].append(spot(e))
    told = []
    for document, listed in spots.items():
        more = f"等{len(listed)}处" if len(listed) > limit else ""
        told.append(f"{title(document, documents)}{'、'.join(listed[:limit])}{more}")
    return "；".join(told[:limit]) + (f"；等{len(told)}份材料" if len(told) > limit else "")


def without_places(text: str, documents: Documents) -> str:
    """Words without the places in brackets: for where the places stand beside them anyway.

    ``196.2㎡（《申报书（含附件）.pdf》第3页等2处）`` becomes ``196.2㎡``.
    """
    for file in sorted({entry.file for entry in documents.values()}, key=len, reverse=True):
        if f"（《{file}》" in text:
            text = re.sub(f"（《{re.escape(file)}》[^（）《》；]*(?:；《[^》]*》[^（）《》；]*)*）", "", text)
    return text


def by_id(report: ScreeningReport) -> Documents:
    """The submission's documents, and those of others that its findings point to."""
    return {entry.id: entry for entry in report.documents} | {entry.id: entry for entry in report.elsewhere}


def conflicting(facts: Iterable[Fact]) -> set[str]:
    """The ids of stated facts whose key and period have more than one value."""
    groups: dict[tuple[FactKey, str | None], list[str]] = {}
    for fact in facts:
        if not fact.derived:
            groups.setdefault((fact.key, fact.period), []).append(fact.id)
    return {name for ids in groups.values() if len(ids) > 1 for name in ids}
