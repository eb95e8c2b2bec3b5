"""A service of the directory, as it is kept and searched. Pure.

A street is not among what is kept: some services are refuges, and where those are is told by
themselves, by telephone.
"""

import unicodedata
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

#: What a service is for; a term of a file that is none of these is ``other``.
Kind = Literal[
    "emergency",
    "listening",
    "shelter",
    "police",
    "justice",
    "health",
    "children",
    "online",
    "suicide",
    "rights",
    "interpreter",
    "other",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: A service for everyone is in no département.
EVERYWHERE = ""


class Phone(Struct, frozen=True, omit_defaults=True):
    number: str
    way: Literal["call", "sms"]
    about: str = ""


class Hours(Struct, frozen=True, omit_defaults=True):
    """Open on these days (0 is Monday) from a minute of the day to another.

    ``closes`` is above 1440 where it closes on the day after.
    """

    days: tuple[int, ...]
    opens: int
    closes: int
    #: Minutes before UTC's, where the file said so; None: the service's own time zone.
    offset: int | None = None
    first: date | None = None
    last: date | None = None


class Entry(Struct, frozen=True, omit_defaults=True):
    service: str
    name: str
    organisation: str = ""
    about: str = ""
    eligibility: str = ""
    cost: str = ""
    url: str = ""
    city: str = ""
    phones: tuple[Phone, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    #: Départements; ``""`` is everywhere.
    areas: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    #: Every schedule of the file is in ``hours``: what they do not say is closed, not unknown.
    hours_known: bool = False
    hours_text: str = ""

    @property
    def key(self) -> str:
        return self.service


def folded(text: str) -> str:
    """Without accents, capitals or doubled spaces: what is compared.

    >>> folded("  Hébergement  d’Urgence ")
    "hebergement d'urgence"
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return " ".join("".join(it for it in plain if not unicodedata.combining(it)).split())
