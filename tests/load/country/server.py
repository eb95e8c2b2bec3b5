"""The real server for the country: two towns of helpers on duty, each with a phone.

It is one of ``measured_server``'s: orders on a line, answers on lines. In the small town each thing
is costed alone, in the large one the evening is played. Nobody's live place is known yet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from time import process_time

from sqlalchemy import text

from geo.whereabouts.adapters.redis import RedisWhereabouts
from matching.dispatch.store import offer
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.limits import RedisLimits
from realtime.adapters.redis.presence import RedisPresence
from realtime.adapters.redis.tickets import RedisTickets
from realtime.heart import Heart
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.seal import Seals
from tests.load.dispatch_people import Somebody, everybody, settle
from tests.load.dispatch_world import Spot
from tests.load.measured_server import Orders, Ready, run
from web.bootstrap import Entraide

SECRET = "country"
#: Phones a square kilometre, as close as five millions are in a middling town.
PHONES_A_KM2 = 100.0
#: For any answer of Redis.
PATIENCE_S = 10.0
#: Offers that are remembered, and those of one request: fewer than people in the smallest town.
OLD_OFFERS, ASKED = 10_000, 50
#: The middles of the small town and of the large one.
TOWNS = (Spot(45.76, 4.84), Spot(48.85, 2.35))


class CountryOrders(Orders, frozen=True, kw_only=True):
    seed: int
    #: How many phones each town has.
    small: int
    large: int
    #: Seconds between two pings: a shorter evening has them faster.
    ping_s: int
    #: Whether the tables are to be filled: another node finds them full.
    first: bool


def helpers(small: int, large: int, seed: int) -> list[Somebody]:
    """The same in every process: those of the small town first."""
    dice = Random(seed)
    spots = [_around(town, many, dice) for town, many in zip(TOWNS, (small, large), strict=True)]
    return list(everybody([it for each in spots for it in each], "phone", seed))


def _around(town: Spot, many: int, dice: Random) -> Sequence[Spot]:
    """In a square, so many to a square kilometre; a thousandth of a degree is what a phone says."""
    half = (many / PHONES_A_KM2) ** 0.5 / 2 / 111.2
    return [
        Spot(
            round(town.lat + dice.uniform(-half, half), 3),
            round(town.lon + dice.uniform(-half, half) / 0.68, 3),
        )
        for _ in range(many)
    ]


async def make(whole: Entraide, orders: CountryOrders) -> Ready:
    """Fill the tables, and then what a starting node fills from them."""
    heart = whole.node._heart
    Heart.PING_S = orders.ping_s
    heart._buckets = tuple({} for _ in range(orders.ping_s))
    _count_questions(whole)
    if not orders.first:
        return {"loading_us": ["0"]}
    people = helpers(orders.small, orders.large, orders.seed)
    ledger = whole.durable.ledger
    await settle(ledger, Seals(bytes.fromhex(whole.durable.master.reveal())), people, SECRET)

    async def remember(tx: Transaction) -> None:
        await tx.db.execute(offer.insert(), _old_offers(people, tx.now))
        # As it would know its tables by then: it chooses other ways among few rows, and walks
        # through all offers at each word until it has counted them.
        await tx.db.execute(text("ANALYZE"))

    await ledger.write(remember)
    began = process_time()
    async with ledger.reading() as reading:
        await whole.services.helpers.load(reading)
    await whole.services.helpers.muster()
    return {"loading_us": [str((process_time() - began) / len(people) * 1e6)]}


def _old_offers(people: Sequence[Somebody], now: datetime) -> list[dict[str, object]]:
    """What an installation remembers of requests of the week before."""
    week_ago = now - timedelta(days=7)
    return [
        {
            "offer": f"old-offer-{number}",
            "alert": f"old-alert-{number // ASKED}",
            "helper": people[number % len(people)].caller.person,
            "ring": "near",
            "state": "closed",
            "asked": week_ago,
            "told": week_ago,
            "barred": False,
            "received": True,
            "seen": False,
        }
        for number in range(OLD_OFFERS)
    ]


def _count_questions(whole: Entraide) -> None:
    """How often presence is asked who is here, among the figures of the service."""
    presence, asked = whole.services.presence, 0
    present = presence.present

    async def counted(people: Iterable[PersonId]) -> frozenset[PersonId]:
        nonlocal asked
        asked += 1
        return await present(people)

    presence.present = counted  # type: ignore[method-assign]
    whole.services.metrics.count({"presence_questions": ("Who is here", lambda: asked)})


def be_patient() -> None:
    """Give Redis time: here it shares two cores with everybody, where it would have its own."""
    for engine in (RedisLimits, RedisTickets, RedisPresence, RedisWhereabouts, Batches):
        defaults = engine.__init__.__kwdefaults__
        assert defaults is not None
        defaults["patience_s"] = PATIENCE_S


if __name__ == "__main__":
    be_patient()
    run(CountryOrders, make)
