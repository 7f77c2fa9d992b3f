"""A label taken apart into the words it is made of: whose, what, and how it is measured.

The patterns of ``extractors.facts`` know labels by their usual shapes. A label of another shape (``储备库在库成果总量``, ``实验检测仪器账面原值``) is read here:
it means a key where it is wholly made of that key's words, at least one for each thing that must be said. One word that is none of them
(``依托单位``, ``计划``, ``净``, ``博士``), and it means nothing here. So a wording is added as a word, and it joins every other word that is known.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.vocabulary import FactKey


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Made(NamedTuple):
    """What a key's label is made of. ``need``: of each group one word must stand; ``may``: words that can stand beside them."""

    need: tuple[frozenset[str], ...]
    may: frozenset[str]


#: Words that change nothing of what is measured or whose it is.
_PLAIN: Final = _words(
    """的 之 其 及 和 与 或 、 / ( ) : 等 本 该 我 所 现 现有 已 已经 已有 实 实有 实际 目前 当前 截至 至今 迄今 在 拥有 具有 具备 建有 设有 配有 配备 配置 落实 用于 用作 作为 供 归 属
    归属 使用 开展 从事 提供 累计 合计 总计 共计 总 共 全部 年末 年底 期末 时点 存量 情况 数据 填报 填写 申报 申请 建设 创建 成立 运营 以来 自 后 起 中心 平台 中心(平台) 概念验证 概念验证中心 中试 中试平台 验证 熟化
    中试熟化 市级 专门 自有 稳定 名下 有效 相关 对应 统计 指标 核定 自报 期 内 本中心 本平台"""
)
_AREA: Final = _words("面积 建筑面积 使用面积 总面积 平方数 平米数 平方米数 大小 规模 总规模 面积数 面积合计 面积总计")
_COUNT: Final = _words(
    "人数 人员数 总人数 数 总数 数量 总量 总数量 规模 总规模 人员数量 人员规模 人数规模 人员总数 成员数 成员数量 人头数 员额 人员总量 数目 体量 计数"
)
_THINGS: Final = _words("数 总数 数量 总量 总数量 个数 项数 件数 项目数 数目 规模 总规模 成果数 体量 存量 计数")
_FIRMS: Final = _words("数 总数 数量 总量 总数量 家数 户数 企业数 个数 数目 规模 计数")
_SUM: Final = _words("额 金额 总额 总金额 数额 规模 总规模 总量 合计 总计 价款 总价 额度 总额度 资金量")
_VALUE: Final = _words(
    "原值 原价值 原价 账面原值 资产原值 购置原值 原始价值 原始价 入账原值 原值总额 原值金额 总值 价值 总价值 总原值 账面价值"
)
_MANAGERS: Final = _words(
    "技术经理人 技术经纪人 技术转移经理人 技术转移经纪人 技术经理(经纪)人 技术经纪(经理)人 技术经理 技术转移经理 技术转移经理(经纪)人 技术经纪 技术经理人员 技术经纪人员 经纪人 经理人"
)
_ADVISERS: Final = _words(
    "顾问 专家 顾问专家 专家顾问 智库 咨询专家 专家咨询 专家库 专家委员会 顾问团 专家组 顾问委员会 咨询委员会 智囊团 智囊 外脑 评议专家"
)
_TEAM: Final = _words(
    "团队 队伍 工作人员 工作团队 运营人员 运管人员 运营管理人员 运营服务人员 管理服务人员 专业服务人员 专业人员 中心人员 平台人员 专兼职人员 服务团队 运营团队 管理团队 运管团队 团队成员 服务队伍 运营队伍 班子 成员 工作班子"
)
_KIT: Final = _words("仪器 设备 装备 软硬件 软件 硬件 设施 器材 仪器设备 机器设备 仪器装备 设备设施 装置 机具 系统 专用软件 工装")
_KIT_OF: Final = _words("科研 科学 检测 检验 测试 实验 试验 分析 专用 配套 工艺 生产 研发 服务 试制 加工 通用 技术 识别")

_MADE: Final[Mapping[FactKey, tuple[Made, ...]]] = {
    FactKey.SITE_AREA: (
        Made(
            (_words("场地 用房 专用房 场所 空间 场馆 物理空间 工作场所 场所用房"), _AREA),
            _words("固定 专用 专属 独立 独占 服务 租赁 租用 承租 自有 办公 试验 实验 配套 附属 辅助 设施 工作 物理 合并 试制 科研 研发 生产 业务 可用 投用 启用 独立使用 长期"),
        ),
        Made((_words("中心 平台 本中心 本平台"), _words("面积 建筑面积 使用面积 总面积 所占面积 占用面积 面积合计 面积总计")), _words("场地 固定 专用 租赁 自有")),
    ),
    FactKey.EQUIPMENT_VALUE: (Made((_KIT, _VALUE), _KIT_OF),),
    FactKey.EQUIPMENT_INVESTED: (
        Made((_KIT, _words("投入 采购 购置 购买 购入 添置"), _words("金额 额 总额 总金额 资金 资金额 价款 款项 总价 数额 合计")), _KIT_OF),
    ),
    FactKey.ADVISORS_TECHNOLOGY_MANAGERS: (
        Made((_MANAGERS, _ADVISERS), _COUNT | _words("团队 队伍 库 成员 人员 中 持证 资格 资质 证书 取得 持有 持 具有 具备 含 专业 职业 人才 委员会 组 者 人 人数")),
    ),
    FactKey.TEAM_TECHNOLOGY_MANAGERS: (
        Made((_MANAGERS,), _COUNT | _TEAM | _words("中 持证 资格 资质 证书 取得 持有 持 含 专业 职业 人才 专职 在岗 服务 管理 专业化 者 人 人数 类 专员")),
    ),
    FactKey.ADVISORS_EXTERNAL_SHARE: (
        Made(
            (_words("外单位 外部 校外 院外 外聘 单位外 外来 非本单位 外请 所外 企外 系统外"), _words("占比 比例 比重 百分比 占 率 份额")),
            _ADVISERS | _words("团队 队伍 库 成员 人员 委员 人数 数 中 来源 来自 人 组 委员会 总数 总人数"),
        ),
    ),
    FactKey.ADVISORS_HEADCOUNT: (
        Made((_ADVISERS, _COUNT), _words("遴选 咨询 技术 项目 行业 产业 团队 队伍 库 成员 人员 组 委员 委员会 聘请 聘任 聘用 受聘 在聘 在库 入库 评审 评议 服务 决策 战略 聘有 选聘 专业 外聘 特聘")),
    ),
    FactKey.TEAM_HEADCOUNT: (
        Made(
            (_TEAM, _COUNT),
            _words("服务 管理 专业化 专业 核心 工作 固定 在岗 在册 专兼职 专职及兼职 专、兼职 日常 运行 技术转移 组成 队伍 转化 服务管理 运维 常驻 专班 人员 成员 团队 工作"),
        ),
    ),
    FactKey.PROJECTS_RESERVED: (
        Made((_words("储备 入库 在库 库存 项目库 储备库 成果库 库内 征集入库 收储 纳库 待验证"), _words("项目 成果 项目库 储备项目 入库项目 在库项目"), _THINGS), _words("科技 科技成果 早期 优质 潜在 库 储备 入库 在库 待验证 拟验证 征集 收录 遴选 纳入 储备库 项目")),
    ),
    FactKey.PROJECTS_COMPLETED: (
        Made((_words("完成 办结 结题 结项 验收 完结 验证完成 完成验证 已验证"), _words("项目 服务 任务 服务项目 课题 概念验证 中试 验证 验证项目 中试项目"), _THINGS), _words("通过 服务 技术 成果 并 项目 科技成果 试验 熟化 评价 承接")),
    ),
    FactKey.PROJECTS_PRODUCTISED: (
        Made((_words("样品化 产品化 样品 样机 产品 新产品 原型机 样机化 原型 定型产品"), _words("成果 项目 科技成果 形成 实现 转化 达成 产出 完成 制成 转为"), _THINGS), _words("成果 科技 科技成果 技术 项目 化 实现 形成 完成 达到 阶段 程度 成 转化 转化为 或 产品化 样品化 产品 样品 样机")),
    ),
    FactKey.ENTERPRISES_INCUBATED: (
        Made(
            (_words("孵化 创办 培育 衍生 新设 孵化培育 孵化(创办) 创办(孵化) 孵化创办 创立 催生 裂变 创设 初创"), _words("企业 公司 科技型企业 科技企业 初创企业 市场主体 科创企业 高新技术企业"), _FIRMS),
            _words("科技 科技型 创新型 硬科技 初创 初创型 成功 落地 注册 由 形成 新 出 项目 新增注册"),
        ),
    ),
    FactKey.ENTERPRISES_VALUATION: (
        Made((_words("企业 公司 孵化企业 创办企业 科技型企业"), _words("估值 总估值 估值总额 估值合计 估值总和")), _words("孵化 创办 培育 衍生 投后 最新 市场 整体 额 总额 金额 之和 科技型")),
    ),
    FactKey.ENTERPRISES_REVENUE: (
        Made((_words("孵化企业 创办企业 培育企业 孵化 创办 培育 衍生"), _words("营业收入 营收 收入 销售额 销售收入 产值 主营收入 业务收入")), _words("企业 公司 科技型 额 总额 金额 之和 实现 形成 创造")),
    ),
    FactKey.REVENUE_SERVICE: (
        Made((_words("服务 技术服务 服务性 验证服务 对外服务 中试服务 概念验证服务"), _words("收入 收入额 收入总额 收入金额 营收 创收 创收额 进账 收入合计 营业收入 业务收入 服务收入 收入数 到账收入")), _words("对外 实现 取得 获得 形成 产生 业务 性 技术 试验 年度 当年 全年 年")),
        Made((_words("概念验证 中试 中试熟化 验证"), _words("收入 收入额 收入总额 收入金额 营收 创收 创收额 收入合计 业务收入 营业收入")), _words("对外 实现 取得 获得 形成 产生 业务 性 服务 年度 当年 全年 年 板块")),
    ),
    FactKey.INVESTMENT_RAISED: (
        Made((_words("投融资 融资 股权融资 社会资本 风险投资 社会投资 股权投资 外部投资 创投资金 风投 创业投资 外部资金"), _SUM | _words("投入 资金")), _words("项目 成果 获得 获 引入 引进 吸引 撬动 带动 实现 完成 取得 吸纳 到位 入库 被投 投资 社会 资本 股权 外部 资金")),
        Made((_words("项目 成果"), _words("获投 获投资 所获投资 获得投资"), _SUM), _words("资金 社会 外部")),
    ),
    FactKey.TECHNOLOGY_CONTRACTS_VALUE: (
        Made((_words("技术合同 技术交易 技术成交 技术转让 技术许可 技术开发 四技合同 四技 成果转化合同 转化合同 成果转让"), _words("额 金额 总额 总金额 成交额 交易额 成交金额 交易金额 合同额 合同金额 成交总额 交易总额 登记额 认定额")), _words("技术 开发 许可 转让 咨询 服务 作价入股 成果 转化 科技成果 交易 成交 合同 登记 认定 促成 达成 实现 签订 技术服务 技术咨询 技术许可 技术转让")),
    ),
    FactKey.FUNDING_ANNUAL: (
        Made((_words("年均 每年 年度 年平均 逐年 /年 按年"), _words("经费 资金 运营经费 运行经费 专项经费 工作经费 运营资金 专项资金 建设经费 运行资金 工作资金")), _words("运营 运行 专项 工作 保障 投入 安排 额 金额 数额 额度 列支 拨付 支持 水平 支出 平均 持续 固定 单位投入 总额度 强度 服务")),
    ),
    FactKey.FUND_SIZE: (
        Made((_words("基金 专项基金 转化基金 成果转化基金 验证基金 概念验证基金 引导基金 种子基金 天使基金 投资基金 转化资金 验证资金 种子资金 引导资金 概念验证资金 成果转化资金 资金池 子基金 科技成果转化基金 创投基金"), _SUM | _words("实缴规模 认缴规模 资金规模 管理规模 盘子")), _words("科技 科技成果 成果 转化 产业 专项 种子 引导 天使 合作 设立 参与 资金 自有 配套 独立 支持 成果转化 科技成果转化 募集")),
    ),
    FactKey.CONSTRUCTION_YEARS: (
        Made((_words("建设 创建 培育 实施 组建 筹建"), _words("期 期限 周期 年限 时长 工期 年数 期间长度")), _words("项目 任务 方案 规划 计划 预计 拟定 拟 预定 预期 整体 设定 约定 确定 所需 安排")),
    ),
}  # fmt: skip
#: No label holds a key whose nouns it lacks: most words are looked at no further.
_HINT: Final = re.compile(
    "|".join(sorted({w for forms in _MADE.values() for made in forms for w in made.need[-1]}, key=len, reverse=True))
)


@lru_cache(maxsize=20_000)
def key_of(bare: str) -> FactKey | None:
    """The key whose words a folded label, without its number, unit and year, is wholly made of; None where there is no such key, or more than one.

    >>> key_of("实验检测仪器账面原值"), key_of("依托单位仪器设备原值")
    (<FactKey.EQUIPMENT_VALUE: 'equipment.value'>, None)
    """
    if not 4 <= len(bare) <= 32 or not _HINT.search(bare):
        return None
    found = [key for key, forms in _MADE.items() if any(_made_of(bare, made) for made in forms)]
    if found[:2] == [FactKey.ADVISORS_TECHNOLOGY_MANAGERS, FactKey.TEAM_TECHNOLOGY_MANAGERS]:
        return found[0]
    return found[0] if len(found) == 1 else None


def _made_of(bare: str, made: Made) -> bool:
    """Whether words of ``made`` and plain ones cover the label from end to end, with one of each needed group among them."""
    everything = (1 << len(made.need)) - 1
    #: For each place, what may have been met on the ways that lead there.
    reached: list[set[int]] = [{0}, *(set() for _ in bare)]
    for at in range(len(bare)):
        if not reached[at]:
            continue
        for size in range(1, min(_LONGEST, len(bare) - at) + 1):
            word = bare[at : at + size]
            met = [1 << n for n, group in enumerate(made.need) if word in group]
            if met or word in made.may or word in _PLAIN:
                reached[at + size] |= {before | more for before in reached[at] for more in (*met, 0)}
    return everything in reached[-1]


def _longest(forms: Iterable[tuple[Made, ...]]) -> int:
    return max(len(w) for made in forms for one in made for group in (*one.need, one.may) for w in group)


_LONGEST: Final = _longest(_MADE.values())
