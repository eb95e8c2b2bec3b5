"""Two nodes, one line: no chat is offered to two, nobody is given more than they may have."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from matching.helpline.staffing import store as staffing
from matching.helpline.staffing.store import LineRow
from matching.helpline.values import ChatState, LineId
from realtime.sql import Connection
from tests.support.helpline_nodes import Node, helplines
from tests.support.postgres import Postgres

CHATS, STAFF = 24, ("anna", "bea", "cleo")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def pair(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[list[Node]]:
    async with helplines(tmp_path, postgres.empty_database(), 2) as made:
        yield made


async def rush(nodes: list[Node], patch_round: int = 0) -> Counter[str]:
    """Everybody comes at once, on all nodes, and everybody takes the next; what they were told."""
    visitors = [f"she-{patch_round}-{number}" for number in range(CHATS)]
    await asyncio.gather(*(nodes[at % len(nodes)].ask(it) for at, it in enumerate(visitors)))
    told = await asyncio.gather(
        *(nodes[at % len(nodes)].next(who) for at in range(len(nodes) * 2) for who in STAFF)
    )
    return Counter(told)


async def wrong(node: Node) -> list[str]:
    """What must not be: an operator with too many, a chat that two have."""
    steps = await node.read(
        lambda reading: reading.db.execute(
            text("SELECT chat, operator, state FROM line_step WHERE state = 'active'")
        )
    )
    owners: dict[str, set[str]] = {}
    for row in steps:
        owners.setdefault(row.chat, set()).add(row.operator)
    return [*await node.overfull(), *(it for it, who in owners.items() if len(who) > 1)]


async def test_on_two_nodes_nobody_has_too_many_and_none_has_two(pair: list[Node]) -> None:
    for who in STAFF:
        await pair[0].duty(who)

    await rush(pair)

    assert await wrong(pair[0]) == []
    taken = await pair[0].taken()
    assert len(taken) == 2 * len(STAFF)
    # All of them have somebody: whoever could be offered was.
    assert {it.operator or it.offered_to for it in taken} == set(STAFF)


async def test_an_offer_is_accepted_once_whichever_node_is_asked(pair: list[Node]) -> None:
    await pair[0].duty("anna")
    chat = await pair[1].ask("she")

    told = await asyncio.gather(
        *(node.accept(who, chat) for node in pair for who in ("anna", "bea"))
    )

    assert Counter(told) == {"active": 2, "offer_over": 2}
    (hers,) = await pair[1].taken()
    assert (hers.state, hers.operator) == (ChatState.ACTIVE, "anna")


async def test_without_the_lines_lock_it_goes_wrong_and_is_seen(
    pair: list[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(db: Connection, name: LineId) -> LineRow | None:
        return await staffing.find_line(db, name)

    monkeypatch.setattr(staffing, "hold_line", look)
    for who in STAFF:
        await pair[0].duty(who)

    seen: list[str] = []
    for number in range(10):
        await rush(pair, number)
        seen += await wrong(pair[0])
        if seen:
            break

    assert seen
