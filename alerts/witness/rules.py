"""Every number about witnesses in transport, in one table. Nothing else is here.

Sources: reference/features.md section 9 (HandsAway: told too often of what was far, people switch
it off; UMAY: 30 minutes), reference/security.md P15, A2 and A5, the issue.
"""

from datetime import timedelta

#: An event is over so long after what was last reported of it (UMAY), and never later than…
OPEN_FOR = timedelta(minutes=30)
#: …so long after it began, whatever is reported still.
OPEN_MOST = timedelta(minutes=60)
#: A trip that ends sooner ends the event, but not before somebody could have answered.
OPEN_LEAST = timedelta(minutes=5)
#: How fast vehicles go from end to end, stops included, in metres a second (RATP and SNCF open
#: data: metro 25 to 30 km/h, tram 18, bus 12 in Paris, suburban rail 45).
SPEED_MS = {"metro": 7.5, "tram": 5.0, "bus": 3.4, "rail": 12.5}
SPEED_USUAL_MS = 6.0
#: How long a vehicle is at most, in metres (a double RER train is 224).
LENGTH_M = {"metro": 105, "tram": 75, "bus": 25, "rail": 225}
LENGTH_USUAL_M = 120
#: Phones say metres along a line to the nearest hundred, and a hundred metres late.
ALONG_ERROR_M = 150
#: A vehicle may be so far behind or ahead of its kind's usual way (half a minute at a stop), and
#: such a share of it.
STOOD_M, UNSTEADY = 250, 0.3
#: Whoever was matched that long before or after a report may be in its vehicle (a phone's trail).
RECKONED_FOR = timedelta(seconds=90)
#: Where a vehicle is now is reckoned of where it was for so long, when nobody who was told in it
#: shows where it is: by then it may be a stop further or less far.
FOLLOWED_FOR = timedelta(minutes=3)
#: Whoever was told in it shows where it is with a place that is no older.
MATES_FOR = timedelta(seconds=30)
#: A report matched to a line with less than this is not placed: its line is somebody's word.
PLACED_FROM = 0.5

#: Reports about one line, direction and, where said, car, this close in time are one event.
GROUPED_FOR = timedelta(minutes=10)
#: An event takes reports in as long as it can still last for half an hour after them: whoever is
#: first must not end it for who comes late.
JOINED_FOR = OPEN_MOST - OPEN_FOR
#: Reports of one event that are read at once; there may be more.
REPORTS_READ = 200

#: Nobody has taken a part for so long: the next tier is asked too.
WAVE_AFTER = timedelta(seconds=10)
#: People asked in one wave, and about one event in all: nobody is helped by a crowd.
WAVE_MOST, EVENT_MOST = 10, 30
#: When every tier has been asked, whoever has got on since is looked for so often.
LOOK_AFTER = timedelta(seconds=30)
#: Two who have come are enough: nobody else is asked (nobody goes alone, nobody is a crowd).
WANTED = 2
#: So many vetted people around are a sign that many others are there too.
CROWDED_FROM = 5
#: Looked up for each tier, at most.
LOOKED_AT_MOST = 500
#: One person is told of so many events an hour, an agent of more; a day, of as many as she allows.
PER_HOUR, AGENT_PER_HOUR = 4, 20
#: Of these an hour, kept for what somebody stands for: liars must not tire out who would come.
KEPT_FREE = 1

#: What accounts nobody knows may disturb in that time, until somebody confirms (P15)…
CONTAINED_IN = timedelta(minutes=30)
#: …on one line and direction, in one cell of about five square kilometres, from one address…
CONTAINED_MOST = 5
#: …of these, by word alone, with no place that fits the line, in a whole network: two, because
#: nobody goes alone. With those above it is still five in all.
BY_HAND_MOST = 2
#: …and with invented places, in a whole network.
NETWORK_MOST = 20
#: Events of one account that are carried to people in an hour; more reach operators only.
CARRIED_MOST, CARRIED_IN = 6, timedelta(hours=1)
#: Events of one account in that time; what it reports beyond is added to its last one.
EVENTS_MOST, EVENTS_IN = 10, timedelta(minutes=10)

#: A false alarm counts half as much after so long, and is forgotten, as a true one is, after…
HALF_LIFE, MARKS_KEPT = timedelta(days=30), timedelta(days=180)
#: Weight of false alarms from which an account is as if nobody knew it; and is carried to nobody
#: until an operator confirms: one a month ago, two this month.
DOUBTED_FROM, UNHEARD_FROM = 0.5, 1.5

#: So many of those who reported what is confirmed are known from then on: the first ones, whose
#: phones fitted the line. Whoever adds a word to what is true already earns nothing by it. And so
#: many of those who reported what is false are doubted: the first ones.
TRUSTED_MOST = 2

#: The note and the place are shredded that long after the end, with who reported and who was told.
KEPT_FOR = timedelta(hours=24)
#: A line is muted for so long at most; and so many of them.
MUTED_FOR_MOST, MUTES_MOST = timedelta(days=30), 50
#: Hotspots of fewer events than that are not told, and counts are told in steps of it.
SPOT_LEAST = 5
#: Statistics are of so many days at most, and are kept as long.
SPOTS_DAYS_MOST = 365
#: Events listed on the board at once.
BOARD_PAGE = 200
#: Night on the wall clock of Paris: between two stops one may be let off (RATP: from 22:00).
NIGHT_FROM, NIGHT_UNTIL = 22, 6
#: What a note may hold, and a car's number.
NOTE_MOST, CAR_MOST, TRAIL_MOST = 200, 12, 30
