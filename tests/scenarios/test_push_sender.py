"""Pushes as they go out to a real push service on this machine: what it sees, what it may say."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from realtime.kernel.clock import ManualClock
from realtime.push.circuit import FAILURES_MOST, OPEN_FIRST
from realtime.push.message import Keys
from realtime.push.outgoing import BUSY, HOSTS_MOST, PER_HOST, Outgoing
from realtime.push.policy import Hosts, Outcome, Verdict
from realtime.push.sender import BODY_BYTES, VERSION, Errand, Sender, Subscription
from realtime.push.vapid import Vapid
from tests.support.push_service import Answer, Browser, PushService, push_service

CONTACT = "mailto:astreinte@entraide.example"


class Post:
    """A sender, and the service it sends to."""

    def __init__(self, service: PushService, clock: ManualClock, *, total_s: float = 8.0) -> None:
        self.service = service
        self.clock = clock
        self.outgoing = Outgoing(clock, total_s=total_s)
        self.sender = Sender(
            Vapid(b"s" * 32, CONTACT), Hosts.of(loopback=True), self.outgoing, clock
        )

    async def send(self, to: Browser, errand: Errand = Errand.OFFER) -> Outcome:
        told = to.told
        keys = Keys.of(told["p256dh"], told["auth"])
        return await self.sender.send(Subscription(to.endpoint, keys), errand)

    async def answered(self, *answers: Answer) -> list[Verdict]:
        """What comes of one push for each of these answers."""
        self.service.answers.extend(answers)
        browser = self.service.subscribe()
        return [(await self.send(browser)).verdict for _ in answers]


@pytest.fixture
async def post() -> AsyncGenerator[Post]:
    async with push_service() as service:
        # Patient: a busy machine is not a service that hangs.
        made = Post(service, ManualClock(), total_s=60)
        async with made.outgoing.running():
            yield made


async def test_a_push_is_taken_checked_and_read_by_its_browser_alone(post: Post) -> None:
    browser = post.service.subscribe()

    outcome = await post.send(browser)

    (letter,) = post.service.letters
    assert outcome.verdict is Verdict.SENT
    assert letter.text == VERSION
    assert letter.claims["sub"] == CONTACT
    assert letter.headers["Urgency"] == "high"
    assert 60 <= int(letter.headers["TTL"]) <= 120


async def test_every_push_is_alike_but_for_its_keys(post: Post) -> None:
    """To different people, for different reasons, all lengths are one."""
    for errand in (Errand.OFFER, Errand.TEST, Errand.OFFER):
        await post.send(post.service.subscribe(), errand)

    letters = post.service.letters
    assert {len(it.body) for it in letters} == {BODY_BYTES}
    assert {it.headers["Content-Length"] for it in letters} == {str(BODY_BYTES)}
    assert len({it.body for it in letters}) == 3
    assert len({it.headers["Topic"] for it in letters}) == 3
    assert {len(it.headers["Topic"]) for it in letters} == {32}
    assert len({(it.headers["TTL"], it.headers["Urgency"]) for it in letters}) == 1
    assert {frozenset(it.headers) for it in letters} == {
        frozenset(
            {
                "Host", "Authorization", "Content-Encoding", "Content-Type", "Content-Length",
                "TTL", "Topic", "Urgency",
            }
        )
    }  # fmt: skip


async def test_a_newer_push_to_a_phone_takes_the_place_of_one_that_waits(post: Post) -> None:
    browser = post.service.subscribe()
    for errand in (Errand.OFFER, Errand.OFFER, Errand.TEST):
        await post.send(browser, errand)

    one, two, test = [it.headers["Topic"] for it in post.service.letters]
    assert one == two != test


async def test_the_word_for_a_service_is_made_again_at_half_of_its_life(post: Post) -> None:
    browser = post.service.subscribe()
    for hours in (0, 5, 2):
        post.clock.advance(hours * 3600)
        await post.send(browser)

    one, two, three = [it.headers["Authorization"] for it in post.service.letters]
    assert one == two != three


async def test_what_each_answer_comes_to(post: Post) -> None:
    assert await post.answered(
        Answer(201), Answer(202), Answer(404), Answer(410), Answer(413), Answer(400), Answer(500),
        Answer(429),
    ) == [
        Verdict.SENT, Verdict.SENT, Verdict.GONE, Verdict.GONE, Verdict.FAULT, Verdict.FAULT,
        Verdict.FAILED, Verdict.LATER,
    ]  # fmt: skip
    assert post.outgoing.counts[Verdict.SENT] == 2


async def test_a_redirect_is_not_followed(post: Post) -> None:
    there = Answer(307, {"Location": f"{post.service.url}/elsewhere"})

    assert await post.answered(there) == [Verdict.FAULT]
    assert "/elsewhere" not in post.service.paths


async def test_no_cookie_is_kept(post: Post) -> None:
    await post.answered(Answer(201, {"Set-Cookie": "who=anna; Path=/"}), Answer(201))

    assert not any("Cookie" in it.headers for it in post.service.letters)


async def test_an_address_that_may_not_be_called_is_not(post: Post) -> None:
    """Allowed when the phone subscribed, not any more: that subscription is over."""
    post.sender.hosts = Hosts.of()

    assert await post.answered(Answer(201)) == [Verdict.GONE]
    assert post.service.paths == []


async def test_after_some_failures_a_host_is_left_alone_then_tried_by_one(post: Post) -> None:
    broken = [Answer(500)] * FAILURES_MOST
    assert await post.answered(*broken) == [Verdict.FAILED] * FAILURES_MOST

    assert await post.answered(Answer(201)) == [Verdict.LATER]
    assert len(post.service.paths) == FAILURES_MOST
    assert post.outgoing.circuits()["127.0.0.1"].state(post.clock.now()) == "open"

    post.clock.advance(OPEN_FIRST.total_seconds())
    post.service.answers.clear()
    assert await post.answered(Answer(hangs=False)) == [Verdict.SENT]
    assert post.outgoing.circuits()["127.0.0.1"].state(post.clock.now()) == "closed"


async def test_a_whole_host_that_asks_for_time_gets_it_and_one_phone_alone_too(post: Post) -> None:
    one, other = post.service.subscribe(), post.service.subscribe()
    post.service.answers.append(Answer(429, {"Retry-After": "30"}))
    told = await post.send(one)
    # 429 is about one phone: others of the same host are still woken.
    assert (told.verdict, told.wait.total_seconds()) == (Verdict.LATER, 30)
    assert (await post.send(other)).verdict is Verdict.SENT

    post.service.answers.append(Answer(503, {"Retry-After": "30"}))
    await post.send(one)
    post.clock.advance(29)
    asked = len(post.service.paths)
    assert (await post.send(other)).verdict is Verdict.LATER
    assert len(post.service.paths) == asked
    post.clock.advance(1)
    assert (await post.send(other)).verdict is Verdict.SENT


async def test_a_service_that_says_nothing_is_given_up() -> None:
    async with push_service() as service:
        post = Post(service, ManualClock(), total_s=0.2)
        async with post.outgoing.running():
            assert await post.answered(Answer(hangs=True)) == [Verdict.FAILED]


async def test_a_host_that_hangs_takes_only_so_many_places(post: Post) -> None:
    browser = post.service.subscribe()
    post.service.answers.extend([Answer(hangs=True)] * PER_HOST)
    calls = [asyncio.create_task(post.send(browser)) for _ in range(PER_HOST)]
    await post.service.arrived(PER_HOST)

    assert await post.send(browser) == BUSY

    post.service.close()
    assert {(await it).verdict for it in calls} == {Verdict.SENT}
    assert (await post.send(browser)).verdict is Verdict.SENT


async def test_a_call_that_is_cut_short_counts_as_a_failure_and_leaves_its_place(
    post: Post,
) -> None:
    browser = post.service.subscribe()
    post.service.answers.append(Answer(hangs=True))
    call = asyncio.create_task(post.send(browser))
    await post.service.arrived(1)

    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    assert post.outgoing.circuits()["127.0.0.1"].failures == 1
    assert (await post.send(browser)).verdict is Verdict.SENT


async def test_nobody_there_is_a_failure(post: Post) -> None:
    browser = post.service.subscribe()
    gone = Browser("http://127.0.0.1:9/push", browser.private, browser.auth)

    assert (await post.send(gone)).verdict is Verdict.FAILED


async def test_before_and_after_it_runs_nothing_goes_out() -> None:
    async with push_service() as service:
        post = Post(service, ManualClock())
        assert await post.answered(Answer(201)) == [Verdict.FAILED]
        async with post.outgoing.running():
            pass
        assert await post.answered(Answer(201)) == [Verdict.FAILED]
        assert service.paths == []


async def test_of_many_hosts_the_longest_unused_are_forgotten() -> None:
    """A browser chooses the name before .push.apple.com: names must not fill the memory."""
    outgoing = Outgoing(ManualClock())
    for number in range(HOSTS_MOST + 10):
        await outgoing.post(f"https://h{number}.push.apple.com/x", {}, b"")

    assert len(outgoing.circuits()) == HOSTS_MOST
    assert "h0.push.apple.com" not in outgoing.circuits()
