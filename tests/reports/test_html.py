import re
from decimal import Decimal
from pathlib import Path

import pytest

from reports import html
from schemas.evidence import Evidence
from schemas.facts import Candidate
from schemas.picture import Excerpt, PageCrop
from schemas.report import Lead, Searched, dump, load
from schemas.vocabulary import (
    FINDINGS,
    RECOMMENDATION_NAMES,
    SEVERITY_NAMES,
    VERDICT_NAMES,
    Choice,
    DocumentStatus,
    FactStatus,
    FindingCode,
    Grade,
    Recommendation,
    Severity,
    Verdict,
)
from tests.reports import samples

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


def test_one_page_tells_the_clause_the_number_and_the_place() -> None:
    page = html.render(samples.report(), samples.picture)
    for words in (
        "昆明某某公司",
        "建议不予推荐",
        "固定场地面积不少于200平方米",
        "≥ 200 ㎡",
        "不符合",
        "196.2 ㎡",
        "《申报书.pdf》第3页",
    ):
        assert words in page
    assert '<a href="#c1">场地面积</a>' in page


def test_a_finding_shows_its_two_places_side_by_side() -> None:
    page = html.render(samples.report(facts=(), checks=()), samples.picture)
    article = page[page.index('<article id="k1"') : page.index("</article>")]
    assert article.count("<figure>") == 2
    assert '<rect x="30" y="20" width="50" height="20"/>' in article
    assert "<mark>15.50</mark>" in article


def test_nothing_of_the_package_becomes_markup() -> None:
    hostile = samples.report(
        submission=samples.report().submission.model_copy(update={"name": EVIL, "id": EVIL}),
        documents=(samples.document(file=EVIL, message=EVIL),),
        findings=(samples.finding(message=EVIL, advice=EVIL, others=(EVIL,)),),
        facts=(samples.fact(as_stated=EVIL, reason=EVIL, period=EVIL),),
        leads=(Lead(code="x", message=EVIL),),
    )
    page = html.render(hostile, lambda _: None)
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "49" not in re.findall(r"alert\(2\)&gt;(\S{2})", page)


def test_quotes_and_cells_are_escaped_too() -> None:
    evil = Excerpt(place=EVIL, paragraph=((EVIL, False), (EVIL, True)))
    page = html.render(samples.report(), lambda _: evil)
    quoted = samples.PLACE.model_copy(update={"quote": EVIL})
    page += html.render(samples.report(findings=(samples.finding(evidence=(quoted,)),)), samples.picture)
    assert page.count("<script") == 2
    assert "<img" not in page


def test_hidden_characters_are_shown_as_marks() -> None:
    page = html.render(samples.report(documents=(samples.document(file="报告\u202efdp.exe\u200b\x07.pdf"),)), lambda _: None)
    assert "报告⟨U+202E⟩fdp.exe⟨U+200B⟩⟨U+0007⟩.pdf" in page
    assert not re.search("[\u202e\u200b\x07]", page)


def test_the_policy_against_scripts_names_our_own_only() -> None:
    page = html.render(samples.report(), samples.picture)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_same_report_gives_the_same_page() -> None:
    assert html.render(samples.incomplete(), samples.picture) == html.render(samples.incomplete(), samples.picture)


def test_a_draft_says_so() -> None:
    page = html.render(samples.draft(), samples.picture)
    assert "模拟初审" in page
    assert "征求意见稿，仅供模拟。" in page
    assert "模拟初审" not in html.render(samples.report(), samples.picture)


def test_an_incomplete_report_names_what_was_not_read() -> None:
    page = html.render(samples.incomplete(), samples.picture)
    banner = page[page.index("初审不完整") : page.index("初审建议")]
    assert "《申报书.pdf》第7页" in banner
    assert "该页未读取，请人工查看" in banner
    assert "初审不完整" not in html.render(samples.report(), samples.picture)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_word_and_colour(verdict: Verdict) -> None:
    page = html.render(samples.report(checks=(samples.check(verdict=verdict),)), samples.picture)
    assert f'<span class="v v-{verdict}">{VERDICT_NAMES[verdict]}</span>' in page
    assert f".v-{verdict} {{" in (Path(html.__file__).parent / "templates/report.css").read_text()


@pytest.mark.parametrize("code", FindingCode)
def test_every_finding_has_its_words(code: FindingCode) -> None:
    page = html.render(samples.report(findings=(samples.finding(code=code),)), samples.picture)
    assert f"1. {FINDINGS[code][0]}<" in page
    assert FINDINGS[code][1] in page


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_its_word(severity: Severity) -> None:
    page = html.render(samples.report(findings=(samples.finding(severity=severity),)), samples.picture)
    assert f'<span class="s s-{severity}">{SEVERITY_NAMES[severity]}</span>' in page


@pytest.mark.parametrize("recommendation", Recommendation)
def test_every_recommendation_has_its_words(recommendation: Recommendation) -> None:
    page = html.render(samples.report(recommendation=recommendation), samples.picture)
    assert f"<strong>{RECOMMENDATION_NAMES[recommendation]}</strong>" in page


@pytest.mark.parametrize("status", DocumentStatus)
def test_every_document_status_is_told(status: DocumentStatus) -> None:
    page = html.render(samples.report(documents=(samples.document(status=status, message="文件加密"),)), lambda _: None)
    assert f'<span class="ds ds-{status}">' in page
    assert "文件加密" in page


def test_findings_come_by_severity() -> None:
    findings = (samples.finding(id="k1", severity=Severity.LOW, message="轻"), samples.finding(id="k2", message="重"))
    page = html.render(samples.report(findings=findings), samples.picture)
    assert page.index('<p class="message">重') < page.index('<p class="message">轻')


def test_doubtful_conflicting_and_derived_facts_look_it() -> None:
    facts = (samples.fact(), samples.fact(id="x2", status=FactStatus.NEEDS_REVIEW), samples.fact(id="x3", derived=True))
    page = html.render(samples.report(facts=facts), samples.picture)
    assert page.count("写法不一") == 2
    assert page.count('<span class="tag">推算</span>') == 1
    assert '<a href="#f2">场地面积</a>' in page[page.index("须核对的数据") :]


def test_a_place_without_a_picture_says_so() -> None:
    assert "此处无法制图，请对照原件。" in html.render(samples.report(), lambda _: None)
    whole = samples.finding(evidence=(Evidence(document="d1", quote=""),))
    assert "指整份文件，没有具体位置。" in html.render(samples.report(findings=(whole,)), samples.picture)


def test_one_strip_stands_in_the_page_once() -> None:
    others = tuple(samples.PLACE.model_copy(update={"quote": str(n)}) for n in range(3))
    page = html.render(samples.report(findings=(samples.finding(evidence=others),)), samples.picture)
    assert page.count("<image ") == 1
    assert page.count('<use href="#img1"/>') >= 3


def test_pictures_stay_within_the_budget() -> None:
    def heavy(evidence: Evidence) -> PageCrop:
        data = (evidence.page or 0).to_bytes(4, "big") * 25_000
        return PageCrop(data=data, media="image/png", width=9, height=9, boxes=(), page=1, pages=1)

    findings = tuple(samples.finding(id=str(n), evidence=(Evidence(document="d1", page=n, quote="x"),)) for n in range(200))
    page = html.render(samples.report(findings=findings), heavy)
    assert 2_500_000 < len(page.encode()) < 3_200_000
    assert "为控制文件大小，此处未附图" in page


def test_many_places_are_named_without_pictures() -> None:
    places = tuple(Evidence(document="d1", page=n, quote="x") for n in range(1, 31))
    page = html.render(samples.report(findings=(samples.finding(evidence=places),), checks=(), facts=()), samples.picture)
    article = page[page.index('<article id="k1"') : page.index("</article>")]
    assert article.count("<figure>") == 4
    assert "另见：《申报书.pdf》第5页、第6页" in article
    assert "等26处" in article


def test_an_empty_report_says_so_everywhere() -> None:
    page = html.render(samples.report(documents=(), facts=(), checks=(), findings=()), samples.picture)
    for words in ("没有核对条款。", "程序没有发现需要核实的问题。", "没有读到关键数据。", "申报包里没有文件。", "没有线索。"):
        assert words in page


def test_what_the_program_did_not_check_is_named() -> None:
    checks = (samples.check(verdict=Verdict.JUDGEMENT, title="管理制度", facts=()),)
    page = html.render(samples.report(checks=checks), samples.picture)
    limits = page[page.index('id="limits"') :]
    assert "程序不联网，均未查询" in limits
    assert '<a href="#c1">管理制度</a>（须人工判断）' in limits
    assert "530191***********1" in page


def test_the_choice_among_places_and_the_proof_stand_under_the_fact() -> None:
    planned = Candidate(
        value=Decimal(320),
        as_stated="320",
        evidence=samples.PLACE,
        choice=Choice.PLANNED,
        reason="未采用：计划或目标数，不是现有数",
    )
    why = "采用：栏目写明；未采用1处：计划或目标数1处"
    told = samples.fact(candidates=(planned,), why=why, grade=Grade.CONTRACT, proof=(samples.PLACE,))
    page = html.render(samples.report(facts=(told,)), samples.picture)
    assert why in page
    assert "未采用：计划或目标数，不是现有数" in page
    assert "依据：合同、租约（《申报书.pdf》第3页）" in page


def test_a_missing_value_says_where_it_was_looked_for() -> None:
    looked = Searched(
        files=2, pages=12, unread=("《合同.pdf》第3页",), told="查了2份文件（其中有页码的共12页）；没有读到：《合同.pdf》第3页。"
    )
    page = html.render(
        samples.report(checks=(samples.check(verdict=Verdict.MISSING, facts=(), searched=looked),)), samples.picture
    )
    assert "查了2份文件" in page
    assert "没有读到：《合同.pdf》第3页" in page


def test_candidates_survive_json() -> None:
    one = Candidate(value=Decimal("320.50"), as_stated="320.5", evidence=samples.PLACE, choice=Choice.PLANNED, reason="未采用")
    looked = Searched(files=1, pages=2, set_aside=(one,), told="查了1份文件。")
    made = samples.report(facts=(samples.fact(candidates=(one,)),), checks=(samples.check(searched=looked),))
    data = dump(made)
    assert data["facts"][0]["candidates"][0]["value"] == data["checks"][0]["searched"]["set_aside"][0]["value"] == "320.5"
    assert dump(load(data)) == data
