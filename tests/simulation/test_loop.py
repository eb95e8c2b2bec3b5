"""The loop of the simulation: time, order and hosts."""

import asyncio

import pytest

from tests.simulation.loop import Host, Stuck, on_host, virtual_loop


def order_of(seed: int) -> list[int]:
    """In which order ten tasks that are ready at once run."""
    loop, order = virtual_loop(seed), list[int]()

    async def note(number: int) -> None:
        order.append(number)

    async def main() -> None:
        await asyncio.gather(*map(note, range(10)))

    loop.run_until_complete(main())
    return order


def test_the_seed_decides_who_runs_next() -> None:
    assert order_of(1) == order_of(1)
    assert order_of(1) != order_of(2)
    assert sorted(order_of(2)) == list(range(10))


def test_an_hour_of_waiting_takes_no_time() -> None:
    loop = virtual_loop(1)

    async def main() -> float:
        await asyncio.sleep(3600)
        return loop.time()

    assert loop.run_until_complete(main()) == 3600


def test_a_host_that_is_stopped_goes_on_where_it_was() -> None:
    loop, host, heard = virtual_loop(1), Host("north"), list[float]()

    async def tick() -> None:
        for _ in range(3):
            await asyncio.sleep(1)
            heard.append(loop.time())

    async def main() -> None:
        ticking = loop.create_task(tick(), context=on_host(host))
        await asyncio.sleep(1.5)
        loop.stop_host(host)
        await asyncio.sleep(60)
        loop.resume_host(host)
        await ticking

    loop.run_until_complete(main())

    assert heard == [1, 61.5, 62.5]


def test_a_host_that_is_killed_says_nothing_more_until_it_is_buried() -> None:
    loop, host, said = virtual_loop(1), Host("north"), list[str]()

    async def live() -> None:
        try:
            await asyncio.sleep(10)
            said.append("lived")
        finally:
            said.append("ended")

    async def main() -> list[str]:
        living = loop.create_task(live(), context=on_host(host))
        await asyncio.sleep(1)
        loop.kill_host(host)
        await asyncio.sleep(60)
        before = list(said)
        await loop.bury(lambda it: it is host)
        assert living.cancelled()
        return before

    assert loop.run_until_complete(main()) == []
    assert said == ["ended"]


def test_what_a_host_starts_belongs_to_it() -> None:
    loop, host = virtual_loop(1), Host("north")

    async def child() -> None:
        await asyncio.sleep(1)

    async def parent() -> None:
        await asyncio.gather(child(), child())

    async def main() -> int:
        running = loop.create_task(parent(), context=on_host(host))
        await asyncio.sleep(0.5)
        loop.kill_host(host)
        await asyncio.sleep(5)
        held = len(host.held)
        await loop.bury(lambda it: it is host)
        assert running.cancelled()
        return held

    assert loop.run_until_complete(main()) == 2


def test_a_program_that_waits_for_nothing_is_stuck() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck):
        virtual_loop(1).run_until_complete(main())
