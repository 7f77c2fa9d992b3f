"""Landlock: which files a process may still read or write, and that it may bind or connect no TCP port. Linux 5.13 and later.

Structures and numbers are those of linux/landlock.h; system call numbers are the same on every machine.
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

CREATE, ADD, RESTRICT = 444, 445, 446
PATH_BENEATH: Final = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, MAKE_SOCK = 1, 2, 4, 8, 1 << 9
#: All of version 1; then REFER, TRUNCATE and IOCTL_DEV with versions 2, 3 and 5.
FIRST: Final = (1 << 13) - 1
LATER: Final = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
O_PATH: Final = 0o10000000


def version() -> int:
    """What the kernel has, 0 for nothing."""
    found: int = ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(0, found)


def rules(readable: Iterable[str], writable: Iterable[str] = (), sockets: Iterable[str] = ()) -> int:
    """A ruleset as a file descriptor, for ``restrict``; -1 where the kernel has none. Paths that are not there are left out."""
    abi = version()
    if not abi:
        return -1
    everything = FIRST | sum(bit for since, bit in LATER if abi >= since)
    # file access, then TCP bind and connect (version 4), then abstract sockets and signals beyond the domain (6)
    attribute = struct.pack("<QQQ", everything, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _call(CREATE, attribute[:size], ctypes.c_size_t(size), ctypes.c_uint(0))
    for path in dict.fromkeys(readable):
        _add(ruleset, path, READ_FILE | READ_DIR | EXECUTE)
    for path in dict.fromkeys(writable):
        _add(ruleset, path, everything)
    for path in dict.fromkeys(sockets):
        _add(ruleset, path, MAKE_SOCK)
    return ruleset


def restrict(ruleset: int) -> None:
    """Bind this thread and all it starts from now on. ``no_new_privs`` must be set. Raises ``OSError``."""
    _call(RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0))


def _add(ruleset: int, path: str, access: int) -> None:
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        file = os.open(path, O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(file).st_mode):
                access &= EXECUTE | WRITE_FILE | READ_FILE | 1 << 14
            _call(ADD, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), struct.pack("<Qi", access, file), ctypes.c_uint(0))
        finally:
            os.close(file)


def _call(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return result


def interpreter() -> tuple[str, ...]:
    """What a child may read in any case: the interpreter, its packages, shared libraries, fonts."""
    packages = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return (
        sys.prefix, sys.base_prefix, sys.exec_prefix, *packages, "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/fonts",
        "/usr/local/share/fonts", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom",
    )  # fmt: skip
