"""OFD pages as pictures: words where the reader says they stand, hidden ones nowhere."""

import pytest
from PIL import Image, ImageChops

from extractors.pictures import Pictures
from extractors.readers import ofd, ofd_picture, read
from extractors.readers.refusal import RefusedError
from schemas.document import Box, Document
from schemas.evidence import Evidence
from schemas.picture import PageCrop
from schemas.vocabulary import Format
from tests.golden.readers import make
from tests.golden.readers.make_ofd import form_ofd

FONT = str(make.FONT)
DATA = form_ofd()


def inked(image: Image.Image, box: Box) -> bool:
    part = image.crop((int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1)).convert("L")
    return ImageChops.invert(part).getextrema()[1] > 128  # type: ignore[operator]


def place(document: Document, words: str) -> tuple[int, Box]:
    start = document.text.index(words)
    found = document.box(start, start + len(words))
    assert found is not None
    return found


def test_shown_words_are_where_their_box_is_and_hidden_ones_are_not_drawn() -> None:
    document = read("a.ofd", DATA)
    image = ofd_picture.draw(ofd.opened(DATA), 1, scale=1.0, font=FONT)
    assert image is not None
    shown = {words: inked(image, place(document, words)[1]) for words in ("1170.92", "单 位 名 称", "透明888", "盖住777")}
    assert shown == {"1170.92": True, "单 位 名 称": True, "透明888": False, "盖住777": False}


def test_a_page_that_is_a_picture_is_drawn_from_it() -> None:
    image = ofd_picture.draw(ofd.opened(DATA), 2, scale=0.5)
    assert image is not None
    assert (image.size, image.getpixel((100, 100))) == ((210, 298), (200, 200, 200))


def test_a_scanned_page_is_given_for_recognition_as_it_is() -> None:
    width, height, rgb = ofd_picture.pixels(DATA, 2, dpi=72)
    assert (width, height, len(rgb), set(rgb)) == (420, 595, 3 * 420 * 595, {200})


def test_a_page_that_is_not_there_cannot_be_drawn() -> None:
    with pytest.raises(RefusedError):
        ofd_picture.pixels(DATA, 3)


def test_a_page_too_large_is_not_drawn() -> None:
    assert ofd_picture.draw(ofd.opened(DATA), 1, scale=1000.0, font=FONT) is None


def test_a_strip_of_the_page_frames_the_words() -> None:
    page, box = place(read("a.ofd", DATA), "云南例远医疗器械科技有限公司")
    evidence = Evidence(document="d1", page=page, bbox=box, quote="云南例远医疗器械科技有限公司")
    with Pictures({"d1": (Format.OFD, DATA, None)}, font=FONT) as pictures:
        crop = pictures(evidence)
    assert isinstance(crop, PageCrop)
    assert (crop.page, crop.pages, len(crop.boxes)) == (1, 2, 1)
