"""The three bad packages of the issue, byte by byte, and a good one."""

import struct
from pathlib import Path

GOOD = """昆明市概念验证中心申报书
单位名称：昆明某某科技有限公司
专门用房面积：350平方米
服务团队人数：8人
"""


def good(folder: Path, text: str = GOOD) -> Path:
    folder.mkdir(parents=True)
    (folder / "申报书.txt").write_text(text, encoding="utf-8")
    return folder


def truncated_pdf(folder: Path) -> Path:
    """A PDF cut off in its first stream, as a broken download leaves it."""
    folder.mkdir(parents=True)
    (folder / "申报书.pdf").write_bytes(
        b"%PDF-1.7\n1 0 obj\n<</Length 9000/Filter/FlateDecode>>\nstream\n" + b"x\x9c\xed\x7d" * 40
    )
    return folder


def encrypted_docx(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "申报书.docx").write_bytes(compound(EncryptionInfo=b"\x04\0\x04\0" + b"\0" * 4092, EncryptedPackage=b"\x5a" * 4096))
    return folder


def bad_batch(root: Path) -> Path:
    good(root / "1 好的")
    truncated_pdf(root / "2 残缺")
    encrypted_docx(root / "3 加密")
    (root / "4 空的").mkdir()
    return root


def compound(**streams: bytes) -> bytes:
    """An OLE compound file of streams of at least 4096 bytes each: header, one FAT sector, one directory sector, the streams."""
    end, fat_mark, free, none = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF, 0xFFFFFFFF
    fat, entries, body = [fat_mark, end], [], b""
    for number, (name, data) in enumerate(streams.items(), 1):
        first, count = len(fat), -(-len(data) // 512)
        fat += [*range(first + 1, first + count), end]
        right = number + 1 if number < len(streams) else none
        entries.append(_entry(name, 2, (none, right, none), first, len(data)))
        body += data.ljust(count * 512, b"\0")
    root = _entry("Root Entry", 5, (none, none, 1), end, 0)
    directory = b"".join([root, *entries]).ljust(512, b"\0")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0
    )
    header += struct.pack("<108I", *[free] * 108)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return header + table + directory + body


def _entry(name: str, kind: int, siblings: tuple[int, int, int], first: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", raw.ljust(64, b"\0"), len(raw), kind, 1, *siblings, first, size)
