"""Who may invite and remove whom, where keys work, what is kept of codes: the pure part."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.kernel.ids import PersonId
from web.access.vocabulary import ACCOUNTS, Role
from web.auth.staff.codes import ALPHABET, figures, grouped, letters, mark, plain
from web.auth.staff.relying import Relying
from web.auth.staff.rules import (
    LOCKED_FOR,
    MOST_WRONG,
    ROLES,
    STEPPED_FOR,
    Tries,
    counts_up,
    fits,
    is_fresh,
    is_weak_pin,
    matching_step,
    may_found,
    may_invite,
    may_remove,
    same,
)
from web.auth.staff.values import Member, Organisation, OrganisationKind

NOW = datetime(2026, 11, 25, 21, 10, tzinfo=UTC)
KINDS = list(OrganisationKind)
HELPLINE, ASSOCIATION, HOTEL, FUNDER = KINDS


def a_member(role: Role, *, tablet: bool = False, person: str = "she") -> Member:
    kind = next(kind for kind in KINDS if role in ROLES[kind])
    return Member(PersonId(person), Organisation("its", kind, ""), role, "HANDLE", tablet)


# Whom one may invite, by what one is: to what, anywhere (*) or at home (own).
INVITES = {
    Role.ADMIN: {
        **dict.fromkeys(ROLES[HELPLINE], "*"),
        Role.ASSOCIATION: "*",
        Role.DESK: "*",
        Role.FUNDER: "*",
    },
    Role.SUPERVISOR: {
        Role.OPERATOR: "*",
        Role.ASSOCIATION: "*",
        Role.DESK: "*",
        Role.FUNDER: "*",
    },
    Role.OPERATOR: {},
    Role.DUTY: {},
    Role.ASSOCIATION: {Role.ASSOCIATION: "own"},
    Role.DESK: {Role.DESK: "own"},
    Role.FUNDER: {Role.FUNDER: "own"},
}


@pytest.mark.parametrize("by", sorted(ACCOUNTS))
def test_who_may_invite_whom(by: Role) -> None:
    for role, kind, own in itertools.product(ACCOUNTS, KINDS, (True, False)):
        wanted = INVITES[by].get(role, "never")
        allowed = fits(kind, role) and (wanted == "*" or (wanted == "own" and own))
        assert may_invite(a_member(by), role, kind, own=own) is allowed, (role, kind, own)
        assert not may_invite(a_member(by, tablet=True), role, kind, own=own)


def test_every_account_fits_in_one_kind_of_organisation() -> None:
    for role in ACCOUNTS:
        assert sum(fits(kind, role) for kind in KINDS) == 1
    for role in set(Role) - ACCOUNTS:
        assert not any(fits(kind, role) for kind in KINDS)


def test_who_may_bring_in_an_organisation() -> None:
    for role, kind in itertools.product(ACCOUNTS, KINDS):
        wanted = role is Role.ADMIN or (role is Role.SUPERVISOR and kind is not HELPLINE)
        assert may_found(a_member(role), kind) is wanted


def test_who_may_remove_whom() -> None:
    for by, of in itertools.product(ACCOUNTS, ACCOUNTS):
        above = of in {Role.SUPERVISOR, Role.DUTY, Role.ADMIN}
        wanted = by is Role.ADMIN or (by is Role.SUPERVISOR and not above)
        assert may_remove(a_member(by), a_member(of, person="other")) is wanted
        assert not may_remove(a_member(by), a_member(of))


def test_a_key_is_fresh_for_less_than_five_minutes() -> None:
    just = STEPPED_FOR - timedelta(milliseconds=1)

    assert not is_fresh(None, NOW)
    assert is_fresh(NOW - just, NOW)
    assert not is_fresh(NOW - STEPPED_FOR, NOW)


@given(st.lists(st.booleans(), max_size=40))
def test_between_two_locks_there_are_five_wrong_answers(listened: list[bool]) -> None:
    """However they come: True, a wrong answer; False, a moment in which nobody tries."""
    tries, now, wrong = Tries(), NOW, 0
    for each in listened:
        now += timedelta(seconds=1)
        if not each or not tries.listens(now):
            continue
        tries, wrong = tries.missed(now), wrong + 1
        if wrong % MOST_WRONG == 0:
            assert tries.locked == now + LOCKED_FOR
            assert not tries.listens(now + LOCKED_FOR - timedelta(milliseconds=1))
            assert tries.listens(now + LOCKED_FOR)
            now += LOCKED_FOR


@pytest.mark.parametrize(
    ("pin", "weak"),
    [
        ("000000", True),
        ("777777", True),
        ("123456", True),
        ("890123", True),
        ("654321", True),
        ("210987", True),
        ("121212", True),
        ("123123", True),
        ("640917", False),
        ("123457", False),
        ("121213", False),
    ],
)
def test_codes_that_anybody_would_try(pin: str, weak: bool) -> None:
    assert is_weak_pin(pin) is weak


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_count_goes_up_or_is_not_kept_at_all(before: int, after: int) -> None:
    assert counts_up(before, after) is (after > before or before == after == 0)


def test_a_code_is_taken_once_and_none_before_it() -> None:
    near = {9: "000009", 10: "000010", 11: "000011"}

    assert matching_step("000010", near, None) == 10
    assert matching_step("000010", near, 9) == 10
    assert matching_step("000010", near, 10) is None
    assert matching_step("000009", near, 10) is None
    assert matching_step("000012", near, None) is None
    assert matching_step("", near, None) is None


def test_of_two_moments_with_one_code_the_later_is_spent() -> None:
    assert matching_step("111111", {9: "111111", 10: "111111"}, None) == 10


@pytest.mark.parametrize("one", ["", "é", "123456", "123457"])
@pytest.mark.parametrize("other", ["", "é", "123456", "1234567"])
def test_the_same_is_the_same(one: str, other: str) -> None:
    assert same(one, other) is (one == other)


# Codes.


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_read_however_it_is_typed(chance: bytes) -> None:
    code = letters(chance, 16)

    assert len(code) == 16
    assert set(code) <= set(ALPHABET)
    for typed in (grouped(code), grouped(code).lower(), f" {code} ", code.replace("A", " a ")):
        assert plain(typed) == code


def test_no_letter_is_taken_for_another() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("IO01") & set(ALPHABET)


@given(st.binary(min_size=8, max_size=32))
def test_figures_are_six(chance: bytes) -> None:
    assert len(figures(chance)) == 6
    assert figures(chance).isdigit()


def test_marks_tell_purposes_keys_and_parts_apart() -> None:
    marks = [
        mark(b"k", "code", "ab", "c"),
        mark(b"k", "code", "a", "bc"),
        mark(b"k", "code", "abc"),
        mark(b"k", "desk", "ab", "c"),
        mark(b"K", "code", "ab", "c"),
        mark(b"k", "code4:ab1:c"),
    ]

    assert len(set(marks)) == len(marks)
    assert all(len(it) == 32 for it in marks)


# Where keys work.


@pytest.mark.parametrize(
    ("listed", "loopback", "name"),
    [
        ([], True, "localhost"),
        ([], False, ""),
        (["https://entraide.example"], False, "entraide.example"),
        (["https://entraide.example", "https://autre.example"], False, "entraide.example"),
        (["http://192.0.2.7:8000"], True, "localhost"),
        (["http://192.0.2.7:8000", "https://entraide.example"], False, "entraide.example"),
        (["https://[2001:db8::1]"], False, ""),
        (["https://["], False, ""),
    ],
)
def test_keys_are_bound_to_the_first_name(listed: list[str], loopback: bool, name: str) -> None:
    assert Relying.of(listed, loopback=loopback).name == name


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        ("https://entraide.example", True),
        ("https://desk.entraide.example", True),
        ("https://desk.entraide.example:444", False),
        ("https://other.example", False),
        ("https://notentraide.example", False),
        ("http://entraide.example", False),
        ("http://localhost:8000", False),
        ("null", False),
    ],
)
def test_a_page_asks_from_one_of_our_origins_under_that_name(origin: str, admitted: bool) -> None:
    listed = [
        *("https://entraide.example", "https://desk.entraide.example", "https://other.example"),
        "https://notentraide.example",
    ]

    assert Relying.of(listed, loopback=False).admits(origin) is admitted


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        ("http://localhost:8000", True),
        ("http://localhost", True),
        ("http://127.0.0.1:8000", False),
        ("https://localhost:8000", False),
        ("http://localhost.evil.example", False),
        ("http://[", False),
    ],
)
def test_in_development_any_port_of_this_machine_by_its_name(origin: str, admitted: bool) -> None:
    assert Relying.of([], loopback=True).admits(origin) is admitted
