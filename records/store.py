"""The records: database, vault, keys and witness in one place. All writing goes through ``append``: entries, tables and checkpoint in one transaction.

The order that makes a kill harmless: files are flushed into the vault, then the transaction is committed, then the witness gets its line. What
a kill leaves between two of these is a file no row names, or a checkpoint the witness lacks; both are seen and made good when the records are next opened.
"""

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, exc, func, insert, select, text, update

from records import canonical, checkpoint, database, keys, tables, trail
from records.checkpoint import Checkpoint, Signed
from records.database import reading, writing
from records.fold import Get as Getter
from records.fold import Put, Row, Tables, encode, fold
from records.merkle import Frontier, leaf_hash
from records.signing import Signing
from records.signing_process import RemoteSigner, SignerError, remote
from records.trail import Head, Moment, Sealed
from records.vault import Vault
from schemas.trail import SIGNED_AT_ONCE, Event, KeyTaken, Opened, Remembered

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: While entries keep coming, none waits longer than this for a checkpoint.
SIGN_SECONDS = 60
LEASE_SECONDS = 120.0
BATCH_ROWS = 2000


class StoreError(Exception):
    """The records cannot be used as they are; the message is Chinese."""


class LeaseError(Exception):
    """The package is another's now: what was done under the old claim does not count."""


@dataclass(frozen=True)
class Claim:
    package: str
    holder: str
    fence: int


@dataclass
class Clock:
    """The wall's time, and by how much it jumped against the clock that only runs on. Handed in, so that tests can turn it."""

    wall: Callable[[], float] = time.time
    runs: Callable[[], float] = time.monotonic
    last: tuple[float, float] | None = None

    def read(self) -> Moment:
        wall, runs = self.wall(), self.runs()
        jump = 0.0 if self.last is None else (wall - self.last[0]) - (runs - self.last[1])
        self.last = (wall, runs)
        return Moment(datetime.fromtimestamp(wall, UTC), timedelta(seconds=jump))


class Store:
    """Opened with ``opened``. Safe to use from several threads and processes at once."""

    def __init__(self, home: Path, engine: Engine, witness: Path | None, clock: Clock, signing: Path | None = None) -> None:
        self.home = home
        self.engine = engine
        self.vault = Vault(home / "records" / "vault")
        self.witness = witness or home / "records" / "witness.log"
        self.clock = clock
        self._signing = signing

    @property
    def signer(self) -> Signing:
        """The key in the home, or the process that has it. Raises ``keys.BadKeyError``, ``OSError``."""
        return keys.signer(self.home) if self._signing is None else remote(self._signing)

    # --- writing ---------------------------------------------------------------------------------------------------------------

    def append(
        self,
        events: Sequence[Event],
        actor: str,
        *,
        claim: Claim | None = None,
        unless: Callable[[Getter], bool] | None = None,
        amend: Callable[[Connection, Getter], Sequence[Event]] | None = None,
        sign: str = "",
    ) -> list[Sealed]:
        """All of the events or none. A checkpoint is signed with them where one of them asks for it, on ``sign``, or when the last is a minute old.

        ``claim`` must still hold (else ``LeaseError``) and is given back. ``unless`` says, from the tables as they are under the lock, that all
        this is in the trail already; then nothing happens. ``amend`` makes further events from the tables under the lock.
        """
        signer = self.signer
        with writing(self.engine) as connection:
            head = self._head(connection, lock=True)
            get = _getter(connection)
            if unless is not None and unless(get):
                return []
            if claim is not None:
                self._give_back(connection, claim)
            events = [*events, *(amend(connection, get) if amend else ())]
            sealed = self._add(connection, head, events, actor)
            why = sign or next((SIGNED_AT_ONCE[event.kind] for event in events if event.kind in SIGNED_AT_ONCE), "")
            signed = self._sign(connection, head, signer, why)
        if signed is not None:
            self._deposit(signer, signed)
        return sealed

    def _add(self, connection: Connection, head: Head, events: Sequence[Event], actor: str) -> list[Sealed]:
        sealed = trail.seal(head, events, actor, self.clock.read())
        connection.execute(insert(tables.entries), [{"seq": one.seq, "hash": one.hash, "body": one.body} for one in sealed])
        get = _getter(connection)
        for one in sealed:
            for put in fold(canonical.loads(one.body), get):
                _put(connection, put)
        values = {"size": head.size, "hash": head.hash, "frontier": head.frontier.to_bytes(), "at": head.at}
        connection.execute(update(tables.tail).where(tables.tail.c.id == 1).values(**values))
        return sealed

    def _sign(self, connection: Connection, head: Head, signer: Signing, why: str) -> Signed | None:
        """A checkpoint, where one is asked for or due."""
        before = _last_checkpoint(connection)
        told = checkpoint.opened(before) if before is not None else None
        why = why or (_due(told, head) if told is not None else "opened")
        if not why:
            return None
        store = told.store if told is not None else _store_id(connection)
        signed = checkpoint.sign(signer, store, head, before, why, head.at)
        number = checkpoint.opened(signed).number
        connection.execute(insert(tables.checkpoints).values(number=number, body=signed.body, signature=signed.signature))
        return signed

    def sign(self, why: str) -> None:
        """A checkpoint over all there is, unless the last one already is."""
        signer, signed = self.signer, None
        with writing(self.engine) as connection:
            head = self._head(connection, lock=True)
            before = _last_checkpoint(connection)
            if head.size and (before is None or checkpoint.opened(before).entries < head.size):
                signed = self._sign(connection, head, signer, why)
        if signed is not None:
            self._deposit(signer, signed)
        else:
            self.catch_up()

    def _deposit(self, signer: Signing, signed: Signed) -> None:
        """Once it is committed."""
        if isinstance(signer, RemoteSigner):
            with suppress(SignerError):  # the next one says so, too, by following it
                signer.kept(signed)
        self.catch_up()

    def catch_up(self) -> None:
        """Tell the witness of the checkpoints it has not seen. Lines it has are never touched."""
        self.witness.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.witness, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            seen = _last_number(descriptor)
            with reading(self.engine) as connection:
                query = select(tables.checkpoints).where(tables.checkpoints.c.number > seen).order_by(tables.checkpoints.c.number)
                missing = [Signed(bytes(row.body), bytes(row.signature)) for row in connection.execute(query)]
            if missing:
                _add_lines(descriptor, "".join(one.line() + "\n" for one in missing).encode())
        finally:
            os.close(descriptor)

    # --- leases ----------------------------------------------------------------------------------------------------------------

    def claim(self, package: str, holder: str, alive: Callable[[str], bool], *, seconds: float = LEASE_SECONDS) -> Claim | None:
        """The right to work on a package, or None while another live holder has it. ``alive`` knows the holders of this machine."""
        now = self.clock.wall()
        with suppress(exc.IntegrityError), writing(self.engine) as connection:
            row = connection.execute(select(tables.leases).where(tables.leases.c.package == package).with_for_update()).first()
            if row is not None and row.holder not in ("", holder) and row.until > now and alive(row.holder):
                return None
            fence = (row.fence if row is not None else 0) + 1
            values = {"holder": holder, "fence": fence, "until": now + seconds}
            if row is None:
                connection.execute(insert(tables.leases).values(package=package, **values))
            else:
                connection.execute(update(tables.leases).where(tables.leases.c.package == package).values(**values))
            return Claim(package, holder, fence)
        return None  # another came first

    def renew(self, holder: str, *, seconds: float = LEASE_SECONDS) -> None:
        with writing(self.engine) as connection:
            until = self.clock.wall() + seconds
            connection.execute(update(tables.leases).where(tables.leases.c.holder == holder).values(until=until))

    def release(self, holder: str) -> None:
        """Give back every claim: a run that ended without a kill leaves none open."""
        with writing(self.engine) as connection:
            connection.execute(update(tables.leases).where(tables.leases.c.holder == holder).values(holder="", until=0.0))

    def give_back(self, claim: Claim) -> None:
        """Without having done the work."""
        with suppress(LeaseError), writing(self.engine) as connection:
            self._give_back(connection, claim)

    def _give_back(self, connection: Connection, claim: Claim) -> None:
        mine = (
            (tables.leases.c.package == claim.package)
            & (tables.leases.c.holder == claim.holder)
            & (tables.leases.c.fence == claim.fence)
        )
        if connection.execute(update(tables.leases).where(mine).values(holder="", until=0.0)).rowcount != 1:
            raise LeaseError(claim.package)

    def holders(self) -> tuple[str, ...]:
        """Who holds anything, alive or not."""
        with reading(self.engine) as connection:
            query = select(tables.leases.c.holder).where(tables.leases.c.holder != "").distinct()
            return tuple(connection.scalars(query))

    def free_dead(self, alive: Callable[[str], bool]) -> int:
        """Give back what dead holders held, and collect the files they left; nothing while anybody is at work."""
        held = self.holders()
        dead = [holder for holder in held if not alive(holder)]
        for holder in dead:
            self.release(holder)
        if not dead or len(dead) < len(held):
            return 0
        return self.vault.collect(self.wanted())

    # --- reading ---------------------------------------------------------------------------------------------------------------

    def row(self, table: str, key: str) -> Row | None:
        with reading(self.engine) as connection:
            return _getter(connection)(table, key)

    def rows(self, table: str, **equal: Any) -> list[tuple[str, Row]]:
        """(key, row) in the order of what happened last."""
        shape = tables.PROJECTIONS[table]
        query = select(shape.c.key, shape.c.row).order_by(shape.c.last_seq)
        for column, value in equal.items():
            query = query.where(shape.c[column] == value)
        with reading(self.engine) as connection:
            return [(key, canonical.loads(bytes(row))) for key, row in connection.execute(query)]

    def search(self, words: str) -> list[tuple[str, Row]]:
        """Packages in which each word is found, in names, codes or policies."""
        shape = tables.packages
        query = select(shape.c.key, shape.c.row).order_by(shape.c.last_seq)
        for word in words.split():
            query = query.where(shape.c.text.contains(word.casefold(), autoescape=True))
        with reading(self.engine) as connection:
            return [(key, canonical.loads(bytes(row))) for key, row in connection.execute(query)]

    def entries(self, first: int = 1, last: int | None = None) -> Iterator[Sealed]:
        with reading(self.engine) as connection:
            yield from stream_entries(connection, first, last)

    def entry_time(self, seq: int) -> str:
        """When the entry of that number was written, ISO 8601."""
        (one,) = self.entries(seq, seq)
        return str(canonical.loads(one.body)["at"])

    def checkpoints(self) -> list[Signed]:
        with reading(self.engine) as connection:
            query = select(tables.checkpoints).order_by(tables.checkpoints.c.number)
            return [Signed(bytes(row.body), bytes(row.signature)) for row in connection.execute(query)]

    def last_checkpoint(self) -> Signed | None:
        with reading(self.engine) as connection:
            return _last_checkpoint(connection)

    def state(self) -> str:
        """The records as they stand, named in a few characters: ``entries:root``, for reports that compare with them."""
        with reading(self.engine) as connection:
            head = self._head(connection)
        return f"{head.size}:{head.frontier.root().hex()}"

    def wanted(self) -> set[str]:
        """The digests the vault must hold, by the trail alone."""
        found: set[str] = set()
        for one in self.entries():
            event = canonical.loads(one.body)["event"]
            found.update(event.get("objects", ()))
            found.difference_update(event.get("gone", ()))
        return found

    # --- traits (comparison between submissions) -------------------------------------------------------------------------------

    def put_traits(self, package: str, kind: str, traits: Mapping[str, bytes], actor: str) -> None:
        """Replace what is kept of a package under ``kind``; the trail holds its digest."""
        shape = tables.traits

        def keep(connection: Connection, _: Getter) -> Sequence[Event]:
            connection.execute(delete(shape).where((shape.c.package == package) & (shape.c.kind == kind)))
            if traits:
                rows = [{"package": package, "kind": kind, "key": key, "data": data} for key, data in traits.items()]
                connection.execute(insert(shape), rows)
            return [Remembered(package=package, of=kind, digest=traits_digest(sorted(traits.items())))]

        self.append([], actor, amend=keep)

    def traits(
        self, kind: str, keys_: Sequence[str] | None = None, *, but_uscc: str = ""
    ) -> Iterator[tuple[str, Row, str, bytes]]:
        """(package, its row, key, data), those under ``keys_`` or all; the newest version of each case, never that of ``but_uscc``."""
        shape = tables.traits
        query = select(shape.c.package, tables.packages.c.row, shape.c.key, shape.c.data).join_from(
            shape, tables.packages, shape.c.package == tables.packages.c.key
        )
        query = query.where(shape.c.kind == kind).order_by(shape.c.package, shape.c.key)
        if keys_ is not None:
            query = query.where(shape.c.key.in_(keys_))
        newest = {row["packages"][-1] for _, row in self.rows("cases") if row["packages"]}
        with reading(self.engine) as connection:
            for package, data, key, value in connection.execute(query):
                row = canonical.loads(bytes(data))
                if package in newest and not (but_uscc and row["uscc"] == but_uscc):
                    yield package, row, key, bytes(value)

    # --- tables made again -----------------------------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Drop what can be made from the trail and make it again."""
        with writing(self.engine) as connection:
            self.rebuild_in(connection)

    def rebuild_in(self, connection: Connection) -> None:
        made, walk = Tables(), trail.Walk()
        for one in stream_entries(connection):
            entry, _ = walk.step(one.seq, one.hash, one.body)
            if entry is not None:
                made.step(entry)
        for name, shape in tables.PROJECTIONS.items():
            connection.execute(delete(shape))
            rows = [_values(name, key, canonical.loads(data)) for key, data in made.rows[name].items()]
            for at in range(0, len(rows), BATCH_ROWS):
                connection.execute(insert(shape), rows[at : at + BATCH_ROWS])
        head = walk.head
        values = {"size": head.size, "hash": head.hash, "frontier": head.frontier.to_bytes(), "at": head.at}
        connection.execute(delete(tables.tail))
        connection.execute(insert(tables.tail).values(id=1, **values))

    # --- opening ---------------------------------------------------------------------------------------------------------------

    def prepare(self, actor: str) -> None:
        """Migrate, begin the trail, note a new key, tell the witness what it has not seen. Raises ``StoreError``."""
        with self.engine.connect() as connection:
            lacking = database.promises(connection)
            stands = database.revision(connection)
        if lacking:
            raise StoreError("；".join(lacking))
        if stands != database.LATEST:
            self._migrate(stands)
        with reading(self.engine) as connection:
            fault = self._sane(connection)
            begun = self._head(connection).size > 0
        if fault:
            raise StoreError(f"{fault}。请先运行 chushen audit verify 查明，记录未动")
        signer = self.signer
        events: list[Event] = [] if begun else [Opened(store=secrets.token_hex(16))]
        if not self._knows(signer):
            events.append(KeyTaken(public=signer.public.hex()))
        if events:
            self.append(events, actor, unless=lambda _: False if begun else self._begun())
        self.catch_up()

    def _knows(self, signer: Signing) -> bool:
        """Whether the trail names the key already. Whoever signed the last checkpoint is known without reading it all."""
        with reading(self.engine) as connection:
            before = _last_checkpoint(connection)
            return (before is not None and checkpoint.opened(before).key == signer.id) or signer.id in known_keys(connection)

    def _begun(self) -> bool:
        with reading(self.engine) as connection:
            return bool(connection.scalar(select(func.count()).select_from(tables.entries)))

    def _migrate(self, stands: str | None) -> None:
        if stands is not None and stands > database.LATEST:
            raise StoreError(f"记录库由更新的版本建立（{stands}），本版本只到 {database.LATEST}，请升级本系统")
        with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7236001)"))
            if database.revision(connection) != database.LATEST:
                database.migrate(connection)
                self.rebuild_in(connection)

    def _head(self, connection: Connection, *, lock: bool = False) -> Head:
        query = select(tables.tail).where(tables.tail.c.id == 1)
        row = connection.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise StoreError("记录库缺少尾部状态（tail）。请运行 chushen audit verify 查明")
        try:
            return Head(Frontier.from_bytes(row.size, bytes(row.frontier)), bytes(row.hash), row.at)
        except ValueError as error:
            raise StoreError("记录库的尾部状态（tail）已损坏。请运行 chushen audit verify 查明") from error

    def _sane(self, connection: Connection) -> str:
        """What is wrong with the end of the trail, in Chinese: nothing is ever chained to a wrong end."""
        head = self._head(connection)
        last = connection.execute(select(tables.entries).order_by(tables.entries.c.seq.desc()).limit(1)).first()
        size = last.seq if last is not None else 0
        if size != head.size:
            return f"记录有 {size} 条，尾部状态（tail）写明 {head.size} 条"
        if last is not None and leaf_hash(bytes(last.body)) != head.hash:
            return f"第 {size} 条记录与尾部状态（tail）不符"
        before = _last_checkpoint(connection)
        if before is not None:
            try:
                told = checkpoint.opened(before)
            except checkpoint.CheckpointError as error:
                return f"最后一个检查点已损坏（{error}）"
            if told.entries > size or (told.entries == size and told.root != head.frontier.root().hex()):
                return f"记录与第 {told.number} 号检查点不符"
        return ""


def open_store(
    home: Path,
    url: str = "",
    *,
    actor: str,
    witness: Path | None = None,
    clock: Clock | None = None,
    alive: Callable[[str], bool] = lambda _: True,
    signing: Path | None = None,
) -> Store:
    """Ready for use. Raises ``StoreError``, ``database.DatabaseError``, ``keys.BadKeyError``, ``OSError`` or what the database raises."""
    folder = home / "records"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = Store(home, database.connect(database.address(url, folder)), witness, clock or Clock(), signing)
    store.vault.prepare()
    store.prepare(actor)
    store.free_dead(alive)
    store.sign("time")
    return store


def read_store(home: Path, url: str = "", *, witness: Path | None = None) -> Store:
    """For looking only: nothing is made, migrated or written. Raises ``StoreError`` where there is nothing."""
    folder = home / "records"
    if not url and not (folder / "records.db").is_file():
        raise StoreError(f"还没有记录：{folder / 'records.db'} 不存在")
    store = Store(home, database.connect(database.address(url, folder)), witness, Clock())
    with store.engine.connect() as connection:
        stands = database.revision(connection)
    if stands is None:
        raise StoreError("数据库中还没有记录")
    if stands != database.LATEST:
        raise StoreError(f"记录库的版本为 {stands}，本系统需要 {database.LATEST}；下一次初审时会自动升级")
    return store


def stream_entries(connection: Connection, first: int = 1, last: int | None = None) -> Iterator[Sealed]:
    """In the order of their numbers, a few at a time, whatever they hold."""
    shape = tables.entries
    query = select(shape.c.seq, shape.c.hash, shape.c.body).where(shape.c.seq >= first).order_by(shape.c.seq)
    if last is not None:
        query = query.where(shape.c.seq <= last)
    with connection.execute(query, execution_options={"stream_results": True}) as found:
        while rows := found.fetchmany(BATCH_ROWS):
            for seq, hash_, body in rows:
                yield Sealed(seq, bytes(hash_), bytes(body))


def known_keys(connection: Connection) -> dict[str, bytes]:
    """The public keys the trail itself names, by id."""
    found: dict[str, bytes] = {}
    for one in stream_entries(connection):
        if b'"kind":"key"' in one.body:
            public = bytes.fromhex(canonical.loads(one.body)["event"]["public"])
            found[canonical.sha256(public)[:16]] = public
    return found


def traits_digest(traits: Iterable[tuple[str, bytes]]) -> str:
    """Over keys and bytes in the order of the keys."""
    return canonical.digest([[key, canonical.sha256(data)] for key, data in traits])


@contextmanager
def closing(store: Store) -> Iterator[Store]:
    try:
        yield store
    finally:
        store.engine.dispose()


def _getter(connection: Connection) -> Getter:
    def get(table: str, key: str) -> Row | None:
        shape = tables.PROJECTIONS[table]
        data = connection.scalar(select(shape.c.row).where(shape.c.key == key))
        return None if data is None else canonical.loads(bytes(data))

    return get


def _values(table: str, key: str, row: Row) -> dict[str, Any]:
    return {"key": key, "row": encode(row), **{name: make(row) for name, make in tables.COLUMNS[table].items()}}


def _put(connection: Connection, put: Put) -> None:
    shape: Table = tables.PROJECTIONS[put.table]
    values = _values(put.table, put.key, put.row)
    if connection.execute(update(shape).where(shape.c.key == put.key).values(**values)).rowcount == 0:
        connection.execute(insert(shape).values(**values))


def _last_checkpoint(connection: Connection) -> Signed | None:
    row = connection.execute(select(tables.checkpoints).order_by(tables.checkpoints.c.number.desc()).limit(1)).first()
    return None if row is None else Signed(bytes(row.body), bytes(row.signature))


def _store_id(connection: Connection) -> str:
    body = connection.scalar(select(tables.entries.c.body).where(tables.entries.c.seq == 1))
    return str(canonical.loads(bytes(body))["event"]["store"]) if body is not None else ""


def _due(before: Checkpoint, head: Head) -> str:
    """Whether entries have waited long enough: a new day has begun, or a minute is over."""
    if before.entries >= head.size:
        return ""
    if before.at[:10] < head.at[:10]:
        return "day"
    waited = trail.moment_of(head.at) - trail.moment_of(before.at)
    return "time" if waited >= timedelta(seconds=SIGN_SECONDS) else ""


def _last_number(descriptor: int) -> int:
    """The number of the last checkpoint in a witness file that can be read; 0 for none."""
    size = os.fstat(descriptor).st_size
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        stream.seek(max(0, size - 65536))
        lines = stream.read().decode("utf-8", "replace").splitlines()
    for line in reversed(lines):
        with suppress(checkpoint.CheckpointError):
            return checkpoint.opened(checkpoint.from_line(line)).number
    return 0


def _add_lines(descriptor: int, data: bytes) -> None:
    """All of them or none: a full disk leaves no half line."""
    size = os.fstat(descriptor).st_size
    try:
        if os.write(descriptor, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _lock(descriptor: int) -> None:
    """Until it is closed. Without ``fcntl`` (Windows) two processes may both write a line, which ``verify`` tells."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
