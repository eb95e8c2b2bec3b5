"""A hotel's tablet: a link and six figures, typed once, and it is the desk's for ninety days.

Five wrong codes and the link is dead: two others would have to be guessed for each try.
"""

import hmac
from collections.abc import Callable

from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from web.auth.staff.codes import figures, mark
from web.auth.staff.desks import store
from web.auth.staff.rules import DESK_LINK_LIFE, MOST_WRONG
from web.auth.staff.values import Issued

_PURPOSE = "desk"


class Tablets:
    def __init__(self, key: bytes, tokens: Callable[[], str]) -> None:
        self._key = key
        self._tokens = tokens

    async def link(self, tx: Transaction, hotel: HotelId, by: PersonId) -> Issued:
        desk, until = tx.ids(), tx.now + DESK_LINK_LIFE
        code = figures(mark(self._key, "desk code", self._tokens()))
        new = store.DeskLink(desk, hotel, self._mark(desk, code), 0)
        await store.add_desk(tx.db, new, by=by, until=until)
        tx.record(by, "desk.link", desk)
        return Issued(code, f"/bureau#{desk}", until)

    async def open(self, tx: Transaction, desk: str, code: str) -> HotelId | None:
        """Whose desk it is; the link is used up. None, and one try fewer, when it is refused."""
        found = await store.find_desk(tx.db, desk, tx.now)
        if found is None or found.wrong >= MOST_WRONG:
            return None
        if not hmac.compare_digest(found.mark, self._mark(desk, code)):
            await store.count_wrong(tx.db, desk, found.wrong + 1)
            if found.wrong + 1 == MOST_WRONG:
                tx.record("", "desk.dead", desk)
            return None
        await store.drop_desk(tx.db, desk)
        return found.hotel

    async def waits(self, reading: Reading, desk: str) -> bool:
        """Whether a link has been neither used nor killed."""
        found = await store.find_desk(reading.db, desk, reading.now)
        return found is not None and found.wrong < MOST_WRONG

    async def prune(self, tx: Transaction) -> None:
        await store.drop_desks(tx.db, tx.now)

    def _mark(self, desk: str, code: str) -> bytes:
        return mark(self._key, _PURPOSE, desk, code)
