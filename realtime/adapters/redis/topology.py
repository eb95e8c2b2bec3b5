"""Which server carries which name: what servers and Sentinels say, made into one answer. Pure.

Where they differ, the cluster's own rule decides: the claim with the greatest epoch stands.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from realtime.adapters.redis.address import Server

SLOTS = 16384


class Claim(NamedTuple):
    """A primary says, or another says of it, that it serves these slots."""

    epoch: int
    server: Server
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Topology:
    """Ranges of slots, in order: each begins where ``begins`` says and is served by one server.

    A server that is alone serves all of them, so that whoever asks need not know.
    """

    begins: tuple[int, ...]
    owners: tuple[Server | None, ...]

    @property
    def servers(self) -> frozenset[Server]:
        return frozenset(owner for owner in self.owners if owner is not None)

    def owner(self, slot: int) -> Server | None:
        """Who serves a slot; None while nobody does."""
        return self.owners[bisect_right(self.begins, slot) - 1]


def alone(server: Server) -> Topology:
    """One server serves everything.

    >>> alone(Server("here", 6379)).owner(42)
    Server(host='here', port=6379)
    """
    return Topology((0,), (server,))


def elected(answers: Sequence[Server], now: Server | None) -> Server:
    """The primary that most Sentinels name; when they are divided, the one we have, if any did.

    >>> old, new = Server("a", 1), Server("b", 1)
    >>> elected([old, new, new], now=old).host, elected([old, new], now=old).host
    ('b', 'a')
    """
    votes = Counter(answers)
    most = max(votes.values())
    return now if now is not None and votes[now] == most else votes.most_common(1)[0][0]


def claims(text: str, asked: Server, *, by_name: bool = False) -> frozenset[Claim]:
    """Read an answer to CLUSTER NODES: ``id host:port@bus[,name…] flags - - - epoch link slots…``.

    A node that does not know its own address is where we asked. ``by_name``: as certificates do,
    say the name of a host rather than its number, where nodes tell it.
    """
    found: set[Claim] = set()
    for line in text.splitlines():
        _, address, flags, _, _, _, epoch, _, *ranges = line.split()
        if "noaddr" in flags:
            continue
        server = _server(address, asked, by_name=by_name)
        for each in ranges:
            # In brackets is what is on its way from or to another node: not there yet.
            if not each.startswith("["):
                first, _, last = each.partition("-")
                found.add(Claim(int(epoch), server, int(first), int(last or first)))
    return frozenset(found)


def _server(address: str, asked: Server, *, by_name: bool) -> Server:
    place, *more = address.split(",")
    host, _, port = place.partition("@")[0].rpartition(":")
    name = more[0] if more and "=" not in more[0] else ""
    return Server((name if by_name else "") or host or asked.host, int(port))


def settled(heard: Iterable[Claim]) -> Topology:
    """One answer from everybody's claims."""
    slots: list[Server | None] = [None] * SLOTS
    # The last word on a slot is that of the greatest epoch.
    for claim in sorted(heard):
        size = claim.last - claim.first + 1
        slots[claim.first : claim.last + 1] = [claim.server] * size
    begins = [slot for slot in range(SLOTS) if slot == 0 or slots[slot] != slots[slot - 1]]
    return Topology(tuple(begins), tuple(slots[slot] for slot in begins))
