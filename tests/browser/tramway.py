"""A tram line under browser tests: laid before the server starts, and phones that ride it.

``demo:T1`` goes straight north, a stop each 600 m (``tests/support/transport.py``); a bus beside it
is there to be looked for by hand.
"""

from pathlib import Path

from playwright.async_api import Browser

from geo.transit.importing import settle
from geo.transit.values import Line, LineId, Stop
from tests.browser.people import SOON_MS, Phone, apply, own_phone
from tests.browser.watch import Watch
from tests.support.transport import APART_M, NETWORK, STOPS, T1, T2, network, place, stop_id
from web.bootstrap import open_durable
from web.settings import Settings

#: Where the story happens: half-way.
STOP = 5
#: A tram between stops, in metres a second.
SPEED_MS = 9.0
#: A bus of which only the name is known: it is found by hand alone.
BUS = Line(id=LineId("demo:38"), network=NETWORK, name="38", mode="bus", colour="8d5e2a")
#: Sounds, if any were made: the spies of every way in which a page can be heard or felt.
SPY = """(() => {
  window.heard = [];
  const note = (what) => window.heard.push(what);
  const spied = (name) => {
    const Real = window[name];
    if (Real) window[name] = new Proxy(Real, {
      construct(target, args) { note(name); return Reflect.construct(target, args); },
    });
  };
  for (const name of ["AudioContext", "webkitAudioContext", "OfflineAudioContext", "Audio",
    "SpeechSynthesisUtterance", "Notification"]) spied(name);
  navigator.vibrate = () => { note("vibrate"); return true; };
  HTMLMediaElement.prototype.play = async () => note("play");
  const make = document.createElement.bind(document);
  document.createElement = (tag, ...rest) => {
    if (/^(audio|video)$/i.test(tag)) note(tag);
    return make(tag, ...rest);
  };
})()"""


async def lay_track(data_dir: Path) -> None:
    found = network()
    stops = [found.stop(stop_id(number, line)) for line in (T1, T2) for number in range(STOPS)]
    async with open_durable(Settings.read(data_dir=data_dir)) as durable:
        await settle(durable.ledger, NETWORK, [*found.lines, BUS], [_known(it) for it in stops])


def _known(stop: Stop | None) -> Stop:
    if stop is None:
        raise AssertionError("a stop of the line is not in its network")
    return stop


def at_stop(number: int = STOP) -> tuple[float, float]:
    return place(number * APART_M)


async def spied_phone(
    browser: Browser,
    url: str,
    path: str,
    *,
    watch: Watch,
    where: tuple[float, float] | None = None,
    clock: bool = False,
) -> Phone:
    """A phone that would be heard; ``where``: None, and the browser is not to tell.

    ``clock``: its hour is moved by the test.
    """
    settings = own_phone(where or at_stop())
    settings["permissions"] = ["geolocation"] if where else []
    context = await browser.new_context(base_url=url, **settings)
    context.set_default_timeout(SOON_MS)
    await context.add_init_script(SPY)
    await watch.follow(context)
    page = await context.new_page()
    if clock:
        await page.clock.install()
    await page.goto(path)
    return Phone(context, page)


async def heard(*phones: Phone) -> list[str]:
    """Whatever these phones would have let be heard or felt since their page was opened."""
    return [str(it) for phone in phones for it in await phone.page.evaluate("window.heard")]


async def ride(her: Phone, *, until_m: float, seconds: int = 75) -> None:
    """Sit in a tram for so long, by the clock of her page: it arrives at ``until_m``."""
    for ago in range(seconds, -1, -5):
        lat, lon = place(until_m - SPEED_MS * ago)
        await her.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 20})
        await her.page.clock.run_for(5_000)


async def applicant(browser: Browser, url: str, name: str, watch: Watch) -> Phone:
    """Somebody who stands at the stop, and would help."""
    person = await spied_phone(browser, url, "/aider", where=at_stop(), watch=watch)
    await apply(person, name)
    return person
