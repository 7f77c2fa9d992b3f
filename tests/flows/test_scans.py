"""Scanned pages on their way through recognition: what is kept, what is read again, what is told where no engine is."""

import io
import tempfile

from PIL import Image, ImageDraw

from extractors.readers import read
from extractors.readers.ocr import Glyphs, Spot
from flows import scans
from schemas.vocabulary import Format, Outcome


class Fake:
    """Finds one line on every picture and reads the same words there; counts how often it is asked."""

    id = "fake/1"

    def __init__(self, missing: str = "") -> None:
        self.missing, self.asked = missing, 0

    def probe(self) -> str:
        return self.missing

    def find(self, grey):
        self.asked += 1
        return [Spot(20, 20, 180, 44, 0.99)]

    def read(self, crops):
        return [Glyphs("面积387", tuple(4.0 + 8 * i for i in range(5)), (0.99,) * 5) for _ in crops]


def picture() -> bytes:
    page, buffer = Image.new("RGB", (400, 300), "white"), io.BytesIO()
    for left in range(24, 176, 12):
        ImageDraw.Draw(page).rectangle((left, 22, left + 7, 42), fill="black")
    page.save(buffer, "PNG")
    return buffer.getvalue()


def completed(data, folder, engine, monkeypatch):
    monkeypatch.setattr(scans, "engine", lambda threads: engine)
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return scans.complete(read("页.png", data), file.name, folder=folder)


def test_a_file_met_again_is_not_read_again(tmp_path, monkeypatch):
    engine = Fake()
    first = completed(picture(), tmp_path, engine, monkeypatch)
    asked = engine.asked
    again = completed(picture(), tmp_path, engine, monkeypatch)
    assert (first.pages, again.document, engine.asked) == ((1,), first.document, asked)


def test_a_damaged_reading_is_made_anew(tmp_path, monkeypatch):
    engine = Fake()
    first = completed(picture(), tmp_path, engine, monkeypatch)
    for kept in tmp_path.rglob("*"):
        if kept.is_file():
            kept.write_bytes(b"CSR1 not a reading")
    assert completed(picture(), tmp_path, engine, monkeypatch).document == first.document


def test_another_engine_reads_for_itself(tmp_path, monkeypatch):
    completed(picture(), tmp_path, Fake(), monkeypatch)
    other = Fake()
    other.id = "fake/2"
    completed(picture(), tmp_path, other, monkeypatch)
    assert other.asked > 0


def test_without_an_engine_the_page_stays_unread_and_the_reason_is_told(tmp_path, monkeypatch):
    seen = completed(picture(), tmp_path, Fake("未安装文字识别组件"), monkeypatch)
    assert (seen.pages, seen.missing, seen.document.format) == ((), "未安装文字识别组件", Format.IMAGE)


def test_a_picture_that_breaks_off_is_told_as_damaged(tmp_path, monkeypatch):
    whole = picture()
    seen = completed(whole[: len(whole) // 2], tmp_path, Fake(), monkeypatch)
    assert (seen.document.outcome, seen.pages) == (Outcome.CORRUPT, ())


def test_a_folder_that_cannot_be_written_costs_only_the_cache(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert completed(picture(), blocked, Fake(), monkeypatch).pages == (1,)
