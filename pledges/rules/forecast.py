"""Where a running total will stand when its time is over, with an honest interval (照此速度). Pure.

A hint and never a judgement: no light asks it. How the reports are carried on stands in `rules.extrapolation`,
how well that does in `bench/forecast.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from pledges.choices import Basis
from pledges.rules.extrapolation import ALL, Path, Reach, carried_on
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.numbers import quantise
from pledges.rules.recovery import grain_of
from pledges.rules.trajectory import Trajectory, Waypoint, expected_on

NEEDED = 3
"""So many readings from different weeks are the fewest to rest a forecast on."""

APART = 7
"""Figures within these days of the first of them count once: the newest corrects the others."""

EARLIEST_SHARE = Fraction(1, 5)
"""The newest figure lies at least so far into the time of the pledge."""

MONTH = 30
MAY_FALL = frozenset({Basis.NET_NEW})

DEFAULTS = Thresholds()


class Unforeseeable(StrEnum):
    """Why there is no forecast, whatever is reported."""

    DELIVERABLE = "deliverable"
    RATE = "rate"
    LEVEL = "level"
    NO_LINE = "no_line"
    EARLY = "early"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Nothing is forecast, and why: the kind of number, too early, or the time is over."""

    reason: Unforeseeable


@dataclass(frozen=True, slots=True)
class TooFew:
    """A forecast is possible when more has been reported: `have` figures from different weeks of `need`."""

    have: int
    need: int = NEEDED


@dataclass(frozen=True, slots=True)
class Landing:
    """The value on the finish day, and the range that holds the truth in four cases of five."""

    day: date
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Arrival:
    """The day on which the last target is reached; None where that is not within reach in time.

    Reached already: three times the day since which it has been. For a ceiling it is the day on which
    the limit is passed.
    """

    day: date | None
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Pace:
    """A speed in the unit of the pledge."""

    per_day: Decimal
    per_month: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to come if it goes on as the reports say, from the newest of them (`since`) on.

    `needed` is the pace from today that just reaches the last target, for a ceiling the pace still allowed.
    """

    since: Waypoint
    landing: Landing
    arrival: Arrival
    pace: Pace
    needed: Pace
    rests_on: int


def forecast_of(
    trajectory: Trajectory,
    readings: Iterable[Reading],
    *,
    today: date,
    thresholds: Thresholds = DEFAULTS,
) -> Forecast | TooFew | NoForecast:
    """The forecast that today's knowledge allows: readings in order of their days, later ones are not seen."""
    reason = _kind_of(trajectory, thresholds.small_count)
    if reason:
        return NoForecast(reason)
    way = _Way(trajectory)
    known = [reading for reading in readings if way.first < reading.as_of <= today]
    counted = _apart(known)
    if today > way.last or (known and known[-1].as_of >= way.last):
        return NoForecast(Unforeseeable.OVER)
    if len(counted) < NEEDED:
        return TooFew(len(counted))
    if way.time_share(counted[-1].as_of) < EARLIEST_SHARE:
        return NoForecast(Unforeseeable.EARLY)
    return _forecast(way, known, counted, today)


def _kind_of(trajectory: Trajectory, small_count: int) -> Unforeseeable | None:
    """Why this kind of pledge has no forecast: only what adds up from zero along a line can be carried on."""
    if trajectory.basis == Basis.DELIVERABLE:
        return Unforeseeable.DELIVERABLE
    if trajectory.basis in Basis.rates:
        return Unforeseeable.RATE
    if trajectory.basis not in Basis.from_zero:
        return Unforeseeable.LEVEL
    return None if trajectory.has_line(small_count) else Unforeseeable.NO_LINE


@dataclass(frozen=True, slots=True)
class _Way:
    """A pledge's way from its start to its last target, measured in points whichever direction it runs."""

    trajectory: Trajectory

    @property
    def start(self) -> Waypoint:
        # Whoever has a line has a start: `has_line` has been asked.
        return self.trajectory.start or self.trajectory.finish

    @property
    def first(self) -> date:
        return self.start.day

    @property
    def last(self) -> date:
        return self.trajectory.finish.day

    @property
    def length(self) -> Fraction:
        """Negative where the promise is to fall."""
        return Fraction(self.trajectory.finish.value) - Fraction(self.start.value)

    def time_share(self, day: date) -> Fraction:
        return Fraction((day - self.first).days, (self.last - self.first).days)

    def points(self, value: Decimal | Fraction) -> float:
        return float((Fraction(value) - Fraction(self.start.value)) / self.length * 100)

    def value(self, points: float) -> Fraction:
        # Rounded far below any grain, so that dust of the arithmetic is never rounded outward.
        return Fraction(self.start.value) + self.length * Fraction(round(points, 9)) / 100

    def planned(self, day: date) -> float:
        """The points that the plan asks for by a day."""
        return self.points(expected_on(self.trajectory, day) or Fraction(self.start.value))

    @property
    def goal(self) -> Decimal:
        """The value that settles it: the last target; one grain beyond it where the target itself does not."""
        finish = self.trajectory.finish.value
        beyond = grain_of(self.trajectory) if self.trajectory.strict != self.trajectory.is_ceiling else 0
        return finish + beyond * (1 if self.length > 0 else -1)

    def is_there(self, value: Decimal) -> bool:
        return value >= self.goal if self.length > 0 else value <= self.goal


def _apart(known: Sequence[Reading]) -> list[Reading]:
    """The readings that count: of all within a week of the first of them the newest, which corrects the others."""
    counted = list[Reading]()
    begun = date.min
    for reading in known:
        if (reading.as_of - begun).days < APART:
            counted[-1] = reading
        else:
            counted.append(reading)
            begun = reading.as_of
    return counted


def _forecast(way: _Way, known: Sequence[Reading], counted: Sequence[Reading], today: date) -> Forecast:
    newest = counted[-1]
    landing = _landing(way, counted)
    done = Fraction(newest.value) - Fraction(way.start.value)
    missing = Fraction(0) if way.is_there(newest.value) else Fraction(way.goal) - Fraction(newest.value)
    return Forecast(
        since=Waypoint(newest.as_of, newest.value),
        landing=landing,
        arrival=_arrival(way, known, landing, today),
        pace=_pace(done, (newest.as_of - way.first).days),
        # A deadline ends at 24:00: on its day there is still one.
        needed=_pace(missing, max((way.last - today).days, 1)),
        rests_on=len(counted),
    )


def _pace(amount: Fraction, days: int) -> Pace:
    return Pace(per_day=_quantised(amount / days), per_month=_quantised(amount * MONTH / days))


def _quantised(number: Fraction) -> Decimal:
    return quantise(Decimal(number.numerator) / Decimal(number.denominator))


def _landing(way: _Way, counted: Sequence[Reading]) -> Landing:
    """The path is carried on in points, and comes back as values."""
    newest = counted[-1]
    marks = [((reading.as_of - way.first).days, way.points(reading.value)) for reading in counted]
    path = Path(((0, 0.0), *marks), (way.last - way.first).days)
    return _rounded(way, newest.value, carried_on(path, plan=ALL - way.planned(newest.as_of)))


def _rounded(way: _Way, present: Decimal, reach: Reach) -> Landing:
    """In whole grains, the range outward; what cannot fall by nature does not fall below what is there."""
    grain = grain_of(way.trajectory)
    low, high = sorted(way.value(points) / Fraction(grain) for points in (reach.worse, reach.better))
    value = floor(way.value(reach.middle) / Fraction(grain) + Fraction(1, 2))
    found = (value * grain, floor(low) * grain, ceil(high) * grain)
    if way.trajectory.basis not in MAY_FALL:
        limit = max if way.length > 0 else min
        found = (limit(found[0], present), limit(found[1], present), limit(found[2], present))
    return Landing(way.last, *found)


def _arrival(way: _Way, known: Sequence[Reading], landing: Landing, today: date) -> Arrival:
    """When the goal is reached on the straight lines from the newest figure to the landing and its range."""
    newest = known[-1]
    if way.is_there(newest.value):
        since = _there_since(way, known)
        return Arrival(since, since, since)
    best, worst = (landing.high, landing.low) if way.length > 0 else (landing.low, landing.high)
    day, earliest, latest = (
        _crossing(way, newest, value, today) if way.is_there(value) else None
        for value in (landing.value, best, worst)
    )
    return Arrival(day, earliest, latest)


def _there_since(way: _Way, known: Sequence[Reading]) -> date:
    """The first day of the unbroken stretch of readings, to the newest, that have reached the goal."""
    since = known[-1].as_of
    for reading in reversed(known):
        if not way.is_there(reading.value):
            break
        since = reading.as_of
    return since


def _crossing(way: _Way, newest: Reading, landing: Decimal, today: date) -> date:
    """The day on which a straight line from the newest figure to a landing reaches the goal, today at the earliest."""
    share = Fraction(way.goal - newest.value) / Fraction(landing - newest.value)
    day = newest.as_of + timedelta(days=ceil(share * (way.last - newest.as_of).days))
    return max(day, today)
