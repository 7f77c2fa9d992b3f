import sys

import numpy as np
import pytest

from extractors.readers import ocr
from extractors.readers.ocr import Glyphs, Paddle
from tests.extractors.scan_pages import page

pytestmark = pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")


@pytest.fixture(scope="module")
def engine():
    return Paddle()


def grey(picture):
    return np.asarray(picture.convert("L"), np.uint8)


def test_lines_are_found_where_they_stand(engine):
    spots = engine.find(grey(page((100, 200, "场地面积九百平方米"), (100, 600, "设备原值"))))
    assert len(spots) == 2
    upper = min(spots, key=lambda s: s.top)
    assert upper.left < 105 < 300 < upper.right < 340
    assert upper.top < 208 < 222 < upper.bottom < 245


def test_a_line_is_read_with_a_place_and_a_confidence_a_character(engine):
    (glyphs,) = engine.read([grey(page((4, 4, "面积999.5平方米"), wide=220, tall=36))])
    assert glyphs.text == "面积999.5平方米"
    assert min(glyphs.confidence) > 0.9
    assert list(glyphs.centres) == sorted(glyphs.centres)
    assert glyphs.centres[0] == pytest.approx(16, abs=7)


def test_readings_come_in_the_order_of_the_crops_whatever_their_widths(engine):
    words = ["3", "仪器设备原值合计人民币", "503", "2026年3月24日"]
    crops = [grey(page((6, 4, text), wide=12 + 24 * len(text), tall=36)) for text in words]
    assert [g.text for g in engine.read(crops)] == words


def test_nothing_is_read_from_nothing(engine):
    assert engine.read([]) == []
    assert engine.find(grey(page())) == []
    assert Glyphs("", (), ()).mean == 0.0


def test_reading_needs_no_network(engine, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("went to the network"))
    assert Paddle().read([grey(page((4, 4, "七"), wide=40, tall=36))])[0].text == "七"
    assert "rapidocr" not in sys.modules


def test_the_id_names_models_and_settings(engine, monkeypatch):
    assert engine.id == Paddle(threads=2).id
    monkeypatch.setattr(ocr, "SURE", 0.61)
    assert Paddle().id != engine.id


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert Paddle().probe() == "未安装文字识别组件（rapidocr、onnxruntime、cv2），扫描件和图片无法读取。"


@pytest.mark.parametrize("part", ocr.MODELS)
def test_a_model_of_which_a_byte_was_changed_is_not_used(part, tmp_path, engine):
    for one in ocr.MODELS:
        data = bytearray(engine._model(one).read_bytes())
        if one == part:
            data[len(data) // 2] ^= 1
        (tmp_path / engine._model(one).name).write_bytes(data)
    changed = Paddle()
    changed._folder = tmp_path
    assert "与发布的不符" in changed.probe()
    assert changed.id != engine.id
    assert engine.probe() == ""
