"""What a transport network is to us, and what it is told of an event. Pure.

A network is told a line, a direction, a stop, a car and a time: never who said so, nor what was
written, nor a position.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: What has just happened to an event.
What = Literal["opened", "changed", "confirmed", "ended"]
Kind = Literal["verbal", "physical", "sexual", "followed", "other"]
Outcome = Literal["helped", "agents", "gone", "nothing_seen", "false_alarm", "cancelled", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event on a network's line or at its stop, as the network is told of it."""

    #: The network's slug, as in ``geo.transit.values.NetworkId``: "idfm", "demo".
    network: str
    kind: Kind
    #: When it was first reported.
    began: datetime
    #: It is over at this moment at the latest.
    until: datetime
    line: str | None = None
    #: As people read it: "T1", "METRO 6".
    line_name: str = ""
    #: Where this direction goes, as people read it.
    headsign: str = ""
    stop: str | None = None
    stop_name: str = ""
    car: str = ""
    confirmed: bool = False
    #: An exercise: said so wherever it is told.
    drill: bool = False
    #: How it ended; None while it is open.
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call and to write to from a vehicle of a network."""

    number: str
    sms: str


#: Where no network is known, or it has no number of its own: the police, and the number that takes
#: text messages for whoever cannot speak.
ANYWHERE = Call("17", "114")
