"""People who are on duty and away do not hide the one who is there."""

import pytest

from tests.support.world import world


async def test_whoever_is_online_is_asked_behind_a_crowd_that_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matching.dispatch.search.LOOKED_AT_MOST", 8)
    async with world() as made:
        for _ in range(16):
            away = await made.helper(lat=48.857, lon=2.352)
            await made.whole.services.presence.leave(away.person, f"phone of {away.person}")
        online = await made.helper(lat=48.867, lon=2.352)

        await made.raise_help(made.somebody())

        near = [b'"ring":"near"' in body for body in made.told(online)]
        assert sum(near) == 1
