"""Who is on duty, in memory: what they can do and the zone each declared.

Filled once at the start from the sealed rows, then kept right by what commits. It is the truth of
this process about duty; the live map is fed from it and can be rebuilt from it at any time.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from geo.cells import Cell
from matching.helpers.values import Post
from realtime.kernel.ids import PersonId


class Roster:
    def __init__(self) -> None:
        self._posts: dict[PersonId, Post] = {}
        self._zones: dict[Cell, set[PersonId]] = {}

    def __len__(self) -> int:
        return len(self._posts)

    def __iter__(self) -> Iterator[PersonId]:
        return iter(self._posts)

    @property
    def zones(self) -> Mapping[Cell, Collection[PersonId]]:
        """The people on duty by declared zone: a view that follows the changes."""
        return MappingProxyType(self._zones)

    def post(self, person: PersonId) -> Post | None:
        return self._posts.get(person)

    def put(self, person: PersonId, post: Post) -> None:
        """Somebody is on duty; whatever was known of her before is forgotten."""
        self.remove(person)
        self._posts[person] = post
        self._zones.setdefault(post.zone, set()).add(person)

    def remove(self, person: PersonId) -> None:
        """Somebody is off duty, or was not on it."""
        post = self._posts.pop(person, None)
        if post is None:
            return
        here = self._zones[post.zone]
        here.remove(person)
        if not here:
            del self._zones[post.zone]
