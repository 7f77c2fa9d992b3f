"""Names that the lists teach are found in the other documents, and words that only look like them are not."""

import re

import pytest

from extractors import mentioned
from extractors.names import _spoken
from tests.extractors.listing import paged, read

TEAM = ["序号", "姓名", "职称", "岗位", "专职/兼职"]


def both(list_rows, *plan, file="建设方案.pdf"):
    lists, other = paged("运营服务团队名单", [TEAM, *list_rows]), paged(*plan)
    readings = [read(lists, "名单.pdf"), read(other, file).model_copy(update={"document": "d2"})]
    return mentioned(readings, {"d1": lists, "d2": other})


def test_what_is_said_of_the_director_is_a_passage_on_him():
    rows = [["1", "张三丰", "研究员", "中心主任", "专职"], ["2", "李四光", "工程师", "运营", "专职"]]
    told = both(rows, "建设方案", "张三丰，研究员，从事成果转化十二年。李四光负责接待。")[1]
    assert [p.evidence.quote for p in told.passages if p.topic == "director"][:1] == ["张三丰，研究员，从事成果转化十二年"]


def test_a_certificate_that_names_somebody_proves_him():
    rows = [["1", "张三丰", "研究员", "技术经理人", "专职"], ["2", "李四光", "工程师", "运营", "专职"]]
    told = both(rows, "技术经理人证书", "兹证明张三丰经考核合格，特发此证。证书编号：001", file="证书.pdf")[0]
    assert [[e.document for e in p.proofs] for p in told.rosters.team] == [["d2"], []]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("中心主任高原，博士", True),
        ("服务高原地区企业", False),
        ("我们请王海洋讲课", False),
        ("由张三丰主持", True),
        ("我们请张三丰讲课", True),
    ],
)
def test_a_word_is_nobody(sentence, found):
    assert bool(list(_spoken(paged(sentence), re.compile("高原|张三丰|王海")))) is found
