"""By when a blocker may be due, and how far it was on a day."""

from datetime import date, timedelta

import pytest

from pledges.rules.blockers import LONGEST, Stage, last_due, stage_on
from pledges.rules.reporting import LATE_REPORTING

DAY = timedelta(days=1)
TODAY, END = date(2022, 7, 4), date(2022, 12, 31)


@pytest.mark.parametrize(
    "ends_on, last",
    [
        (END, TODAY + LONGEST),
        (TODAY + LONGEST, TODAY + LONGEST + LATE_REPORTING),  # a campaign of several years
        (date(2020, 12, 31), TODAY + LONGEST),
    ],
)
def test_the_last_day_is_a_year_ahead_or_a_quarter_after_the_campaign(ends_on, last):
    assert last_due(ends_on, TODAY) == last


@pytest.mark.parametrize(
    "due, removed_on, stage",
    [
        (TODAY, None, Stage.IN_TIME),
        (TODAY + DAY, None, Stage.IN_TIME),
        (TODAY - DAY, None, Stage.OVERDUE),
        (TODAY - DAY, TODAY, Stage.REMOVED),
        (TODAY - DAY, TODAY + DAY, Stage.OVERDUE),  # removed later
        (TODAY + DAY, TODAY + DAY, Stage.IN_TIME),
    ],
)
def test_a_blocker_is_as_far_as_it_was_in_the_evening(due, removed_on, stage):
    assert stage_on(TODAY, due=due, removed_on=removed_on) == stage
