"""Who is connected to this node, by person and by session. Pure bookkeeping: no await.

It also remembers sessions that ended lately: one of them may be greeting at that very moment.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator

from realtime.client import Client
from realtime.kernel.ids import PersonId
from realtime.ports import Caller

#: Sessions that ended lately, remembered; the oldest are forgotten first.
MOST_ENDED = 4096


class Clients:
    def __init__(self) -> None:
        self._all: dict[Client, None] = {}
        self._people: dict[PersonId, set[Client]] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Client]:
        """As of now: whoever is closed on the way may go."""
        return iter(tuple(self._all))

    def __contains__(self, client: Client) -> bool:
        return client in self._all

    @property
    def all(self) -> Collection[Client]:
        return self._all.keys()

    def opened(self, client: Client) -> None:
        """A socket that has not said yet whose it is."""
        self._all[client] = None

    def greeted(self, client: Client, caller: Caller) -> None:
        """The socket is this person's."""
        client.caller = caller
        self._people.setdefault(caller.person, set()).add(client)

    def gone(self, client: Client) -> Caller | None:
        """A socket has closed; whose it was, when that was known."""
        self._all.pop(client, None)
        caller = client.caller
        if caller is not None:
            others = self._people.get(caller.person, set())
            others.discard(client)
            if not others:
                self._people.pop(caller.person, None)
        return caller

    def of(self, person: PersonId) -> tuple[Client, ...]:
        return tuple(self._people.get(person, ()))

    def ended(self, session: str) -> bool:
        """Whether this session ended a moment ago."""
        return session in self._ended

    def end(self, session: str) -> list[Client]:
        """A session has ended: its sockets, to be closed."""
        self._ended[session] = None
        if len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)
        return [it for it in self._all if it.caller is not None and it.caller.session == session]
