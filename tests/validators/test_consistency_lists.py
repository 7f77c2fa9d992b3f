from decimal import Decimal

import pytest

from schemas.facts import Equipment, Person, Product, Project, Rosters, Tally
from schemas.vocabulary import DocumentStatus, FindingCode, Outcome, Role
from tests.validators.build import DOCUMENTS, FORM, LIST, PLAN, at, case, codes, entry, fact, only, policy
from validators.consistency_lists import counts, half_unit, leads, printed_error, products, sums, years


def money(stated: str | None, rows: str, *, key: str = "equipment.value", error: str = "0", count: int = 9, **more) -> Tally:
    places = (at(LIST, 4, str(stated)),) if stated else ()
    return Tally(
        what="仪器设备清单", key=key, unit="万元", stated=stated, stated_evidence=places, sum=Decimal(rows), count=count,
        error=Decimal(error), evidence=more.pop("evidence", (at(LIST, 1),)), **more,
    )  # fmt: skip


def people(count: int, key: str = "team.headcount", **more) -> Tally:
    return Tally(what="团队名单", key=key, unit="人", count=count, evidence=more.pop("evidence", (at(LIST, 1),)), **more)


def look(check, *facts, **more):
    return list(check(case(*facts, **more), policy()))


def test_a_printed_total_against_its_rows() -> None:
    found = only(look(sums, tallies=(money("983.59", "970.94"),)), FindingCode.SUM_MISMATCH)
    assert found.message == "仪器设备清单：《设备清单.xlsx》第4页写明合计983.59万元，逐行相加为970.94万元，相差12.65万元。"


def test_the_statement_that_repeats_the_total_is_named_with_it() -> None:
    found = only(look(sums, fact("equipment.value", "983.59"), tallies=(money("983.59", "970.94"),)), FindingCode.SUM_MISMATCH)
    assert found.facts == ("equipment.value=983.59",)


@pytest.mark.parametrize(
    "tally",
    [
        money("983.59", "983.59"),
        money("983.59", "983.594"),
        money("983.59", "983.2", error="0.57"),
        money("984", "983.59"),
        money("983.59", "970.94", complete=False),
        money("983.59", "970.94", doubts=("单位未写明",)),
    ],
)
def test_look_alike_totals(tally) -> None:
    assert look(sums, fact("equipment.value", "983.59"), tallies=(tally,)) == []


def test_a_total_in_another_unit_than_its_rows() -> None:
    only(look(sums, tallies=(money("500.25", "5002500"),)), FindingCode.UNIT_SUSPECT)


def test_a_form_against_a_list_without_total() -> None:
    found = only(look(sums, fact("equipment.value", "983.59"), tallies=(money(None, "970.94"),)), FindingCode.SUM_MISMATCH)
    assert "《申报书.pdf》第3页为983.59万元" in found.message
    assert "逐行相加为970.94万元，相差12.65万元。" in found.message


@pytest.mark.parametrize("stated", ["970.94", "970.9"])
def test_a_form_within_rounding_of_the_list(stated) -> None:
    assert look(sums, fact("equipment.value", stated, error="0.05"), tallies=(money(None, "970.94"),)) == []


def test_where_one_statement_agrees_with_the_list_the_others_are_no_matter_of_the_list() -> None:
    said = (fact("equipment.value", "970.94"), fact("equipment.value", "983.59", at(PLAN)))
    assert look(sums, *said, tallies=(money(None, "970.94"),)) == []


def test_two_lists_may_be_parts_of_one_figure() -> None:
    lists = (money(None, "600"), money(None, "370.94", evidence=(at(LIST, 7),)))
    assert look(sums, fact("equipment.value", "970.94"), tallies=lists) == []


def test_a_figure_may_leave_out_the_software() -> None:
    rows = (Equipment(name="电镜", value=Decimal(900)), Equipment(name="仿真软件", value=Decimal(70)))
    said = fact("equipment.value", 900)
    assert look(sums, said, tallies=(money(None, "970"),), rosters=Rosters(equipment=rows)) == []
    assert codes(look(sums, said, tallies=(money(None, "970"),))) == ["SUM_MISMATCH"]


def test_a_list_that_may_go_on_unread_proves_nothing() -> None:
    scan = entry("d9", "设备清单二.jpg", status=DocumentStatus.UNREADABLE, outcome=Outcome.UNSUPPORTED)
    part = (*DOCUMENTS[:2], entry(LIST, "设备清单.pdf", Role.EQUIPMENT_LIST, status=DocumentStatus.PARTLY_READ))
    for documents in ((*DOCUMENTS, scan), part):
        assert look(sums, fact("equipment.value", "983.59"), tallies=(money(None, "970.94"),), documents=documents) == []


def test_a_count_against_its_roster() -> None:
    found = only(look(counts, fact("team.headcount", 12), tallies=(people(10),)), FindingCode.COUNT_MISMATCH)
    assert (
        found.message == "运营服务团队人数：《申报书.pdf》第3页为12人；《设备清单.xlsx》第1页团队名单逐行计数为10人，两者不一致。"
    )
    assert {place.document for place in found.evidence} == {FORM, LIST}


def test_more_in_the_roster_than_stated_counts_too() -> None:
    assert codes(look(counts, fact("projects.reserved", 9), tallies=(people(10, "projects.reserved"),))) == ["COUNT_MISMATCH"]


@pytest.mark.parametrize(
    ("said", "tally"),
    [
        (fact("team.headcount", 10), people(10)),
        (fact("team.headcount", 10, raw="10余人"), people(12)),
        (fact("team.headcount", 10, raw="不少于10人"), people(12)),
        (fact("team.headcount", 12), people(10, complete=False)),
        (fact("team.headcount", 12), people(10, doubts=("表格跨页",))),
        (fact("team.headcount", 12), people(10, "advisors.headcount")),
        (fact("team.headcount", 12, period="2024"), people(10)),
        (fact("team.headcount", 12, period="total"), people(12)),
        (fact("equipment.value", 12), people(10, "equipment.value")),
    ],
)
def test_look_alike_counts(said, tally) -> None:
    assert look(counts, said, tallies=(tally,)) == []


def test_two_rosters_may_be_parts_of_one_team() -> None:
    lists = (people(8), people(4, evidence=(at(LIST, 6),)))
    assert look(counts, fact("team.headcount", 12), tallies=lists) == []
    assert codes(look(counts, fact("team.headcount", 13), tallies=lists)) == ["COUNT_MISMATCH"]


def test_somebody_listed_twice_is_another_matter() -> None:
    team = tuple(Person(name=name) for name in ("甲", "乙", "乙"))
    assert look(counts, fact("team.headcount", 2), tallies=(people(3),), rosters=Rosters(team=team)) == []


def test_a_team_may_be_told_by_its_full_time_members_and_a_reserve_without_what_is_done() -> None:
    team = tuple(Person(name=n, employment=e) for n, e in (("甲", "专职"), ("乙", "专职"), ("丙", "兼职")))
    held = tuple(Project(name=n, done=n == "甲") for n in "甲乙丙")
    rosters = Rosters(team=team, projects=held)
    tallies = (people(3), people(3, "projects.reserved"))
    assert look(counts, fact("team.headcount", 2), fact("projects.reserved", 2), tallies=tallies, rosters=rosters) == []
    assert codes(look(counts, fact("team.headcount", 1), tallies=tallies[:1], rosters=rosters)) == ["COUNT_MISMATCH"]


def row(price: str, amount: str, line: int = 2) -> Product:
    return Product(
        what="激光器", quantity=Decimal(2), unit_price=Decimal(price), amount=Decimal(amount), error=Decimal("0.01"),
        evidence=(at(LIST, line),),
    )  # fmt: skip


def test_rows_whose_product_is_not_their_amount() -> None:
    found = only(look(products, products=(row("15", "15"), row("3", "7", 5), row("3", "6"))), FindingCode.SUM_MISMATCH)
    assert found.message == (
        "《设备清单.xlsx》共2行数量×单价与金额不相等：第2页“激光器”数量2×单价15万元，金额写为15万元；"
        "第5页“激光器”数量2×单价3万元，金额写为7万元。"
    )


def test_one_row_off_by_a_power_of_ten() -> None:
    listed = money(None, "900", count=40)
    only(look(products, products=(row("15", "300"),), tallies=(listed,)), FindingCode.UNIT_SUSPECT)


def test_all_rows_off_by_a_power_of_ten_is_a_matter_of_the_columns() -> None:
    wrong = case(products=(row("15", "300000"), row("3", "60000", 3)), tallies=(money(None, "900", count=2),))
    assert list(products(wrong, policy())) == []
    assert [lead.code for lead in leads(wrong)] == ["UNIT_SUSPECT"]


def revenue(value: str, period: str | None, **more):
    return fact("revenue.service", value, period=period, **more)


def test_years_against_their_total() -> None:
    said = (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("109.63", "2024-2025"))
    found = only(look(years, *said), FindingCode.SUM_MISMATCH)
    assert "2024年39.61万元、2025年60.02万元，各年相加为99.63万元，相差10万元。" in found.message


@pytest.mark.parametrize(
    "said",
    [
        (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("99.63", "2024-2025")),
        (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("99.6", "2024-2025")),
        (revenue("39.61", "2024"), revenue("109.63", "2024-2025")),
        (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("300", "total")),
        (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("300", "2025-01..2025-09")),
        (revenue("39.61", "2024"), revenue("60.02", "2025"), revenue("100", "2024-2025", raw="约100万元")),
    ],
)
def test_look_alike_years(said) -> None:
    assert look(years, *said) == []


@pytest.mark.parametrize(("value", "half"), [("983.59", "0.005"), ("984", "0.5"), ("2.5E+3", "0.5")])
def test_half_unit(value, half) -> None:
    assert half_unit(Decimal(value)) == Decimal(half)


def test_a_total_is_as_exact_as_it_is_printed() -> None:
    assert printed_error(Decimal(500), (at(LIST, 1, "合计 5,000,000.00"),)) == Decimal("0.0000005")
    assert printed_error(Decimal(500), (at(LIST, 1, "伍佰万元整"),)) == Decimal("0.5")


@pytest.mark.parametrize(("stated", "told"), [("500", []), ("300", [FindingCode.SUM_MISMATCH])])
def test_a_list_of_the_main_items_may_fall_short_of_the_figure_and_not_exceed_it(stated, told) -> None:
    found = look(sums, fact("equipment.value", stated), tallies=(money(None, "420", partial=True),))
    assert codes(found) == told


@pytest.mark.parametrize(("stated", "told"), [("12", []), ("7", [FindingCode.COUNT_MISMATCH])])
def test_a_roster_of_the_core_may_fall_short_of_the_team_and_not_exceed_it(stated, told) -> None:
    found = look(counts, fact("team.headcount", stated), tallies=(people(9, partial=True),))
    assert codes(found) == told
