"""How a department reported, counted apart from its lights."""

from datetime import date

import pytest

from pledges.rules.discipline import Discipline, closed_cycles, discipline_of
from pledges.rules.facts import Thresholds

RULES = Thresholds()
QUARTERLY = Thresholds(cycle_months=3)
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
JAN_25, FEB_25, MARCH_25 = date(2022, 1, 25), date(2022, 2, 25), date(2022, 3, 25)


@pytest.mark.parametrize(
    "today, closes",
    [
        (date(2022, 1, 25), []),  # the closing day itself is not over
        (date(2022, 1, 26), [JAN_25]),
        (date(2022, 3, 25), [JAN_25, FEB_25]),
        (date(2022, 3, 26), [JAN_25, FEB_25, MARCH_25]),
        (date(2021, 12, 31), []),
    ],
)
def test_a_cycle_closes_when_its_day_is_over(today, closes):
    assert closed_cycles(FIRST, LAST, today, RULES) == closes


def test_cycles_of_three_months_close_in_the_last_of_them():
    assert closed_cycles(FIRST, LAST, date(2022, 10, 1), QUARTERLY) == [
        MARCH_25,
        date(2022, 6, 25),
        date(2022, 9, 25),
    ]


def test_nothing_is_asked_after_the_last_day():
    assert len(closed_cycles(FIRST, LAST, date(2024, 1, 1), RULES)) == 12


@pytest.mark.parametrize("until, closes", [(date(2022, 2, 24), [JAN_25]), (FEB_25, [JAN_25, FEB_25])])
def test_a_pledge_owes_the_cycles_that_close_before_it_is_done(until, closes):
    assert closed_cycles(FIRST, until, LAST, RULES) == closes


@pytest.mark.parametrize(
    "said, found",
    [
        ([], Discipline(missing=1)),
        ([(date(2022, 1, 20), JAN_25)], Discipline(on_time=1)),
        ([(date(2022, 1, 20), date(2022, 1, 26))], Discipline(late=1)),
        # The first word counts: a correction said later does not make it late.
        ([(date(2022, 1, 20), date(2022, 2, 1)), (date(2022, 1, 22), JAN_25)], Discipline(on_time=1)),
        # A figure of the 26th serves the next cycle.
        ([(date(2022, 1, 26), date(2022, 1, 26))], Discipline(missing=1)),
        # December's figure says nothing about January.
        ([(date(2021, 12, 20), date(2021, 12, 21))], Discipline(missing=1)),
    ],
)
def test_a_figure_serves_the_cycle_in_which_it_was_true(said, found):
    assert discipline_of(said, [JAN_25], thresholds=RULES) == found


def test_every_closed_cycle_is_counted_once():
    said = [(date(2022, 1, 20), date(2022, 1, 20)), (date(2022, 2, 10), date(2022, 3, 1))]

    found = discipline_of(said, [JAN_25, FEB_25, MARCH_25], thresholds=RULES, returned=2)

    assert found == Discipline(on_time=1, late=1, missing=1, returned=2)


def test_a_figure_for_a_cycle_nobody_asks_about_counts_nothing():
    assert discipline_of([(date(2022, 6, 1), date(2022, 6, 1))], [], thresholds=RULES) == Discipline()


def test_disciplines_add_up():
    assert Discipline(1, 2, 3, 4) + Discipline(10, 20, 30, 40) == Discipline(11, 22, 33, 44)
