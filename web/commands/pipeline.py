"""The way of every command, whichever door it came by: access, parse, look, run, answer.

A writing command is judged in the transaction that runs it, so that nothing changes in between.
One that carries an ``id`` keeps its answer there too: repeating it repeats the answer. What says
something of her is kept sealed, and forgotten with her.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec

from realtime.kernel.errors import AppError, UnknownMethod
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Caller
from web.access.ports import Facts
from web.access.tables import Access, role_of
from web.access.vocabulary import Relation
from web.commands import store
from web.commands.fields import Done
from web.commands.in_turn import InTurn
from web.commands.parse import decode, encode
from web.commands.registry import (
    AnyCommand,
    Door,
    Lives,
    Living,
    Looking,
    Reads,
    Registry,
    Writes,
    Writing,
)
from web.errors import tamed
from web.observe import Metrics
from web.services import Services

#: How long a repeated command is recognised: longer than any phone stays without a network.
REMEMBERED = timedelta(hours=48)
#: Answers that hold a line, a stop and a car: gone with what they were about.
PLACED, PLACED_REMEMBERED = ("witness.report",), timedelta(hours=24)
_KEPT = "answered"
#: What most of them answer: that it is done.
_DONE = encode(Done())


class Pipeline:
    def __init__(
        self,
        registry: Registry,
        ledger: Ledger,
        services: Services,
        *,
        access: Access,
        facts: Facts,
        metrics: Metrics,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        if missing := sorted(it.method for it in registry if it.method not in access):
            raise ValueError(f"no access row for {missing}")
        self.registry = registry
        self._ledger = ledger
        self._services = services
        self._access = access
        self._facts = facts
        self._metrics = metrics
        self._timer = timer
        self._turns = InTurn()

    async def run(
        self,
        caller: Caller,
        method: str,
        data: bytes,
        *,
        door: Door = Door.BOTH,
        network: str = "",
    ) -> bytes:
        """Run a command given as JSON and answer in JSON, or raise an ``AppError``.

        ``network``: where the request came from, where that is known.
        """
        command = self._found(method, door)
        return await self._measured(command, caller, lambda: decode(command.takes, data), network)

    async def run_parsed(self, caller: Caller, method: str, asked: msgspec.Struct) -> bytes:
        """Run a command whose argument did not come as JSON of its own."""
        return await self._measured(self._found(method, Door.BOTH), caller, lambda: asked)

    def _found(self, method: str, door: Door) -> AnyCommand:
        """A command that needs HTTP does not exist elsewhere."""
        if method in self.registry:
            command = self.registry.find(method)
            if door is Door.HTTP or command.door is not Door.HTTP:
                return command
        # Counted under one name: a label must not be what strangers write.
        self._metrics.command("unknown", UnknownMethod.name, 0.0)
        raise UnknownMethod

    async def _measured(
        self,
        command: AnyCommand,
        caller: Caller,
        parse: Callable[[], msgspec.Struct],
        network: str = "",
    ) -> bytes:
        start = self._timer()
        outcome = "ok"
        try:
            self._access.refuse_role(command.method, role_of(caller.role))
            return await self._dispatch(command, caller, parse(), network)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            told = tamed(error, where=command.method)
            outcome = told.name
            raise told from None
        finally:
            self._metrics.command(command.method, outcome, self._timer() - start)

    async def _dispatch(
        self, command: AnyCommand, caller: Caller, asked: msgspec.Struct, network: str
    ) -> bytes:
        match command:
            case Writes() if command.nothing_for(caller):
                return _DONE
            case Writes():
                writes = command

                async def work(tx: Transaction) -> bytes | AppError:
                    call = Writing(self._services, tx, caller, network)
                    return await self._write(writes, call, asked)

                async with self._turns.of(caller, command.method):
                    answer = await self._ledger.write(work, haste=writes.haste)
                if isinstance(answer, AppError):
                    raise answer
                return answer
            case Reads():
                await self._note(command, caller, asked)
                async with self._ledger.reading() as reading:
                    held = await self._check(command, reading, caller, asked)
                    may = partial(self._access.sees, role_of(caller.role), held)
                    looking = Looking(self._services, reading, caller, may)
                    return encode(await command.run(looking, asked))
            case Lives():
                if self._access.must_look(command.method, role_of(caller.role)):
                    async with self._ledger.reading() as reading:
                        await self._check(command, reading, caller, asked)
                return encode(await command.run(Living(self._services, caller), asked))

    async def _note(
        self,
        command: Reads[msgspec.Struct, msgspec.Struct],
        caller: Caller,
        asked: msgspec.Struct,
    ) -> None:
        """What must be on the record before some roles are answered."""
        note = command.note
        if note is None or role_of(caller.role) not in command.noted_for:
            return

        async def work(tx: Transaction) -> None:
            await self._check(command, tx, caller, asked)
            await note(Writing(self._services, tx, caller), asked)

        await self._ledger.write(work)

    async def _write(
        self,
        command: Writes[msgspec.Struct, msgspec.Struct],
        call: Writing,
        asked: msgspec.Struct,
    ) -> bytes | AppError:
        tx, caller = call.tx, call.caller
        repeat = getattr(asked, "id", None) if command.repeatable else None
        if repeat is None:
            await self._check(command, tx, caller, asked)
            done = await command.run(call, asked)
            return done if isinstance(done, AppError) else encode(done)
        once = store.Asked(caller.person, command.method, repeat)
        said = await store.begin(tx.db, once, tx.now, _DONE)
        key = None if command.sealed is None else command.sealed(asked)
        if said is not None:
            return said if key is None else await tx.open(key, said, context=_KEPT)
        await self._check(command, tx, caller, asked)
        done = await command.run(call, asked)
        if isinstance(done, AppError):
            # Nothing would be there to repeat.
            raise done
        answer = encode(done)
        kept = answer if key is None else await tx.seal(key, answer, context=_KEPT)
        if kept != _DONE:
            await store.keep(tx.db, once, kept)
        return answer

    async def _check(
        self, command: AnyCommand, reading: Reading, caller: Caller, asked: msgspec.Struct
    ) -> frozenset[Relation]:
        """Refuse what the tables refuse; answer the relations that were needed to decide."""
        role = role_of(caller.role)
        held: frozenset[Relation] = frozenset()
        if self._access.must_look(command.method, role):
            held = await self._facts.relations(reading, caller, command.about(asked))
        self._access.check(command.method, role, held)
        return held


async def prune(tx: Transaction) -> None:
    """Forget answers that nobody will ask for again."""
    await store.drop_before(tx.db, tx.now - REMEMBERED)
    await store.drop_before(tx.db, tx.now - PLACED_REMEMBERED, of=PLACED)
