"""Personal numbers, and the one function that hides them: identity numbers, telephones, bank cards and accounts.

Every report, log, export and screen takes its words through ``mask``. Lengths never change, so places in a text stay what they were.
What surprised us: numbers are typed in groups (``139 1234 5678``, ``530102 19900307 123X``) and in full-width digits, and a bank account
has no shape of its own, so it is known by the label before it, or as a card by its first digits and its check digit.
"""

import hmac
import re
from typing import Final

_EDGE_BEFORE, _EDGE_AFTER = r"(?<![0-9A-Za-z０-９])", r"(?![0-9A-Za-z０-９])"
_WIDE: Final = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("Ｘ"): ord("X"), ord("ｘ"): ord("x")}

_ID_NUMBER = re.compile(
    rf"{_EDGE_BEFORE}[1-9]\d{{5}}[ -]?(?:18|19|20)\d{{2}}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:[0-2]\d|3[01])[ -]?\d{{3}}[0-9Xx]{_EDGE_AFTER}"
)
_MOBILE = re.compile(rf"{_EDGE_BEFORE}1[3-9]\d(?:\d{{8}}|[ -]\d{{4}}[ -]\d{{4}}){_EDGE_AFTER}")
_ACCOUNT = re.compile(
    r"((?:银行)?(?:账|帐)(?:户|号|户号|号码|户号码)|银行卡号?|卡号)([\s:：为是|]{0,4})(\d[\d -]{8,27}\d)(?![0-9A-Za-z])"
)
_CARD = re.compile(rf"{_EDGE_BEFORE}(?:62|4\d|5[1-5])\d{{2}}(?:\d{{12,15}}|(?:[ -]\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?){_EDGE_AFTER}")


def mask(text: str) -> str:
    """Personal numbers replaced by ``*`` of equal length.

    Identity numbers but for the first 6 and the last, mobile numbers' middle four, cards and accounts but for the last 4.

    >>> mask("身份证号 650191199601193871")
    '身份证号 650191***********1'
    >>> mask("账号：5300 1234 5678 9012，电话 139-1234-5678")
    '账号：**** **** **** 9012，电话 139-****-5678'
    """
    if not any(c.isdigit() for c in text):
        return text
    plain = text.translate(_WIDE)
    hidden = bytearray(len(plain))
    for match in _ID_NUMBER.finditer(plain):
        _hide(plain, hidden, *match.span(), first=6, last=1)
    for match in _MOBILE.finditer(plain):
        _hide(plain, hidden, *match.span(), first=3, last=4)
    for match in _ACCOUNT.finditer(plain):
        _hide(plain, hidden, *match.span(3), first=0, last=4)
    for match in _CARD.finditer(plain):
        if _luhn(match[0]):
            _hide(plain, hidden, *match.span(), first=0, last=4)
    if not any(hidden):
        return text
    return "".join("*" if covered else char for char, covered in zip(text, hidden, strict=True))


def keyed(number: str, secret: bytes) -> str:
    """A number's stand-in for joins: HMAC-SHA256 over it without blanks, full width folded, in capitals. Useless without the key."""
    plain = re.sub(r"[\s-]", "", number.translate(_WIDE)).upper()
    return hmac.new(secret, plain.encode(), "sha256").hexdigest()


def _hide(plain: str, hidden: bytearray, start: int, end: int, *, first: int, last: int) -> None:
    digits = [at for at in range(start, end) if plain[at].isalnum()]
    for at in digits[first : len(digits) - last]:
        hidden[at] = 1


def _luhn(text: str) -> bool:
    """
    >>> _luhn("6222 0200 0000 0000 001"), _luhn("4111111111111111")
    (False, True)
    """
    digits = [int(c) for c in text if c.isdigit()][::-1]
    return sum(d if at % 2 == 0 else d * 2 - 9 * (d > 4) for at, d in enumerate(digits)) % 10 == 0
