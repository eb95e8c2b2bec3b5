"""The numbers of money, in one table."""

from datetime import time

#: The forecast looks back so many days…
LOOK_BACK = 14
#: …and says nothing before a budget is so old, or so few nights were spent in them.
LEAST_DAYS, LEAST_NIGHTS = 7, 5
#: Entries of a ledger shown at once.
ENTRIES = 50
#: More than any fund of ours: a mistyped amount is noticed (100 million euros).
MOST_CENTS = 10_000_000_000
#: A budget lasts at most so many days.
LONGEST = 1_100
#: Whoever leaves before this hour in Paris gives tonight's room back: it can still be given.
LATEST_OUT = time(18)
#: How many months back a hotel's earnings are listed.
MONTHS = 13
