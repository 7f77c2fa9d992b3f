"""What stands out over a batch, and what does not."""

from decimal import Decimal

from schemas.signature import SignedFigure
from schemas.vocabulary import FactKey, Verdict
from validators.over_batch import leads


def area(value: float, limit: int = 200, **more: object) -> SignedFigure:
    return SignedFigure(
        clause="site.area", key=FactKey.SITE_AREA, value=Decimal(str(value)), limit=Decimal(limit), verdict=Verdict.MET
    ).model_copy(update=more)


def test_many_just_above_the_bound_and_few_beside_are_a_lead() -> None:
    figures = {f"近{n}": (area(200.5 + n / 2),) for n in range(10)} | {f"远{n}": (area(300 + n * 37),) for n in range(12)}
    (lead,) = leads(figures)
    assert lead.code == "THRESHOLD_HUGGING"
    assert "22个申报包写明数值，其中10个（45%）达到门槛200㎡而相差在5%以内" in lead.message
    assert "近0" in lead.others


def test_even_values_few_packages_and_whole_persons_are_none() -> None:
    assert leads({str(n): (area(150 + n * 5.3),) for n in range(40)}) == ()
    assert leads({str(n): (area(201 + n / 10),) for n in range(10)}) == ()
    assert leads({str(n): (area(6, limit=6),) for n in range(40)}) == ()


def test_equal_facts_with_unequal_verdicts_are_a_lead() -> None:
    met = area(210, basis="site.area=210")
    (lead,) = leads({"甲": (met,), "乙": (met.model_copy(update={"verdict": Verdict.NOT_MET}),), "丙": (met,)})
    assert lead.code == "UNEQUAL_VERDICT"
    assert "符合：丙、甲" in lead.message
    assert leads({"甲": (met,), "丙": (met,)}) == ()
