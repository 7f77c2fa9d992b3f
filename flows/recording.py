"""Every batch on record: what came in, what was made of it, and nothing twice.

A package is known by what decides its report: the files and their names, the policy, the settings, the software. One that was screened is not
screened again; one that was begun by a run that died is taken over. Files go into the vault while the workers are busy with others, so the disk's
waiting costs nothing; entries are written by this process alone. A report without its entry is no result: where the records cannot be written, after some
waiting, the package counts as not screened.
"""

import json
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flows import handed_in, writing
from flows.handed_in import HandedIn
from flows.settings import Settings
from flows.trouble import RecordsError, actor, trouble
from flows.upkeep import alone, held
from records import canonical
from records.vault import Kept
from schemas.base import Frozen
from schemas.notice import Notice
from schemas.personal import mask
from schemas.report import BatchEntry
from schemas.trail import (
    BatchBegan,
    BatchEnded,
    Checked,
    Compared,
    Event,
    Extracted,
    Failed,
    PolicyLoaded,
    Read,
    Received,
    SettingsSeen,
    SoftwareSeen,
)
from schemas.vocabulary import ISSUES, IssueCode

T = TypeVar("T")

#: Our failures: another run may do better, so what came of them is not taken for the package's report.
OURS = frozenset({IssueCode.INTERNAL_ERROR, IssueCode.INTERRUPTED, IssueCode.CHECK_FAILED})
#: Settings that a report depends on.
DECIDING = (
    "picture_check",
    "file_seconds",
    "file_memory_mb",
    "max_file_mb",
    "max_package_mb",
    "max_files",
    "max_depth",
    "package_seconds",
)
RECEIVERS = 2
BEAT = 30.0


class Order(Protocol):
    """What the engines hand about (flows.engines.Order)."""

    @property
    def job(self) -> Any: ...
    @property
    def path(self) -> Path: ...


class Records:
    """No records: for trial runs. Every report is as with them."""

    def begin(self, batches: Mapping[str, Sequence[Order]]) -> None:
        """Before the first package; by name, what is to be done."""

    def ready(self, order: Order) -> BatchEntry | None:
        """The row of what is done already, its reports laid out again; None when it is to be done now."""
        return None

    def finished(self, order: Order, row: BatchEntry) -> BatchEntry:
        """The row as it stands: recorded, or one that says why it could not be."""
        return row

    def end(self, name: str, orders: Sequence[Order], rows: Sequence[BatchEntry], interrupted: bool) -> None:
        """After the batch's own files have been written."""

    def earlier(self, orders: Sequence[Order], folder: Path) -> Path | None:
        """An index of the packages screened before, for comparing these with; None where nothing is kept."""
        return None

    def interrupt(self) -> None:
        """Whoever waits in ``ready`` or ``finished`` is to wait no longer."""


class PolicyRecord(Frozen):
    """A policy as loaded: the bytes its report rests on."""

    id: str
    version: str
    digest: str
    files: tuple[tuple[str, bytes], ...]


def policy_record(policy: str) -> PolicyRecord:
    """By its id, or from a file of the user's own, as ``flows.carry.policy_named``."""
    import policies

    own = policy.endswith((".yaml", ".yml"))
    loaded = policies.load_file(Path(policy)) if own else policies.load(policy)
    file = Path(policy) if own else policies.HOME / policy / "policy.yaml"
    files = (("policy.yaml", file.read_bytes()), ("source.txt", (file.parent / "source.txt").read_bytes()))
    digest = canonical.digest([[name, canonical.sha256(data)] for name, data in files])
    return PolicyRecord(id=loaded.id, version=loaded.version, digest=digest, files=files)


def deciding(settings: Settings, picture_check: str, notice: Notice | None) -> bytes:
    """The settings and the call for applications a report depends on, as they lie in the vault."""
    told = {name: getattr(settings, name) for name in DECIDING}
    call = notice.model_dump(mode="json", by_alias=False) if notice is not None else None
    return canonical.dumps(told | {"picture_check": picture_check, "notice": call})


@dataclass
class _Prepared:
    """One package on its way. ``claim`` is what must still hold when it is finished."""

    key: str
    batch: str
    handed: HandedIn
    policy: str
    claim: Any = None
    row: BatchEntry | None = None


@dataclass
class _Batch:
    id: str
    policy: PolicyRecord
    settings: bytes
    futures: dict[Path, "Future[_Prepared]"] = field(default_factory=dict)
    reused: int = 0
    state: str = ""


class Recorder(Records):
    """Records in a store. Every method may be called from several threads."""

    def __init__(
        self, store: Any, settings: Settings, holder: str, alive: Callable[[str], bool], warn: Callable[[str], None]
    ) -> None:
        self._store, self._settings, self._holder, self._alive, self._warn = store, settings, holder, alive, warn
        self._actor = actor()
        self._pool = ThreadPoolExecutor(RECEIVERS, thread_name_prefix="receive")
        self._batches: dict[str, _Batch] = {}
        self._batch_of: dict[Path, _Batch] = {}
        self._stop = threading.Event()
        self._troubled = threading.Lock()

    def begin(self, batches: Mapping[str, Sequence[Order]]) -> None:
        self._lasting(lambda: self._store.claim(f"run:{self._holder}"[:64], self._holder, self._alive))
        threading.Thread(target=self._beat, daemon=True).start()
        for name, orders in batches.items():
            if orders:
                self._begin(name, orders)

    def _begin(self, name: str, orders: Sequence[Order]) -> None:
        from flows.software import identity

        job = orders[0].job
        policy, software = policy_record(job.policy), identity()
        settings = deciding(self._settings, job.picture_check, job.notice)
        batch = _Batch(secrets.token_hex(16), policy, settings)
        contents = [software.bill, settings, *(data for _, data in policy.files)]
        kept: list[Kept] = self._lasting(lambda: self._store.vault.put(*contents))
        files = tuple((file, one.sha256) for (file, _), one in zip(policy.files, kept[2:], strict=True))
        new = {
            ("software", software.identity): SoftwareSeen(
                version=software.version, identity=software.identity, bill=kept[0].sha256, objects=(kept[0].sha256,)
            ),
            ("settings", kept[1].sha256): SettingsSeen(digest=kept[1].sha256, objects=(kept[1].sha256,)),
            ("policy", policy.digest): PolicyLoaded(
                id=policy.id, version=policy.version, digest=policy.digest, files=files, objects=tuple(one for _, one in files)
            ),
        }
        began = BatchBegan(batch=batch.id, policy=policy.id, as_of=job.as_of.isoformat(), packages=len(orders))
        self._lasting(lambda: self._store.append([*new.values(), began], self._actor))
        self._batches[name] = batch
        for order in orders:
            self._batch_of[order.path] = batch
            batch.futures[order.path] = self._pool.submit(self._prepare, batch, order)

    def ready(self, order: Order) -> BatchEntry | None:
        try:
            prepared = self._batch_of[order.path].futures[order.path].result()
        except RecordsError as error:
            return self._unrecorded(order, str(error))
        except Exception as error:  # our own fault: this package's, and no other's
            return self._unrecorded(order, f"系统处理时出错（{type(error).__name__}）")
        if prepared.row is not None:
            self._batch_of[order.path].reused += 1
        return prepared.row

    def finished(self, order: Order, row: BatchEntry) -> BatchEntry:
        try:
            prepared = self._batch_of[order.path].futures[order.path].result()
            return self._lasting(lambda: self._finish(prepared, order, row))
        except RecordsError as error:
            return self._unrecorded(order, str(error))
        except Exception as error:
            return self._unrecorded(order, f"系统处理时出错（{type(error).__name__}）")

    def end(self, name: str, orders: Sequence[Order], rows: Sequence[BatchEntry], interrupted: bool) -> None:
        batch = self._batches.get(name)
        if batch is None:
            return
        table = (Path(orders[0].job.out) / "batch.json").read_bytes()

        def close() -> None:
            compared = [event for order, row in zip(orders, rows, strict=True) for event in self._settled(batch, order, row)]
            (kept,) = self._store.vault.put(table)
            failed = sum(row.error is not None for row in rows)
            ended = BatchEnded(
                batch=batch.id,
                screened=len(rows) - failed,
                failed=failed,
                reused=batch.reused,
                interrupted=interrupted,
                objects=(kept.sha256,),
            )
            self._store.append(
                [*compared, ended], self._actor, unless=lambda get: (get("batches", batch.id) or {}).get("ended") is not None
            )

        try:
            self._lasting(close)
        except RecordsError as error:
            self._warn(f"{error}。各申报包的记录已经写入，整批的结束没有记上。")

    def earlier(self, orders: Sequence[Order], folder: Path) -> Path | None:
        """The newest version of each case but those the batch itself belongs to; ``state`` then names the records compared with."""
        from flows.signatures import Index

        batch = self._batch_of[orders[0].path]
        own = {future.result().key for future in batch.futures.values() if future.done() and not future.exception()}
        rows = dict(self._store.rows("packages"))
        cases = {rows[key]["case"] for key in own if key in rows}
        contents = {rows[key]["content"] for key in own if key in rows}
        others = [
            rows[case["packages"][-1]]
            for name, case in self._store.rows("cases")
            if name not in cases and case["packages"] and rows[case["packages"][-1]]["content"] not in contents
        ]
        wanted = [row["signature"] for row in others if row["signature"] and self._store.vault.holds(row["signature"])]
        batch.state = self._store.state()
        Index(folder).add_packed(self._store.vault.get(digest) for digest in wanted)
        return folder

    def interrupt(self) -> None:
        self._stop.set()

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        with suppress(Exception):
            self._store.release(self._holder)
        self._store.engine.dispose()

    # --- one package -----------------------------------------------------------------------------------------------------------

    def _prepare(self, batch: _Batch, order: Order) -> _Prepared:
        job = order.job
        handed: HandedIn = self._lasting(lambda: handed_in.keep(job.submission, self._store.vault, Path(job.out)))
        self._lasting(lambda: self._store.vault.put(handed.data))
        keys = [_key(handed, batch, job, html=html) for html in ((True,) if "html" in job.outputs else (False, True))]
        prepared = _Prepared(keys[0], batch.id, handed, batch.policy.id)
        while True:
            if self._screened(keys, job, prepared):
                return prepared
            prepared.claim = self._lasting(lambda: self._store.claim(keys[0], self._holder, self._alive))
            if prepared.claim is not None:
                if self._screened(keys, job, prepared):  # by the one who gave the claim back since we looked
                    self._lasting(lambda: self._store.give_back(prepared.claim))
                else:
                    self._lasting(lambda: self._receive(batch, order, prepared))
                return prepared
            if self._stop.wait(0.5):  # another run is at it: its result will do
                raise RecordsError(ISSUES[IssueCode.INTERRUPTED])

    def _screened(self, keys: Sequence[str], job: Any, prepared: _Prepared) -> bool:
        """Whether an earlier run's result is there to be laid out again."""
        for key in () if job.again else keys:
            row = self._lasting(lambda key=key: self._store.row("packages", key))  # type: ignore[misc]
            if row is not None and row["state"] == "screened" and self._laid_out(job, row):
                prepared.key, prepared.row = key, _entry(job, row)
                return True
        return False

    def _receive(self, batch: _Batch, order: Order, prepared: _Prepared) -> None:
        from flows.software import identity

        job, handed = order.job, prepared.handed
        digests = dict.fromkeys([handed.manifest, *(digest for digest, _ in handed.files)])
        received = Received(
            package=prepared.key,
            batch=batch.id,
            submission=mask(job.submission.id),
            name=mask(job.submission.name),
            policy=batch.policy.id,
            policy_digest=batch.policy.digest,
            settings=canonical.sha256(batch.settings),
            software=identity().identity,
            as_of=job.as_of.isoformat(),
            manifest=handed.manifest,
            content=handed.content,
            files=handed.files,
            objects=tuple(digests),
        )

        def known(get: Any) -> bool:
            row = get("packages", prepared.key)
            return row is not None and row["state"] != "screened"

        self._store.append([received], self._actor, unless=known)

    def _finish(self, prepared: _Prepared, order: Order, row: BatchEntry) -> BatchEntry:
        from records.store import LeaseError

        folder: Path = order.job.folder
        data = (folder / "report.json").read_bytes()
        report = json.loads(data)
        page = (folder / "report.html").read_bytes() if "html" in order.job.outputs else None
        own = _failure(report) or _moved(report, prepared.handed)
        if own:
            events: list[Event] = [Failed(package=prepared.key, batch=prepared.batch, error=mask(own))]
            self._store.append(events, self._actor, claim=prepared.claim)
            return row if row.error else row.model_copy(update={"error": own}) if _moved(report, prepared.handed) else row
        signed = Path(order.job.signature) if order.job.signature else None
        signature = signed.read_bytes() if signed is not None and signed.is_file() else None
        contents = {"report": data, "page": page, "signature": signature}
        there = {name: one for name, one in contents.items() if one is not None}
        digests = {name: one.sha256 for name, one in zip(there, self._store.vault.put(*there.values()), strict=True)}

        def done(get: Any) -> bool:
            found = get("packages", prepared.key)
            return found is not None and found["state"] == "screened" and found["report"] == digests["report"]

        try:
            self._store.append(
                _told(prepared, report),
                self._actor,
                claim=prepared.claim,
                unless=done,
                amend=lambda _, get: [_checked(prepared, report, digests, row, get)],
            )
        except LeaseError:  # another run took it over while this one stood still; its result counts
            other = self._store.row("packages", prepared.key)
            if other is None or other["state"] != "screened" or not self._laid_out(order.job, other):
                raise RecordsError("另一次运行接手了这个申报包，请稍后重新运行") from None
        return row

    def _settled(self, batch: _Batch, order: Order, row: BatchEntry) -> Iterator[Event]:
        """What comparison within the batch changed of a report after it was recorded."""
        future = batch.futures.get(order.path)
        if future is None or not future.done() or future.cancelled() or future.exception() is not None or row.error is not None:
            return
        there = self._store.row("packages", future.result().key)
        if there is None or there["state"] != "screened":
            return
        folder: Path = order.job.folder
        data = (folder / "report.json").read_bytes()
        page = (folder / "report.html").read_bytes() if "html" in order.job.outputs else None
        told = (canonical.sha256(data), canonical.sha256(page) if page is not None else there["final_page"])
        if told == (there["final"], there["final_page"]):
            return
        kept = self._store.vault.put(data, *([page] if page is not None else []))
        yield Compared(
            package=future.result().key,
            case=there["case"],
            batch=batch.id,
            report=told[0],
            page=told[1],
            findings=row.findings,
            recommendation=str(row.recommendation or ""),
            state=batch.state,
            objects=tuple(one.sha256 for one in kept),
        )

    def _laid_out(self, job: Any, row: Mapping[str, Any]) -> bool:
        """The recorded report's files where this run's would lie; whether the vault still has them."""
        vault = self._store.vault
        wanted = {job.folder / "report.json": row["report"]}
        if "html" in job.outputs:
            wanted[job.folder / "report.html"] = row["page"]
        if job.signature and row["error"] is None:
            wanted[Path(job.signature)] = row["signature"]
        if not all(digest and vault.holds(digest) for digest in wanted.values()):
            return False
        for target, digest in wanted.items():
            data = vault.get(digest)
            writing.atomically(target, lambda path, data=data: _write(path, data))  # type: ignore[misc]
        if "html" not in job.outputs:
            (job.folder / "report.html").unlink(missing_ok=True)
        _papers(job)
        return True

    def _unrecorded(self, order: Order, reason: str) -> BatchEntry:
        from flows.carry import give_up

        return give_up(order.job, IssueCode.INTERNAL_ERROR, f"未能记入档案，本次初审不作数：{reason}")

    # --- lasting through trouble -----------------------------------------------------------------------------------------------

    def _lasting(self, act: Callable[[], T]) -> T:
        """Try until it works or patience is over: a full disk, a locked file, a database that is away for a while. Raises ``RecordsError``."""
        from records.database import Passing

        deadline, told = time.monotonic() + self._settings.records_wait, False
        while True:
            try:
                found = act()
                if told:
                    self._warn("记录恢复写入，继续。")
                return found
            except (OSError, *Passing) as error:
                reason = trouble(error)
                if time.monotonic() >= deadline or self._stop.is_set():
                    raise RecordsError(reason) from error
                if not told and self._troubled.acquire(blocking=False):
                    self._warn(f"{reason}。正在等待恢复（最多 {self._settings.records_wait} 秒）……")
                    self._troubled.release()
                told = True
                self._stop.wait(1.0)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT):
            with suppress(Exception):
                self._store.renew(self._holder)


@contextmanager
def recorder(settings: Settings, warn: Callable[[str], None]) -> Iterator[Records]:
    """The records as set, or none. Raises ``RecordsError``."""
    if settings.records == "off":
        yield Records()
        return
    with running(settings.home) as (holder, alive):
        store = open_records(settings, alive)
        keeper = Recorder(store, settings, holder, alive, warn)
        try:
            yield keeper
        finally:
            keeper.close()


def open_records(settings: Settings, alive: Callable[[str], bool] = lambda _: True) -> Any:
    """The store, ready to be written. Raises ``RecordsError``."""
    from sqlalchemy.exc import SQLAlchemyError

    from records import database, keys, store

    try:
        with alone(settings.home):
            return store.open_store(
                settings.home, settings.database, actor=actor(), witness=settings.witness, alive=alive, signing=settings.signer
            )
    except (store.StoreError, database.DatabaseError, keys.BadKeyError) as error:
        raise RecordsError(f"记录不能使用：{error}") from error
    except (OSError, SQLAlchemyError) as error:
        raise RecordsError(f"记录不能使用：{trouble(error)}。试用时可加 --no-records，不留记录") from error


@contextmanager
def running(home: Path) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """This run's name, and who else is alive: each run holds a lock of the operating system's, given back however it ends."""
    folder = home / "records" / "runs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    host, token = socket.gethostname(), secrets.token_hex(8)
    path = folder / token

    def alive(holder: str) -> bool:
        where, _, name = holder.rpartition(":")
        if where != host:
            return True  # on another machine: its time must run out
        lock = folder / Path(name).name
        if not lock.is_file():
            return False
        with held(lock) as dead:
            return not dead

    with ExitStack() as lock:
        with alone(home):
            for left in folder.iterdir():
                if not alive(f"{host}:{left.name}"):
                    left.unlink(missing_ok=True)
            lock.enter_context(held(path))
        yield f"{host}:{token}", alive
    path.unlink(missing_ok=True)


# --- pure ---------------------------------------------------------------------------------------------------------------------------


def _key(handed: HandedIn, batch: _Batch, job: Any, *, html: bool) -> str:
    from flows.software import identity

    told = {
        "manifest": handed.manifest,
        "policy": batch.policy.digest,
        "settings": canonical.sha256(batch.settings),
        "software": identity().identity,
        "as_of": job.as_of.isoformat(),
        "html": html,
        "digests": canonical.sha256(Path(job.digests).read_bytes()) if job.digests else "",
    }
    return canonical.digest(told)


def _entry(job: Any, row: Mapping[str, Any]) -> BatchEntry:
    return BatchEntry(
        id=job.submission.id,
        name=job.submission.name,
        report=f"submissions/{job.submission.id}/report.json",
        recommendation=row["recommendation"],
        complete=row["complete"],
        findings=row["findings"],
        error=row["error"],
    )


def _failure(report: Mapping[str, Any]) -> str:
    """Why this is none of the package's doing, or nothing."""
    ours = [issue["message"] for issue in report["issues"] if issue["code"] in OURS]
    return str(ours[0]) if ours else ""


def _moved(report: Mapping[str, Any], handed: HandedIn) -> str:
    """A file that was another when it was read than when it was put into the vault."""
    kept = {digest for digest, _ in handed.files}
    names = handed_in.top_names(handed.data)
    for document in report["documents"]:
        if document["file"] in names and document["sha256"] and document["sha256"] not in kept:
            return f"{document['file']}：文件在处理过程中被改动，请重新运行"
    return ""


def _told(prepared: _Prepared, report: Mapping[str, Any]) -> list[Event]:
    documents = report["documents"]
    outcomes = Counter(document["outcome"] for document in documents)
    facts = report["facts"]
    digest = canonical.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
    ocr = sum(len(document["ocr_pages"]) for document in documents)
    return [
        Read(
            package=prepared.key,
            batch=prepared.batch,
            documents=len(documents),
            outcomes=tuple(sorted(outcomes.items())),
            ocr_pages=ocr,
        ),
        Extracted(
            package=prepared.key,
            batch=prepared.batch,
            facts=len(facts),
            accepted=sum(fact["status"] == "accepted" for fact in facts),
            digest=digest,
        ),
    ]


def _checked(
    prepared: _Prepared, report: Mapping[str, Any], digests: Mapping[str, str], row: BatchEntry, get: Callable[[str, str], Any]
) -> Checked:
    uscc, name = _stated(report, "applicant.uscc"), _stated(report, "applicant.name")
    case = f"{prepared.policy}/{uscc}" if uscc else f"{prepared.policy}/未明-{prepared.handed.content[:12]}"
    contents = (get("cases", case) or {"contents": []})["contents"]
    known = prepared.handed.content in contents
    return Checked(
        package=prepared.key,
        batch=prepared.batch,
        case=case,
        report=digests["report"],
        page=digests.get("page"),
        signature=digests.get("signature"),
        applicant=mask(name),
        uscc=uscc,
        version=contents.index(prepared.handed.content) + 1 if known else len(contents) + 1,
        recommendation=str(report["recommendation"]),
        complete=bool(report["complete"]),
        findings=len(report["findings"]),
        verdicts=tuple(sorted(Counter(check["verdict"] for check in report["checks"]).items())),
        error=mask(row.error) if row.error else None,
        objects=tuple(digests.values()),
    )


def _stated(report: Mapping[str, Any], key: str) -> str:
    """What the applicant states and the report vouches for, where it is one value."""
    found = {str(fact["value"]) for fact in report["facts"] if fact["key"] == key and fact["status"] == "accepted"}
    return found.pop() if len(found) == 1 else ""


def _papers(job: Any) -> None:
    """What is printed from a report, made from it again."""
    from flows.carry import papers

    papers(job, writing.read_report(job.folder / "report.json"))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
