"""What stands behind a number: money, area, shares, years, classifiers, and what makes it no quantity of ours at all.

Patterns run on folded text (``quantities_numerals.fold``). A classifier is given up when the next character shows that it
begins another word (3台账, 5家庭, 20项目): then the number stays bare.
"""

import re
from decimal import Decimal

HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")

# Money that is not ours; a bare number in its place would be a wrong value, so the whole quantity is dropped.
FOREIGN = (
    r"(?:美元|美金|美圆|美分|美刀|港元|港币|港纸|欧元|欧分|日元|日币|日圆|英镑|便士|韩元|韩币|韩圆|新?台币|台币|澳元|澳币|澳门元|加元|加币|新元|新币"
    r"|新加坡元|卢布|卢比|泰铢|法郎|瑞郎|马克|比索|克朗|先令|第纳尔|里亚尔|里拉|谢克尔|越南盾|印尼盾|盾|林吉特|令吉|雷亚尔|兰特|坚戈|图格里克"
    r"|比特币|(?:瑞士|非洲|太平洋)法郎|(?:墨西哥|菲律宾|智利)比索|(?:瑞典|丹麦|挪威)克朗|(?:印度|巴基斯坦)卢比|[$€£]"
    r"|USD|HKD|EUR|GBP|JPY|TWD|KRW|AUD|CAD|SGD)"
)
OWN = r"(?:(?:人民币|RMB|CNY|rmb|cny)(?![0-9¥￥]))"

_SQUARE = r"(?:²|2(?![0-9]|\.[0-9]))"
_MONEY = rf"""(?:
    (?P<yuan>(?:[元圆]|块(?=\ ?{OWN}))(?:\ ?[整正](?![式常规在好确值版面])|\ ?{OWN})?|{OWN}元?)
  | (?P<kuai>块钱?) | (?P<jiao>[角毛](?:钱|\ ?整)?) | (?P<fen>分钱?)
)"""
_AREA = rf"""(?P<area>
    个?\ ?平方(?![英尺寸码])(?:公里|千米|厘米|毫米|分米|公尺|米(?!每)|(?![根根式和程形差]))
  | 平米 | (?P<ping>平(?=[\s,，。；;、)）的左以/]|$)) | ㎡ | ㎢
  | [kK][mM]\ ?\^?{_SQUARE} | [cC][mM]\ ?\^?{_SQUARE} | [mM][mM]\ ?\^?{_SQUARE}
  | [mM]\^?{_SQUARE} | [mM]\ {{1,2}}(?:²|2(?=\s*(?:$|[^\s0-9.A-Za-z个台套项人名家件条份批位])))
  | 亩 | 公顷 | (?:ha|hm²|hm2)(?![A-Za-z])
)"""
_SHARE = r"""(?P<share>
    [%‰] | 个?\ {0,3}百\ {0,3}分\ {0,3}点
  | 成(?![不群员果本立功熟套绩都为品交长形效人就分熟语年体])(?:半|[一二三四五六七八九](?![一二三四五六七八九十成]))? | 折(?![叠旧合算线页让返射纸腾服])
)"""
_DATE = r"""(?P<year>年(?![代级]))|(?P<not>世纪|月|日(?!元|币|圆)|号|时(?!间)|点|秒|分|届|级|期|度|楼|室|单元|年代|年级|[栋幢层座](?=[0-9A-Z]))"""
# Measures of other kinds; in Latin letters they are recognised by the letter alone.
_MEASURE = (
    r"(?P<measure>平方[英尺寸码]|英亩|公里|千米|厘米|毫米|微米|纳米|分米|公分|英寸|英尺|英里|海里|里(?![程面程])|米(?!粒|面)|尺|寸|公斤|千克|毫克|微克|克(?![拉服隆])|吨|磅|盎司|斤"
    r"|毫升|升(?![级高至到])|立方|加仑|千瓦|兆瓦|吉瓦|瓦|伏特?|安培|欧姆|赫兹?|兆赫|千赫|焦耳|帕|牛顿?|马力|卡路里|大卡|字节|兆|像素|分贝|光年"
    r"|摄氏度|华氏度|[℃℉°Ω㎏㎎㎜㎝㎞㏄㎥³#@′″'\"]|分钟|毫秒|微秒|纳秒|刻钟|点钟|周年|星期"
    r"|(?:[kMG]?W|kVA|[kM]?V|mA|[μnmck]m|[mk]?g|m?L|[kM]?Pa|[kMG]?Hz|[KMGT]B|rpm|min|kWh|dB|mol)(?![A-Za-z0-9²^]))"
)
_TIME = r"(?P<time>个月|个小时|小时|天|个?星期|周岁|周(?![年期边围转密])|岁|倍|旬)"
_COMPOUND = r"(?P<compound>人次|人月|人年|人天|人日|家次|台套|台\(套\)|套\(台\)|台/套|套/台|台班|台次|套次|项次|批次|架次|班次|场次|课时|学时|个\(?[项台套])"
# One character each, with the characters that would make it the beginning of another word.
_CLASSIFIERS = {
    "人": "民均才工员类力士事造体大为文行",
    "名": "称字义录单额下牌声誉胜校企师医",
    "位": "于置列居数移面一",
    "项": "目",
    "个": "",
    "台": "账湾北阶式风词面州胞历钟柱商账河县山",
    "套": "餐用路件现",
    "家": "庭具电长属乡族里务政教畜禽渠户湾嘴岗店庄屯堡沟园居家",
    "件": "件",
    "条": "件例款约文理码形条",
    "份": "额子",
    "批": "准复量发示评文",
    "次": "级数日年序要性品次",
    "种": "植类子族苗群",
    "类": "型别似",
    "篇": "章幅",
    "部": "分门署件委队落长级",
    "所": "有以在属长得需处谓获述示",
    "间": "接隔距断歇",
    "座": "位谈标右椅",
    "栋": "梁0-9A-Z",
    "幢": "0-9A-Z",
    "层": "级面次出0-9A-Z东西南北",
    "户": "籍口型外",
    "支": "持付出撑部行援架路柱线",
    "只": "有能是要需读为",
    "辆": "",
    "艘": "",
    "架": "构设空子",
    "株": "洲",
    "棵": "",
    "颗": "粒",
    "粒": "度径子",
    "枚": "",
    "匹": "配",
    "头": "部发条像寸雾",
    "根": "据本治除部",
    "张": "三贴家某力张",
    "册": "",
    "卷": "积烟",
    "本": "科年次市项单人金校区级级身地院公企案着通文标报正来",
    "组": "织建成合长装分团员件培",
    "队": "伍员长",
    "对": "应外接于比策照标公象口此一多",
    "场": "地所景址馆站次景合",
    "例": "如",
    "款": "项式",
    "门": "类户槛诊窗峡县店心",
    "处": "理级置于罚方",
    "笔": "记者试迹勾",
    "宗": "旨教",
    "单": "位独价项元一个纯",
    "票": "据否",
    "股": "份东权票市民股文脑",
    "代": "表理码价建替办称言谢代",
    "轮": "换廓胎流椅",
    "遍": "布",
    "箱": "体",
    "包": "括含装裹容头",
    "瓶": "颈装",
    "袋": "装",
    "桶": "装",
    "盒": "装",
    "罐": "装体",
    "杯": "",
    "片": "区面段片",
    "块": "链状",
    "段": "落锦",
    "节": "能点约目日假省",
    "章": "程节",
    "字": "段符体节号路架",
    "页": "码面眉脚",
    "幅": "度",
    "道": "路德湾桥岭理口",
    "口": "径腔碑岸子头气价",
    "把": "握关手",
    "床": "位铺",
    "席": "位之",
    "剂": "量型",
    "尾": "部",
    "朵": "",
    "顶": "层级部",
    "堂": "",
    "列": "车入为出举",
    "封": "闭装锁面",
    "首": "次先个席批都",
    "版": "本面权",
    "句": "",
    "笼": "",
    "束": "",
    "副": "主本院教校总局处高市作",
    "双": "方创一向师",
    "员": "工",
    "拨": "付款",
    "站": "点式",
    "团": "队体糟",
}
_COUNT = (
    "(?P<count>个(?![体性别个]|人[简信所账业征名隐申陈承])|"
    + "|".join(char + (f"(?![{no}])" if no else "") for char, no in _CLASSIFIERS.items() if char != "个")
    + ")"
)
CLASSIFIERS = frozenset(_CLASSIFIERS)
# Whatever may follow a numeral of one character that means a number; a superset, to leave 一是, 统一 and 一流 quickly.
MAY_FOLLOW = CLASSIFIERS | frozenset(
    " 加减乘除点分又余多来几元圆块角毛平㎡㎢亩公百成折世月日号时秒届级期度楼室年里米个十千万亿拾佰仟廿卅卌兆至到与和跟~-—–―"
    "美港欧英韩新台澳加卢泰法瑞马比克先第里越印盾林令雷兰坚图非太墨菲智丹挪巴$€£UHEGJTKASRCrc人厘毫微纳海尺寸千毫吨磅盎斤升立瓦兆吉伏安赫焦帕牛大字像光摄华刻星周小天岁倍旬"
)

UNIT = re.compile(
    rf"[ ]{{0,3}}(?:(?P<foreign>元?{FOREIGN})|{_MONEY}|{_SHARE}|{_AREA}|{_TIME}|{_COMPOUND}|{_MEASURE}|{_DATE}|{_COUNT})",
    re.X,
)

_MU = (Decimal(10000), Decimal(15))
AREA_FACTOR = {
    "亩": _MU,
    "公顷": (Decimal(10000), Decimal(1)),
    "ha": (Decimal(10000), Decimal(1)),
    "hm2": (Decimal(10000), Decimal(1)),
    "平方公里": (Decimal(10**6), Decimal(1)),
    "平方千米": (Decimal(10**6), Decimal(1)),
    "㎢": (Decimal(10**6), Decimal(1)),
    "km2": (Decimal(10**6), Decimal(1)),
    "平方分米": (HUNDREDTH, Decimal(1)),
    "平方厘米": (Decimal("0.0001"), Decimal(1)),
    "cm2": (Decimal("0.0001"), Decimal(1)),
    "平方毫米": (Decimal("0.000001"), Decimal(1)),
    "mm2": (Decimal("0.000001"), Decimal(1)),
}
_ONE = (Decimal(1), Decimal(1))


def area_factor(written: str) -> tuple[Decimal, Decimal]:
    """What to multiply by, then to divide by, for square metres: 亩 is ten thousand fifteenths."""
    factor = AREA_FACTOR.get(written)
    if factor is not None:
        return factor
    plain = written.replace(" ", "").replace("^", "").replace("²", "2").removeprefix("个").lower()
    return AREA_FACTOR.get(plain, _ONE)


def share_factor(written: str) -> Decimal:
    if written == "‰":
        return Decimal("0.001")
    return TENTH if written[0] in "成折" else HUNDREDTH
