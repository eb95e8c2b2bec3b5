"""The numbers of what everyone may know, in one table."""

from datetime import timedelta

#: An area has rooms tonight from so many free on; below, it has few.
ENOUGH = 5
#: What a desk said longer ago than this is no promise to the public.
BELIEVED = timedelta(hours=8)
#: Months told, the current one not among them: a table that grows from day to day tells of each
#: person who was added.
MONTHS = 12
#: The feed is made anew at most that often, whoever asks.
KEPT = timedelta(minutes=1)
