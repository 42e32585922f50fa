"""The planned value on every day (序时进度线). Pure: no database, no clock, no settings.

Source of the shapes: DOMAIN.md, "Kinds of number". Arithmetic is exact (fractions), so that
"exactly ten points behind" is decided and not rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Self

from pledges.choices import Basis, Direction


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A value due by a day, in the unit of the pledge.

    `put_off_on` is the day since which it has been put off too often, None where it has not.
    """

    day: date
    value: Decimal
    put_off_on: date | None = None

    def decided_by(self, today: date) -> Self:
        """As it was known at the end of a day: what was put off too often later is not so yet."""
        return replace(self, put_off_on=None) if self.put_off_on and self.put_off_on > today else self

    def is_put_off(self, today: date) -> bool:
        """Whether it had been put off too often by the end of a day."""
        return self.put_off_on is not None and self.put_off_on <= today


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Everything a rule may know about a pledge.

    `start` is where the number stood: zero on the campaign's first day, a known baseline, or None.
    `milestones` are in order of their days, one at least. A deliverable goes from 0 to 1.
    `whole` says that the unit counts whole things; `lag_days` that the figure is published so many days late.
    """

    basis: Basis
    milestones: tuple[Waypoint, ...]
    start: Waypoint | None = None
    direction: Direction = Direction.AT_LEAST
    strict: bool = False
    whole: bool = False
    stretch: bool = False
    lag_days: int = 0

    @property
    def finish(self) -> Waypoint:
        """The last milestone: the whole promise."""
        return self.milestones[-1]

    @property
    def sense(self) -> int:
        """+1 where more is better, -1 where less is: falling goals are rising goals in a mirror."""
        return 1 if self.direction == Direction.AT_LEAST else -1

    @property
    def span(self) -> Fraction:
        """The length of the way, in the unit: the hundred of all "points". Zero where no start is known."""
        if self.start is None:
            return Fraction(0)
        return abs(Fraction(self.finish.value) - Fraction(self.start.value))

    @property
    def is_ceiling(self) -> bool:
        """A limit not to be passed on the way (at most ten accidents): kept only when the time is over."""
        if self.start is None:
            return False
        return self.sense * (self.finish.value - self.start.value) < 0

    def decided_by(self, today: date) -> Self:
        """As it was known at the end of a day: nobody knew what would be put off too often later."""
        stones = tuple(stone.decided_by(today) for stone in self.milestones)
        return self if stones == self.milestones else replace(self, milestones=stones)

    def has_line(self, small_count: int) -> bool:
        """Whether a straight line is honest: 0 of 1 in September is not 72 points behind."""
        if self.basis == Basis.DELIVERABLE or self.span == 0:
            return False
        return not (self.whole and self.span <= small_count)


def meets(trajectory: Trajectory, target: Decimal, value: Decimal) -> bool:
    """Whether a value keeps the promise of a target: 突破 and 超 are strictly more."""
    ahead = trajectory.sense * (value - target)
    return ahead > 0 if trajectory.strict else ahead >= 0


def is_finished(trajectory: Trajectory, as_of: date, value: Decimal) -> bool:
    """Whether the whole promise is kept by a value that was true on a day."""
    if trajectory.is_ceiling and as_of < trajectory.finish.day:
        return False
    return meets(trajectory, trajectory.finish.value, value)


def next_milestone(trajectory: Trajectory, day: date) -> Waypoint | None:
    """The first milestone whose day is not over on `day`; a deadline ends at 24:00."""
    return next((stone for stone in trajectory.milestones if stone.day >= day), None)


def is_due_soon(trajectory: Trajectory, day: date, within: int) -> bool:
    """Whether a milestone comes within so many days, its own day included."""
    stone = next_milestone(trajectory, day)
    return stone is not None and (stone.day - day).days <= within


def segments(trajectory: Trajectory) -> Iterator[tuple[Waypoint, Waypoint]]:
    """The straight pieces of the line, in order. A rate has none: it is comparable at any date."""
    if trajectory.start is None or trajectory.basis in Basis.rates:
        return
    yield from pairwise((trajectory.start, *trajectory.milestones))


def expected_on(trajectory: Trajectory, day: date) -> Fraction | None:
    """The planned value at the end of `day`, or None where no line can be drawn.

    Rates expect the promised rate of the next milestone; everything else lies on the straight line
    between the two waypoints around the day.
    """
    if trajectory.start is None:
        return None
    if trajectory.basis in Basis.rates:
        return Fraction((next_milestone(trajectory, day) or trajectory.finish).value)
    if day <= trajectory.start.day:
        return Fraction(trajectory.start.value)
    for left, right in segments(trajectory):
        if day <= right.day:
            share = Fraction((day - left.day).days, (right.day - left.day).days)
            return Fraction(left.value) + (Fraction(right.value) - Fraction(left.value)) * share
    return Fraction(trajectory.finish.value)


def points_behind(trajectory: Trajectory, value: Decimal, day: date) -> Fraction | None:
    """Percentage points of the whole pledge behind the line: (expected - actual) / span x 100.

    Negative when ahead. None without a line. The whole pledge and not the day's share is the hundred
    (银川 2025: 低于序时进度 10~30 个百分点).
    """
    expected = expected_on(trajectory, day)
    if expected is None or trajectory.span == 0:
        return None
    return trajectory.sense * (expected - Fraction(value)) / trajectory.span * 100
