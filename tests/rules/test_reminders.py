"""When somebody must be told: the steps before a deadline, and the way up after it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.reminders import (
    Step,
    cannot_wait,
    days_ahead,
    digest_day,
    escalates_on,
    farthest_due,
    letter_day,
    steps_by,
)
from pledges.rules.workdays import Calendar

WEEKDAYS = Calendar()
OCTOBER = Calendar(
    rests=frozenset(date(2022, 10, day) for day in range(1, 8)),
    works=frozenset({date(2022, 10, 8), date(2022, 10, 9)}),
)
LEADS = (30, 14, 7, 3, 1, 0)
OPENS = date(2022, 1, 1)
DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))


def steps(due, day, calendar=WEEKDAYS, opens=OPENS):
    return steps_by(due, LEADS, day, calendar, opens=opens)


def test_setting_is_read_as_days_the_farthest_first():
    assert days_ahead(" 7, 30,0,7") == (30, 7, 0)


@pytest.mark.parametrize(
    "due, ahead, day",
    [
        (date(2022, 12, 30), 0, date(2022, 12, 30)),  # a Friday
        (date(2022, 12, 31), 0, date(2022, 12, 30)),  # a Saturday: the Friday before
        (date(2022, 12, 31), 1, date(2022, 12, 30)),
        (date(2022, 12, 31), 14, date(2022, 12, 16)),  # 17 December is a Saturday
        (date(2022, 10, 31), 30, date(2022, 9, 30)),  # 1 October begins the holiday
        (date(2022, 10, 9), 1, date(2022, 10, 8)),  # a make-up Saturday
    ],
)
def test_notice_falls_on_the_working_day_before(due, ahead, day):
    assert letter_day(due, ahead, OCTOBER) == day


def test_each_notice_comes_on_its_day_and_none_before():
    due = date(2022, 8, 31)

    assert steps(due, date(2022, 7, 31)) == []
    assert steps(due, date(2022, 8, 1)) == [Step(30, date(2022, 8, 1))]
    assert steps(due, date(2022, 8, 16)) == [Step(30, date(2022, 8, 1))]
    assert steps(due, date(2022, 8, 17))[-1] == Step(14, date(2022, 8, 17))
    assert [step.days_ahead for step in steps(due, due)] == [30, 14, 7, 3, 1, 0]


def test_after_an_outage_only_the_newest_is_left_to_tell():
    found = steps(date(2022, 8, 31), date(2022, 8, 25))

    assert (found[-1], [step.days_ahead for step in found[:-1]]) == (Step(7, date(2022, 8, 24)), [30, 14])


def test_two_notices_of_one_day_are_the_nearer_one():
    found = steps(
        date(2022, 12, 31), date(2022, 12, 30)
    )  # one day ahead and the day itself fall on the Friday

    assert found[-2:] == [Step(1, date(2022, 12, 30)), Step(0, date(2022, 12, 30))]


def test_nothing_is_told_before_the_campaign_begins():
    opens = date(2022, 1, 1)  # a Saturday

    assert steps(date(2022, 1, 20), date(2021, 12, 31), opens=opens) == []
    assert steps(date(2022, 1, 20), date(2022, 1, 3), opens=opens) == [Step(30, date(2022, 1, 3))]
    assert steps(date(2022, 1, 20), date(2022, 1, 6), opens=opens)[-1] == Step(14, date(2022, 1, 6))


@given(due=DAYS, day=DAYS)
def test_law_the_newest_notice_is_the_nearest_whose_working_day_has_come(due, day):
    found = steps(due, day, OCTOBER, opens=date(2021, 1, 1))

    come = [ahead for ahead in LEADS if letter_day(due, ahead, OCTOBER) <= day]
    assert [step.days_ahead for step in found] == come
    assert all(OCTOBER.is_workday(step.letter_on) for step in found)
    assert all(step.letter_on <= due - timedelta(days=step.days_ahead) for step in found)


@given(due=DAYS, day=DAYS)
def test_law_no_deadline_beyond_the_farthest_is_told(due, day):
    if not OCTOBER.is_workday(day) or due < day:
        return

    asked = bool(steps(due, day, OCTOBER, opens=date(2021, 1, 1)))

    assert asked == (due <= farthest_due(day, LEADS, OCTOBER))


def test_overdue_goes_up_after_working_days():
    ends = date(2022, 9, 29)  # a Thursday before the holiday

    assert escalates_on(ends, 1, OCTOBER) == date(2022, 9, 30)
    assert escalates_on(ends, 3, OCTOBER) == date(2022, 10, 9)
    assert escalates_on(ends, None, OCTOBER) is None


def test_weekly_letter_is_of_the_first_working_day():
    assert digest_day(date(2022, 10, 5), OCTOBER) == date(2022, 10, 8)


@pytest.mark.parametrize(
    "due, urgent",
    [
        (date(2022, 9, 30), True),
        (date(2022, 10, 7), True),
        (date(2022, 10, 8), False),
        (date(2022, 9, 29), False),  # over already: the next letter is early enough
        (None, False),
    ],
)
def test_what_is_over_before_the_next_letter_cannot_wait(due, urgent):
    assert cannot_wait(due, date(2022, 9, 30), OCTOBER) is urgent
