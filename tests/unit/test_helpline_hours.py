"""When a line is open, how it does, how long she will wait, and the words that bring her back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from matching.helpline.area import area_of_postcode
from matching.helpline.estimate import MOST_S, Range, expected
from matching.helpline.figures import Timed, figures
from matching.helpline.hours import (
    ALWAYS,
    Office,
    Span,
    is_holiday,
    is_open,
    load_holidays,
    opens_at,
)
from matching.helpline.opening import is_line_open, line_opens_at
from matching.helpline.staffing.store import LineRow
from matching.helpline.values import LineId
from matching.helpline.wordlist import WORDS
from matching.helpline.words import invent, is_same, mark, mark_word, plain
from tests.unit.test_helpline_pure import NOW

# Hours.

NINE_TO_SIX = [Span([0, 1, 2, 3, 4], 9 * 60, 18 * 60)]
PARIS = Office("Paris", "Europe/Paris", NINE_TO_SIX, holidays=False)
REUNION = Office("Saint-Denis", "Indian/Reunion", NINE_TO_SIX, region="974", holidays=False)


def test_an_office_overseas_opens_while_paris_sleeps() -> None:
    dawn = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)

    assert not is_open([PARIS], dawn)
    assert is_open([PARIS, REUNION], dawn)
    assert opens_at([PARIS], dawn) == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    assert opens_at([PARIS, REUNION], dawn) == dawn
    assert is_open([ALWAYS], dawn)
    assert opens_at([], dawn) is None


def test_each_office_keeps_its_own_holidays() -> None:
    # The end of slavery in La Réunion, on a Monday.
    abolition = datetime(2027, 12, 20, 9, 0, tzinfo=UTC)

    assert is_holiday(abolition.date(), "974")
    assert not is_holiday(abolition.date())
    assert is_open([PARIS], abolition)
    assert not is_open([REUNION], abolition)
    assert is_holiday(date(2027, 12, 26), "57")
    assert not is_holiday(date(2027, 12, 26))
    assert opens_at([REUNION], abolition) == datetime(2027, 12, 21, 5, 0, tzinfo=UTC)


def test_a_night_shift_ends_after_midnight_and_the_clocks_may_change_in_it() -> None:
    night = Office("Paris", "Europe/Paris", [Span([5], 22 * 60, 24 * 60), Span([6], 0, 6 * 60)])
    # On the night of 24 to 25 October 2026 there is an hour more.
    assert is_open([night], datetime(2026, 10, 25, 4, 59, tzinfo=UTC))
    assert not is_open([night], datetime(2026, 10, 25, 5, 0, tzinfo=UTC))


def a_line(**changes: object) -> LineRow:
    row = LineRow(
        line=LineId("3919"), open=None, reason=None, until=None, offices=[PARIS], pulsed=None
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def test_a_supervisors_word_comes_before_the_hours_while_it_holds() -> None:
    noon, night = datetime(2026, 11, 26, 11, tzinfo=UTC), datetime(2026, 11, 26, 22, tzinfo=UTC)
    soon = noon + timedelta(hours=1)

    assert is_line_open(a_line(), noon)
    assert not is_line_open(a_line(), night)
    assert is_line_open(a_line(open=True), night)
    assert not is_line_open(a_line(open=False), noon)
    assert is_line_open(a_line(open=False, until=noon), noon)
    assert line_opens_at(a_line(), noon) is None
    assert line_opens_at(a_line(), night) == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert line_opens_at(a_line(open=False), noon) is None
    assert line_opens_at(a_line(open=False, until=soon), noon) == soon


# Figures and ranges.


def test_a_range_is_honest_or_there_is_none() -> None:
    half = timedelta(minutes=30)

    assert expected(1, slots=0, taken=0, chat=half) is None
    assert expected(2, slots=6, taken=4, chat=half) == Range(0, 60)
    near, far = (expected(place, slots=6, taken=6, chat=half) for place in (1, 9))
    assert near is not None
    assert far is not None
    assert near.low_s < near.high_s < far.high_s <= MOST_S
    longest = expected(400, slots=1, taken=1, chat=half)
    assert longest == Range(MOST_S, MOST_S)


def test_figures_count_those_who_left_among_those_who_waited() -> None:
    def timed(wait: float | None, *, answered: bool = True) -> Timed:
        at = NOW - timedelta(hours=1)
        until = None if wait is None else at + timedelta(seconds=wait)
        return Timed(asked_at=at, answered_at=until if answered else None, ended_at=until)

    found = figures(
        [timed(10), timed(20), timed(600, answered=False), timed(None)],
        NOW,
        hours=2,
        waiting_since=[NOW - timedelta(minutes=3), NOW],
        talking=1,
        on_duty=2,
    )

    assert (found.asked, found.answered, found.abandoned) == (4, 2, 1)
    assert (found.wait_p50_s, found.wait_p95_s, found.longest_s) == (20, 600, 180)
    assert (found.answer_rate, found.abandon_rate) == (0.6667, 0.3333)
    assert (found.within, found.within_s, found.within_aim) == (0.3333, 15, 0.9)
    assert (found.per_hour, found.waiting, found.talking, found.on_duty) == (1, 2, 1, 2)
    empty = figures([], NOW, hours=1, waiting_since=[], talking=0, on_duty=0)
    assert (empty.answer_rate, empty.wait_p95_s, empty.longest_s) == (None, None, None)


# Words.


def test_the_words_are_plain_and_none_is_mistaken_for_another() -> None:
    assert len(WORDS) == len(set(WORDS)) == 2_048
    assert all(it.isascii() and it.isalpha() and it.islower() and 4 <= len(it) <= 8 for it in WORDS)
    # One letter changed, left out or added gives no other word.
    known = set(WORDS)
    for it in WORDS:
        shorter = {it[:at] + it[at + 1 :] for at in range(len(it))}
        changed_ones = {
            it[:at] + letter + it[at + 1 :] for at in range(len(it)) for letter in "aeiourstlnmpcd"
        }
        assert not (shorter | changed_ones) - {it} & known - {it}


def test_words_are_known_again_however_they_are_typed_and_only_by_our_key() -> None:
    words = invent(Random(1))
    key = b"k" * 32

    assert len(set(words.split())) == 3
    assert is_same(mark(key, words), mark(key, f"  {words.upper().replace(' ', ', ')} "))
    assert not is_same(mark(key, words), mark(b"x" * 32, words))
    assert mark(key, words) != mark(key, " ".join(reversed(words.split())))
    assert plain("Été,hiver") == "ete hiver"


def test_a_word_of_her_own_may_be_anything_and_is_of_one_chat() -> None:
    key = b"k" * 32

    assert mark_word(key, "c1", "  Tante Zoé 22") == mark_word(key, "c1", "tante  zoe 22")
    assert mark_word(key, "c1", "زهرة") != mark_word(key, "c1", "قمر")
    assert mark_word(key, "c1", "zoe") != mark_word(key, "c2", "zoe")


def test_of_where_she_is_the_departement_is_kept() -> None:
    assert area_of_postcode("13001") == "13"
    assert area_of_postcode("98800") == "988"


def test_holidays_read_beforehand_are_the_same() -> None:
    load_holidays()

    assert is_holiday(date(2026, 12, 25), "")
