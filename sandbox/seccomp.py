"""seccomp: which system calls a process may still make, as a classic BPF program. Linux on x86_64 and aarch64.

A parsing child has a list of what it may do; all else fails with EPERM, which libraries survive, unlike a kill. Numbers are those of the kernel's
``asm/unistd.h``; a test compares them with the header where a machine has it.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

#: The kernel's names of the two machines in the word a filter is given.
MACHINES: Final[Mapping[str, int]] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# fmt: off
X86_64: Final[Mapping[str, int]] = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10,
    "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16, "pread64": 17, "readv": 19,
    "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39,
    "socket": 41, "connect": 42, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "exit": 60, "kill": 62, "uname": 63, "fcntl": 72,
    "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100, "ptrace": 101, "getuid": 102,
    "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "sigaltstack": 131, "statfs": 137, "fstatfs": 138, "pivot_root": 155, "arch_prctl": 158,
    "chroot": 161, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176, "gettid": 186,
    "time": 201, "futex": 202, "sched_setaffinity": 203, "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218, "restart_syscall": 219, "fadvise64": 221,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "tgkill": 234, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271, "unshare": 272, "set_robust_list": 273,
    "dup3": 292, "perf_event_open": 298, "prlimit64": 302, "open_by_handle_at": 304, "setns": 308, "getcpu": 309, "process_vm_readv": 310, "process_vm_writev": 311,
    "finit_module": 313, "seccomp": 317, "getrandom": 318, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323, "membarrier": 324, "statx": 332, "rseq": 334,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "clone3": 435, "faccessat2": 439,
}
AARCH64: Final[Mapping[str, int]] = {
    "getcwd": 17, "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29, "umount2": 39, "mount": 40, "pivot_root": 41, "statfs": 43, "fstatfs": 44, "faccessat": 48,
    "chroot": 51, "openat": 56, "close": 57, "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pselect6": 72,
    "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "set_tid_address": 96, "unshare": 97, "futex": 98, "set_robust_list": 99,
    "nanosleep": 101, "kexec_load": 104, "init_module": 105, "delete_module": 106, "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "ptrace": 117,
    "sched_setaffinity": 122, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128, "kill": 129, "tgkill": 131, "sigaltstack": 132, "rt_sigaction": 134,
    "rt_sigprocmask": 135, "rt_sigreturn": 139, "reboot": 142, "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165, "getcpu": 168, "gettimeofday": 169, "getpid": 172,
    "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "socket": 198, "socketpair": 199, "connect": 203, "brk": 214,
    "munmap": 215, "mremap": 216, "add_key": 217, "request_key": 218, "keyctl": 219, "clone": 220, "execve": 221, "mmap": 222, "fadvise64": 223, "swapon": 224, "swapoff": 225,
    "mprotect": 226, "madvise": 233, "perf_event_open": 241, "prlimit64": 261, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271,
    "finit_module": 273, "seccomp": 277, "getrandom": 278, "bpf": 280, "userfaultfd": 282, "membarrier": 283, "statx": 291, "rseq": 293, "kexec_file_load": 294, "io_uring_setup": 425,
    "io_uring_enter": 426, "io_uring_register": 427, "clone3": 435, "faccessat2": 439,
}
#: What parsing needs: memory, its descriptors, reading files, clocks, threads of its own, an end.
ALLOWED: Final = (
    "read", "write", "readv", "writev", "pread64", "lseek", "mmap", "mprotect", "munmap", "mremap", "madvise", "brk", "futex", "clock_gettime", "gettimeofday", "time",
    "close", "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "getdents64", "readlink", "readlinkat", "getcwd", "statfs", "fstatfs", "fadvise64",
    "poll", "ppoll", "select", "pselect6", "dup", "dup3", "fcntl", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "sched_yield", "nanosleep",
    "clock_nanosleep", "clock_getres", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getrlimit", "getrusage", "sysinfo", "times", "uname", "arch_prctl",
    "set_tid_address", "set_robust_list", "rseq", "sched_getaffinity", "getcpu", "membarrier", "getrandom", "exit", "exit_group",
)
#: What no program of ours or another's needs to convert a document.
FORBIDDEN: Final = (
    "connect", "ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "bpf", "perf_event_open", "userfaultfd",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "open_by_handle_at", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "add_key",
    "request_key", "keyctl", "swapon", "swapoff", "reboot",
)
# fmt: on
TABLES: Final = {"x86_64": X86_64, "aarch64": AARCH64}

LOAD, JUMP_EQUAL, JUMP_ANY, JUMP_MORE, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW: Final = 0x7FFF0000
KILL: Final = 0x80000000
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16
CLONE_THREAD: Final = 0x10000
#: Sockets between processes of one machine.
LOCAL: Final = 1
#: Any of these flags opens a file for more than reading.
WRITING: Final = os.O_WRONLY | os.O_RDWR | getattr(os, "O_CREAT", 0) | getattr(os, "O_TRUNC", 0) | getattr(os, "O_APPEND", 0)
#: Numbers from here are x86_64's second calling convention, which would walk around the list.
X32: Final = 0x40000000

PR_SET_SECCOMP: Final = 22
FILTER: Final = 2


def parsing(*, opening: bool = True, affinity: bool = False, machine: str | None = None) -> bytes:
    """The program of a parsing child, for the process that installs it: it may signal itself alone, so that ``abort`` still ends it.

    ``opening`` allows opening files to read; without Landlock to say which, a child is better off without.
    """
    name = machine or platform.machine()
    before, after = _around_signals(opening, affinity, name)
    signals = _on(TABLES[name]["tgkill"], [_load(0), *_equal(os.getpid(), ALLOW), *_return(_error(errno.EPERM))])
    return b"".join((before, *signals, after))


@cache
def _around_signals(opening: bool, affinity: bool, name: str) -> tuple[bytes, bytes]:
    """All of ``parsing`` that is the same for every process, before and after what is not; a zygote makes it once for all it forks."""
    table = TABLES[name]
    names = [*ALLOWED, *(("sched_setaffinity",) if affinity else ())]
    before, after = _head(name), list[bytes]()
    for number in sorted(table[one] for one in names if one in table):
        before += _on(number, _return(ALLOW))
    refused = _return(_error(errno.EPERM))
    before += _on(table["ioctl"], _return(_error(errno.ENOTTY)))
    before += _on(table["clone3"], _return(_error(errno.ENOSYS)))
    before += _on(table["clone"], [_load(0), *_any(CLONE_THREAD, ALLOW), *refused])
    # asking for limits, never setting them: the new ones are a null pointer
    after += _on(table["prlimit64"], [_load(2), *_unequal(0), _load(2, high=True), *_equal(0, ALLOW), *refused])
    if opening:
        for call, at in (("openat", 2), ("open", 1)):
            if call in table:
                after += _on(table[call], [_load(at), *_any(WRITING, _error(errno.EACCES)), *_return(ALLOW)])
    after += refused
    return b"".join(before), b"".join(after)


def office(machine: str | None = None) -> bytes:
    """The program of a foreign one: it may start others and write where Landlock lets it, but has no network and no hold on other processes.

    LibreOffice ends where it may not make a socket of its own to be found by; it may, but connects to none.
    """
    name = machine or platform.machine()
    table = TABLES[name]
    program = _head(name)
    for number in sorted(table[one] for one in FORBIDDEN if one in table):
        program += _on(number, _return(_error(errno.EACCES)))
    program += _on(table["socket"], [_load(0), *_equal(LOCAL, ALLOW), *_return(_error(errno.EACCES))])
    program += _return(ALLOW)
    return b"".join(program)


def install(program: bytes) -> None:
    """Bind this thread and all it starts from now on. ``no_new_privs`` must be set. Raises ``OSError``."""
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(FILTER), described, 0, 0):
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: {os.strerror(error)}")


def _head(machine: str) -> list[bytes]:
    refused = _return(_error(errno.EPERM))
    head = [_op(LOAD, MACHINE_AT), _op(JUMP_EQUAL, MACHINES[machine], 1, 0), *_return(KILL), _op(LOAD, NUMBER_AT)]
    return [*head, _op(JUMP_MORE, X32, 0, 1), *refused] if machine == "x86_64" else head


def _on(number: int, body: Sequence[bytes]) -> list[bytes]:
    """The body where the call has this number; it ends by returning, so the number is still loaded after it."""
    return [_op(JUMP_EQUAL, number, 0, len(body)), *body]


def _equal(value: int, action: int) -> Iterable[bytes]:
    return (_op(JUMP_EQUAL, value, 0, 1), *_return(action))


def _unequal(value: int) -> Iterable[bytes]:
    return (_op(JUMP_EQUAL, value, 1, 0), *_return(_error(errno.EPERM)))


def _any(bits: int, action: int) -> Iterable[bytes]:
    return (_op(JUMP_ANY, bits, 0, 1), *_return(action))


def _load(argument: int, *, high: bool = False) -> bytes:
    return _op(LOAD, ARGUMENTS_AT + 8 * argument + (4 if high else 0))


def _return(action: int) -> list[bytes]:
    return [_op(RETURN, action)]


def _error(number: int) -> int:
    return 0x00050000 | number


def _op(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value & 0xFFFFFFFF)
