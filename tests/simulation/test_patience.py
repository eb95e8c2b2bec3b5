"""Who is patient is let in at its moment, to the last digit: time stands still until then."""

import asyncio
from pathlib import Path

import pytest

from realtime.channels import ChannelTable
from realtime.haste import Haste
from realtime.kernel.clock import ManualClock
from realtime.ledger import Transaction
from realtime.seal import Seals
from realtime.writer import Writer
from tests.simulation.database import Server, as_database, make_template
from tests.simulation.loop import VirtualLoop, virtual_loop
from tests.support.ledger import MASTER_KEY, counted_ids

#: A second after the first is a hair after the second and what is left of that second.
FIRST, SECOND = 127.41583611795393, 127.61768626731521


async def _nothing(tx: Transaction) -> None:
    """A commit is what is wanted."""


async def _let_in(loop: VirtualLoop, writer: Writer) -> float:
    """When the second is let in, while something urgent is being prepared all the time."""

    async def at(moment: float) -> None:
        come = asyncio.Event()
        loop.call_at(moment, come.set)
        await come.wait()
        await writer.submit(_nothing, haste=Haste.PATIENT)

    async with writer.running():
        writer.pressed = lambda: True
        await at(FIRST)
        await at(SECOND)
        return loop.time()


def test_who_is_patient_is_let_in_whatever_its_seconds_come_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.simulation.loop.MOST_TURNS", 10_000)
    assert SECOND + (FIRST + 1 - SECOND) - FIRST < 1
    make_template(tmp_path / "template.db")
    loop = virtual_loop(1)
    server = Server(loop, 1, tmp_path / "template.db")
    writer = Writer(
        as_database(server),
        clock=ManualClock(),
        ids=counted_ids(),
        channels=ChannelTable(()),
        seals=Seals(MASTER_KEY),
    )

    let_in = loop.run_until_complete(_let_in(loop, writer))

    server.close()
    assert FIRST + 1 <= let_in < FIRST + 2
