from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reports import workbook
from schemas.report import BatchEntry, ScreeningReport
from schemas.vocabulary import FINDINGS, VERDICT_NAMES, FactKey, FactStatus, FindingCode, Unit, Verdict
from tests.reports import samples


def written(tmp_path: Path, *reports: ScreeningReport, failed: tuple[BatchEntry, ...] = ()) -> openpyxl.Workbook:
    path = tmp_path / "batch.xlsx"
    workbook.write(samples.batch(*reports, failed=failed), reports, path)
    return openpyxl.load_workbook(path)


def cells(sheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_matrix_holds_the_word_and_the_number(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.report())["初审汇总"]
    assert [cell.value for cell in sheet[3]][:3] == ["序号", "申报单位（申报包）", "初审建议"]
    assert sheet["H3"].value == "场地面积\n≥ 200 ㎡"
    assert [cell.value for cell in sheet[4]] == [1, "昆明某某公司", "建议不予推荐", "完整", 1, 0, 0, "不符合\n196.2 ㎡"]
    assert "低于200平方米。" in sheet["H4"].comment.text
    assert "固定场地面积不少于200平方米" in sheet["H3"].comment.text


def test_what_is_left_to_judge_shows_its_word_alone(tmp_path: Path) -> None:
    checks = (samples.check(verdict=Verdict.JUDGEMENT, observed="“有关段落”等3处", required="制度健全"),)
    sheet = written(tmp_path, samples.report(checks=checks))["初审汇总"]
    assert (sheet["H3"].value, sheet["H4"].value) == ("场地面积", "须人工判断")
    assert "“有关段落”等3处" in sheet["H4"].comment.text


def test_the_matrix_is_fit_to_read_and_print(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.report())["初审汇总"]
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == "A3:H4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 0), (None, 0))


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_word_and_colour(tmp_path: Path, verdict: Verdict) -> None:
    book = written(tmp_path, samples.report(checks=(samples.check(verdict=verdict),)))
    cell = book["初审汇总"]["H4"]
    assert cell.value.startswith(VERDICT_NAMES[verdict])
    assert cell.fill.fgColor.rgb == "FF" + workbook.COLOURS[verdict][0].lstrip("#")
    assert VERDICT_NAMES[verdict] in cells(book["说明"])


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    names = ("=1+1", "+昆明", "-昆明", "@昆明", '=HYPERLINK("http://x","点我")', "http://example.com")
    reports = [
        samples.report(
            submission=samples.report().submission.model_copy(update={"id": name, "name": name}),
            findings=(samples.finding(message=name, advice=name),), checks=(samples.check(observed=name, title=name),),
            facts=(samples.fact(key=FactKey.CENTRE_NAME, unit=None, value=name),),
        )
        for name in names
    ]  # fmt: skip
    book = written(tmp_path, *reports)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    assert [book["初审汇总"].cell(row, 2).value for row in range(4, 10)] == list(names)
    assert not any(sheet._hyperlinks for sheet in book)


def test_a_submission_that_could_not_be_screened_is_a_row_with_the_reason(tmp_path: Path) -> None:
    book = written(tmp_path, samples.report(), failed=(samples.FAILED,))
    assert [cell.value for cell in book["初审汇总"][5]][:4] == [2, "空文件夹", "未能初审", "不完整"]
    assert "文件夹是空的。" in cells(book["初审汇总"])
    assert "文件夹是空的。" in cells(book["未读与问题"])


def test_key_figures_are_numbers_with_their_unit_in_the_head(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.report())["关键数据"]
    assert sheet["C3"].value == "场地面积\n（㎡）"
    assert sheet["C4"].value == 196.2
    assert "《申报书.pdf》第3页；《设备.xlsx》工作表“设备清单”F12单元格" in sheet["C4"].comment.text


def test_each_period_has_its_column(tmp_path: Path) -> None:
    revenue = samples.fact(key=FactKey.REVENUE_SERVICE, unit=Unit.WAN_YUAN, period="2025", value=Decimal("127.42"))
    sheet = written(tmp_path, samples.report(facts=(revenue, revenue.model_copy(update={"id": "x2", "period": "2024"}))))[
        "关键数据"
    ]
    assert [cell.value for cell in sheet[3]][2:] == ["对外服务收入\n2024年\n（万元）", "对外服务收入\n2025年\n（万元）"]


def test_doubtful_and_conflicting_figures_are_marked(tmp_path: Path) -> None:
    doubtful = samples.report(facts=(samples.fact(status=FactStatus.NEEDS_REVIEW),))
    other = samples.fact(id="x2", value=Decimal(260))
    torn = samples.report(submission=samples.report().submission.model_copy(update={"id": "two"}), facts=(samples.fact(), other))
    sheet = written(tmp_path, doubtful, torn)["关键数据"]
    assert sheet["C4"].value == 196.2
    assert sheet["C5"].value == "196.2；260\n（须核对）"
    assert sheet["C4"].fill.fgColor.rgb == sheet["C5"].fill.fgColor.rgb == "FFFFF0CC"


def test_derived_values_never_stand_for_stated_ones(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.report(facts=(samples.fact(derived=True),)))["关键数据"]
    assert sheet.max_column == 2


def test_each_finding_is_a_row(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.report())["核查发现"]
    assert [cell.value for cell in sheet[4]] == [
        1, "昆明某某公司", "重要", "未达条件", "写明196.2㎡，不足200㎡。", "《申报书.pdf》第3页；《设备.xlsx》工作表“设备清单”F12单元格",
        "请核对场地证明。", "场地面积", None,
    ]  # fmt: skip


def test_what_was_not_read_is_listed(tmp_path: Path) -> None:
    sheet = written(tmp_path, samples.incomplete())["未读与问题"]
    assert [cell.value for cell in sheet[4]] == [1, "昆明某某公司", "申报书.pdf", "7", "其他材料", "该页未读取，请人工查看"]


@pytest.mark.parametrize("code", FindingCode)
def test_the_legend_explains_every_code(tmp_path: Path, code: FindingCode) -> None:
    legend = cells(written(tmp_path, samples.report())["说明"])
    assert FINDINGS[code][0] in legend
    assert f"{FINDINGS[code][1]}（{code}）" in legend


def test_a_draft_says_so_on_every_sheet(tmp_path: Path) -> None:
    for sheet in written(tmp_path, samples.draft()):
        assert sheet["A3"].value == "【模拟初审】征求意见稿，仅供模拟。"


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    reports = [samples.report(), samples.incomplete()]
    for name in ("a.xlsx", "b.xlsx"):
        workbook.write(samples.batch(*reports), reports, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_hostile_characters_and_length_do_not_break_the_file(tmp_path: Path) -> None:
    evil = "\x00\x0b\u202e\ud800" + "长" * 60_000
    book = written(tmp_path, samples.report(findings=(samples.finding(message=evil),)))
    message = book["核查发现"]["E4"].value
    assert message.startswith("⟨U+0000⟩\n⟨U+202E⟩⟨U+D800⟩长")
    assert len(message) < 32_767


def test_a_batch_of_nothing_still_opens(tmp_path: Path) -> None:
    assert "（无）" in cells(written(tmp_path)["初审汇总"])
