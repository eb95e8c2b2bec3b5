"""Bugs that the proof must catch, each as another way to match."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from geo.transit import riding
from geo.transit.network import Network
from geo.transit.riding import match
from geo.transit.values import Fix, Ride
from tests.proofs.riding.asking import Match


def without_direction(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    return [replace(ride, direction=0) for ride in match(network, trail, now)]


def always_sure(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    return [replace(ride, confidence=1.0, stop=None) for ride in match(network, trail, now)][:1]


def backwards(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    """The trail is taken for one that was walked the other way."""
    turned = [replace(fix, at=now - (fix.at - trail[0].at)) for fix in trail]
    return match(network, turned, now)


def everybody_aboard(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    """Nobody walks, drives or stays at home: what is sure is shared among the lines alone."""
    with patch.object(riding, "aboard", lambda found: 1.0):
        return match(network, trail, now)


PLANTED: Mapping[str, Match] = {
    "direction ignored": without_direction,
    "confidence always 1": always_sure,
    "order of the fixes turned round": backwards,
    "everybody taken for aboard": everybody_aboard,
}
