"""Statements against lists: totals against rows, headcounts against rosters, one row's own arithmetic, yearly parts against their total.

A computed value is never a side of FACT_CONFLICT. Nothing is alleged from a list that could not be read whole, that may go on in a document
nobody read, or whose figure one of the statements agrees with: then the statements disagree among themselves, and that is told elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Fact, Product, Tally
from schemas.policy import Policy
from schemas.report import Finding, Lead
from schemas.vocabulary import FACTS, FactKey, FindingCode, Severity, Unit
from validators.consistency_stated import agree, approximate, factor, statements, sure
from validators.materials import list_may_continue_unread
from validators.messages import amount, document_name, finding, key_name, ordered, places, printable, spot, stated
from validators.weight import bears_on, severity_of

COUNTED: Final = frozenset({Unit.PERSONS, Unit.ITEMS, Unit.ENTERPRISES})
ROWS_NAMED: Final = 3
#: A whole list off by one power of ten is how its columns were labelled or read, not a slip in a row.
WHOLE_LIST: Final = Decimal("0.5")


def half_unit(value: Decimal) -> Decimal:
    """Half of the last digit written; a whole number is taken to be written to the one.

    >>> half_unit(Decimal("983.59"))
    Decimal('0.005')
    """
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1)


def printed_error(total: Decimal, evidence: Sequence[Evidence]) -> Decimal:
    """Half of the last digit as printed: 5,000,000.00元 is told as 500万元, but was written to the fen."""
    for place in evidence:
        for digits in re.findall(r"\d[\d,，]*(?:\.\d+)?", unicodedata.normalize("NFKC", place.quote)):
            printed = Decimal(digits.replace(",", ""))
            for shift in (0, -4, -3, 4, -1):
                if printed and printed.scaleb(shift) == total:
                    return half_unit(printed).scaleb(shift)
    return half_unit(total)


def tallies(case: Case) -> tuple[Tally, ...]:
    """Each list once, in the order an officer turns the pages."""
    found = dict.fromkeys(tally for reading in case.readings for tally in reading.tallies)
    return tuple(
        sorted(found, key=lambda tally: (tally.what, tally.period or "", *_first(tally, case), tally.count, tally.sum or 0))
    )


def _first(tally: Tally, case: Case) -> tuple[str, ...]:
    first = ordered((*tally.stated_evidence, *tally.evidence), case)[:1]
    return tuple(f"{document_name(e.document, case)}{(e.page or 0):06}{e.anchor or ''}{e.bbox or ''}" for e in first)


def _documents(found: Sequence[Tally]) -> frozenset[str]:
    return frozenset(place.document for tally in found for place in (*tally.stated_evidence, *tally.evidence))


def _usable(found: Sequence[Tally], key: FactKey | None, case: Case) -> bool:
    """One list of several that was not read whole spoils the comparison for all: they may be parts of one."""
    whole = all(tally.complete and not tally.doubts for tally in found)
    return bool(found) and whole and not (key and list_may_continue_unread(key, _documents(found), case))


def _span(period: str | None) -> str | None:
    return None if period == "total" else period


def _stated(case: Case, key: FactKey, period: str | None) -> tuple[Fact, ...]:
    return tuple(
        fact
        for group, when, facts in statements(case)
        if group is key and _span(when) == _span(period)
        for fact in facts
        if isinstance(fact.value, Decimal)
    )


def _grouped(case: Case) -> Iterator[tuple[FactKey, str | None, tuple[Tally, ...]]]:
    groups: dict[tuple[FactKey, str | None], list[Tally]] = {}
    for tally in tallies(case):
        if tally.key:
            groups.setdefault((tally.key, _span(tally.period)), []).append(tally)
    for (key, period), found in groups.items():
        yield key, period, tuple(found)


def _heads(found: Sequence[Tally]) -> list[Evidence]:
    """Where a list begins and ends is enough to find it; its rows stand in the rosters."""
    return [place for tally in found for place in (*tally.evidence[:1], *tally.evidence[-1:])]


# --- totals ----------------------------------------------------------------------------------------------------------


def sums(case: Case, policy: Policy) -> Iterator[Finding]:
    """SUM_MISMATCH, or UNIT_SUSPECT where total and rows are exactly a power of ten apart."""
    for tally in tallies(case):
        if tally.stated is not None and tally.sum is not None and tally.sum != tally.stated and _usable([tally], tally.key, case):
            yield from _printed_total(tally, tally.stated, tally.sum, case=case, policy=policy)
    for key, period, found in _grouped(case):
        if all(tally.stated is None and tally.sum is not None for tally in found) and _usable(found, key, case):
            yield from _no_printed_total(key, period, found, case=case, policy=policy)


def _printed_total(tally: Tally, total: Decimal, rows: Decimal, *, case: Case, policy: Policy) -> Iterator[Finding]:
    error = max(tally.error, printed_error(total, tally.stated_evidence))
    if agree(total, rows, error):
        return
    scale = factor(total, rows, error, tally.error, unit=tally.unit)
    alike = _stated(case, tally.key, tally.period) if tally.key else ()
    where = places(tally.stated_evidence or tally.evidence[:1], case) or printable(tally.what)
    told = f"{printable(tally.what)}：{where}写明合计{amount(total, tally.unit)}，逐行相加为{amount(rows, tally.unit)}，"
    evidence = [*tally.stated_evidence, *_heads([tally])]
    facts = [fact.id for fact in alike if any(agree(fact.value, value, max(fact.error, error)) for value in (total, rows))]  # type: ignore[arg-type]
    facts += [fact.id for fact in case.derived if fact.key is tally.key and fact.period == tally.period]
    yield _total_finding(
        tally.key, scale, told, abs(total - rows), tally.unit, facts=facts, evidence=evidence, case=case, policy=policy
    )


def _no_printed_total(
    key: FactKey, period: str | None, found: Sequence[Tally], *, case: Case, policy: Policy
) -> Iterator[Finding]:
    said = _stated(case, key, period)
    values = list(dict.fromkeys([*(tally.sum for tally in found if tally.sum is not None), *_further_sums(key, found, case)]))
    error = max(tally.error for tally in found)
    if not said or any(agree(fact.value, value, max(fact.error, error)) for fact in said for value in values):  # type: ignore[arg-type]
        return
    firm = [fact for fact in said if sure(fact, case) and not approximate(fact)]
    if not firm:
        return
    if any(tally.partial for tally in found) and all(
        isinstance(fact.value, Decimal) and fact.value > sum((tally.sum or 0 for tally in found), Decimal(0)) for fact in firm
    ):
        return
    fact, rows = firm[0], sum((tally.sum for tally in found if tally.sum is not None), Decimal(0))
    value = fact.value if isinstance(fact.value, Decimal) else Decimal(0)
    scale = next((name for one in values if (name := factor(value, one, fact.error, error, unit=fact.unit))), None)
    lists = "、".join(dict.fromkeys(printable(tally.what) for tally in found))
    where = places([place for tally in found for place in tally.evidence[:1]], case)
    told = f"{key_name(key, period)}：{stated(fact, case)}，{where}{lists}逐行相加为{amount(rows, fact.unit)}，"
    evidence = [*ordered(fact.evidence, case)[:3], *_heads(found)]
    yield _total_finding(
        key, scale, told, abs(value - rows), fact.unit, facts=[fact.id], evidence=evidence, case=case, policy=policy
    )


def _total_finding(
    key: FactKey | None, scale: str | None, told: str, gap: Decimal, unit: Unit | None,
    *, facts: Sequence[str], evidence: Sequence[Evidence], case: Case, policy: Policy,
) -> Finding:  # fmt: skip
    if scale:
        how = "按1亩约666.67平方米计恰好相当" if scale == "亩" else f"恰好相差{scale}倍"
        code, end = FindingCode.UNIT_SUSPECT, f"{how}。"
        advice = "请核对清单各列与合计的计量单位和小数点，由申报单位更正。"
    else:
        code, end = FindingCode.SUM_MISMATCH, f"相差{amount(gap, unit)}。"
        advice = "请对照清单逐行核对，由申报单位更正清单或合计数。"
    return finding(
        code, severity_of(key, policy), told + end, case=case, facts=facts, evidence=evidence,
        clause=bears_on(key, policy) if key else None, advice=advice,
    )  # fmt: skip


def _further_sums(key: FactKey, found: Sequence[Tally], case: Case) -> Iterator[Decimal]:
    """Other honest totals: the lists together, and the equipment without the software that the figure may leave out."""
    yield sum((tally.sum for tally in found if tally.sum is not None), Decimal(0))
    if key is FactKey.EQUIPMENT_VALUE:
        hardware = [row.value for row in case.rosters.equipment if row.value is not None and "软件" not in row.name]
        if len(hardware) < len(case.rosters.equipment):
            yield sum(hardware, Decimal(0))


# --- headcounts ------------------------------------------------------------------------------------------------------


def counts(case: Case, policy: Policy) -> Iterator[Finding]:
    """COUNT_MISMATCH: a stated number of people, projects or enterprises that no list of them bears out."""
    for key, period, found in _grouped(case):
        if FACTS[key][0] not in COUNTED or not _usable(found, key, case):
            continue
        borne_out = {Decimal(tally.count) for tally in found} | {tally.sum for tally in found if tally.sum is not None}
        borne_out |= {Decimal(sum(tally.count for tally in found)), *_distinct(key, found, case)}
        said = _stated(case, key, period)
        inside = [tally for tally in found if tally.stated is not None and tally.stated not in borne_out and tally.sum is None]
        if any(fact.value in borne_out for fact in said):
            said = ()
        firm = [fact for fact in said if sure(fact, case) and not approximate(fact)]
        if any(tally.partial for tally in found):
            most = Decimal(sum(tally.count for tally in found))
            firm = [fact for fact in firm if isinstance(fact.value, Decimal) and fact.value < most]
        if firm or inside:
            yield _count_finding(key, period, firm, inside, found, case=case, policy=policy)


def _distinct(key: FactKey, found: Sequence[Tally], case: Case) -> Iterator[Decimal]:
    """Other honest counts: people listed twice are one person (that they are listed twice is another matter), a team may be told by its
    full-time members, a reserve without the projects already completed.
    """
    people = {FactKey.TEAM_HEADCOUNT: case.rosters.team, FactKey.ADVISORS_HEADCOUNT: case.rosters.advisors}.get(key, ())
    if people and len(people) in {tally.count for tally in found}:
        yield Decimal(len({person.name for person in people}))
        if key is FactKey.TEAM_HEADCOUNT and all(person.employment for person in people):
            yield Decimal(sum(person.employment == "专职" for person in people))
    projects = case.rosters.projects if key is FactKey.PROJECTS_RESERVED else ()
    if projects and len(projects) in {tally.count for tally in found}:
        yield Decimal(sum(not project.done for project in projects))


def _count_finding(
    key: FactKey, period: str | None, said: Sequence[Fact], inside: Sequence[Tally], found: Sequence[Tally],
    *, case: Case, policy: Policy,
) -> Finding:  # fmt: skip
    unit = FACTS[key][0]
    told = [stated(fact, case) for fact in said]
    told += [
        f"{places(tally.stated_evidence, case) or printable(tally.what)}为{amount(tally.stated, unit)}"
        for tally in inside
        if tally.stated is not None
    ]
    lists = [
        f"{places(tally.evidence[:1], case)}{printable(tally.what)}逐行计数为{amount(Decimal(tally.count), unit)}"
        for tally in found
    ]
    evidence = [place for fact in said for place in ordered(fact.evidence, case)[:3]]
    evidence += [place for tally in inside for place in tally.stated_evidence]
    derived = [fact.id for fact in case.derived if fact.key is key and _span(fact.period) == _span(period)]
    return finding(
        FindingCode.COUNT_MISMATCH, severity_of(key, policy),
        f"{key_name(key, period)}：{'；'.join(dict.fromkeys(told))}；{'，'.join(dict.fromkeys(lists))}，两者不一致。",
        case=case, facts=[*(fact.id for fact in said), *derived], evidence=[*evidence, *_heads(found)],
        clause=bears_on(key, policy), advice="请对照名单（清单）逐行核对，由申报单位补齐名单或更正填报数。",
    )  # fmt: skip


# --- rows and years --------------------------------------------------------------------------------------------------


def products(case: Case, policy: Policy) -> Iterator[Finding]:
    """Rows whose 数量 × 单价 does not give their amount: one finding a list."""
    for document, rows in _wrong_rows(case):
        scaled = [row for row in rows if _row_factor(row)]
        if scaled and not _whole_list(document, scaled, case):
            yield _rows_finding(FindingCode.UNIT_SUSPECT, document, scaled, case=case, policy=policy)
        plain = [row for row in rows if not _row_factor(row)]
        if plain:
            yield _rows_finding(FindingCode.SUM_MISMATCH, document, plain, case=case, policy=policy)


def _wrong_rows(case: Case) -> Iterator[tuple[str, tuple[Product, ...]]]:
    found = dict.fromkeys(product for reading in case.readings for product in reading.products)
    by_document: dict[str, list[Product]] = {}
    for row in found:
        if row.evidence and abs(row.quantity * row.unit_price - row.amount) > (row.error or half_unit(row.amount)):
            by_document.setdefault(row.evidence[0].document, []).append(row)
    for document, rows in sorted(by_document.items(), key=lambda item: document_name(item[0], case)):
        yield document, tuple(sorted(rows, key=lambda row: _row_order(row, case)))


def _row_order(row: Product, case: Case) -> tuple[object, ...]:
    first = ordered(row.evidence, case)[0]
    steps = [int(part) for part in "".join(c if c.isdigit() else " " for c in first.anchor or "").split()]
    return first.page or 0, steps, first.bbox or (), row.what, row.amount, row.quantity, row.unit_price


def _row_factor(row: Product) -> str | None:
    return factor(row.quantity * row.unit_price, row.amount, Decimal(0), row.error or half_unit(row.amount), unit=None)


def _whole_list(document: str, rows: Sequence[Product], case: Case) -> bool:
    length = max((tally.count for tally in tallies(case) if document in _documents([tally])), default=0)
    return length > 0 and len(rows) >= length * WHOLE_LIST


def _rows_finding(code: FindingCode, document: str, rows: Sequence[Product], *, case: Case, policy: Policy) -> Finding:
    named = "；".join(
        f"{spot(row.evidence[0])}“{printable(row.what)}”数量{amount(row.quantity, None)}×单价{amount(row.unit_price, Unit.WAN_YUAN)}"
        f"，金额写为{amount(row.amount, Unit.WAN_YUAN)}"
        for row in rows[:ROWS_NAMED]
    )
    more = f"等{len(rows)}行" if len(rows) > ROWS_NAMED else f"共{len(rows)}行"
    what = "恰好相差10的整数次方倍" if code is FindingCode.UNIT_SUSPECT else "不相等"
    return finding(
        code, Severity.MEDIUM, f"{document_name(document, case)}{more}数量×单价与金额{what}：{named}。",
        case=case, evidence=[place for row in rows for place in row.evidence[:1]],
        clause=bears_on(FactKey.EQUIPMENT_VALUE, policy),
        advice="请对照发票或固定资产账核对这些行的数量、单价、金额和计量单位，由申报单位更正。",
    )  # fmt: skip


def years(case: Case, policy: Policy) -> Iterator[Finding]:
    """A stated total over some years against the stated figures of those years."""
    key = FactKey.REVENUE_SERVICE
    said = {period: _stated(case, key, period) for group, period, _ in statements(case) if group is key and period}
    for period, totals in said.items():
        span = [part for part in period.split("-") if len(part) == 4 and part.isdigit()]
        if len(span) != 2 or len(period) != 9 or len(totals) != 1 or int(span[0]) >= int(span[1]):
            continue
        wanted = [str(year) for year in range(int(span[0]), int(span[1]) + 1)]
        parts = [said[year][0] for year in wanted if len(said.get(year, ())) == 1]
        if len(parts) == len(wanted) and all(sure(fact, case) and not approximate(fact) for fact in (*parts, *totals)):
            yield from _years_finding(key, period, totals[0], parts, case=case, policy=policy)


def _years_finding(
    key: FactKey, period: str, total: Fact, parts: Sequence[Fact], *, case: Case, policy: Policy
) -> Iterator[Finding]:
    numbers = [fact.value for fact in parts if isinstance(fact.value, Decimal)]
    rows, value = sum(numbers, Decimal(0)), total.value if isinstance(total.value, Decimal) else Decimal(0)
    error = max(total.error, half_unit(value), sum((fact.error for fact in parts), Decimal(0)))
    if agree(value, rows, error):
        return
    told = (
        f"{key_name(key, period)}：{stated(total, case)}，"
        f"{'、'.join(f'{fact.period}年{amount(number, fact.unit)}' for fact, number in zip(parts, numbers, strict=True))}，"
        f"各年相加为{amount(rows, total.unit)}，"
    )
    facts = (total, *parts)
    yield _total_finding(
        key, factor(value, rows, error, error, unit=total.unit), told, abs(value - rows), total.unit, facts=[fact.id for fact in facts],
        evidence=[place for fact in facts for place in ordered(fact.evidence, case)[:2]], case=case, policy=policy,
    )  # fmt: skip


def leads(case: Case) -> Iterator[Lead]:
    """A list whose rows are nearly all off by one power of ten: its columns are labelled in other units than they hold, or were read so."""
    for document, rows in _wrong_rows(case):
        scaled = [row for row in rows if _row_factor(row)]
        if scaled and _whole_list(document, scaled, case):
            yield Lead(
                code=FindingCode.UNIT_SUSPECT,
                message=f"{document_name(document, case)}多数行的数量×单价与金额恰好相差10的整数次方倍，请核对单价与金额两列的计量单位。",
                evidence=ordered([place for row in rows[:ROWS_NAMED] for place in row.evidence[:1]], case),
            )
