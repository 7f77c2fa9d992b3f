"""Where a setting comes from, and which values are refused."""

from pathlib import Path

import pytest

from flows.settings import Settings, SettingsError, lines, load


def env(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"CHUSHEN_HOME": str(tmp_path), **more}


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    loaded = load(env(tmp_path))
    assert (loaded.settings.engine, loaded.settings.workers, loaded.settings.home) == ("auto", 0, tmp_path)
    assert loaded.origins["workers"] == "默认"


def test_the_file_wins_over_the_default_and_the_variable_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("workers = 3\nshard = 50\n", encoding="utf-8")
    loaded = load(env(tmp_path, CHUSHEN_WORKERS="4"))
    assert (loaded.settings.workers, loaded.settings.shard) == (4, 50)
    assert (loaded.origins["workers"], loaded.origins["shard"]) == (
        "环境变量 CHUSHEN_WORKERS",
        f"设置文件 {tmp_path / 'settings.toml'}",
    )


def test_another_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('engine = "local"', encoding="utf-8")
    assert load(env(tmp_path, CHUSHEN_SETTINGS=str(tmp_path / "own.toml"))).settings.engine == "local"
    with pytest.raises(SettingsError, match="找不到"):
        load(env(tmp_path, CHUSHEN_SETTINGS=str(tmp_path / "none.toml")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("worker = 3", "“worker”不是可设置的项目"),
        ("workers = -1", "不小于 0"),
        ('workers = "many"', "应为整数"),
        ('engine = "fast"', "之一"),
        ("workers = ", "无法读取"),
        ('home = "/x"', "“home”不是可设置的项目"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        load(env(tmp_path))


def test_every_setting_is_printed_with_where_it_came_from(tmp_path: Path) -> None:
    text = "\n".join(lines(load(env(tmp_path, CHUSHEN_SHARD="20"))))
    assert "shard            20" in text
    assert "[环境变量 CHUSHEN_SHARD]" in text
    assert text.count("[") == len(Settings.model_fields)
