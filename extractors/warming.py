"""Small files of our own, one of each common kind, read once where readers are about to be used: what they load and compile on first use is
then there. A zygote does so before its first fork, since each child would have to do it again.
"""

import io
import zipfile
from typing import Final

from extractors.pictures import Pictures
from extractors.readers import read, scan, scan_strip
from schemas.evidence import Evidence
from schemas.vocabulary import Format

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "application/vnd.openxmlformats-officedocument"
WORDS: Final = "场地面积（平方米）：350.5，团队共 8 人"


def warm() -> None:
    """Takes some tenths of a second. Raises nothing: what cannot be read here is not the reason a file cannot."""
    made = {"a.txt": WORDS.encode(), "a.docx": docx(), "a.xlsx": xlsx(), "a.pdf": pdf()}
    documents = {name: read(name, data) for name, data in made.items()}
    place = Evidence(document="d1", page=1, bbox=(60, 60, 200, 90), quote="350")
    with Pictures({"d1": (Format.PDF, made["a.pdf"], documents["a.pdf"])}) as pictures:
        pictures(place)
    scan.render(made["a.pdf"], 1, file_format=Format.PDF)
    scan_strip.strip(made["a.pdf"], 1, (60, 60, 200, 90), file_format=Format.PDF, dpi=72)
    for document in documents.values():
        document.to_bytes()


def docx() -> bytes:
    cell = f"<w:tc><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:tc>"
    body = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p><w:tbl><w:tr>{cell}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>"
    return _package(
        "word/document.xml",
        f"{TYPES}.wordprocessingml.document.main+xml",
        f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    )


def xlsx() -> bytes:
    cells = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{WORDS}</t></is></c>' for column in "AB")
    sheet = f'<worksheet xmlns="{S}"><sheetData><row r="1">{cells}</row><row r="2"><c r="A2"><v>350.5</v></c></row></sheetData></worksheet>'
    book = f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{R}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    more = {"xl/worksheets/sheet1.xml": (f"{TYPES}.spreadsheetml.worksheet+xml", sheet), "xl/_rels/workbook.xml.rels": ("", rels)}
    return _package("xl/workbook.xml", f"{TYPES}.spreadsheetml.sheet.main+xml", book, more)


def _package(main: str, kind: str, body: str, more: dict[str, tuple[str, str]] | None = None) -> bytes:
    parts = {main: (kind, body), **(more or {})}
    listed = "".join(f'<Override PartName="/{name}" ContentType="{of}"/>' for name, (of, _) in parts.items() if of)
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{listed}</Types>'
    )
    rels = f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{R}/officeDocument" Target="{main}"/></Relationships>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in {
            "[Content_Types].xml": types,
            "_rels/.rels": rels,
            **{name: text for name, (_, text) in parts.items()},
        }.items():
            out.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return buffer.getvalue()


def pdf() -> bytes:
    """One page with a line of text and a ruled box, in a font every reader has."""
    lines = (
        "BT /F1 12 Tf 72 760 Td (Area 350.5) Tj 0 -40 Td (8) Tj ET 60 700 200 80 re S 60 740 m 260 740 l S 160 700 m 160 780 l S"
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(lines)}>>\nstream\n{lines}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010d} 00000 n \n" for place in places)
    return (out + f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").encode("ascii")
