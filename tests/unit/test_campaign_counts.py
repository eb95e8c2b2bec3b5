"""What is told of counts: nothing below five, nothing from which it could be worked out."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.shelter.public.suppression import TOTAL
from programmes.campaign import codes, days, readers
from programmes.campaign.counts.table import places_told, told
from programmes.campaign.counts.verdict import Word, interval, judged, student
from programmes.campaign.drills.people import people, usual_s
from programmes.campaign.rules import LEAST_BLOCKS, LEAST_TAPS, LETTERS, SMALL
from programmes.campaign.values import Design, Drill, Language

DESIGNS, LANGUAGES = tuple(Design), tuple(Language)
counts = st.lists(st.integers(0, 9), min_size=1, max_size=6)


def possible(shown: Sequence[int | None], total: int, place: int) -> set[int]:
    """All that a hidden count could be, for who knows the sum and that hidden ones are not 0."""
    hidden = [n for n, many in enumerate(shown) if many is None and n != place]
    left = total - sum(many for many in shown if many is not None)
    return {mine for mine in range(1, left + 1) if left - mine >= len(hidden)
            and (hidden or mine == left)}  # fmt: skip


@given(counts)
def test_no_small_count_of_a_place_can_be_worked_out(many: list[int]) -> None:
    shown = places_told(many)

    if shown is None:
        return
    for place, count in enumerate(many):
        if 0 < count < SMALL:
            assert shown[place] is None
        if shown[place] is None:
            assert possible(shown, sum(many), place) >= set(range(1, SMALL))
        else:
            assert shown[place] == count


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(1, 4))
@settings(max_examples=200)
def test_places_say_nothing_that_the_table_hides(many: list[int], places: int) -> None:
    cells = [
        (n % places, design, language, count)
        for n, ((design, language), count) in enumerate(
            zip(product(DESIGNS, LANGUAGES), many, strict=True)
        )
    ]

    found = told(cells, designs=DESIGNS, languages=LANGUAGES, places=places)

    for (design, language), count in zip(product(DESIGNS, LANGUAGES), many, strict=True):
        if 0 < count < SMALL:
            assert found.cells[design.value, language.value] is None
    if found.cells[TOTAL, TOTAL] is None:
        assert found.places is None


def test_everything_is_told_of_many() -> None:
    cells = [(p, d, g, 20) for p in range(3) for d in DESIGNS for g in LANGUAGES]

    found = told(cells, designs=DESIGNS, languages=LANGUAGES, places=3)

    assert None not in found.cells.values()
    assert found.cells[TOTAL, TOTAL] == 360
    assert list(found.places or ()) == [120, 120, 120]


def test_nothing_at_all_is_nothing() -> None:
    found = told([], designs=DESIGNS, languages=LANGUAGES, places=2)

    assert set(found.cells.values()) == {0}
    assert list(found.places or ()) == [0, 0]


# Exercises.

drills = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=3
)


@given(drills)
@settings(max_examples=200)
def test_of_an_exercise_no_part_of_a_few_people_is_told(known: list[tuple[int, int, int]]) -> None:
    of = {
        str(n): Drill(delivered=a, seen=min(a, b), claimed=min(a, b, c))
        for n, (a, b, c) in enumerate(known)
    }

    shown = people(of)

    for name, it in of.items():
        mine = shown[name]
        parts = {
            "claimed": (mine.claimed, it.claimed),
            "delivered": (mine.delivered, it.delivered),
        }
        for said, true in parts.values():
            assert said in {None, true}
            assert not (said is not None and 0 < said < SMALL)
        if mine.seen is not None and mine.delivered is not None:
            assert not 0 < mine.delivered - mine.seen < SMALL
        if mine.seen is not None and mine.claimed is not None:
            assert not 0 < mine.seen - mine.claimed < SMALL
    whole, parts_told = shown[TOTAL].delivered, [shown[it].delivered for it in of]
    if whole is not None:
        # One hidden alone before its sum would be told by it.
        assert parts_told.count(None) != 1


def test_the_usual_time_is_that_of_those_that_were_answered() -> None:
    def of(seconds: float | None) -> Drill:
        return Drill(delivered=9, seen=9, claimed=0, first_claim_s=seconds)

    assert usual_s([of(30), of(None), of(50), of(90)]) == 50
    assert usual_s([of(None)]) is None


# Verdicts.


def gamma_poisson(dice: random.Random, mean: float, shape: float) -> int:
    """Taps of a place in a week: some weeks are busier than others, whatever hangs there."""
    rate = dice.gammavariate(shape, mean / shape)
    limit, product_, many = exp(-min(rate, 50)), 1.0, -1
    while product_ > limit:
        product_ *= dice.random()
        many += 1
    return many


def season(
    seed: int, places: int, better: Mapping[Design, float], *, weeks: int = 13
) -> list[Word]:
    """The verdict of each week of a campaign."""
    dice = random.Random(seed)
    busy = [dice.lognormvariate(0, 1) for _ in range(places)]
    spots = {design: [dice.lognormvariate(0, 0.4) for _ in range(places)] for design in Design}
    taps = {design: [0] * places for design in Design}
    words = []
    for _ in range(weeks):
        for design in Design:
            for place in range(places):
                mean = 3 * busy[place] * spots[design][place] * better.get(design, 1.0)
                taps[design][place] += gamma_poisson(dice, mean, 2)
        words.append(judged(taps).word)
    return words


@pytest.mark.parametrize("places", [6, 12, 40])
def test_where_there_is_no_difference_none_is_said(places: int) -> None:
    """Looked at each week of a quarter, whatever week one looks at."""
    wrong = sum(Word.BETTER in season(seed, places, {}) for seed in range(60))

    assert wrong <= 3


def test_where_one_design_is_twice_as_good_it_is_found() -> None:
    found = sum(season(seed, 20, {Design.LIGNE: 2.2})[-1] is Word.BETTER for seed in range(40))

    assert found >= 24


def test_little_is_not_enough_to_say() -> None:
    few = {Design.CALME: [LEAST_TAPS, *[0] * 9], Design.LIGNE: [9, *[0] * 9]}
    one_place = {Design.CALME: [500], Design.LIGNE: [100]}
    all_at_one = {Design.CALME: [400, *[1] * 9], Design.LIGNE: [0, 90, *[0] * 8]}

    for blocks in (few, one_place, all_at_one):
        assert judged(blocks).word is Word.UNSURE
    assert judged({Design.CALME: [500] * 9}).word is Word.ALONE
    assert interval([99] * (LEAST_BLOCKS - 1), [99] * (LEAST_BLOCKS - 1)) is None


def test_one_busy_stop_is_not_what_people_prefer() -> None:
    """As if every tap were drawn alone this would be sure; one place of ten says it."""
    blocks = {Design.CALME: [300, *[10] * 9], Design.LIGNE: [100, *[10] * 9]}

    assert judged(blocks).word is Word.UNSURE


def test_a_verdict_names_the_best_and_how_much_surely() -> None:
    found = judged({Design.CALME: [30] * 12, Design.LIGNE: [90] * 12, Design.ENSEMBLE: [31] * 12})

    assert (found.word, found.design) == (Word.BETTER, Design.LIGNE)
    assert {it.over for it in found.ratios} == {Design.CALME, Design.ENSEMBLE}
    assert all(1 < it.low < 3 < it.high for it in found.ratios if it.over is Design.CALME)


def test_three_that_are_the_same_are_said_to_be() -> None:
    assert judged(dict.fromkeys(Design, [200] * 10)).word is Word.ALIKE


@pytest.mark.parametrize(("wrong", "freedom", "wanted"), [(0.01, 5, 4.03), (0.01, 11, 3.11)])
def test_student_is_that_of_the_tables(wrong: float, freedom: int, wanted: float) -> None:
    assert student(wrong, freedom) == pytest.approx(wanted, rel=0.02)


# Codes, days, and who follows a link.


@given(st.text())
def test_a_code_is_seven_letters_that_cannot_be_mistaken(seed: str) -> None:
    code = codes.code_of(seed)

    assert len(code) == 7
    assert set(code) <= set(LETTERS)
    assert codes.read(code.upper()) == code
    assert not set("aeiouyl01v") & set(code)


def test_codes_are_spread() -> None:
    made = {codes.code_of(str(n)) for n in range(20_000)}

    # Of 612 million, two of so many are alike once in three tries.
    assert len(made) >= 19_997
    assert {code[0] for code in made} == set(LETTERS)


def test_a_month_later_is_the_same_day_of_the_week_and_hour_on_the_clock() -> None:
    before = datetime(2026, 10, 1, 16, 0, tzinfo=UTC)

    later = days.month_later(before)

    assert later - before == timedelta(days=28, hours=1)
    assert later.weekday() == before.weekday()


@pytest.mark.parametrize(
    ("agent", "person"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 "
         "Mobile/15E148 Safari/604.1", True),
        ("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", True),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
         True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/21A3 Instagram 30", True),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", False),
        ("TelegramBot (like TwitterBot)", False),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", False),
        ("SkypeUriPreview Preview/0.5", False),
        ("Mozilla/5.0 HeadlessChrome/156.0", False),
        ("python-requests/2.32", False),
    ],
)  # fmt: skip
def test_people_are_told_from_machines_by_what_they_say(agent: str, person: bool) -> None:
    assert readers.is_person({"user-agent": agent}) is person


def test_what_a_browser_fetches_ahead_of_a_tap_is_not_counted() -> None:
    phone = {"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/156.0 Mobile Safari/537.36"}

    assert readers.is_person(phone)
    assert not readers.is_person({**phone, "sec-purpose": "prefetch;prerender"})
