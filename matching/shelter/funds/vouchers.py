"""Double entry: money goes from one account to another, and is never made nor lost. Pure.

Five kinds of account. A budget's money comes in from its grant (which alone is below zero: it says
how much was given), is promised to holds, then owed to the hotel where somebody slept, then paid:

    grant:<budget> → budget:<budget> ⇄ promised:<budget> → owed:<hotel> → paid:<hotel>

A voucher is one such step. Its postings add up to zero, so all postings do; what an account holds
is the sum of its postings; no account but a grant is ever below zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from matching.shelter.funds.errors import BooksUnbalanced, BudgetEmpty
from matching.shelter.values import BudgetId, HotelId

Account = NewType("Account", str)
#: What accounts hold, in cents.
Balances = Mapping[Account, int]


class Kind(StrEnum):
    GRANT = "grant"
    PROMISE = "promise"
    RELEASE = "release"
    SPEND = "spend"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Posting:
    account: Account
    cents: int


def granted(budget: BudgetId) -> Account:
    return Account(f"grant:{budget}")


def left_in(budget: BudgetId) -> Account:
    return Account(f"budget:{budget}")


def promised(budget: BudgetId) -> Account:
    return Account(f"promised:{budget}")


def owed(hotel: HotelId) -> Account:
    return Account(f"owed:{hotel}")


def paid(hotel: HotelId) -> Account:
    return Account(f"paid:{hotel}")


def grant(budget: BudgetId, cents: int) -> tuple[Posting, ...]:
    return _moved(granted(budget), left_in(budget), cents)


def promise(budget: BudgetId, cents: int) -> tuple[Posting, ...]:
    return _moved(left_in(budget), promised(budget), cents)


def release(budget: BudgetId, cents: int) -> tuple[Posting, ...]:
    return _moved(promised(budget), left_in(budget), cents)


def spend(budget: BudgetId, hotel: HotelId, cents: int) -> tuple[Posting, ...]:
    return _moved(promised(budget), owed(hotel), cents)


def pay(hotel: HotelId, cents: int) -> tuple[Posting, ...]:
    return _moved(owed(hotel), paid(hotel), cents)


def _moved(source: Account, goal: Account, cents: int) -> tuple[Posting, ...]:
    """A step of money. A room given for nothing moves none."""
    if cents < 0:
        raise BooksUnbalanced
    return (Posting(source, -cents), Posting(goal, cents)) if cents else ()


def entered(balances: Balances, postings: Iterable[Posting]) -> dict[Account, int]:
    """What the accounts touched hold afterwards, or why this cannot be entered.

    >>> one = BudgetId("one")
    >>> entered({left_in(one): 900}, promise(one, 500))
    {'budget:one': 400, 'promised:one': 500}
    """
    steps = list(postings)
    after: dict[Account, int] = {}
    for step in steps:
        after[step.account] = after.get(step.account, balances.get(step.account, 0)) + step.cents
    if sum(step.cents for step in steps) != 0:
        raise BooksUnbalanced
    for account, cents in after.items():
        if cents < 0 and not account.startswith("grant:"):
            raise BudgetEmpty if account.startswith("budget:") else BooksUnbalanced
    return after


@dataclass(frozen=True, slots=True)
class Books:
    """Whether the accounts say what the postings say."""

    #: All postings together: 0.
    total: int
    #: Accounts that do not hold the sum of their postings: none.
    drifted: tuple[Account, ...]
    #: Accounts below zero that must not be: none.
    below: tuple[Account, ...]

    @property
    def right(self) -> bool:
        return self.total == 0 and not self.drifted and not self.below

    @property
    def wrong(self) -> int:
        """How much is wrong, as one number for a metric."""
        return len(self.drifted) + len(self.below) + (self.total != 0)


def audited(kept: Balances, posted: Balances) -> Books:
    """Compare what accounts are said to hold with the sums of what was posted to them."""
    every = sorted(kept.keys() | posted.keys())
    return Books(
        total=sum(posted.values()),
        drifted=tuple(it for it in every if kept.get(it, 0) != posted.get(it, 0)),
        below=tuple(it for it in every if kept.get(it, 0) < 0 and not it.startswith("grant:")),
    )
