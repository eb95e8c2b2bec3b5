"""What was said, for her who asks for it: nobody else is given a transcript, nor is one kept."""

from datetime import datetime

from msgspec import Struct

from realtime import store as ledger_store
from realtime.ledger import Ledger, Reading
from realtime.rooms.messages import channel_of, read_back, told

#: Publications read at once, and of one conversation: the oldest beyond it are left out.
PAGE, MOST = 500, 5_000


class Spoken(Struct, frozen=True):
    seat: str
    text: str
    at: datetime


async def transcript(ledger: Ledger, reading: Reading, room: str) -> list[Spoken]:
    """What was said in a room, as it reads now, oldest first."""
    channel = channel_of(room)
    last = (await reading.place(channel)).offset
    since, page = max(0, last - MOST), []
    while since < last:
        kept = await ledger_store.page(reading.db, channel, limit=PAGE, since=since, reverse=False)
        if not kept:
            break
        page += [read_back(await ledger.opened(reading.db, it), it.offset) for it in kept]
        since = kept[-1].offset
    messages, _ = told(page)
    return [Spoken(it.seat, it.text, it.at) for it in messages]
