"""A PostgreSQL server of the tests' own, where one is installed: in a private folder, on a socket there, gone afterwards."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

ABSENT = "no PostgreSQL server is installed (initdb, pg_ctl)"
_numbers = itertools.count(1)


def binaries() -> Path | None:
    """The newest server's folder."""
    there = [Path(found).parent] if (found := shutil.which("pg_ctl")) else []
    there += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((path for path in there if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


class Server:
    def __init__(self, folder: Path, tools: Path) -> None:
        self._folder, self._tools = folder, tools
        # PostgreSQL refuses to run as root
        self._user = "postgres" if os.geteuid() == 0 else None

    def start(self) -> None:
        if not (self._folder / "data").exists():
            if self._user:
                who = pwd.getpwnam(self._user)
                os.chown(self._folder, who.pw_uid, who.pw_gid)
            self._run("initdb", "-D", "data", "-U", "chushen", "-A", "trust", "-E", "UTF8", "--locale=C")
        self._run(
            "pg_ctl",
            "-D",
            "data",
            "-w",
            "-l",
            "log",
            "-o",
            f"-c listen_addresses='' -c max_connections=400 -k {self._folder}",
            "start",
        )

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-m", how, "stop")

    def fresh(self) -> str:
        """The address of a new, empty database."""
        name = f"t{next(_numbers)}"
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.address(name).replace("+psycopg", "")

    def drop(self, address: str) -> None:
        """With whatever connections a test left open."""
        name = address.split("@/")[1].split("?")[0]
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://chushen@/{name}?host={self._folder}"

    def _run(self, tool: str, *arguments: str) -> None:
        call = [str(self._tools / tool), *arguments]
        subprocess.run(
            call, cwd=self._folder, user=self._user, check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL
        )


@contextmanager
def serving(tools: Path) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="chushen-pg-"))
    server = Server(folder, tools)
    try:
        server.start()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
