"""Frames between a child and its parent: eight bytes of length, then as many bytes. Neither side believes a length over its cap."""

import json
import os
import struct
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

HEAD = struct.Struct("<Q")
#: The first byte of each frame a child sends.
ANSWER, REFUSAL, BROKEN = b"A", b"R", b"B"
ASKED = 512 << 20


class Wire:
    """The child's end. Reads and writes plainly, which is all its lock leaves it."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._in, self._out = incoming, outgoing

    def send(self, *parts: bytes | memoryview) -> None:
        self._send(ANSWER, *parts)

    def send_json(self, value: Any) -> None:
        self._send(ANSWER, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def refuse(self, value: Mapping[str, str]) -> None:
        self._send(REFUSAL, json.dumps(value).encode())

    def broken(self, where: str) -> None:
        self._send(BROKEN, where.encode("utf-8", "replace")[:500])

    def receive(self) -> bytes | None:
        """The parent's next frame; None when there will be none."""
        head = self._read(HEAD.size)
        if head is None:
            return None
        (size,) = HEAD.unpack(head)
        if size > ASKED:
            raise ValueError("frame too long")
        return self._read(size)

    def _send(self, kind: bytes, *parts: bytes | memoryview) -> None:
        body = sum(len(part) for part in parts)
        for part in (HEAD.pack(body + 1) + kind, *parts):
            view = memoryview(part).cast("B")
            while view:
                view = view[os.write(self._out, view) :]

    def _read(self, size: int) -> bytes | None:
        found = bytearray()
        while len(found) < size:
            piece = os.read(self._in, min(1 << 20, size - len(found)))
            if not piece:
                return None
            found += piece
        return bytes(found)


#: What a child carries out: answers on the wire about ``data``, the bytes of its one file (empty where it was given none).
Task: TypeAlias = Callable[[Wire, Mapping[str, Any], bytes], None]
