"""Where it will stand when the time is over, and when nothing can honestly be said of that."""

from dataclasses import replace
from datetime import date
from math import ceil, floor

import pytest

from pledges.choices import Basis, Direction
from pledges.rules.facts import Thresholds, readings_of
from pledges.rules.forecast import (
    Arrival,
    Forecast,
    Landing,
    NoForecast,
    Pace,
    TooFew,
    Unforeseeable,
    forecast_of,
)
from pledges.rules.trajectory import Waypoint
from tests.rules.making import DAY, FIRST, LAST, D, way

MONTHS = [date(2022, month, 25) for month in range(1, 13)]
TODAY = date(2022, 7, 1)
HUNDRED = way((LAST, 100))


def told(trajectory, values, days=MONTHS):
    return list(readings_of(trajectory, [(day, D(value)) for day, value in zip(days, values, strict=False)]))


def forecast(trajectory, values, *, today=TODAY, days=MONTHS):
    return forecast_of(trajectory, told(trajectory, values, days), today=today)


# What has no forecast


@pytest.mark.parametrize(
    "trajectory, reason",
    [
        (way((LAST, 1), basis=Basis.DELIVERABLE), Unforeseeable.DELIVERABLE),
        (way((LAST, 20), basis=Basis.GROWTH), Unforeseeable.RATE),
        (way((LAST, 4), basis=Basis.REDUCTION), Unforeseeable.RATE),
        (way((LAST, 30), basis=Basis.LEVEL, start=20), Unforeseeable.LEVEL),
        (way((LAST, 2), basis=Basis.SHARE, start=1), Unforeseeable.LEVEL),
        (way((LAST, 4), basis=Basis.NEW, whole=True), Unforeseeable.NO_LINE),
        (way((LAST, 100), start=None), Unforeseeable.NO_LINE),
    ],
)
def test_only_what_adds_up_along_a_line_has_a_forecast(trajectory, reason):
    assert forecast(trajectory, range(6)) == NoForecast(reason)


def test_the_campaign_says_what_a_small_count_is():
    trajectory = way((LAST, 10), whole=True)
    readings = told(trajectory, [1, 2, 3, 4, 5])

    found = forecast_of(trajectory, readings, today=TODAY, thresholds=Thresholds(small_count=10))

    assert found == NoForecast(Unforeseeable.NO_LINE)
    assert isinstance(forecast_of(trajectory, readings, today=TODAY), Forecast)


def test_nothing_is_forecast_when_the_time_is_over():
    values = range(0, 96, 8)

    assert isinstance(forecast(HUNDRED, values, today=LAST), Forecast)
    assert forecast(HUNDRED, values, today=LAST + DAY) == NoForecast(Unforeseeable.OVER)


def test_nothing_is_forecast_when_the_last_day_is_reported():
    days = [*MONTHS[:4], LAST]

    assert forecast(HUNDRED, [9, 20, 30, 40, 99], today=LAST, days=days) == NoForecast(Unforeseeable.OVER)


def test_a_pledge_without_time_has_no_forecast():
    trajectory = replace(HUNDRED, start=Waypoint(LAST, D(0)))

    assert forecast(trajectory, [9, 20, 30], today=LAST) == TooFew(0)
    assert forecast(trajectory, [9], today=LAST + DAY, days=[LAST + DAY]) == NoForecast(Unforeseeable.OVER)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_figures_are_too_few(count):
    assert forecast(HUNDRED, [9, 20, 30][:count]) == TooFew(have=count, need=3)


def test_three_figures_are_enough():
    assert forecast(HUNDRED, [9, 20, 30]).rests_on == 3


def test_what_is_reported_later_or_before_the_start_is_not_seen():
    values = [9, 20, 30, 40]

    assert forecast(HUNDRED, values, today=MONTHS[1]) == TooFew(2)
    assert forecast(HUNDRED, values, today=MONTHS[3] - DAY).rests_on == 3
    assert forecast(HUNDRED, [1, *values[:2]], days=[FIRST, *MONTHS]) == TooFew(2)


def test_figures_within_a_week_count_once_and_the_newer_counts():
    days = [*MONTHS[:3], MONTHS[2] + 6 * DAY]

    corrected = forecast(HUNDRED, [9, 20, 80, 30], days=days)

    assert corrected.rests_on == 3
    assert corrected.landing == forecast(HUNDRED, [9, 20, 30], days=days[:2] + days[3:]).landing
    assert forecast(HUNDRED, [9, 20, 25, 30], days=[*MONTHS[:3], MONTHS[2] + 7 * DAY]).rests_on == 4


def test_who_reports_every_day_has_a_figure_for_every_week():
    days = [date(2022, 5, 1) + n * DAY for n in range(21)]

    found = forecast(HUNDRED, range(20, 41), days=days)

    assert (found.rests_on, found.since.value) == (3, 40)


def test_the_first_fifth_of_the_time_is_too_early():
    days = [FIRST + 7 * DAY * week for week in range(1, 12)]

    assert forecast(HUNDRED, range(1, 11), days=days) == NoForecast(Unforeseeable.EARLY)
    assert forecast(HUNDRED, range(1, 12), days=days).rests_on == 11


# What the forecast says


def test_a_steady_pledge_lands_near_where_its_own_pace_leads():
    found = forecast(HUNDRED, [4, 9, 13, 17, 22, 26])

    assert found.since == Waypoint(date(2022, 6, 25), D(26))
    assert found.landing == Landing(LAST, D("62.3"), D("40.6"), D("89.3"))
    assert found.arrival == Arrival(None, None, None)


def test_an_uneven_pledge_is_held_more_to_its_plan_and_has_the_wider_range():
    even, uneven = forecast(HUNDRED, [4, 9, 13, 17, 22, 26]), forecast(HUNDRED, [0, 0, 20, 20, 20, 26])

    assert uneven.landing.value > even.landing.value
    assert uneven.landing.high - uneven.landing.low > even.landing.high - even.landing.low


def test_milestones_say_how_much_the_plan_asks_for_the_rest():
    values = [0, 0, 20, 20, 20, 26]
    late = way((date(2022, 6, 30), 10), (LAST, 100))
    early = way((date(2022, 6, 30), 90), (LAST, 100))

    assert forecast(late, values).landing.value > forecast(early, values).landing.value


def test_where_the_plan_asks_for_nothing_more_the_own_pace_goes_on():
    trajectory = way((date(2022, 6, 1), 100), (LAST, 100))

    found = forecast(trajectory, [10, 20, 30, 40, 50, 60])

    assert found.landing.value == D("124.80")  # 60 in 175 days, and 189 days to come


def test_who_has_done_nothing_is_forecast_far_below_the_plan():
    found = forecast(HUNDRED, [0, 0, 0, 0, 0, 0])

    assert found.landing.low == 0 < found.landing.value < 40
    assert found.pace == Pace(D(0), D(0))


def test_whole_things_are_rounded_outward():
    values, fine = [2, 4, 6, 8, 11, 13], way((LAST, 30))

    found = forecast(replace(fine, whole=True), values).landing
    exact = forecast(fine, values).landing

    assert (found.low, found.high) == (floor(exact.low), ceil(exact.high))
    assert abs(found.value - exact.value) <= D("0.5")


def test_a_balance_may_fall_and_a_total_may_not():
    values = [60, 50, 40, 20, 10, 1]

    assert forecast(way((LAST, 100)), values).landing.low == 1
    assert forecast(way((LAST, 100), basis=Basis.NET_NEW), values).landing.low < 1


def test_a_balance_below_zero_is_carried_on_between_its_own_pace_and_the_plan():
    found = forecast(way((LAST, 100), basis=Basis.NET_NEW), [-4, -9, -13, -17, -22, -26])

    assert found.landing.low < -26 < found.landing.value < 0


def test_a_promise_to_fall_is_forecast_as_the_mirror_of_one_to_rise():
    values = [4, 9, 13, 17, 22, 40]
    rising = forecast(way((LAST, 60), basis=Basis.NET_NEW), values)
    falling = forecast(
        way((LAST, -60), basis=Basis.NET_NEW, direction=Direction.AT_MOST), [-value for value in values]
    )

    assert falling.landing == Landing(LAST, -rising.landing.value, -rising.landing.high, -rising.landing.low)
    assert falling.arrival == rising.arrival
    assert falling.needed.per_day == -rising.needed.per_day


# When it is reached


def test_the_target_is_reached_where_the_lines_cross_it():
    found = forecast(HUNDRED, [11, 22, 33, 43, 54, 64])

    assert found.landing.value > 100 > found.landing.low
    assert found.arrival.latest is None
    assert TODAY < found.arrival.earliest < found.arrival.day < LAST


def test_what_is_forecast_for_a_day_that_is_over_is_forecast_for_today():
    found = forecast(HUNDRED, [15, 30, 45, 60, 75, 90], today=date(2022, 9, 1))

    assert found.arrival.earliest == date(2022, 9, 1)


def test_who_is_there_has_been_there_since():
    found = forecast(HUNDRED, [90, 100, 95, 101, 103])

    assert found.arrival == Arrival(MONTHS[3], MONTHS[3], MONTHS[3])
    assert found.needed == Pace(D(0), D(0))


def test_who_was_there_from_the_first_figure_has_been_there_since_then():
    assert forecast(HUNDRED, [100, 101, 103]).arrival.day == MONTHS[0]


@pytest.mark.parametrize("strict, day", [(False, MONTHS[4]), (True, None)])
def test_strictly_more_asks_for_one_more(strict, day):
    trajectory = way((LAST, 20), whole=True, strict=strict)
    found = forecast(trajectory, [0, 0, 0, 0, 20, 20])

    assert found.arrival.day == day or (strict and found.arrival.day > TODAY)
    assert found.needed.per_day == (D("0.0055") if strict else 0)  # one thing in 183 days


@pytest.mark.parametrize("strict, allowed", [(False, D("0.0328")), (True, D("0.0273"))])
def test_a_ceiling_is_passed_and_the_needed_pace_is_the_one_still_allowed(strict, allowed):
    trajectory = way((LAST, 10), whole=True, direction=Direction.AT_MOST, strict=strict)

    found = forecast(trajectory, [1, 1, 2, 3, 4, 5])

    assert found.landing.high > 10
    assert found.arrival.earliest is not None
    assert found.needed.per_day == allowed


# Paces


def test_paces_are_per_day_and_per_thirty_days():
    found = forecast(HUNDRED, [4, 9, 13, 17, 22, 35], today=date(2022, 8, 3))

    assert found.pace == Pace(D("0.2000"), D("6.0000"))  # 35 in 175 days
    assert found.needed == Pace(D("0.4333"), D("13.0000"))  # 65 in 150 days


def test_on_the_last_day_there_is_still_one():
    assert forecast(HUNDRED, [4, 9, 13, 17, 22, 35], today=LAST).needed.per_day == D(65)
