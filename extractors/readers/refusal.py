"""How a reader says no: one exception inside the readers, turned into a ``Document`` at their door.

Every message tells the applicant what to do next.
"""

from typing import NoReturn

from schemas.document import Document
from schemas.vocabulary import Format, Outcome


class RefusedError(Exception):
    """A file, or a part of it, that cannot be used. Never leaves ``extractors.readers``."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(f"{outcome}: {message}")
        self.outcome = outcome
        self.message = message


def refuse(outcome: Outcome, message: str) -> NoReturn:
    raise RefusedError(outcome, message)


ENCRYPTED = "文件有密码，请去除密码后重新上传。"
CORRUPT = "文件已损坏，请用原软件打开，另存后重新上传。"
EMPTY = "文件没有内容，请核对后重新上传。"


def over(what: str, value: object, limit: object) -> str:
    """The LIMIT sentence.

    >>> over("页数", 2300, 2000)
    '超出上限：页数为 2300，上限 2000。请拆分或压缩后重新上传。'
    """
    return f"超出上限：{what}为 {value}，上限 {limit}。请拆分或压缩后重新上传。"


def unsafe(what: str) -> str:
    return f"文件含不安全内容：{what}，未予采用。请用原软件另存为普通文件后重新上传。"


def refused(kind: Format, outcome: Outcome, message: str) -> Document:
    return Document(format=kind, outcome=outcome, message=message)
