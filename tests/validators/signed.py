"""Signatures written by hand, the smallest a comparison can be tried on."""

from typing import Any

from schemas.evidence import Evidence
from schemas.signature import Signature, SignedDocument, SignedPerson, SignedRoom, SignedText, SignedThing
from schemas.vocabulary import Format, Role


def at(document: str = "d1", page: int = 3, quote: str = "…") -> Evidence:
    return Evidence(document=document, page=page, quote=quote)


def package(ident: str, **more: Any) -> Signature:
    """An applicant of its own with a form, a plan and a lease."""
    documents = tuple(
        SignedDocument(id=one, file=file, sha256="0" * 64, format=Format.PDF, role=role)
        for one, file, role in (
            ("d1", "申报书.pdf", Role.FORM),
            ("d2", "建设方案.pdf", Role.PLAN),
            ("d3", "租赁合同.pdf", Role.LEASE),
        )
    )
    values: dict[str, Any] = {
        "name": ident, "sha256": ident * 8, "applicants": (f"{ident}科技有限公司",), "usccs": (f"91530100MA6N{ident}",), "documents": documents,
    }  # fmt: skip
    return Signature(id=ident, **(values | more))


def person(name: str = "程和丽", **more: Any) -> SignedPerson:
    return SignedPerson(name=name, **({"full_time": True, "evidence": at()} | more))


def thing(name: str = "冷冻干燥机", serial: str | None = "FDA1806989", **more: Any) -> SignedThing:
    return SignedThing(name=name, serial=serial, **({"model": "FD-800", "maker": True, "evidence": at()} | more))


def room(number: str, **more: Any) -> SignedRoom:
    values: dict[str, Any] = {
        "street": "人民路15",
        "building": "C",
        "shown": f"人民路15号C座{number}室",
        "areas": ("昆明市", "官渡区"),
        "evidence": at(),
    }
    return SignedRoom(room=number, **(values | more))


def text(words: str, document: str = "d2") -> SignedText:
    return SignedText(words=words, own=((0, len(words)),), evidence=at(document))
