"""How a picture looks, as a value small enough to keep: a hash that survives another size, another encoder and a little light.

What surprised us: any two scanned pages of writing look alike to a hash of 64 bits, and any two logos on white do; so a picture's kind comes with it, and the
hash has 256 bits. JPEG is decoded at an eighth of its size where that is enough, which makes a photograph cost milliseconds.
"""

import hashlib
import io
import warnings
from typing import Final

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from extractors.readers.images import BROKEN, FORMATS
from schemas.document import Look

#: The side of the thumbnail a picture is judged by, and of the hash.
SIDE: Final = 64
HASH: Final = 16
#: Larger than this a picture that cannot be decoded small is not looked at.
MOST_PIXELS: Final = 30_000_000
#: A picture with a shorter side, in pixels, shows too little to be known again.
SMALL: Final = 100
#: Bits of entropy below which there is next to nothing to see; fewer tones than so many make a drawing.
PLAIN: Final = 1.6
TONES: Final = 26
#: A page is paper for so much of it: one bright tone, give or take.
PAPER: Final = 0.6


def look(data: bytes) -> Look | None:
    """A picture file's look; None for what cannot be decoded or is too large to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                size = picture.size
                if picture.format == "JPEG":
                    picture.draft("RGB", (4 * SIDE, 4 * SIDE))
                if picture.size[0] * picture.size[1] > MOST_PIXELS:
                    return None
                picture.load()
                return of(picture, data, size)
        except (Image.DecompressionBombError, MemoryError, *BROKEN):
            return None


def of(picture: Image.Image, data: bytes, size: tuple[int, int]) -> Look:
    """``data`` are the bytes in the file, of whatever encoding; ``size`` the picture's own, before it was decoded small."""
    rgb = _flat(picture)
    small = rgb.resize((SIDE, SIDE), Image.Resampling.BOX)
    hashed = str(imagehash.dhash(small, HASH))
    kind, entropy = _kind(np.asarray(small), min(size))
    return Look(hashlib.sha256(data).hexdigest(), hashed.zfill(64), kind, entropy, *size)


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, (255, 255, 255, 255)), layer).convert("RGB")
    return picture.convert("RGB")


def _kind(pixels: NDArray[np.uint8], shorter: int) -> tuple[str, float]:
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    counts = np.bincount((grey / 4).astype(np.int64).clip(0, 63).ravel(), minlength=64)
    shares = counts[counts > 0] / counts.sum()
    entropy = round(float(-(shares * np.log2(shares)).sum()), 3)
    if entropy < PLAIN or float(grey.std()) < 8:
        return "plain", entropy
    bright = float(np.percentile(grey, 75))
    paper = float(((grey > bright - 22) & (grey < bright + 22)).mean())
    colour = float((pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)).mean())
    if bright > 165 and paper > PAPER and colour < 40:
        return "page" if shorter >= 4 * SMALL else "drawing", entropy
    if shorter < SMALL or _tones(pixels) < TONES or _stamped(pixels):
        return "drawing", entropy
    return "photo", entropy


def _tones(pixels: NDArray[np.uint8]) -> int:
    coarse = (pixels >> 4).astype(np.int32)
    return int(np.count_nonzero(np.bincount((coarse[..., 0] * 256 + coarse[..., 1] * 16 + coarse[..., 2]).ravel())))


def _stamped(pixels: NDArray[np.uint8]) -> bool:
    """Ink of one colour on white, or on the black that lies beneath a picture's mask: a seal, a signature."""
    high, low = pixels.max(axis=2).astype(np.int16), pixels.min(axis=2).astype(np.int16)
    inked = high - low > 60
    if not 0.01 < inked.mean() < 0.6:
        return False
    bare = (low > 225) | (high < 30) | inked | (high - low > 25)
    channels = pixels[inked].argmax(axis=1)
    return bool(bare.mean() > 0.93 and np.bincount(channels, minlength=3).max() > 0.95 * len(channels))
