"""The keys in CHUSHEN_HOME: one signs checkpoints, one hides numbers for joins. Made on first use, readable by this user alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from records.signing import Signer, new_secret, pem

SIGNING, PUBLIC, JOIN = "signing.key", "signing.pub", "join.key"


class BadKeyError(Exception):
    """A key file that cannot be used; the message is Chinese."""


def signer(home: Path) -> Signer:
    """The store's own. Raises ``BadKeyError``, ``OSError``."""
    folder = _folder(home)
    signer = Signer(_secret(folder / SIGNING, new_secret))
    public = folder / PUBLIC
    told = pem(signer.public)
    if not public.exists() or public.read_text(encoding="ascii") != told:
        public.write_text(told, encoding="ascii")
    return signer


def join_key(home: Path) -> bytes:
    return _secret(_folder(home) / JOIN, lambda: secrets.token_bytes(32))


def _secret(path: Path, make: Callable[[], bytes]) -> bytes:
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    temporary = path.with_name(f".{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(make().hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(temporary, path)  # unlike a rename it never replaces a key another process has just made
        except FileExistsError:
            pass
        except OSError:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> bytes:
    data = path.read_text(encoding="ascii").strip()
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise BadKeyError(f"密钥文件 {path} 其他用户也能读取，请执行 chmod 600 后重试；如可能已外泄，请换用新密钥")
    try:
        secret = bytes.fromhex(data)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise BadKeyError(f"密钥文件 {path} 已损坏。请从保管处取回；取不回时，删除它会生成新密钥，旧记录仍可用旧公钥核验")
    return secret


def _folder(home: Path) -> Path:
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix":
        folder.chmod(0o700)
    return folder
