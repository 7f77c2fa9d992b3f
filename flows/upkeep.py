"""Keeping CHUSHEN_HOME tidy: who is using what, what a killed run left behind, logs and a database that would grow for ever.

Locks are the operating system's, so they are given back however a process ends.
"""

import errno
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOG_BYTES = 5 << 20
#: Prefect keeps some 21 KB a package and nothing of it is needed once the reports are written.
DATABASE_BYTES = 100 << 20
#: Some 20 KB a scanned page.
READINGS_BYTES = 500 << 20
IN_USE = "in-use"
#: A store may have to be migrated first.
START_SECONDS = 600


@contextmanager
def work_folder(home: Path) -> Iterator[Path]:
    """A private folder for unpacked files, gone afterwards; what runs that were killed left behind goes first."""
    with ExitStack() as locks:
        with alone(home):
            parent = _private(home / "work")
            for folder in parent.iterdir():
                _clear_if_dead(folder)
            work = Path(tempfile.mkdtemp(dir=parent))
            locks.enter_context(held(work / IN_USE))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)  # where an open file cannot be removed


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The lasting Prefect database, or one for this run only while another run has it: SQLite serves one server at a time."""
    folder = _private(home / "prefect")
    with held(folder / IN_USE) as ours:
        name = "prefect.db" if ours else f"prefect-{secrets.token_hex(4)}.db"
        if ours and (folder / name).is_file() and (folder / name).stat().st_size > DATABASE_BYTES:
            _remove(folder, name)
        try:
            yield name
        finally:
            if not ours:
                _remove(folder, name)


def page_readings(home: Path, *, most: int = READINGS_BYTES) -> Path:
    """The folder of recognised pages. They hold what the pages say, so it is private; when it has grown large the oldest go."""
    folder = _private(home / "cache") / "pages"
    found = sorted(((file.stat().st_mtime, file.stat().st_size, file) for file in folder.glob("*/*")), reverse=True)
    kept = 0
    for _, size, file in found:
        kept += size
        if kept > most:
            file.unlink(missing_ok=True)
    return folder


def digest_key(home: Path) -> Path:
    """The file of the key personal numbers are digested with: made once, so that the digests of two runs on this machine can be compared."""
    path = _private(home / "keys") / "digests.key"
    if not path.is_file():
        temporary = path.with_name(secrets.token_hex(4))
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(32))
        try:
            os.link(temporary, path)  # whoever is first wins, so that two runs starting together use one key
        except FileExistsError:
            pass
        except OSError:
            temporary.replace(path)
        temporary.unlink(missing_ok=True)
    return path


def log_file(home: Path, name: str) -> Path:
    """The log's path; an old one that has grown long is kept as ``.1``, once."""
    folder = _private(home / "logs")
    path = folder / name
    if path.is_file() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Whether the lock on ``path`` could be had; it is held meanwhile."""
    with path.open("a+b") as stream:
        yield _locked(stream.fileno())


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One run at a time, while it makes what others look at: a lock that is not held yet looks like one of the dead. Raises ``OSError``."""
    deadline = time.monotonic() + START_SECONDS
    home.mkdir(parents=True, exist_ok=True)
    while True:
        with held(home / "starting") as ours:
            if ours:
                yield
                return
        if time.monotonic() > deadline:
            raise TimeoutError(errno.ETIMEDOUT, f"另一次运行正在启动，{START_SECONDS} 秒内没有完成")
        time.sleep(0.02)


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _clear_if_dead(folder: Path) -> None:
    lock = folder / IN_USE
    if not lock.is_file():
        return  # another run is just making it
    with held(lock) as dead:
        if not dead:
            return
    shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path, name: str) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        (folder / f"{name}{suffix}").unlink(missing_ok=True)


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix":
        folder.chmod(0o700)
    return folder
