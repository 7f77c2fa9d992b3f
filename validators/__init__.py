"""The checks other than the clauses: what they look at, which codes they may raise, and how they are run.

A check is one function of a case and a policy. One that crashes, or raises a code it did not declare, becomes an issue that names it;
the others still run.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

from schemas.case import Case
from schemas.policy import Policy
from schemas.report import Finding, Issue, Lead
from schemas.vocabulary import FindingCode, IssueCode
from validators import (
    attachments,
    authenticity_edits,
    authenticity_files,
    authenticity_hidden,
    authenticity_pictures,
    authenticity_seals,
    authenticity_signatures,
    completeness,
    consistency_amounts,
    consistency_dates,
    consistency_lists,
    consistency_parts,
    consistency_stated,
    duplicates,
    expiry,
    identity,
    leftovers,
    naming,
    windows,
)
from validators.messages import SEVERITIES

Look: TypeAlias = Callable[[Case, Policy], Iterable[Finding]]


class CheckSpec(NamedTuple):
    """``title`` is what staff read when the check could not be carried out."""

    name: str
    codes: frozenset[FindingCode]
    look: Look
    title: str


CHECKS: Final[tuple[CheckSpec, ...]] = (
    CheckSpec(
        "statements",
        frozenset({FindingCode.FACT_CONFLICT, FindingCode.UNIT_SUSPECT}),
        consistency_stated.conflicts,
        "各处写法是否一致",
    ),
    CheckSpec("totals", frozenset({FindingCode.SUM_MISMATCH, FindingCode.UNIT_SUSPECT}), consistency_lists.sums, "清单合计"),
    CheckSpec(
        "rows", frozenset({FindingCode.SUM_MISMATCH, FindingCode.UNIT_SUSPECT}), consistency_lists.products, "数量、单价与金额"
    ),
    CheckSpec("years", frozenset({FindingCode.SUM_MISMATCH, FindingCode.UNIT_SUSPECT}), consistency_lists.years, "分年数与合计"),
    CheckSpec("headcounts", frozenset({FindingCode.COUNT_MISMATCH}), consistency_lists.counts, "填报数与名单"),
    CheckSpec("shares", frozenset({FindingCode.RATIO_MISMATCH}), consistency_parts.ratios, "占比"),
    CheckSpec("parts", frozenset({FindingCode.PART_EXCEEDS_WHOLE}), consistency_parts.parts, "其中数与总数"),
    CheckSpec("check_digits", frozenset({FindingCode.ID_CHECKSUM}), identity.check_digits, "代码和证件号校验位"),
    CheckSpec("name", frozenset({FindingCode.NAME_RULE}), naming.rule, "名称规则"),
    CheckSpec("amounts", frozenset({FindingCode.AMOUNT_WORDS_MISMATCH}), consistency_amounts.words, "大写与小写金额"),
    CheckSpec("owners", frozenset({FindingCode.NAME_MISMATCH}), attachments.owners, "附件的主体"),
    CheckSpec("terms", frozenset({FindingCode.MATERIAL_EXPIRED}), expiry.expired, "材料是否在有效期内"),
    CheckSpec("dates", frozenset({FindingCode.DATE_IMPOSSIBLE}), consistency_dates.impossible, "日期是否成立"),
    CheckSpec("windows", frozenset({FindingCode.PERIOD_OUT_OF_WINDOW}), windows.outside, "材料所属期间"),
    CheckSpec("people", frozenset({FindingCode.DUPLICATE_PERSON}), duplicates.people, "名单中的重复人员"),
    CheckSpec("assets", frozenset({FindingCode.DUPLICATE_ASSET}), duplicates.assets, "清单中的重复设备"),
    CheckSpec("materials", frozenset({FindingCode.MATERIAL_MISSING}), completeness.materials, "材料是否齐全"),
    CheckSpec("fields", frozenset({FindingCode.FIELD_BLANK}), completeness.fields, "栏目是否填写"),
    CheckSpec("layers", frozenset({FindingCode.HIDDEN_TEXT}), authenticity_hidden.layers, "文字层与画面是否一致"),
    CheckSpec("hidden", frozenset({FindingCode.HIDDEN_TEXT}), authenticity_hidden.hidden, "看不见的文字"),
    CheckSpec("edits", frozenset({FindingCode.DOCUMENT_EDITED}), authenticity_edits.edits, "文件中的改动"),
    CheckSpec("seals", frozenset({FindingCode.SEAL_MISSING}), authenticity_seals.missing, "是否盖章"),
    CheckSpec("seal_names", frozenset({FindingCode.SEAL_MISMATCH}), authenticity_seals.mismatch, "印章上的名称"),
    CheckSpec("signatures", frozenset({FindingCode.SIGNATURE_INVALID}), authenticity_signatures.invalid, "电子签名"),
    CheckSpec("pictures", frozenset({FindingCode.IMAGE_REUSE}), authenticity_pictures.reuse, "图片是否重复使用"),
    CheckSpec("files", frozenset({FindingCode.DOCUMENT_UNREADABLE}), completeness.files, "文件能否读取"),
)


def run(
    case: Case, policy: Policy, first: Iterable[Finding] = (), *, checks: tuple[CheckSpec, ...] = CHECKS
) -> tuple[tuple[Finding, ...], tuple[Issue, ...]]:
    """All findings, numbered f1… by severity, code and words, and what could not be checked.

    ``first`` are findings made elsewhere (the clauses'), numbered along with the rest.
    """
    found = list(first)
    issues: list[Issue] = []
    for spec in checks:
        try:
            told = list(spec.look(case, policy))
        except Exception as error:
            issues.append(_failed(spec, type(error).__name__))
            continue
        found += [finding for finding in told if finding.code in spec.codes]
        if strange := sorted({finding.code for finding in told} - spec.codes):
            issues.append(_failed(spec, f"未登记的结果：{'、'.join(strange)}"))
    return numbered(found), tuple(issues)


def leads(case: Case, policy: Policy) -> tuple[Lead, ...]:
    """Hints of lesser weight. One source that fails costs its own hints only: hints promise nothing."""
    sources: tuple[Callable[[], Iterable[Lead]], ...] = (
        lambda: consistency_stated.leads(case),
        lambda: consistency_lists.leads(case),
        lambda: completeness.leads(case, policy),
        lambda: consistency_amounts.leads(case),
        lambda: attachments.leads(case),
        lambda: expiry.leads(case),
        lambda: consistency_dates.leads(case),
        lambda: windows.leads(case, policy),
        lambda: duplicates.leads(case),
        lambda: authenticity_edits.leads(case),
        lambda: authenticity_files.leads(case),
        lambda: authenticity_pictures.leads(case),
        lambda: authenticity_seals.leads(case),
        lambda: leftovers.leads(case, policy),
    )
    found: list[Lead] = []
    for source in sources:
        try:
            found += list(source())
        except Exception:  # noqa: S112
            continue
    return in_order(found)


def in_order(found: Iterable[Lead]) -> tuple[Lead, ...]:
    """Each lead once, in one order whatever order they came in."""
    return tuple(sorted(dict.fromkeys(found), key=lambda lead: (lead.code, lead.message)))


def _failed(spec: CheckSpec, why: str) -> Issue:
    return Issue(code=IssueCode.CHECK_FAILED, message=f"“{spec.title}”一项检查未能完成（{why}），请人工核对。")


def numbered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, in one order whatever order they came in."""
    unique: dict[tuple[FindingCode, str], Finding] = {}
    for finding in sorted(found, key=_order):
        unique.setdefault((finding.code, finding.message), finding)
    return tuple(finding.model_copy(update={"id": f"f{number}"}) for number, finding in enumerate(unique.values(), 1))


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return SEVERITIES.index(finding.severity), finding.code, finding.message, finding.model_dump_json(exclude={"id"})
