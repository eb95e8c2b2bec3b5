"""Hotels of the public list join by a file of the association: all of it, or none; both engines."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from geo.places.rows import Reason
from matching.shelter.errors import HotelJoined, HotelNotListed
from matching.shelter.inventory.importing import load
from matching.shelter.inventory.listed.joining import COLUMNS, given_in, join_all, joined
from matching.shelter.inventory.service import Inventory
from matching.shelter.search.service import Search
from matching.shelter.values import HotelId
from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from tests.proofs.rooms.world import NOW
from tests.scenarios.test_import_rooms import HEADER, WANTED, row
from tests.support.ledger import Deployment, counted_ids, deployment

DOUBLE, FAMILY = "2,0,0,0,0,6000,3", "4,1,1,1,0,9000,1"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Databases are waited for: one event loop is enough."""
    return "asyncio"


@pytest.fixture
async def made(address: str, tmp_path: Path) -> AsyncGenerator[Deployment]:
    """A deployment that knows two hotels, 1 and 2."""
    clock, ids = ManualClock(NOW), counted_ids()
    async with deployment(
        tmp_path, ChannelTable([]), clock=clock, ids=ids, address=address
    ) as deployed:
        listed = tmp_path / "hotels.csv"
        listed.write_text(HEADER + f"{row(1)}\n{row(2)}\n")
        await load(listed, deployed.ledger, Inventory())
        yield deployed


def file_of(folder: Path, *lines: str) -> Path:
    file = folder / "joining.csv"
    file.write_text(",".join(COLUMNS) + "\n" + "".join(f"{line}\n" for line in lines))
    return file


async def join(made: Deployment, folder: Path, *lines: str) -> dict[str, HotelId]:
    given, refusals = await given_in(file_of(folder, *lines))
    assert not refusals.total
    return await made.ledger.write(lambda tx: join_all(tx, given))


async def rooms(made: Deployment) -> dict[str, list[tuple[int, int, bool, int]]]:
    async with made.ledger.reading() as reading:
        found = await Search().rank(reading, WANTED, limit=50, now=NOW)
        return {
            it.hotel.hotel: sorted(
                (kind.people, kind.cots, kind.pets, count.free)
                for kind, count in await Inventory().rooms(reading, it.hotel.hotel, WANTED.first)
            )
            for it in found
        }


async def test_who_joins_gives_the_rooms_of_the_file(made: Deployment, tmp_path: Path) -> None:
    hotels = await join(made, tmp_path, f"1,{DOUBLE}", f"1,{FAMILY}")

    assert await rooms(made) == {hotels["1"]: [(2, 0, False, 3), (4, 1, True, 1)]}
    assert await made.ledger.write(lambda tx: joined(tx, "1")) == hotels["1"]


async def test_one_number_that_is_in_no_list_and_nobody_joins(
    made: Deployment, tmp_path: Path
) -> None:
    with pytest.raises(HotelNotListed):
        await join(made, tmp_path, f"1,{DOUBLE}", f"9,{DOUBLE}")

    assert await rooms(made) == {}
    with pytest.raises(HotelNotListed):
        await made.ledger.write(lambda tx: joined(tx, "1"))


async def test_nobody_joins_twice(made: Deployment, tmp_path: Path) -> None:
    hotels = await join(made, tmp_path, f"1,{DOUBLE}")

    with pytest.raises(HotelJoined):
        await join(made, tmp_path, f"1,{FAMILY}", f"2,{FAMILY}")

    assert await rooms(made) == {hotels["1"]: [(2, 0, False, 3)]}


async def test_lines_that_cannot_be_understood_are_counted_by_reason(tmp_path: Path) -> None:
    given, refusals = await given_in(
        file_of(tmp_path, f"1,{DOUBLE}", f"1,{DOUBLE}", "2,0,0,0,0,0,6000,3", f",{FAMILY}")
    )

    assert [it.source for it in given] == ["1"]
    assert refusals.counts == {Reason.DUPLICATE: 1, Reason.BAD_NUMBER: 1, Reason.NO_ID: 1}
