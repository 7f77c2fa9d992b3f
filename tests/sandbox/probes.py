"""What a hostile parser would try, as tasks for a locked child. Each answers with what came of it."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path


def _tried(attempt) -> dict[str, str]:
    try:
        return {"came": "through", "got": str(attempt())[:200]}
    except BaseException as error:
        return {"came": "stopped", "by": type(error).__name__}


def attempt(wire, args, data) -> None:
    wire.send_json(_tried(lambda: PROBES[args["probe"]](args, data)))


def _connect(args, data):
    with socket.socket() as link:
        link.connect(("127.0.0.1", args["port"]))


def _fork(args, data):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


def _thread(args, data):
    seen = []
    thread = threading.Thread(target=seen.append, args=(1,))
    thread.start()
    thread.join()
    return seen


PROBES = {
    "connect": _connect,
    "read a file of the user": lambda args, data: Path(args["path"]).read_text(),
    "list a folder": lambda args, data: os.listdir(args["folder"]),
    "write a file": lambda args, data: Path(args["folder"], "written").write_text("x"),
    "start a program": lambda args, data: subprocess.run(["/bin/true"], check=True),
    "fork": _fork,
    "signal another": lambda args, data: os.kill(args["pid"], signal.SIGTERM),
    "take three gigabytes": lambda args, data: len(bytearray(3 << 30)),
    "read its file": lambda args, data: data.decode(),
    "start a thread": _thread,
}


def flood(wire, args, data) -> None:
    wire.send(bytes(1 << 30))


def words(wire, args, data) -> None:
    wire.send(args["words"].encode())


def nested(wire, args, data) -> None:
    wire.send(b"[" * 1_000_000)


def huge_length(wire, args, data) -> None:
    os.write(wire._out, b"\xff" * 8)


def silent(wire, args, data) -> None:
    return None


def hang(wire, args, data) -> None:
    while True:
        time.sleep(1)


def spin(wire, args, data) -> None:
    while True:
        pass


def abort(wire, args, data) -> None:
    os.abort()


def die(wire, args, data) -> None:
    os._exit(3)


def raise_words(wire, args, data) -> None:
    raise ValueError("13900000000")


def family(wire, args, data) -> None:
    """Only where a lock lets it: leaves a grandchild in a session of its own."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        time.sleep(600)
    wire.send_json(pid)
    time.sleep(600)


def echo(wire, args, data) -> None:
    while (asked := wire.receive()) is not None:
        wire.send(asked)
