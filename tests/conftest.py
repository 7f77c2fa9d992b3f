"""Sample packages are made once a run, and screened once."""

import pytest

from fixtures.draft import Spec
from fixtures.make import Package, make_package, pack
from flows.screening import Screened
from tests.packages import screen
from tests.postgres import ABSENT, binaries, serving


@pytest.fixture(scope="session")
def made():
    known: dict[tuple[str, str], Package] = {}

    def make(spec: Spec) -> Package:
        key = (spec.track, spec.folder)
        if key not in known:
            known[key] = make_package(spec)
        return known[key]

    return make


@pytest.fixture(scope="session")
def screened(made, tmp_path_factory):
    """A spec → what the whole way from its files to its report gave. The files stay until the end of the run."""
    known: dict[tuple[str, str], Screened] = {}
    root = tmp_path_factory.mktemp("packages")

    def look(spec: Spec) -> Screened:
        key = (spec.track, spec.folder)
        if key not in known:
            here = root / str(len(known))
            here.mkdir()
            pack(made(spec), here)
            (path,) = here.iterdir()
            known[key] = screen(path, spec.track)
        return known[key]

    return look


@pytest.fixture(scope="session")
def postgres():
    tools = binaries()
    if tools is None:
        pytest.skip(ABSENT)
    with serving(tools) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """An empty database of each kind: nothing for the file in CHUSHEN_HOME, else an address."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgres")
    address = server.fresh()
    yield address
    server.drop(address)
