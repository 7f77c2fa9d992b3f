"""What changed in a file after it was finished, and what looks like it."""

from decimal import Decimal

from schemas.facts import Sighting
from tests.validators.build import at, case, codes, policy, trace
from validators import authenticity_edits

AREA = Sighting(
    key="site.area", value=Decimal(937), as_stated="937", manner="field", label="场地面积", confidence=0.97,
    evidence=at(quote="937").model_copy(update={"bbox": (90.0, 100.0, 120.0, 112.0)}),
)  # fmt: skip


def found(*traces, **more):
    return list(authenticity_edits.edits(case(traces=traces, **more), policy()))


def test_a_number_changed_by_a_later_save_is_told_with_both() -> None:
    (one,) = found(trace("revised", "837", "937", words="文件第2次保存时改动"), sightings=(AREA,))
    assert (one.severity, one.clause) == ("high", "site.area")
    assert one.message == "《申报书.pdf》第3页“场地面积”一栏：文件第2次保存时改动，由“837”改为“937”。"


def test_what_one_place_shows_twice_is_one_finding() -> None:
    told = found(trace("revised", "837", "937"), trace("reset", after="937", words="此数所用字体为Helvetica"))
    assert len(told) == 1
    assert "由“837”改为“937”；“937”——此数所用字体为Helvetica。" in told[0].message


def test_a_font_alone_counts_on_a_figure_that_decides() -> None:
    trace_ = trace("font", after="937", words="此数所用字体为A，本页其他数字为B")
    assert found(trace_) == []
    assert [one.severity for one in found(trace_, sightings=(AREA,))] == ["medium"]


def test_words_alone_weigh_less_than_figures() -> None:
    assert [one.severity for one in found(trace("revised", "建设中", "已建成"))] == ["medium"]


def test_dots_and_spaces_are_no_change() -> None:
    assert found(trace("revised", "…", "。")) == []


def test_many_places_of_one_file_are_told_once() -> None:
    told = found(*(trace("revised", str(100 + k), str(200 + k), top=50.0 * k) for k in range(6)))
    assert [(one.code, len(one.evidence)) for one in told] == [("DOCUMENT_EDITED", 6)]
    assert "有6处定稿后的改动" in told[0].message


def test_a_number_taken_out_is_told() -> None:
    (one,) = found(trace("revised", "贷款 300 万元", ""))
    assert "原有的“贷款 300 万元”已不在此处" in one.message


def test_tracked_figures_are_told_as_one_change() -> None:
    place = {"page": None, "bbox": None, "anchor": "T2/R3/C4"}
    (one,) = found(trace("deleted", "121.22", **place), trace("inserted", after="198.72", **place))
    assert one.message == "《申报书.pdf》留有未处理的修订：第2个表格第3行第4列由“121.22”改为“198.72”。"


def test_tracked_words_are_a_lead() -> None:
    place = {"page": None, "bbox": None, "anchor": "P7"}
    told = case(traces=(trace("inserted", after="进一步", **place),))
    assert codes(authenticity_edits.edits(told, policy())) == []
    assert [lead.code for lead in authenticity_edits.leads(told)] == ["TRACKED_CHANGES"]


def test_remarks_and_figures_typed_over_formulas_are_leads() -> None:
    place = {"page": None, "bbox": None, "anchor": "设备清单!F12"}
    told = case(traces=(trace("comment", words="此处再核", **place), trace("constant", "30", "300", **place)))
    assert [lead.code for lead in authenticity_edits.leads(told)] == ["COMMENTS_LEFT", "FORMULA_OVERTYPED"]
    assert codes(authenticity_edits.edits(told, policy())) == []
