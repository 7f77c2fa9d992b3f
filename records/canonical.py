"""One value, one string of bytes: JSON with sorted keys, no blanks, UTF-8, integers only. Two writers that never met agree on it.

A subset of RFC 8785: keys are ASCII, numbers are integers of at most 53 bits, so neither the order of UTF-16 nor the printing of fractions
can differ between writers.
"""

import hashlib
import json
from typing import Any

_LARGEST = (1 << 53) - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class CanonicalError(ValueError):
    """Bytes that no writer of ours made, or a value that has no one way to be written."""


def dumps(value: Any) -> bytes:
    """
    >>> dumps({"b": "中", "a": [1, None, True]})
    b'{"a":[1,null,true],"b":"\\xe4\\xb8\\xad"}'
    """
    _check(value)
    return plain_dumps(value)


def loads(data: bytes) -> Any:
    """Raises ``CanonicalError`` unless ``data`` is exactly what ``dumps`` makes of the value it holds."""
    try:
        value = json.loads(data.decode())
        same = plain_dumps(value) == data
    except (ValueError, RecursionError) as error:
        raise CanonicalError("not JSON") from error
    if not same:
        raise CanonicalError("not canonical")
    return value


def parsed(data: bytes) -> Any:
    """Whatever JSON it is. Raises ``CanonicalError`` for what is none."""
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise CanonicalError("not JSON") from error


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    return sha256(dumps(value))


def plain_dumps(value: Any) -> bytes:
    """``dumps`` of what was read from canonical bytes, or made of nothing else: not looked through once more."""
    return _ENCODER.encode(value).encode()


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise CanonicalError(f"a key that is not ASCII: {key!r}")
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise CanonicalError(f"a number no two writers need agree on: {value!r}")
    elif not isinstance(value, str | int | None):
        raise CanonicalError(f"a value JSON has no form for: {type(value).__name__}")
