"""The smallest values a check can be tried on."""

from datetime import date
from decimal import Decimal
from typing import Any

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, Reading, Rosters, Sighting
from schemas.policy import Policy
from schemas.report import DocumentEntry, Finding, SubmissionEntry
from schemas.traces import Shot, Stamp, Trace
from schemas.vocabulary import FACTS, DocumentStatus, FactKey, FactStatus, FindingCode, Format, Outcome, Role

DAY = date(2026, 4, 15)
FORM, PLAN, LIST = "d1", "d2", "d3"


def at(document: str = FORM, page: int = 3, quote: str = "…") -> Evidence:
    return Evidence(document=document, page=page, quote=quote)


def fact(key: str, value: Any, *where: Evidence, id: str = "", error: str = "0", raw: str = "", **more: Any) -> Fact:
    key_ = FactKey(key)
    if isinstance(value, str | int) and not isinstance(value, bool) and FACTS[key_][0] is not None:
        value = Decimal(value)
    return Fact(
        id=id or f"{key}={value}", key=key_, value=value, unit=FACTS[key_][0], as_stated=raw, error=Decimal(error),
        status=more.pop("status", FactStatus.ACCEPTED), confidence=0.99, evidence=where or (at(),), **more,
    )  # fmt: skip


def sighting(of: Fact, *, doubts: tuple[str, ...] = (), rejected: str | None = None) -> Sighting:
    return Sighting(
        key=of.key, value=of.value, as_stated=of.as_stated, manner="label", confidence=0.9, doubts=doubts, rejected=rejected,
        evidence=of.evidence[0],
    )  # fmt: skip


def entry(id: str, file: str, role: Role = Role.OTHER, **more: Any) -> DocumentEntry:
    values: dict[str, Any] = {
        "sha256": "0" * 64, "bytes": 1, "format": Format.PDF, "status": DocumentStatus.READ, "outcome": Outcome.OK, "message": "",
    }  # fmt: skip
    return DocumentEntry(id=id, file=file, role=role, **(values | more))


DOCUMENTS = (
    entry(FORM, "申报书.pdf", Role.FORM),
    entry(PLAN, "建设方案.docx", Role.PLAN),
    entry(LIST, "设备清单.xlsx", Role.EQUIPMENT_LIST),
)


def case(*facts: Fact, documents: tuple[DocumentEntry, ...] = DOCUMENTS, rosters: Rosters | None = None, **more: Any) -> Case:
    """A case of three documents; ``readings`` may be given as keyword fields of one reading of the form."""
    fields = {name: more.pop(name) for name in list(more) if name in Reading.model_fields and name != "sightings"}
    readings = more.pop("readings", (Reading(document=FORM, **fields),))
    return Case(
        submission=SubmissionEntry(id="s", name="s", sha256="0" * 64), documents=documents, readings=readings, facts=facts,
        rosters=rosters or Rosters(), as_of=DAY, day=DAY, **more,
    )  # fmt: skip


def asks(label: str = "承诺单位", owner: str = "", *, page: int = 3, tone: str = "colour") -> Stamp:
    """A place on a scanned page that asks for a seal."""
    return Stamp(asked=True, words=label, owner=owner, tone=tone, evidence=at(page=page, quote=f"{label}（盖章）"))


def ring(words: str = "", *, page: int = 3, sure: float = 0.95, print: str = "") -> Stamp:
    """A seal on a scanned page."""
    return Stamp(asked=False, words=words, confidence=sure, print=print, tone="colour", evidence=at(page=page, quote=""))


def shot(caption: str, page: int = 3, *, hash: int = 0x5A5A << 200, digest: str = "", document: str = FORM, **more: Any) -> Shot:
    values: dict[str, Any] = {"kind": "photo", "entropy": 5.0, "width": 600, "height": 410} | more
    place = Evidence(document=document, page=page, bbox=(10.0, 20.0, 310.0, 225.0), quote="")
    return Shot(digest=digest or f"{page:064x}", hash=f"{hash:064x}", caption=caption, evidence=place, **values)


def trace(kind: str, before: str = "", after: str = "", *, words: str = "", top: float = 100.0, **place: Any) -> Trace:
    where = {"document": FORM, "page": 3, "bbox": (80.0, top, 140.0, top + 12), "quote": after} | place
    return Trace(kind=kind, before=before, after=after, words=words, evidence=Evidence(**where))


def codes(findings: Any) -> list[str]:
    return [finding.code.value for finding in findings]


def only(findings: Any, code: FindingCode) -> Finding:
    found = list(findings)
    assert [finding.code for finding in found] == [code]
    one: Finding = found[0]
    return one


def policy(*clauses: dict[str, Any], materials: tuple[dict[str, Any], ...] = ()) -> Policy:
    """A policy with a 200 ㎡ clause and what else is given."""
    area = {"kind": "compare", "key": "site.area", "comparator": ">=", "threshold": "200", "unit": "m2"}
    made = [
        {"name": "site.area", "title": "场地面积", "article": "一", "quote": "不少于200平方米", "requirement": area},
        *clauses,
    ]
    return Policy.model_validate(
        {
            "id": "p", "version": "1", "title": "某市概念验证中心", "document": "某办法", "city": "某市", "draft": False,
            "scope": ("一", "二"), "counts": {"software": True}, "duty": {"article": "三", "quote": "审核", "product": "意见"},
            "materials": materials, "clauses": made,
        }
    )  # fmt: skip
