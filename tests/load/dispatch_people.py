"""Filling the table of helpers for the dispatch bench: a hundred thousand rows in few transactions.

A bench's way in, by the stores' own tables: approved, on duty, their declared zone sealed under a
key of its own, as ``matching/helpers`` would have left them.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from geo.cells import DECLARED_RES, cell_of
from geo.point import Point
from matching.helpers.rules import BUDGET_DEFAULT
from matching.helpers.store import helper
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Transaction
from realtime.ports import Caller
from realtime.seal import Seals, lock
from realtime.store import seal_key
from tests.load.dispatch_world import Spot
from web.access.vocabulary import Role
from web.auth.store import session
from web.auth.tokens import hash_of
from web.demo.people import Personality, personality

#: Rows in one transaction.
AT_ONCE = 10_000
#: What ``matching/helpers`` binds a sealed zone to.
ZONE_CONTEXT = "declared zone"
#: How many ways of being there are; each person has one of them.
TEMPERAMENTS = 500

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Somebody:
    """One helper of the bench."""

    caller: Caller
    spot: Spot
    temperament: Personality


def everybody(spots: Sequence[Spot], kind: str, seed: int) -> Iterator[Somebody]:
    """The same seed gives the same people, in every process."""
    random = Random(f"{seed} {kind}")
    temperaments = [personality(f"{number}", random) for number in range(TEMPERAMENTS)]
    for number, spot in enumerate(spots):
        person = PersonId(f"{kind}-{random.getrandbits(96):024x}")
        caller = Caller(person, Role.CITIZEN, f"session-{kind}-{number}")
        yield Somebody(caller, spot, random.choice(temperaments))


def token_of(who: Somebody, secret: str) -> str:
    """What a client process needs to speak for somebody: both sides can work it out."""
    random = Random(f"{secret} {who.caller.person}")
    return urlsafe_b64encode(random.randbytes(32)).rstrip(b"=").decode()


async def settle(ledger: Ledger, seals: Seals, people: Sequence[Somebody], secret: str) -> None:
    """Write helpers, the keys of their zones and their sessions."""
    for part in _parts(people):

        async def work(tx: Transaction, part: Sequence[Somebody] = part) -> None:
            made = [_helper_and_key(who, seals, tx.now) for who in part]
            await tx.db.execute(helper.insert(), [row for row, _ in made])
            await tx.db.execute(seal_key.insert(), [key for _, key in made])
            await tx.db.execute(session.insert(), [_session(it, secret, tx.now) for it in part])

        await ledger.write(work)


async def admit(ledger: Ledger, people: Sequence[Somebody], secret: str) -> None:
    """Write sessions only: of people who will ask for help."""

    async def work(tx: Transaction) -> None:
        await tx.db.execute(session.insert(), [_session(it, secret, tx.now) for it in people])

    await ledger.write(work)


def _parts(people: Sequence[Somebody]) -> Iterator[Sequence[Somebody]]:
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]


def _helper_and_key(who: Somebody, seals: Seals, now: datetime) -> tuple[Row, Row]:
    name = f"zone:{who.caller.person}"
    key, wrapped = seals.wrap(name)
    zone = cell_of(Point(lat=who.spot.lat, lon=who.spot.lon), DECLARED_RES)
    row: Row = {
        "person": who.caller.person,
        "status": "approved",
        "tier": who.temperament.tier,
        "skills": " ".join(sorted(who.temperament.skills)),
        "languages": " ".join(who.temperament.languages),
        # Nobody reads a name here: one that cannot be opened is shown as none.
        "name": b"",
        "phone_tag": None,
        "applied": now,
        "budget": BUDGET_DEFAULT,
        "quiet_start": None,
        "quiet_end": None,
        "on_duty": True,
        "zone": lock(key, zone.encode(), ZONE_CONTEXT),
        "zone_key": name,
    }
    return row, {"name": name, "wrapped": wrapped, "at": now}


def _session(who: Somebody, secret: str, now: datetime) -> Row:
    return {
        "token_hash": hash_of(token_of(who, secret)),
        "id": who.caller.session,
        "person": who.caller.person,
        "role": who.caller.role,
        "until": now + timedelta(days=1),
    }
