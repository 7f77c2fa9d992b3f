"""Hostile files through the whole program, twenty a package: every package has its report, every file an outcome it may have.

Our own corpus everywhere; the shared one where it lies beside the project.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import hostile
from benchmarks.hostile import Case, Run
from fixtures import hostile as made

SHARED = Path(__file__).parents[3] / "shared" / "hostile"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no shared corpus beside the project: only our own is run")


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], Run]:
    cases = hostile.own()
    return cases, hostile.screen(cases, tmp_path_factory.mktemp("own"), more=["--outputs", "json,html"])


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], Run]:
    cases = hostile.public(SHARED)
    return cases, hostile.screen(cases, tmp_path_factory.mktemp("shared"))


def whole(cases: Sequence[Case], run: Run) -> None:
    assert (run.reports, run.status) == (run.packages, 0), run.said
    assert {case.name: run.became.get(case.name) for case in cases if not hostile.allowed(case, run.became.get(case.name))} == {}
    assert run.leaks == ()
    assert run.calls in (0, -1)
    assert sum(hostile.lost(case, run.became.get(case.name)) for case in cases) * 50 <= sum(
        case.expect in hostile.READABLE for case in cases
    )
    assert [one.message for one in run.became.values() if hostile.LEAKED.search(one.message)] == []


def test_our_own_files_end_as_they_may(own: tuple[list[Case], Run]) -> None:
    whole(*own)


def test_our_own_files_raise_their_warnings(own: tuple[list[Case], Run]) -> None:
    _, run = own
    silent = {
        case.name: run.became[case.name]
        for case in made.cases()
        if case.warning and case.warning not in run.became[case.name].warnings
    }
    assert silent == {}


@needs_shared
def test_the_shared_files_end_as_they_may(shared: tuple[list[Case], Run]) -> None:
    whole(*shared)


@needs_shared
def test_every_shared_file_that_hides_text_is_flagged(shared: tuple[list[Case], Run]) -> None:
    cases, run = shared
    telling = {"HIDDEN_TEXT", "HIDDEN_CELLS", "LAYER_DIFFERS", "ODD_NUMBER", "OTHER", "ENGINES_DIFFER"}
    hiding = [case.name for case in cases if case.kind.endswith("hidden-text")]
    assert [name for name in hiding if not telling & set(run.became[name].warnings)] == []


def traced(cases: Sequence[Case], folder: Path) -> str:
    log = folder / "trace"
    run = hostile.screen(
        cases, folder, before=["strace", "-f", "-qq", "-e", "trace=connect,execve", "-o", str(log)], more=["--outputs", "json"]
    )
    assert run.reports == run.packages, run.said
    return log.read_text(errors="replace")


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace here: what the program connects to and starts is left out")
def test_nothing_is_connected_to_and_nothing_of_an_applicants_is_started(tmp_path: Path) -> None:
    cases = [case for case in hostile.own() if case.kind in ("pdf:active", "docx", "xlsx", "ofd")][:60]
    try:
        trace = traced(cases, tmp_path)
    except AssertionError:
        if subprocess.run(["strace", "-qq", "true"], check=False, capture_output=True).returncode:
            pytest.skip("no ptrace here: what the program connects to and starts is left out")
        raise
    assert [line for line in trace.splitlines() if re.search(r"connect\(.*AF_INET", line)] == []
    started = set(re.findall(r'execve\("([^"]+)"', trace))
    assert {Path(path).name for path in started} <= {
        "strace", "python", "python3", "python3.11", "python3.12", "sh", "dash", "ldconfig", "ldconfig.real", "gcc", "cc", "objdump", "ld", "uname", "soffice",
    }  # fmt: skip


def namespaces() -> bool:
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode
    )


@pytest.mark.skipif(not namespaces(), reason="no network namespaces here: screening without a network is left out")
def test_a_batch_is_screened_where_there_is_no_network(tmp_path: Path) -> None:
    """From the first command to the last report, with the loopback alone; the task flow's server included."""
    cases = [case for case in hostile.own() if case.kind in ("docx", "pdf:plain", "zip")][:40]
    inside = ["unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"]
    run = hostile.screen(cases, tmp_path, before=inside, more=["--engine", "prefect"])
    assert (run.reports, run.status) == (run.packages, 0), run.said
    assert "任务流未能运行" not in run.said
    assert os.listdir(tmp_path / "out")
