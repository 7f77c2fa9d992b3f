"""What the head of a column (or of a row) says of the figures under it: the answer, the host's, the condition, a plan, another year, a remark.

A form that asks for one number beside another prints over each whose or what it is. What surprised us: 填报内容 heads the labels in one form and
the answers in the next, so that a label column is known by what it holds and never by its head; 单位 is a unit, an applicant, or both.
"""

import re
from enum import StrEnum
from typing import Final

from extractors.labels import period_in
from extractors.text import tight
from extractors.values import day


class Head(StrEnum):
    """``ANSWER`` is a plain value's head; ``OWN`` names the centre, ``WHOLE`` the sum of the years beside it."""

    LABEL = "label"
    UNIT = "unit"
    REMARK = "remark"
    EXAMPLE = "example"
    REQUIRED = "required"
    HOST = "host"
    OWN = "own"
    PLAN = "plan"
    PAST = "past"
    YEAR = "year"
    WHOLE = "whole"
    ANSWER = "answer"
    UNKNOWN = "unknown"


_UNIT: Final = re.compile(r"^(?:计量|数据|度量)?单位$|^(?:量纲|计量|度量)$")
_LABEL: Final = re.compile(
    r"^(?:主要|具体|核心|关键|统计|考核|数据|评价|建设|填报|申报|基本|一级|二级|三级|指标|条件)*(?:指标|项目|内容|名称|条件|事项|类别|类型|数据项|填报项|统计项|要素|科目|栏目|指标项|考核点|分项|项)(?:名称|内容)?(?:及单位)?$"
)
_REMARK: Final = re.compile(
    r"备注|^说明$|(?:填报|填写|指标|数据)(?:说明|口径|要求|解释)|^口径|佐证|证明|附件|页[码数次]|份数|出处|来源|证据|凭证|^材料|^文件|支撑|是否|符合性|达标|得分|评分|权重|分值|审核|核定|核查|核实|评审|专家|推荐|主管|科技局|联系|责任人|序号|编号|代码|日期|截止"
)
#: What a form shows the applicant, which is nobody's figure.
_EXAMPLE: Final = re.compile(r"示例|样例|举例|范例|示范|例如|参考(?:值|格式|样式)|模板|^例$")
#: What an authority or an expert makes of the answer.
_JUDGED: Final = re.compile(r"审[核查定]|核[定查实]|评审|达标|符合性|专家|推荐|主管|科技局|区县|县区|得分|评分|权重|分值|是否")
_REQUIRED: Final = re.compile(
    r"(?:条件|标准|门槛|要求|政策|规定|依据|指引|办法|下限|上限|基准|最低|应达|须达|要求值|标准值|合格)(?:值|数|线|指标|内容|条款|要求|条件|标准)*$|^(?:申报|认定|创建|备案|遴选|建设|准入|文件|政策|规定|指标)*(?:条件|要求|标准|门槛)"
)
#: Words after which a condition's name speaks of what answers it (对照条件情况, 条件达到值).
_ANSWERED: Final = re.compile(r"实际|情况|达到|完成|现状|对应|填报|符合|响应|自评")
_PLAN: Final = re.compile(r"目标|计划|规划|预期|预计|拟|远期|建设期(?:末|满|内)|年后|届时|期望|新增")
_PAST: Final = re.compile(
    r"^(?:上年(?!度)|上一年(?!度)|去年|前一年|前年|往年|上期|上次|上一次|上轮|前次|首次|初次|期初|年初|历史|原有|原来|此前|建设前|创建前|申报前|改造前|认定前|起步|"
    r"(?:建设|创建|成立|组建|设立|起步|立项|获批|批复|挂牌|运营|开办)(?:之初|初期|伊始|时|前|之前|阶段初))"
)
_NOW: Final = re.compile(r"^(?:本年|本期|当年|今年|期末|年末|目前|当前|现在|现有|现状|已有|实际|截至目前|截止目前|最新|本次)")
_WHOLE: Final = re.compile(r"^(?:累计|合计|总计|共计|总数|总额|小计|总和|历年累计|近[两二三]年(?:累计|合计))(?:数|额|值|完成)?$")
_ANSWER: Final = re.compile(
    r"(?:数值|数据|数量|数额|数目|数字|(?<!价)值|情况|内容|现状|实际|填报|填写|填列|完成|申报|自评|自查|达到|结果|答案|答复|回答|应答|金额|现值|实有|合计|总计|累计|信息)(?:数|值|内容|情况|数据|栏)*$|^(?:目前|当前|现有|已有|截至)"
)
_HOST: Final = re.compile(
    r"依托|全(?:单位|公司|院|校|所|厂|集团|口径|部|体|企业)|(?:申报|申请|建设|承建|承担|牵头|本|我|该|上级|主体|主管)?(?:单位|公司|企业|集团|法人|学校|大学|学院|医院|研究院|研究所|院|校|所|厂|母体|机构|主体)"
    r"(?:本级|整体|总体|全部|全口径|总量|总数|合计|口径|总额|自身|自有|所有|名下|情况|数据)*$|^(?:整体|总体|全口径|全部|母体)"
)
#: The applicant fills it in; no word of whose the figure is.
_FILLED: Final = re.compile(r"(?:单位|企业|公司|主体)(?:\((?:申报|申请|依托)?单位\))?(?:填报|填写|自评|自报|自查|申报|填列|确认)")
_OWN: Final = re.compile(
    r"中心|平台|(?:概念验证|中试|验证)(?:部分|专用|使用|专属|数|业务|板块|场地|设备|用途)|^(?:其中:?)?(?:归口|专用|专属|专项|专门)(?:部分|数|使用)?$"
)
_GIVEN: Final = re.compile(r"(?:用于|归|划|计入|投入|供|属|纳入|服务于)[^，。]{0,8}(?:中心|平台|概念验证|中试|验证)")
_BRACKETS: Final = re.compile(
    r"\((?:单位:)?(?:万元|亿元|千元|元|㎡|m2|m²|平方米|平米|亩|人|名|项|个|家|%|年|计量单位|个/项|人/名)\)|\[[^\]]*\]"
)

#: A day or a month, which is an answer (成立日期 | 2014.3.5) and heads no column.
_DAY: Final = re.compile(r"^(?:19|20)\d\d(?:年|[-./])(?:0?[1-9]|1[0-2])(?:月|(?:月|[-./])(?:0?[1-9]|[12]\d|3[01])日?)?$")


def head_of(words: str) -> Head:
    """What a column's head says; ``UNKNOWN`` where it says nothing we know, an empty head included.

    >>> head_of("归中心（平台）"), head_of("条件要求"), head_of("申报单位自评"), head_of("2025年"), head_of("上年末")
    (<Head.OWN: 'own'>, <Head.REQUIRED: 'required'>, <Head.ANSWER: 'answer'>, <Head.YEAR: 'year'>, <Head.PAST: 'past'>)
    """
    text = _BRACKETS.sub("", tight(words))
    if not text:
        return Head.UNKNOWN
    if _UNIT.match(text):
        return Head.UNIT
    if _EXAMPLE.search(text):
        return Head.EXAMPLE
    if _JUDGED.search(text):
        return Head.REMARK
    if _FILLED.search(text) and not _PLAN.search(text):
        return Head.ANSWER
    if re.match(r"^(?:序号|编号|序|编码|代码|行次|栏次|No\.?)$", text):
        return Head.REMARK
    if _GIVEN.search(text) or (_OWN.search(text) and not re.search(r"依托|承建单位|申报单位", text)):
        return Head.PLAN if _PLAN.search(text) and not _GIVEN.search(text) and "拟建" not in text else Head.OWN
    if _PLAN.search(text):
        return Head.PLAN
    if _REQUIRED.search(text) and not _ANSWERED.search(text):
        return Head.REQUIRED
    if _WHOLE.match(text):
        return Head.WHOLE
    if _PAST.match(text):
        return Head.PAST
    if _NOW.match(text):
        return Head.ANSWER
    if (
        period_in(text) is not None
        and len(text) <= 30
        and not (_DAY.match(text) or (text.endswith("日") and len(text) <= 14 and day(text)))
    ):
        return Head.YEAR
    if _HOST.search(text):
        return Head.HOST
    if _LABEL.match(text) and not re.search(r"内容$|情况$", text):
        return Head.LABEL
    if _ANSWER.search(text) and not re.match(r"^(?:佐证|证明|来源)", text):
        return Head.ANSWER
    if _REMARK.search(text):
        return Head.REMARK
    return Head.UNKNOWN
