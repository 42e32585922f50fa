"""Which of many alerts come first, without judging them all. Pure."""

from datetime import date
from fractions import Fraction

from pledges.rules.facts import Reading, Thresholds
from pledges.rules.lights import compared_day
from pledges.rules.trajectory import Trajectory, meets, points_behind

Urgency = tuple[int, Fraction]


def urgency_of(
    trajectory: Trajectory, reading: Reading | None, *, today: date, thresholds: Thresholds
) -> Urgency:
    """Days since the first deadline that was missed (0 for none), then points behind: the greater, the more urgent.

    The order of `queries.board.by_urgency`, at a tenth of the price of a judgement.
    """
    missed = (
        stone.day
        for stone in trajectory.milestones
        if stone.day < today and (reading is None or not meets(trajectory, stone.value, reading.value))
    )
    overdue = (today - next(missed, today)).days
    if reading is None or not trajectory.has_line(thresholds.small_count):
        return overdue, Fraction(0)
    points = points_behind(trajectory, reading.value, compared_day(trajectory, reading, today))
    return overdue, points or Fraction(0)
