"""RTF, and what is too old for our own readers of DOC and XLS (before 1997): converted by LibreOffice, then read as DOCX or XLSX.

Converting starts another program, so it is no reader: the caller does it first and hands the bytes over, and ``readers.read`` stays pure::

    if (kind := legacy.wanted(name, data)) in legacy.convertible(tools):
        converted = legacy.convert(path, kind, soffice=tools.soffice)
    document = readers.read(name, data, limits, converted=converted)

What surprised us: one LibreOffice profile serves one process at a time, so each call has its own; on an unknown file the program
may open a dialogue nobody sees and wait for ever, so it is killed by time with all it started; and it ends with 0 whether it converted or not.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from extractors.readers.limits import MEBI
from extractors.readers.refusal import RefusedError
from extractors.readers.sniffing import Kind, claimed, sniff
from extractors.readers.tools import Tools
from sandbox import Bounds, solo
from schemas.document import Document, ReaderWarning
from schemas.vocabulary import Outcome, WarningCode

TIMEOUT: Final = 120.0
OUTPUT_BYTES: Final = 300 * MEBI
MEMORY_BYTES: Final = 4096 * MEBI
WORD: Final = "WordDocument".encode("utf-16-le")
#: What each kind is given to LibreOffice as, what it becomes, and by which filter.
TARGETS: Final[dict[Kind, tuple[str, Kind, str]]] = {
    Kind.DOC: ("doc", Kind.DOCX, "docx:MS Word 2007 XML"),
    Kind.RTF: ("rtf", Kind.DOCX, "docx:MS Word 2007 XML"),
    Kind.XLS: ("xls", Kind.XLSX, "xlsx:Calc MS Excel 2007 XML"),
}
INSTEAD: Final = "请用 Word 或 WPS 打开，另存为 DOCX、XLSX 或 PDF 后重新上传。"
NOT_HERE: Final = f"本机没有安装能读取此类旧文件的 LibreOffice，未能读取。{INSTEAD}"
NOT_LEGACY: Final = f"不是 Word、Excel 的文件，系统无法读取。{INSTEAD}"
FAILED: Final = f"系统未能转换此旧版文件，未能读取。{INSTEAD}"
TOO_LONG: Final = f"转换此旧版文件超过规定时间，未能读取。{INSTEAD}"
LOCKED: Final = "文件有密码，请去除密码后重新上传。"
#: What the program reads of the machine: itself, its libraries and fonts, where it runs. Nobody's files.
READABLE: Final = (
    "/usr",
    "/var/spool/libreoffice",
    "/var/lib/libreoffice",
    "/bin",
    "/lib",
    "/lib64",
    "/opt",
    "/etc",
    "/proc",
    "/sys/devices/system/cpu",
    "/dev",
)
#: Where the program makes the socket by which a second start would find it, whatever it is told.
PIPES: Final = ("/tmp", "/var/tmp")  # noqa: S108
#: No macro runs, no link is followed, nothing is asked. Given before the first start, when the program still believes what it finds.
PROFILE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


class Converted(NamedTuple):
    """The bytes of a DOCX or XLSX (``kind``) made by ``by``, or why there are none."""

    kind: Kind
    data: bytes = b""
    by: str = ""
    outcome: Outcome | None = None
    message: str = ""


def wanted(name: str, data: bytes) -> Kind | None:
    """The kind of an old file that has to be converted to be read; None for every other file, also under an old file's name."""
    kind, told = sniff(data, name), claimed(name)
    if kind not in TARGETS or (told is not None and told.family != kind.family):
        return None
    return None if kind is not Kind.RTF and _ours(data) else kind


def convertible(tools: Tools) -> tuple[Kind, ...]:
    """What the programs this machine has can convert."""
    has = {Kind.DOCX: tools.writer, Kind.XLSX: tools.calc}
    return tuple(kind for kind, (_, target, _) in TARGETS.items() if tools.soffice and has[target])


def _ours(data: bytes) -> bool:
    """What our own readers read, or would refuse as damaged; what they call too old is left to LibreOffice."""
    from extractors.readers import doc_parts, xls
    from extractors.readers.ole import Ole

    try:
        ole = Ole(data)
        book = ole.stream("Workbook") or ole.stream("Book")
        return xls.supported(book) if book else doc_parts.supported(ole.stream("WordDocument") or b"")
    except RefusedError:
        return True


def convert(path: str | Path, kind: Kind, *, soffice: str, timeout: float = TIMEOUT) -> Converted:
    """One file through LibreOffice, in a folder and with a profile of its own that are gone afterwards. Starts a program, locked."""
    suffix, target, filter_ = TARGETS[kind]
    folder = Path(tempfile.mkdtemp(prefix="chushen-"))
    try:
        return _convert(folder, Path(path), suffix, target, filter_, soffice, timeout)
    except OSError:
        return Converted(target, outcome=Outcome.UNSUPPORTED, message=FAILED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_sockets() -> None:
    """Sockets of ours that nobody listens at any more: a killed program leaves its own behind."""
    with suppress(OSError):
        listening = Path("/proc/net/unix").read_text("ascii", "replace")
        for place in PIPES:
            for path in Path(place).glob(f"OSL_PIPE_{os.getuid()}_*"):
                if path.is_socket() and str(path) not in listening:
                    path.unlink(missing_ok=True)


def _convert(folder: Path, original: Path, suffix: str, target: Kind, filter_: str, soffice: str, timeout: float) -> Converted:
    user, out = folder / "profile" / "user", folder / "out"
    user.mkdir(parents=True)
    out.mkdir()
    (user / "registrymodifications.xcu").write_text(PROFILE, "utf-8")
    source = folder / f"in.{suffix}"
    shutil.copyfile(original, source)
    command = [
        soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo", "--nodefault",
        "--nofirststartwizard", "--nolockcheck", "--convert-to", filter_, "--outdir", str(out), str(source),
    ]  # fmt: skip
    made = out / f"in.{target.endings[0]}"
    for _ in range(2):  # with a new profile the program starts anew, and may not remove its own first socket
        if not _run(command, folder, timeout):
            return Converted(target, outcome=Outcome.LIMIT, message=TOO_LONG)
        _clear_sockets()
        if made.is_file():
            break
    if not made.is_file() or made.stat().st_size > OUTPUT_BYTES:
        return Converted(target, outcome=Outcome.UNSUPPORTED, message=FAILED)
    return Converted(target, made.read_bytes(), by="LibreOffice")


def _run(command: list[str], folder: Path, timeout: float) -> bool:
    """Run to the end, or kill all of it after ``timeout`` seconds and say so."""
    bounds = Bounds(
        memory=MEMORY_BYTES, cpu=round(timeout), wall=timeout, open_files=1024, profile="office",
        readable=(*READABLE, str(Path(command[0]).resolve().parent.parent)), folders=(str(folder), "/dev/null"),
        sockets=PIPES,
        writable=OUTPUT_BYTES,
    )  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - our own command line, the file's name is ours
        solo.command(bounds, command),
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)
    return True


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: no proxy, no display, no other home."""
    kept = {key: os.environ[key] for key in ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    place = str(folder)
    return {**kept, "HOME": place, "TMPDIR": place, "TEMP": place, "TMP": place, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The program and whatever it started: soffice is a script that starts another, which starts a third."""
    solo.kill_tree(process.pid)
    process.wait()


def told(document: Document, kind: Kind, by: str) -> Document:
    """A document read from converted bytes says so: its places are those of the converted file."""
    said = f"{kind.label}，经 {by} 转换后读取，位置以转换后的文件为准，请与原件核对"
    outcome = Outcome.OK_WARN if document.outcome is Outcome.OK else document.outcome
    return replace(
        document,
        format=kind.format,
        outcome=outcome,
        message=f"{document.message.rstrip('。')}；{said}。",
        warnings=(*document.warnings, ReaderWarning(WarningCode.OTHER, said + "。")),
        about=(*document.about, ("converted_by", by)),
    )
