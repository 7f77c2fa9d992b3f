"""How much a page would draw, counted before PDFium loads it: thirty forms that each draw the next twice are 2^29 draws in six kilobytes.

PDFium runs every form a page draws, within forms within forms, and unpacks every content stream whole; neither has a limit there. Counting multiplies
through the nesting without drawing anything. A form that draws itself is drawn once, as PDFium does, and told of.
"""

import re
from typing import Any, Final, NamedTuple

from extractors.readers.limits import Limits
from extractors.readers.pdf_syntax import File, Ref, TooMuchError, may_expand
from extractors.readers.refusal import over, refuse
from schemas.vocabulary import Outcome

_DRAWN: Final = re.compile(rb"(/[^\x00\t\n\x0c\r ()<>\[\]{}/%]+)[\x00\t\n\x0c\r ]+(?:Do|scn|SCN)(?![A-Za-z])")
_FORM: Final = re.compile(rb"/Subtype\s*/Form(?![A-Za-z])|/PatternType\s+1(?!\d)")
#: Streams that are never unpacked whole when a page is loaded.
_APART: Final = re.compile(rb"/Subtype\s*/Image(?![A-Za-z])|/Type\s*/(?:EmbeddedFile|Metadata|XRef)(?![A-Za-z])")
#: PDFium goes no deeper.
_LEVELS: Final = 45


class Burden(NamedTuple):
    """``over`` holds, by 0-based page, why a page must not be loaded; ``circular`` whether a form draws itself."""

    over: dict[int, str]
    circular: bool = False


def weigh(file: File, limits: Limits) -> Burden:
    """Raises ``RefusedError`` where something that belongs to no one page would unpack beyond the limit."""
    forms = [s for s in file.streams if _FORM.search(s.head)]
    large = [s for s in file.streams if may_expand(s, limits.content_bytes) and not _APART.search(s.head)]
    large = [s for s in large if _bursts(file, s.number, limits)]
    if not forms and not large:
        return Burden({})
    pages = file.pages(limits.pdf_pages + 1)
    weigher = _Weigher(file, limits, frozenset(s.number for s in large))
    found = {i: why for i, page in enumerate(pages) if (why := weigher.page(page))}
    rest = weigher.burst - weigher.met
    if rest:
        refuse(Outcome.LIMIT, over("解压后的数据", f"{limits.content_bytes >> 20} MB 以上", f"{limits.content_bytes >> 20} MB"))
    return Burden(found, weigher.circular)


def _bursts(file: File, number: int, limits: Limits) -> bool:
    try:
        file.content(number, limits.content_bytes)
    except TooMuchError:
        return True
    return False


class _Weigher:
    def __init__(self, file: File, limits: Limits, burst: frozenset[int]) -> None:
        self.file, self.limits, self.burst = file, limits, burst
        self.met: set[int] = set()
        self.circular = False
        self._known: dict[int, tuple[int, int]] = {}

    def page(self, page: dict[str, Any]) -> str:
        contents = self.file.value(page.get("/Contents"))
        parts = contents if isinstance(contents, list) else [page.get("/Contents")]
        draws = size = 0
        for part in parts[:10_000]:
            if isinstance(part, Ref):
                more, bytes_ = self._stream(part.number, page.get("/Resources"), ())
                draws, size = draws + more, size + bytes_
        if draws > self.limits.form_draws:
            return f"图形对象套用多于 {self.limits.form_draws} 次"
        if size > self.limits.content_bytes:
            return f"页面内容解压后多于 {self.limits.content_bytes >> 20} MB"
        return ""

    def _stream(self, number: int, resources: Any, above: tuple[int, ...]) -> tuple[int, int]:
        """How many forms a content stream draws in all, and how many bytes of content are run for it."""
        if number in above:
            self.circular = True
            return 0, 0
        if number in self.burst:
            self.met.add(number)
            return 0, self.limits.content_bytes + 1
        if number in self._known or len(above) > _LEVELS:
            return self._known.get(number, (0, 0))
        body = self.file.content(number, self.limits.content_bytes)
        draws, size = 0, len(body)
        times: dict[str, int] = {}
        for match in _DRAWN.finditer(body):
            name = match[1].decode("latin-1")
            times[name] = times.get(name, 0) + 1
        for name, often in times.items():
            inner = self._target(resources, name)
            if inner is not None:
                own = self.file.entry(Ref(inner), "/Resources") or resources
                more, bytes_ = self._stream(inner, own, (*above, number))
                draws, size = draws + often * (1 + more), size + often * bytes_
        self._known[number] = draws, size
        return draws, size

    def _target(self, resources: Any, name: str) -> int | None:
        """The stream a name draws; None for pictures and what is not there."""
        for kind in ("/XObject", "/Pattern"):
            drawn = self.file.entry(resources, kind)
            thing = drawn.get(name) if isinstance(drawn, dict) else None
            if isinstance(thing, Ref) and (stream := self.file.by_number.get(thing.number)) and _FORM.search(stream.head):
                return thing.number
        return None
