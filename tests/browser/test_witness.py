"""What happens in a tram, on the phones of those who are there (the story: ``witnessing.py``)."""

import asyncio
import re
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.looking import told
from tests.browser.tramway import lay_track
from tests.browser.witness_seen import SCREENS, Seen
from tests.browser.witnessing import NOTE, UNSENT_S, witness
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
async def server() -> AsyncGenerator[ServerProcess]:
    """With a tram line, laid before it starts."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        await lay_track(data_dir)
        server = ServerProcess(data_dir)
        await server.start()
        try:
            yield server
        finally:
            await asyncio.to_thread(server.kill)


@pytest.fixture(scope="module")
async def seen(browser: Browser, server: ServerProcess) -> Seen:
    seen = await witness(browser, server)
    print(told(seen.seconds))  # noqa: T201
    return seen


@pytest.mark.parametrize("screen", SCREENS)
async def test_axe_finds_nothing_by_day_and_by_night(seen: Seen, screen: str) -> None:
    assert seen.findings.axe[screen] == [], told(seen.findings.axe[screen])


async def test_the_evening_is_the_whole_evening(seen: Seen) -> None:
    assert sorted(seen.findings.axe) == sorted(SCREENS)
    assert len(seen.findings.languages) == 2


async def test_whatever_is_pressed_is_as_large_as_a_thumb(seen: Seen) -> None:
    assert not any(seen.findings.small.values()), told(seen.findings.small)


async def test_nothing_scrolls_sideways_on_the_narrowest_phone(seen: Seen) -> None:
    assert set(seen.findings.wide.values()) == {0}, told(seen.findings.wide)


async def test_nothing_moves_for_those_who_asked_for_no_motion(seen: Seen) -> None:
    assert set(seen.findings.moving.values()) == {0}, told(seen.findings.moving)


async def test_no_phone_makes_a_sound_or_vibrates(seen: Seen) -> None:
    assert seen.sounds == []


async def test_three_taps_are_enough_and_say_how_sure_the_page_is(seen: Seen) -> None:
    assert seen.taps == 3
    assert seen.certainty.startswith("Nous pensons que vous êtes ici : Tram T1 vers Nord")


async def test_a_part_is_taken_once_and_the_slower_one_is_told_kindly(seen: Seen) -> None:
    assert seen.takers == 1
    assert seen.refused == "Quelqu’un s’en charge déjà. Choisissez autre chose."


async def test_each_of_three_sees_what_the_other_two_do(seen: Seen) -> None:
    parts = {
        "Une personne vient s’asseoir à côté.",
        "Une personne prévient le conducteur.",
        "Une personne appelle.",
    }

    assert [len(it) for it in seen.others] == [2, 2, 2]
    assert all(set(it) < parts for it in seen.others)
    assert set().union(*seen.others) == parts


async def test_what_helpers_are_told_holds_no_word_and_nobody(seen: Seen) -> None:
    assert len(seen.told) == 3
    for words in seen.told:
        assert "Insultes, paroles" in words
        assert "Ne rien faire est permis" in words


async def test_what_came_of_it_is_told_to_her_and_to_those_who_came(seen: Seen) -> None:
    assert len(seen.ends) == 4
    assert all("Des agents sont venus" in it for it in seen.ends)


async def test_without_a_network_it_is_said_in_time_with_what_to_do_instead(seen: Seen) -> None:
    assert seen.unsent_s < UNSENT_S
    assert [it.partition("?")[0] for it in seen.numbers] == [
        "sms:31177",
        "tel:3117",
        "sms:114",
        "tel:17",
    ]
    assert re.fullmatch(
        r"\d\dh\d\d, ligne T2 vers Sud, voiture 7 : violences physiques\.", seen.written
    )


async def test_without_a_position_the_line_the_way_and_the_car_are_known(seen: Seen) -> None:
    line = seen.by_hand["line"]

    assert (line["name"], line["headsign"], seen.by_hand["car"]) == ("T2", "Sud", "7")
    assert seen.notes == [NOTE]
    assert NOTE not in seen.written


async def test_the_last_tap_is_in_sight_on_the_smallest_phone(seen: Seen) -> None:
    assert seen.hidden_px is not None
    assert seen.hidden_px <= 0


async def test_a_poster_fills_the_line_in_and_leaves_no_trace_in_the_address(seen: Seen) -> None:
    assert seen.posters.startswith("D’après l’affiche : Tram T2 vers Nord arrêt Arrêt 5")
    assert seen.tabs == {("", "Entraide")}


async def test_a_line_rests_until_an_hour_that_is_said_and_comes_back_by_itself(
    seen: Seen,
) -> None:
    assert len(seen.rested) == 1
    assert "reprend toute seule" in seen.rested[0]
    assert "06:00" in seen.rested[0]


async def test_no_policy_is_broken_and_no_address_holds_a_secret_a_place_or_a_line(
    seen: Seen,
) -> None:
    told_of = [*seen.watch.secrets, "T1", "T2", "48.8", "2.35", NOTE]

    assert seen.watch.complaints == []
    assert not [it for it in seen.watch.paths for word in told_of if word in it]
