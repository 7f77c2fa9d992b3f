"""Signatures on disk: what is kept comes back, large batches join as small ones do, and the index finds what a plain loop finds."""

from pathlib import Path

import numpy as np
import pytest

from flows import crosscheck, signatures
from flows.signatures import Index
from schemas.signature import Signature
from tests.validators.signed import package, person, room, text, thing
from tests.validators.test_across import PARAGRAPH
from tests.validators.test_likeness import written
from validators import joining


def some(count: int) -> list[Signature]:
    """Every seventh shares a serial with the first, every eleventh the text."""
    return [
        package(
            f"p{n}", things=(thing(serial="FDA1806989" if n % 7 == 0 else f"SN{n:08d}x"),), rooms=(room(str(100 + n)),),
            people=(person(f"甲{n}", born="1985-03"),), texts=(text(PARAGRAPH if n % 11 == 0 else written(n, 120)),),
        )
        for n in range(count)
    ]  # fmt: skip


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    (one,) = some(1)
    signatures.write(tmp_path / "one", one)
    assert signatures.read(tmp_path / "one") == one
    keys, front = signatures.read_front(tmp_path / "one")
    assert front.id == "p0"
    assert np.array_equal(keys, joining.keys(one))


@pytest.mark.parametrize("data", [b"", b"CSG1", b"x" * 40, signatures.MAGIC + b"\xff" * 8])
def test_what_is_no_signature_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a signature"):
        signatures.unpack(data)


def test_a_batch_that_spills_to_disk_joins_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [joining.keys(one) for one in some(40)]
    small = signatures.join(keys, 40, tmp_path / "a")
    monkeypatch.setattr(signatures, "HELD", 100)
    large = signatures.join(keys, 40, tmp_path / "b")
    assert np.array_equal(small.pairs, large.pairs)
    assert small.common == large.common
    assert (0 << 32 | 7) in small.pairs.tolist()
    assert list((tmp_path / "b").iterdir()) == []


def test_the_index_finds_what_a_plain_loop_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "SEGMENTS", 3)
    monkeypatch.setattr(signatures, "FENCE", 4)
    earlier = some(30)
    index = Index(tmp_path / "index")
    for at in range(0, 30, 5):  # six segments, merged on the way
        index.add(earlier[at : at + 5])
    new = package(
        "新", things=(thing(),), texts=(text(PARAGRAPH),), people=(person("甲3", born="1985-03"),), rooms=(room("105"),)
    )
    plain = crosscheck.against_any(new, earlier).told()["新"]
    found = crosscheck.against(new, index).told()["新"]
    assert [(one.code, one.others) for one in found.findings] == [(one.code, one.others) for one in plain.findings]
    assert {one.code for one in found.findings} == {"SHARED_ASSET", "TEXT_REUSE", "SHARED_PERSON", "SHARED_PREMISES"}
    assert [one.id for one in Index(tmp_path / "index")] == [one.id for one in earlier]


def test_a_segment_left_half_written_is_not_the_index(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.add(some(2))
    (tmp_path / "rest.packed").write_bytes(b"half")
    assert len(Index(tmp_path)) == 2
    index.add(some(1))
    assert not (tmp_path / "rest.packed").exists()
    assert len(index) == 3
