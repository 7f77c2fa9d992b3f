"""What is said of two submissions: what was seen, where in both, what to do next. Never why it might be so."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from schemas.evidence import Evidence
from schemas.signature import Signature, Writer
from validators.messages import printable, spot

if TYPE_CHECKING:
    from validators.across import Match

#: Things named in a sentence; the pictures below it show some more.
NAMED: Final = 3
WRITERS: Final[dict[Writer, str]] = {
    Writer.AUTHOR: "作者", Writer.EDITOR: "最后修改者", Writer.COMPANY: "公司", Writer.TEMPLATE: "模板",
}  # fmt: skip
#: ZC2024001, SB-0012: a year or a prefix and a small number, as every office counts its own.
_OWN_COUNTING: Final = re.compile(r"[A-Z]{0,6}[-_/]?(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])?)?[-_/]?0*\d{1,4}")

ADVICE: Final[dict[str, str]] = {
    "SHARED_PERSON": "请双方分别提供该人员的劳动合同和社会保险缴费证明，核实其在哪一家专职。",
    "SHARED_ASSET": "请核对双方的购置合同、发票和固定资产卡片，必要时到现场核对设备铭牌，确认设备归属。",
    "SHARED_PREMISES": "请核对双方的租赁合同或权属证明和平面图，必要时实地查看，确认该房间由谁使用、面积如何计算。",
    "TEXT_REUSE": "请对照阅读下列相同的段落，并请双方说明所述内容各自对应的项目、设备和人员。",
    "IMAGE_REUSE": "请对照下列图片，并请双方提供原始照片或原件，说明拍摄（出具）的时间、地点。",
    "SHARED_CONTRACT": "请核对合同原件的当事人和登记情况，确认该合同计入哪一家的业绩。",
    "SHARED_INVOICE": "请在发票查验平台核对开票方、购买方。",
    "SHARED_PHONE": "请核实双方的联系人和联系方式。",
    "SHARED_ACCOUNT": "请核对双方的开户许可证或账户信息。",
    "SAME_WRITER": "请结合两份材料的内容是否相同一并了解，单独一项不说明问题。",
}
_WHAT: Final[dict[str, str]] = {
    "SHARED_CONTRACT": "同一合同编号和对方单位", "SHARED_PHONE": "同一联系电话", "SHARED_ACCOUNT": "同一银行账号",
}  # fmt: skip


def own_counting(serial: str) -> bool:
    """
    >>> own_counting("ZC2024001"), own_counting("FDA1806989")
    (True, False)

    A maker's number may look the same (CRE2024895), so this is only asked of numbers under a heading that could mean either.
    """
    return bool(_OWN_COUNTING.fullmatch(serial))


def place(evidence: Evidence, signature: Signature) -> str:
    """``《设备清单.xlsx》工作表“清单”C3单元格`` of one submission."""
    entry = next((one for one in signature.documents if one.id == evidence.document), None)
    return f"《{printable(entry.file.rsplit('/', 1)[-1]) if entry else '（未列出的文件）'}》{spot(evidence)}"


def package(signature: Signature) -> str:
    return f"申报包“{printable(signature.name)}”"


def message(code: str, here: Signature, shared: "Sequence[tuple[Signature, list[Match]]]", *, sure: bool) -> tuple[str, str]:
    """The sentence and what to do next."""
    there, matches = shared[0]
    more = f"（另有{len(shared) - 1}个申报包相同）" if len(shared) > 1 else ""
    if code == "TEXT_REUSE":
        said = _texts(here, there, matches)
    elif code == "IMAGE_REUSE":
        said = _listed(here, there, matches, _picture, "处图片")
    elif code == "SHARED_PERSON":
        said = _listed(here, there, matches, _person if sure else _perhaps, "名人员")
    elif code in ("SHARED_ASSET", "SHARED_INVOICE"):
        said = _listed(here, there, matches, _thing, "台（件）设备")
    elif code == "SHARED_PREMISES":
        said = _listed(here, there, matches, _room, "间房间")
    elif code == "SAME_WRITER":
        said = _listed(here, there, matches, _writer, "处文件属性")
    else:
        said = _listed(here, there, matches, _number, "处号码")
    return f"{said}{more}。", ADVICE[code]


def _listed(here: Signature, there: Signature, matches: "Sequence[Match]", tell: "Teller", counted: str) -> str:
    told = [tell(match, here, there) for match in matches[:NAMED]]
    rest = f"；共{len(matches)}{counted}" if len(matches) > NAMED else ""
    return "；".join(told) + rest


def _person(match: "Match", here: Signature, there: Signature) -> str:
    also = f"（该处姓名写作“{printable(match.theirs)}”）" if match.ours != match.theirs else ""
    return f"{place(match.here, here)}列为专职的“{printable(match.ours)}”，在{package(there)}的{place(match.there, there)}{also}也列为专职，{match.basis}"


def _perhaps(match: "Match", here: Signature, there: Signature) -> str:
    return f"{place(match.here, here)}的“{printable(match.ours)}”与{package(there)}的{place(match.there, there)}的人员可能是同一人（{match.basis}）"


def _thing(match: "Match", here: Signature, there: Signature) -> str:
    ours, theirs = place(match.here, here), place(match.there, there)
    return f"{ours}的{printable(match.ours)}与{package(there)}的{theirs}的{printable(match.theirs)}{match.basis}"


def _room(match: "Match", here: Signature, there: Signature) -> str:
    return f"{place(match.here, here)}所列场地“{printable(match.ours)}”，{package(there)}的{place(match.there, there)}也列为自己的场地（{match.basis}）"


def _picture(match: "Match", here: Signature, there: Signature) -> str:
    caption = f"（图注“{printable(match.ours)}”）" if match.ours else ""
    other = f"（图注“{printable(match.theirs)}”）" if match.theirs else ""
    return f"{place(match.here, here)}的图片{caption}与{package(there)}的{place(match.there, there)}的图片{other}{match.basis}"


def _writer(match: "Match", here: Signature, there: Signature) -> str:
    ours, theirs = place(match.here, here), place(match.there, there)
    return f"{ours}的文件属性中有{printable(match.ours)}，{package(there)}的{theirs}的文件属性中有{printable(match.theirs)}"


def _number(match: "Match", here: Signature, there: Signature) -> str:
    return (
        f"{place(match.here, here)}与{package(there)}的{place(match.there, there)}写有{_WHAT[match.code]} {printable(match.ours)}"
    )


def _texts(here: Signature, there: Signature, matches: "Sequence[Match]") -> str:
    first = matches[0]
    pieces, total = first.basis.split("，")[0].split("|")
    return (
        f"{place(first.here, here)}等处与{package(there)}的{place(first.there, there)}等处有{pieces}段文字相同，合计{total}字，最长一段{first.size}字"
        "（表格固定文字、政策原文和多数申报包共有的文字已除外）"
    )


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Teller: TypeAlias = Callable[[Match, Signature, Signature], str]
