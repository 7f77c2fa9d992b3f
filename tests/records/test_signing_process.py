"""A signer in another process: the program never holds the key, nothing happens without it, and it signs no other past than the one it knows."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from records import canonical, checkpoint
from records.audit import verify
from records.checkpoint import CONTEXT, Signed
from records.signing import signed_by
from records.signing_process import Desk, RemoteSigner, SignerError, remote
from records.store import Store
from tests.records.fill import decided, fill, opened

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets")


@pytest.fixture
def place() -> Iterator[Path]:
    """A socket's path may have some hundred characters only."""
    with tempfile.TemporaryDirectory(prefix="sig-") as folder:
        yield Path(folder)


@contextmanager
def signing(place: Path) -> Iterator["subprocess.Popen[str]"]:
    call = [sys.executable, "-P", "-m", "flows.command", "records", "signer", "--socket", str(place / "s")]
    process = subprocess.Popen(
        call, env={"CHUSHEN_HOME": str(place / "signer"), "PYTHONUTF8": "1"}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert "签名进程已就绪" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        remote.cache_clear()


def test_the_program_never_has_the_key(tmp_path: Path, place: Path) -> None:
    with signing(place):
        store = opened(tmp_path, signing=place / "s")
        fill(store, 3)
        store.append([decided(store, 1)], "张三")
        verdict = verify(store)
        keys_here = {path.name for path in (tmp_path / "home").rglob("*.key")}
        last = store.last_checkpoint()
    assert (verdict.status, verdict.problems, keys_here) == (0, [], set())
    assert last is not None
    assert checkpoint.opened(last).entries == verdict.entries
    assert ((place / "signer" / "keys").stat().st_mode & 0o777, (place / "signer/keys/signing.key").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_without_the_signer_nothing_happens_and_with_it_again_all_goes_on(tmp_path: Path, place: Path) -> None:
    with signing(place) as process:
        store = opened(tmp_path, signing=place / "s")
        fill(store, 3)
        before = sum(1 for _ in store.entries())
        process.kill()
        process.wait()
        with pytest.raises(SignerError, match="没有应答"):
            store.append([decided(store, 1)], "张三")
        assert sum(1 for _ in store.entries()) == before
    with signing(place):
        store.append([decided(store, 1)], "张三")
        assert (verify(store).status, sum(1 for _ in store.entries())) == (0, before + 1)


def test_a_store_put_back_to_an_earlier_state_is_signed_no_more(tmp_path: Path, place: Path) -> None:
    with signing(place):
        store = opened(tmp_path, signing=place / "s")
        fill(store, 3)
        store.engine.dispose()
        shutil.copytree(tmp_path / "home", tmp_path / "earlier")
        store.append([decided(store, 1)], "张三")
        store.engine.dispose()
        shutil.rmtree(tmp_path / "home")
        shutil.copytree(tmp_path / "earlier", tmp_path / "home")
        store = Store(tmp_path / "home", opened_engine(tmp_path), None, store.clock, place / "s")
        with pytest.raises(SignerError, match="退回或改写"):
            store.append([decided(store, 2)], "张三")
        store.engine.dispose()


def opened_engine(tmp_path: Path):  # type: ignore[no-untyped-def]
    from records import database

    return database.connect(database.address("", tmp_path / "home" / "records"))


def body(key: str, number: int, entries: int, prev: str, *, store: str = "一") -> bytes:
    told = {
        "v": 1, "alg": "sha256", "sig": "ed25519", "store": store, "number": number, "entries": entries, "root": "1" * 64, "head": "2" * 64, "prev": prev,
        "at": "2026-03-01T00:00:00.000000Z", "key": key, "why": "time",
    }  # fmt: skip
    return canonical.dumps(told)


def test_what_was_signed_and_lost_may_be_signed_otherwise_until_it_was_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    ask = lambda one: desk.answer({"op": "sign", "body": one.decode()})  # noqa: E731
    first = body(desk.key, 1, 5, "0" * 64)
    assert signed_by(
        bytes.fromhex(desk.answer({"op": "public"})["public"]), CONTEXT + first, bytes.fromhex(ask(first)["signature"])
    )
    again = body(desk.key, 1, 6, "0" * 64)  # the program died before it was committed
    assert "signature" in ask(again)
    assert desk.answer({"op": "kept", "digest": Signed(again, b"").digest}) == {}
    assert "已签过第 1 号" in ask(body(desk.key, 1, 7, "0" * 64))["refused"]
    second = body(desk.key, 2, 9, Signed(again, b"").digest)
    assert "signature" in ask(second)
    assert "signature" in ask(body(desk.key, 2, 8, Signed(again, b"").digest))
    third = body(desk.key, 3, 9, Signed(second, b"").digest)
    assert "不是本进程签的" in ask(third)["refused"]  # the second was signed otherwise since
    desk = Desk(tmp_path)  # it remembers over its own end
    assert "已签过第 1 号" in ask(body(desk.key, 1, 7, "0" * 64))["refused"]
    assert "signature" in ask(body(desk.key, 3, 9, Signed(body(desk.key, 2, 8, Signed(again, b"").digest), b"").digest))
    assert (
        "已签过第 2 号" in ask(body(desk.key, 2, 8, Signed(again, b"").digest))["refused"]
    )  # what follows it shows that it was kept


def test_it_signs_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for words in ("任何话", "{}", body("0" * 16, 1, 5, "0" * 64).decode(), body(desk.key, 1, 5, "0" * 64).decode() + " "):
        assert set(desk.answer({"op": "sign", "body": words})) == {"refused"}
    assert "signature" in desk.answer({"op": "sign", "body": body(desk.key, 1, 5, "0" * 64).decode()})
    assert "另一个" in desk.answer({"op": "sign", "body": body(desk.key, 1, 5, "0" * 64, store="二").decode()})["refused"]
    assert set(desk.answer({"op": "其他"})) == {"refused"}


def test_no_process_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SignerError, match="chushen records signer"):
        RemoteSigner(tmp_path / "无")
