"""A batch from its survey to its files: jobs for an engine, then batch.json and batch.xlsx from the rows that come back."""

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from flows import engines, intake, writing
from flows.engines import Order, Result, Watch
from flows.intake import Survey
from flows.job import LOOKUPS, Job
from flows.pool import Pool, worker_count
from flows.recording import recorder
from flows.settings import Engine, PictureCheck, Settings
from flows.upkeep import digest_key, page_readings, work_folder
from schemas.base import Frozen
from schemas.notice import Notice
from schemas.report import BatchEntry, BatchReport, Lead, PolicyEntry
from schemas.vocabulary import ISSUES, IssueCode, Recommendation

REPORT_FILES = ("report.json", "report.html", LOOKUPS)


class Plan(Frozen):
    """One batch to be screened: what, under which policy, where to. ``earlier`` is the folder of an index of signatures to compare with, too."""

    survey: Survey
    policy: str
    entry: PolicyEntry
    as_of: date
    out: Path
    outputs: tuple[str, ...]
    picture_check: PictureCheck = "deciding"
    notice: Notice | None = None
    again: bool = False
    against_records: bool = False


def screen_batches(
    plans: Sequence[Plan], settings: Settings, engine: Engine, watch: Watch, warn: Callable[[str], None]
) -> tuple[BatchReport, ...]:
    """Screen the batches, one after the other or as flows of one Prefect run, and write everything but the tables on the terminal.

    Raises ``RecordsError`` where records are to be kept and cannot be.
    """
    with _warmed(plans, settings, engine) as pool, recorder(settings, warn) as records, work_folder(settings.home) as work:
        readings, digests = str(page_readings(settings.home)), str(digest_key(settings.home))
        orders = {}
        for number, plan in enumerate(plans, 1):
            folder = work / f"batch-{number}"
            orders[plan.out] = engines.put_all(_jobs(plan, settings, work, readings, digests), folder)
        everything = [order for batch in orders.values() for order in batch]
        result = Result()
        named = {f"{plan.policy} {plan.as_of} ({plan.out.name})": orders[plan.out] for plan in plans}
        records.begin(named)
        if engine == "prefect":
            result = engines.run_prefect(named, settings, watch, work, records)
            if result.failure:
                warn(f"{result.failure}，其余申报包改由本机直接处理。")
        left = [order for order in everything if order.path not in result.rows]
        if left and not result.interrupted:
            again = engines.run_local(left, settings, watch, records, pool)
            result = Result({**result.rows, **again.rows}, again.interrupted, again.failure)
        reports = []
        for number, (plan, (name, batch)) in enumerate(zip(plans, named.items(), strict=True), 1):
            earlier = records.earlier(batch, work / f"earlier-{number}") if plan.against_records else None
            reports.append(_finish(plan, batch, result, settings, watch, work / f"across-{number}", earlier))
            records.end(name, batch, reports[-1].submissions, result.interrupted)
        return tuple(reports)


@contextlib.contextmanager
def _warmed(plans: Sequence[Plan], settings: Settings, engine: Engine) -> Iterator[Pool | None]:
    """Workers that load their parsers while the records are opened, where they run from here."""
    jobs = sum(len(plan.survey.submissions) for plan in plans)
    if engine != "local" or not jobs:
        yield None
        return
    pool = engines.local_pool(jobs, settings)
    try:
        pool.warm()
        yield pool
    finally:
        pool.stop()


def choose(engine: Engine, packages: int, settings: Settings, environ: Mapping[str, str]) -> Engine:
    """What ``auto`` comes to."""
    if engine != "auto":
        return engine
    if settings.engine != "auto":
        return settings.engine
    return "prefect" if packages > 1 and (packages >= settings.prefect_from or environ.get("PREFECT_API_URL")) else "local"


def _jobs(plan: Plan, settings: Settings, work: Path, readings: str, digests: str) -> list[Job]:
    limits = intake.Limits(settings.max_file_mb << 20, settings.max_package_mb << 20, settings.max_files, settings.max_depth)
    # on record each package is signed: another batch may be compared with it
    signing = len(plan.survey.submissions) > 1 or settings.records == "on"
    signed = Path(tempfile.mkdtemp(prefix="signed-", dir=work)) if signing else None
    return [
        Job(
            submission=submission,
            signature=str(signed / f"{number:06d}") if signed else "",
            digests=digests,
            policy=plan.policy,
            as_of=plan.as_of,
            out=str(plan.out),
            work=str(work / "files"),
            outputs=plan.outputs,
            limits=limits,
            cache=readings,
            picture_check=plan.picture_check,
            notice=plan.notice,
            file_seconds=settings.file_seconds,
            file_memory=settings.file_memory_mb << 20,
            again=plan.again,
            threads=max(1, worker_count(0) // max(1, min(worker_count(settings.workers), len(plan.survey.submissions)))),
        )
        for number, submission in enumerate(plan.survey.submissions)
    ]


def _finish(
    plan: Plan, orders: Sequence[Order], result: Result, settings: Settings, watch: Watch, work: Path, against: Path | None
) -> BatchReport:
    rows = tuple(result.rows.get(order.path) or _left_over(order, result) for order in orders)
    leads: tuple[Lead, ...] = ()
    if (len(rows) > 1 or against) and not result.interrupted:
        from flows import crosscheck, signatures

        earlier = signatures.Index(against) if against else None
        rows, leads = crosscheck.check(orders, rows, settings, watch, work, earlier=earlier)
    _clear_former(plan.out, {row.id for row in rows})
    batch = BatchReport(policy=plan.entry, as_of=plan.as_of, counts=_counts(rows), submissions=rows, leads=leads)
    writing.write_json(plan.out / "batch.json", batch)
    table = plan.out / "batch.xlsx"
    if "xlsx" in plan.outputs:
        from reports import workbook

        reports = reports_of(plan.out, batch)
        writing.atomically(table, lambda path: workbook.write(batch, reports, path))
    else:
        table.unlink(missing_ok=True)
    return batch


def _clear_former(out: Path, ids: set[str]) -> None:
    """Reports of an earlier run into the same folder that this one does not replace: they would pass for this batch's.

    Only what that run's own batch.json names, by the file names we write, and only inside ``out``.
    """
    try:
        rows = json.loads((out / "batch.json").read_text(encoding="utf-8"))["submissions"]
        former = {str(row["id"]) for row in rows} - ids
    except (OSError, ValueError, KeyError, TypeError):
        return
    for ident in former:
        folder = out / "submissions" / ident
        if intake.safe_id(ident) != ident or not folder.is_dir():
            continue
        for name in REPORT_FILES:
            (folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()


def reports_of(out: Path, batch: BatchReport) -> writing.Reports:
    return writing.Reports([out / row.report for row in batch.submissions if row.report])


def _left_over(order: Order, result: Result) -> BatchEntry:
    from flows.carry import give_up

    if result.interrupted:
        return give_up(order.job, IssueCode.INTERRUPTED, ISSUES[IssueCode.INTERRUPTED])
    return give_up(order.job, IssueCode.INTERNAL_ERROR, f"{ISSUES[IssueCode.INTERNAL_ERROR]}（{result.failure}）")


def _counts(rows: Sequence[BatchEntry]) -> dict[str, int]:
    recommended = Counter(row.recommendation for row in rows)
    return {
        "submissions": len(rows),
        "screened": sum(row.error is None for row in rows),
        "failed": sum(row.error is not None for row in rows),
        "incomplete": sum(not row.complete for row in rows),
        "findings": sum(row.findings for row in rows),
        **{one.value: recommended.get(one, 0) for one in Recommendation},
    }
