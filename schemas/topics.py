"""What a passage may bear on, and the words that suggest it: clauses without a number list such passages for the reviewer.

A word may belong to several topics. Where two words overlap in a text the one that starts first takes the place, so a word added here must
not hide another topic's (a test looks for that).
"""

from typing import Final

#: Topic → (Chinese name, words that suggest it).
TOPICS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "subject": ("建设主体", ("独立法人", "法人资格", "法人单位", "依法登记", "注册成立", "联合共建", "共建单位", "内设机构")),
    "plan": ("建设方案", ("建设目标", "组织架构", "功能体系", "服务团队", "资金保障")),
    "management": (
        "管理制度",
        ("组织架构", "管理制度", "服务流程", "科技保密", "科研诚信", "科技伦理", "质量保证", "信息保密", "收费标准"),
    ),
    "director": (
        "负责人经历",
        ("中心主任", "中心负责人", "平台负责人", "负责人从事", "转化经验", "转化经历", "科技成果转化", "中试经验", "从事中试"),
    ),
    "mechanism": ("服务机制", ("遴选", "验证分析", "商业孵化", "服务机制", "服务案例", "成果来源")),
    "services": (
        "服务链条",
        ("研发验证", "技术验证", "商业化验证", "商业验证", "基础服务", "服务链", "尽职调查", "项目评估", "法律咨询"),
    ),
    "recent": ("近年服务", ("概念验证服务", "中试服务", "服务合同", "服务项目")),
    "listed": ("创建名单", ("创建名单", "纳入创建", "批准创建", "同意创建")),
    "sources": ("项目来源", ("项目来源", "成果来源", "来源稳定", "合作协议", "项目征集", "成果征集", "来源单位")),
    "facilities": ("场地设施", ("配套设施", "检验检测", "分析检测", "中试生产线", "中试线", "专用设备", "场地构成", "功能分区")),
    "research_team": ("研发团队", ("研发团队", "研发人员", "熟化方案", "工艺规程", "生产质量")),
    "team.background": ("核心人员背景", ("核心人员", "技术研发", "技术研判", "项目管理", "从业经历")),
    "technology_managers": ("技术经纪（经理）人", ("技术经纪人", "技术经理人")),
    "funding": ("运营经费", ("运营经费", "经费保障", "专项资金")),
    "fund": ("基金（资金）", ("投资基金", "概念验证基金", "转化基金", "验证资金", "转化资金")),
    "projects.reserved": ("项目库", ("项目库", "储备项目", "入库项目")),
    "advisors.sectors": ("顾问界别", ("学术界", "产业界", "投资界")),
    "credit": ("信用", ("失信", "违法", "信用", "信用修复")),
    # The parts of the broader ones above, so that each element asked for is shown, or told to be lacking, by itself.
    "plan.goals": ("建设目标", ("建设目标", "总体目标", "阶段目标", "发展目标")),
    "plan.organisation": ("组织架构", ("组织架构", "组织体系", "主任负责制", "下设", "内设机构")),
    "plan.functions": ("功能体系", ("功能体系", "功能定位", "功能模块", "服务功能", "服务能力")),
    "plan.team": ("服务团队", ("服务团队", "人员配备", "团队构成")),
    "plan.funding": ("资金保障", ("资金保障", "经费保障", "运营经费", "专项资金", "年度预算", "运营保障", "资金筹措")),
    "management.rules": ("运行管理制度", ("管理制度", "规章制度", "运行制度")),
    "management.projects": ("项目管理体系", ("项目管理", "遴选")),
    "management.secrecy": ("保密", ("科技保密", "信息保密", "保密")),
    "management.integrity": ("科研诚信", ("科研诚信", "学术诚信", "诚信伦理")),
    "management.ethics": ("科技伦理", ("科技伦理", "伦理审查", "伦理委员会", "诚信伦理", "学术伦理")),
    "management.flow": ("服务流程", ("服务流程", "承接程序", "工作流程", "业务流程", "流程图")),
    "management.fees": ("收费标准", ("收费标准", "收费", "价目表")),
    "management.quality": ("质量保证", ("质量保证", "质量控制", "质量体系", "服务质量")),
    "mechanism.selection": ("项目遴选", ("遴选",)),
    "mechanism.validation": ("验证分析", ("验证分析", "分析验证", "试验验证")),
    "mechanism.incubation": ("商业孵化", ("商业孵化", "创业孵化", "成果孵化")),
    "mechanism.cases": ("服务案例", ("服务案例", "典型案例", "成功案例")),
    "services.basic": ("基础服务", ("研发验证", "技术验证", "商业化验证", "商业验证", "基础服务", "服务能力")),
    "services.professional": ("专业服务", ("尽职调查", "项目评估", "法律咨询")),
    # What other cities' policies ask.
    "located": ("注册及办公、科研场所", ("注册地", "办公场所", "科研场所", "住所")),
    "established": ("成立时间", ("成立时间", "成立日期", "注册时间", "正常经营")),
    "accounts": ("财务核算", ("独立核算", "财务核算")),
    "safety": ("安全环保", ("安全生产", "安全设施", "环境保护", "环保设施", "环保设备")),
    "industry": ("产业方向", ("重点产业", "产业集群", "产业方向")),
    "lines": ("中试线", ("中试生产线", "中试线")),
    "invested": ("设备投入", ("投入金额", "设备投入")),
    "full_time": ("专职人员", ("专职",)),
    "qualified": ("学历职称", ("本科学历", "本科以上", "本科及以上", "中级", "职称")),
    "turnover": ("营业收入", ("营业收入",)),
    "lead": ("技术带头人", ("带头人",)),
    "scope": ("服务范围", ("检验检测", "服务范围")),
    "repaired": ("信用修复", ("完成修复", "已修复", "信用修复")),
}
