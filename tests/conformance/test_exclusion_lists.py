"""Who has whom on their exclusion list is answered alike by both engines."""

import pytest

from matching.helpers import store
from matching.helpers.store import PERSON, PHONE
from matching.helpers.values import Helper, Status
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.support.house import House

LISTS = {
    "by-person": [(PERSON, "paul")],
    "by-phone": [(PHONE, "a-tag")],
    "by-both": [(PERSON, "paul"), (PHONE, "a-tag")],
    "another": [(PERSON, "jean"), (PHONE, "another-tag")],
    # The words of the one kind are not those of the other.
    "crosswise": [(PERSON, "a-tag"), (PHONE, "paul")],
    "not-asked-about": [(PERSON, "paul")],
}


@pytest.mark.parametrize(
    ("tag", "found"),
    [("a-tag", {"by-person", "by-phone", "by-both"}), (None, {"by-person", "by-both"})],
)
async def test_who_has_somebody_on_the_list(house: House, tag: str | None, found: set[str]) -> None:
    paul = PersonId("paul")
    himself = Helper(
        person=paul,
        status=Status.APPROVED,
        tier=1,
        skills=frozenset(),
        languages=("fr",),
        budget=5,
        phone_tag=tag,
    )

    async def work(tx: Transaction) -> None:
        await store.put(tx.db, himself, name=b"", applied=tx.now)
        await store.exclude(tx.db, paul, PHONE, "jean's tag")
        for owner, listed in LISTS.items():
            for kind, target in listed:
                await store.exclude(tx.db, PersonId(owner), kind, target)

    await house.write(work)
    asked = [PersonId(it) for it in LISTS if it != "not-asked-about"] + [PersonId("nobody")]

    async with house.made.ledger.reading() as reading:
        listed, owners = await store.fears(reading.db, paul, asked)

    assert owners == found
    assert listed == {(PHONE, "jean's tag")}
