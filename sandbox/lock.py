"""Locking the process that calls it, for good: limits, then rights, then files, then system calls.

What surprised us. A limit on address space counts what the parent had mapped already, so it is set above that. Without Landlock a
child could read any file its user may, so there it opens none at all, and whatever it may need is imported before.
"""

import ctypes
import os
import signal
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from sandbox import landlock, seccomp
from sandbox.bounds import Bounds
from sandbox.layers import Layers

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_CHILD_SUBREAPER: Final = 36
NOBODY: Final = 65534
LIBC: Final[Any] = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def lock(bounds: Bounds, there: Layers, *, ruleset: int | None = None, parent: int | None = None) -> None:
    """Every layer that is there. ``ruleset`` is a Landlock ruleset made before, ``parent`` the process to die with. Raises ``OSError``."""
    if parent is not None:
        die_with(parent)
    if there.limits:
        _limits(bounds, there)
    if there.no_new_privs:
        prctl(PR_SET_DUMPABLE, 0)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    if there.landlock:
        landlock.restrict(ruleset if ruleset is not None else rules(bounds))
    if there.seccomp:
        program = (
            seccomp.office()
            if bounds.profile == "office"
            else seccomp.parsing(opening=there.landlock > 0 or bounds.profile == "ocr", affinity=bounds.profile == "ocr")
        )
        seccomp.install(program)


def rules(bounds: Bounds) -> int:
    return landlock.rules((*landlock.interpreter(), *bounds.readable), bounds.folders, bounds.sockets)


def die_with(parent: int) -> None:
    """Be killed when the parent ends, also where it ended before we asked."""
    if sys.platform.startswith("linux"):
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def reap_orphans() -> None:
    """Become the parent of whatever a child leaves behind, so that it can be found and ended."""
    if sys.platform.startswith("linux"):
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def change_user() -> None:
    """To nobody, where we are root and nobody may read what the child has to: an interpreter in root's own home stays root's."""
    if os.name != "posix" or os.geteuid() != 0 or not all_may_read():
        return
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def prctl(option: int, value: int) -> None:
    if LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _limits(bounds: Bounds, there: Layers) -> None:
    assert resource is not None
    wanted = {
        resource.RLIMIT_AS: bounds.memory,
        resource.RLIMIT_FSIZE: bounds.writable,
        resource.RLIMIT_NOFILE: bounds.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if bounds.cpu:
        wanted[resource.RLIMIT_CPU] = bounds.cpu
    if not there.seccomp and bounds.profile == "parse" and hasattr(resource, "RLIMIT_NPROC"):
        wanted[resource.RLIMIT_NPROC] = 0
    for what, value in wanted.items():
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with suppress(ValueError, OSError):  # macOS refuses some
            # the signal for the processor's time comes at the softer limit, the kill at the harder
            extra = 2 if what == resource.RLIMIT_CPU else 0
            resource.setrlimit(what, (value, value + extra if hard == resource.RLIM_INFINITY else min(value + extra, hard)))


@cache
def all_may_read() -> bool:
    """Whether any user could read what a child has to. Asked once by whoever forks, so that no child has to look."""
    return all(_open_to_all(Path(path)) for path in landlock.interpreter())


def _open_to_all(path: Path) -> bool:
    try:
        path = path.resolve()
        return all(part.stat().st_mode & (stat.S_IXOTH if part.is_dir() else stat.S_IROTH) for part in (path, *path.parents))
    except OSError:
        return True  # not there, so not needed
