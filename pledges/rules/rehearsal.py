"""A made-up year of reports for one pledge, whole from its first day, the same on every run. Pure.

Nothing here is a fact. A rehearsal and a plan for measuring need figures that look like a year's work.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Protocol

from pledges.choices import Basis, ReportState
from pledges.rules.trajectory import Trajectory, Waypoint, expected_on

ALMOST = Fraction(99, 100)
"""As far as a pledge gets that does not get there."""

HEAD_START = Decimal("0.15")
"""A level without a baseline begins so far from its target."""

RESENT_AFTER = timedelta(days=10)
CORRECTED_AFTER = timedelta(days=3)
CORRECTED_MONTHS = (1, 4, 7, 10)
SMALL = 100
"""Targets below this have a decimal, larger ones none."""


class Fate(StrEnum):
    """How the year of a pledge goes."""

    AT_ONCE = "at_once"
    AHEAD = "ahead"
    STEADY = "steady"
    SLOW = "slow"
    CRAWL = "crawl"
    STALL = "stall"
    SILENT = "silent"
    LATE = "late"
    NEVER = "never"


class Habit(StrEnum):
    """How its reports are handled."""

    SWIFT = "swift"
    PROMPT = "prompt"
    QUEUED = "queued"
    SLOPPY = "sloppy"
    CORRECTED = "corrected"


WAITS = {Habit.SWIFT: (0, 0), Habit.QUEUED: (6, 6)}
USUAL_WAIT = (0, 2)
"""Days until a report is decided, the fewest and the most."""

PACE = {
    Fate.AT_ONCE: (100, 100),
    Fate.AHEAD: (108, 125),
    Fate.STEADY: (95, 101),
    Fate.SLOW: (76, 86),
    Fate.CRAWL: (35, 50),
    Fate.STALL: (92, 100),
    Fate.SILENT: (92, 100),
    Fate.LATE: (76, 86),
    Fate.NEVER: (0, 0),
}
"""Per cent of the planned progress, the slowest and the fastest."""

RATE_PACE = PACE | {Fate.STEADY: (92, 97), Fate.CRAWL: (20, 40)}
"""A rate that reaches its promise is done at once, so one on its way stays just below."""

KEEPS_MILESTONES = frozenset({Fate.AT_ONCE, Fate.AHEAD, Fate.STEADY})


class Dice(Protocol):
    """What chance comes from: `random.Random` with a seed."""

    def randint(self, a: int, b: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Planned:
    """One report of the made-up year. `words` names its note; `corrects` is the place of the corrected one."""

    as_of: date
    value: Decimal
    said_on: date
    decided_on: date
    state: ReportState
    words: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What a made-up year is made from."""

    trajectory: Trajectory
    starts_on: date
    ends_on: date
    fate: Fate
    habit: Habit
    report_day: int

    @property
    def is_rate(self) -> bool:
        return self.trajectory.basis in Basis.rates

    @property
    def grain(self) -> Decimal:
        """The smallest step of a figure: whole things, or as fine as the target is printed."""
        finish = self.trajectory.finish.value
        if self.trajectory.whole or self.trajectory.basis == Basis.DELIVERABLE:
            return Decimal(1)
        printed = -int(finish.normalize().as_tuple().exponent)
        return Decimal(1).scaleb(-max(printed, 1 if abs(finish) < SMALL else 0))

    @property
    def low(self) -> Decimal:
        """Where the figures begin."""
        start, finish = self.trajectory.start, self.trajectory.finish.value
        if start is not None:
            return start.value
        return (finish * (1 - HEAD_START * self.trajectory.sense)).quantize(self.grain)


def written(script: Script, dice: Dice) -> list[Planned]:
    """Every report of the year in the order in which it is said; the same dice give the same year."""
    figures = list(_figures(script, dice))
    said = list[Planned]()
    for place, (day, value) in enumerate(figures, start=1):
        next_day = figures[place][0] if place < len(figures) else date.max
        previous = said[-1].value if said else None
        planned = _first(script, day, value, previous, dice)
        said += _handled(script, planned, len(said), next_day)
    return [planned for planned in said if planned.said_on <= script.ends_on]


def _months(script: Script) -> Iterator[date]:
    """The day of each month on which this clerk reports."""
    first = script.starts_on.year * 12 + script.starts_on.month - 1
    last = script.ends_on.year * 12 + script.ends_on.month - 1
    for index in range(first, last + 1):
        year, month = index // 12, index % 12 + 1
        day = date(year, month, min(script.report_day, monthrange(year, month)[1]))
        if script.starts_on <= day <= script.ends_on:
            yield day


def _closings(script: Script, dice: Dice) -> dict[date, Waypoint]:
    """The days on which a milestone is reported as kept."""
    finish = script.trajectory.finish
    if script.fate == Fate.LATE:
        return {finish.day + timedelta(days=dice.randint(8, 30)): finish}
    if script.fate == Fate.AT_ONCE:
        return {script.starts_on: finish}
    if script.fate not in KEEPS_MILESTONES or script.is_rate:
        return {}
    earlier = (
        (stone.day - timedelta(days=dice.randint(0, 6)), stone) for stone in script.trajectory.milestones
    )
    return {max(day, script.starts_on): stone for day, stone in earlier}


def _days(script: Script, closings: dict[date, Waypoint]) -> list[date]:
    """All report days; a monthly one gives way to a closing one close by."""
    near = {day + timedelta(days=offset) for day in closings for offset in range(-2, 3)}
    return sorted({*closings, *(day for day in _months(script) if day not in near)})


def _share_of(script: Script, value: Fraction) -> Fraction:
    """How much of the way a value is."""
    length = Fraction(script.trajectory.finish.value) - Fraction(script.low)
    return (value - Fraction(script.low)) / length if length else Fraction(1)


def _planned_share(script: Script, day: date) -> Fraction:
    """How much of the way should be done by a day."""
    expected = expected_on(script.trajectory, day)
    if expected is not None:
        return _share_of(script, expected)
    whole = (script.trajectory.finish.day - script.starts_on).days
    return min(Fraction((day - script.starts_on).days, whole), Fraction(1))


def _value_at(script: Script, share: Fraction) -> Decimal:
    """The figure at a share of the way, in whole grains, never rounded up."""
    length = Fraction(script.trajectory.finish.value) - Fraction(script.low)
    steps = floor(abs(length) * share / Fraction(script.grain))
    return script.low + steps * script.grain * (1 if length >= 0 else -1)


def _figures(script: Script, dice: Dice) -> Iterator[tuple[date, Decimal]]:
    """The figures of the year: what is true on which day."""
    closings = _closings(script, dice)
    slowest, fastest = (RATE_PACE if script.is_rate else PACE)[script.fate]
    pace = Fraction(dice.randint(slowest, fastest), 100)
    stops_on = script.starts_on + timedelta(days=dice.randint(60, 200))
    share = Fraction(0)
    for day in _days(script, closings) if script.fate != Fate.NEVER else []:
        if script.fate == Fate.SILENT and day > stops_on:
            return
        moves = script.fate != Fate.STALL or day <= stops_on
        reached = (
            _planned_share(script, day) * (pace + Fraction(dice.randint(-10, 10), 1000)) if moves else share
        )
        share = _limited(script, share, reached, closings.get(day))
        yield day, _kept(script, _value_at(script, share), share)
        if share >= 1 and not script.is_rate:
            return


def _limited(script: Script, share: Fraction, reached: Fraction, stone: Waypoint | None) -> Fraction:
    """A running total does not fall, ends at its target, and reaches it only where the fate says so."""
    if script.is_rate:
        return reached
    if stone is not None:
        return max(share, min(reached, Fraction(1)), _share_of(script, Fraction(stone.value)))
    return max(share, min(reached, Fraction(1) if script.fate == Fate.AHEAD else ALMOST))


def _kept(script: Script, value: Decimal, share: Fraction) -> Decimal:
    """Strictly more is one grain beyond the target."""
    if share >= 1 and script.trajectory.strict:
        return value + script.grain * script.trajectory.sense
    return value


def _first(script: Script, day: date, value: Decimal, previous: Decimal | None, dice: Dice) -> Planned:
    """A figure as a clerk says it for the first time."""
    wait = dice.randint(*WAITS.get(script.habit, USUAL_WAIT))
    words = "kept" if value == previous else "progress"
    if script.trajectory.basis == Basis.DELIVERABLE:
        words = "done" if value else "under_way"
    return Planned(day, value, day, day + timedelta(days=wait), ReportState.ACCEPTED, words)


def _handled(script: Script, planned: Planned, place: int, next_day: date) -> list[Planned]:
    """What becomes of a report: accepted, or returned and sent again, or corrected later."""
    gap = next_day - planned.as_of
    if script.habit == Habit.SLOPPY and gap > RESENT_AFTER:
        again = planned.as_of + RESENT_AFTER
        returned = replace(planned, decided_on=planned.as_of, state=ReportState.RETURNED)
        return [returned, replace(planned, said_on=again, decided_on=again, words="resent")]
    is_corrected = planned.as_of.month in CORRECTED_MONTHS and gap > CORRECTED_AFTER
    wrong = planned.value - script.grain * script.trajectory.sense
    if (
        script.habit == Habit.CORRECTED
        and is_corrected
        and planned.words == "progress"
        and wrong >= script.low
    ):
        again = planned.as_of + CORRECTED_AFTER
        mistaken = replace(planned, value=wrong, decided_on=planned.as_of, words="mistaken")
        corrected = replace(planned, said_on=again, decided_on=again, words="corrected", corrects=place)
        return [mistaken, corrected]
    return [planned]
