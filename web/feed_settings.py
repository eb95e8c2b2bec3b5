"""The knobs of feeds and hooks: what comes from others, and telling them. Part of ``Settings``."""

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic_settings import BaseSettings

from realtime.push.addresses import is_callable

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z", re.ASCII)
#: What a sender is called where there is no public name yet.
NO_NAME = "entraide.invalid"


@dataclass(frozen=True, slots=True)
class Source:
    """A feed of somebody's: ``name`` is a network's slug, or what an authority is called here."""

    name: str
    url: str
    #: Its own name among those that share one.
    key: str


class FeedSettings(BaseSettings):
    """What ``Settings`` says of it."""

    #: ``name=https://… name=https://…``: authorities' warnings (Atom, RSS or CAP).
    cap_feeds: str = ""
    #: The same by network: GTFS-Realtime, positions or alerts; a network may have several.
    transit_feeds: str = ""
    #: Who we are in CAP's ``sender``; nothing: the name of our first origin.
    cap_sender: str = ""
    #: Hooks and feeds may also be at ``http://127.0.0.1``: for tests, refused in production.
    hook_loopback: bool = False

    @property
    def warnings_from(self) -> list[Source]:
        return sources(self.cap_feeds)

    @property
    def vehicles_from(self) -> list[Source]:
        return sources(self.transit_feeds)

    def feed_problems(self, prefix: str, *, production: bool) -> list[str]:
        found = []
        for name, said in (("CAP_FEEDS", self.cap_feeds), ("TRANSIT_FEEDS", self.transit_feeds)):
            for each in said.split():
                label, _, url = each.partition("=")
                if not _NAME.match(label) or not is_callable(url, loopback=self.hook_loopback):
                    found.append(f"{prefix}{name}: each is name=https://…, separated by spaces")
        if re.search(r"[\s,<&]", self.cap_sender):
            found.append(f"{prefix}CAP_SENDER has no space, comma, < or &")
        if production and self.hook_loopback:
            found.append(f"{prefix}HOOK_LOOPBACK must be off in production")
        return list(dict.fromkeys(found))


def sources(said: str) -> list[Source]:
    """Each feed, in the order in which it is written.

    >>> [it.key for it in sources("idfm=https://a.example/1 idfm=https://a.example/2")]
    ['idfm', 'idfm-2']
    """
    seen: Counter[str] = Counter()
    found = []
    for each in said.split():
        name, _, url = each.partition("=")
        seen[name] += 1
        found.append(Source(name, url, name if seen[name] == 1 else f"{name}-{seen[name]}"))
    return found


def sender_of(said: str, origins: tuple[str, ...]) -> str:
    """Who we are: what was said, else our first public name.

    >>> sender_of("", ("https://entraide.example",)), sender_of("", ())
    ('entraide.example', 'entraide.invalid')
    """
    return said or next((host for it in origins if (host := urlsplit(it).hostname)), NO_NAME)
