"""Attachments, dates, names, amounts and rows twice: what is told, and what only looks like it."""

from datetime import date
from decimal import Decimal

import pytest

from schemas.facts import DocumentPart, Equipment, Person, Project, Reading, Rosters
from schemas.papers import Amounts, Day, Deal, Mention, Moment, Paper, Party, Side
from schemas.vocabulary import Role, Severity
from tests.validators.build import FORM, at, case, entry, fact, policy
from validators import attachments, consistency_amounts, consistency_dates, duplicates, expiry, leftovers, windows
from validators.consistency_stated import conflicts

LEASE = "d5"
US, THEM = "昆明甲乙科技有限公司", "云南丙丁光电有限公司"
FILES = (entry(FORM, "申报书.pdf", Role.FORM), entry(LEASE, "租赁合同.pdf", Role.LEASE))
YEARLY = policy(
    {
        "name": "revenue.service", "title": "收入", "article": "二", "quote": "近2年已开展服务，上年度收入不少于50万元",
        "requirement": {"kind": "compare", "key": "revenue.service", "comparator": ">=", "threshold": "50", "unit": "万元", "period": "previous_year"},
    }
)  # fmt: skip


def day(moment: str, first: str | None, last: str | None = None, **more) -> Day:
    a = date.fromisoformat(first) if first else None
    b = date.fromisoformat(last) if last else a
    return Day(
        moment=Moment(moment),
        first=a,
        last=b,
        as_stated=first or "长期",
        endless=first is None,
        evidence=(at(LEASE, 1, first or "长期"),),
        **more,
    )


def party(part: str, name: str, side: str = "own", **more) -> Party:
    return Party(part=part, side=Side(side), name=name, evidence=(at(LEASE, 1, name),), **more)


def paper(*days: Day, role: Role = Role.LEASE, parties: tuple[Party, ...] = (), **more) -> Paper:
    return Paper(role=role, days=days, parties=parties, **more)


def held(*papers: Paper, kin: tuple[Party, ...] = (), facts=(), section: Role | None = None, **more):
    sections = (DocumentPart(role=section or papers[0].role),) if papers else ()
    readings = (Reading(document=FORM, kin=kin), Reading(document=LEASE, papers=papers, sections=sections, **more))
    return case(fact("applicant.name", US), *facts, documents=FILES, readings=readings)


def told(findings) -> list[str]:
    return [finding.message for finding in findings]


# --- expiry


def test_a_lease_that_ran_out_is_told_with_both_days():
    (finding,) = expiry.expired(held(paper(day("start", "2023-03-01"), day("end", "2026-02-28"))), policy())
    assert (
        finding.message
        == "《租赁合同.pdf》第1页（场地证明（租赁合同））写明的租赁（使用）期限至2026年2月28日（原文“2026-02-28”），早于审查日2026年4月15日。"
    )


@pytest.mark.parametrize(
    "papers",
    [
        (paper(day("end", "2026-04-15")),),
        (paper(day("end", "2026-04-01", "2026-04-30")),),
        (paper(day("end", None)),),
        (paper(day("end", "2025-12-31"), day("end", "2027-12-31")),),
        (paper(day("end", "2025-12-31")), paper(day("end", "2027-12-31"))),
        (paper(day("end", "2025-12-31")), paper(role=Role.CONTRACT, subject="续签")),
        (paper(day("end", "2025-12-31"), role=Role.CONTRACT),),
        (paper(day("end", "2025-12-31", doubts=("扫描识别把握不足",))),),
        (paper(day("start", "2027-01-01")),),
        (
            paper(day("until", "2024-12-31"), role=Role.CERTIFICATE, parties=(party("受聘人", "张三", person=True),)),
            paper(day("until", "2027-12-31"), role=Role.CERTIFICATE, parties=(party("受聘人", "张三", person=True),)),
        ),
    ],
)  # fmt: skip
def test_what_has_not_run_out(papers):
    assert told(expiry.expired(held(*papers), policy())) == []


def test_anothers_newer_certificate_renews_nothing():
    papers = (
        paper(day("until", "2024-12-31"), role=Role.CERTIFICATE, parties=(party("受聘人", "张三", person=True),)),
        paper(day("until", "2027-12-31"), role=Role.CERTIFICATE, parties=(party("受聘人", "李四", person=True),)),
    )
    assert len(told(expiry.expired(held(*papers), policy()))) == 1


# --- dates


def row(kind: str, *days: Day, **more) -> Deal:
    return Deal(kind=kind, name="质谱仪", days=days, evidence=(at(LEASE, 2),), **more)


@pytest.mark.parametrize(
    "reading",
    [
        {"deals": (row("equipment", day("bought", "2026-05-01", "2026-05-31")),)},
        {"deals": (row("contract", day("signed", "2026-05-02"), year="2026"),)},
        {"deals": (row("project", day("done", "2027-01-01", "2027-01-31")),)},
        {"papers": (paper(day("start", "2026-03-01"), day("end", "2023-02-28")),)},
        {"papers": (paper(day("signed", "2026-06-01")),)},
        {"papers": (paper(day("covers", "2026-12-31"), role=Role.AUDIT),)},
        {"papers": (paper(day("covers", "2025-12-31"), day("issued", "2025-11-30"), role=Role.AUDIT),)},
        {"papers": (paper(day("filed", "2024-05-01"), day("issued", "2023-05-01"), role=Role.PATENT),)},
        {"deals": (row("project", day("start", "2025-11-01", "2025-11-30"), day("done", "2025-02-01", "2025-02-28")),)},
    ],
)
def test_dates_that_cannot_be(reading):
    (finding,) = consistency_dates.impossible(case(documents=FILES, readings=(Reading(document=LEASE, **reading),)), policy())
    assert (finding.code, finding.severity) == ("DATE_IMPOSSIBLE", Severity.MEDIUM)


@pytest.mark.parametrize(
    "reading",
    [
        {"deals": (row("equipment", day("bought", "2026-05-01"), held=False),)},
        {"deals": (row("equipment", day("bought", "2026-04-01", "2026-04-30")),)},
        {"deals": (row("project", day("done", "2027-01-01"), held=False),)},
        {"deals": (row("project", day("start", "2026-06-01")),)},
        {"papers": (paper(day("start", "2026-09-01"), day("end", "2029-08-31")),)},
        {"papers": (paper(day("until", "2030-01-01"), role=Role.CERTIFICATE),)},
        {"papers": (paper(day("start", "2023-03-01"), day("end", None)),)},
        {
            "papers": (
                paper(day("start", "2024-01-01"), day("end", "2024-12-31"), day("start", "2023-01-01"), day("end", "2023-12-31")),
            )
        },
        {"papers": (paper(day("signed", "2026-04-15"), role=Role.COMMITMENT),)},
        {"papers": (paper(day("signed", "2026-06-01", doubts=("扫描识别把握不足",))),)},
        {"papers": (paper(day("covers", "2025-12-31"), day("issued", "2026-02-15"), role=Role.AUDIT),)},
    ],
)
def test_dates_that_can_be(reading):
    assert (
        told(consistency_dates.impossible(case(documents=FILES, readings=(Reading(document=LEASE, **reading),)), policy())) == []
    )


FOUNDED = paper(day("founded", "2021-07-13"), role=Role.LICENCE, parties=(party("名称", US),))


@pytest.mark.parametrize(("signed", "count"), [("2020-01-01", 1), ("2021-05-01", 1), ("2021-06-30", 0), ("2021-08-01", 0)])
def test_a_contract_older_than_the_applicant(signed, count):
    contract = paper(
        day("signed", signed), role=Role.CONTRACT, parties=(party("甲方", THEM, "either"), party("乙方", US, "either"))
    )
    assert len(told(consistency_dates.impossible(held(FOUNDED, contract), policy()))) == count


def test_another_bodys_founding_bounds_nothing():
    theirs = FOUNDED.model_copy(update={"parties": (party("名称", THEM),)})
    contract = paper(day("signed", "2020-01-01"), role=Role.CONTRACT, parties=(party("甲方", US, "either"),))
    assert told(consistency_dates.impossible(held(theirs, contract), policy())) == []


def test_a_form_filled_in_after_the_day_of_the_screening():
    (message,) = told(consistency_dates.impossible(case(fact("application.date", date(2026, 5, 1))), policy()))
    assert message == "《申报书.pdf》第3页的填报日期为2026年5月1日，晚于审查日2026年4月15日。"


# --- windows


@pytest.mark.parametrize(
    ("deal", "count"),
    [
        (row("contract", day("signed", "2022-03-01"), day("received", "2022-04-01"), year="2025"), 1),
        (row("contract", day("signed", "2024-11-01"), day("received", "2025-01-10"), year="2025"), 0),
        (row("contract", day("signed", "2024-11-01"), year="2025"), 0),
        (row("contract", day("signed", "2022-11-01"), year="2022"), 0),
        (row("contract", day("signed", "2022-11-01")), 0),
        (row("contract", day("received", "2024-05-01"), year="2024-2025"), 0),
    ],
)
def test_rows_outside_the_year_of_their_list(deal, count):
    assert len(told(windows.outside(held(deals=(deal,)), YEARLY))) == count


@pytest.mark.parametrize(
    ("years", "count"), [(("2023",), 1), (("2023", "2025"), 0), (("2025",), 0), (("2026",), 0)],
)  # fmt: skip
def test_an_audit_report_of_an_older_year(years, count):
    papers = tuple(paper(day("covers", f"{year}-12-31"), role=Role.AUDIT) for year in years)
    found = told(windows.outside(held(*papers), YEARLY))
    assert (len(found), told(windows.outside(held(*papers), policy()))) == (count, [])


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ((day("signed", "2021-03-01"),), 1),
        ((day("signed", "2021-03-01"), day("end", "2026-03-01")), 0),
        ((day("signed", "2024-01-01"),), 0),
    ],
)
def test_a_contract_from_before_the_years_asked_for(days, count):
    contract = paper(*days, role=Role.CONTRACT)
    assert len(told(windows.outside(held(contract, section=Role.REVENUE), YEARLY))) == count
    assert told(windows.outside(held(contract, section=Role.CONTRACT), YEARLY)) == []


def test_an_old_contract_for_the_centres_own_service_wherever_it_lies():
    old = paper(day("signed", "2021-03-01"), role=Role.CONTRACT, title="技术服务协议(概念验证服务)")
    new = paper(day("signed", "2025-03-01"), role=Role.CONTRACT, title="概念验证服务合同")
    other = paper(day("signed", "2021-03-01"), role=Role.CONTRACT, title="物业服务合同")
    found = [len(told(windows.outside(held(*some, section=Role.CONTRACT), YEARLY))) for some in ((old,), (old, new), (other,))]
    assert found == [1, 0, 0]
    named = held(old, new, section=Role.CONTRACT)
    named = named.model_copy(update={"documents": (FILES[0], entry(LEASE, "服务合同（近2年）.pdf", Role.CONTRACT))})
    assert len(told(windows.outside(named, YEARLY))) == 1


# --- names


def test_a_lease_of_somebody_elses_is_told_with_both_names():
    (finding,) = attachments.owners(
        held(paper(parties=(party("出租方", "某资产公司", "other"), party("承租方", THEM)))), policy()
    )
    assert finding.message == f"《租赁合同.pdf》第1页（租赁合同）写明承租方为“{THEM}”，《申报书.pdf》第3页的申报单位为“{US}”。"
    assert {place.document for place in finding.evidence} == {FORM, LEASE}


@pytest.mark.parametrize(
    ("one", "more"),
    [
        (paper(parties=(party("承租方", "昆明甲乙科技有限责任公司"),)), {}),
        (paper(parties=(party("承租方", "昆明（甲乙）科技有限公司"),)), {}),
        (paper(parties=(party("承租方", US + "嵩明分公司"),)), {}),
        (paper(parties=(party("承租方", "昆明甲丙科技有限公司"),)), {}),
        (paper(parties=(party("承租方", "昆明旧名机械厂"),)), {"kin": (party("原名", "昆明旧名机械厂", "other"),)}),
        (paper(parties=(party("承租方", THEM, former=(US,)),)), {}),
        (paper(parties=(party("承租方", "云南某大学"),)), {"kin": (party("共建单位", "云南某大学", "other"),)}),
        (paper(parties=(party("承租方", THEM), party("承租方", US))), {}),
        (paper(role=Role.CONTRACT, parties=(party("甲方", THEM, "either"), party("乙方", US, "either"))), {}),
        (paper(role=Role.CERTIFICATE, parties=(party("受聘人", "张三", person=True), party("单位名称", THEM))), {}),
        (paper(role=Role.PATENT, parties=(party("专利权人", "云南某大学"), party("专利权人", US))), {}),
        (paper(role=Role.CONTRACT, parties=(party("甲方", THEM, "either"), party("乙方", "曲靖戊己有限公司", "either"))), {}),
    ],
)
def test_names_that_are_no_matter(one, more):
    assert told(attachments.owners(held(one, **more), policy())) == []


def test_a_partners_licence_beside_the_applicants_own():
    licences = tuple(paper(role=Role.LICENCE, parties=(party("名称", name),)) for name in (US, THEM))
    assert told(attachments.owners(held(*licences), policy())) == []
    assert len(told(attachments.owners(held(licences[1]), policy()))) == 1


@pytest.mark.parametrize(
    "one",
    [
        paper(role=Role.COMMITMENT, parties=(party("承诺单位", THEM),)),
        paper(role=Role.AUDIT, parties=(party("被审计单位", THEM),)),
        paper(role=Role.PATENT, parties=(party("专利权人", THEM),)),
        paper(role=Role.INVOICE, parties=(party("名称", THEM, "either"), party("名称", "曲靖戊己有限公司", "either"))),
        paper(role=Role.CERTIFICATE, parties=(party("获证单位", THEM),)),
        paper(role=Role.OTHER, parties=(party("被保险人", THEM),)),
        paper(role=Role.CERTIFICATE, parties=(party("被保险单位", THEM),)),
        paper(role=Role.EQUIPMENT_LIST, parties=(party("编制单位", THEM),)),
    ],
)
def test_other_papers_of_somebody_else(one):
    assert len(told(attachments.owners(held(one), policy()))) == 1


def test_a_contract_among_the_proofs_of_income_without_the_applicant():
    contract = paper(role=Role.CONTRACT, parties=(party("委托方", THEM, "either"), party("受托方", "曲靖戊己有限公司", "either")))
    assert len(told(attachments.owners(held(contract, section=Role.REVENUE), policy()))) == 1


def test_a_contract_for_the_centres_own_service_without_the_applicant():
    sides = (party("甲方", THEM, "either"), party("乙方", "曲靖戊己有限公司", "either"))
    ours, another = (
        paper(role=Role.CONTRACT, title=title, parties=sides) for title in ("技术服务协议(概念验证服务)", "技术服务协议")
    )
    assert [len(told(attachments.owners(held(one, section=Role.CONTRACT), policy()))) for one in (ours, another)] == [1, 0]


def test_money_for_the_applicants_service_that_goes_to_another():
    sides = (party("委托方", THEM, "either"), party("受托方", US, "either"))
    contract = paper(role=Role.CONTRACT, parties=(*sides, party("户名", "曲靖戊己有限公司", "either")))
    fine = paper(role=Role.CONTRACT, parties=(*sides, party("户名", US, "either")))
    assert [len(told(attachments.owners(held(one, section=Role.REVENUE), policy()))) for one in (contract, fine)] == [1, 0]


def test_an_open_applicant_accuses_nobody():
    two = case(
        fact("applicant.name", US),
        fact("applicant.name", THEM),
        documents=FILES,
        readings=(Reading(document=LEASE, papers=(paper(parties=(party("承租方", "某某有限公司"),)),)),),
    )
    assert told(attachments.owners(two, policy())) == []


def test_somebody_elses_licence_is_no_second_contradiction():
    licence = entry("d6", "执照.jpg", Role.LICENCE)
    theirs = Party(part="名称", side=Side.OWN, name=THEM, evidence=(at("d6", 1, THEM),))
    one = case(
        fact("applicant.name", US), fact("applicant.name", THEM, at("d6", 1, THEM)), documents=(*FILES, licence),
        readings=(Reading(document="d6", papers=(paper(role=Role.LICENCE, parties=(theirs,)),)),),
    )  # fmt: skip
    assert (told(conflicts(one, policy())), len(told(attachments.owners(one, policy())))) == ([], 1)


# --- amounts and rows twice


@pytest.mark.parametrize(
    ("figures", "unsure", "count"), [("210000", (), 1), ("200000", (), 0), ("210000", ("扫描识别把握不足",), 0)]
)
def test_an_amount_in_words_beside_another_in_figures(figures, unsure, count):
    pair = Amounts(
        words=Decimal(200000),
        figures=Decimal(figures),
        words_stated="贰拾万元整",
        figures_stated="¥" + figures,
        unsure=unsure,
        evidence=(at(), at(page=4)),
    )
    one = case(amounts=(pair,))
    assert (len(told(consistency_amounts.words(one, policy()))), len(list(consistency_amounts.leads(one)))) == (
        count,
        int(bool(unsure)),
    )


def person(name: str, born: str | None = None, page: int = 1, **more) -> Person:
    return Person(name=name, born=born, evidence=(at(page=page, quote=name),), **more)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ((person("张三", "1980-01"), person("张三", "1980年1月", 2)), 1),
        ((person("张三", keys=("k",)), person("张 三", None, 2, keys=("k",))), 1),
        ((person("张三", "1980-01"), person("张三", "1981-01", 2)), 0),
        ((person("张三", "1980"), person("张三", "1980", 2)), 0),
        ((person("张三", keys=("k",)), person("李四", None, 2, keys=("k",))), 0),
        ((person("张三", "1980-01", id_number="530191**1"), person("张三", "1980-01", 2, id_number="530191**2")), 0),
        (tuple(person(name, "1980-01", table=table) for table in (1, 2) for name in ("张三", "李四", "王五")), 0),
    ],
)
def test_one_person_twice_in_a_list(rows, count):
    assert len(told(duplicates.people(case(rosters=Rosters(team=rows)), policy()))) == count


def test_one_person_in_the_team_and_among_the_advisers_is_no_matter():
    rosters = Rosters(team=(person("张三", "1980-01"),), advisors=(person("张三", "1980-01", 2),))
    assert told(duplicates.people(case(rosters=rosters), policy())) == []


def item(serial: str | None, page: int = 1, **more) -> Equipment:
    return Equipment(name="质谱仪", serial=serial, evidence=(at(page=page, quote="质谱仪"),), **more)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ((item("MS-2024-001"), item("ms2024001", 2)), 1),
        ((item(None), item(None, 2)), 0),
        ((item("无"), item("无", 2)), 0),
        ((item("MS2024001"), item("MS2024002", 2)), 0),
        ((item("MS2024001"), item("MS2024001", 2, owned=False)), 0),
        (tuple(item(serial, table, table=table) for table in (1, 2) for serial in ("MS2024001", "MS2024002")), 0),
    ],
)
def test_one_serial_twice_in_a_list(rows, count):
    assert len(told(duplicates.assets(case(rosters=Rosters(equipment=rows)), policy()))) == count


def test_a_patent_of_whom_a_project_comes_from():
    patent = paper(role=Role.PATENT, parties=(party("专利权人", THEM),))
    one = held(patent).model_copy(update={"rosters": Rosters(projects=(Project(name="某项目", source=THEM),))})
    assert told(attachments.owners(one, policy())) == []


def test_insurance_runs_out():
    insured = paper(day("end", "2025-12-31"), role=Role.OTHER, parties=(party("被保险人", US),))
    assert len(told(expiry.expired(held(insured), policy()))) == 1


CREDIT = policy(
    {
        "name": "credit", "title": "信用", "article": "五", "quote": "近三年无失信",
        "requirement": {"kind": "declared", "key": "credit.clean", "window": {"years": 3}},
    }
)  # fmt: skip


@pytest.mark.parametrize(("until", "count"), [("2021-12-31", 1), ("2026-03-01", 0), ("2025-06-30", 0)])
def test_how_far_a_credit_report_reaches(until, count):
    report = paper(day("covers", until), role=Role.CREDIT_REPORT)
    assert len(told(windows.outside(held(report), CREDIT))) == count
    assert told(expiry.expired(held(report), CREDIT)) == []


# --- left-overs, and terms that turn


@pytest.mark.parametrize(
    ("kind", "name", "count"), [("city", "成都市", 1), ("city", "某市", 0), ("self", THEM, 1), ("self", US, 0)]
)
def test_names_left_from_another_application_are_leads(kind, name, count):
    mention = Mention(kind=kind, name=name, evidence=(at(),))
    one = case(fact("applicant.name", US), documents=FILES, mentions=(mention,))
    assert len(list(leftovers.leads(one, policy()))) == count


def test_a_term_that_ends_before_it_starts_has_not_run_out():
    turned = held(paper(day("start", "2026-03-01"), day("end", "2023-02-28")))
    assert (told(expiry.expired(turned, policy())), len(told(consistency_dates.impossible(turned, policy())))) == ([], 1)


def test_rows_without_a_year_older_than_the_window():
    old = (row("contract", day("signed", "2021-11-01"), day("received", "2022-01-01")),)
    assert [len(told(windows.outside(held(deals=old), one))) for one in (YEARLY, policy())] == [1, 0]
