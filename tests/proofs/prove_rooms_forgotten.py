"""After a room's time nothing that was said in it is anywhere, nor can be read from an old copy.

Forty words are said, changed, noted, whispered, told by events and hidden in pictures, over the
real commands. They are looked for in clear while the room lives (they are sealed), and once its
time is over: in every file of the database, in all that Redis was ever told, in the log, in the
metrics; and an old backup is opened with every key that there still is.
"""

import asyncio
import logging
import logging.handlers
import random
import socket
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import structlog.testing
from PIL import Image
from redis import Redis
from sqlalchemy import text

from realtime import store
from realtime.kernel.errors import Gone
from realtime.ledger import Transaction, sealing_context
from realtime.ports import Caller
from realtime.rooms.pictures import made_anew
from realtime.seal import Seals, unlock
from realtime.sql import Database
from realtime.store import Kept
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_servers import RedisServer, redis_alone
from tests.support.world import World, world
from web.backup import backup, restore
from web.keys import read_key
from web.settings import Settings

WORDS = 40
DAYS = 30
KEPT = timedelta(days=DAYS)
ROOM, CHANNELS = "r1", ("room:r1", "staff:r1")


@dataclass(frozen=True, slots=True)
class Engines:
    """A database of one kind, and where it keeps what it is given."""

    name: str
    server: Postgres | None = None

    def database(self) -> str:
        """The address of a new one; empty: a file in the folder of who asks."""
        return "" if self.server is None else self.server.new_database()

    def files(self, folder: Path, database: str) -> list[Path]:
        found = [path for path in folder.rglob("*") if path.is_file()]
        return found if self.server is None else [*found, *self.server.files(database)]

    def hold(self, folder: Path, database: str, words: list[str]) -> set[str]:
        """The words that are in clear in any file."""
        bodies = [path.read_bytes() for path in self.files(folder, database)]
        forms = {it: (it.encode(), it.encode("utf-16-le")) for it in words}
        return {it for it in words if any(form in body for form in forms[it] for body in bodies)}


@dataclass
class Found:
    """What was found of the words, on one pair of engines."""

    engines: str
    read_before: int
    clear_before: set[str]
    clear_after: set[str]
    in_redis: int
    told_redis: int
    in_logs: int
    in_metrics: int
    read_after: int
    keys_left: int
    key_bytes_left: int
    sealed_in_backup: int
    opened_with_todays_keys: int
    opened_with_its_own: int
    in_backup_clear: int


def main(seed: int, reduced: bool) -> Table:
    table = Table("Rooms are forgotten", ("what", "figure"))
    chance = random.Random(seed)
    words = [f"canari{chance.getrandbits(48):012x}" for _ in range(WORDS)]
    for engines in _engines(reduced):
        with redis_alone() as redis:
            _tell(table, asyncio.run(_on(engines, redis, words)))
    table.note(
        "A backup holds the keys of its day, locked by the master key: whoever has both can read "
        "what was said until that day. That is why backups are kept for less than rooms are."
    )
    if not reduced:
        table.note(
            "PostgreSQL writes over deleted rows in its own time: until then wrapped keys are "
            "bytes in its files, of no use without the master key, which is not there."
        )
    return table


def _engines(reduced: bool) -> Iterator[Engines]:
    yield Engines("SQLite, Redis")
    if reduced:
        return
    server = Postgres()
    try:
        server.start()
        yield Engines("PostgreSQL, Redis", server)
    finally:
        server.close()


async def _on(engines: Engines, redis: RedisServer, words: list[str]) -> Found:
    heard = logging.handlers.BufferingHandler(100_000)
    logging.getLogger().addHandler(heard)
    try:
        with (
            structlog.testing.capture_logs() as logs,
            listened_to(redis) as told,
            tempfile.TemporaryDirectory(prefix="entraide-copy-") as copies,
        ):
            database = await asyncio.to_thread(engines.database)
            async with world(database, redis.url) as city:
                found = await _forget(city, engines, database, words, Path(copies))
                found.told_redis = told.count(b"\n")
                found.in_redis = sum(it.encode() in told for it in words)
                kept = await asyncio.to_thread(_kept_by, redis)
                found.in_redis += sum(it.encode() in kept for it in words)
        log = str(logs) + str([it.getMessage() for it in heard.buffer])
        found.in_logs = sum(it in log for it in words)
    finally:
        logging.getLogger().removeHandler(heard)
    return found


async def _forget(
    city: World, engines: Engines, database: str, words: list[str], copies: Path
) -> Found:
    her, listener, supervisor = (
        city.somebody(),
        city.somebody("operator"),
        city.somebody("supervisor"),
    )
    await _settle(city, her, listener, supervisor)
    await _talk(city, her, listener, supervisor, words)
    settings = Settings.read(data_dir=city.folder, database=database or None, demo=False)
    before = await _readable(city, (her, listener), words)
    clear_before = await asyncio.to_thread(engines.hold, city.folder, database, words)
    keys = await _wrapped(city)
    copy = copies / "old.backup"
    await backup(settings, copy)
    await city.pass_time(KEPT.total_seconds() - 60)
    still = await _readable(city, (her, listener), words)
    await city.pass_time(120)
    await _shrink(city)
    left = await _wrapped(city)
    files = [path.read_bytes() for path in engines.files(city.folder, database)]
    again = Settings.read(
        data_dir=copies / "opened",
        database=await asyncio.to_thread(engines.database) or None,
        demo=False,
    )
    opened = await _open_backup(settings, copy, again, city)
    return Found(
        engines=engines.name,
        read_before=min(before, still),
        clear_before=clear_before,
        clear_after=await asyncio.to_thread(engines.hold, city.folder, database, words),
        in_redis=0,
        told_redis=0,
        in_logs=0,
        in_metrics=sum(it in city.whole.services.metrics.page().decode() for it in words),
        read_after=await _readable(city, (her, listener), words),
        keys_left=len(left),
        key_bytes_left=sum(key in body for key in keys for body in files),
        sealed_in_backup=opened[0],
        opened_with_todays_keys=opened[1],
        opened_with_its_own=opened[2],
        in_backup_clear=sum(it.encode() in copy.read_bytes() for it in words),
    )


async def _settle(city: World, her: Caller, listener: Caller, supervisor: Caller) -> None:
    rooms = city.whole.services.rooms

    async def work(tx: Transaction) -> None:
        await rooms.open(tx, ROOM, "chat-1")
        await rooms.join(tx, ROOM, her.person, "elle", alone=True)
        await rooms.join(tx, ROOM, listener.person, "ecoutante", staff=True)
        await rooms.join(tx, ROOM, supervisor.person, "superviseuse", staff=True, silent=True)
        await rooms.retain(tx, ROOM, tx.now + KEPT)

    await city.whole.durable.ledger.write(work)


async def _talk(
    city: World, her: Caller, listener: Caller, supervisor: Caller, words: list[str]
) -> None:
    """Each word goes its own way: said, changed into, noted, whispered, told, shown."""
    last = ""
    for number, word in enumerate(words):
        name = f"word-{number:04d}"
        match number % 6:
            case 0:
                last = name
                await _done(city, her, "room.say", room=ROOM, id=name, text=f"elle dit {word}")
            case 1:
                await _done(city, her, "room.edit", room=ROOM, id=name, of=last, text=word)
            case 2:
                await _done(city, listener, "note.add", room=ROOM, id=name, kind="note", text=word)
            case 3:
                said = {"id": name, "kind": "whisper", "text": word, "to": "ecoutante-1"}
                await _done(city, supervisor, "note.add", room=ROOM, **said)
            case 4:
                await _happens(city, word)
            case _:
                await _show(city, her, name, word)


async def _happens(city: World, word: str) -> None:
    rooms = city.whole.services.rooms
    await city.whole.durable.ledger.write(lambda tx: rooms.event(tx, ROOM, "bridge", place=word))


async def _show(city: World, her: Caller, name: str, word: str) -> None:
    """A picture with the word in what a phone writes beside it, and in what she says of it."""
    exif = Image.Exif()
    exif[0x010E] = word
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif, comment=word.encode())
    picture, rooms = made_anew(out.getvalue()), city.whole.services.rooms
    kept = await city.whole.durable.ledger.write(
        lambda tx: rooms.attach(tx, ROOM, her.person, picture)
    )
    await _done(city, her, "room.say", room=ROOM, id=name, text=word, attachment=kept.attachment)


async def _done(city: World, who: Caller, method: str, **asked: object) -> None:
    answer = await city.ask(who, method, **asked)
    if answer:
        raise AssertionError(answer)


async def _readable(city: World, people: tuple[Caller, Caller], words: list[str]) -> int:
    """How many of the words their commands still answer."""
    her, listener = people
    told = [
        await city.ask(her, "room.state", room=ROOM),
        await city.ask(listener, "note.list", room=ROOM),
    ]
    said = str(told)
    return sum(it in said for it in words)


async def _wrapped(city: World) -> list[bytes]:
    """The keys of the room, as the table has them."""
    async with city.whole.durable.ledger.reading() as reading:
        return [*(await store.wrapped_keys(reading.db, CHANNELS)).values()]


async def _shrink(city: World) -> None:
    """The log of the database is emptied by the node's watch, once a second."""
    await asyncio.sleep(2.5)


async def _open_backup(
    settings: Settings, copy: Path, again: Settings, city: World
) -> tuple[int, int, int]:
    """Sealed bodies of the room in a copy; how many open with today's keys, and with its own."""
    await restore(again, copy)
    master = await asyncio.to_thread(read_key, settings.seal_key_file)
    seals = Seals(master)
    async with city.whole.durable.ledger.reading() as reading:
        rows = await reading.db.execute(text("SELECT name, wrapped FROM seal_key"))
        today = [seals.unwrap(row.name, bytes(row.wrapped)) for row in rows]
    database = await asyncio.to_thread(Database.open, again.database_url)
    try:
        async with database.snapshot() as db:
            its_own = {
                name: seals.unwrap(name, it)
                for name, it in (await store.wrapped_keys(db, CHANNELS)).items()
            }
            kept: list[Kept] = []
            for channel in its_own:
                kept += await store.page(db, channel, limit=500, since=None, reverse=False)  # type: ignore[arg-type]
    finally:
        await database.close()
    opened = sum(any(_opens(key, it) for key in today) for it in kept)
    return len(kept), opened, sum(_opens(its_own[it.channel], it) for it in kept)


def _opens(key: bytes, kept: Kept) -> bool:
    try:
        msgspec.json.decode(unlock(key, kept.body, sealing_context(kept.channel, kept.offset)))
    except Gone:
        return False
    return True


@contextmanager
def listened_to(redis: RedisServer) -> Generator[bytearray]:
    """All that a Redis is told while the block runs, as it says itself (MONITOR)."""
    told = bytearray()
    with socket.create_connection(("127.0.0.1", redis.port)) as line:
        line.sendall(b"MONITOR\r\n")

        def listen() -> None:
            while part := line.recv(1 << 16):
                told.extend(part)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            line.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)


def _kept_by(redis: RedisServer) -> bytes:
    """Every value that Redis has now."""
    client = Redis(port=redis.port)
    try:
        return b"\n".join(
            client.dump(key) or b"" for key in client.scan_iter(count=1000)
        ) + b"\n".join(client.scan_iter(count=1000))
    finally:
        client.close()


def _tell(table: Table, found: Found) -> None:
    on = found.engines
    rows: list[tuple[str, object]] = [
        ("words that members read until the last minute", found.read_before),
        ("words in clear in its files meanwhile", len(found.clear_before)),
        ("words in clear in its files afterwards", len(found.clear_after)),
        ("commands that Redis was given", found.told_redis),
        ("… and keeps or was told words in clear", found.in_redis),
        ("words in the log", found.in_logs),
        ("words in the metrics", found.in_metrics),
        ("words that members can read afterwards", found.read_after),
        ("keys of the room left in the table", found.keys_left),
        ("… left as bytes in any file", found.key_bytes_left),
        ("words in clear in a backup of before", found.in_backup_clear),
        ("sealed publications of the room in that backup", found.sealed_in_backup),
        ("… that open with any key of today", found.opened_with_todays_keys),
        ("… that open with the keys the backup holds itself", found.opened_with_its_own),
    ]
    for what, figure in rows:
        table.add(f"{on}: {what}", figure)
    nowhere = (
        len(found.clear_before) + len(found.clear_after) + found.in_redis + found.in_logs
        + found.in_metrics + found.in_backup_clear
    )  # fmt: skip
    table.require(f"{on}: {WORDS} words are nowhere in clear, before or after", nowhere == 0)
    # An edit takes the place of what was said: those words are gone already.
    table.require(f"{on}: members could read them", found.read_before >= WORDS * 0.8)
    table.require(f"{on}: nobody can afterwards", found.read_after == 0)
    table.require(f"{on}: no key is left", found.keys_left == 0)
    if on.startswith("SQLite"):
        # PostgreSQL writes over what was deleted in its own time; locked by the master key.
        table.require(f"{on}: nor the bytes of one", found.key_bytes_left == 0)
    table.require(f"{on}: no old copy opens with today's keys", found.opened_with_todays_keys == 0)
    table.require(
        f"{on}: it would have opened with the keys of its day",
        found.opened_with_its_own == found.sealed_in_backup > 0,
    )
    table.require(f"{on}: Redis was listened to", found.told_redis > WORDS)
