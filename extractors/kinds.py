"""Whether a number is of the kind that a measurand is counted in: an amount for a value, an area for a site, people for a team."""

from extractors.measurand import AREA, COUNT, DURATION, MONEY, PERCENT, Measurand
from extractors.quantities import Quantity


def unit_kind(unit: str) -> str:
    """The kind of quantity that a unit as written belongs to."""
    if unit.endswith(("元", "万", "亿")):
        return MONEY
    if unit.endswith(("米", "㎡", "m2", "m²", "M2", "亩", "公顷", "平方")):
        return AREA
    if unit in ("%", "％"):
        return PERCENT
    return DURATION if unit in ("年", "个月", "月") else COUNT


def kind_fits(quantity: Quantity, measurand: Measurand) -> bool:
    """A bare number fits nothing but a duration: what it counts its label or column must say."""
    if quantity.kind == "range":
        return {"yuan": MONEY, "m2": AREA, "ratio": PERCENT, "year": DURATION}.get(quantity.unit, COUNT) == measurand.kind
    if measurand.kind == DURATION:
        return quantity.unit in ("年", "year", "周年", "个月") or quantity.kind == "number"
    if measurand.kind == COUNT and quantity.kind == "count":
        return len(quantity.unit) <= 1 and quantity.unit in measurand.classifiers
    return quantity.kind == measurand.kind
