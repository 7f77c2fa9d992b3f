"""What changed between two versions of a package: figures, verdicts, what was closed, what is new. From two reports as they were dumped; no I/O."""

from collections.abc import Mapping
from typing import Any

from schemas.base import Frozen

OPEN = ("not_met", "missing", "unclear")


class Change(Frozen):
    """``what`` is a fact's key, a clause or a finding's code; ``before`` and ``after`` are as shown, empty where there was nothing."""

    kind: str
    what: str
    before: str
    after: str


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """``kind``: document, fact, closed (a gap that is none any more), opened (a new gap), verdict, recommendation."""
    return (*_documents(before, after), *_facts(before, after), *_gaps(before, after), *_recommendation(before, after))


def same(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Everything in which two reports differ, timings aside, by its place: ``facts[f3].value``."""
    found: list[Change] = []
    _walk("", {**before, "timings": {}}, {**after, "timings": {}}, found)
    return tuple(found)


def _documents(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old = {one["file"]: one["sha256"] for one in before["documents"]}
    new = {one["file"]: one["sha256"] for one in after["documents"]}
    told = {(True, False): ("有", "无"), (False, True): ("无", "有"), (True, True): ("原件", "已换")}
    return [
        Change(kind="document", what=name, before=told[name in old, name in new][0], after=told[name in old, name in new][1])
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = _values(before), _values(after)
    return [
        Change(kind="fact", what=key, before=old.get(key, ""), after=new.get(key, ""))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _values(report: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for fact in report["facts"]:
        period = f"（{fact['period']}）" if fact.get("period") else ""
        shown = "、".join(fact["value"]) if isinstance(fact["value"], list) else str(fact["value"])
        doubt = "" if fact["status"] == "accepted" else "（须核对）"
        found.setdefault(fact["key"] + period, []).append(f"{shown}{fact.get('unit') or ''}{doubt}")
    return {key: "、".join(sorted(values)) for key, values in found.items()}


def _gaps(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Clauses by name; findings by code and clause, so that another page number is no new finding."""
    found = []
    old, new = ({check["clause"]: check["verdict"] for check in report["checks"]} for report in (before, after))
    for clause in dict.fromkeys((*old, *new)):
        was, now = old.get(clause, ""), new.get(clause, "")
        if was != now:
            kind = "closed" if was in OPEN and now not in OPEN else "opened" if now in OPEN and was not in OPEN else "verdict"
            found.append(Change(kind=kind, what=clause, before=was, after=now))
    had, has = _findings(before), _findings(after)
    found += [Change(kind="closed", what=key, before=message, after="") for key, message in had.items() if key not in has]
    found += [Change(kind="opened", what=key, before="", after=message) for key, message in has.items() if key not in had]
    return found


def _findings(report: Mapping[str, Any]) -> dict[str, str]:
    """By code, clause and a running number among its like."""
    found: dict[str, str] = {}
    for finding in report["findings"]:
        base = f"{finding['code']} {finding.get('clause') or ''}".strip()
        key, number = base, 2
        while key in found:
            key, number = f"{base} #{number}", number + 1
        found[key] = finding["message"]
    return found


def _recommendation(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    was, now = before["recommendation"], after["recommendation"]
    return [Change(kind="recommendation", what="recommendation", before=was, after=now)] if was != now else []


def _walk(place: str, before: Any, after: Any, found: list[Change]) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            _walk(f"{place}.{key}" if place else str(key), before.get(key), after.get(key), found)
    elif isinstance(before, list) and isinstance(after, list):
        old, new = _by_name(before), _by_name(after)
        for name in dict.fromkeys((*old, *new)):
            _walk(f"{place}[{name}]", old.get(name), new.get(name), found)
    elif before != after:
        found.append(Change(kind="difference", what=place, before=_short(before), after=_short(after)))


def _by_name(items: list[Any]) -> dict[str, Any]:
    ids = [item.get("id", item.get("clause")) if isinstance(item, dict) else None for item in items]
    named = None not in ids and len(set(ids)) == len(ids)
    return {str(ids[at] if named else at): item for at, item in enumerate(items)}


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:117] + "…"
