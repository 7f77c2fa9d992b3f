"""Heads: the operating team, the advisers, and the technology managers among either.

The host's staff, degrees and titles, full-time and part-time parts are other counts. 技术经纪人 and 技术经理人 are both read under one key;
which of them a clause accepts is the policy's matter.
"""

from extractors.measurand import COUNT, PERCENT, Decoy, Measurand, pattern
from schemas.vocabulary import FactKey

TECHNOLOGY_MANAGER = r"技术(经理|经纪)(\((经理|经纪)\))?(人|类|专员)?"

MEASURANDS = (
    Measurand(
        FactKey.ADVISORS_TECHNOLOGY_MANAGERS,
        COUNT,
        label=pattern(rf"(顾问|专家)[^，。；]{{0,12}}{TECHNOLOGY_MANAGER}"),
        head=pattern(rf"(顾问|专家)[^，。；\d]{{0,14}}{TECHNOLOGY_MANAGER}"),
        unlike=pattern(r"证书|编号|姓名|资质|名单|拟|计划|目标|预期|占比|比例"),
        classifiers="人名位个",
    ),
    Measurand(
        FactKey.TEAM_TECHNOLOGY_MANAGERS,
        COUNT,
        label=pattern(rf"{TECHNOLOGY_MANAGER}|技术经理"),
        head=pattern(rf"{TECHNOLOGY_MANAGER}(\(或{TECHNOLOGY_MANAGER}\))?(资格|资质|证书)?(的)?(人员|人才)?"),
        unlike=pattern(r"证书|编号|姓名|资质|名单|拟|计划|目标|预期|占比|比例|是否"),
        classifiers="人名位个",
    ),
    Measurand(
        FactKey.ADVISORS_EXTERNAL_SHARE,
        PERCENT,
        label=pattern(
            r"(外单位|外部|校外|院外|外聘|单位外|外来|非本单位)[^，。；]{0,10}(占比|比例|比重|百分比|占|率)|(占比|比例)[^，。；]{0,4}外单位"
        ),
        head=pattern(
            r"""(外单位|外部|校外|院外|外聘|单位外|非本单位)[^，。；]{0,24}(占比|比例|比重|占[^，。；\d]{0,8}) | 占(比|专家总数|总人数|总数|顾问总数|专家总人数|全部专家|团队)?(的)?(比例|比重)?"""
        ),
        topic=pattern(r"外单位|外部专家|校外|院外|外聘|单位外|非本单位"),
    ),
    Measurand(
        FactKey.ADVISORS_HEADCOUNT,
        COUNT,
        label=pattern(
            r"""(顾问|专家)[^，。；]{0,10}(人数|总数|总人数|规模|人员数|数量|数)$ | ^(遴选)?(顾问|专家|专家顾问|顾问专家|外聘专家|咨询专家)(团队|委员会|库|队伍|组)?(成员|人员)?(数|总计|合计|情况|共计)?$"""
        ),
        head=pattern(
            r"(遴选|咨询|外聘|技术|项目|行业|产业|概念验证|中试)*(顾问|专家)(、|和|及|与)?(顾问|专家)*(团队|委员会|库|队伍|组|智库)?(成员|人员|总人数|人数|规模|数量|总数)*"
        ),
        unlike=pattern(
            r"外单位|外部|其中|职称|占比|比例|姓名|名单|构成|组成|拟|计划|目标|预期|工程师|咨询费|费|服务次|人次|学术|产业界|投资"
        ),
        classifiers="人名位个",
    ),
    Measurand(
        FactKey.TEAM_HEADCOUNT,
        COUNT,
        label=pattern(
            r"""(运营|管理|服务|专业化|专业|核心|工作|专职|中心|平台|团队|验证|中试|在岗|固定)+[^，。；]{0,8}(人数|总人数|人员数|人员总数|成员数|人员|人员数量|成员数量|(?:团队|队伍|人员)(?:规模|总数|数量|数))$
            | ^(运营|管理|服务|专业化|专业|中心|平台|运营管理|运营服务|工作)*(团队|人员|队伍)(总)?(人数|规模|总数|数量|成员)?(合计|总计|共计)?$"""
        ),
        head=pattern(
            r"""(运营|管理|服务|专业化|专业|核心|工作|验证|中试|技术转移|专门|固定|在岗|及|和|与)*(?<!顾问)(?<!专家)(?<!研发)(?<!技术)(?<!科研)(团队|工作人员|队伍|人员)(成员|人员|总人数|人数|规模|总数|数量)*
            | (总人数|总数)(人员|成员)?"""
        ),
        unlike=pattern(
            r"""职工|员工|从业|单位|依托|公司|企业|顾问|专家|研发人员|科研人员|技术人员|职称|博士|硕士|本科|学历|学位|其中|占比|比例|姓名|名单|构成|组成|拟|计划|目标|预期|
            新增|参保|社保|兼职|服务人次|人次|人月|培训|缴费|引进|负责人|联系人|项目|设备|企业数|收入|面积"""
        ),
        topic=pattern(r"团队|中心|平台|运营|工作人员|队伍"),
        classifiers="人名位个",
    ),
)

DECOYS = (
    Decoy(
        pattern(
            r"""(单位|公司|企业|依托单位|现有|全体|在职|全院|全校|集团|在编)*(职工|员工|从业人员|在职人员|教职工|在编人员|在册人员|用工|参保人员)(总数|总人数|人数)?
            | (研发|科研|科技|技术开发|工程技术|专业技术)(人员|人才|队伍|团队)(总数|人数)? | (单位|公司|企业|依托单位)[^，。；、\d]{0,6}(人员|人数|团队)"""
        ),
        "依托单位的职工或研发人员，不是本中心（平台）团队",
        (COUNT,),
    ),
    Decoy(
        pattern(
            r"""(正|副)?(高级|中级|初级|正高级|副高级)(及以上)?(专业技术)?(职称|职务|工程师|经济师|技术人员|人员|以上)[^，。；、\d]{0,6} | 博士(研究生|后)?(学历|学位|及以上|以上)?(人员)? | 硕士(研究生)?(学历|学位|及以上|以上)?(人员)?
            | 本科(及以上|以上)?(学历|学位)?(人员)? | (专职|兼职|全职|外聘|在编|固定|专任)(人员|工作人员|成员|专家|顾问|教师|运营人员|技术人员)?
            | (学术|产业|投资|企业)界(别)?(代表|专家|人士|顾问|人员)? | (学术|产业|投资|技术|投融资|知识产权|法务|法律|金融|财务|市场|管理|技术经纪)(类|方面|领域)(的)?(代表|专家|人员|顾问|人士)?
            | (外单位|外部|校外|院外|本单位|单位内部|内部|外聘)(的)?(专家|人员|顾问)? | 院士 | 教授 | 研究员 | 高校院所(专家)? | (企业|投资机构|金融机构)(专家|代表)"""
        ),
        "总人数中的一部分",
        (COUNT,),
    ),
    Decoy(
        pattern(r"(服务|培训|接待|参加|参与|惠及|覆盖)(的)?(人次|人数|人员|群众|学员)|学员|学生|客户|(?<!级)工程师|就业"),
        "人次或其他人数",
        (COUNT,),
    ),
)
