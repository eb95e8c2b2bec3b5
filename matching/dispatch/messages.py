"""An offer as its helper sees it, and what is pushed about it, field for field as it travels.

A ``remote`` offer has no cell at all. An ``offer`` push may come again for the same offer: when a
remote helper is asked to come after all, or when somebody turned back and help is wanted again.
"""

from datetime import datetime

from msgspec import Struct

from geo.cells import Cell, outline
from matching.dispatch.incident import Incident, Kind, Mode, Offer, OfferState, Ring


class OfferView(Struct, frozen=True, omit_defaults=True):
    offer: str
    alert: str
    ring: Ring
    kind: Kind
    mode: Mode
    state: OfferState
    expires_at: datetime
    cell: Cell | None = None
    #: Where to talk, for those who accepted.
    room: str | None = None
    #: The corners of ``cell``, so that pages need no grid of their own.
    area: list[tuple[float, float]] | None = None


class Offered(OfferView, frozen=True, tag="offer", tag_field="type"):
    """On ``me:#``: somebody needs help."""


class OfferChanged(Struct, frozen=True, omit_defaults=True, tag="offer_state", tag_field="type"):
    """On ``me:#``: an offer has become this."""

    offer: str
    alert: str
    state: OfferState
    room: str | None = None


class OfferAnswer(Struct, frozen=True, omit_defaults=True):
    """The answer to ``offer.*``."""

    offer: str
    state: OfferState
    alert: str
    room: str | None = None


def view(incident: Incident, offer: Offer) -> OfferView:
    return OfferView(
        offer=offer.id,
        alert=incident.alert,
        ring=offer.ring,
        kind=incident.kind,
        mode=incident.mode,
        state=offer.state,
        expires_at=incident.expires_at,
        cell=incident.shown if offer.ring is Ring.NEAR else None,
        room=room_for(incident, offer),
        area=area_for(incident, offer),
    )


def offered(incident: Incident, offer: Offer) -> Offered:
    return Offered(
        offer=offer.id,
        alert=incident.alert,
        ring=offer.ring,
        kind=incident.kind,
        mode=incident.mode,
        state=offer.state,
        expires_at=incident.expires_at,
        cell=incident.shown if offer.ring is Ring.NEAR else None,
        area=area_for(incident, offer),
    )


def changed(incident: Incident, offer: Offer) -> OfferChanged:
    return OfferChanged(offer.id, incident.alert, offer.state, room_for(incident, offer))


def answer(incident: Incident, offer: Offer) -> OfferAnswer:
    return OfferAnswer(offer.id, offer.state, incident.alert, room_for(incident, offer))


def area_for(incident: Incident, offer: Offer) -> list[tuple[float, float]] | None:
    return outline(incident.shown) if offer.ring is Ring.NEAR else None


def room_for(incident: Incident, offer: Offer) -> str | None:
    return incident.room if offer.going else None
