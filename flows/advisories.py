"""Known weaknesses of the installed packages, from a dated copy of the OSV database that was carried in: offline, strict, and never clear by looking at nothing.

The copy is ``all.zip`` of OSV's ecosystem PyPI (https://ossf.github.io/osv-schema/): one JSON file an advisory. Its date is the newest ``modified`` in it.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

MOST_DAYS = 30
MOST_BYTES = 4 << 20


class AdvisoriesError(Exception):
    """Nothing can be said; the message is Chinese."""


class Weakness(NamedTuple):
    package: str
    version: str
    id: str
    summary: str


class Audited(NamedTuple):
    """``packages`` were compared with ``advisories``, the newest of ``date``."""

    packages: int
    advisories: int
    date: datetime
    found: tuple[Weakness, ...]


def audit(snapshot: Path, installed: Sequence[tuple[str, str]], now: datetime) -> Audited:
    """Every (name, version) against every advisory. Raises ``AdvisoriesError`` where the copy is missing, no copy, or older than 30 days."""
    versions = {canonicalize_name(name): _version(name, version) for name, version in installed}
    if not versions:
        raise AdvisoriesError("没有列出任何已安装的软件包")
    newest, seen, found = datetime(1970, 1, 1, tzinfo=UTC), 0, []
    for told in _advisories(snapshot):
        seen += 1
        newest = max(newest, _time(told.get("modified")))
        if told.get("withdrawn"):
            continue
        hit = {
            canonicalize_name(str(one["package"]["name"])) for one in told.get("affected", ()) if _of_pypi(one)
        } & versions.keys()
        found += [_weakness(name, versions[name], told) for name in sorted(hit) if _affects(told, name, versions[name])]
    if not seen:
        raise AdvisoriesError(f"{snapshot.name} 中没有漏洞数据")
    if now - newest > timedelta(days=MOST_DAYS):
        raise AdvisoriesError(f"漏洞数据截至 {newest:%Y-%m-%d}，已超过 {MOST_DAYS} 天，请换用新的")
    return Audited(len(versions), seen, newest, tuple(sorted(found)))


def _advisories(snapshot: Path) -> Iterator[dict[str, Any]]:
    try:
        with zipfile.ZipFile(snapshot) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".json") and member.file_size <= MOST_BYTES:
                    told = json.loads(archive.read(member))
                    if isinstance(told, dict):
                        yield told
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise AdvisoriesError(f"{snapshot} 读不了，或不是 OSV 数据（all.zip）：{type(error).__name__}") from error


def _of_pypi(affected: Mapping[str, Any]) -> bool:
    return str(affected.get("package", {}).get("ecosystem", "")).startswith("PyPI") and "name" in affected["package"]


def _affects(told: Mapping[str, Any], name: str, version: Version) -> bool:
    for one in told.get("affected", ()):
        if not _of_pypi(one) or canonicalize_name(str(one["package"]["name"])) != name:
            continue
        if any(_same(version, text) for text in one.get("versions", ())):
            return True
        if any(span.get("type") == "ECOSYSTEM" and _within(version, span.get("events", ())) for span in one.get("ranges", ())):
            return True
    return False


def _within(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """OSV's evaluation: in the order of versions, ``introduced`` lets in, ``fixed`` and what follows ``last_affected`` lets out.

    A version nobody can order counts as affected: strict.
    """
    steps = []
    for event in events:
        for kind in ("introduced", "fixed", "last_affected"):
            if kind in event:
                try:
                    steps.append((Version("0" if event[kind] == "0" else event[kind]), kind))
                except InvalidVersion:
                    return True
    affected = False
    for at, kind in sorted(steps, key=lambda step: step[0]):
        if kind == "introduced" and version >= at:
            affected = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            affected = False
    return affected


def _same(version: Version, text: str) -> bool:
    try:
        return Version(text) == version
    except InvalidVersion:
        return text == str(version)


def _version(name: str, text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise AdvisoriesError(f"{name} 的版本“{text}”无法比较") from error


def _time(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)


def _weakness(name: str, version: Version, told: Mapping[str, Any]) -> Weakness:
    return Weakness(
        name, str(version), str(told.get("id", "")), str(told.get("summary") or told.get("details") or "").split("\n")[0][:120]
    )
