"""Files are whole or not there."""

import json
from pathlib import Path

import pytest

from flows.writing import atomically, write_data, write_text


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_data(tmp_path / "新" / "a.json", {"名": "值"})
    assert json.loads((tmp_path / "新" / "a.json").read_text(encoding="utf-8")) == {"名": "值"}
    assert [path.name for path in (tmp_path / "新").iterdir()] == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "旧")

    def half(path: Path) -> None:
        path.write_text("新的一", encoding="utf-8")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        atomically(tmp_path / "a.txt", half)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.txt", "旧")]


def test_a_name_that_is_no_text_does_not_stop_a_report(tmp_path: Path) -> None:
    write_text(tmp_path / "a.html", "名\udcff称")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "名\\udcff称"
