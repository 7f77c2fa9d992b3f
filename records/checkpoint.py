"""Checkpoints: a signature over how many entries there are and what they hash to. Decided from bytes.

A checkpoint kept elsewhere, or its digest on a paper, fixes all entries up to it: whoever rewrites one of them cannot make the old checkpoint fit again, not
even with the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records import canonical
from records.signing import Signing, signed_by
from records.trail import ALGORITHM, VERSION, ZEROS, Head

CONTEXT = b"chushen checkpoint v1\n"
PRINTED = "CHUSHEN1"


class CheckpointError(ValueError):
    """What is wrong with a checkpoint, in Chinese."""


@dataclass(frozen=True)
class Checkpoint:
    """``entries`` of the trail of ``store`` have the Merkle root ``root`` and end with the entry of hash ``head``."""

    store: str
    number: int
    entries: int
    root: str
    head: str
    prev: str
    at: str
    key: str
    why: str


@dataclass(frozen=True)
class Signed:
    body: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        return canonical.sha256(self.body)

    def line(self) -> str:
        """As one line of the witness file."""
        return f"{self.signature.hex()} {self.body.decode()}"


def sign(signer: Signing, store: str, head: Head, before: Signed | None, why: str, at: str) -> Signed:
    """``before`` is the checkpoint before this one."""
    number = opened(before).number + 1 if before else 1
    told = {
        "v": VERSION,
        "alg": ALGORITHM,
        "sig": "ed25519",
        "store": store,
        "number": number,
        "entries": head.size,
        "root": head.frontier.root().hex(),
        "head": head.hash.hex(),
        "prev": before.digest if before else ZEROS,
        "at": at,
        "key": signer.id,
        "why": why,
    }
    body = canonical.dumps(told)
    return Signed(body, signer.sign(CONTEXT + body))


def opened(signed: Signed) -> Checkpoint:
    """What it says, its signature not looked at. Raises ``CheckpointError``."""
    try:
        told: dict[str, Any] = canonical.loads(signed.body)
        if (told["v"], told["alg"], told["sig"]) != (VERSION, ALGORITHM, "ed25519"):
            raise CheckpointError("不认识的格式或算法")
        return Checkpoint(**{name: told[name] for name in Checkpoint.__dataclass_fields__})
    except (canonical.CanonicalError, KeyError, TypeError) as error:
        raise CheckpointError("内容不是本系统写下的格式") from error


def holds(signed: Signed, keys: Mapping[str, bytes]) -> Checkpoint:
    """What it says, once its signature has been found good under one of ``keys`` (by id). Raises ``CheckpointError``."""
    told = opened(signed)
    public = keys.get(told.key)
    if public is None:
        raise CheckpointError(f"签名所用的密钥 {told.key} 不在已知的公钥中")
    if not signed_by(public, CONTEXT + signed.body, signed.signature):
        raise CheckpointError("签名不成立")
    return told


def from_line(line: str) -> Signed:
    """A line of the witness file. Raises ``CheckpointError``."""
    signature, _, body = line.rstrip("\n").partition(" ")
    try:
        return Signed(body.encode(), bytes.fromhex(signature))
    except (ValueError, UnicodeEncodeError) as error:
        raise CheckpointError("不是一行检查点") from error


def printed(signed: Signed) -> str:
    """What stands in the QR code on a paper: number of the checkpoint, entries, digest. Short enough to be typed."""
    told = opened(signed)
    return f"{PRINTED}:{told.store[:8]}:{told.number}:{told.entries}:{signed.digest}"


def from_print(text: str) -> tuple[str, int, int, str]:
    """(start of the store's id, number, entries, digest). Raises ``CheckpointError``."""
    parts = text.strip().split(":")
    if len(parts) != 5 or parts[0] != PRINTED or not (parts[2].isdecimal() and parts[3].isdecimal()):
        raise CheckpointError("不是印在文书上的检查点（应以 CHUSHEN1: 开头）")
    return parts[1], int(parts[2]), int(parts[3]), parts[4].lower()
