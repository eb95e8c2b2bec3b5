"""Which tracks a rounded fix may be on, and where along them.

A phone rounds to three decimals, so it only ever says in which of a set of boxes it is, about 110 m
by 75 m: what may lie behind a box is a question with few answers, computed once and remembered.
Tracks are looked at every ``SAMPLE_M``; each sample has the probability that a phone there, with
the noise that phones have, says this box.
"""

from array import array
from collections.abc import Mapping, Sequence
from math import cos, erf, floor, radians, sqrt

from geo.transit.plane import scales
from geo.transit.rules import LEAST_CHANCE, MOST_BOXES, NOISE_M, REACH_M, SAMPLE_M
from geo.transit.track import Track

#: A box by the whole thousandths of a degree of its middle.
Box = tuple[int, int]
#: Samples of one track, by their number from its beginning, with the chance of each.
Passage = list[tuple[int, float]]

_LEAST_BOX_M = 110.0


def box_of(lat: float, lon: float) -> Box:
    """The box that a phone says.

    >>> box_of(48.857, 2.352)
    (48857, 2352)
    """
    return round(lat * 1000), round(lon * 1000)


class Boxes:
    def __init__(self, tracks: Sequence[Track]) -> None:
        self._lat, self._lon = array("d"), array("d")
        #: Of which track each sample is, and its number on it.
        self._track, self._number = array("l"), array("l")
        self._samples: dict[Box, array[int]] = {}
        self._known: dict[Box, Mapping[int, Passage]] = {}
        for number, track in enumerate(tracks):
            self._add(number, track)

    def passages(self, box: Box) -> Mapping[int, Passage]:
        """By track, where it may be that says this box; tracks by their place in the list."""
        known = self._known.get(box)
        if known is None:
            if len(self._known) >= MOST_BOXES:
                self._known.clear()
            self._known[box] = known = self._look(box)
        return known

    def _add(self, number: int, track: Track) -> None:
        many = floor(track.length / SAMPLE_M) + 1
        for sample in range(many):
            lat, lon = track.spot(sample * SAMPLE_M)
            self._samples.setdefault(box_of(lat, lon), array("l")).append(len(self._lat))
            self._lat.append(lat)
            self._lon.append(lon)
            self._track.append(number)
            self._number.append(sample)

    def _look(self, box: Box) -> Mapping[int, Passage]:
        lat, lon = box[0] / 1000, box[1] / 1000
        north, east = scales(lat)
        high = 1 + floor(REACH_M / _LEAST_BOX_M)
        wide = 1 + floor(REACH_M / (_LEAST_BOX_M * max(cos(radians(lat)), 0.01)))
        found: dict[int, Passage] = {}
        for row in range(box[0] - high, box[0] + high + 1):
            for column in range(box[1] - wide, box[1] + wide + 1):
                for sample in self._samples.get((row, column), ()):
                    chance = _inside((self._lat[sample] - lat) * north, north / 2000) * _inside(
                        (self._lon[sample] - lon) * east, east / 2000
                    )
                    if chance >= LEAST_CHANCE:
                        passage = found.setdefault(self._track[sample], [])
                        passage.append((self._number[sample], chance))
        for passage in found.values():
            passage.sort()
        return found


def _inside(off: float, half: float) -> float:
    """The chance that noise moves what is this far from the middle to within half a side of it."""
    scale = NOISE_M * sqrt(2)
    return (erf((half - off) / scale) + erf((half + off) / scale)) / 2
