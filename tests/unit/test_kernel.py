"""The vocabulary of everyone: clock, ids, errors, secrets."""

from datetime import UTC, datetime, timedelta

import pytest

from realtime.kernel.clock import ManualClock, SystemClock, to_millisecond
from realtime.kernel.errors import (
    AppError,
    Conflict,
    Gone,
    Malformed,
    Unavailable,
    every_error,
    translating,
)
from realtime.kernel.ids import is_client_id, random_id
from realtime.kernel.secret import Secret


def test_a_moment_is_cut_to_what_the_ledger_keeps() -> None:
    moment = datetime(2026, 11, 23, 20, 0, 0, 123_999, tzinfo=UTC)

    assert to_millisecond(moment) == datetime(2026, 11, 23, 20, 0, 0, 123_000, tzinfo=UTC)


def test_the_systems_clock_tells_the_present_in_utc_to_the_millisecond() -> None:
    before = to_millisecond(datetime.now(UTC))

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock()
    start = clock.now()

    clock.advance(1.5)

    assert clock.now() - start == timedelta(milliseconds=1500)
    assert clock.now() == clock.now()


def test_random_ids_are_names_that_a_channel_may_bear_and_never_the_same() -> None:
    ids = {random_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(is_client_id(each) and len(each) == 22 for each in ids)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("12345678", True),
        ("a" * 64, True),
        ("A-b_9876", True),
        ("1234567", False),
        ("a" * 65, False),
        ("", False),
        ("12345678\n", False),
        ("12345 78", False),
        ("éééééééé", False),
        ("room:123", False),
    ],
)
def test_a_client_names_things_with_8_to_64_plain_characters(text: str, good: bool) -> None:
    assert is_client_id(text) is good


def test_the_error_table_holds_every_error_once_by_number() -> None:
    table = every_error()

    numbers = [error.number for error in table]
    assert numbers == sorted(set(numbers))
    assert {AppError, Malformed, Gone} <= set(table)


def test_what_can_be_tried_again_says_so() -> None:
    assert Unavailable.temporary
    assert not Malformed.temporary


def test_the_sentence_of_an_error_is_its_docstring() -> None:
    assert Gone().sentence == "This has been deleted and cannot be read any more."


def test_a_drivers_exception_becomes_ours_and_keeps_its_cause() -> None:
    cause = KeyError("driver")

    with pytest.raises(Conflict) as translated, translating(KeyError, into=Conflict):
        raise cause

    assert translated.value.__cause__ is cause


def test_what_is_not_to_be_translated_passes() -> None:
    with pytest.raises(ValueError, match="other"), translating(KeyError, into=Conflict):
        raise ValueError("other")


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("open sesame")

    assert "sesame" not in f"{secret} {secret!r}"
    assert secret.reveal() == "open sesame"


def test_a_secret_tells_only_whether_a_guess_is_right() -> None:
    secret = Secret("clé")

    assert secret.matches("clé")
    assert not secret.matches("cle")


def test_an_empty_secret_is_none() -> None:
    assert Secret("x")
    assert not Secret("")


def test_a_clock_set_back_goes_on_and_one_set_forward_is_followed() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    walls = iter([noon, noon - timedelta(hours=1), noon + timedelta(days=1)])
    steadies = iter([100.0, 102.5, 103.0])
    clock = SystemClock(wall=lambda: next(walls), steady=lambda: next(steadies))

    assert clock.now() == noon + timedelta(seconds=2.5)
    assert clock.now() == noon + timedelta(days=1)
