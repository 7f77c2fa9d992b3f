"""What a locked child may do, what it may say, and what is left when it is gone. The probes are in ``probes.py``."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import Bounds, ChildError, LateError, OverrunError, Solo, Zygote, layers, lock
from sandbox.layers import Layers

ROOT = Path(__file__).parents[2]
QUICK = Bounds(wall=2.0, cpu=1, answer=1 << 20)
MODULE = "tests.sandbox.probes"
DENIED = (
    "connect", "read a file of the user", "list a folder", "write a file", "start a program", "fork", "signal another", "take three gigabytes",
)  # fmt: skip
needs_all = pytest.mark.skipif(layers().level != "full", reason="no seccomp or no Landlock here: what a child may do is left out")
needs_fork = pytest.mark.skipif(not layers().fork, reason="no fork here: the zygote is left out")


@pytest.fixture(params=["zygote", "solo"])
def children(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zygote | Solo]:
    if request.param == "zygote" and not layers().fork:
        pytest.skip("no fork here: the zygote is left out")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Zygote(MODULE) if request.param == "zygote" else Solo(MODULE)
    yield made
    made.stop()


@pytest.fixture
def zygote(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zygote]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = Zygote(MODULE)
    yield made
    made.stop()


def probed(children: Zygote | Solo, probe: str, tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("CANARY")
    own = tmp_path / "own"
    own.write_text("FILE")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        args = {
            "probe": probe,
            "port": listener.getsockname()[1],
            "path": str(secret),
            "folder": str(tmp_path),
            "pid": os.getpid(),
        }
        with children.start("attempt", args, str(own), Bounds()) as child:
            return child.receive_json()


@needs_all
@pytest.mark.parametrize("probe", DENIED)
def test_a_child_is_stopped(children: Zygote | Solo, probe: str, tmp_path: Path) -> None:
    assert probed(children, probe, tmp_path)["came"] == "stopped"
    assert not (tmp_path / "written").exists()


@pytest.mark.parametrize(("probe", "got"), [("read its file", "FILE"), ("start a thread", "[1]")])
def test_a_child_may(children: Zygote | Solo, probe: str, got: str, tmp_path: Path) -> None:
    assert probed(children, probe, tmp_path) == {"came": "through", "got": got}


@pytest.mark.parametrize(
    ("task", "args"),
    [
        ("flood", {}),
        ("huge_length", {}),
        ("nested", {}),
        ("silent", {}),
        ("words", {"words": '{"a": NaN}'}),
        ("words", {"words": "{"}),
        ("words", {"words": "Infinity"}),
    ],
)
def test_an_answer_that_is_none_is_refused(children: Zygote | Solo, task: str, args: dict[str, str]) -> None:
    with pytest.raises(OverrunError), children.start(task, args, None, QUICK) as child:
        child.receive_json()


def test_a_child_that_hangs_is_late(children: Zygote | Solo) -> None:
    with pytest.raises(LateError, match="超过规定时间"), children.start("hang", {}, None, replace(QUICK, wall=0.5)) as child:
        child.receive()


@pytest.mark.skipif(not layers().limits, reason="no limits here: the processor's time is left out")
def test_a_child_that_only_computes_is_late(zygote: Zygote) -> None:
    with pytest.raises(LateError, match="处理器时间"), zygote.start("spin", {}, None, replace(QUICK, wall=30.0)) as child:
        child.receive()


@pytest.mark.parametrize(
    ("task", "reason"), [("abort", "信号 6"), ("die", "退出码 3"), ("raise_words", "ValueError sandbox/probes.py")]
)
def test_a_child_that_dies_says_how_and_nothing_of_its_file(children: Zygote | Solo, task: str, reason: str) -> None:
    with pytest.raises(ChildError) as told, children.start(task, {}, None, QUICK) as child:
        child.receive()
    assert reason in told.value.reason
    assert "139" not in told.value.reason


def test_frames_go_both_ways(children: Zygote | Solo) -> None:
    with children.start("echo", {}, None, replace(QUICK, answer=8 << 20)) as child:
        for size in (1, 1 << 10, 5 << 20):
            child.send(b"x" * size)
            assert child.receive() == b"x" * size


@needs_fork
def test_a_thousand_children_leave_nothing(zygote: Zygote) -> None:
    """R-SB-5."""
    zygote.start("echo", {}, None, QUICK).close()
    time.sleep(0.2)
    before, files = _processes(), len(os.listdir("/proc/self/fd"))
    for _ in range(1000):
        zygote.start("hang", {}, None, QUICK).close()
    time.sleep(0.5)
    assert (_processes(), len(os.listdir("/proc/self/fd"))) == (before, files)


@needs_fork
def test_the_whole_tree_is_killed() -> None:
    """A grandchild in a session of its own, as only a child without seccomp can leave it."""
    pid = os.fork()
    if pid == 0:
        os._exit(_kills_all())
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _kills_all() -> int:
    """In a process of its own, which is made the parent of orphans: 0 where nothing of the family is left."""
    from sandbox import zygote as serving

    lock.reap_orphans()
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.write(outgoing, str(os.getpid()).encode())
            time.sleep(600)
        time.sleep(600)
    grandchild = int(os.read(incoming, 20))
    serving._finish(child, 0.0, set())
    try:
        os.kill(grandchild, 0)
    except ProcessLookupError:
        return 0
    return 1


def _runs(pid: int) -> bool:
    """A process that has ended may still be listed until its new parent looks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _processes() -> int:
    """Children and their children of this process."""

    def below(pid: str) -> int:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return len(listed) + sum(below(one) for one in listed)

    return below(str(os.getpid()))


@needs_fork
def test_a_zygote_that_dies_is_replaced(zygote: Zygote) -> None:
    zygote.start("echo", {}, None, QUICK).close()
    os.kill(zygote.pid() or 0, 9)
    with zygote.start("echo", {}, None, QUICK) as child:
        child.send(b"x")
        assert child.receive() == b"x"


@needs_fork
def test_children_end_with_their_zygote(zygote: Zygote) -> None:
    child = zygote.start("hang", {}, None, replace(QUICK, wall=20.0))
    os.kill(zygote.pid() or 0, 9)
    with pytest.raises(ChildError):
        child.receive()
    time.sleep(0.1)
    assert not _runs(child.pid)


@pytest.mark.parametrize(
    ("there", "level", "lacking"),
    [
        (Layers(True, True, True, True, 4), "full", ""),
        (Layers(True, True, True, True, 0), "seccomp", "本机没有文件访问限制（Landlock）"),
        (Layers(False, False, False, False, 0), "basic", "本机没有内存与时间上限、禁止提权、系统调用过滤（seccomp）、文件访问限制（Landlock）"),
    ],
)  # fmt: skip
def test_layers_say_what_is_lacking(there: Layers, level: str, lacking: str) -> None:
    assert there.level == level
    assert there.told().partition("；")[2] == lacking
    assert there.enough(level)
    assert there.enough("full") == (level == "full")
