"""``cases.yaml`` read into cases: what a line of it says, as the values a policy's clauses are tried on."""

from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

import policies
from schemas.case import Case
from schemas.facts import Equipment, Fact, Passage, Person, Project, Reading, Rosters, Tally
from schemas.policy import Policy
from schemas.report import Check, DocumentEntry, Finding
from schemas.vocabulary import FACTS, FactKey, FactStatus, Role
from tests.validators.build import FORM, at, case, entry, fact
from validators import clauses

SHIPPED: Final = policies.available()
#: Other places' conditions, that show what the format carries; data alone, and never offered to a user.
MORE: Final = Path(__file__).parent / "more"
MORE_IDS: Final = tuple(sorted(path.parent.name for path in MORE.glob("*/policy.yaml")))

#: The short names cases.yaml gives to the rows of a project list.
PROJECTS = {
    "样机专利": (True, "形成工程样机，已申请发明专利"),
    "未申请": (True, "形成工程样机，尚未申请专利"),
    "小试": (True, "完成小试，取得检测报告"),
    "许可": (True, "实现技术许可"),
    "融资": (True, "获得股权融资300万元"),
    "企业": (True, "孵化科技型企业1家"),
    "在库": (False, None),
    "外观": (True, "取得外观设计专利"),
}


class Line(NamedTuple):
    """One case: ``verdict`` is what the clause must come to."""

    policy: str
    clause: str
    name: str
    case: Case
    verdict: str
    finding: str | None


def home(policy_id: str) -> Path:
    return (policies.HOME if policy_id in SHIPPED else MORE) / policy_id


@cache
def policy_of(policy_id: str) -> Policy:
    return policies.load_file(home(policy_id))


def read(policy_id: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((home(policy_id) / "cases.yaml").read_text(encoding="utf-8"))
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
    equipment = item.get("equipment", [])
    team = [employment for employment, count in item.get("team", base.get("team", {})).items() for _ in range(count)]
    complete = item.get("listed") != "partly"
    reading = Reading(
        document=FORM,
        tallies=tuple(
            Tally(what="清单", key=key, count=len(rows), complete=complete)
            for key, rows in (
                (FactKey.ADVISORS_HEADCOUNT, sectors),
                (FactKey.PROJECTS_RESERVED, kinds),
                (FactKey.TEAM_HEADCOUNT, team),
                (FactKey.EQUIPMENT_VALUE, equipment),
            )
            if rows
        ),
        passages=tuple(Passage(topic=topic, evidence=at(quote=words)) for topic, words in item.get("passages", {}).items()),
    )
    rosters = Rosters(
        equipment=tuple(_equipment(number, **row) for number, row in enumerate(equipment)),
        team=tuple(Person(name=f"人员{number}", employment=employment or None) for number, employment in enumerate(team)),
        advisors=tuple(Person(name=f"专家{number}", sector=sector) for number, sector in enumerate(sectors)),
        projects=tuple(Project(name=kind, done=PROJECTS[kind][0], result=PROJECTS[kind][1]) for kind in kinds),
    )
    papers = item.get("documents", base.get("documents"))
    readings = tuple(Reading(document=role, titles=(title,)) for role, title in papers.items()) if papers else ()
    more: dict[str, Any] = {"documents": tuple(_document(role, title) for role, title in papers.items())} if papers else {}
    return case(
        *(one for one in facts if not one.derived),
        derived=tuple(one for one in facts if one.derived),
        readings=(reading, *readings),
        rosters=rosters,
        **more,
    ).model_copy(update={"as_of": data["as_of"]})


def _equipment(number: int, *, purchased: str | None = None, **sizes: float | None) -> Equipment:
    return Equipment(
        name=f"设备{number}",
        purchased=purchased,
        **{name: None if size is None else Decimal(str(size)) for name, size in sizes.items()},
    )


def _document(role: str, title: str) -> DocumentEntry:
    return entry(role, f"{title}.pdf", Role(role))


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
        places = (at(quote=more.pop("said")),) if "said" in more else ()
        found.append(fact(key, plain, *places, id=f"{key}#{number}", status=status, error=str(more.pop("error", 0)), **more))
    return found


def check_of(line: Line) -> tuple[Check, tuple[Finding, ...]]:
    """The one clause a line is about, evaluated alone."""
    policy = policy_of(line.policy)
    clause = policy.clause(line.clause)
    assert clause is not None, line.clause
    alone = policy.model_copy(update={"clauses": (clause,)})
    checks = clauses.evaluate(alone, line.case)
    return checks[0], clauses.findings(alone, line.case, checks)
