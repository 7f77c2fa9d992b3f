"""Screening once more from the vault, with the policy and settings as recorded, and comparing: the same report, or what differs and why."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows import engines, handed_in, intake
from flows.engines import Watch
from flows.job import Job
from flows.pool import worker_count
from flows.recording import Records
from flows.settings import Settings
from flows.software import identity
from flows.upkeep import page_readings, work_folder
from records import canonical
from records.vault import VaultError
from records.versions import Change, same
from schemas.notice import Notice
from schemas.trail import PolicyLoaded, Replayed


@dataclass(frozen=True)
class Outcome:
    """``differences`` is empty for an identical report; ``reasons`` are what may explain them; ``failure`` why there was nothing to compare."""

    package: str
    name: str
    differences: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    failure: str = ""


def replay(store: Any, settings: Settings, packages: Sequence[tuple[str, Any]], actor: str) -> list[Outcome]:
    """One outcome a package; each comparison goes into the trail."""
    policies = _policies(store)
    found = []
    with work_folder(settings.home) as work:
        for key, row in packages:
            folder = Path(tempfile.mkdtemp(dir=work))
            outcome = _one(store, settings, key, row, folder, policies)
            if not outcome.failure:
                event = Replayed(package=key, case=row["case"], identical=not outcome.differences, report=row["report"])
                store.append([event], actor)
            found.append(outcome)
    return found


def _one(store: Any, settings: Settings, key: str, row: Any, folder: Path, policies: dict[str, PolicyLoaded]) -> Outcome:
    if row["state"] != "screened":
        return Outcome(key, row["name"], failure="没有完成过初审")
    try:
        recorded = json.loads(store.vault.get(row["report"]))
        manifest = store.vault.get(row["manifest"])
        submission, lacking = handed_in.lay_out(manifest, store.vault, folder / "in")
        policy = _policy(store, policies[row["policy_digest"]], folder / "policy")
        decided = canonical.loads(store.vault.get(row["settings"]))
    except (VaultError, KeyError) as error:
        return Outcome(key, row["name"], failure=f"内容已清除或不全，不能重做：{error}")
    job = _job(submission, policy, row, decided, settings, folder)
    made = _screened(job, settings, folder)
    if made is None:
        return Outcome(key, row["name"], failure="重做时处理进程未能完成")
    reasons = [f"原件中有链接、特殊文件或当时打不开的文件，无法照原样重做：{name}" for name in lacking]
    now = identity()
    if row["software"] != now.identity:
        told = recorded.get("software", "")
        reasons.append(
            f"软件与当时不同（当时 {told}，标识 {row['software'][:12]}；现为 chushen {now.version}，标识 {now.identity[:12]}）"
        )
    return Outcome(key, row["name"], same(recorded, made), tuple(reasons))


def _job(submission: intake.Submission, policy: Path, row: Any, decided: Any, settings: Settings, folder: Path) -> Job:
    limits = intake.Limits(
        decided["max_file_mb"] << 20, decided["max_package_mb"] << 20, decided["max_files"], decided["max_depth"]
    )
    return Job(
        submission=submission,
        policy=str(policy),
        as_of=date.fromisoformat(row["as_of"]),
        out=str(folder / "out"),
        work=str(folder / "files"),
        outputs=("json",),
        limits=limits,
        cache=str(page_readings(settings.home)),
        picture_check=decided["picture_check"],
        notice=Notice.model_validate(decided["notice"]) if decided["notice"] else None,
        file_seconds=decided["file_seconds"],
        file_memory=decided["file_memory_mb"] << 20,
        threads=worker_count(0),
    )


def _screened(job: Job, settings: Settings, folder: Path) -> dict[str, Any] | None:
    """By a worker, as ever: nothing of an applicant's is parsed in this process."""
    orders = engines.put_all([job], folder / "jobs")
    engines.run_local(orders, settings, Watch(), Records())
    try:
        report: dict[str, Any] = json.loads((job.folder / "report.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    return report


def _policy(store: Any, loaded: PolicyLoaded, folder: Path) -> Path:
    place = folder / loaded.id
    for name, digest in loaded.files:
        store.vault.copy_to(digest, place / Path(name).name)
    return place / "policy.yaml"


def _policies(store: Any) -> dict[str, PolicyLoaded]:
    """Every version of every policy the trail knows, by digest."""
    found = {}
    for one in store.entries():
        if b'"kind":"policy_loaded"' in one.body:
            event = PolicyLoaded.model_validate_json(json.dumps(canonical.loads(one.body)["event"]))
            found[event.digest] = event
    return found
