"""Signatures: what verifies, what does not, and what cannot be judged."""

import pytest

from extractors.electronic_signatures import signatures
from fixtures.altered import ADDED, SIGNED, base, faked, saved, signed


@pytest.mark.parametrize("how", SIGNED)
def test_a_signature_is_told_by_what_its_check_came_to(how) -> None:
    make, state = SIGNED[how]
    assert [one.state for one in signatures(make())] == [state]


def test_a_whole_signature_names_its_signer() -> None:
    (one,) = signatures(signed(base()))
    assert (one.field, one.signer, one.whole) == ("sig1", "Sample Signer", True)


def test_a_save_after_a_signature_leaves_it_intact_and_not_whole() -> None:
    (one,) = signatures(saved(signed(base()), ADDED["a stamp"]))
    assert (one.state, one.whole) == ("intact", False)


def test_a_range_that_leaves_words_out_is_none() -> None:
    data = signed(base())
    at = data.index(b"/ByteRange")
    first = data[at:].split(b"[")[1].split(b"]")[0].split()
    moved = data.replace(b"[0 " + first[1], b"[9 " + b"%d" % (int(first[1]) - 9), 1)
    assert [one.state for one in signatures(moved)] == ["invalid"]


def test_files_without_signatures_have_none() -> None:
    assert (signatures(base()), signatures(b"no file")) == ([], [])


def test_contents_that_are_no_signature_are_never_intact() -> None:
    assert {one.state for contents in (b"", b"ff" * 40, b"3000") for one in signatures(faked(contents))} == {"invalid"}
