"""When a deadline may be put off, and to which day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pledges.rules.extensions import DayFault, Deadline, Obstacle

DUE, NEXT, LAST = date(2022, 6, 30), date(2022, 9, 30), date(2023, 4, 2)
DAY = timedelta(days=1)
FREE = Deadline(DUE, LAST, NEXT)

OBSTACLES = {
    "on its day it is still in time": (FREE, DUE, None),
    "the day after it is over": (FREE, DUE + DAY, Obstacle.OVER),
    "what is closed asks for nothing": (replace(FREE, is_closed=True), DUE, Obstacle.CLOSED),
    "a limit is kept over its whole time": (replace(FREE, is_limit=True), DUE, Obstacle.LIMIT),
    "what is reached needs no more time": (replace(FREE, is_met=True), DUE, Obstacle.MET),
    "one at a time": (replace(FREE, is_waiting=True), DUE, Obstacle.WAITING),
    "the next deadline is the next day": (replace(FREE, following=DUE + DAY), DUE, Obstacle.NO_ROOM),
    "one day between them is room": (replace(FREE, following=DUE + 2 * DAY), DUE, None),
    "no figures are taken any more": (Deadline(LAST, LAST), DUE, Obstacle.NO_ROOM),
}  # fmt: skip


@pytest.mark.parametrize("name", OBSTACLES)
def test_what_stands_against_asking(name):
    deadline, today, found = OBSTACLES[name]

    assert deadline.obstacle(today=today) == found


@pytest.mark.parametrize(
    "deadline, found",
    [
        (replace(FREE, is_waiting=True), None),
        (replace(FREE, is_waiting=True, is_met=True), Obstacle.MET),
        (replace(FREE, is_waiting=True, following=DUE + DAY), Obstacle.NO_ROOM),
    ],
)
def test_what_was_asked_in_time_is_granted_unless_the_plan_says_otherwise_by_now(deadline, found):
    assert deadline.obstacle_to_granting() == found


@pytest.mark.parametrize(
    "deadline, day, fault",
    [
        (FREE, DUE, DayFault.NOT_LATER),
        (FREE, DUE - DAY, DayFault.NOT_LATER),
        (FREE, DUE + DAY, None),
        (FREE, NEXT - DAY, None),
        (FREE, NEXT, DayFault.TOO_LATE),
        (Deadline(DUE, LAST), LAST, None),
        (Deadline(DUE, LAST), LAST + DAY, DayFault.TOO_LATE),
        (Deadline(DUE, NEXT - 5 * DAY, NEXT), NEXT - 4 * DAY, DayFault.TOO_LATE),
    ],
)
def test_which_days_can_be_asked_for(deadline, day, fault):
    assert deadline.fault(day) == fault
