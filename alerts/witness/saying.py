"""What is said of an event: on its stream, to operators, to who reported it, to its network.

Each message is made here of the row and the lines in memory: no place, no person, no words of hers.
"""

from msgspec import structs

from alerts.networks.values import Event as NetworkEvent
from alerts.networks.values import What
from alerts.witness import cards
from alerts.witness.cards import Situation
from alerts.witness.machine import Parts
from alerts.witness.messages import (
    Advice,
    BoardEvent,
    LineView,
    OwnReport,
    QueueEvent,
    StateSaid,
    StopView,
    WitnessCounts,
    WitnessOffer,
    WitnessOffered,
    WitnessOver,
)
from alerts.witness.ports import Telling
from alerts.witness.rules import CROWDED_FROM
from alerts.witness.values import Call, CallState, Event, Outcome
from geo.transit.service import Transit
from geo.transit.values import StopId
from matching.helpers.tally import next_beat
from realtime.channels import own_channel
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction

QUEUE, BOARD = Channel("queue:witness"), Channel("board:witness")
#: The task that tells the counts of the board.
TALLY = "witness.tally"


class Saying:
    def __init__(self, transit: Transit, networks: Telling) -> None:
        self._transit = transit
        self._networks = networks

    # What a row is, as people read it.

    def line(self, event: Event) -> LineView | None:
        if event.line is None:
            return None
        found = self._transit.network.line(event.line)
        if found is None:
            # Of an import that has been replaced: what it is called is all that is left.
            name = event.line.partition(":")[2]
            return LineView(id=event.line, name=name, direction=event.direction)
        return LineView(
            id=found.id,
            name=found.name,
            headsign=self._headsign(event),
            direction=event.direction,
            mode=found.mode,
            colour=found.colour,
        )

    def _headsign(self, event: Event) -> str:
        if event.line is None or event.direction is None:
            return ""
        courses = [it for _, it in self._transit.network.courses(event.line, event.direction)]
        here = [it for it in courses if event.at_stop in it.stops]
        return " / ".join(dict.fromkeys(it.headsign for it in here or courses))

    def stop(self, of: StopId | None) -> StopView | None:
        if of is None:
            return None
        found = self._transit.network.stop(of)
        if found is None:
            return StopView(id=of, name=of.partition(":")[2])
        return StopView(id=of, name=found.name, lat=found.lat, lon=found.lon)

    @staticmethod
    def card(event: Event, parts: Parts, person: PersonId, *, night: bool) -> list[Advice]:
        crowded = event.asked >= CROWDED_FROM
        alone = all(it.person == person for it in parts.taken.values())
        return cards.card(Situation(kind=event.kind, crowded=crowded, alone=alone, night=night))

    def offer(self, event: Event, call: Call, parts: Parts, *, night: bool) -> WitnessOffer:
        line, stop = self.line(event), self.stop(event.stop)
        return WitnessOffer(
            alert=event.event,
            kind=event.kind,
            ring=call.ring,
            state=call.state,
            expires_at=event.until,
            drill=event.drill,
            roles_free=parts.free,
            card=self.card(event, parts, call.person, night=night),
            line=event.line,
            line_name=line.name if line else "",
            headsign=line.headsign if line else "",
            stop_name=stop.name if stop else None,
            car=event.car or None,
            role=parts.of(call.person),
        )

    def board(self, event: Event, parts: Parts) -> BoardEvent:
        return BoardEvent(
            alert=event.event,
            state=event.state,
            kind=event.kind,
            at=event.opened_at,
            expires_at=event.until,
            network=event.network,
            standing=event.standing,
            contained=event.contained,
            confirmed=event.confirmed,
            drill=event.drill,
            reports=event.reports,
            victims=event.victims,
            witnesses=event.reports - event.victims,
            told=event.asked,
            delivered=event.delivered,
            seen=event.seen,
            came=event.came,
            unseen=event.unseen,
            roles=parts.states,
            line=self.line(event),
            stop=self.stop(event.stop),
            near=self.stop(event.at_stop),
            car=event.car or None,
            outcome=event.outcome,
        )

    # Saying it.

    def changed(self, tx: Transaction, event: Event, parts: Parts) -> None:
        """On its stream and to the operators."""
        tx.publish(
            event.channel,
            StateSaid(
                alert=event.event,
                state=event.state,
                kind=event.kind,
                roles=parts.states,
                came=event.came,
                reports=event.reports,
                confirmed=event.confirmed,
                at=tx.now,
                expires_at=event.until,
                car=event.car or None,
                stop=self.stop(event.stop),
                outcome=event.outcome,
            ),
        )
        self.queued(tx, event, parts)

    def queued(self, tx: Transaction, event: Event, parts: Parts) -> None:
        tx.publish(QUEUE, QueueEvent(**structs.asdict(self.board(event, parts))))
        tx.schedule(TALLY, "all", due=next_beat(tx.now))

    def counted(self, tx: Transaction, counts: WitnessCounts) -> None:
        tx.publish(BOARD, counts)

    def own(self, tx: Transaction, event: Event, person: PersonId) -> None:
        """To somebody who reported it: as she may know it (``own``)."""
        said = OwnReport(
            alert=event.event,
            state=event.state,
            confirmed=event.confirmed,
            came=event.came,
            outcome=event.outcome,
        )
        tx.publish(own_channel(person), said)

    def offered(self, tx: Transaction, event: Event, call: Call, parts: Parts) -> None:
        found = self.offer(event, call, parts, night=cards.is_night(tx.now))
        tx.publish(own_channel(call.person), WitnessOffered(**structs.asdict(found)))

    def over(self, tx: Transaction, event: Event, call: Call, outcome: Outcome) -> None:
        """To somebody who was told; who said no hears no more of it."""
        if call.state is not CallState.DECLINED:
            tx.publish(own_channel(call.person), WitnessOver(event.event, outcome))

    async def tell_network(self, tx: Transaction, event: Event, what: What) -> None:
        """Nothing where there is neither line nor stop: no network has to do with it."""
        line, stop = self.line(event), self.stop(event.at_stop)
        if not event.network or (line is None and stop is None):
            return
        body = NetworkEvent(
            network=event.network,
            kind=event.kind.value,
            began=event.opened_at,
            until=event.until,
            line=event.line,
            line_name=line.name if line else "",
            headsign=line.headsign if line else "",
            stop=event.at_stop,
            stop_name=stop.name if stop else "",
            car=event.car,
            confirmed=event.confirmed,
            drill=event.drill,
            outcome=None if event.outcome is None else event.outcome.value,
        )
        await self._networks.tell(tx, event.event, what, body)
