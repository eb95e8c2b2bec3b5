"""The public list as hotels that could join: imported, joined, imported again, on both engines."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from geo.cells import cell_of
from geo.errors import FileEmpty, NothingToLoad, WrongHeader
from geo.point import Point
from matching.shelter.inventory import store
from matching.shelter.inventory.importing import BATCH, Report, load
from matching.shelter.inventory.listed.store import join
from matching.shelter.inventory.service import Inventory
from matching.shelter.search.service import Search
from matching.shelter.values import HotelId, Household, KindId, RoomKind, Wanted
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from tests.proofs.rooms.world import NOW, TONIGHT
from tests.support.ledger import Deployment, counted_ids, deployment

HEADER = "id,name,stars,address,postcode,city,rooms,capacity,insee,lat,lon,geo_precision\n"
PARIS = Point(lat=48.85, lon=2.35)
WANTED = Wanted(household=Household(adults=1), first=TONIGHT, nights=1, cell=cell_of(PARIS))


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def made(address: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    async with deployment(
        tmp_path,
        ChannelTable([]),
        clock=ManualClock(NOW),
        ids=counted_ids(),
        address=address,
    ) as deployed:
        yield deployed


async def imported(made: Deployment, folder: Path, *rows: str, draw: int | None = None) -> Report:
    file = folder / "hotels.csv"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return await load(file, made.ledger, Inventory(), draw=draw)


def row(number: int, name: str = "HOTEL", lat: float = 48.85, lon: float = 2.35) -> str:
    return f"{number},{name},3,1 rue X,75001,PARIS,20,40,75101,{lat},{lon},commune"


async def offered(made: Deployment, limit: int = 50) -> set[str]:
    async with made.ledger.reading() as reading:
        found = await Search().rank(reading, WANTED, limit=limit, now=NOW)
        return {it.hotel.hotel for it in found}


async def by_source(made: Deployment) -> dict[str, HotelId]:
    async with made.ledger.reading() as reading:
        return await store.known(reading.db, [str(number) for number in range(300)])


async def name(made: Deployment, hotel: HotelId) -> str | None:
    async with made.ledger.reading() as reading:
        found = await Inventory().address(reading, hotel)
        return None if found is None else found.name


def room(hotel: HotelId) -> RoomKind:
    return RoomKind(
        kind=KindId(f"{hotel} 1"), hotel=hotel, people=2, cots=0, accessible=False, pets=False,
        ground_floor=False, price_cents=5_000, usual=1,
    )  # fmt: skip


async def test_a_listed_hotel_is_offered_to_nobody_before_it_joins(
    made: Deployment, tmp_path: Path
) -> None:
    report = await imported(made, tmp_path, row(1, "ONE"), row(2, "TWO"))
    known = await by_source(made)

    assert (report.loaded, report.gone, report.refusals.total) == (2, 0, 0)
    assert await offered(made) == set()
    assert await name(made, known["1"]) == "ONE"

    await made.ledger.write(lambda tx: join(tx, known["1"], [room(known["1"])]))

    assert await offered(made) == {known["1"]}


async def test_a_newer_list_moves_and_renames_who_has_not_joined(
    made: Deployment, tmp_path: Path
) -> None:
    await imported(made, tmp_path, row(1, "ONE"), row(2, "TWO"), row(3, "THREE"))
    known = await by_source(made)
    await made.ledger.write(lambda tx: join(tx, known["1"], [room(known["1"])]))

    report = await imported(
        made, tmp_path, row(1, "1", lat=43.0), row(2, "2", lat=43.0), row(4, "FOUR")
    )

    again = await by_source(made)
    assert (report.loaded, report.gone) == (3, 1)
    assert again == {"1": known["1"], "2": known["2"], "4": again["4"]}
    assert [await name(made, known[it]) for it in ("1", "2", "3")] == ["ONE", "2", None]
    # Where it stands has moved with it, in the index too.
    await made.ledger.write(lambda tx: join(tx, known["2"], [room(known["2"])]))
    async with made.ledger.reading() as reading:
        first, second = await Search().rank(reading, WANTED, limit=2, now=NOW)
    assert (first.hotel.hotel, second.hotel.hotel) == (known["1"], known["2"])
    assert first.metres < 200
    assert second.metres > 600_000


async def test_who_is_gone_from_the_list_but_has_joined_stays(
    made: Deployment, tmp_path: Path
) -> None:
    await imported(made, tmp_path, row(1), row(2))
    known = await by_source(made)
    await made.ledger.write(lambda tx: join(tx, known["1"], [room(known["1"])]))

    await imported(made, tmp_path, row(2))

    assert await offered(made) == {known["1"]}


async def test_for_a_trial_rooms_are_drawn_once(made: Deployment, tmp_path: Path) -> None:
    await imported(made, tmp_path, row(1))
    rows = [row(number) for number in range(1, BATCH + 20)]

    for _ in range(2):
        await imported(made, tmp_path, *rows, draw=5)

    assert await offered(made, limit=200) == set((await by_source(made)).values())
    async with made.ledger.reading() as reading:
        usual = await reading.db.scalar(select(func.sum(store.kind.c.usual)))
    assert usual == 20 * len(rows)


async def test_a_file_without_a_hotel_changes_nothing(made: Deployment, tmp_path: Path) -> None:
    await imported(made, tmp_path, row(1))

    with pytest.raises(FileEmpty):
        await imported(made, tmp_path)
    with pytest.raises(NothingToLoad):
        await imported(made, tmp_path, row(1).replace("48.85", "").replace("2.35", ""))
    (tmp_path / "bad.csv").write_text("id,name\n1,X\n")
    with pytest.raises(WrongHeader):
        await load(tmp_path / "bad.csv", made.ledger, Inventory())

    assert set(await by_source(made)) == {"1"}


async def test_the_index_finds_who_is_around(made: Deployment, tmp_path: Path) -> None:
    rows = [row(n, lat=43 + n % 60 / 10, lon=n // 60) for n in range(250)]
    await imported(made, tmp_path, *rows, draw=1)
    said: list[tuple[str, Any]] = []

    async with made.ledger.reading() as reading:
        event.listen(
            reading.db.sync_connection,
            "before_cursor_execute",
            lambda db, cursor, statement, values, *more: said.append((statement, values)),
        )
        await Search().rank(reading, WANTED, limit=5, now=NOW)
        statement, values = said[0]
        how = "EXPLAIN " if made.database.shared else "EXPLAIN QUERY PLAN "
        if made.database.shared:
            await reading.db.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = str((await reading.db.exec_driver_sql(how + statement, values)).all())

    index = "shelter_hotel_place" if made.database.shared else "VIRTUAL TABLE INDEX 2"
    assert index in plan
