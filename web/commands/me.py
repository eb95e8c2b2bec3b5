"""Everything of one's own: the snapshot of ``me:#``."""

from alerts.messages import AlertLine
from alerts.shelter.messages import OwnNeed
from alerts.witness.messages import Watch, WitnessMine
from matching.dispatch.messages import OfferView
from matching.helpers.messages import Profile
from matching.helpline.views import OwnChat
from realtime.channels import own_channel
from web.commands.fields import Answer, Nothing, Offset
from web.commands.registry import Looking, Reads


class RoomEntry(Answer, frozen=True):
    room: str
    alert: str
    seat: str


class MeState(Answer, frozen=True):
    person: str
    role: str
    helper: Profile | None
    offers: list[OfferView]
    alerts: list[AlertLine]
    rooms: list[RoomEntry]
    #: The room for tonight that she has asked for, while that is open.
    shelter: OwnNeed | None
    #: Her conversation with the helpline, until it is closed.
    chat: OwnChat | None
    #: Whether one is told of events on one's way; null: no helper.
    watch: Watch | None
    #: What one has reported in transport, and what one is told of.
    witness: WitnessMine
    epoch: str
    offset: Offset


async def state(call: Looking, asked: Nothing) -> MeState:
    services, reading, person = call.services, call.reading, call.caller.person
    place = await reading.place(own_channel(person))
    return MeState(
        person=person,
        role=call.caller.role,
        helper=await services.helpers.profile(reading, person),
        offers=await services.alerts.offers_of(reading, person),
        alerts=await services.alerts.alerts_of(reading, person),
        rooms=[
            RoomEntry(room=room, alert=alert, seat=seat)
            for room, alert, seat in await services.rooms.of(reading, person)
        ],
        shelter=await services.shelter.looking.own(reading, person),
        chat=await services.helpline.looking.own(reading, person),
        watch=await services.witness.watching.state(reading, person),
        witness=await services.witness.mine(reading, person),
        epoch=place.epoch,
        offset=place.offset,
    )


COMMANDS = (
    Reads(
        method="me.state",
        title="Who one is here, and one's offers, requests and rooms: the snapshot of me:#.",
        takes=Nothing,
        gives=MeState,
        run=state,
    ),
)
