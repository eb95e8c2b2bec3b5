"""The way of a command: who may, once only, all or nothing. A real ledger, made-up commands."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from sqlalchemy import select

from realtime.channels import ChannelTable
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import (
    AppError,
    Malformed,
    NotAllowed,
    NotFound,
    Unauthorized,
    UnknownMethod,
)
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading
from realtime.ports import Caller
from realtime.store import task
from tests.support.ledger import memory_ledger
from web.access.tables import Access
from web.access.vocabulary import CITIZENS, STAFF, Kind, Relation, Thing, grant, table
from web.auth.sessions import NOBODY
from web.channels import channel_table
from web.commands import store
from web.commands.fields import Answer, Asked, ClientId, PublicId
from web.commands.pipeline import REMEMBERED, Pipeline, prune
from web.commands.registry import Command, Door, Looking, Reads, Registry, Writes, Writing
from web.observe import Metrics
from web.services import Services

ANNA = Caller(PersonId("anna"), "citizen", "session-a")
CLEO = Caller(PersonId("cleo"), "citizen", "session-c")
OPAL = Caller(PersonId("opal"), "operator", "session-o")


class Add(Asked, frozen=True):
    id: ClientId


class Page(Asked, frozen=True):
    page: PublicId


class Count(Answer, frozen=True):
    count: int


class Seen(Answer, frozen=True):
    whose: str
    secret: str | None = None


class Book:
    """What the made-up commands change: it stands for a table, and breaks when told to."""

    def __init__(self) -> None:
        self.count = 0
        self.looks: list[str] = []
        self.breaks: Exception | None = None

    async def add(self, call: Writing, asked: Add) -> Count:
        def counted() -> None:
            self.count += 1

        call.tx.after_commit(counted)
        call.tx.schedule("book", asked.id)
        if self.breaks is not None:
            raise self.breaks
        return Count(count=self.count + 1)

    async def see(self, call: Looking, asked: Page) -> Seen:
        return Seen(whose=asked.page, secret="shh" if call.may("page.secret") else None)

    async def spoil(self, call: Writing, asked: Page) -> Seen | AppError:
        call.tx.schedule("spoilt", asked.page)
        if asked.page == "raised":
            raise NotFound
        return NotFound()

    async def noted(self, call: Writing, asked: Page) -> None:
        self.looks.append(call.caller.person)


class Facts:
    """Anna's page is Anna's."""

    async def relations(
        self, reading: Reading, caller: Caller, thing: Thing | None
    ) -> frozenset[Relation]:
        mine = thing is not None and thing.id == caller.person
        return frozenset({Relation.HERS} if mine else ())

    async def exists(self, reading: Reading, thing: Thing) -> bool:
        return True

    async def seat(
        self, reading: Reading, caller: Caller, room: Thing, *, among_staff: bool = False
    ) -> str | None:
        return None


ACCESS = table(
    {
        "book.add": (grant(CITIZENS),),
        "book.gone": (grant(CITIZENS),),
        "page.see": (grant(CITIZENS, Relation.HERS), grant(STAFF)),
        "page.secret": (grant(CITIZENS, Relation.HERS),),
        "page.spoil": (grant(CITIZENS),),
    }
)


@asynccontextmanager
async def shop(book: Book) -> AsyncGenerator[tuple[Pipeline, Ledger, ManualClock]]:
    clock = ManualClock()
    commands: list[Command[Add, Count] | Command[Page, Seen]] = [
        Writes(method="book.add", title="Add.", takes=Add, gives=Count, run=book.add),
        Writes(method="page.spoil", title="Spoil.", takes=Page, gives=Seen, run=book.spoil),
        Writes(
            method="book.gone",
            title="Only by HTTP.",
            takes=Add,
            gives=Count,
            run=book.add,
            door=Door.HTTP,
        ),
        Reads(
            method="page.see",
            title="See.",
            takes=Page,
            gives=Seen,
            about=lambda asked: Thing(Kind.ALERT, asked.page),
            run=book.see,
            note=book.noted,
            noted_for=STAFF,
        ),
    ]
    async with memory_ledger(channel_table(), clock) as ledger:
        yield (
            Pipeline(
                Registry(commands),
                ledger,
                cast(Services, None),
                access=Access(ACCESS),
                facts=Facts(),
                metrics=Metrics(),
            ),
            ledger,
            clock,
        )


ADD = b'{"id": "first-add"}'


async def test_a_repeated_command_answers_the_same_and_does_nothing_more() -> None:
    book = Book()
    async with shop(book) as (pipeline, _, _):
        answers = [await pipeline.run(ANNA, "book.add", ADD) for _ in range(5)]

    assert answers == [b'{"count":1}'] * 5
    assert book.count == 1


async def test_the_same_id_is_another_command_for_another_person() -> None:
    book = Book()
    async with shop(book) as (pipeline, _, _):
        await pipeline.run(ANNA, "book.add", ADD)
        await pipeline.run(CLEO, "book.add", ADD)

    assert book.count == 2


async def test_what_failed_is_not_remembered_as_answered() -> None:
    book = Book()
    async with shop(book) as (pipeline, _, _):
        book.breaks = NotFound()
        with pytest.raises(NotFound):
            await pipeline.run(ANNA, "book.add", ADD)
        book.breaks = None

        assert await pipeline.run(ANNA, "book.add", ADD) == b'{"count":1}'

    assert book.count == 1


async def test_an_answer_is_forgotten_after_two_days() -> None:
    book = Book()
    async with shop(book) as (pipeline, ledger, clock):
        await pipeline.run(ANNA, "book.add", ADD)
        clock.advance(REMEMBERED.total_seconds() - 1)
        await ledger.write(prune)
        await pipeline.run(ANNA, "book.add", ADD)
        assert book.count == 1
        clock.advance(2)
        await ledger.write(prune)

        async with ledger.reading() as reading:
            kept = (await reading.db.execute(select(store.answered))).all()

    assert kept == []


async def test_what_nobody_foresaw_is_internal_and_changes_nothing() -> None:
    book = Book()
    book.breaks = KeyError("canary")
    async with shop(book) as (pipeline, _, _):
        with pytest.raises(AppError) as caught:
            await pipeline.run(ANNA, "book.add", ADD)

    assert caught.value.name == "internal"
    assert "canary" not in str(caught.value)
    assert book.count == 0


async def test_a_role_that_never_may_is_refused_before_it_is_read() -> None:
    book = Book()
    async with shop(book) as (pipeline, _, _):
        with pytest.raises(NotAllowed):
            await pipeline.run(OPAL, "book.add", b"not even JSON")
        with pytest.raises(Unauthorized):
            await pipeline.run(NOBODY, "book.add", b"not even JSON")
        with pytest.raises(Malformed):
            await pipeline.run(ANNA, "book.add", b"not even JSON")


async def test_an_object_of_somebody_else_is_as_if_it_were_not() -> None:
    async with shop(Book()) as (pipeline, _, _):
        assert await pipeline.run(ANNA, "page.see", b'{"page":"anna"}') == (
            b'{"whose":"anna","secret":"shh"}'
        )
        for page in (b'{"page":"anna"}', b'{"page":"nobody"}'):
            with pytest.raises(NotFound):
                await pipeline.run(CLEO, "page.see", page)


async def test_a_field_is_left_out_for_whoever_may_not_see_it() -> None:
    async with shop(Book()) as (pipeline, _, _):
        assert await pipeline.run(OPAL, "page.see", b'{"page":"anna"}') == b'{"whose":"anna"}'


async def test_a_look_is_noted_before_it_is_answered_and_only_when_it_must_be() -> None:
    book = Book()
    async with shop(book) as (pipeline, _, _):
        await pipeline.run(ANNA, "page.see", b'{"page":"anna"}')
        assert book.looks == []
        await pipeline.run(OPAL, "page.see", b'{"page":"anna"}')

    assert book.looks == ["opal"]


async def test_a_command_of_the_http_door_is_unknown_on_the_socket() -> None:
    async with shop(Book()) as (pipeline, _, _):
        with pytest.raises(UnknownMethod):
            await pipeline.run(ANNA, "book.gone", ADD)
        assert await pipeline.run(ANNA, "book.gone", ADD, door=Door.HTTP) == b'{"count":1}'


async def test_a_command_without_an_access_row_stops_the_start() -> None:
    book = Book()
    extra = Writes(method="book.burn", title="Burn.", takes=Add, gives=Count, run=book.add)
    async with memory_ledger(ChannelTable([]), ManualClock()) as ledger:
        with pytest.raises(ValueError, match=r"book\.burn"):
            Pipeline(
                Registry([extra]),
                ledger,
                cast(Services, None),
                access=Access(ACCESS),
                facts=Facts(),
                metrics=Metrics(),
            )


async def test_metrics_count_by_names_of_ours_only() -> None:
    metrics = Metrics()
    book = Book()
    async with memory_ledger(channel_table(), ManualClock()) as ledger:
        pipeline = Pipeline(
            Registry([Writes(method="book.add", title="A.", takes=Add, gives=Count, run=book.add)]),
            ledger,
            cast(Services, None),
            access=Access(ACCESS),
            facts=Facts(),
            metrics=metrics,
        )
        await pipeline.run(ANNA, "book.add", ADD)
        with pytest.raises(UnknownMethod):
            await pipeline.run(ANNA, "canary.word", b"")

    page = metrics.page().decode()
    assert 'entraide_commands_total{method="book.add",outcome="ok"} 1.0' in page
    assert 'entraide_commands_total{method="unknown",outcome="unknown_method"} 1.0' in page
    assert "canary" not in page


async def test_an_error_that_is_returned_is_answered_after_the_commit() -> None:
    """Raised, it undoes everything; returned, what was written stays: a wrong code is counted."""
    async with shop(Book()) as (pipeline, ledger, _):
        for page in ("raised", "returned"):
            with pytest.raises(NotFound):
                await pipeline.run(ANNA, "page.spoil", b'{"page":"%s"}' % page.encode())

        async with ledger.reading() as reading:
            waiting = select(task.c.key).where(task.c.kind == "spoilt")
            left = list((await reading.db.execute(waiting)).scalars())

    assert left == ["returned"]
