"""A signer in a process of its own, under a user whose files the program cannot read, spoken to over a Unix socket.

What it adds to a key on another disk: it remembers what it signed. A checkpoint that would take the place of one that was kept, or that follows none it
knows, is refused, so whoever holds the program's account and its database cannot have the past signed anew. One line of JSON asks, one answers.
"""

import json
import os
import socket
import socketserver
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from records import canonical, checkpoint, keys
from records.checkpoint import CONTEXT, CheckpointError, Signed
from records.signing import Signer, key_id

STATE = "signed.json"
SECONDS = 10
LINE = 1 << 16


class SignerError(OSError):
    """The signing process cannot be reached, or refuses; the message is Chinese. What was to be recorded is not."""


class RemoteSigner:
    """As ``signing.Signer``, but that the key is somewhere else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.public = bytes.fromhex(self._ask(op="public")["public"])
        self.id = key_id(self.public)

    def sign(self, data: bytes) -> bytes:
        return bytes.fromhex(self._ask(op="sign", body=data.removeprefix(CONTEXT).decode())["signature"])

    def kept(self, signed: Signed) -> None:
        self._ask(op="kept", digest=signed.digest)

    def _ask(self, **question: str) -> dict[str, Any]:
        if not hasattr(socket, "AF_UNIX"):
            raise SignerError("本系统所在的操作系统不支持签名进程（设置项 signer）")
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(SECONDS)
                line.connect(str(self._path))
                line.sendall(json.dumps(question).encode() + b"\n")
                with line.makefile("rb") as answers:
                    answer: dict[str, Any] = json.loads(answers.readline(LINE))
        except (OSError, ValueError) as error:
            raise SignerError(f"签名进程没有应答（{self._path}）。请先启动 chushen records signer") from error
        if "refused" in answer:
            raise SignerError(str(answer["refused"]))
        return answer


@cache
def remote(path: Path) -> RemoteSigner:
    """Asked for its public key once a process."""
    return RemoteSigner(path)


class Desk:
    """What the process signs and what not. ``folder`` holds its key and what it signed last; both are this user's alone."""

    def __init__(self, folder: Path) -> None:
        self._signer: Signer = keys.signer(folder)
        self.key = self._signer.id
        self._state = folder / "keys" / STATE
        self._lock = threading.Lock()
        self._last: dict[str, dict[str, Any]] = json.loads(self._state.read_text("utf-8")) if self._state.exists() else {}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            match question:
                case {"op": "public"}:
                    return {"public": self._signer.public.hex()}
                case {"op": "sign", "body": str(body)}:
                    return self._sign(body.encode())
                case {"op": "kept", "digest": str(digest)}:
                    return self._kept(digest)
        return {"refused": "签名进程不认识这个请求"}

    def _sign(self, body: bytes) -> dict[str, Any]:
        try:
            told = checkpoint.opened(Signed(body, b""))
        except CheckpointError:
            return {"refused": "签名进程只签检查点"}
        if told.key != self._signer.id or canonical.dumps(canonical.loads(body)) != body:
            return {"refused": "签名进程只签写明它自己密钥的检查点"}
        if self._last and told.store not in self._last:
            return {"refused": "签名进程只为一个记录库签名，这是另一个。另一个记录库请另设签名进程和密钥"}
        last = self._last.get(told.store)
        if last is not None and told.prev == last["digest"]:
            last["kept"] = True  # what follows it shows that it was
        if fault := _fault(last, told):
            return {"refused": f"签名进程拒绝签署第 {told.number} 号检查点：{fault}"}
        before = last if last is not None and last["kept"] else (last or {}).get("before")
        self._last[told.store] = {
            "number": told.number,
            "entries": told.entries,
            "digest": canonical.sha256(body),
            "kept": False,
            "before": {name: before[name] for name in ("number", "entries", "digest")} if before else None,
        }
        self._write()
        return {"signature": self._signer.sign(CONTEXT + body).hex()}

    def _kept(self, digest: str) -> dict[str, Any]:
        for last in self._last.values():
            if last["digest"] == digest and not last["kept"]:
                last["kept"] = True
                self._write()
        return {}

    def _write(self) -> None:
        temporary = self._state.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(self._last, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._state)


def _fault(last: dict[str, Any] | None, told: checkpoint.Checkpoint) -> str:
    """Why ``told`` does not follow what was signed. One that was signed but not kept (the program died) may be signed otherwise."""
    before = last if last is None or last["kept"] else last["before"]
    if before is None:
        return ""  # the first it hears of this store: what came before was signed with another key
    if told.number <= before["number"] or told.entries < before["entries"]:
        return f"本进程已签过第 {before['number']} 号（{before['entries']} 条记录），记录被退回或改写过"
    if told.prev != before["digest"]:
        return f"它之前的检查点不是本进程签的第 {before['number']} 号，记录被改写过"
    return ""


def serve(path: Path, folder: Path, ready: Callable[[str], None]) -> None:
    """Until it is ended. ``ready`` is told the key's id. Raises ``keys.BadKeyError``, ``OSError``."""
    desk = Desk(folder)

    class Line(socketserver.StreamRequestHandler):
        timeout = SECONDS

        def handle(self) -> None:
            try:
                question = json.loads(self.rfile.readline(LINE))
                answer = desk.answer(question) if isinstance(question, dict) else {"refused": "签名进程不认识这个请求"}
            except OSError as error:
                answer = {"refused": f"签名进程写不下它签过什么（{error.strerror}），没有签"}
            except ValueError:
                answer = {"refused": "签名进程不认识这个请求"}
            self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    path.unlink(missing_ok=True)
    with socketserver.ThreadingUnixStreamServer(str(path), Line) as server:
        server.daemon_threads = True
        path.chmod(0o660)
        ready(desk.key)
        try:
            server.serve_forever()
        finally:
            path.unlink(missing_ok=True)
