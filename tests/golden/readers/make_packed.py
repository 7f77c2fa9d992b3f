"""RAR by hand (members stored, not packed) and 7z through libarchive: there is no free program that writes RAR."""

import ctypes
import tempfile
import zlib
from pathlib import Path
from typing import Any

MEMBERS = {
    "申报材料/申报书.txt": "申报书".encode(),
    "申报材料/附件/清单.txt": "设备清单\n".encode() * 20,
    "申报材料/Thumbs.db": b"x",
}


def vint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def block(content: bytes) -> bytes:
    sized = vint(len(content)) + content
    return zlib.crc32(sized).to_bytes(4, "little") + sized


def rar(members: dict[str, bytes], *, extra: bytes = b"", locked: bool = False) -> bytes:
    """RAR 5. ``extra`` is put into each member's header; ``locked`` says that what follows is encrypted, names and all."""
    found = b"Rar!\x1a\x07\x01\x00"
    if locked:
        found += block(b"\x04\x00\x00\x00\x0f" + bytes(16))
    found += block(b"\x01\x00\x00")
    for name, data in members.items():
        told = name.encode()
        head = b"\x02" + vint(2 | (1 if extra else 0)) + (vint(len(extra)) if extra else b"") + vint(len(data))
        head += vint(4) + vint(len(data)) + vint(0o100644) + zlib.crc32(data).to_bytes(4, "little") + vint(0) + vint(1)
        found += block(head + vint(len(told)) + told + extra) + data
    return found + block(b"\x05\x00\x00")


def encryption() -> bytes:
    """The part of a member's header that says it has a password."""
    content = vint(1) + vint(0) + vint(0) + b"\x0f" + bytes(32)
    return vint(len(content)) + content


def seven(members: dict[str, bytes], library: str) -> bytes:
    lib: Any = ctypes.CDLL(library)
    pointer = ctypes.c_void_p
    for name in ("archive_write_new", "archive_entry_new"):
        getattr(lib, name).restype = pointer
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.7z"
        handle = pointer(lib.archive_write_new())
        lib.archive_write_set_format_7zip(handle)
        lib.archive_write_open_filename(handle, str(path).encode())
        for name, data in members.items():
            entry = pointer(lib.archive_entry_new())
            lib.archive_entry_set_pathname_utf8(entry, name.encode())
            lib.archive_entry_set_size(entry, ctypes.c_int64(len(data)))
            lib.archive_entry_set_filetype(entry, 0o100000)
            lib.archive_entry_set_perm(entry, 0o644)
            lib.archive_entry_set_mtime(entry, ctypes.c_long(1773542400), ctypes.c_long(0))
            lib.archive_write_header(handle, entry)
            lib.archive_write_data(handle, data, ctypes.c_size_t(len(data)))
            lib.archive_entry_free(entry)
        lib.archive_write_close(handle)
        lib.archive_write_free(handle)
        return path.read_bytes()
