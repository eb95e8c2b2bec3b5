"""Where hotels stand is told one at a time, to whom is sent there; whoever collects is stopped.

An insider with an operator's rights tries over the real commands: ten addresses, then none until a
supervisor says so, and an alarm. A hotel that does not exist gives its visitor away. The documents
are read for fields that would tell, and words put in every field are looked for everywhere else.
"""

import asyncio
import logging
import logging.handlers
import re
from collections.abc import Iterable
from datetime import datetime

import msgspec
import structlog
import structlog.testing

from matching.shelter.rules import REVEALS
from tests.proofs.kept.insider import Insider
from tests.proofs.kept.scan import POINT, STREET, answered, fields
from tests.proofs.table import Table
from tests.proofs.told.canaries import found_in
from tests.support.postgres import Postgres
from tests.support.town import Inn, Town, many, town
from web.access.tables import Access
from web.access.vocabulary import STAFF
from web.api import openapi
from web.commands.catalogue import registry

HOUR = 3600.0
ALARM_WITHIN_S = 60.0
OPERATORS = frozenset(it.value for it in STAFF)
#: What she says of herself, and what a hotel is found by.
HERS = ("0698765432", "CanariQuandMeJoindre", "48.812345", "2.298765")
HOTELS = ("CanariNomDeLHotel", "CanariRueDeLHotel", "CanariVille", "99876", "+33987654321")


#: Where help was asked for, to whom comes; where the demo city lies; where networks' stops stand.
POINTS = {
    *("help.state", "config"),
    *("transit.stops", "witness.state", "witness.update", "witness.hotspots", "me.state"),
}


def main(seed: int, reduced: bool) -> Table:
    table = Table("Addresses are kept", ("what", "figure"))
    hours, canaries = (2, 2) if reduced else (24, 25)
    asyncio.run(_on(table, "SQLite", "", hours))
    if not reduced:
        server = Postgres(fsync=False)
        try:
            server.start()
            asyncio.run(_on(table, "PostgreSQL", server.new_database(), hours))
        finally:
            server.close()
    asyncio.run(_canary(table, canaries))
    _documents(table)
    asyncio.run(_words(table))
    return table


async def _on(table: Table, engine: str, database: str, hours: int) -> None:
    """An insider, hour after hour, at once and one after the other."""
    async with town(database) as place:
        most = REVEALS + 2 * hours
        inns = [await place.hotel(street=f"{it} rue du Test") for it in range(most + REVEALS + 2)]
        insider = Insider(place, await place.staff(), inns)
        holds = [it for it in [await insider.hold() for _ in range(most)] if it is not None]
        unproven = await _unproven(place, holds[0])
        # Before anything is locked: what is refused is refused for what it is.
        free = await insider.look_around()
        await insider.open_all(holds)
        first = len(insider.addresses)
        late = _seconds_to_alarm(place)
        for _ in range(hours):
            await place.world.pass_time(HOUR)
            await insider.sign_in()
            await insider.open(holds[-1])
        locked = len(insider.addresses)
        self_served = await place.ask(
            insider.caller, "reveal.unlock", operator=insider.caller.person
        )
        supervisor = await place.staff("supervisor")
        await place.ask(supervisor, "reveal.unlock", operator=insider.caller.person)
        fresh = [it for it in [await insider.hold() for _ in range(REVEALS + 2)] if it is not None]
        before = len(insider.refused)
        opened = await _opened(insider, fresh)
        words = await insider.look_around()
    table.add(f"{engine}: hotels held and confirmed by the insider", len(holds))
    table.add(f"{engine}: addresses opened, all asked for at once", first)
    table.add(f"{engine}: … after {hours} hours more of asking, locked", locked)
    table.add(f"{engine}: seconds from the refusal to the alarm on the queue", late)
    table.add(f"{engine}: addresses opened in the hour after a supervisor unlocked", opened)
    table.add(f"{engine}: … and refused", len(insider.refused) - before)
    table.require(
        f"{engine}: at most {REVEALS} addresses an hour, then none",
        first == locked == REVEALS < len(holds),
    )
    table.require(f"{engine}: the alarm comes within a minute", 0 <= late <= ALARM_WITHIN_S)
    table.require(f"{engine}: nobody unlocks themselves", "error" in self_served)
    table.require(f"{engine}: {REVEALS} more once unlocked", opened == REVEALS < len(fresh))
    table.require(f"{engine}: a key must have been shown", unproven == {"step_up_needed"})
    table.require(
        f"{engine}: handles and options are no names: {sorted(free)}",
        free == {"not_found", "no_such_hotel"},
    )
    table.require(
        f"{engine}: handles and options open nothing once locked: {sorted(words)}",
        # Whoever has opened too many is refused before anything is looked up.
        words <= {"not_found", "no_such_hotel", "reveals_locked"},
    )


async def _unproven(place: Town, hold: str) -> set[str]:
    """Operators who have not shown a key for five minutes, and people whose need it is not."""
    operator, stranger = await place.staff(stepped=False), place.world.somebody()
    await place.ask(stranger, "hold.address", hold=hold)
    return {str((await place.ask(operator, "hold.address", hold=hold)).get("error"))}


async def _opened(insider: Insider, holds: Iterable[str]) -> int:
    answers = [await insider.open(it) for it in holds]
    return sum("street" in it for it in answers)


def _seconds_to_alarm(place: Town) -> float:
    """Since the refusal, which is now: the clock is moved by hand."""
    alarms = [it for it in place.said_on("queue:shelter", "alarm") if it["kind"] == "reveals"]
    if not alarms:
        return -1.0
    at = msgspec.convert(alarms[0]["at"], datetime)
    return (place.world.clock.now() - at).total_seconds()


async def _canary(table: Table, trials: int) -> None:
    """Whoever opens the address of a hotel that does not exist is found, the first time."""
    found = offered_to_her = 0
    async with town() as place:
        inns = [await place.hotel(north_km=1 + it / 10, usual=trials + 2) for it in range(4)]
        bait = await place.hotel(north_km=3, usual=trials + 2, canary=True)
        for _ in range(trials):
            insider = Insider(place, await place.staff(), [*inns, bait])
            before = len(_canaries(place))
            hold = await insider.hold(which=-1)
            if hold is not None:
                await insider.open(hold)
            found += len(_canaries(place)) - before
            need = await place.needs(place.world.somebody())
            offered_to_her += len(await place.options(place.world.somebody("operator"), need)) - 4
    table.add("addresses of a canary opened", trials)
    table.add("… alarms at once", found)
    table.add("canaries offered to a woman who asks for herself", offered_to_her)
    table.require("a canary alarms at its first address", found == trials)
    table.require("she is never offered one", offered_to_her == 0)


def _canaries(place: Town) -> list[object]:
    return [it for it in place.said_on("queue:shelter", "alarm") if it["kind"] == "canary"]


def _documents(table: Table) -> None:
    """No answer but one has a field for a street, and none has one in a list."""
    made = openapi.document(registry(), Access())
    document = msgspec.json.decode(msgspec.json.encode(made))
    found = {
        method: (roles, fields(document, schema)) for method, roles, schema in answered(document)
    }
    streets = {it for it, (_, has) in found.items() if STREET & {name for name, _ in has}}
    lists = {it for it, (_, has) in found.items() if STREET & {name for name, many in has if many}}
    points = {
        it
        for it, (roles, has) in found.items()
        if roles - OPERATORS and POINT & {name for name, _ in has}
    }
    table.add("answers read in the OpenAPI document", len(found))
    table.add("… with a field for a street", ", ".join(sorted(streets)))
    table.add("… with one in a list", len(lists))
    table.add("… with a point, for others than operators", ", ".join(sorted(points)))
    table.require("one command tells a street, of one hold", streets == {"hold.address"})
    table.require("no list holds one", not lists)
    table.require("no point of a hotel but to operators", points == POINTS)


async def _words(table: Table) -> None:
    """What she said, and by what a hotel is found, is where it must be and nowhere else."""
    heard = logging.handlers.BufferingHandler(100_000)
    logging.getLogger().addHandler(heard)
    try:
        with structlog.testing.capture_logs() as logs:
            async with town() as place:
                inn = await _evening(place)
                said: dict[str, list[bytes]] = {}
                for name, body in place.world.said:
                    said.setdefault(name, []).append(body)
                clear = found_in(place.world.folder, (*HERS, *HOTELS))
                metrics = place.services.metrics.page().decode()
                state = await place.ask(inn.desk, "desk.state")
                await place.world.pass_time(26 * HOUR)
                await asyncio.sleep(2.5)
                later = found_in(place.world.folder, HERS)
        text = str(logs) + str([it.getMessage() for it in heard.buffer])
    finally:
        logging.getLogger().removeHandler(heard)
    bodies = b"".join(it for each in said.values() for it in each).decode()
    told_desk = b"".join(said.get(inn.channel, [])).decode() + str({**state, "name": ""})
    table.add("publications of an evening, on all channels", sum(map(len, said.values())))
    table.add("… on the hotel's", len(said.get(inn.channel, [])))
    for what, where in (
        ("publications", _in(bodies, (*HERS, *HOTELS))),
        ("what the hotel is told", _in(told_desk, HERS)),
        ("logs", _in(text, (*HERS, *HOTELS))),
        ("metrics", _in(metrics, (*HERS, *HOTELS))),
        ("files of the database", sorted(clear)),
        ("the same a day after closing", sorted(later)),
    ):
        table.add(f"her words and the hotel's found in {what}", len(where))
        table.require(f"nothing is told in {what}", not where)


async def _evening(place: Town) -> Inn:
    """Everything with words in every field, from the asking to the end."""
    name, street, *_ = HOTELS
    inn = await place.hotel(
        name=name, street=street, city=HOTELS[2], postcode=HOTELS[3], phone=HOTELS[4]
    )
    her, operator = place.world.somebody(), await place.staff()
    need = await place.needs(
        her,
        place={"lat": 48.856, "lon": 2.352, "accuracy_m": 5},
        zones=[{"lat": float(HERS[2]), "lon": float(HERS[3]), "radius_m": 333}],
        reach={"how": "call", "detail": HERS[0], "when": HERS[1]},
    )
    await place.ask(her, "shelter.wave", need=need)
    for ask in many(await place.ask(inn.desk, "desk.state"), "asks"):
        await place.ask(inn.desk, "ask.decline", ask=ask["ask"])
    held = await place.sheltered(her, inn, need)
    seen = await place.ask(operator, "shelter.state", need=need)
    address = await place.ask(operator, "hold.address", hold=held["hold"])
    if HERS[1] not in str(seen) or street not in str(address):
        raise AssertionError("the words are not where they must be")
    await place.ask(inn.desk, "hold.arrive", hold=held["hold"], code=held["code"])
    await place.ask(inn.desk, "desk.incident", id="incident-words", kind="here")
    await place.ask(inn.desk, "hold.left", hold=held["hold"])
    return inn


def _in(text: str, words: Iterable[str]) -> list[str]:
    """Those that stand there; five figures in the midst of a number are no postcode."""
    return [it for it in words if re.search(rf"(?<![\d.]){re.escape(it)}(?!\d)", text)]
