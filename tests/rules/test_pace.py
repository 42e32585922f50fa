"""How fast it must go from today on: the same as the forecast says, and known without one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.choices import Basis, Direction
from pledges.rules.facts import readings_of
from pledges.rules.forecast import Forecast, Pace, forecast_of
from pledges.rules.pace import needed_pace
from tests.rules.making import FIRST, LAST, D, way

HUNDRED = way((LAST, 100))
MONTHS = [date(2022, month, 25) for month in range(1, 13)]


def needed(trajectory, newest, today):
    value = None if newest is None else D(newest)
    return needed_pace(trajectory, value, today=today, small_count=4)


@pytest.mark.parametrize(
    "newest, today, pace",
    [
        (50, date(2022, 12, 1), Pace(D("1.6667"), D(50))),
        (None, date(2022, 9, 22), Pace(D(1), D(30))),  # nothing reported is nothing done
        (99, LAST, Pace(D(1), D(30))),  # the last day is still a day
        (100, date(2022, 7, 1), Pace(D(0), D(0))),
        (120, date(2022, 7, 1), Pace(D(0), D(0))),
    ],
)
def test_what_is_missing_is_spread_over_the_days_that_are_left(newest, today, pace):
    assert needed(HUNDRED, newest, today) == pace


def test_strictly_more_takes_one_more():
    more = way((LAST, 100), strict=True, whole=True)

    assert needed(more, 100, date(2022, 12, 21)) == Pace(D("0.1"), D(3))


def test_a_fall_is_a_rise_in_a_mirror():
    falling = way((LAST, -100), direction=Direction.AT_MOST)

    assert needed(falling, -50, date(2022, 12, 11)) == Pace(D("-2.5"), D(-75))


@pytest.mark.parametrize(
    "trajectory, today",
    [
        (way((LAST, 1), basis=Basis.DELIVERABLE), FIRST),
        (way((LAST, 20), basis=Basis.GROWTH), FIRST),
        (way((LAST, 30), basis=Basis.LEVEL, start=20), FIRST),
        (way((LAST, 4), basis=Basis.NEW, whole=True), FIRST),
        (way((LAST, 100), start=None), FIRST),
        (HUNDRED, date(2023, 1, 1)),
    ],
)
def test_what_does_not_add_up_and_what_is_over_needs_no_pace(trajectory, today):
    assert needed(trajectory, 1, today) is None


values = st.lists(st.integers(0, 160), min_size=3, max_size=11)


@given(values, st.booleans(), st.booleans(), st.sampled_from([1, -1]))
def test_it_is_what_the_forecast_says(numbers, strict, at_least, sense):
    direction = Direction.AT_LEAST if at_least else Direction.AT_MOST
    trajectory = way((LAST, 100 * sense), strict=strict, direction=direction)
    told = list(readings_of(trajectory, [(d, D(v * sense)) for d, v in zip(MONTHS, numbers, strict=False)]))
    today = told[-1].as_of

    found = forecast_of(trajectory, told, today=today)

    if isinstance(found, Forecast):
        assert found.needed == needed_pace(trajectory, told[-1].value, today=today, small_count=4)


def test_the_start_is_where_it_stood():
    started = way((LAST, 100), start=10)

    assert needed(started, None, date(2022, 9, 22)) == Pace(D("0.9"), D(27))
