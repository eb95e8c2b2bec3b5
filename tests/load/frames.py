"""Frames of text as light phones write and read them: no checks, no other kind."""

_TEXT = 0x81


def masked(text: bytes) -> bytes:
    """A client's frame, masked with zeroes: the server unmasks as ever, and we need not."""
    size = len(text)
    head = bytes((_TEXT, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
    return head + bytes(4) + text


def texts(buffer: bytes) -> tuple[list[bytes], bytes]:
    r"""Whole messages of a server's frames, each object by itself, and what is left.

    >>> texts(bytes((0x81, 5)) + b"{}\n{}" + bytes((0x81, 9)) + b"{")
    ([b'{}', b'{}'], b'\x81\t{')
    """
    found: list[bytes] = []
    start = 0
    while len(buffer) - start >= 2:
        length, head = buffer[start + 1], 2
        if length > 125:
            head = 4 if length == 126 else 10
            length = int.from_bytes(buffer[start + 2 : start + head])
        if len(buffer) - start < head + length:
            break
        if buffer[start] == _TEXT:
            found += buffer[start + head : start + head + length].split(b"\n")
        start += head + length
    return found, buffer[start:]
