"""The closed lists everyone agrees on, each with the Chinese a reviewer sees.

The keys and codes are those of the published report contract (docs/contract.md); renaming one breaks its users. Each
entry stands here once: its code, its unit, its Chinese name and, for findings, the explanation.
"""

from enum import StrEnum
from typing import Final


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    DOC = "doc"
    OFD = "ofd"
    IMAGE = "image"
    TEXT = "text"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of one file or archive member: exactly one each."""

    OK = "OK"
    OK_WARN = "OK_WARN"
    PARTIAL = "PARTIAL"
    ENCRYPTED = "ENCRYPTED"
    CORRUPT = "CORRUPT"
    EMPTY = "EMPTY"
    UNSUPPORTED = "UNSUPPORTED"
    MISMATCH = "MISMATCH"
    LIMIT = "LIMIT"
    UNSAFE = "UNSAFE"


class DocumentStatus(StrEnum):
    READ = "read"
    PARTLY_READ = "partly_read"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


class WarningCode(StrEnum):
    ACTIVE_CONTENT = "ACTIVE_CONTENT"
    EXTERNAL_LINK = "EXTERNAL_LINK"
    EMBEDDED_FILE = "EMBEDDED_FILE"
    MACRO = "MACRO"
    HIDDEN_TEXT = "HIDDEN_TEXT"
    LAYER_DIFFERS = "LAYER_DIFFERS"
    ENGINES_DIFFER = "ENGINES_DIFFER"
    REPAIRED = "REPAIRED"
    OWNER_PASSWORD = "OWNER_PASSWORD"
    ODD_NAME = "ODD_NAME"
    FORMULA = "FORMULA"
    STALE_VALUE = "STALE_VALUE"
    TRACKED_CHANGES = "TRACKED_CHANGES"
    HIDDEN_CELLS = "HIDDEN_CELLS"
    FONT_NOT_EMBEDDED = "FONT_NOT_EMBEDDED"
    ODD_NUMBER = "ODD_NUMBER"
    INSTRUCTIONS = "INSTRUCTIONS"
    WRONG_ENDING = "WRONG_ENDING"
    OVER_LIMIT_PART = "OVER_LIMIT_PART"
    OTHER = "OTHER"


class Role(StrEnum):
    """What a document is for in the package; a combined file has one role for each part."""

    FORM = "form"
    PLAN = "plan"
    EQUIPMENT_LIST = "equipment_list"
    PEOPLE_LIST = "people_list"
    PROJECT_LIST = "project_list"
    LEASE = "lease"
    REVENUE = "revenue"
    AUDIT = "audit"
    COMMITMENT = "commitment"
    LICENCE = "licence"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    APPOINTMENT = "appointment"
    RULES = "rules"
    CREDIT_REPORT = "credit_report"
    INVOICE = "invoice"
    PATENT = "patent"
    IDENTITY = "identity"
    OTHER = "other"


ROLE_NAMES: Final[dict[Role, str]] = {
    Role.FORM: "申报书（申请书）",
    Role.PLAN: "建设方案",
    Role.EQUIPMENT_LIST: "仪器设备清单",
    Role.PEOPLE_LIST: "人员名单",
    Role.PROJECT_LIST: "项目库清单",
    Role.LEASE: "场地证明（租赁合同）",
    Role.REVENUE: "服务收入明细及合同",
    Role.AUDIT: "审计报告",
    Role.COMMITMENT: "信用承诺书",
    Role.LICENCE: "营业执照（法人证书）",
    Role.CONTRACT: "合同、协议",
    Role.CERTIFICATE: "证书、聘书",
    Role.APPOINTMENT: "任命文件",
    Role.RULES: "管理制度",
    Role.CREDIT_REPORT: "信用报告",
    Role.INVOICE: "发票",
    Role.PATENT: "专利、著作权",
    Role.IDENTITY: "身份证明",
    Role.OTHER: "其他材料",
}


class FactKey(StrEnum):
    APPLICANT_NAME = "applicant.name"
    APPLICANT_USCC = "applicant.uscc"
    APPLICANT_KIND = "applicant.kind"
    CENTRE_NAME = "centre.name"
    APPLICATION_DATE = "application.date"
    SITE_AREA = "site.area"
    EQUIPMENT_VALUE = "equipment.value"
    TEAM_HEADCOUNT = "team.headcount"
    TEAM_TECHNOLOGY_MANAGERS = "team.technology_managers"
    ADVISORS_HEADCOUNT = "advisors.headcount"
    ADVISORS_TECHNOLOGY_MANAGERS = "advisors.technology_managers"
    ADVISORS_EXTERNAL_SHARE = "advisors.external_share"
    FUNDING_ANNUAL = "funding.annual"
    PROJECTS_RESERVED = "projects.reserved"
    PROJECTS_COMPLETED = "projects.completed"
    PROJECTS_PRODUCTISED = "projects.productised"
    REVENUE_SERVICE = "revenue.service"
    INVESTMENT_RAISED = "investment.raised"
    TECHNOLOGY_CONTRACTS_VALUE = "technology_contracts.value"
    ENTERPRISES_INCUBATED = "enterprises.incubated"
    ENTERPRISES_VALUATION = "enterprises.valuation"
    ENTERPRISES_REVENUE = "enterprises.revenue"
    FUND_SIZE = "fund.size"
    INDUSTRIES = "industries"
    CONSTRUCTION_YEARS = "construction.years"
    CREDIT_CLEAN = "credit.clean"
    APPLICANT_ESTABLISHED = "applicant.established"
    APPLICANT_ADDRESS = "applicant.address"
    APPLICANT_OFFICE = "applicant.office"
    APPLICANT_LABORATORY = "applicant.laboratory"
    APPLICANT_REVENUE = "applicant.revenue"
    SITE_ADDRESS = "site.address"
    LEASE_UNTIL = "lease.until"
    EQUIPMENT_INVESTED = "equipment.invested"
    TEAM_FULL_TIME = "team.full_time"
    TEAM_FULL_TIME_TECHNICIANS = "team.full_time_technicians"
    TEAM_TECHNICIANS = "team.technicians"
    TEAM_QUALIFIED_SHARE = "team.qualified_share"
    DIRECTOR_YEARS = "director.years"
    SERVICES_DELIVERED = "services.delivered"
    ETHICS_COMMITTEE = "ethics.committee"


class Unit(StrEnum):
    """The canonical units a fact is told in."""

    M2 = "m2"
    WAN_YUAN = "万元"
    PERSONS = "人"
    ITEMS = "项"
    ENTERPRISES = "家"
    PERCENT = "%"
    YEARS = "年"


#: Key → (unit, Chinese name). A key without a unit holds text, a date, a list or true/false.
FACTS: Final[dict[FactKey, tuple[Unit | None, str]]] = {
    FactKey.APPLICANT_NAME: (None, "依托（申报）单位"),
    FactKey.APPLICANT_USCC: (None, "统一社会信用代码"),
    FactKey.APPLICANT_KIND: (None, "单位性质"),
    FactKey.CENTRE_NAME: (None, "中心（平台）名称"),
    FactKey.APPLICATION_DATE: (None, "填报日期"),
    FactKey.SITE_AREA: (Unit.M2, "场地面积"),
    FactKey.EQUIPMENT_VALUE: (Unit.WAN_YUAN, "仪器设备原值"),
    FactKey.TEAM_HEADCOUNT: (Unit.PERSONS, "运营服务团队人数"),
    FactKey.TEAM_TECHNOLOGY_MANAGERS: (Unit.PERSONS, "团队中技术经理（经纪）人数"),
    FactKey.ADVISORS_HEADCOUNT: (Unit.PERSONS, "顾问专家人数"),
    FactKey.ADVISORS_TECHNOLOGY_MANAGERS: (Unit.PERSONS, "顾问中技术经纪（经理）人数"),
    FactKey.ADVISORS_EXTERNAL_SHARE: (Unit.PERCENT, "外单位专家占比"),
    FactKey.FUNDING_ANNUAL: (Unit.WAN_YUAN, "年度专项（运营）经费"),
    FactKey.PROJECTS_RESERVED: (Unit.ITEMS, "储备（入库）项目数"),
    FactKey.PROJECTS_COMPLETED: (Unit.ITEMS, "完成项目数"),
    FactKey.PROJECTS_PRODUCTISED: (Unit.ITEMS, "样品化、产品化成果数"),
    FactKey.REVENUE_SERVICE: (Unit.WAN_YUAN, "对外服务收入"),
    FactKey.INVESTMENT_RAISED: (Unit.WAN_YUAN, "验证项目投融资额"),
    FactKey.TECHNOLOGY_CONTRACTS_VALUE: (Unit.WAN_YUAN, "技术合同交易额"),
    FactKey.ENTERPRISES_INCUBATED: (Unit.ENTERPRISES, "创办（孵化）企业数"),
    FactKey.ENTERPRISES_VALUATION: (Unit.WAN_YUAN, "孵化企业估值"),
    FactKey.ENTERPRISES_REVENUE: (Unit.WAN_YUAN, "孵化企业营业收入"),
    FactKey.FUND_SIZE: (Unit.WAN_YUAN, "基金（资金）规模"),
    FactKey.INDUSTRIES: (None, "服务产业领域"),
    FactKey.CONSTRUCTION_YEARS: (Unit.YEARS, "建设期"),
    FactKey.CREDIT_CLEAN: (None, "信用声明"),
    FactKey.APPLICANT_ESTABLISHED: (None, "成立日期"),
    FactKey.APPLICANT_ADDRESS: (None, "注册地"),
    FactKey.APPLICANT_OFFICE: (None, "主要办公场所"),
    FactKey.APPLICANT_LABORATORY: (None, "科研场所"),
    FactKey.APPLICANT_REVENUE: (Unit.WAN_YUAN, "营业收入"),
    FactKey.SITE_ADDRESS: (None, "中心（基地）地址"),
    FactKey.LEASE_UNTIL: (None, "租赁期止"),
    FactKey.EQUIPMENT_INVESTED: (Unit.WAN_YUAN, "仪器设备投入金额"),
    FactKey.TEAM_FULL_TIME: (Unit.PERSONS, "专职人员数"),
    FactKey.TEAM_FULL_TIME_TECHNICIANS: (Unit.PERSONS, "专职技术人员数"),
    FactKey.TEAM_TECHNICIANS: (Unit.PERSONS, "技术团队人数"),
    FactKey.TEAM_QUALIFIED_SHARE: (Unit.PERCENT, "本科以上或中级以上人员占比"),
    FactKey.DIRECTOR_YEARS: (Unit.YEARS, "带头人从业年限"),
    FactKey.SERVICES_DELIVERED: (Unit.ITEMS, "对外服务项目数"),
    FactKey.ETHICS_COMMITTEE: (None, "科技伦理（审查）委员会"),
}

#: Keys that hold a date.
DATES: Final = frozenset({FactKey.APPLICATION_DATE, FactKey.APPLICANT_ESTABLISHED, FactKey.LEASE_UNTIL})

#: Keys a policy may name and no reader yields yet. A clause on one says that a person must look; it never says the applicant left it out.
UNREAD: Final = frozenset(
    {
        FactKey.APPLICANT_ESTABLISHED,
        FactKey.APPLICANT_ADDRESS,
        FactKey.APPLICANT_OFFICE,
        FactKey.APPLICANT_LABORATORY,
        FactKey.APPLICANT_REVENUE,
        FactKey.SITE_ADDRESS,
        FactKey.LEASE_UNTIL,
        FactKey.TEAM_FULL_TIME,
        FactKey.TEAM_FULL_TIME_TECHNICIANS,
        FactKey.TEAM_TECHNICIANS,
        FactKey.TEAM_QUALIFIED_SHARE,
        FactKey.DIRECTOR_YEARS,
        FactKey.SERVICES_DELIVERED,
        FactKey.ETHICS_COMMITTEE,
    }
)


class FactStatus(StrEnum):
    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"


class Grade(StrEnum):
    """How good the best proof of a value is, the weakest first."""

    DECLARED = "declared"
    LIST = "list"
    CONTRACT = "contract"
    INVOICE = "invoice"
    AUDIT = "audit"
    GOVERNMENT = "government"


GRADE_NAMES: Final[dict[Grade, str]] = {
    Grade.DECLARED: "自行填报",
    Grade.LIST: "自制清单、名单",
    Grade.CONTRACT: "合同、租约",
    Grade.INVOICE: "发票、票据",
    Grade.AUDIT: "审计报告、证书",
    Grade.GOVERNMENT: "政府部门登记、证照",
}
GRADES: Final = tuple(Grade)


class Choice(StrEnum):
    """Why a sighting became the fact's value, or did not."""

    LABELLED = "labelled"
    LISTED = "listed"
    SAID = "said"
    AGREES = "agrees"
    ROUNDED = "rounded"
    DIFFERS = "differs"
    WEAK = "weak"
    PLANNED = "planned"
    PAST = "past"
    NEGOTIATED = "negotiated"
    HOSTS = "hosts"
    OTHERS = "others"
    REGIONS = "regions"
    POLICYS = "policys"
    PART = "part"
    OTHER_PERIOD = "other_period"
    SET_ASIDE = "set_aside"


#: Code → (chosen, what a reviewer reads). ``{words}`` is what the reading itself said.
CHOICES: Final[dict[Choice, tuple[bool, str]]] = {
    Choice.LABELLED: (True, "采用：栏目写明"),
    Choice.LISTED: (True, "采用：清单合计写明"),
    Choice.SAID: (True, "采用：正文写明"),
    Choice.AGREES: (True, "采用：与所取数值一致"),
    Choice.ROUNDED: (True, "采用：与所取数值只差舍入"),
    Choice.DIFFERS: (False, "未采用：与所取数值不同，另列为一项数据"),
    Choice.WEAK: (False, "未采用：所指没有把握（{words}），而别处写得明确"),
    Choice.PLANNED: (False, "未采用：{words}"),
    Choice.PAST: (False, "未采用：{words}"),
    Choice.NEGOTIATED: (False, "未采用：{words}"),
    Choice.HOSTS: (False, "未采用：{words}"),
    Choice.OTHERS: (False, "未采用：{words}"),
    Choice.REGIONS: (False, "未采用：{words}"),
    Choice.POLICYS: (False, "未采用：{words}"),
    Choice.PART: (False, "未采用：{words}"),
    Choice.OTHER_PERIOD: (False, "未采用：说的是另一期间（{words}）"),
    Choice.SET_ASIDE: (False, "未采用：{words}"),
}


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    MISSING = "missing"
    UNCLEAR = "unclear"
    JUDGEMENT = "judgement"
    NOT_APPLICABLE = "not_applicable"


VERDICT_NAMES: Final[dict[Verdict, str]] = {
    Verdict.MET: "符合",
    Verdict.NOT_MET: "不符合",
    Verdict.MISSING: "未见说明",
    Verdict.UNCLEAR: "无法判定",
    Verdict.JUDGEMENT: "须人工判断",
    Verdict.NOT_APPLICABLE: "不适用",
}


class Recommendation(StrEnum):
    RECOMMEND = "recommend"
    CORRECT_AND_RESUBMIT = "correct_and_resubmit"
    DO_NOT_RECOMMEND = "do_not_recommend"
    MANUAL_REVIEW = "manual_review"


RECOMMENDATION_NAMES: Final[dict[Recommendation, str]] = {
    Recommendation.RECOMMEND: "建议推荐",
    Recommendation.CORRECT_AND_RESUBMIT: "建议补正",
    Recommendation.DO_NOT_RECOMMEND: "建议不予推荐",
    Recommendation.MANUAL_REVIEW: "须人工复核",
}


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITY_NAMES: Final[dict[Severity, str]] = {Severity.HIGH: "重要", Severity.MEDIUM: "一般", Severity.LOW: "提示"}


class PolicyStatus(StrEnum):
    DRAFT = "draft"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


class FindingCode(StrEnum):
    THRESHOLD_NOT_MET = "THRESHOLD_NOT_MET"
    BOUNDARY_VALUE = "BOUNDARY_VALUE"
    FACT_CONFLICT = "FACT_CONFLICT"
    SUM_MISMATCH = "SUM_MISMATCH"
    COUNT_MISMATCH = "COUNT_MISMATCH"
    RATIO_MISMATCH = "RATIO_MISMATCH"
    PART_EXCEEDS_WHOLE = "PART_EXCEEDS_WHOLE"
    UNIT_SUSPECT = "UNIT_SUSPECT"
    AMOUNT_WORDS_MISMATCH = "AMOUNT_WORDS_MISMATCH"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    PERIOD_OUT_OF_WINDOW = "PERIOD_OUT_OF_WINDOW"
    DUPLICATE_PERSON = "DUPLICATE_PERSON"
    SHARED_PERSON = "SHARED_PERSON"
    DUPLICATE_ASSET = "DUPLICATE_ASSET"
    SHARED_ASSET = "SHARED_ASSET"
    SHARED_PREMISES = "SHARED_PREMISES"
    TEXT_REUSE = "TEXT_REUSE"
    IMAGE_REUSE = "IMAGE_REUSE"
    ID_CHECKSUM = "ID_CHECKSUM"
    NAME_MISMATCH = "NAME_MISMATCH"
    NAME_RULE = "NAME_RULE"
    DOCUMENT_EDITED = "DOCUMENT_EDITED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    HIDDEN_TEXT = "HIDDEN_TEXT"
    SEAL_MISSING = "SEAL_MISSING"
    SEAL_MISMATCH = "SEAL_MISMATCH"
    MATERIAL_MISSING = "MATERIAL_MISSING"
    FIELD_BLANK = "FIELD_BLANK"
    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE"
    MATERIAL_EXPIRED = "MATERIAL_EXPIRED"


#: Code → (short name, what it means), as the report and the legend of batch.xlsx print them.
FINDINGS: Final[dict[FindingCode, tuple[str, str]]] = {
    FindingCode.THRESHOLD_NOT_MET: ("未达条件", "由一个数字决定的条款未达到（或超出）规定的数值"),
    FindingCode.BOUNDARY_VALUE: ("恰在边界", "数值恰好等于门槛，而条文用语（如“突破”）未写明等于是否算达到"),
    FindingCode.FACT_CONFLICT: ("前后不一", "同一事项在不同处写成不同的数值，差别超过四舍五入"),
    FindingCode.SUM_MISMATCH: ("合计不符", "写明的合计与各项相加不一致"),
    FindingCode.COUNT_MISMATCH: ("人数（项数）不符", "写明的数量与名单、清单的行数不一致"),
    FindingCode.RATIO_MISMATCH: ("占比不符", "写明的占比与名单或各部分算出的占比不一致"),
    FindingCode.PART_EXCEEDS_WHOLE: ("部分大于整体", "“其中”各项大于其所属的总数"),
    FindingCode.UNIT_SUSPECT: ("单位存疑", "两处数值恰好相差10、100、1000、10000倍，或疑以亩作平方米"),
    FindingCode.AMOUNT_WORDS_MISMATCH: ("大小写不符", "大写金额与小写金额不一致"),
    FindingCode.DATE_IMPOSSIBLE: ("日期有误", "日期不可能成立，例如晚于申报日、早于单位成立、止早于起"),
    FindingCode.PERIOD_OUT_OF_WINDOW: ("不在期限内", "用来证明某一期限（近2年、上年度）的材料不在该期限内"),
    FindingCode.DUPLICATE_PERSON: ("人员重复", "同一人在同一名单中出现两次"),
    FindingCode.SHARED_PERSON: ("人员共用", "同一人在几家申报单位中均为专职"),
    FindingCode.DUPLICATE_ASSET: ("设备重复", "同一出厂编号在清单中出现两次"),
    FindingCode.SHARED_ASSET: ("设备共用", "同一出厂编号出现在几家申报单位的清单中"),
    FindingCode.SHARED_PREMISES: ("场地共用", "同一房间为几家申报单位所用"),
    FindingCode.TEXT_REUSE: ("文字雷同", "两份申报材料有大段相同文字（不含表格固定文字和政策原文）"),
    FindingCode.IMAGE_REUSE: ("图片重复", "同一照片或扫描件用于两份申报材料，或在同一材料中配两种说明"),
    FindingCode.ID_CHECKSUM: ("号码校验不符", "统一社会信用代码或身份证号的校验位不符"),
    FindingCode.NAME_MISMATCH: ("主体不一致", "附件写明的权利人、当事人不是申报单位"),
    FindingCode.NAME_RULE: ("名称不合规则", "中心（平台）名称不是政策规定的形式"),
    FindingCode.DOCUMENT_EDITED: ("文件有改动", "文件显示完成之后又被改动过"),
    FindingCode.SIGNATURE_INVALID: ("电子签名无效", "电子签名未能通过验证"),
    FindingCode.HIDDEN_TEXT: ("隐藏文字", "文件中有读者看不见的文字，或文字层与画面不一致"),
    FindingCode.SEAL_MISSING: ("未见印章", "要求盖章的扫描页上没有印章"),
    FindingCode.SEAL_MISMATCH: ("印章不符", "印章上的名称不是申报单位"),
    FindingCode.MATERIAL_MISSING: ("材料缺失", "政策、通知或附件清单列明的材料没有提交"),
    FindingCode.FIELD_BLANK: ("栏目未填", "申报单位应填写的栏目、签名或日期为空"),
    FindingCode.DOCUMENT_UNREADABLE: ("文件无法读取", "申报单位提交的文件加密、损坏、为空、类型不明或超出上限"),
    FindingCode.MATERIAL_EXPIRED: ("材料过期", "租赁合同、证照、证书或报告在申报日已经过期"),
}


class IssueCode(StrEnum):
    """What the screening itself could not do."""

    DOCUMENT_NOT_READ = "DOCUMENT_NOT_READ"
    PAGE_NOT_READ = "PAGE_NOT_READ"
    CHECK_FAILED = "CHECK_FAILED"
    NOTHING_READ = "NOTHING_READ"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    INTERRUPTED = "INTERRUPTED"


ISSUES: Final[dict[IssueCode, str]] = {
    IssueCode.DOCUMENT_NOT_READ: "本系统目前没有读取此类文件的功能，请人工查看",
    IssueCode.PAGE_NOT_READ: "该页没有可读的文字层，未读取，请人工查看",
    IssueCode.CHECK_FAILED: "一项检查未能完成，请人工核对",
    IssueCode.NOTHING_READ: "没有一份材料能够读取",
    IssueCode.INTERNAL_ERROR: "系统处理时出错，已保留原件，请联系管理员",
    IssueCode.INTERRUPTED: "处理被中断，请重新运行",
}
