"""A light through the year: its spells, and what became of every milestone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pledges.choices import Light, Outcome, Reason
from pledges.rules.facts import Reading, Thresholds
from pledges.rules.lights import DAY, light_on, turning_days
from pledges.rules.trajectory import Trajectory, Waypoint, meets


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days with one light for one reason; `until` None is for ever."""

    since: date
    until: date | None
    light: Light
    reason: Reason


def spells(
    trajectory: Trajectory, readings: Sequence[Reading], *, since: date, thresholds: Thresholds
) -> list[Spell]:
    """The whole life of a light from `since` on.

    What it was on every past day, and what it will be on every coming one if nothing more is said.
    A reading counts from the day it was true.
    """
    known: list[Reading | None] = [None, *readings]
    ends = [*(reading.as_of for reading in readings), None]
    found = list[Spell]()
    for reading, end in zip(known, ends, strict=True):
        begin = max(since, reading.as_of) if reading else since
        days = [begin, *(day for day in turning_days(trajectory, reading, thresholds) if day > begin)]
        for day in days:
            if end is not None and day >= end:
                break
            light, reason = light_on(trajectory, reading, today=day, thresholds=thresholds)
            if not found or (found[-1].light, found[-1].reason) != (light, reason):
                found.append(Spell(day, None, light, reason))
    return _closed(found)


def _closed(found: list[Spell]) -> list[Spell]:
    ends = [*(spell.since - DAY for spell in found[1:]), None]
    return [Spell(s.since, end, s.light, s.reason) for s, end in zip(found, ends, strict=True)]


def outcome_of(
    trajectory: Trajectory, stone: Waypoint, readings: Sequence[Reading], *, today: date
) -> tuple[Outcome, Reading | None]:
    """What became of a milestone, and the reading that first reached it.

    On time when a value true on or before its day reaches it, late when a later one does.
    A ceiling is kept or broken only when its day is over; a published statistic is open until its
    figure is out or its grace is over.
    """
    if trajectory.is_ceiling and today <= stone.day:
        return Outcome.OPEN, None
    relevant = [r for r in readings if not trajectory.is_ceiling or r.as_of >= stone.day]
    first = next((r for r in relevant if meets(trajectory, stone.value, r.value)), None)
    if first is not None:
        return (Outcome.ON_TIME if first.as_of <= stone.day or trajectory.is_ceiling else Outcome.LATE), first
    is_out = any(reading.as_of >= stone.day for reading in readings)
    ends = stone.day if is_out else stone.day + trajectory.lag_days * DAY
    return (Outcome.MISSED if today > ends else Outcome.OPEN), None
