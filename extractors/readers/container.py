"""A ZIP opened with suspicion: DOCX, XLSX and archives all come through here.

The standard library rewrites ``..`` quietly, lets a later member replace an earlier one of the same name, follows overlapping members into a
bomb, believes declared sizes, and gives up a whole archive over one name that is not the UTF-8 it claims to be. So the directory is judged
before anything is unpacked, each member's own header is held against it, and unpacking counts real bytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, ENCRYPTED, RefusedError, over, refuse, unsafe
from schemas.vocabulary import Outcome

CHUNK = 1 << 16
UTF8: Final = 0x800
#: Sizes that stand after the member instead of before it, and sizes that stand in an extra field.
LATER, ELSEWHERE = 0x8, 0xFFFFFFFF
DIRECTORY, HEADER, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
UNLIKE: Final = "压缩包目录与实际文件不一致"
METHOD: Final = "压缩方式无法识别，请改用普通 ZIP 方式压缩后重新上传。"


class Container:
    """The members of one ZIP. Raises ``RefusedError`` when the whole file cannot be trusted."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.spent = 0
        self._data = _named(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(self._data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, OverflowError) as error:
            raise _corrupt() from error
        self.members = tuple(self._zip.infolist())
        if len(self.members) > limits.archive_members:
            refuse(Outcome.LIMIT, over("压缩包内文件数", len(self.members), limits.archive_members))
        self._overlaps()

    def _overlaps(self) -> None:
        """Two members that share bytes: the one thing no honest program writes."""
        end = -1
        for member in sorted(self.members, key=lambda m: m.header_offset):
            if member.header_offset < end:
                refuse(Outcome.UNSAFE, unsafe("压缩包内的文件互相重叠"))
            end = member.header_offset + self._header(member) + member.compress_size
        if end > self._zip.start_dir:
            refuse(Outcome.UNSAFE, unsafe("压缩包内的文件互相重叠"))

    def _header(self, member: zipfile.ZipInfo) -> int:
        """How many bytes a member's own header takes. What it says must be what the directory says."""
        head = self._data[member.header_offset : member.header_offset + 30]
        if len(head) < 30 or not head.startswith(HEADER):
            return 30  # reading this member will fail, and only this member
        flags, packed, size, name, extra = struct.unpack_from("<6xH10xIIHH", head)
        told = self._data[member.header_offset + 30 : member.header_offset + 30 + name]
        if told != _raw(member):
            refuse(Outcome.UNSAFE, unsafe(UNLIKE))
        for here, there in ((packed, member.compress_size), (size, member.file_size)):
            if not flags & LATER and here not in (0, ELSEWHERE, there):
                refuse(Outcome.UNSAFE, unsafe(UNLIKE))
        return int(30 + name + extra)

    def read(self, member: zipfile.ZipInfo, cap: int) -> bytes:
        """A member's bytes, at most ``cap``. Raises ``RefusedError`` with the outcome of this member alone."""
        if member.flag_bits & 0x1:
            refuse(Outcome.ENCRYPTED, ENCRYPTED)
        return b"".join(self._chunks(member, cap))

    def head(self, member: zipfile.ZipInfo, size: int) -> bytes:
        """The first bytes of a member, empty where it cannot be read."""
        try:
            with self._zip.open(member) as stream:
                return stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError):
            return b""

    def _chunks(self, member: zipfile.ZipInfo, cap: int) -> Iterator[bytes]:
        limits, total = self.limits, 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(CHUNK):
                    total += len(chunk)
                    self.spent += len(chunk)
                    if total > cap:
                        refuse(Outcome.LIMIT, over("解压后的大小", f"{total >> 20} MB 以上", f"{cap >> 20} MB"))
                    if total > limits.ratio_from and total > limits.archive_ratio * max(1, member.compress_size):
                        refuse(Outcome.LIMIT, over("压缩倍率", f"{limits.archive_ratio} 倍以上", f"{limits.archive_ratio} 倍"))
                    if self.spent > limits.archive_bytes:
                        refuse(
                            Outcome.LIMIT,
                            over("解压后的总大小", f"{self.spent >> 20} MB 以上", f"{limits.archive_bytes >> 20} MB"),
                        )
                    yield chunk
        except zipfile.BadZipFile as error:
            if "differ" in str(error):
                refuse(Outcome.UNSAFE, unsafe(UNLIKE))
            raise _corrupt() from error
        except NotImplementedError as error:
            raise RefusedError(Outcome.CORRUPT, METHOD) from error
        except (zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError) as error:
            raise _corrupt() from error


def _raw(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & UTF8 else "cp437", "replace")


def _named(data: bytes) -> bytes:
    """The bytes with the mark “UTF-8” taken from those names that are none, in the directory and before the member."""
    end = data.rfind(END, max(0, len(data) - 66_000))
    if end < 0 or end + 20 > len(data):
        return data
    size, offset = struct.unpack_from("<II", data, end + 12)
    at, wrong = end - size, list[int]()
    before = at - offset
    while 0 <= at < end and data[at : at + 4] == DIRECTORY and at + 46 <= end:
        flags, name, extra, comment = struct.unpack_from("<8xH18xHHH", data, at)
        if flags & UTF8 and not _utf8(data[at + 46 : at + 46 + name]):
            wrong += (at + 9, before + struct.unpack_from("<I", data, at + 42)[0] + 7)
        at += 46 + name + extra + comment
    if not wrong:
        return data
    mended = bytearray(data)
    for place in wrong:
        if 0 <= place < len(mended):
            mended[place] &= ~(UTF8 >> 8) & 0xFF
    return bytes(mended)


def _utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _corrupt() -> RefusedError:
    return RefusedError(Outcome.CORRUPT, CORRUPT)
