"""Sentences as plans and reports write them: which figure is the centre's, today's, and had; no other may be taken for it."""

import pytest

from extractors.sentences import claims, sentences
from extractors.text import fold

#: A sentence → the values of each key that stand, the doubted ones with a question mark.
SAID = {
    "本中心固定场地面积为430平方米，二期规划扩建至900平方米。": {"site.area": "430"},
    "三年前中心的场地面积只有180平方米，现为430平方米。": {"site.area": "430"},
    "创建之初中心场地为150平方米，现有430平方米。": {"site.area": "430"},
    "到2028年，场地面积达到900平方米，团队达到20人。": {},
    "建设目标：场地面积900平方米，设备原值2000万元。": {},
    "第二阶段（2027—2028年）新增场地300平方米。": {},
    "预期三年后设备原值达到2000万元，现有设备原值713.6万元。": {"equipment.value": "713.6"},
    "中心现有设备原值713.6万元，拟三年内再投入500万元购置设备。": {"equipment.value": "713.6"},
    "房屋：昆明市某区某路1号2栋201、202室，承租面积430平方米，现状交付。": {"site.area": "430"},
    "参观的贵阳市生物医药概念验证中心场地1800平方米，本中心场地430平方米。": {"site.area": "430"},
    "浙江某中试平台设备原值达3000万元，我平台设备原值713.6万元。": {"equipment.value": "713.6"},
    "依托单位拥有建筑面积26000平方米，其中划拨给中心使用430平方米。": {"site.area": "430"},
    "依托单位现有职工320人，中心运营管理团队9人。": {"team.headcount": "9"},
    "公司设备原值9800万元，其中用于概念验证的设备原值713.6万元。": {"equipment.value": "9800?|713.6"},
    "运营管理团队由9人组成，另计划招聘5人。": {"team.headcount": "9"},
    "顾问团队7人，另有意向专家3人尚未签约。": {"advisors.headcount": "7"},
    "已聘顾问专家7人，意向中的15人尚未签约，不计。": {"advisors.headcount": "7"},
    "顾问专家7人，不计其他专家库人员。": {"advisors.headcount": "7"},
    "累计完成概念验证项目5项，在研的不计。": {"projects.completed": "5"},
    "从26000平方米的自有物业里切出430平方米，作为中心的固定场地。": {"site.area": "430"},
    "外聘顾问在两个工作日内提出意见。": {},
    "目前顾问专家7人，2028年拟达到15人。": {"advisors.headcount": "7"},
    "2024年初运营团队为5人，目前为9人。": {"team.headcount": "9"},
    "项目库已入库项目26个，2028年前累计入库不少于60个。": {"projects.reserved": "26"},
    "已完成概念验证项目8项，正在验证5项。": {"projects.completed": "8"},
    "累计储备项目26项，其中已完成8项。": {"projects.reserved": "26", "projects.completed": "8"},
    "2025年概念验证服务收入88.4万元，同比增长44%，2026年预计达到120万元。": {"revenue.service": "88.4"},
    "服务收入由2024年的61.2万元增长至2025年的88.4万元。": {"revenue.service": "61.2|88.4"},
    "依托单位2025年营业收入35000万元，中心服务收入88.4万元。": {"revenue.service": "88.4"},
    "验证项目累计获得投融资650万元，另有1200万元正在洽谈。": {"investment.raised": "650"},
    "合作设立规模2000万元的成果转化基金，拟二期募集5000万元。": {"fund.size": "2000"},
    "依托单位每年安排运营经费82万元，三年共安排246万元。": {"funding.annual": "82"},
    "近三年依托单位投入专项资金分别为50万元、60万元、76万元，年均62万元。": {"funding.annual": "62"},
    "中心建设期2年，自2026年1月至2027年12月。": {"construction.years": "2"},
    "技术开发、许可、转让合同累计成交额325.6万元，技术服务合同40万元。": {"technology_contracts.value": "325.6"},
    "团队中有技术经理人4人，计划两年内增加到6人。": {"team.technology_managers": "4"},
    "场地面积430平方米（其中办公区80平方米、实验区350平方米）。": {"site.area": "430"},
    "办公区80平方米、实验区350平方米，合计430平方米。": {"site.area": "430"},
    "市级指引要求固定场地不少于200平方米，本中心实有430平方米。": {"site.area": "430"},
    "签约场地430平方米，已装修启用。": {"site.area": "430"},
    "待二期厂房交付后，场地可达1200平方米。": {},
    "若获批，将再增设备500万元。": {},
    "全市已建成概念验证中心12家，场地总面积3.2万平方米。": {},
    "设备净值402万元，原值713.6万元。": {"equipment.value": "713.6"},
    "仪器设备总价713.6万元（含税），账面净值402万元。": {"equipment.value": "713.6"},
    "专家顾问12名，其中外单位专家7名，占58.3%。": {"advisors.headcount": "12", "advisors.external_share": "58.3"},
    "去年同期储备项目12项，现储备26项。": {"projects.reserved": "26"},
    "中期目标为储备项目40项。": {},
    "按规划，2027年底中心专职人员增至18人，届时设备原值突破2000万元。": {},
    "中试平台占地20亩，中试场地及配套设施面积1530平方米。": {"site.area": "1530"},
    "平台运营管理团队共11人，上一年度服务企业230人次。": {"team.headcount": "11"},
    "与同类平台平均8人的团队相比，本平台运营团队11人。": {"team.headcount": "11"},
    "借鉴深圳经验，深圳某中心顾问团队30人。": {},
    "中心专门用房430平方米，占依托单位总建筑面积26000平方米的1.7%。": {"site.area": "430"},
    "设备原值713.6万元，占依托单位固定资产原值9800万元的7.3%。": {"equipment.value": "713.6"},
    "中心场地430平方米，比2023年的180平方米增加250平方米。": {"site.area": "430"},
    "场地面积由180平方米扩大到430平方米。": {"site.area": "430"},
    "团队从成立时的3人发展到9人。": {"team.headcount": "9"},
    "运营团队9人，较上年增加3人。": {"team.headcount": "9"},
    "储备项目26项，比去年增加8项。": {"projects.reserved": "26"},
    "储备项目26项，当年新增8项。": {"projects.reserved": "26"},
    "现有设备原值713.6万元，其中单价50万元以上设备6台。": {"equipment.value": "713.6"},
    "设备原值713.6万元，较2024年末的520万元增长37%。": {"equipment.value": "713.6"},
    "已聘顾问专家7人，拟再聘3人。": {"advisors.headcount": "7"},
    "顾问专家7人（不含院士2人）。": {"advisors.headcount": "7"},
    "2025年完成概念验证项目3项，累计完成8项。": {"projects.completed": "8"},
    "2025年新入库项目10项，累计入库26项。": {"projects.reserved": "26"},
    "中心2025年服务收入88.4万元，其中对外服务收入70万元。": {"revenue.service": "88.4|70"},
    "依托单位2025年技术服务收入1200万元。": {},
    "2026年一季度服务收入12万元。": {"revenue.service": "12"},
    "经费预算300万元，其中设备购置120万元。": {},
    "申请财政专项资金100万元。": {},
    "依托单位三年累计投入专项资金186万元。": {},
    "孵化企业2家，其中甲公司估值600万元、乙公司估值260万元，估值合计860万元。": {"enterprises.incubated": "2", "enterprises.valuation": "860"},
    "某孵化企业2025年营业收入120万元。": {},
    "与昆明市科创基金共同设立概念验证基金，首期规模500万元，总规模2000万元。": {"fund.size": "2000"},
    "基金规模2000万元，已投资项目3项，投资金额450万元。": {"fund.size": "2000"},
    "服务企业230家，孵化企业2家。": {"enterprises.incubated": "2"},
    "专利12件，成果转化8项。": {},
    "省级指导意见提出中试平台设备原值应达到500万元以上。": {},
    "根据规划，到期末将建成场地1200平方米。": {},
    "一期场地430平方米已投入使用，二期场地800平方米在建。": {"site.area": "430"},
    "在建场地800平方米，预计年底交付。": {},
    "备选场地两处，分别为500平方米和700平方米。": {},
    "合作单位提供共享实验室600平方米。": {},
    "合作方设备原值2300万元可共享使用，自有设备原值713.6万元。": {"equipment.value": "713.6"},
    "通过共享协议可使用高校设备原值约3000万元。": {"equipment.value": "3000?"},
    "租用设备原值200万元。": {"equipment.value": "200?"},
    "设备总投资900万元，已形成原值713.6万元。": {"equipment.value": "713.6"},
    "仪器设备原值31 259100元，已提折旧后净值20 00000元。": {"equipment.value": "3125.91?"},
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_only_what_stands_today_and_is_the_centres_is_taken(said):
    found: dict[str, list[str]] = {}
    text = fold(said).text
    for start, end in sentences(text):
        for claim in claims(text[start:end], heading="", year=2026):
            if claim.rejected is None:
                value = claim.quantity.value / (10_000 if claim.measurand.kind == "money" else 1)
                value *= 100 if claim.quantity.unit == "ratio" else 1
                found.setdefault(claim.measurand.key.value, []).append(f"{value.normalize():f}{'?' if claim.doubts else ''}")
    assert {key: "|".join(dict.fromkeys(values)) for key, values in found.items()} == SAID[said]
