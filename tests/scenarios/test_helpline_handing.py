"""A chat is handed on and everybody changes their mind: she is always one colleague's at most."""

from collections.abc import AsyncGenerator

import pytest

from tests.support.listening import LINE, Line, a_line


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    async with a_line() as made:
        yield made


async def test_another_is_asked_instead_and_who_was_asked_before_is_told(line: Line) -> None:
    anna = await line.operator()
    she, view = await line.answered(anna)
    bea, cleo = await line.operator(), await line.operator(skills=("law",))
    warm = {"chat": view["chat"], "way": "warm"}
    await line.ask(anna, "chat.transfer", id="tr-0000001", person=bea.person, **warm)

    # Before she has answered, whoever knows the law is asked.
    await line.ask(anna, "chat.transfer", id="tr-0000002", skill="law", **warm)
    assert line.told(bea, "transfer")[-1]["state"] == "over"
    assert (await line.ask(bea, "transfer.accept", chat=view["chat"]))["error"] == "not_found"
    await line.ask(cleo, "transfer.accept", chat=view["chat"])
    assert [await line.load(it) for it in (anna, bea, cleo)] == [1, 0, 1]

    # She is in the room already; the first one is asked again after all, and she leaves.
    await line.ask(anna, "chat.transfer", id="tr-0000003", person=bea.person, **warm)
    assert line.told(cleo, "chat.gone") == [{"type": "chat.gone", "chat": view["chat"]}]
    assert [await line.load(it) for it in (anna, bea, cleo)] == [1, 1, 0]
    await line.ask(bea, "transfer.accept", chat=view["chat"])
    await line.ask(bea, "transfer.refuse", chat=view["chat"])
    assert [await line.load(it) for it in (anna, bea, cleo)] == [1, 0, 0]
    assert (await line.ask(she, "chat.state", chat=view["chat"]))["state"] == "active"
    assert (await line.ask(anna, "transfer.finish", chat=view["chat"]))["error"] == "offer_over"


async def test_advice_ends_and_nothing_has_changed_for_her(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator()
    before = line.happened(view["room"])
    await line.ask(anna, "chat.transfer", id="tr-0000001", chat=view["chat"], way="consult")
    await line.ask(bea, "transfer.accept", chat=view["chat"])

    await line.ask(anna, "transfer.finish", chat=view["chat"])

    assert line.happened(view["room"]) == before
    assert (await line.mine(bea), len(await line.mine(anna))) == ([], 1)
    assert (await line.ask(bea, "note.list", room=view["room"]))["error"] == "not_found"


async def test_who_goes_off_duty_is_asked_nothing_and_keeps_what_she_has(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator()
    asked = {"chat": view["chat"], "way": "warm", "person": bea.person}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.duty(bea, on=False)
    assert line.told(anna, "transfer")[-1]["state"] == "refused"

    # What one is offered goes to the next; what one has, one keeps.
    await line.visitor()
    assert await line.load(anna) == 2
    await line.duty(anna, on=False)
    assert [it["state"] for it in await line.mine(anna)] == ["active"]
    assert [it["state"] for it in await line.queue()] == ["waiting"]
    refused = await line.ask(anna, "chat.transfer", id="tr-0000002", **asked)
    assert refused["error"] == "target_off"


async def test_a_colleague_who_had_joined_and_signs_out_leaves_the_room(line: Line) -> None:
    anna = await line.operator()
    _, view = await line.answered(anna)
    bea = await line.operator()
    asked = {"chat": view["chat"], "way": "warm", "person": bea.person}
    await line.ask(anna, "chat.transfer", id="tr-0000001", **asked)
    await line.ask(bea, "transfer.accept", chat=view["chat"])

    await line.ask(bea, "session.leave")

    assert line.happened(view["room"])[-1] == "left"
    (hers,) = await line.mine(anna)
    assert "transfer" not in hers
    over = await line.ask(anna, "chat.finish", chat=view["chat"])
    assert over["state"] == "wrap_up"
    for method, fields in (
        ("chat.transfer", {"id": "tr-0000002", "way": "cold"}),
        ("chat.hold", {"on": True}),
    ):
        refused = await line.ask(anna, method, chat=view["chat"], **fields)
        assert refused["error"] == "chat_over"
    late = await line.ask(line.supervisor, "chat.take", chat=view["chat"])
    assert late["error"] == "chat_over"


async def test_a_supervisor_has_no_more_than_others(line: Line) -> None:
    boss = await line.operator("supervisor")
    for _ in range(2):
        await line.answered(boss)
    await line.duty(boss, on=False)
    anna = await line.operator()
    _, view = await line.answered(anna)

    assert (await line.ask(boss, "chat.take", chat=view["chat"]))["error"] == "over_capacity"
    await line.ask(boss, "chat.watch", chat=view["chat"])
    await line.ask(boss, "chat.watch", chat=view["chat"], on=False)
    assert [it["role"] for it in await line.mine(boss)] == ["operator"] * 2
    # Somebody who has never answered here takes over: she is of the line from then on.
    new = line.made.somebody("duty")
    assert (await line.ask(new, "chat.take", chat=view["chat"]))["state"] == "active"
    assert (await line.ask(new, "chat.take", chat=view["chat"]))["state"] == "active"
    assert await line.load(new) == 1
    nobody = line.made.somebody("operator")
    unknown = {"chat": view["chat"], "person": nobody.person}
    assert (await line.ask(new, "chat.interpret", **unknown))["error"] == "not_found"
    assert (await line.ask(boss, "line.state", line="0000"))["error"] == "not_found"
    assert (await line.ask(boss, "line.hours", line="0000"))["error"] == "not_found"
    assert (await line.ask(boss, "line.duty", line="0000", on=True))["error"] == "not_found"
    assert (await line.state(new))["line"] == LINE
