"""Electronic signatures that were checked and do not verify. One that could not be checked, or whose owner cannot be settled offline, is no finding.

What a later save changed in a signed file is ``authenticity_edits``' to tell; here only the signature itself is judged.
"""

from collections.abc import Iterable

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.policy import Policy
from schemas.report import Finding
from schemas.vocabulary import FindingCode, Severity
from validators.messages import document_name, finding, printable

INVALID = "invalid"


def invalid(case: Case, policy: Policy) -> Iterable[Finding]:
    """SIGNATURE_INVALID for each document, high: whoever relies on a signature has to know that it holds nothing."""
    del policy
    for reading in case.readings:
        bad = [s for s in reading.signatures if s.state == INVALID]
        if not bad:
            continue
        told = "；".join(
            f"签名域“{printable(s.field)}”{f'（签名人{printable(s.signer)}）' if s.signer else ''}：{s.reason}" for s in bad[:4]
        )
        yield finding(
            FindingCode.SIGNATURE_INVALID, Severity.HIGH, f"{document_name(reading.document, case)}的电子签名未通过验证：{told}。",
            case=case, evidence=[Evidence(document=reading.document, page=1, quote="")],
            advice="请用阅读软件的验签功能复核，并请申报单位提交签名有效的原始电子文件或加盖公章的纸质件。",
        )  # fmt: skip
