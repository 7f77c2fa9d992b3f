import pytest

from schemas.facts import Identifier
from schemas.vocabulary import FactStatus, FindingCode
from tests.validators.build import PLAN, at, case, codes, fact, only, policy
from validators.identity import check_digits
from validators.naming import rule

NAME = {
    "name": "name", "title": "名称", "article": "第四条（二）", "quote": "统一命名",
    "requirement": {"kind": "matches", "key": "centre.name", "pattern": "昆明市.+中试平台", "form": "昆明市xx（产业领域）中试平台"},
}  # fmt: skip


def code(shown: str, *, valid: bool = False, kind: str = "uscc", page: int = 3) -> Identifier:
    return Identifier(
        kind=kind, shown=shown, valid=valid, owner="甲公司" if kind == "uscc" else "张三", evidence=(at(page=page),)
    )


def test_a_wrong_code_is_told_once_with_its_places() -> None:
    one = case(identifiers=(code("91530191MANYN6AR65"), code("91530191MANYN6AR65", page=8)))
    found = only(check_digits(one, policy()), FindingCode.ID_CHECKSUM)
    assert found.message == (
        "《申报书.pdf》第3页、第8页甲公司的统一社会信用代码“91530191MANYN6AR65”的位数、字符或校验位不符合GB 32100的规定。"
    )


def test_right_numbers_are_no_finding() -> None:
    one = case(identifiers=(code("91530191MANYN6AR64", valid=True), code("530102********011X", valid=True, kind="id_number")))
    assert list(check_digits(one, policy())) == []


@pytest.mark.parametrize("shown", ["53010219900101001X", "530102***********X"])
def test_no_whole_personal_number_reaches_a_sentence(shown) -> None:
    found = only(check_digits(case(identifiers=(code(shown, kind="id_number"),)), policy()), FindingCode.ID_CHECKSUM)
    assert "“530102***********X”" in found.message
    assert "19900101" not in found.message


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("昆明市绿色能源产业中试平台", []),
        ("昆明市（稀贵金属）中试平台", []),
        ("昆明市 绿色能源 中试平台", []),
        ("绿色能源产业中试平台", ["NAME_RULE"]),
        ("昆明市绿色能源产业概念验证中心", ["NAME_RULE"]),
        ("昆明市中试平台", ["NAME_RULE"]),
    ],
)
def test_the_form_of_the_name(name, told) -> None:
    assert codes(rule(case(fact("centre.name", name)), policy(NAME))) == told


def test_the_rule_is_quoted() -> None:
    found = only(rule(case(fact("centre.name", "绿色中试平台")), policy(NAME)), FindingCode.NAME_RULE)
    assert (
        found.message == "《申报书.pdf》第3页写明的名称为“绿色中试平台”，第四条（二）规定的形式为“昆明市xx（产业领域）中试平台”。"
    )
    assert found.clause == "name"


def test_a_policy_without_the_rule_demands_no_name() -> None:
    assert list(rule(case(fact("centre.name", "随便")), policy())) == []


def test_an_unsure_name_is_never_called_wrong() -> None:
    unsure = fact("centre.name", "绿色中试平台", status=FactStatus.NEEDS_REVIEW)
    two = (fact("centre.name", "绿色中试平台"), fact("centre.name", "昆明市绿色中试平台", at(PLAN)))
    assert [list(rule(case(*facts), policy(NAME))) for facts in ((unsure,), two)] == [[], []]
