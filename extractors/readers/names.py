"""File names that trip programs or people. They are kept as they are; the reviewer is told."""

import posixpath
import re
import unicodedata
from typing import Final

RESERVED: Final = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$", re.IGNORECASE)
#: What file names are made of here: ASCII that no shell reads, Chinese, and Chinese punctuation.
USUAL: Final = re.compile(r"^[\w\u3000-\u303f\uff01\uff08\uff09\uff0c\uff1a\uff1b\u2010-\u2027\u00b7 .,()\[\]{}+&#@~^!—-]*$")
FOREIGN: Final = re.compile(r"[\u00c0-\u024f\u0300-\u036f\uff21-\uff3a\uff41-\uff5a]")


def is_odd(path: str) -> bool:
    """A name some systems cannot hold or show, or that a shell or spreadsheet would run.

    >>> is_odd("附件1：建设方案（盖章）.pdf"), is_odd("=cmd.pdf"), is_odd("CON.pdf")
    (False, True, True)
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
        or bool(RESERVED.match(part))
        or part != part.rstrip(". ")
        or part.startswith(("-", "=", "+", "@"))
        or len(part.encode("utf-8", "replace")) > 255
    )
