"""When a deadline may be put off (延期), and to which day. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum


class Obstacle(StrEnum):
    """Why no later day can be asked for, in the order in which it is asked."""

    CLOSED = "closed"
    LIMIT = "limit"
    MET = "met"
    WAITING = "waiting"
    OVER = "over"
    NO_ROOM = "no_room"


class DayFault(StrEnum):
    """Why a day cannot be asked for."""

    NOT_LATER = "not_later"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Deadline:
    """What must be known about a deadline before it is put off.

    `figures_until` is the last day of which figures are taken, `following` the next deadline of the pledge.
    `is_limit`: what must not be passed on the way is kept over its whole time, and not put off.
    """

    due: date
    figures_until: date
    following: date | None = None
    is_met: bool = False
    is_limit: bool = False
    is_waiting: bool = False
    is_closed: bool = False

    @property
    def latest(self) -> date:
        """The last day that can be asked for: before the next deadline, and while figures are still taken."""
        if self.following is None:
            return self.figures_until
        return min(self.following - timedelta(days=1), self.figures_until)

    def obstacle(self, *, today: date) -> Obstacle | None:
        """What stands against asking today; the day of the deadline is still in time."""
        against = {
            Obstacle.CLOSED: self.is_closed,
            Obstacle.LIMIT: self.is_limit,
            Obstacle.MET: self.is_met,
            Obstacle.WAITING: self.is_waiting,
            Obstacle.OVER: self.due < today,
            Obstacle.NO_ROOM: self.latest <= self.due,
        }
        return next((found for found, holds in against.items() if holds), None)

    def obstacle_to_granting(self) -> Obstacle | None:
        """What stands against granting what was asked in time: that it waits does not, nor that it is late by now."""
        return replace(self, is_waiting=False).obstacle(today=self.due)

    def fault(self, new_due: date) -> DayFault | None:
        """What is wrong with a day."""
        if new_due <= self.due:
            return DayFault.NOT_LATER
        return DayFault.TOO_LATE if new_due > self.latest else None
