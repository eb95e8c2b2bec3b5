"""Plays one evening in one world and writes down what each helper was told."""

from dataclasses import dataclass

from realtime.ports import Caller
from tests.proofs.told.script import FAR, NEAR, Step
from tests.proofs.told.transcript import Transcript
from tests.support.world import World, world

#: Where helpers stand, around the cell where she is; the last ones far away.
CENTRE = (48.857, 2.352)
FAR_AWAY = 0.5  # degrees: some 50 km


@dataclass(frozen=True, slots=True)
class Setting:
    """What may differ between two worlds."""

    place: tuple[float, float]
    #: Whether she has put the first helper on her list.
    excludes_first: bool = False
    #: Whether the first helper stands far away.
    first_is_far: bool = False
    mode: str = "public"


async def play(setting: Setting, steps: list[Step]) -> list[Transcript]:
    async with world() as city:
        helpers = [await _helper(city, setting, number) for number in range(NEAR + FAR)]
        transcripts = [Transcript() for _ in helpers]
        heard = {helper.person: 0 for helper in helpers}
        her = city.somebody()
        if setting.excludes_first:
            await city.ask(her, "exclude.add", id="exclude-1", helper=helpers[0].person)
        lat, lon = setting.place
        raised = await city.raise_help(
            her, mode=setting.mode, place={"lat": lat, "lon": lon, "accuracy_m": 5}
        )
        for step in steps:
            caller, transcript = helpers[step.who], transcripts[step.who]
            await _act(city, step, her, caller, transcript, raised)
            for helper, told in zip(helpers, transcripts, strict=True):
                pushed = city.told(helper)
                for body in pushed[heard[helper.person] :]:
                    told.pushed(body)
                heard[helper.person] = len(pushed)
        return transcripts


async def _helper(city: World, setting: Setting, number: int) -> Caller:
    lat = CENTRE[0] + 0.0015 * (number % 3 - 1)
    lon = CENTRE[1] + 0.0015 * (number // 3 - 1)
    if number >= NEAR or (number == 0 and setting.first_is_far):
        lat += FAR_AWAY
    # The first can only come: where he is, is all that decides for him.
    skills = ("come",) if number == 0 else ("come", "call", "write")
    return await city.helper(lat=lat, lon=lon, tier=1 + number % 2, skills=skills)


async def _act(
    city: World,
    step: Step,
    her: Caller,
    caller: Caller,
    transcript: Transcript,
    raised: dict[str, object],
) -> None:
    """One step: the act, then everything the same person can think of asking."""
    alert, room = raised["alert"], raised["room"]
    match step.what:
        case "wait":
            await city.pass_time(step.seconds)
            transcript.answered("me.state", await city.ask(caller, "me.state"))
        case "help.release":
            await city.ask(her, "help.release", alert=alert, helper=caller.person)
        case "room.say":
            said = await city.ask(
                caller, "room.say", id=f"say-{len(city.said):06d}", room=room, text="j'arrive"
            )
            transcript.answered("room.say", {"error": said.get("error")})
        case act:
            for offer in await _offers(city, caller):
                transcript.answered(act, await city.ask(caller, act, offer=offer))
    await city.settle()
    transcript.answered("help.state", await city.ask(caller, "help.state", alert=alert))
    transcript.answered("room.state", await city.ask(caller, "room.state", room=room))
    transcript.answered("board.state", await city.ask(caller, "board.state"))


async def _offers(city: World, caller: Caller) -> list[str]:
    state = await city.ask(caller, "me.state")
    offers = state.get("offers", [])
    return [str(it["offer"]) for it in offers] if isinstance(offers, list) else []
