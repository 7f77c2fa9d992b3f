"""Deleting content at the end of its time: files go, entries stay, so the trail is as provable as before.

A file goes when the last case that holds it expires. Nothing goes before the legal least (网络安全法: logs for six months; six calendar months are at
most 184 days), not even for administrators.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from records import canonical, tables
from records.store import Store
from records.trail import moment_of
from schemas.trail import Event, Expired, Remembered

LEAST_DAYS = 184


class ExpiryError(Exception):
    """Nothing was deleted; the message is Chinese."""


@dataclass(frozen=True)
class Gone:
    cases: tuple[str, ...]
    files: int


def due(cases: Iterable[tuple[str, Any]], before: datetime) -> tuple[str, ...]:
    """Cases in which nothing has happened since."""
    return tuple(key for key, row in cases if not row["expired"] and moment_of(row["at"]) < before)


def expire(store: Store, cases: Sequence[str], now: datetime, actor: str, reason: str) -> Gone:
    """Delete what only these cases hold. Raises ``ExpiryError`` where one is unknown or too young; then nothing is deleted."""
    rows = dict(store.rows("cases"))
    for case in cases:
        if case not in rows:
            raise ExpiryError(f"记录中没有案件“{case}”")
        age = now - moment_of(rows[case]["at"])
        if age < timedelta(days=LEAST_DAYS):
            raise ExpiryError(f"案件“{case}”最近一次记录距今 {age.days} 天，依法至少保存 {LEAST_DAYS} 天，不能清除")
    held = _held(store)
    alive = (digests for case, digests in held.items() if case not in cases and not (case in rows and rows[case]["expired"]))
    left: set[str] = set().union(*alive)
    removed: set[str] = set()
    for case in cases:
        packages = rows[case]["packages"]
        going = sorted(held.get(case, set()) - left - removed)
        removed.update(going)

        def forget(connection: Any, _: Any, packages: Sequence[str] = packages) -> list[Event]:
            gone = connection.execute(
                delete(tables.traits)
                .where(tables.traits.c.package.in_(packages))
                .returning(tables.traits.c.package, tables.traits.c.kind)
            ).all()
            nothing = canonical.digest([])
            return [
                Remembered(package=package, of=kind, digest=nothing)
                for package, kind in sorted({(row[0], row[1]) for row in gone})
            ]

        store.append([Expired(case=case, reason=reason, gone=tuple(going))], actor, amend=forget)
    return Gone(tuple(cases), store.vault.remove(removed))


def _held(store: Store) -> dict[str, set[str]]:
    """What each case holds, by the trail; what belongs to no case (policies, software, a batch's table) is nobody's to delete."""
    case_of = {package: case for case, row in store.rows("cases") for package in row["packages"]}
    held: dict[str, set[str]] = {}
    for one in store.entries():
        event = canonical.loads(one.body)["event"]
        case = case_of.get(event.get("package"), event.get("case") or "")
        if event.get("objects"):
            held.setdefault(case, set()).update(event["objects"])
        if event.get("gone"):
            for digests in held.values():
                digests.difference_update(event["gone"])
    return held
