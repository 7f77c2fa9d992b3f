"""Tasks that lie or die as their file's words say, for ``test_parsing``."""

import json
import os
import time
from array import array
from dataclasses import replace

from schemas.document import Block, Document
from schemas.vocabulary import Format, Outcome

FINE = Document(format=Format.PDF, outcome=Outcome.OK, message="", text="fine", blocks=(Block("paragraph", 0, 4),))


def _document(wire, data) -> None:
    way = data.decode()
    if way == "hang":
        time.sleep(600)
    if way == "die":
        os._exit(3)
    if way == "abort":
        os.abort()
    if way == "a flood":
        wire.send(bytes(1 << 30))
    places = array("f", [float("nan")] * 4)
    wire.send(
        {
            "garbage": b"\x00\x01",
            "document of garbage": b"CSD1" + b"\xff" * 100,
            "a place outside": replace(FINE, blocks=(Block("paragraph", 0, 99),)).to_bytes(),
            "a nan": replace(FINE, x0=places, x1=places).to_bytes(),
            "wrong types": replace(FINE, message=["no", "words"]).to_bytes(),
            "fine": FINE.to_bytes(),
        }[way]
    )


def unpack(wire, args, data) -> None:
    wire.send_json({"archive": True, "members": 1})
    wire.send_json({"path": json.loads(data), "refused": None, "message": "", "litter": False, "odd_name": False})
    wire.send(b"x")


def file(wire, args, data) -> None:
    while (asked := wire.receive()) is not None:
        do = json.loads(asked.partition(b"\n")[0])["do"]
        if do == "document":
            _document(wire, data)
        if do == "pages":
            wire.send(data, b"few")
        if do == "picture":
            head = {"media": "image/svg+xml", "width": 1, "height": 1, "boxes": [], "page": 1, "pages": 1}
            wire.send(json.dumps(head).encode() + b"\n<svg onload='x'/>")
