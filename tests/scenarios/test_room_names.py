"""Who has a name in a room: those who come, and nobody else, whatever they are elsewhere."""

from tests.support.world import world


async def test_she_has_no_name_in_her_room_even_if_she_has_applied_to_help() -> None:
    async with world() as made:
        helper = await made.helper(lat=48.857, lon=2.352)
        her = made.somebody()
        applied = {"skills": ["come"], "languages": ["fr"], "charter": True}
        await made.ask(her, "helper.apply", id="apply-hers", name="Canary", **applied)
        raised = await made.raise_help(her)
        offers = (await made.ask(helper, "me.state"))["offers"]
        assert isinstance(offers, list)
        await made.ask(helper, "offer.accept", offer=offers[0]["offer"])

        seen = await made.ask(helper, "room.state", room=raised["room"])

        members = seen["members"]
        assert isinstance(members, list)
        assert {it["seat"]: it["name"] for it in members} == {"elle": "", "aide-1": "Camille"}
