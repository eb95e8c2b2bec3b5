"""What each thing that happens costs, as this run measured it on this machine. Values only.

Processor time is in microseconds: of the node (its whole process), of Redis, of the database (all
of its processes). Bytes are what TCP carried, without its own heads and without TLS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Self

#: So few commits, in all that is looked at, are the server's own clock's.
FEW_COMMITS = 10


class Happens(Enum):
    """What the model counts."""

    ARRIVES = "a phone comes back: ticket, socket, greeting, first position"
    TELLS = "a position in the same cell"
    CROSSES = "a position in another cell"
    PINGED = "a ping and its answer"
    ASKS = "a request for help, with all that comes of it"
    DUTY = "on or off duty"
    IDLE = "a node, a second, with nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    node_us: float = 0.0
    redis_us: float = 0.0
    database_us: float = 0.0
    #: Commands that Redis ran, those inside scripts included.
    commands: float = 0.0
    #: Commits of the writer: what must reach the disk.
    commits: float = 0.0
    #: From phones, and to phones.
    bytes_in: float = 0.0
    bytes_out: float = 0.0

    def __add__(self, other: Self) -> Self:
        return self._with(lambda name: getattr(self, name) + getattr(other, name))

    def __sub__(self, other: Self) -> Self:
        """What is left, never less than nothing."""
        return self._with(lambda name: max(0.0, getattr(self, name) - getattr(other, name)))

    def __mul__(self, times: float) -> Self:
        return self._with(lambda name: getattr(self, name) * times)

    def __truediv__(self, times: float) -> Self:
        return self * (1 / times)

    def without_few_commits(self) -> Self:
        return self if self.commits >= FEW_COMMITS else replace(self, commits=0.0)

    def _with(self, value: Callable[[str], float]) -> Self:
        return type(self)(**{it.name: value(it.name) for it in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisCosts:
    """Microseconds of Redis, by what it is asked, and of who asks."""

    #: Taking a question and giving its answer, however many commands it has.
    trip: float
    #: Of the live map (``geo/whereabouts/adapters/scripts.py``), each.
    note: float
    move: float
    drop: float
    #: One publication, and each who listens to it.
    publish: float
    listener: float
    #: A beat of presence, and for each node that there is.
    beat: float
    beat_node: float
    #: Asking another node's people: of Redis, and of the node that asks.
    asked: float
    asking: float
    #: Reading a crowded cell, for each person in it: of Redis, and of the node that looks.
    read: float
    reading: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    each: Mapping[Happens, Cost]
    redis: RedisCosts
    #: A second of what is measured with nobody: its nodes, their Redis and database.
    stage: Cost
    #: Of another node that hears of a change of duty, and of the database that it asks.
    heard: Cost
    #: Questions to presence for one request.
    searches: float
    #: Publications of one request, and people whom it asks.
    publications: float
    offers: float
    #: Bytes of a node: itself, for each phone, and for each person on duty anywhere.
    base_bytes: float
    phone_bytes: float
    roster_bytes: float
    #: Of a starting node, for each person on duty: reading the row, telling the live map.
    loading_us: float

    def of(self, what: Happens) -> Cost:
        return self.each[what]
