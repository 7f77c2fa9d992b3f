"""Which locks this machine has. Looked for once, in a process that stays unlocked."""

import ctypes
import os
import platform
import sys
from functools import cache
from typing import Final, NamedTuple

from sandbox import landlock, seccomp

PR_GET_SECCOMP: Final = 21
MINIMA: Final = ("basic", "seccomp", "full")


class Layers(NamedTuple):
    """``limits``: memory and time by the kernel (else by a timer alone). ``landlock`` is the kernel's version of it, 0 for none."""

    limits: bool
    fork: bool
    no_new_privs: bool
    seccomp: bool
    landlock: int

    @property
    def level(self) -> str:
        """``full``, ``seccomp`` (no Landlock) or ``basic`` (time, memory and the killing of the whole tree only)."""
        if self.seccomp:
            return "full" if self.landlock else "seccomp"
        return "basic"

    def enough(self, minimum: str) -> bool:
        return MINIMA.index(self.level) >= MINIMA.index(minimum)

    def told(self) -> str:
        """One line in Chinese: what is on, and what this machine lacks."""
        on = ["超时终止", "整组进程终止"]
        lacking: list[str] = []
        for there, name in (
            (self.limits, "内存与时间上限"),
            (self.no_new_privs, "禁止提权"),
            (self.seccomp, "系统调用过滤（seccomp）"),
            (self.landlock > 0, "文件访问限制（Landlock）"),
        ):
            (on if there else lacking).append(name)
        said = f"解析隔离：已启用{'、'.join(on)}"
        return said + (f"；本机没有{'、'.join(lacking)}" if lacking else "")


@cache
def layers() -> Layers:
    linux = sys.platform.startswith("linux")
    return Layers(
        limits=os.name == "posix",
        fork=hasattr(os, "fork") and linux,
        no_new_privs=linux,
        seccomp=linux and platform.machine() in seccomp.MACHINES and _has_seccomp(),
        landlock=landlock.version() if linux else 0,
    )


def _has_seccomp() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0)
