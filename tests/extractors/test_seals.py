import numpy as np
import pytest
from PIL import Image, ImageDraw

from extractors.readers import seals
from extractors.readers.ocr import Glyphs, Paddle
from fixtures.worn import stamped, worn
from tests.extractors.scan_pages import colours, font, page

NAME = "昆明样泽生物医药科技公司"


class Deaf:
    """An engine that reads nothing."""

    id = "deaf"

    def probe(self):
        return ""

    def find(self, grey):
        return []

    def read(self, crops):
        return [Glyphs("", (), ())] * len(crops)


def test_a_round_seal_is_found_at_its_place():
    (seal,) = seals.find(colours(stamped(page(), NAME, (600, 900))))
    assert seal.kind == "round"
    assert seal[2:6] == pytest.approx((482, 782, 718, 1018), abs=6)


def test_seals_set_across_each_other_are_two():
    twice = stamped(stamped(page(), NAME, (600, 900)), NAME, (700, 980), seed=1)
    assert [s.kind for s in seals.find(colours(twice))] == ["round", "round"]


def test_a_square_seal_is_found():
    picture = page()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((500, 500, 640, 640), outline=(205, 40, 45), width=6)
    draw.text((520, 540), "王守印", font=font(34), fill=(205, 40, 45))
    assert [(s.kind, round(s.left, -1)) for s in seals.find(colours(picture))] == [("square", 500)]


def test_red_words_and_a_filled_emblem_are_no_seals():
    picture = page()
    draw = ImageDraw.Draw(picture)
    draw.text((200, 200), "昆明市科学技术局文件", font=font(70), fill=(210, 20, 20))
    draw.ellipse((560, 500, 680, 620), fill=(200, 30, 30))
    assert seals.find(colours(picture)) == []


def test_red_words_outside_seals_stay_dark():
    picture = stamped(page(), NAME, (600, 900))
    ImageDraw.Draw(picture).text((200, 200), "红头文件", font=font(60), fill=(210, 20, 20))
    grey = seals.without(colours(picture), seals.find(colours(picture)))
    assert grey[200:270, 200:440].min() < 110


def test_under_a_seal_black_stays_and_red_goes():
    plain = page((520, 880, "二〇二六年三月"), size=28)
    given = colours(stamped(plain, NAME, (600, 900)))
    grey = seals.without(given, seals.find(given))
    written = np.asarray(plain.convert("L")) < 128
    around = np.zeros_like(written)
    around[800:1000, 500:700] = True
    assert grey[written].mean() < 90
    assert np.percentile(grey[around & ~written], 5) > 150


def test_a_ring_nobody_can_read_has_no_words():
    given = colours(stamped(page(), NAME, (600, 900)))
    assert [s.words for s in seals.read_rings(given, seals.find(given), Deaf())] == [""]


@pytest.mark.skipif(bool(Paddle().probe()), reason="no engine installed")
def test_the_words_around_a_ring_are_read():
    given = colours(worn(stamped(page(), NAME, (600, 900)), noise=4, blur=0.5, quality=80))
    (seal,) = seals.read_rings(given, seals.find(given), Paddle())
    assert seal.words == NAME


@pytest.mark.parametrize(
    ("glyphs", "words"),
    [
        (Glyphs("昆明公司", (10, 20, 30, 40), (0.9,) * 4), "昆明公司"),
        (Glyphs("昆明公司", (10, 20, 40, 50), (0.9,) * 4), "昆明□公司"),
        (Glyphs("昆明公司", (10, 20, 30, 40), (0.9, 0.4, 0.9, 0.9)), "昆□公司"),
    ],
)
def test_a_gap_or_a_guess_in_a_ring_is_a_character_not_read(glyphs, words):
    assert seals._ring_words(glyphs) == words


def test_a_page_without_red_has_no_seals():
    assert seals.find(colours(Image.new("RGB", (1240, 1754), (180, 180, 180)))) == []
