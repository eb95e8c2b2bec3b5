"""What is answered about money, field for field as it travels: nobody, and no hotel's name."""

from datetime import date, datetime

from msgspec import Struct

from matching.shelter.funds.forecast import Outlook
from matching.shelter.funds.vouchers import Kind


class BudgetView(Struct, frozen=True, omit_defaults=True):
    """A budget as bars draw it: granted = left + promised + spent."""

    budget: str
    name: str
    #: A département; nothing: everywhere.
    area: str
    first: date
    last: date
    granted: int
    #: Kept for rooms that are held.
    promised: int
    #: Slept, paid or not.
    spent: int
    #: Of what is spent: paid.
    paid: int
    left: int
    outlook: Outlook
    most_cents: int | None = None
    dry_on: date | None = None


class MonthOwed(Struct, frozen=True):
    """What one hotel has earned in a month, from these budgets."""

    hotel: str
    #: Its commune and département, nothing nearer.
    area: str
    month: str
    nights: int
    owed: int
    paid: int
    #: Whether it can be paid: the month is over and something is owed.
    payable: bool


class FundState(Struct, frozen=True):
    budgets: list[BudgetView]
    months: list[MonthOwed]
    #: Whether these budgets are the caller's own to add to and to pay from.
    mine: bool
    nights_given: int
    goal: int
    night: date


class Granted(Struct, frozen=True):
    budget: str


class Entry(Struct, frozen=True, omit_defaults=True):
    """One voucher."""

    voucher: str
    kind: Kind
    at: datetime
    cents: int
    nights: int
    hotel: str | None = None


class Entries(Struct, frozen=True):
    entries: list[Entry]
    #: Whether there are older ones.
    more: bool


class Paid(Struct, frozen=True):
    cents: int
    nights: int
