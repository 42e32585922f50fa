"""By when a blocker (堵点) is to be removed, and how far it is on a day."""

from datetime import date, timedelta
from enum import StrEnum

from pledges.rules.reporting import LATE_REPORTING

LONGEST = timedelta(days=366)
"""A blocker is removed within a year, or as long as the campaign takes figures, whichever is later."""


class Stage(StrEnum):
    """How far a blocker is, in the order of the list: trouble first."""

    OVERDUE = "overdue"
    IN_TIME = "in_time"
    REMOVED = "removed"


def last_due(ends_on: date, today: date) -> date:
    """The last day by which a blocker may be due, in a campaign that ends on a day."""
    return max(today + LONGEST, ends_on + LATE_REPORTING)


def stage_on(day: date, *, due: date, removed_on: date | None) -> Stage:
    """How far a blocker was at the end of a day: what was removed later has not happened yet."""
    if removed_on is not None and removed_on <= day:
        return Stage.REMOVED
    return Stage.OVERDUE if due < day else Stage.IN_TIME
