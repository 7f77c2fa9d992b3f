"""What a file says of its own making, where it says something: leads only, since programs and templates are shared and names stay in files for years.

An organisation's template is a lead where it names neither the applicant nor an office; a program is one where a file made by another was saved again by an editor of
finished pages or of pictures.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from schemas.case import Case
from schemas.evidence import Evidence
from schemas.facts import Reading
from schemas.report import Lead
from schemas.vocabulary import FactKey, Format, Role
from validators.messages import document_name, entry_of, printable

_EDITOR: Final = re.compile(
    r"photoshop|illustrator|coreldraw|gimp|美图|醒图|稿定|pdf ?editor|pdf编辑|pdfelement|foxit phantom|福昕(?:高级)?pdf编辑|nitro|infix|pdf-xchange editor|sejda|smallpdf|ilovepdf|pdfescape",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"[\u4e00-\u9fffA-Za-z()（）·]{4,40}?(?:公司|大学|学院|研究院|研究所|医院|集团)")
_OFFICE: Final = re.compile(
    r"科学技术局|科技局|科技厅|财政局|委员会|人民政府|模板|微软|microsoft|kingsoft|金山|user|china|中国$|lenovo|hp$|dell",
    re.IGNORECASE,
)
#: Papers that others issue: a program that edits pictures has no part in them.
_ISSUED: Final = (
    Role.CERTIFICATE,
    Role.LICENCE,
    Role.AUDIT,
    Role.CREDIT_REPORT,
    Role.INVOICE,
    Role.PATENT,
    Role.IDENTITY,
    Role.LEASE,
    Role.CONTRACT,
)


def names(case: Case) -> frozenset[str]:
    """The applicant's names, folded, as far as anything in the package states them."""
    stated = [fact.value for fact in case.facts if fact.key is FactKey.APPLICANT_NAME]
    stated += [s.value for s in case.sightings if s.key is FactKey.APPLICANT_NAME and s.rejected is None]
    stated += [fact.value for fact in case.facts if fact.key is FactKey.CENTRE_NAME]
    return frozenset(folded(str(name)) for name in stated)


def folded(name: str) -> str:
    """An organisation's name without width, space and bracket, in one of the two ways of saying 有限公司."""
    flat = re.sub(r"[\s()·,，.]", "", unicodedata.normalize("NFKC", name))
    return flat.replace("有限责任公司", "有限公司")


def leads(case: Case) -> Iterator[Lead]:
    ours = names(case)
    for reading in case.readings:
        about = dict(reading.about)
        yield from _template(reading, about, ours, case)
        yield from _editor(reading, about, case)


def _template(reading: Reading, about: dict[str, str], ours: frozenset[str], case: Case) -> Iterator[Lead]:
    if not ours:
        return
    for field, name in (("company", "单位"), ("title", "标题"), ("template", "模板")):
        said = about.get(field, "")
        found = said if field == "company" else next(iter(_OWNER.findall(said)), "")
        flat = folded(found)
        if len(flat) < 4 or not _OWNER.search(found) or _OFFICE.search(flat) or any(flat in our or our in flat for our in ours):
            continue
        if field != "company" and any(_core(our) and _core(our) in folded(said) for our in ours):
            continue
        yield Lead(
            code="TEMPLATE_LEFT", message=f"{document_name(reading.document, case)}的文件属性中“{name}”为“{printable(said)}”，不是申报单位。",
            evidence=(Evidence(document=reading.document, quote=""),),
        )  # fmt: skip


def _core(name: str) -> str:
    return re.sub(r"(?:股份)?有限公司$|^.{2,3}[省市]", "", name)[:8]


def _editor(reading: Reading, about: dict[str, str], case: Case) -> Iterator[Lead]:
    entry = entry_of(reading.document, case)
    made, saved = about.get("creator", ""), about.get("producer", "")
    if entry is None or not _EDITOR.search(saved) or _EDITOR.search(made):
        return
    name = document_name(reading.document, case)
    if entry.format is Format.PDF and made:
        told = f"{name}由“{printable(made)}”制作，后经“{printable(saved)}”编辑保存，请对照原件核对。"
    elif entry.format is Format.IMAGE or set(entry.roles) & set(_ISSUED):
        told = f"{name}经“{printable(saved)}”保存，请对照原件核对。"
    else:
        return
    yield Lead(code="FILE_HISTORY", message=told, evidence=(Evidence(document=reading.document, page=1, quote=""),))
