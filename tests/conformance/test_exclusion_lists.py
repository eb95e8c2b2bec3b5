"""Who has whom on their exclusion list is answered alike by both engines."""

import pytest

from matching.helpers import store
from matching.helpers.store import PERSON, PHONE
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
    async def work(tx: Transaction) -> None:
        for owner, listed in LISTS.items():
            for kind, target in listed:
                await store.exclude(tx.db, PersonId(owner), kind, target)

    await house.write(work)
    asked = [PersonId(it) for it in LISTS if it != "not-asked-about"] + [PersonId("nobody")]

    async with house.made.ledger.reading() as reading:
        assert await store.excluding(reading.db, asked, PersonId("paul"), tag) == found
