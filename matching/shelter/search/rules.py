"""What each thing is worth, in kilometres: lower is better. The numbers of ranking, in one table.

Every part is at least 0 and is added to the distance, so a hotel is never better than it is far:
whoever has k hotels knows how far the others, unread, must be.
"""

#: What a desk said is not as good as known any more.
AGING_KM, STALE_KM = 3.0, 15.0
#: A hotel that has refused everything, and how many imagined answers a new one begins with.
REFUSALS_KM, HAS_ACCEPTED, OF = 10.0, 2, 3
#: A night of ten euros.
CENTS_A_KM = 1_000
#: Right away from where she is safer; nothing as long as it is roughly there, in degrees.
WRONG_WAY_KM, ROUGHLY = 10.0, 45.0
#: A bed left empty in a room is wanting elsewhere.
EMPTY_BED_KM = 2.0
#: Scores are told to the millimetre: alike on every machine, whoever adds in which order.
DIGITS = 6
