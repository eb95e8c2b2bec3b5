"""What only tidies up must not end the process when the disk has had enough."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from tests.support.house import ROOM, House, adds
from tests.support.hub import small_hub
from tests.support.phone import phone, until


@contextmanager
def full_disk() -> Iterator[None]:
    """Files may not grow by one byte."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_overwriting_what_was_deleted_waits_for_room(file_house: House) -> None:
    house = file_house

    async def shreds(tx: Transaction) -> None:
        await tx.shred(ROOM)

    await house.write(adds("said", says=ROOM))
    await house.write(shreds)

    with full_disk(), pytest.raises(Unavailable):
        await house.made.writer.tidy()

    await house.made.writer.tidy()
    assert not house.file.with_name("entraide.db-wal").stat().st_size


async def test_a_fault_while_tidying_closes_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.gaps.EVERY_S", 0.02)
    faults: list[int] = []

    async def bug(writer: object) -> None:
        faults.append(1)
        raise RuntimeError("canary")

    monkeypatch.setattr("realtime.writer.Writer.tidy", bug)
    async with small_hub() as hub, phone(hub, "anna") as anna:
        _, heard = await anna.listen(ROOM)
        await until(lambda: len(faults) >= 2)

        await hub.application.tell(ROOM, {"id": "1", "text": "still here"})

        await until(lambda: heard.texts == ["still here"])
