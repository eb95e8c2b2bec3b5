"""Nobody is told what they may not know: places, words, tokens, and who is on a silent list.

Two worlds that differ only in a secret are played with the same script, and everything that those
who may not know were told is compared, byte by byte. Then words are looked for in every file.
"""

import asyncio
import random
import tempfile
from pathlib import Path

import aiohttp

from geo.cells import cell_of
from geo.point import Point
from tests.proofs.table import Table
from tests.proofs.told.canaries import found_in
from tests.proofs.told.play import CENTRE, Setting, play
from tests.proofs.told.script import FAR, NEAR, evening
from tests.proofs.told.transcript import Transcript
from tests.support.server import ServerProcess
from tests.support.world import World, world

NOTE, WORDS = "CanariDansLaNote", "CanariDansLeSalon"
NAME, PHONE = "CanariPrenom", "+33612345678"


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, reduced))


async def _prove(seed: int, reduced: bool) -> Table:
    evenings, alerts = (3, 30) if reduced else (30, 10_000)
    table = Table("Nothing is told to who may not know", ("what", "figure"))
    chance = random.Random(seed)
    await _same_cell(table, chance, evenings)
    await _excluded(table, chance, evenings, alerts)
    await _words(table)
    await _tokens(table)
    return table


async def _same_cell(table: Table, chance: random.Random, evenings: int) -> None:
    """She stands elsewhere in the same cell: nobody can see a difference."""
    differences = shown = lines = far_cells = 0
    for _ in range(evenings):
        script = evening(chance, steps=12)
        here, there = _two_places_in_a_cell(chance)
        mode = chance.choice(("public", "public", "home"))
        one = await play(Setting(here, mode=mode), script)
        other = await play(Setting(there, mode=mode), script)
        for mine, theirs in zip(one, other, strict=True):
            differences += mine.normal() != theirs.normal() or mine.places != theirs.places
            lines += len(mine.lines)
            shown += len(mine.places)
        far_cells += sum(_cells(it) for it in one[NEAR:])
    table.add("evenings played twice, her place elsewhere in the same cell", evenings)
    table.add("answers and pushes compared, of every helper", lines)
    table.add("of them with the exact place, to a helper who may know", shown)
    table.add("helpers who could see a difference", f"{differences} of {evenings * (NEAR + FAR)}")
    table.add("cells shown to helpers far away", far_cells)
    table.require("helpers far away are given no cell", far_cells == 0)
    table.require("transcripts are the same", differences == 0)
    table.require("something was said", lines > 20 * evenings)


async def _excluded(table: Table, chance: random.Random, evenings: int, alerts: int) -> None:
    """He is on her list: he sees what he would see from far away."""
    differences = 0
    for _ in range(evenings):
        script = evening(chance, steps=12)
        listed = await play(Setting(CENTRE, excludes_first=True), script)
        far = await play(Setting(CENTRE, first_is_far=True), script)
        differences += listed[0].normal() != far[0].normal()
    async with world() as city:
        chosen, others = await _many_alerts(city, chance, alerts)
    table.add("evenings in which one on her list sees another thing than from far", differences)
    table.add("alerts with a helper beside her who is on her list", alerts)
    table.add("times he was chosen", chosen)
    table.add("times the others were", others)
    table.require("who is on the list sees what is seen from far", differences == 0)
    table.require("who is on the list is never chosen", chosen == 0)
    table.require("the others are chosen", others >= alerts)


async def _many_alerts(city: World, chance: random.Random, alerts: int) -> tuple[int, int]:
    lat, lon = CENTRE
    helpers = [await city.helper(lat=lat, lon=lon) for _ in range(6)]
    chosen = others = 0
    for _ in range(alerts):
        her, listed = city.somebody(), chance.choice(helpers)
        await city.ask(her, "exclude.add", id=f"exclude-{her.person}", helper=listed.person)
        city.said.clear()
        raised = await city.raise_help(her)
        for helper in helpers:
            offers = sum(b'"type":"offer"' in body for body in city.told(helper))
            chosen += offers if helper is listed else 0
            others += offers if helper is not listed else 0
        await city.ask(her, "help.cancel", alert=raised["alert"])
        # A day later nobody's budget of alerts is spent, and every phone has spoken again.
        city.clock.advance(24 * 3600)
        for helper in helpers:
            await city.ask(helper, "helper.move", position={"lat": lat, "lon": lon})
    return chosen, others


async def _words(table: Table) -> None:
    """What is said is in no file in clear, and cannot be read by anyone once shredded."""
    async with world() as city:
        lat, lon = CENTRE
        await city.helper(lat=lat, lon=lon)
        her = city.somebody()
        await city.ask(her, "exclude.add", id="exclude-phone", phone=PHONE)
        raised = await city.raise_help(her, note=NOTE)
        alert, room = raised["alert"], raised["room"]
        await city.ask(her, "room.say", id="say-words-1", room=room, text=WORDS)
        words = (NOTE, WORDS, NAME, PHONE, str(lat), f"{lat:.3f}")
        await _application(city)
        clear = found_in(city.folder, words)
        metrics = city.whole.services.metrics.page().decode()
        readable = (await city.ask(her, "help.state", alert=alert)).get("note") == NOTE
        keys = await _keys(city, str(alert), str(room))
        await city.ask(her, "help.close", alert=alert)
        for _ in range(9):
            await city.pass_time(24 * 3600)
        # The log of the database is emptied by the node's watch, once a second.
        await asyncio.sleep(2.5)
        after = await city.ask(her, "help.state", alert=alert)
        spoken = await city.ask(her, "room.state", room=room)
        left = await _keys(city, str(alert), str(room))
        bytes_left = sum(key in path.read_bytes() for key in keys for path in _files(city.folder))
    table.add("words, a name, a phone number and a place found in clear in any file", len(clear))
    table.add("of them in the metrics", sum(word in metrics for word in words))
    table.add("keys of the place, the alert and the room", len(keys))
    table.add("of them left in the table after their time", len(left))
    table.add("of them left as bytes in any file", bytes_left)
    table.require("nothing is in clear", not clear and not any(word in metrics for word in words))
    table.require("she could read it before", readable)
    table.require("nobody can after", "note" not in after and WORDS not in str(spoken))
    table.require("no key is left", len(keys) >= 2 and not left and not bytes_left)


async def _application(city: World) -> None:
    await city.ask(
        city.somebody(),
        "helper.apply",
        id="apply-canary",
        name=NAME,
        phone=PHONE,
        skills=["come"],
        languages=["fr"],
        charter=True,
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def _keys(city: World, *subjects: str) -> list[bytes]:
    """The wrapped keys of these subjects, as the table has them."""
    async with city.whole.durable.ledger.reading() as reading:
        rows = await reading.db.exec_driver_sql("SELECT name, wrapped FROM seal_key")
        return [row.wrapped for row in rows if any(it in row.name for it in subjects)]


async def _tokens(table: Table) -> None:
    """Tokens, tickets and ids of people are in no line of the log."""
    with tempfile.TemporaryDirectory() as temporary:
        server = ServerProcess(Path(temporary) / "data")
        await server.start()
        try:
            secrets = await _some_traffic(server)
        finally:
            server.stop()
        log = server.log.read_text(errors="replace")
        told = [secret for secret in secrets if secret in log]
        database = found_in(server.data_dir, secrets[:2])
    table.add("tokens, tickets, words and places in the log of a server", len(told))
    table.add("tokens in clear in its files", len(database))
    table.require("the log holds no secret", not told)
    table.require("no token is kept in clear", not database)


async def _some_traffic(server: ServerProcess) -> list[str]:
    """Good and bad requests; the secrets that were in them."""
    async with aiohttp.ClientSession(server.url) as web:
        async with web.post("/api/session", json={}) as got:
            session = await got.json()
        headers = {"Authorization": f"Bearer {session['token']}"}
        async with web.post("/api/session/ticket", json={}, headers=headers) as got:
            ticket = (await got.json())["ticket"]
        place = {"lat": 48.123456, "lon": 2.654321, "accuracy_m": 5}
        good = {"id": "raise-00000001", "kind": "followed", "mode": "public", "place": place}
        noted = good | {"note": NOTE}
        for body in (noted, noted | {"kind": "nonsense"}, {"no": NOTE}):
            async with web.post("/api/help/raise", json=body, headers=headers) as got:
                await got.read()
        async with web.get("/api/config", params={"token": session["token"]}) as got:
            await got.read()
        socket_url = f"/connection/websocket?token={ticket}"
        async with web.ws_connect(socket_url) as socket:
            await socket.send_str(f'{{"id":1,"connect":{{"token":"{ticket}"}}}}')
            await socket.receive()
            await socket.send_str(f'{{"id":2,"rpc":{{"method":"{NOTE}","data":{{}}}}}}')
            await socket.receive()
            await socket.send_str(f"{NOTE} is not JSON")
    return [session["token"], ticket, NOTE, "48.123456", "2.654321", session["person"]]


def _two_places_in_a_cell(chance: random.Random) -> tuple[tuple[float, float], tuple[float, float]]:
    cell = cell_of(Point(lat=CENTRE[0], lon=CENTRE[1]))
    places: list[tuple[float, float]] = []
    while len(places) < 2:
        lat = CENTRE[0] + chance.uniform(-0.002, 0.002)
        lon = CENTRE[1] + chance.uniform(-0.003, 0.003)
        if cell_of(Point(lat=lat, lon=lon)) == cell:
            places.append((lat, lon))
    return places[0], places[1]


def _cells(transcript: Transcript) -> bool:
    return any(b'"cell"' in line for line in transcript.lines)
