"""Bytes → ``Document``: one reader a format, in one visible tuple.

Content decides the reader, never the name. ``read`` does not raise on bad input: what is wrong becomes the document's ``outcome`` and a
``message`` that says what the applicant can do. A known format that has no reader yet keeps its ``format`` (image, doc), so that
the flow can tell "we cannot read this yet" from "this is no kind of file we take" (``other``).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from extractors.readers import legacy
from extractors.readers.legacy import Converted
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.names import is_odd
from extractors.readers.notices import noticed, warned
from extractors.readers.refusal import CORRUPT, EMPTY, ENCRYPTED, RefusedError, over, refused
from extractors.readers.sniffing import Kind, claimed, ending, sniff
from schemas.document import Document, ReaderWarning
from schemas.vocabulary import Format, Outcome, WarningCode

__all__ = ["ODD_NAME", "READERS", "Kind", "Reader", "noticed", "odd_named", "read", "sniff"]


class Reader(NamedTuple):
    """``read`` may raise ``RefusedError``; it is imported on first use, so that a child process loads one parser only."""

    kind: Kind
    read: Callable[[bytes, Limits], Document]


def _pdf(data: bytes, limits: Limits) -> Document:
    from extractors.readers import pdf

    return pdf.read(data, limits)


def _docx(data: bytes, limits: Limits) -> Document:
    from extractors.readers import docx

    return docx.read(data, limits)


def _xlsx(data: bytes, limits: Limits) -> Document:
    from extractors.readers import xlsx

    return xlsx.read(data, limits)


def _ofd(data: bytes, limits: Limits) -> Document:
    from extractors.readers import ofd

    return ofd.read(data, limits)


def _doc(data: bytes, limits: Limits) -> Document:
    from extractors.readers import doc

    return doc.read(data, limits)


def _xls(data: bytes, limits: Limits) -> Document:
    from extractors.readers import xls

    return xls.read(data, limits)


def _image(data: bytes, limits: Limits) -> Document:
    from extractors.readers import images, looks

    document = images.read(data, limits)
    look = looks.look(data)
    if look is None:
        return document
    first = document.pages[0]
    return replace(document, looks=(look._replace(page=1, box=(0.0, 0.0, first.width, first.height)),))


def _csv(data: bytes, limits: Limits) -> Document:
    from extractors.readers import text

    return text.read(data, limits, table=True)


def _text(data: bytes, limits: Limits) -> Document:
    from extractors.readers import text

    return text.read(data, limits)


READERS: Final[tuple[Reader, ...]] = (
    Reader(Kind.PDF, _pdf),
    Reader(Kind.DOCX, _docx),
    Reader(Kind.XLSX, _xlsx),
    Reader(Kind.OFD, _ofd),
    Reader(Kind.DOC, _doc),
    Reader(Kind.XLS, _xls),
    *(Reader(kind, _image) for kind in (Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.BMP, Kind.WEBP, Kind.GIF)),
    Reader(Kind.CSV, _csv),
    Reader(Kind.TEXT, _text),
)

#: Formats we know and cannot read yet: what the reviewer and the applicant can do meanwhile.
_NOT_YET: Final[dict[Format, str]] = {
    Format.IMAGE: "系统不能读取此种图片，请人工查看，或转为 JPEG、PNG、PDF 后重新上传。",
    Format.DOC: legacy.NOT_HERE,
}


def read(name: str, data: bytes, limits: Limits = DEFAULT, *, converted: Converted | None = None) -> Document:
    """One file's ``Document``. ``name`` is only compared with the content; archives are for ``archive.unpack``.

    ``converted`` is what ``legacy.prepare`` made of an old Office file; without it such a file is read as far as our own packages go.
    """
    kind, wanted = sniff(data, name), claimed(name)
    if not data:
        return refused(wanted.format if wanted else Format.OTHER, Outcome.EMPTY, EMPTY)
    if len(data) > limits.file_bytes:
        return refused(kind.format, Outcome.LIMIT, over("文件大小", f"{len(data) >> 20} MB", f"{limits.file_bytes >> 20} MB"))
    if (refusal := _judge(name, kind, wanted)) is not None:
        return refusal
    document = _run(kind, data, limits) if converted is None else _converted(kind, converted, limits)
    document = noticed(document, name)
    if is_odd(name) or "\\" in name:
        document = odd_named(document)
    if ending(name) not in kind.endings and document.outcome in (Outcome.OK, Outcome.OK_WARN, Outcome.PARTIAL):
        return _wrong_ending(document, name, kind)
    return document


ODD_NAME: Final = "文件名含不常用的字符或写法，请改用汉字、字母、数字。"
TORN: Final = "压缩包已损坏，或只是分卷中的一卷，请重新打包为一个 ZIP 后上传。"


def _judge(name: str, kind: Kind, wanted: Kind | None) -> Document | None:
    """What the ending and the content together forbid; None where the file may be read."""
    if kind is Kind.UNKNOWN:
        if wanted is not None:
            return refused(wanted.format, Outcome.CORRUPT, TORN if wanted.family == "archive" else CORRUPT)
        return refused(Format.OTHER, Outcome.UNSUPPORTED, _unsupported(ending(name) or "无扩展名"))
    if kind is Kind.LOCKED and (wanted is None or wanted.family in ("word", "sheet")):
        shown = {"word": Format.DOCX, "sheet": Format.XLSX}.get(wanted.family if wanted else "", Format.DOC)
        return refused(shown, Outcome.ENCRYPTED, ENCRYPTED)
    if wanted is None and ending(name) and kind.family in ("text", "markup", "program"):
        return refused(Format.OTHER, Outcome.UNSUPPORTED, _unsupported(ending(name)))
    if (wanted is None and ending(name)) or (wanted is not None and wanted.family != kind.family):
        message = f"文件扩展名为 .{ending(name)}，实际内容为{kind.label}，未予采用。请改正扩展名或另存后重新上传。"
        return refused(kind.format, Outcome.MISMATCH, message)
    return None


def _unsupported(what: str) -> str:
    return f"不接受此类文件（{what}），请转为 PDF、DOCX 或 XLSX 后重新上传。"


def _run(kind: Kind, data: bytes, limits: Limits) -> Document:
    for reader in READERS:
        if reader.kind is kind:
            try:
                return reader.read(data, limits)
            except RefusedError as refusal:
                return refused(kind.format, refusal.outcome, refusal.message)
            except MemoryError:
                return refused(kind.format, Outcome.LIMIT, "读取所需内存超出上限，请拆分或压缩后重新上传。")
            except RecursionError:
                return refused(kind.format, Outcome.LIMIT, "文件内部嵌套层数超出上限，请用原软件另存后重新上传。")
    return refused(kind.format, Outcome.UNSUPPORTED, _way_out(kind))


def _way_out(kind: Kind) -> str:
    if kind.family == "archive":
        return f"{kind.label}未能解开，请在电脑上解压后，重新打包为 ZIP 上传，或直接提交其中的文件。"
    return _NOT_YET.get(kind.format) or _unsupported(kind.label)


def _converted(kind: Kind, converted: Converted, limits: Limits) -> Document:
    if converted.outcome is not None:
        return refused(kind.format, converted.outcome, converted.message)
    return legacy.told(_run(converted.kind, converted.data, limits), kind, converted.by)


def odd_named(document: Document) -> Document:
    """The document of a file whose name is odd, alone or beside the others of its archive."""
    return warned(document, ReaderWarning(WarningCode.ODD_NAME, ODD_NAME))


def _wrong_ending(document: Document, name: str, kind: Kind) -> Document:
    said = f"文件扩展名为“.{ending(name)}”，实际内容为{kind.label}" if ending(name) else f"文件没有扩展名，实际内容为{kind.label}"
    return warned(document, ReaderWarning(WarningCode.WRONG_ENDING, said + "。"))
