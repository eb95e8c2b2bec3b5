"""What a helper answers to an offer. Each may be repeated: it answers the same, once."""

from collections.abc import Awaitable, Callable
from functools import partial

from matching.dispatch.errors import OfferClosed
from matching.dispatch.messages import OfferAnswer
from web.access.vocabulary import Kind, Thing
from web.commands.fields import Asked, PublicId
from web.commands.registry import Writes, Writing


class OfferAsked(Asked, frozen=True):
    offer: PublicId


def _offer(asked: OfferAsked) -> Thing:
    return Thing(Kind.OFFER, asked.offer)


async def received(call: Writing, asked: OfferAsked) -> OfferAnswer:
    return await call.services.alerts.received(call.tx, call.caller.person, asked.offer)


async def seen(call: Writing, asked: OfferAsked) -> OfferAnswer:
    return await call.services.alerts.seen(call.tx, call.caller.person, asked.offer)


async def accept(call: Writing, asked: OfferAsked) -> OfferAnswer:
    services, tx, person = call.services, call.tx, call.caller.person
    already = {line.alert for line in await services.alerts.alerts_of(tx, person)}
    answer = await services.alerts.accept(tx, person, asked.offer)
    for line in await services.alerts.alerts_of(tx, person):
        if line.alert == answer.alert and line.alert not in already and line.accepted == 1:
            waited = (tx.now - line.at).total_seconds()
            tx.after_commit(partial(services.metrics.accepted_after, waited))
    return answer


async def decline(call: Writing, asked: OfferAsked) -> OfferAnswer:
    return await call.services.alerts.decline(call.tx, call.caller.person, asked.offer)


async def arrived(call: Writing, asked: OfferAsked) -> OfferAnswer:
    return await call.services.alerts.arrived(call.tx, call.caller.person, asked.offer)


def _command(
    method: str, title: str, run: Callable[[Writing, OfferAsked], Awaitable[OfferAnswer]]
) -> Writes[OfferAsked, OfferAnswer]:
    return Writes(
        method=method,
        title=title,
        takes=OfferAsked,
        gives=OfferAnswer,
        about=_offer,
        errors=(OfferClosed,),
        run=run,
    )


COMMANDS = (
    _command("offer.received", "The phone has the offer.", received),
    _command("offer.seen", "The helper has looked at it.", seen),
    _command("offer.accept", "I am coming. Too late is no error: the state says covered.", accept),
    _command("offer.decline", "Not this time; after accepting, I cannot come after all.", decline),
    _command("offer.arrived", "I am there.", arrived),
)
