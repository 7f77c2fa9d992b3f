"""One document's share of its package's signature: who, what, where and which numbers, each with its place.

Everything here is read from the document's text, since the roster rows of a reading hold personal numbers masked already. The numbers leave
this module as keyed digests. What is the same in many honest packages is left out at the source: the words of forms and of policies, the
owner's own counting (资产编号 001), the numbers of contracts without their other party.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from extractors import values
from extractors.forms import Grid, grids, words
from extractors.places import Places
from extractors.roles import role_at, segments
from extractors.rosters import Listing, listings
from extractors.rosters import Reader as ListReader
from extractors.signing_rooms import rooms
from extractors.signing_texts import texts
from extractors.text import Folded, fold, mask, tight
from schemas.document import Document
from schemas.evidence import Evidence
from schemas.facts import Person, Reading
from schemas.signature import Number, Signed, SignedNumber, SignedPerson, SignedPicture, SignedThing, SignedWriter, Writer
from schemas.vocabulary import Role

#: A number under such a heading is the maker's; under 资产编号 or 设备编号 it is the owner's own, and counts from 001 everywhere.
_MAKERS: Final = re.compile(r"出厂|序列|机身|S/?N", re.IGNORECASE)
#: A head that may mean the thing's own number; what stands below it decides. Not the model, the row, the room, a paper, a class.
_NUMBERS: Final = re.compile(
    r"^(?!.*(?:型号|规格|序号|行号|房|室|发票|合同|凭证|票据|电话|分类|邮编|批号)).*(?:号|码|编码|标识|S/?N)$", re.IGNORECASE
)
_SERIAL: Final = re.compile(r"(?=(?:.*\d){4})[0-9A-Za-z][0-9A-Za-z\-/._#]{4,39}")
_INVOICE: Final = re.compile(r"(?<!\d)(?:\d{20}|\d{8})(?!\d)")
_CERTIFICATE: Final = re.compile(r"(?=(?:.*\d){6})[0-9A-Za-z\-]{8,30}")
_BORN: Final = re.compile(r"(19[3-9]\d|20[01]\d)[年.\-/]?(0?[1-9]|1[0-2])(?!\d{3})")
_TELLING: Final = re.compile(r"出生|身份证|身份号|证件号|专/?兼职|专职|聘用|电话|手机")
_NAME: Final = re.compile(r"[\u3400-\u9fff·]{2,6}")
_MOBILE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}[-—)]?\d{7,8}(?!\d)")
_PHONE_LABEL: Final = re.compile(r"(?:联系)?(?:电话|手机)(?:号码?)?|联系方式")
_ACCOUNT: Final = re.compile(r"(?:银行|开户|账户|帐户|结算|收款)?(?:账号|帐号|账户号码?)[:为]?(\d(?:[ -]?\d){11,24})(?!\d)")
_INVOICE_LABEL: Final = re.compile(r"发票(?:号码?|编号)[:为]?(\d{20}|\d{8})(?!\d)")
_CONTRACT_LABEL: Final = re.compile(r"(?:合同|协议)(?:编)?号[:为]([0-9A-Za-z\u4e00-\u9fff()\[\]\-_/〔〕]{5,40})")
_OTHER_PARTY: Final = re.compile(r"(?:甲方|委托(?:方|单位|人)|买方|需方|受让方|发包方)[^:]{0,8}:([^,，。;；:]{4,40})")
_PARTNERS: Final = re.compile(
    r"(?:共建|联建|联合(?:申报|申请|建设|共建|依托)?|参建|协作共建|合作共建|共同(?:申报|申请|建设))(?:单位|方|机构)|联合体|(?:联合|共同)(?:申报|申请|建设|共建)"
)
_ORGANISATION: Final = re.compile(
    r"[\u4e00-\u9fff()（）A-Za-z0-9]{2,30}?(?:股份有限公司|有限责任公司|有限公司|集团|大学|学院|研究院|研究所|医院|中心|管理委员会|管委会)"
)
_LEADING: Final = re.compile(
    r"^.*?(?:单位|方|机构|联合体|成员|名称|依托|与|和|同|由|及|为|共建|联合|建设|申报|申请|委托|合作|共同|[:：、,，;；])(?=[\u4e00-\u9fff]{4})"
)
#: Bits of entropy of a picture's greys under which a page is as good as blank.
_LITTLE: Final = 1.8
#: What every office program and machine writes there, and what says that nobody did.
_NOBODY: Final = re.compile(
    r"administrator|^admin|^users?$|^user\d*$|^owner$|^guest$|^root$|^pc-?|microsoft|windows|office|wps|kingsoft|金山|python|openpyxl|libreoffice|"
    r"^(?:申报|填表|填报|经办|联系|负责|编制|申请)(?:人|单位|员)?$|^unknown|anonymous|^author$|^作者$|用户|管理员|^hp$|^dell$|lenovo|联想|asus|huawei|华为|xiaomi|小米|apple|^mac|samsung|"
    r"sky123|番茄花园|雨林木风|深度|china|^p\s?r\s?c$|^-+$|^\W*$|adobe|scan|^test|acer|thinkpad|^normal|^default|^template|^\d+$|http|www\.",
    re.IGNORECASE,
)


class Digests:
    """Keyed digests: equal for equal values on one machine, of no use on another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, kind: str, value: str) -> str:
        return hashlib.blake2b(value.encode(), digest_size=12, key=self._key, person=kind.encode()[:16]).hexdigest()


def sign(document: Document, reading: Reading, *, file: str, digests: Digests, known: frozenset[str] = frozenset()) -> Signed:
    """The document's share. ``known`` are short strings of the policies' own words (``signing_texts.grams``)."""
    work = _Signing(document, reading, file, digests)
    found = grids(document)
    people, things, papers = work.lists(found)
    return Signed(
        partners=tuple(dict.fromkeys(work.partners())),
        people=tuple(people),
        things=tuple(things),
        rooms=tuple(rooms(document, found, work.parts, work.places)),
        numbers=tuple({(one.kind, one.digest): one for one in (*papers, *work.numbers())}.values()),
        texts=tuple(texts(document, work.parts, work.places, known)),
        pictures=tuple(work.pictures()),
        writers=tuple(work.writers()),
    )


class _Signing:
    def __init__(self, document: Document, reading: Reading, file: str, digests: Digests) -> None:
        self.document = document
        self.reading = reading
        self.digests = digests
        self.places = Places(document, reading.document)
        self.parts = segments(document, file)

    # lists

    def lists(self, found: Sequence[Grid]) -> tuple[list[SignedPerson], list[SignedThing], list[SignedNumber]]:
        reader = ListReader(self.document, self.places.evidence, None)
        people: list[SignedPerson] = []
        things: list[SignedThing] = []
        papers: list[SignedNumber] = []
        for grid in found:
            if not any(listing.kind == "people" for listing in listings(self.document, grid)):
                people += self._loose(grid)
        for listing in (listing for grid in found for listing in listings(self.document, grid)):
            if listing.kind == "people":
                people += self._people(reader, listing)
            elif listing.kind == "equipment":
                things += self._things(reader, listing)
            elif listing.kind == "contracts":
                papers += self._contracts(reader, listing)
        return people, things, papers

    def _people(self, reader: ListReader, listing: Listing) -> Iterator[SignedPerson]:
        sides: dict[Evidence, list[tuple[Person, bool]]] = {}
        for rows, adviser in ((self.reading.rosters.team, False), (self.reading.rosters.advisors, True)):
            for person in rows:
                for place in person.evidence:
                    sides.setdefault(place, []).append((person, adviser))
        for number, sort in reader.rows(listing):
            for half in (listing.columns, *listing.halves) if sort == "row" else ():
                part = replace(listing, columns=half)
                named = [one for place in reader.place(part, number, "person") for one in sides.get(place, [])]
                for person, adviser in named:
                    yield self._person(reader, part, number, person, adviser=adviser, alone=len(named) == 1)

    def _person(
        self, reader: ListReader, part: Listing, number: int, person: Person, *, adviser: bool, alone: bool
    ) -> SignedPerson:
        """``alone``: the row names nobody else, so the numbers in it are this person's."""
        row = self._row(part, number) if alone else []
        ident = next((match for _, cell in row if (match := values.ID_NUMBER.search(cell))), None)
        phone = next((match for _, cell in row if (match := _MOBILE.fullmatch(cell))), None)
        papers = tight(" ".join(reader.text(part, number, name) for name in ("certified", "certificate"))) if alone else ""
        certificate = _CERTIFICATE.search(papers)
        born = _BORN.match(tight(person.born or "") or next((cell for head, cell in row if "出生" in head), ""))
        month = f"{born[1]}-{int(born[2]):02d}" if born else f"{ident[0][6:10]}-{ident[0][10:12]}" if ident else None
        traits = (person.specialty, person.title, reader.text(part, number, "education"), reader.text(part, number, "gender"))
        outside = adviser and person.external is True
        said = {cell for _, cell in row} & {"专职", "全职", "兼职"}
        employed = person.employment or (None if len(said) != 1 else "兼职" if said == {"兼职"} else "专职")
        return SignedPerson(
            name=tight(person.name), born=month,
            id_number=self.digests("id", ident[0].upper()) if ident else None,
            phone=self.digests("phone", phone[0]) if phone else None,
            certificate=self.digests("certificate", certificate[0].upper()) if certificate else None,
            full_time=None if employed is None else employed == "专职" and not outside, adviser=adviser,
            traits=tuple(text for trait in traits if trait and (text := tight(trait))), evidence=person.evidence[0],
        )  # fmt: skip

    def _loose(self, grid: Grid) -> Iterator[SignedPerson]:
        """The people of a table that heads a column 姓名 and another that tells them apart, though it is no list the rosters know."""
        for number, row in enumerate(grid.rows[:6]):
            heads = [tight(words(self.document, cell)) for cell in row]
            named = next((at for at, head in enumerate(heads) if re.search(r"姓名(?:\(|$)", head)), None)
            if named is not None and any(_TELLING.search(head) for head in heads):
                adviser = any(re.search(r"顾问|专家", text) for text in (heads[named], grid.caption))
                for below in grid.rows[number + 1 :]:
                    cell = below[named] if named < len(below) else None
                    name = tight(words(self.document, cell))
                    if cell is not None and _NAME.fullmatch(name):
                        cells = [(head, tight(words(self.document, one))) for head, one in zip(heads, below, strict=False)]
                        yield self._told(name, cells, self.places.evidence(cell.start, cell.end), adviser=adviser)
                return

    def _told(self, name: str, cells: list[tuple[str, str]], place: Evidence, *, adviser: bool) -> SignedPerson:
        ident = next((match for _, cell in cells if (match := values.ID_NUMBER.search(cell))), None)
        phone = next((match for _, cell in cells if (match := _MOBILE.fullmatch(cell))), None)
        born = _BORN.match(next((cell for head, cell in cells if "出生" in head), ""))
        said = {cell for _, cell in cells} & {"专职", "全职", "兼职"}
        return SignedPerson(
            name=name, born=f"{born[1]}-{int(born[2]):02d}" if born else f"{ident[0][6:10]}-{ident[0][10:12]}" if ident else None,
            id_number=self.digests("id", ident[0].upper()) if ident else None, phone=self.digests("phone", phone[0]) if phone else None,
            full_time=None if len(said) != 1 else said != {"兼职"}, adviser=adviser,
            traits=tuple(cell for head, cell in cells if cell and re.search(r"学历|专业|职称|性别", head)), evidence=place,
        )  # fmt: skip

    def _row(self, part: Listing, number: int) -> list[tuple[str, str]]:
        """Head and words of each cell of a row, whatever its column is called; nothing where the list stands twice side by side."""
        if part.halves or number >= len(part.grid.rows):
            return []
        cells = enumerate(part.grid.rows[number])
        return [(part.heads.get(at, ""), tight(words(self.document, cell))) for at, cell in cells if cell is not None]

    def _things(self, reader: ListReader, listing: Listing) -> Iterator[SignedThing]:
        owned = {place: row.owned for row in self.reading.rosters.equipment for place in row.evidence}
        named = "equipment" if "equipment" in listing.columns else "model"
        column, maker = self._serials(reader, listing)
        listing = replace(listing, columns={**listing.columns, "serial": column}) if column is not None else listing
        for number, sort in reader.rows(listing):
            place = reader.place(listing, number, named)
            if sort != "row" or not place:
                continue
            serial = tight(reader.text(listing, number, "serial")).upper()
            invoice = _INVOICE.search(tight(reader.text(listing, number, "invoice")))
            whole = _SERIAL.fullmatch(serial)
            if whole or invoice:
                where = reader.place(listing, number, "serial" if whole else "invoice") or place
                model = tight(reader.text(listing, number, "model")) or None
                yield SignedThing(
                    name=tight(reader.text(listing, number, named))[:60], model=model, serial=serial if whole else None, maker=maker,
                    invoice=invoice[0] if invoice else None, owned=owned.get(place[0]), evidence=where[0],
                )  # fmt: skip

    def _serials(self, reader: ListReader, listing: Listing) -> tuple[int | None, bool]:
        """The column of the things' numbers, and whether its heading means the maker's; a column called 编号 may count the rows, so its cells decide."""
        heads = [(at, head) for at, head in listing.heads.items() if _NUMBERS.search(re.sub(r"\([^()]*\)", "", head))]
        rows = [number for number, sort in reader.rows(listing) if sort == "row"]
        for makers in (True, False):
            for at, head in heads:
                if bool(_MAKERS.search(head)) is makers:
                    cells = [tight(reader.text(replace(listing, columns={"serial": at}), number, "serial")) for number in rows]
                    filled = [cell for cell in cells if cell not in ("", "/", "-", "—", "无")]
                    if filled and sum(bool(_SERIAL.fullmatch(cell)) for cell in filled) * 2 > len(filled):
                        return at, makers
        return listing.columns.get("serial"), False

    def _contracts(self, reader: ListReader, listing: Listing) -> Iterator[SignedNumber]:
        for number, sort in reader.rows(listing):
            code, client = (tight(reader.text(listing, number, name)) for name in ("contract", "client"))
            place = reader.place(listing, number, "contract")
            if sort == "row" and place and sum(c.isdigit() for c in code) >= 4 and len(client) >= 4:
                yield self._number(Number.CONTRACT, f"{code.upper()}|{client}", code, place[0], about=client)

    def _number(self, kind: Number, value: str, shown: str, place: Evidence, *, about: str = "") -> SignedNumber:
        return SignedNumber(kind=kind, digest=self.digests(kind, value), shown=shown[:60], about=about[:60], evidence=place)

    # numbers in lines

    def _lines(self, wanted: re.Pattern[str]) -> Iterator[tuple[Folded, int]]:
        """The document's lines that hold digits and the words wanted, folded."""
        at = 0
        for line in re.split(r"[\n\f]", self.document.text):
            if len(line) >= 6 and any(c.isdigit() for c in line) and wanted.search(tight(line)):
                yield fold(line, at), at
            at += len(line) + 1

    def numbers(self) -> Iterator[SignedNumber]:
        yield from self._phones()
        for folded, _ in self._lines(re.compile("账号|帐号|账户号")):
            for match in _ACCOUNT.finditer(folded.text):
                digits = re.sub(r"\D", "", match[1])
                place = self.places.evidence(*folded.span(match.start(1), match.end(1)))
                hidden = place.model_copy(update={"quote": _starred(place.quote)})
                yield self._number(Number.ACCOUNT, digits, f"尾号{digits[-4:]}", hidden)
        for folded, _ in self._lines(re.compile("发票")):
            for match in _INVOICE_LABEL.finditer(folded.text):
                place = self.places.evidence(*folded.span(match.start(1), match.end(1)))
                yield self._number(Number.INVOICE, match[1], match[1], place)
        yield from self._written_contracts()

    def _phones(self) -> Iterator[SignedNumber]:
        """The applicant's own numbers: those the form gives."""
        for folded, at in self._lines(_PHONE_LABEL):
            if role_at(self.parts, at) is not Role.FORM or re.search(r"科技局|主管部门|受理|咨询|监督|举报", folded.text):
                continue
            label = _PHONE_LABEL.search(folded.text)
            if label is None:
                continue
            for pattern in (_MOBILE, _LANDLINE):
                for match in pattern.finditer(folded.text, label.end()):
                    digits = re.sub(r"\D", "", match[0])
                    place = self.places.evidence(*folded.span(match.start(), match.end()))
                    shown = mask(digits) if pattern is _MOBILE else f"{digits[:4]}****{digits[-4:]}"
                    yield self._number(Number.PHONE, digits, shown, place)

    def _written_contracts(self) -> Iterator[SignedNumber]:
        """A contract's number with the other party it names soon after."""
        for folded, at in self._lines(re.compile("合同|协议")):
            if role_at(self.parts, at) in (Role.LEASE, Role.FORM):
                continue
            for match in _CONTRACT_LABEL.finditer(folded.text):
                start, end = folded.span(match.start(1), match.end(1))
                party = _OTHER_PARTY.search(tight(self.document.text[end : end + 400].replace("\n", ";").replace("\t", ";")))
                code = match[1].rstrip("()").upper()
                if party and sum(c.isdigit() for c in code) >= 4:
                    place = self.places.evidence(start, end)
                    name = re.sub(r"\((?:甲方|盖章|公章|签章)\)", "", party[1])
                    yield self._number(Number.CONTRACT, f"{code}|{name}", code, place, about=name)

    # names

    def partners(self) -> Iterator[str]:
        """The organisations a form or plan names as building the centre together."""
        at = 0
        for line in re.split(r"[\n\f]", self.document.text):
            flat = tight(line.replace("\t", ":").replace("\v", "、"))
            if (match := _PARTNERS.search(flat)) and role_at(self.parts, at) in (Role.FORM, Role.PLAN, Role.CONTRACT, Role.OTHER):
                about = flat[max(0, match.start() - 60) : match.end() + 160]
                for piece in re.split(r"[、,，;；:。]|与|和|及", about):
                    for name in _ORGANISATION.findall(piece):
                        yield _LEADING.sub("", name)
                        yield name
            at += len(line) + 1

    def pictures(self) -> Iterator[SignedPicture]:
        """Photographs and scanned pages; what shows little (a blank, a logo) or stands on every page is none."""
        for shot in self.reading.shots:
            if shot.kind in ("photo", "page") and shot.entropy >= _LITTLE:
                yield SignedPicture(
                    digest=shot.digest, hash=shot.hash, kind=shot.kind, caption=shot.caption, evidence=shot.evidence
                )

    def writers(self) -> Iterator[SignedWriter]:
        """What the file's notes say of who wrote it, unless everybody's say so. A form's author is the office that made the form."""
        form = self.parts[0].role is Role.FORM and len(self.parts) == 1
        for name, value in self.document.about:
            kind = next((one for one in Writer if one.value == name), None)
            said = " ".join(value.split())
            if kind is None or len(said) < 2 or _NOBODY.search(said) or (form and kind in (Writer.AUTHOR, Writer.TEMPLATE)):
                continue
            if kind is Writer.TEMPLATE and re.search(r"^normal|^$", said, re.IGNORECASE):
                continue
            yield SignedWriter(
                kind=kind, words=said[:80], evidence=Evidence(document=self.reading.document, quote=mask(said)[:80])
            )


def _starred(quote: str) -> str:
    """An account number but for its last four digits."""
    seen = sum(c.isdigit() for c in quote) - 4
    shown = []
    for c in quote:
        shown.append("*" if c.isdigit() and seen > 0 else c)
        seen -= c.isdigit()
    return "".join(shown)
