"""What commands may use: the parts that bootstrap has joined, and nothing more."""

from dataclasses import dataclass
from typing import Protocol

from alerts.networks.service import Networks
from alerts.service import Alerts
from alerts.shelter.service import Shelter
from alerts.witness.service import Witness
from geo.service import Places
from geo.transit.service import Transit
from matching.helpers.service import Helpers
from matching.helpline.service import Helpline
from matching.reach.service import Reach
from realtime.kernel.clock import Clock
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.ports import Presence, Tickets
from realtime.rooms.service import Rooms
from web.auth.sessions import Sessions
from web.auth.staff.service import Staff
from web.campaign import Campaign
from web.networks import Networking
from web.observe import Metrics
from web.public import PublicFacts
from web.sheltering import Sheltering
from web.tools import Tools
from web.witness import Whence


class Carried(Protocol):
    """A kind of alert that has a stream ``alert:<id>``: what the doors ask of each of them.

    Of an alert of another kind it answers nothing.
    """

    async def relations(self, reading: Reading, person: PersonId, alert: str) -> frozenset[str]: ...
    async def exists(self, reading: Reading, alert: str) -> bool: ...
    async def people_in(self, reading: Reading) -> list[PersonId]:
        """Who is in one that is open: they come back first."""
        ...

    async def depart(self, tx: Transaction, person: PersonId) -> None:
        """A person's session has ended for good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    clock: Clock
    sessions: Sessions
    #: Who has an account, in which organisation.
    staff: Staff
    tickets: Tickets
    presence: Presence
    rooms: Rooms
    helpers: Helpers
    #: How helpers are reached whose page is closed.
    reach: Reach
    places: Places
    #: Lines, stops, and who rides on what.
    transit: Transit
    #: Transport networks: whom to call, and what they are told of events.
    networks: Networks
    #: All of their parts: service alerts, mirrored warnings, feeds.
    networking: Networking
    #: Needs for a room, and whatever hotels answer.
    shelter: Shelter
    #: All of its parts, for whoever exports, imports or counts.
    sheltering: Sheltering
    alerts: Alerts
    #: What happens in transport, and who of the vetted is told.
    witness: Witness
    #: What is kept of where a report came from.
    whence: Whence
    #: Who writes to the helpline, and who answers.
    helpline: Helpline
    #: What operators of the helpline have at hand.
    tools: Tools
    #: Posters, what is counted of them, exercises.
    campaign: Campaign
    #: What anyone may know about this installation.
    public: PublicFacts
    metrics: Metrics

    @property
    def carried(self) -> tuple[Carried, ...]:
        """Every kind of alert with a stream. A new one is named here."""
        return (self.alerts, self.witness)
