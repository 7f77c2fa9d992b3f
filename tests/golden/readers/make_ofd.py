"""An OFD written by hand: whatever the format says in more than one way stands in it once."""

import io
import zipfile
from collections.abc import Mapping

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def text(said: str, x: float, y: float, *, size: float = 4, steps: str | None = None, look: str = "", inner: str = "") -> str:
    """One line of words with its baseline at ``y``, in millimetres; Chinese a size wide, the rest half of it."""
    if steps is None:
        steps = " ".join(str(size if ord(char) > 0x2E7F else size / 2) for char in said[:-1])
    offsets = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} 190 {2 * size}" Font="3" Size="{size}" {look}>{inner}'
        f'<ofd:TextCode X="0" Y="{size}"{offsets}>{said}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """A line as invoices draw it: within a boundary hardly thicker than itself."""
    wide, high = max(x1 - x0, 0.4), max(y1 - y0, 0.4)
    path = f"M 0 0.2 L {wide} 0.2" if x1 > x0 else f"M 0.2 0 L 0.2 {high}"
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0 - (0 if x1 > x0 else 0.2)} {y0 - (0.2 if x1 > x0 else 0)} {wide} {high}" LineWidth="0.25">'
        f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def box(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return (
        f'<ofd:PathObject ID="2" Boundary="{x} {y} {wide} {high}" Fill="true" Stroke="false"><ofd:FillColor Value="{colour}"/>'
        f"<ofd:AbbreviatedData>M 0 0 L {wide} 0 L {wide} {high} L 0 {high} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


def page(content: str, *, before: str = "", size: str = "0 0 210 297") -> str:
    return (
        f"{HEAD}<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:Area>{before}"
        f'<ofd:Content><ofd:Layer ID="9">{content}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def packed(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 3, 15, 10, 40, 0)), data)
    return out.getvalue()


def plain(*contents: str, document: str = "", more: Mapping[str, str | bytes] | None = None, body: str = "") -> bytes:
    """The least a file needs around its pages."""
    pages = "".join(f'<ofd:Page ID="{10 + i}" BaseLoc="Pages/P{i}.xml"/>' for i in range(len(contents)))
    return packed(
        {
            "OFD.xml": f"{HEAD}<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:Creator>样例</ofd:Creator></ofd:DocInfo>"
            f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"{HEAD}<ofd:Document {NS}>{document}<ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
            **{f"Doc_0/Pages/P{i}.xml": content for i, content in enumerate(contents)},
            **(more or {}),
        }
    )


def form_ofd() -> bytes:
    """A form whose grid comes from a template, words of every kind of hiding, a page that is only a picture, a seal, notes, an attachment."""
    grid = "".join(line(20, y, 190, y) for y in (50, 60, 70)) + "".join(line(x, 50, x, 70) for x in (20, 60, 190))
    template = page(
        grid + text("单 位 名 称", 22, 56.5, steps="4 2 4 2 4 2") + text("建筑面积", 22, 66.5, look='HScale="1"'),
    )
    first = page(
        text("概念验证中心申报书", 80, 30, steps="g 8 4")
        + text("云南例远医疗器械科技有限公司", 62, 56.5)
        + text("1260.5㎡", 62, 66.5, size=1, steps="g 6 0.5", look='CTM="4 0 0 4 0 -0.5"').replace('Y="1"', 'Y="1.125"')
        + text("设备方面，登记在册１４１台（套），账面原值1170.92万元，全部放在本中心四层，没有外借，也没有", 28, 90)
        + text("与其他单位共用。", 20, 97)
        + text("透明888", 20, 110, look='Alpha="0"')
        + text("白字999", 20, 120, inner='<ofd:FillColor Value="255 255 255"/>')
        + box(60, 116, 30, 6, "40 40 160")
        + text("深色表头", 62, 120.5, inner='<ofd:FillColor Value="#FF #FF #FF"/>')
        + text("盖住777", 20, 130)
        + box(18, 125, 40, 8, "255 255 255")
        + text("到此为止", 20, 145, steps=""),
        before='<ofd:Template TemplateID="5" ZOrder="Background"/>',
    )
    second = page('<ofd:ImageObject ID="4" ResourceID="6" Boundary="0 0 148 210" CTM="148 0 0 210 0 0"/>', size="0 0 148 210")
    return plain(
        first,
        second,
        document='<ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes><ofd:TemplatePage ID="5" BaseLoc="Tpl.xml"/></ofd:CommonData>'
        "<ofd:Annotations>Notes.xml</ofd:Annotations><ofd:Attachments>Attached.xml</ofd:Attachments>",
        body="<ofd:Signatures>/Doc_0/Signs.xml</ofd:Signatures>",
        more={
            "Doc_0/Tpl.xml": template,
            "Doc_0/Res.xml": f'{HEAD}<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="6" Type="Image">'
            "<ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
            "Doc_0/Res/scan.png": _picture(),
            "Doc_0/Notes.xml": f'{HEAD}<ofd:Annotations {NS}><ofd:Page PageID="10"><ofd:FileLoc>N.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
            "Doc_0/N.xml": f'{HEAD}<ofd:PageAnnot {NS}><ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 210 297">{text("内部资料", 40, 200)}'
            '</ofd:Appearance></ofd:Annot><ofd:Annot Type="Stamp"><ofd:Appearance Boundary="100 140 60 20">'
            f"{text('收件章', 2, 6)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
            "Doc_0/Attached.xml": f'{HEAD}<ofd:Attachments {NS}><ofd:Attachment ID="8" Name="明细.xml"/></ofd:Attachments>',
            "Doc_0/Signs.xml": f'{HEAD}<ofd:Signatures {NS}><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>',
            "Doc_0/Sign_0/Signature.xml": f'{HEAD}<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName="样例签章"/>'
            '<ofd:SignatureDateTime>20260315104000Z</ofd:SignatureDateTime><ofd:StampAnnot ID="1" PageRef="10" Boundary="120 130 40 40"/>'
            "</ofd:SignedInfo><ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>",
            "Doc_0/Sign_0/SignedValue.dat": seal_value("云南例远医疗器械科技有限公司"),
        },
    )


def seal_value(name: str) -> bytes:
    """As much of a signed value (GB/T 38540) as stands around a seal's name."""
    told = _der(0x30, _der(2, b"\1") + _der(0x0C, name.encode()))
    info = _der(0x30, _der(0x30, b"") + _der(0x16, b"0") + told)
    return _der(0x30, _der(0x30, _der(2, b"\4") + _der(0x30, info)))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    head = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + head + content


def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (37, 52), 200).save(out, "PNG")
    return out.getvalue()
