"""Carrying one job out: collect, screen, draw, write. What every engine ends in.

It always leaves a report and always returns a row, whatever the package holds.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from extractors import digests
from extractors.readers.limits import DEFAULT
from flows import intake, parsing, screening, signing, writing
from flows.intake import Submission
from flows.job import LOOKUPS, Job
from flows.parsing import Parsers, Source
from flows.screening import Clock, Notify, Screened
from policies import load, load_file
from reports import html
from schemas.package import Package
from schemas.policy import Policy
from schemas.report import BatchEntry, Issue, ScreeningReport, SubmissionEntry
from schemas.vocabulary import IssueCode, Outcome


def policy_named(policy: str) -> Policy:
    """By its id, or from a file of the user's own."""
    return load_file(Path(policy)) if policy.endswith((".yaml", ".yml")) else load(policy)


def carry_out(job: Job, *, notify: Notify = lambda _: None, startup: float = 0.0, parsers: Parsers | None = None) -> BatchEntry:
    """Read, screen and write one package. Raises only when nothing can be written at all."""
    start = time.perf_counter()
    if job.redraw is not None:
        return _redraw(job, job.redraw, parsers or parsing.shared())
    try:
        screened = _screen(job, notify, {"startup": startup} if startup else {}, start, parsers or parsing.shared())
    except Exception as error:
        return give_up(job, IssueCode.INTERNAL_ERROR, f"系统处理时出错（{screening.where(error)}），原件未动，请联系管理员")
    return _row(job, screened.report, screened.error)


def give_up(job: Job, code: IssueCode, message: str) -> BatchEntry:
    """Leave a report that says why the package was not screened; one that lies there already stays, its page without pictures."""
    if job.redraw is not None:
        return _plain(job)
    ident = SubmissionEntry(id=job.submission.id, name=job.submission.name, sha256="")
    report = screening.failed(ident, policy_named(job.policy), job.as_of, code, message)
    _write(job, report, lambda one: html.render(one, lambda _: None))
    return _row(job, report, message)


def _screen(job: Job, notify: Notify, timings: dict[str, float], start: float, parsers: Parsers) -> Screened:
    policy = policy_named(job.policy)
    if job.digests:
        digests.use(Path(job.digests).read_bytes())
    parsers.bound(seconds=job.file_seconds, memory=job.file_memory)
    clock = Clock()
    Path(job.work).mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=job.work))
    try:
        with clock("intake"):
            package = intake.collect(job.submission, work, job.limits, leave_out=Path(job.out), parsers=parsers)
            package = _set_aside(package, job.set_aside)
        screened = screening.screen_package(
            package,
            policy,
            job.as_of,
            limits=replace(DEFAULT, file_bytes=job.limits.file_bytes),
            notify=notify,
            cache=Path(job.cache) if job.cache else None,
            threads=job.threads,
            pictures=job.picture_check,
            notice=job.notice,
            parsers=parsers,
        )
        if job.set_aside:
            screened = _with_deaths(screened, job.set_aside)
        if job.signature and screened.error is None:
            with clock("signing"):
                screened = signing.put(screened, Path(job.signature), policy, Path(job.digests), named=job.policy)
        page = ""
        if "html" in job.outputs:
            with clock("pictures"):
                page = _page(screened, parsers)
        total = {"total": round(time.perf_counter() - start, 4)}
        report = screened.report.model_copy(update={"timings": {**timings, **screened.report.timings, **clock.spent, **total}})
        _write(job, report, lambda _: page)
        return Screened(report, {}, screened.error)
    finally:
        parsers.forget()
        shutil.rmtree(work, ignore_errors=True)


def _redraw(job: Job, others: tuple[Submission, ...], parsers: Parsers) -> BatchEntry:
    """The page of a report that has had findings added, drawn from the files once more. Never worse than a page without pictures."""
    parsers.bound(seconds=job.file_seconds, memory=job.file_memory)
    report = writing.read_report(job.folder / "report.json")
    Path(job.work).mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=job.work))
    try:
        sources: dict[str, Source] = {}
        for submission in (job.submission, *others):
            own = submission.id == job.submission.id
            prefix = "" if own else f"{submission.id}/"
            wanted = {place.removeprefix(prefix) for place in _places(report) if place.startswith(prefix)}
            package = intake.collect(submission, work, job.limits, leave_out=Path(job.out), parsers=parsers)
            package = _set_aside(package, job.set_aside if own else ())
            opened = screening.reopen(
                package, wanted, limits=replace(DEFAULT, file_bytes=job.limits.file_bytes), cache=Path(job.cache) if job.cache else None,
                threads=job.threads, parsers=parsers,
            )  # fmt: skip
            sources |= {f"{prefix}{ident}": Source(doc.format, file.stored, doc) for ident, (file, doc) in opened.items()}
        with parsers.pictures(sources) as pictures:
            page = html.render(report, pictures)
        writing.write_text(job.folder / "report.html", page)
    except Exception:
        return _plain(job)
    finally:
        parsers.forget()
        shutil.rmtree(work, ignore_errors=True)
    return _row(job, report, None)


def _places(report: ScreeningReport) -> set[str]:
    """The documents any place of the report stands in."""
    places = [place for fact in report.facts for place in fact.evidence]
    places += [place for finding in report.findings for place in finding.evidence]
    places += [place for lead in report.leads for place in lead.evidence]
    places += [place for check in report.checks for place in check.evidence]
    return {place.document for place in places}


def _plain(job: Job) -> BatchEntry:
    report = writing.read_report(job.folder / "report.json")
    writing.write_text(job.folder / "report.html", html.render(report, lambda _: None))
    return _row(job, report, None)


def _page(screened: Screened, parsers: Parsers) -> str:
    sources = {ident: Source(doc.format, file.stored, doc) for ident, (file, doc) in screened.documents.items()}
    with parsers.pictures(sources, html.pictured(screened.report)) as pictures:
        return html.render(screened.report, pictures)


def _write(job: Job, report: ScreeningReport, page: Callable[[ScreeningReport], str]) -> None:
    if "html" in job.outputs:
        writing.write_text(job.folder / "report.html", page(report))
    else:
        (job.folder / "report.html").unlink(missing_ok=True)
    _papers(job, report)
    writing.write_json(job.folder / "report.json", report)


def _papers(job: Job, report: ScreeningReport) -> None:
    """What staff print and fill in."""
    target = job.folder / LOOKUPS
    if "docx" not in job.outputs:
        target.unlink(missing_ok=True)
        return
    from reports import lookups

    content = lookups.render(report)
    writing.atomically(target, lambda path: _bytes(path, content))


def _bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _row(job: Job, report: ScreeningReport, error: str | None) -> BatchEntry:
    return BatchEntry(
        id=job.submission.id,
        name=job.submission.name,
        report=f"submissions/{job.submission.id}/report.json",
        recommendation=report.recommendation,
        complete=report.complete,
        findings=len(report.findings),
        error=error,
    )


def _set_aside(package: Package, paths: tuple[str, ...]) -> Package:
    message = "读取此文件时处理进程两次意外终止，已放在一边，请人工查看"
    files = tuple(
        file.model_copy(update={"stored": "", "refused": Outcome.LIMIT, "message": message}) if file.path in paths else file
        for file in package.files
    )
    return package.model_copy(update={"files": files})


def _with_deaths(screened: Screened, paths: tuple[str, ...]) -> Screened:
    report = screened.report
    deaths = tuple(
        Issue(code=IssueCode.INTERNAL_ERROR, message=f"{entry.file}：{entry.message}", document=entry.id)
        for entry in report.documents
        if entry.file in paths
    )
    return Screened(
        report.model_copy(update={"issues": report.issues + deaths, "complete": False}), screened.documents, screened.error
    )
