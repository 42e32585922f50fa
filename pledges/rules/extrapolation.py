"""Carrying a path of reports on to its end. Pure arithmetic in points, the hundredths of the whole way.

What is left is done at a pace between the pledge's own and its plan's: the straighter its reports have climbed,
the more its own pace counts. The range grows with what is left and with how unevenly the reports have climbed.
Every number here was chosen and tested by measuring, with `bench/forecast.py`: docs/decisions/2026-11-21-forecast.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

ALL = 100.0

LEAST_TRUST = 0.15
"""So much the own pace counts where the reports say nothing of how steady it is."""

STRAIGHT = 0.03
"""A path that leaves the straight line by this share of what is done is trusted by half of the rest."""

BENDS_ASSUMED = 0.004
"""Squared, and shared by the readings: a few on a line prove little."""

PLAN_KEPT = 0.9
"""Of what the plan asks for the rest, so much is done where nothing else is known."""

PACE_RANGE = (0.05, 20.0)
"""The own pace counts as so many times what the plan makes likely, at least and at most."""

PER_POINT_TO_COME, PER_OWN_UNREST, PER_TIME_LEFT = 0.15, 0.10, 10.0
"""What makes one unit of the range, in points."""

BELOW, ABOVE = 1.68, 2.1
"""So many units hold all but a tenth of the truths below, and all but a tenth above."""


@dataclass(frozen=True, slots=True)
class Path:
    """Days since the start and the points done by then, from (0, 0) to the newest; `days` is the whole time."""

    marks: Sequence[tuple[int, float]]
    days: int

    @property
    def newest(self) -> tuple[int, float]:
        return self.marks[-1]

    @property
    def left(self) -> int:
        """The days from the newest mark to the end."""
        return self.days - self.newest[0]

    @property
    def pace(self) -> float:
        """Points a day since the start."""
        day, done = self.newest
        return done / day


@dataclass(frozen=True, slots=True)
class Reach:
    """The points done at the end: as likely more as less, and the ends of the range for four cases of five."""

    worse: float
    middle: float
    better: float


def carried_on(path: Path, *, plan: float) -> Reach:
    """Where a path of three marks and more ends, whose plan asks for so many points from its newest day on."""
    to_come = _to_come(path.pace * path.left, plan, trust(path))
    unit = (
        PER_POINT_TO_COME * abs(to_come)
        + PER_OWN_UNREST * unrest(path)
        + PER_TIME_LEFT * sqrt(path.left / path.days)
    )
    done = path.newest[1]
    worse, middle, better = done + to_come - BELOW * unit, done + to_come, done + to_come + ABOVE * unit
    # Where nothing has been done, nothing says that it will ever begin.
    return Reach(min(worse, done) if done <= 0 else worse, middle, better)


def _to_come(own: float, plan: float, trusted: float) -> float:
    """The points still to come: own pace and plan, multiplied in the measure of trust.

    Multiplied and not added, so that the wild pace of a few reports does not carry everything away.
    """
    if plan <= 0:
        return own
    likely = PLAN_KEPT * plan
    if own < 0:
        return trusted * own + (1 - trusted) * likely
    slowest, fastest = PACE_RANGE
    times = min(max(own / likely, slowest), fastest)
    return float(likely * times**trusted)


def trust(path: Path) -> float:
    """How much the own pace counts: by the mean square by which the path leaves the straight line."""
    day, done = path.newest
    if done == 0:
        return LEAST_TRUST
    between = path.marks[1:-1]
    bends = sum((points / done - on / day) ** 2 for on, points in between) + BENDS_ASSUMED
    return LEAST_TRUST + (1 - LEAST_TRUST) / (1 + bends / len(between) / STRAIGHT**2)


def unrest(path: Path) -> float:
    """How far a random walk with the path's own pace and unevenness strays in the days that are left."""
    squares = sum(
        (points - before - path.pace * (day - since)) ** 2 / (day - since)
        for (since, before), (day, points) in pairwise(path.marks)
    )
    # The pace is itself only estimated: the longer the way still to go, the more that matters.
    return sqrt(squares / (len(path.marks) - 2) * path.left * (1 + path.left / path.newest[0]))
