"""Every number of dispatch and of the ladder (DESIGN 4.4), in one table. Nothing else is here.

Sources are in ``reference/features.md``, section 2: seven asked and each refusal replaced is what
the simulation of van den Berg et al. (PLOS ONE, 2026) found best; two, because nobody goes alone.
"""

from datetime import timedelta

#: Near helpers who are asked and may still say yes, at any time.
NEAR_HOPEFUL = 7
#: How far to look, in cells of res 9: about 0.35, 1, 1.8, 5 and 10 km.
RINGS = (1, 3, 5, 15, 30)
#: Each ring has that long before the next one is added.
STEP = timedelta(seconds=20)
#: Who has not answered after that long is not counted upon any more; her offer stays open.
SILENCE = timedelta(seconds=20)
#: Near acceptances that cover an alert.
WANTED = 2
#: Nobody is helped by a crowd: near helpers on the way, late acceptances included.
ON_THE_WAY_MOST = 5
#: An acceptance was already on its way when it comes that soon after "covered" was said.
LATE = timedelta(seconds=5)
#: Remote helpers asked to call or write, for one alert.
REMOTE_MOST = 50
#: Who calls may be anywhere: so many of the nearest are left for coming, where there are so many.
REMOTE_PASSED = 100
#: So many of them are asked in one commit: whoever asks for help meanwhile waits for no more.
REMOTE_AT_ONCE = 25
#: What one look has found is good for the next that long; then it is looked up again.
KEPT = timedelta(seconds=5)
#: Remote acceptances after which the other remote helpers are thanked.
REMOTE_WANTED = 2
#: With fewer online than this, phones are woken for a call or a message too, up to so many.
REMOTE_WOKEN = 7
#: When nobody at all is being asked, look again that soon: helpers come back after a restart.
IDLE = timedelta(seconds=5)
#: Candidates looked up beyond those wanted, so that one who drops out meanwhile is replaced.
SPARE = 5
#: Candidates looked up in the tables, at most, in one search…
LOOKED_AT_MOST = 1024
#: …and people on duty passed over on the way because they have no live session.
PASSED_MOST = 65_536

#: An alert nobody closed ends by itself.
OPEN_FOR = timedelta(hours=4)
#: Nobody has accepted: the operators' board, then the duty officer.
BOARD_AFTER = timedelta(seconds=60)
DUTY_AFTER = timedelta(minutes=3)
#: Somebody has accepted, and still nobody is there: the board again.
ABSENT_AFTER = timedelta(minutes=15)
#: Requests of one person in that time; more is a hand that plays, and would wear helpers out.
RAISES_MOST, RAISES_IN = 10, timedelta(minutes=10)
#: The exact place and the note are shredded that long after the end; the talk in the room later.
PLACE_KEPT = timedelta(hours=24)
ROOM_KEPT = timedelta(days=7)
