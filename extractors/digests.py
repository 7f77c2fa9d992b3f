"""Keyed digests of numbers that lead to a person, for comparing them without keeping or showing them.

The key belongs to whoever runs the program: the same number gives the same digest within one installation only. Without a key of its own a process
uses one that everybody knows, which serves comparison within a run and protects nothing that is written down.
"""

import hashlib
import hmac
import re
from typing import Final

from extractors.text import tight

_EVERYBODYS: Final = b"chushen"
_key = _EVERYBODYS


def use(key: bytes) -> None:
    """Digest with this key from now on, in this process."""
    global _key
    _key = key or _EVERYBODYS


def digest(kind: str, number: str) -> str:
    """``kind`` keeps a phone from meeting an account. Spaces, widths, hyphens and case make no difference.

    >>> digest("phone", "139 0000-0000") == digest("phone", "１３９０００００000")
    True
    """
    bare = re.sub(r"[\s\-—–_]", "", tight(number)).upper()
    return hmac.new(_key, f"{kind}:{bare}".encode(), hashlib.sha256).hexdigest()[:32]
