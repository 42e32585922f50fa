"""A directive is told of again on the working day before its day, and once when that is over."""

from datetime import date, timedelta

import pytest

from pledges.choices import Occasion
from pledges.rules.answers import Notice, notice_by
from pledges.rules.workdays import Calendar

MONDAY = date(2022, 7, 4)
DAY = timedelta(days=1)
CALENDAR = Calendar()


def on(number: int) -> date:
    return MONDAY + number * DAY


def told(answer_by: int, *, given: int = 0, until: int = 20, calendar=CALENDAR) -> list[tuple[Occasion, int]]:
    """Every notice of a directive, asked for on every working day, as days after the Monday."""
    told_on = calendar.on_or_after(on(given))
    days = [on(n) for n in range(until) if calendar.is_workday(on(n))]
    found = [notice_by(on(answer_by), day, calendar, told_on=told_on) for day in days]
    return [(each.occasion, (each.letter_on - MONDAY).days) for each in dict.fromkeys(found) if each]


@pytest.mark.parametrize(
    "answer_by, given, notices",
    [
        (4, 0, [(Occasion.ANSWER, 3), (Occasion.UNANSWERED, 7)]),  # by Friday: Thursday, then Monday
        (7, 0, [(Occasion.ANSWER, 4), (Occasion.UNANSWERED, 8)]),  # by Monday: the Friday before
        (6, 0, [(Occasion.ANSWER, 4), (Occasion.UNANSWERED, 7)]),  # by a Sunday
        (1, 0, [(Occasion.UNANSWERED, 2)]),  # by tomorrow: the directive itself was told today
        (0, 0, [(Occasion.UNANSWERED, 1)]),
        (7, 5, [(Occasion.UNANSWERED, 8)]),  # left on a Saturday, told on that Monday
        (6, 5, []),  # told when it is over already
    ],
)
def test_no_more_and_no_less(answer_by, given, notices):
    assert told(answer_by, given=given) == notices


def test_a_holiday_moves_both_and_a_make_up_day_takes_them():
    calendar = Calendar(rests=frozenset({on(3), on(4)}), works=frozenset({on(5)}))

    assert told(4, calendar=calendar) == [(Occasion.ANSWER, 2), (Occasion.UNANSWERED, 5)]


def test_after_days_without_a_clock_only_the_newest_counts():
    assert notice_by(on(4), on(4), CALENDAR, told_on=MONDAY) == Notice(Occasion.ANSWER, on(3))
    assert notice_by(on(4), on(14), CALENDAR, told_on=MONDAY) == Notice(Occasion.UNANSWERED, on(7))
