import io

import pytest
from PIL import Image

from extractors.readers import images
from extractors.readers.limits import Limits
from extractors.readers.refusal import RefusedError


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **how)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP", "TIFF"])
def test_every_kind_of_image_is_one_page_of_its_pixels(kind):
    document = images.read(saved(Image.new("RGB", (60, 40), "white"), kind))
    assert [(p.width, p.height, p.readable) for p in document.pages] == [(60.0, 40.0, False)]


def test_a_photograph_is_shown_after_its_rotation():
    exif = Image.Exif()
    exif[274] = 6
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste((255, 0, 0), (0, 0, 20, 20))
    data = saved(picture, "PNG", exif=exif)
    assert images.read(data).pages[0][1:3] == (40.0, 60.0)
    wide, tall, rgb = images.frame(data, 1, most=10_000)
    assert (wide, tall, rgb[:3], rgb[39 * 3 : 40 * 3]) == (40, 60, b"\xff\xff\xff", b"\xff\x00\x00")


def test_each_picture_of_a_tiff_is_a_page():
    first, second = Image.new("L", (30, 20), 255), Image.new("1", (50, 70), 0)
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    assert [(p.number, p.width, p.height) for p in images.read(data).pages] == [(1, 30.0, 20.0), (2, 50.0, 70.0)]
    assert images.frame(data, 2, most=10_000)[2] == b"\x00" * (50 * 70 * 3)


def test_what_is_transparent_is_paper():
    assert images.frame(saved(Image.new("RGBA", (3, 2), (0, 0, 0, 0)), "PNG"), 1, most=100)[2] == b"\xff" * 18


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded():
    data = saved(Image.new("L", (300, 300), 255), "PNG")
    with pytest.raises(RefusedError, match="LIMIT: 超出上限：图像像素为 90000"):
        images.read(data, Limits(picture_pixels=80_000))


def test_a_large_picture_is_shrunk_to_what_may_be_read():
    wide, tall, rgb = images.frame(saved(Image.new("L", (400, 100), 255), "PNG"), 1, most=10_000)
    assert (wide, tall, len(rgb)) == (200, 50, 200 * 50 * 3)


def test_a_broken_picture_is_refused():
    whole = saved(Image.effect_noise((200, 200), 60).convert("RGB"), "JPEG")
    with pytest.raises(RefusedError, match="CORRUPT"):
        images.read(b"\xff\xd8\xff\xe0 no picture")
    with pytest.raises(RefusedError, match="CORRUPT"):
        images.frame(whole[: len(whole) // 3], 1, most=100_000)
