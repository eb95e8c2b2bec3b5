"""Everyone in a room has the same conversation, whatever breaks; and a whisper is never in hers.

Two hubs on PostgreSQL and Redis; visitors, operators and silent supervisors on sockets in another
process. Sockets are broken all the time; hubs, PostgreSQL, Redis and the lines between them one
after the other. Then what each heard is held against the ledger, and against what was answered.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Ledger, Transaction
from realtime.rooms.service import Rooms
from tests.load.processes import Process, allow_sockets
from tests.proofs.engines.faults import Ground, carry_out
from tests.proofs.engines.house import PROGRAM, House, house
from tests.proofs.table import Table
from tests.proofs.whole.checking import Book, Heard, line, planted, wrong
from tests.proofs.whole.talkers import OneRoom, Orders
from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone
from web.access.vocabulary import Role
from web.auth.sessions import Sessions
from web.auth.tokens import random_token
from web.durable import open_durable
from web.settings import Settings

#: Set to a name of ``tests/proofs/whole/planted_server.py``: the proof must then fail.
PLANTED = "ENTRAIDE_PLANTED"
EVERY_SOCKET = "every socket reset"
#: Rooms of one operator, and of one supervisor.
OF_LISTENER, OF_SUPERVISOR = 2, 10
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Size:
    rooms: int
    #: Publications in each room, of all kinds.
    each: int
    processes: int
    drop_every_s: float
    #: Between two words of one person in one room.
    pace_s: float
    #: Kinds of faults, and how often.
    faults: dict[str, int]
    #: Before each there is quiet for at most so long.
    after_s: float
    #: Nothing more is broken after that long; what is left to be said is said in peace.
    most_s: float
    #: Nothing more is said after that long.
    patience_s: float


FULL = Size(
    rooms=200,
    each=500,
    processes=2,
    drop_every_s=1.0,
    pace_s=0.5,
    faults={
        "hub SIGKILL": 5,
        "PostgreSQL immediate restart": 4,
        "Redis killed, restarted empty": 4,
        "Redis FLUSHALL": 3,
        "network cut, hub to PostgreSQL": 3,
        "network cut, hub to Redis": 3,
        EVERY_SOCKET: 4,
    },
    after_s=16.0,
    most_s=480.0,
    patience_s=660.0,
)
REDUCED = Size(
    rooms=6,
    each=40,
    processes=1,
    drop_every_s=0.4,
    pace_s=0.3,
    faults={
        "hub SIGKILL": 1,
        "PostgreSQL immediate restart": 1,
        "Redis killed, restarted empty": 1,
        EVERY_SOCKET: 1,
    },
    after_s=1.0,
    most_s=30.0,
    patience_s=60.0,
)


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    return asyncio.run(_prove(REDUCED if reduced else FULL, seed))


async def _prove(size: Size, seed: int) -> Table:
    postgres = Postgres()
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="entraide-rooms-") as temporary:
        stack.callback(postgres.close)
        await asyncio.to_thread(postgres.start)
        redis = stack.enter_context(redis_alone())
        folder, database = Path(temporary), postgres.new_database()
        async with house(
            folder, database=database, broker=redis.url, hubs=2, program=_program()
        ) as at:
            settings = Settings.read(data_dir=folder / "data", database=database, demo=False)
            rooms = await _rooms(settings, size)
            ground = Ground(
                house=at,
                chance=random.Random(seed),
                pause_s=1.0,
                postgres=postgres,
                redis=redis,
            )
            began = time.monotonic()
            books, broken = await _play(size, seed, at, ground, rooms)
            took = time.monotonic() - began
            deaths = [words for hub in at.hubs if (words := await hub.revive())]
            truth = await _truth(settings, rooms)
    return _told(size, books, truth, broken, took, deaths)


def _program() -> tuple[str, ...]:
    bug = os.environ.get(PLANTED)
    return PROGRAM if not bug else (sys.executable, "-m", "tests.proofs.whole.planted_server", bug)


async def _rooms(settings: Settings, size: Size) -> list[OneRoom]:
    """Rooms with their members, as a domain would open them; operators have several."""
    async with open_durable(settings) as durable:
        sessions, rooms = Sessions(random_token), Rooms(durable.ledger)
        made: list[OneRoom] = []
        staff: dict[tuple[Role, int], tuple[PersonId, str]] = {}

        async def person(tx: Transaction, role: Role) -> tuple[PersonId, str]:
            opened = await sessions.open(tx, role)
            return opened.caller.person, opened.token.reveal()

        async def one(tx: Transaction, number: int) -> OneRoom:
            name = f"room-{number:04d}"
            her = await person(tx, Role.CITIZEN)
            for role, share in ((Role.OPERATOR, OF_LISTENER), (Role.SUPERVISOR, OF_SUPERVISOR)):
                if (role, number // share) not in staff:
                    staff[role, number // share] = await person(tx, role)
            listener = staff[Role.OPERATOR, number // OF_LISTENER]
            watcher = staff[Role.SUPERVISOR, number // OF_SUPERVISOR]
            await rooms.open(tx, name, f"chat-{number}")
            await rooms.join(tx, name, her[0], "elle", alone=True)
            await rooms.join(tx, name, listener[0], "ecoutante", staff=True)
            await rooms.join(tx, name, watcher[0], "superviseuse", staff=True, silent=True)
            return OneRoom(name, her[1], listener[1], watcher[1])

        async def some(tx: Transaction, numbers: range) -> list[OneRoom]:
            return [await one(tx, it) for it in numbers]

        for first in range(0, size.rooms, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, size.rooms))
            made += await durable.ledger.write(lambda tx, it=numbers: some(tx, it))  # type: ignore[misc]
        return made


async def _play(
    size: Size, seed: int, at: House, ground: Ground, rooms: list[OneRoom]
) -> tuple[list[Book], Counter[str]]:
    """Everyone talks while things break; what each process brings back, what was broken."""
    with ExitStack() as stack:
        orders = _orders(size, seed, at, rooms)
        talkers = [
            stack.enter_context(Process("tests.proofs.whole.talkers", msgspec.to_builtins(it)))
            for it in orders
        ]
        await _each(talkers, "go")
        breaking = asyncio.create_task(_break(size, at, ground))
        for it in talkers:
            await asyncio.to_thread(it.answer)
        broken = await breaking
        for it in talkers:
            it.say("rest")
        for it in talkers:
            await asyncio.to_thread(it.answer)
    return [msgspec.json.decode(Path(it.book).read_bytes(), type=Book) for it in orders], broken


async def _each(talkers: list[Process], word: str) -> None:
    """All have answered; then all are told."""
    for it in talkers:
        await asyncio.to_thread(it.answer)
    for it in talkers:
        it.say(word)


def _orders(size: Size, seed: int, at: House, rooms: list[OneRoom]) -> list[Orders]:
    """Whoever has several rooms is in one process with all of them: one socket a person."""
    share = -(-len(rooms) // size.processes // OF_SUPERVISOR) * OF_SUPERVISOR
    return [
        Orders(
            url=at.door.url,
            seed=seed * 100 + number,
            rooms=rooms[first : first + share],
            each=size.each,
            drop_every_s=size.drop_every_s,
            pace_s=size.pace_s,
            patience_s=size.patience_s,
            book=str(at.folder / f"book-{number}.json"),
        )
        for number, first in enumerate(range(0, len(rooms), share))
    ]


async def _break(size: Size, at: House, ground: Ground) -> Counter[str]:
    """Fault after fault, each mended before the next; what was broken."""
    order = [kind for kind, times in size.faults.items() for _ in range(times)]
    ground.chance.shuffle(order)
    done: Counter[str] = Counter()
    until = time.monotonic() + size.most_s
    for kind in order:
        await ground.moment(size.after_s)
        if time.monotonic() > until:
            break
        await _one_fault(kind, at, ground)
        done[kind] += 1
    return done


async def _one_fault(kind: str, at: House, ground: Ground) -> None:
    if kind == EVERY_SOCKET:
        at.door.cut()
    else:
        await carry_out(ground, kind)
    for hub in at.hubs:
        await hub.revive()


async def _truth(settings: Settings, rooms: list[OneRoom]) -> dict[str, list[Heard]]:
    """What the ledger has on each channel, from its first publication."""
    async with open_durable(settings) as durable:
        return {
            f"{kind}:{it.room}": await _kept(durable.ledger, Channel(f"{kind}:{it.room}"))
            for it in rooms
            for kind in ("room", "staff")
        }


async def _kept(ledger: Ledger, channel: Channel) -> list[Heard]:
    found: list[Heard] = []
    while True:
        since = found[-1][0] if found else 0
        page = await ledger.history(channel, limit=500, since=since, reverse=False)
        if not page.missed:
            return found
        found += [
            (it.offset, line(msgspec.json.decode(it.body, type=dict[str, object])))
            for it in page.missed
        ]


def _told(
    size: Size,
    books: list[Book],
    truth: dict[str, list[Heard]],
    broken: Counter[str],
    took: float,
    deaths: list[str],
) -> Table:
    transcripts = [it for book in books for it in book.transcripts]
    answers: dict[str, dict[str, list[str]]] = {}
    again: Counter[str] = Counter()
    for book in books:
        answers |= book.acknowledged
        again.update(book.again)
    kept = sum(map(len, truth.values()))
    acknowledged = sum(len(ids) for seats in answers.values() for ids in seats.values())
    faults = list(wrong(truth, transcripts, answers))
    unseen = planted(truth, transcripts)
    table = Table(f"Rooms are whole: {size.rooms} rooms on engines that are killed", ("what", "n"))
    table.add("publications in the ledger, of rooms and of their staff", kept)
    table.add("… of them answered “ok” to who said them", acknowledged)
    table.add("transcripts, one a member and a channel", len(transcripts))
    table.add("sockets broken one by one, without a word", sum(it.dropped for it in books))
    for kind, times in sorted(broken.items()):
        table.add(f"broken: {kind}", times)
    table.add("came back and were given all they had missed", sum(it.resumed for it in books))
    table.add("… or read it by pages", sum(it.started_over for it in books))
    table.add("said again under the same id, not having been answered", sum(again.values()))
    table.add("frames that visitors received", sum(it.frames for it in books))
    table.add(
        "… with a whisper, or the seat of who listens silently", sum(it.leaks for it in books)
    )
    table.add("seconds", took)
    expected = size.rooms * (
        round(size.each * 0.5) + round(size.each * 0.4) + round(size.each * 0.1)
    )
    table.require("every member's transcript is the ledger's, to the word", not faults)
    table.require("a whisper never reached a visitor", not sum(it.leaks for it in books))
    table.require(
        f"everything that was to be said is there: {expected}",
        kept >= acknowledged >= 0.999 * expected,
    )
    table.require(
        "every member of every channel has a transcript", len(transcripts) == 5 * size.rooms
    )
    table.require("everything planned was broken", not size.faults.keys() - broken.keys())
    table.require(f"the checker sees what is planted: {unseen}", not unseen)
    for word in [*faults[:8], *deaths]:
        table.note(word)
    table.note(f"Why something was said again: {dict(again.most_common(8))}.")
    return table
