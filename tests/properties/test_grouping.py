"""What the files are called, in which order they come, in which folder or archive they lie: none of it changes what is read."""

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from fixtures.sets import specs_of
from flows.screening import Screened
from tests.packages import screen

#: One for each track and for Word, PDF and workbook forms; all with annexes as files of their own.
SPECS = tuple(
    spec
    for spec in specs_of("all")
    if spec.folder in ("02 场地不足（PDF）", "认定-甲", "认定-己", "02 前后不一", "昆试-丙", "昆试-戊")
)
Named = list[tuple[str, bytes]]


def told(screened: Screened) -> tuple[Counter[object], dict[str, str], Counter[str]]:
    report = screened.report
    facts = Counter((fact.key, str(fact.value), fact.period, fact.status, fact.derived) for fact in report.facts)
    return facts, {check.clause: check.verdict for check in report.checks}, Counter(finding.code for finding in report.findings)


def renamed(files: Named) -> Named:
    """Names that say nothing, in the opposite order; where nothing but the name tells what a file is, words around the name."""
    return [
        (f"{n:02d}_扫描全能王{PurePosixPath(name).suffix}" if speaks(name, data) else f"{n:02d}_{PurePosixPath(name).name}", data)
        for n, (name, data) in enumerate(reversed(files))
    ]


def speaks(name: str, data: bytes) -> bool:
    """Pictures and broken files do not."""
    return bool(data) and not name.endswith(".jpg")


def in_folders(files: Named) -> Named:
    return [(f"{n % 3}组/资料{n}/{PurePosixPath(name).name}", data) for n, (name, data) in enumerate(files)]


def turned(files: Named) -> Named:
    return [(f"{len(files) - n:02d}-{PurePosixPath(name).name}", data) for n, (name, data) in enumerate(files)]


def write(files: Named, folder: Path) -> Path:
    for name, data in files:
        path = folder / "甲" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "甲"


def write_zip(files: Named, folder: Path) -> Path:
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "甲.zip", "w") as archive:
        for name, data in files:
            archive.writestr(f"材料/{name}", data)
    return folder / "甲.zip"


@pytest.mark.parametrize(
    ("change", "put"),
    [(renamed, write), (turned, write), (in_folders, write), (list, write_zip), (in_folders, write_zip)],
    ids=["renamed", "turned", "in folders", "archive", "archive of folders"],
)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.folder)
def test_names_order_and_grouping_change_nothing(
    spec: object,
    change: Callable[[Named], Named],
    put: Callable[[Named, Path], Path],
    made: object,
    screened: object,
    tmp_path: Path,
) -> None:
    files = list(made(spec).files)  # type: ignore[operator]
    again = screen(put(change(files), tmp_path / "in"), spec.track)  # type: ignore[attr-defined]
    assert told(again) == told(screened(spec))  # type: ignore[operator]


def test_the_digest_of_a_package_is_of_its_contents(tmp_path: Path, made: object) -> None:
    files = list(made(SPECS[0]).files)  # type: ignore[operator]
    one, two = write(renamed(files), tmp_path / "a"), write_zip(in_folders(files), tmp_path / "b")
    assert screen(one, SPECS[0].track).report.submission.sha256 == screen(two, SPECS[0].track).report.submission.sha256
