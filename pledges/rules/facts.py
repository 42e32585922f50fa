"""What a judgement is made from: the settings of a campaign and the newest accepted value. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pledges.rules.trajectory import Trajectory, is_finished


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Settings of a campaign. Points are percentage points of the whole pledge."""

    yellow_points: Decimal = Decimal(10)
    red_points: Decimal = Decimal(30)
    due_soon_days: int = 15
    small_count: int = 4
    report_day: int = 25
    cycle_months: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest accepted value; `reached_on` is the day since which the whole promise has been kept."""

    as_of: date
    value: Decimal
    reached_on: date | None = None


def readings_of(trajectory: Trajectory, entries: Iterable[tuple[date, Decimal]]) -> Iterator[Reading]:
    """One reading per entry, in order of days; a later entry of the same day has the last word upstream."""
    reached: date | None = None
    for as_of, value in entries:
        kept = is_finished(trajectory, as_of, value)
        reached = (reached or as_of) if kept else None
        yield Reading(as_of, value, reached)


def latest_reading(trajectory: Trajectory, entries: Iterable[tuple[date, Decimal]]) -> Reading | None:
    """The newest of the entries, given in order of their days."""
    reading = None
    for reading in readings_of(trajectory, entries):  # noqa: B007  the last one is the answer
        pass
    return reading
