"""Which engine, and what becomes of rows that no engine brought back."""

import pytest

from flows.batch import choose
from flows.settings import Settings

SETTINGS = Settings(home="/nowhere", prefect_from=50)
URL = {"PREFECT_API_URL": "http://127.0.0.1:4200/api"}


@pytest.mark.parametrize(
    ("engine", "packages", "environ", "chosen"),
    [
        ("auto", 1, {}, "local"),
        ("auto", 49, {}, "local"),
        ("auto", 50, {}, "prefect"),
        ("auto", 2, URL, "prefect"),
        ("auto", 1, URL, "local"),
        ("local", 500, URL, "local"),
        ("prefect", 1, {}, "prefect"),
    ],
)
def test_small_work_goes_the_plain_way(engine: str, packages: int, environ: dict[str, str], chosen: str) -> None:
    assert choose(engine, packages, SETTINGS, environ) == chosen


def test_a_setting_decides_what_auto_means() -> None:
    assert choose("auto", 500, SETTINGS.model_copy(update={"engine": "local"}), {}) == "local"
