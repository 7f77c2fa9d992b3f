"""The parent's side of every parse: asks locked children (``extractors.tasks``) and believes nothing they say but what checks out.

A child that dies is tried once more; a file that kills two, or is late once, is set aside and told as such. Nothing here raises for what a file does.
"""

import atexit
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter

import extractors
import fixtures
import sandbox
import schemas
from extractors.excerpts import excerpt
from extractors.readers import legacy
from extractors.readers.limits import DEFAULT, Limits
from extractors.readers.scan_reading import Pixels
from extractors.readers.sniffing import Kind
from extractors.readers.tools import Tools
from sandbox import Bounds, Child, ChildError, LateError, Solo, Zygote, layers
from sandbox.child import OverrunError, RefusalError
from schemas.document import MOST_SIGNATURES, SHORT, Box, Document, Signature
from schemas.evidence import Evidence
from schemas.picture import PageCrop, Picture
from schemas.vocabulary import Format, Outcome

MODULE: Final = "extractors.tasks"
#: Children that check signatures: started for files that hold any, apart from the others, which need not load what that takes.
SIGNING: Final = "extractors.electronic_signatures"
#: For pages drawn here on a machine without any Chinese font.
FONT: Final = str(Path(fixtures.__file__).parent / "fonts" / "ChushenSampleSans.ttf")
MEBI: Final = 1 << 20
#: Our own code, where it may have to be imported under a lock.
ROOMS: Final = tuple(str(Path(room.__file__ or "").parent) for room in (extractors, sandbox, schemas))
#: The most one answer (a document, a page's pixels) may come to on the wire.
PAGE: Final = 80 * MEBI
#: Files held open at a time, and seconds of the processor's time a child has for all it is asked.
OPEN: Final = 10
CPU: Final = 900
#: Pictures a child is asked for at a time.
AHEAD: Final = 6
#: A child is tried this often before its file is set aside.
TRIES: Final = 2
MEDIA: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

#: Of these a page can be drawn, so their children may be asked again.
DRAWN: Final = frozenset({Format.PDF, Format.IMAGE, Format.OFD})
OUTCOMES: Final = frozenset(outcome.value for outcome in Outcome)

T = TypeVar("T")
_Short: TypeAlias = Annotated[str, Field(max_length=SHORT)]


class SetAsideError(Exception):
    """A file no child could be brought to read. ``message`` says in Chinese what happened, ``outcome`` how its document counts."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message


class Member(NamedTuple):
    """One file of an archive, as ``archive.Member`` but with its bytes still to be taken: ``refused`` and ``message`` say why there are none."""

    path: str
    data: bytes = b""
    refused: Outcome | None = None
    message: str = ""
    litter: bool = False
    odd_name: bool = False


class Source(NamedTuple):
    """A document for whoever draws it: its format, where its file lies, what was read of it."""

    format: Format
    path: str
    document: Document


class Unseen(NamedTuple):
    """Why a page could not be drawn."""

    outcome: Outcome
    message: str


class _File:
    """A child that holds a file open, which document it knows of it, and the places it has been asked to draw."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.known: Document | None = None
        self.drawing: deque[Evidence] = deque()
        self._begun: Mapping[str, Any] | None = None

    def begin(self, told: Mapping[str, Any]) -> None:
        """Ask for the document; it is taken up by ``document``."""
        self.ask("document", **told)
        self._begun = told

    def document(self, told: Mapping[str, Any], converted: bytes) -> None:
        """Ask for the document, if it has not been asked for before in the same words."""
        if self._begun == told and not converted:
            self._begun = None
        else:
            self.ask("document", converted, **told)

    def ask(self, do: str, *more: bytes, **told: Any) -> None:
        if self._begun is not None:
            raise OverrunError("解析进程还在回答别的问题")
        self.child.send(json.dumps({"do": do, **told}, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n", *more)


class Parsers:
    """One a process, used from one thread. ``seconds`` one answer may take, ``memory`` bytes a child may hold.

    A file keeps its child while it is among the last few asked about: drawing its pages then costs no second start.
    """

    def __init__(self, *, seconds: float = 90.0, memory: int = 2048 * MEBI, font: str = FONT, fork: bool | None = None) -> None:
        self._font = font
        self._bounds = Bounds(memory=memory, cpu=CPU, wall=seconds, answer=PAGE)
        readable = (*ROOMS, font) if font else ROOMS
        forks = layers().fork if fork is None else fork
        kind = Zygote if forks else Solo
        self._children: Zygote | Solo = kind(MODULE, readable=readable)
        self._signing: Zygote | Solo = kind(SIGNING, readable=readable)
        self._open: dict[str, _File] = {}

    def bound(self, *, seconds: float, memory: int) -> None:
        """What children started from now on may use."""
        if (self._bounds.wall, self._bounds.memory) != (seconds, memory):
            self._bounds = replace(self._bounds, wall=seconds, memory=memory)

    def warm(self) -> None:
        """Begin to start what the first file would wait for."""
        self._children.warm()

    def forget(self) -> None:
        """Let go of every file. To be called when a package is done, whose files may then go."""
        for path in list(self._open):
            self._drop(path)

    def close(self) -> None:
        self.forget()
        self._children.stop()
        self._signing.stop()

    def ahead(self, name: str, path: str, limits: Limits = DEFAULT, *, tools: Tools | None = None) -> None:
        """Have a child begin with the document that will be asked for next, while the caller is busy with another. Raises nothing."""
        with suppress(ChildError, OSError):
            self._file(path).begin(_wanted(name, limits, tools))

    def document(self, name: str, path: str, limits: Limits = DEFAULT, *, tools: Tools | None = None) -> Document:
        """The file's document. Raises ``SetAsideError`` where its children died, ``OSError`` where it cannot be opened."""
        tools = Tools.probe() if tools is None else tools
        told = _wanted(name, limits, tools)
        answer = self._tried(path, lambda file: _document(file, told))
        if isinstance(answer, Document):
            if answer.format not in DRAWN:
                self._drop(path)  # nothing more can be asked of it
            return self._with_signatures(answer, path)
        by = legacy.convert(path, answer, soffice=tools.soffice)
        told["converted"] = {"kind": by.kind.name, "by": by.by, "outcome": by.outcome, "message": by.message}
        document = self._tried(path, lambda file: _document(file, told, by.data))
        if not isinstance(document, Document):
            raise SetAsideError(Outcome.CORRUPT, "读取此文件时系统出错，请人工查看")
        return document

    def _with_signatures(self, document: Document, path: str) -> Document:
        """The document with its signatures checked; where that cannot be done they stay what its reader said: there, and not checked."""
        if not document.signatures or document.format is not Format.PDF:
            return document
        try:
            with self._signing.start("check", {}, path, replace(self._bounds, answer=MEBI)) as child:
                found = _signatures(child.receive_json())
        except (ChildError, RefusalError, ValueError):
            return document
        return replace(document, signatures=found) if found else document

    def members(self, name: str, path: str, limits: Limits, library: str | None = None) -> Iterator[Member] | None:
        """What an archive holds, one by one; None for what is no archive. Raises ``SetAsideError``."""
        library = Tools.probe().libarchive if library is None else library
        args = {"name": name, "limits": asdict(limits), "library": library}
        child = self._children.start("unpack", args, path, replace(self._bounds, answer=limits.file_bytes + MEBI))
        try:
            told = child.receive_json()
            count = told.get("members") if isinstance(told, dict) else None
            if not isinstance(told, dict) or told.get("archive") is not True or not isinstance(count, int):
                child.close()
                return None
        except (ChildError, RefusalError) as error:
            child.close()
            raise _set_aside(error, 1) from None
        return _members(child, min(count, limits.archive_members))

    def pages(
        self, path: str, kind: Format, numbers: Sequence[int], limits: Limits = DEFAULT, *, dpi: int | None = None
    ) -> Iterator[tuple[int, Pixels | Unseen]]:
        """The pictures of the pages asked for, in that order. A page two children died over is ``Unseen``; the others still come.

        The child draws ahead while the last page is looked at. Not to be mixed with other questions about the file before its end.
        """
        left, deaths = list(numbers), 0
        while left:
            try:
                file = self._file(path)
                file.ask("pages", format=kind, pages=left, dpi=dpi, limits=asdict(limits))
                while left:
                    seen = _page(file.child)
                    deaths = 0
                    yield left.pop(0), seen
            except (ChildError, RefusalError) as error:
                self._drop(path)
                deaths += 1
                if deaths >= TRIES or isinstance(error, LateError):
                    aside = _set_aside(error, deaths)
                    yield left.pop(0), Unseen(aside.outcome, aside.message)
                    deaths = 0
            finally:
                if (
                    left and deaths == 0
                ):  # given up, or between two tries: what the child would say next was meant for another question
                    self._drop(path)

    def pictures(self, sources: Mapping[str, Source], expected: Iterable[Evidence] = ()) -> "Drawn":
        """Pictures for evidence. ``sources`` are by document id; ``expected`` the places that will be asked for, as far as known."""
        return Drawn(self, sources, expected)

    def strips(self, sources: Mapping[str, Source]) -> "Strips":
        """Parts of pages, to look at a few places of them. ``sources`` are by document id."""
        return Strips(self, sources)

    def second(self, sources: Mapping[str, Source]) -> "Second":
        """The figures on pages by the second engine. ``sources`` are by document id."""
        return Second(self, sources)

    def _file(self, path: str) -> _File:
        file = self._open.pop(path, None)
        if file is None:
            for oldest in list(self._open)[: len(self._open) + 1 - OPEN]:
                self._drop(oldest)
            file = _File(self._children.start("file", {"font": self._font}, path, self._bounds))
        self._open[path] = file
        return file

    def _drop(self, path: str) -> None:
        file = self._open.pop(path, None)
        if file is not None:
            file.child.close()

    def _tried(self, path: str, ask: Callable[[_File], T]) -> T:
        """Asked of the file's child, once more of a fresh one. Raises ``SetAsideError``."""
        for attempt in range(1, TRIES + 1):
            try:
                return ask(self._file(path))
            except (ChildError, RefusalError) as error:
                self._drop(path)
                if attempt == TRIES or isinstance(error, LateError):
                    raise _set_aside(error, attempt) from None
        raise AssertionError


class _Asked:
    """Questions about several documents. One whose children died is asked about no more."""

    def __init__(self, parsers: Parsers, sources: Mapping[str, Source]) -> None:
        self._parsers, self._sources = parsers, sources
        self._lost: set[str] = set()

    def _about(self, document: str, ask: Callable[[_File, Source], T]) -> T | None:
        source = self._sources.get(document)
        if source is None or document in self._lost:
            return None
        try:
            return self._parsers._tried(source.path, lambda file: ask(file, source))
        except (SetAsideError, OSError):
            self._lost.add(document)
            return None

    def close(self) -> None:
        self._parsers.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Drawn(_Asked):
    """``extractors.pictures.Pictures`` through locked children; what has no page is shown from the document read, here.

    ``expected`` are the places that will be asked for, in that order: a child then draws the next ones while the last is looked at. Where fewer are
    asked for in the end, a few were drawn for nothing.
    """

    def __init__(self, parsers: Parsers, sources: Mapping[str, Source], expected: Iterable[Evidence] = ()) -> None:
        super().__init__(parsers, sources)
        self._drawn: dict[Evidence, PageCrop | None] = {}
        self._expected: dict[str, deque[Evidence]] = {}
        for evidence in expected:
            if evidence.page is not None and evidence.document in sources:
                self._expected.setdefault(evidence.document, deque()).append(evidence)
        for document in list(self._expected)[: OPEN - 1]:
            with suppress(ChildError, OSError):
                self._ask_ahead(parsers._file(sources[document].path), sources[document], document)

    def __call__(self, evidence: Evidence) -> Picture | None:
        source = self._sources.get(evidence.document)
        if source is not None and evidence.page is None:
            return excerpt(source.document, evidence)
        if evidence in self._drawn:
            return self._drawn.pop(evidence)
        return self._about(evidence.document, lambda file, source: self._draw(file, source, evidence))

    def _draw(self, file: _File, source: Source, evidence: Evidence) -> PageCrop | None:
        if evidence not in file.drawing:
            self._ask(file, source, evidence)
        while True:
            self._ask_ahead(file, source, evidence.document)
            one, crop = file.drawing.popleft(), _answered(file)
            if one == evidence:
                return crop
            self._drawn[one] = crop

    def _ask_ahead(self, file: _File, source: Source, document: str) -> None:
        expected = self._expected.get(document, ())
        while expected and len(file.drawing) < AHEAD:
            one = expected.popleft()
            if one not in self._drawn and one not in file.drawing:
                self._ask(file, source, one)

    def _ask(self, file: _File, source: Source, evidence: Evidence) -> None:
        if file.known is not source.document:
            file.ask("know", source.document.to_bytes(deflate=False))
            file.known = source.document
        file.ask("picture", format=source.format, evidence=evidence.model_dump(mode="json"))
        file.drawing.append(evidence)


class Strips(_Asked):
    """Parts of pages as pixels: ``(document, page, box, dpi)``, the box in points from the top left corner."""

    def __call__(self, document: str, page: int, box: Box, dpi: int) -> Pixels | None:
        return self._about(document, lambda file, source: _strip(file, source, page, box, dpi))


@cache
def shared() -> Parsers:
    """This process's own, for callers that bring none; ended with the process."""
    parsers = Parsers()
    atexit.register(parsers.close)
    return parsers


class Second(_Asked):
    """What digits the second engine reads on a page: ``(document, page)``; None where it cannot tell."""

    def __call__(self, document: str, page: int) -> tuple[str, ...] | None:
        return self._about(document, lambda file, source: _figures(file, page))


def _wanted(name: str, limits: Limits, tools: Tools | None) -> dict[str, Any]:
    tools = Tools.probe() if tools is None else tools
    return {"name": name, "limits": asdict(limits), "converters": [kind.name for kind in legacy.convertible(tools)]}


def _document(file: _File, told: Mapping[str, Any], converted: bytes = b"") -> Document | Kind:
    file.document(told, converted)
    content = file.child.receive()
    if content is None:
        raise OverrunError("解析进程没有回答")
    if content.startswith(b"{"):
        answer = file.child.json(content)
        kind = answer.get("convert") if isinstance(answer, dict) else None
        if not isinstance(kind, str) or kind not in Kind.__members__ or Kind[kind] not in legacy.TARGETS:
            raise OverrunError("解析进程的回答无法识别")
        return Kind[kind]
    try:
        file.known = Document.from_bytes(content)
    except ValueError:
        raise OverrunError("解析进程的回答无法识别") from None
    return file.known


_SIGNATURES: Final = TypeAdapter(
    Annotated[
        list[tuple[_Short, Literal["invalid", "intact", "unverified"], _Short, _Short, _Short, bool]], Field(max_length=MOST_SIGNATURES)
    ]
)  # fmt: skip


def _signatures(told: Any) -> tuple[Signature, ...]:
    """Raises ``ValueError`` for what is none. No child may call a signature valid: whose it is cannot be settled here."""
    return tuple(Signature(*row) for row in _SIGNATURES.validate_python(told))


def _answered(file: _File) -> PageCrop | None:
    try:
        return _crop(file.child.receive() or b"")
    except ValueError:
        raise OverrunError("解析进程的回答无法识别") from None


def _figures(file: _File, page: int) -> tuple[str, ...] | None:
    file.ask("figures", page=page)
    told = file.child.receive_json()
    if told is not None and not (isinstance(told, list) and all(isinstance(one, str) for one in told)):
        raise OverrunError("解析进程的回答无法识别")
    return None if told is None else tuple(told)


def _strip(file: _File, source: Source, page: int, box: Box, dpi: int) -> Pixels | None:
    file.ask("strip", format=source.format, page=page, box=box, dpi=dpi)
    content = file.child.receive() or b""
    seen = _pixels(content)
    if seen is None and content != bytes(8):
        raise OverrunError("解析进程的回答无法识别")
    return seen


def _members(child: Child, count: int) -> Iterator[Member]:
    with child:
        for _ in range(count):
            try:
                told, data = child.receive_json(), child.receive()
                yield _member(told, data or b"")
            except (ChildError, RefusalError, ValueError) as error:
                aside = _set_aside(error if isinstance(error, ChildError) else OverrunError("解析进程的回答无法识别"), 1)
                raise aside from None


def _member(told: Any, data: bytes) -> Member:
    """Raises ``ValueError`` for what is no member, its path included: that never leaves the package."""
    if not isinstance(told, dict):
        raise ValueError("no member")
    path, refused, message = told.get("path"), told.get("refused"), told.get("message")
    if not isinstance(path, str) or not isinstance(message, str) or not path or path.startswith("/") or ".." in path.split("/"):
        raise ValueError("no member")
    return Member(
        path, data, Outcome(refused) if refused else None, message[:500], bool(told.get("litter")), bool(told.get("odd_name"))
    )


def _page(child: Child) -> Pixels | Unseen:
    content = child.receive()
    if content is None or len(content) < 8:
        raise OverrunError("解析进程没有回答")
    if (pixels := _pixels(content)) is not None:
        return pixels
    told = child.json(content[8:])
    if (
        any(content[:8])
        or not isinstance(told, list)
        or len(told) != 2
        or told[0] not in OUTCOMES
        or not isinstance(told[1], str)
    ):
        raise OverrunError("解析进程的回答无法识别")
    return Unseen(Outcome(told[0]), told[1][:500])


def _pixels(content: bytes) -> Pixels | None:
    """None for what is no picture: 0 wide, or not of the size it claims."""
    width, height = int.from_bytes(content[:4], "little"), int.from_bytes(content[4:8], "little")
    return Pixels(width, height, content[8:]) if width and len(content) == 8 + 3 * width * height else None


def _crop(content: bytes) -> PageCrop | None:
    """Raises ``ValueError`` for what is no picture."""
    if not content:
        return None
    head, _, data = content.partition(b"\n")
    crop = PageCrop.model_validate_json(head[:-1] + b',"data":""}').model_copy(update={"data": data})
    if crop.media not in MEDIA or not data.startswith(MEDIA[crop.media]):
        raise ValueError("no picture")
    return crop


def _set_aside(error: ChildError | RefusalError, deaths: int) -> SetAsideError:
    reason = error.reason if isinstance(error, ChildError) else "解析进程未能读取"
    costly = isinstance(error, ChildError) and error.costly
    how = "两次" if deaths >= TRIES else ""
    said = f"读取此文件时解析进程{how}中止（{reason}），已放在一边，请人工查看，或用原软件另存后重新上传"
    return SetAsideError(Outcome.LIMIT if costly else Outcome.CORRUPT, said)
