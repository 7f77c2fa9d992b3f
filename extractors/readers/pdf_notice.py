"""What a PDF's bones tell before a page is opened: what it would do, what it carries, and what is wrong with its frame.

Names are looked for outside streams and inside object streams, so that an action kept in a compressed object is seen too. Nothing found is ever followed.
"""

import re
from collections.abc import Iterator
from typing import Final

from extractors.readers.pdf_syntax import File
from schemas.document import ReaderWarning
from schemas.vocabulary import WarningCode


def _hints(names: bytes) -> tuple[bytes, ...]:
    """Bytes of which one must be there: looking for them is ten times faster than the pattern."""
    return tuple(b"/" + name for name in names.split())


_ACTIONS: Final = (
    (
        _hints(b"JavaScript JS Launch SubmitForm ImportData RichMedia Rendition Movie Sound XFA 3D"),
        re.compile(
            rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia|Rendition|Movie|Sound|XFA|3D)(?![A-Za-z0-9_])(?!\s*(?:/\w+\s+)?null)"
        ),
        WarningCode.ACTIVE_CONTENT,
        "文件含脚本、可执行动作或多媒体，系统不会运行，请另存为普通 PDF。",
    ),
    (
        _hints(b"EmbeddedFile"),
        re.compile(rb"/EmbeddedFiles?(?![A-Za-z])"),
        WarningCode.EMBEDDED_FILE,
        "文件中附有其他文件，未读取，请将其单独提交。",
    ),
    (
        _hints(b"URI GoToR GoToE"),
        re.compile(rb"/S\s*/(?:URI|GoToR|GoToE)(?![A-Za-z])|/URI\s*[(<]"),
        WarningCode.EXTERNAL_LINK,
        "文件含指向外部的链接，系统不会打开。",
    ),
)
_TRAILER: Final = re.compile(rb"/(Prev|XRefStm)\s+(-?\d{1,20})")
_SIZE: Final = re.compile(rb"/Size\s+(-?\d{1,20})")
_BOX: Final = re.compile(rb"/(?:Media|Crop)Box\s*\[([^\]]*)\]")
_NUMBER: Final = re.compile(rb"[+-]?\d*\.?\d*(?:[eE][+-]?\d+)?$")
_ROTATE: Final = re.compile(rb"/Rotate\s+([+-]?[\d.]+)(?!\s+\d+\s+R)")
_NODE: Final = re.compile(rb"/Type\s*/Pages(?![A-Za-z])")
_COUNT: Final = re.compile(rb"/Count\s+(-\d+)")
_BYTES: Final = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
REPAIRED: Final = "文件结构有损坏，已尽量修复后读取，请核对内容，或另存后重新上传。"


def notices(file: File, head: int) -> list[ReaderWarning]:
    """``head`` is how many bytes stand before ``%PDF-``."""
    found = [
        (code, message)
        for hints, names, code, message in _ACTIONS
        if any(h in file.bones for h in hints) and names.search(file.bones)
    ]
    warnings = [ReaderWarning(code, message) for code, message in found]
    data = file.data
    if data.rfind(b"PK\x05\x06") > data.rfind(b"%%EOF"):
        warnings.append(ReaderWarning(WarningCode.EMBEDDED_FILE, "文件末尾附有压缩包，未读取，请将其中文件单独提交。"))
    if head or broken_frame(file):
        warnings.append(ReaderWarning(WarningCode.REPAIRED, REPAIRED))
    if file.encrypted:
        warnings.append(ReaderWarning(WarningCode.OWNER_PASSWORD, "文件设有权限密码（不影响打开），已直接读取，请核对来源。"))
    warnings.extend(_signatures(file))
    return warnings


def broken_frame(file: File) -> bool:
    """Whether the cross-reference, the page tree's counts, or a page's box or rotation cannot be as they stand."""
    return not _indexed(file.data) or _odd_tree(file.bones) or _odd_pages(file.bones)


def _indexed(data: bytes) -> bool:
    """Whether the last ``startxref`` leads along cross-references, each met once, and none claims more objects than there are bytes."""
    found = re.search(rb"startxref\s+(\d{1,12})\s+%%EOF", data[data.rfind(b"startxref") :] if b"startxref" in data else b"")
    if not found:
        return False
    waiting, seen = [int(found[1])], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen or at >= len(data) or len(seen) > 1000:
            return False
        seen.add(at)
        there = data[at : at + 64].lstrip()
        plain = there.startswith(b"xref")
        if not plain and not re.match(rb"\d+\s+\d+\s+obj", there):
            return False
        start = data.find(b"trailer", at) if plain else at
        ends = (data.find(word, start) for word in (b"startxref", b"stream"))
        trailer = data[start : min((end for end in ends if end > start), default=start)] if start >= 0 else b""
        size = _SIZE.search(trailer)
        if size and not 0 < int(size[1]) <= max(1000, len(data)):
            return False
        links = [int(m[2]) for m in _TRAILER.finditer(trailer)]
        if any(link < 0 for link in links):
            return False
        waiting += links
    return True


def _odd_tree(bones: bytes) -> bool:
    return any(_COUNT.search(_around(bones, node.start())) for node in _NODE.finditer(bones))


def _around(bones: bytes, at: int) -> bytes:
    """The object that holds a place."""
    start, end = bones.rfind(b"obj", max(0, at - 65536), at), bones.find(b"endobj", at, at + 65536)
    return bones[max(start, 0) : end if end > 0 else at + 65536]


def _odd_pages(bones: bytes) -> bool:
    if any(float(m[1]) % 90 for m in _ROTATE.finditer(bones) if _NUMBER.match(m[1]) and m[1].strip(b"+-.")):
        return True
    return any(not _is_box(m[1]) for m in _BOX.finditer(bones))


def _is_box(inside: bytes) -> bool:
    if b"R" in inside.split():
        return True
    numbers = inside.split()
    return len(numbers) == 4 and all(_NUMBER.match(n) and n.strip(b"+-.") for n in numbers)


def _signatures(file: File) -> Iterator[ReaderWarning]:
    """A signature is only told of. Whether it holds is for the checks that verify it; until then nothing here calls a file signed."""
    ranges = [tuple(map(int, m.groups())) for m in _BYTES.finditer(file.bones)]
    if not ranges:
        if re.search(rb"/FT\s*/Sig(?![A-Za-z])", file.bones) and re.search(rb"/Type\s*/Sig(?![A-Za-z])", file.bones):
            yield ReaderWarning(WarningCode.OTHER, "文件含电子签名，但签名没有写明覆盖范围，未验证，不能视为已签名。")
        return
    a, b, c, d = max(ranges, key=lambda r: r[2] + r[3])
    whole = a == 0 and b > 0 and c > b and c + d >= len(file.data.rstrip()) and c + d <= len(file.data)
    covers = "覆盖整个文件" if whole else f"只覆盖文件 {len(file.data)} 字节中的 {b + d} 字节，其余内容不受签名保护"
    yield ReaderWarning(WarningCode.OTHER, f"文件含电子签名，{covers}；签名未验证，请用签章软件核对。")


def has_layers(file: File) -> bool:
    """Whether the file has optional content, which may be off."""
    return b"/OCProperties" in file.bones


def odd_fonts(file: File) -> bool:
    """Whether glyphs or fills are small pictures of their own, which may show nothing or the ground's colour."""
    return bool(re.search(rb"/Subtype\s*/Type3(?![A-Za-z0-9])|/PatternType\s+[12](?!\d)", file.bones))


def has_blends(file: File) -> bool:
    """Whether something is blended in a way that leaves dark words on white paper white. PDFium draws words so blended as if they were not."""
    return bool(re.search(rb"/BM\s*\[?\s*/(?:Screen|Lighten|ColorDodge|Difference|Exclusion)(?![A-Za-z])", file.bones))


def has_veils(file: File) -> bool:
    """Whether something is blended or seen through a soft mask; a plain transparency is told with the colour."""
    return file.encrypted or bool(
        re.search(rb"/BM\s*\[?\s*/(?!Normal|Compatible)|/S\s*/(?:Alpha|Luminosity)(?![A-Za-z])", file.bones)
    )


def least_unit(file: File) -> float:
    """The smallest ``/UserUnit`` of the file's pages, 1 where none is told: a page may be shown smaller than its points say."""
    told = [float(m[1]) for m in re.finditer(rb"/UserUnit\s+(\d*\.?\d+)", file.bones)]
    return min((unit for unit in told if 0 < unit < 1), default=1.0)
