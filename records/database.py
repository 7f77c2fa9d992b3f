"""Connections to SQLite or PostgreSQL, set so that what was acknowledged survives, and migrations. Checked when it is opened.

What surprised us: SQLite begins a transaction at the first write, so two writers that read first both fail; ``BEGIN IMMEDIATE`` makes the second one
wait. In WAL with ``synchronous=NORMAL``, Prefect's choice, acknowledged commits may vanish when the power goes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url, text

LATEST = "0003"
BUSY_SECONDS = 30
PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON", "busy_timeout": str(BUSY_SECONDS * 1000)}


class DatabaseError(Exception):
    """The database cannot be used as it is; the message is Chinese."""


#: What may pass: a full disk, a lock, a server that is away.
Passing = (exc.OperationalError, exc.InterfaceError, exc.InternalError)


def address(url: str, folder: Path) -> str:
    """The setting as SQLAlchemy takes it; nothing means a file in ``folder``. PostgreSQL is always spoken to through psycopg."""
    if not url:
        return f"sqlite:///{folder / 'records.db'}"
    return url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)


def shown(url: str) -> str:
    """Without its password.

    >>> shown("postgresql://chushen:secret@db/chushen")
    'postgresql://chushen:***@db/chushen'
    """
    return make_url(url).render_as_string(hide_password=True) if url else ""


def connect(url: str) -> Engine:
    """Raises ``DatabaseError`` where the address makes no sense or the database promises less than it must."""
    try:
        kind = make_url(url).get_backend_name()
    except exc.ArgumentError as error:
        raise DatabaseError("设置项 database 不是数据库地址，应写成 postgresql://用户:口令@主机/库名") from error
    if kind == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif kind == "postgresql":
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    else:
        raise DatabaseError(f"设置项 database 只能是 SQLite 或 PostgreSQL，不能是 {kind}")
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that holds the right to write from its start."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One state of the database from the first read to the last."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def promises(connection: Connection) -> list[str]:
    """What the database does not promise but must, in Chinese."""
    if connection.dialect.name == "sqlite":
        found = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in PRAGMAS}
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": str(BUSY_SECONDS * 1000)}
        return [
            f"SQLite 的 {name} 应为 {wanted[name]}，实为 {found[name]}" for name in wanted if found[name].lower() != wanted[name]
        ]
    settings = {
        name: str(connection.scalar(text(f"SHOW {name}"))) for name in ("fsync", "synchronous_commit", "full_page_writes")
    }
    return [f"PostgreSQL 的 {name} 为 off，断电会丢失已确认的记录" for name, value in settings.items() if value == "off"]


def damage(connection: Connection) -> list[str]:
    """What the database itself finds broken (SQLite only; PostgreSQL has ``pg_amcheck``)."""
    if connection.dialect.name != "sqlite":
        return []
    try:
        told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    except exc.DatabaseError as error:
        return [str(error.orig)]
    return [] if told == ["ok"] else told


def revision(connection: Connection) -> str | None:
    """The migration the database stands at; None for one without any of our tables."""
    if not engine_has(connection, "alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def engine_has(connection: Connection, table: str) -> bool:
    return connection.dialect.has_table(connection, table)


def migrate(connection: Connection, target: str = LATEST, *, down: bool = False) -> None:
    """To ``target`` within the caller's transaction. Alembic is imported only here: most runs find nothing to do."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, target)


def _prepare_sqlite(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # transactions are begun below, not guessed at by the driver
    cursor = raw.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")
