"""The vault: every file by its SHA-256, written once, never changed. The names people gave them are data, and stand elsewhere.

A file arrives in ``arriving/`` first, is flushed to the disk, and is then moved to its place, whose folder is flushed in turn: only after that
may a row name it. What a killed process leaves in ``arriving/``, or in place without a row, belongs to nobody and is collected later.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
NAME = re.compile(r"[0-9a-f]{64}")


class VaultError(Exception):
    """The vault cannot give or take a file; the message is Chinese."""


@dataclass(frozen=True)
class Kept:
    sha256: str
    size: int


class Vault:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arriving = folder / "arriving"

    def prepare(self) -> None:
        for folder in (self.folder, self._arriving):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put_files(self, paths: Sequence[Path]) -> list[Kept | None]:
        """The files as they are now, in order; None for one that cannot be opened. Raises ``OSError``; then none of them counts as kept."""
        arrived: list[tuple[Path, Kept]] = []
        order: list[Kept | None] = []
        try:
            for path in paths:
                try:
                    source = path.open("rb")
                except OSError:
                    order.append(None)
                    continue
                with source:
                    arrived.append(self._arrive(source))
                order.append(arrived[-1][1])
            self._settle(arrived)
            return order
        finally:
            for temporary, _ in arrived:
                temporary.unlink(missing_ok=True)

    def put(self, *contents: bytes) -> list[Kept]:
        arrived = []
        try:
            for data in contents:
                digest = hashlib.sha256(data).hexdigest()
                if self.holds(digest, len(data)):
                    arrived.append((self.path(digest), Kept(digest, len(data))))
                    continue
                temporary = self._temporary()
                with temporary.open("wb") as stream:
                    stream.write(data)
                    _flush(stream)
                arrived.append((temporary, Kept(digest, len(data))))
            return self._settle(arrived)
        finally:
            for temporary, _ in arrived:
                if temporary.parent == self._arriving:
                    temporary.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        if not NAME.fullmatch(digest):
            raise VaultError(f"“{digest}”不是摘要")
        return self.folder / digest[:2] / digest[2:]

    def holds(self, digest: str, size: int | None = None) -> bool:
        """Whether it is there, by name and length; ``verify`` reads it."""
        try:
            found = self.path(digest).stat().st_size
        except OSError:
            return False
        return size is None or found == size

    def get(self, digest: str) -> bytes:
        """Raises ``VaultError`` where it is missing or is not what its name says."""
        try:
            data = self.path(digest).read_bytes()
        except OSError as error:
            raise VaultError(f"原件库中缺少 {digest}（{error.strerror}）") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise VaultError(f"原件库中的 {digest} 已被改动")
        return data

    def copy_to(self, digest: str, target: Path) -> None:
        """A copy of its own, checked on the way. Raises ``VaultError``, ``OSError``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        hasher = hashlib.sha256()
        try:
            source = self.path(digest).open("rb")
        except OSError as error:
            raise VaultError(f"原件库中缺少 {digest}（{error.strerror}）") from error
        with source, target.open("wb") as copy:
            while chunk := source.read(CHUNK):
                hasher.update(chunk)
                copy.write(chunk)
        if hasher.hexdigest() != digest:
            target.unlink()
            raise VaultError(f"原件库中的 {digest} 已被改动")

    def remove(self, digests: Iterable[str]) -> int:
        """Expired files. Returns how many there were."""
        removed = 0
        for digest in digests:
            try:
                self.path(digest).unlink()
                removed += 1
            except FileNotFoundError:
                continue
        return removed

    def names(self) -> Iterator[tuple[str, Path]]:
        """(digest by its place, or empty for what has no business here; path), sorted."""
        if not self.folder.is_dir():
            return
        for shelf in sorted(self.folder.iterdir()):
            if not shelf.is_dir() or shelf.is_symlink():
                yield "", shelf
                continue
            for path in sorted(shelf.iterdir()):
                digest = shelf.name + path.name
                plain = NAME.fullmatch(digest) and path.is_file() and not path.is_symlink()
                yield (digest if plain and shelf != self._arriving else ""), path

    def arriving(self, path: Path) -> bool:
        return path.parent == self._arriving

    def collect(self, wanted: "set[str] | frozenset[str]") -> int:
        """Remove what no row names and what never arrived. Only while nobody is writing."""
        removed = 0
        for digest, path in list(self.names()):
            if digest not in wanted and (digest or self.arriving(path)):
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def check(self, digests: Sequence[str], *, threads: int = 2) -> Iterator[tuple[str, str]]:
        """(digest, what is wrong in Chinese or empty) in order, each file read whole."""
        with ThreadPoolExecutor(threads) as pool:
            yield from zip(digests, pool.map(self._told, digests), strict=True)

    def _told(self, digest: str) -> str:
        try:
            with self.path(digest).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            return "缺失"
        except OSError as error:
            return f"无法读取（{error.strerror}）"
        return "" if found == digest else "内容已被改动"

    def _arrive(self, source: IO[bytes]) -> tuple[Path, Kept]:
        temporary = self._temporary()
        hasher, size = hashlib.sha256(), 0
        try:
            with temporary.open("wb") as stream:
                while chunk := source.read(CHUNK):
                    hasher.update(chunk)
                    stream.write(chunk)
                    size += len(chunk)
                kept = Kept(hasher.hexdigest(), size)
                if self.holds(kept.sha256, size):
                    stream.truncate(0)  # already here: nothing to flush
                else:
                    _flush(stream)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return temporary, kept

    def _settle(self, arrived: Sequence[tuple[Path, Kept]]) -> list[Kept]:
        shelves = set()
        for temporary, kept in arrived:
            place = self.path(kept.sha256)
            if temporary == place or self.holds(kept.sha256, kept.size):
                continue
            place.parent.mkdir(mode=0o700, exist_ok=True)
            temporary.chmod(0o400)
            temporary.replace(place)
            shelves.add(place.parent)
        for shelf in shelves:
            flush_folder(shelf)
        if shelves:
            flush_folder(self.folder)
        return [kept for _, kept in arrived]

    def _temporary(self) -> Path:
        self._arriving.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._arriving / secrets.token_hex(12)


def flush_folder(folder: Path) -> None:
    """So that a name in it outlives a power cut; not to be had on Windows."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _flush(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())
