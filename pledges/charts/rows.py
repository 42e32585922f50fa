"""The table beside a drawing: the same facts in numbers, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from pledges.charts.story import Story
from pledges.rules.facts import Reading
from pledges.rules.trajectory import expected_on, points_behind


class RowKind(StrEnum):
    """What a row of the table is about."""

    TODAY = "today"
    ACCEPTED = "accepted"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected on a day, what was true, and the points between them."""

    day: date
    kind: RowKind
    expected: Decimal | None
    actual: Decimal | None
    points: Decimal | None


def rows_of(story: Story) -> list[Row]:
    """Today's judgement, then every figure with what was expected on its day."""
    verdict = story.verdict
    today = Row(story.day, RowKind.TODAY, verdict.expected, verdict.actual, verdict.gap_points)
    said = [
        *_rows(story, story.waiting, RowKind.WAITING),
        *_rows(story, story.readings, RowKind.ACCEPTED),
    ]
    return [today, *sorted(said, key=lambda row: row.day, reverse=True)]


def _rows(story: Story, readings: Sequence[Reading], kind: RowKind) -> Iterator[Row]:
    for reading in readings:
        expected = expected_on(story.trajectory, reading.as_of) if story.has_line else None
        points = points_behind(story.trajectory, reading.value, reading.as_of) if story.has_line else None
        yield Row(reading.as_of, kind, _decimal(expected), reading.value, _decimal(points))


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
