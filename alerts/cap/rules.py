"""Every number of reading warnings. Pure.

What comes from outside is bounded before it is understood: in bytes, then in depth and elements.
"""

#: A message, and a feed of them. The largest sample of a national feed (NWS, 326 entries) has
#: 276 kB; FEMA's IPAWS refuses messages beyond 500 kB.
MOST_BYTES = 512 * 1024
#: A message of CAP 1.2 is five deep, its signature six more, an Atom feed three around it.
MOST_DEPTH = 24
#: The largest sample has 9,200.
MOST_ELEMENTS = 20_000
#: Entries of a feed that are looked at; the others are counted.
MOST_ENTRIES = 500
#: Where a polygon stops being one (a closed one has four corners at least: CAP 1.2, 3.2.4).
LEAST_CORNERS = 4
