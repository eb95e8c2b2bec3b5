"""The people of the simulation: who asks for help, who helps, who watches. By the seed."""

import asyncio
from collections.abc import Coroutine
from random import Random

from tests.simulation.checks import Promised
from tests.simulation.phone import Phone, Refused, Reply

#: Paris, in front of the town hall.
LAT, LON = 48.857, 2.352


class Helper:
    def __init__(self, phone: Phone, dice: Random, number: int) -> None:
        self._phone = phone
        self._dice = dice
        # All in reach, in different rings.
        self._place = {"lat": round(LAT + 0.002 * (number % 5), 3), "lon": LON}
        self._chores: set[asyncio.Task[None]] = set()
        self._rooms: dict[str, str] = {}
        phone.said = self._heard
        phone.greeted = lambda: phone.tell(position=self._place)

    async def apply(self, operator: Phone) -> None:
        person = self._phone.person
        await self._phone.call(
            "helper.apply",
            id=f"apply-{person}",
            name="Camille",
            skills=["come", "call"],
            languages=["fr"],
            charter=True,
        )
        await operator.call("helper.approve", helper=person, tier=2)
        await self._phone.call("helper.duty", on=True, **self._place)

    def _heard(self, channel: str, data: Reply) -> None:
        match data:
            case {"type": "offer", "offer": str(offer)}:
                self._soon(self._answer(offer))
            case {"type": "offer_state", "state": "accepted", "room": str(room)}:
                self._phone.listen(f"room:{room}")
            case _:
                return

    async def _answer(self, offer: str) -> None:
        await asyncio.sleep(self._dice.uniform(0.2, 15))
        words = self._dice.choice([[], ["received"], ["decline"], ["seen", "accept"], ["accept"]])
        for word in words:
            answer = await self._phone.call(f"offer.{word}", offer=offer)
            if word == "accept" and answer["state"] == "accepted":
                self._phone.listen(f"room:{answer['room']}")
                if self._dice.random() < 0.3:
                    await asyncio.sleep(self._dice.uniform(1, 20))
                    await self._phone.call("offer.decline", offer=offer)

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(_forgiving(work), name="helper")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)


async def _forgiving(work: Coroutine[None, None, None]) -> None:
    """What is refused for good is not asked again: the offer was taken back meanwhile."""
    try:
        await work
    except Refused:
        return


class Asker:
    def __init__(self, phone: Phone, dice: Random, promised: Promised) -> None:
        self._phone = phone
        self._dice = dice
        self._promised = promised

    async def live(self, unwanted: str | None) -> None:
        phone, dice = self._phone, self._dice
        if unwanted is not None:
            await phone.call("exclude.add", id=f"not-{unwanted}-{phone.person}", helper=unwanted)
            self._promised.excluded.add((phone.person, unwanted))
        await asyncio.sleep(dice.uniform(0, 12))
        answer = await phone.call(
            "help.raise",
            id=f"raise-{phone.person}",
            kind="followed",
            mode=dice.choice(["public", "public", "home"]),
            place={"lat": LAT, "lon": LON, "accuracy_m": 12},
        )
        alert, room = str(answer["alert"]), str(answer["room"])
        self._promised.alerts[phone.person] = alert
        phone.listen(f"alert:{alert}")
        phone.listen(f"room:{room}")
        for number in range(dice.randrange(4)):
            await asyncio.sleep(dice.uniform(0.5, 12))
            name = f"word-{phone.person}-{number}"
            await phone.publish(f"room:{room}", id=name, text="Je suis devant la mairie.")
            self._promised.messages.append((room, name))
        if dice.random() < 0.5:
            await asyncio.sleep(dice.uniform(0, 30))
            await phone.call(dice.choice(["help.cancel", "help.close"]), alert=alert)


async def watch(phone: Phone, dice: Random) -> None:
    """An operator at the board, who loads the page again and again."""
    phone.listen("queue:help")
    for _ in range(20):
        await asyncio.sleep(dice.uniform(0.5, 5))
        phone.reload()
