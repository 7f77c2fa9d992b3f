"""A report held to its truth: what is found, accepted, wrong, grounded, decided and flagged, in counts that add up over packages.

By the same readings as the acceptance scorer: a value that any place states is right; one that a roster or a sum gives is right, too; a figure that
is another's, another time's or another measure's is wrong, and worst when accepted.
"""

import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import openpyxl
import pypdfium2
from docx import Document

from fixtures.truth import derivable, period_of, same

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSCORED = {"applicant.kind"}


@dataclass
class Score:
    """Counts; ``told`` holds a line for each thing that is not as it should be."""

    n: Counter[str] = field(default_factory=Counter)
    keys: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    clauses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    codes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sure: list[tuple[float, bool, str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.n += other.n
        for mine, theirs in ((self.keys, other.keys), (self.clauses, other.clauses), (self.codes, other.codes)):
            for key, counts in theirs.items():
                mine[key] += counts
        self.sure += other.sure
        self.told += other.told

    def share(self, part: str, whole: str) -> float | None:
        return self.n[part] / self.n[whole] if self.n[whole] else None


def score(truth: Mapping[str, Any], report: Mapping[str, Any], files: Mapping[str, bytes]) -> Score:
    out = Score()
    out.n["packages"] += 1
    _facts(truth, report, out)
    _values(truth, report, out)
    _grounding(report, files, out)
    _verdicts(truth, report, out)
    _findings(truth, report, out)
    return out


def _right(truth: Mapping[str, Any], fact: Mapping[str, Any]) -> bool:
    mine = [t for t in truth["facts"] if t["key"] == fact["key"]]
    good = [(t["period"], v) for t in mine for v in [t["value"], *(s["value"] for s in t["stated"])]]
    good += [(None, v) for v in derivable(truth).get(fact["key"], ())]
    when = period_of(fact.get("period"))
    return any(same(fact["value"], v) and (p is None or when in (None, p)) for p, v in good)


def _facts(truth: Mapping[str, Any], report: Mapping[str, Any], out: Score) -> None:
    for t in truth["facts"]:
        if t["key"] in _UNSCORED:
            continue
        right = [t["value"], *([] if t["conflict"] else [s["value"] for s in t["stated"]])]
        got = [
            f
            for f in report["facts"]
            if f["key"] == t["key"] and (not t["period"] or period_of(f.get("period")) in (None, t["period"]))
        ]
        hits = {f["status"] for f in got if any(same(f["value"], v) for v in right)}
        counts = {"wanted": 1, "found": bool(hits), "accepted": "accepted" in hits}
        out.n.update(counts)
        out.keys[t["key"]].update(counts)
        place = f"{t['key']} {t['period'] or ''} want {t['value']} ({t['stated'][0]['places'][0]['text']} in {t['stated'][0]['places'][0]['doc']})"
        if not hits:
            out.told.append(f"MISSING {place} got {[f['value'] for f in got][:4]}")
        elif "accepted" not in hits:
            out.told.append(f"DOUBTED {place}")


def _values(truth: Mapping[str, Any], report: Mapping[str, Any], out: Score) -> None:
    wanted = {t["key"] for t in truth["facts"]}
    for fact in report["facts"]:
        key = fact["key"]
        if key in _UNSCORED or (key == "construction.years" and key not in wanted):
            continue
        right, accepted = _right(truth, fact), fact["status"] == "accepted"
        other = any(same(fact["value"], v) for v in truth["distractors"].get(key, ()))
        out.n.update(
            said=1,
            right=right,
            said_accepted=accepted,
            wrong=not right,
            wrong_accepted=accepted and not right,
            distractors_accepted=accepted and not right and other,
        )
        out.sure.append((float(fact.get("confidence") or 0), right, fact["status"], key))
        if not right:
            quotes = [f"{e.get('anchor') or 'p' + str(e.get('page'))}“{e['quote']}”" for e in fact.get("evidence", ())[:2]]
            word = "WRONG ACCEPTED" if accepted else "wrong, doubted"
            out.told.append(
                f"{word} {key} {fact.get('period') or ''} = {fact['value']}{' (another’s)' if other else ''}: {' '.join(quotes)}"
            )


# grounding ----------------------------------------------------------------------------------------------------------


def _tight(text: object) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).replace(",", "")


def _grounding(report: Mapping[str, Any], files: Mapping[str, bytes], out: Score) -> None:
    names = {d["id"]: d for d in report["documents"]}
    opened: dict[str, Any] = {}
    for fact in report["facts"]:
        if fact["key"] in _UNSCORED:
            continue
        if not fact.get("evidence"):
            out.n.update(evidence=1)
        for e in fact.get("evidence", ()):
            document = names.get(e["document"])
            grounded = document is not None and _stands(e, document, files, opened)
            out.n.update(evidence=1, grounded=grounded)
            if not grounded:
                out.told.append(
                    f"UNGROUNDED {fact['key']} {document and document['file']} {e.get('anchor') or e.get('page')} “{e['quote']}”"
                )


def _stands(e: Mapping[str, Any], document: Mapping[str, Any], files: Mapping[str, bytes], opened: dict[str, Any]) -> bool:
    """Whether the quote's words stand at the evidence's very place, read by another library where there is one."""
    name, quote = document["file"], _tight(e["quote"])
    data = files.get(name)
    if data is None or not quote:
        return False
    if name.endswith((".jpg", ".png")) or e.get("page") in (document.get("ocr_pages") or ()):
        return bool(e.get("bbox"))
    if name not in opened:
        opened[name] = _open(name, data)
    if name.endswith(".pdf"):
        page = opened[name][int(e["page"]) - 1]
        x0, top, x1, bottom = (float(v) for v in e["bbox"])
        height = page.get_height()
        there = _tight(page.get_textpage().get_text_bounded(x0 - 3, height - bottom - 3, x1 + 3, height - top + 3))
        return bool(quote in there or (there and there in quote) or set(quote) <= set(there))
    if name.endswith(".docx"):
        return any(quote in _tight(text) for text in _docx_places(opened[name], str(e.get("anchor") or "")))
    if name.endswith(".xlsx"):
        sheet, _, cell = str(e.get("anchor") or "").rpartition("!")
        value = opened[name][sheet.strip("'")][cell].value
        return quote in _tight(value) or _tight(value) in quote or same(str(value), str(e["quote"]))
    return quote in _tight(data.decode("gb18030", "replace"))


def _open(name: str, data: bytes) -> Any:
    if name.endswith(".pdf"):
        return pypdfium2.PdfDocument(data)
    if name.endswith(".docx"):
        return Document(io.BytesIO(data)).element.body
    if name.endswith(".xlsx"):
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return None


def _docx_places(body: Any, anchor: str) -> Iterator[str]:
    def words(element: Any) -> str:
        return "".join(t.text or "" for t in element.iter(_W + "t"))

    if found := re.search(r"T(\d+)/R(\d+)/C(\d+)", anchor):
        tables = list(body.iter(_W + "tbl"))
        rows = list(tables[int(found[1]) - 1].iterchildren(_W + "tr"))
        yield words(rows[int(found[2]) - 1])
    elif found := re.fullmatch(r"P(\d+)", anchor):
        yield words([e for e in body.iterchildren() if e.tag == _W + "p"][int(found[1]) - 1])
    else:
        yield from (words(box) for box in body.iter(_W + "txbxContent"))


# verdicts and findings ----------------------------------------------------------------------------------------------


def _verdicts(truth: Mapping[str, Any], report: Mapping[str, Any], out: Score) -> None:
    got = {c["clause"].split("/")[-1]: c for c in report["checks"]}
    for name, due in truth["clauses"].items():
        verdict = got.get(name, {}).get("verdict")
        right, kind = verdict in due["accept"], "soft" if due["kind"] == "soft" else "hard"
        out.n.update({f"{kind}_clauses": 1, f"{kind}_right": right})
        if kind == "hard":
            out.clauses[name].update(n=1, right=right)
        if due["accept"][0] == "not_met":
            out.n.update(failing=1, failing_met=verdict == "met")
        if not right:
            out.told.append(f"VERDICT {name} {verdict}, not {'/'.join(due['accept'])}: {got.get(name, {}).get('reason', '')}")


def _findings(truth: Mapping[str, Any], report: Mapping[str, Any], out: Score) -> None:
    due = {f["code"]: f for f in truth["findings"]}
    got = {f["code"]: f for f in report["findings"]}
    for code, f in due.items():
        out.codes[code].update(due=1, found=code in got)
        out.n.update(findings_due=1, findings_found=code in got)
        if code not in got:
            out.told.append(f"NO FINDING {code}: {f['note']}")
    for code, f in got.items():
        if code not in due and code not in truth["tolerated"]:
            out.codes[code].update(false=1)
            out.n.update(false_alarms=1)
            out.told.append(f"FALSE ALARM {code}: {f['message'][:120]}")


def decimal_places(value: float | None) -> str:
    return "—" if value is None else f"{Decimal(value * 100).quantize(Decimal('0.1'))}"


# findings alone -----------------------------------------------------------------------------------------------------

#: Found wherever they are told: what is not there, or not readable, has no place.
_PLACELESS = ("MATERIAL_MISSING", "DOCUMENT_UNREADABLE")


@dataclass
class Tally:
    """What a report flags, held to its truth by the acceptance scorer's definitions; adds up over packages."""

    n: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    told: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.n += other.n
        self.told += other.told
        for code, counts in other.codes.items():
            self.codes[code] += counts

    def share(self, part: str, whole: str = "due") -> float | None:
        return self.n[part] / self.n[whole] if self.n[whole] else None


def tally(truth: Mapping[str, Any], report: Mapping[str, Any]) -> Tally:
    out = Tally(Counter(packages=1, clean=int(truth["clean"])))
    got: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in report["findings"]:
        got[finding["code"]].append(finding)
    due: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for f in truth["findings"]:
        due[f["code"]].append(f)
    for code, wanted in due.items():
        for f in wanted:
            located = any(_located(f, g, report) for g in got[code])
            counts = {"due": 1, "found": bool(got[code]), "located": located}
            out.n.update(counts)
            out.codes[code].update(counts)
            if not got[code]:
                out.told.append(f"NO FINDING {code}: {f['note']} [{'、'.join(f['files'])}]")
            elif not located:
                out.told.append(f"ELSEWHERE {code}: {f['note']} [{'、'.join(f['files'])}]: {got[code][0]['message'][:160]}")
    for code, wrong in got.items():
        if code in due:
            continue
        if code in truth["tolerated"]:
            out.codes[code].update(tolerated=1)
            continue
        alike = truth["lookalikes"].get(code)
        out.codes[code].update(false=1, alike=bool(alike))
        out.n.update(false=len(wrong), false_clean=len(wrong) if truth["clean"] else 0, alike=bool(alike))
        out.told += [f"FALSE ALARM {code}{'（' + '；'.join(alike) + '）' if alike else ''}: {g['message'][:240]}" for g in wrong]
    out.n.update(alikes=len(truth["lookalikes"]))
    return out


def _located(due: Mapping[str, Any], got: Mapping[str, Any], report: Mapping[str, Any]) -> bool:
    if due["code"] in _PLACELESS:
        return True
    keys = {f["id"]: f["key"] for f in report["facts"]}
    names = {d["id"]: d["file"].rpartition("/")[2] for d in report["documents"]}
    files = {name.rpartition("/")[2] for name in due["files"]}
    facts = {keys.get(i, i) for i in got.get("facts", ())}
    places = {names.get(e["document"], e["document"]) for e in got.get("evidence", ())}
    return bool(set(due["facts"]) & facts or files & places)
