"""What the rest of the house asks about places; it knows nobody, and is told no exact place.

Everything is read in the caller's own snapshot or transaction: an import that another process has
just finished counts at once, and there is no cache to be wrong.
"""

from geo import density
from geo.cells import Cell
from geo.places import store
from geo.places.near import store as near
from geo.places.near.store import Near
from geo.places.stations import Station
from geo.places.store import Reading
from geo.point import Point


class Places:
    async def shown_cell(self, reading: Reading, cell: Cell) -> Cell:
        """What people near ``cell`` are shown of it: big enough that 200 people live in it."""
        counted = density.counted_around(cell)
        return density.shown_cell(cell, await store.populations(reading, counted))

    async def populations(self, reading: Reading) -> dict[Cell, int]:
        """People by res-6 cell, everywhere."""
        return await store.populations(reading)

    async def loaded(self, reading: Reading) -> dict[str, int]:
        """How many hotels, stations and communes are known; a kind never imported is absent."""
        return await store.loaded(reading)

    async def stations(self, reading: Reading) -> list[Station]:
        return await store.stations(reading)

    async def nearest(self, reading: Reading, kind: str, point: Point, k: int) -> list[Near]:
        """The ``k`` nearest ``hotels``, ``stations`` or ``communes``, the nearest first.

        At most ``near.MOST``. For choosing only: who is shown metres from several places can tell
        where they meet, and a hotel's address is shown to nobody who is not sent there.
        """
        return await near.nearest(reading, kind, point, k)

    async def outline(self, reading: Reading, name: str) -> bytes | None:
        """Compact JSON for the map, {box, shapes: [{paths: [[lon, lat, lon, lat…]], …}]}."""
        return await store.get_outline(reading, name)

    async def outline_names(self, reading: Reading) -> list[str]:
        return await store.outline_names(reading)
