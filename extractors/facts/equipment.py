"""Original value of the instruments: 仪器设备原值, with software for recognition and the pilot platform.

净值, 固定资产 and what is to be bought are none of it.
"""

from extractors.measurand import MONEY, Decoy, Measurand, pattern
from schemas.vocabulary import FactKey

MEASURANDS = (
    Measurand(
        FactKey.EQUIPMENT_VALUE,
        MONEY,
        label=pattern(
            r"""(仪器|设备|装备|软硬件|软件|硬件|设施|器材)[^，。；]{0,14}(原值|原价值|原价|总值|总价值|价值|总价|总额|金额|资产值|账面值|投入)
            | ^(账面|资产|总|合计)?(原值|原价值)(合计|总计|总额)?$ | (原值|原价值).{0,4}(仪器|设备) | ^(仪器设备|设备设施|设备|软硬件设施)(总)?(规模|情况)?$"""
        ),
        unlike=pattern(
            r"""净值|净额|单位固定|固定资产|依托单位|公司全部|全部固定|拟|新增|新购|采购预算|购置(费|预算)|预算|计划|规划|目标|预期|预计|单价|单台|台套数|台\(套\)数|数量|
            折旧|租赁|租金|维护|自筹|经费|资金|万元以上|大型|贵重|进口|其中"""
        ),
        head=pattern(
            r"""(账面|资产|采购|购置|总|合计|设备|仪器|软件|软硬件|固定)*(原值|原价值|原价|总值|总价值|价值|账面值)(合计|总计|总额|共计)?
            | (仪器|设备|软件|软硬件|装备)[^，。；\d]{0,12}(总额|总价|金额|投入)"""
        ),
        topic=pattern(r"设备|仪器|软件|装备|软硬件|设施|台\(套\)|台套"),
    ),
)

DECOYS = (
    Decoy(
        pattern(
            r"(单位|公司|企业|依托单位|全部)?[^，。；、\d]{0,6}固定资产(账面)?(原值|净值|总额|总值|规模)?|资产总额|总资产|净资产"
        ),
        "依托单位的固定资产或资产总额",
        (MONEY,),
    ),
    Decoy(pattern(r"净值|账面净额|残值|累计折旧|折旧"), "净值或折旧，不是原值", (MONEY,)),
    Decoy(
        pattern(
            r"(新增|新购|购置|采购|拟购|添置|更新|升级|改造|自筹|投资|租赁)[^，。；\d]{0,8}(设备|仪器|软件)[^，。；\d]{0,8}(费用?|预算|资金|投资|投入|经费)?|设备购置费?"
        ),
        "购置费用或预算，不是现有设备原值",
        (MONEY,),
    ),
    Decoy(pattern(r"单台|单价|每台|台均|单件|单价在"), "单价", (MONEY,)),
)
