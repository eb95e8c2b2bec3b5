"""Calls for strangers over real sockets: names and addresses that lead inward are never reached."""

import asyncio
import contextlib
import ssl

import aiohttp
import pytest
from aiohttp import web

from realtime.kernel.clock import ManualClock
from realtime.push.fetching import Fetched, Fetcher, Got, Version
from realtime.push.guarded import guarded_connector
from realtime.push.hook import HookSender
from realtime.push.outgoing import Outgoing
from realtime.push.policy import Verdict
from tests.support.gateway import gateway
from tests.support.inward import ADDRESSES, names, quiet

KEY = b"k" * 32


async def called(url: str, connector: aiohttp.BaseConnector) -> type[BaseException] | None:
    """What comes of a call: its error, or None when somebody answered."""
    async with aiohttp.ClientSession(connector=connector) as session:
        try:
            async with asyncio.timeout(5), session.get(url):
                return None
        except (aiohttp.ClientError, TimeoutError) as error:
            # Whoever hung up had been reached.
            reached = isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError)
            refused = isinstance(error, aiohttp.ClientConnectorError)
            return None if reached and not refused else type(error)


def guarded(**table: list[list[str]]) -> aiohttp.TCPConnector:
    by_name = {f"{name}.example": answers for name, answers in table.items()}
    trusted = ssl.create_default_context()
    return guarded_connector(trusted, most=4, loopback=True, look_up=names(by_name))


@pytest.mark.parametrize("address", ADDRESSES[:2])
async def test_the_listeners_would_hear_a_call_that_nobody_guards(address: str) -> None:
    async with quiet() as listening:
        assert await called(listening.url(address), aiohttp.TCPConnector()) is None

        # Once more: aiohttp repeats what may be repeated.
        assert set(listening.heard) == {address}


@pytest.mark.parametrize("address", ADDRESSES[:2])
async def test_an_address_in_digits_is_judged_where_the_socket_goes(address: str) -> None:
    async with quiet() as listening:
        assert await called(listening.url(address), guarded()) is not None

        assert listening.heard == []


async def test_a_name_that_leads_inward_is_not_called() -> None:
    async with quiet() as listening:
        url = f"http://hook.example:{listening.ports['127.0.0.2']}/"
        for answers in ([["127.0.0.2"]], [["::1"]], [["::ffff:127.0.0.2"]], [["10.0.0.1"]]):
            assert await called(url, guarded(hook=answers)) is not None

        assert listening.heard == []


async def test_a_name_with_one_address_too_many_is_not_called_at_all() -> None:
    async with gateway() as public, quiet() as listening:
        both = [["127.0.0.1", "127.0.0.2"]]
        assert await called(f"http://hook.example:{public.port}/", guarded(hook=both)) is not None

        assert listening.heard == []


async def test_a_name_that_changes_between_two_looks_is_called_where_it_was_judged() -> None:
    """DNS rebinding: public when it is judged, inward when it would be looked up again."""
    async with gateway() as public, quiet() as listening:
        connector = guarded(hook=[["127.0.0.1"], ["127.0.0.2"]])

        first = await called(f"http://hook.example:{public.port}/", connector)

        assert first is None
        assert listening.heard == []


async def test_a_name_is_looked_up_by_the_system_and_judged_too() -> None:
    async with gateway() as public, quiet() as listening:
        trusted = ssl.create_default_context()

        def connector(*, loopback: bool) -> aiohttp.TCPConnector:
            return guarded_connector(trusted, most=2, loopback=loopback)

        # Odd ways of writing 127.0.0.1 and 127.0.0.2, which the system understands.
        url = f"http://0x7f.1:{public.port}/"
        inward = f"http://0x7f.2:{listening.ports['127.0.0.2']}/"
        assert await called(url, connector(loopback=True)) is None
        assert await called(url, connector(loopback=False)) is not None
        assert await called(inward, connector(loopback=True)) is not None
        assert listening.heard == []


async def test_a_name_that_nobody_knows_is_a_failure_like_another() -> None:
    assert await called("http://hook.example/", guarded()) is not None


async def test_a_hook_is_signed_and_sent_once_under_one_name() -> None:
    clock = ManualClock()
    outgoing = Outgoing(clock, connector=lambda trusted: guarded())
    sender = HookSender(outgoing, clock, loopback=True)
    async with gateway() as public, outgoing.running():
        url = f"http://127.0.0.1:{public.port}/sms"
        for body in (b"{}", b"{}"):
            outcome = await sender.post(url, KEY, "alert.1", body)
            assert (outcome.verdict, outcome.status) == (Verdict.SENT, 202)

    assert all(it.is_signed(KEY) for it in public.told)
    assert len({it.repeat for it in public.told}) == 1


async def test_an_address_that_does_not_fit_is_never_called() -> None:
    clock = ManualClock()
    outgoing = Outgoing(clock, connector=lambda trusted: guarded())
    async with quiet() as listening, outgoing.running():
        for loopback in (True, False):
            sender = HookSender(outgoing, clock, loopback=loopback)
            for url in (listening.url("127.0.0.2"), "http://a.example/", "https://127.0.0.2/"):
                assert not sender.fits(url)
                assert (await sender.post(url, KEY, "a", b"")).verdict is Verdict.FAULT

        assert listening.heard == []


# Feeds.


@contextlib.asynccontextmanager
async def serving(answer):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    app = web.Application()
    app.router.add_get("/feed", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/feed"
    finally:
        await runner.cleanup()


async def fetched(answer, known: Version | None = None, most: int = 1000) -> Fetched:  # type: ignore[no-untyped-def]  # noqa: ANN001
    fetcher = Fetcher(loopback=True, total_s=2)
    async with serving(answer) as url, fetcher.running():
        return await fetcher.get(url, known or Version(), most=most)


async def test_a_feed_is_asked_only_for_what_is_new() -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(dict(request.headers))
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        marks = {"ETag": '"1"', "Last-Modified": "Thu, 26 Nov 2026 10:00:00 GMT"}
        return web.Response(body=b"feed", headers=marks)

    first = await fetched(answer)
    second = await fetched(answer, first.version)

    assert (first.got, first.body) == (Got.NEW, b"feed")
    assert (second.got, second.version) == (Got.SAME, first.version)
    assert asked[1]["If-Modified-Since"] == "Thu, 26 Nov 2026 10:00:00 GMT"
    assert {it["Accept-Encoding"] for it in asked} == {"identity"}
    assert not {"User-Agent", "Cookie"} & asked[0].keys()


async def test_what_is_too_long_is_not_read_to_its_end() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(b"x" * 1000)
        return response

    assert (await fetched(answer)).got is Got.TOO_LARGE


@pytest.mark.parametrize(
    ("status", "headers", "got"),
    [
        (302, {"Location": "http://127.0.0.2/"}, Got.REFUSED),
        (200, {"Content-Encoding": "gzip"}, Got.FAILED),
        (500, {}, Got.FAILED),
        (200, {"ETag": "x" * 300}, Got.NEW),
    ],
)
async def test_what_else_may_be_answered(status: int, headers: dict[str, str], got: Got) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    found = await fetched(answer)

    assert (found.got, found.status, found.version) == (got, status, Version())


async def test_a_feed_that_hangs_or_leads_inward_is_given_up(anyio_backend: object) -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(10)
        return web.Response()

    inward = names({"feed.example": [["127.0.0.2"]]})
    async with quiet() as listening:
        fetcher = Fetcher(loopback=True, look_up=inward, total_s=2)
        async with fetcher.running():
            assert (await fetcher.get("https://feed.example/", most=10)).got is Got.FAILED
            assert (await fetcher.get(listening.url("127.0.0.2"), most=10)).got is Got.REFUSED
        assert (await fetcher.get("https://feed.example/", most=10)).got is Got.REFUSED
        assert listening.heard == []
    assert (await fetched(answer)).got is Got.FAILED
