"""What decides a report besides the package: our own code, every installed package, the interpreter, the tools found. And its bill of materials.

Computed once a run. A report made by other software is another report, so this goes into the key under which finished work is found again.
"""

import hashlib
import platform
import shutil
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from records import canonical
from schemas.base import Frozen

ROOMS = ("schemas", "sandbox", "extractors", "validators", "policies", "reports", "flows")
#: Policies are told by their own digests.
LEFT_OUT = {".pyc", ".yaml", ".md"}
#: Below these a parser or the server has a known hole (R-SC-4). What the interpreter's own zip reader lacks, ours checks itself.
FLOORS = {"pdfminer.six": "20260107", "pillow": "12.2.0", "starlette": "0.47.2", "defusedxml": "0.7.1"}
EXPAT = (2, 4, 1)
TOOLS = ("soffice", "libreoffice", "bsdtar")


class Software(Frozen):
    """``bill`` is the bill of materials as canonical JSON: a CycloneDX-like list of name and version of all that is installed."""

    version: str
    identity: str
    bill: bytes


@cache
def identity() -> Software:
    parts = components()
    bill = canonical.dumps(
        {"components": [{"name": name, "version": version} for name, version in parts], "python": sys.version.split()[0]}
    )
    version = metadata.version("chushen")
    told = {
        "version": version,
        "code": code_digest(Path(__file__).parent.parent),
        "bill": canonical.sha256(bill),
        "machine": platform.machine(),
        "tools": [tool for tool in TOOLS if shutil.which(tool)],
    }
    return Software(version=version, identity=canonical.digest(told), bill=bill)


def components() -> list[tuple[str, str]]:
    """Every installed distribution, from its metadata. None at all means that we looked wrongly, never that nothing is installed."""
    found = sorted({(one.metadata["Name"].lower(), one.version) for one in metadata.distributions() if one.metadata["Name"]})
    if not any(name == "chushen" for name, _ in found):
        raise RuntimeError("the list of installed packages lacks ourselves")
    return found


def code_digest(root: Path) -> str:
    """Over every file of the rooms a report goes through, by name and content."""
    hasher = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in LEFT_OUT and path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(root).as_posix().encode()
                hasher.update(len(name).to_bytes(4, "big") + name + hashlib.sha256(path.read_bytes()).digest())
    return hasher.hexdigest()


def below_floors() -> list[str]:
    """What is installed in a version with a known hole, or not at all, in Chinese."""
    import pyexpat

    from packaging.version import Version

    told = []
    for name, floor in FLOORS.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            told.append(f"缺少软件包 {name}")
            continue
        if Version(found) < Version(floor):
            told.append(f"软件包 {name} 的版本 {found} 有已知漏洞，至少应为 {floor}")
    if pyexpat.version_info < EXPAT:
        shown = ".".join(map(str, pyexpat.version_info))
        told.append(f"XML 解析库 expat 的版本 {shown} 有已知漏洞，至少应为 {'.'.join(map(str, EXPAT))}")
    return told
