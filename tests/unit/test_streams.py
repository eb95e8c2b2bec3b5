"""Resuming is whole, or refused."""

import pytest

from realtime.streams import MOST_RECOVERED, Place, Stretch, missed

NOW = Place("e", 1005)


def test_what_was_missed_is_everything_after_the_place_up_to_now() -> None:
    assert missed(Place("e", 1002), NOW) == Stretch(1003, 1005)


def test_who_missed_nothing_has_an_empty_stretch_to_read() -> None:
    stretch = missed(NOW, NOW)

    assert stretch is not None
    assert len(stretch) == 0


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Place("other", 1002), id="from before memory was lost"),
        pytest.param(Place("", 1002), id="without an epoch"),
        pytest.param(Place("e", 1006), id="from the future"),
        pytest.param(Place("e", -1), id="before the beginning"),
        pytest.param(Place("e", 4), id="too long ago"),
    ],
)
def test_an_impossible_place_is_not_resumed_from(place: Place) -> None:
    assert missed(place, NOW) is None


def test_the_longest_stretch_that_is_resumed() -> None:
    stretch = missed(Place("e", NOW.offset - MOST_RECOVERED), NOW)

    assert stretch is not None
    assert len(stretch) == MOST_RECOVERED


def test_a_place_before_the_first_publication_is_impossible_in_a_short_stream_too() -> None:
    assert missed(Place("e", -1), Place("e", 3)) is None
