"""From JSON to a command's struct, strictly, and back. A refusal never repeats what was sent."""

from functools import cache
from typing import TypeVar, cast

import msgspec

from realtime.kernel.errors import Malformed

Kind = TypeVar("Kind", bound=msgspec.Struct)

_ENCODER = msgspec.json.Encoder()


@cache
def _decoder(kind: type[msgspec.Struct]) -> msgspec.json.Decoder[msgspec.Struct]:
    return msgspec.json.Decoder(kind, strict=True)


def decode(kind: type[Kind], data: bytes) -> Kind:
    """Read exactly one ``kind``. Nothing at all means the empty object.

    >>> from web.commands.fields import Nothing
    >>> decode(Nothing, b"")
    Nothing()
    """
    try:
        asked = _decoder(kind).decode(data or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
        # Without its cause: the parser's message may hold a piece of what was sent.
        raise Malformed from None
    return cast("Kind", asked)


def encode(answer: msgspec.Struct) -> bytes:
    return _ENCODER.encode(answer)
