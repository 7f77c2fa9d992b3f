import pytest

from extractors.readers.grid import Rule
from extractors.readers.scan_reading import PageReading, Pixels, Seal
from tests.extractors.scan_pages import line, reading


def test_a_reading_crosses_a_process_border_unchanged():
    given = reading(line("面积999.5㎡", 100, 200)._replace(doubts=((2, 7, "逗号"),)))
    leaf = given.leaves[0]._replace(across=(Rule(10.0, 1.0, 90.5),), down=(Rule(5.5, 2.0, 80.0),))
    given = given._replace(
        leaves=(leaf._replace(tilt=(0.0001, 0.0)),),
        seals=(Seal("round", "red", 1.5, 2.0, 3.0, 4.0, "某公司", 0.9),),
        notes=("图像不清",),
    )
    assert PageReading.from_bytes(given.to_bytes()) == given


@pytest.mark.parametrize("data", [b"", b"CSD1abc", b"CSR1abc", reading().to_bytes()[:-9]])
def test_anything_else_is_no_reading(data):
    with pytest.raises(ValueError, match="reading"):
        PageReading.from_bytes(data)


def test_the_digest_tells_pictures_of_other_shape_apart():
    tall, wide = Pixels(1, 4, b"\x00" * 12), Pixels(4, 1, b"\x00" * 12)
    assert tall.digest != wide.digest
    assert tall.digest == Pixels(1, 4, b"\x00" * 12).digest


def test_a_page_of_guesses_is_not_legible():
    assert not reading(line("乱码乱码", 0, 0, sure=0.4)).legible
    assert reading(line("面积", 0, 0, sure=0.9)).legible
    assert reading().legible
