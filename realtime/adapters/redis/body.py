"""How a delivery travels: a byte of version, eight of offset, the body as the ledger keeps it.

The channel is the name it is published under. A version that we do not know is another release's,
during an upgrade: it is not guessed at, the node asks the ledger.
"""

import struct

VERSION = 1
_HEAD = struct.Struct(">BQ")


def pack(offset: int, body: bytes) -> bytes:
    """What is published for a delivery.

    >>> pack(7, b"hello").hex(" ")
    '01 00 00 00 00 00 00 00 07 68 65 6c 6c 6f'
    """
    return _HEAD.pack(VERSION, offset) + body


def unpack(packed: bytes) -> tuple[int, bytes] | None:
    r"""The offset and the body; None when this was not packed here.

    >>> unpack(pack(7, b"hello")), unpack(b"?"), unpack(b"\2" + bytes(8))
    ((7, b'hello'), None, None)
    """
    if len(packed) < _HEAD.size or packed[0] != VERSION:
        return None
    return _HEAD.unpack_from(packed)[1], packed[_HEAD.size :]
