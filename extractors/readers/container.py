"""A ZIP opened with suspicion: DOCX, XLSX and archives all come through here.

The standard library rewrites ``..`` quietly, lets a later member replace an earlier one of the same name, follows overlapping members into a
bomb, and believes declared sizes. So the directory is judged before anything is unpacked, and unpacking counts real bytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.refusal import CORRUPT, ENCRYPTED, RefusedError, over, refuse, unsafe
from schemas.vocabulary import Outcome

CHUNK = 1 << 16


class Container:
    """The members of one ZIP. Raises ``RefusedError`` when the whole file cannot be trusted."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.spent = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, OverflowError) as error:
            raise _corrupt() from error
        except UnicodeDecodeError as error:
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
            end = member.header_offset + 30 + member.compress_size

    def read(self, member: zipfile.ZipInfo, cap: int) -> bytes:
        """A member's bytes, at most ``cap``. Raises ``RefusedError`` with the outcome of this member alone."""
        if member.flag_bits & 0x1:
            refuse(Outcome.ENCRYPTED, ENCRYPTED)
        return b"".join(self._chunks(member, cap))

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
                refuse(Outcome.UNSAFE, unsafe("压缩包目录与实际文件名不一致"))
            raise _corrupt() from error
        except NotImplementedError as error:
            raise _member("压缩方式无法识别，请改用普通 ZIP 方式压缩后重新上传。") from error
        except (zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError) as error:
            raise _corrupt() from error


def _corrupt() -> RefusedError:
    return RefusedError(Outcome.CORRUPT, CORRUPT)


def _member(message: str) -> RefusedError:
    return RefusedError(Outcome.CORRUPT, message)
