"""Double entry: what a step moves, what is refused, and what an audit finds."""

import pytest

from matching.shelter.funds.errors import BooksUnbalanced, BudgetEmpty
from matching.shelter.funds.vouchers import (
    Account,
    Posting,
    audited,
    entered,
    grant,
    granted,
    left_in,
    owed,
    paid,
    pay,
    promise,
    promised,
    release,
    spend,
)
from matching.shelter.values import BudgetId, HotelId

ONE, LYON = BudgetId("one"), HotelId("lyon")


def test_money_goes_from_the_grant_to_the_hotel_and_nothing_is_lost() -> None:
    held: dict[Account, int] = {}
    for step in (
        grant(ONE, 1000),
        promise(ONE, 600),
        release(ONE, 100),
        spend(ONE, LYON, 300),
        pay(LYON, 200),
    ):
        held |= entered(held, step)

    assert held == {
        granted(ONE): -1000,
        left_in(ONE): 500,
        promised(ONE): 200,
        owed(LYON): 100,
        paid(LYON): 200,
    }
    assert sum(held.values()) == 0


def test_a_budget_is_never_below_zero() -> None:
    with pytest.raises(BudgetEmpty):
        entered({left_in(ONE): 599}, promise(ONE, 600))

    assert entered({left_in(ONE): 600}, promise(ONE, 600))[left_in(ONE)] == 0


@pytest.mark.parametrize("step", [release(ONE, 1), spend(ONE, LYON, 1), pay(LYON, 1)])
def test_no_other_account_is_below_zero_either(step: tuple[Posting, ...]) -> None:
    with pytest.raises(BooksUnbalanced):
        entered({}, step)


def test_a_step_that_makes_money_is_refused() -> None:
    with pytest.raises(BooksUnbalanced):
        entered({}, [Posting(left_in(ONE), 1)])


def test_money_does_not_flow_backwards() -> None:
    with pytest.raises(BooksUnbalanced):
        promise(ONE, -1)


def test_a_room_given_for_nothing_moves_nothing() -> None:
    assert spend(ONE, LYON, 0) == ()
    assert entered({}, ()) == {}


def test_two_postings_to_one_account_are_added_up() -> None:
    steps = [*promise(ONE, 5), *promise(ONE, 7)]

    assert entered({left_in(ONE): 20}, steps) == {left_in(ONE): 8, promised(ONE): 12}


def test_an_audit_names_what_is_wrong() -> None:
    fine = audited({left_in(ONE): 5, granted(ONE): -5}, {left_in(ONE): 5, granted(ONE): -5})
    wrong = audited({left_in(ONE): -1, owed(LYON): 3}, {left_in(ONE): -1, owed(LYON): 2})

    assert (fine.right, fine.wrong, fine.total) == (True, 0, 0)
    assert not wrong.right
    assert wrong.total == 1
    assert wrong.drifted == (owed(LYON),)
    assert wrong.below == (left_in(ONE),)
    assert wrong.wrong == 3
