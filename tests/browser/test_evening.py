"""An evening with five people (its story is in ``evening.py``), with a short cut of her network."""

import pytest

from tests.browser.evening import WORDS, Evening
from tests.browser.watch import Watch

pytestmark = pytest.mark.timeout(240)


async def test_an_evening_from_the_first_word_to_the_last(
    evening: tuple[Evening, Watch],
) -> None:
    seen, _ = evening

    assert seen.others == [list(WORDS)] * 2
    assert len(seen.seconds) == 6


async def test_what_was_said_during_a_cut_is_found_once_and_in_order(
    evening: tuple[Evening, Watch],
) -> None:
    seen, _ = evening

    # The cut was one: nothing that was said in it came through.
    assert seen.during_cut == list(WORDS[:2])
    assert seen.after_cut == list(WORDS)


async def test_a_killed_tab_finds_the_request_and_every_word_again(
    evening: tuple[Evening, Watch],
) -> None:
    seen, _ = evening

    assert seen.in_new_tab == list(WORDS)
