"""report.html: what an officer reads beside the package. One file, no network, complete without a script, fit to print.

Pictures stand in the file once, as SVG images that places refer to by name; only their frames differ. A budget keeps the file small:
findings are pictured first, then clauses, then the remaining facts, and a place left without a picture says so.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reports import words
from schemas.evidence import Evidence
from schemas.facts import Fact
from schemas.picture import Excerpt, PageCrop, Part, Picture
from schemas.report import Check, Finding, Issue, Lead, ScreeningReport
from schemas.vocabulary import (
    CHOICES,
    FINDINGS,
    GRADE_NAMES,
    RECOMMENDATION_NAMES,
    ROLE_NAMES,
    SEVERITY_NAMES,
    VERDICT_NAMES,
    DocumentStatus,
    FactStatus,
    Severity,
    Verdict,
)

#: Bytes of pictures (as they stand in the file), and places pictured for one finding, clause or fact.
BUDGET = 2_600_000
PLACES = 4
#: Places pictured of a finding across submissions: pairs, ours on the left and theirs on the right.
PAIRED = 8

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as the page tells it: named, quoted, and pictured where that could be done."""

    where: str
    quote: str
    role: str = ""
    other: bool = False
    image: str = ""
    crop: PageCrop | None = None
    excerpt: Excerpt | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """``shown`` are pictured; ``line`` names all ``count`` of them, ``others`` those without a picture. ``paired``: ours and another's in turn."""

    shown: tuple[Shown, ...] = ()
    paired: bool = False
    count: int = 0
    line: str = ""
    others: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """``proof`` names the places of the fact's best proof."""

    fact: Fact
    ref: str
    conflict: bool
    places: Places
    proof: str = ""


@dataclass(frozen=True, slots=True)
class CheckRow:
    check: Check
    ref: str
    facts: tuple[FactRow, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding: Finding
    ref: str
    clause: CheckRow | None
    places: Places


class _Album:
    """Every picture of the report once, within the budget."""

    def __init__(self, picture: Callable[[Evidence], Picture | None], documents: words.Documents) -> None:
        self._picture = picture
        self._documents = documents
        self._names: dict[str, str] = {}
        self._shown: dict[Evidence, Shown] = {}
        self._left = BUDGET
        self.images: list[tuple[str, str, PageCrop]] = []

    def places(self, evidence: Iterable[Evidence]) -> Places:
        listed = list(evidence)
        paired = any(e.submission for e in listed)
        if not paired:  # in pairs the same place may stand beside several
            listed = list(dict.fromkeys(listed))
        most = PAIRED if paired else PLACES
        return Places(
            shown=tuple(self._show(e) for e in listed[:most]),
            paired=paired,
            count=len(listed),
            line=words.places(dict.fromkeys(listed), self._documents),
            others=words.places(dict.fromkeys(listed[most:]), self._documents),
        )

    def _show(self, evidence: Evidence) -> Shown:
        if evidence not in self._shown:
            self._shown[evidence] = self._make(evidence)
        return self._shown[evidence]

    def _make(self, evidence: Evidence) -> Shown:
        entry = self._documents.get(evidence.document)
        where = words.place(evidence, self._documents)
        shown = self._pictured(evidence, where, ROLE_NAMES[entry.role] if entry else "")
        return replace(shown, other=evidence.submission is not None)

    def _pictured(self, evidence: Evidence, where: str, role: str) -> Shown:
        if evidence.page is None and not evidence.anchor:
            return Shown(where, evidence.quote, role, note="指整份文件，没有具体位置。")
        if self._left <= 0:
            return Shown(where, evidence.quote, role, note="为控制文件大小，此处未附图，请对照原件。")
        picture = self._picture(evidence)
        if isinstance(picture, Excerpt):
            self._left -= 200 + sum(len(part) for row in picture.rows for cell in row.cells for part, _ in cell.parts)
            return Shown(where, evidence.quote, role, excerpt=picture)
        if isinstance(picture, PageCrop):
            return Shown(f"{where}（共{picture.pages}页）", evidence.quote, role, image=self._name(picture), crop=picture)
        return Shown(where, evidence.quote, role, note="此处无法制图，请对照原件。")

    def _name(self, crop: PageCrop) -> str:
        digest = hashlib.sha256(crop.data).hexdigest()
        if digest not in self._names:
            self._names[digest] = f"img{len(self._names) + 1}"
            encoded = base64.b64encode(crop.data).decode("ascii")
            self._left -= len(encoded)
            self.images.append((self._names[digest], f"data:{crop.media};base64,{encoded}", crop))
        return self._names[digest]


def pictured(report: ScreeningReport) -> list[Evidence]:
    """The places ``render`` asks pictures for, in its order; where the budget ends before, it asks for fewer."""
    asked = [*(f.evidence for f in _by_severity(report)), *(f.evidence for f in _relied_on_first(report))]
    asked += [*(check.evidence for check in report.checks), *(lead.evidence for lead in report.leads)]
    return list(dict.fromkeys(one for places in asked for one in list(dict.fromkeys(places))[:PLACES]))


def _by_severity(report: ScreeningReport) -> list[Finding]:
    return sorted(report.findings, key=lambda f: list(Severity).index(f.severity))


def _relied_on_first(report: ScreeningReport) -> list[Fact]:
    relied_on = {name for check in report.checks for name in check.facts}
    return sorted(report.facts, key=lambda fact: fact.id not in relied_on)


def render(report: ScreeningReport, picture: Callable[[Evidence], Picture | None]) -> str:
    """The page. ``picture`` is asked once for each place; the same report and pictures give the same text."""
    documents = words.by_id(report)
    album = _Album(picture, documents)
    # The order in which the budget is spent, not the order on the page.
    ordered = _by_severity(report)
    pictured = {f.id: album.places(f.evidence) for f in ordered}
    conflicts = words.conflicting(report.facts)
    fact_places = {id(fact): album.places(fact.evidence) for fact in _relied_on_first(report)}
    facts = tuple(
        FactRow(fact, f"f{n}", fact.id in conflicts, fact_places[id(fact)], words.places(fact.proof, documents, limit=2))
        for n, fact in enumerate(report.facts, start=1)
    )
    named = {row.fact.id: row for row in facts}
    checks = tuple(
        CheckRow(check, f"c{n}", tuple(named[i] for i in check.facts if i in named), album.places(check.evidence))
        for n, check in enumerate(report.checks, start=1)
    )
    clauses = {row.check.clause: row for row in checks}
    findings = tuple(
        FindingRow(f, f"k{n}", clauses.get(f.clause) if f.clause else None, pictured[f.id])
        for n, f in enumerate(ordered, start=1)
    )
    leads = tuple((lead, album.places(lead.evidence)) for lead in report.leads)
    return _page(report, documents, album, checks, findings, facts, leads)


def _page(
    report: ScreeningReport,
    documents: words.Documents,
    album: _Album,
    checks: Sequence[CheckRow],
    findings: Sequence[FindingRow],
    facts: Sequence[FactRow],
    leads: Sequence[tuple[Lead, Places]],
) -> str:
    script, style = _asset("report.js"), _asset("report.css")
    return _environment().get_template("report.html.j2").render(
        report=report,
        documents=documents,
        checks=checks,
        findings=findings,
        facts=facts,
        leads=leads,
        images=album.images,
        issues=[(issue, _issue_place(issue, documents)) for issue in report.issues],
        verdict_counts=[(verdict, sum(c.check.verdict is verdict for c in checks)) for verdict in Verdict],
        severity_counts=[(severity, sum(f.finding.severity is severity for f in findings)) for severity in Severity],
        read_count=sum(d.status is DocumentStatus.READ for d in report.documents),
        accepted=sum(f.fact.status is FactStatus.ACCEPTED for f in facts),
        left_open=[c for c in checks if c.check.verdict in (Verdict.JUDGEMENT, Verdict.UNCLEAR, Verdict.MISSING)],
        doubtful=[f for f in facts if f.fact.status is FactStatus.NEEDS_REVIEW],
        script=script,
        style=style,
        script_hash=_hash(script),
        style_hash=_hash(style),
    )  # fmt: skip


def _whole(parts: Sequence[Part]) -> bool:
    """Whether the marked words are all there is, or nothing is marked: then the frame goes around the whole."""
    return len({marked for _, marked in parts}) < 2


def _issue_place(issue: Issue, documents: words.Documents) -> str:
    if issue.document is None:
        return ""
    entry = documents.get(issue.document)
    if entry and entry.file in issue.message:
        return ""
    page = f"第{issue.page}页" if issue.page is not None else ""
    return f"《{entry.file if entry else issue.document}》{page}"


def _asset(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 our own file


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals |= {
        "verdict_names": VERDICT_NAMES, "severity_names": SEVERITY_NAMES, "recommendation_names": RECOMMENDATION_NAMES,
        "role_names": ROLE_NAMES, "finding_names": FINDINGS, "status_names": words.STATUS_NAMES,
        "policy_status_names": words.POLICY_STATUS_NAMES, "document_status_names": words.DOCUMENT_STATUS_NAMES,
        "format_names": words.FORMAT_NAMES, "warning_names": words.WARNING_NAMES, "signature_names": words.SIGNATURE_NAMES, "saves": words.saves, "fact_value": words.fact_value,
        "fact_name": words.fact_name, "period_words": words.period_words, "figure": words.figure, "spot": words.spot,
        "place": words.place, "grade_names": GRADE_NAMES, "choices": CHOICES, "said": words.said, "whole": _whole, "without_places": words.without_places,
    }  # fmt: skip
    return environment


def _finalize(value: Any) -> Any:
    """Every string of the report passes here, so none can hide a character; None is a mistake of the template."""
    if value is None:
        raise ValueError("the template prints a value that is not stated")
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return words.visible(value)
    return value
