"""Frames as a client sends them, and as no client should: every field can be chosen."""

KEY = bytes.fromhex("a1b2c3d4")


def frame(
    opcode: int,
    payload: bytes,
    *,
    final: bool = True,
    reserved: int = 0,
    masked: bool = True,
    form: int | None = None,
    key: bytes = KEY,
) -> bytes:
    """Build one frame; ``form`` (0, 2 or 8 bytes) forces how its length is written.

    Written without the code under test and without the library it is compared with.
    """
    size = len(payload)
    if form is None:
        form = 0 if size < 126 else 2 if size < 1 << 16 else 8
    short = size if form == 0 else 126 if form == 2 else 127
    head = bytes((final << 7 | reserved | opcode, masked << 7 | short))
    head += size.to_bytes(form) if form else b""
    if not masked:
        return head + payload
    return head + key + bytes(byte ^ key[at & 3] for at, byte in enumerate(payload))
