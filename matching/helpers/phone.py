"""Phone numbers, which are never kept: only their keyed HMAC is, to recognise one again.

The key is outside the database, so that a stolen table cannot be searched by trying every number
(there are only ten thousand million of them).
"""

import hashlib
import hmac
import re

from matching.helpers.errors import BadPhone
from realtime.kernel.secret import Secret

_DECORATION = re.compile(r"[\s.()/-]")
#: E.164: a country code, at most fifteen digits.
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}\Z", re.ASCII)
#: Inside France: ten digits, overseas included.
_FRENCH = re.compile(r"0[1-9][0-9]{8}\Z", re.ASCII)
#: How French numbers begin, without their 0, that have an overseas country code of their own.
_OVERSEAS = {
    "590": "590", "690": "590", "691": "590",
    "594": "594", "694": "594",
    "596": "596", "696": "596", "697": "596",
    "262": "262", "263": "262", "269": "262", "639": "262", "692": "262", "693": "262",
}  # fmt: skip
#: Where a 0 after the country code is never part of a number, though people write it.
_ZERO_TOO_MANY = re.compile(r"\+(33|590|594|596|262|32|41|44|49|212|213)0", re.ASCII)
#: French country codes, and what follows them: nine digits.
_FRANCE = re.compile(r"\+(33|590|594|596|262)(.*)\Z", re.ASCII)
_NATIONAL = re.compile(r"[1-9][0-9]{8}\Z", re.ASCII)


def normalised(text: str) -> str:
    """One spelling for one telephone, the international one; ten digits are a French number.

    Two spellings of one number would be two tags, and an exclusion that excludes nobody.

    >>> normalised("06 12 34 56 78"), normalised("+33 (0)612345678"), normalised("+33 0612345678")
    ('+33612345678', '+33612345678', '+33612345678')
    >>> normalised("0690 12 34 56"), normalised("+590 690 12 34 56")
    ('+590690123456', '+590690123456')
    """
    digits = _DECORATION.sub("", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if _FRENCH.match(digits):
        digits = "+33" + digits[1:]
    digits = _ZERO_TOO_MANY.sub(r"+\1", digits)
    if not _INTERNATIONAL.match(digits):
        raise BadPhone
    if french := _FRANCE.match(digits):
        return _with_its_code(french[1], french[2])
    return digits


def _with_its_code(code: str, number: str) -> str:
    """A French number under the one country code that is right for it."""
    if not _NATIONAL.match(number):
        raise BadPhone
    return f"+{_OVERSEAS.get(number[:3], code)}{number}"


def tag_of(text: str, key: Secret) -> str:
    """What is kept instead of a phone number."""
    number = normalised(text).encode()
    return hmac.new(key.reveal().encode(), b"entraide phone " + number, hashlib.sha256).hexdigest()
