"""Taking a shift on a hotel's tablet with six figures.

A try is counted, and committed, before the code is compared: whoever asks from many places at once
has no more tries. Comparing takes a processor some fifty milliseconds, on purpose; it is done in a
thread, two at a time, never while a transaction waits.
"""

import asyncio
from dataclasses import replace

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Transaction
from web.auth.staff.codes import mark
from web.auth.staff.desks import store
from web.auth.staff.errors import PinLocked, WeakPin, WrongPin
from web.auth.staff.rules import Tries, is_weak_pin

#: RFC 9106's second choice, for one processor: 64 MiB and three passes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
AT_ONCE = 2


class Shifts:
    def __init__(self, ledger: Ledger, key: bytes) -> None:
        self._ledger = ledger
        self._key = key
        self._hasher = HASHER
        self._places = asyncio.Semaphore(AT_ONCE)
        #: Compared with when there is none, so that this takes as long.
        self._nobodys: str | None = None

    async def made(self, person: PersonId, pin: str) -> str:
        """What is kept of new figures; ``WeakPin``."""
        if is_weak_pin(pin):
            raise WeakPin
        return await self._hashed(self._pepper(person, pin))

    async def keep(self, tx: Transaction, person: PersonId, made: str) -> None:
        await store.put_pin(tx.db, person, store.Pin(made, Tries()))
        tx.record(person, "shift.set", person)

    async def check(self, person: PersonId, pin: str) -> None:
        """Return if that is the code of this person; ``WrongPin``, ``PinLocked``."""
        kept = await self._ledger.write(lambda tx: self._tried(tx, person))
        if kept is not None and not kept.tries.listens(self._ledger.clock.now()):
            raise PinLocked
        if not await self._is_right(kept, self._pepper(person, pin)):
            raise WrongPin
        await self._ledger.write(lambda tx: self._forgive(tx, person))

    async def forget(self, tx: Transaction, person: PersonId) -> None:
        await store.drop_pin(tx.db, person)

    async def _tried(self, tx: Transaction, person: PersonId) -> store.Pin | None:
        """What is kept, as it was before this try, which is counted as a wrong one."""
        kept = await store.find_pin(tx.db, person)
        if kept is None or not kept.tries.listens(tx.now):
            return kept
        tries = kept.tries.missed(tx.now)
        if tries.locked is not None:
            tx.record(person, "shift.locked", person)
        await store.put_pin(tx.db, person, replace(kept, tries=tries))
        return replace(kept, tries=replace(kept.tries, locked=None))

    async def _forgive(self, tx: Transaction, person: PersonId) -> None:
        """The right code: earlier mistakes are forgotten."""
        kept = await store.find_pin(tx.db, person)
        if kept is not None:
            await store.put_pin(tx.db, person, replace(kept, tries=Tries()))

    async def _is_right(self, kept: store.Pin | None, peppered: str) -> bool:
        if kept is None:
            if self._nobodys is None:
                self._nobodys = await self._hashed("nobody's")
            await self._verified(self._nobodys, peppered)
            return False
        return await self._verified(kept.hash, peppered)

    async def _hashed(self, peppered: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, peppered)

    async def _verified(self, hashed: str, peppered: str) -> bool:
        async with self._places:
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, peppered)
            except (Argon2Error, InvalidHashError):
                return False

    def _pepper(self, person: PersonId, pin: str) -> str:
        """Six figures are soon tried at home by whoever has the table, but not without our key."""
        return mark(self._key, "shift", person, pin).hex()
