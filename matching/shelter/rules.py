"""The numbers of shelter, in one table. Sources: issue 4 and reference/features.md section 7."""

from datetime import time, timedelta

#: A night begins, and the one before is over, at this hour in Paris.
ROLLOVER = time(6)
#: What a desk said is fresh below two hours, ageing below eight, then stale (FABT).
FRESH_FOR, AGING_FOR = timedelta(hours=2), timedelta(hours=8)
#: The desk is asked whether its rooms are still free at these hours, in Paris.
PROMPTS = (time(18), time(22))
#: How long a room is held: 90 minutes, or 60 to 180 by how far she is.
HOLD_MINUTES, LEAST_MINUTES, MOST_MINUTES = 90, 60, 180
#: Minutes more for each kilometre.
MINUTES_A_KM = 2.0
#: Released so long after the end of her arrival window.
NO_SHOW_AFTER = timedelta(minutes=60)
#: A hotel expects her for so long after it has confirmed.
ARRIVES_WITHIN = timedelta(hours=4)
#: Hotels give their rooms from this hour on, and expect until that one at least, in Paris.
ARRIVES_FROM, ARRIVES_BY = time(14), time(22)
#: A stay is over at this hour in Paris, on the day after its last night.
LEAVES_BY = time(12)
#: Wrong codes typed at a desk; the helpline can then say who it is.
TRIES = 5
#: Stays are looked after on these days.
FOLLOW_UP_DAYS = (1, 3, 7)
#: Scarce nights: so many hotels are asked at once, and the next so much later.
WAVE, WAVE_EVERY, WAVES_MOST = 5, timedelta(minutes=3), 8
#: A hotel that was asked may answer for so long.
ASKED_FOR = timedelta(minutes=60)
#: More nights than that need a second person's word.
NIGHTS_ALONE = 7
NIGHTS_MOST = 90
#: Addresses that one operator may open in an hour; the next one locks them out and alarms.
REVEALS, REVEALS_IN = 10, timedelta(hours=1)
#: Tokens that stand for a hotel are worth nothing so long after the hold has ended.
TOKEN_AFTER = timedelta(hours=1)
#: What is personal is shredded so long after the need is closed.
SHRED_AFTER = timedelta(hours=24)
#: Counts below this are not told.
SMALL = 5
#: What the coalition asked for: hotel nights in a year.
GOAL_NIGHTS = 10_000
#: Offers shown for a need, and looked through when one of them is chosen.
OPTIONS, OPTIONS_MOST = 12, 200
#: Rooms of a kind in one hotel: beyond it somebody has leaned on the button.
ROOMS_MOST = 999
#: Each so often the rooms are counted again, and what does not add up is told.
RECONCILE_EVERY = timedelta(minutes=5)


def held_for(metres: float | None) -> timedelta:
    """How long a room is kept for somebody so far away.

    >>> [held_for(it).seconds // 60 for it in (None, 0, 20_000, 500_000)]
    [90, 60, 100, 180]
    """
    if metres is None:
        return timedelta(minutes=HOLD_MINUTES)
    minutes = LEAST_MINUTES + MINUTES_A_KM * metres / 1_000
    return timedelta(minutes=min(minutes, MOST_MINUTES))
