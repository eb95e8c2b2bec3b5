"""What a ``Reader`` makes of bytes, in one line of a test."""

from realtime.frames import CloseCode, Event, Failed, Reader

LIMIT = 70_000


def read(*chunks: bytes, limit: int = LIMIT) -> list[Event]:
    """Feed chunk after chunk, and take everything after each."""
    reader = Reader(limit)
    events: list[Event] = []
    for chunk in chunks:
        reader.feed(chunk)
        while (event := reader.take()) is not None:
            events.append(event)
    return events


def failed(code: CloseCode, *chunks: bytes) -> bool:
    last = read(*chunks)[-1]
    return isinstance(last, Failed) and last.code is code
