"""Passages found by their bands and verified; the estimate held against datasketch's."""

import random

import numpy as np

from tests.validators.signed import text
from tests.validators.test_across import PARAGRAPH
from validators import joining, likeness

LETTERS = "概念验证中试工艺设备材料参数性能试验样机企业团队项目技术评估方案流程数据产线批次反馈改进需求场景风险标准检测"


def written(seed: int, length: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choices(LETTERS, k=length)) + "。"


def test_a_copied_paragraph_shares_a_band_wherever_it_stands() -> None:
    for seed in range(30):
        copied = written(seed, 130)
        here = [text(written(seed + 100, 90)), text(copied)]
        there = [text(copied[:60] + "某某" + copied[62:]), text(written(seed + 200, 300))]
        assert np.intersect1d(likeness.bands(here), likeness.bands(there)).size > 0


def test_texts_of_their_own_share_no_band() -> None:
    bands = [likeness.bands([text(written(seed, 400))]) for seed in range(40)]
    assert len(np.unique(np.concatenate(bands))) == sum(map(len, bands))


def test_the_estimate_is_as_good_as_datasketchs() -> None:
    from datasketch import MinHash

    ours, theirs = [], []
    for seed in range(40):
        a = written(seed, 200)
        b = a[:100] + written(seed + 500, 100)
        grams = [{one[at : at + 5] for at in range(len(one) - 4)} for one in (a, b)]
        true = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
        least = [likeness._permuted(one).min(axis=0) for one in (a, b)]
        ours.append(float((least[0] == least[1]).mean()) - true)
        hashed = [MinHash(num_perm=32) for _ in grams]
        for sketch, parts in zip(hashed, grams, strict=True):
            sketch.update_batch([part.encode() for part in parts])
        theirs.append(hashed[0].jaccard(hashed[1]) - true)
    assert abs(np.mean(ours)) < 0.03
    assert np.std(ours) < 1.3 * np.std(theirs)


def test_a_name_put_in_place_of_another_does_not_break_a_passage() -> None:
    there = PARAGRAPH.replace("交联工艺", "烧结与后处理工艺")
    (one,) = likeness.shared([text(PARAGRAPH)], [text(there)])
    assert one.equal > 100
    assert "交联工艺" in PARAGRAPH[slice(*one.here_span)]
    assert "烧结与后处理工艺" in there[slice(*one.there_span)]


def test_words_that_are_not_the_applicants_own_are_left_out() -> None:
    form = text(PARAGRAPH).model_copy(update={"own": ((0, 10),)})
    assert likeness.shared([form], [text(PARAGRAPH)]) == ()


def test_a_number_many_hold_joins_nobody_and_one_few_hold_joins_all() -> None:
    shared = joining.number(joining.Kind.PHONE, "x")
    rows = np.arange(6, dtype=np.uint32)
    few = joining.join(np.full(3, shared, np.uint64), rows[:3], limit=3)
    assert list(joining.pairs(few.pairs)) == [(0, 1), (0, 2), (1, 2)]
    assert joining.join(np.full(6, shared, np.uint64), rows, limit=3).pairs.size == 0


def test_an_identity_number_in_very_many_packages_still_joins_each_with_some() -> None:
    shared = joining.number(joining.Kind.ID_NUMBER, "x")
    joined = joining.join(np.full(200, shared, np.uint64), np.arange(200, dtype=np.uint32), limit=3)
    assert len(joined.pairs) < 3 * 200
    assert {row for pair in joining.pairs(joined.pairs) for row in pair} == set(range(200))
