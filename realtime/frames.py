"""WebSocket frames as a server sees them (RFC 6455), without a socket and without waiting.

Feed a ``Reader`` what arrived and take events from it, one at a time; everything sent is framed
here too. No extensions. A message is bounded before it is gathered, text is checked as it comes in
(across fragments and across reads), and the first violation ends the conversation.
"""

from codecs import utf_8_decode
from dataclasses import dataclass, field
from enum import IntEnum

try:
    from websockets.speedups import apply_mask
except ImportError:  # pragma: no cover - where the wheel has no C extension
    from websockets.utils import apply_mask

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80

_OPCODES = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
_LONGEST_CONTROL = 125
#: What a close frame may carry (RFC 6455 section 7.4 and the IANA registry), besides 3000-4999.
_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})


class CloseCode(IntEnum):
    """The codes we send ourselves."""

    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED = 1003
    NOT_TEXT = 1007
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    TRY_LATER = 1013


@dataclass(frozen=True, slots=True)
class Message:
    """One complete message; ``data`` is valid UTF-8 when ``text``."""

    data: bytes
    text: bool


@dataclass(frozen=True, slots=True)
class Ping:
    data: bytes


@dataclass(frozen=True, slots=True)
class Pong:
    data: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """The client closes. ``code`` is ``None`` when it gave none. Nothing is read after it."""

    code: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The client broke the protocol: close with this. Nothing is read after it."""

    code: CloseCode
    reason: str


Event = Message | Ping | Pong | Closed | Failed


class _Violation(Exception):
    """Never leaves this file."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        self.failed = Failed(code, reason)


def whole_text(data: bytes, limit: int) -> bytes | None:
    """The short way for what phones send all day: one whole text frame in one read, nothing else.

    ``None`` says nothing about the data but that a ``Reader`` has to look at it.
    """
    size = len(data)
    if size < 7 or size > limit or data[0] != FINAL | TEXT:
        return None
    length = data[1] - MASKED
    if length == size - 6 and length < 126:
        text = apply_mask(data[6:], data[2:6])
    elif length == 126 and (data[2] << 8 | data[3]) == size - 8:
        text = apply_mask(data[8:], data[4:8])
    else:
        return None
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            return None
    return text


@dataclass(slots=True, eq=False, repr=False)
class Reader:
    """Turns bytes into events. Holds at most one read, and one message up to ``limit`` bytes.

    Nothing of it shows in a repr: messages are private.
    """

    limit: int
    _ended: bool = False
    #: What has arrived, and how far it has been read.
    _data: bytes = b""
    _at: int = 0
    #: The frame being read; ``_left`` is what is missing of its payload, -1 between frames.
    _left: int = -1
    _opcode: int = 0
    _final: bool = True
    _key: bytes = b""
    _control: bytes = b""
    #: The message being gathered; ``_unfinished`` is a character cut in two.
    _in_message: bool = False
    _text: bool = False
    _gathered: bytearray = field(default_factory=bytearray)
    _unfinished: bytes = b""

    @property
    def idle(self) -> bool:
        """Nothing is held: this reader can be forgotten and a new one made at the next read."""
        return self._left < 0 and not self._in_message and not self._data and not self._ended

    def feed(self, data: bytes) -> None:
        """Add what arrived; after the end it is thrown away."""
        if not self._ended:
            self._data = self._data[self._at :] + data if self._data else data
            self._at = 0

    def take(self) -> Event | None:
        """The next event, or ``None`` until more is fed."""
        if self._ended:
            return None
        try:
            event = self._next()
        except _Violation as violation:
            self._end()
            return violation.failed
        if isinstance(event, Closed):
            self._end()
        return event

    def _end(self) -> None:
        self._ended = True
        self._data = self._unfinished = b""
        self._gathered = bytearray()

    def _next(self) -> Event | None:
        while self._left >= 0 or self._begin_frame():
            chunk = self._payload()
            event = self._heed(chunk)
            if self._left:
                return None
            self._left = -1
            if event is not None:
                return event
        return None

    def _begin_frame(self) -> bool:
        """Read a frame's header; False when it is not whole yet.

        Checks are made in the order of ``websockets``, so that a frame wrong in two ways is
        refused with the same code.
        """
        data, at = self._data, self._at
        available = len(data) - at
        if available < 2:
            return self._wait()
        first, second = data[at], data[at + 1]
        opcode = first & 0x0F
        if opcode not in _OPCODES:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "unknown opcode")
        if not second & MASKED:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "not masked")
        length = second & 0x7F
        extended = 2 if length == 126 else 8 if length == 127 else 0
        header = 2 + extended + 4
        if available < header:
            return self._wait()
        if extended:
            length = int.from_bytes(data[at + 2 : at + 2 + extended])
        self._check_header(first, opcode, length)
        self._opcode, self._final, self._left = opcode, bool(first & FINAL), length
        self._key = data[at + header - 4 : at + header]
        self._at = at + header
        if opcode in (TEXT, BINARY):
            self._in_message, self._text = True, opcode == TEXT
        return True

    def _check_header(self, first: int, opcode: int, length: int) -> None:
        control = opcode >= CLOSE
        if not control and length > self.limit - len(self._gathered):
            raise _Violation(CloseCode.TOO_BIG, "message too big")
        if first & RESERVED:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "reserved bit")
        if control:
            if length > _LONGEST_CONTROL or not first & FINAL:
                raise _Violation(CloseCode.PROTOCOL_ERROR, "control frame too long or fragmented")
        elif (opcode == CONTINUATION) != self._in_message:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "fragments out of order")

    def _wait(self) -> bool:
        """Keep only the beginning of a header: what was read before it is not needed any more."""
        self._data = self._data[self._at :]
        self._at = 0
        return False

    def _payload(self) -> bytes:
        """What is here of the frame's payload, unmasked."""
        start, key = self._at, self._key
        chunk = self._data[start : start + self._left]
        size = len(chunk)
        self._left -= size
        self._at = start + size
        if self._at >= len(self._data):
            self._data = b""
            self._at = 0
        if self._left and size & 3:
            # The key goes on where this chunk stopped.
            turn = size & 3
            self._key = key[turn:] + key[:turn]
        return apply_mask(chunk, key)

    def _heed(self, chunk: bytes) -> Event | None:
        whole = not self._left
        if self._opcode >= CLOSE:
            payload = self._control + chunk
            self._control = b"" if whole else payload
            return self._control_event(payload) if whole else None
        final = whole and self._final
        if self._text:
            self._check_text(chunk, final=final)
        if not final:
            self._gathered += chunk
            return None
        self._in_message = False
        if self._gathered:
            self._gathered += chunk
            chunk = bytes(self._gathered)
            self._gathered = bytearray()
        return Message(chunk, self._text)

    def _check_text(self, chunk: bytes, *, final: bool) -> None:
        held = self._unfinished
        if not held and chunk.isascii():
            return
        chunk = held + chunk
        try:
            read = utf_8_decode(chunk, "strict", final)[1]
        except UnicodeDecodeError:
            raise _Violation(CloseCode.NOT_TEXT, "not UTF-8") from None
        rest = self._unfinished = chunk[read:]
        # Python lets this one wait for its third byte, which cannot make it right.
        if rest[:1] == b"\xed" and rest[1:] >= b"\xa0":
            raise _Violation(CloseCode.NOT_TEXT, "not UTF-8")

    def _control_event(self, payload: bytes) -> Event:
        if self._opcode == PING:
            return Ping(payload)
        if self._opcode == PONG:
            return Pong(payload)
        closed = _read_close(payload)
        # ``websockets`` refuses this too; Autobahn (7.1.5) would have it answered.
        if self._in_message:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "closed inside a message")
        return closed


def _read_close(payload: bytes) -> Closed:
    if not payload:
        return Closed(None, "")
    if len(payload) < 2:
        raise _Violation(CloseCode.PROTOCOL_ERROR, "half a close code")
    try:
        reason = payload[2:].decode()
    except UnicodeDecodeError:
        raise _Violation(CloseCode.NOT_TEXT, "not UTF-8") from None
    code = int.from_bytes(payload[:2])
    if not may_close_with(code):
        raise _Violation(CloseCode.PROTOCOL_ERROR, "no such close code")
    return Closed(code, reason)


def may_close_with(code: int) -> bool:
    """Whether a close frame may carry this code.

    >>> [code for code in (999, 1000, 1005, 1006, 1015, 3000, 4999, 5000) if may_close_with(code)]
    [1000, 3000, 4999]
    """
    return code in _CLOSE_CODES or 3000 <= code < 5000


def encode_text(payload: bytes) -> bytes:
    r"""One whole text frame. Encode once, write the same bytes to every socket.

    >>> encode_text(b"{}")
    b'\x81\x02{}'
    """
    return _frame(FINAL | TEXT, payload)


def encode_binary(payload: bytes) -> bytes:
    return _frame(FINAL | BINARY, payload)


def encode_ping(payload: bytes = b"") -> bytes:
    return _control(PING, payload)


def encode_pong(payload: bytes) -> bytes:
    return _control(PONG, payload)


def encode_close(code: int | None, reason: str = "") -> bytes:
    """A close frame; a reason that is too long is cut, never inside a character."""
    if code is None:
        return _control(CLOSE, b"")
    if not may_close_with(code):
        raise ValueError(code)
    room = _LONGEST_CONTROL - 2
    kept = reason.encode()[:room].decode(errors="ignore").encode()
    return _control(CLOSE, code.to_bytes(2) + kept)


def _control(opcode: int, payload: bytes) -> bytes:
    if len(payload) > _LONGEST_CONTROL:
        raise ValueError(len(payload))
    return _frame(FINAL | opcode, payload)


def _frame(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 1 << 16:
        return bytes((first, 126, length >> 8, length & 0xFF)) + payload
    return bytes((first, 127)) + length.to_bytes(8) + payload
