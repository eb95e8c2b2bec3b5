"""How a voucher is entered: accounts locked, the step decided, written, and checked once more."""

from collections.abc import Sequence

from matching.shelter.funds.books import store as books
from matching.shelter.funds.books.store import Voucher
from matching.shelter.funds.errors import BooksUnbalanced
from matching.shelter.funds.vouchers import Kind, Posting, entered
from matching.shelter.values import BudgetId, HoldId, HotelId
from realtime.ledger import Transaction


async def enter(
    tx: Transaction,
    kind: Kind,
    postings: Sequence[Posting],
    *,
    actor: str,
    budget: BudgetId,
    hotel: HotelId | None = None,
    hold: HoldId | None = None,
    nights: int = 0,
) -> str:
    """Write a voucher, or refuse it before anything is written. Answers its name."""
    before = await books.balances(tx.db, {it.account for it in postings})
    wanted = entered(before, postings)
    after = await books.add(tx.db, postings)
    # An account that was not there yet may have been made by another node meanwhile.
    if any(after[account] != wanted[account] for account in before):
        raise BooksUnbalanced
    made = Voucher(
        voucher=tx.ids(),
        kind=kind,
        at=tx.now,
        actor=actor,
        postings=tuple(postings),
        budget=budget,
        hotel=hotel,
        hold=hold,
        nights=nights,
    )
    await books.write(tx.db, made)
    return made.voucher
