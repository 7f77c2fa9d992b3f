"""A store as screening leaves it, in a second: packages with files, reports, cases and a decision, none of them read by anybody."""

from collections.abc import Iterator
from pathlib import Path

from records import canonical
from records.store import Store, open_store
from schemas.trail import BatchBegan, BatchEnded, Checked, Decided, Event, Extracted, Read, Received

SOFTWARE, POLICY, SETTINGS = "5" * 64, "6" * 64, "7" * 64


def opened(tmp_path: Path, url: str = "", **more: object) -> Store:
    return open_store(tmp_path / "home", url, actor="测试员", **more)  # type: ignore[arg-type]


def fill(store: Store, packages: int, *, batch: str = "b1", each: int = 50) -> None:
    store.append([BatchBegan(batch=batch, policy="kunming-poc", as_of="2026-03-01", packages=packages)], "测试员")
    events: list[Event] = []
    for number in range(packages):
        events += add(store, number, batch=batch)
        if len(events) >= each * 4:
            store.append(events, "测试员", sign="time")
            events = []
    store.append([*events, BatchEnded(batch=batch, screened=packages, failed=0, reused=0)], "测试员")


def add(store: Store, number: int, *, batch: str = "b1", text: str = "", version: int = 1) -> Iterator[Event]:
    """The events of one package; its files go into the vault at once."""
    name = f"第{number}家"
    data = [f"申报书 {number} {text}".encode(), f"附件 {number} {text}".encode() * 20]
    files = store.vault.put(*data)
    content = canonical.digest(sorted(one.sha256 for one in files))
    manifest, report, page = store.vault.put(
        canonical.dumps({"files": [one.sha256 for one in files], "name": name}), f'{{"report": {number}, "text": "{text}"}}'.encode(), f"<p>{number}{text}".encode()
    )  # fmt: skip
    uscc = f"9153{number:014d}"
    key = canonical.digest([content, name])
    case = f"kunming-poc/{uscc}"
    yield Received(
        package=key, batch=batch, submission=name, name=name, policy="kunming-poc", policy_digest=POLICY, settings=SETTINGS, software=SOFTWARE,
        as_of="2026-03-01", manifest=manifest.sha256, content=content, files=tuple((one.sha256, one.size) for one in files),
        objects=(manifest.sha256, *(one.sha256 for one in files)),
    )  # fmt: skip
    yield Read(package=key, documents=2, outcomes=(("OK", 2),), ocr_pages=0)
    yield Extracted(package=key, facts=12, accepted=9, digest="8" * 64)
    yield Checked(
        package=key, case=case, report=report.sha256, page=page.sha256, applicant=f"{name}公司", uscc=uscc, version=version, recommendation="recommend",
        complete=True, findings=0, verdicts=(("met", 9),), objects=(report.sha256, page.sha256),
    )  # fmt: skip


def decided(store: Store, number: int) -> Decided:
    key, row = store.rows("packages")[number]
    return Decided(package=key, case=row["case"], saw=row["report"], subject="recommendation", decision="confirmed")
