"""PATH → submissions → packages: what belongs to whom, and where its bytes lie.

``survey`` only looks at names, so ten thousand submissions are listed at once; ``collect`` reads one submission's files, has its archives
unpacked (by locked children) into a private folder and takes the digests, and runs where the package is screened.

What surprised us: archives unpacked by hand on Linux leave file names in GBK bytes, which Python shows as lone surrogates; and a
second run with the default ``--out`` finds its own first output among the submissions.
"""

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from extractors.readers import archive
from extractors.readers.limits import DEFAULT
from extractors.readers.sniffing import claimed
from flows import parsing
from flows.parsing import Parsers
from schemas.base import Frozen
from schemas.package import Package, SourceFile
from schemas.personal import mask
from schemas.vocabulary import Outcome

Mode = Literal["auto", "one", "batch"]

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
ID_BYTES = 150
CHUNK = 1 << 20


class IntakeError(Exception):
    """The call cannot be carried out as given; the message is Chinese and says what to do."""


class Submission(Frozen):
    """One submission by name, its files not yet looked at."""

    id: str
    name: str
    path: str


class Survey(Frozen):
    """``batch`` is false where PATH itself is the one submission. ``skipped`` are names that count as nothing."""

    submissions: tuple[Submission, ...]
    skipped: tuple[str, ...] = ()
    batch: bool = False


@dataclass(frozen=True)
class Limits:
    file_bytes: int = 100 << 20
    package_bytes: int = 1000 << 20
    files: int = 2000
    depth: int = 3


def survey(path: Path, mode: Mode = "auto", *, leave_out: Path | None = None) -> Survey:
    """Raises ``IntakeError`` where PATH is not there or it is open whether it is one submission or several.

    ``leave_out`` is our own output folder, which may lie inside PATH.
    """
    if not path.exists():
        raise IntakeError(f"找不到：{shown(str(path))}。请检查路径是否写对。")
    if not path.is_dir():
        if mode == "batch":
            raise IntakeError(f"{shown(path.name)} 是文件，不能作为一个批次。--batch 只用于文件夹。")
        return Survey(submissions=_named([path]))
    children, skipped = _children(path, leave_out)
    folders = [child for child in children if child.is_dir()]
    archives = [child for child in children if not child.is_dir() and _is_archive_name(child.name)]
    documents = [child for child in children if not child.is_dir() and not _is_archive_name(child.name)]
    if mode == "auto" and documents and (folders or archives):
        raise IntakeError(
            f"{shown(str(path))} 中既有文件（如 {shown(documents[0].name)}），又有文件夹或压缩包"
            f"（如 {shown((folders + archives)[0].name)}），无法判断是一个申报包还是一批申报包。\n"
            "如果整个文件夹是一个申报包，请加 --one；如果其中每一项各是一个申报包，请加 --batch。"
        )
    if mode == "batch" or (mode == "auto" and (folders or archives)):
        if not children:
            raise IntakeError(f"{shown(str(path))} 是空文件夹，其中没有申报包。")
        return Survey(submissions=_named(children), skipped=skipped, batch=True)
    return Survey(submissions=_named([path]))


def collect(
    submission: Submission, work: Path, limits: Limits, *, leave_out: Path | None = None, parsers: Parsers | None = None
) -> Package:
    """The submission's files with their digests; archives are unpacked below ``work``, under their contents' digests as names.

    ``Package.sha256`` is over the sorted digests of the documents, so the order and grouping of the files, or packing them, leave it.
    """
    root = Path(submission.path)
    budget = _Budget(limits, parsers or parsing.shared())
    if root.is_dir():
        files = list(_from_folder(root, work, budget, leave_out))
    else:
        files = list(_from_file(root, shown(root.name), work, budget, own=True))
    litter = tuple(sorted(file.path for file in files if is_litter(file.path)))
    kept = sorted((file for file in files if not is_litter(file.path)), key=lambda file: natural(file.path))
    digests = sorted(file.sha256 for file in kept if file.sha256 and not file.container)
    digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return Package(id=submission.id, name=submission.name, sha256=digest, files=tuple(kept), skipped=litter)


def is_litter(path: str) -> bool:
    """What Windows, macOS and Office leave behind, anywhere in the path.

    >>> is_litter("附件/~$申报书.docx"), is_litter("附件/申报书.docx")
    (True, False)
    """
    return archive.is_litter(path)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key by which 附件2 comes before 附件10.

    >>> sorted(["附件10", "附件2"], key=natural)
    ['附件2', '附件10']
    """
    parts = re.findall(r"([0-9]+)|([^0-9]+)", text)
    return (*((0, int(digits), "") if digits else (1, 0, rest) for digits, rest in parts), (2, 0, text))


def shown(name: str) -> str:
    """A name from the file system as a person would write it: bytes that are not UTF-8 are GBK, else escaped."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def safe_id(name: str) -> str:
    """A name fit for a folder on Linux and Windows alike.

    >>> safe_id('甲/乙:丙?.'), safe_id("CON"), safe_id("  ")
    ('甲_乙_丙_', 'CON_', '未命名')
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join("_" if char in '<>:"/\\|?*' or unicodedata.category(char)[0] == "C" else char for char in text)
    text = text.encode("utf-8", "replace")[:ID_BYTES].decode("utf-8", "ignore").strip().rstrip(". ")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", text):
        text += "_"
    return text or "未命名"


class _Budget:
    """What one package may still use."""

    def __init__(self, limits: Limits, parsers: Parsers) -> None:
        self.limits = limits
        self.parsers = parsers
        self.bytes = limits.package_bytes
        self.files = limits.files

    def take(self, size: int) -> str:
        """Why a file of this size may not be taken, or nothing."""
        mb = 1 << 20
        if size > self.limits.file_bytes:
            return f"超出上限：文件大小为 {size / mb:.0f} MB，上限 {self.limits.file_bytes // mb} MB。请压缩或拆分后重新提交"
        if self.files <= 0:
            return f"超出上限：一个申报包的文件数上限为 {self.limits.files} 个。请合并或删减后重新提交"
        if size > self.bytes:
            return f"超出上限：一个申报包的总大小上限为 {self.limits.package_bytes // mb} MB。请删减后重新提交"
        self.files -= 1
        self.bytes -= size
        return ""


def _children(path: Path, leave_out: Path | None) -> tuple[list[Path], tuple[str, ...]]:
    everything = sorted(path.iterdir(), key=lambda child: natural(shown(child.name)))
    own = leave_out.resolve() if leave_out is not None else None
    skipped = [child for child in everything if is_litter(shown(child.name)) or (own is not None and child.resolve() == own)]
    return [child for child in everything if child not in skipped], tuple(shown(child.name) for child in skipped)


def _named(paths: Sequence[Path]) -> tuple[Submission, ...]:
    taken: set[str] = set()
    named = []
    for path in paths:
        name = shown(path.absolute().name if path.name not in ("", "..") else path.resolve().name)
        name = mask(name if path.is_dir() else _stem(name))
        base = ident = safe_id(name)
        number = 2
        while ident.casefold() in taken:
            ident, number = f"{base}-{number}", number + 1
        taken.add(ident.casefold())
        named.append(Submission(id=ident, name=name, path=str(path.absolute())))
    return tuple(named)


def _stem(name: str) -> str:
    stem = re.sub(r"(?i)\.tar\.(gz|bz2|xz)$", "", name)
    return stem if stem != name else PurePosixPath(name).stem or name


def _is_archive_name(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def _from_folder(root: Path, work: Path, budget: _Budget, leave_out: Path | None) -> Iterator[SourceFile]:
    inside = root.resolve()
    own = leave_out.resolve() if leave_out is not None else None
    for folder, names, files in os.walk(root):
        names.sort()
        for name in [name for name in names if (Path(folder) / name).is_symlink()]:
            yield _refused(_inner(root, Path(folder) / name), Outcome.UNSAFE, "是指向别处的链接，未予读取。请提交文件本身")
        names[:] = [name for name in names if own is None or (Path(folder) / name).resolve() != own]
        for name in sorted(files):
            path = Path(folder) / name
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                yield _refused(_inner(root, path), Outcome.UNSAFE, "是指向申报包以外的链接，未予读取。请提交文件本身")
            else:
                yield from _from_file(path, _inner(root, path), work, budget, own=False)


def _from_file(path: Path, inner: str, work: Path, budget: _Budget, *, own: bool) -> Iterator[SourceFile]:
    if is_litter(inner):
        yield SourceFile(path=inner, sha256="", size=0)
        return
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield _refused(inner, Outcome.UNSUPPORTED, "不是普通文件，未予读取")
            return
        digest = _digest(path)
    except OSError as error:
        yield _refused(inner, Outcome.UNSUPPORTED, f"无法打开文件（{error.strerror}），请检查文件权限后重新运行")
        return
    over = budget.take(status.st_size)
    if over:
        yield _refused(inner, Outcome.LIMIT, over, sha256=digest, size=status.st_size)
        return
    plain = SourceFile(path=inner, sha256=digest, size=status.st_size, stored=str(path))
    yield from _unpacked(plain, work, budget, own=own)


def _unpacked(file: SourceFile, work: Path, budget: _Budget, *, own: bool) -> Iterator[SourceFile]:
    """The file itself, or what an archive holds. ``own`` is the submission's own archive, which has no place in its files' paths."""
    path = Path(file.stored)
    if not _begins_as_archive(path) or not _may_be_archive(file.path):
        yield file
        return
    limits = replace(
        DEFAULT,
        file_bytes=budget.limits.file_bytes,
        archive_bytes=max(0, budget.bytes),
        archive_members=max(0, budget.files),
        archive_depth=budget.limits.depth,
    )
    try:
        listed = budget.parsers.members(file.path, file.stored, limits)
        members = None if listed is None else [_stored(member, work) for member in listed]
    except parsing.SetAsideError as aside:
        yield file.model_copy(update={"stored": "", "refused": aside.outcome, "message": aside.message})
        return
    if members is None:
        yield file
        return
    if len(members) == 1 and members[0].path == file.path and members[0].refused is not None:
        refused = members[0].refused
        yield file.model_copy(update={"stored": "", "refused": refused, "message": _of_archive(refused, members[0].message)})
        return
    wrapper = _stem(file.path) + "/"
    cut = len(wrapper) if own and all(member.path.startswith(wrapper) for member in members) else 0
    prefix = "" if own else file.path + "/"
    paths = [prefix + member.path[cut:] for member in members]
    placed = list(zip(paths, members, strict=True))
    if not own:
        yield _container(file.path, placed, file.sha256, file.size)
    for inner in sorted({path for listed in paths for path in _archives_in(listed[len(prefix) :], prefix)}):
        yield _container(inner, placed)
    for path_inside, member in placed:
        yield _member(path_inside, member, budget)


class _Stored(NamedTuple):
    """A member whose bytes lie below the work folder, under their digest as name."""

    path: str
    sha256: str
    size: int
    stored: str
    refused: Outcome | None
    message: str
    litter: bool
    odd_name: bool


def _stored(member: parsing.Member, work: Path) -> _Stored:
    if member.refused is not None or member.litter:
        return _Stored(member.path, "", 0, "", member.refused, member.message, member.litter, member.odd_name)
    digest = hashlib.sha256(member.data).hexdigest()
    work.mkdir(parents=True, exist_ok=True)
    stored = work / digest
    stored.write_bytes(member.data)
    return _Stored(member.path, digest, len(member.data), str(stored), None, "", False, member.odd_name)


def _member(path: str, member: _Stored, budget: _Budget) -> SourceFile:
    if member.litter or is_litter(path):
        return SourceFile(path=path, sha256="", size=0)
    if member.refused is not None:
        return _refused(path, member.refused, member.message)
    over = budget.take(member.size)
    if over:
        return _refused(path, Outcome.LIMIT, over, sha256=member.sha256, size=member.size)
    return SourceFile(path=path, sha256=member.sha256, size=member.size, stored=member.stored, odd_name=member.odd_name)


def _container(path: str, placed: Sequence[tuple[str, _Stored]], sha256: str = "", size: int = 0) -> SourceFile:
    """An archive by what became of its files: over a limit or locked only where all of them are."""
    inside = [member for listed, member in placed if listed.startswith(path + "/") and not is_litter(listed)]
    refused = [member.refused for member in inside if member.refused is not None]
    odd = any(member.odd_name for member in inside)
    message, outcome = f"压缩包，已解开，其中有 {len(inside)} 个文件", Outcome.OK_WARN if odd else Outcome.OK
    if refused:
        alike = len(refused) == len(inside) and len(set(refused)) == 1 and refused[0] in (Outcome.LIMIT, Outcome.ENCRYPTED)
        outcome = refused[0] if alike else Outcome.PARTIAL
        message += f"，{len(refused)} 个未能读取，请按各文件所列原因处理后重新上传"
    if odd:
        message += "，有的文件名异常，请改用汉字、字母、数字"
    return SourceFile(path=path, sha256=sha256, size=size, message=message, container=True, outcome=outcome, odd_name=odd)


def _archives_in(path: str, prefix: str) -> Iterator[str]:
    """The nested archives a member lies in, whose own entries ``unpack`` leaves out."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        if parts[count - 1].lower().endswith((".zip", ".7z", ".rar")):
            yield prefix + "/".join(parts[:count])


def _begins_as_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4).startswith((b"PK", b"Rar!", b"7z\xbc\xaf"))


def _may_be_archive(name: str) -> bool:
    """A ZIP under the ending of a document is a mismatch, which its reader tells; it is not unpacked behind that name."""
    kind = claimed(name)
    return kind is None or kind.family == "archive"


def _of_archive(outcome: Outcome, message: str) -> str:
    """The readers speak of a file; here it is the archive that has a password or is damaged."""
    if outcome is Outcome.ENCRYPTED:
        return "压缩包有密码，请去除密码后重新上传。"
    if outcome is Outcome.CORRUPT:
        return "压缩包已损坏（或只是分卷中的一卷），请重新打包为 ZIP 后上传。"
    if outcome is Outcome.EMPTY:
        return "压缩包中没有文件，请核对后重新上传。"
    return message


def _refused(path: str, outcome: Outcome, message: str, *, sha256: str = "", size: int = 0) -> SourceFile:
    return SourceFile(path=path, sha256=sha256, size=size, refused=outcome, message=message)


def _inner(root: Path, path: Path) -> str:
    return "/".join(shown(part) for part in path.relative_to(root).parts)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
