"""The state of every case folded from the trail: an entry and the rows it touches in, the rows as they are afterwards out. No I/O.

The tables for lists and search hold exactly these rows, so they can be dropped and made again, and ``verify`` makes them once more to compare.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from records import canonical

Row = dict[str, Any]


class Put(NamedTuple):
    """``row`` is what table ``table`` holds under ``key`` from now on."""

    table: str
    key: str
    row: Row


#: (table, key) → the row as it is, or None.
Get = Callable[[str, str], Row | None]

TABLES = ("packages", "cases", "batches")


def fold(entry: Mapping[str, Any], get: Get) -> list[Put]:
    """The rows one entry changes. What no table shows (views, receipts, clocks) changes the case's last entry at most."""
    event = entry["event"]
    step = STEPS.get(event["kind"])
    puts = list(step(entry["seq"], entry["at"], event, get)) if step else []
    case = event.get("case")
    if case and step is None:
        row = get("cases", case)
        if row:
            puts.append(Put("cases", case, {**row, "last_seq": entry["seq"], "at": entry["at"]}))
    return puts


def search_text(package: Row) -> str:
    """What a package is found by: names as they are typed, without blanks, in small letters."""
    words = (package["name"], package["submission"], package["applicant"], package["uscc"], package["policy"])
    return " ".join(dict.fromkeys("".join(word.split()).casefold() for word in words if word))


def encode(row: Row) -> bytes:
    return canonical.plain_dumps(row)


def _received(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    row: Row = {
        "submission": event["submission"],
        "name": event["name"],
        "policy": event["policy"],
        "policy_digest": event["policy_digest"],
        "settings": event["settings"],
        "software": event["software"],
        "as_of": event["as_of"],
        "manifest": event["manifest"],
        "content": event["content"],
        "batch": event.get("batch"),
        "state": "received",
        "received_seq": seq,
        "last_seq": seq,
        "at": at,
        "case": None,
        "version": 0,
        "applicant": "",
        "uscc": "",
        "report": None,
        "page": None,
        "signature": None,
        "final": None,
        "final_page": None,
        "recommendation": None,
        "complete": False,
        "findings": 0,
        "error": None,
        "decision": None,
    }
    yield Put("packages", event["package"], row)


def _checked(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    package, case = event["package"], event["case"]
    row = get("packages", package)
    if row is None:
        return
    changed = {
        "state": "screened", "last_seq": seq, "at": at, "case": case, "version": event["version"],
        "applicant": event.get("applicant", ""), "uscc": event.get("uscc", ""),
        "report": event["report"], "page": event.get("page"), "signature": event.get("signature"), "final": event["report"], "final_page": event.get("page"),
        "recommendation": event["recommendation"], "complete": event["complete"], "findings": event["findings"], "error": event.get("error"),
    }  # fmt: skip
    yield Put("packages", package, {**row, **changed})
    yield _joined(seq, at, case, package, {**row, **changed}, event["version"], get)


def _joined(seq: int, at: str, case: str, package: str, row: Row, version: int, get: Get) -> Put:
    """A case with one more package. ``contents`` are the contents by version, the first being version 1."""
    before = get("cases", case) or {
        "policy": row["policy"], "uscc": row["uscc"], "applicant": row["applicant"], "contents": [], "packages": [], "opened": at,
        "state": "open", "decision": None, "expired": False,
    }  # fmt: skip
    contents = before["contents"]
    if row["content"] not in contents:
        contents = [*contents, row["content"]]
    packages = [one for one in before["packages"] if one != package]
    changed = {
        "contents": contents, "packages": [*packages, package], "last_seq": seq, "at": at,
        "applicant": row["applicant"] or before["applicant"], "expired": False,
    }  # fmt: skip
    return Put("cases", case, {**before, **changed})


def _failed(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    row = get("packages", event["package"])
    if row is not None and row["state"] != "screened":
        yield Put("packages", event["package"], {**row, "state": "failed", "error": event["error"], "last_seq": seq, "at": at})


def _compared(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    row = get("packages", event["package"])
    if row is not None:
        changed = {
            "final": event["report"], "final_page": event.get("page"), "findings": event["findings"],
            "recommendation": event["recommendation"], "last_seq": seq, "at": at,
        }  # fmt: skip
        yield Put("packages", event["package"], {**row, **changed})


def _decided(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    """A decision on the case itself closes it; one on a finding is in the trail alone."""
    case = get("cases", event["case"]) if event.get("case") else None
    whole = event["subject"] == "recommendation"
    if case is not None:
        closed = {"decision": event["decision"], "state": "decided"} if whole else {}
        yield Put("cases", event["case"], {**case, **closed, "last_seq": seq, "at": at})
    row = get("packages", event["package"]) if event.get("package") else None
    if row is not None and whole:
        yield Put("packages", event["package"], {**row, "decision": event["decision"], "last_seq": seq, "at": at})


def _linked(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    """The package leaves the case it stood in; a case left empty stays, without packages."""
    row = get("packages", event["package"])
    if row is None:
        return
    left = get("cases", row["case"]) if row["case"] else None
    if left is not None and row["case"] != event["case"]:
        kept = [one for one in left["packages"] if one != event["package"]]
        yield Put("cases", row["case"], {**left, "packages": kept, "last_seq": seq, "at": at})
    moved = {**row, "case": event["case"], "version": event["version"], "last_seq": seq, "at": at}
    yield Put("packages", event["package"], moved)
    yield _joined(seq, at, event["case"], event["package"], moved, event["version"], get)


def _expired(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    case = get("cases", event["case"]) if event.get("case") else None
    if case is not None:
        yield Put("cases", event["case"], {**case, "expired": True, "last_seq": seq, "at": at})


def _batch_began(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    row = {
        "policy": event["policy"], "as_of": event["as_of"], "packages": event["packages"], "began": at, "ended": None,
        "screened": 0, "failed": 0, "reused": 0, "last_seq": seq,
    }  # fmt: skip
    yield Put("batches", event["batch"], row)


def _batch_ended(seq: int, at: str, event: Row, get: Get) -> Iterator[Put]:
    row = get("batches", event["batch"])
    if row is not None:
        changed = {
            "ended": at,
            "screened": event["screened"],
            "failed": event["failed"],
            "reused": event["reused"],
            "last_seq": seq,
        }
        yield Put("batches", event["batch"], {**row, **changed})


STEPS: dict[str, Callable[[int, str, Row, Get], Iterator[Put]]] = {
    "received": _received, "checked": _checked, "failed": _failed, "compared": _compared, "decided": _decided, "linked": _linked,
    "expired": _expired, "batch_began": _batch_began, "batch_ended": _batch_ended,
}  # fmt: skip


class Tables:
    """Rows in memory, as bytes: what ``verify`` and ``rebuild`` fold into."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, bytes]] = {name: {} for name in TABLES}

    def get(self, table: str, key: str) -> Row | None:
        data = self.rows[table].get(key)
        if data is None:
            return None
        row: Row = json.loads(data)
        return row

    def step(self, entry: Mapping[str, Any]) -> None:
        for put in fold(entry, self.get):
            self.rows[put.table][put.key] = encode(put.row)
