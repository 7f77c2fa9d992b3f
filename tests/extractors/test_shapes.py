"""Lists under heads that nobody listed: told by their columns and titles, never read as a form; forms that count their lines stay forms."""

from decimal import Decimal

from tests.extractors.listing import LEFT, paged, read, sheet

PROJECTS = ["登记号", "标的", "提出方", "何时进库", "何时出库", "库内情形"]


def test_projects_are_known_by_their_status_and_their_title():
    rows = [
        PROJECTS,
        ["001", "电解质隔膜制备", "某大学", "2024/06", "—", "储备"],
        ["002", "余热回收装置", "某所", "2024/08", "2025/01", "已完成"],
    ]
    reading = read(paged("概念验证储备项目台账", rows), "项目.pdf")
    assert [(p.name, p.source, p.started, p.done) for p in reading.rosters.projects] == [
        ("电解质隔膜制备", "某大学", "2024/06", False),
        ("余热回收装置", "某所", "2024/08", True),
    ]
    assert reading.sightings == ()


def test_a_status_beside_a_figure_states_nothing():
    head = ["登记号", "事由", "经手方", "现况", "分数"]
    rows = [head, *([f"00{n}", f"某事{n}", "某所", "储备项目", "5"] for n in (1, 2, 3))]
    reading = read(paged("概念验证中心申报书", "四、其他", rows), "申报书.pdf")
    assert (reading.sightings, reading.tallies) == ((), ())


def test_lines_with_numbers_that_ask_for_figures_are_a_form():
    rows = [["序号", "内容", "计量", "答复"], ["1", "固定场地面积", "平方米", "500"], ["2", "仪器设备原值", "万元", "300"]]
    reading = read(paged("概念验证中心申报书", "三、基本情况", rows), "申报书.pdf")
    assert [(s.key.value, s.value) for s in reading.sightings] == [("site.area", Decimal(500)), ("equipment.value", Decimal(300))]


def test_what_the_cells_answer_tells_the_column():
    head = ["序号", "姓名", "工作单位", "职务", "来源", "类型"]
    rows = [["1", "张三丰", "新疆大学", "教授", "外单位", "学术界"], ["2", "李四光", "某公司", "总工", "本单位", "产业界"]]
    people = read(paged("专家顾问名单", [head, *rows])).rosters.advisors
    assert [(p.external, p.sector, p.employment) for p in people] == [(True, "学术", None), (False, "产业", None)]


def test_lists_of_one_sheet_know_their_sides_by_the_title_above_them():
    rows = [
        ["运营管理团队人员一览"], ["用工", "序号", "姓名", "岗位职责", "职称"], ["专职", "1", "张三丰", "主任", "高工"], ["专职人员小计：1人"],
        ["受聘顾问专家一览"], ["序号", "姓名", "所在单位", "职务", "来源"], ["1", "王五行", "新疆大学", "教授", "外单位"],
        ["申报单位承诺", "近一年内未被列入失信名单，未发生重大安全、质量事故。"],
    ]  # fmt: skip
    reading = read(sheet(*rows), "名单.xlsx")
    assert ([p.name for p in reading.rosters.team], [p.name for p in reading.rosters.advisors]) == (["张三丰"], ["王五行"])
    assert [(t.key.value, t.count, t.complete) for t in reading.tallies if "headcount" in t.key.value] == [
        ("team.headcount", 1, True),
        ("advisors.headcount", 1, True),
    ]


def test_two_levels_of_a_header_name_their_columns_under_any_title():
    head = [["编号", "仪器设备", "价值（万元）", LEFT, "厂内标识"], ["", "", "购入原价", "现值", ""]]
    reading = read(paged("仪器设备台账", [*head, ["1", "天平", "2", "1", "B-1"], ["2", "色谱", "20", "9", "B-2"]]), "设备.pdf")
    assert [(e.name, e.value) for e in reading.rosters.equipment] == [("天平", Decimal(2)), ("色谱", Decimal(20))]


def test_what_a_list_of_something_else_says_in_sentences_is_read():
    rows = [
        ["序号", "建设内容", "责任部门", "情况说明"],
        ["1", "场地建设", "综合部", "本中心现有固定场地面积350平方米，已投入使用。"],
        ["2", "制度建设", "综合部", "已印发。"],
    ]
    reading = read(paged("概念验证中心建设方案", "二、建设进展", rows), "建设方案.pdf")
    assert [(s.key.value, s.value, s.manner) for s in reading.sightings] == [("site.area", Decimal(350), "sentence")]
