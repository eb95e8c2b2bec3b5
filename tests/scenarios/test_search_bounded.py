"""A search that finds nobody who may be asked looks at so many people, once each, and no more."""

from collections.abc import Sequence

import pytest

from matching.dispatch import search as search_file
from matching.dispatch.incident import AlertId, Incident
from matching.dispatch.search import Search
from matching.helpers.rules import Facts
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading
from tests.support.helping import north, stage


class Vain(Search):
    """Nobody may be asked, and it is noted who was looked up."""

    looked_up: list[PersonId]

    async def facts(
        self, reading: Reading, incident: Incident, people: Sequence[PersonId]
    ) -> dict[PersonId, Facts]:
        self.looked_up += people
        return {}


@pytest.mark.parametrize(("most", "looked_up"), [(1024, 30), (17, 17)])
async def test_so_many_are_looked_up_and_nobody_twice(
    monkeypatch: pytest.MonkeyPatch, most: int, looked_up: int
) -> None:
    monkeypatch.setattr(search_file, "LOOKED_AT_MOST", most)
    async with stage() as scene:
        crowd = [await scene.helper(f"h{it:02d}", north(100 * it)) for it in range(30)]
        alert = AlertId((await scene.raise_help()).alert)
        vain = Vain(scene.made.ledger, scene.helpers, scene.whereabouts, scene.presence)
        vain.looked_up = []

        found = await vain.near(alert)

    assert not found.people
    assert len(vain.looked_up) == looked_up
    assert set(vain.looked_up) <= set(crowd)
    assert len(set(vain.looked_up)) == looked_up
