"""``cases.yaml`` read into cases: what a line of it says, as the values a policy's clauses are tried on."""

from itertools import product
from typing import Any, NamedTuple

import yaml

import policies
from schemas.case import Case
from schemas.facts import Fact, Passage, Person, Project, Reading, Rosters, Tally
from schemas.policy import Policy
from schemas.report import Check, Finding
from schemas.vocabulary import FACTS, FactKey, FactStatus
from tests.validators.build import FORM, at, case, fact
from validators import clauses

#: The short names cases.yaml gives to the rows of a project list.
PROJECTS = {
    "样机专利": (True, "形成工程样机，已申请发明专利"),
    "未申请": (True, "形成工程样机，尚未申请专利"),
    "小试": (True, "完成小试，取得检测报告"),
    "许可": (True, "实现技术许可"),
    "融资": (True, "获得股权融资300万元"),
    "企业": (True, "孵化科技型企业1家"),
    "在库": (False, None),
}


class Line(NamedTuple):
    """One case: ``verdict`` is what the clause must come to."""

    policy: str
    clause: str
    name: str
    case: Case
    verdict: str
    finding: str | None


def read(policy_id: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((policies.HOME / policy_id / "cases.yaml").read_text(encoding="utf-8"))
    return data


def lines(policy_id: str) -> list[Line]:
    data = read(policy_id)
    return [
        Line(policy_id, item["clause"], item["name"], build(data, item), item["verdict"], item.get("finding"))
        for item in data["cases"]
    ]


def table_lines(policy_id: str) -> list[Line]:
    """Every combination of every table, with the verdict of the first row that fits; a combination no row fits is an error."""
    data = read(policy_id)
    found = []
    for table in data.get("tables", ()):
        states = [[state for state in ("M", "N", "U", "?") if state in column] for column in table["columns"]]
        for combination in product(*states):
            verdict = next(verdict for row, verdict in table["rows"] if fits(row.split(), combination))
            item: dict[str, Any] = {"from": table.get("from", "good"), "facts": {}}
            for column, state in zip(table["columns"], combination, strict=True):
                change = column[state]
                item["facts"] |= change.get("facts", {})
                item |= {key: value for key, value in change.items() if key != "facts"}
            found.append(Line(policy_id, table["clause"], " ".join(combination), build(data, item), verdict, None))
    return found


def fits(row: list[str], combination: tuple[str, ...]) -> bool:
    return len(row) == len(combination) and all(want in ("*", got) for want, got in zip(row, combination, strict=True))


def build(data: dict[str, Any], item: dict[str, Any]) -> Case:
    base = data["good"] | (data.get(item.get("from", "good")) or {})
    stated = {key: value for key, value in (base | item.get("facts", {})).items() if key in set(FactKey) and value is not None}
    facts = [one for key, value in stated.items() for one in _facts(key, value)]
    sectors = item.get("advisors", base.get("advisors", []))
    kinds = item.get("projects", [])
    complete = item.get("listed") != "partly"
    reading = Reading(
        document=FORM,
        tallies=tuple(
            Tally(what="清单", key=key, count=len(rows), complete=complete)
            for key, rows in ((FactKey.ADVISORS_HEADCOUNT, sectors), (FactKey.PROJECTS_RESERVED, kinds))
            if rows
        ),
        passages=tuple(Passage(topic=topic, evidence=at(quote=words)) for topic, words in item.get("passages", {}).items()),
    )
    rosters = Rosters(
        advisors=tuple(Person(name=f"专家{number}", sector=sector) for number, sector in enumerate(sectors)),
        projects=tuple(Project(name=kind, done=PROJECTS[kind][0], result=PROJECTS[kind][1]) for kind in kinds),
    )
    return case(
        *(one for one in facts if not one.derived),
        derived=tuple(one for one in facts if one.derived),
        readings=(reading,),
        rosters=rosters,
    ).model_copy(update={"as_of": data["as_of"]})


def _facts(key: str, value: Any) -> list[Fact]:
    several = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
    found = []
    for number, one in enumerate(several):
        more = dict(one) if isinstance(one, dict) else {"value": one[0] if isinstance(one, list) else one}
        plain = more.pop("value")
        if isinstance(plain, list):
            plain = tuple(plain)
        elif FACTS[FactKey(key)][0] is not None:
            plain = str(plain)
        status = FactStatus(more.pop("status", "accepted"))
        found.append(fact(key, plain, id=f"{key}#{number}", status=status, error=str(more.pop("error", 0)), **more))
    return found


def check_of(line: Line) -> tuple[Check, tuple[Finding, ...]]:
    """The one clause a line is about, evaluated alone."""
    policy: Policy = policies.load(line.policy)
    clause = policy.clause(line.clause)
    assert clause is not None, line.clause
    alone = policy.model_copy(update={"clauses": (clause,)})
    checks = clauses.evaluate(alone, line.case)
    return checks[0], clauses.findings(alone, line.case, checks)
