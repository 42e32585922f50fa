"""What it takes to be green (怎样转绿). Pure; the inverse of `rules.lights`, a law holds them together."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from pledges.choices import Basis, Light
from pledges.rules.facts import Thresholds
from pledges.rules.trajectory import Trajectory, Waypoint, expected_on, is_due_soon, next_milestone

FINEST_KEPT = 4
"""Decimals that are stored."""

PLACES_BY_SIZE = ((1000, 0), (100, 1), (0, 2))
"""Goals from 1,000 on are answered in whole units, from 100 on to a tenth, below to a hundredth."""


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def grain_of(trajectory: Trajectory) -> Decimal:
    """The step in which an answer is given: whole things, or as fine as the goal is printed and large."""
    if trajectory.whole or trajectory.basis == Basis.DELIVERABLE:
        return Decimal(1)
    size = max(abs(stone.value) for stone in trajectory.milestones)
    places = next(places for least, places in PLACES_BY_SIZE if size >= least)
    printed = max(_places(stone.value) for stone in trajectory.milestones)
    return Decimal(1).scaleb(-min(max(places, printed), FINEST_KEPT))


def _round_up(trajectory: Trajectory, needed: Fraction, grain: Decimal) -> Decimal:
    """The needed value in whole grains, rounded to the side that keeps the promise."""
    steps = needed / Fraction(grain)
    whole = -floor(-steps) if trajectory.sense > 0 else floor(steps)
    return whole * grain


def _stones_to_reach(trajectory: Trajectory, today: date, thresholds: Thresholds) -> list[Waypoint]:
    """The milestones that a report of today must reach to be green."""
    stones = [stone for stone in trajectory.milestones if stone.day < today or stone.is_put_off(today)]
    following = next_milestone(trajectory, today)
    no_line = not trajectory.has_line(thresholds.small_count)
    if following and no_line and is_due_soon(trajectory, today, thresholds.due_soon_days):
        stones.append(following)
    return stones


def _least_for(trajectory: Trajectory, stone: Waypoint, grain: Decimal) -> Decimal:
    """The least value that meets a milestone: one grain beyond it where it is strictly more."""
    extra = grain * trajectory.sense if trajectory.strict else Decimal(0)
    return _round_up(trajectory, Fraction(stone.value + extra), grain)


def green_value(trajectory: Trajectory, *, today: date, thresholds: Thresholds) -> Decimal | None:
    """The least value that, true today, is green or done. None where any value is (nothing is asked yet)."""
    grain = grain_of(trajectory)
    stones = _stones_to_reach(trajectory, today, thresholds)
    needs = [_least_for(trajectory, stone, grain) for stone in stones]
    expected = expected_on(trajectory, today)
    if expected is not None and trajectory.has_line(thresholds.small_count):
        slack = trajectory.sense * Fraction(thresholds.yellow_points) * trajectory.span / 100
        needs.append(_round_up(trajectory, expected - slack, grain))
    if not needs:
        return None
    needed = max(needs, key=lambda need: trajectory.sense * need)
    if trajectory.is_ceiling and today < trajectory.finish.day:
        return needed
    # Whoever has kept the whole promise is done, whatever a milestone on the way asked.
    finished = _least_for(trajectory, trajectory.finish, grain)
    return min(needed, finished, key=lambda need: trajectory.sense * need)


def to_green(
    trajectory: Trajectory, light: Light, actual: Decimal | None, green_at: Decimal | None
) -> Decimal | None:
    """What must be added to the actual value (or to the start, where nothing is reported) to be green.

    Zero when nothing is missing but a fresh report; None where no start is known.
    """
    if light in {Light.GREEN, Light.DONE}:
        return Decimal(0)
    start = trajectory.start.value if trajectory.start else None
    known = actual if actual is not None else start
    if known is None:
        return None
    missing = green_at - known if green_at is not None else Decimal(0)
    return missing if trajectory.sense * missing > 0 else Decimal(0)
