"""A PDF's own objects, as far as they must be known before PDFium is let near a page: a small tolerant reading of the bytes.

The cross-reference is not believed: every ``n g obj`` in the file and in its object streams counts, the last of a number wins. Nothing recurses deeper than
``DEEPEST``, nothing unpacks past its budget, and nothing is parsed before it is asked for, since most files give no reason to.

What surprised us. A stream may hide objects behind an early ``endstream``; whatever looks like an object inside a stream is kept among the bones.
"""

import re
import zlib
from functools import cached_property
from typing import Any, Final, NamedTuple

DEEPEST: Final = 60
#: What may be unpacked of object streams, and of content streams looked at here, in one file.
UNPACKED: Final = 64 << 20
#: Deflate cannot expand further than this.
MOST: Final = 1032
_SPACE: Final = b"\x00\t\n\x0c\r "
_TOKEN: Final = re.compile(rb"[\x00\t\n\x0c\r ]*(?:%[^\r\n]*[\x00\t\n\x0c\r ]*)*(<<|>>|[\[\]({})<]|/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*|[^\x00\t\n\x0c\r ()<>\[\]{}/%]+)")  # fmt: skip
_REFERENCE: Final = re.compile(rb"[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+R(?![A-Za-z])")
_OBJECT: Final = re.compile(rb"[\x00\t\n\x0c\r ]obj(?![a-z])")
_NUMBERED: Final = re.compile(rb"(?<![\w.])(\d{1,10})[\x00\t\n\x0c\r ]+\d{1,5}[\x00\t\n\x0c\r ]*$")
_PAGE: Final = re.compile(rb"/Type[\x00\t\n\x0c\r ]*/Page(?![A-Za-z])")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_EXPANDING: Final = re.compile(rb"/(?:FlateDecode|LZWDecode|RunLengthDecode|Fl|LZW|RL)(?![A-Za-z])")


class Ref(NamedTuple):
    number: int


class Stream(NamedTuple):
    """``head`` is the dictionary as it stands in the file, ``start`` and ``end`` where the bytes lie."""

    number: int
    head: bytes
    start: int
    end: int


class TooMuchError(Exception):
    """Something unpacks, nests or repeats beyond its budget."""


class File:
    """One file's bytes, taken apart. Names are strings with their slash, strings are bytes, numbers are floats or ints."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.streams: list[Stream] = []
        self._budget = UNPACKED
        bones = self._take_apart()
        self.encrypted = b"/Encrypt" in bones
        #: The file without its streams' bytes, then what its object streams hold; names unescaped.
        self.bones = _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), bones) if b"#" in bones else bones

    def _take_apart(self) -> bytes:
        data, kept, last, at = self.data, [], 0, 0
        while (start := data.find(b"stream", at)) >= 0:
            at = start + 6
            if data[start - 3 : start] == b"end" or data[at : at + 1] not in (b"\r", b"\n", b" "):
                continue
            end = _end(data, at)
            begin = at + (2 if data[at : at + 2] == b"\r\n" else 1)
            head = data[last:start]
            cut = head.rfind(b"obj")
            number = re.search(rb"(\d{1,10})\s+\d{1,5}\s+$", head[max(0, cut - 24) : cut]) if cut >= 0 else None
            self.streams.append(Stream(int(number[1]) if number else 0, head[cut + 3 :] if cut >= 0 else head, begin, end))
            kept.append(head)
            if data.find(b" obj", begin, end) >= 0:
                kept.append(data[begin:end])
            last = at = end
        kept.append(data[last:])
        return b"\n".join(kept + self._unpacked())

    def _unpacked(self) -> list[bytes]:
        """What the object streams hold, each object under a header of its own."""
        parts = []
        for stream in self.streams:
            if b"/ObjStm" in stream.head:
                try:
                    body = inflated(self.data[stream.start : stream.end], self._budget)
                except TooMuchError:
                    self._budget = 0
                    break
                self._budget -= len(body)
                first = re.search(rb"/First\s+(\d{1,9})", stream.head)
                numbers = body[: int(first[1])].split() if first else []
                places = [
                    (int(a), int(b)) for a, b in zip(numbers[::2], numbers[1::2], strict=False) if a.isdigit() and b.isdigit()
                ]
                base = int(first[1]) if first else 0
                ends = [base + at for _, at in places[1:]] + [len(body)]
                parts += [
                    b"%d 0 obj\n%s\nendobj" % (n, body[base + at : end]) for (n, at), end in zip(places, ends, strict=False)
                ]
        return parts

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each object's value begins in the bones."""
        found, bones = {}, self.bones
        for match in _OBJECT.finditer(bones):
            before = _NUMBERED.search(bones, max(0, match.start() - 24), match.start())
            if before:
                found[int(before[1])] = match.end()
        return found

    @cached_property
    def by_number(self) -> dict[int, Stream]:
        return {stream.number: stream for stream in self.streams}

    def value(self, thing: Any) -> Any:
        """What a reference stands for; anything else is itself. None where there is nothing, or nothing that can be parsed."""
        for _ in range(20):
            if not isinstance(thing, Ref):
                return thing
            place = self.places.get(thing.number)
            if place is None:
                return None
            try:
                thing, _at = parse(self.bones, place)
            except ValueError:
                return None
        return None

    def entry(self, thing: Any, *names: str) -> Any:
        """The value below a path of names in dictionaries."""
        for name in names:
            thing = self.value(thing)
            thing = thing.get(name) if isinstance(thing, dict) else None
        return self.value(thing)

    @cached_property
    def root(self) -> dict[str, Any]:
        """The catalogue."""
        for match in reversed(
            list(re.finditer(rb"/Root\s+(\d{1,10})\s+\d{1,5}\s+R", self.bones + b"".join(s.head for s in self.streams)))
        ):
            found = self.value(Ref(int(match[1])))
            if isinstance(found, dict):
                return found
        return {}

    @cached_property
    def told_pages(self) -> int:
        """How many page objects there are, whether or not the page tree leads to them."""
        return len(_PAGE.findall(self.bones))

    def pages(self, most: int) -> list[dict[str, Any]]:
        """The page objects in order, with what they inherit of ``/Resources``. Loops end where they close."""
        found: list[dict[str, Any]] = []
        seen: set[int] = set()
        waiting: list[tuple[Any, Any]] = [(self.root.get("/Pages"), None)]
        while waiting and len(found) < most:
            node, inherited = waiting.pop()
            if isinstance(node, Ref):
                if node.number in seen:
                    continue
                seen.add(node.number)
            node = self.value(node)
            if not isinstance(node, dict):
                continue
            inherited = node.get("/Resources", inherited)
            kids = self.value(node.get("/Kids"))
            if isinstance(kids, list):
                waiting += [(kid, inherited) for kid in reversed(kids)]
                seen -= {kid.number for kid in kids if isinstance(kid, Ref) and _leaf(self.value(kid))}
            else:
                found.append({**node, "/Resources": inherited})
        return found

    def content(self, number: int, most: int) -> bytes:
        """A content stream unpacked; empty where it cannot be. Raises ``TooMuchError`` past ``most`` bytes."""
        stream = self.by_number.get(number)
        if stream is None or self.encrypted:
            return b""
        body = self.data[stream.start : stream.end]
        for name in filters(stream.head):
            body = _undone(body, name, most)
        return body


def _leaf(node: Any) -> bool:
    """One page may be listed twice; a branch of the tree may not."""
    return isinstance(node, dict) and "/Kids" not in node


def _end(data: bytes, at: int) -> int:
    """Where a stream ends: at an ``endstream`` that ``endobj`` follows, else at the first."""
    first = found = data.find(b"endstream", at)
    for _ in range(50):
        if found < 0 or data[found + 9 : found + 30].lstrip().startswith(b"endobj"):
            break
        found = data.find(b"endstream", found + 9)
    return found if found >= 0 else first if first >= 0 else len(data)


def filters(head: bytes) -> list[str]:
    """The names of a stream's filters, in order."""
    found = re.search(rb"/F(?:ilter)?\s*(\[[^\]]*\]|/[A-Za-z0-9]+)", head)
    return [name.decode("ascii") for name in re.findall(rb"/([A-Za-z0-9]+)", found[1])] if found else []


def may_expand(stream: Stream, most: int) -> bool:
    """Whether a stream's filters could make more than ``most`` bytes of it."""
    times = len(_EXPANDING.findall(stream.head))
    return times > 1 or (times == 1 and (stream.end - stream.start) * MOST > most)


def inflated(body: bytes, most: int) -> bytes:
    """Deflated bytes, as far as they are whole. Raises ``TooMuchError`` beyond ``most``."""
    unpacker = zlib.decompressobj()
    out: list[bytes] = []
    left, rest = most, body
    while rest and not unpacker.eof:
        try:
            piece = unpacker.decompress(rest, min(left + 1, 1 << 20))
        except zlib.error:
            break
        out.append(piece)
        left -= len(piece)
        if left < 0:
            raise TooMuchError
        if not piece and unpacker.unconsumed_tail == rest:
            break
        rest = unpacker.unconsumed_tail
    return b"".join(out)


def _undone(body: bytes, name: str, most: int) -> bytes:
    if name in ("FlateDecode", "Fl"):
        return inflated(body, most)
    if name in ("ASCIIHexDecode", "AHx"):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", body.split(b">")[0])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if name in ("ASCII85Decode", "A85"):
        import base64

        try:
            return base64.a85decode(body.split(b"~>")[0].removeprefix(b"<~"), ignorechars=_SPACE + b"\x0b")
        except ValueError:
            return b""
    if name in ("RunLengthDecode", "RL") and len(body) * 64 > most:
        raise TooMuchError
    return _run_lengths(body) if name in ("RunLengthDecode", "RL") else _lzw(body, most) if name in ("LZWDecode", "LZW") else body


def _run_lengths(body: bytes) -> bytes:
    out, at = bytearray(), 0
    while at + 1 < len(body) and body[at] != 128:
        if body[at] < 128:
            out += body[at + 1 : at + 2 + body[at]]
            at += 2 + body[at]
        else:
            out += body[at + 1 : at + 2] * (257 - body[at])
            at += 2
    return bytes(out)


def _lzw(body: bytes, most: int) -> bytes:
    """LZW with early change, as PDFs have it."""
    table: list[bytes] = [bytes([i]) for i in range(256)] + [b"", b""]
    out: list[bytes] = []
    bits = held = made = 0
    width, last = 9, b""
    for byte in body:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == 257:
            break
        if code == 256:
            del table[258:]
            width, last = 9, b""
            continue
        if code > len(table) or (code == len(table) and not last):
            break
        now = table[code] if code < len(table) else last + last[:1]
        if last and len(table) < 4096:
            table.append(last + now[:1])
        out.append(now)
        made += len(now)
        if made > most:
            raise TooMuchError
        last = now
        width = 9 if len(table) < 511 else 10 if len(table) < 1023 else 11 if len(table) < 2047 else 12
    return b"".join(out)


def parse(text: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
    """One value and where it ends. Raises ``ValueError`` on what is no value, or lies too deep."""
    token, at = _token(text, at)
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if token == b"<<":
        return _dictionary(text, at, depth)
    if token == b"[":
        items: list[Any] = []
        while True:
            ahead, after = _token(text, at)
            if ahead == b"]":
                return items, after
            item, at = parse(text, at, depth + 1)
            items.append(item)
    if token == b"(":
        return _string(text, at)
    if token == b"<":
        end = text.find(b">", at)
        if end < 0:
            raise ValueError("string without an end")
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", text[at:end])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), end + 1
    if token[:1] == b"/":
        return token.decode("latin-1"), at
    return _plain(text, token, at)


def _token(text: bytes, at: int) -> tuple[bytes, int]:
    found = _TOKEN.match(text, at)
    if not found:
        raise ValueError("no value")
    return found[1], found.end()


def _plain(text: bytes, token: bytes, at: int) -> tuple[Any, int]:
    if token.isdigit() and (reference := _REFERENCE.match(text, at)) and len(token) < 11:
        return Ref(int(token)), reference.end()
    if token in (b"true", b"false", b"null"):
        return {b"true": True, b"false": False, b"null": None}[token], at
    if token in (b">>", b"]", b")", b"endobj", b"stream", b"obj"):
        raise ValueError("no value")
    try:
        return (int(token) if token.lstrip(b"+-").isdigit() and len(token) < 20 else float(token)), at
    except ValueError:
        return None, at


def _dictionary(text: bytes, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while True:
        token, after = _token(text, at)
        if token == b">>":
            return found, after
        if token[:1] != b"/":
            at = after
            if token in (b"endobj", b"stream"):
                raise ValueError("dictionary without an end")
            continue
        ahead, _after = _token(text, after)
        if ahead == b">>":
            return found, _after
        found[token.decode("latin-1")], at = parse(text, after, depth + 1)


def _string(text: bytes, at: int) -> tuple[bytes, int]:
    depth, start = 1, at
    for match in re.compile(rb"\\.|[()]", re.DOTALL).finditer(text, at):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return text[start : match.start()], match.end()
    raise ValueError("string without an end")
