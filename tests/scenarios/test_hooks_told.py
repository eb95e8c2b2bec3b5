"""A network is told of events on its lines: in order, at least once, and nobody else."""

import asyncio
import base64
from pathlib import Path

import pytest

from alerts.cap.reading import read
from alerts.networks.errors import BadHook
from alerts.networks.messages import HookView
from alerts.networks.rules import TOLD_KEPT, TRIED_FOR
from alerts.networks.values import ANYWHERE, Call
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import NotFound, Unavailable
from realtime.ledger import Transaction
from realtime.push.policy import Outcome, Verdict
from tests.support.postgres import Postgres
from tests.support.telling import ADMIN, BROKEN, HOST, TAKEN, URL, Desk, Receiver, desk
from tests.unit.test_cap_samples import schema


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop: these wait for a database more than they think."""
    return "asyncio", {"use_uvloop": True}


async def hook(stage: Desk) -> HookView:
    (found,) = (await stage.read(stage.networks.hooks)).hooks
    return found


async def test_each_change_of_an_event_is_told_in_order(address: str) -> None:
    async with desk(address) as stage:
        made = await stage.set()
        await stage.tell("opened")
        await stage.tell("changed", car="3")
        await stage.tell("confirmed", confirmed=True)
        await stage.tell("ended", outcome="agents")
        await stage.settle()

        posted = stage.receiver.posted
        assert [it.body.seq for it in posted] == [1, 2, 3, 4]
        assert [it.body.type for it in posted] == ["opened", "changed", "confirmed", "ended"]
        assert {it.url for it in posted} == {URL}
        assert {it.key for it in posted} == {base64.b64decode(made.key or "")}
        assert await stage.waits() == 0


async def test_each_message_is_valid_restricted_and_follows_the_one_before() -> None:
    async with desk() as stage:
        await stage.set()
        await stage.tell()
        await stage.tell("changed")
        await stage.tell("ended", outcome="false_alarm")
        await stage.settle()

    messages = [read(it.body.cap.encode()) for it in stage.receiver.posted]
    assert all(not list(schema().iter_errors(it.body.cap)) for it in stage.receiver.posted)
    assert [it.kind for it in messages] == ["Alert", "Update", "Cancel"]
    assert {it.scope for it in messages} == {"Restricted"}
    assert [it.references for it in messages] == [(), (messages[0].name,), (messages[1].name,)]
    assert [it.identifier for it in messages] == [it.name for it in stage.receiver.posted]


async def test_what_is_undone_was_never_told(address: str) -> None:
    async with desk(address) as stage:
        await stage.set()
        body = stage.event()

        async def fails(tx: Transaction) -> None:
            await stage.networks.tell(tx, "alert-1", "opened", body)
            raise NotFound

        with pytest.raises(NotFound):
            await stage.write(fails)
        await stage.tell("opened")
        await stage.settle()

        assert stage.receiver.sequence("alert-1") == [1]


async def test_a_message_stays_until_it_was_taken(address: str) -> None:
    receiver = Receiver()
    async with desk(address, receiver=receiver) as stage:
        await stage.set()
        await stage.tell()
        await receiver.has_one()
        assert await stage.waits() == 1

        receiver.open.set()
        await stage.settle()
        assert await stage.waits() == 0
        assert (await hook(stage)).last_status == 204


async def test_nothing_overtakes_a_message_that_fails(address: str) -> None:
    async with desk(address) as stage:
        stage.receiver.answers.extend([BROKEN, BROKEN])
        await stage.set()
        await stage.tell("opened")
        await stage.settle()
        await stage.tell("changed")
        await stage.tell("opened", "alert-2")
        await stage.settle()
        assert stage.receiver.sequence("alert-1") == [1]
        # Each event has an order of its own: this one did not wait for the other.
        assert stage.receiver.sequence("alert-2") == [1]

        await stage.pass_time(1)
        await stage.pass_time(2)
        assert stage.receiver.sequence("alert-1") == [1, 1, 2] or stage.receiver.sequence(
            "alert-1"
        ) == [1, 1, 1, 2]
        assert await stage.waits() == 0


async def test_it_is_tried_again_later_each_time_and_within_a_minute_while_it_is_news() -> None:
    async with desk() as stage:
        stage.receiver.answers.extend([BROKEN] * 9)
        await stage.set()
        await stage.tell()
        await stage.settle()
        for tries, pause in enumerate((1, 2, 4, 8, 16, 32, 60, 60), start=1):
            await stage.pass_time(pause - 0.5)
            assert len(stage.receiver.posted) == tries
            await stage.pass_time(0.5)
            assert len(stage.receiver.posted) == tries + 1


async def test_a_receiver_that_asks_for_time_has_it() -> None:
    busy = Outcome(Verdict.LATER, wait=TRIED_FOR / 10_000, status=503)
    async with desk() as stage:
        stage.receiver.answers.append(busy)
        await stage.set()
        await stage.tell()
        await stage.settle()

        await stage.pass_time(50)
        assert stage.receiver.sequence("alert-1") == [1]
        await stage.pass_time(20)
        assert stage.receiver.sequence("alert-1") == [1, 1]


async def test_a_host_that_is_left_alone_is_not_one_that_failed() -> None:
    async with desk() as stage:
        stage.receiver.answers.append(Outcome(Verdict.LATER))
        await stage.set()
        await stage.tell()
        await stage.settle()

        assert (await hook(stage)).last_at is None
        await stage.pass_time(6)
        assert await stage.waits() == 0


async def test_a_node_that_dies_after_the_answer_sends_again_under_the_same_name(
    tmp_path: Path,
) -> None:
    clock, receiver = ManualClock(), Receiver()
    async with desk(folder=tmp_path, clock=clock, receiver=receiver) as stage:
        await stage.set()
        await stage.tell()
        await receiver.has_one()
        # It has the message; its answer will never be heard.
    receiver.open.set()
    async with desk(folder=tmp_path, clock=clock, receiver=receiver, run="second") as stage:
        await stage.settle()

        assert receiver.sequence("alert-1") == [1, 1]
        assert len({it.name for it in receiver.posted}) == 1
        assert await stage.waits() == 0


async def test_whatever_goes_wrong_here_it_is_tried_again() -> None:
    async with desk() as stage:
        stage.receiver.answers.append(Unavailable())
        await stage.set()
        await stage.tell()
        await stage.settle()
        await stage.pass_time(3)

        assert stage.receiver.sequence("alert-1") == [1, 1]


async def test_after_a_week_it_is_kept_shown_and_sent_when_somebody_says_so(address: str) -> None:
    async with desk(address) as stage:
        await stage.set()
        stage.receiver.answers.extend([BROKEN, BROKEN])
        await stage.tell("opened")
        await stage.tell("ended", outcome="gone")
        await stage.settle()
        await stage.pass_time(TRIED_FOR.total_seconds())
        await stage.pass_time(10 * TRIED_FOR.total_seconds())

        shown = await hook(stage)
        assert (shown.waiting, shown.stuck, shown.last_status) == (2, 1, 500)
        assert stage.receiver.sequence("alert-1") == [1, 1]
        again = await stage.write(lambda tx: stage.networks.retry(tx, "tam", actor=ADMIN))
        await stage.settle()
        assert again.events == 1
        assert stage.receiver.sequence("alert-1") == [1, 1, 1, 2]
        assert (await hook(stage)).stuck == 0


async def test_a_network_that_is_told_nothing_is_told_nothing() -> None:
    async with desk() as stage:
        await stage.tell()
        await stage.set(hook=None)
        await stage.tell()
        await stage.settle()

        assert stage.receiver.posted == []
        assert (await stage.read(stage.networks.hooks)).hooks == []
        with pytest.raises(NotFound):
            await stage.write(lambda tx: stage.networks.retry(tx, "idfm", actor=ADMIN))


async def test_an_event_whose_beginning_was_not_told_has_no_end_to_tell() -> None:
    async with desk() as stage:
        await stage.set()
        await stage.tell("ended", outcome="gone")
        await stage.settle()

        assert stage.receiver.posted == []


async def test_what_waits_for_a_hook_that_was_taken_away_is_sent_to_the_next(address: str) -> None:
    async with desk(address) as stage:
        await stage.set()
        stage.receiver.answers.append(BROKEN)
        await stage.tell()
        await stage.settle()
        await stage.set(hook="")
        await stage.pass_time(60)
        assert len(stage.receiver.posted) == 1
        assert (await hook(stage)).host is None

        await stage.set(hook="https://other.example/")
        await stage.settle()
        assert [it.url for it in stage.receiver.posted] == [URL, "https://other.example/"]


async def test_a_key_is_said_once_and_anew_when_asked(address: str) -> None:
    async with desk(address) as stage:
        made, same, moved, new = (
            await stage.set(),
            await stage.set(hook=None),
            await stage.set(hook="https://other.example/"),
            await stage.set(hook=None, new_key=True),
        )

        assert [bool(it.key) for it in (made, same, moved, new)] == [True, False, False, True]
        assert (await hook(stage)).host == "other.example"


@pytest.mark.parametrize("url", ["http://a.example/", "https://127.0.0.1/", "https://a@b.example/"])
async def test_a_hook_is_a_public_address(url: str) -> None:
    async with desk() as stage:
        with pytest.raises(BadHook):
            await stage.set(hook=url)


async def test_nothing_of_it_lies_in_clear(tmp_path: Path) -> None:
    receiver = Receiver()
    async with desk(folder=tmp_path, receiver=receiver) as stage:
        await stage.set(hook=f"{URL}?secret=opensesame")
        await stage.tell(stop_name="Rue de la Loge")
        kept = b"".join(it.read_bytes() for it in tmp_path.iterdir())
        for word in (b"opensesame", b"Loge", b"sexual", b"Odysseum"):
            assert word not in kept
        assert HOST.encode() in kept


async def test_what_was_told_is_forgotten_with_its_key(address: str) -> None:
    async with desk(address) as stage:
        await stage.set()
        stage.receiver.answers.append(TAKEN)
        await stage.tell()
        await stage.settle()
        await stage.pass_time(TOLD_KEPT.total_seconds() + 7200)

        assert (await hook(stage)).last_at is None


async def test_numbers_are_the_networks_own_else_the_polices() -> None:
    async with desk() as stage:
        calls = [
            await stage.read(lambda reading, it=it: stage.networks.call(reading, it))  # type: ignore[misc]
            for it in ("idfm", "tam", "nowhere", None)
        ]
        assert calls == [Call("3117", "31177"), Call("17", "114"), ANYWHERE, ANYWHERE]

        await stage.set("idfm", hook=None)
        listed = await stage.read(stage.networks.list)
        by_name = {it.network: it for it in listed.networks}
        assert (by_name["idfm"].call, by_name["demo"].call) == ("17", "3117")
        assert by_name["idfm"].alight is None
        assert by_name["demo"].alight is not None
        assert by_name["demo"].alight.from_ == 22
        assert listed.otherwise.call == "17"


async def test_two_nodes_tell_of_the_same_events_and_lose_nothing(postgres: Postgres) -> None:
    """One adds while the other takes away: a message must never wait without a task."""
    receiver = Receiver()
    receiver.open.set()
    clock, address = ManualClock(), postgres.empty_database()
    async with (
        desk(address, clock=clock, receiver=receiver) as one,
        desk(address, clock=clock, receiver=receiver, run="second") as two,
    ):
        await one.set()
        alerts = [f"alert-{number}" for number in range(4)]
        for _ in range(15):
            await asyncio.gather(
                *(node.tell("opened", alert) for alert in alerts for node in (one, two))
            )
        await one.told()

    for alert in alerts:
        first = list(dict.fromkeys(receiver.sequence(alert)))
        assert first == list(range(1, 31))


async def test_a_message_is_not_forgotten_by_who_has_just_taken_the_one_before(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One node writes the second while another takes the first away: neither sees the other's."""
    receiver, clock, address = Receiver(), ManualClock(), postgres.empty_database()
    async with (
        desk(address, clock=clock, receiver=receiver) as one,
        desk(address, clock=clock, receiver=receiver, run="second") as two,
    ):
        await one.set()
        await two.tell("opened")
        await receiver.has_one()
        said, go_on, seal = asyncio.Event(), asyncio.Event(), Transaction.seal

        async def slowly(self: Transaction, key: str, clear: bytes, *, context: str) -> bytes:
            """It has seen that another message waits, and has not written its own."""
            said.set()
            await go_on.wait()
            return await seal(self, key, clear, context=context)

        monkeypatch.setattr(Transaction, "seal", slowly)
        writing = asyncio.create_task(one.tell("changed"))
        await said.wait()
        receiver.open.set()
        # Long enough to take the first away, were nobody to wait for the second.
        await asyncio.sleep(0.3)
        go_on.set()
        await writing
        for _ in range(10):
            await two.pass_time(3)

        assert list(dict.fromkeys(receiver.sequence("alert-1"))) == [1, 2]
