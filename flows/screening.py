"""One submission from its files to its report: the only place where the rooms meet. Plain functions, no engine, no terminal.

A document that cannot be read is an entry that says so; a stage that breaks is an issue of the report; neither ends the batch. The
same bytes, policy, settings and version give the same report, ``timings`` aside.
"""

import gc
import hashlib
import time
import traceback
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from importlib import metadata
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import extractors
import policies
import validators
from extractors import readers
from extractors.readers.limits import DEFAULT, Limits
from flows import parsing, picture_check, scans
from flows.parsing import Parsers, Source
from flows.settings import PictureCheck
from schemas.case import Case
from schemas.document import Document
from schemas.facts import Fact, Reading
from schemas.notice import Notice
from schemas.package import Package, SourceFile
from schemas.policy import Policy
from schemas.report import Check, DocumentEntry, DocumentWarning, Finding, Issue, Lead, LookUp, ScreeningReport, SubmissionEntry
from schemas.vocabulary import (
    ISSUES,
    DocumentStatus,
    FactKey,
    FactStatus,
    Format,
    IssueCode,
    Outcome,
    Recommendation,
    WarningCode,
)
from validators import clauses
from validators.lookups import lookups
from validators.recommendation import recommend

T = TypeVar("T")

#: Told before each file is opened, so that whoever watches knows which file a process died over.
Notify = Callable[[str], None]

READ = (DocumentStatus.READ, DocumentStatus.PARTLY_READ)
FORMATS = {
    ".pdf": Format.PDF, ".docx": Format.DOCX, ".docm": Format.DOCX, ".xlsx": Format.XLSX, ".xlsm": Format.XLSX, ".doc": Format.DOC,
    ".xls": Format.DOC, ".wps": Format.DOC, ".et": Format.DOC, ".rtf": Format.DOC, ".ofd": Format.OFD, ".txt": Format.TEXT,
    ".csv": Format.TEXT, ".jpg": Format.IMAGE, ".jpeg": Format.IMAGE, ".png": Format.IMAGE, ".tif": Format.IMAGE,
    ".tiff": Format.IMAGE, ".bmp": Format.IMAGE,
}  # fmt: skip
PACKED = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
NO_FILES = "申报包中没有任何文件"


@dataclass(frozen=True)
class Screened:
    """``documents`` are those that could be opened, by id, for whoever draws the pictures; ``error`` says why nothing was screened.

    ``readings`` are what was understood of them, for whoever compares packages.
    """

    report: ScreeningReport
    documents: dict[str, tuple[SourceFile, Document]] = field(default_factory=dict)
    error: str | None = None
    readings: tuple[Reading, ...] = ()


def screen_package(
    package: Package,
    policy: Policy,
    as_of: date,
    *,
    limits: Limits = DEFAULT,
    notify: Notify = lambda _: None,
    cache: Path | None = None,
    threads: int = 1,
    pictures: PictureCheck = "deciding",
    parsers: Parsers | None = None,
    notice: Notice | None = None,
) -> Screened:
    """The report of one package. Never raises for what a package holds. ``cache`` keeps what was recognised on scanned pages.

    ``notice`` is the call for applications the package answers. ``pictures`` says which figures of text layers are compared with the pictures of their pages.
    """
    clock = Clock()
    parsers = parsers or parsing.shared()
    recognise = partial(scans.complete, folder=cache, threads=threads, limits=limits, parsers=parsers)
    opened: list[_Opened] = []
    readings: list[Reading] = []
    misread: list[Issue] = []
    for number, (file, after) in enumerate(zip_longest(package.files, package.files[1:]), 1):
        if after is not None and not after.container and after.refused is None:
            parsers.ahead(after.path, after.stored, limits)  # read while this one is understood
        with clock("reading"):
            opened.append(_open(number, file, limits, notify, clock, parsers, recognise))
        if opened[-1].document is not None:
            with clock("understanding"):
                readings.append(_understand(opened[-1], misread, as_of))
    opened += [_litter(len(opened) + number, path) for number, path in enumerate(package.skipped, 1)]
    notify("")
    issues = [issue for one in opened for issue in one.issues] + misread
    with clock("understanding"):
        opened, readings = _beside_layers(opened, readings, issues, as_of)
        readings = _mentioned(opened, readings, issues)
        entries = tuple(_with_roles(one.entry, readings) for one in opened)
        case = _case(package, entries, readings, as_of, issues, policy, notice)
    with clock("picture_check"):
        told = _beside_pictures(opened, case, policy, threads, pictures, parsers)
        issues += told.issues
        if told.changes:
            entries = picture_check.with_warnings(entries, told)
            case = _case(package, entries, picture_check.with_doubts(case.readings, told), as_of, issues, policy, notice)
            case = picture_check.demoted(case, told)
    with clock("checking"):
        checks, findings = _check(case, policy, issues)
    error = _nothing_read(package, opened)
    if error:
        issues.insert(0, Issue(code=IssueCode.NOTHING_READ, message=error))
    to_look_up = _lookups(case, policy, issues)
    verdict, reason = _recommend(checks, findings, issues)
    report = ScreeningReport(
        submission=case.submission,
        policy=policies.status_on(policy, as_of),
        as_of=as_of,
        documents=entries,
        facts=case.facts + case.derived,
        rosters=case.rosters,
        checks=checks,
        findings=findings,
        leads=_leads(case, policy),
        lookups=to_look_up,
        recommendation=verdict,
        recommendation_reason=reason,
        complete=not issues,
        issues=tuple(issues),
        timings=clock.spent,
        software=software(),
    )
    documents = {one.entry.id: (one.file, one.document) for one in opened if one.file is not None and one.document is not None}
    return Screened(report, documents, error, case.readings)


def reopen(
    package: Package,
    wanted: Container[str],
    *,
    limits: Limits = DEFAULT,
    cache: Path | None = None,
    threads: int = 1,
    parsers: Parsers | None = None,
) -> dict[str, tuple[SourceFile, Document]]:
    """Documents of a package screened before, by the ids they had then, to draw places of them; what no longer opens is left out."""
    parsers = parsers or parsing.shared()
    recognise = partial(scans.complete, folder=cache, threads=threads, limits=limits, parsers=parsers)
    clock = Clock()
    found = {}
    for number, file in enumerate(package.files, 1):
        if f"d{number}" in wanted:
            one = _open(number, file, limits, lambda _: None, clock, parsers, recognise)
            if one.document is not None:
                found[one.entry.id] = file, one.document
    return found


def warm() -> None:
    """Load what the first package would otherwise wait for: parsers, the segmenter's dictionary.

    What stays until the end is then left out of the collector's rounds: walking it took a tenth of the time of every package.
    """
    document = readers.read("warm.txt", "场地面积350平方米。".encode())
    extractors.extract(document, document_id="d1", file="warm.txt", as_of=date(2000, 1, 1))
    gc.collect()
    gc.freeze()


def failed(submission: SubmissionEntry, policy: Policy, as_of: date, code: IssueCode, message: str) -> ScreeningReport:
    """The report of a submission that was not screened at all: it says why, and claims nothing else."""
    issue = Issue(code=code, message=message)
    return ScreeningReport(
        submission=submission,
        policy=policies.status_on(policy, as_of),
        as_of=as_of,
        documents=(),
        facts=(),
        rosters=Case.model_fields["rosters"].default,
        checks=(),
        findings=(),
        recommendation=Recommendation.MANUAL_REVIEW,
        recommendation_reason=f"本次未能完成初审：{message}",
        complete=False,
        issues=(issue,),
        software=software(),
    )


@cache
def software() -> str:
    return f"chushen {metadata.version('chushen')}"


def where(error: BaseException) -> str:
    """The kind of an exception and the line of ours it came through, without its words: they may hold personal data.

    >>> where(ValueError("13900000000"))
    'ValueError'
    """
    rooms = ("schemas", "extractors", "validators", "policies", "reports", "flows")
    frames = [
        f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if set(Path(frame.filename).parts) & set(rooms)
    ]
    return " ".join([type(error).__name__, *frames[-1:]])


class Clock:
    """Seconds spent by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.spent[stage] = round(self.spent.get(stage, 0.0) + time.perf_counter() - start, 4)


@dataclass(frozen=True)
class _Opened:
    """``seen`` is set where pages were recognised beside a text layer of their own."""

    entry: DocumentEntry
    file: SourceFile | None = None
    document: Document | None = None
    issues: tuple[Issue, ...] = ()
    seen: scans.Read | None = None


def _open(
    number: int,
    file: SourceFile,
    limits: Limits,
    notify: Notify,
    clock: Clock,
    parsers: Parsers,
    recognise: Callable[[Document, Path], scans.Read],
) -> _Opened:
    ident = f"d{number}"
    if file.container:
        entry = _entry(ident, file, Format.OTHER, DocumentStatus.READ, file.outcome, file.message)
        odd = (DocumentWarning(code=WarningCode.ODD_NAME, message=readers.ODD_NAME, page=None),)
        return _Opened(entry.model_copy(update={"warnings": odd}) if file.odd_name else entry)
    if file.refused is not None:
        return _refused(ident, file, file.refused, file.message)
    notify(file.path)
    try:
        with Path(file.stored).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != file.sha256:
            return _refused(ident, file, Outcome.UNSUPPORTED, "文件在处理过程中被改动，请重新运行", ours=True)
        document = parsers.document(file.path, file.stored, limits)
        document = readers.odd_named(document) if file.odd_name else document
    except OSError as error:
        return _refused(
            ident, file, Outcome.UNSUPPORTED, f"无法打开文件（{error.strerror}），请检查文件权限后重新运行", ours=True
        )
    except parsing.SetAsideError as aside:
        return _refused(ident, file, aside.outcome, aside.message, ours=True)
    except Exception as error:
        broken = _refused(ident, file, Outcome.CORRUPT, "读取此文件时系统出错，请人工查看", ours=True)
        return _with_issue(broken, Issue(code=IssueCode.INTERNAL_ERROR, message=f"读取时出错（{where(error)}）", document=ident))
    seen = scans.Read(document)
    failed_here: tuple[Issue, ...] = ()
    try:
        with clock("recognition"):
            seen = recognise(document, Path(file.stored))
    except Exception as error:
        message = f"{file.path}：识别扫描页时出错，请人工查看（{where(error)}）"
        failed_here = (Issue(code=IssueCode.INTERNAL_ERROR, message=message, document=ident),)
    document = readers.noticed(seen.document) if seen.pages else seen.document
    entry = _entry(ident, file, document.format, _status(document), document.outcome, document.message, document)
    entry = entry.model_copy(update={"ocr_pages": seen.pages})
    issues = (*failed_here, *_unread(entry, document, seen.missing))
    return _Opened(entry, file, document if entry.status in READ else None, issues, seen if seen.layer is not None else None)


def _litter(number: int, path: str) -> _Opened:
    file = SourceFile(path=path, sha256="", size=0)
    return _Opened(
        _entry(
            f"d{number}", file, Format.OTHER, DocumentStatus.SKIPPED, Outcome.OK, "系统或办公软件留下的文件，不是申报材料，已跳过"
        )
    )


def _refused(ident: str, file: SourceFile, outcome: Outcome, message: str, *, ours: bool = False) -> _Opened:
    """``ours``: not the applicant's fault, so it is told as an issue and its format never as an unknown kind."""
    known = FORMATS.get(Path(file.path.lower()).suffix, Format.OTHER)
    entry = _entry(ident, file, known, DocumentStatus.UNREADABLE, outcome, message)
    issues = (Issue(code=IssueCode.DOCUMENT_NOT_READ, message=f"{file.path}：{message}", document=ident),) if ours else ()
    return _Opened(entry, file, None, issues)


def _with_issue(opened: _Opened, issue: Issue) -> _Opened:
    return _Opened(opened.entry, opened.file, opened.document, (issue,))


def _entry(
    ident: str,
    file: SourceFile,
    kind: Format,
    status: DocumentStatus,
    outcome: Outcome,
    message: str,
    document: Document | None = None,
) -> DocumentEntry:
    warnings = document.warnings if document is not None else ()
    return DocumentEntry(
        id=ident,
        file=file.path,
        sha256=file.sha256,
        bytes=file.size,
        format=kind,
        pages=len(document.pages) or None if document is not None else None,
        status=status,
        outcome=outcome,
        message=message,
        warnings=tuple(
            DocumentWarning(code=WarningCode(one.code), message=one.message, page=one.page or None)
            if one.code in WarningCode.__members__
            else DocumentWarning(code=WarningCode.OTHER, message=f"{one.code}：{one.message}", page=one.page or None)
            for one in warnings
        ),
    )


def _status(document: Document) -> DocumentStatus:
    if not document.text.strip():
        return DocumentStatus.UNREADABLE
    if document.outcome in (Outcome.OK, Outcome.OK_WARN):
        return DocumentStatus.READ
    return DocumentStatus.PARTLY_READ if document.outcome is Outcome.PARTIAL else DocumentStatus.UNREADABLE


def _unread(entry: DocumentEntry, document: Document, missing: str) -> Iterator[Issue]:
    """What the program has no reader for. What is wrong with the file itself is a finding, and the checks raise it."""
    if entry.status is DocumentStatus.UNREADABLE:
        packed = entry.file.lower().endswith(PACKED)
        ours = entry.format is not Format.OTHER or packed
        if (entry.outcome is Outcome.UNSUPPORTED and ours) or entry.outcome in (Outcome.OK, Outcome.OK_WARN, Outcome.PARTIAL):
            message = f"{entry.file}：{missing or ISSUES[IssueCode.DOCUMENT_NOT_READ]}"
            yield Issue(code=IssueCode.DOCUMENT_NOT_READ, message=message, document=entry.id)
        return
    for page in document.pages:
        if not page.readable:
            message = f"{entry.file} 第{page.number}页：{missing or ISSUES[IssueCode.PAGE_NOT_READ]}"
            yield Issue(code=IssueCode.PAGE_NOT_READ, message=message, document=entry.id, page=page.number)


def _understand(opened: _Opened, issues: list[Issue], as_of: date) -> Reading:
    assert opened.document is not None
    entry = opened.entry
    try:
        return extractors.extract(opened.document, document_id=entry.id, file=entry.file, as_of=as_of)
    except Exception as error:
        message = f"{entry.file}：已打开，但未能理解其内容，请人工查看（{where(error)}）"
        issues.append(Issue(code=IssueCode.INTERNAL_ERROR, message=message, document=entry.id))
        return Reading(document=entry.id)


def _mentioned(opened: Sequence[_Opened], readings: list[Reading], issues: list[Issue]) -> list[Reading]:
    try:
        return extractors.mentioned(readings, {one.entry.id: one.document for one in opened if one.document is not None})
    except Exception as error:
        issues.append(Issue(code=IssueCode.INTERNAL_ERROR, message=f"未能在材料中查找名单所列人员，请人工查看（{where(error)}）"))
        return readings


def _beside_layers(
    opened: list[_Opened], readings: list[Reading], issues: list[Issue], as_of: date
) -> tuple[list[_Opened], list[Reading]]:
    """Compare text layers with the pictures of their pages. The picture counts; a layer that agrees is the more exact of the two."""
    told = {reading.document: reading for reading in readings}
    for index, one in enumerate(opened):
        if one.seen is None or one.seen.layer is None or one.entry.id not in told:
            continue
        layer = _understand(replace(one, document=one.seen.layer), issues, as_of)
        found = extractors.differences(layer, told[one.entry.id])
        if found:
            warnings = tuple(_differs(difference) for difference in found)
            changed: dict[str, object] = {"warnings": one.entry.warnings + warnings}
            if one.entry.outcome is Outcome.OK:
                changed |= {"outcome": Outcome.OK_WARN, "message": "已读取，但文字层与画面不一致，以画面为准"}
            opened[index] = replace(one, entry=one.entry.model_copy(update=changed))
        elif one.seen.sound:
            told[one.entry.id] = layer
            opened[index] = replace(one, document=one.seen.layer, entry=one.entry.model_copy(update={"ocr_pages": ()}))
    return opened, [told[reading.document] for reading in readings]


def _beside_pictures(
    opened: Sequence[_Opened], case: Case, policy: Policy, threads: int, mode: PictureCheck, parsers: Parsers
) -> picture_check.Told:
    sources = {
        one.entry.id: Source(one.document.format, one.file.stored, one.document)
        for one in opened
        if one.document is not None and one.file is not None
    }
    documents = {ident: source.document for ident, source in sources.items()}
    draw, second = parsers.strips(sources), parsers.second(sources)
    return picture_check.compare(
        case, policy, documents, draw=draw, engine=lambda: scans.engine(threads), mode=mode, second=second
    )


def _differs(found: extractors.Difference) -> DocumentWarning:
    shown = "、".join(f"“{words}”" for words in found.picture)
    message = f"{found.name}：文字层写“{found.layer}”，画面上为{shown}；以画面为准，请对照原件核对"
    return DocumentWarning(code=WarningCode.LAYER_DIFFERS, message=message, page=found.place.page, key=found.key)


def _with_roles(entry: DocumentEntry, readings: Iterable[Reading]) -> DocumentEntry:
    reading = next((reading for reading in readings if reading.document == entry.id), None)
    if reading is None or not reading.roles:
        return entry
    parts = reading.sections if len(reading.sections) > 1 else ()
    saved = reading.revisions if len(reading.revisions) > 1 else ()
    told = {
        "role": reading.roles[0],
        "roles": reading.roles,
        "parts": parts,
        "signatures": reading.signatures,
        "revisions": saved,
    }
    return entry.model_copy(update=told)


def _case(
    package: Package,
    entries: tuple[DocumentEntry, ...],
    readings: Sequence[Reading],
    as_of: date,
    issues: list[Issue],
    policy: Policy,
    notice: Notice | None = None,
) -> Case:
    submission = SubmissionEntry(id=package.id, name=package.name, sha256=package.sha256)
    unread = tuple((i.document, i.page) for i in issues if i.code is IssueCode.PAGE_NOT_READ and i.document and i.page)
    empty = Case(
        submission=submission, documents=entries, readings=tuple(readings), facts=(), unread_pages=unread, as_of=as_of, day=as_of,
        notice=notice, deadline=notice.deadline if notice else None,
    )  # fmt: skip
    try:
        resolved = extractors.resolve(tuple(readings), uncounted=_uncounted(policy))
    except Exception as error:
        issues.append(Issue(code=IssueCode.INTERNAL_ERROR, message=f"汇总各文件的数据时出错，请人工核对（{where(error)}）"))
        return empty
    return empty.model_copy(
        update={
            "facts": resolved.facts,
            "derived": resolved.derived,
            "rosters": resolved.rosters,
            "sightings": resolved.sightings,
            "day": _day(resolved.facts, as_of),
        }
    )


def _uncounted(policy: Policy) -> tuple[extractors.Uncounted, ...]:
    """What this policy does not count, said to extraction as words, since the rooms do not know each other."""
    found = []
    if not policy.counts.software:
        found.append(extractors.Uncounted(FactKey.EQUIPMENT_VALUE, ("软件",), "数值包含软件，本条只计仪器设备，须分开核对"))
    other = tuple(
        kind for kind in ("技术开发", "技术许可", "技术转让", "技术咨询", "技术服务") if kind not in policy.counts.contracts
    )
    if policy.counts.contracts and other:
        why = f"合计中包含{'、'.join(other)}，本条只计{'、'.join(policy.counts.contracts)}，须分开核对"
        found.append(extractors.Uncounted(FactKey.TECHNOLOGY_CONTRACTS_VALUE, other, why))
    return tuple(found)


def _day(facts: Iterable[Fact], as_of: date) -> date:
    dates = [
        fact.value
        for fact in facts
        if fact.key is FactKey.APPLICATION_DATE and fact.status is FactStatus.ACCEPTED and isinstance(fact.value, date)
    ]
    return dates[0] if len(dates) == 1 else as_of


def _check(case: Case, policy: Policy, issues: list[Issue]) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
    checks: tuple[Check, ...] = ()
    first: tuple[Finding, ...] = ()
    try:
        checks = clauses.evaluate(policy, case)
        first = clauses.findings(policy, case, checks)
    except Exception as error:
        issues.append(Issue(code=IssueCode.CHECK_FAILED, message=f"逐条核对条款时出错，请人工核对（{where(error)}）"))
    try:
        findings, failures = validators.run(case, policy, first)
    except Exception as error:
        issues.append(Issue(code=IssueCode.CHECK_FAILED, message=f"核查时出错，请人工核对（{where(error)}）"))
        return checks, first
    issues.extend(failures)
    return checks, findings


def _recommend(checks: tuple[Check, ...], findings: tuple[Finding, ...], issues: list[Issue]) -> tuple[Recommendation, str]:
    try:
        return recommend(checks, findings, tuple(issues))
    except Exception as error:
        message = f"未能得出初审建议，请人工复核（{where(error)}）"
        issues.append(Issue(code=IssueCode.INTERNAL_ERROR, message=message))
        return Recommendation.MANUAL_REVIEW, message


def _lookups(case: Case, policy: Policy, issues: list[Issue]) -> tuple[LookUp, ...]:
    try:
        return lookups(case, policy)
    except Exception as error:
        issues.append(Issue(code=IssueCode.CHECK_FAILED, message=f"未能列出外部核查清单，请人工列出（{where(error)}）"))
        return ()


def _leads(case: Case, policy: Policy) -> tuple[Lead, ...]:
    """Hints promise nothing, so what they fail at is no issue."""
    try:
        return validators.leads(case, policy)
    except Exception:
        return ()


def _nothing_read(package: Package, opened: Sequence[_Opened]) -> str | None:
    if not any(not file.container for file in package.files):
        return NO_FILES
    if any(one.document is not None for one in opened):
        return None
    named = [f"{one.entry.file}：{one.entry.message}" for one in opened if one.entry.status is DocumentStatus.UNREADABLE]
    more = f"等 {len(named)} 份" if len(named) > 3 else ""
    return f"{ISSUES[IssueCode.NOTHING_READ]}（{'；'.join(named[:3])}{more}）"
