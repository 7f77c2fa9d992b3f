"""Money: service revenue, annual funding, funds, financing, technology contracts, and what incubated enterprises are worth and earn.

The host's turnover, a single contract, investment plans and budgets are none of these. 年均 and a year's amount are different bases.
"""

import re

from extractors.measurand import DURATION, MONEY, Decoy, Measurand, pattern
from schemas.vocabulary import FactKey

#: The kinds of technology contracts, and the words for all of them.
_CONTRACTS = re.compile(r"开发|许可|转让|服务|咨询|入股")
_ALL_CONTRACTS = re.compile(r"技术(?:合同|交易)|成交|四技|各类|合计|总额|总计")


def only_kind(words: str) -> str | None:
    """The one kind of technology contract that a label or noun names, where it names no other and not all of them."""
    kinds = set(_CONTRACTS.findall(words))
    return next(iter(kinds)) if len(kinds) == 1 and not _ALL_CONTRACTS.search(words) else None


MEASURANDS = (
    Measurand(
        FactKey.ENTERPRISES_VALUATION,
        MONEY,
        label=pattern(r"估值"),
        head=pattern(r"(企业|公司)?[^，。；\d]{0,6}(累计|合计|总|投后|最新)?估值(合计|总额|累计|总计)?"),
        unlike=pattern(r"拟|计划|目标|预期|机构|方法|基金"),
        topic=pattern(r"企业|公司"),
    ),
    Measurand(
        FactKey.ENTERPRISES_REVENUE,
        MONEY,
        label=pattern(
            r"(孵化|创办|培育|衍生|在孵|所孵)[^，。；]{0,12}(营业收入|营收|收入|销售额|产值)|(营业收入|营收)[^，。；()]{0,4}\([^()]{0,4}(孵化|创办|培育|在孵)[^()]{0,6}(\)|$)|企业[^，。；]{0,4}累计[^，。；]{0,4}(营业收入|营收|收入)"
        ),
        head=pattern(
            r"(孵化|创办|培育|衍生)[^，。；\d]{0,14}(营业收入|营收|销售收入)(合计|总额|累计)? | (企业)?[^，。；\d]{0,4}(累计|合计)(实现)?(营业收入|营收|销售收入)"
        ),
        unlike=pattern(r"拟|计划|目标|预期|依托单位|主营|税"),
        topic=pattern(r"(孵化|创办|培育|衍生)[^。]{0,16}(企业|公司)"),
    ),
    Measurand(
        FactKey.TECHNOLOGY_CONTRACTS_VALUE,
        MONEY,
        label=pattern(
            r"""技术(合同|交易|成交|开发|许可|转让)[^，。；]{0,24}(额|金额|总额|收入|成交|价值|值)|技术(合同|交易)(情况|总计|合计)?$|成果(转化|转让)[^，。；资基]{0,6}(合同|交易|成交)(额|金额|总额)"""
        ),
        head=pattern(
            r"""(技术(开发|许可|转让|咨询|服务|作价入股)(\(含[^)]*\))?(、|及|和|与|或|等|/)*)+[^，。；\d]{0,8}(交易|合同|成交|收入)?(总)?(额|金额|总额)?
            | 技术(合同|交易)[^，。；\d]{0,8}(成交|交易|登记|认定)?(总)?(额|金额|总额)? | (成交|交易)(总)?(额|金额)"""
        ),
        unlike=pattern(r"拟|计划|目标|预期|份数|项数|数量|登记号|编号|名称|服务收入"),
        topic=pattern(r"技术(开发|许可|转让|合同|交易)|成果转化"),
    ),
    Measurand(
        FactKey.INVESTMENT_RAISED,
        MONEY,
        label=pattern(
            r"(投融资|融资|股权融资|获投|风险投资|社会资本|获得投资|引入投资|吸引投资)[^，。；]{0,10}(额|金额|总额|规模|资金|合计|累计|情况)?$"
        ),
        head=pattern(
            r"""(获得|实现|取得|引入|吸引|完成|累计|带动|撬动)*(了)?(社会)?(股权|天使|风险|创业)?(投融资|融资|股权投资|风险投资|社会资本|外部投资)(总)?(额|金额|总额|资金|规模)*(累计|合计|共计|达|约)?"""
        ),
        unlike=pattern(
            r"拟|计划|目标|预期|总投资|概算|项数|家数|轮次|机构|服务|对接|协议|顾问|类|需求|意向|(孵化|在孵|入驻|所孵)(的)?企业|基金投"
        ),
        topic=pattern(r"项目|验证|企业|团队|成果|累计"),
    ),
    Measurand(
        FactKey.REVENUE_SERVICE,
        MONEY,
        label=pattern(
            r"(概念验证|验证|中试|技术|对外|对外服务|平台|中心)[^，。；]{0,10}(服务)?[^，。；]{0,8}收入|服务(性)?收入|服务(总|营业)?收入"
        ),
        head=pattern(
            r"(对外|提供|实现|取得|开展|获得)?(概念验证|验证|中试|技术验证|中心|平台)*(技术)?(服务)(性|总)?(业务)?收入(总额|合计|共计|金额)? | (概念验证|验证|中试)[^，。；\d]{0,8}收入(合计|总额)?"
        ),
        unlike=pattern(
            r"拟|计划|目标|预期|(?<!服务)营业(总)?收入|主营|利润|占比|比例|税|成本|年(底|末)?预|依托单位|孵化|创办|科目|房租|租赁|租金|物业|产品|销售|(检验|检测)(检测)?服务|增长|率$|需求"
        ),
        yearly=True,
    ),
    Measurand(
        FactKey.REVENUE_SERVICE,
        MONEY,
        label=pattern(r"(?!)"),
        head=pattern(r"(实现|取得|获得|形成|产生|累计|合计)+(的)?收入(合计|总额)?"),
        topic=pattern(r"(概念验证|中试|验证|对外)[^，。；\d]{0,10}服务"),
        yearly=True,
    ),
    Measurand(
        FactKey.FUNDING_ANNUAL,
        MONEY,
        label=pattern(
            r"""(年均|年平均|平均每年|每年|年度|按年)[^，。；]{0,16}(经费|资金|投入|费用)[^，。；]{0,8}$ | ^(依托单位|申报单位|本?单位|中心|平台)?(的)?年(运营|运行|专项|工作|经费|投入)[^，。；]{0,12}$ | (运营|专项|运行)(经费|资金)[^，。；]{0,10}(年均|每年|年度|年投入|年安排|/年)|(经费|资金)[^，。；]{0,6}(年均|每年|/年)"""
        ),
        head=pattern(
            r"""(年均|年平均|平均每年|每年|每年度|年度|逐年|按年(?:度)?)(?![^，。；\d]{0,12}(?:研发|科研|教育|财政|社会))[^，。；\d]{0,18}(经费|资金|投入|费用)[^，。；\d]{0,8} | (概念验证|中心|平台|建设|专项|运营|运行)*(经费|资金)(投入)?[^，。；\d]{0,3}(年均|每年|年度)[^，。；\d]{0,6}
            | (年均|每年)(安排|投入|拨付|列支|保障|支出)?(约|为)?"""
        ),
        unlike=pattern(
            r"拟|计划|目标|预期|收入|预算表|营业|设备|总投资|研发|科研|会议|差旅|培训|财政|人员|招商|教育|广告|技改|技术改造|合计|累计|总额|来源|科目|申请|各年|分年|逐年|历年|各年度"
        ),
        topic=pattern(r"经费|资金|投入"),
    ),
    Measurand(
        FactKey.FUND_SIZE,
        MONEY,
        label=pattern(
            r"(基金|转化资金|验证资金|引导资金|种子资金|概念验证资金|成果转化资金|投资资金|转化基金|转化\)资金|验证\)资金|^资金规模|^资金总规模|资金池)[^，。；]{0,10}(规模|额|金额|总额|额度|总规模|数额|情况)?$"
        ),
        head=pattern(
            r"""(概念验证|成果转化|科技成果转化|转化|中试|投资|产业|创投|创业投资|天使|种子|引导|子|母|专项|验证|合作|自有|独立|\(科技成果转化\)|\(成果转化\))*(基金|验证资金|转化资金|引导资金|种子资金|专项基金)
            [^，。；\d]{0,8}(规模|总规模|总额|额度|金额|资金规模)? | (基金|资金)?(总)?规模(合计)?"""
        ),
        unlike=pattern(
            r"拟|计划|目标|预期|意向|名称|编号|备案|自然科学|公积金|年均|每年|年度|管理人|管理公司|收入|用途|来源|投资(项目|金额|额|企业)|已投|申请"
        ),
        topic=pattern(r"基金|(验证|转化|引导|种子)\)?资金"),
    ),
    Measurand(
        FactKey.CONSTRUCTION_YEARS,
        DURATION,
        label=pattern(
            r"^(项目|中心|平台|创建|申请|申报|本次|预定|规划|拟用?|计划|预计|拟定|所需|总|全部|整个)*(建设|创建|培育|实施)(期|期限|周期|期间|年限|工期)(限|年限|年数|时长|长度|长|设定|要求)?$"
        ),
        head=pattern(r"(建设|创建)(期|期限|周期|工期)(限)?(拟|计划|定|暂定|约|为|共)*"),
        unlike=pattern(r"起止|时间段|内|总投资|期间"),
        classifiers="年",
    ),
)

DECOYS = (
    Decoy(
        pattern(
            r"""(依托单位|单位|公司|企业|集团|主营|本单位|全年|年度|总)*[^，。；、\d]{0,3}(营业(总)?收入|主营业务收入|销售收入|总收入|营收|产值|利润(总额)?|净利润|纳税|税收|上缴税费)(总额|合计)?"""
        ),
        "依托单位的营业收入等，不是中心（平台）的服务收入",
        (MONEY,),
    ),
    Decoy(
        pattern(r"(意向|拟设|拟设立|筹备|筹建|拟出资|拟合作|正在洽谈)[^，。；\d]{0,10}(基金|资金)?[^，。；\d]{0,6}"),
        "尚在意向或筹备的资金",
        (MONEY,),
    ),
    Decoy(
        pattern(
            r"""(总|计划|建设期?|项目|固定资产|预计|概算|估算)*(总投资|投资(概算|估算|总额|计划|预算)|建设(资金|经费|投资)|经费预算|预算(总额|合计)?|概算|自筹(资金|经费)|申请(资金|经费|补助)|财政(资金|补助|拨款))
            | 注册资本(金)? | 注册资金 | 实缴(资本|出资)? | 认缴 | 研发(投入|费用|经费)(总额)? | 设备购置(费用?)? | (材料|测试|专家咨询|人员|差旅|会议|场地改造|劳务|租赁|检测|咨询)[^，。；、\d]{0,4}(费用|费|支出) | 租金 | 房租
            | (该|单个|每个|此)?(项目|合同)[^，。；、\d]{0,3}(合同)?(额|金额|经费|价款|总金额|总价)(为)? | 押金 | 保证金 | 月租金 | 年租金 | 单笔 | 保险"""
        ),
        "投资、预算、注册资本、单个合同等其他金额",
        (MONEY,),
    ),
)
