import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import policies
from policies.source import Source, folded
from schemas.policy import AllOf, AnyOf, Compare, Requirement, Share
from schemas.report import PolicyEntry
from schemas.vocabulary import PolicyStatus

POLICIES = ("kunming-pilot", "kunming-poc", "urumqi-poc-create", "urumqi-poc-recognize")

#: The contract's names; a policy may split further, but these stay.
NAMES = {
    "urumqi-poc-create": "subject industries plan site.area equipment.value director technology_managers funding mechanism "
    "projects.reserved advisors.sectors services fund credit construction.years",
    "urumqi-poc-recognize": "listed site.area equipment.value team.headcount team.technology_managers advisors.headcount "
    "advisors.external_share advisors.sectors funding.annual projects.reserved results credit name",
    "kunming-poc": "subject management site.area team.headcount director advisors.headcount advisors.technology_managers "
    "projects.reserved recent one_of_five credit name",
    "kunming-pilot": "subject management revenue.service site.area equipment.value team.headcount director advisors.headcount "
    "advisors.technology_managers projects.reserved recent one_of_three credit name",
}


def source(policy_id: str) -> str:
    return (policies.HOME / policy_id / "source.txt").read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str, *, policy_id: str = "kunming-poc", file: str = "policy.yaml") -> tuple[str, ...]:
    """What the loader says of a policy in which one thing was changed."""
    folder = tmp_path / policy_id
    shutil.copytree(policies.HOME / policy_id, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return policies.check_file(folder)


def test_the_four_tracks_are_there() -> None:
    assert set(POLICIES) <= set(policies.available())


@pytest.mark.parametrize("policy_id", POLICIES)
def test_a_policy_holds_against_its_source(policy_id: str) -> None:
    assert policies.check_file(policies.HOME / policy_id) == ()
    assert policies.load(policy_id).id == policy_id


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_contract_s_names_are_kept(policy_id: str) -> None:
    assert set(NAMES[policy_id].split()) - {clause.name for clause in policies.load(policy_id).clauses} == set()


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_quote_is_found_in_the_source(policy_id: str) -> None:
    text = folded(re.sub(r"[#*]", "", source(policy_id)))
    for clause in policies.load(policy_id).clauses:
        assert [part for part in clause.quote.split("…") if folded(part) not in text] == [], clause.name


def numbers(requirement: Requirement, quote: str) -> list[tuple[str, str]]:
    quote = requirement.quote or quote
    if isinstance(requirement, AnyOf | AllOf):
        return [pair for inner in requirement.of for pair in numbers(inner, quote)]
    return [(f"{requirement.threshold}", quote)] if isinstance(requirement, Compare | Share) else []


@pytest.mark.parametrize("policy_id", POLICIES)
def test_every_threshold_is_in_its_quote(policy_id: str) -> None:
    pairs = [pair for clause in policies.load(policy_id).clauses for pair in numbers(clause.requirement, clause.quote)]
    assert len(pairs) >= 4
    assert [pair for pair in pairs if pair[0] not in re.findall(r"\d+", pair[1])] == []


@pytest.mark.parametrize(
    ("policy_id", "start", "end", "marks", "count"),
    [
        ("urumqi-poc-create", "（一）创建条件", "（二）认定条件", r"^\d[.﹒]", 5),
        ("urumqi-poc-recognize", "（二）认定条件", "五、", r"^(?:\d[.﹒]|（\d）)", 12),
        ("kunming-poc", "**第二条", "**第三条", r"^(?:[（(][一二三四五六][）)]|\d\.)", 10),
        ("kunming-pilot", "**第三条", "**第四条", r"^(?:[（(][一二三四五六][）)]|\d\.)", 9),
    ],
)
def test_every_numbered_clause_of_the_source_is_an_article_with_a_clause(
    policy_id: str, start: str, end: str, marks: str, count: int
) -> None:
    text = source(policy_id)
    section = text[text.index(start) : text.index(end, text.index(start))].split("\n", 1)[1]
    assert len(re.findall(marks, section, re.MULTILINE)) == count
    scope = policies.load(policy_id).scope[0]
    outline = Source(text)
    article = outline.find(scope)
    assert article is not None
    assert len(outline.below(article)) == count


def test_articles_know_their_place() -> None:
    text = Source("四、条件\n（一）创建\n1.甲乙\n5﹒丙\n（二）认定\n1．丁\n五、程序\n")
    assert [item.path for item in text.articles] == [
        ("四", "(一)", "1"), ("四", "(一)", "5"), ("四", "(一)"), ("四", "(二)", "1"), ("四", "(二)"), ("四",), ("五",),
    ]  # fmt: skip
    found = text.find("四（一）5")
    assert found is not None
    assert text.text[found.start : found.end] == "5.丙"


REFUSALS = [
    ("固定场地面积不少于", "场地面积不得少于", "条款 site.area：引文不在原文 第二条（三） 中"),
    ("article: 第二条（五）", "article: 第二条（二）", "条款 credit：引文不在原文 第二条（二） 中"),
    ("article: 第二条（五）", "article: 第二条（九）", "条款 credit：原文中没有 第二条（九）"),
    ("threshold: 6", "threshold: 8", "条款 team.headcount：门槛 8人 不在引文中"),
    ("threshold: 200", "threshold: 20", "条款 site.area：门槛 20m2 不在引文中"),
    ('comparator: ">="', 'comparator: "<="', "条款 site.area：引文中 200 前后的用词与 <= 不符"),
    ("key: site.area", "key: site.aera", "条款 site.area：requirement.compare.key 不是已知的取值"),
    ("unit: m2", "unit: 万元", "条款 site.area：site.area 的单位应为 m2，写的是 万元"),
    ("unit: m2", "unit: 亩", "条款 site.area：requirement.compare.unit 不是已知的取值"),
    ("kind: compare", "kind: compares", "条款 site.area：requirement 不认识的形式"),
    ("name: director", "name: recent", "条款 recent：名字重复"),
    ("title: 中心负责人", "title: 名称", "标题“名称”用于几个条款"),
    ("years: 1", "years: 3", "条款 credit：近3年的期限不在引文中"),
    ("topics: [director]", "topics: [directors]", "条款 director：不认识的主题 directors"),
    ("pattern: 昆明市.+概念验证中心", "pattern: 云南省.+概念验证中心", "条款 name：名称的式样与所写形式不符"),
    ("pattern: 昆明市.+概念验证中心", "pattern: 昆明市(.+概念验证中心", "条款 name：名称的式样写错了"),
    ("quote: 近 2 年已开展概念验证服务工作", "quote: 近 2 年已开展", "有未引用的文字：概念验证服务工作"),
    ("article: 第二条（四）4", "article: 第二条（四）3", "条款 one_of_five：引文不在原文 第二条（四）3 中"),
    ("effective_to: 2028-11-14", "effective_to: 2028-11-15", "日期 2028-11-15 不在政策原文中"),
    ("effective_from: 2025-11-14\n", "", "已印发的政策须写明施行日期 effective_from"),
    ("draft: false", "draft: true", "征求意见稿不应有施行日期"),
    ("title: 中心负责人", "titel: 中心负责人", "条款 director：titel 没有这一项，可能是写错了名字"),
    ("city: 昆明市", "city: 昆明市\ncity: 大理市", "重复的键 city"),
    ("years: 1", "years: 0", "条款 credit：requirement.declared.window 期限写年数（years），或写起止年份"),
    ("draft: false", "draft: maybe", "draft 应为 true 或 false"),
    ("threshold: 200,", "threshold: 二百,", "条款 site.area：requirement.compare.threshold 不是数字"),
    ("effective_to: 2028-11-14", "effective_to: 2028年底", "effective_to 不是日期（写成 2026-01-31）"),
    ("scope: [", "scope: [] # [", "scope 列表项数不够"),
    ("id: kunming-poc", "id: kunming", "id kunming 与文件夹名 kunming-poc 不同"),
]


@pytest.mark.parametrize(("old", "new", "reason"), REFUSALS, ids=[reason for _, _, reason in REFUSALS])
def test_refusal(tmp_path: Path, old: str, new: str, reason: str) -> None:
    found = changed(tmp_path, old, new)
    assert any(reason in problem for problem in found), found


def test_an_open_boundary_needs_a_reading(tmp_path: Path) -> None:
    text = (policies.HOME / "urumqi-poc-recognize" / "policy.yaml").read_text(encoding="utf-8")
    start = text.index("    reading:\n      assumed: “突破”5人")
    reading = text[start : text.index("\n\n", start)]
    found = changed(tmp_path, reading, "", policy_id="urumqi-poc-recognize")
    assert found == ("条款 team.headcount：界限不明（boundary: open）须写明理解（reading）",)


def test_a_soft_bound_needs_soft_words(tmp_path: Path) -> None:
    found = changed(tmp_path, "threshold: 200, unit: m2", "threshold: 200, unit: m2, soft: true", policy_id="urumqi-poc-create")
    assert found == (
        "条款 site.area：引文中没有“一般”“原则上”，不能放宽（soft）",
        "条款 site.area：放宽（soft）须写明理解（reading）",
    )


def test_a_material_the_policy_does_not_name_is_refused(tmp_path: Path) -> None:
    found = changed(tmp_path, "name: 概念验证项目清单", "name: 审计报告", policy_id="urumqi-poc-recognize")
    assert found == ("材料 审计报告：名称不在所引条文中",)


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    found = changed(tmp_path, "不少于 200 平方米", "不少于 300 平方米", file="source.txt")
    assert found[0].startswith("条款 site.area：引文不在原文 第二条（三） 中")


def test_load_says_every_reason(tmp_path: Path) -> None:
    changed(tmp_path, "threshold: 6", "threshold: 8")
    with pytest.raises(policies.PolicyError, match="门槛 8人 不在引文中"):
        policies.load_file(tmp_path / "kunming-poc")


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        policies.load("../schemas")


@pytest.mark.parametrize(
    ("day", "status", "simulation"),
    [
        (date(2025, 11, 13), PolicyStatus.NOT_YET_IN_FORCE, True),
        (date(2025, 11, 14), PolicyStatus.IN_FORCE, False),
        (date(2028, 11, 14), PolicyStatus.IN_FORCE, False),
        (date(2028, 11, 15), PolicyStatus.EXPIRED, True),
    ],
)
def test_kunming_holds_between_its_days(day: date, status: PolicyStatus, simulation: bool) -> None:
    entry = policies.status_on(policies.load("kunming-pilot"), day)
    assert (entry.status, entry.simulation) == (status, simulation)
    assert bool(entry.notice) is simulation


def test_a_draft_says_so_on_every_day() -> None:
    assert policies.status_on(policies.load("urumqi-poc-create"), date(2026, 4, 15)) == PolicyEntry(
        id="urumqi-poc-create", version="征求意见稿（2026年）", title="乌鲁木齐市概念验证中心·创建", status=PolicyStatus.DRAFT, simulation=True,
        notice="《乌鲁木齐市概念验证中心建设工作指引（征求意见稿）》尚未正式印发，没有施行日期。本结果仅供模拟，不作为审核依据。",
    )  # fmt: skip


def test_show_tells_clause_reading_and_waiver() -> None:
    told = policies.show(policies.load("urumqi-poc-create"))
    assert "[site.area] 场地面积　四（一）2\n  条文：固定场地不少于200平方米\n  要求：≥ 200 ㎡" in told
    assert "例外：高校可为内设机构，不要求独立法人（“高校可放宽至内设机构”）" in told
    assert "乌鲁木齐市科学技术局可另作决定" in told


NEW_CITY = """
id: someplace-poc
version: 2026年第1号
title: 某市概念验证中心
document: 某市概念验证中心办法
city: 某市
draft: false
effective_from: 2026-01-01
scope: [第三条]
counts: {software: true}
duty: {article: 第四条, quote: 区县科技部门出具推荐函。, product: 推荐函}
clauses:
  - name: site
    title: 场地
    article: 第三条（一）
    quote: 场地不少于1.5公顷，或固定工位
    requirement: {kind: compare, key: site.area, comparator: ">=", threshold: 15000, unit: m2}
  - name: two_of_three
    title: 三选二
    article: 第三条（二）
    quote: 储备项目三十项以上，专家十二人以上，场地自有，满足两项
    requirement:
      kind: at_least
      n: 2
      of:
        - {kind: compare, key: projects.reserved, comparator: ">=", threshold: 30, unit: 项, quote: 储备项目三十项以上}
        - {kind: compare, key: advisors.headcount, comparator: ">=", threshold: 12, unit: 人, quote: 专家十二人以上}
        - {kind: judgement, asks: 场地自有}
"""


def test_another_city_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "someplace-poc"
    folder.mkdir()
    text = "第三条 条件\n（一）场地不少于1.5公顷，或固定工位；\n(二) 储备项目三十项以上，\n专家十二人以上，场地自有，满足两项。\n第四条 区县科技部门出具推荐函。\n自2026年1月1日起施行。\n"
    (folder / "source.txt").write_text(text, encoding="utf-8")
    (folder / "policy.yaml").write_text(NEW_CITY, encoding="utf-8")
    policy = policies.load_file(folder)
    assert [clause.name for clause in policy.clauses] == ["site", "two_of_three"]
    assert policies.status_on(policy, date(2040, 1, 1)).status is PolicyStatus.IN_FORCE
