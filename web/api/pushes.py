"""What the server says on each kind of channel: the domains' own messages, for AsyncAPI.

A scenario test reads every publication of a whole alert back through these, so that a message, or a
field of one, that is missing here is a failure.
"""

from collections.abc import Mapping

import msgspec

from alerts.messages import BoardCounts, OwnAlert, PlaceOpened, QueueAlert, StateChanged
from alerts.shelter.pushes import (
    AlarmOver,
    DeskAlarm,
    DeskRooms,
    FollowUpDone,
    QueueAlarm,
    QueueFollowUp,
    QueueNeed,
    RoomsChanged,
    ShelterChanged,
)
from alerts.witness.messages import (
    OwnReport,
    QueueEvent,
    StateSaid,
    WitnessCounts,
    WitnessOffered,
    WitnessOver,
)
from matching.dispatch.messages import OfferChanged, Offered
from matching.helpers.messages import ApplicationArrived, HelperChanged
from matching.helpline.messages import (
    BoardFigures,
    ChatBeside,
    ChatChanged,
    ChatGone,
    ChatOffered,
    DutyEnded,
    HandingChanged,
    QueueChat,
    QueueColleague,
    QueueLine,
    QueueOrange,
)
from matching.shelter.asking.messages import AskTold
from matching.shelter.holds.messages import HoldTold
from realtime.rooms.messages import (
    Edit,
    Event,
    Looking,
    Message,
    Note,
    ReadMark,
    Typing,
    Whisper,
)

#: By channel prefix. A kind of channel that says nothing yet is in the documents all the same.
MESSAGES: Mapping[str, tuple[type[msgspec.Struct], ...]] = {
    "me:": (
        *(Offered, OfferChanged, PlaceOpened, OwnAlert, HelperChanged),
        *(ShelterChanged, QueueFollowUp),
        *(WitnessOffered, WitnessOver, OwnReport),
        *(ChatChanged, ChatOffered, HandingChanged, ChatGone, ChatBeside, DutyEnded),
    ),
    "alert:": (StateChanged, StateSaid),
    "room:": (Message, Edit, Event),
    "queue:": (
        *(QueueAlert, ApplicationArrived),
        *(QueueNeed, QueueAlarm, AlarmOver, QueueFollowUp, FollowUpDone),
        *(QueueChat, QueueColleague, QueueOrange, QueueLine),
        QueueEvent,
    ),
    "board:": (BoardCounts, RoomsChanged, BoardFigures, WitnessCounts),
    "staff:": (Note, Whisper),
    "desk:": (HoldTold, AskTold, DeskRooms, DeskAlarm),
    "typing:": (Typing, ReadMark),
    "looking:": (Looking,),
}
