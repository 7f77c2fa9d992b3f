"""What stands out over a batch as a whole: leads for whoever runs it, never findings on an applicant.

Many values just above a bound are no wonder by themselves: who falls short seldom applies. They are told with their neighbours, so that a reader can
judge. Equal facts under one clause must come to one verdict; where they did not, a reading or a person decided otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from schemas.report import Lead
from schemas.signature import SignedFigure
from schemas.vocabulary import FACTS, VERDICT_NAMES, FactKey, Verdict
from validators.messages import UNIT_NAMES, printable

#: A band beside the bound, as a share of it; packages with a value there must be before anything is said, and so many times as many as in either neighbour.
BAND: Final = Decimal("0.05")
PACKAGES, ABOVE, TIMES = 20, 6, 3
NAMED: Final = 8
_DECIDED: Final = (Verdict.MET, Verdict.NOT_MET)


def leads(figures: Mapping[str, Iterable[SignedFigure]]) -> tuple[Lead, ...]:
    """``figures`` are by submission."""
    listed = [(ident, figure) for ident, told in sorted(figures.items()) for figure in told]
    return (*_hugging(listed), *_unequal(listed))


def _hugging(listed: list[tuple[str, SignedFigure]]) -> Iterator[Lead]:
    by_clause: dict[tuple[str, FactKey, Decimal, bool], list[tuple[str, Decimal]]] = defaultdict(list)
    for ident, one in listed:
        if one.key and one.value is not None and one.limit:
            by_clause[one.clause, one.key, one.limit, one.upper].append((ident, one.value))
    for (_, key, limit, upper), told in sorted(by_clause.items(), key=lambda item: str(item[0])):
        band = limit * BAND
        if len(told) < PACKAGES or not _fine(told):
            continue
        sign = Decimal(-1 if upper else 1)
        steps = [(ident, sign * (value - limit) / band) for ident, value in told]
        inside = [ident for ident, step in steps if 0 <= step < 1]
        outside = sum(-1 <= step < 0 for _, step in steps)
        beyond = sum(1 <= step < 2 for _, step in steps)
        if len(inside) >= max(ABOVE, TIMES * max(1, outside), TIMES * max(1, beyond)):
            unit, name = FACTS[key]
            bound = f"{limit.normalize():f}{UNIT_NAMES.get(unit, unit) if unit else ''}"
            good, bad = ("不超过", "超出") if upper else ("达到", "低于")
            yield Lead(
                code="THRESHOLD_HUGGING", others=tuple(inside[:NAMED]),
                message=(
                    f"{name}：{len(told)}个申报包写明数值，其中{len(inside)}个（{_share(len(inside), len(told))}）{good}门槛{bound}而相差在5%以内；"
                    f"{bad}门槛5%以内的{outside}个，再远5%的{beyond}个。够条件的单位才会申报，本身不说明问题；建议对这些申报包的该项数值优先核对原件或实地查看。"
                ),
            )  # fmt: skip


def _fine(told: list[tuple[str, Decimal]]) -> bool:
    """Whether the values are finer than the band: six people of at least six is no hugging."""
    return len({value for _, value in told}) * 2 > len(told)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%"


def _unequal(listed: list[tuple[str, SignedFigure]]) -> Iterator[Lead]:
    groups: dict[tuple[str, str], dict[Verdict, list[str]]] = defaultdict(lambda: defaultdict(list))
    for ident, one in listed:
        if one.basis and one.verdict in _DECIDED:
            groups[one.clause, one.basis][one.verdict].append(ident)
    for (clause, basis), verdicts in sorted(groups.items()):
        if len(verdicts) > 1:
            told = "；".join(
                f"{VERDICT_NAMES[verdict]}：{'、'.join(map(printable, idents[:NAMED]))}{'等' if len(idents) > NAMED else ''}"
                for verdict, idents in sorted(verdicts.items())
            )
            others = tuple(ident for _, idents in sorted(verdicts.items()) for ident in idents[:NAMED])
            yield Lead(
                code="UNEQUAL_VERDICT", others=others,
                message=f"条款 {clause}：依据的数据相同（{printable(basis)[:120]}），结论不同（{told}）。请核对各报告中的理由，统一口径。",
            )  # fmt: skip
