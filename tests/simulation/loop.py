"""An event loop in which nothing but a seed decides: who runs next, and what time it is.

Time stands still while there is something to run, then jumps to the next timer. There is no socket,
no thread and no signal: whoever asks for one is refused by ``AbstractEventLoop`` itself. What runs
belongs to a ``Host`` (a node, the people), which can be stopped for a while or for ever, as a
process can, without a word of its own: what it had to run waits, or is never run.
"""

import asyncio
import heapq
import random
from asyncio import events
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")

#: Turns after which a simulation that does not end is stuck, not slow.
MOST_TURNS = 5_000_000


class Stuck(Exception):
    """Nothing is left to run and no timer is set, or it never ends."""


@dataclass(slots=True, eq=False)
class Host:
    """A process, as the loop sees it."""

    name: str
    stopped: bool = False
    dead: bool = False
    #: What it would have run while it was stopped.
    held: list[asyncio.Handle] = field(default_factory=list)


PEOPLE = Host("people")
HOST: ContextVar[Host] = ContextVar("HOST", default=PEOPLE)


class _Task(asyncio.Task[Any]):
    """A task whose place in a set follows its number, and not its address in memory."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], number: int, **more: Any) -> None:  # noqa: ANN401 - as asyncio's own
        self._number = number
        super().__init__(coroutine, **more)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Future(asyncio.Future[Any]):
    def __init__(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        self._number = number
        super().__init__(loop=loop)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other


class VirtualLoop(asyncio.AbstractEventLoop):
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(f"order {seed}")
        self._now = 0.0
        self._ready: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count(1)
        self._running = False
        #: Every task that has not ended, so that the dead can be buried.
        self._tasks: dict[_Task, Host] = {}
        #: What went wrong where nobody was waiting for it.
        self.failures: list[str] = []
        self.turns = 0

    # Running.

    def run_until_complete(self, future: Coroutine[Any, Any, T]) -> T:  # type: ignore[override]
        task: asyncio.Task[T] = self.create_task(future)
        events._set_running_loop(self)
        self._running = True
        try:
            while not task.done():
                self._turn()
        finally:
            self._running = False
            events._set_running_loop(None)
        return task.result()

    def _turn(self) -> None:
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise Stuck("too many turns")
        while self._timers and (not self._ready or self._timers[0][0] <= self._now):
            when, _, timer = heapq.heappop(self._timers)
            if timer.cancelled():
                continue
            self._now = max(self._now, when)
            self._arrives(timer)
        if not self._ready:
            raise Stuck("nothing to run")
        # Any of them: what must come in a certain order has to say so.
        at = self.dice.randrange(len(self._ready))
        handle, self._ready[at] = self._ready[at], self._ready[-1]
        self._ready.pop()
        if not handle.cancelled():
            handle._run()

    def _arrives(self, handle: asyncio.Handle) -> None:
        """Something is to be run: now, when its host runs again, or never."""
        host = handle._context.get(HOST, PEOPLE)  # type: ignore[attr-defined]
        if host.stopped or host.dead:
            host.held.append(handle)
        else:
            self._ready.append(handle)

    # Hosts.

    def stop_host(self, host: Host) -> None:
        """Freeze a process: its next instruction comes after ``resume_host``."""
        host.stopped = True
        mine: list[asyncio.Handle] = []
        others: list[asyncio.Handle] = []
        for handle in self._ready:
            (mine if _host_of(handle) is host else others).append(handle)
        self._ready[:] = others
        host.held += mine

    def resume_host(self, host: Host) -> None:
        host.stopped = False
        if not host.dead:
            self._ready += host.held
            host.held.clear()

    def kill_host(self, host: Host) -> None:
        """End a process as ``kill -9`` does: no ``finally`` of its own is run."""
        self.stop_host(host)
        host.dead = True

    async def bury(self, everybody: Callable[[Host], bool]) -> None:
        """Let what is dead end in peace, once nobody looks: everything of theirs is cancelled.

        Without it, coroutines that were cut off would be ended by the garbage collector, later,
        in the middle of something else.
        """
        for host in dict.fromkeys(it for it in self._tasks.values() if everybody(it)):
            host.dead = host.stopped = False
            self.resume_host(host)
        me, left = asyncio.current_task(), list[_Task]()
        for _ in range(100):
            left = [it for it, host in self._tasks.items() if everybody(host) and it is not me]
            if not left:
                return
            for task in left:
                task.cancel()
            await asyncio.sleep(1)
        raise Stuck(f"these tasks do not end: {[(it.get_name(), it.get_stack()) for it in left]}")

    # What asyncio asks of a loop.

    def time(self) -> float:
        return self._now

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, _given(context))
        self._arrives(handle)
        return handle

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, _given(context))
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Passed over when its time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return _Future(next(self._numbers), self)

    def create_task(
        self,
        coro: Generator[Any, None, T] | Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        context = _given(context)
        number = next(self._numbers)
        task = _Task(coro, number, loop=self, name=name or f"task-{number}", context=context)  # type: ignore[arg-type]
        self._tasks[task] = context.get(HOST, PEOPLE)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._tasks.pop(task, None)  # type: ignore[call-overload]

    def run_in_executor(
        self, executor: object, func: Callable[..., T], *args: object
    ) -> asyncio.Future[T]:
        """There are no threads: what would go to one is done at once."""
        future: asyncio.Future[T] = self.create_future()
        with off_loop():
            future.set_result(func(*args))
        return future

    def is_running(self) -> bool:
        return self._running

    def is_closed(self) -> bool:
        return False

    def get_debug(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.failures.append(f"{context.get('message')}: {error!r}")

    async def shutdown_asyncgens(self) -> None:
        """None is left: what is dead is buried."""


def virtual_loop(seed: int) -> VirtualLoop:
    """A new loop: what it does not offer is refused when it is asked for."""
    return VirtualLoop(seed)  # type: ignore[abstract]


def _given(context: Context | None) -> Context:
    """Not ``or``: a context in which nothing is set yet is false."""
    return copy_context() if context is None else context


def _host_of(handle: asyncio.Handle) -> Host:
    return handle._context.get(HOST, PEOPLE)  # type: ignore[attr-defined, no-any-return]


def on_host(host: Host) -> Context:
    """Where to start what belongs to a host: all that it starts belongs to it too."""
    context = copy_context()
    context.run(HOST.set, host)
    return context


@contextmanager
def off_loop() -> Generator[None]:
    """What is done in here may block: in reality it is done elsewhere."""
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(loop)
