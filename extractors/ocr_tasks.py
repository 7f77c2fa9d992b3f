"""What runs in the recognition child: pixels in, readings out. It is given no file, no name and no page number.

Loaded under its lock (``sandbox.solo``), since the runtime starts threads as it loads; only the models and packages can be read.
"""

import json
from collections.abc import Mapping
from typing import Any

import cv2  # noqa: F401  (loaded now: later its libraries could not be opened on every machine)
import numpy as np

from extractors.readers import scan
from extractors.readers.ocr import Paddle
from sandbox.wire import Wire

__all__ = ["serve"]


def serve(wire: Wire, args: Mapping[str, Any], data: bytes) -> None:
    """Answers until there is nothing more to do. A request is a JSON line, then raw pixels: ``page`` RGB, ``read`` and ``find`` grey."""
    engine = Paddle(threads=args["threads"])
    while (asked := wire.receive()) is not None:
        line, _, pixels = asked.partition(b"\n")
        told = json.loads(line)
        if told["do"] == "page":
            reading = scan.recognise(scan.Pixels(told["width"], told["height"], pixels), engine)
            wire.send(reading.to_bytes())
            continue
        greys, at = [], 0
        for tall, wide in told["shapes"]:
            greys.append(np.frombuffer(pixels, np.uint8, tall * wide, at).reshape(tall, wide))
            at += tall * wide
        wire.send_json(engine.read(greys) if told["do"] == "read" else engine.find(greys[0]))
