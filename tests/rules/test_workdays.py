"""Working days: the announced table, the office's own corrections, and years nobody has announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.workdays import Calendar

# National Day 2022: 1 to 7 October off, Saturday 8 and Sunday 9 worked (State Council notice of 2021-10-25).
OCTOBER = Calendar(
    rests=frozenset(date(2022, 10, day) for day in range(1, 8)),
    works=frozenset({date(2022, 10, 8), date(2022, 10, 9)}),
    known_years=frozenset({2022}),
)
DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    "day, expected",
    [
        (date(2022, 9, 30), True),  # a Friday
        (date(2022, 10, 3), False),  # a Monday off
        (date(2022, 10, 8), True),  # a make-up Saturday
        (date(2022, 10, 9), True),  # a make-up Sunday
        (date(2022, 10, 15), False),  # a Saturday like any other
    ],
)
def test_holidays_rest_and_make_up_days_work(day, expected):
    assert OCTOBER.is_workday(day) is expected


def test_without_a_table_monday_to_friday_work():
    week = [date(2027, 10, 1) + timedelta(days=n) for n in range(7)]  # Friday to Thursday

    assert [Calendar().is_workday(day) for day in week] == [True, False, False, True, True, True, True]
    assert not Calendar().knows(week[0])
    assert OCTOBER.knows(date(2022, 1, 1))


def test_neighbours_of_a_day_of_rest():
    rest = date(2022, 10, 4)

    assert OCTOBER.on_or_before(rest) == date(2022, 9, 30)
    assert OCTOBER.on_or_after(rest) == date(2022, 10, 8)
    assert OCTOBER.after(date(2022, 9, 30)) == date(2022, 10, 8)
    assert OCTOBER.nth_after(date(2022, 9, 30), 3) == date(2022, 10, 10)
    assert OCTOBER.nth_after(rest, 0) == rest
    assert OCTOBER.count(date(2022, 9, 30), date(2022, 10, 10)) == 3


@pytest.mark.parametrize(
    "day, first",
    [
        (date(2022, 9, 28), date(2022, 9, 26)),  # an ordinary week
        (date(2022, 10, 5), date(2022, 10, 8)),  # Monday to Friday off, Saturday worked
        (date(2022, 10, 12), date(2022, 10, 10)),
    ],
)
def test_week_begins_with_its_first_working_day(day, first):
    assert OCTOBER.first_of_week(day) == first


def test_a_week_of_rest_has_no_first_working_day():
    week = Calendar(rests=frozenset(date(2027, 2, 8) + timedelta(days=n) for n in range(5)))

    assert week.first_of_week(date(2027, 2, 10)) is None


def test_a_table_without_any_working_day_ends_the_search():
    always = Calendar(rests=frozenset(date(2022, 1, 1) + timedelta(days=n) for n in range(365)))

    assert always.on_or_after(date(2022, 3, 1)) == date(2022, 3, 1) + timedelta(days=60)


@given(day=DAYS)
def test_law_a_working_day_is_its_own_neighbour_and_others_are_not(day):
    before, after = OCTOBER.on_or_before(day), OCTOBER.on_or_after(day)

    assert (OCTOBER.is_workday(before), OCTOBER.is_workday(after)) == (True, True)
    assert (before == day) == OCTOBER.is_workday(day) == (after == day)
    assert before <= day <= after
    assert OCTOBER.count(before, after) == (0 if before == after else 1)


@given(first=DAYS, days=st.integers(0, 40))
def test_law_counting_undoes_going_forward(first, days):
    assert OCTOBER.count(first, OCTOBER.nth_after(first, days)) == days
