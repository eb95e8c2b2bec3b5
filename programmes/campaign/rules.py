"""Every number of campaigns, each with where it comes from. Pure."""

from datetime import timedelta

# Short links.

#: No vowel, so that no word can be read in a code; no letter that looks like another or like a
#: figure (i, l, o), nor v beside u.
LETTERS = "bcdfghjkmnpqrstwxz"
#: 18⁷ = 612 million: nobody types somebody else's by mistake.
LETTERS_EACH = 7
#: Places of one campaign: every stop of a long tram line and its venues.
MOST_PLACES = 100

# What is counted (`features.md` 9, point 10; `security.md` B4).

#: A count of 1 to 4 could be people whom somebody saw do it.
SMALL = 5
#: One phone that opens a link again and again: (a second, at once), by address and link.
TAPS_EACH = (1 / 60, 5)
#: All that one address opens: a mobile operator's shared address at a full bus stop.
TAPS_ADDRESS = (0.5, 60)
#: All that is written of taps in a second, whoever they are: a flood costs no more than this.
TAPS_EVERYBODY = (20.0, 600)

# Which design does better (ours: simulated in ``tests/unit/test_campaign_counts.py``).

#: Taps of a design before it is compared: below, chance alone makes one of two twice as good.
LEAST_TAPS = 30
#: Places (or, where there are fewer, weeks) that must agree.
LEAST_BLOCKS = 6
#: How often a comparison may be wrong where there is no difference, for one look at one pair.
#: Three designs looked at each week of a quarter: wrong at most twice in a hundred (simulated).
WRONG = 0.01
#: Designs whose difference is within this, surely, are said to be alike.
ALIKE = 1.25
#: Verdicts change once a week, so that nobody waits for the day that suits them.
VERDICT_EVERY = timedelta(days=7)

# Exercises.

#: Of one line and direction: an exercise disturbs people.
DRILL_AGAIN = timedelta(days=7)
#: As long as a report lives (contract 6: 30 min, or the end of the trip), and a little.
DRILL_MEASURED = timedelta(minutes=35)
#: Planned at most so far ahead.
DRILL_AHEAD = timedelta(days=92)
#: Planned, of all lines.
MOST_DRILLS = 200
#: Months of exercises that are told.
DRILL_MONTHS = 12
