"""Ed25519 by the ``cryptography`` package: keys as raw 32 bytes, known by the start of the digest of their public half."""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.canonical import sha256


class Signing(Protocol):
    """What signs: the key here, or a process that has it."""

    public: bytes
    id: str

    def sign(self, data: bytes) -> bytes: ...


class Signer:
    """Holds a private key and never shows it but to whoever stores it."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def new_secret() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def signed_by(public: bytes, data: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    return sha256(public)[:16]


def pem(public: bytes) -> str:
    """The public half as other programs read it."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
