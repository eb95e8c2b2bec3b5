"""What the tables keep is the same on both engines: numbers, text, order, moments."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import BigInteger, Column, LargeBinary, String, Table, select

from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from realtime.sql import Instant, by_bytes, claim, metadata, upsert, upsert_all
from tests.support.house import House

kept = Table(
    "conformance_kept",
    metadata,
    Column("key", String, primary_key=True),
    Column("number", BigInteger),
    Column("bytes", LargeBinary),
    Column("at", Instant),
)
#: As a French server would sort them: a-b, âne, apple, Zoe, 10, é… in another order.
WORDS = ["aide-2", "aide-10", "Aide-1", "elle", "Élan", "âne", "a b", "a-b", "zoé", "😀", "日"]
TEXTS = ['l\'aide "urgente"', "100 %_\\", "ligne\nune\ttab", "🚨 é ß ﬃ", "$1 :name %(x)s", ""]


async def _put(house: House, **values: object) -> None:
    async def work(tx: Transaction) -> None:
        await tx.db.execute(upsert(kept, values, key=["key"]))

    await house.write(work)


async def _all(house: House) -> list[tuple[object, ...]]:
    async with house.made.ledger.reading() as reading:
        query = select(kept).order_by(by_bytes(reading.db, kept.c.key))
        return [tuple(row) for row in await reading.db.execute(query)]


@pytest.mark.parametrize("text", TEXTS)
async def test_text_is_kept_as_it_was_written(house: House, text: str) -> None:
    await _put(house, key=text, number=1)

    assert await _all(house) == [(text, 1, None, None)]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63 - 1, -(2**63)])
async def test_numbers_are_kept_to_the_last_bit(house: House, number: int) -> None:
    await _put(house, key="n", number=number)

    assert await _all(house) == [("n", number, None, None)]


async def test_a_number_that_does_not_fit_is_refused_and_changes_nothing(house: House) -> None:
    with pytest.raises((Unavailable, OverflowError)):
        await _put(house, key="n", number=2**63)

    assert await _all(house) == []


async def test_bytes_and_moments_are_kept_whole(house: House) -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    late = datetime(9999, 12, 31, tzinfo=UTC)
    await _put(house, key="a", bytes=bytes(range(256)), at=moment)
    await _put(house, key="b", bytes=b"", at=late)

    assert await _all(house) == [
        ("a", None, bytes(range(256)), moment),
        ("b", None, b"", late),
    ]


async def test_text_is_in_the_order_of_its_bytes_whatever_the_servers_language(
    house: House,
) -> None:
    for word in WORDS:
        await _put(house, key=word)

    assert [row[0] for row in await _all(house)] == sorted(WORDS)


async def test_an_upsert_changes_what_is_there_and_adds_what_is_not(house: House) -> None:
    await _put(house, key="a", number=1, bytes=b"stays")
    await _put(house, key="a", number=2)

    async def many(tx: Transaction) -> None:
        rows = [{"key": key, "number": 3} for key in ("a", "b", "c")]
        await tx.db.execute(upsert_all(kept, ["key", "number"], key=["key"]), rows)

    await house.write(many)

    assert await _all(house) == [
        ("a", 3, b"stays", None),
        ("b", 3, None, None),
        ("c", 3, None, None),
    ]


async def test_who_claims_first_has_it(house: House) -> None:
    won: list[bool] = []

    def claims(number: int) -> object:
        async def work(tx: Transaction) -> None:
            done = await tx.db.execute(claim(kept, {"key": "a", "number": number}))
            won.append(done.rowcount == 1)

        return work

    await house.together(claims(1), claims(2))  # type: ignore[arg-type]

    assert won == [True, False]
    assert await _all(house) == [("a", 1, None, None)]


async def test_the_databases_time_is_told_where_there_is_one(house: House) -> None:
    database = house.made.database
    async with database.snapshot() as db:
        moment = await database.now(db)

    assert (moment is not None) is database.shared
    assert moment is None or abs(moment - datetime.now(UTC)) < timedelta(minutes=5)
    assert await database.problems() == []
