"""File names that trip programs or people. They are kept as they are; the reviewer is told."""

import posixpath
import re
import unicodedata
from typing import Final

#: Names of devices on Windows, as a word of their own anywhere in a name: programs cut names at other places than people do.
RESERVED: Final = re.compile(r"(?<![^\W_])(?:con|prn|aux|nul|com\d|lpt\d)(?![^\W_])", re.IGNORECASE | re.ASCII)
#: What a shell would take for an option, and a template for an expression.
OPTION: Final = re.compile(r"(?:^|[\s_])--?[A-Za-z]|\{\{|\$\{")
#: A program that another ending follows: 发票.exe.pdf.
PROGRAM: Final = re.compile(r"\.(?:exe|scr|bat|cmd|com|js|vbs|lnk|msi|ps1|hta)\s*\.", re.IGNORECASE)
#: What file names are made of here: ASCII that no shell reads, Chinese, and Chinese punctuation.
USUAL: Final = re.compile(r"^[\w\u3000-\u303f\uff01\uff08\uff09\uff0c\uff1a\uff1b\u2010-\u2027\u00b7 .,()\[\]{}+&#@~^!—-]*$")
FOREIGN: Final = re.compile(r"[\u00c0-\u024f\u0300-\u036f\uff21-\uff3a\uff41-\uff5a]")


def is_odd(path: str) -> bool:
    """A name some systems cannot hold or show, or that a shell or spreadsheet would run.

    >>> is_odd("附件1：建设方案（盖章）.pdf"), is_odd("=cmd.pdf"), is_odd("CON.pdf")
    (False, True, True)
    >>> is_odd("合同 -rf.pdf"), is_odd("发票.exe.pdf"), is_odd("Contract-2025.pdf")
    (True, True, False)
    """
    parts = path.replace("\\", "/").split("/")
    return (
        len(path) > 200
        or len(parts) > 20
        or posixpath.normpath(path) != path
        or unicodedata.normalize("NFC", path) != path
        or any(_odd_part(part) for part in parts)
    )


def _odd_part(part: str) -> bool:
    return (
        not USUAL.match(part)
        or bool(FOREIGN.search(part))
        or bool(RESERVED.search(part) or OPTION.search(part) or PROGRAM.search(part))
        or part != part.rstrip(". ").lstrip(" ")
        or part.startswith(("-", "=", "+", "@"))
        or len(part.encode("utf-8", "replace")) > 255
    )


def escapes(path: str) -> bool:
    """Whether a path in an archive or a package points outside of it: upwards, absolute, to a drive, a host or an address.

    >>> escapes("a/../../b"), escapes("C:/b"), escapes("//host/b"), escapes("附件/b")
    (True, True, True, False)
    """
    path = path.replace("\\", "/")
    return path.startswith("/") or bool(re.match(r"^[A-Za-z]:/|^[A-Za-z][A-Za-z0-9+.-]+:/", path)) or ".." in path.split("/")
