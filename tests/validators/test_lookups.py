"""What is to be looked up where, with which keys."""

from schemas.facts import Reading
from schemas.papers import Number, Paper, Party, Side
from schemas.vocabulary import Role
from tests.validators.build import FORM, at, case, entry, fact, policy
from validators.lookups import lookups

US = "昆明甲乙科技有限公司"
FILES = (entry(FORM, "申报书.pdf", Role.FORM), entry("d2", "附件.pdf", Role.CONTRACT))


def number(kind: str, shown: str, role: Role = Role.OTHER) -> Number:
    return Number(kind=kind, shown=shown, key=f"k{shown}", role=role, evidence=(at("d2", 1, shown),))


def listed(*facts, **fields):
    made = case(*facts, documents=FILES, readings=(Reading(document=FORM), Reading(document="d2", **fields)))
    return [(one.registry, one.keys) for one in lookups(made, policy())]


def test_the_applicant_is_looked_up_in_the_registers_of_its_kind():
    keys = (("单位名称", US), ("统一社会信用代码", "91530191MANYN6AR64"))
    found = listed(fact("applicant.name", US), fact("applicant.uscc", "91530191MANYN6AR64"))
    assert found == [
        (name, keys) for name in ("信用中国", "国家企业信用信息公示系统", "中国执行信息公开网", "科研诚信严重失信行为数据库")
    ]


def test_a_public_institution_is_looked_up_elsewhere():
    found = listed(fact("applicant.name", "云南某研究院"), fact("applicant.uscc", "12530000431204567A"))
    assert found[1][0] == "事业单位在线"


def test_numbers_are_listed_once_with_what_the_register_asks_for():
    invoice, code = number("invoice", "12345678", Role.INVOICE), number("invoice_code", "5300221130", Role.INVOICE)
    paper = Paper(role=Role.INVOICE, numbers=(code, invoice), parties=(Party(part="名称", side=Side.EITHER, name=US),))
    found = listed(numbers=(invoice, code, invoice), papers=(paper,))
    assert found == [("国家税务总局全国增值税发票查验平台", (("发票号码", "12345678"), ("发票代码", "5300221130"), ("名称", US)))]


def test_a_contract_that_has_a_registration_is_looked_up_by_it_alone():
    contract, registered = number("contract", "FW-2024-07"), number("registration", "2025530100001234")
    paper = Paper(role=Role.CONTRACT, numbers=(contract, registered))
    found = listed(numbers=(contract, registered), papers=(paper,))
    assert [keys for _, keys in found] == [(("合同登记编号", "2025530100001234"),)]


def test_phones_and_accounts_are_looked_up_nowhere():
    assert listed(numbers=(number("phone", "139****1234"), number("account", "622***1234"))) == []
