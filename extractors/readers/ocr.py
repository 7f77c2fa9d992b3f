"""Engines that read pictures of text. An engine finds lines and reads crops; pages, tables and seals are ``scan``'s business.

The models are those the RapidOCR wheel carries (PP-OCRv6, small), run by ONNX Runtime straight from the wheel's folder: nothing of RapidOCR's
own code is imported, since that fetches what it misses from the network and hides how sure the model was of each character.

What surprised us. Most of RapidOCR's time goes into padding: each crop is read at least 320 wide, and a table is hundreds of narrow cells.
Crops of like width read together, no wider than they are, cost a third. Detection at 90 dpi finds the same lines as at 150.
"""

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

HEIGHT: Final = 48
#: Crops are padded to a multiple of this width, so that the runtime sees few shapes.
STEP: Final = 16
NARROWEST: Final = 48
#: How much width one call of the model may take, all its crops together: bounds the memory of the 18 710 classes a step.
WIDTH_A_CALL: Final = 320 * 10
WIDEST: Final = 3200
INK: Final = 0.3
SURE: Final = 0.5
#: The model marks the core of a line; the line is this much larger.
GROW: Final = 1.5
#: Characters that differ in width only are one reading, so their odds add up.
ALIKE: Final = (
    "(（",
    ")）",
    ",，",
    ":：",
    ";；",
    "%％",
    "-－–—",
    "!！",
    "?？",
    ".．",
    "/／",
    "~～",
    "+＋",
    "¥￥",
    *(f"{n}{chr(0xFF10 + n)}" for n in range(10)),
)
#: Letters that Chinese papers do not use, and that a worn 1, 二 or 口 is taken for: ì, ニ, ロ.
FOREIGN: Final = re.compile(
    r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u052f\u0590-\u0fff\u1e00-\u1eff\u3041-\u30ff\u3131-\u318e\uac00-\ud7a3]"
)


#: SHA-256 of the models of the pinned rapidocr wheel. Others may read otherwise, and what was measured says nothing of them.
MODELS: Final = {
    "det": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "rec": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}


class Spot(NamedTuple):
    """A line of text found, in the picture's pixels. ``score`` is how sure the engine is that there is text, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    score: float


class Glyphs(NamedTuple):
    """What a crop says: one centre (in the crop's pixels from its left edge) and one confidence (0 to 1) a character of ``text``."""

    text: str
    centres: tuple[float, ...]
    confidence: tuple[float, ...]

    @property
    def mean(self) -> float:
        return sum(self.confidence) / len(self.confidence) if self.confidence else 0.0


class Engine(Protocol):
    """``id`` names engine, models and settings: readings of another id are another reading."""

    @property
    def id(self) -> str: ...

    def probe(self) -> str:
        """Empty where the engine can run; else, in Chinese, what is missing."""
        ...

    def find(self, grey: Grey) -> list[Spot]:
        """The lines on a picture whose text stands upright. The caller chooses the picture's size."""
        ...

    def read(self, crops: Sequence[Grey]) -> list[Glyphs]:
        """One reading a crop, in the order given. A crop is one line of dark text on light ground."""
        ...


class Paddle:
    """PP-OCRv6 small from the RapidOCR wheel. ``threads`` is all it may use at a time; loads on first use."""

    def __init__(self, *, threads: int = 1) -> None:
        self.threads = threads

    @cached_property
    def _folder(self) -> Path | None:
        spec = importlib.util.find_spec("rapidocr")
        return Path(spec.submodule_search_locations[0]) / "models" if spec and spec.submodule_search_locations else None

    def _model(self, part: str) -> Path:
        found = sorted(self._folder.glob(f"PP-OCRv*_{part}_small.onnx")) if self._folder else []
        if not found:
            raise FileNotFoundError(f"no {part} model beside rapidocr")
        return found[-1]

    def probe(self) -> str:
        missing = [name for name in ("rapidocr", "onnxruntime", "cv2") if importlib.util.find_spec(name) is None]
        if missing:
            return f"未安装文字识别组件（{'、'.join(missing)}），扫描件和图片无法读取。"
        try:
            sound = self._digests == MODELS
        except OSError:
            return "文字识别组件缺少模型文件，请重新安装。"
        return "" if sound else "文字识别组件的模型文件与发布的不符（可能损坏或被换过），请重新安装。"

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {part: hashlib.sha256(self._model(part).read_bytes()).hexdigest() for part in MODELS}

    @cached_property
    def id(self) -> str:
        digest = hashlib.sha256("".join(self._digests.values()).encode())
        settings = f"{STEP}/{NARROWEST}/{INK}/{SURE}/{GROW}"
        return f"ppocrv6-small/{digest.hexdigest()[:12]}/{hashlib.sha256(settings.encode()).hexdigest()[:6]}"

    def _session(self, part: str) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(str(self._model(part)), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _finder(self) -> Any:
        return self._session("det")

    @cached_property
    def _reader(self) -> Any:
        return self._session("rec")

    @cached_property
    def _alphabet(self) -> list[str]:
        told = self._reader.get_modelmeta().custom_metadata_map["character"]
        return ["", *told.splitlines(), " "]

    @cached_property
    def _alike(self) -> dict[int, list[int]]:
        index = {char: i for i, char in enumerate(self._alphabet)}
        groups = ([index[c] for c in group if c in index] for group in ALIKE)
        return {i: group for group in groups for i in group}

    @cached_property
    def _foreign(self) -> NDArray[np.bool_]:
        return np.array([bool(FOREIGN.match(char)) for char in self._alphabet])

    # finding

    def find(self, grey: Grey) -> list[Spot]:
        import cv2

        tall, wide = (max(32, round(side / 32) * 32) for side in grey.shape)
        sized = cv2.resize(grey, (wide, tall), interpolation=cv2.INTER_AREA).astype(np.float32) / 127.5 - 1
        odds: Floats = self._finder.run(None, {"x": np.broadcast_to(sized, (1, 3, tall, wide)).copy()})[0][0, 0]
        mask = cv2.dilate((odds > INK).astype(np.uint8), np.ones((2, 2), np.uint8))
        _, _, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        return list(_spots(odds, np.asarray(boxes[1:], np.int32), grey.shape[1] / wide, grey.shape[0] / tall))

    # reading

    def read(self, crops: Sequence[Grey]) -> list[Glyphs]:
        widths = [min(WIDEST, max(1, round(HEIGHT * c.shape[1] / c.shape[0]))) for c in crops]
        answers: list[Glyphs] = [Glyphs("", (), ())] * len(crops)
        for batch, wide in _batches(widths):
            block = np.zeros((len(batch), 1, HEIGHT, wide), np.float32)
            for row, k in enumerate(batch):
                block[row, 0, :, : widths[k]] = _sized(crops[k], widths[k])
            odds = self._reader.run(None, {"x": np.repeat(block, 3, axis=1)})[0]
            for row, k in enumerate(batch):
                answers[k] = self._spell(odds[row], wide, crops[k].shape[1] / widths[k], crops[k].shape[1])
        return answers

    def _spell(self, odds: Floats, wide: int, scale: float, width: int) -> Glyphs:
        best = odds.argmax(axis=1)
        for at in np.flatnonzero(self._foreign[best]):
            best[at] = np.where(self._foreign, 0, odds[at]).argmax()
        cuts = np.flatnonzero(np.diff(best)) + 1
        step = wide / len(best) * scale
        text: list[str] = []
        centres: list[float] = []
        sure: list[float] = []
        for first, last in zip([0, *cuts.tolist()], [*cuts.tolist(), len(best)], strict=True):
            index = int(best[first])
            if index == 0:
                continue
            peak = first + int(odds[first:last, index].argmax())
            same = self._alike.get(index)
            text.append(self._alphabet[index])
            centres.append(min((first + last) / 2 * step, width - 0.5))
            sure.append(min(1.0, float(odds[peak, same].sum() if same else odds[peak, index])))
        return Glyphs("".join(text), tuple(centres), tuple(sure))


def _spots(odds: Floats, boxes: NDArray[np.int32], across: float, down: float) -> Iterator[Spot]:
    tall, wide = odds.shape
    for x, y, w, h, _ in boxes.tolist():
        if min(w, h) < 3:
            continue
        inner = odds[y : y + h, x : x + w]
        score = float(inner[inner > INK].mean()) if inner.size else 0.0
        if score < SURE:
            continue
        grow = w * h * GROW / (2 * (w + h))
        left, right = max(0.0, x - grow), min(float(wide), x + w + grow)
        top, bottom = max(0.0, y - grow), min(float(tall), y + h + grow)
        yield Spot(left * across, top * down, right * across, bottom * down, round(score, 4))


def _batches(widths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Crops of like width, and the width they are padded to."""
    batch: list[int] = []
    wide = NARROWEST
    for k in sorted(range(len(widths)), key=widths.__getitem__):
        needed = max(NARROWEST, -(-widths[k] // STEP) * STEP)
        if batch and needed * (len(batch) + 1) > WIDTH_A_CALL:
            yield batch, wide
            batch = []
        batch.append(k)
        wide = needed
    if batch:
        yield batch, wide


def _sized(crop: Grey, wide: int) -> Floats:
    import cv2

    how = cv2.INTER_AREA if crop.shape[0] > HEIGHT * 1.3 else cv2.INTER_CUBIC
    sized: Floats = cv2.resize(crop, (wide, HEIGHT), interpolation=how).astype(np.float32) / 127.5 - 1
    return sized
