"""What this machine has beside our own packages: LibreOffice and libarchive. Looked for once, by the caller, never by a reader."""

import ctypes.util
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

#: Where LibreOffice lies when it is not on the path.
SOFFICE: Final = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
#: The library of each of LibreOffice's programs, without ``lib`` and its ending: servers often have only some of them.
WRITER: Final = "swlo"
CALC: Final = "sclo"


class Tools(NamedTuple):
    """``soffice`` and ``libarchive`` are where the program and the library lie, empty where they are not.

    ``writer`` and ``calc`` say which of LibreOffice's programs are installed.
    """

    soffice: str = ""
    writer: bool = False
    calc: bool = False
    libarchive: str = ""

    @staticmethod
    @cache
    def probe(soffice: str = "") -> "Tools":
        """What is there now. ``soffice`` names the program where it lies elsewhere."""
        found = _soffice(soffice)
        writer, calc = _programs(found) if found else (False, False)
        return Tools(
            soffice=found,
            writer=writer,
            calc=calc,
            libarchive=ctypes.util.find_library("archive") or "",
        )

    def told(self) -> tuple[str, ...]:
        """A line in Chinese for each thing that is missing and what is not read without it."""
        lines = []
        if not self.writer:
            lines.append("未找到 LibreOffice 文字处理组件：.rtf 不能读取")
        if not self.libarchive:
            lines.append("未找到 libarchive：.7z、.rar 不能解开")
        return tuple(lines)


def _soffice(named: str) -> str:
    for candidate in (named, shutil.which("soffice"), shutil.which("libreoffice"), *SOFFICE):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    return ""


def _programs(soffice: str) -> tuple[bool, bool]:
    """Which programs lie beside ``soffice``. Where none can be seen (a wrapper of another packager) both are taken to be there."""
    folder = Path(soffice).resolve().parent
    places = (folder, folder.parent / "Frameworks")
    found = {path.name for place in places if place.is_dir() for path in place.glob("*s?lo.*")}
    writer = any(name in (f"lib{WRITER}.so", f"lib{WRITER}.dylib", f"{WRITER}.dll") for name in found)
    calc = any(name in (f"lib{CALC}.so", f"lib{CALC}.dylib", f"{CALC}.dll") for name in found)
    return (writer, calc) if writer or calc else (True, True)
