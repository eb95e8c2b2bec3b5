"""Whoever she fears may report her line, from beside her or from home: he learns nothing of her.

Everything that he is answered and told is compared with a world in which she has not reported.
"""

from collections.abc import Awaitable, Callable

import pytest

from realtime.kernel.errors import NotAllowed
from realtime.kernel.ids import Channel
from realtime.ports import Caller
from tests.support.transport import Json, Tramway, tramway

#: What is another in each world, whatever happens: names of things.
NAMES = frozenset({"alert", "report"})
Story = Callable[[Tramway, Caller, Callable[[], Awaitable[None]]], Awaitable[list[object]]]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


def nameless(said: object) -> object:
    if isinstance(said, dict):
        return {key: nameless(it) for key, it in said.items() if key not in NAMES}
    return [nameless(it) for it in said] if isinstance(said, list) else said


async def says(tram: Tramway, him: Caller, **changes: object) -> Json:
    by_hand: Json = {"trail": [], "direction": None, "kind": "other", "id": "his-report"}
    return await tram.reports(him, **by_hand | changes)


async def after(line: Tramway, him: Caller, alert: object) -> list[object]:
    """All that he can ask, and all that he was told."""
    changed = await line.ask(him, "witness.update", alert=alert, kind="verbal")
    state = await line.ask(him, "witness.state", alert=alert)
    mine = await line.ask(him, "me.state")
    back = await line.ask(him, "witness.cancel", alert=alert)
    last = await line.ask(him, "witness.state", alert=alert)
    gone = await line.ask(him, "witness.update", alert=alert, kind="verbal")
    again = await says(line, him, id="his-second")
    told = line.told(him, "witness_own")
    return [changed, state, mine["witness"], back, last, gone, again["alert"] == alert, told]


async def he_comes_after_her(
    line: Tramway, him: Caller, hers: Callable[[], Awaitable[None]]
) -> list[object]:
    await hers()
    await line.pass_time(60)
    said = await says(line, him)
    return [said, *await after(line, him, said["alert"])]


async def he_waits_for_her(
    line: Tramway, him: Caller, hers: Callable[[], Awaitable[None]]
) -> list[object]:
    said = await says(line, him)
    await line.pass_time(60)
    await hers()
    await line.pass_time(60)
    return [said, *await after(line, him, said["alert"])]


async def he_is_at_her_stop(
    line: Tramway, him: Caller, hers: Callable[[], Awaitable[None]]
) -> list[object]:
    await hers()
    said = await says(line, him, line=None, stop="demo:T1-5")
    return [said, *await after(line, him, said["alert"])]


async def told(story: Story, *, she: bool) -> list[object]:
    async with tramway() as line:
        her, him = line.world.somebody(), line.world.somebody()

        async def reports() -> None:
            if she:
                await line.reports(
                    her, said_as="victim", kind="sexual", car="3", stop="demo:T1-5", note="lui"
                )

        return [nameless(it) for it in await story(line, him, reports)]


@pytest.mark.parametrize("story", [he_comes_after_her, he_waits_for_her, he_is_at_her_stop])
async def test_he_cannot_tell_whether_she_has_reported(story: Story) -> None:
    with_her, without = await told(story, she=True), await told(story, she=False)

    for one, other in zip(with_her, without, strict=True):
        assert one == other


async def test_who_came_to_her_before_he_said_anything_is_not_told_to_him() -> None:
    async with tramway() as line:
        riders = [await line.vetted(along_m=3_000) for _ in range(3)]
        her, him, known = (line.world.somebody() for _ in range(3))
        alert = (await line.reports(her, said_as="victim", car="3"))["alert"]
        await line.ask(riders[0], "witness.claim", alert=alert, role="sit")
        await line.pass_time(1)

        said = await says(line, him)
        state = await line.ask(him, "witness.state", alert=said["alert"])
        await line.ask(riders[1], "witness.claim", alert=alert, role="call")

        assert (said["alert"], state["told"], state["came"]) == (alert, 0, 0)
        assert not any(it["taken"] for it in state["roles"])
        assert line.told(him, "witness_own") == []
        assert line.told(her, "witness_own")[-1]["came"] == 2
        assert (await line.ask(her, "witness.state", alert=alert))["came"] == 2
        # Nobody who reports hears its stream, where every other report is heard of.
        for who in (her, him, known):
            with pytest.raises(NotAllowed):
                await line.world.whole.gate.may_subscribe(who, Channel(f"alert:{alert}"))
