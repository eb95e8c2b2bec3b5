"""What anyone may know about this installation, before any session."""

from dataclasses import dataclass
from typing import Literal

from web.demo.city import CITY
from web.inns import VisitorDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCity:
    """A simulation runs here: pages say so."""

    name: str
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    way: Literal["call", "sms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    demo: DemoCity | None = None
    #: In a demo, a link and its code for a tablet at a hotel's desk, so that a visitor can try it.
    desk: VisitorDesk | None = None
    #: On the machine of whoever works on it: pages take a pasted token.
    development: bool = False
    languages: tuple[str, ...] = ("fr", "en")
    #: Where "vite, je quitte" goes: neutral, and the same for everyone.
    exit_url: str = "https://meteofrance.com/"
    #: Police, the European number, and the number that takes text messages.
    numbers: tuple[Number, ...] = (
        Number("17", "call"),
        Number("112", "call"),
        Number("114", "sms"),
    )
    #: The name, in the catalogues, of the sentence every page shows in its footer.
    notice: str = "under_construction"


def demo_announced(demo: bool) -> DemoCity | None:
    """What pages are told of the demo city, when there is one."""
    if not demo:
        return None
    return DemoCity(name=CITY.name, lat=CITY.lat, lon=CITY.lon, radius_m=CITY.radius_m)
