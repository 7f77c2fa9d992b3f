"""What a file holds that its reader does not see: a text layer that says another thing than the picture above it.

Ordinary recognised layers of scanners are not meant: they agree in the numbers that count, or differ where nothing is read from.
"""

from collections.abc import Iterable

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.policy import Policy
from schemas.report import Finding
from schemas.vocabulary import FindingCode, Severity, WarningCode
from validators.messages import finding


def layers(case: Case, policy: Policy) -> Iterable[Finding]:
    """HIDDEN_TEXT for each document whose layer states a key number otherwise than its picture."""
    del policy
    for entry in case.documents:
        told = [warning for warning in entry.warnings if warning.code is WarningCode.LAYER_DIFFERS and warning.key is not None]
        if told:
            yield finding(
                FindingCode.HIDDEN_TEXT,
                Severity.HIGH,
                f"《{entry.file}》"
                + "；".join(dict.fromkeys(f"第{w.page}页{w.message}" if w.page else w.message for w in told))
                + "。",
                case=case,
                evidence=tuple(Evidence(document=entry.id, page=w.page, quote="") for w in told),
                advice="请以画面（打印件）为准核对该数，并请申报单位说明文件是如何制作的。",
            )
