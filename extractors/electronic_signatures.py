"""Whether the electronic signatures of a PDF verify: a locked child of its own kind, since pyHanko is too much for every zygote to load (docs/adr/0016).

A signature is ``invalid`` only where its own check fails; ``intact`` where that holds, which says nothing of whose it is: there is no network here to settle a
chain of certificates. National algorithms (SM2, SM3), seals of GM/T 0031 and GB/T 38540 and other formats are ``unverified``, never guessed at.

What surprised us. Files carry fields that merely look signed: a dictionary whose range covers twenty bytes and whose contents hold no signature at all.
"""

import io
import logging
from collections.abc import Mapping
from typing import Any, Final

from asn1crypto import cms
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import errors
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from sandbox.wire import Wire
from schemas.document import MOST_SIGNATURES, SHORT, Signature

__all__ = ["check", "signatures"]

#: The start of every object identifier of the national algorithms, 1.2.156.10197, as DER has it.
NATIONAL: Final = b"\x2a\x81\x1c\xcf\x55"
#: Formats of which the contents are a CMS signature over the ranges.
KNOWN: Final = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached")
#: What parsers let out on things that are no signature.
BROKEN: Final = (
    PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    AssertionError,
    OverflowError,
    RecursionError,
)

logging.disable(logging.CRITICAL)

EMPTY: Final = "签名域中没有可以验证的签名数据"
PARTLY: Final = "签名所覆盖的字节范围与文件不符"
ALTERED: Final = "签名所覆盖的内容与签名时不同"
FAILED: Final = "签名值与签名人证书不符"
INTACT: Final = "签名完整，所覆盖的内容自签名后没有改动；签名人证书的来源须联网或用验签软件另行核实"
LATER: Final = "；签名之后文件又被保存过"
SM: Final = "采用国产密码算法（SM2/SM3）或国密电子签章，本系统未验证，请用签章厂商的验签软件核对"
OTHER: Final = "采用本系统不能验证的签名格式，未验证"
UNREAD: Final = "未能读取签名，未验证"


def check(wire: Wire, args: Mapping[str, Any], data: bytes) -> None:
    """Answers with the file's signatures, a list of the fields of ``Signature``."""
    wire.send_json([list(one) for one in signatures(data)])


def signatures(data: bytes) -> list[Signature]:
    """The signatures of a file's signed fields; none where it cannot be opened."""
    head = max(0, data.find(b"%PDF-"))
    try:
        reader = PdfFileReader(io.BytesIO(data[head:]), strict=False)
        if reader.encrypted and reader.decrypt(b"").status == AuthStatus.FAILED:
            return []
        fields = list(enumerate_sig_fields(reader, filled_status=True))
    except BROKEN:
        return []
    return [_checked(reader, name, field) for name, _, field in fields[:MOST_SIGNATURES]]


def _checked(reader: PdfFileReader, name: Any, field: Any) -> Signature:
    label = str(name)[:SHORT]
    try:
        content, kind, span = _parts(field)
    except BROKEN:
        return Signature(label, "unverified", UNREAD)
    if NATIONAL in content or any(word in kind.upper() for word in ("SM2", "GM", "GBT", "GB/T")):
        return Signature(label, "unverified", SM)
    if kind and kind not in KNOWN:
        return Signature(label, "unverified", OTHER)
    if not content.strip(b"\0") or not _is_cms(content):
        return Signature(label, "invalid", EMPTY, whole=False)
    if len(span) != 4 or span[0] != 0 or span[2] <= span[1]:
        return Signature(label, "invalid", PARTLY, whole=False)
    try:
        return _verified(EmbeddedPdfSignature(reader, field, name), label)
    except (UnsupportedAlgorithm, NotImplementedError):
        return Signature(label, "unverified", OTHER)
    except errors.SignatureValidationError:
        return Signature(label, "invalid", FAILED, whole=False)
    except BROKEN:
        return Signature(label, "unverified", UNREAD)


def _parts(field: Any) -> tuple[bytes, str, tuple[int, ...]]:
    """The contents, the format and the byte range of a signature."""
    signed = field.get_object()["/V"].get_object()
    content = signed.raw_get("/Contents")
    span = tuple(int(number) for number in signed.get("/ByteRange", ()))
    return bytes(content.original_bytes), str(signed.get("/SubFilter", "")), span


def _is_cms(content: bytes) -> bool:
    try:
        info = cms.ContentInfo.load(content)
        return bool(info["content_type"].native == "signed_data" and len(info["content"]["signer_infos"]) == 1)
    except BROKEN:
        return False


def _verified(signed: EmbeddedPdfSignature, label: str) -> Signature:
    certificate = signed.signer_cert
    signer = str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)[:SHORT]
    signed.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]
    intact, valid = validate_sig_integrity(signed.signer_info, certificate, "data", signed.compute_digest())
    moment = signed.self_reported_timestamp
    at = moment.strftime("%Y-%m-%d %H:%M") if moment is not None else ""
    if not intact:
        return Signature(label, "invalid", ALTERED, signer, at, whole=False)
    if not valid:
        return Signature(label, "invalid", FAILED, signer, at, whole=False)
    if signed.coverage is None or signed.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return Signature(label, "invalid", PARTLY, signer, at, whole=False)
    whole = signed.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Signature(label, "intact", INTACT + ("" if whole else LATER), signer, at, whole)
