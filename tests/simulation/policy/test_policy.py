"""The policy simulator: reduced, and what its figures rest on."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from matching.dispatch import machine, rules
from tests.simulation.policy.compare import Cell
from tests.simulation.policy.figures import Estimate, Figures, between
from tests.simulation.policy.nights import made
from tests.simulation.policy.ours import OURS
from tests.simulation.policy.people import neighbour
from tests.simulation.policy.picking import GOODSAM, SEVEN, SORORITY
from tests.simulation.policy.places import CREUSE, PARIS, TOWN
from tests.simulation.policy.play import Evening
from tests.simulation.policy.report import run
from tests.simulation.policy.turned import turned
from tests.support.programs import SEED


@pytest.mark.timeout(120)
def test_the_whole_run_keeps_what_it_requires() -> None:
    report = run(SEED, reduced=True)

    assert not report.table.unmet, report.table.markdown()
    assert report.chart.count("<circle") == 3 * 2 * 7
    assert "WANTED" in report.text("here")


def test_a_seed_gives_one_night_and_another_gives_another() -> None:
    one, same, other = (made(CREUSE, 5_000, seed) for seed in ("a", "a", "b"))

    assert one.by_steps == same.by_steps
    assert one.reply(3, 5) == same.reply(3, 5)
    assert one.by_steps != other.by_steps


def test_who_accepts_rarely_asked_accepts_when_more_do() -> None:
    night = made(TOWN, 500, "nested")

    few, many = (
        {
            (case.request.number, helper)
            for case in Evening(night, SORORITY, accepts).play().cases
            for helper in case.going
        }
        for accepts in (0.054, 0.56)
    )

    assert few
    assert len(few - many) <= len(few) / 4


def test_no_policy_asks_more_than_it_says() -> None:
    night = made(PARIS, 5_000, "bounds")

    three, fifty = (Evening(night, it, 0.15).play().cases for it in (GOODSAM, SORORITY))

    assert max(it.alerts for it in three) <= 3
    assert max(it.alerts for it in fifty) <= 50


def test_replacing_each_asks_more_people_until_two_are_there() -> None:
    night = made(TOWN, 500, "replacing")

    few, many = (
        sum(it.alerts for it in Evening(night, SEVEN, accepts).play().cases)
        for accepts in (0.56, 0.054)
    )

    assert many > few


def test_ours_is_the_machine_that_runs() -> None:
    night = made(replace(TOWN, requests=3), 500, "machine")
    with turned({"NEAR_HOPEFUL": 1, "STEP": timedelta(hours=1), "SILENCE": timedelta(hours=1)}):
        one = Evening(night, OURS, 0.0).play().cases

    seven = Evening(night, OURS, 0.0).play().cases

    assert sum(it.alerts for it in one) < sum(it.alerts for it in seven) / 4
    assert vars(machine)["NEAR_HOPEFUL"] == rules.NEAR_HOPEFUL == 7


def test_a_number_that_dispatch_does_not_have_cannot_be_turned() -> None:
    with pytest.raises(LookupError), turned({"NEAR_HOPEFULL": 3}):
        pass


def test_a_car_is_no_use_next_door_and_all_the_use_far_away() -> None:
    she = neighbour(0, TOWN, Random(1))
    walker, driver = (type(she)(she.helper, 1.35, False, drives) for drives in (False, True))

    assert walker.travel_s(100) == driver.travel_s(100)
    assert driver.travel_s(5_000) < walker.travel_s(5_000) / 4


def test_a_difference_is_taken_night_by_night() -> None:
    nights = [Figures(0.1 * it, 0.1 * it, 900 - it, 3, 0, 0) for it in range(9)]
    better = [it._replace(second_s=it.second_s - 5) for it in nights]

    assert between(better, nights, "second_s") == Estimate(-5.0, 0.0)


def test_a_cell_makes_its_nights_from_its_seed_alone() -> None:
    cell = Cell(CREUSE, 5_000, 2, seed=7)

    assert [it.seed for it in cell.made()] == [it.seed for it in cell.made()]
