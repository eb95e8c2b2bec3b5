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
#: A dead end that is that near the line, and no station, was drawn too short: 151 m at Mantes.
STUB_M = 200.0
#: A station further than this from where pieces end is not on the line: real ones are within 2 m.
AT_TRACK_M = 60.0
#: Pieces in a file: forty times the real one, 1,666.
MOST_PIECES = 60_000
#: Courses of a line in one direction: RER C has nine.
MOST_COURSES = 16
#: A train does not turn by more degrees than that at a fork: 60 is the most that one does there.
SHARPEST_TURN = 90.0

# ── matching ─────────────────────────────────────────────────────────────────────────────────

#: Tracks are looked at that often.
SAMPLE_M = 40.0
#: The noise of a phone outdoors, sigma, each way (GPS.gov: 4.9 m under open sky; 10 to 30 between
#: buildings and in vehicles).
NOISE_M = 22.0
#: Beyond that from the edge of a box a sample is not looked at.
REACH_M = 110.0
#: A sample less likely than this to say a box does not count as one that does.
LEAST_CHANCE = 0.004
#: The chance given to a fix that no sample of a track explains: an outlier.
OUTLIER_CHANCE = 0.004
#: Boxes remembered: about 100 MB; then all are forgotten and looked up again.
MOST_BOXES = 100_000
#: Metres a second at most, by mode: what the vehicles of a line are able to do.
TOP_SPEED = {
    "metro": 25.0, "tram": 20.0, "rail": 45.0, "cable": 8.0, "bus": 22.0, "trolleybus": 20.0,
    "ferry": 12.0, "funicular": 10.0, "monorail": 25.0,
}  # fmt: skip
#: By car or on foot, metres a second at most.
ROAD_SPEED = 15.0
#: Fixes nearer than that in time say nothing new.
LEAST_APART_S = 2.5
#: For so many seconds a vehicle stands, rather than goes on: at a stop, where it stands for half a
#: minute; between stops, at a signal; and whoever knows of no stops, anywhere.
STANDS_S, STANDS_AT_STOP, STANDS_BETWEEN, STANDS_ANYWHERE = 4.0, 0.75, 0.08, 0.3
#: A stop is this long either way: half a train, and the rounding.
STOP_REACH_M = 80.0
#: With fewer fixes nothing is said; and a track that is near fewer of them is not looked at.
LEAST_FIXES, LEAST_NEAR = 3, 0.6
#: How sure one is that somebody is aboard: weights of ``riding.features``, fitted on the simulated
#: people of seed 101 by ``tests/proofs/riding/fitting.py``.
WEIGHTS = (2.183, 2.172, 1.737, 2.496, 4.353, -8.537, -2.982)
#: Fixes err alike for some seconds, so they say less than as many that err independently.
SHARPNESS = 0.5
#: Rides answered at most; and those below that confidence are not.
MOST_CLAIMS, LEAST_CONFIDENCE = 6, 0.01
#: Who has gone no further in 90 s stands: noise alone moves a phone by half of it.
STANDING_M = 150.0
#: Metres along a course are told in steps of that many.
ALONG_STEP_M = 100

# ── GTFS ─────────────────────────────────────────────────────────────────────────────────────

#: All files of a feed that are read, in bytes: five times those of Île-de-France.
LARGEST_FEED = 4 * 1024**3
#: Tables of times shrink twentyfold at most; a bomb a thousandfold. Below a megabyte who cares.
LARGEST_TIMES, ALWAYS_SMALL = 100, 1024**2
#: Files in a zip.
MOST_ENTRIES = 500
#: Rows of a feed that become something, at most: Île-de-France has 54,000 stops, 2,000 routes.
MOST_STOPS, MOST_LINES = 500_000, 20_000
#: Of each route and direction, so many different ways of going are kept, the most frequent.
MOST_WAYS = 4
#: Corners of one path; real shapes have 2,000 at most.
MOST_CORNERS = 20_000
#: Without times, a stop this near a shape, on the right of it, is taken for one of the line's.
SNAP_M = 30.0
#: Stops of one name nearer than that along a shape are one stop's two sides.
ONE_STOP_M = 150.0
#: A headsign names a stop this near the end of a shape, or another end.
TERMINUS_M = 500.0

# ── vehicles of a network's feed ─────────────────────────────────────────────────────────────

#: A vehicle this near a ride may be its vehicle: its length and the rounding; more with its age.
VEHICLE_M = 200.0
#: A trail that lasts so long and fits no line says that somebody has left her vehicle.
LEFT_AFTER_S = 45.0
#: Candidates told of a trail.
MOST_CANDIDATES = 3
#: Decimals of a map's paths: about ten metres.
MAP_DIGITS = 4
#: A feed of GTFS-Realtime, in bytes and in entities: Île-de-France has 9,000 vehicles at most.
LARGEST_REALTIME, MOST_ENTITIES = 16 * 1024**2, 30_000
#: Lines and stops that one alert names, and the letters of a sentence of it.
MOST_INFORMED, LONGEST_NOTICE = 500, 2_000
#: A clock may be ahead of ours by that much.
AHEAD = timedelta(minutes=5)
