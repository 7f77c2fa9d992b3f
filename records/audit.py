"""``verify``: everything recomputed, nothing sampled, every piece of evidence used; what does not fit is named with its place. Reads only.

What surprised us in others' verifiers (research/reliability.md): one looked at the first and last step of a proof only, one said OK although the
checkpoint beside the log attested more rows than there were. So each entry, checkpoint, witness line, file, table row and guard is read here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exc, select, text

from records import checkpoint, database, tables
from records.canonical import sha256
from records.checkpoint import Checkpoint, CheckpointError, Signed
from records.fold import TABLES, Row, encode, fold
from records.store import BATCH_ROWS, Store, stream_entries, traits_digest
from records.trail import ZEROS, Walk

OK, TAMPERED, UNATTESTED, CANNOT = 0, 1, 2, 3
#: Beyond so many of a kind, problems are counted and no longer listed: a cut trail makes every later row wrong.
LISTED = 200


@dataclass(frozen=True)
class Problem:
    """``place`` is fit to be looked for: 第17条记录, 第3号检查点, 原件 ab12…, 表 cases 的 …."""

    place: str
    told: str


@dataclass
class Verdict:
    """``unattested`` entries come after the last checkpoint; ``notes`` are no fault."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    notes: list[str] = field(default_factory=list)
    entries: int = 0
    checkpoints: int = 0
    files: int = 0
    bytes: int = 0
    unattested: int = 0
    unwitnessed: int = 0
    last: str = ""

    _listed: Counter[str] = field(default_factory=Counter)

    def add(self, place: str, told: str) -> None:
        self.count += 1
        kind = place.lstrip("第0123456789")[:4]
        self._listed[kind] += 1
        if self._listed[kind] <= LISTED:
            self.problems.append(Problem(place, told))

    @property
    def status(self) -> int:
        if self.count:
            return TAMPERED
        return UNATTESTED if self.unattested or self.unwitnessed else OK


@dataclass(frozen=True)
class Outside:
    """What was kept elsewhere: public keys, whole witness files, texts printed on papers."""

    keys: tuple[bytes, ...] = ()
    witnesses: tuple[Path, ...] = ()
    printed: tuple[str, ...] = ()


def verify(store: Store, outside: Outside = Outside(), tell: Callable[[str], None] = lambda _: None) -> Verdict:
    """The whole store. Raises what the database raises where it cannot be read at all."""
    verdict = Verdict()
    # before the database: a checkpoint made meanwhile must not look like one the database has lost
    witnesses = [(path, _lines(path)) for path in (store.witness, *outside.witnesses)]
    with database.reading(store.engine) as connection:
        for told in database.damage(connection):
            verdict.add("数据库文件", f"数据库自检发现损坏：{told}")
        _guards(connection, verdict)
        signed = _checkpoints(connection, verdict)
        wanted = _trail(connection, verdict, signed, outside, tell)
        held = connection.scalars(select(tables.leases.c.holder).where(tables.leases.c.holder != "").distinct()).all()
    for path, lines in witnesses:
        _witness(path, lines, [one for _, one in signed], verdict, own=path == store.witness)
    for words in outside.printed:
        _printed(words, signed, verdict)
    if held:
        verdict.notes.append(f"有 {len(held)} 次初审尚未结束或被中断")
    tell("正在核对原件")
    _vault(store, wanted, verdict, interrupted=bool(held))
    for _, one in reversed(signed):
        with suppress(CheckpointError):  # a spoilt one is told above
            verdict.last = checkpoint.printed(one)
            break
    return verdict


# --- the trail and what it is compared with -----------------------------------------------------------------------------------------


def _trail(
    connection: Connection, verdict: Verdict, signed: Sequence[tuple[int, Signed]], outside: Outside, tell: Callable[[str], None]
) -> set[bytes]:
    """Walk all entries once: chain, tables, checkpoints. Returns the digests the vault must hold."""
    walk, rows = Walk(), _Rows(connection, verdict)
    wanted: set[bytes] = set()
    known: dict[str, bytes] = {}
    told = [(number, *_said(number, one, verdict)) for number, one in signed]
    due = sorted((said.entries, number) for number, said, _ in told if said is not None)
    marks: dict[int, tuple[str, str]] = {}
    at = 0
    for one in stream_entries(connection):
        entry, faults = walk.step(one.seq, one.hash, one.body)
        for fault in faults:
            verdict.add(f"第{one.seq}条记录", fault)
        if entry is not None:
            _count(entry, one.seq, rows, wanted, known, verdict)
        while at < len(due) and due[at][0] <= walk.head.size:
            if due[at][0] == walk.head.size:
                marks[due[at][1]] = (walk.head.frontier.root().hex(), walk.head.hash.hex())
            at += 1
        if walk.head.size % 50_000 == 0:
            tell(f"已核对 {walk.head.size} 条记录")
    verdict.entries, verdict.checkpoints = walk.head.size, len(signed)
    rows.finish()
    _traits(connection, rows.remembered, verdict)
    _tail(connection, walk, verdict)
    _signatures(told, signed, marks, known, outside, walk.head.size, verdict)
    return wanted


def _count(
    entry: Mapping[str, Any], seq: int, rows: "_Rows", wanted: set[bytes], known: dict[str, bytes], verdict: Verdict
) -> None:
    try:
        event = entry["event"]
        for digest in event.get("objects", ()):
            wanted.add(bytes.fromhex(digest))
        for digest in event.get("gone", ()):
            wanted.discard(bytes.fromhex(digest))
        if event["kind"] == "remembered":
            rows.remembered[event["package"], event["of"]] = event["digest"]
        elif event["kind"] == "key":
            public = bytes.fromhex(event["public"])
            known[sha256(public)[:16]] = public
        rows.step(entry, seq)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        verdict.add(f"第{seq}条记录", f"内容缺少应有的项目（{type(error).__name__}）")


class _Rows:
    """The tables folded anew beside the tables as they are, both in the order of the entry that last changed a row.

    A row leaves memory when the entry it last changed at has passed and it is equal, so that a million entries need no million rows.
    """

    def __init__(self, connection: Connection, verdict: Verdict) -> None:
        self._verdict = verdict
        self._made: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
        self._there = {name: _Ahead(_rows(connection, name)) for name in TABLES}
        self._odd: dict[tuple[str, str], Any] = {}
        self.remembered: dict[tuple[str, str], str] = {}

    def step(self, entry: Mapping[str, Any], seq: int) -> None:
        for put in fold(entry, self._get):
            self._made[put.table][put.key] = put.row
        for name, ahead in self._there.items():
            if ahead.due <= seq:
                for found in ahead.until(seq):
                    self._compare(name, found)

    def finish(self) -> None:
        for name, ahead in self._there.items():
            for found in ahead.until(inf):
                self._compare(name, found)
        for (name, key), found in self._odd.items():
            made = self._made[name].pop(key, None)
            told = "记录中没有这一行" if made is None else _row_fault(name, made, found)
            if told:
                self._verdict.add(_row_place(name, key), told)
        for name, left in self._made.items():
            for key in left:
                self._verdict.add(_row_place(name, key), "缺少按记录应有的这一行")

    def _compare(self, name: str, found: Any) -> None:
        made = self._made[name].get(found.key)
        if made is not None and not _row_fault(name, made, found):
            del self._made[name][found.key]
        else:
            self._odd[name, found.key] = found  # a row whose own number was changed comes too early: wait until the end

    def _get(self, table: str, key: str) -> Row | None:
        return self._made[table].get(key)


class _Ahead:
    """Rows by their last entry's number, each given out once that entry has been read."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._forward()

    def until(self, seq: float) -> Iterator[Any]:
        while self._next is not None and self.due <= seq:
            yield self._next
            self._forward()

    def _forward(self) -> None:
        self._next = next(self._rows, None)
        self.due: float = self._next.last_seq if self._next is not None else inf


def _rows(connection: Connection, name: str) -> Iterator[Any]:
    shape = tables.PROJECTIONS[name]
    query = select(shape).order_by(shape.c.last_seq)
    with connection.execute(query, execution_options={"stream_results": True}) as found:
        while rows := found.fetchmany(BATCH_ROWS):
            yield from rows


def _row_fault(name: str, made: Row, found: Any) -> str:
    if encode(made) != bytes(found.row):
        return "与按记录重算的结果不符"
    wrong = [column for column, make in tables.COLUMNS[name].items() if make(made) != getattr(found, column)]
    return f"列 {'、'.join(wrong)} 与该行内容不符" if wrong else ""


def _row_place(name: str, key: str) -> str:
    return f"表 {name} 的 {key[:90]}"


def _traits(connection: Connection, remembered: Mapping[tuple[str, str], str], verdict: Verdict) -> None:
    shape = tables.traits
    query = select(shape).order_by(shape.c.package, shape.c.kind, shape.c.key)
    found: dict[tuple[str, str], str] = {}
    for place, rows in groupby(connection.execute(query), lambda row: (row.package, row.kind)):
        found[place] = traits_digest(sorted((row.key, bytes(row.data)) for row in rows))
    nothing = traits_digest([])
    for package, kind in sorted(found.keys() | remembered.keys()):
        if found.get((package, kind), nothing) != remembered.get((package, kind), nothing):
            verdict.add(f"表 traits 的 {package} {kind}", "与记录中的摘要不符")


def _tail(connection: Connection, walk: Walk, verdict: Verdict) -> None:
    found = connection.execute(select(tables.tail)).all()
    head = walk.head
    expected = (1, head.size, head.hash, head.frontier.to_bytes(), head.at)
    if len(found) != 1:
        verdict.add("表 tail", f"应有 1 行，实有 {len(found)} 行")
    for row in found:
        if (row.id, row.size, bytes(row.hash), bytes(row.frontier), row.at) != expected:
            more = f"：记录有 {head.size} 条，尾部状态写明 {row.size} 条" if row.size != head.size else ""
            verdict.add("表 tail", f"与按记录重算的结果不符{more}")


# --- checkpoints --------------------------------------------------------------------------------------------------------------------


def _checkpoints(connection: Connection, verdict: Verdict) -> list[tuple[int, Signed]]:
    query = select(tables.checkpoints).order_by(tables.checkpoints.c.number)
    found = [(row.number, Signed(bytes(row.body), bytes(row.signature))) for row in connection.execute(query)]
    before = ZEROS
    for expected, (number, _) in enumerate(found, 1):
        if number != expected:
            verdict.add(f"第{number}号检查点", f"编号应为 {expected}：其间的检查点缺失或次序被改")
            break
    for number, one in found:
        told, _ = _said(number, one, verdict, silent=True)
        if told is not None and told.prev != before:
            verdict.add(f"第{number}号检查点", "写明的前一检查点摘要与前一检查点不符")
        before = one.digest
    return found


def _said(number: int, one: Signed, verdict: Verdict, *, silent: bool = False) -> tuple[Checkpoint | None, str]:
    try:
        told = checkpoint.opened(one)
        if told.number == number:
            return told, ""
        fault = f"内容写明的编号 {told.number} 与所在位置 {number} 不符"
    except CheckpointError as error:
        fault = str(error)
    if not silent:
        verdict.add(f"第{number}号检查点", fault)
    return None, fault


def _signatures(
    told: Sequence[tuple[int, Checkpoint | None, str]],
    signed: Sequence[tuple[int, Signed]],
    marks: Mapping[int, tuple[str, str]],
    known: Mapping[str, bytes],
    outside: Outside,
    size: int,
    verdict: Verdict,
) -> None:
    trusted = {sha256(public)[:16]: public for public in outside.keys} or known
    covered, store = 0, ""
    for (number, said, _), (_, one) in zip(told, signed, strict=True):
        if said is None:
            continue
        place = f"第{number}号检查点"
        try:
            checkpoint.holds(one, trusted)
        except CheckpointError as error:
            verdict.add(place, str(error))
        store = store or said.store
        if said.store != store:
            verdict.add(place, "属于另一记录库")
        if said.entries < covered:
            verdict.add(place, f"所含记录数 {said.entries} 少于前一检查点的 {covered}")
        if said.entries > size:
            verdict.add(place, f"证明曾有 {said.entries} 条记录，现只有 {size} 条：第{size + 1}条起的记录被删去")
        elif marks.get(number) != (said.root, said.head) and said.entries:
            verdict.add(place, f"前 {said.entries} 条记录（自第{covered + 1}条起）与签署时不符")
        covered = max(covered, said.entries)
    verdict.unattested = max(0, size - covered)


def _lines(path: Path) -> list[bytes] | None:
    try:
        return path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return None


def _witness(path: Path, lines: list[bytes] | None, signed: Sequence[Signed], verdict: Verdict, *, own: bool) -> None:
    """Each line must be a checkpoint of ours, in order. Ours may lack the newest lines: then the end is not witnessed yet."""
    if lines is None:
        if signed and own:
            verdict.add(f"见证文件 {path.name}", "缺失")
        elif not own:
            verdict.add(f"见证文件 {path.name}", "找不到所给的文件")
        return
    if lines[-1]:
        verdict.add(f"见证文件 {path.name} 第{len(lines)}行", "不完整")
    for number, line in enumerate(lines[:-1], 1):
        mine = signed[number - 1].line().encode() if number <= len(signed) else None
        if line != mine:
            told = "记录库中没有这个检查点：记录库被恢复到旧状态，或检查点被删去" if mine is None else "与记录库中的检查点不符"
            verdict.add(f"见证文件 {path.name} 第{number}行", told)
    lacking = len(signed) - (len(lines) - 1)
    if lacking > 0 and own:
        verdict.unwitnessed = lacking
        verdict.notes.append(f"见证文件 {path.name} 缺少最后 {lacking} 个检查点（第{len(lines)}行起）")


def _printed(words: str, signed: Sequence[tuple[int, Signed]], verdict: Verdict) -> None:
    try:
        store, number, entries, digest = checkpoint.from_print(words)
    except CheckpointError as error:
        verdict.add(f"文书上的检查点“{words[:40]}”", str(error))
        return
    mine = next((one for at, one in signed if at == number), None)
    if mine is None:
        verdict.add(f"第{number}号检查点", f"文书上印有它（{entries} 条记录），记录库中没有：记录被删去或恢复到旧状态")
    elif mine.digest != digest:
        verdict.add(f"第{number}号检查点", "与文书上印的摘要不符：记录被改写")
    elif not checkpoint.opened(mine).store.startswith(store):
        verdict.add(f"第{number}号检查点", "文书属于另一记录库")


# --- files and guards ---------------------------------------------------------------------------------------------------------------


def _vault(store: Store, wanted: set[bytes], verdict: Verdict, *, interrupted: bool) -> None:
    extra: list[Path] = []
    for digest, path in store.vault.names():
        if not digest:
            extra.append(path) if store.vault.arriving(path) else verdict.add(_file_place(path), "不是原件库的文件")
        elif bytes.fromhex(digest) not in wanted:
            extra.append(path)
        else:
            verdict.bytes += path.stat().st_size
    for path in extra:
        if interrupted:
            verdict.notes.append(f"{_file_place(path)}：没有记录指向它，是被中断的初审留下的，下次运行时清理")
        else:
            verdict.add(_file_place(path), "没有记录指向它：多出的文件")
    for digest, fault in store.vault.check([one.hex() for one in sorted(wanted)]):
        verdict.files += 1
        if fault:
            verdict.add(f"原件 {digest}", fault)


def _file_place(path: Path) -> str:
    return f"原件 {path.parent.name}{path.name}"


def _guards(connection: Connection, verdict: Verdict) -> None:
    """The triggers that refuse changes, exactly as they were made."""
    if connection.dialect.name == "sqlite":
        told = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found: dict[str, str] = {row[0]: row[1] for row in told}
        wanted = tables.SQLITE_GUARDS
        for name in sorted(wanted.keys() | found.keys()):
            if found.get(name) != wanted.get(name):
                verdict.add(f"触发器 {name}", "缺失或被改动：它拒绝修改、删除记录")
        return
    query = text(
        "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('entries'::regclass, 'checkpoints'::regclass)"
    )
    enabled: dict[str, str] = {row[0]: row[1] for row in connection.execute(query)}
    for name in sorted(tables.POSTGRES_GUARDS.keys() | enabled.keys()):
        if name not in tables.POSTGRES_GUARDS or enabled.get(name) not in ("O", "A"):
            verdict.add(f"触发器 {name}", "缺失、停用或不是本系统所建：它拒绝修改、删除记录")
    source = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'chushen_append_only'"))
    if not isinstance(source, str) or source not in tables.POSTGRES_GUARD:
        verdict.add("触发器函数 chushen_append_only", "缺失或被改动")


def readable(error: exc.SQLAlchemyError) -> str:
    """A database's own words, without parameters."""
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0][:200]
