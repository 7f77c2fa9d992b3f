"""What hostile names, cells and words become in everything that leaves the program."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

import policies
from fixtures import hostile_office
from flows import intake, writing
from flows.screening import Screened, screen_package
from flows.terminal import Terminal
from reports import html, workbook
from schemas.report import BatchEntry, BatchReport

WORDS = (
    "依托单位名称：<script>document.title='hit'</script>{{7*7}}",
    '=HYPERLINK("http://example.org","x")',
    "固定场地面积：<img src=x onerror=alert(1)>350平方米",
    "+cmd|' /C calc'!A0",
)
NAMES = (
    "<script>alert(1)<／script>.docx",
    "=cmd.docx",
    "\x1b[31m红.docx",
    "\u202excod.docx",
    "a\nb.docx",
    "{{7*7}}.docx",
    "'; DROP TABLE cases;--.docx",
)


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    folder = tmp_path_factory.mktemp("hostile") / "\x1b]0;title\x07甲\u202e"
    folder.mkdir()
    body = "".join(hostile_office.p(line.replace("&", "&amp;").replace("<", "&lt;")) for line in WORDS)
    for name in NAMES:
        (folder / name).write_bytes(hostile_office.docx(body))
    (folder / "名\udcff称.docx").write_bytes(hostile_office.docx(body))
    (one,) = intake.survey(folder, "one").submissions
    package = intake.collect(one, tmp_path_factory.mktemp("work"), intake.Limits())
    return screen_package(package, policies.load("kunming-poc"), date(2026, 3, 1))


def test_every_file_is_read_told_as_odd_and_its_name_kept(screened: Screened) -> None:
    told = {entry.file: [w.code for w in entry.warnings] for entry in screened.report.documents}
    assert set(NAMES) < set(told)
    assert all("ODD_NAME" in codes and "ACTIVE_CONTENT" in codes for codes in told.values())


def test_the_page_runs_nothing_of_the_package(screened: Screened) -> None:
    page = html.render(screened.report, lambda _: None)
    assert len(re.findall("<script", page)) == 1
    assert "<img" not in page
    assert not re.search(r'href="\s*(?:javascript|data|vbscript|https?):', page)
    assert not re.search("[\x1b\u202e\x07]", page)


def test_the_json_is_json_and_gives_the_names_back(screened: Screened, tmp_path: Path) -> None:
    writing.write_json(tmp_path / "report.json", screened.report)
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert set(NAMES) < {entry["file"] for entry in told["documents"]}


def test_the_workbook_holds_no_formula_and_no_link(screened: Screened, tmp_path: Path) -> None:
    row = BatchEntry(id="a", name=screened.report.submission.name, report="x", recommendation=screened.report.recommendation,
                     complete=False, findings=0, error=None)  # fmt: skip
    batch = BatchReport(
        policy=screened.report.policy, as_of=screened.report.as_of, counts={"screened": 1, "failed": 0}, submissions=(row,)
    )
    workbook.write(batch, [screened.report], tmp_path / "batch.xlsx")
    book = load_workbook(tmp_path / "batch.xlsx")
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f" or cell.hyperlink]


def test_the_terminal_obeys_no_name() -> None:
    out = io.StringIO()
    Terminal(out, 1).warn("\x1b[2J[red]甲[/red]\u202e\x07")
    assert out.getvalue() == "提醒：⟨U+001B⟩[2J[red]甲[/red]⟨U+202E⟩⟨U+0007⟩\n"
