"""Every number of transport, with where it comes from."""

from datetime import timedelta

# ── what a phone tells ───────────────────────────────────────────────────────────────────────

#: How much of a trail is looked at and kept, in memory only (issue 6).
TRAIL = timedelta(seconds=90)
#: Fixes of one trail: one each three seconds (contract of `transit.place`).
MOST_FIXES = 30
#: One match a person in this time at most.
MATCH_EVERY = timedelta(seconds=3)
#: A ride older than this is forgotten, with the cell that it came from (DESIGN 4.4).
FRESH = timedelta(minutes=10)
#: From this confidence on somebody counts as being aboard: as likely as not.
ABOARD = 0.5
#: Trails, and rides, kept at once in one process: what does not fit is the oldest, forgotten.
MOST_PEOPLE = 200_000

# ── stops ────────────────────────────────────────────────────────────────────────────────────

#: A stop further than this is not where somebody is.
NEAREST_M = 1_000
#: Standing at a stop: rounding alone moves a fix by 66 m, a platform is 100 m long.
AT_STOP_M = 120
#: Stops told ahead of a ride (issue 6: the next two).
NEXT_STOPS = 2

# ── memory of the process ────────────────────────────────────────────────────────────────────

#: How often it is looked whether another process has imported a network.
LOOK_EVERY = timedelta(seconds=30)
#: A position of a vehicle older than this says nothing of who is in it (GTFS-Realtime's own best
#: practices: a feed is refreshed each 30 s, and is out of date after 90).
VEHICLE_FRESH = timedelta(seconds=90)

# ── traces: Île-de-France's rail as pieces ───────────────────────────────────────────────────

#: Ends of a line's two parts that are that near are one place: 81 m at most in the real file
#: (METRO 13), while the nearest two stations of a line are 200 m apart.
JOIN_M = 100.0
#: A station further than this from where pieces end is not on the line: real ones are within 2 m.
AT_TRACK_M = 60.0
#: Pieces in a file: forty times the real one, 1,666.
MOST_PIECES = 60_000
#: Courses of a line in one direction: RER C has nine.
MOST_COURSES = 16
#: A train does not turn by more degrees than that at a fork: 60 is the most that one does there.
SHARPEST_TURN = 90.0
