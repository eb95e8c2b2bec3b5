"""The helpline by chat, joined: one line, its key, how long conversations are kept."""

from collections.abc import Callable

from matching.helpline.service import Helpline
from matching.helpline.values import LineId
from realtime.ledger import Ledger, Transaction
from realtime.ports import Presence
from realtime.rooms.service import Rooms
from web.durable import Durable
from web.settings import Settings

#: There is one line yet; its channels are known by name (``web/access/gate.py``).
LINE = LineId("3919")


def joined_helpline(
    settings: Settings,
    durable: Durable,
    rooms: Rooms,
    presence: Presence,
    *,
    away: Callable[[], bool],
) -> Helpline:
    return Helpline(
        durable.ledger,
        rooms,
        presence,
        key=durable.key("helpline"),
        keep_days=settings.chat_days,
        away=away,
    )


async def plan_line(tx: Transaction, helpline: Helpline) -> None:
    """The line is there, closed until a supervisor opens it; what time does goes on."""
    await helpline.found_line(tx, LINE)
    await helpline.plan(tx)


async def settle_line(ledger: Ledger, helpline: Helpline) -> None:
    """In the demo city it is open, day and night."""
    await ledger.write(lambda tx: helpline.open_line(tx, LINE))
