"""What a file is, by its bytes. The name decides only between kinds that share their bytes (csv and txt, damaged docx and xlsx)."""

import io
import posixpath
import re
import zipfile
from enum import Enum
from typing import Final

from extractors.readers.refusal import RefusedError
from schemas.vocabulary import Format


class Kind(Enum):
    """A kind of file: code, report format, family, what to call it, and the endings that are right for it."""

    PDF = ("pdf", Format.PDF, "pdf", "PDF", ("pdf",))
    DOCX = ("docx", Format.DOCX, "word", "Word 文档", ("docx", "docm", "dotx", "dotm"))
    XLSX = ("xlsx", Format.XLSX, "sheet", "Excel 表格", ("xlsx", "xlsm", "xltx", "xltm", "xlsb"))
    LOCKED = ("locked", Format.DOC, "", "加密的 Office 文件", ())
    DOC = ("doc", Format.DOC, "word", "旧版 Office 文件", ("doc", "dot", "wps", "wpt"))
    XLS = ("xls", Format.DOC, "sheet", "旧版 Office 表格", ("xls", "xlt", "et", "ett"))
    RTF = ("rtf", Format.DOC, "word", "RTF 文档", ("rtf",))
    OFD = ("ofd", Format.OFD, "ofd", "OFD 版式文件", ("ofd",))
    PNG = ("png", Format.IMAGE, "image", "PNG 图片", ("png",))
    JPEG = ("jpeg", Format.IMAGE, "image", "JPEG 图片", ("jpg", "jpeg", "jpe", "jfif"))
    GIF = ("gif", Format.IMAGE, "image", "GIF 图片", ("gif",))
    BMP = ("bmp", Format.IMAGE, "image", "BMP 图片", ("bmp", "dib"))
    TIFF = ("tiff", Format.IMAGE, "image", "TIFF 图片", ("tif", "tiff"))
    WEBP = ("webp", Format.IMAGE, "image", "WebP 图片", ("webp",))
    HEIC = ("heic", Format.IMAGE, "image", "HEIC 图片", ("heic", "heif"))
    CSV = ("csv", Format.TEXT, "text", "CSV 表格", ("csv", "tsv"))
    TEXT = ("text", Format.TEXT, "text", "文本", ("txt", "text", "md", "log"))
    MARKUP = ("markup", Format.OTHER, "markup", "网页或 XML", ("html", "htm", "mht", "mhtml", "xml", "svg"))
    PPT = ("ppt", Format.OTHER, "slides", "演示文稿", ("ppt", "pptx", "dps", "pps", "ppsx"))
    ZIP = ("zip", Format.OTHER, "archive", "ZIP 压缩包", ("zip",))
    RAR = ("rar", Format.OTHER, "archive", "RAR 压缩包", ("rar",))
    SEVEN = ("7z", Format.OTHER, "archive", "7Z 压缩包", ("7z",))
    GZIP = ("gzip", Format.OTHER, "archive", "GZIP 压缩包", ("gz", "tgz", "tar"))
    PROGRAM = ("program", Format.OTHER, "program", "可执行程序", ("exe", "dll", "msi", "com", "scr", "so", "elf"))
    UNKNOWN = ("unknown", Format.OTHER, "", "无法识别的内容", ())

    @property
    def format(self) -> Format:
        return Format(self.value[1])

    @property
    def family(self) -> str:
        return str(self.value[2])

    @property
    def label(self) -> str:
        return str(self.value[3])

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(self.value[4])


_SIGNATURES: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"\xff\xd8\xff", Kind.JPEG), (b"GIF8", Kind.GIF), (b"II*\0", Kind.TIFF), (b"MM\0*", Kind.TIFF),
    (b"Rar!\x1a\x07", Kind.RAR), (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN), (b"\x1f\x8b", Kind.GZIP), (b"{\\rtf", Kind.RTF), (b"\x7fELF", Kind.PROGRAM),
)  # fmt: skip
_BY_ENDING: Final = {ending: kind for kind in Kind for ending in kind.endings}
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_HEAD: Final = 16384


def ending(name: str) -> str:
    """The ending without its dot, small letters; ``.doc `` and ``.ＰＤＦ`` count as what they look like."""
    return posixpath.splitext(name.replace("\\", "/"))[1].lstrip(".").strip().lower()


def claimed(name: str) -> Kind | None:
    """The kind a name claims; None for an ending we do not know, or none."""
    return _BY_ENDING.get(ending(name))


def sniff(data: bytes, name: str = "") -> Kind:
    """The kind of ``data``; ``Kind.UNKNOWN`` where the bytes say nothing."""
    head = data[:PDF_HEAD]
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if b"%PDF-" in head:
        return Kind.PDF
    if head.startswith(OLE):
        return _ole(data, name)
    if head.startswith(b"BM") and len(data) > 26 and head[6:10] == b"\0\0\0\0":
        return Kind.BMP
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        return Kind.HEIC
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        return Kind.PROGRAM
    return _texty(head, name)


def _ole(data: bytes, name: str) -> Kind:
    """By what lies at the root: a Word file may hold a workbook. Where the container is damaged, by any name in it."""
    from extractors.readers.ole import Ole

    try:
        root = {entry.lower() for entry in Ole(data).names}
    except RefusedError:
        found = (
            n
            for n in ("EncryptedPackage", "WordDocument", "Workbook", "Book\0", "PowerPoint Document")
            if n.encode("utf-16-le") in data
        )
        root = {n.strip("\0").lower() for n in found}
    for entry, kind in (
        ("encryptedpackage", Kind.LOCKED), ("worddocument", Kind.DOC), ("workbook", Kind.XLS), ("book", Kind.XLS), ("powerpoint document", Kind.PPT),
    ):  # fmt: skip
        if entry in root:
            return kind
    wanted = claimed(name)
    return wanted if wanted in (Kind.XLS, Kind.DOC) else Kind.DOC


def _zipped(data: bytes, name: str) -> Kind:
    try:
        names = [n.replace("\\", "/").lstrip("/") for n in zipfile.ZipFile(io.BytesIO(data)).namelist()]
    except Exception:  # whatever is wrong with the directory is for the reader to say; here only the kind is asked
        names = [n for n in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "OFD.xml") if n.encode() in data]
    lower = {n.lower() for n in names}
    for folder, kind in (("word/", Kind.DOCX), ("xl/", Kind.XLSX), ("ppt/", Kind.PPT)):
        if any(n.startswith(folder) for n in lower) and (
            len(lower) == 1 or "[content_types].xml" in lower or "_rels/.rels" in lower
        ):
            return kind
    if "ofd.xml" in lower:
        return Kind.OFD
    wanted = claimed(name)
    if "[content_types].xml" in lower and wanted in (Kind.DOCX, Kind.XLSX, Kind.PPT):
        return wanted
    if wanted is Kind.OFD and any(re.fullmatch(r"doc_?\d*/(?:document|pages/.+)\.xml", n) for n in lower):
        return wanted
    return Kind.ZIP


def _texty(head: bytes, name: str) -> Kind:
    from extractors.readers.text import decode

    if not head.strip():
        return Kind.UNKNOWN
    text, _ = decode(head, partial=True)
    if text is None:
        return Kind.UNKNOWN
    start = text.lstrip("\ufeff \t\r\n")[:512].lower()
    if start.startswith(("<!doctype html", "<html", "<?xml", "<svg", "mime-version:")) or (
        "<html" in start and start.startswith("<")
    ):
        return Kind.MARKUP
    return Kind.CSV if ending(name) in Kind.CSV.endings else Kind.TEXT
