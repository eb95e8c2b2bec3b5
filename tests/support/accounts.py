"""Members of a whole service: invited, let in, and what they ask over HTTP."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import msgspec
import pytest
from argon2 import PasswordHasher

from matching.shelter.inventory.service import Inventory
from matching.shelter.values import HotelId
from realtime import store
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ports import Caller
from tests.support.authenticator import Authenticator
from tests.support.postgres import Postgres
from tests.support.sheltering import AN_ADDRESS, a_hotel
from tests.support.world import World, world
from web.access.vocabulary import Role
from web.auth.sessions import NOBODY
from web.auth.staff.desks import shifts
from web.auth.staff.organisations import New
from web.auth.staff.rules import ROLES
from web.commands.registry import Door

Answer = dict[str, object]
_numbers = count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
async def accounts(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    """One service on each engine for a whole file: everybody in it is somebody new."""
    address = ""
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        address = server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        # What is meant to take long is not waited for a hundred times.
        patch.setattr(shifts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        async with world(address) as made:
            yield made


@dataclass(slots=True)
class Account:
    """Somebody with a session, and the device that holds her key."""

    caller: Caller
    token: str
    device: Authenticator = field(default_factory=Authenticator)

    @property
    def person(self) -> PersonId:
        return self.caller.person


async def ask(made: World, who: Caller | Account | None, method: str, **fields: object) -> Answer:
    """As over HTTP; a refusal is an answer too, by its name."""
    caller = who.caller if isinstance(who, Account) else who or NOBODY
    body = msgspec.json.encode(fields)
    try:
        answer = await made.whole.pipeline.run(caller, method, body, door=Door.HTTP)
    except AppError as error:
        return {"error": error.name}
    return msgspec.json.decode(answer, type=dict[str, object])


async def caller_of(made: World, token: object) -> Caller:
    """Who holds a token; nobody when it opens nothing (any more)."""
    async with made.whole.durable.ledger.reading() as reading:
        found = await made.whole.services.sessions.find(reading, str(token))
    return found or NOBODY


async def invitation(
    made: World, role: Role, name: str = "", *, hotel: HotelId | None = None
) -> str:
    """A code, as the command line makes it."""
    kind = next(kind for kind, roles in ROLES.items() if role in roles)
    new = New(kind=kind, name=name or f"a {kind}", hotel=hotel)
    asked = f"invitation-{next(_numbers)}"
    staff = made.whole.services.staff
    issued = await made.whole.durable.ledger.write(
        lambda tx: staff.invite_from_here(tx, PersonId("tests"), asked, role=role, new=new)
    )
    return issued.code


async def newcomer(
    made: World, role: Role, name: str = "", *, hotel: HotelId | None = None
) -> Account:
    """Somebody who has accepted, and has no key yet."""
    code = await invitation(made, role, name, hotel=hotel)
    accepted = await ask(made, None, "staff.accept", code=code, name="Anne")
    return Account(await caller_of(made, accepted["token"]), str(accepted["token"]))


async def member(
    made: World, role: Role, name: str = "", *, hotel: HotelId | None = None
) -> Account:
    """Somebody who has made a key and is in."""
    new = await newcomer(made, role, name, hotel=hotel)
    wanted = await ask(made, new, "passkey.begin")
    entered = await ask(made, new, "passkey.finish", **new.device.make(wanted))
    return Account(
        await caller_of(made, entered["token"]), str(entered["token"]), device=new.device
    )


async def enter(made: World, account: Account) -> Answer:
    """Sign in once more with the same device."""
    asked = await ask(made, None, "passkey.ask")
    return await ask(made, None, "passkey.enter", **account.device.show(asked))


async def audited(made: World, thing: str) -> list[str]:
    """What the audit says was done to something, in order."""
    async with made.whole.durable.database.snapshot() as db:
        actions: list[str] = []
        last = 0
        while lines := await store.read_audit(db, after=last):
            actions += [line.action for line in lines if thing in (line.thing, line.actor)]
            last = lines[-1].number
        return actions


async def hotel(made: World, name: str) -> HotelId:
    """A hotel that gives rooms."""
    work = partial(
        Inventory().add_hotel, hotel=a_hotel(name), kinds=[], address=AN_ADDRESS, source=None
    )
    await made.whole.durable.ledger.write(work)
    return HotelId(name)


async def tablet(made: World, at: HotelId) -> Account:
    """A tablet at the desk of a hotel."""
    link = await ask(made, made.somebody("operator"), "desk.link", hotel=at)
    desk = str(link["path"]).partition("#")[2]
    opened = await ask(made, None, "desk.open", desk=desk, code=link["code"])
    return Account(await caller_of(made, opened["token"]), str(opened["token"]))
