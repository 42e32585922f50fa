"""What a campaign tells on a day, for every kind of pledge."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.choices import Occasion, Reason
from pledges.rules.asking import Agenda, unmet_ahead, unserved_close
from pledges.rules.facts import Thresholds
from pledges.rules.lights import first_missed, light_on
from pledges.rules.reminders import Ladder
from pledges.rules.workdays import Calendar
from tests.rules.making import FIRST, LAST, RULES, days, told, told_trajectories, way

FRIDAY, MONDAY = date(2022, 7, 1), date(2022, 7, 4)


def agenda(day, **ladder):
    return Agenda(day, Calendar(), Ladder(**ladder), RULES, FIRST, LAST)


def said(found):
    return [(each.occasion, each.due, each.letter_on, each.step) for each in found]


@given(told_trajectories(), days, st.booleans())
def test_nothing_is_asked_that_could_not_be_foreseen_without_figures(pair, day, is_second):
    trajectory, reading = pair
    asking = agenda(day)
    missed = light_on(trajectory, reading, today=day, thresholds=RULES)[1] == Reason.MISSED

    dues = tuple(stone.day for stone in trajectory.milestones)
    possible = asking.possible(dues, lag_days=trajectory.lag_days, is_missed=missed, is_second=is_second)

    assert set(asking.asked(trajectory, reading, is_second=is_second)) <= set(possible)


@given(told_trajectories(), days)
def test_a_milestone_is_missed_where_the_light_says_so(pair, day):
    trajectory, reading = pair
    reason = light_on(trajectory, reading, today=day, thresholds=RULES)[1]

    is_missed = first_missed(trajectory, reading, day) is not None

    assert is_missed == (reason in {Reason.MISSED, Reason.STRETCH_MISSED})


@given(told_trajectories(), days)
def test_an_agenda_says_the_same_whoever_was_asked_before(pair, day):
    trajectory, reading = pair
    used = agenda(day)
    list(used.asked(trajectory, None, is_second=True))

    assert list(used.asked(trajectory, reading)) == list(agenda(day).asked(trajectory, reading))


def test_overdue_goes_up_in_steps_and_to_the_leaders_for_one_of_two():
    trajectory = way((date(2022, 6, 15), 50), (LAST, 100))
    day = date(2022, 7, 4)
    overdue = [
        (Occasion.OVERDUE, date(2022, 6, 15), day, None),
        (Occasion.ESCALATED, date(2022, 6, 15), date(2022, 6, 20), None),
    ]

    assert said(agenda(day).asked(trajectory, None, is_second=True)) == overdue
    assert said(agenda(day).asked(trajectory, None)) == [
        *overdue,
        (Occasion.DIGEST, date(2022, 6, 15), day, None),
    ]
    assert said(agenda(day, head_after=None, leaders_after=None).asked(trajectory, None)) == overdue[:1]


@pytest.mark.parametrize("as_of, first", [(date(2022, 6, 14), 20), (date(2022, 6, 15), 0)])
def test_the_grace_of_a_statistic_counts_until_the_figure_is_out(as_of, first):
    due = date(2022, 6, 15)
    trajectory = way((due, 50), (LAST, 100), lag_days=20)
    day = due + timedelta(days=first + 1)
    while not Calendar().is_workday(day):
        day += timedelta(days=1)

    found = said(agenda(day, head_after=0).asked(trajectory, told(trajectory, (as_of, 10))))

    assert [each for each in found if each[0] == Occasion.ESCALATED] == [
        (Occasion.ESCALATED, due, due + timedelta(days=first), None)
    ]


def test_a_stretch_goal_that_is_missed_is_not_dunned_nor_asked_for_reports():
    trajectory = way((date(2022, 6, 15), 50), (LAST, 100), stretch=True)

    assert said(agenda(date(2022, 7, 25)).asked(trajectory, None)) == []


def test_what_is_kept_has_nothing_ahead_and_owes_no_report():
    trajectory = way((date(2022, 7, 4), 50), (LAST, 100))
    kept = told(trajectory, (date(2022, 6, 1), 100))

    assert list(unmet_ahead(trajectory, kept, FRIDAY)) == []
    assert unserved_close(trajectory, kept, FRIDAY, thresholds=RULES, ends=LAST) is None


def test_a_ceiling_stays_ahead_however_low_the_figure_is():
    ceiling = way((MONDAY, 10), (LAST, 10), start=20, direction="at_most")
    ceiling_kept_so_far = told(ceiling, (date(2022, 6, 1), 5))

    assert list(unmet_ahead(ceiling, ceiling_kept_so_far, FRIDAY)) == []  # falling goals are met by falling
    limit = way((MONDAY, 10), (LAST, 10), direction="at_most")
    assert [stone.day for stone in unmet_ahead(limit, told(limit, (date(2022, 6, 1), 5)), FRIDAY)] == [
        MONDAY,
        LAST,
    ]


@pytest.mark.parametrize(
    "entries, ends, closes",
    [
        ([], LAST, date(2022, 7, 25)),
        ([(date(2022, 6, 25), 10)], LAST, date(2022, 7, 25)),
        ([(date(2022, 6, 26), 10)], LAST, None),
        ([], date(2022, 7, 24), None),
    ],
)
def test_a_report_is_owed_until_a_figure_serves_the_cycle(entries, ends, closes):
    trajectory = way((LAST, 100))

    assert (
        unserved_close(trajectory, told(trajectory, *entries), FRIDAY, thresholds=RULES, ends=ends) == closes
    )


def test_without_a_line_and_a_figure_no_report_is_owed():
    few = way((LAST, 3), whole=True)

    assert unserved_close(few, None, FRIDAY, thresholds=Thresholds(), ends=LAST) is None
