"""The smallest report of each kind, made by hand."""

from datetime import date
from decimal import Decimal

from schemas.evidence import Evidence
from schemas.facts import Fact, Person, Rosters
from schemas.picture import Excerpt, ExcerptCell, ExcerptRow, PageCrop, Picture
from schemas.report import (
    BatchEntry,
    BatchReport,
    Check,
    DocumentEntry,
    Finding,
    Issue,
    PolicyEntry,
    ScreeningReport,
    SubmissionEntry,
)
from schemas.vocabulary import (
    DocumentStatus,
    FactKey,
    FactStatus,
    FindingCode,
    Format,
    IssueCode,
    Outcome,
    PolicyStatus,
    Recommendation,
    Severity,
    Unit,
    Verdict,
)

PLACE = Evidence(document="d1", page=3, bbox=(10, 20, 60, 32), quote="196.2")
CELL = Evidence(document="d2", anchor="设备清单!F12", quote="15.50")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


def fact(**changes: object) -> Fact:
    made = Fact(
        id="x1", key=FactKey.SITE_AREA, value=Decimal("196.20"), unit=Unit.M2, as_stated="196.2平方米", status=FactStatus.ACCEPTED,
        confidence=0.98, evidence=(PLACE, CELL), reason="两处一致",
    )  # fmt: skip
    return made.model_copy(update=changes)


def check(**changes: object) -> Check:
    made = Check(
        clause="site.area", article="第二条（三）", wording="固定场地面积不少于200平方米", verdict=Verdict.NOT_MET, reason="低于200平方米。",
        required="≥ 200 ㎡", observed="196.2 ㎡", facts=("x1",), title="场地面积",
    )  # fmt: skip
    return made.model_copy(update=changes)


def finding(**changes: object) -> Finding:
    made = Finding(
        id="k1", code=FindingCode.THRESHOLD_NOT_MET, severity=Severity.HIGH, message="写明196.2㎡，不足200㎡。", facts=("x1",),
        evidence=(PLACE, CELL), clause="site.area", advice="请核对场地证明。",
    )  # fmt: skip
    return made.model_copy(update=changes)


def document(**changes: object) -> DocumentEntry:
    made = DocumentEntry(
        id="d1", file="申报书.pdf", sha256="0" * 64, bytes=9, format=Format.PDF, pages=12, status=DocumentStatus.READ,
        outcome=Outcome.OK, message="",
    )  # fmt: skip
    return made.model_copy(update=changes)


def report(**changes: object) -> ScreeningReport:
    made = ScreeningReport(
        submission=SubmissionEntry(id="one", name="昆明某某公司", sha256="ab" * 32),
        policy=PolicyEntry(id="kunming-poc", version="1", title="昆明办法", status=PolicyStatus.IN_FORCE, simulation=False),
        as_of=date(2026, 4, 15),
        documents=(document(), document(id="d2", file="设备.xlsx", format=Format.XLSX, pages=None)),
        facts=(fact(),),
        rosters=Rosters(team=(Person(name="范某", id_number="530191***********1", evidence=(PLACE,)),)),
        checks=(check(),),
        findings=(finding(),),
        recommendation=Recommendation.DO_NOT_RECOMMEND,
        recommendation_reason="场地面积不符合。",
        complete=True,
        software="chushen 0.1.0",
    )
    return made.model_copy(update=changes)


def incomplete() -> ScreeningReport:
    issue = Issue(code=IssueCode.PAGE_NOT_READ, message="该页未读取，请人工查看", document="d1", page=7)
    return report(complete=False, issues=(issue,), recommendation=Recommendation.MANUAL_REVIEW)


def draft() -> ScreeningReport:
    policy = PolicyEntry(
        id="u", version="1", title="乌鲁木齐指引", status=PolicyStatus.DRAFT, simulation=True, notice="征求意见稿，仅供模拟。"
    )
    return report(policy=policy)


def picture(evidence: Evidence) -> Picture | None:
    """A strip for a page, a row for a cell."""
    if evidence.page is not None:
        return PageCrop(
            data=PIXEL, media="image/png", width=400, height=90, boxes=((30, 20, 80, 40),), page=evidence.page, pages=12
        )
    cells = (ExcerptCell(parts=(("名称", False),)), ExcerptCell(parts=(("15.50", True),), marked=True))
    return Excerpt(place="F12", rows=(ExcerptRow(cells=cells, label="12"),), columns=("E", "F"))


def batch(*reports: ScreeningReport, failed: tuple[BatchEntry, ...] = ()) -> BatchReport:
    entries = tuple(
        BatchEntry(
            id=r.submission.id, name=r.submission.name, report="r", recommendation=r.recommendation, complete=r.complete,
            findings=len(r.findings),
        )
        for r in reports
    )  # fmt: skip
    policy = reports[0].policy if reports else report().policy
    return BatchReport(policy=policy, as_of=date(2026, 4, 15), counts={}, submissions=entries + failed)


FAILED = BatchEntry(
    id="bad", name="空文件夹", report=None, recommendation=None, complete=False, findings=0, error="文件夹是空的。"
)
