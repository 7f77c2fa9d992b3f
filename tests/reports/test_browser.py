"""The page in a real browser, where there is one: what escaping promises, kept by a browser's own parser."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports import html
from schemas.picture import Excerpt
from tests.reports import samples

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="left out: no Chromium on this machine")

EVIL = "</title></style></script><script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">'\"{{7*7}}"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def opened(tmp_path: Path, page: str) -> str:
    """The document as the browser has it after scripts ran."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    command = [
        str(CHROMIUM),
        *FLAGS,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        (tmp_path / "report.html").as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_a_hostile_package_changes_nothing(tmp_path: Path) -> None:
    hostile = samples.report(
        submission=samples.report().submission.model_copy(update={"name": EVIL}),
        documents=(samples.document(file=EVIL, message=EVIL),),
        findings=(samples.finding(message=EVIL, advice=EVIL, evidence=(samples.PLACE.model_copy(update={"quote": EVIL}),)),),
    )
    seen = opened(tmp_path, html.render(hostile, lambda _: Excerpt(place=EVIL, paragraph=((EVIL, True),))))
    assert "<title>初审报告 &lt;/title&gt;" in seen
    assert len(re.findall("<script", seen)) == 1
    assert "<img" not in seen


def test_our_own_script_and_style_are_let_through(tmp_path: Path) -> None:
    seen = opened(tmp_path, html.render(samples.report(), samples.picture))
    assert '<p class="tools" hidden' not in seen
    assert '<p class="tools"><button' in seen
