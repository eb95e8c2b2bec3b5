"""What the rest of the house asks about transport: lines, stops, and who rides on what."""

from collections.abc import Sequence
from datetime import datetime

from geo.point import Point
from geo.transit.aboard.ports import Aboard
from geo.transit.network import Network
from geo.transit.store import Ledger, Reading
from geo.transit.values import Fix, Located, NetworkId, Vehicle
from realtime.kernel.ids import PersonId


class Transit:
    def __init__(self, ledger: Ledger, aboard: Aboard) -> None:
        self._ledger = ledger
        self.aboard = aboard
        self.network = Network()

    async def load(self, reading: Reading) -> None:
        """Read the imports that are current."""

    async def run(self) -> None:
        """Look, each half minute, whether another process has imported something."""

    def place(self, trail: Sequence[Fix], now: datetime) -> Located:
        """Where a trail leads: at most three candidates, the likeliest first. Keeps nothing."""
        return Located(candidates=(), stop=None)

    async def moved(self, person: PersonId, point: Point, now: datetime) -> None:
        """A consenting, vetted person has moved: her trail of 90 s is matched, in memory."""

    async def forget(self, person: PersonId) -> None:
        """Her trail and her ride, at once."""

    def set_vehicles(self, network: NetworkId, vehicles: Sequence[Vehicle]) -> None:
        """Where a network's vehicles are now, as its feed says."""
