"""The table beside a drawing: the same facts in numbers, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from pledges.charts.story import Story
from pledges.choices import Basis
from pledges.rules.facts import Reading
from pledges.rules.trajectory import expected_on, points_behind


class RowKind(StrEnum):
    """What a row of the table is about."""

    TODAY = "today"
    ACCEPTED = "accepted"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected on a day, what was true, and the points between them.

    `since` is the day of the first of several equal figures that stand in one row.
    """

    day: date
    kind: RowKind
    expected: Decimal | None
    actual: Decimal | None
    points: Decimal | None
    since: date | None = None
    times: int = 1


def rows_of(story: Story) -> list[Row]:
    """Today's judgement, then every figure with what was expected on its day."""
    verdict = story.verdict
    today = Row(story.day, RowKind.TODAY, verdict.expected, verdict.actual, verdict.gap_points)
    said = [
        *_rows(story, story.waiting, RowKind.WAITING),
        *_rows(story, story.readings, RowKind.ACCEPTED),
    ]
    newest_first = sorted(said, key=lambda row: row.day, reverse=True)
    return [today, *(folded(newest_first) if story.trajectory.basis == Basis.DELIVERABLE else newest_first)]


def folded(rows: list[Row]) -> Iterator[Row]:
    """Figures that say the same one after the other in one row: of a deliverable nothing else is to be read."""
    for _same, group in groupby(rows, key=lambda row: (row.kind, row.actual)):
        newest, *older = group
        yield replace(newest, since=older[-1].day, times=len(older) + 1) if older else newest


def _rows(story: Story, readings: Sequence[Reading], kind: RowKind) -> Iterator[Row]:
    for reading in readings:
        expected = expected_on(story.trajectory, reading.as_of) if story.has_line else None
        points = points_behind(story.trajectory, reading.value, reading.as_of) if story.has_line else None
        yield Row(reading.as_of, kind, _decimal(expected), reading.value, _decimal(points))


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
