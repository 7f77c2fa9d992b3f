"""The Merkle tree against RFC 9162's own definition, written once more as it stands there."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.merkle import Frontier, Tree, consistent, included, leaf_hash, root

LEAVES = [leaf_hash(bytes([n])) for n in range(70)]


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def test_a_leaf_and_a_node_of_the_same_bytes_differ() -> None:
    # the known values of the certificate transparency test vectors
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root([leaf_hash(b""), leaf_hash(b"\0")]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


@pytest.mark.parametrize("size", range(70))
def test_roots_are_those_of_the_definition(size: int) -> None:
    assert root(LEAVES[:size]) == mth(LEAVES[:size]) == Tree(LEAVES).root(size)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_leaf_is_proved_included_and_no_other_is(place: tuple[int, int]) -> None:
    index, size = place
    path, top = Tree(LEAVES).inclusion(index, size), mth(LEAVES[:size])
    assert included(LEAVES[index], index, size, path, top)
    assert not included(leaf_hash(b"another"), index, size, path, top)
    assert not included(LEAVES[index], index, size, (*path, LEAVES[0]), top)
    if path:
        assert not included(LEAVES[index], index, size, (bytes(32), *path[1:]), top)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_an_older_tree_is_proved_the_beginning_of_a_newer(sizes: tuple[int, int]) -> None:
    first, second = sizes
    proof = Tree(LEAVES).consistency(first, second)
    old, new = mth(LEAVES[:first]), mth(LEAVES[:second])
    assert consistent(first, second, old, new, proof)
    assert not consistent(first, second, bytes(32), new, proof)
    assert first == second or not consistent(first, second, old, bytes(32), proof)


@pytest.mark.parametrize("size", [0, 1, 5, 64])
def test_a_frontier_goes_to_bytes_and_on(size: int) -> None:
    grown = Frontier()
    for leaf in LEAVES[:size]:
        grown.add(leaf)
    back = Frontier.from_bytes(size, grown.to_bytes())
    back.add(LEAVES[size])
    assert back.root() == mth(LEAVES[: size + 1])
