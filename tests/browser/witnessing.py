"""One evening on line T1: somebody is insulted in a tram, three people who are near help.

She says it in three taps, from her phone's positions; three vetted people are told without a sound,
two of them want the same part at once; each sees what the others do; an operator opens the event,
tells travellers, closes it, and she reads what came of it. Meanwhile, on another line, somebody
without a position says it by hand while his network is cut, and somebody comes by a poster and
leaves at once. A line is put to rest and comes back by itself. Every screen is looked at on the way
(``looking.py``).
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any
from urllib.parse import unquote

from playwright.async_api import Browser, Locator, ViewportSize, expect

from tests.browser.helpline import Operator, new_id
from tests.browser.leaving import KEPT, NOTHING_KEPT, by_button, leave, when_dead
from tests.browser.people import PHONE, SOON_MS, Phone, approve, open_board
from tests.browser.tramway import applicant, at_stop, heard, ride, spied_phone
from tests.browser.witness_seen import SCREENS, Seen
from tests.support.bad_network import Weather, bad_network
from tests.support.server import ServerProcess, tokens
from tests.support.transport import APART_M, T2, stop_id

DESK: ViewportSize = {"width": 1440, "height": 900}
#: The smallest phone that is still sold, or an ordinary one with large letters.
SMALLEST: ViewportSize = {"width": 320, "height": 640}
#: For the operators alone.
NOTE = "il descend souvent à Arrêt 3"
NAMES = ("Amina", "Basile", "Chloé")
#: The next tier is asked ten seconds after the one before it, and there are four.
TOLD_MS = 60_000
#: Six seconds are promised; a busy machine may need some to draw.
UNSENT_S = 6.0
#: A phone that stands at a stop is known to stand there after three positions, four seconds apart.
KNOWN_S = 15.0
#: A line comes back on the morning after, at six.
A_DAY_MS = 24 * 3_600_000


async def witness(browser: Browser, server: ServerProcess) -> Seen:
    seen = Seen()
    (token,) = await asyncio.to_thread(tokens, server.data_dir, "supervisor")
    supervisor = Operator(server.url, token)
    board = await open_board(browser, server.url, token)
    await board.page.set_viewport_size(DESK)
    near, _ = await asyncio.gather(
        _watching(seen, browser, server, board, supervisor),
        _by_hand(seen, browser, server, supervisor),
    )
    seen.step("three people agree to be told; somebody says it by hand, without a network")
    her = await _reporting(seen, browser, server)
    seen.step("she says it in three taps")
    await asyncio.gather(
        _told(seen, her, near, board), _from_a_poster(seen, browser, server, supervisor)
    )
    seen.step("three are told, an operator looks; somebody comes by a poster, and leaves")
    await _sharing(seen, her, near)
    seen.step("each takes a part")
    await _ending(seen, her, near, board)
    seen.step("it ends")
    await _resting(seen, near[0])
    seen.step("a line rests")
    seen.sounds += await heard(her, *near)
    for person in (board, her, *near):
        await person.context.close()
    return seen


async def _watching(
    seen: Seen, browser: Browser, server: ServerProcess, board: Phone, supervisor: Operator
) -> Sequence[Phone]:
    """Two of them work for the network; the third waits at the stop."""
    near = await asyncio.gather(*(applicant(browser, server.url, it, seen.watch) for it in NAMES))
    for name in NAMES:
        await approve(board, name)
    people = [(await _me(it))["person"] for it in near]
    for person in people[:2]:
        await supervisor.call("witness.agent", helper=person, network="demo")
    for person in near:
        await expect(person.see("watch-on").or_(person.see("watch-off"))).to_be_visible(
            timeout=SOON_MS
        )
    await seen.look(SCREENS[0], near[2])
    for person in near:
        await person.see("watch-on").click()
        await expect(person.see("watch-off")).to_be_visible(timeout=SOON_MS)
    since = perf_counter()
    await seen.look(SCREENS[1], near[2])
    await asyncio.sleep(max(0.0, KNOWN_S - (perf_counter() - since)))
    return near


async def _me(person: Phone) -> dict[str, Any]:
    answer: dict[str, Any] = await person.page.evaluate(
        "fetch('/api/me/state', {method: 'POST', body: '{}', headers: "
        "{'Content-Type': 'application/json'}}).then((it) => it.json())"
    )
    return answer


async def _reporting(seen: Seen, browser: Browser, server: ServerProcess) -> Phone:
    her = await spied_phone(
        browser, server.url, "/", where=at_stop(0), clock=True, watch=seen.watch
    )
    await her.see("transport").click()
    await expect(her.see("as-victim")).to_be_visible(timeout=SOON_MS)
    await seen.look(SCREENS[2], her)
    await _tap(seen, her.see("as-victim"))
    await seen.look(SCREENS[3], her)
    await seen.note(her)
    # The tram runs while she looks at the page: a minute in a moment.
    await ride(her, until_m=5 * APART_M)
    await _tap(seen, her.see("kind-verbal"))
    await her.page.clock.run_for(5_000)
    await expect(her.see("where-card")).to_contain_text("vers Nord", timeout=SOON_MS)
    for _ in range(3):
        # The answer to the last of these positions may still be on its way.
        if "Nous pensons" in await her.see("certainty").inner_text():
            break
        await her.page.clock.run_for(3_000)
        await asyncio.sleep(1)
    seen.certainty = " ".join((await her.see("where-card").inner_text()).split())
    await seen.look(SCREENS[4], her)
    await _tap(seen, her.see("send"))
    await expect(her.see("recorded")).to_contain_text("Enregistré", timeout=SOON_MS)
    await expect(her.see("told")).to_be_visible(timeout=SOON_MS)
    await seen.note(her)
    return her


async def _tap(seen: Seen, button: Locator) -> None:
    await button.click()
    seen.taps += 1


async def _told(seen: Seen, her: Phone, near: Sequence[Phone], board: Phone) -> None:
    for person in near[:2]:
        await expect(person.see("call")).to_be_visible(timeout=SOON_MS)
    await seen.look(SCREENS[5], her)
    await seen.look(SCREENS[6], near[0])
    await expect(board.see("lines-open")).to_be_visible(timeout=SOON_MS)
    await board.see("board-lines").click()
    await expect(board.see("mark").first).to_be_visible(timeout=SOON_MS)
    await seen.look(SCREENS[7], board, DESK)
    await board.see("event").filter(has_text="T1").get_by_test_id("open-event").click()
    await expect(board.see("reports")).to_contain_text("pour elle-même", timeout=SOON_MS)
    await seen.look(SCREENS[8], board, DESK)
    await expect(near[2].see("call")).to_be_visible(timeout=TOLD_MS)
    for person in near:
        await expect(person.see("call")).to_contain_text("vers Nord")
        seen.told.append(await person.see("call").inner_text())
    await expect(her.see("told")).to_contain_text("3 personnes formées", timeout=SOON_MS)


async def _sharing(seen: Seen, her: Phone, near: Sequence[Phone]) -> None:
    """Two press the same button at the same moment; the slower one chooses something else."""
    first, second, third = near
    await asyncio.gather(*(it.see("take-sit").click() for it in (first, second)))
    slower = first if await _is_refused(first, second) else second
    faster = second if slower is first else first
    seen.takers = await first.see("mine").count() + await second.see("mine").count()
    seen.refused = await slower.page.get_by_role("alert").inner_text()
    await seen.look(SCREENS[9], slower)
    await expect(slower.see("part-sit")).to_be_visible(timeout=SOON_MS)
    await slower.see("take-driver").click()
    await third.see("take-call").click()
    for person in near:
        await expect(person.see("others").locator("li")).to_have_count(2, timeout=SOON_MS)
        seen.others.append(await person.see("others").locator("li").all_inner_texts())
    await seen.look(SCREENS[10], third)
    await third.see("i-see").click()
    await slower.see("part-done").click()
    await expect(faster.see("others")).to_contain_text("prévient", timeout=SOON_MS)
    await expect(her.see("told")).to_contain_text("3 personnes agissent", timeout=SOON_MS)
    await expect(her.see("doing")).to_contain_text("Le conducteur est prévenu", timeout=SOON_MS)
    await expect(her.page.get_by_text("Quelqu’un sur place confirme")).to_be_visible()
    await seen.look(SCREENS[11], her)


async def _is_refused(one: Phone, other: Phone) -> bool:
    """Whether it is the first of the two who came too late."""
    kindly = [it.page.get_by_role("alert").filter(has_text="charge") for it in (one, other)]
    await expect(kindly[0].or_(one.see("mine"))).to_be_visible(timeout=SOON_MS)
    await expect(kindly[1].or_(other.see("mine"))).to_be_visible(timeout=SOON_MS)
    return await kindly[0].count() == 1


async def _ending(seen: Seen, her: Phone, near: Sequence[Phone], board: Phone) -> None:
    page = board.page
    await expect(board.see("event-roles").locator("li")).to_have_count(3, timeout=SOON_MS)
    await board.see("tell").locator("summary").click()
    await expect(board.see("preview")).to_contain_text("Trafic perturbé")
    await board.see("tell-go").click()
    await page.get_by_role("button", name="Oui, publier").click()
    await expect(board.see("service")).to_contain_text("T1", timeout=SOON_MS)
    await seen.look(SCREENS[12], board, DESK)
    await board.see("close-event").click()
    await page.get_by_label("Des agents sont venus").check()
    await board.see("close-go").click()
    await page.get_by_role("button", name="Oui", exact=True).click()
    await expect(board.see("event").filter(has_text="T1")).to_have_count(0, timeout=SOON_MS)
    await _judging(board)
    await expect(her.see("report-over")).to_be_visible(timeout=SOON_MS)
    seen.ends.append(await her.see("report-over").inner_text())
    await seen.look(SCREENS[13], her)
    for person in near:
        await expect(person.see("call-over")).to_be_visible(timeout=SOON_MS)
        seen.ends.append(await person.see("call-over").inner_text())
    await seen.look(SCREENS[14], near[0])
    # A reloaded tab reads it too.
    await her.page.reload()
    await expect(her.see("report-over")).to_contain_text("agents", timeout=SOON_MS)


async def _judging(board: Phone) -> None:
    """Nothing has happened on the other line; and nothing often enough anywhere."""
    await board.see("event").get_by_test_id("open-event").click()
    await board.see("judge-false").click()
    await board.page.get_by_role("button", name="Oui", exact=True).click()
    await expect(board.see("event")).to_have_count(0, timeout=SOON_MS)
    await board.see("spots-show").click()
    await expect(board.page.get_by_text("Aucun lieu n’en compte cinq")).to_be_visible()


async def _by_hand(
    seen: Seen, browser: Browser, server: ServerProcess, supervisor: Operator
) -> None:
    """No position at all: the line, which way, the car; and no network when it matters."""
    async with bad_network(server.port) as network:
        his = await spied_phone(browser, network.url, "/", watch=seen.watch)
        await his.see("transport").click()
        await his.see("as-witness").click()
        await his.see("kind-physical").click()
        await expect(his.see("certainty")).to_contain_text("ne savons pas", timeout=SOON_MS)
        await his.see("send").click()
        await expect(his.see("picker")).to_be_visible(timeout=SOON_MS)
        await his.see("pick-search").fill("tram")
        await expect(his.see("pick-line")).to_have_count(2)
        await seen.look(SCREENS[15], his)
        await his.see("pick-line").filter(has_text="T2").click()
        await seen.look(SCREENS[16], his)
        await his.see("pick-direction").filter(has_text="Sud").click()
        await his.see("car").fill("7")
        await his.see("report-note").fill(NOTE)
        network.turn(Weather.BLACK_HOLE)
        pressed = perf_counter()
        await his.see("send").click()
        await expect(his.see("unsent")).to_be_visible(timeout=SOON_MS)
        seen.unsent_s = perf_counter() - pressed
        links = his.see("calling").get_by_role("link")
        seen.numbers = [str(await it.get_attribute("href")) for it in await links.all()]
        seen.written = unquote(seen.numbers[0].partition("body=")[2])
        await seen.look(SCREENS[17], his)
        network.turn(Weather.FAIR)
        await expect(his.see("recorded")).to_contain_text("Finalement", timeout=30_000)
        await expect(his.see("told")).to_be_visible(timeout=SOON_MS)
        await seen.look(SCREENS[18], his)
        events = (await supervisor.call("witness.board"))["events"]
        seen.by_hand = next(it for it in events if it["kind"] == "physical")
        found = await supervisor.call("witness.state", alert=seen.by_hand["alert"])
        seen.notes = [it.get("note") for it in found["reports"]]
        seen.sounds += await heard(his)
        await his.see("cancel-report").click()
        await his.page.get_by_role("button", name="Oui, annuler").click()
        await expect(his.see("report-over")).to_contain_text("annulé", timeout=SOON_MS)
        await his.context.close()


async def _from_a_poster(
    seen: Seen, browser: Browser, server: ServerProcess, supervisor: Operator
) -> None:
    """Behind the hash, read once; gone from the address before anything is drawn."""
    made = await supervisor.call(
        "campaign.create",
        id=new_id(),
        name="Essai",
        languages=["fr"],
        designs=["calme"],
        places=[{"line": T2, "direction": 0, "stop": stop_id(5, T2)}],
    )
    code = made["links"][0]["code"]
    her = await spied_phone(browser, server.url, f"/#t={code}", watch=seen.watch)
    await expect(her.see("as-witness")).to_be_visible(timeout=SOON_MS)
    # A hand that shakes: the second tap falls on an answer to the next question.
    await her.see("as-witness").dblclick()
    await her.see("kind-followed").click()
    await expect(her.see("where-card")).to_contain_text("affiche", timeout=SOON_MS)
    await her.page.set_viewport_size(SMALLEST)
    send, bar = [await it.bounding_box() for it in (her.see("send"), her.page.locator(".bar"))]
    seen.hidden_px = send["y"] + send["height"] - bar["y"] if send and bar else None
    await her.page.set_viewport_size(PHONE)
    seen.posters = " ".join((await her.see("where-card").inner_text()).split())
    await seen.note(her)
    await her.see("send").click()
    await expect(her.see("recorded")).to_be_visible(timeout=SOON_MS)
    seen.sounds += await heard(her)
    (session,) = [it["value"] for it in await her.context.cookies() if it["name"] == "s"]
    await leave(her, by_button)
    await when_dead(server.url, session)
    stranger = Phone(her.context, await her.context.new_page())
    await stranger.page.goto("/")
    await expect(stranger.see("transport")).to_be_visible(timeout=SOON_MS)
    seen.kept = await stranger.page.evaluate(KEPT), await her.context.cookies()
    assert seen.kept == (NOTHING_KEPT, [])
    await her.context.close()


async def _resting(seen: Seen, person: Phone) -> None:
    """Until tomorrow; then it is gone from the list without anybody's doing."""
    await person.page.clock.install()
    await person.see("rest-a-line").click()
    await person.see("pick-line").first.click()
    # Its own card, below what may be happening meanwhile.
    await person.see("trips").get_by_test_id("rest-tonight").click()
    line = person.see("resting").locator("li")
    await expect(line).to_contain_text("reprend toute seule", timeout=SOON_MS)
    seen.rested = [" ".join((await line.inner_text()).split())]
    await seen.look(SCREENS[19], person)
    await person.page.clock.fast_forward(A_DAY_MS)
    await expect(line).to_have_count(0, timeout=SOON_MS)
    seen.rested += await line.all_inner_texts()
