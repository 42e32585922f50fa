"""The corners of the planned line and of the threshold lines under it. Exact; no pixels yet."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from pledges.charts.story import Story, last_shown
from pledges.choices import Basis

Vertex = tuple[date, Fraction]


def plan_vertices(story: Story) -> list[Vertex]:
    """The corners of the planned line: straight, in steps for few whole things, level for rates."""
    trajectory = story.trajectory
    if trajectory.start is None or trajectory.basis == Basis.DELIVERABLE:
        return []
    points = [(trajectory.start.day, Fraction(trajectory.start.value))]
    points += [(stone.day, Fraction(stone.value)) for stone in trajectory.milestones]
    if trajectory.basis in Basis.rates:
        points = _levels(points)
    elif not story.has_line:
        points = _steps(points)
    return [*points, (last_shown(story), points[-1][1])]


def _levels(points: list[Vertex]) -> list[Vertex]:
    """From one milestone to the next the later one's rate is promised."""
    return [corner for left, right in pairwise(points) for corner in ((left[0], right[1]), right)]


def _steps(points: list[Vertex]) -> list[Vertex]:
    """Nothing is expected before a milestone's day, everything on it."""
    corners = [corner for left, right in pairwise(points) for corner in (left, (right[0], left[1]))]
    return [*corners, points[-1]]


def floor_vertices(story: Story, points: Decimal) -> list[Vertex]:
    """The line so many points under the plan; where it would begin below the start there is none yet."""
    trajectory = story.trajectory
    if not story.has_line or trajectory.start is None:
        return []
    start, sense = Fraction(trajectory.start.value), trajectory.sense
    slack = sense * Fraction(points) * trajectory.span / 100
    lowered = [(day, value - slack) for day, value in plan_vertices(story)]
    kept = list[Vertex]()
    for left, right in pairwise(lowered):
        if sense * (right[1] - start) <= 0:
            continue
        kept += [_entry(left, right, start), right] if sense * (left[1] - start) < 0 else [left, right]
    return kept


def _entry(left: Vertex, right: Vertex, level: Fraction) -> Vertex:
    """Where a rising (or falling) piece passes a level."""
    share = (level - left[1]) / (right[1] - left[1])
    return left[0] + timedelta(days=round(share * (right[0] - left[0]).days)), level
