"""What attachments say of themselves: parties, dates, premises and numbers, each with its place.

Labels tell most (承租方：…, 有效期至), read alike from a line and from a row of cells; the rest are a few sentences that every paper of a kind has
(租赁期限自…至…, 我们审计了…, 兹聘请…). What surprised us: 甲方（盖章）：乙方（盖章）： stand on one line with nothing between them, a term is given as
three years from a day, a contract's extract stands in the middle of a list of income, and a recognised page cuts a name in half. A name that does not
end as names of organisations do is not told at all.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from extractors import values
from extractors.dates import Found, after, dates, small_number
from extractors.digests import digest
from extractors.organisations import _FORMER as FORMER
from extractors.roles import Segment
from extractors.text import fold, mask
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.papers import Day, Mention, Moment, Number, Paper, Party, Place, Pointer, Side
from schemas.vocabulary import Role

Locate = Callable[[int, int], Evidence]
Marked = Callable[[int, int], tuple[str, ...]]

#: Parts of a file that are the applicant's own writing, not papers about something.
_OWN_WRITING: Final = frozenset({Role.FORM, Role.PLAN, Role.RULES, Role.EQUIPMENT_LIST, Role.PEOPLE_LIST, Role.PROJECT_LIST})
#: More lines of a part are not looked at for what it says of itself.
_LINES: Final = 4_000

_OWN: Final = (
    r"承租(?:方|人|单位)|租赁方|租用方|(?:实际)?使用(?:方|人|单位)|用房单位|借用方|被保险(?:人|单位)|投保人|专利权人|著作权人|权利人|商标注册人|被审计单位|受审单位|"
    r"承诺(?:单位|方|企业)|声明单位|持有(?:单位|人)|获证(?:单位|组织|企业|方)|持证(?:单位|人)|证书持有(?:人|者)|兹证明|获准单位|获奖单位|认定(?:企业|对象)|被授权(?:单位|方)|编制单位|填报单位|申请单位|申报单位|依托单位|(?:企业|机构|主体|单位|组织|信用主体)名称(?:\(中文\))?|受查询(?:单位|主体)|查询对象|参保单位|缴费单位|用人单位|委托审计单位"
)
_OTHERS: Final = r"出租(?:方|人|单位)|产权(?:人|单位|所有人)|出借方|保险人|保险公司|登记机关|发证(?:机关|单位|机构)|颁发(?:机关|单位)|认定机构|审计机构|会计师事务所"
_EITHER: Final = r"甲方|乙方|丙方|丁方|委托(?:方|人|单位)|受托(?:方|人|单位)|(?:卖|买|供|需|发包|承包|转让|受让|让与|许可|被许可|购买|销售|采购|供应|服务|研究开发|合作)(?:方|人|商|单位)(?:名称)?|承接(?:方|单位)|承担单位|定作(?:方|人)|承揽(?:方|人)|收款(?:单位|人|方)(?:名称|全称)?|(?:账户|开户)名称|户名"
_PART = re.compile(
    rf"(?P<part>(?:{_OWN}|{_OTHERS}|{_EITHER}))(?P<notes>(?:\([^()\t\n]{{0,12}}\)|/(?:{_EITHER})){{0,3}})(?P<sep>[:\t]+)(?P<value>[^\t\n:]{{2,60}})"
)
_IS_OWN, _IS_OTHER = re.compile(_OWN), re.compile(_OTHERS)
#: Where a value ends although nothing parts it from the next label.
_NEXT = re.compile(
    rf"(?:{_OWN}|{_OTHERS}|{_EITHER}|法定代表人|法人代表|授权代表|委托代理人|负责人|经办人|统一社会信用代码|信用代码|纳税人识别号|身份证|地址|住所|通讯地址|注册地址|电话|联系|开户|账号|帐号|传真|邮编|签订|签署|签章|日期|注册资本|类型|成立日期|营业期限|合同编号|合同登记|盖章|税号)(?:\([^()]*\)){{0,2}}[:\t]|(?<=.{{4}})(?:法定代表人|统一社会信用代码|签订日期|注册资本|成立日期)"
)
_TRIM = re.compile(
    r"\((?:以下简称|下称|下简称|简称|甲方|乙方|盖章|公章|签章|签字|全称|以下)[^()]*\)?.*$|(?:,|，|。|;|；).*$|(?:盖章|签章|公章)+$"
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝竺"
    "木阿买艾古努热吐依玛帕库哈巴迪"
)
_PERSON = re.compile(rf"^[{_SURNAMES}][\u4e00-\u9fff]{{1,3}}$|^[\u4e00-\u9fff]{{1,10}}·[\u4e00-\u9fff]{{1,10}}$")
_NO_PERSON = re.compile(
    r"内容|日期|金额|名称|方式|编号|单位|项目|备注|地址|电话|类型|时间|服务|合同|联系|代表|盖章|签字|方面|关于|应当|应|和|与|同意|负责|保证|不|的|在|有"
)
_NOT_NAMES = re.compile(
    r"^(?:盖章|公章|签字|签章|签名|年月日|法定代表|详见|同上|以下|即|代表|授权|单位|公司|甲方|乙方|无|本人|本单位|名称|地址|联系)"
)

#: What may stand between a label and the first date of its term.
_SENTENCES: Final[tuple[tuple[str, Side, re.Pattern[str]], ...]] = (
    ("被审计单位", Side.OWN, re.compile(r"(?:我们|本所)(?:接受委托[,，]?)?(?:审计|审核|鉴证)了(?:后附的)?(?P<name>[^,，。的(（]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|中心|院|所|集团))")),
    ("被审计单位", Side.OWN, re.compile(r"(?:^|(?<=\)))致[:\t]?(?P<name>[^,，。:]{4,40}(?:公司|大学|学院|研究院|研究所|医院|集团))(?:全体股东|董事会)?$")),
    ("被审计单位", Side.OWN, re.compile(r"^致?(?P<name>[^,，。:致][^,，。:]{3,40}(?:公司|大学|学院|研究院|研究所|医院|集团))(?:全体股东|董事会|股东会)?:$")),
    ("承诺单位", Side.OWN, re.compile(r"^(?:我单位|本单位|我公司|本公司|兹有|由)?(?P<name>[^,，。:(]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|集团|中心))(?:\([^()]*\))?(?:自愿|现|郑重|就|为|作为|拟|在此)[^。]{0,12}(?:申报|承诺|申请|声明)")),
    ("承租方", Side.OWN, re.compile(r"(?:提供|出租|租赁|交付|划拨|租|借|调配|拨付)给(?:乙方)?(?P<name>[^,，。:的使用]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|集团|中心))(?:\([^()]*\))?(?:无偿)?(?:使用|用于|作为|办公|开展|承租)")),
    ("被授予单位", Side.OWN, re.compile(r"(?:兹证明|授予|认定|批准|核准)(?P<name>[^,，。:]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|集团))(?:\([^()]*\))?(?:为|符合|通过|已|具备|系)")),
)  # fmt: skip
_ROLES_OF_SENTENCES: Final = {
    "被审计单位": (Role.AUDIT,), "承诺单位": (Role.COMMITMENT,), "承租方": (Role.LEASE,), "被授予单位": (Role.CERTIFICATE,),
}  # fmt: skip
#: 其他文件的附件 (《通知》附件1) is not the applicant's.
_POINTER = re.compile(
    r"(?<![》”])(?:详?见|参见|附于|附在|列于)(?:本申报书|本)?(?:后附|所附|后)?(?:的)?附件(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})(?![\d.]*[年月%])(?:[:(《“]?(?P<name>[\u4e00-\u9fff]{2,20}(?:表|书|单|证|册|合同|协议|报告|材料|证明|文件|方案))[)》”]?)?"
)
_CITIES: Final = (
    "北京|上海|天津|重庆|石家庄|唐山|保定|廊坊|太原|大同|呼和浩特|包头|鄂尔多斯|沈阳|大连|鞍山|锦州|长春|吉林|哈尔滨|大庆|南京|无锡|徐州|常州|苏州|南通|连云港|盐城|扬州|镇江|泰州|杭州|宁波|温州|嘉兴|湖州|绍兴|金华|台州|舟山|"
    "合肥|芜湖|蚌埠|马鞍山|滁州|福州|厦门|泉州|漳州|南昌|九江|赣州|济南|青岛|淄博|烟台|潍坊|威海|临沂|郑州|洛阳|新乡|南阳|武汉|宜昌|襄阳|鄂州|长沙|株洲|湘潭|衡阳|岳阳|广州|深圳|珠海|佛山|东莞|中山|惠州|江门|汕头|汕尾|南宁|柳州|桂林|海口|三亚|"
    "成都|绵阳|德阳|宜宾|达州|贵阳|遵义|昆明|曲靖|玉溪|大理|保山|昭通|拉萨|西安|咸阳|宝鸡|榆林|兰州|天水|西宁|银川|乌鲁木齐|克拉玛依|昌吉|石河子|哈密|吐鲁番|喀什|阿克苏"
)
#: Whose application, or whose office: 成都市科学技术局, 成都市某某概念验证中心.
_CITY = re.compile(
    rf"(?P<city>(?:{_CITIES})市)(?:科学技术局|科技局|科技主管部门|[\u4e00-\u9fff]{{0,10}}?(?:概念验证中心|中试平台|中试基地))"
)
_CALLED_OURS = re.compile(
    r"(?P<name>[\u4e00-\u9fff()]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|集团))\((?:以下|下)?简称[:为]?[“\"]?(?:本|我)(?:公司|单位|院|校|所|中心)"
)
_LISTS: Final = frozenset({Role.EQUIPMENT_LIST, Role.PEOPLE_LIST, Role.PROJECT_LIST, Role.PLAN})
_HEADED = re.compile(r"编制单位|填报单位|申报单位|申请单位|依托单位|单位名称|使用单位")
_ORG: Final = r"[^,，。:;；()\t\n]{3,40}?(?:公司|大学|学院|研究院|研究所|医院|集团|中心|厂|所|院)"
_KIN: Final = (
    re.compile(r"(?P<part>共建单位|联合(?:申报|共建|建设|承建)?单位|合作(?:共建|建设|申报)?单位|参与单位|协作单位|联合体(?:成员)?(?:单位)?|举办单位|开办单位|主办单位|主管(?:单位|部门)|上级(?:主管)?(?:单位|部门)|母公司|控股(?:股东|公司)|集团公司|所属集团|曾用名|原(?:单位|企业)?名称|变更前(?:的)?(?:名称|企业名称)?|变更后(?:的)?(?:名称|企业名称)?|更名前|更名后|中心名称|平台名称|运营单位|运营主体|实施单位)(?:\([^()]{0,10}\))?[:\t]+(?P<name>[^\t\n:]{4,90})"),
    re.compile(rf"(?P<part>由|原名为?|曾用名|原名称为?|前身(?:为|是)|原)[“\"]?(?P<name>{_ORG})[”\"]?(?:,|，)?(?:于[^,，。]{{4,14}})?(?:正式)?(?:更名|变更|改制|改名|转制|整体变更)"),
    re.compile(rf"(?P<part>更名为|变更为|改名为|改制为)[“\"]?(?P<name>{_ORG})(?=[”\",，。;；)]|$)"),
    re.compile(rf"(?P<part>(?:与|和|会同|联合))(?P<name>{_ORG})(?:共同|联合)(?:申报|建设|共建|组建|设立)"),
    re.compile(rf"(?P<part>\((?:原名?|曾用名|更名前|前身)[:为]?)(?P<name>{_ORG})\)"),
)  # fmt: skip
_BILLED = re.compile(r"(?:^|[\t\n]|[购销买卖售]方(?:信息)?)名称[:\t](?P<name>[^\t\n:]{4,50})")
_HOLDER = re.compile(r"(?:^|[\t\n])(?:姓名|持证人(?:姓名)?|持有人(?:姓名)?)[:\t](?P<name>[\u4e00-\u9fff·]{2,12})")
_LEGAL = re.compile(r"法定代表人(?:\([^()]*\))?[:\t](?P<name>[\u4e00-\u9fff·]{2,12})")
_LICENSED = re.compile(r"(?:^|[\t\n])(?:名称|企业名称|单位名称|机构名称)[:\t](?P<name>[^\t\n:]{4,50})")
_APPOINTED = re.compile(
    r"(?:兹?特?(?:聘请|聘任|聘|任命|委任)|授予|兹证明)(?P<name>[\u4e00-\u9fff·]{2,6}?)(?:同志|先生|女士|教授|研究员|博士|高级工程师|\(|,|，|为|担任|任)"
)

_TERM_LABEL = (
    r"(?:租赁|租用|使用|借用|承租|服务|合同|协议|营业|经营|有效|保险|聘任|聘用|任职|履行|合作|授权|许可|认证|资质)?(?:期间|期限|起止(?:时间|日期)|起止)"
    r"|(?:租赁|租用|使用|承租|聘任|保险)时间"
    r"|(?:统计|数据|查询|报告|信息|信用|评价|归集)(?:区间|时段|期间|时间范围|范围|周期)"
    r"|(?:租赁|租用|使用|承租|服务|合同|协议|营业|经营|有效|保险|聘任|聘用|合作|授权|许可|租|聘|任)期限?"
)
_TERM = re.compile(
    rf"(?P<label>{_TERM_LABEL})(?:\([^()\t\n]{{0,10}}\))?(?:为|是|共|计|:|\t|,|，|自|从|由|(?=[\d一二三四五六七八九十两壹贰叁肆伍陆柒捌玖拾]))"
)
_FROM_TO = re.compile(
    r"^(?:(?:零|0|00)[时点](?:00分?)?)?(?:止|日)?(?:起始?|开始)?[,，]?(?:\([^()]{0,8}\))?(?:至|到|止于|-{1,2}|—{1,2}|–|~)+(?:止于)?$"
)
_VALID_FOR = re.compile(r"有效期限?(?:[:\t为]|为期)*(?P<n>\d{1,2}|[一二三四五六七八九十两叁伍]{1,2})年")
_SHEET = re.compile(r"^(?:的|合并|母公司|公司|及)*(?:资产负债表|财务状况|财务报表|利润表|现金流量表|(?:专项)?审计报告)")
#: What holds for a term.
_TERMED: Final = frozenset({Role.LEASE, Role.APPOINTMENT, Role.LICENCE, Role.CERTIFICATE})
#: Of these the end is how far a report reaches, not how long it holds.
_SPAN = re.compile(r"(?:统计|数据|查询|报告|信息|信用|评价|归集)(?:区间|时段|期间|时间范围|范围|周期)")
_LENGTH = re.compile(
    r"(?P<n>\d{1,2}|[一二三四五六七八九十两壹贰叁肆伍陆柒捌玖拾]{1,3})(?:\([^()]{1,6}\))?(?P<half>个半)?(?P<unit>周?年|个?月)"
)
_ENDLESS = re.compile(r"^[\s:\t为是]*(?:长期|永久|无固定期限|不约定期限|不限|无期限)")
_UNTIL = re.compile(
    r"有效日期[:\t]*$|(?:延长|顺延|续租|续签|续期|展期|延期)(?:至|到)$|(?:有效期限?|使用期限?|期限|证书有效|授权)?(?:截止(?:日期|时间)?|到期(?:日|日期|时间)?|届满(?:日|日期)?|有效(?:期限?|日期)?(?:截止|至|到)|失效日期|终止日期)(?:\([^()]{0,8}\))?[:\t至到为于]*$"
)
_MOMENTS: Final[tuple[tuple[Moment, re.Pattern[str]], ...]] = (
    (Moment.UNTIL, _UNTIL),
    (Moment.FOUNDED, re.compile(r"(?:成立|设立|注册成立|创立)(?:日期|时间|于)[:\t]*$")),
    (Moment.SIGNED, re.compile(r"(?:合同|协议)?(?:签[订署约定字]|订立|承诺|签(?=于))(?:日期|时间|日)?(?:\([^()]{0,8}\))?[:\t于在]*$")),
    (Moment.PRINTED, re.compile(r"(?:打印|查询|生成|下载|报告生成|报告出具)(?:日期|时间)[:\t]*$")),
    (Moment.ISSUED, re.compile(r"(?:发证|颁发|颁证|签发|核准|批准|发文|授权公告|公告|出具|报告|开票|登记|发布|填发|制证|取得|获证|首次发证|换证|认定|公布)(?:日期|时间|日|年月)?[:\t]*$")),
    (Moment.FILED, re.compile(r"(?:专利申请|申请|受理|优先权)(?:日期|时间|日)[:\t]*$")),
    (Moment.SIGNED, re.compile(r"(?:^|\t|\))(?:日期|时间)[:\t]*$")),
    (Moment.COVERS, re.compile(r"截[至止]$")),
)  # fmt: skip
_TITLE = re.compile(
    r"^(?:附件?\d*[:.、]?)?[\u4e00-\u9fffA-Za-z()《》“”·\d]{0,24}(?:合同|协议|契约)(?:书)?(?:\((?:摘录|摘要|节选|复印件|摘要页|首页|续签|补充|样本|关键页)\))?$"
    r"|^(?:聘书|聘任书|任命书|[\u4e00-\u9fff]{2,14}证书|电子发票|[\u4e00-\u9fff]{2,12}发票(?:\([^()]*\))?|[\u4e00-\u9fff]{0,12}保险单)$"
)
_RENEWAL = re.compile(r"补充(?:协议|合同)|续[租签约]|延期|展期|顺延")
_ADDRESS = re.compile(
    r"(?:坐落(?:于|在|地点)?|位于|(?:租赁)?(?:房屋|场地|物业)(?:的)?(?:地址|位置|坐落)|租赁物|(?:实际|主要)?(?:运营|经营|办公|通讯|注册|中心|基地|场地|平台|科研)?(?:地址|地点|场所|住所))(?:为|是|于|在)?[:\t]*(?P<value>[^,，。;；:\t\n]{4,70})"
)
_ADDRESS_END = re.compile(
    r"(?:的)?(?:房屋|房产|场地|物业|厂房|用房|办公)?(?:出租|租赁|租给|提供|无偿|共计|总计|合计|建筑面积|使用面积|面积|作为|用于|供)|(?:的)(?:房屋|房产|场地|物业|厂房|用房)$|(?:等\d+间)"
)
_PLACED = re.compile(r"省|市|区|县|路|街|号|园|楼|栋|幢|座|室|镇|乡|村")
_ROOMS = re.compile(
    r"(?P<list>(?:[A-Za-z]?\d{2,4}[A-Za-z]?(?:[-~至]\d{2,4})?[、,，/和及])*[A-Za-z]?\d{2,4}[A-Za-z]?(?:[-~至]\d{2,4})?)(?:号?(?:房(?:间|屋)?|室|单元)|室)"
)
_AREA = re.compile(r"(?<![\d.,])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:平方米|㎡|平米|m2|m²|M2)")

_CODE = r"[A-Za-z0-9(\[\u4e00-\u9fff][A-Za-z0-9()\[\]\u4e00-\u9fff\-—_/.]{2,40}"
#: What numbers are recognised by; in a line without one of the words in the middle none can stand, and looking for them is cheap.
_NUMBERS: Final[tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]] = (
    ("registration", ("登记",), re.compile(r"(?:技术)?合同登记(?:证明)?(?:编)?号(?:码)?[:\t]*(?P<n>\d{10,20})")),
    ("contract", ("同", "协议"), re.compile(r"(?:合同|协议)(?:编)?号(?:码)?[:\t]*(?P<n>[A-Za-z0-9\u4e00-\u9fff()\[\]]{0,12}?[A-Za-z0-9()\[\]\-—_/.]*\d{2,}[A-Za-z0-9()\[\]\-—_/.]*(?:号)?)")),
    ("invoice_code", ("发票代码",), re.compile(r"发票代码[:\t]*(?P<n>\d{10}(?:\d{2})?)(?!\d)")),
    ("invoice", ("票", "号码"), re.compile(r"(?:发票号码?|数电票号码|发票No\.?)[:\t]*(?P<n>\d{20}|\d{8})(?!\d)")),
    ("patent", ("ZL", "20"), re.compile(r"(?:专利号|专利申请号|申请号|专利\(申请\)号)?[:\t]*(?P<n>ZL\d{12,13}\.?[\dXx]|(?<=号:)20\d{10}\.?[\dXx]|20\d{10}\.[\dXx])(?!\d)")),
    ("copyright", ("软著", "SR"), re.compile(r"(?P<n>(?:软著登字第\d{6,9}号|20\d{2}SR\d{6,7}))")),
    ("property", ("权",), re.compile(r"(?P<n>[\u4e00-\u9fff]{0,2}\(?20\d\d\)?[\u4e00-\u9fff]{2,16}(?:不动产权|房权证)第?\d{4,12}号)")),
    ("report", ("字", "报告"), re.compile(r"(?P<n>[\u4e00-\u9fff]{2,12}字[(\[]20\d\d[)\]]第?\d{1,6}号)|报告(?:编)?号[:\t]*(?P<n2>[A-Za-z0-9][A-Za-z0-9\-]{5,30})")),
    ("verification", ("码", "验证编号"), re.compile(r"(?:验证码|防伪码|查验码|校验码|报备码|验证编号|查询码)[:\t]*(?P<n>[A-Za-z0-9]{6,32})")),
    ("certificate", ("证", "登记号", "资质"), re.compile(r"(?:证书(?:编)?号(?:码)?|(?<!份)证号|登记号|资质编号|资格证书号)[:\t]*(?P<n>[A-Za-z0-9(\[][A-Za-z0-9()\[\]\-—_/.]{4,30}(?:号)?)")),
    ("account", ("账", "帐"), re.compile(r"(?:银行)?[账帐](?:户|号)(?:号码)?[:\t]*(?P<n>\d[\d ]{10,27}\d)")),
    ("phone", (), re.compile(r"(?<![\dA-Za-z])(?P<n>1[3-9]\d ?\d{4} ?\d{4}|0\d{2,3}-\d{7,8}|\(0\d{2,3}\)\d{7,8})(?![\dA-Za-z])")),
    ("licence", (), re.compile(r"(?<![0-9A-Za-z])(?P<n>[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10})(?![0-9A-Za-z])")),
)  # fmt: skip
#: Numbers shown in part only.
_PERSONAL: Final = frozenset({"phone", "account"})


#: A run of figures and letters this long states nothing, and every pattern here would look at it from each of its places.
_NO_WORDS: Final = re.compile(r"[!-~]{120,}")


class Line(NamedTuple):
    """A paragraph, or a row of a table with its cells parted by tabs, folded; ``offsets`` lead back into the document's text."""

    text: str
    offsets: "array[int]"
    row: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.offsets[max(start, end - 1)] + 1


def lines_of(document: Document) -> tuple[Line, ...]:
    """Every paragraph and row in reading order; what parts lines inside a cell stays a line break."""
    spans: list[tuple[int, list[tuple[int, int]], bool]] = [
        (block.start, [(block.start, block.end)], False) for block in document.blocks if block.kind not in ("header", "footer")
    ]
    for table in document.tables:
        rows: dict[int, list[tuple[int, int]]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, []).append((cell.start, cell.end))
        spans += [(cells[0][0], cells, True) for cells in rows.values()]
    spans.sort(key=lambda one: one[0])
    return tuple(_line(document.text, cells, row=row) for _, cells, row in spans)


def _line(text: str, cells: list[tuple[int, int]], *, row: bool) -> Line:
    pieces: list[str] = []
    offsets = array("i")
    for number, (start, end) in enumerate(cells):
        if number:
            pieces.append("\t")
            offsets.append(start)
        at = start
        for inner, piece in enumerate(text[start:end].split("\v")):
            if inner:
                pieces.append("\n")
                offsets.append(at - 1)
            folded = fold(piece, at)
            pieces.append(folded.text)
            offsets.extend(folded.offsets[:-1])
            at += len(piece) + 1
    return Line(_NO_WORDS.sub(lambda run: " " * len(run[0]), "".join(pieces)), offsets, row)


class PaperReader:
    """Reads the papers and numbers of one document. ``locate`` turns a span into a place, ``marked`` says why it may be doubted."""

    def __init__(self, document: Document, parts: tuple[Segment, ...], locate: Locate, marked: Marked) -> None:
        self.document = document
        self.parts = parts
        self.locate = locate
        self.marked = marked

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines_of(self.document)

    def papers(self) -> tuple[Paper, ...]:
        found = (
            self._list_head(*one) if one[1] in _LISTS else self._paper(*one)
            for one in self._cut()
            if one[1] not in _OWN_WRITING - _LISTS
        )
        return tuple(paper for paper in found if paper is not None)

    def kin(self) -> tuple[Party, ...]:
        """Who else may rightly stand where the applicant should: former names, those who apply with it, the body it belongs to."""
        found: dict[str, Party] = {}
        for line in self.lines[:_LINES]:
            for pattern in _KIN:
                for match in pattern.finditer(line.text):
                    for piece in re.finditer(r"[^;；、]+", match["name"]):
                        start = match.start("name")
                        party = self._party(match["part"], Side.OTHER, piece[0], line, start + piece.start(), start + piece.end())
                        if party is not None and not party.person:
                            found.setdefault(party.name, party)
        return tuple(found.values())

    def mentions(self) -> tuple[Mention, ...]:
        """Cities and organisations the form or plan calls its own, each once."""
        found: dict[tuple[str, str], Mention] = {}
        for line in self._own_lines():
            for match in _CITY.finditer(line.text):
                span = line.span(match.start("city"), match.end())
                found.setdefault(
                    ("city", match["city"]), Mention(kind="city", name=match["city"], evidence=(self.locate(*span),))
                )
            for match in _CALLED_OURS.finditer(line.text):
                if (name := values.organisation(match["name"])) is not None:
                    span = line.span(match.start("name"), match.end("name"))
                    found.setdefault(("self", name), Mention(kind="self", name=name, evidence=(self.locate(*span),)))
        return tuple(found.values())

    def _own_lines(self) -> Iterator[Line]:
        for number, part in enumerate(self.parts):
            if part.role in (Role.FORM, Role.PLAN):
                end = self.parts[number + 1].start if number + 1 < len(self.parts) else len(self.document.text) + 1
                yield from (line for line in self.lines if line.offsets and part.start <= line.offsets[0] < end)

    def pointers(self) -> tuple[Pointer, ...]:
        """Where the form or plan refers to an attachment by its number, each number once."""
        found: dict[int, Pointer] = {}
        for line in self._own_lines():
            for match in _POINTER.finditer(line.text):
                count = small_number(match["n"])
                if count is not None and 0 < count <= 60:
                    span = line.span(match.start(), match.end())
                    told = Pointer(number=count, as_stated=match[0], name=match["name"] or "", evidence=(self.locate(*span),))
                    found.setdefault(count, told)
        return tuple(found[count] for count in sorted(found))

    def _list_head(self, number: int, role: Role, title: str, lines: list[Line]) -> Paper | None:
        """Of a list only for whom it was made: what stands above it, not what is in it."""
        found = [
            party.model_copy(update={"part": label["part"]})
            for line in lines[:8]
            if not line.row or line.text.count("\t") <= 1
            for label in _PART.finditer(line.text)
            if _HEADED.fullmatch(label["part"])
            for party in self._named(label, line)
            if not party.person
        ]
        return Paper(role=role, title=title, part=number, parties=tuple(found)) if found else None

    def _cut(self) -> Iterator[tuple[int, Role, str, list[Line]]]:
        """The parts of the file, cut again where a contract, a certificate or an invoice begins inside an attachment."""
        for number, part in enumerate(self.parts):
            end = self.parts[number + 1].start if number + 1 < len(self.parts) else len(self.document.text) + 1
            mine = [line for line in self.lines if line.offsets and part.start <= line.offsets[0] < end][:_LINES]
            role, title, held = part.role, part.title, list[Line]()
            for line in mine:
                inner = _begins(line) if part.role not in _OWN_WRITING else None
                if inner is not None and held and any(_TITLE.match(one.text) is None for one in held):
                    yield number, role, title, held
                    role, title, held = (inner if part.role is not Role.LEASE else Role.LEASE), line.text, []
                held.append(line)
            if held:
                yield number, role, title, held

    def _paper(self, number: int, role: Role, title: str, lines: list[Line]) -> Paper:
        first = lines[0]
        place = (self.locate(*first.span(0, min(len(first.text), 40))),) if first.text else ()
        return Paper(
            role=role, title=title, part=number, subject=_subject(lines), parties=tuple(self._parties(role, lines)), days=tuple(self._days(role, lines)),
            places=tuple(self._places(lines)), numbers=tuple(self._numbers(role, lines)), area=_area(lines), evidence=place,
        )  # fmt: skip

    # parties

    def _parties(self, role: Role, lines: list[Line]) -> Iterator[Party]:
        seen: set[tuple[str, str]] = set()
        for line in lines:
            for party in self._line_parties(role, line):
                if (party.part, party.name) not in seen:
                    seen.add((party.part, party.name))
                    yield party

    def _line_parties(self, role: Role, line: Line) -> Iterator[Party]:
        for label in _PART.finditer(line.text):
            yield from self._named(label, line) if role is not Role.INVOICE or "名称" not in label["part"] else ()
        said = [(part, side, pattern) for part, side, pattern in _SENTENCES if role in _ROLES_OF_SENTENCES[part]]
        if role is Role.LICENCE and (match := _LEGAL.search(line.text)):
            party = self._party("法定代表人", Side.OTHER, match["name"], line, match.start("name"), match.end("name"))
            yield from (party,) if party is not None and party.person else ()
        said += [("名称", Side.OWN, _LICENSED)] if role is Role.LICENCE else []
        said += [("名称", Side.EITHER, _BILLED)] if role is Role.INVOICE else []
        for part, side, pattern in said:
            for match in pattern.finditer(line.text):
                name = _to_next(match["name"], line.text[match.end("name") : match.end("name") + 1])
                party = self._party(part, side, name, line, match.start("name"), match.start("name") + len(name))
                yield from (party,) if party is not None and not party.person else ()
        if role in (Role.CERTIFICATE, Role.APPOINTMENT) and (match := _HOLDER.search(line.text)):
            party = self._party("姓名", Side.OWN, match["name"], line, match.start("name"), match.end("name"))
            yield from (party,) if party is not None and party.person else ()
        if role in (Role.CERTIFICATE, Role.APPOINTMENT) and (match := _APPOINTED.search(line.text)):
            party = self._party("受聘人", Side.OWN, match["name"], line, match.start("name"), match.end("name"))
            yield from (party,) if party is not None and party.person else ()

    def _named(self, match: re.Match[str], line: Line) -> Iterator[Party]:
        """The names a label gives, several where they are listed."""
        part, notes = match["part"], match["notes"]
        side = Side.OWN if _IS_OWN.fullmatch(part) else Side.OTHER if _IS_OTHER.fullmatch(part) else Side.EITHER
        if _before_label(line.text, match.start()):
            return
        value, start = match["value"], match.start("value")
        value = _to_next(value, line.text[match.end() : match.end() + 1])
        for piece in (
            re.finditer(r"[^;；、/]+", value) if part in ("专利权人", "著作权人", "权利人") else [re.fullmatch(r".*", value)]
        ):
            if piece is None or not piece[0]:
                continue
            party = self._party(part + notes, side, piece[0], line, start + piece.start(), start + piece.end())
            if party is not None:
                yield party.model_copy(update={"part": part})

    def _party(self, part: str, side: Side, words: str, line: Line, start: int, end: int) -> Party | None:
        former = tuple(FORMER.findall(words))
        bare = _TRIM.sub("", words).strip(" _.:")
        name = values.organisation(bare)
        person = name is None and bool(_PERSON.match(bare)) and not _NO_PERSON.search(bare)
        if (name is None and not person) or _NOT_NAMES.match(bare):
            return None
        span = line.span(start, min(end, start + len(bare)))
        return Party(
            part=part,
            side=side,
            name=name or bare,
            person=person,
            former=former,
            doubts=self.marked(*span),
            evidence=(self.locate(*span),),
        )

    # dates

    def _days(self, role: Role, lines: list[Line]) -> Iterator[Day]:
        told: set[tuple[Moment, str, int]] = set()
        found: list[Day] = []
        for number, line in enumerate(lines):
            for day, at in self._line_days(role, line, alone=number > 0):
                if (day.moment, day.as_stated, at) not in told:
                    told.add((day.moment, day.as_stated, at))
                    found.append(day)
        yield from found
        if not any(day.moment in (Moment.END, Moment.UNTIL) for day in found):
            yield from self._valid_for(lines, found)

    def _valid_for(self, lines: list[Line], found: list[Day]) -> Iterator[Day]:
        """有效期三年 without an end: so long from the day it was issued."""
        issued = next((day for day in found if day.moment is Moment.ISSUED and day.last is not None), None)
        for line in lines:
            match = _VALID_FOR.search(line.text)
            count = small_number(match["n"]) if match else None
            if match is None or count is None or issued is None or issued.last is None:
                continue
            last = after(issued.last, years=count) + timedelta(days=1)
            day = self._day(Moment.UNTIL, last, last, line, match.start(), match.end(), "有效期")
            yield day.model_copy(update={"evidence": (*day.evidence, *issued.evidence), "doubts": (*day.doubts, *issued.doubts)})
            return

    def _line_days(self, role: Role, line: Line, *, alone: bool) -> Iterator[tuple[Day, int]]:
        text = line.text
        found = list(dates(text))
        taken: set[int] = set()
        for term in _TERM.finditer(text):
            yield from self._term(term, line, found, taken)
        if role in _TERMED:
            yield from self._bare_term(line, found, taken)
        for before, one in zip([None, *found], found, strict=False):
            if one.start in taken:
                continue
            left = text[max(before.end if before else 0, one.start - 24) : one.start]
            moment = next((moment for moment, known in _MOMENTS if known.search(left)), None)
            if role is Role.AUDIT and moment in (None, Moment.COVERS):
                moment = _audited(left, text[one.end :], one, alone=alone)
            elif moment is Moment.COVERS:
                moment = None
            if moment is None and re.match(r"^(?:止|前有效|之前有效|到期|届满|失效)", text[one.end :]):
                moment = Moment.UNTIL
            if moment is None and alone and not line.row and one.precision == "day" and text.strip() == text[one.start : one.end]:
                moment = Moment.SIGNED if role in (Role.LEASE, Role.CONTRACT, Role.COMMITMENT) else Moment.ISSUED
            if moment is not None:
                yield self._day(moment, one.first, one.last, line, one.start, one.end, left), line.offsets[one.start]

    def _bare_term(self, line: Line, found: list[Found], taken: set[int]) -> Iterator[tuple[Day, int]]:
        """自…起至…止 with its label on the line above, or nowhere: what has a term has no other dates of that kind."""
        for one, other in pairwise(found):
            between, left = line.text[one.end : other.start], line.text[: one.start]
            if (
                one.start in taken
                or not _FROM_TO.match(between)
                or not re.search(r"(?:^|[\t\n。;；.、:])\(?$|(?:自|从|由)$", left)
            ):
                continue
            taken.update((one.start, other.start))
            yield self._day(Moment.START, one.first, one.last, line, one.start, one.end, "期限"), line.offsets[one.start]
            yield self._day(Moment.END, other.first, other.last, line, other.start, other.end, "期限"), line.offsets[other.start]

    def _term(self, term: re.Match[str], line: Line, found: list[Found], taken: set[int]) -> Iterator[tuple[Day, int]]:
        """The two ends of a term: both written, one written with the length of the term, or no end at all."""
        text, label = line.text, term["label"]
        if _ENDLESS.match(text[term.end() - 1 :].lstrip("为是:\t")) or _ENDLESS.match(text[term.end() :]):
            yield (
                self._day(Moment.END, None, None, line, term.start(), min(len(text), term.end() + 4), label),
                line.offsets[term.start()],
            )
            return
        near = [one for one in found if term.start() <= one.start <= term.end() + 24 and one.start not in taken]
        if not near:
            return
        start = near[0]
        follow = next((one for one in found if one.start >= start.end and _FROM_TO.match(text[start.end : one.start])), None)
        if follow is not None:
            taken.update((start.start, follow.start))
            if _SPAN.fullmatch(label):
                told = self._day(Moment.COVERS, follow.first, follow.last, line, follow.start, follow.end, label)
                yield told, line.offsets[follow.start]
                return
            yield self._day(Moment.START, start.first, start.last, line, start.start, start.end, label), line.offsets[start.start]
            yield (
                self._day(Moment.END, follow.first, follow.last, line, follow.start, follow.end, label),
                line.offsets[follow.start],
            )
            return
        lead = text[term.end() - 1 : start.start]
        if re.search(r"(?:至|到|止于|截止)[:\t]*$", lead) or re.match(r"^止", text[start.end :]):
            taken.add(start.start)
            yield self._day(Moment.UNTIL, start.first, start.last, line, start.start, start.end, label), line.offsets[start.start]
            return
        begins = bool(re.search(r"(?:自|从|由)$", text[: start.start])) or (text[start.end : start.end + 1] or "-") in "起始"
        if not begins:
            return
        taken.add(start.start)
        yield self._day(Moment.START, start.first, start.last, line, start.start, start.end, label), line.offsets[start.start]
        if re.match(r"^(?:起|始|开始)?(?:至|到|-|—|~)[^\d]{0,4}(?:长期|永久)", text[start.end :]):
            yield self._day(Moment.END, None, None, line, start.start, start.end, label), line.offsets[start.start]
            return
        length = _LENGTH.search(text, term.end("label"), start.start) or _LENGTH.match(
            re.sub(r"^(?:起|始)?(?:计算)?[,，]?(?:为期|共|计|租期|期限为?)?", "", text[start.end : start.end + 14])
        )
        count = small_number(length["n"]) if length else None
        if length is None or count is None or not 0 < count <= 70:
            return
        years = "年" in length["unit"]
        last = after(start.last, years=count if years else 0, months=0 if years else count)
        yield self._day(Moment.END, last, last, line, start.start, start.end, f"{label}{length[0]}"), line.offsets[start.start]

    def _day(self, moment: Moment, first: date | None, last: date | None, line: Line, start: int, end: int, label: str) -> Day:
        span = line.span(start, end)
        return Day(
            moment=moment, first=first, last=last, as_stated=line.text[start:end], label=re.sub(r"[:\t\n]+", "", label)[-16:], endless=last is None,
            doubts=self.marked(*span), evidence=(self.locate(*span),),
        )  # fmt: skip

    # places and numbers

    def _places(self, lines: list[Line]) -> Iterator[Place]:
        for line in lines:
            for match in _ADDRESS.finditer(line.text):
                value = match["value"]
                if (end := _ADDRESS_END.search(value)) is not None:
                    value = value[: end.start()].rstrip("(")
                if len(value) < 4 or not _PLACED.search(value) or not any(c in value for c in "省市区县路街园号"):
                    continue
                start = match.start("value")
                label = line.text[match.start() : start].strip(":\t为是")
                listed = match["value"][: (end.end() if end else None)]
                yield Place(
                    label=label,
                    address=mask(value),
                    rooms=_rooms(listed),
                    evidence=(self.locate(*line.span(start, start + len(value))),),
                )

    def numbers(self) -> tuple[Number, ...]:
        """Every number of the document that something can be recognised by, each once."""
        found: dict[tuple[str, str], Number] = {}
        for number, part in enumerate(self.parts):
            end = self.parts[number + 1].start if number + 1 < len(self.parts) else len(self.document.text) + 1
            mine = [line for line in self.lines if line.offsets and part.start <= line.offsets[0] < end]
            for one in self._numbers(part.role, mine):
                found.setdefault((one.kind, one.key), one)
        return tuple(found.values())

    def _numbers(self, role: Role, lines: list[Line]) -> Iterator[Number]:
        seen: set[tuple[str, str]] = set()
        for line in lines:
            if not any(c.isdigit() for c in line.text):
                continue
            for kind, needs, pattern in _NUMBERS:
                if needs and not any(word in line.text for word in needs):
                    continue
                for match in pattern.finditer(line.text):
                    group = "n" if match["n"] else "n2"
                    words = match[group].strip("-—_/.()[]") if kind != "report" else match[group]
                    key = digest(kind, words)
                    if (kind, key) in seen or (kind == "licence" and values.ID_NUMBER.fullmatch(words)):
                        continue
                    seen.add((kind, key))
                    start = match.start(group)
                    span = line.span(start, match.end(group))
                    place = self.locate(*span)
                    if kind in _PERSONAL:
                        place = place.model_copy(update={"quote": _hidden(self.document.text[slice(*span)])})
                    label = re.sub(r"[:\t\n]+$", "", line.text[max(0, match.start()) : start])[-14:]
                    yield Number(
                        kind=kind,
                        shown=_hidden(words.replace(" ", "")) if kind in _PERSONAL else mask(words),
                        key=key,
                        role=role,
                        label=mask(label),
                        evidence=(place,),
                    )


def _audited(left: str, right: str, one: Found, *, alone: bool) -> Moment | None:
    """What a date in an auditor's report is: the end of what it covers, the day it was signed, or a year it speaks of."""
    if re.search(r"截[至止]$", left) or _SHEET.match(right):
        return Moment.COVERS
    if (
        alone
        and one.precision == "day"
        and not right.strip()
        and re.match(r"^(?:中国)?[·.\u4e00-\u9fff]{0,10}$", left)
        and not re.search("[至到]", left)
    ):
        return Moment.ISSUED
    return Moment.SPEAKS if one.precision == "year" or re.search(r"[至到]$", left) else None


def _to_next(value: str, after: str = "") -> str:
    """A value up to the next label, where nothing else parts the two."""
    stop = _NEXT.search(value + after)
    return value[: stop.start()] if stop is not None else value


def _before_label(text: str, at: int) -> bool:
    """Whether the label is the end of a longer word that means something else (出租方 in 非出租方, 收件人名称)."""
    return bool(re.search(r"(?:非|原|拟|上级|主管|推荐|监理|代理|审计机构|举办|开户)$", text[max(0, at - 4) : at]))


def _begins(line: Line) -> Role | None:
    """What begins at a line that is a title and no more."""
    text = line.text
    if line.row or len(text) > 34 or not _TITLE.match(text):
        return None
    if "发票" in text:
        return Role.INVOICE
    if re.search(r"聘|任命", text):
        return Role.APPOINTMENT
    if "证书" in text:
        return Role.PATENT if re.search(r"专利|著作权", text) else Role.CERTIFICATE
    return Role.LEASE if re.search(r"租赁|租房|房屋|场地|无偿使用", text) else Role.CONTRACT


def _subject(lines: list[Line]) -> str:
    text = "\n".join(line.text for line in lines[:30])
    if _RENEWAL.search(text[:400]):
        return "续签"
    match = re.search(
        r"(?:担任|聘为|聘任为|任命[^,，。]{2,6}为|资格名称[:\t]|职业名称[:\t]|证书名称[:\t])(?P<what>[^,，。\t\n;；]{2,24})", text
    )
    return match["what"] if match else ""


def _rooms(words: str) -> tuple[str, ...]:
    found = [room for match in _ROOMS.finditer(words) for room in re.split(r"[、,，/和及]", match["list"]) if room]
    return tuple(dict.fromkeys(found))


def _area(lines: list[Line]) -> Decimal | None:
    """The area a paper is about: the first one not said to be all that the other side owns."""
    for line in lines:
        for match in _AREA.finditer(line.text):
            if not re.search(r"持有|园区总|总建筑|每$|该园区", line.text[max(0, match.start() - 16) : match.start()]):
                return Decimal(match["n"].replace(",", ""))
    return None


def _hidden(number: str) -> str:
    """A number with all but its first three and last four characters as ``*``, of equal length.

    >>> _hidden("13900001234"), _hidden("6222 0000 1111 2222")
    ('139****1234', '622************2222')
    """
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)
