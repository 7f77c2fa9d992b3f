"""After the packages of a batch are screened, once: what they share with each other, and with earlier ones where there are any.

The comparison needs signatures only. Reports it adds to are written anew, their pages drawn again by the same workers with both places in them; all
others stay as they are. A batch of one that is held against nothing costs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flows import engines, retelling, signatures, writing
from flows.engines import Order, Watch
from flows.settings import Settings
from flows.signatures import Index
from schemas.report import BatchEntry, Lead
from schemas.signature import Signature, SignedFigure
from validators import across, joining, over_batch
from validators.across import Gathered, Told
from validators.likeness import Keys

FAILED = "申报包之间的比较未能完成（{}），各申报包自身的初审结果不受影响，请人工比较或重新运行。"
#: Signatures kept open while pairs are gone through: they come in order, so one side stays.
KEPT = 400


class Checked(NamedTuple):
    """The batch's rows with what was added to their reports, and the batch's own leads."""

    rows: tuple[BatchEntry, ...]
    leads: tuple[Lead, ...] = ()


def check(
    orders: Sequence[Order],
    rows: Sequence[BatchEntry],
    settings: Settings,
    watch: Watch,
    work: Path,
    *,
    earlier: Index | None = None,
) -> Checked:
    """Raises nothing: a comparison that fails is told as a lead of the batch."""
    try:
        return _check(orders, rows, settings, watch, work, earlier)
    except Exception as error:
        return Checked(tuple(rows), (Lead(code="NOT_COMPARED", message=FAILED.format(type(error).__name__)),))


def compare(
    paths: Sequence[Path], work: Path, *, earlier: Index | None = None
) -> tuple[dict[str, Told], dict[str, tuple[SignedFigure, ...]]]:
    """What each package of a batch, its signature in a file, has in common with the others and with earlier ones; and its figures."""
    gathered = Gathered()
    figures: dict[str, tuple[SignedFigure, ...]] = {}
    joined = signatures.join(_fronts(paths, figures), len(paths), work)
    load = lru_cache(KEPT)(lambda row: signatures.read(paths[row]))
    for here, there in joining.pairs(joined.pairs):
        found = across.compare(load(here), load(there), joined.common, many=len(paths) > signatures.MANY)
        gathered.add(load(here), load(there), found)
    if earlier is not None:
        for path in paths:
            against(signatures.read(path), earlier, gathered)
    return gathered.told(), figures


def _fronts(paths: Iterable[Path], figures: dict[str, tuple[SignedFigure, ...]]) -> Iterator[Keys]:
    """The keys of one package after the other; what their clauses came to is noted on the way."""
    for path in paths:
        keys, front = signatures.read_front(path)
        figures[front.id] = front.figures
        yield keys


def against(new: Signature, earlier: Index, gathered: Gathered | None = None) -> Gathered:
    """One package against all earlier ones. Only the new one is told; the earlier ones' reports stay what they were."""
    gathered = Gathered() if gathered is None else gathered
    near = earlier.near(new)
    for other in near.signatures:
        found = across.compare(new, other, near.common, many=near.among > signatures.MANY)
        gathered.add(new, other, found, both=False)
    return gathered


def against_any(new: Signature, earlier: Iterable[Signature]) -> Gathered:
    """The same against an iterable, one after the other: for few, or for checking the index against."""
    gathered = Gathered()
    for other in earlier:
        gathered.add(new, other, across.compare(new, other), both=False)
    return gathered


def _check(
    orders: Sequence[Order], rows: Sequence[BatchEntry], settings: Settings, watch: Watch, work: Path, earlier: Index | None
) -> Checked:
    paths = [Path(order.job.signature) for order in orders if order.job.signature and Path(order.job.signature).is_file()]
    if not paths or (len(paths) == 1 and earlier is None):
        return Checked(tuple(rows))
    watch.phase("正在比较各申报包")
    told, figures = compare(paths, work / "joining", earlier=earlier)
    by_id = {order.job.submission.id: order for order in orders}
    changed = {ident: _retold(by_id[ident], one) for ident, one in told.items() if ident in by_id}
    _draw(by_id, changed, told, settings, work)
    watch.phase("")
    names = {order.job.submission.id: order.job.submission.name for order in orders}
    leads = (*over_batch.leads(figures), *_across(told, names))
    return Checked(tuple(changed.get(row.id, row) for row in rows), leads)


def _retold(order: Order, told: Told) -> BatchEntry:
    path = order.job.folder / "report.json"
    report = retelling.retold(writing.read_report(path), told.findings, told.leads, told.elsewhere)
    writing.write_json(path, report)
    return BatchEntry(
        id=report.submission.id, name=report.submission.name, report=f"submissions/{report.submission.id}/report.json",
        recommendation=report.recommendation, complete=report.complete, findings=len(report.findings),
    )  # fmt: skip


def _draw(by_id: Mapping[str, Order], changed: Iterable[str], told: Mapping[str, Told], settings: Settings, work: Path) -> None:
    """The pages of the reports that changed, with the other submissions at hand whose places they show."""
    jobs = []
    for ident in changed:
        job = by_id[ident].job
        if "html" in job.outputs:
            others = {one.submission for one in told[ident].elsewhere}
            jobs.append(
                job.model_copy(
                    update={
                        "signature": "",
                        "redraw": tuple(by_id[other].job.submission for other in sorted(others) if other in by_id),
                    }
                )
            )
    if jobs:
        engines.run_local(engines.put_all(jobs, work / "again"), settings, Watch())


def _across(told: Mapping[str, Told], names: Mapping[str, str]) -> Iterator[Lead]:
    """What was found between submissions, once for the batch: which share what. The places are in their reports."""
    shared: dict[tuple[str, tuple[str, ...]], str] = {}
    for ident, one in sorted(told.items()):
        for lead in one.leads:
            group = tuple(sorted({ident, *lead.others}))
            if all(other in names for other in group):
                shared.setdefault((lead.code, group), f"申报包“{names[ident]}”：{lead.message}")
    for (code, group), message in sorted(shared.items()):
        yield Lead(code=code, message=message, others=group)
