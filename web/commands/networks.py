"""Transport networks: whom to call, what they are told, what travellers are told."""

from typing import Annotated, Literal

from msgspec import Meta

from alerts.networks.errors import (
    BadHook,
    NotOfNetwork,
    TooLongAhead,
    TooManyServiceAlerts,
)
from alerts.networks.hooks.telling import hook_key
from alerts.networks.messages import (
    Alight,
    Effect,
    HookList,
    NetworkList,
    NetworkSet,
    NetworkView,
    Retried,
    ServiceEnded,
    ServiceList,
    ServiceMade,
    Text,
    TheirView,
    WarningList,
)
from geo.transit.realtime import Notice
from realtime.kernel.errors import LimitExceeded, NotFound
from web.commands.fields import PRINTABLE, Asked, ClientId, Instant, Nothing, PublicId
from web.commands.registry import Looking, Reads, Writes, Writing

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}\Z", max_length=32)]
Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
#: What is dialled: digits, in short or whole.
Number = Annotated[str, Meta(pattern=r"^\+?[0-9]{2,15}\Z", max_length=16)]
Hour = Annotated[int, Meta(ge=0, le=23)]
Mode = Literal["tram", "metro", "rail", "bus", "trolleybus"]
#: ``network:id``: a line or a stop as its network calls it, after the slug.
TransitId = Annotated[
    str,
    Meta(min_length=3, max_length=160, pattern=r"^[a-z0-9][a-z0-9-]*:[^\x00-\x1f\x7f]+\Z"),
]


class AlightAsked(Asked, frozen=True, rename={"from_": "from"}):
    modes: Annotated[list[Mode], Meta(min_length=1, max_length=5)]
    from_: Hour
    until: Hour


class SetAsked(Asked, frozen=True):
    id: ClientId
    network: Slug
    name: Name
    call: Number
    sms: Number
    alight: AlightAsked | None = None
    #: Where the network is told; nothing: nowhere any more; left out: as before.
    hook: Annotated[str, Meta(max_length=1024)] | None = None
    #: Another key: signatures with the one before are worth nothing from now on.
    new_key: bool = False


class RetryAsked(Asked, frozen=True):
    id: ClientId
    network: Slug


class ServiceAsked(Asked, frozen=True):
    id: ClientId
    network: Slug
    effect: Effect
    text: Text
    until: Instant
    line: TransitId | None = None
    stop: TransitId | None = None
    #: The event that it is decided for: it goes nowhere.
    alert: PublicId | None = None


class EndAsked(Asked, frozen=True):
    id: ClientId
    service: PublicId


class ServicesAsked(Asked, frozen=True):
    network: Slug | None = None
    language: Literal["fr", "en"] = "fr"


class WarningsAsked(Asked, frozen=True):
    language: Literal["fr", "en"] = "fr"


async def networks(call: Looking, asked: Nothing) -> NetworkList:
    return await call.services.networks.list(call.reading)


async def set_network(call: Writing, asked: SetAsked) -> NetworkSet:
    said, alight = asked.alight, None
    if said is not None:
        alight = Alight(modes=list(said.modes), from_=said.from_, until=said.until)
    view = NetworkView(asked.network, asked.name, asked.call, asked.sms, alight)
    return await call.services.networks.set(
        call.tx, view, hook=asked.hook, new_key=asked.new_key, actor=call.caller.person
    )


async def hooks(call: Looking, asked: Nothing) -> HookList:
    return await call.services.networks.hooks(call.reading)


async def retry(call: Writing, asked: RetryAsked) -> Retried:
    return await call.services.networks.retry(call.tx, asked.network, actor=call.caller.person)


async def decide(call: Writing, asked: ServiceAsked) -> ServiceMade:
    known = await call.services.networks.find(call.tx, asked.network)
    if known is None:
        raise NotOfNetwork
    return await call.services.networking.services.decide(
        call.tx,
        network=asked.network,
        network_name=known.name,
        line=asked.line,
        stop=asked.stop,
        effect=asked.effect,
        text=asked.text,
        until=asked.until,
        alert=asked.alert,
        actor=call.caller.person,
    )


async def end(call: Writing, asked: EndAsked) -> ServiceEnded:
    services = call.services.networking.services
    return await services.end(call.tx, asked.service, actor=call.caller.person)


async def services_now(call: Looking, asked: ServicesAsked) -> ServiceList:
    parts = call.services.networking
    theirs = await parts.vehicles.theirs(call.reading, asked.network)
    return ServiceList(
        services=await parts.services.standing(call.reading, asked.network),
        theirs=[_theirs(it, asked.language) for it in theirs[:THEIRS_MOST]],
    )


async def warnings(call: Looking, asked: WarningsAsked) -> WarningList:
    return await call.services.networking.warnings.list(call.reading, asked.language)


#: Service alerts of networks' own feeds in one answer.
THEIRS_MOST = 100


def _theirs(it: Notice, language: str) -> TheirView:
    def said(by_language: dict[str, str]) -> str:
        first = next(iter(by_language.values()), "")
        return by_language.get(language, first)

    return TheirView(
        network=it.network,
        effect=it.effect,
        header=said(dict(it.header)),
        text=said(dict(it.text)),
        lines=list(it.lines),
        until=it.until,
    )


COMMANDS = (
    Reads(
        method="network.list",
        title="Transport networks: whom to call and to write to, where one may get off at night.",
        takes=Nothing,
        gives=NetworkList,
        run=networks,
    ),
    Writes(
        method="network.set",
        title="What a network is, and where it is told of events; a new key is said once.",
        takes=SetAsked,
        gives=NetworkSet,
        errors=(BadHook, LimitExceeded),
        sealed=lambda asked: hook_key(asked.network),
        run=set_network,
    ),
    Reads(
        method="network.hooks",
        title="What waits to be told to networks, and what their hooks answered last.",
        takes=Nothing,
        gives=HookList,
        run=hooks,
    ),
    Writes(
        method="network.retry",
        title="Send what waits for a network again, now.",
        takes=RetryAsked,
        gives=Retried,
        errors=(NotFound,),
        run=retry,
    ),
    Writes(
        method="service.alert",
        title="Tell travellers, in a neutral sentence, that a line or a stop is disturbed.",
        takes=ServiceAsked,
        gives=ServiceMade,
        errors=(NotOfNetwork, TooLongAhead, TooManyServiceAlerts),
        run=decide,
    ),
    Writes(
        method="service.end",
        title="What was told to travellers is over.",
        takes=EndAsked,
        gives=ServiceEnded,
        errors=(NotFound,),
        run=end,
    ),
    Reads(
        method="service.alerts",
        title="What travellers are told now, by us and by the networks themselves.",
        takes=ServicesAsked,
        gives=ServiceList,
        run=services_now,
    ),
    Reads(
        method="warning.list",
        title="Warnings of public authorities, mirrored in their own words.",
        takes=WarningsAsked,
        gives=WarningList,
        run=warnings,
    ),
)
