"""A Prefect server of our own: on the loopback address and a free port, with a password made for this one run.

``python -m flows.prefect_server`` prints its port and serves until its standard input ends, so it cannot outlive whoever started it.
``served`` starts it and gives the environment its clients need.
"""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 120

#: Nothing is reported to anybody, and no log line is for the terminal.
QUIET: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_COLORS": "false",
}

#: What no batch needs: schedules, late runs, automations, event history. The task-run recorder stays.
UNUSED = (
    "SCHEDULER",
    "LATE_RUNS",
    "CANCELLATION_CLEANUP",
    "PAUSE_EXPIRATIONS",
    "FOREMAN",
    "TRIGGERS",
    "EVENT_LOGGER",
    "EVENT_PERSISTER",
    "REPOSSESSOR",
)


class ServerError(Exception):
    """The server did not come up; its log says why."""


def environment(home: Path, database: str = "prefect.db") -> dict[str, str]:
    """What our server and its clients run with. The officer's own Prefect profile is not touched."""
    folder = home / "prefect"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = f"chushen:{secrets.token_urlsafe(24)}"
    return {
        **QUIET,
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in UNUSED},
        "PREFECT_HOME": str(folder),
        "PREFECT_LOCAL_STORAGE_PATH": str(folder / "storage"),
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{(folder / database).as_posix()}",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        # an office proxy must not get to see the loopback address
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


@contextmanager
def served(env: Mapping[str, str]) -> Iterator[str]:
    """The API address of a running server. Raises ``ServerError``."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "flows.prefect_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **env},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
        timer.cancel()
        if not line:
            raise ServerError("the server ended before it was ready")
        yield f"http://127.0.0.1:{json.loads(line)['port']}/api"
    finally:
        timer.cancel()
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"

    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(final=True), log_config=None, log_level="warning", lifespan="on"))

    def watch() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held at the interpreter's end
            pass
        server.should_exit = True

    async def serve() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            answers.write(json.dumps({"port": port}) + "\n")
        await serving

    threading.Thread(target=watch, daemon=True).start()
    asyncio.run(serve())


if __name__ == "__main__":
    main()
