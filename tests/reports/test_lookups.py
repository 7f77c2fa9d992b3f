"""外部核查清单.docx, read back."""

import io

import docx

from reports import lookups
from schemas.evidence import Evidence
from schemas.report import LookUp
from tests.reports.samples import report


def written(*rows: LookUp) -> "docx.document.Document":
    return docx.Document(io.BytesIO(lookups.render(report().model_copy(update={"lookups": rows}))))


def row(registry: str, subject: str, *keys: tuple[str, str], **more) -> LookUp:
    return LookUp(registry=registry, look_for="是否有效", subject=subject, keys=keys, **more)


def test_one_table_a_register_with_the_keys_alone_on_their_lines():
    made = written(
        row("信用中国", "申报单位", ("单位名称", "昆明甲乙科技有限公司"), ("统一社会信用代码", "91530191MANYN6AR64"), address="www.creditchina.gov.cn"),
        row("专利查询", "专利", ("专利号", "ZL202110123456.7")), row("专利查询", "专利", ("专利号", "ZL202110123457.1")),
    )  # fmt: skip
    assert [len(table.rows) for table in made.tables] == [2, 3]
    assert made.tables[0].rows[1].cells[2].text == "单位名称：昆明甲乙科技有限公司\n统一社会信用代码：91530191MANYN6AR64"
    assert "一、信用中国（www.creditchina.gov.cn）" in [paragraph.text for paragraph in made.paragraphs]


def test_the_place_a_key_was_read_at_and_room_for_the_result():
    entry = report().documents[0]
    made = written(row("信用中国", "申报单位", ("单位名称", "甲"), evidence=(Evidence(document=entry.id, page=3, quote="甲"),)))
    cells = [cell.text for cell in made.tables[0].rows[1].cells]
    assert (cells[3], cells[4].startswith("□ 一致"), cells[5]) == (f"《{entry.file}》第3页", True, "")


def test_hostile_words_are_made_visible():
    made = written(row("信用中国", "申报\u202e单位", ("单位名称", "甲\n乙\u200b")))
    assert [cell.text for cell in made.tables[0].rows[1].cells][1:3] == ["申报⟨U+202E⟩单位", "单位名称：甲 乙⟨U+200B⟩"]


def test_nothing_to_look_up_is_said():
    assert "申报材料中没有读到可供查询的名称和编号，请人工列出。" in [paragraph.text for paragraph in written().paragraphs]
