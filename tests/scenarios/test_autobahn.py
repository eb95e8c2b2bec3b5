"""Autobahn's cases against the edge; ``./run prove autobahn`` compares it with the library."""

import pytest

from tests.support.autobahn import GROUPS, judge, judged_twice

#: Megabytes in tiny pieces: for the proof.
LONG = ("9.2.*", "9.3.*", "9.4.*", "9.5.*", "9.6.*")

#: It closes inside a message and would have that answered politely; the ``websockets`` library,
#: with which we agree on every sequence of frames, calls it a violation.
CLOSED_INSIDE_A_MESSAGE = "7.1.5"

#: Left open by the RFC: any behaviour is as good.
OPEN_QUESTIONS = {"7.1.6", "7.13.1", "7.13.2"}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """The server runs elsewhere, always on uvloop: once is enough."""
    return "asyncio"


async def test_the_edge_does_exactly_what_the_cases_ask() -> None:
    verdicts = await judged_twice("edge", GROUPS, without=LONG)

    assert len(verdicts) > 260
    assert [it for it in verdicts.values() if not it.passed] == [verdicts[CLOSED_INSIDE_A_MESSAGE]]
    lax = {it.case for it in verdicts.values() if not it.strict}
    assert lax == OPEN_QUESTIONS | {CLOSED_INSIDE_A_MESSAGE}


async def test_a_server_that_does_not_check_text_is_caught() -> None:
    verdicts = await judge("unchecked", ["6.3.*", "6.4.*"])

    assert not any(it.passed for it in verdicts.values())
