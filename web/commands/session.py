"""The door: opening a session, a ticket for the socket, keeping, leaving; and public facts."""

from typing import Literal

from geo.transit.values import LineId
from web.access.vocabulary import Role
from web.commands.fields import Answer, Asked, Done, Nothing
from web.commands.registry import Door, Lives, Living, Writes, Writing
from web.demo import tram
from web.errors import SignInLimited
from web.inns import VisitorDesk
from web.public import DemoCity
from web.services import Services


class SessionOpened(Answer, frozen=True):
    """A pseudonym, and the token that speaks for it: 256 bits, shown once."""

    token: str
    person: str


class TicketGiven(Answer, frozen=True):
    """What ``connect.token`` takes: once, within 30 s."""

    ticket: str


class DemoDesk(Answer, frozen=True):
    """Where to open, and what to type there."""

    path: str
    code: str


class DemoTram(Answer, frozen=True):
    """The vehicle on which a page puts a visitor's phone: it goes round and round."""

    line: str
    #: How far it is in its round, in seconds, when this is answered.
    age_s: float
    #: One round: seconds from its start, latitude, longitude; straight on at one speed in between.
    round: list[tuple[float, float, float]]


class DemoView(Answer, frozen=True):
    """A simulation runs here, around this point."""

    name: str
    lat: float
    lon: float
    radius_m: float
    #: What makes a tablet the desk of the city's first hotel, once; another comes when it is used.
    desk: DemoDesk | None = None
    tram: DemoTram | None = None


class NumberView(Answer, frozen=True):
    """Who answers when nobody here does."""

    number: str
    way: Literal["call", "sms"]


class Config(Answer, frozen=True):
    """What a page must know before any session."""

    demo: DemoView | None
    languages: list[str]
    exit_url: str
    numbers: list[NumberView]
    notice: str
    #: Pages take a pasted token.
    development: bool = False


async def open_session(call: Writing, asked: Nothing) -> SessionOpened:
    opened = await call.services.sessions.open(call.tx, Role.CITIZEN)
    return SessionOpened(token=opened.token.reveal(), person=opened.caller.person)


async def give_ticket(call: Living, asked: Nothing) -> TicketGiven:
    return TicketGiven(ticket=await call.services.tickets.issue(call.caller))


class Keep(Asked, frozen=True):
    #: Also when the browser has been closed: asked for by a helper whose phone is to ring.
    long: bool = False


async def keep(call: Living, asked: Keep) -> Done:
    """The cookies themselves are the HTTP door's business."""
    return Done()


async def leave(call: Writing, asked: Nothing) -> Done:
    for kind in call.services.carried:
        await kind.depart(call.tx, call.caller.person)
    await call.services.reach.forget(call.tx, call.caller.person)
    await call.services.helpline.depart(call.tx, call.caller.person)
    await call.services.sessions.end(call.tx, call.caller.session)
    return Done()


async def config(call: Living, asked: Nothing) -> Config:
    public = call.services.public
    demo = public.demo
    return Config(
        demo=None if demo is None else _shown(demo, public.desk, _tram(call.services)),
        development=public.development,
        languages=list(public.languages),
        exit_url=public.exit_url,
        numbers=[NumberView(number=it.number, way=it.way) for it in public.numbers],
        notice=public.notice,
    )


def _shown(demo: DemoCity, desk: VisitorDesk | None, tram: DemoTram | None) -> DemoView:
    link = None if desk is None else desk.link
    return DemoView(
        name=demo.name,
        lat=demo.lat,
        lon=demo.lon,
        radius_m=demo.radius_m,
        desk=None if link is None else DemoDesk(path=link.path, code=link.code),
        tram=tram,
    )


def _tram(services: Services) -> DemoTram | None:
    """None where real lines have been imported: the demo's is not among them."""
    if services.transit.network.line(LineId(tram.LINE)) is None:
        return None
    now = services.clock.now().timestamp()
    age_s = round(tram.phase(tram.VISITORS, now), 1)
    return DemoTram(line=tram.LINE, age_s=age_s, round=tram.round_trip())


COMMANDS = (
    Writes(
        method="session",
        title="Open a pseudonymous session: no e-mail, no name.",
        takes=Nothing,
        gives=SessionOpened,
        errors=(SignInLimited,),
        door=Door.HTTP,
        run=open_session,
    ),
    Lives(
        method="session.ticket",
        title="Get a single-use ticket for the socket.",
        takes=Nothing,
        gives=TicketGiven,
        door=Door.HTTP,
        run=give_ticket,
    ),
    Lives(
        method="session.keep",
        title="Keep the session in a cookie, so that a reloaded tab finds the open alert.",
        takes=Keep,
        gives=Done,
        door=Door.HTTP,
        silent=True,
        run=keep,
    ),
    Writes(
        method="session.leave",
        title="End the session and erase what the browser holds.",
        takes=Nothing,
        gives=Done,
        door=Door.HTTP,
        silent=True,
        nothing_for=lambda caller: not caller.session,
        run=leave,
    ),
    Lives(
        method="config",
        title="What anyone may know about this installation.",
        takes=Nothing,
        gives=Config,
        door=Door.HTTP,
        verb="GET",
        run=config,
    ),
)
