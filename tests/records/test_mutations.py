"""Changes nobody recorded, one at a time, to a store of 200 packages: each is found, at its place. A thousand: benchmarks/records.py."""

from collections.abc import Iterator

import pytest

from records.audit import verify
from records.store import Store
from tests.records.fill import decided, fill, opened
from tests.records.mutations import MUTATIONS, Broken, found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Broken]]:
    store = opened(tmp_path_factory.mktemp("mutations"))
    fill(store, 200)
    for number in (3, 50, 150):
        store.append([decided(store, number)], "张三")
    return store, Broken(store.home)


def test_an_untouched_store_of_200_packages_verifies(filled: tuple[Store, Broken]) -> None:
    verdict = verify(filled[0])
    assert (verdict.problems, verdict.notes, verdict.status) == ([], [], 0)
    assert verdict.files == 1000


@pytest.mark.parametrize("round_", range(2))
@pytest.mark.parametrize("kind", range(len(MUTATIONS)), ids=[one.__name__ for one in MUTATIONS])
def test_a_change_is_found_at_its_place(filled: tuple[Store, Broken], kind: int, round_: int) -> None:
    name, place, there = found(*filled, round_ * len(MUTATIONS) + kind)
    assert there, f"{name} at {place}"


def test_a_last_checkpoint_that_says_nothing_is_named_and_the_one_before_is_quoted(filled: tuple[Store, Broken]) -> None:
    store, broken = filled
    before = verify(store).last
    store.engine.dispose()
    ((last,),) = broken.rows("SELECT max(number) FROM checkpoints")
    broken.change(("UPDATE checkpoints SET body = ? WHERE number = ?", (b"{", last)))
    verdict = verify(store)
    store.engine.dispose()
    broken.restore()
    assert any(f"第{last}号检查点" in problem.place for problem in verdict.problems)
    assert verdict.last
    assert verdict.last != before


def test_after_all_that_the_store_is_as_it_was(filled: tuple[Store, Broken]) -> None:
    assert verify(filled[0]).status == 0
