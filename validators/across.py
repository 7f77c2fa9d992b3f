"""What two submissions have in common that should be one applicant's alone. Signatures in, findings out; nothing is opened.

Told without accusation: what stands where in both, and what to look up. Three rules keep honest applicants out of it. One applicant is never
held against itself (a name or code in common, or the same files). Applicants that name each other as building together are not compared, and where
only one names the other there are leads, no findings. And what may be two different things under one sign (a name without a birth month, an owner's own
number, a street without a room) is a lead at most.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from schemas.evidence import Evidence
from schemas.report import Elsewhere, Finding, Lead
from schemas.signature import Number, Signature, SignedPerson, SignedPicture, SignedRoom, SignedThing
from schemas.vocabulary import FindingCode, Role, Severity
from validators import across_words, joining, likeness
from validators.joining import PHOTO, Kind, counts

#: What else must agree of two people with one name and birth month among thousands of packages (学历, 专业, 职称, 性别).
TRAITS: Final = 3
#: Pairs of places a finding shows, and bits two hashes of one photograph may differ in.
PAIRS: Final = 6
BITS: Final = 18


class Match(NamedTuple):
    """One thing two packages share. ``cause`` is the same for all that share it; ``sure`` tells a finding from a lead; ``basis`` says by what, in Chinese."""

    code: str
    cause: str
    here: Evidence
    there: Evidence
    ours: str = ""
    theirs: str = ""
    basis: str = ""
    sure: bool = True
    size: int = 0

    def turned(self) -> "Match":
        return self._replace(here=self.there, there=self.here, ours=self.theirs, theirs=self.ours)


@dataclass(frozen=True)
class Told:
    """What one submission's report gets."""

    findings: tuple[Finding, ...] = ()
    leads: tuple[Lead, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass
class Gathered:
    """Matches by submission as pairs are compared, each with the other's id, and the signatures they name, without their contents."""

    matches: dict[str, list[tuple[str, Match]]] = field(default_factory=lambda: defaultdict(list))
    signatures: dict[str, Signature] = field(default_factory=dict)

    def add(self, here: Signature, there: Signature, found: Iterable[Match], *, both: bool = True) -> None:
        """``both``: the other submission is told, too; one screened earlier is not."""
        for match in found:
            for one in (here, there):
                if one.id not in self.signatures:
                    self.signatures[one.id] = slim(one)
            self.matches[here.id].append((there.id, match))
            if both:
                self.matches[there.id].append((here.id, match.turned()))

    def told(self) -> dict[str, Told]:
        return {
            ident: told(self.signatures[ident], [(self.signatures[other], match) for other, match in found])
            for ident, found in sorted(self.matches.items())
        }


def slim(signature: Signature) -> Signature:
    """Its names and documents, which is all that telling needs."""
    empty: dict[str, Any] = dict.fromkeys(("people", "things", "rooms", "numbers", "texts", "pictures", "writers", "figures"), ())
    return signature.model_copy(update=empty)


def compare(here: Signature, there: Signature, common: Collection[int] = frozenset(), *, many: bool = False) -> list[Match]:
    """What the two share. ``common`` are the keys of what many packages hold (``joining.Joined``).

    ``many``: they are two of thousands, among which some people share a name and a birth month by chance; more must agree then.
    """
    if same_applicant(here, there):
        return []
    open_here, open_there = _names(here, there), _names(there, here)
    if open_here and open_there:
        return []
    found = [
        *_people(here.people, there.people, many=many),
        *_things(here, there),
        *_rooms(here.rooms, there.rooms),
        *_texts(here, there, common),
        *_pictures(here, there, common),
        *_numbers(here, there, common),
        *_writers(here, there, common),
    ]
    unknown = not (here.applicants or here.usccs) or not (there.applicants or there.usccs)
    if open_here or open_there or unknown:
        why = "申报单位未能确认" if unknown else "一方材料写明与对方共建或联合申报"
        found = [one._replace(sure=False, basis="，".join(filter(None, (one.basis, why)))) for one in found]
    return found


def same_applicant(here: Signature, there: Signature) -> bool:
    """By code, by the whole name, or by the same files; by a name but for its legal form only where a code is not known."""
    if (
        here.sha256 == there.sha256
        or set(here.usccs) & set(there.usccs)
        or set(map(_plain, here.applicants)) & set(map(_plain, there.applicants))
    ):
        return True
    alike = bool(set(map(_bare, here.applicants)) & set(map(_bare, there.applicants)))
    return alike and not (here.usccs and there.usccs)


def _plain(name: str) -> str:
    return name.replace("（", "(").replace("）", ")")


def _bare(name: str) -> str:
    return _plain(name).replace("有限责任公司", "有限公司")


def _names(one: Signature, other: Signature) -> bool:
    """Whether a package names the other's applicant as its partner."""
    named = {_bare(name) for name in one.partners}
    return any(_bare(name) in named or any(_bare(name) in text for text in named) for name in other.applicants)


# --- kinds


def _people(ours: Sequence[SignedPerson], theirs: Sequence[SignedPerson], *, many: bool) -> Iterator[Match]:
    by_key: dict[str, list[SignedPerson]] = defaultdict(list)
    for person in theirs:
        if counts(person):
            for key in {person.id_number, person.phone, person.certificate, person.name} - {None}:
                by_key[str(key)].append(person)
    seen: set[str] = set()
    for person in ours:
        if not counts(person):
            continue
        keys = [key for key in (person.id_number, person.phone, person.certificate, person.name) if key]
        others = list(dict.fromkeys(other for key in keys for other in by_key.get(key, ())))
        found = [match for other in others if (match := _person(person, other, many=many)) is not None]
        best = max(found, key=lambda match: (match.sure, match.size), default=None)
        if best is not None and best.cause not in seen:
            seen.add(best.cause)
            yield best


def _person(ours: SignedPerson, theirs: SignedPerson, *, many: bool) -> Match | None:
    """``size`` orders the grounds: number, telephone, certificate, birth month, name."""
    if ours.id_number and theirs.id_number and ours.id_number != theirs.id_number:
        return None
    same = ours.name == theirs.name
    both = ours.full_time is True and theirs.full_time is True
    alike = sum(trait in theirs.traits for trait in ours.traits)
    if ours.id_number and ours.id_number == theirs.id_number:
        basis, size = "身份证号相同", 5
    elif same and ours.phone and ours.phone == theirs.phone:
        basis, size = "姓名和手机号码相同", 4
    elif same and ours.certificate and ours.certificate == theirs.certificate:
        basis, size = "姓名和证书编号相同", 3
    elif same and ours.born and ours.born == theirs.born:
        basis, size = "姓名和出生年月相同", 2
    elif same and both and not (ours.born and theirs.born) and alike >= 2:
        basis, size = "仅姓名相同，未见证件号和出生年月可供区分", 1
    else:
        return None
    if not both:
        basis += "，名单没有都写明专职"
    return Match(
        "SHARED_PERSON", f"person:{ours.id_number or ours.name + (ours.born or '')}", ours.evidence, theirs.evidence, ours.name, theirs.name, basis,
        both and size >= 2 and (size > 2 or not many or alike >= TRAITS), size,
    )  # fmt: skip


def _things(here: Signature, there: Signature) -> Iterator[Match]:
    serials = {thing.serial: thing for thing in reversed(there.things) if thing.serial}
    for serial, thing in {thing.serial: thing for thing in reversed(here.things) if thing.serial}.items():
        if serial in serials:
            yield from _serial(thing, serials[serial])
    theirs = dict(_invoices(there))
    for number, (ours, evidence) in dict(_invoices(here)).items():
        if number in theirs:
            other, place = theirs[number]
            sure = len(number) == 20 or (ours is not None and other is not None and _alike(ours, other))
            names = [f"“{one.name}”" if one else "发票" for one in (ours, other)]
            code = "SHARED_ASSET" if sure or (ours and other) else "SHARED_INVOICE"
            basis = f"发票号码均为 {number}" + ("" if sure else "（8位号码，请连同发票代码核对）")
            yield Match(code, f"invoice:{number}", evidence, place, names[0], names[1], basis, sure)


def _invoices(signature: Signature) -> Iterator[tuple[str, tuple[SignedThing | None, Evidence]]]:
    """Invoices by number: those themselves handed in, and those the equipment list names."""
    for one in signature.numbers:
        if one.kind is Number.INVOICE:
            yield one.shown, (None, one.evidence)
    for thing in signature.things:
        if thing.invoice:
            yield thing.invoice, (thing, thing.evidence)


def _serial(thing: SignedThing, other: SignedThing) -> Iterator[Match]:
    alike, makers = _alike(thing, other), thing.maker and other.maker
    counted = not makers and across_words.own_counting(thing.serial or "")
    twins = thing.name == other.name and thing.model == other.model is not None and len(thing.serial or "") >= 9
    borrowed = thing.owned is False or other.owned is False
    sure = (alike or (makers and len(thing.serial or "") >= 8)) and (twins or not counted) and not borrowed
    if counted and not alike:
        return  # ZC-2024-001 in two companies' books
    basis = f"{'出厂编号' if makers else '编号'}均为 {thing.serial}"
    basis += (
        "，有一方写明为租赁、借用或尚未购置"
        if borrowed
        else "，可能是单位自编的序号"
        if not sure and counted
        else ""
        if alike
        else "，名称、型号不同"
    )
    names = f"“{thing.name}”", f"“{other.name}”"
    yield Match("SHARED_ASSET", f"serial:{thing.serial}", thing.evidence, other.evidence, *names, basis, sure)


def _alike(one: SignedThing, other: SignedThing) -> bool:
    if one.model and other.model and one.model.upper() == other.model.upper():
        return True
    return one.name == other.name or (len(one.name) >= 4 and (one.name in other.name or other.name in one.name))


def _rooms(ours: Sequence[SignedRoom], theirs: Sequence[SignedRoom]) -> Iterator[Match]:
    known = {(room.street, room.building, room.room): room for room in reversed(theirs)}
    seen: set[tuple[str, str, str]] = set()
    for room in ours:
        key = (room.street, room.building, room.room)
        other = known.get(key)
        if other is not None and key not in seen and not _apart(room.areas, other.areas):
            seen.add(key)
            yield Match(
                "SHARED_PREMISES",
                f"room:{'|'.join(key)}",
                room.evidence,
                other.evidence,
                room.shown,
                other.shown,
                "地址和房间号相同",
            )


def _apart(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two addresses name different cities or districts."""
    for level in ("市", "区县旗"):
        a, b = ({area for area in areas if area[-1] in level} for areas in (ours, theirs))
        if a and b and not a & b and not any(x.endswith(y) or y.endswith(x) for x in a for y in b):
            return True
    return False


def _texts(here: Signature, there: Signature, common: Collection[int]) -> Iterator[Match]:
    if not here.texts or not there.texts:
        return
    passages = likeness.shared(here.texts, there.texts, common)
    if not likeness.enough(passages):
        return
    for one in passages[:PAIRS]:
        ours, theirs = here.texts[one.here], there.texts[one.there]
        yield Match(
            "TEXT_REUSE", f"text:{here.id}:{there.id}",
            _quoted(ours.evidence, ours.words[slice(*one.here_span)]), _quoted(theirs.evidence, theirs.words[slice(*one.there_span)]),
            size=one.equal, basis=f"{len(passages)}|{sum(p.equal for p in passages)}",
        )  # fmt: skip


def _quoted(evidence: Evidence, words: str) -> Evidence:
    return evidence.model_copy(update={"quote": words.strip()})


def _pictures(here: Signature, there: Signature, common: Collection[int]) -> Iterator[Match]:
    exact: dict[str, SignedPicture] = {picture.digest: picture for picture in reversed(there.pictures)}
    photos = [(int(picture.hash, 16), picture) for picture in there.pictures if picture.kind == PHOTO]
    seen: set[str] = set()
    for picture in here.pictures:
        other, basis = exact.get(picture.digest), "完全相同"
        if other is None and picture.kind == PHOTO:
            look = int(picture.hash, 16)
            near = min(((hashed ^ look).bit_count(), number) for number, (hashed, _) in enumerate(photos)) if photos else (256, 0)
            other, basis = (photos[near[1]][1], "画面相同（尺寸或压缩不同）") if near[0] <= BITS else (None, "")
        if other is None or picture.digest in seen or joining.number(Kind.PICTURE, picture.digest) in common:
            continue
        seen.add(picture.digest)
        landlords = picture.kind != PHOTO and {_role(here, picture.evidence), _role(there, other.evidence)} <= _ANOTHERS
        yield Match(
            "IMAGE_REUSE", f"picture:{picture.digest}", picture.evidence, other.evidence, picture.caption, other.caption,
            basis + ("，可能是同一出租方、同一机关的同一份文件" if landlords else ""), not landlords,
        )  # fmt: skip


#: Two applicants may both hand in one landlord's certificate, one office's paper.
_ANOTHERS: Final = frozenset({Role.LEASE, Role.LICENCE, Role.CREDIT_REPORT, Role.RULES, Role.OTHER})


def _role(signature: Signature, evidence: Evidence) -> Role:
    return next((one.role for one in signature.documents if one.id == evidence.document), Role.OTHER)


_NUMBER_LEADS: Final[Mapping[Number, str]] = {
    Number.CONTRACT: "SHARED_CONTRACT", Number.PHONE: "SHARED_PHONE", Number.ACCOUNT: "SHARED_ACCOUNT",
}  # fmt: skip


def _numbers(here: Signature, there: Signature, common: Collection[int]) -> Iterator[Match]:
    """Leads: each has an honest explanation (one agent's telephone, one contract of three parties)."""
    known = {(one.kind, one.digest): one for one in reversed(there.numbers)}
    parties = {_bare(name) for name in (*here.applicants, *there.applicants)}
    for one in here.numbers:
        other = known.get((one.kind, one.digest))
        if (
            one.kind is Number.INVOICE
            or other is None
            or (one.kind is Number.CONTRACT and _bare(one.about) in parties)
            or joining.numbered(one) in common
        ):
            continue
        shown = f"{one.shown}（对方为{one.about}）" if one.about else one.shown
        yield Match(_NUMBER_LEADS[one.kind], f"{one.kind}:{one.digest}", one.evidence, other.evidence, shown, shown, sure=False)


def _writers(here: Signature, there: Signature, common: Collection[int]) -> Iterator[Match]:
    known = {one.words.casefold(): one for one in reversed(there.writers)}
    seen: set[str] = set()
    for one in here.writers:
        other = known.get(one.words.casefold())
        if other is not None and one.words.casefold() not in seen and joining.written_by(one) not in common:
            seen.add(one.words.casefold())
            ours, theirs = (f"{across_words.WRITERS[row.kind]}“{row.words}”" for row in (one, other))
            yield Match("SAME_WRITER", f"writer:{one.words}", one.evidence, other.evidence, ours, theirs, sure=False)


# --- telling


def told(here: Signature, found: Sequence[tuple[Signature, Match]]) -> Told:
    """One submission's findings and leads. What several submissions share alike is told once, naming them all."""
    groups: dict[tuple[str, bool, frozenset[str]], list[tuple[Signature, list[Match]]]] = defaultdict(list)
    by_other: dict[tuple[str, bool, str], tuple[Signature, list[Match]]] = {}
    for there, match in found:
        by_other.setdefault((match.code, match.sure, there.id), (there, []))[1].append(match)
    for (code, sure, _), (there, matches) in sorted(by_other.items()):
        groups[code, sure, frozenset(match.cause for match in matches)].append((there, matches))
    findings: list[Finding] = []
    leads: list[Lead] = []
    elsewhere: dict[str, Elsewhere] = {}
    for (code, sure, _), shared in groups.items():
        others = tuple(there.id for there, _ in shared)
        evidence = tuple(_evidence(shared))
        message, advice = across_words.message(code, here, shared, sure=sure)
        if sure:
            findings.append(
                Finding(
                    id="",
                    code=FindingCode(code),
                    severity=_severity(code, shared[0][1]),
                    message=message,
                    evidence=evidence,
                    others=others,
                    advice=advice,
                )
            )
        else:
            leads.append(Lead(code=code, message=message + advice, evidence=evidence, others=others))
        for there, _ in shared:
            elsewhere.update((one.id, one) for one in _documents(there, evidence))
    return Told(tuple(findings), tuple(leads), tuple(elsewhere[key] for key in sorted(elsewhere)))


def _severity(code: str, matches: Sequence[Match]) -> Severity:
    """High: nothing the applicant hands in settles it, a person has to look. Names and birth months alike can be two people's."""
    weak = code == "SHARED_PERSON" and len(matches) == 1 and matches[0].size == 2
    return Severity.MEDIUM if weak else Severity.HIGH


def _evidence(shared: Sequence[tuple[Signature, list[Match]]]) -> Iterator[Evidence]:
    """Ours and theirs in turn, so that each pair stands side by side."""
    left = PAIRS
    for there, matches in shared:
        for match in matches[: max(1, left)]:
            if left > 0:
                yield match.here
                yield qualified(match.there, there.id)
                left -= 1


def qualified(evidence: Evidence, submission: str) -> Evidence:
    return evidence.model_copy(update={"document": f"{submission}/{evidence.document}", "submission": submission})


def _documents(there: Signature, evidence: Iterable[Evidence]) -> Iterator[Elsewhere]:
    named = {one.document for one in evidence}
    for one in there.documents:
        ident = f"{there.id}/{one.id}"
        if ident in named:
            yield Elsewhere(
                id=ident, submission=there.id, name=there.name, file=one.file, sha256=one.sha256, format=one.format, role=one.role
            )
