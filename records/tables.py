"""The tables, the same on SQLite and PostgreSQL. ``entries`` and ``checkpoints`` are the records; all else can be made from them again.

Migrations bring a database here (records/migrations); a test compares what they build with what stands here.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

from records.fold import Row, search_text

metadata = MetaData()
#: On SQLite only INTEGER PRIMARY KEY is the row's own number.
Number = BigInteger().with_variant(Integer, "sqlite")

entries = Table(
    "entries",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
#: One row: where the trail ends, so that appending need not read it.
tail = Table(
    "tail",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("at", String(32), nullable=False),
)
packages = Table(
    "packages",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("case_id", Text),
    Column("content", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("row", LargeBinary, nullable=False),
)
cases = Table(
    "cases",
    metadata,
    Column("key", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("uscc", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("row", LargeBinary, nullable=False),
)
batches = Table(
    "batches",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
    Column("row", LargeBinary, nullable=False),
)
#: Who is at work on what; ``fence`` grows with every claim, so a holder that lost its claim cannot finish.
leases = Table(
    "leases",
    metadata,
    Column("package", String(64), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("until", Float, nullable=False),
)
#: What comparison between submissions keeps of a package: opaque bytes under keys to be looked up by.
traits = Table(
    "traits",
    metadata,
    Column("package", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
Index("packages_case", packages.c.case_id)
Index("packages_content", packages.c.content)
Index("cases_uscc", cases.c.uscc, cases.c.policy)
Index("packages_last", packages.c.last_seq)
Index("cases_last", cases.c.last_seq)
Index("traits_key", traits.c.kind, traits.c.key)

PROJECTIONS = {"packages": packages, "cases": cases, "batches": batches}
#: Columns beside ``key`` and ``row``, each a function of the row.
COLUMNS: dict[str, dict[str, Callable[[Row], Any]]] = {
    "packages": {
        "case_id": lambda row: row["case"],
        "content": lambda row: row["content"],
        "state": lambda row: row["state"],
        "last_seq": lambda row: row["last_seq"],
        "text": search_text,
    },
    "cases": {
        "policy": lambda row: row["policy"],
        "uscc": lambda row: row["uscc"],
        "state": lambda row: row["state"],
        "last_seq": lambda row: row["last_seq"],
    },
    "batches": {"last_seq": lambda row: row["last_seq"]},
}

APPEND_ONLY = ("entries", "checkpoints")
SQLITE_GUARDS = {
    f"{table}_no_{action}": (
        f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    for table in APPEND_ONLY
    for action in ("update", "delete")
}
POSTGRES_GUARD = """
CREATE FUNCTION chushen_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
POSTGRES_GUARDS = {
    f"{table}_append_only": (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION chushen_append_only()"
    )
    for table in APPEND_ONLY
}
