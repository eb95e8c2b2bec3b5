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
_FRENCH = re.compile(r"0[1-9][0-9]{8}\Z", re.ASCII)


def normalised(text: str) -> str:
    """One spelling for one telephone, the international one; ten digits are a French number.

    >>> normalised("06 12 34 56 78"), normalised("+33 (0)612345678")
    ('+33612345678', '+33612345678')
    """
    digits = _DECORATION.sub("", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if _FRENCH.match(digits):
        digits = "+33" + digits[1:]
    if not _INTERNATIONAL.match(digits):
        raise BadPhone
    return digits


def tag_of(text: str, key: Secret) -> str:
    """What is kept instead of a phone number."""
    number = normalised(text).encode()
    return hmac.new(key.reveal().encode(), b"entraide phone " + number, hashlib.sha256).hexdigest()
