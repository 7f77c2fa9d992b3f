"""The numbers of the system calls against the kernel's own header, and the programs' shape. What they let through is in ``test_children``."""

import re
import struct
from pathlib import Path

import pytest

from sandbox import seccomp

HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
#: The generic header names these by their 32-bit story.
OTHER = {"fcntl": "3264_fcntl", "statfs": "3264_statfs", "fstatfs": "3264_fstatfs", "lseek": "3264_lseek", "newfstatat": "3264_fstatat", "fstat": "3264_fstat",
         "mmap": "3264_mmap", "fadvise64": "3264_fadvise64"}  # fmt: skip


@pytest.mark.parametrize("machine", seccomp.TABLES)
def test_numbers_are_the_kernels(machine: str) -> None:
    there = [Path(path) for path in HEADERS[machine] if Path(path).is_file()]
    if not there:
        pytest.skip(f"no kernel header here: the numbers for {machine} are left out")
    told = {name: int(number) for name, number in re.findall(r"#define __NR(?:_|)(\w+)\s+(\d+)", there[0].read_text())}
    told = {name.removeprefix("_"): number for name, number in told.items()}
    wrong = {
        name: number
        for name, number in seccomp.TABLES[machine].items()
        if told.get(name, told.get(OTHER.get(name, ""))) != number
    }
    assert wrong == {}


@pytest.mark.parametrize("machine", seccomp.TABLES)
@pytest.mark.parametrize("program", [seccomp.parsing, seccomp.office])
def test_every_jump_lands_inside(machine: str, program: object) -> None:
    made = program(machine=machine)  # type: ignore[operator]
    steps = [struct.unpack_from("<HBBI", made, at) for at in range(0, len(made), 8)]
    assert steps[-1][0] == seccomp.RETURN
    assert all(at + 1 + max(yes, no) < len(steps) for at, (code, yes, no, _) in enumerate(steps) if code != seccomp.RETURN)


@pytest.mark.parametrize("machine", seccomp.TABLES)
def test_nothing_is_both_allowed_and_forbidden(machine: str) -> None:
    assert not set(seccomp.ALLOWED) & {
        *seccomp.FORBIDDEN,
        "execve",
        "fork",
        "vfork",
        "clone",
        "clone3",
        "kill",
        "socket",
        "socketpair",
        "prlimit64",
        "openat",
        "open",
    }
    assert {"execve", "socket", "clone3", "tgkill", "prlimit64", "openat"} <= set(seccomp.TABLES[machine])
