"""Which line a moving phone is on, which way, and how sure one can be."""

from collections.abc import Sequence
from datetime import datetime

from geo.transit.network import Network
from geo.transit.values import Fix, Ride


def match(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    """The rides that a trail may be, the likeliest first; their confidences sum to 1 at most."""
    return []
